/* SPDX-License-Identifier: MIT */
/* Meetings on a stage: announced once, in good time, on working days; begun with what is known. */
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
	go_to("2026-03-06", 16 * 60);
	stage_expect_text(s, "post C1", "begins");
	start();
	stage_clear(s);
	go_to("2026-03-06", 16 * 60 + 30);
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
	go_to("2026-04-24", 16 * 60);
	stage_expect_text(s, "post C1", "begins");
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

/* Two were asked on each of three days, before and after the last meeting; one of them has answered since. */
static const struct sql asked = { .name = "asked",
	.text = "INSERT INTO standup_asked (team, day, person, asked_ms) SELECT 'sales', d.day, p.id, 0 FROM person p, "
		"(SELECT '2026-03-05' AS day UNION ALL SELECT '2026-03-06' UNION ALL SELECT '2026-03-09') d WHERE p.name IN ('Ana', 'Bo')" };
static const struct sql answered = { .name = "answered",
	.text = "INSERT INTO standup_entry (team, day, person, version, state, format, field0, field1, field2, none, late, edited, source, posted_ms) "
		"SELECT 'sales', '2026-03-09', id, 1, 'given', 'A', '', '', '', 0, 0, 0, '', 0 FROM person WHERE name = 'Ana'" };

static void begun_with_what_is_known(void **state)
{
	(void)state;
	open_stage("    highlights: \"18:00\"\n" REVIEW);
	go_to("2026-03-10", 11 * 60);
	stage_command(s, "ana", "highlight", "signed <Acme>");
	stage_command(s, "bo", "blocker", "the sample is missing");
	go_to("2026-03-10", 18 * 60);
	stage_do(s, NULL);
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(s->db, &error) && db_exec(s->db, &asked, &error) && db_exec(s->db, &answered, &error) && db_commit(s->db, &error));
	stage_clear(s);
	go_to("2026-03-13", 15 * 60 + 59);
	stage_clear(s);
	go_to("2026-03-13", 16 * 60);
	static const char *const known[] = { "Since Fri 6 March", "50 % (1 of 2)", "0 % the time before", "Ana: signed <Acme> (👏 0)",
		"#1 the sample is missing (nobody yet, 3 d)", "Answered in time", "0 % (0 of 1)" };
	assert_int_equal(s->sent->len, 1);
	const struct outbox_row *row = s->sent->pdata[0];
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (!strstr(row->content, known[i]))
			fail_msg("there is no '%s' in %s", known[i], row->content);
}

/* Due on Friday: asked then and on Monday, not at the weekend, and no more once it is done. */
static void asked_until_done(void **state)
{
	(void)state;
	open_stage("");
	stage_command(s, "mia", "action", "send the offer <@U_ana|Ana> 03-06");
	stage_expect_text(s, "post C1", "#1 send the offer (Ana, Fri 6 March)");
	pass_to("2026-03-06", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-06", 16 * 60);
	stage_expect_text(s, "post U_ana", "#1 send the offer");
	pass_to("2026-03-09", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-09", 16 * 60);
	stage_expect_text(s, "post U_ana", "#1 send the offer");
	stage_press(s, "bo", "meeting.done", "1");
	stage_expect_text(s, "private U_bo", "a manager can change");
	stage_press(s, "ana", "meeting.done", "1");
	stage_expect_text(s, "private U_ana", "is done");
	pass_to("2026-03-11", 18 * 60);
	stage_expect_nothing(s);
}

static void put_off_for_a_week(void **state)
{
	(void)state;
	open_stage("");
	stage_command(s, "ana", "action", "call them 2026-03-04");
	stage_expect_text(s, "post C1", "#1 call them (Ana, Wed 4 March)");
	go_to("2026-03-04", 16 * 60);
	stage_expect_text(s, "post U_ana", "#1 call them");
	stage_press(s, "ana", "meeting.later", "1");
	stage_expect_text(s, "private U_ana", "Wed 11 March");
	pass_to("2026-03-11", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-11", 16 * 60);
	stage_expect_text(s, "post U_ana", "#1 call them");
}

static void nobody_away_is_asked(void **state)
{
	(void)state;
	open_stage("");
	stage_command(s, "ana", "action", "call them 2026-03-04");
	stage_command(s, "ana", "away", "03-04..03-05");
	stage_clear(s);
	go_to("2026-03-04", 16 * 60);
	go_to("2026-03-05", 16 * 60);
	stage_expect_nothing(s);
	go_to("2026-03-06", 16 * 60);
	stage_expect_text(s, "post U_ana", "#1 call them");
}

static void what_cannot_be_noted(void **state)
{
	(void)state;
	open_stage("");
	stage_command(s, "ana", "action", "");
	stage_expect_text(s, "private U_ana", "Like this");
	stage_command(s, "ana", "action", "call them 2026-03-01");
	stage_expect_text(s, "private U_ana", "has passed");
	stage_command(s, "ana", "actions", "");
	stage_expect_text(s, "private U_ana", "No actions are open");
}

/* A manager's word wins until it is taken back; what is moved is announced anew. */
static void moved_by_a_manager(void **state)
{
	(void)state;
	open_stage(REVIEW);
	stage_command(s, "mia", "schedule", "weekly review every thursday 15:00");
	stage_expect_text(s, "post C1", "Weekly review of sales from Mon 2 March on: every thursday 15:00");
	stage_command(s, "mia", "schedule", "show");
	stage_expect_text(s, "private U_mia", "Thu 5 March, 15:00 Asia/Shanghai");
	go_to("2026-03-04", 15 * 60);
	stage_expect_text(s, "post C1", "Thu 5 March 15:00");
	stage_command(s, "mia", "schedule", "review 16:00");
	stage_expect_text(s, "post C1", "every friday 16:00");
	pass_to("2026-03-05", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-05", 16 * 60);
	stage_expect_text(s, "post C1", "Fri 6 March 16:00");
	stage_command(s, "mia", "schedule", "review off");
	stage_clear(s);
	pass_to("2026-03-06", 17 * 60);
	stage_expect_nothing(s);
	stage_command(s, "mia", "why", "review");
	stage_expect_text(s, "private U_mia", "16:00 Asia/Shanghai: no meeting (a manager has switched it off)");
}

/* Announced and held; on a holiday neither; begun without after a time off: each is a row that says so. */
static void each_ring_says_what_became_of_it(void **state)
{
	(void)state;
	open_stage("    calendar: cn\n" REVIEW);
	pass_to("2026-03-06", 16 * 60);
	go_to("2026-03-13", 16 * 60 + 10);
	pass_to("2026-05-01", 17 * 60);
	stage_clear(s);
	static const struct {
		const char *words, *answer;
	} cases[] = {
		{ "review 03-06", "16:00 Asia/Shanghai: announced" },
		{ "review 03-06", "16:00 Asia/Shanghai: the meeting began" },
		{ "review 03-13", "16:00 Asia/Shanghai: not announced (24 h 10 min late)" },
		{ "review 05-01", "16:00 Asia/Shanghai: no meeting (劳动节)" },
		{ "weekly review 05-08", "Still to come: 16:00 Asia/Shanghai" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		stage_command(s, "mia", "why", cases[i].words);
		stage_expect_text(s, "private U_mia", cases[i].answer);
	}
}

static void actions_are_asked_about_when_a_manager_says(void **state)
{
	(void)state;
	open_stage(REVIEW);
	stage_command(s, "ana", "action", "call them 2026-03-04");
	stage_command(s, "bo", "action", "write to them 2026-03-04");
	stage_command(s, "bo", "away", "03-04");
	stage_command(s, "mia", "schedule", "actions 11:00");
	stage_clear(s);
	go_to("2026-03-04", 11 * 60);
	stage_expect_text(s, "post U_ana", "#1 call them");
	stage_expect_nothing(s);
	stage_command(s, "mia", "why", "actions");
	stage_expect_text(s, "private U_mia", "11:00 Asia/Shanghai: asked about actions: Ana");
	stage_command(s, "mia", "why", "action");
	stage_expect_text(s, "private U_mia", "11:00 Asia/Shanghai: not asked about actions: Bo (away)");
}

#define TEA "    meetings: [{ name: tea, kind: tea, schedule: every friday 16:00, themes: [travels, dishes, films] }]\n"

static void vote(const char *who, const char *day, const char *theme, const char *answer)
{
	g_autofree char *value = g_strdup_printf("sales/tea\n%s\n%s", day, theme);
	stage_press(s, who, "meeting.vote", value);
	if (strstr(answer, "your vote is for"))
		stage_expect_text(s, "replace C1", "what shall we talk about");
	g_autofree char *line = g_strdup_printf("private U_%s", who);
	stage_expect_text(s, line, answer);
	stage_expect_nothing(s);
}

/* One vote each, changed until the announcement, which says what came of it. */
static void the_theme_is_voted_on(void **state)
{
	(void)state;
	open_stage(TEA);
	pass_to("2026-03-03", 15 * 60 + 59);
	stage_expect_nothing(s);
	go_to("2026-03-03", 16 * 60);
	stage_expect_text(s, "post C1", "may be changed until Thu 5 March 16:00");
	vote("ana", "2026-03-06", "dishes", "your vote is for “dishes”");
	vote("bo", "2026-03-06", "travels", "your vote is for “travels”");
	vote("bo", "2026-03-06", "dishes", "your vote is for “dishes”");
	vote("mia", "2026-03-06", "films", "your vote is for “films”");
	stage_clear(s);
	vote("ana", "2026-03-06", "cars", "no more");
	vote("ana", "2026-03-07", "films", "no more");
	go_to("2026-03-05", 16 * 60);
	stage_expect_text(s, "replace C1", "dishes: 2");
	stage_expect_text(s, "post C1", "Theme: dishes");
	vote("ana", "2026-03-06", "films", "The vote is over");
	stage_command(s, "mia", "why", "tea 03-06");
	stage_expect_text(s, "private U_mia", "16:00 Asia/Shanghai: asked for votes on the theme");
}

/* Without votes the first one; the last one needs no vote; after that anything goes, until a year is over. */
static void no_theme_twice_in_a_year(void **state)
{
	(void)state;
	static const struct {
		const char *voted, *announced, *theme;
	} weeks[] = {
		{ "2026-03-03", "2026-03-05", "Theme: travels" },
		{ "2026-03-10", "2026-03-12", "Theme: dishes" },
		{ NULL, "2026-03-19", "Theme: films" },
		{ NULL, "2026-03-26", "Theme: anything" },
		{ NULL, "2027-03-11", "Theme: travels" },
	};
	open_stage(TEA);
	for (size_t i = 0; i < G_N_ELEMENTS(weeks); i++) {
		if (weeks[i].voted) {
			go_to(weeks[i].voted, 16 * 60);
			stage_expect_text(s, "post C1", "dishes: 0");
		}
		go_to(weeks[i].announced, 15 * 60);
		stage_clear(s);
		go_to(weeks[i].announced, 16 * 60);
		if (weeks[i].voted)
			stage_expect_text(s, "replace C1", "It is:");
		stage_expect_text(s, "post C1", weeks[i].theme);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(announced_a_day_before_with_agenda_and_file, close_stage),
		cmocka_unit_test_teardown(announced_once_whatever_starts, close_stage),
		cmocka_unit_test_teardown(a_monday_is_announced_on_friday, close_stage),
		cmocka_unit_test_teardown(nothing_on_a_holiday, close_stage),
		cmocka_unit_test_teardown(announced_late_but_before_it_begins, close_stage),
		cmocka_unit_test_teardown(begun_with_what_is_known, close_stage),
		cmocka_unit_test_teardown(asked_until_done, close_stage),
		cmocka_unit_test_teardown(put_off_for_a_week, close_stage),
		cmocka_unit_test_teardown(nobody_away_is_asked, close_stage),
		cmocka_unit_test_teardown(what_cannot_be_noted, close_stage),
		cmocka_unit_test_teardown(moved_by_a_manager, close_stage),
		cmocka_unit_test_teardown(the_theme_is_voted_on, close_stage),
		cmocka_unit_test_teardown(no_theme_twice_in_a_year, close_stage),
		cmocka_unit_test_teardown(each_ring_says_what_became_of_it, close_stage),
		cmocka_unit_test_teardown(actions_are_asked_about_when_a_manager_says, close_stage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
