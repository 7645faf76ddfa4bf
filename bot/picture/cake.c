/* SPDX-License-Identifier: MIT */
/*
 * The cake: layers of guests, the stars with hats and candles on top, their names in icing on the lowest one. Painted
 * from the plate upwards.
 */
#include "picture/drawing.h"

#include <math.h>

static double right_of(const struct box *b)
{
	return b->x + b->width;
}

static double bottom_of(const struct box *b)
{
	return b->y + b->height;
}

static void trace_edge(cairo_t *cr, const struct tier *t, double y, gboolean leftwards)
{
	enum { STEPS = 48 };
	for (int i = 0; i <= STEPS; i++) {
		double part = leftwards ? 1 - i / (double)STEPS : i / (double)STEPS, x = t->front.x + t->front.width * part;
		cairo_line_to(cr, x, y + tier_sag(t, x));
	}
}

static void trace_front(cairo_t *cr, const struct tier *t)
{
	cairo_new_path(cr);
	trace_edge(cr, t, t->front.y, FALSE);
	trace_edge(cr, t, bottom_of(&t->front), TRUE);
	cairo_close_path(cr);
}

/* Lit from the left, round to the right. */
static void paint_front(cairo_t *cr, const struct tier *t, struct colour colour)
{
	cairo_pattern_t *round = cairo_pattern_create_linear(t->front.x, 0, right_of(&t->front), 0);
	static const struct {
		double at, shade;
	} stops[] = { { 0, 0.20 }, { 0.12, 0.06 }, { 0.35, -0.20 }, { 0.75, 0.05 }, { 1, 0.30 } };
	for (gsize i = 0; i < G_N_ELEMENTS(stops); i++) {
		struct colour to = colour_of(stops[i].shade < 0 ? 0xFFFFFF : 0x5A1F3C), c = colour_mix(colour, to, fabs(stops[i].shade));
		cairo_pattern_add_color_stop_rgb(round, stops[i].at, c.r, c.g, c.b);
	}
	trace_front(cr, t);
	cairo_set_source(cr, round);
	cairo_fill(cr);
	cairo_pattern_destroy(round);
}

/* The upper side, as far as one sees it. */
static void paint_top(cairo_t *cr, const struct tier *t, struct colour icing, struct colour colour)
{
	double half = t->front.width / 2;
	cairo_save(cr);
	cairo_translate(cr, t->front.x + half, t->front.y);
	cairo_scale(cr, half, t->curve);
	brush_disc(cr, 0, 0, 1);
	cairo_restore(cr);
	brush_colour(cr, colour_mix(icing, colour, 0.22), 1);
	cairo_fill(cr);
}

/* Icing runs over the edge in drops of uneven length, the same on every cake. */
static void paint_drips(cairo_t *cr, const struct tier *t, struct colour icing)
{
	guint drops = (guint)(t->front.width / 34);
	double step = t->front.width / drops, longest = MIN(30, t->front.height * 0.24);
	cairo_save(cr);
	trace_front(cr, t);
	cairo_clip(cr);
	cairo_new_path(cr);
	trace_edge(cr, t, t->front.y - 1, FALSE);
	for (guint i = drops; i > 0; i--) {
		double right = t->front.x + i * step, left = right - step, middle = right - step / 2;
		double length = longest * (0.45 + 0.55 * fabs(sin(i * 2.4 + t->front.width)));
		double y = t->front.y + tier_sag(t, middle) + length;
		cairo_curve_to(cr, right - step * 0.10, y + longest * 0.35, left + step * 0.10, y + longest * 0.35, left,
			t->front.y + tier_sag(t, left) + longest * 0.25);
	}
	cairo_close_path(cr);
	brush_colour(cr, icing, 1);
	cairo_fill(cr);
	cairo_restore(cr);
}

static void paint_pearls(cairo_t *cr, const struct tier *t, struct colour icing)
{
	guint pearls = (guint)(t->front.width / 15);
	for (guint i = 0; i <= pearls; i++) {
		double u = -cos(G_PI * (i + 0.5) / (pearls + 1)); /* closer together towards the sides, as on a round cake */
		double x = t->front.x + t->front.width / 2 * (1 + u * 0.995), y = bottom_of(&t->front) + tier_sag(t, x) - 2;
		brush_disc(cr, x, y + 1.5, 6);
		brush_colour(cr, colour_of(0x5A1F3C), 0.22);
		cairo_fill(cr);
		brush_disc(cr, x, y, 6);
		brush_colour(cr, icing, 1);
		cairo_fill(cr);
	}
}

static void paint_tier(const struct drawing *d, const struct tier *t, struct colour colour)
{
	paint_front(d->cr, t, colour);
	paint_top(d->cr, t, d->palette->icing, colour);
	paint_drips(d->cr, t, d->palette->icing);
	paint_pearls(d->cr, t, d->palette->icing);
}

/* A layer above throws a shadow on the one below. */
static void paint_shadow(cairo_t *cr, const struct tier *above)
{
	double half = above->front.width / 2 + 16;
	cairo_save(cr);
	cairo_translate(cr, above->front.x + above->front.width / 2, bottom_of(&above->front) + above->curve * 0.35);
	cairo_scale(cr, half, above->curve + 6);
	brush_glow(cr, 0, 0, 1, colour_of(0x3A1020), 0.55);
	cairo_restore(cr);
}

static void paint_plate(const struct drawing *d, const struct tier *lowest)
{
	cairo_t *cr = d->cr;
	double half = lowest->front.width / 2 + 62, x = LAYOUT_WIDTH / 2.0, y = bottom_of(&lowest->front) + 6;
	for (int layer = 0; layer < 3; layer++) {
		cairo_save(cr);
		cairo_translate(cr, x, y + (layer == 0 ? 24 : layer == 1 ? 7 : 0));
		cairo_scale(cr, half + (layer == 0 ? 26 : 0), lowest->curve + 14);
		if (layer == 0)
			brush_glow(cr, 0, 0, 1, colour_of(0x2A0F1E), 0.5);
		else
			brush_disc(cr, 0, 0, 1);
		cairo_restore(cr);
		brush_colour(cr, layer == 1 ? colour_mix(d->palette->plate, colour_of(0x7A5570), 0.35) : d->palette->plate, 1);
		if (layer > 0)
			cairo_fill(cr);
	}
}

/* On both sides of the stars, as many on every cake: nobody's age. */
static void paint_candles(const struct drawing *d)
{
	const struct tier *top = &d->layout.tiers[0];
	double x = LAYOUT_WIDTH / 2.0, left = top->front.x + 34, right = x, height = 58;
	if (d->layout.stars > 0) {
		right = d->layout.spots[0].x - d->layout.spots[0].r - 22;
		height = CLAMP(d->layout.spots[0].r * 0.62, 46, 80);
	}
	guint each = right - left > 90 ? 3 : 2;
	for (guint i = 0; i < each; i++) {
		double at = left + (right - left) * i / (each - 1), y = top->front.y + tier_sag(top, at) * 0.4;
		brush_candle(d->cr, at, y, height, i);
		brush_candle(d->cr, LAYOUT_WIDTH - at, y, height, i + 3);
	}
}

/* A layer without guests is not bare. */
static void paint_sprinkles(const struct drawing *d, const struct tier *t)
{
	GRand *rand = g_rand_new_with_seed(7);
	for (int i = 0; i < 46; i++) {
		double x = t->front.x + 24 + (t->front.width - 48) * g_rand_double(rand);
		double y = t->front.y + t->curve + t->front.height * (0.3 + 0.55 * g_rand_double(rand)), angle = g_rand_double(rand) * G_PI;
		cairo_save(d->cr);
		cairo_translate(d->cr, x, y);
		cairo_rotate(d->cr, angle);
		brush_round_box(d->cr, &(struct box){ -8, -2.5, 16, 5 }, 2.5);
		brush_colour(d->cr, brush_bright(g_rand_int(rand)), 0.9);
		cairo_fill(d->cr);
		cairo_restore(d->cr);
	}
	g_rand_free(rand);
}

static void paint_tiers(const struct drawing *d)
{
	const struct layout *l = &d->layout;
	for (guint i = l->tier_count; i > 0; i--) {
		gboolean lettered = i == l->tier_count;
		paint_tier(d, &l->tiers[i - 1], lettered ? d->palette->lettered : d->palette->tiers[(i - 1) % G_N_ELEMENTS(d->palette->tiers)]);
		if (i > 1)
			paint_shadow(d->cr, &l->tiers[i - 2]);
	}
}

void cake_draw(const struct drawing *d)
{
	const struct layout *l = &d->layout;
	const struct face_frame guest = { d->palette->ring, 0.07 }, star = { colour_of(0xFFC94D), 0.065 };
	paint_plate(d, &l->tiers[l->tier_count - 1]);
	paint_tiers(d);
	if (l->count == l->stars)
		paint_sprinkles(d, &l->tiers[0]);
	for (guint i = l->stars; i < l->count; i++)
		drawing_face(d, i, &guest);
	paint_candles(d);
	for (guint i = 0; i < l->stars; i++) {
		brush_glow(d->cr, l->spots[i].x, l->spots[i].y, l->spots[i].r * 1.6, colour_of(0xFFD98A), 0.5);
		drawing_face(d, i, &star);
		brush_hat(d->cr, &l->spots[i], i);
	}
	g_autofree char *names = drawing_stars(d);
	letters_draw(&d->letters, &l->lettering, names,
		&(struct letters_style){ .colour = d->palette->letters, .size = 60, .bold = TRUE, .shaded = TRUE });
}
