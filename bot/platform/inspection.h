/* SPDX-License-Identifier: MIT */
/*
 * What check --online does alike on every platform: it gathers findings, "ok: …" or "problem: …; what to do",
 *and looks at the configured channels, one after another, each found by its name as the daemon finds it. A
 *platform's check begins with a struct inspection, so that a pointer to one is a pointer to the other.
 *
 *	inspection_begin(&c->inspection, &kind, setup, done, data);
 *	c->a = slack_adapter_new(&c->inspection.setup);
 *	…
 *	inspection_next(&c->inspection);               — looks at the next channel; the last step
 *
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"

struct inspection;

struct inspection_kind {
	/* Gives the platform an errand: the channel of that name. */
	void (*send)(struct inspection *i, struct outbox_row *row);
	/* Asks about i->channel; inspection_next() when the answer is read. */
	void (*ask)(struct inspection *i);
	/* Its name could not be found; may be NULL. */
	void (*not_found)(struct inspection *i);
	/* The last word: inspection_end(), and everything else is freed. */
	void (*finish)(struct inspection *i);
	const char *place;  /* "channel" */
	const char *nobody; /* "that the bot can see; check the name, or invite the bot" */
};

struct inspection {
	const struct inspection_kind *kind;
	struct adapter_setup setup;  /* for the adapter; what it tells comes back here */
	const char *const *channels; /* those still to be looked at; NULL: none */
	char *channel;		     /* the id of the first of them */

	/* its own */
	struct host host;
	GPtrArray *findings;
	void (*done)(gpointer data, GPtrArray *findings);
	gpointer data;
	struct outbox_row *row; /* asks for a channel by its name */
};

/* done: gets the findings, texts, and owns them. setup outlives it. */
void inspection_begin(struct inspection *i, const struct inspection_kind *kind,
	const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data);
G_GNUC_PRINTF(2, 3) void inspection_find(struct inspection *i, const char *format, ...);
/* Compares our clock with the Date of an answer, NULL: it has none. whose: "Slack". */
void inspection_clock(struct inspection *i, const char *date, const char *whose);
/* The first channel is done with; its name as configured. */
const char *inspection_took(struct inspection *i);
/* The next one; after the last finish(). */
void inspection_next(struct inspection *i);
/* Hands the findings over and frees what is its own. The adapter is to be freed before. */
void inspection_end(struct inspection *i);
