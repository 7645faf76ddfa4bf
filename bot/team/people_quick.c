/* SPDX-License-Identifier: MIT */
#include "team/people_private.h"

static char *key_of(const char *workspace, const char *channel)
{
	return g_strdup_printf("%s\n%s", workspace, channel);
}

/* Under what is written in the configuration, and under its id: so both lead to the id. */
static void index_quick(struct roster *roster, const char *workspace, const char *written, const char *channel)
{
	g_hash_table_insert(roster->quick, key_of(workspace, written), g_strdup(channel));
	g_hash_table_insert(roster->quick, key_of(workspace, channel), g_strdup(channel));
}

static gboolean names_it(const struct config_team *team, const char *workspace, const char *written)
{
	return strcmp(team->workspace_name, workspace) == 0 && team->quick_response &&
	       g_strv_contains((const char *const *)team->quick_response, written);
}

static gboolean is_configured(const struct roster *roster, const char *workspace, const char *written)
{
	for (struct config_team **t = roster->config->teams; *t; t++)
		if (names_it(*t, workspace, written))
			return TRUE;
	return FALSE;
}

gboolean roster_load_quick(struct roster *roster, GError **error)
{
	for (struct config_team **t = roster->config->teams; *t; t++)
		for (char **one = (*t)->quick_response; one && *one; one++)
			if (**one != '#')
				index_quick(roster, (*t)->workspace_name, *one, *one);
	g_autoptr(db_rows) rows = db_query(roster->db, &SQL_PEOPLE_QUICK_CHANNELS);
	while (db_next(rows)) {
		g_autofree char *written = g_strconcat("#", db_text(rows, 1), NULL);
		if (is_configured(roster, db_text(rows, 0), written))
			index_quick(roster, db_text(rows, 0), written, db_text(rows, 2));
	}
	return db_end(rows, error);
}

gboolean roster_set_quick(struct roster *roster, const char *workspace, const char *name, const char *channel, GError **error)
{
	g_autofree char *written = g_strconcat("#", name, NULL);
	if (!is_configured(roster, workspace, written))
		return TRUE;
	index_quick(roster, workspace, written, channel);
	return db_exec(roster->db, &SQL_PEOPLE_SAVE_QUICK_CHANNEL, error, ARG_TEXT(workspace), ARG_TEXT(name), ARG_TEXT(channel));
}

/* The id of a channel as it is written; NULL: not known yet, or no channel of quick response. */
static const char *id_of(const struct roster *roster, const char *workspace, const char *written)
{
	g_autofree char *key = key_of(workspace, written);
	return g_hash_table_lookup(roster->quick, key);
}

static gboolean is_quick(const struct roster *roster, const struct config_team *team, const char *channel)
{
	for (char **one = team->quick_response; one && *one; one++)
		if (g_strcmp0(id_of(roster, team->workspace_name, *one), channel) == 0)
			return TRUE;
	return FALSE;
}

const struct team *roster_quick_team(const struct roster *roster, const char *workspace, const char *channel, const struct person *person)
{
	const struct team *first = NULL;
	if (!channel || !id_of(roster, workspace, channel))
		return NULL;
	for (const struct team *const *t = roster_teams(roster); *t; t++) {
		if (strcmp((*t)->config->workspace_name, workspace) != 0 || !is_quick(roster, (*t)->config, channel))
			continue;
		if (roster_is_member(*t, person) || (person && roster_is_manager(*t, person)))
			return *t;
		first = first ? first : *t;
	}
	return first;
}

GPtrArray *roster_quick_unknown(const struct roster *roster, const char *workspace)
{
	GPtrArray *names = g_ptr_array_new();
	for (struct config_team **t = roster->config->teams; *t; t++)
		for (char **one = strcmp((*t)->workspace_name, workspace) == 0 ? (*t)->quick_response : NULL; one && *one; one++)
			if (**one == '#' && !id_of(roster, workspace, *one))
				g_ptr_array_add(names, *one + 1);
	return names;
}
