/* SPDX-License-Identifier: MIT */
#include "sandbox/clicks.h"

enum { TRIGGER_MS = 3000, RESPONSE_MS = 30 * 60 * 1000, RESPONSE_USES = 5, KEPT = 4096 };

struct key {
	char *text;
	struct click_target target;
	int64_t made_ms; /* a trigger's on the monotonic hand, a response_url's on the wall */
	guint used;
};

/* One kind of key, found by text and forgotten by age. */
struct ring {
	GHashTable *by_text; /* owns */
	GQueue order;
};

struct clicks {
	struct clock *clock;
	char *url; /* of the sandbox */
	struct ring triggers, responses;
	guint64 count;
};

static void key_free(gpointer data)
{
	struct key *key = data;
	g_free(key->text);
	g_free(key->target.ts);
	g_free(key);
}

static void ring_init(struct ring *ring)
{
	ring->by_text = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, key_free);
	g_queue_init(&ring->order);
}

static void ring_clear(struct ring *ring)
{
	g_hash_table_remove_all(ring->by_text);
	g_queue_clear(&ring->order);
}

static void ring_put(struct ring *ring, struct key *key)
{
	g_hash_table_insert(ring->by_text, key->text, key);
	g_queue_push_tail(&ring->order, key);
	if (ring->order.length > KEPT) {
		const struct key *oldest = g_queue_pop_head(&ring->order);
		g_hash_table_remove(ring->by_text, oldest->text);
	}
}

struct clicks *clicks_new(struct clock *clock, const char *url)
{
	struct clicks *clicks = g_new0(struct clicks, 1);
	clicks->clock = clock;
	clicks->url = g_strdup(url);
	ring_init(&clicks->triggers);
	ring_init(&clicks->responses);
	return clicks;
}

void clicks_free(struct clicks *clicks)
{
	if (!clicks)
		return;
	clicks_forget(clicks);
	g_hash_table_unref(clicks->triggers.by_text);
	g_hash_table_unref(clicks->responses.by_text);
	g_free(clicks->url);
	g_free(clicks);
}

void clicks_forget(struct clicks *clicks)
{
	ring_clear(&clicks->triggers);
	ring_clear(&clicks->responses);
}

char *clicks_make_trigger(struct clicks *clicks, struct member *member)
{
	struct key *key = g_new0(struct key, 1);
	key->text = g_strdup_printf("%" G_GUINT64_FORMAT ".%u.%08x%08x", 13345224600 + ++clicks->count, 738474920,
		g_random_int(), g_random_int());
	key->target.member = member;
	key->made_ms = clock_mono_ms(clicks->clock);
	ring_put(&clicks->triggers, key);
	return g_strdup(key->text);
}

struct member *clicks_use_trigger(struct clicks *clicks, const char *trigger_id, const char **error)
{
	struct key *key = trigger_id ? g_hash_table_lookup(clicks->triggers.by_text, trigger_id) : NULL;
	if (!key)
		*error = "invalid_trigger_id";
	else if (key->used)
		*error = "exchanged_trigger_id";
	else if (clock_mono_ms(clicks->clock) - key->made_ms > TRIGGER_MS)
		*error = "expired_trigger_id";
	else
		key->used++;
	return *error ? NULL : key->target.member;
}

char *clicks_make_response_url(struct clicks *clicks, struct member *member, struct channel *channel, const char *ts)
{
	struct key *key = g_new0(struct key, 1);
	g_autofree char *uuid = g_uuid_string_random();
	key->text = g_strdup(uuid);
	key->target = (struct click_target){ member, channel, g_strdup(ts) };
	key->made_ms = clock_now_ms(clicks->clock);
	ring_put(&clicks->responses, key);
	return g_strdup_printf("%sresponse/%s", clicks->url, key->text);
}

const struct click_target *clicks_use_response_url(struct clicks *clicks, const char *text, const char **error)
{
	struct key *key = g_hash_table_lookup(clicks->responses.by_text, text);
	if (!key || clock_now_ms(clicks->clock) - key->made_ms > RESPONSE_MS)
		*error = "expired_url";
	else if (key->used >= RESPONSE_USES)
		*error = "used_url";
	else
		key->used++;
	return *error ? NULL : &key->target;
}
