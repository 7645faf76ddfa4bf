/* SPDX-License-Identifier: MIT */
/* Working calendars: spans of working time over gaps, doubled hours, nights and overlaps; the files, right and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/zone.h"
#include "team/calendar_file.h"

static int64_t at(const char *text)
{
	int64_t ms = 0;
	assert_true(zone_read_rfc3339(text, NULL, &ms));
	return ms;
}

static struct calendar *parse(const char *text)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct calendar *calendar = calendar_file_parse("test", "test.yaml", text, strlen(text), problems);
	for (guint i = 0; i < problems->len; i++)
		print_error("%s\n", (const char *)problems->pdata[i]);
	assert_non_null(calendar);
	return calendar;
}

static const char office[] = "zone: Asia/Shanghai\nhours:\n  mon-fri: 09:00-12:00, 13:30-18:00\n"
			     "off: [2026-10-01]\nwork:\n  2026-10-10: yes\n  2026-12-24: 09:00-12:00\n";
static const char night[] = "zone: Europe/Berlin\nhours:\n  fri: 22:00-06:00\n";
static const char sunday[] = "zone: America/New_York\nhours:\n  sun: 00:00-06:00\n";
static const char gap[] = "zone: America/New_York\nhours:\n  sun: 02:10-02:50, 09:00-10:00\n";
static const char south[] = "zone: Australia/Sydney\nhours:\n  sun: 01:00-04:00\n";
static const char unions[] = "zone: UTC\nhours:\n  mon: 09:00-12:00, 11:00-13:00, 13:00-14:00\n";
static const char whole[] = "zone: UTC\nhours:\n  mon-sun: 00:00-24:00\n";

static const struct {
	const char *calendar, *from, *open, *close;
} spans[] = {
	{ office, "2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z", "2026-11-23T04:00:00Z" }, /* Monday morning */
	{ office, "2026-11-23T02:30:00Z", "2026-11-23T02:30:00Z", "2026-11-23T04:00:00Z" }, /* cut off before */
	{ office, "2026-11-23T04:00:00Z", "2026-11-23T05:30:00Z", "2026-11-23T10:00:00Z" }, /* the closing second is closed */
	{ office, "2026-11-27T10:00:00Z", "2026-11-30T01:00:00Z", "2026-11-30T04:00:00Z" }, /* over the weekend */
	{ office, "2026-09-30T10:00:00Z", "2026-10-02T01:00:00Z", "2026-10-02T04:00:00Z" }, /* over a day off */
	{ office, "2026-10-09T10:00:00Z", "2026-10-10T01:00:00Z", "2026-10-10T04:00:00Z" }, /* a make-up Saturday */
	{ office, "2026-12-24T04:00:00Z", "2026-12-25T01:00:00Z", "2026-12-25T04:00:00Z" }, /* a half day */
	{ night, "2026-11-27T00:00:00Z", "2026-11-27T21:00:00Z", "2026-11-28T05:00:00Z" },
	{ night, "2026-11-28T01:00:00Z", "2026-11-28T01:00:00Z", "2026-11-28T05:00:00Z" }, /* belongs to Friday */
	{ night, "2026-10-24T00:00:00Z", "2026-10-24T00:00:00Z", "2026-10-24T04:00:00Z" },
	{ sunday, "2026-03-08T00:00:00Z", "2026-03-08T05:00:00Z", "2026-03-08T10:00:00Z" }, /* five hours long */
	{ sunday, "2026-11-01T00:00:00Z", "2026-11-01T04:00:00Z", "2026-11-01T11:00:00Z" }, /* seven */
	{ gap, "2026-03-08T05:00:00Z", "2026-03-08T13:00:00Z", "2026-03-08T14:00:00Z" },    /* the first is in the gap */
	{ south, "2026-10-03T12:00:00Z", "2026-10-03T15:00:00Z", "2026-10-03T17:00:00Z" },  /* spring in October: two hours */
	{ south, "2026-04-04T12:00:00Z", "2026-04-04T14:00:00Z", "2026-04-04T18:00:00Z" },  /* autumn in April: four */
	{ unions, "2026-11-23T00:00:00Z", "2026-11-23T09:00:00Z", "2026-11-23T12:00:00Z" },
	{ unions, "2026-11-23T11:30:00Z", "2026-11-23T11:30:00Z", "2026-11-23T13:00:00Z" }, /* the longer of two */
	{ whole, "2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-24T00:00:00Z" },
	{ whole, "2026-11-24T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z" }, /* 24:00 joins 00:00 */
	{ "zone: UTC\n", "2026-11-23T00:00:00Z", NULL, NULL },
	{ "zone: UTC\nwork:\n  2040-01-02: 09:00-10:00\n", "2026-11-23T00:00:00Z", NULL, NULL }, /* beyond the horizon */
};

static void the_next_working_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
		g_autoptr(calendar_auto) calendar = parse(spans[i].calendar);
		struct calendar_span span = { 0, 0 };
		gboolean found = calendar_next(calendar, at(spans[i].from), &span);
		g_autofree char *open = zone_rfc3339(span.open_ms), *close = zone_rfc3339(span.close_ms);
		if (found != (spans[i].open != NULL) ||
			(found && (strcmp(open, spans[i].open) != 0 || strcmp(close, spans[i].close) != 0)))
			fail_msg("from %s: %s to %s instead of %s to %s", spans[i].from, found ? open : "none", close,
				spans[i].open, spans[i].close);
		assert_int_equal(calendar_is_open(calendar, at(spans[i].from)), found && span.open_ms == at(spans[i].from));
	}
}

static const struct {
	const char *text, *problem;
} wrong[] = {
	{ "hours:\n  mon: 09:00-18:00\n", "test.yaml:1:1: a calendar needs 'zone', an IANA name like Asia/Shanghai" },
	{ "zone: Asia/Peking\n", "test.yaml:1:7: a calendar needs 'zone', an IANA name like Asia/Shanghai" },
	{ "zone: UTC\nhuors: {}\n", "test.yaml:2:1: is no key of a calendar; write zone, always, hours, off_from, ignore, off, work or known_until" },
	{ "zone: UTC\nhours: 09:00-18:00\n", "test.yaml:2:8: must be a section of weekdays: mon-fri: 09:00-18:00" },
	{ "zone: UTC\nhours:\n  monday: 09:00-18:00\n",
		"test.yaml:3:3: is no weekday; write mon, tue, wed, thu, fri, sat, sun, or two of them as mon-fri" },
	{ "zone: UTC\nhours:\n  fri-mon: 09:00-18:00\n",
		"test.yaml:3:3: is no weekday; write mon, tue, wed, thu, fri, sat, sun, or two of them as mon-fri" },
	{ "zone: UTC\nhours:\n  mon: 9-18\n",
		"test.yaml:3:8: is no working time; write windows like 09:00-12:00, 13:30-18:00" },
	{ "zone: UTC\nhours:\n  mon: 24:00-25:00\n",
		"test.yaml:3:8: is no working time; write windows like 09:00-12:00, 13:30-18:00" },
	{ "zone: UTC\noff: [2026-02-30]\n", "test.yaml:2:7: is no date; write it as 2026-10-01" },
	{ "zone: UTC\noff: [2026-10-10]\nwork:\n  2026-10-10: yes\n",
		"test.yaml:4:3: is a day off as well; leave it out of one of the two" },
	{ "zone: UTC\nalways: perhaps\n", "test.yaml:2:9: must be yes, or be left out" },
	{ "zone: UTC\nknown_until: never\n", "test.yaml:2:14: is no date; write it as 2026-10-01" },
};

static void wrong_files_say_what_to_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		const char *text = wrong[i].text;
		assert_null(calendar_file_parse("test", "test.yaml", text, strlen(text), problems));
		assert_int_equal(problems->len, 1);
		assert_string_equal(problems->pdata[0], wrong[i].problem);
	}
}

static void all_problems_are_told_at_once(void **state)
{
	(void)state;
	static const char text[] = "zone: UTC\nhours:\n  mo: 09:00-18:00\n  tue: nine\noff: [soon]\nknown_until: x\n";
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	assert_null(calendar_file_parse("test", "test.yaml", text, strlen(text), problems));
	assert_int_equal(problems->len, 4);
}

static void the_shipped_ones_are_good(void **state)
{
	(void)state;
	for (const char *const *name = calendar_shipped_names(); *name; name++) {
		g_autoptr(calendar_auto) calendar = calendar_shipped(*name);
		assert_non_null(calendar);
		assert_string_equal(calendar_name(calendar), *name);
	}
	assert_null(calendar_shipped("nowhere"));
}

/* The State Council's notice for 2026: six make-up days, and holidays that move. */
static const struct {
	const char *day;
	gboolean working;
} china[] = {
	{ "2026-01-01", FALSE }, { "2026-01-02", FALSE }, { "2026-01-04", TRUE }, { "2026-02-14", TRUE },
	{ "2026-02-16", FALSE }, { "2026-02-23", FALSE }, { "2026-02-24", TRUE }, { "2026-02-28", TRUE },
	{ "2026-04-06", FALSE }, { "2026-05-01", FALSE }, { "2026-05-05", FALSE }, { "2026-05-06", TRUE },
	{ "2026-05-09", TRUE }, { "2026-06-19", FALSE }, { "2026-09-20", TRUE }, { "2026-09-25", FALSE },
	{ "2026-10-01", FALSE }, { "2026-10-07", FALSE }, { "2026-10-08", TRUE }, { "2026-10-10", TRUE },
	{ "2026-10-11", FALSE }, { "2025-10-08", FALSE }, { "2025-10-11", TRUE },
};

static void china_works_as_announced(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) calendar = calendar_shipped("cn");
	for (size_t i = 0; i < G_N_ELEMENTS(china); i++)
		if (calendar_is_working_day(calendar, china[i].day) != china[i].working)
			fail_msg("%s", china[i].day);
	assert_string_equal(calendar_known_until(calendar), "2026-12-31");
}

/* What was printed says the same of every hour of two years, and prints the same again. */
static void a_printed_one_is_the_same(void **state)
{
	const char *const texts[] = { office, night, gap, unions, whole, "zone: UTC\nalways: yes\n",
		"zone: UTC\nhours: { mon-sun: 09:00-10:00 }\noff: [2026-01-01]\nknown_until: 2026-12-31\n" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts) + 1; i++) {
		g_autoptr(calendar_auto) calendar = i < G_N_ELEMENTS(texts) ? parse(texts[i]) : calendar_shipped("cn");
		g_autofree char *text = calendar_file_print(calendar);
		g_autoptr(calendar_auto) back = parse(text);
		g_autofree char *again = calendar_file_print(back);
		assert_string_equal(text, again);
		assert_int_equal(calendar_known_until(calendar) != NULL, calendar_known_until(back) != NULL);
		for (int64_t ms = at("2025-12-01T00:30:00Z"); ms < at("2027-12-01T00:00:00Z"); ms += 3600 * 1000)
			assert_int_equal(calendar_is_open(calendar, ms), calendar_is_open(back, ms));
	}
}

static void days_later_keep_the_local_time(void **state)
{
	(void)state;
	GTimeZone *zone = zone_find("America/New_York");
	assert_int_equal(zone_days_later(zone, at("2026-10-28T13:15:07Z"), 7), at("2026-11-04T14:15:07Z"));
	assert_int_equal(zone_days_later(zone, at("2026-03-07T07:30:00Z"), 1), at("2026-03-08T07:00:00Z")); /* in the gap */
	assert_int_equal(zone_days_later(zone, at("2026-10-31T05:30:00Z"), 1), at("2026-11-01T05:30:00Z")); /* the first */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_working_time),
		cmocka_unit_test(wrong_files_say_what_to_write),
		cmocka_unit_test(all_problems_are_told_at_once),
		cmocka_unit_test(the_shipped_ones_are_good),
		cmocka_unit_test(china_works_as_announced),
		cmocka_unit_test(a_printed_one_is_the_same),
		cmocka_unit_test(days_later_keep_the_local_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
