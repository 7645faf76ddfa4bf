/* SPDX-License-Identifier: MIT */
#include "today/today.h"

#include "base/clock.h"
#include "kit/look.h"
#include "kit/response.h"
#include "today_sql.h"
#include "today_texts.h"

/* The message of the home where that is no page, beside those of the days. */
#define HOME "home"
/* A form that is sent so soon after somebody was at home may be from there. */
#define AT_HOME_MS MINUTES(15)

/* ---- what it shows ---- */

static void put_refresh(struct turn *t, struct message *m)
{
	GTimeZone *zone = roster_zone(t->roster, t->person, t->team);
	message_context(m, turn_text(t, "today.as_of", TEXT_ARG("time", response_time_text(t, zone, t->now_ms, turn_language(t)))));
	message_button(m, "today.refresh", "", turn_text(t, "today.refresh"), MESSAGE_PLAIN);
}

static struct message *card(struct turn *t)
{
	struct message *m = message_new();
	if (look_write(t, m))
		put_refresh(t, m);
	else
		message_say(m, turn_text(t, "today.no_team"));
	return m;
}

static struct message *home(struct turn *t, gboolean with_look)
{
	struct message *m = message_new();
	if (with_look && look_write(t, m)) {
		put_refresh(t, m);
		message_divider(m);
	}
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->home)
			(*r)->home(t, m);
	return m;
}

/* ---- where it stands ---- */

static const char *name_of(struct turn *t, const char *day)
{
	return turn_keep(t, g_strdup_printf("today/%s/%" G_GINT64_FORMAT "/%s", t->event->place.workspace, t->person->id, day));
}

/* The person's own day, wherever they ask. */
static const char *name_of_today(struct turn *t)
{
	const struct team *first = roster_next_team_of(t->roster, t->event->place.workspace, t->person, NULL);
	return name_of(t, turn_day(t, t->person, first, t->now_ms));
}

/* The one on which the person has pressed; NULL: none of theirs. */
static const char *name_pressed(struct turn *t)
{
	const char *name = turn_about(t);
	return name && g_str_has_prefix(name, name_of(t, "")) ? name : NULL;
}

static gboolean was_at_home(struct turn *t, int64_t since_ms)
{
	struct db_rows *rows = turn_query(t, &SQL_TODAY_IS_AT_HOME, ARG_INT(t->person->id), ARG_TEXT(t->event->place.workspace), ARG_INT(since_ms));
	gboolean yes = db_next(rows);
	turn_end(t, rows);
	return yes;
}

static void renew(struct turn *t, const char *name)
{
	turn_renew(t, name, strcmp(name, name_of(t, HOME)) == 0 ? home(t, was_at_home(t, 0)) : card(t));
}

/* Where the home is a message it greets from now on; the look stands further down. */
static void take_look_off_home(struct turn *t)
{
	const char *name = name_of(t, HOME);
	if (!turn_stands(t, name) || !was_at_home(t, 0))
		return;
	turn_exec(t, &SQL_TODAY_LEFT_HOME, ARG_INT(t->person->id), ARG_TEXT(t->event->place.workspace));
	turn_renew(t, name, home(t, FALSE));
}

/* ---- asked for ---- */

static void today_command(struct turn *t, const struct event *event, const char *rest)
{
	const char *name = name_of_today(t);
	struct message *m = card(t);
	(void)event;
	(void)rest;
	message_name(m, name);
	turn_withdraw(t, name);
	take_look_off_home(t);
	turn_tell(t, t->event->place.workspace, t->person, m);
	if (!turn_is_direct(t))
		turn_whisper(t, turn_text(t, "today.sent"));
}

static void show_home(struct turn *t)
{
	turn_exec(t, &SQL_TODAY_AT_HOME, ARG_INT(t->person->id), ARG_TEXT(t->event->place.workspace), ARG_INT(t->now_ms));
	turn_home(t, name_of(t, HOME), home(t, TRUE));
}

static void opened_home(struct turn *t, const struct event *event)
{
	const char *name = name_of_today(t);
	if (g_strcmp0(event->value, EVENT_HOME_AGAIN) != 0)
		show_home(t);
	else if (turn_stands(t, name))
		renew(t, name);
}

/* ---- what changes it ---- */

/* A page has no message: whatever is pressed there comes without one. */
static gboolean is_on_home(const struct event *event)
{
	return !event->message && !event->place.channel;
}

static gboolean is_pressed_here(struct turn *t, const struct event *event)
{
	return t->person && (is_on_home(event) || name_pressed(t));
}

/* It runs after the ritual whose button it was, and shows what came of it. */
static void pressed(struct turn *t, const struct event *event)
{
	(void)event;
	const char *name = name_pressed(t);
	if (name)
		renew(t, name);
	else
		show_home(t);
}

/* Where there is a page: it is no message that stands. */
static gboolean is_at_home(struct turn *t)
{
	return was_at_home(t, t->now_ms - AT_HOME_MS) && !turn_stands(t, name_of(t, HOME));
}

static gboolean has_look(struct turn *t, const struct event *event)
{
	(void)event;
	return t->person && (turn_stands(t, name_of_today(t)) || is_at_home(t));
}

/* Perhaps it was opened from there: a form does not tell. */
static void submitted(struct turn *t, const struct event *event)
{
	(void)event;
	if (turn_stands(t, name_of_today(t)))
		renew(t, name_of_today(t));
	if (is_at_home(t))
		show_home(t);
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "today", "今天", "今日", NULL },
		.help = "today.help",
		.alone = TRUE,
		.only_tells = TRUE,
		.run = today_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_OPENED_HOME, .run = opened_home },
	{ .kind = EVENT_PRESSED, .of_others = TRUE, .when = is_pressed_here, .run = pressed },
	{ .kind = EVENT_SUBMITTED, .of_others = TRUE, .when = has_look, .run = submitted },
	{ 0 },
};

const struct ritual ritual_today = {
	.name = "today",
	.title = "today.help_title",
	.triggers = triggers,
	.commands = commands,
	.sql = &SQL_TODAY,
	.texts = &texts_today,
};
