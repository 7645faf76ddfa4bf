/* SPDX-License-Identifier: MIT */
/* A file is watched by its name: written, replaced, touched; its neighbours are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <utime.h>

#include "base/watch.h"

struct scene {
	char *folder, *path;
	struct watch *watch;
	guint told;
};

static void changed(gpointer data)
{
	struct scene *s = data;
	s->told++;
}

static int open_scene(void **state)
{
	struct scene *s = g_new0(struct scene, 1);
	s->folder = g_dir_make_tmp("belltower-watch-XXXXXX", NULL);
	s->path = g_build_filename(s->folder, "days.ics", NULL);
	s->watch = watch_new(s->path, changed, s, NULL);
	assert_non_null(s->watch);
	*state = s;
	return 0;
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	watch_free(s->watch);
	g_unlink(s->path);
	g_rmdir(s->folder);
	g_free(s->path);
	g_free(s->folder);
	g_free(s);
	return 0;
}

/* The kernel has told by the time a call returns, so one look is enough. */
static guint told(struct scene *s)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
	guint count = s->told;
	s->told = 0;
	return count;
}

static void a_file_is_watched_by_its_name(void **state)
{
	struct scene *s = *state;
	g_autofree char *other = g_build_filename(s->folder, "other.ics", NULL);
	assert_int_equal(told(s), 0);
	assert_true(g_file_set_contents(other, "x", 1, NULL));
	assert_int_equal(told(s), 0);
	assert_int_equal(g_rename(other, s->path), 0);
	assert_int_equal(told(s), 1);
	assert_int_equal(utime(s->path, NULL), 0);
	assert_int_equal(told(s), 1);
	FILE *file = g_fopen(s->path, "a");
	assert_non_null(file);
	assert_true(fputs("more", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_true(told(s) > 0);
	assert_int_equal(g_unlink(s->path), 0);
	told(s);
	assert_true(g_file_set_contents(s->path, "x", 1, NULL));
	assert_true(told(s) > 0);
}

static void leave(gpointer data)
{
	struct scene *s = data;
	s->told++;
	g_clear_pointer(&s->watch, watch_free);
}

static void a_watch_may_end_itself(void **state)
{
	struct scene *s = *state;
	watch_free(s->watch);
	s->watch = watch_new(s->path, leave, s, NULL);
	assert_true(g_file_set_contents(s->path, "x", 1, NULL));
	assert_int_equal(told(s), 1);
	assert_true(g_file_set_contents(s->path, "y", 1, NULL));
	assert_int_equal(told(s), 0);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	struct scene *s = *state;
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(s->folder, "missing", "days.ics", NULL);
	assert_null(watch_new(path, changed, s, &error));
	assert_true(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_watched_by_its_name, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_watch_may_end_itself, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_an_error, open_scene, close_scene),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
