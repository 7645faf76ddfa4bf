/* SPDX-License-Identifier: MIT */
/*
 * Somebody's profile tells another time zone than before: a trip, a new computer, or a move. Their day stays as it is until they
 * have said what it means; they are asked once, in private.
 */
#include "person/person.h"

#include "base/zone.h"
#include "person_sql.h"

static GTimeZone *zone_of(struct turn *t, const struct person *person)
{
	return roster_zone(t->roster, person, roster_first_team_of(t->roster, person));
}

static const char *clock_in(struct turn *t, GTimeZone *zone)
{
	struct zone_time local;
	zone_local(zone, t->now_ms, &local);
	return turn_keep(t, g_strdup_printf("%02d:%02d", local.hour, local.minute));
}

/* ---- the question ---- */

static struct message *question(struct turn *t, const char *now, const char *told, enum language language)
{
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "person.zone_question", TEXT_ARG("told", told), TEXT_ARG("now", now)));
	message_button(m, "person.zone", told, turn_text_in(t, language, "person.zone_take", TEXT_ARG("zone", told)), MESSAGE_PRIMARY);
	message_button(m, "person.zone", now, turn_text_in(t, language, "person.zone_keep", TEXT_ARG("zone", now)), MESSAGE_PLAIN);
	message_context(m, turn_text_in(t, language, "person.zone_note"));
	return m;
}

static void ask(struct turn *t, const struct person *person, const char *told)
{
	const char *now = g_time_zone_get_identifier(zone_of(t, person));
	if (roster_is_active(person) && zone_find(told) && strcmp(told, now) != 0)
		turn_hint(t, t->event->place.workspace, person, "person", G_MAXINT64,
			question(t, now, told, turn_language_of(t, person, roster_first_team_of(t->roster, person))));
}

void person_told_zone(struct turn *t, const struct person *person, const struct event_person *told)
{
	const char *workspace = t->event->place.workspace;
	turn_exec(t, &SQL_PERSON_CHANGE_TOLD_ZONE, ARG_TEXT(workspace), ARG_TEXT(told->account), ARG_TEXT(told->zone));
	if (turn_changes(t) > 0)
		ask(t, person, told->zone);
	else
		turn_exec(t, &SQL_PERSON_NOTE_TOLD_ZONE, ARG_TEXT(workspace), ARG_TEXT(told->account), ARG_TEXT(told->zone));
}

void person_zone_pressed(struct turn *t, const struct event *event)
{
	if (event->value && zone_find(event->value))
		person_change(t, t->person, person_field_called("zone"), event->value);
}

/* ---- by command ---- */

void person_zone_command(struct turn *t, const struct event *event, const char *rest)
{
	const struct person *person = turn_next_person(t, &rest);
	GTimeZone *zone = zone_of(t, person);
	(void)event;
	if (*rest)
		person_change(t, person, person_field_called("zone"), turn_literal(t, rest));
	else
		turn_whisper(t, turn_text(t, "person.zone_now", TEXT_ARG("name", person->name), TEXT_ARG("zone", g_time_zone_get_identifier(zone)),
					TEXT_ARG("time", clock_in(t, zone))));
}
