/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/card.h"

#include "sandbox/feishu/tongue.h"
#include "sandbox/happen.h"
#include "sandbox/wire.h"

static gboolean is_second(const cJSON *card)
{
	return g_strcmp0(json_text_or(card, "schema", NULL), "2.0") == 0;
}

const cJSON *card_elements(const cJSON *card)
{
	return is_second(card) ? json_array(card, "body.elements") : json_array(card, "elements");
}

char *card_summary(const struct room *room, const cJSON *card)
{
	const char *title = json_text_or(card, "header.title.content", "");
	const char *summary = json_text_or(card, "config.summary.content", title);
	return tongue_from_text(room, *summary ? summary : title);
}

gboolean card_is_shared(const cJSON *card)
{
	return is_second(card) ? json_bool_or(card, "config.update_multi", TRUE) : json_bool_or(card, "config.update_multi", FALSE);
}

gboolean card_goes_back(const cJSON *before, const cJSON *after)
{
	return is_second(before) && !is_second(after);
}

void card_replace(struct tenant *tenant, struct channel *channel, struct message *m, cJSON *take_card, const char *text)
{
	struct room *room = tenant->sb->room;
	cJSON *previous = wire_message(room, m, WIRE_METADATA | WIRE_COUNTS);
	cJSON_Delete(m->card);
	m->card = take_card;
	g_free(m->text);
	m->text = g_strdup(text ? text : "");
	happen_changed(tenant->sb, channel, m, previous);
}

/* ---- finding ---- */

static gboolean has_text(const cJSON *node, const char *key, const char *value)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(node, key);
	return cJSON_IsString(item) && g_str_equal(item->valuestring, value);
}

const cJSON *card_find(const cJSON *tree, const char *key, const char *value)
{
	const cJSON *child, *found = NULL;
	if (cJSON_IsObject(tree) && cJSON_HasObjectItem(tree, "tag") && has_text(tree, key, value))
		return tree;
	cJSON_ArrayForEach(child, tree)
	{
		if (!found && (cJSON_IsObject(child) || cJSON_IsArray(child)))
			found = card_find(child, key, value);
	}
	return found;
}

const cJSON *card_find_path(const cJSON *card, const char *path)
{
	const cJSON *found = json_at(card, path);
	return cJSON_IsObject(found) && cJSON_HasObjectItem(found, "tag") ? found : NULL;
}

const cJSON *card_find_text(const cJSON *tree, const char *text)
{
	const cJSON *child, *found = NULL;
	if (cJSON_IsObject(tree) && has_text(tree, "tag", "button") && g_str_equal(json_text_or(tree, "text.content", ""), text))
		return tree;
	cJSON_ArrayForEach(child, tree)
	{
		if (!found && (cJSON_IsObject(child) || cJSON_IsArray(child)))
			found = card_find_text(child, text);
	}
	return found;
}

static gboolean holds(const cJSON *tree, const cJSON *component)
{
	const cJSON *child;
	if (tree == component)
		return TRUE;
	cJSON_ArrayForEach(child, tree)
	{
		if (holds(child, component))
			return TRUE;
	}
	return FALSE;
}

const cJSON *card_form_of(const cJSON *card, const cJSON *component)
{
	const cJSON *element;
	cJSON_ArrayForEach(element, card_elements(card))
	{
		if (has_text(element, "tag", "form") && holds(element, component))
			return element;
	}
	return NULL;
}
