/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "picture/initials.h"

static void names_become_initials(void **state)
{
	(void)state;
	static const struct {
		const char *name, *initials;
	} cases[] = {
		{ "Ana Lima", "AL" },
		{ "ana", "A" },
		{ "Zoë van der Berg", "ZB" },
		{ "Ana  (Sales) Lima", "AL" },
		{ "Jean-Luc", "J" },
		{ "王小明", "小明" },
		{ "欧阳修远", "修远" },
		{ "林", "林" },
		{ "李娜 (Anna Li)", "李娜" },
		{ "김민지", "민지" },
		{ "佐藤 健", "佐藤" },
		{ "Ελένη Παππά", "ΕΠ" },
		{ "иван петров", "ИП" },
		{ "محمد علي", "م" },
		{ "נועה כהן", "נ" },
		{ "प्रिया शर्मा", "प्रि" },
		{ "अर्जुन", "अ" },
		{ "🦊 Fox", "🦊" },
		{ "👩🏽‍💻 Dev", "👩🏽‍💻" },
		{ "e\xcc\x81ric", "E\xcc\x81" },
		{ "  ", "?" },
		{ "", "?" },
		{ "007", "0" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *said = initials_of(cases[i].name);
		if (strcmp(said, cases[i].initials) != 0)
			fail_msg("%s: %s, not %s", cases[i].name, said, cases[i].initials);
	}
}

static void a_name_keeps_its_colour(void **state)
{
	(void)state;
	guint first = initials_hue("Ana", 10), others = 0;
	assert_int_equal(first, initials_hue("Ana", 10));
	static const char *const names[] = { "Bo", "Cy", "Di", "Ed", "王小明" };
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		assert_true(initials_hue(names[i], 10) < 10);
		others += initials_hue(names[i], 10) != first;
	}
	assert_true(others > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_initials),
		cmocka_unit_test(a_name_keeps_its_colour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
