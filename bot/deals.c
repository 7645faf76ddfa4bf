/* SPDX-License-Identifier: MIT */
/* `belltower deals import`: deals as a CRM writes them out. */
#include "kit/deal_file.h"
#include "program.h"
#include "team/people.h"

/* What a file's deals are to be put into. */
struct import {
	const struct config *config;
	struct db *db;
	struct roster *roster;
	const struct options *options;
	int64_t now_ms;
	GPtrArray *problems; /* of the file, and of what its words mean here */
	guint added, changed;
};

/* "FILE:LINE: …"; what is of no line stands first. */
static gint by_line(gconstpointer a, gconstpointer b, gpointer file)
{
	gsize length = strlen(file) + 1;
	guint64 one = g_ascii_strtoull(*(char *const *)a + length, NULL, 10), other = g_ascii_strtoull(*(char *const *)b + length, NULL, 10);
	return one < other ? -1 : one > other;
}

static void tell_all(const struct import *i)
{
	g_ptr_array_sort_with_data(i->problems, by_line, i->options->file);
	for (guint k = 0; k < i->problems->len; k++)
		g_printerr("%s\n", (const char *)i->problems->pdata[k]);
}

static void complain(struct import *i, const struct deal_row *row, enum deal_column column, const char *problem)
{
	static const char *const names[DEAL_COLUMNS] = { [DEAL_OWNER] = "owner", [DEAL_ENTERED] = "entered" };
	g_ptr_array_add(i->problems, g_strdup_printf("%s:%u: %s '%s': %s", i->options->file, row->line, names[column], row->cells[column], problem));
}

/* The file's rows; NULL: it cannot be read, and said so. */
static GPtrArray *read_rows(struct import *i)
{
	gsize length;
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(i->options->file, &text, &length, &error)) {
		program_failed(error);
		return NULL;
	}
	GPtrArray *rows = deal_file_parse(i->options->file, text, length, i->config, i->problems);
	if (!rows)
		tell_all(i);
	return rows;
}

/* ---- whose it is ---- */

static const char *owner_problem(const struct import *i, const struct deal_row *row, gboolean known, const struct person *owner)
{
	const struct team *team = row->team ? roster_team(i->roster, row->team->name) : NULL;
	if (!known && !team && !*row->cells[DEAL_TEAM])
		return "a new deal needs a team; write one of the configuration";
	if (!known && !*row->cells[DEAL_OWNER])
		return "a new deal needs an owner; write an e-mail address or a name";
	if (*row->cells[DEAL_OWNER] && !owner)
		return "the bot has met nobody who is called so; write an e-mail address or a name, or let it meet the team first";
	return owner && team && !roster_is_member(team, owner) && !roster_is_manager(team, owner) ? "is not in that team" : NULL;
}

/* 0: not told, or, with a problem, nobody who can be. */
static gint64 find_owner(struct import *i, const struct deal_row *row, gboolean known)
{
	const char *words = row->cells[DEAL_OWNER];
	const char *workspace = row->team ? row->team->workspace_name : i->config->workspaces[0]->name;
	const struct person *owner = *words ? roster_find(i->roster, workspace, words) : NULL;
	const char *problem = owner_problem(i, row, known, owner);
	if (problem)
		complain(i, row, DEAL_OWNER, problem);
	return owner && !problem ? owner->id : 0;
}

/* ---- what changes ---- */

static const char *readable(const struct import *i, const struct deal_event *event, const char *value)
{
	const struct person *person =
		strcmp(event->kind, "owner") == 0 ? roster_person_by_id(i->roster, g_ascii_strtoll(value, NULL, 10)) : NULL;
	return person ? person->name : value;
}

/* The rows of the deal's history that are new. */
static gboolean print_changes(const struct import *i, const char *external, gint64 id, guint before, GError **error)
{
	g_autoptr(deal_auto) deal = deal_read(i->db, id, error);
	g_autoptr(GPtrArray) events = deal ? deal_history(i->db, id, error) : NULL;
	g_autofree char *label = deal ? deal_label(deal) : NULL;
	if (events && events->len > before)
		g_print("%s %s %s\n", before ? "~" : "+", external, label);
	for (guint k = before; events && k < events->len; k++) {
		const struct deal_event *event = events->pdata[k];
		g_print("    %s: %s%s%s\n", event->kind, readable(i, event, event->before), *event->before ? " -> " : "",
			readable(i, event, event->after));
	}
	return events != NULL;
}

static gboolean put_row(struct import *i, const struct deal_row *row, gint64 owner, GError **error)
{
	gint64 id;
	struct deal_result result;
	struct deal_teller by = { .source = i->options->source, .now_ms = i->now_ms };
	if (!deal_find(i->db, by.source, row->cells[DEAL_ID], &id, error))
		return FALSE;
	g_autoptr(GPtrArray) events = deal_history(i->db, id, error);
	struct deal_news news = { .external = row->cells[DEAL_ID],
		.team = row->team && (*row->cells[DEAL_TEAM] || !id) ? row->team->name : NULL,
		.customer = row->cells[DEAL_CUSTOMER],
		.amount = row->has_amount ? &row->amount : NULL,
		.owner = owner,
		.stage = row->stage ? row->stage->name : NULL,
		.entered_ms = row->entered_ms };
	if (!events || !deal_put(i->db, i->config, &by, id, &news, &result, error))
		return FALSE;
	i->added += result.added ? 1 : 0;
	i->changed += result.changed ? 1 : 0;
	return print_changes(i, news.external, result.id, events->len, error);
}

/* ---- the command ---- */

/* The owners of all rows, in their order; what is wrong with one is a problem. */
static gboolean find_owners(struct import *i, const GPtrArray *rows, GArray *owners, GError **error)
{
	for (guint k = 0; k < rows->len; k++) {
		const struct deal_row *row = rows->pdata[k];
		gint64 id;
		if (!deal_find(i->db, i->options->source, row->cells[DEAL_ID], &id, error))
			return FALSE;
		gint64 owner = find_owner(i, row, id != 0);
		g_array_append_val(owners, owner);
		if (row->entered_ms > i->now_ms)
			complain(i, row, DEAL_ENTERED, "lies in the future; write the day on which it entered its stage");
	}
	return TRUE;
}

/* A dry run does it all, and takes it back. */
static gboolean put_rows(struct import *i, const GPtrArray *rows, GError **error)
{
	g_autoptr(GArray) owners = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (!find_owners(i, rows, owners, error))
		return FALSE;
	tell_all(i);
	if (i->problems->len > 0)
		return TRUE;
	for (guint k = 0; k < rows->len; k++)
		if (!put_row(i, rows->pdata[k], g_array_index(owners, gint64, k), error))
			return FALSE;
	if (!i->options->dry_run && !db_commit(i->db, error))
		return FALSE;
	g_print("%u new, %u changed, %u as they were%s\n", i->added, i->changed, rows->len - i->added - i->changed,
		i->options->dry_run ? "; nothing was written" : "");
	return TRUE;
}

static int import_rows(struct import *i, const GPtrArray *rows)
{
	g_autoptr(GError) error = NULL;
	/* Where there is no database nobody is known yet and no row can be taken: none is made for that. */
	gboolean exists = g_file_test(i->config->database, G_FILE_TEST_EXISTS);
	gboolean guest = FALSE, tries = i->options->dry_run || i->problems->len > 0 || !exists;
	i->db = tries ? program_trial(i->config, &error) : program_writer(i->config, &guest, &error);
	i->roster = i->db ? roster_new(i->db, i->config, &error) : NULL;
	gboolean done = i->roster && db_begin(i->db, &error) && put_rows(i, rows, &error);
	gboolean written = done && !tries && i->problems->len == 0;
	roster_free(i->roster);
	db_close(i->db);
	if (written && guest) {
		g_print("the bot is running and takes it up now\n");
		done = db_knock(i->config->database, &error);
	}
	return !done ? program_failed(error) : i->problems->len > 0 ? EXIT_USAGE : EXIT_OK;
}

int program_deals_import(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	struct import import = { .config = config, .options = options, .now_ms = g_get_real_time() / 1000,
		.problems = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GPtrArray) rows = read_rows(&import);
	int code = rows ? import_rows(&import, rows) : EXIT_USAGE;
	g_ptr_array_unref(import.problems);
	config_free(config);
	return code;
}
