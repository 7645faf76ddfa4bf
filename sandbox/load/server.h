/* SPDX-License-Identifier: MIT */
/*
 * The load's end of the wire: an HTTP/1.1 and WebSocket server over epoll, made for one thing: to cost next to nothing beside
 * the bot that is measured. Plain text, keep-alive, whole requests with Content-Length, unfragmented frames below 64 KiB; what
 * comes otherwise ends the connection, for then something else would be measured.
 *
 * Writes are collected and go out at the end of a turn, one write for each connection.
 *
 * Thread: one.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct server;
struct server_conn;

enum server_kind { SERVER_TEXT = 1, SERVER_BINARY = 2 }; /* RFC 6455, 5.2 */

struct server_request {
	const char *verb, *path, *query; /* query: "" when there is none */
	const char *body;		 /* a NUL follows */
	gsize body_length;
};

struct server_events {
	/* Answer with server_reply before returning. */
	void (*request)(struct server_conn *conn, const struct server_request *request, gpointer data);
	/* A request for a WebSocket was granted; messages may be sent. */
	void (*opened)(struct server_conn *conn, gpointer data);
	/* A NUL follows. */
	void (*message)(struct server_conn *conn, const char *bytes, gsize length, gpointer data);
	/* The peer sent a close frame, or its end is gone; nothing may be sent any more. Once. */
	void (*closed)(struct server_conn *conn, gpointer data);
};

/* address: numeric. port: 0: the kernel chooses. events, data: borrowed. NULL with an error of gio's. */
struct server *server_new(const char *address, guint16 port, const struct server_events *events, gpointer data, GError **error);
void server_free(struct server *server);
/* "HOST:PORT". Caller frees. */
char *server_authority(const struct server *server);

/* Serves what is ready, waiting at most so long for something that is. */
void server_turn(struct server *server, int64_t wait_us);

/* more_headers: with their line ends. */
void server_reply(struct server_conn *conn, const char *more_headers, const char *body, gsize length);
void server_send(struct server_conn *conn, enum server_kind kind, const char *bytes, gsize length);
void server_ping(struct server_conn *conn);
/* Leaves without a close frame. */
void server_cut(struct server_conn *conn);
