/* SPDX-License-Identifier: MIT */
/* Channels and direct messages: finding, opening, joining. */
#include "sandbox/happen.h"
#include "sandbox/scopes.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

/* ---- lists ---- */

static const struct {
	const char *type;
	enum channel_kind kind;
} types[] = { { "public_channel", CHANNEL_PUBLIC }, { "private_channel", CHANNEL_PRIVATE }, { "im", CHANNEL_IM } };

/* A bit for each kind asked for; 0 with *error. */
static unsigned read_types(struct api_call *call, const char **error)
{
	const char *text = call_text(call, "types");
	g_auto(GStrv) words = g_strsplit(text ? text : "public_channel", ",", -1);
	unsigned wanted = 0;
	for (char **word = words; *word; word++) {
		gboolean known = g_str_equal(g_strstrip(*word), "mpim"); /* there are none */
		for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
			if (g_str_equal(types[i].type, *word)) {
				wanted |= 1u << types[i].kind;
				known = TRUE;
			}
		}
		if (!known) {
			*error = "invalid_types";
			return 0;
		}
	}
	return wanted;
}

static gboolean is_listed(const struct api_call *call, const struct channel *channel, unsigned wanted,
	const struct member *of)
{
	if (!(wanted & 1u << channel->kind))
		return FALSE;
	if (of && !room_is_in(channel, of))
		return FALSE;
	return channel->kind == CHANNEL_PUBLIC || room_is_in(channel, call->room->bot);
}

static const char *list(struct api_call *call, const struct member *of)
{
	const char *error = NULL;
	unsigned wanted = read_types(call, &error);
	if (error)
		return error;
	for (enum channel_kind kind = CHANNEL_PUBLIC; kind <= CHANNEL_IM; kind++) {
		if ((wanted & 1u << kind) && !scopes_has(call->room, scopes_for_channel(kind, "read")))
			return call_needs_scope(call, scopes_for_channel(kind, "read"));
	}
	gboolean exclude_archived = call_flag(call, "exclude_archived", FALSE);
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	for (guint i = 0; i < call->room->channels->len; i++) {
		struct channel *channel = g_ptr_array_index(call->room->channels, i);
		if (is_listed(call, channel, wanted, of) && !(exclude_archived && channel->archived))
			g_ptr_array_add(found, channel);
	}
	guint from, to;
	if (!call_page(call, found->len, 100, 1000, &from, &to, &error))
		return error;
	cJSON *channels = json_put_array(call->reply, "channels");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(channels, wire_channel(call->room, g_ptr_array_index(found, i)));
	return NULL;
}

static const char *conversations_list(struct api_call *call)
{
	return list(call, NULL);
}

static const char *users_conversations(struct api_call *call)
{
	const char *id = call_text(call, "user");
	const struct member *member = id ? room_member(call->room, id) : call->room->bot;
	return member ? list(call, member) : "user_not_found";
}

/* ---- one ---- */

static const char *conversations_info(struct api_call *call)
{
	const char *error = NULL;
	struct channel *channel = call_channel_right(call, "channel", "read", &error);
	if (!channel)
		return error;
	cJSON *object = wire_channel(call->room, channel);
	if (call_flag(call, "include_num_members", FALSE))
		json_put_int(object, "num_members", channel->members->len);
	if (call_flag(call, "include_locale", FALSE))
		json_put_text(object, "locale", "en-US");
	cJSON_AddItemToObject(call->reply, "channel", object);
	return NULL;
}

static const char *conversations_members(struct api_call *call)
{
	const char *error = NULL;
	guint from, to;
	struct channel *channel = call_channel_right(call, "channel", "read", &error);
	if (!channel || !call_page(call, channel->members->len, 100, 1000, &from, &to, &error))
		return error;
	cJSON *members = json_put_array(call->reply, "members");
	for (guint i = from; i < to; i++)
		json_push_text(members, ((struct member *)g_ptr_array_index(channel->members, i))->id);
	return NULL;
}

static const char *answer_opened(struct api_call *call, struct channel *im, gboolean fresh)
{
	if (fresh) {
		happen_channel(call->sb, im);
	} else {
		json_put_bool(call->reply, "no_op", TRUE);
		json_put_bool(call->reply, "already_open", TRUE);
	}
	if (call_flag(call, "return_im", FALSE))
		cJSON_AddItemToObject(call->reply, "channel", wire_channel(call->room, im));
	else
		json_put_text(json_put_object(call->reply, "channel"), "id", im->id);
	return NULL;
}

static const char *conversations_open(struct api_call *call)
{
	const char *users = call_text(call, "users"), *error = NULL;
	if (call_text(call, "channel")) {
		struct channel *channel = call_channel(call, "channel", &error);
		return channel ? answer_opened(call, channel, FALSE) : error;
	}
	if (!users)
		return "users_list_not_supplied";
	if (strchr(users, ','))
		return call_needs_scope(call, "mpim:write"); /* group messages are not part of the sandbox */
	struct member *member = room_member(call->room, users);
	if (!member)
		return "user_not_found";
	if (member == call->room->bot)
		return "not_enough_users";
	if (member->deleted)
		return "user_disabled";
	gboolean fresh;
	struct channel *im = room_open_im(call->room, member, &fresh);
	return answer_opened(call, im, fresh);
}

static const char *conversations_join(struct api_call *call)
{
	const char *error = NULL;
	struct channel *channel = call_channel(call, "channel", &error);
	if (!channel)
		return error;
	if (channel->kind != CHANNEL_PUBLIC)
		return "method_not_supported_for_channel_type";
	if (channel->archived)
		return "is_archived";
	if (room_join(channel, call->room->bot))
		happen_joined(call->sb, channel, call->room->bot, NULL);
	else
		call_warn(call, "already_in_channel");
	cJSON_AddItemToObject(call->reply, "channel", wire_channel(call->room, channel));
	return NULL;
}

const char *conversations_history(struct api_call *call);
const char *conversations_replies(struct api_call *call);

const struct api_method api_conversation_methods[] = {
	{ .name = "conversations.list", .run = conversations_list, .tier = TIER_2, .right = "read" },
	{ .name = "users.conversations", .run = users_conversations, .tier = TIER_3, .right = "read" },
	{ .name = "conversations.info", .run = conversations_info, .tier = TIER_3, .right = "read", .needs = { "channel" } },
	{ .name = "conversations.members", .run = conversations_members, .tier = TIER_4, .right = "read",
		.needs = { "channel" } },
	{ .name = "conversations.open", .run = conversations_open, .tier = TIER_3, .json = TRUE, .scope = "im:write" },
	{ .name = "conversations.join", .run = conversations_join, .tier = TIER_3, .json = TRUE, .scope = "channels:join",
		.needs = { "channel" } },
	{ .name = "conversations.history", .run = conversations_history, .tier = TIER_3, .json = TRUE, .right = "history",
		.needs = { "channel" } },
	{ .name = "conversations.replies", .run = conversations_replies, .tier = TIER_3, .right = "history",
		.needs = { "channel", "ts" } },
	{ 0 },
};
