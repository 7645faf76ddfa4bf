/* SPDX-License-Identifier: MIT */
/* Images as strangers send them: whole, cut short, bent, animated, enormous, and no images at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "picture/face.h"
#include "images.inc"

/* 2 x 2, three frames of one pixel each, for ever. */
static const guint8 animated[] = "GIF89a\x02\x00\x02\x00\x80\x00\x00\xff\x00\x00\x00\x00\xff"
				 "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
				 "\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
				 "\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c\x01\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x4c\x01\x00"
				 "\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c\x00\x00\x01\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

static int side_of(GBytes *image)
{
	cairo_surface_t *face = face_read(image);
	int side = face ? cairo_image_surface_get_width(face) : 0;
	if (face)
		assert_int_equal(cairo_image_surface_get_height(face), side);
	cairo_surface_destroy(face);
	return side;
}

static void images_become_squares(void **state)
{
	(void)state;
	static const struct {
		int width, height, side;
	} cases[] = { { 1, 1, 1 }, { 72, 72, 72 }, { 300, 100, 100 }, { 100, 300, 100 }, { 1024, 1024, FACE_PIXELS }, { 4096, 8, 8 } };
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) png = make_png(cases[i].width, cases[i].height, 0x3366AA);
		assert_int_equal(side_of(png), cases[i].side);
	}
}

static void the_colours_are_the_images(void **state)
{
	(void)state;
	g_autoptr(GBytes) png = make_png(16, 16, 0x3366A0);
	cairo_surface_t *face = face_read(png);
	guint32 pixel = *(guint32 *)(gpointer)cairo_image_surface_get_data(face);
	assert_int_equal(pixel & 0xFFFFFFF0, 0xFF3366A0);
	cairo_surface_destroy(face);
}

static void an_animation_is_nobody(void **state)
{
	(void)state;
	g_autoptr(GBytes) gif = g_bytes_new_static(animated, sizeof animated - 1);
	assert_int_equal(side_of(gif), 0);
}

/* A header may promise anything: nothing of that size is made. */
static void what_is_enormous_is_not_read(void **state)
{
	(void)state;
	g_autoptr(GBytes) png = make_png(64, 64, 0);
	gsize length;
	g_autofree guint8 *bytes = g_memdup2(g_bytes_get_data(png, &length), g_bytes_get_size(png));
	static const guint8 sides[][4] = { { 0, 0, 0x10, 1 }, { 0, 1, 0, 0 }, { 0x7f, 0xff, 0xff, 0xff }, { 0, 0, 0, 0 } };
	for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
		memcpy(bytes + 16, sides[i], 4);
		g_autoptr(GBytes) bent = g_bytes_new(bytes, length);
		assert_int_equal(side_of(bent), 0);
	}
}

static void what_is_no_image_is_nobody(void **state)
{
	(void)state;
	static const char *const cases[] = { "", "x", "<html>not found</html>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\x89PNG\r\n\x1a\n",
		"\xff\xd8\xff\xe0", "GIF89a", "RIFF....WEBPVP8 ", "BM......", "/* XPM */" };
	assert_null(face_read(NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes = g_bytes_new_static(cases[i], strlen(cases[i]));
		assert_int_equal(side_of(bytes), 0);
	}
}

/* Whatever comes of it: no crash, no complaint of the sanitizers. */
static void what_is_broken_does_no_harm(void **state)
{
	(void)state;
	g_autoptr(GBytes) png = make_png(40, 40, 0x808080), gif = g_bytes_new_static(animated, sizeof animated - 1);
	GBytes *const whole[] = { png, gif };
	for (gsize w = 0; w < G_N_ELEMENTS(whole); w++) {
		gsize length;
		const guint8 *bytes = g_bytes_get_data(whole[w], &length);
		for (gsize i = 0; i < length; i += 1 + length / 200) {
			g_autoptr(GBytes) cut = g_bytes_new(bytes, i);
			g_autofree guint8 *copy = g_memdup2(bytes, length);
			copy[i] ^= 0x5a;
			g_autoptr(GBytes) bent = g_bytes_new(copy, length);
			side_of(cut);
			side_of(bent);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_become_squares),
		cmocka_unit_test(the_colours_are_the_images),
		cmocka_unit_test(an_animation_is_nobody),
		cmocka_unit_test(what_is_enormous_is_not_read),
		cmocka_unit_test(what_is_no_image_is_nobody),
		cmocka_unit_test(what_is_broken_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
