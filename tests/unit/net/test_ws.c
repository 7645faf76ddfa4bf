/* SPDX-License-Identifier: MIT */
/* WebSockets over real loopback sockets: ws_client against http_server, and against a peer that misbehaves. */
#include "net/ws_client.h"

#include "connect_proxy.h"
#include "net_test.h"

/* Everything that one end saw. */
struct end {
	struct ws *ws;
	unsigned opened, messages, binaries, alive, oversized, sent, unsent, drained, closed;
	GString *last; /* message */
	gsize oversized_bytes;
	guint64 last_token;
	unsigned code;
	char *text;
	gboolean echo, free_in_message, close_in_message;
};

struct world {
	struct lws_loop *loop;
	struct http_server *server;
	struct end client, remote;
	unsigned upgrades, connections, refuse_with;
	const char *const *refusal_headers;
	char *path, *query;
};

static void end_opened(struct ws *ws, gpointer data)
{
	(void)ws;
	((struct end *)data)->opened++;
}

static void end_message(struct ws *ws, const char *text, gsize length, gpointer data)
{
	struct end *e = data;
	e->messages++;
	g_string_truncate(e->last, 0);
	g_string_append_len(e->last, text, (gssize)length);
	if (e->echo)
		assert_true(ws_send_text(ws, text, length, e->messages));
	if (e->close_in_message)
		ws_close(ws, 1000, "enough");
	if (e->free_in_message)
		g_clear_pointer(&e->ws, ws_free);
}

static void end_binary(struct ws *ws, const char *bytes, gsize length, gpointer data)
{
	struct end *e = data;
	e->binaries++;
	g_string_truncate(e->last, 0);
	g_string_append_len(e->last, bytes, (gssize)length);
	if (e->echo)
		assert_true(ws_send_binary(ws, bytes, length, e->binaries));
}

static void end_alive(struct ws *ws, gpointer data)
{
	(void)ws;
	((struct end *)data)->alive++;
}

static void end_oversized(struct ws *ws, gsize bytes, gpointer data)
{
	(void)ws;
	struct end *e = data;
	e->oversized++;
	e->oversized_bytes = bytes;
}

static void end_sent(struct ws *ws, guint64 token, gboolean written, gpointer data)
{
	(void)ws;
	struct end *e = data;
	assert_int_equal(e->closed, 0);
	written ? e->sent++ : e->unsent++;
	e->last_token = token;
}

static void end_drained(struct ws *ws, gpointer data)
{
	(void)ws;
	((struct end *)data)->drained++;
}

static void end_closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)ws;
	struct end *e = data;
	e->closed++;
	e->code = code;
	g_free(e->text);
	e->text = g_strdup(text);
}

static const struct ws_events end_events = {
	.opened = end_opened,
	.message = end_message,
	.alive = end_alive,
	.oversized = end_oversized,
	.sent = end_sent,
	.drained = end_drained,
	.closed = end_closed,
};

/* The same for who wants binary messages too. */
static const struct ws_events binary_events = {
	.opened = end_opened,
	.message = end_message,
	.binary = end_binary,
	.alive = end_alive,
	.oversized = end_oversized,
	.sent = end_sent,
	.drained = end_drained,
	.closed = end_closed,
};

static int on_upgrade(const struct http_call *call, gpointer data)
{
	struct world *w = data;
	w->upgrades++;
	g_free(w->path);
	g_free(w->query);
	w->path = g_strdup(http_call_path(call));
	w->query = g_strdup(http_call_query(call));
	if (w->refuse_with)
		http_call_refuse_with(call, w->refusal_headers);
	return (int)w->refuse_with;
}

static void on_connected(struct ws *ws, const struct http_call *call, gpointer data)
{
	struct world *w = data;
	w->connections++;
	assert_string_equal(http_call_path(call), w->path);
	ws_free(w->remote.ws);
	w->remote.ws = ws;
	ws_set_events(ws, &end_events, &w->remote);
}

static void on_request(struct http_call *call, gpointer data)
{
	(void)data;
	http_reply(call, 404, NULL, "", 0);
}

static const struct http_server_events server_events = {
	.request = on_request,
	.upgrade = on_upgrade,
	.connected = on_connected,
};

static struct world *world_new_with(const struct http_server_options *options)
{
	struct world *w = g_new0(struct world, 1);
	g_autoptr(GError) error = NULL;
	w->loop = test_loop();
	w->server = http_server_new(w->loop, options, &server_events, w, &error);
	if (!w->server)
		fail_msg("%s", error->message);
	w->client.last = g_string_new(NULL);
	w->remote.last = g_string_new(NULL);
	return w;
}

static struct world *world_new(void)
{
	return world_new_with(&(struct http_server_options){ 0 });
}

static void end_clear(struct end *e)
{
	ws_free(e->ws);
	g_string_free(e->last, TRUE);
	g_free(e->text);
}

static void world_free(struct world *w)
{
	end_clear(&w->client);
	end_clear(&w->remote);
	http_server_free(w->server);
	lws_loop_free(w->loop);
	g_free(w->path);
	g_free(w->query);
	g_free(w);
}

static void dial_with(struct world *w, struct ws_options *options, const char *scheme, const char *host)
{
	g_autofree char *url = g_strdup_printf(
		"%s://%s:%u/link/?ticket=a-b&app_id=%%2Fx", scheme, host, http_server_port(w->server));
	options->url = url;
	w->client.ws = ws_client_dial(w->loop, options, &end_events, &w->client);
}

static void dial(struct world *w)
{
	dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", "127.0.0.1");
}

static void open_both(struct world *w)
{
	dial(w);
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
}

static char *text_of(gsize length)
{
	char *text = g_malloc(length + 1);
	for (gsize i = 0; i < length; i++)
		text[i] = (char)('a' + i % 23);
	text[length] = '\0';
	return text;
}

static void expect_last(const struct end *e, const char *text, gsize length)
{
	assert_int_equal(e->last->len, length);
	assert_memory_equal(e->last->str, text, length);
}

/* --- plain --- */

static void messages_go_both_ways(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	assert_string_equal(w->path, "/link/");
	assert_string_equal(w->query, "ticket=a-b&app_id=/x");
	assert_int_equal(ws_get_state(w->client.ws), WS_OPEN);
	w->remote.echo = TRUE;
	assert_true(ws_send_text(w->client.ws, "{\"ä\":1}", 8, 77));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, "{\"ä\":1}", 8);
	assert_int_equal(w->client.sent, 1);
	assert_int_equal(w->client.last_token, 77);
	assert_int_equal(w->client.drained, 1);
	assert_int_equal(ws_waiting_bytes(w->client.ws), 0);
	assert_true(w->client.alive > 0);
	world_free(w);
}

static void binary_messages_go_both_ways(void **state)
{
	static const char bytes[] = "\x08\x00\xff\x00\n";
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_set_events(w->client.ws, &binary_events, &w->client);
	ws_set_events(w->remote.ws, &binary_events, &w->remote);
	w->remote.echo = TRUE;
	assert_true(ws_send_binary(w->client.ws, bytes, 5, 77));
	run_until(&w->client.binaries, 1);
	expect_last(&w->client, bytes, 5);
	assert_int_equal(w->client.last_token, 77);
	assert_true(ws_send_text(w->client.ws, "text", 4, 78));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, "text", 4);
	assert_int_equal(w->client.binaries, 1);
	assert_int_equal(w->remote.binaries, 1);
	world_free(w);
}

static void binary_messages_that_nobody_wants_are_ignored(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	assert_true(ws_send_binary(w->remote.ws, "\0\1", 2, 0));
	assert_true(ws_send_text(w->remote.ws, "text", 4, 0));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, "text", 4);
	assert_int_equal(w->client.oversized, 0);
	world_free(w);
}

static void binary_messages_come_in_pieces_and_have_a_limit(void **state)
{
	(void)state;
	struct world *w = world_new_with(&(struct http_server_options){ .fragment_bytes = 1000 });
	dial_with(w, &(struct ws_options){ .proxy = "", .max_message_bytes = 50000 }, "ws", "127.0.0.1");
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
	ws_set_events(w->client.ws, &binary_events, &w->client);
	g_autofree char *bytes = text_of(50001);
	assert_true(ws_send_binary(w->remote.ws, bytes, 50001, 0));
	assert_true(ws_send_binary(w->remote.ws, bytes, 50000, 0));
	run_until(&w->client.binaries, 1);
	expect_last(&w->client, bytes, 50000);
	assert_int_equal(w->client.oversized, 1);
	assert_int_equal(w->client.oversized_bytes, 50001);
	world_free(w);
}

static void order_is_kept_over_a_thousand_messages(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	w->remote.echo = TRUE;
	for (unsigned i = 1; i <= 1000; i++) {
		g_autofree char *text = g_strdup_printf("%u", i);
		assert_true(ws_send_text(w->client.ws, text, strlen(text), i));
	}
	run_until(&w->client.messages, 1000);
	expect_last(&w->client, "1000", 4);
	assert_int_equal(w->client.sent, 1000);
	assert_int_equal(w->client.last_token, 1000);
	world_free(w);
}

static void a_slow_reader_gets_everything_in_order(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	g_autofree char *text = text_of(100000);
	ws_pause(w->client.ws, TRUE);
	for (unsigned i = 1; i <= 120; i++) /* more than the kernel takes, so that rests are kept in between */
		assert_true(ws_send_text(w->remote.ws, text, 100000 - i, i));
	run_until(&w->remote.sent, 1);
	assert_true(w->remote.sent < 120);
	ws_pause(w->client.ws, FALSE);
	run_until(&w->client.messages, 120);
	run_until(&w->remote.sent, 120);
	expect_last(&w->client, text, 100000 - 120);
	assert_int_equal(w->remote.last_token, 120);
	world_free(w);
}

static void what_is_too_long_is_not_sent(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	g_autofree char *text = text_of(20001);
	assert_false(ws_send_text(w->client.ws, text, 20001, 1));
	assert_true(ws_send_text(w->client.ws, text, 20000, 2));
	run_until(&w->remote.messages, 1);
	expect_last(&w->remote, text, 20000);
	assert_int_equal(w->client.last_token, 2);
	world_free(w);
}

static void a_full_line_refuses(void **state)
{
	(void)state;
	struct world *w = world_new();
	dial_with(w, &(struct ws_options){ .proxy = "", .max_waiting_bytes = 100 }, "ws", "127.0.0.1");
	g_autofree char *text = text_of(60);
	assert_false(ws_send_text(w->client.ws, text, 60, 0)); /* not open yet */
	run_until(&w->client.opened, 1);
	assert_true(ws_send_text(w->client.ws, text, 60, 1));
	assert_false(ws_send_text(w->client.ws, text, 60, 2));
	assert_int_equal(ws_waiting_bytes(w->client.ws), 60);
	run_until(&w->client.drained, 1);
	assert_true(ws_send_text(w->client.ws, text, 60, 3));
	run_until(&w->remote.messages, 2);
	world_free(w);
}

static void exchange_a_mebibyte(struct world *w)
{
	gsize length = 1024 * 1024;
	g_autofree char *text = text_of(length);
	assert_true(ws_send_text(w->remote.ws, text, length, 9));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, text, length);
	assert_int_equal(w->remote.sent, 1);
	assert_true(ws_send_text(w->client.ws, text, length, 5));
	run_until(&w->remote.messages, 1);
	expect_last(&w->remote, text, length);
	assert_int_equal(w->client.last_token, 5);
}

static void large_frames_pass(void **state)
{
	(void)state;
	struct world *w = world_new();
	dial_with(w, &(struct ws_options){ .proxy = "", .max_send_bytes = 1024 * 1024 }, "ws", "127.0.0.1");
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
	exchange_a_mebibyte(w);
	world_free(w);
}

static void fragments_are_collected(void **state)
{
	(void)state;
	struct world *w = world_new_with(&(struct http_server_options){ .fragment_bytes = 1000 });
	open_both(w);
	g_autofree char *text = text_of(12345);
	assert_true(ws_send_text(w->remote.ws, text, 12345, 1));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, text, 12345);
	assert_true(ws_send_text(w->remote.ws, "x", 1, 2));
	run_until(&w->client.messages, 2);
	expect_last(&w->client, "x", 1);
	world_free(w);
}

static void oversized_messages_are_dropped_and_the_connection_kept(void **state)
{
	(void)state;
	struct world *w = world_new();
	dial_with(w, &(struct ws_options){ .proxy = "", .max_message_bytes = 50000 }, "ws", "127.0.0.1");
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
	g_autofree char *text = text_of(300000);
	assert_true(ws_send_text(w->remote.ws, text, 300000, 0));
	assert_true(ws_send_text(w->remote.ws, text, 50000, 0));
	run_until(&w->client.messages, 1);
	assert_int_equal(w->client.oversized, 1);
	assert_int_equal(w->client.oversized_bytes, 300000);
	expect_last(&w->client, text, 50000);
	world_free(w);
}

static void a_paused_end_receives_nothing_until_resumed(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_pause(w->client.ws, TRUE);
	for (unsigned i = 0; i < 50; i++)
		assert_true(ws_send_text(w->remote.ws, "again", 5, 0));
	run_until(&w->remote.drained, 1);
	busy_turns_in(30);
	assert_int_equal(w->client.messages, 0);
	ws_pause(w->client.ws, FALSE);
	run_until(&w->client.messages, 50);
	world_free(w);
}

static void pause_in_message(struct ws *ws, const char *text, gsize length, gpointer data)
{
	end_message(ws, text, length, data);
	ws_pause(ws, TRUE);
}

static const struct ws_events pausing_events = { .message = pause_in_message, .closed = end_closed };

/* libwebsockets keeps what it has already read: it must come out one by one, without more from the socket. */
static void a_pause_between_messages_that_came_together_holds(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_set_events(w->client.ws, &pausing_events, &w->client);
	for (unsigned i = 0; i < 5; i++)
		assert_true(ws_send_text(w->remote.ws, "together", 8, 0));
	for (unsigned i = 1; i <= 5; i++) {
		run_until(&w->client.messages, i);
		busy_turns_in(5);
		assert_int_equal(w->client.messages, i);
		ws_pause(w->client.ws, FALSE);
	}
	world_free(w);
}

/* --- ends --- */

static void a_ping_is_answered_and_counts_as_life(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	unsigned client = w->client.alive, remote = w->remote.alive;
	assert_true(ws_ping(w->client.ws, "Ping from us", 12));
	RUN_WHILE(w->client.alive == client || w->remote.alive == remote);
	assert_int_equal(w->client.messages, 0);
	assert_true(ws_silent_ms(w->client.ws) >= 0);
	g_autofree char *long_payload = text_of(126);
	assert_false(ws_ping(w->client.ws, long_payload, 126));
	world_free(w);
}

static void the_peers_code_and_reason_are_told(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_close(w->remote.ws, 4321, "refresh");
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.code, 4321);
	assert_string_equal(w->client.text, "refresh");
	run_until(&w->remote.closed, 1);
	assert_int_equal(w->remote.code, 4321);
	assert_int_equal(ws_get_state(w->client.ws), WS_CLOSED);
	assert_false(ws_send_text(w->client.ws, "x", 1, 0));
	world_free(w);
}

static void a_close_sends_what_waits_first(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	for (unsigned i = 1; i <= 20; i++)
		assert_true(ws_send_text(w->client.ws, "last words", 10, i));
	ws_close(w->client.ws, 1001, NULL);
	assert_int_equal(ws_get_state(w->client.ws), WS_CLOSING);
	run_until(&w->client.closed, 1);
	run_until(&w->remote.closed, 1);
	assert_int_equal(w->remote.messages, 20);
	assert_int_equal(w->remote.code, 1001);
	assert_int_equal(w->client.sent, 20);
	world_free(w);
}

static void a_dropped_end_reports_1006_on_both_sides(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_drop(w->remote.ws);
	assert_int_equal(w->remote.closed, 0); /* never from inside */
	assert_int_equal(ws_get_state(w->remote.ws), WS_CLOSED);
	run_until(&w->client.closed, 1);
	run_until(&w->remote.closed, 1);
	assert_int_equal(w->client.code, 1006);
	assert_int_equal(w->remote.code, 1006);
	busy_turns_in(10);
	assert_int_equal(w->client.closed, 1);
	world_free(w);
}

static void what_was_not_written_is_told_before_the_end(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	/* More than the kernel's buffers take while the other end does not read. */
	ws_pause(w->client.ws, TRUE);
	g_autofree char *text = text_of(8 * 1024 * 1024);
	for (unsigned i = 1; i <= 3; i++)
		assert_true(ws_send_text(w->remote.ws, text, 8 * 1024 * 1024, i));
	busy_turns_in(50);
	ws_drop(w->remote.ws);
	run_until(&w->remote.closed, 1);
	assert_true(w->remote.unsent >= 1);
	assert_int_equal(w->remote.sent + w->remote.unsent, 3);
	assert_int_equal(w->remote.last_token, 3);
	ws_pause(w->client.ws, FALSE);
	run_until(&w->client.closed, 1);
	world_free(w);
}

static void a_server_that_is_freed_ends_its_connections(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	http_server_free(g_steal_pointer(&w->server));
	run_until(&w->remote.closed, 1);
	run_until(&w->client.closed, 1);
	assert_int_equal(w->remote.code, 1006);
	world_free(w);
}

static void an_end_may_be_freed_in_its_callback(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	w->client.free_in_message = TRUE;
	assert_true(ws_send_text(w->remote.ws, "1", 1, 0));
	assert_true(ws_send_text(w->remote.ws, "2", 1, 0));
	run_until(&w->remote.closed, 1);
	assert_int_equal(w->client.messages, 1);
	assert_null(w->client.ws);
	assert_int_equal(w->client.closed, 0);
	world_free(w);
}

static void an_end_may_close_in_its_callback(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	w->client.close_in_message = TRUE;
	assert_true(ws_send_text(w->remote.ws, "1", 1, 0));
	run_until(&w->remote.closed, 1);
	run_until(&w->client.closed, 1);
	assert_int_equal(w->remote.code, 1000);
	assert_string_equal(w->remote.text, "enough");
	world_free(w);
}

/* The other end of a connection is freed in the callback of this one: two that libwebsockets served in one go. */
static void free_other(struct ws *ws, const char *text, gsize length, gpointer data)
{
	(void)ws;
	(void)text;
	(void)length;
	struct world *w = data;
	w->client.messages++;
	g_clear_pointer(&w->remote.ws, ws_free);
}

static const struct ws_events freeing_events = { .message = free_other };

static void an_end_may_be_freed_in_the_callback_of_another(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	ws_set_events(w->client.ws, &freeing_events, w);
	assert_true(ws_send_text(w->client.ws, "crossing", 8, 0));
	assert_true(ws_send_text(w->remote.ws, "crossing", 8, 0));
	run_until(&w->client.messages, 1);
	RUN_WHILE(ws_get_state(w->client.ws) != WS_CLOSED);
	world_free(w);
}

/* --- half-open and refusing peers --- */

static const char *const upgrade_answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: "
					  "websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";

/* Answers the upgrade rightly, then is silent for ever. */
static struct raw_step upgrade_then_silence(
	unsigned connection, const char *bytes, gsize length, gpointer data)
{
	(void)connection;
	(void)length;
	char **answer = data;
	const char *key = strstr(bytes, "Sec-WebSocket-Key: ");
	if (!key || *answer || !strstr(bytes, "\r\n\r\n"))
		return (struct raw_step){ 0 };
	g_autofree char *only = g_strndup(key + 19, strcspn(key + 19, "\r"));
	g_autofree char *both = g_strconcat(only, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize size = sizeof digest;
	g_checksum_update(sum, (const guchar *)both, (gssize)strlen(both));
	g_checksum_get_digest(sum, digest, &size);
	g_autofree char *code = g_base64_encode(digest, size);
	/* With the first message right behind the upgrade, in one packet. */
	*answer = g_strconcat(upgrade_answer, code, "\r\n\r\n\x81\x05hello", NULL);
	return (struct raw_step){ .answer = *answer };
}

static void dial_peer(struct world *w, struct raw_peer *peer)
{
	g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%u/", raw_peer_port(peer));
	w->client.ws = ws_client_dial(
		w->loop, &(struct ws_options){ .url = url, .proxy = "" }, &end_events, &w->client);
}

static void a_message_right_behind_the_upgrade_is_seen(void **state)
{
	(void)state;
	struct world *w = world_new();
	char *answer = NULL;
	struct raw_peer *peer = raw_peer_new(upgrade_then_silence, &answer);
	dial_peer(w, peer);
	run_until(&w->client.messages, 1);
	expect_last(&w->client, "hello", 5);
	assert_int_equal(w->client.opened, 1);
	world_free(w);
	raw_peer_free(peer);
	g_free(answer);
}

static void a_close_does_not_wait_for_a_silent_peer(void **state)
{
	(void)state;
	struct world *w = world_new();
	char *answer = NULL;
	struct raw_peer *peer = raw_peer_new(upgrade_then_silence, &answer);
	dial_peer(w, peer);
	run_until(&w->client.opened, 1);
	gint64 start_us = g_get_monotonic_time();
	ws_close(w->client.ws, 1000, "bye");
	run_until(&w->client.closed, 1);
	assert_true(g_get_monotonic_time() - start_us >= 1400000);
	assert_int_equal(w->client.code, 1006);
	world_free(w);
	raw_peer_free(peer);
	g_free(answer);
}

static void a_silent_peer_is_dropped_at_once(void **state)
{
	(void)state;
	struct world *w = world_new();
	char *answer = NULL;
	struct raw_peer *peer = raw_peer_new(upgrade_then_silence, &answer);
	dial_peer(w, peer);
	run_until(&w->client.opened, 1);
	assert_true(ws_send_text(w->client.ws, "unheard", 7, 1));
	ws_drop(w->client.ws);
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.unsent, 1);
	world_free(w);
	raw_peer_free(peer);
	g_free(answer);
}

static struct raw_step never(unsigned connection, const char *bytes, gsize length, gpointer data)
{
	(void)connection;
	(void)bytes;
	(void)length;
	(void)data;
	return (struct raw_step){ 0 };
}

static void a_dial_without_an_answer_can_be_dropped_and_freed(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw_peer *peer = raw_peer_new(never, NULL);
	dial_peer(w, peer);
	RUN_WHILE(raw_peer_accepted(peer) < 1);
	ws_drop(w->client.ws);
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.code, 1006);
	ws_free(w->client.ws);
	dial_peer(w, peer);
	RUN_WHILE(raw_peer_accepted(peer) < 2);
	world_free(w);
	raw_peer_free(peer);
}

static void a_drop_while_the_name_is_resolved_is_quiet(void **state)
{
	(void)state;
	struct world *w = world_new();
	for (int i = 0; i < 20; i++) {
		dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", "localhost");
		if (i % 2)
			ws_drop(w->client.ws);
		if (i % 3)
			turn_once();
		g_clear_pointer(&w->client.ws, ws_free);
	}
	busy_turns_in(50);
	assert_int_equal(w->client.opened, 0);
	world_free(w);
}

static void a_name_server_that_is_silent_does_not_hold_up_the_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	names_hold();
	dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", SLOW_NAME);
	RUN_WHILE(names_held() < 1);
	g_clear_pointer(&w->client.ws, ws_free);
	dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", SLOW_NAME);
	RUN_WHILE(names_held() < 2);
	ws_drop(w->client.ws);
	run_until(&w->client.closed, 1);
	g_clear_pointer(&w->client.ws, ws_free);
	dial(w);
	run_until(&w->client.opened, 1);
	assert_int_equal(names_held(), 2);
	names_release();
	busy_turns_in(20);
	assert_int_equal(w->client.closed, 1);
	world_free(w);
}

static void names_that_do_not_exist_are_reported(void **state)
{
	(void)state;
	struct world *w = world_new();
	dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", "nowhere.invalid");
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.code, 1006);
	assert_non_null(strstr(w->client.text, "cannot resolve 'nowhere.invalid'"));
	world_free(w);
}

static void localhost_is_found_whatever_its_first_address(void **state)
{
	(void)state;
	/* The server has IPv4 only; where localhost is ::1 first, the second address is tried. */
	struct world *w = world_new();
	dial_with(w, &(struct ws_options){ .proxy = "" }, "ws", "localhost");
	run_until(&w->client.opened, 1);
	world_free(w);
}

static void nobody_listening_is_reported(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw_peer *peer = raw_peer_new(never, NULL);
	g_autofree char *url = g_strdup_printf("ws://127.0.0.1:%u/", raw_peer_port(peer));
	raw_peer_free(peer);
	w->client.ws = ws_client_dial(
		w->loop, &(struct ws_options){ .url = url, .proxy = "" }, &end_events, &w->client);
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.code, 1006);
	assert_int_equal(w->client.opened, 0);
	world_free(w);
}

static void a_refused_upgrade_tells_its_status(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->refuse_with = 403;
	dial(w);
	run_until(&w->client.closed, 1);
	assert_non_null(strstr(w->client.text, "403"));
	assert_int_equal(w->connections, 0);
	world_free(w);
}

static void a_refused_upgrade_tells_the_headers_wanted(void **state)
{
	static const char *const told[] = { "Handshake-Status: 514", "Handshake-Msg: exceeded", NULL };
	static const char *const wanted[] = { "handshake-status", "handshake-autherrcode", NULL };
	(void)state;
	struct world *w = world_new();
	w->refuse_with = 400;
	w->refusal_headers = told;
	dial_with(w, &(struct ws_options){ .proxy = "", .refusal_headers = wanted }, "ws", "127.0.0.1");
	run_until(&w->client.closed, 1);
	assert_int_equal(ws_refusal_status(w->client.ws), 400);
	assert_string_equal(ws_refusal_header(w->client.ws, "handshake-status"), "514");
	assert_null(ws_refusal_header(w->client.ws, "handshake-autherrcode"));
	assert_null(ws_refusal_header(w->client.ws, "handshake-msg"));
	world_free(w);
}

static void urls_that_are_none_are_reported(void **state)
{
	(void)state;
	static const char *const urls[] = { "", "http://127.0.0.1/", "ws://", "wss://:1/", "nonsense" };
	struct world *w = world_new();
	for (gsize i = 0; i < G_N_ELEMENTS(urls); i++) {
		struct ws *ws = ws_client_dial(
			w->loop, &(struct ws_options){ .url = urls[i] }, &end_events, &w->client);
		assert_int_equal(w->client.closed, i);
		run_until(&w->client.closed, (unsigned)i + 1);
		assert_non_null(strstr(w->client.text, "cannot dial"));
		ws_free(ws);
	}
	world_free(w);
}

/* --- TLS --- */

static struct world *tls_world(const char *name)
{
	g_autofree char *cert = g_strconcat(name, ".pem", NULL), *key = g_strconcat(name, ".key", NULL);
	return world_new_with(&(struct http_server_options){
		.cert_file = certificate(cert), .key_file = certificate(key) });
}

static void large_frames_pass_over_tls(void **state)
{
	(void)state;
	struct world *w = tls_world("server");
	dial_with(w,
		&(struct ws_options){
			.proxy = "", .ca_file = certificate("ca.pem"), .max_send_bytes = 1024 * 1024 },
		"wss", "localhost");
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
	exchange_a_mebibyte(w);
	ws_close(w->client.ws, 1000, NULL);
	run_until(&w->client.closed, 1);
	run_until(&w->remote.closed, 1);
	assert_int_equal(w->remote.code, 1000);
	world_free(w);
}

static void fragments_are_collected_over_tls(void **state)
{
	(void)state;
	struct world *w =
		world_new_with(&(struct http_server_options){ .cert_file = certificate("server.pem"),
			.key_file = certificate("server.key"),
			.fragment_bytes = 5000 });
	dial_with(
		w, &(struct ws_options){ .proxy = "", .ca_file = certificate("ca.pem") }, "wss", "127.0.0.1");
	run_until(&w->connections, 1);
	g_autofree char *text = text_of(300000);
	assert_true(ws_send_text(w->remote.ws, text, 300000, 1));
	run_until(&w->client.messages, 1);
	expect_last(&w->client, text, 300000);
	world_free(w);
}

static void expect_refused(const char *server, const char *ca_file, const char *why)
{
	struct world *w = tls_world(server);
	dial_with(w, &(struct ws_options){ .proxy = "", .ca_file = ca_file }, "wss", "localhost");
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.opened, 0);
	assert_int_equal(w->upgrades, 0);
	if (!strstr(w->client.text, why))
		fail_msg("'%s' does not say '%s'", w->client.text, why);
	world_free(w);
}

static void a_strangers_certificate_is_refused(void **state)
{
	(void)state;
	expect_refused("server", certificate("stranger-ca.pem"), "unable to get local issuer certificate");
}

static void the_systems_authorities_do_not_know_it(void **state)
{
	(void)state;
	expect_refused("server", NULL, "unable to get local issuer certificate");
}

static void a_certificate_for_another_name_is_refused(void **state)
{
	(void)state;
	expect_refused("elsewhere", certificate("ca.pem"), "hostname mismatch");
}

static void a_missing_ca_file_is_reported(void **state)
{
	(void)state;
	expect_refused("server", "/nowhere/ca.pem", "cannot read authorities from '/nowhere/ca.pem'");
}

static void a_dial_is_dropped_in_the_middle_of_tls(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw_peer *peer = raw_peer_new(never, NULL);
	g_autofree char *url = g_strdup_printf("wss://127.0.0.1:%u/", raw_peer_port(peer));
	w->client.ws = ws_client_dial(
		w->loop, &(struct ws_options){ .url = url, .proxy = "" }, &end_events, &w->client);
	RUN_WHILE(raw_peer_accepted(peer) < 1);
	busy_turns_in(20);
	ws_drop(w->client.ws);
	run_until(&w->client.closed, 1);
	world_free(w);
	raw_peer_free(peer);
}

/* --- proxies --- */

static void through_proxy(const char *scheme, const char *user)
{
	struct world *w = g_str_equal(scheme, "wss") ? tls_world("server") : world_new();
	struct connect_proxy *proxy = connect_proxy_new(user);
	g_autofree char *url = g_strdup_printf(
		"http://%s%s127.0.0.1:%u", user ? user : "", user ? "@" : "", connect_proxy_port(proxy));
	dial_with(w, &(struct ws_options){ .proxy = url, .ca_file = certificate("ca.pem") }, scheme,
		"localhost");
	run_until(&w->client.opened, 1);
	run_until(&w->connections, 1);
	w->remote.echo = TRUE;
	assert_true(ws_send_text(w->client.ws, "through", 7, 0));
	run_until(&w->client.messages, 1);
	assert_int_equal(connect_proxy_tunnels(proxy), 1);
	g_autofree char *target = g_strdup_printf("localhost:%u", http_server_port(w->server));
	assert_string_equal(connect_proxy_last_target(proxy), target);
	world_free(w);
	connect_proxy_free(proxy);
}

static void a_proxy_is_gone_through(void **state)
{
	(void)state;
	through_proxy("ws", NULL);
	through_proxy("wss", NULL);
	through_proxy("wss", "user:secret");
}

static void a_proxy_that_refuses_is_reported(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct connect_proxy *proxy = connect_proxy_new("user:secret");
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", connect_proxy_port(proxy));
	dial_with(w, &(struct ws_options){ .proxy = url }, "ws", "localhost");
	run_until(&w->client.closed, 1);
	assert_int_equal(w->client.opened, 0);
	world_free(w);
	connect_proxy_free(proxy);
}

/* --- quiet --- */

static void an_idle_connection_does_not_turn_the_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	open_both(w);
	busy_turns_in(50); /* what is left of the upgrade */
	assert_in_range(busy_turns_in(300), 0, 20);
	world_free(w);
}

static int remove_files(void **state)
{
	(void)state;
	certificates_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_go_both_ways),
		cmocka_unit_test(binary_messages_go_both_ways),
		cmocka_unit_test(binary_messages_that_nobody_wants_are_ignored),
		cmocka_unit_test(binary_messages_come_in_pieces_and_have_a_limit),
		cmocka_unit_test(order_is_kept_over_a_thousand_messages),
		cmocka_unit_test(a_slow_reader_gets_everything_in_order),
		cmocka_unit_test(what_is_too_long_is_not_sent),
		cmocka_unit_test(a_full_line_refuses),
		cmocka_unit_test(large_frames_pass),
		cmocka_unit_test(fragments_are_collected),
		cmocka_unit_test(oversized_messages_are_dropped_and_the_connection_kept),
		cmocka_unit_test(a_paused_end_receives_nothing_until_resumed),
		cmocka_unit_test(a_pause_between_messages_that_came_together_holds),
		cmocka_unit_test(a_ping_is_answered_and_counts_as_life),
		cmocka_unit_test(the_peers_code_and_reason_are_told),
		cmocka_unit_test(a_close_sends_what_waits_first),
		cmocka_unit_test(a_dropped_end_reports_1006_on_both_sides),
		cmocka_unit_test(what_was_not_written_is_told_before_the_end),
		cmocka_unit_test(a_server_that_is_freed_ends_its_connections),
		cmocka_unit_test(an_end_may_be_freed_in_its_callback),
		cmocka_unit_test(an_end_may_close_in_its_callback),
		cmocka_unit_test(an_end_may_be_freed_in_the_callback_of_another),
		cmocka_unit_test(a_message_right_behind_the_upgrade_is_seen),
		cmocka_unit_test(a_close_does_not_wait_for_a_silent_peer),
		cmocka_unit_test(a_silent_peer_is_dropped_at_once),
		cmocka_unit_test(a_dial_without_an_answer_can_be_dropped_and_freed),
		cmocka_unit_test(a_drop_while_the_name_is_resolved_is_quiet),
		cmocka_unit_test(a_name_server_that_is_silent_does_not_hold_up_the_loop),
		cmocka_unit_test(names_that_do_not_exist_are_reported),
		cmocka_unit_test(localhost_is_found_whatever_its_first_address),
		cmocka_unit_test(nobody_listening_is_reported),
		cmocka_unit_test(a_refused_upgrade_tells_its_status),
		cmocka_unit_test(a_refused_upgrade_tells_the_headers_wanted),
		cmocka_unit_test(urls_that_are_none_are_reported),
		cmocka_unit_test(large_frames_pass_over_tls),
		cmocka_unit_test(fragments_are_collected_over_tls),
		cmocka_unit_test(a_strangers_certificate_is_refused),
		cmocka_unit_test(the_systems_authorities_do_not_know_it),
		cmocka_unit_test(a_certificate_for_another_name_is_refused),
		cmocka_unit_test(a_missing_ca_file_is_reported),
		cmocka_unit_test(a_dial_is_dropped_in_the_middle_of_tls),
		cmocka_unit_test(a_proxy_is_gone_through),
		cmocka_unit_test(a_proxy_that_refuses_is_reported),
		cmocka_unit_test(an_idle_connection_does_not_turn_the_loop),
	};
	return cmocka_run_group_tests(tests, NULL, remove_files);
}
