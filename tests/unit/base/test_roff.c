/* SPDX-License-Identifier: MIT */
/* Words that a man page must show as they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/roff.h"

static const struct {
	const char *text, *expected;
} cases[] = {
	{ "", "" },
	{ "plain words", "plain words" },
	{ "--config FILE", "\\-\\-config FILE" },
	{ "a\\nb", "a\\enb" },
	{ ".TH is no request here", "\\&.TH is no request here" },
	{ "'tis neither", "\\&'tis neither" },
	{ "not. 'at' all", "not. 'at' all" },
};

static void test_text_for_roff(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *page = g_string_new(NULL);
		roff_append(page, cases[i].text);
		g_autofree char *got = g_string_free(page, FALSE);
		assert_string_equal(got, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_text_for_roff) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
