/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/meter.h"

#include "base/zone.h"

enum { MOST_BUCKETS = 4096 };

struct bucket {
	double tokens, most;
	int64_t filled_ms, period_ms;
};

struct meter {
	struct tenant *tenant;
	gboolean off;
	GHashTable *buckets; /* key → struct bucket *, both owned */
	char month[8];	     /* "2026-03" */
	int64_t used;
	GHashTable *by_method; /* name → count */
};

struct meter *meter_new(struct tenant *tenant, gboolean off)
{
	struct meter *meter = g_new0(struct meter, 1);
	meter->tenant = tenant;
	meter->off = off;
	meter->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	meter->by_method = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return meter;
}

void meter_free(struct meter *meter)
{
	if (!meter)
		return;
	g_hash_table_unref(meter->buckets);
	g_hash_table_unref(meter->by_method);
	g_free(meter);
}

void meter_forget(struct meter *meter)
{
	g_hash_table_remove_all(meter->buckets);
	g_hash_table_remove_all(meter->by_method);
	meter->used = 0;
}

/* ---- by the second and the minute ---- */

static void fill(struct bucket *bucket, int64_t now_ms)
{
	double gained = (double)(now_ms - bucket->filled_ms) * bucket->most / (double)bucket->period_ms;
	bucket->tokens = MIN(bucket->most, bucket->tokens + gained);
	bucket->filled_ms = now_ms;
}

static gboolean is_full(gpointer key, gpointer value, gpointer now_ms)
{
	(void)key;
	struct bucket *bucket = value;
	fill(bucket, *(int64_t *)now_ms);
	return bucket->tokens >= bucket->most;
}

static struct bucket *bucket_of(struct meter *meter, const char *key, double most, int64_t period_ms, int64_t now_ms)
{
	struct bucket *bucket = g_hash_table_lookup(meter->buckets, key);
	if (bucket)
		return bucket;
	if (g_hash_table_size(meter->buckets) >= MOST_BUCKETS)
		g_hash_table_foreach_remove(meter->buckets, is_full, &now_ms);
	bucket = g_new0(struct bucket, 1);
	*bucket = (struct bucket){ most, most, now_ms, period_ms };
	g_hash_table_insert(meter->buckets, g_strdup(key), bucket);
	return bucket;
}

int meter_take(struct meter *meter, const char *key, double most, int64_t period_ms)
{
	if (meter->off)
		return 0;
	int64_t now_ms = clock_mono_ms(meter->tenant->sb->clock);
	struct bucket *bucket = bucket_of(meter, key, most, period_ms, now_ms);
	fill(bucket, now_ms);
	if (bucket->tokens < 1)
		return MAX(1, (int)((1 - bucket->tokens) * (double)period_ms / most / 1000 + 0.999));
	bucket->tokens--;
	return 0;
}

/* ---- by the month ---- */

static void turn_month(struct meter *meter)
{
	char day[ZONE_DAY_SIZE];
	zone_day(zone_find(meter->tenant->sb->room->zone), clock_now_ms(meter->tenant->sb->clock), day);
	if (strncmp(day, meter->month, sizeof meter->month - 1) == 0)
		return;
	g_strlcpy(meter->month, day, sizeof meter->month);
	meter->used = 0;
	g_hash_table_remove_all(meter->by_method);
}

gboolean meter_count(struct meter *meter, const char *method)
{
	turn_month(meter);
	int64_t limit = meter->tenant->settings.quota;
	if (limit > 0 && meter->used >= limit)
		return FALSE;
	meter->used++;
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(meter->by_method, method));
	g_hash_table_insert(meter->by_method, g_strdup(method), GUINT_TO_POINTER(count + 1));
	return TRUE;
}

void meter_set_used(struct meter *meter, int64_t used)
{
	turn_month(meter);
	meter->used = used;
}

cJSON *meter_describe(struct meter *meter)
{
	turn_month(meter);
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "month", meter->month);
	json_put_int(object, "used", meter->used);
	json_put_int(object, "limit", meter->tenant->settings.quota);
	cJSON *by_method = json_put_object(object, "by_method");
	GHashTableIter iter;
	gpointer name, count;
	g_hash_table_iter_init(&iter, meter->by_method);
	while (g_hash_table_iter_next(&iter, &name, &count))
		json_put_int(by_method, name, GPOINTER_TO_UINT(count));
	return object;
}
