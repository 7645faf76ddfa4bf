/* SPDX-License-Identifier: MIT */
/* What recurrence.c, which knows days, and recurrence_words.c, which knows words, share. */
#pragma once

#include "team/recurrence.h"

enum recurrence_kind {
	RECURRENCE_TIME, /* a time alone */
	RECURRENCE_WORKDAYS,
	RECURRENCE_DAILY,
	RECURRENCE_WEEKLY,	  /* weekdays, every `number` weeks */
	RECURRENCE_MONTH_WORKDAY, /* the `number`-th, -1 the last */
	RECURRENCE_MONTH_WEEKDAY, /* the `number`-th of the one day in weekdays, -1 the last */
	RECURRENCE_MONTH_DAY,	  /* the `number`-th day, -1 the last */
	RECURRENCE_RULE,	  /* RFC 5545 as written */
	RECURRENCE_KIND_COUNT,
};

/* What happens on a day off. */
enum recurrence_off { RECURRENCE_OFF_USUAL, RECURRENCE_OFF_RING, RECURRENCE_OFF_SKIP, RECURRENCE_OFF_BEFORE, RECURRENCE_OFF_AFTER };

struct recurrence {
	enum recurrence_kind kind;
	int minute;
	int number;
	unsigned weekdays; /* bit 0 Monday */
	enum recurrence_off off;
	char from[ZONE_DAY_SIZE]; /* "": not said */
	char rule[RECURRENCE_LIMIT_BYTES + 1]; /* RFC 5545; "" where the calendar makes the days */
	gboolean names_weekdays;  /* the rule of dates does */
	gboolean is_rare;	  /* it comes once a month or less */
};

/* Makes what the words have said ready to ask; FALSE: its rule of dates is wrong. */
gboolean recurrence_finish(struct recurrence *recurrence, GError **error);
