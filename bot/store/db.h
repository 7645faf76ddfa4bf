/* SPDX-License-Identifier: MIT */
/*
 * The store: one database file, its statements and its transactions.
 *
 *	db_begin(db, error);
 *	db_exec(db, &SQL_STANDUP_SAVE_ANSWER, error, ARG_TEXT(person), ARG_TEXT(day), ARG_TEXT(text));
 *	db_commit(db, error);
 *
 *	g_autoptr(db_rows) rows = db_query(db, &SQL_STANDUP_ANSWERS, ARG_TEXT(day));
 *	while (db_next(rows))
 *		show(db_text(rows, 0), db_int(rows, 1));
 *	return db_end(rows, error);
 *
 * What db_commit returned TRUE for is on the disk (write-ahead log, synchronous=FULL). Statements are prepared at
 * their first use and kept; running one allocates nothing here. A query may be run again while an outer run of it
 * is still being read.
 *
 * The disk may fail in the middle of a transaction, and then the whole transaction is rolled back, not one statement.
 * The transaction is then *lost*: every call fails with the first cause until db_rollback, so that nothing slips
 * out as a transaction of its own.
 *
 * What a statement costs is the pages it changes, 4 KB of log each per transaction. So a big table's keys should begin
 * with what grows (a time, a row number): with scattered ones a batch of 100 events costs twice as much and ever
 * more as the table grows (tests/bench/bench_store).
 *
 * Lifetime: opened by app, closed last. Thread: one at a time for each struct db; the writer belongs to the clerk,
 * each reader to who opened it. Driver: sqlite.c.
 */
#pragma once

#include <stdint.h>

#include "store/sql.h"

#define DB_ERROR db_error_quark()
GQuark db_error_quark(void);
enum db_error {
	DB_ERROR_BUSY,	     /* somebody else holds it: another daemon, or a lock that outlasted the wait of 5 s */
	DB_ERROR_DISK,	     /* full, failing, missing or not permitted: later may be better, nothing was kept */
	DB_ERROR_CONSTRAINT, /* a CHECK, UNIQUE, NOT NULL or FOREIGN KEY refused the statement; the transaction goes on */
	DB_ERROR_CORRUPT,    /* damaged, or no database at all */
	DB_ERROR_FOREIGN,    /* a database, but not one of Belltower's */
	DB_ERROR_NEWER,	     /* it has a migration that this program does not know */
	DB_ERROR_OLDER,	     /* a reader found migrations missing: the writer has to run first */
	DB_ERROR_EDITED,     /* a migration was changed after it had been applied */
	DB_ERROR_OTHER,
};

struct db;
struct db_rows;
typedef struct db_rows db_rows; /* only so that g_autoptr can name it */

enum db_mode {
	DB_WRITER, /* the only one: a second writer is refused (flock on PATH.lock); the file is made when missing */
	DB_READER, /* sees what is committed, also while the writer works; cannot write */
	/*
	 * Writes beside the writer: for a program that hands something over in one short transaction and then knocks. For each
	 * of its transactions one waits for the other, 5 s at most.
	 */
	DB_GUEST,
};

/* What stands for one $n. Texts and blobs are borrowed: until db_exec returns, or until db_end of a query. */
struct db_arg {
	enum { DB_ARG_NULL, DB_ARG_INT, DB_ARG_TEXT, DB_ARG_BLOB } kind;
	int length; /* of a blob, in bytes; of a text too, or -1 when it ends with NUL */
	union {
		int64_t number;
		const void *bytes;
	};
};
#define ARG_NULL	    ((struct db_arg){ .kind = DB_ARG_NULL })
#define ARG_INT(n)	    ((struct db_arg){ .kind = DB_ARG_INT, .number = (int64_t)(n) })
#define ARG_TEXT(s)	    db_arg_text((s), -1) /* UTF-8; a NULL pointer is NULL */
#define ARG_TEXT_LEN(s, n)  db_arg_text((s), (n))
#define ARG_BLOB(bytes_, n) ((struct db_arg){ .kind = DB_ARG_BLOB, .length = (int)(n), .bytes = (bytes_) })
/* A list of them as two arguments, pointer and count: for functions that pass them on. */
#define DB_ARGS(...)                                                                                                   \
	(const struct db_arg[]){ __VA_ARGS__ }, sizeof((const struct db_arg[]){ __VA_ARGS__ }) / sizeof(struct db_arg)

static inline struct db_arg db_arg_text(const char *text, gssize length)
{
	return (struct db_arg){ .kind = DB_ARG_TEXT, .length = (int)length, .bytes = text };
}

/*
 * Opens `path` (":memory:": in memory, for tests). Writes nothing into a database that exists: db_migrate, which
 * every program calls next, decides whether it may. Errors: DB_ERROR_BUSY when another writer has it, _DISK, _CORRUPT.
 */
struct db *db_open(const char *path, enum db_mode mode, GError **error);
/* Rolls back what is open and closes. NULL is fine. */
void db_close(struct db *db);

/*
 * Brings the schema up to date: applies what is pending of all owners, in the order given and in one transaction.
 * A database from a newer program, with an edited migration, or of somebody else is refused and left untouched. On a
 * reader or guest it only compares, and answers DB_ERROR_OLDER when something is pending.
 */
gboolean db_migrate(struct db *db, const struct sql_owner *const *owners, gsize count, GError **error);
/* The file whose times change when a guest knocks: what the writer's program watches (base/watch.h). Caller frees. */
char *db_door(const char *path);
/* A guest has committed: whoever holds the database is to look. */
gboolean db_knock(const char *path, GError **error);
/* Prepares every query of the owners once and drops it: a test's way to find a misspelt column. */
gboolean db_check(struct db *db, const struct sql_owner *const *owners, gsize count, GError **error);

/* Runs a statement to its end, ignoring rows it may return. */
#define db_exec(db, sql, error, ...) db_exec_args((db), (sql), DB_ARGS(__VA_ARGS__), (error))
gboolean db_exec_args(struct db *db, const struct sql *sql, const struct db_arg *args, gsize count, GError **error);
/* Rows that the last db_exec inserted, updated or deleted. */
int64_t db_changes(const struct db *db);
/* The integer key that the last successful insert of this connection gave. */
int64_t db_last_id(const struct db *db);

/*
 * Runs a statement that has rows (SELECT, … RETURNING). Never NULL: a failure shows as no (more) rows and is told by
 * db_end. The rows are the kept statement itself: end them, or let g_autoptr do it, before the database is closed.
 */
#define db_query(db, sql, ...) db_query_args((db), (sql), DB_ARGS(__VA_ARGS__))
struct db_rows *db_query_args(struct db *db, const struct sql *sql, const struct db_arg *args, gsize count);
/* Steps to the next row: FALSE after the last one, or on failure. */
gboolean db_next(struct db_rows *rows);
/* Columns of the current row, from 0. Texts and blobs are borrowed until the next db_next or db_end. */
const char *db_text(struct db_rows *rows, int column); /* NULL for NULL */
int64_t db_int(struct db_rows *rows, int column);      /* 0 for NULL */
gboolean db_is_null(struct db_rows *rows, int column);
const void *db_blob(struct db_rows *rows, int column, gsize *length); /* NULL for NULL or empty */
/*
 * Frees the statement for its next use, read to the end or not, and sets the variable `rows` to NULL: the statement
 * may be somebody else's by the time the variable goes out of scope. FALSE when anything failed since db_query.
 */
#define db_end(rows, error) db_end_take(g_steal_pointer(&(rows)), (error))
gboolean db_end_take(struct db_rows *rows, GError **error);
void db_rows_drop(struct db_rows *rows); /* the same, when nobody asks: for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(db_rows, db_rows_drop)

/* A writer's or guest's transaction takes the write lock at once; a reader's sees one state of the database until its end. */
gboolean db_begin(struct db *db, GError **error);
/* On failure everything since db_begin is rolled back. */
gboolean db_commit(struct db *db, GError **error);
/* Ends the transaction, also a lost one; nothing happens when there is none. */
void db_rollback(struct db *db);
/* TRUE between db_begin and its commit or rollback, also when it is lost. */
gboolean db_in_transaction(const struct db *db);

/*
 * Savepoints nest, inside a transaction. Each is ended by one of the two: kept into what surrounds it, or undone.
 * db_undo fails when the transaction is lost: then there is nothing left but db_rollback.
 */
gboolean db_savepoint(struct db *db, GError **error);
gboolean db_release(struct db *db, GError **error);
gboolean db_undo(struct db *db, GError **error);

/*
 * Moves what the log holds into the database file, as far as readers allow: for a moment when nothing else is to do.
 * Commits do it by themselves every 4,000 pages (16 MB).
 */
gboolean db_checkpoint(struct db *db, GError **error);
/* Copies the database as it is now to `path`, while writer and readers go on; `path` appears when it is complete. */
gboolean db_backup(struct db *db, const char *path, GError **error);
