/* SPDX-License-Identifier: MIT */
#include "health/health.h"

#include "base/clock.h"
#include "base/zone.h"
#include "health_texts.h"
#include "kit/stall.h"

enum { STALLED_SHOWN = 10 };

/* What a report is made of. */
struct material {
	const struct config *config;
	GPtrArray *deals; /* struct deal, open */
	GPtrArray *moves; /* struct deal_move */
	struct deal_figures figures;
	struct stall_worth worth; /* of the plans, over as many days as what went on */
};

static void release_material(struct material *m)
{
	deal_figures_release(&m->figures);
	g_clear_pointer(&m->deals, g_ptr_array_unref);
	g_clear_pointer(&m->moves, g_ptr_array_unref);
}

/* FALSE: the turn has failed. */
static gboolean gather(struct turn *t, const struct health_view *view, struct material *out)
{
	const char *team = view->team->config->name;
	gint64 owner = view->owner ? view->owner->id : 0;
	int64_t early_ms = MIN(view->from_ms, t->now_ms - DAYS(DEAL_CONVERSION_DAYS));
	if (!turn_ok(t))
		return FALSE;
	out->config = roster_config(t->roster);
	out->deals = deal_list(t->db, &(struct deal_filter){ .team = team, .owner = owner }, &t->error);
	out->moves = out->deals ? deal_moves(t->db, team, early_ms, t->now_ms + 1, &t->error) : NULL;
	if (!out->moves)
		return FALSE;
	if (!stall_measure(t->db, team, t->now_ms - DAYS(DEAL_CONVERSION_DAYS), t->now_ms + 1, &out->worth, &t->error))
		return FALSE;
	deal_figures_of(out->config, out->deals, out->moves, &(struct deal_span){ owner, view->from_ms, t->now_ms }, &out->figures);
	if (view->in_channel && !deal_shows_sums(t->roster, view->team))
		deal_figures_drop_sums(&out->figures);
	return TRUE;
}

/* ---- in words ---- */

static const char *sums_of(struct turn *t, const GArray *sums)
{
	return turn_keep(t, deal_sums_text(sums));
}

/* "2 won (¥120,000)"; without a sum the number alone. */
static const char *with_sums(struct turn *t, guint count, const GArray *sums, enum language language)
{
	return sums->len == 0 ? turn_keep(t, g_strdup_printf("%u", count))
			      : turn_text_in(t, language, "health.with_sum", TEXT_ARG("count", count), TEXT_ARG("sum", sums_of(t, sums)));
}

static void add_week(struct turn *t, struct message *m, const struct deal_figures *f, enum language language)
{
	message_say(m, turn_text_in(t, language, "health.week", TEXT_ARG("opened", f->opened), TEXT_ARG("moved", f->moved),
			       TEXT_ARG("won", with_sums(t, f->won, f->won_sums, language)),
			       TEXT_ARG("lost", with_sums(t, f->lost, f->lost_sums, language)), TEXT_ARG("stalled", f->stalled)));
}

static const char *stage_text(struct turn *t, const struct deal_stage_figures *f, enum language language)
{
	const char *deals = f->sums->len == 0 ? turn_text_in(t, language, "health.deals", TEXT_ARG("count", f->deals))
					      : turn_text_in(t, language, "health.deals_sum", TEXT_ARG("count", f->deals),
							TEXT_ARG("sum", sums_of(t, f->sums)));
	GString *text = g_string_new(deals);
	if (f->deals > 0)
		g_string_append(text, turn_text_in(t, language, "health.stood", TEXT_ARG("median", f->median_days), TEXT_ARG("oldest", f->oldest_days)));
	if (f->stalled > 0)
		g_string_append(text, turn_text_in(t, language, "health.stalled", TEXT_ARG("count", f->stalled)));
	if (f->left > 0)
		g_string_append(text, turn_text_in(t, language, "health.went_on", TEXT_ARG("share", f->went_on * 100 / f->left),
					      TEXT_ARG("on", f->went_on), TEXT_ARG("left", f->left)));
	return turn_keep(t, g_string_free(text, FALSE));
}

/* ---- the chart ---- */

static const struct money *sum_in(const GArray *sums, const char *currency)
{
	for (guint i = 0; i < sums->len; i++)
		if (strcmp(g_array_index(sums, struct money, i).currency, currency) == 0)
			return &g_array_index(sums, struct money, i);
	return NULL;
}

/* The currency to draw: the configuration's, or the first there is; NULL: no deal has an amount. */
static const char *currency_of(const struct material *from)
{
	const char *first = NULL;
	for (guint i = 0; i < from->figures.stages->len; i++) {
		const GArray *sums = g_array_index(from->figures.stages, struct deal_stage_figures, i).sums;
		if (sum_in(sums, from->config->deals.currency))
			return from->config->deals.currency;
		if (!first && sums->len > 0)
			first = g_array_index(sums, struct money, 0).currency;
	}
	return first;
}

/* Money by stage; deals by stage when no amounts are known. */
static void add_chart(struct turn *t, struct message *m, const struct material *from, enum language language)
{
	const char *currency = currency_of(from);
	message_chart(m, turn_text_in(t, language, currency ? "health.chart_money" : "health.chart_deals"), currency ? currency : "", NULL);
	for (guint i = 0; i < from->figures.stages->len; i++) {
		const struct deal_stage_figures *f = &g_array_index(from->figures.stages, struct deal_stage_figures, i);
		const struct money *sum = currency ? sum_in(f->sums, currency) : NULL;
		g_autofree char *value = currency ? money_number(sum ? sum->hundredths : 0) : g_strdup_printf("%u", f->deals);
		message_bar(m, config_stage_title(f->stage, language), value);
	}
}

/* ---- what has stalled ---- */

static void add_stalled_deal(struct turn *t, struct message *m, const struct material *from, const struct deal *deal,
	enum language language)
{
	const struct person *owner = roster_person_by_id(t->roster, deal->owner);
	const struct config_stage *stage = config_stage(from->config, deal->stage);
	g_autofree char *label = deal_label(deal);
	message_item(m, turn_text_in(t, language, "health.stalled_deal", TEXT_ARG("number", deal->id), TEXT_ARG("deal", (const char *)label),
				TEXT_ARG("owner", owner ? owner->name : "–"), TEXT_ARG("stage", config_stage_title(stage, language)),
				TEXT_ARG("days", deal_days(from->config, deal, t->now_ms))));
}

static gint longest_first(gconstpointer a, gconstpointer b)
{
	const struct deal *one = *(const struct deal *const *)a, *two = *(const struct deal *const *)b;
	return one->entered_ms < two->entered_ms ? -1 : one->entered_ms > two->entered_ms;
}

static void add_stalled(struct turn *t, struct message *m, const struct material *from, enum language language)
{
	guint shown = 0;
	if (from->figures.stalled == 0)
		return;
	message_say(m, turn_text_in(t, language, "health.stalled_title"));
	g_ptr_array_sort(from->deals, longest_first);
	for (guint i = 0; i < from->deals->len && shown < STALLED_SHOWN; i++) {
		const struct deal *deal = from->deals->pdata[i];
		if (deal_stalls_ms(from->config, deal) >= t->now_ms)
			continue;
		add_stalled_deal(t, m, from, deal, language);
		shown++;
	}
	if (shown < from->figures.stalled)
		message_say(m, turn_text_in(t, language, "health.more", TEXT_ARG("count", from->figures.stalled - shown)));
}

/* ---- what the plans were worth ---- */

/* "3 of 5": how many had gone forward when it was looked. */
static const char *look_text(struct turn *t, const guint outcomes[STALL_OUTCOMES], enum language language)
{
	guint all = 0, on = outcomes[STALL_WON] + outcomes[STALL_FORWARD];
	for (int i = 0; i < STALL_OUTCOMES; i++)
		all += outcomes[i];
	return turn_text_in(t, language, "health.of", TEXT_ARG("on", on), TEXT_ARG("all", all));
}

static void add_plans(struct turn *t, struct message *m, const struct stall_worth *worth, enum language language)
{
	if (worth->plans == 0)
		return;
	message_fact(m, turn_text_in(t, language, "health.plans"),
		turn_text_in(t, language, "health.worth", TEXT_ARG("plans", worth->plans), TEXT_ARG("answered", worth->answered),
			TEXT_ARG("days", stall_look_days[0]), TEXT_ARG("soon", look_text(t, worth->outcomes[0], language)),
			TEXT_ARG("more_days", stall_look_days[1]), TEXT_ARG("later", look_text(t, worth->outcomes[1], language))));
}

/* ---- the report ---- */

static struct message *write_report(struct turn *t, const struct health_view *view, const struct material *from)
{
	enum language language = view->language;
	struct message *m = message_new();
	char day[ZONE_DAY_SIZE];
	zone_day(view->team->zone, view->from_ms, day);
	message_title(m, view->owner ? turn_text_in(t, language, "health.own_title", TEXT_ARG("name", view->owner->name))
				     : turn_text_in(t, language, "health.title", TEXT_ARG("team", view->team->config->name)));
	add_week(t, m, &from->figures, language);
	for (guint i = 0; i < from->figures.stages->len; i++) {
		const struct deal_stage_figures *f = &g_array_index(from->figures.stages, struct deal_stage_figures, i);
		message_fact(m, config_stage_title(f->stage, language), stage_text(t, f, language));
	}
	if (!view->owner)
		add_plans(t, m, &from->worth, language);
	if (from->figures.open > 0)
		add_chart(t, m, from, language);
	if (view->names_stalled)
		add_stalled(t, m, from, language);
	message_context(m, turn_text_in(t, language, "health.how_counted", TEXT_ARG("day", turn_day_text(t, day, language)),
				   TEXT_ARG("days", DEAL_CONVERSION_DAYS)));
	return m;
}

struct message *health_report(struct turn *t, const struct health_view *view)
{
	struct material from = { 0 };
	struct message *m = NULL;
	if (gather(t, view, &from)) {
		const struct deal_figures *f = &from.figures;
		if (f->open + f->opened + f->moved + f->won + f->lost > 0)
			m = write_report(t, view, &from);
	}
	release_material(&from);
	return m;
}
