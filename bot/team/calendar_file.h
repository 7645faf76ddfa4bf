/* SPDX-License-Identifier: MIT */
/*
 * A working calendar's file: YAML, as those in config/calendars.
 *
 *	zone: Asia/Shanghai
 *	hours:				# weekdays that are not named are closed
 *	  mon-fri: 09:00-12:00, 13:30-18:00
 *	off_from: holidays.ics		# closed dates of a feed (calendar_ics.h), or a list of files; beside this file
 *	ignore: [St. Martin's Day]	# what it names and is no day off
 *	off:				# closed dates, with their names
 *	  2026-10-01: 国庆节
 *	work:				# make-up working days: the hours of that weekday, or "yes": those of the first weekday that has any
 *	  2026-10-10: yes
 *	  2026-12-24: 09:00-12:00
 *	known_until: 2026-12-31		# up to when the dates are published
 *
 * `always: yes` instead of hours: open at every instant.
 *
 * Thread: any.
 */
#pragma once

#include <glib.h>

#include "team/calendar.h"

#include "base/banned.h"

/*
 * Makes a calendar of a file's text. NULL when something is wrong: then `problems` (of char *, which it frees) has a
 * line for each, `file:line:column: what is wrong; what to write instead`. file: as it stands in the messages.
 */
struct calendar *calendar_file_parse(
	const char *name, const char *file, const char *text, gsize length, GPtrArray *problems);
/*
 * A calendar of a file of either kind, by its name: YAML as above, or `.ics`, whose days are off from a plain week of
 * Monday to Friday 09:00-18:00 in the zone that it names, else in `zone` (NULL: then it must name one). Remembers its files.
 */
struct calendar *calendar_file_read(const char *name, const char *path, const char *text, gsize length, GTimeZone *zone,
	GPtrArray *problems);

/* The same calendar as a file, without the names of its dates, on one line; caller frees. To keep what held once. */
char *calendar_file_print(const struct calendar *calendar);

/* A calendar that ships with the program ("cn", "always"); the same as calendar_file_parse of its file, NULL when there is none. */
struct calendar *calendar_shipped(const char *name);
/* The names of those, NULL-terminated, borrowed. */
const char *const *calendar_shipped_names(void);
