/* SPDX-License-Identifier: MIT */
#include "kit/record.h"

#include <string.h>

#include "base/zone.h"
#include "people_sql.h"

/* NULL: the configuration knows it no more. */
static const struct config_team *team_of(const struct config *config, const char *name)
{
	const struct config_team *team = config_team(config, name);
	const char *slash = strrchr(name, '/');
	g_autofree char *before = slash ? g_strndup(name, (gsize)(slash - name)) : NULL;
	return team || !before ? team : config_team(config, before);
}

gboolean record_read(struct db *db, const struct record_source *source, const struct record_choice *choice, record_each_fn *each,
	gpointer data, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, source->sql, ARG_TEXT(choice->from ? choice->from : "0001-01-01"),
		ARG_TEXT(choice->to ? choice->to : "9999-12-31"));
	gboolean more = TRUE;
	while (more && db_next(rows)) {
		const struct config_team *team = team_of(choice->config, db_text(rows, 0));
		const char *workspace = db_text(rows, source->workspace);
		gboolean wanted = team && (!choice->team || strcmp(team->name, choice->team) == 0);
		/* A person may have an account in another workspace too; the record tells the one of the team's. */
		if (!wanted || (workspace && strcmp(workspace, team->workspace_name) != 0))
			continue;
		g_autoptr(cJSON) record = source->make(rows, team);
		more = each(record, data);
	}
	return db_end(rows, error);
}

gboolean record_is_wanted(const struct record_choice *choice, const char *team, int64_t at_ms)
{
	g_autofree char *at = zone_rfc3339(at_ms);
	const size_t day = strlen("2026-03-02");
	return (!choice->team || strcmp(team, choice->team) == 0) && (!choice->from || strncmp(at, choice->from, day) >= 0) &&
	       (!choice->to || strncmp(at, choice->to, day) <= 0);
}

void record_put_instant(cJSON *record, const char *name, int64_t at_ms)
{
	g_autofree char *text = at_ms > 0 ? zone_rfc3339(at_ms) : NULL;
	json_put_text(record, name, text);
}

void record_put_owner(cJSON *record, struct db *db, gint64 person)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_PEOPLE_NAMED, ARG_INT(person));
	gboolean known = db_next(rows);
	json_put_text(record, "owner", known ? db_text(rows, 0) : NULL);
	json_put_text(record, "owner_name", known ? db_text(rows, 1) : NULL);
}
