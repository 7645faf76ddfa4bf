/* SPDX-License-Identifier: MIT */
/*
 * The standup: three lines a day from everyone, and one board for the team.
 *
 * An answer may come as a reply in the thread of the prompt or the board, a direct message, a message in the team's
 * channel that clearly is one, a command, or a form. It counts for the person's own local day; the latest answer of
 * a day stands, all versions are kept. Editing the message corrects the answer, deleting it withdraws it. A good answer gets a ✅ and
 * a place on the board; one that cannot be read gets a hint that quotes what was understood.
 *
 * It is a round (kit/round.h): when who is asked, reminded and counted missing is told there.
 *
 * In the sources: standup.c (what wakes it, its commands), answer.c (from an event to an entry), board.c (the board
 * and what `show` tells), prompt.c (how it asks, beside what they wrote last), rhythm.c (the standup as a round, see kit/round.h),
 * form.c (the form), hint.c (what is said to a failed attempt), standing.c (trouble that stands for days), blockers.c (which of it are
 * blockers), promise.c (that a manager answers), parse.h (the parser), alike.h (the same in other words).
 *
 * Thread: the clerk.
 */
#pragma once

#include "core/ritual.h"
#include "kit/response.h"
#include "kit/round.h"
#include "standup/parse.h"
#include "standup_sql.h"

extern const struct ritual ritual_standup;

/* What an entry is called in the store. */
#define STANDUP_GIVEN	  "given"
#define STANDUP_WITHDRAWN "withdrawn"
#define STANDUP_SKIPPED	  "skipped"

/* ---- answer.c ---- */
/* Where an answer came from, as the export tells it. */
enum standup_source { STANDUP_CHANNEL, STANDUP_THREAD, STANDUP_DIRECT, STANDUP_COMMAND, STANDUP_FORM };

/* Whether words are an answer, or an attempt at one, that the standup must care for. */
gboolean standup_is_for_us(struct turn *t, const struct event *event);
/* Words said; already known to be for us. */
void standup_said(struct turn *t, const struct event *event);
void standup_edited(struct turn *t, const struct event *event);
void standup_deleted(struct turn *t, const struct event *event);
/* What stands in a channel, read after a gap: answers whose messages do not are withdrawn. */
void standup_stands(struct turn *t, const struct event *event);
/* Text given to the command. */
void standup_given(struct turn *t, const struct event *event, const char *text);
/* Keeps an accepted text as the person's answer in a team and brings the board up to date. */
void standup_save(struct turn *t, const struct team *team, const struct standup_text *text, enum standup_source source);
/* The team's format. */
enum standup_format standup_format_of(const struct team *team);
/*
 * The next team after `after` (NULL: the first) for which the event's person answers here: the channel's team; else
 * each team the person is a member of, or if of none, a manager. NULL: no more.
 */
const struct team *standup_next_team(struct turn *t, const struct team *after);
/* When it happened: the event's own time where it tells one. */
int64_t standup_time(const struct turn *t);

/* ---- board.c ---- */
/* The board as a card, in a reader's language; NULL: another day than today, without answers. */
struct message *standup_board(struct turn *t, const struct team *team, const char *day, enum language language);
/* One person's answer in full; NULL: none that day. */
struct message *standup_one(struct turn *t, const struct team *team, const char *day, const struct person *person);
/* The label of a field in a language. Kept for the turn. */
const char *standup_label(struct turn *t, enum standup_format format, guint position, enum language language);

/* The closing summary: who answered, trouble first, what everybody wants to reach, the share against the week before. */
struct message *standup_closing(struct turn *t, const struct team *team, const char *day, enum language language);

/* ---- prompt.c ---- */
/*
 * The prompt, with its button. person: who is asked privately and sees what they wanted to reach last time; NULL: in the channel,
 * where it opens a thread to answer in.
 */
struct message *standup_prompt(struct turn *t, const struct team *team, const struct person *person, const char *day,
	enum language language);
/*
 * What a person wanted to reach when they wrote last before that day, named with its date: that need not be yesterday. FALSE:
 * they wrote nothing for a month. Both kept for the turn.
 */
gboolean standup_last_goals(struct turn *t, const struct team *team, const struct person *person, const char *day,
	enum language language, const char **label, const char **goals);
/* Today's answer has just been kept: a private word, once, when it is nearly the last one over again. */
void standup_notice_copy(struct turn *t, const struct team *team, const char *day);

/* ---- standing.c ---- */
enum standup_decision { STANDUP_UNDECIDED, STANDUP_ESCALATED, STANDUP_PARKED, STANDUP_DROPPED };

/* A line of somebody's trouble that stands for the third working day or longer. */
struct standup_standing {
	gint64 person;
	guint field, days;
	enum standup_decision decision;
	const char *until; /* a day, when it is parked; else "" */
};

/* Whether a field of this format tells of trouble: risks in A, blockers and help in B. */
gboolean standup_is_trouble(enum standup_format format, guint position);
/* A person's answer of that day has just been kept: notes what stands, and asks its owner about it, once. */
void standup_find_standing(struct turn *t, const struct round *r, const struct person *person, const char *day,
	const struct standup_text *text);
/* All that stands in a team on that day; for the caller to unref. */
GArray *standup_standing_of(struct turn *t, const struct team *team, const char *day);
/* What a board says behind that person's field: how long it stands, what was decided; "" when it does not. Kept for the turn. */
const char *standup_standing_text(struct turn *t, const GArray *all, const struct person *person, guint field, enum language language);
void standup_escalate_pressed(struct turn *t, const struct event *event);
void standup_park_pressed(struct turn *t, const struct event *event);
void standup_drop_pressed(struct turn *t, const struct event *event);
void standup_until_submitted(struct turn *t, const struct event *event);

/* ---- blockers.c ---- */
/* A blocker of the team, and the field of that day's standup which it was made of. Texts are kept for the turn. */
struct standup_blocker {
	gint64 id;
	const char *text, *role;
	const char *parked_until; /* a day; "": it does not rest */
	const struct person *owner, *by; /* owner: NULL: nobody yet */
	int64_t opened_ms;
	gboolean open;
	int field; /* of the asker's standup; -1: none of them */
};
/* What is open in the team, and what was made of that day's lines; for the caller to unref. */
GArray *standup_blockers_of(struct turn *t, const struct team *team, const char *day);
/* That of a person's line of trouble: made of it, or open and telling of the same. NULL: none. */
const struct standup_blocker *standup_blocker_of(const GArray *blockers, const struct person *person, guint field, const char *text);
/* "→ blocker #7" behind such a line; "": there is none. Kept for the turn. */
const char *standup_blocker_text(struct turn *t, const struct standup_blocker *blocker, enum language language);
/* Those that are open, with their age and owner. */
void standup_write_blockers(struct turn *t, struct message *m, const struct team *team, const GArray *blockers, enum language language);
/* A button that makes one of a line. */
void standup_blocker_button(struct turn *t, struct message *m, const struct team *team, const char *day, const struct person *person,
	enum standup_format format, guint field, enum language language);

/* ---- feedback.c ---- */
/* An answer with a risk, a blocker or a call for help in it. All kept for the turn. */
struct standup_troubled {
	const char *day;
	const struct person *person;
	enum standup_format format;
	const char *fields[3];
	int64_t posted_ms, answered_ms; /* 0: nobody has */
};
/* Those of the days from .. to; for the caller to unref. */
GArray *standup_troubled_of(struct turn *t, const struct team *team, const char *from, const char *to);
/* Its lines of trouble, one below the other, in that language. */
void standup_write_trouble_of(struct turn *t, struct message *m, const struct team *team, const struct standup_troubled *s,
	const GArray *standing, enum language language);
/* The value of the button by which a manager answers it; the button. */
const char *standup_reply_key(struct turn *t, const struct team *team, const char *day, const struct person *person);
void standup_reply_button(struct turn *t, struct message *m, const struct team *team, const char *day, const struct person *person,
	enum language language);
/* Whether words in a thread may be a manager's to somebody's standup; and whether they were. */
gboolean standup_is_under_answer(struct turn *t, const struct event *event);
gboolean standup_take_reply(struct turn *t, const struct event *event);
gboolean standup_is_reaction(struct turn *t, const struct event *event);
void standup_reacted(struct turn *t, const struct event *event);
void standup_reply_pressed(struct turn *t, const struct event *event);
void standup_reply_submitted(struct turn *t, const struct event *event);

/* ---- promise.c ---- */
extern const struct response_kind standup_promises;
/* A person's answer of that day, or what managers have said to it, has changed: the promise of an answer follows. */
void standup_promise(struct turn *t, const struct team *team, const char *day, const struct person *person);
/* Until when it is to be answered, behind its lines of trouble. */
void standup_write_due(struct turn *t, struct message *m, const struct team *team, const struct standup_troubled *s, enum language language);
void standup_promise_due(struct turn *t, const struct event *event);

/* ---- evening.c ---- */
/* Plans the next evening's list of a team. */
void standup_plan_evening(struct turn *t, const struct team *team);
void standup_evening_due(struct turn *t, const struct event *event);
/* Adds what rings it has; for struct ritual's `rings`. */
void standup_evening_rings(const struct team *team, struct ring_list *list);
/* The command: how many were answered, and how fast. */
void standup_tell_feedback(struct turn *t, const struct event *event, const char *rest);
/* Its owner asks the managers for a decision about that line. */
void standup_call_managers(struct turn *t, const struct team *team, const char *day, const struct person *person);

/* ---- look.c ---- */
void standup_look(struct turn *t, struct look *look);
/* A manager reminds whoever is missing. */
void standup_nudge_pressed(struct turn *t, const struct event *event);

/* ---- rhythm.c ---- */
/* The team's standup as a round, of every team. */
struct round standup_round(struct turn *t, const struct team *team);
/* Plans the next ring for everybody in every team that is asked. */
void standup_plan(struct turn *t);
void standup_rings(struct turn *t, const struct team *team, struct ring_list *list);
/* Members came or went: plans and the boards of today follow. */
void standup_people_changed(struct turn *t, const struct event *event);
void standup_touch_board(struct turn *t, const struct team *team, const char *day);
/* The jobs. */
void standup_ask_due(struct turn *t, const struct event *event);
void standup_remind_due(struct turn *t, const struct event *event);
void standup_close_due(struct turn *t, const struct event *event);
void standup_board_due(struct turn *t, const struct event *event);

/* ---- form.c ---- */
void standup_open_form(struct turn *t, const struct team *team);
void standup_form_pressed(struct turn *t, const struct event *event);
void standup_form_submitted(struct turn *t, const struct event *event);
/* It did not open in time: says so, with a button. */
void standup_form_lost(struct turn *t, const struct event *event);

/* ---- hint.c ---- */
/* Says why it could not be read, quotes what was understood, names what is missing. where: in place, else privately. */
void standup_hint(struct turn *t, const struct standup_text *text, gboolean in_place, gboolean was_accepted);
/* The problem in one sentence. Kept for the turn. */
const char *standup_problem_text(struct turn *t, const struct standup_text *text);
