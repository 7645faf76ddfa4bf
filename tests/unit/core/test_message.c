/* SPDX-License-Identifier: MIT */
/* The JSON that message.h promises, which the adapters read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/message.h"

static void empty(struct message *m)
{
	(void)m;
}

static void title(struct message *m)
{
	message_title(m, "Standup 2 March");
}

static void spans(struct message *m)
{
	message_paragraph(m);
	message_bold(m, "Ana");
	message_plain(m, " closed <2> deals & \"more\"\n");
	message_quiet(m, "late");
	message_mention(m, "U042");
}

static void says_twice(struct message *m)
{
	message_say(m, "one");
	message_say(m, "two");
}

static void span_without_paragraph(struct message *m)
{
	message_plain(m, "one");
	message_title(m, "T");
	message_plain(m, "two"); /* a title ends the paragraph */
	message_bold(m, "three");
}

static void facts_gather(struct message *m)
{
	message_fact(m, "Given", "3");
	message_fact(m, "Missing", "1");
	message_divider(m);
	message_fact(m, "Late", "0");
}

static void items_gather(struct message *m)
{
	message_item(m, "a");
	message_item(m, "b");
	message_fact(m, "c", "d");
	message_item(m, "e");
	message_plain(m, "f"); /* a list ends the paragraph too */
}

static void buttons_gather(struct message *m)
{
	message_button(m, "standup.form", "42", "Write mine", MESSAGE_PRIMARY);
	message_button(m, "standup.skip", "42", "Skip", MESSAGE_PLAIN);
	message_button(m, "standup.drop", NULL, "Drop", MESSAGE_DANGER);
	message_context(m, "small print");
}

static void chart(struct message *m)
{
	message_chart(m, "Deals", "万元", NULL);
	message_bar(m, "Ana", "12.50");
	message_bar(m, "Bo", "-3");
	message_say(m, "end");
}

static void chart_of_two(struct message *m)
{
	static const char *const series[] = { "now", "before", NULL };
	message_chart(m, "Deals", "", series);
	message_bar(m, "Ana", "2");
	message_bar_beside(m, "1");
}

static void files(struct message *m)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("png", 3);
	g_autoptr(GBytes) empty_one = g_bytes_new_static("", 0);
	message_picture(m, "deals.png", bytes, "a bell", "could not be sent");
	message_document(m, "cake.ics", bytes, "could not be sent");
	message_document(m, "empty.ics", empty_one, "could not be sent");
}

static void urgent(struct message *m)
{
	message_title(m, "Stall");
	message_urge(m, "U1");
	message_urge(m, "U2");
	message_say(m, "7 days");
	message_call(m, "Urgent");
	message_plain(m, "more");
}

static void fallback_is_the_last_given(struct message *m)
{
	message_fallback(m, "first");
	message_fallback(m, "second");
}

static const struct {
	const char *name;
	void (*build)(struct message *m);
	const char *json;
} cards[] = {
	{ "empty", empty, "{\"parts\":[]}" },
	{ "title", title, "{\"parts\":[{\"part\":\"title\",\"text\":\"Standup 2 March\"}]}" },
	{ "spans", spans,
		"{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"bold\":\"Ana\"},"
		"{\"plain\":\" closed <2> deals & "
		"\\\"more\\\"\\n\"},{\"quiet\":\"late\"},{\"mention\":\"U042\"}]}]}" },
	{ "says", says_twice,
		"{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"one\"}]},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"two\"}]}]}" },
	{ "span without paragraph", span_without_paragraph,
		"{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"one\"}]},{\"part\":\"title\","
		"\"text\":\"T\"},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"two\"},{\"bold\":\"three\"}]}]}" },
	{ "facts", facts_gather,
		"{\"parts\":[{\"part\":\"facts\",\"facts\":[{\"label\":\"Given\",\"value\":\"3\"},"
		"{\"label\":\"Missing\",\"value\":\"1\"}]},{\"part\":\"divider\"},"
		"{\"part\":\"facts\",\"facts\":[{\"label\":\"Late\",\"value\":\"0\"}]}]}" },
	{ "items", items_gather,
		"{\"parts\":[{\"part\":\"list\",\"items\":[\"a\",\"b\"]},"
		"{\"part\":\"facts\",\"facts\":[{\"label\":\"c\",\"value\":\"d\"}]},{\"part\":\"list\","
		"\"items\":[\"e\"]},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"f\"}]}]}" },
	{ "buttons", buttons_gather,
		"{\"parts\":[{\"part\":\"buttons\",\"buttons\":["
		"{\"action\":\"standup.form\",\"value\":\"42\",\"label\":\"Write "
		"mine\",\"style\":\"primary\"},"
		"{\"action\":\"standup.skip\",\"value\":\"42\",\"label\":\"Skip\",\"style\":\"plain\"},"
		"{\"action\":\"standup.drop\",\"label\":\"Drop\",\"style\":\"danger\"}]},"
		"{\"part\":\"context\",\"text\":\"small print\"}]}" },
	{ "chart", chart,
		"{\"parts\":[{\"part\":\"chart\",\"title\":\"Deals\",\"unit\":\"万元\",\"series\":[],\"bars\":["
		"{\"label\":\"Ana\",\"values\":[\"12.50\"]},{\"label\":\"Bo\",\"values\":[\"-3\"]}]},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"end\"}]}]}" },
	{ "chart of two", chart_of_two,
		"{\"parts\":[{\"part\":\"chart\",\"title\":\"Deals\",\"unit\":\"\",\"series\":[\"now\",\"before\"],"
		"\"bars\":[{\"label\":\"Ana\",\"values\":[\"2\",\"1\"]}]}]}" },
	{ "files", files,
		"{\"parts\":[{\"part\":\"picture\",\"file\":0,\"alt\":\"a bell\",\"lost\":\"could not be sent\"},"
		"{\"part\":\"file\",\"file\":1,\"name\":\"cake.ics\",\"lost\":\"could not be sent\"},"
		"{\"part\":\"file\",\"name\":\"empty.ics\",\"lost\":\"could not be sent\"}]}" },
	{ "urgent", urgent,
		"{\"parts\":[{\"part\":\"title\",\"text\":\"Stall\"},{\"part\":\"paragraph\",\"spans\":[{\"bold\":\"Urgent\"},"
		"{\"plain\":\" \"},{\"mention\":\"U1\"},{\"plain\":\" \"},{\"mention\":\"U2\"}]},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"7 days\"}]},"
		"{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"more\"}]}],\"urgent\":[\"U1\",\"U2\"]}" },
	{ "fallback", fallback_is_the_last_given, "{\"parts\":[],\"fallback\":\"second\"}" },
};

static void test_cards(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cards); i++) {
		g_autoptr(message_auto) m = message_new();
		cards[i].build(m);
		g_autofree char *json = message_to_json(m);
		if (strcmp(json, cards[i].json) != 0)
			fail_msg("%s: %s", cards[i].name, json);
	}
}

static void test_a_form(void **state)
{
	(void)state;
	g_autoptr(message_auto) form =
		form_new("standup.form", "sales 2026-03-02", "Standup", "Send", "Cancel");
	form_intro(form, "Three lines");
	form_input(form, "results", "Results", "What you closed", "成单 2 单", 3, FALSE, 1000);
	form_input(form, "risks", "Risks", NULL, NULL, 1, TRUE, 200);
	g_autofree char *json = message_to_json(form);
	assert_string_equal(json,
		"{\"form\":\"standup.form\",\"context\":\"sales "
		"2026-03-02\",\"title\":\"Standup\",\"submit\":\"Send\","
		"\"cancel\":\"Cancel\",\"inputs\":[{\"name\":\"results\",\"label\":\"Results\","
		"\"hint\":\"What you closed\",\"value\":\"成单 2 "
		"单\",\"lines\":3,\"optional\":false,\"limit\":1000},"
		"{\"name\":\"risks\",\"label\":\"Risks\",\"lines\":1,\"optional\":true,\"limit\":200}],"
		"\"intro\":\"Three lines\"}");
	assert_string_equal(json_text_or(message_tree(form), "inputs.1.name", ""), "risks");
}

static void test_files_travel_beside(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	assert_null(message_files(m));
	files(m);
	g_autoptr(GPtrArray) list = message_files(m);
	assert_int_equal(list->len, 2);
	assert_string_equal(((const struct message_file *)list->pdata[1])->name, "cake.ics");
}

static void test_too_much_is_lost(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *bulk = g_malloc0(MESSAGE_FILES_BYTES);
	g_autoptr(GBytes) much = g_bytes_new_static(bulk, MESSAGE_FILES_BYTES);
	g_autoptr(GBytes) one = g_bytes_new_static("x", 1);
	message_document(m, "much.bin", much, "lost");
	message_document(m, "one.bin", one, "lost");
	g_autoptr(GPtrArray) list = message_files(m);
	assert_int_equal(list->len, 1);
	assert_non_null(json_at(message_tree(m), "parts.0.file"));
	assert_null(json_at(message_tree(m), "parts.1.file"));
}

/* The platform's key takes the number's place; without one the words stand alone. */
static void test_keys(void **state)
{
	(void)state;
	static const char *const keys[] = { "img_7", NULL };
	g_autoptr(message_auto) m = message_new();
	files(m);
	g_autoptr(cJSON) content = cJSON_Duplicate(message_tree(m), TRUE);
	message_put_keys(content, keys, G_N_ELEMENTS(keys));
	assert_string_equal(json_text_or(content, "parts.0.file", ""), "img_7");
	assert_null(json_at(content, "parts.1.file"));
	assert_null(json_at(content, "parts.2.file"));
	g_autoptr(cJSON) odd = cJSON_Parse("{\"parts\":[{\"part\":\"picture\",\"file\":7},{\"file\":\"x\"},3]}");
	message_put_keys(odd, keys, G_N_ELEMENTS(keys));
	g_autofree char *printed = json_print(odd);
	assert_string_equal(printed, "{\"parts\":[{\"part\":\"picture\"},{\"file\":\"x\"},3]}");
}

/* One person is told alone: called by name, the card's texts, none of its files. */
static void test_a_call_for_one(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	message_title(m, "Stall");
	message_fallback(m, "a deal has stalled");
	files(m);
	message_urge(m, "U1");
	message_urge(m, "U2");
	g_autoptr(message_auto) copy = message_call_for(m, "U2", "Urgent");
	g_autofree char *json = message_to_json(copy);
	assert_string_equal(json,
		"{\"parts\":[{\"part\":\"title\",\"text\":\"Stall\"},{\"part\":\"paragraph\",\"spans\":[{\"bold\":\"Urgent\"},"
		"{\"plain\":\" \"},{\"mention\":\"U2\"}]}],\"fallback\":\"a deal has stalled\"}");
	assert_null(message_files(copy));
}

static void test_nothing_frees_to_nothing(void **state)
{
	(void)state;
	message_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cards),
		cmocka_unit_test(test_a_form),
		cmocka_unit_test(test_files_travel_beside),
		cmocka_unit_test(test_too_much_is_lost),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_a_call_for_one),
		cmocka_unit_test(test_nothing_frees_to_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
