/* SPDX-License-Identifier: MIT */
#include "health/export.h"

#include "kit/deal.h"

static cJSON *make_record(struct db *db, const struct config *config, const struct deal *deal, int64_t now_ms)
{
	cJSON *record = cJSON_CreateObject();
	g_autofree char *amount = deal->has_amount ? money_number(deal->amount.hundredths) : NULL;
	json_put_int(record, "number", deal->id);
	json_put_text(record, "team", deal->team);
	json_put_text(record, "customer", deal->customer);
	json_put_text(record, "amount", amount);
	json_put_text(record, "currency", deal->amount.currency);
	record_put_owner(record, db, deal->owner);
	json_put_text(record, "stage", deal->stage);
	record_put_instant(record, "entered_at", deal->entered_ms);
	json_put_int(record, "days", deal_days(config, deal, deal->closed_ms ? deal->closed_ms : now_ms));
	json_put_bool(record, "stalled", deal_stalls_ms(config, deal) < now_ms);
	json_put_text(record, "next_day", deal->next_day);
	json_put_text(record, "next_step", *deal->next_step ? deal->next_step : NULL);
	json_put_text(record, "source", deal->source);
	json_put_text(record, "external", deal->external);
	record_put_instant(record, "opened_at", deal->opened_ms);
	record_put_instant(record, "closed_at", deal->closed_ms);
	return record;
}

gboolean health_export(struct db *db, const struct record_choice *choice, int64_t now_ms, record_each_fn *each, gpointer data, GError **error)
{
	/* Those closed since the first millisecond of all are all. */
	g_autoptr(GPtrArray) deals = deal_list(db, &(struct deal_filter){ .team = choice->team, .closed_from_ms = 1 }, error);
	gboolean more = TRUE;
	for (guint i = 0; deals && more && i < deals->len; i++) {
		const struct deal *deal = deals->pdata[i];
		g_autoptr(cJSON) record =
			record_is_wanted(choice, deal->team, deal->opened_ms) ? make_record(db, choice->config, deal, now_ms) : NULL;
		more = !record || each(record, data);
	}
	return deals != NULL;
}
