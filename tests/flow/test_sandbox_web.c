/* SPDX-License-Identifier: MIT */
/* The sandbox's Web API over real HTTP: what Slack accepts it accepts, what Slack refuses it refuses in Slack's words. */
#include "tests/support/desk.h"

#define SALES "C0SALES00"

static const char *const bot_form[] = { "Authorization: Bearer xoxb-sandbox", "Content-Type: application/x-www-form-urlencoded", NULL };
static const char *const bot_json[] = { "Authorization: Bearer xoxb-sandbox", "Content-Type: application/json; charset=utf-8", NULL };
static const char *const bot_json_bare[] = { "Authorization: Bearer xoxb-sandbox", "Content-Type: application/json", NULL };
static const char *const app_form[] = { "Authorization: Bearer xapp-sandbox", "Content-Type: application/x-www-form-urlencoded", NULL };
static const char *const strange[] = { "Authorization: Bearer xoxb-1", "Content-Type: application/x-www-form-urlencoded", NULL };
static const char *const nobody[] = { "Content-Type: application/x-www-form-urlencoded", NULL };

static char *say_ts(struct desk *desk, const char *act)
{
	return g_strdup(json_text_or(desk_act(desk, act), "ts", NULL));
}

static void identity(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *a = desk_ok(desk, "auth.test", "");
	assert_string_equal(json_text_or(a, "user_id", ""), "UBELLTOWER");
	assert_string_equal(json_text_or(a, "bot_id", ""), "B0BELLTOWER");
	assert_string_equal(json_text_or(a, "team_id", ""), "T0LANTERN");
	assert_string_equal(json_text_or(desk_ok(desk, "bots.info", "bot=B0BELLTOWER"), "bot.user_id", ""), "UBELLTOWER");
	assert_string_equal(json_text_or(desk_ok(desk, "team.info", ""), "team.domain", ""), "lantern");
	assert_string_equal(json_text_or(desk_ok(desk, "api.test", "foo=bar"), "args.foo", ""), "bar");
	desk_fails(desk, "api.test", "error=my_error", "my_error");
	desk_fails(desk, "no.such", "", "unknown_method");
	desk_free(desk);
}

static void check_tokens(struct desk *desk, const char *method, const char *const *headers, const char *verb, const char *error)
{
	g_autofree char *path = g_strconcat("api/", method, NULL);
	struct desk_answer *a = desk_request(desk, verb, path, headers, "", 0);
	assert_int_equal(a->status, 200);
	assert_string_equal(json_text_or(a->json, "error", "ok"), error);
	desk_answer_free(a);
}

static void tokens(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	check_tokens(desk, "auth.test", nobody, "POST", "not_authed");
	check_tokens(desk, "auth.test", strange, "POST", "invalid_auth");
	check_tokens(desk, "auth.test", app_form, "POST", "not_allowed_token_type");
	check_tokens(desk, "apps.connections.open", bot_form, "POST", "not_allowed_token_type");
	check_tokens(desk, "apps.connections.open", app_form, "GET", "insecure_request");
	check_tokens(desk, "apps.connections.open", app_form, "POST", "ok");
	desk_free(desk);
}

static struct desk_answer *post(struct desk *desk, const char *method, const char *const *headers, const char *body)
{
	g_autofree char *path = g_strconcat("api/", method, NULL);
	return desk_request(desk, "POST", path, headers, body, strlen(body));
}

static void check_body(struct desk *desk, const char *method, const char *const *headers, const char *body, const char *error,
	const char *warning)
{
	struct desk_answer *a = post(desk, method, headers, body);
	assert_string_equal(json_text_or(a->json, "error", "ok"), error);
	assert_string_equal(json_text_or(a->json, "warning", ""), warning);
	desk_answer_free(a);
}

/* Protocol section 6: two forms of body, and the methods that take no JSON. */
static void bodies(void **state)
{
	static const char *const form_charset[] = { "Authorization: Bearer xoxb-sandbox",
		"Content-Type: application/x-www-form-urlencoded; charset=utf-8", NULL };
	static const char *const xml[] = { "Authorization: Bearer xoxb-sandbox", "Content-Type: text/xml", NULL };
	static const char say[] = "{\"channel\":\"" SALES "\",\"text\":\"hi\"}";
	(void)state;
	struct desk *desk = desk_new(NULL);
	check_body(desk, "chat.postMessage", bot_json, say, "ok", "");
	check_body(desk, "chat.postMessage", bot_json_bare, say, "ok", "missing_charset");
	check_body(desk, "chat.postMessage", form_charset, "channel=" SALES "&text=hi", "ok", "superfluous_charset");
	check_body(desk, "chat.postMessage", bot_json, "{", "invalid_json", "");
	check_body(desk, "chat.postMessage", bot_json, "[1]", "json_not_object", "");
	check_body(desk, "chat.postMessage", xml, say, "invalid_post_type", "");
	check_body(desk, "conversations.info", bot_json, "{\"channel\":\"" SALES "\"}", "invalid_arguments", "");
	check_body(desk, "conversations.info", bot_form, "channel=" SALES, "ok", "");
	check_body(desk, "users.info", bot_json, "{\"user\":\"U0ANA0000\"}", "user_not_found", "");
	struct desk_answer *a = desk_request(desk, "GET", "api/conversations.info?channel=" SALES, bot_form, NULL, 0);
	assert_true(json_bool_or(a->json, "ok", FALSE));
	desk_answer_free(a);
	desk_free(desk);
}

static void posting(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *a = desk_ok(desk, "chat.postMessage", desk_form(desk, "channel", SALES, "text", "站会 &amp;", NULL));
	assert_string_equal(json_text_or(a, "message.text", ""), "站会 &amp;");
	assert_string_equal(json_text_or(a, "message.bot_id", ""), "B0BELLTOWER");
	assert_string_equal(json_text_or(a, "message.blocks.0.elements.0.elements.0.text", ""), "站会 &");
	const char *ts = json_text_or(a, "ts", "");
	const char *thread = desk_form(desk, "channel", SALES, "text", "reply", "thread_ts", ts, NULL);
	assert_string_equal(json_text_or(desk_ok(desk, "chat.postMessage", thread), "message.thread_ts", ""), ts);
	assert_string_equal(json_text_or(desk_ok(desk, "chat.postMessage", desk_form(desk, "channel", "#sales", "text", "x", NULL)), "channel", ""), SALES);
	assert_string_equal(json_text_or(desk_ok(desk, "chat.postMessage", "channel=U0ANA0000&text=x"), "channel", ""), "D0ANA0000");
	desk_ok(desk, "chat.postMessage", "channel=C0RANDOM0&text=not+a+member,+but+public");
	desk_fails(desk, "chat.postMessage", "channel=C1&text=x", "channel_not_found");
	desk_fails(desk, "chat.postMessage", "text=x", "channel_not_found");
	desk_fails(desk, "chat.postMessage", "channel=" SALES, "no_text");
	desk_fails(desk, "chat.postMessage", desk_form(desk, "channel", SALES, "text", "x", "metadata", "{'event_type':'a b'}", NULL), "invalid_metadata_format");
	desk_fails(desk, "chat.postMessage", desk_form(desk, "channel", SALES, "text", "x", "blocks", "{}", NULL), "invalid_blocks_format");
	desk_free(desk);
}

static void updating(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *ana = say_ts(desk, "{'do':'say','as':'ana','channel':'#sales','text':'mine'}");
	const char *ts = json_text_or(desk_ok(desk, "chat.postMessage",
		desk_form(desk, "channel", SALES, "text", "a", "blocks", "[{'type':'divider'}]", "metadata", "{'event_type':'b','event_payload':{'k':7}}", NULL)), "ts", "");
	const char *form = desk_form(desk, "channel", SALES, "ts", ts, "text", "b", NULL);
	const cJSON *a = desk_ok(desk, "chat.update", form);
	assert_string_equal(json_text_or(a, "message.blocks.0.type", ""), "rich_text"); /* the divider is gone */
	assert_non_null(json_at(a, "message.edited"));
	assert_int_equal(json_int_or(a, "message.metadata.event_payload.k", 0), 7); /* metadata stays */
	const char *blocks = desk_form(desk, "channel", SALES, "ts", ts, "blocks", "[{'type':'divider'}]", NULL);
	assert_string_equal(json_text_or(desk_ok(desk, "chat.update", blocks), "message.text", ""), "b");
	g_autoptr(GString) long_text = g_string_new(form);
	for (int i = 0; i < 4000; i++)
		g_string_append_c(long_text, 'x');
	desk_fails(desk, "chat.update", long_text->str, "msg_too_long");
	const char *other = desk_form(desk, "channel", SALES, "ts", ana, "text", "b", NULL);
	desk_fails(desk, "chat.update", other, "cant_update_message");
	desk_fails(desk, "chat.delete", other, "cant_delete_message");
	desk_fails(desk, "chat.update", "channel=" SALES "&ts=1.000001&text=b", "message_not_found");
	desk_ok(desk, "chat.delete", form);
	desk_fails(desk, "chat.delete", form, "message_not_found");
	desk_free(desk);
}

/* Section 10.1 and 8: metadata comes back whole only when asked for. */
static void metadata(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_ok(desk, "chat.postMessage", desk_form(desk, "channel", SALES, "text", "a", "metadata", "{'event_type':'b','event_payload':{'k':7}}", NULL));
	const cJSON *plain = desk_ok(desk, "conversations.history", "channel=" SALES);
	assert_string_equal(json_text_or(plain, "messages.0.metadata.event_type", ""), "b");
	assert_null(json_at(plain, "messages.0.metadata.event_payload"));
	const cJSON *whole = desk_ok(desk, "conversations.history", "channel=" SALES "&include_all_metadata=true");
	assert_int_equal(json_int_or(whole, "messages.0.metadata.event_payload.k", 0), 7);
	desk_free(desk);
}

static void check_pages(struct desk *desk, const char *method, const char *form, unsigned pages, unsigned messages)
{
	g_autofree char *cursor = g_strdup("");
	unsigned got = 0;
	for (unsigned page = 1; page <= pages; page++) {
		g_autofree char *full = g_strdup_printf("%s&%s", form, desk_form(desk, "cursor", cursor, NULL));
		const cJSON *a = desk_ok(desk, method, full);
		got += (unsigned)cJSON_GetArraySize(json_array(a, "messages"));
		g_free(cursor);
		cursor = g_strdup(json_text_or(a, "response_metadata.next_cursor", ""));
		assert_int_equal(json_bool_or(a, "has_more", FALSE), page < pages);
		assert_int_equal(*cursor != '\0', page < pages);
	}
	assert_int_equal(got, messages);
}

static void history(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *first = say_ts(desk, "{'do':'say','as':'ana','channel':'#sales','text':'0'}");
	g_autofree char *act = g_strdup_printf("{'do':'say','as':'wei','channel':'#sales','text':'r','thread_ts':'%s'}", first);
	for (int i = 0; i < 5; i++)
		desk_act(desk, act);
	for (int i = 1; i < 5; i++)
		desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'n'}");
	const cJSON *all = desk_ok(desk, "conversations.history", "channel=" SALES);
	assert_int_equal(cJSON_GetArraySize(json_array(all, "messages")), 5); /* no replies */
	assert_string_equal(json_text_or(all, "messages.4.ts", ""), first);   /* newest first */
	assert_int_equal(json_int_or(all, "messages.4.reply_count", 0), 5);
	check_pages(desk, "conversations.history", "channel=" SALES "&limit=2", 3, 5);
	const char *thread = desk_form(desk, "channel", SALES, "ts", first, "limit", "2", NULL);
	check_pages(desk, "conversations.replies", thread, 3, 5 + 3); /* the parent on each page */
	const char *one = desk_form(desk, "channel", SALES, "oldest", first, "latest", first, "inclusive", "true", "limit", "1", NULL);
	assert_string_equal(json_text_or(desk_ok(desk, "conversations.history", one), "messages.0.text", ""), "0");
	const char *none = desk_form(desk, "channel", SALES, "oldest", first, "latest", first, NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(desk_ok(desk, "conversations.history", none), "messages")), 0);
	desk_fails(desk, "conversations.history", "channel=C0RANDOM0", "not_in_channel");
	desk_fails(desk, "conversations.history", "channel=" SALES "&cursor=bm9wZQ==", "invalid_cursor");
	desk_fails(desk, "conversations.history", "channel=" SALES "&oldest=x", "invalid_ts_oldest");
	desk_fails(desk, "conversations.history", "channel=" SALES "&limit=1000", "invalid_limit");
	desk_fails(desk, "conversations.replies", "channel=" SALES "&ts=1.000001", "thread_not_found");
	desk_free(desk);
}

static void short_pages(void **state)
{
	(void)state;
	struct desk *desk = desk_new(&(struct sandbox_options){ .page_messages = 15, .no_rate_limits = TRUE });
	for (int i = 0; i < 31; i++)
		desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'n'}");
	check_pages(desk, "conversations.history", "channel=" SALES "&limit=200", 3, 31);
	desk_free(desk);
}

static void directory(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *user = desk_ok(desk, "users.info", "user=U0TOM0000&include_locale=true");
	assert_string_equal(json_text_or(user, "user.tz", ""), "Europe/Berlin");
	assert_int_equal(json_int_or(user, "user.tz_offset", 0), 3600);
	assert_string_equal(json_text_or(user, "user.locale", ""), "en-GB");
	assert_string_equal(json_text_or(user, "user.profile.email", ""), "tom@lantern.example");
	assert_string_equal(json_text_or(desk_ok(desk, "users.lookupByEmail", desk_form(desk, "email", "TOM@lantern.example", NULL)), "user.id", ""), "U0TOM0000");
	desk_fails(desk, "users.lookupByEmail", desk_form(desk, "email", "x@y", NULL), "users_not_found");
	desk_fails(desk, "users.info", "user=U1", "user_not_found");
	const cJSON *page = desk_ok(desk, "users.list", "limit=3");
	assert_int_equal(cJSON_GetArraySize(json_array(page, "members")), 3);
	assert_string_not_equal(json_text_or(page, "response_metadata.next_cursor", ""), "");
	assert_int_equal(cJSON_GetArraySize(json_array(desk_ok(desk, "conversations.members", "channel=" SALES), "members")), 7);
	assert_int_equal(cJSON_GetArraySize(json_array(desk_ok(desk, "users.conversations", ""), "channels")), 1);
	assert_int_equal(cJSON_GetArraySize(json_array(desk_ok(desk, "conversations.list", ""), "channels")), 2);
	desk_fails(desk, "conversations.list", "types=nonsense", "invalid_types");
	desk_free(desk);
}

static void opening(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *a = desk_ok(desk, "conversations.open", "users=U0ANA0000&return_im=true");
	assert_string_equal(json_text_or(a, "channel.user", ""), "U0ANA0000");
	assert_true(json_bool_or(desk_ok(desk, "conversations.open", "users=U0ANA0000"), "already_open", FALSE));
	desk_fails(desk, "conversations.open", "users=U1", "user_not_found");
	desk_act(desk, "{'do':'deactivate','user':'jun'}");
	desk_fails(desk, "conversations.open", "users=U0JUN0000", "user_disabled");
	assert_string_equal(json_text_or(desk_ok(desk, "conversations.join", "channel=" SALES), "warning", ""), "already_in_channel");
	assert_true(json_bool_or(desk_ok(desk, "conversations.join", "channel=C0RANDOM0"), "channel.is_member", FALSE));
	desk_free(desk);
}

static void reacting(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *ts = say_ts(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	const char *form = desk_form(desk, "channel", SALES, "timestamp", ts, "name", "white_check_mark", NULL);
	desk_ok(desk, "reactions.add", form);
	desk_fails(desk, "reactions.add", form, "already_reacted");
	const cJSON *got = desk_ok(desk, "reactions.get", form);
	assert_int_equal(json_int_or(got, "message.reactions.0.count", 0), 1);
	assert_string_equal(json_text_or(got, "message.reactions.0.users.0", ""), "UBELLTOWER");
	desk_ok(desk, "reactions.remove", form);
	desk_fails(desk, "reactions.remove", form, "no_reaction");
	desk_fails(desk, "reactions.add", "channel=" SALES "&timestamp=1.000001&name=x", "message_not_found");
	const char *colons = desk_form(desk, "channel", SALES, "timestamp", ts, "name", ":x:", NULL);
	desk_fails(desk, "reactions.add", colons, "invalid_name");
	desk_free(desk);
}

/* A company grants what it wants; the rest is missing_scope. */
static void scopes(void **state)
{
	static const char text[] = "{\"app\":{\"scopes\":[\"channels:read\",\"users:read\"]},\"members\":[{\"name\":\"ana\"}],"
				   "\"channels\":[{\"name\":\"sales\",\"members\":[\"ana\",\"belltower\"]}]}";
	(void)state;
	g_autoptr(cJSON) company = json_parse(text, strlen(text), NULL);
	struct desk *desk = desk_new(&(struct sandbox_options){ .company = company, .no_rate_limits = TRUE });
	const cJSON *a = desk_call(desk, "chat.postMessage", "channel=" SALES "&text=x");
	assert_string_equal(json_text_or(a, "error", ""), "missing_scope");
	assert_string_equal(json_text_or(a, "needed", ""), "chat:write");
	assert_string_equal(json_text_or(a, "provided", ""), "channels:read,users:read");
	assert_string_equal(json_text_or(desk_call(desk, "conversations.history", "channel=" SALES), "needed", ""), "channels:history");
	assert_null(json_at(desk_ok(desk, "users.info", "user=U0ANA0000"), "user.profile.email"));
	struct desk_answer *t = post(desk, "auth.test", bot_form, "");
	assert_string_equal(t->scopes, "channels:read,users:read");
	desk_answer_free(t);
	desk_free(desk);
}

static void rates(void **state)
{
	(void)state;
	struct desk *desk = desk_new(&(struct sandbox_options){ 0 });
	for (int i = 0; i < 4; i++)
		desk_ok(desk, "chat.postMessage", "channel=" SALES "&text=x");
	struct desk_answer *a = post(desk, "chat.postMessage", bot_form, "channel=" SALES "&text=x");
	assert_int_equal(a->status, 429);
	assert_string_equal(a->retry_after, "1");
	assert_string_equal(json_text_or(a->json, "error", ""), "ratelimited");
	desk_answer_free(a);
	desk_ok(desk, "chat.postMessage", "channel=C0RANDOM0&text=another+channel");
	desk_advance(desk, 1000);
	desk_ok(desk, "chat.postMessage", "channel=" SALES "&text=x");
	for (int i = 0; i < 20; i++)
		desk_ok(desk, "users.list", "");
	a = post(desk, "users.list", bot_form, "");
	assert_int_equal(a->status, 429);
	assert_string_equal(a->retry_after, "3");
	desk_answer_free(a);
	desk_free(desk);
}

static void uploading(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *a = desk_ok(desk, "files.getUploadURLExternal", "filename=report.csv&length=5");
	g_autofree char *path = g_strdup(json_text_or(a, "upload_url", "") + strlen(sandbox_url(desk->sandbox)));
	g_autofree char *id = g_strdup(json_text_or(a, "file_id", ""));
	g_autofree char *files = g_strdup_printf("[{'id':'%s','title':'T'}]", id);
	const char *done = desk_form(desk, "files", files, "channel_id", SALES, "initial_comment", "see", NULL);
	desk_fails(desk, "files.completeUploadExternal", done, "file_not_found"); /* nothing was brought */
	struct desk_answer *up = desk_request(desk, "POST", path, NULL, "a,b,", 4);
	assert_int_equal(up->status, 400); /* not as many bytes as announced */
	desk_answer_free(up);
	up = desk_request(desk, "POST", path, NULL, "a,b,c", 5);
	assert_int_equal(up->status, 200);
	desk_answer_free(up);
	assert_string_equal(json_text_or(desk_ok(desk, "files.completeUploadExternal", done), "files.0.title", ""), "T");
	desk_settle(desk);
	desk_fails(desk, "files.completeUploadExternal", done, "file_not_found"); /* works once */
	const cJSON *said = desk_ok(desk, "conversations.history", "channel=" SALES);
	assert_string_equal(json_text_or(said, "messages.0.subtype", ""), "file_share");
	assert_string_equal(json_text_or(said, "messages.0.files.0.mimetype", ""), "text/csv");
	const char *which = desk_form(desk, "file", id, NULL);
	assert_string_equal(json_text_or(desk_ok(desk, "files.info", which), "file.shares.public." SALES ".0.ts", ""),
		json_text_or(said, "messages.0.ts", "-"));
	g_autofree char *file = g_strdup_printf("files/%s", id);
	struct desk_answer *bytes = desk_request(desk, "GET", file, NULL, NULL, 0);
	assert_string_equal(bytes->body, "a,b,c");
	desk_answer_free(bytes);
	desk_fails(desk, "files.getUploadURLExternal", "filename=x&length=0", "missing_argument");
	desk_free(desk);
}

static void multipart(void **state)
{
	static const char *const headers[] = { "Content-Type: multipart/form-data; boundary=\"zz\"", NULL };
	static const char body[] = "--zz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno\r\n"
				   "--zz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n\r\nyes\r\n--zz--\r\n";
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *a = desk_ok(desk, "files.getUploadURLExternal", "filename=x&length=5");
	struct desk_answer *up = desk_request(desk, "POST", json_text_or(a, "upload_url", "") + strlen(sandbox_url(desk->sandbox)),
		headers, body, strlen(body));
	assert_int_equal(up->status, 200);
	desk_answer_free(up);
	desk_free(desk);
}

static void faults(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_act(desk, "{'do':'faults','rate_limit':true,'times':1,'methods':['auth.test']}");
	desk_ok(desk, "users.list", "");
	struct desk_answer *a = post(desk, "auth.test", bot_form, "");
	assert_int_equal(a->status, 429);
	desk_answer_free(a);
	desk_ok(desk, "auth.test", ""); /* the one occasion is over */
	assert_false(json_bool_or(desk_delta(desk, "faults"), "faults.rate_limit", TRUE));
	desk_act(desk, "{'do':'faults','server_error':true,'times':1,'methods':[]}");
	a = post(desk, "auth.test", bot_form, "");
	assert_int_equal(a->status, 500);
	assert_null(a->json);
	desk_answer_free(a);
	desk_act(desk, "{'do':'faults','drop_before':true,'times':1}");
	a = post(desk, "chat.postMessage", bot_form, "channel=" SALES "&text=before");
	assert_int_equal(a->outcome, HTTP_IN_DOUBT);
	desk_answer_free(a);
	desk_act(desk, "{'do':'faults','drop_after':true,'times':1}");
	a = post(desk, "chat.postMessage", bot_form, "channel=" SALES "&text=after");
	assert_int_equal(a->outcome, HTTP_IN_DOUBT);
	desk_answer_free(a);
	const cJSON *said = desk_ok(desk, "conversations.history", "channel=" SALES);
	assert_int_equal(cJSON_GetArraySize(json_array(said, "messages")), 1);
	assert_string_equal(json_text_or(said, "messages.0.text", ""), "after");
	desk_act(desk, "{'do':'faults','api_error':'account_inactive','times':1}");
	desk_fails(desk, "auth.test", "", "account_inactive");
	desk_ok(desk, "auth.test", "");
	desk_act(desk, "{'do':'archive','as':'ana','channel':'#sales'}");
	desk_fails(desk, "chat.postMessage", "channel=" SALES "&text=x", "is_archived");
	desk_act_fails(desk, "{'do':'faults','gremlins':true}", "no fault 'gremlins'");
	desk_free(desk);
}

static void the_page(void **state)
{
	static const char *const foreign[] = { "Origin: http://evil.example", "Content-Type: application/json", NULL };
	static const char act[] = "{\"do\":\"open_dm\",\"as\":\"ana\"}";
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_answer *a = desk_request(desk, "GET", "", NULL, NULL, 0);
	assert_int_equal(a->status, 200);
	assert_non_null(strstr(a->body, "<!DOCTYPE html>"));
	desk_answer_free(a);
	a = desk_request(desk, "GET", "page/app.js", NULL, NULL, 0);
	assert_int_equal(a->status, 200);
	desk_answer_free(a);
	a = desk_request(desk, "GET", "page/../company.example.json", NULL, NULL, 0);
	assert_int_equal(a->status, 404);
	desk_answer_free(a);
	a = desk_request(desk, "POST", "sandbox/act", foreign, act, strlen(act));
	assert_int_equal(a->status, 403);
	desk_answer_free(a);
	a = desk_request(desk, "POST", "sandbox/act", NULL, act, strlen(act));
	assert_string_equal(json_text_or(a->json, "channel", ""), "D0ANA0000");
	desk_answer_free(a);
	a = desk_request(desk, "POST", "sandbox/act", NULL, "no", 2);
	assert_int_equal(a->status, 400);
	desk_answer_free(a);
	a = desk_request(desk, "GET", "sandbox/state", NULL, NULL, 0);
	assert_string_equal(json_text_or(a->json, "app.bot_user", ""), "UBELLTOWER");
	desk_answer_free(a);
	desk_free(desk);
}

static void what_cannot_be(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autoptr(GError) taken = NULL, company = NULL, certificate = NULL;
	struct sandbox_options o = { .loop = desk->loop, .clock = desk->clock, .port = sandbox_port(desk->sandbox) };
	assert_null(sandbox_new(&o, &taken));
	assert_non_null(taken);
	g_autoptr(cJSON) wrong = cJSON_CreateArray();
	assert_null(sandbox_new(&(struct sandbox_options){ .loop = desk->loop, .clock = desk->clock, .company = wrong }, &company));
	assert_non_null(strstr(company->message, "company"));
	o = (struct sandbox_options){ .loop = desk->loop, .clock = desk->clock, .cert_file = "/nowhere", .key_file = "/nowhere" };
	assert_null(sandbox_new(&o, &certificate));
	assert_non_null(certificate);
	sandbox_free(NULL);
	desk_free(desk);
}

static void over_tls(void **state)
{
	(void)state;
	g_autofree char *dir = g_dir_make_tmp("belltower-desk-XXXXXX", NULL);
	g_autofree char *command = g_strdup_printf("sh " SOURCE_ROOT "/tests/support/test-ca.sh %s", dir);
	int status = -1;
	g_autofree char *words = NULL;
	assert_true(g_spawn_command_line_sync(command, NULL, &words, &status, NULL));
	assert_int_equal(status, 0);
	g_autofree char *cert = g_build_filename(dir, "server.pem", NULL), *key = g_build_filename(dir, "server.key", NULL),
			*ca = g_build_filename(dir, "ca.pem", NULL);
	struct desk *desk = desk_new_trusting(&(struct sandbox_options){ .cert_file = cert, .key_file = key }, ca);
	assert_true(g_str_has_prefix(sandbox_url(desk->sandbox), "https://"));
	desk_ok(desk, "auth.test", "");
	struct desk_link *link = desk_connect(desk); /* wss */
	g_autoptr(GString) act = g_string_new("{'do':'say','as':'ana','channel':'#sales','text':'");
	for (int i = 0; i < 5000; i++)
		g_string_append(act, "站会 standup ");
	g_string_append(act, "'}");
	desk_act(desk, act->str);
	const cJSON *f = desk_event(link, "message");
	assert_int_equal(strlen(json_text_or(f, "payload.event.text", "")), 5000 * strlen("站会 standup "));
	desk_ack(link, f, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
	g_autofree char *clean = g_strdup_printf("rm -r %s", dir);
	assert_true(g_spawn_command_line_sync(clean, NULL, NULL, NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity), cmocka_unit_test(tokens), cmocka_unit_test(bodies), cmocka_unit_test(posting),
		cmocka_unit_test(updating), cmocka_unit_test(metadata), cmocka_unit_test(history), cmocka_unit_test(short_pages),
		cmocka_unit_test(directory), cmocka_unit_test(opening), cmocka_unit_test(reacting), cmocka_unit_test(scopes),
		cmocka_unit_test(rates), cmocka_unit_test(uploading), cmocka_unit_test(multipart), cmocka_unit_test(faults),
		cmocka_unit_test(the_page), cmocka_unit_test(over_tls), cmocka_unit_test(what_cannot_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
