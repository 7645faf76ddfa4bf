/* SPDX-License-Identifier: MIT */
#include "checkin/export.h"

#include "base/zone.h"
#include "checkin_sql.h"

enum { ROUND, DAY, QUESTION, KIND, ANSWER, LATE, EDITED, POSTED, ACCOUNT, NAME, WORKSPACE };

static const struct config_team *team_of(const struct config *config, const char *round)
{
	g_autofree char *name = g_strndup(round, (gsize)(strrchr(round, '/') - round));
	return config_team(config, name);
}

static cJSON *make_record(struct db_rows *rows, const struct config_team *team)
{
	gboolean named = db_text(rows, ACCOUNT) != NULL;
	g_autofree char *posted_at = named ? zone_rfc3339(db_int(rows, POSTED)) : NULL;
	cJSON *record = cJSON_CreateObject();
	json_put_text(record, "workspace", team->workspace_name);
	json_put_text(record, "team", team->name);
	json_put_text(record, "round", strrchr(db_text(rows, ROUND), '/') + 1);
	json_put_text(record, "date", db_text(rows, DAY));
	json_put_text(record, "person", db_text(rows, ACCOUNT));
	json_put_text(record, "person_name", db_text(rows, NAME));
	json_put_text(record, "question", db_text(rows, QUESTION));
	json_put_text(record, "kind", db_text(rows, KIND));
	json_put_text(record, "answer", db_text(rows, ANSWER));
	json_put_bool(record, "late", db_int(rows, LATE) != 0);
	json_put_bool(record, "edited", db_int(rows, EDITED) != 0);
	json_put_text(record, "posted_at", posted_at);
	return record;
}

gboolean checkin_export(struct db *db, const struct checkin_export *what, gboolean (*each)(const cJSON *record, gpointer data),
	gpointer data, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_CHECKIN_EXPORT, ARG_TEXT(what->from ? what->from : "0001-01-01"),
		ARG_TEXT(what->to ? what->to : "9999-12-31"));
	gboolean more = TRUE;
	while (more && db_next(rows)) {
		const struct config_team *team = team_of(what->config, db_text(rows, ROUND));
		gboolean wanted = team && (!what->team || strcmp(team->name, what->team) == 0);
		/* A person may have an account in another workspace too; the record tells the one of the team's. */
		gboolean elsewhere = wanted && db_text(rows, WORKSPACE) && strcmp(db_text(rows, WORKSPACE), team->workspace_name) != 0;
		if (!wanted || elsewhere)
			continue;
		g_autoptr(cJSON) record = make_record(rows, team);
		more = each(record, data);
	}
	return db_end(rows, error);
}
