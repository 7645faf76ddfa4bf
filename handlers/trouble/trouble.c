/* SPDX-License-Identifier: MIT */
#include "trouble/trouble.h"

#include "base/clock.h"
#include "trouble_sql.h"
#include "trouble_texts.h"

enum { LISTED = 10, WEEK_DAYS = 7, AGAIN_MINUTES = 10 };

/* ---- telling ---- */

/* Where the person hears of it: away from the trouble, if they are anywhere else. NULL: nowhere. */
static const char *refuge_of(struct turn *t, const struct person *person, const char *troubled)
{
	for (struct config_workspace **w = roster_config(t->roster)->workspaces; *w; w++)
		if (strcmp((*w)->name, troubled) != 0 && roster_account((*w)->name, person))
			return (*w)->name;
	return roster_workspace_of(t->roster, person);
}

static void tell(struct turn *t, const struct person *person, const char *workspace, const char *line)
{
	enum language language = turn_language_of(t, person, NULL);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "trouble.title"));
	message_say(m, line);
	message_context(m, turn_text_in(t, language, "trouble.where"));
	turn_nudge(t, refuge_of(t, person, workspace), person, "trouble", t->now_ms + DAYS(1), m);
}

/* The rows that nobody has been told of for a day; what is older than that nobody needs to hear. */
static void tell_all(struct turn *t, const GPtrArray *operators)
{
	struct db_rows *rows = turn_query(t, &SQL_TROUBLE_UNTOLD, ARG_INT(t->now_ms - DAYS(1)), ARG_INT(DAYS(1)));
	while (db_next(rows))
		for (guint i = 0; i < operators->len; i++)
			tell(t, operators->pdata[i], db_text(rows, 0), db_text(rows, 1));
	turn_end(t, rows);
	turn_exec(t, &SQL_TROUBLE_TOLD, ARG_INT(t->now_ms), ARG_INT(t->now_ms - DAYS(1)), ARG_INT(DAYS(1)));
}

static gboolean names_operators(struct turn *t)
{
	for (struct config_workspace **w = roster_config(t->roster)->workspaces; *w; w++)
		if (*(*w)->operators)
			return TRUE;
	return FALSE;
}

/* At a first start the directory has not told yet who they are. */
static void tell_operators(struct turn *t)
{
	g_autoptr(GPtrArray) operators = roster_operators(t->roster);
	if (operators->len)
		tell_all(t, operators);
	else if (names_operators(t))
		turn_schedule_once(t, "tell", "", t->now_ms + MINUTES(AGAIN_MINUTES));
}

static void trouble(struct turn *t, const struct event *event)
{
	turn_exec(t, &SQL_TROUBLE_NOTE, ARG_TEXT(event->word), ARG_TEXT(event->place.workspace), ARG_TEXT(event->text), ARG_INT(t->now_ms));
	tell_operators(t);
}

static void tell_due(struct turn *t, const struct event *event)
{
	(void)event;
	tell_operators(t);
}

/* ---- looking back ---- */

static gboolean is_operator(struct turn *t)
{
	g_autoptr(GPtrArray) operators = roster_operators(t->roster);
	return t->person && g_ptr_array_find(operators, t->person, NULL);
}

static const char *item(struct turn *t, struct db_rows *rows)
{
	const char *day = turn_day(t, t->person, t->team, db_int(rows, 2));
	return turn_text(t, "trouble.item", TEXT_ARG("when", turn_date_text(t, day, turn_language(t))),
		TEXT_ARG("line", db_text(rows, 0)), TEXT_ARG("times", db_int(rows, 1)));
}

static struct message *list(struct turn *t)
{
	int count = 0;
	struct message *m = message_new();
	message_title(m, turn_text(t, "trouble.list"));
	struct db_rows *rows = turn_query(t, &SQL_TROUBLE_RECENT, ARG_INT(t->now_ms - DAYS(WEEK_DAYS)), ARG_INT(LISTED));
	for (; db_next(rows); count++)
		message_item(m, item(t, rows));
	turn_end(t, rows);
	if (count == 0)
		message_say(m, turn_text(t, "trouble.none"));
	return m;
}

static void troubles(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	if (is_operator(t))
		turn_private(t, list(t));
	else
		turn_whisper(t, turn_text(t, "trouble.denied"));
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "troubles", "故障", NULL }, .help = "trouble.help", .only_tells = TRUE, .run = troubles },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_TROUBLE, .run = trouble },
	{ .kind = EVENT_DUE, .word = "tell", .run = tell_due },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "trouble", .title = "trouble.topic" },
	{ 0 },
};

const struct ritual ritual_trouble = {
	.name = "trouble",
	.title = "trouble.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_TROUBLE,
	.texts = &texts_trouble,
};
