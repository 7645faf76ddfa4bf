/* SPDX-License-Identifier: MIT */
/*
 * The wiring: makes the parts in order, joins their ends, frees them in reverse. Nothing is decided here but what
 * concerns the whole: starting, reloading, stopping.
 *
 *	store, roster, rituals ← clerk ⇄ app ⇄ one adapter and one sender for each workspace
 *
 * Thread: the loop (the default main context), which the caller runs.
 */
#pragma once

#include "base/clock.h"
#include "net/lws_loop.h"
#include "team/config.h"

struct app;

struct app_setup {
	struct config *config; /* taken, also on failure */
	struct clock *clock;   /* borrowed */
	struct lws_loop *lws;  /* borrowed */
	/* A platform refused the credentials of the last workspace that worked; the program cannot do its work. */
	void (*refused)(gpointer data);
	gpointer data;
	const char *picture; /* path of belltower-picture, borrowed until return; NULL: where it is beside this program */
};

/* Opens the store, migrates it, starts the clerk and the connections. NULL with an error. */
struct app *app_new(const struct app_setup *setup, GError **error);
/*
 * Stops in good order: no new events are read, what was read is kept and acknowledged, what is ready is sent for at
 * most 5 s, the connections are closed; then `stopped`. Twice: at once.
 */
void app_stop(struct app *app, void (*stopped)(gpointer data), gpointer data);
/* Only after `stopped`, or when nothing was started. */
void app_free(struct app *app);

/* Puts a new configuration in force, whole; takes it. */
void app_reload(struct app *app, struct config *take);
/* Logs of each workspace how it stands: its connections, when it last heard what, how soon it acknowledges. */
void app_tell_status(const struct app *app);
/* TRUE when nothing is under way: no event, no batch, no row that could go now. */
gboolean app_is_idle(struct app *app);
/* TRUE when every workspace has a greeted connection. */
gboolean app_is_live(const struct app *app);
/* When something waits for time alone: milliseconds on the monotonic hand; -1: nothing. For tests that move it. */
int64_t app_next_ms(struct app *app);
/* When the next job is due on the wall hand, UTC milliseconds; G_MAXINT64: none. */
int64_t app_due_ms(const struct app *app);
