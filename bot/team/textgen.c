/* SPDX-License-Identifier: MIT */
/*
 * belltower_textgen NAME texts.yaml BASE: makes BASE.c and BASE.h of a texts.yaml, with the table texts_NAME.
 * A build tool. Every mistake is told as file:line:column and fails the build; nothing is written then.
 */
#include "team/yaml.h"

#include "team/texts.h"

struct maker {
	const char *path;
	struct yaml_file *file;
	GHashTable *seen; /* keys, borrowed from the file */
	int mistakes;
};

struct entry {
	const char *key;
	const char *text[LANGUAGE_COUNT];
};

static G_GNUC_PRINTF(3, 4) void tell(struct maker *m, const yaml_node_t *node, const char *format, ...)
{
	struct yaml_place place = yaml_place(node);
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_printerr("%s:%zu:%zu: %s\n", m->path, place.line, place.column, what);
	m->mistakes++;
}

static int language_of(const char *tag)
{
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (g_strcmp0(tag, language_tag((enum language)i)) == 0)
			return i;
	return -1;
}

static void add_name(const char *name, gpointer data)
{
	GHashTable *names = data;
	g_hash_table_add(names, g_strdup(name));
}

/* The names of a text's placeholders, in order, joined; NULL after a mistake was told. */
static char *placeholders(struct maker *m, const yaml_node_t *node, const char *text)
{
	g_autofree char *reason = NULL;
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!texts_scan(text, add_name, names, &reason)) {
		tell(m, node, "%s", reason);
		return NULL;
	}
	g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);
	GString *joined = g_string_new(NULL);
	for (GList *l = sorted; l; l = l->next)
		g_string_append_printf(joined, "{%s}", (const char *)l->data);
	return g_string_free(joined, FALSE);
}

static void read_text(struct maker *m, const yaml_node_t *tag, const yaml_node_t *node, struct entry *entry)
{
	int language = language_of(yaml_scalar(tag));
	const char *text = yaml_scalar(node);
	if (language < 0)
		tell(m, tag, "unknown language; the languages are zh-CN and en");
	else if (!text || !*text)
		tell(m, node, "'%s' has no text in %s", entry->key, yaml_scalar(tag));
	else if (entry->text[language])
		tell(m, tag, "'%s' has %s twice", entry->key, yaml_scalar(tag));
	else
		entry->text[language] = text;
}

static void check_placeholders(struct maker *m, const yaml_node_t *node, const struct entry *entry)
{
	g_autofree char *first = NULL;
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		const char *tag = language_tag((enum language)i);
		if (!entry->text[i]) {
			tell(m, node, "'%s' is missing in %s", entry->key, tag);
			continue;
		}
		g_autofree char *names = placeholders(m, node, entry->text[i]);
		if (names && first && strcmp(names, first) != 0)
			tell(m, node, "'%s' has the placeholders '%s' in %s, but '%s' in another language",
				entry->key, names, tag, first);
		if (!first)
			first = g_steal_pointer(&names);
	}
}

static gboolean key_is_valid(const char *key)
{
	return key && g_ascii_islower(*key) &&
	       strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.") == strlen(key);
}

static void read_entry(struct maker *m, const yaml_node_t *name, const yaml_node_t *node, struct entry *entry)
{
	entry->key = yaml_scalar(name);
	if (!key_is_valid(entry->key)) {
		tell(m, name, "a key is made of a-z, 0-9, _ and dots");
		return;
	}
	if (!g_hash_table_add(m->seen, (gpointer)entry->key))
		tell(m, name, "'%s' stands here twice", entry->key);
	if (node->type != YAML_MAPPING_NODE) {
		tell(m, node, "'%s' must hold one text for each language", entry->key);
		return;
	}
	int before = m->mistakes;
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *tag, *text;
		yaml_pair(m->file, node, i, &tag, &text);
		read_text(m, tag, text, entry);
	}
	if (m->mistakes == before)
		check_placeholders(m, name, entry);
}

static GArray *read_entries(struct maker *m)
{
	GArray *entries = g_array_new(FALSE, TRUE, sizeof(struct entry));
	if (m->file->root->type != YAML_MAPPING_NODE)
		tell(m, m->file->root, "a file of texts is a section of keys");
	for (size_t i = 0; i < yaml_count(m->file->root) && m->file->root->type == YAML_MAPPING_NODE; i++) {
		const yaml_node_t *name, *node;
		struct entry entry = { 0 };
		yaml_pair(m->file, m->file->root, i, &name, &node);
		read_entry(m, name, node, &entry);
		g_array_append_val(entries, entry);
	}
	return entries;
}

static void write_literal(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_printf(out, "\\%c", *text);
		else if (*text == '\n')
			g_string_append(out, "\\n\"\n\t\t\"");
		else if (g_ascii_iscntrl(*text))
			g_string_append_printf(out, "\\%03o", (guchar)*text);
		else
			g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

static int by_key(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static char *write_source(const char *name, GArray *entries)
{
	static const char *const enums[LANGUAGE_COUNT] = { [LANGUAGE_ZH_CN] = "ZH_CN", [LANGUAGE_EN] = "EN" };
	GString *out = g_string_new("/* Made by belltower_textgen; edit the texts.yaml instead. */\n");
	g_string_append_printf(
		out, "#include \"%s_texts.h\"\n\nstatic const struct text_entry entries[] = {\n", name);
	for (guint i = 0; i < entries->len; i++) {
		const struct entry *entry = &g_array_index(entries, struct entry, i);
		g_string_append_printf(out, "\t{ \"%s\", {\n", entry->key);
		for (int j = 0; j < LANGUAGE_COUNT; j++) {
			g_string_append_printf(out, "\t\t[LANGUAGE_%s] = ", enums[j]);
			write_literal(out, entry->text[j]);
			g_string_append(out, ",\n");
		}
		g_string_append(out, "\t} },\n");
	}
	g_string_append_printf(
		out, "};\n\nconst struct text_table texts_%s = { entries, G_N_ELEMENTS(entries) };\n", name);
	return g_string_free(out, FALSE);
}

static char *write_header(const char *name)
{
	return g_strdup_printf(
		"/* Made by belltower_textgen. */\n#pragma once\n\n#include \"team/texts.h\"\n\n"
		"extern const struct text_table texts_%s;\n",
		name);
}

static gboolean save(const char *base, const char *extension, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_strconcat(base, extension, NULL);
	if (!g_file_set_contents(path, text, -1, &error))
		g_printerr("belltower_textgen: %s\n", error->message);
	return error == NULL;
}

static gboolean make(struct maker *m, const char *name, const char *base)
{
	gboolean done = FALSE;
	m->seen = g_hash_table_new(g_str_hash, g_str_equal);
	GArray *entries = read_entries(m);
	if (m->mistakes == 0 && entries->len > 0) {
		g_array_sort(entries, by_key);
		g_autofree char *source = write_source(name, entries);
		g_autofree char *header = write_header(name);
		done = save(base, ".c", source) && save(base, ".h", header);
	}
	g_array_unref(entries);
	g_hash_table_unref(m->seen);
	return done;
}

int main(int argc, char **argv)
{
	g_autofree char *text = NULL, *reason = NULL;
	g_autoptr(GError) error = NULL;
	struct yaml_place place;
	gsize length = 0;
	if (argc != 4) {
		g_printerr("usage: belltower_textgen NAME texts.yaml BASE\n");
		return 2;
	}
	struct maker m = { .path = argv[2] };
	if (!g_file_get_contents(m.path, &text, &length, &error)) {
		g_printerr("%s\n", error->message);
		return 1;
	}
	m.file = yaml_file_parse(text, length, &place, &reason);
	if (!m.file) {
		g_printerr("%s:%zu:%zu: %s\n", m.path, place.line, place.column, reason);
		return 1;
	}
	gboolean done = make(&m, argv[1], argv[3]);
	yaml_file_free(m.file);
	return done ? 0 : 1;
}
