/* SPDX-License-Identifier: MIT */
/* What the tests of the network share: turning the loop until something happened, and certificates. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib.h>

#include "net/http_server.h"

/* Turns the loop until *counter >= want; fails the test after 20 s of real time. */
void run_until(const unsigned *counter, unsigned want);
/* Turns the loop until a condition written in terms of the test's own variables holds. */
#define RUN_WHILE(condition)                                                                                 \
	do {                                                                                                 \
		gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;                              \
		while (condition) {                                                                          \
			if (g_get_monotonic_time() > until_us)                                               \
				fail_msg("still: %s", #condition);                                           \
			turn_once();                                                                         \
		}                                                                                            \
	} while (0)
/* One turn; waits at most 20 ms when there is nothing to do. */
void turn_once(void);
/* Turns the loop for `ms` of real time and tells how many turns had something to do. */
unsigned busy_turns_in(unsigned ms);

/*
 * From names_hold to names_release getaddrinfo, which this program has in place of the C library's, does not come back
 * when asked for SLOW_NAME: a name server that does not answer.
 */
#define SLOW_NAME "slow.invalid"
void names_hold(void);
void names_release(void);
/* How many are waiting for SLOW_NAME. */
unsigned names_held(void);

/* A directory with the certificates of tests/support/test-ca.sh, made at the first call, removed by certificates_remove. */
const char *certificate(const char *file);
void certificates_remove(void);

/* A TCP listener on 127.0.0.1 that accepts and then follows a script; see raw_peer_new. */
struct raw_peer;
/*
 * What it does with each connection, by number from 0: called when bytes have come (and first when it was accepted,
 * with none). Writes `answer` if not NULL, then closes if `close`. Bytes are all that came on this connection so far.
 */
struct raw_step {
	const char *answer;
	gboolean close;
};
typedef struct raw_step raw_script_fn(unsigned connection, const char *bytes, gsize length, gpointer data);
struct raw_peer *raw_peer_new(raw_script_fn *script, gpointer data);
void raw_peer_free(struct raw_peer *peer);
guint16 raw_peer_port(const struct raw_peer *peer);
unsigned raw_peer_accepted(const struct raw_peer *peer);

struct lws_loop *test_loop(void);
