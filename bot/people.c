/* SPDX-License-Identifier: MIT */
/* `belltower people import` and `belltower people export`: the team's own list of people. */
#include "program.h"
#include "team/register_file.h"

/* ---- import ---- */

static char **team_names(const struct config *config)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	for (struct config_team **team = config->teams; *team; team++)
		g_strv_builder_add(names, (*team)->name);
	return g_strv_builder_end(names);
}

/* The file's entries; NULL after telling every problem. */
static GPtrArray *read_list(const char *path, const struct config *config)
{
	gsize length;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(path, &text, &length, &error)) {
		program_failed(error);
		return NULL;
	}
	g_auto(GStrv) teams = team_names(config);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *entries = register_file_parse(path, text, length, (const char *const *)teams, problems);
	for (guint i = 0; i < problems->len; i++)
		g_printerr("%s\n", (const char *)problems->pdata[i]);
	return entries;
}

static void print_difference(const struct register_entry *old, const struct register_entry *new)
{
	g_print("%s %s\n", old ? "~" : "+", new->fields[REGISTER_NAME]);
	for (int i = 0; i < REGISTER_FIELDS; i++) {
		const char *before = old ? old->fields[i] : "", *after = new->fields[i];
		if (*after && strcmp(before, after) != 0)
			g_print("    %s: %s%s%s\n", register_field_name((enum register_field)i), before, *before ? " -> " : "", after);
	}
}

static void add_names(GHashTable *names, const GPtrArray *entries)
{
	static const enum register_field fields[] = { REGISTER_EMAIL, REGISTER_NAME, REGISTER_SLACK_ID, REGISTER_FEISHU_ID };
	for (guint i = 0; i < entries->len; i++)
		for (size_t f = 0; f < G_N_ELEMENTS(fields); f++)
			g_hash_table_add(names, g_utf8_casefold(((const struct register_entry *)entries->pdata[i])->fields[fields[f]], -1));
}

/* A manager who stands on no list leads nobody; perhaps the next list has them, so it is only said. */
static void warn_of_managers(const GPtrArray *known, const GPtrArray *entries)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	add_names(names, known);
	add_names(names, entries);
	for (guint i = 0; i < entries->len; i++) {
		const struct register_entry *entry = entries->pdata[i];
		g_autofree char *manager = g_utf8_casefold(entry->fields[REGISTER_MANAGER], -1);
		if (*manager && !g_hash_table_contains(names, manager))
			g_printerr("warning: '%s': nobody of the list is the manager '%s'\n", entry->fields[REGISTER_NAME],
				entry->fields[REGISTER_MANAGER]);
	}
}

/* Prints what is new and what changes, and keeps it unless it is only to be shown. */
static gboolean import_entries(struct db *db, const GPtrArray *entries, gboolean dry_run, GError **error)
{
	g_autoptr(GPtrArray) known = register_read(db, error);
	guint added = 0, changed = 0;
	for (guint i = 0; known && i < entries->len; i++) {
		struct register_entry *new = entries->pdata[i], *old = register_match(known, new);
		if (old && !register_differs(old, new))
			continue;
		print_difference(old, new);
		added += !old;
		changed += old != NULL;
		if (!dry_run && !register_save(db, old, new, g_get_real_time() / 1000, error))
			return FALSE;
	}
	if (!known)
		return FALSE;
	warn_of_managers(known, entries);
	g_print("%u new, %u changed, %u as they were%s\n", added, changed, entries->len - added - changed,
		dry_run ? "; nothing was written" : "");
	return TRUE;
}

static gboolean write_list(const struct config *config, const GPtrArray *entries, GError **error)
{
	gboolean guest;
	struct db *db = program_writer(config, &guest, error);
	gboolean done = db && db_begin(db, error) && import_entries(db, entries, FALSE, error) && db_commit(db, error);
	db_close(db);
	if (done && guest)
		g_print("the bot is running and takes it up now\n");
	return done && (!guest || db_knock(config->database, error));
}

static gboolean try_list(const struct config *config, const GPtrArray *entries, GError **error)
{
	struct db *db = program_trial(config, error);
	gboolean done = db && import_entries(db, entries, TRUE, error);
	db_close(db);
	return done;
}

static int import_list(const struct config *config, const GPtrArray *entries, gboolean dry_run)
{
	g_autoptr(GError) error = NULL;
	return (dry_run ? try_list : write_list)(config, entries, &error) ? EXIT_OK : program_failed(error);
}

int program_people_import(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	g_autoptr(GPtrArray) entries = read_list(options->file, config);
	int code = entries ? import_list(config, entries, options->dry_run) : EXIT_USAGE;
	config_free(config);
	return code;
}

/* ---- export ---- */

static int write_text(const char *path, const char *text)
{
	g_autoptr(GError) error = NULL;
	if (!path)
		g_print("%s", text);
	else if (!g_file_set_contents(path, text, -1, &error))
		return program_failed(error);
	return EXIT_OK;
}

static int export_list(const struct config *config, const char *path)
{
	g_autoptr(GError) error = NULL;
	struct db *db = program_reader(config, &error);
	g_autoptr(GPtrArray) entries = db ? register_read(db, &error) : NULL;
	db_close(db);
	if (!entries)
		return program_failed(error);
	g_autofree char *text = register_file_print(entries);
	return write_text(path, text);
}

int program_people_export(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	int code = export_list(config, options->output);
	config_free(config);
	return code;
}
