/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_fragments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void put_bytes(GByteArray *out, guint8 tag, const void *data, gsize length)
{
	guint8 head[6] = { tag };
	guint count = 1;
	for (gsize left = length; count == 1 || left > 0; left >>= 7)
		head[count++] = (guint8)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
	g_byte_array_append(out, head, count);
	if (length > 0)
		g_byte_array_append(out, data, (guint)length);
}

static void put_header(GByteArray *out, const char *key, const char *value)
{
	g_autoptr(GByteArray) header = g_byte_array_new();
	put_bytes(header, 0x0a, key, strlen(key));
	put_bytes(header, 0x12, value, strlen(value));
	put_bytes(out, 0x2a, header->data, header->len);
}

/* A data frame, written by hand; NULL leaves a header out. */
static struct feishu_frame *frame_of(const char *id, const char *sum, const char *seq, const char *payload, gsize length)
{
	static const guint8 required[] = { 0x08, 1, 0x10, 2, 0x18, 3, 0x20, 1 };
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_byte_array_append(bytes, required, sizeof required);
	put_header(bytes, "type", "event");
	if (id)
		put_header(bytes, "message_id", id);
	if (sum)
		put_header(bytes, "sum", sum);
	if (seq)
		put_header(bytes, "seq", seq);
	put_bytes(bytes, 0x42, payload, length);
	struct feishu_frame *frame = feishu_frame_decode(bytes->data, bytes->len);
	assert_non_null(frame);
	return frame;
}

static enum feishu_fragment put(struct feishu_fragments *f, const char *id, const char *sum, const char *seq,
	const char *payload, int64_t now_ms, char **whole)
{
	g_autoptr(feishu_frame_auto) frame = frame_of(id, sum, seq, payload, strlen(payload));
	g_autoptr(GBytes) bytes = NULL;
	enum feishu_fragment result = feishu_fragments_put(f, frame, now_ms, &bytes);
	assert_int_equal(result == FEISHU_WHOLE, bytes != NULL);
	g_clear_pointer(whole, g_free);
	if (bytes)
		*whole = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	return result;
}

/* Each line "sum seq payload" of one event in turn; what comes out of the last. */
static const struct {
	const char *fragments[6];
	enum feishu_fragment last;
	const char *whole;
} orders[] = {
	{ { "1 0 all" }, FEISHU_WHOLE, "all" },
	{ { "0 0 all" }, FEISHU_WHOLE, "all" },
	{ { "x y all" }, FEISHU_WHOLE, "all" },
	{ { "2 0 a", "2 1 b" }, FEISHU_WHOLE, "ab" },
	{ { "2 1 b", "2 0 a" }, FEISHU_WHOLE, "ab" },
	{ { "3 2 c", "3 0 a", "3 1 b" }, FEISHU_WHOLE, "abc" },
	{ { "3 2 c", "3 0 a" }, FEISHU_PART, NULL },
	{ { "2 0 old", "2 0 new", "2 1 !" }, FEISHU_WHOLE, "new!" },
	{ { "2 0 a", "2 0 a" }, FEISHU_PART, NULL },
	{ { "3 0 a", "3 1 ", "3 2 c" }, FEISHU_WHOLE, "ac" },
	{ { "2 0 a", "2 2 c" }, FEISHU_STRAY, NULL },
	{ { "2 0 a", "2 -1 c" }, FEISHU_STRAY, NULL },
	{ { "2 0 a", "2 2 c", "2 1 b" }, FEISHU_WHOLE, "ab" },
	{ { "2 0 a", "3 1 b" }, FEISHU_STRAY, NULL },
	{ { "2 0 a", "3 1 b", "2 1 c" }, FEISHU_PART, NULL },
	{ { "65 0 a" }, FEISHU_STRAY, NULL },
	{ { "2000000000 0 a" }, FEISHU_STRAY, NULL },
};

static void fragments_find_their_place(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
		struct feishu_fragments *f = feishu_fragments_new();
		g_autofree char *whole = NULL;
		enum feishu_fragment last = FEISHU_STRAY;
		for (gsize k = 0; k < G_N_ELEMENTS(orders[i].fragments) && orders[i].fragments[k]; k++) {
			g_auto(GStrv) words = g_strsplit(orders[i].fragments[k], " ", 3);
			last = put(f, "m1", words[0], words[1], words[2], (int64_t)k, &whole);
		}
		if (last != orders[i].last || g_strcmp0(whole, orders[i].whole) != 0)
			fail_msg("case %u: result %d, whole '%s'", (guint)i, last, whole);
		assert_int_equal(feishu_fragments_waiting(f), last == FEISHU_PART || (last == FEISHU_STRAY && i >= 10 && i <= 11));
		feishu_fragments_free(f);
	}
}

static void events_do_not_mix(void **state)
{
	(void)state;
	struct feishu_fragments *f = feishu_fragments_new();
	g_autofree char *whole = NULL;
	assert_int_equal(put(f, "m1", "2", "0", "a", 0, &whole), FEISHU_PART);
	assert_int_equal(put(f, "m2", "2", "1", "y", 0, &whole), FEISHU_PART);
	assert_int_equal(put(f, "m3", "1", "0", "alone", 0, &whole), FEISHU_WHOLE);
	assert_string_equal(whole, "alone");
	assert_int_equal(put(f, "m1", "2", "1", "b", 0, &whole), FEISHU_WHOLE);
	assert_string_equal(whole, "ab");
	assert_int_equal(put(f, "m2", "2", "0", "x", 0, &whole), FEISHU_WHOLE);
	assert_string_equal(whole, "xy");
	assert_int_equal(feishu_fragments_waiting(f), 0);
	assert_int_equal(feishu_fragments_bytes(f), 0);
	feishu_fragments_free(f);
}

static void a_fragment_without_an_id_is_of_no_use(void **state)
{
	(void)state;
	struct feishu_fragments *f = feishu_fragments_new();
	g_autofree char *whole = NULL, *long_id = g_strnfill(201, 'x');
	assert_int_equal(put(f, NULL, "2", "0", "a", 0, &whole), FEISHU_STRAY);
	assert_int_equal(put(f, "", "2", "0", "a", 0, &whole), FEISHU_STRAY);
	assert_int_equal(put(f, long_id, "2", "0", "a", 0, &whole), FEISHU_STRAY);
	assert_int_equal(put(f, NULL, NULL, NULL, "a", 0, &whole), FEISHU_WHOLE);
	feishu_fragments_free(f);
}

static void what_does_not_become_whole_is_dropped(void **state)
{
	(void)state;
	struct feishu_fragments *f = feishu_fragments_new();
	g_autofree char *whole = NULL;
	assert_int_equal(feishu_fragments_due_ms(f), -1);
	put(f, "m1", "3", "0", "a", 1000, &whole);
	put(f, "m2", "2", "0", "x", 2000, &whole);
	put(f, "m1", "3", "1", "b", 5000, &whole);
	assert_int_equal(feishu_fragments_due_ms(f), 12000);
	assert_int_equal(feishu_fragments_expire(f, 11999), 0);
	assert_int_equal(feishu_fragments_expire(f, 12000), 1);
	assert_int_equal(put(f, "m2", "2", "1", "y", 12001, &whole), FEISHU_PART);
	assert_int_equal(put(f, "m1", "3", "2", "c", 14999, &whole), FEISHU_WHOLE);
	assert_string_equal(whole, "abc");
	put(f, "m4", "1", "0", "z", 22001, &whole);
	assert_int_equal(feishu_fragments_waiting(f), 0);
	feishu_fragments_free(f);
}

static void the_number_of_sets_is_bounded(void **state)
{
	(void)state;
	struct feishu_fragments *f = feishu_fragments_new();
	g_autofree char *whole = NULL;
	for (guint i = 0; i < 200; i++) {
		g_autofree char *id = g_strdup_printf("m%u", i);
		assert_int_equal(put(f, id, "2", "0", "a", i, &whole), FEISHU_PART);
		assert_true(feishu_fragments_waiting(f) <= FEISHU_FRAGMENT_SETS);
	}
	assert_int_equal(feishu_fragments_bytes(f), FEISHU_FRAGMENT_SETS);
	assert_int_equal(put(f, "m199", "2", "1", "b", 201, &whole), FEISHU_WHOLE);
	assert_int_equal(put(f, "m0", "2", "1", "b", 202, &whole), FEISHU_PART);
	feishu_fragments_free(f);
}

static enum feishu_fragment put_large(struct feishu_fragments *f, const char *id, guint seq, gsize length)
{
	g_autofree char *payload = g_strnfill(length, 'x'), *number = g_strdup_printf("%u", seq);
	g_autoptr(feishu_frame_auto) frame = frame_of(id, "64", number, payload, length);
	g_autoptr(GBytes) bytes = NULL;
	return feishu_fragments_put(f, frame, seq, &bytes);
}

static void the_bytes_are_bounded(void **state)
{
	(void)state;
	struct feishu_fragments *f = feishu_fragments_new();
	enum { MEGABYTE = 1024 * 1024 };
	assert_int_equal(put_large(f, "m0", 0, MEGABYTE), FEISHU_PART);
	for (guint i = 0; i < 7; i++)
		assert_int_equal(put_large(f, "m1", i, MEGABYTE), FEISHU_PART);
	assert_int_equal(feishu_fragments_waiting(f), 2);
	assert_int_equal(put_large(f, "m1", 7, MEGABYTE), FEISHU_PART); /* m0 gives way */
	assert_int_equal(feishu_fragments_waiting(f), 1);
	assert_int_equal(put_large(f, "m1", 7, MEGABYTE), FEISHU_PART); /* a repetition takes no more room */
	assert_int_equal(feishu_fragments_bytes(f), FEISHU_FRAGMENT_BYTES);
	assert_int_equal(put_large(f, "m1", 8, 1), FEISHU_STRAY); /* nobody is left to give way */
	assert_int_equal(feishu_fragments_waiting(f), 0);
	assert_int_equal(feishu_fragments_bytes(f), 0);
	feishu_fragments_free(f);
}

static struct feishu_frame *load(const char *name)
{
	g_autofree char *path = g_strdup_printf("%s/feishu/frames/%s.hex", TEST_DATA, name), *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	for (const char *at = text; g_ascii_isxdigit(*at); at += 2 + (at[2] == '\n')) {
		guint8 byte = (guint8)(g_ascii_xdigit_value(at[0]) * 16 + g_ascii_xdigit_value(at[1]));
		g_byte_array_append(bytes, &byte, 1);
	}
	struct feishu_frame *frame = feishu_frame_decode(bytes->data, bytes->len);
	assert_non_null(frame);
	return frame;
}

/* The vectors are cut in the middle of a character. */
static void the_captured_halves_become_one(void **state)
{
	static const int orders_of_two[2][2] = { { 0, 1 }, { 1, 0 } };
	(void)state;
	for (gsize i = 0; i < 2; i++) {
		struct feishu_fragments *f = feishu_fragments_new();
		g_autoptr(feishu_frame_auto) first = load("17_fragment_0_of_2"), second = load("17_fragment_1_of_2");
		const struct feishu_frame *frames[] = { first, second };
		g_autoptr(GBytes) whole = NULL;
		assert_int_equal(feishu_fragments_put(f, frames[orders_of_two[i][0]], 0, &whole), FEISHU_PART);
		assert_int_equal(feishu_fragments_put(f, frames[orders_of_two[i][1]], 0, &whole), FEISHU_WHOLE);
		assert_int_equal(g_bytes_get_size(whole), 309 + 307);
		assert_true(g_utf8_validate(g_bytes_get_data(whole, NULL), (gssize)g_bytes_get_size(whole), NULL));
		feishu_fragments_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fragments_find_their_place),
		cmocka_unit_test(events_do_not_mix),
		cmocka_unit_test(a_fragment_without_an_id_is_of_no_use),
		cmocka_unit_test(what_does_not_become_whole_is_dropped),
		cmocka_unit_test(the_number_of_sets_is_bounded),
		cmocka_unit_test(the_bytes_are_bounded),
		cmocka_unit_test(the_captured_halves_become_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
