/* SPDX-License-Identifier: MIT */
/*
 * The clerk: the one worker thread. It owns the store and all that the team has said. It takes everything that has
 * arrived since its last commit as one batch, opens a transaction, lets dispatch handle each event and each due job,
 * commits once, and only then gives back to the loop what came of it: the verdicts to acknowledge, the rows to send,
 * the time of the next job. While it waits for the disk the loop gathers the next batch.
 *
 * When the store fails, the whole batch is rolled back: nothing of it is acknowledged, so the platform delivers it
 * again; what nobody would deliver again (reports, answers of the directory) is put back and tried until it is kept. An
 * event that the store refuses though it works is found and buried alone.
 *
 * Life cycle: clerk_new, clerk_start (the thread runs), clerk_stop (handles what is in the inbox, then ends),
 * clerk_free. All calls and all callbacks on the loop, except where said.
 */
#pragma once

#include "base/clock.h"
#include "core/dispatch.h"
#include "core/inbox.h"
#include "core/platform.h"

struct clerk;

/* All on the loop, in the order of the commits. */
struct clerk_events {
	/* verdict: borrowed; workspace NULL: on a request of another program. */
	void (*verdict)(gpointer data, const char *workspace, const struct verdict *verdict);
	/* All verdicts of a batch have been given: whoever gathers them may let them go. Optional. */
	void (*answered)(gpointer data);
	/* Takes the row. */
	void (*row)(gpointer data, struct outbox_row *take);
	/* The next job is due then (UTC milliseconds; G_MAXINT64: none): call clerk_wake at that time. */
	void (*due)(gpointer data, int64_t due_ms);
	/* The inbox has been emptied: reading may go on. */
	void (*drained)(gpointer data);
	/* The configuration given to clerk_configure is in force; old: the clerk has let go of it. */
	void (*configured)(gpointer data, const struct config *old);
	/* What adapters have noted: {WORKSPACE: {NAME: TEXT}}; after the start and after each `configured`. Optional. */
	void (*notes)(gpointer data, const cJSON *notes);
	/* The store fails (TRUE) or works again (FALSE). */
	void (*store_failing)(gpointer data, gboolean failing);
};

struct clerk_setup {
	struct db *db; /* open and migrated; the clerk's alone from clerk_start on */
	const struct clock *clock;
	const struct config *config; /* borrowed until `configured` gives it back */
	const struct texts *texts;
	const struct ritual *const *rituals;
	const struct clerk_events *events;
	gpointer data;
};

struct clerk *clerk_new(const struct clerk_setup *setup, GError **error);
void clerk_start(struct clerk *clerk);
void clerk_stop(struct clerk *clerk);
void clerk_free(struct clerk *clerk);

/* Takes the event. FALSE: the inbox is full now, stop reading until `drained`. */
gboolean clerk_put(struct clerk *clerk, struct event *take);
/* Look at the schedule. Any thread. */
void clerk_wake(struct clerk *clerk);
/* A new configuration, borrowed; not again before `configured` was called. */
void clerk_configure(struct clerk *clerk, const struct config *config);
/* A guest has renewed the register in the database (store/db.h): it counts from the next batch on. Any thread. */
void clerk_read_register(struct clerk *clerk);
/* TRUE when nothing waits and all results have been given to the loop. */
gboolean clerk_is_idle(struct clerk *clerk);
/* Batches finished so far, for the watchdog. Any thread. */
guint clerk_batches(const struct clerk *clerk);
