/* SPDX-License-Identifier: MIT */
#include "picture/drawing.h"

static const struct {
	void (*lay_out)(guint count, guint stars, struct layout *out);
	void (*draw)(const struct drawing *d);
} kinds[] = {
	[WISH_CAKE] = { layout_cake, cake_draw },
	[WISH_PARTY] = { layout_party, party_draw },
	[WISH_WALL] = { layout_wall, wall_draw },
};
G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == WISH_KINDS);

/* ---- for the pictures ---- */

void drawing_face(const struct drawing *d, guint i, const struct face_frame *frame)
{
	const struct spot *spot = &d->layout.spots[i];
	if (i < d->wish->count)
		face_draw(&d->letters, spot, d->wish->people[i].name, d->faces[i], frame);
	else
		face_draw_more(&d->letters, spot, d->wish->more, frame);
}

void drawing_name(const struct drawing *d, guint i)
{
	if (i >= d->wish->count)
		return;
	const struct wish_person *person = &d->wish->people[i];
	const struct box *name = &d->layout.names[i], *caption = &d->layout.captions[i];
	letters_draw(&d->letters, name, person->name,
		&(struct letters_style){ .colour = d->palette->ink, .size = name->height * 0.72, .bold = TRUE });
	letters_draw(&d->letters, caption, person->caption,
		&(struct letters_style){ .colour = d->palette->quiet, .size = caption->height * 0.74 });
}

char *drawing_stars(const struct drawing *d)
{
	GString *names = g_string_new(NULL);
	const char *between = d->wish->stars > 3 ? " · " : " & ";
	for (guint i = 0; i < d->wish->stars; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? between : "", d->wish->people[i].name);
	return g_string_free(names, FALSE);
}

/* ---- the PNG ---- */

static cairo_status_t append_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	GByteArray *png = closure;
	g_byte_array_append(png, bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static GBytes *encode(cairo_surface_t *surface)
{
	GByteArray *png = g_byte_array_new();
	if (cairo_surface_write_to_png_stream(surface, append_bytes, png) == CAIRO_STATUS_SUCCESS)
		return g_byte_array_free_to_bytes(png);
	g_byte_array_unref(png);
	return NULL;
}

/* The confetti falls the same way for the same people. */
static guint32 seed_of(const struct wish *wish)
{
	guint32 seed = g_str_hash(wish->headline);
	for (guint i = 0; i < wish->stars; i++)
		seed = seed * 31 + g_str_hash(wish->people[i].name);
	return seed;
}

static GBytes *draw(struct drawing *d, double scale)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(LAYOUT_WIDTH * scale), (int)(LAYOUT_HEIGHT * scale));
	d->cr = cairo_create(surface);
	d->letters = (struct letters){ d->cr, d->wish->language };
	cairo_scale(d->cr, scale, scale);
	brush_paper(d->cr, d->palette, seed_of(d->wish));
	kinds[d->wish->kind].draw(d);
	letters_draw(&d->letters, &d->layout.headline, d->wish->headline,
		&(struct letters_style){ .colour = d->palette->ink, .size = 62, .bold = TRUE });
	GBytes *png = encode(surface);
	cairo_destroy(d->cr);
	cairo_surface_destroy(surface);
	return png;
}

GBytes *drawing_make(const struct wish *wish, gboolean with_faces)
{
	static const double scales[] = { 1, 0.8, 0.64, 0.5 };
	struct drawing d = { .wish = wish, .palette = palette_of(wish->dark) };
	kinds[wish->kind].lay_out(wish->count + (wish->more > 0), wish->stars, &d.layout);
	for (guint i = 0; with_faces && i < wish->count; i++)
		d.faces[i] = face_read(wish->people[i].face);
	GBytes *png = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(scales) && (!png || g_bytes_get_size(png) > DRAWING_BYTES); i++) {
		g_clear_pointer(&png, g_bytes_unref);
		png = draw(&d, scales[i]);
	}
	for (guint i = 0; i < wish->count; i++)
		g_clear_pointer(&d.faces[i], cairo_surface_destroy);
	return png;
}
