/* SPDX-License-Identifier: MIT */
/*
 * A date of a person that comes back each year: a birthday, in the Gregorian or the Chinese lunar calendar (农历), or the
 * first day at work. Pure arithmetic; any thread.
 *
 * Rules: a birthday in a lunar leap month is celebrated in the ordinary month of the same number; the 30th of a lunar month
 * that has 29 days in that year, on the 29th; 29 February, in other years, on the 28th, or on 1 March for whoever says so.
 * Lunar dates are liblunar-date's, which agree with the published calendar for every new year from 1905 to 2095; beyond, a lunar date has no day.
 */
#pragma once

#include <glib.h>

#include "base/zone.h"

#include "base/banned.h"

#define YEARLY_ERROR yearly_error_quark()
GQuark yearly_error_quark(void);
enum yearly_error { YEARLY_ERROR_FORMAT };

struct yearly {
	int year; /* of birth, in the calendar of the date; 0: not told. Never shown for a birthday */
	int month, day;
	gboolean lunar, leap; /* leap: born in a leap month; for the record, it changes nothing */
	gboolean march;	      /* 29 February, in other years, on 1 March */
};

/*
 * Reads "03-15", "1990-03-15", "lunar 08-15", "lunar 1990-08-15", "lunar leap 06-06", "02-29 else 03-01". FALSE with the error,
 * which says what to write instead. FALSE leaves out as it was.
 */
gboolean yearly_parse(const char *text, struct yearly *out, GError **error);
/* The text that yearly_parse reads as the same. Caller frees. */
char *yearly_print(const struct yearly *date);

/*
 * The first day on or after from_day (YYYY-MM-DD) on which it is celebrated. A date with a year is not celebrated in
 * that year or before. FALSE beyond the years that the calendars know.
 */
gboolean yearly_next(const struct yearly *date, const char *from_day, char out[static ZONE_DAY_SIZE]);

/* How many years lie between the date's year and that day's, for the first day at work: 1 at its first anniversary. */
int yearly_count(const struct yearly *date, const char *day);
