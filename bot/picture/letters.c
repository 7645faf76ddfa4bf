/* SPDX-License-Identifier: MIT */
#include "picture/letters.h"

#include <pango/pangocairo.h>

/* Noto has every script; pango finds the emoji by itself, and fontconfig what is missing. */
#define FAMILIES "Noto Sans, Noto Sans CJK SC, sans-serif"

/* Below this part of its size a text is rather shortened. */
#define SMALLEST 0.55

static PangoLayout *lay_out(const struct letters *l, const char *text, const struct letters_style *style)
{
	PangoLayout *layout = pango_cairo_create_layout(l->cr);
	PangoFontDescription *font = pango_font_description_from_string(FAMILIES);
	pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_MEDIUM);
	pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
	pango_context_set_language(pango_layout_get_context(layout), pango_language_from_string(l->language));
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, text, -1);
	return layout;
}

static void resize(PangoLayout *layout, double factor)
{
	PangoFontDescription *font = pango_font_description_copy(pango_layout_get_font_description(layout));
	pango_font_description_set_absolute_size(font, pango_font_description_get_size(font) * factor);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

static void fit(PangoLayout *layout, const struct box *box)
{
	int width, height;
	pango_layout_get_pixel_size(layout, &width, &height);
	double factor = MIN(1, MIN(box->width / MAX(1, width), box->height * 1.25 / MAX(1, height)));
	if (factor < 1)
		resize(layout, MAX(factor * 0.99, SMALLEST));
	if (factor < SMALLEST) {
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
		pango_layout_set_width(layout, (int)(box->width * PANGO_SCALE));
	}
}

/* The text's silhouette, so that an emoji has the shadow of one. */
static void draw_shade(cairo_t *cr, PangoLayout *layout, double x, double y, double distance)
{
	cairo_push_group(cr);
	cairo_move_to(cr, x, y + distance);
	cairo_set_source_rgb(cr, 0, 0, 0);
	pango_cairo_show_layout(cr, layout);
	cairo_pattern_t *silhouette = cairo_pop_group(cr);
	cairo_set_source_rgba(cr, 0.15, 0.02, 0.1, 0.38);
	cairo_mask(cr, silhouette);
	cairo_pattern_destroy(silhouette);
}

void letters_draw(const struct letters *l, const struct box *box, const char *text, const struct letters_style *style)
{
	if (!*text || box->width <= 0)
		return;
	PangoLayout *layout = lay_out(l, text, style);
	fit(layout, box);
	PangoRectangle ink, logical;
	pango_layout_get_pixel_extents(layout, &ink, &logical);
	double x = box->x + (box->width - logical.width) / 2 - logical.x, y = box->y + (box->height - logical.height) / 2;
	if (style->alone) {
		x = box->x + (box->width - ink.width) / 2 - ink.x;
		y = box->y + (box->height - ink.height) / 2 - ink.y;
	}
	if (style->shaded)
		draw_shade(l->cr, layout, x, y, MAX(1.5, style->size * 0.045));
	brush_colour(l->cr, style->colour, 1);
	cairo_move_to(l->cr, x, y);
	pango_cairo_show_layout(l->cr, layout);
	g_object_unref(layout);
}
