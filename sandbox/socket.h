/* SPDX-License-Identifier: MIT */
/*
 * Socket Mode's connections (protocol 2.1 to 2.9): tickets that open one connection each, hello, pings, frames that
 * break the rules, disconnect. What is delivered over them is post.h's business. Thread: the loop.
 */
#pragma once

#include "net/ws.h"
#include "sandbox/parts.h"

struct socket_hub;

struct socket_hub *socket_hub_new(struct sandbox *sb);
void socket_hub_free(struct socket_hub *hub);

/* A URL for one connection, once. Caller frees. */
char *socket_hub_ticket(struct socket_hub *hub);
/* Uses up the ticket of a query. FALSE when there is no such. */
gboolean socket_hub_admit(struct socket_hub *hub, const char *query);
/* Takes a connection that was admitted. */
void socket_hub_welcome(struct socket_hub *hub, struct ws *take_ws, const char *query);

/* Connections that said hello and are still there. */
guint socket_hub_count(const struct socket_hub *hub);
/* Sends to the connection whose turn it is; its number, or 0 when there is none. */
guint64 socket_hub_send(struct socket_hub *hub, const char *text, gsize length);
/* The act "disconnect": tells every connection, then closes it after close_ms (< 0: as the reason usually does). */
void socket_hub_disconnect(struct socket_hub *hub, const char *reason, int64_t close_ms);
/* Closes all descriptors without a word. */
void socket_hub_drop(struct socket_hub *hub);
/* Stops or resumes reading on all of them. */
void socket_hub_pause(struct socket_hub *hub, gboolean paused);
