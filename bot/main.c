/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>

#include "program.h"
#include "registry.h"

static int program_version(const struct options *options)
{
	(void)options;
	g_print("belltower %s\n", BELLTOWER_VERSION);
	return EXIT_OK;
}

static int (*const commands[])(const struct options *options) = {
	[OPTIONS_RUN] = program_run,
	[OPTIONS_CHECK] = program_check,
	[OPTIONS_DEMO] = program_demo,
	[OPTIONS_SANDBOX] = program_sandbox,
	[OPTIONS_LOAD] = program_load,
	[OPTIONS_EXPORT] = program_export,
	[OPTIONS_EXPORT_CALENDAR] = program_export_calendar,
	[OPTIONS_PARSE] = program_parse,
	[OPTIONS_BACKUP] = program_backup,
	[OPTIONS_PEOPLE_IMPORT] = program_people_import,
	[OPTIONS_PEOPLE_EXPORT] = program_people_export,
	[OPTIONS_DEALS_IMPORT] = program_deals_import,
	[OPTIONS_ANNIVERSARIES] = program_anniversaries,
	[OPTIONS_REHEARSE] = program_rehearse,
	[OPTIONS_CALENDAR_SHOW] = program_calendar_show,
	[OPTIONS_SLA_DUE] = program_sla_due,
	[OPTIONS_SLA_REPLAY] = program_sla_replay,
	[OPTIONS_SLA_VECTORS] = program_sla_vectors,
	[OPTIONS_SLA_WHATIF] = program_sla_whatif,
	[OPTIONS_VERSION] = program_version,
};
G_STATIC_ASSERT(G_N_ELEMENTS(commands) == OPTIONS_COUNT);

static struct config *read_config(const char *path, struct config *(*load)(const char *path, GPtrArray *problems))
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct config *config = load(path, problems);
	for (guint i = 0; i < problems->len; i++)
		g_printerr("%s\n", (const char *)problems->pdata[i]);
	return config;
}

struct config *program_config(const char *path)
{
	return read_config(path, config_load);
}

struct config *program_config_keyless(const char *path)
{
	return read_config(path, config_load_keyless);
}

static struct db *open_store(const char *path, enum db_mode mode, GError **error)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	struct db *db = db_open(path, mode, error);
	if (db && !db_migrate(db, owners, count, error))
		g_clear_pointer(&db, db_close);
	return db;
}

struct db *program_reader(const struct config *config, GError **error)
{
	return open_store(config->database, DB_READER, error);
}

struct db *program_writer(const struct config *config, gboolean *guest, GError **error)
{
	g_autoptr(GError) busy = NULL;
	struct db *db = open_store(config->database, DB_WRITER, &busy);
	*guest = !db && g_error_matches(busy, DB_ERROR, DB_ERROR_BUSY);
	if (*guest)
		return open_store(config->database, DB_GUEST, error);
	if (!db)
		g_propagate_error(error, g_steal_pointer(&busy));
	return db;
}

struct db *program_trial(const struct config *config, GError **error)
{
	gboolean exists = g_file_test(config->database, G_FILE_TEST_EXISTS);
	return exists ? open_store(config->database, DB_GUEST, error) : open_store(":memory:", DB_WRITER, error);
}

void program_remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
}

int program_failed(const GError *error)
{
	g_printerr("belltower: %s\n", error->message);
	return EXIT_FAILED;
}

gboolean program_listen(const char *listen, char **address, guint16 *port)
{
	const char *colon = strrchr(listen, ':');
	guint64 number = 0;
	if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &number, NULL)) {
		g_printerr("belltower: '%s' is no address: write ADDRESS:PORT, as in 127.0.0.1:8787\n", listen);
		return FALSE;
	}
	gboolean bracketed = listen[0] == '[' && colon > listen && colon[-1] == ']';
	*address = bracketed ? g_strndup(listen + 1, (gsize)(colon - listen - 2)) : g_strndup(listen, (gsize)(colon - listen));
	*port = (guint16)number;
	return TRUE;
}

/* GLib would turn texts into the locale's character set, and a service has none: what is written is UTF-8. */
static void print_plain(const char *text)
{
	fputs(text, stdout);
}

static void print_error_plain(const char *text)
{
	fputs(text, stderr);
}

int main(int argc, char **argv)
{
	g_set_print_handler(print_plain);
	g_set_printerr_handler(print_error_plain);
	struct options options = { 0 };
	int code = options_parse(argc, argv, &options, stdout, stderr);
	if (code == OPTIONS_GO) {
		log_set_level(options.log_level);
		code = commands[options.command](&options);
	}
	options_release(&options);
	return code;
}
