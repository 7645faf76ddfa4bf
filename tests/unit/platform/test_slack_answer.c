/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/support/as_line.h"

static const struct outbox_row post = { .kind = OUTBOX_POST }, replace = { .kind = OUTBOX_REPLACE },
			       delete = { .kind = OUTBOX_DELETE }, react = { .kind = OUTBOX_REACT },
			       unreact = { .kind = OUTBOX_UNREACT }, private = { .kind = OUTBOX_PRIVATE },
			       form = { .kind = OUTBOX_FORM }, home = { .kind = OUTBOX_HOME },
			       ask = { .kind = OUTBOX_ASK_PERSON }, plain = { .kind = OUTBOX_POST, .plain = TRUE },
			       third = { .kind = OUTBOX_POST, .attempts = 2 };

#define OK HTTP_OK, 200, NULL
#define ERROR(code) "{\"ok\":false,\"error\":\"" code "\"}"

static const struct {
	const struct outbox_row *row;
	enum http_outcome transport;
	int status;
	const char *retry_after, *body, *expected;
	gboolean by_url;
} cases[] = {
	/* success */
	{ &post, OK, "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1.2\",\"warning\":\"missing_charset\"}",
		"done message=1.2 channel=C1", FALSE },
	{ &private, OK, "{\"ok\":true,\"message_ts\":\"1.2\"}", "done message=1.2", FALSE },
	{ &ask, OK, "{\"ok\":true,\"no_op\":true,\"channel\":{\"id\":\"D1\"}}", "done channel=D1", FALSE },
	{ &react, OK, "{\"ok\":true}", "done", FALSE },
	{ &react, OK, ERROR("already_reacted"), "done", FALSE },
	{ &unreact, OK, ERROR("no_reaction"), "done", FALSE },
	{ &unreact, OK, ERROR("message_not_found"), "done", FALSE },
	{ &delete, OK, ERROR("message_not_found"), "done", FALSE },
	/* the token */
	{ &post, OK, ERROR("invalid_auth"), "stopped: invalid_auth", FALSE },
	{ &ask, OK, ERROR("account_inactive"), "stopped: account_inactive", FALSE },
	{ &post, HTTP_OK, 401, NULL, ERROR("token_revoked"), "stopped: token_revoked", FALSE },
	{ &post, OK, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"chat:write\",\"provided\":\"commands\"}",
		"failed: missing_scope: needs 'chat:write'", FALSE },
	{ &home, OK, ERROR("not_enabled"), "failed: not_enabled", FALSE },
	/* slower */
	{ &post, HTTP_OK, 429, "17", ERROR("ratelimited"), "later after=17000 all: ratelimited", FALSE },
	{ &post, HTTP_OK, 429, NULL, NULL, "later after=30000 all: ratelimited", FALSE },
	{ &post, HTTP_OK, 429, "soon", NULL, "later after=30000 all: ratelimited", FALSE },
	{ &post, HTTP_OK, 429, "0", NULL, "later after=0 all: ratelimited", FALSE },
	{ &post, OK, ERROR("rate_limited"), "later after=30000 all: rate_limited", FALSE },
	{ &private, HTTP_OK, 429, "5", NULL, "later after=5000 all: ratelimited", TRUE },
	/* not done for now */
	{ &post, OK, ERROR("team_added_to_org"), "later: team_added_to_org", FALSE },
	/* done, or not: a post is looked up, what does no harm goes again, what only one person saw goes once */
	{ &post, OK, ERROR("internal_error"), "in doubt: internal_error", FALSE },
	{ &post, HTTP_OK, 503, NULL, "{\"ok\":false,\"error\":\"service_unavailable\"}",
		"in doubt: answer of HTTP status 503 is not Slack's", FALSE },
	{ &post, HTTP_OK, 502, NULL, NULL, "in doubt: answer of HTTP status 502 is not Slack's", FALSE },
	{ &post, OK, NULL, "in doubt: answer of HTTP status 200 is not Slack's", FALSE },
	{ &post, OK, "[]", "in doubt: answer of HTTP status 200 is not Slack's", FALSE },
	{ &post, OK, "{\"ok\":\"yes\"}", "in doubt: answer of HTTP status 200 is not Slack's", FALSE },
	{ &replace, OK, ERROR("fatal_error"), "later: fatal_error", FALSE },
	{ &replace, HTTP_OK, 500, NULL, NULL, "later: answer of HTTP status 500 is not Slack's", FALSE },
	{ &private, OK, ERROR("internal_error"), "failed: internal_error", FALSE },
	{ &form, OK, ERROR("internal_error"), "later: internal_error", FALSE },
	{ &post, HTTP_IN_DOUBT, 0, NULL, NULL, "in doubt: connection reset", FALSE },
	{ &post, HTTP_IN_DOUBT, 200, NULL, "{\"ok\":true,\"ts\":\"1.2\"}", "in doubt: connection reset", FALSE },
	{ &react, HTTP_IN_DOUBT, 0, NULL, NULL, "later: connection reset", FALSE },
	{ &private, HTTP_IN_DOUBT, 0, NULL, NULL, "failed: connection reset", FALSE },
	{ &private, HTTP_IN_DOUBT, 0, NULL, NULL, "failed: connection reset", TRUE },
	{ &post, HTTP_NOT_SENT, 0, NULL, NULL, "later: connection reset", FALSE },
	{ &private, HTTP_NOT_SENT, 0, NULL, NULL, "later: connection reset", TRUE },
	/* the destination */
	{ &post, OK, ERROR("not_in_channel"), "failed: not_in_channel", FALSE },
	{ &post, OK, ERROR("restricted_action_thread_locked"), "failed: restricted_action_thread_locked", FALSE },
	{ &react, OK, ERROR("too_many_reactions"), "failed: too_many_reactions", FALSE },
	{ &delete, OK, ERROR("cant_delete_message"), "failed: cant_delete_message", FALSE },
	/* gone and late */
	{ &replace, OK, ERROR("message_not_found"), "gone: message_not_found", FALSE },
	{ &replace, OK, ERROR("edit_window_closed"), "gone: edit_window_closed", FALSE },
	{ &react, OK, ERROR("message_not_found"), "gone: message_not_found", FALSE },
	{ &form, OK, ERROR("expired_trigger_id"), "gone: expired_trigger_id", FALSE },
	{ &form, OK, ERROR("trigger_exchanged"), "gone: trigger_exchanged", FALSE },
	{ &form, OK,
		"{\"ok\":false,\"error\":\"invalid_arguments\",\"response_metadata\":{\"messages\":[\"[ERROR] `trigger_id` "
		"expired [json-pointer:/trigger_id]\"]}}",
		"gone: invalid_arguments: [ERROR] `trigger_id` expired [json-pointer:/trigger_id]", FALSE },
	{ &form, OK, ERROR("invalid_arguments"), "failed: invalid_arguments", FALSE },
	/* a card that is refused goes again as plain text, once */
	{ &post, OK,
		"{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":{\"messages\":[\"[ERROR] no more than 50 items "
		"allowed [json-pointer:/blocks]\"]}}",
		"refused: invalid_blocks: [ERROR] no more than 50 items allowed [json-pointer:/blocks]", FALSE },
	{ &plain, OK, ERROR("invalid_blocks"), "failed: invalid_blocks", FALSE },
	{ &replace, OK, ERROR("msg_too_long"), "refused: msg_too_long", FALSE },
	{ &private, OK, ERROR("msg_blocks_too_long"), "refused: msg_blocks_too_long", FALSE },
	{ &home, OK, ERROR("view_too_large"), "refused: view_too_large", FALSE },
	{ &post, OK, ERROR("invalid_metadata_something"), "refused: invalid_metadata_something", FALSE },
	{ &react, OK, ERROR("invalid_arguments"), "failed: invalid_arguments", FALSE },
	/* unknown: three times at most */
	{ &post, OK, ERROR("brand_new_error"), "later: brand_new_error", FALSE },
	{ &third, OK, ERROR("brand_new_error"), "failed: brand_new_error", FALSE },
	{ &post, OK, "{\"ok\":false}", "later: no error code", FALSE },
	{ &post, HTTP_OK, 404, NULL, NULL, "later: answer of HTTP status 404 is not Slack's", FALSE },
	{ &third, HTTP_OK, 302, NULL, NULL, "failed: answer of HTTP status 302 is not Slack's", FALSE },
	{ &post, HTTP_OK, 302, NULL, "{\"ok\":true}", "later: answer of HTTP status 302 is not Slack's", FALSE },
	/* a response_url */
	{ &private, OK, NULL, "done", TRUE },
	{ &private, OK, "{\"ok\":true}", "done", TRUE },
	{ &private, OK, "{\"ok\":false,\"error\":\"expired_url\"}", "gone: response_url answered 200", TRUE },
	{ &private, HTTP_OK, 404, NULL, NULL, "gone: response_url answered 404", TRUE },
	{ &private, HTTP_OK, 500, NULL, NULL, "failed: response_url answered 500", TRUE },
};

static void every_answer_has_one_meaning(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(cJSON) body = cases[i].body ? cJSON_Parse(cases[i].body) : NULL;
		struct slack_reply reply = { cases[i].transport, cases[i].status, cases[i].retry_after, body,
			cases[i].transport == HTTP_OK ? NULL : "connection reset" };
		g_auto(slack_answer_auto) answer = { 0 };
		slack_answer(cases[i].row, &reply, cases[i].by_url, &answer);
		g_autofree char *line = outcome_as_line(&answer.outcome, "");
		if (strcmp(line, cases[i].expected) == 0)
			continue;
		print_error("case %u:\n  got      %s\n  expected %s\n", i, line, cases[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* Each file with the kind of call it answers. */
static const struct {
	const char *file;
	const struct outbox_row *row;
	int status;
	const char *expected;
} fixtures[] = {
	{ "apps_connections_open_ok", &ask, 200, "done" },
	{ "auth_test_ok", &ask, 200, "done" },
	{ "chat_postMessage_ok", &post, 200, "done message=1503435956.000247 channel=C1H9RESGL" },
	{ "chat_update_ok", &replace, 200, "done message=1401383885.000061 channel=C024BE91L" },
	{ "composed_chat_postMessage_missing_charset_warning", &post, 200, "done message=1767225600.000400 channel=C0SALES00" },
	{ "composed_error_invalid_auth", &post, 200, "stopped: invalid_auth" },
	{ "composed_error_missing_scope", &post, 200, "failed: missing_scope: needs 'chat:write'" },
	{ "composed_error_ratelimited_429", &post, 429, "later after=30000 all: ratelimited" },
	{ "conversations_history_first_page", &ask, 200, "done" },
	{ "conversations_members_ok", &ask, 200, "done" },
	{ "conversations_open_ok", &ask, 200, "done channel=D069C7QFK" },
	{ "files_completeUploadExternal_ok", &ask, 200, "done" },
	{ "files_getUploadURLExternal_ok", &ask, 200, "done" },
	{ "usergroups_users_list_ok", &ask, 200, "done" },
	{ "users_info_ok", &ask, 200, "done" },
	{ "users_list_ok", &ask, 200, "done" },
	{ "views_error_response_metadata_messages", &form, 200,
		"later: dummy_error_from_slack: [WARN] A Content-Type HTTP header was presented but did not declare a charset, "
		"such as a 'utf-8'" },
	{ "views_open_ok", &form, 200, "done" },
};

static void every_answer_on_file_is_understood(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		g_autofree char *path = g_strdup_printf("%s/slack/webapi/%s.json", TEST_DATA, fixtures[i].file);
		g_autofree char *text = NULL;
		gsize length;
		assert_true(g_file_get_contents(path, &text, &length, NULL));
		g_autoptr(cJSON) body = json_parse(text, length, NULL);
		struct slack_reply reply = { .transport = HTTP_OK, .status = fixtures[i].status, .body = body };
		g_auto(slack_answer_auto) answer = { 0 };
		slack_answer(fixtures[i].row, &reply, FALSE, &answer);
		g_autofree char *line = outcome_as_line(&answer.outcome, "");
		if (strcmp(line, fixtures[i].expected) != 0)
			fail_msg("%s:\n  got      %s\n  expected %s", fixtures[i].file, line, fixtures[i].expected);
	}
}

static void a_class_is_known_without_a_row(void **state)
{
	(void)state;
	assert_int_equal(slack_error_class("user_disabled"), SLACK_DESTINATION);
	assert_int_equal(slack_error_class("hash_conflict"), SLACK_LATE);
	assert_int_equal(slack_error_class(NULL), SLACK_UNKNOWN);
	assert_int_equal(slack_error_class(""), SLACK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_has_one_meaning),
		cmocka_unit_test(every_answer_on_file_is_understood),
		cmocka_unit_test(a_class_is_known_without_a_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
