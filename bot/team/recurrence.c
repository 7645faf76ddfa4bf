/* SPDX-License-Identifier: MIT */
#include "team/recurrence_private.h"

#include <libical/ical.h>

/* Where weeks are counted from when nothing is said: a Monday. */
#define EPOCH "2024-01-01"

/* A rule is asked so many times for its next day until one is found that counts; so far may a day off move a ring. */
enum { WALK_LIMIT = 40000, LOOK_LIMIT = 4000, MOVE_LIMIT_DAYS = 31, HORIZON_DAYS = 3653 };

G_DEFINE_QUARK(recurrence-error, recurrence_error)

/* ---- the rule of dates ---- */

static const char *const day_codes[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static void weekly_rule(const struct recurrence *r, GString *rule)
{
	const char *comma = "";
	g_string_printf(rule, "FREQ=WEEKLY;INTERVAL=%d;WKST=MO;BYDAY=", r->number);
	for (guint i = 0; i < G_N_ELEMENTS(day_codes); i++)
		if (r->weekdays & 1u << i) {
			g_string_append_printf(rule, "%s%s", comma, day_codes[i]);
			comma = ",";
		}
}

static void month_weekday_rule(const struct recurrence *r, GString *rule)
{
	g_string_printf(rule, "FREQ=MONTHLY;BYDAY=%d%s", r->number, day_codes[g_bit_nth_lsf(r->weekdays, -1)]);
}

/* A month without that day has its last one. */
static void month_day_rule(const struct recurrence *r, GString *rule)
{
	g_string_printf(rule, "FREQ=MONTHLY;BYMONTHDAY=%d", MIN(r->number, 28));
	for (int day = 29; day <= r->number; day++)
		g_string_append_printf(rule, ",%d", day);
	if (r->number > 28)
		g_string_append(rule, ";BYSETPOS=-1");
}

static void (*const rules[RECURRENCE_KIND_COUNT])(const struct recurrence *r, GString *rule) = {
	[RECURRENCE_WEEKLY] = weekly_rule,
	[RECURRENCE_MONTH_WEEKDAY] = month_weekday_rule,
	[RECURRENCE_MONTH_DAY] = month_day_rule,
};

static gboolean is_finer_than_a_day(const struct icalrecurrencetype *ical)
{
	return ical->freq < ICAL_DAILY_RECURRENCE || ical->by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX ||
	       ical->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX || ical->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

static struct icaltimetype ical_day(const char *day)
{
	struct icaltimetype time = { .is_date = 1 };
	time.year = (int)g_ascii_strtoll(day, NULL, 10);
	time.month = (int)g_ascii_strtoll(day + 5, NULL, 10);
	time.day = (int)g_ascii_strtoll(day + 8, NULL, 10);
	return time;
}

static const char *first_day(const struct recurrence *r)
{
	return *r->from ? r->from : EPOCH;
}

/* Where a rule may be entered to find what comes at or after `from`: days and weeks are skipped by whole intervals, which
 * changes nothing; months and years are few. */
static void entrance(const struct recurrence *r, const struct icalrecurrencetype *ical, const char *from, char out[static ZONE_DAY_SIZE])
{
	int step = ical->interval * (ical->freq == ICAL_WEEKLY_RECURRENCE ? 7 : 1);
	memmove(out, first_day(r), ZONE_DAY_SIZE);
	if (ical->freq <= ICAL_WEEKLY_RECURRENCE && ical->count == 0 && strcmp(from, out) > 0)
		zone_day_shift(out, MAX(zone_days_between(out, from) / step - 1, 0) * step, out);
}

static gboolean next_of_rule(const struct recurrence *r, const char *from, char out[static ZONE_DAY_SIZE])
{
	char start[ZONE_DAY_SIZE];
	struct icalrecurrencetype ical = icalrecurrencetype_from_string(r->rule);
	entrance(r, &ical, from, start);
	icalrecur_iterator *days = icalrecur_iterator_new(ical, ical_day(start));
	gboolean found = FALSE;
	for (int i = 0; days && !found && i < WALK_LIMIT; i++) {
		struct icaltimetype day = icalrecur_iterator_next(days);
		if (icaltime_is_null_time(day) || day.year > 9999)
			break;
		char text[ZONE_DAY_SIZE + 24];
		g_snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
		found = strcmp(text, from) >= 0 && strcmp(text, first_day(r)) >= 0;
		if (found)
			memcpy(out, text, ZONE_DAY_SIZE);
	}
	icalrecur_iterator_free(days);
	return found;
}

static gboolean refuse(GError **error, const char *rule, const char *why)
{
	g_set_error(error, RECURRENCE_ERROR, RECURRENCE_ERROR_RULE, "'RRULE:%s' %s", rule, why);
	return FALSE;
}

static gboolean check_rule(const struct recurrence *r, const struct icalrecurrencetype *ical, GError **error)
{
	char day[ZONE_DAY_SIZE];
	if (ical->freq == ICAL_NO_RECURRENCE)
		return refuse(error, r->rule, "is no rule of RFC 5545; write one like RRULE:FREQ=MONTHLY;BYDAY=2TU 09:30");
	if (is_finer_than_a_day(ical))
		return refuse(error, r->rule, "is finer than a day; write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, and the time after the rule");
	if (ical->count > 0 && !*r->from)
		return refuse(error, r->rule, "counts from no day; write also: from 2026-03-06");
	return next_of_rule(r, first_day(r), day) || refuse(error, r->rule, "has no day at all; look at its dates");
}

gboolean recurrence_finish(struct recurrence *r, GError **error)
{
	g_autoptr(GString) made = g_string_new(r->rule);
	if (rules[r->kind])
		rules[r->kind](r, made);
	g_strlcpy(r->rule, made->str, sizeof r->rule);
	if (!*r->rule)
		return TRUE;
	/* Rules in other calendars are a day off at times; besides, libical would keep a text of its own. */
	if (strstr(r->rule, "RSCALE") || strstr(r->rule, "SKIP"))
		return refuse(error, r->rule, "must be in the Gregorian calendar, without RSCALE and SKIP");
	struct icalrecurrencetype ical = icalrecurrencetype_from_string(r->rule);
	r->names_weekdays = ical.freq <= ICAL_WEEKLY_RECURRENCE || ical.by_day[0] != ICAL_RECURRENCE_ARRAY_MAX;
	r->is_rare = ical.freq >= ICAL_MONTHLY_RECURRENCE;
	return check_rule(r, &ical, error);
}

struct recurrence *recurrence_on_weekdays(unsigned weekdays, int minute)
{
	struct recurrence *r = g_new0(struct recurrence, 1);
	r->kind = weekdays == 0x7f ? RECURRENCE_DAILY : weekdays == 0x1f ? RECURRENCE_WORKDAYS : RECURRENCE_WEEKLY;
	r->minute = minute;
	r->number = 1;
	r->weekdays = weekdays;
	recurrence_finish(r, NULL);
	return r;
}

struct recurrence *recurrence_at(const struct recurrence *r, int minute)
{
	struct recurrence *copy = g_memdup2(r, sizeof *r);
	copy->minute = minute;
	return copy;
}

void recurrence_free(struct recurrence *r)
{
	g_free(r);
}

int recurrence_minute(const struct recurrence *r)
{
	return r->minute;
}

gboolean recurrence_is_time(const struct recurrence *r)
{
	return r->kind == RECURRENCE_TIME;
}

/* ---- days off ---- */

static gboolean is_plain_weekday(const char *day)
{
	return zone_weekday(day) <= 5;
}

static gboolean works(const struct calendar *calendar, const char *day)
{
	return calendar ? calendar_is_working_day(calendar, day) : is_plain_weekday(day);
}

/* Whether people would work, were it not for a date that the calendar closes. */
static gboolean would_work(const struct calendar *calendar, const char *day)
{
	guint count = 0;
	if (!calendar)
		return is_plain_weekday(day);
	calendar_weekly(calendar, zone_weekday(day), &count);
	return count > 0 || calendar_is_working_day(calendar, day);
}

/* The date nearest to that free day, going by steps of -1 or 1 over free days, that the calendar closes; FALSE: there is none. */
static gboolean find_closed(const struct calendar *calendar, const char *day, int step, char out[static ZONE_DAY_SIZE])
{
	char at[ZONE_DAY_SIZE];
	memcpy(at, day, sizeof at);
	for (int i = 0; i < MOVE_LIMIT_DAYS && !calendar_is_working_day(calendar, at); i++, zone_day_shift(at, step, at))
		if (calendar_is_exception(calendar, at)) {
			memcpy(out, at, sizeof at);
			return TRUE;
		}
	return FALSE;
}

/* The name of the holiday that the free day is, or is amid; "": it has none. NULL: it is no holiday. */
static const char *holiday_of(const struct calendar *calendar, const char *day)
{
	char closed[ZONE_DAY_SIZE];
	if (!calendar || (!find_closed(calendar, day, -1, closed) && !find_closed(calendar, day, 1, closed)))
		return NULL;
	const char *name = calendar_day_name(calendar, closed);
	return name ? name : "";
}

static enum recurrence_off off_of(const struct recurrence *r)
{
	if (r->off != RECURRENCE_OFF_USUAL)
		return r->off;
	return r->is_rare ? RECURRENCE_OFF_BEFORE : RECURRENCE_OFF_SKIP;
}

/* Moves the day, by steps of -1 or 1, to a working day; FALSE: none is near. */
static gboolean move(const struct calendar *calendar, int step, char day[static ZONE_DAY_SIZE])
{
	char at[ZONE_DAY_SIZE];
	memcpy(at, day, sizeof at);
	for (int i = 0; i < MOVE_LIMIT_DAYS; i++) {
		zone_day_shift(at, step, at);
		if (works(calendar, at)) {
			memcpy(day, at, sizeof at);
			return TRUE;
		}
	}
	return FALSE;
}

/* Sees whether the rule's day is off, and moves it where the rule says so. */
static void settle(const struct recurrence *r, const struct calendar *calendar, struct recurrence_ring *ring)
{
	enum recurrence_off off = off_of(r);
	ring->is_off = FALSE;
	ring->holiday = NULL;
	if (off == RECURRENCE_OFF_RING || works(calendar, ring->day))
		return;
	const char *holiday = holiday_of(calendar, ring->day);
	if (!holiday && (r->names_weekdays || r->kind == RECURRENCE_DAILY)) /* who names Saturday means it */
		return;
	if (off != RECURRENCE_OFF_SKIP && move(calendar, off == RECURRENCE_OFF_BEFORE ? -1 : 1, ring->day))
		return;
	ring->is_off = TRUE;
	ring->holiday = holiday ? holiday : "";
}

/* ---- days ---- */

static gboolean next_workday(const struct calendar *calendar, const char *from, char out[static ZONE_DAY_SIZE])
{
	char day[ZONE_DAY_SIZE];
	memcpy(day, from, sizeof day);
	for (int i = 0; i < HORIZON_DAYS; i++, zone_day_shift(day, 1, day))
		if (would_work(calendar, day)) {
			memcpy(out, day, sizeof day);
			return TRUE;
		}
	return FALSE;
}

/* The first of the month of that day, or of the next one. */
static void first_of_month(const char *day, gboolean next, char out[static ZONE_DAY_SIZE])
{
	char first[ZONE_DAY_SIZE];
	zone_day_shift(day, 1 - (int)g_ascii_strtoll(day + 8, NULL, 10), first);
	if (next) {
		char later[ZONE_DAY_SIZE];
		zone_day_shift(first, 31, later);
		zone_day_shift(later, 1 - (int)g_ascii_strtoll(later + 8, NULL, 10), first);
	}
	memcpy(out, first, sizeof first);
}

/* FALSE: that month has fewer working days. */
static gboolean workday_of_month(const struct calendar *calendar, const char *first, int number, char out[static ZONE_DAY_SIZE])
{
	char day[ZONE_DAY_SIZE], end[ZONE_DAY_SIZE];
	int count = 0;
	first_of_month(first, TRUE, end);
	for (memcpy(day, first, sizeof day); strcmp(day, end) < 0; zone_day_shift(day, 1, day))
		if (works(calendar, day)) {
			memcpy(out, day, sizeof day);
			if (++count == number)
				return TRUE;
		}
	return number < 0 && count > 0;
}

static gboolean next_month_workday(const struct recurrence *r, const struct calendar *calendar, const char *from, char out[static ZONE_DAY_SIZE])
{
	char first[ZONE_DAY_SIZE], found[ZONE_DAY_SIZE];
	first_of_month(from, FALSE, first);
	for (int month = 0; month < HORIZON_DAYS / 30; month++, first_of_month(first, TRUE, first))
		if (workday_of_month(calendar, first, r->number, found) && strcmp(found, from) >= 0) {
			memcpy(out, found, sizeof found);
			return TRUE;
		}
	return FALSE;
}

/* The first day of the rule at or after `from`, days off among them. */
static gboolean next_day(const struct recurrence *r, const struct calendar *calendar, const char *from, char out[static ZONE_DAY_SIZE])
{
	const char *start = *r->from && strcmp(from, r->from) < 0 ? r->from : from;
	switch (r->kind) {
	case RECURRENCE_TIME:
	case RECURRENCE_WORKDAYS:
		return next_workday(calendar, start, out);
	case RECURRENCE_DAILY:
		memmove(out, start, ZONE_DAY_SIZE);
		return TRUE;
	case RECURRENCE_MONTH_WORKDAY:
		return next_month_workday(r, calendar, start, out);
	case RECURRENCE_WEEKLY:
	case RECURRENCE_MONTH_WEEKDAY:
	case RECURRENCE_MONTH_DAY:
	case RECURRENCE_RULE:
		return next_of_rule(r, start, out);
	case RECURRENCE_KIND_COUNT:
		break;
	}
	return FALSE;
}

/* ---- instants ---- */

/* Walks the rule's days, each moved as the rule says, from far enough before that day on; `wanted` ends the walk. */
static gboolean walk(const struct recurrence *r, const struct calendar *calendar, const char *day,
	gboolean (*wanted)(const struct recurrence *r, struct recurrence_ring *ring, gconstpointer data), gconstpointer data,
	struct recurrence_ring *out)
{
	struct recurrence_ring ring = { 0 };
	char from[ZONE_DAY_SIZE], end[ZONE_DAY_SIZE], rule_day[ZONE_DAY_SIZE];
	zone_day_shift(day, off_of(r) == RECURRENCE_OFF_AFTER ? -MOVE_LIMIT_DAYS : -1, from);
	zone_day_shift(day, HORIZON_DAYS, end);
	for (int i = 0; i < LOOK_LIMIT && next_day(r, calendar, from, rule_day) && strcmp(rule_day, end) < 0; i++) {
		memcpy(ring.day, rule_day, sizeof rule_day);
		settle(r, calendar, &ring);
		if (wanted(r, &ring, data)) {
			*out = ring;
			return TRUE;
		}
		zone_day_shift(rule_day, 1, from);
	}
	return FALSE;
}

struct instant_wanted {
	GTimeZone *zone;
	int64_t after_ms;
	gboolean off_too;
};

static gboolean is_after(const struct recurrence *r, struct recurrence_ring *ring, gconstpointer data)
{
	const struct instant_wanted *wanted = data;
	return (wanted->off_too || !ring->is_off) && zone_instant(wanted->zone, ring->day, r->minute, &ring->at_ms) &&
	       ring->at_ms > wanted->after_ms;
}

static gboolean next_instant(const struct recurrence *r, const struct calendar *calendar, const struct instant_wanted *wanted,
	struct recurrence_ring *out)
{
	char day[ZONE_DAY_SIZE];
	zone_day(wanted->zone, wanted->after_ms, day);
	return walk(r, calendar, day, is_after, wanted, out);
}

gboolean recurrence_next(const struct recurrence *r, const struct calendar *calendar, GTimeZone *zone, int64_t after_ms, int64_t *at_ms)
{
	const struct instant_wanted wanted = { zone, after_ms, FALSE };
	struct recurrence_ring ring;
	gboolean found = next_instant(r, calendar, &wanted, &ring);
	if (found)
		*at_ms = ring.at_ms;
	return found;
}

gboolean recurrence_next_planned(const struct recurrence *r, const struct calendar *calendar, GTimeZone *zone, int64_t after_ms,
	struct recurrence_ring *ring)
{
	const struct instant_wanted wanted = { zone, after_ms, TRUE };
	return next_instant(r, calendar, &wanted, ring);
}

static gboolean is_from(const struct recurrence *r, struct recurrence_ring *ring, gconstpointer day)
{
	(void)r;
	return strcmp(ring->day, day) >= 0;
}

enum recurrence_day recurrence_on(const struct recurrence *r, const struct calendar *calendar, const char *day, const char **holiday)
{
	struct recurrence_ring ring;
	if (!walk(r, calendar, day, is_from, day, &ring) || strcmp(ring.day, day) != 0)
		return RECURRENCE_NOT;
	if (holiday)
		*holiday = ring.holiday;
	return ring.is_off ? RECURRENCE_OFF : RECURRENCE_RINGS;
}

gboolean recurrence_first_on(const struct recurrence *r, const struct calendar *calendar, const char *day, char out[static ZONE_DAY_SIZE])
{
	struct recurrence_ring ring;
	if (!walk(r, calendar, day, is_from, day, &ring))
		return FALSE;
	memcpy(out, ring.day, ZONE_DAY_SIZE);
	return TRUE;
}

gboolean recurrence_rings_on(const struct recurrence *r, const struct calendar *calendar, const char *day)
{
	return recurrence_on(r, calendar, day, NULL) == RECURRENCE_RINGS;
}
