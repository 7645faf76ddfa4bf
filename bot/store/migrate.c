/* SPDX-License-Identifier: MIT */
/* Migrations: compares what the database has with what the program knows, then applies the rest. */
#include "store/sqlite.h"

#include "migrate_sql.h"

struct plan {
	struct db *db;
	const struct sql_owner *const *owners;
	gsize count;
	gsize *applied; /* for each owner: how many of its migrations the database has */
};

static gboolean refuse(const struct plan *plan, GError **error, enum db_error code, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
static gboolean refuse(const struct plan *plan, GError **error, enum db_error code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, DB_ERROR, (int)code, "cannot use '%s': %s", sqlite_path(plan->db), why);
	return FALSE;
}

static gboolean refuse_newer(
	const struct plan *plan, GError **error, const char *owner, int64_t number, const char *version)
{
	return refuse(plan, error, DB_ERROR_NEWER,
		"belltower %s wrote it, which is newer than this one (%s does not know migration "
		"%" G_GINT64_FORMAT " of '%s'); install that version, or restore a backup from before it",
		version, BELLTOWER_VERSION, number, owner);
}

static gboolean refuse_edited(
	const struct plan *plan, GError **error, const char *owner, int64_t number, const char *version)
{
	return refuse(plan, error, DB_ERROR_EDITED,
		"migration %" G_GINT64_FORMAT " in %s.sql was edited after belltower %s had applied it here; "
		"put it back as it was, and write the change as a new migration",
		number, owner, version);
}

static gsize owner_find(const struct plan *plan, const char *name)
{
	gsize i = 0;
	while (i < plan->count && !g_str_equal(plan->owners[i]->name, name))
		i++;
	return i;
}

/* Looks at one applied migration: owner, number, checksum, version. */
static gboolean compare_row(struct plan *plan, struct db_rows *row, GError **error)
{
	const char *owner = db_text(row, 0), *version = db_text(row, 3);
	int64_t number = db_int(row, 1);
	gsize i = owner_find(plan, owner);
	if (i == plan->count || number > (int64_t)plan->owners[i]->migration_count)
		return refuse_newer(plan, error, owner, number, version);
	if (number != (int64_t)plan->applied[i] + 1)
		return refuse(plan, error, DB_ERROR_CORRUPT,
			"migration %d of '%s' is missing before its migration %d", (int)plan->applied[i] + 1,
			owner, (int)number);
	if (!g_str_equal(db_text(row, 2), plan->owners[i]->migrations[number - 1].checksum))
		return refuse_edited(plan, error, owner, number, version);
	plan->applied[i]++;
	return TRUE;
}

static gboolean compare(struct plan *plan, GError **error)
{
	if (!sqlite_has_table(plan->db, "migration")) {
		if (!sqlite_has_table(plan->db, NULL))
			return TRUE;
		return refuse(plan, error, DB_ERROR_FOREIGN, "it is the database of another program");
	}
	g_autoptr(db_rows) rows = db_query(plan->db, &SQL_MIGRATE_APPLIED);
	while (db_next(rows))
		if (!compare_row(plan, rows, error))
			return FALSE;
	return db_end(rows, error);
}

static gsize count_pending(const struct plan *plan)
{
	gsize pending = 0;
	for (gsize i = 0; i < plan->count; i++)
		pending += plan->owners[i]->migration_count - plan->applied[i];
	return pending;
}

static gboolean apply_one(struct db *db, const char *owner, const struct migration *migration, GError **error)
{
	g_autofree char *name = g_strdup_printf("migration %d of %s", migration->number, owner);
	return sqlite_run(db, name, migration->text, error) &&
	       db_exec(db, &SQL_MIGRATE_RECORD, error, ARG_TEXT(owner), ARG_INT(migration->number),
		       ARG_TEXT(migration->checksum), ARG_TEXT(BELLTOWER_VERSION));
}

static gboolean apply_owner(const struct plan *plan, gsize i, GError **error)
{
	const struct sql_owner *owner = plan->owners[i];
	for (gsize n = plan->applied[i]; n < owner->migration_count; n++)
		if (!apply_one(plan->db, owner->name, &owner->migrations[n], error))
			return FALSE;
	return TRUE;
}

static gboolean apply_all(const struct plan *plan, GError **error)
{
	if (!db_exec(plan->db, &SQL_MIGRATE_CREATE, error))
		return FALSE;
	for (gsize i = 0; i < plan->count; i++)
		if (!apply_owner(plan, i, error))
			return FALSE;
	return TRUE;
}

static gboolean apply_pending(const struct plan *plan, GError **error)
{
	if (!db_begin(plan->db, error))
		return FALSE;
	if (apply_all(plan, error))
		return db_commit(plan->db, error);
	db_rollback(plan->db);
	return FALSE;
}

gboolean db_migrate(struct db *db, const struct sql_owner *const *owners, gsize count, GError **error)
{
	g_autofree gsize *applied = g_new0(gsize, count);
	struct plan plan = { .db = db, .owners = owners, .count = count, .applied = applied };
	if (!compare(&plan, error))
		return FALSE;
	gsize pending = count_pending(&plan);
	if (!sqlite_only_compares(db))
		return sqlite_settle(db, error) && (pending == 0 || apply_pending(&plan, error));
	if (pending > 0)
		return refuse(&plan, error, DB_ERROR_OLDER,
			"an older belltower wrote it; start 'belltower run' once to bring it up to date");
	return TRUE;
}
