/* SPDX-License-Identifier: MIT */
/* The sandbox's load mode with the real bot, on each platform, and with bots that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

#define PEOPLE 20

static int set_up(void **state)
{
	static const char *const channels[] = { "sales", NULL };
	*state = flow_new(&(struct flow_setup){ .people = 1, .channels = channels });
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

/* The line of a step, the first of that name. The caller frees. */
static cJSON *line_of(const char *out, const char *step)
{
	g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
	for (char **line = lines; *line; line++) {
		cJSON *object = json_parse(*line, strlen(*line), NULL);
		if (object && g_str_equal(json_text_or(object, "step", ""), step))
			return object;
		cJSON_Delete(object);
	}
	fail_msg("no step '%s' in: %s", step, out);
	return NULL;
}

static void configure(struct flow *f, const char *workspace, const char *channel)
{
	g_autofree char *text = g_strdup_printf("database: %s\n"
						"default_zone: Asia/Shanghai\n"
						"workspaces:\n"
						"  - name: load\n"
						"    rate_limits: off\n%s"
						"teams:\n"
						"  - name: sales\n"
						"    workspace: load\n"
						"    channel: %s\n"
						"    standup: { format: A }\n",
		f->database, workspace, channel);
	flow_write_config(f, text);
}

/* Puts the real bot under load: what it printed. The caller frees. */
static char *load(struct flow *f, const char *platform, const char *step, const char *other)
{
	g_autofree char *out = NULL, *err = NULL;
	int code = flow_program(f, &out, &err, "sandbox", "load", "--listen", "127.0.0.1:0", "--platform", platform, "--people",
		G_STRINGIFY(PEOPLE), "--teams", "1", "--settle", "1", step, other, "--", BELLTOWER, "run", "-c", f->config, NULL);
	if (code != 0)
		fail_msg("%s", err);
	return g_steal_pointer(&out);
}

/* All of them, each stored once. */
static void check_all(struct flow *f, const cJSON *line, int64_t count)
{
	assert_int_equal(json_int_or(line, "acknowledged", -1), count);
	assert_int_equal(json_int_or(line, "answered", -1), count);
	assert_true(json_int_or(line, "ack_p50_us", 0) > 0);
	assert_true(json_int_or(line, "answer_p50_us", 0) >= json_int_or(line, "ack_p50_us", 0));
	assert_true(cJSON_GetNumberValue(json_at(line, "cpu_s_per_1000")) > 0);
	assert_true(json_int_or(line, "resident_kb", 0) > 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), 100);
	assert_int_equal(flow_number(f, "SELECT COUNT(DISTINCT person) FROM standup_history"), PEOPLE);
}

static void check_hundred(struct flow *f, const char *platform)
{
	g_autofree char *out = load(f, platform, "full:60", "paced:40:200");
	g_autoptr(cJSON) start = line_of(out, "start"), full = line_of(out, "full"), paced = line_of(out, "paced"),
			 stop = line_of(out, "stop");
	assert_true(cJSON_GetNumberValue(json_at(start, "ready_ms")) > 0);
	check_all(f, full, 60);
	check_all(f, paced, 40);
	assert_true(json_int_or(full, "posts", -1) >= 1); /* the board; at midnight another */
	assert_int_equal(json_int_or(stop, "status", -1), 0);
}

static void configure_slack(struct flow *f)
{
	configure(f, "    platform: slack\n    api_url: ${LOAD_URL}\n    bot_token: xoxb-load\n    app_token: xapp-1-load\n", "C00000000");
}

static void a_hundred_on_slack(void **state)
{
	configure_slack(*state);
	check_hundred(*state, "slack");
}

static void a_hundred_on_feishu(void **state)
{
	struct flow *f = *state;
	configure(f, "    platform: feishu\n    base_url: ${LOAD_URL}\n    app_id: cli_00000000000010ad\n    app_secret: load\n",
		"oc_00000000000000000000000000000000");
	check_hundred(f, "feishu");
}

static void a_connection_is_lost(void **state)
{
	struct flow *f = *state;
	configure_slack(f);
	g_autofree char *out = load(f, "slack", "drop:2", "idle:1");
	g_autoptr(cJSON) drop = line_of(out, "drop");
	check_all(f, drop, 100);
}

static void tells_what_is_wrong(void **state)
{
	static const struct {
		const char *platform, *step, *bot;
		int code;
		const char *told;
	} cases[] = {
		{ "slack", "fast:3", "true", 2, "belltower: 'fast:3' is no step" },
		{ "feishu", "refresh:3", "true", 2, "belltower: 'refresh:3': feishu never announces" },
		{ "slack", "full:3", "true", 1, "belltower: the bot ended while it should connect" },
		{ "slack", "full:3", "no-such-program", 1, "belltower: the bot ended while it should connect" },
	};
	struct flow *f = *state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *out = NULL, *err = NULL;
		int code = flow_program(f, &out, &err, "sandbox", "load", "--listen", "127.0.0.1:0", "--platform", cases[i].platform,
			cases[i].step, "--", cases[i].bot, NULL);
		assert_int_equal(code, cases[i].code);
		assert_non_null(strstr(err, cases[i].told));
		assert_true(!out || !*out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_hundred_on_slack, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_hundred_on_feishu, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_connection_is_lost, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_what_is_wrong, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
