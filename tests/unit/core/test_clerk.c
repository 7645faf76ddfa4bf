/* SPDX-License-Identifier: MIT */
/*
 * The clerk with its own thread, a store on a disk that may fail, and the loop. Time stands still; what is
 * waited for is always the clerk's next word, and alarm(2) ends a test that waits in vain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "core/clerk.h"
#include "core_store.h"
#include "house.h"
#include "rehearsal.h"
#include "tests/support/fault_vfs.h"
#include "tests/unit/store/store_files.h"

struct office {
	struct files *files;
	struct fault_vfs *disk;
	struct db *db;
	struct clock *clock;
	struct config *config;
	struct texts *texts;
	struct clerk *clerk;
	GString *verdicts; /* "5 kept, 6 not kept, …" */
	GString *rows;	   /* "post C1, …" */
	GPtrArray *handed; /* struct outbox_row */
	GString *news;	   /* "failing, works, configured, …" */
	char *notes;	   /* the last ones, JSON; NULL: none were told */
	const struct config *old;
	int64_t due_ms;
	guint drained, verdict_count;
	gboolean checks_reader; /* each verdict's event must be readable by others already */
	char *problem;
};

/* ---- what the clerk says, on the loop ---- */

static void append(GString *list, const char *text)
{
	g_string_append_printf(list, "%s%s", list->len ? ", " : "", text);
}

static int64_t notes_seen_by_others(struct office *o)
{
	struct db *reader = open_good(o->files->db, DB_READER);
	int64_t notes = CORE_NUMBER(reader, "SELECT COUNT(*) FROM note");
	db_close(reader);
	return notes;
}

static void take_verdict(gpointer data, const char *workspace, const struct verdict *verdict)
{
	struct office *o = data;
	assert_string_equal(workspace, "acme");
	o->verdict_count++;
	g_autofree char *text = g_strdup_printf(
		"%" G_GINT64_FORMAT " %s", verdict->receipt, verdict->kept ? "kept" : "not kept");
	append(o->verdicts, text);
	if (verdict->problems)
		o->problem = g_strdup(g_array_index(verdict->problems, struct event_input, 0).value);
	if (o->checks_reader && verdict->kept)
		assert_true(notes_seen_by_others(o) >= verdict->receipt);
}

static void take_row(gpointer data, struct outbox_row *take)
{
	struct office *o = data;
	const char *parts[] = { outbox_kind_name(take->kind), take->person ? take->person : take->channel };
	g_autofree char *text = g_strdup_printf(
		"%s %s%s", parts[0], parts[1] ? parts[1] : take->word, take->in_doubt ? " in doubt" : "");
	append(o->rows, text);
	g_ptr_array_add(o->handed, take);
}

static void take_due(gpointer data, int64_t due_ms)
{
	((struct office *)data)->due_ms = due_ms;
}

static void take_drained(gpointer data)
{
	((struct office *)data)->drained++;
}

static void take_configured(gpointer data, const struct config *old)
{
	struct office *o = data;
	append(o->news, "configured");
	o->old = old;
}

static void take_failing(gpointer data, gboolean failing)
{
	append(((struct office *)data)->news, failing ? "failing" : "works");
}

static void take_notes(gpointer data, const cJSON *notes)
{
	struct office *o = data;
	g_free(o->notes);
	o->notes = json_print(notes);
}

static const struct clerk_events events = {
	.verdict = take_verdict,
	.row = take_row,
	.due = take_due,
	.drained = take_drained,
	.configured = take_configured,
	.store_failing = take_failing,
	.notes = take_notes,
};

/* ---- the office ---- */

static void hire(struct office *o)
{
	gsize count;
	const struct sql_owner *const *owners = rehearsal_schema(&count);
	g_autoptr(GError) error = NULL;
	o->db = open_good(o->files->db, DB_WRITER);
	core_check(db_migrate(o->db, owners, count, &error), error);
	o->clerk = clerk_new(
		&(struct clerk_setup){ o->db, o->clock, o->config, o->texts, rehearsals, &events, o },
		&error);
	core_check(o->clerk != NULL, error);
}

static void dismiss(struct office *o)
{
	clerk_free(o->clerk);
	db_close(o->db);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static int make_office(void **state)
{
	struct office *o = g_new0(struct office, 1);
	alarm(60);
	o->disk = fault_vfs_install();
	assert_int_equal(files_make((void **)&o->files), 0);
	o->clock = clock_new_frozen(1772413200000);
	o->config = house_config();
	o->texts = house_texts();
	o->verdicts = g_string_new(NULL);
	o->rows = g_string_new(NULL);
	o->news = g_string_new(NULL);
	o->handed = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	hire(o);
	*state = o;
	return 0;
}

static int free_office(void **state)
{
	struct office *o = *state;
	dismiss(o);
	g_string_free(o->verdicts, TRUE);
	g_string_free(o->rows, TRUE);
	g_string_free(o->news, TRUE);
	g_ptr_array_unref(o->handed);
	g_free(o->problem);
	g_free(o->notes);
	texts_free(o->texts);
	config_free(o->config);
	clock_free(o->clock);
	files_remove((void **)&o->files);
	fault_vfs_remove(o->disk);
	g_free(o);
	alarm(0);
	return 0;
}

static void forget(struct office *o)
{
	g_string_truncate(o->verdicts, 0);
	g_string_truncate(o->rows, 0);
	g_string_truncate(o->news, 0);
}

#define UNTIL(condition)                                                                                     \
	while (!(condition))                                                                                 \
	g_main_context_iteration(NULL, TRUE)

static void wait_idle(struct office *o)
{
	while (!clerk_is_idle(o->clerk)) {
		g_main_context_iteration(NULL, FALSE);
		g_thread_yield();
	}
}

/* Ana and Bo are in the team, and all questions of the start are put. */
static void open_office(struct office *o)
{
	clerk_start(o->clerk);
	clerk_put(o->clerk, house_people("U1", "Ana", "C1"));
	clerk_put(o->clerk, house_people("U2", "Bo", "C1"));
	wait_idle(o);
	forget(o);
}

static void put(struct office *o, struct event *take, gint64 receipt)
{
	take->receipt = receipt;
	take->keys[0] = g_strdup_printf("Ev%" G_GINT64_FORMAT, receipt);
	clerk_put(o->clerk, take);
}

static void say(struct office *o, gint64 receipt, const char *text)
{
	put(o, house_said("U1", "C1", text), receipt);
}

static void expect_notes(struct office *o, gint64 notes)
{
	assert_int_equal(notes_seen_by_others(o), notes);
}

/* ---- batches ---- */

static void test_the_start_plans_and_asks(void **state)
{
	struct office *o = *state;
	clerk_start(o->clerk);
	wait_idle(o);
	assert_string_equal(o->rows->str, "ask members C1, ask channel field");
	assert_int_equal(o->due_ms, clock_now_ms(o->clock) + DAYS(1));
	assert_true(o->drained >= 1);
	assert_string_equal(o->news->str, "");
}

static void test_what_came_before_the_start_is_one_batch(void **state)
{
	struct office *o = *state;
	clerk_put(o->clerk, house_people("U1", "Ana", "C1"));
	for (gint64 receipt = 1; receipt <= 50; receipt++)
		say(o, receipt, "note");
	clerk_start(o->clerk);
	wait_idle(o);
	assert_in_range(clerk_batches(o->clerk), 1, 2); /* the wake-up may be one of its own */
	assert_int_equal(o->verdict_count, 50);
	expect_notes(o, 50);
}

static void test_a_verdict_comes_after_the_commit(void **state)
{
	struct office *o = *state;
	open_office(o);
	o->checks_reader = TRUE;
	for (gint64 receipt = 1; receipt <= 40; receipt++) {
		say(o, receipt, "note");
		if (receipt % 3 == 0)
			UNTIL(o->verdict_count == receipt);
	}
	wait_idle(o);
	assert_int_equal(o->verdict_count, 40);
	assert_true(g_str_has_prefix(o->verdicts->str, "1 kept, 2 kept, 3 kept, "));
}

static void test_no_verdict_without_a_receipt(void **state)
{
	struct office *o = *state;
	open_office(o);
	clerk_put(o->clerk, house_said("U1", "C1", "note"));
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "");
	assert_string_equal(o->rows->str, "react C1, post C1");
}

static void test_a_repetition_is_kept_and_does_nothing(void **state)
{
	struct office *o = *state;
	open_office(o);
	say(o, 1, "note");
	say(o, 1, "note");
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 1 kept");
	expect_notes(o, 1);
}

static void test_a_forms_problems_come_with_the_verdict(void **state)
{
	struct office *o = *state;
	open_office(o);
	struct event *event = house_event(EVENT_SUBMITTED, "U1", NULL);
	event->word = g_strdup("rehearsal.form");
	event_add_input(event, "text", "wrong");
	put(o, event, 1);
	event = house_event(EVENT_SUBMITTED, "U1", NULL);
	event->word = g_strdup("rehearsal.form");
	event_add_input(event, "text", "wrong");
	clerk_put(o->clerk, event); /* nobody to tell */
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept");
	assert_string_equal(o->problem, "not so");
}

static void test_a_full_inbox_is_told_and_drained(void **state)
{
	struct office *o = *state;
	for (int i = 0; i < INBOX_LIMIT - 1; i++)
		assert_true(clerk_put(o->clerk, house_said("U404", "C9", "talk")));
	assert_false(clerk_put(o->clerk, house_said("U404", "C9", "talk")));
	clerk_start(o->clerk);
	UNTIL(o->drained > 0);
	wait_idle(o);
	assert_true(clerk_put(o->clerk, house_said("U404", "C9", "talk")));
}

/* ---- failures of rituals ---- */

static void test_a_failing_ritual_spoils_nothing_else(void **state)
{
	struct office *o = *state;
	open_office(o);
	clerk_stop(o->clerk); /* so that all are one batch of the next life */
	dismiss(o);
	hire(o);
	say(o, 1, "note");
	say(o, 2, "fail");
	say(o, 3, "refused");
	say(o, 4, "note");
	forget(o);
	clerk_start(o->clerk);
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 2 kept, 3 kept, 4 kept");
	assert_string_equal(o->news->str, "");
	expect_notes(o, 2);
	assert_non_null(strstr(o->rows->str, "private U1, private U1"));
	say(o, 5, "note"); /* Ana is still in the team, whatever the failed turn did to it */
	wait_idle(o);
	clerk_stop(o->clerk);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM member"), 2);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter"), 2);
	/* every row that the store calls handed has been handed, and no other */
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM outbox WHERE state = 0"), 0);
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < o->handed->len; i++)
		g_hash_table_add(
			ids, GINT_TO_POINTER((gint)((const struct outbox_row *)o->handed->pdata[i])->id));
	assert_int_equal(
		CORE_NUMBER(o->db, "SELECT COUNT(*) FROM outbox WHERE state = 1"), g_hash_table_size(ids));
}

static void test_an_event_that_the_store_refuses_stops_nobody(void **state)
{
	struct office *o = *state;
	clerk_put(o->clerk, house_people("U1", "Ana", "C1"));
	say(o, 1, "note");
	struct event *poison = event_new(
		EVENT_SAID, NULL); /* no adapter makes one; without a receipt it would come again and again */
	poison->keys[0] = g_strdup("Ev0");
	clerk_put(o->clerk, poison);
	say(o, 2, "note");
	clerk_start(o->clerk);
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 2 kept");
	assert_string_equal(o->news->str, "");
	expect_notes(o, 2);
	clerk_stop(o->clerk);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter"), 1);
}

/* ---- failures of the store ---- */

static void test_a_failing_store_acknowledges_nothing_and_loses_nothing(void **state)
{
	struct office *o = *state;
	open_office(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	say(o, 1, "note");
	clerk_put(o->clerk, house_people("U9", "Ian", "C1"));
	UNTIL(strcmp(o->news->str, "failing") == 0);
	guint batches = clerk_batches(o->clerk);
	UNTIL(clerk_batches(o->clerk) > batches + 1); /* it tries again what was put back, in vain */
	assert_string_equal(o->news->str, "failing"); /* told once */
	assert_string_equal(o->verdicts->str, "1 not kept");
	assert_string_equal(o->rows->str, "");
	fault_vfs_heal(o->disk);
	UNTIL(strcmp(o->news->str, "failing, works") == 0);
	say(o, 1, "note"); /* the platform delivers again */
	struct event *event = house_said("U9", "C1", "note");
	put(o, event, 2); /* Ian has been learnt meanwhile */
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 not kept, 1 kept, 2 kept");
	expect_notes(o, 2);
	clerk_stop(o->clerk);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM waiting"), 0);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM outbox WHERE kind = 8"),
		0); /* nobody was asked about */
}

/* A transaction without a change succeeds on a full disk: it does not count as recovery. */
static void test_an_empty_batch_does_not_make_the_store_work(void **state)
{
	struct office *o = *state;
	open_office(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	say(o, 1, "note");
	UNTIL(strcmp(o->verdicts->str, "1 not kept") == 0);
	for (int i = 0; i < 3; i++) {
		guint batches = clerk_batches(o->clerk);
		clerk_wake(o->clerk);
		UNTIL(clerk_batches(o->clerk) > batches);
	}
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_string_equal(o->news->str, "failing");
	fault_vfs_heal(o->disk);
	clerk_wake(o->clerk);
	UNTIL(strcmp(o->news->str, "failing, works") == 0);
}

static void test_one_failed_write_costs_one_batch(void **state)
{
	struct office *o = *state;
	open_office(o);
	fault_vfs_fail(o->disk, 1, FAULT_IO, TRUE);
	say(o, 1, "note");
	UNTIL(o->verdict_count == 1);
	assert_string_equal(o->verdicts->str, "1 not kept");
	say(o, 1, "note");
	UNTIL(o->verdict_count == 2);
	wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 not kept, 1 kept");
	expect_notes(o, 1);
	assert_string_equal(o->rows->str, "react C1, post C1");
}

/* The very first batch: nothing is recovered and nothing planned before it has been committed. */
static void test_a_store_that_fails_at_the_start(void **state)
{
	struct office *o = *state;
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	clerk_start(o->clerk);
	UNTIL(strcmp(o->news->str, "failing") == 0);
	assert_string_equal(o->rows->str, "");
	fault_vfs_heal(o->disk);
	clerk_wake(o->clerk);
	UNTIL(strcmp(o->news->str, "failing, works") == 0);
	wait_idle(o);
	assert_string_equal(o->rows->str, "ask members C1, ask channel field");
}

/* ---- life ---- */

static void test_stopping_handles_what_is_in_the_inbox(void **state)
{
	struct office *o = *state;
	open_office(o);
	for (gint64 receipt = 1; receipt <= 300; receipt++)
		say(o, receipt, "note");
	clerk_stop(o->clerk);
	assert_int_equal(o->verdict_count, 300);
	assert_null(strstr(o->verdicts->str, "not"));
	clerk_stop(o->clerk); /* twice is once */
	expect_notes(o, 300);
}

static void test_stopping_while_the_store_fails_ends(void **state)
{
	struct office *o = *state;
	open_office(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	say(o, 1, "note");
	clerk_put(o->clerk, house_people("U9", "Ian", "C1"));
	UNTIL(o->verdict_count == 1);
	say(o, 2, "note");
	clerk_stop(o->clerk);
	/* The second one's verdict may be missing: what is not acknowledged is delivered again either way. */
	assert_true(g_str_has_prefix(o->verdicts->str, "1 not kept"));
	assert_null(strstr(o->verdicts->str, "2 kept"));
	expect_notes(o, 0);
	fault_vfs_heal(o->disk);
}

static void test_a_clerk_that_never_started_is_freed(void **state)
{
	struct office *o = *state;
	say(o, 1, "note");
	clerk_stop(o->clerk);
	assert_false(clerk_is_idle(o->clerk));
	clerk_free(NULL);
}

static void test_idle_means_that_all_results_were_given(void **state)
{
	struct office *o = *state;
	open_office(o);
	assert_true(clerk_is_idle(o->clerk));
	for (gint64 receipt = 1; receipt <= 200; receipt++) {
		say(o, receipt, "note");
		assert_false(clerk_is_idle(o->clerk)); /* until this thread has taken the results */
		wait_idle(o);
		assert_int_equal(o->verdict_count, receipt);
	}
	clerk_wake(o->clerk);
	wait_idle(o);
}

static void test_rows_without_a_report_come_again_in_the_next_life(void **state)
{
	struct office *o = *state;
	open_office(o);
	say(o, 1, "note");
	wait_idle(o);
	struct event *report = house_event(EVENT_SENT, NULL, "C1");
	report->row = ((const struct outbox_row *)o->handed->pdata[o->handed->len - 1])->id;
	report->message = g_strdup("7.7");
	clerk_put(o->clerk, report);
	wait_idle(o);
	dismiss(o);
	forget(o);
	hire(o);
	clerk_start(o->clerk);
	wait_idle(o);
	assert_string_equal(
		o->rows->str, "ask members C1 in doubt, ask channel field in doubt, react C1 in doubt");
}

/* ---- configuration ---- */

static void note(struct office *o, const char *workspace, const char *name, const char *says)
{
	struct event *event = event_new(EVENT_NOTED, workspace);
	event->word = g_strdup(name);
	event->value = g_strdup(says);
	clerk_put(o->clerk, event);
}

static void test_an_adapters_notes_come_back_in_the_next_life(void **state)
{
	struct office *o = *state;
	open_office(o);
	assert_string_equal(o->notes, "{}");
	note(o, "acme", "calls", "2026-01 7");
	note(o, "acme", "calls", "2026-01 9");
	note(o, "beta.b", "a.b", "x");
	dismiss(o);
	hire(o);
	clerk_start(o->clerk);
	wait_idle(o);
	assert_string_equal(o->notes, "{\"acme\":{\"calls\":\"2026-01 9\"},\"beta.b\":{\"a.b\":\"x\"}}");
}

static void test_a_new_configuration_takes_the_place_of_the_old(void **state)
{
	struct office *o = *state;
	open_office(o);
	say(o, 1, "note");
	wait_idle(o);
	assert_string_equal(o->rows->str, "react C1, post C1");
	forget(o);
	struct config *old = o->config;
	o->config = house_config();
	clerk_configure(o->clerk, o->config);
	UNTIL(o->old);
	assert_ptr_equal(o->old, old);
	config_free(old);
	wait_idle(o);
	assert_string_equal(o->news->str, "configured");
	assert_string_equal(
		o->rows->str, ""); /* what is under way is not handed again, what was asked not asked again */
	say(o, 2, "note");
	wait_idle(o);
	assert_string_equal(
		o->rows->str, "react C1"); /* the board's replacement waits for its post's report */
	expect_notes(o, 2);
}

static void test_a_configuration_that_comes_while_the_store_fails(void **state)
{
	struct office *o = *state;
	open_office(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	say(o, 1, "note");
	UNTIL(o->verdict_count == 1);
	struct config *old = o->config;
	o->config = house_config();
	clerk_configure(o->clerk, o->config);
	guint batches = clerk_batches(o->clerk);
	clerk_wake(o->clerk);
	UNTIL(clerk_batches(o->clerk) > batches + 1);
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_null(o->old); /* the old one is still in use */
	fault_vfs_heal(o->disk);
	UNTIL(o->old == old);
	config_free(old);
	say(o, 1, "note");
	wait_idle(o);
	expect_notes(o, 1);
	assert_string_equal(o->news->str, "failing, works, configured");
}

/* ---- jobs ---- */

static void plan(struct office *o, int count, int64_t due_ms)
{
	core_begin(o->db);
	struct schedule *schedule = schedule_new(o->db);
	for (int i = 0; i < count; i++) {
		g_autofree char *key = g_strdup_printf("k%04d", i);
		core_check(schedule_put(schedule, "rehearsal", "ring", key, due_ms, FALSE, NULL), NULL);
	}
	schedule_free(schedule);
	core_commit(o->db);
}

static void test_a_job_rings_when_it_is_due(void **state)
{
	struct office *o = *state;
	int64_t at_ms = clock_now_ms(o->clock) + MINUTES(5);
	plan(o, 2, at_ms);
	clerk_start(o->clerk);
	wait_idle(o);
	assert_int_equal(o->due_ms, at_ms);
	expect_notes(o, 0);
	clock_advance(o->clock, MINUTES(5));
	clerk_wake(o->clerk);
	wait_idle(o);
	expect_notes(o, 2);
	assert_int_equal(o->due_ms, at_ms + HOURS(1)); /* what the notes have planned */
}

static void test_many_due_jobs_come_in_portions(void **state)
{
	struct office *o = *state;
	plan(o, 1300, clock_now_ms(o->clock) - HOURS(1)); /* three days off, and all is due */
	clerk_start(o->clerk);
	guint portions = 0;
	do {
		wait_idle(o);
		portions++;
		assert_in_range(notes_seen_by_others(o), 1, 500 * portions);
		if (o->due_ms <= clock_now_ms(o->clock))
			clerk_wake(o->clerk); /* as the loop's timer does */
	} while (o->due_ms <= clock_now_ms(o->clock));
	expect_notes(o, 1300);
}

/* ---- load ---- */

static void test_every_receipt_has_one_verdict_in_order(void **state)
{
	struct office *o = *state;
	open_office(o);
	enum { EVENTS = 6000 };
	for (gint64 receipt = 1; receipt <= EVENTS; receipt++) {
		say(o, receipt, receipt % 10 == 0 ? "note" : "talk");
		if (receipt % 97 == 0)
			g_main_context_iteration(NULL, FALSE);
	}
	UNTIL(o->verdict_count == EVENTS);
	wait_idle(o);
	g_auto(GStrv) verdicts = g_strsplit(o->verdicts->str, ", ", -1);
	for (gint64 receipt = 1; receipt <= EVENTS; receipt++) {
		g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT " kept", receipt);
		assert_string_equal(verdicts[receipt - 1], expected);
	}
	expect_notes(o, EVENTS / 10);
}

#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, make_office, free_office)

int main(void)
{
	log_set_level((enum log_level) - 1); /* failures are what these tests are about */
	const struct CMUnitTest tests[] = {
		IN_OFFICE(test_the_start_plans_and_asks),
		IN_OFFICE(test_what_came_before_the_start_is_one_batch),
		IN_OFFICE(test_a_verdict_comes_after_the_commit),
		IN_OFFICE(test_no_verdict_without_a_receipt),
		IN_OFFICE(test_a_repetition_is_kept_and_does_nothing),
		IN_OFFICE(test_a_forms_problems_come_with_the_verdict),
		IN_OFFICE(test_a_full_inbox_is_told_and_drained),
		IN_OFFICE(test_a_failing_ritual_spoils_nothing_else),
		IN_OFFICE(test_an_event_that_the_store_refuses_stops_nobody),
		IN_OFFICE(test_a_failing_store_acknowledges_nothing_and_loses_nothing),
		IN_OFFICE(test_an_empty_batch_does_not_make_the_store_work),
		IN_OFFICE(test_one_failed_write_costs_one_batch),
		IN_OFFICE(test_a_store_that_fails_at_the_start),
		IN_OFFICE(test_stopping_handles_what_is_in_the_inbox),
		IN_OFFICE(test_stopping_while_the_store_fails_ends),
		IN_OFFICE(test_a_clerk_that_never_started_is_freed),
		IN_OFFICE(test_idle_means_that_all_results_were_given),
		IN_OFFICE(test_rows_without_a_report_come_again_in_the_next_life),
		IN_OFFICE(test_an_adapters_notes_come_back_in_the_next_life),
		IN_OFFICE(test_a_new_configuration_takes_the_place_of_the_old),
		IN_OFFICE(test_a_configuration_that_comes_while_the_store_fails),
		IN_OFFICE(test_a_job_rings_when_it_is_due),
		IN_OFFICE(test_many_due_jobs_come_in_portions),
		IN_OFFICE(test_every_receipt_has_one_verdict_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
