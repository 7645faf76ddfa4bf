/* SPDX-License-Identifier: MIT */
/* From a request's JSON to the inputs of an event, and who may write how fast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "platform/api/api_body.h"
#include "platform/api/api_sender.h"

static const struct api_field fields[] = {
	{ .name = "id", .type = API_NAME, .required = TRUE },
	{ .name = "words", .type = API_TEXT, .most = 5 },
	{ .name = "amount", .type = API_AMOUNT },
	{ .name = "day", .type = API_DAY },
	{ 0 },
};
static const struct api_resource resource = { "/things", "thing.put", fields };

/* clang-format off: a line for each */
static const struct {
	const char *body, *inputs, *problems;
} bodies[] = {
	{ "{\"id\":\"7\"}", "id=7;", "" },
	{ "{\"id\":\"单 7\",\"words\":\"a  b \",\"amount\":\"128000.50\",\"day\":\"2028-02-29\"}",
		"id=单 7;words=a  b ;amount=128000.50;day=2028-02-29;", "" },
	{ "{\"id\":\"7\",\"amount\":9007199254740992}", "id=7;amount=9007199254740992;", "" },
	{ "[]", "", "=the body must be one JSON object;" },
	{ "{}", "", "id=is missing;" },
	{ "{\"id\":7}", "", "id=must be a text without blanks at its ends;" },
	{ "{\"id\":\" 7\"}", "", "id=must be a text without blanks at its ends;" },
	{ "{\"id\":\"\"}", "", "id=is empty;" },
	{ "{\"id\":\"7\",\"words\":\"a\\nb\"}", "id=7;words=a\nb;", "" },
	{ "{\"id\":\"7\",\"words\":\"a\\u0007b\"}", "id=7;", "words=must be without control characters;" },
	{ "{\"id\":\"a\\nb\"}", "", "id=must be one line, without control characters;" },
	{ "{\"id\":\"7\",\"words\":null}", "id=7;", "words=must be a text;" },
	{ "{\"id\":\"7\",\"words\":\"一二三四五\"}", "id=7;words=一二三四五;", "" },
	{ "{\"id\":\"7\",\"words\":\"一二三四五六\"}", "id=7;", "words=must not be longer than 5 characters;" },
	{ "{\"id\":\"7\",\"amount\":12.5}", "id=7;", "amount=must be a whole number, or digits in quotes such as \"128000.50\";" },
	{ "{\"id\":\"7\",\"amount\":-1}", "id=7;", "amount=must be a whole number, or digits in quotes such as \"128000.50\";" },
	{ "{\"id\":\"7\",\"amount\":1e300}", "id=7;", "amount=must be a whole number, or digits in quotes such as \"128000.50\";" },
	{ "{\"id\":\"7\",\"amount\":\"12,5\"}", "id=7;", "amount=must be a whole number, or digits in quotes such as \"128000.50\";" },
	{ "{\"id\":\"7\",\"day\":\"2026-02-29\"}", "id=7;", "day=must be a day such as \"2026-03-31\";" },
	{ "{\"id\":\"7\",\"day\":\"0000-00-00\"}", "id=7;", "day=must be a day such as \"2026-03-31\";" },
	{ "{\"id\":\"7\",\"id\":\"8\"}", "id=7;", "id=stands there twice;" },
	{ "{\"id\":\"7\",\"ammount\":1,\"zzz\":2}", "id=7;",
		"ammount=is no field; did you mean 'amount'?;zzz=is no field; there are: id, words, amount, day;" },
};
/* clang-format on */

static char *joined(const GArray *inputs)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; inputs && i < inputs->len; i++) {
		const struct event_input *input = &g_array_index(inputs, struct event_input, i);
		g_string_append_printf(out, "%s=%s;", input->name, input->value);
	}
	return g_string_free(out, FALSE);
}

static void reads_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		struct event *event = event_new(EVENT_REQUESTED, NULL);
		g_autoptr(GArray) problems = event_inputs_new();
		g_autoptr(cJSON) body = json_parse(bodies[i].body, strlen(bodies[i].body), NULL);
		gboolean good = api_read(&resource, body, event, problems);
		g_autofree char *told = joined(problems), *inputs = joined(event->inputs);
		assert_string_equal(told, bodies[i].problems);
		assert_string_equal(inputs, bodies[i].inputs);
		assert_int_equal(good, *bodies[i].problems == '\0');
		event_free(event);
	}
}

/* ---- senders ---- */

static struct config_sender crm = { .name = "crm", .token = "abcdefghijklmnopqrstuvwxyz", .per_minute = 3 };
static struct config_sender erp = { .name = "erp", .token = "abcdefghijklmnopqrstuvwxyz0", .per_minute = 60 };
static struct config_sender *const list[] = { &crm, &erp, NULL };

static void knows_senders_by_their_whole_token(void **state)
{
	static const struct {
		const char *header;
		int sender;
	} headers[] = {
		{ "Bearer abcdefghijklmnopqrstuvwxyz", 0 },
		{ "bearer abcdefghijklmnopqrstuvwxyz0", 1 },
		{ "Bearer abcdefghijklmnopqrstuvwxy", -1 },
		{ "Bearer abcdefghijklmnopqrstuvwxyz ", -1 },
		{ "Bearer ", -1 },
		{ "Basic abcdefghijklmnopqrstuvwxyz", -1 },
		{ "abcdefghijklmnopqrstuvwxyz", -1 },
		{ "", -1 },
		{ NULL, -1 },
	};
	(void)state;
	struct api_senders *senders = api_senders_new(&(struct config_api){ .senders = (struct config_sender **)list });
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		assert_int_equal(api_senders_find(senders, headers[i].header), headers[i].sender);
	assert_ptr_equal(api_sender(senders, 1), &erp);
	api_senders_free(senders);
}

static void each_sender_has_its_rate(void **state)
{
	(void)state;
	struct api_senders *senders = api_senders_new(&(struct config_api){ .senders = (struct config_sender **)list });
	int64_t now_ms = SECONDS(1000);
	for (int i = 0; i < 3; i++)
		assert_int_equal(api_senders_wait_s(senders, 0, now_ms), 0);
	assert_int_equal(api_senders_wait_s(senders, 0, now_ms), 20);
	assert_int_equal(api_senders_wait_s(senders, 1, now_ms), 0);
	assert_int_equal(api_senders_wait_s(senders, 0, now_ms + 19001), 1); /* what was refused costs nothing */
	assert_int_equal(api_senders_wait_s(senders, 0, now_ms + SECONDS(20)), 0);
	assert_int_equal(api_senders_wait_s(senders, 0, now_ms + SECONDS(20)), 20);
	for (int i = 0; i < 3; i++) /* no more is saved up than a minute */
		assert_int_equal(api_senders_wait_s(senders, 0, now_ms + HOURS(5)), 0);
	assert_int_equal(api_senders_wait_s(senders, 0, now_ms + HOURS(5)), 20);
	api_senders_free(senders);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_bodies),
		cmocka_unit_test(knows_senders_by_their_whole_token),
		cmocka_unit_test(each_sender_has_its_rate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
