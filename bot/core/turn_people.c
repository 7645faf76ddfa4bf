/* SPDX-License-Identifier: MIT */
/* The people of a turn: in which language, on which day of theirs, whether they are there, and who leads them. */
#include "core/turn.h"

#include "base/zone.h"
#include "team/away.h"
#include "team/roles.h"

enum language turn_team_language(const struct turn *t, const struct team *team)
{
	return team ? team->config->language : roster_config(t->roster)->default_language;
}

enum language turn_language_of(const struct turn *t, const struct person *person, const struct team *team)
{
	return language_choose(person ? person->language : NULL, NULL, turn_team_language(t, team));
}

enum language turn_language(const struct turn *t)
{
	return turn_language_of(t, t->person, t->team);
}

static const struct calendar *calendar_of(const struct team *team)
{
	return team ? team->config->calendar : NULL;
}

gboolean turn_is_off(const struct turn *t, const struct person *person, const char *day, int minute)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	const struct team *team = person->hours ? roster_first_team_of(t->roster, person) : NULL;
	int64_t at_ms, open_ms;
	if (!person->hours || (minute >= 0 && hours_is_open(person->hours, calendar_of(team), day, minute)))
		return FALSE;
	if (hours_on(person->hours, calendar_of(team), day, windows) == 0)
		return TRUE;
	/* At night, when the team is closed, nobody is told apart. */
	return minute >= 0 && team && zone_instant(roster_zone(t->roster, person, team), day, minute, &at_ms) &&
	       turn_is_working_time(t, team, at_ms, &open_ms);
}

int turn_fit_minute(const struct turn *t, const struct person *person, const char *day, int minute)
{
	return person->hours ? hours_fit(person->hours, calendar_of(roster_first_team_of(t->roster, person)), day, minute) : minute;
}

gboolean turn_is_away(struct turn *t, const struct person *person, const char *day, int minute)
{
	gboolean is_away = turn_is_off(t, person, day, minute);
	if (!is_away && turn_ok(t))
		away_is(t->db, person->id, day, minute, &is_away, &t->error);
	return is_away;
}

GHashTable *turn_away_that_morning(struct turn *t, const char *day)
{
	GHashTable *people = turn_ok(t) ? away_that_morning(t->db, day, &t->error) : NULL;
	return people ? people : g_hash_table_new(g_int64_hash, g_int64_equal);
}

const char *turn_day(struct turn *t, const struct person *person, const struct team *team, int64_t at_ms)
{
	char day[ZONE_DAY_SIZE];
	zone_day(roster_zone(t->roster, person, team), at_ms, day);
	return turn_keep(t, g_strdup(day));
}

gboolean turn_is_manager(const struct turn *t, const struct team *team)
{
	return team && roster_is_manager(team, t->person);
}

enum { STAND_IN_LIMIT = 8 }; /* stand-ins of stand-ins; they may lead in a circle */

const struct person *turn_stand_in(struct turn *t, const struct person *person, const char *day, int minute)
{
	int64_t at = person->id;
	for (int i = 0; turn_ok(t) && i < STAND_IN_LIMIT; i++) {
		const struct person *next = away_stand_in(t->db, at, day, minute, &at, &t->error) ? roster_person_by_id(t->roster, at) : NULL;
		if (!next || next == person)
			return NULL;
		if (roster_is_active(next) && !turn_is_away(t, next, day, minute))
			return next;
	}
	return NULL;
}

const struct person *turn_reach(struct turn *t, const struct person *person, const struct team *team)
{
	struct zone_time local;
	zone_local(roster_zone(t->roster, person, team), t->now_ms, &local);
	const char *day = turn_day(t, person, team, t->now_ms);
	int minute = local.hour * 60 + local.minute;
	return turn_is_away(t, person, day, minute) ? turn_stand_in(t, person, day, minute) : person;
}

void turn_register(struct turn *t, const struct person *person, enum register_field field, const char *value)
{
	if (turn_ok(t))
		roster_note(t->roster, person, field, value, t->person ? t->person->id : 0, t->now_ms, &t->error);
}

gboolean turn_leads(const struct turn *t, const struct person *person)
{
	const char *workspace = t->event->place.workspace;
	if (roster_manager(t->roster, person) == t->person || roster_has_role(t->person, ROLE_HR))
		return TRUE;
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, workspace, person, team));)
		if (turn_is_manager(t, team))
			return TRUE;
	return FALSE;
}

const struct person *turn_next_person(struct turn *t, const char **rest)
{
	const char *after = *rest, *word = turn_next_word(t, &after);
	gboolean names = *word == '@' || g_str_has_prefix(word, "<@");
	const struct person *found = names ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	*rest = found ? after : *rest;
	return found ? found : t->person;
}

void turn_join(struct turn *t, const struct team *team)
{
	if (turn_ok(t) && t->person)
		roster_add_member(t->roster, team, t->person, &t->error);
}
