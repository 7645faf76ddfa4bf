/* SPDX-License-Identifier: MIT */
/* Who am I, and the door to Socket Mode. */
#include "sandbox/socket.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

static const char *api_test(struct api_call *call)
{
	const char *error = call_text(call, "error");
	cJSON_AddItemToObject(call->reply, "args", cJSON_Duplicate(call->args, TRUE));
	cJSON_DeleteItemFromObject(json_object(call->reply, "args"), "token");
	return error ? g_intern_string(error) : NULL;
}

static const char *auth_test(struct api_call *call)
{
	const struct room *room = call->room;
	g_autofree char *url = g_strdup_printf("https://%s.slack.com/", room->domain);
	json_put_text(call->reply, "url", url);
	json_put_text(call->reply, "team", room->team_name);
	json_put_text(call->reply, "user", room->bot->name);
	json_put_text(call->reply, "team_id", room->team_id);
	json_put_text(call->reply, "user_id", room->bot->id);
	json_put_text(call->reply, "bot_id", room->bot_id);
	json_put_text(call->reply, "app_id", room->app_id);
	json_put_text(call->reply, "app_name", room->app_name);
	json_put_bool(call->reply, "is_enterprise_install", FALSE);
	return NULL;
}

static const char *connections_open(struct api_call *call)
{
	g_autofree char *url = socket_hub_ticket(call->sb->sockets);
	json_put_text(call->reply, "url", url);
	return NULL;
}

static const char *bots_info(struct api_call *call)
{
	const char *bot = call_text(call, "bot");
	if (bot && !g_str_equal(bot, call->room->bot_id))
		return "bot_not_found";
	cJSON_AddItemToObject(call->reply, "bot", wire_bot(call->room));
	return NULL;
}

static const char *team_info(struct api_call *call)
{
	const char *team = call_text(call, "team");
	if (team && !g_str_equal(team, call->room->team_id))
		return "team_not_found";
	cJSON *object = json_put_object(call->reply, "team");
	g_autofree char *url = g_strdup_printf("https://%s.slack.com/", call->room->domain);
	json_put_text(object, "id", call->room->team_id);
	json_put_text(object, "name", call->room->team_name);
	json_put_text(object, "url", url);
	json_put_text(object, "domain", call->room->domain);
	json_put_text(object, "email_domain", "");
	json_put_bool(json_put_object(object, "icon"), "image_default", TRUE);
	return NULL;
}

const struct api_method api_basic_methods[] = {
	{ .name = "api.test", .run = api_test, .tier = TIER_4, .token = TOKEN_NONE, .json = TRUE },
	{ .name = "auth.test", .run = auth_test, .tier = TIER_MANY, .json = TRUE },
	{ .name = "apps.connections.open", .run = connections_open, .tier = TIER_3, .token = TOKEN_APP, .json = TRUE },
	{ .name = "bots.info", .run = bots_info, .tier = TIER_3, .scope = "users:read" },
	{ .name = "team.info", .run = team_info, .tier = TIER_3, .scope = "team:read", .json = TRUE },
	{ 0 },
};
