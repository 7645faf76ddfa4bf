/* SPDX-License-Identifier: MIT */
/*
 * A working calendar: which instants are working time. Weekly hours in one zone, and dates that have hours of their own:
 * none (a holiday) or others (a make-up working day 调休, a half day).
 *
 * Working time is a set of instants, half-open: the opening second counts, the closing second does not. Windows that
 * overlap or touch count once. A window belongs to the local date on which it opens; one that closes at or before its
 * opening ends on the next date. Wall-clock times become instants as zone_instant says, so a window that lies in a gap
 * of summer time is empty that day.
 *
 * Made by hand (below) or read from a file (calendar_file.h). Immutable once made; then any thread may read it.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

/* Minutes after local midnight; close may be 1440 (24:00). Both 0 … 1440, open < 1440. */
struct calendar_window {
	int open_minute, close_minute;
};

/* Working time from open (included) to close (not included), UTC milliseconds. */
struct calendar_span {
	int64_t open_ms, close_ms;
};

/* How far ahead a calendar is searched for working time. */
enum { CALENDAR_HORIZON_DAYS = 3653 };

struct calendar;

/* "mon" … "sun", as files write them; ends with NULL. */
extern const char *const calendar_weekdays[8];

/* A calendar that is never open. zone: from zone_find, borrowed for ever. */
struct calendar *calendar_new(const char *name, GTimeZone *zone);
void calendar_free(struct calendar *calendar);

/* Open at every instant, whatever the windows say. */
void calendar_set_always(struct calendar *calendar);
/* Adds a window to a weekday, 1 Monday … 7 Sunday. */
void calendar_add_weekly(struct calendar *calendar, int weekday, struct calendar_window window);
/* Gives a date, YYYY-MM-DD, hours of its own, at first none: they replace its weekday's. Twice is once. */
void calendar_except(struct calendar *calendar, const char *day);
/* Adds a window to a date that has hours of its own. */
void calendar_add_window(struct calendar *calendar, const char *day, struct calendar_window window);
/* What people call that date: "国庆节". */
void calendar_set_name(struct calendar *calendar, const char *day, const char *name);
/* Beyond that date, YYYY-MM-DD, nobody has told yet which days are off. */
void calendar_set_known_until(struct calendar *calendar, const char *day);

/* A file that it was made of: when that changes, it is to be made anew. */
void calendar_add_file(struct calendar *calendar, const char *path);

/* Reads "09:00" and "18:00"; FALSE when they are no times of day or the window cannot be ("24:00" opens nothing). */
gboolean calendar_window_parse(const char *open, const char *close, struct calendar_window *out);

const char *calendar_name(const struct calendar *calendar);
GTimeZone *calendar_zone(const struct calendar *calendar);
gboolean calendar_is_always(const struct calendar *calendar);
/* The windows of a weekday, 1 Monday … 7 Sunday; borrowed, in the order in which they were added. */
const struct calendar_window *calendar_weekly(const struct calendar *calendar, int weekday, guint *count);
/* The windows of a local date, by its own hours or its weekday's; borrowed. */
const struct calendar_window *calendar_windows(const struct calendar *calendar, const char *day, guint *count);
/* TRUE when the date has hours of its own. */
gboolean calendar_is_exception(const struct calendar *calendar, const char *day);
/* All dates that have hours of their own, in their order: texts, borrowed; the caller unrefs the list. */
GPtrArray *calendar_exceptions(const struct calendar *calendar);
/* What people call the date; NULL when nothing was told; borrowed. */
const char *calendar_day_name(const struct calendar *calendar, const char *day);
/* TRUE when the local date has working time. */
gboolean calendar_is_working_day(const struct calendar *calendar, const char *day);
/* The last date up to which the exceptions are known, YYYY-MM-DD, borrowed; NULL: they don't end. */
const char *calendar_known_until(const struct calendar *calendar);
/*
 * TRUE when somebody is to find out about the days after that, on a day of the calendar's zone: from 1 October on for what ends
 * with the year, which is when countries publish the next one; else for thirty days before.
 */
gboolean calendar_ends_soon(const struct calendar *calendar, const char *today);
/* The files that it was made of, NULL-terminated, borrowed; none for one of the program's. */
const char *const *calendar_files(const struct calendar *calendar);

/*
 * The working time that comes first at or after from_ms, cut off before it; touching windows may come as two spans.
 * FALSE when there is none within the horizon.
 */
gboolean calendar_next(const struct calendar *calendar, int64_t from_ms, struct calendar_span *out);
/* TRUE when the instant is working time. */
gboolean calendar_is_open(const struct calendar *calendar, int64_t at_ms);

typedef struct calendar calendar_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(calendar_auto, calendar_free)
