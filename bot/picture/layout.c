/* SPDX-License-Identifier: MIT */
#include "picture/layout.h"

#include <math.h>

#define CENTRE (LAYOUT_WIDTH / 2.0)

static const struct box headline = { 80, 34, LAYOUT_WIDTH - 160, 84 };

/* Puts `count` faces side by side around the centre. */
static void place_row(struct layout *l, guint first, guint count, double pitch, double y, double r)
{
	double x = CENTRE - pitch * (count - 1) / 2.0;
	for (guint i = 0; i < count; i++, x += pitch)
		l->spots[first + i] = (struct spot){ x, y, r };
}

/* How many of `count` come into row `row` of `rows`, as even as possible, the fuller rows below. */
static guint share_of(guint count, guint row, guint rows)
{
	return count * (row + 1) / rows - count * row / rows;
}

/* ---- the cake ---- */

enum {
	PLATE = 812,	     /* what the cake stands on */
	LETTERED = 124,	     /* height of the layer with the lettering */
	TIER_MOST = 176,
	TIER_LEAST = 62,
};

#define HAT	     0.5  /* room above a star for its hat, of its radius */
#define FACE_OF_TIER 0.39 /* radius of a face, of its layer's height */
#define PITCH	     2.24 /* from face to face, in radii */

double tier_sag(const struct tier *tier, double x)
{
	double half = tier->front.width / 2, u = (x - tier->front.x - half) / half;
	return tier->curve * sqrt(MAX(0, 1 - u * u));
}

static struct tier make_tier(double width, double top, double height)
{
	return (struct tier){ { CENTRE - width / 2, top, width, height }, 6 + width * 0.016 };
}

/* The fewer people, the larger the one whom it is about. */
static double star_radius(guint stars, guint guests)
{
	static const struct {
		guint guests;
		double r;
	} sizes[] = { { 0, 140 }, { 7, 126 }, { 12, 112 }, { 24, 98 }, { G_MAXUINT, 88 } };
	gsize i = 0;
	while (guests > sizes[i].guests)
		i++;
	return MIN(sizes[i].r, stars > 1 ? 800.0 / (stars * 2.3) : sizes[i].r);
}

/* One way to build the layers between the lettered one and the stars. */
struct build {
	guint rows;
	double top_width, base_width, tier, r;
};

static double width_of(const struct build *b, guint row)
{
	return b->rows == 1 ? b->top_width : b->top_width + (b->base_width - b->top_width) * row / (b->rows - 1);
}

static guint seats(const struct build *b, guint row)
{
	return (guint)MAX(0, floor((width_of(b, row) - 0.9 * b->r) / (PITCH * b->r)));
}

static guint all_seats(const struct build *b)
{
	guint n = 0;
	for (guint row = 0; row < b->rows; row++)
		n += seats(b, row);
	return n;
}

/* The layers' width that suits their number: a small cake is no plank. */
static const struct {
	double top, base;
} widths[] = {
	{ 420, 480 }, { 440, 520 }, { 460, 600 }, { 500, 680 }, { 540, 760 }, { 580, 840 }, { 640, 900 }, { 720, 960 }, { 800, 1000 },
};

/* The highest layers of that number and width that seat everybody. rows 0: there are none. */
static struct build fit_build(guint rows, gsize width, guint guests, double star_row, double room)
{
	struct build b = { .rows = rows, .top_width = MAX(widths[width].top, star_row), .base_width = widths[width].base };
	b.base_width = MAX(b.base_width, b.top_width + 17 * (rows - 1));
	for (b.tier = MIN(TIER_MOST, room / rows); b.tier >= TIER_LEAST && b.base_width <= 1040; b.tier -= 4) {
		b.r = b.tier * FACE_OF_TIER;
		if (all_seats(&b) >= guests)
			return b;
	}
	return (struct build){ .rows = 0 };
}

/* The largest faces; of equally large ones the narrowest cake. */
static struct build find_build(guint guests, double star_row, double room)
{
	struct build best = { .rows = 0 };
	for (guint rows = 1; rows <= LAYOUT_TIERS; rows++) {
		for (gsize w = 0; w < G_N_ELEMENTS(widths); w++) {
			struct build b = fit_build(rows, w, guests, star_row, room);
			if (b.r > best.r + 0.5)
				best = b;
		}
	}
	return best;
}

/* The guests go to the rows as the rows have seats, the lower ones first where it does not come out even. */
static void seat_guests(struct layout *l, const struct build *b, guint first, guint guests)
{
	guint left = guests, seats_left = all_seats(b), at = first;
	for (guint row = 0; row < b->rows; row++) {
		guint here = MIN(seats(b, row), (left * seats(b, row)) / MAX(1, seats_left));
		const struct tier *tier = &l->tiers[row];
		double pitch = MIN(PITCH * b->r * 1.25, (tier->front.width - 0.9 * b->r) / MAX(1, here));
		place_row(l, at, here, pitch, tier->front.y + b->tier / 2 - b->r * 0.04, b->r);
		for (guint i = at; i < at + here; i++)
			l->spots[i].y += tier_sag(tier, l->spots[i].x);
		at += here;
		left -= here;
		seats_left -= seats(b, row);
	}
}

static void build_tiers(struct layout *l, const struct build *b)
{
	double top = PLATE - LETTERED - b->rows * b->tier;
	for (guint row = 0; row < b->rows; row++)
		l->tiers[row] = make_tier(width_of(b, row), top + row * b->tier, b->tier);
	double base = CLAMP(width_of(b, b->rows - 1) + 72, 520, 1080);
	l->tiers[b->rows] = make_tier(base, PLATE - LETTERED, LETTERED);
	l->tier_count = b->rows + 1;
	const struct tier *lettered = &l->tiers[b->rows];
	l->lettering = (struct box){ lettered->front.x + 44, lettered->front.y + 34 + lettered->curve, lettered->front.width - 88, 74 };
}

void layout_cake(guint count, guint stars, struct layout *out)
{
	guint guests = count - stars;
	double r = star_radius(stars, guests), star_row = stars * r * 2.3 + 150;
	double room = PLATE - LETTERED - (headline.y + headline.height + (2 + HAT) * r);
	struct build b = find_build(guests, star_row, room);
	*out = (struct layout){ .count = count, .stars = stars, .headline = headline };
	build_tiers(out, &b);
	/* They stand on the upper edge, a little towards us. */
	place_row(out, 0, stars, r * 2.3, out->tiers[0].front.y + out->tiers[0].curve * 0.6 - r, r);
	seat_guests(out, &b, stars, guests);
}

/* ---- rows of faces with words under them ---- */

struct grid {
	struct box room;
	guint rows;
	double pitch, row, r; /* r: of a face; row: a row's height */
	double hat, name, caption; /* heights of what stands above and under a face */
};

/* What a picture's faces have around them, in radii. */
struct manner {
	double most; /* the radius, in pixels */
	double hat, name, caption;
};

static const struct manner party_manner = { 128, HAT, 0.40, 0 }, wall_manner = { 130, 0.06, 0.40, 0.30 },
			   guest_manner = { 96, 0.06, 0.40, 0.30 };

/* The arrangement of the largest faces. */
static struct grid find_grid(struct box room, guint count, const struct manner *manner)
{
	struct grid best = { .room = room };
	for (guint rows = 1; rows <= count; rows++) {
		struct grid g = { .room = room, .rows = rows };
		guint columns = (count + rows - 1) / rows;
		g.pitch = room.width / columns;
		g.row = room.height / rows;
		g.r = MIN(manner->most, MIN(g.pitch / 2.24, g.row / (2.2 + manner->hat + manner->name + manner->caption)));
		g.hat = g.r * manner->hat;
		g.name = g.r * manner->name;
		g.caption = g.r * manner->caption;
		if (g.r > best.r)
			best = g;
	}
	/* Faces that could be larger than they shall be stand no further apart for it. */
	best.pitch = MIN(best.pitch, best.r * 2.9);
	return best;
}

static void place_grid(struct layout *l, guint first, guint count, const struct grid *g)
{
	guint at = first;
	double words = g->name + g->caption + g->r * 0.04, height = g->hat + 2 * g->r + words;
	double row = MIN(g->row, height + g->r * 0.4), y = g->room.y + (g->room.height - row * g->rows) / 2 + (row - height) / 2 + g->hat;
	for (guint i = 0; i < g->rows; i++, y += row) {
		guint here = share_of(count, i, g->rows);
		place_row(l, at, here, g->pitch, y + g->r, g->r);
		for (; here > 0; here--, at++) {
			double width = g->pitch * 0.90, x = l->spots[at].x - width / 2, under = y + 2 * g->r + g->r * 0.04;
			l->names[at] = (struct box){ x, under, width, g->name };
			l->captions[at] = (struct box){ x, under + g->name, g->caption > 0 ? width : 0, g->caption };
		}
	}
}

/* ---- the party ---- */

enum { CROWD_TOP = 640, CROWD_BOTTOM = 888 };

/* The others stand close together before us, row behind row. */
static void place_crowd(struct layout *l, guint first, guint guests)
{
	double best_r = 0;
	guint best_rows = 1;
	for (guint rows = 1; rows <= 5; rows++) {
		guint columns = (guests + rows - 1) / rows;
		double r = MIN(64, MIN(1140.0 / (columns * 2.12), (CROWD_BOTTOM - CROWD_TOP) / (rows * 2.1)));
		if (r > best_r + 0.5) {
			best_r = r;
			best_rows = rows;
		}
	}
	guint at = first;
	double row = best_r * 2.1, y = CROWD_BOTTOM - row * best_rows + best_r;
	for (guint i = 0; i < best_rows; i++, y += row) {
		guint here = share_of(guests, i, best_rows);
		place_row(l, at, here, best_r * 2.12, y, best_r);
		at += here;
	}
}

void layout_party(guint count, guint stars, struct layout *out)
{
	*out = (struct layout){ .count = count, .stars = stars, .headline = headline };
	out->headline.y += 72; /* under the garland */
	double top = out->headline.y + out->headline.height + 6, bottom = count > stars ? CROWD_TOP - 14 : LAYOUT_HEIGHT - 40;
	struct manner manner = party_manner;
	if (count == stars)
		manner.most = 160;
	struct grid g = find_grid((struct box){ 110, top, LAYOUT_WIDTH - 220, bottom - top }, stars, &manner);
	place_grid(out, 0, stars, &g);
	if (count > stars)
		place_crowd(out, stars, count - stars);
}

/* ---- the wall ---- */

void layout_wall(guint count, guint stars, struct layout *out)
{
	guint guests = count - stars;
	*out = (struct layout){ .count = count, .stars = stars, .headline = headline };
	double top = headline.y + headline.height + 30, bottom = LAYOUT_HEIGHT - 34;
	double split = guests == 0 ? bottom : stars == 0 ? top : top + (bottom - top) * (guests > 20 ? 0.36 : 0.46);
	if (stars > 0) {
		struct manner manner = wall_manner;
		if (guests == 0)
			manner.most = 165;
		struct grid g = find_grid((struct box){ 60, top, LAYOUT_WIDTH - 120, split - top }, stars, &manner);
		place_grid(out, 0, stars, &g);
	}
	if (guests > 0) {
		struct box room = { 40, split + (stars > 0 ? 16 : 0), LAYOUT_WIDTH - 80, bottom - split - (stars > 0 ? 16 : 0) };
		struct grid g = find_grid(room, guests, &guest_manner);
		place_grid(out, stars, guests, &g);
	}
}
