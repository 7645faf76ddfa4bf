/* SPDX-License-Identifier: MIT */
/* What starting took is given back, and nothing is lost by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib.h>

#include "base/memory.h"

static int relocated_add(int a, int b)
{
	return a + b;
}

/* Written by the linker at the start, like the tables of the program's libraries; and a value of ours. */
static int (*volatile relocated)(int a, int b) = relocated_add;
static volatile int written = 1;

/* Pages of files that are resident: the third number of statm (proc(5)). */
static guint64 file_pages(void)
{
	g_autofree char *statm = NULL;
	assert_true(g_file_get_contents("/proc/self/statm", &statm, NULL, NULL));
	g_auto(GStrv) numbers = g_strsplit(statm, " ", -1);
	return g_ascii_strtoull(numbers[2], NULL, 10);
}

static void test_give_back(void **state)
{
	(void)state;
	written = 42;
	guint64 before = file_pages();
	memory_give_back();
	assert_true(file_pages() < before);
	assert_int_equal(relocated(written, 1), 43);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_give_back) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
