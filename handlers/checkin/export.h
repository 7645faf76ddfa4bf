/* SPDX-License-Identifier: MIT */
/*
 * The answers to own rounds as records, for `belltower export rounds`: one cJSON object for each answer that stands, in the
 * order of days and rounds, with the members workspace, team, round, date, person, person_name, question, kind, answer,
 * late, edited, posted_at. Of an anonymous round there is no person and no time, and only what may be shown (checkin.h).
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "base/json.h"
#include "store/db.h"
#include "team/config.h"

struct checkin_export {
	const struct config *config;
	const char *team;     /* NULL: all */
	const char *from, *to; /* YYYY-MM-DD, both included; NULL: no limit */
};

/* Calls `each` with every record, borrowed; it says FALSE to stop. FALSE on failure of the store. */
gboolean checkin_export(struct db *db, const struct checkin_export *what, gboolean (*each)(const cJSON *record, gpointer data),
	gpointer data, GError **error);
