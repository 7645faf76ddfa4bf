/* SPDX-License-Identifier: MIT */
/*
 * Dispatch: what becomes of one event. It knows what the event is to the house itself (a report, news of
 * people, a gap) and which rituals it wakes; each ritual has its turn under a savepoint, so that one that
 * fails is undone alone: the event goes to the dead-letter table, its person gets one plain sentence, and the
 * rest of the batch commits.
 *
 * An event of a person whom the roster does not know waits in the store until the platform's directory has
 * told who that is; then it is handled like any other.
 *
 * Thread: the clerk, inside its transaction.
 */
#pragma once

#include "core/ritual.h"

struct dispatch;

struct dispatch_setup {
	struct db *db;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	const struct texts *texts;
	const struct ritual *const *rituals; /* ends with NULL */
};

/* setup: what it points to is borrowed until dispatch_free. */
struct dispatch *dispatch_new(const struct dispatch_setup *setup);
void dispatch_free(struct dispatch *dispatch);

/*
 * Handles one event. FALSE only when the store failed: the whole transaction is to be rolled back. problems:
 * for a form that stays open, struct event_input (owned by the caller); else untouched.
 */
gboolean dispatch_event(struct dispatch *dispatch, const struct event *event, int64_t now_ms,
	GArray **problems, GError **error);
/*
 * The same in haste, for nearly all batches: turns have no savepoints, which cost two statements and copies of all
 * pages they change. FALSE when anything failed, a ritual too: the whole transaction is to be rolled back, and its
 * events handled by dispatch_alone.
 */
gboolean dispatch_quickly(struct dispatch *dispatch, const struct event *event, int64_t now_ms,
	GArray **problems, GError **error);
/*
 * The same under a savepoint of its own: an event that the store refuses, whatever the reason, goes to the
 * dead-letter table alone. For the second try of a batch that failed in haste.
 */
gboolean dispatch_alone(struct dispatch *dispatch, const struct event *event, int64_t now_ms,
	GArray **problems, GError **error);
/* The store is full, broken or busy, and nothing can be kept; any other error is about what was asked of it.
 */
gboolean dispatch_is_store_failure(const GError *error);
/* At start and after a change of the configuration: asks for channels and members, lets each ritual plan. */
gboolean dispatch_start(struct dispatch *dispatch, int64_t now_ms, GError **error);
/* The register was renewed by somebody else: who is new in it is asked about, and rituals hear that people have changed. */
gboolean dispatch_register_renewed(struct dispatch *dispatch, int64_t now_ms, GError **error);
/* The answer to the request that was handled last; the caller frees its facts. */
void dispatch_take_answer(struct dispatch *dispatch, struct request_answer *out);
/* Before each commit: now and then writes down what was heard last in each channel, and forgets what is old. */
gboolean dispatch_settle(struct dispatch *dispatch, int64_t now_ms, GError **error);
/* Instead of it, when the transaction is rolled back. */
void dispatch_rolled_back(struct dispatch *dispatch);
