/* SPDX-License-Identifier: MIT */
#include "core/message.h"

struct message {
	cJSON *root;
	cJSON *parts; /* borrowed from root; NULL for a form */
	cJSON *spans; /* of the open paragraph, NULL: none */
};

static const char *const style_names[] = {
	[MESSAGE_PLAIN] = "plain",
	[MESSAGE_PRIMARY] = "primary",
	[MESSAGE_DANGER] = "danger",
};

struct message *message_new(void)
{
	struct message *m = g_new0(struct message, 1);
	m->root = cJSON_CreateObject();
	m->parts = json_put_array(m->root, "parts");
	return m;
}

void message_free(struct message *m)
{
	if (!m)
		return;
	cJSON_Delete(m->root);
	g_free(m);
}

void message_fallback(struct message *m, const char *text)
{
	cJSON_DeleteItemFromObjectCaseSensitive(m->root, "fallback");
	json_put_text(m->root, "fallback", text);
}

static cJSON *add_part(struct message *m, const char *part)
{
	cJSON *object = json_push_object(m->parts);
	json_put_text(object, "part", part);
	m->spans = NULL;
	return object;
}

/* The list of the last part when it is of that kind, else of a new one: facts, items and buttons gather. */
static cJSON *gather(struct message *m, const char *part, const char *list)
{
	cJSON *last = cJSON_GetArrayItem(m->parts, cJSON_GetArraySize(m->parts) - 1);
	if (!last || strcmp(json_text_or(last, "part", ""), part) != 0) {
		last = add_part(m, part);
		json_put_array(last, list);
	}
	return json_array(last, list);
}

void message_title(struct message *m, const char *text)
{
	json_put_text(add_part(m, "title"), "text", text);
}

void message_paragraph(struct message *m)
{
	m->spans = json_put_array(add_part(m, "paragraph"), "spans");
}

static void add_span(struct message *m, const char *style, const char *text)
{
	if (!m->spans)
		message_paragraph(m);
	json_put_text(json_push_object(m->spans), style, text);
}

void message_plain(struct message *m, const char *text)
{
	add_span(m, "plain", text);
}

void message_bold(struct message *m, const char *text)
{
	add_span(m, "bold", text);
}

void message_quiet(struct message *m, const char *text)
{
	add_span(m, "quiet", text);
}

void message_mention(struct message *m, const char *account)
{
	add_span(m, "mention", account);
}

void message_say(struct message *m, const char *text)
{
	message_paragraph(m);
	message_plain(m, text);
}

void message_fact(struct message *m, const char *label, const char *value)
{
	cJSON *fact = json_push_object(gather(m, "facts", "facts"));
	json_put_text(fact, "label", label);
	json_put_text(fact, "value", value);
}

void message_item(struct message *m, const char *text)
{
	json_push_text(gather(m, "list", "items"), text);
}

void message_divider(struct message *m)
{
	add_part(m, "divider");
}

void message_button(struct message *m, const char *action, const char *value, const char *label, enum message_style style)
{
	cJSON *button = json_push_object(gather(m, "buttons", "buttons"));
	json_put_text(button, "action", action);
	json_put_text(button, "value", value);
	json_put_text(button, "label", label);
	json_put_text(button, "style", style_names[style]);
}

void message_context(struct message *m, const char *text)
{
	json_put_text(add_part(m, "context"), "text", text);
}

struct message *form_new(const char *name, const char *context, const char *title, const char *submit, const char *cancel)
{
	struct message *form = g_new0(struct message, 1);
	form->root = cJSON_CreateObject();
	json_put_text(form->root, "form", name);
	json_put_text(form->root, "context", context);
	json_put_text(form->root, "title", title);
	json_put_text(form->root, "submit", submit);
	json_put_text(form->root, "cancel", cancel);
	json_put_array(form->root, "inputs");
	return form;
}

void form_intro(struct message *form, const char *text)
{
	json_put_text(form->root, "intro", text);
}

void form_input(struct message *form, const char *name, const char *label, const char *hint, const char *value, int lines,
	gboolean optional, int limit)
{
	cJSON *input = json_push_object(json_array(form->root, "inputs"));
	json_put_text(input, "name", name);
	json_put_text(input, "label", label);
	json_put_text(input, "hint", hint);
	json_put_text(input, "value", value);
	json_put_int(input, "lines", lines);
	json_put_bool(input, "optional", optional);
	json_put_int(input, "limit", limit);
}

char *message_to_json(const struct message *m)
{
	return json_print(m->root);
}

const cJSON *message_tree(const struct message *m)
{
	return m->root;
}
