/* SPDX-License-Identifier: MIT */
/*
 * The long connections (protocols/feishu.md 2.1 to 2.6, 2.9): one-use addresses, pings answered with the client's
 * configuration, frames out on a connection chosen at random, replies handed to the courier. Thread: the loop.
 */
#pragma once

#include "net/ws.h"
#include "sandbox/feishu/tenant.h"

enum { LINES_MOST = 50 };

struct lines;

struct lines *lines_new(struct tenant *tenant);
void lines_free(struct lines *lines);

/* A URL for one connection of this app, once. Caller frees. */
char *lines_ticket(struct lines *lines, const char *app_id);
/* Uses up the ticket of an upgrade. 0: welcome; else the HTTP status of the refusal, whose headers are set. */
int lines_admit(struct lines *lines, const struct http_call *http);
/* Takes a connection that was admitted. */
void lines_welcome(struct lines *lines, struct ws *take_ws, const struct http_call *http);

guint lines_count(const struct lines *lines);
/* Sends all of these (GBytes *) over one connection, any; its number, or 0 when there is none. */
guint64 lines_send(struct lines *lines, const GPtrArray *frames);
/* The service_id that the frames carry. */
gint32 lines_service(const struct lines *lines);
/* Ends all connections, with a close frame or without a word. */
void lines_close(struct lines *lines);
void lines_drop(struct lines *lines);
void lines_pause(struct lines *lines, gboolean paused);
