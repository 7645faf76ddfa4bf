/* SPDX-License-Identifier: MIT */
#include "sandbox/elements.h"

/* What a value is made of. */
enum content { CONTENT_NONE, CONTENT_TEXT, CONTENT_OPTION, CONTENT_OPTIONS, CONTENT_ID, CONTENT_IDS, CONTENT_NUMBER, CONTENT_TREE };

static const struct element_kind {
	const char *type, *key, *initial;
	enum content content;
} kinds[] = {
	{ "button", "value", NULL, CONTENT_NONE },
	{ "overflow", "selected_option", NULL, CONTENT_OPTION },
	{ "plain_text_input", "value", "initial_value", CONTENT_TEXT },
	{ "email_text_input", "value", "initial_value", CONTENT_TEXT },
	{ "url_text_input", "value", "initial_value", CONTENT_TEXT },
	{ "number_input", "value", "initial_value", CONTENT_TEXT },
	{ "rich_text_input", "rich_text_value", "initial_value", CONTENT_TREE },
	{ "static_select", "selected_option", "initial_option", CONTENT_OPTION },
	{ "external_select", "selected_option", "initial_option", CONTENT_OPTION },
	{ "radio_buttons", "selected_option", "initial_option", CONTENT_OPTION },
	{ "multi_static_select", "selected_options", "initial_options", CONTENT_OPTIONS },
	{ "multi_external_select", "selected_options", "initial_options", CONTENT_OPTIONS },
	{ "checkboxes", "selected_options", "initial_options", CONTENT_OPTIONS },
	{ "users_select", "selected_user", "initial_user", CONTENT_ID },
	{ "conversations_select", "selected_conversation", "initial_conversation", CONTENT_ID },
	{ "channels_select", "selected_channel", "initial_channel", CONTENT_ID },
	{ "multi_users_select", "selected_users", "initial_users", CONTENT_IDS },
	{ "multi_conversations_select", "selected_conversations", "initial_conversations", CONTENT_IDS },
	{ "multi_channels_select", "selected_channels", "initial_channels", CONTENT_IDS },
	{ "datepicker", "selected_date", "initial_date", CONTENT_ID },
	{ "timepicker", "selected_time", "initial_time", CONTENT_ID },
	{ "datetimepicker", "selected_date_time", "initial_date_time", CONTENT_NUMBER },
};

static const struct element_kind *kind_of(const cJSON *element)
{
	const char *type = json_text_or(element, "type", "");
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (g_str_equal(kinds[i].type, type))
			return &kinds[i];
	}
	return NULL;
}

static gboolean is_empty(const cJSON *value)
{
	if (!value || cJSON_IsNull(value))
		return TRUE;
	if (cJSON_IsString(value))
		return *value->valuestring == '\0';
	return cJSON_IsArray(value) && cJSON_GetArraySize(value) == 0;
}

/* An empty list is [], anything else empty is null; an empty rich text is left out. */
static void put_value(cJSON *object, const struct element_kind *kind, const cJSON *value)
{
	gboolean list = kind->content == CONTENT_OPTIONS || kind->content == CONTENT_IDS;
	if (!is_empty(value))
		cJSON_AddItemToObject(object, kind->key, cJSON_Duplicate(value, TRUE));
	else if (list)
		json_put_array(object, kind->key);
	else if (kind->content != CONTENT_TREE)
		cJSON_AddNullToObject(object, kind->key);
}

static cJSON *start(const struct element_kind *kind)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "type", kind->type);
	return object;
}

cJSON *elements_value(const cJSON *element, const cJSON *value)
{
	const struct element_kind *kind = kind_of(element);
	if (!kind || kind->content == CONTENT_NONE)
		return NULL;
	cJSON *object = start(kind);
	put_value(object, kind, cJSON_GetObjectItemCaseSensitive(value, kind->key));
	return object;
}

cJSON *elements_initial_value(const cJSON *element)
{
	const struct element_kind *kind = kind_of(element);
	cJSON *object = cJSON_CreateObject();
	const cJSON *initial =
		kind && kind->initial ? cJSON_GetObjectItemCaseSensitive(element, kind->initial) : NULL;
	if (initial)
		cJSON_AddItemToObject(object, kind->key, cJSON_Duplicate(initial, TRUE));
	return object;
}

/* ---- pressing ---- */

static const cJSON *find_option(const cJSON *options, const char *value)
{
	const cJSON *option;
	cJSON_ArrayForEach(option, options)
	{
		if (g_strcmp0(json_text_or(option, "value", NULL), value) == 0)
			return option;
	}
	return NULL;
}

/* {"text","value"} of the option with that value, from options or groups; NULL when there is none. */
static cJSON *option_of(const cJSON *element, const char *value)
{
	const cJSON *option = find_option(json_array(element, "options"), value), *group;
	cJSON_ArrayForEach(group, json_array(element, "option_groups"))
		option = option ? option : find_option(json_array(group, "options"), value);
	if (!option)
		return NULL;
	cJSON *copy = cJSON_CreateObject();
	cJSON_AddItemToObject(copy, "text", cJSON_Duplicate(json_at(option, "text"), TRUE));
	json_put_text(copy, "value", value);
	return copy;
}

/* What `selected` (a text, or texts) means for this kind of element. */
static cJSON *selection(const cJSON *element, const struct element_kind *kind, const cJSON *selected)
{
	if (kind->content == CONTENT_OPTION && cJSON_IsString(selected))
		return option_of(element, selected->valuestring);
	if (kind->content != CONTENT_OPTIONS || !cJSON_IsArray(selected))
		return cJSON_Duplicate(selected, TRUE);
	cJSON *list = cJSON_CreateArray();
	const cJSON *item;
	cJSON_ArrayForEach(item, selected)
	{
		cJSON *option = cJSON_IsString(item) ? option_of(element, item->valuestring) : NULL;
		if (option)
			cJSON_AddItemToArray(list, option);
	}
	return list;
}

cJSON *elements_action(const cJSON *element, const cJSON *press)
{
	const struct element_kind *kind = kind_of(element);
	if (!kind)
		return NULL;
	cJSON *action = start(kind);
	json_put_text(action, "action_id", json_text_or(element, "action_id", ""));
	if (kind->content == CONTENT_NONE) {
		if (json_object(element, "text"))
			cJSON_AddItemToObject(action, "text", cJSON_Duplicate(json_at(element, "text"), TRUE));
		json_put_text(action, "value", json_text_or(element, "value", NULL));
		json_put_text(action, "style", json_text_or(element, "style", NULL));
		return action;
	}
	const cJSON *given = cJSON_GetObjectItemCaseSensitive(press, kind->key);
	const cJSON *selected = cJSON_GetObjectItemCaseSensitive(press, "selected");
	g_autoptr(cJSON) found = given || !selected ? NULL : selection(element, kind, selected);
	put_value(action, kind, given ? given : found);
	return action;
}

/* ---- what the client checks ---- */

char *elements_problem(const cJSON *element, const cJSON *entry, gboolean optional)
{
	const struct element_kind *kind = kind_of(element);
	const cJSON *value = kind ? cJSON_GetObjectItemCaseSensitive(entry, kind->key) : NULL;
	if (is_empty(value))
		return optional ? NULL : g_strdup("Please complete this required field.");
	if (!kind || kind->content != CONTENT_TEXT || !cJSON_IsString(value))
		return NULL;
	glong length = g_utf8_strlen(value->valuestring, -1);
	int64_t least = json_int_or(element, "min_length", 0), most = json_int_or(element, "max_length", 3000);
	if (length < least)
		return g_strdup_printf("Please enter at least %" G_GINT64_FORMAT " characters.", least);
	return length > most ? g_strdup_printf("Please enter at most %" G_GINT64_FORMAT " characters.", most) : NULL;
}
