/* SPDX-License-Identifier: MIT */
#include "base/csv.h"

#include <string.h>

/* ---- reading ---- */

struct csv_reader csv_reader(const char *text, gsize length)
{
	static const char mark[] = "\xef\xbb\xbf"; /* spreadsheets put it there */
	struct csv_reader r = { .at = text, .end = text + length, .line = 1 };
	if (length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0)
		r.at += strlen(mark);
	return r;
}

static gboolean at_end_of_line(const struct csv_reader *r)
{
	return r->at == r->end || *r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
}

/* What stands between quotes; FALSE when they are not closed. */
static gboolean read_quoted(struct csv_reader *r, GString *out)
{
	for (r->at++; r->at < r->end; r->at++) {
		if (*r->at == '"' && !(r->at + 1 < r->end && r->at[1] == '"')) {
			r->at++;
			return TRUE;
		}
		r->at += *r->at == '"';
		r->line += *r->at == '\n';
		g_string_append_c(out, *r->at);
	}
	return FALSE;
}

static char *read_cell(struct csv_reader *r)
{
	g_autoptr(GString) cell = g_string_new(NULL);
	if (r->at < r->end && *r->at == '"' && !read_quoted(r, cell))
		r->open_quote = TRUE;
	for (; !at_end_of_line(r) && *r->at != ','; r->at++)
		g_string_append_c(cell, *r->at);
	return g_strdup(g_strstrip(cell->str));
}

GPtrArray *csv_read_row(struct csv_reader *r)
{
	if (r->at == r->end)
		return NULL;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	r->row_line = r->line;
	r->open_quote = FALSE;
	g_ptr_array_add(cells, read_cell(r));
	while (r->at < r->end && *r->at == ',') {
		r->at++;
		g_ptr_array_add(cells, read_cell(r));
	}
	if (r->at < r->end) {
		r->at += *r->at == '\r' ? 2 : 1;
		r->line++;
	}
	return cells;
}

gboolean csv_is_blank(const GPtrArray *cells)
{
	for (guint i = 0; i < cells->len; i++)
		if (*(const char *)cells->pdata[i])
			return FALSE;
	return TRUE;
}

/* ---- writing ---- */

void csv_append(GString *line, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		g_string_append(line, text);
		return;
	}
	g_string_append_c(line, '"');
	for (; *text; text++) {
		if (*text == '"')
			g_string_append_c(line, '"');
		g_string_append_c(line, *text);
	}
	g_string_append_c(line, '"');
}
