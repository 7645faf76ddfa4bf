/* SPDX-License-Identifier: MIT */
/*
 * The theme of a tea party: the team votes in the channel, one vote each, which may be changed until the meeting is announced.
 * What a team has talked about is not offered again for a year; of equals the one that the configuration names first wins.
 */
#include "meeting/meeting.h"

#include "base/clock.h"

enum { MOST_OFFERED = 10, FRESH_AFTER_DAYS = 365 };

#define VOTE "vote"

/* ---- what may be chosen ---- */

/* How many have voted for it. */
static int64_t votes_for(struct turn *t, const struct meeting *m, const char *theme)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_VOTES, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name), ARG_TEXT(m->day),
		ARG_TEXT(theme));
	int64_t count = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return count;
}

static gboolean is_fresh(struct turn *t, const struct meeting *m, const char *theme)
{
	char since[ZONE_DAY_SIZE];
	zone_day_shift(m->day, -FRESH_AFTER_DAYS, since);
	struct db_rows *rows = turn_query(t, &SQL_MEETING_THEME_HELD, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name),
		ARG_TEXT((const char *)since), ARG_TEXT(m->day), ARG_TEXT(theme));
	gboolean held = db_next(rows);
	turn_end(t, rows);
	return !held;
}

/* In the configuration's order, borrowed from it; for the caller to unref. */
static GPtrArray *offered(struct turn *t, const struct meeting *m)
{
	GPtrArray *themes = g_ptr_array_new();
	for (char **theme = m->config->themes; theme && *theme && themes->len < MOST_OFFERED; theme++)
		if (is_fresh(t, m, *theme))
			g_ptr_array_add(themes, *theme);
	return themes;
}

/* NULL: none is chosen yet. */
static const char *chosen(struct turn *t, const struct meeting *m)
{
	struct db_rows *rows =
		turn_query(t, &SQL_MEETING_THEME, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name), ARG_TEXT(m->day));
	const char *theme = db_next(rows) ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL;
	turn_end(t, rows);
	return theme;
}

/* ---- the vote ---- */

static int64_t opens_ms(const struct meeting *m)
{
	return meeting_before_ms(m, m->config->vote);
}

static const char *name_of(struct turn *t, const struct meeting *m)
{
	return turn_keep(t, g_strdup_printf("meeting/vote/%s/%s/%s", m->team->config->name, m->config->name, m->day));
}

static const char *until_text(struct turn *t, const struct meeting *m, enum language language)
{
	char day[ZONE_DAY_SIZE];
	struct zone_time local;
	int64_t until_ms = meeting_announce_ms(m);
	zone_day(m->team->zone, until_ms, day);
	zone_local(m->team->zone, until_ms, &local);
	g_autofree char *time = g_strdup_printf("%02d:%02d", local.hour, local.minute);
	return turn_text_in(t, language, "meeting.vote_until", TEXT_ARG("day", turn_day_text(t, day, language)),
		TEXT_ARG("time", (const char *)time), TEXT_ARG("zone", m->team->config->zone));
}

/* TEAM/NAME, the meeting's day and the theme, a line each. */
static void put_choice(struct turn *t, struct message *out, const struct meeting *m, const char *theme)
{
	g_autofree char *value = g_strdup_printf("%s/%s\n%s\n%s", m->team->config->name, m->config->name, m->day, theme);
	message_button(out, "meeting.vote", value, turn_keep(t, g_strdup(theme)), MESSAGE_PLAIN);
}

/* theme: what it came to; NULL: it is open. */
static struct message *poll(struct turn *t, const struct meeting *m, const GPtrArray *themes, const char *theme)
{
	enum language language = turn_team_language(t, m->team);
	struct message *out = message_new();
	message_title(out, turn_text_in(t, language, "meeting.vote_title", TEXT_ARG("title", meeting_title(t, m, language))));
	message_say(out, theme ? turn_text_in(t, language, "meeting.vote_result", TEXT_ARG("theme", theme)) : meeting_when(t, m, language));
	for (guint i = 0; i < themes->len; i++)
		message_item(out, turn_text_in(t, language, "meeting.vote_line", TEXT_ARG("theme", (const char *)themes->pdata[i]),
					  TEXT_ARG("count", votes_for(t, m, themes->pdata[i]))));
	for (guint i = 0; i < themes->len && !theme; i++)
		put_choice(t, out, m, themes->pdata[i]);
	if (!theme)
		message_context(out, until_text(t, m, language));
	return out;
}

static struct ring ring_of(const struct meeting *m)
{
	return (struct ring){ .topic = m->config->name, .team = m->team, .part = VOTE };
}

/* The next one to come whose vote has not been opened; FALSE: none. */
static gboolean find_unasked(struct turn *t, struct meeting *m)
{
	gboolean found = m->config->themes && meeting_next(m, t->now_ms);
	for (; found; found = meeting_next(m, m->at_ms)) {
		struct ring ring = ring_of(m);
		if (!ring_is_noted(t, &ring, m->day))
			return TRUE;
	}
	return FALSE;
}

void meeting_plan_vote(struct turn *t, struct meeting m)
{
	if (find_unasked(t, &m))
		turn_schedule_once(t, VOTE, meeting_key(t, &m), opens_ms(&m));
}

/* One theme needs no vote, and one who comes late none any more. */
static enum ring_outcome open_vote(struct turn *t, const struct meeting *m)
{
	g_autoptr(GPtrArray) themes = offered(t, m);
	if (meeting_announce_ms(m) <= t->now_ms)
		return RING_LATE;
	if (themes->len < 2)
		return RING_QUIET;
	turn_post_until(t, m->team, name_of(t, m), meeting_announce_ms(m), poll(t, m, themes, NULL));
	return RING_RUNG;
}

void meeting_vote_due(struct turn *t, const struct event *event)
{
	struct meeting m;
	if (!meeting_of_key(t, event->value, &m))
		return;
	while (turn_ok(t) && find_unasked(t, &m) && opens_ms(&m) <= t->now_ms) {
		struct ring ring = ring_of(&m);
		ring_note(t, &ring, m.day, opens_ms(&m), open_vote(t, &m));
	}
	meeting_plan_vote(t, m);
}

/* FALSE: the button's meeting or theme is no more. */
static gboolean read_choice(struct turn *t, const char *value, struct meeting *m, const char **theme)
{
	char **lines = g_strsplit(value ? value : "", "\n", 3);
	gboolean found = g_strv_length(lines) == 3 && zone_day_is_valid(lines[1]) && meeting_of_key(t, lines[0], m) && m->config->themes &&
			 g_strv_contains((const char *const *)m->config->themes, lines[2]);
	if (found) {
		g_strlcpy(m->day, lines[1], sizeof m->day);
		*theme = turn_keep(t, g_strdup(lines[2]));
		found = zone_instant(m->team->zone, m->day, 0, &m->at_ms) && meeting_next(m, m->at_ms - 1) && strcmp(m->day, lines[1]) == 0;
	}
	g_strfreev(lines);
	return found;
}

void meeting_vote_pressed(struct turn *t, const struct event *event)
{
	struct meeting m;
	const char *theme, *done;
	if (!read_choice(t, event->value, &m, &theme)) {
		turn_whisper(t, turn_text(t, "meeting.vote_gone"));
	} else if (!t->person || !(roster_is_member(m.team, t->person) || roster_is_manager(m.team, t->person))) {
		turn_whisper(t, turn_text(t, "meeting.vote_not_yours"));
	} else if ((done = chosen(t, &m)) || meeting_announce_ms(&m) <= t->now_ms) {
		turn_whisper(t, turn_text(t, "meeting.vote_over"));
	} else {
		g_autoptr(GPtrArray) themes = offered(t, &m);
		turn_exec(t, &SQL_MEETING_VOTE, ARG_TEXT(m.team->config->name), ARG_TEXT(m.config->name), ARG_TEXT((const char *)m.day),
			ARG_INT(t->person->id), ARG_TEXT(theme), ARG_INT(t->now_ms));
		turn_show(t, m.team, name_of(t, &m), poll(t, &m, themes, NULL));
		turn_whisper(t, turn_text(t, "meeting.voted", TEXT_ARG("theme", theme)));
	}
}

/* ---- what it comes to ---- */

const char *meeting_theme(struct turn *t, const struct meeting *m)
{
	g_autoptr(GPtrArray) themes = offered(t, m);
	const char *best = chosen(t, m);
	int64_t most = -1;
	if (best || themes->len == 0)
		return best;
	for (guint i = 0; i < themes->len; i++) {
		int64_t votes = votes_for(t, m, themes->pdata[i]);
		if (votes > most) {
			most = votes;
			best = themes->pdata[i];
		}
	}
	struct ring ring = ring_of(m);
	turn_exec(t, &SQL_MEETING_CHOOSE, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name), ARG_TEXT(m->day), ARG_TEXT(best),
		ARG_INT(t->now_ms));
	if (themes->len > 1 && ring_is_noted(t, &ring, m->day))
		turn_show(t, m->team, name_of(t, m), poll(t, m, themes, best));
	return best;
}
