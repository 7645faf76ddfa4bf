/* SPDX-License-Identifier: MIT */
/*
 * From a line of trouble in a standup to a blocker, by one press or one word. A line becomes one once: whoever presses again, or
 * later writes the same words while it is open, is told which it is. The standup may change or go; the blocker keeps its text.
 */
#include "blocker/blocker.h"

#include "base/zone.h"
#include "blocker_sql.h"
#include "kit/duty.h"

/* ---- what is known of the line ---- */

/* FIELD/PERSON/DAY/TEAM: a team's name may have a slash. */
static gboolean read_line(struct turn *t, const char *key, struct blocker_line *line)
{
	g_auto(GStrv) parts = g_strsplit(key ? key : "", "/", 4);
	if (g_strv_length(parts) != 4 || !zone_day_is_valid(parts[2]))
		return FALSE;
	*line = (struct blocker_line){
		.team = roster_team(t->roster, parts[3]),
		.day = turn_keep(t, g_strdup(parts[2])),
		.person = roster_person_by_id(t->roster, g_ascii_strtoll(parts[1], NULL, 10)),
		.field = (guint)g_ascii_strtoull(parts[0], NULL, 10),
	};
	return line->team && line->person;
}

/* Its words as people read them; NULL: there are none, or no more. */
static const char *text_of(struct turn *t, const struct blocker_line *line)
{
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_LINE_TEXT, ARG_TEXT(line->team->config->name), ARG_TEXT(line->day),
		ARG_INT(line->person->id), ARG_INT(line->field));
	const char *text = db_next(rows) && *db_text(rows, 0) ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL;
	turn_end(t, rows);
	return text;
}

static gint64 read_id(struct turn *t, struct db_rows *take)
{
	gint64 id = db_next(take) ? db_int(take, 0) : 0;
	turn_end_take(t, take);
	return id;
}

/* The blocker that there is of it; 0: none. */
static gint64 existing(struct turn *t, const struct blocker_line *line, const char *readable)
{
	const char *team = line->team->config->name;
	gint64 id = read_id(t, turn_query(t, &SQL_BLOCKER_OF_LINE, ARG_TEXT(team), ARG_TEXT(line->day), ARG_INT(line->person->id),
				       ARG_INT(line->field)));
	return id || !readable
		       ? id
		       : read_id(t, turn_query(t, &SQL_BLOCKER_ALIKE, ARG_TEXT(team), ARG_INT(line->person->id), ARG_TEXT(readable)));
}

/* Whose it is, or who answers for them. */
static gboolean may_open(const struct turn *t, const struct blocker_line *line)
{
	return line->person == t->person || turn_is_manager(t, line->team);
}

/* ---- opening ---- */

/* Whom the words call: a role they name, else a person they mention. */
static void find_addressee(struct turn *t, const char *text, struct blocker_opening *o)
{
	const char *workspace = o->team->config->workspace_name;
	char *held = roster_role_in(t->roster, text);
	const char *role = held ? turn_keep(t, held) : duty_role_in(t, o->team, text);
	g_autoptr(GPtrArray) people = roster_addressed(t->roster, workspace, o->team, text);
	o->role = role ? role : "";
	for (guint i = 0; !role && !o->owner && i < people->len; i++)
		o->owner = people->pdata[i] == o->by ? NULL : people->pdata[i];
}

static void open_line(struct turn *t, const struct blocker_line *line)
{
	const char *text = text_of(t, line);
	const char *readable = text ? turn_readable(t, line->team->config->workspace_name, text) : NULL;
	gint64 there = existing(t, line, readable);
	struct blocker_opening o = { .team = line->team, .text = readable, .by = line->person, .from = line };
	if (!may_open(t, line)) {
		turn_whisper(t, turn_text(t, "blocker.line_not_yours", TEXT_ARG("name", line->person->name)));
	} else if (there) {
		turn_whisper(t, turn_text(t, "blocker.line_is_one", TEXT_ARG("number", there)));
	} else if (!text) {
		turn_whisper(t, turn_text(t, "blocker.line_gone"));
	} else {
		find_addressee(t, text, &o);
		blocker_open(t, &o);
	}
}

void blocker_line_pressed(struct turn *t, const struct event *event)
{
	struct blocker_line line;
	if (read_line(t, event->value, &line))
		open_line(t, &line);
	else
		turn_whisper(t, turn_text(t, "blocker.line_gone"));
}

/* ---- the word under a standup ---- */

/* A standup's lines of trouble, struct blocker_line; caller unrefs. */
static GArray *lines_under(struct turn *t, const struct event *event)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct blocker_line));
	struct db_rows *rows =
		turn_query(t, &SQL_BLOCKER_LINES_UNDER, ARG_TEXT(event->place.thread), ARG_TEXT(event->place.channel));
	while (db_next(rows))
		for (guint field = 0; field < 3; field++) {
			struct blocker_line line = { roster_team(t->roster, db_text(rows, 0)), turn_keep(t, g_strdup(db_text(rows, 1))),
				roster_person_by_id(t->roster, db_int(rows, 2)), field };
			if (line.team && line.person)
				g_array_append_val(lines, line);
		}
	turn_end(t, rows);
	for (guint i = lines->len; i > 0; i--)
		if (!text_of(t, &g_array_index(lines, struct blocker_line, i - 1)))
			g_array_remove_index(lines, i - 1);
	return lines;
}

gboolean blocker_is_line_meant(struct turn *t, const struct event *event)
{
	static const char *const words[] = { "blocker", "make it a blocker", "卡点", "立为卡点", NULL };
	if (!t->person || !event->place.thread || !event->text)
		return FALSE;
	g_autofree char *said = g_strstrip(g_ascii_strdown(event->text, -1));
	if (!g_strv_contains(words, said))
		return FALSE;
	g_autoptr(GArray) lines = lines_under(t, event);
	return lines->len > 0;
}

void blocker_line_meant(struct turn *t, const struct event *event)
{
	g_autoptr(GArray) lines = lines_under(t, event);
	for (guint i = 0; i < lines->len; i++)
		open_line(t, &g_array_index(lines, struct blocker_line, i));
}
