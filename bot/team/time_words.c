/* SPDX-License-Identifier: MIT */
#include "team/time_words.h"

#include <string.h>

enum { NOON_HOUR = 12 };

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\n");
}

/* The first of the words that the text begins with; NULL: none. */
static const char *begins_with(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (g_str_has_prefix(text, *words))
			return *words;
	return NULL;
}

/* Moves over one of the words; FALSE: none is there. */
static gboolean skip(const char **text, const char *const *words)
{
	const char *word = begins_with(*text, words);
	*text += word ? strlen(word) : 0;
	return word != NULL;
}

static const char *const mornings[] = { "上午", "早上", "早", NULL };
static const char *const afternoons[] = { "下午", "晚上", "晚", NULL };
static const char *const am[] = { "am", "AM", " am", " AM", NULL };
static const char *const pm[] = { "pm", "PM", " pm", " PM", NULL };
static const char *const colons[] = { ":", "：", "点", "时", NULL };
static const char *const hour_signs[] = { "点", "时", NULL };
static const char *const halves[] = { "半", NULL };
static const char *const quarters[] = { "一刻", NULL };
static const char *const three_quarters[] = { "三刻", NULL };
static const char *const minute_signs[] = { "分", NULL };

/* 0 … 9; -1: none. */
static int read_figure(const char **text)
{
	static const char *const figures[] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
	for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
		if (g_str_has_prefix(*text, figures[i])) {
			*text += strlen(figures[i]);
			return (int)i;
		}
	if (!g_str_has_prefix(*text, "两"))
		return -1;
	*text += strlen("两");
	return 2;
}

/* "九", "十二", "二十三", "零五"; -1: none. */
static int read_chinese(const char **text)
{
	int tens = read_figure(text), ones;
	if (!g_str_has_prefix(*text, "十"))
		return tens == 0 && (ones = read_figure(text)) >= 0 ? ones : tens;
	*text += strlen("十");
	ones = read_figure(text);
	return (tens < 0 ? 1 : tens) * 10 + MAX(ones, 0);
}

/* -1: no number is next. */
static int read_number(const char **text)
{
	char *end;
	if (!g_ascii_isdigit(**text))
		return read_chinese(text);
	guint64 number = g_ascii_strtoull(*text, &end, 10);
	*text = end;
	return (int)MIN(number, 10000);
}

/* In figures, or in Chinese with its sign, for a bare 三 may be a day of the week. */
static int read_hour(const char **text)
{
	gboolean figures = g_ascii_isdigit(**text);
	int hour = read_number(text);
	return figures || begins_with(*text, hour_signs) ? hour : -1;
}

/* What stands behind the hour; -1: that is no minute. */
static int read_minute(const char **text)
{
	if (!skip(text, colons))
		return 0;
	if (skip(text, halves))
		return 30;
	if (skip(text, quarters))
		return 15;
	if (skip(text, three_quarters))
		return 45;
	int minute = read_number(text);
	if (minute >= 0)
		skip(text, minute_signs);
	return minute < 60 ? MAX(minute, 0) : -1;
}

int time_words_read(const char **text, gboolean *half)
{
	gboolean before = skip(text, mornings), after = !before && skip(text, afternoons);
	*text += before || after ? strspn(*text, " ") : 0;
	gboolean zero = **text == '0';
	int hour = read_hour(text), minute = hour < 0 ? -1 : read_minute(text);
	if (minute < 0)
		return -1;
	before = before || skip(text, am);
	after = !before && (after || skip(text, pm));
	if (half)
		*half = before || after || zero;
	if (after && hour < NOON_HOUR)
		hour += NOON_HOUR;
	else if (before && hour == NOON_HOUR)
		hour = 0;
	return hour < 24 || (hour == 24 && minute == 0) ? hour * 60 + minute : -1;
}

gboolean time_words_is_next(const char *text)
{
	if (begins_with(text, mornings) || begins_with(text, afternoons))
		return TRUE;
	return read_hour(&text) >= 0 && (begins_with(text, hour_signs) || begins_with(text, am) || begins_with(text, pm));
}

gboolean time_words_sign(const char **text)
{
	static const char *const signs[] = { "-", "–", "—", "~", "～", "..", "至", "到", "to", "until", "till", NULL };
	const char *at = skip_blanks(*text);
	if (!skip(&at, signs))
		return FALSE;
	*text = skip_blanks(at);
	return TRUE;
}
