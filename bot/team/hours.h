/* SPDX-License-Identifier: MIT */
/*
 * A person's own working week, beside the team's: part-timers, mornings only, another country's week.
 *
 *	Mon-Thu 09:00-15:00
 *	Sun-Thu 9-17; Fri 09:00-12:00
 *	周一至周四 09:00-12:00、13:00-16:00；周五 9点到12点
 *	10:00-19:00				Monday to Friday
 *
 * Windows are local time of the person, those that end at or before their opening on the next day. Dates are the team's calendar's:
 * what it closes is closed for everybody; on a date with hours of its own a person works the part of theirs that lies in these;
 * and a make-up working day on which their week is free is worked by whoever works each weekday that the team does, with the
 * hours of their first weekday.
 *
 * team: the team's calendar, NULL for none. Days are local days of the person. Pure: any thread.
 */
#pragma once

#include "team/calendar.h"
#include "team/texts.h"

#include "base/banned.h"

enum { HOURS_WINDOWS_MOST = 4, HOURS_LIMIT_BYTES = 300 };

struct hours {
	struct calendar_window windows[7][HOURS_WINDOWS_MOST]; /* Monday first, in their order */
	guint counts[7];
};

/* FALSE leaves out as it was: these are no hours. */
gboolean hours_parse(const char *words, struct hours *out);
/* The words that hours_parse reads as the same. Caller frees. */
char *hours_words(const struct hours *own, enum language language);

/* The windows of a day, and how many; 0: it is free. */
guint hours_on(const struct hours *own, const struct calendar *team, const char *day, struct calendar_window out[static HOURS_WINDOWS_MOST]);
/* Whether that minute of the day is working time. */
gboolean hours_is_open(const struct hours *own, const struct calendar *team, const char *day, int minute);
/*
 * When on that day something is to come that is set for `minute`: then, if the person works; else when they begin again; half an
 * hour before they go, when they are gone by then. On a free day, and when own is NULL: that minute.
 */
int hours_fit(const struct hours *own, const struct calendar *team, const char *day, int minute);
/* The first instant of working time at or after at_ms; FALSE: none within two months. */
gboolean hours_next(const struct hours *own, const struct calendar *team, GTimeZone *zone, int64_t at_ms, int64_t *open_ms);
