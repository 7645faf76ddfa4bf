/* SPDX-License-Identifier: MIT */
#include "kit/deal_figures.h"

#include "base/clock.h"

static gboolean ends(const struct config_stage *stage, const char *end)
{
	return stage && strcmp(stage->end, end) == 0;
}

/* By its name alone, whatever people may call it. -1: the configuration knows it no more. */
static int number_of(const struct config *config, const char *name)
{
	for (int i = 0; config->deals.stages[i]; i++)
		if (strcmp(config->deals.stages[i]->name, name) == 0)
			return i;
	return -1;
}

static const struct config_stage *stage_of(const struct config *config, const char *name)
{
	int number = number_of(config, name);
	return number < 0 ? NULL : config->deals.stages[number];
}

static void add_sum(GArray *sums, gboolean has_amount, const struct money *amount)
{
	if (!has_amount || amount->hundredths == 0)
		return;
	for (guint i = 0; i < sums->len; i++) {
		struct money *sum = &g_array_index(sums, struct money, i);
		if (strcmp(sum->currency, amount->currency) == 0) {
			sum->hundredths += amount->hundredths;
			return;
		}
	}
	g_array_append_val(sums, *amount);
}

char *deal_sums_text(const GArray *sums)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < sums->len; i++) {
		const struct money *sum = &g_array_index(sums, struct money, i);
		g_autofree char *one = money_text(sum->hundredths, sum->currency);
		g_string_append_printf(text, "%s%s", i ? " + " : "", one);
	}
	return g_string_free(text, FALSE);
}

/* ---- what stands ---- */

static gint compare_ints(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

/* The lower one of two in the middle. */
static void take_days(struct deal_stage_figures *f, GArray *days)
{
	g_array_sort(days, compare_ints);
	f->median_days = days->len ? g_array_index(days, int, (days->len - 1) / 2) : -1;
	f->oldest_days = days->len ? g_array_index(days, int, days->len - 1) : -1;
}

static void add_stage(const struct config *config, const struct config_stage *stage, const GPtrArray *deals, const struct deal_span *span,
	struct deal_figures *out)
{
	struct deal_stage_figures f = { .stage = stage, .sums = g_array_new(FALSE, FALSE, sizeof(struct money)) };
	g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < deals->len; i++) {
		const struct deal *deal = deals->pdata[i];
		if ((span->owner && deal->owner != span->owner) || strcmp(deal->stage, stage->name) != 0)
			continue;
		int stood = deal_days(config, deal, span->now_ms);
		f.deals++;
		f.stalled += deal_stalls_ms(config, deal) < span->now_ms ? 1 : 0;
		add_sum(f.sums, deal->has_amount, &deal->amount);
		g_array_append_val(days, stood);
	}
	take_days(&f, days);
	out->open += f.deals;
	out->stalled += f.stalled;
	g_array_append_val(out->stages, f);
}

/* ---- what became of deals ---- */

static void count_fate(const struct config *config, const struct deal_move *move, struct deal_figures *out)
{
	const struct config_stage *after = stage_of(config, move->after);
	if (ends(after, "won")) {
		out->won++;
		add_sum(out->won_sums, move->has_amount, &move->amount);
	} else if (ends(after, "lost")) {
		out->lost++;
		add_sum(out->lost_sums, move->has_amount, &move->amount);
	} else if (*move->before) {
		out->moved++;
	} else {
		out->opened++;
	}
}

/* From the last move backwards, so that the first one met of a deal decides. */
static void count_fates(const struct config *config, const GPtrArray *moves, const struct deal_span *span, struct deal_figures *out)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = moves->len; i-- > 0;) {
		const struct deal_move *move = moves->pdata[i];
		if (move->at_ms < span->from_ms || (span->owner && move->owner != span->owner))
			continue;
		if (g_hash_table_add(seen, (gpointer)&move->deal))
			count_fate(config, move, out);
	}
}

static void count_conversion(const struct config *config, const GPtrArray *moves, const struct deal_span *span, struct deal_figures *out)
{
	for (guint i = 0; i < moves->len; i++) {
		const struct deal_move *move = moves->pdata[i];
		int before = number_of(config, move->before), after = number_of(config, move->after);
		if (before < 0 || (span->owner && move->owner != span->owner) || move->at_ms < span->now_ms - DAYS(DEAL_CONVERSION_DAYS))
			continue;
		for (guint k = 0; k < out->stages->len; k++) {
			struct deal_stage_figures *f = &g_array_index(out->stages, struct deal_stage_figures, k);
			if (f->stage != config->deals.stages[before])
				continue;
			f->left++;
			f->went_on += after > before && !ends(config->deals.stages[after], "lost") ? 1 : 0;
		}
	}
}

static void release_stage(gpointer data)
{
	g_array_unref(((struct deal_stage_figures *)data)->sums);
}

void deal_figures_of(const struct config *config, const GPtrArray *deals, const GPtrArray *moves, const struct deal_span *span,
	struct deal_figures *out)
{
	*out = (struct deal_figures){
		.stages = g_array_new(FALSE, FALSE, sizeof(struct deal_stage_figures)),
		.won_sums = g_array_new(FALSE, FALSE, sizeof(struct money)),
		.lost_sums = g_array_new(FALSE, FALSE, sizeof(struct money)),
	};
	g_array_set_clear_func(out->stages, release_stage);
	for (struct config_stage *const *stage = config->deals.stages; *stage; stage++)
		if (ends(*stage, "open"))
			add_stage(config, *stage, deals, span, out);
	count_fates(config, moves, span, out);
	count_conversion(config, moves, span, out);
}

void deal_figures_drop_sums(struct deal_figures *figures)
{
	for (guint i = 0; i < figures->stages->len; i++)
		g_array_set_size(g_array_index(figures->stages, struct deal_stage_figures, i).sums, 0);
	g_array_set_size(figures->won_sums, 0);
	g_array_set_size(figures->lost_sums, 0);
}

void deal_figures_release(struct deal_figures *figures)
{
	g_clear_pointer(&figures->stages, g_array_unref);
	g_clear_pointer(&figures->won_sums, g_array_unref);
	g_clear_pointer(&figures->lost_sums, g_array_unref);
}
