/* SPDX-License-Identifier: MIT */
/*
 * SQL as constants: what `belltower_sqlgen` makes of a .sql file.
 *
 * A file `standup.sql` has the owner `standup` and two kinds of sections, each opened by a line of its own:
 *
 *	-- @migration 1
 *	CREATE TABLE answer (person TEXT NOT NULL, day TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (person, day));
 *
 *	-- @query save_answer
 *	INSERT INTO answer (person, day, text) VALUES ($1, $2, $3)
 *	ON CONFLICT (person, day) DO UPDATE SET text = excluded.text
 *
 * and becomes standup_sql.h with SQL_STANDUP (a struct sql_owner, for db_migrate) and SQL_STANDUP_SAVE_ANSWER (a
 * struct sql, for db_exec and db_query). Migrations are numbered 1, 2, 3, … and may hold several statements; a query
 * holds one, with the parameters $1, $2, … without a gap. Comments are stripped, so they may be rewritten even in a
 * migration; its statements may not, for their checksum is compared at every start.
 *
 * All of it is constant and lives as long as the process. Any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct sql {
	const char *name; /* "standup.save_answer", for error texts */
	const char *text;
	guint arg_count;
};

struct migration {
	int number;	      /* from 1 */
	const char *text;     /* one or more statements */
	const char *checksum; /* SHA-256 of text, hexadecimal */
};

struct sql_owner {
	const char *name; /* the file's stem */
	const struct migration *migrations;
	gsize migration_count;
	const struct sql *const *queries;
	gsize query_count;
};
