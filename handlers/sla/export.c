/* SPDX-License-Identifier: MIT */
#include "sla/export.h"

#include "base/span.h"
#include "base/zone.h"
#include "kit/response_book.h"
#include "response_sql.h"

static void put_instant(cJSON *record, const char *name, int64_t at_ms)
{
	g_autofree char *text = at_ms == RESPONSE_NEVER ? NULL : zone_rfc3339(at_ms);
	json_put_text(record, name, text);
}

static void put_owner(cJSON *record, struct db *db, gint64 owner)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_OWNER, ARG_INT(owner));
	gboolean known = db_next(rows);
	json_put_text(record, "owner", known ? db_text(rows, 0) : NULL);
	json_put_text(record, "owner_name", known ? db_text(rows, 1) : NULL);
}

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
	put_owner(record, db, r->owner);
	json_put_text(record, "role", r->role);
	put_instant(record, "start", r->start_ms);
	put_instant(record, "due", r->due_ms);
	json_put_text(record, "status", r->status);
	put_instant(record, "breached_at", r->breached_ms);
	put_instant(record, "ended_at", r->ended_ms);
	json_put_int(record, "working_s", r->elapsed_s);
	return record;
}

static gboolean is_wanted(const struct sla_export *what, const struct response *r)
{
	g_autofree char *start = zone_rfc3339(r->start_ms);
	const size_t day = strlen("2026-03-02");
	return (!what->team || strcmp(r->team, what->team) == 0) && (!what->from || strncmp(start, what->from, day) >= 0) &&
	       (!what->to || strncmp(start, what->to, day) <= 0);
}

gboolean sla_export(struct db *db, const struct sla_export *what, gboolean (*each)(const cJSON *record, gpointer data),
	gpointer data, GError **error)
{
	g_autoptr(response_book_auto) book = response_book_new(db);
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_ALL);
	for (gboolean more = TRUE; more && db_next(rows);) {
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), error);
		if (!r)
			return FALSE;
		g_autoptr(cJSON) record = is_wanted(what, r) ? make_record(db, r) : NULL;
		more = !record || each(record, data);
	}
	return db_end(rows, error);
}
