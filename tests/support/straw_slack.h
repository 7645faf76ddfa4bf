/* SPDX-License-Identifier: MIT */
/*
 * A Slack of straw: a scripted server over real sockets, for what no good-natured sandbox does. Every call of the
 * Web API is kept; it is answered by the script, else by a default; each connection of Socket Mode is kept with what
 * was said on it.
 *
 * Thread: the loop. One default main context; the functions that wait turn it, for at most 10 s of real time.
 */
#pragma once

#include "net/http_server.h"

struct straw;

enum straw_reply {
	STRAW_ANSWER, /* status, header, body */
	STRAW_HOLD,   /* never answered */
	STRAW_DROP,   /* taken, and the connection closed */
};

struct straw_script {
	enum straw_reply reply;
	int status;	    /* 0: 200 */
	const char *header; /* "Retry-After: 7"; NULL: none */
	const char *body;   /* NULL: {"ok":true} */
};

struct straw_socket {
	struct ws *ws; /* NULL: closed */
	char *ticket;
	gboolean closed;
	GPtrArray *heard; /* texts that came */
};

struct straw *straw_new(struct lws_loop *loop);
void straw_free(struct straw *s);
/* "http://127.0.0.1:PORT/api/" */
const char *straw_api_url(const struct straw *s);

/* The next call of the method that is not yet scripted goes so. */
void straw_script(struct straw *s, const char *method, struct straw_script script);
/* All further calls of the method are answered so. */
void straw_default(struct straw *s, const char *method, const char *body);
unsigned straw_calls(const struct straw *s, const char *method);
/* The n-th call's body, from 0. */
const char *straw_body(const struct straw *s, const char *method, unsigned n);
/* The value of a field of a form, decoded; the caller frees. */
char *straw_field(const char *body, const char *name);

/* What the server says after an upgrade; NULL: nothing. At first: hello, with num_connections 1. */
void straw_greet(struct straw *s, const char *greeting);
/* The status with which upgrades are refused; 0: they are welcome. */
void straw_refuse_upgrades(struct straw *s, int status);
unsigned straw_socket_count(const struct straw *s);
struct straw_socket *straw_socket_at(struct straw *s, unsigned n);
struct straw_socket *straw_last_socket(struct straw *s);
void straw_say(struct straw_socket *socket, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Closes the descriptor. */
void straw_hang_up(struct straw_socket *socket);
/* Whether an acknowledgement of this envelope was heard on this socket. */
gboolean straw_heard(const struct straw_socket *socket, const char *envelope_id);

/* Turns the loop until the condition holds; fails the test after 10 s. */
#define UNTIL(condition)                                                                                            \
	do {                                                                                                        \
		gint64 until_end_ = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;                                   \
		while (!(condition)) {                                                                              \
			straw_turn();                                                                               \
			if (g_get_monotonic_time() > until_end_)                                                    \
				fail_msg("waited in vain for: %s", #condition);                                     \
		}                                                                                                   \
	} while (0)
/* One turn of the loop, 20 ms at most. */
void straw_turn(void);
/* Everything that is under way on loopback arrives: turns until nothing has happened for 30 ms. */
void straw_settle(void);
/* The same for 6 ms: between the steps of a long time. */
void straw_breathe(void);
