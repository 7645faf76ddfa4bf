/* SPDX-License-Identifier: MIT */
/* Numbers that are never given twice: over rollbacks, savepoints, reopening and the death of the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/sequence.h"
#include "core_store.h"
#include "tests/unit/store/store_files.h"

struct taken {
	struct db *db;
	struct sequence sequence;
	GHashTable *given; /* numbers that left in a committed transaction, or still may */
	gint64 last;
};

static gint64 take(struct taken *t)
{
	g_autoptr(GError) error = NULL;
	gint64 number = sequence_next(&t->sequence, t->db, &error);
	core_check(number > 0, error);
	assert_true(number > t->last); /* always greater: rows are sent in the order of their numbers */
	t->last = number;
	assert_false(g_hash_table_contains(t->given, GINT_TO_POINTER((gint)number)));
	return number;
}

static void keep(struct taken *t, gint64 number)
{
	g_hash_table_add(t->given, GINT_TO_POINTER((gint)number));
}

static int make_taken(void **state)
{
	struct files *files;
	assert_int_equal(files_make((void **)&files), 0);
	struct taken *t = g_new0(struct taken, 1);
	t->db = core_store_open(files->db);
	t->sequence.name = "outbox";
	t->given = g_hash_table_new(NULL, NULL);
	void **both = g_new(void *, 2);
	both[0] = t;
	both[1] = files;
	*state = both;
	return 0;
}

static int free_taken(void **state)
{
	void **both = *state;
	struct taken *t = both[0];
	g_hash_table_unref(t->given);
	db_close(t->db);
	g_free(t);
	files_remove(&both[1]);
	g_free(both);
	return 0;
}

static struct taken *taken_of(void **state)
{
	return (*(void ***)state)[0];
}

static struct files *files_of(void **state)
{
	return (*(void ***)state)[1];
}

static void test_numbers_begin_at_one_and_grow_by_one(void **state)
{
	struct taken *t = taken_of(state);
	core_begin(t->db);
	for (gint64 n = 1; n <= 2500; n++)
		assert_int_equal(take(t), n);
	core_commit(t->db);
	/* a block is a thousand numbers and one write */
	assert_int_equal(CORE_NUMBER(t->db, "SELECT next FROM sequence WHERE name = 'outbox'"), 3001);
}

static void test_sequences_do_not_mix(void **state)
{
	struct taken *t = taken_of(state);
	struct sequence other = { .name = "job" };
	core_begin(t->db);
	assert_int_equal(take(t), 1);
	assert_int_equal(sequence_next(&other, t->db, NULL), 1);
	assert_int_equal(take(t), 2);
	core_commit(t->db);
}

static void test_over_a_rollback(void **state)
{
	struct taken *t = taken_of(state);
	for (int i = 0; i < 50; i++) {
		core_begin(t->db);
		gint64 number = take(t);
		if (i % 3) {
			core_commit(t->db);
			keep(t, number);
		} else {
			db_rollback(t->db);
			sequence_forget(&t->sequence);
		}
	}
}

static void test_over_an_undone_savepoint(void **state)
{
	struct taken *t = taken_of(state);
	core_begin(t->db);
	keep(t, take(t));
	for (int i = 0; i < 10; i++) {
		assert_true(db_savepoint(t->db, NULL));
		for (int k = 0; k < 700; k++) /* the block ends inside every other savepoint */
			take(t);
		assert_true(db_undo(t->db, NULL));
		sequence_forget(&t->sequence);
		keep(t, take(t));
	}
	core_commit(t->db);
}

static void reopen(struct taken *t, const char *path)
{
	db_close(t->db);
	t->db = core_store_open(path);
	t->sequence = (struct sequence){ .name = "outbox" };
}

/* What left in a committed transaction may stand on a platform: no later life gives that number again. */
static void test_over_reopening(void **state)
{
	struct taken *t = taken_of(state);
	for (int i = 0; i < 20; i++) {
		core_begin(t->db);
		keep(t, take(t));
		core_commit(t->db);
		reopen(t, files_of(state)->db);
	}
}

static void test_over_a_rollback_and_reopening(void **state)
{
	struct taken *t = taken_of(state);
	core_begin(t->db);
	keep(t, take(t));
	core_commit(t->db);
	core_begin(t->db);
	for (int k = 0; k < 1500; k++)
		take(t);
	db_rollback(t->db);
	sequence_forget(&t->sequence);
	core_begin(t->db);
	keep(t, take(t)); /* of a new block, that begins behind what the lost ones had */
	core_commit(t->db);
	reopen(t, files_of(state)->db);
	core_begin(t->db);
	keep(t, take(t));
	core_commit(t->db);
}

static void test_over_a_crash(void **state)
{
	struct taken *t = taken_of(state);
	core_begin(t->db);
	gint64 number = take(t);
	core_commit(t->db);
	keep(t, number);
	g_autofree char *cut = files_crash_copy(files_of(state), "cut.db");
	reopen(t, cut);
	core_begin(t->db);
	take(t);
	core_commit(t->db);
}

static void test_without_a_store_there_is_no_number(void **state)
{
	(void)state;
	GError *error = NULL;
	struct db *db = db_open(":memory:", DB_WRITER, &error); /* no tables */
	struct sequence sequence = { .name = "outbox" };
	assert_int_equal(sequence_next(&sequence, db, &error), 0);
	assert_non_null(error);
	g_clear_error(&error);
	db_close(db);
}

#define ON_STORE(test) cmocka_unit_test_setup_teardown(test, make_taken, free_taken)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STORE(test_numbers_begin_at_one_and_grow_by_one),
		ON_STORE(test_sequences_do_not_mix),
		ON_STORE(test_over_a_rollback),
		ON_STORE(test_over_an_undone_savepoint),
		ON_STORE(test_over_reopening),
		ON_STORE(test_over_a_rollback_and_reopening),
		ON_STORE(test_over_a_crash),
		cmocka_unit_test(test_without_a_store_there_is_no_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
