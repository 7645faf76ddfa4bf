/* SPDX-License-Identifier: MIT */
/*
 * From what a person wrote to an answer for each question of a round, or to what was not understood.
 *
 * Typed answers are a line for each question, in order, with or without its number before it ("1. …", "2、…"); between
 * numbered lines the others continue. One line may hold all of them with ; or | between. A single question takes the whole
 * text. Optional questions at the end may be left out; "-" and 无 leave out any of them.
 *
 *	number	12, 1,200, 3.5, -2, ３, "30 min", 3本		up to three decimals, within min and max
 *	choice	its number, its words, or the beginning of one option's words alone
 *	scale	a whole number within min and max: 4, 4/5, 4分
 *
 * Pure; any thread.
 */
#pragma once

#include "team/config.h"

enum { REPLY_LIMIT = 1200 /* code points of one answer */ };

enum reply_problem {
	REPLY_OK,
	REPLY_MISSING, /* a question that is not optional has none */
	REPLY_TOO_LONG,
	REPLY_NO_NUMBER,
	REPLY_OUT_OF_RANGE,
	REPLY_NO_OPTION,
	REPLY_NO_POINT, /* of a scale */
};

struct reply {
	enum reply_problem problem;
	char *text; /* what counts: a choice in its own words, "" when left out; after a problem, as it was written; owned */
	int64_t thousandths; /* of a number or a scale */
};

/* Reads one answer. */
struct reply reply_read(const struct config_question *question, const char *text);

struct replies {
	struct reply *list; /* one for each question; NULL: the text is no list of answers at all */
	guint count;
	guint parts; /* how many answers the text seems to hold */
};

/* questions: NULL-terminated. TRUE when all of them are answered well. Release `out` in any case. */
gboolean replies_read(struct config_question *const *questions, const char *text, struct replies *out);
/* The same of a form's inputs, `values` in the order of the questions; NULL is an empty one. */
gboolean replies_from_form(struct config_question *const *questions, const char *const *values, struct replies *out);
void replies_release(struct replies *replies);
/* How many of them have a problem. */
guint replies_problems(const struct replies *replies);

/* Thousandths as people write them, with that many decimals at most: "12.5", "3". Caller frees. */
char *reply_decimal(int64_t thousandths, int decimals);
