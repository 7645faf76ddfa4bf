/* SPDX-License-Identifier: MIT */
/*
 * A platform of straw for the sender: it keeps what it is asked to send until the test answers for it, and
 * what the sender reports. Time stands still until straw_advance.
 */
#pragma once

#include "core/sender.h"

/* What platform->send was given, at that time. */
struct straw_sending {
	gint64 row;
	enum outbox_kind kind;
	int attempts;
	gboolean in_doubt, plain;
	int64_t at_ms; /* monotonic */
};

struct straw {
	struct clock *clock;
	struct sender *sender;
	GArray *sent;	    /* struct straw_sending, in order */
	GArray *under_way;  /* gint64: rows without an outcome */
	GPtrArray *reports; /* struct event, in order */
	struct send_limit limits[OUTBOX_KIND_COUNT], channel_limit;
	struct send_limit message_limit; /* of what happens to one message */
	gboolean answers_at_once; /* SEND_DONE from inside send */
	guint most_under_way, limit_calls;
};

/* Without limits. */
struct straw *straw_new(void);
void straw_free(struct straw *straw);

struct outbox_row *straw_row(gint64 id, enum outbox_kind kind, const char *channel);
/* Gives a row with no more than that to the sender. */
void straw_put(struct straw *straw, gint64 id, enum outbox_kind kind, const char *channel);
/* The platform's answer to a row under way. */
void straw_answer(struct straw *straw, gint64 row, enum send_result result);
/* The same with the platform's word on when to come again (-1: none). */
void straw_answer_later(
	struct straw *straw, gint64 row, enum send_result result, int64_t after_ms, gboolean method_wide);
/* SEND_LATER, and nothing waits for it. */
void straw_answer_aside(struct straw *straw, gint64 row, int64_t after_ms);
/* Moves the clock and lets the loop run dry. */
void straw_advance(struct straw *straw, int64_t ms);

/* The rows sent since the last call are these, in this order; ends with 0. */
void straw_expect_sent(struct straw *straw, const gint64 *rows);
#define STRAW_SENT(straw, ...) straw_expect_sent((straw), (const gint64[]){ __VA_ARGS__ __VA_OPT__(, ) 0 })
/* The next report is this one; word: "sent", or how it failed (OUTBOX_FAILED, OUTBOX_GONE). */
void straw_expect_report(struct straw *straw, gint64 row, const char *word);
void straw_expect_no_report(const struct straw *straw);
/* The last one sent. */
const struct straw_sending *straw_last(const struct straw *straw);
