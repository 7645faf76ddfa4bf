/* SPDX-License-Identifier: MIT */
#include "platform/skew.h"

#include <stdio.h>
#include <string.h>

/* UTC seconds; 0: not a date. */
static int64_t seconds_of(const char *date)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int day, year, hour, minute, second;
	char month[4] = "";
	if (!date || sscanf(date, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute, &second) != 6)
		return 0;
	const char *at = strlen(month) == 3 ? strstr(months, month) : NULL;
	if (!at || (at - months) % 3)
		return 0;
	g_autoptr(GDateTime) when = g_date_time_new_utc(year, (int)(at - months) / 3 + 1, day, hour, minute, second);
	return when ? g_date_time_to_unix(when) : 0;
}

gboolean skew_of(const char *date, int64_t now_ms, int64_t *skew_s)
{
	int64_t theirs_s = seconds_of(date);
	if (theirs_s)
		*skew_s = now_ms / 1000 - theirs_s;
	return theirs_s != 0;
}
