/* SPDX-License-Identifier: MIT */
#include "team/rota.h"

enum { DAYS_A_WEEK = 7, OFF_DAYS_MOST = 60 };

/* ---- turns ---- */

static gboolean is_working(const struct rota *rota, const char *day)
{
	return rota->calendar ? calendar_is_working_day(rota->calendar, day) : zone_weekday(day) <= 5;
}

/* The day on which the turn begins that has this day. */
static void turn_start(const struct rota *rota, const char *day, char out[static ZONE_DAY_SIZE])
{
	if (rota->turn == ROTA_WEEK) {
		zone_day_shift(day, -((zone_weekday(day) - rota->weekday + DAYS_A_WEEK) % DAYS_A_WEEK), out);
		return;
	}
	g_strlcpy(out, day, ZONE_DAY_SIZE);
	for (int i = 0; i < OFF_DAYS_MOST && !is_working(rota, out); i++)
		zone_day_shift(out, -1, out);
}

/* The first day of the turn after that one. */
static void turn_end(const struct rota *rota, const char *start, char out[static ZONE_DAY_SIZE])
{
	zone_day_shift(start, rota->turn == ROTA_WEEK ? DAYS_A_WEEK : 1, out);
	for (int i = 0; rota->turn == ROTA_DAY && i < OFF_DAYS_MOST && !is_working(rota, out); i++)
		zone_day_shift(out, 1, out);
}

/* How many turns lie between two starts; negative when `to` is the earlier. */
static int turns_between(const struct rota *rota, const char *from, const char *to)
{
	int days = zone_days_between(from, to), turns = 0;
	if (rota->turn == ROTA_WEEK)
		return days / DAYS_A_WEEK;
	char day[ZONE_DAY_SIZE];
	g_strlcpy(day, days < 0 ? to : from, sizeof day);
	for (int i = 0; i < ABS(days); i++) {
		zone_day_shift(day, 1, day);
		turns += is_working(rota, day);
	}
	return days < 0 ? -turns : turns;
}

static guint place_of(const struct rota *rota, const char *start)
{
	char first[ZONE_DAY_SIZE];
	turn_start(rota, rota->from, first);
	int count = (int)rota->count, turn = turns_between(rota, first, start) % count;
	return (guint)(turn < 0 ? turn + count : turn);
}

/* ---- days ---- */

static int64_t handover_ms(const struct rota *rota, const char *day)
{
	int64_t at_ms = 0;
	zone_instant(rota->zone, day, rota->handover_minute, &at_ms);
	return at_ms;
}

void rota_day(const struct rota *rota, int64_t at_ms, char out[static ZONE_DAY_SIZE])
{
	zone_day(rota->zone, at_ms, out);
	if (handover_ms(rota, out) > at_ms)
		zone_day_shift(out, -1, out);
}

static const struct rota_cover *cover_on(const struct rota *rota, const char *day)
{
	for (guint i = rota->cover_count; i-- > 0;)
		if (strcmp(rota->covers[i].first, day) <= 0 && strcmp(day, rota->covers[i].last) <= 0)
			return &rota->covers[i];
	return NULL;
}

gboolean rota_shift_at(const struct rota *rota, int64_t at_ms, struct rota_shift *out)
{
	char day[ZONE_DAY_SIZE], start[ZONE_DAY_SIZE], end[ZONE_DAY_SIZE], next[ZONE_DAY_SIZE];
	if (rota->count == 0)
		return FALSE;
	rota_day(rota, at_ms, day);
	turn_start(rota, day, start);
	turn_end(rota, start, end);
	const struct rota_cover *cover = cover_on(rota, day);
	struct rota_shift shift = { .place = place_of(rota, start), .cover = cover ? cover->id : 0 };
	shift.person = cover ? cover->person : rota->people[shift.place];
	/* As far as the same one has it, within the turn. */
	g_strlcpy(shift.first, day, sizeof shift.first);
	for (zone_day_shift(day, -1, next); strcmp(next, start) >= 0 && cover_on(rota, next) == cover; zone_day_shift(next, -1, next))
		g_strlcpy(shift.first, next, sizeof shift.first);
	g_strlcpy(shift.last, day, sizeof shift.last);
	for (zone_day_shift(day, 1, next); strcmp(next, end) < 0 && cover_on(rota, next) == cover; zone_day_shift(next, 1, next))
		g_strlcpy(shift.last, next, sizeof shift.last);
	shift.from_ms = handover_ms(rota, shift.first);
	shift.until_ms = handover_ms(rota, next);
	*out = shift;
	return TRUE;
}

gboolean rota_next_of(const struct rota *rota, gint64 person, int64_t after_ms, struct rota_shift *out)
{
	struct rota_shift shift;
	if (!rota_shift_at(rota, after_ms, &shift))
		return FALSE;
	/* A week has seven shifts at most. */
	for (guint i = 0; i < 2 * DAYS_A_WEEK * rota->count; i++) {
		if (!rota_shift_at(rota, shift.until_ms, &shift))
			return FALSE;
		if (rota->people[shift.place] == person && shift.cover == 0) {
			*out = shift;
			return TRUE;
		}
	}
	return FALSE;
}

/* ---- fairness ---- */

guint rota_fairest(const struct rota_had *had, guint count)
{
	guint best = 0;
	for (guint i = 1; i < count; i++)
		if (had[i].last_ms < had[best].last_ms)
			best = i;
	return best;
}
