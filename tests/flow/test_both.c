/* SPDX-License-Identifier: MIT */
/*
 * One daemon with a team on Slack and a team on Feishu, in moved time: whatever happens to the one, the other is answered as if
 * nothing were; and the one recovers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { SOON_MS = 2000, STEP_MS = 100 };

static const char *const troubles[] = { "'delay_ms':30000", "'rate_limit':true", "'server_error':true", "'drop_before':true",
	"'drop_after':true", "'refuse_connections':true", "'lose_acks':true", "'garbage':true" };

/* The bot runs in `sick`, whose clock it has. */
struct two {
	struct flow *sick, *well;
};

static struct flow *open_side(gboolean feishu)
{
	static const char *const channels[2][2] = { { "sales", NULL }, { "north", NULL } };
	return flow_new(&(struct flow_setup){ .people = 2, .channels = channels[feishu], .frozen = TRUE, .feishu = feishu });
}

/* The state tells which of them will have trouble. */
static int set_up(void **state)
{
	struct two *two = g_new0(struct two, 1);
	gboolean feishu = GPOINTER_TO_INT(*state);
	two->sick = open_side(feishu);
	two->well = open_side(!feishu);
	flow_configure_both(two->sick, two->well);
	*state = two;
	return 0;
}

static int tear_down(void **state)
{
	struct two *two = *state;
	flow_free(two->sick);
	flow_free(two->well);
	g_free(two);
	return 0;
}

/* ---- time ---- */

static void pass(struct two *two)
{
	clock_advance(two->well->clock, STEP_MS);
	flow_pass(two->sick, STEP_MS, STEP_MS);
}

/* How long it took until the condition was true, of moved time; in vain after a quarter of an hour. */
#define PASSED(two, condition)                                                                      \
	({                                                                                          \
		int64_t passed_ms_ = 0;                                                             \
		for (flow_pass((two)->sick, 0, 1); !(condition); passed_ms_ += STEP_MS) {           \
			if (passed_ms_ > MINUTES(15))                                               \
				fail_msg("a quarter of an hour passed in vain for: %s", #condition); \
			pass(two);                                                                  \
		}                                                                                   \
		passed_ms_;                                                                         \
	})

static char *say_standup(struct flow *f, const char *who)
{
	g_autofree char *channel = g_strdup_printf("#%s", f->channels[0]);
	return flow_say(f, who, channel, FLOW_STANDUP);
}

static gboolean is_accepted(const struct flow *f, const char *ts)
{
	g_autofree char *channel = g_strdup_printf("#%s", f->channels[0]);
	return flow_is_accepted(f, channel, ts);
}

/* ---- trouble ---- */

static void trouble(struct two *two, const char *which, gboolean on)
{
	g_autoptr(cJSON) state = sandbox_state(two->sick->sandbox), act = cJSON_CreateObject();
	const cJSON *fault;
	json_put_text(act, "do", "faults");
	cJSON_ArrayForEach(fault, json_object(state, "faults"))
	{
		if (cJSON_IsBool(fault))
			json_put_bool(act, fault->string, FALSE);
	}
	json_put_int(act, "delay_ms", 0);
	cJSON_Delete(sandbox_act(two->sick->sandbox, act));
	if (on)
		cJSON_Delete(flow_act(two->sick, "{'do':'faults',%s}", which));
}

/* Everybody there is answered at once. */
static void check_well(struct two *two, const char *which)
{
	static const char *const people[] = { "p0", "p1", "p0" };
	for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
		g_autofree char *ts = say_standup(two->well, people[i]);
		int64_t took_ms = PASSED(two, is_accepted(two->well, ts) && flow_is_acknowledged(two->well, ts));
		if (took_ms > SOON_MS)
			fail_msg("%s on %s: the other waited for %d ms", which, two->sick->feishu ? "Feishu" : "Slack", (int)took_ms);
	}
}

static void start(struct two *two)
{
	flow_start_here(two->sick);
	PASSED(two, flow_is_live(two->sick) && flow_is_live(two->well));
	g_autofree char *here = say_standup(two->sick, "p1"), *there = say_standup(two->well, "p1");
	PASSED(two, is_accepted(two->sick, here) && is_accepted(two->well, there));
}

static void one_in_trouble(void **state)
{
	struct two *two = *state;
	start(two);
	for (guint i = 0; i < G_N_ELEMENTS(troubles); i++) {
		trouble(two, troubles[i], TRUE);
		if (strstr(troubles[i], "connections"))
			cJSON_Delete(flow_act(two->sick, "{'do':'drop_connections'}"));
		g_autofree char *ts = say_standup(two->sick, "p0");
		check_well(two, troubles[i]);
		trouble(two, NULL, FALSE);
		PASSED(two, is_accepted(two->sick, ts));
	}
	assert_int_equal(flow_number(two->sick, "SELECT COUNT(*) FROM standup_history"), 2 + 4 * G_N_ELEMENTS(troubles));
	flow_check_posted_once(two->sick);
	flow_check_posted_once(two->well);
}

/* The one does not answer at all. */
static void one_silent(void **state)
{
	struct two *two = *state;
	start(two);
	trouble(two, "'silence':true", TRUE);
	g_autofree char *ts = say_standup(two->sick, "p0");
	check_well(two, "silence");
	assert_false(is_accepted(two->sick, ts));
}

/* A start does not wait for the one that takes half a minute for each answer. */
static void one_slow_from_the_start(void **state)
{
	struct two *two = *state;
	trouble(two, "'delay_ms':30000", TRUE);
	flow_start_here(two->sick);
	assert_true(PASSED(two, flow_is_live(two->well)) <= SOON_MS);
	PASSED(two, flow_number(two->sick, "SELECT COUNT(*) FROM outbox WHERE workspace = 'other'") == 0);
	check_well(two, "a slow start");
	assert_false(flow_is_live(two->sick));
	trouble(two, NULL, FALSE);
	PASSED(two, flow_is_live(two->sick));
	g_autofree char *ts = say_standup(two->sick, "p0");
	PASSED(two, is_accepted(two->sick, ts));
}

static gboolean is_told(const struct flow *f, const char *words)
{
	g_autofree char *channel = flow_direct((struct flow *)f, "p0");
	g_autoptr(cJSON) messages = flow_messages(f, channel);
	g_autofree char *text = cJSON_PrintUnformatted(messages);
	return strstr(text, words) != NULL;
}

/* What somebody must do reaches the operators, on whatever still works. */
static void who_runs_it_hears(void **state)
{
	struct two *two = *state;
	start(two);
	cJSON_Delete(flow_act(two->sick, "{'do':'leave','as':'belltower','channel':'#%s'}", two->sick->channels[0]));
	PASSED(two, is_told(two->well, "removed from a team's channel: invite it again"));
	assert_int_equal(flow_number(two->sick, "SELECT COUNT(*) FROM trouble"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(one_in_trouble),
		FLOW_ON_BOTH(one_silent),
		FLOW_ON_BOTH(one_slow_from_the_start),
		FLOW_ON_BOTH(who_runs_it_hears),
	};
	return cmocka_run_group_tests_name("both", tests, NULL, NULL);
}
