/* SPDX-License-Identifier: MIT */
/*
 * Deals as a file: CSV (RFC 4180, UTF-8), as CRMs write it, with a header that names the columns in any order:
 *
 *	id,customer,amount,currency,owner,team,stage,entered
 *	C-17,华瑞,12万,,ana@example.com,sales,谈判,2026-03-02
 *
 * `id` is the deal's in the source, by which it is known again; `id` and `customer` must be there. Any thread.
 */
#pragma once

#include "kit/deal.h"

#include "base/banned.h"

enum { DEAL_FILE_LIMIT_BYTES = 16 * 1024 * 1024 };

enum deal_column { DEAL_ID, DEAL_CUSTOMER, DEAL_AMOUNT, DEAL_CURRENCY, DEAL_OWNER, DEAL_TEAM, DEAL_STAGE, DEAL_ENTERED, DEAL_COLUMNS };

struct deal_row {
	guint line;		   /* of the file */
	char *cells[DEAL_COLUMNS]; /* "" for what is not told */
	gboolean has_amount;
	struct money amount;
	const struct config_stage *stage; /* NULL: not told */
	const struct config_team *team;	  /* the only one when none is told; NULL: not told */
	int64_t entered_ms;		  /* 0: not told */
};

/*
 * Reads a file's text into struct deal_row (owned by the array), in the file's order. What is wrong is a line of `problems` (of
 * char *, which it frees), `file:line: what is wrong; what to write instead`; then the rows are there only to be looked at for
 * more of it, and NULL when the file cannot be read at all. Who is meant by `owner` is the caller's to find.
 */
GPtrArray *deal_file_parse(const char *file, const char *text, gsize length, const struct config *config, GPtrArray *problems);
