/* SPDX-License-Identifier: MIT */
/* Recurrences: words in both languages, the instants that come of them, days off and make-up days, summer time, leap days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "team/calendar_file.h"
#include "team/recurrence.h"

static struct recurrence *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct recurrence *r = recurrence_parse(text, &error);
	if (!r)
		fail_msg("'%s': %s", text, error->message);
	return r;
}

static int64_t at(const char *text, GTimeZone *zone)
{
	int64_t ms = 0;
	assert_true(zone_read_rfc3339(text, zone, &ms));
	return ms;
}

/* ---- words ---- */

static const struct {
	const char *text, *english, *chinese;
} words[] = {
	{ "workdays 09:30", "workdays 09:30", "工作日 09:30" },
	{ "工作日 09:30", "workdays 09:30", "工作日 09:30" },
	{ "Every working day at 9:30", "workdays 09:30", "工作日 09:30" },
	{ "每个工作日9：30", "workdays 09:30", "工作日 09:30" }, /* a full-width colon */
	{ "09:30", "09:30", "09:30" },
	{ "daily 18:00", "every day 18:00", "每天 18:00" },
	{ "每天 18:00", "every day 18:00", "每天 18:00" },
	{ "每日 18:00", "every day 18:00", "每天 18:00" },
	{ "every friday 16:00", "every friday 16:00", "每周五 16:00" },
	{ "Fridays at 16:00", "every friday 16:00", "每周五 16:00" },
	{ "16:00 on fridays", "every friday 16:00", "每周五 16:00" },
	{ "每周五 16:00", "every friday 16:00", "每周五 16:00" },
	{ "每星期五16:00", "every friday 16:00", "每周五 16:00" },
	{ "every friday 4pm", "every friday 16:00", "每周五 16:00" },
	{ "every friday at 4 PM", "every friday 16:00", "每周五 16:00" },
	{ "每周五下午 16:00", "every friday 16:00", "每周五 16:00" },
	{ "每周五下午4点", "every friday 16:00", "每周五 16:00" },
	{ "周五下午四点", "every friday 16:00", "每周五 16:00" },
	{ "工作日九点半", "workdays 09:30", "工作日 09:30" },
	{ "每天十八点", "every day 18:00", "每天 18:00" },
	{ "九点一刻", "09:15", "09:15" },
	{ "早上9点05", "09:05", "09:05" },
	{ "每周五十点", "every friday 10:00", "每周五 10:00" },
	{ "每月25号二十点四十五分", "day 25 of month 20:45", "每月25日 20:45" },
	{ "wed, mon and fri 10:00", "every monday, wednesday, friday 10:00", "每周一、周三、周五 10:00" },
	{ "每周一、三、五 10:00", "every monday, wednesday, friday 10:00", "每周一、周三、周五 10:00" },
	{ "每周一三五 10:00", "every monday, wednesday, friday 10:00", "每周一、周三、周五 10:00" },
	{ "每周天 10:00", "every sunday 10:00", "每周日 10:00" },
	{ "every 2 weeks friday 16:00", "every 2 weeks friday 16:00", "每2周周五 16:00" },
	{ "every other week on friday 16:00", "every 2 weeks friday 16:00", "每2周周五 16:00" },
	{ "每两周周五 16:00", "every 2 weeks friday 16:00", "每2周周五 16:00" },
	{ "隔周周五 16:00", "every 2 weeks friday 16:00", "每2周周五 16:00" },
	{ "every 3 weeks monday 08:00 from 2026-03-02", "every 3 weeks monday 08:00 from 2026-03-02", "每3周周一 08:00 自2026-03-02起" },
	{ "每3周周一 08:00 自2026-03-02起", "every 3 weeks monday 08:00 from 2026-03-02", "每3周周一 08:00 自2026-03-02起" },
	{ "last workday of month 15:00", "last workday of month 15:00", "每月最后一个工作日 15:00" },
	{ "每月最后一个工作日 15:00", "last workday of month 15:00", "每月最后一个工作日 15:00" },
	{ "the 5th working day of every month 15:00", "5th workday of month 15:00", "每月第5个工作日 15:00" },
	{ "每月第5个工作日 15:00", "5th workday of month 15:00", "每月第5个工作日 15:00" },
	{ "first monday of month 10:00", "first monday of month 10:00", "每月第1个周一 10:00" },
	{ "每月第一个周一 10:00", "first monday of month 10:00", "每月第1个周一 10:00" },
	{ "last friday of the month 16:00", "last friday of month 16:00", "每月最后一个周五 16:00" },
	{ "day 25 of month 10:00", "day 25 of month 10:00", "每月25日 10:00" },
	{ "on the 25th of each month at 10:00", "day 25 of month 10:00", "每月25日 10:00" },
	{ "每月25号 10:00", "day 25 of month 10:00", "每月25日 10:00" },
	{ "last day of month 17:00", "last day of month 17:00", "每月最后一天 17:00" },
	{ "每月最后一天 17:00", "last day of month 17:00", "每月最后一天 17:00" },
	{ "every friday 16:00 even on holidays", "every friday 16:00 even on holidays", "每周五 16:00 节假日照常" },
	{ "每周五 16:00 遇节假日提前", "every friday 16:00 or the workday before", "每周五 16:00 遇节假日提前" },
	{ "day 25 of month 10:00 not on holidays", "day 25 of month 10:00 not on holidays", "每月25日 10:00 遇节假日跳过" },
	{ "day 1 of month or the workday after 10:00", "day 1 of month 10:00 or the workday after", "每月1日 10:00 遇节假日顺延" },
	{ "rrule:freq=monthly;byday=2tu 09:30", "RRULE:FREQ=MONTHLY;BYDAY=2TU 09:30", "RRULE:FREQ=MONTHLY;BYDAY=2TU 09:30" },
	{ "RRULE:FREQ=DAILY;COUNT=3 09:30 from 2026-03-02", "RRULE:FREQ=DAILY;COUNT=3 09:30 from 2026-03-02",
		"RRULE:FREQ=DAILY;COUNT=3 09:30 自2026-03-02起" },
};

static void expect_words(const char *text, enum language language, const char *expected)
{
	g_autoptr(recurrence_auto) r = parse(text);
	g_autofree char *found = recurrence_words(r, language);
	if (strcmp(found, expected) != 0)
		fail_msg("'%s' became '%s' instead of '%s'", text, found, expected);
}

static void words_are_read_and_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		expect_words(words[i].text, LANGUAGE_EN, words[i].english);
		expect_words(words[i].text, LANGUAGE_ZH_CN, words[i].chinese);
		expect_words(words[i].english, LANGUAGE_ZH_CN, words[i].chinese);
		expect_words(words[i].chinese, LANGUAGE_EN, words[i].english);
	}
}

static const struct {
	const char *text;
	enum recurrence_error code;
	const char *says;
} wrong[] = {
	{ "", RECURRENCE_ERROR_TIME, "names no time" },
	{ "workdays", RECURRENCE_ERROR_TIME, "names no time; write one like 09:30" },
	{ "workdays 24:00", RECURRENCE_ERROR_TIME, "a time that no clock shows" },
	{ "workdays 9:5", RECURRENCE_ERROR_TIME, "a time that is none" },
	{ "workdays 123:45", RECURRENCE_ERROR_TIME, "a time that is none" },
	{ "workdays 09:30 10:30", RECURRENCE_ERROR_TIME, "more than one time" },
	{ "workdayz 09:30", RECURRENCE_ERROR_WORDS, "cannot read 'workdayz 09:30' in 'workdayz 09:30'; write it like workdays 09:30" },
	{ "every friday 25点", RECURRENCE_ERROR_TIME, "has a time that no clock shows" },
	{ "每周五 下午", RECURRENCE_ERROR_TIME, "has a time that no clock shows" },
	{ "每周五 4pm 5pm", RECURRENCE_ERROR_TIME, "has more than one time" },
	{ "every 2 friday 16:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "first friday 16:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "first monday tuesday of month 16:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "every 53 weeks friday 16:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "day 32 of month 10:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "day 0 of month 10:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "first 2 monday of month 10:00", RECURRENCE_ERROR_WORDS, "cannot read '2 monday" },
	{ "workdays daily 10:00", RECURRENCE_ERROR_WORDS, "cannot tell which days" },
	{ "every friday 16:00 from 2026-02-29", RECURRENCE_ERROR_WORDS, "cannot read 'from 2026-02-29'" },
	{ "RRULE:FREQ=HOURLY 09:30", RECURRENCE_ERROR_RULE, "is finer than a day" },
	{ "RRULE:FREQ=DAILY;BYHOUR=9,15 09:30", RECURRENCE_ERROR_RULE, "is finer than a day" },
	{ "RRULE:FREQ=NEVER 09:30", RECURRENCE_ERROR_RULE, "is no rule of RFC 5545" },
	{ "RRULE:FREQ=DAILY;COUNT=3 09:30", RECURRENCE_ERROR_RULE, "write also: from 2026-03-06" },
	{ "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 09:30", RECURRENCE_ERROR_RULE, "has no day at all" },
	{ "RRULE:RSCALE=CHINESE;FREQ=YEARLY 09:30", RECURRENCE_ERROR_RULE, "Gregorian" },
	{ "RRULE:FREQ=DAILY", RECURRENCE_ERROR_TIME, "names no time" },
};

static void wrong_words_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(recurrence_auto) r = recurrence_parse(wrong[i].text, &error);
		if (r)
			fail_msg("'%s' was understood", wrong[i].text);
		if (!g_error_matches(error, RECURRENCE_ERROR, (gint)wrong[i].code) || !strstr(error->message, wrong[i].says))
			fail_msg("'%s': %s", wrong[i].text, error->message);
	}
}

/* ---- instants ---- */

/* The first rings after a local time, as "MM-DD HH:MM" in local time; "" in the list: none further. */
static const struct {
	const char *text, *calendar, *zone, *after;
	const char *rings[5];
} rings[] = {
	/* the ring itself is over */
	{ "workdays 09:30", NULL, "Europe/Berlin", "2026-03-06T09:30:00", { "03-09 09:30", "03-10 09:30" } },
	{ "workdays 09:30", NULL, "Europe/Berlin", "2026-03-06T09:29:59", { "03-06 09:30", "03-09 09:30" } },
	/* the lunar new year 2026: off 15 to 23 February, made up on the Saturdays 14 and 28 */
	{ "workdays 09:30", "cn", "Asia/Shanghai", "2026-02-13T10:00:00", { "02-14 09:30", "02-24 09:30", "02-25 09:30", "02-26 09:30", "02-27 09:30" } },
	{ "09:30", "cn", "Asia/Shanghai", "2026-02-27T10:00:00", { "02-28 09:30", "03-02 09:30" } },
	{ "every saturday 10:00", "cn", "Asia/Shanghai", "2026-02-08T00:00:00", { "02-14 10:00", "02-28 10:00" } }, /* the 21st is amid it */
	{ "every friday 16:00", "cn", "Asia/Shanghai", "2026-02-14T00:00:00", { "02-27 16:00", "03-06 16:00" } },   /* the 20th is closed */
	{ "every friday 16:00 even on holidays", "cn", "Asia/Shanghai", "2026-02-14T00:00:00", { "02-20 16:00", "02-27 16:00" } },
	{ "every friday 16:00 or the workday before", "cn", "Asia/Shanghai", "2026-02-13T17:00:00", { "02-14 16:00", "02-27 16:00" } },
	{ "every friday 16:00 or the workday after", "cn", "Asia/Shanghai", "2026-02-23T17:00:00", { "02-24 16:00", "02-27 16:00" } },
	{ "every day 18:00", "cn", "Asia/Shanghai", "2026-02-13T19:00:00", { "02-14 18:00", "02-24 18:00" } },
	/* a month's last working day is a make-up Saturday */
	{ "last workday of month 15:00", "cn", "Asia/Shanghai", "2026-02-02T00:00:00", { "02-28 15:00", "03-31 15:00" } },
	{ "first workday of month 10:00", "cn", "Asia/Shanghai", "2026-09-30T00:00:00", { "10-08 10:00", "11-02 10:00" } },
	{ "last workday of month 15:00", NULL, "Europe/Berlin", "2026-01-30T15:00:00", { "02-27 15:00", "03-31 15:00" } },
	{ "3rd workday of month 15:00", NULL, "Europe/Berlin", "2026-01-30T15:00:00", { "02-04 15:00", "03-04 15:00" } },
	/* dates move to the working day before, unless the rule says otherwise */
	{ "day 25 of month 10:00", NULL, "Europe/Berlin", "2026-04-01T00:00:00", { "04-24 10:00", "05-25 10:00", "06-25 10:00", "07-24 10:00" } },
	{ "day 25 of month 10:00 even on holidays", NULL, "Europe/Berlin", "2026-04-01T00:00:00", { "04-25 10:00", "05-25 10:00" } },
	{ "day 25 of month 10:00 not on holidays", NULL, "Europe/Berlin", "2026-04-01T00:00:00", { "05-25 10:00", "06-25 10:00" } },
	{ "day 25 of month 10:00 or the workday after", NULL, "Europe/Berlin", "2026-04-01T00:00:00", { "04-27 10:00", "05-25 10:00" } },
	{ "day 1 of month 10:00", "cn", "Asia/Shanghai", "2026-09-02T00:00:00", { "09-30 10:00", "10-30 10:00" } }, /* October's before the 1st */
	{ "first monday of month 10:00", "cn", "Asia/Shanghai", "2026-09-08T00:00:00", { "09-30 10:00", "11-02 10:00" } }, /* 5 October is closed */
	/* short months and leap days */
	{ "day 31 of month 09:00 even on holidays", NULL, "UTC", "2026-01-31T09:00:00", { "02-28 09:00", "03-31 09:00", "04-30 09:00", "05-31 09:00" } },
	{ "day 30 of month 09:00 even on holidays", NULL, "UTC", "2028-01-30T09:00:00", { "02-29 09:00", "03-30 09:00" } },
	{ "day 29 of month 09:00 even on holidays", NULL, "UTC", "2026-01-29T09:00:00", { "02-28 09:00", "03-29 09:00" } },
	{ "last day of month 09:00 even on holidays", NULL, "UTC", "2028-01-31T09:00:00", { "02-29 09:00", "03-31 09:00" } },
	{ "workdays 09:00", NULL, "UTC", "2028-02-28T09:00:00", { "02-29 09:00", "03-01 09:00" } },
	{ "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 09:00 even on holidays", NULL, "UTC", "2026-01-01T00:00:00", { "02-29 09:00", "02-29 09:00" } },
	/* weeks are counted over the turn of the year, which has 53 of them in 2026 */
	{ "every 2 weeks friday 16:00", NULL, "UTC", "2026-12-17T00:00:00", { "12-18 16:00", "01-01 16:00", "01-15 16:00" } },
	{ "every 2 weeks friday 16:00 from 2026-12-25", NULL, "UTC", "2026-11-01T00:00:00", { "12-25 16:00", "01-08 16:00", "01-22 16:00" } },
	{ "every 2 weeks monday, friday 16:00", NULL, "UTC", "2026-12-14T17:00:00", { "12-18 16:00", "12-28 16:00", "01-01 16:00", "01-11 16:00" } },
	{ "workdays 09:00 from 2026-12-18", NULL, "UTC", "2026-11-01T00:00:00", { "12-18 09:00", "12-21 09:00" } },
	{ "RRULE:FREQ=DAILY;COUNT=3 09:00 from 2026-12-18", NULL, "UTC", "2026-11-01T00:00:00", { "12-18 09:00", "12-19 09:00", "12-20 09:00", "" } },
	{ "RRULE:FREQ=WEEKLY;UNTIL=20261225 09:00", NULL, "UTC", "2026-12-14T00:00:00", { "12-14 09:00", "12-21 09:00", "" } },
	{ "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 09:00", NULL, "UTC", "2026-01-30T10:00:00", { "02-27 09:00", "03-31 09:00" } },
	/* the gap: in spring, north and south; the first instant after it */
	{ "every day 02:30", NULL, "America/New_York", "2026-03-07T00:00:00", { "03-07 02:30", "03-08 03:00", "03-09 02:30" } },
	{ "every day 02:30", NULL, "Europe/Berlin", "2026-03-28T00:00:00", { "03-28 02:30", "03-29 03:00", "03-30 02:30" } },
	{ "every day 02:30", NULL, "Australia/Sydney", "2026-10-03T00:00:00", { "10-03 02:30", "10-04 03:00", "10-05 02:30" } },
	{ "every day 02:10", NULL, "Australia/Lord_Howe", "2026-10-03T00:00:00", { "10-03 02:10", "10-04 02:30", "10-05 02:10" } },
	{ "every day 00:00", NULL, "America/Santiago", "2026-09-05T00:30:00", { "09-06 01:00", "09-07 00:00" } }, /* no midnight */
	/* the doubled hour: once */
	{ "every day 01:30", NULL, "America/New_York", "2026-10-31T00:00:00", { "10-31 01:30", "11-01 01:30", "11-02 01:30" } },
	{ "every day 02:30", NULL, "Australia/Sydney", "2026-04-04T00:00:00", { "04-04 02:30", "04-05 02:30", "04-06 02:30" } },
};

static void the_next_rings(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rings); i++) {
		g_autoptr(recurrence_auto) r = parse(rings[i].text);
		g_autoptr(calendar_auto) calendar = rings[i].calendar ? calendar_shipped(rings[i].calendar) : NULL;
		GTimeZone *zone = zone_find(rings[i].zone);
		int64_t ms = at(rings[i].after, zone);
		for (size_t k = 0; k < G_N_ELEMENTS(rings[i].rings) && rings[i].rings[k]; k++) {
			gboolean found = recurrence_next(r, calendar, zone, ms, &ms);
			g_autofree char *local = found ? zone_rfc3339_local(zone, ms) : g_strdup("");
			g_autofree char *shown = found ? g_strdup_printf("%.5s %.5s", local + 5, local + 11) : g_strdup("");
			if (strcmp(shown, rings[i].rings[k]) != 0)
				fail_msg("'%s' after %s, ring %zu: %s instead of '%s'", rings[i].text, rings[i].after, k + 1, local, rings[i].rings[k]);
		}
	}
}

/* The doubled hour once more, by its offset: it rings in the first of the two. */
static void a_doubled_time_rings_the_first_time(void **state)
{
	(void)state;
	GTimeZone *zone = zone_find("America/New_York");
	g_autoptr(recurrence_auto) r = parse("every day 01:30");
	int64_t ms = at("2026-10-31T12:00:00", zone);
	assert_true(recurrence_next(r, NULL, zone, ms, &ms));
	g_autofree char *first = zone_rfc3339_local(zone, ms);
	assert_string_equal(first, "2026-11-01T01:30:00-04:00");
}

/* Two years of every second Friday, against plain arithmetic. */
static void weeks_are_counted_right(void **state)
{
	(void)state;
	GTimeZone *utc = zone_find("UTC");
	g_autoptr(recurrence_auto) r = parse("every 2 weeks friday 16:00");
	int64_t ms = at("2026-01-01T00:00:00Z", NULL), expected = at("2026-01-02T16:00:00Z", NULL);
	for (int i = 0; i < 52; i++, expected += G_GINT64_CONSTANT(14) * 86400000) {
		assert_true(recurrence_next(r, NULL, utc, ms, &ms));
		assert_int_equal(ms, expected);
	}
}

static void what_falls_away_is_told(void **state)
{
	(void)state;
	GTimeZone *zone = zone_find("Asia/Shanghai");
	g_autoptr(calendar_auto) cn = calendar_shipped("cn");
	g_autoptr(recurrence_auto) r = parse("workdays 09:30");
	static const struct {
		const char *day;
		gboolean is_off;
	} expected[] = { { "2026-09-30", FALSE }, { "2026-10-01", TRUE }, { "2026-10-02", TRUE }, { "2026-10-05", TRUE }, { "2026-10-06", TRUE },
		{ "2026-10-07", TRUE }, { "2026-10-08", FALSE }, { "2026-10-09", FALSE }, { "2026-10-10", FALSE }, { "2026-10-12", FALSE } };
	int64_t ms = at("2026-09-29T12:00:00", zone);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		struct recurrence_ring ring;
		assert_true(recurrence_next_planned(r, cn, zone, ms, &ring));
		assert_string_equal(ring.day, expected[i].day);
		assert_int_equal(ring.is_off, expected[i].is_off);
		if (ring.is_off)
			assert_string_equal(ring.holiday, "国庆节");
		assert_int_equal(recurrence_on(r, cn, ring.day, NULL), ring.is_off ? RECURRENCE_OFF : RECURRENCE_RINGS);
		ms = ring.at_ms;
	}
	assert_int_equal(recurrence_on(r, cn, "2026-10-11", NULL), RECURRENCE_NOT);
}

static void weekdays_as_bits(void **state)
{
	(void)state;
	static const struct {
		unsigned bits;
		const char *words;
	} cases[] = { { 0x1f, "workdays 09:30" }, { 0x7f, "every day 09:30" }, { 0x05, "every monday, wednesday 09:30" } };
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(recurrence_auto) r = recurrence_on_weekdays(cases[i].bits, 9);
		g_autoptr(recurrence_auto) copy = recurrence_at(r, 570);
		g_autofree char *shown = recurrence_words(copy, LANGUAGE_EN);
		assert_string_equal(shown, cases[i].words);
	}
}

static void a_calendar_that_is_never_open(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) closed = calendar_new("closed", zone_find("UTC"));
	static const char *const texts[] = { "workdays 09:30", "last workday of month 09:30", "day 25 of month 09:30" };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(recurrence_auto) r = parse(texts[i]);
		int64_t ms = 7;
		assert_false(recurrence_next(r, closed, zone_find("UTC"), 0, &ms));
		assert_int_equal(ms, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_read_and_written),
		cmocka_unit_test(wrong_words_are_told),
		cmocka_unit_test(the_next_rings),
		cmocka_unit_test(a_doubled_time_rings_the_first_time),
		cmocka_unit_test(weeks_are_counted_right),
		cmocka_unit_test(what_falls_away_is_told),
		cmocka_unit_test(weekdays_as_bits),
		cmocka_unit_test(a_calendar_that_is_never_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
