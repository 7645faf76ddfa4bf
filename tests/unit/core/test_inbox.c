/* SPDX-License-Identifier: MIT */
/* The queue between the threads: order, bound, waking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/inbox.h"

static struct event *numbered(gint64 row)
{
	struct event *event = event_new(EVENT_SENT, "acme");
	event->row = row;
	return event;
}

static void expect_rows(GPtrArray *events, gint64 first, guint count)
{
	assert_int_equal(events->len, count);
	for (guint i = 0; i < count; i++)
		assert_int_equal(((const struct event *)events->pdata[i])->row, first + i);
}

static void test_all_comes_at_once_and_in_order(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	for (gint64 row = 1; row <= 5; row++)
		assert_true(inbox_put(inbox, numbered(row)));
	assert_int_equal(inbox_length(inbox), 5);
	g_autoptr(GPtrArray) events = inbox_take(inbox, -1);
	expect_rows(events, 1, 5);
	assert_int_equal(inbox_length(inbox), 0);
	inbox_free(inbox);
}

static void test_what_is_put_back_comes_first(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	inbox_put(inbox, numbered(1));
	inbox_put(inbox, numbered(2));
	GPtrArray *events = inbox_take(inbox, -1);
	inbox_put(inbox, numbered(3));
	inbox_put_back(inbox, events);
	g_autoptr(GPtrArray) again = inbox_take(inbox, -1);
	expect_rows(again, 1, 3);
	inbox_put_back(inbox, g_ptr_array_new_with_free_func((GDestroyNotify)event_free));
	assert_int_equal(inbox_length(inbox), 0);
	inbox_free(inbox);
}

static void test_full_is_told_and_nothing_is_lost(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	for (gint64 row = 1; row < INBOX_LIMIT; row++)
		assert_true(inbox_put(inbox, numbered(row)));
	assert_false(inbox_put(inbox, numbered(INBOX_LIMIT)));
	assert_false(inbox_put(inbox, numbered(INBOX_LIMIT + 1)));
	g_autoptr(GPtrArray) events = inbox_take(inbox, -1);
	expect_rows(events, 1, INBOX_LIMIT + 1);
	assert_true(inbox_put(inbox, numbered(1)));
	inbox_free(inbox); /* with what is in it */
}

static void test_a_wake_up_is_kept_until_it_is_taken(void **state)
{
	(void)state;
	struct inbox *inbox = inbox_new();
	inbox_wake(inbox);
	inbox_wake(inbox);
	g_autoptr(GPtrArray) events = inbox_take(inbox, -1);
	assert_int_equal(events->len, 0);
	g_autoptr(GPtrArray) more = inbox_take(inbox, 1); /* once woken, once empty: the second take waits */
	assert_int_equal(more->len, 0);
	inbox_free(inbox);
	inbox_free(NULL);
}

/* ---- two threads ---- */

enum { EVENTS = 20000 };

struct reader {
	struct inbox *inbox;
	gint64 next;
	gboolean in_order;
};

static gpointer read_all(gpointer data)
{
	struct reader *reader = data;
	for (guint batches = 0; reader->next <= EVENTS; batches++) {
		GPtrArray *events = inbox_take(reader->inbox, -1);
		gboolean put_back = batches % 7 == 3;
		for (guint i = 0; i < events->len && !put_back; i++)
			reader->in_order &= ((const struct event *)events->pdata[i])->row == reader->next++;
		if (put_back)
			inbox_put_back(reader->inbox, events);
		else
			g_ptr_array_unref(events);
	}
	g_ptr_array_unref(inbox_take(reader->inbox, -1)); /* until it is woken for the last time */
	return NULL;
}

/* No wake-up is lost: a reader that misses one waits for ever, and the test's time limit ends it. */
static void test_nothing_is_lost_between_two_threads(void **state)
{
	(void)state;
	struct reader reader = { inbox_new(), 1, TRUE };
	assert_false(inbox_is_idle(reader.inbox)); /* nobody waits yet */
	GThread *thread = g_thread_new("reader", read_all, &reader);
	for (gint64 row = 1; row <= EVENTS; row++) {
		inbox_put(reader.inbox, numbered(row));
		if (row % 50 == 0) {
			while (!inbox_is_idle(reader.inbox))
				g_thread_yield();
		}
	}
	while (!inbox_is_idle(reader.inbox))
		g_thread_yield();
	inbox_wake(reader.inbox);
	g_thread_join(thread);
	assert_true(reader.in_order);
	assert_int_equal(reader.next, EVENTS + 1);
	inbox_free(reader.inbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_comes_at_once_and_in_order),
		cmocka_unit_test(test_what_is_put_back_comes_first),
		cmocka_unit_test(test_full_is_told_and_nothing_is_lost),
		cmocka_unit_test(test_a_wake_up_is_kept_until_it_is_taken),
		cmocka_unit_test(test_nothing_is_lost_between_two_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
