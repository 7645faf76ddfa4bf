/* SPDX-License-Identifier: MIT */
/* A form as a card: what a modal is elsewhere. */
#include "core/message.h"
#include "platform/feishu/feishu_card.h"
#include "platform/feishu/feishu_element.h"
#include "platform/feishu/feishu_pen.h"
#include "platform/feishu/feishu_text.h"

#define SUBMIT_NAME "belltower_submit" /* must not meet an input's name */

enum {
	INPUT_MAX = 1000, /* code points that an input takes */
	PLACEHOLDER_MAX = 95,
	LABEL_MAX = 95,
	TITLE_MAX = 150,
	INTRO_BYTES = 3000,
	NAME_MAX_POINTS = 100,
	CONTEXT_MAX = 3000,
	INPUTS_MAX = 40,
};

static void put_input(cJSON *elements, const cJSON *input)
{
	const char *name = json_text_or(input, "name", ""), *value = json_text_or(input, "value", "");
	int64_t lines = json_int_or(input, "lines", 1), limit = json_int_or(input, "limit", 0);
	g_autofree char *label = pen_line(json_text_or(input, "label", ""), LABEL_MAX);
	g_autofree char *hint = pen_line(json_text_or(input, "hint", ""), PLACEHOLDER_MAX);
	g_autofree char *filled = pen_lines(value, INPUT_MAX);
	cJSON *element = feishu_element_add(elements, "input");
	json_put_text(element, "name", name);
	json_put_bool(element, "required", !json_bool_or(input, "optional", FALSE));
	feishu_element_text(element, "label", pen_is_blank(label) ? name : label);
	if (!pen_is_blank(hint))
		feishu_element_text(element, "placeholder", hint);
	if (*filled)
		json_put_text(element, "default_value", filled);
	/* What is filled in may be longer than what is wished for. */
	int64_t length = g_utf8_strlen(filled, -1);
	json_put_int(element, "max_length", limit > 0 ? CLAMP(MAX(limit, length), 1, INPUT_MAX) : INPUT_MAX);
	gboolean several = lines > 1 || strchr(filled, '\n');
	json_put_text(element, "input_type", several ? "multiline_text" : "text");
	if (several)
		json_put_int(element, "rows", CLAMP(lines, 2, 10));
	json_put_text(element, "width", "fill");
}

/* A list has no label of its own: the question stands above it. */
static void put_select(cJSON *elements, const cJSON *input)
{
	const char *name = json_text_or(input, "name", ""), *chosen = json_text_or(input, "value", NULL);
	g_autofree char *label = pen_line(json_text_or(input, "label", ""), INTRO_BYTES);
	g_autofree char *hint = pen_line(json_text_or(input, "hint", ""), PLACEHOLDER_MAX);
	const cJSON *option;
	feishu_element_div(elements, pen_is_blank(label) ? name : label);
	cJSON *element = feishu_element_add(elements, "select_static");
	json_put_text(element, "name", name);
	json_put_bool(element, "required", !json_bool_or(input, "optional", FALSE));
	if (!pen_is_blank(hint))
		feishu_element_text(element, "placeholder", hint);
	cJSON *options = json_put_array(element, "options");
	cJSON_ArrayForEach (option, json_array(input, "options")) {
		const char *value = json_text_or(option, "value", "");
		g_autofree char *shown = pen_line(json_text_or(option, "label", ""), LABEL_MAX);
		cJSON *object = json_push_object(options);
		feishu_element_text(object, "text", pen_is_blank(shown) ? value : shown);
		json_put_text(object, "value", value);
		if (g_strcmp0(value, chosen) == 0)
			json_put_text(element, "initial_option", value);
	}
	json_put_text(element, "width", "fill");
}

/* The value that comes back with a press; what the card becomes then needs the title and the labels. */
static cJSON *put_button(cJSON *elements, const char *label, const char *type, const char *title, gboolean direct)
{
	g_autofree char *shown = pen_line(label, LABEL_MAX);
	cJSON *button = feishu_element_add(elements, "button");
	feishu_element_text(button, "text", shown);
	json_put_text(button, "type", type);
	cJSON *behavior = json_push_object(json_put_array(button, "behaviors"));
	json_put_text(behavior, "type", "callback");
	cJSON *value = json_put_object(behavior, "value");
	json_put_text(value, "title", title);
	if (direct)
		json_put_bool(value, "direct", TRUE);
	return button;
}

static cJSON *value_of(const cJSON *button)
{
	return json_object(button, "behaviors.0.value");
}

static void put_submit(cJSON *elements, const cJSON *form, const char *title, gboolean direct)
{
	const char *label = json_text_or(form, "submit", "");
	cJSON *button = put_button(elements, pen_is_blank(label) ? "OK" : label, "primary", title, direct);
	json_put_text(button, "name", SUBMIT_NAME);
	json_put_text(button, "form_action_type", "submit");
	cJSON *value = value_of(button);
	json_put_text(value, "form", json_text_or(form, "form", ""));
	json_put_text(value, "context", json_text_or(form, "context", ""));
	cJSON *labels = json_put_object(value, "labels");
	const cJSON *input;
	cJSON_ArrayForEach (input, json_array(form, "inputs")) {
		g_autofree char *shown = pen_line(json_text_or(input, "label", ""), LABEL_MAX);
		json_put_text(labels, json_text_or(input, "name", ""), shown);
	}
}

/* Below the form: inside it a button that does not submit would want a name and do nothing. */
static void put_cancel(cJSON *elements, const cJSON *form, const char *title, gboolean direct)
{
	const char *label = json_text_or(form, "cancel", "");
	if (pen_is_blank(label))
		return;
	g_autofree char *shown = pen_line(label, LABEL_MAX);
	json_put_text(value_of(put_button(elements, label, "default", title, direct)), "cancel", shown);
}

static void put_intro(cJSON *elements, const char *intro)
{
	struct pen *pen = pen_new(PEN_TEXT, INTRO_BYTES);
	pen_text(pen, PEN_PLAIN, intro);
	g_autofree char *text = pen_finish(pen, NULL);
	if (!pen_is_blank(text))
		feishu_element_div(elements, text);
}

/* NULL: the inputs have names that can stand in one card. */
static const char *why_no_inputs(const cJSON *inputs)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *input;
	cJSON_ArrayForEach (input, inputs) {
		const char *name = json_text_or(input, "name", "");
		if (!feishu_text_is_id(name))
			return "has an input whose name is not of letters, digits, _ and -";
		if (!g_hash_table_add(names, (gpointer)name) || strcmp(name, SUBMIT_NAME) == 0)
			return "has two inputs of one name";
		const cJSON *options = json_array(input, "options");
		if (options && (cJSON_GetArraySize(options) == 0 || cJSON_GetArraySize(options) > FORM_OPTIONS_MOST))
			return "has a choice of none, or of too many";
	}
	guint count = g_hash_table_size(names);
	return count == 0 ? "has no inputs" : count > INPUTS_MAX ? "has too many inputs" : NULL;
}

/* What cannot be shortened must fit. */
static const char *why_no_form(const cJSON *form)
{
	const char *name = json_text_or(form, "form", "");
	if (!*name || g_utf8_strlen(name, -1) > NAME_MAX_POINTS)
		return "has no name, or a too long one";
	if (g_utf8_strlen(json_text_or(form, "context", ""), -1) > CONTEXT_MAX)
		return "has a too long context";
	return why_no_inputs(json_array(form, "inputs"));
}

static cJSON *make(const cJSON *form, gboolean direct)
{
	g_autofree char *title = pen_line(json_text_or(form, "title", ""), TITLE_MAX);
	const char *shown = pen_is_blank(title) ? "…" : title;
	cJSON *elements, *card = feishu_element_card(shown, shown, &elements);
	put_intro(elements, json_text_or(form, "intro", ""));
	cJSON *container = feishu_element_add(elements, "form");
	json_put_text(container, "name", "belltower_form");
	cJSON *inputs = json_put_array(container, "elements");
	const cJSON *input;
	cJSON_ArrayForEach (input, json_array(form, "inputs")) {
		if (json_array(input, "options"))
			put_select(inputs, input);
		else
			put_input(inputs, input);
	}
	put_submit(inputs, form, shown, direct);
	put_cancel(elements, form, shown, direct);
	return card;
}

cJSON *feishu_form(const cJSON *form, gboolean direct, GError **error)
{
	const char *why = why_no_form(form);
	g_autoptr(cJSON) card = why ? NULL : make(form, direct);
	if (card && (feishu_card_bytes(card) > FEISHU_CARD_BYTES || feishu_card_elements(card) > FEISHU_CARD_ELEMENTS))
		why = "is too large";
	if (!why)
		return g_steal_pointer(&card);
	g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "form '%.40s' %s", json_text_or(form, "form", ""), why);
	return NULL;
}
