/* SPDX-License-Identifier: MIT */
#include "checkin/checkin.h"

const struct round_kind checkin_kind = {
	.name = "checkin",
	.find = checkin_find,
	.prompt = checkin_prompt,
	.reminder = checkin_reminder,
	.close = checkin_close,
	.board = checkin_board,
	.answered = &SQL_CHECKIN_ANSWERED,
	.asked = &SQL_CHECKIN_ASKED,
	.share = &SQL_CHECKIN_SHARE,
	.open = &SQL_CHECKIN_OPEN,
	.showing = &SQL_CHECKIN_SHOWING,
	.shown = &SQL_CHECKIN_SHOWN,
};

const struct config_round *checkin_config(const struct round *r)
{
	return r->own;
}

/* ---- who is asked ---- */

static void add_once(GPtrArray *people, gconstpointer person)
{
	if (person && !g_ptr_array_find(people, person, NULL))
		g_ptr_array_add(people, (gpointer)person);
}

static void add_team(const struct team *team, GPtrArray *people)
{
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (!roster_is_manager(team, person))
			add_once(people, person);
}

/* A role, or else somebody's name. */
static void add_meant(struct turn *t, const struct team *team, const char *word, GPtrArray *people)
{
	const char *workspace = team->config->workspace_name;
	g_autoptr(GPtrArray) holders = *word == '@' ? roster_holders(t->roster, workspace, word + 1, team) : NULL;
	for (guint i = 0; holders && i < holders->len; i++)
		add_once(people, holders->pdata[i]);
	if (!holders || holders->len == 0)
		add_once(people, roster_find(t->roster, workspace, word));
}

/* NULL: the team and nobody else. Kept for the turn. */
static const struct person *const *people_of(struct turn *t, const struct team *team, char *const *audience)
{
	if (!*audience || (strcmp(*audience, "team") == 0 && !audience[1]))
		return NULL;
	GPtrArray *people = g_ptr_array_new();
	for (; *audience; audience++) {
		if (strcmp(*audience, "team") == 0)
			add_team(team, people);
		else
			add_meant(t, team, *audience, people);
	}
	g_ptr_array_add(people, NULL);
	return (gconstpointer)turn_keep(t, (char *)g_ptr_array_free(people, FALSE));
}

/* ---- which rounds there are ---- */

static struct round make(struct turn *t, const struct team *team, const struct config_round *config)
{
	return (struct round){
		.kind = &checkin_kind,
		.id = turn_keep(t, g_strdup_printf("%s/%s", team->config->name, config->name)),
		.topic = config->name,
		.team = team,
		.people = people_of(t, team, config->audience),
		.rules = ring_rules(t, team, config->name, recurrence_at(config->schedule, recurrence_minute(config->schedule))),
		.prompt_minute = recurrence_minute(config->schedule),
		.remind_minute = config->remind_minute,
		.deadline_minute = config->deadline_minute,
		.own = config,
	};
}

static const struct config_round *round_called(const struct team *team, const char *name)
{
	for (struct config_round **round = team->config->rounds; round && *round; round++)
		if (g_ascii_strcasecmp((*round)->name, name) == 0)
			return *round;
	return NULL;
}

gboolean checkin_find(struct turn *t, const char *id, struct round *out)
{
	const char *slash = strrchr(id, '/'); /* a round's name has none */
	g_autofree char *name = g_strndup(id, slash ? (gsize)(slash - id) : 0);
	const struct team *team = roster_team(t->roster, name);
	const struct config_round *config = team ? round_called(team, slash + 1) : NULL;
	if (config)
		*out = make(t, team, config);
	return config != NULL;
}

static gboolean concerns(struct turn *t, const struct round *r)
{
	return round_asks(r, t->person) || roster_is_member(r->team, t->person) || roster_is_manager(r->team, t->person);
}

gboolean checkin_next(struct turn *t, struct round *out)
{
	gboolean passed = out->own == NULL;
	gconstpointer last = out->own;
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		if (strcmp((*team)->config->workspace_name, t->event->place.workspace) != 0)
			continue;
		for (struct config_round **round = (*team)->config->rounds; round && *round; round++) {
			if (passed) {
				*out = make(t, *team, *round);
				if (concerns(t, out))
					return TRUE;
			}
			passed = passed || *round == last;
		}
	}
	return FALSE;
}

gboolean checkin_named(struct turn *t, const char *name, struct round *out)
{
	const struct team *here = roster_team_at(t->roster, t->event->place.workspace, t->event->place.channel);
	const struct config_round *config = here ? round_called(here, name) : NULL;
	if (config) {
		*out = make(t, here, config);
		return concerns(t, out);
	}
	for (*out = (struct round){ 0 }; checkin_next(t, out);)
		if (g_ascii_strcasecmp(checkin_config(out)->name, name) == 0)
			return TRUE;
	return FALSE;
}

void checkin_plan_team(struct turn *t, const struct team *team)
{
	for (struct config_round **round = team->config->rounds; round && *round; round++) {
		struct round r = make(t, team, *round);
		round_plan(t, &r);
	}
}

void checkin_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	for (struct config_round **round = team->config->rounds; round && *round; round++) {
		struct round r = make(t, team, *round);
		round_list(&r, list);
	}
}

void checkin_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		checkin_plan_team(t, *team);
}

/* ---- how one stands ---- */

const char *checkin_day(struct turn *t, const struct round *r)
{
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_LAST_DAY, ARG_TEXT(r->id), ARG_INT(t->person->id));
	gboolean any = db_next(rows);
	const char *own = any ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL, *last = any ? turn_keep(t, g_strdup(db_text(rows, 1))) : NULL;
	turn_end(t, rows);
	/* It may have begun in the east, and not yet where this person lives. */
	return own && !round_has_begun(t, r, t->person, last) ? own : last;
}

gboolean checkin_is_closed(struct turn *t, const struct round *r, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_IS_CLOSED, ARG_TEXT(r->id), ARG_TEXT(day));
	gboolean closed = db_next(rows) && db_int(rows, 0);
	turn_end(t, rows);
	return closed;
}

const char *checkin_state(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_ENTRY, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person->id));
	const char *state = db_next(rows) ? turn_keep(t, g_strdup(db_text(rows, 1))) : NULL;
	turn_end(t, rows);
	return state;
}
