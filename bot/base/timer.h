/* SPDX-License-Identifier: MIT */
/*
 * A timer on the loop that obeys the project's clock: when the clock is moved, timers fire as if the time had passed.
 * One-shot and re-armable; a timer that is not armed costs nothing.
 *
 * Thread: the one that runs the main context given to timer_new (NULL: the default one). The callback may re-arm
 * the timer, and may free it.
 */
#pragma once

#include "base/clock.h"

struct timer;

typedef void timer_fn(gpointer data);

struct timer *timer_new(GMainContext *context, struct clock *clock, timer_fn *fire, gpointer data);
void timer_free(struct timer *timer);

/* Fires once, delay_ms from now on the monotonic hand (0: in the next turn of the loop). Replaces an earlier arming. */
void timer_arm_in(struct timer *timer, int64_t delay_ms);
/* Fires once, when the wall hand reads at_ms (UTC milliseconds) or later. Replaces an earlier arming. */
void timer_arm_at(struct timer *timer, int64_t at_ms);
void timer_disarm(struct timer *timer);
gboolean timer_is_armed(const struct timer *timer);
/* How long until it fires, in milliseconds, at least 0; -1 when not armed. */
int64_t timer_remaining_ms(const struct timer *timer);
