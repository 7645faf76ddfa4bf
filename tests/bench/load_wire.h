/* SPDX-License-Identifier: MIT */
/*
 * The load generator's wire: an HTTP/1.1 and WebSocket server over epoll, made for one thing: to cost next to
 * nothing beside the bot that is measured. Plain text, keep-alive, whole requests with Content-Length,
 * unfragmented frames; what comes otherwise ends the connection, for then the bench would measure something
 * else.
 *
 * Writes are collected and go out at the end of a turn, one write for each connection.
 *
 * Thread: one.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct wire;
struct wire_conn;

struct wire_request {
	const char *path;    /* with its query; a NUL follows */
	const char *headers; /* from behind the request line; a NUL follows */
	const char *body;    /* a NUL follows */
	gsize body_length;
};

struct wire_events {
	/* Answer with wire_reply before returning. */
	void (*request)(struct wire_conn *conn, const struct wire_request *request, gpointer data);
	/* A request for a WebSocket was granted; frames may be sent. */
	void (*opened)(struct wire_conn *conn, gpointer data);
	void (*text)(struct wire_conn *conn, const char *text, gsize length, gpointer data);
	/* The peer sent a close frame, or its end is gone; nothing may be sent any more. Once. */
	void (*closed)(struct wire_conn *conn, gpointer data);
};

/* NULL when it cannot listen. port: 0: the kernel chooses. events, data: borrowed. */
struct wire *wire_new(guint16 port, const struct wire_events *events, gpointer data);
void wire_free(struct wire *wire);
guint16 wire_port(const struct wire *wire);

/* Serves what is ready, waiting at most so long (microseconds; -1: until something is). */
void wire_turn(struct wire *wire, int64_t wait_us);

void wire_reply(struct wire_conn *conn, const char *more_headers, const char *body, gsize length);
void wire_send(struct wire_conn *conn, const char *text, gsize length);
void wire_ping(struct wire_conn *conn);
/* Leaves without a close frame. */
void wire_cut(struct wire_conn *conn);
