/* SPDX-License-Identifier: MIT */
#include "sandbox/views.h"

#include "sandbox/blocks.h"
#include "sandbox/elements.h"
#include "sandbox/live.h"
#include "sandbox/wire.h"

void view_free(struct view *view)
{
	if (!view)
		return;
	g_free(view->id);
	g_free(view->hash);
	g_free(view->external_id);
	g_free(view->root_id);
	g_free(view->previous_id);
	cJSON_Delete(view->body);
	cJSON_Delete(view->values);
	g_free(view);
}

/* ---- making ---- */

static void put_default_text(cJSON *body, const char *key)
{
	if (!cJSON_HasObjectItem(body, key))
		json_put_text(body, key, "");
}

static void put_default_flag(cJSON *body, const char *key)
{
	if (!cJSON_HasObjectItem(body, key))
		json_put_bool(body, key, FALSE);
}

static void put_default_null(cJSON *body, const char *key)
{
	if (!cJSON_HasObjectItem(body, key))
		cJSON_AddNullToObject(body, key);
}

/* What Slack adds of itself is not taken from the app. */
static cJSON *complete(const cJSON *given)
{
	static const char *const ours[] = { "id", "team_id", "state", "hash", "root_view_id", "previous_view_id",
		"external_id", "app_id", "app_installed_team_id", "bot_id" };
	cJSON *body = cJSON_Duplicate(given, TRUE);
	for (guint i = 0; i < G_N_ELEMENTS(ours); i++)
		cJSON_DeleteItemFromObjectCaseSensitive(body, ours[i]);
	put_default_text(body, "private_metadata");
	put_default_text(body, "callback_id");
	put_default_flag(body, "clear_on_close");
	put_default_flag(body, "notify_on_close");
	put_default_null(body, "title");
	put_default_null(body, "submit");
	put_default_null(body, "close");
	blocks_name(json_array(body, "blocks"));
	return body;
}

/* state.values of a fresh body: what inputs begin with; what was put into those that stay, stays. */
static void fill_values(struct view *view, const cJSON *old)
{
	const cJSON *block;
	cJSON_Delete(view->values);
	view->values = cJSON_CreateObject();
	cJSON_ArrayForEach(block, json_array(view->body, "blocks"))
	{
		const cJSON *element = json_object(block, "element");
		const char *block_id = json_text_or(block, "block_id", ""), *action_id = json_text_or(element, "action_id", NULL);
		if (!action_id)
			continue;
		const cJSON *kept = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(old, block_id), action_id);
		g_autoptr(cJSON) fresh = kept ? NULL : elements_initial_value(element);
		views_put_value(view, block_id, action_id, element, kept ? kept : fresh);
	}
}

static void set_body(struct sandbox *sb, struct view *view, const cJSON *given)
{
	int64_t now_ms = clock_now_ms(sb->clock);
	cJSON *old = g_steal_pointer(&view->values);
	cJSON_Delete(view->body);
	view->body = complete(given);
	fill_values(view, old);
	cJSON_Delete(old);
	g_free(view->hash);
	view->hash = g_strdup_printf("%" G_GINT64_FORMAT ".%08x", now_ms / 1000, g_random_int());
	if (json_text_or(given, "external_id", NULL)) {
		g_free(view->external_id);
		view->external_id = g_strdup(json_text_or(given, "external_id", NULL));
	}
}

static struct view *make(struct sandbox *sb, struct member *member, const cJSON *body)
{
	struct view *view = g_new0(struct view, 1);
	view->id = room_next_id(sb->room, "V");
	view->root_id = g_strdup(view->id);
	view->member = member;
	set_body(sb, view, body);
	return view;
}

static struct view *top_of(const struct member *member)
{
	return member->views->len ? g_ptr_array_index(member->views, member->views->len - 1) : NULL;
}

static void tell(struct sandbox *sb, const char *type, const struct member *member, const struct view *view)
{
	if (!live_is_watched(sb->live))
		return;
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", type);
	json_put_text(delta, "user", member->id);
	cJSON_AddItemToObject(delta, "view", view ? wire_view(sb->room, view) : cJSON_CreateNull());
	live_push(sb->live, delta);
}

struct view *views_open(struct sandbox *sb, struct member *member, const cJSON *body)
{
	struct view *view = make(sb, member, body);
	g_ptr_array_set_size(member->views, 0);
	g_ptr_array_add(member->views, view);
	tell(sb, "view", member, view);
	return view;
}

struct view *views_push(struct sandbox *sb, struct member *member, const cJSON *body)
{
	struct view *view = make(sb, member, body);
	const struct view *below = top_of(member);
	if (below) {
		g_free(view->root_id);
		view->root_id = g_strdup(below->root_id);
		view->previous_id = g_strdup(below->id);
	}
	g_ptr_array_add(member->views, view);
	tell(sb, "view", member, view);
	return view;
}

struct view *views_publish(struct sandbox *sb, struct member *member, const cJSON *body)
{
	if (member->home)
		set_body(sb, member->home, body);
	else
		member->home = make(sb, member, body);
	tell(sb, "home", member, member->home);
	return member->home;
}

void views_update(struct sandbox *sb, struct view *view, const cJSON *body)
{
	set_body(sb, view, body);
	gboolean home = view->member->home == view;
	if (home || top_of(view->member) == view)
		tell(sb, home ? "home" : "view", view->member, view);
}

void views_close(struct sandbox *sb, struct view *view, gboolean all)
{
	struct member *member = view->member;
	guint at = 0;
	if (!g_ptr_array_find(member->views, view, &at))
		return;
	g_ptr_array_set_size(member->views, all ? 0 : (gint)at);
	tell(sb, "view", member, top_of(member));
}

/* ---- finding ---- */

static struct view *find(const struct room *room, const char *text, gboolean external)
{
	for (guint i = 0; text && i < room->members->len; i++) {
		const struct member *member = g_ptr_array_index(room->members, i);
		for (guint v = 0; v < member->views->len + 1; v++) {
			struct view *view = v < member->views->len ? g_ptr_array_index(member->views, v) : member->home;
			if (view && g_strcmp0(external ? view->external_id : view->id, text) == 0)
				return view;
		}
	}
	return NULL;
}

struct view *views_find(const struct room *room, const char *id)
{
	return find(room, id, FALSE);
}

struct view *views_find_external(const struct room *room, const char *external_id)
{
	return external_id && *external_id ? find(room, external_id, TRUE) : NULL;
}

/* ---- values ---- */

void views_put_value(struct view *view, const char *block_id, const char *action_id, const cJSON *element, const cJSON *value)
{
	cJSON *block = cJSON_GetObjectItemCaseSensitive(view->values, block_id);
	if (!block)
		block = json_put_object(view->values, block_id);
	cJSON *entry = elements_value(element, value);
	if (!entry)
		return;
	cJSON_DeleteItemFromObjectCaseSensitive(block, action_id);
	cJSON_AddItemToObject(block, action_id, entry);
}

void views_put_values(struct view *view, const cJSON *values)
{
	const cJSON *blocks = json_array(view->body, "blocks"), *block, *value;
	cJSON_ArrayForEach(block, values)
	{
		cJSON_ArrayForEach(value, block)
		{
			const cJSON *element = blocks_find_element(blocks, block->string, value->string);
			if (element)
				views_put_value(view, block->string, value->string, element, value);
		}
	}
}

cJSON *views_problems(const struct view *view)
{
	cJSON *problems = cJSON_CreateObject();
	const cJSON *block;
	cJSON_ArrayForEach(block, json_array(view->body, "blocks"))
	{
		const cJSON *element = json_object(block, "element");
		if (!g_str_equal(json_text_or(block, "type", ""), "input") || !element)
			continue;
		const char *block_id = json_text_or(block, "block_id", "");
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(
			cJSON_GetObjectItemCaseSensitive(view->values, block_id), json_text_or(element, "action_id", ""));
		g_autofree char *text = elements_problem(element, value, json_bool_or(block, "optional", FALSE));
		json_put_text(problems, block_id, text);
	}
	return problems;
}
