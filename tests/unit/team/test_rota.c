/* SPDX-License-Identifier: MIT */
/* Who has the duty at an instant: weeks and days, handover over summer time in both hemispheres, covers, days off; and fair turns. */
#include "team/rota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

enum { ANA = 1, BO, CAI, DU };

static const gint64 three[] = { ANA, BO, CAI };

static struct rota rota_of(const char *zone, enum rota_turn turn, int minute, const char *from)
{
	struct rota rota = { .turn = turn, .weekday = 1, .handover_minute = minute, .zone = zone_find(zone), .people = three, .count = 3 };
	assert_non_null(rota.zone);
	g_strlcpy(rota.from, from, sizeof rota.from);
	return rota;
}

static int64_t instant(const char *text)
{
	int64_t at_ms = 0;
	if (!zone_read_rfc3339(text, NULL, &at_ms))
		fail_msg("no time: %s", text);
	return at_ms;
}

static void expect(const struct rota *rota, const char *at, gint64 person, const char *from, const char *until)
{
	struct rota_shift shift;
	assert_true(rota_shift_at(rota, instant(at), &shift));
	g_autofree char *begins = zone_rfc3339(shift.from_ms), *ends = zone_rfc3339(shift.until_ms);
	if (shift.person != person || g_strcmp0(begins, from) != 0 || g_strcmp0(ends, until) != 0)
		fail_msg("%s: %d from %s until %s", at, (int)shift.person, begins, ends);
}

/* ---- weeks and days ---- */

static void weeks_go_round(void **state)
{
	static const struct {
		const char *at;
		gint64 person;
		const char *from, *until;
	} cases[] = {
		/* Shanghai, handover on Monday 09:00, which is 01:00 UTC; the first one's week is that of 2 March. */
		{ "2026-03-02T01:00:00Z", ANA, "2026-03-02T01:00:00Z", "2026-03-09T01:00:00Z" },
		{ "2026-03-09T00:59:59Z", ANA, "2026-03-02T01:00:00Z", "2026-03-09T01:00:00Z" },
		{ "2026-03-09T01:00:00Z", BO, "2026-03-09T01:00:00Z", "2026-03-16T01:00:00Z" },
		{ "2026-03-22T15:00:00Z", CAI, "2026-03-16T01:00:00Z", "2026-03-23T01:00:00Z" },
		{ "2026-03-23T01:00:00Z", ANA, "2026-03-23T01:00:00Z", "2026-03-30T01:00:00Z" },
		/* Before the first day it goes round just as well. */
		{ "2026-03-01T12:00:00Z", CAI, "2026-02-23T01:00:00Z", "2026-03-02T01:00:00Z" },
		{ "2025-12-31T12:00:00Z", ANA, "2025-12-29T01:00:00Z", "2026-01-05T01:00:00Z" },
	};
	const struct rota rota = rota_of("Asia/Shanghai", ROTA_WEEK, 9 * 60, "2026-03-04"); /* a Wednesday: its week counts */
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		expect(&rota, cases[i].at, cases[i].person, cases[i].from, cases[i].until);
}

/* Working days alone are turns: the weekend is Friday's, and in the calendar of China so is a holiday; a make-up Sunday is one. */
static void days_pass_over_days_off(void **state)
{
	struct rota rota = rota_of("Asia/Shanghai", ROTA_DAY, 9 * 60, "2026-03-02");
	(void)state;
	expect(&rota, "2026-03-03T02:00:00Z", BO, "2026-03-03T01:00:00Z", "2026-03-04T01:00:00Z");
	expect(&rota, "2026-03-08T02:00:00Z", BO, "2026-03-06T01:00:00Z", "2026-03-09T01:00:00Z");
	expect(&rota, "2026-03-09T02:00:00Z", CAI, "2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z");
	expect(&rota, "2026-02-28T02:00:00Z", CAI, "2026-02-27T01:00:00Z", "2026-03-02T01:00:00Z");
	g_autoptr(calendar_auto) calendar = calendar_new("test", rota.zone);
	for (int weekday = 1; weekday <= 5; weekday++)
		calendar_add_weekly(calendar, weekday, (struct calendar_window){ 540, 1080 });
	calendar_except(calendar, "2026-03-04");
	calendar_add_window(calendar, "2026-03-08", (struct calendar_window){ 540, 1080 });
	rota.calendar = calendar;
	expect(&rota, "2026-03-04T02:00:00Z", BO, "2026-03-03T01:00:00Z", "2026-03-05T01:00:00Z");
	expect(&rota, "2026-03-08T02:00:00Z", BO, "2026-03-08T01:00:00Z", "2026-03-09T01:00:00Z");
	expect(&rota, "2026-03-09T02:00:00Z", CAI, "2026-03-09T01:00:00Z", "2026-03-10T01:00:00Z");
}

/* ---- summer time ---- */

/* The handover is at the local time that people know, whatever the clocks do; the week is an hour shorter or longer. */
static void handover_over_summer_time(void **state)
{
	static const struct {
		const char *zone;
		int weekday, minute;
		const char *first, *from, *until;
		int hours; /* of the week in which the clocks change */
	} cases[] = {
		{ "Europe/Berlin", 1, 540, "2026-03-23", "2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z", 167 },
		{ "Europe/Berlin", 1, 540, "2026-10-19", "2026-10-19T07:00:00Z", "2026-10-26T08:00:00Z", 169 },
		{ "America/New_York", 1, 540, "2026-03-02", "2026-03-02T14:00:00Z", "2026-03-09T13:00:00Z", 167 },
		/* The south: the clocks go back in April, and forward in October. */
		{ "Australia/Sydney", 1, 540, "2026-03-30", "2026-03-29T22:00:00Z", "2026-04-05T23:00:00Z", 169 },
		{ "Australia/Sydney", 1, 540, "2026-09-28", "2026-09-27T23:00:00Z", "2026-10-04T22:00:00Z", 167 },
		/* Half an hour's summer time. */
		{ "Australia/Lord_Howe", 1, 540, "2026-03-30", "2026-03-29T22:00:00Z", "2026-04-05T22:30:00Z", 168 },
		/* On the very Sunday, inside the gap: at the first instant after it. */
		{ "Europe/Berlin", 7, 150, "2026-03-22", "2026-03-22T01:30:00Z", "2026-03-29T01:00:00Z", 167 },
		/* Inside the hour that comes twice: the first time. */
		{ "Europe/Berlin", 7, 150, "2026-10-18", "2026-10-18T00:30:00Z", "2026-10-25T00:30:00Z", 168 },
		{ "America/Santiago", 7, 0, "2026-08-30", "2026-08-30T04:00:00Z", "2026-09-06T04:00:00Z", 168 }, /* midnight is skipped */
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rota rota = rota_of(cases[i].zone, ROTA_WEEK, cases[i].minute, cases[i].first);
		struct rota_shift shift, next;
		rota.weekday = cases[i].weekday;
		expect(&rota, cases[i].from, ANA, cases[i].from, cases[i].until);
		assert_true(rota_shift_at(&rota, instant(cases[i].until) - 1, &shift));
		assert_true(rota_shift_at(&rota, instant(cases[i].until), &next));
		assert_int_equal(shift.person, ANA);
		assert_int_equal(next.person, BO);
		assert_int_equal((shift.until_ms - shift.from_ms) / HOURS(1), cases[i].hours);
	}
}

/* A whole year, shift after shift: somebody has it, one alone, and shifts meet. */
static void no_instant_without_somebody(void **state)
{
	static const char *const zones[] = { "Europe/Berlin", "Australia/Sydney", "America/Santiago", "Asia/Shanghai" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(zones) * 2; i++) {
		const struct rota rota = rota_of(zones[i / 2], i % 2 ? ROTA_DAY : ROTA_WEEK, 150, "2026-01-05");
		struct rota_shift shift = { 0 }, seen;
		int64_t until_ms = instant("2027-01-05T00:00:00Z");
		for (int64_t at_ms = instant("2026-01-05T12:00:00Z"); at_ms < until_ms; at_ms = shift.until_ms) {
			int64_t before_ms = shift.until_ms;
			guint place = shift.place;
			assert_true(rota_shift_at(&rota, at_ms, &shift));
			assert_true(shift.from_ms <= at_ms && at_ms < shift.until_ms);
			assert_true(before_ms == 0 || (before_ms == shift.from_ms && shift.place == (place + 1) % 3));
			assert_true(rota_shift_at(&rota, shift.until_ms - 1, &seen));
			assert_int_equal(seen.from_ms, shift.from_ms);
		}
	}
}

/* ---- covers ---- */

static void covers_part_a_week(void **state)
{
	static const struct rota_cover covers[] = {
		{ 1, DU, "2026-03-03", "2026-03-05" },
		{ 2, CAI, "2026-03-05", "2026-03-05" }, /* said later */
		{ 3, CAI, "2026-03-13", "2026-03-17" }, /* over two turns */
	};
	struct rota rota = rota_of("Asia/Shanghai", ROTA_WEEK, 540, "2026-03-02");
	struct rota_shift shift;
	(void)state;
	rota.covers = covers;
	rota.cover_count = G_N_ELEMENTS(covers);
	expect(&rota, "2026-03-02T02:00:00Z", ANA, "2026-03-02T01:00:00Z", "2026-03-03T01:00:00Z");
	expect(&rota, "2026-03-05T00:59:00Z", DU, "2026-03-03T01:00:00Z", "2026-03-05T01:00:00Z");
	expect(&rota, "2026-03-05T02:00:00Z", CAI, "2026-03-05T01:00:00Z", "2026-03-06T01:00:00Z");
	expect(&rota, "2026-03-07T02:00:00Z", ANA, "2026-03-06T01:00:00Z", "2026-03-09T01:00:00Z");
	expect(&rota, "2026-03-14T02:00:00Z", CAI, "2026-03-13T01:00:00Z", "2026-03-16T01:00:00Z");
	expect(&rota, "2026-03-18T02:00:00Z", CAI, "2026-03-18T01:00:00Z", "2026-03-23T01:00:00Z"); /* her own turn */
	assert_true(rota_next_of(&rota, CAI, instant("2026-03-02T02:00:00Z"), &shift));
	assert_string_equal(shift.first, "2026-03-18");
	assert_false(rota_next_of(&rota, DU, instant("2026-03-02T02:00:00Z"), &shift));
	rota.count = 0;
	assert_false(rota_shift_at(&rota, instant("2026-03-02T02:00:00Z"), &shift));
}

/* ---- fairness ---- */

/* A hundred turns among four, each of whom is away for a while: nobody has two more than another who was as often there. */
static void fair_over_a_hundred_turns(void **state)
{
	struct rota_had all[] = { { ANA, 0 }, { BO, 0 }, { CAI, 0 }, { DU, 0 } };
	guint had[4] = { 0 }, together[4] = { 0 }, last = 4;
	(void)state;
	for (guint turn = 0; turn < 100; turn++) {
		struct rota_had there[4];
		guint place[4], count = 0;
		for (guint i = 0; i < 4; i++) {
			gboolean away = turn >= 20 + 15 * i && turn < 30 + 15 * i; /* ten turns each, one after the other */
			if (!away) {
				place[count] = i;
				there[count++] = all[i];
			}
		}
		guint chosen = place[rota_fairest(there, count)];
		assert_int_not_equal(chosen, last); /* nobody twice in a row */
		last = chosen;
		had[chosen]++;
		together[chosen] += count == 4;
		all[chosen].last_ms = turn + 1;
	}
	for (guint i = 0; i < 4; i++) {
		assert_in_range(had[i], 24, 26);
		/* Back from a holiday nobody has a debt to pay: while all are there each has a fourth. */
		assert_in_range(together[i], 13, 17);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weeks_go_round),
		cmocka_unit_test(days_pass_over_days_off),
		cmocka_unit_test(handover_over_summer_time),
		cmocka_unit_test(no_instant_without_somebody),
		cmocka_unit_test(covers_part_a_week),
		cmocka_unit_test(fair_over_a_hundred_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
