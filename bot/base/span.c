/* SPDX-License-Identifier: MIT */
#include "base/span.h"

static const struct {
	char unit;
	int64_t seconds;
} units[] = { { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

/* The number at the front, without a sign; -1: none. */
static int64_t take_count(const char **text)
{
	char *end = NULL;
	int64_t count = g_ascii_isdigit(**text) ? g_ascii_strtoll(*text, &end, 10) : -1;
	if (count >= 0)
		*text = end;
	return count;
}

gboolean span_parse(const char *text, int64_t *out)
{
	const char *at = text;
	int64_t sum = 0, count = take_count(&at);
	if (count > 0 && count <= SPAN_DAYS_LIMIT && g_str_equal(at, "d")) {
		*out = -count;
		return TRUE;
	}
	at = text;
	for (size_t i = 0; i < G_N_ELEMENTS(units) && *at; i++) {
		const char *next = at;
		count = take_count(&next);
		if (count < 0 || count > SPAN_COUNT_LIMIT)
			return FALSE;
		if (*next == units[i].unit) {
			sum += count * units[i].seconds;
			at = next + 1;
		}
	}
	if (*at || !*text)
		return FALSE;
	*out = sum;
	return TRUE;
}

char *span_text(int64_t span)
{
	if (span <= 0)
		return span < 0 ? g_strdup_printf("%" G_GINT64_FORMAT "d", -span) : g_strdup("0m");
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(units); span %= units[i].seconds, i++)
		if (span / units[i].seconds > 0)
			g_string_append_printf(text, "%" G_GINT64_FORMAT "%c", span / units[i].seconds, units[i].unit);
	return g_string_free(text, FALSE);
}
