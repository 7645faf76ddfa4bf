/* SPDX-License-Identifier: MIT */
/*
 * The outbox, the clerk's half: what shall be sent is a row, put in the transaction of its cause. After the commit
 * the rows go to the loop's sender in order; their reports come back by row id and end them.
 *
 * A row is `queued` (only in the store), `handed` (also in the sender) or `held` (what follows a post that has not
 * been reported yet: its replacement, or an urgent call; and what must not go yet). At most OUTBOX_HANDED_LIMIT rows of a workspace (fewer with
 * files: each counts by its weight) are handed at a time, so that an outage of days
 * costs disk, not memory, and nobody else's messages; while rows are queued new ones queue behind them. Rows that were handed when the program ended may have
 * been sent: outbox_recover hands them again, posts marked as in doubt.
 *
 * A message with a name can be replaced later: the outbox remembers where it stands. A replacement of a message
 * whose older replacement still waits takes that one's place.
 *
 * Thread: the clerk. Transactions are the caller's; after a rollback call outbox_rolled_back.
 */
#pragma once

#include "core/outbox_row.h"
#include "core/sequence.h"

enum { OUTBOX_HANDED_LIMIT = 2000 };

/* How a row ended without being sent, as EVENT_FAILED carries it in `word`. */
#define OUTBOX_FAILED "failed" /* final, the reason says why */
#define OUTBOX_GONE   "gone"   /* what it wanted to change is gone, or it came too late */

struct outbox;

struct outbox *outbox_new(struct db *db);
void outbox_free(struct outbox *outbox);

/* A row to fill in and give to outbox_put; its number is already the final one. NULL on failure. */
struct outbox_row *outbox_make(struct outbox *outbox, enum outbox_kind kind, const char *workspace, int64_t now_ms,
	GError **error);
/* Takes the row. name: what to call the message later, or NULL. */
gboolean outbox_put(struct outbox *outbox, struct outbox_row *take, const char *name, GError **error);
/*
 * Takes the row, which waits for the report of a post put before: then it goes, with the message's place, or with message
 * NULL when the post failed.
 */
gboolean outbox_put_after(struct outbox *outbox, gint64 post, struct outbox_row *take, GError **error);
/* Takes the row, which must not go yet: it waits until outbox_let_go, or outbox_failed when it never shall. name: as above. */
gboolean outbox_hold(struct outbox *outbox, struct outbox_row *take, const char *name, GError **error);
gboolean outbox_let_go(struct outbox *outbox, gint64 row, GError **error);
/* *out: what the row is, without its files, freed by the caller; NULL when it is no more. It stays as it is. */
gboolean outbox_look(struct outbox *outbox, gint64 row, struct outbox_row **out, GError **error);
/*
 * Shows a card under a name: replaces the message where it stands, or the post or replacement that is still on its
 * way, or else posts it in `channel`. content: JSON, copied; files: struct message_file, NULL: none.
 */
gboolean outbox_show(struct outbox *outbox, const char *name, const char *workspace, const char *channel,
	const char *content, GPtrArray *files, int64_t now_ms, GError **error);

/* Deletes the message of that name where it stands; from then on nothing stands under it. */
gboolean outbox_withdraw(struct outbox *outbox, const char *name, const char *workspace, int64_t now_ms, GError **error);

/* *name: of the message that stands there; NULL: none of ours with a name. The caller frees it. */
gboolean outbox_name_at(struct outbox *outbox, const char *workspace, const char *channel, const char *message, char **name,
	GError **error);
/* A message that somebody else wrote is called so from now on. */
gboolean outbox_name_message(struct outbox *outbox, const char *name, const char *workspace, const char *channel, const char *message,
	int64_t now_ms, GError **error);
/* Where a named message stands; both NULL when it does not (yet). The caller frees them. */
gboolean outbox_find(struct outbox *outbox, const char *name, char **channel, char **message, GError **error);

/* The report of a row: it was sent (channel and message are set where it has them), or it never will be. */
gboolean outbox_sent(struct outbox *outbox, gint64 row, const char *channel, const char *message, int64_t now_ms,
	GError **error);
/*
 * gone: what it was for is not there any more; a named message that was deleted is posted anew. *lost: what the row
 * was, freed by the caller; NULL when the report came twice.
 */
gboolean outbox_failed(struct outbox *outbox, gint64 row, gboolean gone, int64_t now_ms, struct outbox_row **lost,
	GError **error);

/* Once, at start: hands again what was handed when the program ended, then what is queued. */
gboolean outbox_recover(struct outbox *outbox, GError **error);
/* Before a commit: hands queued rows for which there is room. */
gboolean outbox_refill(struct outbox *outbox, GError **error);
/* After a commit: struct outbox_row to hand to the loop, in order; the caller owns list and rows. NULL: none. */
GPtrArray *outbox_take_handed(struct outbox *outbox);
/* Instead of it, after a rollback. */
void outbox_rolled_back(struct outbox *outbox);
/* Before a savepoint, and after it was undone: the rows put since then are forgotten. */
guint outbox_mark(const struct outbox *outbox);
void outbox_undo_to(struct outbox *outbox, guint mark);
/* The weight of the rows handed and not reported yet. */
guint outbox_under_way(const struct outbox *outbox);
