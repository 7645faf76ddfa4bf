/* SPDX-License-Identifier: MIT */
/* Emoji under messages. */
#include "sandbox/happen.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

enum { MOST_BY_ONE = 23, MOST_EMOJI = 50 };

/* The message that channel and timestamp name; NULL with *error. */
static struct message *find_item(struct api_call *call, struct channel **channel, const char **error)
{
	*channel = call_channel(call, "channel", error);
	if (!*channel)
		return NULL;
	struct message *m = room_message(*channel, call_text(call, "timestamp"));
	if (!m || m->ephemeral_to)
		*error = "message_not_found";
	return m && !m->ephemeral_to ? m : NULL;
}

static gboolean is_name(const char *name)
{
	gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_+-':");
	return length > 0 && name[length] == '\0' && *name != ':' && name[length - 1] != ':';
}

static const char *check_room_for(const struct message *m, const struct member *who, const char *name)
{
	guint mine = 0;
	gboolean there = FALSE;
	for (guint i = 0; m->reactions && i < m->reactions->len; i++) {
		const struct reaction *reaction = g_ptr_array_index(m->reactions, i);
		mine += g_ptr_array_find(reaction->users, who, NULL) ? 1 : 0;
		there = there || g_str_equal(reaction->name, name);
	}
	if (mine >= MOST_BY_ONE)
		return "too_many_reactions";
	return !there && m->reactions && m->reactions->len >= MOST_EMOJI ? "too_many_emoji" : NULL;
}

static const char *react(struct api_call *call, gboolean on)
{
	struct channel *channel;
	const char *error = NULL, *name = call_text(call, "name");
	struct message *m = find_item(call, &channel, &error);
	if (!m)
		return error;
	if (!is_name(name))
		return "invalid_name";
	if (!room_is_in(channel, call->room->bot))
		return "not_in_channel";
	error = on ? check_room_for(m, call->room->bot, name) : NULL;
	if (error)
		return error;
	if (!room_react(m, call->room->bot, name, on))
		return on ? "already_reacted" : "no_reaction";
	happen_reacted(call->sb, channel, m, call->room->bot, name, on);
	return NULL;
}

static const char *reactions_add(struct api_call *call)
{
	return react(call, TRUE);
}

static const char *reactions_remove(struct api_call *call)
{
	return react(call, FALSE);
}

static const char *reactions_get(struct api_call *call)
{
	struct channel *channel;
	const char *error = NULL;
	if (!call_text(call, "channel") || !call_text(call, "timestamp"))
		return "no_item_specified";
	const struct message *m = find_item(call, &channel, &error);
	if (!m)
		return error;
	json_put_text(call->reply, "type", "message");
	json_put_text(call->reply, "channel", channel->id);
	cJSON *message = wire_message(call->room, m, WIRE_COUNTS);
	g_autofree char *link = wire_permalink(call->room, channel, m);
	json_put_text(message, "permalink", link);
	cJSON_AddItemToObject(call->reply, "message", message);
	return NULL;
}

const struct api_method api_reaction_methods[] = {
	{ .name = "reactions.add", .run = reactions_add, .tier = TIER_3, .json = TRUE, .scope = "reactions:write",
		.needs = { "channel", "timestamp", "name" } },
	{ .name = "reactions.remove", .run = reactions_remove, .tier = TIER_2, .json = TRUE, .scope = "reactions:write",
		.needs = { "channel", "timestamp", "name" } },
	{ .name = "reactions.get", .run = reactions_get, .tier = TIER_3, .scope = "reactions:read" },
	{ 0 },
};
