/* SPDX-License-Identifier: MIT */
#include "kit/deal_file.h"

#include "base/csv.h"
#include "base/zone.h"

static const char *const columns[DEAL_COLUMNS] = {
	[DEAL_ID] = "id",
	[DEAL_CUSTOMER] = "customer",
	[DEAL_AMOUNT] = "amount",
	[DEAL_CURRENCY] = "currency",
	[DEAL_OWNER] = "owner",
	[DEAL_TEAM] = "team",
	[DEAL_STAGE] = "stage",
	[DEAL_ENTERED] = "entered",
};

struct reader {
	const char *file;
	struct csv_reader csv;
	const struct config *config;
	int order[DEAL_COLUMNS]; /* which column each cell is */
	guint count;
	GHashTable *seen; /* the ids */
	GPtrArray *rows, *problems;
};

static G_GNUC_PRINTF(3, 4) void complain(const struct reader *r, guint line, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(r->problems, line ? g_strdup_printf("%s:%u: %s", r->file, line, what) : g_strdup_printf("%s: %s", r->file, what));
}

static GPtrArray *read_cells(struct reader *r)
{
	GPtrArray *cells = csv_read_row(&r->csv);
	if (cells && r->csv.open_quote)
		complain(r, r->csv.row_line, "a quote is not closed; a quote inside a cell is written twice");
	return cells;
}

/* ---- the header ---- */

static int column_of(const char *name)
{
	for (int i = 0; i < DEAL_COLUMNS; i++)
		if (g_ascii_strcasecmp(name, columns[i]) == 0)
			return i;
	return -1;
}

static gboolean read_header(struct reader *r)
{
	g_autoptr(GPtrArray) cells = read_cells(r);
	gboolean seen[DEAL_COLUMNS] = { FALSE };
	guint before = r->problems->len;
	for (guint i = 0; cells && i < cells->len; i++) {
		int column = column_of(cells->pdata[i]);
		if (column < 0 || seen[column]) {
			complain(r, 1, "'%s' %s; the columns are id,customer,amount,currency,owner,team,stage,entered",
				(const char *)cells->pdata[i], column < 0 ? "is no column" : "stands twice");
			continue;
		}
		seen[column] = TRUE;
		r->order[r->count++] = column;
	}
	if (r->problems->len == before && (!seen[DEAL_ID] || !seen[DEAL_CUSTOMER]))
		complain(r, 1, "the first line must name the columns, with 'id' and 'customer' among them");
	return r->problems->len == before;
}

/* ---- a row ---- */

static void free_row(gpointer data)
{
	struct deal_row *row = data;
	for (int i = 0; i < DEAL_COLUMNS; i++)
		g_free(row->cells[i]);
	g_free(row);
}

static void read_sum(const struct reader *r, struct deal_row *row)
{
	const char *currency = row->cells[DEAL_CURRENCY], *amount = row->cells[DEAL_AMOUNT];
	if (*currency && !money_is_currency(currency))
		complain(r, row->line, "currency '%s': write three capital letters like CNY", currency);
	else if (*amount && !(row->has_amount = money_parse(amount, *currency ? currency : r->config->deals.currency, &row->amount)))
		complain(r, row->line, "amount '%s': write a sum like 120000, 12万 or $5,000", amount);
}

static void read_places(const struct reader *r, struct deal_row *row)
{
	const char *team = row->cells[DEAL_TEAM], *stage = row->cells[DEAL_STAGE];
	struct config_team **teams = r->config->teams;
	row->team = *team ? config_team(r->config, team) : !teams[1] ? teams[0] : NULL;
	row->stage = *stage ? config_stage(r->config, stage) : NULL;
	if (*team && !row->team)
		complain(r, row->line, "team '%s': write a team of the configuration", team);
	if (*stage && !row->stage)
		complain(r, row->line, "stage '%s': write a stage of the configuration", stage);
}

/* A day, or an instant, in the team's zone. */
static void read_entered(const struct reader *r, struct deal_row *row)
{
	const char *text = row->cells[DEAL_ENTERED];
	GTimeZone *zone = zone_find(row->team ? row->team->zone : r->config->default_zone);
	gboolean day = zone_day_is_valid(text);
	if (*text && !(day ? zone_instant(zone, text, 0, &row->entered_ms) : zone_read_rfc3339(text, zone, &row->entered_ms)))
		complain(r, row->line, "entered '%s': write a day like 2026-03-02, or an instant like 2026-03-02T09:30:00", text);
}

static void check_names(const struct reader *r, const struct deal_row *row)
{
	const char *id = row->cells[DEAL_ID], *customer = row->cells[DEAL_CUSTOMER];
	if (!*id)
		complain(r, row->line, "a deal needs an id, by which it is known again");
	else if (!g_hash_table_add(r->seen, (gpointer)id))
		complain(r, row->line, "id '%s' stands in the file twice; leave one line out", id);
	if (!*customer || g_utf8_strlen(customer, -1) > DEAL_CUSTOMER_LIMIT)
		complain(r, row->line, "a deal needs a customer, of %d characters at most", DEAL_CUSTOMER_LIMIT);
}

static void read_row(struct reader *r, const GPtrArray *cells)
{
	if (cells->len > r->count) {
		complain(r, r->csv.row_line, "has %u cells where the first line names %u; put quotes around a cell with a comma", cells->len,
			r->count);
		return;
	}
	struct deal_row *row = g_new0(struct deal_row, 1);
	g_ptr_array_add(r->rows, row);
	row->line = r->csv.row_line;
	for (guint i = 0; i < cells->len; i++)
		row->cells[r->order[i]] = g_strdup(cells->pdata[i]);
	for (int i = 0; i < DEAL_COLUMNS; i++)
		if (!row->cells[i])
			row->cells[i] = g_strdup("");
	check_names(r, row);
	read_sum(r, row);
	read_places(r, row);
	read_entered(r, row);
}

static const char *look(const char *text, gsize length)
{
	if (length > DEAL_FILE_LIMIT_BYTES)
		return "is larger than 16 MiB; is this a list of deals?";
	if (!g_utf8_validate_len(text, length, NULL))
		return "is not UTF-8; save it as \"CSV UTF-8\"";
	return length == 0 ? "is empty" : NULL;
}

GPtrArray *deal_file_parse(const char *file, const char *text, gsize length, const struct config *config, GPtrArray *problems)
{
	struct reader r = { .file = file, .csv = csv_reader(text, length), .config = config, .problems = problems };
	const char *refused = look(text, length);
	if (refused) {
		complain(&r, 0, "%s", refused);
		return NULL;
	}
	if (!read_header(&r))
		return NULL;
	r.seen = g_hash_table_new(g_str_hash, g_str_equal);
	r.rows = g_ptr_array_new_with_free_func(free_row);
	for (GPtrArray *cells; (cells = read_cells(&r)); g_ptr_array_unref(cells))
		if (!csv_is_blank(cells))
			read_row(&r, cells);
	g_hash_table_unref(r.seen);
	return r.rows;
}
