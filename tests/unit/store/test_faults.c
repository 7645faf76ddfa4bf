/* SPDX-License-Identifier: MIT */
/*
 * The n-th change of the disk fails, for every n of a transaction: the failure is told, and whoever opens the
 * file afterwards, in order or after a power cut, finds all of the transaction or nothing.
 */
#include "tests/support/fault_vfs.h"
#include "tests/unit/store/store_files.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sample_sql.h"

enum {
	PEOPLE = 40,	 /* in one turn: some pages */
	TURNS_KEPT = 3,	 /* before the disk fails */
	SWEEP_MAX = 600, /* a sweep that has not come through by then is a mistake of the test */
};

static const struct sql_owner *const owners[] = { &SQL_SAMPLE };

static int64_t number(struct db *db, const struct sql *sql, const char *day)
{
	g_autoptr(db_rows) rows = db_query(db, sql, ARG_TEXT(day));
	return db_next(rows) ? db_int(rows, 0) : 0;
}

/* One person's part of a turn: two tables that must agree. */
static gboolean save(struct db *db, const char *day, int who, GError **error)
{
	char person[16];
	g_snprintf(person, sizeof person, "p%d", who);
	g_autofree char *text = g_strnfill(300, 'x');
	return db_savepoint(db, error) &&
	       db_exec(db, &SQL_SAMPLE_SAVE, error, ARG_TEXT(person), ARG_TEXT(day), ARG_TEXT(text),
		       ARG_INT(who)) &&
	       db_exec(db, &SQL_SAMPLE_ADD_TO_TOTAL, error, ARG_TEXT(day)) && db_release(db, error);
}

static gboolean save_all(struct db *db, const char *day, GError **error)
{
	for (int who = 0; who < PEOPLE; who++)
		if (!save(db, day, who, error))
			return FALSE;
	return TRUE;
}

static gboolean turn(struct db *db, const char *day, GError **error)
{
	if (!db_begin(db, error))
		return FALSE;
	if (save_all(db, day, error))
		return db_commit(db, error);
	db_rollback(db);
	return FALSE;
}

static struct db *open_migrated(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct db *db = open_good(path, DB_WRITER);
	if (!db_migrate(db, owners, 1, &error))
		fail_msg("%s", error->message);
	return db;
}

static void expect_all_or_nothing(struct db *db, const char *day, gboolean must_be_there)
{
	int64_t entries = number(db, &SQL_SAMPLE_COUNT_OF_DAY, day);
	assert_true(entries == PEOPLE || entries == 0);
	assert_int_equal(number(db, &SQL_SAMPLE_TOTAL, day), entries);
	if (must_be_there)
		assert_int_equal(entries, PEOPLE);
}

static void expect_kept(struct db *db)
{
	for (int i = 0; i < TURNS_KEPT; i++) {
		char day[16];
		g_snprintf(day, sizeof day, "kept%d", i);
		expect_all_or_nothing(db, day, TRUE);
	}
}

static void make_kept(const struct files *files)
{
	struct db *db = open_migrated(files->db);
	for (int i = 0; i < TURNS_KEPT; i++) {
		char day[16];
		g_snprintf(day, sizeof day, "kept%d", i);
		assert_true(turn(db, day, NULL));
	}
	db_close(db);
}

static void check_file(const char *path, gboolean must_be_there)
{
	struct db *db = open_migrated(path);
	expect_kept(db);
	expect_all_or_nothing(db, "today", must_be_there);
	assert_true(turn(db, "after", NULL)); /* and it works on */
	expect_all_or_nothing(db, "after", TRUE);
	db_close(db);
}

/* A program that is cut off at this moment, and one that closes in order on a disk that has healed. */
static void check_both_ends(
	struct fault_vfs *disk, const struct files *files, struct db *db, gboolean committed)
{
	g_autofree char *cut = files_crash_copy(files, "cut.db");
	fault_vfs_heal(disk);
	check_file(cut, committed);
	expect_kept(db);
	expect_all_or_nothing(db, "today", committed);
	db_close(db);
	check_file(files->db, committed);
}

/* One round of the sweep; FALSE when the turn made fewer than n changes, so that none failed. */
static gboolean fail_nth(struct fault_vfs *disk, int n, enum fault fault, gboolean once)
{
	struct files *files;
	GError *error = NULL;
	assert_int_equal(files_make((void **)&files), 0);
	make_kept(files);
	struct db *db = open_migrated(files->db);
	fault_vfs_fail(disk, n, fault, once);
	gboolean committed = turn(db, "today", &error);
	gboolean failed = fault_vfs_failures(disk) > 0;
	assert_true(committed == !error);
	assert_true(committed == !failed); /* no failure is swallowed */
	assert_false(db_in_transaction(db));
	if (error)
		expect_error(&error, DB_ERROR_DISK, "cannot run '");
	check_both_ends(disk, files, db, committed);
	files_remove((void **)&files);
	return failed;
}

static void sweep(enum fault fault, gboolean once)
{
	struct fault_vfs *disk = fault_vfs_install();
	int n = 1;
	while (n < SWEEP_MAX && fail_nth(disk, n, fault, once))
		n++;
	fault_vfs_remove(disk);
	print_message("swept %d changes\n", n - 1);
	assert_in_range(n, 10, SWEEP_MAX - 1);
}

static void test_an_io_error_at_every_write(void **state)
{
	(void)state;
	sweep(FAULT_IO, TRUE);
}

static void test_a_full_disk_from_every_write_on(void **state)
{
	(void)state;
	sweep(FAULT_FULL, FALSE);
}

static void test_a_torn_write_at_every_write(void **state)
{
	(void)state;
	sweep(FAULT_TORN, FALSE);
}

/* The failure may come before the commit, when a big transaction spills its pages: then the transaction is
 * lost. */
static void test_a_lost_transaction_lets_nothing_through(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	struct fault_vfs *disk = fault_vfs_install();
	struct db *db = open_migrated(files->db);
	assert_true(db_begin(db, NULL));
	fault_vfs_fail(disk, 1, FAULT_FULL, TRUE);
	char *big = g_strnfill(1 << 20, 'x');
	gboolean going = TRUE;
	for (int i = 0; i < 50 && going; i++) { /* the page cache holds 4 MB */
		char person[16];
		g_snprintf(person, sizeof person, "p%d", i);
		going = db_exec(db, &SQL_SAMPLE_SAVE, &error, ARG_TEXT(person), ARG_TEXT("today"),
			ARG_TEXT(big), ARG_INT(1));
	}
	g_free(big);
	assert_false(going);
	expect_error(&error, DB_ERROR_DISK, "cannot run 'sample.save': ");

	/* The disk is well again by now, but what the turn does next must not become a transaction of its
	 * own. */
	assert_true(db_in_transaction(db));
	assert_false(db_undo(db, &error));
	expect_error(&error, DB_ERROR_DISK, "the transaction is lost: cannot run 'sample.save'");
	assert_false(db_exec(db, &SQL_SAMPLE_ADD_TO_TOTAL, &error, ARG_TEXT("today")));
	expect_error(&error, DB_ERROR_DISK, "the transaction is lost");
	g_autoptr(db_rows) rows = db_query(db, &SQL_SAMPLE_TOTAL, ARG_TEXT("today"));
	assert_false(db_next(rows));
	assert_false(db_end(rows, &error));
	expect_error(&error, DB_ERROR_DISK, "the transaction is lost");
	assert_false(db_commit(db, &error));
	expect_error(&error, DB_ERROR_DISK, "the transaction is lost");
	assert_false(db_in_transaction(db));

	assert_int_equal(number(db, &SQL_SAMPLE_TOTAL, "today"), 0);
	assert_int_equal(number(db, &SQL_SAMPLE_COUNT_OF_DAY, "today"), 0);
	assert_true(turn(db, "today", NULL));
	db_close(db);
	fault_vfs_remove(disk);
}

/* Making a new file and its tables is a transaction too. */
static void test_a_migration_that_fails_anywhere_can_be_repeated(void **state)
{
	(void)state;
	struct fault_vfs *disk = fault_vfs_install();
	gboolean failed = TRUE;
	int n = 0;
	while (failed && n < SWEEP_MAX) {
		struct files *files;
		assert_int_equal(files_make((void **)&files), 0);
		struct db *db = open_good(files->db, DB_WRITER);
		fault_vfs_fail(disk, ++n, FAULT_IO, TRUE);
		gboolean migrated = db_migrate(db, owners, 1, NULL);
		failed = fault_vfs_failures(disk) > 0;
		assert_true(migrated || failed); /* SQLite itself survives one that only tidies up */
		fault_vfs_heal(disk);
		db_close(db);
		db = open_migrated(files->db);
		assert_true(turn(db, "today", NULL));
		db_close(db);
		files_remove((void **)&files);
	}
	fault_vfs_remove(disk);
	assert_in_range(n, 5, SWEEP_MAX - 1);
}

static void test_a_backup_on_a_failing_disk_keeps_the_older_one(void **state)
{
	struct files *files = *state;
	struct fault_vfs *disk = fault_vfs_install();
	struct db *db = open_migrated(files->db);
	g_autofree char *copy = files_path(files, "copy.db");
	gboolean made = FALSE;
	int n = 0;
	while (!made && n < SWEEP_MAX) {
		files_write(copy, "older");
		fault_vfs_fail(disk, ++n, FAULT_FULL, FALSE);
		made = db_backup(db, copy, NULL);
		fault_vfs_heal(disk);
		g_autoptr(GBytes) bytes = files_bytes(copy);
		assert_true(made == (g_bytes_get_size(bytes) > 5));
	}
	db_close(db);
	fault_vfs_remove(disk);
	assert_in_range(n, 3, SWEEP_MAX - 1);
}

/* A checkpoint that fails loses nothing: the log still has it all. */
static void test_a_failing_checkpoint_loses_nothing(void **state)
{
	struct files *files = *state;
	GError *error = NULL;
	struct fault_vfs *disk = fault_vfs_install();
	make_kept(files);
	struct db *db = open_migrated(files->db);
	assert_true(turn(db, "today", NULL));
	fault_vfs_fail(disk, 2, FAULT_TORN, FALSE);
	assert_false(db_checkpoint(db, &error));
	expect_error(&error, DB_ERROR_DISK, "cannot checkpoint '");
	check_both_ends(disk, files, db, TRUE);
	fault_vfs_remove(disk);
}

#define ON_FILES(test) cmocka_unit_test_setup_teardown(test, files_make, files_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_io_error_at_every_write),
		cmocka_unit_test(test_a_full_disk_from_every_write_on),
		cmocka_unit_test(test_a_torn_write_at_every_write),
		ON_FILES(test_a_lost_transaction_lets_nothing_through),
		cmocka_unit_test(test_a_migration_that_fails_anywhere_can_be_repeated),
		ON_FILES(test_a_backup_on_a_failing_disk_keeps_the_older_one),
		ON_FILES(test_a_failing_checkpoint_loses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
