/* SPDX-License-Identifier: MIT */
/*
 * What the scripted servers share: each call is kept by its name, and answered by the script, else by the name's default,
 * else as usual; and the turning of the loop until something has come.
 *
 * Thread: the loop. One default main context; the functions that wait turn it, for at most 10 s of real time.
 */
#pragma once

#include "net/http_server.h"

struct scripted;

struct scripted_call {
	char *query, *body, *authorization; /* NULL: it had none */
};

enum script_reply {
	SCRIPT_ANSWER, /* status, header, body */
	SCRIPT_HOLD,   /* never answered */
	SCRIPT_DROP,   /* taken, and the connection closed */
};

struct script {
	enum script_reply reply;
	int status;	    /* 0: 200 */
	const char *header; /* "Retry-After: 7"; NULL: none */
	const char *body;   /* outlives it; NULL: the server's "well done" */
};

/* well_done: a literal. */
struct scripted *scripted_new(const char *well_done);
void scripted_free(struct scripted *s);

/* The next call of that name that is not yet scripted goes so. */
void scripted_next(struct scripted *s, const char *name, struct script script);
/* All further calls of that name are answered so. */
void scripted_default(struct scripted *s, const char *name, const char *body);

unsigned scripted_count(const struct scripted *s, const char *name);
/* The n-th call of that name, from 0; NULL: there is none. */
const struct scripted_call *scripted_call(const struct scripted *s, const char *name, unsigned n);

/* Keeps the call. TRUE: its script or default has answered it. */
gboolean scripted_answers(struct scripted *s, const char *name, struct http_call *call);
/* A JSON answer; header may be NULL. */
void scripted_reply(struct http_call *call, int status, const char *header, const char *body);

/* Turns the loop until the condition holds; fails the test after 10 s. */
#define UNTIL(condition)                                                                                            \
	do {                                                                                                        \
		gint64 until_end_ = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;                                   \
		while (!(condition)) {                                                                              \
			loop_turn();                                                                                \
			if (g_get_monotonic_time() > until_end_)                                                    \
				fail_msg("waited in vain for: %s", #condition);                                     \
		}                                                                                                   \
	} while (0)
/* One turn of the loop, 20 ms at most. */
void loop_turn(void);
/* Everything that is under way on loopback arrives: turns until nothing has happened for 30 ms. */
void loop_settle(void);
/* The same for 6 ms: between the steps of a long time. */
void loop_breathe(void);
