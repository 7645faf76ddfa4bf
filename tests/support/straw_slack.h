/* SPDX-License-Identifier: MIT */
/*
 * A Slack of straw: a scripted server over real sockets, for what no good-natured sandbox does. Every call of the
 * Web API is kept; it is answered by the script, else by a default; each connection of Socket Mode is kept with what
 * was said on it.
 *
 * Thread: the loop.
 */
#pragma once

#include "tests/support/scripted.h"

struct straw;

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

/* The next call of the method that is not yet scripted goes so. body NULL: {"ok":true} */
void straw_script(struct straw *s, const char *method, struct script script);
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
