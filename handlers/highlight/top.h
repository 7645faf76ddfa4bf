/* SPDX-License-Identifier: MIT */
/*
 * Which highlights were applauded most. Pure: any thread.
 *
 * Three stand in front. What was applauded equally stands together: the last place is shared by all of its number, unless
 * they would be more than TOP_MOST in all; then those of that number are left out, for some of them could not be preferred.
 * Of one person's applause for another only TOP_PAIR voices count, so that two friends do not lift each other up.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum { TOP_PLACES = 3, TOP_MOST = 6, TOP_PAIR = 3 };

struct top_voice {
	gint64 highlight, whose, from;
};

struct top_place {
	gint64 highlight;
	int voices;
};

/* Those in front, struct top_place, the most applauded first, else in the order of their numbers; the caller unrefs. */
GArray *top_choose(const struct top_voice *voices, gsize count);
