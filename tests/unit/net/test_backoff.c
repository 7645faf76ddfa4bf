/* SPDX-License-Identifier: MIT */
#include "net/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct {
	enum backoff_kind kind;
	unsigned attempt;
	double unit;
	int64_t delay_ms;
} cases[] = {
	/* the first comes within a second, whatever the chance */
	{ BACKOFF_NETWORK, 0, 0.0, 0 },
	{ BACKOFF_NETWORK, 0, 0.25, 250 },
	{ BACKOFF_NETWORK, 0, 0.999, 999 },
	/* 1, 2, 4 … 60 s times 0.5 … 1.0 */
	{ BACKOFF_NETWORK, 1, 0.0, 500 },
	{ BACKOFF_NETWORK, 1, 0.5, 750 },
	{ BACKOFF_NETWORK, 2, 0.0, 1000 },
	{ BACKOFF_NETWORK, 3, 0.0, 2000 },
	{ BACKOFF_NETWORK, 4, 0.5, 6000 },
	{ BACKOFF_NETWORK, 5, 0.0, 8000 },
	{ BACKOFF_NETWORK, 6, 0.0, 16000 },
	{ BACKOFF_NETWORK, 7, 0.0, 30000 },
	{ BACKOFF_NETWORK, 7, 0.5, 45000 },
	{ BACKOFF_NETWORK, 8, 0.0, 30000 },
	{ BACKOFF_NETWORK, 64, 0.5, 45000 },
	{ BACKOFF_NETWORK, 4000000000u, 0.5, 45000 },
	/* never under a minute, never over five */
	{ BACKOFF_CROWDED, 0, 0.0, 60000 },
	{ BACKOFF_CROWDED, 0, 0.5, 90000 },
	{ BACKOFF_CROWDED, 1, 0.0, 120000 },
	{ BACKOFF_CROWDED, 2, 0.0, 150000 },
	{ BACKOFF_CROWDED, 2, 0.5, 225000 },
	{ BACKOFF_CROWDED, 1000, 0.5, 225000 },
};

static void delays_follow_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t delay_ms = backoff_delay_ms(cases[i].kind, cases[i].attempt, cases[i].unit);
		if (delay_ms != cases[i].delay_ms)
			fail_msg("case %zu: %lld ms, expected %lld", i, (long long)delay_ms,
				(long long)cases[i].delay_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(delays_follow_the_table) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
