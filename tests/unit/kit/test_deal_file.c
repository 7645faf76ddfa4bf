/* SPDX-License-Identifier: MIT */
/* Deals as CSV: what a CRM writes is read, and everything that is wrong is told with its line. */
#include "kit/deal_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/zone.h"

static const char config_text[] = "database: unused.db\ndefault_zone: Asia/Shanghai\n"
				  "workspaces: [{ name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }]\n"
				  "teams:\n  - { name: sales, workspace: acme, channel: C1, standup: { format: A } }\n"
				  "  - { name: east, workspace: acme, channel: C2, zone: Europe/Berlin, standup: { format: A } }\n";

static GPtrArray *parse(const struct config *config, const char *text, GPtrArray *problems)
{
	return deal_file_parse("d.csv", text, strlen(text), config, problems);
}

static struct config *make_config(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = config_parse("test.yaml", config_text, strlen(config_text), problems);
	assert_non_null(config);
	return config;
}

static void rows_are_read(void **state)
{
	static const char text[] = "\xef\xbb\xbfstage,ID,customer,amount,owner,team,entered,currency\r\n"
				   "谈判,C-1,\"华瑞, 深圳\",12万,ana@example.com,sales,2026-03-02,\r\n"
				   "\r\n"
				   "Won,C-2,Siemens,5000.50,@bo,east,2026-03-02T09:30:00,EUR\r\n"
				   ",C-3,Acme\n";
	struct config *config = make_config();
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	int64_t day_ms, instant_ms;
	(void)state;
	g_autoptr(GPtrArray) rows = parse(config, text, problems);
	if (!rows)
		fail_msg("%s", (const char *)problems->pdata[0]);
	assert_int_equal(rows->len, 3);
	const struct deal_row *one = rows->pdata[0], *two = rows->pdata[1], *three = rows->pdata[2];
	assert_string_equal(one->cells[DEAL_CUSTOMER], "华瑞, 深圳");
	assert_string_equal(one->stage->name, "negotiation");
	assert_int_equal(one->amount.hundredths, 12000000);
	assert_true(zone_instant(zone_find("Asia/Shanghai"), "2026-03-02", 0, &day_ms));
	assert_int_equal(one->entered_ms, day_ms);
	assert_int_equal(two->line, 4);
	assert_string_equal(two->amount.currency, "EUR");
	assert_true(zone_read_rfc3339("2026-03-02T09:30:00", zone_find("Europe/Berlin"), &instant_ms));
	assert_int_equal(two->entered_ms, instant_ms);
	assert_false(three->has_amount);
	assert_null(three->stage);
	assert_null(three->team); /* there are two */
	config_free(config);
}

static void what_is_wrong_is_told(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "", "d.csv: is empty" },
		{ "id,name\n", "d.csv:1: 'name' is no column" },
		{ "id,id\n", "d.csv:1: 'id' stands twice" },
		{ "customer,amount\n", "d.csv:1: the first line must name the columns, with 'id' and 'customer'" },
		{ "id,customer\n,Acme\n", "d.csv:2: a deal needs an id" },
		{ "id,customer\n1,\n", "d.csv:2: a deal needs a customer" },
		{ "id,customer\n1,A\n1,B\n", "d.csv:3: id '1' stands in the file twice" },
		{ "id,customer,amount\n1,A,much\n", "d.csv:2: amount 'much': write a sum" },
		{ "id,customer,currency\n1,A,yuan\n", "d.csv:2: currency 'yuan'" },
		{ "id,customer,stage\n1,A,limbo\n", "d.csv:2: stage 'limbo'" },
		{ "id,customer,team\n1,A,west\n", "d.csv:2: team 'west'" },
		{ "id,customer,entered\n1,A,soon\n", "d.csv:2: entered 'soon'" },
		{ "id,customer\n1,A,B\n", "d.csv:2: has 3 cells where the first line names 2" },
		{ "id,customer\n1,\"A\n", "d.csv:2: a quote is not closed" },
		{ "id,customer\n1,\xff\n", "d.csv: is not UTF-8" },
	};
	struct config *config = make_config();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GPtrArray) rows = parse(config, cases[i].text, problems);
		if (problems->len != 1 || !g_str_has_prefix(problems->pdata[0], cases[i].problem))
			fail_msg("case %zu: %u problems: %s", i, problems->len, problems->len ? (const char *)problems->pdata[0] : "");
	}
	config_free(config);
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
	static const struct {
		const char *text, *problems;
		guint rows;
	} cases[] = {
		{ "id,name,customer,price,id\n1,A\n", "d.csv:1: 'name' d.csv:1: 'price' d.csv:1: 'id'", 0 },
		{ "id,customer,amount,stage\n1,,much,limbo\n2,B,7,won\n2,C,,\n3,D,E,F,G\n", "d.csv:2: a d.csv:2: amount d.csv:2: stage d.csv:4: id d.csv:5: has", 3 },
	};
	struct config *config = make_config();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GPtrArray) rows = parse(config, cases[i].text, problems);
		g_autoptr(GString) told = g_string_new(NULL);
		for (guint k = 0; k < problems->len; k++) {
			g_auto(GStrv) words = g_strsplit(problems->pdata[k], " ", 3);
			g_string_append_printf(told, "%s%s %s", k ? " " : "", words[0], words[1]);
		}
		assert_string_equal(told->str, cases[i].problems);
		assert_int_equal(rows ? rows->len : 0, cases[i].rows);
	}
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(what_is_wrong_is_told),
		cmocka_unit_test(all_that_is_wrong_is_told_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
