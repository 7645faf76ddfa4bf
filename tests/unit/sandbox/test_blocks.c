/* SPDX-License-Identifier: MIT */
/* Block Kit's limits, one line for each: at the limit fine, one beyond refused, in Slack's words. */
#include "sandbox/blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define PLAIN(n) "{'type':'plain_text','text':'" n "'}"
#define MRKDWN(n) "{'type':'mrkdwn','text':'" n "'}"
#define OPTION "{'text':" PLAIN("o") ",'value':'v'}"
#define BUTTON(more) "{'type':'button','text':" PLAIN("b") more "}"
#define ACTIONS(elements) "{'type':'actions','elements':[" elements "]}"
#define INPUT(element) "{'type':'input','label':" PLAIN("l") ",'element':" element "}"

#define POINT(label) "{'label':'" label "','value':-1.5}"
#define SERIES(name, points) "{'name':'" name "','data':[" points "]}"
#define CHART(title, series, labels) \
	"{'type':'data_visualization','title':'" title "','chart':{'type':'bar','series':[" series "],'axis_config':{'categories':[" labels "]}}}"

/* %N in a block stands for N characters of 站, %N*(…) for N times what is in the brackets, with commas. */
static const struct {
	const char *block;
	const char *message; /* NULL: accepted */
} cases[] = {
	{ "{'type':'divider'}", NULL },
	{ "{'type':'section','text':" MRKDWN("%3000") "}", NULL },
	{ "{'type':'section','text':" MRKDWN("%3001") "}",
		"[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]" },
	{ "{'type':'section','text':" MRKDWN("") "}", "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]" },
	{ "{'type':'section'}", "[ERROR] missing required field: text [json-pointer:/blocks/0]" },
	{ "{'type':'section','fields':[%10*(" MRKDWN("f") ")]}", NULL },
	{ "{'type':'section','fields':[%11*(" MRKDWN("f") ")]}", "[ERROR] no more than 10 items allowed [json-pointer:/blocks/0/fields]" },
	{ "{'type':'section','fields':[" MRKDWN("%2001") "]}",
		"[ERROR] must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]" },
	{ "{'type':'header','text':" PLAIN("%150") "}", NULL },
	{ "{'type':'header','text':" PLAIN("%151") "}", "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]" },
	{ "{'type':'header','text':" MRKDWN("x") "}", "[ERROR] must be a plain_text object [json-pointer:/blocks/0/text]" },
	{ "{'type':'context','elements':[%10*(" MRKDWN("c") ")]}", NULL },
	{ "{'type':'context','elements':[%11*(" MRKDWN("c") ")]}",
		"[ERROR] no more than 10 items allowed [json-pointer:/blocks/0/elements]" },
	{ "{'type':'context','elements':[" BUTTON("") "]}", "[ERROR] unsupported type: button [json-pointer:/blocks/0/elements/0]" },
	{ CHART("%50", SERIES("%20", POINT("a") "," POINT("b")), "'a','b'"), NULL },
	{ CHART("t", SERIES("1", POINT("a")) "," SERIES("2", POINT("a")), "'a'"), NULL },
	{ CHART("%51", SERIES("s", POINT("a")), "'a'"), "[ERROR] must be less than 51 characters [json-pointer:/blocks/0/title]" },
	{ CHART("t", SERIES("%21", POINT("a")), "'a'"), "[ERROR] must be less than 21 characters [json-pointer:/blocks/0/chart/series/0/name]" },
	{ CHART("t", SERIES("s", POINT("%21")), "'%21'"),
		"[ERROR] must be less than 21 characters [json-pointer:/blocks/0/chart/series/0/data/0/label]" },
	{ CHART("t", SERIES("s", "%21*(" POINT("a") ")"), "%20*('a')"),
		"[ERROR] no more than 20 items allowed [json-pointer:/blocks/0/chart/series/0/data]" },
	{ CHART("t", "%7*(" SERIES("s", POINT("a")) ")", "'a'"), "[ERROR] no more than 6 items allowed [json-pointer:/blocks/0/chart/series]" },
	{ CHART("t", SERIES("s", POINT("a")) "," SERIES("s", POINT("a")), "'a'"), "[ERROR] series names must be unique [json-pointer:/blocks/0]" },
	{ CHART("t", SERIES("s", POINT("a")), "'a','b'"), "[ERROR] labels must match the categories [json-pointer:/blocks/0]" },
	{ CHART("t", SERIES("s", "{'label':'a','value':'1'}"), "'a'"), "[ERROR] must provide a number [json-pointer:/blocks/0]" },
	{ "{'type':'data_visualization','title':'t','chart':{'type':'bar'}}", "[ERROR] missing required field: series [json-pointer:/blocks/0]" },
	{ "{'type':'data_visualization','title':'t','chart':{'type':'pie','segments':[" POINT("a") "]}}", NULL },
	{ ACTIONS("%25*(" BUTTON("") ")"), NULL },
	{ ACTIONS("%26*(" BUTTON("") ")"), "[ERROR] no more than 25 items allowed [json-pointer:/blocks/0/elements]" },
	{ ACTIONS(""), "[ERROR] no fewer than 1 items allowed [json-pointer:/blocks/0/elements]" },
	{ ACTIONS(BUTTON(",'value':'%2000'")), NULL },
	{ ACTIONS(BUTTON(",'value':'%2001'")),
		"[ERROR] must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]" },
	{ ACTIONS(BUTTON(",'style':'loud'")), "[ERROR] must be a valid enum value [json-pointer:/blocks/0/elements/0/style]" },
	{ ACTIONS("{'type':'button','text':" PLAIN("%76") "}"),
		"[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]" },
	{ ACTIONS(BUTTON(",'action_id':'a'") "," BUTTON(",'action_id':'a'")),
		"[ERROR] `action_id` `a` already exists for this block [json-pointer:/blocks/0/elements]" },
	{ ACTIONS("{'type':'static_select','options':[%100*(" OPTION ")]}"), NULL },
	{ ACTIONS("{'type':'static_select','options':[%101*(" OPTION ")]}"),
		"[ERROR] no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]" },
	{ ACTIONS("{'type':'static_select'}"), "[ERROR] missing required field: options [json-pointer:/blocks/0/elements/0]" },
	{ ACTIONS("{'type':'static_select','options':[{'text':" PLAIN("%76") ",'value':'v'}]}"),
		"[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]" },
	{ ACTIONS("{'type':'static_select','options':[{'text':" PLAIN("o") ",'value':'%151'}]}"),
		"[ERROR] must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]" },
	{ ACTIONS("{'type':'overflow','options':[%5*(" OPTION ")]}"), NULL },
	{ ACTIONS("{'type':'overflow','options':[%6*(" OPTION ")]}"),
		"[ERROR] no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]" },
	{ ACTIONS("{'type':'checkboxes','options':[%11*(" OPTION ")]}"),
		"[ERROR] no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]" },
	{ ACTIONS("{'type':'plain_text_input'}"), "[ERROR] unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0]" },
	{ INPUT("{'type':'plain_text_input','max_length':3000}"), NULL },
	{ INPUT("{'type':'plain_text_input','max_length':3001}"),
		"[ERROR] must be a number from 1 to 3000 [json-pointer:/blocks/0/element/max_length]" },
	{ INPUT("{'type':'plain_text_input','placeholder':" PLAIN("%151") "}"),
		"[ERROR] must be less than 151 characters [json-pointer:/blocks/0/element/placeholder/text]" },
	{ "{'type':'input','label':" PLAIN("%2001") ",'element':{'type':'plain_text_input'}}",
		"[ERROR] must be less than 2001 characters [json-pointer:/blocks/0/label/text]" },
	{ "{'type':'image','alt_text':'a','image_url':'https://x/y.png'}", NULL },
	{ "{'type':'image','image_url':'https://x/y.png'}", "[ERROR] missing required field: alt_text [json-pointer:/blocks/0]" },
	{ "{'type':'table','rows':[[{'type':'raw_text','text':'x'}]]}", NULL },
	{ "{'type':'table','rows':[%101*([{'type':'raw_text','text':'x'}])]}",
		"[ERROR] no more than 100 items allowed [json-pointer:/blocks/0/rows]" },
	{ "{'type':'table','rows':[[%21*({'type':'raw_text','text':'x'})]]}",
		"[ERROR] no more than 20 items allowed [json-pointer:/blocks/0/rows/0]" },
	{ "{'type':'divider','block_id':'%255'}", NULL },
	{ "{'type':'divider','block_id':'%256'}", "[ERROR] must be less than 256 characters [json-pointer:/blocks/0/block_id]" },
	{ "{'type':'divider','block_id':'a'},{'type':'divider','block_id':'a'}",
		"[ERROR] `block_id` `a` already exists in blocks array [json-pointer:/blocks/1]" },
	{ "{'type':'carousel'}", "[ERROR] unsupported type: carousel [json-pointer:/blocks/0]" },
	{ "{'a':1}", "[ERROR] missing required field: type [json-pointer:/blocks/0]" },
	{ "7", "[ERROR] missing required field: type [json-pointer:/blocks/0]" },
	{ "%50*({'type':'divider'})", NULL },
	{ "%51*({'type':'divider'})", "[ERROR] no more than 50 items allowed [json-pointer:/blocks]" },
};

/* Writes the text with its %N and %N*(…) spelt out. */
static char *spell_out(const char *pattern)
{
	GString *out = g_string_new(NULL);
	while (*pattern) {
		if (*pattern != '%') {
			g_string_append_c(out, *pattern == '\'' ? '"' : *pattern);
			pattern++;
			continue;
		}
		char *end;
		guint64 n = g_ascii_strtoull(pattern + 1, &end, 10);
		const char *close = strchr(end, ')');
		gboolean list = g_str_has_prefix(end, "*(");
		for (guint64 i = 0; i < n; i++) {
			if (!list)
				g_string_append(out, "站");
			else
				g_string_append_printf(out, "%s%.*s", i ? "," : "", (int)(close - end - 2), end + 2);
		}
		pattern = list ? close + 1 : end;
	}
	return g_strdelimit(g_string_free(out, FALSE), "'", '"');
}

static void each_limit(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *spelt = spell_out(cases[i].block), *text = g_strdup_printf("[%s]", spelt);
		g_autoptr(cJSON) blocks = json_parse(text, strlen(text), NULL);
		g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
		assert_non_null(blocks);
		const char *error = blocks_check(blocks, BLOCKS_MESSAGE, "/blocks", messages);
		const char *said = messages->len ? g_ptr_array_index(messages, 0) : "";
		if (!cases[i].message && error)
			fail_msg("%s: %s %s", cases[i].block, error, said);
		if (cases[i].message) {
			assert_string_equal(error ? error : "accepted", "invalid_blocks");
			assert_string_equal(said, cases[i].message);
		}
	}
}

static const char *check_text(const char *text, enum blocks_place place)
{
	g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
	g_autoptr(cJSON) tree = json_parse(json, strlen(json), NULL);
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	return place == BLOCKS_MESSAGE ? blocks_check(tree, place, "/blocks", messages) : blocks_check_view(tree, place, messages);
}

static void whole_message(void **state)
{
	(void)state;
	assert_string_equal(check_text("{}", BLOCKS_MESSAGE), "invalid_blocks_format");
	g_autofree char *five = spell_out("[%5*({'type':'section','text':" MRKDWN("TEXT") "})]");
	g_autofree char *long_text = g_strnfill(2641, 'x');
	g_auto(GStrv) parts = g_strsplit(five, "TEXT", -1);
	g_autofree char *too_long = g_strjoinv(long_text, parts);
	assert_string_equal(check_text(too_long, BLOCKS_MESSAGE), "msg_blocks_too_long");
	long_text[2640] = '\0';
	g_autofree char *just = g_strjoinv(long_text, parts);
	assert_null(check_text(just, BLOCKS_MESSAGE));
}

static void views(void **state)
{
	(void)state;
	assert_null(check_text("{'type':'modal','title':" PLAIN("T") ",'blocks':[]}", BLOCKS_MODAL));
	assert_null(check_text("{'type':'home','blocks':[]}", BLOCKS_HOME));
	assert_string_equal(check_text("{'type':'home','blocks':[]}", BLOCKS_MODAL), "invalid_arguments");
	assert_string_equal(check_text("{'type':'modal','blocks':[]}", BLOCKS_MODAL), "invalid_arguments");
	assert_string_equal(check_text("{'type':'modal','title':" PLAIN("T") "}", BLOCKS_MODAL), "invalid_arguments");
	assert_string_equal(check_text("{'type':'modal','title':" PLAIN("a title of twenty-five cha") ",'blocks':[]}", BLOCKS_MODAL), "invalid_arguments");
	assert_string_equal(check_text("{'type':'modal','title':" PLAIN("T") ",'blocks':[" INPUT("{'type':'plain_text_input'}") "]}", BLOCKS_MODAL),
		"invalid_arguments"); /* an input and nothing to submit it with */
	g_autofree char *many = spell_out("{'type':'home','blocks':[%101*({'type':'divider'})]}");
	assert_string_equal(check_text(many, BLOCKS_HOME), "invalid_arguments");
	g_autofree char *secret = spell_out("{'type':'home','blocks':[],'private_metadata':'%3001'}");
	assert_string_equal(check_text(secret, BLOCKS_HOME), "invalid_arguments");
}

static void names(void **state)
{
	(void)state;
	g_autofree char *text = g_strdelimit(g_strdup("[" ACTIONS(BUTTON("")) ",{'type':'divider','block_id':'mine'}]"), "'", '"');
	g_autoptr(cJSON) blocks = json_parse(text, strlen(text), NULL);
	blocks_name(blocks);
	assert_string_equal(json_text_or(blocks, "1.block_id", ""), "mine");
	const char *block_id = json_text_or(blocks, "0.block_id", NULL);
	const cJSON *found = blocks_find_element(blocks, block_id, json_text_or(blocks, "0.elements.0.action_id", NULL));
	assert_string_equal(json_text_or(found, "type", ""), "button");
	assert_null(blocks_find_element(blocks, block_id, "nope"));
	assert_null(blocks_find_element(blocks, "nope", "nope"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_limit), cmocka_unit_test(whole_message), cmocka_unit_test(views),
		cmocka_unit_test(names) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
