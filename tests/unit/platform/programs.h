/* SPDX-License-Identifier: MIT */
/* Small programs for the tests, written as shell scripts into a folder of their own. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

struct programs {
	char *folder;
	GPtrArray *paths;
};

static inline void programs_open(struct programs *p)
{
	p->folder = g_dir_make_tmp("belltower-programs-XXXXXX", NULL);
	p->paths = g_ptr_array_new_with_free_func(g_free);
}

/* The path of a program that runs these lines; kept with the others. */
static inline const char *programs_write(struct programs *p, const char *lines)
{
	g_autofree char *text = g_strdup_printf("#!/bin/sh\n%s\n", lines), *name = g_strdup_printf("p%u", p->paths->len);
	char *path = g_build_filename(p->folder, name, NULL);
	g_ptr_array_add(p->paths, path);
	g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL);
	return path;
}

static inline void programs_close(struct programs *p)
{
	for (guint i = 0; i < p->paths->len; i++)
		g_unlink(p->paths->pdata[i]);
	g_rmdir(p->folder);
	g_free(p->folder);
	g_ptr_array_unref(p->paths);
}
