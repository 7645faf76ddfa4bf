/* SPDX-License-Identifier: MIT */
/* Opening, stacking, changing and publishing views. */
#include "sandbox/blocks.h"
#include "sandbox/clicks.h"
#include "sandbox/files.h"
#include "sandbox/views.h"
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

/* The view that was given, checked; NULL with *error. */
static const cJSON *read_view(struct api_call *call, enum blocks_place place, const char **error)
{
	gboolean broken;
	const cJSON *view = call_tree(call, "view", &broken);
	if (!call->messages)
		call->messages = g_ptr_array_new_with_free_func(g_free);
	*error = blocks_check_view(view, place, call->messages);
	if (!*error && files_check_shown(call->sb->files, json_array(view, "blocks"), call->messages))
		*error = "invalid_arguments";
	if (call->messages->len == 0)
		g_clear_pointer(&call->messages, g_ptr_array_unref);
	return *error ? NULL : view;
}

static enum blocks_place place_of(const struct view *view)
{
	return view->member->home == view ? BLOCKS_HOME : BLOCKS_MODAL;
}

static const char *check_external(struct api_call *call, const cJSON *body, const struct view *itself)
{
	const struct view *other = views_find_external(call->room, json_text_or(body, "external_id", NULL));
	return other && other != itself ? "duplicate_external_id" : NULL;
}

static const char *answer(struct api_call *call, const struct view *view)
{
	cJSON_AddItemToObject(call->reply, "view", wire_view(call->room, view));
	return NULL;
}

/* Block Kit first: a view that is refused leaves the trigger unused. */
static const char *open(struct api_call *call, gboolean push)
{
	const char *error = NULL;
	const cJSON *body = read_view(call, BLOCKS_MODAL, &error);
	if (!error)
		error = check_external(call, body, NULL);
	if (error)
		return error;
	struct member *member = clicks_use_trigger(call->sb->clicks, call_text(call, "trigger_id"), &error);
	if (!member)
		return error;
	if (push && member->views->len >= VIEWS_HIGH)
		return "push_limit_reached";
	return answer(call, push ? views_push(call->sb, member, body) : views_open(call->sb, member, body));
}

static const char *views_open_method(struct api_call *call)
{
	return open(call, FALSE);
}

static const char *views_push_method(struct api_call *call)
{
	return open(call, TRUE);
}

static const char *check_hash(struct api_call *call, const struct view *view)
{
	const char *hash = call_text(call, "hash");
	return hash && view && !g_str_equal(hash, view->hash) ? "hash_conflict" : NULL;
}

static const char *views_update_method(struct api_call *call)
{
	const char *id = call_text(call, "view_id"), *external_id = call_text(call, "external_id"), *error = NULL;
	struct view *view = id ? views_find(call->room, id) : views_find_external(call->room, external_id);
	if (!view)
		return "not_found";
	const cJSON *body = read_view(call, place_of(view), &error);
	if (!error)
		error = check_external(call, body, view);
	if (!error)
		error = check_hash(call, view);
	if (error)
		return error;
	views_update(call->sb, view, body);
	return answer(call, view);
}

static const char *views_publish_method(struct api_call *call)
{
	const char *error = NULL;
	struct member *member = room_member(call->room, call_text(call, "user_id"));
	const cJSON *body = read_view(call, BLOCKS_HOME, &error);
	if (!error && (!member || member->deleted || member->is_bot))
		error = "user_not_found";
	if (!error)
		error = check_external(call, body, member->home);
	if (!error)
		error = check_hash(call, member->home);
	return error ? error : answer(call, views_publish(call->sb, member, body));
}

const struct api_method api_view_methods[] = {
	{ .name = "views.open", .run = views_open_method, .tier = TIER_4, .json = TRUE, .needs = { "trigger_id", "view" } },
	{ .name = "views.push", .run = views_push_method, .tier = TIER_4, .json = TRUE, .needs = { "trigger_id", "view" } },
	{ .name = "views.update", .run = views_update_method, .tier = TIER_4, .json = TRUE, .needs = { "view" } },
	{ .name = "views.publish", .run = views_publish_method, .tier = TIER_4, .json = TRUE, .needs = { "user_id", "view" } },
	{ 0 },
};
