/* SPDX-License-Identifier: MIT */
#include "core_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "core_sql.h"
#include "people_sql.h"
#include "register_sql.h"

void core_check(gboolean done, const GError *error)
{
	if (!done)
		fail_msg("%s", error ? error->message : "failed without a reason");
	assert_null(error);
}

struct db *core_store_open(const char *path)
{
	static const struct sql_owner *const owners[] = { &SQL_PEOPLE, &SQL_REGISTER, &SQL_CORE };
	g_autoptr(GError) error = NULL;
	struct db *db = db_open(path, DB_WRITER, &error);
	core_check(db != NULL, error);
	core_check(db_migrate(db, owners, G_N_ELEMENTS(owners), &error), error);
	return db;
}

void core_begin(struct db *db)
{
	g_autoptr(GError) error = NULL;
	core_check(db_begin(db, &error), error);
}

void core_commit(struct db *db)
{
	g_autoptr(GError) error = NULL;
	core_check(db_commit(db, &error), error);
}

int64_t core_number(struct db *db, const struct sql *query)
{
	g_autoptr(GError) error = NULL;
	struct db_rows *rows = db_query(db, query);
	int64_t number = db_next(rows) ? db_int(rows, 0) : -1;
	core_check(db_end(rows, &error), error);
	return number;
}
