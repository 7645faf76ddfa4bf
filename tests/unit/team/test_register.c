/* SPDX-License-Identifier: MIT */
/* The register: lists as people save them, right and wrong; who is who; what an import changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people_sql.h"
#include "register_sql.h"
#include "team/register_file.h"
#include "tests/unit/store/store_files.h"

static const char *const teams[] = { "sales", "north", NULL };

static GPtrArray *parse(const char *text)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *entries = register_file_parse("people.csv", text, strlen(text), teams, problems);
	if (!entries)
		fail_msg("%s", problems->len ? (const char *)problems->pdata[0] : "no reason");
	return entries;
}

static const char *field(const GPtrArray *entries, guint i, enum register_field f)
{
	return ((const struct register_entry *)entries->pdata[i])->fields[f];
}

static void lists_are_read_as_spreadsheets_save_them(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) entries = parse("\xef\xbb\xbf" "Hired,name,birthday,teams\r\n"
		"2023-03-01,\"Lima, Ana \"\"A\"\"\", 03-15 ,sales;north\r\n"
		",,,\r\n"
		",\"两\n行\",lunar 08-15\n"
		",last,,");
	assert_int_equal(entries->len, 3);
	assert_string_equal(field(entries, 0, REGISTER_NAME), "Lima, Ana \"A\"");
	assert_string_equal(field(entries, 0, REGISTER_HIRED), "2023-03-01");
	assert_string_equal(field(entries, 0, REGISTER_BIRTHDAY), "03-15");
	assert_string_equal(field(entries, 0, REGISTER_TEAMS), "sales;north");
	assert_string_equal(field(entries, 0, REGISTER_EMAIL), "");
	assert_string_equal(field(entries, 1, REGISTER_NAME), "两\n行");
	assert_string_equal(field(entries, 2, REGISTER_NAME), "last");
}

static void what_is_written_is_read_the_same(void **state)
{
	(void)state;
	g_autoptr(GPtrArray) entries = parse("name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired\n"
		"\"a,\"\"b\"\"\",a@x.cn,U1,ou_1,Asia/Shanghai,zh-CN,sales,b@x.cn,sales;mentor,lunar leap 06-06,2020-02-29\n"
		"b,b@x.cn,,,,,,,,,\n");
	g_autofree char *text = register_file_print(entries);
	g_autoptr(GPtrArray) again = parse(text);
	assert_int_equal(again->len, 2);
	for (guint i = 0; i < 2; i++)
		for (int f = 0; f < REGISTER_FIELDS; f++)
			assert_string_equal(field(again, i, (enum register_field)f), field(entries, i, (enum register_field)f));
}

static const struct {
	const char *text, *problem;
} wrong[] = {
	{ "", "people.csv: is empty" },
	{ "name\n\xff\n", "people.csv: is not UTF-8; save it as \"CSV UTF-8\"" },
	{ "email\na@x.cn\n", "people.csv:1: the first line must name the columns, with 'name' among them" },
	{ "name,age\n", "people.csv:1: 'age' is no column; the columns are "
			"name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired" },
	{ "name,name\n", "people.csv:1: 'name' stands twice; the columns are "
			 "name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired" },
	{ "name,email\n,a@x.cn\n", "people.csv:2: name '': a person needs a name" },
	{ "name,email\nAna,ana\n", "people.csv:2: email 'ana': write an e-mail address" },
	{ "name,zone\nAna,Peking\n", "people.csv:2: zone 'Peking': write an IANA zone like Asia/Shanghai" },
	{ "name,language\nAna,de\n", "people.csv:2: language 'de': write zh-CN or en" },
	{ "name,teams\nAna,sales;south\n", "people.csv:2: teams 'sales;south': write teams of the configuration, joined by ;" },
	{ "name,birthday\nAna,15.3.\n",
		"people.csv:2: birthday '15.3.': write 03-15, 1990-03-15, lunar 08-15, lunar 1990-08-15 or lunar leap 06-06" },
	{ "name,hired\nAna,2023-02-30\n", "people.csv:2: hired '2023-02-30': write a day like 2023-03-01" },
	{ "name\nAna,b\n", "people.csv:2: has 2 cells where the first line names 1; put quotes around a cell with a comma" },
	{ "name,email\n\"a\nb\",a@x.cn\nAna,A@x.cn\n", "people.csv:4: 'Ana' stands in the file twice; leave one line out" },
	{ "name\n\"Ana\n", "people.csv:2: a quote is not closed; a quote inside a cell is written twice" },
};

static void wrong_lists_say_where_and_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		assert_null(register_file_parse("people.csv", wrong[i].text, strlen(wrong[i].text), teams, problems));
		assert_int_equal(problems->len, 1);
		assert_string_equal(problems->pdata[0], wrong[i].problem);
	}
}

static const struct {
	const char *known, *comes;
	gboolean same;
} pairs[] = {
	{ "Ana,ana@x.cn,,", "Ana Lima,ANA@x.cn,U1,", TRUE },
	{ "Ana,,U1,", "Ana Lima,ana@x.cn,U1,", TRUE },
	{ "Ana,,,ou_1", "Ana Lima,,,ou_1", TRUE },
	{ "Ana,,,", "ana,ana@x.cn,,", TRUE },
	{ "Ana,ana@x.cn,,", "Ana,other@x.cn,,", FALSE }, /* two of one name */
	{ "Ana,,U1,", "Bo,,U2,", FALSE },
};

static void people_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autofree char *a = g_strconcat("name,email,slack_id,feishu_id\n", pairs[i].known, NULL);
		g_autofree char *b = g_strconcat("name,email,slack_id,feishu_id\n", pairs[i].comes, NULL);
		g_autoptr(GPtrArray) known = parse(a), comes = parse(b);
		if ((register_match(known, comes->pdata[0]) != NULL) != pairs[i].same)
			fail_msg("%s and %s", pairs[i].known, pairs[i].comes);
	}
}

static void save(struct db *db, const GPtrArray *known, const GPtrArray *entries)
{
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(db, &error));
	for (guint i = 0; i < entries->len; i++)
		assert_true(register_save(db, register_match(known, entries->pdata[i]), entries->pdata[i], 1000, &error));
	assert_true(db_commit(db, &error));
}

static void an_empty_cell_keeps_what_is_known(void **state)
{
	const struct files *files = *state;
	static const struct sql_owner *const owners[] = { &SQL_PEOPLE, &SQL_REGISTER };
	g_autoptr(GError) error = NULL;
	struct db *db = open_good(files->db, DB_WRITER);
	assert_true(db_migrate(db, owners, 2, &error));
	g_autoptr(GPtrArray) nobody = register_read(db, &error), first = parse("name,email,birthday\nAna,ana@x.cn,03-15\n");
	save(db, nobody, first);
	g_autoptr(GPtrArray) known = register_read(db, &error), same = parse("name,email,birthday\nAna,ana@x.cn,\n"),
			     second = parse("name,email,hired\nAna Lima,ana@x.cn,2023-03-01\n");
	assert_false(register_differs(known->pdata[0], same->pdata[0]));
	assert_true(register_differs(known->pdata[0], second->pdata[0]));
	struct register_entry *ana = known->pdata[0];
	assert_true(register_note(db, ana, "hours", &ana->fields[REGISTER_HOURS], "Mon-Thu 09:00-15:00", 0, 1000, &error));
	save(db, known, second);
	g_autoptr(GPtrArray) now = register_read(db, &error);
	assert_int_equal(now->len, 1);
	assert_string_equal(field(now, 0, REGISTER_NAME), "Ana Lima");
	assert_string_equal(field(now, 0, REGISTER_BIRTHDAY), "03-15");
	assert_string_equal(field(now, 0, REGISTER_HIRED), "2023-03-01");
	assert_string_equal(field(now, 0, REGISTER_HOURS), "Mon-Thu 09:00-15:00");
	assert_string_equal(((struct register_entry *)now->pdata[0])->shown, "unasked");
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read_as_spreadsheets_save_them),
		cmocka_unit_test(what_is_written_is_read_the_same),
		cmocka_unit_test(wrong_lists_say_where_and_what),
		cmocka_unit_test(people_are_told_apart),
		cmocka_unit_test_setup_teardown(an_empty_cell_keeps_what_is_known, files_make, files_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
