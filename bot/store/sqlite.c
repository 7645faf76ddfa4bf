/* SPDX-License-Identifier: MIT */
/* The driver of the store for SQLite 3.40: the only file that includes sqlite3.h. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

G_DEFINE_QUARK(belltower - db - error, db_error)

enum {
	BUSY_WAIT_MS = 5000,
	RUNS_MAX = 16, /* runs of one query inside each other; more is a db_end forgotten */
};

struct db {
	sqlite3 *handle;
	enum db_mode mode;
	char *path;
	int lock_fd;		/* of the writer's PATH.lock, or -1 */
	GHashTable *statements; /* const struct sql * → struct db_rows * */
	gboolean in_transaction;
	GError *lost; /* why SQLite rolled the open transaction back by itself */
};

/* A prepared statement and, while in_use, the run of it. */
struct db_rows {
	struct db *db;
	const struct sql *sql;
	sqlite3_stmt *stmt;    /* NULL: it could not be prepared; tried again at its next use */
	int *places;	       /* SQLite's number of $1, $2, … */
	struct db_rows *spare; /* for a run inside a run */
	gboolean in_use;
	gboolean on_row;
	int status; /* SQLITE_ROW while there may be more, SQLITE_DONE, or the failure */
	GError *error;
};

/* ---- errors ---- */

static enum db_error error_code(int status)
{
	switch (status & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DB_ERROR_BUSY;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return DB_ERROR_DISK;
	case SQLITE_CONSTRAINT:
		return DB_ERROR_CONSTRAINT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return DB_ERROR_CORRUPT;
	default:
		return DB_ERROR_OTHER;
	}
}

static char *lower_first(const char *text)
{
	char *copy = g_strdup(text);
	if (g_ascii_islower(copy[0] ? copy[1] : 0)) /* but not "CHECK constraint …" */
		copy[0] = g_ascii_tolower(copy[0]);
	return copy;
}

/* What SQLite says, and for a failing file what the system says. */
static char *reason(sqlite3 *handle, int status)
{
	int kind = status & 0xff;
	int cause = handle && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) ? sqlite3_system_errno(handle)
										: 0;
	if (cause && kind == SQLITE_CANTOPEN)
		return lower_first(g_strerror(cause));
	if (cause)
		return g_strdup_printf("disk I/O error: %s", g_strerror(cause));
	return lower_first(handle && kind != SQLITE_NOTADB ? sqlite3_errmsg(handle) : sqlite3_errstr(status));
}

/* "cannot VERB 'SUBJECT': …" */
static GError *error_new(sqlite3 *handle, int status, const char *verb, const char *subject)
{
	g_autofree char *why = reason(handle, status);
	return g_error_new(DB_ERROR, (int)error_code(status), "cannot %s '%s': %s", verb, subject, why);
}

/* A full or failing disk makes SQLite roll the transaction back: what follows must not run outside of it. */
static void note_if_lost(struct db *db, const GError *cause)
{
	if (db->in_transaction && !db->lost && sqlite3_get_autocommit(db->handle))
		db->lost = g_error_new(
			cause->domain, cause->code, "the transaction is lost: %s", cause->message);
}

/* ---- statements ---- */

static struct db_rows *statement_new(struct db *db, const struct sql *sql)
{
	struct db_rows *rows = g_new0(struct db_rows, 1);
	rows->db = db;
	rows->sql = sql;
	rows->places = g_new0(int, sql->arg_count);
	return rows;
}

static void statement_free(gpointer data)
{
	struct db_rows *rows = data;
	while (rows) {
		struct db_rows *spare = rows->spare;
		sqlite3_finalize(rows->stmt);
		g_clear_error(&rows->error);
		g_free(rows->places);
		g_free(rows);
		rows = spare;
	}
}

static gboolean statement_prepare(struct db_rows *rows)
{
	sqlite3 *handle = rows->db->handle;
	int status =
		sqlite3_prepare_v3(handle, rows->sql->text, -1, SQLITE_PREPARE_PERSISTENT, &rows->stmt, NULL);
	if (status != SQLITE_OK) {
		rows->error = error_new(handle, status, "prepare", rows->sql->name);
		return FALSE;
	}
	g_assert(sqlite3_bind_parameter_count(rows->stmt) == (int)rows->sql->arg_count);
	for (guint i = 0; i < rows->sql->arg_count; i++) {
		char name[16];
		g_snprintf(name, sizeof name, "$%u", i + 1);
		rows->places[i] = sqlite3_bind_parameter_index(rows->stmt, name);
		g_assert(rows->places[i] > 0);
	}
	return TRUE;
}

/* The kept statement, or when that is being read a spare one. */
static struct db_rows *statement_find(struct db *db, const struct sql *sql)
{
	struct db_rows *rows = g_hash_table_lookup(db->statements, sql);
	if (!rows) {
		rows = statement_new(db, sql);
		g_hash_table_insert(db->statements, (gpointer)sql, rows);
	}
	for (int depth = 1; rows->in_use; depth++) {
		g_assert(depth < RUNS_MAX);
		if (!rows->spare)
			rows->spare = statement_new(db, sql);
		rows = rows->spare;
	}
	return rows;
}

static int bind(sqlite3_stmt *stmt, int place, const struct db_arg *arg)
{
	switch (arg->kind) {
	case DB_ARG_NULL:
		return sqlite3_bind_null(stmt, place);
	case DB_ARG_INT:
		return sqlite3_bind_int64(stmt, place, arg->number);
	case DB_ARG_TEXT:
		return sqlite3_bind_text(stmt, place, arg->bytes, arg->length, SQLITE_STATIC);
	case DB_ARG_BLOB:
		return sqlite3_bind_blob(stmt, place, arg->bytes, arg->length, SQLITE_STATIC);
	}
	g_assert_not_reached();
}

static void statement_bind(struct db_rows *rows, const struct db_arg *args)
{
	for (guint i = 0; i < rows->sql->arg_count; i++) {
		int status = bind(rows->stmt, rows->places[i], &args[i]);
		if (status != SQLITE_OK) { /* longer than SQLite's limit of 1 GB */
			rows->status = status;
			rows->error = error_new(rows->db->handle, status, "run", rows->sql->name);
			return;
		}
	}
}

static void statement_step(struct db_rows *rows)
{
	rows->status = sqlite3_step(rows->stmt);
	rows->on_row = rows->status == SQLITE_ROW;
	if (rows->on_row || rows->status == SQLITE_DONE)
		return;
	rows->error = error_new(rows->db->handle, rows->status, "run", rows->sql->name);
	note_if_lost(rows->db, rows->error);
}

struct db_rows *db_query_args(struct db *db, const struct sql *sql, const struct db_arg *args, gsize count)
{
	g_assert(count == sql->arg_count);
	struct db_rows *rows = statement_find(db, sql);
	rows->in_use = TRUE;
	rows->on_row = FALSE;
	rows->status = SQLITE_ROW;
	if (G_UNLIKELY(db->lost))
		rows->error = g_error_copy(db->lost);
	else if (rows->stmt || statement_prepare(rows))
		statement_bind(rows, args);
	return rows;
}

gboolean db_next(struct db_rows *rows)
{
	g_assert(rows->in_use);
	rows->on_row = FALSE;
	if (rows->status == SQLITE_ROW && !rows->error)
		statement_step(rows);
	return rows->on_row;
}

gboolean db_end_take(struct db_rows *rows, GError **error)
{
	g_assert(rows->in_use);
	GError *failure = g_steal_pointer(&rows->error);
	sqlite3_reset(rows->stmt); /* repeats the step's failure, which is told already */
	rows->in_use = rows->on_row = FALSE;
	if (!failure)
		return TRUE;
	g_propagate_error(error, failure);
	return FALSE;
}

void db_rows_drop(struct db_rows *rows)
{
	db_end_take(rows, NULL);
}

gboolean db_exec_args(
	struct db *db, const struct sql *sql, const struct db_arg *args, gsize count, GError **error)
{
	struct db_rows *rows = db_query_args(db, sql, args, count);
	while (db_next(rows))
		;
	return db_end(rows, error);
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

/* ---- columns ---- */

static void assert_column(struct db_rows *rows, int column)
{
	g_assert(rows->on_row && column >= 0 && column < sqlite3_data_count(rows->stmt));
}

const char *db_text(struct db_rows *rows, int column)
{
	assert_column(rows, column);
	return (const char *)sqlite3_column_text(rows->stmt, column);
}

int64_t db_int(struct db_rows *rows, int column)
{
	assert_column(rows, column);
	return sqlite3_column_int64(rows->stmt, column);
}

gboolean db_is_null(struct db_rows *rows, int column)
{
	assert_column(rows, column);
	return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

const void *db_blob(struct db_rows *rows, int column, gsize *length)
{
	assert_column(rows, column);
	const void *bytes = sqlite3_column_blob(rows->stmt, column);
	*length = (gsize)sqlite3_column_bytes(rows->stmt, column);
	return bytes;
}

/* ---- transactions ---- */

static const struct sql begin_write = { .name = "begin", .text = "BEGIN IMMEDIATE" };
static const struct sql begin_read = { .name = "begin", .text = "BEGIN" };
static const struct sql commit = { .name = "commit", .text = "COMMIT" };
static const struct sql rollback = { .name = "rollback", .text = "ROLLBACK" };
/* One name for all: the innermost is meant. */
static const struct sql savepoint = { .name = "savepoint", .text = "SAVEPOINT inner" };
static const struct sql release = { .name = "release", .text = "RELEASE inner" };
static const struct sql undo = { .name = "undo", .text = "ROLLBACK TO inner" };

gboolean db_begin(struct db *db, GError **error)
{
	g_assert(!db->in_transaction);
	db->in_transaction = db_exec(db, db->mode == DB_READER ? &begin_read : &begin_write, error);
	return db->in_transaction;
}

gboolean db_commit(struct db *db, GError **error)
{
	g_assert(db->in_transaction);
	gboolean done = db_exec(db, &commit, error);
	if (done)
		db->in_transaction = FALSE;
	else
		db_rollback(db);
	return done;
}

void db_rollback(struct db *db)
{
	g_clear_error(&db->lost);
	if (!sqlite3_get_autocommit(db->handle))
		db_exec(db, &rollback, NULL); /* cannot fail: it only forgets */
	db->in_transaction = FALSE;
}

gboolean db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

gboolean db_savepoint(struct db *db, GError **error)
{
	g_assert(db->in_transaction);
	return db_exec(db, &savepoint, error);
}

gboolean db_release(struct db *db, GError **error)
{
	g_assert(db->in_transaction);
	return db_exec(db, &release, error);
}

gboolean db_undo(struct db *db, GError **error)
{
	g_assert(db->in_transaction);
	return db_exec(db, &undo, error) && db_exec(db, &release, error);
}

/* ---- opening and closing ---- */

static gboolean is_in_memory(const char *path)
{
	return g_str_equal(path, ":memory:");
}

static gboolean fail_errno(GError **error, const char *verb, const char *path, int cause)
{
	g_autofree char *why = lower_first(g_strerror(cause));
	g_set_error(error, DB_ERROR, DB_ERROR_DISK, "cannot %s '%s': %s", verb, path, why);
	return FALSE;
}

char *db_door(const char *path)
{
	return g_strconcat(path, ".lock", NULL);
}

gboolean db_knock(const char *path, GError **error)
{
	g_autofree char *door = db_door(path);
	return utimensat(AT_FDCWD, door, NULL, 0) == 0 || fail_errno(error, "touch", door, errno);
}

static gboolean fail_locked(struct db *db, GError **error)
{
	char holder[16];
	ssize_t length = pread(db->lock_fd, holder, sizeof holder - 1, 0);
	holder[MAX(length, 0)] = '\0';
	g_set_error(error, DB_ERROR, DB_ERROR_BUSY,
		"cannot open '%s': another belltower (process %s) writes to it; stop that one first",
		db->path, g_strchomp(holder));
	return FALSE;
}

/*
 * One writer per database, for as long as it lives. The lock has a file of its own: closing any descriptor of
 * the database file would drop the locks SQLite holds on it in this process
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
static gboolean take_writer_lock(struct db *db, GError **error)
{
	g_autofree char *path = db_door(db->path);
	db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (db->lock_fd < 0)
		return fail_errno(error, "make", path, errno);
	if (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? fail_locked(db, error) : fail_errno(error, "lock", path, errno);
	/* Who has it, for fail_locked alone: a disk too full for it does not matter. */
	char holder[16];
	int length = g_snprintf(holder, sizeof holder, "%d\n", (int)getpid());
	if (ftruncate(db->lock_fd, 0) != 0 || pwrite(db->lock_fd, holder, (size_t)length, 0) != length)
		g_debug("cannot note the process in the lock file, ignoring");
	return TRUE;
}

static gboolean run(struct db *db, const char *text, GError **error)
{
	int status = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
	if (status == SQLITE_OK)
		return TRUE;
	g_propagate_error(error, error_new(db->handle, status, "open", db->path));
	return FALSE;
}

/*
 * Settings of the connection, none of which writes.
 * cache_size: the pages of a team's day, and a ceiling for the daemon's memory; more won nothing. No mmap
 * either: mapped pages count as resident. wal_autocheckpoint: fewer and longer pauses; with SQLite's own
 * 1,000 pages a third fewer events went through, with 4,000 a commit pauses for 7 to 25 ms
 * (tests/bench/bench_store). secure_delete: what people deleted is overwritten where that costs no extra
 * write. journal_size_limit: a log that grew behind a slow reader shrinks again.
 */
static const char settings[] =
	"PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
	"PRAGMA cache_size = -4096; PRAGMA secure_delete = FAST;"
	"PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;"
	"SELECT count(*) FROM sqlite_master;"; /* reads the header: is it a database? */

static gboolean open_handle(struct db *db, GError **error)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	static const int accesses[] = {
		[DB_WRITER] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		[DB_READER] = SQLITE_OPEN_READONLY,
		[DB_GUEST] = SQLITE_OPEN_READWRITE,
	};
	flags |= accesses[db->mode];
	int status = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	if (status != SQLITE_OK) {
		g_propagate_error(error, error_new(db->handle, status, "open", db->path));
		return FALSE;
	}
	if (db->mode != DB_READER && sqlite3_db_readonly(db->handle, "main") == 1)
		return fail_errno(error, "open", db->path, EROFS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); /* until sqlite_settle */
	sqlite3_busy_timeout(db->handle, BUSY_WAIT_MS);
	return run(db, settings, error);
}

/* Counting allocations would cost a mutex at each; SQLite can be told so only before its first use. */
static void start_library(void)
{
	static gsize started;
	if (!g_once_init_enter(&started))
		return;
	sqlite3_config(
		SQLITE_CONFIG_MEMSTATUS, 0); /* refused where somebody started SQLite already, ignoring */
	sqlite3_initialize();
	g_once_init_leave(&started, 1);
}

struct db *db_open(const char *path, enum db_mode mode, GError **error)
{
	start_library();
	struct db *db = g_new0(struct db, 1);
	db->mode = mode;
	db->path = g_strdup(path);
	db->lock_fd = -1;
	db->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
	gboolean locks = mode == DB_WRITER && !is_in_memory(path);
	if ((!locks || take_writer_lock(db, error)) && open_handle(db, error))
		return db;
	db_close(db);
	return NULL;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	g_hash_table_unref(db->statements);
	g_clear_error(&db->lost);
	int status = sqlite3_close(db->handle);
	g_assert(status == SQLITE_OK);
	if (db->lock_fd >= 0)
		close(db->lock_fd); /* and so unlocks; the file stays, for removing it would race with the
				       next */
	g_free(db->path);
	g_free(db);
}

gboolean db_check(struct db *db, const struct sql_owner *const *owners, gsize count, GError **error)
{
	for (gsize i = 0; i < count; i++) {
		for (gsize n = 0; n < owners[i]->query_count; n++) {
			struct db_rows *rows = statement_new(db, owners[i]->queries[n]);
			gboolean good = statement_prepare(rows);
			if (!good)
				g_propagate_error(error, g_steal_pointer(&rows->error));
			statement_free(rows);
			if (!good)
				return FALSE;
		}
	}
	return TRUE;
}

/* ---- for migrate.c ---- */

const char *sqlite_path(const struct db *db)
{
	return db->path;
}

gboolean sqlite_only_compares(const struct db *db)
{
	return db->mode != DB_WRITER;
}

gboolean sqlite_has_table(struct db *db, const char *name)
{
	static const struct sql has_table = { .name = "has_table",
		.arg_count = 1,
		.text = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = coalesce($1, name)" };
	g_autoptr(db_rows) rows = db_query(db, &has_table, ARG_TEXT(name));
	return db_next(rows);
}

gboolean sqlite_run(struct db *db, const char *name, const char *text, GError **error)
{
	int status = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
	if (status == SQLITE_OK)
		return TRUE;
	GError *failure = error_new(db->handle, status, "apply", name);
	note_if_lost(db, failure);
	g_propagate_error(error, failure);
	return FALSE;
}

gboolean sqlite_settle(struct db *db, GError **error)
{
	static const struct sql use_log = { .name = "journal_mode", .text = "PRAGMA journal_mode = WAL" };
	g_autoptr(db_rows) rows = db_query(db, &use_log);
	gboolean logs = db_next(rows) && g_str_equal(db_text(rows, 0), "wal");
	if (!db_end(rows, error))
		return FALSE;
	if (!logs && !is_in_memory(db->path)) {
		g_set_error(error, DB_ERROR, DB_ERROR_OTHER,
			"cannot use '%s': its file system has no shared memory for a write-ahead log",
			db->path);
		return FALSE;
	}
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return TRUE;
}

/* ---- upkeep ---- */

gboolean db_checkpoint(struct db *db, GError **error)
{
	int status = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if (status == SQLITE_OK)
		return TRUE;
	g_propagate_error(error, error_new(db->handle, status, "checkpoint", db->path));
	return FALSE;
}

/* All pages in one step: one read transaction, that no commit of the writer makes begin again. */
static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	if (!backup)
		return sqlite3_errcode(to);
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup);
}

static gboolean copy_to(struct db *db, const char *path, GError **error)
{
	sqlite3 *copy = NULL;
	int status = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (status == SQLITE_OK)
		status = copy_pages(db->handle, copy);
	if (status != SQLITE_OK)
		g_propagate_error(error, error_new(copy, status, "write", path));
	sqlite3_close(copy);
	return status == SQLITE_OK;
}

gboolean db_backup(struct db *db, const char *path, GError **error)
{
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	g_unlink(part);
	if (!copy_to(db, part, error)) {
		g_unlink(part);
		return FALSE;
	}
	return g_rename(part, path) == 0 || fail_errno(error, "make", path, errno);
}
