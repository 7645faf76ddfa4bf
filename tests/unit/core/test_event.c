/* SPDX-License-Identifier: MIT */
/* An event goes into the store as JSON and comes back the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/event.h"

static struct event *read_back(const struct event *event)
{
	g_autoptr(cJSON) tree = event_to_json(event);
	g_autofree char *text = json_print(tree);
	g_autoptr(cJSON) again = json_parse(text, strlen(text), NULL);
	g_autoptr(GError) error = NULL;
	struct event *copy = event_from_json(again, &error);
	if (!copy)
		fail_msg("%s of %s", error->message, text);
	return copy;
}

static void expect_same_text(const char *a, const char *b)
{
	if (g_strcmp0(a, b) != 0)
		fail_msg("'%s' became '%s'", a ? a : "(none)", b ? b : "(none)");
}

static void expect_same_texts(const struct event *a, const struct event *b)
{
	for (int i = 0; i < EVENT_KEYS; i++)
		expect_same_text(a->keys[i], b->keys[i]);
	expect_same_text(a->place.workspace, b->place.workspace);
	expect_same_text(a->place.channel, b->place.channel);
	expect_same_text(a->place.thread, b->place.thread);
	expect_same_text(a->place.token, b->place.token);
	expect_same_text(a->link, b->link);
	expect_same_text(a->person, b->person);
	expect_same_text(a->message, b->message);
	expect_same_text(a->text, b->text);
	expect_same_text(a->word, b->word);
	expect_same_text(a->value, b->value);
}

static void expect_same_lists(const struct event *a, const struct event *b)
{
	assert_int_equal(a->inputs ? a->inputs->len : 0, b->inputs ? b->inputs->len : 0);
	for (guint i = 0; a->inputs && i < a->inputs->len; i++) {
		const struct event_input *x = &g_array_index(a->inputs, struct event_input, i);
		expect_same_text(x->value, event_input_value(b, x->name));
	}
	assert_int_equal(a->people ? a->people->len : 0, b->people ? b->people->len : 0);
	for (guint i = 0; a->people && i < a->people->len; i++) {
		const struct event_person *x = &g_array_index(a->people, struct event_person, i);
		const struct event_person *y = &g_array_index(b->people, struct event_person, i);
		expect_same_text(x->account, y->account);
		expect_same_text(x->name, y->name);
		expect_same_text(x->handle, y->handle);
		expect_same_text(x->email, y->email);
		expect_same_text(x->zone, y->zone);
		expect_same_text(x->language, y->language);
		assert_int_equal(x->bot, y->bot);
		assert_int_equal(x->deactivated, y->deactivated);
	}
}

static void expect_same(const struct event *a, const struct event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->at_ms, b->at_ms);
	assert_int_equal(a->until_ms, b->until_ms);
	assert_int_equal(a->place.kind, b->place.kind);
	assert_int_equal(a->addressed, b->addressed);
	assert_int_equal(a->late_copy, b->late_copy);
	assert_int_equal(a->row, b->row);
	expect_same_texts(a, b);
	expect_same_lists(a, b);
}

static struct event *full_event(enum event_kind kind)
{
	struct event *event = event_new(kind, "acme");
	event->receipt = 17;
	event->keys[0] = g_strdup("Ev01");
	event->keys[2] = g_strdup("");
	event->subject = g_strdup("m:1772413200.000200");
	event->at_ms = 1772413200123;
	event->until_ms = 1772413299999;
	event->place.kind = PLACE_DIRECT;
	event->place.channel = g_strdup("D1");
	event->place.thread = g_strdup("1772413200.000100");
	event->place.token = g_strdup("https://hooks/\"quoted\"\\");
	event->person = g_strdup("U1");
	event->message = g_strdup("1772413200.000200");
	event->text = g_strdup("昨天：成单 2 单 🎉\n&lt;今天&gt;\t<@U2>\r\n\x01");
	event->call = g_strdup("help");
	event->word = g_strdup("standup.form");
	event->value = g_strdup("42");
	event->addressed = TRUE;
	event->late_copy = TRUE;
	event->row = 999999999999999; /* cJSON prints fifteen digits */
	event_add_input(event, "results", "成单\n2 单");
	event_add_input(event, "a.b", NULL);
	struct event_person *person = event_add_person(event);
	person->account = g_strdup("U1");
	person->name = g_strdup("Ana \"Lima\"");
	person->zone = g_strdup("America/Sao_Paulo");
	person->bot = TRUE;
	person = event_add_person(event);
	person->account = g_strdup("U2");
	person->handle = g_strdup("bo");
	person->email = g_strdup("bo@example.com");
	person->language = g_strdup("zh-CN");
	person->deactivated = TRUE;
	event->link = g_strdup("https://acme.example/p1");
	event_add_file(event, "om_1 img_1", NULL, 0, TRUE);
	event_add_file(event, "F1", "plan \"B\".pdf", 999999999999999, FALSE);
	return event;
}

static void expect_same_files(const struct event *a, const struct event *b)
{
	assert_int_equal(a->files ? a->files->len : 0, b->files ? b->files->len : 0);
	for (guint i = 0; a->files && i < a->files->len; i++) {
		const struct event_file *x = &g_array_index(a->files, struct event_file, i);
		const struct event_file *y = &g_array_index(b->files, struct event_file, i);
		expect_same_text(x->key, y->key);
		expect_same_text(x->name, y->name);
		assert_int_equal(x->size_bytes, y->size_bytes);
		assert_int_equal(x->picture, y->picture);
	}
}

static void test_every_kind_comes_back_the_same(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		struct event *event = full_event((enum event_kind)kind), *copy = read_back(event);
		expect_same(event, copy);
		expect_same_files(event, copy);
		assert_int_equal(
			copy->receipt, 0); /* the acknowledgement belongs to the first delivery alone */
		event_free(copy);
		event_free(event);
	}
}

static void test_an_empty_event_comes_back_empty(void **state)
{
	(void)state;
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		struct event *event = event_new((enum event_kind)kind, NULL), *copy = read_back(event);
		expect_same(event, copy);
		assert_null(copy->inputs);
		assert_null(copy->people);
		event_free(copy);
		event_free(event);
	}
}

static void test_every_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		const char *name = event_kind_name((enum event_kind)kind);
		assert_non_null(name);
		assert_true(g_hash_table_add(names, (gpointer)name));
	}
}

static void test_an_input_is_found_by_its_name(void **state)
{
	(void)state;
	struct event *event = event_new(EVENT_SUBMITTED, "acme");
	assert_null(event_input_value(event, "results"));
	event_add_input(event, "results", NULL);
	event_add_input(event, "goals", "5 visits");
	assert_string_equal(event_input_value(event, "results"), "");
	assert_string_equal(event_input_value(event, "goals"), "5 visits");
	assert_null(event_input_value(event, "risks"));
	event_free(event);
	event_free(NULL);
}

/* What is no event, and why. */
static const struct {
	const char *json, *reason;
} refused[] = {
	{ "{}", "'kind' is missing" },
	{ "[]", "'kind' is missing" },
	{ "null", "'kind' is missing" },
	{ "7", "'kind' is missing" },
	{ "\"said\"", "'kind' is missing" },
	{ "{\"kind\":null}", "'kind' is missing" },
	{ "{\"kind\":7}", "'kind' is not a string" },
	{ "{\"kind\":[\"said\"]}", "'kind' is not a string" },
	{ "{\"kind\":\"\"}", "'kind' names no event: ''" },
	{ "{\"kind\":\"SAID\"}", "'kind' names no event: 'SAID'" },
	{ "{\"kind\":\"said \"}", "'kind' names no event: 'said '" },
};

static void test_what_is_no_event_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autoptr(cJSON) tree = json_parse(refused[i].json, strlen(refused[i].json), NULL);
		g_autoptr(GError) error = NULL;
		assert_non_null(tree);
		assert_null(event_from_json(tree, &error));
		assert_non_null(error);
		assert_string_equal(error->message, refused[i].reason);
	}
}

/* Wrong types are taken as absent; nothing here may crash, leak or read beyond. */
static const char *const hostile[] = {
	"{\"kind\":\"said\",\"text\":7,\"person\":[],\"message\":{},\"workspace\":null,\"at_ms\":\"x\"}",
	"{\"kind\":\"said\",\"at_ms\":1e300,\"row\":-1e300,\"until_ms\":1e18}",
	"{\"kind\":\"said\",\"inputs\":[1,2],\"people\":{\"a\":1}}",
	"{\"kind\":\"said\",\"inputs\":{\"a\":1,\"b\":null,\"\":[]},\"people\":[1,null,[],\"x\",{\"account\":"
	"7}]}",
	"{\"kind\":\"said\",\"direct\":\"yes\",\"addressed\":1,\"late_copy\":null}",
	"{\"kind\":\"said\",\"kind\":\"left\",\"text\":\"a\",\"text\":\"b\"}",
};

static void test_wrong_types_are_taken_as_absent(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
		g_autoptr(cJSON) tree = json_parse(hostile[i], strlen(hostile[i]), NULL);
		struct event *event = event_from_json(tree, NULL), *copy = read_back(event);
		assert_int_equal(event->kind, EVENT_SAID);
		assert_null(event->person);
		assert_null(event->place.workspace);
		assert_int_equal(event->at_ms, 0);
		assert_int_equal(event->row, 0);
		assert_int_equal(event->place.kind, PLACE_CHANNEL);
		assert_false(event->addressed);
		expect_same(event, copy);
		event_free(copy);
		event_free(event);
	}
}

/* ---- mentions of the bot, <@B> ---- */

/* begin: what is left of the text when the mention stands at its start; call: when further on; NULL: no such. */
static const struct {
	const char *text, *begin, *call;
} mentions[] = {
	{ "<@B> help", "help", NULL },
	{ "  <@B>：\n站会", "站会", NULL },
	{ "<@B>", "", NULL },
	{ "<@B>, <@B> help", "<@B> help", NULL },
	{ "can you <@B> help", NULL, "help" },
	{ "can you, <@B>,  help me?! ", NULL, "help me" },
	{ "<@U1> and <@B>：帮助。", NULL, "帮助" },
	{ "help me <@B>", NULL, "help me" },
	{ " help, <@B>?", NULL, "help" },
	{ "good morning\nplease <@B> help\nthank you", NULL, "help" },
	{ "good morning\nhelp please <@B>\nthank you", NULL, "help please" },
	{ "a\n<@B>\nb", NULL, "" },
	{ "ask <@B> or <@B>", NULL, "or <@B>" },
	{ "<@B|bell> help", "help", NULL },
	{ "can <@U1|ana>, can <@B|the bell> help", NULL, "help" },
	{ "<@B|no\n> help", NULL, NULL },
	{ "<@BB> help, <@U1>", NULL, NULL },
	{ "@B help", NULL, NULL },
	{ "B help", NULL, NULL },
	{ "", NULL, NULL },
};

static void test_mentions_of_the_bot(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(mentions); i++) {
		struct event *event = event_new(EVENT_SAID, "acme");
		event->text = g_strdup(mentions[i].text);
		event_find_mention(event, "B");
		const char *text = mentions[i].begin ? mentions[i].begin : mentions[i].text;
		if (strcmp(event->text, text) != 0 || event->addressed != (mentions[i].begin != NULL) ||
			g_strcmp0(event->call, mentions[i].call) != 0)
			fail_msg("'%s': '%s', %d, '%s'", mentions[i].text, event->text, event->addressed,
				event->call ? event->call : "(none)");
		event_free(event);
	}
}

/* With an account that is empty every mention would be ours. */
static void test_an_unknown_bot_is_mentioned_by_nobody(void **state)
{
	(void)state;
	static const char *const accounts[] = { NULL, "" };
	for (size_t i = 0; i < G_N_ELEMENTS(accounts); i++) {
		struct event *event = event_new(EVENT_SAID, "acme");
		event->text = g_strdup("<@> help, <@> help");
		event_find_mention(event, accounts[i]);
		assert_false(event->addressed);
		assert_null(event->call);
		event_free(event);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_comes_back_the_same),
		cmocka_unit_test(test_an_empty_event_comes_back_empty),
		cmocka_unit_test(test_every_kind_has_a_name_of_its_own),
		cmocka_unit_test(test_an_input_is_found_by_its_name),
		cmocka_unit_test(test_what_is_no_event_is_refused),
		cmocka_unit_test(test_wrong_types_are_taken_as_absent),
		cmocka_unit_test(test_mentions_of_the_bot),
		cmocka_unit_test(test_an_unknown_bot_is_mentioned_by_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
