/* SPDX-License-Identifier: MIT */
/* Meetings on a stage: announced once, in good time, on working days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "stage.h"

/* Monday, 2 March 2026, 09:00 in Shanghai, is where a stage begins. */
#define REVIEW "    meetings: [{ name: review, kind: review, schedule: every friday 16:00 }]\n"
#define MONDAY "    meetings: [{ name: planning, schedule: every monday 10:00, announce: 1d }]\n"

static struct stage *s;

static void start(void)
{
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
}

static void open_stage(const char *more)
{
	s = stage_new_with("en", "A", more);
	start();
	stage_clear(s);
}

static int close_stage(void **state)
{
	(void)state;
	g_clear_pointer(&s, stage_free);
	return 0;
}

static void go_to(const char *day, int minute)
{
	int64_t at_ms;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), day, minute, &at_ms) && at_ms >= s->now_ms);
	stage_advance(s, at_ms - s->now_ms);
}

/* Every quarter of an hour until then. */
static void pass_to(const char *day, int minute)
{
	int64_t at_ms;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), day, minute, &at_ms));
	while (s->now_ms < at_ms)
		stage_advance(s, MIN(at_ms - s->now_ms, MINUTES(15)));
}

static void announced_a_day_before_with_agenda_and_file(void **state)
{
	(void)state;
	open_stage(REVIEW);
	pass_to("2026-03-05", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-05", 16 * 60);
	stage_expect_text(s, "post C1", "Fri 6 March 16:00 (Asia/Shanghai), 60 minutes");
	stage_expect_nothing(s);
}

static void announced_once_whatever_starts(void **state)
{
	(void)state;
	open_stage(REVIEW);
	go_to("2026-03-05", 16 * 60);
	stage_expect_text(s, "post C1", "review.ics");
	start();
	stage_clear(s); /* who is in the channel is asked at each start */
	go_to("2026-03-05", 16 * 60 + 30);
	stage_expect_nothing(s);
	go_to("2026-03-12", 16 * 60);
	stage_expect_text(s, "post C1", "Fri 13 March");
}

static void a_monday_is_announced_on_friday(void **state)
{
	(void)state;
	open_stage(MONDAY);
	go_to("2026-03-06", 10 * 60);
	stage_expect_text(s, "post C1", "planning");
	pass_to("2026-03-09", 9 * 60 + 59);
	stage_expect_nothing(s);
}

/* Friday, 1 May, is a holiday in China, and so is Monday the 4th. */
static void nothing_on_a_holiday(void **state)
{
	(void)state;
	open_stage("    calendar: cn\n" REVIEW);
	go_to("2026-04-23", 16 * 60);
	stage_expect_text(s, "post C1", "Fri 24 April");
	pass_to("2026-05-07", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-05-07", 16 * 60);
	stage_expect_text(s, "post C1", "Fri 8 May");
}

/* Off from Thursday's announcement until Friday morning: late is better than never; after the meeting it is not. */
static void announced_late_but_before_it_begins(void **state)
{
	(void)state;
	open_stage(REVIEW);
	go_to("2026-03-06", 10 * 60);
	stage_expect_text(s, "post C1", "Fri 6 March");
	stage_clear(s);
	go_to("2026-03-13", 17 * 60);
	for (int i = 0; i < 4; i++)
		stage_advance(s, MINUTES(1));
	stage_expect_nothing(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(announced_a_day_before_with_agenda_and_file, close_stage),
		cmocka_unit_test_teardown(announced_once_whatever_starts, close_stage),
		cmocka_unit_test_teardown(a_monday_is_announced_on_friday, close_stage),
		cmocka_unit_test_teardown(nothing_on_a_holiday, close_stage),
		cmocka_unit_test_teardown(announced_late_but_before_it_begins, close_stage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
