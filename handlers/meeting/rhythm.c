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

gboolean meeting_next(struct meeting *m, int64_t after_ms)
{
	const struct team *team = m->team;
	if (!recurrence_next(m->config->schedule, team->config->calendar, team->zone, after_ms, &m->at_ms))
		return FALSE;
	zone_day(team->zone, m->at_ms, m->day);
	return TRUE;
}

int64_t meeting_announce_ms(const struct meeting *m)
{
	GTimeZone *zone = m->team->zone;
	int64_t span = m->config->announce;
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

/* ---- rows ---- */

/* TRUE the first time. */
static gboolean take_ring(struct turn *t, const struct meeting *m, const char *ring)
{
	turn_exec(t, &SQL_MEETING_RING, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name), ARG_INT(m->at_ms), ARG_TEXT(ring),
		ARG_INT(t->now_ms));
	return turn_changes(t) > 0;
}

static gboolean has_rung(struct turn *t, const struct meeting *m, const char *ring)
{
	struct db_rows *rows = turn_query(t, &SQL_MEETING_HAS_RUNG, ARG_TEXT(m->team->config->name), ARG_TEXT(m->config->name),
		ARG_INT(m->at_ms), ARG_TEXT(ring));
	gboolean rung = db_next(rows);
	turn_end(t, rows);
	return rung;
}

/* The next one that is to come and is not announced; FALSE: none. */
static gboolean find_silent(struct turn *t, struct meeting *m)
{
	gboolean found = meeting_next(m, t->now_ms);
	while (found && has_rung(t, m, ANNOUNCE))
		found = meeting_next(m, m->at_ms);
	return found;
}

/* The one that has begun and is not over; FALSE: none. */
static gboolean find_begun(const struct turn *t, struct meeting *m)
{
	return meeting_next(m, t->now_ms - MINUTES(m->config->minutes)) && m->at_ms <= t->now_ms;
}

/* ---- jobs ---- */

static const char *key_of(struct turn *t, const struct meeting *m)
{
	return turn_keep(t, g_strconcat(m->team->config->name, "/", m->config->name, NULL));
}

/* FALSE: the configuration knows it no more. */
static gboolean read_key(struct turn *t, const char *key, struct meeting *m)
{
	const char *slash = strrchr(key, '/');
	g_autofree char *name = slash ? g_strndup(key, (gsize)(slash - key)) : NULL;
	m->team = name ? roster_team(t->roster, name) : NULL;
	for (struct config_meeting **config = m->team ? m->team->config->meetings : NULL; config && *config; config++) {
		m->config = *config;
		if (strcmp((*config)->name, slash + 1) == 0)
			return TRUE;
	}
	return FALSE;
}

static void plan(struct turn *t, struct meeting m)
{
	if (find_silent(t, &m))
		turn_schedule_once(t, ANNOUNCE, key_of(t, &m), meeting_announce_ms(&m));
	if (meeting_next(&m, t->now_ms))
		turn_schedule_once(t, BEGIN, key_of(t, &m), m.at_ms);
}

void meeting_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		for (struct config_meeting **config = (*team)->config->meetings; config && *config; config++)
			plan(t, (struct meeting){ .team = *team, .config = *config });
}

/* ---- due ---- */

void meeting_announce_due(struct turn *t, const struct event *event)
{
	struct meeting m = { 0 };
	if (!read_key(t, event->value, &m))
		return;
	while (find_silent(t, &m) && meeting_announce_ms(&m) <= t->now_ms && take_ring(t, &m, ANNOUNCE)) {
		g_autofree char *name = g_strdup_printf("meeting/announce/%s/%s", key_of(t, &m), m.day);
		turn_post_until(t, m.team, name, m.at_ms, meeting_announcement(t, &m));
	}
	plan(t, m);
}

void meeting_begin_due(struct turn *t, const struct event *event)
{
	struct meeting m = { 0 };
	if (!read_key(t, event->value, &m))
		return;
	if (find_begun(t, &m) && take_ring(t, &m, BEGIN)) {
		g_autofree char *name = g_strdup_printf("meeting/begin/%s/%s", key_of(t, &m), m.day);
		turn_post_until(t, m.team, name, m.at_ms + MINUTES(m.config->minutes), meeting_beginning(t, &m));
	}
	plan(t, m);
}
