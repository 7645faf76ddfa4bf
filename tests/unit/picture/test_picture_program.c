/* SPDX-License-Identifier: MIT */
/* belltower-picture itself: a wish in, a PNG out; else a reason and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <gio/gio.h>

#include "base/banned.h"

/* The program's exit status, and what it wrote; the caller frees. */
static int run(GBytes *in, GBytes **out, GBytes **said)
{
	g_autoptr(GSubprocess) program = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL, PROGRAM, NULL);
	assert_non_null(program);
	g_subprocess_communicate(program, in, NULL, out, said, NULL);
	assert_true(g_subprocess_get_if_exited(program));
	return g_subprocess_get_exit_status(program);
}

static void a_wish_becomes_a_png(void **state)
{
	(void)state;
	static const char wish[] = "{\"kind\":\"cake\",\"headline\":\"生日快乐\",\"people\":[{\"name\":\"王小明\",\"star\":true},"
				   "{\"name\":\"Ana\",\"bytes\":9}]}\nnot a png";
	g_autoptr(GBytes) in = g_bytes_new_static(wish, sizeof wish - 1), out = NULL, said = NULL;
	assert_int_equal(run(in, &out, &said), 0);
	assert_true(g_bytes_get_size(out) > 1000);
	assert_memory_equal(g_bytes_get_data(out, NULL), "\x89PNG\r\n\x1a\n", 8);
	assert_int_equal(g_bytes_get_size(said), 0);
}

static void nonsense_is_refused_with_a_reason(void **state)
{
	(void)state;
	static const char *const wishes[] = { "", "{}", "{\"kind\":\"pie\"}\n", "\xff\xfe" };
	for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
		g_autoptr(GBytes) in = g_bytes_new_static(wishes[i], strlen(wishes[i])), out = NULL, said = NULL;
		assert_int_equal(run(in, &out, &said), 1);
		assert_int_equal(g_bytes_get_size(out), 0);
		assert_true(g_bytes_get_size(said) > strlen("belltower-picture: "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wish_becomes_a_png),
		cmocka_unit_test(nonsense_is_refused_with_a_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
