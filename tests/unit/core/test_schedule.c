/* SPDX-License-Identifier: MIT */
/* Jobs: named, moved, cancelled, due in order, and gone with the transaction that handled them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/schedule.h"
#include "core_store.h"

struct plan {
	struct db *db;
	struct schedule *schedule;
};

static int make_plan(void **state)
{
	struct plan *p = g_new0(struct plan, 1);
	p->db = core_store_open(":memory:");
	p->schedule = schedule_new(p->db);
	core_begin(p->db);
	*state = p;
	return 0;
}

static int free_plan(void **state)
{
	struct plan *p = *state;
	schedule_free(p->schedule);
	db_close(p->db);
	g_free(p);
	return 0;
}

static void put(struct plan *p, const char *word, const char *key, int64_t due_ms, gboolean once)
{
	g_autoptr(GError) error = NULL;
	core_check(schedule_put(p->schedule, "standup", word, key, due_ms, once, &error), error);
}

static int64_t next_ms(struct plan *p)
{
	g_autoptr(GError) error = NULL;
	int64_t due_ms = 0;
	core_check(schedule_next(p->schedule, &due_ms, &error), error);
	return due_ms;
}

/* The due jobs as "word key@ms …". */
static char *due(struct plan *p, int64_t now_ms, guint most)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) events = schedule_due(p->schedule, now_ms, most, &error);
	core_check(events != NULL, error);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < events->len; i++) {
		const struct event *event = events->pdata[i];
		assert_int_equal(event->kind, EVENT_DUE);
		assert_true(event->row > 0);
		assert_null(event->person);
		g_string_append_printf(out, "%s%s %s@%" G_GINT64_FORMAT, i ? ", " : "", event->word,
			event->value, event->at_ms);
	}
	return g_string_free(out, FALSE);
}

static void expect_due(struct plan *p, int64_t now_ms, const char *expected)
{
	g_autofree char *got = due(p, now_ms, 100);
	assert_string_equal(got, expected);
}

static gboolean finish(struct plan *p, gint64 job, int64_t due_ms)
{
	g_autoptr(GError) error = NULL;
	gboolean was_due = FALSE;
	core_check(schedule_finish(p->schedule, job, due_ms, &was_due, &error), error);
	return was_due;
}

static void test_the_earliest_first_and_only_what_is_due(void **state)
{
	struct plan *p = *state;
	assert_int_equal(next_ms(p), G_MAXINT64);
	put(p, "remind", "ana", 300, FALSE);
	put(p, "remind", "bo", 100, FALSE);
	put(p, "close", "sales", 200, FALSE);
	put(p, "open", "sales", 200, FALSE);
	assert_int_equal(next_ms(p), 100);
	expect_due(p, 99, "");
	expect_due(p, 100, "standup.remind bo@100");
	expect_due(p, 299, "standup.remind bo@100, standup.close sales@200, standup.open sales@200");
	g_autofree char *two = due(p, 1000, 2);
	assert_string_equal(two, "standup.remind bo@100, standup.close sales@200");
}

static void test_naming_a_job_again_moves_it(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	put(p, "remind", "ana", 500, FALSE);
	assert_int_equal(next_ms(p), 500);
	put(p, "remind", "ana", 100, FALSE);
	assert_int_equal(next_ms(p), 100);
	expect_due(p, 1000, "standup.remind ana@100");
}

static void test_once_keeps_the_earlier_time(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, TRUE);
	put(p, "remind", "ana", 400, TRUE);
	assert_int_equal(next_ms(p), 300);
	put(p, "remind", "ana", 200, TRUE); /* the clock was put back */
	assert_int_equal(next_ms(p), 200);
	put(p, "remind", "bo", 100, TRUE);
	assert_int_equal(next_ms(p), 100);
}

static void test_a_cancelled_job_is_gone(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	put(p, "remind", "bo", 400, FALSE);
	assert_true(schedule_cancel(p->schedule, "standup", "remind", "ana", NULL));
	assert_true(schedule_cancel(p->schedule, "standup", "remind", "nobody", NULL));
	assert_true(schedule_cancel(p->schedule, "stall", "remind", "bo", NULL)); /* another ritual's name */
	assert_int_equal(next_ms(p), 400);
	expect_due(p, 1000, "standup.remind bo@400");
}

static void test_a_finished_job_is_gone(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	assert_true(finish(p, 1, 300));
	assert_false(finish(p, 1, 300));
	assert_int_equal(next_ms(p), G_MAXINT64);
	put(p, "remind", "ana", 600, FALSE); /* its name is free again */
	assert_int_equal(next_ms(p), 600);
}

/* Two jobs are due together; the first one's ritual moves the second. */
static void test_a_job_that_was_moved_meanwhile_does_not_end(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	g_autoptr(GPtrArray) events = schedule_due(p->schedule, 1000, 100, NULL);
	const struct event *event = events->pdata[0];
	put(p, "remind", "ana", 2000, FALSE);
	assert_false(finish(p, event->row, event->at_ms));
	assert_int_equal(next_ms(p), 2000);
	expect_due(p, 2000, "standup.remind ana@2000");
}

static void test_a_rollback_brings_jobs_back(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	core_commit(p->db);
	core_begin(p->db);
	put(p, "remind", "bo", 100, FALSE);
	assert_true(finish(p, 1, 300));
	assert_int_equal(next_ms(p), 100);
	db_rollback(p->db);
	schedule_rolled_back(p->schedule);
	core_begin(p->db);
	assert_int_equal(next_ms(p), 300);
	put(p, "remind", "cai", 50, FALSE); /* with a number of its own, though the store forgot the block */
	assert_int_equal(next_ms(p), 50);
	assert_int_equal(CORE_NUMBER(p->db, "SELECT COUNT(*) FROM job"), 2);
}

static void test_an_undone_savepoint_brings_jobs_back(void **state)
{
	struct plan *p = *state;
	put(p, "remind", "ana", 300, FALSE);
	assert_int_equal(next_ms(p), 300);
	assert_true(db_savepoint(p->db, NULL));
	put(p, "remind", "ana", 100, FALSE);
	assert_int_equal(next_ms(p), 100);
	assert_true(db_undo(p->db, NULL));
	schedule_rolled_back(p->schedule);
	assert_int_equal(next_ms(p), 300);
}

static gboolean stands(struct plan *p, const char *key)
{
	return schedule_stands(p->schedule, "standup", "board", key);
}

/* It may forget, but must never tell of a job that has ended: nobody would put it again. */
static void test_what_was_put_once_is_known_to_stand_until_it_ends(void **state)
{
	struct plan *p = *state;
	assert_false(stands(p, "sales"));
	put(p, "board", "sales", 100, TRUE);
	put(p, "board", "sales", 200, TRUE);
	put(p, "board", "north", 100, TRUE);
	assert_true(stands(p, "sales"));
	assert_false(schedule_stands(p->schedule, "standup", "remind", "sales"));
	assert_true(finish(p, CORE_NUMBER(p->db, "SELECT id FROM job WHERE key = 'sales'"), 100));
	assert_false(stands(p, "sales"));
	assert_true(stands(p, "north"));
	core_check(schedule_cancel(p->schedule, "standup", "board", "north", NULL), NULL);
	assert_false(stands(p, "north"));
	put(p, "board", "sales", 100, TRUE);
	assert_true(stands(p, "sales"));
	schedule_rolled_back(p->schedule);
	assert_false(stands(p, "sales"));
	/* Put by an earlier life: it will not be told by its number when it ends. */
	put(p, "board", "sales", 300, TRUE);
	assert_int_equal(CORE_NUMBER(p->db, "SELECT due_ms FROM job WHERE key = 'sales'"), 100);
	assert_true(finish(p, CORE_NUMBER(p->db, "SELECT id FROM job WHERE key = 'sales'"), 100));
	assert_false(stands(p, "sales"));
}

#define ON_PLAN(test) cmocka_unit_test_setup_teardown(test, make_plan, free_plan)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PLAN(test_the_earliest_first_and_only_what_is_due),
		ON_PLAN(test_naming_a_job_again_moves_it),
		ON_PLAN(test_once_keeps_the_earlier_time),
		ON_PLAN(test_a_cancelled_job_is_gone),
		ON_PLAN(test_a_finished_job_is_gone),
		ON_PLAN(test_a_job_that_was_moved_meanwhile_does_not_end),
		ON_PLAN(test_a_rollback_brings_jobs_back),
		ON_PLAN(test_an_undone_savepoint_brings_jobs_back),
		ON_PLAN(test_what_was_put_once_is_known_to_stand_until_it_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
