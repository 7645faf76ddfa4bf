/* SPDX-License-Identifier: MIT */
/* The clerk: batches, verdicts, a store that fails, jobs, and its life. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "core_store.h"
#include "house.h"
#include "office.h"

/* ---- batches ---- */

static void test_the_start_plans_and_asks(void **state)
{
	struct office *o = *state;
	clerk_start(o->clerk);
	office_wait_idle(o);
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
		office_say(o, receipt, "note");
	clerk_start(o->clerk);
	office_wait_idle(o);
	assert_in_range(clerk_batches(o->clerk), 1, 2); /* the wake-up may be one of its own */
	assert_int_equal(o->verdict_count, 50);
	assert_int_equal(office_notes(o), 50);
}

static void test_a_verdict_comes_after_the_commit(void **state)
{
	struct office *o = *state;
	office_open(o);
	o->checks_reader = TRUE;
	for (gint64 receipt = 1; receipt <= 40; receipt++) {
		office_say(o, receipt, "note");
		if (receipt % 3 == 0)
			OFFICE_UNTIL(o->verdict_count == receipt);
	}
	office_wait_idle(o);
	assert_int_equal(o->verdict_count, 40);
	assert_true(g_str_has_prefix(o->verdicts->str, "1 kept, 2 kept, 3 kept, "));
}

static void test_no_verdict_without_a_receipt(void **state)
{
	struct office *o = *state;
	office_open(o);
	clerk_put(o->clerk, house_said("U1", "C1", "note"));
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "");
	assert_string_equal(o->rows->str, "react C1, post C1");
}

static void test_a_repetition_is_kept_and_does_nothing(void **state)
{
	struct office *o = *state;
	office_open(o);
	office_say(o, 1, "note");
	office_say(o, 1, "note");
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 1 kept");
	assert_int_equal(office_notes(o), 1);
}

static void test_a_forms_problems_come_with_the_verdict(void **state)
{
	struct office *o = *state;
	office_open(o);
	struct event *event = house_event(EVENT_SUBMITTED, "U1", NULL);
	event->word = g_strdup("rehearsal.form");
	event_add_input(event, "text", "wrong");
	office_put(o, event, 1);
	event = house_event(EVENT_SUBMITTED, "U1", NULL);
	event->word = g_strdup("rehearsal.form");
	event_add_input(event, "text", "wrong");
	clerk_put(o->clerk, event); /* nobody to tell */
	office_wait_idle(o);
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
	OFFICE_UNTIL(o->drained > 0);
	office_wait_idle(o);
	assert_true(clerk_put(o->clerk, house_said("U404", "C9", "talk")));
}

/* ---- failures of rituals ---- */

static void test_a_failing_ritual_spoils_nothing_else(void **state)
{
	struct office *o = *state;
	office_open_and_close(o);
	office_say(o, 1, "note");
	office_say(o, 2, "fail");
	office_say(o, 3, "refused");
	office_say(o, 4, "note");
	clerk_start(o->clerk);
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 2 kept, 3 kept, 4 kept");
	assert_string_equal(o->news->str, "");
	assert_int_equal(office_notes(o), 2);
	assert_non_null(strstr(o->rows->str, "private U1, private U1"));
	office_say(o, 5, "note"); /* Ana is still in the team, whatever the failed turn did to it */
	office_wait_idle(o);
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
	office_say(o, 1, "note");
	struct event *poison = event_new(
		EVENT_SAID, NULL); /* no adapter makes one; without a receipt it would come again and again */
	poison->keys[0] = g_strdup("Ev0");
	clerk_put(o->clerk, poison);
	office_say(o, 2, "note");
	clerk_start(o->clerk);
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 kept, 2 kept");
	assert_string_equal(o->news->str, "");
	assert_int_equal(office_notes(o), 2);
	clerk_stop(o->clerk);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM dead_letter"), 1);
}

/* ---- failures of the store ---- */

static void test_a_failing_store_acknowledges_nothing_and_loses_nothing(void **state)
{
	struct office *o = *state;
	office_open(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	office_say(o, 1, "note");
	clerk_put(o->clerk, house_people("U9", "Ian", "C1"));
	OFFICE_UNTIL(strcmp(o->news->str, "failing") == 0);
	guint batches = clerk_batches(o->clerk);
	OFFICE_UNTIL(clerk_batches(o->clerk) > batches + 1); /* it tries again what was put back, in vain */
	assert_string_equal(o->news->str, "failing"); /* told once */
	assert_string_equal(o->verdicts->str, "1 not kept");
	assert_string_equal(o->rows->str, "");
	fault_vfs_heal(o->disk);
	OFFICE_UNTIL(strcmp(o->news->str, "failing, works") == 0);
	office_say(o, 1, "note"); /* the platform delivers again */
	struct event *event = house_said("U9", "C1", "note");
	office_put(o, event, 2); /* Ian has been learnt meanwhile */
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 not kept, 1 kept, 2 kept");
	assert_int_equal(office_notes(o), 2);
	clerk_stop(o->clerk);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM waiting"), 0);
	assert_int_equal(CORE_NUMBER(o->db, "SELECT COUNT(*) FROM outbox WHERE kind = 8"),
		0); /* nobody was asked about */
}

/* A transaction without a change succeeds on a full disk: it does not count as recovery. */
static void test_an_empty_batch_does_not_make_the_store_work(void **state)
{
	struct office *o = *state;
	office_open(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	office_say(o, 1, "note");
	OFFICE_UNTIL(strcmp(o->verdicts->str, "1 not kept") == 0);
	for (int i = 0; i < 3; i++) {
		guint batches = clerk_batches(o->clerk);
		clerk_wake(o->clerk);
		OFFICE_UNTIL(clerk_batches(o->clerk) > batches);
	}
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_string_equal(o->news->str, "failing");
	fault_vfs_heal(o->disk);
	clerk_wake(o->clerk);
	OFFICE_UNTIL(strcmp(o->news->str, "failing, works") == 0);
}

static void test_one_failed_write_costs_one_batch(void **state)
{
	struct office *o = *state;
	office_open(o);
	fault_vfs_fail(o->disk, 1, FAULT_IO, TRUE);
	office_say(o, 1, "note");
	OFFICE_UNTIL(o->verdict_count == 1);
	assert_string_equal(o->verdicts->str, "1 not kept");
	office_say(o, 1, "note");
	OFFICE_UNTIL(o->verdict_count == 2);
	office_wait_idle(o);
	assert_string_equal(o->verdicts->str, "1 not kept, 1 kept");
	assert_int_equal(office_notes(o), 1);
	assert_string_equal(o->rows->str, "react C1, post C1");
}

/* The very first batch: nothing is recovered and nothing planned before it has been committed. */
static void test_a_store_that_fails_at_the_start(void **state)
{
	struct office *o = *state;
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	clerk_start(o->clerk);
	OFFICE_UNTIL(strcmp(o->news->str, "failing") == 0);
	assert_string_equal(o->rows->str, "");
	fault_vfs_heal(o->disk);
	clerk_wake(o->clerk);
	OFFICE_UNTIL(strcmp(o->news->str, "failing, works") == 0);
	office_wait_idle(o);
	assert_string_equal(o->rows->str, "ask members C1, ask channel field");
}

/* ---- life ---- */

static void test_stopping_handles_what_is_in_the_inbox(void **state)
{
	struct office *o = *state;
	office_open(o);
	for (gint64 receipt = 1; receipt <= 300; receipt++)
		office_say(o, receipt, "note");
	clerk_stop(o->clerk);
	assert_int_equal(o->verdict_count, 300);
	assert_null(strstr(o->verdicts->str, "not"));
	clerk_stop(o->clerk); /* twice is once */
	assert_int_equal(office_notes(o), 300);
}

static void test_stopping_while_the_store_fails_ends(void **state)
{
	struct office *o = *state;
	office_open(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	office_say(o, 1, "note");
	clerk_put(o->clerk, house_people("U9", "Ian", "C1"));
	OFFICE_UNTIL(o->verdict_count == 1);
	office_say(o, 2, "note");
	clerk_stop(o->clerk);
	/* The second one's verdict may be missing: what is not acknowledged is delivered again either way. */
	assert_true(g_str_has_prefix(o->verdicts->str, "1 not kept"));
	assert_null(strstr(o->verdicts->str, "2 kept"));
	assert_int_equal(office_notes(o), 0);
	fault_vfs_heal(o->disk);
}

static void test_a_clerk_that_never_started_is_freed(void **state)
{
	struct office *o = *state;
	office_say(o, 1, "note");
	clerk_stop(o->clerk);
	assert_false(clerk_is_idle(o->clerk));
	clerk_free(NULL);
}

static void test_idle_means_that_all_results_were_given(void **state)
{
	struct office *o = *state;
	office_open(o);
	assert_true(clerk_is_idle(o->clerk));
	for (gint64 receipt = 1; receipt <= 200; receipt++) {
		office_say(o, receipt, "note");
		assert_false(clerk_is_idle(o->clerk)); /* until this thread has taken the results */
		office_wait_idle(o);
		assert_int_equal(o->verdict_count, receipt);
	}
	clerk_wake(o->clerk);
	office_wait_idle(o);
}

static void test_rows_without_a_report_come_again_in_the_next_life(void **state)
{
	struct office *o = *state;
	office_open(o);
	office_say(o, 1, "note");
	office_wait_idle(o);
	struct event *report = house_event(EVENT_SENT, NULL, "C1");
	report->row = ((const struct outbox_row *)o->handed->pdata[o->handed->len - 1])->id;
	report->message = g_strdup("7.7");
	clerk_put(o->clerk, report);
	office_wait_idle(o);
	office_dismiss(o);
	office_forget(o);
	office_hire(o);
	clerk_start(o->clerk);
	office_wait_idle(o);
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
	office_open(o);
	assert_string_equal(o->notes, "{}");
	note(o, "acme", "calls", "2026-01 7");
	note(o, "acme", "calls", "2026-01 9");
	note(o, "beta.b", "a.b", "x");
	office_dismiss(o);
	office_hire(o);
	clerk_start(o->clerk);
	office_wait_idle(o);
	assert_string_equal(o->notes, "{\"acme\":{\"calls\":\"2026-01 9\"},\"beta.b\":{\"a.b\":\"x\"}}");
}

static void test_a_new_configuration_takes_the_place_of_the_old(void **state)
{
	struct office *o = *state;
	office_open(o);
	office_say(o, 1, "note");
	office_wait_idle(o);
	assert_string_equal(o->rows->str, "react C1, post C1");
	office_forget(o);
	struct config *old = o->config;
	o->config = house_config();
	clerk_configure(o->clerk, o->config);
	OFFICE_UNTIL(o->old);
	assert_ptr_equal(o->old, old);
	config_free(old);
	office_wait_idle(o);
	assert_string_equal(o->news->str, "configured");
	assert_string_equal(
		o->rows->str, ""); /* what is under way is not handed again, what was asked not asked again */
	office_say(o, 2, "note");
	office_wait_idle(o);
	assert_string_equal(
		o->rows->str, "react C1"); /* the board's replacement waits for its post's report */
	assert_int_equal(office_notes(o), 2);
}

static void test_a_configuration_that_comes_while_the_store_fails(void **state)
{
	struct office *o = *state;
	office_open(o);
	fault_vfs_fail(o->disk, 1, FAULT_FULL, FALSE);
	office_say(o, 1, "note");
	OFFICE_UNTIL(o->verdict_count == 1);
	struct config *old = o->config;
	o->config = house_config();
	clerk_configure(o->clerk, o->config);
	guint batches = clerk_batches(o->clerk);
	clerk_wake(o->clerk);
	OFFICE_UNTIL(clerk_batches(o->clerk) > batches + 1);
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_null(o->old); /* the old one is still in use */
	fault_vfs_heal(o->disk);
	OFFICE_UNTIL(o->old == old);
	config_free(old);
	office_say(o, 1, "note");
	office_wait_idle(o);
	assert_int_equal(office_notes(o), 1);
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
	office_wait_idle(o);
	assert_int_equal(o->due_ms, at_ms);
	assert_int_equal(office_notes(o), 0);
	clock_advance(o->clock, MINUTES(5));
	clerk_wake(o->clerk);
	office_wait_idle(o);
	assert_int_equal(office_notes(o), 2);
	assert_int_equal(o->due_ms, at_ms + HOURS(1)); /* what the notes have planned */
}

static void test_many_due_jobs_come_in_portions(void **state)
{
	struct office *o = *state;
	plan(o, 1300, clock_now_ms(o->clock) - HOURS(1)); /* three days off, and all is due */
	clerk_start(o->clerk);
	guint portions = 0;
	do {
		office_wait_idle(o);
		portions++;
		assert_in_range(office_notes(o), 1, 500 * portions);
		if (o->due_ms <= clock_now_ms(o->clock))
			clerk_wake(o->clerk); /* as the loop's timer does */
	} while (o->due_ms <= clock_now_ms(o->clock));
	assert_int_equal(office_notes(o), 1300);
}

/* ---- load ---- */

static void test_every_receipt_has_one_verdict_in_order(void **state)
{
	struct office *o = *state;
	office_open(o);
	enum { EVENTS = 6000 };
	for (gint64 receipt = 1; receipt <= EVENTS; receipt++) {
		office_say(o, receipt, receipt % 10 == 0 ? "note" : "talk");
		if (receipt % 97 == 0)
			g_main_context_iteration(NULL, FALSE);
	}
	OFFICE_UNTIL(o->verdict_count == EVENTS);
	office_wait_idle(o);
	g_auto(GStrv) verdicts = g_strsplit(o->verdicts->str, ", ", -1);
	for (gint64 receipt = 1; receipt <= EVENTS; receipt++) {
		g_autofree char *expected = g_strdup_printf("%" G_GINT64_FORMAT " kept", receipt);
		assert_string_equal(verdicts[receipt - 1], expected);
	}
	assert_int_equal(office_notes(o), EVENTS / 10);
}

#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, office_make, office_free)

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
