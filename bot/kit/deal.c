/* SPDX-License-Identifier: MIT */
#include "kit/deal.h"

#include "base/zone.h"
#include "deal_sql.h"

/* ---- reading ---- */

void deal_free(struct deal *deal)
{
	if (!deal)
		return;
	g_free(deal->team);
	g_free(deal->customer);
	g_free(deal->stage);
	g_free(deal->next_day);
	g_free(deal->next_step);
	g_free(deal->silent_day);
	g_free(deal->source);
	g_free(deal->external);
	g_free(deal);
}

static void free_deal(gpointer deal)
{
	deal_free(deal);
}

static struct deal *deal_of(struct db_rows *rows)
{
	struct deal *deal = g_new0(struct deal, 1);
	deal->id = db_int(rows, 0);
	deal->team = g_strdup(db_text(rows, 1));
	deal->customer = g_strdup(db_text(rows, 2));
	deal->has_amount = !db_is_null(rows, 3);
	deal->amount.hundredths = db_int(rows, 3);
	g_strlcpy(deal->amount.currency, db_text(rows, 4), MONEY_CURRENCY_SIZE);
	deal->owner = db_int(rows, 5);
	deal->stage = g_strdup(db_text(rows, 6));
	deal->entered_ms = db_int(rows, 7);
	deal->next_day = g_strdup(db_text(rows, 8));
	deal->next_step = g_strdup(db_text(rows, 9));
	deal->silent_day = g_strdup(db_text(rows, 10));
	deal->silences = (int)db_int(rows, 11);
	deal->source = g_strdup(db_text(rows, 12));
	deal->external = g_strdup(db_text(rows, 13));
	deal->opened_ms = db_int(rows, 14);
	deal->closed_ms = db_int(rows, 15);
	return deal;
}

struct deal *deal_read(struct db *db, gint64 id, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_ONE, ARG_INT(id));
	g_autoptr(deal_auto) deal = db_next(rows) ? deal_of(rows) : NULL;
	return db_end(rows, error) ? g_steal_pointer(&deal) : NULL;
}

gboolean deal_find(struct db *db, const char *source, const char *external, gint64 *id, GError **error)
{
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_BY_EXTERNAL, ARG_TEXT(source), ARG_TEXT(external));
	gint64 found = db_next(rows) ? db_int(rows, 0) : 0;
	if (!db_end(rows, error))
		return FALSE;
	*id = found;
	return TRUE;
}

GPtrArray *deal_list(struct db *db, const struct deal_filter *filter, GError **error)
{
	g_autoptr(GPtrArray) deals = g_ptr_array_new_with_free_func(free_deal);
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_LIST, ARG_TEXT(filter->team ? filter->team : ""), ARG_INT(filter->owner),
		ARG_TEXT(filter->stage ? filter->stage : ""), filter->closed_from_ms ? ARG_INT(filter->closed_from_ms) : ARG_NULL);
	while (db_next(rows)) {
		g_autoptr(deal_auto) deal = deal_of(rows);
		if (!filter->stalled_ms || deal_stalls_ms(filter->config, deal) < filter->stalled_ms)
			g_ptr_array_add(deals, g_steal_pointer(&deal));
	}
	return db_end(rows, error) ? g_steal_pointer(&deals) : NULL;
}

GTimeZone *deal_zone(const struct config *config, const char *team)
{
	const struct config_team *found = config_team(config, team);
	return zone_find(found ? found->zone : config->default_zone);
}

int64_t deal_stalls_ms(const struct config *config, const struct deal *deal)
{
	int64_t silent_ms = 0;
	const struct config_stage *stage = config_stage(config, deal->stage);
	if (!stage || stage->stall_days == 0 || deal->closed_ms)
		return G_MAXINT64;
	GTimeZone *zone = deal_zone(config, deal->team);
	if (deal->silent_day && !zone_instant(zone, deal->silent_day, 0, &silent_ms))
		silent_ms = 0;
	return MAX(silent_ms, zone_days_later(zone, deal->entered_ms, stage->stall_days));
}

int deal_days(const struct config *config, const struct deal *deal, int64_t now_ms)
{
	char from[ZONE_DAY_SIZE], to[ZONE_DAY_SIZE];
	GTimeZone *zone = deal_zone(config, deal->team);
	zone_day(zone, deal->entered_ms, from);
	zone_day(zone, now_ms, to);
	return MAX(zone_days_between(from, to), 0);
}

char *deal_label(const struct deal *deal)
{
	if (!deal->has_amount)
		return g_strdup(deal->customer);
	g_autofree char *sum = money_text(deal->amount.hundredths, deal->amount.currency);
	return g_strdup_printf("%s %s", deal->customer, sum);
}

gboolean deal_shows_sums(const struct roster *roster, const struct team *team)
{
	return roster_is_among_itself(roster, team);
}

static void free_event(gpointer data)
{
	struct deal_event *event = data;
	g_free(event->kind);
	g_free(event->before);
	g_free(event->after);
	g_free(event->source);
	g_free(event);
}

GPtrArray *deal_history(struct db *db, gint64 id, GError **error)
{
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(free_event);
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_HISTORY, ARG_INT(id));
	while (db_next(rows)) {
		struct deal_event *event = g_new0(struct deal_event, 1);
		*event = (struct deal_event){ db_int(rows, 0), g_strdup(db_text(rows, 1)), g_strdup(db_text(rows, 2)),
			g_strdup(db_text(rows, 3)), g_strdup(db_text(rows, 4)), db_int(rows, 5) };
		g_ptr_array_add(events, event);
	}
	return db_end(rows, error) ? g_steal_pointer(&events) : NULL;
}

static void free_move(gpointer data)
{
	struct deal_move *move = data;
	g_free(move->before);
	g_free(move->after);
	g_free(move);
}

GPtrArray *deal_moves(struct db *db, const char *team, int64_t from_ms, int64_t to_ms, GError **error)
{
	g_autoptr(GPtrArray) moves = g_ptr_array_new_with_free_func(free_move);
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_MOVES, ARG_TEXT(team), ARG_INT(from_ms), ARG_INT(to_ms));
	while (db_next(rows)) {
		struct deal_move *move = g_new0(struct deal_move, 1);
		move->deal = db_int(rows, 0);
		move->at_ms = db_int(rows, 1);
		move->before = g_strdup(db_text(rows, 2));
		move->after = g_strdup(db_text(rows, 3));
		move->owner = db_int(rows, 4);
		move->has_amount = !db_is_null(rows, 5);
		move->amount.hundredths = db_int(rows, 5);
		g_strlcpy(move->amount.currency, db_text(rows, 6), MONEY_CURRENCY_SIZE);
		g_ptr_array_add(moves, move);
	}
	return db_end(rows, error) ? g_steal_pointer(&moves) : NULL;
}

/* ---- writing ---- */

/* A deal at work: its row before, and its history as it grows. */
struct desk {
	struct db *db;
	const struct deal_teller *by;
	gint64 id;
	gboolean changed;
	GError **error;
};

static gboolean note(struct desk *d, const char *kind, const char *before, const char *after, int64_t at_ms)
{
	d->changed = TRUE;
	return db_exec(d->db, &SQL_DEAL_NOTE, d->error, ARG_INT(d->id), ARG_INT(at_ms), ARG_TEXT(kind), ARG_TEXT(before ? before : ""),
		ARG_TEXT(after ? after : ""), ARG_TEXT(d->by->source), d->by->person ? ARG_INT(d->by->person) : ARG_NULL);
}

/* A text that is told anew takes the place of the old one. */
static gboolean renew(struct desk *d, const char *kind, char **field, const char *news)
{
	if (!news || g_strcmp0(*field, news) == 0)
		return TRUE;
	gboolean done = note(d, kind, *field, news, d->by->now_ms);
	g_free(*field);
	*field = g_strdup(news);
	return done;
}

static gboolean renew_amount(struct desk *d, struct deal *deal, const struct money *news)
{
	if (!news || (deal->has_amount && deal->amount.hundredths == news->hundredths && strcmp(deal->amount.currency, news->currency) == 0))
		return TRUE;
	g_autofree char *before = deal->has_amount ? money_text(deal->amount.hundredths, deal->amount.currency) : NULL;
	g_autofree char *after = money_text(news->hundredths, news->currency);
	deal->has_amount = TRUE;
	deal->amount = *news;
	return note(d, "amount", before, after, d->by->now_ms);
}

static gboolean renew_owner(struct desk *d, struct deal *deal, gint64 news)
{
	if (!news || news == deal->owner)
		return TRUE;
	g_autofree char *before = g_strdup_printf("%" G_GINT64_FORMAT, deal->owner);
	g_autofree char *after = g_strdup_printf("%" G_GINT64_FORMAT, news);
	deal->owner = news;
	return note(d, "owner", before, after, d->by->now_ms);
}

static int64_t entered_ms(const struct deal_teller *by, const struct deal_news *news)
{
	return news->entered_ms ? MIN(news->entered_ms, by->now_ms) : by->now_ms;
}

static int64_t closed_ms(const struct config *config, const char *stage, int64_t at_ms)
{
	const struct config_stage *found = config_stage(config, stage);
	return found && strcmp(found->end, "open") != 0 ? at_ms : 0;
}

/* What was agreed of the stage before is over with it. */
static gboolean move(struct desk *d, const struct config *config, struct deal *deal, const struct deal_news *news)
{
	if (!news->stage || strcmp(news->stage, deal->stage) == 0)
		return TRUE;
	deal->entered_ms = entered_ms(d->by, news);
	deal->closed_ms = closed_ms(config, news->stage, deal->entered_ms);
	deal->silences = 0;
	g_clear_pointer(&deal->silent_day, g_free);
	g_clear_pointer(&deal->next_day, g_free);
	g_free(deal->next_step);
	deal->next_step = g_strdup("");
	gboolean done = note(d, "stage", deal->stage, news->stage, deal->entered_ms);
	g_free(deal->stage);
	deal->stage = g_strdup(news->stage);
	return done;
}

static struct db_arg number(int64_t n)
{
	return n ? ARG_INT(n) : ARG_NULL;
}

static gboolean keep(struct desk *d, const struct deal *deal)
{
	return !d->changed ||
	       db_exec(d->db, &SQL_DEAL_CHANGE, d->error, ARG_INT(deal->id), ARG_TEXT(deal->team), ARG_TEXT(deal->customer),
		       deal->has_amount ? ARG_INT(deal->amount.hundredths) : ARG_NULL, ARG_TEXT(deal->amount.currency), ARG_INT(deal->owner),
		       ARG_TEXT(deal->stage), ARG_INT(deal->entered_ms), ARG_TEXT(deal->next_day), ARG_TEXT(deal->next_step),
		       ARG_TEXT(deal->silent_day), ARG_INT(deal->silences), number(deal->closed_ms));
}

static gboolean change(struct desk *d, const struct config *config, const struct deal_news *news, struct deal_result *result)
{
	g_autoptr(deal_auto) deal = deal_read(d->db, d->id, d->error);
	g_autofree char *stage = deal ? g_strdup(deal->stage) : NULL;
	gboolean done = deal && renew(d, "team", &deal->team, news->team) && renew(d, "customer", &deal->customer, news->customer) &&
			renew_amount(d, deal, news->amount) && renew_owner(d, deal, news->owner) && move(d, config, deal, news) && keep(d, deal);
	if (done)
		*result = (struct deal_result){ .id = d->id, .changed = d->changed, .moved = strcmp(stage, deal->stage) != 0 };
	return done;
}

static gboolean add(struct desk *d, const struct config *config, const struct deal_news *news, struct deal_result *result)
{
	const char *stage = news->stage ? news->stage : config->deals.stages[0]->name;
	int64_t at_ms = entered_ms(d->by, news);
	if (!db_exec(d->db, &SQL_DEAL_ADD, d->error, ARG_TEXT(news->team), ARG_TEXT(news->customer),
		    news->amount ? ARG_INT(news->amount->hundredths) : ARG_NULL,
		    ARG_TEXT(news->amount ? news->amount->currency : config->deals.currency), ARG_INT(news->owner), ARG_TEXT(stage),
		    ARG_INT(at_ms), ARG_TEXT(d->by->source), ARG_TEXT(news->external), ARG_INT(d->by->now_ms),
		    number(closed_ms(config, stage, at_ms))))
		return FALSE;
	d->id = db_last_id(d->db);
	*result = (struct deal_result){ .id = d->id, .added = TRUE };
	return note(d, "opened", NULL, stage, at_ms);
}

gboolean deal_put(struct db *db, const struct config *config, const struct deal_teller *by, gint64 id, const struct deal_news *news,
	struct deal_result *result, GError **error)
{
	struct desk d = { .db = db, .by = by, .id = id, .error = error };
	if (!d.id && news->external && !deal_find(db, by->source, news->external, &d.id, error))
		return FALSE;
	return (d.id ? change : add)(&d, config, news, result);
}

static gboolean puts_off(const struct deal *deal, const char *day, const char *rings_day)
{
	return day && rings_day && strcmp(day, rings_day) > 0 && deal->silences < DEAL_SILENCES;
}

gboolean deal_plan_step(struct db *db, const struct deal_teller *by, gint64 id, const char *day, const char *words,
	const char *rings_day, gboolean *silences, GError **error)
{
	struct desk d = { .db = db, .by = by, .id = id, .error = error };
	g_autoptr(deal_auto) deal = deal_read(db, id, error);
	if (!deal || !note(&d, "next", deal->next_day, day, by->now_ms))
		return FALSE;
	gboolean later = puts_off(deal, day, rings_day);
	/* An earlier day than the one that silences takes its place; a later one has to be allowed. */
	if (later || (deal->silent_day && g_strcmp0(day, deal->silent_day) < 0)) {
		g_free(deal->silent_day);
		deal->silent_day = g_strdup(day);
		deal->silences += later;
	}
	g_free(deal->next_day);
	deal->next_day = g_strdup(day);
	g_free(deal->next_step);
	deal->next_step = g_strdup(words);
	if (!keep(&d, deal))
		return FALSE;
	*silences = day && g_strcmp0(deal->silent_day, day) == 0;
	return TRUE;
}

/* ---- for the ritual ---- */

GArray *deal_stirred(struct db *db, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(db_rows) rows = db_query(db, &SQL_DEAL_STIRRED);
	while (db_next(rows)) {
		gint64 id = db_int(rows, 0);
		g_array_append_val(ids, id);
	}
	return db_end(rows, error) ? g_steal_pointer(&ids) : NULL;
}

gboolean deal_calm(struct db *db, gint64 id, GError **error)
{
	return db_exec(db, &SQL_DEAL_CALM, error, ARG_INT(id));
}
