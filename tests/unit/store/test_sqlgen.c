/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/store_files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "sample_sql.h"

/* Runs the generator on FOLDER/name with this text; gives its status and what it said. */
static int generate(const struct files *files, const char *name, const char *text, char **said)
{
	g_autofree char *path = files_path(files, name);
	g_autofree char *base = files_path(files, "out_sql");
	files_write(path, text);
	const char *const argv[] = { SQLGEN, name, base, NULL };
	int status = -1;
	GSpawnFlags quiet = G_SPAWN_STDOUT_TO_DEV_NULL;
	assert_true(g_spawn_sync(
		files->folder, (char **)argv, NULL, quiet, NULL, NULL, NULL, said, &status, NULL));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct {
	const char *text, *said;
} bad_files[] = {
	{ "-- @query a\nSELECT 1;\n-- @qery b\nSELECT 1;\n",
		"bad.sql:3: unknown directive '@qery'; known are '-- @migration 1' and '-- @query name'" },
	{ "-- @query a\nSELECT 1;\n\n-- @query a\nSELECT 2;\n",
		"bad.sql:4: query 'a' stands on line 1 already" },
	{ "-- @query SaveAnswer\nSELECT 1;\n",
		"bad.sql:1: 'SaveAnswer' is not a query's name; write small letters, digits and _" },
	{ "-- @query\nSELECT 1;\n",
		"bad.sql:1: '' is not a query's name; write small letters, digits and _" },
	{ "-- @query two words\nSELECT 1;\n",
		"bad.sql:1: 'two words' is not a query's name; write small letters, digits and _" },
	{ "-- @migration 1\nCREATE TABLE a (b);\n-- @migration 3\nCREATE TABLE c (d);\n",
		"bad.sql:3: migration 3 comes where 2 is expected; number them 1, 2, 3, …" },
	{ "-- @migration 1\nCREATE TABLE a (b);\n-- @migration 1\nCREATE TABLE c (d);\n",
		"bad.sql:3: migration 1 comes where 2 is expected; number them 1, 2, 3, …" },
	{ "-- @migration 2\nCREATE TABLE a (b);\n",
		"bad.sql:1: migration 2 comes where 1 is expected; number them 1, 2, 3, …" },
	{ "-- @migration first\nCREATE TABLE a (b);\n",
		"bad.sql:1: 'first' is not a number; write '-- @migration 1'" },
	{ "-- @migration 1\nDELETE FROM a WHERE b = $1;\n", "bad.sql:2: a migration has no parameters" },
	{ "-- head\n-- @query a\nSELECT $1,\n$3;\n", "bad.sql:2: query 'a' has no $2, but one behind it" },
	{ "-- @query a\nSELECT $2;\n", "bad.sql:1: query 'a' has no $1, but one behind it" },
	{ "-- @query a\nSELECT\n$0;\n", "bad.sql:3: '$0' is not a parameter; they are $1 to $64" },
	{ "-- @query a\nSELECT $65;\n", "bad.sql:2: '$65' is not a parameter; they are $1 to $64" },
	{ "-- @query a\nSELECT $name;\n", "bad.sql:2: '$' is not a parameter; they are $1 to $64" },
	{ "-- @query a\nSELECT ?;\n", "bad.sql:2: '?' is not of the dialect SQLite and PostgreSQL share; "
				      "parameters are $1, $2, …" },
	{ "-- @query a\nSELECT :day;\n", "bad.sql:2: ':' is not of the dialect SQLite and PostgreSQL share; "
					 "parameters are $1, $2, …" },
	{ "-- @query a\nSELECT 1;\nSELECT 2;\n",
		"bad.sql:3: query 'a' goes on after its ';'; a query is one statement" },
	{ "-- @query a\n-- only a comment\n-- @query b\nSELECT 1;\n", "bad.sql:1: this section is empty" },
	{ "-- @migration 1\n", "bad.sql:1: this section is empty" },
	{ "-- head\nSELECT 1;\n", "bad.sql:2: text before the first '-- @migration' or '-- @query'" },
	{ "-- @query a\nSELECT 'it''s\n\n;", "bad.sql:2: this text has no end" },
	{ "-- @query a\nSELECT\n\"b\n;", "bad.sql:3: this quoted name has no end" },
	{ "-- @query a\nSELECT 1 /* b\n;", "bad.sql:2: this comment has no end" },
	{ "-- @query a\nSELECT '\xff';\n", "bad.sql:1: this file is not UTF-8" },
};

static void test_bad_files_are_told_by_line(void **state)
{
	struct files *files = *state;
	for (gsize i = 0; i < G_N_ELEMENTS(bad_files); i++) {
		g_autofree char *said = NULL;
		assert_int_equal(generate(files, "bad.sql", bad_files[i].text, &said), 1);
		assert_string_equal(g_strchomp(said), bad_files[i].said);
	}
	g_autofree char *made = files_path(files, "out_sql.c");
	assert_false(g_file_test(made, G_FILE_TEST_EXISTS));
}

static void test_names_and_arguments_are_checked(void **state)
{
	struct files *files = *state;
	g_autofree char *said = NULL, *usage = NULL;
	assert_int_equal(generate(files, "Bad-Name.sql", "-- @query a\nSELECT 1;\n", &said), 1);
	assert_non_null(strstr(said, "Bad-Name.sql:1: the file's name becomes the owner's"));
	assert_int_equal(generate(files, "bad.txt", "-- @query a\nSELECT 1;\n", &usage), 2);
	assert_non_null(strstr(usage, "usage: belltower_sqlgen FILE.sql OUT_BASE"));
}

static void test_the_sample_became_constants(void **state)
{
	(void)state;
	assert_string_equal(SQL_SAMPLE.name, "sample");
	assert_int_equal(SQL_SAMPLE.migration_count, 2);
	assert_int_equal(SQL_SAMPLE.migrations[1].number, 2);
	assert_int_equal(SQL_SAMPLE.query_count, 10);
	assert_ptr_equal(SQL_SAMPLE.queries[0], &SQL_SAMPLE_SAVE);
	assert_string_equal(SQL_SAMPLE_SAVE.name, "sample.save");
	assert_int_equal(SQL_SAMPLE_SAVE.arg_count, 4);
	assert_int_equal(SQL_SAMPLE_QUOTED.arg_count, 1);
	assert_string_equal(
		SQL_SAMPLE_QUOTED.text, "SELECT 'it''s -- no comment; $9 ?' AS \"odd name\", $1, $1");
	assert_string_equal(SQL_SAMPLE_COUNT_OF_DAY.text, "SELECT count(*) FROM entry WHERE day = $1");
	g_autofree char *sum =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, SQL_SAMPLE.migrations[0].text, -1);
	assert_string_equal(SQL_SAMPLE.migrations[0].checksum, sum);
}

/* The line of the generated file that holds the checksum. Caller frees. */
static char *checksum_of(const struct files *files, const char *text)
{
	g_autofree char *said = NULL, *code = NULL, *made = files_path(files, "out_sql.c");
	assert_int_equal(generate(files, "sums.sql", text, &said), 0);
	assert_true(g_file_get_contents(made, &code, NULL, NULL));
	const char *sum = strstr(code, ".checksum = \"");
	assert_non_null(sum);
	return g_strndup(sum, strlen(".checksum = \"") + 64);
}

static void test_comments_do_not_count_in_a_checksum(void **state)
{
	struct files *files = *state;
	g_autofree char *plain = checksum_of(files, "-- @migration 1\nCREATE TABLE a (\n\tb TEXT\n);\n");
	g_autofree char *noted = checksum_of(files,
		"-- head\n\n-- @migration 1\n-- why\nCREATE TABLE a ( -- what\n\n\tb TEXT  \n);\n\n"
		"-- of the next one\n-- @query c\nSELECT 1;\n");
	g_autofree char *edited = checksum_of(files, "-- @migration 1\nCREATE TABLE a (\n\tb BIGINT\n);\n");
	assert_string_equal(plain, noted);
	assert_string_not_equal(plain, edited);
}

#define ON_FILES(test) cmocka_unit_test_setup_teardown(test, files_make, files_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILES(test_bad_files_are_told_by_line),
		ON_FILES(test_names_and_arguments_are_checked),
		cmocka_unit_test(test_the_sample_became_constants),
		ON_FILES(test_comments_do_not_count_in_a_checksum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
