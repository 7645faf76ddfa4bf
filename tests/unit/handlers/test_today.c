/* SPDX-License-Identifier: MIT */
/* One look at the day: a manager's, everybody else's own, and what a press on it does. 2026-03-02 is a Monday, 09:00. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

/* A press on the look of that day, whose message is the named one. */
static void press_on(struct stage *s, const char *name, const char *message, const char *word, const char *value)
{
	struct event *event = event_new(EVENT_PRESSED, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->at_ms = s->now_ms;
	event->place.kind = PLACE_DIRECT;
	event->place.channel = message ? g_strdup_printf("D_%s", name) : NULL;
	event->message = g_strdup(message);
	event->word = g_strdup(word);
	event->value = g_strdup(value);
	stage_do(s, event);
}

/* Asks for the look in the direct conversation, and gives back where it stands. */
static char *ask(struct stage *s, const char *name, const char *text)
{
	g_autofree char *post = g_strdup_printf("post U_%s", name);
	stage_clear(s);
	stage_say_direct(s, name, "today");
	return g_strdup(stage_expect_text(s, post, text));
}

static void expect_all(struct stage *s, const char *begin, const char *const *texts)
{
	assert_true(s->sent->len > 0);
	g_autofree char *content = g_strdup(((struct outbox_row *)s->sent->pdata[0])->content);
	for (; *texts; texts++)
		if (!strstr(content, *texts))
			fail_msg("'%s' is not in %s", *texts, content);
	stage_expect_text(s, begin, "");
}

static void a_manager_sees_the_team(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "bo", "away", "today am stand-in @cai at the dentist");
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_command(s, "ana", "customer", "Nordwind: may we pay in parts?");
	stage_say(s, "ana", "昨天成果：成单2单\n今天目标：触达15个新线索\n风险预警：Budget is late");
	g_autofree char *look = ask(s, "mia", "sales · Mon 2 March");
	stage_expect_nothing(s);
	/* Asked for again, elsewhere: the older one goes. */
	stage_command(s, "mia", "today", "");
	stage_expect_text(s, "delete D_mia", "");
	expect_all(s, "post U_mia", (const char *const[]){ "#1 The customer waits for the offer · nobody yet · 30 min left",
		"Ana: Budget is late", "#1 Nordwind: may we pay in parts? (Ana, 2 h 0 min left)", "1 of 2 answered; waiting for Cai", "Bo: on the morning of 2026-03-02 (stand-in: Cai)", NULL });
	stage_expect_text(s, "private U_mia", "sent it to you");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Nothing of others: neither their blockers nor who is away, nor what waits for a manager. */
static void a_rep_sees_only_what_is_their_own(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "bo", "away", "03-04 at the dentist");
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_command(s, "ana", "blocker", "The sample is late @bo");
	stage_clear(s);
	stage_say_direct(s, "bo", "today");
	assert_int_equal(s->sent->len, 1);
	const char *content = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(content, "My day"));
	assert_non_null(strstr(content, "Not written yet"));
	assert_non_null(strstr(content, "The sample is late"));
	assert_non_null(strstr(content, "at the dentist"));
	assert_null(strstr(content, "The customer waits"));
	assert_null(strstr(content, "standup.nudge"));
	stage_clear(s);
	stage_say_direct(s, "cai", "today");
	content = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_null(strstr(content, "The sample is late"));
	assert_null(strstr(content, "dentist"));
	assert_null(strstr(content, "Bo"));
	stage_free(s);
}

static void a_press_changes_it_in_place(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_advance(s, MINUTES(40));
	g_autofree char *look = ask(s, "mia", "🔴 #1 The customer waits for the offer · nobody yet · 10 min over");
	press_on(s, "mia", look, "blocker.take", "1");
	stage_expect_text(s, "replace C1", "taken");
	g_autofree char *here = g_strdup_printf("replace D_mia %s", look);
	stage_expect_text(s, here, "· Mia ·");
	stage_expect_nothing(s);
	/* A form that was sent, too: which of them was opened from it nobody tells. */
	stage_submit(s, "mia", "blocker.plan", "1", (const char *const[]){ "plan", "Call them at noon", NULL });
	stage_expect_text(s, "replace C1", "Call them at noon");
	stage_expect_text(s, here, "has a plan");
	press_on(s, "mia", look, "today.refresh", "");
	stage_expect_text(s, here, "has a plan");
	/* What is not there any more says so, and the look follows. */
	stage_press(s, "bo", "blocker.none", "1");
	stage_clear(s);
	press_on(s, "mia", look, "blocker.done", "1");
	stage_expect_text(s, "post D_mia", "closed already");
	stage_expect_text(s, here, "");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Buttons of a manager's look pressed by somebody who is none: from an old card, or by a forged press. */
static void each_button_asks_who_presses(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_press(s, "bo", "blocker.take", "1");
	stage_clear(s);
	stage_press(s, "cai", "blocker.remind", "1");
	stage_expect_text(s, "private U_cai", "only a manager");
	stage_press(s, "cai", "standup.nudge", "sales");
	stage_expect_text(s, "private U_cai", "");
	stage_expect_nothing(s);
	stage_press(s, "mia", "standup.nudge", "nowhere");
	stage_expect_text(s, "private U_mia", "");
	stage_expect_nothing(s);
	stage_press(s, "mia", "blocker.remind", "1");
	stage_expect_text(s, "post U_bo", "Mia asks you to look at this blocker");
	stage_expect_text(s, "private U_mia", "Bo is reminded");
	stage_press(s, "mia", "blocker.remind", "1"); /* once a day */
	stage_expect_text(s, "private U_mia", "Bo is reminded");
	stage_press(s, "mia", "standup.nudge", "sales");
	stage_expect_text(s, "post U_ana", "");
	stage_expect_text(s, "post U_bo", "");
	stage_expect_text(s, "post U_cai", "");
	stage_expect_text(s, "private U_mia", "Ana, Bo, Cai");
	stage_expect_nothing(s);
	stage_free(s);
}

static gboolean shows(struct stage *s, const char *name, const char *text)
{
	stage_clear(s);
	stage_say_direct(s, name, "today");
	const struct outbox_row *row = s->sent->pdata[s->sent->len - 1];
	gboolean found = row->content && strstr(row->content, text);
	stage_clear(s);
	return found;
}

/* A deal is its owner's until it stands still: then it is the manager's too, and never a colleague's. */
static void a_stalled_deal_is_the_managers(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "bo", "deal", "new Acme 12k negotiation");
	assert_true(shows(s, "bo", "Acme"));
	assert_false(shows(s, "mia", "Acme"));
	assert_false(shows(s, "ana", "Acme"));
	stage_advance(s, DAYS(8));
	assert_true(shows(s, "bo", "Acme"));
	assert_true(shows(s, "mia", "Acme"));
	assert_false(shows(s, "ana", "Acme"));
	stage_free(s);
}

/* Two teams under one manager, and more than one message takes: the most urgent of each stay, and how many more there are. */
static void several_teams_fit_into_one_message(void **state)
{
	struct stage *s = stage_new_with("en", "A", "  - { name: north, workspace: acme, channel: C2, managers: [\"@mia\"], language: en }\n");
	(void)state;
	for (int i = 1; i <= 30; i++) {
		g_autofree char *text = g_strdup_printf("Trouble %d", i), *question = g_strdup_printf("Nordwind: question %d?", i);
		stage_command(s, "ana", "blocker", text);
		stage_command(s, "ana", "customer", question);
		stage_advance(s, SECONDS(61));
	}
	stage_clear(s);
	stage_say_direct(s, "mia", "today");
	const char *content = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(content, "📌 sales"));
	assert_non_null(strstr(content, "📌 north"));
	assert_non_null(strstr(content, "#1 Trouble 1 ·"));
	assert_null(strstr(content, "Trouble 30"));
	assert_non_null(strstr(content, "… and 22 more"));
	stage_free(s);
}

static void open_home(struct stage *s, const char *name, const char *value)
{
	struct event *event = event_new(EVENT_OPENED_HOME, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->place.kind = PLACE_DIRECT;
	event->place.channel = g_strdup_printf("D_%s", name);
	event->value = g_strdup(value);
	stage_do(s, event);
}

static void the_home_shows_it_too(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_clear(s);
	open_home(s, "mia", NULL);
	stage_expect_text(s, "home U_mia", "The customer waits for the offer");
	press_on(s, "mia", NULL, "blocker.take", "1");
	stage_expect_text(s, "replace C1", "taken");
	stage_expect_text(s, "home U_mia", "· Mia ·");
	stage_expect_nothing(s);
	/* A form sent soon after changes it; later on nobody is there any more. */
	stage_submit(s, "mia", "blocker.plan", "1", (const char *const[]){ "plan", "Call them at noon", NULL });
	stage_expect_text(s, "replace C1", "Call them at noon");
	stage_expect_text(s, "home U_mia", "has a plan");
	stage_advance(s, MINUTES(20));
	stage_submit(s, "mia", "blocker.plan", "1", (const char *const[]){ "plan", "Call them at one", NULL });
	stage_expect_text(s, "replace C1", "Call them at one");
	stage_expect_nothing(s);
	/* Where the home is a conversation, who comes back finds what stands there as it is now. */
	open_home(s, "mia", EVENT_HOME_AGAIN);
	stage_expect_nothing(s);
	g_autofree char *look = ask(s, "mia", "· Mia ·");
	stage_press(s, "mia", "blocker.none", "1");
	stage_clear(s);
	open_home(s, "mia", EVENT_HOME_AGAIN);
	stage_expect_text(s, "replace D_mia", "0 of 3 answered");
	stage_free(s);
}

/* Where the home is a message: one look a person and day, so the message only greets once the day's own stands. */
static void there_is_one_look(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_clear(s);
	s->hold_reports = TRUE;
	open_home(s, "mia", NULL);
	s->hold_reports = FALSE;
	stage_expect_text(s, "home U_mia", "The customer waits for the offer");
	struct event *sent = event_new(EVENT_SENT, "acme");
	static const struct sql row = { "test.home_row", "SELECT max(id) FROM outbox", 0 };
	sent->row = stage_count(s, &row);
	sent->place.channel = g_strdup("D_mia");
	sent->message = g_strdup("7.77");
	stage_do(s, sent);
	stage_say_direct(s, "mia", "today");
	assert_null(strstr(((struct outbox_row *)s->sent->pdata[0])->content, "The customer waits"));
	stage_expect_text(s, "replace D_mia", "help.topic");
	stage_expect_text(s, "post U_mia", "The customer waits for the offer");
	stage_expect_nothing(s);
	/* It goes once; from now on the look alone changes. */
	open_home(s, "mia", EVENT_HOME_AGAIN);
	stage_expect_text(s, "replace D_mia", "The customer waits for the offer");
	stage_expect_nothing(s);
	stage_free(s);
}

/* The word begins many a sentence; somebody in no team has no day. */
static void what_is_no_command(void **state)
{
	struct stage *s = stage_new("zh-CN", "A");
	(void)state;
	stage_call(s, "ana", "今天目标：触达15个新线索");
	for (guint i = 0; i < s->sent->len; i++) {
		const char *content = ((struct outbox_row *)s->sent->pdata[i])->content;
		assert_true(!content || !strstr(content, "today.refresh"));
	}
	stage_learn(s, "zoe", NULL, "en");
	stage_say_direct(s, "zoe", "hi");
	stage_learn(s, "zoe", NULL, "en");
	stage_clear(s);
	stage_say_direct(s, "zoe", "today");
	stage_expect_text(s, "post U_zoe", "You are in no team yet");
	stage_expect_nothing(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manager_sees_the_team),
		cmocka_unit_test(a_rep_sees_only_what_is_their_own),
		cmocka_unit_test(a_press_changes_it_in_place),
		cmocka_unit_test(each_button_asks_who_presses),
		cmocka_unit_test(a_stalled_deal_is_the_managers),
		cmocka_unit_test(several_teams_fit_into_one_message),
		cmocka_unit_test(the_home_shows_it_too),
		cmocka_unit_test(there_is_one_look),
		cmocka_unit_test(what_is_no_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
