/* SPDX-License-Identifier: MIT */
/* From a standup's line of trouble to a blocker; what the board shows of blockers. 2026-03-02 is a Monday. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/sql.h"

#define RISK	 "Results: two deals\nGoals: fifteen leads\nRisks: Globex has no budget"
#define OTHER	 "Results: two deals\nGoals: fifteen leads\nRisks: the samples have not come"
#define CALM	 "Results: two deals\nGoals: fifteen leads\nRisks: none"
#define HELP	 "Key actions: call Globex\nBlockers: no price list\nHelp wanted: legal must look at the contract"
#define ANA_LINE "2/1/2026-03-02/sales"

static const struct sql blockers = { "test.blockers", "SELECT count(*) FROM blocker", 0 };
static const struct sql roles = { "test.roles", "SELECT count(*) FROM blocker WHERE role = 'legal'", 0 };
static const struct sql owners = { "test.owners", "SELECT COALESCE(SUM(owner), 0) FROM blocker", 0 };

/* Whether anything that was sent and not looked at yet says so. */
static gboolean is_said(const struct stage *s, const char *text)
{
	gboolean said = FALSE;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		said = said || (row->content && strstr(row->content, text));
	}
	return said;
}

static struct stage *stage_with_risk(void)
{
	struct stage *s = stage_new("en", "A");
	stage_say(s, "ana", RISK);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "Make it a blocker · Ana, Risks");
	stage_expect_nothing(s);
	return s;
}

static void one_press_makes_it_one(void **state)
{
	struct stage *s = stage_with_risk();
	(void)state;
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	stage_expect_text(s, "post C1", "Globex has no budget");
	stage_expect_text(s, "private", "Blocker #1 is noted");
	stage_advance(s, HOURS(2));
	stage_expect_text(s, "replace", "Ana · Risks: Globex has no budget → blocker #1");
	stage_clear(s);
	assert_int_equal(stage_count(s, &blockers), 1);
	stage_free(s);
}

static void twice_is_once(void **state)
{
	struct stage *s = stage_with_risk();
	(void)state;
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	stage_clear(s);
	stage_press(s, "mia", "blocker.line", ANA_LINE);
	stage_expect_text(s, "private", "That line is blocker #1 already");
	stage_press(s, "bo", "blocker.line", ANA_LINE);
	stage_expect_text(s, "private", "That standup is Ana’s");
	stage_press(s, "bo", "blocker.line", "2/2/2026-03-02/sales");
	stage_expect_text(s, "private", "stands in the standup no more");
	stage_press(s, "bo", "blocker.line", "rubbish");
	stage_expect_text(s, "private", "stands in the standup no more");
	assert_int_equal(stage_count(s, &blockers), 1);
	stage_free(s);
}

/* The blocker keeps its words; closed, the line is still known for it. */
static void a_changed_standup_leaves_it(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK));
	stage_press(s, "mia", "blocker.line", ANA_LINE);
	stage_edit(s, "ana", message, CALM);
	stage_clear(s);
	stage_press(s, "bo", "blocker.take", "1");
	stage_expect_text(s, "replace", "Globex has no budget");
	stage_edit(s, "ana", message, RISK);
	stage_press(s, "bo", "blocker.done", "1");
	stage_clear(s);
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	stage_expect_text(s, "private", "blocker #1 already");
	stage_delete(s, "ana", message);
	stage_clear(s);
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	stage_expect_text(s, "private", "blocker #1 already");
	stage_free(s);
}

/* The same words the next day are the same blocker while it is open; the board needs no second button. */
static void the_next_day_it_is_still_that_one(void **state)
{
	struct stage *s = stage_with_risk();
	(void)state;
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_say(s, "ana", RISK);
	assert_true(is_said(s, "→ blocker #1"));
	assert_false(is_said(s, "Make it a blocker"));
	stage_clear(s);
	stage_press(s, "ana", "blocker.line", "2/1/2026-03-03/sales");
	stage_expect_text(s, "private", "blocker #1 already");
	stage_free(s);
}

static void say_role(struct stage *s, const char *who, const char *role)
{
	GError *error = NULL;
	g_autofree char *account = g_strdup_printf("U_%s", who);
	assert_true(db_begin(s->db, &error) && roster_note(s->roster, roster_person(s->roster, "acme", account), REGISTER_ROLES, role, 0,
							s->now_ms, &error) &&
		    db_commit(s->db, &error));
}

/* "legal" is a role that Cai holds, so the line goes to her; whom it mentions owns what no role does. */
static void the_line_says_whose_it_is(void **state)
{
	struct stage *s = stage_new("en", "B");
	(void)state;
	say_role(s, "cai", "legal");
	stage_say(s, "ana", HELP);
	stage_press(s, "ana", "blocker.line", "1/1/2026-03-02/sales");
	assert_int_equal(stage_count(s, &roles), 0);
	stage_press(s, "ana", "blocker.line", ANA_LINE);
	assert_int_equal(stage_count(s, &roles), 1);
	stage_say(s, "bo", "Key actions: call Globex\nBlockers: none\nHelp wanted: <@U_cai> has the key");
	stage_press(s, "bo", "blocker.line", "2/2/2026-03-02/sales");
	assert_int_equal(stage_count(s, &owners), 6); /* and the second is hers by her role */
	stage_free(s);
}

/* Its author's word or a manager's makes one of each line of trouble; a colleague's is talk. */
static void a_word_under_it_does_the_same(void **state)
{
	struct stage *s = stage_new("en", "B");
	(void)state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", HELP));
	stage_clear(s);
	stage_say_in_thread(s, "ana", message, "a blocker, that is");
	assert_int_equal(stage_count(s, &blockers), 0);
	stage_say_in_thread(s, "mia", message, " Blocker ");
	assert_int_equal(stage_count(s, &blockers), 2);
	stage_clear(s);
	stage_say_in_thread(s, "ana", message, "卡点");
	stage_expect_text(s, "private", "blocker #1 already");
	stage_expect_text(s, "private", "blocker #2 already");
	assert_int_equal(stage_count(s, &blockers), 2);
	stage_free(s);
}

/* Whoever has it and how long in working time; what is closed goes. */
static void the_board_shows_what_is_open(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "bo", "blocker", "The printer is out of paper @cai");
	stage_advance(s, HOURS(23) + MINUTES(30)); /* 08:30: nine hours of Monday */
	stage_clear(s);
	stage_say(s, "ana", OTHER);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "#1 The printer is out of paper (Cai, for 9 h 0 min)");
	stage_submit(s, "cai", "blocker.rest", "1", (const char *const[]){ "until", "03-09", "why", "paper comes on Monday", NULL });
	stage_advance(s, MINUTES(1));
	assert_true(is_said(s, "#1 The printer is out of paper (Cai, parked until 9 March)"));
	stage_clear(s);
	stage_press(s, "cai", "blocker.done", "1");
	stage_expect_text(s, "replace", "solved");
	stage_advance(s, MINUTES(1));
	assert_true(is_said(s, "the samples have not come"));
	assert_false(is_said(s, "Open blockers"));
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_press_makes_it_one),
		cmocka_unit_test(twice_is_once),
		cmocka_unit_test(a_changed_standup_leaves_it),
		cmocka_unit_test(the_next_day_it_is_still_that_one),
		cmocka_unit_test(the_line_says_whose_it_is),
		cmocka_unit_test(a_word_under_it_does_the_same),
		cmocka_unit_test(the_board_shows_what_is_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
