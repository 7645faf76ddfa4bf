/* SPDX-License-Identifier: MIT */
/* The Feishu adapter's pure and small parts: how long to wait, and what passed lately. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "platform/feishu/feishu_room.h"

static const struct {
	int count, interval_s, nonce_s;
	unsigned attempt;
	double unit;
	int64_t wait_ms;
} delays[] = {
	{ -1, 120, 30, 0, 0.0, 0 },
	{ -1, 120, 30, 0, 0.5, 15000 },
	{ -1, 120, 0, 0, 0.9, 0 },
	{ -1, 120, 30, 1, 0.9, 5000 },
	{ -1, 120, 30, 5, 0.9, 80000 },
	{ -1, 120, 30, 6, 0.9, 120000 },
	{ -1, 120, 30, 600, 0.9, 120000 },
	{ -1, 8, 30, 2, 0.9, 8000 },
	{ -1, 600, 30, 6, 0.9, 600000 },
	{ 0, 120, 30, 0, 0.5, 600000 },
	{ 3, 120, 30, 2, 0.5, 10000 },
	{ 3, 120, 30, 3, 0.5, 600000 },
};

static void the_server_decides_how_long_to_wait(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(delays); i++) {
		const struct feishu_settings settings = { .reconnect_count = delays[i].count,
			.reconnect_interval_s = delays[i].interval_s,
			.reconnect_nonce_s = delays[i].nonce_s };
		int64_t wait_ms = feishu_delay_ms(&settings, delays[i].attempt, delays[i].unit);
		if (wait_ms != delays[i].wait_ms)
			fail_msg("case %zu: %d", i, (int)wait_ms);
	}
}

static void what_passed_is_remembered(void **state)
{
	(void)state;
	struct feishu_seen *seen = feishu_seen_new();
	feishu_seen_note(seen, "om_1", "oc_1", "om_0", "ou_ana");
	feishu_seen_note(seen, "om_1", "oc_2", NULL, NULL); /* the first word stands */
	feishu_seen_note(seen, "om_2", "oc_1", NULL, NULL);
	feishu_seen_note(seen, NULL, "oc_1", NULL, NULL);
	feishu_seen_note(seen, "om_3", NULL, NULL, NULL);
	g_autoptr(cJSON) said = feishu_seen_find(seen, "om_1"), ours = feishu_seen_find(seen, "om_2");
	assert_string_equal(json_text_or(said, "chat_id", ""), "oc_1");
	assert_string_equal(json_text_or(said, "root_id", ""), "om_0");
	assert_string_equal(json_text_or(said, "sender.id", ""), "ou_ana");
	assert_string_equal(json_text_or(said, "sender.sender_type", ""), "user");
	assert_string_equal(json_text_or(ours, "sender.sender_type", ""), "app");
	assert_null(feishu_seen_find(seen, "om_3"));
	assert_null(feishu_seen_find(seen, NULL));
	feishu_seen_free(seen);
	feishu_seen_free(NULL);
}

static void what_passed_long_ago_is_forgotten(void **state)
{
	(void)state;
	struct feishu_seen *seen = feishu_seen_new();
	for (unsigned i = 0; i < 5000; i++) {
		g_autofree char *id = g_strdup_printf("om_%u", i);
		feishu_seen_note(seen, id, "oc_1", NULL, "ou_ana");
	}
	assert_null(feishu_seen_find(seen, "om_0"));
	g_autoptr(cJSON) last = feishu_seen_find(seen, "om_4999"), old = feishu_seen_find(seen, "om_904");
	assert_non_null(last);
	assert_non_null(old);
	assert_null(feishu_seen_find(seen, "om_903"));
	feishu_seen_free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_server_decides_how_long_to_wait),
		cmocka_unit_test(what_passed_is_remembered),
		cmocka_unit_test(what_passed_long_ago_is_forgotten),
	};
	return cmocka_run_group_tests_name("feishu_room", tests, NULL, NULL);
}
