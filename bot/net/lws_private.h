/* SPDX-License-Identifier: MIT */
/*
 * What the users of libwebsockets in this folder share: the context, the ways in for a ws, and the one way to end a
 * connection. Not for others.
 *
 * libwebsockets calls back with reasons; a callback counts itself in with lws_loop_enter, so that a connection that
 * is ended meanwhile is not freed under libwebsockets' feet.
 */
#pragma once

#include <libwebsockets.h>

#include "net/lws_loop.h"
#include "net/ws.h"

/* Bytes read or written at once. A TLS record (16 KiB) must fit, or the rest would wait for libwebsockets' idle turn. */
#define LWS_LOOP_CHUNK_BYTES (32 * 1024)

struct lws_context *lws_loop_context(struct lws_loop *loop);
void lws_loop_enter(struct lws_loop *loop);
void lws_loop_leave(struct lws_loop *loop);
/*
 * Ends a connection without any farewell. The peer is cut off at once; the wsi is freed at once too, or, inside a
 * callback of libwebsockets, when that is over. Its callbacks must not need anything any more.
 */
void lws_loop_kill(struct lws_loop *loop, struct lws *wsi);
/*
 * Called once for each connection, in a callback that its socket caused: tells GLib not to take the socket out of its
 * poll set and back for each dispatch, which costs two writes to the loop's own eventfd.
 */
void lws_loop_speed_up(void);
/* TRUE for what must end a connection whose owner is gone. */
gboolean lws_loop_is_stray(enum lws_callback_reasons reason);
/*
 * Calls ws_flush for the link's data (struct ws) in the next turn of the loop, once, without waking it through its own
 * eventfd as lws_callback_on_writable does, twice. A link in line may be put again, or taken out.
 */
void lws_loop_flush_soon(struct lws_loop *loop, GList *link);
void lws_loop_flush_not(struct lws_loop *loop, GList *link);
/* Calls fn(data) in the next turn of the loop; returns the id for g_source_remove. */
guint lws_loop_later(GSourceFunc fn, gpointer data);
/*
 * The virtual host for dialling with these authorities through this proxy (any text that names it; the caller sets its
 * address with lws_set_proxy). NULL with an error. Kept by the loop.
 */
struct lws_vhost *lws_loop_client_vhost(struct lws_loop *loop, const struct lws_protocols *protocols,
	gboolean tls, const char *ca_file, const char *proxy, GError **error);
/* No validity checks by libwebsockets: silence is link's affair. */
extern const lws_retry_bo_t lws_loop_no_retry;

struct ws_limits {
	gsize max_message_bytes, max_send_bytes, max_waiting_bytes, fragment_bytes;
};

/*
 * A ws without a connection, in state DIALING. detached(owner), called once, tells that it has ended and must not be
 * called by ws_handle any more; the wsi, if there was one, is still there.
 */
struct ws *ws_new(struct lws_loop *loop, const struct ws_limits *limits, const struct ws_events *events,
	gpointer data, void (*detached)(gpointer owner), gpointer owner);
void ws_attach(struct ws *ws, struct lws *wsi);
/* Handles ESTABLISHED and all that follows. The ws may be gone afterwards. */
int ws_handle(struct ws *ws, struct lws *wsi, enum lws_callback_reasons reason, void *in, size_t length);
/* The upgrade was answered with this status; headers: name → value, NULL: none. For ws_refusal_…. */
void ws_note_refusal(struct ws *ws, int status, GHashTable *take_headers);
/* Writes what waits, as lws_loop_flush_soon promised. */
void ws_flush(struct ws *ws);
/* Ended before or without the upgrade, or by the peer; `closed` is called from here. */
void ws_end(struct ws *ws, unsigned code, const char *text);
/* The same, with `closed` called from the loop. */
void ws_end_later(struct ws *ws, unsigned code, const char *text);
/*
 * Remembers why a server's certificate is refused, for `closed`. libwebsockets sends this callback of a client's
 * connection to the first virtual host, which may be a server's. store: X509_STORE_CTX.
 */
void ws_client_note_certificate(struct lws *wsi, void *store);
