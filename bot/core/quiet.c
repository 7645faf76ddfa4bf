/* SPDX-License-Identifier: MIT */
#include "core/quiet.h"

#include "base/clock.h"
#include "base/zone.h"
#include "quiet_sql.h"

enum { LOOK_AHEAD_DAYS = 60, MINUTES_OF_DAY = 24 * 60 };

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

static gboolean is_working_day(const struct quiet_case *c, int64_t at_ms)
{
	char day[ZONE_DAY_SIZE];
	zone_day(c->zone, at_ms, day);
	return !c->calendar || calendar_is_working_day(c->calendar, day);
}

int64_t quiet_digest_ms(const struct quiet_case *c)
{
	int64_t due_ms = next_minute_ms(c->zone, c->digest_minute, c->now_ms);
	for (int days = 0; days < LOOK_AHEAD_DAYS && !is_working_day(c, due_ms); days++)
		due_ms = next_minute_ms(c->zone, c->digest_minute, due_ms);
	quiet_hours_hold(&c->hours, c->zone, due_ms, &due_ms);
	return due_ms;
}

enum quiet_fate quiet_weigh(const struct quiet_case *c, int64_t *due_ms)
{
	enum quiet_fate fate = QUIET_SENT;
	int64_t at_ms = c->now_ms;
	if (c->rank == QUIET_URGENT)
		return QUIET_SENT;
	if (c->muted)
		return QUIET_MUTED;
	if (c->reminded)
		return QUIET_REPEATED;
	if (quiet_hours_hold(&c->hours, c->zone, c->now_ms, &at_ms)) {
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

/* "20:00", "8", "22点", "7点半"; moves over it. -1: no time of day. */
static int read_minute(const char **text)
{
	static const char *const colons[] = { ":", "：", "点", "时" };
	char *end;
	if (!g_ascii_isdigit(**text))
		return -1;
	guint64 hour = g_ascii_strtoull(*text, &end, 10), minute = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(colons); i++) {
		if (!g_str_has_prefix(end, colons[i]))
			continue;
		end += strlen(colons[i]);
		if (g_str_has_prefix(end, "半")) {
			minute = 30;
			end += strlen("半");
		} else if (g_ascii_isdigit(*end)) {
			minute = g_ascii_strtoull(end, &end, 10);
			end += g_str_has_prefix(end, "分") ? strlen("分") : 0;
		}
		break;
	}
	*text = end;
	return hour <= 24 && minute < 60 && (hour < 24 || minute == 0) ? (int)(hour * 60 + minute) % MINUTES_OF_DAY : -1;
}

static void skip_blanks(const char **text)
{
	*text += strspn(*text, " \t\n");
}

static gboolean skip_sign(const char **text)
{
	static const char *const signs[] = { "-", "–", "—", "~", "～", "..", "至", "到", "to", "until", "till" };
	skip_blanks(text);
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		if (!g_str_has_prefix(*text, signs[i]))
			continue;
		*text += strlen(signs[i]);
		skip_blanks(text);
		return TRUE;
	}
	return FALSE;
}

gboolean quiet_hours_parse(const char *text, struct quiet_hours *out)
{
	skip_blanks(&text);
	int from = read_minute(&text);
	if (from < 0 || !skip_sign(&text))
		return FALSE;
	int to = read_minute(&text);
	skip_blanks(&text);
	if (to < 0 || from == to || *text)
		return FALSE;
	*out = (struct quiet_hours){ from, to };
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
