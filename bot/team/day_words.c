/* SPDX-License-Identifier: MIT */
#include "team/day_words.h"

enum { LATELY_DAYS = 30 };

static const struct {
	const char *words[4];
	int shift;
} relative[] = {
	{ { "yesterday", "昨天", "昨日" }, -1 },
	{ { "today", "今天", "今日" }, 0 },
	{ { "tomorrow", "明天", "明日" }, 1 },
	{ { "后天" }, 2 },
};

static gboolean read_relative(const char *word, const char *today, char out[static ZONE_DAY_SIZE])
{
	for (size_t i = 0; i < G_N_ELEMENTS(relative); i++)
		for (size_t k = 0; relative[i].words[k]; k++)
			if (g_ascii_strcasecmp(word, relative[i].words[k]) == 0) {
				zone_day_shift(today, relative[i].shift, out);
				return TRUE;
			}
	return FALSE;
}

/* Digits at most two, then the mark; moves over both. An empty mark is the word's end. */
static gboolean take_part(const char **at, const char *mark, guint *out)
{
	size_t digits = strspn(*at, "0123456789");
	if (digits == 0 || digits > 2 || !g_str_has_prefix(*at + digits, mark) || (!*mark && (*at)[digits]))
		return FALSE;
	*out = (guint)g_ascii_strtoull(*at, NULL, 10);
	*at += digits + strlen(mark);
	return TRUE;
}

/* The forms of a month and a day: 12-01, 12/1, 12月1日, 12月1号, 12月1. */
static gboolean read_month_day(const char *word, guint *month, guint *day)
{
	static const char *const forms[][2] = { { "-", "" }, { "/", "" }, { "月", "日" }, { "月", "号" }, { "月", "" } };
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		const char *at = word;
		if (take_part(&at, forms[i][0], month) && take_part(&at, forms[i][1], day) && !*at)
			return TRUE;
	}
	return FALSE;
}

static gboolean day_of_year(int year, guint month, guint day, char out[static ZONE_DAY_SIZE])
{
	char text[ZONE_DAY_SIZE + 8];
	g_snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day);
	if (!zone_day_is_valid(text))
		return FALSE;
	memcpy(out, text, ZONE_DAY_SIZE);
	return TRUE;
}

gboolean day_words_read(const char *word, const char *today, enum day_words_year which, char out[static ZONE_DAY_SIZE])
{
	char found[ZONE_DAY_SIZE], lately[ZONE_DAY_SIZE];
	guint month, day;
	int year = (int)g_ascii_strtoll(today, NULL, 10);
	if (read_relative(word, today, out))
		return TRUE;
	if (zone_day_is_valid(word)) {
		memcpy(out, word, ZONE_DAY_SIZE);
		return TRUE;
	}
	if (!read_month_day(word, &month, &day))
		return FALSE;
	zone_day_shift(today, -LATELY_DAYS, lately);
	gboolean exists = day_of_year(year, month, day, found);
	if (which == DAY_WORDS_AHEAD && (!exists || strcmp(found, lately) < 0))
		exists = day_of_year(year + 1, month, day, found);
	if (exists)
		memcpy(out, found, ZONE_DAY_SIZE);
	return exists;
}

gboolean day_words_read_span(const char *word, const char *today, char first[static ZONE_DAY_SIZE], char last[static ZONE_DAY_SIZE])
{
	static const char *const signs[] = { "..", "~", "～", "至", "到", "—", NULL };
	for (const char *const *sign = signs; *sign; sign++) {
		g_auto(GStrv) sides = g_strsplit(word, *sign, 2);
		if (g_strv_length(sides) == 2)
			return day_words_read(g_strstrip(sides[0]), today, DAY_WORDS_AHEAD, first) &&
			       day_words_read(g_strstrip(sides[1]), first, DAY_WORDS_AHEAD, last);
	}
	if (!day_words_read(word, today, DAY_WORDS_AHEAD, first))
		return FALSE;
	memcpy(last, first, ZONE_DAY_SIZE);
	return TRUE;
}
