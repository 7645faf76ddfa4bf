/* SPDX-License-Identifier: MIT */
/*
 * Rings: when a ritual rings for a team, and what became of each ring.
 *
 * A ritual's usual rule is the configuration's. A manager's command puts another in its place from a day on, until it is taken
 * back; so a round that is under way keeps its day. ring_rules holds those that count now, and ring_rule_on says which one a
 * local day has: whoever plans asks for each day anew.
 *
 * Every ring leaves a row, also the one that did not ring: a holiday, too late because the program was off, away, switched off,
 * nobody there. A ring has one row for each local day, written in the transaction of what it did, so it rings once whatever
 * crashes. Rows are forgotten after 400 days.
 *
 * Thread: the clerk, within a turn.
 */
#pragma once

#include "base/clock.h"
#include "core/quiet.h"
#include "core/ritual.h"
#include "team/recurrence.h"

/* ---- rules ---- */

enum { RING_RULES_MOST = 5 };

struct ring_rule {
	char from[ZONE_DAY_SIZE];	/* the first local day that has it; "": always had */
	const struct recurrence *rule;	/* kept for the turn */
	gboolean is_off;		/* a manager has switched it off: it would ring then */
	const char *by;			/* who said so; "": the configuration */
};

struct ring_rules {
	guint count; /* at least one */
	struct ring_rule of[RING_RULES_MOST]; /* the earliest first */
};

/* The rules of a team's ritual, by what people call it; takes the usual one, which the turn keeps. */
struct ring_rules ring_rules(struct turn *t, const struct team *team, const char *topic, struct recurrence *take_usual);
const struct ring_rule *ring_rule_on(const struct ring_rules *rules, const char *day);
/* What becomes of a local day by its rule; as recurrence_on. Switched off is RECURRENCE_OFF, with no holiday (NULL). */
enum recurrence_day ring_day(const struct ring_rules *rules, const struct team *team, const char *day, const char **holiday);
/* The first ring after that instant; FALSE: none within a year. */
gboolean ring_next(const struct ring_rules *rules, const struct team *team, GTimeZone *zone, int64_t after_ms, int64_t *at_ms);

/* ---- what rings a team has ---- */

/* One of a ritual's rings, such as asking and closing: the job's word, and texts for what became of it. */
struct ring_part {
	const char *word;
	const char *rung;   /* text key, {names}: "asked Ana, Bo"; {names} is empty for a ring of the team */
	const char *silent; /* text key, {names}: "not asked: Ana, Bo" */
};

struct ring_line {
	const char *ritual, *id; /* whose jobs they are; their keys are ID or begin with ID/ */
	const char *topic;	 /* what people call it */
	const char *titles[LANGUAGE_COUNT]; /* what else they call it; NULL: its topic's title, or nothing */
	const struct ring_part *parts; /* ends with one without a word */
	struct ring_rules rules; /* none (count 0): it rings on days of people or of another ring, and only ring_lines_with_days has it */
	int minutes;		 /* that it lasts; 0: it does not */
	gboolean personal;	 /* each person at their own local time */
	gboolean is_managers;	 /* only they hear it: it stands in nobody's calendar */
	gboolean asks_all;	 /* whoever it asks has a row each time */
	/* Whether the turn's person may hear what became of somebody's part; NULL: of all. And a text key that says so; NULL: none. */
	gboolean (*may_tell)(struct turn *t, const struct person *person, const char *part);
	const char *note;
};

/* Filled by struct ritual's `rings`. */
struct ring_list {
	GArray *lines; /* struct ring_line */
};

/* All rituals' rings of a team that have rules; or also those without, on days of people or of another ring. For the caller to unref. */
GArray *ring_lines(struct turn *t, const struct team *team);
GArray *ring_lines_with_days(struct turn *t, const struct team *team);

/*
 * Another rule from a day on: words as recurrence_words has them, "off", or "" for the configuration's. The jobs of that ring
 * are woken, and find their new time.
 */
void ring_change(struct turn *t, const struct team *team, const struct ring_line *line, const char *from, const char *words);

/* ---- what became of them ---- */

enum ring_outcome {
	RING_RUNG,
	RING_ANSWERED, /* it was no longer needed */
	RING_HOLIDAY,  /* detail: its name */
	RING_LATE,     /* detail: minutes */
	RING_AWAY,
	RING_OFF_WORK, /* by their own working hours */
	RING_ALL_AWAY,
	RING_NOBODY, /* nobody was asked, or nobody is there */
	RING_OFF,    /* switched off by a manager */
	RING_QUIET,  /* there was nothing to tell */
	RING_MUTED,  /* the person does not want it */
	RING_REPEATED, /* there was a reminder about it that day */
	RING_WORTHLESS, /* by the time it might have disturbed them */
	RING_NO_ACCOUNT, /* in the team's workspace */
	RING_WAITED, /* for the end of the person's quiet hours */
	RING_DIGEST, /* for the day's digest */
	RING_UNASKED, /* the person had not said yes */
	RING_MOVED,  /* detail: the day to which it was */
	RING_OUTCOME_COUNT,
};

struct ring {
	const char *topic;
	const struct team *team;
	const struct person *person; /* NULL: of the whole team */
	const char *part;	     /* which of the ritual's rings: its job's word */
};

/* What became of the ring of that local day, planned for that instant. A row that stands is left alone. */
void ring_note(struct turn *t, const struct ring *ring, const char *day, int64_t planned_ms, enum ring_outcome outcome);
/* The same, and that it was moved to another day. */
void ring_note_moved(struct turn *t, const struct ring *ring, const char *day, int64_t planned_ms, const char *to_day);
gboolean ring_is_noted(struct turn *t, const struct ring *ring, const char *day);
/* Of a ring that tells somebody something: by what became of its message. */
enum ring_outcome ring_outcome_of(enum quiet_fate fate);
/* Of somebody who is away at that minute of that day: RING_AWAY or RING_OFF_WORK. */
enum ring_outcome ring_outcome_away(const struct turn *t, const struct person *person, const char *day, int minute);
const char *ring_outcome_name(enum ring_outcome outcome);

/* ---- a ring as its job sees it ---- */

struct ring_bell {
	struct ring ring;
	const struct ring_rules *rules;
	GTimeZone *zone;    /* whose local time counts */
	gboolean fits;	    /* it moves into the person's own working hours (hours_fit) */
	int after_minutes;  /* that it comes after the rule's own minute, on the same day or a later one */
	int64_t grace_ms;   /* how late it is still worth something */
	/* Whether it rings on a day that is none by the rule, such as that of a round begun by hand; NULL: never. */
	gboolean (*begun)(struct turn *t, gconstpointer of, const char *day);
	gconstpointer of;
};

/* That of a part of a team's rules which is worth something as long as its day lasts, such as a post. rules: borrowed. */
struct ring_bell ring_bell_of_day(
	struct turn *t, const struct team *team, const struct ring_rules *rules, const char *topic, const char *part);
/* The first after that instant, also of a day on which it will not ring and say why; FALSE: none within a year. */
gboolean ring_bell_next(const struct ring_bell *bell, int64_t after_ms, int64_t *due_ms);
/* Its next one becomes the job of that word, with the team's name as key; none when there is none. */
void ring_bell_plan(struct turn *t, const struct ring_bell *bell, const char *job);
/*
 * Goes through the rings that have come since the job was due, of one day when all is well, of many after a time off: notes which
 * did not ring and why. TRUE: one is to ring now and to be noted, *at_ms and day are its own.
 */
gboolean ring_bell_rings(struct turn *t, const struct ring_bell *bell, int64_t due_ms, char day[static ZONE_DAY_SIZE], int64_t *at_ms);

/* ---- when the program was off ---- */

/* The job of the heart's beat: notes that the program lives, and from when until when it did not; forgets what is old. */
#define RING_BEAT_MS MINUTES(10)
void ring_beat(struct turn *t);
