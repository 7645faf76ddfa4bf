/* SPDX-License-Identifier: MIT */
/* What the sandbox takes and refuses as a card of Feishu's: each rule once, and all sample cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "sandbox/feishu/card.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/files.h"

struct world {
	struct clock *clock;
	struct sandbox sandbox;
	struct tenant tenant;
	char *image_key;
};

static int open_world(void **state)
{
	static const char company[] = "{\"members\":[{\"id\":\"U0BTLI\",\"name\":\"li\"},{\"id\":\"U0BTWANG\",\"name\":\"wang\"},"
				      "{\"id\":\"U0BTBOSS\",\"name\":\"boss\"}]}";
	struct world *w = g_new0(struct world, 1);
	g_autoptr(cJSON) tree = json_parse(company, sizeof company - 1, NULL);
	w->clock = w->sandbox.clock = clock_new_frozen(INT64_C(1772413200000));
	w->sandbox.room = room_new(tree, w->clock, NULL);
	w->sandbox.files = file_room_new(&w->sandbox);
	w->tenant.sb = &w->sandbox;
	const struct file *file = files_announce(w->sandbox.files, w->sandbox.room->bot, "a.png", 0, NULL);
	w->image_key = ident_image_key(file->id);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	file_room_free(w->sandbox.files);
	room_free(w->sandbox.room);
	clock_free(w->clock);
	g_free(w->image_key);
	g_free(w);
	return 0;
}

static int check(const struct world *w, const char *text, char **why)
{
	g_autoptr(cJSON) card = json_parse(text, strlen(text), NULL);
	assert_non_null(card);
	return card_check(&w->tenant, card, why);
}

#define B(elements) "{\"schema\":\"2.0\",\"body\":{\"elements\":[" elements "]}}"
#define TEXT(words) "{\"tag\":\"plain_text\",\"content\":\"" words "\"}"
#define SUBMIT	    "{\"tag\":\"button\",\"name\":\"s\",\"text\":" TEXT("S") ",\"form_action_type\":\"submit\"}"
#define FORM(inner) "{\"tag\":\"form\",\"name\":\"f\",\"elements\":[" inner "]}"
#define BOX(inner)  "{\"tag\":\"collapsible_panel\",\"elements\":[" inner "]}"
#define TABLE	    "{\"tag\":\"table\",\"columns\":[{\"name\":\"a\",\"data_type\":\"text\"}],\"rows\":[{\"a\":\"x\"}]}"

static const struct {
	const char *card;
	int code;
} cases[] = {
	{ "{}", 0 },
	{ "[]", 200621 },
	{ "{\"elements\":[{\"tag\":\"note\",\"whatever\":1}]}", 0 },
	{ "{\"elements\":{}}", 200621 },
	{ "{\"body\":{\"elements\":[]}}", 200621 },
	{ "{\"schema\":\"3.0\"}", 200621 },
	{ "{\"type\":\"template\",\"data\":{\"template_id\":\"x\"}}", 200380 },
	{ B(""), 0 },
	{ "{\"schema\":\"2.0\",\"elements\":[]}", 200621 },
	{ "{\"schema\":\"2.0\",\"config\":{\"update_multi\":false}}", 200621 },
	{ "{\"schema\":\"2.0\",\"config\":{\"wide_screen_mode\":true}}", 200621 },
	{ "{\"schema\":\"2.0\",\"header\":{\"title\":" TEXT("t") ",\"template\":\"blue\"}}", 0 },
	{ "{\"schema\":\"2.0\",\"header\":{\"template\":\"pink\"}}", 200621 },
	{ "{\"schema\":\"2.0\",\"header\":{\"text_tag_list\":[{},{},{},{}]}}", 200621 },
	{ B("{\"tag\":\"note\"}"), 200861 },
	{ B("{\"tag\":\"action\"}"), 200861 },
	{ B("{\"tag\":\"marquee\"}"), 200621 },
	{ B("{\"tag\":\"hr\",\"color\":\"red\"}"), 200621 },
	{ B("{\"tag\":\"hr\",\"element_id\":\"a_1\"},{\"tag\":\"hr\",\"element_id\":\"a_2\"}"), 0 },
	{ B("{\"tag\":\"hr\",\"element_id\":\"a\"},{\"tag\":\"hr\",\"element_id\":\"a\"}"), 200621 },
	{ B("{\"tag\":\"hr\",\"element_id\":\"1a\"}"), 200621 },
	{ B("{\"tag\":\"hr\",\"element_id\":\"a23456789012345678901\"}"), 200621 },
	{ B("{\"tag\":\"markdown\",\"content\":\"<at id=ou_u0btli></at> <at ids=ou_u0btli,on_u0btwang></at> <at id=all></at>\"}"), 0 },
	{ B("{\"tag\":\"markdown\",\"content\":\"<at id=ou_nobody></at>\"}"), 100290 },
	{ B("{\"tag\":\"markdown\",\"content\":\"<person id = 'x'></person> <person id='ou_no' show_name=true></person>\"}"), 100290 },
	{ B("{\"tag\":\"markdown\",\"content\":\"see https://example.com/a 这里 [好](https://example.com/好)\"}"), 0 },
	{ B("{\"tag\":\"markdown\",\"content\":\"see https://example.com/a这里\"}"), 200621 },
	{ B("{\"tag\":\"markdown\"}"), 200621 },
	{ B("{\"tag\":\"div\",\"text\":" TEXT("<at id=ou_nobody></at>") "}"), 0 },
	{ B("{\"tag\":\"div\",\"text\":{\"tag\":\"lark_md\",\"content\":\"<at id=ou_nobody></at>\"}}"), 100290 },
	{ B("{\"tag\":\"div\",\"text\":\"words\"}"), 200621 },
	{ B("{\"tag\":\"img\",\"img_key\":\"img_v3_unknown\"}"), 200570 },
	{ B("{\"tag\":\"person\",\"user_id\":\"ou_u0btli\"}"), 0 },
	{ B("{\"tag\":\"person\",\"user_id\":\"ou_x\"}"), 100290 },
	{ B("{\"tag\":\"person_list\",\"persons\":[{\"id\":\"ou_x\"}]}"), 100290 },
	{ B("{\"tag\":\"person_list\",\"persons\":[{\"id\":\"ou_x\"}],\"drop_invalid_user_id\":true}"), 0 },
	{ B("{\"tag\":\"column_set\",\"columns\":[{\"tag\":\"column\",\"elements\":[" BOX("") "]}]}"), 0 },
	{ B("{\"tag\":\"column_set\",\"columns\":[{\"tag\":\"column\",\"elements\":[" TABLE "]}]}"), 200621 },
	{ B("{\"tag\":\"column_set\",\"columns\":[{\"tag\":\"column\",\"elements\":[" FORM(SUBMIT) "]}]}"), 200621 },
	{ B("{\"tag\":\"column_set\",\"columns\":[{\"tag\":\"hr\"}]}"), 200621 },
	{ B(BOX(BOX(BOX(BOX(BOX("")))))), 0 },
	{ B(BOX(BOX(BOX(BOX(BOX(BOX(""))))))), 11310 },
	{ B(TABLE "," TABLE "," TABLE "," TABLE "," TABLE), 0 },
	{ B(TABLE "," TABLE "," TABLE "," TABLE "," TABLE ",{\"tag\":\"markdown\",\"content\":\"|a|b|\\n|---|---|\\n|1|2|\"}"), 11310 },
	{ B("{\"tag\":\"table\",\"columns\":[{\"name\":\"a\"}],\"rows\":[{\"b\":1}]}"), 200915 },
	{ B("{\"tag\":\"table\",\"columns\":[]}"), 200914 },
	{ B("{\"tag\":\"table\",\"columns\":[{\"name\":\"a\"},{\"name\":\"a\"}]}"), 200914 },
	{ B("{\"tag\":\"table\",\"columns\":[{\"name\":\"a\",\"data_type\":\"money\"}]}"), 200914 },
	{ B("{\"tag\":\"table\",\"columns\":[{\"name\":\"a\"}],\"page_size\":11}"), 200621 },
	{ B("{\"tag\":\"chart\",\"chart_spec\":{\"type\":\"bar\",\"data\":{\"values\":[]}}}"), 0 },
	{ B("{\"tag\":\"chart\",\"chart_spec\":{\"data\":{}}}"), 200550 },
	{ B("{\"tag\":\"chart\",\"chart_spec\":\"{}\"}"), 200550 },
	{ B(FORM(SUBMIT)), 0 },
	{ B(FORM("")), 200621 },
	{ B(FORM(SUBMIT ",{\"tag\":\"input\"}")), 200530 },
	{ B(FORM(SUBMIT ",{\"tag\":\"input\",\"name\":\"s\"}")), 200530 },
	{ B(FORM(SUBMIT "," TABLE)), 200621 },
	{ B(FORM(SUBMIT ",{\"tag\":\"chart\",\"chart_spec\":{\"type\":\"bar\",\"data\":{}}}")), 200621 },
	{ B("{\"tag\":\"input\"},{\"tag\":\"input\"}"), 0 },
	{ B("{\"tag\":\"input\",\"max_length\":1001}"), 200621 },
	{ B("{\"tag\":\"input\",\"input_type\":\"number\"}"), 200621 },
	{ B("{\"tag\":\"button\",\"text\":" TEXT("go") ",\"type\":\"shiny\"}"), 200621 },
	{ B("{\"tag\":\"button\",\"text\":" TEXT("go") ",\"behaviors\":[{\"type\":\"open_url\"}]}"), 200621 },
	{ B("{\"tag\":\"button\",\"text\":" TEXT("go") ",\"behaviors\":[{\"type\":\"wave\"}]}"), 200621 },
	{ B("{\"tag\":\"select_static\",\"options\":[{\"text\":" TEXT("a") ",\"value\":\"1\"}]}"), 0 },
	{ B("{\"tag\":\"select_static\"}"), 200621 },
	{ B("{\"tag\":\"select_static\",\"options\":[{\"text\":" TEXT("a") ",\"value\":1}]}"), 200621 },
	{ B("{\"tag\":\"select_person\"}"), 0 },
	{ B("{\"tag\":\"multi_select_static\",\"options\":[]}"), 200621 },
};

static void rules(void **state)
{
	const struct world *w = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *why = NULL;
		int code = check(w, cases[i].card, &why);
		if (code != cases[i].code)
			fail_msg("%s\nis %d (%s) instead of %d", cases[i].card, code, why ? why : "fine", cases[i].code);
		assert_int_equal(why != NULL, code != 0);
	}
}

static void counts(void **state)
{
	static const struct {
		guint rules;
		glong letters;
		int code;
	} limits[] = { { 198, 100, 0 }, { 199, 100, 11310 }, { 0, 101, 200621 } };
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *why = NULL, *label = g_strnfill((gsize)limits[i].letters, 'x');
		g_autoptr(GString) card = g_string_new("{\"schema\":\"2.0\",\"body\":{\"elements\":[");
		g_string_append_printf(card, "{\"tag\":\"button\",\"text\":{\"tag\":\"plain_text\",\"content\":\"%s\"}}", label);
		for (guint n = 0; n < limits[i].rules; n++)
			g_string_append(card, ",{\"tag\":\"hr\"}");
		g_string_append(card, "]}}");
		assert_int_equal(check(*state, card->str, &why), limits[i].code);
	}
}

static gboolean put_key(const GMatchInfo *match, GString *out, gpointer key)
{
	(void)match;
	g_string_append(out, key);
	return FALSE;
}

/* All sample cards pass, once their people and pictures are ours. */
static void samples(void **state)
{
	struct world *w = *state;
	g_autoptr(GRegex) image = g_regex_new("img_bt_\\w+", 0, 0, NULL), person = g_regex_new("ou_bt_", 0, 0, NULL);
	g_autoptr(GDir) dir = g_dir_open(TEST_DATA "/feishu/cards", 0, NULL);
	guint seen = 0;
	for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
		if (!g_str_has_prefix(name, "v1.") && !g_str_has_prefix(name, "v2."))
			continue;
		g_autofree char *path = g_build_filename(TEST_DATA "/feishu/cards", name, NULL), *text = NULL, *why = NULL;
		assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_autofree char *with_image = g_regex_replace_eval(image, text, -1, 0, 0, put_key, w->image_key, NULL);
		g_autofree char *ours = g_regex_replace_literal(person, with_image, -1, 0, "ou_u0bt", 0, NULL);
		if (check(w, ours, &why))
			fail_msg("%s: %s", name, why);
		seen++;
	}
	assert_true(seen >= 10);
}

static void finding(void **state)
{
	(void)state;
	static const char text[] = B(BOX("{\"tag\":\"hr\",\"element_id\":\"x\"}") "," FORM(SUBMIT));
	g_autoptr(cJSON) card = json_parse(text, sizeof text - 1, NULL);
	const cJSON *button = card_find_text(card_elements(card), "S");
	assert_string_equal(json_text_or(button, "name", ""), "s");
	assert_ptr_equal(card_find(card_elements(card), "name", "s"), button);
	assert_string_equal(json_text_or(card_form_of(card, button), "name", ""), "f");
	const cJSON *rule = card_find(card_elements(card), "element_id", "x");
	assert_ptr_equal(card_find_path(card, "body.elements.0.elements.0"), rule);
	assert_null(card_form_of(card, rule));
	assert_null(card_find_path(card, "body.elements"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rules, open_world, close_world),
		cmocka_unit_test_setup_teardown(counts, open_world, close_world),
		cmocka_unit_test_setup_teardown(samples, open_world, close_world),
		cmocka_unit_test(finding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
