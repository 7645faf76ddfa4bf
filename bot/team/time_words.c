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
static const char *const halves[] = { "半", NULL };
static const char *const minute_signs[] = { "分", NULL };

/* What stands behind the hour; FALSE: that is no minute. */
static gboolean read_minute(const char **text, guint64 *minute)
{
	char *end;
	*minute = 0;
	if (!skip(text, colons))
		return TRUE;
	if (skip(text, halves)) {
		*minute = 30;
	} else if (g_ascii_isdigit(**text)) {
		*minute = g_ascii_strtoull(*text, &end, 10);
		*text = end;
		skip(text, minute_signs);
	}
	return *minute < 60;
}

int time_words_read(const char **text, gboolean *half)
{
	gboolean before = skip(text, mornings), after = !before && skip(text, afternoons), zero = **text == '0';
	guint64 hour, minute;
	char *end;
	if (!g_ascii_isdigit(**text))
		return -1;
	hour = g_ascii_strtoull(*text, &end, 10);
	*text = end;
	if (!read_minute(text, &minute))
		return -1;
	before = before || skip(text, am);
	after = !before && (after || skip(text, pm));
	if (half)
		*half = before || after || zero;
	if (after && hour < NOON_HOUR)
		hour += NOON_HOUR;
	else if (before && hour == NOON_HOUR)
		hour = 0;
	return hour < 24 || (hour == 24 && minute == 0) ? (int)(hour * 60 + minute) : -1;
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
