/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

enum { WORD_LIMIT = 64 };

struct letters {
	int count; /* -1: too many */
	gunichar at[WORD_LIMIT];
};

static void spell(const char *word, struct letters *out)
{
	out->count = 0;
	for (const char *p = word; *p; p = g_utf8_next_char(p)) {
		if (out->count == WORD_LIMIT) {
			out->count = -1;
			return;
		}
		out->at[out->count++] = g_unichar_tolower(g_utf8_get_char(p));
	}
}

/* The optimal string alignment distance: Levenshtein's, with a swap of neighbours counted as one edit. */
static int distance(const struct letters *a, const struct letters *b)
{
	int rows[3][WORD_LIMIT + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2];
	for (int j = 0; j <= b->count; j++)
		last[j] = j;
	for (int i = 1; i <= a->count; i++) {
		row[0] = i;
		for (int j = 1; j <= b->count; j++) {
			gboolean same = a->at[i - 1] == b->at[j - 1];
			row[j] = MIN(MIN(last[j] + 1, row[j - 1] + 1), last[j - 1] + !same);
			if (i > 1 && j > 1 && a->at[i - 1] == b->at[j - 2] && a->at[i - 2] == b->at[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		int *oldest = before;
		before = last;
		last = row;
		row = oldest;
	}
	return last[b->count];
}

const char *nearest_word(const char *word, const char *const *candidates)
{
	struct letters wanted, known;
	const char *best = NULL;
	int least = G_MAXINT;
	spell(word, &wanted);
	if (wanted.count <= 0)
		return NULL;
	for (; *candidates; candidates++) {
		spell(*candidates, &known);
		if (known.count <= 0)
			continue;
		int far = distance(&wanted, &known);
		int longer = MAX(wanted.count, known.count);
		if (far < least && far < longer && far <= MAX(1, longer / 3)) {
			least = far;
			best = *candidates;
		}
	}
	return best;
}
