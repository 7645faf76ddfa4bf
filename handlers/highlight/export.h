/* SPDX-License-Identifier: MIT */
/*
 * The highlights as records, for `belltower export`: one cJSON object for each that may be shown, in the order of days, teams
 * and times, with the members workspace, team, date (of its post; "" while it waits), person and person_name (who shared it),
 * whose and whose_name (whose it is), origin ("said", "star"), red_packet, text, picture, link, applause (colleagues),
 * week_top, said_at. See the man page for their meaning.
 *
 * Thread: any, with a reader of its own.
 */
#pragma once

#include "base/json.h"
#include "store/db.h"
#include "team/config.h"

struct highlight_export {
	const struct config *config;
	const char *team;      /* NULL: all */
	const char *from, *to; /* YYYY-MM-DD of the day it was said, both included; NULL: no limit */
};

/* Calls `each` with every record, borrowed; it says FALSE to stop. FALSE on failure of the store. */
gboolean highlight_export(struct db *db, const struct highlight_export *what,
	gboolean (*each)(const cJSON *record, gpointer data), gpointer data, GError **error);
