/* SPDX-License-Identifier: MIT */
#include "celebration/words.h"

static const char *skip_blanks(const char *at)
{
	while (*at && (g_unichar_isspace(g_utf8_get_char(at))))
		at = g_utf8_next_char(at);
	return at;
}

/* Takes one of the words and the blanks after it off the front. */
static gboolean take_word(const char **at, const char *const *words)
{
	for (; *words; words++) {
		if (g_ascii_strncasecmp(*at, *words, strlen(*words)) != 0)
			continue;
		*at = skip_blanks(*at + strlen(*words));
		return TRUE;
	}
	return FALSE;
}

/* The value of a sign that stands in numbers: 一 1 … 九 9, 十 10, 廿 20, 卅 30, 正 1, 冬 11, 腊 12; 0: none, 初 adds nothing. */
static int value_of(gunichar c)
{
	static const struct {
		const char *sign;
		int value;
	} signs[] = { { "一", 1 }, { "二", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 }, { "六", 6 }, { "七", 7 }, { "八", 8 }, { "九", 9 },
		{ "十", 10 }, { "廿", 20 }, { "卅", 30 }, { "正", 1 }, { "冬", 11 }, { "腊", 12 } };
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (g_utf8_get_char(signs[i].sign) == c)
			return signs[i].value;
	return 0;
}

/* 十五 is 15, 三十 is 30, 初五 is 5, 廿三 is 23. */
static gboolean take_signs(const char **at, int *out)
{
	int n = 0, value;
	const char *p = g_str_has_prefix(*at, "初") ? *at + strlen("初") : *at;
	for (; (value = value_of(g_utf8_get_char(p))) > 0 && n < 100; p = g_utf8_next_char(p))
		n = value == 10 && n > 0 ? n * 10 : n + value;
	if (n == 0)
		return FALSE;
	*at = p;
	*out = n;
	return TRUE;
}

/* One or two digits, or signs. */
static gboolean take_number(const char **at, int *out)
{
	size_t digits = strspn(*at, "0123456789");
	if (digits == 0)
		return take_signs(at, out);
	if (digits > 2)
		return FALSE;
	*out = (int)g_ascii_strtoll(*at, NULL, 10);
	*at += digits;
	return TRUE;
}

static gboolean take_year(const char **at, int *year)
{
	static const char *const marks[] = { "-", "/", ".", "年", NULL };
	*year = 0;
	if (strspn(*at, "0123456789") != 4)
		return TRUE;
	*year = (int)g_ascii_strtoll(*at, NULL, 10);
	*at += 4;
	return take_word(at, marks);
}

static gboolean take_month_day(const char **at, int *month, int *day)
{
	static const char *const marks[] = { "-", "/", ".", "月", NULL }, *const ends[] = { "日", "号", "生", NULL };
	if (!take_number(at, month) || !take_word(at, marks) || !take_number(at, day))
		return FALSE;
	take_word(at, ends);
	*at = skip_blanks(*at);
	return TRUE;
}

/* A month by its English name, or the name's first letters. */
static gboolean take_month_name(const char **at, int *month)
{
	static const char *const names[] = { "january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december" };
	size_t length = strspn(*at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	for (size_t i = 0; length >= 3 && i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strncasecmp(*at, names[i], length) != 0)
			continue;
		*at += length + ((*at)[length] == '.');
		*at = skip_blanks(*at);
		*month = (int)i + 1;
		return TRUE;
	}
	return FALSE;
}

/* 3, 3rd, 3. */
static gboolean take_ordinal(const char **at, int *day)
{
	static const char *const ends[] = { "st", "nd", "rd", "th", ".", NULL };
	if (strspn(*at, "0123456789") == 0 || !take_number(at, day))
		return FALSE;
	take_word(at, ends);
	*at = skip_blanks(*at);
	return TRUE;
}

/* "15 March", "the 15th of March 1990", "March 15, 1990". */
static gboolean take_english(const char **at, struct yearly *a)
{
	static const char *const article[] = { "the ", NULL }, *const of[] = { "of ", NULL }, *const comma[] = { ",", NULL };
	const char *p = *at;
	gboolean month_first = take_month_name(&p, &a->month);
	take_word(&p, article);
	if (!take_ordinal(&p, &a->day))
		return FALSE;
	take_word(&p, of);
	if (!month_first && !take_month_name(&p, &a->month))
		return FALSE;
	take_word(&p, comma);
	if (strspn(p, "0123456789") == 4 && take_year(&p, &a->year))
		p = skip_blanks(p);
	*at = p;
	return TRUE;
}

/* The year first, as it is stored and as Chinese has it. */
static gboolean take_date(const char **at, struct yearly *a)
{
	static const char *const leap[] = { "leap", "闰", "閏", NULL };
	if (!take_year(at, &a->year))
		return FALSE;
	a->leap = take_word(at, leap);
	if (a->leap && a->year == 0 && !take_year(at, &a->year))
		return FALSE;
	return take_month_day(at, &a->month, &a->day);
}

/* What follows 29 February: which day counts in other years. */
static gboolean take_rule(const char **at, gboolean *march)
{
	static const char *const words[] = { "else", "otherwise", "平年", "否则", NULL };
	struct yearly other = { 0 };
	*march = FALSE;
	if (!take_word(at, words))
		return TRUE;
	if ((!take_english(at, &other) && !take_month_day(at, &other.month, &other.day)) || other.year)
		return FALSE;
	*march = other.month == 3 && other.day == 1;
	return *march || (other.month == 2 && other.day == 28);
}

/* Nobody calls a day of the other calendar so. */
static gboolean sounds_lunar(const char *words)
{
	static const char *const signs[] = { "初", "廿", "正月", "冬月", "腊月", NULL };
	for (const char *const *sign = signs; *sign; sign++)
		if (strstr(words, *sign))
			return TRUE;
	return FALSE;
}

gboolean celebration_read_date(const char *words, struct yearly *out)
{
	static const char *const lunar[] = { "lunar", "农历", "阴历", "旧历", "農曆", NULL }, *const solar[] = { "solar", "公历", "阳历", NULL };
	struct yearly a = { 0 };
	const char *at = skip_blanks(words);
	a.lunar = take_word(&at, lunar);
	if (!a.lunar)
		take_word(&at, solar);
	/* The months of the moon have no names in English. */
	if ((a.lunar || !take_english(&at, &a)) && !take_date(&at, &a))
		return FALSE;
	if (!take_rule(&at, &a.march) || *at)
		return FALSE;
	a.lunar = a.lunar || a.leap || sounds_lunar(words);
	/* One place knows which dates there are. */
	g_autofree char *text = yearly_print(&a);
	return yearly_parse(text, out, NULL);
}

char *celebration_lunar_words(const struct yearly *date)
{
	static const char *const numbers[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊" };
	const char *month = date->month == 1 ? "正" : numbers[CLAMP(date->month, 1, 12)], *leap = date->leap ? "闰" : "";
	int tens = date->day / 10, ones = date->day % 10;
	if (ones == 0)
		return g_strdup_printf("%s%s月%s十", leap, month, tens == 1 ? "初" : numbers[tens]);
	return g_strdup_printf("%s%s月%s%s", leap, month, tens == 0 ? "初" : tens == 1 ? "十" : "廿", numbers[ones]);
}
