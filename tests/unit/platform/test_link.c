/* SPDX-License-Identifier: MIT */
/* The link's life against sockets of straw: the functions of net/ws.h are the test's own, and time is moved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/ws_client.h"
#include "platform/link.h"

struct ws {
	const struct ws_events *events;
	gpointer data;
	enum ws_state state;
	gboolean dropped, paused;
	unsigned pings;
	int refusal;
	char *url;
};

struct stage {
	struct clock *clock;
	struct link *link;
	GPtrArray *sockets; /* struct ws of straw, never freed before the end */
	unsigned asks, unasks, stops, covers;
	gboolean covered;
	int64_t heard_ms;
	guint last_line; /* of the last message */
	GString *heard;
	unsigned open, most;
	unsigned pulses;
	int64_t silent_ms, last_pulse_ms;
};

static struct stage *the_stage; /* the straw functions have no context of their own */

struct ws *ws_client_dial(struct lws_loop *loop, const struct ws_options *options,
	const struct ws_events *events, gpointer data)
{
	(void)loop;
	struct ws *ws = g_new0(struct ws, 1);
	ws->events = events;
	ws->data = data;
	ws->url = g_strdup(options->url);
	g_ptr_array_add(the_stage->sockets, ws);
	the_stage->open++;
	the_stage->most = MAX(the_stage->most, the_stage->open);
	return ws;
}

gboolean ws_send_text(struct ws *ws, const char *text, gsize length, guint64 token)
{
	(void)text;
	(void)length;
	(void)token;
	return ws->state == WS_OPEN;
}

gboolean ws_send_binary(struct ws *ws, const char *bytes, gsize length, guint64 token)
{
	return ws_send_text(ws, bytes, length, token);
}

int ws_refusal_status(const struct ws *ws)
{
	return ws->refusal;
}

gboolean ws_ping(struct ws *ws, const char *payload, gsize length)
{
	(void)payload;
	(void)length;
	ws->pings++;
	return TRUE;
}

void ws_close(struct ws *ws, unsigned code, const char *reason)
{
	assert_int_equal(code, 1000);
	assert_non_null(reason);
	ws->state = WS_CLOSING;
}

void ws_drop(struct ws *ws)
{
	ws->state = WS_CLOSED;
	ws->dropped = TRUE;
}

void ws_pause(struct ws *ws, gboolean paused)
{
	ws->paused = paused;
}

void ws_free(struct ws *ws)
{
	ws->state = WS_CLOSED;
	ws->events = NULL;
	the_stage->open--;
}

enum ws_state ws_get_state(const struct ws *ws)
{
	return ws->state;
}

/* --- the stage --- */

static void on_ask(struct link *link, gpointer data)
{
	(void)link;
	((struct stage *)data)->asks++;
}

static void on_unask(struct link *link, gpointer data)
{
	(void)link;
	((struct stage *)data)->unasks++;
}

static void on_message(struct link *link, guint line, const char *text, gsize length, gpointer data)
{
	struct stage *s = data;
	s->last_line = line;
	g_string_append_len(s->heard, text, (gssize)length);
	if (g_str_equal(text, "hello"))
		link_greeted(link, line);
}

static void on_covered(struct link *link, gboolean covered, int64_t heard_ms, gpointer data)
{
	(void)link;
	struct stage *s = data;
	s->covers++;
	s->covered = covered;
	s->heard_ms = heard_ms;
}

static void on_stopped(struct link *link, gpointer data)
{
	(void)link;
	((struct stage *)data)->stops++;
}

static const struct link_ops ops = {
	.ask = on_ask,
	.unask = on_unask,
	.message = on_message,
	.covered = on_covered,
	.stopped = on_stopped,
};

/* --- a platform with ways of its own --- */

static void on_opened(struct link *link, guint line, gpointer data)
{
	(void)data;
	link_greeted(link, line);
}

static void on_binary(struct link *link, guint line, const char *bytes, gsize length, gpointer data)
{
	struct stage *s = data;
	s->last_line = line;
	g_string_append_len(s->heard, bytes, (gssize)length);
	assert_true(link_send_binary(link, line, bytes, length, 0));
}

/* A ping every 100 s, 20 s for its answer. */
static int64_t on_pulse(struct link *link, guint line, int64_t silent_ms, gpointer data)
{
	(void)link;
	(void)line;
	struct stage *s = data;
	s->pulses++;
	s->silent_ms = silent_ms;
	return silent_ms >= SECONDS(120) ? -1 : silent_ms >= SECONDS(100) ? SECONDS(20) : SECONDS(100);
}

static enum link_cause on_refused(struct link *link, const struct ws *ws, int64_t *after_ms, gpointer data)
{
	(void)link;
	(void)data;
	assert_int_equal(*after_ms, -1);
	*after_ms = ws->refusal == 429 ? SECONDS(300) : -1;
	return ws->refusal == 403 ? LINK_SHUT : LINK_LOST;
}

static int64_t on_delay(struct link *link, unsigned attempt, gpointer data)
{
	(void)link;
	(void)data;
	return SECONDS(7) * (attempt + 1);
}

static const struct link_ops own_ops = {
	.ask = on_ask,
	.unask = on_unask,
	.opened = on_opened,
	.message = on_message,
	.binary = on_binary,
	.pulse = on_pulse,
	.refused = on_refused,
	.delay = on_delay,
	.covered = on_covered,
	.stopped = on_stopped,
};

static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* In steps, as time does pass, so that each timer gets its turn. */
static void pass(struct stage *s, int64_t ms)
{
	while (ms > 0) {
		clock_advance(s->clock, MIN(ms, 500));
		settle();
		ms -= 500;
	}
}

/* Until the link asks again; how long that took. */
static int64_t pass_the_wait(struct stage *s)
{
	int64_t began = clock_mono_ms(s->clock);
	while (link_get_state(s->link) == LINK_WAITING)
		pass(s, 500);
	return clock_mono_ms(s->clock) - began;
}

static struct ws *socket_at(const struct stage *s, unsigned i)
{
	assert_true(i < s->sockets->len);
	return s->sockets->pdata[i];
}

static struct ws *newest(const struct stage *s)
{
	return socket_at(s, s->sockets->len - 1);
}

static void open_up(struct ws *ws)
{
	ws->state = WS_OPEN;
	ws->events->opened(ws, ws->data);
}

static void say(struct ws *ws, const char *text)
{
	if (!ws->events)
		return;
	ws->events->alive(ws, ws->data);
	ws->events->message(ws, text, strlen(text), ws->data);
}

static void hang_up(struct ws *ws)
{
	ws->state = WS_CLOSED;
	if (ws->events)
		ws->events->closed(ws, WS_CODE_ABNORMAL, "gone", ws->data);
}

/* From ASKING to LIVE. Returns the line's number. */
static guint go_live(struct stage *s)
{
	assert_int_equal(link_get_state(s->link), LINK_ASKING);
	link_address(s->link, "wss://x/1");
	assert_int_equal(link_get_state(s->link), LINK_DIALING);
	open_up(newest(s));
	assert_int_equal(link_get_state(s->link), LINK_GREETING);
	say(newest(s), "hello");
	assert_int_equal(link_get_state(s->link), LINK_LIVE);
	return s->last_line;
}

static int set_up(void **state)
{
	struct stage *s = g_new0(struct stage, 1);
	the_stage = s;
	s->clock = clock_new_frozen(DAYS(20000));
	s->sockets = g_ptr_array_new();
	s->heard = g_string_new(NULL);
	s->link = link_new(&(struct link_options){ .name = "acme", .clock = s->clock }, &ops, s);
	link_start(s->link);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *s = *state;
	link_free(s->link);
	assert_int_equal(s->open, 0);
	for (unsigned i = 0; i < s->sockets->len; i++) {
		struct ws *ws = s->sockets->pdata[i];
		g_free(ws->url);
		g_free(ws);
	}
	g_ptr_array_free(s->sockets, TRUE);
	g_string_free(s->heard, TRUE);
	clock_free(s->clock);
	g_free(s);
	return 0;
}

static int set_up_own(void **state)
{
	set_up(state);
	struct stage *s = *state;
	link_free(s->link);
	s->link = link_new(&(struct link_options){ .name = "acme", .clock = s->clock }, &own_ops, s);
	link_start(s->link);
	return 0;
}

static void open_own(struct stage *s)
{
	link_address(s->link, "wss://x/1");
	open_up(newest(s));
	settle();
	assert_int_equal(link_get_state(s->link), LINK_LIVE);
}

/* --- the tests --- */

static void binary_messages_pass(void **state)
{
	struct stage *s = *state;
	open_own(s);
	newest(s)->events->binary(newest(s), "\0\1\2", 3, newest(s)->data);
	assert_int_equal(s->heard->len, 3);
	link_stop(s->link);
	newest(s)->events->binary(newest(s), "\0\1\2", 3, newest(s)->data);
	assert_int_equal(s->heard->len, 3);
}

static void nobody_wants_binary_messages_unasked(void **state)
{
	struct stage *s = *state;
	go_live(s);
	assert_null(newest(s)->events->binary);
}

static void a_pulse_of_its_own(void **state)
{
	struct stage *s = *state;
	open_own(s);
	assert_int_equal(s->pulses, 1); /* at once */
	pass(s, SECONDS(99));
	assert_int_equal(s->pulses, 1);
	pass(s, SECONDS(1));
	assert_int_equal(s->pulses, 2);
	assert_int_equal(s->silent_ms, SECONDS(100));
	pass(s, SECONDS(19));
	assert_false(newest(s)->dropped);
	pass(s, SECONDS(1));
	assert_true(newest(s)->dropped);
	assert_int_equal(newest(s)->pings, 0);
}

static void a_pulse_of_its_own_knows_no_silence_while_paused(void **state)
{
	struct stage *s = *state;
	open_own(s);
	link_pause(s->link, TRUE);
	pass(s, SECONDS(300));
	assert_int_equal(s->pulses, 4);
	assert_int_equal(s->silent_ms, 0);
	assert_false(newest(s)->dropped);
}

static void a_refusal_is_the_platforms_to_judge(void **state)
{
	static const struct {
		int status;
		int64_t wait_ms;
	} cases[] = { { 429, SECONDS(300) }, { 503, SECONDS(14) }, { 403, MINUTES(15) } };
	struct stage *s = *state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		link_address(s->link, "wss://x/1");
		newest(s)->refusal = cases[i].status;
		hang_up(newest(s));
		if (i == 0)
			pass(s, SECONDS(299));
		assert_int_equal(link_get_state(s->link), LINK_WAITING);
		int64_t waited = pass_the_wait(s) + (i == 0 ? SECONDS(299) : 0);
		assert_int_equal(waited, i == 1 ? SECONDS(14) : cases[i].wait_ms);
	}
}

static void a_delay_of_its_own(void **state)
{
	struct stage *s = *state;
	for (unsigned i = 0; i < 4; i++) {
		open_own(s);
		hang_up(newest(s));
		assert_int_equal(pass_the_wait(s), SECONDS(7) * (i + 1));
	}
}

static void goes_live(void **state)
{
	struct stage *s = *state;
	assert_int_equal(s->asks, 1);
	go_live(s);
	assert_true(s->covered);
	assert_int_equal(link_sockets(s->link), 1);
}

static void asks_anew_for_each_attempt(void **state)
{
	struct stage *s = *state;
	for (unsigned i = 1; i <= 6; i++) {
		assert_int_equal(s->asks, i);
		link_address(s->link, "wss://x/once");
		hang_up(newest(s));
		assert_int_equal(link_get_state(s->link), LINK_WAITING);
		pass_the_wait(s);
	}
}

static void first_try_after_a_loss_is_fast(void **state)
{
	struct stage *s = *state;
	go_live(s);
	hang_up(newest(s));
	assert_false(s->covered);
	pass(s, SECONDS(1));
	assert_int_equal(link_get_state(s->link), LINK_ASKING);
}

static void every_step_has_a_limit(void **state)
{
	struct stage *s = *state;
	pass(s, SECONDS(10));
	assert_int_equal(s->unasks, 1);
	assert_int_equal(link_get_state(s->link), LINK_WAITING);
	link_address(s->link, "wss://late/answer"); /* to a forgotten question */
	assert_int_equal(s->sockets->len, 0);
	pass(s, SECONDS(1));
	link_address(s->link, "wss://x/1");
	pass(s, SECONDS(10));
	assert_int_equal(link_get_state(s->link), LINK_WAITING);
	assert_int_equal(s->open, 0);
	pass(s, SECONDS(1));
	link_address(s->link, "wss://x/2");
	open_up(newest(s));
	pass(s, SECONDS(14));
	assert_int_equal(link_get_state(s->link), LINK_GREETING);
	pass(s, SECONDS(1));
	assert_int_equal(link_get_state(s->link), LINK_WAITING);
	assert_int_equal(s->open, 0);
}

static void backs_off_until_a_connection_held(void **state)
{
	struct stage *s = *state;
	for (unsigned i = 0; i < 5; i++) { /* 0-1, 1, 2, 4, 8 s: live in between does not count */
		go_live(s);
		hang_up(newest(s));
		pass_the_wait(s);
	}
	go_live(s);
	hang_up(newest(s));
	int64_t waited = pass_the_wait(s); /* 16 s, halved at most */
	assert_in_range(waited, SECONDS(8), SECONDS(16) + 500);
	go_live(s);
	for (unsigned i = 0; i < 6; i++) {
		pass(s, SECONDS(10));
		newest(s)->events->alive(newest(s), newest(s)->data);
	}
	hang_up(newest(s));
	pass(s, SECONDS(1));
	assert_int_equal(link_get_state(s->link), LINK_ASKING);
}

static void retry_after_beats_the_schedule(void **state)
{
	struct stage *s = *state;
	link_no_address(s->link, LINK_LOST, SECONDS(90), "ratelimited");
	pass(s, SECONDS(89));
	assert_int_equal(s->asks, 1);
	pass(s, SECONDS(1));
	assert_int_equal(s->asks, 2);
	link_no_address(s->link, LINK_LOST, 0, "ratelimited");
	assert_int_equal(link_get_state(s->link), LINK_WAITING);
	settle();
	assert_int_equal(s->asks, 2);
}

static void refused_credentials_leave_a_slow_probe(void **state)
{
	struct stage *s = *state;
	link_no_address(s->link, LINK_SHUT, -1, "invalid_auth");
	pass(s, MINUTES(14));
	assert_int_equal(s->asks, 1);
	pass(s, MINUTES(1));
	assert_int_equal(s->asks, 2);
}

static void the_successor_comes_first(void **state)
{
	struct stage *s = *state;
	guint old = go_live(s);
	link_leave(s->link, old, LINK_REFRESH, "warning");
	assert_int_equal(s->asks, 2);
	assert_true(s->covered);
	say(socket_at(s, 0), "an event");
	assert_int_equal(s->last_line, old);
	assert_true(link_send(s->link, old, "ack", 3, 0));
	guint next = go_live(s);
	assert_int_not_equal(old, next);
	assert_int_equal(link_sockets(s->link), 2);
	assert_true(link_send(s->link, old, "ack", 3, 0));
	link_leave(s->link, old, LINK_REFRESH, "refresh_requested"); /* says so again: nothing new */
	assert_int_equal(s->asks, 2);
	for (unsigned i = 0; i < 3; i++) {
		pass(s, SECONDS(10));
		say(socket_at(s, 0), "x");
		say(socket_at(s, 1), "y");
	}
	assert_int_equal(socket_at(s, 0)->state, WS_CLOSING);
	assert_false(link_send(s->link, old, "ack", 3, 0));
	hang_up(socket_at(s, 0));
	assert_int_equal(link_sockets(s->link), 1);
	assert_int_equal(s->covers, 1); /* covered once, and never not */
}

static void an_old_line_stays_until_its_successor_is_there(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_REFRESH, "warning");
	for (unsigned i = 0; i < 6; i++) { /* no address to be had for a minute */
		if (link_get_state(s->link) == LINK_ASKING)
			link_no_address(s->link, LINK_LOST, SECONDS(10), "internal_error");
		pass(s, SECONDS(10));
		say(socket_at(s, 0), "an event");
	}
	assert_int_equal(socket_at(s, 0)->state, WS_OPEN);
	assert_true(s->covered);
	if (link_get_state(s->link) == LINK_WAITING)
		pass(s, SECONDS(10));
	go_live(s);
	assert_int_equal(socket_at(s, 0)->state, WS_CLOSING);
	assert_int_equal(s->covers, 1);
}

static void the_server_may_close_the_old_line_at_once(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_REFRESH, "refresh_requested");
	hang_up(socket_at(s, 0));
	assert_false(s->covered);
	assert_int_equal(link_get_state(s->link), LINK_ASKING);
	go_live(s);
	assert_true(s->covered);
}

static void never_more_than_three(void **state)
{
	struct stage *s = *state;
	for (unsigned i = 0; i < 10; i++)
		link_leave(s->link, go_live(s), LINK_REFRESH, "warning");
	assert_true(s->most <= 3);
	assert_int_equal(s->covers, 1);
}

static void goodbye_before_the_greeting(void **state)
{
	struct stage *s = *state;
	for (enum link_cause cause = 0; cause < LINK_CAUSE_COUNT; cause++) {
		pass_the_wait(s);
		link_address(s->link, "wss://x/1");
		open_up(newest(s));
		link_leave(s->link, s->sockets->len, cause, "disconnect");
		assert_int_equal(link_get_state(s->link), LINK_WAITING);
		assert_int_equal(newest(s)->state, WS_CLOSING);
		hang_up(newest(s));
	}
	assert_int_equal(s->covers, 0);
}

static void crowded_waits_a_minute_at_least(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_CROWDED, "too_many_websockets");
	assert_int_equal(socket_at(s, 0)->state, WS_CLOSING);
	assert_in_range(pass_the_wait(s), SECONDS(60), SECONDS(120) + 500);
	assert_int_equal(s->asks, 2);
}

static void switched_off_is_probed_slowly(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_SHUT, "link_disabled");
	hang_up(socket_at(s, 0));
	pass(s, MINUTES(15) - 500);
	assert_int_equal(s->asks, 1);
	pass(s, 500);
	assert_int_equal(s->asks, 2);
}

static void shut_in_any_state(void **state)
{
	struct stage *s = *state;
	link_shut(s->link, "invalid_auth"); /* while asking */
	assert_int_equal(s->unasks, 1);
	link_shut(s->link, "invalid_auth"); /* while waiting */
	assert_int_equal(pass_the_wait(s), MINUTES(15));
	link_leave(s->link, go_live(s), LINK_REFRESH, "warning");
	go_live(s);
	link_shut(s->link, "token_revoked");
	assert_int_equal(socket_at(s, 0)->state, WS_CLOSING);
	assert_int_equal(socket_at(s, 1)->state, WS_CLOSING);
	assert_false(s->covered);
	hang_up(socket_at(s, 1));
	assert_int_equal(pass_the_wait(s), MINUTES(15));
}

static void an_unknown_reason_is_a_refresh_with_back_off(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_REPLACE, "moon phase");
	assert_int_equal(link_get_state(s->link), LINK_WAITING);
	assert_int_equal(socket_at(s, 0)->state, WS_OPEN);
	pass(s, SECONDS(1));
	go_live(s);
	assert_int_equal(s->covers, 1);
}

static void silence_closes_the_descriptor(void **state)
{
	struct stage *s = *state;
	go_live(s);
	int64_t last = clock_now_ms(s->clock);
	pass(s, SECONDS(39));
	assert_int_equal(socket_at(s, 0)->pings, 2);
	assert_false(socket_at(s, 0)->dropped);
	pass(s, SECONDS(1));
	assert_true(socket_at(s, 0)->dropped);
	hang_up(socket_at(s, 0));
	assert_false(s->covered);
	assert_int_equal(s->heard_ms, last);
	pass(s, SECONDS(1));
	assert_int_equal(link_get_state(s->link), LINK_ASKING);
}

static void any_frame_is_life(void **state)
{
	struct stage *s = *state;
	go_live(s);
	for (unsigned i = 0; i < 20; i++) {
		pass(s, SECONDS(39));
		newest(s)->events->alive(newest(s), newest(s)->data);
	}
	assert_false(socket_at(s, 0)->dropped);
	assert_int_equal(s->sockets->len, 1);
}

static void an_old_line_may_go_silent_too(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_REFRESH, "warning");
	for (unsigned i = 0; i < 4; i++) {
		link_no_address(s->link, LINK_LOST, SECONDS(10), "internal_error");
		pass(s, SECONDS(10));
	}
	assert_true(socket_at(s, 0)->dropped);
}

static void our_own_pause_is_no_silence(void **state)
{
	struct stage *s = *state;
	go_live(s);
	link_pause(s->link, TRUE);
	assert_true(socket_at(s, 0)->paused);
	pass(s, MINUTES(3));
	link_pause(s->link, FALSE);
	pass(s, SECONDS(39));
	assert_false(socket_at(s, 0)->dropped);
}

static void a_pause_holds_for_new_lines(void **state)
{
	struct stage *s = *state;
	link_pause(s->link, TRUE);
	link_address(s->link, "wss://x/1");
	assert_true(newest(s)->paused);
}

static void words_about_unknown_lines_are_ignored(void **state)
{
	struct stage *s = *state;
	guint line = go_live(s);
	link_greeted(s->link, 99);
	link_leave(s->link, 99, LINK_SHUT, "x");
	assert_false(link_send(s->link, 99, "x", 1, 0));
	link_greeted(s->link, line); /* a second hello */
	assert_int_equal(link_get_state(s->link), LINK_LIVE);
	link_no_address(s->link, LINK_SHUT, -1, "not asked");
	assert_int_equal(link_get_state(s->link), LINK_LIVE);
}

static void stops_when_all_lines_are_closed(void **state)
{
	struct stage *s = *state;
	link_leave(s->link, go_live(s), LINK_REFRESH, "warning");
	go_live(s);
	link_stop(s->link);
	assert_int_equal(s->stops, 0);
	hang_up(socket_at(s, 0));
	assert_int_equal(s->stops, 0);
	hang_up(socket_at(s, 1));
	assert_int_equal(s->stops, 1);
	pass(s, HOURS(1));
	assert_int_equal(s->sockets->len, 2);
}

static void stops_while_asking(void **state)
{
	struct stage *s = *state;
	link_stop(s->link);
	assert_int_equal(s->unasks, 1);
	assert_int_equal(s->stops, 1);
	link_address(s->link, "wss://x/1");
	link_no_address(s->link, LINK_LOST, -1, "x");
	assert_int_equal(s->sockets->len, 0);
}

/* Nobody shall find a sequence that asserts, leaks a socket or hangs: a thousand turns of chance. */
static void chance_finds_no_hole(void **state)
{
	struct stage *s = *state;
	GRand *chance = g_rand_new_with_seed(20260302);
	for (unsigned turn = 0; turn < 20000; turn++) {
		struct ws *ws = s->sockets->len ? socket_at(s, (unsigned)g_rand_int_range(chance,
								       MAX(0, (int)s->sockets->len - 4),
								       (int)s->sockets->len))
						: NULL;
		guint line = (guint)g_rand_int_range(
			chance, MAX(0, (int)s->sockets->len - 3), (int)s->sockets->len + 2);
		switch (g_rand_int_range(chance, 0, 11)) {
		case 0:
			link_address(s->link, "wss://x/1");
			break;
		case 1:
			link_no_address(
				s->link, g_rand_boolean(chance) ? LINK_LOST : LINK_SHUT, -1, "chance");
			break;
		case 2:
			if (ws && ws->events && ws->state == WS_DIALING)
				open_up(ws);
			break;
		case 3:
		case 4:
		case 5:
			if (ws && ws->events && ws->state == WS_OPEN)
				say(ws, "hello");
			break;
		case 6:
			link_leave(s->link, line,
				(enum link_cause)g_rand_int_range(chance, 0, LINK_CAUSE_COUNT), "chance");
			break;
		case 7:
			if (ws && ws->state != WS_DIALING)
				hang_up(ws);
			break;
		case 8:
			pass(s, 500);
			break;
		case 9:
			pass(s, SECONDS(g_rand_int_range(chance, 1, 20)));
			break;
		case 10:
			if (g_rand_int_range(chance, 0, 50) == 0)
				link_shut(s->link, "chance");
			else if (g_rand_int_range(chance, 0, 10) == 0)
				pass_the_wait(s);
			break;
		}
		g_string_truncate(s->heard, 0);
		assert_true(s->open <= 3);
	}
	g_rand_free(chance);
	pass(s, MINUTES(15));
	assert_true(s->asks > 100);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define OWN(name) cmocka_unit_test_setup_teardown(name, set_up_own, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(goes_live),
		T(asks_anew_for_each_attempt),
		T(first_try_after_a_loss_is_fast),
		T(every_step_has_a_limit),
		T(backs_off_until_a_connection_held),
		T(retry_after_beats_the_schedule),
		T(refused_credentials_leave_a_slow_probe),
		T(the_successor_comes_first),
		T(an_old_line_stays_until_its_successor_is_there),
		T(the_server_may_close_the_old_line_at_once),
		T(never_more_than_three),
		T(goodbye_before_the_greeting),
		T(crowded_waits_a_minute_at_least),
		T(switched_off_is_probed_slowly),
		T(shut_in_any_state),
		T(an_unknown_reason_is_a_refresh_with_back_off),
		T(silence_closes_the_descriptor),
		T(any_frame_is_life),
		T(an_old_line_may_go_silent_too),
		T(our_own_pause_is_no_silence),
		T(a_pause_holds_for_new_lines),
		T(words_about_unknown_lines_are_ignored),
		T(stops_when_all_lines_are_closed),
		T(stops_while_asking),
		T(chance_finds_no_hole),
		T(nobody_wants_binary_messages_unasked),
		OWN(binary_messages_pass),
		OWN(a_pulse_of_its_own),
		OWN(a_pulse_of_its_own_knows_no_silence_while_paused),
		OWN(a_refusal_is_the_platforms_to_judge),
		OWN(a_delay_of_its_own),
	};
	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
