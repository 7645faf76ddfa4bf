/* SPDX-License-Identifier: MIT */
/* Reading the directory. */
#include "sandbox/scopes.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

static cJSON *user_object(struct api_call *call, const struct member *member)
{
	return wire_user(call->room, member, scopes_has(call->room, "users:read.email"),
		call_flag(call, "include_locale", FALSE));
}

static const char *users_info(struct api_call *call)
{
	const struct member *member = room_member(call->room, call_text(call, "user"));
	if (!member)
		return "user_not_found";
	cJSON_AddItemToObject(call->reply, "user", user_object(call, member));
	return NULL;
}

static const char *users_list(struct api_call *call)
{
	guint from, to, total = call->room->members->len;
	const char *error = NULL;
	if (!call_page(call, total, MAX(total, 1), 1000, &from, &to, &error))
		return error;
	cJSON *members = json_put_array(call->reply, "members");
	for (guint i = from; i < to; i++)
		cJSON_AddItemToArray(members, user_object(call, g_ptr_array_index(call->room->members, i)));
	json_put_int(call->reply, "cache_ts", clock_now_ms(call->sb->clock) / 1000);
	return NULL;
}

static const char *users_by_email(struct api_call *call)
{
	const struct member *member = room_member_of_email(call->room, call_text(call, "email"));
	if (!member || member->deleted || member->is_bot)
		return "users_not_found";
	cJSON_AddItemToObject(call->reply, "user", user_object(call, member));
	return NULL;
}

static const char *users_profile(struct api_call *call)
{
	const char *id = call_text(call, "user");
	const struct member *member = id ? room_member(call->room, id) : call->room->bot;
	if (!member)
		return "user_not_found";
	g_autoptr(cJSON) user = user_object(call, member);
	cJSON_AddItemToObject(call->reply, "profile", cJSON_DetachItemFromObject(user, "profile"));
	return NULL;
}

/* The sandbox's plan has no user groups: the list is empty, which the real ones do too. */
static const char *groups_list(struct api_call *call)
{
	json_put_array(call->reply, "usergroups");
	return NULL;
}

static const char *group_members(struct api_call *call)
{
	(void)call;
	return "no_such_subteam";
}

/* Nobody in the sandbox asks not to be disturbed. */
static const char *dnd_team(struct api_call *call)
{
	cJSON *users = json_put_object(call->reply, "users");
	g_auto(GStrv) ids = g_strsplit(call_text(call, "users"), ",", -1);
	for (char **id = ids; *id; id++) {
		if (!room_member(call->room, *id))
			continue;
		cJSON *status = json_put_object(users, *id);
		json_put_bool(status, "dnd_enabled", FALSE);
		json_put_int(status, "next_dnd_start_ts", 1);
		json_put_int(status, "next_dnd_end_ts", 1);
	}
	return NULL;
}

const struct api_method api_people_methods[] = {
	{ .name = "users.info", .run = users_info, .tier = TIER_4, .scope = "users:read", .needs = { "user" },
		.missing = "user_not_found" },
	{ .name = "users.list", .run = users_list, .tier = TIER_2, .scope = "users:read" },
	{ .name = "users.lookupByEmail", .run = users_by_email, .tier = TIER_3, .scope = "users:read.email",
		.needs = { "email" }, .missing = "users_not_found" },
	{ .name = "users.profile.get", .run = users_profile, .tier = TIER_4, .scope = "users.profile:read" },
	{ .name = "usergroups.list", .run = groups_list, .tier = TIER_2, .scope = "usergroups:read" },
	{ .name = "usergroups.users.list", .run = group_members, .tier = TIER_2, .scope = "usergroups:read",
		.needs = { "usergroup" } },
	{ .name = "dnd.teamInfo", .run = dnd_team, .tier = TIER_2, .scope = "dnd:read", .needs = { "users" } },
	{ 0 },
};
