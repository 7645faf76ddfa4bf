/* SPDX-License-Identifier: MIT */
/* The words that name a field (the table of rule 4). Used inside handlers/standup only. */
#pragma once

#include "handlers/standup/span.h"

/* LABEL_DAY ("today", 今天) means goals in format A and actions in format B. */
enum label {
	LABEL_RESULTS,
	LABEL_GOALS,
	LABEL_DAY,
	LABEL_ACTIONS,
	LABEL_RISKS,
	LABEL_BLOCKERS,
	LABEL_HELP,
	LABEL_COUNT
};

enum word_flags {
	TELLING = 1, /* ordinary talk does not put it before a colon */
	SHORT = 2,   /* a letter: only before a colon, only at a line's start */
};

struct word {
	const char *text; /* ASCII letters in lower case; NULL ends a list */
	enum label label;
	guint flags;
};

/* The words that may begin here, longer ones before shorter; a list that may be empty. */
const struct word *words_at(struct span s);

/* Where the word ends with which the text starts; NULL when it is another. ’ is an apostrophe. */
const char *word_end(const struct word *word, struct span s);
