/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "net/http_private.h"

#define DEFAULT_ADDRESS	      "127.0.0.1"
#define DEFAULT_BODY_BYTES    (16 * 1024 * 1024)
#define DEFAULT_BODY_MS	      60000
#define DEFAULT_MESSAGE_BYTES (1024 * 1024)
#define DEFAULT_SEND_BYTES    (16 * 1024 * 1024)
#define DEFAULT_WAITING_BYTES (64 * 1024 * 1024)
#define LISTEN_BACKLOG	      512
#define ACCEPTS_AT_ONCE	      64
#define IDLE_SECONDS	      600

static int server_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length);

static const struct lws_protocols protocols[] = {
	{ .name = "belltower-server",
		.callback = server_callback,
		.rx_buffer_size = 16384,
		.tx_packet_size = 262144 },
	{ .name = NULL },
};

/* --- requests --- */

static int refuse(struct http_call *call, int status)
{
	call->must_close = TRUE;
	call->in_handler = TRUE;
	struct http_server *server = call->conn->server;
	if (server->events.refused)
		server->events.refused(call, status, server->data);
	if (!call->answered)
		http_reply(call, status, NULL, NULL, 0);
	return http_call_finish(call);
}

static gboolean has_token(struct lws *wsi, enum lws_token_indexes token)
{
	return lws_hdr_total_length(wsi, token) > 0;
}

/* FALSE: it is no number, or the body is chunked besides: where it ends is anybody's guess (RFC 9112, 6.3). *length: -1: not told. */
static gboolean declared_length(struct lws *wsi, int64_t *length)
{
	g_autofree char *text = http_known_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
	guint64 number = 0;
	gboolean fits = !text || (g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &number, NULL) &&
					 !has_token(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING));
	*length = text ? (int64_t)number : -1;
	return fits;
}

static gboolean somebody_has_buffered_input(struct conn *conn)
{
	return lws_service_adjust_timeout(lws_loop_context(conn->server->loop), 1, 0) == 0;
}

/*
 * The request comes out of libwebsockets' own buffer: it was pipelined behind another. With a body libwebsockets 4.1
 * would then read the request's head as its body, for ever. There is no way to ask for one connection's buffer, so this
 * looks whether holding the connection back makes a difference.
 */
static gboolean is_pipelined(struct conn *conn)
{
	if (!somebody_has_buffered_input(conn))
		return FALSE;
	lws_rx_flow_control(conn->wsi, 0);
	gboolean others_too = somebody_has_buffered_input(conn);
	lws_rx_flow_control(conn->wsi, 1);
	if (others_too)
		log_warning("request dropped: cannot tell whether it is pipelined");
	return TRUE;
}

/* TRUE when a body comes; sets how it will be read. */
static gboolean prepare_body(struct http_call *call, int64_t length)
{
	struct lws *wsi = call->conn->wsi;
	gboolean posted = call->method == LWSHUMETH_POST || call->method == LWSHUMETH_PUT ||
			  call->method == LWSHUMETH_PATCH;
	/*
	 * libwebsockets 4.1 takes a body without a length to be 100 MB long, and a chunked one for plain bytes:
	 * it would not find the next request behind it.
	 */
	call->must_close = posted && length < 0;
	call->is_chunked = call->must_close && has_token(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING);
	if (length > 0 || call->is_chunked)
		call->body = g_string_sized_new((gsize)MAX(length, 64));
	/* After an explicit zero libwebsockets calls for the body all the same, but for POST only. */
	return call->body || (length == 0 && call->method == LWSHUMETH_POST);
}

static int on_request(struct conn *conn)
{
	if (!conn->has_served)
		lws_loop_speed_up();
	conn->has_served = TRUE;
	struct http_call *call = conn->call = http_call_new(conn);
	int64_t length;
	if (!declared_length(conn->wsi, &length))
		return refuse(call, 400);
	if (length > (int64_t)conn->server->max_body_bytes)
		return refuse(call, 413);
	gboolean body_follows = prepare_body(call, length);
	if ((length > 0 || call->must_close) && is_pipelined(conn)) {
		http_call_free(call);
		return -1;
	}
	return body_follows ? 0 : http_call_hand_over(call);
}

static int on_chunks(struct http_call *call, const char *bytes, gsize length)
{
	switch (chunked_feed(&call->chunked, bytes, length, call->body, call->conn->server->max_body_bytes)) {
	case CHUNKED_MORE:
		return 0;
	case CHUNKED_DONE:
		return http_call_hand_over(call);
	case CHUNKED_LARGE:
		return refuse(call, 413);
	case CHUNKED_BAD:
		break;
	}
	return refuse(call, 400);
}

static int on_body(struct conn *conn, const char *bytes, gsize length)
{
	struct http_call *call = conn->call;
	if (!call || call->handed_over || !call->body)
		return 0;
	/* libwebsockets ends a silence, not a byte now and then. */
	if (g_get_monotonic_time() - call->since_us > conn->server->max_body_us)
		return refuse(call, 408);
	if (call->is_chunked)
		return on_chunks(call, bytes, length);
	if (call->body->len + length > conn->server->max_body_bytes)
		return refuse(call, 413);
	g_string_append_len(call->body, bytes, (gssize)length);
	return 0;
}

static int on_body_complete(struct conn *conn)
{
	return conn->call && !conn->call->handed_over ? http_call_hand_over(conn->call) : 0;
}

static int on_writeable(struct conn *conn)
{
	return conn->call && conn->call->answered ? http_call_finish(conn->call) : 0;
}

/* --- upgrades --- */

/* 0: welcome; 1: answered here; -1: hang up. */
static int on_upgrade(struct conn *conn, const char *kind)
{
	struct http_server *server = conn->server;
	if (g_ascii_strcasecmp(kind, "websocket") != 0)
		return -1;
	struct http_call *call = http_call_new(conn);
	int status = server->events.upgrade ? server->events.upgrade(call, server->data) : 404;
	int verdict = 0;
	if (status != 0) {
		g_autoptr(GString) response = g_string_new(NULL);
		http_compose(response, status, TRUE, (const char *const *)conn->refusal_headers, NULL, 0);
		http_write(conn->wsi, response);
		verdict = -1;
	}
	g_clear_pointer(&conn->refusal_headers, g_strfreev);
	http_call_free(call);
	return verdict;
}

static void ws_is_detached(gpointer conn)
{
	((struct conn *)conn)->ws = NULL;
}

static const struct ws_events no_events;

static int on_established(struct conn *conn)
{
	struct http_server *server = conn->server;
	struct http_call *call = http_call_new(conn);
	conn->ws = ws_new(server->loop, &server->limits, &no_events, NULL, ws_is_detached, conn);
	ws_attach(conn->ws, conn->wsi);
	int verdict = ws_handle(conn->ws, conn->wsi, LWS_CALLBACK_ESTABLISHED, NULL, 0);
	if (server->events.connected)
		server->events.connected(conn->ws, call, server->data);
	else
		ws_free(conn->ws);
	http_call_free(call);
	return conn->ws ? verdict : -1;
}

/* --- connections --- */

static void conn_free(struct conn *conn)
{
	if (conn->call)
		http_call_gone(conn->call);
	if (conn->server)
		g_queue_unlink(&conn->server->conns, &conn->link);
	g_free(conn);
}

/* The wsi is on its way out. */
static void on_destroy(struct conn *conn)
{
	lws_set_opaque_user_data(conn->wsi, NULL);
	if (conn->ws)
		ws_handle(conn->ws, conn->wsi, LWS_CALLBACK_WSI_DESTROY, NULL, 0);
	conn_free(conn);
}

static int serve(struct conn *conn, enum lws_callback_reasons reason, void *in, size_t length)
{
	switch ((int)reason) {
	case LWS_CALLBACK_HTTP:
		return on_request(conn);
	case LWS_CALLBACK_HTTP_BODY:
		return on_body(conn, in, length);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return on_body_complete(conn);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return on_writeable(conn);
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return on_upgrade(conn, in);
	case LWS_CALLBACK_ESTABLISHED:
		return on_established(conn);
	case LWS_CALLBACK_WSI_DESTROY:
		on_destroy(conn);
		return 0;
	default:
		return conn->ws ? ws_handle(conn->ws, conn->wsi, reason, in, length) : 0;
	}
}

static int server_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION) {
		ws_client_note_certificate(wsi, user);
		return 0;
	}
	struct conn *conn = wsi ? lws_get_opaque_user_data(wsi) : NULL;
	if (!conn || !conn->server) {
		if (conn && reason == LWS_CALLBACK_WSI_DESTROY)
			on_destroy(conn);
		return lws_loop_is_stray(reason) ? -1 : 0;
	}
	struct lws_loop *loop = conn->server->loop;
	lws_loop_enter(loop);
	int verdict = serve(conn, reason, in, length);
	lws_loop_leave(loop);
	return verdict;
}

/* --- listening --- */

static void adopt(struct http_server *s, int fd)
{
	struct lws *wsi = lws_adopt_socket_vhost(s->vhost, fd);
	if (!wsi)
		return;
	struct conn *conn = g_new0(struct conn, 1);
	conn->server = s;
	conn->wsi = wsi;
	conn->link.data = conn;
	g_queue_push_tail_link(&s->conns, &conn->link);
	lws_set_opaque_user_data(wsi, conn);
}

static gboolean on_accept(GSocket *listener, GIOCondition condition, gpointer server)
{
	(void)condition;
	for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
		int fd = accept4(g_socket_get_fd(listener), NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			break;
		adopt(server, fd);
	}
	return G_SOURCE_CONTINUE;
}

static gboolean bind_listener(struct http_server *s, const struct http_server_options *o, GError **error)
{
	const char *text = o->address ? o->address : DEFAULT_ADDRESS;
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string(text, o->port);
	if (!address) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
			"cannot listen: '%s' is no numeric address", text);
		return FALSE;
	}
	g_autoptr(GError) cause = NULL;
	s->listener = g_socket_new(
		g_socket_address_get_family(address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &cause);
	if (s->listener) {
		g_socket_set_blocking(s->listener, FALSE);
		g_socket_set_listen_backlog(s->listener, LISTEN_BACKLOG);
	}
	if (s->listener && g_socket_bind(s->listener, address, TRUE, &cause) &&
		g_socket_listen(s->listener, &cause))
		return TRUE;
	g_set_error(error, G_IO_ERROR, cause->code, "cannot listen on '%s' port %u: %s", text, o->port,
		cause->message);
	return FALSE;
}

static gboolean start_listening(struct http_server *s, const struct http_server_options *o, GError **error)
{
	if (!bind_listener(s, o, error))
		return FALSE;
	g_autoptr(GSocketAddress) bound = g_socket_get_local_address(s->listener, error);
	if (!bound)
		return FALSE;
	s->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
	s->accepts = g_socket_create_source(s->listener, G_IO_IN, NULL);
	g_source_set_callback(s->accepts, G_SOURCE_FUNC(on_accept), s, NULL);
	g_source_attach(s->accepts, NULL);
	return TRUE;
}

static gboolean is_readable(const char *what, const char *file, GError **error)
{
	if (!file || access(file, R_OK) == 0)
		return TRUE;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "cannot read %s '%s': %s", what, file,
		g_strerror(errno));
	return FALSE;
}

static gboolean make_vhost(struct http_server *s, const struct http_server_options *o, GError **error)
{
	if (!is_readable("certificate", o->cert_file, error) || !is_readable("key", o->key_file, error))
		return FALSE;
	struct lws_context_creation_info info = {
		/* We listen and accept ourselves: errors and the port come at once, and it stops at once. */
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.options = LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
			   (o->cert_file ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0),
		.vhost_name = "belltower-server",
		.protocols = protocols,
		.ssl_cert_filepath = o->cert_file,
		.ssl_private_key_filepath = o->key_file,
		.alpn = "http/1.1",
		.http_proxy_address = ":0",
		.keepalive_timeout = IDLE_SECONDS,
		.retry_and_idle_policy = &lws_loop_no_retry,
	};
	s->vhost = lws_create_vhost(lws_loop_context(s->loop), &info);
	if (!s->vhost)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot use certificate '%s' with key '%s'",
			o->cert_file ? o->cert_file : "", o->key_file ? o->key_file : "");
	return s->vhost != NULL;
}

struct http_server *http_server_new(struct lws_loop *loop, const struct http_server_options *o,
	const struct http_server_events *events, gpointer data, GError **error)
{
	struct http_server *s = g_new0(struct http_server, 1);
	s->loop = loop;
	s->events = *events;
	s->data = data;
	s->tokens = http_token_table();
	s->max_body_us = (gint64)(o->max_body_ms ? o->max_body_ms : DEFAULT_BODY_MS) * 1000;
	s->max_body_bytes = o->max_body_bytes ? o->max_body_bytes : DEFAULT_BODY_BYTES;
	s->limits = (struct ws_limits){
		.max_message_bytes = o->max_message_bytes ? o->max_message_bytes : DEFAULT_MESSAGE_BYTES,
		.max_send_bytes = o->max_send_bytes ? o->max_send_bytes : DEFAULT_SEND_BYTES,
		.max_waiting_bytes = o->max_waiting_bytes ? o->max_waiting_bytes : DEFAULT_WAITING_BYTES,
		.fragment_bytes = o->fragment_bytes,
	};
	if (make_vhost(s, o, error) && start_listening(s, o, error))
		return s;
	http_server_free(s);
	return NULL;
}

static void drop_connections(struct http_server *s)
{
	GList *link;
	while ((link = g_queue_pop_head_link(&s->conns))) {
		struct conn *conn = link->data;
		conn->server = NULL;
		if (conn->call)
			http_call_free(conn->call);
		lws_loop_kill(s->loop, conn->wsi);
	}
}

void http_server_free(struct http_server *s)
{
	if (!s)
		return;
	if (s->accepts) {
		g_source_destroy(s->accepts);
		g_source_unref(s->accepts);
	}
	g_clear_object(&s->listener);
	drop_connections(s);
	if (s->vhost)
		lws_vhost_destroy(s->vhost);
	g_hash_table_destroy(s->tokens);
	if (s->spare_response)
		g_string_free(s->spare_response, TRUE);
	g_free(s);
}

guint16 http_server_port(const struct http_server *s)
{
	return s->port;
}
