/* SPDX-License-Identifier: MIT */
/*
 * The clock: the only place where the program learns the time.
 *
 * It has two hands. The wall hand tells UTC and may be moved: by the operator, by the sandbox's page, by a test.
 * The monotonic hand measures intervals (time limits, back-off, rate limits) and never runs backwards. Moving the
 * wall does not move the monotonic hand, so that a demo that jumps to tomorrow does not time out its connections.
 *
 * A clock may be frozen: it then stands still until it is moved. Tests freeze it and never sleep.
 *
 * Lifetime: one per process, made first and freed last. Reading and moving are safe from any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct clock;

/* Milliseconds in larger units, for tables and tests. */
#define SECONDS(n) ((int64_t)(n) * 1000)
#define MINUTES(n) (SECONDS(n) * 60)
#define HOURS(n)   (MINUTES(n) * 60)
#define DAYS(n)	   (HOURS(n) * 24)

/* A clock that follows the machine's. */
struct clock *clock_new(void);
/* A clock that stands at now_ms (UTC milliseconds) until it is moved; its monotonic hand stands at 0. */
struct clock *clock_new_frozen(int64_t now_ms);
void clock_free(struct clock *clock);

/* UTC milliseconds. */
int64_t clock_now_ms(const struct clock *clock);
/* Milliseconds of the monotonic hand; only differences mean something. */
int64_t clock_mono_ms(const struct clock *clock);
/* Microseconds of the machine's own monotonic clock, never moved: for measuring work. */
int64_t clock_cpu_us(void);

/* Puts the wall hand at now_ms; it goes on from there (or stands there, when frozen). */
void clock_set(struct clock *clock, int64_t now_ms);
/* Moves both hands ahead by step_ms (>= 0): as if this time had passed. */
void clock_advance(struct clock *clock, int64_t step_ms);
gboolean clock_is_frozen(const struct clock *clock);

/* Called after each move, in the mover's thread, until unsubscribed. notify must be thread-safe (a loop wake-up). */
void clock_subscribe(struct clock *clock, void (*notify)(gpointer data), gpointer data);
void clock_unsubscribe(struct clock *clock, void (*notify)(gpointer data), gpointer data);
