/* SPDX-License-Identifier: MIT */
#include "team/calendar.h"

#include "base/zone.h"

enum { WEEKDAYS = 7, DAY_MINUTES = 24 * 60 };

const char *const calendar_weekdays[WEEKDAYS + 1] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

struct calendar {
	char *name;
	GTimeZone *zone;
	gboolean always;
	GArray *weekly[WEEKDAYS]; /* struct calendar_window, Monday first */
	GHashTable *exceptions;	  /* date → GArray of struct calendar_window */
	GHashTable *names;	  /* date → what people call it */
	char *known_until;	  /* or NULL */
	GPtrArray *files;	  /* char *, ends with NULL */
};

static GArray *windows_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct calendar_window));
}

static void windows_free(gpointer windows)
{
	g_array_free(windows, TRUE);
}

struct calendar *calendar_new(const char *name, GTimeZone *zone)
{
	struct calendar *c = g_new0(struct calendar, 1);
	c->name = g_strdup(name);
	c->zone = zone;
	for (int i = 0; i < WEEKDAYS; i++)
		c->weekly[i] = windows_new();
	c->exceptions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, windows_free);
	c->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	c->files = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(c->files, NULL);
	return c;
}

void calendar_free(struct calendar *c)
{
	if (!c)
		return;
	for (int i = 0; i < WEEKDAYS; i++)
		windows_free(c->weekly[i]);
	g_hash_table_unref(c->exceptions);
	g_hash_table_unref(c->names);
	g_ptr_array_unref(c->files);
	g_free(c->known_until);
	g_free(c->name);
	g_free(c);
}

/* ---- making ---- */

void calendar_set_always(struct calendar *c)
{
	c->always = TRUE;
}

void calendar_add_weekly(struct calendar *c, int weekday, struct calendar_window window)
{
	g_array_append_val(c->weekly[weekday - 1], window);
}

static GArray *exception(struct calendar *c, const char *day)
{
	GArray *windows = g_hash_table_lookup(c->exceptions, day);
	if (windows)
		return windows;
	windows = windows_new();
	g_hash_table_insert(c->exceptions, g_strdup(day), windows);
	return windows;
}

void calendar_except(struct calendar *c, const char *day)
{
	exception(c, day);
}

void calendar_add_window(struct calendar *c, const char *day, struct calendar_window window)
{
	g_array_append_val(exception(c, day), window);
}

void calendar_set_name(struct calendar *c, const char *day, const char *name)
{
	g_hash_table_replace(c->names, g_strdup(day), g_strdup(name));
}

void calendar_set_known_until(struct calendar *c, const char *day)
{
	g_free(c->known_until);
	c->known_until = g_strdup(day);
}

void calendar_add_file(struct calendar *c, const char *path)
{
	g_ptr_array_insert(c->files, 0, g_strdup(path));
}

static gboolean minute_parse(const char *text, int *out)
{
	if (!text || strlen(text) != 5 || text[2] != ':')
		return FALSE;
	for (int i = 0; i < 5; i++)
		if (i != 2 && !g_ascii_isdigit(text[i]))
			return FALSE;
	int hour = (text[0] - '0') * 10 + (text[1] - '0'), minute = (text[3] - '0') * 10 + (text[4] - '0');
	*out = hour * 60 + minute;
	return minute < 60 && *out <= DAY_MINUTES;
}

gboolean calendar_window_parse(const char *open, const char *close, struct calendar_window *out)
{
	struct calendar_window window;
	if (!minute_parse(open, &window.open_minute) || !minute_parse(close, &window.close_minute) ||
		window.open_minute == DAY_MINUTES)
		return FALSE;
	*out = window;
	return TRUE;
}

/* ---- asking ---- */

const char *calendar_name(const struct calendar *c)
{
	return c->name;
}

GTimeZone *calendar_zone(const struct calendar *c)
{
	return c->zone;
}

gboolean calendar_is_always(const struct calendar *c)
{
	return c->always;
}

static const struct calendar_window *windows_of(const GArray *windows, guint *count)
{
	*count = windows->len;
	return (const struct calendar_window *)(gconstpointer)windows->data;
}

const struct calendar_window *calendar_weekly(const struct calendar *c, int weekday, guint *count)
{
	return windows_of(c->weekly[weekday - 1], count);
}

const struct calendar_window *calendar_windows(const struct calendar *c, const char *day, guint *count)
{
	const GArray *windows = g_hash_table_lookup(c->exceptions, day);
	return windows ? windows_of(windows, count) : calendar_weekly(c, zone_weekday(day), count);
}

gboolean calendar_is_exception(const struct calendar *c, const char *day)
{
	return g_hash_table_contains(c->exceptions, day);
}

static int compare_days(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *calendar_exceptions(const struct calendar *c)
{
	GPtrArray *days = g_ptr_array_new();
	GHashTableIter iter;
	gpointer day;
	g_hash_table_iter_init(&iter, c->exceptions);
	while (g_hash_table_iter_next(&iter, &day, NULL))
		g_ptr_array_add(days, day);
	g_ptr_array_sort(days, compare_days);
	return days;
}

const char *calendar_day_name(const struct calendar *c, const char *day)
{
	return g_hash_table_lookup(c->names, day);
}

gboolean calendar_is_working_day(const struct calendar *c, const char *day)
{
	guint count;
	calendar_windows(c, day, &count);
	return c->always || count > 0;
}

const char *calendar_known_until(const struct calendar *c)
{
	return c->known_until;
}

gboolean calendar_ends_soon(const struct calendar *c, const char *today)
{
	enum { NOTICE_DAYS = 30 };
	char from[ZONE_DAY_SIZE];
	if (!c->known_until)
		return FALSE;
	if (g_str_has_suffix(c->known_until, "-12-31"))
		g_snprintf(from, sizeof from, "%.4s-10-01", c->known_until);
	else
		zone_day_shift(c->known_until, -NOTICE_DAYS, from);
	return strcmp(today, from) >= 0;
}

const char *const *calendar_files(const struct calendar *c)
{
	return (const char *const *)c->files->pdata;
}

/* ---- working time ---- */

/* When the window of that date opens and closes. */
static struct calendar_span window_span(const struct calendar *c, const char *day, struct calendar_window window)
{
	struct calendar_span span = { 0, 0 };
	char next[ZONE_DAY_SIZE];
	zone_instant(c->zone, day, window.open_minute, &span.open_ms);
	zone_day_shift(day, window.close_minute <= window.open_minute, next);
	zone_instant(c->zone, next, window.close_minute, &span.close_ms);
	return span;
}

/* Takes the date's first working time at or after from_ms, when it comes before what `out` holds, or lasts longer. */
static void take_day(
	const struct calendar *c, const char *day, int64_t from_ms, gboolean *found, struct calendar_span *out)
{
	guint count;
	const struct calendar_window *windows = calendar_windows(c, day, &count);
	for (guint i = 0; i < count; i++) {
		struct calendar_span span = window_span(c, day, windows[i]);
		span.open_ms = MAX(span.open_ms, from_ms);
		if (span.open_ms >= span.close_ms)
			continue;
		if (*found && (span.open_ms > out->open_ms ||
				      (span.open_ms == out->open_ms && span.close_ms <= out->close_ms)))
			continue;
		*out = span;
		*found = TRUE;
	}
}

gboolean calendar_next(const struct calendar *c, int64_t from_ms, struct calendar_span *out)
{
	if (c->always) {
		*out = (struct calendar_span){ from_ms, INT64_MAX };
		return TRUE;
	}
	char today[ZONE_DAY_SIZE], day[ZONE_DAY_SIZE];
	zone_day(c->zone, from_ms, today);
	gboolean found = FALSE;
	struct calendar_span span = { 0, 0 };
	/* The day before may reach into this one, and where a date line was moved the next may begin first: three at once. */
	for (int i = -1; i <= 1; i++) {
		zone_day_shift(today, i, day);
		take_day(c, day, from_ms, &found, &span);
	}
	for (int i = 2; !found && i <= CALENDAR_HORIZON_DAYS; i++) {
		zone_day_shift(today, i, day);
		take_day(c, day, from_ms, &found, &span);
	}
	if (found)
		*out = span;
	return found;
}

gboolean calendar_is_open(const struct calendar *c, int64_t at_ms)
{
	struct calendar_span span;
	return calendar_next(c, at_ms, &span) && span.open_ms == at_ms;
}
