/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/store_files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sample_sql.h"

static const struct sql_owner *const owners[] = { &SQL_SAMPLE };

static struct db *open_migrated(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct db *db = open_good(path, DB_WRITER);
	if (!db_migrate(db, owners, 1, &error))
		fail_msg("%s", error->message);
	return db;
}

static void save(struct db *db, const char *person, const char *day, int64_t score)
{
	g_autoptr(GError) error = NULL;
	if (!db_exec(db, &SQL_SAMPLE_SAVE, &error, ARG_TEXT(person), ARG_TEXT(day), ARG_TEXT("text"),
		    ARG_INT(score)))
		fail_msg("%s", error->message);
}

static int64_t count(struct db *db, const char *day)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_COUNT_OF_DAY, ARG_TEXT(day));
	return db_next(rows) ? db_int(rows, 0) : -1;
}

/* ---- statements ---- */

static void test_binds_by_number_not_by_place(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	assert_true(db_exec(db, &SQL_SAMPLE_SAVE, NULL, ARG_TEXT("ana"), ARG_TEXT("2026-03-02"),
		ARG_TEXT("成单2单"), ARG_INT(INT64_MAX)));
	assert_int_equal(db_changes(db), 1);
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_OF_DAY, ARG_TEXT("2026-03-02"));
	assert_true(db_next(rows));
	assert_string_equal(db_text(rows, 0), "ana");
	assert_string_equal(db_text(rows, 1), "成单2单");
	assert_true(db_int(rows, 2) == INT64_MAX);
	assert_false(db_next(rows));
	assert_false(db_next(rows)); /* and stays so: it does not begin again */
	assert_true(db_end(rows, NULL));
	db_close(db);
}

static void test_gives_back_every_kind(void **state)
{
	(void)state;
	struct db *db = open_good(":memory:", DB_WRITER);
	const char *none = NULL;
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_ECHO, ARG_NULL, ARG_TEXT(none),
		ARG_BLOB("a\0b", 3), ARG_TEXT_LEN("abcdef", 2));
	assert_true(db_next(rows));
	gsize length;
	assert_true(db_is_null(rows, 0));
	assert_int_equal(db_int(rows, 0), 0);
	assert_null(db_text(rows, 1));
	assert_memory_equal(db_blob(rows, 2, &length), "a\0b", 3);
	assert_int_equal(length, 3);
	assert_string_equal(db_text(rows, 3), "ab");
	assert_true(db_end(rows, NULL));

	g_autoptr(db_rows) odd = db_query(db, &SQL_SAMPLE_QUOTED, ARG_INT(-7));
	assert_true(db_next(odd));
	assert_string_equal(db_text(odd, 0), "it's -- no comment; $9 ?");
	assert_int_equal(db_int(odd, 1), -7);
	assert_int_equal(db_int(odd, 2), -7);
	assert_true(db_end(odd, NULL));
	db_close(db);
}

static void test_a_query_runs_inside_itself(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	save(db, "ana", "d1", 1);
	save(db, "ben", "d1", 2);
	save(db, "cem", "d1", 3);
	int64_t sum = 0;
	for (int round = 0; round < 2;
		round++) { /* the second with the spare statement that the first made */
		g_autoptr(db_rows) outer = db_query(db, &SQL_SAMPLE_OF_DAY, ARG_TEXT("d1"));
		while (db_next(outer)) {
			g_autoptr(db_rows) inner = db_query(db, &SQL_SAMPLE_OF_DAY, ARG_TEXT("d1"));
			while (db_next(inner))
				sum += db_int(outer, 2) * db_int(inner, 2);
			assert_true(db_end(inner, NULL));
		}
		assert_true(db_end(outer, NULL));
	}
	assert_int_equal(sum, 2 * 36);
	db_close(db);
}

static gboolean first_is(struct db *db, const char *person)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_OF_DAY, ARG_TEXT("d1"));
	return db_next(rows) && g_str_equal(db_text(rows, 0), person); /* left in the middle */
}

static void test_an_early_return_frees_the_statement(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	save(db, "ana", "d1", 1);
	save(db, "ben", "d1", 2);
	for (int i = 0; i < 50; i++) /* beyond the limit of runs inside each other */
		assert_true(first_is(db, "ana"));
	assert_true(db_begin(db, NULL));
	assert_true(db_commit(db, NULL));
	db_close(db); /* asserts that no statement is left */
}

static void test_returning_rows_are_done_whether_read_or_not(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	save(db, "ana", "d1", 1);
	save(db, "ben", "d1", 2);
	assert_true(db_exec(db, &SQL_SAMPLE_WITHDRAW, NULL, ARG_TEXT("d1")));
	assert_int_equal(db_changes(db), 2);
	assert_int_equal(count(db, "d1"), 0);
	db_close(db);
}

static void test_a_constraint_refuses_one_statement_only(void **state)
{
	(void)state;
	GError *error = NULL;
	struct db *db = open_migrated(":memory:");
	assert_true(db_begin(db, NULL));
	save(db, "ana", "d1", 1);
	assert_false(db_exec(
		db, &SQL_SAMPLE_SAVE, &error, ARG_TEXT("ben"), ARG_TEXT("d1"), ARG_NULL, ARG_INT(-1)));
	expect_error(
		&error, DB_ERROR_CONSTRAINT, "cannot run 'sample.save': CHECK constraint failed: score >= 0");
	assert_false(db_exec(db, &SQL_SAMPLE_JOIN_TEAM, &error, ARG_TEXT("ana"), ARG_INT(99)));
	expect_error(&error, DB_ERROR_CONSTRAINT, "FOREIGN KEY constraint failed");
	assert_false(db_exec(db, &SQL_SAMPLE_ADD_TEAM, &error, ARG_NULL));
	expect_error(&error, DB_ERROR_CONSTRAINT, "NOT NULL constraint failed: team.name");
	assert_true(db_exec(db, &SQL_SAMPLE_ADD_TEAM, NULL, ARG_TEXT("sales")));
	assert_int_equal(db_last_id(db), 1);
	assert_true(db_exec(db, &SQL_SAMPLE_JOIN_TEAM, NULL, ARG_TEXT("ana"), ARG_INT(db_last_id(db))));
	assert_true(db_commit(db, NULL));
	assert_int_equal(count(db, "d1"), 1);
	db_close(db);
}

static void test_a_misspelt_query_is_an_error(void **state)
{
	(void)state;
	static const struct sql bad = { .name = "sample.bad", .text = "SELECT nonsense FROM entry" };
	static const struct sql *const queries[] = { &SQL_SAMPLE_SAVE, &bad };
	static const struct sql_owner owner = { .name = "sample", .queries = queries, .query_count = 2 };
	static const struct sql_owner *const bad_owners[] = { &owner };
	GError *error = NULL;
	struct db *db = open_migrated(":memory:");
	assert_true(db_check(db, owners, 1, NULL));
	assert_false(db_check(db, bad_owners, 1, &error));
	expect_error(&error, DB_ERROR_OTHER, "cannot prepare 'sample.bad': no such column: nonsense");
	for (int i = 0; i < 2; i++) { /* told at every use, not only the first */
		g_autoptr(db_rows) rows = db_query(db, &bad);
		assert_false(db_next(rows));
		assert_false(db_end(rows, &error));
		expect_error(&error, DB_ERROR_OTHER, "no such column: nonsense");
	}
	db_close(db);
}

/* ---- transactions ---- */

static void test_savepoints_nest(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	assert_true(db_begin(db, NULL));
	assert_true(db_in_transaction(db));
	save(db, "ana", "d1", 1);
	assert_true(db_savepoint(db, NULL));
	save(db, "ben", "d1", 1);
	assert_true(db_savepoint(db, NULL));
	save(db, "cem", "d1", 1);
	assert_true(db_undo(db, NULL));
	assert_int_equal(count(db, "d1"), 2);
	assert_true(db_release(db, NULL));
	assert_true(db_savepoint(db, NULL));
	save(db, "dee", "d1", 1);
	assert_true(db_undo(db, NULL));
	assert_true(db_commit(db, NULL));
	assert_false(db_in_transaction(db));
	assert_int_equal(count(db, "d1"), 2);
	db_close(db);
}

static void test_rollback_forgets_and_may_be_repeated(void **state)
{
	(void)state;
	struct db *db = open_migrated(":memory:");
	assert_true(db_begin(db, NULL));
	save(db, "ana", "d1", 1);
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_OF_DAY, ARG_TEXT("d1"));
	assert_true(db_next(rows));
	db_rollback(db);
	db_rollback(db);
	assert_true(db_begin(db, NULL));
	db_rollback(db);
	assert_int_equal(count(db, "d1"), 0);
	assert_true(db_end(rows, NULL));
	assert_null(rows);
	db_close(db);
}

static void test_close_rolls_back(void **state)
{
	struct files *files = *state;
	struct db *db = open_migrated(files->db);
	save(db, "ana", "d1", 1);
	assert_true(db_begin(db, NULL));
	save(db, "ben", "d1", 1);
	db_close(db);
	db = open_migrated(files->db);
	assert_int_equal(count(db, "d1"), 1);
	db_close(db);
}

/* ---- files ---- */

static void test_a_reader_sees_commits_and_keeps_its_snapshot(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	struct db *writer = open_migrated(files->db);
	struct db *reader = open_good(files->db, DB_READER);
	assert_true(db_migrate(reader, owners, 1, NULL));
	assert_true(db_begin(writer, NULL));
	save(writer, "ana", "d1", 1);
	assert_int_equal(count(reader, "d1"), 0);
	assert_true(db_commit(writer, NULL));
	assert_int_equal(count(reader, "d1"), 1);

	assert_true(db_begin(reader, NULL));
	assert_int_equal(count(reader, "d1"), 1);
	save(writer, "ben", "d1", 1);
	assert_int_equal(count(reader, "d1"), 1);
	assert_true(db_checkpoint(writer, NULL)); /* a reader in the way is no error */
	assert_true(db_commit(reader, NULL));
	assert_int_equal(count(reader, "d1"), 2);

	assert_false(db_exec(reader, &SQL_SAMPLE_ADD_TEAM, &error, ARG_TEXT("x")));
	expect_error(
		&error, DB_ERROR_DISK, "cannot run 'sample.add_team': attempt to write a readonly database");
	db_close(writer);
	assert_int_equal(count(reader, "d1"), 2);
	db_close(reader);

	reader = open_good(files->db, DB_READER); /* and with nobody writing */
	assert_int_equal(count(reader, "d1"), 2);
	db_close(reader);
}

static void test_a_second_writer_is_refused(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	struct db *db = open_migrated(files->db);
	save(db, "ana", "d1", 1);
	assert_null(db_open(files->db, DB_WRITER, &error));
	g_autofree char *words =
		g_strdup_printf("another belltower (process %d) writes to it", (int)getpid());
	expect_error(&error, DB_ERROR_BUSY, words);
	save(db, "ben", "d1", 1); /* the first is not disturbed */
	db_close(db);
	db = open_migrated(files->db); /* and its end frees the place */
	assert_int_equal(count(db, "d1"), 2);
	db_close(db);
}

static void test_a_writer_that_was_killed_leaves_no_lock(void **state)
{
	struct files *files = *state;
	db_close(open_migrated(files->db));
	pid_t child = fork();
	if (child == 0) {
		struct db *db = db_open(files->db, DB_WRITER, NULL);
		gboolean ok = db && db_exec(db, &SQL_SAMPLE_ADD_TEAM, NULL, ARG_TEXT("kept")) &&
			      db_begin(db, NULL) && db_exec(db, &SQL_SAMPLE_ADD_TEAM, NULL, ARG_TEXT("lost"));
		_exit(ok ? 0 : 1); /* as a kill: nothing is closed */
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	struct db *db = open_migrated(files->db);
	assert_true(db_exec(db, &SQL_SAMPLE_ADD_TEAM, NULL, ARG_TEXT("lost")));
	assert_false(db_exec(db, &SQL_SAMPLE_ADD_TEAM, NULL, ARG_TEXT("kept")));
	db_close(db);
}

static void test_what_cannot_be_opened_says_why(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	g_autofree char *deep = files_path(files, "missing/belltower.db");
	assert_null(db_open(deep, DB_WRITER, &error));
	expect_error(&error, DB_ERROR_DISK, "missing/belltower.db.lock': no such file or directory");
	assert_null(db_open(deep, DB_READER, &error));
	expect_error(&error, DB_ERROR_DISK, "missing/belltower.db': no such file or directory");
	assert_null(db_open(files->db, DB_READER, &error));
	expect_error(&error, DB_ERROR_DISK, "belltower.db': no such file or directory");
	assert_false(g_file_test(files->db, G_FILE_TEST_EXISTS)); /* a reader makes none */

	files_write(files->db,
		"This is a shopping list, and long enough to be a header: milk, bread, butter, eggs.");
	for (int mode = DB_WRITER; mode <= DB_READER; mode++) {
		assert_null(db_open(files->db, (enum db_mode)mode, &error));
		expect_error(&error, DB_ERROR_CORRUPT, "belltower.db': file is not a database");
	}
	g_autoptr(GBytes) after = files_bytes(files->db);
	assert_int_equal(g_bytes_get_size(after), 83);

	assert_null(db_open(files->folder, DB_READER, &error));
	g_clear_error(&error);
}

/* Runs as an ordinary user, whom permissions stop; the code is the number of the check that failed. */
static int as_ordinary_user(const struct files *files)
{
	g_autoptr(GError) error = NULL;
	if (geteuid() == 0 && seteuid(65534) != 0)
		return 1;
	struct db *db = db_open(files->db, DB_WRITER, &error);
	if (db || !g_error_matches(error, DB_ERROR, DB_ERROR_DISK))
		return 2;
	if (!strstr(error->message, "belltower.db': read-only") &&
		!strstr(error->message, "ermission denied"))
		return 3;
	db = db_open(files->db, DB_READER, NULL);
	int status = db && count(db, "d1") == 1 ? 0 : 4;
	db_close(db);
	return status;
}

static void test_a_read_only_file_can_be_read_only(void **state)
{
	struct files *files = *state;
	struct db *db = open_migrated(files->db);
	save(db, "ana", "d1", 1);
	db_close(db);
	g_autofree char *lock = g_strconcat(files->db, ".lock", NULL);
	g_chmod(files->db, 0444);
	g_chmod(lock, 0666);
	g_chmod(files->folder, 0777);
	pid_t child = fork();
	if (child == 0)
		_exit(as_ordinary_user(files));
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_a_backup_is_whole_while_the_writer_works(void **state)
{
	struct files *files = *state;
	g_autofree char *copy = files_path(files, "copy.db");
	struct db *writer = open_migrated(files->db);
	struct db *reader = open_good(files->db, DB_READER);
	save(writer, "ana", "d1", 1);
	assert_true(db_begin(writer, NULL));
	save(writer, "ben", "d1", 1); /* not committed: not in the backup */
	files_write(copy, "an older backup");
	assert_true(db_backup(reader, copy, NULL));
	assert_true(db_commit(writer, NULL));
	db_close(reader);
	db_close(writer);
	struct db *db = open_migrated(copy);
	assert_int_equal(count(db, "d1"), 1);
	db_close(db);
}

static void test_a_backup_that_fails_leaves_the_older_one(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	g_autofree char *deep = files_path(files, "missing/copy.db");
	struct db *db = open_migrated(files->db);
	assert_false(db_backup(db, deep, &error));
	expect_error(&error, DB_ERROR_DISK, "copy.db.part': no such file or directory");
	db_close(db);
}

static void test_a_long_log_is_moved_into_the_file(void **state)
{
	struct files *files = *state;
	struct db *db = open_migrated(files->db);
	for (int i = 0; i < 6; i++) { /* each transaction about 1,100 pages */
		assert_true(db_begin(db, NULL));
		g_autofree char *text = g_strnfill(4000, 'x');
		for (int n = 0; n < 1100; n++) {
			g_autofree char *person = g_strdup_printf("p%d-%d", i, n);
			assert_true(db_exec(db, &SQL_SAMPLE_SAVE, NULL, ARG_TEXT(person), ARG_TEXT("d1"),
				ARG_TEXT(text), ARG_INT(n)));
		}
		assert_true(db_commit(db, NULL));
	}
	GStatBuf info;
	assert_int_equal(g_stat(files->db, &info), 0);
	assert_true(info.st_size > 10 << 20); /* commits checkpoint by themselves */
	g_autofree char *log = g_strconcat(files->db, "-wal", NULL);
	assert_int_equal(g_stat(log, &info), 0);
	assert_true(info.st_size < 32 << 20);
	assert_true(db_checkpoint(db, NULL));
	db_close(db);
	assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
}

#define ON_FILES(test) cmocka_unit_test_setup_teardown(test, files_make, files_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binds_by_number_not_by_place),
		cmocka_unit_test(test_gives_back_every_kind),
		cmocka_unit_test(test_a_query_runs_inside_itself),
		cmocka_unit_test(test_an_early_return_frees_the_statement),
		cmocka_unit_test(test_returning_rows_are_done_whether_read_or_not),
		cmocka_unit_test(test_a_constraint_refuses_one_statement_only),
		cmocka_unit_test(test_a_misspelt_query_is_an_error),
		cmocka_unit_test(test_savepoints_nest),
		cmocka_unit_test(test_rollback_forgets_and_may_be_repeated),
		ON_FILES(test_close_rolls_back),
		ON_FILES(test_a_reader_sees_commits_and_keeps_its_snapshot),
		ON_FILES(test_a_second_writer_is_refused),
		ON_FILES(test_a_writer_that_was_killed_leaves_no_lock),
		ON_FILES(test_what_cannot_be_opened_says_why),
		ON_FILES(test_a_read_only_file_can_be_read_only),
		ON_FILES(test_a_backup_is_whole_while_the_writer_works),
		ON_FILES(test_a_backup_that_fails_leaves_the_older_one),
		ON_FILES(test_a_long_log_is_moved_into_the_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
