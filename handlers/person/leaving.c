/* SPDX-License-Identifier: MIT */
/*
 * Somebody has left: the directory says so, and they are out of every list at once. What they held does not pass on by
 * itself: whoever led them hears, once, what is to be given to somebody else.
 */
#include "person/person.h"

#include "base/log.h"
#include "core/ritual.h"
#include "person_sql.h"
#include "team/away.h"
#include "team/roles.h"

static void add_line(struct message *m, guint *lines, const char *text)
{
	message_item(m, text);
	(*lines)++;
}

static const char *names_of(struct turn *t, const GPtrArray *people)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < people->len; i++)
		g_string_append_printf(names, "%s%s", i ? ", " : "", ((const struct person *)people->pdata[i])->name);
	return turn_keep(t, g_string_free(names, FALSE));
}

static void add_reports(struct turn *t, struct message *m, guint *lines, const struct person *gone, enum language language)
{
	g_autoptr(GPtrArray) reports = roster_reports(t->roster, gone);
	if (reports->len)
		add_line(m, lines, turn_text_in(t, language, "person.left_reports", TEXT_ARG("names", names_of(t, reports))));
}

static void add_roles(struct turn *t, struct message *m, guint *lines, const struct person *gone, enum language language)
{
	const char *workspace = t->event->place.workspace;
	g_auto(GStrv) roles = g_strsplit(gone->entry ? gone->entry->fields[REGISTER_ROLES] : "", ";", -1);
	for (char **role = roles; *role; role++) {
		g_autoptr(GPtrArray) holders = roster_holders(t->roster, workspace, g_strstrip(*role), NULL);
		const char *key = holders->len ? "person.left_role_shared" : "person.left_role";
		if (**role)
			add_line(m, lines, turn_text_in(t, language, key, TEXT_ARG("role", (const char *)*role),
						    TEXT_ARG("names", names_of(t, holders))));
	}
}

static void add_teams(struct turn *t, struct message *m, guint *lines, const struct person *gone, enum language language)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		if (!roster_is_manager(*team, gone))
			continue;
		g_autoptr(GPtrArray) others = roster_managers(t->roster, *team);
		add_line(m, lines, turn_text_in(t, language, others->len ? "person.left_team_shared" : "person.left_team",
					    TEXT_ARG("team", (*team)->config->name), TEXT_ARG("names", names_of(t, others))));
	}
}

static void add_stand_ins(struct turn *t, struct message *m, guint *lines, const struct person *gone, enum language language)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) list = turn_ok(t) ? away_stood_in(t->db, gone->id, turn_day(t, gone, NULL, t->now_ms), &error) : NULL;
	if (error)
		turn_fail(t, error);
	for (guint i = 0; list && i < list->len; i++) {
		const struct away *away = list->pdata[i];
		const struct person *person = roster_person_by_id(t->roster, away->person);
		if (roster_is_active(person))
			add_line(m, lines, turn_text_in(t, language, "person.left_stand_in", TEXT_ARG("name", person->name),
						    TEXT_ARG("first", (const char *)away->first_day),
						    TEXT_ARG("last", (const char *)away->last_day)));
	}
}

/* Deals, blockers, questions of customers, turns of duty: what each ritual knows. */
static void add_held(struct turn *t, struct message *m, guint *lines, const struct person *gone, enum language language)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->held)
			*lines += (*r)->held(t, gone, language, m);
}

/* Who is to see to it: who led them, else another manager of a team of theirs, else HR. NULL: nobody. */
static const struct person *successor(struct turn *t, const struct person *gone)
{
	const struct person *next = roster_manager(t->roster, gone);
	for (const struct team *const *team = roster_teams(t->roster); *team && !next; team++) {
		g_autoptr(GPtrArray) managers = roster_managers(t->roster, *team);
		if (roster_is_manager(*team, gone) && managers->len)
			next = managers->pdata[0];
	}
	g_autoptr(GPtrArray) hr = roster_holders(t->roster, t->event->place.workspace, ROLE_HR, NULL);
	return next ? next : hr->len ? hr->pdata[0] : NULL;
}

static void hand_over(struct turn *t, const struct person *gone)
{
	const struct person *next = successor(t, gone);
	enum language language = turn_language_of(t, next, NULL);
	struct message *m = message_new();
	guint lines = 0;
	message_title(m, turn_text_in(t, language, "person.left", TEXT_ARG("name", gone->name)));
	add_teams(t, m, &lines, gone, language);
	add_reports(t, m, &lines, gone, language);
	add_roles(t, m, &lines, gone, language);
	add_stand_ins(t, m, &lines, gone, language);
	add_held(t, m, &lines, gone, language);
	message_context(m, turn_text_in(t, language, "person.left_how"));
	if (lines && next) {
		turn_hint(t, roster_workspace_of(t->roster, next), next, "person", G_MAXINT64, m);
		return;
	}
	if (lines)
		log_warning("somebody left, and nobody is there to take over what they held", "person", gone->id);
	message_free(m);
}

void person_told_left(struct turn *t, const struct person *person)
{
	if (!person->deactivated) {
		turn_exec(t, &SQL_PERSON_FORGET_LEFT, ARG_INT(person->id));
		return;
	}
	turn_exec(t, &SQL_PERSON_NOTE_LEFT, ARG_INT(person->id), ARG_INT(t->now_ms));
	if (turn_changes(t) > 0)
		hand_over(t, person);
}
