/* SPDX-License-Identifier: MIT */
/* What people say of being away: "@ana 12-01..12-05 am stand-in @bo at the dentist", read from the left. Thread: the clerk. */
#pragma once

#include "base/zone.h"
#include "core/turn.h"

enum { AWAY_REASON_LIMIT = 200 }; /* characters */

/* All borrowed from the turn. */
struct away_request {
	const char *rest; /* what has not been read yet */
	const struct person *person;
	const char *today; /* the person's */
	char first[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
	const char *half;
	const struct person *stand_in; /* NULL: nobody was named */
	const char *reason;
};

/* A person's own day. */
const char *away_today(struct turn *t, const struct person *person);
/* Whom it is about: "@ana" in front, else oneself. */
void away_read_person(struct turn *t, struct away_request *r);
/* A word of one day or several. FALSE: it is none. */
gboolean away_read_days(struct away_request *r, const char *word);
/* Half of the day, when only one was said. */
void away_read_half(struct turn *t, struct away_request *r);
/* The stand-in and the reason. FALSE: nobody who can stand in is called so. */
gboolean away_read_rest(struct turn *t, struct away_request *r);
