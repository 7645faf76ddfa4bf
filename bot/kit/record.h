/* SPDX-License-Identifier: MIT */
/*
 * Records for `belltower export`: each row of a ritual's query, told by its team, as one cJSON object.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "base/json.h"
#include "store/db.h"
#include "team/config.h"

/* Which of them are wanted. */
struct record_choice {
	const struct config *config;
	const char *team;      /* NULL: all */
	const char *from, *to; /* YYYY-MM-DD, both included; NULL: no limit */
};

struct record_source {
	const struct sql *sql; /* from the day $1 to $2; its first column: the team's name, with a slash and more behind it or not */
	int workspace;	       /* the column of the workspace of the person's account; NULL there: nobody is named */
	cJSON *(*make)(struct db_rows *rows, const struct config_team *team);
};

/* Borrowed; FALSE to stop. */
typedef gboolean record_each_fn(const cJSON *record, gpointer data);

/* Calls `each` with every record. FALSE on failure of the store. */
gboolean record_read(struct db *db, const struct record_source *source, const struct record_choice *choice, record_each_fn *each,
	gpointer data, GError **error);

/* ---- for those who read their rows otherwise ---- */

/* Whether a record of that team's is wanted, from that instant's day by UTC. */
gboolean record_is_wanted(const struct record_choice *choice, const char *team, int64_t at_ms);
/* RFC 3339; null for what never was, or is not known: at_ms 0 or before. */
void record_put_instant(cJSON *record, const char *name, int64_t at_ms);
/* The members owner (an account) and owner_name; null when nobody is known by that number. */
void record_put_owner(cJSON *record, struct db *db, gint64 person);
