/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "handlers/highlight/top.h"

/* A highlight of somebody and those who applaud it, each a letter. */
struct given {
	gint64 highlight, whose;
	const char *from;
};

static const struct row {
	const char *name;
	struct given given[10];
	const char *in_front; /* "highlight:voices …" */
} rows[] = {
	{ "nothing", { { 0 } }, "" },
	{ "one voice is enough", { { 1, 10, "a" } }, "1:1" },
	{ "the most applauded first", { { 1, 10, "a" }, { 2, 11, "abc" }, { 3, 12, "ab" } }, "2:3 3:2 1:1" },
	{ "three stand in front, the fourth is not told of",
		{ { 1, 10, "abcd" }, { 2, 11, "abc" }, { 3, 12, "ab" }, { 4, 13, "a" } }, "1:4 2:3 3:2" },
	{ "equals share the last place",
		{ { 1, 10, "abc" }, { 2, 11, "ab" }, { 3, 12, "a" }, { 4, 13, "b" }, { 5, 14, "c" } }, "1:3 2:2 3:1 4:1 5:1" },
	{ "too many equals: none of them is preferred",
		{ { 1, 10, "abc" }, { 2, 11, "ab" }, { 3, 12, "a" }, { 4, 13, "b" }, { 5, 14, "c" }, { 6, 15, "d" }, { 7, 16, "e" } },
		"1:3 2:2" },
	{ "everybody is equal, and nobody in front",
		{ { 1, 10, "a" }, { 2, 11, "b" }, { 3, 12, "c" }, { 4, 13, "d" }, { 5, 14, "e" }, { 6, 15, "f" }, { 7, 16, "g" } }, "" },
	{ "a friend counts three times",
		{ { 1, 10, "a" }, { 2, 10, "a" }, { 3, 10, "a" }, { 4, 10, "abc" }, { 5, 11, "a" } }, "4:2 1:1 2:1 3:1 5:1" },
};

static char *choose(const struct given *given)
{
	g_autoptr(GArray) voices = g_array_new(FALSE, FALSE, sizeof(struct top_voice));
	for (; given->highlight; given++)
		for (const char *from = given->from; *from; from++)
			g_array_append_vals(voices, &(struct top_voice){ given->highlight, given->whose, *from }, 1);
	g_autoptr(GArray) top = top_choose((const struct top_voice *)voices->data, voices->len);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < top->len; i++) {
		const struct top_place *place = &g_array_index(top, struct top_place, i);
		g_string_append_printf(out, "%s%d:%d", i ? " " : "", (int)place->highlight, place->voices);
	}
	return g_string_free(out, FALSE);
}

static void test_who_stands_in_front(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = choose(rows[i].given);
		if (g_strcmp0(got, rows[i].in_front) != 0)
			fail_msg("%s: '%s' instead of '%s'", rows[i].name, got, rows[i].in_front);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_who_stands_in_front) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
