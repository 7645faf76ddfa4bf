/* SPDX-License-Identifier: MIT */
/* Rotas by command and by configuration, who hears when, whose turn a blocker is, and the channels of quick response. 2026-03-02 is a Monday, 09:00 the stage's start. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "store/sql.h"

#define WEEKLY "    rotas: [{ role: operations, people: [\"@ana\", \"@bo\", \"@cai\"], from: 2026-03-02 }]\n"

static void start(struct stage *s)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
}

static struct stage *with_rota(void)
{
	struct stage *s = stage_new_with("en", "A", WEEKLY);
	start(s);
	return s;
}

static void advance_to(struct stage *s, const char *day, int minute)
{
	int64_t at_ms = 0;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), day, minute, &at_ms));
	stage_advance(s, at_ms - s->now_ms);
}

static void the_rota_is_shown(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "cai", "duty", "");
	const char *expected = "Now: Ana, until Mon 9 March, 09:00 (Asia/Shanghai)";
	stage_expect_text(s, "private", expected);
	stage_command(s, "cai", "值班", "");
	stage_expect_text(s, "private", "Mon 9 March to Sun 15 March: Bo");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Each Monday at nine, whoever begins; a rule of a manager's moves the word, and why it came is told. */
static void who_begins_hears(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_bo", "You are on duty for operations from now until");
	stage_expect_nothing(s);
	stage_command(s, "mia", "schedule", "duty 10:00");
	stage_expect_text(s, "post C1", "10:00");
	advance_to(s, "2026-03-16", 599);
	stage_expect_nothing(s);
	advance_to(s, "2026-03-16", 600);
	stage_expect_text(s, "post U_cai", "You are on duty for operations");
	stage_command(s, "mia", "why", "duty 03-09");
	stage_expect_text(s, "private", "told of their duty: Bo");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Off for the whole of Bo's week: it is noted as late, and Cai, whose week it is, still hears. */
static void a_missed_handover_is_noted(void **state)
{
	static const struct sql late = { "test.late", "SELECT count(*) FROM ring WHERE outcome = 'late' AND part = 'begin'", 0 };
	struct stage *s = with_rota();
	(void)state;
	advance_to(s, "2026-03-17", 600);
	stage_expect_text(s, "post U_cai", "You are on duty for operations");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &late), 1);
	stage_free(s);
}

/* Away: the stand-in first, then the next one of the rota. */
static void who_is_away_is_skipped(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "bo", "away", "03-09..03-10 stand-in @cai");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_cai", "Bo is not there, so you are on duty for operations");
	stage_expect_nothing(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Cai (Bo is not there)");
	advance_to(s, "2026-03-11", 600);
	stage_clear(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Bo, until");
	stage_free(s);
}

static void managers_set_the_order(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "ana", "duty", "operations order @bo @ana");
	stage_expect_text(s, "private", "managers");
	stage_command(s, "mia", "duty", "operations order @bo @nobody");
	stage_expect_text(s, "private", "nobody called “@nobody”");
	stage_command(s, "mia", "duty", "order daily @bo @ana");
	stage_expect_text(s, "post C1", "the order of duty is Bo → Ana. Bo has it from now");
	stage_expect_text(s, "post U_bo", "Mia: operations");
	stage_expect_text(s, "post U_ana", "Mia: operations");
	stage_expect_nothing(s);
	/* In the words of the other language it is the same rota. */
	stage_command(s, "ana", "值班", "运营");
	stage_expect_text(s, "private", "Now: Bo, until Tue 3 March");
	advance_to(s, "2026-03-03", 540);
	stage_expect_text(s, "post U_ana", "You are on duty");
	stage_command(s, "mia", "duty", "reset operations");
	stage_expect_text(s, "post C1", "Ana → Bo → Cai");
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Ana, until Mon 9 March");
	stage_free(s);
}

static void a_rota_may_be_made_by_command_alone(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	start(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "has no rota");
	stage_command(s, "mia", "duty", "order design @cai @bo");
	stage_expect_text(s, "post C1", "design: the order of duty is Cai → Bo");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_bo", "You are on duty for design");
	stage_command(s, "mia", "duty", "reset");
	stage_expect_text(s, "post C1", "has no rota any more");
	advance_to(s, "2026-03-23", 540);
	stage_expect_nothing(s);
	stage_free(s);
}

static void swaps_and_covers(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "ana", "duty", "swap @bo @cai");
	stage_expect_text(s, "private", "Those whose turn it is");
	stage_command(s, "bo", "duty", "swap @cai");
	stage_expect_text(s, "post C1", "Bo has Mon 16 March to Sun 22 March, Cai has Mon 9 March to Sun 15 March");
	stage_expect_text(s, "post U_cai", "Bo: operations");
	stage_expect_nothing(s);
	stage_command(s, "cai", "duty", "cover 03-05..03-06");
	stage_expect_text(s, "post C1", "Cover #3: Cai has the duty of operations on Thu 5 March to Fri 6 March");
	stage_expect_text(s, "post U_ana", "Cai: Cover #3");
	stage_command(s, "bo", "duty", "cover @cai 02-27");
	stage_expect_text(s, "private", "no day to come");
	stage_command(s, "bo", "duty", "back 3");
	stage_expect_text(s, "private", "Those whose turn it is");
	advance_to(s, "2026-03-05", 540);
	stage_expect_text(s, "post U_cai", "You are on duty for operations from now until Sat 7 March");
	stage_command(s, "cai", "duty", "back #3");
	stage_expect_text(s, "post C1", "Cover #3 is taken back");
	stage_clear(s);
	stage_command(s, "cai", "duty", "");
	stage_expect_text(s, "private", "Now: Ana, until Mon 9 March");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_cai", "You are on duty"); /* once, though turn and cover begin together */
	stage_expect_nothing(s);
	stage_free(s);
}

/* ---- blockers ---- */

static void holds(struct stage *s, const char *who, const char *role)
{
	GError *error = NULL;
	g_autofree char *account = g_strdup_printf("U_%s", who);
	assert_true(db_begin(s->db, &error) && roster_note(s->roster, roster_person(s->roster, "acme", account), REGISTER_ROLES, role, 0, s->now_ms, &error) &&
		    db_commit(s->db, &error));
}

/* What was sent, in any order, has this to that person. Forgets all. */
static void expect_told(struct stage *s, const char *who, const char *text)
{
	g_autofree char *account = g_strdup_printf("U_%s", who);
	gboolean told = FALSE;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		told = told || (g_strcmp0(row->person, account) == 0 && strstr(row->content, text));
	}
	if (!told)
		fail_msg("%s has not heard '%s'", who, text);
	stage_clear(s);
}

/*
 * Bo and Cai hold the role: they take turns, of blockers and of customers' questions alike, over an absence too, and Mia hears at
 * once when neither is there.
 */
static void holders_take_turns(void **state)
{
	static const struct {
		const char *command, *text, *owner;
	} turns[] = {
		{ "blocker", "the offer waits @ops", "bo" },
		{ "customer", "Nordwind: when will the offer come? @运营", "cai" },
		{ "blocker", "the offer waits @运营", "bo" },
		{ "blocker", "@ops the offer waits", "cai" },
		{ "customer", "Nordwind: 还要多久@运营", "bo" },
		{ "customer", "Nordwind: may we pay in parts? @ops", "cai" },
	};
	struct stage *s = stage_new("en", "A");
	(void)state;
	holds(s, "bo", "ops");
	holds(s, "cai", "operations");
	for (size_t i = 0; i < G_N_ELEMENTS(turns); i++) {
		stage_command(s, "ana", turns[i].command, turns[i].text);
		expect_told(s, turns[i].owner, "Ana has raised this; it is yours to see to.");
		stage_advance(s, 1);
	}
	/* Whoever of the role answers instead, has had the turn. */
	stage_command(s, "ana", "customer", "Nordwind: who is it? @ops");
	stage_clear(s);
	stage_advance(s, 1);
	stage_press(s, "cai", "customer.answered", "4");
	stage_expect_text(s, "replace", "\"Owner\",\"value\":\"Cai\"");
	stage_advance(s, 1);
	stage_command(s, "ana", "blocker", "the next one @ops");
	expect_told(s, "bo", "it is yours");
	stage_advance(s, 1);
	stage_command(s, "ana", "blocker", "and the next @ops");
	expect_told(s, "cai", "it is yours");
	stage_advance(s, 1);
	stage_command(s, "bo", "away", "03-02");
	stage_clear(s);
	stage_command(s, "ana", "blocker", "again @ops");
	stage_clear(s);
	stage_command(s, "cai", "away", "03-02 stand-in @mia");
	stage_clear(s);
	stage_command(s, "ana", "blocker", "once more @ops");
	stage_expect_text(s, "post C1", "Mia (Cai is not there)");
	stage_clear(s);
	stage_command(s, "cai", "away", "03-02");
	stage_clear(s);
	stage_command(s, "ana", "blocker", "and now @ops");
	stage_expect_text(s, "post C1", "ops (nobody is there)");
	expect_told(s, "mia", "Nobody of ops is there");
	stage_command(s, "ana", "customer", "Nordwind: is anybody there? @ops");
	expect_told(s, "mia", "Nobody of ops is there");
	stage_free(s);
}

/* A hundred blockers by the rows, two of three away in turns: nobody gets more than their share of the time they were there. */
static void turns_are_fair_by_the_rows(void **state)
{
	static const char *const away[] = { "bo", "cai", "ana" };
	static const struct sql most = { "test.most", "SELECT MAX(n) - MIN(n) FROM (SELECT count(*) AS n FROM duty_turn GROUP BY person)", 0 };
	static const struct sql all = { "test.all", "SELECT count(*) FROM duty_turn", 0 };
	struct stage *s = stage_new("en", "A");
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(away); i++)
		holds(s, away[i], "ops");
	for (guint i = 0; i < 100; i++) {
		if (i == 10 || i == 40 || i == 70)
			stage_command(s, away[i / 30], "away", "03-02");
		if (i == 20 || i == 50 || i == 80)
			stage_command(s, away[i / 30], "away", "back");
		stage_command(s, "mia", "blocker", "the offer waits @ops");
		stage_clear(s);
		stage_advance(s, 1);
	}
	assert_int_equal(stage_count(s, &all), 100);
	assert_in_range(stage_count(s, &most), 0, 2);
	stage_free(s);
}

/* Whoever is on duty has it, holder or not; who asks passes it on to the next one. */
static void who_is_on_duty_has_it(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "bo", "blocker", "the offer waits @operations");
	stage_expect_text(s, "post C1", "\"Owner\",\"value\":\"Ana\"");
	stage_clear(s);
	stage_command(s, "ana", "blocker", "mine too @运营");
	stage_expect_text(s, "post C1", "\"Owner\",\"value\":\"Bo\"");
	stage_clear(s);
	/* A line of a standup that names the role, which nobody holds by the register. */
	stage_say(s, "cai", "results: won 2\ngoals: 15 calls\nrisks: @operations must see to the contract");
	stage_clear(s);
	stage_press(s, "cai", "blocker.line", "2/3/2026-03-02/sales");
	stage_expect_text(s, "post C1", "\"Owner\",\"value\":\"Ana\"");
	stage_clear(s);
	stage_free(s);
}

/* ---- quick response ---- */

static const char *say_in(struct stage *s, const char *name, const char *message, const char *thread, const char *text)
{
	struct event *event = event_new(EVENT_SAID, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->at_ms = s->now_ms;
	event->message = g_strdup(message);
	event->keys[0] = g_strdup_printf("q:%s", message);
	event->place.channel = g_strdup("C9");
	event->place.thread = g_strdup(thread);
	event->text = g_strdup(text);
	stage_do(s, event);
	return message;
}

static void quick_response(void **state)
{
	static const struct sql open = { "test.open", "SELECT count(*) FROM blocker", 0 };
	static const struct sql met = { "test.met", "SELECT count(*) FROM response WHERE status = 'met'", 0 };
	struct stage *s = stage_new_with("en", "A", "    rotas: [{ role: 运营, people: [\"@bo\"] }]\n    quick_response: [C9]\n"
		"policies: [{ name: quick, applies: blocker, first_response: 30m, plan: 1h, ladder: [{ to: manager, how: thread }] }]\n");
	(void)state;
	start(s);
	say_in(s, "ana", "9.1", NULL, "lunch, anybody?");
	say_in(s, "ana", "9.2", NULL, "运营 is good today, write to ana@ops.example");
	say_in(s, "ana", "9.3", NULL, "results: won 2\ngoals: 15 calls\nrisks: none");
	/* A user group of Slack's that came without its name: nobody knows which role it is. */
	say_in(s, "ana", "9.30", NULL, "subteam^S1 the customer waits for the contract");
	say_in(s, "ana", "9.31", NULL, "<!subteam^S1> the customer waits, 运营 knows why");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open), 0);
	say_in(s, "ana", "9.4", NULL, "@运营 the customer waits for the contract");
	const struct outbox_row *card = s->sent->pdata[0];
	assert_string_equal(card->channel, "C9");
	assert_string_equal(card->thread, "9.4");
	stage_expect_text(s, "post C9", "the customer waits for the contract");
	stage_expect_text(s, "post U_bo", "is yours");
	stage_expect_nothing(s);
	/* In the thread people talk about it, whatever they name; his answer there is the first response, and the card follows. */
	say_in(s, "ana", "9.5", "9.4", "@运营 please");
	assert_int_equal(stage_count(s, &open), 1);
	say_in(s, "bo", "9.6", "9.4", "on it");
	stage_expect_text(s, "replace", "taken");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 1);
	say_in(s, "ana", "9.7", "9.4", "merge what you have, please"); /* talk */
	stage_expect_nothing(s);
	say_in(s, "ana", "9.8", "9.4", "history");
	stage_expect_text(s, "private", "taken by Bo");
	/* The ladder rings in that thread. */
	stage_advance(s, MINUTES(50));
	stage_expect_text(s, "post U_bo", "There is no plan yet");
	stage_advance(s, MINUTES(11));
	assert_string_equal(((const struct outbox_row *)s->sent->pdata[0])->thread, "9.4");
	stage_expect_text(s, "post C9", "There is still no plan");
	stage_expect_nothing(s);
	stage_free(s);
}

/* A team's own channel may be another's of quick response: what a ritual waits for there is its own, whatever role it names. */
static void quick_response_where_a_team_meets(void **state)
{
	static const struct sql open = { "test.open_here", "SELECT count(*) FROM blocker", 0 };
	struct stage *s = stage_new_with("en", "A", "    rotas: [{ role: operations, people: [\"@bo\"] }]\n"
		"  - name: partners\n    workspace: acme\n    channel: C2\n    quick_response: [C1]\n    rotas: [{ role: operations, people: [\"@cai\"] }]\n");
	(void)state;
	start(s);
	stage_say(s, "ana", "Yesterday: won 2 deals\nToday: call 15 leads\nRisks: the contract waits for @operations");
	stage_expect(s, "react white_check_mark on 1.000001");
	stage_expect_text(s, "post C1", "@operations"); /* the board */
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open), 0);
	/* An attempt gets its hint. */
	stage_say(s, "bo", "Yesterday: won 2 deals\nToday: ask @operations");
	stage_expect_text(s, "private", "Risks");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open), 0);
	stage_say(s, "ana", "@operations the customer waits for the contract");
	stage_expect_text(s, "post C1", "the customer waits for the contract");
	assert_int_equal(stage_count(s, &open), 1);
	stage_free(s);
}

/* ---- two that are the same, and what happened ---- */

static void two_become_one(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "the offer waits");
	stage_command(s, "bo", "blocker", "Globex waits for our offer");
	stage_press(s, "bo", "blocker.take", "2");
	stage_clear(s);
	stage_command(s, "cai", "blocker", "merge 1 2");
	stage_expect_text(s, "private", "Those who asked or own");
	stage_command(s, "mia", "blocker", "merge #2 #1");
	stage_expect_text(s, "replace", "merged into #1");
	stage_expect_text(s, "replace", "taken"); /* by Bo, who had the other */
	stage_expect_text(s, "post U_bo", "Mia has merged your blocker #2 into #1: the offer waits (owner: Bo)");
	stage_expect_text(s, "private", "Blocker #2 is merged into #1");
	stage_expect_nothing(s);
	stage_press(s, "bo", "blocker.done", "2");
	stage_expect_text(s, "private", "merged into #1; please go on there");
	stage_press(s, "ana", "blocker.merge", "1");
	stage_expect_text(s, "form", "Merge blocker #1");
	stage_submit(s, "ana", "blocker.merge", "1", (const char *const[]){ "other", "2", NULL });
	assert_non_null(s->problems);
	stage_clear(s);
	stage_advance(s, MINUTES(20));
	stage_clear(s);
	stage_command(s, "ana", "blocker", "1 history");
	stage_expect_text(s, "private", "opened by Ana");
	stage_command(s, "ana", "卡点", "2");
	stage_expect_text(s, "private", "merged into #1 by Mia");
	stage_free(s);
}

/* Two press in one moment: one has it, the other is told; what was decided of it is told too, and by whom. */
static void every_deed_is_in_the_history(void **state)
{
	static const struct sql takes = { "test.takes", "SELECT count(*) FROM blocker_event WHERE kind = 'take'", 0 };
	static const char *const told[] = { "opened by Ana", "taken by Bo", "parked by Bo, 2026-03-06: customs", "goes on", "escalated by Bo", "dropped by Bo: too late" };
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "the sample waits");
	g_autofree char *card = g_strdup(stage_expect_text(s, "post C1", "Blocker #1"));
	stage_press(s, "bo", "blocker.take", "1");
	stage_clear(s);
	stage_press(s, "cai", "blocker.take", "1");
	stage_expect_text(s, "private U_cai", "Bo has taken blocker #1 already");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &takes), 1);
	stage_say_in_thread(s, "bo", card, "park until 03-06 customs");
	stage_say_in_thread(s, "bo", card, "resume");
	stage_say_in_thread(s, "bo", card, "escalate");
	stage_say_in_thread(s, "bo", card, "drop too late");
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		stage_clear(s);
		stage_command(s, "ana", "blocker", "#1 history");
		stage_expect_text(s, "private", told[i]);
	}
	stage_free(s);
}

static void what_is_open_and_whose(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "the offer waits");
	stage_command(s, "bo", "blocker", "the sample is lost @cai");
	stage_clear(s);
	stage_command(s, "cai", "blockers", "mine");
	stage_expect_text(s, "private", "sales #2 the sample is lost (Cai, 0 h 0 min)");
	stage_command(s, "cai", "卡点", "团队");
	stage_expect_text(s, "private", "#1 the offer waits (nobody yet");
	stage_command(s, "cai", "blockers", "all");
	stage_expect_text(s, "private", "sales #1 the offer waits");
	/* What only begins like the word is a blocker of its own. */
	stage_command(s, "cai", "卡点", "团队预算被砍");
	stage_expect_text(s, "post C1", "团队预算被砍");
	stage_clear(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rota_is_shown),
		cmocka_unit_test(who_begins_hears),
		cmocka_unit_test(a_missed_handover_is_noted),
		cmocka_unit_test(who_is_away_is_skipped),
		cmocka_unit_test(managers_set_the_order),
		cmocka_unit_test(a_rota_may_be_made_by_command_alone),
		cmocka_unit_test(swaps_and_covers),
		cmocka_unit_test(holders_take_turns),
		cmocka_unit_test(turns_are_fair_by_the_rows),
		cmocka_unit_test(who_is_on_duty_has_it),
		cmocka_unit_test(quick_response),
		cmocka_unit_test(quick_response_where_a_team_meets),
		cmocka_unit_test(two_become_one),
		cmocka_unit_test(every_deed_is_in_the_history),
		cmocka_unit_test(what_is_open_and_whose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
