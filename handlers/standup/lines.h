/* SPDX-License-Identifier: MIT */
/*
 * From a person's bytes to the lines that mean something: rules 1 to 3 (normalise, code fences, lines).
 * Used inside handlers/standup only.
 */
#pragma once

#include "handlers/standup/span.h"

struct line {
	struct span text; /* never empty */
	gboolean literal; /* of a code fence: no label, no list item, never split; keeps its leading blanks */
	gboolean indented;
};

struct lines {
	char *buffer;	   /* what the lines point into */
	GArray *list;	   /* of struct line; empty when nothing is left */
	gboolean too_long; /* and the lines are those of the first STANDUP_LIMIT code points */
};

/* Always fills *out; release it. mentions as in standup_parse. */
void lines_read(const char *text, gsize length, const char *const *mentions, struct lines *out);
void lines_release(struct lines *lines);

static inline const struct line *lines_at(const struct lines *lines, guint index)
{
	return &g_array_index(lines->list, struct line, index);
}

/* Rule 1 without mentions and limit: a new buffer, freed with g_free, and in *out what of it is left. */
char *lines_normalise(const char *text, gsize length, struct span *out);
