/* SPDX-License-Identifier: MIT */
/* The party: a garland, the month's children side by side with their names, everybody else before them. */
#include "picture/drawing.h"

static void paint_balloon(cairo_t *cr, double x, double y, double r, guint hue)
{
	brush_colour(cr, colour_of(0xB79BA8), 0.8);
	cairo_set_line_width(cr, 2);
	cairo_move_to(cr, x, y + r * 1.2);
	cairo_curve_to(cr, x + r * 0.3, y + r * 2, x - r * 0.3, y + r * 2.6, x, y + r * 3.4);
	cairo_stroke(cr);
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, 1, 1.18);
	cairo_pattern_t *light = cairo_pattern_create_radial(-r * 0.3, -r * 0.35, r * 0.1, 0, 0, r);
	struct colour colour = brush_bright(hue), shine = colour_mix(colour, colour_of(0xFFFFFF), 0.55);
	cairo_pattern_add_color_stop_rgba(light, 0, shine.r, shine.g, shine.b, 0.95);
	cairo_pattern_add_color_stop_rgba(light, 1, colour.r, colour.g, colour.b, 0.95);
	cairo_set_source(cr, light);
	brush_disc(cr, 0, 0, r);
	cairo_fill(cr);
	cairo_pattern_destroy(light);
	cairo_restore(cr);
	brush_colour(cr, brush_bright(hue), 0.95);
	cairo_move_to(cr, x, y + r * 1.12);
	cairo_line_to(cr, x - r * 0.12, y + r * 1.3);
	cairo_line_to(cr, x + r * 0.12, y + r * 1.3);
	cairo_close_path(cr);
	cairo_fill(cr);
}

static void paint_balloons(cairo_t *cr)
{
	static const struct spot left[] = { { 58, 330, 44 }, { 118, 420, 36 }, { 40, 470, 34 } };
	for (guint i = 0; i < G_N_ELEMENTS(left); i++) {
		paint_balloon(cr, left[i].x, left[i].y, left[i].r, i);
		paint_balloon(cr, LAYOUT_WIDTH - left[i].x, left[i].y + 14, left[i].r, i + 3);
	}
}

void party_draw(const struct drawing *d)
{
	const struct layout *l = &d->layout;
	const struct face_frame guest = { d->palette->ring, 0.07 }, star = { colour_of(0xFFC94D), 0.06 };
	brush_garland(d->cr, 4);
	paint_balloons(d->cr);
	for (guint i = 0; i < l->stars; i++) {
		brush_glow(d->cr, l->spots[i].x, l->spots[i].y, l->spots[i].r * 1.5, colour_of(0xFFD98A), 0.45);
		drawing_face(d, i, &star);
		brush_hat(d->cr, &l->spots[i], i);
		drawing_name(d, i);
	}
	for (guint i = l->stars; i < l->count; i++)
		drawing_face(d, i, &guest);
}
