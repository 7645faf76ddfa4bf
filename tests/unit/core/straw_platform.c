/* SPDX-License-Identifier: MIT */
#include "straw_platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { TURNS_MAX = 1000 }; /* of the loop until it must be dry: a timer that spins is a bug */

static struct straw *straw_of(const struct adapter *adapter)
{
	return (struct straw *)adapter;
}

static guint find_under_way(const struct straw *s, gint64 row)
{
	for (guint i = 0; i < s->under_way->len; i++) {
		if (g_array_index(s->under_way, gint64, i) == row)
			return i;
	}
	fail_msg("row %" G_GINT64_FORMAT " is not under way", row);
	return 0;
}

static void straw_send(struct adapter *adapter, const struct outbox_row *row)
{
	struct straw *s = straw_of(adapter);
	struct straw_sending sending = { row->id, row->kind, row->attempts, row->in_doubt, row->plain,
		clock_mono_ms(s->clock) };
	g_array_append_val(s->sent, sending);
	g_array_append_val(s->under_way, row->id);
	s->most_under_way = MAX(s->most_under_way, s->under_way->len);
	if (s->answers_at_once)
		straw_answer(s, row->id, SEND_DONE);
}

static struct send_limit straw_limit(const struct adapter *adapter, const struct outbox_row *row)
{
	straw_of(adapter)->limit_calls++;
	return straw_of(adapter)->limits[row->kind];
}

static struct send_limit straw_channel_limit(const struct adapter *adapter, const struct outbox_row *row)
{
	gboolean of_message = row->kind == OUTBOX_REPLACE || row->kind == OUTBOX_DELETE;
	return of_message ? straw_of(adapter)->message_limit : straw_of(adapter)->channel_limit;
}

static const struct platform straw_platform = {
	.name = "straw",
	.form_life_ms = MINUTES(5),
	.send = straw_send,
	.limit = straw_limit,
	.channel_limit = straw_channel_limit,
};

static void take_report(gpointer data, struct event *take)
{
	struct straw *s = data;
	g_ptr_array_add(s->reports, take);
}

struct straw *straw_new(void)
{
	struct straw *s = g_new0(struct straw, 1);
	s->clock = clock_new_frozen(1772413200000);
	s->sent = g_array_new(FALSE, FALSE, sizeof(struct straw_sending));
	s->under_way = g_array_new(FALSE, FALSE, sizeof(gint64));
	s->reports = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	for (int kind = 0; kind < OUTBOX_KIND_COUNT; kind++)
		s->limits[kind].bucket = outbox_kind_name((enum outbox_kind)kind);
	s->sender = sender_new(&(struct sender_setup){
		s->clock, "acme", &straw_platform, (struct adapter *)s, take_report, s });
	return s;
}

void straw_free(struct straw *s)
{
	sender_free(s->sender);
	g_ptr_array_unref(s->reports);
	g_array_unref(s->under_way);
	g_array_unref(s->sent);
	clock_free(s->clock);
	g_free(s);
}

struct outbox_row *straw_row(gint64 id, enum outbox_kind kind, const char *channel)
{
	struct outbox_row *row = outbox_row_new(id, kind, "acme");
	row->channel = g_strdup(channel);
	return row;
}

void straw_put(struct straw *s, gint64 id, enum outbox_kind kind, const char *channel)
{
	struct outbox_row *row = straw_row(id, kind, channel);
	row->created_ms = clock_now_ms(s->clock);
	sender_put(s->sender, row);
}

void straw_answer_later(
	struct straw *s, gint64 row, enum send_result result, int64_t after_ms, gboolean method_wide)
{
	g_array_remove_index_fast(s->under_way, find_under_way(s, row));
	g_autofree char *message = g_strdup_printf("1.%06" G_GINT64_FORMAT, row);
	sender_outcome(s->sender, row,
		&(struct outcome){ .result = result,
			.after_ms = after_ms,
			.method_wide = method_wide,
			.message = result == SEND_DONE ? message : NULL,
			.reason = result == SEND_DONE ? NULL : "straw" });
}

void straw_answer(struct straw *s, gint64 row, enum send_result result)
{
	straw_answer_later(s, row, result, -1, FALSE);
}

void straw_answer_aside(struct straw *s, gint64 row, int64_t after_ms)
{
	g_array_remove_index_fast(s->under_way, find_under_way(s, row));
	sender_outcome(s->sender, row,
		&(struct outcome){ .result = SEND_LATER, .after_ms = after_ms, .aside = TRUE, .reason = "straw" });
}

void straw_advance(struct straw *s, int64_t ms)
{
	clock_advance(s->clock, ms);
	int turns = 0;
	while (g_main_context_iteration(NULL, FALSE))
		assert_in_range(++turns, 0, TURNS_MAX);
}

void straw_expect_sent(struct straw *s, const gint64 *rows)
{
	guint i = 0;
	for (; rows[i]; i++) {
		if (i >= s->sent->len)
			fail_msg("row %" G_GINT64_FORMAT " was not sent", rows[i]);
		assert_int_equal(g_array_index(s->sent, struct straw_sending, i).row, rows[i]);
	}
	if (i < s->sent->len)
		fail_msg("row %" G_GINT64_FORMAT " was sent",
			g_array_index(s->sent, struct straw_sending, i).row);
	g_array_set_size(s->sent, 0);
}

void straw_expect_report(struct straw *s, gint64 row, const char *word)
{
	assert_true(s->reports->len > 0);
	struct event *event = g_ptr_array_steal_index(s->reports, 0);
	assert_int_equal(event->row, row);
	assert_string_equal(event->kind == EVENT_SENT ? "sent" : event->word, word);
	assert_string_equal(event->place.workspace, "acme");
	event_free(event);
}

void straw_expect_no_report(const struct straw *s)
{
	if (s->reports->len > 0)
		fail_msg("row %" G_GINT64_FORMAT " was reported",
			((const struct event *)s->reports->pdata[0])->row);
}

const struct straw_sending *straw_last(const struct straw *s)
{
	assert_true(s->sent->len > 0);
	return &g_array_index(s->sent, struct straw_sending, s->sent->len - 1);
}
