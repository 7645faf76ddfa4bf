/* SPDX-License-Identifier: MIT */
/*
 * The inbox: the one queue from the loop to the clerk. The loop puts, the clerk takes all there is at once: that is
 * what a batch is. Bounded: above INBOX_LIMIT the loop is told to stop reading from its sockets (reports and other
 * events without a receipt are always taken, for nobody would send them again).
 */
#pragma once

#include "core/event.h"

/*
 * Patient events (that a reaction was sent) wait up to INBOX_PATIENCE_MS of real time for company, so that they share the
 * next event's commit instead of having one each; or until so many are there that they are worth one.
 */
enum { INBOX_LIMIT = 4096, INBOX_PATIENCE_MS = 100, INBOX_PATIENT_LIMIT = 64 };

struct inbox;

struct inbox *inbox_new(void);
void inbox_free(struct inbox *inbox);

/* Loop. Takes the event. FALSE: that made it full. */
gboolean inbox_put(struct inbox *inbox, struct event *take);
/* Any thread. The clerk looks up, even when nothing was put: a job may be due, or it shall stop. */
void inbox_wake(struct inbox *inbox);
/*
 * Clerk. Waits until there is something or somebody wakes it, then gives all (struct event, in order, owned by the
 * list). wait_us: at most so long; -1: for ever.
 */
GPtrArray *inbox_take(struct inbox *inbox, int64_t wait_us);
/* Clerk. Puts events back before all others, in their order; takes them. */
void inbox_put_back(struct inbox *inbox, GPtrArray *take);
/* Any thread. Events waiting. */
guint inbox_length(struct inbox *inbox);
/*
 * Any thread. Nothing waits and the clerk has finished all it took. Who asks is waiting for that: what waits patiently
 * is handled at once.
 */
gboolean inbox_is_idle(struct inbox *inbox);
