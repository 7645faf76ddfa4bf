/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/support/as_line.h"

#include "core/event.h"
#include "core/message.h"
#include "tests/support/block_kit.h"

#define Z "\342\200\213" /* U+200B */
#define CARDS 400	 /* random ones */
#define SEED 20260302

static struct outbox_row *row_new(enum outbox_kind kind, const char *content)
{
	struct outbox_row *row = outbox_row_new(812, kind, "acme");
	row->channel = g_strdup("C1");
	row->person = g_strdup("U1");
	row->message = g_strdup("1767225600.000100");
	row->word = g_strdup("white_check_mark");
	row->content = g_strdup(content);
	return row;
}

static char *body_of(const struct outbox_row *row, const struct slack_target *target)
{
	g_auto(slack_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (!slack_out(row, target, &request, &error))
		return g_strdup_printf("error: %s", error->message);
	assert_ptr_equal(request.method, slack_method(row->kind));
	return g_strdup_printf("%s%s%s", request.url ? request.url : "", request.url ? " " : "", request.body);
}

static void expect_same(const char *what, const char *got, const char *expected, guint *wrong)
{
	if (strcmp(got, expected) == 0)
		return;
	print_error("%s\n  got      %s\n  expected %s\n", what, got, expected);
	(*wrong)++;
}

/* ---- each kind of row ---- */

static const char card[] = "{\"fallback\":\"a <b>\",\"parts\":[]}";

static const struct {
	enum outbox_kind kind;
	const char *thread, *token, *content, *expected;
	gboolean plain;
	struct slack_target target;
} requests[] = {
	{ OUTBOX_POST, NULL, NULL, card,
		"{\"channel\":\"C1\",\"text\":\"a &lt;b&gt;\",\"metadata\":{\"event_type\":\"belltower\",\"event_payload\":"
		"{\"k\":\"812\"}},\"unfurl_links\":false,\"unfurl_media\":false}",
		FALSE, { 0 } },
	{ OUTBOX_POST, "1.2", NULL, card,
		"{\"channel\":\"D9\",\"thread_ts\":\"1.2\",\"text\":\"a &lt;b&gt;\",\"metadata\":{\"event_type\":\"belltower\","
		"\"event_payload\":{\"k\":\"812\"}},\"unfurl_links\":false,\"unfurl_media\":false}",
		FALSE, { .channel = "D9" } },
	{ OUTBOX_REPLACE, "1.2", NULL, card, "{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"a &lt;b&gt;\"}",
		FALSE, { 0 } },
	{ OUTBOX_DELETE, NULL, NULL, NULL, "{\"channel\":\"C1\",\"ts\":\"1767225600.000100\"}", FALSE, { 0 } },
	{ OUTBOX_REACT, NULL, NULL, NULL,
		"{\"channel\":\"C1\",\"timestamp\":\"1767225600.000100\",\"name\":\"white_check_mark\"}", FALSE, { 0 } },
	{ OUTBOX_UNREACT, NULL, NULL, NULL,
		"{\"channel\":\"C1\",\"timestamp\":\"1767225600.000100\",\"name\":\"white_check_mark\"}", FALSE, { 0 } },
	{ OUTBOX_PRIVATE, "1.2", NULL, card,
		"{\"channel\":\"C1\",\"user\":\"U1\",\"thread_ts\":\"1.2\",\"text\":\"a &lt;b&gt;\"}", FALSE, { 0 } },
	{ OUTBOX_PRIVATE, NULL, "{\"trigger\":\"t\"}", card, "{\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a &lt;b&gt;\"}",
		FALSE, { 0 } },
	{ OUTBOX_PRIVATE, NULL, "not json", card, "{\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a &lt;b&gt;\"}", FALSE,
		{ 0 } },
	{ OUTBOX_PRIVATE, NULL, "{\"url\":\"https://x/1\"}", card,
		"https://x/1 {\"response_type\":\"ephemeral\",\"replace_original\":false,\"text\":\"a &lt;b&gt;\"}", FALSE,
		{ 0 } },
	{ OUTBOX_PRIVATE, NULL, "{\"url\":\"https://x/1\"}", card,
		"{\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"a &lt;b&gt;\"}", FALSE, { .by_method = TRUE } },
	{ OUTBOX_HOME, NULL, NULL, "{\"parts\":[{\"part\":\"title\",\"text\":\"T\"}]}",
		"{\"user_id\":\"U1\",\"view\":{\"type\":\"home\",\"blocks\":[{\"type\":\"header\",\"text\":{\"type\":\"plain_text\","
		"\"text\":\"T\"}}]}}",
		FALSE, { 0 } },
	{ OUTBOX_HOME, NULL, NULL, "{\"parts\":[{\"part\":\"title\",\"text\":\"T\"}]}",
		"{\"user_id\":\"U1\",\"view\":{\"type\":\"home\",\"blocks\":[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\","
		"\"text\":\"*T*\",\"verbatim\":true}}]}}",
		TRUE, { 0 } },
	{ OUTBOX_ASK_PERSON, NULL, NULL, NULL, "user=U1&include_locale=true", FALSE, { 0 } },
	{ OUTBOX_ASK_MEMBERS, NULL, NULL, NULL, "channel=C1&limit=200", FALSE, { 0 } },
	{ OUTBOX_ASK_MEMBERS, NULL, NULL, NULL, "channel=C1&limit=200&cursor=dXNlcjo%3D", FALSE, { .cursor = "dXNlcjo=" } },
	{ OUTBOX_ASK_CHANNEL, NULL, NULL, NULL,
		"types=public_channel%2Cprivate_channel&exclude_archived=true&limit=200", FALSE, { .cursor = "" } },
	{ OUTBOX_ASK_HISTORY, NULL, NULL, NULL,
		"channel=C1&oldest=1767225600.000100&limit=200&include_all_metadata=true", FALSE, { 0 } },
	{ OUTBOX_ASK_MESSAGE, NULL, NULL, NULL, "channel=C1&timestamp=1767225600.000100&full=true", FALSE, { 0 } },
	/* a link, and one that would break out */
	{ OUTBOX_REPLACE, NULL, NULL,
		"{\"parts\":[{\"part\":\"paragraph\",\"spans\":[{\"link\":\"https://a.example/?b=1&c=2\",\"label\":\"a <!here>\"},"
		"{\"link\":\"https://a.example/x|y\",\"label\":\"*b*\"}]}]}",
		"{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"<https://a.example/?b=1&amp;c=2|a &lt;!here&gt;><https://a.example/xy|b>\"}",
		TRUE, { 0 } },
	/* plain: the card's words without blocks */
	{ OUTBOX_REPLACE, NULL, NULL,
		"{\"fallback\":\"F\",\"parts\":[{\"part\":\"title\",\"text\":\"T\"},{\"part\":\"paragraph\",\"spans\":[{\"plain\":\"a*b\"},"
		"{\"mention\":\"U2\"}]},{\"part\":\"divider\"},{\"part\":\"facts\",\"facts\":[{\"label\":\"L\",\"value\":\"V\"}]},"
		"{\"part\":\"buttons\",\"buttons\":[{\"action\":\"x.y\",\"label\":\"B\"}]}]}",
		"{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"F\\n*T*\\na*" Z "b<@U2>\\n*L*\\nV\"}", TRUE, { 0 } },
	{ OUTBOX_REPLACE, NULL, NULL, "{\"fallback\":\"T\",\"parts\":[{\"part\":\"title\",\"text\":\"T\"}]}",
		"{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"*T*\"}", TRUE, { 0 } },
	/* files: what has a key is shown, what has none says so; an urgent call is a post */
	{ OUTBOX_POST, NULL, NULL,
		"{\"fallback\":\"f\",\"parts\":[{\"part\":\"picture\",\"file\":0,\"alt\":\"a\",\"lost\":\"gone\"},"
		"{\"part\":\"file\",\"file\":1,\"name\":\"b\",\"lost\":\"gone\"}]}",
		"{\"channel\":\"C1\",\"text\":\"f\",\"blocks\":[{\"type\":\"image\",\"slack_file\":{\"id\":\"F7\"},\"alt_text\":\"a\"},"
		"{\"type\":\"context\",\"elements\":[{\"type\":\"mrkdwn\",\"text\":\"📎 b – gone\",\"verbatim\":true}]}],"
		"\"metadata\":{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"812\"}},\"unfurl_links\":false,\"unfurl_media\":false}",
		FALSE, { .keys = (const char *const[]){ "F7", NULL }, .key_count = 2 } },
	{ OUTBOX_URGE, NULL, NULL, card,
		"{\"channel\":\"D1\",\"text\":\"a &lt;b&gt;\",\"metadata\":{\"event_type\":\"belltower\",\"event_payload\":"
		"{\"k\":\"812\"}},\"unfurl_links\":false,\"unfurl_media\":false}",
		FALSE, { .channel = "D1" } },
	/* what a chart shows is heard too */
	{ OUTBOX_REPLACE, NULL, NULL,
		"{\"fallback\":\"f\",\"parts\":[{\"part\":\"chart\",\"title\":\"T\",\"unit\":\"\",\"series\":[],\"bars\":[{\"label\":\"a\",\"values\":[\"1\"]}]}]}",
		"{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"f\\nT: a 1\",\"blocks\":[{\"type\":\"data_visualization\",\"title\":\"T\","
		"\"chart\":{\"type\":\"bar\",\"series\":[{\"name\":\"T\",\"data\":[{\"label\":\"a\",\"value\":1}]}],\"axis_config\":{\"categories\":[\"a\"]}}}]}",
		FALSE, { 0 } },
	/* the fallback that nobody gave */
	{ OUTBOX_REPLACE, NULL, NULL, "{\"parts\":[]}", "{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"…\"}",
		FALSE, { 0 } },
	{ OUTBOX_REPLACE, NULL, NULL, "{}", "{\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"…\"}", TRUE, { 0 } },
	/* what is broken */
	{ OUTBOX_POST, NULL, NULL, NULL, "error: row of kind 'post' has no content", FALSE, { 0 } },
	{ OUTBOX_POST, NULL, NULL, "{", "error: not valid JSON near line 1, column 1", FALSE, { 0 } },
	{ OUTBOX_FORM, NULL, "{\"url\":\"u\"}", card, "error: a form needs a trigger", FALSE, { 0 } },
	{ OUTBOX_FORM, NULL, "{\"trigger\":\"t\"}", card, "error: form '' has no name, or a too long one", FALSE, { 0 } },
};

static void each_kind_has_its_request(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
		struct outbox_row *row = row_new(requests[i].kind, requests[i].content);
		row->thread = g_strdup(requests[i].thread);
		row->token = g_strdup(requests[i].token);
		row->plain = requests[i].plain;
		g_autofree char *body = body_of(row, &requests[i].target);
		expect_same(outbox_kind_name(requests[i].kind), body, requests[i].expected, &wrong);
		outbox_row_free(row);
	}
	assert_int_equal(wrong, 0);
}

static void a_row_without_what_its_kind_needs_is_refused(void **state)
{
	(void)state;
	struct outbox_row *row = outbox_row_new(1, OUTBOX_REACT, "acme");
	g_autofree char *no_channel = body_of(row, NULL);
	assert_string_equal(no_channel, "error: row of kind 'react' has no channel");
	row->channel = g_strdup("C1");
	g_autofree char *no_message = body_of(row, NULL);
	assert_string_equal(no_message, "error: row of kind 'react' has no message");
	outbox_row_free(row);
}

static void files_go_in_three_steps(void **state)
{
	(void)state;
	g_auto(slack_request_auto) address = { 0 }, hidden = { 0 }, shared = { 0 }, info = { 0 }, loss = { 0 };
	slack_out_upload("报价 1.png", 12, "a\nbell", &address);
	assert_string_equal(address.body, "filename=%E6%8A%A5%E4%BB%B7%201.png&length=12&alt_txt=a%20bell");
	assert_string_equal(address.content_type, "application/x-www-form-urlencoded");
	slack_out_complete("F1", "t", NULL, NULL, &hidden);
	assert_string_equal(hidden.body, "{\"files\":[{\"id\":\"F1\",\"title\":\"t\"}]}");
	slack_out_complete("F1", "t", "C1", "1.2", &shared);
	assert_string_equal(shared.body, "{\"files\":[{\"id\":\"F1\",\"title\":\"t\"}],\"channel_id\":\"C1\",\"thread_ts\":\"1.2\"}");
	slack_out_file_info("F1", &info);
	assert_string_equal(info.body, "file=F1");
	g_autoptr(cJSON) part = cJSON_Parse("{\"part\":\"file\",\"file\":\"F1\",\"name\":\"<b>\",\"lost\":\"gone\"}");
	slack_out_loss("C1", NULL, part, &loss);
	assert_string_equal(loss.body, "{\"channel\":\"C1\",\"text\":\"📎 &lt;b&gt; – gone\"}");
}

static void reads_are_forms_and_writes_are_json(void **state)
{
	(void)state;
	struct outbox_row *row = row_new(OUTBOX_ASK_PERSON, NULL);
	g_auto(slack_request_auto) read = { 0 }, written = { 0 };
	assert_true(slack_out(row, NULL, &read, NULL));
	row->kind = OUTBOX_DELETE;
	assert_true(slack_out(row, NULL, &written, NULL));
	assert_string_equal(read.content_type, "application/x-www-form-urlencoded");
	assert_string_equal(written.content_type, "application/json; charset=utf-8");
	outbox_row_free(row);
}

static void the_direct_message_and_the_history_are_asked_for(void **state)
{
	(void)state;
	g_auto(slack_request_auto) open = { 0 }, channel = { 0 }, thread = { 0 };
	slack_out_open("U1", &open);
	assert_string_equal(open.body, "{\"users\":\"U1\"}");
	assert_string_equal(open.method->name, "conversations.open");
	slack_out_history("C1", NULL, "", "c=", &channel);
	assert_string_equal(channel.body, "channel=C1&limit=200&include_all_metadata=true&cursor=c%3D");
	assert_string_equal(channel.method->name, "conversations.history");
	g_autofree char *oldest = slack_out_ts(1767225540012);
	slack_out_history("C1", "1.2", oldest, NULL, &thread);
	assert_string_equal(thread.body, "channel=C1&ts=1.2&oldest=1767225540.012000&limit=200&include_all_metadata=true");
	assert_string_equal(thread.method->name, "conversations.replies");
}

/* ---- cards ---- */

static const struct {
	const char *parts, *blocks; /* blocks NULL: none at all */
} cards[] = {
#include "slack_cards.inc"
};

static char *blocks_of(const char *parts)
{
	g_autofree char *content = g_strdup_printf("{\"fallback\":\"f\",\"parts\":[%s]}", parts);
	struct outbox_row *row = row_new(OUTBOX_REPLACE, content);
	g_autofree char *body = body_of(row, NULL);
	outbox_row_free(row);
	g_autoptr(cJSON) root = cJSON_Parse(body);
	g_autofree char *problem = block_kit_problem("chat.update", root);
	if (problem)
		fail_msg("%s: %s", parts, problem);
	const cJSON *blocks = json_array(root, "blocks");
	return blocks ? json_print(blocks) : g_strdup("none");
}

static void parts_are_blocks(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(cards); i++) {
		g_autofree char *blocks = blocks_of(cards[i].parts);
		expect_same(cards[i].parts, blocks, cards[i].blocks, &wrong);
	}
	assert_int_equal(wrong, 0);
}

/* ---- texts: one span in a section ---- */

static const struct {
	const char *spans, *mrkdwn;
} texts[] = {
	{ "{\"plain\":\"a & <b> > c\"}", "a &amp; &lt;b&gt; &gt; c" },
	{ "{\"plain\":\"<!channel> <@U1> <http://x|y>\"}", "&lt;!channel&gt; &lt;@U1&gt; &lt;http://x|y&gt;" },
	{ "{\"plain\":\"&lt;\"}", "&amp;lt;" },
	{ "{\"plain\":\"*b* _i_ ~s~ `c`\"}", "*" Z "b*" Z " _" Z "i_" Z " ~" Z "s~" Z " `" Z "c`" Z },
	{ "{\"plain\":\"> quote\\n>>> all\\n  > x\"}",
		Z "&gt; quote\n" Z "&gt;&gt;&gt; all\n  " Z "&gt; x" },
	{ "{\"plain\":\"a > b\"}", "a &gt; b" },
	{ "{\"plain\":\":tada: :+1::skin-tone-2: :white_check_mark: 10:30\"}",
		":tada: :+1::skin-tone-2: :white_check_mark: 10:30" },
	{ "{\"plain\":\":_x_: :a b: ::\"}", ":_" Z "x_" Z ": :a b: ::" },
	{ "{\"plain\":\"a\\u0007b\\u202ec\\u2066d\\u007fe\\ufefff\"}", "abcdef" },
	{ "{\"plain\":\"a\\r\\nb\"}", "a\nb" },
	{ "{\"plain\":\"  a  \\n  b  \"}", "  a\n  b" },
	{ "{\"bold\":\"Ana\"},{\"plain\":\" x\"}", "*Ana* x" },
	{ "{\"bold\":\"王磊\"},{\"plain\":\"昨天\"}", "*王磊*" Z "昨天" },
	{ "{\"plain\":\"今天\"},{\"bold\":\"王磊\"},{\"plain\":\"昨天\"}", "今天" Z "*王磊*" Z "昨天" },
	{ "{\"plain\":\"x\"},{\"bold\":\" a \"},{\"plain\":\"y\"}", "x *a* y" },
	{ "{\"bold\":\"a\\nb\"}", "*a*\n*b*" },
	{ "{\"bold\":\"\"},{\"bold\":\"  \"},{\"plain\":\"x\"}", "  x" },
	{ "{\"bold\":\"a\"},{\"bold\":\"b\"}", "*ab*" },
	{ "{\"bold\":\"a\"},{\"quiet\":\"b\"},{\"code\":\"c\"}", "*a*" Z "_b_" Z "`c`" },
	{ "{\"bold\":\"a*b_c\"}", "*a" Z "*" Z "b" Z "_" Z "c*" },
	{ "{\"bold\":\"<!here>\"}", "*&lt;!here&gt;*" },
	{ "{\"code\":\"a`b*c <d>\"}", "`aˋb*c &lt;d&gt;`" },
	{ "{\"mention\":\"U042\"},{\"plain\":\" hi\"}", "<@U042> hi" },
	{ "{\"plain\":\"问\"},{\"mention\":\"U042\"},{\"bold\":\"x\"}", "问<@U042>" Z "*x*" },
	{ "{\"mention\":\"U1> <!channel\"}", "@U1&gt; &lt;!channel" },
	{ "{\"mention\":\"here|x\"}", "@here|x" },
	{ "{\"plain\":\"👩‍👩‍👧‍👦 مرحبا\"}", "👩‍👩‍👧‍👦 مرحبا" },
};

static void people_cannot_format_mention_or_link(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *parts = g_strdup_printf("{\"part\":\"paragraph\",\"spans\":[%s]}", texts[i].spans);
		g_autofree char *blocks = blocks_of(parts);
		g_autoptr(cJSON) root = cJSON_Parse(blocks);
		expect_same(texts[i].spans, json_text_or(root, "0.text.text", "none"), texts[i].mrkdwn, &wrong);
	}
	assert_int_equal(wrong, 0);
}

/* ---- limits ---- */

static cJSON *render(const struct message *m, enum outbox_kind kind, gboolean plain)
{
	g_autofree char *content = message_to_json(m);
	struct outbox_row *row = row_new(kind, content);
	row->token = g_strdup("{\"trigger\":\"t\"}");
	row->plain = plain;
	g_autofree char *body = body_of(row, NULL);
	outbox_row_free(row);
	cJSON *root = cJSON_Parse(body);
	if (!root)
		fail_msg("%s", body);
	g_autofree char *problem = block_kit_problem(slack_method(kind)->name, root);
	if (problem)
		fail_msg("%s: %s\n%.2000s", slack_method(kind)->name, problem, body);
	return root;
}

static char *all_text(const cJSON *root)
{
	GString *out = g_string_new(NULL);
	const cJSON *block;
	cJSON_ArrayForEach(block, json_array(root, "blocks"))
	{
		g_string_append(out, json_text_or(block, "text.text", ""));
		const cJSON *element;
		cJSON_ArrayForEach(element, json_array(block, "elements"))
		{
			g_string_append(out, json_text_or(element, "text.text", json_text_or(element, "text", "")));
		}
	}
	return g_string_free(out, FALSE);
}

static void a_board_of_sixty_keeps_everyone_and_its_button(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *line = repeated("很长的一句话 & more ", 30);
	message_title(m, "Standup");
	for (guint i = 0; i < 60; i++) {
		g_autofree char *name = g_strdup_printf("Person%02u", i);
		message_paragraph(m);
		message_bold(m, name);
		for (guint k = 0; k < 3; k++) {
			message_plain(m, "\n");
			message_plain(m, line);
		}
	}
	message_button(m, "standup.form", "42", "Write mine", MESSAGE_PRIMARY);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = all_text(root);
	for (guint i = 0; i < 60; i++) {
		g_autofree char *name = g_strdup_printf("Person%02u", i);
		if (!strstr(text, name))
			fail_msg("%s is not on the board", name);
	}
	assert_non_null(strstr(text, "Write mine"));
	assert_in_range(cJSON_GetArraySize(json_array(root, "blocks")), 5, 48);
	assert_true(g_utf8_strlen(text, -1) > 10000); /* what may be said is said */
	cJSON_Delete(render(m, OUTBOX_REPLACE, TRUE));
	cJSON_Delete(render(m, OUTBOX_HOME, FALSE));
	cJSON_Delete(render(m, OUTBOX_HOME, TRUE));
}

static void a_long_text_goes_on_in_the_next_section(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *text = repeated("word ", 1800);
	message_paragraph(m);
	message_bold(m, text);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	assert_int_equal(cJSON_GetArraySize(json_array(root, "blocks")), 4);
	for (guint i = 0; i < 4; i++) {
		g_autofree char *path = g_strdup_printf("blocks.%u.text.text", i);
		const char *page = json_text_or(root, path, "");
		assert_true(g_str_has_prefix(page, "*") && g_str_has_suffix(page, "*"));
		assert_true(g_utf8_strlen(page, -1) <= 2850);
	}
}

static void a_page_ends_at_a_blank(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *text = repeated("word ", 1000);
	message_say(m, text);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	assert_true(g_str_has_suffix(json_text_or(root, "blocks.0.text.text", ""), " word"));
	assert_true(g_str_has_prefix(json_text_or(root, "blocks.1.text.text", ""), "word "));
}

static void too_many_parts_end_in_a_count(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	for (guint i = 0; i < 2000; i++)
		message_say(m, "a paragraph of some forty code points, here");
	message_button(m, "a.b", "", "Go", MESSAGE_PLAIN);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	g_autofree char *text = all_text(root);
	assert_non_null(strstr(text, "… +"));
	assert_non_null(strstr(text, "Go"));
}

static void too_many_blocks_keep_the_last_buttons(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	for (guint i = 0; i < 100; i++) {
		message_title(m, "T");
		message_divider(m);
	}
	message_button(m, "a.b", "", "Go", MESSAGE_PLAIN);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	const cJSON *blocks = json_array(root, "blocks");
	assert_int_equal(cJSON_GetArraySize(blocks), 48);
	assert_string_equal(json_text_or(root, "blocks.46.elements.0.text", ""), "…");
	assert_string_equal(json_text_or(root, "blocks.47.elements.0.text.text", ""), "Go");
}

static void a_button_that_cannot_be_carried_whole_is_left_out(void **state)
{
	(void)state;
	g_autoptr(message_auto) m = message_new();
	g_autofree char *fits = repeated("v", 2000), *long_value = repeated("v", 2001), *label = repeated("长", 100);
	message_button(m, "a.b", fits, label, MESSAGE_DANGER);
	message_button(m, "a.c", long_value, "x", MESSAGE_PLAIN);
	g_autoptr(cJSON) root = render(m, OUTBOX_POST, FALSE);
	assert_int_equal(cJSON_GetArraySize(json_array(root, "blocks.0.elements")), 1);
	assert_string_equal(json_text_or(root, "blocks.0.elements.0.value", ""), fits);
	assert_int_equal(g_utf8_strlen(json_text_or(root, "blocks.0.elements.0.text.text", ""), -1), 72);
	assert_true(g_str_has_suffix(json_text_or(root, "blocks.0.elements.0.text.text", ""), "…"));
}

/* ---- forms ---- */

static void a_form_is_a_modal(void **state)
{
	(void)state;
	g_autoptr(message_auto) form = form_new("standup.save", "{\"run\":42}", "晨会 <A>", "Send", "Cancel");
	form_intro(form, "Three *lines*");
	form_input(form, "results", "Results & co", "yesterday", "a\nb <c>", 1, FALSE, 500);
	form_input(form, "goals", "Goals", NULL, NULL, 3, TRUE, 9000);
	g_autofree char *content = message_to_json(form);
	struct outbox_row *row = row_new(OUTBOX_FORM, content);
	row->token = g_strdup("{\"trigger\":\"1.2.t\",\"url\":\"https://x\"}");
	g_autofree char *body = body_of(row, NULL);
	outbox_row_free(row);
	assert_string_equal(body,
		"{\"trigger_id\":\"1.2.t\",\"view\":{\"type\":\"modal\",\"callback_id\":\"standup.save\","
		"\"private_metadata\":\"{\\\"run\\\":42}\",\"title\":{\"type\":\"plain_text\",\"text\":\"晨会 <A>\"},"
		"\"submit\":{\"type\":\"plain_text\",\"text\":\"Send\"},\"close\":{\"type\":\"plain_text\",\"text\":\"Cancel\"},"
		"\"blocks\":[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"Three *" Z "lines*" Z
		"\",\"verbatim\":true}},"
		"{\"type\":\"input\",\"block_id\":\"results\",\"label\":{\"type\":\"plain_text\",\"text\":\"Results & co\"},"
		"\"element\":{\"type\":\"plain_text_input\",\"action_id\":\"v\",\"multiline\":true,\"initial_value\":\"a\\nb <c>\","
		"\"max_length\":500},\"hint\":{\"type\":\"plain_text\",\"text\":\"yesterday\"},\"optional\":false},"
		"{\"type\":\"input\",\"block_id\":\"goals\",\"label\":{\"type\":\"plain_text\",\"text\":\"Goals\"},"
		"\"element\":{\"type\":\"plain_text_input\",\"action_id\":\"v\",\"multiline\":true,\"max_length\":3000},"
		"\"optional\":true}]}}");
}

static void what_was_written_before_is_not_cut_by_a_smaller_limit(void **state)
{
	(void)state;
	g_autofree char *value = repeated("字", 700), *longer = repeated("字", 5000), *title = repeated("T", 30);
	g_autoptr(message_auto) form = form_new("a.b", "", title, "", NULL);
	form_input(form, "x", "", NULL, value, 1, FALSE, 500);
	form_input(form, "y", "Y", NULL, longer, 1, FALSE, 500);
	g_autoptr(cJSON) root = render(form, OUTBOX_FORM, FALSE);
	assert_string_equal(json_text_or(root, "view.blocks.0.element.initial_value", ""), value);
	assert_int_equal(json_int_or(root, "view.blocks.0.element.max_length", 0), 700);
	assert_string_equal(json_text_or(root, "view.blocks.0.label.text", ""), "x");
	assert_int_equal(g_utf8_strlen(json_text_or(root, "view.blocks.1.element.initial_value", ""), -1), 2850);
	assert_string_equal(json_text_or(root, "view.submit.text", ""), "OK");
}

static void a_choice_is_a_list(void **state)
{
	(void)state;
	g_autoptr(message_auto) form = form_with_choice(FORM_OPTIONS_MOST);
	g_autoptr(cJSON) root = render(form, OUTBOX_FORM, FALSE);
	const cJSON *element = json_object(root, "view.blocks.0.element");
	assert_string_equal(json_text_or(root, "view.blocks.0.label.text", ""), "Where?");
	assert_string_equal(json_text_or(element, "type", ""), "static_select");
	assert_int_equal(cJSON_GetArraySize(json_array(element, "options")), 100);
	assert_int_equal(g_utf8_strlen(json_text_or(element, "options.0.text.text", ""), -1), 72); /* a twentieth less than Slack takes */
	assert_string_equal(json_text_or(element, "initial_option.value", ""), "o1");
	assert_string_equal(json_text_or(element, "initial_option.text.text", ""), json_text_or(element, "options.1.text.text", "-"));
}

static char *body_of_choice(guint count)
{
	g_autoptr(message_auto) form = form_with_choice(count);
	g_autofree char *content = message_to_json(form);
	struct outbox_row *row = row_new(OUTBOX_FORM, content);
	row->token = g_strdup("{\"trigger\":\"t\"}");
	char *body = body_of(row, NULL);
	outbox_row_free(row);
	return body;
}

static void a_choice_that_no_list_takes_is_an_error(void **state)
{
	(void)state;
	static const guint counts[] = { 0, FORM_OPTIONS_MOST + 1 };
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
		g_autofree char *body = body_of_choice(counts[i]);
		assert_string_equal(body, "error: form 'a.b' has a choice of none, or of too many");
	}
}

static void a_form_that_cannot_be_carried_whole_is_an_error(void **state)
{
	(void)state;
	g_autofree char *context = repeated("c", 3001), *name = repeated("n", 256);
	const struct {
		const char *context, *inputs[2];
		const char *expected;
	} cases[] = {
		{ context, { "x", NULL }, "error: form 'a.b' has a too long context" },
		{ "", { "x", "x" }, "error: form 'a.b' has two inputs of one name" },
		{ "", { NULL, NULL }, "error: form 'a.b' has no inputs" },
		{ "", { "", NULL }, "error: form 'a.b' has an input without a name, or with a too long one" },
		{ "", { name, NULL }, "error: form 'a.b' has an input without a name, or with a too long one" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(message_auto) form = form_new("a.b", cases[i].context, "T", "S", NULL);
		for (guint k = 0; k < 2 && cases[i].inputs[k]; k++)
			form_input(form, cases[i].inputs[k], "L", NULL, NULL, 1, FALSE, 0);
		g_autofree char *content = message_to_json(form);
		struct outbox_row *row = row_new(OUTBOX_FORM, content);
		row->token = g_strdup("{\"trigger\":\"t\"}");
		g_autofree char *body = body_of(row, NULL);
		outbox_row_free(row);
		assert_string_equal(body, cases[i].expected);
	}
}

/* ---- whatever a ritual makes ---- */

static const char *const scraps[] = { "a", " ", "word ", "昨天成单", "&", "<", ">", "*", "_", "~", "`", "\n", "\n\n> ", "🎉",
	"👩‍👩‍👧‍👦", "مرحبا ", "\342\200\256", "<!channel>", "<@U1>", ":tada:", ":", "\t", "e\314\201", "<http://x|y>", "\001",
	"very_long_identifier_without_blanks", "&amp;" };

static char *random_text(GRand *chance, gint32 most)
{
	GString *out = g_string_new(NULL);
	const char *only = g_rand_boolean(chance) ? NULL : scraps[g_rand_int_range(chance, 0, G_N_ELEMENTS(scraps))];
	for (gint32 left = g_rand_int_range(chance, 0, most); left > 0; left--)
		g_string_append(out, only ? only : scraps[g_rand_int_range(chance, 0, G_N_ELEMENTS(scraps))]);
	return g_string_free(out, FALSE);
}

static void random_paragraph(struct message *m, GRand *chance, const char *text)
{
	message_paragraph(m);
	switch (g_rand_int_range(chance, 0, 4)) {
	case 0:
		message_bold(m, text);
		message_plain(m, text);
		break;
	case 1:
		message_quiet(m, text);
		message_mention(m, "U1");
		message_bold(m, "x");
		break;
	case 2:
		message_mention(m, text);
		break;
	default:
		message_plain(m, text);
	}
}

static void random_chart(struct message *m, GRand *chance, const char *title, const char *label)
{
	static const char *const series[] = { "a", "b", "c", "d", "e", "f", "g", NULL };
	static const char *const values[] = { "1", "-2.5", "x", "900000000000.01", "" };
	gint32 first = g_rand_int_range(chance, 0, 8);
	message_chart(m, title, label, series + first);
	for (gint32 bars = g_rand_int_range(chance, 0, 25); bars > 0; bars--) {
		message_bar(m, label, values[g_rand_int_range(chance, 0, 5)]);
		for (gint32 k = g_rand_int_range(chance, 0, 8 - first); k > 1; k--)
			message_bar_beside(m, values[g_rand_int_range(chance, 0, 5)]);
	}
}

static void random_part(struct message *m, GRand *chance, gint32 most)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autofree char *text = random_text(chance, most), *other = random_text(chance, most);
	switch (g_rand_int_range(chance, 0, 11)) {
	case 0:
		message_title(m, text);
		break;
	case 1:
		message_fact(m, text, other);
		break;
	case 2:
		message_item(m, text);
		break;
	case 3:
		message_divider(m);
		break;
	case 4:
		message_button(m, "blocker.own", other, text, g_rand_int_range(chance, 0, 3));
		break;
	case 5:
		message_context(m, text);
		break;
	case 6:
		random_chart(m, chance, text, other);
		break;
	case 7:
		message_picture(m, "p.png", bytes, text, other);
		break;
	case 8:
		message_document(m, text, bytes, other);
		break;
	default:
		random_paragraph(m, chance, text);
	}
}

static struct message *random_card(GRand *chance)
{
	static const gint32 lengths[] = { 3, 30, 300, 3000 }, counts[] = { 4, 60, 300 };
	struct message *m = message_new();
	gint32 most = lengths[g_rand_int_range(chance, 0, G_N_ELEMENTS(lengths))];
	gint32 parts = g_rand_int_range(chance, 0, most == 3000 ? 60 : counts[g_rand_int_range(chance, 0, 3)]);
	g_autofree char *fallback = random_text(chance, most);
	message_fallback(m, fallback);
	while (parts-- > 0)
		random_part(m, chance, most);
	return m;
}

static void no_card_breaks_a_limit(void **state)
{
	static const enum outbox_kind kinds[] = { OUTBOX_POST, OUTBOX_REPLACE, OUTBOX_PRIVATE, OUTBOX_HOME };
	(void)state;
	GRand *chance = g_rand_new_with_seed(SEED);
	for (guint i = 0; i < CARDS; i++) {
		g_autoptr(message_auto) m = random_card(chance);
		g_autoptr(cJSON) whole = render(m, kinds[i % G_N_ELEMENTS(kinds)], FALSE);
		g_autoptr(cJSON) plain = render(m, kinds[i % G_N_ELEMENTS(kinds)], TRUE);
		assert_true(cJSON_GetArraySize(json_array(whole, "blocks")) <= 48);
		assert_true(g_utf8_strlen(json_text_or(plain, "text", ""), -1) <= 3800);
	}
	g_rand_free(chance);
}

static void no_form_breaks_a_limit(void **state)
{
	(void)state;
	GRand *chance = g_rand_new_with_seed(SEED);
	for (guint i = 0; i < CARDS / 4; i++) {
		g_autofree char *title = random_text(chance, 40), *label = random_text(chance, 3000);
		g_autofree char *hint = random_text(chance, 100), *value = random_text(chance, 4000);
		g_autoptr(message_auto) form = form_new("a.b", "7", title, title, title);
		form_intro(form, label);
		form_input(form, "x", label, hint, value, g_rand_int_range(chance, 1, 5), TRUE, g_rand_int_range(chance, -5, 4000));
		form_input(form, "y", hint, NULL, NULL, 1, FALSE, 0);
		cJSON_Delete(render(form, OUTBOX_FORM, FALSE));
	}
	g_rand_free(chance);
}

/* ---- acknowledgements ---- */

static void an_acknowledgement_is_never_too_long(void **state)
{
	(void)state;
	g_autofree char *bare = slack_out_acknowledgement("e-1", NULL);
	assert_string_equal(bare, "{\"envelope_id\":\"e-1\"}");
	GArray *problems = event_inputs_new();
	g_autofree char *nothing = slack_out_acknowledgement("e-1", problems);
	assert_string_equal(nothing, bare);
	event_inputs_add(problems, "goals", "say <what>");
	g_autofree char *one = slack_out_acknowledgement("e-1", problems);
	assert_string_equal(one, "{\"envelope_id\":\"e-1\",\"payload\":{\"response_action\":\"errors\",\"errors\":"
				 "{\"goals\":\"say <what>\"}}}");
	g_autofree char *long_text = repeated("字", 3000);
	for (guint i = 0; i < 90; i++) {
		g_autofree char *name = g_strdup_printf("input%u", i);
		event_inputs_add(problems, name, long_text);
	}
	g_autofree char *many = slack_out_acknowledgement("e-1", problems);
	assert_true(strlen(many) <= 20000);
	assert_non_null(strstr(many, "input89"));
	g_array_unref(problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_request),
		cmocka_unit_test(a_row_without_what_its_kind_needs_is_refused),
		cmocka_unit_test(files_go_in_three_steps),
		cmocka_unit_test(reads_are_forms_and_writes_are_json),
		cmocka_unit_test(the_direct_message_and_the_history_are_asked_for),
		cmocka_unit_test(parts_are_blocks),
		cmocka_unit_test(people_cannot_format_mention_or_link),
		cmocka_unit_test(a_board_of_sixty_keeps_everyone_and_its_button),
		cmocka_unit_test(a_long_text_goes_on_in_the_next_section),
		cmocka_unit_test(a_page_ends_at_a_blank),
		cmocka_unit_test(too_many_parts_end_in_a_count),
		cmocka_unit_test(too_many_blocks_keep_the_last_buttons),
		cmocka_unit_test(a_button_that_cannot_be_carried_whole_is_left_out),
		cmocka_unit_test(a_form_is_a_modal),
		cmocka_unit_test(what_was_written_before_is_not_cut_by_a_smaller_limit),
		cmocka_unit_test(a_choice_is_a_list),
		cmocka_unit_test(a_choice_that_no_list_takes_is_an_error),
		cmocka_unit_test(a_form_that_cannot_be_carried_whole_is_an_error),
		cmocka_unit_test(no_card_breaks_a_limit),
		cmocka_unit_test(no_form_breaks_a_limit),
		cmocka_unit_test(an_acknowledgement_is_never_too_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
