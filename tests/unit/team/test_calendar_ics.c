/* SPDX-License-Identifier: MIT */
/* Days off from feeds of holidays: what they close, what they do not, how far they know, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "base/zone.h"
#include "team/calendar_file.h"

#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"
#define DAY(day)     "DTSTART;VALUE=DATE:" day "\r\n"

static char *feed(const char *events)
{
	return g_strdup_printf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nX-WR-TIMEZONE:Europe/Berlin\r\n%sEND:VCALENDAR\r\n",
		events);
}

static struct calendar *read_text(const char *text, GPtrArray *problems)
{
	return calendar_file_read("feed", "feed.ics", text, strlen(text), NULL, problems);
}

static struct calendar *read_good(const char *events)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = feed(events);
	struct calendar *calendar = read_text(text, problems);
	if (!calendar)
		fail_msg("%s", (const char *)problems->pdata[0]);
	return calendar;
}

/* The days that are closed by their date, from the first on, as "12-24 12-25 …". */
static char *closed(const struct calendar *calendar, const char *from, const char *to)
{
	GString *out = g_string_new(NULL);
	char day[ZONE_DAY_SIZE];
	g_strlcpy(day, from, sizeof day);
	for (; strcmp(day, to) <= 0; zone_day_shift(day, 1, day))
		if (calendar_is_exception(calendar, day) && !calendar_is_working_day(calendar, day))
			g_string_append_printf(out, "%s%s", out->len ? " " : "", day + strlen("2026-"));
	return g_string_free(out, FALSE);
}

static void whole_days_are_closed(void **state)
{
	(void)state;
	static const struct {
		const char *events, *closed; /* in 2026 */
	} cases[] = {
		{ EVENT("UID:1\r\n" DAY("20261224")), "12-24" },
		{ EVENT("UID:1\r\n" DAY("20261224") "DTEND;VALUE=DATE:20261227\r\n"), "12-24 12-25 12-26" },
		{ EVENT("UID:1\r\n" DAY("20261224") "DURATION:P2D\r\n"), "12-24 12-25" },
		{ EVENT("UID:1\r\n" DAY("20251230") "DTEND;VALUE=DATE:20260102\r\n"), "01-01" },
		{ EVENT("UID:1\r\n" DAY("20001003") "RRULE:FREQ=YEARLY\r\n"), "10-03" },
		{ EVENT("UID:1\r\n" DAY("20001230") "DURATION:P3D\r\nRRULE:FREQ=YEARLY\r\n"), "01-01 12-30 12-31" },
		{ EVENT("UID:1\r\n" DAY("20200907") "RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO\r\n"), "09-07" }, /* labor day */
		{ EVENT("UID:1\r\n" DAY("20261106") "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20261113\r\n"), "11-06 11-20" },
		{ EVENT("UID:1\r\n" DAY("20261106") "RDATE;VALUE=DATE:20261109\r\n"), "11-06 11-09" },
		{ EVENT("UID:1\r\n" DAY("20251226") "RRULE:FREQ=YEARLY\r\n")
				EVENT("UID:1\r\nRECURRENCE-ID;VALUE=DATE:20261226\r\n" DAY("20261228")), "12-28" },
		{ EVENT("UID:1\r\n" DAY("20251226") "RRULE:FREQ=YEARLY\r\n")
				EVENT("UID:1\r\nRECURRENCE-ID;VALUE=DATE:20261226\r\nSTATUS:CANCELLED\r\n" DAY("20261226"))
			EVENT("UID:2\r\n" DAY("20260501")), "05-01" },
		{ EVENT("UID:1\r\n" DAY("20260501")) EVENT("UID:2\r\nSTATUS:CANCELLED\r\n" DAY("20260502")), "05-01" },
		{ EVENT("UID:1\r\n" DAY("20260501")) EVENT("UID:2\r\nDTSTART:20260504T090000Z\r\nDTEND:20260504T170000Z\r\n"), "05-01" },
		{ EVENT("UID:1\r\nTRANSP:TRANSPARENT\r\n" DAY("20260229")) EVENT("UID:2\r\nTRANSP:TRANSPARENT\r\n" DAY("20260501")), "05-01" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(calendar_auto) calendar = read_good(cases[i].events);
		g_autofree char *got = closed(calendar, "2026-01-01", "2026-12-31");
		if (strcmp(got, cases[i].closed) != 0)
			fail_msg("%s\ncloses %s", cases[i].events, got);
	}
}

static void the_week_is_an_office_week(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) calendar = read_good(EVENT("UID:1\r\nSUMMARY:Tag der Arbeit\\, frei\r\n" DAY("20260501")));
	assert_ptr_equal(calendar_zone(calendar), zone_find("Europe/Berlin"));
	assert_string_equal(calendar_day_name(calendar, "2026-05-01"), "Tag der Arbeit, frei");
	assert_true(calendar_is_working_day(calendar, "2026-04-30"));
	assert_false(calendar_is_working_day(calendar, "2026-05-02"));
	assert_string_equal(calendar_files(calendar)[0], "feed.ics");
	assert_null(calendar_files(calendar)[1]);
}

static void how_far_a_feed_knows(void **state)
{
	(void)state;
	static const struct {
		const char *events, *until; /* NULL: for ever */
	} cases[] = {
		{ EVENT("UID:1\r\n" DAY("20260501")), "2026-12-31" },
		{ EVENT("UID:1\r\n" DAY("20270101")) EVENT("UID:2\r\n" DAY("20260501")), "2027-12-31" },
		{ EVENT("UID:1\r\n" DAY("20000101") "RRULE:FREQ=YEARLY\r\n"), NULL },
		{ EVENT("UID:1\r\n" DAY("20000101") "RRULE:FREQ=YEARLY\r\n") EVENT("UID:2\r\n" DAY("20260403")), "2026-12-31" },
		{ EVENT("UID:1\r\n" DAY("20000101") "RRULE:FREQ=YEARLY\r\n")
				EVENT("UID:1\r\nRECURRENCE-ID;VALUE=DATE:20280101\r\n" DAY("20280103")), NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(calendar_auto) calendar = read_good(cases[i].events);
		if (g_strcmp0(calendar_known_until(calendar), cases[i].until) != 0)
			fail_msg("%s\nknows until %s", cases[i].events, calendar_known_until(calendar));
	}
}

static void somebody_is_told_in_good_time(void **state)
{
	(void)state;
	static const struct {
		const char *until, *today;
		gboolean soon;
	} cases[] = {
		{ "2026-12-31", "2026-09-30", FALSE }, { "2026-12-31", "2026-10-01", TRUE }, { "2026-12-31", "2027-02-03", TRUE },
		{ "2026-06-30", "2026-05-30", FALSE }, { "2026-06-30", "2026-05-31", TRUE }, { NULL, "2026-12-31", FALSE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(calendar_auto) calendar = calendar_new("x", zone_find("UTC"));
		if (cases[i].until)
			calendar_set_known_until(calendar, cases[i].until);
		assert_int_equal(calendar_ends_soon(calendar, cases[i].today), cases[i].soon);
	}
}

static void files_that_are_no_holidays(void **state)
{
	(void)state;
	g_autofree char *meetings = feed(EVENT("UID:1\r\nDTSTART:20260504T090000Z\r\n"));
	g_autofree char *hourly = feed(EVENT("UID:1\r\n" DAY("20260504") "RRULE:FREQ=SECONDLY\r\n"));
	g_autofree char *by_hour = feed(EVENT("UID:1\r\n" DAY("20260504") "RRULE:FREQ=DAILY;BYHOUR=1,2,3;BYSECOND=1\r\n"));
	g_autofree char *daily = feed(EVENT("UID:1\r\n" DAY("20000101") "RRULE:FREQ=DAILY\r\n"));
	const struct {
		const char *text, *problem;
	} cases[] = {
		{ "", "feed.ics: is no iCalendar file" }, /* which also names no zone */
		{ "hello", "is no iCalendar file" },
		{ "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "closes no day" },
		{ "BEGIN:VCALENDAR\r\nX-WR-CALNAME:\xff\r\nEND:VCALENDAR\r\n", "is no iCalendar file" },
		{ meetings, "there is no event that lasts a whole day" },
		{ hourly, "repeats by the hour" },
		{ by_hour, "repeats by the hour" },
		{ daily, "closes more days than a calendar has" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		struct calendar *calendar = calendar_file_read(
			"feed", "feed.ics", cases[i].text, strlen(cases[i].text), zone_find("UTC"), problems);
		assert_null(calendar);
		assert_int_equal(problems->len, 1);
		if (!strstr(problems->pdata[0], cases[i].problem))
			fail_msg("%s", (const char *)problems->pdata[0]);
	}
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	assert_null(read_text("BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:UTC\r\nEND:VCALENDAR\r\n", problems));
	assert_non_null(strstr(problems->pdata[0], "off_from: feed.ics"));
}

/* A feed beside a calendar's file: hours and zone of one's own, a named day that is none off, one that is worked. */
static void a_calendar_takes_its_days_from_feeds(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("belltower-ics-XXXXXX", NULL), *ics = g_build_filename(folder, "de.ics", NULL),
			*yaml = g_build_filename(folder, "office.yaml", NULL);
	g_autofree char *events = feed(EVENT("UID:1\r\nSUMMARY:St. Martin's Day\r\n" DAY("20261111"))
			EVENT("UID:2\r\nSUMMARY:Advent\r\n" DAY("20261203") "DURATION:P2D\r\n"));
	assert_true(g_file_set_contents(ics, events, -1, NULL));
	static const char text[] = "zone: Asia/Shanghai\nhours: { mon-fri: 10:00-16:00 }\nwork: { 2026-12-04: yes }\n"
				   "off_from: de.ics\nignore: [\"st. martin's day\"]\noff: [2026-12-07]\n";
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(calendar_auto) calendar = calendar_file_read("office", yaml, text, strlen(text), NULL, problems);
	if (!calendar)
		fail_msg("%s", (const char *)problems->pdata[0]);
	g_autofree char *got = closed(calendar, "2026-01-01", "2026-12-31");
	assert_string_equal(got, "12-03 12-07");
	assert_true(calendar_is_working_day(calendar, "2026-12-04"));
	assert_string_equal(calendar_known_until(calendar), "2026-12-31");
	assert_true(g_strv_contains(calendar_files(calendar), ics));
	assert_true(g_strv_contains(calendar_files(calendar), yaml));
	static const char missing[] = "zone: UTC\noff_from: [nowhere.ics]\n";
	assert_null(calendar_file_read("office", yaml, missing, strlen(missing), NULL, problems));
	assert_non_null(strstr(problems->pdata[0], "nowhere.ics"));
	g_unlink(ics);
	g_rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_days_are_closed),
		cmocka_unit_test(the_week_is_an_office_week),
		cmocka_unit_test(how_far_a_feed_knows),
		cmocka_unit_test(somebody_is_told_in_good_time),
		cmocka_unit_test(files_that_are_no_holidays),
		cmocka_unit_test(a_calendar_takes_its_days_from_feeds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
