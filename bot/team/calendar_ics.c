/* SPDX-License-Identifier: MIT */
#include "team/calendar_ics.h"

#include <libical/ical.h>

#include "base/zone.h"

/* What repeats for ever is worked out for these years; nobody plans beyond. */
#define FIRST_YEAR 2000
#define LAST_YEAR  2100

struct reader {
	const struct calendar_ics_setup *setup;
	struct calendar *calendar;
	GHashTable *moved; /* "UID\nDAY" of a repetition that has an event of its own */
	const char *uid, *name; /* of the event at hand */
	guint days;
	gboolean failed;
	char last[ZONE_DAY_SIZE]; /* the last day that stands by itself; "": none */
};

static void complain(struct reader *r, const char *what)
{
	g_ptr_array_add(r->setup->problems, g_strdup_printf("%s: %s", r->setup->file, what));
	r->failed = TRUE;
}

static void day_text(struct icaltimetype time, char out[static ZONE_DAY_SIZE])
{
	g_snprintf(out, ZONE_DAY_SIZE, "%04d-%02d-%02d", CLAMP(time.year, 0, 9999), CLAMP(time.month, 0, 99), CLAMP(time.day, 0, 99));
}

static const char *uid_of(icalcomponent *event)
{
	const char *uid = icalcomponent_get_uid(event);
	return uid ? uid : "";
}

static char *moved_key(const char *uid, const char *day)
{
	return g_strdup_printf("%s\n%s", uid, day);
}

/* ---- one event ---- */

static gboolean is_ignored(const struct reader *r, const char *name)
{
	g_autofree char *folded = g_utf8_casefold(name, -1);
	for (const char *const *one = r->setup->ignore; one && *one; one++) {
		g_autofree char *other = g_utf8_casefold(*one, -1);
		if (strcmp(folded, other) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean is_cancelled(icalcomponent *event)
{
	return icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED;
}

/* How many days it lasts: to the day before its end, or as long as it says, or one. */
static int length_of(icalcomponent *event, struct icaltimetype start)
{
	struct icaltimetype end = icalcomponent_get_dtend(event);
	int days = icaltime_is_null_time(end) ? 1 : (int)((icaltime_as_timet(end) - icaltime_as_timet(start)) / (24 * 60 * 60));
	return CLAMP(days, 1, CALENDAR_ICS_DAYS);
}

static void close_days(struct reader *r, const char *from, int days)
{
	char day[ZONE_DAY_SIZE];
	if (!zone_day_is_valid(from) || r->failed)
		return;
	if ((r->days += (guint)days) > CALENDAR_ICS_DAYS) {
		complain(r, "closes more days than a calendar has; is this a list of holidays?");
		return;
	}
	g_strlcpy(day, from, sizeof day);
	for (int i = 0; i < days; i++, zone_day_shift(day, 1, day)) {
		calendar_except(r->calendar, day);
		if (*r->name)
			calendar_set_name(r->calendar, day, r->name);
	}
}

struct repetition {
	struct reader *r;
	int days;
};

static void close_repetition(icalcomponent *event, struct icaltime_span *span, void *data)
{
	struct repetition *repetition = data;
	char day[ZONE_DAY_SIZE];
	(void)event;
	day_text(icaltime_from_timet_with_zone(span->start, TRUE, NULL), day);
	g_autofree char *key = moved_key(repetition->r->uid, day);
	if (!g_hash_table_contains(repetition->r->moved, key))
		close_days(repetition->r, day, repetition->days);
}

/* A rule by the hour would keep the reader busy for years of seconds. */
static gboolean is_too_fine(icalcomponent *event)
{
	for (icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY); rule;
		rule = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY)) {
		struct icalrecurrencetype recurrence = icalproperty_get_rrule(rule);
		gboolean days = recurrence.freq == ICAL_DAILY_RECURRENCE || recurrence.freq == ICAL_WEEKLY_RECURRENCE ||
				recurrence.freq == ICAL_MONTHLY_RECURRENCE || recurrence.freq == ICAL_YEARLY_RECURRENCE;
		if (!days || recurrence.by_hour[0] != ICAL_RECURRENCE_ARRAY_MAX || recurrence.by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX ||
			recurrence.by_second[0] != ICAL_RECURRENCE_ARRAY_MAX)
			return TRUE;
	}
	return FALSE;
}

static gboolean repeats(icalcomponent *event)
{
	return icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY) || icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
}

static void read_repetitions(struct reader *r, icalcomponent *event, int days)
{
	struct icaltimetype from = icaltime_null_date(), to = icaltime_null_date();
	struct repetition repetition = { r, days };
	from.year = FIRST_YEAR;
	to.year = LAST_YEAR;
	from.month = from.day = to.month = to.day = 1;
	if (is_too_fine(event))
		complain(r, "has an event that repeats by the hour or the minute; days off repeat by days");
	else
		icalcomponent_foreach_recurrence(event, from, to, close_repetition, &repetition);
}

static void read_event(struct reader *r, icalcomponent *event)
{
	struct icaltimetype start = icalcomponent_get_dtstart(event);
	const char *name = icalcomponent_get_summary(event);
	r->name = name ? name : "";
	r->uid = uid_of(event);
	if (icaltime_is_null_time(start) || !icaltime_is_date(start) || is_cancelled(event) || is_ignored(r, r->name))
		return;
	int days = length_of(event, start);
	if (repeats(event)) {
		read_repetitions(r, event, days);
		return;
	}
	char day[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
	day_text(start, day);
	close_days(r, day, days);
	if (!zone_day_is_valid(day) || !icaltime_is_null_time(icalcomponent_get_recurrenceid(event)))
		return;
	zone_day_shift(day, days - 1, last);
	if (strcmp(last, r->last) > 0)
		memcpy(r->last, last, sizeof r->last);
}

/* ---- the file ---- */

/* A repetition that has an event of its own, to move it or to call it off, is not worked out by the rule. */
static void note_moved(struct reader *r, icalcomponent *event)
{
	struct icaltimetype which = icalcomponent_get_recurrenceid(event);
	char day[ZONE_DAY_SIZE];
	if (icaltime_is_null_time(which))
		return;
	day_text(which, day);
	g_hash_table_add(r->moved, moved_key(uid_of(event), day));
}

static void each_event(struct reader *r, icalcomponent *calendar, void (*read)(struct reader *r, icalcomponent *event))
{
	for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event && !r->failed;
		event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
		read(r, event);
}

static void read_calendar(struct reader *r, icalcomponent *calendar)
{
	each_event(r, calendar, note_moved);
	each_event(r, calendar, read_event);
	if (r->days == 0 && !r->failed)
		complain(r, "closes no day: there is no event that lasts a whole day in it");
}

/* Both are dates that sort as they read. */
static void limit_knowledge(struct calendar *calendar, const char *last)
{
	char end[ZONE_DAY_SIZE];
	const char *known = calendar_known_until(calendar);
	if (!*last)
		return;
	g_snprintf(end, sizeof end, "%.4s-12-31", last);
	if (!known || strcmp(end, known) < 0)
		calendar_set_known_until(calendar, end);
}

/* NULL: it is no calendar. */
static icalcomponent *parse(const char *text, gsize length)
{
	if (length > CALENDAR_ICS_LIMIT_BYTES || memchr(text, '\0', length) || !g_utf8_validate_len(text, length, NULL))
		return NULL;
	icalcomponent *root = icalparser_parse_string(text);
	if (root && icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
		return root;
	icalcomponent_free(root);
	return NULL;
}

gboolean calendar_ics_close(
	struct calendar *calendar, const char *text, gsize length, const struct calendar_ics_setup *setup)
{
	struct reader r = { .setup = setup, .calendar = calendar };
	icalcomponent *root = parse(text, length);
	if (!root) {
		complain(&r, "is no iCalendar file; it begins with BEGIN:VCALENDAR and is UTF-8");
		return FALSE;
	}
	r.moved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	read_calendar(&r, root);
	limit_knowledge(calendar, r.last);
	g_hash_table_unref(r.moved);
	icalcomponent_free(root);
	return !r.failed;
}

GTimeZone *calendar_ics_zone(const char *text, gsize length)
{
	icalcomponent *root = parse(text, length);
	GTimeZone *zone = NULL;
	for (icalproperty *p = root ? icalcomponent_get_first_property(root, ICAL_X_PROPERTY) : NULL; p && !zone;
		p = icalcomponent_get_next_property(root, ICAL_X_PROPERTY)) {
		const char *name = icalproperty_get_x_name(p), *value = icalproperty_get_x(p);
		if (g_strcmp0(name, "X-WR-TIMEZONE") == 0 && value && strcmp(value, "UTC") != 0)
			zone = zone_find(value);
	}
	icalcomponent_free(root);
	return zone;
}
