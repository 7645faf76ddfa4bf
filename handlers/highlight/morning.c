/* SPDX-License-Identifier: MIT */
/*
 * The morning after a post, on a working day and in the person's own zone: who was applauded hears how much, a manager which
 * ones nobody has applauded yet. One message for each person and team, by a job of their own, of all posts since the last
 * morning on which they worked: nobody who is away is told, but the day they are back.
 */
#include "highlight/parts.h"

#include "base/clock.h"
#include "base/zone.h"

enum { MORNING_MINUTE = 9 * 60 + 30, MORNING_REACH_DAYS = 31, LIST_MOST = 10 };

/* After noon nobody wonders any more. */
#define MORNING_GRACE_MS HOURS(3)

/* ---- when ---- */

/* When the person's working day has begun. */
static int morning_of(const struct turn *t, const struct person *person, const char *day)
{
	return turn_fit_minute(t, person, day, MORNING_MINUTE);
}

/* The nearest day on which the person works in the morning, `step` days (1: after, -1: before) and more from the given one; FALSE: none is near. */
static gboolean find_morning(struct turn *t, const struct team *team, const struct person *person, const char *from, int step,
	char day[static ZONE_DAY_SIZE])
{
	zone_day_shift(from, step, day);
	for (int i = 0; i < MORNING_REACH_DAYS; i++, zone_day_shift(day, step, day))
		if (highlight_works(team, day) && !turn_is_away(t, person, day, morning_of(t, person, day)))
			return TRUE;
	return FALSE;
}

static void plan_for(struct turn *t, const struct team *team, const char *after, const struct person *person)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms;
	if (!person || person->bot || person->deactivated || !find_morning(t, team, person, after, 1, day) ||
		!zone_instant(roster_zone(t->roster, person, team), day, morning_of(t, person, day), &due_ms))
		return;
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT " %s", person->id, team->config->name);
	turn_schedule_once(t, "morning", key, due_ms);
}

void highlight_plan_morning(struct turn *t, const struct team *team, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_HONOURED, ARG_TEXT(team->config->name), ARG_TEXT(day));
	g_autoptr(GPtrArray) people = g_ptr_array_new();
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	while (db_next(rows))
		g_ptr_array_add(people, (gpointer)roster_person_by_id(t->roster, db_int(rows, 0)));
	turn_end(t, rows);
	g_ptr_array_extend(people, managers, NULL, NULL);
	for (guint i = 0; i < people->len; i++)
		plan_for(t, team, day, people->pdata[i]);
}

/* ---- what ---- */

struct letter {
	const struct team *team;
	const struct person *person;
	const char *day; /* that it is written on */
	enum language language;
	struct message *m;
	guint applauded, silent;
};

/* Its own, kindly: which ones, and how many colleagues. */
static void put_applauded(struct turn *t, struct letter *l, const struct highlight *h)
{
	if (h->whose != l->person->id || h->voices == 0 || l->applauded++ >= LIST_MOST)
		return;
	if (l->applauded == 1)
		message_say(l->m, turn_text_in(t, l->language, "highlight.applauded"));
	message_item(l->m, turn_text_in(t, l->language, "highlight.applauded_line", TEXT_ARG("count", h->voices),
				   TEXT_ARG("text", highlight_words(t, l->team, h->text))));
}

static void put_silent(struct turn *t, struct letter *l, const struct highlight *h)
{
	if (h->voices > 0 || h->whose == l->person->id || !roster_is_manager(l->team, l->person) || l->silent++ >= LIST_MOST)
		return;
	if (l->silent == 1)
		message_say(l->m, turn_text_in(t, l->language, "highlight.silent", TEXT_ARG("team", l->team->config->name)));
	highlight_put(t, l->m, l->team, h, "", l->language);
	if (h->person != l->person->id || h->origin == HIGHLIGHT_STAR)
		highlight_put_button(t, l->m, h, TRUE, l->language);
}

/* How many of them had no room. */
static void put_more(struct turn *t, const struct letter *l, guint count)
{
	if (count > LIST_MOST)
		message_context(l->m, turn_text_in(t, l->language, "highlight.more", TEXT_ARG("count", count - LIST_MOST)));
}

/* Of the posts from that day on, up to yesterday. */
static void each(struct turn *t, struct letter *l, const char *from, void (*put)(struct turn *t, struct letter *l, const struct highlight *h))
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_POSTS, ARG_TEXT(l->team->config->name), ARG_TEXT(from), ARG_TEXT(l->day));
	while (db_next(rows)) {
		struct highlight h = highlight_read(rows);
		put(t, l, &h);
	}
	turn_end(t, rows);
}

static enum ring_outcome tell(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	struct letter l = { team, person, day, turn_language_of(t, person, team), message_new(), 0, 0 };
	char from[ZONE_DAY_SIZE];
	find_morning(t, team, person, day, -1, from); /* or as far as it looks */
	each(t, &l, from, put_applauded);
	put_more(t, &l, l.applauded);
	each(t, &l, from, put_silent);
	put_more(t, &l, l.silent);
	if (l.applauded + l.silent == 0) {
		message_free(l.m);
		return RING_QUIET;
	}
	int64_t until_ms = t->now_ms; /* the day's digest is soon enough */
	zone_instant(roster_zone(t->roster, person, team), day, 24 * 60, &until_ms);
	return ring_outcome_of(turn_hint(t, team->config->workspace_name, person, "highlight", until_ms, l.m));
}

/* The key is "PERSON TEAM". */
void highlight_morning(struct turn *t, const struct event *event)
{
	char *rest;
	gint64 id = g_ascii_strtoll(event->value, &rest, 10);
	const struct person *person = roster_person_by_id(t->roster, id);
	const struct team *team = *rest ? roster_team(t->roster, rest + 1) : NULL;
	if (!highlight_team_has(team) || !person || person->deactivated)
		return;
	const char *day = turn_day(t, person, team, event->at_ms), *now = turn_day(t, person, team, t->now_ms);
	gboolean is_away = turn_is_away(t, person, now, morning_of(t, person, now)), is_late = t->now_ms - event->at_ms > MORNING_GRACE_MS;
	highlight_note(t, team, person, "morning", day, event->at_ms,
		is_away ? RING_AWAY : is_late ? RING_LATE : tell(t, team, day, person));
	if (is_away)
		plan_for(t, team, now, person);
}
