/* SPDX-License-Identifier: MIT */
/*
 * Own rounds: questions that a team asks itself again and again, from the configuration alone: the reading club's check-in,
 * the mood of the week.
 *
 * Everybody whom a round asks gets its questions by direct message and answers there, in one message, or by the form, or
 * with the command. It counts for the round that was held last; the latest answer stands, all versions are kept, and late ones
 * count until the next round. Editing the message corrects the answer, deleting it withdraws it. At the deadline a summary goes
 * to those who may read it, which the prompt has said.
 *
 * A person may have a standup and a round before them: words to the bot are for the prompt in whose thread they stand, else
 * for the one that came last and is not answered yet (kit/round.h). What clearly is a standup, with its labels, is one.
 *
 * Of an anonymous round the store knows who took part, and what was answered, and not whose that is. So such an answer can
 * neither be changed nor taken back, and comes too late after the deadline: else the change of the summary would tell. A
 * question that fewer than five have answered is not shown to anybody.
 *
 * A round's id is TEAM/NAME.
 *
 * In the sources: checkin.c (what wakes it, its commands), rounds.c (which rounds there are, on the mechanism of kit/round.h),
 * prompt.c (what people are asked), answer.c (from words to an entry), form.c, summary.c (what comes of it), replies.h (reading
 * answers).
 *
 * Thread: the clerk.
 */
#pragma once

#include "checkin/replies.h"
#include "checkin_sql.h"
#include "core/ritual.h"
#include "kit/round.h"

extern const struct ritual ritual_checkin;

/* Fewer answers than this are not shown of an anonymous round. */
enum { CHECKIN_ANONYMOUS_LEAST = 5 };

#define CHECKIN_GIVEN "given"

/* ---- rounds.c ---- */
extern const struct round_kind checkin_kind;
/* The round's own configuration. */
const struct config_round *checkin_config(const struct round *r);
gboolean checkin_find(struct turn *t, const char *id, struct round *out);
/*
 * The next round of the event's workspace after *out that concerns its person, who is asked, or a member or a manager of its
 * team; *out zeroed: the first. FALSE: no more.
 */
gboolean checkin_next(struct turn *t, struct round *out);
/* The one of that name: the channel's team's, else the first. */
gboolean checkin_named(struct turn *t, const char *name, struct round *out);
/* Plans the next rings, of all teams or of one. */
void checkin_plan(struct turn *t);
void checkin_rings(struct turn *t, const struct team *team, struct ring_list *list);
void checkin_plan_team(struct turn *t, const struct team *team);
/* The day for which an answer of the event's person counts now; NULL: the round was never held. Kept for the turn. */
const char *checkin_day(struct turn *t, const struct round *r);
gboolean checkin_is_closed(struct turn *t, const struct round *r, const char *day);
/* What the person's entry of that day is called ("given", …); NULL: there is none. Kept for the turn. */
const char *checkin_state(struct turn *t, const struct round *r, const char *day, const struct person *person);

/* ---- prompt.c ---- */
struct message *checkin_prompt(struct turn *t, const struct round *r, const char *day, const struct person *person);
struct message *checkin_reminder(struct turn *t, const struct round *r, const char *day, const struct person *person);
/* "Reading club · Fri 6 March". Kept for the turn. */
const char *checkin_title(struct turn *t, const struct round *r, const char *day, enum language language);
/* What may be answered: "a number from 0 to 100", "1 yes · 2 no"; "" for a text. Kept for the turn. */
const char *checkin_question_hint(struct turn *t, const struct config_question *question, enum language language);
/* Who reads the answers, and what becomes of them. Kept for the turn. */
const char *checkin_readers(struct turn *t, const struct round *r, enum language language);

/* ---- answer.c ---- */
/* Whether words answer a prompt of ours. */
gboolean checkin_is_for_us(struct turn *t, const struct event *event);
void checkin_said(struct turn *t, const struct event *event);
/* Whether an answer came by the event's message. */
gboolean checkin_is_ours(struct turn *t, const struct event *event);
void checkin_edited(struct turn *t, const struct event *event);
void checkin_deleted(struct turn *t, const struct event *event);
/* Text given to the command. */
void checkin_given(struct turn *t, const struct round *r, const char *text);
void checkin_skip(struct turn *t, const struct round *r);
/* Whether the event's person may answer now; tells them why not. *day: for which day. */
gboolean checkin_may_answer(struct turn *t, const struct round *r, const char **day);
/* Keeps good answers as those of the event's person. */
void checkin_save(struct turn *t, const struct round *r, const char *day, const struct replies *replies);
/* The problem with an answer in one sentence. Kept for the turn. */
const char *checkin_problem(struct turn *t, const struct config_question *question, const struct reply *reply);

/* ---- form.c ---- */
void checkin_open_form(struct turn *t, const struct round *r);
void checkin_form_pressed(struct turn *t, const struct event *event);
void checkin_form_submitted(struct turn *t, const struct event *event);
void checkin_form_lost(struct turn *t, const struct event *event);

/* ---- summary.c ---- */
/* What was answered on that day, as far as it may be shown. */
struct message *checkin_summary(struct turn *t, const struct round *r, const char *day, enum language language);
/* How the round stands, in the channel. */
struct message *checkin_board(struct turn *t, const struct round *r, const char *day);
/* The round is over: the summary goes to its readers. */
void checkin_close(struct turn *t, const struct round *r, const char *day);
/* Answers came or changed: what stands in the channel follows. */
void checkin_changed(struct turn *t, const struct round *r, const char *day);
/* Whether the event's person is one of the round's readers. */
gboolean checkin_may_read(struct turn *t, const struct round *r, const char *day);
