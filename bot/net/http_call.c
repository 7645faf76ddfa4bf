/* SPDX-License-Identifier: MIT */
/* A call of the server's, from its head to its answer. */
#include <glib-unix.h>
#include <poll.h>
#include <sys/socket.h>

#include "net/http_private.h"

enum { LINGER_BUFFER_BYTES = 64 * 1024 };

static const char *const methods[] = {
	[LWSHUMETH_GET] = "GET",
	[LWSHUMETH_POST] = "POST",
	[LWSHUMETH_OPTIONS] = "OPTIONS",
	[LWSHUMETH_PUT] = "PUT",
	[LWSHUMETH_PATCH] = "PATCH",
	[LWSHUMETH_DELETE] = "DELETE",
	[LWSHUMETH_CONNECT] = "CONNECT",
	[LWSHUMETH_HEAD] = "HEAD",
};

/* --- a call --- */

/* libwebsockets has decoded the arguments and cut them at each '&': encoded again, so that they mean the same. */
static char *read_query(struct lws *wsi)
{
	GString *query = g_string_new(NULL);
	int length;
	for (int i = 0; (length = lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, i)) > 0; i++) {
		g_autofree char *argument = g_malloc0((gsize)length + 1);
		lws_hdr_copy_fragment(wsi, argument, length + 1, WSI_TOKEN_HTTP_URI_ARGS, i);
		if (query->len > 0)
			g_string_append_c(query, '&');
		g_string_append_uri_escaped(query, argument, "=/:@,;$!*'()?", FALSE);
	}
	return g_string_free(query, FALSE);
}

struct http_call *http_call_new(struct conn *conn)
{
	struct http_call *call = g_new0(struct http_call, 1);
	char *uri = NULL;
	int length = 0;
	call->conn = conn;
	call->method = lws_http_get_uri_and_method(conn->wsi, &uri, &length);
	call->path = g_strndup(uri ? uri : "", uri ? (gsize)length : 0);
	call->query = read_query(conn->wsi);
	call->since_us = g_get_monotonic_time();
	return call;
}

void http_call_free(struct http_call *call)
{
	g_clear_handle_id(&call->hang_up_watch, g_source_remove);
	if (call->conn->call == call)
		call->conn->call = NULL;
	if (call->body)
		g_string_free(call->body, TRUE);
	if (call->response)
		g_string_free(call->response, TRUE);
	if (call->texts)
		g_string_chunk_free(call->texts);
	g_free(call->path);
	g_free(call->query);
	g_free(call);
}

const char *http_call_method(const struct http_call *call)
{
	gboolean known =
		call->method >= 0 && (gsize)call->method < G_N_ELEMENTS(methods) && methods[call->method];
	return known ? methods[call->method] : "UNKNOWN";
}

const char *http_call_path(const struct http_call *call)
{
	return call->path;
}

const char *http_call_query(const struct http_call *call)
{
	return call->query;
}

const char *http_call_body(const struct http_call *call, gsize *length)
{
	if (length)
		*length = call->body ? call->body->len : 0;
	return call->body ? call->body->str : "";
}

void http_call_set_data(struct http_call *call, gpointer data)
{
	call->data = data;
}

gpointer http_call_data(const struct http_call *call)
{
	return call->data;
}

/* Several headers of one name read as one, joined by commas (RFC 9110, 5.3). */
char *http_known_header(struct lws *wsi, enum lws_token_indexes token)
{
	int length = lws_hdr_fragment_length(wsi, token, 0);
	if (length <= 0)
		return NULL;
	GString *value = g_string_new(NULL);
	for (int i = 0; (length = lws_hdr_fragment_length(wsi, token, i)) > 0; i++) {
		g_autofree char *piece = g_malloc0((gsize)length + 1);
		lws_hdr_copy_fragment(wsi, piece, length + 1, token, i);
		g_string_append_printf(value, "%s%s", i ? "," : "", g_strstrip(piece));
	}
	return g_string_free(value, FALSE);
}

static char *other_header(struct lws *wsi, const char *name_and_colon)
{
	int name_length = (int)strlen(name_and_colon);
	int length = lws_hdr_custom_length(wsi, name_and_colon, name_length);
	if (length < 0)
		return NULL;
	char *value = g_malloc0((gsize)length + 1);
	lws_hdr_custom_copy(wsi, value, length + 1, name_and_colon, name_length);
	return value;
}

const char *http_call_header(const struct http_call *call, const char *name)
{
	struct conn *conn = call->conn;
	g_autofree char *small = g_ascii_strdown(name, -1);
	g_autofree char *with_colon = g_strconcat(small, ":", NULL);
	int token = GPOINTER_TO_INT(g_hash_table_lookup(conn->server->tokens, with_colon)) - 1;
	g_autofree char *value = token >= 0 ? http_known_header(conn->wsi, (enum lws_token_indexes)token)
					    : other_header(conn->wsi, with_colon);
	if (!value)
		return NULL;
	struct http_call *c = (struct http_call *)call;
	if (!c->texts)
		c->texts = g_string_chunk_new(256);
	return g_string_chunk_insert_const(c->texts, value);
}

GHashTable *http_token_table(void)
{
	GHashTable *tokens = g_hash_table_new(g_str_hash, g_str_equal);
	for (int i = 0; i < WSI_TOKEN_COUNT; i++) {
		const char *name = (const char *)lws_token_to_string((enum lws_token_indexes)i);
		if (name && g_str_has_suffix(name, ":"))
			g_hash_table_insert(tokens, (gpointer)name, GINT_TO_POINTER(i + 1));
	}
	return tokens;
}

/* --- answers --- */

static void resume_reading(struct http_call *call)
{
	if (call->paused)
		lws_rx_flow_control(call->conn->wsi, 1);
	call->paused = FALSE;
}

static const char *phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 204, "No Content" },
		{ 302, "Found" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
		if (phrases[i].status == status)
			return phrases[i].phrase;
	}
	return "Status";
}

static void append_number(GString *text, gsize number)
{
	char digits[24];
	char *p = digits + sizeof digits;
	do {
		*--p = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	g_string_append_len(text, p, digits + sizeof digits - p);
}

void http_compose(
	GString *out, int status, gboolean close, const char *const *headers, const char *body, gsize length)
{
	/* libwebsockets may write in front of what it is given. */
	g_string_set_size(out, LWS_PRE);
	g_string_append(out, "HTTP/1.1 ");
	append_number(out, (gsize)status);
	g_string_append_c(out, ' ');
	g_string_append(out, phrase(status));
	for (; headers && *headers; headers++) {
		g_string_append(out, "\r\n");
		g_string_append(out, *headers);
	}
	if (close)
		g_string_append(out, "\r\nConnection: close");
	if (status != 204 && status != 304) {
		g_string_append(out, "\r\nContent-Length: ");
		append_number(out, length);
	}
	g_string_append(out, "\r\n\r\n");
	if (body && length > 0)
		g_string_append_len(out, body, (gssize)length);
}

int http_write(struct lws *wsi, GString *text)
{
	return lws_write(wsi, (unsigned char *)text->str + LWS_PRE, text->len - LWS_PRE, LWS_WRITE_HTTP) < 0
		       ? -1
		       : 0;
}

static void keep_response_buffer(struct http_server *server, struct http_call *call)
{
	if (server->spare_response || call->response->allocated_len > LINGER_BUFFER_BYTES)
		return;
	server->spare_response = g_steal_pointer(&call->response);
}

int http_call_finish(struct http_call *call)
{
	struct conn *conn = call->conn;
	struct lws *wsi = conn->wsi;
	gboolean close = call->must_close || call->dropped;
	int verdict = call->dropped ? -1 : http_write(wsi, call->response);
	if (call->response)
		keep_response_buffer(conn->server, call);
	http_call_free(call);
	if (verdict < 0 || close)
		return -1;
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

void http_reply(
	struct http_call *call, int status, const char *const *headers, const char *body, gsize length)
{
	struct http_server *server = call->conn->server;
	call->response =
		server->spare_response ? g_steal_pointer(&server->spare_response) : g_string_new(NULL);
	const char *told = call->method == LWSHUMETH_HEAD ? NULL : body;
	http_compose(call->response, status, call->must_close, headers, told, length);
	call->answered = TRUE;
	if (call->in_handler)
		return;
	/* While reading is stopped libwebsockets does not write either. */
	resume_reading(call);
	lws_callback_on_writable(call->conn->wsi);
}

void http_call_refuse_with(const struct http_call *call, const char *const *headers)
{
	g_strfreev(call->conn->refusal_headers);
	call->conn->refusal_headers = g_strdupv((char **)headers);
}

void http_drop(struct http_call *call)
{
	struct conn *conn = call->conn;
	call->dropped = TRUE;
	if (call->in_handler) {
		shutdown(lws_get_socket_fd(conn->wsi), SHUT_RDWR);
		return;
	}
	struct lws *wsi = conn->wsi;
	http_call_free(call);
	lws_loop_kill(conn->server->loop, wsi);
}

/* --- waiting for the handler --- */

void http_call_gone(struct http_call *call)
{
	struct http_server *server = call->conn->server;
	if (server && call->handed_over && !call->answered && !call->dropped && server->events.gone)
		server->events.gone(call, server->data);
	http_call_free(call);
}

static gboolean hung_up(gint fd, GIOCondition condition, gpointer data)
{
	(void)fd;
	(void)condition;
	struct http_call *call = data;
	struct conn *conn = call->conn;
	struct lws *wsi = conn->wsi;
	call->hang_up_watch = 0;
	http_call_gone(call);
	lws_loop_kill(conn->server->loop, wsi);
	return G_SOURCE_REMOVE;
}

/*
 * The answer comes later. libwebsockets would take what the peer sends meanwhile for a part of this request, so it
 * does not read; that the peer has left is watched for here.
 */
static void await_answer(struct http_call *call)
{
	struct conn *conn = call->conn;
	call->paused = TRUE;
	lws_rx_flow_control(conn->wsi, 0);
	call->hang_up_watch =
		g_unix_fd_add(lws_get_socket_fd(conn->wsi), (GIOCondition)POLLRDHUP, hung_up, call);
}

int http_call_hand_over(struct http_call *call)
{
	struct http_server *server = call->conn->server;
	lws_set_timeout(call->conn->wsi, NO_PENDING_TIMEOUT, 0);
	call->handed_over = TRUE;
	call->in_handler = TRUE;
	server->events.request(call, server->data);
	call->in_handler = FALSE;
	if (call->answered || call->dropped)
		return http_call_finish(call);
	await_answer(call);
	return 0;
}
