/* SPDX-License-Identifier: MIT */
#include "net/backoff.h"

#include "base/clock.h"

/* The span of an attempt is doubled each time up to the ceiling; chance takes away half of it at most. */
static const struct {
	int64_t first_ms, ceiling_ms;
} kinds[] = {
	[BACKOFF_NETWORK] = { SECONDS(1), SECONDS(60) },
	[BACKOFF_CROWDED] = { SECONDS(120), SECONDS(300) },
};

static int64_t span_ms(enum backoff_kind kind, unsigned doublings)
{
	int64_t span = kinds[kind].first_ms;
	while (doublings-- > 0 && span < kinds[kind].ceiling_ms)
		span *= 2;
	return MIN(span, kinds[kind].ceiling_ms);
}

int64_t backoff_delay_ms(enum backoff_kind kind, unsigned attempt, double unit)
{
	if (kind == BACKOFF_NETWORK && attempt == 0)
		return (int64_t)(unit * (double)SECONDS(1));
	int64_t span = span_ms(kind, kind == BACKOFF_NETWORK ? attempt - 1 : attempt);
	return (int64_t)((double)span * (0.5 + unit / 2));
}
