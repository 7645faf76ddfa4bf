/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/support/as_line.h"

static char *line_of(const struct feishu_answer *answer)
{
	g_autofree char *flags = g_strconcat(answer->renew ? " +renew" : "", answer->flat ? " +flat" : "", answer->direct ? " +direct" : "", NULL);
	return outcome_as_line(&answer->outcome, flags);
}

static const struct outbox_row post = { .kind = OUTBOX_POST }, replace = { .kind = OUTBOX_REPLACE },
			       delete = { .kind = OUTBOX_DELETE }, react = { .kind = OUTBOX_REACT },
			       unreact = { .kind = OUTBOX_UNREACT }, private = { .kind = OUTBOX_PRIVATE },
			       form = { .kind = OUTBOX_FORM }, home = { .kind = OUTBOX_HOME },
			       ask = { .kind = OUTBOX_ASK_PERSON }, plain = { .kind = OUTBOX_POST, .plain = TRUE },
			       third = { .kind = OUTBOX_POST, .attempts = 2 };

#define BAD(code) HTTP_OK, 400, NULL, "{\"code\":" #code ",\"msg\":\"m\"}"

static const struct {
	const struct outbox_row *row;
	enum http_outcome transport;
	int status;
	const char *reset, *body, *expected;
	gboolean ephemeral;
} cases[] = {
	/* success */
	{ &post, HTTP_OK, 200, NULL, "{\"code\":0,\"msg\":\"success\",\"data\":{\"message_id\":\"om_1\",\"chat_id\":\"oc_1\"}}",
		"done message=om_1 channel=oc_1", FALSE },
	{ &replace, HTTP_OK, 200, NULL, "{\"code\":0,\"data\":{}}", "done", FALSE },
	{ &private, HTTP_OK, 200, NULL, "{\"code\":0,\"data\":{\"message_id\":\"om_2\"}}", "done message=om_2", TRUE },
	{ &delete, BAD(230011), "done", FALSE },
	{ &unreact, BAD(231003), "done", FALSE },
	/* the token, whatever the status */
	{ &post, BAD(99991663), "later +renew: 99991663 (token expired): m", FALSE },
	{ &post, HTTP_OK, 200, NULL, "{\"code\":99991663}", "later +renew: 99991663 (token expired)", FALSE },
	{ &private, HTTP_OK, 401, NULL, "{\"code\":99991668,\"msg\":\"m\"}", "later +renew: 99991668 (token refused): m", TRUE },
	{ &post, BAD(10014), "stopped: 10014 (app secret wrong, or app stopped): m", FALSE },
	{ &ask, BAD(99991662), "stopped: 99991662 (app stopped): m", FALSE },
	{ &post, BAD(99991401), "stopped: 99991401 (our address is not on the app's white list): m", FALSE },
	/* permissions name themselves */
	{ &ask, HTTP_OK, 400, NULL,
		"{\"code\":99991672,\"msg\":\"denied\",\"error\":{\"permission_violations\":[{\"subject\":\"im:chat\"},{},{\"subject\":"
		"\"im:message\"}]}}",
		"failed: 99991672 (permission missing): needs 'im:chat', 'im:message'", FALSE },
	/* slower */
	{ &post, HTTP_OK, 429, "52", "{\"code\":99991400,\"msg\":\"m\"}", "later after=52000 all: 99991400 (rate limit): m", FALSE },
	{ &post, HTTP_OK, 400, "3", "{\"code\":99991400,\"msg\":\"m\"}", "later after=3000 all: 99991400 (rate limit): m", FALSE },
	{ &post, BAD(99991400), "later after=1000 all: 99991400 (rate limit): m", FALSE },
	{ &post, HTTP_OK, 429, "0", "{\"code\":99991400}", "later after=1000 all: 99991400 (rate limit)", FALSE },
	{ &post, HTTP_OK, 429, "soon", "{\"code\":99991400}", "later after=1000 all: 99991400 (rate limit)", FALSE },
	{ &post, HTTP_OK, 429, "7", NULL, "later after=7000 all: answer of HTTP status 429 is not Feishu's", FALSE },
	{ &post, BAD(230020), "later: 230020 (rate limit of the chat): m", FALSE },
	{ &post, BAD(11232), "later: 11232 (rate limit of the chat): m", FALSE },
	{ &post, BAD(230049), "later after=1500: 230049 (still being sent): m", FALSE },
	{ &react, BAD(231015), "later after=1500: 231015 (the same is being done): m", FALSE },
	/* the month's quota is something else than a rate */
	{ &post, HTTP_OK, 429, "5", "{\"code\":99991403,\"msg\":\"m\"}", "failed: 99991403 (the month's calls are used up): m", FALSE },
	{ &post, BAD(99991403), "failed: 99991403 (the month's calls are used up): m", FALSE },
	/* done, or not */
	{ &post, HTTP_IN_DOUBT, 0, NULL, NULL, "in doubt: connection reset", FALSE },
	{ &post, HTTP_IN_DOUBT, 200, NULL, "{\"code\":0}", "in doubt: connection reset", FALSE },
	{ &home, HTTP_OK, 502, NULL, NULL, "in doubt: answer of HTTP status 502 is not Feishu's", FALSE },
	{ &post, HTTP_OK, 200, NULL, "[]", "in doubt: answer of HTTP status 200 is not Feishu's", FALSE },
	{ &post, HTTP_OK, 500, NULL, "{\"code\":2200,\"msg\":\"m\"}", "in doubt: 2200 (internal error): m", FALSE },
	{ &private, HTTP_IN_DOUBT, 0, NULL, NULL, "failed: connection reset", TRUE },
	{ &private, HTTP_IN_DOUBT, 0, NULL, NULL, "in doubt: connection reset", FALSE },
	{ &form, BAD(5000), "failed: 5000 (internal error): m", TRUE },
	{ &replace, HTTP_IN_DOUBT, 0, NULL, NULL, "later: connection reset", FALSE },
	{ &replace, HTTP_OK, 503, NULL, NULL, "later: answer of HTTP status 503 is not Feishu's", FALSE },
	{ &post, HTTP_NOT_SENT, 0, NULL, NULL, "later: connection reset", FALSE },
	{ &private, HTTP_NOT_SENT, 0, NULL, NULL, "later: connection reset", TRUE },
	/* the destination */
	{ &post, BAD(230002), "failed: 230002 (the bot is not in the group): m", FALSE },
	{ &post, BAD(230053), "failed: 230053 (this person has muted the bot): m", FALSE },
	{ &ask, BAD(99992361), "failed: 99992361 (no such id in this app): m", FALSE },
	{ &post, BAD(99992354), "failed: 99992354 (no such id): m", FALSE },
	{ &post, BAD(230075), "failed: 230075 (secret chat): m", FALSE },
	/* gone, or too old: never again (pains 20) */
	{ &replace, BAD(230031), "gone: 230031 (the message is older than 14 days): m", FALSE },
	{ &replace, BAD(230011), "gone: 230011 (the message was recalled): m", FALSE },
	{ &replace, BAD(230075), "gone: 230075 (too late to change): m", FALSE },
	{ &delete, BAD(230009), "gone: 230009 (too late to recall): m", FALSE },
	{ &react, BAD(231003), "gone: 231003 (no such message): m", FALSE },
	/* the same number, another thing */
	{ &post, BAD(230071), "failed +flat: 230071 (no threads here): m", FALSE },
	{ &post, BAD(230072), "failed +flat: 230072 (no threads here): m", FALSE },
	{ &replace, BAD(230071), "gone: 230071 (not our message): m", FALSE },
	{ &replace, BAD(230072), "gone: 230072 (changed too often): m", FALSE },
	/* a card that is refused goes again as plain text, once; words that are held back do not */
	{ &post, HTTP_OK, 400, NULL, "{\"code\":230099,\"msg\":\"ErrCode: 11310; ErrMsg: card table number over limit\"}",
		"refused: 230099 (card refused): ErrCode: 11310; ErrMsg: card table number over limit", FALSE },
	{ &replace, BAD(230099), "refused: 230099 (card refused): m", FALSE },
	{ &plain, BAD(230099), "failed: 230099 (card refused): m", FALSE },
	{ &post, BAD(230025), "refused: 230025 (too long): m", FALSE },
	{ &react, BAD(231001), "failed: 231001 (no such emoji): m", FALSE },
	{ &post, BAD(230028), "failed: 230028 (held back lest data leak): m", FALSE },
	{ &post, BAD(99991661), "refused: 99991661 (no token sent): m", FALSE },
	/* where no ephemeral card can stand the person gets a message */
	{ &private, BAD(230001), "refused +direct: 230001 (parameter): m", TRUE },
	{ &private, BAD(230001), "refused: 230001 (parameter): m", FALSE },
	{ &form, BAD(230099), "failed +direct: 230099 (card refused): m", TRUE },
	{ &private, BAD(230002), "failed +direct: 230002 (the bot is not in the group): m", TRUE },
	{ &private, BAD(18), "later +direct: 18: m", TRUE },
	/* what nobody has told of */
	{ &post, BAD(7), "later: 7: m", FALSE },
	{ &third, BAD(7), "failed: 7: m", FALSE },
	{ &third, HTTP_OK, 404, NULL, NULL, "failed: answer of HTTP status 404 is not Feishu's", FALSE },
	{ &post, HTTP_OK, 400, NULL, "{\"code\":-1}", "later: answer of HTTP status 400 is not Feishu's", FALSE },
	{ &post, HTTP_OK, 400, NULL, "{\"code\":\"x\"}", "later: answer of HTTP status 400 is not Feishu's", FALSE },
	{ &post, HTTP_OK, 400, NULL, "{\"code\":0}", "later: answer of HTTP status 400 is not Feishu's", FALSE },
};

static char *answer_line(const struct outbox_row *row, gboolean ephemeral, const struct feishu_reply *reply)
{
	const struct feishu_request request = { .method = feishu_method(row->kind), .ephemeral = ephemeral };
	g_auto(feishu_answer_auto) answer = { 0 };
	feishu_answer(row, &request, reply, &answer);
	assert_int_equal(answer.outcome.result == SEND_DONE, answer.outcome.reason == NULL);
	return line_of(&answer);
}

static void answers_become_outcomes(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(cJSON) body = cases[i].body ? cJSON_Parse(cases[i].body) : NULL;
		const struct feishu_reply reply = { .transport = cases[i].transport,
			.status = cases[i].status,
			.reset = cases[i].reset,
			.body = body,
			.transport_error = cases[i].transport == HTTP_OK ? NULL : "connection reset" };
		g_autofree char *line = answer_line(cases[i].row, cases[i].ephemeral, &reply);
		if (strcmp(line, cases[i].expected) == 0)
			continue;
		print_error("case %u, %s:\n  got      %s\n  expected %s\n", i, cases[i].body, line, cases[i].expected);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

/* ---- the fixtures ---- */

static cJSON *load(const char *name)
{
	g_autofree char *path = g_strdup_printf("%s/feishu/rest/%s.json", TEST_DATA, name), *text = NULL;
	gsize length;
	if (!g_file_get_contents(path, &text, &length, NULL))
		fail_msg("cannot read %s", path);
	cJSON *root = json_parse(text, length, NULL);
	assert_non_null(root);
	return root;
}

static struct feishu_reply reply_of(const cJSON *item)
{
	return (struct feishu_reply){ .transport = HTTP_OK,
		.status = (int)json_int_or(item, "status", 0),
		.reset = json_text_or(item, "headers.x-ogw-ratelimit-reset", NULL),
		.body = json_object(item, "body") };
}

static void captured_errors_are_classified(void **state)
{
	static const struct {
		const char *name, *expected; /* the line's beginning */
		enum feishu_class class;
	} table[] = {
		{ "230001", "refused: 230001 (parameter): Your request", FEISHU_BUG },
		{ "230002", "failed: 230002", FEISHU_DESTINATION },
		{ "230013", "failed: 230013", FEISHU_DESTINATION },
		{ "230020", "later: 230020", FEISHU_CROWDED },
		{ "230031", "gone: 230031", FEISHU_LATE },
		{ "230099.chart", "refused: 230099", FEISHU_BUG },
		{ "230099.table_limit", "refused: 230099", FEISHU_BUG },
		{ "99991400.http400", "later after=3000 all", FEISHU_SLOWER },
		{ "99991400.http429", "later after=52000 all", FEISHU_SLOWER },
		{ "99991403", "failed: 99991403", FEISHU_QUOTA },
		{ "99991661", "refused: 99991661", FEISHU_BUG },
		{ "99991663", "later +renew: 99991663", FEISHU_TOKEN },
		{ "99991672",
			"failed: 99991672 (permission missing): needs 'contact:contact.base:readonly', "
			"'contact:contact:readonly_as_app'",
			FEISHU_FORBIDDEN },
		{ "gateway_html", "in doubt: answer of HTTP status 502 is not Feishu's", FEISHU_TROUBLE },
	};
	(void)state;
	g_autoptr(cJSON) root = load("errors");
	const cJSON *item;
	guint count = 0;
	cJSON_ArrayForEach (item, root) {
		const char *name = json_text_or(item, "name", "");
		gboolean patch = strcmp(json_text_or(item, "request.method", ""), "PATCH") == 0;
		struct feishu_reply reply = reply_of(item);
		g_autofree char *line = answer_line(patch ? &replace : &post, FALSE, &reply);
		guint found = 0;
		while (found < G_N_ELEMENTS(table) && strcmp(table[found].name, name) != 0)
			found++;
		if (found == G_N_ELEMENTS(table))
			fail_msg("%s is not in the table: %s", name, line);
		if (!g_str_has_prefix(line, table[found].expected))
			fail_msg("%s: %s", name, line);
		if (reply.body)
			assert_int_equal(feishu_code_class(json_int_or(reply.body, "code", 0), patch ? OUTBOX_REPLACE : OUTBOX_POST),
				table[found].class);
		count++;
	}
	assert_true(count >= 12);
}

static void captured_answers_are_successes(void **state)
{
	static const struct {
		const char *name;
		const struct outbox_row *row;
		const char *expected;
	} table[] = {
		{ "message.create.card", &home, "done message=om_bt_s_3 channel=oc_bt_sales" },
		{ "message.create.text", &post, "done message=om_bt_s_1 channel=oc_bt_sales" },
		{ "message.create.post", &post, "done message=om_bt_s_2 channel=oc_bt_sales" },
		{ "message.reply.thread", &post, "done message=om_bt_s_4 channel=oc_bt_sales" },
		{ "message.patch.card", &replace, "done" },
		{ "message.delete", &delete, "done" },
		{ "reaction.create", &react, "done" },
		{ "ephemeral.send", &private, "done message=om_bt_eph_1" },
		{ "chat.members", &ask, "done" },
		{ "contact.user.get", &ask, "done" },
		{ "bot.info", &ask, "done" },
		{ "token.ok", &ask, "done" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(cJSON) root = load(table[i].name);
		struct feishu_reply reply = reply_of(json_object(root, "response"));
		g_autofree char *line = answer_line(table[i].row, FALSE, &reply);
		if (strcmp(line, table[i].expected) != 0)
			fail_msg("%s: %s", table[i].name, line);
	}
	g_autoptr(cJSON) root = load("token.bad_secret");
	struct feishu_reply reply = reply_of(json_object(root, "response"));
	int64_t code;
	assert_false(feishu_answer_is_success(&reply, &code));
	assert_int_equal(code, 10014);
	assert_int_equal(feishu_code_class(code, OUTBOX_POST), FEISHU_STOP);
}

static void every_code_of_the_page_is_in_the_table(void **state)
{
	static const int64_t codes[] = { 1500, 1663, 2200, 5000, 10002, 10003, 10014, 10015, 10101, 11232, 11233, 11247, 11311, 41012,
		41050, 190003, 190004, 190005, 190010, 200310, 230001, 230002, 230006, 230009, 230011, 230012, 230013, 230015, 230017,
		230018, 230019, 230020, 230022, 230023, 230024, 230025, 230026, 230027, 230028, 230029, 230031, 230034, 230035, 230036,
		230038, 230049, 230050, 230052, 230053, 230054, 230055, 230071, 230072, 230075, 230098, 230099, 230110, 230111, 231001,
		231002, 231003, 231008, 231015, 231019, 232009, 232011, 232025, 232034, 99991400, 99991401, 99991403, 99991661,
		99991662, 99991663, 99991664, 99991665, 99991668, 99991671, 99991672, 99991673, 99991677, 99991679, 99992351, 99992353,
		99992354, 99992355, 99992356, 99992359, 99992360, 99992361, 99992363, 99992364, 99992402 };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		if (feishu_code_class(codes[i], OUTBOX_POST) == FEISHU_UNKNOWN)
			fail_msg("%ld of the page is not in the table", (long)codes[i]);
	}
	assert_int_equal(feishu_code_class(99992352, OUTBOX_POST), FEISHU_UNKNOWN);
	assert_int_equal(feishu_code_class(0, OUTBOX_POST), FEISHU_UNKNOWN);
}

/* ---- the endpoint ---- */

static const struct {
	int status;
	const char *body;
	enum feishu_endpoint class;
} endpoints[] = {
	{ 200, "{\"code\":0,\"data\":{\"URL\":\"wss://x/ws\"}}", FEISHU_ENDPOINT_OK },
	{ 200, "{\"code\":0,\"data\":{\"URL\":\"\"}}", FEISHU_ENDPOINT_RETRY },
	{ 200, "{\"code\":0}", FEISHU_ENDPOINT_RETRY },
	{ 200, "{\"code\":1}", FEISHU_ENDPOINT_RETRY },
	{ 200, "{\"code\":1000040343}", FEISHU_ENDPOINT_RETRY },
	{ 200, "{\"code\":1000040344}", FEISHU_ENDPOINT_NEVER },
	{ 200, "{\"code\":1000040345}", FEISHU_ENDPOINT_SLOWLY },
	{ 200, "{\"code\":1000040350}", FEISHU_ENDPOINT_CROWDED },
	{ 200, "{\"code\":1000040351}", FEISHU_ENDPOINT_NEVER },
	{ 200, "{\"code\":403}", FEISHU_ENDPOINT_NEVER },
	{ 200, "{\"code\":514}", FEISHU_ENDPOINT_NEVER },
	{ 200, "{\"code\":77}", FEISHU_ENDPOINT_NEVER },
	{ 400, "{\"code\":10014}", FEISHU_ENDPOINT_NEVER },
	{ 400, "{\"code\":77}", FEISHU_ENDPOINT_RETRY },
	{ 503, "\"upstream\"", FEISHU_ENDPOINT_RETRY },
	{ 503, NULL, FEISHU_ENDPOINT_RETRY },
	{ 200, NULL, FEISHU_ENDPOINT_RETRY },
};

static void the_endpoint_says_whether_to_come_back(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(endpoints); i++) {
		g_autoptr(cJSON) body = endpoints[i].body ? cJSON_Parse(endpoints[i].body) : NULL;
		const struct feishu_reply reply = { .transport = HTTP_OK, .status = endpoints[i].status, .body = body };
		if (feishu_endpoint_class(&reply) != endpoints[i].class)
			fail_msg("%d %s: %d", endpoints[i].status, endpoints[i].body, feishu_endpoint_class(&reply));
	}
	const struct feishu_reply unsent = { .transport = HTTP_NOT_SENT };
	assert_int_equal(feishu_endpoint_class(&unsent), FEISHU_ENDPOINT_RETRY);
}

static void captured_endpoint_answers_are_classified(void **state)
{
	static const enum feishu_endpoint expected[] = { FEISHU_ENDPOINT_RETRY, FEISHU_ENDPOINT_RETRY, FEISHU_ENDPOINT_RETRY,
		FEISHU_ENDPOINT_SLOWLY, FEISHU_ENDPOINT_CROWDED, FEISHU_ENDPOINT_NEVER, FEISHU_ENDPOINT_NEVER, FEISHU_ENDPOINT_NEVER };
	(void)state;
	g_autoptr(cJSON) root = load("ws_endpoint_errors"), ok = load("ws_endpoint.ok");
	assert_int_equal(cJSON_GetArraySize(root), G_N_ELEMENTS(expected));
	for (int i = 0; i < (int)G_N_ELEMENTS(expected); i++) {
		struct feishu_reply reply = reply_of(cJSON_GetArrayItem(root, i));
		assert_int_equal(feishu_endpoint_class(&reply), expected[i]);
	}
	struct feishu_reply reply = reply_of(json_object(ok, "response"));
	assert_int_equal(feishu_endpoint_class(&reply), FEISHU_ENDPOINT_OK);
}

static void a_refused_upgrade_says_why(void **state)
{
	(void)state;
	assert_int_equal(feishu_handshake_class("514", "1000040350"), FEISHU_ENDPOINT_CROWDED);
	assert_int_equal(feishu_handshake_class("514", NULL), FEISHU_ENDPOINT_RETRY);
	assert_int_equal(feishu_handshake_class("514", "7"), FEISHU_ENDPOINT_RETRY);
	assert_int_equal(feishu_handshake_class("403", NULL), FEISHU_ENDPOINT_NEVER);
	assert_int_equal(feishu_handshake_class(NULL, NULL), FEISHU_ENDPOINT_RETRY);
	assert_int_equal(feishu_handshake_class("500", "x"), FEISHU_ENDPOINT_RETRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_become_outcomes),
		cmocka_unit_test(captured_errors_are_classified),
		cmocka_unit_test(captured_answers_are_successes),
		cmocka_unit_test(every_code_of_the_page_is_in_the_table),
		cmocka_unit_test(the_endpoint_says_whether_to_come_back),
		cmocka_unit_test(captured_endpoint_answers_are_classified),
		cmocka_unit_test(a_refused_upgrade_says_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
