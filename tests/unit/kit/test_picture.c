/* SPDX-License-Identifier: MIT */
/* What a ritual wishes for, as it is stored. The drawing itself is tested in tests/unit/picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "kit/picture.h"

/* The wish in the message's only file, for the caller to free. */
static cJSON *wish_of(const struct message *m)
{
	g_autoptr(GPtrArray) files = message_files(m);
	assert_non_null(files);
	assert_int_equal(files->len, 1);
	const struct message_file *file = files->pdata[0];
	gsize length;
	const char *text = g_bytes_get_data(file->bytes, &length);
	cJSON *wish = json_parse(text, length, NULL);
	assert_non_null(wish);
	return wish;
}

static void a_wish_says_who_is_on_it(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	struct picture *p = picture_new(PICTURE_CAKE, PICTURE_DARK, LANGUAGE_ZH_CN, "生日快乐");
	picture_star(p, "王小明", "U1", NULL);
	picture_guest(p, "Ana", NULL, "3 ×");
	picture_put(p, m, "A cake", "no cake");
	g_autoptr(cJSON) wish = wish_of(m);
	g_autofree char *text = json_print(wish);
	assert_string_equal(text, "{\"kind\":\"cake\",\"theme\":\"dark\",\"language\":\"zh-CN\",\"headline\":\"生日快乐\",\"people\":["
				  "{\"name\":\"王小明\",\"account\":\"U1\",\"star\":true},"
				  "{\"name\":\"Ana\",\"caption\":\"3 ×\"}],\"more\":0}");
	const cJSON *tree = message_tree(m);
	assert_string_equal(json_text_or(tree, "parts.0.part", ""), "picture");
	assert_true(json_bool_or(tree, "parts.0.draw", FALSE));
	assert_string_equal(json_text_or(tree, "parts.0.alt", ""), "A cake");
	assert_string_equal(json_text_or(tree, "parts.0.lost", ""), "no cake");
}

static void who_finds_no_room_is_counted(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	struct picture *p = picture_new(PICTURE_WALL, PICTURE_LIGHT, LANGUAGE_EN, "");
	for (int i = 0; i < PICTURE_PEOPLE + 7; i++)
		picture_guest(p, "Ana", NULL, NULL);
	picture_put(p, m, "", "");
	g_autoptr(cJSON) wish = wish_of(m);
	assert_int_equal(cJSON_GetArraySize(json_array(wish, "people")), PICTURE_PEOPLE);
	assert_int_equal(json_int_or(wish, "more", 0), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wish_says_who_is_on_it),
		cmocka_unit_test(who_finds_no_room_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
