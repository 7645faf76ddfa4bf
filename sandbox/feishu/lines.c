/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/lines.h"

#include "base/random.h"
#include "sandbox/feishu/courier.h"
#include "sandbox/feishu/packet.h"
#include "sandbox/live.h"
#include "sandbox/query.h"
#include "sandbox/state.h"

enum { SERVICE_ID = 33554678, MOST_TICKETS = 256 };

struct line {
	struct lines *lines;
	struct ws *ws;
	guint64 number;
	char *device_id;
};

struct lines {
	struct tenant *tenant;
	GQueue tickets; /* char *, unused ones, the oldest first */
	GPtrArray *all; /* struct line * */
	guint64 last_number;
};

static void line_free(gpointer data)
{
	struct line *line = data;
	ws_free(line->ws);
	g_free(line->device_id);
	g_free(line);
}

struct lines *lines_new(struct tenant *tenant)
{
	struct lines *lines = g_new0(struct lines, 1);
	lines->tenant = tenant;
	lines->all = g_ptr_array_new_with_free_func(line_free);
	g_queue_init(&lines->tickets);
	return lines;
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	g_ptr_array_unref(lines->all);
	g_queue_clear_full(&lines->tickets, g_free);
	g_free(lines);
}

guint lines_count(const struct lines *lines)
{
	return lines->all->len;
}

gint32 lines_service(const struct lines *lines)
{
	(void)lines;
	return SERVICE_ID;
}

/* ---- tickets ---- */

static char *random_digits(void)
{
	guint64 bits;
	random_bytes(&bits, sizeof bits);
	return g_strdup_printf("7%018" G_GUINT64_FORMAT, bits % G_GUINT64_CONSTANT(1000000000000000000));
}

char *lines_ticket(struct lines *lines, const char *app_id)
{
	const struct sandbox *sb = lines->tenant->sb;
	char *ticket = g_uuid_string_random();
	g_autofree char *device_id = random_digits(), *key = g_compute_checksum_for_string(G_CHECKSUM_MD5, app_id, -1);
	g_queue_push_tail(&lines->tickets, ticket);
	if (lines->tickets.length > MOST_TICKETS)
		g_free(g_queue_pop_head(&lines->tickets));
	return g_strdup_printf("%s://%sws/v2?fpid=493&aid=552564&device_id=%s&access_key=%s&service_id=%d&ticket=%s",
		g_str_has_prefix(sb->url, "https:") ? "wss" : "ws", strstr(sb->url, "://") + 3, device_id, key, SERVICE_ID, ticket);
}

static int refuse(const struct http_call *http, const char *status, const char *code, const char *message)
{
	g_autofree char *status_line = g_strconcat("Handshake-Status: ", status, NULL);
	g_autofree char *message_line = g_strconcat("Handshake-Msg: ", message, NULL);
	g_autofree char *code_line = code ? g_strconcat("Handshake-Autherrcode: ", code, NULL) : NULL;
	http_call_refuse_with(http, (const char *[]){ status_line, message_line, code_line, NULL });
	return 403;
}

int lines_admit(struct lines *lines, const struct http_call *http)
{
	const char *query = http_call_query(http);
	g_autoptr(cJSON) args = query_parse(query, strlen(query));
	GList *link = g_queue_find_custom(&lines->tickets, json_text_or(args, "ticket", ""), (GCompareFunc)g_strcmp0);
	if (!link)
		return refuse(http, "514", "1000040340", "ticket invalid");
	g_free(link->data);
	g_queue_delete_link(&lines->tickets, link);
	if (lines->all->len >= LINES_MOST)
		return refuse(http, "514", "1000040350", "exceed connection limit");
	return 0;
}

/* ---- frames in ---- */

static void send_pong(struct line *line)
{
	static const struct packet_header headers[] = { { "type", "pong" } };
	g_autoptr(cJSON) settings = tenant_client_config(line->lines->tenant);
	g_autofree char *config = json_print(settings);
	g_autoptr(GBytes) frame = packet_write(&(struct packet_parts){ .service = SERVICE_ID, .method = PACKET_CONTROL, .headers = headers,
		.header_count = G_N_ELEMENTS(headers), .payload = config, .length = strlen(config) });
	gsize length;
	const char *bytes = g_bytes_get_data(frame, &length);
	ws_send_binary(line->ws, bytes, length, 0);
}

static void take_frame(struct line *line, const struct packet *packet)
{
	struct tenant *tenant = line->lines->tenant;
	const char *type = packet_header(packet, "type");
	gboolean data = packet_method(packet) == PACKET_DATA;
	if (data && faults_take(tenant->sb->faults, FAULT_DROP_ACK, NULL))
		ws_drop(line->ws);
	else if (data)
		courier_receive(tenant->courier, line->number, packet);
	else if (packet_method(packet) == PACKET_CONTROL && type && g_str_equal(type, "ping"))
		send_pong(line);
	else
		live_note(tenant->sb->live, "a frame that is neither a ping nor a reply: ignored");
}

static void came(struct ws *ws, const char *bytes, gsize length, gpointer data)
{
	(void)ws;
	struct line *line = data;
	const struct sandbox *sb = line->lines->tenant->sb;
	if (faults_on(sb->faults, FAULT_SILENCE, NULL))
		return;
	g_autoptr(packet_auto) packet = packet_read(bytes, length);
	if (packet)
		take_frame(line, packet);
	else
		live_note(sb->live, "a binary message that is no frame: ignored");
}

static void came_text(struct ws *ws, const char *text, gsize length, gpointer data)
{
	(void)ws;
	(void)text;
	(void)length;
	const struct line *line = data;
	live_note(line->lines->tenant->sb->live, "a text message on the long connection: ignored");
}

static void ended(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)ws;
	(void)code;
	(void)text;
	struct line *line = data;
	struct lines *lines = line->lines;
	live_note(lines->tenant->sb->live, "a long connection ended");
	g_ptr_array_remove(lines->all, line);
	state_push_connections(lines->tenant->sb);
}

static const struct ws_events line_events = { .message = came_text, .binary = came, .closed = ended };

void lines_welcome(struct lines *lines, struct ws *take_ws, const struct http_call *http)
{
	const struct sandbox *sb = lines->tenant->sb;
	const char *query = http_call_query(http);
	g_autoptr(cJSON) args = query_parse(query, strlen(query));
	struct line *line = g_new0(struct line, 1);
	line->lines = lines;
	line->ws = take_ws;
	line->number = ++lines->last_number;
	line->device_id = g_strdup(json_text_or(args, "device_id", ""));
	ws_set_events(take_ws, &line_events, line);
	g_ptr_array_add(lines->all, line);
	if (faults_on(sb->faults, FAULT_SILENCE, NULL))
		ws_pause(take_ws, TRUE);
	else if (faults_take(sb->faults, FAULT_DROP_GREETING, NULL))
		ws_drop(take_ws);
	state_push_connections(lines->tenant->sb);
}

/* ---- frames out ---- */

/* Each event goes to one connection, any of them; one that is closing only when there is no other. */
static struct line *any_line(const struct lines *lines)
{
	guint n = lines->all->len, start = n ? (guint)(random_unit() * n) : 0;
	for (guint i = 0; i < n; i++) {
		struct line *line = g_ptr_array_index(lines->all, (start + i) % n);
		if (ws_get_state(line->ws) == WS_OPEN)
			return line;
	}
	return NULL;
}

static gboolean send_bytes(const struct line *line, GBytes *frame)
{
	gsize length;
	const char *bytes = g_bytes_get_data(frame, &length);
	return ws_send_binary(line->ws, bytes, length, 0);
}

/* What never arrives counts as sent: the courier waits for a reply in vain. */
guint64 lines_send(struct lines *lines, const GPtrArray *frames)
{
	struct faults *faults = lines->tenant->sb->faults;
	const struct line *line = any_line(lines);
	if (!line)
		return 0;
	if (faults_on(faults, FAULT_SILENCE, NULL))
		return line->number; /* into the black hole */
	if (faults_take(faults, FAULT_DROP_EVENT, NULL)) {
		ws_drop(line->ws);
		return line->number;
	}
	g_autoptr(GBytes) noise = faults_take(faults, FAULT_GARBAGE, NULL) ? faults_noise() : NULL;
	if (noise)
		send_bytes(line, noise);
	guint lost = frames->len > 1 && faults_take(faults, FAULT_LOSE_FRAGMENT, NULL) ? (guint)(random_unit() * frames->len) : frames->len;
	for (guint i = 0; i < frames->len; i++) {
		if (i != lost && !send_bytes(line, g_ptr_array_index(frames, i)))
			return 0;
	}
	return line->number;
}

void lines_close(struct lines *lines)
{
	for (guint i = 0; i < lines->all->len; i++)
		ws_close(((struct line *)g_ptr_array_index(lines->all, i))->ws, 1000, "");
}

void lines_drop(struct lines *lines)
{
	for (guint i = 0; i < lines->all->len; i++)
		ws_drop(((struct line *)g_ptr_array_index(lines->all, i))->ws);
}

void lines_pause(struct lines *lines, gboolean paused)
{
	for (guint i = 0; i < lines->all->len; i++)
		ws_pause(((struct line *)g_ptr_array_index(lines->all, i))->ws, paused);
}
