/* SPDX-License-Identifier: MIT */
#include "sandbox/wire.h"

#include "base/zone.h"
#include "sandbox/speech.h"

static void put_copy(cJSON *object, const char *key, const cJSON *tree)
{
	if (tree)
		cJSON_AddItemToObject(object, key, cJSON_Duplicate(tree, TRUE));
}

static void put_empty_array(cJSON *object, const char *key)
{
	json_put_array(object, key);
}

/* ---- people ---- */

static void put_zone(cJSON *user, const struct member *member, int64_t now_ms)
{
	GTimeZone *zone = zone_find(member->zone);
	gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, now_ms / 1000);
	json_put_text(user, "tz", member->zone);
	json_put_text(user, "tz_label", g_time_zone_get_abbreviation(zone, interval));
	json_put_int(user, "tz_offset", g_time_zone_get_offset(zone, interval));
}

static void put_profile(cJSON *user, const struct room *room, const struct member *member, gboolean email)
{
	cJSON *profile = json_put_object(user, "profile");
	g_auto(GStrv) names = g_strsplit(member->real_name, " ", 2);
	json_put_text(profile, "title", "");
	json_put_text(profile, "phone", "");
	json_put_text(profile, "real_name", member->real_name);
	json_put_text(profile, "real_name_normalized", member->real_name);
	json_put_text(profile, "display_name", member->display_name);
	json_put_text(profile, "display_name_normalized", member->display_name);
	json_put_text(profile, "first_name", names[0] ? names[0] : "");
	json_put_text(profile, "last_name", names[0] && names[1] ? names[1] : "");
	json_put_text(profile, "status_text", member->status_text ? member->status_text : "");
	json_put_text(profile, "status_emoji", member->status_emoji ? member->status_emoji : "");
	json_put_int(profile, "status_expiration", member->status_expires_s);
	json_put_text(profile, "avatar_hash", "g00000000000");
	static const char *const images[] = { "image_72", "image_192", "image_512" };
	g_autofree char *face = room_face_url(room, member);
	for (gsize i = 0; i < G_N_ELEMENTS(images); i++)
		json_put_text(profile, images[i], face);
	cJSON_AddNullToObject(profile, "fields");
	if (email && !member->is_bot)
		json_put_text(profile, "email", member->email);
	if (member->is_bot) {
		json_put_text(profile, "api_app_id", room->app_id);
		json_put_text(profile, "bot_id", room->bot_id);
		json_put_bool(profile, "always_active", TRUE);
	}
	json_put_text(profile, "team", room->team_id);
}

cJSON *wire_user(const struct room *room, const struct member *member, gboolean email, gboolean locale)
{
	cJSON *user = cJSON_CreateObject();
	json_put_text(user, "id", member->id);
	json_put_text(user, "team_id", room->team_id);
	json_put_text(user, "name", member->name);
	json_put_bool(user, "deleted", member->deleted);
	json_put_text(user, "color", member->color + (*member->color == '#'));
	json_put_text(user, "real_name", member->real_name);
	put_zone(user, member, clock_now_ms(room->clock));
	put_profile(user, room, member, email);
	json_put_bool(user, "is_admin", FALSE);
	json_put_bool(user, "is_owner", FALSE);
	json_put_bool(user, "is_primary_owner", FALSE);
	json_put_bool(user, "is_restricted", FALSE);
	json_put_bool(user, "is_ultra_restricted", FALSE);
	json_put_bool(user, "is_bot", member->is_bot);
	json_put_bool(user, "is_app_user", FALSE);
	json_put_int(user, "updated", member->updated_s);
	json_put_bool(user, "is_email_confirmed", !member->is_bot);
	if (locale)
		json_put_text(user, "locale", member->locale);
	return user;
}

cJSON *wire_bot(const struct room *room)
{
	cJSON *bot = cJSON_CreateObject();
	json_put_text(bot, "id", room->bot_id);
	json_put_bool(bot, "deleted", room->bot->deleted);
	json_put_text(bot, "name", room->app_name);
	json_put_int(bot, "updated", room->bot->updated_s);
	json_put_text(bot, "app_id", room->app_id);
	json_put_text(bot, "user_id", room->bot->id);
	json_put_object(bot, "icons");
	json_put_text(bot, "team_id", room->team_id);
	return bot;
}

/* ---- channels ---- */

const char *wire_channel_type(const struct channel *channel)
{
	static const char *const types[] = {
		[CHANNEL_PUBLIC] = "channel", [CHANNEL_PRIVATE] = "group", [CHANNEL_IM] = "im"
	};
	return types[channel->kind];
}

static void put_about(cJSON *object, const char *key, const struct channel *channel, const char *value)
{
	cJSON *about = json_put_object(object, key);
	json_put_text(about, "value", value ? value : "");
	json_put_text(about, "creator", value && *value && channel->creator ? channel->creator->id : "");
	json_put_int(about, "last_set", value && *value ? channel->created_s : 0);
}

static void put_named_channel(cJSON *object, const struct room *room, const struct channel *channel)
{
	json_put_text(object, "name", channel->name);
	json_put_text(object, "name_normalized", channel->name);
	json_put_bool(object, "is_channel", channel->kind == CHANNEL_PUBLIC);
	json_put_bool(object, "is_group", channel->kind == CHANNEL_PRIVATE);
	json_put_bool(object, "is_general", FALSE);
	json_put_bool(object, "is_shared", FALSE);
	json_put_bool(object, "is_ext_shared", FALSE);
	json_put_bool(object, "is_pending_ext_shared", FALSE);
	json_put_int(object, "unlinked", 0);
	json_put_text(object, "creator", channel->creator ? channel->creator->id : "");
	json_put_bool(object, "is_member", room_is_in(channel, room->bot));
	put_about(object, "topic", channel, channel->topic);
	put_about(object, "purpose", channel, channel->purpose);
	put_empty_array(object, "previous_names");
}

cJSON *wire_channel(const struct room *room, const struct channel *channel)
{
	cJSON *object = cJSON_CreateObject();
	gboolean im = channel->kind == CHANNEL_IM;
	json_put_text(object, "id", channel->id);
	json_put_int(object, "created", channel->created_s);
	json_put_int(object, "updated", channel->created_s * 1000);
	json_put_bool(object, "is_archived", channel->archived);
	json_put_bool(object, "is_im", im);
	json_put_bool(object, "is_mpim", FALSE);
	json_put_bool(object, "is_private", channel->kind == CHANNEL_PRIVATE);
	json_put_bool(object, "is_org_shared", FALSE);
	json_put_text(object, "context_team_id", room->team_id);
	if (im) {
		json_put_text(object, "user", channel->user->id);
		json_put_bool(object, "is_user_deleted", channel->user->deleted);
		json_put_bool(object, "is_open", TRUE);
		json_put_int(object, "priority", 0);
	} else {
		put_named_channel(object, room, channel);
	}
	return object;
}

/* channel.name of payloads: "directmessage" in direct messages. */
static const char *place_name(const struct channel *channel)
{
	static const char *const fixed[] = { [CHANNEL_PRIVATE] = "privategroup", [CHANNEL_IM] = "directmessage" };
	return channel->kind == CHANNEL_PUBLIC ? channel->name : fixed[channel->kind];
}

cJSON *wire_place(const struct channel *channel)
{
	cJSON *place = cJSON_CreateObject();
	json_put_text(place, "id", channel->id);
	json_put_text(place, "name", place_name(channel));
	return place;
}

/* ---- messages ---- */

cJSON *wire_reactions(const struct message *m)
{
	cJSON *array = cJSON_CreateArray();
	for (guint i = 0; m->reactions && i < m->reactions->len; i++) {
		const struct reaction *reaction = g_ptr_array_index(m->reactions, i);
		cJSON *object = json_push_object(array);
		json_put_text(object, "name", reaction->name);
		cJSON *users = json_put_array(object, "users");
		for (guint u = 0; u < reaction->users->len; u++)
			json_push_text(users, ((struct member *)g_ptr_array_index(reaction->users, u))->id);
		json_put_int(object, "count", reaction->users->len);
	}
	return array;
}

static void put_thread(cJSON *object, const struct message *m, unsigned parts)
{
	if (m->thread_ts)
		json_put_text(object, "thread_ts", m->thread_ts);
	if (!(parts & WIRE_COUNTS) || m->reply_count == 0)
		return;
	json_put_text(object, "thread_ts", m->ts);
	json_put_int(object, "reply_count", m->reply_count);
	json_put_int(object, "reply_users_count", m->reply_users->len);
	json_put_text(object, "latest_reply", m->latest_reply);
	cJSON *users = json_put_array(object, "reply_users");
	for (guint i = 0; i < m->reply_users->len; i++)
		json_push_text(users, ((struct member *)g_ptr_array_index(m->reply_users, i))->id);
	json_put_bool(object, "is_locked", FALSE);
	json_put_bool(object, "subscribed", FALSE);
}

static void put_metadata(cJSON *object, const struct message *m, unsigned parts)
{
	if (!m->metadata)
		return;
	if (parts & WIRE_METADATA)
		put_copy(object, "metadata", m->metadata);
	else
		json_put_text(json_put_object(object, "metadata"), "event_type", json_text_or(m->metadata, "event_type", NULL));
}

static void put_author(cJSON *object, const struct room *room, const struct message *m)
{
	gboolean by_name = m->subtype == g_intern_static_string("bot_message");
	if (!by_name)
		json_put_text(object, "user", m->author->id);
	if (m->author == room->bot) {
		json_put_text(object, "bot_id", room->bot_id);
		json_put_text(object, "app_id", room->app_id);
		if (!by_name)
			cJSON_AddItemToObject(object, "bot_profile", wire_bot(room));
	}
	json_put_text(object, "username", m->username);
	json_put_text(object, "team", room->team_id);
}

static void put_edited(cJSON *object, const struct message *m)
{
	if (!m->edited_ts)
		return;
	cJSON *edited = json_put_object(object, "edited");
	json_put_text(edited, "user", m->edited_by->id);
	json_put_text(edited, "ts", m->edited_ts);
}

cJSON *wire_message(const struct room *room, const struct message *m, unsigned parts)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "type", "message");
	json_put_text(object, "subtype", m->subtype);
	json_put_text(object, "text", m->text);
	json_put_text(object, "ts", m->ts);
	json_put_text(object, "client_msg_id", m->client_msg_id);
	put_author(object, room, m);
	if (m->client_msg_id && *m->text)
		cJSON_AddItemToObject(object, "blocks", speech_blocks(m->text));
	else
		put_copy(object, "blocks", m->blocks);
	put_copy(object, "attachments", m->attachments);
	put_copy(object, "files", m->files);
	if (m->files) {
		json_put_bool(object, "upload", TRUE);
		json_put_bool(object, "display_as_bot", FALSE);
	}
	put_thread(object, m, parts);
	put_edited(object, m);
	put_metadata(object, m, parts);
	if ((parts & WIRE_COUNTS) && m->reactions && m->reactions->len)
		cJSON_AddItemToObject(object, "reactions", wire_reactions(m));
	return object;
}

char *wire_permalink(const struct room *room, const struct channel *channel, const struct message *m)
{
	g_auto(GStrv) parts = g_strsplit(m->ts, ".", 2);
	g_autofree char *base =
		g_strdup_printf("https://%s.slack.com/archives/%s/p%s%s", room->domain, channel->id, parts[0], parts[1]);
	return m->thread_ts ? g_strdup_printf("%s?thread_ts=%s&cid=%s", base, m->thread_ts, channel->id) :
			      g_steal_pointer(&base);
}

/* ---- events ---- */

static void put_where(cJSON *event, const struct channel *channel, const char *event_ts)
{
	json_put_text(event, "channel", channel->id);
	json_put_text(event, "event_ts", event_ts);
	json_put_text(event, "channel_type", wire_channel_type(channel));
}

cJSON *wire_event_message(const struct room *room, const struct channel *channel, const struct message *m)
{
	cJSON *event = wire_message(room, m, WIRE_METADATA);
	const struct message *parent = m->thread_ts ? room_message(channel, m->thread_ts) : NULL;
	put_where(event, channel, m->ts);
	if (parent && m->broadcast)
		cJSON_AddItemToObject(event, "root", wire_message(room, parent, WIRE_COUNTS));
	else if (parent)
		json_put_text(event, "parent_user_id", parent->author->id);
	return event;
}

cJSON *wire_event_mention(const struct room *room, const struct channel *channel, const struct message *m)
{
	cJSON *event = wire_message(room, m, 0);
	const struct message *parent = m->thread_ts ? room_message(channel, m->thread_ts) : NULL;
	cJSON_DeleteItemFromObject(event, "subtype");
	cJSON_ReplaceItemInObject(event, "type", cJSON_CreateString("app_mention"));
	json_put_text(event, "channel", channel->id);
	json_put_text(event, "event_ts", m->ts);
	if (parent)
		json_put_text(event, "parent_user_id", parent->author->id);
	return event;
}

cJSON *wire_event_changed(const struct room *room, const struct channel *channel, cJSON *take_message, cJSON *take_previous,
	const char *event_ts)
{
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", "message");
	json_put_text(event, "subtype", "message_changed");
	json_put_text(take_message, "source_team", room->team_id);
	json_put_text(take_message, "user_team", room->team_id);
	cJSON_AddItemToObject(event, "message", take_message);
	cJSON_AddItemToObject(event, "previous_message", take_previous);
	json_put_bool(event, "hidden", TRUE);
	json_put_text(event, "ts", event_ts);
	put_where(event, channel, event_ts);
	return event;
}

cJSON *wire_event_deleted(const struct channel *channel, const char *ts, cJSON *take_previous, const char *event_ts)
{
	cJSON *event = cJSON_CreateObject();
	json_put_text(event, "type", "message");
	json_put_text(event, "subtype", "message_deleted");
	cJSON_AddItemToObject(event, "previous_message", take_previous);
	json_put_bool(event, "hidden", TRUE);
	json_put_text(event, "deleted_ts", ts);
	json_put_text(event, "ts", event_ts);
	put_where(event, channel, event_ts);
	return event;
}

/* The parts of an outer body that are the same for all events of a workspace, made once. */
static void make_outer_parts(struct room *room)
{
	room->outer_head = g_strdup_printf("{\"token\":\"sandbox-verification-token\",\"team_id\":\"%s\",\"context_team_id\":\"%s\","
					   "\"context_enterprise_id\":null,\"api_app_id\":\"%s\",\"event\":",
		room->team_id, room->team_id, room->app_id);
	room->outer_tail = g_strdup_printf("\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\"%s\",\"user_id\":\"%s\","
					   "\"is_bot\":true,\"is_enterprise_install\":false}],\"is_ext_shared_channel\":false",
		room->team_id, room->bot->id);
}

char *wire_outer(struct room *room, cJSON *take_inner, const char *channel_id)
{
	if (!room->outer_head)
		make_outer_parts(room);
	if (!cJSON_HasObjectItem(take_inner, "event_ts")) {
		g_autofree char *event_ts = room_next_ts(room);
		json_put_text(take_inner, "event_ts", event_ts);
	}
	g_autofree char *event_id = room_next_id(room, "Ev"), *inner = json_print(take_inner);
	GString *outer = g_string_sized_new(strlen(inner) + 768);
	g_string_append(outer, room->outer_head);
	g_string_append(outer, inner);
	g_string_append_printf(outer, ",\"type\":\"event_callback\",\"event_id\":\"%s\",\"event_time\":%" G_GINT64_FORMAT ",", event_id,
		clock_now_ms(room->clock) / 1000);
	g_string_append(outer, room->outer_tail);
	g_string_append_printf(outer, ",\"event_context\":\"4-%s-%s-%s\"}", json_text_or(take_inner, "type", ""), room->team_id,
		channel_id ? channel_id : "none");
	cJSON_Delete(take_inner);
	return g_string_free(outer, FALSE);
}

/* ---- commands and interaction ---- */

cJSON *wire_slash(const struct room *room, const struct channel *channel, const struct member *who)
{
	cJSON *payload = cJSON_CreateObject();
	json_put_text(payload, "token", "sandbox-verification-token");
	json_put_text(payload, "team_id", room->team_id);
	json_put_text(payload, "team_domain", room->domain);
	json_put_text(payload, "channel_id", channel->id);
	json_put_text(payload, "channel_name", place_name(channel));
	json_put_text(payload, "user_id", who->id);
	json_put_text(payload, "user_name", who->name);
	json_put_text(payload, "api_app_id", room->app_id);
	json_put_text(payload, "is_enterprise_install", "false");
	return payload;
}

cJSON *wire_interactive(const struct room *room, const char *type, const struct member *who)
{
	cJSON *payload = cJSON_CreateObject();
	json_put_text(payload, "type", type);
	cJSON *team = json_put_object(payload, "team");
	json_put_text(team, "id", room->team_id);
	json_put_text(team, "domain", room->domain);
	cJSON *user = json_put_object(payload, "user");
	json_put_text(user, "id", who->id);
	json_put_text(user, "username", who->name);
	json_put_text(user, "name", who->name);
	json_put_text(user, "team_id", room->team_id);
	json_put_text(payload, "api_app_id", room->app_id);
	json_put_text(payload, "token", "sandbox-verification-token");
	cJSON_AddNullToObject(payload, "enterprise");
	json_put_bool(payload, "is_enterprise_install", FALSE);
	return payload;
}

cJSON *wire_view(const struct room *room, const struct view *view)
{
	cJSON *object = cJSON_Duplicate(view->body, TRUE);
	json_put_text(object, "id", view->id);
	json_put_text(object, "team_id", room->team_id);
	cJSON *state = json_put_object(object, "state");
	cJSON_AddItemToObject(state, "values", cJSON_Duplicate(view->values, TRUE));
	json_put_text(object, "hash", view->hash);
	json_put_text(object, "root_view_id", view->root_id);
	if (view->previous_id)
		json_put_text(object, "previous_view_id", view->previous_id);
	else
		cJSON_AddNullToObject(object, "previous_view_id");
	json_put_text(object, "external_id", view->external_id ? view->external_id : "");
	json_put_text(object, "app_id", room->app_id);
	json_put_text(object, "app_installed_team_id", room->team_id);
	json_put_text(object, "bot_id", room->bot_id);
	return object;
}
