/* SPDX-License-Identifier: MIT */
/*
 * kill -9 again and again while blockers that nobody takes, and a risk in a standup that no manager answers, climb their ladder, a
 * ladder of seconds, on each platform. Then every step has one row, each row that was heard one message (a repetition that fell into a death is not made up for), and what is stored
 * follows from its history.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { BLOCKERS = 3, PROMISES = BLOCKERS + 1 /* the risk's */, STEPS = 2, RINGS = 3 /* the last step once more */, DEATHS = 8, LIFE_MS = 300 };

static const char *const channels[] = { "sales", NULL };

#define POLICY(applies)                                                                                                              \
	"  - name: " applies "\n    applies: " applies "\n    first_response: 1s\n    calendar: always\n    warn: []\n"                     \
	"    ladder: [{ to: owner, how: thread }, { after: 1s, to: owner, how: thread }]\n    repeat: 1s\n    repeat_most: 1\n"
#define TEAM "    standup: { format: A }\n"

static const char *const listening[] = {
	[FALSE] = "    managers: [\"@p1\"]\n    standup: { format: A, feedback: \"23:59\" }\n",
	[TRUE] = "    managers: [ou_u0p100000]\n    standup: { format: A, feedback: \"23:59\" }\n", /* there are no handles on Feishu */
};

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 2, .channels = channels, .feishu = GPOINTER_TO_INT(*state) });
	g_autofree char *plain = flow_config_text(f, "");
	g_autoptr(GString) text = g_string_new(plain);
	assert_int_equal(g_string_replace(text, TEAM, listening[f->feishu], 0), 1);
	g_string_append(text, "policies:\n" POLICY("blocker") POLICY("feedback"));
	flow_write_config(f, text->str);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

/* Messages of the bot that say that nobody has taken it, or answered. */
static guint rings_heard(const struct flow *f)
{
	guint rings = 0;
	g_autoptr(cJSON) messages = flow_messages(f, "#sales");
	const cJSON *m;
	cJSON_ArrayForEach(m, messages)
	{
		g_autofree char *text = json_print(m);
		gboolean heard = strstr(text, "Nobody has taken this") || strstr(text, "No manager has answered");
		rings += json_bool_or(m, "bot", FALSE) && heard ? 1 : 0;
	}
	return rings;
}

/* On Feishu the bot asks who it is, and before that a mention of it is nobody's. */
static gboolean knows_itself(const struct flow *f)
{
	return !f->feishu || flow_number(f, "SELECT count(*) FROM adapter_note WHERE name = 'self'") == 1;
}

static void open_promises(struct flow *f)
{
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f) && flow_number(f, "SELECT count(*) FROM member") >= 2); /* its owner is known */
	FLOW_UNTIL(f, knows_itself(f));
	for (int i = 0; i < BLOCKERS; i++)
		g_free(flow_say(f, "p0", "#sales", "@belltower blocker The customer waits @p1"));
	g_free(flow_say(f, "p0", "#sales", "Yesterday: closed 2 deals\nToday: call 15 new leads\nRisks: the budget is cut"));
	FLOW_UNTIL(f, flow_number(f, "SELECT count(*) FROM response") == PROMISES);
}

static void live_for(int ms)
{
	gint64 end_us = g_get_monotonic_time() + (gint64)ms * 1000;
	while (g_get_monotonic_time() < end_us)
		flow_turn(10);
}

static void each_step_rings_once(void **state)
{
	struct flow *f = *state;
	open_promises(f);
	for (int death = 0; death < DEATHS; death++) {
		live_for(g_random_int_range(1, LIFE_MS));
		flow_kill(f);
		flow_start(f);
	}
	FLOW_UNTIL(f, flow_is_live(f));
	FLOW_UNTIL(f, flow_number(f, "SELECT count(*) FROM response_ring") == PROMISES * RINGS);
	FLOW_UNTIL(f, flow_number(f, "SELECT count(*) FROM outbox") == 0 && sandbox_is_quiet(f->sandbox));
	int64_t heard = flow_number(f, "SELECT count(*) FROM response_ring WHERE passed_over = ''");
	assert_in_range(heard, PROMISES * STEPS, PROMISES * RINGS);
	assert_int_equal(rings_heard(f), heard);
	flow_check_posted_once(f);
	assert_int_equal(flow_number(f, "SELECT count(*) FROM job WHERE word = 'clock'"), 0);
	assert_int_equal(flow_number(f, "SELECT count(*) FROM dead_letter"), 0);
	assert_int_equal(flow_program(f, NULL, NULL, "sla", "replay", "-c", f->config, NULL), 0);
	assert_int_equal(flow_stop(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(each_step_rings_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
