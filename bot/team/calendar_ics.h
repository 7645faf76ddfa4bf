/* SPDX-License-Identifier: MIT */
/*
 * Days off from an iCalendar file (RFC 5545), as feeds of public holidays are: each event that lasts whole days closes
 * them, with its repetitions (RRULE, RDATE, EXDATE, single ones moved or cancelled). Events with times of day are meetings, and
 * passed over. A feed holds days on which people work all the same (St. Martin's day): `ignore` leaves them out by their names.
 *
 * Thread: any.
 */
#pragma once

#include "team/calendar.h"

#include "base/banned.h"

enum { CALENDAR_ICS_LIMIT_BYTES = 4 * 1024 * 1024, CALENDAR_ICS_DAYS = 20000 };

struct calendar_ics_setup {
	const char *file;	    /* as it stands in the messages */
	const char *const *ignore;  /* names of days that are none off, NULL-terminated; NULL: none */
	GPtrArray *problems;	    /* of char *: a line for each */
};

/*
 * Closes the calendar's days. The days are known until the end of the last year in which one stands by itself, if that is
 * before what the calendar says; what repeats for ever is known for ever. FALSE after telling a problem.
 */
gboolean calendar_ics_close(
	struct calendar *calendar, const char *text, gsize length, const struct calendar_ics_setup *setup);
/* The zone that the file names; NULL: none, or UTC, which is nobody's. */
GTimeZone *calendar_ics_zone(const char *text, gsize length);
