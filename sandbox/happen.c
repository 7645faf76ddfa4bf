/* SPDX-License-Identifier: MIT */
#include "sandbox/happen.h"

#include "sandbox/feishu/news.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/scopes.h"
#include "sandbox/wire.h"

/* ---- who may know ---- */

/* What happens in a channel reaches the bot when it is in it and may read its kind. */
static gboolean bot_sees(const struct sandbox *sb, const struct channel *channel, const char *right)
{
	return room_is_in(channel, sb->room->bot) && scopes_allow_channel(sb->room, channel, right);
}

/* Slack's; Feishu's hears it as news. An app that speaks Feishu only is not told twice. */
static void tell_bot(struct sandbox *sb, cJSON *take_inner, const struct channel *channel)
{
	if (sb->tenant->used && !sb->slack_used) {
		cJSON_Delete(take_inner);
		return;
	}
	g_autofree char *type = g_strdup(json_text_or(take_inner, "subtype", json_text_or(take_inner, "type", "")));
	post_event(sb->post, type, wire_outer(sb->room, take_inner, channel ? channel->id : NULL));
}

static void tell_page(struct sandbox *sb, const struct channel *channel, const struct message *m)
{
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "message");
	json_put_text(delta, "channel", channel->id);
	cJSON_AddItemToObject(delta, "message", page_message(m));
	live_push(sb->live, delta);
}

static void tell_page_parent(struct sandbox *sb, const struct channel *channel, const char *thread_ts)
{
	const struct message *parent = room_message(channel, thread_ts);
	if (parent)
		tell_page(sb, channel, parent);
}

/* ---- messages ---- */

static gboolean mentions_bot(const struct room *room, const struct message *m)
{
	const char *at = strstr(m->text, room->bot->id);
	return at && at - m->text >= 2 && at[-1] == '@' && at[-2] == '<';
}

void happen_said(struct sandbox *sb, struct channel *channel, const struct message *m)
{
	if (live_is_watched(sb->live)) {
		tell_page(sb, channel, m);
		tell_page_parent(sb, channel, m->thread_ts);
	}
	if (m->ephemeral_to)
		return;
	news_said(sb->tenant, channel, m);
	if (bot_sees(sb, channel, "history"))
		tell_bot(sb, wire_event_message(sb->room, channel, m), channel);
	if (channel->kind != CHANNEL_IM && m->author != sb->room->bot && mentions_bot(sb->room, m) &&
		room_is_in(channel, sb->room->bot) && scopes_has(sb->room, "app_mentions:read"))
		tell_bot(sb, wire_event_mention(sb->room, channel, m), channel);
}

void happen_changed(struct sandbox *sb, struct channel *channel, const struct message *m, cJSON *take_previous)
{
	if (live_is_watched(sb->live))
		tell_page(sb, channel, m);
	if (!m->ephemeral_to)
		news_edited(sb->tenant, channel, m);
	if (m->ephemeral_to || !bot_sees(sb, channel, "history")) {
		cJSON_Delete(take_previous);
		return;
	}
	g_autofree char *event_ts = room_next_ts(sb->room);
	cJSON *message = wire_message(sb->room, m, WIRE_METADATA | WIRE_COUNTS);
	tell_bot(sb, wire_event_changed(sb->room, channel, message, take_previous, event_ts), channel);
}

void happen_shown(struct sandbox *sb, struct channel *channel, const struct message *m)
{
	if (live_is_watched(sb->live))
		tell_page(sb, channel, m);
}

static void tell_page_deleted(struct sandbox *sb, struct channel *channel, const char *ts, const char *thread_ts)
{
	const struct message *tombstone = room_message(channel, ts);
	if (tombstone) {
		tell_page(sb, channel, tombstone);
		return;
	}
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "deleted");
	json_put_text(delta, "channel", channel->id);
	json_put_text(delta, "ts", ts);
	live_push(sb->live, delta);
	tell_page_parent(sb, channel, thread_ts);
}

void happen_deleted(struct sandbox *sb, struct channel *channel, const char *ts, const char *thread_ts,
	cJSON *take_previous)
{
	if (live_is_watched(sb->live))
		tell_page_deleted(sb, channel, ts, thread_ts);
	if (take_previous)
		news_recalled(sb->tenant, channel, ts, room_member(sb->room, json_text_or(take_previous, "user", NULL)));
	if (!bot_sees(sb, channel, "history") || !take_previous) {
		cJSON_Delete(take_previous);
		return;
	}
	g_autofree char *event_ts = room_next_ts(sb->room);
	tell_bot(sb, wire_event_deleted(channel, ts, take_previous, event_ts), channel);
}

void happen_reacted(struct sandbox *sb, struct channel *channel, const struct message *m, const struct member *who,
	const char *name, gboolean on)
{
	if (live_is_watched(sb->live))
		tell_page(sb, channel, m);
	news_reacted(sb->tenant, channel, m, who, name, on);
	if (!room_is_in(channel, sb->room->bot) || !scopes_has(sb->room, "reactions:read"))
		return;
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", on ? "reaction_added" : "reaction_removed");
	json_put_text(event, "user", who->id);
	json_put_text(event, "reaction", name);
	cJSON *item = json_put_object(event, "item");
	json_put_text(item, "type", "message");
	json_put_text(item, "channel", channel->id);
	json_put_text(item, "ts", m->ts);
	json_put_text(event, "item_user", m->author->id);
	tell_bot(sb, event, channel);
}

/* ---- people and places ---- */

void happen_channel(struct sandbox *sb, const struct channel *channel)
{
	if (live_is_watched(sb->live))
		live_push_value(sb->live, "channel", "channel", page_channel(channel));
}

static cJSON *membership_event(struct sandbox *sb, const char *type, const struct channel *channel, const struct member *who)
{
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", type);
	json_put_text(event, "user", who->id);
	json_put_text(event, "channel", channel->id);
	json_put_text(event, "channel_type", channel->kind == CHANNEL_PRIVATE ? "G" : "C");
	json_put_text(event, "team", sb->room->team_id);
	return event;
}

void happen_joined(struct sandbox *sb, struct channel *channel, struct member *who, const struct member *inviter)
{
	happen_channel(sb, channel);
	news_joined(sb->tenant, channel, who, inviter);
	if (!bot_sees(sb, channel, "read"))
		return;
	cJSON *event = membership_event(sb, "member_joined_channel", channel, who);
	json_put_text(event, "inviter", inviter ? inviter->id : NULL);
	tell_bot(sb, event, channel);
}

void happen_left(struct sandbox *sb, struct channel *channel, struct member *who)
{
	happen_channel(sb, channel);
	news_left(sb->tenant, channel, who, NULL);
	if (who == sb->room->bot) {
		cJSON *event = cJSON_CreateObject();
		json_put_text(event, "type", channel->kind == CHANNEL_PRIVATE ? "group_left" : "channel_left");
		json_put_text(event, "channel", channel->id);
		tell_bot(sb, event, channel);
	} else if (bot_sees(sb, channel, "read")) {
		tell_bot(sb, membership_event(sb, "member_left_channel", channel, who), channel);
	}
}

void happen_archived(struct sandbox *sb, struct channel *channel, const struct member *who)
{
	static const char *const types[][2] = { { "channel_unarchive", "channel_archive" }, { "group_unarchive", "group_archive" } };
	happen_channel(sb, channel);
	if (channel->archived)
		news_disbanded(sb->tenant, channel, who);
	if (!bot_sees(sb, channel, "read"))
		return;
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", types[channel->kind == CHANNEL_PRIVATE][channel->archived]);
	json_put_text(event, "channel", channel->id);
	json_put_text(event, "user", who->id);
	json_put_int(event, "is_moved", 0);
	tell_bot(sb, event, channel);
}

void happen_member(struct sandbox *sb, const struct member *member, gboolean joined)
{
	if (live_is_watched(sb->live))
		live_push_value(sb->live, "member", "member", page_member(member));
	news_member(sb->tenant, member, joined);
	if (!scopes_has(sb->room, "users:read"))
		return;
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", joined ? "team_join" : "user_change");
	cJSON_AddItemToObject(event, "user",
		wire_user(sb->room, member, scopes_has(sb->room, "users:read.email"), !joined));
	json_put_int(event, "cache_ts", clock_now_ms(sb->clock) / 1000);
	tell_bot(sb, event, NULL);
}

void happen_home_opened(struct sandbox *sb, struct member *who, const char *tab)
{
	gboolean fresh;
	const struct channel *im = room_open_im(sb->room, who, &fresh);
	if (fresh)
		happen_channel(sb, im);
	news_entered(sb->tenant, who, im);
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", "app_home_opened");
	json_put_text(event, "user", who->id);
	json_put_text(event, "channel", im->id);
	json_put_text(event, "tab", tab);
	if (who->home)
		cJSON_AddItemToObject(event, "view", wire_view(sb->room, who->home));
	tell_bot(sb, event, im);
}
