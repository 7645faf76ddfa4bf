/* SPDX-License-Identifier: MIT */
#include "sandbox/state.h"

#include "sandbox/clicks.h"
#include "sandbox/feishu/lines.h"
#include "sandbox/feishu/tenant.h"
#include "sandbox/files.h"
#include "sandbox/limits.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/socket.h"
#include "sandbox/wire.h"

static cJSON *describe_clock(const struct sandbox *sb)
{
	cJSON *object = cJSON_CreateObject();
	json_put_int(object, "now_ms", clock_now_ms(sb->clock));
	json_put_bool(object, "frozen", clock_is_frozen(sb->clock));
	json_put_text(object, "zone", sb->room->zone);
	return object;
}

static void put_workspace(cJSON *state, const struct room *room)
{
	cJSON *workspace = json_put_object(state, "workspace");
	json_put_text(workspace, "id", room->team_id);
	json_put_text(workspace, "name", room->team_name);
	json_put_text(workspace, "domain", room->domain);
	cJSON *app = json_put_object(state, "app");
	json_put_text(app, "id", room->app_id);
	json_put_text(app, "bot_user", room->bot->id);
	json_put_text(app, "bot_id", room->bot_id);
	json_put_text(app, "name", room->app_name);
}

static void put_channels(cJSON *state, const struct room *room)
{
	cJSON *channels = json_put_array(state, "channels"), *messages = json_put_object(state, "messages");
	for (guint i = 0; i < room->channels->len; i++) {
		const struct channel *channel = g_ptr_array_index(room->channels, i);
		cJSON_AddItemToArray(channels, page_channel(channel));
		cJSON *list = json_put_array(messages, channel->id);
		for (guint m = 0; m < channel->messages->len; m++)
			cJSON_AddItemToArray(list, page_message(g_ptr_array_index(channel->messages, m)));
	}
}

static void put_views(cJSON *state, const struct room *room)
{
	cJSON *views = json_put_object(state, "views"), *homes = json_put_object(state, "homes");
	for (guint i = 0; i < room->members->len; i++) {
		const struct member *member = g_ptr_array_index(room->members, i);
		if (member->views->len)
			cJSON_AddItemToObject(views, member->id,
				wire_view(room, g_ptr_array_index(member->views, member->views->len - 1)));
		if (member->home)
			cJSON_AddItemToObject(homes, member->id, wire_view(room, member->home));
	}
}

static void put_commands(cJSON *state, const struct room *room)
{
	cJSON *commands = json_put_array(state, "commands");
	for (guint i = 0; i < room->commands->len; i++) {
		const struct command *command = g_ptr_array_index(room->commands, i);
		cJSON *object = json_push_object(commands);
		json_put_text(object, "command", command->name);
		json_put_text(object, "description", command->description);
		json_put_text(object, "usage_hint", command->usage_hint);
	}
}

/* Of bots, on either platform. */
static guint connections(const struct sandbox *sb)
{
	return socket_hub_count(sb->sockets) + lines_count(sb->tenant->lines);
}

void state_push_connections(struct sandbox *sb)
{
	if (live_is_watched(sb->live))
		live_push_value(sb->live, "connections", "count", cJSON_CreateNumber(connections(sb)));
}

cJSON *state_describe(const struct sandbox *sb)
{
	cJSON *state = cJSON_CreateObject();
	put_workspace(state, sb->room);
	cJSON *members = json_put_array(state, "members");
	for (guint i = 0; i < sb->room->members->len; i++)
		cJSON_AddItemToArray(members, page_member(g_ptr_array_index(sb->room->members, i)));
	put_channels(state, sb->room);
	put_views(state, sb->room);
	put_commands(state, sb->room);
	cJSON_AddItemToObject(state, "clock", describe_clock(sb));
	cJSON_AddItemToObject(state, "faults", faults_describe(sb->faults));
	json_put_int(state, "connections", connections(sb));
	json_put_bool(state, "slack_used", sb->slack_used);
	cJSON_AddItemToObject(state, "feishu", tenant_describe(sb->tenant));
	if (sb->rooms)
		cJSON_AddItemToObject(state, "rooms", cJSON_Duplicate(sb->rooms, TRUE));
	cJSON_AddItemToObject(state, "log", live_entries(sb->live));
	return state;
}

void state_push_clock(struct sandbox *sb)
{
	if (!live_is_watched(sb->live))
		return;
	cJSON *delta = describe_clock(sb);
	json_put_text(delta, "type", "clock");
	live_push(sb->live, delta);
}

void state_apply_faults(struct sandbox *sb)
{
	if (live_is_watched(sb->live))
		live_push_value(sb->live, "faults", "faults", faults_describe(sb->faults));
	socket_hub_pause(sb->sockets, faults_on(sb->faults, FAULT_SILENCE, NULL));
	lines_pause(sb->tenant->lines, faults_on(sb->faults, FAULT_SILENCE, NULL));
}

gboolean state_reset(struct sandbox *sb, GError **error)
{
	struct room *room = room_new(sb->company, sb->clock, error);
	if (!room)
		return FALSE;
	post_forget(sb->post);
	clicks_forget(sb->clicks);
	file_room_forget(sb->files);
	limits_forget(sb->limits);
	room_free(sb->room);
	sb->room = room;
	room->url = sb->url;
	room->kept_messages = sb->kept_messages;
	tenant_forget(sb->tenant);
	live_push_state(sb->live);
	return TRUE;
}
