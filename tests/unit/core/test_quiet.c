/* SPDX-License-Identifier: MIT */
/* Whether an unasked message goes, waits or never goes: each rule by itself, and hours that people write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "core/quiet.h"

static int64_t at(const char *zone, const char *local)
{
	int64_t ms;
	g_autofree char *text = g_strconcat(local, ":00", NULL);
	if (!zone_read_rfc3339(text, zone_find(zone), &ms))
		fail_msg("no time: %s", local);
	return ms;
}

/* ---- the decision ---- */

#define CN "Asia/Shanghai"
#define NY "America/New_York"

/* 20:00-08:00, five a day, the digest at 17:30, worthless after `until`; due: when it is looked at again. */
static const struct {
	const char *what, *zone, *now, *until;
	int64_t sent;
	gboolean muted, reminded, away;
	enum quiet_rank rank;
	enum quiet_fate fate;
	const char *due;
} cases[] = {
	{ "by day", CN, "2026-03-02T09:30", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_SENT, NULL },
	{ "the last minute of the day", CN, "2026-03-02T19:59", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_SENT, NULL },
	{ "the evening waits for the morning", CN, "2026-03-02T20:00", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_WAITS, "2026-03-03T08:00" },
	{ "the night too", CN, "2026-03-03T03:00", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_WAITS, "2026-03-03T08:00" },
	{ "hours end with their minute", CN, "2026-03-03T08:00", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_SENT, NULL },
	{ "worthless in the morning", CN, "2026-03-02T21:00", "2026-03-02T22:00", 0, 0, 0, 0, QUIET_CALL, QUIET_LATE, NULL },
	{ "just good enough in the morning", CN, "2026-03-02T21:00", "2026-03-03T08:00", 0, 0, 0, 0, QUIET_CALL, QUIET_WAITS, "2026-03-03T08:00" },
	{ "worthless already", CN, "2026-03-02T09:30", "2026-03-02T09:00", 0, 0, 0, 0, QUIET_CALL, QUIET_LATE, NULL },
	{ "the fifth", CN, "2026-03-02T09:30", NULL, 4, 0, 0, 0, QUIET_CALL, QUIET_SENT, NULL },
	{ "the sixth waits for the digest", CN, "2026-03-02T09:30", NULL, 5, 0, 0, 0, QUIET_CALL, QUIET_DIGEST, "2026-03-02T17:30" },
	{ "after the digest, for the next", CN, "2026-03-02T17:30", NULL, 5, 0, 0, 0, QUIET_CALL, QUIET_DIGEST, "2026-03-03T17:30" },
	{ "on Friday evening, for Monday's", CN, "2026-03-06T18:00", NULL, 5, 0, 0, 0, QUIET_CALL, QUIET_DIGEST, "2026-03-09T17:30" },
	{ "worthless by then", CN, "2026-03-02T09:30", "2026-03-02T17:29", 5, 0, 0, 0, QUIET_CALL, QUIET_LATE, NULL },
	{ "away", CN, "2026-03-02T09:30", NULL, 0, 0, 0, 1, QUIET_CALL, QUIET_DIGEST, "2026-03-02T17:30" },
	{ "muted", CN, "2026-03-02T09:30", NULL, 0, 1, 0, 0, QUIET_CALL, QUIET_MUTED, NULL },
	{ "muted at night", CN, "2026-03-02T23:30", NULL, 0, 1, 0, 0, QUIET_CALL, QUIET_MUTED, NULL },
	{ "the second reminder of a day", CN, "2026-03-02T09:30", NULL, 0, 0, 1, 0, QUIET_CALL, QUIET_REPEATED, NULL },
	{ "a hint, while there is room", CN, "2026-03-02T09:30", NULL, 1, 0, 0, 0, QUIET_HINT, QUIET_SENT, NULL },
	{ "a hint leaves room for what is for now", CN, "2026-03-02T09:30", NULL, 2, 0, 0, 0, QUIET_HINT, QUIET_DIGEST, "2026-03-02T17:30" },
	{ "urgent, whatever there is", CN, "2026-03-02T03:00", NULL, 9, 1, 0, 1, QUIET_URGENT, QUIET_SENT, NULL },
	/* On 8 March the clocks of New York go forward at two: the night is an hour shorter. */
	{ "over a change of clocks", NY, "2026-03-07T21:00", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_WAITS, "2026-03-08T08:00" },
	{ "and back in autumn", NY, "2026-10-31T21:00", NULL, 0, 0, 0, 0, QUIET_CALL, QUIET_WAITS, "2026-11-01T08:00" },
};

static void each_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct quiet_case c = { .now_ms = at(cases[i].zone, cases[i].now),
			.until_ms = cases[i].until ? at(cases[i].zone, cases[i].until) : G_MAXINT64,
			.zone = zone_find(cases[i].zone),
			.hours = { 20 * 60, 8 * 60 },
			.budget = 5,
			.digest_minute = 17 * 60 + 30,
			.sent = cases[i].sent,
			.muted = cases[i].muted,
			.reminded = cases[i].reminded,
			.away = cases[i].away,
			.rank = cases[i].rank };
		int64_t due_ms = -1, expected_ms = cases[i].due ? at(cases[i].zone, cases[i].due) : -1;
		enum quiet_fate fate = quiet_weigh(&c, &due_ms);
		if (fate != cases[i].fate || due_ms != expected_ms)
			fail_msg("%s: %s, due %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, cases[i].what,
				quiet_fate_name(fate), due_ms, expected_ms);
	}
}

/* With a working week of their own; 5 March 2026 is a Thursday. */
static void by_their_own_hours(void **state)
{
	static const struct {
		const char *what, *own, *now;
		int64_t sent;
		gboolean urgent;
		enum quiet_fate fate;
		const char *due;
	} own_cases[] = {
		{ "at work", "Mon-Thu 09:00-15:00", "2026-03-05T14:59", 0, FALSE, QUIET_SENT, NULL },
		{ "gone home for the weekend", "Mon-Thu 09:00-15:00", "2026-03-05T15:00", 0, FALSE, QUIET_WAITS, "2026-03-09T09:00" },
		{ "the digest comes before they go", "Mon-Thu 09:00-15:00", "2026-03-05T09:30", 5, FALSE, QUIET_DIGEST, "2026-03-05T14:30" },
		{ "on a day of theirs", "Mon-Thu 09:00-15:00", "2026-03-05T14:45", 5, FALSE, QUIET_DIGEST, "2026-03-09T14:30" },
		{ "after the quiet hours", "Mon 16:00-20:00; Tue 06:00-12:00", "2026-03-02T21:00", 0, FALSE, QUIET_WAITS, "2026-03-03T08:00" },
		{ "whose hours are quiet ones", "every day 22:00-06:00", "2026-03-02T22:30", 0, FALSE, QUIET_WAITS, "2026-03-03T08:00" },
		{ "what is urgent", "Mon-Thu 09:00-15:00", "2026-03-06T09:30", 0, TRUE, QUIET_SENT, NULL },
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(own_cases); i++) {
		struct hours own;
		assert_true(hours_parse(own_cases[i].own, &own));
		struct quiet_case c = { .now_ms = at(CN, own_cases[i].now),
			.until_ms = G_MAXINT64,
			.zone = zone_find(CN),
			.hours = { 20 * 60, 8 * 60 },
			.own = &own,
			.budget = 5,
			.digest_minute = 17 * 60 + 30,
			.sent = own_cases[i].sent,
			.rank = own_cases[i].urgent ? QUIET_URGENT : QUIET_CALL };
		int64_t due_ms = -1, expected_ms = own_cases[i].due ? at(CN, own_cases[i].due) : -1;
		enum quiet_fate fate = quiet_weigh(&c, &due_ms);
		if (fate != own_cases[i].fate || due_ms != expected_ms)
			fail_msg("%s: %s, due %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, own_cases[i].what, quiet_fate_name(fate), due_ms,
				expected_ms);
	}
}

static void a_night_of_summer_time_has_its_own_length(void **state)
{
	(void)state;
	const struct quiet_hours hours = { 20 * 60, 8 * 60 };
	int64_t end_ms = 0, from_ms = at(NY, "2026-03-07T21:00");
	assert_true(quiet_hours_hold(&hours, zone_find(NY), from_ms, &end_ms));
	assert_int_equal(end_ms - from_ms, HOURS(10));
	from_ms = at(NY, "2026-10-31T21:00");
	assert_true(quiet_hours_hold(&hours, zone_find(NY), from_ms, &end_ms));
	assert_int_equal(end_ms - from_ms, HOURS(12));
}

static void a_digest_in_quiet_hours_comes_when_they_end(void **state)
{
	(void)state;
	const struct quiet_case c = { .now_ms = at(CN, "2026-03-02T12:00"),
		.zone = zone_find(CN),
		.hours = { 17 * 60, 18 * 60 },
		.digest_minute = 17 * 60 + 30 };
	assert_int_equal(quiet_digest_ms(&c), at(CN, "2026-03-02T18:00"));
}

static void a_digest_comes_on_a_working_day(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) week = calendar_new("week", zone_find(CN));
	for (int weekday = 1; weekday <= 5; weekday++)
		calendar_add_weekly(week, weekday, (struct calendar_window){ 9 * 60, 18 * 60 });
	struct quiet_case c = { .now_ms = at(CN, "2026-03-06T18:00"), .zone = zone_find(CN), .digest_minute = 17 * 60 + 30, .calendar = week };
	assert_int_equal(quiet_digest_ms(&c), at(CN, "2026-03-09T17:30")); /* Friday evening */
	calendar_except(week, "2026-03-09");
	assert_int_equal(quiet_digest_ms(&c), at(CN, "2026-03-10T17:30"));
}

static void no_hours_hold_nothing(void **state)
{
	(void)state;
	int64_t end_ms;
	for (int64_t hour = 0; hour < 24; hour++)
		assert_false(quiet_hours_hold(&(struct quiet_hours){ 0, 0 }, zone_find(CN), at(CN, "2026-03-02T00:00") + HOURS(hour), &end_ms));
}

/* ---- words ---- */

static const struct {
	const char *words;
	int from, to; /* -1: not understood */
} hours[] = {
	{ "20:00-08:00", 1200, 480 },
	{ " 22:30 – 7:05 ", 1350, 425 },
	{ "20:00 to 8:00", 1200, 480 },
	{ "20 - 8", 1200, 480 },
	{ "20：00至8：00", 1200, 480 },
	{ "22点到7点半", 1320, 450 },
	{ "22点30分～7点", 1350, 420 },
	{ "12:00..13:30", 720, 810 },
	{ "22:00-24:00", 1320, 0 },
	{ "", -1, -1 },
	{ "20:00", -1, -1 },
	{ "20:00-", -1, -1 },
	{ "25:00-08:00", -1, -1 },
	{ "20:60-08:00", -1, -1 },
	{ "24:30-08:00", -1, -1 },
	{ "20:00-20:00", -1, -1 },
	{ "20:00-08:00 please", -1, -1 },
	{ "evening-morning", -1, -1 },
	{ "99999999999999999999:00-08:00", -1, -1 },
};

static void what_people_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hours); i++) {
		struct quiet_hours out = { -1, -1 };
		gboolean read = quiet_hours_parse(hours[i].words, &out);
		if (read != (hours[i].from >= 0) || out.from_minute != hours[i].from || out.to_minute != hours[i].to)
			fail_msg("'%s' is read as %d to %d", hours[i].words, out.from_minute, out.to_minute);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(by_their_own_hours),
		cmocka_unit_test(a_night_of_summer_time_has_its_own_length),
		cmocka_unit_test(a_digest_in_quiet_hours_comes_when_they_end),
		cmocka_unit_test(a_digest_comes_on_a_working_day),
		cmocka_unit_test(no_hours_hold_nothing),
		cmocka_unit_test(what_people_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
