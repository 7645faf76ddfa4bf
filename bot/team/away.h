/* SPDX-License-Identifier: MIT */
/*
 * Who is away when: nobody who is away is asked, reminded, counted missing or given a clock. Days are the person's own,
 * YYYY-MM-DD. Thread: whoever holds the database, in its transaction.
 */
#pragma once

#include "store/db.h"

#include "base/banned.h"

/* The last day of who has not said until when. */
#define AWAY_FOR_EVER "9999-12-31"

struct away {
	char *first_day, *last_day;
	char *half;   /* "", or on one day "am" or "pm" */
	char *reason; /* or "" */
	int64_t stand_in; /* who does the work meanwhile: a person's number; 0: nobody was named */
	int64_t person;	  /* whose it is; 0: known from elsewhere */
};

void away_free(struct away *away);

/* Notes it; what was told before of the same days is replaced. told_by: the person who says so. */
gboolean away_add(struct db *db, int64_t person, const struct away *away, int64_t told_by, int64_t now_ms, GError **error);
/* The person is there from that day on. *changed: whether anything was noted. */
gboolean away_end(struct db *db, int64_t person, const char *day, gboolean *changed, GError **error);
/* Whether the person is away on that day at that minute after midnight; minute -1: on the whole of it. */
gboolean away_is(struct db *db, int64_t person, const char *day, int minute, gboolean *is_away, GError **error);
/* Who was named to do the work of somebody away then. FALSE when nobody was, or with the error. */
gboolean away_stand_in(struct db *db, int64_t person, const char *day, int minute, int64_t *stand_in, GError **error);
/* The ids of all who are away in the morning of that day, a set of int64_t that it owns; NULL with the error. */
GHashTable *away_that_morning(struct db *db, const char *day, GError **error);
/*
 * What the person's status tells from `day` on: away until the end of last_day ("" for as long as it stands), or, with NULL, there.
 * until_ms: what tells one status from the next. What was told by words stays, and the same status counts once.
 */
gboolean away_by_status(struct db *db, int64_t person, const char *day, const char *last_day, int64_t until_ms, int64_t now_ms,
	GError **error);
/* Where that person stands in from a day on: person, first and last day; NULL with the error. */
GPtrArray *away_stood_in(struct db *db, int64_t stand_in, const char *from_day, GError **error);
/* What is noted from that day on, struct away owned by the array; NULL with the error. */
GPtrArray *away_ahead(struct db *db, int64_t person, const char *from_day, GError **error);
