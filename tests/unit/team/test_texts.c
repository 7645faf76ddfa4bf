/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "team/texts.h"

static const struct text_entry sample_entries[] = {
	{ "hello", { [LANGUAGE_ZH_CN] = "你好，{name}！", [LANGUAGE_EN] = "Hello, {name}!" } },
	{ "count", { [LANGUAGE_ZH_CN] = "{count} 条", [LANGUAGE_EN] = "{count} {count|entry|entries}" } },
	{ "braces", { [LANGUAGE_ZH_CN] = "{{name}}", [LANGUAGE_EN] = "{{{name}}}" } },
	{ "empty_word", { [LANGUAGE_ZH_CN] = "{n}", [LANGUAGE_EN] = "{n} day{n||s}" } },
};
static const struct text_table sample = { sample_entries, G_N_ELEMENTS(sample_entries) };

static struct texts *sample_texts(void)
{
	return texts_new((const struct text_table *const[]){ &sample }, 1);
}

#define expect(expected, ...)                                                                                \
	do {                                                                                                 \
		g_autofree char *got = texts_format(__VA_ARGS__);                                            \
		assert_string_equal(got, expected);                                                          \
	} while (0)

static void formats(void **state)
{
	(void)state;
	struct texts *t = sample_texts();
	int64_t one = 1;
	expect("你好，陈静！", t, LANGUAGE_ZH_CN, "hello", TEXT_ARG("name", "陈静"));
	expect("Hello, !", t, LANGUAGE_EN, "hello", TEXT_ARG("name", (const char *)NULL));
	/* A value is never read as a text again. */
	expect("Hello, {name|{{!", t, LANGUAGE_EN, "hello", TEXT_ARG("name", "{name|{{"));
	expect("1 entry", t, LANGUAGE_EN, "count", TEXT_ARG("count", one));
	expect("0 entries", t, LANGUAGE_EN, "count", TEXT_ARG("count", 0));
	expect("-3 entries", t, LANGUAGE_EN, "count", TEXT_ARG("count", -3));
	expect("2 条", t, LANGUAGE_ZH_CN, "count", TEXT_ARG("other", "x"), TEXT_ARG("count", 2));
	expect("1 day", t, LANGUAGE_EN, "empty_word", TEXT_ARG("n", 1));
	expect("5 days", t, LANGUAGE_EN, "empty_word", TEXT_ARG("n", 5));
	expect("{name}", t, LANGUAGE_ZH_CN, "braces");
	expect("{x}", t, LANGUAGE_EN, "braces", TEXT_ARG("name", "x"));
	assert_true(texts_has(t, "hello"));
	assert_false(texts_has(t, "hell"));
	texts_free(t);
	texts_free(NULL);
}

static void bounds_what_it_makes(void **state)
{
	(void)state;
	struct texts *t = sample_texts();
	for (int shift = 0; shift < 3;
		shift++) { /* so that the limit falls on each byte of a three-byte character */
		GString *huge = g_string_new(&"ab"[2 - MIN(shift, 2)]);
		while (huge->len < 3 * TEXTS_LIMIT_BYTES)
			g_string_append(huge, "钟");
		g_autofree char *got = texts_format(t, LANGUAGE_EN, "hello", TEXT_ARG("name", huge->str));
		assert_true(strlen(got) <= TEXTS_LIMIT_BYTES);
		assert_true(strlen(got) > TEXTS_LIMIT_BYTES - 8);
		assert_true(g_utf8_validate(got, -1, NULL));
		assert_true(g_str_has_suffix(got, "钟…"));
		g_string_free(huge, TRUE);
	}
	texts_free(t);
}

static void knows_languages(void **state)
{
	(void)state;
	static const struct {
		const char *tag;
		int language;
	} cases[] = {
		{ "zh-CN", LANGUAGE_ZH_CN },
		{ "zh_CN", LANGUAGE_ZH_CN },
		{ "zh", LANGUAGE_ZH_CN },
		{ "zh-TW", LANGUAGE_ZH_CN },
		{ "ZH-hans-CN", LANGUAGE_ZH_CN },
		{ "en", LANGUAGE_EN },
		{ "en-US", LANGUAGE_EN },
		{ "en_GB.UTF-8", LANGUAGE_EN },
		{ "de-DE", -1 },
		{ "english", -1 },
		{ "e", -1 },
		{ "", -1 },
		{ NULL, -1 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		enum language found = LANGUAGE_COUNT;
		assert_int_equal(language_match(cases[i].tag, &found), cases[i].language >= 0);
		assert_int_equal(found, cases[i].language >= 0 ? cases[i].language : LANGUAGE_COUNT);
	}
	assert_int_equal(language_choose("en-GB", "zh-CN", LANGUAGE_ZH_CN), LANGUAGE_EN);
	assert_int_equal(language_choose("fr-FR", "zh-CN", LANGUAGE_EN), LANGUAGE_ZH_CN);
	assert_int_equal(language_choose(NULL, NULL, LANGUAGE_EN), LANGUAGE_EN);
	assert_string_equal(language_tag(LANGUAGE_ZH_CN), "zh-CN");
}

static void note(const char *name, gpointer data)
{
	g_string_append_printf(data, "%s ", name);
}

static void scans(void **state)
{
	(void)state;
	static const struct {
		const char *text, *names; /* NULL: malformed */
	} cases[] = {
		{ "", "" },
		{ "a {b} {c|x|y} {b}", "b c b " },
		{ "{{a}} }}", "" },
		{ "{a", NULL },
		{ "a}", NULL },
		{ "{}", NULL },
		{ "{A}", NULL },
		{ "{a b}", NULL },
		{ "{a|b}", NULL },
		{ "{a|b|c|d}", NULL },
		{ "{", NULL },
		{ "{a{b}}", NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		GString *names = g_string_new(NULL);
		g_autofree char *reason = NULL;
		assert_int_equal(texts_scan(cases[i].text, note, names, &reason), cases[i].names != NULL);
		assert_int_equal(reason == NULL, cases[i].names != NULL);
		if (cases[i].names)
			assert_string_equal(names->str, cases[i].names);
		g_string_free(names, TRUE);
	}
}

/* The build step, as the build runs it: a good file makes a table, a bad one is told and makes nothing. */
static const struct {
	const char *yaml;
	const char *told; /* NULL: good */
} files[] = {
	{ "a.b:\n  zh-CN: \"好，{x}\"\n  en: \"good, {x} {n|one|many} {n}\"\n",
		"1:1: 'a.b' has the placeholders" },
	{ "a.b:\n  zh-CN: \"好，{x}\"\n  en: \"say \\\"{x}\\\"\\nand \\\\\"\n", NULL },
	{ "a.b:\n  en: good\n", "1:1: 'a.b' is missing in zh-CN" },
	{ "a.b:\n  zh-CN: 好\n  en: \"\"\n", "3:7: 'a.b' has no text in en" },
	{ "a.b:\n  zh-CN: 好\n  en: good\n  fr: bon\n", "4:3: unknown language" },
	{ "a.b:\n  zh-CN: 好\n  en: good\n  en: fine\n", "4:3: 'a.b' has en twice" },
	{ "a.b: {zh-CN: 好, en: a}\na.b: {zh-CN: 好, en: a}\n", "2:1: 'a.b' stands here twice" },
	{ "A: {zh-CN: 好, en: a}\n", "1:1: a key is made of" },
	{ "a: text\n", "1:4: 'a' must hold one text for each language" },
	{ "a: {zh-CN: \"{x\", en: \"{x\"}\n", "1:1: a { without }" },
	{ "- a\n", "1:1: a file of texts is a section" },
	{ "a:\n\tb: c\n", "2:1: a tab indents this line" },
};

static void makes_tables(void **state)
{
	(void)state;
	g_autofree char *folder = g_dir_make_tmp("belltower-texts-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "texts.yaml", NULL);
	g_autofree char *base = g_build_filename(folder, "x_texts", NULL);
	g_autofree char *source = g_strconcat(base, ".c", NULL), *header = g_strconcat(base, ".h", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *told = NULL, *made = NULL;
		int status = 0;
		const char *argv[] = { TEXTGEN, "x", path, base, NULL };
		assert_true(g_file_set_contents(path, files[i].yaml, -1, NULL));
		assert_true(g_spawn_sync(
			NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &told, &status, NULL));
		if (files[i].told && !strstr(told, files[i].told))
			fail_msg("case %zu: told '%s' instead of '%s'", i, told, files[i].told);
		assert_int_equal(g_spawn_check_wait_status(status, NULL), files[i].told == NULL);
		assert_int_equal(g_file_get_contents(source, &made, NULL, NULL), files[i].told == NULL);
		if (!files[i].told) {
			assert_string_equal(told, "");
			assert_non_null(
				strstr(made, "[LANGUAGE_EN] = \"say \\\"{x}\\\"\\n\"\n\t\t\"and \\\\\","));
			assert_non_null(strstr(made, "const struct text_table texts_x"));
		}
		remove(source);
		remove(header);
	}
	remove(path);
	remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats),
		cmocka_unit_test(bounds_what_it_makes),
		cmocka_unit_test(knows_languages),
		cmocka_unit_test(scans),
		cmocka_unit_test(makes_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
