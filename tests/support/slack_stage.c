/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/slack_stage.h"

#include "platform/slack/slack.h"

static void told_free(gpointer data)
{
	struct told *t = data;
	g_free(t->message);
	g_free(t->channel);
	g_free(t->reason);
	g_free(t);
}

static void on_event(gpointer data, struct event *take)
{
	g_ptr_array_add(((struct slack_stage *)data)->events, take);
}

static void on_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	struct told *t = g_new0(struct told, 1);
	t->row = row;
	t->result = outcome->result;
	t->after_ms = outcome->after_ms;
	t->method_wide = outcome->method_wide;
	t->message = g_strdup(outcome->message);
	t->channel = g_strdup(outcome->channel);
	t->reason = g_strdup(outcome->reason);
	g_ptr_array_add(((struct slack_stage *)data)->outcomes, t);
}

static void on_live(gpointer data, gboolean live)
{
	struct slack_stage *s = data;
	assert_int_not_equal(s->live, live);
	s->live = live;
	s->lives++;
	s->darks += !live ? 1 : 0;
}

static void on_refused(gpointer data, const char *reason)
{
	struct slack_stage *s = data;
	g_free(s->refused);
	s->refused = g_strdup(reason);
	s->refusals++;
}

static void on_stopped(gpointer data)
{
	((struct slack_stage *)data)->stopped = TRUE;
}

struct slack_stage *stage_new(void)
{
	struct slack_stage *s = g_new0(struct slack_stage, 1);
	g_autoptr(GError) error = NULL;
	s->clock = clock_new_frozen(INT64_C(1767225600000));
	s->lws = lws_loop_new(&error);
	if (!s->lws)
		fail_msg("%s", error->message);
	s->straw = straw_new(s->lws);
	s->workspace = (struct config_workspace){ .name = (char *)"acme",
		.platform = (char *)"slack",
		.api_url = (char *)straw_api_url(s->straw),
		.bot_token = (char *)"xoxb-test",
		.app_token = (char *)"xapp-test",
		.proxy = (char *)"",
		.connections = 1,
		.rate_limits = TRUE };
	s->host = (struct host){ s, on_event, on_outcome, on_live, on_refused };
	s->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	s->outcomes = g_ptr_array_new_with_free_func(told_free);
	s->rows = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	return s;
}

void stage_start(struct slack_stage *s)
{
	s->adapter = platform_slack.start(&(struct adapter_setup){
		.workspace = &s->workspace, .clock = s->clock, .lws = s->lws, .host = &s->host });
}

void stage_go_live(struct slack_stage *s)
{
	stage_start(s);
	UNTIL(s->live);
}

void stage_free(struct slack_stage *s)
{
	if (s->adapter) {
		platform_slack.stop(s->adapter, on_stopped, s);
		UNTIL(s->stopped);
		platform_slack.free(s->adapter);
	}
	straw_free(s->straw);
	lws_loop_free(s->lws);
	g_ptr_array_unref(s->events);
	g_ptr_array_unref(s->outcomes);
	g_ptr_array_unref(s->rows);
	g_free(s->refused);
	clock_free(s->clock);
	g_free(s);
}

void stage_pass(struct slack_stage *s, int64_t ms)
{
	straw_settle();
	while (ms > 0) {
		/* Small enough for pings and pongs; without a connection there are none. */
		int64_t step = MIN(ms, s->live ? 5000 : 20000);
		clock_advance(s->clock, step);
		straw_breathe();
		ms -= step;
	}
	straw_settle();
}

void stage_pass_until_live(struct slack_stage *s)
{
	for (unsigned i = 0; i < 120 && !s->live; i++)
		stage_pass(s, SECONDS(1));
	assert_true(s->live);
}

struct event *stage_event(struct slack_stage *s, unsigned n)
{
	for (unsigned i = 0; i < s->events->len; i++) {
		struct event *event = s->events->pdata[i];
		if (event->kind != EVENT_GAP && n-- == 0)
			return event;
	}
	return NULL;
}

struct event *stage_event_of(struct slack_stage *s, enum event_kind kind, unsigned n)
{
	for (unsigned i = 0; i < s->events->len; i++) {
		struct event *event = s->events->pdata[i];
		if (event->kind == kind && n-- == 0)
			return event;
	}
	return NULL;
}

unsigned stage_event_count(const struct slack_stage *s, enum event_kind kind)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->events->len; i++)
		n += ((const struct event *)s->events->pdata[i])->kind == kind ? 1 : 0;
	return n;
}

void stage_judge(struct slack_stage *s, const struct event *event, gboolean kept)
{
	platform_slack.acknowledge(s->adapter, &(struct verdict){ .receipt = event->receipt, .kept = kept });
}

struct outbox_row *stage_row(struct slack_stage *s, enum outbox_kind kind)
{
	struct outbox_row *row = outbox_row_new((gint64)s->rows->len + 1, kind, "acme");
	row->created_ms = clock_now_ms(s->clock);
	g_ptr_array_add(s->rows, row);
	return row;
}

void stage_send(struct slack_stage *s, struct outbox_row *row)
{
	platform_slack.send(s->adapter, row);
}

struct told *stage_outcome(struct slack_stage *s, unsigned n)
{
	UNTIL(s->outcomes->len > n);
	return s->outcomes->pdata[n];
}
