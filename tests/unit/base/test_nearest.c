/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const words[] = { "channel", "managers", "zone", "language", "站会", "run", "", NULL };

static const struct {
	const char *word, *nearest;
} cases[] = {
	{ "chanel", "channel" },
	{ "chnanel", "channel" }, /* neighbours swapped: one edit */
	{ "Channel", "channel" },
	{ "manager", "managers" },
	{ "ZONES", "zone" },
	{ "langauge", "language" },
	{ "rnu", "run" },
	{ "ru", "run" },
	{ "站", "站会" },
	{ "站会议", "站会" },
	{ "x", NULL },
	{ "", NULL },
	{ "zzzz", NULL },
	{ "database", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123456789", NULL },
};

static void finds_the_nearest(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *found = nearest_word(cases[i].word, words);
		if (g_strcmp0(found, cases[i].nearest) != 0)
			fail_msg("'%s': %s instead of %s", cases[i].word, found, cases[i].nearest);
	}
}

static void takes_the_first_of_equals(void **state)
{
	(void)state;
	const char *const pair[] = { "bat", "cat", NULL };
	assert_string_equal(nearest_word("rat", pair), "bat");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_nearest),
		cmocka_unit_test(takes_the_first_of_equals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
