/* SPDX-License-Identifier: MIT */
/* `belltower export`: records as JSON, CSV (RFC 4180) or a spreadsheet, while the daemon runs. */
#include <errno.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/csv.h"
#include "checkin/export.h"
#include "health/export.h"
#include "highlight/export.h"
#include "program.h"
#include "registry.h"
#include "sla/export.h"
#include "standup/export.h"

/* What can be exported, and its columns in CSV and spreadsheet; a record may lack some. */
struct subject {
	const char *name; /* as the command has it */
	const struct record_source *records; /* NULL: `read` tells them */
	gboolean (*read)(struct db *db, const struct record_choice *choice, record_each_fn *each, gpointer data, GError **error);
	const char *const *columns; /* ends with NULL */
	lxw_col_t first_wide, last_wide; /* columns of people's words */
};

static const char *const standup_columns[] = { "workspace", "team", "channel", "person", "person_name", "date", "format", "results",
	"goals", "risks", "actions", "blockers", "help", "none", "late", "edited", "source", "posted_at", NULL };
static const char *const round_columns[] = { "workspace", "team", "round", "date", "person", "person_name", "question", "kind",
	"answer", "late", "edited", "posted_at", NULL };

static const char *const highlight_columns[] = { "workspace", "team", "date", "person", "person_name", "whose", "whose_name", "origin",
	"red_packet", "text", "picture", "link", "applause", "week_top", "said_at", NULL };
static const char *const sla_columns[] = { "number", "team", "about", "subject", "target", "policy", "promised", "owner",
	"owner_name", "role", "start", "due", "status", "breached_at", "ended_at", "working_s", NULL };

static const char *const deal_columns[] = { "number", "team", "customer", "amount", "currency", "owner", "owner_name", "stage",
	"entered_at", "days", "stalled", "next_day", "next_step", "source", "external", "opened_at", "closed_at", NULL };

static gboolean read_deals(struct db *db, const struct record_choice *choice, record_each_fn *each, gpointer data, GError **error)
{
	return health_export(db, choice, g_get_real_time() / 1000, each, data, error);
}

static const struct subject subjects[] = {
	{ "standups", &standup_records, NULL, standup_columns, 7, 12 },
	{ "rounds", &checkin_records, NULL, round_columns, 6, 8 },
	{ "highlights", &highlight_records, NULL, highlight_columns, 9, 9 },
	{ "sla", NULL, sla_export, sla_columns, 4, 5 },
	{ "deals", NULL, read_deals, deal_columns, 2, 2 },
};

static const struct subject *subject_of(const struct options *options)
{
	size_t i = 0;
	while (i + 1 < G_N_ELEMENTS(subjects) && g_strcmp0(subjects[i].name, options->subject) != 0)
		i++;
	return &subjects[i];
}

struct sink {
	const struct subject *subject;
	FILE *file;
	const char *path;
	guint records;
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	lxw_format *bold, *wrap;
};

struct writer {
	gboolean (*begin)(struct sink *sink);
	gboolean (*record)(const cJSON *record, gpointer sink);
	gboolean (*end)(struct sink *sink);
};

/* ---- JSON ---- */

static gboolean json_begin(struct sink *s)
{
	return fputs("[", s->file) >= 0;
}

static gboolean json_record(const cJSON *record, gpointer data)
{
	struct sink *s = data;
	g_autofree char *text = json_print(record);
	return fprintf(s->file, "%s\n%s", s->records++ ? "," : "", text) > 0;
}

static gboolean json_end(struct sink *s)
{
	return fputs(s->records ? "\n]\n" : "]\n", s->file) >= 0;
}

/* ---- cells ---- */

/* A member as one cell's text; the caller frees. */
static char *cell(const cJSON *record, const char *column)
{
	const cJSON *value = json_at(record, column);
	if (cJSON_IsBool(value))
		return g_strdup(cJSON_IsTrue(value) ? "true" : "false");
	if (cJSON_IsNumber(value))
		return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)value->valuedouble);
	if (!cJSON_IsArray(value))
		return g_strdup(cJSON_IsString(value) ? value->valuestring : "");
	GString *list = g_string_new(NULL);
	const cJSON *item;
	cJSON_ArrayForEach(item, value)
		g_string_append_printf(list, "%s%s", list->len ? " " : "", item->valuestring);
	return g_string_free(list, FALSE);
}

static gboolean csv_begin(struct sink *s)
{
	g_autoptr(GString) line = g_string_new(NULL);
	for (const char *const *column = s->subject->columns; *column; column++) {
		if (line->len > 0)
			g_string_append_c(line, ',');
		csv_append(line, *column);
	}
	return fprintf(s->file, "%s\r\n", line->str) > 0;
}

static gboolean csv_record(const cJSON *record, gpointer data)
{
	struct sink *s = data;
	g_autoptr(GString) line = g_string_new(NULL);
	for (const char *const *column = s->subject->columns; *column; column++) {
		g_autofree char *text = cell(record, *column);
		if (column > s->subject->columns)
			g_string_append_c(line, ',');
		csv_append(line, text);
	}
	return fprintf(s->file, "%s\r\n", line->str) > 0;
}

static gboolean csv_end(struct sink *s)
{
	return fflush(s->file) == 0;
}

/* ---- spreadsheet ---- */

static gboolean xlsx_begin(struct sink *s)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	s->workbook = workbook_new_opt(s->path, &options);
	if (!s->workbook)
		return FALSE;
	s->sheet = workbook_add_worksheet(s->workbook, s->subject->name);
	s->bold = workbook_add_format(s->workbook);
	format_set_bold(s->bold);
	s->wrap = workbook_add_format(s->workbook);
	format_set_text_wrap(s->wrap);
	worksheet_freeze_panes(s->sheet, 1, 0);
	worksheet_set_column(s->sheet, s->subject->first_wide, s->subject->last_wide, 40, s->wrap);
	for (lxw_col_t i = 0; s->subject->columns[i]; i++)
		worksheet_write_string(s->sheet, 0, i, s->subject->columns[i], s->bold);
	return TRUE;
}

static gboolean xlsx_record(const cJSON *record, gpointer data)
{
	struct sink *s = data;
	s->records++;
	if (s->records >= LXW_ROW_MAX)
		return FALSE;
	for (lxw_col_t i = 0; s->subject->columns[i]; i++) {
		g_autofree char *text = cell(record, s->subject->columns[i]);
		worksheet_write_string(s->sheet, s->records, i, text, NULL);
	}
	return TRUE;
}

static gboolean xlsx_end(struct sink *s)
{
	return workbook_close(g_steal_pointer(&s->workbook)) == LXW_NO_ERROR;
}

static const struct writer writers[] = {
	[EXPORT_JSON] = { json_begin, json_record, json_end },
	[EXPORT_CSV] = { csv_begin, csv_record, csv_end },
	[EXPORT_XLSX] = { xlsx_begin, xlsx_record, xlsx_end },
};

/* ---- the command ---- */

static int cannot_write(const char *path)
{
	g_printerr("belltower: cannot write '%s': %s\n", path, g_strerror(errno));
	return EXIT_FAILED;
}

static gboolean read_records(struct db *db, const struct config *config, const struct options *options, record_each_fn *each, struct sink *sink,
	GError **error)
{
	const struct record_choice choice = { config, options->team, options->from, options->to };
	const struct subject *subject = sink->subject;
	return subject->records ? record_read(db, subject->records, &choice, each, sink, error)
				: subject->read(db, &choice, each, sink, error);
}

static int export_records(const struct options *options, const struct config *config, struct sink *sink)
{
	g_autoptr(GError) error = NULL;
	struct db *db = program_reader(config, &error);
	if (!db)
		return program_failed(error);
	const struct writer *writer = &writers[options->format];
	sink->subject = subject_of(options);
	gboolean begun = writer->begin(sink);
	gboolean read = begun && read_records(db, config, options, writer->record, sink, &error);
	gboolean written = begun && writer->end(sink) && (!sink->file || (fflush(sink->file) == 0 && !ferror(sink->file)));
	db_close(db);
	if (error)
		return program_failed(error);
	return read && written ? EXIT_OK : cannot_write(sink->path);
}

static gboolean copy_to_stdout(const char *path)
{
	FILE *file = fopen(path, "rb");
	char buffer[65536];
	size_t n = 0;
	while (file && (n = fread(buffer, 1, sizeof buffer, file)) > 0)
		fwrite(buffer, 1, n, stdout);
	gboolean done = file && !ferror(file) && fflush(stdout) == 0;
	if (file)
		fclose(file);
	return done;
}

/* A spreadsheet is an archive that is put together in a file; a pipe gets a copy of it. */
static int export_spreadsheet(const struct options *options, const struct config *config)
{
	if (options->output)
		return export_records(options, config, &(struct sink){ .path = options->output });
	if (isatty(STDOUT_FILENO)) {
		g_printerr("belltower: a spreadsheet is not for a terminal: say --output FILE\n");
		return EXIT_USAGE;
	}
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("belltower-XXXXXX.xlsx", &path, &error);
	if (fd < 0)
		return program_failed(error);
	close(fd);
	int code = export_records(options, config, &(struct sink){ .path = path });
	if (code == EXIT_OK && !copy_to_stdout(path))
		code = cannot_write("standard output");
	unlink(path);
	return code;
}

static int export_text(const struct options *options, const struct config *config)
{
	FILE *file = options->output ? fopen(options->output, "w") : stdout;
	if (!file)
		return cannot_write(options->output);
	int code = export_records(options, config,
		&(struct sink){ .path = options->output ? options->output : "standard output", .file = file });
	if (options->output && fclose(file) != 0 && code == EXIT_OK)
		code = cannot_write(options->output);
	return code;
}

int program_export(const struct options *options)
{
	struct config *config = program_config_keyless(options->config);
	if (!config)
		return EXIT_USAGE;
	int code = EXIT_USAGE;
	if (options->team && !config_team(config, options->team))
		g_printerr("belltower: there is no team '%s' in %s\n", options->team, options->config);
	else
		code = options->format == EXPORT_XLSX ? export_spreadsheet(options, config) : export_text(options, config);
	config_free(config);
	return code;
}
