/* SPDX-License-Identifier: MIT */
/*
 * Dials a WebSocket server: name resolved in a thread of its own, TCP with keepalive and TCP_USER_TIMEOUT, TLS
 * verified against the name in the URL (SNI too), an HTTP proxy by CONNECT, upgrade without sub-protocol or extension.
 *
 *	ws = ws_client_dial(loop, &(struct ws_options){ .url = url }, &events, link);
 *
 * The answer is always a ws; what goes wrong comes as `closed` with code 1006 from the loop. Dialling has no time
 * limit of its own (link has): ws_free and ws_drop end it in any phase, while the name is resolved too.
 *
 * Thread: the loop.
 */
#pragma once

#include "net/lws_loop.h"
#include "net/ws.h"

struct ws_options {
	const char *url;     /* ws:// or wss://, any port, path and query */
	const char *ca_file; /* PEM, trusted in place of the system's authorities; NULL: /etc/ssl/certs */
	/* "http://[user:password@]host:port"; "": none; NULL: as https_proxy and no_proxy say (http_proxy for ws://) */
	const char *proxy;
	/* Lower case, ends with NULL: headers of a refused upgrade to be kept for ws_refusal_header. NULL: none */
	const char *const *refusal_headers;
	gsize max_message_bytes; /* received; 0: 1 MiB */
	gsize max_send_bytes;	 /* one message sent; 0: 20000 (Slack drops frames over 20480 bytes) */
	gsize max_waiting_bytes; /* all that wait to be sent; 0: 4 MiB */
};

/* options: borrowed until return. events: borrowed until the ws is freed. */
struct ws *ws_client_dial(struct lws_loop *loop, const struct ws_options *options,
	const struct ws_events *events, gpointer data);
