/* SPDX-License-Identifier: MIT */
#include "core/sequence.h"

#include "core_sql.h"

enum { BLOCK = 1000 };

static gboolean take_block(struct sequence *s, struct db *db, GError **error)
{
	gint64 first = 1;
	struct db_rows *rows = db_query(db, &SQL_CORE_NEXT_IN_SEQUENCE, ARG_TEXT(s->name));
	if (db_next(rows))
		first = db_int(rows, 0);
	if (!db_end(rows, error))
		return FALSE;
	/* A rolled back transaction put the stored number back: what was given out since stays behind us. */
	first = MAX(first, s->next);
	if (!db_exec(db, &SQL_CORE_SAVE_SEQUENCE, error, ARG_TEXT(s->name), ARG_INT(first + BLOCK)))
		return FALSE;
	s->next = first;
	s->end = first + BLOCK;
	return TRUE;
}

gint64 sequence_next(struct sequence *s, struct db *db, GError **error)
{
	if (s->next >= s->end && !take_block(s, db, error))
		return 0;
	return s->next++;
}

void sequence_forget(struct sequence *s)
{
	s->end = s->next;
}
