/* SPDX-License-Identifier: MIT */
/*
 * The schedule: whatever shall happen later is a row with a due time. A job is named by (ritual, word, key); naming
 * the same again moves it. A due job is handed to its ritual as EVENT_DUE and is gone with that transaction.
 *
 * Thread: the clerk, inside its transaction. After a rollback call schedule_rolled_back.
 */
#pragma once

#include "core/event.h"
#include "core/sequence.h"

struct schedule;

struct schedule *schedule_new(struct db *db);
void schedule_free(struct schedule *schedule);

/* due_ms: UTC. once: of two times of one name the earlier counts. */
gboolean schedule_put(struct schedule *schedule, const char *ritual, const char *word, const char *key, int64_t due_ms,
	gboolean once, GError **error);
/* TRUE: a job put once under this name surely still waits; FALSE: look, or put it. Costs no statement. */
gboolean schedule_stands(const struct schedule *schedule, const char *ritual, const char *word, const char *key);
gboolean schedule_cancel(struct schedule *schedule, const char *ritual, const char *word, const char *key, GError **error);

/* Jobs due at now_ms or before, the earliest first, at most `most`: struct event (EVENT_DUE) with `value` the key,
 * `word` "RITUAL.WORD". Owned by the caller; NULL on failure. */
GPtrArray *schedule_due(struct schedule *schedule, int64_t now_ms, guint most, GError **error);
/* Ends a job that schedule_due gave. *was_due: FALSE when it was cancelled or moved since then, by another due job. */
gboolean schedule_finish(struct schedule *schedule, gint64 job, int64_t due_ms, gboolean *was_due, GError **error);
/* When the next job is due, UTC; G_MAXINT64: none. */
gboolean schedule_next(struct schedule *schedule, int64_t *due_ms, GError **error);
void schedule_rolled_back(struct schedule *schedule);
