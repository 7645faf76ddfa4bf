/* SPDX-License-Identifier: MIT */
/*
 * Sums of money as people write them: "120000", "¥120,000.50", "12.5万", "$5k", "3,000 EUR". Kept as whole hundredths and a
 * currency of three letters (ISO 4217); never a floating number. Pure.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

#define MONEY_CURRENCY_SIZE 4 /* three letters and the NUL */

/* Hundredths: a million million of any currency is enough for a team. */
#define MONEY_MOST INT64_C(100000000000000)

struct money {
	int64_t hundredths; /* 0 … MONEY_MOST */
	char currency[MONEY_CURRENCY_SIZE];
};

gboolean money_is_currency(const char *text);
/* FALSE when the text is no sum; then *out is untouched. currency: of a sum that names none. */
gboolean money_parse(const char *text, const char *currency, struct money *out);
/* "¥120,000", "$4,999.50", "3,000 SEK": caller frees. money_parse reads it back. */
char *money_text(int64_t hundredths, const char *currency);
/* "120000", "4999.50": for files and other programs; caller frees. */
char *money_number(int64_t hundredths);
