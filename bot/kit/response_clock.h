/* SPDX-License-Identifier: MIT */
/*
 * The response clock: one promise, measured in working time. Pure arithmetic over what happened; rows, reminders and
 * people are the business of others.
 *
 *	struct response_clock *clock = response_clock_new(&promise);
 *	response_clock_take(clock, &event);		in time order
 *	response_clock_state(clock, now_ms, &state);	where it stands
 *
 * The rules are those of tests/data/README.md. In short: the clock runs in (working time) minus
 * (pauses); it is due at the earliest instant at which the running time since the start has reached the target; one that
 * was answered at that very second is met. Events that say nothing new (a second pause, a resume while running, a stop
 * of what is stopped) do nothing; a case that ended is frozen until it is reopened.
 *
 * Instants are UTC milliseconds, targets whole seconds. A due instant further away than ten years is never.
 * Thread: any, one at a time. Calendars are borrowed and must outlive the clock.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "team/calendar.h"

#include "base/banned.h"

/* No instant: unknown (the clock is paused), never, or not yet. */
#define RESPONSE_NEVER INT64_MIN

enum response_reopen {
	RESPONSE_REOPEN_RESUME,	 /* goes on with what was left; the closed time does not count */
	RESPONSE_REOPEN_RESTART, /* a new cycle with the whole target; the old one keeps its verdict */
	RESPONSE_REOPEN_ONCE,	 /* the first verdict stands: reopening does nothing */
};

struct response_promise {
	const struct calendar *calendar;
	int64_t start_ms;
	int64_t target_s;
	int target_days; /* above 0: instead of target_s, due at the same local time that many calendar days later */
	enum response_reopen reopen;
};

enum response_event_kind {
	RESPONSE_PAUSE,
	RESPONSE_RESUME,
	RESPONSE_STOP, /* answered, done */
	RESPONSE_REOPEN,
	RESPONSE_CANCEL,     /* ends it without a verdict; whatever follows is ignored */
	RESPONSE_RETARGET,   /* another target: start and running time stay, or (afresh) the clock begins anew */
	RESPONSE_RECALENDAR, /* another calendar: for all of it, or (onward) only from this instant on */
};

struct response_event {
	int64_t at_ms;
	enum response_event_kind kind;
	int64_t target_s;		 /* RETARGET */
	gboolean afresh;		 /* RETARGET */
	const struct calendar *calendar; /* RECALENDAR */
	gboolean onward;		 /* RECALENDAR */
};

enum response_status {
	RESPONSE_RUNNING,
	RESPONSE_PAUSED,
	RESPONSE_BREACHED, /* open and overdue */
	RESPONSE_MET,
	RESPONSE_MISSED, /* answered late */
	RESPONSE_CANCELLED,
};

struct response_state {
	enum response_status status;
	int64_t due_ms; /* or RESPONSE_NEVER */
	gboolean breached;
	int64_t breached_at_ms; /* RESPONSE_NEVER when not breached */
	int64_t elapsed_s, remaining_s; /* remaining: below 0 when overdue */
	gboolean ticking; /* open, not paused, and now is working time */
};

/* A cycle that ended when the case was reopened under RESPONSE_REOPEN_RESTART. */
struct response_cycle {
	int64_t start_ms, due_ms, stopped_ms;
	enum response_status status; /* MET or MISSED */
	int64_t elapsed_s;
};

/* A step of an escalation ladder: so long after the start or the due instant, in working or in plain seconds. */
struct response_step {
	int64_t after_s;
	gboolean from_due;
	gboolean wall;
};

struct response_clock;

struct response_clock *response_clock_new(const struct response_promise *promise);
void response_clock_free(struct response_clock *clock);

/* What happened, in time order; of the same instant in the order told. */
void response_clock_take(struct response_clock *clock, const struct response_event *event);

/* Where the clock stands at now_ms, which no event taken lies behind. */
void response_clock_state(const struct response_clock *clock, int64_t now_ms, struct response_state *out);
/* Somebody has paused it; one that has ended is not. */
gboolean response_clock_is_paused(const struct response_clock *clock);
/*
 * The first instant at which the running time reaches floor(target * percent / 100), or RESPONSE_NEVER when that is
 * unknown or the case ended at or before it. It may lie ahead.
 */
int64_t response_clock_warning(const struct response_clock *clock, int percent);
/* When that step of the ladder is due, or RESPONSE_NEVER as above. */
int64_t response_clock_step(const struct response_clock *clock, const struct response_step *step);
/* The earlier cycles, oldest first; borrowed until the next take. */
const struct response_cycle *response_clock_cycles(const struct response_clock *clock, guint *count);

/* "running", "met", … */
const char *response_status_name(enum response_status status);

typedef struct response_clock response_clock_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(response_clock_auto, response_clock_free)
