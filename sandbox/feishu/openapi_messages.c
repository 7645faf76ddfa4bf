/* SPDX-License-Identifier: MIT */
/* Messages: send, reply, update, take back, read, urge. */
#include "sandbox/feishu/essay.h"
#include "sandbox/feishu/card.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/meter.h"
#include "sandbox/feishu/wording.h"
#include "sandbox/files.h"
#include "sandbox/happen.h"
#include "sandbox/live.h"
#include "sandbox/wire.h"

enum { MOST_EDITS = 20, MOST_URGED = 200 };
#define CARD_LIFE_MS DAYS(14)

#define SEND_SCOPES { "im:message:send_as_bot", "im:message" }
#define READ_SCOPES { "im:message:readonly", "im:message" }

/* ---- to whom ---- */

static int find_person(struct open_call *call, const char *type, const char *id)
{
	struct member *member = ident_member(call->room, type, id);
	if (!member)
		return g_str_equal(type, "open_id") ? 99992351 : open_fail(call, 230001, "invalid receive_id");
	if (member->deleted)
		return 230029;
	if (member->is_bot)
		return 230013;
	gboolean fresh;
	call->channel = room_open_im(call->room, member, &fresh);
	if (fresh)
		happen_channel(call->sb, call->channel);
	return 0;
}

static int check_chat(struct open_call *call)
{
	if (call->channel->archived)
		return 232009;
	if (!room_is_in(call->channel, call->room->bot))
		return 230002;
	return call->channel->kind == CHANNEL_IM && call->channel->user->deleted ? 230029 : 0;
}

static int find_receiver(struct open_call *call)
{
	static const char *const types[] = { "chat_id", "open_id", "union_id", "user_id", "email", NULL };
	const char *type = open_arg(call, "receive_id_type", NULL), *id = json_text_or(call->body, "receive_id", NULL);
	if (!type || !g_strv_contains(types, type))
		return open_bad_field(call, "receive_id_type", "receive_id_type is one of chat_id, open_id, union_id, user_id, email");
	if (!id)
		return open_bad_field(call, "receive_id", "receive_id is required");
	if (!g_str_equal(type, "chat_id"))
		return find_person(call, type, id);
	call->channel = ident_chat(call->room, id);
	return call->channel ? check_chat(call) : open_fail(call, 230001, "invalid receive_id");
}

/* Five a second to one chat; a chat with one person is that person's. */
static int check_rate(struct open_call *call)
{
	g_autofree char *key = g_strconcat("chat/", call->channel->id, NULL);
	return meter_take(call->tenant->meter, key, 5, SECONDS(1)) ? open_fail(call, 230020, "chat rate limit") : 0;
}

static int check_message_rate(struct open_call *call, const struct message *m)
{
	g_autofree char *key = g_strdup_printf("message/%s/%s", call->channel->id, m->ts);
	return meter_take(call->tenant->meter, key, 5, SECONDS(1)) ? open_fail(call, 230020, "message rate limit") : 0;
}

/* ---- saying ---- */

/* Adds what wording_message shows to the answer. */
static void put_message(struct open_call *call, const struct message *m)
{
	cJSON *object = wording_message(call->tenant, call->channel, m), *item;
	while ((item = cJSON_DetachItemFromArray(object, 0)))
		cJSON_AddItemToObject(call->data, item->string, item);
	cJSON_Delete(object);
}

/* A repeat within the hour: the first message once more, if it is still there. TRUE: answered. */
static gboolean was_sent(struct open_call *call, const char *uuid)
{
	const char *id = openapi_sent(call->tenant->openapi, uuid);
	g_autofree char *ts = NULL;
	if (!id || !ident_place(call->room, id, &call->channel, &ts))
		return FALSE;
	const struct message *m = room_message(call->channel, ts);
	if (m)
		put_message(call, m);
	else
		json_put_text(call->data, "message_id", id);
	return TRUE;
}

static struct message *say(struct open_call *call, struct essay *essay, const char *thread_ts, gboolean quotes)
{
	cJSON *files = NULL;
	if (essay->file) {
		files = cJSON_CreateArray();
		cJSON_AddItemToArray(files, files_wire(call->sb->files, essay->file));
	}
	struct message *m = room_say(call->room, call->channel,
		&(struct saying){ .author = call->room->bot, .text = essay->text, .thread_ts = thread_ts, .files = files,
			.subtype = files ? "file_share" : NULL, .card = g_steal_pointer(&essay->card),
			.post = g_steal_pointer(&essay->post), .quotes = quotes });
	g_autofree char *id = ident_message_id(call->channel, m->ts);
	openapi_note_sent(call->tenant->openapi, json_text_or(call->body, "uuid", NULL), id);
	happen_said(call->sb, call->channel, m);
	return m;
}

static int say_in_channel(struct open_call *call, const char *thread_ts, gboolean quotes)
{
	struct essay essay = { 0 };
	int code = essay_read(&essay, call, json_text_or(call->body, "msg_type", NULL), json_text_or(call->body, "content", NULL));
	if (code == 0)
		code = check_rate(call);
	if (code == 0)
		put_message(call, say(call, &essay, thread_ts, quotes));
	essay_release(&essay);
	return code;
}

static int check_uuid(struct open_call *call)
{
	const char *uuid = json_text_or(call->body, "uuid", NULL);
	return uuid && g_utf8_strlen(uuid, -1) > 50 ? open_bad_field(call, "uuid", "the length of uuid is at most 50") : 0;
}

static int create(struct open_call *call)
{
	int code = check_uuid(call);
	if (code == 0 && was_sent(call, json_text_or(call->body, "uuid", NULL)))
		return 0;
	if (code == 0)
		code = find_receiver(call);
	return code ? code : say_in_channel(call, NULL, FALSE);
}

static int reply(struct open_call *call)
{
	int code = check_uuid(call);
	if (code == 0 && was_sent(call, json_text_or(call->body, "uuid", NULL)))
		return 0;
	const struct message *m = code ? NULL : open_message(call, 0, &code);
	if (code == 0)
		code = check_chat(call);
	if (code)
		return code;
	/* Replying to a message in a thread stays in the thread by itself. */
	gboolean in_thread = json_bool_or(call->body, "reply_in_thread", FALSE) || (m->thread_ts && !m->quotes);
	return say_in_channel(call, m->thread_ts ? m->thread_ts : m->ts, !in_thread);
}

/* ---- changing ---- */

static gboolean is_ours(const struct open_call *call, const struct message *m)
{
	return m->author == call->room->bot;
}

static int check_patch(struct open_call *call, const struct message *m)
{
	if (!is_ours(call, m))
		return 230071;
	if (!m->card || m->ephemeral_to)
		return open_fail(call, 230001, "This message is NOT a card.");
	if (!card_is_shared(m->card))
		return open_fail(call, 230001, "the card is not shared: config.update_multi");
	if (clock_now_ms(call->sb->clock) - room_ts_us(m->ts) / 1000 > CARD_LIFE_MS)
		return 230031;
	return check_message_rate(call, m);
}

static int patch(struct open_call *call)
{
	int code = 0;
	struct message *m = open_message(call, 0, &code);
	struct essay essay = { 0 };
	if (code == 0)
		code = check_patch(call, m);
	if (code == 0)
		code = essay_read(&essay, call, "interactive", json_text_or(call->body, "content", NULL));
	if (code == 0 && !card_is_shared(essay.card))
		code = open_fail(call, 230001, "the card is not shared: config.update_multi");
	if (code == 0 && card_goes_back(m->card, essay.card))
		code = open_fail(call, 230099, "ErrCode: 200830; ErrMsg: a card of schema 2.0 cannot become one of 1.0");
	if (code == 0)
		card_replace(call->tenant, call->channel, m, g_steal_pointer(&essay.card), essay.text);
	essay_release(&essay);
	return code;
}

static void rewrite(struct open_call *call, struct message *m, struct essay *essay)
{
	cJSON *previous = wire_message(call->room, m, WIRE_METADATA | WIRE_COUNTS);
	g_free(m->text);
	m->text = g_steal_pointer(&essay->text);
	cJSON_Delete(m->post);
	m->post = g_steal_pointer(&essay->post);
	g_free(m->edited_ts);
	m->edited_ts = room_next_ts(call->room);
	m->edited_by = call->room->bot;
	m->edits++;
	happen_changed(call->sb, call->channel, m, previous);
}

static int update(struct open_call *call)
{
	int code = 0;
	const char *type = json_text_or(call->body, "msg_type", "");
	struct message *m = open_message(call, 0, &code);
	if (code)
		return code;
	if (!is_ours(call, m))
		return 230071;
	if (m->card || m->files || !(g_str_equal(type, "text") || g_str_equal(type, "post")))
		return open_fail(call, 230001, "only text and post can be edited");
	if (m->edits >= MOST_EDITS)
		return 230072;
	struct essay essay = { 0 };
	code = essay_read(&essay, call, type, json_text_or(call->body, "content", NULL));
	if (code == 0) {
		rewrite(call, m, &essay);
		put_message(call, m);
	}
	essay_release(&essay);
	return code;
}

static int recall(struct open_call *call)
{
	int code = 0;
	struct message *m = open_message(call, 0, &code);
	if (code)
		return code;
	if (!is_ours(call, m))
		return 230026;
	g_autofree char *ts = g_strdup(m->ts), *thread_ts = g_strdup(m->thread_ts);
	cJSON *previous = wire_message(call->room, m, 0);
	room_remove(call->channel, m);
	happen_deleted(call->sb, call->channel, ts, thread_ts, previous);
	return 0;
}

/* ---- reading ---- */

static int get(struct open_call *call)
{
	g_autofree char *ts = NULL;
	if (!ident_place(call->room, call->params[0], &call->channel, &ts))
		return open_fail(call, 230001, "invalid message_id");
	const struct message *m = room_message(call->channel, ts);
	if (!m)
		return 230110;
	if (!room_is_in(call->channel, call->room->bot))
		return 230002;
	cJSON_AddItemToArray(json_put_array(call->data, "items"), wording_message(call->tenant, call->channel, m));
	return 0;
}

/* Of a chat: what does not stand in threads; of a thread: its replies and its root. In seconds, both ends included. */
static gboolean belongs(const struct message *m, const char *root_ts, int64_t from_s, int64_t to_s)
{
	int64_t at_s = ident_time_ms(m->ts) / 1000;
	if (m->ephemeral_to || at_s < from_s || at_s > to_s)
		return FALSE;
	if (root_ts)
		return g_str_equal(m->ts, root_ts) || g_strcmp0(m->thread_ts, root_ts) == 0;
	return !m->thread_ts || m->quotes;
}

static int find_container(struct open_call *call, char **root_ts)
{
	const char *type = open_arg(call, "container_id_type", ""), *id = open_arg(call, "container_id", "");
	if (g_str_equal(type, "thread")) {
		if (!g_str_has_prefix(id, "omt_") || !ident_place(call->room, id, &call->channel, root_ts))
			return open_fail(call, 230001, "invalid container_id");
	} else if (g_str_equal(type, "chat")) {
		call->channel = ident_chat(call->room, id);
	} else {
		return open_bad_field(call, "container_id_type", "container_id_type is chat or thread");
	}
	if (!call->channel)
		return open_fail(call, 230001, "invalid container_id");
	if (!room_is_in(call->channel, call->room->bot))
		return 230002;
	return call->channel->kind == CHANNEL_IM || tenant_may(call->tenant, "im:message.group_msg") ? 0 : 230027;
}

static GPtrArray *select_messages(const struct open_call *call, const char *root_ts)
{
	int64_t from_s = g_ascii_strtoll(open_arg(call, "start_time", "0"), NULL, 10);
	int64_t to_s = g_ascii_strtoll(open_arg(call, "end_time", "99999999999"), NULL, 10);
	gboolean newest_first = g_str_equal(open_arg(call, "sort_type", "ByCreateTimeAsc"), "ByCreateTimeDesc");
	GPtrArray *selected = g_ptr_array_new();
	guint n = call->channel->messages->len;
	for (guint i = 0; i < n; i++) {
		struct message *m = g_ptr_array_index(call->channel->messages, newest_first ? n - 1 - i : i);
		if (belongs(m, root_ts, from_s, to_s))
			g_ptr_array_add(selected, m);
	}
	return selected;
}

static int list(struct open_call *call)
{
	g_autofree char *root_ts = NULL;
	int code = find_container(call, &root_ts);
	if (code)
		return code;
	g_autoptr(GPtrArray) selected = select_messages(call, root_ts);
	guint from, to;
	code = open_page(call, selected->len, 20, 50, &from, &to);
	if (code)
		return code;
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(items, wording_message(call->tenant, call->channel, g_ptr_array_index(selected, i)));
	return 0;
}

static int resource(struct open_call *call)
{
	int code = 0;
	const struct message *m = open_message(call, 0, &code);
	if (code)
		return code;
	g_autofree char *id = ident_file_of_key(call->params[1]);
	const struct file *file = files_find(call->sb->files, id);
	const cJSON *own;
	gboolean here = FALSE;
	cJSON_ArrayForEach(own, m->files)
		here = here || g_strcmp0(json_text_or(own, "id", ""), id) == 0;
	if (!here || !file || !file->bytes)
		return open_fail(call, 230001, "no such resource in that message");
	call->bytes = g_bytes_ref(file->bytes);
	call->bytes_type = file->mimetype;
	return 0;
}

/* ---- urgent ---- */

static void urge(struct open_call *call, struct message *m, cJSON *invalid)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, json_array(call->body, "user_id_list"))
	{
		struct member *member = cJSON_IsString(item) ? open_member(call, "user_id_type", item->valuestring) : NULL;
		if (!member || member->deleted || !room_is_in(call->channel, member)) {
			cJSON_AddItemToArray(invalid, cJSON_Duplicate(item, FALSE));
			continue;
		}
		if (!m->urgent_to)
			m->urgent_to = g_ptr_array_new();
		if (!g_ptr_array_find(m->urgent_to, member, NULL))
			g_ptr_array_add(m->urgent_to, member);
	}
}

static int urgent(struct open_call *call)
{
	int code = 0;
	struct message *m = open_message(call, 0, &code);
	if (code)
		return code;
	if (!is_ours(call, m))
		return 230012;
	const cJSON *list_of_ids = json_array(call->body, "user_id_list");
	int n = cJSON_GetArraySize(list_of_ids);
	if (n < 1 || n > MOST_URGED)
		return open_bad_field(call, "user_id_list", "user_id_list holds 1 to 200 ids");
	urge(call, m, json_put_array(call->data, "invalid_user_id_list"));
	happen_shown(call->sb, call->channel, m);
	return 0;
}

/* ---- pins ---- */

static void put_pin(struct open_call *call, const struct message *m)
{
	cJSON *pin = json_put_object(call->data, "pin");
	g_autofree char *id = ident_message_id(call->channel, m->ts), *chat_id = ident_chat_id(call->channel);
	json_put_text(pin, "message_id", id);
	json_put_text(pin, "chat_id", chat_id);
	json_put_text(pin, "operator_id", call->tenant->app_id);
	json_put_text(pin, "operator_id_type", "app_id");
	wording_put_number(pin, "create_time", clock_now_ms(call->sb->clock));
}

static int set_pin(struct open_call *call, const char *message_id, gboolean on)
{
	int code = 0;
	g_free(call->params[0]);
	call->params[0] = g_strdup(message_id ? message_id : "");
	struct message *m = open_message(call, 0, &code);
	if (code == 0)
		code = check_message_rate(call, m);
	if (code)
		return code;
	m->pinned = on;
	if (on)
		put_pin(call, m);
	happen_shown(call->sb, call->channel, m);
	return 0;
}

static int pin(struct open_call *call)
{
	return set_pin(call, json_text_or(call->body, "message_id", NULL), TRUE);
}

static int unpin(struct open_call *call)
{
	g_autofree char *id = g_strdup(call->params[0]);
	return set_pin(call, id, FALSE);
}

const struct open_method open_message_methods[] = {
	{ "im.message.create", "POST", "im/v1/messages", create, 0, SEND_SCOPES },
	{ "im.message.list", "GET", "im/v1/messages", list, 0, READ_SCOPES },
	{ "im.message.reply", "POST", "im/v1/messages/:id/reply", reply, 0, SEND_SCOPES },
	{ "im.message.urgentApp", "PATCH", "im/v1/messages/:id/urgent_app", urgent, 0, { "im:message.urgent" } },
	{ "im.message.patch", "PATCH", "im/v1/messages/:id", patch, 0, { "im:message:send_as_bot", "im:message", "im:message:update" } },
	{ "im.message.update", "PUT", "im/v1/messages/:id", update, 0, { "im:message:send_as_bot", "im:message", "im:message:update" } },
	{ "im.message.delete", "DELETE", "im/v1/messages/:id", recall, 0, { "im:message:send_as_bot", "im:message", "im:message:recall" } },
	{ "im.message.get", "GET", "im/v1/messages/:id", get, 0, READ_SCOPES },
	{ "im.messageResource.get", "GET", "im/v1/messages/:id/resources/:key", resource, 0, READ_SCOPES },
	{ "im.pin.create", "POST", "im/v1/pins", pin, 0, { "im:message.pins:write_only", "im:message" } },
	{ "im.pin.delete", "DELETE", "im/v1/pins/:id", unpin, 0, { "im:message.pins:write_only", "im:message" } },
	{ 0 },
};
