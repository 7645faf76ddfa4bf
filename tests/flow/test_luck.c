/* SPDX-License-Identifier: MIT */
/*
 * Bad luck of every kind while the bot works, in moved time: then nothing acknowledged is lost, nothing is posted twice,
 * and the bot has recovered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

static const char *const channels[] = { "sales", NULL };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 4, .channels = channels, .frozen = TRUE });
	flow_configure(f, "");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

static void faults(struct flow *f, const char *which)
{
	cJSON_Delete(flow_act(f, "{'do':'faults',%s}", which));
}

static gboolean nothing_waits(const struct flow *f)
{
	return sandbox_is_quiet(f->sandbox) && flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM job WHERE word = 'board'") == 0;
}

/* Connected, and the company is known: the channel, its people, and what was missed. */
static void go_live(struct flow *f)
{
	flow_start_here(f);
	FLOW_PASS_UNTIL(f, flow_is_live(f));
	flow_pass(f, SECONDS(2), 500);
	FLOW_PASS_UNTIL(f, nothing_waits(f));
}

static void check_sound(struct flow *f, int standups)
{
	FLOW_PASS_UNTIL(f, nothing_waits(f));
	flow_check_posted_once(f);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), standups);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM dead_letter"), 0);
	assert_int_equal(flow_bot_posts(f, "#sales"), standups ? 1 : 0);
}

/* A standup that goes the whole way: the fault is over. */
static void check_recovered(struct flow *f, const char *who)
{
	FLOW_PASS_UNTIL(f, flow_is_live(f));
	g_autofree char *ts = flow_say(f, who, "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
}

/* ---- calls ---- */

/* All that the bot asks for in a morning, and in a start after it. */
static const char *const methods[] = { "apps.connections.open", "auth.test", "conversations.list", "conversations.members",
	"users.info", "chat.postMessage", "chat.update", "chat.postEphemeral", "reactions.add", "conversations.history" };

static void spend_a_morning(struct flow *f)
{
	g_autofree char *direct = flow_direct(f, "p3");
	go_live(f);
	g_autofree char *first = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", first));
	g_autofree char *help = flow_say(f, "p3", direct, "help"), *second = flow_say(f, "p1", "#sales", FLOW_STANDUP);
	g_autofree char *attempt = flow_say(f, "p2", "#sales", "@belltower standup closed 2 deals");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", second) && flow_bot_posts(f, direct) == 1 && nothing_waits(f));
	flow_stop_here(f);
	go_live(f);
	check_sound(f, 2);
	assert_int_equal(flow_bot_posts(f, direct), 1);
}

/* What only one person sees cannot be looked up, so it goes at most once. */
static guint hints(const struct flow *f)
{
	g_autoptr(cJSON) messages = flow_messages(f, "#sales");
	const cJSON *m;
	guint count = 0;
	cJSON_ArrayForEach(m, messages)
		count += json_text_or(m, "ephemeral_to", NULL) ? 1 : 0;
	return count;
}

static void each_call(const char *fault, guint times)
{
	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		struct flow *f;
		set_up((void **)&f);
		g_autofree char *which = g_strdup_printf("'%s':true,'times':%u,'methods':['%s']", fault, times, methods[i]);
		faults(f, which);
		spend_a_morning(f);
		g_autoptr(cJSON) state = sandbox_state(f->sandbox);
		if (json_int_or(state, "faults.times", 0) == times)
			fail_msg("nobody called %s", methods[i]);
		assert_true(hints(f) <= 1);
		tear_down((void **)&f);
	}
}

static void dropped_before(void **state)
{
	(void)state;
	each_call("drop_before", 2);
}

static void dropped_after(void **state)
{
	(void)state;
	each_call("drop_after", 2);
}

static void server_errors(void **state)
{
	(void)state;
	each_call("server_error", 2);
}

static void rate_limited(void **state)
{
	(void)state;
	each_call("rate_limit", 2);
}

/* ---- the socket ---- */

static void lost_acknowledgements(void **state)
{
	struct flow *f = *state;
	go_live(f);
	faults(f, "'lose_acks':true,'times':3");
	check_recovered(f, "p0");
	check_recovered(f, "p1");
	check_sound(f, 2);
	assert_int_equal(f->lost_acks, 3);
}

static void every_event_twice(void **state)
{
	struct flow *f = *state;
	faults(f, "'duplicate_events':true");
	go_live(f);
	check_recovered(f, "p0");
	check_recovered(f, "p1");
	check_sound(f, 2);
}

/* Before the bot has the event, before it can acknowledge it, and after. */
static void connections_dropped(void **state)
{
	struct flow *f = *state;
	go_live(f);
	for (guint i = 0; i < 4; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		g_autofree char *ts = flow_say(f, who, "#sales", FLOW_STANDUP);
		for (guint turns = 0; turns < i * 2; turns++)
			flow_turn(1);
		cJSON_Delete(flow_act(f, "{'do':'drop_connections'}"));
		FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
		FLOW_PASS_UNTIL(f, flow_is_live(f));
	}
	check_sound(f, 4);
}

/* Open sockets that nobody reads: found out after 40 s, and left. */
static void half_open(void **state)
{
	struct flow *f = *state;
	go_live(f);
	faults(f, "'silence':true");
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	flow_pass(f, SECONDS(90), 500);
	g_autofree char *late = flow_say(f, "p1", "#sales", FLOW_STANDUP);
	flow_pass(f, SECONDS(30), 500);
	assert_false(flow_is_accepted(f, "#sales", ts));
	faults(f, "'silence':false");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts) && flow_is_accepted(f, "#sales", late));
	check_sound(f, 2);
}

static void refused_connections(void **state)
{
	struct flow *f = *state;
	go_live(f);
	faults(f, "'refuse_connections':true");
	cJSON_Delete(flow_act(f, "{'do':'drop_connections'}"));
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	flow_pass(f, MINUTES(8), 2000); /* beyond the last repeat */
	assert_false(flow_is_live(f));
	assert_true(sandbox_is_quiet(f->sandbox));
	faults(f, "'refuse_connections':false");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	check_sound(f, 1);
}

/* ---- frames ---- */

static void send_frame(struct flow *f, const char *text)
{
	g_autoptr(cJSON) act = cJSON_CreateObject();
	json_put_text(act, "do", "frame");
	cJSON_AddItemToObject(act, "text", cJSON_CreateString(text));
	FLOW_PASS_UNTIL(f, flow_is_live(f));
	g_autoptr(cJSON) reply = sandbox_act(f->sandbox, act);
	assert_true(json_bool_or(reply, "ok", FALSE));
	flow_pass(f, 1000, 1000);
}

static char *padded_frame(const char *head, gsize length, const char *tail)
{
	g_autofree char *padding = g_strnfill(length, 'x');
	return g_strconcat(head, padding, tail, NULL);
}

static void garbage_frames(void **state)
{
	static const char *const frames[] = { "", "nonsense", "{", "[]", "null", "{}", "{\"type\":null}", "{\"type\":7}",
		"{\"type\":\"events_api\"}", "{\"type\":\"events_api\",\"envelope_id\":7,\"payload\":[]}",
		"{\"type\":\"events_api\",\"envelope_id\":\"e1\",\"payload\":null}",
		"{\"type\":\"events_api\",\"envelope_id\":\"e2\",\"payload\":{\"type\":\"event_callback\",\"event\":{\"type\":\"message\"}}}",
		"{\"type\":\"hello\"}", "{\"type\":\"hello\",\"num_connections\":\"many\"}", "{\"type\":\"interactive\",\"payload\":{}}",
		"{\"type\":\"slash_commands\",\"envelope_id\":\"e3\",\"payload\":{\"command\":5}}",
		"{\"type\":\"events_api\",\"envelope_id\":\"e4\",\"payload\":{\"event\":{\"type\":\"message\",\"text\":\"\xff\xfe\xc0\x80\"}}}",
		"{\"type\":\"\xed\xa0\x80\"}" };
	struct flow *f = *state;
	go_live(f);
	for (guint i = 0; i < G_N_ELEMENTS(frames); i++)
		send_frame(f, frames[i]);
	check_recovered(f, "p0");
	check_sound(f, 1);
}

static void large_frames(void **state)
{
	static const char head[] = "{\"type\":\"events_api\",\"envelope_id\":\"e1\",\"payload\":{\"pad\":\"";
	static const gsize sizes[] = { 64 * 1024, 1000 * 1024, 1024 * 1024, 1024 * 1024 + 200, 3 * 1024 * 1024 };
	struct flow *f = *state;
	go_live(f);
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *frame = padded_frame(head, sizes[i], "\"}}");
		send_frame(f, frame);
		FLOW_PASS_UNTIL(f, flow_is_live(f));
	}
	g_autofree char *deep = g_strnfill(200 * 1024, '[');
	send_frame(f, deep);
	check_recovered(f, "p0");
	check_sound(f, 1);
}

/* ---- order ---- */

static void deliver(struct flow *f, const char *ts, const char *results)
{
	g_autofree char *frame = g_strdup_printf(
		"{\"type\":\"events_api\",\"envelope_id\":\"e%s\",\"accepts_response_payload\":false,\"payload\":{\"type\":"
		"\"event_callback\",\"event_id\":\"Ev%s\",\"event\":{\"type\":\"message\",\"user\":\"U0P000000\",\"channel\":\"C0SALES00\","
		"\"channel_type\":\"channel\",\"ts\":\"%s\",\"text\":\"Yesterday: %s\\nToday: call 15 leads\\nRisks: none\"}}}",
		ts, ts, ts, results);
	send_frame(f, frame);
}

/* A repeat comes after what was said later: both are kept, and the later stands. */
static void overtaken_by_a_newer_one(void **state)
{
	struct flow *f = *state;
	go_live(f);
	gint64 now_s = clock_now_ms(f->clock) / 1000;
	for (gint64 i = 3; i > 0; i--) {
		g_autofree char *ts = g_strdup_printf("%" G_GINT64_FORMAT ".000100", now_s - 10 + i);
		g_autofree char *results = g_strdup_printf("closed %d deals", (int)i);
		deliver(f, ts, results);
	}
	check_sound(f, 3);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry WHERE field0 = 'closed 3 deals' AND version = 3"), 1);
	/* Whoever says it anew says it last. */
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry WHERE field0 = 'closed 2 deals' AND version = 4"), 1);
}

/* ---- the clock ---- */

/* Somebody sets the machine's clock a day ahead, and back: only the bot's, the platform's goes on. */
static void the_clock_jumps(void **state)
{
	struct flow *f = *state;
	go_live(f);
	check_recovered(f, "p0");
	FLOW_PASS_UNTIL(f, nothing_waits(f));
	/* The second jump while the board waits for its next showing. */
	for (guint i = 0; i < 2; i++) {
		int64_t step_ms = i == 0 ? DAYS(1) : -DAYS(1);
		clock_set(f->bot_clock, clock_now_ms(f->bot_clock) + step_ms);
		g_autofree char *who = g_strdup_printf("p%u", i + 1);
		check_recovered(f, who);
	}
	cJSON_Delete(flow_act(f, "{'do':'drop_connections'}"));
	check_recovered(f, "p3");
	check_sound(f, 4);
	assert_int_equal(flow_number(f, "SELECT COUNT(DISTINCT day) FROM standup_history"), 1);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM message"), 1);
}

#define FLOW_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dropped_before),
		cmocka_unit_test(dropped_after),
		cmocka_unit_test(server_errors),
		cmocka_unit_test(rate_limited),
		FLOW_TEST(lost_acknowledgements),
		FLOW_TEST(every_event_twice),
		FLOW_TEST(connections_dropped),
		FLOW_TEST(half_open),
		FLOW_TEST(refused_connections),
		FLOW_TEST(garbage_frames),
		FLOW_TEST(large_frames),
		FLOW_TEST(overtaken_by_a_newer_one),
		FLOW_TEST(the_clock_jumps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
