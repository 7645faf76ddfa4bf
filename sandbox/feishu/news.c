/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/news.h"

#include "sandbox/feishu/courier.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/tongue.h"
#include "sandbox/feishu/wording.h"

static void put_person(cJSON *object, const char *key, const struct tenant *tenant, const struct member *member)
{
	ident_put(object, key, member, tenant_may(tenant, "contact:user.employee_id:readonly"));
}

static gboolean bot_is_in(const struct tenant *tenant, const struct channel *channel)
{
	return tenant->used && room_is_in(channel, tenant->sb->room->bot);
}

/* ---- messages ---- */

static gboolean mentions_bot(const struct room *room, const struct message *m)
{
	g_autofree char *token = g_strconcat("<@", room->bot->id, NULL);
	return strstr(m->text, token) != NULL;
}

/* Section 3.3: which messages arrive depends on the scopes. */
static gboolean hears(const struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	const struct room *room = tenant->sb->room;
	if (!bot_is_in(tenant, channel) || m->author == room->bot || m->ephemeral_to)
		return FALSE;
	if (channel->kind == CHANNEL_IM)
		return tenant_may(tenant, "im:message.p2p_msg:readonly");
	return tenant_may(tenant, "im:message.group_msg") ||
	       (tenant_may(tenant, "im:message.group_at_msg:readonly") && mentions_bot(room, m));
}

static void push_message(struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	cJSON *event = cJSON_CreateObject();
	cJSON *sender = json_put_object(event, "sender");
	put_person(sender, "sender_id", tenant, m->author);
	json_put_text(sender, "sender_type", m->author->is_bot ? "bot" : "user");
	json_put_text(sender, "tenant_key", tenant->key);
	cJSON_AddItemToObject(event, "message", wording_event_message(tenant, channel, m));
	courier_push(tenant->courier, "im.message.receive_v1", event);
}

void news_said(struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	if (hears(tenant, channel, m))
		push_message(tenant, channel, m);
}

/* That it was changed, and not what it says now. */
void news_edited(struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	if (!tenant->settings.edit_events || !hears(tenant, channel, m))
		return;
	cJSON *event = cJSON_CreateObject(), *message = json_put_object(event, "message");
	g_autofree char *id = ident_message_id(channel, m->ts), *chat_id = ident_chat_id(channel);
	put_person(event, "operator_id", tenant, m->author);
	json_put_text(message, "message_id", id);
	json_put_text(message, "chat_id", chat_id);
	courier_push(tenant->courier, "im.message.updated_v1", event);
}

void news_recalled(struct tenant *tenant, const struct channel *channel, const char *ts, const struct member *by)
{
	if (!bot_is_in(tenant, channel) || by == tenant->sb->room->bot)
		return;
	cJSON *event = cJSON_CreateObject();
	g_autofree char *id = ident_message_id(channel, ts), *chat_id = ident_chat_id(channel);
	json_put_text(event, "message_id", id);
	json_put_text(event, "chat_id", chat_id);
	wording_put_number(event, "recall_time", clock_now_ms(tenant->sb->clock));
	json_put_text(event, "recall_type", "message_owner");
	courier_push(tenant->courier, "im.message.recalled_v1", event);
}

void news_reacted(struct tenant *tenant, const struct channel *channel, const struct message *m, const struct member *who,
	const char *name, gboolean on)
{
	const char *type = tongue_reaction_type(name);
	if (!bot_is_in(tenant, channel) || !type || !tenant_may(tenant, "im:message.reactions:read"))
		return; /* a person on Feishu has no other emoji to choose */
	cJSON *event = cJSON_CreateObject();
	g_autofree char *id = ident_message_id(channel, m->ts);
	gboolean ours = who == tenant->sb->room->bot;
	json_put_text(event, "message_id", id);
	json_put_text(json_put_object(event, "reaction_type"), "emoji_type", type);
	json_put_text(event, "operator_type", ours ? "app" : "user");
	if (ours)
		json_put_text(event, "app_id", tenant->app_id);
	else
		put_person(event, "user_id", tenant, who);
	wording_put_number(event, "action_time", clock_now_ms(tenant->sb->clock));
	courier_push(tenant->courier, on ? "im.message.reaction.created_v1" : "im.message.reaction.deleted_v1", event);
}

/* ---- chats ---- */

static cJSON *chat_event(const struct tenant *tenant, const struct channel *channel, const struct member *by)
{
	cJSON *event = cJSON_CreateObject();
	g_autofree char *chat_id = ident_chat_id(channel);
	json_put_text(event, "chat_id", chat_id);
	put_person(event, "operator_id", tenant, by);
	json_put_bool(event, "external", FALSE);
	json_put_text(event, "operator_tenant_key", tenant->key);
	json_put_text(event, "name", channel->name);
	cJSON *names = json_put_object(event, "i18n_names");
	json_put_text(names, "zh_cn", channel->name);
	json_put_text(names, "en_us", "");
	json_put_text(names, "ja_jp", "");
	return event;
}

static void push_membership(struct tenant *tenant, const struct channel *channel, const struct member *who,
	const struct member *by, gboolean added)
{
	gboolean bot = who == tenant->sb->room->bot;
	static const char *const types[2][2] = { { "im.chat.member.user.deleted_v1", "im.chat.member.user.added_v1" },
		{ "im.chat.member.bot.deleted_v1", "im.chat.member.bot.added_v1" } };
	cJSON *event = chat_event(tenant, channel, by ? by : who);
	if (!bot) {
		cJSON *user = json_push_object(json_put_array(event, "users"));
		json_put_text(user, "name", who->real_name);
		json_put_text(user, "tenant_key", tenant->key);
		put_person(user, "user_id", tenant, who);
	}
	courier_push(tenant->courier, types[bot][added], event);
}

void news_joined(struct tenant *tenant, const struct channel *channel, const struct member *who, const struct member *by)
{
	if (bot_is_in(tenant, channel))
		push_membership(tenant, channel, who, by, TRUE);
}

void news_left(struct tenant *tenant, const struct channel *channel, const struct member *who, const struct member *by)
{
	if (bot_is_in(tenant, channel) || (tenant->used && who == tenant->sb->room->bot))
		push_membership(tenant, channel, who, by, FALSE);
}

void news_disbanded(struct tenant *tenant, const struct channel *channel, const struct member *by)
{
	if (bot_is_in(tenant, channel))
		courier_push(tenant->courier, "im.chat.disbanded_v1", chat_event(tenant, channel, by));
}

/* ---- people ---- */

/* Of a person who left only the ids remain; what is gone stands in old_object (3.4). */
static cJSON *gone_event(const struct tenant *tenant, const struct member *member)
{
	cJSON *event = cJSON_CreateObject();
	g_autofree char *open_id = ident_open_id(member);
	put_person(event, "object", tenant, member);
	cJSON *old = json_put_object(event, "old_object");
	json_push_text(json_put_array(old, "department_ids"), "0");
	json_put_text(old, "open_id", open_id);
	return event;
}

void news_member(struct tenant *tenant, const struct member *member, gboolean joined)
{
	if (!tenant->used || member->is_bot || !tenant_may(tenant, "contact:contact.base:readonly"))
		return;
	if (member->deleted) {
		courier_push(tenant->courier, "contact.user.deleted_v3", gone_event(tenant, member));
		return;
	}
	cJSON *event = cJSON_CreateObject();
	cJSON_AddItemToObject(event, "object", wording_user(tenant, member));
	if (!joined)
		json_put_object(event, "old_object");
	courier_push(tenant->courier, joined ? "contact.user.created_v3" : "contact.user.updated_v3", event);
}

/* ---- the bot's own chat ---- */

void news_entered(struct tenant *tenant, const struct member *who, const struct channel *im)
{
	if (!tenant->used)
		return;
	cJSON *event = cJSON_CreateObject();
	g_autofree char *chat_id = ident_chat_id(im);
	json_put_text(event, "chat_id", chat_id);
	put_person(event, "operator_id", tenant, who);
	const struct message *last = im->messages->len ? g_ptr_array_index(im->messages, im->messages->len - 1) : NULL;
	if (last) {
		g_autofree char *id = ident_message_id(im, last->ts);
		json_put_text(event, "last_message_id", id);
		wording_put_number(event, "last_message_create_time", ident_time_ms(last->ts));
	}
	courier_push(tenant->courier, "im.chat.access_event.bot_p2p_chat_entered_v1", event);
}

void news_menu(struct tenant *tenant, const struct member *who, const char *event_key)
{
	if (!tenant->used)
		return;
	cJSON *event = cJSON_CreateObject();
	cJSON *operator = json_put_object(event, "operator");
	if (tenant_may(tenant, "application:application.bot.operator_name:readonly"))
		json_put_text(operator, "operator_name", who->real_name);
	put_person(operator, "operator_id", tenant, who);
	json_put_text(event, "event_key", event_key);
	json_put_int(event, "timestamp", clock_now_ms(tenant->sb->clock) / 1000);
	courier_push(tenant->courier, "application.bot.menu_v6", event);
}
