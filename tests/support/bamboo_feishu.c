/* SPDX-License-Identifier: MIT */
#include "tests/support/bamboo_feishu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "net/ws.h"
#include <frame.pb-c.h>

struct bamboo {
	struct http_server *server;
	char *url, *ws_url;
	struct scripted *api;
	GPtrArray *sockets; /* struct bamboo_socket */
	char *config, *pong_config;
	int refusal;
	const char *const *refusal_headers;
	unsigned tickets, tokens, messages;
	char *field;
};

/* The pongs of a socket come from its server. */
struct keeper {
	struct bamboo_socket socket;
	struct bamboo *server;
};

static void frame_free(gpointer data)
{
	feishu_wire__frame__free_unpacked(data, NULL);
}

static void socket_free(gpointer data)
{
	struct bamboo_socket *socket = data;
	ws_free(socket->ws);
	g_free(socket->query);
	g_ptr_array_unref(socket->responses);
	g_free(socket);
}

/* --- the open API --- */

static char *usual_answer(struct bamboo *s, const char *name)
{
	if (g_str_equal(name, BAMBOO_TOKEN))
		return g_strdup_printf("{\"code\":0,\"msg\":\"ok\",\"tenant_access_token\":\"t-%u\",\"expire\":7200}", ++s->tokens);
	if (g_str_equal(name, BAMBOO_ENDPOINT))
		return g_strdup_printf("{\"code\":0,\"msg\":\"\",\"data\":{\"URL\":\"%s/ws/v2?service_id=33554678&"
				       "device_id=dev-%u&ticket=t\"%s%s}}",
			s->ws_url, ++s->tickets, s->config ? ",\"ClientConfig\":" : "", s->config ? s->config : "");
	if (g_str_equal(name, BAMBOO_BOT))
		return g_strdup("{\"code\":0,\"msg\":\"ok\",\"bot\":{\"activate_status\":2,\"open_id\":\"ou_bot\"}}");
	if (g_str_equal(name, BAMBOO_SEND) || g_str_has_suffix(name, "/reply") || g_str_has_suffix(name, "/send"))
		return g_strdup_printf(
			"{\"code\":0,\"data\":{\"message_id\":\"om_%u\",\"chat_id\":\"oc_sales\"}}", ++s->messages);
	return g_strdup("{\"code\":0,\"msg\":\"success\",\"data\":{}}");
}

static void on_request(struct http_call *call, gpointer data)
{
	struct bamboo *s = data;
	g_autofree char *name = g_strdup_printf("%s %s", http_call_method(call), http_call_path(call));
	if (scripted_answers(s->api, name, call))
		return;
	g_autofree char *usual = usual_answer(s, name);
	scripted_reply(call, 200, NULL, usual);
}

/* --- the long connection --- */

static int on_upgrade(const struct http_call *call, gpointer data)
{
	const struct bamboo *s = data;
	if (s->refusal)
		http_call_refuse_with(call, s->refusal_headers);
	return s->refusal;
}

static void put_header(FeishuWire__Frame *frame, const char *key, const char *value)
{
	FeishuWire__Header *header = g_new(FeishuWire__Header, 1);
	feishu_wire__header__init(header);
	header->key = g_strdup(key);
	header->value = g_strdup(value);
	frame->headers = g_renew(FeishuWire__Header *, frame->headers, frame->n_headers + 1);
	frame->headers[frame->n_headers++] = header;
}

static void send_frame(struct bamboo_socket *socket, FeishuWire__Frame *frame)
{
	gsize length = feishu_wire__frame__get_packed_size(frame);
	g_autofree guint8 *bytes = g_malloc(length);
	feishu_wire__frame__pack(frame, bytes);
	if (socket->ws)
		assert_true(ws_send_binary(socket->ws, (const char *)bytes, length, 0));
	for (size_t i = 0; i < frame->n_headers; i++) {
		g_free(frame->headers[i]->key);
		g_free(frame->headers[i]->value);
		g_free(frame->headers[i]);
	}
	g_free(frame->headers);
}

static const char *header_of(const FeishuWire__Frame *frame, const char *key)
{
	for (size_t i = 0; i < frame->n_headers; i++)
		if (strcmp(frame->headers[i]->key, key) == 0)
			return frame->headers[i]->value;
	return "";
}

static void pong(struct keeper *k)
{
	FeishuWire__Frame frame;
	feishu_wire__frame__init(&frame);
	put_header(&frame, "type", "pong");
	const char *config = k->server->pong_config;
	if (config) {
		frame.has_payload = TRUE;
		frame.payload = (ProtobufCBinaryData){ strlen(config), (guint8 *)config };
	}
	send_frame(&k->socket, &frame);
}

static void heard(struct ws *ws, const char *bytes, gsize length, gpointer data)
{
	(void)ws;
	struct keeper *k = data;
	FeishuWire__Frame *frame = feishu_wire__frame__unpack(NULL, length, (const guint8 *)bytes);
	if (!frame) {
		k->socket.garbage++;
		return;
	}
	if (frame->method == 1) {
		g_ptr_array_add(k->socket.responses, frame);
		return;
	}
	assert_string_equal(header_of(frame, "type"), "ping");
	k->socket.pings++;
	k->socket.service = frame->service;
	frame_free(frame);
	if (!k->socket.mute)
		pong(k);
}

static void closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)code;
	(void)text;
	struct bamboo_socket *socket = data;
	socket->closed = TRUE;
	socket->ws = NULL;
	ws_free(ws);
}

static const struct ws_events socket_events = { .binary = heard, .closed = closed };

static void on_connected(struct ws *ws, const struct http_call *call, gpointer data)
{
	struct bamboo *s = data;
	struct keeper *k = g_new0(struct keeper, 1);
	k->server = s;
	k->socket.ws = ws;
	k->socket.query = g_strdup(http_call_query(call));
	k->socket.responses = g_ptr_array_new_with_free_func(frame_free);
	g_ptr_array_add(s->sockets, k);
	ws_set_events(ws, &socket_events, k);
}

static const struct http_server_events server_events = {
	.request = on_request,
	.upgrade = on_upgrade,
	.connected = on_connected,
};

void bamboo_push_part(struct bamboo_socket *socket, const char *type, const char *id, unsigned sum, unsigned seq,
	const char *bytes, gsize length)
{
	FeishuWire__Frame frame;
	feishu_wire__frame__init(&frame);
	g_autofree char *sum_text = g_strdup_printf("%u", sum), *seq_text = g_strdup_printf("%u", seq);
	frame.seqid = G_GUINT64_CONSTANT(9007199254740993);
	frame.logid = G_MAXUINT64;
	frame.service = 33554678;
	frame.method = 1;
	put_header(&frame, "type", type);
	put_header(&frame, "message_id", id);
	put_header(&frame, "sum", sum_text);
	put_header(&frame, "seq", seq_text);
	put_header(&frame, "instance_id", "i-7");
	frame.has_payload = TRUE;
	frame.payload = (ProtobufCBinaryData){ length, (guint8 *)bytes };
	send_frame(socket, &frame);
}

void bamboo_push(struct bamboo_socket *socket, const char *id, const char *payload)
{
	bamboo_push_part(socket, "event", id, 1, 0, payload, strlen(payload));
}

void bamboo_push_bytes(struct bamboo_socket *socket, const char *bytes, gsize length)
{
	assert_true(ws_send_binary(socket->ws, bytes, length, 0));
}

void bamboo_hang_up(struct bamboo_socket *socket)
{
	if (socket->ws)
		ws_drop(socket->ws);
}

static FeishuWire__Frame *response_to(struct bamboo_socket *socket, const char *id)
{
	for (guint i = 0; i < socket->responses->len; i++)
		if (strcmp(header_of(socket->responses->pdata[i], "message_id"), id) == 0)
			return socket->responses->pdata[i];
	return NULL;
}

const char *bamboo_response(struct bamboo_socket *socket, const char *id)
{
	FeishuWire__Frame *frame = response_to(socket, id);
	if (!frame)
		return NULL;
	assert_true(frame->seqid == G_GUINT64_CONSTANT(9007199254740993) && frame->logid == G_MAXUINT64);
	/* protobuf-c leaves no NUL behind the bytes. */
	frame->payload.data = g_realloc(frame->payload.data, frame->payload.len + 1);
	frame->payload.data[frame->payload.len] = '\0';
	return (const char *)frame->payload.data;
}

char *bamboo_response_data(struct bamboo_socket *socket, const char *id)
{
	const char *text = bamboo_response(socket, id);
	g_autoptr(cJSON) root = text ? json_parse(text, strlen(text), NULL) : NULL;
	const char *data = json_text_or(root, "data", NULL);
	gsize length;
	return data ? (char *)g_base64_decode(data, &length) : NULL;
}

const char *bamboo_response_header(struct bamboo_socket *socket, const char *id, const char *key)
{
	const FeishuWire__Frame *frame = response_to(socket, id);
	return frame ? header_of(frame, key) : "";
}

/* --- the script --- */

struct bamboo *bamboo_new(struct lws_loop *loop)
{
	struct bamboo *s = g_new0(struct bamboo, 1);
	g_autoptr(GError) error = NULL;
	s->server = http_server_new(loop, &(struct http_server_options){ .port = 0 }, &server_events, s, &error);
	if (!s->server)
		g_error("%s", error->message);
	s->url = g_strdup_printf("http://127.0.0.1:%u", http_server_port(s->server));
	s->ws_url = g_strdup_printf("ws://127.0.0.1:%u", http_server_port(s->server));
	s->api = scripted_new("{\"code\":0,\"data\":{}}");
	s->sockets = g_ptr_array_new_with_free_func(socket_free);
	bamboo_config(s,
		"{\"ReconnectCount\":-1,\"ReconnectInterval\":120,\"ReconnectNonce\":2,\"PingInterval\":120}");
	return s;
}

void bamboo_free(struct bamboo *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->sockets);
	http_server_free(s->server);
	scripted_free(s->api);
	g_free(s->config);
	g_free(s->pong_config);
	g_free(s->field);
	g_free(s->url);
	g_free(s->ws_url);
	g_free(s);
}

const char *bamboo_url(const struct bamboo *s)
{
	return s->url;
}

void bamboo_script(struct bamboo *s, const char *name, struct script script)
{
	scripted_next(s->api, name, script);
}

void bamboo_default(struct bamboo *s, const char *name, const char *body)
{
	scripted_default(s->api, name, body);
}

unsigned bamboo_calls(const struct bamboo *s, const char *name)
{
	return scripted_count(s->api, name);
}

const struct scripted_call *bamboo_call(const struct bamboo *s, const char *name, unsigned n)
{
	const struct scripted_call *call = scripted_call(s->api, name, n);
	if (!call)
		fail_msg("no call %u of %s", n, name);
	return call;
}

const char *bamboo_field(struct bamboo *s, const char *name, unsigned n, const char *path)
{
	const char *body = bamboo_call(s, name, n)->body;
	g_autoptr(cJSON) root = json_parse(body, strlen(body), NULL);
	g_free(s->field);
	s->field = g_strdup(json_text_or(root, path, ""));
	return s->field;
}

void bamboo_config(struct bamboo *s, const char *config)
{
	g_free(s->config);
	s->config = g_strdup(config);
}

void bamboo_pong_config(struct bamboo *s, const char *config)
{
	g_free(s->pong_config);
	s->pong_config = g_strdup(config);
}

void bamboo_refuse_upgrades(struct bamboo *s, int status, const char *const *headers)
{
	s->refusal = status;
	s->refusal_headers = headers;
}

unsigned bamboo_socket_count(const struct bamboo *s)
{
	return s->sockets->len;
}

struct bamboo_socket *bamboo_socket_at(struct bamboo *s, unsigned n)
{
	g_assert(n < s->sockets->len);
	return s->sockets->pdata[n];
}

struct bamboo_socket *bamboo_last_socket(struct bamboo *s)
{
	return bamboo_socket_at(s, s->sockets->len - 1);
}
