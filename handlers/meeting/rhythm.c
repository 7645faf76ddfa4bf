/* SPDX-License-Identifier: MIT */
/*
 * When a meeting rings. There is one job of each kind for each meeting, TEAM/NAME; a due one looks again at the schedule, which may
 * have changed since, and each ring is a row, so it rings once.
 */
#include "meeting/meeting.h"

#include "base/clock.h"

#define ANNOUNCE "announce"
#define BEGIN	 "begin"

/* No holiday is longer. */
enum { MOVE_DAYS = 30 };

static gboolean is_worked(const struct calendar *calendar, const char *day)
{
	return calendar ? calendar_is_working_day(calendar, day) : zone_weekday(day) <= 5;
}

void meeting_move_day(const struct team *team, int step, char day[static ZONE_DAY_SIZE])
{
	for (int i = 0; i < MOVE_DAYS && !is_worked(team->config->calendar, day); i++)
		zone_day_shift(day, step, day);
}

struct meeting meeting_of(struct turn *t, const struct team *team, const struct config_meeting *config)
{
	const struct recurrence *usual = config->schedule;
	return (struct meeting){
		.team = team,
		.config = config,
		.rules = ring_rules(t, team, config->name, recurrence_at(usual, recurrence_minute(usual))),
	};
}

gboolean meeting_next(struct meeting *m, int64_t after_ms)
{
	if (!ring_next(&m->rules, m->team, m->team->zone, after_ms, &m->at_ms))
		return FALSE;
	zone_day(m->team->zone, m->at_ms, m->day);
	return TRUE;
}

int64_t meeting_before_ms(const struct meeting *m, int64_t span)
{
	GTimeZone *zone = m->team->zone;
	int64_t at_ms = span < 0 ? zone_days_later(zone, m->at_ms, (int)span) : m->at_ms - SECONDS(span);
	struct zone_time local;
	char day[ZONE_DAY_SIZE], worked[ZONE_DAY_SIZE];
	zone_day(zone, at_ms, day);
	memcpy(worked, day, ZONE_DAY_SIZE);
	meeting_move_day(m->team, -1, worked);
	zone_local(zone, at_ms, &local);
	if (strcmp(worked, day) != 0)
		zone_instant(zone, worked, local.hour * 60 + local.minute, &at_ms);
	return at_ms;
}

int64_t meeting_announce_ms(const struct meeting *m)
{
	return meeting_before_ms(m, m->config->announce);
}

static struct ring_bell bell_of(const struct meeting *m)
{
	return (struct ring_bell){
		.ring = { .topic = m->config->name, .team = m->team, .part = BEGIN },
		.rules = &m->rules,
		.zone = m->team->zone,
		.grace_ms = MINUTES(m->config->minutes) - 1, /* then it is over */
	};
}

/* ---- announcements: one that is moved is announced anew, so they are known by the instant of the meeting ---- */

static void note_announced(struct turn *t, const struct meeting *m)
{
	const struct ring ring = { .topic = m->config->name, .team = m->team, .part = ANNOUNCE };
	turn_exec(t, &SQL_MEETING_RING, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name), ARG_INT(m->at_ms), ARG_TEXT(ANNOUNCE),
		ARG_INT(t->now_ms));
	ring_note(t, &ring, m->day, meeting_announce_ms(m), RING_RUNG);
}

static gboolean is_announced(struct turn *t, const struct meeting *m)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_HAS_RUNG, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name),
		ARG_INT(m->at_ms), ARG_TEXT(ANNOUNCE));
	gboolean rung = db_next(rows);
	turn_end(t, rows);
	return rung;
}

/* The next one that is to come and is not announced; FALSE: none. */
static gboolean find_silent(struct turn *t, struct meeting *m)
{
	gboolean found = meeting_next(m, t->now_ms);
	while (found && is_announced(t, m))
		found = meeting_next(m, m->at_ms);
	return found;
}

/* Meetings that have begun since then, or would have, without: the program was off. */
static void note_unannounced(struct turn *t, struct meeting m, int64_t since_ms)
{
	const struct ring ring = { .topic = m.config->name, .team = m.team, .part = ANNOUNCE };
	for (gboolean any = meeting_next(&m, since_ms - 1); any && m.at_ms <= t->now_ms; any = meeting_next(&m, m.at_ms))
		ring_note(t, &ring, m.day, meeting_announce_ms(&m), RING_LATE); /* nothing where it was */
}

/* ---- jobs ---- */

const char *meeting_key(struct turn *t, const struct meeting *m)
{
	return turn_keep(t, g_strconcat(m->team->config->name, "/", m->config->name, NULL));
}

gboolean meeting_of_key(struct turn *t, const char *key, struct meeting *m)
{
	const char *slash = strrchr(key, '/');
	g_autofree char *name = slash ? g_strndup(key, (gsize)(slash - key)) : NULL;
	const struct team *team = name ? roster_team(t->roster, name) : NULL;
	for (struct config_meeting **config = team ? team->config->meetings : NULL; config && *config; config++)
		if (strcmp((*config)->name, slash + 1) == 0) {
			*m = meeting_of(t, team, *config);
			return TRUE;
		}
	return FALSE;
}

static void plan(struct turn *t, struct meeting m)
{
	struct ring_bell bell = bell_of(&m);
	int64_t begin_ms;
	meeting_plan_vote(t, m);
	if (find_silent(t, &m))
		turn_schedule_once(t, ANNOUNCE, meeting_key(t, &m), meeting_announce_ms(&m));
	if (ring_bell_next(&bell, t->now_ms, &begin_ms))
		turn_schedule_once(t, BEGIN, meeting_key(t, &m), begin_ms);
}

void meeting_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		for (struct config_meeting **config = (*team)->config->meetings; config && *config; config++)
			plan(t, meeting_of(t, *team, *config));
}

static const struct ring_part parts[] = {
	{ "vote", "meeting.was_voted_on", "meeting.was_not_voted_on" },
	{ ANNOUNCE, "meeting.was_announced", "meeting.was_not_announced" },
	{ BEGIN, "meeting.has_begun", "meeting.has_not_begun" },
	{ 0 },
};

void meeting_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	for (struct config_meeting **config = team->config->meetings; config && *config; config++) {
		struct meeting m = meeting_of(t, team, *config);
		struct ring_line line = { .id = meeting_key(t, &m), .topic = (*config)->name, .parts = parts, .rules = m.rules,
			.minutes = (*config)->minutes };
		for (enum language language = 0; language < LANGUAGE_COUNT; language++)
			line.titles[language] = meeting_title(t, &m, language);
		g_array_append_val(list->lines, line);
	}
	meeting_action_rings(t, team, list);
}

/* ---- due ---- */

void meeting_announce_due(struct turn *t, const struct event *event)
{
	struct meeting m;
	if (!meeting_of_key(t, event->value, &m))
		return;
	while (turn_ok(t) && find_silent(t, &m) && meeting_announce_ms(&m) <= t->now_ms) {
		g_autofree char *name = g_strdup_printf("meeting/announce/%s/%s", meeting_key(t, &m), m.day);
		note_announced(t, &m);
		turn_post_until(t, m.team, name, m.at_ms, meeting_announcement(t, &m));
	}
	plan(t, m);
}

void meeting_begin_due(struct turn *t, const struct event *event)
{
	struct meeting m;
	if (!meeting_of_key(t, event->value, &m))
		return;
	struct ring_bell bell = bell_of(&m);
	note_unannounced(t, m, event->at_ms);
	if (ring_bell_rings(t, &bell, event->at_ms, m.day, &m.at_ms)) {
		g_autofree char *name = g_strdup_printf("meeting/begin/%s/%s", meeting_key(t, &m), m.day);
		ring_note(t, &bell.ring, m.day, m.at_ms, RING_RUNG);
		turn_post_until(t, m.team, name, m.at_ms + MINUTES(m.config->minutes), meeting_beginning(t, &m));
	}
	plan(t, m);
}
