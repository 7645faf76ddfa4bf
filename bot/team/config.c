/* SPDX-License-Identifier: MIT */
#include "team/config.h"

#include "base/nearest.h"
#include "team/config_reader.h"
#include "team/config_value.h"
#include "team/plain_file.h"

enum { SECRET_LIMIT_BYTES = 64 * 1024, PAIR_LIMIT = 100 /* keys of one section; no section knows so many */ };

/* ---- problems ---- */

static void free_problem(gpointer data)
{
	struct problem *problem = data;
	g_free(problem->text);
	g_free(problem);
}

static void add_problem(GPtrArray *list, struct yaml_place place, char *take_text)
{
	struct problem *problem = g_new(struct problem, 1);
	*problem = (struct problem){ place, take_text };
	g_ptr_array_add(list, problem);
}

void config_tell(struct config_reader *r, struct yaml_place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_problem(r->problems, place, g_strdup_vprintf(format, args));
	va_end(args);
}

void config_warn(struct config_reader *r, struct yaml_place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_problem(r->warnings, place, g_strdup_vprintf(format, args));
	va_end(args);
}

static int by_place(gconstpointer a, gconstpointer b)
{
	const struct problem *p = *(struct problem *const *)a, *q = *(struct problem *const *)b;
	if (p->place.line != q->place.line)
		return p->place.line < q->place.line ? -1 : 1;
	return p->place.column < q->place.column ? -1 : p->place.column > q->place.column;
}

/* Lines for people, in the order of the file. */
static void write_problems(const char *path, GPtrArray *list, GPtrArray *out)
{
	g_ptr_array_sort(list, by_place);
	for (guint i = 0; i < list->len && i < CONFIG_PROBLEM_LIMIT; i++) {
		const struct problem *problem = list->pdata[i];
		struct yaml_place place = problem->place;
		g_ptr_array_add(out, place.line ? g_strdup_printf("%s:%zu:%zu: %s", path, place.line,
							  place.column, problem->text)
						: g_strdup_printf("%s: %s", path, problem->text));
	}
	if (list->len > CONFIG_PROBLEM_LIMIT)
		g_ptr_array_add(
			out, g_strdup_printf("%s: and %u more", path, list->len - CONFIG_PROBLEM_LIMIT));
}

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

/* ---- lists and sections ---- */

static void read_section(
	struct config_reader *r, const struct config_section *section, const yaml_node_t *node, void *out);
static void release_section(const struct config_section *section, void *item);

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
		read_section(r, key->section, yaml_item(r->file, node, i), (*out)[i]);
	}
}

static void read_node(
	struct config_reader *r, const struct config_key *key, const yaml_node_t *node, void *out)
{
	if (key->type == CONFIG_TEXTS)
		read_texts(r, key, node, out);
	else if (key->type == CONFIG_DAYS)
		read_days(r, key, node, out);
	else if (key->type == CONFIG_SECTIONS)
		read_sections(r, key, node, out);
	else if (key->type == CONFIG_SECTION)
		read_section(r, key->section, node, out);
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

static void read_section(
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

/* ---- the whole file ---- */

static void read_file(struct config_reader *r, const char *text, gsize length)
{
	struct yaml_place place;
	char *reason = NULL;
	r->file = yaml_file_parse(text, length, &place, &reason);
	if (!r->file) {
		add_problem(r->problems, place, reason);
		return;
	}
	if (yaml_is_null(r->file->root))
		config_tell(r, (struct yaml_place){ 0, 0 }, "is empty");
	else
		read_section(r, &config_top, r->file->root, r->config);
	if (r->file->root->type == YAML_MAPPING_NODE)
		config_check(r);
}

static char **steal_lines(GPtrArray *take_lines)
{
	g_ptr_array_add(take_lines, NULL);
	return (char **)g_ptr_array_free(take_lines, FALSE);
}

static struct config_reader *reader_new(const char *path)
{
	struct config_reader *r = g_new0(struct config_reader, 1);
	g_autofree char *folder = g_path_get_dirname(path);
	r->path = path;
	r->folder = g_canonicalize_filename(folder, NULL);
	r->config = g_new0(struct config, 1);
	r->config->path = g_strdup(path);
	r->problems = g_ptr_array_new_with_free_func(free_problem);
	r->warnings = g_ptr_array_new_with_free_func(free_problem);
	return r;
}

/* The tree, or NULL and the problems; frees the reader. */
static struct config *reader_finish(struct config_reader *take_r, GPtrArray *problems)
{
	struct config_reader *r = take_r;
	struct config *config = r->config;
	GPtrArray *warnings = g_ptr_array_new();
	write_problems(r->path, r->problems, problems);
	write_problems(r->path, r->warnings, warnings);
	config->warnings = steal_lines(warnings);
	if (r->problems->len > 0)
		g_clear_pointer(&config, config_free);
	g_ptr_array_unref(r->problems);
	g_ptr_array_unref(r->warnings);
	yaml_file_free(r->file);
	g_free(r->folder);
	g_free(r);
	return config;
}

struct config *config_parse(const char *path, const char *text, gsize length, GPtrArray *problems)
{
	struct config_reader *r = reader_new(path);
	read_file(r, text, length);
	return reader_finish(r, problems);
}

static struct config *load(const char *path, gboolean keyless, GPtrArray *problems)
{
	struct config_reader *r = reader_new(path);
	char *reason = NULL;
	gsize length = 0;
	g_autofree char *text = plain_file_read(path, CONFIG_LIMIT_BYTES, &length, &r->is_open, &reason);
	r->keyless = keyless;
	if (text)
		read_file(r, text, length);
	else
		add_problem(r->problems, (struct yaml_place){ 0, 0 }, reason);
	return reader_finish(r, problems);
}

struct config *config_load(const char *path, GPtrArray *problems)
{
	return load(path, FALSE, problems);
}

struct config *config_load_keyless(const char *path, GPtrArray *problems)
{
	return load(path, TRUE, problems);
}

/* ---- freeing, by the same table ---- */

static void release_field(const struct config_key *key, void *field)
{
	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_CHOICE:
	case CONFIG_ZONE:
	case CONFIG_FILE:
	case CONFIG_STORE:
		g_clear_pointer((char **)field, g_free);
		break;
	case CONFIG_CALENDAR:
		g_clear_pointer((struct calendar **)field, calendar_free);
		break;
	case CONFIG_TEXTS:
		g_clear_pointer((char ***)field, g_strfreev);
		break;
	case CONFIG_SECTION:
		release_section(key->section, field);
		break;
	case CONFIG_SECTIONS:
		for (void **item = *(void ***)field; item && *item; item++) {
			release_section(key->section, *item);
			g_free(*item);
		}
		g_clear_pointer((void ***)field, g_free);
		break;
	case CONFIG_LETTER:
	case CONFIG_FLAG:
	case CONFIG_INTEGER:
	case CONFIG_LANGUAGE:
	case CONFIG_MINUTE:
	case CONFIG_DAYS:
	case CONFIG_TYPE_COUNT:
		break;
	}
}

static void release_section(const struct config_section *section, void *item)
{
	for (size_t i = 0; i < section->count; i++)
		release_field(&section->keys[i], (char *)item + section->keys[i].offset);
}

void config_free(struct config *config)
{
	if (!config)
		return;
	release_section(&config_top, config);
	g_strfreev(config->warnings);
	g_free(config->path);
	g_free(config);
}

/* ---- look-ups; config_workspace also while the tree is half made ---- */

static gboolean is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

const struct config_workspace *config_workspace(const struct config *config, const char *name)
{
	for (size_t i = 0; config->workspaces && config->workspaces[i]; i++)
		if (is_same(config->workspaces[i]->name, name))
			return config->workspaces[i];
	return NULL;
}

const struct config_team *config_team(const struct config *config, const char *name)
{
	for (size_t i = 0; config->teams[i]; i++)
		if (is_same(config->teams[i]->name, name))
			return config->teams[i];
	return NULL;
}

const struct config_team *config_team_at(
	const struct config *config, const char *workspace, const char *channel)
{
	for (size_t i = 0; config->teams[i]; i++)
		if (is_same(config->teams[i]->workspace_name, workspace) &&
			is_same(config->teams[i]->channel, channel))
			return config->teams[i];
	return NULL;
}
