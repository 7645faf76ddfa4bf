/* SPDX-License-Identifier: MIT */
/*
 * What the two rooms of the HTTP server share; nobody else includes it.
 *
 *	http_server.c    listening, connections, requests and upgrades as libwebsockets tells of them
 *	http_call.c      one call: what was asked, its answer, and waiting for it
 *
 * Thread: the loop.
 */
#pragma once

#include <gio/gio.h>

#include "net/chunked.h"
#include "net/http_server.h"
#include "net/lws_private.h"

/* A connection of a client's; the opaque pointer of its wsi, freed with it. */
struct conn {
	struct http_server *server; /* NULL: freed meanwhile */
	struct lws *wsi;
	GList link; /* in server->conns */
	struct http_call *call;
	struct ws *ws;
	char **refusal_headers; /* while `upgrade` runs */
	gboolean has_served;
};

struct http_call {
	struct conn *conn;
	char *path, *query;
	int method;
	GString *body;
	gint64 since_us; /* monotonic: when its head was there */
	gboolean is_chunked;
	struct chunked chunked;
	GStringChunk *texts; /* headers that were asked for */
	gpointer data;
	gboolean handed_over; /* to the handler */
	gboolean in_handler;
	gboolean answered; /* response holds all of it */
	gboolean dropped;
	gboolean paused;     /* reading stopped while the answer is awaited */
	gboolean must_close; /* where the request ends cannot be told */
	GString *response;
	guint hang_up_watch;
};

struct http_server {
	struct lws_loop *loop;
	struct lws_vhost *vhost;
	struct http_server_events events;
	gpointer data;
	struct ws_limits limits;
	gsize max_body_bytes;
	gint64 max_body_us;
	GSocket *listener;
	GSource *accepts;
	guint16 port;
	GQueue conns;	    /* struct conn, by its link */
	GHashTable *tokens; /* header name → index of libwebsockets' token + 1 */
	GString *spare_response;
};

struct http_call *http_call_new(struct conn *conn);
void http_call_free(struct http_call *call);
/* The request is whole: the handler's turn. What a callback of libwebsockets shall return. */
int http_call_hand_over(struct http_call *call);
/* In a callback of libwebsockets: writes the answer and makes the connection ready for the next request. The same. */
int http_call_finish(struct http_call *call);
/* The peer has left: tells the handler that waits, and frees the call. */
void http_call_gone(struct http_call *call);

/* A header that libwebsockets knows; NULL: absent. The caller frees. */
char *http_known_header(struct lws *wsi, enum lws_token_indexes token);
/* Header name → index of libwebsockets' token + 1. */
GHashTable *http_token_table(void);
/* A whole response, behind the bytes that libwebsockets wants in front of it. headers: "Name: value", ends with NULL. */
void http_compose(
	GString *out, int status, gboolean close, const char *const *headers, const char *body, gsize length);
/* Writes what was composed; -1 on failure. */
int http_write(struct lws *wsi, GString *text);
