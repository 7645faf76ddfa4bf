/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/store_files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

int files_make(void **state)
{
	struct files *files = g_new0(struct files, 1);
	files->folder = g_dir_make_tmp("belltower-store-XXXXXX", NULL);
	files->db = files_path(files, "belltower.db");
	*state = files;
	return files->folder ? 0 : -1;
}

int files_remove(void **state)
{
	struct files *files = *state;
	g_autoptr(GDir) dir = g_dir_open(files->folder, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = files_path(files, name);
		g_remove(path);
	}
	g_rmdir(files->folder);
	g_free(files->folder);
	g_free(files->db);
	g_free(files);
	return 0;
}

char *files_path(const struct files *files, const char *name)
{
	return g_build_filename(files->folder, name, NULL);
}

void files_write(const char *path, const char *text)
{
	assert_true(g_file_set_contents(path, text, -1, NULL));
}

GBytes *files_bytes(const char *path)
{
	char *text;
	gsize length;
	if (!g_file_get_contents(path, &text, &length, NULL))
		return NULL;
	return g_bytes_new_take(text, length);
}

static void copy_with_suffix(const char *from, const char *to, const char *suffix)
{
	g_autofree char *source = g_strconcat(from, suffix, NULL);
	g_autofree char *target = g_strconcat(to, suffix, NULL);
	g_autoptr(GBytes) bytes = files_bytes(source);
	g_remove(target);
	if (bytes)
		assert_true(g_file_set_contents(
			target, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
}

char *files_crash_copy(const struct files *files, const char *name)
{
	char *copy = files_path(files, name);
	copy_with_suffix(files->db, copy, "");
	copy_with_suffix(files->db, copy, "-wal");
	return copy;
}

void expect_error(GError **error, enum db_error code, const char *words)
{
	assert_non_null(*error);
	if (!g_error_matches(*error, DB_ERROR, (int)code) || !strstr((*error)->message, words))
		fail_msg("got code %d: %s; expected %d with '%s'", (*error)->code, (*error)->message,
			(int)code, words);
	g_clear_error(error);
}

struct db *open_good(const char *path, enum db_mode mode)
{
	g_autoptr(GError) error = NULL;
	struct db *db = db_open(path, mode, &error);
	if (!db)
		fail_msg("%s", error->message);
	return db;
}
