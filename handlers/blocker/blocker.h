/* SPDX-License-Identifier: MIT */
/*
 * Blockers 卡点: what somebody cannot get past becomes somebody's problem within the hour. A blocker has a number, a card in the
 * team's channel whose thread is about it, an owner, and two promises (kit/response.h): that somebody takes it, and that
 * there is a plan. Buttons and words in the thread do the same. A line of somebody's standup becomes one by one press, once; in a
 * channel of quick response naming a role opens one. It is owned by whoever is on duty for its role, or whose turn it is. What
 * stands on its third working day is decided: escalated, parked until a date, or dropped.
 */
#pragma once

#include "blocker_sql.h"
#include "core/ritual.h"
#include "kit/response.h"

extern const struct ritual ritual_blocker;
extern const struct response_kind blocker_promises;

/* What a blocker may be; in the store as their names. */
#define BLOCKER_OPEN  "open"
#define BLOCKER_TAKEN "taken" /* by its owner */
#define BLOCKER_DONE  "done"
#define BLOCKER_NONE  "none" /* it was no blocker */

/* A blocker as it is stored; texts live as long as the turn. */
struct blocker {
	int64_t id;
	const struct team *team;
	const char *text, *role, *state, *plan;
	const struct person *by, *owner; /* owner: NULL: nobody yet */
	int64_t opened_ms;
	const char *from_day; /* of the standup whose line it was; NULL: of none */
	int64_t since_ms; /* from when the days that it stands are counted */
	int64_t asked_ms, escalated_ms; /* when it was asked what shall become of it, and who is above was called; 0: not yet */
	const char *parked_until; /* a day; "": it does not rest */
	const char *why; /* it rests, or was let go; "" */
	gboolean in_thread;   /* its card stands in the thread of the words that opened it */
	const struct person *instead_of; /* who is away, and the owner is in their place; NULL: nobody */
	int64_t merged_into;  /* 0: no other one */
};

enum { BLOCKER_TEXT_LIMIT = 1000 }; /* code points */

/* A line of trouble in somebody's standup. */
struct blocker_line {
	const struct team *team;
	const char *day;
	const struct person *person;
	guint field;
};

struct blocker_opening {
	const struct team *team;
	const char *text, *role; /* plain text; role: "" when none is named */
	const struct person *by, *owner; /* owner: to whom it is addressed; NULL: to nobody by name */
	const struct blocker_line *from; /* NULL: of none */
	gboolean in_thread; /* its card shall stand in the thread of the event's message */
};

/* FALSE: there is no such blocker, or no such team any more. key: its number as text. */
gboolean blocker_read(struct turn *t, const char *key, struct blocker *out);
/* The name of its card: of this turn. */
const char *blocker_card_name(struct turn *t, int64_t id);
/* The name of the message in whose thread it is talked about: the card, or the words that opened it. */
const char *blocker_thread_name(struct turn *t, const struct blocker *b);
/* Shows how it stands now. */
void blocker_show(struct turn *t, const char *key);
gboolean blocker_is_closed(const struct blocker *b);

/* Opens one with its promises and shows its card. Its key, kept for the turn. */
const char *blocker_open(struct turn *t, const struct blocker_opening *o);

/* ---- what people do with it; each tells the event's person when it cannot be ---- */
/* FALSE, and said so: it is gone, or closed. */
gboolean blocker_read_open(struct turn *t, const char *key, struct blocker *b);
/* Theirs now; what somebody else has taken stays that one's, until it is given. why: "button", "reply": for the history. */
void blocker_take(struct turn *t, const char *key, const char *why);
/* The same for anybody, without asking whether they may; owner: not NULL. */
void blocker_own(struct turn *t, const struct blocker *b, const char *key, const struct person *owner, const char *why);
void blocker_keep_plan(struct turn *t, const struct blocker *b, const char *key, const char *plan);
void blocker_set_plan(struct turn *t, const char *key, const char *plan);
/* state: BLOCKER_DONE or BLOCKER_NONE. */
void blocker_close(struct turn *t, const char *key, const char *state);
void blocker_reopen(struct turn *t, const char *key);

/* ---- what stands (standing.c) ---- */
/* Plans what comes next of it: the question of the third day, or the end of its rest. After it was opened or opened anew. */
void blocker_watch(struct turn *t, const char *key);
/* The same for all open ones of which nothing is planned: at the start. */
void blocker_watch_all(struct turn *t);
void blocker_stands_due(struct turn *t, const struct event *event);
void blocker_rest_due(struct turn *t, const struct event *event);
/* For who has it, or a manager; each says why when it cannot be. */
void blocker_escalate(struct turn *t, const char *key);
void blocker_resume(struct turn *t, const char *key);
void blocker_escalate_pressed(struct turn *t, const struct event *event);
void blocker_park_pressed(struct turn *t, const struct event *event);
void blocker_rest_submitted(struct turn *t, const struct event *event);
void blocker_drop_pressed(struct turn *t, const struct event *event);
void blocker_end_submitted(struct turn *t, const struct event *event);
void blocker_resume_pressed(struct turn *t, const struct event *event);
/* rest: what follows the word: "until 03-06 why", "why". */
void blocker_say_park(struct turn *t, const char *key, const char *rest);
void blocker_say_drop(struct turn *t, const char *key, const char *rest);

/* A number, "#12", and what follows it; rest: NULL: nothing may. NULL: there is none. Kept for the turn. */
const char *blocker_number(struct turn *t, const char *text, const char **rest);

/* ---- channels of quick response (quick.c) ---- */
gboolean blocker_is_quick(struct turn *t, const struct event *event);
void blocker_quick_said(struct turn *t, const struct event *event);

/* ---- what is open (list.c) ---- */
gboolean blocker_may_see(const struct turn *t, const struct blocker *b);
gboolean blocker_may_see_team(const struct turn *t, const struct team *team);
/* FALSE: the word is none of mine, team, all. They are no sub-commands, which could stand alone: they are words of any talk. */
gboolean blocker_list_named(struct turn *t, const char *word);
/* What somebody had who has left. */
guint blocker_held(struct turn *t, const struct person *gone, enum language language, struct message *m);
void blocker_list_command(struct turn *t, const struct event *event, const char *rest);

/* ---- what happened to it (history.c) ---- */
enum blocker_event {
	BLOCKER_WAS_OPENED,   /* other: its owner, or NULL; detail: the role */
	BLOCKER_WAS_TAKEN,    /* other: who has it now */
	BLOCKER_WAS_PLANNED,  /* detail: the plan */
	BLOCKER_WAS_GIVEN,    /* other: to whom */
	BLOCKER_WAS_SOLVED,
	BLOCKER_WAS_NONE,
	BLOCKER_WAS_REOPENED,
	BLOCKER_WAS_ESCALATED,
	BLOCKER_WAS_PARKED,   /* detail: the day and why */
	BLOCKER_WAS_RESUMED,
	BLOCKER_WAS_DROPPED,  /* detail: why */
	BLOCKER_WAS_MERGED,   /* detail: "#12", into which */
	BLOCKER_TOOK_IN,      /* detail: "#13", which */
};
/* Now, by the event's person. */
void blocker_note(struct turn *t, gint64 id, enum blocker_event what, const struct person *other, const char *detail);
void blocker_show_history(struct turn *t, const char *key);

/* ---- it is given to somebody (give.c) ---- */
void blocker_give(struct turn *t, const char *key, const struct person *owner);
void blocker_give_pressed(struct turn *t, const struct event *event);
void blocker_give_submitted(struct turn *t, const struct event *event);

/* ---- two that are the same (merge.c) ---- */
void blocker_merge(struct turn *t, const char *one, const char *other);
void blocker_merge_pressed(struct turn *t, const struct event *event);
void blocker_merge_submitted(struct turn *t, const struct event *event);

/* ---- words in a blocker's thread (words.c) ---- */
gboolean blocker_is_talked_about(struct turn *t, const struct event *event);
void blocker_said(struct turn *t, const struct event *event);

/* ---- in a look (look.c) ---- */
void blocker_look(struct turn *t, struct look *look);
/* A manager reminds whoever has it. */
void blocker_remind_pressed(struct turn *t, const struct event *event);

/* ---- a standup's line becomes a blocker (line.c) ---- */
/* The button beside the line; its value: FIELD/PERSON/DAY/TEAM. */
void blocker_line_pressed(struct turn *t, const struct event *event);
/* "blocker" or "卡点", and no more, in the thread of somebody's standup: all its lines of trouble. */
gboolean blocker_is_line_meant(struct turn *t, const struct event *event);
void blocker_line_meant(struct turn *t, const struct event *event);

/* The card, in the team's language. */
struct message *blocker_card(struct turn *t, const struct blocker *b);
