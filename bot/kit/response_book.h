/* SPDX-License-Identifier: MIT */
/*
 * The book of promises: a promise read from the store, with its clock played from its history. For the kit (response.h), for reports
 * and for the commands that explain or check what is stored. It reads; only response.c writes.
 *
 *	g_autoptr(response_book_auto) book = response_book_new(db);
 *	struct response *r = response_book_read(book, id, error);
 *	response_clock_state(r->clock, now_ms, &state);
 *
 * Thread: whoever holds the database.
 */
#pragma once

#include "kit/response_terms.h"
#include "store/db.h"

#include "base/banned.h"

struct response_book;

/* One promise; texts are its own, terms and calendars the book's. */
struct response {
	gint64 id;
	char *ritual, *subject, *team, *role; /* role: who is to answer, "" when it is the owner alone */
	enum response_target target;
	gint64 owner; /* a person's number; 0: nobody yet */
	int64_t start_ms, last_ms; /* last: of what happened to it */
	gint64 terms_id;
	const struct response_terms *terms; /* that count now */
	struct response_clock *clock;
	/* As stored: */
	char *status;
	int64_t due_ms, breached_ms, ended_ms, elapsed_s; /* RESPONSE_NEVER: none */
	int64_t next_ms; /* when it rings next; RESPONSE_NEVER: it does not, by what is known */
};

/* One line of its history; texts are borrowed for the call. */
struct response_deed {
	int64_t at_ms;
	const char *kind; /* "start", or as in response.sql */
	gint64 person;	  /* who did it; 0: nobody, or time */
	const char *why;
};

struct response_book *response_book_new(struct db *db);
void response_book_free(struct response_book *book);

/* Terms by their number, kept as long as the book; NULL with the error. */
const struct response_terms *response_book_terms(struct response_book *book, gint64 id, GError **error);
/* NULL with the error, or without one when there is no such promise. */
struct response *response_book_read(struct response_book *book, gint64 id, GError **error);
/* The same, and `each` sees every line of the history, from its start on, with the clock as it stood then. */
typedef void response_deed_fn(const struct response *r, const struct response_deed *deed, gpointer data);
struct response *response_book_tell(struct response_book *book, gint64 id, response_deed_fn *each, gpointer data, GError **error);
void response_free(struct response *r);
/*
 * Whether what is stored beside the history follows from it. *computed: where it stood when something happened to it last, for
 * an open promise is overdue by the clock alone.
 */
gboolean response_agrees(const struct response *r, struct response_state *computed);

typedef struct response_book response_book_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(response_book_auto, response_book_free)
typedef struct response response_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(response_auto, response_free)
