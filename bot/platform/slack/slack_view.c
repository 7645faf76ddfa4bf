/* SPDX-License-Identifier: MIT */
/* Views: a form as a modal, a card as the Home tab. */
#include "core/message.h"
#include "platform/slack/slack_block.h"
#include "platform/slack/slack_card.h"
#include "platform/slack/slack_mrkdwn.h"

enum {
	VIEW_BLOCKS = SLACK_BELOW(100),
	VIEW_TEXT = 45000, /* of four-byte characters less than 250 kB */
	VIEW_BYTES = SLACK_BELOW(250 * 1000),
	VIEW_WORD_MAX = 24, /* title, submit, close: so little that a twentieth would cost a word */
	METADATA_MAX = 3000,
	ID_MAX = 255,
	LABEL_MAX = SLACK_BELOW(2000),
	INPUT_MAX = 3000,
	OPTION_MAX = SLACK_BELOW(75),
};

static void put_plain(cJSON *object, const char *key, const char *text, guint limit)
{
	g_autofree char *plain = ink_plain(text, limit, TRUE);
	if (!ink_is_blank(plain))
		cJSON_AddItemToObject(object, key, block_text("plain_text", plain));
}

static cJSON *input_element(const cJSON *input)
{
	const char *value = json_text_or(input, "value", "");
	int64_t limit = json_int_or(input, "limit", 0);
	g_autofree char *filled = ink_plain(value, SLACK_BELOW(INPUT_MAX), FALSE);
	int64_t length = g_utf8_strlen(filled, -1);
	cJSON *element = cJSON_CreateObject();
	json_put_text(element, "type", "plain_text_input");
	json_put_text(element, "action_id", "v"); /* the block's id is the input's name */
	json_put_bool(element, "multiline", json_int_or(input, "lines", 1) > 1 || strchr(filled, '\n'));
	if (length > 0)
		json_put_text(element, "initial_value", filled);
	if (limit > 0) /* what is filled in may be longer than what is wished for */
		json_put_int(element, "max_length", MIN(MAX(limit, length), INPUT_MAX));
	return element;
}

static cJSON *option_object(const cJSON *option)
{
	const char *value = json_text_or(option, "value", "");
	cJSON *object = cJSON_CreateObject();
	put_plain(object, "text", json_text_or(option, "label", ""), OPTION_MAX);
	if (!cJSON_HasObjectItem(object, "text")) /* a select without its words is refused whole */
		put_plain(object, "text", value, OPTION_MAX);
	json_put_text(object, "value", value);
	return object;
}

static cJSON *select_element(const cJSON *input)
{
	const char *chosen = json_text_or(input, "value", NULL);
	const cJSON *option;
	cJSON *element = cJSON_CreateObject();
	json_put_text(element, "type", "static_select");
	json_put_text(element, "action_id", "v");
	cJSON *options = json_put_array(element, "options");
	cJSON_ArrayForEach (option, json_array(input, "options")) {
		cJSON_AddItemToArray(options, option_object(option));
		if (g_strcmp0(json_text_or(option, "value", ""), chosen) == 0)
			cJSON_AddItemToObject(element, "initial_option", option_object(option));
	}
	return element;
}

static void add_input(cJSON *blocks, const cJSON *input)
{
	const char *name = json_text_or(input, "name", ""), *label = json_text_or(input, "label", "");
	cJSON *block = block_add(blocks, "input");
	json_put_text(block, "block_id", name);
	put_plain(block, "label", ink_is_blank(label) ? name : label, LABEL_MAX);
	cJSON_AddItemToObject(block, "element", json_array(input, "options") ? select_element(input) : input_element(input));
	put_plain(block, "hint", json_text_or(input, "hint", ""), LABEL_MAX);
	json_put_bool(block, "optional", json_bool_or(input, "optional", FALSE));
}

static void add_intro(cJSON *blocks, const char *intro)
{
	struct ink *ink = ink_new(SLACK_SECTION_MAX, SLACK_SECTION_MAX);
	ink_text(ink, INK_PLAIN, intro);
	g_autoptr(GPtrArray) pages = ink_finish(ink);
	if (pages->len > 0)
		block_add_section(blocks, pages->pdata[0]);
}

/* NULL: the inputs have names that Slack takes as the ids of their blocks. */
static const char *why_no_inputs(const cJSON *inputs)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *input;
	cJSON_ArrayForEach (input, inputs) {
		const char *name = json_text_or(input, "name", "");
		if (!*name || g_utf8_strlen(name, -1) > ID_MAX)
			return "has an input without a name, or with a too long one";
		if (!g_hash_table_add(names, (gpointer)name))
			return "has two inputs of one name";
		const cJSON *options = json_array(input, "options");
		if (options && (cJSON_GetArraySize(options) == 0 || cJSON_GetArraySize(options) > FORM_OPTIONS_MOST))
			return "has a choice of none, or of too many";
	}
	guint count = g_hash_table_size(names);
	return count == 0 ? "has no inputs" : count >= VIEW_BLOCKS ? "has too many inputs" : NULL;
}

/* What cannot be shortened must fit. */
static const char *why_no_form(const cJSON *form)
{
	const char *name = json_text_or(form, "form", "");
	if (!*name || g_utf8_strlen(name, -1) > ID_MAX)
		return "has no name, or a too long one";
	if (g_utf8_strlen(json_text_or(form, "context", ""), -1) > METADATA_MAX)
		return "has a too long context";
	return why_no_inputs(json_array(form, "inputs"));
}

static gboolean check_size(const cJSON *view, GError **error)
{
	g_autofree char *text = json_print(view);
	if (strlen(text) <= VIEW_BYTES)
		return TRUE;
	g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "view of %" G_GSIZE_FORMAT " bytes is larger than %d",
		strlen(text), VIEW_BYTES);
	return FALSE;
}

cJSON *slack_view_modal(const cJSON *form, GError **error)
{
	const char *why = why_no_form(form);
	if (why) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "form '%.40s' %s",
			json_text_or(form, "form", ""), why);
		return NULL;
	}
	g_autoptr(cJSON) view = cJSON_CreateObject();
	const char *title = json_text_or(form, "title", ""), *submit = json_text_or(form, "submit", "");
	json_put_text(view, "type", "modal");
	json_put_text(view, "callback_id", json_text_or(form, "form", ""));
	json_put_text(view, "private_metadata", json_text_or(form, "context", ""));
	put_plain(view, "title", ink_is_blank(title) ? "…" : title, VIEW_WORD_MAX);
	put_plain(view, "submit", ink_is_blank(submit) ? "OK" : submit,
		VIEW_WORD_MAX); /* a view with inputs needs one */
	put_plain(view, "close", json_text_or(form, "cancel", ""), VIEW_WORD_MAX);
	cJSON *blocks = json_put_array(view, "blocks");
	add_intro(blocks, json_text_or(form, "intro", ""));
	const cJSON *input;
	cJSON_ArrayForEach (input, json_array(form, "inputs")) {
		add_input(blocks, input);
	}
	return check_size(view, error) ? g_steal_pointer(&view) : NULL;
}

cJSON *slack_view_home(const cJSON *card, gboolean plain)
{
	cJSON *view = cJSON_CreateObject();
	json_put_text(view, "type", "home");
	cJSON *blocks = plain ? cJSON_CreateArray() : slack_card_blocks(card, VIEW_BLOCKS, VIEW_TEXT, 0);
	if (!blocks->child) {
		g_autofree char *text = slack_card_plain(card, SLACK_SECTION_MAX);
		block_add_section(blocks, text);
	}
	cJSON_AddItemToObject(view, "blocks", blocks);
	return view;
}
