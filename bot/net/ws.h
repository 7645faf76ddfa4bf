/* SPDX-License-Identifier: MIT */
/*
 * One WebSocket connection, ours to a server (ws_client.h) or a client's to us (http_server.h).
 *
 * Callbacks come from the loop, never from inside a call of this header. `closed` is the last one. A ws is freed by
 * its owner with ws_free, at any moment, inside a callback too; the descriptor is then closed and nothing more is
 * called. Nothing here has a time limit but ws_close: limits are the caller's.
 *
 * Received: messages, their fragments collected; pings are answered by themselves; binary messages are ignored
 * unless `binary` is there. Sent: each message as one single unfragmented frame (a server may be told to split,
 * for tests).
 *
 * Thread: the loop.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct ws;

/* All are optional. */
struct ws_events {
	/* The upgrade is done: from now on messages come and can be sent. For a server's ws it already is. */
	void (*opened)(struct ws *ws, gpointer data);
	/* text: borrowed until return; bytes as they came: UTF-8 is not checked; a NUL follows. */
	void (*message)(struct ws *ws, const char *text, gsize length, gpointer data);
	/* The same for a binary message. */
	void (*binary)(struct ws *ws, const char *bytes, gsize length, gpointer data);
	/* Any frame at all came, a ping, pong or a piece of a message: the peer lives. Before `message`. */
	void (*alive)(struct ws *ws, gpointer data);
	/* A message beyond the limit was thrown away whole; the connection goes on. bytes: how long it was. */
	void (*oversized)(struct ws *ws, gsize bytes, gpointer data);
	/*
	 * The fate of a message sent with a token: TRUE: all of it was handed to the kernel (which is not: arrived);
	 * FALSE: it was still waiting when the connection ended. In order; all come before `closed`.
	 */
	void (*sent)(struct ws *ws, guint64 token, gboolean written, gpointer data);
	/* Nothing waits to be sent any more. */
	void (*drained)(struct ws *ws, gpointer data);
	/*
	 * The connection ended, or could not be made. code: the peer's close code (RFC 6455, 7.4), or 1005 when its
	 * close frame had none, 1006 when there was no close frame (dropped, refused, never connected). text: the
	 * peer's reason or our own words, for the log.
	 */
	void (*closed)(struct ws *ws, unsigned code, const char *text, gpointer data);
};

enum ws_state { WS_DIALING, WS_OPEN, WS_CLOSING, WS_CLOSED };

enum { WS_CODE_NONE = 1005, WS_CODE_ABNORMAL = 1006 };

/*
 * Puts one text message in line; the bytes are copied. FALSE, and nothing is sent: the message is longer than the
 * limit, the line is full, or the connection is not open. token: given back through `sent`; 0: no word wanted.
 */
gboolean ws_send_text(struct ws *ws, const char *text, gsize length, guint64 token);
/* The same as one binary message. */
gboolean ws_send_binary(struct ws *ws, const char *bytes, gsize length, guint64 token);
/* A ping with at most 125 bytes of payload; overtakes waiting messages. FALSE when not open. */
gboolean ws_ping(struct ws *ws, const char *payload, gsize length);
/* Sends what waits, then a close frame, and waits at most 1.5 s for the peer's; then `closed`. code: 1000 … 4999. */
void ws_close(struct ws *ws, unsigned code, const char *reason);
/* Closes the descriptor before it returns, without a close frame, in any state; `closed` follows from the loop. */
void ws_drop(struct ws *ws);
/* Stops or resumes reading from the socket. While paused nothing is received, no pong goes out either. */
void ws_pause(struct ws *ws, gboolean paused);
/* Drops and frees; no callback comes any more. NULL is nothing. */
void ws_free(struct ws *ws);

enum ws_state ws_get_state(const struct ws *ws);
/* Inside `message`: TRUE when the message came in several frames, which some platforms do not put together. */
gboolean ws_was_fragmented(const struct ws *ws);
/* Inside `closed`: the HTTP status with which the server refused the upgrade; 0: it did not. */
int ws_refusal_status(const struct ws *ws);
/* Inside `closed`: what the refusal says in one of ws_options.refusal_headers; NULL: nothing. */
const char *ws_refusal_header(const struct ws *ws, const char *name);
/* Bytes that wait to be sent. */
gsize ws_waiting_bytes(const struct ws *ws);
/* Milliseconds since the last frame came in (any frame), or since the upgrade; real time. -1 before the upgrade. */
int64_t ws_silent_ms(const struct ws *ws);
/* Replaces the callbacks, as when a server's ws finds its owner. events: borrowed until the ws is freed. */
void ws_set_events(struct ws *ws, const struct ws_events *events, gpointer data);
