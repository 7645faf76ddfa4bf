/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack.h"

#include "platform/slack/slack_room.h"

struct adapter *slack_adapter_new(const struct adapter_setup *setup)
{
	struct adapter *a = g_new0(struct adapter, 1);
	a->workspace = setup->workspace;
	a->clock = setup->clock;
	a->host = setup->host;
	a->self.workspace = setup->workspace->name;
	a->caller = slack_caller_new(setup->workspace, setup->clock);
	a->started_ms = clock_mono_ms(setup->clock);
	a->told = g_hash_table_new(NULL, NULL);
	a->errands = g_ptr_array_new_with_free_func((GDestroyNotify)errand_free);
	/* After a reload a verdict may still come for the adapter before this one: no number is ever given twice. */
	a->last_receipt = clock_cpu_us();
	a->directs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	a->doubts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	a->scans = slack_scans_new();
	a->people = slack_directory_new();
	a->painter = painter_new(&(struct painter_setup){ .program = setup->picture, .ca_file = setup->workspace->ca_file,
		.proxy = setup->workspace->proxy, .face = slack_directory_face, .data = a });
	return a;
}

void slack_adapter_free(struct adapter *a)
{
	if (!a)
		return;
	slack_socket_release(a);
	g_ptr_array_unref(a->errands);
	painter_free(a->painter);
	slack_caller_free(a->caller);
	g_hash_table_unref(a->told);
	g_hash_table_unref(a->directs);
	g_hash_table_unref(a->doubts);
	g_hash_table_unref(a->scans);
	g_hash_table_unref(a->people);
	g_free(a->user_id);
	g_free(a->bot_id);
	g_free(a->app_id);
	g_free(a->refused);
	g_free(a->last_error);
	g_free(a);
}

static struct adapter *start(const struct adapter_setup *setup)
{
	struct adapter *a = slack_adapter_new(setup);
	slack_socket_start(a, setup->lws);
	return a;
}

static void stop(struct adapter *a, void (*stopped)(gpointer data), gpointer data)
{
	a->stopped = stopped;
	a->stopped_data = data;
	slack_socket_stop(a);
}

/* Everything at once. The workspace without limits is a sandbox. */
static struct send_limit unlimited(const char *bucket)
{
	return (struct send_limit){ .bucket = bucket, .per_minute = 0 };
}

/* Slack counts by method. */
static struct send_limit limit(const struct adapter *a, const struct outbox_row *row)
{
	const struct slack_method *method = slack_method(row->kind);
	if (!a->workspace->rate_limits)
		return unlimited(method->name);
	return (struct send_limit){
		.bucket = method->name, .per_minute = method->per_minute, .burst = method->burst
	};
}

/*
 * "One message per second per channel, short bursts allowed" (7); how short is not published. What one person
 * sees is the answer to a command: it does not wait behind the channel's messages, its method's budget is enough.
 * What happens to a message is limited by the method alone.
 */
static struct send_limit channel_limit(const struct adapter *a, const struct outbox_row *row)
{
	if (!a->workspace->rate_limits || (row->kind != OUTBOX_POST && row->kind != OUTBOX_URGE))
		return unlimited("channel");
	return (struct send_limit){ .bucket = "channel", .per_minute = 60, .burst = 4 };
}

static void status(const struct adapter *a, cJSON *into)
{
	slack_socket_status(a, into);
	json_put_int(into, "sending", a->errands->len);
	json_put_text(into, "refused", a->refused);
	json_put_text(into, "last_error", a->last_error);
}

const struct platform platform_slack = {
	.name = "slack",
	.form_life_ms = SECONDS(3), /* a trigger's */
	.start = start,
	.acknowledge = slack_acknowledge,
	.send = slack_send,
	.limit = limit,
	.channel_limit = channel_limit,
	.pause = slack_pause,
	.status = status,
	.stop = stop,
	.free = slack_adapter_free,
	.check = slack_check,
};
