/* SPDX-License-Identifier: MIT */
/*
 * Local time: IANA zones, the local day of an instant, the instant of a local time. Any thread.
 *
 * Days are text, `YYYY-MM-DD`, in the Gregorian calendar; they sort as they read. Times of day are minutes after
 * local midnight. The host's own zone is never used.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

#define ZONE_DAY_SIZE 11 /* YYYY-MM-DD and its NUL */

struct zone_time {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
	int weekday; /* 1 Monday … 7 Sunday */
};

/* The zone of an IANA name ("Asia/Shanghai", "UTC"), borrowed for the process's life; NULL when there is none. */
GTimeZone *zone_find(const char *name);

void zone_local(GTimeZone *zone, int64_t at_ms, struct zone_time *out);
/* The local day of an instant. */
void zone_day(GTimeZone *zone, int64_t at_ms, char out[static ZONE_DAY_SIZE]);
/*
 * The earliest instant on that local day at which the local clock reads that time or later: in a gap the first
 * instant after it, of a doubled time the first. minute: 0 … 1439 (1440: the first instant of the next day).
 * FALSE when day is not a date.
 */
gboolean zone_instant(GTimeZone *zone, const char *day, int minute, int64_t *out_ms);
/* The instant with the same local time of day that many days later, by the same rule for gaps and doubled times. */
int64_t zone_days_later(GTimeZone *zone, int64_t at_ms, int days);

/* TRUE for a real date written YYYY-MM-DD. */
gboolean zone_day_is_valid(const char *day);
/* The day that lies `days` after (or, negative, before) a valid day. */
void zone_day_shift(const char *day, int days, char out[static ZONE_DAY_SIZE]);
/* How many days lie between two valid days; negative when `to` is the earlier. */
int zone_days_between(const char *from, const char *to);
/* 1 Monday … 7 Sunday, of a valid day. */
int zone_weekday(const char *day);
/* RFC 3339 in UTC with seconds: 2026-03-02T01:30:00Z. Caller frees. */
char *zone_rfc3339(int64_t at_ms);
/* The same in local time with its offset: 2026-03-02T09:30:00+08:00. Caller frees. */
char *zone_rfc3339_local(GTimeZone *zone, int64_t at_ms);
/*
 * Reads such an instant, or ISO 8601 without an offset, which is then local time of the zone; without a zone, it is
 * refused. FALSE when it is no time.
 */
gboolean zone_read_rfc3339(const char *text, GTimeZone *zone, int64_t *out_ms);
