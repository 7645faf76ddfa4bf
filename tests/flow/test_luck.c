/* SPDX-License-Identifier: MIT */
/*
 * Bad luck of every kind while the bot works, in moved time, on each platform: then nothing acknowledged is lost, nothing is
 * posted twice, and the bot has recovered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

static const char *const channels[] = { "sales", NULL };

static struct flow *new_flow(gboolean feishu)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 4, .channels = channels, .frozen = TRUE, .feishu = feishu });
	flow_configure(f, "");
	return f;
}

static int set_up(void **state)
{
	*state = new_flow(GPOINTER_TO_INT(*state));
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
static const char *const methods[2][12] = {
	{ "apps.connections.open", "auth.test", "conversations.list", "conversations.members", "users.info", "chat.postMessage",
		"chat.update", "chat.postEphemeral", "reactions.add", "conversations.history" },
	{ "ws.endpoint", "auth.tenantAccessToken.internal", "bot.info", "im.chat.list", "im.chatMembers.get", "contact.user.batch",
		"im.message.create", "im.message.patch", "ephemeral.send", "im.messageReaction.create", "im.message.list" },
};

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
	const char *history = f->feishu ? "im.message.list" : "conversations.history";
	guint reads = flow_calls(f, history);
	go_live(f);
	FLOW_PASS_UNTIL(f, flow_calls(f, history) > reads);
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

static void each_call(void **state, const char *fault)
{
	enum { TIMES = 2 };
	struct flow *given = *state;
	for (const char *const *method = methods[given->feishu]; *method; method++) {
		struct flow *f = new_flow(given->feishu);
		g_autofree char *which = g_strdup_printf("'%s':true,'times':%d,'methods':['%s']", fault, TIMES, *method);
		faults(f, which);
		spend_a_morning(f);
		g_autoptr(cJSON) seen = sandbox_state(f->sandbox);
		if (json_int_or(seen, "faults.times", 0) == TIMES)
			fail_msg("nobody called %s", *method);
		assert_true(hints(f) <= 1);
		flow_free(f);
	}
}

static void dropped_before(void **state)
{
	each_call(state, "drop_before");
}

static void dropped_after(void **state)
{
	each_call(state, "drop_after");
}

static void server_errors(void **state)
{
	each_call(state, "server_error");
}

static void rate_limited(void **state)
{
	each_call(state, "rate_limit");
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

/* As soon as a connection stands, in place of an event, in place of an acknowledgement; and what comes may be in any order. */
static void each_step_of_a_connection(void **state)
{
	static const char *const steps[] = { "drop_greeting", "drop_event", "drop_ack", "swap_events", "garbage" };
	struct flow *f = *state;
	go_live(f);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autofree char *which = g_strdup_printf("'%s':true,'times':1", steps[i]);
		flow_pass(f, SECONDS(70), SECONDS(5)); /* a connection that held: the next is made soon */
		FLOW_PASS_UNTIL(f, nothing_waits(f));
		faults(f, which);
		if (i == 0)
			cJSON_Delete(flow_act(f, "{'do':'drop_connections'}"));
		check_recovered(f, "p0");
		check_recovered(f, "p1");
		g_autoptr(cJSON) seen = sandbox_state(f->sandbox);
		if (json_int_or(seen, "faults.times", 0) > 0)
			fail_msg("no occasion for %s", steps[i]);
	}
	check_sound(f, 2 * G_N_ELEMENTS(steps));
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

/* Open sockets that nobody reads: found out after 40 s on Slack, on Feishu within the half minute after a ping, and left. */
static void half_open(void **state)
{
	struct flow *f = *state;
	go_live(f);
	faults(f, "'silence':true");
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	flow_pass(f, SECONDS(f->feishu ? 150 : 90), 500);
	g_autofree char *late = flow_say(f, "p1", "#sales", FLOW_STANDUP);
	flow_pass(f, SECONDS(30), 500);
	assert_false(flow_is_accepted(f, "#sales", ts));
	faults(f, "'silence':false");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts) && flow_is_accepted(f, "#sales", late));
	check_sound(f, 2);
}

/* Of the log's lines, the clerk's too. */
static gint warnings;

static void hear_warning(const char *line)
{
	if (strstr(line, "not connected for five minutes"))
		g_atomic_int_inc(&warnings);
}

/* Single drops are daily bread; of this one the log warns, once. */
static void refused_connections(void **state)
{
	struct flow *f = *state;
	go_live(f);
	g_atomic_int_set(&warnings, 0);
	GPrintFunc before = g_set_printerr_handler(hear_warning);
	faults(f, "'refuse_connections':true");
	cJSON_Delete(flow_act(f, "{'do':'drop_connections'}"));
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	flow_pass(f, MINUTES(4), 2000);
	assert_int_equal(g_atomic_int_get(&warnings), 0);
	/* Beyond the last repeat. */
	if (f->feishu)
		flow_pass(f, HOURS(8), MINUTES(1));
	else
		flow_pass(f, MINUTES(4), 2000);
	g_set_printerr_handler(before);
	assert_int_equal(g_atomic_int_get(&warnings), 1);
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

/* ---- Feishu's own ---- */

/* Whoever calls finds that no token is good any more, again and again; then hours pass, and each token has its end. */
static void tokens_that_expire(void **state)
{
	struct flow *f = *state;
	faults(f, "'expired_token':true,'times':7");
	spend_a_morning(f);
	g_autoptr(cJSON) seen = sandbox_state(f->sandbox);
	assert_int_equal(json_int_or(seen, "faults.times", -1), 0);
	flow_pass(f, HOURS(5), SECONDS(60));
	check_recovered(f, "p2");
	check_sound(f, 3);
}

static void events_in_pieces(void **state)
{
	struct flow *f = *state;
	go_live(f);
	cJSON_Delete(flow_act(f, "{'do':'feishu','fragment_bytes':100,'fragment_reverse':true,'fragment_repeat':true}"));
	check_recovered(f, "p0");
	cJSON_Delete(flow_act(f, "{'do':'feishu','fragment_reverse':false,'fragment_repeat':false}"));
	faults(f, "'lose_fragment':true,'times':1");
	check_recovered(f, "p1");
	check_sound(f, 2);
}

/* No frames, frames without an event, a callback of nobody's. */
static void garbage_in_frames(void **state)
{
	static const char *const frames[] = { "", "00", "ffffffffff", "08011002", "0800100018002001",
		/* type=event, payload "{", "[]", "null", {"schema":"2.0"} */
		"08001000180020012a0d0a047479706512056576656e7442017b", "08001000180020012a0d0a047479706512056576656e7442025b5d",
		"08001000180020012a0d0a047479706512056576656e7442046e756c6c",
		"08001000180020012a0d0a047479706512056576656e74420f7b22736368656d61223a22322e30227d",
		/* type=card, payload {} */
		"08001000180020012a0c0a047479706512046361726442027b7d" };
	struct flow *f = *state;
	go_live(f);
	for (guint i = 0; i < G_N_ELEMENTS(frames); i++) {
		cJSON_Delete(flow_act(f, "{'do':'frame','hex':'%s'}", frames[i]));
		flow_pass(f, 1000, 1000);
	}
	assert_true(flow_is_live(f));
	check_recovered(f, "p0");
	check_sound(f, 1);
}

/* ---- order ---- */

static int64_t stands(const struct flow *f, const char *results, int version)
{
	g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM standup_entry WHERE field0 = '%s' AND version = %d", results, version);
	return flow_number(f, sql);
}

static char *say_results(struct flow *f, const char *results)
{
	g_autofree char *text = g_strdup_printf("Yesterday: %s\nToday: call 15 leads\nRisks: none", results);
	return flow_say(f, "p0", "#sales", text);
}

/* What was said first comes last: both are kept, and the later stands. */
static void overtaken_by_a_newer_one(void **state)
{
	struct flow *f = *state;
	go_live(f);
	faults(f, "'swap_events':true,'times':1");
	g_autofree char *first = say_results(f, "closed 1 deal");
	flow_pass(f, 10, 10);
	g_autofree char *second = say_results(f, "closed 2 deals");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", first) && flow_is_accepted(f, "#sales", second));
	check_sound(f, 2);
	assert_int_equal(stands(f, "closed 2 deals", 2), 1);
	/* Whoever says it anew says it last. */
	g_autofree char *third = say_results(f, "closed 1 deal");
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", third));
	assert_int_equal(stands(f, "closed 1 deal", 3), 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(dropped_before),
		FLOW_ON_BOTH(dropped_after),
		FLOW_ON_BOTH(server_errors),
		FLOW_ON_BOTH(rate_limited),
		FLOW_ON_BOTH(lost_acknowledgements),
		FLOW_ON_BOTH(every_event_twice),
		FLOW_ON_BOTH(each_step_of_a_connection),
		FLOW_ON_BOTH(connections_dropped),
		FLOW_ON_BOTH(half_open),
		FLOW_ON_BOTH(refused_connections),
		FLOW_ON_SLACK(garbage_frames),
		FLOW_ON_SLACK(large_frames),
		FLOW_ON_FEISHU(tokens_that_expire),
		FLOW_ON_FEISHU(events_in_pieces),
		FLOW_ON_FEISHU(garbage_in_frames),
		FLOW_ON_BOTH(overtaken_by_a_newer_one),
		FLOW_ON_BOTH(the_clock_jumps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
