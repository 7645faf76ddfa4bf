/* SPDX-License-Identifier: MIT */
#include "highlight/export.h"

#include "base/zone.h"
#include "highlight_sql.h"

static cJSON *make_record(struct db_rows *rows, const struct config_team *team)
{
	g_autofree char *said_at = zone_rfc3339(db_int(rows, 9));
	cJSON *record = cJSON_CreateObject();
	json_put_text(record, "workspace", team->workspace_name);
	json_put_text(record, "team", team->name);
	json_put_text(record, "date", db_text(rows, 1) ? db_text(rows, 1) : "");
	json_put_text(record, "person", db_text(rows, 10) ? db_text(rows, 10) : "");
	json_put_text(record, "person_name", db_text(rows, 11));
	json_put_text(record, "whose", db_text(rows, 12) ? db_text(rows, 12) : "");
	json_put_text(record, "whose_name", db_text(rows, 13));
	json_put_text(record, "origin", db_int(rows, 3) ? "star" : "said");
	json_put_bool(record, "red_packet", db_int(rows, 4) != 0);
	json_put_text(record, "text", db_text(rows, 2));
	json_put_bool(record, "picture", db_int(rows, 5) != 0);
	json_put_text(record, "link", db_text(rows, 6) ? db_text(rows, 6) : "");
	json_put_int(record, "applause", db_int(rows, 7));
	json_put_bool(record, "week_top", db_int(rows, 8) != 0);
	json_put_text(record, "said_at", said_at);
	return record;
}

gboolean highlight_export(struct db *db, const struct highlight_export *what,
	gboolean (*each)(const cJSON *record, gpointer data), gpointer data, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_HIGHLIGHT_EXPORT, ARG_TEXT(what->from ? what->from : "0001-01-01"),
		ARG_TEXT(what->to ? what->to : "9999-12-31"));
	gboolean more = TRUE;
	while (more && db_next(rows)) {
		const struct config_team *team = config_team(what->config, db_text(rows, 0));
		gboolean wanted = team && (!what->team || strcmp(team->name, what->team) == 0);
		/* People may have accounts in another workspace too; the record tells those of the team's. */
		if (!wanted || g_strcmp0(db_text(rows, 14), team->workspace_name) != 0)
			continue;
		g_autoptr(cJSON) record = make_record(rows, team);
		more = each(record, data);
	}
	return db_end(rows, error);
}
