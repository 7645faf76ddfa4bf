/* SPDX-License-Identifier: MIT */
/*
 * Newcomers: whoever comes into a team's channel and was never in one before is welcomed there, once in their life, and may
 * introduce themselves by a form. Those who were there when the bot came are no newcomers; nobody is ever bidden farewell.
 */
#include "celebration/celebration.h"

static gboolean has_row(struct turn *t, struct db_rows *rows)
{
	gboolean yes = db_next(rows);
	turn_end(t, rows);
	return yes;
}

/* Whether the channel's people were told before, so that somebody new is new. */
static gboolean is_team_known(struct turn *t, const struct team *team)
{
	return has_row(t, turn_query(t, &SQL_CELEBRATION_IS_TEAM_KNOWN, ARG_TEXT(team->config->name)));
}

static gboolean is_known(struct turn *t, const struct person *person)
{
	return has_row(t, turn_query(t, &SQL_CELEBRATION_IS_KNOWN, ARG_INT(person->id)));
}

static void know(struct turn *t, const struct team *team, const struct person *person, gboolean welcomed)
{
	turn_exec(t, &SQL_CELEBRATION_KNOW, ARG_INT(person->id), ARG_TEXT(team->config->name), ARG_INT(welcomed), ARG_INT(t->now_ms));
}

/* ---- who has come ---- */

static void add_newcomer(struct turn *t, GPtrArray *people, const char *account)
{
	const struct person *person = account ? roster_person(t->roster, t->event->place.workspace, account) : NULL;
	if (person && roster_is_active(person) && !is_known(t, person))
		g_ptr_array_add(people, (gpointer)person);
}

/* Whom the event names and nobody has met. */
static GPtrArray *newcomers(struct turn *t, const struct event *event)
{
	GPtrArray *people = g_ptr_array_new();
	for (guint i = 0; event->people && i < event->people->len; i++)
		add_newcomer(t, people, g_array_index(event->people, struct event_person, i).account);
	if (event->kind == EVENT_JOINED)
		add_newcomer(t, people, event->person);
	return people;
}

static struct message *post_of(struct turn *t, const struct team *team, const GPtrArray *people)
{
	enum language language = turn_team_language(t, team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "celebration.welcome_title"));
	message_paragraph(m);
	for (guint i = 0; i < people->len; i++) {
		const char *account = roster_account(team->config->workspace_name, people->pdata[i]);
		message_plain(m, i ? " " : "");
		message_mention(m, account);
	}
	message_say(m, turn_text_in(t, language, "celebration.welcome", TEXT_ARG("team", team->config->name)));
	message_button(m, "celebration.introduce", "", turn_text_in(t, language, "celebration.introduce_button"), MESSAGE_PRIMARY);
	return m;
}

static void greet(struct turn *t, const struct team *team, const GPtrArray *people)
{
	const struct person *first = people->pdata[0];
	g_autofree char *name = g_strdup_printf("celebration/welcome/%" G_GINT64_FORMAT, first->id);
	turn_post(t, team, name, post_of(t, team, people));
}

void celebration_welcome(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team_at(t->roster, event->place.workspace, event->place.channel);
	gboolean list = event->kind == EVENT_PEOPLE;
	if (!team || !team->config->celebrations.enabled || (list && !event->people))
		return;
	gboolean known = is_team_known(t, team), told = !list || g_strcmp0(event->value, EVENT_PEOPLE_ALL) == 0;
	g_autoptr(GPtrArray) people = newcomers(t, event);
	gboolean welcome = known && told && team->config->celebrations.welcome && people->len > 0;
	if (list && !known)
		turn_exec(t, &SQL_CELEBRATION_KNOW_TEAM, ARG_TEXT(team->config->name), ARG_INT(t->now_ms));
	for (guint i = 0; i < people->len; i++)
		know(t, team, people->pdata[i], welcome);
	if (welcome)
		greet(t, team, people);
}

/* ---- the introduction ---- */

static const struct {
	const char *name, *label, *hint;
	gboolean optional;
} inputs[] = {
	{ "work", "celebration.introduce_work", "celebration.introduce_work_hint", FALSE },
	{ "before", "celebration.introduce_before", "celebration.introduce_before_hint", TRUE },
	{ "free", "celebration.introduce_free", "celebration.introduce_free_hint", TRUE },
	{ "ask", "celebration.introduce_ask", "celebration.introduce_ask_hint", TRUE },
};

enum { INPUT_LIMIT = 300 };

/* In which team the event's person was welcomed; NULL: in none. */
static const struct team *welcomed_in(struct turn *t)
{
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_WELCOMED, ARG_INT(t->person->id));
	const struct team *team = db_next(rows) ? roster_team(t->roster, db_text(rows, 0)) : NULL;
	turn_end(t, rows);
	return team;
}

void celebration_introduce_pressed(struct turn *t, const struct event *event)
{
	(void)event;
	if (!welcomed_in(t)) {
		turn_whisper(t, turn_text(t, "celebration.introduce_not_you"));
		return;
	}
	struct message *form = form_new("celebration.introduce", "", turn_text(t, "celebration.introduce_title"),
		turn_text(t, "celebration.send"), turn_text(t, "celebration.cancel"));
	for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++)
		form_input(form, inputs[i].name, turn_text(t, inputs[i].label), turn_text(t, inputs[i].hint), NULL, 2, inputs[i].optional,
			INPUT_LIMIT);
	turn_form(t, form);
}

void celebration_introduce_submitted(struct turn *t, const struct event *event)
{
	const struct team *team = welcomed_in(t);
	if (!team)
		return;
	enum language language = turn_team_language(t, team);
	g_autofree char *name = g_strdup_printf("celebration/introduction/%" G_GINT64_FORMAT, t->person->id);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "celebration.introduction", TEXT_ARG("name", t->person->name)));
	for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++) {
		const char *value = event_input_value(event, inputs[i].name);
		if (value && *value)
			message_fact(m, turn_text_in(t, language, inputs[i].label), value);
	}
	turn_show(t, team, name, m); /* written again, it is corrected */
}
