/* SPDX-License-Identifier: MIT */
/*
 * A morning of sixty people with each platform's own rate limits in force, in moved time: the bot keeps to them, gathers the
 * board's changes, and makes no storm when it is told to wait.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { PEOPLE = 60 };

static const char *const channels[] = { "sales", NULL };

struct morning {
	struct flow *f;
	char *said[PEOPLE];
};

static gboolean nothing_waits(const struct flow *f)
{
	return sandbox_is_quiet(f->sandbox) && flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM job WHERE word = 'board'") == 0;
}

static int set_up(void **state)
{
	struct morning *m = g_new0(struct morning, 1);
	m->f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .frozen = TRUE, .rate_limits = TRUE,
		.feishu = GPOINTER_TO_INT(*state) });
	flow_configure(m->f, "");
	flow_start_here(m->f);
	FLOW_PASS_UNTIL(m->f, flow_is_live(m->f));
	flow_pass(m->f, SECONDS(2), 500);
	FLOW_PASS_UNTIL(m->f, nothing_waits(m->f));
	*state = m;
	return 0;
}

static int tear_down(void **state)
{
	struct morning *m = *state;
	flow_free(m->f);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(m->said[i]);
	g_free(m);
	return 0;
}

/* One after the other, so much time apart. */
static void everybody_says(struct morning *m, int64_t apart_ms)
{
	for (guint i = 0; i < PEOPLE; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		g_autofree char *text = g_strdup_printf("Yesterday: closed %u deals\nToday: call 15 new leads\nRisks: none", i);
		m->said[i] = flow_say(m->f, who, "#sales", text);
		flow_pass(m->f, apart_ms, 500);
	}
}

static guint accepted(const struct morning *m)
{
	g_autoptr(cJSON) messages = flow_messages(m->f, "#sales");
	const cJSON *message;
	guint count = 0;
	cJSON_ArrayForEach(message, messages)
		count += flow_is_checked(message) ? 1 : 0;
	return count;
}

static guint updates_of_the_board(const struct morning *m)
{
	return flow_calls(m->f, m->f->feishu ? "im.message.patch" : "chat.update");
}

static void check_morning(struct morning *m)
{
	FLOW_PASS_UNTIL(m->f, accepted(m) == PEOPLE && nothing_waits(m->f));
	flow_check_posted_once(m->f);
	assert_int_equal(flow_bot_posts(m->f, "#sales"), 1);
	assert_int_equal(g_hash_table_size(m->f->posted), 1);
	assert_int_equal(flow_number(m->f, "SELECT COUNT(*) FROM standup_history"), PEOPLE);
}

static void all_at_once(void **state)
{
	struct morning *m = *state;
	int64_t began_ms = clock_mono_ms(m->f->clock);
	everybody_says(m, 0);
	check_morning(m);
	guint took_s = (guint)((clock_mono_ms(m->f->clock) - began_ms) / 1000), updates = updates_of_the_board(m);
	print_message("60 at once: %u s, %u updates of the board, %u refusals\n", took_s, updates, m->f->refusals);
	assert_int_equal(m->f->refusals, 0);
	assert_true(updates >= 1 && updates <= 5);
	assert_true(took_s <= 90); /* sixty reactions, at fifty a minute and a burst */
}

static void through_a_quarter_of_an_hour(void **state)
{
	struct morning *m = *state;
	everybody_says(m, SECONDS(15));
	check_morning(m);
	guint updates = updates_of_the_board(m);
	print_message("60 in 15 minutes: %u updates of the board, %u refusals\n", updates, m->f->refusals);
	assert_int_equal(m->f->refusals, 0);
	assert_true(updates <= PEOPLE);
}

/* For a minute every call is refused with "Retry-After: 1". */
static void told_to_wait(void **state)
{
	enum { STORM_S = 60, UNDER_WAY = 32 };
	struct morning *m = *state;
	cJSON_Delete(flow_act(m->f, "{'do':'faults','rate_limit':true}"));
	everybody_says(m, 0);
	flow_pass(m->f, SECONDS(STORM_S), 500);
	guint refusals = m->f->refusals;
	print_message("a minute of 429: %u calls\n", refusals);
	/*
	 * One try a second for each method that has something to do, chat.postMessage and reactions.add, and what was under
	 * way when the first refusal came: at most 32 calls, and those that took their places before it was read.
	 */
	assert_true(refusals >= 2 && refusals <= 2 * STORM_S + 2 * UNDER_WAY);
	assert_int_equal(accepted(m), 0);
	cJSON_Delete(flow_act(m->f, "{'do':'faults','rate_limit':false}"));
	check_morning(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(all_at_once),
		FLOW_ON_BOTH(through_a_quarter_of_an_hour),
		FLOW_ON_BOTH(told_to_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
