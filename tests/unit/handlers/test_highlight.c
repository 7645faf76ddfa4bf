/* SPDX-License-Identifier: MIT */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"

/* The stage's clock begins on Monday, 2 March 2026, 09:00; the post is due at 18:00. */
#define TEAM "    highlights: \"18:00\"\n    highlight_allowance: 3\n"

static struct stage *begin(void)
{
	struct stage *s = stage_new_with("en", "A", TEAM);
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
	return s;
}

static void react(struct stage *s, enum event_kind kind, const char *name, const char *emoji, const char *message)
{
	struct event *event = event_new(kind, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->place.channel = g_strdup("C1");
	event->message = g_strdup(message);
	event->word = g_strdup(emoji);
	event->at_ms = s->now_ms;
	stage_do(s, event);
}

static void say(struct stage *s, const char *name, const char *text)
{
	stage_command(s, name, "highlight", text);
	stage_clear(s);
}

/* Moves to the day's post; its message. */
static const char *until_post(struct stage *s, int64_t ms, const char *text)
{
	static char message[32];
	stage_clear(s);
	stage_advance(s, ms);
	g_strlcpy(message, stage_expect_text(s, "post C1", text), sizeof message);
	return message;
}

static const struct sql voices = { .name = "voices", .text = "SELECT COALESCE(SUM(voices), 0) FROM highlight_good" };
static const struct sql open_jobs = { .name = "jobs", .text = "SELECT COUNT(*) FROM job WHERE word = 'morning'" };

static void test_a_person_has_one_voice(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	stage_press(s, "bo", "highlight.clap", "1");
	react(s, EVENT_REACTED, "bo", "clap", post);
	react(s, EVENT_REACTED, "bo", "heart", post);
	assert_int_equal(stage_count(s, &voices), 1);
	react(s, EVENT_REACTED, "cai", "clap", post);
	assert_int_equal(stage_count(s, &voices), 2);
	stage_clear(s);
	stage_advance(s, MINUTES(2));
	stage_expect_text(s, "replace C1", "👏 2");
	/* Taken back, all of it, one after the other. */
	react(s, EVENT_UNREACTED, "bo", "clap", post);
	react(s, EVENT_UNREACTED, "bo", "heart", post);
	assert_int_equal(stage_count(s, &voices), 2);
	stage_press(s, "bo", "highlight.clap", "1");
	assert_int_equal(stage_count(s, &voices), 1);
	stage_free(s);
}

static void test_own_applause_does_not_count(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	say(s, "ana", "@bo the offer was perfect");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "ana", "clap", post); /* of both: her own, and the one she wrote */
	assert_int_equal(stage_count(s, &voices), 0);
	react(s, EVENT_REACTED, "bo", "clap", post); /* of both: Ana's, and the one that thanks him */
	assert_int_equal(stage_count(s, &voices), 1);
	stage_clear(s);
	stage_press(s, "bo", "highlight.clap", "2");
	stage_expect_text(s, "private U_bo", "for the others to applaud");
	assert_int_equal(stage_count(s, &voices), 1);
	stage_free(s);
}

static void test_a_number_is_for_one(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "one");
	say(s, "bo", "two");
	const char *post = until_post(s, HOURS(9), "one");
	react(s, EVENT_REACTED, "cai", "two", post);
	react(s, EVENT_REACTED, "cai", "three", post); /* there is none */
	assert_int_equal(stage_count(s, &voices), 1);
	react(s, EVENT_REACTED, "mia", "tada", post);
	assert_int_equal(stage_count(s, &voices), 3);
	stage_free(s);
}

static void test_a_reaction_on_what_was_said_counts(void **state)
{
	(void)state;
	struct stage *s = begin();
	g_autofree char *message = g_strdup(stage_call(s, "ana", "highlight signed Acme"));
	react(s, EVENT_REACTED, "bo", "tada", message);
	react(s, EVENT_REACTED, "ana", "tada", message);
	until_post(s, HOURS(9), "👏 1");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_a_quiet_day_and_a_day_off(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_advance(s, DAYS(4) + HOURS(9)); /* Friday, 18:00, and nothing was said */
	stage_expect_nothing(s);
	stage_advance(s, HOURS(1));
	say(s, "ana", "on a Friday night");
	stage_advance(s, DAYS(1)); /* Saturday */
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1)); /* Sunday */
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1) - HOURS(1)); /* Monday, 18:00 */
	stage_expect_text(s, "post C1", "on a Friday night");
	stage_free(s);
}

static void test_the_morning_after(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	say(s, "cai", "cleaned the data");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "bo", "one", post);
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "replace C1", "👏 1");
	stage_advance(s, HOURS(16)); /* the next day, after 09:30 */
	stage_expect_text(s, "post U_ana", "applauded by 1");
	stage_expect_text(s, "post U_mia", "cleaned the data"); /* and not what was applauded */
	stage_expect_nothing(s); /* Cai hears nothing of no applause */
	stage_advance(s, DAYS(3));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open_jobs), 0);
	stage_free(s);
}

static void test_a_late_morning_is_not_told_of(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "bo", "clap", post);
	stage_clear(s);
	s->now_ms += DAYS(1); /* switched off until the evening */
	stage_advance(s, 0);
	stage_expect_text(s, "replace C1", "👏 1");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_the_week(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "Monday's own");
	const char *post = until_post(s, HOURS(9), "Monday's own");
	react(s, EVENT_REACTED, "bo", "clap", post);
	react(s, EVENT_REACTED, "cai", "clap", post);
	stage_advance(s, DAYS(3));
	say(s, "bo", "Friday's own");
	stage_advance(s, HOURS(20));
	stage_clear(s);
	post = until_post(s, HOURS(4), "Most applauded this week"); /* Friday, 18:00 */
	react(s, EVENT_REACTED, "mia", "clap", post); /* Friday's, whose week is the next */
	stage_advance(s, DAYS(7) - HOURS(1));
	stage_clear(s);
	stage_advance(s, HOURS(1));
	stage_expect_text(s, "post C1", "Friday's own");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_the_month(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "in March");
	until_post(s, HOURS(9), "in March");
	for (int day = 3; day <= 30; day++) {
		stage_advance(s, DAYS(1));
		stage_clear(s);
	}
	stage_advance(s, DAYS(1)); /* Tuesday, 31 March */
	stage_expect_text(s, "post C1", "Wall of highlights 2026-03");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_taking_back_what_was_shared(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "to be taken back");
	say(s, "bo", "to stay");
	until_post(s, HOURS(9), "to be taken back");
	stage_command(s, "cai", "highlight", "undo 1");
	stage_expect_text(s, "private U_cai", "not yours");
	stage_command(s, "mia", "highlight", "undo 1");
	stage_expect_text(s, "private U_mia", "taken back");
	stage_expect_text(s, "replace C1", "to stay");
	stage_command(s, "mia", "highlight", "undo 1");
	stage_expect_text(s, "private U_mia", "no number 1");
	stage_command(s, "bo", "highlight", "undo 2");
	stage_expect_text(s, "private U_bo", "taken back");
	stage_expect_text(s, "replace C1", "All highlights of this day were taken back");
	stage_free(s);
}

static void test_the_allowance(void **state)
{
	(void)state;
	struct stage *s = begin();
	for (int i = 0; i < 3; i++) {
		stage_command(s, "ana", "highlight", "@bo thanks");
		stage_expect_text(s, "private U_ana", "noted");
	}
	stage_command(s, "ana", "highlight", "@bo thanks");
	stage_expect_text(s, "private U_ana", "keep some for tomorrow");
	stage_free(s);
}

static void test_a_red_packet_is_announced_only(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_command(s, "mia", "highlight", "@bo for the offer 🧧");
	stage_expect_text(s, "private U_mia", "hand over the red packet yourself");
	until_post(s, HOURS(9), "🧧 Mia has a red packet for Bo");
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_person_has_one_voice),
		cmocka_unit_test(test_own_applause_does_not_count),
		cmocka_unit_test(test_a_number_is_for_one),
		cmocka_unit_test(test_a_reaction_on_what_was_said_counts),
		cmocka_unit_test(test_a_quiet_day_and_a_day_off),
		cmocka_unit_test(test_the_morning_after),
		cmocka_unit_test(test_a_late_morning_is_not_told_of),
		cmocka_unit_test(test_the_week),
		cmocka_unit_test(test_the_month),
		cmocka_unit_test(test_taking_back_what_was_shared),
		cmocka_unit_test(test_the_allowance),
		cmocka_unit_test(test_a_red_packet_is_announced_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
