/* SPDX-License-Identifier: MIT */
/*
 * Calls of either platform's API that meet bad luck (faults.h) before they are read: dropped, answered 500, served later,
 * or, in silence, never. Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

struct trouble;

typedef void serve_fn(struct sandbox *sb, struct http_call *call);

struct trouble *trouble_new(struct sandbox *sb);
/* Forgets the calls that wait; the server ends them. */
void trouble_free(struct trouble *trouble);

/* Serves the call: now, after the delay that is set, or never. */
void trouble_serve(struct trouble *trouble, struct http_call *call, serve_fn *serve);
/* The peer of a waiting call left. FALSE when it did not wait here. */
gboolean trouble_gone(struct trouble *trouble, struct http_call *call);
/* How many wait. */
guint trouble_waiting(const struct trouble *trouble);

/* The faults of the method of this name: TRUE when the call was answered, or dropped. */
gboolean trouble_met(struct sandbox *sb, struct http_call *call, const char *name);
