/* SPDX-License-Identifier: MIT */
/* `belltower calendar show`: a month of a working calendar, as on a wall. */
#include "base/zone.h"
#include "program.h"
#include "team/calendar_file.h"

enum { NEXT_OFF = 12 };

static struct calendar *read_calendar(const char *path)
{
	gsize length;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(path, &text, &length, &error)) {
		g_autofree char *names = g_strjoinv(", ", (char **)calendar_shipped_names());
		g_printerr("belltower: there is no calendar '%s': write %s, or a file (%s)\n", path, names, error->message);
		return NULL;
	}
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct calendar *calendar = calendar_file_read(path, path, text, length, zone_find("UTC"), problems);
	for (guint i = 0; i < problems->len; i++)
		g_printerr("%s\n", (const char *)problems->pdata[i]);
	return calendar;
}

struct calendar *program_calendar(const char *name)
{
	struct calendar *calendar = calendar_shipped(name);
	return calendar ? calendar : read_calendar(name);
}

/* Off by the week is a dot; off by its date, or working by its date, stands in brackets. */
static char *cell(const struct calendar *calendar, const char *day)
{
	gboolean works = calendar_is_working_day(calendar, day), by_date = calendar_is_exception(calendar, day);
	const char *number = day + strlen("2026-10-") + (day[strlen("2026-10-")] == '0');
	return g_strdup_printf(works ? by_date ? "[%s]" : "%s" : by_date ? "(%s)" : "%s.", number);
}

static gboolean is_in(const char *month, const char *day)
{
	return g_str_has_prefix(day, month);
}

static void print_days(const struct calendar *calendar, const char *month)
{
	char day[ZONE_DAY_SIZE];
	gboolean first = TRUE;
	g_snprintf(day, sizeof day, "%s-01", month);
	g_print(" Mon  Tue  Wed  Thu  Fri  Sat  Sun\n%*s", 5 * (zone_weekday(day) - 1), "");
	for (; is_in(month, day); zone_day_shift(day, 1, day)) {
		g_autofree char *text = cell(calendar, day);
		g_print("%s%4s", zone_weekday(day) == 1 && !first ? "\n" : first ? "" : " ", text);
		first = FALSE;
	}
	g_print("\n");
}

static void print_windows(const struct calendar *calendar, const char *day)
{
	guint count;
	const struct calendar_window *windows = calendar_windows(calendar, day, &count);
	for (guint i = 0; i < count; i++)
		g_print("%s%02d:%02d-%02d:%02d", i ? ", " : "", windows[i].open_minute / 60, windows[i].open_minute % 60,
			windows[i].close_minute / 60, windows[i].close_minute % 60);
	g_print("%s\n", count ? "" : "off");
}

/* The dates with hours of their own, with their names. */
static void print_exceptions(const struct calendar *calendar, const char *month)
{
	char day[ZONE_DAY_SIZE];
	g_snprintf(day, sizeof day, "%s-01", month);
	for (; is_in(month, day); zone_day_shift(day, 1, day)) {
		const char *name = calendar_day_name(calendar, day);
		if (!calendar_is_exception(calendar, day))
			continue;
		g_print("%s %s%s", day, name ? name : "", name ? " " : "");
		print_windows(calendar, day);
	}
}

/* What a feed closes is looked at before it is used: not every day that has a name is off. */
static void print_next_off(const struct calendar *calendar, const char *month)
{
	static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	char day[ZONE_DAY_SIZE];
	int left = NEXT_OFF;
	g_snprintf(day, sizeof day, "%s-01", month);
	for (int i = 0; left > 0 && i < CALENDAR_HORIZON_DAYS; i++, zone_day_shift(day, 1, day)) {
		const char *name = calendar_day_name(calendar, day);
		if (!calendar_is_exception(calendar, day) || calendar_is_working_day(calendar, day))
			continue;
		if (left-- == NEXT_OFF)
			g_print("\nThe next days off by their date:\n");
		g_print("%s %s%s%s\n", day, weekdays[zone_weekday(day) - 1], name ? " " : "", name ? name : "");
	}
}

int program_calendar_show(const struct options *options)
{
	g_autoptr(calendar_auto) calendar = program_calendar(options->calendar);
	if (!calendar)
		return EXIT_USAGE;
	const char *until = calendar_known_until(calendar);
	g_print("%s, %s (%s)\n\n", options->month, calendar_name(calendar), g_time_zone_get_identifier(calendar_zone(calendar)));
	print_days(calendar, options->month);
	g_print("\n 5. off every week   (5) off this day   [5] works this day\n\n");
	print_exceptions(calendar, options->month);
	print_next_off(calendar, options->month);
	if (until && strncmp(options->month, until, strlen(options->month)) > 0)
		g_print("Days off are known only until %s: what lies beyond is the plain week.\n", until);
	return EXIT_OK;
}
