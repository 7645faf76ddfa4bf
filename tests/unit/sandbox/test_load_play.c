/* SPDX-License-Identifier: MIT */
/* The load mode's steps, and what it plays: whatever a bot answers leads back to the standup that it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "sandbox/feishu/packet.h"
#include "sandbox/load/platform.h"
#include "sandbox/load/step.h"

/* ---- steps ---- */

static void reads_steps(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		struct load_step step;
	} cases[] = {
		{ "full:2000", { .kind = LOAD_FULL, .count = 2000 } },
		{ "paced:1500:50", { .kind = LOAD_PACED, .count = 1500, .rate = 50 } },
		{ "refresh:14", { .kind = LOAD_REFRESH, .count = 700, .rate = 50 } },
		{ "drop:8", { .kind = LOAD_DROP, .count = 400, .rate = 50 } },
		{ "idle:3", { .kind = LOAD_IDLE, .seconds = 3 } },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct load_step step;
		assert_true(load_step_parse(cases[i].text, &step, NULL));
		assert_int_equal(step.kind, cases[i].step.kind);
		assert_int_equal(step.count, cases[i].step.count);
		assert_int_equal(step.rate, cases[i].step.rate);
		assert_int_equal(step.seconds, cases[i].step.seconds);
		assert_true(g_str_has_prefix(cases[i].text, step.name));
	}
}

static void refuses_what_is_no_step(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "fast:3", "'fast:3' is no step; the steps are: full:COUNT, paced:COUNT:RATE, refresh:SECONDS, drop:SECONDS, idle:SECONDS" },
		{ "", "'' is no step; the steps are: full:COUNT, paced:COUNT:RATE, refresh:SECONDS, drop:SECONDS, idle:SECONDS" },
		{ "full", "'full' must be full:COUNT, like full:2000" },
		{ "full:0", "'full:0' must be full:COUNT, like full:2000" },
		{ "full:10:5", "'full:10:5' must be full:COUNT, like full:2000" },
		{ "full:10x", "'full:10x' must be full:COUNT, like full:2000" },
		{ "paced:10", "'paced:10' must be paced:COUNT:RATE, like paced:1500:50" },
		{ "idle:-1", "'idle:-1' must be idle:SECONDS, like idle:3" },
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		struct load_step step;
		assert_false(load_step_parse(cases[i].text, &step, &error));
		assert_true(g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE));
		assert_string_equal(error->message, cases[i].message);
	}
}

/* ---- what is played ---- */

static const int64_t numbers[] = { 0, 1, 199, 200, 4321, 999999, 1000000, 1010000 };

static struct load_company company_of(gboolean days)
{
	return (struct load_company){ .people = 200, .teams = 10, .days = days, .start_ms = INT64_C(1767229200123), .authority = "h:1" };
}

/* What the company answers to a call; the standup that it found in it. */
static int64_t ask(const struct load_platform *platform, struct load_company *company, const char *verb, const char *path,
	const char *query, const char *body, enum load_call expected, cJSON **out)
{
	const struct server_request request = { verb, path, query, body, strlen(body) };
	g_autoptr(GString) text = g_string_new(NULL);
	int64_t standup = -1;
	assert_int_equal(platform->answer(company, &request, text, &standup), expected);
	cJSON *answer = json_parse(text->str, text->len, NULL);
	assert_non_null(answer);
	if (out)
		*out = answer;
	else
		cJSON_Delete(answer);
	return standup;
}

static cJSON *slack_envelope(const struct load_company *company, int64_t n)
{
	g_autoptr(GString) text = g_string_new(NULL);
	load_slack.event(company, n, text);
	cJSON *envelope = json_parse(text->str, text->len, NULL);
	assert_non_null(envelope);
	return envelope;
}

static void slack_leads_back(void **state)
{
	(void)state;
	for (gsize i = 0; i < 2 * G_N_ELEMENTS(numbers); i++) {
		struct load_company company = company_of(i % 2);
		int64_t n = numbers[i / 2];
		g_autoptr(cJSON) envelope = slack_envelope(&company, n);
		g_autoptr(GString) reply = g_string_new(NULL);
		g_autofree char *ack = g_strdup_printf("{\"envelope_id\":\"%s\"}", json_text_or(envelope, "envelope_id", ""));
		assert_int_equal(load_slack.hear(ack, strlen(ack), reply), n);
		assert_int_equal(reply->len, 0);
		const char *ts = json_text_or(envelope, "payload.event.ts", "");
		g_autofree char *form = g_strdup_printf("channel=C00000001&timestamp=%s&name=white_check_mark", ts);
		g_autofree char *json = g_strdup_printf("{\"channel\":\"C00000001\",\"timestamp\":\"%s\"}", ts);
		assert_int_equal(ask(&load_slack, &company, "POST", "/api/reactions.add", "", form, LOAD_CALL_REACT, NULL), n);
		assert_int_equal(ask(&load_slack, &company, "POST", "/api/reactions.add", "", json, LOAD_CALL_REACT, NULL), n);
	}
}

static void slack_knows_its_people(void **state)
{
	(void)state;
	struct load_company company = company_of(FALSE);
	cJSON *list, *members, *info;
	ask(&load_slack, &company, "POST", "/api/users.list", "", "limit=200", LOAD_CALL_OTHER, &list);
	ask(&load_slack, &company, "POST", "/api/conversations.members", "", "channel=C00000003", LOAD_CALL_OTHER, &members);
	ask(&load_slack, &company, "POST", "/api/users.info", "", "user=U00000013", LOAD_CALL_OTHER, &info);
	assert_int_equal(cJSON_GetArraySize(json_array(list, "members")), 200);
	assert_int_equal(cJSON_GetArraySize(json_array(members, "members")), 20);
	assert_string_equal(json_text_or(members, "members.1", ""), "U00000013");
	assert_string_equal(json_text_or(info, "user.id", ""), "U00000013");
	cJSON_Delete(list);
	cJSON_Delete(members);
	cJSON_Delete(info);
}

static struct packet *feishu_frame(const struct load_company *company, int64_t n, cJSON **event)
{
	g_autoptr(GString) bytes = g_string_new(NULL);
	load_feishu.event(company, n, bytes);
	struct packet *packet = packet_read(bytes->str, bytes->len);
	assert_non_null(packet);
	gsize length;
	const char *payload = packet_payload(packet, &length);
	*event = json_parse(payload, length, NULL);
	assert_non_null(*event);
	return packet;
}

/* As the adapter writes a response: the frame's headers, and a payload. */
static int64_t feishu_hears(const struct packet *frame, const char *payload)
{
	const struct packet_header headers[] = { { "type", "event" }, { "message_id", packet_header(frame, "message_id") },
		{ "biz_rt", "1" } };
	g_autoptr(GBytes) bytes = packet_write(&(struct packet_parts){ .seq_id = packet_seq_id(frame), .log_id = packet_log_id(frame),
		.service = packet_service(frame), .method = PACKET_DATA, .headers = headers, .header_count = G_N_ELEMENTS(headers),
		.payload = payload, .length = strlen(payload) });
	g_autoptr(GString) reply = g_string_new(NULL);
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	int64_t n = load_feishu.hear(data, length, reply);
	assert_int_equal(reply->len, 0);
	return n;
}

static void feishu_leads_back(void **state)
{
	(void)state;
	for (gsize i = 0; i < 2 * G_N_ELEMENTS(numbers); i++) {
		struct load_company company = company_of(i % 2);
		int64_t n = numbers[i / 2];
		g_autoptr(cJSON) event = NULL;
		g_autoptr(packet_auto) frame = feishu_frame(&company, n, &event);
		assert_int_equal(feishu_hears(frame, "{\"code\":200}"), n);
		assert_int_equal(feishu_hears(frame, "{\"code\":500}"), -1);
		const char *content = json_text_or(event, "event.message.content", "");
		g_autoptr(cJSON) inner = json_parse(content, strlen(content), NULL);
		assert_non_null(strstr(json_text_or(inner, "text", ""), "\n今天："));
		g_autofree char *path = g_strdup_printf("/open-apis/im/v1/messages/%s/reactions",
			json_text_or(event, "event.message.message_id", ""));
		assert_int_equal(ask(&load_feishu, &company, "POST", path, "", "{}", LOAD_CALL_REACT, NULL), n);
	}
}

/* Feishu's clients send a message again with its time and another id: nobody writes twice in a millisecond. */
static void nobody_writes_twice_at_once(void **state)
{
	(void)state;
	const struct load_company company = company_of(FALSE);
	for (int64_t n = 0; n < 1000; n++)
		assert_true(load_time_ms(&company, n + company.people) > load_time_ms(&company, n));
}

static void feishu_answers_pings(void **state)
{
	(void)state;
	static const struct packet_header headers[] = { { "type", "ping" } };
	g_autoptr(GBytes) ping = packet_write(&(struct packet_parts){ .service = 7, .method = PACKET_CONTROL, .headers = headers,
		.header_count = 1 });
	g_autoptr(GString) reply = g_string_new(NULL);
	gsize length;
	const char *data = g_bytes_get_data(ping, &length);
	assert_int_equal(load_feishu.hear(data, length, reply), -1);
	g_autoptr(packet_auto) pong = packet_read(reply->str, reply->len);
	assert_non_null(pong);
	assert_string_equal(packet_header(pong, "type"), "pong");
	assert_int_equal(load_feishu.hear("garbage", 7, reply), -1);
}

static void feishu_knows_its_people(void **state)
{
	(void)state;
	struct load_company company = company_of(FALSE);
	company.teams = 1;
	const char *path = "/open-apis/im/v1/chats/oc_00000000000000000000000000000000/members";
	cJSON *first, *second, *users, *sent;
	ask(&load_feishu, &company, "GET", path, "page_size=100", "", LOAD_CALL_OTHER, &first);
	assert_int_equal(cJSON_GetArraySize(json_array(first, "data.items")), 100);
	assert_true(json_bool_or(first, "data.has_more", FALSE));
	g_autofree char *more = g_strdup_printf("page_size=100&page_token=%s", json_text_or(first, "data.page_token", ""));
	ask(&load_feishu, &company, "GET", path, more, "", LOAD_CALL_OTHER, &second);
	assert_string_equal(json_text_or(second, "data.items.99.name", ""), "Person 199");
	assert_false(json_bool_or(second, "data.has_more", TRUE));
	ask(&load_feishu, &company, "GET", "/open-apis/contact/v3/users/batch",
		"user_id_type=open_id&user_ids=ou_00000000000000000000000000000003&user_ids=ou_00000000000000000000000000000013", "",
		LOAD_CALL_OTHER, &users);
	assert_int_equal(cJSON_GetArraySize(json_array(users, "data.items")), 2);
	assert_string_equal(json_text_or(users, "data.items.1.name", ""), "Person 13");
	ask(&load_feishu, &company, "POST", "/open-apis/im/v1/messages", "receive_id_type=chat_id",
		"{\"receive_id\":\"oc_00000000000000000000000000000007\"}", LOAD_CALL_POST, &sent);
	assert_string_equal(json_text_or(sent, "data.chat_id", ""), "oc_00000000000000000000000000000007");
	cJSON *const all[] = { first, second, users, sent };
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		cJSON_Delete(all[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_steps),
		cmocka_unit_test(refuses_what_is_no_step),
		cmocka_unit_test(slack_leads_back),
		cmocka_unit_test(slack_knows_its_people),
		cmocka_unit_test(feishu_leads_back),
		cmocka_unit_test(nobody_writes_twice_at_once),
		cmocka_unit_test(feishu_answers_pings),
		cmocka_unit_test(feishu_knows_its_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
