/* SPDX-License-Identifier: MIT */
/* What comes in on standard input, true and false. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "picture/wish.h"

static struct wish *read_text(const char *text)
{
	return wish_read(text, strlen(text), NULL);
}

static void a_wish_is_read(void **state)
{
	(void)state;
	g_autoptr(wish_auto) w = read_text("{\"kind\":\"party\",\"theme\":\"dark\",\"language\":\"en\",\"headline\":\"Two\\nlines\",\"more\":4,"
					   "\"people\":[{\"name\":\"Guest\",\"bytes\":3},{\"name\":\"Ana\",\"caption\":\"9\",\"star\":true,\"bytes\":2},"
					   "{\"name\":\"Bo\"}]}\nabcde");
	assert_non_null(w);
	assert_int_equal(w->kind, WISH_PARTY);
	assert_true(w->dark);
	assert_string_equal(w->headline, "Two lines");
	assert_int_equal(w->more, 4);
	assert_int_equal(w->count, 3);
	assert_int_equal(w->stars, 1);
	assert_string_equal(w->people[0].name, "Ana");
	assert_string_equal(w->people[0].caption, "9");
	assert_memory_equal(g_bytes_get_data(w->people[0].face, NULL), "de", 2);
	assert_string_equal(w->people[1].name, "Guest");
	assert_memory_equal(g_bytes_get_data(w->people[1].face, NULL), "abc", 3);
	assert_null(w->people[2].face);
}

static void what_is_no_wish_is_refused(void **state)
{
	(void)state;
	static const char *const cases[] = { "", "{", "[]", "null", "{\"people\":[]}", "{\"kind\":\"pie\"}", "{\"kind\":7}" };
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(wish_read(cases[i], strlen(cases[i]), &error));
		assert_non_null(error);
	}
}

/* Faces that are shorter or longer than was promised are nobody's, and nothing is read beyond the end. */
static void a_false_length_costs_a_face(void **state)
{
	(void)state;
	static const char *const lengths[] = { "-1", "0", "6", "600000", "99999999999", "\"3\"", "null" };
	for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *text = g_strdup_printf(
			"{\"kind\":\"cake\",\"people\":[{\"name\":\"A\",\"bytes\":%s},{\"name\":\"B\",\"bytes\":1}]}\nabc", lengths[i]);
		g_autoptr(wish_auto) w = read_text(text);
		assert_non_null(w);
		assert_null(w->people[0].face);
	}
}

static void there_are_limits(void **state)
{
	(void)state;
	g_autoptr(GString) text = g_string_new("{\"kind\":\"wall\",\"headline\":\"");
	for (int i = 0; i < 5000; i++)
		g_string_append(text, "生");
	g_string_append(text, "\",\"people\":[");
	for (int i = 0; i < WISH_PEOPLE + 5; i++)
		g_string_append_printf(text, "%s{\"name\":\"A\",\"star\":true}", i ? "," : "");
	g_string_append(text, "]}\n");
	g_autoptr(wish_auto) w = wish_read(text->str, text->len, NULL);
	assert_non_null(w);
	assert_int_equal(w->count, WISH_PEOPLE);
	assert_int_equal(w->more, 5);
	assert_int_equal(w->stars, WISH_STARS);
	assert_int_equal(g_utf8_strlen(w->headline, -1), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wish_is_read),
		cmocka_unit_test(what_is_no_wish_is_refused),
		cmocka_unit_test(a_false_length_costs_a_face),
		cmocka_unit_test(there_are_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
