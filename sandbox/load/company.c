/* SPDX-License-Identifier: MIT */
#include "sandbox/load/platform.h"

#define DAY_MS (24 * 3600 * INT64_C(1000))

guint load_person(const struct load_company *c, int64_t n)
{
	return (guint)(n % c->people);
}

guint load_team(const struct load_company *c, guint person)
{
	return person % c->teams;
}

int64_t load_time_ms(const struct load_company *c, int64_t n)
{
	return c->start_ms + n / c->people * (c->days ? DAY_MS : 1);
}

char *load_text(int64_t n, const char *newline)
{
	return g_strdup_printf("昨天：成单%d单，回访8个客户%s今天：触达%d个新线索，跟进3个报价%s"
			       "风险：某客户预算不足，需要经理支持",
		(int)(n % 7), newline, (int)(n % 23), newline);
}

/* Splitmix64. */
guint64 load_scattered(const struct load_company *c, int64_t n)
{
	guint64 z = ((guint64)c->start_ms << 22) + (guint64)n * 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}
