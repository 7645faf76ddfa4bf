/* SPDX-License-Identifier: MIT */
/*
 * Deals 商机 in chat: opened, moved and given away by a line, a press or a form; and stalls: who lets a deal stand for too long is
 * asked for a plan, the manager for an answer, both on a clock (kit/response.h), until it moves.
 *
 * Whose a deal is, decides what one may: the members of its team see it, its owner and who leads them change it, who leads
 * them answers the plan. For all others it does not exist.
 *
 * Files: deal.c (what wakes it), words.c (the command's words), change.c (what people do to a deal), card.c (how it is shown), form.c,
 * line.c (a new deal in one line: pure), pushed.c (by another program), look.c, watch.c (clocks and alerts), plan.c (the plan and its answer).
 */
#pragma once

#include "core/ritual.h"
#include "kit/response.h"
#include "kit/stall.h"

extern const struct ritual ritual_deal;
extern const struct response_kind deal_promises;

#define DEAL_TOPIC "deal"

/* ---- for others ---- */

/*
 * Looks at all deals that have changed: clocks begin, go on or end as their rows say. Whoever writes deals within a turn of this
 * ritual (deal_put) calls it before the turn ends; what a guest wrote is found when it knocks.
 */
void deal_settle_all(struct turn *t);

/* ---- reading, in a turn; a failure of the store is the turn's ---- */

/* An error of the store is the turn's; takes it, NULL: there is none. */
void deal_latch(struct turn *t, GError *take);

/* NULL: there is none. */
struct deal *deal_get(struct turn *t, gint64 id);
const struct team *deal_team(struct turn *t, const struct deal *deal);
/* NULL: the owner is gone. */
const struct person *deal_owner(struct turn *t, const struct deal *deal);
/* Who answers the owner's plans: whom the owner reports to, else the team's manager; NULL: nobody but the owner. */
const struct person *deal_manager(struct turn *t, const struct deal *deal);
gboolean deal_may_see(struct turn *t, const struct deal *deal);
gboolean deal_may_change(struct turn *t, const struct deal *deal);
gboolean deal_may_answer(struct turn *t, const struct deal *deal);
/*
 * The deal of the number at the beginning of `key`, when the event's person may see it, or change it; else NULL, and they have
 * been told.
 */
struct deal *deal_shown(struct turn *t, const char *key);
struct deal *deal_held(struct turn *t, const char *key);
const char *deal_stage_text(struct turn *t, const char *stage, enum language language);
/* "#17 华瑞 ¥120,000", kept for the turn. */
const char *deal_title(struct turn *t, const struct deal *deal);
/* The number alone, as buttons carry it. */
const char *deal_key(struct turn *t, const struct deal *deal);

/* ---- what people do; each answers the event's person ---- */

void deal_open(struct turn *t, const struct deal_news *news);
void deal_move(struct turn *t, const struct deal *deal, const struct config_stage *stage);
void deal_give(struct turn *t, const struct deal *deal, const struct person *owner);
void deal_set_amount(struct turn *t, const struct deal *deal, const struct money *amount);
/* day: NULL: there is no next step any more. */
void deal_set_step(struct turn *t, const struct deal *deal, const char *day, const char *words);
/* The command, after its word. */
void deal_command(struct turn *t, const struct event *event, const char *rest);
void deal_list_command(struct turn *t, const struct event *event, const char *rest);

/* ---- a new deal in one line ---- */

struct deal_line {
	char *customer;
	gboolean has_amount;
	struct money amount;
	const struct config_stage *stage; /* NULL: not told */
	char *owner;			  /* "@bo" or a mention; NULL: not told */
};
/* "华瑞 12万 谈判 @ana": the customer, then each of the others once, in any order. FALSE: it names no customer. */
gboolean deal_line_read(const struct config *config, const char *text, struct deal_line *out);
void deal_line_release(struct deal_line *line);

/* By the HTTP API (pushed.c). */
void deal_pushed(struct turn *t, const struct event *event);

/* ---- how it is shown ---- */

struct message *deal_card(struct turn *t, const struct deal *deal, enum language language);
/* The next step, and the last rows of its history. */
void deal_add_story(struct turn *t, const struct deal *deal, enum language language, struct message *m);
/* One line of a list. */
const char *deal_row(struct turn *t, const struct deal *deal, enum language language);
/* Into the next stage with one press. */
void deal_add_move(struct turn *t, const struct deal *deal, enum language language, enum message_style style, struct message *m);

/* ---- buttons and forms ---- */
void deal_show_pressed(struct turn *t, const struct event *event);
void deal_move_pressed(struct turn *t, const struct event *event);
void deal_new_pressed(struct turn *t, const struct event *event);
void deal_new_submitted(struct turn *t, const struct event *event);
void deal_new_form(struct turn *t);
void deal_next_pressed(struct turn *t, const struct event *event);
void deal_next_submitted(struct turn *t, const struct event *event);

/* ---- in a look, and in a standup's prompt (look.c) ---- */
void deal_look(struct turn *t, struct look *look);
/* Which of the person's deals have not moved, each with a button. */
void deal_ask(struct turn *t, const struct team *team, const struct person *person, enum language language, struct message *m);

/* ---- stalls ---- */

/* After a change: its clocks, and when it is looked at next. */
void deal_settle(struct turn *t, gint64 id);
void deal_stall_due(struct turn *t, const struct event *event);
void deal_look_due(struct turn *t, const struct event *event);
void deal_start(struct turn *t);
/* Somebody has left: what they were to answer is their successor's. */
void deal_entrust_all(struct turn *t);
/* The deal's stall that is open; NULL: it does not stand. */
struct stall *deal_stall(struct turn *t, const struct deal *deal);
struct stall *deal_stall_get(struct turn *t, gint64 id);
/* What its promises are called in kit/response; kept for the turn. */
const char *deal_subject(struct turn *t, gint64 stall);
void deal_plan_pressed(struct turn *t, const struct event *event);
void deal_plan_submitted(struct turn *t, const struct event *event);
/* The plan's card for who is to answer it. */
struct message *deal_plan_card(struct turn *t, const struct deal *deal, const struct stall *stall, enum language language);
/* The same to whom it is brought, with the time of its answer. */
void deal_bring_plan(struct turn *t, const struct deal *deal, const struct stall *stall, const struct team *team,
	const struct person *manager);
void deal_read_pressed(struct turn *t, const struct event *event);
void deal_approve_pressed(struct turn *t, const struct event *event);
void deal_advise_pressed(struct turn *t, const struct event *event);
void deal_meet_pressed(struct turn *t, const struct event *event);
void deal_answer_submitted(struct turn *t, const struct event *event);
/* Words "plan #17": the button, for a form needs a press. */
void deal_offer_plan(struct turn *t, const struct deal *deal);
