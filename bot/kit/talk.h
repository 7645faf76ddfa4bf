/* SPDX-License-Identifier: MIT */
/*
 * Talk about things with a number and a card, such as blockers and customers' questions: whom a sentence is addressed to, how they
 * hear that it is theirs, and the few words in a card's thread that do what its buttons do.
 *
 *	static const struct talk_word words[] = { { "done", TRUE, say_done }, { "plan", FALSE, say_plan }, { 0 } };
 *	const char *key = talk_key(t, event, "blocker/");
 *	if (key && !talk_obey(t, words, key, event->text)) …talk among people…
 *
 * Thread: the clerk, within a turn.
 */
#pragma once

#include "core/turn.h"
#include "kit/response.h"

struct talk_word {
	const char *word; /* in any language; one that ends with a colon needs it */
	gboolean whole;	  /* only when nothing but "." or "!" follows, for people use the word in sentences too */
	void (*run)(struct turn *t, const char *key, const char *rest);
};

/*
 * What stands after the prefix in the name of the card in whose thread it was said: a number as text, kept for the turn. NULL: it
 * was said elsewhere.
 */
const char *talk_key(struct turn *t, const struct event *event, const char *prefix);
/* Does what the text says when it begins with one of the words (the last has none); FALSE: it does not. */
gboolean talk_obey(struct turn *t, const struct talk_word *words, const char *key, const char *text);

/*
 * Who is to see to it: "… @ops" or "… @ana" at the end of a sentence, which is taken off it; else a role that it calls anywhere
 * ("@ops the offer waits", 报价没来@运营), for a person may just be spoken of. Both stay as they are when there is none. The sentence,
 * kept for the turn.
 */
const char *talk_take_addressee(
	struct turn *t, const struct team *team, const char *text, const char **role, const struct person **owner);

/* Whose something is from now on, and why. */
struct talk_owner {
	const struct person *person;	 /* NULL: nobody who is there */
	const struct person *instead_of; /* who is away; NULL: nobody */
	const char *role;		 /* that was called; "": none */
	const char *from;		 /* the name of who asks */
};

/*
 * The owner hears that it is theirs, by what the promises' kind says of the first answer; where nobody of the role that was called is
 * there, a manager of the team hears. At once while the first clock runs, else when they are not left alone any more; who did
 * it hears nothing.
 */
void talk_tell_owner(
	struct turn *t, const struct response_kind *kind, const struct team *team, const char *key, const struct talk_owner *owner);
/* The same of what the event's person has given to somebody. */
void talk_tell_given(
	struct turn *t, const struct response_kind *kind, const struct team *team, const char *key, const struct person *owner);
