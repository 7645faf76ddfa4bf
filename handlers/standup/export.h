/* SPDX-License-Identifier: MIT */
/*
 * The standups as records, for `belltower export`: one cJSON object for each answer that stands, in the order of
 * days, teams and times, with the members workspace, team, channel, person, person_name, date, format, the format's
 * three fields, none, late, edited, source, posted_at. See the man page for their meaning.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "base/json.h"
#include "store/db.h"
#include "team/config.h"

struct standup_export {
	const struct config *config;
	const char *team;     /* NULL: all */
	const char *from, *to; /* YYYY-MM-DD, both included; NULL: no limit */
};

/* Calls `each` with every record, borrowed; it says FALSE to stop. FALSE on failure of the store. */
gboolean standup_export(struct db *db, const struct standup_export *what, gboolean (*each)(const cJSON *record, gpointer data),
	gpointer data, GError **error);
