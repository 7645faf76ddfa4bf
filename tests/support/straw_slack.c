/* SPDX-License-Identifier: MIT */
#include "tests/support/straw_slack.h"

#include "base/json.h"
#include "net/ws.h"

struct straw {
	struct http_server *server;
	char *api_url, *ws_url;
	struct scripted *api;
	GPtrArray *sockets; /* struct straw_socket */
	char *greeting;
	int refusal;
	unsigned tickets;
};

static void socket_free(gpointer data)
{
	struct straw_socket *socket = data;
	ws_free(socket->ws);
	g_free(socket->ticket);
	g_ptr_array_unref(socket->heard);
	g_free(socket);
}

static void on_request(struct http_call *call, gpointer data)
{
	struct straw *s = data;
	const char *path = http_call_path(call);
	if (!g_str_has_prefix(path, "/api/")) {
		scripted_reply(call, 404, NULL, "not here");
		return;
	}
	const char *method = path + strlen("/api/");
	if (scripted_answers(s->api, method, call))
		return;
	gboolean opens = g_str_equal(method, "apps.connections.open");
	g_autofree char *url = opens ? g_strdup_printf("{\"ok\":true,\"url\":\"%sticket-%u\"}", s->ws_url, ++s->tickets) : NULL;
	scripted_reply(call, 200, NULL, url ? url : "{\"ok\":false,\"error\":\"unknown_method\"}");
}

static int on_upgrade(const struct http_call *call, gpointer data)
{
	(void)call;
	return ((struct straw *)data)->refusal;
}

static void heard(struct ws *ws, const char *text, gsize length, gpointer data)
{
	(void)ws;
	g_ptr_array_add(((struct straw_socket *)data)->heard, g_strndup(text, length));
}

static void closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)code;
	(void)text;
	struct straw_socket *socket = data;
	socket->closed = TRUE;
	socket->ws = NULL;
	ws_free(ws);
}

static const struct ws_events socket_events = { .message = heard, .closed = closed };

static void on_connected(struct ws *ws, const struct http_call *call, gpointer data)
{
	struct straw *s = data;
	struct straw_socket *socket = g_new0(struct straw_socket, 1);
	socket->ws = ws;
	socket->ticket = g_strdup(http_call_path(call));
	socket->heard = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(s->sockets, socket);
	ws_set_events(ws, &socket_events, socket);
	if (s->greeting)
		ws_send_text(ws, s->greeting, strlen(s->greeting), 0);
}

static const struct http_server_events server_events = {
	.request = on_request,
	.upgrade = on_upgrade,
	.connected = on_connected,
};

struct straw *straw_new(struct lws_loop *loop)
{
	struct straw *s = g_new0(struct straw, 1);
	g_autoptr(GError) error = NULL;
	s->server = http_server_new(loop, &(struct http_server_options){ .port = 0 }, &server_events, s, &error);
	if (!s->server)
		g_error("%s", error->message);
	s->api_url = g_strdup_printf("http://127.0.0.1:%u/api/", http_server_port(s->server));
	s->ws_url = g_strdup_printf("ws:\\/\\/127.0.0.1:%u\\/link\\/", http_server_port(s->server));
	s->api = scripted_new("{\"ok\":true}");
	s->sockets = g_ptr_array_new_with_free_func(socket_free);
	straw_greet(s, "{\"type\":\"hello\",\"num_connections\":1,\"connection_info\":{\"app_id\":\"A0BELL000\"}}");
	straw_default(s, "auth.test",
		"{\"ok\":true,\"team\":\"Acme\",\"user\":\"belltower\",\"user_id\":\"U0BELLBOT\",\"bot_id\":\"B0BELL000\"}");
	return s;
}

void straw_free(struct straw *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->sockets);
	http_server_free(s->server);
	scripted_free(s->api);
	g_free(s->greeting);
	g_free(s->api_url);
	g_free(s->ws_url);
	g_free(s);
}

const char *straw_api_url(const struct straw *s)
{
	return s->api_url;
}

void straw_script(struct straw *s, const char *method, struct script script)
{
	scripted_next(s->api, method, script);
}

void straw_default(struct straw *s, const char *method, const char *body)
{
	scripted_default(s->api, method, body);
}

unsigned straw_calls(const struct straw *s, const char *method)
{
	return scripted_count(s->api, method);
}

const char *straw_body(const struct straw *s, const char *method, unsigned n)
{
	const struct scripted_call *call = scripted_call(s->api, method, n);
	return call ? call->body : NULL;
}

char *straw_field(const char *body, const char *name)
{
	g_autoptr(GHashTable) fields = g_uri_parse_params(body, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
	return fields ? g_strdup(g_hash_table_lookup(fields, name)) : NULL;
}

void straw_greet(struct straw *s, const char *greeting)
{
	g_free(s->greeting);
	s->greeting = g_strdup(greeting);
}

void straw_refuse_upgrades(struct straw *s, int status)
{
	s->refusal = status;
}

unsigned straw_socket_count(const struct straw *s)
{
	return s->sockets->len;
}

struct straw_socket *straw_socket_at(struct straw *s, unsigned n)
{
	g_assert(n < s->sockets->len);
	return s->sockets->pdata[n];
}

struct straw_socket *straw_last_socket(struct straw *s)
{
	return straw_socket_at(s, s->sockets->len - 1);
}

void straw_say(struct straw_socket *socket, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	if (socket->ws)
		ws_send_text(socket->ws, text, strlen(text), 0);
}

void straw_hang_up(struct straw_socket *socket)
{
	if (socket->ws)
		ws_drop(socket->ws);
}

gboolean straw_heard(const struct straw_socket *socket, const char *envelope_id)
{
	g_autofree char *id = g_strdup_printf("\"envelope_id\":\"%s\"", envelope_id);
	for (guint i = 0; i < socket->heard->len; i++)
		if (strstr(socket->heard->pdata[i], id))
			return TRUE;
	return FALSE;
}
