/* SPDX-License-Identifier: MIT */
#include "picture/brush.h"

#include <math.h>

#define RGB(hex) { ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex) & 255) / 255.0 }

static const struct palette light = {
	.paper_above = RGB(0xFFFAF1),
	.paper_below = RGB(0xFFE4DA),
	.glow = RGB(0xFFFFFF),
	.ink = RGB(0x4A2338),
	.quiet = RGB(0x8D6A7A),
	.ring = RGB(0xFFFFFF),
	.icing = RGB(0xFFFDF9),
	.plate = RGB(0xFFFFFF),
	.tiers = { RGB(0xFFC9D9), RGB(0xFFE9BF), RGB(0xC6EBD8), RGB(0xD8CEF7), RGB(0xFFD3B3), RGB(0xC4E2F8) },
	.lettered = RGB(0xC7385F),
	.letters = RGB(0xFFF8EE),
};

static const struct palette dark = {
	.paper_above = RGB(0x17142F),
	.paper_below = RGB(0x3A2350),
	.glow = RGB(0xFFB777),
	.ink = RGB(0xFFF3E2),
	.quiet = RGB(0xC3B3D0),
	.ring = RGB(0xFFF7EC),
	.icing = RGB(0xFFF6EA),
	.plate = RGB(0xCDBFE0),
	.tiers = { RGB(0xF29DB8), RGB(0xF2D596), RGB(0x8FD3B6), RGB(0xB19EEA), RGB(0xF2B488), RGB(0x8FC4EC) },
	.lettered = RGB(0xA82A52),
	.letters = RGB(0xFFF3E2),
};

static const struct colour brights[] = { RGB(0xFF5D7E), RGB(0xFFB534), RGB(0x34C79A), RGB(0x4FA5F5), RGB(0x9B78F2), RGB(0xFF8A4C) };

const struct palette *palette_of(gboolean is_dark)
{
	return is_dark ? &dark : &light;
}

struct colour brush_bright(guint hue)
{
	return brights[hue % G_N_ELEMENTS(brights)];
}

struct colour colour_mix(struct colour a, struct colour b, double part)
{
	return (struct colour){ a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part, a.b + (b.b - a.b) * part };
}

void brush_colour(cairo_t *cr, struct colour c, double alpha)
{
	cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
}

void brush_disc(cairo_t *cr, double x, double y, double r)
{
	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, r, 0, 2 * G_PI);
}

static void add_stop(cairo_pattern_t *pattern, double at, struct colour c, double alpha)
{
	cairo_pattern_add_color_stop_rgba(pattern, at, c.r, c.g, c.b, alpha);
}

void brush_glow(cairo_t *cr, double x, double y, double r, struct colour c, double alpha)
{
	cairo_pattern_t *light_pattern = cairo_pattern_create_radial(x, y, 0, x, y, r);
	add_stop(light_pattern, 0, c, alpha);
	add_stop(light_pattern, 0.5, c, alpha * 0.4);
	add_stop(light_pattern, 1, c, 0);
	cairo_set_source(cr, light_pattern);
	brush_disc(cr, x, y, r);
	cairo_fill(cr);
	cairo_pattern_destroy(light_pattern);
}

void brush_round_box(cairo_t *cr, const struct box *b, double r)
{
	double right = b->x + b->width, bottom = b->y + b->height;
	cairo_new_sub_path(cr);
	cairo_arc(cr, right - r, b->y + r, r, -G_PI / 2, 0);
	cairo_arc(cr, right - r, bottom - r, r, 0, G_PI / 2);
	cairo_arc(cr, b->x + r, bottom - r, r, G_PI / 2, G_PI);
	cairo_arc(cr, b->x + r, b->y + r, r, G_PI, 1.5 * G_PI);
	cairo_close_path(cr);
}

/* ---- the paper ---- */

static void one_piece(cairo_t *cr, GRand *rand)
{
	double x = g_rand_double(rand) * LAYOUT_WIDTH, y = pow(g_rand_double(rand), 1.6) * LAYOUT_HEIGHT, size = 4 + 6 * g_rand_double(rand);
	struct colour colour = brush_bright(g_rand_int(rand));
	double aside = fabs(x - LAYOUT_WIDTH / 2.0) / (LAYOUT_WIDTH / 2.0); /* thinner where the faces are */
	gboolean round = g_rand_boolean(rand);
	double angle = g_rand_double(rand) * G_PI;
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, angle);
	brush_colour(cr, colour, 0.16 + 0.38 * aside * (1 - y / LAYOUT_HEIGHT));
	if (round)
		brush_disc(cr, 0, 0, size * 0.55);
	else
		brush_round_box(cr, &(struct box){ -size, -size * 0.36, 2 * size, size * 0.72 }, size * 0.3);
	cairo_fill(cr);
	cairo_restore(cr);
}

void brush_paper(cairo_t *cr, const struct palette *p, guint32 seed)
{
	cairo_pattern_t *sky = cairo_pattern_create_linear(0, 0, 0, LAYOUT_HEIGHT);
	add_stop(sky, 0, p->paper_above, 1);
	add_stop(sky, 1, p->paper_below, 1);
	cairo_set_source(cr, sky);
	cairo_paint(cr);
	cairo_pattern_destroy(sky);
	brush_glow(cr, LAYOUT_WIDTH / 2.0, 430, 620, p->glow, p == &dark ? 0.34 : 0.85);
	GRand *rand = g_rand_new_with_seed(seed);
	for (int i = 0; i < 110; i++)
		one_piece(cr, rand);
	g_rand_free(rand);
}

/* ---- things ---- */

static void flame(cairo_t *cr, double x, double y, double height, struct colour colour)
{
	double half = height * 0.30;
	brush_colour(cr, colour, 1);
	cairo_move_to(cr, x, y - height);
	cairo_curve_to(cr, x + half * 0.5, y - height * 0.62, x + half * 1.25, y - height * 0.40, x + half * 0.8, y - height * 0.12);
	cairo_curve_to(cr, x + half * 0.4, y + height * 0.05, x - half * 0.4, y + height * 0.05, x - half * 0.8, y - height * 0.12);
	cairo_curve_to(cr, x - half * 1.25, y - height * 0.40, x - half * 0.5, y - height * 0.62, x, y - height);
	cairo_fill(cr);
}

static void stripes(cairo_t *cr, double width, double height)
{
	cairo_set_line_width(cr, width * 0.42);
	cairo_set_source_rgba(cr, 1, 1, 1, 0.6);
	for (double y = -height - width; y < height; y += width * 1.15) {
		cairo_move_to(cr, -width * 1.5, y + width * 1.2);
		cairo_line_to(cr, width * 1.5, y - width * 1.2);
	}
	cairo_stroke(cr);
}

void brush_candle(cairo_t *cr, double x, double y, double height, guint hue)
{
	double width = height * 0.17;
	brush_glow(cr, x, y - height * 1.25, height * 0.8, colour_of(0xFFD27A), 0.42);
	cairo_save(cr);
	cairo_translate(cr, x, y);
	brush_round_box(cr, &(struct box){ -width / 2, -height, width, height }, width * 0.3);
	brush_colour(cr, brush_bright(hue), 1);
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	stripes(cr, width, height);
	cairo_restore(cr);
	brush_colour(cr, colour_of(0x5B3A2E), 1);
	cairo_set_line_width(cr, MAX(1.5, height * 0.03));
	cairo_move_to(cr, x, y - height);
	cairo_line_to(cr, x, y - height * 1.08);
	cairo_stroke(cr);
	flame(cr, x, y - height * 1.06, height * 0.40, colour_of(0xFFA726));
	flame(cr, x, y - height * 1.08, height * 0.22, colour_of(0xFFF3B0));
}

void brush_hat(cairo_t *cr, const struct spot *face, guint hue)
{
	double r = face->r, half = 0.42, width = r * half, height = r * 1.44;
	cairo_save(cr);
	cairo_translate(cr, face->x, face->y);
	cairo_rotate(cr, 0.40);
	cairo_new_path(cr); /* its brim is the face's upper edge */
	cairo_arc(cr, 0, 0, r * 0.96, -G_PI / 2 - half, -G_PI / 2 + half);
	cairo_line_to(cr, 0, -height);
	cairo_close_path(cr);
	brush_colour(cr, brush_bright(hue), 1);
	cairo_fill_preserve(cr);
	cairo_save(cr);
	cairo_clip(cr);
	stripes(cr, width * 0.7, height);
	cairo_restore(cr);
	cairo_new_path(cr);
	brush_disc(cr, 0, -height, r * 0.11);
	brush_colour(cr, brush_bright(hue + 1), 1);
	cairo_fill(cr);
	cairo_restore(cr);
}

/* Along a curve that hangs between the edges. */
static double garland_y(double y, double x)
{
	double u = x / LAYOUT_WIDTH * 2 - 1;
	return y + 46 * (1 - u * u);
}

void brush_garland(cairo_t *cr, double y)
{
	enum { FLAGS = 17 };
	double step = LAYOUT_WIDTH / (double)FLAGS;
	for (guint i = 0; i < FLAGS; i++) {
		double left = i * step + 4, right = (i + 1) * step - 4;
		cairo_move_to(cr, left, garland_y(y, left));
		cairo_line_to(cr, right, garland_y(y, right));
		cairo_line_to(cr, (left + right) / 2, garland_y(y, (left + right) / 2) + step * 0.85);
		cairo_close_path(cr);
		brush_colour(cr, brush_bright(i), 0.92);
		cairo_fill(cr);
	}
	cairo_move_to(cr, 0, garland_y(y, 0));
	for (double x = 0; x <= LAYOUT_WIDTH; x += 20)
		cairo_line_to(cr, x, garland_y(y, x));
	cairo_set_line_width(cr, 3);
	brush_colour(cr, colour_of(0xC9A27E), 1);
	cairo_stroke(cr);
}
