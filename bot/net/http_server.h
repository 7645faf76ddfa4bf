/* SPDX-License-Identifier: MIT */
/*
 * A small HTTP/1.1 and WebSocket server for local use: the sandbox, the tests, later a page for the team. With
 * ws_client the only user of libwebsockets.
 *
 * A request comes whole, with its body, as a `struct http_call`. The handler answers at once, later, or never:
 * each call ends exactly once, by http_reply, by http_drop, or by the peer's leaving (`gone`). Between the callback
 * and its end a call and all that is read from it stay valid.
 *
 * Keep-alive, bodies with Content-Length or chunked (which ends the connection), TLS if a certificate is given.
 * Pipelined requests are served one after the other as long as they have no body; one with a body ends the
 * connection unread, so that a client sends it again (RFC 9112, 9.3.2). A URL with an upgrade to WebSocket is
 * first shown to `upgrade`, then becomes a `struct ws`.
 *
 * Thread: the loop.
 */
#pragma once

#include "net/lws_loop.h"
#include "net/ws.h"

struct http_server;
struct http_call;

struct http_server_options {
	const char *address;	 /* numeric, IPv4 or IPv6; NULL: 127.0.0.1 */
	guint16 port;		 /* 0: the kernel chooses, see http_server_port */
	const char *cert_file;	 /* PEM chain; NULL: no TLS */
	const char *key_file;	 /* PEM */
	gsize max_body_bytes;	 /* a longer one is refused with 413; 0: 16 MiB */
	guint max_body_ms;	 /* one that comes slower is refused with 408; 0: a minute */
	gsize max_message_bytes; /* of a WebSocket client; 0: 1 MiB */
	gsize max_send_bytes;	 /* one WebSocket message sent; 0: 16 MiB */
	gsize max_waiting_bytes; /* all that wait on one ws; 0: 64 MiB */
	gsize fragment_bytes;	 /* split WebSocket messages into frames of this size, for tests; 0: never */
};

struct http_server_events {
	/* A whole request came. The call is the handler's until it ends it, or until `gone`. */
	void (*request)(struct http_call *call, gpointer data);
	/*
	 * The server ends a call that never became a request, with this status: 413, its body is too long; 408, too slow; 400, its
	 * length or its chunks are wrong. The handler may answer, at once and with that status, in its own words. Optional.
	 */
	void (*refused)(struct http_call *call, int status, gpointer data);
	/* The peer left before the answer: forget the call. Optional. */
	void (*gone)(struct http_call *call, gpointer data);
	/* Someone asks for a WebSocket. 0: welcome; else the HTTP status of the refusal. NULL: 404 for all. */
	int (*upgrade)(const struct http_call *call, gpointer data);
	/*
	 * A WebSocket is open; the call tells what was asked and is borrowed until return. The ws belongs to the
	 * receiver, who gives it events with ws_set_events and frees it.
	 */
	void (*connected)(struct ws *ws, const struct http_call *call, gpointer data);
};

/* NULL with an error: address in use, certificate not readable. events: borrowed until freed. */
struct http_server *http_server_new(struct lws_loop *loop, const struct http_server_options *options,
	const struct http_server_events *events, gpointer data, GError **error);
/*
 * Stops listening and drops all connections and calls, without `gone`; a ws that is still open gets its `closed`.
 * Not from inside a callback of the server's.
 */
void http_server_free(struct http_server *server);
guint16 http_server_port(const struct http_server *server);

/*
 * What was asked. Texts are borrowed from the call. path: decoded, without the query. query: never NULL; encoded, though
 * perhaps not with the very same bytes as it came (libwebsockets has decoded it).
 */
const char *http_call_method(const struct http_call *call);
const char *http_call_path(const struct http_call *call);
const char *http_call_query(const struct http_call *call);
/* never NULL, a NUL follows the last byte */
const char *http_call_body(const struct http_call *call, gsize *length);
/* The value of a header, whatever the case of its name; NULL when absent. */
const char *http_call_header(const struct http_call *call, const char *name);
/* A pointer of the handler's own, NULL at first. */
void http_call_set_data(struct http_call *call, gpointer data);
gpointer http_call_data(const struct http_call *call);

/*
 * Answers and ends the call. headers: "Name: value" lines, end with NULL, or NULL for none; Content-Length is
 * added. body: copied; to a HEAD only its length is told.
 */
void http_reply(
	struct http_call *call, int status, const char *const *headers, const char *body, gsize length);
/* Inside `upgrade`, before it refuses: header lines of the refusal, end with NULL. Copied. */
void http_call_refuse_with(const struct http_call *call, const char *const *headers);
/* Ends the call by closing the descriptor, with no answer. */
void http_drop(struct http_call *call);
