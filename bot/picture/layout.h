/* SPDX-License-Identifier: MIT */
/*
 * Where everything goes on a picture: pure geometry in a canvas of LAYOUT_WIDTH x LAYOUT_HEIGHT. No two faces overlap, nor
 * does a face a text, and everything is inside; tests/unit/picture tries it with every number of people.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum {
	LAYOUT_WIDTH = 1200,
	LAYOUT_HEIGHT = 900,
	LAYOUT_SPOTS = 61, /* everybody, and one for those there is no room for */
	LAYOUT_TIERS = 6,
};

struct spot {
	double x, y, r;
};

struct box {
	double x, y, width, height;
};

/* A layer of a cake: its front, seen from a little above, so its upper and lower edges are curved downwards. */
struct tier {
	struct box front;
	double curve; /* how far the middle of an edge hangs lower than its ends */
};

struct layout {
	guint count, stars;
	struct spot spots[LAYOUT_SPOTS]; /* of people: the stars first */
	struct box headline;
	/* Texts under the faces on a party and a wall; width 0: there is none. */
	struct box names[LAYOUT_SPOTS], captions[LAYOUT_SPOTS];
	/* A cake's layers from the top; the last one carries the lettering. */
	struct tier tiers[LAYOUT_TIERS + 1];
	guint tier_count;
	struct box lettering;
};

/* stars: of the count. */
void layout_cake(guint count, guint stars, struct layout *out);
void layout_party(guint count, guint stars, struct layout *out);
void layout_wall(guint count, guint stars, struct layout *out);

/* How much lower the tier's edge is at x than at its ends. */
double tier_sag(const struct tier *tier, double x);
