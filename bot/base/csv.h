/* SPDX-License-Identifier: MIT */
/*
 * Comma-separated values (RFC 4180), written and read.
 *
 *	struct csv_reader r = csv_reader(text, length);
 *	for (GPtrArray *cells; (cells = csv_read_row(&r)); g_ptr_array_unref(cells))
 *		look(cells, r.row_line);
 *
 * Any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct csv_reader {
	const char *at, *end;
	guint line;	/* of `at`, from 1 */
	guint row_line; /* on which the last row began */
	gboolean open_quote; /* the last row has a quote that is not closed */
};

/* text: borrowed as long as it is read; a mark of UTF-8 at its beginning is passed over. */
struct csv_reader csv_reader(const char *text, gsize length);
/* The next row's cells (char *, without blanks around), which the caller unrefs; NULL at the end. */
GPtrArray *csv_read_row(struct csv_reader *r);
/* Nothing stands in any cell. */
gboolean csv_is_blank(const GPtrArray *cells);

/* Appends a cell's text, in quotes where it needs them. */
void csv_append(GString *line, const char *text);
