/* SPDX-License-Identifier: MIT */
#include "team/config.h"

#include "team/config_reader.h"
#include "team/plain_file.h"

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
		config_read_section(r, &config_top, r->file->root, r->config);
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

static void release_section(const struct config_section *section, void *item);

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
	case CONFIG_RULE:
		g_clear_pointer((struct recurrence **)field, recurrence_free);
		break;
	case CONFIG_WORDS:
		for (int i = 0; i < LANGUAGE_COUNT; i++)
			g_clear_pointer(&((struct config_words *)field)->in[i], g_free);
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
	case CONFIG_SPAN:
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

const char *config_words_in(const struct config_words *words, enum language language)
{
	return words->in[language];
}

gboolean config_sender_may(const struct config_sender *sender, const char *team)
{
	return !*sender->teams || g_strv_contains((const char *const *)sender->teams, team);
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
