/* SPDX-License-Identifier: MIT */
/*
 * Applause: a reaction on the day's post, on the message that a highlight was, or a press of its button. On a post of
 * several a number (1️⃣ …) is for that one, any other emoji for all of them. One person has one voice for each, whatever
 * they give it by.
 */
#include "highlight/parts.h"

#include "base/clock.h"

/* Who presses looks for what it did; a reaction shows itself. */
#define PRESSED_DELAY_MS SECONDS(2)
#define REACTED_DELAY_MS MINUTES(1)

#define POST_NAMES "highlight/day/"

/* 1 … 10; 0: the emoji is no number. */
static int number_of(const char *emoji)
{
	static const char *const names[] = { "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten" };
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(names[i], emoji) == 0)
			return (int)i + 1;
	return 0;
}

static void set(struct turn *t, gint64 highlight, const char *how, gboolean given)
{
	turn_exec(t, given ? &SQL_HIGHLIGHT_APPLAUD : &SQL_HIGHLIGHT_FALL_SILENT, ARG_INT(highlight), ARG_INT(t->person->id),
		ARG_TEXT(how));
}

/* ---- reactions ---- */

static gint64 find_by_message(struct turn *t, const struct event *event)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_MESSAGE, ARG_TEXT(event->place.channel), ARG_TEXT(event->message));
	gint64 id = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return id;
}

/* The team and day of the post that the event stands on; NULL: on none. */
static const struct team *post_at(struct turn *t, const char **day)
{
	const char *name = turn_about(t);
	if (!name || !g_str_has_prefix(name, POST_NAMES))
		return NULL;
	const char *slash = strrchr(name, '/');
	*day = slash + 1;
	const char *team = name + strlen(POST_NAMES);
	return slash > team ? roster_team(t->roster, turn_keep(t, g_strndup(team, (gsize)(slash - team)))) : NULL;
}

gboolean highlight_is_applause(struct turn *t, const struct event *event)
{
	const char *day;
	return event->message && event->place.channel && (post_at(t, &day) || find_by_message(t, event));
}

static void react_to_post(struct turn *t, const struct event *event, const struct team *team, const char *day)
{
	g_autofree char *how = g_strdup_printf("post:%s", event->word);
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_NUMBER, ARG_TEXT(team->config->name), ARG_TEXT(day),
		ARG_INT(number_of(event->word)));
	while (db_next(rows))
		g_array_append_vals(ids, &(gint64){ db_int(rows, 0) }, 1);
	turn_end(t, rows);
	for (guint i = 0; i < ids->len; i++)
		set(t, g_array_index(ids, gint64, i), how, event->kind == EVENT_REACTED);
	highlight_touch_post(t, team, day, REACTED_DELAY_MS);
}

void highlight_touch(struct turn *t, gint64 highlight, int64_t delay_ms)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_STANDING, ARG_INT(highlight));
	const struct team *team = db_next(rows) ? roster_team(t->roster, db_text(rows, 0)) : NULL;
	const char *shared = team && db_text(rows, 4) ? turn_keep(t, g_strdup(db_text(rows, 4))) : NULL;
	turn_end(t, rows);
	if (shared)
		highlight_touch_post(t, team, shared, delay_ms);
}

static void react_to_message(struct turn *t, const struct event *event)
{
	gint64 highlight = find_by_message(t, event);
	g_autofree char *how = g_strdup_printf("said:%s", event->word);
	if (!highlight)
		return;
	set(t, highlight, how, event->kind == EVENT_REACTED);
	highlight_touch(t, highlight, REACTED_DELAY_MS);
}

void highlight_reacted(struct turn *t, const struct event *event)
{
	const char *day;
	const struct team *team = post_at(t, &day);
	if (!t->person)
		return;
	if (team)
		react_to_post(t, event, team, day);
	else
		react_to_message(t, event);
}

/* ---- the button ---- */

/* Pressed once more it is taken back. */
static void toggle(struct turn *t, gint64 highlight)
{
	set(t, highlight, "button", TRUE);
	gboolean given = turn_changes(t) > 0;
	if (!given)
		set(t, highlight, "button", FALSE);
	highlight_touch(t, highlight, PRESSED_DELAY_MS);
	if (turn_is_direct(t)) /* the post, which shows it, is elsewhere */
		turn_whisper(t, turn_text(t, given ? "highlight.clapped" : "highlight.unclapped"));
}

void highlight_pressed(struct turn *t, const struct event *event)
{
	gint64 highlight = 0;
	if (!t->person || !event->value || !g_ascii_string_to_signed(event->value, 10, 1, G_MAXINT64, &highlight, NULL))
		return;
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_STANDING, ARG_INT(highlight));
	gboolean there = db_next(rows);
	gboolean own = there && (db_int(rows, 2) == t->person->id ||
					(db_int(rows, 1) == t->person->id && db_int(rows, 3) == HIGHLIGHT_SAID));
	turn_end(t, rows);
	if (!there)
		turn_whisper(t, turn_text(t, "highlight.gone"));
	else if (own)
		turn_whisper(t, turn_text(t, "highlight.own"));
	else
		toggle(t, highlight);
}
