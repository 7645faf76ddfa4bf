/* SPDX-License-Identifier: MIT */
/* What the app must be allowed and told: docs/feishu.md says what the check asks, and what the adapter reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "platform/feishu/feishu_in.h"
#include "platform/feishu/feishu_needs.h"

static const char *const manners[] = {
	[FEISHU_ALWAYS] = "needed",
	[FEISHU_FOR_EMAILS] = "when a manager is named so",
	[FEISHU_FOR_MORE] = "better with it",
};

/* The rows of the table under a heading, without its head. The caller frees. */
static char *table_under(const char *heading)
{
	g_autofree char *page = NULL;
	assert_true(g_file_get_contents(SOURCE_ROOT "/docs/feishu.md", &page, NULL, NULL));
	const char *at = strstr(page, heading);
	assert_non_null(at);
	const char *rule = strstr(at, "| --- |");
	assert_non_null(rule);
	const char *first = strchr(rule, '\n') + 1, *end = strstr(first, "\n\n");
	return g_strndup(first, (gsize)(end - first));
}

static void permissions_stand_in_the_docs(void **state)
{
	(void)state;
	GString *rows = g_string_new(NULL);
	for (gsize i = 0; i < feishu_need_count; i++) {
		const struct feishu_need *need = &feishu_needs[i];
		g_string_append_printf(rows, "%s| `%s` |", i ? "\n" : "", need->scope);
		for (gsize k = 0; k < G_N_ELEMENTS(need->instead) && need->instead[k]; k++)
			g_string_append_printf(rows, "%s `%s`", k ? "," : "", need->instead[k]);
		g_string_append_printf(rows, " | %s | %s |", need->why, manners[need->when]);
	}
	g_autofree char *docs = table_under("### Permissions");
	assert_string_equal(docs, rows->str);
	g_string_free(rows, TRUE);
}

static void events_stand_in_the_docs(void **state)
{
	(void)state;
	GString *rows = g_string_new(NULL);
	for (gsize i = 0; i < feishu_news_count; i++)
		g_string_append_printf(rows, "%s| `%s` | %s |", i ? "\n" : "", feishu_news[i].event, feishu_news[i].why);
	g_autofree char *docs = table_under("### Events");
	assert_string_equal(docs, rows->str);
	g_string_free(rows, TRUE);
}

static void events_are_read(void **state)
{
	(void)state;
	const struct feishu_self self = { .workspace = "acme", .open_id = "ou_bot", .app_id = "cli_1" };
	for (gsize i = 0; i < feishu_news_count; i++) {
		g_autofree char *event = g_strdup_printf(
			"{\"schema\":\"2.0\",\"header\":{\"event_type\":\"%s\"},\"event\":{\"x\":1}}", feishu_news[i].event);
		g_auto(feishu_delivery_auto) delivery = { 0 };
		feishu_in(&self, event, strlen(event), 0, &delivery);
		assert_string_not_equal(delivery.ignored ? delivery.ignored : "", "event type of no use");
	}
}

static void a_wider_permission_will_do(void **state)
{
	(void)state;
	g_autoptr(GHashTable) granted = g_hash_table_new(g_str_hash, g_str_equal);
	const struct feishu_need need = { "im:a", { "im:b", "im:c" }, "to", FEISHU_ALWAYS };
	assert_false(feishu_need_is_met(&need, granted));
	g_hash_table_add(granted, (gpointer) "im:c");
	assert_true(feishu_need_is_met(&need, granted));
	g_hash_table_remove_all(granted);
	g_hash_table_add(granted, (gpointer) "im:a");
	assert_true(feishu_need_is_met(&need, granted));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permissions_stand_in_the_docs),
		cmocka_unit_test(events_stand_in_the_docs),
		cmocka_unit_test(events_are_read),
		cmocka_unit_test(a_wider_permission_will_do),
	};
	return cmocka_run_group_tests_name("feishu_needs", tests, NULL, NULL);
}
