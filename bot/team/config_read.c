/* SPDX-License-Identifier: MIT */
/* From the nodes of a file to the fields of the configuration, by the table of keys. */
#include "base/nearest.h"
#include "team/config_reader.h"
#include "team/config_value.h"
#include "team/plain_file.h"

enum { SECRET_LIMIT_BYTES = 64 * 1024, PAIR_LIMIT = 100 /* keys of one section; no section knows so many */ };

/* ---- from a node to a value ---- */

static void put(struct config_reader *r, const struct config_key *key, const char *name,
	struct yaml_place place, const struct config_value *value, void *out)
{
	g_autofree char *reason = config_value_put(key, r->folder, value, out);
	if (reason)
		config_tell(r, place, "'%s' %s", name, reason);
}

static gboolean has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

/* Tags other than YAML's own (!vault, !include) promise what is not done here. */
static gboolean has_foreign_tag(const yaml_node_t *node)
{
	return node->tag && !g_str_has_prefix((const char *)node->tag, "tag:yaml.org,2002:");
}

static const char *empty_hint(const struct config_key *key)
{
	return key->check && key->pattern && strchr(key->pattern, '#')
		       ? " (a value that begins with # must stand in quotes: \"#sales\")"
		       : "";
}

/* What is wrong with a scalar as it is written; NULL when its text can be used. */
static char *scalar_reason(const struct config_key *key, const yaml_node_t *node)
{
	const char *text = yaml_scalar(node);
	if (node->type != YAML_SCALAR_NODE)
		return g_strdup_printf("must be %s, not %s",
			key->type == CONFIG_TEXTS ? "a list of texts" : "a text", yaml_noun(node));
	if (has_foreign_tag(node))
		return g_strdup("has a tag (!…), which is not known here; write the plain value");
	if (text && (!*text || yaml_is_null(node)))
		return g_strdup_printf("is empty%s", empty_hint(key));
	if (!text || (has_control(text) && !key->secret))
		return g_strdup("has a line break or another control character in it");
	return NULL;
}

/* The text of a scalar with its variables filled in; NULL after the problem was told. Caller frees. */
static char *scalar_text(
	struct config_reader *r, const struct config_key *key, const char *name, const yaml_node_t *node)
{
	char *reason = scalar_reason(key, node), *text = NULL;
	if (!reason)
		text = config_value_expand(yaml_scalar(node), &reason);
	if (text && !*text) {
		reason = g_strdup("is empty: the variable in it is set, but to nothing");
		g_clear_pointer(&text, g_free);
	}
	if (reason)
		config_tell(r, yaml_place(node), "'%s' %s", name, reason);
	g_free(reason);
	return text;
}

static void read_scalar(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	g_autofree char *text = scalar_text(r, key, key->name, node);
	if (!text)
		return;
	g_autofree char *shown = config_value_show(yaml_scalar(node));
	if (key->secret && r->is_open && !strstr(yaml_scalar(node), "${"))
		config_warn(r, yaml_place(node),
			"'%s' stands in a file that everybody on this machine can read; chmod 640 it, or use "
			"'%s_file'",
			key->name, key->name);
	put(r, key, key->name, yaml_place(node), &(struct config_value){ text, shown }, out);
}

/* A secret from NAME_file: the file's text without the line end that editors add. */
static void read_secret_file(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	g_autofree char *name = g_strconcat(key->name, "_file", NULL), *reason = NULL;
	g_autofree char *text = scalar_text(r, key, name, node);
	if (!text)
		return;
	g_autofree char *folder = config_folder("CREDENTIALS_DIRECTORY", r->folder),
			*path = config_absolute(folder, text);
	gsize length = 0;
	gboolean is_open = FALSE;
	g_autofree char *secret = plain_file_read(path, SECRET_LIMIT_BYTES, &length, &is_open, &reason);
	if (!secret) {
		config_tell(r, yaml_place(node), "'%s': '%s' %s", name, path, reason);
		return;
	}
	while (length > 0 && strchr("\r\n", secret[length - 1]))
		secret[--length] = '\0';
	if (length == 0 || strlen(secret) != length || !g_utf8_validate(secret, -1, NULL)) {
		config_tell(r, yaml_place(node), "'%s': '%s' %s", name, path,
			length ? "is not text" : "is empty");
		return;
	}
	if (is_open)
		config_warn(r, yaml_place(node), "'%s': everybody on this machine can read '%s'; chmod 640 it", name,
			path);
	put(r, key, name, yaml_place(node), &(struct config_value){ secret, "'…'" }, out);
}

static void read_fallback(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *section, void *out)
{
	g_autofree char *shown = config_value_show(key->fallback);
	put(r, key, key->name, yaml_place(section), &(struct config_value){ key->fallback, shown }, out);
}

static void read_filled(struct config_reader *r, const struct config_key *key, const yaml_node_t *node, char *out)
{
	const struct config_section *section = key->section;
	for (size_t i = 0; i < section->count; i++)
		if (section->keys[i].fallback)
			read_fallback(r, &section->keys[i], node, out + section->keys[i].offset);
}

/* ---- lists and sections ---- */

static gboolean is_list(struct config_reader *r, const struct config_key *key, const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE) {
		config_tell(r, yaml_place(node), "'%s' must be a list, not %s%s%s", key->name,
			yaml_noun(node), key->example ? "; such as " : "; each item begins with '- '",
			key->example ? key->example : "");
		return FALSE;
	}
	if (key->most > 0 && yaml_count(node) > (size_t)key->most) {
		config_tell(r, yaml_place(node), "'%s' has more than %d items", key->name, key->most);
		return FALSE;
	}
	return TRUE;
}

static void read_texts(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, char ***out)
{
	if (!is_list(r, key, node))
		return;
	g_strfreev(*out);
	*out = g_new0(char *, yaml_count(node) + 1);
	size_t count = 0;
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *item = yaml_item(r->file, node, i);
		g_autofree char *text = scalar_text(r, key, key->name, item);
		if (!text)
			continue;
		g_autofree char *shown = config_value_show(yaml_scalar(item));
		g_autofree char *reason = key->check ? key->check(text, shown) : NULL;
		if (reason)
			config_tell(r, yaml_place(item), "'%s' %s", key->name, reason);
		else
			(*out)[count++] = g_steal_pointer(&text);
	}
}

static void read_days(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, unsigned *out)
{
	if (node->type == YAML_SCALAR_NODE) {
		read_scalar(r, key, node, out);
		return;
	}
	if (!is_list(r, key, node))
		return;
	if (yaml_count(node) == 0 || yaml_count(node) > 7) {
		config_tell(r, yaml_place(node), "'%s' must have one to seven days", key->name);
		return;
	}
	*out = 0;
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *item = yaml_item(r->file, node, i);
		g_autofree char *text = scalar_text(r, key, key->name, item);
		g_autofree char *shown = text ? config_value_show(yaml_scalar(item)) : NULL;
		g_autofree char *reason = text ? config_value_add_days(text, shown, out) : NULL;
		if (reason)
			config_tell(r, yaml_place(item), "'%s' %s", key->name, reason);
	}
}

static void read_words(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, struct config_words *out)
{
	gboolean one = node->type == YAML_SCALAR_NODE;
	if (!one && node->type != YAML_MAPPING_NODE) {
		config_tell(r, yaml_place(node), "'%s' must be a text, or one for each language, such as { zh-CN: …, en: … }, not %s",
			key->name, yaml_noun(node));
		return;
	}
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		const char *tag = language_tag((enum language)i);
		const yaml_node_t *value = one ? node : yaml_member(r->file, node, tag);
		if (!value)
			config_tell(r, yaml_place(node), "'%s' has no text for %s", key->name, tag);
		else if (!one || i == 0)
			out->in[i] = scalar_text(r, key, key->name, value);
		else
			out->in[i] = g_strdup(out->in[0]);
	}
	if (!one && yaml_count(node) > LANGUAGE_COUNT)
		config_tell(r, yaml_place(node), "'%s' has a text for each of zh-CN and en, and nothing else", key->name);
}

static void read_sections(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, void ***out)
{
	if (!is_list(r, key, node))
		return;
	if (yaml_count(node) == 0)
		config_tell(r, yaml_place(node), "'%s' is empty; it needs at least one %s", key->name,
			key->section->noun);
	*out = g_new0(void *, yaml_count(node) + 1);
	for (size_t i = 0; i < yaml_count(node); i++) {
		(*out)[i] = g_malloc0(key->section->size);
		config_read_section(r, key->section, yaml_item(r->file, node, i), (*out)[i]);
	}
}

static void read_node(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	if (key->type == CONFIG_TEXTS)
		read_texts(r, key, node, out);
	else if (key->type == CONFIG_DAYS)
		read_days(r, key, node, out);
	else if (key->type == CONFIG_WORDS)
		read_words(r, key, node, out);
	else if (key->type == CONFIG_SECTIONS)
		read_sections(r, key, node, out);
	else if (key->type == CONFIG_SECTION)
		config_read_section(r, key->section, node, out);
	else
		read_scalar(r, key, node, out);
}

static const yaml_node_t *secret_node(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *section)
{
	g_autofree char *name = g_strconcat(key->name, "_file", NULL);
	return key->secret ? yaml_member(r->file, section, name) : NULL;
}

/* By what sections of this kind differ; NULL: by nothing. */
static const struct config_key *choice_key(const struct config_section *section)
{
	return section->choice ? &section->keys[section->choice] : NULL;
}

/* What this section has chosen; NULL: nothing, or nothing that there is. */
static const char *choice_of(const struct config_section *section, const void *item)
{
	const struct config_key *key = choice_key(section);
	return key ? *(char *const *)((const char *)item + key->offset) : NULL;
}

/* A key that stands in a section of another choice. */
static void tell_foreign(struct config_reader *r, const struct config_section *section,
	const struct config_key *key, const char *choice, const yaml_node_t *node)
{
	g_autoptr(GString) fitting = g_string_new(NULL);
	for (size_t i = 0; i < section->count; i++)
		if (g_strcmp0(section->keys[i].only, choice) == 0)
			g_string_append_printf(fitting, "%s'%s'", fitting->len ? ", " : "", section->keys[i].name);
	config_tell(r, yaml_place(node), "'%s' is for %s alone, and this %s is of %s, which has %s", key->name,
		key->only, section->noun, choice, fitting->str);
}

static void read_key(struct config_reader *r, const struct config_section *section,
	const struct config_key *key, const yaml_node_t *node, void *section_item)
{
	void *out = (char *)section_item + key->offset;
	const yaml_node_t *value = yaml_member(r->file, node, key->name), *file = secret_node(r, key, node);
	const char *choice = key->only ? choice_of(section, section_item) : NULL;
	if (key->secret && r->keyless)
		return;
	if (choice && strcmp(choice, key->only) != 0) {
		if (value || file)
			tell_foreign(r, section, key, choice, value ? value : file);
		return;
	}
	if (value && file)
		config_tell(r, yaml_place(file), "'%s' and '%s_file' both stand here; keep one", key->name,
			key->name);
	else if (file)
		read_secret_file(r, key, file, out);
	else if (value)
		read_node(r, key, value, out);
	else if (key->only && !choice) /* that is told already */
		return;
	else if (key->required)
		config_tell(r, yaml_place(node), "'%s' is missing in this %s; write %s: %s", key->name,
			section->noun, key->name, key->example ? key->example : "and a list below it");
	else if (key->fallback)
		read_fallback(r, key, node, out);
	else if (key->filled)
		read_filled(r, key, node, out);
}

/* The section in which a key stands that was written elsewhere: the name of the key that holds it, or NULL. */
static const char *home_of(const struct config_section *section, const char *holder, const char *name)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		const char *home = key->section ? home_of(key->section, key->name, name) : NULL;
		if (strcmp(key->name, name) == 0)
			return holder;
		if (home)
			return home;
	}
	return NULL;
}

static GPtrArray *names_of(const struct config_section *section)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < section->count; i++) {
		g_ptr_array_add(names, g_strdup(section->keys[i].name));
		if (section->keys[i].secret)
			g_ptr_array_add(names, g_strconcat(section->keys[i].name, "_file", NULL));
	}
	g_ptr_array_add(names, NULL);
	return names;
}

static void tell_unknown(struct config_reader *r, const struct config_section *section,
	const yaml_node_t *node, const char *name)
{
	g_autoptr(GPtrArray) names = names_of(section);
	const char *guess = nearest_word(name, (const char *const *)names->pdata);
	const char *home = home_of(&config_top, "the top of the file", name);
	g_autofree char *shown = config_value_show(name), *all = g_strjoinv(", ", (char **)names->pdata);
	if (home)
		config_tell(r, yaml_place(node), "%s is no key of a %s; it belongs into '%s'", shown,
			section->noun, home);
	else if (guess)
		config_tell(r, yaml_place(node), "unknown key %s; did you mean '%s'?", shown, guess);
	else
		config_tell(r, yaml_place(node), "unknown key %s; the keys of a %s are: %s", shown,
			section->noun, all);
}

static void check_names(
	struct config_reader *r, const struct config_section *section, const yaml_node_t *node)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) names = names_of(section);
	for (size_t i = 0; i < yaml_count(node); i++) {
		const yaml_node_t *key, *value;
		yaml_pair(r->file, node, i, &key, &value);
		const char *name = yaml_scalar(key);
		if (!name)
			config_tell(r, yaml_place(key), "a key must be a text, not %s", yaml_noun(key));
		else if (!g_strv_contains((const char *const *)names->pdata, name))
			tell_unknown(r, section, key, name);
		else if (!g_hash_table_add(seen, (gpointer)name))
			config_tell(r, yaml_place(key), "'%s' stands in this %s twice", name, section->noun);
	}
}

static gboolean needs_nothing(const struct config_section *section)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->keys[i].required)
			return FALSE;
	return TRUE;
}

void config_read_section(
	struct config_reader *r, const struct config_section *section, const yaml_node_t *node, void *out)
{
	gboolean bare =
		yaml_is_null(node) && needs_nothing(section); /* "standup:" and nothing more: all defaults */
	if (section->begin)
		section->begin(r->config, out);
	if (node->type != YAML_MAPPING_NODE && !bare) {
		config_tell(r, yaml_place(node), "a %s must be a section of keys, not %s", section->noun,
			yaml_noun(node));
		return;
	}
	if (yaml_count(node) > PAIR_LIMIT) {
		config_tell(r, yaml_place(node), "a %s has no more than %d keys", section->noun, PAIR_LIMIT);
		return;
	}
	check_names(r, section, node);
	for (size_t i = 0; i < section->count; i++)
		read_key(r, section, &section->keys[i], node, out);
}
