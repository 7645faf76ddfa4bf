/* SPDX-License-Identifier: MIT */
#include "sandbox/respond.h"

#include "sandbox/files.h"
#include "sandbox/draft.h"
#include "sandbox/happen.h"
#include "sandbox/live.h"
#include "sandbox/room.h"
#include "sandbox/speech.h"
#include "sandbox/wire.h"

/* Posts made this way are bot_messages; ephemeral unless the app says in_channel. */
static void post(struct sandbox *sb, const struct click_target *target, struct draft *draft, const cJSON *payload)
{
	gboolean in_channel = g_str_equal(json_text_or(payload, "response_type", "ephemeral"), "in_channel");
	const char *thread_ts = json_text_or(payload, "thread_ts", NULL);
	struct saying s = { .author = sb->room->bot, .text = draft->text, .subtype = "bot_message" };
	s.thread_ts = in_channel ? thread_ts : NULL;
	s.ephemeral_to = in_channel ? NULL : target->member;
	s.blocks = draft->blocks ? g_steal_pointer(&draft->blocks) : *draft->text ? speech_blocks(draft->text) : NULL;
	s.attachments = g_steal_pointer(&draft->attachments);
	s.metadata = g_steal_pointer(&draft->metadata);
	happen_said(sb, target->channel, room_say(sb->room, target->channel, &s));
}

static void replace(struct sandbox *sb, const struct click_target *target, struct message *m, struct draft *draft)
{
	cJSON *previous = wire_message(sb->room, m, WIRE_METADATA | WIRE_COUNTS);
	g_free(m->text);
	m->text = g_steal_pointer(&draft->text);
	cJSON_Delete(m->blocks);
	m->blocks = draft->blocks ? g_steal_pointer(&draft->blocks) : *m->text ? speech_blocks(m->text) : NULL;
	cJSON_Delete(m->attachments);
	m->attachments = g_steal_pointer(&draft->attachments);
	happen_changed(sb, target->channel, m, previous);
}

static void delete(struct sandbox *sb, const struct click_target *target, struct message *m)
{
	g_autofree char *ts = g_strdup(m->ts), *thread_ts = g_strdup(m->thread_ts);
	cJSON *previous = m->ephemeral_to ? NULL : wire_message(sb->room, m, 0);
	room_remove(target->channel, m);
	happen_deleted(sb, target->channel, ts, thread_ts, previous);
}

static const char *answer(struct sandbox *sb, const struct click_target *target, struct draft *draft, const cJSON *payload)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	struct message *original = room_message(target->channel, target->ts);
	if (original && json_bool_or(payload, "delete_original", FALSE)) {
		delete(sb, target, original);
		return NULL;
	}
	const char *error = draft_read(draft, payload, messages);
	if (!error)
		error = files_check_shown(sb->files, draft->blocks, messages);
	if (!error)
		error = draft_check_said(draft);
	if (error)
		return error;
	if (original && json_bool_or(payload, "replace_original", FALSE))
		replace(sb, target, original, draft);
	else
		post(sb, target, draft, payload);
	return NULL;
}

const char *respond_say(struct sandbox *sb, const struct click_target *target, const cJSON *payload)
{
	struct draft draft = { 0 };
	const char *error = answer(sb, target, &draft, payload);
	draft_release(&draft);
	return error;
}

static void reply(struct sandbox *sb, struct http_call *http, int status, const char *text, cJSON *take_payload)
{
	static const char *const headers[] = { "Content-Type: text/html; charset=utf-8", NULL };
	live_log(sb->live, LOG_IN, "http", "response_url", status, take_payload);
	http_reply(http, status, headers, text, strlen(text));
}

void respond_serve(struct sandbox *sb, struct http_call *http)
{
	gsize length;
	const char *body = http_call_body(http, &length), *error = NULL;
	cJSON *payload = json_parse(body, length, NULL);
	if (!cJSON_IsObject(payload)) {
		reply(sb, http, 400, "invalid_payload", payload);
		return;
	}
	const char *key = http_call_path(http) + strlen("/response/");
	const struct click_target *target = clicks_use_response_url(sb->clicks, key, &error);
	if (!target) {
		reply(sb, http, 404, error, payload);
		return;
	}
	error = respond_say(sb, target, payload);
	reply(sb, http, error ? 400 : 200, error ? error : "ok", payload);
}
