/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/callbacks.h"

#include "base/zone.h"
#include "sandbox/feishu/card.h"
#include "sandbox/feishu/courier.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/later.h"
#include "sandbox/live.h"

enum { TOKEN_MS = 30 * 60 * 1000, TOKEN_USES = 2, KEPT = 4096 };

/* A press: what was pressed where, its token, and whether the app has answered. */
struct press {
	char *token;
	char *channel_id, *ts, *user_id;
	int64_t made_ms;
	guint used;
	gboolean answered;
};

struct callbacks {
	struct tenant *tenant;
	GHashTable *by_token; /* owns */
	GQueue order;	      /* the same, the oldest first */
};

static void press_free(gpointer data)
{
	struct press *press = data;
	g_free(press->token);
	g_free(press->channel_id);
	g_free(press->ts);
	g_free(press->user_id);
	g_free(press);
}

struct callbacks *callbacks_new(struct tenant *tenant)
{
	struct callbacks *callbacks = g_new0(struct callbacks, 1);
	callbacks->tenant = tenant;
	callbacks->by_token = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, press_free);
	g_queue_init(&callbacks->order);
	return callbacks;
}

void callbacks_forget(struct callbacks *callbacks)
{
	g_queue_clear(&callbacks->order);
	g_hash_table_remove_all(callbacks->by_token);
}

void callbacks_free(struct callbacks *callbacks)
{
	if (!callbacks)
		return;
	callbacks_forget(callbacks);
	g_hash_table_unref(callbacks->by_token);
	g_free(callbacks);
}

static struct press *new_press(struct callbacks *callbacks, const struct act *act)
{
	struct press *press = g_new0(struct press, 1);
	g_autofree char *uuid = room_uuid();
	press->token = g_strconcat("c-", uuid, NULL);
	press->channel_id = g_strdup(act->channel->id);
	press->ts = g_strdup(act->message->ts);
	press->user_id = g_strdup(act->who->id);
	press->made_ms = clock_mono_ms(act->sb->clock);
	g_hash_table_insert(callbacks->by_token, press->token, press);
	g_queue_push_tail(&callbacks->order, press);
	if (callbacks->order.length > KEPT) {
		const struct press *oldest = g_queue_pop_head(&callbacks->order);
		g_hash_table_remove(callbacks->by_token, oldest->token);
	}
	return press;
}

static struct message *message_of(const struct callbacks *callbacks, const struct press *press, struct channel **channel)
{
	*channel = room_channel(callbacks->tenant->sb->room, press->channel_id);
	struct message *m = *channel ? room_message(*channel, press->ts) : NULL;
	return m && m->card ? m : NULL;
}

/* Strictly after the answer: what comes before it is refused here, on the platform it fails or is undone (5). */
int callbacks_use_token(struct callbacks *callbacks, const char *token, struct channel **channel, struct message **message)
{
	struct press *press = g_hash_table_lookup(callbacks->by_token, token);
	if (!press || !press->answered)
		return 300020;
	if (clock_mono_ms(callbacks->tenant->sb->clock) - press->made_ms > TOKEN_MS)
		return 300030;
	if (press->used >= TOKEN_USES)
		return 300040;
	*message = message_of(callbacks, press, channel);
	if (!*message)
		return 300020;
	press->used++;
	return 0;
}

/* ---- the answer ---- */

struct waiting {
	char *token;
	struct later *later;
};

static void waiting_free(gpointer data)
{
	struct waiting *waiting = data;
	later_free(waiting->later);
	g_free(waiting->token);
	g_free(waiting);
}

static void show(struct tenant *tenant, const struct press *press, const char *kind, const char *text)
{
	if (!live_is_watched(tenant->sb->live))
		return;
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "notice");
	json_put_text(delta, "user", press->user_id);
	json_put_text(delta, "channel", press->channel_id);
	json_put_text(delta, "text", text);
	json_put_text(delta, "toast", kind);
	live_push(tenant->sb->live, delta);
}

static gboolean is_toast(const cJSON *toast)
{
	static const char *const types[] = { "info", "success", "error", "warning", NULL };
	return cJSON_IsObject(toast) && g_strv_contains(types, json_text_or(toast, "type", "info")) &&
	       (json_text_or(toast, "content", NULL) || json_object(toast, "i18n"));
}

/* What stands in the toast for this person's language. */
static const char *toast_text(const struct tenant *tenant, const struct press *press, const cJSON *toast)
{
	const struct member *who = room_member(tenant->sb->room, press->user_id);
	g_autofree char *language = g_ascii_strdown(who ? who->locale : "", -1);
	g_strdelimit(language, "-", '_');
	const cJSON *i18n = json_object(toast, "i18n");
	const char *own = i18n ? json_text_or(i18n, language, NULL) : NULL;
	return own ? own : json_text_or(toast, "content", "");
}

static const char *apply_card(struct tenant *tenant, const struct press *press, const cJSON *answer)
{
	const cJSON *card = json_object(answer, "data");
	struct channel *channel;
	struct message *m = message_of(tenant->callbacks, press, &channel);
	if (g_strcmp0(json_text_or(answer, "type", NULL), "raw") != 0 || !card)
		return "200672: the card in the answer has neither type raw nor data";
	if (!m)
		return NULL; /* it was taken back meanwhile */
	if (card_goes_back(m->card, card))
		return "200830: a card of schema 2.0 cannot become one of 1.0";
	g_autofree char *why = NULL, *printed = json_print(card);
	if (strlen(printed) > CARD_MOST_BYTES || card_check(tenant, card, &why))
		return "200673: the card in the answer is wrong";
	g_autofree char *text = card_summary(tenant->sb->room, card);
	card_replace(tenant, channel, m, cJSON_Duplicate(card, TRUE), text);
	return NULL;
}

/* A sentence for what is wrong with it. */
static const char *apply(struct tenant *tenant, const struct press *press, const cJSON *response)
{
	if (!response)
		return "200672: the answer has no data; {} says nothing";
	if (!cJSON_IsObject(response))
		return "200672: the answer is not an object";
	const cJSON *toast = cJSON_GetObjectItemCaseSensitive(response, "toast");
	const cJSON *card = cJSON_GetObjectItemCaseSensitive(response, "card");
	if (toast && !is_toast(toast))
		return "200672: the toast in the answer has a wrong shape";
	const char *trouble = card ? apply_card(tenant, press, card) : NULL;
	if (!trouble && toast)
		show(tenant, press, json_text_or(toast, "type", "info"), toast_text(tenant, press, toast));
	return trouble;
}

static void answered(struct tenant *tenant, enum reply_fate fate, const cJSON *response, gpointer data)
{
	static const char *const sentences[] = { [REPLY_FAILED] = "200671: the app answered with an error",
		[REPLY_LATE] = "200341: the app did not answer within 3 s", [REPLY_NO_LINE] = "200340: no app is connected" };
	struct waiting *waiting = data;
	struct press *press = g_hash_table_lookup(tenant->callbacks->by_token, waiting->token);
	const char *trouble = sentences[fate];
	if (press && fate == REPLY_TAKEN) {
		press->answered = TRUE;
		trouble = apply(tenant, press, response);
	}
	if (press && trouble)
		show(tenant, press, "error", trouble);
	later_finish(g_steal_pointer(&waiting->later), trouble);
}

/* ---- the press ---- */

/* What behaviors[] of type callback holds, or the old member. */
static const cJSON *value_of(const cJSON *component)
{
	const cJSON *behavior;
	cJSON_ArrayForEach(behavior, json_array(component, "behaviors"))
	{
		if (g_str_equal(json_text_or(behavior, "type", ""), "callback"))
			return cJSON_GetObjectItemCaseSensitive(behavior, "value");
	}
	return cJSON_GetObjectItemCaseSensitive(component, "value");
}

static void ask(struct act *act, cJSON *take_action)
{
	struct tenant *tenant = act->sb->tenant;
	struct press *press = new_press(tenant->callbacks, act);
	cJSON *event = cJSON_CreateObject();
	ident_put(event, "operator", act->who, tenant_may(tenant, "contact:user.employee_id:readonly"));
	json_put_text(json_object(event, "operator"), "tenant_key", tenant->key);
	json_put_text(event, "token", press->token);
	cJSON_AddItemToObject(event, "action", take_action);
	json_put_text(event, "host", "im_message");
	cJSON *context = json_put_object(event, "context");
	g_autofree char *message_id = ident_message_id(act->channel, act->message->ts), *chat_id = ident_chat_id(act->channel);
	json_put_text(context, "open_message_id", message_id);
	json_put_text(context, "open_chat_id", chat_id);
	struct waiting *waiting = g_new0(struct waiting, 1);
	waiting->token = g_strdup(press->token);
	waiting->later = later_new(act);
	courier_ask(tenant->courier, "card.action.trigger", event, answered, waiting, waiting_free);
}

/* The card's component that the act names. NULL with a sentence. */
static const cJSON *find_component(const struct act *act, GError **error)
{
	static const char *const keys[] = { "name", "element_id" };
	const cJSON *card = act->message->card, *found = NULL;
	const char *path = json_text_or(act->args, "path", NULL), *text = json_text_or(act->args, "button", NULL);
	if (path)
		found = card_find_path(card, path);
	if (!found && text)
		found = card_find_text(card_elements(card), text);
	for (guint i = 0; i < G_N_ELEMENTS(keys) && !found; i++) {
		const char *value = json_text_or(act->args, keys[i], NULL);
		found = value ? card_find(card_elements(card), keys[i], value) : NULL;
	}
	if (!found)
		act_refuse(error, "there is no such component in the card: say path, name, element_id or button");
	return found;
}

/* What each component's use adds to the action, from the act's arguments of the same name. */
static const struct {
	const char *tag, *argument, *member;
} uses[] = {
	{ "select_static", "option", "option" }, { "select_person", "option", "option" }, { "multi_select_static", "options", "options" },
	{ "multi_select_person", "options", "options" }, { "date_picker", "option", "option" }, { "picker_time", "option", "option" },
	{ "picker_datetime", "option", "option" }, { "overflow", "option", "option" }, { "select_img", "option", "option" },
	{ "checker", "checked", "checked" }, { "input", "input", "input_value" },
};

static gboolean is_interactive(const char *tag)
{
	for (guint i = 0; i < G_N_ELEMENTS(uses); i++) {
		if (g_str_equal(uses[i].tag, tag))
			return TRUE;
	}
	return g_str_equal(tag, "button") || g_str_equal(tag, "interactive_container");
}

static gboolean put_use(const struct act *act, const char *tag, cJSON *action, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(uses); i++) {
		if (!g_str_equal(uses[i].tag, tag))
			continue;
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(act->args, uses[i].argument);
		if (!value)
			return act_refuse(error, "say \"%s\" for a %s", uses[i].argument, tag);
		cJSON_AddItemToObject(action, uses[i].member, cJSON_Duplicate(value, TRUE));
		return TRUE;
	}
	return TRUE;
}

static cJSON *new_action(const struct act *act, const cJSON *component)
{
	cJSON *action = cJSON_CreateObject();
	const cJSON *value = value_of(component);
	if (value)
		cJSON_AddItemToObject(action, "value", cJSON_Duplicate(value, TRUE));
	json_put_text(action, "tag", json_text_or(component, "tag", ""));
	json_put_text(action, "name", json_text_or(component, "name", NULL));
	json_put_text(action, "timezone", act->who->zone);
	return action;
}

gboolean callbacks_press(struct act *act, GError **error)
{
	const cJSON *component = find_component(act, error);
	if (!component)
		return FALSE;
	const char *tag = json_text_or(component, "tag", "");
	if (!is_interactive(tag))
		return act_refuse(error, "nobody can press a %s", tag);
	if (json_bool_or(component, "disabled", FALSE))
		return act_refuse(error, "that %s is disabled", tag);
	if (card_form_of(act->message->card, component))
		return act_refuse(error, "that %s stands in a form: submit it", tag);
	cJSON *action = new_action(act, component);
	if (!value_of(component) || !put_use(act, tag, action, error)) {
		cJSON_Delete(action);
		return *error ? FALSE : act_refuse(error, "that %s asks the app nothing", tag);
	}
	ask(act, action);
	return TRUE;
}

/* ---- forms ---- */

/* The button of the act, or the form's only submit button. */
static const cJSON *find_submit(const struct act *act, GError **error)
{
	const cJSON *named = json_at(act->args, "name") || json_at(act->args, "button") || json_at(act->args, "path") ?
				     find_component(act, error) :
				     card_find(card_elements(act->message->card), "form_action_type", "submit");
	if (!named) {
		if (!*error)
			act_refuse(error, "there is no form in the card");
		return NULL;
	}
	if (!g_str_equal(json_text_or(named, "form_action_type", ""), "submit")) {
		act_refuse(error, "that is no submit button");
		return NULL;
	}
	return named;
}

static gboolean is_empty(const cJSON *value)
{
	return !value || cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring) ||
	       (cJSON_IsArray(value) && !cJSON_GetArraySize(value));
}

/* Dates and times come with the person's offset: "2026-01-01 +0800". */
static cJSON *with_offset(const struct act *act, const cJSON *value)
{
	GTimeZone *zone = zone_find(act->who->zone);
	gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, clock_now_ms(act->sb->clock) / 1000);
	int offset_min = g_time_zone_get_offset(zone, interval) / 60;
	g_autofree char *text = g_strdup_printf("%s %c%02d%02d", value->valuestring, offset_min < 0 ? '-' : '+', ABS(offset_min) / 60,
		ABS(offset_min) % 60);
	return cJSON_CreateString(text);
}

static const char *initial_of(const char *tag)
{
	static const struct {
		const char *tag, *member;
	} members[] = {
		{ "input", "default_value" }, { "select_static", "initial_option" }, { "select_person", "initial_option" },
		{ "multi_select_static", "selected_values" }, { "multi_select_person", "selected_values" },
		{ "date_picker", "initial_date" }, { "picker_time", "initial_time" }, { "picker_datetime", "initial_datetime" },
		{ "checker", "checked" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (g_str_equal(members[i].tag, tag))
			return members[i].member;
	}
	return NULL;
}

static gboolean is_date(const char *tag)
{
	return g_str_equal(tag, "date_picker") || g_str_has_prefix(tag, "picker_");
}

/* One component's value: what the person gave, else what stood there. FALSE with what the client says. */
static gboolean put_value(const struct act *act, const cJSON *component, cJSON *form_value, GError **error)
{
	const char *tag = json_text_or(component, "tag", ""), *name = json_text_or(component, "name", ""), *initial = initial_of(tag);
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(json_object(act->args, "form_value"), name);
	const cJSON *value = given || !initial ? given : cJSON_GetObjectItemCaseSensitive(component, initial);
	if (!initial)
		return TRUE;
	if (is_empty(value) && json_bool_or(component, "required", FALSE))
		return act_refuse(error, "'%s' is required", name);
	if (cJSON_IsString(value) && g_str_equal(tag, "input") &&
		g_utf8_strlen(value->valuestring, -1) > json_int_or(component, "max_length", 1000))
		return act_refuse(error, "'%s' is too long", name);
	if (!is_empty(value))
		cJSON_AddItemToObject(form_value, name,
			is_date(tag) && cJSON_IsString(value) && !strchr(value->valuestring, '+') ? with_offset(act, value) :
												   cJSON_Duplicate(value, TRUE));
	else if (g_str_equal(tag, "input"))
		json_put_text(form_value, name, "");
	return TRUE;
}

static gboolean put_values(const struct act *act, const cJSON *tree, cJSON *form_value, GError **error)
{
	const cJSON *child;
	if (cJSON_IsObject(tree) && cJSON_HasObjectItem(tree, "tag") && !put_value(act, tree, form_value, error))
		return FALSE;
	cJSON_ArrayForEach(child, tree)
	{
		if ((cJSON_IsObject(child) || cJSON_IsArray(child)) && !put_values(act, child, form_value, error))
			return FALSE;
	}
	return TRUE;
}

gboolean callbacks_submit(struct act *act, GError **error)
{
	const cJSON *button = find_submit(act, error);
	const cJSON *form = button ? card_form_of(act->message->card, button) : NULL;
	if (!form)
		return *error ? FALSE : act_refuse(error, "that button stands in no form");
	cJSON *action = new_action(act, button);
	if (!put_values(act, form, json_put_object(action, "form_value"), error)) {
		cJSON_Delete(action);
		return FALSE;
	}
	ask(act, action);
	return TRUE;
}
