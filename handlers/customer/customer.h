/* SPDX-License-Identifier: MIT */
/*
 * Customers' questions 客户: what a customer asks is answered within two hours and solved within a day of working time, unless a
 * policy says otherwise (kit/response.h). An enquiry has a number, a card in the team's channel whose thread is about it, and an
 * owner, who hears of it: whoever it was addressed to, or who has the duty or the turn of the role it names (kit/duty.h), else who
 * wrote it down. Buttons and words in the thread do the same.
 *
 *	open ──answered──▶ answered ──solved──▶ solved
 *	  ▲───────────────────┴──the customer asks on──┘
 *
 * While the customer owes something both clocks stand still; who said so and what it is are kept. The next question of a customer
 * begins the first answer's clock anew, and the earlier verdict stays; thanks are no question (courtesy.c). All that was done
 * stands in customer_deed, in its order, for whoever later asks who answered whom, when, and what came of it.
 *
 * Thread: the clerk.
 */
#pragma once

#include "core/ritual.h"
#include "kit/response.h"

extern const struct ritual ritual_customer;
extern const struct response_kind customer_promises;

/* What an enquiry may be; in the store as their names. */
#define CUSTOMER_OPEN	  "open"
#define CUSTOMER_ANSWERED "answered"
#define CUSTOMER_SOLVED	  "solved"
#define CUSTOMER_NONE	  "none" /* it was no question of a customer */

/* The longest question, in code points; and the longest name of a customer. */
enum { CUSTOMER_TEXT_LIMIT = 1000, CUSTOMER_NAME_LIMIT = 40 };

/* An enquiry as it is stored; texts live as long as the turn. */
struct enquiry {
	int64_t id;
	const char *key; /* its number as text */
	const struct team *team;
	const char *customer, *text, *role, *state, *waits_for;
	const struct person *owner; /* NULL: nobody yet */
	const struct person *by;    /* NULL: a program wrote it down */
	int64_t opened_ms;
};

/* ---- opening (customer.c) ---- */

struct customer_opening {
	const struct team *team;
	const char *customer;	     /* its name; "": not told */
	const char *text;	     /* the question, plain */
	const char *source, *external; /* who sends it, and its number there: of these there is one; NULL: somebody wrote it */
	const struct person *by;     /* NULL: a program */
	const struct person *owner;  /* to whom it is addressed; NULL: to nobody by name */
	const char *role;	     /* that it names; NULL: none */
	int64_t asked_ms;	     /* when the customer asked; 0: now */
};

/*
 * The enquiry's number; its card stands in the team's channel. What has that source and external number already is not opened a
 * second time: another text is its next question. 0: it is a courtesy, and nothing was opened.
 */
int64_t customer_open(struct turn *t, const struct customer_opening *opening);
/* The enquiry that a program calls so; 0: there is none. */
int64_t customer_find(struct turn *t, const char *source, const char *external);
/* What another program sends (pushed.c). */
void customer_pushed(struct turn *t, const struct event *event);

/* ---- reading ---- */

/* FALSE: there is no such enquiry, or no such team any more. key: its number as text. */
gboolean customer_read(struct turn *t, const char *key, struct enquiry *out);
gboolean customer_is_closed(const struct enquiry *e);
/* The customer's name, or "a customer". */
const char *customer_called(struct turn *t, const struct enquiry *e, enum language language);
/* Whether the person may answer it: its owner, whoever shares its role, and the team's managers. */
gboolean customer_may_answer(struct turn *t, const struct enquiry *e);
/* What it is waiting for now, by its clocks, in a few words: "in 0 h 40 min"; kept for the turn. */
const char *customer_left_text(struct turn *t, const struct enquiry *e, enum language language);

/* ---- what people do with it (deeds.c); each tells the event's person when it cannot be ---- */

/* FALSE, and said so: it is gone, or closed. */
gboolean customer_read_open(struct turn *t, const char *key, struct enquiry *e);
/* The same for the customer's next question, which whoever is of its team may bring: of a closed one too. */
gboolean customer_read_asked(struct turn *t, const char *key, struct enquiry *e);
/* Answers are the owner's; the rest also whoever wrote it down may tell. FALSE, and said so. */
gboolean customer_may(struct turn *t, const struct enquiry *e, gboolean answering);
/* words: what was said to the customer, "" when not told. why: "button", "words": for the history. */
void customer_answer(struct turn *t, const char *key, const char *words, const char *why);
/* The customer owes something: the clocks stand. */
void customer_wait(struct turn *t, const char *key, const char *what_for);
void customer_go_on(struct turn *t, const char *key);
void customer_solve(struct turn *t, const char *key, const char *outcome);
/* It was no question of a customer. */
void customer_drop(struct turn *t, const char *key);
/* The customer asks on; question: "" when it is the same one again. Opens it again when it was solved. */
void customer_ask(struct turn *t, const char *key, const char *question);
void customer_give(struct turn *t, const char *key, const struct person *owner);

/* ---- seeing it ---- */

/* The name of its card: of this turn. */
const char *customer_card_name(struct turn *t, const char *key);
/* Shows how it stands now. */
void customer_show(struct turn *t, const char *key);

/* ---- words in its thread (words.c) ---- */
gboolean customer_is_talked_about(struct turn *t, const struct event *event);
void customer_said(struct turn *t, const struct event *event);

/* What is open: the command "customers" (list.c). */
void customer_list(struct turn *t, const struct event *event, const char *rest);
/* What somebody had who has left. */
guint customer_held(struct turn *t, const struct person *gone, enum language language, struct message *m);
/* The open ones in a look, each with what the reader can do about it. */
void customer_look(struct turn *t, struct look *look);

/* Whether a text says nothing but thanks, good-bye or "fine": pure (courtesy.c). */
gboolean customer_is_courtesy(const char *text);
