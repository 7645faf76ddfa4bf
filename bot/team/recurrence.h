/* SPDX-License-Identifier: MIT */
/*
 * A recurrence: the days and the local time at which something rings, as people say it, and the instants that come of it
 * in a zone and with a working calendar. The rule of dates is RFC 5545's (libical).
 *
 *	workdays 09:30				工作日 09:30
 *	every day 18:00				每天 18:00
 *	every friday 16:00			每周五 16:00
 *	every monday, wednesday 10:00		每周一、周三 10:00
 *	every 2 weeks friday 16:00		每两周周五 16:00
 *	last workday of month 15:00		每月最后一个工作日 15:00
 *	first monday of month 10:00		每月第一个周一 10:00
 *	day 25 of month 10:00			每月25日 10:00
 *	last day of month 17:00			每月最后一天 17:00
 *	RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1 09:00
 *	09:30					a time alone: on workdays
 *	every friday 4pm			每周五下午四点, as people say times (time_words.h)
 *
 * `from 2026-03-06` (`自2026-03-06起`) is the first day, and where weeks are counted from; without it they are counted from
 * Monday, 1 January 2024. A month without the 31st has its last day instead.
 *
 * Days off. `workdays` are the calendar's working days, make-up days (调休) too; without a calendar Monday to Friday. What
 * names days of the week is skipped on a date that the calendar closes and on the free days around it (the Saturday amid the
 * holidays), for it comes again soon. What names a date of the month or the year moves to the working day before, for it would
 * be missed for a month: `last day of month` on a Sunday rings on Friday. The rule may say otherwise:
 *	… even on holidays			… 节假日照常
 *	… not on holidays			… 遇节假日跳过
 *	… or the workday before			… 遇节假日提前
 *	… or the workday after			… 遇节假日顺延
 *
 * A local time that summer time skips rings at the first instant after the gap; one that comes twice rings once, the first
 * time. Pure: any thread; immutable once made.
 */
#pragma once

#include "base/zone.h"
#include "team/calendar.h"
#include "team/texts.h"

#include "base/banned.h"

#define RECURRENCE_ERROR recurrence_error_quark()
GQuark recurrence_error_quark(void);
enum recurrence_error {
	RECURRENCE_ERROR_WORDS, /* not understood */
	RECURRENCE_ERROR_TIME,	/* no time of day, or none that exists */
	RECURRENCE_ERROR_RULE,	/* an RFC 5545 rule that is wrong, or finer than a day */
};

enum { RECURRENCE_LIMIT_BYTES = 300 };

struct recurrence;

/* Reads any of the forms above; NULL with an error that says what to write instead. */
struct recurrence *recurrence_parse(const char *text, GError **error);
/* Those days of the week at that minute after midnight: bit 0 Monday … bit 6 Sunday; Monday to Friday are workdays. */
struct recurrence *recurrence_on_weekdays(unsigned weekdays, int minute);
/* The same days at another minute. */
struct recurrence *recurrence_at(const struct recurrence *recurrence, int minute);
/* One block without pointers: g_free does too. */
void recurrence_free(struct recurrence *recurrence);

/* The words that recurrence_parse reads as the same. Caller frees. */
char *recurrence_words(const struct recurrence *recurrence, enum language language);
/* Minutes after local midnight. */
int recurrence_minute(const struct recurrence *recurrence);
/* TRUE for a time of day without a word on the days. */
gboolean recurrence_is_time(const struct recurrence *recurrence);

/* The first instant after after_ms at which it rings, UTC milliseconds. calendar: NULL for none. FALSE: none in ten years. */
gboolean recurrence_next(const struct recurrence *recurrence, const struct calendar *calendar, GTimeZone *zone, int64_t after_ms,
	int64_t *at_ms);

/* A ring, or one that falls away because of a day off. */
struct recurrence_ring {
	int64_t at_ms;
	char day[ZONE_DAY_SIZE]; /* the local day it is for */
	gboolean is_off;	 /* it does not ring: the day is off */
	const char *holiday;	 /* of a day that is off, what people call it; "": no name; borrowed from the calendar */
};
/* The same with those that fall away, so that somebody can say why. */
gboolean recurrence_next_planned(const struct recurrence *recurrence, const struct calendar *calendar, GTimeZone *zone,
	int64_t after_ms, struct recurrence_ring *ring);
/* What becomes of a local day. */
enum recurrence_day {
	RECURRENCE_NOT, /* it is none of the rule's */
	RECURRENCE_RINGS,
	RECURRENCE_OFF, /* it would ring, but the day is off */
};
/* *holiday: of a day that is off, as above; may be NULL. */
enum recurrence_day recurrence_on(const struct recurrence *recurrence, const struct calendar *calendar, const char *day,
	const char **holiday);
/* The first day of the rule from that local day on, also one that is off; FALSE: none in ten years. */
gboolean recurrence_first_on(const struct recurrence *recurrence, const struct calendar *calendar, const char *day,
	char out[static ZONE_DAY_SIZE]);
/* TRUE when it rings on that local day. */
gboolean recurrence_rings_on(const struct recurrence *recurrence, const struct calendar *calendar, const char *day);

typedef struct recurrence recurrence_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(recurrence_auto, recurrence_free)
