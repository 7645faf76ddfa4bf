/* SPDX-License-Identifier: MIT */
/* Dates that come back: every lunar case, leap days, and what people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "team/yearly.h"

static struct yearly parse(const char *text)
{
	struct yearly a = { 0 };
	g_autoptr(GError) error = NULL;
	if (!yearly_parse(text, &a, &error))
		fail_msg("%s", error->message);
	return a;
}

static void every_lunar_case(void **state)
{
	(void)state;
	g_autofree char *text = NULL;
	gsize length;
	assert_true(g_file_get_contents(TEST_DATA "/lunar-birthdays.json", &text, &length, NULL));
	g_autoptr(cJSON) root = json_parse(text, length, NULL);
	const cJSON *item, *cases = json_array(root, "cases");
	assert_true(cJSON_GetArraySize(cases) >= 100);
	cJSON_ArrayForEach(item, cases)
	{
		struct yearly a = { .lunar = TRUE, .month = (int)json_int_or(item, "lunar_month", 0),
			.day = (int)json_int_or(item, "lunar_day", 0) };
		const char *expected = json_text_or(item, "gregorian", "");
		char from[ZONE_DAY_SIZE], day[ZONE_DAY_SIZE] = "";
		/* Found on the day itself and from some months before. */
		for (int before = 0; before <= 300; before += 100) {
			zone_day_shift(expected, -before, from);
			assert_true(yearly_next(&a, from, day));
			assert_string_equal(day, expected);
		}
		zone_day_shift(expected, 1, from);
		if (yearly_next(&a, from, day))
			assert_true(strcmp(day, expected) > 0);
	}
}

static const struct {
	const char *date, *from, *next;
} days[] = {
	{ "03-15", "2026-03-15", "2026-03-15" },
	{ "03-15", "2026-03-16", "2027-03-15" },
	{ "1990-03-15", "2026-01-01", "2026-03-15" },
	{ "2026-03-15", "2026-01-01", "2027-03-15" }, /* not on the day of birth itself */
	{ "02-29", "2026-01-01", "2026-02-28" },
	{ "02-29", "2028-01-01", "2028-02-29" },
	{ "02-29", "2027-02-28", "2027-02-28" },
	{ "02-29", "2100-01-01", "2100-02-28" },
	{ "02-29", "2027-03-01", "2028-02-29" }, /* never twice */
	{ "02-29 else 03-01", "2026-01-01", "2026-03-01" },
	{ "02-29 else 03-01", "2028-01-01", "2028-02-29" },
	{ "1992-02-29 else 03-01", "2028-03-01", "2029-03-01" }, /* not on the day after a 29th, too */
	{ "02-29 else 03-01", "2100-02-28", "2100-03-01" },
	{ "lunar 08-15", "2026-01-01", "2026-09-25" },
	{ "lunar 12-30", "2026-02-17", "2027-02-05" }, /* the eve of the new year, in a month of 29 days */
	{ "lunar 01-01", "2027-02-06", "2027-02-06" },
	{ "lunar 01-01", "2030-01-01", "2030-02-03" }, /* a minute before midnight: other tables are a day off */
	{ "lunar leap 06-06", "2025-06-01", "2025-06-30" }, /* 2025 has a leap sixth month; the ordinary one counts */
	{ "lunar leap 06-06", "2025-07-01", "2026-07-19" },
	{ "lunar 1990-12-10", "2036-01-01", "2036-01-07" },
};

static void the_next_day(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		struct yearly a = parse(days[i].date);
		char next[ZONE_DAY_SIZE] = "";
		assert_true(yearly_next(&a, days[i].from, next));
		if (strcmp(next, days[i].next) != 0)
			fail_msg("%s from %s: %s instead of %s", days[i].date, days[i].from, next, days[i].next);
	}
}

static void beyond_the_tables_there_is_none(void **state)
{
	(void)state;
	struct yearly a = parse("lunar 08-15");
	char next[ZONE_DAY_SIZE];
	assert_true(yearly_next(&a, "2095-01-01", next));
	assert_false(yearly_next(&a, "2097-01-01", next));
}

static void what_is_read_is_printed_again(void **state)
{
	(void)state;
	static const char *const texts[] = { "03-15", "1990-03-15", "lunar 08-15", "lunar 1990-08-15", "lunar leap 06-06",
		"lunar leap 1987-06-06", "02-29", "02-29 else 03-01", "1992-02-29 else 03-01" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct yearly a = parse(texts[i]);
		g_autofree char *again = yearly_print(&a);
		assert_string_equal(again, texts[i]);
	}
}

static void what_is_no_date_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "3-15", "15.03.", "13-01", "02-30", "2026-02-29", "00-01", "1990", "1990-03",
		"lunar", "lunar 13-01", "lunar 01-31", "lunar 1800-01-01", "leap 06-06", "03-15-1990", "03-15x", "lunar leap", "02-28 else 03-01",
		"02-29 else 02-28", "02-29 else", "02-29 else 03-01x", "lunar 02-29 else 03-01" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct yearly a;
		g_autoptr(GError) error = NULL;
		if (yearly_parse(texts[i], &a, &error))
			fail_msg("'%s' was taken", texts[i]);
		assert_non_null(strstr(error->message, "write 03-15"));
	}
}

static void years_at_work_are_counted(void **state)
{
	(void)state;
	struct yearly a = parse("2023-03-01");
	assert_int_equal(yearly_count(&a, "2024-03-01"), 1);
	assert_int_equal(yearly_count(&a, "2026-03-01"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lunar_case),
		cmocka_unit_test(the_next_day),
		cmocka_unit_test(beyond_the_tables_there_is_none),
		cmocka_unit_test(what_is_read_is_printed_again),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(years_at_work_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
