/* SPDX-License-Identifier: MIT */
/*
 * Deals on a stage: a new one in a line, whose it is, and stalls from the alert to the answer and what the plan was worth.
 * 2026-03-02 is a Monday, 09:00; Mia manages Ana and Bo, Zoe is of another team.
 */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "deal/deal.h"

#define OTHER_TEAM "  - { name: east, workspace: acme, channel: C2, language: en, standup: { format: A } }\n"

static const struct sql stalls = { "test.stalls", "SELECT count(*) FROM stall", 0 };
static const struct sql open_stalls = { "test.open_stalls", "SELECT count(*) FROM stall WHERE ended_ms IS NULL", 0 };
static const struct sql jobs = { "test.jobs", "SELECT count(*) FROM job WHERE ritual = 'deal'", 0 };
static const struct sql clocks = { "test.clocks", "SELECT count(*) FROM response WHERE ended_ms IS NULL", 0 };
static const struct sql met = { "test.met", "SELECT count(*) FROM response WHERE status = 'met'", 0 };
static const struct sql cancelled = { "test.cancelled", "SELECT count(*) FROM response WHERE status = 'cancelled'", 0 };
static const struct sql looks = { "test.looks", "SELECT count(*) FROM stall_look", 0 };
static const struct sql standing = { "test.standing", "SELECT count(*) FROM stall_look WHERE outcome = 'stood'", 0 };
static const struct sql winning = { "test.winning", "SELECT count(*) FROM stall_look WHERE outcome = 'won'", 0 };
static const struct sql passed = { "test.passed", "SELECT count(*) FROM response_ring WHERE passed_over = ''", 0 };
static const struct sql entered = { "test.entered", "SELECT entered_ms FROM deal WHERE id = 1", 0 };
static const struct sql owner = { "test.owner", "SELECT owner FROM deal WHERE id = 1", 0 };
static const struct sql lost_deals = { "test.lost", "SELECT count(*) FROM deal WHERE stage = 'lost'", 0 };

static struct stage *opened(void)
{
	struct stage *s = stage_new_with("en", "A", OTHER_TEAM);
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	struct event_person *zoe = event_add_person(event);
	event->place.channel = g_strdup("C2");
	zoe->account = g_strdup("U_zoe");
	zoe->name = g_strdup("Zoe");
	stage_do(s, event);
	stage_command(s, "ana", "deal", "new Acme Corp 12k negotiation");
	stage_expect_text(s, "private", "#1 Acme Corp ¥12,000");
	stage_expect_nothing(s);
	return s;
}

/* Seven days and a little: Monday, 09:00. */
static struct stage *stalled(void)
{
	struct stage *s = opened();
	stage_advance(s, DAYS(7));
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "post U_ana", "has been in “negotiation” for 7 days");
	stage_expect_text(s, "post U_mia", "Ana has been asked for a plan");
	stage_expect_nothing(s);
	return s;
}

static void file_plan(struct stage *s, const char *name)
{
	stage_submit(s, name, "deal.plan", "1",
		(const char *const[]){ "blocks", "Their lawyer", "tried", "Two calls", "wants", "Mia calls the boss", NULL });
}

static struct stage *planned(void)
{
	struct stage *s = stalled();
	stage_advance(s, HOURS(1));
	file_plan(s, "ana");
	stage_expect_text(s, "post U_mia", "Mia calls the boss");
	stage_expect_text(s, "post U_ana", "Your plan is with Mia");
	stage_expect_nothing(s);
	return s;
}

/* Whether somebody (NULL: anybody) was told this, in all that was sent, which is forgotten. */
static gboolean was_told(struct stage *s, const char *account, const char *text)
{
	gboolean told = FALSE;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		told = told || ((!account || g_strcmp0(row->person, account) == 0) && row->content && strstr(row->content, text));
	}
	stage_clear(s);
	return told;
}

/* ---- a line ---- */

static void lines_are_read(void **state)
{
	static const struct {
		const char *text, *customer, *amount, *stage, *owner;
	} cases[] = {
		{ "华瑞 12万 谈判 @ana", "华瑞", "¥120,000", "negotiation", "@ana" },
		{ "华瑞，12万，谈判", "华瑞", "¥120,000", "negotiation", NULL },
		{ "Acme Corp won $5k", "Acme Corp", "$5,000", "won", NULL },
		{ "3M", "3M", NULL, NULL, NULL },
		{ "3M 3M", "3M", "¥3,000,000", NULL, NULL },
		{ "Studio 54 12万", "Studio 54", "¥120,000", NULL, NULL },
		{ "Lead lead", "Lead", NULL, "lead", NULL },
		{ "华瑞 <@U_ana|Ana Lima> 意向", "华瑞", NULL, "interest", "<@U_ana|Ana Lima>" },
		{ "@ana", NULL, NULL, NULL, NULL },
		{ "", NULL, NULL, NULL, NULL },
	};
	struct stage *s = stage_new("en", "A");
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct deal_line line;
		gboolean read = deal_line_read(s->config, cases[i].text, &line);
		if (read != (cases[i].customer != NULL))
			fail_msg("'%s' is %s", cases[i].text, read ? "read" : "refused");
		if (!read)
			continue;
		g_autofree char *amount = line.has_amount ? money_text(line.amount.hundredths, line.amount.currency) : NULL;
		if (strcmp(line.customer, cases[i].customer) != 0 || g_strcmp0(amount, cases[i].amount) != 0 ||
			g_strcmp0(line.stage ? line.stage->name : NULL, cases[i].stage) != 0 || g_strcmp0(line.owner, cases[i].owner) != 0)
			fail_msg("'%s': '%s' %s %s %s", cases[i].text, line.customer, amount, line.stage ? line.stage->name : "-", line.owner);
		deal_line_release(&line);
	}
	stage_free(s);
}

/* ---- what is said of a deal ---- */

static void a_line_moves_it(void **state)
{
	static const struct {
		const char *name, *text, *answer;
	} cases[] = {
		{ "ana", "#1 won", "Acme Corp ¥12,000 is won" },
		{ "ana", "move 1 谈判", "→ negotiation" },
		{ "ana", "推进#1 意向", "→ interest" },
		{ "ana", "1 interest", "already" },
		{ "mia", "#1 lost", "noted as “lost”" },
		{ "bo", "#1 won", "Ana owns" },
		{ "bo", "#1", "Acme Corp" },
		{ "ana", "#1 nowhere", "Into which stage?" },
		{ "ana", "#9 won", "no such deal" },
		{ "ana", "amount 1 15k", "¥15,000" },
		{ "ana", "amount 1 much", "Write" },
		{ "ana", "give 1 @zoe", "not in the team" },
		{ "ana", "plan 1", "needs no plan" },
		{ "ana", "next 1 someday", "Say the day" },
		{ "ana", "next 1 2026-12-31 far", "within 90 days" },
		{ "ana", "new 华瑞 12万 @zoe", "not in the team" },
		{ "ana", "what", "What can be said" },
	};
	struct stage *s = opened();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		stage_command(s, cases[i].name, "deal", cases[i].text);
		stage_expect_text(s, "private", cases[i].answer);
		stage_expect_nothing(s);
	}
	assert_int_equal(stage_count(s, &lost_deals), 1);
	stage_command(s, "ana", "deal", "give 1 @bo");
	stage_expect_text(s, "private", "Bo owns");
	stage_expect_text(s, "post U_bo", "Ana has given you this deal");
	stage_free(s);
}

/* For another team it does not exist: not to be seen, moved, planned or answered, by words or by any button. */
static void another_team_is_refused(void **state)
{
	static const struct {
		const char *word, *value;
	} presses[] = {
		{ "deal.show", "1" }, { "deal.next", "1" }, { "deal.plan", "1" }, { "deal.read", "1" }, { "deal.approve", "1" },
		{ "deal.advise", "1" }, { "deal.meet", "1" }, { "deal.show", "nonsense" }, { "deal.approve", "99" },
	};
	struct stage *s = planned();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(presses); i++) {
		stage_press(s, "zoe", presses[i].word, presses[i].value);
		stage_expect_text(s, "private", "no such deal");
		stage_expect_nothing(s);
	}
	g_autofree char *move = g_strdup_printf("1/%" G_GINT64_FORMAT "/won", stage_count(s, &entered));
	stage_press(s, "zoe", "deal.move", move);
	stage_expect_text(s, "private", "no such deal");
	file_plan(s, "zoe");
	stage_expect_text(s, "post U_zoe", "no such deal");
	stage_submit(s, "zoe", "deal.answer", "1/1", (const char *const[]){ "words", "no", NULL });
	stage_expect_text(s, "post U_zoe", "no such deal");
	stage_submit(s, "zoe", "deal.new", "sales", (const char *const[]){ "customer", "Theirs", NULL });
	stage_expect_text(s, "post U_zoe", "You are in no team");
	stage_press(s, "bo", "deal.approve", "1"); /* a colleague sees it, and no more */
	stage_expect_text(s, "private", "the manager’s to answer");
	stage_press(s, "ana", "deal.approve", "1");
	stage_expect_text(s, "private", "the manager’s to answer");
	stage_press(s, "bo", "deal.move", move);
	stage_expect_text(s, "private", "Ana owns");
	file_plan(s, "bo");
	stage_expect_text(s, "post U_bo", "Ana owns");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Whoever is in the channel but of another team asks in vain, whatever the words. */
static void a_guest_in_the_channel_sees_none(void **state)
{
	static const char *const asked[][2] = { { "deals", "" }, { "deals", "stalled" }, { "deals", "negotiation" }, { "deals", "@ana" },
		{ "deal", "list" }, { "deal", "#1" }, { "deal", "next #1 2026-03-12 lunch" }, { "deal", "amount #1 5" } };
	struct stage *s = stalled();
	(void)state;
	stage_command(s, "mia", "person", "@cai team east");
	stage_clear(s);
	for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
		stage_command(s, "cai", asked[i][0], asked[i][1]);
		assert_false(was_told(s, NULL, "Acme"));
		stage_command(s, "bo", asked[i][0], asked[i][1]);
		assert_true(was_told(s, "U_bo", "Acme"));
	}
	stage_free(s);
}

static void an_old_button_is_told_so(void **state)
{
	struct stage *s = opened();
	(void)state;
	g_autofree char *move = g_strdup_printf("1/%" G_GINT64_FORMAT "/won", stage_count(s, &entered));
	stage_advance(s, HOURS(1));
	stage_command(s, "ana", "deal", "#1 interest");
	stage_clear(s);
	stage_press(s, "ana", "deal.move", move);
	stage_expect_text(s, "private", "out of date");
	g_autofree char *fresh = g_strdup_printf("1/%" G_GINT64_FORMAT "/won", stage_count(s, &entered));
	stage_press(s, "ana", "deal.move", fresh);
	stage_expect_text(s, "private", "is won");
	stage_free(s);
}

static void the_form_says_what_is_wrong(void **state)
{
	struct stage *s = opened();
	(void)state;
	stage_press(s, "ana", "deal.new", "");
	stage_expect_text(s, "form", "A new deal");
	stage_submit(s, "ana", "deal.new", "sales", (const char *const[]){ "customer", "B", "amount", "much", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "ana", "deal.new", "sales", (const char *const[]){ "customer", "B", "stage", "limbo", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "ana", "deal.new", "sales", (const char *const[]){ "customer", "B", "owner", "nobody", NULL });
	assert_non_null(s->problems);
	stage_expect_nothing(s);
	stage_submit(s, "ana", "deal.new", "sales", (const char *const[]){ "customer", "B", "amount", "$5", "owner", "@bo", NULL });
	stage_expect_text(s, "post U_ana", "#2 B $5");
	stage_expect_text(s, "post U_bo", "Ana has given you");
	stage_command(s, "ana", "deals", "");
	stage_expect_text(s, "private", "Deals of sales (2)");
	stage_command(s, "ana", "deals", "mine");
	stage_expect_text(s, "private", "Deals of sales (1)");
	stage_command(s, "ana", "deals", "@bo");
	stage_expect_text(s, "private", "#2 B");
	stage_command(s, "ana", "deals", "stalled");
	stage_expect_text(s, "private", "There is no such deal");
	stage_free(s);
}

/* ---- stalls ---- */

static void stalled_planned_answered(void **state)
{
	struct stage *s = planned();
	(void)state;
	assert_int_equal(stage_count(s, &clocks), 1); /* the manager's */
	stage_press(s, "mia", "deal.advise", "1");
	stage_expect_text(s, "form", "Your advice");
	stage_submit(s, "mia", "deal.answer", "1/1", (const char *const[]){ "words", "Go to their CFO", NULL });
	stage_expect_text(s, "post U_ana", "Go to their CFO");
	stage_expect_text(s, "post U_mia", "Ana has your answer");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 2);
	stage_press(s, "mia", "deal.approve", "1");
	stage_expect_text(s, "private", "Mia has answered");
	stage_press(s, "ana", "deal.plan", "1");
	stage_expect_text(s, "private", "Mia has answered");
	stage_command(s, "ana", "deal", "#1 won");
	stage_clear(s);
	stage_advance(s, DAYS(8));
	stage_advance(s, DAYS(8));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &looks), 2);
	assert_int_equal(stage_count(s, &winning), 2);
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_press(s, "ana", "deal.plan", "1");
	stage_expect_text(s, "private", "nothing is to be done");
	struct stall_worth worth;
	GError *error = NULL;
	assert_true(stall_measure(s->db, "sales", 0, s->now_ms + 1, &worth, &error));
	assert_int_equal(worth.plans, 1);
	assert_int_equal(worth.answered, 1);
	assert_int_equal(worth.outcomes[0][STALL_WON], 1);
	assert_int_equal(worth.outcomes[1][STALL_WON], 1);
	stage_free(s);
}

static void ignored_climbs_the_ladder(void **state)
{
	struct stage *s = stalled();
	(void)state;
	for (int i = 0; i < 32; i++)
		stage_advance(s, MINUTES(15)); /* eight hours of working time from 09:01 on */
	assert_true(was_told(s, "U_ana", "There is no plan for it yet"));
	for (int i = 0; i < 3 * 96; i++)
		stage_advance(s, MINUTES(15));
	assert_true(was_told(s, "U_mia", "There is still no plan for it"));
	file_plan(s, "ana");
	stage_clear(s);
	for (int i = 0; i < 3 * 96; i++)
		stage_advance(s, MINUTES(15));
	assert_true(was_told(s, "U_mia", "The plan has no answer yet")); /* and above her is nobody */
	assert_true(stage_count(s, &passed) >= 3);
	stage_free(s);
}

/* Whoever pressed waits for the form: soon after they are told, a day later they are not. */
static void a_form_that_does_not_open_is_told_of(void **state)
{
	static const struct sql form = { "test.form_row", "SELECT max(id) FROM outbox WHERE kind = 6", 0 };
	static const char *const presses[][2] = { { "deal.plan", "1" }, { "deal.next", "1" }, { "deal.new", "" } };
	struct stage *s = stalled();
	(void)state;
	s->hold_reports = TRUE;
	for (size_t i = 0; i < G_N_ELEMENTS(presses); i++)
		for (int late = 0; late < 2; late++) {
			stage_press(s, "ana", presses[i][0], presses[i][1]);
			stage_expect_text(s, "form U_ana", presses[i][0]);
			if (late)
				stage_advance(s, MINUTES(30));
			struct event *failed = event_new(EVENT_FAILED, "acme");
			failed->row = stage_count(s, &form);
			failed->word = g_strdup(OUTBOX_GONE);
			stage_do(s, failed);
			if (!late)
				stage_expect_text(s, "private U_ana in C1", "The form did not open in time. Please press once more.");
			stage_expect_nothing(s);
		}
	stage_free(s);
}

/* What the ladder says in the channel names a sum only while nobody but the team reads there. */
static void sums_are_not_for_guests(void **state)
{
	static const char policy[] = OTHER_TEAM "policies:\n"
						"  - { name: loud, applies: stall, plan: 1h, ladder: [{ after: 0m, to: manager, how: thread }], repeat: 0m }\n";
	(void)state;
	for (int guest = 0; guest < 2; guest++) {
		struct stage *s = stage_new_with("en", "A", policy);
		stage_command(s, "ana", "deal", "new Acme Corp 12k negotiation");
		if (guest)
			stage_command(s, "mia", "person", "@cai team east");
		stage_advance(s, DAYS(7) + MINUTES(1));
		stage_advance(s, MINUTES(59));
		stage_clear(s);
		stage_advance(s, MINUTES(2));
		stage_expect_text(s, "post C1", guest ? "⏳ #1 Acme Corp has been in" : "⏳ #1 Acme Corp ¥12,000 has been in");
		stage_free(s);
	}
}

/* Without a plan the same one is asked for again; a week after the answer, a new one. */
static void asked_again_each_week(void **state)
{
	struct stage *s = stalled();
	(void)state;
	stage_advance(s, DAYS(7) + MINUTES(1));
	assert_true(was_told(s, "U_ana", "for 14 days"));
	assert_int_equal(stage_count(s, &stalls), 1);
	file_plan(s, "ana");
	stage_clear(s);
	stage_press(s, "mia", "deal.approve", "1");
	stage_clear(s);
	stage_advance(s, DAYS(7) + MINUTES(1));
	assert_true(was_told(s, "U_ana", "for 21 days"));
	assert_int_equal(stage_count(s, &stalls), 2);
	assert_int_equal(stage_count(s, &open_stalls), 1);
	assert_int_equal(stage_count(s, &standing), 1); /* seven days after the plan */
	stage_free(s);
}

static void a_next_step_silences(void **state)
{
	struct stage *s = stalled();
	(void)state;
	stage_command(s, "ana", "deal", "next 1 2026-03-12 visit them");
	stage_expect_text(s, "private", "Until that day");
	assert_int_equal(stage_count(s, &open_stalls), 0);
	assert_int_equal(stage_count(s, &cancelled), 1);
	stage_advance(s, DAYS(2));
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1)); /* Thursday the 12th, 09:01 */
	assert_true(was_told(s, "U_mia", "for 10 days"));
	stage_submit(s, "ana", "deal.next", "1", (const char *const[]){ "day", "03-16", "step", "sign", NULL });
	stage_expect_text(s, "post U_ana", "Until that day");
	stage_advance(s, DAYS(4));
	assert_true(was_told(s, "U_ana", "for 14 days"));
	stage_command(s, "ana", "deal", "next 1 2026-03-20 sign, really");
	stage_expect_text(s, "private", "put off twice");
	assert_int_equal(stage_count(s, &open_stalls), 1);
	stage_free(s);
}

static void moving_ends_it(void **state)
{
	struct stage *s = planned();
	(void)state;
	stage_command(s, "ana", "deal", "#1 interest");
	stage_clear(s);
	assert_int_equal(stage_count(s, &open_stalls), 0);
	assert_int_equal(stage_count(s, &clocks), 0);
	stage_press(s, "mia", "deal.approve", "1");
	stage_expect_text(s, "private", "nothing is to be done");
	for (int i = 0; i < 30; i++)
		stage_advance(s, DAYS(1));
	stage_expect_nothing(s); /* no limit there */
	stage_command(s, "ana", "deal", "#1 negotiation");
	stage_clear(s);
	stage_advance(s, DAYS(6));
	stage_expect_nothing(s); /* counted anew */
	stage_free(s);
}

/* An edit is no move. */
static void edits_do_not_hide_it(void **state)
{
	struct stage *s = opened();
	(void)state;
	stage_advance(s, DAYS(6));
	stage_command(s, "ana", "deal", "amount 1 20k");
	stage_clear(s);
	stage_advance(s, DAYS(1) + MINUTES(1));
	stage_expect_text(s, "post U_ana", "for 7 days");
	stage_free(s);
}

static void its_new_owner_has_the_clock(void **state)
{
	static const struct sql clock_owner = { "test.clock_owner", "SELECT owner FROM response WHERE ended_ms IS NULL", 0 };
	struct stage *s = stalled();
	(void)state;
	stage_command(s, "mia", "deal", "give 1 @bo");
	assert_int_equal(stage_count(s, &clock_owner), stage_count(s, &owner));
	stage_clear(s);
	file_plan(s, "bo");
	assert_true(was_told(s, "U_mia", "Bo’s plan"));
	stage_free(s);
}

/* Whoever led them hears what they held, and is asked about it in their place. */
static void the_owner_leaves(void **state)
{
	struct stage *s = opened();
	(void)state;
	stage_command(s, "mia", "person", "@ana manager <@U_mia>");
	stage_clear(s);
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	struct event_person *ana = event_add_person(event);
	ana->account = g_strdup("U_ana");
	ana->name = g_strdup("Ana");
	ana->deactivated = TRUE;
	stage_do(s, event);
	assert_true(was_told(s, "U_mia", "负责的商机 #1 Acme Corp")); /* in the usual language */
	stage_advance(s, DAYS(7) + MINUTES(1));
	assert_true(was_told(s, "U_mia", "Its owner has left"));
	file_plan(s, "mia");
	assert_true(was_told(s, "U_mia", "Mia’s plan"));
	stage_free(s);
}

/* Whoever was to answer the plan is gone: it is brought to whoever comes after, and so is its clock. */
static void the_manager_leaves(void **state)
{
	static const struct sql answerer = { "test.answerer", "SELECT p.name = 'Mia' FROM response r JOIN person p ON p.id = r.owner WHERE r.target = 'first_response'", 0 };
	struct stage *s = stage_new_with("en", "A", OTHER_TEAM);
	(void)state;
	stage_command(s, "mia", "person", "@ana manager @cai");
	stage_command(s, "ana", "deal", "new Acme Corp 12k negotiation");
	stage_advance(s, DAYS(7) + MINUTES(1));
	stage_clear(s);
	file_plan(s, "ana");
	assert_true(was_told(s, "U_cai", "Mia calls the boss"));
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	struct event_person *cai = event_add_person(event);
	cai->account = g_strdup("U_cai");
	cai->name = g_strdup("Cai");
	cai->deactivated = TRUE;
	stage_do(s, event);
	assert_int_equal(stage_count(s, &answerer), 1);
	assert_true(was_told(s, "U_mia", "Mia calls the boss"));
	stage_press(s, "mia", "deal.approve", "1");
	assert_true(was_told(s, "U_ana", "approves your plan"));
	stage_free(s);
}

static void the_look_shows_it(void **state)
{
	struct stage *s = opened();
	(void)state;
	stage_command(s, "ana", "today", "");
	assert_true(was_told(s, NULL, "My deals"));
	stage_command(s, "mia", "today", "");
	assert_false(was_told(s, NULL, "Stalled deals"));
	stage_advance(s, DAYS(7) + MINUTES(1));
	stage_clear(s);
	stage_command(s, "mia", "today", "");
	assert_true(was_told(s, NULL, "⏳ #1 Acme Corp ¥12,000 · negotiation for 7 d · Ana · plan: 8 h 0 min left"));
	file_plan(s, "ana");
	stage_clear(s);
	stage_command(s, "mia", "today", "");
	assert_true(was_told(s, NULL, "· Ana · answer: 12 h 0 min left"));
	stage_command(s, "bo", "today", "");
	assert_false(was_told(s, NULL, "Acme Corp"));
	stage_free(s);
}

/* A night's alert waits for the morning. */
static void nobody_hears_at_night(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_advance(s, HOURS(14)); /* 23:00 */
	stage_command(s, "ana", "deal", "new Acme negotiation");
	stage_clear(s);
	stage_advance(s, DAYS(7) + MINUTES(1));
	stage_expect_nothing(s);
	stage_advance(s, HOURS(12));
	stage_expect_text(s, "post U_ana", "for 8 days");
	stage_free(s);
}

static void asked_in_the_standup(void **state)
{
	struct stage *s = stage_new_standup("en", "format: A, prompt: \"09:30\"");
	(void)state;
	stage_command(s, "ana", "deal", "new Acme 12k interest");
	stage_command(s, "ana", "deal", "new Busy 1k interest");
	stage_advance(s, DAYS(3) + MINUTES(20));
	stage_command(s, "ana", "deal", "next 2 03-06 visit");
	stage_clear(s);
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
	stage_advance(s, MINUTES(10));
	assert_true(was_told(s, "U_ana", "#1 Acme"));
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(a_line_moves_it),
		cmocka_unit_test(another_team_is_refused),
		cmocka_unit_test(a_guest_in_the_channel_sees_none),
		cmocka_unit_test(an_old_button_is_told_so),
		cmocka_unit_test(the_form_says_what_is_wrong),
		cmocka_unit_test(stalled_planned_answered),
		cmocka_unit_test(ignored_climbs_the_ladder),
		cmocka_unit_test(a_form_that_does_not_open_is_told_of),
		cmocka_unit_test(sums_are_not_for_guests),
		cmocka_unit_test(asked_again_each_week),
		cmocka_unit_test(a_next_step_silences),
		cmocka_unit_test(moving_ends_it),
		cmocka_unit_test(edits_do_not_hide_it),
		cmocka_unit_test(its_new_owner_has_the_clock),
		cmocka_unit_test(nobody_hears_at_night),
		cmocka_unit_test(the_look_shows_it),
		cmocka_unit_test(the_owner_leaves),
		cmocka_unit_test(the_manager_leaves),
		cmocka_unit_test(asked_in_the_standup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
