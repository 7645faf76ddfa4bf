/* SPDX-License-Identifier: MIT */
#include "kit/anniversary.h"

#include "anniversary_sql.h"

/* No run of days off is longer. */
enum { MOVE_DAYS = 30 };

/* ---- when ---- */

static gboolean is_worked(const struct calendar *calendar, const char *day)
{
	return calendar ? calendar_is_working_day(calendar, day) : zone_weekday(day) <= 5;
}

/* The nearest working day in that direction, the day itself if it is one; it stays when there is none. */
static void move_day(const struct calendar *calendar, int step, char day[static ZONE_DAY_SIZE])
{
	char at[ZONE_DAY_SIZE];
	memcpy(at, day, ZONE_DAY_SIZE);
	for (int i = 0; i < MOVE_DAYS; i++, zone_day_shift(at, step, at)) {
		if (!is_worked(calendar, at))
			continue;
		memcpy(day, at, ZONE_DAY_SIZE);
		return;
	}
}

static void celebrate_on(const struct anniversary_manner *manner, const char *date, char day[static ZONE_DAY_SIZE])
{
	static const int steps[] = { [ANNIVERSARY_KEEP] = 0, [ANNIVERSARY_BEFORE] = -1, [ANNIVERSARY_AFTER] = 1 };
	memcpy(day, date, ZONE_DAY_SIZE);
	if (steps[manner->move])
		move_day(manner->calendar, steps[manner->move], day);
}

static gboolean find_occasion(const struct yearly *date, const struct anniversary_manner *manner, const char *from_day,
	struct anniversary *a)
{
	char from[ZONE_DAY_SIZE];
	/* A date that has passed may be celebrated later, and one that is to come earlier. */
	zone_day_shift(from_day, -MOVE_DAYS, from);
	while (yearly_next(date, from, a->date)) {
		celebrate_on(manner, a->date, a->day);
		if (strcmp(a->day, from_day) >= 0)
			return TRUE;
		zone_day_shift(a->date, 1, from);
	}
	return FALSE;
}

/* At the hour of the person's day, or once the team works, if that day it still does. */
static int64_t celebrate_at(const struct anniversary_manner *manner, GTimeZone *zone, const char *day, int64_t end_ms)
{
	int64_t at_ms = end_ms;
	struct calendar_span span;
	zone_instant(zone, day, manner->minute, &at_ms);
	if (manner->calendar && calendar_next(manner->calendar, at_ms, &span) && span.open_ms < end_ms)
		at_ms = span.open_ms;
	return at_ms;
}

static void set_times(struct anniversary *a, const struct anniversary_manner *manner, GTimeZone *zone)
{
	int64_t end_ms = 0;
	char day[ZONE_DAY_SIZE];
	zone_instant(zone, a->day, 1440, &end_ms);
	a->due_ms[ANNIVERSARY_DAY] = celebrate_at(manner, zone, a->day, end_ms);
	a->until_ms[ANNIVERSARY_DAY] = end_ms;
	for (int stage = 0; stage < ANNIVERSARY_DAY; stage++) {
		gboolean held = manner->days_before[stage] > 0;
		zone_day_shift(a->day, -manner->days_before[stage], day);
		move_day(manner->calendar, -1, day);
		a->due_ms[stage] = 0;
		a->until_ms[stage] = held ? a->due_ms[ANNIVERSARY_DAY] : 0;
		if (held)
			zone_instant(zone, day, manner->minute, &a->due_ms[stage]);
	}
}

gboolean anniversary_next(const struct yearly *date, const struct anniversary_manner *manner, GTimeZone *zone,
	const char *from_day, struct anniversary *out)
{
	struct anniversary a = { 0 };
	if (!find_occasion(date, manner, from_day, &a))
		return FALSE;
	set_times(&a, manner, zone);
	*out = a;
	return TRUE;
}

/* ---- what is done ---- */

static const char *const names[] = { [ANNIVERSARY_BIRTHDAY] = "birthday", [ANNIVERSARY_WORK] = "anniversary" };
G_STATIC_ASSERT(G_N_ELEMENTS(names) == ANNIVERSARY_KINDS);

const char *anniversary_kind_name(enum anniversary_kind kind)
{
	return names[kind];
}

static const char *key_of(struct turn *t, const struct anniversary_of *of)
{
	return turn_keep(t, g_strdup_printf("%s/%" G_GINT64_FORMAT, names[of->kind], of->person->id));
}

const struct person *anniversary_read_key(struct turn *t, const char *key, enum anniversary_kind *kind)
{
	const char *slash = strchr(key, '/');
	for (int i = 0; slash && i < ANNIVERSARY_KINDS; i++) {
		if (strncmp(key, names[i], (size_t)(slash - key)) != 0 || names[i][slash - key])
			continue;
		*kind = (enum anniversary_kind)i;
		return roster_person_by_id(t->roster, g_ascii_strtoll(slash + 1, NULL, 10));
	}
	return NULL;
}

/* Bits of the stages of an occasion that were done. */
static unsigned done_of(struct turn *t, const struct anniversary_of *of, const char *date)
{
	unsigned done = 0;
	struct db_rows *rows = turn_query(t, &SQL_ANNIVERSARY_DONE, ARG_INT(of->person->id), ARG_TEXT(names[of->kind]), ARG_TEXT(date));
	while (db_next(rows))
		done |= 1u << db_int(rows, 0);
	turn_end(t, rows);
	return done;
}

/* ---- what comes next ---- */

static gboolean next_from(struct turn *t, const struct anniversary_of *of, int shift, struct anniversary *out)
{
	char today[ZONE_DAY_SIZE];
	zone_day(of->zone, t->now_ms, today);
	zone_day_shift(today, shift, today);
	return anniversary_next(&of->date, &of->manner, of->zone, today, out);
}

gboolean anniversary_at(struct turn *t, const struct anniversary_of *of, struct anniversary *out)
{
	return next_from(t, of, 0, out);
}

/* The first time at which something is to be done for the occasion; G_MAXINT64: never again. */
static int64_t first_due(struct turn *t, const struct anniversary_of *of, const struct anniversary *a)
{
	int64_t first = G_MAXINT64;
	unsigned done = 0;
	for (int stage = 0; stage < ANNIVERSARY_STAGES; stage++)
		if (a->until_ms[stage] > t->now_ms)
			first = MIN(first, a->due_ms[stage]);
	if (first > t->now_ms) /* nothing of it can be done yet: the most frequent case asks nothing */
		return first;
	done = done_of(t, of, a->date);
	first = G_MAXINT64;
	for (int stage = 0; stage < ANNIVERSARY_STAGES; stage++)
		if (a->until_ms[stage] > t->now_ms && !(done & 1u << stage))
			first = MIN(first, a->due_ms[stage]);
	return first;
}

void anniversary_plan(struct turn *t, const struct anniversary_of *of)
{
	struct anniversary a;
	int64_t due_ms = anniversary_at(t, of, &a) ? first_due(t, of, &a) : G_MAXINT64;
	/* Today's is over: the one after it. */
	if (due_ms == G_MAXINT64 && next_from(t, of, 1, &a))
		due_ms = first_due(t, of, &a);
	if (due_ms < G_MAXINT64)
		turn_schedule_once(t, "anniversary", key_of(t, of), due_ms);
}

gboolean anniversary_is_held(struct turn *t, const struct anniversary_of *of, const struct anniversary *a)
{
	return done_of(t, of, a->date) & 1u << ANNIVERSARY_DAY;
}

static gboolean take(struct turn *t, const struct anniversary_of *of, const struct anniversary *a, int stage)
{
	turn_exec(t, &SQL_ANNIVERSARY_MARK, ARG_INT(of->person->id), ARG_TEXT(names[of->kind]), ARG_TEXT((const char *)a->date),
		ARG_INT(stage), ARG_INT(t->now_ms));
	return turn_ok(t);
}

gboolean anniversary_take(struct turn *t, const struct anniversary_of *of, struct anniversary *out, enum anniversary_stage *stage)
{
	struct anniversary a;
	if (!anniversary_at(t, of, &a) || first_due(t, of, &a) > t->now_ms)
		return FALSE;
	unsigned done = done_of(t, of, a.date);
	for (int i = 0; i < ANNIVERSARY_STAGES; i++) {
		if (a.due_ms[i] > t->now_ms || a.until_ms[i] <= t->now_ms || done & 1u << i)
			continue;
		*out = a;
		*stage = (enum anniversary_stage)i;
		return take(t, of, &a, i);
	}
	return FALSE;
}

void anniversary_pass(struct turn *t, const struct anniversary_of *of, int64_t since_ms, anniversary_missed missed)
{
	struct anniversary a;
	char from[ZONE_DAY_SIZE];
	zone_day(of->zone, since_ms, from);
	/* A preparation is over when the day begins. */
	while (anniversary_next(&of->date, &of->manner, of->zone, from, &a) && a.due_ms[ANNIVERSARY_DAY] <= t->now_ms) {
		unsigned done = done_of(t, of, a.date);
		for (int stage = 0; stage < ANNIVERSARY_STAGES; stage++)
			if (a.due_ms[stage] >= since_ms && a.until_ms[stage] <= t->now_ms && !(done & 1u << stage))
				missed(t, of, &a, (enum anniversary_stage)stage);
		zone_day_shift(a.day, 1, from);
	}
}

gboolean anniversary_take_day(struct turn *t, const struct anniversary_of *of, struct anniversary *out)
{
	struct anniversary a;
	char today[ZONE_DAY_SIZE];
	zone_day(of->zone, t->now_ms, today);
	if (!anniversary_at(t, of, &a) || strcmp(a.day, today) != 0 || anniversary_is_held(t, of, &a))
		return FALSE;
	*out = a;
	return take(t, of, &a, ANNIVERSARY_DAY);
}

void anniversary_reopen(struct turn *t, const struct anniversary_of *of)
{
	struct anniversary a;
	if (anniversary_at(t, of, &a))
		turn_exec(t, &SQL_ANNIVERSARY_REOPEN, ARG_INT(of->person->id), ARG_TEXT(names[of->kind]), ARG_TEXT((const char *)a.date));
}
