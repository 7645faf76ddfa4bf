/* SPDX-License-Identifier: MIT */
/* `belltower people import|export` and `belltower anniversaries` as an operator types them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "team/people.h"
#include "tests/unit/store/store_files.h"

static const char config[] = "database: belltower.db\n"
			     "workspaces:\n"
			     "  - { name: acme, platform: slack, bot_token: xoxb-test, app_token: xapp-test }\n"
			     "teams:\n"
			     "  - { name: sales, workspace: acme, channel: C1 }\n";

struct answer {
	char *out, *err;
	int code;
};

static void answer_clear(struct answer *a)
{
	g_free(a->out);
	g_free(a->err);
}

/* Runs the program in the test's folder; %s stands for nothing else but what the line says. */
static struct answer run(const struct files *files, const char *line)
{
	struct answer a = { 0 };
	g_autofree char *whole = g_strconcat(BELLTOWER " ", line, " -c belltower.yaml --log-level error", NULL);
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

static void write_file(const struct files *files, const char *name, const char *text)
{
	g_autofree char *path = files_path(files, name);
	files_write(path, text);
	g_chmod(path, 0600);
}

/* A database of this program's schema. */
static void make_database(const struct files *files)
{
	write_file(files, "belltower.yaml", config);
	write_file(files, "nobody.csv", "name\n");
	expect(files, "people import nobody.csv", 0, "0 new, 0 changed, 0 as they were\n", NULL);
}

static const char list[] = "name,email,slack_id,teams,birthday,hired\n"
			   "Ana,ana@example.com,U1,sales,1990-03-15,2023-03-01\n"
			   "小梅,mei@example.com,,sales,lunar 08-15,\n"
			   "Bo,,,,02-29,\n";

static void a_list_is_tried_first_then_taken(void **state)
{
	const struct files *files = *state;
	/* Before there is any database, too; and then there is none still. */
	write_file(files, "belltower.yaml", config);
	write_file(files, "people.csv", list);
	expect(files, "people import people.csv --dry-run", 0, "3 new, 0 changed, 0 as they were; nothing was written\n", NULL);
	assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS));
	make_database(files);
	expect(files, "people import people.csv --dry-run", 0, "3 new, 0 changed, 0 as they were; nothing was written\n", NULL);
	expect(files, "people export", 0, "hired\r\n", NULL);
	expect(files, "people import people.csv", 0, "+ Ana\n    name: Ana\n    email: ana@example.com\n", NULL);
	expect(files, "people import people.csv", 0, "0 new, 0 changed, 3 as they were\n", NULL);
	write_file(files, "people.csv", "name,email,birthday\nAna,ana@example.com,1991-03-15\n");
	expect(files, "people import people.csv", 0, "~ Ana\n    birthday: 1990-03-15 -> 1991-03-15\n0 new, 1 changed", NULL);
	expect(files, "people export", 0, "\r\nAna,ana@example.com,U1,,,,sales,,,1991-03-15,2023-03-01\r\n", NULL);
	write_file(files, "people.csv", "name,manager\nBo,ANA@example.com\nCy,bo\nDi,Eva\n");
	expect(files, "people import people.csv --dry-run", 0, "2 new, 1 changed", "warning: 'Di': nobody of the list is the manager 'Eva'\n");
}

static void a_wrong_line_changes_nothing(void **state)
{
	const struct files *files = *state;
	make_database(files);
	write_file(files, "people.csv", "name,birthday\nAna,03-15\nBo,soon\n");
	expect(files, "people import people.csv", 2, NULL, "people.csv:3: birthday 'soon': write 03-15");
	expect(files, "people import missing.csv", 2, NULL, "missing.csv");
	struct answer a = run(files, "people export");
	assert_string_equal(a.out, "name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired\r\n");
	answer_clear(&a);
}

/* The store belongs to the bot; the list is handed over in one transaction. */
static void the_bot_may_run(void **state)
{
	const struct files *files = *state;
	make_database(files);
	write_file(files, "people.csv", list);
	struct db *db = open_good(files->db, DB_WRITER);
	expect(files, "people import people.csv --dry-run", 0, "3 new, 0 changed, 0 as they were; nothing was written\n", NULL);
	expect(files, "people import people.csv", 0, "3 new, 0 changed, 0 as they were\nthe bot is running and takes it up now\n", NULL);
	/* In the middle of the bot's own transaction the list waits, and then it is all there or not at all. */
	assert_true(db_begin(db, NULL));
	write_file(files, "people.csv", "name\nCy\n");
	expect(files, "people import people.csv", 1, NULL, "belltower: ");
	db_rollback(db);
	db_close(db);
	expect(files, "people import people.csv", 0, "1 new, 0 changed", NULL);
	expect(files, "people export", 0, "\r\nCy,", NULL);
}

static void the_dates_of_a_year(void **state)
{
	const struct files *files = *state;
	make_database(files);
	write_file(files, "people.csv", list);
	expect(files, "people import people.csv", 0, NULL, NULL);
	struct answer a = run(files, "anniversaries --from 2026-01-01 --to 2026-12-31 --format csv");
	assert_string_equal(a.out, "date,kind,person_name,person,team,shown\r\n"
				   "2026-02-28,birthday,Bo,,,unasked\r\n"
				   "2026-03-01,anniversary,Ana,U1,sales,unasked\r\n"
				   "2026-03-15,birthday,Ana,U1,sales,unasked\r\n"
				   "2026-09-25,birthday,小梅,mei@example.com,sales,unasked\r\n");
	answer_clear(&a);
	/* Far ahead, both days included; years of birth are nowhere. */
	expect(files, "anniversaries --from 2090-01-01 --to 2095-12-31", 0, "{\"date\":\"2095-03-15\",\"kind\":\"birthday\",\"person_name\":\"Ana\"", NULL);
	expect(files, "anniversaries --from 2026-03-15 --to 2026-03-15", 0, "2026-03-15", NULL);
	expect(files, "anniversaries --from 2026-03-16 --to 2026-03-16", 0, "[]\n", NULL);
	expect(files, "anniversaries --from 2026-03-16", 2, NULL, "'anniversaries' needs '--from' and '--to'");
}

/* Whoever is to own a deal is somebody whom the bot has met. */
static void meet(const struct files *files, const char *account, const char *name)
{
	GError *error = NULL;
	g_autofree char *path = files_path(files, "belltower.yaml");
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *c = config_load_keyless(path, problems);
	struct db *db = open_good(files->db, DB_WRITER);
	struct roster *roster = roster_new(db, c, &error);
	assert_true(roster && db_begin(db, &error));
	const struct person *person = roster_learn(roster, "acme", &(struct person_facts){ .account = account, .name = name }, 0, &error);
	assert_true(person && roster_add_member(roster, roster_team(roster, "sales"), person, &error) && db_commit(db, &error));
	roster_free(roster);
	db_close(db);
	config_free(c);
}

static void deals_are_tried_first_then_taken(void **state)
{
	const struct files *files = *state;
	make_database(files);
	meet(files, "U1", "Ana");
	write_file(files, "crm.csv", "id,customer,amount,owner,stage\nC-1,Acme,12000,Ana,interest\nC-2,华瑞,12万,Ana,谈判\n");
	expect(files, "deals import crm.csv --dry-run", 0, "+ C-1 Acme ¥12,000\n    opened: interest\n", NULL);
	expect(files, "deals import crm.csv", 0, "2 new, 0 changed, 0 as they were\n", NULL); /* so nothing was written before */
	expect(files, "deals import crm.csv", 0, "0 new, 0 changed, 2 as they were\n", NULL);
	write_file(files, "crm.csv", "id,customer,stage\nC-1,Acme,won\n");
	expect(files, "deals import crm.csv --dry-run", 0, "~ C-1 Acme ¥12,000\n    stage: interest -> won\n0 new, 1 changed, 0 as they were; nothing was written\n", NULL);
	expect(files, "deals import crm.csv --source other", 2, NULL, "crm.csv:2: owner '': a new deal needs an owner");
	struct db *db = open_good(files->db, DB_WRITER);
	expect(files, "deals import crm.csv", 0, "0 new, 1 changed, 0 as they were\nthe bot is running and takes it up now\n", NULL);
	db_close(db);
	write_file(files, "crm.csv", "id,customer,owner\nC-1,Acme,Ana\nC-3,Globex,Nobody\n");
	expect(files, "deals import crm.csv", 2, NULL, "crm.csv:3: owner 'Nobody': the bot has met nobody");
	expect(files, "deals import missing.csv", 2, NULL, "missing.csv");
}

/* All problems at once, by their lines; neither a dry run nor a file that is refused makes a database. */
static void deals_are_tried_without_a_trace(void **state)
{
	const struct files *files = *state;
	write_file(files, "belltower.yaml", config);
	write_file(files, "crm.csv", "id,customer,amount,owner,entered\nC-1,Acme,much,Ana,2999-01-01\nC-2,Globex,7,,soon\n,Initech,,Ana,\n");
	static const char all[] = "crm.csv:2: amount 'much': write a sum like 120000, 12万 or $5,000\n"
				  "crm.csv:2: owner 'Ana': the bot has met nobody who is called so; write an e-mail address or a name, or let it meet the team first\n"
				  "crm.csv:2: entered '2999-01-01': lies in the future; write the day on which it entered its stage\n"
				  "crm.csv:3: entered 'soon': write a day like 2026-03-02, or an instant like 2026-03-02T09:30:00\n"
				  "crm.csv:3: owner '': a new deal needs an owner; write an e-mail address or a name\n"
				  "crm.csv:4: a deal needs an id, by which it is known again\n"
				  "crm.csv:4: owner 'Ana': the bot has met nobody who is called so; write an e-mail address or a name, or let it meet the team first\n";
	static const char *const lines[] = { "deals import crm.csv --dry-run", "deals import crm.csv" };
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		struct answer a = run(files, lines[i]);
		assert_int_equal(a.code, 2);
		assert_string_equal(a.err, all);
		assert_string_equal(a.out, "");
		answer_clear(&a);
		assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS));
	}
	write_file(files, "crm.csv", "id,customer,owner\nC-1,Acme,Ana\n"); /* only the store can tell that */
	expect(files, "deals import crm.csv", 2, NULL, "crm.csv:2: owner 'Ana': the bot has met nobody");
	assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS));
	write_file(files, "crm.csv", "id,customer\n");
	expect(files, "deals import crm.csv", 0, "0 new, 0 changed, 0 as they were\n", NULL);
	assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS));
	expect(files, "deals import crm.csv --dry-run", 0, "0 new, 0 changed, 0 as they were; nothing was written\n", NULL);
	assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS));
}

/* Nobody has agreed: an empty calendar, but one. */
static void the_calendar_is_what_is_public(void **state)
{
	const struct files *files = *state;
	make_database(files);
	write_file(files, "people.csv", list);
	expect(files, "people import people.csv", 0, NULL, NULL);
	struct answer a = run(files, "export calendar --format ics --from 2026-01-01 --to 2026-12-31");
	assert_true(g_str_has_prefix(a.out, "BEGIN:VCALENDAR\r\n"));
	assert_null(strstr(a.out, "VEVENT"));
	answer_clear(&a);
	expect(files, "export calendar --format json", 2, NULL, "must be ics");
	expect(files, "export calendar --team nobody", 2, NULL, "there is no team 'nobody'");
}

static void the_example_is_a_good_list(void **state)
{
	const struct files *files = *state;
	make_database(files);
	expect(files, "people import " SOURCE_ROOT "/config/people.example.csv", 0, "2 new", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_list_is_tried_first_then_taken, files_make, files_remove),
		cmocka_unit_test_setup_teardown(a_wrong_line_changes_nothing, files_make, files_remove),
		cmocka_unit_test_setup_teardown(deals_are_tried_first_then_taken, files_make, files_remove),
		cmocka_unit_test_setup_teardown(deals_are_tried_without_a_trace, files_make, files_remove),
		cmocka_unit_test_setup_teardown(the_bot_may_run, files_make, files_remove),
		cmocka_unit_test_setup_teardown(the_dates_of_a_year, files_make, files_remove),
		cmocka_unit_test_setup_teardown(the_calendar_is_what_is_public, files_make, files_remove),
		cmocka_unit_test_setup_teardown(the_example_is_a_good_list, files_make, files_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
