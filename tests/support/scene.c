/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/scene.h"

#include "platform/feishu/feishu.h"
#include "platform/slack/slack.h"

static void told_free(gpointer data)
{
	struct scene_told *t = data;
	g_free(t->message);
	g_free(t->channel);
	g_free(t->reason);
	g_free(t);
}

static void on_event(gpointer data, struct event *take)
{
	g_ptr_array_add(((struct scene *)data)->events, take);
}

static void on_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	struct scene_told *t = g_new0(struct scene_told, 1);
	t->row = row;
	t->result = outcome->result;
	t->after_ms = outcome->after_ms;
	t->method_wide = outcome->method_wide;
	t->aside = outcome->aside;
	t->message = g_strdup(outcome->message);
	t->channel = g_strdup(outcome->channel);
	t->reason = g_strdup(outcome->reason);
	g_ptr_array_add(((struct scene *)data)->outcomes, t);
}

static void on_live(gpointer data, gboolean live)
{
	struct scene *s = data;
	assert_int_not_equal(s->live, live);
	s->live = live;
	s->darks += !live ? 1 : 0;
}

static void on_refused(gpointer data, const char *reason)
{
	struct scene *s = data;
	g_free(s->refused);
	s->refused = g_strdup(reason);
	s->refusals++;
}

static void on_stopped(gpointer data)
{
	((struct scene *)data)->stopped = TRUE;
}

static struct scene *scene_new(const struct platform *platform)
{
	struct scene *s = g_new0(struct scene, 1);
	g_autoptr(GError) error = NULL;
	s->platform = platform;
	s->clock = clock_new_frozen(INT64_C(1767225600000));
	s->lws = lws_loop_new(&error);
	if (!s->lws)
		fail_msg("%s", error->message);
	s->workspace = (struct config_workspace){ .name = (char *)"acme",
		.platform = (char *)platform->name,
		.proxy = (char *)"",
		.connections = 1,
		.rate_limits = TRUE };
	s->host = (struct host){ s, on_event, on_outcome, on_live, on_refused };
	s->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	s->outcomes = g_ptr_array_new_with_free_func(told_free);
	s->rows = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	return s;
}

struct scene *scene_on_slack(void)
{
	struct scene *s = scene_new(&platform_slack);
	s->slack = straw_new(s->lws);
	s->workspace.api_url = (char *)straw_api_url(s->slack);
	s->workspace.bot_token = (char *)"xoxb-test";
	s->workspace.app_token = (char *)"xapp-test";
	return s;
}

struct scene *scene_on_feishu(void)
{
	struct scene *s = scene_new(&platform_feishu);
	s->feishu = bamboo_new(s->lws);
	s->workspace.base_url = (char *)bamboo_url(s->feishu);
	s->workspace.app_id = (char *)"cli_test";
	s->workspace.app_secret = (char *)"hush";
	s->workspace.monthly_calls = 10000;
	s->workspace.gather_seconds = 20;
	return s;
}

void scene_start(struct scene *s)
{
	s->adapter = s->platform->start(&(struct adapter_setup){
		.workspace = &s->workspace, .clock = s->clock, .lws = s->lws, .host = &s->host });
}

void scene_go_live(struct scene *s)
{
	scene_start(s);
	UNTIL(s->live);
	loop_settle();
}

void scene_stop(struct scene *s)
{
	if (!s->adapter)
		return;
	s->stopped = FALSE;
	s->platform->stop(s->adapter, on_stopped, s);
	UNTIL(s->stopped);
	s->platform->free(g_steal_pointer(&s->adapter));
}

void scene_free(struct scene *s)
{
	scene_stop(s);
	straw_free(s->slack);
	bamboo_free(s->feishu);
	lws_loop_free(s->lws);
	g_ptr_array_unref(s->events);
	g_ptr_array_unref(s->outcomes);
	g_ptr_array_unref(s->rows);
	g_free(s->refused);
	clock_free(s->clock);
	g_free(s);
}

void scene_pass(struct scene *s, int64_t ms)
{
	loop_settle();
	while (ms > 0) {
		/* Small enough for pings and pongs; a long time, or one without a connection, need not be so exact. */
		int64_t step = MIN(ms, s->live && ms <= MINUTES(6) ? 5000 : 15000);
		clock_advance(s->clock, step);
		loop_breathe();
		ms -= step;
	}
	loop_settle();
}

void scene_pass_until_live(struct scene *s)
{
	for (unsigned i = 0; i < 600 && !s->live; i++) {
		clock_advance(s->clock, SECONDS(1));
		loop_breathe();
	}
	assert_true(s->live);
	loop_settle();
}

struct event *scene_event(struct scene *s, enum event_kind kind, unsigned n)
{
	for (unsigned i = 0; i < s->events->len; i++) {
		struct event *event = s->events->pdata[i];
		if (event->kind == kind && n-- == 0)
			return event;
	}
	return NULL;
}

struct event *scene_any_event(struct scene *s, unsigned n)
{
	for (unsigned i = 0; i < s->events->len; i++) {
		struct event *event = s->events->pdata[i];
		if (event->kind != EVENT_GAP && n-- == 0)
			return event;
	}
	return NULL;
}

unsigned scene_event_count(const struct scene *s, enum event_kind kind)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->events->len; i++)
		n += ((const struct event *)s->events->pdata[i])->kind == kind ? 1 : 0;
	return n;
}

void scene_judge(struct scene *s, const struct event *event, gboolean kept, GArray *take_problems)
{
	s->platform->acknowledge(s->adapter,
		&(struct verdict){ .receipt = event->receipt, .kept = kept, .problems = take_problems });
	g_clear_pointer(&take_problems, g_array_unref);
}

struct outbox_row *scene_row(struct scene *s, enum outbox_kind kind)
{
	struct outbox_row *row = outbox_row_new((gint64)s->rows->len + 1, kind, "acme");
	row->created_ms = clock_now_ms(s->clock);
	g_ptr_array_add(s->rows, row);
	return row;
}

void scene_send(struct scene *s, struct outbox_row *row)
{
	s->platform->send(s->adapter, row);
}

struct scene_told *scene_outcome(struct scene *s, unsigned n)
{
	UNTIL(s->outcomes->len > n);
	return s->outcomes->pdata[n];
}
