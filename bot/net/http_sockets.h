/* SPDX-License-Identifier: MIT */
/*
 * libcurl's sockets and its one timeout in the GLib main context: the half of http_client that waits. Not for others.
 *
 * The sockets are in an epoll set of their own, of which GLib knows one descriptor: so a turn of the loop costs the same
 * whether one connection is kept or thirty. libcurl forgets a kept connection's socket after each answer and asks for it
 * again with the next request; it stays in the set meanwhile, so that a request does not change the set.
 *
 * Thread: the loop. Lifetime: freed after the CURLM, which closes its sockets last.
 */
#pragma once

#include <curl/curl.h>
#include <glib.h>

#include "base/banned.h"

struct http_sockets;

/* served(data): libcurl has worked, and may have finished requests. It may call http_sockets_free. */
struct http_sockets *http_sockets_new(CURLM *multi, void (*served)(gpointer data), gpointer data);
/* From now on nothing is served. */
void http_sockets_stop(struct http_sockets *sockets);
void http_sockets_free(struct http_sockets *sockets);
/* The sockets that this handle opens are connections, which libcurl may keep; others (a resolver's) it never keeps. */
void http_sockets_open_for(struct http_sockets *sockets, CURL *easy);
