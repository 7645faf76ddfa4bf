/* SPDX-License-Identifier: MIT */
#include "team/away.h"

#include "away_sql.h"
#include "base/zone.h"

void away_free(struct away *away)
{
	if (!away)
		return;
	g_free(away->first_day);
	g_free(away->last_day);
	g_free(away->half);
	g_free(away->reason);
	g_free(away);
}

static void free_away(gpointer away)
{
	away_free(away);
}

gboolean away_add(struct db *db, int64_t person, const struct away *away, int64_t told_by, int64_t now_ms, GError **error)
{
	return db_exec(db, &SQL_AWAY_DROP_WITHIN, error, ARG_INT(person), ARG_TEXT(away->first_day), ARG_TEXT(away->last_day)) &&
	       db_exec(db, &SQL_AWAY_ADD, error, ARG_INT(person), ARG_TEXT(away->first_day), ARG_TEXT(away->last_day),
		       ARG_TEXT(away->half), ARG_TEXT(away->reason), ARG_INT(told_by), ARG_INT(now_ms),
		       away->stand_in ? ARG_INT(away->stand_in) : ARG_NULL);
}

gboolean away_end(struct db *db, int64_t person, const char *day, gboolean *changed, GError **error)
{
	char before[ZONE_DAY_SIZE];
	zone_day_shift(day, -1, before);
	if (!db_exec(db, &SQL_AWAY_DROP_FROM, error, ARG_INT(person), ARG_TEXT(day)))
		return FALSE;
	int64_t dropped = db_changes(db);
	if (!db_exec(db, &SQL_AWAY_END_BEFORE, error, ARG_INT(person), ARG_TEXT(day), ARG_TEXT(before)))
		return FALSE;
	*changed = dropped > 0 || db_changes(db) > 0;
	return TRUE;
}

/* Minutes after midnight at which a morning's half day ends and an afternoon's begins. */
enum { NOON = 12 * 60 };

/* Whether a half day (or a whole one: "") covers a minute; -1: any. */
static gboolean covers(const char *half, int minute)
{
	return !*half || minute < 0 || (strcmp(half, "am") == 0) == (minute < NOON);
}

/* Both halves are the whole. */
gboolean away_is(struct db *db, int64_t person, const char *day, int minute, gboolean *is_away, GError **error)
{
	gboolean morning = FALSE, afternoon = FALSE;
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_ON_DAY, ARG_INT(person), ARG_TEXT(day));
	while (db_next(rows)) {
		morning = morning || covers(db_text(rows, 0), 0);
		afternoon = afternoon || covers(db_text(rows, 0), NOON);
	}
	if (!db_end(rows, error))
		return FALSE;
	*is_away = minute < 0 ? morning && afternoon : minute < NOON ? morning : afternoon;
	return TRUE;
}

gboolean away_stand_in(struct db *db, int64_t person, const char *day, int minute, int64_t *stand_in, GError **error)
{
	int64_t found = 0;
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_STAND_IN, ARG_INT(person), ARG_TEXT(day));
	while (db_next(rows))
		if (!found && covers(db_text(rows, 0), minute))
			found = db_int(rows, 1);
	if (!db_end(rows, error) || !found)
		return FALSE;
	*stand_in = found;
	return TRUE;
}

GHashTable *away_that_morning(struct db *db, const char *day, GError **error)
{
	g_autoptr(GHashTable) people = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_THAT_DAY, ARG_TEXT(day));
	while (db_next(rows)) {
		int64_t person = db_int(rows, 0);
		if (strcmp(db_text(rows, 1), "pm") != 0)
			g_hash_table_add(people, g_memdup2(&person, sizeof person));
	}
	return db_end(rows, error) ? g_steal_pointer(&people) : NULL;
}

static gboolean read_status(struct db *db, int64_t person, int64_t *until_ms, gboolean *known, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_STATUS, ARG_INT(person));
	*known = db_next(rows);
	*until_ms = *known ? db_int(rows, 0) : 0;
	return db_end(rows, error);
}

static gboolean end_by_status(struct db *db, int64_t person, const char *day, GError **error)
{
	char before[ZONE_DAY_SIZE];
	zone_day_shift(day, -1, before);
	return db_exec(db, &SQL_AWAY_DROP_BY_STATUS, error, ARG_INT(person), ARG_TEXT(day)) &&
	       db_exec(db, &SQL_AWAY_END_BY_STATUS, error, ARG_INT(person), ARG_TEXT(day), ARG_TEXT(before)) &&
	       db_exec(db, &SQL_AWAY_FORGET_STATUS, error, ARG_INT(person));
}

gboolean away_by_status(struct db *db, int64_t person, const char *day, const char *last_day, int64_t until_ms, int64_t now_ms,
	GError **error)
{
	gboolean known, is_away;
	int64_t before_ms;
	if (!read_status(db, person, &before_ms, &known, error))
		return FALSE;
	if (known == (last_day != NULL) && before_ms == until_ms)
		return TRUE;
	if (!end_by_status(db, person, day, error))
		return FALSE;
	if (!last_day)
		return TRUE;
	if (!db_exec(db, &SQL_AWAY_SAVE_STATUS, error, ARG_INT(person), ARG_INT(until_ms)) ||
		!away_is(db, person, day, -1, &is_away, error))
		return FALSE;
	return is_away || db_exec(db, &SQL_AWAY_ADD_BY_STATUS, error, ARG_INT(person), ARG_TEXT(day),
				  ARG_TEXT(*last_day ? last_day : AWAY_FOR_EVER), ARG_INT(now_ms));
}

GPtrArray *away_stood_in(struct db *db, int64_t stand_in, const char *from_day, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_away);
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_STOOD_IN, ARG_INT(stand_in), ARG_TEXT(from_day));
	while (db_next(rows)) {
		struct away *away = g_new0(struct away, 1);
		away->person = db_int(rows, 0);
		away->first_day = g_strdup(db_text(rows, 1));
		away->last_day = g_strdup(db_text(rows, 2));
		g_ptr_array_add(list, away);
	}
	return db_end(rows, error) ? g_steal_pointer(&list) : NULL;
}

GPtrArray *away_ahead(struct db *db, int64_t person, const char *from_day, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_away);
	g_autoptr(db_rows) rows = db_query(db, &SQL_AWAY_AHEAD, ARG_INT(person), ARG_TEXT(from_day));
	while (db_next(rows)) {
		struct away *away = g_new0(struct away, 1);
		away->first_day = g_strdup(db_text(rows, 0));
		away->last_day = g_strdup(db_text(rows, 1));
		away->half = g_strdup(db_text(rows, 2));
		away->reason = g_strdup(db_text(rows, 3));
		away->stand_in = db_int(rows, 4);
		g_ptr_array_add(list, away);
	}
	return db_end(rows, error) ? g_steal_pointer(&list) : NULL;
}
