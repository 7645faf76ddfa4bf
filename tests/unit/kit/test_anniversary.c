/* SPDX-License-Identifier: MIT */
/* When an occasion is kept: days off and make-up days, preparations, zones, hours, leap years. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "kit/anniversary.h"
#include "team/calendar_file.h"

static const struct {
	const char *date;
	enum anniversary_move move;
	const char *calendar; /* NULL: the plain week */
	const char *from, *on, *day;
} moves[] = {
	/* 15 March 2026 is a Sunday. */
	{ "03-15", ANNIVERSARY_KEEP, NULL, "2026-03-01", "2026-03-15", "2026-03-15" },
	{ "03-15", ANNIVERSARY_BEFORE, NULL, "2026-03-01", "2026-03-15", "2026-03-13" },
	{ "03-15", ANNIVERSARY_AFTER, NULL, "2026-03-01", "2026-03-15", "2026-03-16" },
	/* Once it was celebrated, before or after, the next is next year's. */
	{ "03-15", ANNIVERSARY_BEFORE, NULL, "2026-03-14", "2027-03-15", "2027-03-15" },
	{ "03-15", ANNIVERSARY_AFTER, NULL, "2026-03-16", "2026-03-15", "2026-03-16" },
	{ "03-15", ANNIVERSARY_AFTER, NULL, "2026-03-17", "2027-03-15", "2027-03-15" },
	{ "03-15", ANNIVERSARY_KEEP, NULL, "2026-03-16", "2027-03-15", "2027-03-15" },
	/* China: 1-7 October 2026 are off, Saturday 10 October is worked, and so is Sunday 20 September. */
	{ "10-03", ANNIVERSARY_BEFORE, "cn", "2026-09-01", "2026-10-03", "2026-09-30" },
	{ "10-03", ANNIVERSARY_AFTER, "cn", "2026-09-01", "2026-10-03", "2026-10-08" },
	{ "10-10", ANNIVERSARY_BEFORE, "cn", "2026-09-01", "2026-10-10", "2026-10-10" },
	{ "10-10", ANNIVERSARY_BEFORE, NULL, "2026-09-01", "2026-10-10", "2026-10-09" },
	{ "09-20", ANNIVERSARY_AFTER, "cn", "2026-09-01", "2026-09-20", "2026-09-20" },
	/* Over the turn of the year. */
	{ "01-01", ANNIVERSARY_BEFORE, "cn", "2026-12-01", "2027-01-01", "2027-01-01" }, /* nobody has told 2027's yet: a Friday */
	{ "01-02", ANNIVERSARY_BEFORE, NULL, "2026-12-20", "2027-01-02", "2027-01-01" },
	/* 29 February, in years that have it and others. */
	{ "02-29", ANNIVERSARY_KEEP, NULL, "2027-01-01", "2027-02-28", "2027-02-28" },
	{ "02-29", ANNIVERSARY_BEFORE, NULL, "2027-01-01", "2027-02-28", "2027-02-26" },
	{ "02-29 else 03-01", ANNIVERSARY_KEEP, NULL, "2027-01-01", "2027-03-01", "2027-03-01" },
	{ "02-29 else 03-01", ANNIVERSARY_BEFORE, NULL, "2028-02-01", "2028-02-29", "2028-02-29" },
	/* Mid-autumn, and the new year's day itself, which is off. */
	{ "lunar 08-15", ANNIVERSARY_BEFORE, "cn", "2026-09-01", "2026-09-25", "2026-09-24" },
	{ "lunar 01-01", ANNIVERSARY_KEEP, "cn", "2026-02-01", "2026-02-17", "2026-02-17" },
};

static struct yearly parse(const char *text)
{
	struct yearly date;
	g_autoptr(GError) error = NULL;
	if (!yearly_parse(text, &date, &error))
		fail_msg("%s", error->message);
	return date;
}

static struct calendar *find_calendar(const char *name)
{
	struct calendar *calendar = name ? calendar_shipped(name) : NULL;
	assert_true(calendar || !name);
	return calendar;
}

static struct anniversary_manner manner_of(enum anniversary_move move, const struct calendar *calendar)
{
	return (struct anniversary_manner){ 9 * 60 + 30, { 7, 3, 0 }, move, calendar };
}

static void days_off_move_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
		g_autoptr(calendar_auto) calendar = find_calendar(moves[i].calendar);
		struct anniversary_manner manner = manner_of(moves[i].move, calendar);
		struct yearly date = parse(moves[i].date);
		struct anniversary a;
		assert_true(anniversary_next(&date, &manner, zone_find("Asia/Shanghai"), moves[i].from, &a));
		if (strcmp(a.date, moves[i].on) != 0 || strcmp(a.day, moves[i].day) != 0)
			fail_msg("%s from %s: %s on %s instead of %s on %s", moves[i].date, moves[i].from, a.date, a.day,
				moves[i].on, moves[i].day);
	}
}

static const struct {
	const char *date, *zone, *calendar;
	const char *prepare, *wishes, *day, *over; /* local times of the person */
} hours[] = {
	/* Seven and three days before a Friday; three before is a Tuesday. */
	{ "03-13", "Asia/Shanghai", NULL, "2026-03-06T09:30:00+08:00", "2026-03-10T09:30:00+08:00", "2026-03-13T09:30:00+08:00",
		"2026-03-14T00:00:00+08:00" },
	/* Preparations of a Sunday and a Wednesday: on the Friday before them. */
	{ "03-22", "Europe/Berlin", NULL, "2026-03-13T09:30:00+01:00", "2026-03-19T09:30:00+01:00", "2026-03-22T09:30:00+01:00",
		"2026-03-23T00:00:00+01:00" },
	{ "03-18", "Europe/Berlin", NULL, "2026-03-11T09:30:00+01:00", "2026-03-13T09:30:00+01:00", "2026-03-18T09:30:00+01:00",
		"2026-03-19T00:00:00+01:00" },
	/* The day of 23 hours in New York is over an hour early. */
	{ "03-08", "America/New_York", NULL, "2026-02-27T09:30:00-05:00", "2026-03-05T09:30:00-05:00", "2026-03-08T09:30:00-04:00",
		"2026-03-09T00:00:00-04:00" },
	/* The team works in Shanghai: somebody in New York is celebrated in the evening of their day, when it opens. */
	{ "03-11", "America/New_York", "cn", "2026-03-04T09:30:00-05:00", "2026-03-06T09:30:00-05:00", "2026-03-11T21:00:00-04:00",
		"2026-03-12T00:00:00-04:00" },
	/* Berlin at 09:30 is 16:30 in Shanghai; on a day off it is celebrated at its own hour. */
	{ "03-11", "Europe/Berlin", "cn", "2026-03-04T09:30:00+01:00", "2026-03-06T09:30:00+01:00", "2026-03-11T09:30:00+01:00",
		"2026-03-12T00:00:00+01:00" },
	{ "03-15", "Asia/Shanghai", "cn", "2026-03-06T09:30:00+08:00", "2026-03-12T09:30:00+08:00", "2026-03-15T09:30:00+08:00",
		"2026-03-16T00:00:00+08:00" },
};

static void expect_local(const char *what, GTimeZone *zone, int64_t at_ms, const char *expected)
{
	g_autofree char *got = zone_rfc3339_local(zone, at_ms);
	if (strcmp(got, expected) != 0)
		fail_msg("%s: %s instead of %s", what, got, expected);
}

static void each_stage_has_its_hour(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
		g_autoptr(calendar_auto) calendar = find_calendar(hours[i].calendar);
		struct anniversary_manner manner = manner_of(ANNIVERSARY_KEEP, calendar);
		GTimeZone *zone = zone_find(hours[i].zone);
		struct yearly date = parse(hours[i].date);
		struct anniversary a;
		assert_true(anniversary_next(&date, &manner, zone, "2026-02-15", &a));
		expect_local(hours[i].date, zone, a.due_ms[ANNIVERSARY_PREPARE], hours[i].prepare);
		expect_local(hours[i].date, zone, a.due_ms[ANNIVERSARY_WISHES], hours[i].wishes);
		expect_local(hours[i].date, zone, a.due_ms[ANNIVERSARY_DAY], hours[i].day);
		expect_local(hours[i].date, zone, a.until_ms[ANNIVERSARY_DAY], hours[i].over);
		assert_int_equal(a.until_ms[ANNIVERSARY_PREPARE], a.due_ms[ANNIVERSARY_DAY]);
	}
}

static void what_is_left_out_is_never_due(void **state)
{
	(void)state;
	struct anniversary_manner manner = { 570, { 0, -1, 0 }, ANNIVERSARY_KEEP, NULL };
	struct yearly date = parse("03-15");
	struct anniversary a;
	assert_true(anniversary_next(&date, &manner, zone_find("UTC"), "2026-03-01", &a));
	assert_int_equal(a.until_ms[ANNIVERSARY_PREPARE], 0);
	assert_int_equal(a.until_ms[ANNIVERSARY_WISHES], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_off_move_it),
		cmocka_unit_test(each_stage_has_its_hour),
		cmocka_unit_test(what_is_left_out_is_never_due),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
