/* SPDX-License-Identifier: MIT */
/*
 * Promises as records, for `belltower export sla`: one cJSON object for each, in their order, with the members number, team,
 * about, subject, target, policy, promised, owner, owner_name, role, start, due, status, breached_at, ended_at, working_s.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "base/json.h"
#include "store/db.h"

struct sla_export {
	const char *team;     /* NULL: all */
	const char *from, *to; /* YYYY-MM-DD of the start, by UTC, both included; NULL: no limit */
};

/* Calls `each` with every record, borrowed; it says FALSE to stop. FALSE on failure of the store. */
gboolean sla_export(struct db *db, const struct sla_export *what, gboolean (*each)(const cJSON *record, gpointer data),
	gpointer data, GError **error);
