/* SPDX-License-Identifier: MIT */
#include "platform/latency.h"

void latency_note(struct latency *latency, gint64 came_us)
{
	guint32 took = (guint32)CLAMP(clock_cpu_us() - came_us, 0, G_MAXUINT32);
	latency->us[latency->count++ % LATENCY_KEPT] = took;
	latency->max_us = MAX(latency->max_us, took);
}

static int by_size(gconstpointer x, gconstpointer y)
{
	guint32 a = *(const guint32 *)x, b = *(const guint32 *)y;
	return (a > b) - (a < b);
}

void latency_status(const struct latency *latency, cJSON *into)
{
	guint n = (guint)MIN(latency->count, LATENCY_KEPT);
	json_put_int(into, "count", (int64_t)latency->count);
	json_put_int(into, "lost", (int64_t)latency->lost);
	if (!n)
		return;
	g_autofree guint32 *sorted = g_memdup2(latency->us, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_size);
	json_put_int(into, "p50_us", sorted[n / 2]);
	json_put_int(into, "p99_us", sorted[(guint64)n * 99 / 100]);
	json_put_int(into, "max_us", latency->max_us);
}
