/* SPDX-License-Identifier: MIT */
/* Birthdays as people write them, in both calendars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "celebration/words.h"

static const struct {
	const char *words, *date;
} known[] = {
	{ "03-15", "03-15" },
	{ "3-15", "03-15" },
	{ "3/15", "03-15" },
	{ " 3.15 ", "03-15" },
	{ "3月15日", "03-15" },
	{ "3月15号", "03-15" },
	{ "三月十五日", "03-15" },
	{ "1990-03-15", "1990-03-15" },
	{ "1990年3月15日", "1990-03-15" },
	{ "公历 3月15日", "03-15" },
	{ "15 March", "03-15" },
	{ "March 15", "03-15" },
	{ "mar 15th, 1990", "1990-03-15" },
	{ "the 1st of Sept. 1990", "1990-09-01" },
	{ "3. May", "05-03" },
	{ "29 February else 1 March", "02-29 else 03-01" },
	{ "29 feb otherwise february 28", "02-29" },
	{ "lunar 08-15", "lunar 08-15" },
	{ "Lunar 8-15", "lunar 08-15" },
	{ "农历 08-15", "lunar 08-15" },
	{ "农历八月十五", "lunar 08-15" },
	{ "阴历 1990-08-15", "lunar 1990-08-15" },
	{ "八月初五", "lunar 08-05" },
	{ "正月初一", "lunar 01-01" },
	{ "腊月三十", "lunar 12-30" },
	{ "冬月廿三", "lunar 11-23" },
	{ "农历十二月二十九", "lunar 12-29" },
	{ "农历二月初十", "lunar 02-10" },
	{ "lunar leap 06-06", "lunar leap 06-06" },
	{ "农历 闰 06-06", "lunar leap 06-06" },
	{ "闰六月初六", "lunar leap 06-06" },
	{ "lunar leap 1987-06-06", "lunar leap 1987-06-06" },
	{ "02-29", "02-29" },
	{ "02-29 else 03-01", "02-29 else 03-01" },
	{ "2月29日 平年 3月1日", "02-29 else 03-01" },
	{ "02-29 else 02-28", "02-29" },
};

static void what_people_write_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		struct yearly date;
		if (!celebration_read_date(known[i].words, &date))
			fail_msg("'%s' was not taken", known[i].words);
		g_autofree char *text = yearly_print(&date);
		if (strcmp(text, known[i].date) != 0)
			fail_msg("'%s' is '%s' instead of '%s'", known[i].words, text, known[i].date);
	}
}

static void what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "soon", "13-01", "02-30", "3月", "15日", "农历", "农历 13-01", "农历 01-31", "03-15 please",
		"1990", "02-29 else", "02-29 else 03-02", "闰", "廿", "3-15-1990", "99999-01-01", "月日", "March", "15 Ma", "31 April",
		"Marching 15", "15 March please", "lunar 15 March", "March 15 15", "15 March 90", "15 of", "March 15 of", "29 February else 1 March 1990" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct yearly date = { .day = 77 };
		if (celebration_read_date(texts[i], &date))
			fail_msg("'%s' was taken", texts[i]);
		assert_int_equal(date.day, 77);
	}
}

static void lunar_days_are_said_as_people_do(void **state)
{
	static const struct {
		struct yearly date;
		const char *words;
	} days[] = {
		{ { .month = 8, .day = 15, .lunar = TRUE }, "八月十五" },
		{ { .month = 1, .day = 1, .lunar = TRUE }, "正月初一" },
		{ { .month = 12, .day = 30, .lunar = TRUE }, "腊月三十" },
		{ { .month = 11, .day = 20, .lunar = TRUE }, "冬月二十" },
		{ { .month = 10, .day = 10, .lunar = TRUE }, "十月初十" },
		{ { .month = 6, .day = 26, .lunar = TRUE, .leap = TRUE }, "闰六月廿六" },
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		struct yearly again;
		g_autofree char *words = celebration_lunar_words(&days[i].date), *full = g_strconcat("农历", words, NULL);
		assert_string_equal(words, days[i].words);
		assert_true(celebration_read_date(full, &again));
		assert_memory_equal(&again, &days[i].date, sizeof again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_write_is_read),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(lunar_days_are_said_as_people_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
