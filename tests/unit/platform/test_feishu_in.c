/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "platform/feishu/feishu_emoji.h"
#include "platform/feishu/feishu_text.h"
#include "tests/support/as_line.h"

#define NOW_MS INT64_C(1767225999000)

static const struct feishu_self self = {
	.workspace = "acme", .open_id = "ou_bt_bot", .app_id = "cli_0000000000000001"
};

/* ---- a delivery as one line ---- */

/* A callback is marked "!", one event that lacks something "?". */
static char *delivery_line(const struct feishu_delivery *delivery)
{
	GString *out = g_string_new(delivery->callback ? "! " : "");
	g_string_append(out, delivery->lacks ? "? " : "");
	if (delivery->ignored)
		g_string_append_printf(out, "ignored: %s", delivery->ignored);
	for (guint i = 0; i < delivery->events->len; i++) {
		g_string_append(out, i > 0 ? " | " : "");
		g_autofree char *line = event_as_line(delivery->events->pdata[i]);
		g_string_append(out, line);
	}
	if (delivery->closing)
		g_string_append_printf(out, " closing=%s", delivery->closing);
	return g_string_free(out, FALSE);
}

static void check_delivery(const struct feishu_delivery *delivery)
{
	assert_int_equal(delivery->ignored != NULL, delivery->events->len == 0);
	assert_true(!delivery->lacks || delivery->events->len == 1);
	for (guint i = 0; i < delivery->events->len; i++) {
		const struct event *event = delivery->events->pdata[i];
		assert_string_equal(event->place.workspace, "acme");
		assert_true(event->receipt == 0);
		assert_true(event->kind == EVENT_PEOPLE || event->place.channel || event->kind == EVENT_COMMANDED ||
			    event->kind == EVENT_PRESSED || event->kind == EVENT_SUBMITTED || delivery->lacks);
	}
}

static char *read_line(const struct feishu_self *who, const char *text, gsize length)
{
	g_auto(feishu_delivery_auto) delivery = { 0 };
	feishu_in(who, text, length, NOW_MS, &delivery);
	check_delivery(&delivery);
	return delivery_line(&delivery);
}

/* ---- every fixture ---- */

static const struct {
	const char *file, *expected;
} fixtures[] = {
#include "feishu_fixtures.inc"
};

static char *load(const char *file, gsize *length)
{
	g_autofree char *path = g_strdup_printf("%s/feishu/events/%s.json", TEST_DATA, file);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, length, NULL))
		fail_msg("cannot read %s", path);
	return text;
}

static void every_fixture_means_what_the_table_says(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		g_autofree char *text = load(fixtures[i].file, &length);
		g_autofree char *line = read_line(&self, text, length);
		wrong += differs(fixtures[i].file, line, fixtures[i].expected);
	}
	assert_int_equal(wrong, 0);
}

static void no_fixture_is_left_out(void **state)
{
	(void)state;
	g_autofree char *path = g_build_filename(TEST_DATA, "feishu", "events", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	assert_non_null(dir);
	for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
		guint found = 0;
		for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++)
			found += g_str_has_prefix(name, fixtures[i].file) && strlen(name) == strlen(fixtures[i].file) + 5;
		if (found == 0)
			fail_msg("%s is not in the table", name);
	}
}

/* ---- what goes wrong ---- */

static void a_truncated_payload_is_nothing(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		g_autofree char *text = load(fixtures[i].file, &length);
		gsize whole = (gsize)(strrchr(text, '}') - text);
		for (gsize cut = 0; cut <= whole; cut++) {
			g_autofree char *prefix = g_memdup2(text, cut), *line = read_line(&self, prefix, cut);
			assert_string_equal(line, "ignored: not JSON");
		}
	}
}

/* The nth node below root, depth first; NULL: there are fewer. */
static cJSON *nth_node(cJSON *root, int *n, cJSON **parent)
{
	for (cJSON *child = root->child; child; child = child->next) {
		*parent = root;
		if ((*n)-- == 0)
			return child;
		cJSON *found = child->child ? nth_node(child, n, parent) : NULL;
		if (found)
			return found;
	}
	return NULL;
}

/* Puts the value into the nth node's place, "" removes it; FALSE: there are fewer nodes. */
static gboolean mutate(cJSON *root, int n, const char *value)
{
	cJSON *parent = NULL, *node = nth_node(root, &n, &parent);
	if (!node)
		return FALSE;
	if (!*value) {
		cJSON_Delete(cJSON_DetachItemViaPointer(parent, node));
		return TRUE;
	}
	cJSON *other = cJSON_Parse(value);
	assert_non_null(other);
	if (node->string) {
		other->string = malloc(strlen(node->string) + 1);
		memcpy(other->string, node->string, strlen(node->string) + 1);
	}
	cJSON_ReplaceItemViaPointer(parent, node, other);
	return TRUE;
}

/* Each field in turn is gone, null, a number, a list, an object, an empty text. */
static gboolean survives(const char *text, gsize length, int n)
{
	static const char *const values[] = { "", "null", "1.5e300", "[[]]", "{\"a\":{}}", "\"\"", "true", "-1",
		"\"@_user_1\"", "\"{\\\"text\\\":[1]}\"", "\"{\\\"content\\\":[[{\\\"tag\\\":\\\"at\\\"}],1]}\"" };
	for (guint v = 0; v < G_N_ELEMENTS(values); v++) {
		g_autoptr(cJSON) root = json_parse(text, length, NULL);
		if (!mutate(root, n, values[v]))
			return FALSE;
		g_autofree char *changed = json_print(root), *line = read_line(&self, changed, strlen(changed));
		assert_non_null(line);
	}
	return TRUE;
}

static void no_field_is_trusted(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		g_autofree char *text = load(fixtures[i].file, &length);
		for (int n = 0; survives(text, length, n); n++)
			;
	}
}

/* ---- single cases ---- */

static const struct {
	const char *payload, *expected;
} payloads[] = {
	{ "", "ignored: not JSON" },
	{ "ping", "ignored: not JSON" },
	{ "{\"a\":\"\xff\"}", "ignored: not JSON" },
	{ "null", "ignored: no event in it" },
	{ "[]", "ignored: no event in it" },
	{ "{}", "ignored: no event in it" },
	{ "{\"header\":{\"event_type\":\"im.message.receive_v1\"}}", "ignored: no event in it" },
	{ "{\"header\":{\"event_type\":\"card.action.trigger\"}}", "! ignored: no event in it" },
	{ "{\"header\":{\"event_type\":\"no.such_v9\"},\"event\":{}}", "ignored: event type of no use" },
	{ "{\"header\":{},\"event\":{}}", "ignored: no event in it" },
	{ "{\"schema\":\"2.0\",\"header\":{\"event_type\":7},\"event\":{}}", "ignored: no event in it" },
	{ "{\"open_id\":\"ou_a\",\"open_message_id\":\"om_1\",\"open_chat_id\":\"oc_1\",\"token\":\"c-1\",\"action\":"
	  "{\"tag\":\"button\",\"value\":{\"action\":\"blocker.own\",\"value\":\"7\"}}}",
		"! pressed by=ou_a in=oc_1 message=om_1 word=blocker.own value=7 token={\"card\":\"c-1\"} at=1767225999000 c:c-1" },
	{ "{\"uuid\":\"u1\",\"type\":\"event_callback\",\"event\":{\"type\":\"approval\"}}", "ignored: event type of no use" },
};

static void payloads_are_what_they_say(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(payloads); i++) {
		g_autofree char *line = read_line(&self, payloads[i].payload, strlen(payloads[i].payload));
		wrong += differs(payloads[i].payload, line, payloads[i].expected);
	}
	assert_int_equal(wrong, 0);
}

/* The event object of that type in an envelope with the id Ev1 of 1767225600000. */
static const struct {
	const char *type, *event, *expected;
} events[] = {
#include "feishu_events.inc"
};

static void events_are_what_people_did(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
		g_autofree char *payload = g_strdup_printf("{\"schema\":\"2.0\",\"header\":{\"event_id\":\"Ev1\",\"event_type\":"
							   "\"%s\",\"create_time\":\"1767225600000\"},\"event\":%s}",
			events[i].type, events[i].event);
		g_autofree char *line = read_line(&self, payload, strlen(payload));
		wrong += differs(events[i].event, line, events[i].expected);
	}
	assert_int_equal(wrong, 0);
}

/* ---- the words themselves ---- */

static const struct {
	const char *type, *content, *expected; /* expected: a "!" in front when addressed; NULL: nothing */
} words[] = {
#include "feishu_words.inc"
};

static const char mentions_json[] =
	"[{\"key\":\"@_user_1\",\"id\":{\"open_id\":\"ou_bt_bot\"},\"name\":\"Bell\"},"
	"{\"key\":\"@_user_2\",\"id\":{\"open_id\":\"ou_li\"},\"name\":\"李雷\"},"
	"{\"key\":\"@_user_10\",\"id\":{\"open_id\":\"ou_ten\"},\"name\":\"Ten\"},"
	"{\"key\":\"@_user_3\",\"id\":{\"open_id\":\"\"},\"name\":\"<b>&\"},"
	"{\"key\":\"@_user_4\",\"id\":{\"open_id\":\"ou_x> <!channel\"},\"name\":\"Eve\"},"
	"{\"key\":\"@_user_5\",\"id\":\"ou_rest\",\"id_type\":\"open_id\",\"name\":\"Rest\"},"
	"{\"key\":\"@_user_6\"},"
	"{\"key\":\"@_all\",\"id\":{},\"name\":\"所有人\"},7]";

static void words_are_made_neutral(void **state)
{
	(void)state;
	g_autoptr(cJSON) mentions = cJSON_Parse(mentions_json);
	assert_non_null(mentions);
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		struct event *event = event_new(EVENT_SAID, "acme");
		gboolean any = feishu_text_read(event, words[i].type, words[i].content, mentions, "ou_bt_bot");
		g_autofree char *line = any ? g_strconcat(event->addressed ? "!" : "", event->text, NULL) : NULL;
		event_free(event);
		wrong += differs(words[i].content, line, words[i].expected);
	}
	assert_int_equal(wrong, 0);
}

/* Pains 24: with an own id that is empty every mention would match. */
static void an_unknown_bot_is_meant_by_nobody(void **state)
{
	(void)state;
	g_autoptr(cJSON) mentions = cJSON_Parse("[{\"key\":\"@_user_1\",\"id\":{\"open_id\":\"\"},\"name\":\"Bell\"}]");
	static const char *const bots[] = { NULL, "" };
	for (guint i = 0; i < G_N_ELEMENTS(bots); i++) {
		struct event *event = event_new(EVENT_SAID, "acme");
		assert_true(feishu_text_read(event, "text", "{\"text\":\"@_user_1 hi\"}", mentions, bots[i]));
		assert_string_equal(event->text, "@Bell hi");
		assert_false(event->addressed);
		assert_null(event->call);
		event_free(event);
	}
}

/* ---- REST ---- */

#define ITEM(created, updated)                                                                                         \
	"{\"message_id\":\"om_1\",\"msg_type\":\"text\",\"create_time\":\"" created "\",\"update_time\":\"" updated "\","   \
	"\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"ou_li\",\"sender_type\":\"user\"},"                                  \
	"\"body\":{\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}}"

static const struct {
	const char *item, *expected; /* NULL: nothing of a person */
	gboolean ours;
} history[] = {
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"text\",\"create_time\":\"1767229199700\",\"update_time\":\"1767229199700\","
	  "\"deleted\":false,\"chat_id\":\"oc_1\",\"root_id\":\"om_0\",\"sender\":{\"id\":\"ou_li\",\"id_type\":\"open_id\","
	  "\"sender_type\":\"user\"},\"body\":{\"content\":\"{\\\"text\\\":\\\"@_user_1 a & b\\\"}\"},"
	  "\"mentions\":[{\"key\":\"@_user_1\",\"id\":\"ou_bt_bot\",\"id_type\":\"open_id\",\"name\":\"Bell\"}]}",
		"said by=ou_li in=oc_1 thread=om_0 message=om_1 text=a &amp; b addressed late at=1767229199700 m:om_1 "
		"s:1767229199700:ou_li:oc_1:71f740e8d3f34d85",
		FALSE },
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"text\",\"deleted\":true,\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"ou_li\","
	  "\"sender_type\":\"user\"},\"body\":{\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}}",
		"deleted by=ou_li in=oc_1 message=om_1 late at=0 d:om_1 of=m:om_1", FALSE },
	/* edited since, said before: what is known already; and both since */
	{ ITEM("1767229199600", "1767229199800"),
		"edited by=ou_li in=oc_1 message=om_1 text=x late at=1767229199800 x:om_1:1767229199800 of=m:om_1", FALSE },
	{ ITEM("1767229199700", "1767229199800"),
		"edited by=ou_li in=oc_1 message=om_1 text=x late at=1767229199800 x:om_1:1767229199800 of=m:om_1; "
		"said by=ou_li in=oc_1 message=om_1 text=x late at=1767229199700 m:om_1 s:1767229199700:ou_li:oc_1:957966ebfc8f3a9c",
		FALSE },
	{ ITEM("1767229199500", "1767229199600"), NULL, FALSE },
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"interactive\",\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"cli_0000000000000001\","
	  "\"id_type\":\"app_id\",\"sender_type\":\"app\"},\"body\":{\"content\":\"{}\"}}",
		NULL, TRUE },
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"text\",\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"cli_other\",\"sender_type\":\"app\"},"
	  "\"body\":{\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}}",
		NULL, FALSE },
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"system\",\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"\",\"sender_type\":\"\"},"
	  "\"body\":{\"content\":\"{}\"}}",
		NULL, FALSE },
	{ "{\"message_id\":\"om_1\",\"msg_type\":\"text\",\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"ou_li\",\"sender_type\":\"user\"},"
	  "\"body\":{}}",
		NULL, FALSE },
	{ "[]", NULL, FALSE },
};

static char *past_line(const cJSON *item)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	feishu_in_history(&self, item, FALSE, INT64_C(1767229199700), told);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < told->len; i++) {
		g_string_append(out, i ? "; " : "");
		g_autofree char *line = event_as_line(told->pdata[i]);
		g_string_append(out, line);
	}
	return g_string_free(out, told->len == 0);
}

static void history_is_read_like_the_socket(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(history); i++) {
		g_autoptr(cJSON) item = cJSON_Parse(history[i].item);
		g_autofree char *line = past_line(item);
		wrong += differs(history[i].item, line, history[i].expected);
		assert_int_equal(feishu_in_is_ours(&self, item), history[i].ours);
	}
	assert_int_equal(wrong, 0);
}

/* One message, told by the socket and by the history: the keys meet. */
static void a_late_copy_is_known(void **state)
{
	static const char event_json[] =
		"{\"header\":{\"event_type\":\"im.message.receive_v1\"},\"event\":{\"sender\":{\"sender_id\":{\"open_id\":\"ou_li\"},"
		"\"sender_type\":\"user\"},\"message\":{\"message_id\":\"om_1\",\"create_time\":\"1767229199700\",\"chat_id\":\"oc_1\","
		"\"chat_type\":\"p2p\",\"message_type\":\"text\",\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}}}";
	static const char item_json[] =
		"{\"message_id\":\"om_1\",\"create_time\":\"1767229199700\",\"chat_id\":\"oc_1\",\"msg_type\":\"text\",\"sender\":"
		"{\"id\":\"ou_li\",\"sender_type\":\"user\"},\"body\":{\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}}";
	(void)state;
	g_auto(feishu_delivery_auto) delivery = { 0 };
	feishu_in(&self, event_json, strlen(event_json), NOW_MS, &delivery);
	g_autoptr(cJSON) item = cJSON_Parse(item_json);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	feishu_in_history(&self, item, TRUE, 0, past);
	struct event *late = past->pdata[0], *live = delivery.events->pdata[0];
	assert_string_equal(live->keys[0], late->keys[0]);
	assert_string_equal(live->keys[1], late->keys[1]);
	assert_int_equal(late->place.kind, PLACE_DIRECT);
	assert_null(late->place.token); /* no form pops up for what was said hours ago */
	late->late_copy = FALSE;
	g_clear_pointer(&live->place.token, g_free);
	g_autofree char *a = event_as_line(live), *b = event_as_line(late);
	assert_string_equal(a, b);
}

/* Its own client sent it again: another id, the same time and words (3.2). */
static void a_resent_message_has_a_key_in_common(void **state)
{
	(void)state;
	char *keys[3];
	static const char *const texts[] = { "x", "x", "y" };
	for (guint i = 0; i < 3; i++) {
		g_autofree char *text = g_strdup_printf(
			"{\"header\":{\"event_type\":\"im.message.receive_v1\"},\"event\":{\"sender\":{\"sender_id\":{\"open_id\":"
			"\"ou_li\"}},\"message\":{\"message_id\":\"om_%u\",\"create_time\":\"1767229199700\",\"chat_id\":\"oc_1\","
			"\"message_type\":\"text\",\"content\":\"{\\\"text\\\":\\\"%s\\\"}\"}}}",
			i, texts[i]);
		g_auto(feishu_delivery_auto) delivery = { 0 };
		feishu_in(&self, text, strlen(text), NOW_MS, &delivery);
		assert_int_equal(delivery.events->len, 1);
		keys[i] = g_strdup(((struct event *)delivery.events->pdata[0])->keys[1]);
	}
	assert_string_equal(keys[0], keys[1]);
	assert_string_not_equal(keys[0], keys[2]);
	for (guint i = 0; i < 3; i++)
		g_free(keys[i]);
}

static void what_an_event_lacks_is_looked_up(void **state)
{
	static const struct {
		const char *item, *expected; /* of a recall in oc_1; NULL: of no use */
	} cases[] = {
		{ "{\"chat_id\":\"oc_9\",\"root_id\":\"om_0\",\"sender\":{\"id\":\"ou_li\",\"sender_type\":\"user\"}}",
			"deleted by=ou_li in=oc_1 thread=om_0 message=om_1 at=0" },
		{ "{\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"cli_x\",\"sender_type\":\"app\"}}", NULL },
		{ "{}", NULL },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct event *event = event_new(EVENT_DELETED, "acme");
		event->place.channel = g_strdup("oc_1");
		event->message = g_strdup("om_1");
		g_autoptr(cJSON) item = cJSON_Parse(cases[i].item);
		gboolean useful = feishu_in_complete(&self, event, item);
		g_autofree char *line = event_as_line(event);
		assert_int_equal(useful, cases[i].expected != NULL);
		if (useful)
			assert_string_equal(line, cases[i].expected);
		event_free(event);
	}
	struct event *reaction = event_new(EVENT_REACTED, "acme");
	reaction->person = g_strdup("ou_li");
	assert_false(feishu_in_complete(&self, reaction, NULL));
	g_autoptr(GHashTable) directs = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_add(directs, (gpointer) "oc_p2p");
	struct feishu_self knowing = self;
	knowing.directs = directs;
	g_autoptr(cJSON) item = cJSON_Parse("{\"chat_id\":\"oc_p2p\",\"sender\":{\"id\":\"cli_x\",\"sender_type\":\"app\"}}");
	assert_true(feishu_in_complete(&knowing, reaction, item));
	assert_string_equal(reaction->place.channel, "oc_p2p");
	assert_string_equal(reaction->person, "ou_li");
	assert_int_equal(reaction->place.kind, PLACE_DIRECT);
	event_free(reaction);
}

/* An edit says nothing itself: its words, its author and its time are the message's. */
static void an_edit_is_read_from_its_message(void **state)
{
#define EDITED(rest)                                                                                                                    \
	"{\"message_id\":\"om_1\",\"chat_id\":\"oc_1\",\"msg_type\":\"text\",\"create_time\":\"1767229199700\",\"update_time\":"             \
	"\"1767229201000\",\"sender\":{\"id\":\"ou_li\",\"sender_type\":\"user\"},\"body\":{\"content\":\"{\\\"text\\\":\\\"x\\\"}\"}" rest "}"
	static const struct {
		const char *item, *expected; /* NULL: of no use */
	} cases[] = {
		{ EDITED(""), "edited by=ou_li in=oc_1 message=om_1 text=x at=1767229201000 x:om_1:1767229201000 e:ev-1 of=m:om_1" },
		{ EDITED(",\"root_id\":\"om_0\""), "edited by=ou_li in=oc_1 thread=om_0 message=om_1 text=x at=1767229201000 x:om_1:1767229201000 e:ev-1 of=m:om_1" },
		{ EDITED(",\"deleted\":true"), NULL },
		{ "{\"chat_id\":\"oc_1\",\"sender\":{\"id\":\"cli_x\",\"sender_type\":\"app\"}}", NULL },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct event *event = event_new(EVENT_EDITED, "acme");
		event->message = g_strdup("om_1");
		event->keys[0] = g_strdup("e:ev-1");
		g_autoptr(cJSON) item = cJSON_Parse(cases[i].item);
		assert_non_null(item);
		gboolean useful = feishu_in_complete(&self, event, item);
		g_autofree char *line = event_as_line(event);
		assert_int_equal(useful, cases[i].expected != NULL);
		if (useful)
			assert_string_equal(line, cases[i].expected);
		event_free(event);
	}
#undef EDITED
}

static void a_known_direct_chat_is_one(void **state)
{
	(void)state;
	gsize length;
	g_autofree char *text = load("im.message.recalled_v1", &length);
	g_autoptr(GHashTable) directs = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_add(directs, (gpointer) "oc_bt_sales");
	struct feishu_self knowing = self;
	knowing.directs = directs;
	g_autofree char *line = read_line(&knowing, text, length);
	assert_non_null(strstr(line, "direct=oc_bt_sales"));
}

static const struct {
	const char *user, *expected;
	gboolean member;
} people[] = {
	{ "{\"open_id\":\"ou_1\"}", "people ou_1() at=0", FALSE },
	{ "{\"open_id\":\"ou_1\",\"name\":\"\",\"nickname\":\"小李\",\"email\":\"\",\"enterprise_email\":\"li@corp.example\"}",
		"people ou_1(小李) email=li@corp.example at=0", FALSE },
	{ "{\"open_id\":\"ou_1\",\"name\":\"李雷\",\"email\":\"a@b.example\",\"status\":{\"is_exited\":true}}",
		"people ou_1(李雷) email=a@b.example deactivated at=0", FALSE },
	{ "{\"open_id\":\"ou_1\",\"en_name\":\"Lei\",\"status\":{\"is_frozen\":true}}", "people ou_1(Lei) deactivated at=0", FALSE },
	{ "{\"open_id\":\"ou_1\",\"name\":\"李\",\"status\":{\"is_activated\":false,\"is_unjoin\":true}}", "people ou_1(李) at=0", FALSE },
	{ "{\"union_id\":\"on_1\",\"name\":\"李\"}", NULL, FALSE },
	{ "{\"member_id_type\":\"open_id\",\"member_id\":\"ou_1\",\"name\":\"李雷\"}", "people ou_1(李雷) at=0", TRUE },
	{ "{\"name\":\"李雷\"}", NULL, TRUE },
};

static void people_have_the_name_they_chose(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
		g_autoptr(cJSON) user = cJSON_Parse(people[i].user);
		struct event *event = event_new(EVENT_PEOPLE, NULL);
		struct event_person *person = event_add_person(event);
		gboolean known = people[i].member ? feishu_in_member(user, person) : feishu_in_person(user, person);
		g_autofree char *line = known ? event_as_line(event) : NULL;
		event_free(event);
		assert_int_equal(differs(people[i].user, line, people[i].expected), 0);
	}
}

/* ---- small things ---- */

static void times_are_told_by_their_digits(void **state)
{
	static const struct {
		const char *digits;
		int64_t ms;
	} cases[] = { { "1767225600", 1767225600000 }, { "1767225600123", 1767225600123 }, { "1767225600123456", 1767225600123 },
		{ "0", 0 }, { "", -1 }, { NULL, -1 }, { "x", -1 }, { "-5", -1 }, { "17672256001234567890", -1 }, { "12.5", -1 } };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_true(feishu_in_time_ms(cases[i].digits, -1) == cases[i].ms);
}

static void emoji_have_two_names(void **state)
{
	static const struct {
		const char *type, *name, *back;
	} cases[] = {
		{ "DONE", "white_check_mark", "DONE" },
		{ "CheckMark", "heavy_check_mark", "CheckMark" },
		{ "THUMBSUP", "+1", "THUMBSUP" },
		{ "JIAYI", "+1", "THUMBSUP" },
		{ "CLAP", "clap", "APPLAUSE" },
		{ "OnIt", "eyes", "OnIt" },
		{ "SMILE", "smile", NULL },
		{ "", "", NULL },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = feishu_emoji_name(cases[i].type);
		assert_string_equal(name, cases[i].name);
		assert_int_equal(g_strcmp0(feishu_emoji_type(name), cases[i].back), 0);
	}
	assert_string_equal(feishu_emoji_type("thumbsup"), "THUMBSUP");
	assert_string_equal(feishu_emoji_glyph("FIREWORKS"), "🎆");
	assert_null(feishu_emoji_glyph("fireworks")); /* types are case-sensitive */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fixture_means_what_the_table_says),
		cmocka_unit_test(no_fixture_is_left_out),
		cmocka_unit_test(a_truncated_payload_is_nothing),
		cmocka_unit_test(no_field_is_trusted),
		cmocka_unit_test(payloads_are_what_they_say),
		cmocka_unit_test(events_are_what_people_did),
		cmocka_unit_test(words_are_made_neutral),
		cmocka_unit_test(an_unknown_bot_is_meant_by_nobody),
		cmocka_unit_test(history_is_read_like_the_socket),
		cmocka_unit_test(a_late_copy_is_known),
		cmocka_unit_test(a_resent_message_has_a_key_in_common),
		cmocka_unit_test(what_an_event_lacks_is_looked_up),
		cmocka_unit_test(an_edit_is_read_from_its_message),
		cmocka_unit_test(a_known_direct_chat_is_one),
		cmocka_unit_test(people_have_the_name_they_chose),
		cmocka_unit_test(times_are_told_by_their_digits),
		cmocka_unit_test(emoji_have_two_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
