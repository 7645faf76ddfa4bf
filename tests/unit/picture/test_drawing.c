/* SPDX-License-Identifier: MIT */
/* Whole pictures: a PNG of the stated size, not too heavy, the same for the same wish. How it looks is for eyes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "picture/drawing.h"
#include "images.inc"

/* Fontconfig keeps its tables as long as the process lives. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libcairo\n";
}

static const char *const names[] = { "Ana Lima", "王小明", "Ελένη Παππά", "محمد علي", "🦊", "Zoë Maria Magdalena van der Berg-Okonkwo", "" };

static struct wish *make_wish(enum wish_kind kind, guint count, guint stars, GBytes *face)
{
	struct wish *w = g_new0(struct wish, 1);
	*w = (struct wish){ .kind = kind, .dark = count % 2, .language = g_strdup("zh-CN"), .headline = g_strdup("生日快乐 🎂"),
		.count = count, .stars = stars, .more = count == WISH_PEOPLE ? 7 : 0 };
	for (guint i = 0; i < count; i++)
		w->people[i] = (struct wish_person){ g_strdup(names[i % G_N_ELEMENTS(names)]), g_strdup("12 👏"),
			face ? g_bytes_ref(face) : NULL };
	return w;
}

/* Checks the PNG's frame. Returns its width. */
static guint check_png(GBytes *png)
{
	gsize length;
	const guint8 *b = g_bytes_get_data(png, &length);
	assert_true(length <= DRAWING_BYTES);
	assert_memory_equal(b, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
	assert_memory_equal(b + length - 8, "IEND\xae\x42\x60\x82", 8);
	guint width = (guint)b[18] << 8 | b[19], height = (guint)b[22] << 8 | b[23];
	assert_int_equal(width * LAYOUT_HEIGHT, height * LAYOUT_WIDTH);
	return width;
}

static void every_kind_is_a_png_of_its_size(void **state)
{
	(void)state;
	static const guint counts[] = { 1, 2, 12, WISH_PEOPLE };
	for (enum wish_kind kind = 0; kind < WISH_KINDS; kind++) {
		for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
			g_autoptr(wish_auto) w = make_wish(kind, counts[i], 1, NULL);
			g_autoptr(GBytes) png = drawing_make(w, TRUE);
			assert_non_null(png);
			assert_int_equal(check_png(png), LAYOUT_WIDTH);
		}
	}
}

static void nobody_at_all_is_a_picture_too(void **state)
{
	(void)state;
	for (enum wish_kind kind = 0; kind < WISH_KINDS; kind++) {
		g_autoptr(wish_auto) w = make_wish(kind, 0, 0, NULL);
		g_autoptr(GBytes) png = drawing_make(w, TRUE);
		check_png(png);
	}
}

static void the_same_wish_is_the_same_picture(void **state)
{
	(void)state;
	g_autoptr(wish_auto) w = make_wish(WISH_CAKE, 5, 1, NULL);
	g_autoptr(GBytes) one = drawing_make(w, TRUE), other = drawing_make(w, TRUE);
	assert_true(g_bytes_equal(one, other));
}

static void faces_are_seen_unless_they_may_not_be(void **state)
{
	(void)state;
	g_autoptr(GBytes) face = make_png(64, 64, 0x22AA55);
	g_autoptr(wish_auto) with = make_wish(WISH_CAKE, 5, 1, face), without = make_wish(WISH_CAKE, 5, 1, NULL);
	g_autoptr(GBytes) shown = drawing_make(with, TRUE), hidden = drawing_make(with, FALSE), none = drawing_make(without, TRUE);
	assert_false(g_bytes_equal(shown, none));
	assert_true(g_bytes_equal(hidden, none));
}

/* Photographs that no compression helps against make a smaller picture, not a heavier one. */
static void heavy_faces_make_a_smaller_picture(void **state)
{
	(void)state;
	cairo_surface_t *noise = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 96, 96);
	guint32 *pixels = (guint32 *)(gpointer)cairo_image_surface_get_data(noise);
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int i = 0; i < 96 * 96; i++)
		pixels[i] = g_rand_int(rand);
	cairo_surface_mark_dirty(noise);
	GByteArray *png = g_byte_array_new();
	cairo_surface_write_to_png_stream(noise, append_image, png);
	cairo_surface_destroy(noise);
	g_autoptr(GBytes) face = g_byte_array_free_to_bytes(png);
	g_autoptr(wish_auto) w = make_wish(WISH_WALL, WISH_PEOPLE, 0, face);
	g_autoptr(GBytes) picture = drawing_make(w, TRUE);
	assert_true(check_png(picture) < LAYOUT_WIDTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_a_png_of_its_size),
		cmocka_unit_test(nobody_at_all_is_a_picture_too),
		cmocka_unit_test(the_same_wish_is_the_same_picture),
		cmocka_unit_test(faces_are_seen_unless_they_may_not_be),
		cmocka_unit_test(heavy_faces_make_a_smaller_picture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
