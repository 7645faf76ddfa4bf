/* SPDX-License-Identifier: MIT */
#include "highlight/highlight.h"

#include "base/clock.h"
#include "base/zone.h"
#include "highlight_sql.h"
#include "highlight_texts.h"

enum { TEXT_LIMIT = 500, POST_LIMIT = 11000 }; /* code points */

/* A post that is late by more waits for the next day's. */
#define SHARE_GRACE_MS HOURS(4)

static gboolean has_highlights(const struct team *team)
{
	return team && team->config->highlight_minute >= 0;
}

/* The channel's team, else the first of the person's that shares highlights; NULL: none. */
static const struct team *team_of(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	const struct team *team = roster_team_at(t->roster, workspace, t->event->place.channel);
	if (has_highlights(team))
		return team;
	for (team = NULL; (team = roster_next_team_of(t->roster, workspace, t->person, team));)
		if (has_highlights(team))
			return team;
	return NULL;
}

/* ---- sharing ---- */

static int64_t next_share_ms(const struct team *team, int64_t after_ms)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms = 0;
	zone_day(team->zone, after_ms, day);
	while (zone_instant(team->zone, day, team->config->highlight_minute, &due_ms) && due_ms <= after_ms)
		zone_day_shift(day, 1, day);
	return due_ms;
}

static void plan(struct turn *t, const struct team *team)
{
	turn_schedule_once(t, "share", team->config->name, next_share_ms(team, t->now_ms));
}

static const char *name_of(struct turn *t, int64_t person)
{
	const struct person *p = roster_person_by_id(t->roster, person);
	return p ? p->name : "?";
}

/* "Ana: closed the deal", "Ana thanks Bo: for the offer". */
static const char *line_of(struct turn *t, const struct team *team, int64_t person, int64_t whose, const char *text, enum language language)
{
	const char *readable = turn_readable(t, team->config->workspace_name, text);
	return person == whose ? turn_text_in(t, language, "highlight.line", TEXT_ARG("name", name_of(t, person)),
					 TEXT_ARG("text", readable))
			       : turn_text_in(t, language, "highlight.thanks_line", TEXT_ARG("name", name_of(t, person)),
					 TEXT_ARG("whose", name_of(t, whose)), TEXT_ARG("text", readable));
}

/* What still waits, as one post; NULL: nothing does. */
static struct message *post_of(struct turn *t, const struct team *team, enum language language)
{
	struct message *m = message_new();
	guint count = 0;
	glong room = POST_LIMIT;
	message_title(m, turn_text_in(t, language, "highlight.title", TEXT_ARG("team", team->config->name)));
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_WAITING, ARG_TEXT(team->config->name));
	for (; db_next(rows); count++) {
		const char *line = line_of(t, team, db_int(rows, 1), db_int(rows, 2), db_text(rows, 3), language);
		room -= g_utf8_strlen(line, -1);
		if (room > 0)
			message_item(m, line);
	}
	turn_end(t, rows);
	message_fallback(m, turn_text_in(t, language, "highlight.fallback", TEXT_ARG("count", count)));
	message_context(m, turn_text_in(t, language, "highlight.applaud"));
	if (count == 0)
		g_clear_pointer(&m, message_free);
	return m;
}

static void share_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	if (!has_highlights(team))
		return;
	const char *day = turn_day(t, NULL, team, t->now_ms);
	int64_t due_ms;
	gboolean now = zone_instant(team->zone, day, team->config->highlight_minute, &due_ms) && due_ms <= t->now_ms &&
		       t->now_ms - due_ms <= SHARE_GRACE_MS;
	struct message *m = now ? post_of(t, team, turn_team_language(t, team)) : NULL;
	if (m) {
		g_autofree char *name = g_strdup_printf("highlight/day/%s/%s", team->config->name, day);
		turn_post(t, team, name, m);
		turn_exec(t, &SQL_HIGHLIGHT_SHARE, ARG_TEXT(team->config->name), ARG_TEXT(day));
	}
	/* A busy day's second post would be noise: what comes now waits for tomorrow's. */
	if (!now)
		plan(t, team);
}

/* What was said before the configuration changed or the bot was off is not forgotten. */
static void start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		if (!has_highlights(*team))
			continue;
		struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_WAITING, ARG_TEXT((*team)->config->name));
		gboolean waiting = db_next(rows);
		turn_end(t, rows);
		if (waiting)
			plan(t, *team);
	}
}

/* ---- saying ---- */

/* "@bo for the offer": moves over the name. */
static const struct person *read_whose(struct turn *t, const char **rest)
{
	size_t length = strcspn(*rest, " \t\n");
	if (**rest != '@' && !g_str_has_prefix(*rest, "<@"))
		return t->person;
	g_autofree char *word = g_strndup(*rest, length);
	const struct person *found = roster_find(t->roster, t->event->place.workspace, word);
	if (!found || !(*rest)[length])
		return t->person;
	*rest += length + strspn(*rest + length, " \t\n");
	return found;
}

static const char *share_time(struct turn *t, const struct team *team)
{
	int minute = team->config->highlight_minute;
	return turn_keep(t, g_strdup_printf("%02d:%02d", minute / 60, minute % 60));
}

static void note(struct turn *t, const struct team *team, const struct person *whose, const char *text)
{
	const char *time = share_time(t, team);
	turn_exec(t, &SQL_HIGHLIGHT_ADD, ARG_TEXT(team->config->name), ARG_TEXT(turn_day(t, NULL, team, t->now_ms)),
		ARG_INT(t->person->id), ARG_INT(whose->id), ARG_TEXT(text), ARG_INT(t->now_ms));
	plan(t, team);
	turn_whisper(t, whose == t->person ? turn_text(t, "highlight.noted", TEXT_ARG("time", time))
					   : turn_text(t, "highlight.noted_thanks", TEXT_ARG("whose", whose->name), TEXT_ARG("time", time)));
}

static void highlight_command(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = team_of(t);
	(void)event;
	if (!team) {
		turn_whisper(t, turn_text(t, "highlight.no_team"));
	} else if (!*rest) {
		turn_whisper(t, turn_text(t, "highlight.how"));
	} else if (g_utf8_strlen(rest, -1) > TEXT_LIMIT) {
		turn_whisper(t, turn_text(t, "highlight.too_long", TEXT_ARG("limit", TEXT_LIMIT)));
	} else {
		const struct person *whose = read_whose(t, &rest);
		note(t, team, whose, rest);
	}
}

static void undo(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = team_of(t);
	(void)event;
	(void)rest;
	if (team)
		turn_exec(t, &SQL_HIGHLIGHT_TAKE_BACK, ARG_TEXT(team->config->name), ARG_INT(t->person->id));
	turn_whisper(t, turn_text(t, team && turn_changes(t) > 0 ? "highlight.taken_back" : "highlight.nothing_to_take_back"));
}

/* ---- the wall ---- */

static void wall(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = team_of(t);
	char since[ZONE_DAY_SIZE];
	(void)event;
	(void)rest;
	if (!team) {
		turn_whisper(t, turn_text(t, "highlight.no_team"));
		return;
	}
	zone_day_shift(turn_day(t, NULL, team, t->now_ms), -6, since);
	struct message *m = message_new();
	glong room = POST_LIMIT;
	message_title(m, turn_text(t, "highlight.week_title", TEXT_ARG("team", team->config->name)));
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_SINCE, ARG_TEXT(team->config->name), ARG_TEXT((const char *)since));
	while (db_next(rows)) {
		const char *day = turn_keep(t, g_strdup(db_text(rows, 0) + strlen("2026-")));
		const char *line = line_of(t, team, db_int(rows, 1), db_int(rows, 2), db_text(rows, 3), turn_language(t));
		room -= g_utf8_strlen(line, -1) + (glong)strlen(day);
		if (room > 0)
			message_item(m, turn_text(t, "highlight.day_line", TEXT_ARG("day", day), TEXT_ARG("line", line)));
	}
	turn_end(t, rows);
	if (room < POST_LIMIT) {
		turn_private(t, m);
		return;
	}
	message_free(m);
	turn_whisper(t, turn_text(t, "highlight.week_none", TEXT_ARG("team", team->config->name)));
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "wall", "墙", NULL }, .help = "highlight.help_wall", .only_tells = TRUE, .run = wall },
	{ .words = (const char *const[]){ "undo", "撤回高光", NULL }, .help = "highlight.help_undo", .run = undo },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "highlight", "高光", NULL },
		.help = "highlight.help",
		.takes_text = TRUE,
		.run = highlight_command,
		.subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "share", .run = share_due },
	{ 0 },
};

const struct ritual ritual_highlight = {
	.name = "highlight",
	.triggers = triggers,
	.commands = commands,
	.sql = &SQL_HIGHLIGHT,
	.texts = &texts_highlight,
	.start = start,
};
