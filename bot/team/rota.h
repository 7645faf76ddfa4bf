/* SPDX-License-Identifier: MIT */
/*
 * A rota 值班表: people who have a role's duty by turns, a week or a working day each, and who of them has it at an instant.
 *
 * Days are the rota's own: each begins at the handover, a local time of the team's zone, so that 08:59 on a Monday still belongs to
 * the Sunday before. A handover that summer time skips is at the first instant after the gap, one that comes twice is at the
 * first of the two; so no second is without somebody and none has two. A week's turn begins on its weekday; a day's turn is a
 * working day of the calendar, and whoever had the last one keeps the duty over the days off.
 *
 * Turns go round in the order of the people, counted from the day on which the first of them begins, also before it. A cover
 * gives days to somebody else and moves no turn; of two for one day the later one counts.
 *
 * Who is away is not this module's business. Pure; any thread. Everything is borrowed.
 */
#pragma once

#include "base/zone.h"
#include "team/calendar.h"

#include "base/banned.h"

enum rota_turn { ROTA_WEEK, ROTA_DAY };

/* From the first day to the last, both included, somebody else has the duty. */
struct rota_cover {
	gint64 id;
	gint64 person;
	char first[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
};

struct rota {
	enum rota_turn turn;
	int weekday;			 /* on which a week's turn begins, 1 Monday … 7 Sunday */
	int handover_minute;		 /* after local midnight */
	GTimeZone *zone;
	const struct calendar *calendar; /* of the days' turns; NULL: Monday to Friday */
	char from[ZONE_DAY_SIZE];	 /* the turn in which this day lies is the first one's */
	const gint64 *people;		 /* in their order, `count` of them */
	guint count;
	const struct rota_cover *covers; /* the later ones last, `cover_count` of them */
	guint cover_count;
};

/* A time during which one person has the duty, or a cover's part of it. */
struct rota_shift {
	int64_t from_ms, until_ms;     /* UTC; until is the next one's from */
	char first[ZONE_DAY_SIZE];     /* the rota's day on which it begins … */
	char last[ZONE_DAY_SIZE];      /* … and its last one */
	guint place;		       /* in `people`: whose turn it is by the order */
	gint64 person;		       /* who has the duty */
	gint64 cover;		       /* by which cover; 0: by the order */
};

/* The shift in which the instant lies. FALSE: nobody is on the rota. */
gboolean rota_shift_at(const struct rota *rota, int64_t at_ms, struct rota_shift *out);
/* The rota's day of an instant. */
void rota_day(const struct rota *rota, int64_t at_ms, char out[static ZONE_DAY_SIZE]);
/* The first shift after that instant that is the person's by the order, in the next two rounds of it; FALSE: none. */
gboolean rota_next_of(const struct rota *rota, gint64 person, int64_t after_ms, struct rota_shift *out);

/* When somebody had their last turn, of those among whom one is to be chosen. */
struct rota_had {
	gint64 person;
	int64_t last_ms; /* 0: never */
};

/* Whose turn it is where no rota says: the one who had it longest ago, of several the first. count: at least 1. Its place. */
guint rota_fairest(const struct rota_had *had, guint count);
