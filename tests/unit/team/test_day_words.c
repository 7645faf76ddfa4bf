/* SPDX-License-Identifier: MIT */
/* Days as people say them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "team/day_words.h"

static const struct {
	const char *word, *today;
	enum day_words_year year;
	const char *day; /* NULL: it is none */
} cases[] = {
	{ "today", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-03-02" },
	{ "Yesterday", "2026-03-01", DAY_WORDS_THIS_YEAR, "2026-02-28" },
	{ "明天", "2026-12-31", DAY_WORDS_AHEAD, "2027-01-01" },
	{ "后天", "2026-03-02", DAY_WORDS_AHEAD, "2026-03-04" },
	{ "2025-12-01", "2026-03-02", DAY_WORDS_AHEAD, "2025-12-01" },
	{ "12-01", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-12-01" },
	{ "3/2", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-03-02" },
	{ "12月1日", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-12-01" },
	{ "12月1号", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-12-01" },
	{ "12月1", "2026-03-02", DAY_WORDS_THIS_YEAR, "2026-12-01" },
	{ "01-05", "2026-12-20", DAY_WORDS_AHEAD, "2027-01-05" },
	{ "01-05", "2026-12-20", DAY_WORDS_THIS_YEAR, "2026-01-05" },
	{ "12-01", "2026-12-20", DAY_WORDS_AHEAD, "2026-12-01" }, /* lately: not next year's */
	{ "02-29", "2027-06-01", DAY_WORDS_AHEAD, "2028-02-29" },
	{ "02-29", "2026-01-01", DAY_WORDS_THIS_YEAR, NULL },
	{ "02-30", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "13-01", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "0-0", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "123-1", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "12-01x", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "12-", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "", "2026-01-01", DAY_WORDS_AHEAD, NULL },
	{ "soon", "2026-01-01", DAY_WORDS_AHEAD, NULL },
};

static void days_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		char day[ZONE_DAY_SIZE] = "untouched";
		gboolean is_day = day_words_read(cases[i].word, cases[i].today, cases[i].year, day);
		if (is_day != (cases[i].day != NULL) || strcmp(day, cases[i].day ? cases[i].day : "untouched") != 0)
			fail_msg("'%s' on %s: %s", cases[i].word, cases[i].today, day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(days_are_read) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
