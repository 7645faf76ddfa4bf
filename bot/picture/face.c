/* SPDX-License-Identifier: MIT */
#include "picture/face.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "picture/initials.h"

/* ---- reading ---- */

/* No GIF: its loader takes whatever size a frame claims, gigabytes, before it can be asked; platforms serve none as faces. */
static const struct {
	const char *name, *magic;
	gsize offset;
} formats[] = {
	{ "png", "\x89PNG\r\n\x1a\n", 0 },
	{ "jpeg", "\xff\xd8\xff", 0 },
	{ "webp", "WEBP", 8 },
};

static const char *format_of(const char *bytes, gsize length)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		gsize magic = strlen(formats[i].magic);
		if (length >= formats[i].offset + magic && memcmp(bytes + formats[i].offset, formats[i].magic, magic) == 0)
			return formats[i].name;
	}
	return NULL;
}

struct reading {
	gboolean too_large;
};

/* Known before anything is decoded. A loader that can scale while it decodes is told to. */
static void size_known(GdkPixbufLoader *loader, int width, int height, gpointer data)
{
	struct reading *reading = data;
	double factor = 2.0 * FACE_PIXELS / MAX(1, MIN(width, height));
	reading->too_large = width > FACE_SIDE_MOST || height > FACE_SIDE_MOST || width < 1 || height < 1;
	if (reading->too_large)
		gdk_pixbuf_loader_set_size(loader, 1, 1);
	else if (factor < 1)
		gdk_pixbuf_loader_set_size(loader, MAX(1, (int)(width * factor)), MAX(1, (int)(height * factor)));
}

enum { PIECE = 4096 };

/* By pieces, so that what is too large stops before it is decoded. A file cut short may still show something. */
static void feed(GdkPixbufLoader *loader, const guchar *bytes, gsize length, const struct reading *reading)
{
	gboolean good = TRUE;
	for (gsize at = 0; good && at < length && !reading->too_large; at += PIECE)
		good = gdk_pixbuf_loader_write(loader, bytes + at, MIN(PIECE, length - at), NULL);
	gdk_pixbuf_loader_close(loader, NULL);
}

static GdkPixbuf *decode(GBytes *image)
{
	gsize length;
	const char *bytes = g_bytes_get_data(image, &length), *format = format_of(bytes, length);
	GdkPixbufLoader *loader = format ? gdk_pixbuf_loader_new_with_type(format, NULL) : NULL;
	if (!loader)
		return NULL;
	struct reading reading = { FALSE };
	g_signal_connect(loader, "size-prepared", G_CALLBACK(size_known), &reading);
	feed(loader, (const guchar *)bytes, length, &reading);
	GdkPixbuf *pixbuf = reading.too_large ? NULL : gdk_pixbuf_loader_get_pixbuf(loader);
	GdkPixbuf *upright = pixbuf ? gdk_pixbuf_apply_embedded_orientation(pixbuf) : NULL;
	g_object_unref(loader);
	return upright;
}

/* The middle square, in FACE_PIXELS at most. */
static GdkPixbuf *cut_square(GdkPixbuf *pixbuf)
{
	int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf), side = MIN(width, height);
	int pixels = MIN(side, FACE_PIXELS);
	GdkPixbuf *square = gdk_pixbuf_new_subpixbuf(pixbuf, (width - side) / 2, (height - side) / 2, side, side);
	GdkPixbuf *small = gdk_pixbuf_scale_simple(square, pixels, pixels, GDK_INTERP_BILINEAR);
	g_object_unref(square);
	return small;
}

/* Cairo's pixels are one native word each, and what shines through has lost its colour already. */
static void copy_row(const guchar *from, int channels, guint32 *to, int pixels)
{
	for (int x = 0; x < pixels; x++, from += channels) {
		guint32 alpha = channels == 4 ? from[3] : 255;
		to[x] = alpha << 24 | (from[0] * alpha / 255) << 16 | (from[1] * alpha / 255) << 8 | (from[2] * alpha / 255);
	}
}

static cairo_surface_t *to_surface(const GdkPixbuf *pixbuf)
{
	int side = gdk_pixbuf_get_width(pixbuf), channels = gdk_pixbuf_get_n_channels(pixbuf);
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side, side);
	guchar *to = cairo_image_surface_get_data(surface);
	const guchar *from = gdk_pixbuf_read_pixels(pixbuf);
	cairo_surface_flush(surface);
	for (int y = 0; y < side; y++)
		copy_row(from + (gsize)y * (gsize)gdk_pixbuf_get_rowstride(pixbuf), channels,
			(guint32 *)(gpointer)(to + (gsize)y * (gsize)cairo_image_surface_get_stride(surface)), side);
	cairo_surface_mark_dirty(surface);
	return surface;
}

cairo_surface_t *face_read(GBytes *image)
{
	g_autoptr(GdkPixbuf) pixbuf = image ? decode(image) : NULL;
	g_autoptr(GdkPixbuf) square = pixbuf ? cut_square(pixbuf) : NULL;
	return square ? to_surface(square) : NULL;
}

/* ---- drawing ---- */

static const guint32 grounds[] = { 0xE8617F, 0xF08A4B, 0xD9A021, 0x4FAE7C, 0x2FA7A0, 0x4C93DB, 0x7A7BE0, 0xA86BD1, 0xC96BA7, 0x7C8797 };

static void draw_frame(cairo_t *cr, const struct spot *s, const struct face_frame *frame)
{
	brush_glow(cr, s->x, s->y + s->r * 0.08, s->r * 1.14, colour_of(0x2A0F1E), 0.42);
	brush_disc(cr, s->x, s->y, s->r);
	brush_colour(cr, frame->ring, 1);
	cairo_fill(cr);
}

static void draw_image(cairo_t *cr, const struct spot *s, double r, cairo_surface_t *face)
{
	double side = cairo_image_surface_get_width(face), factor = 2 * r / side;
	cairo_save(cr);
	brush_disc(cr, s->x, s->y, r);
	cairo_set_source_rgb(cr, 1, 1, 1); /* behind what shines through */
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	cairo_translate(cr, s->x - r, s->y - r);
	cairo_scale(cr, factor, factor);
	cairo_set_source_surface(cr, face, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
	cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
	cairo_paint(cr);
	cairo_restore(cr);
}

static void draw_words(const struct letters *l, const struct spot *s, double r, const char *words, struct colour ground)
{
	cairo_pattern_t *fall = cairo_pattern_create_linear(0, s->y - r, 0, s->y + r);
	struct colour above = colour_mix(ground, colour_of(0xFFFFFF), 0.16), below = colour_mix(ground, colour_of(0x000000), 0.10);
	cairo_pattern_add_color_stop_rgb(fall, 0, above.r, above.g, above.b);
	cairo_pattern_add_color_stop_rgb(fall, 1, below.r, below.g, below.b);
	cairo_set_source(l->cr, fall);
	brush_disc(l->cr, s->x, s->y, r);
	cairo_fill(l->cr);
	cairo_pattern_destroy(fall);
	struct box box = { s->x - r * 0.8, s->y - r * 0.6, r * 1.6, r * 1.2 };
	letters_draw(l, &box, words, &(struct letters_style){ .colour = colour_of(0xFFFFFF), .size = r * 0.78, .bold = TRUE, .alone = TRUE });
}

void face_draw(const struct letters *l, const struct spot *s, const char *name, cairo_surface_t *face, const struct face_frame *frame)
{
	double r = s->r * (1 - frame->width);
	draw_frame(l->cr, s, frame);
	if (face) {
		draw_image(l->cr, s, r, face);
		return;
	}
	g_autofree char *initials = initials_of(name);
	draw_words(l, s, r, initials, colour_of(grounds[initials_hue(name, G_N_ELEMENTS(grounds))]));
}

void face_draw_more(const struct letters *l, const struct spot *s, guint more, const struct face_frame *frame)
{
	g_autofree char *words = g_strdup_printf("+%u", more);
	draw_frame(l->cr, s, frame);
	draw_words(l, s, s->r * (1 - frame->width), words, colour_of(0x7C8797));
}
