/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/store_files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Two owners at several ages of the program. */
static const struct migration core_steps[] = {
	{ .number = 1, .text = "CREATE TABLE person (id BIGINT PRIMARY KEY)", .checksum = "c1" },
	{ .number = 2,
		.text = "CREATE TABLE team (id BIGINT); ALTER TABLE person ADD COLUMN team BIGINT",
		.checksum = "c2" },
};
static const struct migration standup_steps[] = {
	{ .number = 1,
		.text = "CREATE TABLE answer (person BIGINT REFERENCES person (id))",
		.checksum = "s1" },
	{ .number = 2, .text = "INSERT INTO person (id, team) VALUES (7, 8)", .checksum = "s2" },
};
static const struct migration edited_steps[] = {
	{ .number = 1, .text = "CREATE TABLE person (id TEXT PRIMARY KEY)", .checksum = "another" },
};
static const struct migration broken_steps[] = {
	{ .number = 1, .text = "CREATE TABLE good (id BIGINT); CREATE TABLE", .checksum = "b1" },
};
static const struct sql_owner core_1 = { .name = "core", .migrations = core_steps, .migration_count = 1 };
static const struct sql_owner core_2 = { .name = "core", .migrations = core_steps, .migration_count = 2 };
static const struct sql_owner core_edited = {
	.name = "core", .migrations = edited_steps, .migration_count = 1
};
static const struct sql_owner standup = {
	.name = "standup", .migrations = standup_steps, .migration_count = 2
};
static const struct sql_owner broken = { .name = "broken", .migrations = broken_steps, .migration_count = 1 };

static const struct sql_owner *const old_program[] = { &core_1 };
static const struct sql_owner *const new_program[] = { &core_2, &standup };
static const struct sql_owner *const edited_program[] = { &core_edited };
static const struct sql_owner *const broken_program[] = { &core_1, &broken };

static const struct sql sql_wal = { .name = "test.journal_mode", .text = "PRAGMA journal_mode" };
static const struct sql sql_recorded = { .name = "test.recorded", .text = "SELECT count(*) FROM migration" };
static const struct sql sql_person = { .name = "test.person",
	.text = "SELECT team FROM person WHERE id = 7" };
static const struct sql sql_tables = { .name = "test.tables", .text = "SELECT count(*) FROM sqlite_master" };
static const struct sql sql_foreign = { .name = "test.foreign",
	.text = "CREATE TABLE moz_places (id INTEGER)" };
static const struct sql sql_hole = { .name = "test.hole",
	.text = "DELETE FROM migration WHERE owner = 'core' AND number = 1" };

static int64_t number(struct db *db, const struct sql *sql)
{
	g_autoptr(db_rows) rows = db_query(db, sql);
	return db_next(rows) ? db_int(rows, 0) : -1;
}

static void migrate(struct db *db, const struct sql_owner *const *owners, gsize count)
{
	g_autoptr(GError) error = NULL;
	if (!db_migrate(db, owners, count, &error))
		fail_msg("%s", error->message);
}

static void make(const char *path, const struct sql_owner *const *owners, gsize count)
{
	struct db *db = open_good(path, DB_WRITER);
	migrate(db, owners, count);
	db_close(db);
}

/* Refused, and not one byte of the file is another. */
static void expect_refused(const struct files *files, const struct sql_owner *const *owners, gsize count,
	enum db_error code, const char *words)
{
	GError *error = NULL;
	g_autoptr(GBytes) before = files_bytes(files->db);
	for (int mode = DB_WRITER; mode <= DB_READER; mode++) {
		struct db *db = open_good(files->db, (enum db_mode)mode);
		assert_false(db_migrate(db, owners, count, &error));
		expect_error(&error, code, words);
		db_close(db);
	}
	g_autoptr(GBytes) after = files_bytes(files->db);
	assert_true(g_bytes_equal(before, after));
}

static void test_a_new_file_gets_all_in_order(void **state)
{
	struct files *files = *state;
	struct db *db = open_good(files->db, DB_WRITER);
	migrate(db, new_program, 2);
	assert_int_equal(number(db, &sql_recorded), 4);
	assert_int_equal(number(db, &sql_person), 8); /* standup's second came after core's second */
	g_autoptr(db_rows) rows = db_query(db, &sql_wal);
	assert_true(db_next(rows));
	assert_string_equal(db_text(rows, 0), "wal");
	assert_true(db_end(rows, NULL));
	migrate(db, new_program, 2); /* nothing to do, nothing done twice */
	assert_int_equal(number(db, &sql_recorded), 4);
	db_close(db);
}

static void test_an_old_file_gets_the_rest(void **state)
{
	struct files *files = *state;
	make(files->db, old_program, 1);
	make(files->db, new_program, 2);
	struct db *db = open_good(files->db, DB_READER);
	migrate(db, new_program, 2);
	assert_int_equal(number(db, &sql_recorded), 4);
	db_close(db);
}

static void test_a_reader_changes_nothing(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	make(files->db, old_program, 1);
	struct db *db = open_good(files->db, DB_READER);
	assert_false(db_migrate(db, new_program, 2, &error));
	expect_error(&error, DB_ERROR_OLDER, "an older belltower wrote it; start 'belltower run' once");
	assert_int_equal(number(db, &sql_recorded), 1);
	db_close(db);
}

static void test_a_newer_file_is_refused_untouched(void **state)
{
	struct files *files = *state;
	make(files->db, new_program, 2);
	g_autofree char *words = g_strdup_printf("belltower %s wrote it, which is newer", BELLTOWER_VERSION);
	expect_refused(files, old_program, 1, DB_ERROR_NEWER, words);
	expect_refused(files, old_program, 1, DB_ERROR_NEWER, "migration 2 of 'core'");
	const struct sql_owner *const without_standup[] = { &core_2 };
	expect_refused(files, without_standup, 1, DB_ERROR_NEWER, "migration 1 of 'standup'");
	make(files->db, new_program, 2); /* its own program takes it as before */
}

static void test_a_newer_file_that_was_not_closed_is_refused_untouched(void **state)
{
	struct files *files = *state;
	struct db *newer = open_good(files->db, DB_WRITER);
	migrate(newer, new_program, 2);
	g_autofree char *crashed = files_crash_copy(files, "crashed.db"); /* all of it still in the log */
	db_close(newer);
	g_free(files->db);
	files->db = g_strdup(crashed);
	expect_refused(files, old_program, 1, DB_ERROR_NEWER, "which is newer");
	make(files->db, new_program, 2);
}

static void test_an_edited_migration_is_refused_untouched(void **state)
{
	struct files *files = *state;
	make(files->db, old_program, 1);
	expect_refused(files, edited_program, 1, DB_ERROR_EDITED,
		"migration 1 in core.sql was edited after belltower");
}

static void test_a_stranger_is_refused_untouched(void **state)
{
	struct files *files = *state;
	struct db *db = open_good(files->db, DB_WRITER);
	assert_true(db_exec(db, &sql_foreign, NULL));
	db_close(db);
	expect_refused(files, new_program, 2, DB_ERROR_FOREIGN, "it is the database of another program");
}

static void test_a_hole_is_refused(void **state)
{
	struct files *files = *state;
	make(files->db, new_program, 2);
	struct db *db = open_good(files->db, DB_WRITER);
	assert_true(db_exec(db, &sql_hole, NULL));
	db_close(db);
	expect_refused(files, new_program, 2, DB_ERROR_CORRUPT,
		"migration 1 of 'core' is missing before its migration 2");
}

static void test_a_failing_migration_leaves_nothing(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	struct db *db = open_good(files->db, DB_WRITER);
	assert_false(db_migrate(db, broken_program, 2, &error));
	expect_error(&error, DB_ERROR_OTHER, "cannot apply 'migration 1 of broken': ");
	assert_false(db_in_transaction(db));
	assert_int_equal(number(db, &sql_tables), 0);
	migrate(db, old_program, 1); /* and the next program finds a new file */
	db_close(db);
}

#define ON_FILES(test) cmocka_unit_test_setup_teardown(test, files_make, files_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILES(test_a_new_file_gets_all_in_order),
		ON_FILES(test_an_old_file_gets_the_rest),
		ON_FILES(test_a_reader_changes_nothing),
		ON_FILES(test_a_newer_file_is_refused_untouched),
		ON_FILES(test_a_newer_file_that_was_not_closed_is_refused_untouched),
		ON_FILES(test_an_edited_migration_is_refused_untouched),
		ON_FILES(test_a_stranger_is_refused_untouched),
		ON_FILES(test_a_hole_is_refused),
		ON_FILES(test_a_failing_migration_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
