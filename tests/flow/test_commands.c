/* SPDX-License-Identifier: MIT */
/* The other commands, beside a daemon that works: check, export, backup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>

#include "tests/support/flow.h"

static const char *const channels[] = { "sales", "north", NULL };

/* Two teams of three, and five standups. */
static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 6, .channels = channels });
	flow_configure(f, "");
	*state = f;
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	for (guint i = 0; i < 5; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		g_autofree char *text = g_strdup_printf("Yesterday: closed T%u, \"big\"\nToday: call 15 new leads\nRisks: none", i);
		g_autofree char *ts = flow_say(f, who, i % 2 ? "#north" : "#sales", text);
		FLOW_UNTIL(f, flow_is_accepted(f, i % 2 ? "#north" : "#sales", ts));
	}
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

/* ---- export ---- */

static cJSON *export_json(struct flow *f, const char *config, const char *option, const char *value)
{
	g_autofree char *out = NULL, *err = NULL;
	int code = flow_program(f, &out, &err, "export", "standups", "-c", config, "--format", "json", option, value, NULL);
	if (code != 0)
		fail_msg("%s", err);
	cJSON *records = json_parse(out, strlen(out), NULL);
	assert_true(cJSON_IsArray(records));
	return records;
}

static void export_as_json(void **state)
{
	struct flow *f = *state;
	g_autoptr(cJSON) all = export_json(f, f->config, NULL, NULL);
	assert_int_equal(cJSON_GetArraySize(all), 5);
	g_autoptr(cJSON) north = export_json(f, f->config, "--team", "north");
	assert_int_equal(cJSON_GetArraySize(north), 2);
	const cJSON *record = cJSON_GetArrayItem(north, 0);
	static const char *const expected[][2] = { { "workspace", "acme" }, { "team", "north" }, { "channel", "C0NORTH00" },
		{ "person", "U0P100000" }, { "person_name", "p1" }, { "format", "A" }, { "results", "closed T1, \"big\"" },
		{ "goals", "call 15 new leads" }, { "risks", "" }, { "source", "channel" } };
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_string_equal(json_text_or(record, expected[i][0], "?"), expected[i][1]);
	assert_string_equal(cJSON_GetArrayItem(json_array(record, "none"), 0)->valuestring, "risks");
	assert_true(cJSON_IsFalse(json_at(record, "late")) && cJSON_IsFalse(json_at(record, "edited")));
	g_autoptr(GDateTime) posted = g_date_time_new_from_iso8601(json_text_or(record, "posted_at", ""), NULL);
	assert_non_null(posted);
	assert_true(g_str_has_suffix(json_text_or(record, "posted_at", ""), "Z"));
	g_autoptr(cJSON) future = export_json(f, f->config, "--from", "2999-01-01");
	assert_int_equal(cJSON_GetArraySize(future), 0);
}

static guint lines_of(const char *text)
{
	guint lines = 0;
	for (const char *at = text; (at = strstr(at, "\r\n")); at += 2)
		lines++;
	return lines;
}

static void export_as_csv(void **state)
{
	struct flow *f = *state;
	g_autofree char *out = NULL;
	assert_int_equal(flow_program(f, &out, NULL, "export", "standups", "-c", f->config, "--format", "csv", NULL), 0);
	assert_true(g_str_has_prefix(out, "workspace,team,channel,person,person_name,date,format,results,"));
	assert_int_equal(lines_of(out), 6);
	assert_non_null(strstr(out, ",\"closed T3, \"\"big\"\"\",call 15 new leads,"));
}

static void export_highlights(void **state)
{
	struct flow *f = *state;
	g_autofree char *out = NULL;
	assert_int_equal(flow_program(f, &out, NULL, "export", "highlights", "-c", f->config, "--format", "csv", NULL), 0);
	assert_string_equal(out, "workspace,team,date,person,person_name,whose,whose_name,origin,red_packet,text,picture,link,applause,week_top,said_at\r\n");
}

static void export_as_spreadsheet(void **state)
{
	struct flow *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "standups.xlsx", NULL), *bytes = NULL;
	gsize length;
	assert_int_equal(flow_program(f, NULL, NULL, "export", "standups", "-c", f->config, "--format", "xlsx", "-o", path, NULL), 0);
	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	assert_memory_equal(bytes, "PK\x03\x04", 4);
	assert_non_null(memmem(bytes, length, "xl/worksheets/sheet1.xml", strlen("xl/worksheets/sheet1.xml")));
	assert_non_null(memmem(bytes, length, "PK\x05\x06", 4));
}

static void export_of_no_such_team(void **state)
{
	struct flow *f = *state;
	g_autofree char *err = NULL;
	assert_int_equal(flow_program(f, NULL, &err, "export", "standups", "-c", f->config, "--team", "south", NULL), 2);
	assert_non_null(strstr(err, "south"));
}

/* ---- backup ---- */

static void backup_while_running(void **state)
{
	struct flow *f = *state;
	g_autofree char *path = g_build_filename(f->folder, "copy.db", NULL);
	assert_int_equal(flow_program(f, NULL, NULL, "backup", "-c", f->config, path, NULL), 0);
	g_autofree char *late = flow_say(f, "p5", "#north", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#north", late));
	g_autofree char *text = flow_config_text(f, ""), *other = g_build_filename(f->folder, "other.yaml", NULL);
	g_auto(GStrv) parts = g_strsplit(text, f->database, 2);
	g_autofree char *changed = g_strjoinv(path, parts);
	assert_true(g_file_set_contents_full(other, changed, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	g_autoptr(cJSON) then = export_json(f, other, NULL, NULL), now = export_json(f, f->config, NULL, NULL);
	assert_int_equal(cJSON_GetArraySize(then), 5);
	assert_int_equal(cJSON_GetArraySize(now), 6);
}

/* ---- check ---- */

static void check_online(void **state)
{
	struct flow *f = *state;
	g_autofree char *out = NULL;
	assert_int_equal(flow_program(f, &out, NULL, "check", "--online", "-c", f->config, NULL), 0);
	assert_non_null(strstr(out, "all is well"));
	assert_int_equal(flow_bot_posts(f, "#north"), 1);
}

/* A copy of the program alone, in a folder without the one that draws. */
static void check_misses_the_drawing_program(void **state)
{
	struct flow *f = *state;
	g_autofree char *folder = g_build_filename(f->folder, "alone", NULL), *copy = g_build_filename(folder, "belltower", NULL);
	g_autofree char *bytes = NULL, *out = NULL, *whole = NULL;
	gsize length;
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_true(g_file_get_contents(BELLTOWER, &bytes, &length, NULL));
	assert_true(g_file_set_contents_full(copy, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
	assert_true(g_spawn_sync(NULL, (char *[]){ copy, "check", "-c", f->config, NULL }, NULL, 0, NULL, NULL, &out, NULL, NULL, NULL));
	assert_non_null(strstr(out, "warning: belltower-picture is not beside this program"));
	assert_int_equal(flow_program(f, &whole, NULL, "check", "-c", f->config, NULL), 0);
	assert_null(strstr(whole, "belltower-picture"));
}

static void check_finds_what_is_missing(void **state)
{
	struct flow *f = *state;
	g_autofree char *out = NULL;
	g_strfreev(f->channels);
	f->channels = g_strdupv((char *[]){ "sales", "nowhere", NULL });
	flow_configure(f, "");
	assert_int_equal(flow_program(f, &out, NULL, "check", "--online", "-c", f->config, NULL), 1);
	assert_non_null(strstr(out, "nowhere"));
}

/* Each of them ends at once, with file, line and column of what is wrong. */
/* ---- promises ---- */

/* A shorter policy would move both clocks; trying it moves none. */
static void try_another_policy(struct flow *f)
{
	g_autofree char *text = flow_config_text(f, ""), *other = g_build_filename(f->folder, "tried.yaml", NULL), *same = NULL, *tried = NULL;
	g_autofree char *with = g_strconcat(text, "policies:\n  - { name: quick, applies: blocker, first_response: 10m, plan: 20m, calendar: always }\n", NULL);
	assert_true(g_file_set_contents_full(other, with, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	assert_int_equal(flow_program(f, &same, NULL, "sla", "whatif", "-c", f->config, "--with", f->config, NULL), 0);
	assert_string_equal(same, "0 of 2 open promises would move\n");
	assert_int_equal(flow_program(f, &tried, NULL, "sla", "whatif", "-c", f->config, "--with", other, NULL), 0);
	assert_non_null(strstr(tried, "1 (blocker 1, first_response): due 20"));
	assert_non_null(strstr(tried, "\n2 of 2 open promises would move\n"));
	assert_int_equal(flow_number(f, "SELECT count(*) FROM response_event"), 0);
}

static void export_as(struct flow *f, const char *format, const char *begins)
{
	g_autofree char *path = g_build_filename(f->folder, "promises", NULL), *said = NULL, *written = NULL;
	assert_int_equal(flow_program(f, &said, NULL, "export", "sla", "-c", f->config, "--format", format, "--output", path, NULL), 0);
	assert_true(g_file_get_contents(path, &written, NULL, NULL));
	assert_true(g_str_has_prefix(written, begins));
}

static void promises_are_exported_and_played_again(void **state)
{
	struct flow *f = *state;
	g_autofree char *ts = flow_say(f, "p0", "#sales", "@belltower blocker The customer waits"), *csv = NULL, *good = NULL, *bad = NULL;
	FLOW_UNTIL(f, flow_number(f, "SELECT count(*) FROM response") == 2);
	assert_int_equal(flow_program(f, &csv, NULL, "export", "sla", "-c", f->config, "--format", "csv", NULL), 0);
	assert_int_equal(lines_of(csv), 3);
	assert_non_null(strstr(csv, ",sales,blocker,1,first_response,"));
	export_as(f, "json", "[");
	export_as(f, "xlsx", "PK");
	assert_int_equal(flow_program(f, &good, NULL, "sla", "replay", "-c", f->config, NULL), 0);
	assert_string_equal(good, "2 promises, 0 differences\n");
	try_another_policy(f);
	flow_stop(f);
	flow_change(f, "UPDATE response SET due_ms = due_ms + 60000 WHERE target = 'plan'");
	assert_int_equal(flow_program(f, &bad, NULL, "sla", "replay", "-c", f->config, NULL), 1);
	assert_non_null(strstr(bad, "(blocker 1, plan): due is 20"));
	assert_non_null(strstr(bad, "\n2 promises, 1 differences\n"));
}

static void wrong_configuration(void **state)
{
	static const char *const commands[] = { "run", "check", "export", "backup" };
	struct flow *f = *state;
	g_autofree char *text = flow_config_text(f, "    connections: many\n    colour: red\n");
	flow_write_config(f, text);
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *err = NULL;
		const char *argument = i == 2 ? "standups" : i == 3 ? "copy.db" : NULL;
		int code = flow_program(f, NULL, &err, commands[i], "-c", f->config, argument, NULL);
		assert_int_equal(code, 2);
		assert_non_null(strstr(err, "belltower.yaml:11:18: "));
		assert_non_null(strstr(err, "belltower.yaml:12:5: "));
	}
}

#define FLOW_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_TEST(export_as_json),
		FLOW_TEST(export_as_csv),
		FLOW_TEST(export_highlights),
		FLOW_TEST(export_as_spreadsheet),
		FLOW_TEST(export_of_no_such_team),
		FLOW_TEST(backup_while_running),
		FLOW_TEST(check_online),
		FLOW_TEST(check_misses_the_drawing_program),
		FLOW_TEST(check_finds_what_is_missing),
		FLOW_TEST(promises_are_exported_and_played_again),
		FLOW_TEST(wrong_configuration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
