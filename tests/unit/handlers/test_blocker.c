/* SPDX-License-Identifier: MIT */
/* Blockers and their promises: taken in time, ignored until the ladder's end, over night and absence. 2026-03-02 is a Monday. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/sql.h"
#include "team/calendar_file.h"

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
	stage_advance(s, DAYS(1));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 2);
	assert_int_equal(stage_count(s, &rings), 0);
	assert_int_equal(stage_count(s, &open_jobs), 1); /* the third day's */
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

/* Who is away is passed over, and the line says so; the last step rings again, so often and no more. */
static void the_ladder_ends(void **state)
{
	struct stage *s = stage_new_with("en", "A",
		"policies:\n  - name: quick\n    applies: blocker\n    first_response: 30m\n    warn: [50%]\n"
		"    ladder: [{ to: owner }, { after: 1h, to: manager, how: thread }]\n    repeat: 1h\n    repeat_most: 2\n");
	(void)state;
	stage_command(s, "bo", "away", "03-02");
	stage_clear(s);
	stage_command(s, "ana", "blocker", "The printer is out of paper @bo");
	stage_clear(s);
	stage_advance(s, MINUTES(31));
	stage_expect_text(s, "post C1", "Nobody has taken this");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &passed), 2); /* his warning and his step */
	stage_advance(s, HOURS(1));
	stage_expect_nothing(s); /* the manager's step was pulled forward: it is done */
	stage_advance(s, HOURS(1));
	stage_expect_text(s, "post C1", "Nobody has taken this");
	stage_advance(s, HOURS(1));
	stage_expect_text(s, "post C1", "Nobody has taken this");
	stage_advance(s, DAYS(1));
	stage_expect_nothing(s);
	stage_free(s);
}

/* Whether this was among what was sent, which is forgotten. */
static gboolean was_told(struct stage *s, const char *where, const char *text)
{
	gboolean told = FALSE;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		told = told || (g_strcmp0(row->person, where + strlen("post ")) == 0 && row->content && strstr(row->content, text));
	}
	stage_clear(s);
	return told;
}

static void start_again(struct stage *s)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
}

/* Another target, and another calendar: open promises move, managers hear it, what has ended stays. */
static void changed_terms_count_for_what_is_open(void **state)
{
	static const struct sql moved = { "test.moved", "SELECT count(*) FROM response_event WHERE kind IN ('retarget', 'recalendar')", 0 };
	static const struct sql kept = { "test.kept", "SELECT count(DISTINCT terms_now) FROM response", 0 };
	struct stage *s = opened("The customer waits for the offer");
	struct config_team *team = s->config->teams[0];
	(void)state;
	stage_command(s, "ana", "blocker", "Another");
	stage_press(s, "bo", "blocker.none", "2");
	stage_advance(s, MINUTES(10));
	stage_clear(s);
	start_again(s);
	stage_clear(s);
	assert_int_equal(stage_count(s, &moved), 0);
	static const char late[] = "zone: Asia/Shanghai\nhours: { mon-fri: 10:00-12:00 }\n";
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	team->calendar = calendar_file_parse("late", "late", late, strlen(late), problems);
	start_again(s);
	assert_int_equal(stage_count(s, &moved), 2);
	assert_true(was_told(s, "post U_mia", "the rules have changed"));
	assert_true(stage_count(s, &kept) >= 2); /* the closed one keeps its own */
	calendar_free(team->calendar);
	team->calendar = NULL;
	start_again(s);
	assert_int_equal(stage_count(s, &moved), 4);
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

/* A policy of all hours rings at night, for whoever is there and in nobody's quiet hours' way. */
static void around_the_clock(void **state)
{
	struct stage *s = stage_new_with("en", "A",
		"policies: [{ name: always, applies: blocker, first_response: 30m, calendar: always, ladder: [{ to: manager }] }]\n");
	(void)state;
	stage_command(s, "mia", "quiet", "20:00-08:00");
	stage_advance(s, HOURS(14)); /* 23:00 */
	stage_command(s, "ana", "blocker", "The shop is down @bo");
	stage_clear(s);
	stage_advance(s, MINUTES(24));
	stage_expect_text(s, "post U_bo", "Nobody has taken this yet");
	stage_advance(s, MINUTES(7));
	stage_expect_text(s, "post U_mia", "Nobody has taken this; it was due at 23:30");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Given to somebody who is away: it is whose who stands in, and the card says so. */
static void given_to_who_is_away(void **state)
{
	struct stage *s = opened("The customer waits for the offer");
	(void)state;
	stage_command(s, "bo", "away", "03-02 stand-in @cai");
	stage_clear(s);
	stage_press(s, "ana", "blocker.give", "1");
	stage_expect_text(s, "form U_ana", "The customer waits for the offer");
	stage_submit(s, "ana", "blocker.give", "1", (const char *const[]){ "owner", "2", NULL });
	stage_expect_text(s, "replace", "Cai (Bo is not there)");
	stage_expect_text(s, "post U_cai", "Ana has given you this");
	stage_expect_nothing(s);
	stage_submit(s, "ana", "blocker.give", "1", (const char *const[]){ "owner", "99", NULL });
	stage_expect_nothing(s); /* the form stays open */
	stage_free(s);
}

/* The few words that do what the buttons do, as people write them. */
static void words_in_the_thread(void **state)
{
	static const struct {
		const char *words, *shown;
	} said[] = {
		{ "I take it!", "taken" }, { "我来处理。", "taken" }, { "我跟进", "taken" }, { "plan: a new offer by noon.", "a new offer by noon." },
		{ "方案：中午前给新报价", "中午前给新报价" }, { "give to @cai", "\"Owner\",\"value\":\"Cai\"" }, { "转给 @cai", "\"Owner\",\"value\":\"Cai\"" },
		{ "Done.", "solved" }, { "搞定了！", "solved" }, { "已解决。", "solved" }, { "not a blocker", "no blocker" }, { "不是卡点。", "no blocker" },
		{ "done with the first half", NULL }, { "take a look at page two", NULL }, { "我来了解一下", NULL },
	};
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		struct stage *s = stage_new("en", "A");
		stage_command(s, "ana", "blocker", "The customer waits for the offer");
		g_autofree char *card = g_strdup(stage_expect_text(s, "post C1", "Blocker #1"));
		stage_clear(s);
		stage_say_in_thread(s, "bo", card, said[i].words);
		if (said[i].shown)
			stage_expect_text(s, "replace", said[i].shown);
		else
			stage_expect_nothing(s);
		stage_free(s);
	}
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
	stage_expect_text(s, "post U_cai", "Bo has given you this");
	stage_free(s);
}

/* Two press before either card has changed: the first one's press counts, once, and the second is told how it stands. */
static void two_press_at_once(void **state)
{
	static const struct {
		const char *first, *second, *shown, *told;
		gboolean manager; /* it is she who is second */
	} pairs[] = {
		{ "blocker.take", "blocker.take", "\"Owner\",\"value\":\"Bo\"", "Bo has taken blocker #1 already", FALSE },
		{ "blocker.take", "blocker.take", "\"Owner\",\"value\":\"Bo\"", "Bo has taken blocker #1 already", TRUE },
		{ "blocker.done", "blocker.done", "solved", "Blocker #1 is closed already", FALSE },
		{ "blocker.take", "blocker.plan", "\"Owner\",\"value\":\"Bo\"", NULL, FALSE },
		{ "blocker.none", "blocker.take", "no blocker", "Blocker #1 is closed already", FALSE },
		{ "blocker.done", "blocker.plan", "solved", "Blocker #1 is closed already", FALSE },
	};
	static const struct sql happened = { "test.happened", "SELECT count(*) FROM blocker_event", 0 };
	static const struct sql stopped = { "test.stopped",
		"SELECT count(*) FROM (SELECT 1 FROM response_event WHERE kind IN ('stop', 'cancel') GROUP BY response HAVING count(*) > 1)", 0 };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		struct stage *s = opened("The customer waits for the offer");
		g_autofree char *told = g_strdup_printf("%s U_%s", pairs[i].told ? "private" : "form", pairs[i].manager ? "mia" : "cai");
		stage_press_together(s, "bo", pairs[i].first, pairs[i].manager ? "mia" : "cai", pairs[i].second, "1");
		stage_expect_text(s, "replace", pairs[i].shown);
		stage_expect_text(s, told, pairs[i].told ? pairs[i].told : "The customer waits for the offer");
		stage_expect_nothing(s);
		assert_int_equal(stage_count(s, &happened), 2); /* opened, and one thing more */
		assert_int_equal(stage_count(s, &stopped), 0);
		stage_free(s);
	}
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
		cmocka_unit_test(the_ladder_ends),
		cmocka_unit_test(changed_terms_count_for_what_is_open),
		cmocka_unit_test(the_night_does_not_count),
		cmocka_unit_test(around_the_clock),
		cmocka_unit_test(words_in_the_thread),
		cmocka_unit_test(given_to_who_is_away),
		cmocka_unit_test(only_the_responsible_answer),
		cmocka_unit_test(two_press_at_once),
		cmocka_unit_test(buttons_of_what_is_closed_are_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
