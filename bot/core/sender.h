/* SPDX-License-Identifier: MIT */
/*
 * The sender, the outbox's half on the loop: decides when a row goes to its platform.
 *
 * Rows queue in lanes: all that is said in one channel is one lane, with one row in flight, so that order holds; a
 * reaction's lane is its message, and so is a replacement's where the platform limits what happens to one message. A lane waits for its own budget (messages in a channel), for the budget of its
 * method, for the platform's Retry-After, or for its back-off; other lanes go on meanwhile. A replacement that waits
 * while a newer one of the same message comes is not sent any more. What is past its deadline is dropped.
 *
 * One sender for each workspace. Every row given ends in exactly one report, as an event for the clerk.
 *
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"

struct sender;

struct sender_setup {
	struct clock *clock;
	const char *workspace; /* borrowed */
	const struct platform *platform;
	struct adapter *adapter;
	/* Takes the event. Not to call the sender back. */
	void (*report)(gpointer data, struct event *take);
	gpointer data;
};

struct sender *sender_new(const struct sender_setup *setup);
/* Rows not reported stay in the store and are recovered at the next start. */
void sender_free(struct sender *sender);

void sender_put(struct sender *sender, struct outbox_row *take);
/* The adapter's word on a row that was given to platform->send. An unknown row is nothing. */
void sender_outcome(struct sender *sender, gint64 row, const struct outcome *outcome);
/* After SEND_STOPPED: the credentials are good again. */
void sender_resume(struct sender *sender);
/*
 * Gives away all rows, unreported, each lane's in their order and what is in flight as in doubt: when the adapter has
 * stopped and another takes its place. Outcomes that come later are nothing.
 */
void sender_empty(struct sender *sender, void (*give)(gpointer data, struct outbox_row *take), gpointer data);
/* Rows that wait or are in flight; how many of them could go now or are going. */
guint sender_waiting(const struct sender *sender);
guint sender_active(const struct sender *sender);
/* Lanes in memory: those with rows, and channels whose budget of the last minute counts. */
guint sender_lanes(const struct sender *sender);
/* Milliseconds on the monotonic hand until something can go; -1: nothing waits for time. */
int64_t sender_next_ms(const struct sender *sender);
