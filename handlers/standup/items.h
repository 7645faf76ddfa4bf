/* SPDX-License-Identifier: MIT */
/*
 * A message without labels as three items (rule 7), and the day words that give them away.
 * Used inside handlers/standup only.
 */
#pragma once

#include "handlers/standup/labels.h"
#include "handlers/standup/parse.h"

/*
 * The line (or part of a line) that opens with a yesterday word, and the one with a today word, list markers
 * taken off. Found: the first line, after a heading, is one of the two.
 */
struct days {
	gboolean found;
	struct span yesterday, today;
};

struct days days_find(const struct line *lines, guint count);

/* Appends the pieces of three items (slots 0 to 2). On a problem *days is what there is of days. */
enum standup_problem items_split(const struct lines *lines, GArray *pieces, struct days *days);

/* Does one item alone open with yesterday, one with today? They are results and goals: fills `place` by slot. */
gboolean items_place(const GArray *pieces, gint8 place[3]);
