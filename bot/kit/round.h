/* SPDX-License-Identifier: MIT */
/*
 * Rounds: on a schedule an audience is asked the same questions, each person at their own local time; whoever has not
 * answered is reminded once; at the team's deadline the round is closed; meanwhile one board shows how it stands.
 *
 * A ritual says in a round_kind what is its own: which rounds there are, what is said, where its tables are. It keeps the
 * answers itself. A round has an id of the ritual's making, without a line break; each time it is held is known by its day,
 * which is the team's calendar day, and every person's own, on which it asks.
 *
 *	static const struct trigger triggers[] = {
 *		{ .kind = EVENT_DUE, .word = ROUND_ASK, .run = … round_ask_due(t, event, &my_kind) … },
 *
 * Four jobs, under the ritual's own name: "ask" for each person (key ID/PERSON), planned one ring ahead, "remind" (ID/DAY/PERSON),
 * "close" for each round (ID) and "board" (ID/DAY). A due job is a question: it reads who has answered, who is still there and
 * in the team, who is away, what the configuration says now and how late it is, and only then speaks.
 *
 * Thread: the clerk, within a turn.
 */
#pragma once

#include "core/turn.h"
#include "kit/ring.h"
#include "round_sql.h"

/* The jobs' words. */
#define ROUND_ASK    "ask"
#define ROUND_REMIND "remind"
#define ROUND_CLOSE  "close"
#define ROUND_BOARD  "board"

struct round_kind;

struct round {
	const struct round_kind *kind;
	const char *id;
	const char *topic;	     /* by which people mute it */
	const struct team *team;     /* whose channel, zone, calendar and language count */
	const struct person *const *people; /* who is asked, ends with NULL; NULL: the team's members but for its managers */
	struct ring_rules rules;     /* the days on which it is held, and when it asks then; of ring_rules */
	/*
	 * As the configuration has them, minutes after local midnight of the round's day, of later days from 1440 on; -1: never. On
	 * a day whose rule asks at another time all of them move along.
	 */
	int prompt_minute;	     /* each person's own */
	int remind_minute;	     /* each person's own */
	int deadline_minute;	     /* the team's for closing, each person's own for being late */
	gconstpointer own;	     /* the ritual's */
};

/* Statements get ID as $1 and DAY as $2. */
struct round_kind {
	const char *name; /* the ritual's; begins the names of its messages */
	/* Fills in the round of that id; FALSE: there is none, or no more. Texts in it last as long as the turn. */
	gboolean (*find)(struct turn *t, const char *id, struct round *out);
	/* What a person is told, in their language. */
	struct message *(*prompt)(struct turn *t, const struct round *r, const char *day, const struct person *person);
	struct message *(*reminder)(struct turn *t, const struct round *r, const char *day, const struct person *person);
	/* The deadline has come; called when anybody was asked. */
	void (*close)(struct turn *t, const struct round *r, const char *day);
	/* What stands in the channel; NULL: nothing shall. */
	struct message *(*board)(struct turn *t, const struct round *r, const char *day);

	const struct sql *answered; /* $3 person: has a row when nothing is expected of them any more */
	const struct sql *asked;    /* $3 person, $4 now: notes that they were asked */
	const struct sql *share;    /* from the day $2 to $3: two counts, of who was asked and who of them answered */
	const struct sql *open;	    /* the round of that day is there from now on */
	const struct sql *showing;  /* when its board was shown last, and the rest after it, milliseconds; no row: 0 and 0 */
	const struct sql *shown;    /* $3 now, $4 the rest */
};

/* ---- the day (round.c) ---- */
/* Plans the next ring for everybody who is asked, and the closing. What is planned already stays. */
void round_plan(struct turn *t, const struct round *r);
/* The jobs. */
void round_ask_due(struct turn *t, const struct event *event, const struct round_kind *kind);
void round_remind_due(struct turn *t, const struct event *event, const struct round_kind *kind);
void round_close_due(struct turn *t, const struct event *event, const struct round_kind *kind);
/* Adds what rings it has; for struct ritual's `rings`. */
void round_list(const struct round *r, struct ring_list *list);
/* Whether it is held on that day: by its rule and the team's calendar. */
gboolean round_is_held(const struct round *r, const char *day);
/* Asks everybody now who has not answered that day and was not asked yet, whatever the schedule says. How many. */
guint round_ask_now(struct turn *t, const struct round *r, const char *day);
/* When the team's deadline of that day is; FALSE: there is none. */
gboolean round_deadline(const struct round *r, const char *day, int64_t *at_ms);
/* The minute at which the person is asked that day: within their own working hours, if they have some. */
int round_ask_minute(const struct round *r, const struct person *person, const char *day);
/* Whether the person's own time to be asked that day has come. */
gboolean round_has_begun(struct turn *t, const struct round *r, const struct person *person, const char *day);
/* Whether at that instant the person's own deadline of that day has passed. */
gboolean round_is_over(struct turn *t, const struct round *r, const struct person *person, const char *day, int64_t at_ms);
/* How many of those who were asked from seven days before until the day before answered, in per cent; -1: nobody was asked. */
int round_share_before(struct turn *t, const struct round *r, const char *day);

/* ---- the people (round_people.c) ---- */
/* Whether the round asks this person, who is there and no bot. NULL: nobody. */
gboolean round_asks(const struct round *r, const struct person *person);
/* All whom it asks, borrowed, by name; for the caller to unref. */
GPtrArray *round_audience(const struct round *r);
/* Whether the person is away, or off by their own hours, when the round asks. */
gboolean round_is_away(struct turn *t, const struct round *r, const struct person *person, const char *day);
/* Who of them is neither in `done`, a set of struct person, nor away; by name. */
GPtrArray *round_missing(struct turn *t, const struct round *r, const char *day, GHashTable *done);
/* Whom it would ask, were they not away in the morning of that day; by name. */
GPtrArray *round_away(struct turn *t, const struct round *r, const char *day, GHashTable *done);
/* Moves those whose own deadline has not come yet out of `missing`. */
GPtrArray *round_split_waiting(struct turn *t, const struct round *r, const char *day, GPtrArray *missing);


/* ---- what an answer answers (round_prompts.c) ---- */
/*
 * A person may have several prompts before them, of different rituals. What they write to the bot directly is for the one in
 * whose thread it stands; else for the one that came last, of those of the last 24 hours that are not answered yet.
 */
struct round_prompt {
	const char *ritual, *id, *day; /* kept for the turn */
};
/* The prompt that the event's words answer; FALSE: none. */
gboolean round_find_prompt(struct turn *t, struct round_prompt *out);
/* The person has answered, in whichever way: what still waits to remind them is dropped. */
void round_answered(struct turn *t, const struct round *r, const char *day, const struct person *person);

/* ---- the board (round_board.c) ---- */
/* The board of that day changes: it is shown soon, once, however many answers come meanwhile. */
void round_touch_board(struct turn *t, const struct round *r, const char *day);
/* Another ritual has news for the board of that day: it is shown anew where it stands already. ritual: the round's. */
void round_touch_standing_board(struct turn *t, const char *ritual, const char *id, const char *day);
/* The job of it. */
void round_board_due(struct turn *t, const struct event *event, const struct round_kind *kind);
gboolean round_has_board(struct turn *t, const struct round *r, const char *day);
