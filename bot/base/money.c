/* SPDX-License-Identifier: MIT */
#include "base/money.h"

#include <string.h>

enum { HUNDREDTHS = 100, CURRENCY_LETTERS = MONEY_CURRENCY_SIZE - 1 };

/* What stands for a currency; the first of each is the one that is shown. */
static const struct {
	const char *sign, *currency;
} signs[] = {
	{ "¥", "CNY" }, { "￥", "CNY" }, { "元", "CNY" }, { "$", "USD" }, { "€", "EUR" }, { "£", "GBP" },
};

static const struct {
	const char *word;
	int64_t times;
} units[] = {
	{ "万", 10000 }, { "萬", 10000 }, { "亿", 100000000 }, { "億", 100000000 }, { "k", 1000 }, { "K", 1000 }, { "m", 1000000 }, { "M", 1000000 },
};

gboolean money_is_currency(const char *text)
{
	size_t letters = 0;
	while (g_ascii_isupper(text[letters]))
		letters++;
	return letters == CURRENCY_LETTERS && !text[letters];
}

static void skip_blanks(const char **at)
{
	*at += strspn(*at, " ");
}

static gboolean take_word(const char **at, const char *word)
{
	if (!g_str_has_prefix(*at, word))
		return FALSE;
	*at += strlen(word);
	return TRUE;
}

/* A currency by its sign or its letters; FALSE: none stands here. */
static gboolean take_currency(const char **at, char out[static MONEY_CURRENCY_SIZE])
{
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (take_word(at, signs[i].sign)) {
			g_strlcpy(out, signs[i].currency, MONEY_CURRENCY_SIZE);
			return TRUE;
		}
	size_t letters = 0;
	while (g_ascii_isalpha((*at)[letters]))
		letters++;
	if (letters != CURRENCY_LETTERS)
		return FALSE;
	for (size_t i = 0; i < CURRENCY_LETTERS; i++)
		out[i] = g_ascii_toupper((*at)[i]);
	out[CURRENCY_LETTERS] = '\0';
	*at += CURRENCY_LETTERS;
	return TRUE;
}

/* Digits, with commas between groups of three or none; moves over them. -1: none, or too many. */
static int64_t take_whole(const char **at)
{
	int64_t sum = 0;
	const char *start = *at, *group = NULL; /* group: behind the last comma */
	for (; g_ascii_isdigit(**at) || **at == ','; (*at)++) {
		if (**at == ',') {
			if (*at == start || (group && *at - group != 3))
				return -1;
			group = *at + 1;
			continue;
		}
		sum = sum * 10 + (**at - '0');
		if (sum > MONEY_MOST)
			return -1;
	}
	return *at == start || (group && *at - group != 3) ? -1 : sum;
}

/* What stands behind the point, in so many parts of one; FALSE: it does not come out even in hundredths. */
static gboolean take_fraction(const char **at, int64_t times, int64_t *hundredths)
{
	int64_t part = times * HUNDREDTHS;
	*hundredths = 0;
	if (**at != '.')
		return TRUE;
	(*at)++;
	if (!g_ascii_isdigit(**at))
		return FALSE;
	for (; g_ascii_isdigit(**at); (*at)++) {
		if (part % 10 != 0 && **at != '0')
			return FALSE;
		part /= 10;
		*hundredths += part * (**at - '0');
	}
	return TRUE;
}

/* The unit behind the number, to which `at` points. */
static int64_t unit_behind(const char *at)
{
	at += strspn(at, "0123456789,.");
	skip_blanks(&at);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (g_str_has_prefix(at, units[i].word) && !g_ascii_isalpha(at[strlen(units[i].word)]))
			return units[i].times;
	return 1;
}

static void skip_unit(const char **at)
{
	skip_blanks(at);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (!g_ascii_isalpha(**at) || !g_ascii_isalpha((*at)[1]))
			if (take_word(at, units[i].word))
				break;
	skip_blanks(at);
}

gboolean money_parse(const char *text, const char *currency, struct money *out)
{
	int64_t fraction;
	struct money sum = { .hundredths = 0 };
	g_strlcpy(sum.currency, currency, sizeof sum.currency);
	const char *at = text;
	skip_blanks(&at);
	gboolean named = take_currency(&at, sum.currency);
	skip_blanks(&at);
	int64_t times = unit_behind(at), whole = take_whole(&at);
	if (whole < 0 || whole > MONEY_MOST / HUNDREDTHS / times || !take_fraction(&at, times, &fraction))
		return FALSE;
	skip_unit(&at);
	if (*at && (named ? !take_word(&at, "元") : !take_currency(&at, sum.currency)))
		return FALSE;
	skip_blanks(&at);
	sum.hundredths = whole * times * HUNDREDTHS + fraction;
	if (*at || sum.hundredths > MONEY_MOST)
		return FALSE;
	*out = sum;
	return TRUE;
}

char *money_number(int64_t hundredths)
{
	return hundredths % HUNDREDTHS == 0
		       ? g_strdup_printf("%" G_GINT64_FORMAT, hundredths / HUNDREDTHS)
		       : g_strdup_printf("%" G_GINT64_FORMAT ".%02d", hundredths / HUNDREDTHS, (int)(hundredths % HUNDREDTHS));
}

static const char *sign_of(const char *currency)
{
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strcmp(signs[i].currency, currency) == 0)
			return signs[i].sign;
	return NULL;
}

char *money_text(int64_t hundredths, const char *currency)
{
	const char *sign = sign_of(currency);
	g_autofree char *number = money_number(hundredths);
	size_t whole = strcspn(number, ".");
	GString *text = g_string_new(sign);
	for (size_t i = 0; number[i]; i++) {
		if (i > 0 && i < whole && (whole - i) % 3 == 0)
			g_string_append_c(text, ',');
		g_string_append_c(text, number[i]);
	}
	if (!sign)
		g_string_append_printf(text, " %s", currency);
	return g_string_free(text, FALSE);
}
