/* SPDX-License-Identifier: MIT */
/*
 * An anniversary: a date of a person that comes back each year, with preparation before and a celebration on the day.
 * What is due when, which of it has been done, and a job for what comes next.
 *
 * The dates are yearly.h's; this adds how a team keeps them: at what time, how long before, and what becomes of a day on
 * which nobody works. Days are the person's own. Each occasion has stages, each of which happens once at most, whatever
 * crashes, and not at all when its time is over: a preparation is worth nothing on the day, a celebration nothing
 * on the next.
 *
 * The ritual at work plans one job for each person and kind, "anniversary" with the key "birthday/12". When it rings the
 * ritual asks anniversary_take for what is due until there is no more, and plans again. So a date that was changed in
 * between, or a day that passed while the daemon was off, needs no care of its own.
 *
 * Thread: any for anniversary_next, which is pure; the clerk for the rest.
 */
#pragma once

#include "core/turn.h"
#include "team/yearly.h"

enum anniversary_kind { ANNIVERSARY_BIRTHDAY, ANNIVERSARY_WORK, ANNIVERSARY_KINDS };
enum anniversary_stage { ANNIVERSARY_PREPARE, ANNIVERSARY_WISHES, ANNIVERSARY_DAY, ANNIVERSARY_STAGES };
/* What becomes of a day that is not worked. */
enum anniversary_move { ANNIVERSARY_KEEP, ANNIVERSARY_BEFORE, ANNIVERSARY_AFTER };

/* How a date is kept. */
struct anniversary_manner {
	int minute;			     /* of every stage, minutes after the person's midnight */
	int days_before[ANNIVERSARY_STAGES]; /* the day's own is 0; -1: the stage is left out */
	enum anniversary_move move;
	const struct calendar *calendar; /* NULL: the plain week */
};

/* One occasion. */
struct anniversary {
	char date[ZONE_DAY_SIZE]; /* the date itself; it names the occasion */
	char day[ZONE_DAY_SIZE];  /* when it is celebrated: the same, or moved */
	int64_t due_ms[ANNIVERSARY_STAGES], until_ms[ANNIVERSARY_STAGES]; /* worth doing from, and before; 0, 0: left out */
};

/*
 * The first occasion that is celebrated on or after from_day. Preparations fall on the working day before when theirs is not
 * worked. With a calendar, the celebration waits for the working time of that day when there is any left.
 * FALSE: there is none any more.
 */
gboolean anniversary_next(const struct yearly *date, const struct anniversary_manner *manner, GTimeZone *zone,
	const char *from_day, struct anniversary *out);

/* A date of a person, and how it is kept. */
struct anniversary_of {
	const struct person *person;
	enum anniversary_kind kind;
	struct yearly date;
	struct anniversary_manner manner;
	GTimeZone *zone; /* the person's */
};

/* "birthday", "anniversary": in keys, in the store, in exports. */
const char *anniversary_kind_name(enum anniversary_kind kind);
/* Reads a job's key. NULL: it is about nobody any more. */
const struct person *anniversary_read_key(struct turn *t, const char *key, enum anniversary_kind *kind);

/* The occasion of today or, when there is none, the next one. */
gboolean anniversary_at(struct turn *t, const struct anniversary_of *of, struct anniversary *out);
/* Plans the job for what comes next. */
void anniversary_plan(struct turn *t, const struct anniversary_of *of);
/* The next stage that is due now and was not done; it counts as done from here on. FALSE: no more. */
gboolean anniversary_take(struct turn *t, const struct anniversary_of *of, struct anniversary *out, enum anniversary_stage *stage);
/* Takes today's celebration, if it was not done, though its hour may be yet to come: two of one day share it. */
gboolean anniversary_take_day(struct turn *t, const struct anniversary_of *of, struct anniversary *out);
/* A stage that nobody has done in its time, which began after since_ms and is over; handed over by anniversary_pass. */
typedef void (*anniversary_missed)(struct turn *t, const struct anniversary_of *of, const struct anniversary *a, enum anniversary_stage stage);
/* Tells every stage that was missed since then, such as while the program was off. */
void anniversary_pass(struct turn *t, const struct anniversary_of *of, int64_t since_ms, anniversary_missed missed);
/* Whether the occasion was celebrated. */
gboolean anniversary_is_held(struct turn *t, const struct anniversary_of *of, const struct anniversary *a);
/* Nothing counts as done of the occasion at hand: what was passed over may be due after all. */
void anniversary_reopen(struct turn *t, const struct anniversary_of *of);
