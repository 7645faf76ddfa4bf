/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_card.h"

#include "core/chart.h"
#include "platform/slack/slack_block.h"
#include "platform/slack/slack_mrkdwn.h"

enum {
	FIELDS_MAX = SLACK_BELOW(10),
	CONTEXT_ELEMENTS = SLACK_BELOW(10),
	BUTTONS_MAX = SLACK_BELOW(25),
	BUTTON_VALUE_MAX = 2000, /* carried whole or not at all */
	ACTION_MAX = 240,	 /* action_id 255, and room for "#2" */
	FALLBACK_SHARE = 500,	 /* of a card's plain text */
	CHARTS_SHARE = 2000,	 /* of what is heard of a card */
};

/* ---- units to blocks ---- */

/* Puts the text under the section's own when both fit into one. */
static gboolean join_section(cJSON *section, const char *text)
{
	const char *before = block_is(section, "section") ? json_text_or(section, "text.text", NULL) : NULL;
	if (!before || g_utf8_strlen(before, -1) + 1 + g_utf8_strlen(text, -1) > SLACK_SECTION_MAX)
		return FALSE;
	g_autofree char *joined = g_strconcat(before, "\n", text, NULL);
	cJSON_ReplaceItemInObjectCaseSensitive(section, "text", block_text("mrkdwn", joined));
	return TRUE;
}

/* Into the last block of that type while its list has room, else into a new one. */
static void gather(cJSON *blocks, const char *type, const char *list, int room, cJSON *take)
{
	cJSON *block = block_last(blocks), *into = block_is(block, type) ? json_array(block, list) : NULL;
	if (!into || cJSON_GetArraySize(into) >= room) {
		block = block_add(blocks, type);
		into = json_put_array(block, list);
	}
	cJSON_AddItemToArray(into, take);
}

/* Actions of one block must differ: the second "blocker.own" is "blocker.own#2", which slack_in takes off
 * again. */
static char *unique_action(const cJSON *elements, const char *action)
{
	int same = 1;
	const cJSON *element;
	gsize length = strlen(action);
	cJSON_ArrayForEach (element, elements) {
		const char *id = json_text_or(element, "action_id", "");
		same += strncmp(id, action, length) == 0 && (id[length] == '\0' || id[length] == '#');
	}
	return same == 1 ? g_strdup(action) : g_strdup_printf("%s#%d", action, same);
}

static cJSON *button_element(const cJSON *button, const char *id)
{
	const char *value = json_text_or(button, "value", ""), *style = json_text_or(button, "style", "");
	g_autofree char *label = ink_plain(json_text_or(button, "label", ""), SLACK_BUTTON_TEXT_MAX, TRUE);
	cJSON *element = cJSON_CreateObject();
	json_put_text(element, "type", "button");
	json_put_text(element, "action_id", id);
	cJSON_AddItemToObject(element, "text", block_text("plain_text", ink_is_blank(label) ? "…" : label));
	if (*value)
		json_put_text(element, "value", value);
	if (strcmp(style, "primary") == 0 || strcmp(style, "danger") == 0)
		json_put_text(element, "style", style);
	return element;
}

/* A button that cannot be carried whole is left out: a cut value would press something else. */
static void add_button(cJSON *blocks, const struct unit *unit, gboolean joins)
{
	const char *action = json_text_or(unit->node, "action", ""),
		   *value = json_text_or(unit->node, "value", "");
	if (!*action || g_utf8_strlen(action, -1) > ACTION_MAX || g_utf8_strlen(value, -1) > BUTTON_VALUE_MAX)
		return;
	cJSON *last = block_last(blocks);
	gboolean fits = joins && block_is(last, "actions") &&
			cJSON_GetArraySize(json_array(last, "elements")) < BUTTONS_MAX;
	g_autofree char *id = unique_action(fits ? json_array(last, "elements") : NULL, action);
	gather(blocks, "actions", "elements", fits ? BUTTONS_MAX : 0, button_element(unit->node, id));
}

/* ---- pictures and charts ---- */

static void add_picture(cJSON *blocks, const cJSON *part)
{
	g_autofree char *alt = ink_plain(json_text_or(part, "alt", ""), SLACK_ALT_MAX, TRUE);
	cJSON *block = block_add(blocks, "image");
	json_put_text(json_put_object(block, "slack_file"), "id", json_text_or(part, "file", ""));
	json_put_text(block, "alt_text", ink_is_blank(alt) ? "…" : alt);
}

/* The label of a bar, the name of a series: plain text, and the same wherever it stands. */
static void put_label(cJSON *object, const char *key, const char *text)
{
	g_autofree char *label = ink_plain(text, SLACK_CHART_LABEL_MAX, TRUE);
	json_put_text(object, key, ink_is_blank(label) ? "…" : label);
}

static void add_series(cJSON *list, const struct chart *chart, guint k)
{
	const char *name = chart->series->pdata[k];
	cJSON *series = json_push_object(list);
	put_label(series, "name", ink_is_blank(name) ? chart->title : name);
	cJSON *data = json_put_array(series, "data");
	for (guint i = 0; i < chart->labels->len; i++) {
		cJSON *point = json_push_object(data);
		put_label(point, "label", chart->labels->pdata[i]);
		cJSON_AddRawToObject(point, "value", chart_value(chart, i, k));
	}
}

static void add_chart(cJSON *blocks, const cJSON *part)
{
	g_auto(chart_auto) chart;
	chart_read(part, SLACK_CHART_TITLE_MAX, SLACK_CHART_LABEL_MAX, &chart);
	g_autofree char *title = ink_plain(chart.title, SLACK_CHART_TITLE_MAX, TRUE);
	cJSON *block = block_add(blocks, "data_visualization");
	json_put_text(block, "title", title);
	cJSON *drawing = json_put_object(block, "chart");
	json_put_text(drawing, "type", "bar");
	cJSON *series = json_put_array(drawing, "series");
	for (guint k = 0; k < chart.series->len; k++)
		add_series(series, &chart, k);
	cJSON *categories = json_put_array(json_put_object(drawing, "axis_config"), "categories"), *point;
	cJSON_ArrayForEach (point, json_array(series, "0.data")) {
		json_push_text(categories, json_text_or(point, "label", ""));
	}
}

/* ---- units ---- */

/* joins: what came before it was of the same part. */
static void add_page(cJSON *blocks, enum unit_kind kind, const char *page, gboolean joins)
{
	switch (kind) {
	case UNIT_TITLE:
		cJSON_AddItemToObject(block_add(blocks, "header"), "text", block_text("plain_text", page));
		break;
	case UNIT_CONTEXT:
		gather(blocks, "context", "elements", joins ? CONTEXT_ELEMENTS : 0,
			block_text("mrkdwn", page));
		break;
	case UNIT_FIELD:
		gather(blocks, "section", "fields", joins ? FIELDS_MAX : 0, block_text("mrkdwn", page));
		break;
	case UNIT_LINE:
		if (!joins || !join_section(block_last(blocks), page))
			block_add_section(blocks, page);
		break;
	case UNIT_TEXT:
		block_add_section(blocks, page);
		break;
	case UNIT_DIVIDER:
	case UNIT_BUTTON:
	case UNIT_CHART:
	case UNIT_PICTURE:
		break;
	}
}

static void add_unit(cJSON *blocks, const struct unit *unit, const struct unit *before)
{
	gboolean joins = before && before->part == unit->part && before->kind == unit->kind;
	for (guint i = 0; unit->pages && i < unit->pages->len; i++)
		add_page(blocks, unit->kind, unit->pages->pdata[i],
			joins || (i > 0 && unit->kind == UNIT_CONTEXT));
	if (unit->kind == UNIT_DIVIDER && blocks->child && !block_is(block_last(blocks), "divider"))
		block_add(blocks, "divider");
	if (unit->kind == UNIT_BUTTON)
		add_button(blocks, unit, joins);
	if (unit->kind == UNIT_CHART)
		add_chart(blocks, unit->part);
	if (unit->kind == UNIT_PICTURE)
		add_picture(blocks, unit->part);
}

/* ---- too many blocks ---- */

static void delete_block(cJSON *blocks, cJSON *block)
{
	cJSON_Delete(cJSON_DetachItemViaPointer(blocks, block));
}

static void drop_dividers(cJSON *blocks)
{
	cJSON *block = blocks->child;
	while (block) {
		cJSON *next = block->next;
		if (block_is(block, "divider"))
			delete_block(blocks, block);
		block = next;
	}
}

/* Moves what is in the block's list to the end of the other's, when that has room. */
static gboolean join_list(cJSON *into, cJSON *block, const char *type, const char *list, int room)
{
	cJSON *to = block_is(into, type) ? json_array(into, list) : NULL;
	cJSON *from = block_is(block, type) ? json_array(block, list) : NULL;
	if (!to || !from || cJSON_GetArraySize(to) + cJSON_GetArraySize(from) > room)
		return FALSE;
	while (from->child)
		cJSON_AddItemToArray(to, cJSON_DetachItemViaPointer(from, from->child));
	return TRUE;
}

static gboolean join_blocks(cJSON *into, cJSON *block)
{
	const char *text = block_is(block, "section") ? json_text_or(block, "text.text", NULL) : NULL;
	return (text && join_section(into, text)) ||
	       join_list(into, block, "context", "elements", CONTEXT_ELEMENTS) ||
	       join_list(into, block, "section", "fields", FIELDS_MAX);
}

/* Joins neighbours until `max` blocks are left or nothing can be joined. */
static void join_neighbours(cJSON *blocks, int max)
{
	int count = cJSON_GetArraySize(blocks);
	cJSON *block = blocks->child;
	while (block && count > max) {
		cJSON *next = block->next;
		if (next && join_blocks(block, next)) {
			delete_block(blocks, next);
			count--;
		} else {
			block = next;
		}
	}
}

/* What is still too much goes, but for the last buttons: an "…" stands for it. */
static void cut_blocks(cJSON *blocks, int max)
{
	if (cJSON_GetArraySize(blocks) <= max)
		return;
	cJSON *last = block_last(blocks);
	last = block_is(last, "actions") ? cJSON_DetachItemViaPointer(blocks, last) : NULL;
	for (int count = cJSON_GetArraySize(blocks); count > max - (last ? 2 : 1); count--)
		delete_block(blocks, block_last(blocks));
	gather(blocks, "context", "elements", 0, block_text("mrkdwn", "…"));
	if (last)
		cJSON_AddItemToArray(blocks, last);
}

static void squeeze(cJSON *blocks, int max)
{
	join_neighbours(blocks, max);
	if (cJSON_GetArraySize(blocks) > max) {
		drop_dividers(blocks);
		join_neighbours(blocks, max);
	}
	cut_blocks(blocks, max);
}

cJSON *slack_card_blocks(const cJSON *card, guint max_blocks, guint max_text, guint max_charts)
{
	g_autoptr(GArray) units = slack_units(card, max_text, FALSE, max_charts);
	cJSON *blocks = cJSON_CreateArray();
	for (guint i = 0; i < units->len; i++)
		add_unit(blocks, slack_unit_at(units, i), i > 0 ? slack_unit_at(units, i - 1) : NULL);
	if (block_is(block_last(blocks), "divider"))
		delete_block(blocks, block_last(blocks));
	squeeze(blocks, (int)max_blocks);
	return blocks;
}

/* ---- without blocks ---- */

/* NULL when it shows nothing. */
static char *one_page(const char *text, guint limit)
{
	struct ink *ink = ink_new(limit, limit);
	ink_text(ink, INK_PLAIN, text);
	g_autoptr(GPtrArray) pages = ink_finish(ink);
	return pages->len > 0 ? g_strdup(pages->pdata[0]) : NULL;
}

static const char *first_words(const GArray *units)
{
	for (guint i = 0; i < units->len; i++) {
		const GPtrArray *pages = slack_unit_at(units, i)->pages;
		if (pages && pages->len > 0)
			return pages->pdata[0];
	}
	return "…";
}

static char *headline(const cJSON *card)
{
	const char *title = json_text_or(json_at(card, "parts.0"), "text", "");
	char *text = one_page(json_text_or(card, "fallback", ""), SLACK_TEXT_MAX);
	if (!text)
		text = one_page(title, SLACK_TEXT_MAX);
	if (text)
		return text;
	g_autoptr(GArray) units = slack_units(card, SLACK_TEXT_MAX, TRUE, 0);
	return g_strdup(first_words(units));
}

/* Who cannot see a drawing hears its text; NULL: there are none. */
static char *charts_in_words(const cJSON *card)
{
	GString *words = g_string_new(NULL);
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(card, "parts")) {
		if (strcmp(json_text_or(part, "part", ""), "chart") != 0)
			continue;
		g_autofree char *chart = chart_words(part);
		g_string_append_printf(words, "%s%s", words->len ? "\n" : "", chart);
	}
	g_autofree char *text = g_string_free(words, FALSE);
	return one_page(text, CHARTS_SHARE);
}

char *slack_card_text(const cJSON *card)
{
	g_autofree char *head = headline(card), *charts = charts_in_words(card);
	if (!charts || g_utf8_strlen(head, -1) + 1 + g_utf8_strlen(charts, -1) > SLACK_TEXT_MAX)
		return g_steal_pointer(&head);
	return g_strconcat(head, "\n", charts, NULL);
}

static void append_line(GString *out, const char *line)
{
	if (line)
		g_string_append_printf(out, "%s%s", out->len ? "\n" : "", line);
}

char *slack_card_plain(const cJSON *card, guint limit)
{
	const char *fallback = json_text_or(card, "fallback", "");
	const char *title = json_text_or(json_at(card, "parts.0"), "text", "");
	g_autofree char *head = one_page(fallback, FALLBACK_SHARE);
	g_autoptr(GArray) units = slack_units(card, limit - FALLBACK_SHARE - 1, TRUE, 0);
	GString *out = g_string_new(NULL);
	if (strcmp(fallback, title) != 0 && g_strcmp0(head, first_words(units)) != 0)
		append_line(out, head);
	for (guint i = 0; i < units->len; i++) {
		const GPtrArray *pages = slack_unit_at(units, i)->pages;
		for (guint k = 0; pages && k < pages->len; k++)
			append_line(out, pages->pdata[k]);
	}
	if (out->len == 0)
		append_line(out, head ? head : "…");
	return g_string_free(out, FALSE);
}
