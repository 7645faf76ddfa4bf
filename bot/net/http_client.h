/* SPDX-License-Identifier: MIT */
/*
 * HTTP requests on the loop: libcurl's multi interface, driven by the GLib main context (http_sockets). The only user of
 * libcurl.
 *
 * A client is one pool of connections with one certificate store and one proxy: a workspace has its own. http_send
 * never waits and never calls back from inside; `done` is called once from the loop, unless the request is cancelled.
 *
 *	static const char *const headers[] = { "Content-Type: application/json", NULL };
 *	http_send(client, &(struct http_request){ .method = "POST", .url = url, .headers = headers,
 *		.body = text, .body_length = strlen(text) }, posted, row);
 *
 * The outcome says what matters to a sender: whether the request may be repeated. TLS is always verified, redirects
 * are not followed, and no request of which a byte was written is ever written again.
 *
 * Names are resolved in libcurl's own threads. Time limits are real time, by libcurl's clock.
 *
 * Thread: the loop. Lifetime: http_client_free cancels what is under way.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct http_client;
struct http_response;

struct http_options {
	const char *ca_file; /* PEM, trusted in place of the system's authorities; NULL: /etc/ssl/certs */
	/* "http://host:port"; "": none; NULL: as https_proxy, http_proxy and no_proxy say */
	const char *proxy;
	const char *user_agent; /* NULL: belltower/VERSION */
	unsigned max_active; /* requests at once, and connections kept; what is beyond waits in line. 0: 16 */
};

struct http_request {
	const char *method;	    /* NULL: GET, or POST when there is a body */
	const char *url;	    /* http or https, absolute */
	const char *const *headers; /* "Name: value", ends with NULL; may be NULL. All are copied. */
	const char *body;	    /* copied; NULL: none */
	gsize body_length;
	int32_t connect_timeout_ms; /* name, TCP and TLS together. 0: 5000 */
	int32_t timeout_ms;	    /* the whole, from when it leaves the line. 0: 20000 */
	gsize max_response_bytes;   /* a longer answer is cut off and ends IN_DOUBT. 0: 4 MiB */
};

enum http_outcome {
	HTTP_OK,       /* a whole answer arrived, whatever its status */
	HTTP_NOT_SENT, /* not a byte of the request was written (name, connection, proxy, TLS): a repeat is safe */
	HTTP_IN_DOUBT, /* bytes went out and no whole answer came back: the server may have acted */
};

/* Borrowed by `done`, with all that it points to, until it returns. */
struct http_response {
	guint64 id;
	enum http_outcome outcome;
	int status; /* 200, 429, …; 0 when none arrived. With IN_DOUBT it may be set: the body broke off. */
	const char *body; /* never NULL, a NUL follows the last byte */
	gsize body_length;
	const char *error; /* for the log: what failed, in words, without the URL; NULL with HTTP_OK */
	gboolean reused; /* went over a kept connection */
};

/* May send, cancel, and free the client. */
typedef void http_done_fn(const struct http_response *response, gpointer data);

struct http_client *http_client_new(const struct http_options *options);
void http_client_free(struct http_client *client);

/* Returns the request's id, never 0. A URL that is no URL ends NOT_SENT through `done`. */
guint64 http_send(
	struct http_client *client, const struct http_request *request, http_done_fn *done, gpointer data);
/* `done` will not be called; an unknown or finished id is nothing. What went out stays in doubt. */
void http_cancel(struct http_client *client, guint64 id);
/* How many requests wait or are under way. */
unsigned http_pending(const struct http_client *client);

/* The value of a header of the answer, whatever the case of its name; the first one of several; NULL when absent. */
const char *http_header(const struct http_response *response, const char *name);
/* For logs: "ok", "not sent", "in doubt". */
const char *http_outcome_name(enum http_outcome outcome);
