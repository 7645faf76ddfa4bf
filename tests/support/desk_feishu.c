/* SPDX-License-Identifier: MIT */
#include "desk_feishu.h"

#include "sandbox/feishu/packet.h"

static char *json_of(const char *text)
{
	return text ? g_strdelimit(g_strdup(text), "'", '"') : NULL;
}

static void keep_line(gpointer data)
{
	struct desk_line *line = data;
	ws_free(line->ws);
	packet_free(line->last);
	g_queue_clear_full(&line->packets, (GDestroyNotify)packet_free);
	g_free(line->refusal_code);
	g_free(line);
}

/* ---- REST ---- */

static const cJSON *call(struct desk *desk, const char *verb, const char *path, const char *const *headers, const char *body)
{
	g_autofree char *json = json_of(body);
	struct desk_answer *a = desk_request(desk, verb, path, headers, json, json ? strlen(json) : 0);
	cJSON *answer = a->json ? g_steal_pointer(&a->json) : cJSON_CreateObject();
	json_put_int(answer, "status", a->status);
	desk_answer_free(a);
	return desk_keep(desk, answer);
}

void desk_new_token(struct desk *desk)
{
	static const char *const headers[] = { "Content-Type: application/json; charset=utf-8", NULL };
	const cJSON *answer = call(desk, "POST", "open-apis/auth/v3/tenant_access_token/internal", headers,
		"{'app_id':'" DESK_APP "','app_secret':'" DESK_SECRET "'}");
	assert_int_equal(json_int_or(answer, "code", -1), 0);
	g_free(desk->token);
	desk->token = g_strdup(json_text_or(answer, "tenant_access_token", ""));
}

const char *desk_token(struct desk *desk)
{
	if (!desk->token)
		desk_new_token(desk);
	return desk->token;
}

const cJSON *desk_open(struct desk *desk, const char *verb, const char *path, const char *body)
{
	g_autofree char *token = g_strconcat("Authorization: Bearer ", desk_token(desk), NULL);
	g_autofree char *whole = g_strconcat("open-apis/", path, NULL);
	return call(desk, verb, whole, (const char *[]){ token, "Content-Type: application/json; charset=utf-8", NULL }, body);
}

const cJSON *desk_open_ok(struct desk *desk, const char *verb, const char *path, const char *body)
{
	const cJSON *answer = desk_open(desk, verb, path, body);
	if (json_int_or(answer, "code", -1) != 0 || json_int_or(answer, "status", 0) != 200) {
		g_autofree char *text = json_print(answer);
		fail_msg("%s %s %s: %s", verb, path, body ? body : "", text);
	}
	const cJSON *data = json_object(answer, "data");
	return data ? data : answer;
}

const cJSON *desk_open_fails(struct desk *desk, const char *verb, const char *path, const char *body, int code)
{
	const cJSON *answer = desk_open(desk, verb, path, body);
	if (json_int_or(answer, "code", -1) != code) {
		g_autofree char *text = json_print(answer);
		fail_msg("%s %s %s: %s", verb, path, body ? body : "", text);
	}
	return answer;
}

const char *desk_send_body(struct desk *desk, const char *receive_id, const char *type, const char *content, const char *uuid)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	g_autofree char *json = json_of(content);
	json_put_text(body, "receive_id", receive_id);
	json_put_text(body, "msg_type", type);
	json_put_text(body, "content", json);
	json_put_text(body, "uuid", uuid);
	char *text = json_print(body);
	g_ptr_array_add(desk->texts, text);
	return text;
}

const cJSON *desk_send(struct desk *desk, const char *chat_id, const char *type, const char *content)
{
	return desk_open_ok(desk, "POST", "im/v1/messages?receive_id_type=chat_id", desk_send_body(desk, chat_id, type, content, NULL));
}

/* ---- long connections ---- */

const cJSON *desk_endpoint(struct desk *desk, const char *app_id, const char *secret)
{
	static const char *const headers[] = { "Content-Type: application/json", "locale: zh", NULL };
	g_autofree char *body = g_strdup_printf("{'AppID':'%s','AppSecret':'%s'}", app_id, secret);
	return call(desk, "POST", "callback/ws/endpoint", headers, body);
}

static void opened(struct ws *ws, gpointer data)
{
	(void)ws;
	((struct desk_line *)data)->open = TRUE;
}

static void came(struct ws *ws, const char *bytes, gsize length, gpointer data)
{
	(void)ws;
	struct desk_line *line = data;
	struct packet *packet = packet_read(bytes, length);
	if (packet)
		g_queue_push_tail(&line->packets, packet);
}

static void closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)code;
	(void)text;
	struct desk_line *line = data;
	line->closed = TRUE;
	line->refusal = ws_refusal_status(ws);
	line->refusal_code = g_strdup(ws_refusal_header(ws, "handshake-autherrcode"));
}

static const struct ws_events line_events = { .opened = opened, .binary = came, .closed = closed };

struct desk_line *desk_line_dial(struct desk *desk, const char *url)
{
	static const char *const refusal_headers[] = { "handshake-autherrcode", NULL };
	struct desk_line *line = g_new0(struct desk_line, 1);
	line->desk = desk;
	g_queue_init(&line->packets);
	desk_own(desk, line, keep_line);
	line->ws = ws_client_dial(desk->loop,
		&(struct ws_options){ .url = url, .proxy = "", .ca_file = desk->ca_file, .refusal_headers = refusal_headers }, &line_events,
		line);
	const char *service = strstr(url, "service_id=");
	line->service = service ? (gint32)g_ascii_strtoll(service + strlen("service_id="), NULL, 10) : 0;
	gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (!line->open && !line->closed) {
		if (g_get_monotonic_time() > until_us)
			fail_msg("the connection is neither open nor refused");
		desk_turn();
	}
	return line;
}

struct desk_line *desk_line_connect(struct desk *desk)
{
	const cJSON *answer = desk_endpoint(desk, DESK_APP, DESK_SECRET);
	assert_int_equal(json_int_or(answer, "code", -1), 0);
	struct desk_line *line = desk_line_dial(desk, json_text_or(answer, "data.URL", ""));
	assert_true(line->open);
	return line;
}

const struct packet *desk_line_packet(struct desk_line *line)
{
	gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (g_queue_is_empty(&line->packets)) {
		if (g_get_monotonic_time() > until_us || line->closed)
			fail_msg("no frame came");
		desk_turn();
	}
	packet_free(line->last);
	line->last = g_queue_pop_head(&line->packets);
	return line->last;
}

const cJSON *desk_line_event(struct desk_line *line, const char *type)
{
	const struct packet *packet = desk_line_packet(line);
	assert_int_equal(packet_method(packet), PACKET_DATA);
	assert_string_equal(packet_header(packet, "type"), "event");
	assert_string_equal(packet_header(packet, "sum"), "1");
	gsize length;
	const char *text = packet_payload(packet, &length);
	cJSON *event = json_parse(text, length, NULL);
	assert_non_null(event);
	desk_keep(line->desk, event);
	assert_string_equal(json_text_or(event, "header.event_type", ""), type);
	assert_string_equal(json_text_or(event, "header.event_id", ""), packet_header(packet, "trace_id"));
	return event;
}

static char *reply_payload(int code, const char *data)
{
	g_autofree char *json = json_of(data);
	g_autofree char *base64 = json ? g_base64_encode((const guchar *)json, strlen(json)) : NULL;
	return base64 ? g_strdup_printf("{\"code\":%d,\"data\":\"%s\"}", code, base64) : g_strdup_printf("{\"code\":%d}", code);
}

void desk_line_reply(struct desk_line *line, int code, const char *data)
{
	static const char *const keys[] = { "type", "message_id", "sum", "seq", "trace_id", "timestamp", "instance_id" };
	struct packet_header headers[G_N_ELEMENTS(keys) + 1] = { [G_N_ELEMENTS(keys)] = { "biz_rt", "1" } };
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		headers[i] = (struct packet_header){ keys[i], packet_header(line->last, keys[i]) };
	g_autofree char *payload = reply_payload(code, data);
	g_autoptr(GBytes) bytes = packet_write(&(struct packet_parts){ .seq_id = packet_seq_id(line->last),
		.log_id = packet_log_id(line->last), .service = packet_service(line->last), .method = PACKET_DATA, .headers = headers,
		.header_count = G_N_ELEMENTS(headers), .payload = payload, .length = strlen(payload),
		.log_id_new = packet_log_id_new(line->last) });
	desk_line_send(line, bytes);
}

void desk_line_send(struct desk_line *line, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	assert_true(ws_send_binary(line->ws, data, length, 0));
	desk_settle(line->desk);
}

void desk_line_nothing(struct desk_line *line)
{
	desk_settle(line->desk);
	if (g_queue_is_empty(&line->packets))
		return;
	gsize length;
	const char *text = packet_payload(g_queue_peek_head(&line->packets), &length);
	fail_msg("a frame nobody expected: %.*s", (int)length, text);
}
