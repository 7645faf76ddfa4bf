/* SPDX-License-Identifier: MIT */
/*
 * Labels (rules 4 and 5): the words that name a field, the forms in which they count, and lines cut apart at
 * them. Used inside handlers/standup only.
 */
#pragma once

#include "handlers/standup/lines.h"
#include "handlers/standup/words.h"

/* A piece of an answer: a line, or the part of a line that belongs to one label. */
struct piece {
	guint slot;	  /* whose: an enum label here; the number of an item in an unlabelled message */
	struct span text; /* may be empty, untrimmed */
	gboolean literal; /* see struct line */
};

/* What the field gets of it: without blanks around and one list marker. */
struct span piece_text(const struct piece *piece);

struct labels {
	guint seen;	  /* 1 << label, for each that came */
	gboolean telling; /* one of them by a word that ordinary talk does not put before a colon */
};

/*
 * Cuts the lines into pieces (appended to `pieces`, an array of struct piece) and says which labels came.
 * What stands before the first label is left out; so without any label nothing is appended.
 */
struct labels labels_split(const struct lines *lines, GArray *pieces);
