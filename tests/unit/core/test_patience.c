/* SPDX-License-Identifier: MIT */
/* What need not have a commit of its own: patient events in the inbox, in real time, with wide margins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/inbox.h"

static struct event *patient(gint64 row)
{
	struct event *event = event_new(EVENT_SENT, "acme");
	event->row = row;
	event->patient = TRUE;
	return event;
}

static guint take(struct inbox *inbox, int64_t *took_ms)
{
	gint64 start_us = g_get_monotonic_time();
	g_autoptr(GPtrArray) events = inbox_take(inbox, -1);
	*took_ms = (g_get_monotonic_time() - start_us) / 1000;
	return events->len;
}

static void test_alone_it_waits_for_company(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	int64_t took_ms;
	inbox_put(inbox, patient(1));
	assert_int_equal(take(inbox, &took_ms), 1);
	assert_in_range(took_ms, INBOX_PATIENCE_MS, 50 * INBOX_PATIENCE_MS);
	inbox_free(inbox);
}

static void test_with_another_event_it_goes_at_once(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	int64_t took_ms;
	inbox_put(inbox, patient(1));
	inbox_put(inbox, event_new(EVENT_SAID, "acme"));
	assert_int_equal(take(inbox, &took_ms), 2);
	assert_in_range(took_ms, 0, INBOX_PATIENCE_MS - 1);
	inbox_free(inbox);
}

static void test_many_are_company_enough(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	int64_t took_ms;
	for (gint64 row = 1; row <= INBOX_PATIENT_LIMIT; row++)
		inbox_put(inbox, patient(row));
	assert_int_equal(take(inbox, &took_ms), INBOX_PATIENT_LIMIT);
	assert_in_range(took_ms, 0, INBOX_PATIENCE_MS - 1);
	inbox_free(inbox);
}

static gpointer take_two_batches(gpointer data)
{
	struct inbox *inbox = data;
	g_ptr_array_unref(inbox_take(inbox, -1));
	g_autoptr(GPtrArray) events = inbox_take(inbox, -1);
	return GUINT_TO_POINTER(events->len);
}

/* Long after its last work the clerk sleeps without a limit; a patient event must still find it. */
static void test_it_wakes_a_sleeper(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	GThread *clerk = g_thread_new("clerk", take_two_batches, inbox);
	inbox_wake(inbox);
	g_usleep(3 * INBOX_PATIENCE_MS * 1000);
	inbox_put(inbox, patient(1));
	assert_int_equal(GPOINTER_TO_UINT(g_thread_join(clerk)), 1);
	inbox_free(inbox);
}

/* Who waits for the end of all work does not wait for the patience too. */
static void test_asking_for_the_end_ends_the_patience(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	GThread *clerk = g_thread_new("clerk", take_two_batches, inbox);
	inbox_wake(inbox);
	while (!inbox_is_idle(inbox))
		g_thread_yield();
	gint64 start_us = g_get_monotonic_time();
	inbox_put(inbox, patient(1));
	assert_false(inbox_is_idle(inbox));
	assert_int_equal(GPOINTER_TO_UINT(g_thread_join(clerk)), 1);
	assert_in_range((g_get_monotonic_time() - start_us) / 1000, 0, INBOX_PATIENCE_MS - 1);
	inbox_free(inbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone_it_waits_for_company),
		cmocka_unit_test(test_with_another_event_it_goes_at_once),
		cmocka_unit_test(test_many_are_company_enough),
		cmocka_unit_test(test_it_wakes_a_sleeper),
		cmocka_unit_test(test_asking_for_the_end_ends_the_patience),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
