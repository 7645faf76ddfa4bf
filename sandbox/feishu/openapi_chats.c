/* SPDX-License-Identifier: MIT */
/* Chats: which, what, who. */
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/openapi.h"
#include "sandbox/feishu/wording.h"

#define SCOPES { "im:chat:readonly", "im:chat:read", "im:chat" }

static int list(struct open_call *call)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	for (guint i = 0; i < call->room->channels->len; i++) {
		struct channel *channel = g_ptr_array_index(call->room->channels, i);
		if (channel->kind != CHANNEL_IM && !channel->archived && room_is_in(channel, call->room->bot))
			g_ptr_array_add(all, channel);
	}
	guint from, to;
	int code = open_page(call, all->len, 20, 100, &from, &to);
	if (code)
		return code;
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(items, wording_chat(call->tenant, g_ptr_array_index(all, i), FALSE));
	return 0;
}

static int find_chat(struct open_call *call)
{
	call->channel = ident_chat(call->room, call->params[0]);
	if (!call->channel)
		return open_bad_field(call, "chat_id", "invalid chat_id");
	if (call->channel->archived)
		return 232009;
	return room_is_in(call->channel, call->room->bot) ? 0 : 232011;
}

static int get(struct open_call *call)
{
	int code = find_chat(call);
	if (code == 0) {
		cJSON_Delete(call->data);
		call->data = wording_chat(call->tenant, call->channel, TRUE);
	}
	return code;
}

static void put_member(cJSON *items, const struct open_call *call, const struct member *member, const char *type)
{
	cJSON *object = json_push_object(items);
	g_autofree char *id = ident_of_type(member, type);
	json_put_text(object, "member_id_type", type);
	json_put_text(object, "member_id", id);
	json_put_text(object, "name", *member->display_name ? member->display_name : member->real_name);
	json_put_text(object, "tenant_key", call->tenant->key);
}

/* A page is cut before the bots are left out, so it may be shorter than asked for. */
static int members(struct open_call *call)
{
	static const char *const types[] = { "open_id", "union_id", "user_id", NULL };
	const char *type = open_arg(call, "member_id_type", "open_id");
	int code = find_chat(call);
	if (code)
		return code;
	if (!g_strv_contains(types, type))
		return open_bad_field(call, "member_id_type", "invalid member_id_type");
	guint from, to, people = 0;
	const GPtrArray *all = call->channel->members;
	code = open_page(call, all->len, 20, 100, &from, &to);
	if (code)
		return code;
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = 0; i < all->len; i++) {
		const struct member *member = g_ptr_array_index(all, i);
		if (member->is_bot)
			continue;
		people++;
		if (i >= from && i < to)
			put_member(items, call, member, type);
	}
	json_put_int(call->data, "member_total", people);
	return 0;
}

const struct open_method open_chat_methods[] = {
	{ "im.chat.list", "GET", "im/v1/chats", list, 0, SCOPES },
	{ "im.chat.get", "GET", "im/v1/chats/:id", get, 0, SCOPES },
	{ "im.chatMembers.get", "GET", "im/v1/chats/:id/members", members, 0, { "im:chat.members:read", "im:chat:readonly", "im:chat" } },
	{ 0 },
};
