/* SPDX-License-Identifier: MIT */
/* People use the app: its home, its commands, its buttons and forms. */
#include "sandbox/acts.h"
#include "sandbox/ask.h"
#include "sandbox/blocks.h"
#include "sandbox/elements.h"
#include "sandbox/feishu/callbacks.h"
#include "sandbox/feishu/news.h"
#include "sandbox/happen.h"

static gboolean open_home(struct act *act, GError **error)
{
	(void)error;
	happen_home_opened(act->sb, act->who, json_text_or(act->args, "tab", "home"));
	return TRUE;
}

static gboolean is_command(const struct room *room, const char *name)
{
	for (guint i = 0; i < room->commands->len; i++) {
		if (g_str_equal(((struct command *)g_ptr_array_index(room->commands, i))->name, name))
			return TRUE;
	}
	return FALSE;
}

static gboolean command(struct act *act, GError **error)
{
	const char *name = act_text(act, "command", error);
	if (!name)
		return FALSE;
	if (!is_command(act->room, name))
		return act_refuse(error, "%s is not a valid command", name);
	ask_command(act->sb, act->who, act->channel, name, json_text_or(act->args, "text", ""), later_new(act));
	return TRUE;
}

/* ---- buttons and selects ---- */

static struct view *find_view(const struct act *act, GError **error)
{
	const char *id = json_text_or(act->args, "view_id", "");
	struct view *view = views_find(act->room, id);
	if (view && view->member == act->who)
		return view;
	act_refuse(error, "there is no view '%s' before '%s'", id, act->who->name);
	return NULL;
}

/* The message of an act that may also be about a view. */
static struct message *find_message(struct act *act, GError **error)
{
	const char *ts = act_text(act, "ts", error);
	act->channel = room_channel_named(act->room, json_text_or(act->args, "channel", NULL));
	struct message *m = act->channel ? room_message(act->channel, ts) : NULL;
	if (m && (!m->ephemeral_to || m->ephemeral_to == act->who))
		return m;
	if (ts)
		act_refuse(error, "there is no message '%s' in that channel", ts);
	return NULL;
}

/* The action of the element that the act names in these blocks; NULL with a sentence. */
static cJSON *find_action(const struct act *act, const cJSON *blocks, const cJSON **element, GError **error)
{
	const char *block_id = act_text(act, "block_id", error), *action_id = json_text_or(act->args, "action_id", NULL);
	*element = block_id ? blocks_find_element(blocks, block_id, action_id) : NULL;
	cJSON *action = *element ? elements_action(*element, act->args) : NULL;
	if (block_id && !action)
		act_refuse(error, "there is no element '%s' in block '%s'", action_id ? action_id : "", block_id);
	return action;
}

static gboolean press_view(struct act *act, GError **error)
{
	const cJSON *element;
	struct view *view = find_view(act, error);
	cJSON *action = view ? find_action(act, json_array(view->body, "blocks"), &element, error) : NULL;
	if (!action)
		return FALSE;
	const char *block_id = json_text_or(act->args, "block_id", "");
	views_put_values(view, json_object(act->args, "values"));
	views_put_value(view, block_id, json_text_or(element, "action_id", ""), element, action);
	ask_press_view(act->sb, act->who, view, block_id, action, later_new(act));
	return TRUE;
}

static gboolean press_message(struct act *act, GError **error)
{
	const cJSON *element;
	struct message *m = find_message(act, error);
	cJSON *action = m ? find_action(act, m->blocks, &element, error) : NULL;
	if (!action)
		return FALSE;
	ask_press_message(act->sb, act->who, act->channel, m, json_text_or(act->args, "block_id", ""), action, later_new(act));
	return TRUE;
}

/* A card of Feishu's app, in the message that the act names. */
static gboolean is_on_card(struct act *act)
{
	if (json_at(act->args, "view_id") || !json_at(act->args, "ts"))
		return FALSE;
	act->message = find_message(act, NULL);
	return act->message && act->message->card;
}

static gboolean press(struct act *act, GError **error)
{
	if (is_on_card(act))
		return callbacks_press(act, error);
	return json_at(act->args, "view_id") ? press_view(act, error) : press_message(act, error);
}

static gboolean suggest(struct act *act, GError **error)
{
	const char *block_id = act_text(act, "block_id", error), *action_id = block_id ? act_text(act, "action_id", error) : NULL;
	if (!action_id)
		return FALSE;
	gboolean in_view = json_at(act->args, "view_id") != NULL;
	struct view *view = in_view ? find_view(act, error) : NULL;
	struct message *m = in_view ? NULL : find_message(act, error);
	if (!view && !m)
		return FALSE;
	ask_options(act->sb, act->who, view, act->channel, m, block_id, action_id, json_text_or(act->args, "value", ""),
		later_new(act));
	return TRUE;
}

static gboolean shortcut(struct act *act, GError **error)
{
	const char *callback_id = act_text(act, "callback_id", error);
	if (!callback_id)
		return FALSE;
	struct message *m = json_at(act->args, "ts") ? find_message(act, error) : NULL;
	if (json_at(act->args, "ts") && !m)
		return FALSE;
	ask_shortcut(act->sb, act->who, callback_id, act->channel, m, later_new(act));
	return TRUE;
}

/* ---- forms ---- */

static gboolean submit(struct act *act, GError **error)
{
	if (is_on_card(act))
		return callbacks_submit(act, error);
	struct view *view = find_view(act, error);
	if (!view)
		return FALSE;
	if (view == act->who->home)
		return act_refuse(error, "a home tab is not submitted");
	views_put_values(view, json_object(act->args, "values"));
	ask_submit(act->sb, act->who, view, later_new(act));
	return TRUE;
}

static gboolean close_view(struct act *act, GError **error)
{
	struct view *view = find_view(act, error);
	if (!view)
		return FALSE;
	gboolean all = json_bool_or(act->args, "all", FALSE) || json_bool_or(view->body, "clear_on_close", FALSE);
	ask_closed(act->sb, act->who, view, all);
	views_close(act->sb, view, all);
	return TRUE;
}

/* Feishu's menu of the bot: one of its entries, or any key that an app may wait for. */
static gboolean menu(struct act *act, GError **error)
{
	const char *key = act_text(act, "key", error);
	if (!key)
		return FALSE;
	glong length = g_utf8_strlen(key, -1);
	if (length < 1 || length > 30)
		return act_refuse(error, "a menu's key has 1 to 30 characters");
	news_menu(act->sb->tenant, act->who, key);
	return TRUE;
}

const struct act_row acts_app[] = {
	{ "menu", menu, ACT_WHO },
	{ "open_home", open_home, ACT_WHO },
	{ "command", command, ACT_WHO | ACT_CHANNEL },
	{ "press", press, ACT_WHO },
	{ "suggest", suggest, ACT_WHO },
	{ "shortcut", shortcut, ACT_WHO },
	{ "submit", submit, ACT_WHO },
	{ "close_view", close_view, ACT_WHO },
	{ 0 },
};
