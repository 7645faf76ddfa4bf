/* SPDX-License-Identifier: MIT */
#include "base/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int64_t span;
	const char *back; /* NULL: the same */
} spans[] = {
	{ "0m", 0, NULL },
	{ "0s", 0, "0m" },
	{ "90s", 90, "1m30s" },
	{ "30m", 1800, NULL },
	{ "90m", 5400, "1h30m" },
	{ "2h", 7200, NULL },
	{ "1h30m", 5400, NULL },
	{ "1h0m5s", 3605, "1h5s" },
	{ "24h", 86400, NULL },
	{ "7d", -7, NULL },
	{ "3650d", -3650, NULL },
};

static void test_spans(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
		int64_t span;
		assert_true(span_parse(spans[i].text, &span));
		assert_int_equal(span, spans[i].span);
		g_autofree char *back = span_text(span);
		assert_string_equal(back, spans[i].back ? spans[i].back : spans[i].text);
	}
}

static void test_no_spans(void **state)
{
	static const char *const wrong[] = { "", "m", "30", "30 m", "-5m", "0d", "3651d", "1d2h", "2m1h", "1h1h", "1000001s",
		"99999999999999999999h", "1.5h", "2h ", "7D" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		int64_t span = 42;
		if (span_parse(wrong[i], &span))
			fail_msg("'%s' was read as %" G_GINT64_FORMAT, wrong[i], span);
		assert_int_equal(span, 42);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_no_spans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
