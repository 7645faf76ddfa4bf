/* SPDX-License-Identifier: MIT */
/*
 * The process's one libwebsockets context, on the default GLib main context. Made by app before the first
 * ws_client_dial or http_server_new, and freed after the last ws and server is freed.
 *
 * lws_loop_free runs the main context until libwebsockets has let go of it (its sockets and sources are closed in
 * the loop); connections still open are dropped, with no callback.
 *
 * Thread: the loop.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct lws_loop;

/* NULL with an error when the GLib event library of libwebsockets is not installed. */
struct lws_loop *lws_loop_new(GError **error);
void lws_loop_free(struct lws_loop *loop);
/* Writes what the connections have been given to send: now, and not in the loop's next turn. Not from their callbacks. */
void lws_loop_flush(struct lws_loop *loop);
