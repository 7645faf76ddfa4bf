/* SPDX-License-Identifier: MIT */
#include "sandbox/blocks.h"

#include "sandbox/block_rules.h"

enum { MOST_IN_MESSAGE = 50, MOST_IN_VIEW = 100, TOTAL_TEXT = 13200, VIEW_BYTES = 250 * 1000, MOST_CHARTS = 2 };

/* One walk: where we are, and what was found. */
struct check {
	enum blocks_place place;
	GString *at; /* JSON pointer */
	GPtrArray *messages;
	GHashTable *block_ids;
	glong total; /* characters of all texts */
	guint tables, charts;
};

/* ---- the walk ---- */

static void G_GNUC_PRINTF(2, 3) complain(struct check *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(c->messages, g_strdup_printf("[ERROR] %s [json-pointer:%s]", what, c->at->str));
}

static void check_length(struct check *c, glong length, unsigned least, unsigned most)
{
	if (length < (glong)least)
		complain(c, "must be more than %u characters", least - 1);
	else if (length > (glong)most)
		complain(c, "must be less than %u characters", most + 1);
}

static void check_string(struct check *c, const cJSON *node, const struct rule *rule)
{
	if (!cJSON_IsString(node)) {
		complain(c, "must provide a string");
		return;
	}
	check_length(c, g_utf8_strlen(node->valuestring, -1), rule->least, rule->most);
}

static void check_text(struct check *c, const cJSON *node, const struct rule *rule)
{
	const char *type = json_text_or(node, "type", ""), *text = json_text_or(node, "text", NULL);
	gboolean plain = g_str_equal(type, "plain_text");
	if (!plain && (rule->kind == PLAIN || rule->item == PLAIN || !g_str_equal(type, "mrkdwn"))) {
		complain(c, rule->kind == PLAIN ? "must be a plain_text object" : "must be a text object");
		return;
	}
	gsize depth = c->at->len;
	g_string_append(c->at, "/text");
	if (!text)
		complain(c, "must provide a string");
	glong length = text ? g_utf8_strlen(text, -1) : 0;
	if (text)
		check_length(c, length, rule->least, rule->most);
	c->total += length;
	g_string_truncate(c->at, depth);
}

static gboolean is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (g_str_equal(*words, text))
			return TRUE;
	}
	return FALSE;
}

static void check_rules(struct check *c, const cJSON *node, const struct rule *rules);
static void check_node(struct check *c, const cJSON *node, const struct rule *rule, enum kind kind);

static void check_shape(struct check *c, const cJSON *node, const struct shape *shape)
{
	gboolean found = !shape->either[0];
	for (guint i = 0; i < G_N_ELEMENTS(shape->either) && shape->either[i]; i++)
		found = found || cJSON_HasObjectItem(node, shape->either[i]);
	if (!found)
		complain(c, "missing required field: %s", shape->either[0]);
	check_rules(c, node, shape->rules);
}

static void check_element(struct check *c, const cJSON *node, const struct rule *rule)
{
	static const struct rule text_rule = { "", TEXT, FALSE, 1, 3000, .item = ANY };
	const char *type = json_text_or(node, "type", "");
	if (!is_one_of(type, rule->words)) {
		complain(c, "unsupported type: %s", type);
		return;
	}
	if (g_str_equal(type, "plain_text") || g_str_equal(type, "mrkdwn")) {
		check_text(c, node, &text_rule);
		return;
	}
	check_shape(c, node, block_element_shape(type));
}

static void check_action_ids(struct check *c, const cJSON *list)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *node;
	cJSON_ArrayForEach(node, list)
	{
		const char *id = json_text_or(node, "action_id", NULL);
		if (id && !g_hash_table_add(seen, (gpointer)id))
			complain(c, "`action_id` `%s` already exists for this block", id);
	}
}

static void check_list(struct check *c, const cJSON *list, const struct rule *rule)
{
	if (!cJSON_IsArray(list)) {
		complain(c, "must provide an array");
		return;
	}
	unsigned size = (unsigned)cJSON_GetArraySize(list), i = 0;
	if (size < rule->least)
		complain(c, "no fewer than %u items allowed", rule->least);
	if (size > rule->most)
		complain(c, "no more than %u items allowed", rule->most);
	if (rule->item == ELEMENT)
		check_action_ids(c, list);
	gsize depth = c->at->len;
	const cJSON *node;
	cJSON_ArrayForEach(node, list)
	{
		g_string_append_printf(c->at, "/%u", i++);
		check_node(c, node, rule->rules && rule->item != OBJECT ? rule->rules : rule, rule->item);
		g_string_truncate(c->at, depth);
	}
}

static void check_choice(struct check *c, const cJSON *node, const struct rule *rule)
{
	if (!cJSON_IsString(node) || !is_one_of(node->valuestring, rule->words))
		complain(c, "must be a valid enum value");
}

static void check_number(struct check *c, const cJSON *node, const struct rule *rule)
{
	if (!cJSON_IsNumber(node) || node->valuedouble < rule->least || node->valuedouble > rule->most)
		complain(c, "must be a number from %u to %u", rule->least, rule->most);
}

static void check_node(struct check *c, const cJSON *node, const struct rule *rule, enum kind kind)
{
	switch (kind) {
	case ANY:
		break;
	case STRING:
		check_string(c, node, rule);
		break;
	case PLAIN:
	case TEXT:
		check_text(c, node, rule);
		break;
	case CHOICE:
		check_choice(c, node, rule);
		break;
	case NUMBER:
		check_number(c, node, rule);
		break;
	case OBJECT:
		check_rules(c, node, rule->rules);
		break;
	case ELEMENT:
		check_element(c, node, rule);
		break;
	case LIST:
		check_list(c, node, rule);
		break;
	}
}

static void check_rules(struct check *c, const cJSON *node, const struct rule *rules)
{
	if (!cJSON_IsObject(node)) {
		complain(c, "must provide an object");
		return;
	}
	for (const struct rule *rule = rules; rule->key; rule++) {
		const cJSON *child = cJSON_GetObjectItemCaseSensitive(node, rule->key);
		gboolean absent = !child || cJSON_IsNull(child);
		if (absent && rule->required)
			complain(c, "missing required field: %s", rule->key);
		if (absent)
			continue;
		gsize depth = c->at->len;
		g_string_append_printf(c->at, "/%s", rule->key);
		check_node(c, child, rule, rule->kind);
		g_string_truncate(c->at, depth);
	}
}

/* Each series has a number for each category, under the same labels. */
static void check_series(struct check *c, const cJSON *series, const cJSON *categories, GHashTable *names)
{
	const cJSON *point, *category = categories ? categories->child : NULL;
	if (!g_hash_table_add(names, (gpointer)json_text_or(series, "name", "")))
		complain(c, "series names must be unique");
	cJSON_ArrayForEach(point, json_array(series, "data"))
	{
		if (!cJSON_IsNumber(json_at(point, "value")))
			complain(c, "must provide a number");
		if (!cJSON_IsString(category) || !g_str_equal(category->valuestring, json_text_or(point, "label", "")))
			complain(c, "labels must match the categories");
		category = category ? category->next : NULL;
	}
	if (category)
		complain(c, "labels must match the categories");
}

static void check_drawing(struct check *c, const cJSON *block)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *chart = json_object(block, "chart"), *series;
	gboolean pie = g_str_equal(json_text_or(chart, "type", ""), "pie");
	if (c->place != BLOCKS_MESSAGE)
		complain(c, "unsupported type: data_visualization");
	if (c->charts++ >= MOST_CHARTS)
		complain(c, "no more than %d data visualizations allowed", MOST_CHARTS);
	if (!json_at(chart, pie ? "segments" : "series") || (!pie && !json_at(chart, "axis_config")))
		complain(c, "missing required field: %s", pie ? "segments" : "series");
	cJSON_ArrayForEach(series, json_array(chart, "series"))
		check_series(c, series, json_array(chart, "axis_config.categories"), names);
}

static void check_block(struct check *c, const cJSON *block)
{
	const char *type = json_text_or(block, "type", NULL), *id = json_text_or(block, "block_id", NULL);
	const struct shape *shape = type ? block_shape(type) : NULL;
	if (!shape) {
		complain(c, type ? "unsupported type: %s" : "missing required field: %s", type ? type : "type");
		return;
	}
	if (id && !g_hash_table_add(c->block_ids, (gpointer)id))
		complain(c, "`block_id` `%s` already exists in blocks array", id);
	if (g_str_equal(type, "table") && c->tables++)
		complain(c, "only one table is allowed");
	check_shape(c, block, shape);
	if (g_str_equal(type, "data_visualization"))
		check_drawing(c, block);
}

static void check_blocks(struct check *c, const cJSON *blocks)
{
	unsigned most = c->place == BLOCKS_MESSAGE ? MOST_IN_MESSAGE : MOST_IN_VIEW, i = 0;
	if ((unsigned)cJSON_GetArraySize(blocks) > most)
		complain(c, "no more than %u items allowed", most);
	gsize depth = c->at->len;
	const cJSON *block;
	cJSON_ArrayForEach(block, blocks)
	{
		g_string_append_printf(c->at, "/%u", i++);
		check_block(c, block);
		g_string_truncate(c->at, depth);
	}
}

const char *blocks_check(const cJSON *blocks, enum blocks_place place, const char *pointer, GPtrArray *messages)
{
	if (!cJSON_IsArray(blocks))
		return "invalid_blocks_format";
	struct check c = { .place = place, .messages = messages, .at = g_string_new(pointer) };
	c.block_ids = g_hash_table_new(g_str_hash, g_str_equal);
	guint before = messages->len;
	check_blocks(&c, blocks);
	g_hash_table_unref(c.block_ids);
	g_string_free(c.at, TRUE);
	if (messages->len > before)
		return "invalid_blocks";
	return place == BLOCKS_MESSAGE && c.total > TOTAL_TEXT ? "msg_blocks_too_long" : NULL;
}

/* ---- views ---- */

static gboolean has_input(const cJSON *blocks)
{
	const cJSON *block;
	cJSON_ArrayForEach(block, blocks)
	{
		if (g_str_equal(json_text_or(block, "type", ""), "input"))
			return TRUE;
	}
	return FALSE;
}

static void check_frame(struct check *c, const cJSON *view)
{
	const char *wanted = c->place == BLOCKS_HOME ? "home" : "modal";
	if (!g_str_equal(json_text_or(view, "type", ""), wanted))
		complain(c, "must provide a view of type %s", wanted);
	check_rules(c, view, block_view_rules);
	if (c->place == BLOCKS_MODAL)
		check_rules(c, view, block_modal_rules);
	if (c->place == BLOCKS_MODAL && has_input(json_array(view, "blocks")) && !json_object(view, "submit"))
		complain(c, "missing required field: submit");
}

const char *blocks_check_view(const cJSON *view, enum blocks_place place, GPtrArray *messages)
{
	if (!cJSON_IsObject(view)) {
		g_ptr_array_add(messages, g_strdup("[ERROR] must provide an object [json-pointer:/view]"));
		return "invalid_arguments";
	}
	g_autofree char *text = json_print(view);
	if (strlen(text) > VIEW_BYTES)
		return "view_too_large";
	guint before = messages->len;
	struct check c = { .place = place, .messages = messages, .at = g_string_new("/view") };
	check_frame(&c, view);
	if (!cJSON_HasObjectItem(view, "blocks"))
		complain(&c, "missing required field: blocks");
	g_string_free(c.at, TRUE);
	const cJSON *blocks = cJSON_GetObjectItemCaseSensitive(view, "blocks");
	const char *error = blocks ? blocks_check(blocks, place, "/view/blocks", messages) : NULL;
	return error || messages->len > before ? "invalid_arguments" : NULL;
}

/* ---- names ---- */

static void put_name(cJSON *object, const char *key)
{
	if (cJSON_HasObjectItem(object, key))
		return;
	g_autofree char *name = g_strdup_printf("%05x", g_random_int() & 0xfffff);
	json_put_text(object, key, name);
}

static void name_element(cJSON *element)
{
	static const char *const still[] = { "", "image", "plain_text", "mrkdwn", NULL };
	if (!is_one_of(json_text_or(element, "type", ""), still))
		put_name(element, "action_id");
}

void blocks_name(cJSON *blocks)
{
	cJSON *block, *element;
	cJSON_ArrayForEach(block, blocks)
	{
		put_name(block, "block_id");
		name_element(json_object(block, "accessory"));
		name_element(json_object(block, "element"));
		if (!g_str_equal(json_text_or(block, "type", ""), "actions"))
			continue;
		cJSON_ArrayForEach(element, json_array(block, "elements"))
			name_element(element);
	}
}

cJSON *blocks_find(const cJSON *blocks, const char *block_id)
{
	cJSON *block;
	cJSON_ArrayForEach(block, blocks)
	{
		if (g_strcmp0(json_text_or(block, "block_id", NULL), block_id) == 0)
			return block;
	}
	return NULL;
}

static gboolean is_action(const cJSON *element, const char *action_id)
{
	return g_strcmp0(json_text_or(element, "action_id", NULL), action_id) == 0;
}

cJSON *blocks_find_element(const cJSON *blocks, const char *block_id, const char *action_id)
{
	const cJSON *block = blocks_find(blocks, block_id);
	cJSON *accessory = json_object(block, "accessory"), *input = json_object(block, "element"), *element;
	if (!block || !action_id)
		return NULL;
	if (accessory && is_action(accessory, action_id))
		return accessory;
	if (input && is_action(input, action_id))
		return input;
	cJSON_ArrayForEach(element, json_array(block, "elements"))
	{
		if (is_action(element, action_id))
			return element;
	}
	return NULL;
}
