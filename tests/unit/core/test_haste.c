/* SPDX-License-Identifier: MIT */
/*
 * A batch is handled in haste first, without savepoints; when anything in it fails all of it is undone and handled
 * again with care. Nobody may see that there were two tries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/log.h"
#include "core_store.h"
#include "house.h"
#include "office.h"

/* ---- dispatch ---- */

typedef gboolean handle_fn(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error);

static void handle_all(struct house *h, const char *const *texts, handle_fn *handle)
{
	g_autoptr(GError) error = NULL;
	core_begin(h->db);
	for (int i = 0; texts[i]; i++) {
		struct event *event = house_said(i % 2 ? "U2" : "U1", "C1", texts[i]);
		g_free(event->message);
		event->message = g_strdup_printf("%d.0", i + 1);
		event->keys[0] = g_strdup_printf("Ev%d", i + 1);
		core_check(handle(h->dispatch, event, h->now_ms, NULL, &error), error);
		event_free(event);
	}
	core_check(dispatch_settle(h->dispatch, h->now_ms, &error) && outbox_refill(h->outbox, &error), error);
	core_commit(h->db);
	g_autoptr(GPtrArray) rows = outbox_take_handed(h->outbox);
	if (rows)
		g_ptr_array_extend_and_steal(h->handed, g_steal_pointer(&rows));
}

/* All that the store has kept, in words. */
static char *kept(struct house *h)
{
	static const struct sql query = { .name = "kept",
		.text = "SELECT * FROM (SELECT 'note ' || id || text FROM note "
			"UNION ALL SELECT 'job ' || id || ritual || word || key || due_ms FROM job "
			"UNION ALL SELECT 'seen ' || key FROM seen "
			"UNION ALL SELECT 'heard ' || channel || message FROM last_heard "
			"UNION ALL SELECT 'outbox ' || id || state || kind || IFNULL(content, '') || IFNULL(word, '') FROM outbox "
			"UNION ALL SELECT 'letter ' || id || event || error FROM dead_letter "
			"UNION ALL SELECT 'sequence ' || name || next FROM sequence) ORDER BY 1" };
	return house_texts_of(h, &query);
}

static void test_haste_and_care_leave_the_same(void **state)
{
	(void)state;
	static const char *const texts[] = { "note one", "talk", "rehearse it", "note to both", "note one", "", NULL };
	struct house *hasty = house_new(), *careful = house_new();
	handle_all(hasty, texts, dispatch_quickly);
	handle_all(careful, texts, dispatch_alone);
	g_autofree char *kept_in_haste = kept(hasty), *kept_with_care = kept(careful);
	assert_string_equal(kept_in_haste, kept_with_care);
	g_autofree char *handed_in_haste = house_handed(hasty), *handed_with_care = house_handed(careful);
	assert_string_equal(handed_in_haste, handed_with_care);
	assert_non_null(strstr(handed_in_haste, "react C1 1.0 eyes"));
	house_close(hasty);
	house_close(careful);
}

static const struct {
	const char *text, *error;
} failures[] = {
	{ "fail", "the rehearsal fails" },
	{ "refused", "cannot run 'rehearsal.note': CHECK constraint failed: text <> 'refused'" },
};

/* It says what failed, and leaves to its caller both the undoing and the second try. */
static void test_haste_ends_with_the_rituals_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		struct house *h = house_new();
		g_autofree char *before = kept(h);
		g_autoptr(GError) error = NULL;
		struct event *event = house_said("U1", "C1", failures[i].text);
		core_begin(h->db);
		assert_false(dispatch_quickly(h->dispatch, event, h->now_ms, NULL, &error));
		assert_string_equal(error->message, failures[i].error);
		assert_false(dispatch_is_store_failure(error));
		assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM dead_letter"), 0);
		db_rollback(h->db);
		outbox_rolled_back(h->outbox);
		schedule_rolled_back(h->schedule);
		dispatch_rolled_back(h->dispatch);
		core_check(roster_reload(h->roster, NULL), NULL);
		g_autofree char *after = kept(h);
		assert_string_equal(after, before);
		house_do(h, event); /* the haste is over: this one fails alone */
		assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM dead_letter"), 1);
		house_close(h);
	}
}

/* ---- the clerk's two tries ---- */

enum { MANY = 300 };

/* The words that each of MANY receipts has in a batch. */
static const char *word_of(gint64 receipt)
{
	return receipt == 7 || receipt == 200 ? "fail" : receipt == 201 ? "refused" : "note";
}

static void put_many(struct office *o, const char *(*word)(gint64 receipt))
{
	for (gint64 receipt = 1; receipt <= MANY; receipt++)
		office_say(o, receipt, word(receipt));
}

static const char *one_fails(gint64 receipt)
{
	return receipt == 150 ? "fail" : "note";
}

static guint count(const char *list, const char *what)
{
	guint n = 0;
	for (const char *at = list; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void expect_all_verdicts(struct office *o, const char *verdict)
{
	g_autoptr(GString) expected = g_string_new(NULL);
	for (gint64 receipt = 1; receipt <= MANY; receipt++)
		g_string_append_printf(expected, "%s%" G_GINT64_FORMAT " %s", receipt > 1 ? ", " : "", receipt, verdict);
	assert_string_equal(o->verdicts->str, expected->str);
}

/* No effect is missing, and none stands twice, in the store or on its way to the sender. */
static void expect_effects(struct office *o, guint notes, guint failed)
{
	assert_int_equal(office_notes(o), notes);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM seen WHERE key LIKE ' Ev%'"), notes + failed);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter"), failed);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM job WHERE word = 'after'"), notes > 0);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM member"), 2);
	assert_int_equal(count(o->rows->str, "react C1"), notes);
	assert_int_equal(count(o->rows->str, "post C1"), notes > 0);	/* one board */
	assert_int_equal(count(o->rows->str, "private U1"), failed); /* one plain sentence each */
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM outbox WHERE state = 0"), 0);
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < o->handed->len; i++)
		assert_true(g_hash_table_add(ids, GINT_TO_POINTER((gint)((struct outbox_row *)o->handed->pdata[i])->id)));
}

static void test_one_failing_ritual_in_a_batch_of_many(void **state)
{
	struct office *o = *state;
	office_open_and_close(o);
	put_many(o, one_fails);
	clerk_start(o->clerk);
	office_wait_idle(o);
	clerk_stop(o->clerk);
	assert_in_range(clerk_batches(o->clerk), 1, 2); /* two tries are one batch; the wake-up may be one of its own */
	expect_all_verdicts(o, "kept");
	expect_effects(o, MANY - 1, 1);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter WHERE ritual = 'rehearsal' AND "
					    "error = 'the rehearsal fails' AND event LIKE '%Ev150%'"),
		1);
	assert_string_equal(o->news->str, "");
}

static void test_failing_more_than_once(void **state)
{
	struct office *o = *state;
	office_open_and_close(o);
	put_many(o, word_of);
	clerk_start(o->clerk);
	office_wait_idle(o);
	clerk_stop(o->clerk);
	expect_all_verdicts(o, "kept");
	expect_effects(o, MANY - 3, 3);
}

/* The next batch is hasty again, and a failure that comes back is dealt with as the first was. */
static void test_failing_in_one_batch_after_the_other(void **state)
{
	struct office *o = *state;
	office_open(o);
	for (gint64 receipt = 1; receipt <= 6; receipt++) {
		office_say(o, receipt, receipt % 2 ? "fail" : "note");
		office_wait_idle(o);
	}
	clerk_stop(o->clerk);
	assert_string_equal(o->verdicts->str, "1 kept, 2 kept, 3 kept, 4 kept, 5 kept, 6 kept");
	assert_int_equal(count(o->rows->str, "private U1"), 3);
	assert_int_equal(office_notes(o), 3);
}

/* A job whose ritual fails spoils neither the words of its batch nor the other jobs, and does not ring again. */
static void test_a_failing_job_in_a_batch(void **state)
{
	struct office *o = *state;
	static const char *const keys[] = { "one", "fail", "two", NULL };
	office_open_and_close(o);
	core_begin(o->db);
	struct schedule *schedule = schedule_new(o->db);
	for (int i = 0; keys[i]; i++)
		core_check(schedule_put(schedule, "rehearsal", "ring", keys[i], clock_now_ms(o->clock), FALSE, NULL), NULL);
	schedule_free(schedule);
	core_commit(o->db);
	put_many(o, one_fails);
	clerk_start(o->clerk);
	office_wait_idle(o);
	clerk_wake(o->clerk);
	office_wait_idle(o);
	clerk_stop(o->clerk);
	expect_all_verdicts(o, "kept");
	assert_int_equal(office_notes(o), MANY - 1 + 2);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter"), 2);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM job WHERE word = 'ring'"), 0);
	assert_int_equal(count(o->rows->str, "private U1"), 1); /* nobody waits for a job */
}

/* Channels in which something has been heard, as another reader of the database sees it. */
static int64_t heard(struct office *o)
{
	struct db *reader = open_good(o->files->db, DB_READER);
	int64_t channels = CORE_NUMBER(reader, "SELECT COUNT(*) FROM last_heard WHERE message <> ''");
	db_close(reader);
	return channels;
}

/* The second try goes well until its commit: nothing of it may be seen, and the platform delivers all again. */
static void test_failing_at_the_commit_of_the_second_try(void **state)
{
	struct office *o = *state;
	office_open_and_close(o);
	put_many(o, one_fails);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	clerk_start(o->clerk);
	OFFICE_UNTIL(o->verdict_count == MANY);
	expect_all_verdicts(o, "not kept");
	assert_string_equal(o->rows->str, "");
	assert_int_equal(office_notes(o), 0);
	fault_vfs_heal(o->disk);
	clerk_wake(o->clerk);
	OFFICE_UNTIL(strcmp(o->news->str, "failing, works") == 0);
	office_wait_idle(o);
	office_forget(o);
	/* The batches that found the store well again must not remember what the lost one had heard. */
	assert_int_equal(heard(o), 0);
	put_many(o, one_fails);
	office_wait_idle(o);
	assert_int_equal(heard(o), 1);
	clerk_stop(o->clerk);
	expect_all_verdicts(o, "kept");
	expect_effects(o, MANY - 1, 1);
}

static gboolean is_kept(struct office *o, int receipt)
{
	g_autofree char *text = g_strdup_printf(", %d kept,", receipt);
	g_autofree char *list = g_strdup_printf(", %s,", o->verdicts->str);
	return strstr(list, text) != NULL;
}

/* Each change of the disk in turn fails once, of a batch in which a ritual fails too; what is not acknowledged is
 * delivered again. TRUE when there was no such change. */
static gboolean survives(struct office *o, int n)
{
	enum { FEW = 5, FAILING = 3 };
	office_open_and_close(o);
	for (int i = 1; i <= FEW; i++)
		office_say(o, i, i == FAILING ? "fail" : "note");
	fault_vfs_fail(o->disk, n, FAULT_IO, TRUE);
	clerk_start(o->clerk);
	OFFICE_UNTIL(o->verdict_count == FEW);
	gboolean beyond = fault_vfs_failures(o->disk) == 0;
	fault_vfs_heal(o->disk);
	for (int i = 1; i <= FEW; i++) {
		if (!is_kept(o, i))
			office_say(o, i, i == FAILING ? "fail" : "note");
	}
	office_wait_idle(o);
	clerk_stop(o->clerk);
	for (int i = 1; i <= FEW; i++)
		assert_true(is_kept(o, i));
	expect_effects(o, FEW - 1, 1);
	return beyond;
}

static void test_whatever_write_fails(void **state)
{
	(void)state;
	gboolean beyond = FALSE;
	int n = 0;
	while (!beyond) {
		void *office = NULL;
		assert_int_equal(office_make(&office), 0);
		beyond = survives(office, ++n);
		office_free(&office);
	}
	assert_in_range(n, 3, 200); /* there were some */
}

#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, office_make, office_free)

int main(void)
{
	log_set_level((enum log_level) - 1); /* failures are what these tests are about */
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_haste_and_care_leave_the_same),
		cmocka_unit_test(test_haste_ends_with_the_rituals_failure),
		IN_OFFICE(test_one_failing_ritual_in_a_batch_of_many),
		IN_OFFICE(test_failing_more_than_once),
		IN_OFFICE(test_failing_in_one_batch_after_the_other),
		IN_OFFICE(test_a_failing_job_in_a_batch),
		IN_OFFICE(test_failing_at_the_commit_of_the_second_try),
		cmocka_unit_test(test_whatever_write_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
