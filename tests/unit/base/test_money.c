/* SPDX-License-Identifier: MIT */
/* Sums of money: what people write, and that what is shown can be read back. */
#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int64_t hundredths; /* -1: no sum */
	const char *currency;
} cases[] = {
	{ "120000", 12000000, "CNY" },
	{ "¥120,000.50", 12000050, "CNY" },
	{ "￥ 3", 300, "CNY" },
	{ "12.5万", 12500000, "CNY" },
	{ "12.5 万元", 12500000, "CNY" },
	{ "3000元", 300000, "CNY" },
	{ "1.23456万", 1234560, "CNY" },
	{ "2亿", 20000000000, "CNY" },
	{ "$5k", 500000, "USD" },
	{ "1.2M USD", 120000000, "USD" },
	{ "3,000 eur", 300000, "EUR" },
	{ "SEK 40", 4000, "SEK" },
	{ "0", 0, "CNY" },
	{ "0.10", 10, "CNY" },
	{ "1,234,567", 123456700, "CNY" },
	{ "¥5元", 500, "CNY" },
	{ "5 KWD", 500, "KWD" },
	{ "", -1, NULL },
	{ "¥", -1, NULL },
	{ "12 months", -1, NULL },
	{ "1,2", -1, NULL },
	{ "12,34,567", -1, NULL },
	{ ",123", -1, NULL },
	{ "1.", -1, NULL },
	{ "1.005", -1, NULL },
	{ "-5", -1, NULL },
	{ "5 $ 5", -1, NULL },
	{ "$5 EUR", -1, NULL },
	{ "1000000000000", 100000000000000, "CNY" },
	{ "1000000000000.01", -1, NULL },
	{ "99999999999999999999999", -1, NULL },
	{ "10001亿", -1, NULL },
};

static void sums_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct money sum;
		gboolean read = money_parse(cases[i].text, "CNY", &sum);
		if (read != (cases[i].hundredths >= 0))
			fail_msg("'%s' is %s", cases[i].text, read ? "read" : "refused");
		if (!read)
			continue;
		assert_int_equal(sum.hundredths, cases[i].hundredths);
		assert_string_equal(sum.currency, cases[i].currency);
	}
}

static void what_is_shown_is_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases) && cases[i].currency; i++) {
		struct money sum;
		g_autofree char *text = money_text(cases[i].hundredths, cases[i].currency), *number = money_number(cases[i].hundredths);
		assert_true(money_parse(text, "XXX", &sum));
		assert_int_equal(sum.hundredths, cases[i].hundredths);
		assert_string_equal(sum.currency, cases[i].currency);
		assert_true(money_parse(number, cases[i].currency, &sum));
		assert_int_equal(sum.hundredths, cases[i].hundredths);
	}
	g_autofree char *yuan = money_text(12000050, "CNY"), *krona = money_text(123456700, "SEK");
	assert_string_equal(yuan, "¥120,000.50");
	assert_string_equal(krona, "1,234,567 SEK");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_read),
		cmocka_unit_test(what_is_shown_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
