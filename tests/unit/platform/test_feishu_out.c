/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/support/as_line.h"

#include "core/message.h"
#include "platform/feishu/feishu_card.h"
#include "platform/feishu/feishu_pen.h"
#include "tests/support/feishu_rules.h"

#define Z "\342\200\213" /* U+200B */
#define CARDS 300	 /* random ones */
#define SEED 20260302

static struct outbox_row *row_new(enum outbox_kind kind, const char *content)
{
	struct outbox_row *row = outbox_row_new(812, kind, "acme");
	row->channel = g_strdup("oc_1");
	row->person = g_strdup("ou_1");
	row->message = g_strdup("om_1");
	row->word = g_strdup("white_check_mark");
	row->content = g_strdup(content);
	row->created_ms = 1767225600000;
	return row;
}

/* "POST /path {body}", marked when it vanishes or goes to one person. */
static char *line_of(const struct outbox_row *row, const struct feishu_target *target)
{
	g_auto(feishu_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (!feishu_out(row, target, &request, &error))
		return g_strdup_printf("error: %s", error->message);
	return g_strdup_printf("%s%s%s %s %s", request.ephemeral ? "ephemeral " : "", request.direct ? "direct " : "",
		request.method->verb, request.path, request.body ? request.body : "");
}

static void expect_same(const char *what, const char *got, const char *expected, guint *wrong)
{
	if (g_strcmp0(got, expected) == 0)
		return;
	print_error("%s:\n  got      %s\n  expected %s\n", what, got, expected);
	++*wrong;
}

/* ---- requests ---- */

#define SAY "{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"hi\"}]}]}"
#define CARD                                                                                                             \
	"{\\\"schema\\\":\\\"2.0\\\",\\\"config\\\":{\\\"update_multi\\\":true,\\\"summary\\\":{\\\"content\\\":\\\"hi\\\"}}," \
	"\\\"body\\\":{\\\"direction\\\":\\\"vertical\\\",\\\"elements\\\":[{\\\"tag\\\":\\\"div\\\",\\\"text\\\":{"           \
	"\\\"tag\\\":\\\"plain_text\\\",\\\"content\\\":\\\"hi\\\"}}]}}"
#define OBJECT                                                                                                  \
	"{\"schema\":\"2.0\",\"config\":{\"update_multi\":true,\"summary\":{\"content\":\"hi\"}},\"body\":{\"direction\":" \
	"\"vertical\",\"elements\":[{\"tag\":\"div\",\"text\":{\"tag\":\"plain_text\",\"content\":\"hi\"}}]}}"
#define UUID "\"uuid\":\"bt-812-19b76daa800"

static const struct {
	enum outbox_kind kind;
	const char *channel, *person, *thread, *content;
	struct feishu_target target;
	gboolean plain;
	const char *expected;
} requests[] = {
	{ OUTBOX_POST, "oc_1", NULL, NULL, SAY, { 0 }, FALSE,
		"POST /open-apis/im/v1/messages?receive_id_type=chat_id {\"receive_id\":\"oc_1\",\"msg_type\":\"interactive\","
		"\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_POST, NULL, "ou_1", NULL, SAY, { 0 }, FALSE,
		"direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_POST, "oc_p2p", "ou_1", NULL, SAY, { .direct = TRUE }, FALSE,
		"POST /open-apis/im/v1/messages?receive_id_type=chat_id {\"receive_id\":\"oc_p2p\",\"msg_type\":\"interactive\","
		"\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_POST, "ou_boss", NULL, NULL, SAY, { 0 }, FALSE,
		"POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_boss\",\"msg_type\":\"interactive\","
		"\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_POST, "oc_1", NULL, "om_root", SAY, { 0 }, FALSE,
		"POST /open-apis/im/v1/messages/om_root/reply {\"msg_type\":\"interactive\",\"content\":\"" CARD
		"\",\"reply_in_thread\":true," UUID "\"}" },
	{ OUTBOX_POST, "oc_1", NULL, "om_root", SAY, { .flat = TRUE }, FALSE,
		"POST /open-apis/im/v1/messages/om_root/reply {\"msg_type\":\"interactive\",\"content\":\"" CARD
		"\",\"reply_in_thread\":false," UUID "f\"}" },
	{ OUTBOX_POST, "oc_1", NULL, NULL, SAY, { 0 }, TRUE,
		"POST /open-apis/im/v1/messages?receive_id_type=chat_id {\"receive_id\":\"oc_1\",\"msg_type\":\"interactive\","
		"\"content\":\"" CARD "\"," UUID "p\"}" },
	{ OUTBOX_REPLACE, "oc_1", NULL, NULL, SAY, { 0 }, FALSE,
		"PATCH /open-apis/im/v1/messages/om_1 {\"content\":\"" CARD "\"}" },
	{ OUTBOX_DELETE, "oc_1", NULL, NULL, NULL, { 0 }, FALSE, "DELETE /open-apis/im/v1/messages/om_1 " },
	{ OUTBOX_REACT, "oc_1", NULL, NULL, NULL, { 0 }, FALSE,
		"POST /open-apis/im/v1/messages/om_1/reactions {\"reaction_type\":{\"emoji_type\":\"DONE\"}}" },
	{ OUTBOX_UNREACT, "oc_1", NULL, NULL, NULL, { .reaction = "ZCaBT0001" }, FALSE,
		"DELETE /open-apis/im/v1/messages/om_1/reactions/ZCaBT0001 " },
	{ OUTBOX_UNREACT, "oc_1", NULL, NULL, NULL, { 0 }, FALSE, "error: not the id of a reaction: ''" },
	{ OUTBOX_PRIVATE, "oc_1", "ou_1", NULL, SAY, { 0 }, FALSE,
		"ephemeral POST /open-apis/ephemeral/v1/send {\"chat_id\":\"oc_1\",\"open_id\":\"ou_1\",\"msg_type\":\"interactive\","
		"\"card\":" OBJECT "}" },
	{ OUTBOX_PRIVATE, "oc_1", "ou_1", "om_root", SAY, { .direct = TRUE }, FALSE,
		"direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_PRIVATE, NULL, "ou_1", NULL, SAY, { 0 }, FALSE,
		"direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_HOME, NULL, "ou_1", NULL, SAY, { 0 }, FALSE,
		"direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"content\":\"" CARD "\"," UUID "\"}" },
	{ OUTBOX_ASK_PERSON, NULL, "ou_1", NULL, NULL, { 0 }, FALSE,
		"GET /open-apis/contact/v3/users/ou_1?user_id_type=open_id " },
	{ OUTBOX_ASK_MEMBERS, "oc_1", NULL, NULL, NULL, { 0 }, FALSE,
		"GET /open-apis/im/v1/chats/oc_1/members?member_id_type=open_id&page_size=100 " },
	{ OUTBOX_ASK_MEMBERS, "oc_1", NULL, NULL, NULL, { .cursor = "a/b=&" }, FALSE,
		"GET /open-apis/im/v1/chats/oc_1/members?member_id_type=open_id&page_size=100&page_token=a%2Fb%3D%26 " },
	{ OUTBOX_ASK_CHANNEL, NULL, NULL, NULL, NULL, { .cursor = "P2" }, FALSE,
		"GET /open-apis/im/v1/chats?page_size=100&page_token=P2 " },
	{ OUTBOX_ASK_HISTORY, "oc_1", NULL, NULL, NULL, { .since_ms = 1767225600999, .cursor = "P2" }, FALSE,
		"GET /open-apis/im/v1/messages?container_id_type=chat&container_id=oc_1&start_time=1767225600&sort_type="
		"ByCreateTimeAsc&page_size=50&page_token=P2 " },
	{ OUTBOX_ASK_MESSAGE, "oc_1", NULL, NULL, NULL, { 0 }, FALSE, "GET /open-apis/im/v1/messages/om_1 " },
	{ OUTBOX_URGE, "oc_1", "ou_1", NULL, SAY, { 0 }, FALSE,
		"PATCH /open-apis/im/v1/messages/om_1/urgent_app?user_id_type=open_id {\"user_id_list\":[\"ou_1\"]}" },
	{ OUTBOX_URGE, "oc_1", "ou_1", NULL, SAY, { .direct = TRUE }, FALSE,
		"direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"content\":\"" CARD "\"," UUID "\"}" },
	/* what is no id comes into no path */
	{ OUTBOX_POST, "oc_1/../x", NULL, NULL, SAY, { 0 }, FALSE, "error: not an id of feishu: 'oc_1/../x'" },
	{ OUTBOX_POST, "oc_1", NULL, "om?x=1", SAY, { 0 }, FALSE, "error: not an id of feishu: 'om?x=1'" },
	{ OUTBOX_ASK_PERSON, NULL, "ou 1", NULL, NULL, { 0 }, FALSE, "error: not an id of feishu: 'ou 1'" },
	{ OUTBOX_UNREACT, "oc_1", NULL, NULL, NULL, { .reaction = "a/b" }, FALSE, "error: not the id of a reaction: 'a/b'" },
	{ OUTBOX_POST, "oc_1", NULL, NULL, "{\"parts\":", { 0 }, FALSE, "error: not valid JSON near line 1, column 9" },
	{ OUTBOX_POST, NULL, NULL, NULL, SAY, { 0 }, FALSE, "error: row of kind 'post' has no channel or person" },
	{ OUTBOX_PRIVATE, "oc_1", NULL, NULL, SAY, { 0 }, FALSE, "error: row of kind 'private' has no person" },
	{ OUTBOX_HOME, NULL, "ou_1", NULL, NULL, { 0 }, FALSE, "error: row of kind 'home' has no content" },
	{ OUTBOX_ASK_MEMBERS, NULL, NULL, NULL, NULL, { 0 }, FALSE, "error: row of kind 'ask members' has no channel" },
};

static void each_kind_has_its_request(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
		struct outbox_row *row = outbox_row_new(812, requests[i].kind, "acme");
		row->channel = g_strdup(requests[i].channel);
		row->person = g_strdup(requests[i].person);
		row->thread = g_strdup(requests[i].thread);
		row->content = g_strdup(requests[i].content);
		row->message = g_strdup("om_1");
		row->word = g_strdup("white_check_mark");
		row->created_ms = 1767225600000;
		row->plain = requests[i].plain;
		g_autofree char *line = line_of(row, &requests[i].target);
		expect_same(outbox_kind_name(requests[i].kind), line, requests[i].expected, &wrong);
		outbox_row_free(row);
	}
	assert_int_equal(wrong, 0);
}

static void files_are_forms_and_messages(void **state)
{
	(void)state;
	g_autoptr(GBytes) bytes = g_bytes_new_static("\0x", 2);
	struct message_file file = { (char *)"周报.XLSX", bytes };
	g_auto(feishu_request_auto) picture = { 0 }, document = { 0 }, share = { 0 }, reply = { 0 }, loss = { 0 };
	feishu_out_picture(&file, &picture);
	assert_string_equal(picture.path, "/open-apis/im/v1/images");
	assert_true(g_str_has_prefix(picture.content_type, "multipart/form-data; boundary="));
	assert_non_null(g_strstr_len(picture.body, (gssize)picture.body_length, "name=\"image_type\"\r\n\r\nmessage\r\n"));
	feishu_out_document(&file, &document);
	assert_string_equal(document.path, "/open-apis/im/v1/files");
	assert_non_null(g_strstr_len(document.body, (gssize)document.body_length, "name=\"file_type\"\r\n\r\nxls\r\n"));
	assert_non_null(g_strstr_len(document.body, (gssize)document.body_length, "name=\"file_name\"\r\n\r\n周报.XLSX\r\n"));
	struct outbox_row *row = row_new(OUTBOX_POST, "{}");
	feishu_out_share(row, FALSE, "file_1", 2, &share);
	assert_string_equal(share.path, "/open-apis/im/v1/messages?receive_id_type=chat_id");
	assert_string_equal(share.body, "{\"receive_id\":\"oc_1\",\"msg_type\":\"file\",\"content\":\"{\\\"file_key\\\":\\\"file_1\\\"}\"," UUID "-2\"}");
	row->thread = g_strdup("om_root");
	feishu_out_share(row, TRUE, "file_1", 1, &reply);
	assert_string_equal(reply.path, "/open-apis/im/v1/messages/om_root/reply");
	assert_non_null(strstr(reply.body, "\"reply_in_thread\":false," UUID "f-1\"}"));
	g_autoptr(cJSON) part = cJSON_Parse("{\"part\":\"file\",\"file\":0,\"name\":\"b\",\"lost\":\"gone\"}");
	feishu_out_loss(row, FALSE, part, 1, &loss);
	assert_non_null(strstr(loss.body, "📎 b – gone"));
	assert_non_null(strstr(loss.body, UUID "-1001\"}"));
	outbox_row_free(row);
}

static void the_history_begins_before_what_is_known(void **state)
{
	static const struct {
		const char *word, *expected;
	} times[] = {
		{ "1767226200999", "&start_time=1767225600&" },
		{ "1", "&container_id=oc_1&sort_type" },
		{ "x", "&container_id=oc_1&sort_type" },
		{ NULL, "&container_id=oc_1&sort_type" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		struct outbox_row *row = row_new(OUTBOX_ASK_HISTORY, NULL);
		g_free(row->word);
		row->word = g_strdup(times[i].word);
		g_autofree char *line = line_of(row, NULL);
		assert_non_null(strstr(line, times[i].expected));
		outbox_row_free(row);
	}
}

static void an_emoji_that_feishu_lacks_is_an_error(void **state)
{
	(void)state;
	struct outbox_row *row = row_new(OUTBOX_REACT, NULL);
	g_free(row->word);
	row->word = g_strdup("bell_tower");
	g_autofree char *line = line_of(row, NULL);
	assert_string_equal(line, "error: feishu has no emoji 'bell_tower'");
	outbox_row_free(row);
}

static char *uuid_of(gint64 id, int64_t created_ms, int attempts)
{
	struct outbox_row *row = row_new(OUTBOX_POST, SAY);
	row->id = id;
	row->created_ms = created_ms;
	row->attempts = attempts;
	row->in_doubt = attempts > 0;
	g_auto(feishu_request_auto) request = { 0 };
	assert_true(feishu_out(row, NULL, &request, NULL));
	outbox_row_free(row);
	g_autoptr(cJSON) body = cJSON_Parse(request.body);
	return g_strdup(json_text_or(body, "uuid", NULL));
}

/* Pains 15: fixed for life, and no other row's. */
static void a_row_has_one_uuid(void **state)
{
	(void)state;
	g_autofree char *first = uuid_of(812, 1767225600000, 0), *again = uuid_of(812, 1767225600000, 3);
	g_autofree char *other = uuid_of(813, 1767225600000, 0), *later = uuid_of(812, 1767225600001, 0);
	g_autofree char *longest = uuid_of(G_MAXINT64, G_MAXINT64, 0);
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
	assert_string_not_equal(first, later);
	assert_true(strlen(longest) + 2 <= 50);
}

/* The request of a fixture and ours: method, path, query, and those members of the body that we send. */
static void expect_fixture(const char *name, const struct feishu_request *request)
{
	g_autofree char *path = g_strdup_printf("%s/feishu/rest/%s.json", TEST_DATA, name), *text = NULL;
	gsize length;
	assert_true(g_file_get_contents(path, &text, &length, NULL));
	g_autoptr(cJSON) root = json_parse(text, length, NULL);
	const char *query = strchr(request->path, '?');
	gsize bare = query ? (gsize)(query - request->path) : strlen(request->path);
	g_autofree char *our_path = g_strndup(request->path, bare);
	assert_string_equal(our_path, json_text_or(root, "request.path", ""));
	assert_string_equal(request->method->verb, json_text_or(root, "request.method", ""));
	g_auto(GStrv) pairs = g_strsplit(query ? query + 1 : "", "&", -1);
	for (char **pair = pairs; *pair; pair++) {
		g_auto(GStrv) sides = g_strsplit(*pair, "=", 2);
		g_autofree char *key = g_strdup_printf("request.query.%s", sides[0]);
		assert_string_equal(sides[1], json_text_or(root, key, ""));
	}
	const cJSON *theirs = json_object(root, "request.body");
	g_autoptr(cJSON) ours = request->body ? cJSON_Parse(request->body) : NULL;
	assert_int_equal(theirs != NULL, ours != NULL);
	const cJSON *member;
	cJSON_ArrayForEach (member, ours) {
		if (!json_at(theirs, member->string))
			fail_msg("%s: no member '%s'", name, member->string);
	}
}

static void expect_row_fixture(const char *name, enum outbox_kind kind, const char *channel, const char *message,
	const char *content, const char *thread)
{
	struct outbox_row *row = row_new(kind, content);
	g_free(row->channel);
	g_free(row->message);
	row->channel = g_strdup(channel);
	row->message = g_strdup(message);
	row->thread = g_strdup(thread);
	g_free(row->person);
	row->person = g_strdup("ou_bt_li");
	g_free(row->word);
	row->word = g_strdup("ok_hand");
	g_auto(feishu_request_auto) request = { 0 };
	assert_true(feishu_out(row, NULL, &request, NULL));
	expect_fixture(name, &request);
	outbox_row_free(row);
}

static void the_fixtures_have_our_requests(void **state)
{
	(void)state;
	expect_row_fixture("message.create.card", OUTBOX_POST, NULL, NULL, SAY, NULL);
	expect_row_fixture("message.reply.thread", OUTBOX_POST, "oc_bt_sales", NULL, SAY, "om_bt_0001");
	expect_row_fixture("message.patch.card", OUTBOX_REPLACE, "oc_1", "om_bt_card_01", SAY, NULL);
	expect_row_fixture("message.delete", OUTBOX_DELETE, "oc_1", "om_bt_s_1", NULL, NULL);
	expect_row_fixture("reaction.create", OUTBOX_REACT, "oc_1", "om_bt_0001", NULL, NULL);
	expect_row_fixture("ephemeral.send", OUTBOX_PRIVATE, "oc_bt_sales", NULL, SAY, NULL);
	expect_row_fixture("chat.members", OUTBOX_ASK_MEMBERS, "oc_bt_sales", NULL, NULL, NULL);
	expect_row_fixture("chats.list", OUTBOX_ASK_CHANNEL, NULL, NULL, NULL, NULL);
	expect_row_fixture("contact.user.get", OUTBOX_ASK_PERSON, NULL, NULL, NULL, NULL);
}

static void what_else_is_asked(void **state)
{
	(void)state;
	g_auto(feishu_request_auto) token = { 0 }, endpoint = { 0 }, bot = { 0 }, message = { 0 }, reactions = { 0 }, thread = { 0 },
				    none = { 0 };
	feishu_out_token("cli_0000000000000001", "s\"x", &token);
	expect_fixture("token.ok", &token);
	assert_string_equal(token.body, "{\"app_id\":\"cli_0000000000000001\",\"app_secret\":\"s\\\"x\"}");
	feishu_out_endpoint("cli_1", "secret", &endpoint);
	expect_fixture("ws_endpoint.ok", &endpoint);
	assert_string_equal(endpoint.body, "{\"AppID\":\"cli_1\",\"AppSecret\":\"secret\"}");
	feishu_out_bot(&bot);
	expect_fixture("bot.info", &bot);
	assert_true(feishu_out_message("om_bt_0001", &message));
	assert_string_equal(message.path, "/open-apis/im/v1/messages/om_bt_0001");
	assert_true(feishu_out_reactions("om_bt_card_01", "white_check_mark", NULL, &reactions));
	expect_fixture("reaction.list", &reactions);
	assert_true(feishu_out_history("omt_1", TRUE, 0, "P2", &thread));
	assert_string_equal(thread.path, "/open-apis/im/v1/messages?container_id_type=thread&container_id=omt_1&sort_type="
					 "ByCreateTimeAsc&page_size=50&page_token=P2");
	assert_false(feishu_out_message("", &none));
	assert_false(feishu_out_message("om_1/x", &none));
	assert_false(feishu_out_reactions("om_1", "no_such_emoji", NULL, &none));
	assert_false(feishu_out_history("../x", FALSE, 0, NULL, &none));
}

/* ---- cards ---- */

static cJSON *card_of(const char *content, gboolean direct, gboolean plain)
{
	g_autoptr(cJSON) message = cJSON_Parse(content);
	assert_non_null(message);
	cJSON *card = feishu_card(message, direct, plain);
	g_autofree char *problem = feishu_card_problem(card);
	if (problem)
		fail_msg("%.2000s: %s", content, problem);
	return card;
}

static char *elements_of(const char *parts, gboolean direct, gboolean plain)
{
	g_autofree char *content = g_strdup_printf("{\"fallback\":\"f\",\"parts\":[%s]}", parts);
	g_autoptr(cJSON) card = card_of(content, direct, plain);
	return json_print(json_array(card, "body.elements"));
}

static const struct {
	const char *parts, *elements;
	gboolean direct, plain;
} cards[] = {
#include "feishu_cards.inc"
};

static void parts_are_elements(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(cards); i++) {
		g_autofree char *elements = elements_of(cards[i].parts, cards[i].direct, cards[i].plain);
		expect_same(cards[i].parts, elements, cards[i].elements, &wrong);
	}
	assert_int_equal(wrong, 0);
}

static void a_card_has_a_header_and_a_summary(void **state)
{
	static const struct {
		const char *content, *title, *summary;
	} cases[] = {
		{ "{\"fallback\":\"f\",\"parts\":[{\"part\":\"title\",\"text\":\"T\"}]}", "T", "f" },
		{ "{\"parts\":[{\"part\":\"title\",\"text\":\"T <b>\\n2\"}]}", "T <b> 2", "T ＜b＞ 2" },
		{ "{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"mention\":\"ou_1\"},{\"plain\":\" a\"},{\"bold\":\"b\"}]}]}", NULL, "ab" },
		{ "{\"parts\":[{\"part\":\"divider\"},{\"part\":\"table\",\"columns\":[\"A\"],\"rows\":[[\" \"],[\"x\"]]}]}", NULL, "x" },
		{ "{\"fallback\":\"<at id=all></at>\",\"parts\":[]}", NULL, "＜at id=all＞＜/at＞" },
		{ "{\"parts\":[]}", NULL, "…" },
		{ "{}", NULL, "…" },
		{ "{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"x\"}]},{\"part\":\"title\",\"text\":\"T\"}]}", NULL, "x" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(cJSON) card = card_of(cases[i].content, FALSE, FALSE);
		g_autoptr(cJSON) plain = card_of(cases[i].content, FALSE, TRUE);
		assert_int_equal(g_strcmp0(json_text_or(card, "header.title.content", NULL), cases[i].title), 0);
		assert_string_equal(json_text_or(card, "config.summary.content", ""), cases[i].summary);
		assert_null(json_at(plain, "header"));
		assert_int_equal(feishu_card_elements(json_object(plain, "body")), 2);
	}
}

/* ---- texts: the spans of one paragraph, and a bold one, so that it is markdown ---- */

static const struct {
	const char *spans, *markdown;
} texts[] = {
#include "feishu_texts.inc"
};

static char *markdown_of(const char *spans)
{
	g_autofree char *content =
		g_strdup_printf("{\"fallback\":\"f\",\"parts\":[{\"part\":\"paragraph\",\"spans\":[%s,{\"quiet\":\"\"}]}]}", spans);
	g_autoptr(cJSON) card = card_of(content, FALSE, FALSE);
	return g_strdup(json_text_or(card, "body.elements.0.content", json_text_or(card, "body.elements.0.text.content", NULL)));
}

static void people_cannot_format_mention_or_link(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *markdown = markdown_of(texts[i].spans);
		expect_same(texts[i].spans, markdown, texts[i].markdown, &wrong);
	}
	assert_int_equal(wrong, 0);
}

static void the_judge_sees_what_is_forged(void **state)
{
	static const char *const bad[] = { "<at id=all></at>", "a <b>", "[x](y)", "1. a", "a\n  b", "a\n=", ":DONE:", "# h", "**a", "** a**",
		"**a：**b", "**&#40;**", "`a\nb`", "a - b", "<at id=x y></at>", "a\\b" };
	static const char *const good[] = { "**a** b", "- a\n- b", "&#60;at id=all&#62;", "<at id=ou_1></at> x", "`/a b`",
		"<font color='grey'>a</font>", "v1.2 a=b" };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *problem = feishu_markdown_problem(bad[i]);
		if (!problem)
			fail_msg("passed: %s", bad[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autofree char *problem = feishu_markdown_problem(good[i]);
		if (problem)
			fail_msg("%s", problem);
	}
}

static void a_text_is_cut_between_what_a_reader_sees(void **state)
{
	static const struct {
		const char *text;
		guint points;
		const char *expected;
	} cases[] = {
		{ "abc", 3, "abc" },
		{ "abcd", 3, "ab…" },
		{ "a👩‍👩‍👧‍👦b", 3, "a…" },
		{ "a👩‍👩‍👧‍👦", 8, "a👩‍👩‍👧‍👦" },
		{ "ae\314\201x", 3, "a…" },
		{ "🇨🇳🇨🇳", 3, "🇨🇳…" },
		{ "👍🏽👍🏽", 3, "👍🏽…" },
		{ "a\nb\001\342\200\256c", 9, "a bc" },
		{ "", 3, "" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *line = pen_line(cases[i].text, cases[i].points);
		assert_string_equal(line, cases[i].expected);
	}
}

/* ---- limits ---- */

static cJSON *render(const struct message *m, enum outbox_kind kind, gboolean plain)
{
	g_autofree char *content = message_to_json(m);
	struct outbox_row *row = row_new(kind, content);
	row->plain = plain;
	g_auto(feishu_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (!feishu_out(row, NULL, &request, &error))
		fail_msg("%s", error->message);
	outbox_row_free(row);
	g_autofree char *problem = feishu_request_problem(request.body);
	if (problem)
		fail_msg("%s: %s\n%.2000s", outbox_kind_name(kind), problem, request.body);
	cJSON *body = cJSON_Parse(request.body);
	const char *card = json_text_or(body, "content", NULL);
	cJSON *root = card ? cJSON_Parse(card) : cJSON_Duplicate(json_object(body, "card"), TRUE);
	cJSON_Delete(body);
	return root;
}

/* A board as the standup makes it, of that many people, with lines of that many characters. */
static struct message *board(guint people, const char *word, guint times)
{
	struct message *m = message_new();
	g_autofree char *line = repeated(word, times);
	message_title(m, "站会 3月2日");
	message_paragraph(m);
	message_bold(m, "60/60");
	message_plain(m, " 都交了");
	message_paragraph(m);
	message_bold(m, "风险");
	for (guint i = 0; i < people; i++) {
		message_plain(m, "\n• Person: ");
		message_plain(m, line);
	}
	message_divider(m);
	for (guint i = 0; i < people; i++) {
		g_autofree char *name = g_strdup_printf("Person%02u", i);
		message_paragraph(m);
		message_bold(m, name);
		for (guint k = 0; k < 3; k++) {
			message_plain(m, "\n今天目标：");
			message_plain(m, line);
		}
	}
	message_button(m, "standup.open", "Sales", "Write mine", MESSAGE_PRIMARY);
	message_context(m, "small print");
	return m;
}

static guint count_of(const char *text, const char *word)
{
	guint count = 0;
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		count++;
	return count;
}

static void a_board_of_sixty_fits_whole(void **state)
{
	(void)state;
	/* 30 Chinese characters are what the standup leaves to each line of sixty people. */
	g_autoptr(message_auto) m = board(60, "拜访客户三家签一家", 3);
	g_autoptr(cJSON) card = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = json_print(card);
	assert_int_equal(count_of(text, "Person"), 60 + count_of(text, "Person&#58;"));
	assert_int_equal(count_of(text, "今天目标"), 180);
	assert_true(count_of(text, "…") <= 1); /* the list of risks may give way, no person does */
	assert_non_null(strstr(text, "Write mine"));
	assert_non_null(strstr(text, "small print"));
}

static void a_larger_board_keeps_everyone_and_its_button(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = board(60, "很长的一句话 & more - ", 40);
	g_autoptr(cJSON) card = render(m, OUTBOX_REPLACE, FALSE);
	g_autofree char *text = json_print(card);
	for (guint i = 0; i < 60; i++) {
		g_autofree char *name = g_strdup_printf("Person%02u", i);
		if (!strstr(text, name))
			fail_msg("%s is not on the board", name);
	}
	assert_non_null(strstr(text, "Write mine"));
	assert_true(feishu_card_bytes(card) > FEISHU_CARD_BYTES * 8 / 10); /* what may be said is said */
	cJSON_Delete(render(m, OUTBOX_PRIVATE, FALSE));
	cJSON_Delete(render(m, OUTBOX_HOME, TRUE));
}

static void too_many_parts_end_in_a_count(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	for (guint i = 0; i < 2000; i++)
		message_say(m, "a paragraph of some forty code points, here");
	message_button(m, "a.b", "", "Go", MESSAGE_PLAIN);
	g_autoptr(cJSON) card = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = json_print(card);
	assert_non_null(strstr(text, "… +"));
	assert_non_null(strstr(text, "\"Go\""));
	assert_true(count_of(text, "a paragraph") > 300);
}

static void too_many_elements_join(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	for (guint i = 0; i < 250; i++) {
		message_paragraph(m);
		message_bold(m, "Ana");
		message_plain(m, " x");
		message_divider(m);
	}
	message_button(m, "a.b", "", "Go", MESSAGE_PLAIN);
	g_autoptr(cJSON) card = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = json_print(card);
	assert_int_equal(count_of(text, "Ana"), 250 + 1); /* and the summary */
	assert_null(strstr(text, "… +"));
	assert_non_null(strstr(text, "\"Go\""));
}

static void a_fourth_table_is_lines(void **state)
{
	(void)state;
	GString *parts = g_string_new("{\"parts\":[");
	for (guint i = 0; i < 5; i++)
		g_string_append_printf(parts,
			"%s{\"part\":\"table\",\"columns\":[\"Name\",\"Deals\"],\"rows\":[[\"Ana%u\",\"2\"],[\"Bo\",\"3\",\"extra\"]]}",
			i ? "," : "", i);
	g_string_append(parts, "]}");
	g_autoptr(cJSON) card = card_of(parts->str, FALSE, FALSE);
	g_string_free(parts, TRUE);
	g_autofree char *text = json_print(card);
	assert_int_equal(count_of(text, "\"tag\":\"table\""), 3);
	assert_non_null(strstr(text, "**Ana4**"));
	assert_int_equal(count_of(text, "\"name\":\"c2\""), 3); /* a cell beyond the titles has a column */
}

static void a_button_that_cannot_be_carried_whole_is_left_out(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *fits = repeated("v", 2000), *long_value = repeated("v", 2001), *label = repeated("长", 200);
	message_button(m, "a.b", fits, label, MESSAGE_DANGER);
	message_button(m, "a.c", long_value, "x", MESSAGE_PLAIN);
	for (guint i = 0; i < 40; i++)
		message_button(m, "a.d", fits, "y", MESSAGE_PLAIN);
	g_autoptr(cJSON) card = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = json_print(card);
	assert_non_null(strstr(text, fits));
	assert_null(strstr(text, "a.c"));
	assert_int_equal(count_of(text, "\"tag\":\"button\""), 5);
	assert_int_equal(g_utf8_strlen(json_text_or(card, "body.elements.0.columns.0.elements.0.text.content", ""), -1), 95);
}

/* ---- forms ---- */

static char *form_line(const struct message *form, const struct feishu_target *target)
{
	g_autofree char *content = message_to_json(form);
	struct outbox_row *row = row_new(OUTBOX_FORM, content);
	char *line = line_of(row, target);
	outbox_row_free(row);
	return line;
}

static void a_form_is_a_card_for_one(void **state)
{
	(void)state;
	g_autoptr(message_auto) form = form_new("standup.form", "Sales", "晨会 <A>", "Send", "Cancel");
	form_intro(form, "Three *lines*");
	form_input(form, "results", "Results & co", "yesterday", "a\nb <c>", 1, FALSE, 500);
	form_input(form, "goals", "Goals", NULL, NULL, 3, TRUE, 9000);
	g_autofree char *line = form_line(form, NULL);
	assert_string_equal(line,
		"ephemeral POST /open-apis/ephemeral/v1/send {\"chat_id\":\"oc_1\",\"open_id\":\"ou_1\",\"msg_type\":"
		"\"interactive\",\"card\":{\"schema\":\"2.0\",\"config\":{\"update_multi\":true,\"summary\":{\"content\":\"晨会 ＜A＞\"}},"
		"\"header\":{\"title\":{\"tag\":\"plain_text\",\"content\":\"晨会 <A>\"},\"template\":\"blue\"},\"body\":{"
		"\"direction\":\"vertical\",\"elements\":[{\"tag\":\"div\",\"text\":{\"tag\":\"plain_text\",\"content\":\"Three "
		"*lines*\"}},{\"tag\":\"form\",\"name\":\"belltower_form\",\"elements\":[{\"tag\":\"input\",\"name\":\"results\","
		"\"required\":true,\"label\":{\"tag\":\"plain_text\",\"content\":\"Results & co\"},\"placeholder\":{\"tag\":"
		"\"plain_text\",\"content\":\"yesterday\"},\"default_value\":\"a\\nb <c>\",\"max_length\":500,\"input_type\":"
		"\"multiline_text\",\"rows\":2,\"width\":\"fill\"},{\"tag\":\"input\",\"name\":\"goals\",\"required\":false,"
		"\"label\":{\"tag\":\"plain_text\",\"content\":\"Goals\"},\"max_length\":1000,\"input_type\":\"multiline_text\","
		"\"rows\":3,\"width\":\"fill\"},{\"tag\":\"button\",\"text\":{\"tag\":\"plain_text\",\"content\":\"Send\"},\"type\":"
		"\"primary\",\"behaviors\":[{\"type\":\"callback\",\"value\":{\"title\":\"晨会 <A>\",\"form\":\"standup.form\","
		"\"context\":\"Sales\",\"labels\":{\"results\":\"Results & co\",\"goals\":\"Goals\"}}}],\"name\":"
		"\"belltower_submit\",\"form_action_type\":\"submit\"}]},{\"tag\":\"button\",\"text\":{\"tag\":\"plain_text\","
		"\"content\":\"Cancel\"},\"type\":\"default\",\"behaviors\":[{\"type\":\"callback\",\"value\":{\"title\":\"晨会 <A>\","
		"\"cancel\":\"Cancel\"}}]}]}}}");
	g_autofree char *direct = form_line(form, &(struct feishu_target){ .direct = TRUE });
	assert_true(g_str_has_prefix(direct, "direct POST /open-apis/im/v1/messages?receive_id_type=open_id {\"receive_id\":\"ou_1\","));
	assert_int_equal(count_of(direct, "\\\"direct\\\":true"), 2);
	cJSON_Delete(render(form, OUTBOX_FORM, FALSE));
}

static void what_was_written_before_is_not_cut_by_a_smaller_limit(void **state)
{
	(void)state;
	g_autofree char *value = repeated("字", 700), *longer = repeated("字", 5000), *title = repeated("T", 300);
	g_autoptr(message_auto) form = form_new("a.b", "", title, "", NULL);
	form_input(form, "x", "", NULL, value, 1, FALSE, 500);
	form_input(form, "y", "Y", NULL, longer, 1, FALSE, 500);
	g_autoptr(cJSON) card = render(form, OUTBOX_FORM, FALSE);
	const cJSON *inputs = json_array(card, "body.elements.0.elements");
	assert_string_equal(json_text_or(inputs, "0.default_value", ""), value);
	assert_int_equal(json_int_or(inputs, "0.max_length", 0), 700);
	assert_string_equal(json_text_or(inputs, "0.label.content", ""), "x");
	assert_int_equal(g_utf8_strlen(json_text_or(inputs, "1.default_value", ""), -1), 1000);
	assert_string_equal(json_text_or(inputs, "2.text.content", ""), "OK");
}

/* The question stands above it, for a list has no label. */
static void a_choice_is_a_list(void **state)
{
	(void)state;
	g_autoptr(message_auto) form = form_with_choice(FORM_OPTIONS_MOST);
	g_autoptr(cJSON) card = render(form, OUTBOX_FORM, FALSE);
	const cJSON *inputs = json_array(card, "body.elements.0.elements"), *element = json_object(inputs, "1");
	assert_string_equal(json_text_or(inputs, "0.text.content", ""), "Where?");
	assert_string_equal(json_text_or(element, "tag", ""), "select_static");
	assert_string_equal(json_text_or(element, "name", ""), "where");
	assert_true(json_bool_or(element, "required", FALSE));
	assert_int_equal(cJSON_GetArraySize(json_array(element, "options")), 100);
	assert_int_equal(g_utf8_strlen(json_text_or(element, "options.0.text.content", ""), -1), 95);
	assert_string_equal(json_text_or(element, "options.1.text.content", ""), "<Option 1>");
	assert_string_equal(json_text_or(element, "initial_option", ""), "o1");
}

static void a_choice_that_no_list_takes_is_an_error(void **state)
{
	(void)state;
	static const guint counts[] = { 0, FORM_OPTIONS_MOST + 1 };
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autoptr(message_auto) form = form_with_choice(counts[i]);
		g_autofree char *line = form_line(form, NULL);
		assert_string_equal(line, "error: form 'a.b' has a choice of none, or of too many");
	}
}

static void a_form_that_cannot_be_carried_whole_is_an_error(void **state)
{
	(void)state;
	g_autofree char *context = repeated("c", 3001), *name = repeated("n", 101), *heavy = repeated("\"\\", 1500);
	const struct {
		const char *context, *inputs[2];
		const char *expected;
	} cases[] = {
		{ context, { "x", NULL }, "error: form 'a.b' has a too long context" },
		{ "", { "x", "x" }, "error: form 'a.b' has two inputs of one name" },
		{ "", { "belltower_submit", NULL }, "error: form 'a.b' has two inputs of one name" },
		{ "", { NULL, NULL }, "error: form 'a.b' has no inputs" },
		{ "", { "", NULL }, "error: form 'a.b' has an input whose name is not of letters, digits, _ and -" },
		{ "", { name, NULL }, "error: form 'a.b' has an input whose name is not of letters, digits, _ and -" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(message_auto) form = form_new("a.b", cases[i].context, "T", "S", NULL);
		for (guint k = 0; k < 2 && cases[i].inputs[k]; k++)
			form_input(form, cases[i].inputs[k], "L", NULL, NULL, 1, FALSE, 0);
		g_autofree char *line = form_line(form, NULL);
		assert_string_equal(line, cases[i].expected);
	}
	g_autoptr(message_auto) large = form_new("a.b", heavy, "T", "S", NULL);
	for (guint i = 0; i < 5; i++) {
		g_autofree char *input = g_strdup_printf("i%u", i);
		form_input(large, input, "L", NULL, heavy, 1, FALSE, 0);
	}
	g_autofree char *line = form_line(large, NULL);
	assert_string_equal(line, "error: form 'a.b' is too large");
}

/* A form goes out, comes back filled in, and its card closes. */
static void a_form_comes_back_as_it_went(void **state)
{
	(void)state;
	g_autoptr(message_auto) form = form_new("standup.form", "{\"team\":\"Sales\"}", "晨会", "Send", "Cancel");
	form_input(form, "results", "Results", NULL, NULL, 3, FALSE, 500);
	form_input(form, "risks", "Risks", NULL, NULL, 3, TRUE, 500);
	g_autoptr(cJSON) card = render(form, OUTBOX_FORM, FALSE);
	g_autofree char *value = json_print(json_object(card, "body.elements.0.elements.2.behaviors.0.value"));
	g_autofree char *cancel = json_print(json_object(card, "body.elements.1.behaviors.0.value"));
	static const struct feishu_self self = { .workspace = "acme" };
	g_autofree char *submitted = g_strdup_printf(
		"{\"header\":{\"event_type\":\"card.action.trigger\",\"event_id\":\"E1\"},\"event\":{\"operator\":{\"open_id\":\"ou_1\"},"
		"\"action\":{\"value\":%s,\"form_value\":{\"results\":\"3 <b> visits\",\"risks\":\"\"}}}}",
		value);
	g_autofree char *cancelled = g_strdup_printf(
		"{\"header\":{\"event_type\":\"card.action.trigger\"},\"event\":{\"operator\":{\"open_id\":\"ou_1\"},\"action\":{\"value\":%s}}}",
		cancel);
	g_auto(feishu_delivery_auto) sent = { 0 }, dropped = { 0 };
	feishu_in(&self, submitted, strlen(submitted), 0, &sent);
	feishu_in(&self, cancelled, strlen(cancelled), 0, &dropped);
	const struct event *event = sent.events->pdata[0];
	assert_int_equal(event->kind, EVENT_SUBMITTED);
	assert_string_equal(event->word, "standup.form");
	assert_string_equal(event->value, "{\"team\":\"Sales\"}");
	assert_string_equal(event_input_value(event, "results"), "3 <b> visits");
	g_autofree char *answer = feishu_out_callback(&sent, NULL, NULL), *other = feishu_out_callback(&dropped, NULL, NULL);
	g_autoptr(cJSON) closed = cJSON_Parse(answer);
	assert_string_equal(json_text_or(closed, "card.type", ""), "raw");
	assert_string_equal(json_text_or(closed, "card.data.header.title.content", ""), "晨会");
	assert_non_null(strstr(answer, "3 &#60;b&#62; visits"));
	g_autofree char *problem = feishu_card_problem(json_object(closed, "card.data"));
	assert_null(problem);
	assert_int_equal(dropped.events->len, 0);
	assert_non_null(strstr(other, "✕ Cancel"));
}

static void a_press_is_answered_with_nothing_or_a_problem(void **state)
{
	(void)state;
	struct feishu_delivery delivery = { .callback = TRUE };
	g_autofree char *nothing = feishu_out_callback(&delivery, NULL, NULL);
	assert_string_equal(nothing, "{}");
	GArray *problems = event_inputs_new();
	g_autofree char *none = feishu_out_callback(&delivery, problems, NULL);
	assert_string_equal(none, "{}");
	g_autofree char *long_text = repeated("字", 3000);
	event_inputs_add(problems, "goals", "say <what>");
	g_autofree char *one = feishu_out_callback(&delivery, problems, NULL);
	assert_string_equal(one, "{\"toast\":{\"type\":\"error\",\"content\":\"say <what>\"}}");
	delivery.closing = (char[]){ "{\"parts\":[]}" }; /* a form with a problem stays open */
	event_inputs_add(problems, "risks", long_text);
	g_autofree char *two = feishu_out_callback(&delivery, problems, NULL);
	g_autoptr(cJSON) root = cJSON_Parse(two);
	assert_null(json_at(root, "card"));
	assert_true(g_str_has_prefix(json_text_or(root, "toast.content", ""), "say <what>\n字"));
	assert_int_equal(g_utf8_strlen(json_text_or(root, "toast.content", ""), -1), 200);
	g_array_unref(problems);
	/* Words go with the card that takes the form's place. */
	g_autofree char *three = feishu_out_callback(
		&delivery, NULL, "{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"Thanks, <Ana>\"}]}]}");
	g_autoptr(cJSON) both = cJSON_Parse(three);
	assert_string_equal(json_text_or(both, "toast.type", ""), "info");
	assert_string_equal(json_text_or(both, "toast.content", ""), "Thanks, <Ana>");
	assert_string_equal(json_text_or(both, "card.type", ""), "raw");
}

/* ---- whatever a ritual makes ---- */

static const char *const scraps[] = { "a", " ", "word ", "昨天成单", "&", "<", ">", "*", "_", "~", "`", "\n", "\n\n> ", "🎉", "👩‍👩‍👧‍👦",
	"مرحبا ", "\342\200\256", "<at id=all></at>", "<at user_id=\"all\"></at>", ":DONE:", ":", "\t", "e\314\201", "[x](http://y)",
	"\001", "very_long_identifier_without_blanks", "&#60;", "\"", "\\", "1. ", "    ", "# ", "\342\200\215<", "---", "===",
	"</font>", "<font color='red'>", "**", "：" };

static char *random_text(GRand *chance, gint32 most)
{
	GString *out = g_string_new(NULL);
	const char *only = g_rand_boolean(chance) ? NULL : scraps[g_rand_int_range(chance, 0, G_N_ELEMENTS(scraps))];
	for (gint32 left = g_rand_int_range(chance, 0, most); left > 0; left--)
		g_string_append(out, only ? only : scraps[g_rand_int_range(chance, 0, G_N_ELEMENTS(scraps))]);
	return g_string_free(out, FALSE);
}

static void put_span(GString *out, const char *key, const char *text, gboolean first)
{
	g_autoptr(cJSON) span = cJSON_CreateObject();
	json_put_text(span, key, text);
	g_autofree char *json = json_print(span);
	g_string_append_printf(out, "%s%s", first ? "" : ",", json);
}

static void random_spans(GString *out, GRand *chance, gint32 most)
{
	static const char *const keys[] = { "plain", "bold", "quiet", "code", "mention" };
	gint32 count = g_rand_int_range(chance, 1, 5);
	for (gint32 i = 0; i < count; i++) {
		const char *key = keys[g_rand_int_range(chance, 0, G_N_ELEMENTS(keys))];
		g_autofree char *text = random_text(chance, most);
		put_span(out, key, strcmp(key, "mention") == 0 && g_rand_boolean(chance) ? "ou_1" : text, i == 0);
	}
}

static void put_texts(GString *out, GRand *chance, gint32 most, gint32 count)
{
	for (gint32 i = 0; i < count; i++) {
		g_autofree char *text = random_text(chance, most);
		g_autoptr(cJSON) string = cJSON_CreateString(text);
		g_autofree char *json = json_print(string);
		g_string_append_printf(out, "%s%s", i ? "," : "", json);
	}
}

static void put_member(GString *out, const char *key, const char *text)
{
	g_autoptr(cJSON) string = cJSON_CreateString(text);
	g_autofree char *json = json_print(string);
	g_string_append_printf(out, ",\"%s\":%s", key, json);
}

static void random_part(GString *out, GRand *chance, gint32 most)
{
	static const char *const kinds[] = { "title", "paragraph", "paragraph", "paragraph", "facts", "list", "table", "divider", "picture",
		"buttons", "context", "chart", "file", "nonsense" };
	const char *kind = kinds[g_rand_int_range(chance, 0, G_N_ELEMENTS(kinds))];
	g_autofree char *text = random_text(chance, most), *other = random_text(chance, most);
	g_string_append_printf(out, "{\"part\":\"%s\"", kind);
	put_member(out, "text", text);
	put_member(out, "alt", other);
	put_member(out, g_rand_boolean(chance) ? "file" : "nothing", "img_1");
	put_member(out, "title", text);
	put_member(out, "name", other);
	put_member(out, "lost", other);
	g_string_append(out, g_rand_boolean(chance) ? ",\"series\":[]" : ",\"series\":[\"a\",\"b\"]");
	g_string_append(out, ",\"bars\":[");
	for (gint32 bars = g_rand_int_range(chance, 0, 40), i = 0; i < bars; i++) {
		g_string_append_printf(out, "%s{\"values\":[\"%d\",\"x\"]", i ? "," : "", i);
		put_member(out, "label", other);
		g_string_append(out, "}");
	}
	g_string_append(out, "]");
	g_string_append(out, ",\"spans\":[");
	random_spans(out, chance, most);
	g_string_append(out, "],\"items\":[");
	put_texts(out, chance, most, g_rand_int_range(chance, 0, 9));
	g_string_append(out, "],\"facts\":[{\"label\":\"L\"");
	put_member(out, "value", text);
	g_string_append(out, "},{\"label\":\"\",\"value\":\"x\"}],\"columns\":[\"A\",\"B\"],\"rows\":[[");
	put_texts(out, chance, most, g_rand_int_range(chance, 0, 60));
	g_string_append(out, "],[],[");
	put_texts(out, chance, most, 3);
	g_string_append(out, "]],\"buttons\":[{\"action\":\"a.b\"");
	put_member(out, "label", text);
	put_member(out, "value", other);
	g_string_append(out, ",\"style\":\"danger\"}]}");
}

static char *random_card(GRand *chance)
{
	static const gint32 lengths[] = { 3, 30, 300 }, counts[] = { 4, 60, 300 };
	GString *out = g_string_new("{\"parts\":[");
	gint32 most = lengths[g_rand_int_range(chance, 0, G_N_ELEMENTS(lengths))];
	gint32 parts = g_rand_int_range(chance, 0, most == 300 ? 30 : counts[g_rand_int_range(chance, 0, 3)]);
	for (gint32 i = 0; i < parts; i++) {
		g_string_append(out, i ? "," : "");
		random_part(out, chance, most);
	}
	g_autofree char *fallback = random_text(chance, most);
	g_string_append(out, "]");
	put_member(out, "fallback", fallback);
	g_string_append(out, "}");
	return g_string_free(out, FALSE);
}

static void no_card_breaks_a_limit(void **state)
{
	static const enum outbox_kind kinds[] = { OUTBOX_POST, OUTBOX_REPLACE, OUTBOX_PRIVATE, OUTBOX_HOME };
	(void)state;
	GRand *chance = g_rand_new_with_seed(SEED);
	for (guint i = 0; i < CARDS * 2; i++) {
		g_autofree char *content = random_card(chance);
		struct outbox_row *row = row_new(kinds[i / 2 % G_N_ELEMENTS(kinds)], content);
		row->plain = i % 2;
		g_auto(feishu_request_auto) request = { 0 };
		g_autoptr(GError) error = NULL;
		if (!feishu_out(row, NULL, &request, &error))
			fail_msg("%s: %.500s", error->message, content);
		g_autofree char *problem = feishu_request_problem(request.body);
		if (problem)
			fail_msg("card %u: %s\n%.3000s", i, problem, request.body);
		outbox_row_free(row);
	}
	g_rand_free(chance);
}

static void no_form_breaks_a_limit(void **state)
{
	(void)state;
	GRand *chance = g_rand_new_with_seed(SEED);
	for (guint i = 0; i < CARDS / 3; i++) {
		g_autofree char *title = random_text(chance, 40), *label = random_text(chance, 300);
		g_autofree char *hint = random_text(chance, 100), *value = random_text(chance, 300);
		g_autoptr(message_auto) form = form_new("a.b", "7", title, title, title);
		form_intro(form, label);
		form_input(form, "x", label, hint, value, g_rand_int_range(chance, 1, 5), TRUE, g_rand_int_range(chance, -5, 4000));
		form_input(form, "y", hint, NULL, NULL, 1, FALSE, 0);
		cJSON_Delete(render(form, OUTBOX_FORM, FALSE));
	}
	g_rand_free(chance);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_request),
		cmocka_unit_test(files_are_forms_and_messages),
		cmocka_unit_test(the_history_begins_before_what_is_known),
		cmocka_unit_test(an_emoji_that_feishu_lacks_is_an_error),
		cmocka_unit_test(a_row_has_one_uuid),
		cmocka_unit_test(the_fixtures_have_our_requests),
		cmocka_unit_test(what_else_is_asked),
		cmocka_unit_test(parts_are_elements),
		cmocka_unit_test(a_card_has_a_header_and_a_summary),
		cmocka_unit_test(people_cannot_format_mention_or_link),
		cmocka_unit_test(the_judge_sees_what_is_forged),
		cmocka_unit_test(a_text_is_cut_between_what_a_reader_sees),
		cmocka_unit_test(a_board_of_sixty_fits_whole),
		cmocka_unit_test(a_larger_board_keeps_everyone_and_its_button),
		cmocka_unit_test(too_many_parts_end_in_a_count),
		cmocka_unit_test(too_many_elements_join),
		cmocka_unit_test(a_fourth_table_is_lines),
		cmocka_unit_test(a_button_that_cannot_be_carried_whole_is_left_out),
		cmocka_unit_test(a_form_is_a_card_for_one),
		cmocka_unit_test(what_was_written_before_is_not_cut_by_a_smaller_limit),
		cmocka_unit_test(a_choice_is_a_list),
		cmocka_unit_test(a_choice_that_no_list_takes_is_an_error),
		cmocka_unit_test(a_form_that_cannot_be_carried_whole_is_an_error),
		cmocka_unit_test(a_form_comes_back_as_it_went),
		cmocka_unit_test(a_press_is_answered_with_nothing_or_a_problem),
		cmocka_unit_test(no_card_breaks_a_limit),
		cmocka_unit_test(no_form_breaks_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
