/* SPDX-License-Identifier: MIT */
/*
 * Row numbers that are never given twice, not even after their row is gone or the program has crashed: an outbox
 * row's number is sent along with its message. Taken from the store in blocks of a thousand.
 * Thread: the clerk. After a rollback call sequence_forget: the block may not be on record.
 */
#pragma once

#include "store/db.h"

struct sequence {
	const char *name;
	gint64 next, end;
};

/* The next number, from 1; 0 with an error. */
gint64 sequence_next(struct sequence *sequence, struct db *db, GError **error);
/* Ends the current block; the next number opens a new one. */
void sequence_forget(struct sequence *sequence);
