/* SPDX-License-Identifier: MIT */
#include "health/export.h"

#include "base/zone.h"
#include "kit/deal.h"
#include "response_sql.h"

static void put_owner(cJSON *record, struct db *db, gint64 owner)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_RESPONSE_OWNER, ARG_INT(owner));
	gboolean known = db_next(rows);
	json_put_text(record, "owner", known ? db_text(rows, 0) : NULL);
	json_put_text(record, "owner_name", known ? db_text(rows, 1) : NULL);
}

static void put_instant(cJSON *record, const char *name, int64_t at_ms)
{
	g_autofree char *text = at_ms ? zone_rfc3339(at_ms) : NULL;
	json_put_text(record, name, text);
}

static cJSON *make_record(struct db *db, const struct config *config, const struct deal *deal, int64_t now_ms)
{
	cJSON *record = cJSON_CreateObject();
	g_autofree char *amount = deal->has_amount ? money_number(deal->amount.hundredths) : NULL;
	json_put_int(record, "number", deal->id);
	json_put_text(record, "team", deal->team);
	json_put_text(record, "customer", deal->customer);
	json_put_text(record, "amount", amount);
	json_put_text(record, "currency", deal->amount.currency);
	put_owner(record, db, deal->owner);
	json_put_text(record, "stage", deal->stage);
	put_instant(record, "entered_at", deal->entered_ms);
	json_put_int(record, "days", deal_days(config, deal, deal->closed_ms ? deal->closed_ms : now_ms));
	json_put_bool(record, "stalled", deal_stalls_ms(config, deal) < now_ms);
	json_put_text(record, "next_day", deal->next_day);
	json_put_text(record, "next_step", *deal->next_step ? deal->next_step : NULL);
	json_put_text(record, "source", deal->source);
	json_put_text(record, "external", deal->external);
	put_instant(record, "opened_at", deal->opened_ms);
	put_instant(record, "closed_at", deal->closed_ms);
	return record;
}

static gboolean is_wanted(const struct record_choice *choice, const struct deal *deal)
{
	g_autofree char *opened = zone_rfc3339(deal->opened_ms);
	const size_t day = strlen("2026-03-02");
	return (!choice->from || strncmp(opened, choice->from, day) >= 0) && (!choice->to || strncmp(opened, choice->to, day) <= 0);
}

gboolean health_export(struct db *db, const struct record_choice *choice, int64_t now_ms, record_each_fn *each, gpointer data, GError **error)
{
	/* Those closed since the first millisecond of all are all. */
	g_autoptr(GPtrArray) deals = deal_list(db, &(struct deal_filter){ .team = choice->team, .closed_from_ms = 1 }, error);
	gboolean more = TRUE;
	for (guint i = 0; deals && more && i < deals->len; i++) {
		g_autoptr(cJSON) record =
			is_wanted(choice, deals->pdata[i]) ? make_record(db, choice->config, deals->pdata[i], now_ms) : NULL;
		more = !record || each(record, data);
	}
	return deals != NULL;
}
