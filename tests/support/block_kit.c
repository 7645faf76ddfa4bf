/* SPDX-License-Identifier: MIT */
#include "tests/support/block_kit.h"

#include <stdarg.h>

#define TOTAL_TEXT 12500 /* about 13,200 was measured */
#define VIEW_BYTES 250000

/* One walk: where it is, what it has counted, the first thing wrong. */
struct check {
	GString *path;
	char *problem;
	guint64 total;
	guint charts;
	GHashTable *block_ids; /* borrowed texts */
};

static void wrong(struct check *c, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void wrong(struct check *c, const char *format, ...)
{
	if (c->problem)
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	c->problem = g_strdup_printf("%s: %s", c->path->str, what);
}

static gsize enter(struct check *c, const char *name)
{
	gsize before = c->path->len;
	g_string_append_printf(c->path, "%s%s", before ? "." : "", name);
	return before;
}

static gsize enter_item(struct check *c, int index)
{
	g_autofree char *name = g_strdup_printf("%d", index);
	return enter(c, name);
}

static void length(struct check *c, const char *text, glong least, glong most)
{
	glong points = g_utf8_strlen(text, -1);
	if (!g_utf8_validate(text, -1, NULL))
		wrong(c, "not UTF-8");
	else if (points < least || points > most)
		wrong(c, "%ld code points, allowed %ld to %ld", points, least, most);
}

/* A string member of at most so many; required when least > 0. */
static void member(struct check *c, const cJSON *object, const char *key, glong least, glong most)
{
	gsize before = enter(c, key);
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(object, key);
	if (cJSON_IsString(node))
		length(c, node->valuestring, least, most);
	else if (node || least > 0)
		wrong(c, "no text");
	g_string_truncate(c->path, before);
}

static void no_mrkdwn_forgery(struct check *c, const char *text)
{
	g_autofree char *forgery = block_kit_forgery(text);
	if (forgery)
		wrong(c, "%s", forgery);
}

/* A text object; `type` NULL: either. Required when least > 0. */
static void text_object(
	struct check *c, const cJSON *parent, const char *key, const char *type, glong least, glong most)
{
	gsize before = key ? enter(c, key) : c->path->len;
	const cJSON *object = key ? cJSON_GetObjectItemCaseSensitive(parent, key) : parent;
	const char *is = json_text_or(object, "type", ""), *text = json_text_or(object, "text", NULL);
	gboolean mrkdwn = strcmp(is, "mrkdwn") == 0;
	if (!object && least == 0) {
		g_string_truncate(c->path, before);
		return;
	}
	if (!text || (!mrkdwn && strcmp(is, "plain_text") != 0) || (type && strcmp(is, type) != 0)) {
		wrong(c, "no text object of the right type");
	} else {
		length(c, text, MAX(least, 1), most);
		c->total += (guint64)g_utf8_strlen(text, -1);
		if (mrkdwn)
			no_mrkdwn_forgery(c, text);
		if (mrkdwn && !json_bool_or(object, "verbatim", FALSE))
			wrong(c, "not verbatim");
	}
	g_string_truncate(c->path, before);
}

static int list(struct check *c, const cJSON *parent, const char *key, int least, int most)
{
	const cJSON *array = json_array(parent, key);
	int count = cJSON_GetArraySize(array);
	if (!array || count < least || count > most)
		wrong(c, "%d %s, allowed %d to %d", count, key, least, most);
	return count;
}

static void section(struct check *c, const cJSON *block)
{
	const cJSON *field, *fields = cJSON_GetObjectItemCaseSensitive(block, "fields");
	text_object(c, block, "text", NULL, fields ? 0 : 1, 3000);
	if (!fields)
		return;
	list(c, block, "fields", 1, 10);
	cJSON_ArrayForEach (field, fields) {
		text_object(c, field, NULL, NULL, 1, 2000);
	}
}

static void header(struct check *c, const cJSON *block)
{
	text_object(c, block, "text", "plain_text", 1, 150);
}

static void context(struct check *c, const cJSON *block)
{
	const cJSON *element;
	list(c, block, "elements", 1, 10);
	cJSON_ArrayForEach (element, json_array(block, "elements")) {
		text_object(c, element, NULL, NULL, 1, 2000);
	}
}

static void button(struct check *c, const cJSON *element)
{
	const char *style = json_text_or(element, "style", "primary");
	if (strcmp(json_text_or(element, "type", ""), "button") != 0)
		wrong(c, "no button");
	text_object(c, element, "text", "plain_text", 1, 75);
	member(c, element, "action_id", 1, 255);
	member(c, element, "value", 0, 2000);
	if (strcmp(style, "primary") != 0 && strcmp(style, "danger") != 0)
		wrong(c, "unknown style '%s'", style);
}

static void actions(struct check *c, const cJSON *block)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *element;
	list(c, block, "elements", 1, 25);
	cJSON_ArrayForEach (element, json_array(block, "elements")) {
		button(c, element);
		if (!g_hash_table_add(ids, (gpointer)json_text_or(element, "action_id", "")))
			wrong(c, "action_id '%s' twice", json_text_or(element, "action_id", ""));
	}
}

static void select_option(struct check *c, const cJSON *option)
{
	text_object(c, option, "text", "plain_text", 1, 75);
	member(c, option, "value", 1, 150);
}

/* What is chosen already must be one of the options, word for word. */
static void static_select(struct check *c, const cJSON *element)
{
	const cJSON *option, *initial = json_object(element, "initial_option");
	gboolean found = !initial;
	list(c, element, "options", 1, 100);
	cJSON_ArrayForEach (option, json_array(element, "options")) {
		select_option(c, option);
		found = found || cJSON_Compare(option, initial, TRUE);
	}
	if (!found)
		wrong(c, "initial_option is no option");
}

static void input(struct check *c, const cJSON *block)
{
	const cJSON *element = json_object(block, "element");
	int64_t most = json_int_or(element, "max_length", 3000);
	text_object(c, block, "label", "plain_text", 1, 2000);
	text_object(c, block, "hint", "plain_text", 0, 2000);
	member(c, element, "action_id", 1, 255);
	if (strcmp(json_text_or(element, "type", ""), "static_select") == 0) {
		static_select(c, element);
		return;
	}
	if (strcmp(json_text_or(element, "type", ""), "plain_text_input") != 0)
		wrong(c, "unknown input element");
	if (most < 1 || most > 3000)
		wrong(c, "max_length %d", (int)most);
	member(c, element, "initial_value", 0, (glong)MIN(most, 3000));
	if (strchr(json_text_or(element, "initial_value", ""), '\n') &&
		!json_bool_or(element, "multiline", FALSE))
		wrong(c, "several lines in one");
}

static void image(struct check *c, const cJSON *block)
{
	const char *id = json_text_or(block, "slack_file.id", "");
	member(c, block, "alt_text", 1, 2000);
	if (*id != 'F' || json_at(block, "image_url"))
		wrong(c, "picture of no file of Slack's: '%s'", id);
}

/* Every series has a value for each category, in their order. */
static void series(struct check *c, const cJSON *one, const cJSON *categories)
{
	const cJSON *point, *category = categories->child;
	member(c, one, "name", 1, 20);
	list(c, one, "data", 1, 20);
	cJSON_ArrayForEach (point, json_array(one, "data")) {
		if (!category || strcmp(json_text_or(point, "label", ""), category->valuestring) != 0 ||
			!cJSON_IsNumber(json_at(point, "value")))
			wrong(c, "point '%s' of no category or no value", json_text_or(point, "label", ""));
		member(c, point, "label", 1, 20);
		category = category ? category->next : NULL;
	}
	if (category)
		wrong(c, "category without a point");
}

static void data_visualization(struct check *c, const cJSON *block)
{
	const cJSON *chart = json_object(block, "chart"), *categories = json_array(chart, "axis_config.categories"), *one;
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	member(c, block, "title", 1, 50);
	if (!categories || strcmp(json_text_or(chart, "type", ""), "bar") != 0) {
		wrong(c, "no bar chart");
		return;
	}
	list(c, chart, "series", 1, 6);
	cJSON_ArrayForEach (one, json_array(chart, "series")) {
		series(c, one, categories);
		if (!g_hash_table_add(names, (gpointer)json_text_or(one, "name", "")))
			wrong(c, "two series of one name");
	}
	if (++c->charts > 2)
		wrong(c, "more than two charts");
}

static void divider(struct check *c, const cJSON *block)
{
	(void)c;
	(void)block;
}

static const struct {
	const char *type;
	void (*check)(struct check *c, const cJSON *block);
	gboolean in_message, in_view;
} blocks_known[] = {
	{ "section", section, TRUE, TRUE },
	{ "header", header, TRUE, TRUE },
	{ "context", context, TRUE, TRUE },
	{ "actions", actions, TRUE, TRUE },
	{ "divider", divider, TRUE, TRUE },
	{ "image", image, TRUE, TRUE },
	{ "data_visualization", data_visualization, TRUE, FALSE },
	{ "input", input, FALSE, TRUE },
};

static void check_block(struct check *c, const cJSON *block, gboolean in_message)
{
	const char *type = json_text_or(block, "type", ""), *id = json_text_or(block, "block_id", NULL);
	member(c, block, "block_id", 0, 255);
	if (id && *id && !g_hash_table_add(c->block_ids, (gpointer)id))
		wrong(c, "block_id '%s' twice", id);
	for (gsize i = 0; i < G_N_ELEMENTS(blocks_known); i++) {
		if (strcmp(blocks_known[i].type, type) == 0 && (in_message ? blocks_known[i].in_message : blocks_known[i].in_view)) {
			blocks_known[i].check(c, block);
			return;
		}
	}
	wrong(c, "block of type '%s'", type);
}

static void check_blocks(struct check *c, const cJSON *parent, gboolean in_message)
{
	gsize before = enter(c, "blocks");
	int index = 0;
	const cJSON *block;
	list(c, parent, "blocks", 1, in_message ? 50 : 100);
	cJSON_ArrayForEach (block, json_array(parent, "blocks")) {
		gsize outer = enter_item(c, index++);
		check_block(c, block, in_message);
		g_string_truncate(c->path, outer);
	}
	g_string_truncate(c->path, before);
}

static gboolean is_key(const char *text)
{
	return g_ascii_islower(*text) &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text);
}

static void check_metadata(struct check *c, const cJSON *metadata)
{
	const cJSON *value;
	if (!is_key(json_text_or(metadata, "event_type", "")))
		wrong(c, "metadata without a good event_type");
	cJSON_ArrayForEach (value, json_object(metadata, "event_payload")) {
		if (!is_key(value->string) || cJSON_IsObject(value) || cJSON_IsArray(value))
			wrong(c, "metadata '%s' is not flat", value->string);
	}
}

static void check_message(struct check *c, const cJSON *body)
{
	const cJSON *metadata = json_object(body, "metadata");
	member(c, body, "text", 1, 4000);
	no_mrkdwn_forgery(c, json_text_or(body, "text", ""));
	if (cJSON_GetObjectItemCaseSensitive(body, "blocks"))
		check_blocks(c, body, TRUE);
	if (c->total > TOTAL_TEXT)
		wrong(c, "%" G_GUINT64_FORMAT " code points in all blocks", c->total);
	if (metadata)
		check_metadata(c, metadata);
}

static gboolean has_inputs(const cJSON *view)
{
	const cJSON *block;
	cJSON_ArrayForEach (block, json_array(view, "blocks")) {
		if (strcmp(json_text_or(block, "type", ""), "input") == 0)
			return TRUE;
	}
	return FALSE;
}

static void check_modal(struct check *c, const cJSON *view)
{
	text_object(c, view, "title", "plain_text", 1, 24);
	text_object(c, view, "submit", "plain_text", has_inputs(view), 24);
	text_object(c, view, "close", "plain_text", 0, 24);
	member(c, view, "callback_id", 0, 255);
}

static void check_view(struct check *c, const cJSON *body, const char *type)
{
	const cJSON *view = json_object(body, "view");
	g_autofree char *text = view ? json_print(view) : g_strdup("");
	gsize before = enter(c, "view");
	if (strcmp(json_text_or(view, "type", ""), type) != 0)
		wrong(c, "not of type '%s'", type);
	if (strlen(text) > VIEW_BYTES)
		wrong(c, "%" G_GSIZE_FORMAT " bytes", strlen(text));
	member(c, view, "private_metadata", 0, 3000);
	check_blocks(c, view, FALSE);
	if (strcmp(type, "modal") == 0)
		check_modal(c, view);
	g_string_truncate(c->path, before);
}

char *block_kit_problem(const char *method, const cJSON *body)
{
	struct check c = { .path = g_string_new(NULL),
		.block_ids = g_hash_table_new(g_str_hash, g_str_equal) };
	if (strcmp(method, "views.open") == 0)
		check_view(&c, body, "modal");
	else if (strcmp(method, "views.publish") == 0)
		check_view(&c, body, "home");
	else
		check_message(&c, body);
	g_string_free(c.path, TRUE);
	g_hash_table_unref(c.block_ids);
	return c.problem;
}

/* The bytes of the mention or entity that text starts with; 0: it is neither. */
static gsize harmless(const char *text)
{
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;" };
	for (gsize i = 0; i < G_N_ELEMENTS(entities); i++)
		if (g_str_has_prefix(text, entities[i]))
			return strlen(entities[i]);
	gsize id = 2;
	if (!g_str_has_prefix(text, "<@"))
		return 0;
	while (g_ascii_isalnum(text[id]))
		id++;
	return id > 2 && text[id] == '>' ? id + 1 : 0;
}

char *block_kit_forgery(const char *mrkdwn)
{
	for (const char *at = mrkdwn + strcspn(mrkdwn, "<>&"); *at; at += strcspn(at, "<>&")) {
		gsize good = harmless(at);
		if (good == 0)
			return g_strdup_printf("bare '%.20s'", at);
		at += good;
	}
	return NULL;
}
