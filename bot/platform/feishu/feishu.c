/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu.h"

#include "platform/feishu/feishu_room.h"

gboolean feishu_first_time(struct adapter *a, const char *what)
{
	return g_hash_table_add(a->told, (gpointer)what);
}

void feishu_note(struct adapter *a, const char *name, char *take_text)
{
	struct event *note = event_new(EVENT_NOTED, a->workspace->name);
	note->word = g_strdup(name);
	note->value = take_text;
	note->patient = TRUE;
	a->host->event(a->host->data, note);
}

struct adapter *feishu_adapter_new(const struct adapter_setup *setup)
{
	struct adapter *a = g_new0(struct adapter, 1);
	a->workspace = setup->workspace;
	a->clock = setup->clock;
	a->host = setup->host;
	a->settings = feishu_settings_default;
	a->alone = -1;
	a->quota = feishu_quota_new(setup->workspace, setup->clock, setup->host);
	a->caller = feishu_caller_new(setup->workspace, setup->clock, feishu_quota_spend, a->quota);
	a->told = g_hash_table_new(NULL, NULL);
	a->errands = g_ptr_array_new_with_free_func((GDestroyNotify)feishu_errand_free);
	a->directs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	a->pictures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	a->reactions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	a->people = feishu_directory_new();
	a->painter = painter_new(&(struct painter_setup){ .program = setup->picture, .ca_file = setup->workspace->ca_file,
		.proxy = setup->workspace->proxy, .face = feishu_directory_face, .data = a });
	a->seen = feishu_seen_new();
	a->self = (struct feishu_self){ .workspace = setup->workspace->name,
		.app_id = setup->workspace->app_id,
		.directs = a->directs };
	return a;
}

void feishu_adapter_free(struct adapter *a)
{
	if (!a)
		return;
	feishu_socket_release(a);
	g_ptr_array_unref(a->errands);
	painter_free(a->painter);
	feishu_caller_free(a->caller);
	feishu_quota_free(a->quota);
	feishu_seen_free(a->seen);
	g_hash_table_unref(a->told);
	g_hash_table_unref(a->directs);
	g_hash_table_unref(a->pictures);
	g_hash_table_unref(a->reactions);
	g_hash_table_unref(a->people);
	g_free(a->open_id);
	g_free(a->refused);
	g_free(a->last_error);
	g_free(a);
}

static struct adapter *start(const struct adapter_setup *setup)
{
	struct adapter *a = feishu_adapter_new(setup);
	feishu_socket_start(a, setup->lws);
	return a;
}

static void stop(struct adapter *a, void (*stopped)(gpointer data), gpointer data)
{
	a->stopped = stopped;
	a->stopped_data = data;
	feishu_socket_stop(a);
}

static void recall(struct adapter *a, const cJSON *notes)
{
	const cJSON *note;
	feishu_quota_recall(a->quota, json_text_or(notes, FEISHU_CALLS_NOTE, NULL));
	feishu_quota_started(a->quota, json_text_or(notes, FEISHU_START_NOTE, NULL));
	a->heard |= json_text_or(notes, FEISHU_HEARD_NOTE, NULL) != NULL;
	feishu_recall_self(a, json_text_or(notes, FEISHU_SELF_NOTE, NULL));
	cJSON_ArrayForEach (note, notes) {
		if (g_str_has_prefix(note->string, FEISHU_DIRECT_NOTE))
			g_hash_table_add(a->directs, g_strdup(note->string + strlen(FEISHU_DIRECT_NOTE)));
	}
}

/* Everything at once. The workspace without limits is a sandbox. */
static struct send_limit unlimited(const char *bucket)
{
	return (struct send_limit){ .bucket = bucket, .per_minute = 0 };
}

static struct send_limit limit(const struct adapter *a, const struct outbox_row *row)
{
	const struct feishu_method *method = feishu_method(row->kind);
	if (!a->workspace->rate_limits)
		return unlimited(method->name);
	return (struct send_limit){ .bucket = method->name, .per_minute = method->per_minute, .burst = method->burst };
}

/* One replacement at once, then what has gathered; each is a call of the month's. */
static struct send_limit replacement_limit(const struct adapter *a)
{
	int seconds = a->workspace->gather_seconds;
	int64_t wait_ms;
	if (feishu_quota_course(a->quota, FEISHU_RANK_BOARD, &wait_ms) != FEISHU_GO)
		seconds = MAX(seconds, FEISHU_SCARCE_SECONDS);
	if (seconds > 0)
		return (struct send_limit){ .bucket = "message", .per_minute = 60.0 / seconds, .burst = 1 };
	if (!a->workspace->rate_limits)
		return unlimited("message");
	return (struct send_limit){ .bucket = "message", .per_minute = FEISHU_CHAT_PER_MINUTE, .burst = FEISHU_CHAT_BURST };
}

static struct send_limit channel_limit(const struct adapter *a, const struct outbox_row *row)
{
	if (row->kind == OUTBOX_REPLACE || row->kind == OUTBOX_DELETE)
		return replacement_limit(a);
	if (!a->workspace->rate_limits || row->kind == OUTBOX_PRIVATE)
		return unlimited("channel");
	return (struct send_limit){
		.bucket = "channel", .per_minute = FEISHU_CHAT_PER_MINUTE, .burst = FEISHU_CHAT_BURST
	};
}

static void status(const struct adapter *a, cJSON *into)
{
	feishu_socket_status(a, into);
	feishu_quota_status(a->quota, json_put_object(into, "month"));
	json_put_int(into, "sending", a->errands->len);
	json_put_text(into, "refused", a->refused);
	json_put_text(into, "last_error", a->last_error);
}

const struct platform platform_feishu = {
	.name = "feishu",
	.form_life_ms = MINUTES(10), /* a card opens at any time, but nobody knows any more why */
	.start = start,
	.acknowledge = feishu_acknowledge,
	.send = feishu_send,
	.limit = limit,
	.channel_limit = channel_limit,
	.pause = feishu_pause,
	.recall = recall,
	.status = status,
	.stop = stop,
	.free = feishu_adapter_free,
	.check = feishu_check,
};
