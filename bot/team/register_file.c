/* SPDX-License-Identifier: MIT */
#include "team/register_file.h"

#include "base/csv.h"
#include "base/zone.h"
#include "team/yearly.h"

struct reader {
	const char *file;
	struct csv_reader csv;
	GArray *columns;	     /* int: which field each column is */
	const char *const *teams;
	GPtrArray *entries, *problems;
};

static G_GNUC_PRINTF(3, 4) void complain(const struct reader *r, guint line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(r->problems, line ? g_strdup_printf("%s:%u: %s", r->file, line, what)
					  : g_strdup_printf("%s: %s", r->file, what));
}

/* The next row's cells; NULL at the end of the text. */
static GPtrArray *read_row(struct reader *r)
{
	GPtrArray *cells = csv_read_row(&r->csv);
	if (cells && r->csv.open_quote)
		complain(r, r->csv.row_line, "a quote is not closed; a quote inside a cell is written twice");
	return cells;
}

/* ---- one value of each kind: NULL, or what to write ---- */

static const char *check_name(const struct reader *r, const char *text)
{
	(void)r;
	return *text ? NULL : "a person needs a name";
}

static const char *check_email(const struct reader *r, const char *text)
{
	(void)r;
	const char *at = strchr(text, '@');
	return !*text || (at && at != text && at[1] && !strchr(text, ' ')) ? NULL : "write an e-mail address";
}

static const char *check_zone(const struct reader *r, const char *text)
{
	(void)r;
	return !*text || zone_find(text) ? NULL : "write an IANA zone like Asia/Shanghai";
}

static const char *check_language(const struct reader *r, const char *text)
{
	(void)r;
	return !*text || strcmp(text, "zh-CN") == 0 || strcmp(text, "en") == 0 ? NULL : "write zh-CN or en";
}

static const char *check_teams(const struct reader *r, const char *text)
{
	g_auto(GStrv) teams = g_strsplit(text, ";", -1);
	for (char **team = teams; *team; team++)
		if (!g_strv_contains(r->teams, g_strstrip(*team)))
			return "write teams of the configuration, joined by ;";
	return NULL;
}

static const char *check_birthday(const struct reader *r, const char *text)
{
	struct yearly date;
	(void)r;
	return !*text || yearly_parse(text, &date, NULL)
		       ? NULL
		       : "write 03-15, 1990-03-15, lunar 08-15, lunar 1990-08-15 or lunar leap 06-06";
}

static const char *check_hired(const struct reader *r, const char *text)
{
	(void)r;
	return !*text || zone_day_is_valid(text) ? NULL : "write a day like 2023-03-01";
}

static const char *(*const checks[REGISTER_COLUMNS])(const struct reader *, const char *) = {
	[REGISTER_NAME] = check_name,
	[REGISTER_EMAIL] = check_email,
	[REGISTER_ZONE] = check_zone,
	[REGISTER_LANGUAGE] = check_language,
	[REGISTER_TEAMS] = check_teams,
	[REGISTER_BIRTHDAY] = check_birthday,
	[REGISTER_HIRED] = check_hired,
};

/* ---- rows ---- */

static int field_of(const char *name)
{
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		if (g_ascii_strcasecmp(name, register_field_name((enum register_field)i)) == 0)
			return i;
	return -1;
}

static gboolean read_header(struct reader *r)
{
	g_autoptr(GPtrArray) cells = read_row(r);
	gboolean seen[REGISTER_COLUMNS] = { FALSE };
	for (guint i = 0; cells && i < cells->len; i++) {
		int field = field_of(cells->pdata[i]);
		if (field < 0 || seen[field]) {
			complain(r, 1, "'%s' %s; the columns are name,email,slack_id,feishu_id,zone,language,teams,manager,roles,birthday,hired",
				(const char *)cells->pdata[i], field < 0 ? "is no column" : "stands twice");
			return FALSE;
		}
		seen[field] = TRUE;
		g_array_append_val(r->columns, field);
	}
	if (!seen[REGISTER_NAME])
		complain(r, 1, "the first line must name the columns, with 'name' among them");
	return seen[REGISTER_NAME];
}

static void check_entry(const struct reader *r, const struct register_entry *entry)
{
	for (int i = 0; i < REGISTER_COLUMNS; i++) {
		const char *text = entry->fields[i];
		const char *instead = checks[i] && (*text || i == REGISTER_NAME) ? checks[i](r, text) : NULL;
		if (instead)
			complain(r, r->csv.row_line, "%s '%s': %s", register_field_name((enum register_field)i), text, instead);
	}
	if (register_match(r->entries, entry))
		complain(r, r->csv.row_line, "'%s' stands in the file twice; leave one line out", entry->fields[REGISTER_NAME]);
}

static void read_entry(struct reader *r, const GPtrArray *cells)
{
	if (cells->len > r->columns->len) {
		complain(r, r->csv.row_line, "has %u cells where the first line names %u; put quotes around a cell with a comma", cells->len,
			r->columns->len);
		return;
	}
	struct register_entry *entry = g_new0(struct register_entry, 1);
	for (guint i = 0; i < cells->len; i++)
		entry->fields[g_array_index(r->columns, int, i)] = g_strdup(cells->pdata[i]);
	for (int i = 0; i < REGISTER_FIELDS; i++)
		if (!entry->fields[i])
			entry->fields[i] = g_strdup("");
	entry->shown = g_strdup("");
	check_entry(r, entry);
	g_ptr_array_add(r->entries, entry);
}

/* Managers are people of the file or somebody whom the store knows: told by an address or a name, never checked here. */
static void read_rows(struct reader *r)
{
	if (!read_header(r))
		return;
	for (GPtrArray *cells; (cells = read_row(r)); g_ptr_array_unref(cells))
		if (!csv_is_blank(cells))
			read_entry(r, cells);
}

static const char *look(const char *text, gsize length)
{
	if (length > REGISTER_FILE_LIMIT_BYTES)
		return "is larger than 16 MiB; is this a list of people?";
	if (!g_utf8_validate_len(text, length, NULL))
		return "is not UTF-8; save it as \"CSV UTF-8\"";
	return length == 0 ? "is empty" : NULL;
}

static void free_entry(gpointer entry)
{
	register_entry_free(entry);
}

GPtrArray *register_file_parse(
	const char *file, const char *text, gsize length, const char *const *teams, GPtrArray *problems)
{
	struct reader r = { .file = file, .csv = csv_reader(text, length), .teams = teams, .problems = problems };
	const char *refused = look(text, length);
	guint before = problems->len;
	if (refused) {
		complain(&r, 0, "%s", refused);
		return NULL;
	}
	r.columns = g_array_new(FALSE, FALSE, sizeof(int));
	r.entries = g_ptr_array_new_with_free_func(free_entry);
	read_rows(&r);
	g_array_unref(r.columns);
	if (problems->len > before)
		g_clear_pointer(&r.entries, g_ptr_array_unref);
	return r.entries;
}

/* ---- writing ---- */

char *register_file_print(const GPtrArray *entries)
{
	GString *out = g_string_new(NULL);
	for (int f = 0; f < REGISTER_COLUMNS; f++)
		g_string_append_printf(out, "%s%s", f ? "," : "", register_field_name((enum register_field)f));
	g_string_append(out, "\r\n");
	for (guint i = 0; i < entries->len; i++) {
		const struct register_entry *entry = entries->pdata[i];
		for (int f = 0; f < REGISTER_COLUMNS; f++) {
			if (f)
				g_string_append_c(out, ',');
			csv_append(out, entry->fields[f]);
		}
		g_string_append(out, "\r\n");
	}
	return g_string_free(out, FALSE);
}
