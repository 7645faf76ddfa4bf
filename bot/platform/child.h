/* SPDX-License-Identifier: MIT */
/*
 * Another program, run once: bytes in, bytes out, with limits on both its time and what it may say. The loop never waits
 * for it. Its time is real time: a moved clock makes no program quicker.
 *
 * Lifetime: from child_run until `done`, which is called once from the loop, never from inside; or until child_cancel.
 * Thread: the loop, on the default main context.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct child;

struct child_order {
	const char *program; /* path; runs without arguments, in our environment */
	GBytes *input;
	gsize most_bytes; /* of its answer: one that says more is killed */
	guint limit_ms;	  /* one that takes longer is killed */
};

/* answer: NULL: it failed, and why in words; both borrowed until return. */
typedef void child_done_fn(GBytes *answer, const char *why, gpointer data);

struct child *child_run(const struct child_order *order, child_done_fn *done, gpointer data);
/* It is killed, and `done` not called. NULL is nothing. */
void child_cancel(struct child *child);
