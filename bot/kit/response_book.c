/* SPDX-License-Identifier: MIT */
#include "kit/response_book.h"

#include "response_sql.h"

struct response_book {
	struct db *db;
	GHashTable *terms; /* id → struct response_terms */
};

static void free_terms(gpointer terms)
{
	response_terms_free(terms);
}

struct response_book *response_book_new(struct db *db)
{
	struct response_book *book = g_new0(struct response_book, 1);
	book->db = db;
	book->terms = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_terms);
	return book;
}

void response_book_free(struct response_book *book)
{
	if (!book)
		return;
	g_hash_table_unref(book->terms);
	g_free(book);
}

static struct response_terms *read_terms(struct response_book *book, gint64 id, GError **error)
{
	struct db_rows *rows = db_query(book->db, &SQL_RESPONSE_TERMS, ARG_INT(id));
	g_autofree char *content = db_next(rows) ? g_strdup(db_text(rows, 0)) : NULL;
	if (!db_end(rows, error))
		return NULL;
	return response_terms_parse(content ? content : "", error);
}

const struct response_terms *response_book_terms(struct response_book *book, gint64 id, GError **error)
{
	struct response_terms *terms = g_hash_table_lookup(book->terms, &id);
	if (!terms && (terms = read_terms(book, id, error)))
		g_hash_table_insert(book->terms, g_memdup2(&id, sizeof id), terms);
	return terms;
}

void response_free(struct response *r)
{
	if (!r)
		return;
	response_clock_free(r->clock);
	g_free(r->ritual);
	g_free(r->subject);
	g_free(r->team);
	g_free(r->role);
	g_free(r->status);
	g_free(r);
}

static int64_t instant(struct db_rows *rows, int column)
{
	return db_is_null(rows, column) ? RESPONSE_NEVER : db_int(rows, column);
}

/* The row, without its clock. *first_terms: those of the start. */
static struct response *read_row(struct response_book *book, gint64 id, gint64 *first_terms, GError **error)
{
	g_autoptr(response_auto) r = NULL;
	struct db_rows *rows = db_query(book->db, &SQL_RESPONSE_ONE, ARG_INT(id));
	if (db_next(rows)) {
		r = g_new0(struct response, 1);
		r->id = db_int(rows, 0);
		r->ritual = g_strdup(db_text(rows, 1));
		r->subject = g_strdup(db_text(rows, 2));
		response_target_read(db_text(rows, 3), &r->target);
		r->team = g_strdup(db_text(rows, 4));
		r->owner = db_int(rows, 5);
		r->role = g_strdup(db_text(rows, 6));
		r->start_ms = r->last_ms = db_int(rows, 7);
		*first_terms = db_int(rows, 8);
		r->terms_id = db_int(rows, 9);
		r->status = g_strdup(db_text(rows, 10));
		r->due_ms = instant(rows, 11);
		r->breached_ms = instant(rows, 12);
		r->ended_ms = instant(rows, 13);
		r->elapsed_s = db_int(rows, 14);
		r->next_ms = instant(rows, 15);
	}
	return db_end(rows, error) ? g_steal_pointer(&r) : NULL;
}

/* What the history tells the clock; what only people do with it (give, terms) is none of its business. */
static const struct {
	const char *name;
	enum response_event_kind kind;
} kinds[] = {
	{ "pause", RESPONSE_PAUSE },
	{ "resume", RESPONSE_RESUME },
	{ "stop", RESPONSE_STOP },
	{ "reopen", RESPONSE_REOPEN },
	{ "cancel", RESPONSE_CANCEL },
	{ "retarget", RESPONSE_RETARGET },
	{ "recalendar", RESPONSE_RECALENDAR },
};

static void tell_clock(struct response *r, const char *kind, int64_t at_ms, const struct response_terms *terms)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].name, kind) == 0)
			response_clock_take(r->clock, &(struct response_event){
							      .at_ms = at_ms,
							      .kind = kinds[i].kind,
							      .target_s = terms ? MAX(terms->span, 0) : 0,
							      .afresh = terms && terms->afresh,
							      .calendar = terms ? terms->calendar : NULL,
							      .onward = terms && terms->onward,
						      });
}

static gboolean play(struct response_book *book, struct response *r, response_deed_fn *each, gpointer data, GError **error)
{
	struct db_rows *rows = db_query(book->db, &SQL_RESPONSE_HISTORY, ARG_INT(r->id));
	gboolean good = TRUE;
	while (good && db_next(rows)) {
		struct response_deed deed = { db_int(rows, 0), db_text(rows, 1), db_int(rows, 2), db_text(rows, 3) };
		gint64 id = db_int(rows, 4);
		const struct response_terms *terms = id ? response_book_terms(book, id, error) : NULL;
		good = terms || !id;
		if (good)
			tell_clock(r, deed.kind, deed.at_ms, terms);
		r->last_ms = deed.at_ms;
		if (good && each)
			each(r, &deed, data);
	}
	return good ? db_end(rows, error) : (db_end(rows, NULL), FALSE);
}

struct response *response_book_tell(struct response_book *book, gint64 id, response_deed_fn *each, gpointer data, GError **error)
{
	gint64 first = 0;
	g_autoptr(response_auto) r = read_row(book, id, &first, error);
	const struct response_terms *terms = r ? response_book_terms(book, first, error) : NULL;
	if (!terms)
		return NULL;
	struct response_promise promise = response_terms_promise(terms, r->start_ms);
	r->clock = response_clock_new(&promise);
	r->terms = response_book_terms(book, r->terms_id, error);
	if (r->terms && each)
		each(r, &(struct response_deed){ r->start_ms, "start", 0, "" }, data);
	return r->terms && play(book, r, each, data, error) ? g_steal_pointer(&r) : NULL;
}

struct response *response_book_read(struct response_book *book, gint64 id, GError **error)
{
	return response_book_tell(book, id, NULL, NULL, error);
}

gboolean response_agrees(const struct response *r, struct response_state *computed)
{
	response_clock_state(r->clock, r->last_ms, computed);
	gboolean ended = r->ended_ms != RESPONSE_NEVER;
	return r->due_ms == computed->due_ms &&
	       (!ended || (strcmp(r->status, response_status_name(computed->status)) == 0 && r->elapsed_s == computed->elapsed_s));
}
