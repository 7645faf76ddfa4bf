/* SPDX-License-Identifier: MIT */
#include "core/event.h"

#include <stddef.h>

static const char *const kind_names[] = {
	[EVENT_SAID] = "said",
	[EVENT_EDITED] = "edited",
	[EVENT_DELETED] = "deleted",
	[EVENT_REACTED] = "reacted",
	[EVENT_UNREACTED] = "unreacted",
	[EVENT_PRESSED] = "pressed",
	[EVENT_SUBMITTED] = "submitted",
	[EVENT_COMMANDED] = "commanded",
	[EVENT_JOINED] = "joined",
	[EVENT_LEFT] = "left",
	[EVENT_OPENED_HOME] = "opened home",
	[EVENT_PEOPLE] = "people",
	[EVENT_CHANNEL] = "channel",
	[EVENT_DUE] = "due",
	[EVENT_SENT] = "sent",
	[EVENT_FAILED] = "failed",
	[EVENT_GAP] = "gap",
	[EVENT_STANDS] = "stands",
	[EVENT_FOUND] = "found",
	[EVENT_TROUBLE] = "trouble",
	[EVENT_NOTED] = "noted",
	[EVENT_REQUESTED] = "requested",
};
G_STATIC_ASSERT(G_N_ELEMENTS(kind_names) == EVENT_KIND_COUNT);

/* The text members, for freeing and for JSON: one table, so that no member is forgotten in one of the three places. */
static const struct {
	const char *key;
	size_t offset;
} event_texts[] = {
	{ "key0", offsetof(struct event, keys[0]) },
	{ "key1", offsetof(struct event, keys[1]) },
	{ "key2", offsetof(struct event, keys[2]) },
	{ "subject", offsetof(struct event, subject) },
	{ "workspace", offsetof(struct event, place.workspace) },
	{ "channel", offsetof(struct event, place.channel) },
	{ "thread", offsetof(struct event, place.thread) },
	{ "token", offsetof(struct event, place.token) },
	{ "person", offsetof(struct event, person) },
	{ "message", offsetof(struct event, message) },
	{ "text", offsetof(struct event, text) },
	{ "link", offsetof(struct event, link) },
	{ "call", offsetof(struct event, call) },
	{ "word", offsetof(struct event, word) },
	{ "value", offsetof(struct event, value) },
};

static const struct {
	const char *key;
	size_t offset;
} person_texts[] = {
	{ "account", offsetof(struct event_person, account) }, { "name", offsetof(struct event_person, name) },
	{ "handle", offsetof(struct event_person, handle) },   { "email", offsetof(struct event_person, email) },
	{ "zone", offsetof(struct event_person, zone) },       { "language", offsetof(struct event_person, language) },
	{ "face", offsetof(struct event_person, face) },
};

static char **text_at(gpointer object, size_t offset)
{
	return (char **)((char *)object + offset);
}

const char *event_kind_name(enum event_kind kind)
{
	return kind_names[kind];
}

struct event *event_new(enum event_kind kind, const char *workspace)
{
	struct event *event = g_new0(struct event, 1);
	event->kind = kind;
	event->place.workspace = g_strdup(workspace);
	return event;
}

static void input_release(gpointer data)
{
	struct event_input *input = data;
	g_free(input->name);
	g_free(input->value);
}

static void person_release(gpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(person_texts); i++)
		g_free(*text_at(data, person_texts[i].offset));
}

void event_person_free(gpointer person)
{
	person_release(person);
	g_free(person);
}

void event_person_copy(const struct event_person *from, struct event_person *to)
{
	*to = *from;
	for (size_t i = 0; i < G_N_ELEMENTS(person_texts); i++)
		*text_at(to, person_texts[i].offset) = g_strdup(*text_at((gpointer)from, person_texts[i].offset));
}

void event_free(struct event *event)
{
	if (!event)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(event_texts); i++)
		g_free(*text_at(event, event_texts[i].offset));
	g_clear_pointer(&event->inputs, g_array_unref);
	g_clear_pointer(&event->people, g_array_unref);
	g_clear_pointer(&event->files, g_array_unref);
	g_free(event);
}

GArray *event_inputs_new(void)
{
	GArray *inputs = g_array_new(FALSE, TRUE, sizeof(struct event_input));
	g_array_set_clear_func(inputs, input_release);
	return inputs;
}

void event_inputs_add(GArray *inputs, const char *name, const char *value)
{
	struct event_input input = { g_strdup(name), g_strdup(value ? value : "") };
	g_array_append_val(inputs, input);
}

void event_add_input(struct event *event, const char *name, const char *value)
{
	if (!event->inputs)
		event->inputs = event_inputs_new();
	event_inputs_add(event->inputs, name, value);
}

const char *event_input_value(const struct event *event, const char *name)
{
	for (guint i = 0; event->inputs && i < event->inputs->len; i++) {
		const struct event_input *input = &g_array_index(event->inputs, struct event_input, i);
		if (strcmp(input->name, name) == 0)
			return input->value;
	}
	return NULL;
}

struct event_person *event_add_person(struct event *event)
{
	if (!event->people) {
		event->people = g_array_new(FALSE, TRUE, sizeof(struct event_person));
		g_array_set_clear_func(event->people, person_release);
	}
	g_array_set_size(event->people, event->people->len + 1);
	return &g_array_index(event->people, struct event_person, event->people->len - 1);
}

static void file_release(gpointer data)
{
	struct event_file *file = data;
	g_free(file->key);
	g_free(file->name);
}

void event_add_file(struct event *event, const char *key, const char *name, int64_t size_bytes, gboolean picture)
{
	struct event_file file = { g_strdup(key), g_strdup(name), size_bytes, picture };
	if (!event->files) {
		event->files = g_array_new(FALSE, TRUE, sizeof file);
		g_array_set_clear_func(event->files, file_release);
	}
	g_array_append_val(event->files, file);
}

/* ---- mentions of the bot ---- */

static gboolean is_blank_or(gunichar c, const char *marks)
{
	return c && (g_unichar_isspace(c) || g_utf8_strchr(marks, -1, c));
}

static const char *skip(const char *text, const char *marks)
{
	while (is_blank_or(g_utf8_get_char(text), marks))
		text = g_utf8_next_char(text);
	return text;
}

static char *without_tail(const char *text, gsize length, const char *marks)
{
	const char *end = text + length, *before;
	while ((before = g_utf8_find_prev_char(text, end)) && is_blank_or(g_utf8_get_char(before), marks))
		end = before;
	return g_strndup(text, (gsize)(end - text));
}

#define AFTER_NAME  ",:，：、"
#define AFTER_WORDS ",.!?~，。！？～、"

/* Where the mention of the account ends that the text begins with; NULL: it begins with none. */
static const char *mention_end(const char *text, const char *account)
{
	gsize length = strlen(account);
	if (!g_str_has_prefix(text, "<@") || strncmp(text + 2, account, length) != 0)
		return NULL;
	const char *rest = text + 2 + length, *end = strpbrk(rest, ">\n");
	return (*rest == '>' || *rest == '|') && end && *end == '>' ? end + 1 : NULL;
}

/*
 * What the bot is called with by the mention from `at` to `end`: "…, @belltower help?" calls with "help", "help me
 * @belltower!" with "help me". Of several lines, the mention's own.
 */
static char *call_of(const char *text, const char *at, const char *end)
{
	const char *after = skip(end, AFTER_NAME), *line_end = end + strcspn(end, "\n");
	g_autofree char *call = after < line_end ? without_tail(after, (gsize)(line_end - after), AFTER_WORDS) : NULL;
	if (call && *call)
		return g_steal_pointer(&call);
	const char *line = g_strrstr_len(text, at - text, "\n");
	line = skip(line ? line : text, "");
	return line < at ? without_tail(line, (gsize)(at - line), AFTER_WORDS) : g_strdup("");
}

void event_find_mention(struct event *event, const char *account)
{
	if (!account || !*account)
		return;
	const char *at = skip(event->text, ""), *end = mention_end(at, account);
	event->addressed = end != NULL;
	if (end) {
		const char *rest = skip(end, AFTER_NAME);
		memmove(event->text, rest, strlen(rest) + 1);
		return;
	}
	while (!end && (at = strstr(at, "<@")))
		end = mention_end(at++, account);
	event->call = end ? call_of(event->text, at - 1, end) : NULL;
}

static void files_to_json(const struct event *event, cJSON *root)
{
	cJSON *files = event->files ? json_put_array(root, "files") : NULL;
	for (guint i = 0; event->files && i < event->files->len; i++) {
		const struct event_file *file = &g_array_index(event->files, struct event_file, i);
		cJSON *object = json_push_object(files);
		json_put_text(object, "key", file->key);
		json_put_text(object, "name", file->name);
		json_put_int(object, "size_bytes", file->size_bytes);
		json_put_bool(object, "picture", file->picture);
	}
}

cJSON *event_to_json(const struct event *event)
{
	cJSON *root = cJSON_CreateObject();
	json_put_text(root, "kind", event_kind_name(event->kind));
	for (size_t i = 0; i < G_N_ELEMENTS(event_texts); i++)
		json_put_text(root, event_texts[i].key, *text_at((gpointer)event, event_texts[i].offset));
	json_put_int(root, "at_ms", event->at_ms);
	json_put_int(root, "until_ms", event->until_ms);
	json_put_bool(root, "direct", event->place.kind == PLACE_DIRECT);
	json_put_bool(root, "addressed", event->addressed);
	json_put_bool(root, "late_copy", event->late_copy);
	json_put_int(root, "row", event->row);
	cJSON *inputs = event->inputs ? json_put_object(root, "inputs") : NULL;
	for (guint i = 0; event->inputs && i < event->inputs->len; i++) {
		const struct event_input *input = &g_array_index(event->inputs, struct event_input, i);
		json_put_text(inputs, input->name, input->value);
	}
	cJSON *people = event->people ? json_put_array(root, "people") : NULL;
	for (guint i = 0; event->people && i < event->people->len; i++) {
		struct event_person *person = &g_array_index(event->people, struct event_person, i);
		cJSON *object = json_push_object(people);
		for (size_t k = 0; k < G_N_ELEMENTS(person_texts); k++)
			json_put_text(object, person_texts[k].key, *text_at(person, person_texts[k].offset));
		json_put_bool(object, "bot", person->bot);
		json_put_bool(object, "deactivated", person->deactivated);
		json_put_int(object, "absence", person->absence);
		json_put_int(object, "absent_until_ms", person->absent_until_ms);
	}
	files_to_json(event, root);
	return root;
}

static void files_from_json(struct event *event, const cJSON *files)
{
	const cJSON *object;
	cJSON_ArrayForEach (object, files)
		event_add_file(event, json_text_or(object, "key", ""), json_text_or(object, "name", NULL),
			json_int_or(object, "size_bytes", 0), json_bool_or(object, "picture", FALSE));
}

static gboolean kind_from_name(const char *name, enum event_kind *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kind_names); i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*out = (enum event_kind)i;
			return TRUE;
		}
	}
	return FALSE;
}

static void people_from_json(struct event *event, const cJSON *people)
{
	const cJSON *object;
	cJSON_ArrayForEach(object, people)
	{
		struct event_person *person = event_add_person(event);
		for (size_t k = 0; k < G_N_ELEMENTS(person_texts); k++)
			*text_at(person, person_texts[k].offset) = g_strdup(json_text_or(object, person_texts[k].key, NULL));
		person->bot = json_bool_or(object, "bot", FALSE);
		person->deactivated = json_bool_or(object, "deactivated", FALSE);
		person->absence = (enum event_absence)CLAMP(json_int_or(object, "absence", 0), EVENT_ABSENCE_UNTOLD, EVENT_ABSENT);
		person->absent_until_ms = json_int_or(object, "absent_until_ms", 0);
	}
}

struct event *event_from_json(const cJSON *root, GError **error)
{
	const char *name;
	enum event_kind kind;
	if (!json_text(root, "kind", &name, error))
		return NULL;
	if (!kind_from_name(name, &kind)) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "'kind' names no event: '%s'", name);
		return NULL;
	}
	struct event *event = event_new(kind, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(event_texts); i++)
		*text_at(event, event_texts[i].offset) = g_strdup(json_text_or(root, event_texts[i].key, NULL));
	event->at_ms = json_int_or(root, "at_ms", 0);
	event->until_ms = json_int_or(root, "until_ms", 0);
	event->place.kind = json_bool_or(root, "direct", FALSE) ? PLACE_DIRECT : PLACE_CHANNEL;
	event->addressed = json_bool_or(root, "addressed", FALSE);
	event->late_copy = json_bool_or(root, "late_copy", FALSE);
	event->row = json_int_or(root, "row", 0);
	const cJSON *input;
	cJSON_ArrayForEach(input, json_object(root, "inputs"))
		event_add_input(event, input->string, cJSON_IsString(input) ? input->valuestring : "");
	people_from_json(event, json_array(root, "people"));
	files_from_json(event, json_array(root, "files"));
	return event;
}
