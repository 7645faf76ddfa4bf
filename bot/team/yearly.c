/* SPDX-License-Identifier: MIT */
#include "team/yearly.h"

#include <lunar-date/lunar-date.h>

G_DEFINE_QUARK(belltower-yearly, yearly_error)

enum { LUNAR_FIRST = 1905, LUNAR_LAST = 2095, LAST_YEAR = 9999 };

/* ---- text ---- */

static gboolean complain(GError **error, const char *text)
{
	g_set_error(error, YEARLY_ERROR, YEARLY_ERROR_FORMAT,
		"'%s' is no date of a year; write 03-15, 1990-03-15, lunar 08-15, lunar 1990-08-15 or lunar leap 06-06", text);
	return FALSE;
}

/* Takes a word and the blanks after it off the front. */
static gboolean take_word(const char **text, const char *word)
{
	if (!g_str_has_prefix(*text, word) || (*text)[strlen(word)] != ' ')
		return FALSE;
	*text += strlen(word) + strspn(*text + strlen(word), " ");
	return TRUE;
}

static gboolean take_number(const char **text, size_t digits, int *out)
{
	if (strspn(*text, "0123456789") != digits)
		return FALSE;
	*out = 0;
	for (; digits > 0; digits--)
		*out = *out * 10 + *(*text)++ - '0';
	return TRUE;
}

static gboolean take_dash(const char **text)
{
	return *(*text)++ == '-';
}

static gboolean is_day_of_month(const struct yearly *a)
{
	if (a->month < 1 || a->month > 12 || a->day < 1)
		return FALSE;
	if (a->lunar)
		return a->day <= 30 && (a->year == 0 || (a->year >= LUNAR_FIRST && a->year <= LUNAR_LAST));
	/* Without a year any day that some year has. */
	return g_date_valid_dmy((GDateDay)a->day, (GDateMonth)a->month, (GDateYear)(a->year ? a->year : 2000));
}

static gboolean is_leap_day(const struct yearly *a)
{
	return !a->lunar && a->month == 2 && a->day == 29;
}

/* " else 03-01" after 29 February, and nothing else. */
static gboolean take_end(const char *text, struct yearly *a)
{
	text += strspn(text, " ");
	a->march = is_leap_day(a) && take_word(&text, "else") && g_str_has_prefix(text, "03-01");
	text += a->march ? strlen("03-01") : 0;
	return !text[strspn(text, " ")];
}

gboolean yearly_parse(const char *text, struct yearly *out, GError **error)
{
	struct yearly a = { 0 };
	const char *at = text + strspn(text, " ");
	a.lunar = take_word(&at, "lunar");
	a.leap = a.lunar && take_word(&at, "leap");
	if (strspn(at, "0123456789") == 4 && !(take_number(&at, 4, &a.year) && take_dash(&at) && a.year > 0))
		return complain(error, text);
	if (!take_number(&at, 2, &a.month) || !take_dash(&at) || !take_number(&at, 2, &a.day) || !is_day_of_month(&a) ||
		!take_end(at, &a))
		return complain(error, text);
	*out = a;
	return TRUE;
}

char *yearly_print(const struct yearly *a)
{
	g_autofree char *year = a->year ? g_strdup_printf("%04d-", a->year) : g_strdup("");
	return g_strdup_printf("%s%s%s%02d-%02d%s", a->lunar ? "lunar " : "", a->leap ? "leap " : "", year, a->month, a->day,
		a->march ? " else 03-01" : "");
}

/* ---- days ---- */

/* One for the process: liblunar-date 3.0.1 loses some memory with each that is freed. */
static GMutex almanac_lock;
static LunarDate *almanac;

/* The Gregorian day as text, without noughts in front; NULL when the month has no such day. The caller frees. */
static char *look_up(int year, int month, int day)
{
	g_autoptr(GError) error = NULL;
	g_mutex_lock(&almanac_lock);
	if (!almanac)
		almanac = lunar_date_new();
	lunar_date_set_lunar_date(almanac, (GDateYear)year, (GDateMonth)month, (GDateDay)day, 0, FALSE, &error);
	char *text = error ? NULL : lunar_date_strftime(almanac, "%(year)-%(month)-%(day)");
	g_mutex_unlock(&almanac_lock);
	return text;
}

static gboolean lunar_day(int year, int month, int day, char out[static ZONE_DAY_SIZE])
{
	g_autofree char *text = look_up(year, month, day);
	int y, m, d;
	if (!text)
		return FALSE;
	if (sscanf(text, "%d-%d-%d", &y, &m, &d) != 3)
		return FALSE;
	g_snprintf(out, ZONE_DAY_SIZE, "%04d-%02d-%02d", y, m, d);
	return TRUE;
}

/* The day on which it is celebrated in that year of its own calendar. */
static gboolean day_in(const struct yearly *a, int year, char out[static ZONE_DAY_SIZE])
{
	if (a->lunar)
		return year >= LUNAR_FIRST && year <= LUNAR_LAST &&
		       (lunar_day(year, a->month, a->day, out) || (a->day == 30 && lunar_day(year, a->month, 29, out)));
	/* Only 29 February is missing in some years. */
	gboolean exists = g_date_valid_dmy((GDateDay)a->day, (GDateMonth)a->month, (GDateYear)year), march = !exists && a->march;
	g_snprintf(out, ZONE_DAY_SIZE, "%04d-%02d-%02d", CLAMP(year, 1, LAST_YEAR), march ? 3 : a->month,
		exists ? a->day : march ? 1 : a->day - 1);
	return year <= LAST_YEAR;
}

static int year_of(const char *day)
{
	return (int)g_ascii_strtoll(day, NULL, 10);
}

gboolean yearly_next(const struct yearly *a, const char *from_day, char out[static ZONE_DAY_SIZE])
{
	/* A lunar year ends in the next Gregorian one, so the search begins a year early; within three it has come. */
	int first = MAX(year_of(from_day) - 1, a->year + 1);
	for (int year = first; year <= first + 2; year++) {
		char day[ZONE_DAY_SIZE];
		if (!day_in(a, year, day) || strcmp(day, from_day) < 0)
			continue;
		memcpy(out, day, ZONE_DAY_SIZE);
		return TRUE;
	}
	return FALSE;
}

int yearly_count(const struct yearly *a, const char *day)
{
	return year_of(day) - a->year;
}
