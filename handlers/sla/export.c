/* SPDX-License-Identifier: MIT */
#include "sla/export.h"

#include "base/span.h"
#include "kit/response_book.h"
#include "response_sql.h"

static cJSON *make_record(struct db *db, const struct response *r)
{
	cJSON *record = cJSON_CreateObject();
	g_autofree char *promised = span_text(r->terms->span);
	json_put_int(record, "number", r->id);
	json_put_text(record, "team", r->team);
	json_put_text(record, "about", r->ritual);
	json_put_text(record, "subject", r->subject);
	json_put_text(record, "target", response_target_name(r->target));
	json_put_text(record, "policy", r->terms->policy);
	json_put_text(record, "promised", promised);
	record_put_owner(record, db, r->owner);
	json_put_text(record, "role", r->role);
	record_put_instant(record, "start", r->start_ms);
	record_put_instant(record, "due", r->due_ms);
	json_put_text(record, "status", r->status);
	record_put_instant(record, "breached_at", r->breached_ms);
	record_put_instant(record, "ended_at", r->ended_ms);
	json_put_int(record, "working_s", r->elapsed_s);
	return record;
}

gboolean sla_export(struct db *db, const struct record_choice *choice, record_each_fn *each, gpointer data, GError **error)
{
	g_autoptr(response_book_auto) book = response_book_new(db);
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_ALL);
	for (gboolean more = TRUE; more && db_next(rows);) {
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), error);
		if (!r)
			return FALSE;
		g_autoptr(cJSON) record = record_is_wanted(choice, r->team, r->start_ms) ? make_record(db, r) : NULL;
		more = !record || each(record, data);
	}
	return db_end(rows, error);
}
