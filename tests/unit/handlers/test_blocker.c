/* SPDX-License-Identifier: MIT */
/* Blockers and their promises: taken in time, ignored until the ladder's end, over night and absence. 2026-03-02 is a Monday. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/sql.h"

static const struct sql rings = { "test.rings", "SELECT count(*) FROM response_ring WHERE passed_over = ''", 0 };
static const struct sql passed = { "test.passed", "SELECT count(*) FROM response_ring WHERE passed_over <> ''", 0 };
static const struct sql met = { "test.met", "SELECT count(*) FROM response WHERE status = 'met'", 0 };
static const struct sql missed = { "test.missed", "SELECT count(*) FROM response WHERE status = 'missed'", 0 };
static const struct sql open_jobs = { "test.jobs", "SELECT count(*) FROM job WHERE ritual = 'blocker'", 0 };

/* Each test's stage; the board that standups show is none of its business. */
static struct stage *opened(const char *text)
{
	struct stage *s = stage_new("en", "A");
	stage_command(s, "ana", "blocker", text);
	stage_expect_text(s, "post C1", "Blocker #1");
	stage_expect_text(s, "private", "Blocker #1 is noted");
	stage_expect_nothing(s);
	return s;
}

static void taken_and_planned_in_time(void **state)
{
	struct stage *s = opened("The customer waits for the offer");
	(void)state;
	stage_advance(s, MINUTES(20));
	stage_expect_nothing(s);
	stage_press(s, "bo", "blocker.take", "1");
	stage_expect_text(s, "replace", "Plan due");
	stage_advance(s, MINUTES(20));
	stage_submit(s, "bo", "blocker.plan", "1", (const char *const[]){ "plan", "Call them at noon", NULL });
	stage_expect_text(s, "replace", "Call them at noon");
	stage_advance(s, DAYS(3));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 2);
	assert_int_equal(stage_count(s, &rings), 0);
	assert_int_equal(stage_count(s, &open_jobs), 0);
	stage_free(s);
}

/* Nobody owns it and no role is named: the stand-in is nobody, so the manager hears at once when it is broken. */
static void ignored_until_the_ladders_end(void **state)
{
	struct stage *s = opened("The customer waits for the offer");
	(void)state;
	stage_advance(s, MINUTES(30));
	stage_expect_nothing(s); /* due at this very second is in time; the warning had nobody to hear it */
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "post U_mia", "Nobody has taken this");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &rings), 1);
	assert_true(stage_count(s, &passed) >= 2);
	stage_press(s, "mia", "blocker.take", "1");
	stage_clear(s);
	assert_int_equal(stage_count(s, &missed), 1);
	/* The plan's own clock goes on: its owner is warned, then her stand-in is nobody and she has no manager. */
	stage_advance(s, MINUTES(20));
	stage_expect_text(s, "post U_mia", "There is no plan yet");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Opened ten minutes before closing: what is left runs on the next morning, and nobody hears at night. */
static void the_night_does_not_count(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_advance(s, HOURS(8) + MINUTES(50));
	stage_clear(s);
	stage_command(s, "ana", "blocker", "The printer is out of paper @mia");
	stage_clear(s);
	stage_advance(s, HOURS(15)); /* 08:50 on Tuesday */
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(25)); /* 09:15: 25 working minutes */
	stage_expect_text(s, "post U_mia", "Nobody has taken this yet");
	stage_expect_nothing(s);
	stage_free(s);
}

/* The asker's own words and a colleague's are no answer; the owner's are. */
static void only_the_responsible_answer(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The printer is out of paper @bo");
	g_autofree char *card = g_strdup(stage_expect_text(s, "post C1", "Blocker #1"));
	stage_clear(s);
	stage_say_in_thread(s, "ana", card, "anybody?");
	stage_say_in_thread(s, "cai", card, "me too");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 0);
	stage_say_in_thread(s, "bo", card, "on my way");
	stage_expect_text(s, "replace", "taken");
	assert_int_equal(stage_count(s, &met), 1);
	stage_say_in_thread(s, "bo", card, "give @cai");
	stage_expect_text(s, "replace", "waits for somebody");
	stage_expect_text(s, "post U_cai", "Bo has given you blocker #1");
	stage_free(s);
}

static void buttons_of_what_is_closed_are_answered(void **state)
{
	struct stage *s = opened("The customer waits for the offer");
	(void)state;
	stage_press(s, "ana", "blocker.none", "1");
	stage_expect_text(s, "replace", "no blocker");
	stage_press(s, "bo", "blocker.take", "1");
	stage_expect_text(s, "private", "closed already");
	stage_press(s, "bo", "blocker.take", "99");
	stage_expect_text(s, "private", "not there any more");
	stage_advance(s, DAYS(2));
	stage_expect_nothing(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_and_planned_in_time),
		cmocka_unit_test(ignored_until_the_ladders_end),
		cmocka_unit_test(the_night_does_not_count),
		cmocka_unit_test(only_the_responsible_answer),
		cmocka_unit_test(buttons_of_what_is_closed_are_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
