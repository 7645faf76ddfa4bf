/* SPDX-License-Identifier: MIT */
#include "sla/figures.h"

static void count(const struct sla_fact *fact, struct sla_figures *out)
{
	switch (fact->status) {
	case RESPONSE_MET:
		out->met++;
		break;
	case RESPONSE_MISSED:
		out->missed++;
		break;
	case RESPONSE_BREACHED:
		out->open++;
		out->breached++;
		break;
	case RESPONSE_RUNNING:
	case RESPONSE_PAUSED:
		out->open++;
		out->at_risk += fact->warned ? 1 : 0;
		break;
	case RESPONSE_CANCELLED:
		break;
	}
}

static int compare(gconstpointer a, gconstpointer b)
{
	int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
	return one < other ? -1 : one > other;
}

/* The smallest answer that so many per cent are not slower than (nearest rank). */
static int64_t percentile(const GArray *sorted, guint percent)
{
	guint rank = (sorted->len * percent + 99) / 100;
	return sorted->len == 0 ? -1 : g_array_index(sorted, int64_t, MAX(rank, 1) - 1);
}

void sla_figures_of(const GArray *facts, struct sla_figures *out)
{
	g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(int64_t));
	*out = (struct sla_figures){ .attainment = -1 };
	for (guint i = 0; i < facts->len; i++) {
		const struct sla_fact *fact = &g_array_index(facts, struct sla_fact, i);
		count(fact, out);
		if (fact->status == RESPONSE_MET || fact->status == RESPONSE_MISSED)
			g_array_append_val(answers, fact->elapsed_s);
	}
	g_array_sort(answers, compare);
	out->median_s = percentile(answers, 50);
	out->p90_s = percentile(answers, 90);
	if (answers->len > 0)
		out->attainment = (int)(out->met * 100 / answers->len);
}
