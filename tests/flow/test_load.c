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

/* A hundred, of which each person writes five: all acknowledged and answered, stored in as many versions, and a clean end. */
static void check_hundred(struct flow *f, const char *platform)
{
	g_autofree char *out = NULL, *err = NULL;
	int code = flow_program(f, &out, &err, "sandbox", "load", "--listen", "127.0.0.1:0", "--platform", platform, "--people",
		G_STRINGIFY(PEOPLE), "--teams", "1", "--settle", "1", "full:60", "paced:40:200", "--", BELLTOWER, "run", "-c", f->config, NULL);
	if (code != 0)
		fail_msg("%s", err);
	g_autoptr(cJSON) start = line_of(out, "start"), full = line_of(out, "full"), paced = line_of(out, "paced"),
			 stop = line_of(out, "stop");
	assert_true(cJSON_GetNumberValue(json_at(start, "ready_ms")) > 0);
	assert_int_equal(json_int_or(full, "acknowledged", -1), 60);
	assert_int_equal(json_int_or(full, "answered", -1), 60);
	assert_int_equal(json_int_or(full, "posts", -1), 1); /* the board */
	assert_int_equal(json_int_or(paced, "acknowledged", -1), 40);
	assert_int_equal(json_int_or(paced, "answered", -1), 40);
	assert_int_equal(json_int_or(paced, "posts", -1), 0);
	assert_true(json_int_or(paced, "ack_p50_us", 0) > 0);
	assert_true(json_int_or(paced, "answer_p50_us", 0) >= json_int_or(paced, "ack_p50_us", 0));
	assert_true(cJSON_GetNumberValue(json_at(full, "cpu_s_per_1000")) > 0);
	assert_true(json_int_or(full, "resident_kb", 0) > 0);
	assert_int_equal(json_int_or(stop, "status", -1), 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), 100);
	assert_int_equal(flow_number(f, "SELECT COUNT(DISTINCT person) FROM standup_history"), PEOPLE);
}

static void a_hundred_on_slack(void **state)
{
	struct flow *f = *state;
	configure(f, "    platform: slack\n    api_url: ${LOAD_URL}\n    bot_token: xoxb-load\n    app_token: xapp-1-load\n", "C00000000");
	check_hundred(f, "slack");
}

static void a_hundred_on_feishu(void **state)
{
	struct flow *f = *state;
	configure(f, "    platform: feishu\n    base_url: ${LOAD_URL}\n    app_id: cli_00000000000010ad\n    app_secret: load\n",
		"oc_00000000000000000000000000000000");
	check_hundred(f, "feishu");
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
		cmocka_unit_test_setup_teardown(tells_what_is_wrong, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
