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
