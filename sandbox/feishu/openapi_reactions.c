/* SPDX-License-Identifier: MIT */
/* Emoji under messages. A reaction's id names the type and who chose it. */
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/openapi.h"
#include "sandbox/feishu/tongue.h"
#include "sandbox/feishu/wording.h"
#include "sandbox/happen.h"

static cJSON *describe(const struct open_call *call, const char *type, const struct member *who)
{
	cJSON *object = cJSON_CreateObject();
	gboolean ours = who == call->room->bot;
	g_autofree char *open_id = ident_open_id(who), *user_id = ident_user_id(who);
	g_autofree char *id = g_strconcat(type, "-", user_id, NULL);
	json_put_text(object, "reaction_id", id);
	cJSON *operator = json_put_object(object, "operator");
	json_put_text(operator, "operator_id", ours ? call->tenant->app_id : open_id);
	json_put_text(operator, "operator_type", ours ? "app" : "user");
	wording_put_number(object, "action_time", clock_now_ms(call->sb->clock));
	json_put_text(json_put_object(object, "reaction_type"), "emoji_type", type);
	return object;
}

static struct message *find_message(struct open_call *call, int *code)
{
	struct message *m = open_message(call, 0, code);
	if (*code == 230011)
		*code = 231003;
	if (m && !room_is_in(call->channel, call->room->bot))
		*code = 231002;
	return m;
}

static int create(struct open_call *call)
{
	int code = 0;
	struct message *m = find_message(call, &code);
	if (code)
		return code;
	const char *type = json_text_or(call->body, "reaction_type.emoji_type", NULL), *name = type ? tongue_reaction_name(type) : NULL;
	if (!name)
		return 231001;
	if (room_react(m, call->room->bot, name, TRUE))
		happen_reacted(call->sb, call->channel, m, call->room->bot, name, TRUE);
	cJSON_Delete(call->data);
	call->data = describe(call, type, call->room->bot);
	return 0;
}

static int delete(struct open_call *call)
{
	int code = 0;
	struct message *m = find_message(call, &code);
	if (code)
		return code;
	g_auto(GStrv) parts = g_strsplit(call->params[1], "-", 2);
	const char *name = parts[0] ? tongue_reaction_name(parts[0]) : NULL;
	const struct member *who = name && parts[1] ? ident_member(call->room, "user_id", parts[1]) : NULL;
	if (!who)
		return open_fail(call, 231001, "invalid reaction_id");
	if (who != call->room->bot)
		return 231007;
	if (!room_react(m, call->room->bot, name, FALSE))
		return open_fail(call, 231001, "the reaction does not exist");
	happen_reacted(call->sb, call->channel, m, call->room->bot, name, FALSE);
	g_autofree char *type = g_strdup(parts[0]);
	cJSON_Delete(call->data);
	call->data = describe(call, type, call->room->bot);
	return 0;
}

static void add_all(const struct open_call *call, const struct reaction *reaction, const char *wanted, GPtrArray *out)
{
	const char *type = tongue_reaction_type(reaction->name);
	if (!type || (wanted && !g_str_equal(wanted, type)))
		return;
	for (guint i = 0; i < reaction->users->len; i++)
		g_ptr_array_add(out, describe(call, type, g_ptr_array_index(reaction->users, i)));
}

static int list(struct open_call *call)
{
	int code = 0;
	const struct message *m = find_message(call, &code);
	if (code)
		return code;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
	for (guint i = 0; m->reactions && i < m->reactions->len; i++)
		add_all(call, g_ptr_array_index(m->reactions, i), open_arg(call, "reaction_type", NULL), all);
	guint from, to;
	code = open_page(call, all->len, 20, 50, &from, &to);
	if (code)
		return code;
	cJSON *items = json_put_array(call->data, "items");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(items, cJSON_Duplicate(g_ptr_array_index(all, i), TRUE));
	return 0;
}

const struct open_method open_reaction_methods[] = {
	{ "im.messageReaction.create", "POST", "im/v1/messages/:id/reactions", create, 0, { "im:message.reactions:write_only", "im:message" } },
	{ "im.messageReaction.list", "GET", "im/v1/messages/:id/reactions", list, 0, { "im:message.reactions:read", "im:message" } },
	{ "im.messageReaction.delete", "DELETE", "im/v1/messages/:id/reactions/:reaction", delete, 0,
		{ "im:message.reactions:write_only", "im:message" } },
	{ 0 },
};
