/* SPDX-License-Identifier: MIT */
#include "sandbox/socket.h"

#include "base/timer.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/query.h"
#include "sandbox/state.h"

enum {
	MAX_CONNECTIONS = 10, /* of one app */
	MAX_FRAME = 20480,    /* bytes a client's frame may hold */
	MAX_TICKETS = 256,    /* that nobody used */
	APPROXIMATE_TIME_S = 18060,
};

struct connection {
	struct socket_hub *hub;
	struct ws *ws;
	guint64 number;
	struct timer *ending; /* after a disconnect, or of a debug_reconnects connection; NULL: none */
	gboolean leaving;     /* was told to go */
};

struct socket_hub {
	struct sandbox *sb;
	GHashTable *tickets; /* unused ones */
	GQueue ticket_order; /* the same, oldest first, owned */
	GPtrArray *connections;
	guint turn;
	guint64 last_number;
	struct timer *ping;
};

/* What each reason usually does: how long until the connection is closed. */
static const struct {
	const char *reason;
	int32_t close_ms;
} reasons[] = {
	{ "warning", 10000 }, { "refresh_requested", 10000 }, { "link_disabled", 0 }, { "socket_mode_disabled", 0 },
	{ "too_many_websockets", 0 },
};

static void connection_free(gpointer data)
{
	struct connection *connection = data;
	timer_free(connection->ending);
	ws_free(connection->ws);
	g_free(connection);
}

static void ping_all(gpointer data)
{
	static const char text[] = "Ping from applink-sandbox";
	struct socket_hub *hub = data;
	for (guint i = 0; i < hub->connections->len; i++) {
		struct connection *connection = g_ptr_array_index(hub->connections, i);
		if (!faults_on(hub->sb->faults, FAULT_SILENCE, NULL))
			ws_ping(connection->ws, text, sizeof text - 1);
	}
	if (hub->connections->len)
		timer_arm_in(hub->ping, SECONDS(10));
}

struct socket_hub *socket_hub_new(struct sandbox *sb)
{
	struct socket_hub *hub = g_new0(struct socket_hub, 1);
	hub->sb = sb;
	hub->tickets = g_hash_table_new(g_str_hash, g_str_equal);
	hub->connections = g_ptr_array_new_with_free_func(connection_free);
	hub->ping = timer_new(NULL, sb->clock, ping_all, hub);
	g_queue_init(&hub->ticket_order);
	return hub;
}

void socket_hub_free(struct socket_hub *hub)
{
	if (!hub)
		return;
	g_ptr_array_unref(hub->connections);
	g_hash_table_unref(hub->tickets);
	g_queue_clear_full(&hub->ticket_order, g_free);
	timer_free(hub->ping);
	g_free(hub);
}

guint socket_hub_count(const struct socket_hub *hub)
{
	return hub->connections->len;
}

/* ---- tickets ---- */

/* The app_id of a real URL is a hash, not the A… id. */
static char *hashed_app_id(const struct room *room)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, room->app_id, -1);
}

char *socket_hub_ticket(struct socket_hub *hub)
{
	char *ticket = g_uuid_string_random();
	g_autofree char *app = hashed_app_id(hub->sb->room);
	const char *host = strstr(hub->sb->url, "://") + 3;
	gboolean tls = g_str_has_prefix(hub->sb->url, "https:");
	g_hash_table_add(hub->tickets, ticket);
	g_queue_push_tail(&hub->ticket_order, ticket);
	if (hub->ticket_order.length > MAX_TICKETS) {
		g_autofree char *oldest = g_queue_pop_head(&hub->ticket_order);
		g_hash_table_remove(hub->tickets, oldest);
	}
	return g_strdup_printf("%s://%slink/?ticket=%s&app_id=%s", tls ? "wss" : "ws", host, ticket, app);
}

gboolean socket_hub_admit(struct socket_hub *hub, const char *query)
{
	g_autoptr(cJSON) args = query_parse(query, strlen(query));
	char *key = g_hash_table_lookup(hub->tickets, json_text_or(args, "ticket", ""));
	if (!key)
		return FALSE;
	g_hash_table_remove(hub->tickets, key);
	g_queue_remove(&hub->ticket_order, key);
	g_free(key);
	return TRUE;
}

/* ---- frames in ---- */

static void count_changed(struct socket_hub *hub)
{
	state_push_connections(hub->sb);
}

static void came(struct ws *ws, const char *text, gsize length, gpointer data)
{
	struct connection *connection = data;
	struct sandbox *sb = connection->hub->sb;
	if (faults_on(sb->faults, FAULT_SILENCE, NULL))
		return;
	if (faults_take(sb->faults, FAULT_DROP_ACK, NULL)) {
		ws_drop(ws);
		return;
	}
	if (length > MAX_FRAME) {
		live_note(sb->live, "a frame of more than 20480 bytes: connection closed with 1009");
		ws_close(ws, 1009, "Max frame length of 20480 has been exceeded.");
		return;
	}
	if (ws_was_fragmented(ws)) {
		live_note(sb->live, "a message in fragments: not put together, ignored");
		return;
	}
	post_receive(sb->post, text, length);
}

static void too_long(struct ws *ws, gsize bytes, gpointer data)
{
	(void)bytes;
	struct connection *connection = data;
	live_note(connection->hub->sb->live, "a frame of more than 20480 bytes: connection closed with 1009");
	ws_close(ws, 1009, "Max frame length of 20480 has been exceeded.");
}

static void ended(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)ws;
	(void)code;
	(void)text;
	struct connection *connection = data;
	struct socket_hub *hub = connection->hub;
	live_note(hub->sb->live, "a Socket Mode connection ended");
	g_ptr_array_remove(hub->connections, connection);
	count_changed(hub);
}

static const struct ws_events frame_events = { .message = came, .oversized = too_long, .closed = ended };

/* ---- hello and goodbye ---- */

static void send_object(struct connection *connection, const cJSON *object)
{
	g_autofree char *text = json_print(object);
	ws_send_text(connection->ws, text, strlen(text), 0);
	struct live *live = connection->hub->sb->live;
	if (live_logs(live))
		live_log(live, LOG_OUT, "frame", json_text_or(object, "type", "?"), 0, cJSON_Duplicate(object, TRUE));
}

static void put_debug_info(cJSON *object, gboolean greeting)
{
	cJSON *debug = json_put_object(object, "debug_info");
	json_put_text(debug, "host", "applink-sandbox");
	if (greeting) {
		json_put_int(debug, "build_number", 1);
		json_put_int(debug, "approximate_connection_time", APPROXIMATE_TIME_S);
	}
}

static void send_hello(struct connection *connection)
{
	struct socket_hub *hub = connection->hub;
	g_autoptr(cJSON) hello = cJSON_CreateObject();
	json_put_text(hello, "type", "hello");
	json_put_int(hello, "num_connections", hub->connections->len);
	put_debug_info(hello, TRUE);
	json_put_text(json_put_object(hello, "connection_info"), "app_id", hub->sb->room->app_id);
	send_object(connection, hello);
}

static void close_now(gpointer data)
{
	struct connection *connection = data;
	ws_close(connection->ws, 1000, "");
}

static void say_goodbye(struct connection *connection, const char *reason, int64_t close_ms)
{
	g_autoptr(cJSON) goodbye = cJSON_CreateObject();
	json_put_text(goodbye, "type", "disconnect");
	json_put_text(goodbye, "reason", reason);
	put_debug_info(goodbye, FALSE);
	send_object(connection, goodbye);
	connection->leaving = TRUE;
	if (!connection->ending)
		connection->ending = timer_new(NULL, connection->hub->sb->clock, close_now, connection);
	timer_arm_in(connection->ending, close_ms);
}

static void refresh(gpointer data)
{
	struct connection *connection = data;
	timer_free(connection->ending);
	connection->ending = NULL;
	say_goodbye(connection, "refresh_requested", SECONDS(10));
}

void socket_hub_welcome(struct socket_hub *hub, struct ws *take_ws, const char *query)
{
	struct connection *connection = g_new0(struct connection, 1);
	connection->hub = hub;
	connection->ws = take_ws;
	connection->number = ++hub->last_number;
	ws_set_events(take_ws, &frame_events, connection);
	g_ptr_array_add(hub->connections, connection);
	if (!timer_is_armed(hub->ping))
		timer_arm_in(hub->ping, SECONDS(10));
	if (hub->connections->len > MAX_CONNECTIONS) {
		say_goodbye(connection, "too_many_websockets", 0);
		return;
	}
	if (strstr(query, "debug_reconnects=true")) {
		connection->ending = timer_new(NULL, hub->sb->clock, refresh, connection);
		timer_arm_in(connection->ending, SECONDS(360));
	}
	if (faults_on(hub->sb->faults, FAULT_SILENCE, NULL))
		ws_pause(take_ws, TRUE);
	else if (faults_take(hub->sb->faults, FAULT_DROP_GREETING, NULL))
		ws_drop(take_ws);
	else
		send_hello(connection);
	count_changed(hub);
}

/* ---- frames out ---- */

/* The next in turn that is open; one that was told to go only when there is no other. */
static struct connection *whose_turn(struct socket_hub *hub)
{
	struct connection *last_choice = NULL;
	for (guint i = 0; i < hub->connections->len; i++) {
		struct connection *c = g_ptr_array_index(hub->connections, hub->turn++ % hub->connections->len);
		if (ws_get_state(c->ws) != WS_OPEN)
			continue;
		if (!c->leaving)
			return c;
		last_choice = c;
	}
	return last_choice;
}

/* Not even text: a client that trusts its peer sees broken UTF-8. */
static void send_noise(struct connection *connection)
{
	g_autoptr(GBytes) noise = faults_noise();
	gsize length;
	const char *bytes = g_bytes_get_data(noise, &length);
	ws_send_text(connection->ws, bytes, length, 0);
}

guint64 socket_hub_send(struct socket_hub *hub, const char *text, gsize length)
{
	struct faults *faults = hub->sb->faults;
	struct connection *connection = whose_turn(hub);
	if (!connection)
		return 0;
	if (faults_on(faults, FAULT_SILENCE, NULL))
		return connection->number; /* into the black hole */
	if (faults_take(faults, FAULT_DROP_EVENT, NULL)) {
		ws_drop(connection->ws);
		return connection->number;
	}
	if (faults_take(faults, FAULT_GARBAGE, NULL))
		send_noise(connection);
	return ws_send_text(connection->ws, text, length, 0) ? connection->number : 0;
}

void socket_hub_disconnect(struct socket_hub *hub, const char *reason, int64_t close_ms)
{
	for (guint i = 0; i < G_N_ELEMENTS(reasons) && close_ms < 0; i++) {
		if (g_str_equal(reasons[i].reason, reason))
			close_ms = reasons[i].close_ms;
	}
	for (guint i = 0; i < hub->connections->len; i++)
		say_goodbye(g_ptr_array_index(hub->connections, i), reason, MAX(close_ms, 0));
}

void socket_hub_drop(struct socket_hub *hub)
{
	for (guint i = 0; i < hub->connections->len; i++)
		ws_drop(((struct connection *)g_ptr_array_index(hub->connections, i))->ws);
}

void socket_hub_pause(struct socket_hub *hub, gboolean paused)
{
	for (guint i = 0; i < hub->connections->len; i++)
		ws_pause(((struct connection *)g_ptr_array_index(hub->connections, i))->ws, paused);
}
