/* SPDX-License-Identifier: MIT */
/* Posting, changing and deleting messages. */
#include "sandbox/draft.h"
#include "sandbox/files.h"
#include "sandbox/happen.h"
#include "sandbox/limits.h"
#include "sandbox/scopes.h"
#include "sandbox/speech.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

enum { MOST_UPDATED_CHARACTERS = 4000 };

static const char *read_draft(struct api_call *call, struct draft *draft)
{
	if (!call->messages)
		call->messages = g_ptr_array_new_with_free_func(g_free);
	const char *error = draft_read(draft, call->args, call->messages);
	if (!error)
		error = files_check_shown(call->sb->files, draft->blocks, call->messages);
	if (call->messages->len == 0)
		g_clear_pointer(&call->messages, g_ptr_array_unref);
	if (draft->truncated)
		call_warn(call, "message_truncated");
	return error;
}

/* chat.postMessage also takes a name, and a person's id, which opens the direct messages. */
static struct channel *find_destination(struct api_call *call, const char **error)
{
	const char *text = call_text(call, "channel");
	struct member *member = room_member(call->room, text);
	gboolean fresh;
	if (member && member != call->room->bot && !member->deleted) {
		struct channel *im = room_open_im(call->room, member, &fresh);
		if (fresh)
			happen_channel(call->sb, im);
		return im;
	}
	struct channel *channel = room_channel_named(call->room, text);
	if (channel && (channel->kind != CHANNEL_PRIVATE || room_is_in(channel, call->room->bot)))
		return channel;
	*error = "channel_not_found";
	return NULL;
}

static const char *check_may_post(struct api_call *call, const struct channel *channel)
{
	if (channel->archived || (channel->user && channel->user->deleted))
		return "is_archived";
	if (room_is_in(channel, call->room->bot))
		return NULL;
	return channel->kind == CHANNEL_PUBLIC && scopes_has(call->room, "chat:write.public") ? NULL : "not_in_channel";
}

/* thread_ts may name a reply: its parent is meant. Unknown: Slack posts to the channel's thread all the same. */
static const char *thread_of(const struct channel *channel, const char *ts)
{
	const struct message *m = room_message(channel, ts);
	return m && m->thread_ts ? m->thread_ts : ts;
}

static struct saying saying_of(struct api_call *call, struct draft *draft, const struct channel *channel)
{
	struct saying s = { .author = call->room->bot, .text = draft->text };
	s.thread_ts = thread_of(channel, call_text(call, "thread_ts"));
	s.blocks = g_steal_pointer(&draft->blocks);
	s.attachments = g_steal_pointer(&draft->attachments);
	s.metadata = g_steal_pointer(&draft->metadata);
	if (!s.blocks && *draft->text)
		s.blocks = speech_blocks(draft->text);
	return s;
}

static const char *post(struct api_call *call, struct draft *draft)
{
	const char *error = read_draft(call, draft);
	struct channel *channel = error ? NULL : find_destination(call, &error);
	if (!error)
		error = check_may_post(call, channel);
	if (!error)
		error = draft_check_said(draft);
	if (!error && (call_text(call, "username") || call_text(call, "icon_emoji")) &&
		!scopes_has(call->room, "chat:write.customize"))
		error = call_needs_scope(call, "chat:write.customize");
	if (!error)
		error = limits_check_post(call->sb->limits, channel, &call->retry_after_s);
	if (error)
		return error;
	struct saying s = saying_of(call, draft, channel);
	s.broadcast = s.thread_ts && call_flag(call, "reply_broadcast", FALSE);
	s.subtype = s.broadcast ? "thread_broadcast" : NULL;
	s.username = call_text(call, "username");
	const struct message *m = room_say(call->room, channel, &s);
	json_put_text(call->reply, "channel", channel->id);
	json_put_text(call->reply, "ts", m->ts);
	cJSON_AddItemToObject(call->reply, "message", wire_message(call->room, m, WIRE_METADATA));
	happen_said(call->sb, channel, m);
	return NULL;
}

static const char *chat_post(struct api_call *call)
{
	struct draft draft = { 0 };
	const char *error = post(call, &draft);
	draft_release(&draft);
	return error;
}

static const char *ephemeral(struct api_call *call, struct draft *draft)
{
	const char *error = read_draft(call, draft);
	struct channel *channel = error ? NULL : find_destination(call, &error);
	struct member *who = room_member(call->room, call_text(call, "user"));
	if (!error)
		error = check_may_post(call, channel);
	if (!error)
		error = draft_check_said(draft);
	if (error)
		return error;
	if (!who || !room_is_in(channel, who))
		return "user_not_in_channel";
	struct saying s = saying_of(call, draft, channel);
	s.ephemeral_to = who;
	const struct message *m = room_say(call->room, channel, &s);
	json_put_text(call->reply, "message_ts", m->ts);
	happen_said(call->sb, channel, m);
	return NULL;
}

static const char *chat_ephemeral(struct api_call *call)
{
	struct draft draft = { 0 };
	const char *error = ephemeral(call, &draft);
	draft_release(&draft);
	return error;
}

/* Our own message that channel and ts name; another's is not ours to change. NULL with *error. */
static struct message *find_own(struct api_call *call, const char *not_ours, struct channel **channel, const char **error)
{
	*channel = call_channel(call, "channel", error);
	if (!*channel)
		return NULL;
	struct message *m = room_message(*channel, call_text(call, "ts"));
	gboolean there = m && !m->ephemeral_to && m->subtype != g_intern_static_string("tombstone");
	if (there && m->author == call->room->bot)
		return m;
	*error = there ? not_ours : "message_not_found";
	return NULL;
}

/* Section 8, remarks: text without blocks removes the old blocks; metadata stays unless given. */
static void apply(struct api_call *call, struct message *m, struct draft *draft)
{
	gboolean text_only = draft->has_text && !draft->has_blocks && !draft->has_attachments;
	if (draft->has_text) {
		g_free(m->text);
		m->text = g_steal_pointer(&draft->text);
	}
	if (draft->has_text || draft->has_blocks) {
		cJSON_Delete(m->blocks);
		m->blocks = draft->blocks ? g_steal_pointer(&draft->blocks) : *m->text ? speech_blocks(m->text) : NULL;
	}
	if (draft->has_attachments) {
		cJSON_Delete(m->attachments);
		m->attachments = g_steal_pointer(&draft->attachments);
	}
	if (draft->has_metadata) {
		cJSON_Delete(m->metadata);
		m->metadata = g_steal_pointer(&draft->metadata);
	}
	if (text_only) {
		g_free(m->edited_ts);
		m->edited_ts = room_next_ts(call->room);
		m->edited_by = call->room->bot;
	}
}

static const char *update(struct api_call *call, struct draft *draft)
{
	struct channel *channel;
	const char *error = NULL;
	struct message *m = find_own(call, "cant_update_message", &channel, &error);
	if (!m)
		return error;
	error = read_draft(call, draft);
	if (error)
		return error;
	if (g_utf8_strlen(draft->text, -1) > MOST_UPDATED_CHARACTERS)
		return "msg_too_long";
	if (!draft->has_text && !draft->has_blocks && !draft->has_attachments)
		return "no_text";
	cJSON *previous = wire_message(call->room, m, WIRE_METADATA | WIRE_COUNTS);
	apply(call, m, draft);
	json_put_text(call->reply, "channel", channel->id);
	json_put_text(call->reply, "ts", m->ts);
	json_put_text(call->reply, "text", m->text);
	cJSON_AddItemToObject(call->reply, "message", wire_message(call->room, m, WIRE_METADATA));
	happen_changed(call->sb, channel, m, previous);
	return NULL;
}

static const char *chat_update(struct api_call *call)
{
	struct draft draft = { 0 };
	const char *error = update(call, &draft);
	draft_release(&draft);
	return error;
}

static const char *chat_delete(struct api_call *call)
{
	struct channel *channel;
	const char *error = NULL;
	struct message *m = find_own(call, "cant_delete_message", &channel, &error);
	if (!m)
		return error;
	g_autofree char *ts = g_strdup(m->ts), *thread_ts = g_strdup(m->thread_ts);
	cJSON *previous = wire_message(call->room, m, 0);
	room_remove(channel, m);
	json_put_text(call->reply, "channel", channel->id);
	json_put_text(call->reply, "ts", ts);
	happen_deleted(call->sb, channel, ts, thread_ts, previous);
	return NULL;
}

static const char *chat_permalink(struct api_call *call)
{
	const char *error = NULL;
	const struct channel *channel = call_channel(call, "channel", &error);
	if (!channel)
		return error;
	const struct message *m = room_message(channel, call_text(call, "message_ts"));
	if (!m || m->ephemeral_to)
		return "message_not_found";
	g_autofree char *link = wire_permalink(call->room, channel, m);
	json_put_text(call->reply, "permalink", link);
	json_put_text(call->reply, "channel", channel->id);
	return NULL;
}

const struct api_method api_chat_methods[] = {
	{ .name = "chat.postMessage", .run = chat_post, .tier = TIER_MANY, .json = TRUE, .scope = "chat:write",
		.needs = { "channel" }, .missing = "channel_not_found" },
	{ .name = "chat.postEphemeral", .run = chat_ephemeral, .tier = TIER_4, .json = TRUE, .scope = "chat:write",
		.needs = { "channel", "user" } },
	{ .name = "chat.update", .run = chat_update, .tier = TIER_3, .json = TRUE, .scope = "chat:write",
		.needs = { "channel", "ts" } },
	{ .name = "chat.delete", .run = chat_delete, .tier = TIER_3, .json = TRUE, .scope = "chat:write",
		.needs = { "channel", "ts" } },
	{ .name = "chat.getPermalink", .run = chat_permalink, .tier = TIER_MANY, .needs = { "channel", "message_ts" } },
	{ 0 },
};
