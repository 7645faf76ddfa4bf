/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a wish, and any bytes as somebody's face: a square of its size or none. The decoders are other people's and run
 * in a process of their own; here it is seen that we hand them nothing that they should not get, and believe nothing they say.
 */
#include "tests/fuzz/fuzz.h"

#include "picture/face.h"
#include "picture/wish.h"

static void check_face(GBytes *image)
{
	cairo_surface_t *face = face_read(image);
	if (!face)
		return;
	int side = cairo_image_surface_get_width(face);
	g_assert_true(side >= 1 && side <= FACE_PIXELS && cairo_image_surface_get_height(face) == side);
	cairo_surface_destroy(face);
}

static void check_wish(const struct wish *wish)
{
	g_assert_true(wish->count <= WISH_PEOPLE && wish->stars <= MIN(wish->count, WISH_STARS));
	for (guint i = 0; i < wish->count; i++) {
		g_assert_true(g_utf8_validate(wish->people[i].name, -1, NULL));
		if (wish->people[i].face)
			check_face(wish->people[i].face);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) image = g_bytes_new(data, size);
	g_autoptr(wish_auto) wish = wish_read((const char *)data, size, NULL);
	if (wish)
		check_wish(wish);
	check_face(image);
	return 0;
}
