/* SPDX-License-Identifier: MIT */
#include "core/message.h"

struct message {
	cJSON *root;
	cJSON *parts; /* borrowed from root; NULL for a form */
	cJSON *spans; /* of the open paragraph, NULL: none */
	GPtrArray *files; /* struct message_file; NULL: none */
	gsize file_bytes;
	char *name; /* NULL: none */
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

void message_file_free(gpointer data)
{
	struct message_file *file = data;
	g_free(file->name);
	g_bytes_unref(file->bytes);
	g_free(file);
}

void message_free(struct message *m)
{
	if (!m)
		return;
	cJSON_Delete(m->root);
	g_clear_pointer(&m->files, g_ptr_array_unref);
	g_free(m->name);
	g_free(m);
}

void message_name(struct message *m, const char *name)
{
	g_free(m->name);
	m->name = g_strdup(name);
}

const char *message_own_name(const struct message *m)
{
	return m->name;
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

static gboolean is_web_address(const char *url)
{
	return (g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://")) && strcspn(url, " \t\r\n<>|\"`\\") == strlen(url);
}

void message_link(struct message *m, const char *url, const char *label)
{
	if (!is_web_address(url)) {
		message_plain(m, label);
		return;
	}
	add_span(m, "link", url);
	json_put_text(cJSON_GetArrayItem(m->spans, cJSON_GetArraySize(m->spans) - 1), "label", label);
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

/* ---- charts ---- */

void message_chart(struct message *m, const char *title, const char *unit, const char *const *series)
{
	cJSON *chart = add_part(m, "chart");
	json_put_text(chart, "title", title);
	json_put_text(chart, "unit", unit);
	cJSON *names = json_put_array(chart, "series");
	for (; series && *series; series++)
		json_push_text(names, *series);
	json_put_array(chart, "bars");
}

static cJSON *last_of(const cJSON *list)
{
	return cJSON_GetArrayItem(list, cJSON_GetArraySize(list) - 1);
}

void message_bar(struct message *m, const char *label, const char *value)
{
	cJSON *bar = json_push_object(json_array(last_of(m->parts), "bars"));
	json_put_text(bar, "label", label);
	json_push_text(json_put_array(bar, "values"), value);
}

void message_bar_beside(struct message *m, const char *value)
{
	json_push_text(json_array(last_of(json_array(last_of(m->parts), "bars")), "values"), value);
}

/* ---- files ---- */

static void add_file(struct message *m, cJSON *part, const char *name, GBytes *bytes)
{
	gsize length = g_bytes_get_size(bytes);
	if (length == 0 || length > MESSAGE_FILES_BYTES - m->file_bytes)
		return;
	struct message_file *file = g_new0(struct message_file, 1);
	file->name = g_strdup(name);
	file->bytes = g_bytes_ref(bytes);
	if (!m->files)
		m->files = g_ptr_array_new_with_free_func(message_file_free);
	json_put_int(part, "file", m->files->len);
	g_ptr_array_add(m->files, file);
	m->file_bytes += length;
}

void message_picture(struct message *m, const char *name, GBytes *bytes, const char *alt, const char *lost)
{
	cJSON *part = add_part(m, "picture");
	add_file(m, part, name, bytes);
	json_put_text(part, "alt", alt);
	json_put_text(part, "lost", lost);
}

void message_drawing(struct message *m, const char *name, GBytes *wish, const char *alt, const char *lost)
{
	message_picture(m, name, wish, alt, lost);
	json_put_bool(last_of(m->parts), "draw", TRUE);
}

void message_kept_picture(struct message *m, const char *key, const char *alt, const char *lost)
{
	g_autoptr(GBytes) bytes = g_bytes_new(key, strlen(key));
	message_picture(m, "picture", bytes, alt, lost);
	json_put_bool(last_of(m->parts), "kept", TRUE);
}

void message_document(struct message *m, const char *name, GBytes *bytes, const char *lost)
{
	cJSON *part = add_part(m, "file");
	add_file(m, part, name, bytes);
	json_put_text(part, "name", name);
	json_put_text(part, "lost", lost);
}

GPtrArray *message_files(const struct message *m)
{
	return m->files ? g_ptr_array_ref(m->files) : NULL;
}

void message_put_keys(cJSON *content, const char *const *keys, guint count)
{
	cJSON *part;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		if (!cJSON_IsNumber(json_at(part, "file")))
			continue;
		int64_t number = json_int_or(part, "file", -1);
		const char *key = number >= 0 && number < count ? keys[number] : NULL;
		cJSON_DeleteItemFromObjectCaseSensitive(part, "file");
		json_put_text(part, "file", key);
	}
}

/* ---- calls ---- */

void message_urge(struct message *m, const char *account)
{
	cJSON *urgent = json_array(m->root, "urgent");
	json_push_text(urgent ? urgent : json_put_array(m->root, "urgent"), account);
}

const cJSON *message_urged(const struct message *m)
{
	return json_array(m->root, "urgent");
}

/* The last part becomes the first one under the title: the others go behind it. */
static void move_up(struct message *m)
{
	int first = strcmp(json_text_or(m->parts, "0.part", ""), "title") == 0, last = cJSON_GetArraySize(m->parts) - 1;
	for (int i = first; i < last; i++)
		cJSON_AddItemToArray(m->parts, cJSON_DetachItemFromArray(m->parts, first));
	m->spans = NULL;
}

void message_call(struct message *m, const char *words)
{
	const cJSON *account;
	message_paragraph(m);
	message_bold(m, words);
	cJSON_ArrayForEach (account, message_urged(m)) {
		message_plain(m, " ");
		message_mention(m, account->valuestring);
	}
	move_up(m);
}

static gboolean is_file(const cJSON *part)
{
	const char *kind = json_text_or(part, "part", "");
	return strcmp(kind, "picture") == 0 || strcmp(kind, "file") == 0;
}

struct message *message_call_for(const struct message *m, const char *account, const char *words)
{
	struct message *copy = message_new();
	const cJSON *part;
	const char *fallback = json_text_or(m->root, "fallback", NULL);
	cJSON_ArrayForEach (part, m->parts) {
		if (!is_file(part))
			cJSON_AddItemToArray(copy->parts, cJSON_Duplicate(part, TRUE));
	}
	if (fallback)
		message_fallback(copy, fallback);
	message_urge(copy, account);
	message_call(copy, words);
	cJSON_DeleteItemFromObjectCaseSensitive(copy->root, "urgent");
	return copy;
}

/* ---- forms ---- */

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

void form_choice(struct message *form, const char *name, const char *label, const char *hint, const char *value, gboolean optional)
{
	cJSON *input = json_push_object(json_array(form->root, "inputs"));
	json_put_text(input, "name", name);
	json_put_text(input, "label", label);
	json_put_text(input, "hint", hint);
	json_put_text(input, "value", value);
	json_put_bool(input, "optional", optional);
	json_put_array(input, "options");
}

void form_option(struct message *form, const char *value, const char *label)
{
	const cJSON *inputs = json_array(form->root, "inputs");
	cJSON *option = json_push_object(json_array(cJSON_GetArrayItem(inputs, cJSON_GetArraySize(inputs) - 1), "options"));
	json_put_text(option, "value", value);
	json_put_text(option, "label", label);
}

char *message_to_json(const struct message *m)
{
	return json_print(m->root);
}

const cJSON *message_tree(const struct message *m)
{
	return m->root;
}
