/* SPDX-License-Identifier: MIT */
/* What the driver offers to the store itself, beside db.h: for migrate.c. */
#pragma once

#include "store/db.h"

const char *sqlite_path(const struct db *db);
gboolean sqlite_only_compares(const struct db *db);
/* TRUE when the main schema has that table; NULL: any table. */
gboolean sqlite_has_table(struct db *db, const char *name);
/* Runs the statements of a migration. `name` is for the error text. */
gboolean sqlite_run(struct db *db, const char *name, const char *text, GError **error);
/*
 * The database is accepted: from here on it may be written to. Turns the write-ahead log on, and lets closing
 * move the log into the file.
 */
gboolean sqlite_settle(struct db *db, GError **error);
