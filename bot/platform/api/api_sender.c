/* SPDX-License-Identifier: MIT */
#include "platform/api/api_sender.h"

#include "base/clock.h"

#define SCHEME "Bearer "
enum { DIGEST_BYTES = 32 };

struct sender {
	const struct config_sender *config;
	guint8 digest[DIGEST_BYTES];
	int64_t paid_us; /* up to when its requests have used up its time, each its minute's share */
};

struct api_senders {
	struct sender *list;
	int count;
};

static void digest_of(const char *token, guint8 out[DIGEST_BYTES])
{
	gsize length = DIGEST_BYTES;
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_checksum_update(sum, (const guchar *)token, -1);
	g_checksum_get_digest(sum, out, &length);
	g_checksum_free(sum);
}

/* As long for any two. */
static gboolean is_same(const guint8 *a, const guint8 *b)
{
	volatile guint8 difference = 0;
	for (int i = 0; i < DIGEST_BYTES; i++)
		difference = (guint8)(difference | (a[i] ^ b[i]));
	return difference == 0;
}

struct api_senders *api_senders_new(const struct config_api *config)
{
	struct api_senders *s = g_new0(struct api_senders, 1);
	while (config->senders && config->senders[s->count])
		s->count++;
	s->list = g_new0(struct sender, s->count);
	for (int i = 0; i < s->count; i++) {
		s->list[i].config = config->senders[i];
		digest_of(config->senders[i]->token, s->list[i].digest);
	}
	return s;
}

void api_senders_free(struct api_senders *s)
{
	if (!s)
		return;
	g_free(s->list);
	g_free(s);
}

int api_senders_find(const struct api_senders *s, const char *authorization)
{
	guint8 digest[DIGEST_BYTES];
	int found = -1;
	if (!authorization || g_ascii_strncasecmp(authorization, SCHEME, strlen(SCHEME)) != 0)
		return -1;
	digest_of(authorization + strlen(SCHEME), digest);
	for (int i = 0; i < s->count; i++)
		found = is_same(digest, s->list[i].digest) ? i : found;
	return found;
}

const struct config_sender *api_sender(const struct api_senders *s, int index)
{
	return s->list[index].config;
}

/* Each request pays its share of a minute in advance; a whole minute may be paid at once. */
int api_senders_wait_s(struct api_senders *s, int index, int64_t now_ms)
{
	struct sender *sender = &s->list[index];
	int64_t now_us = now_ms * 1000, minute_us = MINUTES(1) * 1000, share_us = minute_us / sender->config->per_minute;
	int64_t paid_us = MAX(sender->paid_us, now_us) + share_us, late_us = paid_us - (now_us + minute_us);
	if (late_us > 0)
		return (int)((late_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
	sender->paid_us = paid_us;
	return 0;
}
