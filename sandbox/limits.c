/* SPDX-License-Identifier: MIT */
#include "sandbox/limits.h"

/* A bucket of tokens: `burst` at most, one more each period. Slack publishes the rate; the burst is ours. */
struct rate {
	double per_minute, burst;
};

static const struct rate tiers[TIER_COUNT] = {
	[TIER_1] = { 1, 2 },
	[TIER_2] = { 20, 20 },
	[TIER_3] = { 50, 50 },
	[TIER_4] = { 100, 100 },
	[TIER_MANY] = { 600, 600 },
};
static const struct rate post_rate = { 60, 4 };

struct bucket {
	double tokens;
	int64_t filled_ms;
};

struct limits {
	struct clock *clock;
	gboolean off;
	GHashTable *buckets; /* struct api_method * or struct channel * → struct bucket */
};

struct limits *limits_new(struct clock *clock, gboolean off)
{
	struct limits *limits = g_new0(struct limits, 1);
	limits->clock = clock;
	limits->off = off;
	limits->buckets = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return limits;
}

void limits_free(struct limits *limits)
{
	if (!limits)
		return;
	g_hash_table_unref(limits->buckets);
	g_free(limits);
}

void limits_forget(struct limits *limits)
{
	g_hash_table_remove_all(limits->buckets);
}

static struct bucket *bucket_of(struct limits *limits, const void *key, const struct rate *rate, int64_t now_ms)
{
	struct bucket *bucket = g_hash_table_lookup(limits->buckets, key);
	if (!bucket) {
		bucket = g_new0(struct bucket, 1);
		*bucket = (struct bucket){ rate->burst, now_ms };
		g_hash_table_insert(limits->buckets, (gpointer)key, bucket);
	}
	return bucket;
}

static const char *take(struct limits *limits, const void *key, const struct rate *rate, int *retry_after_s)
{
	int64_t now_ms = clock_mono_ms(limits->clock);
	struct bucket *bucket = bucket_of(limits, key, rate, now_ms);
	double period_ms = 60000 / rate->per_minute;
	bucket->tokens = MIN(rate->burst, bucket->tokens + (double)(now_ms - bucket->filled_ms) / period_ms);
	bucket->filled_ms = now_ms;
	if (bucket->tokens < 1) {
		/* Whole seconds, rounded up; a hair over a whole one is the arithmetic's, not the caller's. */
		*retry_after_s = MAX(1, (int)((1 - bucket->tokens) * period_ms / 1000 + 0.999));
		return "ratelimited";
	}
	bucket->tokens--;
	return NULL;
}

const char *limits_check(struct limits *limits, const struct api_method *method, int *retry_after_s)
{
	if (limits->off || method->tier == TIER_NONE)
		return NULL;
	return take(limits, method, &tiers[method->tier], retry_after_s);
}

const char *limits_check_post(struct limits *limits, const struct channel *channel, int *retry_after_s)
{
	return limits->off ? NULL : take(limits, channel, &post_rate, retry_after_s);
}
