/* SPDX-License-Identifier: MIT */
/* `belltower rehearse` as an operator types it: the coming days are told, and the database is as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "handlers/registry.h"
#include "tests/unit/core/house.h"
#include "tests/unit/store/store_files.h"

static const char config[] = "database: %s\n"
			     "default_language: en\n"
			     "workspaces:\n"
			     "  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
			     "teams:\n"
			     "  - { name: sales, workspace: acme, channel: C1, zone: Asia/Shanghai, language: zh-CN,\n"
			     "      standup: { prompt: \"09:30\", remind: \"10:00\", deadline: \"10:30\", days: daily } }\n"
			     "  - { name: field, workspace: acme, channel: C2, zone: Europe/Berlin, language: en,\n"
			     "      standup: { prompt: \"09:30\", days: daily } }\n";

struct answer {
	char *out, *err;
	int code;
};

static void answer_clear(struct answer *a)
{
	g_free(a->out);
	g_free(a->err);
}

static struct answer run(const struct files *files, const char *line)
{
	struct answer a = { 0 };
	g_autofree char *whole = g_strconcat(BELLTOWER " ", line, NULL);
	g_auto(GStrv) argv = NULL;
	int status;
	assert_true(g_shell_parse_argv(whole, NULL, &argv, NULL));
	assert_true(g_spawn_sync(files->folder, argv, NULL, 0, NULL, NULL, &a.out, &a.err, &status, NULL));
	a.code = WEXITSTATUS(status);
	return a;
}

static void expect(const struct files *files, const char *line, int code, const char *out, const char *err)
{
	struct answer a = run(files, line);
	if (a.code != code || (out && !strstr(a.out, out)) || (err && !strstr(a.err, err)))
		fail_msg("%s: %d\n%s\n%s", line, a.code, a.out, a.err);
	answer_clear(&a);
}

/* A database in which Ana (U1) is in team sales and Bo (U2) in team field. */
static void make_database(const struct files *files)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	g_autofree char *path = files_path(files, "belltower.yaml"), *text = g_strdup_printf(config, files->db);
	files_write(path, text);
	g_chmod(path, 0600);
	struct house *h = house_open(files->db, registry, owners, count, registry_texts());
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *c = config_parse(path, text, strlen(text), problems);
	assert_non_null(c);
	assert_true(roster_configure(h->roster, c, NULL));
	house_do(h, house_people("U1", "Ana", "C1"));
	house_do(h, house_people("U2", "Bo", "C2"));
	house_close(h);
	config_free(c);
}

static char *sum_of(const struct files *files)
{
	g_autofree char *bytes = NULL;
	gsize length;
	assert_true(g_file_get_contents(files->db, &bytes, &length, NULL));
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

static guint count_of(const char *text, const char *what)
{
	guint count = 0;
	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		count++;
	return count;
}

/* Three days have three mornings, whenever they begin. */
static void the_coming_days_are_told(void **state)
{
	const struct files *files = *state;
	make_database(files);
	struct answer a = run(files, "rehearse -c belltower.yaml --days 3 --log-level error");
	if (a.code != 0)
		fail_msg("%d %s", a.code, a.err);
	assert_int_equal(count_of(a.out, " 09:30 Asia/Shanghai, to Ana (acme):\n    站会开始啦 · sales"), 3);
	assert_int_equal(count_of(a.out, " 10:00 Asia/Shanghai, to Ana (acme):\n"), 3);
	assert_int_equal(count_of(a.out, " 10:30 Asia/Shanghai, to C1 (acme):\n    站会小结"), 3);
	assert_int_equal(count_of(a.out, " 09:30 Europe/Berlin, to Bo (acme):\n    Standup time · field"), 3);
	assert_non_null(strstr(a.out, "messages in 3 days\n"));
	answer_clear(&a);
}

static void one_team_alone(void **state)
{
	const struct files *files = *state;
	make_database(files);
	struct answer a = run(files, "rehearse -c belltower.yaml --team field --log-level error");
	assert_int_equal(a.code, 0);
	assert_int_equal(count_of(a.out, "to Bo (acme)"), 7);
	assert_null(strstr(a.out, "Ana"));
	assert_null(strstr(a.out, "C1"));
	answer_clear(&a);
}

static void as_json(void **state)
{
	const struct files *files = *state;
	make_database(files);
	struct answer a = run(files, "rehearse -c belltower.yaml --days 1 --format json --log-level error");
	assert_int_equal(a.code, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(cJSON) list = json_parse(a.out, strlen(a.out), &error);
	if (!list)
		fail_msg("%s: %s", error->message, a.out);
	const cJSON *item;
	guint prompts = 0;
	cJSON_ArrayForEach (item, list) {
		if (strcmp(json_text_or(item, "person", ""), "U2") != 0)
			continue;
		prompts++;
		assert_string_equal(json_text_or(item, "kind", ""), "post");
		assert_string_equal(json_text_or(item, "zone", ""), "Europe/Berlin");
		assert_string_equal(json_text_or(item, "person_name", ""), "Bo");
		assert_non_null(strstr(json_text_or(item, "at", ""), "T09:30:00+0"));
		assert_true(g_str_has_prefix(json_text_or(item, "text", ""), "Standup time · field"));
		assert_true(cJSON_IsNull(json_at(item, "channel")));
	}
	assert_int_equal(prompts, 1);
	answer_clear(&a);
}

static void nothing_is_changed(void **state)
{
	const struct files *files = *state;
	make_database(files);
	g_autofree char *before = sum_of(files);
	expect(files, "rehearse -c belltower.yaml --days 30 --log-level error", 0, "messages in 30 days", NULL);
	g_autofree char *after = sum_of(files);
	assert_string_equal(before, after);
}

/* The store belongs to the bot, and goes on belonging to it. */
static void the_bot_may_run(void **state)
{
	const struct files *files = *state;
	make_database(files);
	struct db *db = open_good(files->db, DB_WRITER);
	assert_true(db_begin(db, NULL));
	expect(files, "rehearse -c belltower.yaml --log-level error", 0, "messages in 7 days", NULL);
	assert_true(db_commit(db, NULL));
	db_close(db);
}

static gboolean is_copy_left(const struct files *files)
{
	g_autoptr(GDir) dir = g_dir_open(files->folder, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir));)
		if (g_str_has_prefix(name, "belltower-rehearse-"))
			return TRUE;
	return FALSE;
}

/* The copy is in TMPDIR meanwhile, and holds all that was ever said. */
static char **environment(const struct files *files)
{
	return g_environ_setenv(g_get_environ(), "TMPDIR", files->folder, TRUE);
}

static void a_reader_who_has_seen_enough_leaves_no_copy(void **state)
{
	const struct files *files = *state;
	make_database(files);
	g_auto(GStrv) env = environment(files);
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)BELLTOWER " rehearse -c belltower.yaml --days 60 --log-level error | head -n 1", NULL };
	g_autofree char *out = NULL, *err = NULL;
	assert_true(g_spawn_sync(files->folder, argv, env, 0, NULL, NULL, &out, &err, NULL, NULL));
	assert_int_equal(count_of(out, "\n"), 1);
	assert_false(is_copy_left(files));
}

static void whoever_stops_it_finds_no_copy(void **state)
{
	const struct files *files = *state;
	make_database(files);
	g_auto(GStrv) env = environment(files);
	char *argv[] = { (char *)BELLTOWER, (char *)"rehearse", (char *)"-c", (char *)"belltower.yaml", (char *)"--days", (char *)"366", NULL };
	GPid pid;
	int out, status;
	char first[1];
	assert_true(g_spawn_async_with_pipes(files->folder, argv, env, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
		&pid, NULL, &out, NULL, NULL));
	assert_int_equal(read(out, first, 1), 1); /* it is in the middle of it */
	assert_int_equal(kill(pid, SIGTERM), 0);
	close(out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_false(is_copy_left(files));
}

static void what_is_wrong_is_said(void **state)
{
	const struct files *files = *state;
	make_database(files);
	expect(files, "rehearse -c missing.yaml", 2, NULL, "missing.yaml");
	expect(files, "rehearse -c belltower.yaml --team nobody", 2, NULL, "there is no team 'nobody'");
	expect(files, "rehearse -c belltower.yaml --days 0", 2, NULL, "'--days' must be a number from 1");
	expect(files, "rehearse -c belltower.yaml --days 367", 2, NULL, "'--days' must be 366 at most");
	expect(files, "rehearse -c belltower.yaml --format csv", 2, NULL, "'--format' must be one of: text, json, not 'csv'");
	expect(files, "rehearse -c belltower.yaml tomorrow", 2, NULL, "one word too many");
	assert_int_equal(g_unlink(files->db), 0);
	expect(files, "rehearse -c belltower.yaml", 1, NULL, "cannot open");
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, files_make, files_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(the_coming_days_are_told),
		SCENE(one_team_alone),
		SCENE(as_json),
		SCENE(nothing_is_changed),
		SCENE(the_bot_may_run),
		SCENE(a_reader_who_has_seen_enough_leaves_no_copy),
		SCENE(whoever_stops_it_finds_no_copy),
		SCENE(what_is_wrong_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
