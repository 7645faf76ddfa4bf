/* SPDX-License-Identifier: MIT */
/*
 * A Feishu of bamboo, as straw_slack.h is a Slack of straw: a scripted server over real sockets, for what no good-natured
 * sandbox does. Every call of the open API is kept; it is answered by the script, else by a default; each long
 * connection is kept with the frames that came on it.
 *
 * Calls are named "POST /open-apis/im/v1/messages", without the query. Waiting is scripted.h's: UNTIL, loop_settle.
 * Thread: the loop.
 */
#pragma once

#include "tests/support/scripted.h"

#define BAMBOO_TOKEN	"POST /open-apis/auth/v3/tenant_access_token/internal"
#define BAMBOO_ENDPOINT "POST /callback/ws/endpoint"
#define BAMBOO_BOT	"GET /open-apis/bot/v3/info"
#define BAMBOO_SEND	"POST /open-apis/im/v1/messages"

struct bamboo;

struct bamboo_socket {
	struct ws *ws; /* NULL: closed */
	char *query;   /* of the address */
	gboolean closed;
	unsigned pings;
	int64_t service; /* of the last ping */
	gboolean mute;	 /* answers no ping any more */
	GPtrArray *responses; /* FeishuWire__Frame: data frames that came */
	unsigned garbage;
};

struct bamboo *bamboo_new(struct lws_loop *loop);
void bamboo_free(struct bamboo *s);
/* "http://127.0.0.1:PORT" */
const char *bamboo_url(const struct bamboo *s);

/* The next call of that name that is not yet scripted goes so. body NULL: {"code":0,"data":{}} */
void bamboo_script(struct bamboo *s, const char *name, struct script script);
/* All further calls of that name are answered so. */
void bamboo_default(struct bamboo *s, const char *name, const char *body);
unsigned bamboo_calls(const struct bamboo *s, const char *name);
/* The n-th call, from 0; fails when there is none. */
const struct scripted_call *bamboo_call(const struct bamboo *s, const char *name, unsigned n);
/* A text in its JSON body, at that path; "" when there is none. Valid until the next call. */
const char *bamboo_field(struct bamboo *s, const char *name, unsigned n, const char *path);

/* The endpoint's ClientConfig; NULL: none. At first: all as in the documentation, a nonce of 2 s. */
void bamboo_config(struct bamboo *s, const char *config);
/* What pongs carry; NULL: nothing. */
void bamboo_pong_config(struct bamboo *s, const char *config);
/* The status and headers with which upgrades are refused; 0: they are welcome. headers outlive it. */
void bamboo_refuse_upgrades(struct bamboo *s, int status, const char *const *headers);
unsigned bamboo_socket_count(const struct bamboo *s);
struct bamboo_socket *bamboo_socket_at(struct bamboo *s, unsigned n);
struct bamboo_socket *bamboo_last_socket(struct bamboo *s);

/* Pushes an event in one frame. id: of the transport message. */
void bamboo_push(struct bamboo_socket *socket, const char *id, const char *payload);
/* One fragment of it. type: "event" or "card". */
void bamboo_push_part(struct bamboo_socket *socket, const char *type, const char *id, unsigned sum, unsigned seq,
	const char *bytes, gsize length);
void bamboo_push_bytes(struct bamboo_socket *socket, const char *bytes, gsize length);
void bamboo_hang_up(struct bamboo_socket *socket);
/* The payload of the response to a frame, NULL: none has come. Valid until the next call. */
const char *bamboo_response(struct bamboo_socket *socket, const char *id);
/* The callback's answer in it: its data, decoded; NULL: none. Caller frees. */
char *bamboo_response_data(struct bamboo_socket *socket, const char *id);
/* A header of the response. */
const char *bamboo_response_header(struct bamboo_socket *socket, const char *id, const char *key);
