/* SPDX-License-Identifier: MIT */
/*
 * Errors of the log on their way to the operators: whoever writes one, in any thread, it becomes an EVENT_TROUBLE on the loop.
 * The same error of the same workspace comes once an hour at most, so that no trouble of telling one feeds itself.
 *
 * Thread: the loop. One at a time.
 */
#pragma once

#include "base/clock.h"
#include "core/event.h"

struct alarm;

/* take: gets each, and owns it. workspace: of troubles that name none; borrowed while it lives. */
struct alarm *alarm_new(struct clock *clock, const char *workspace, void (*take)(gpointer data, struct event *event), gpointer data);
void alarm_free(struct alarm *alarm);
