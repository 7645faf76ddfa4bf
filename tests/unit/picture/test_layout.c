/* SPDX-License-Identifier: MIT */
/* Every picture for every number of people and of stars: nothing overlaps, nothing leaves the canvas, nobody is a dot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "picture/layout.h"
#include "picture/wish.h"

static const struct {
	const char *name;
	void (*lay_out)(guint count, guint stars, struct layout *out);
	double least_r; /* of a face, with everybody there */
} kinds[] = {
	{ "cake", layout_cake, 22 },
	{ "party", layout_party, 22 },
	{ "wall", layout_wall, 25 },
};

static gboolean is_inside(const struct box *b)
{
	return b->x >= 0 && b->y >= 0 && b->x + b->width <= LAYOUT_WIDTH + 0.01 && b->y + b->height <= LAYOUT_HEIGHT + 0.01;
}

static struct box around(const struct spot *s)
{
	return (struct box){ s->x - s->r, s->y - s->r, 2 * s->r, 2 * s->r };
}

/* How far the nearest point of the box is from the middle of the face. */
static double distance_to(const struct spot *s, const struct box *b)
{
	double dx = MAX(MAX(b->x - s->x, s->x - b->x - b->width), 0), dy = MAX(MAX(b->y - s->y, s->y - b->y - b->height), 0);
	return hypot(dx, dy);
}

/* What is wrong with it; NULL: nothing. */
static const char *find_fault(const struct layout *l, double least_r)
{
	const struct box *boxes[3] = { &l->headline, &l->lettering, NULL };
	for (guint i = 0; i < l->count; i++) {
		struct box own = around(&l->spots[i]);
		if (!(l->spots[i].r >= least_r))
			return "a face is too small";
		if (!is_inside(&own))
			return "a face leaves the canvas";
		if (!is_inside(&l->names[i]) || !is_inside(&l->captions[i]))
			return "words leave the canvas";
		for (guint j = 0; j < i; j++) {
			if (hypot(l->spots[i].x - l->spots[j].x, l->spots[i].y - l->spots[j].y) < l->spots[i].r + l->spots[j].r)
				return "two faces overlap";
		}
		for (guint j = 0; j < l->count; j++) {
			if (l->names[j].width > 0 && distance_to(&l->spots[i], &l->names[j]) < l->spots[i].r - 0.01)
				return "a face covers a name";
			if (l->captions[j].width > 0 && distance_to(&l->spots[i], &l->captions[j]) < l->spots[i].r - 0.01)
				return "a face covers a caption";
		}
		for (gsize b = 0; boxes[b]; b++) {
			if (boxes[b]->width > 0 && distance_to(&l->spots[i], boxes[b]) < l->spots[i].r)
				return "a face covers a line";
		}
	}
	for (guint i = 0; i < l->tier_count; i++) {
		if (!is_inside(&l->tiers[i].front))
			return "the cake leaves the canvas";
	}
	return NULL;
}

static void nothing_overlaps(void **state)
{
	(void)state;
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		for (guint count = 1; count <= LAYOUT_SPOTS; count++) {
			for (guint stars = 0; stars <= MIN(count, WISH_STARS); stars++) {
				struct layout l;
				kinds[k].lay_out(count, stars, &l);
				const char *fault = find_fault(&l, kinds[k].least_r);
				if (fault)
					fail_msg("%s of %u, %u of them stars: %s", kinds[k].name, count, stars, fault);
			}
		}
	}
}

/* Who it is about stands out. */
static void stars_are_larger(void **state)
{
	(void)state;
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		for (guint count = 2; count <= LAYOUT_SPOTS; count++) {
			struct layout l;
			kinds[k].lay_out(count, 1, &l);
			if (l.spots[0].r <= l.spots[1].r * 1.15)
				fail_msg("%s of %u: %.0f and %.0f", kinds[k].name, count, l.spots[0].r, l.spots[1].r);
		}
	}
}

/* A cake's guests stand on their layer, and none on the lettered one. */
static void guests_stand_on_the_layers(void **state)
{
	(void)state;
	for (guint count = 2; count <= LAYOUT_SPOTS; count++) {
		struct layout l;
		layout_cake(count, 1, &l);
		for (guint i = 1; i < count; i++) {
			gboolean stands = FALSE;
			for (guint t = 0; t + 1 < l.tier_count; t++) {
				const struct box *front = &l.tiers[t].front;
				const struct spot *s = &l.spots[i];
				stands |= s->x - s->r > front->x && s->x + s->r < front->x + front->width && s->y - s->r > front->y &&
					  s->y + s->r < front->y + front->height + tier_sag(&l.tiers[t], s->x);
			}
			if (!stands)
				fail_msg("guest %u of %u", i, count);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_overlaps),
		cmocka_unit_test(stars_are_larger),
		cmocka_unit_test(guests_stand_on_the_layers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
