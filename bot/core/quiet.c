/* SPDX-License-Identifier: MIT */
#include "core/quiet.h"

#include "base/clock.h"
#include "base/zone.h"
#include "quiet_sql.h"
#include "team/time_words.h"

enum { LOOK_AHEAD_DAYS = 60, FREE_ROUNDS = 8, MINUTES_OF_DAY = 24 * 60 };

static const char *const fate_names[QUIET_FATE_COUNT] = {
	[QUIET_SENT] = "sent",
	[QUIET_WAITS] = "waits",
	[QUIET_DIGEST] = "digest",
	[QUIET_LISTED] = "listed",
	[QUIET_MUTED] = "muted",
	[QUIET_REPEATED] = "repeated",
	[QUIET_LATE] = "late",
	[QUIET_SETTLED] = "settled",
	[QUIET_NOBODY] = "nobody",
};

const char *quiet_fate_name(enum quiet_fate fate)
{
	return fate_names[fate];
}

/* ---- the decision ---- */

/* The first instant after at_ms at which the local clock shows that minute. */
static int64_t next_minute_ms(GTimeZone *zone, int minute, int64_t at_ms)
{
	char day[ZONE_DAY_SIZE];
	int64_t next_ms = at_ms;
	for (zone_day(zone, at_ms, day); zone_instant(zone, day, minute, &next_ms) && next_ms <= at_ms;)
		zone_day_shift(day, 1, day);
	return next_ms;
}

gboolean quiet_hours_hold(const struct quiet_hours *hours, GTimeZone *zone, int64_t at_ms, int64_t *end_ms)
{
	struct zone_time local;
	zone_local(zone, at_ms, &local);
	int minute = local.hour * 60 + local.minute, from = hours->from_minute, to = hours->to_minute;
	gboolean holds = from <= to ? from <= minute && minute < to : from <= minute || minute < to;
	if (holds)
		*end_ms = next_minute_ms(zone, to, at_ms);
	return holds;
}

/* How much of the day's number may be gone for a message of that rank to go, in percent. */
static const int share_percent[QUIET_RANK_COUNT] = { [QUIET_HINT] = 50, [QUIET_CALL] = 100 };

static gboolean has_room(const struct quiet_case *c)
{
	return c->sent < c->budget * share_percent[c->rank] / 100;
}

int64_t quiet_free_ms(const struct quiet_case *c, int64_t at_ms)
{
	int64_t free_ms = at_ms;
	for (int i = 0; i < FREE_ROUNDS; i++) {
		int64_t next_ms = free_ms;
		quiet_hours_hold(&c->hours, c->zone, free_ms, &next_ms);
		if (c->own)
			hours_next(c->own, c->calendar, c->zone, next_ms, &next_ms);
		if (next_ms == free_ms)
			return free_ms;
		free_ms = next_ms;
	}
	/* They work in their quiet hours only: these alone count. */
	quiet_hours_hold(&c->hours, c->zone, at_ms, &at_ms);
	return at_ms;
}

static gboolean is_working_day(const struct quiet_case *c, const char *day)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	if (c->own)
		return hours_on(c->own, c->calendar, day, windows) > 0;
	return c->calendar ? calendar_is_working_day(c->calendar, day) : zone_weekday(day) <= 5;
}

int64_t quiet_digest_ms(const struct quiet_case *c)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms = c->now_ms;
	zone_day(c->zone, c->now_ms, day);
	for (int days = 0; days < LOOK_AHEAD_DAYS; days++, zone_day_shift(day, 1, day))
		if (is_working_day(c, day) &&
			zone_instant(c->zone, day, hours_fit(c->own, c->calendar, day, c->digest_minute), &due_ms) && due_ms > c->now_ms)
			break;
	return quiet_free_ms(c, due_ms);
}

enum quiet_fate quiet_weigh(const struct quiet_case *c, int64_t *due_ms)
{
	enum quiet_fate fate = QUIET_SENT;
	int64_t at_ms = quiet_free_ms(c, c->now_ms);
	if (c->rank == QUIET_URGENT)
		return QUIET_SENT;
	if (c->muted)
		return QUIET_MUTED;
	if (c->reminded)
		return QUIET_REPEATED;
	if (at_ms > c->now_ms) {
		fate = QUIET_WAITS;
	} else if (c->away || !has_room(c)) {
		fate = QUIET_DIGEST;
		at_ms = quiet_digest_ms(c);
	}
	if (at_ms > c->until_ms)
		return QUIET_LATE;
	if (fate != QUIET_SENT)
		*due_ms = at_ms;
	return fate;
}

/* ---- words ---- */

gboolean quiet_hours_parse(const char *text, struct quiet_hours *out)
{
	text += strspn(text, " \t\n");
	int from = time_words_read(&text, NULL);
	if (from < 0 || !time_words_sign(&text))
		return FALSE;
	int to = time_words_read(&text, NULL);
	text += strspn(text, " \t\n");
	if (to < 0 || from % MINUTES_OF_DAY == to % MINUTES_OF_DAY || *text)
		return FALSE;
	*out = (struct quiet_hours){ from % MINUTES_OF_DAY, to % MINUTES_OF_DAY };
	return TRUE;
}

/* ---- the store ---- */

gboolean quiet_set_hours(struct db *db, int64_t person, const struct quiet_hours *hours, GError **error)
{
	if (!hours)
		return db_exec(db, &SQL_QUIET_DROP_HOURS, error, ARG_INT(person));
	return db_exec(db, &SQL_QUIET_SET_HOURS, error, ARG_INT(person), ARG_INT(hours->from_minute), ARG_INT(hours->to_minute));
}

gboolean quiet_read_hours(struct db *db, int64_t person, struct quiet_hours *out, gboolean *own, GError **error)
{
	struct db_rows *rows = db_query(db, &SQL_QUIET_HOURS, ARG_INT(person));
	*own = db_next(rows);
	if (*own)
		*out = (struct quiet_hours){ (int)db_int(rows, 0), (int)db_int(rows, 1) };
	return db_end(rows, error);
}

gboolean quiet_mute(struct db *db, int64_t person, const char *topic, gboolean mute, int64_t now_ms, gboolean *changed, GError **error)
{
	gboolean done = mute ? db_exec(db, &SQL_QUIET_MUTE, error, ARG_INT(person), ARG_TEXT(topic), ARG_INT(now_ms))
			     : db_exec(db, &SQL_QUIET_UNMUTE, error, ARG_INT(person), ARG_TEXT(topic));
	*changed = done && db_changes(db) > 0;
	return done;
}

static GPtrArray *texts_of(struct db *db, const struct sql *sql, int64_t person, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	struct db_rows *rows = db_query(db, sql, ARG_INT(person));
	while (db_next(rows))
		g_ptr_array_add(list, g_strdup(db_text(rows, 0)));
	return db_end(rows, error) ? g_steal_pointer(&list) : NULL;
}

GPtrArray *quiet_muted(struct db *db, int64_t person, GError **error)
{
	return texts_of(db, &SQL_QUIET_MUTED, person, error);
}

GPtrArray *quiet_topics(struct db *db, int64_t person, GError **error)
{
	return texts_of(db, &SQL_QUIET_TOPICS, person, error);
}
