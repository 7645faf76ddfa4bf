/* SPDX-License-Identifier: MIT */
/*
 * A recurrence from words and back. The words are taken one by one, in any order and both languages, each adding a fact; which
 * facts stand together says what is meant.
 */
#include "team/recurrence_private.h"

#include "team/time_words.h"

#define EXAMPLES                                                                                                               \
	"workdays 09:30, every friday 16:00, every 2 weeks friday 16:00, last workday of month 15:00, first monday of month "  \
	"10:00, day 25 of month 10:00 or RRULE:FREQ=MONTHLY;BYDAY=2TU 09:30"

/* Facts. */
enum {
	HAS_TIME = 1 << 0,
	HAS_WORKDAY = 1 << 1,
	HAS_WEEKDAY = 1 << 2,
	HAS_DAY = 1 << 3,
	HAS_WEEK = 1 << 4,
	HAS_MONTH = 1 << 5,
	HAS_NUMBER = 1 << 6, /* "2", in front of what it counts or behind it */
	HAS_NTH = 1 << 7,    /* "first", "last" */
	HAS_RULE = 1 << 8,
	HAS_FROM = 1 << 9,
	HAS_OFF = 1 << 10,
	FORM_FACTS = HAS_WORKDAY | HAS_WEEKDAY | HAS_DAY | HAS_WEEK | HAS_MONTH | HAS_NUMBER | HAS_NTH | HAS_RULE,
};

/* Which facts make which kind. */
static const struct {
	unsigned has;
	enum recurrence_kind kind;
	int least, most; /* of the number; -1 besides, where it may be the last; 0 and 0: it has none, and is 1 */
	gboolean last;
} forms[] = {
	{ 0, RECURRENCE_TIME, 0, 0, FALSE },
	{ HAS_WORKDAY, RECURRENCE_WORKDAYS, 0, 0, FALSE },
	{ HAS_DAY, RECURRENCE_DAILY, 0, 0, FALSE },
	{ HAS_WEEKDAY, RECURRENCE_WEEKLY, 0, 0, FALSE },
	{ HAS_WEEKDAY | HAS_WEEK, RECURRENCE_WEEKLY, 0, 0, FALSE },
	{ HAS_WEEKDAY | HAS_WEEK | HAS_NUMBER, RECURRENCE_WEEKLY, 1, 52, FALSE },
	{ HAS_WORKDAY | HAS_MONTH | HAS_NTH, RECURRENCE_MONTH_WORKDAY, 1, 15, TRUE },
	{ HAS_WEEKDAY | HAS_MONTH | HAS_NTH, RECURRENCE_MONTH_WEEKDAY, 1, 4, TRUE },
	{ HAS_DAY | HAS_MONTH | HAS_NUMBER, RECURRENCE_MONTH_DAY, 1, 31, FALSE },
	{ HAS_DAY | HAS_MONTH | HAS_NTH, RECURRENCE_MONTH_DAY, 1, 31, TRUE },
	{ HAS_MONTH | HAS_NTH, RECURRENCE_MONTH_DAY, 1, 31, FALSE },
	{ HAS_RULE, RECURRENCE_RULE, 0, 0, FALSE },
};

/* What a word adds; no fact: it only fills. */
struct word {
	const char *text;
	unsigned fact;
	int value;
};

/* Words that begin others stand after them. */
static const struct word words[] = {
	{ "even on holidays", HAS_OFF, RECURRENCE_OFF_RING },
	{ "even on days off", HAS_OFF, RECURRENCE_OFF_RING },
	{ "节假日照常", HAS_OFF, RECURRENCE_OFF_RING },
	{ "not on holidays", HAS_OFF, RECURRENCE_OFF_SKIP },
	{ "not on days off", HAS_OFF, RECURRENCE_OFF_SKIP },
	{ "遇节假日跳过", HAS_OFF, RECURRENCE_OFF_SKIP },
	{ "or the workday before", HAS_OFF, RECURRENCE_OFF_BEFORE },
	{ "or workday before", HAS_OFF, RECURRENCE_OFF_BEFORE },
	{ "遇节假日提前", HAS_OFF, RECURRENCE_OFF_BEFORE },
	{ "or the workday after", HAS_OFF, RECURRENCE_OFF_AFTER },
	{ "or workday after", HAS_OFF, RECURRENCE_OFF_AFTER },
	{ "遇节假日顺延", HAS_OFF, RECURRENCE_OFF_AFTER },
	{ "workdays", HAS_WORKDAY, 0 },
	{ "workday", HAS_WORKDAY, 0 },
	{ "working days", HAS_WORKDAY, 0 },
	{ "working day", HAS_WORKDAY, 0 },
	{ "工作日", HAS_WORKDAY, 0 },
	{ "mondays", HAS_WEEKDAY, 0 },
	{ "monday", HAS_WEEKDAY, 0 },
	{ "mon", HAS_WEEKDAY, 0 },
	{ "周一", HAS_WEEKDAY, 0 },
	{ "星期一", HAS_WEEKDAY, 0 },
	{ "tuesdays", HAS_WEEKDAY, 1 },
	{ "tuesday", HAS_WEEKDAY, 1 },
	{ "tue", HAS_WEEKDAY, 1 },
	{ "周二", HAS_WEEKDAY, 1 },
	{ "星期二", HAS_WEEKDAY, 1 },
	{ "wednesdays", HAS_WEEKDAY, 2 },
	{ "wednesday", HAS_WEEKDAY, 2 },
	{ "wed", HAS_WEEKDAY, 2 },
	{ "周三", HAS_WEEKDAY, 2 },
	{ "星期三", HAS_WEEKDAY, 2 },
	{ "thursdays", HAS_WEEKDAY, 3 },
	{ "thursday", HAS_WEEKDAY, 3 },
	{ "thu", HAS_WEEKDAY, 3 },
	{ "周四", HAS_WEEKDAY, 3 },
	{ "星期四", HAS_WEEKDAY, 3 },
	{ "fridays", HAS_WEEKDAY, 4 },
	{ "friday", HAS_WEEKDAY, 4 },
	{ "fri", HAS_WEEKDAY, 4 },
	{ "周五", HAS_WEEKDAY, 4 },
	{ "星期五", HAS_WEEKDAY, 4 },
	{ "saturdays", HAS_WEEKDAY, 5 },
	{ "saturday", HAS_WEEKDAY, 5 },
	{ "sat", HAS_WEEKDAY, 5 },
	{ "周六", HAS_WEEKDAY, 5 },
	{ "星期六", HAS_WEEKDAY, 5 },
	{ "sundays", HAS_WEEKDAY, 6 },
	{ "sunday", HAS_WEEKDAY, 6 },
	{ "sun", HAS_WEEKDAY, 6 },
	{ "周日", HAS_WEEKDAY, 6 },
	{ "周天", HAS_WEEKDAY, 6 },
	{ "星期日", HAS_WEEKDAY, 6 },
	{ "星期天", HAS_WEEKDAY, 6 },
	{ "first", HAS_NTH, 1 },
	{ "second", HAS_NTH, 2 },
	{ "third", HAS_NTH, 3 },
	{ "fourth", HAS_NTH, 4 },
	{ "last", HAS_NTH, -1 },
	{ "最后一", HAS_NTH, -1 },
	{ "第一", HAS_NTH, 1 },
	{ "第二", HAS_NTH, 2 },
	{ "第三", HAS_NTH, 3 },
	{ "第四", HAS_NTH, 4 },
	{ "two", HAS_NUMBER, 2 },
	{ "three", HAS_NUMBER, 3 },
	{ "four", HAS_NUMBER, 4 },
	{ "other", HAS_NUMBER, 2 },
	{ "两", HAS_NUMBER, 2 },
	{ "二", HAS_NUMBER, 2 },
	{ "三", HAS_NUMBER, 3 },
	{ "四", HAS_NUMBER, 4 },
	{ "隔", HAS_NUMBER, 2 },
	{ "daily", HAS_DAY, 0 },
	{ "days", HAS_DAY, 0 },
	{ "day", HAS_DAY, 0 },
	{ "天", HAS_DAY, 0 },
	{ "日", HAS_DAY, 0 },
	{ "号", HAS_DAY, 0 },
	{ "weeks", HAS_WEEK, 0 },
	{ "week", HAS_WEEK, 0 },
	{ "周", HAS_WEEK, 0 },
	{ "months", HAS_MONTH, 0 },
	{ "month", HAS_MONTH, 0 },
	{ "月", HAS_MONTH, 0 },
	{ "every", 0, 0 },
	{ "each", 0, 0 },
	{ "and", 0, 0 },
	{ "the", 0, 0 },
	{ "of", 0, 0 },
	{ "on", 0, 0 },
	{ "at", 0, 0 },
	{ "每", 0, 0 },
	{ "个", 0, 0 },
	{ "的", 0, 0 },
	{ "和", 0, 0 },
	{ "、", 0, 0 },
	{ ",", 0, 0 },
};

/* What has been read so far, and what is still to read. */
struct reading {
	const char *whole, *at;
	unsigned has;
	gboolean in_week; /* a day of the week stands last, so in Chinese a bare number names another */
	struct recurrence *r;
	GError **error;
};

/* ---- reading ---- */

static gboolean not_understood(const struct reading *in)
{
	g_autofree char *rest = g_utf8_substring(in->at, 0, MIN(g_utf8_strlen(in->at, -1), 20));
	if (*rest)
		g_set_error(in->error, RECURRENCE_ERROR, RECURRENCE_ERROR_WORDS, "cannot read '%s' in '%s'; write it like " EXAMPLES,
			rest, in->whole);
	else
		g_set_error(in->error, RECURRENCE_ERROR, RECURRENCE_ERROR_WORDS, "cannot tell which days '%s' means; write it like " EXAMPLES,
			in->whole);
	return FALSE;
}

static gboolean wrong_time(const struct reading *in, const char *what)
{
	g_set_error(in->error, RECURRENCE_ERROR, RECURRENCE_ERROR_TIME, "'%s' %s; write one like 09:30 (00:00 to 23:59)", in->whole, what);
	return FALSE;
}

/* Facts that are said twice contradict each other, except days of the week, which add up. */
static gboolean add(struct reading *in, unsigned fact)
{
	unsigned numbers = HAS_NUMBER | HAS_NTH;
	if (in->has & fact & ~(unsigned)HAS_WEEKDAY || (fact & numbers && in->has & numbers))
		return not_understood(in);
	in->has |= fact;
	in->in_week = fact ? fact == HAS_WEEKDAY : in->in_week;
	return TRUE;
}

/* A letter that follows would make another word of it. */
static gboolean stands(const char *at, const char *word)
{
	size_t length = strlen(word);
	return strncmp(at, word, length) == 0 && !(g_ascii_isalpha(word[0]) && g_ascii_isalnum(at[length]));
}

static gboolean take_word(struct reading *in)
{
	const struct word *word = words;
	while (word < words + G_N_ELEMENTS(words) && !stands(in->at, word->text))
		word++;
	if (word == words + G_N_ELEMENTS(words))
		return not_understood(in);
	if (!add(in, word->fact))
		return FALSE;
	if (word->fact == HAS_WEEKDAY)
		in->r->weekdays |= 1u << word->value;
	else if (word->fact == HAS_OFF)
		in->r->off = (enum recurrence_off)word->value;
	else if (word->fact & (HAS_NUMBER | HAS_NTH))
		in->r->number = word->value;
	in->at += strlen(word->text);
	return TRUE;
}

/* "周一、三、五": the second and later ones. */
static gboolean take_further_weekday(struct reading *in)
{
	static const char *const names[] = { "一", "二", "三", "四", "五", "六", "日" };
	for (guint i = 0; in->in_week && i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(in->at, names[i])) {
			in->r->weekdays |= 1u << i;
			in->at += strlen(names[i]);
			return TRUE;
		}
	return FALSE;
}

/* "9am", "下午4点", "九点一刻". */
static gboolean take_spoken_time(struct reading *in)
{
	int minute = time_words_read(&in->at, NULL);
	if (minute < 0 || minute == 24 * 60)
		return wrong_time(in, "has a time that no clock shows");
	if (in->has & HAS_TIME)
		return wrong_time(in, "has more than one time");
	in->has |= HAS_TIME;
	in->r->minute = minute;
	return TRUE;
}

static gboolean take_time(struct reading *in, size_t digits)
{
	guint64 hour = g_ascii_strtoull(in->at, NULL, 10);
	const char *minutes = in->at + digits + 1;
	if (digits > 2 || strspn(minutes, "0123456789") != 2)
		return wrong_time(in, "has a time that is none");
	guint64 minute = g_ascii_strtoull(minutes, NULL, 10);
	if (hour > 23 || minute > 59)
		return wrong_time(in, "has a time that no clock shows");
	if (in->has & HAS_TIME)
		return wrong_time(in, "has more than one time");
	in->has |= HAS_TIME;
	in->r->minute = (int)(hour * 60 + minute);
	in->at = minutes + 2;
	return TRUE;
}

/* "2", "2nd", "第2". */
static gboolean take_number(struct reading *in, const char *digits, size_t count)
{
	static const char *const endings[] = { "st", "nd", "rd", "th" };
	const char *after = digits + count;
	gboolean nth = digits > in->at;
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (stands(after, endings[i])) {
			nth = TRUE;
			after += strlen(endings[i]);
			break;
		}
	if (count > 2)
		return not_understood(in);
	if (!add(in, nth ? HAS_NTH : HAS_NUMBER))
		return FALSE;
	in->r->number = (int)g_ascii_strtoull(digits, NULL, 10);
	in->at = after;
	return TRUE;
}

/* "from 2026-03-06", "自2026-03-06起". */
static gboolean take_from(struct reading *in, const char *word)
{
	const char *day = in->at + strlen(word), *end;
	day += strspn(day, " ");
	g_autofree char *text = g_strndup(day, ZONE_DAY_SIZE - 1);
	if (!zone_day_is_valid(text) || strcmp(text, "2000") < 0 || strcmp(text, "2200") >= 0)
		return not_understood(in);
	if (!add(in, HAS_FROM))
		return FALSE;
	memcpy(in->r->from, text, ZONE_DAY_SIZE);
	end = day + ZONE_DAY_SIZE - 1;
	in->at = g_str_has_prefix(end, "起") ? end + strlen("起") : end;
	return TRUE;
}

static gboolean take_rule(struct reading *in)
{
	const char *rule = in->at + strlen("rrule:");
	size_t length = strcspn(rule, " ");
	if (!add(in, HAS_RULE))
		return FALSE;
	if (length >= sizeof in->r->rule)
		return not_understood(in);
	g_autofree char *text = g_ascii_strup(rule, (gssize)length);
	g_strlcpy(in->r->rule, text, sizeof in->r->rule);
	in->at = rule + length;
	return TRUE;
}

static gboolean take_one(struct reading *in)
{
	const char *digits = in->at + (g_str_has_prefix(in->at, "第") ? strlen("第") : 0);
	size_t count = strspn(digits, "0123456789");
	if (time_words_is_next(in->at))
		return take_spoken_time(in);
	if (count > 0)
		return in->at[count] == ':' ? take_time(in, count) : take_number(in, digits, count);
	if (take_further_weekday(in))
		return TRUE;
	if (g_str_has_prefix(in->at, "rrule:"))
		return take_rule(in);
	if (stands(in->at, "from"))
		return take_from(in, "from");
	return g_str_has_prefix(in->at, "自") ? take_from(in, "自") : take_word(in);
}

static gboolean find_form(struct reading *in)
{
	struct recurrence *r = in->r;
	size_t i = 0;
	while (i < G_N_ELEMENTS(forms) && forms[i].has != (in->has & FORM_FACTS))
		i++;
	if (i == G_N_ELEMENTS(forms))
		return not_understood(in);
	if (forms[i].most == 0)
		r->number = 1;
	else if ((r->number < forms[i].least || r->number > forms[i].most) && !(forms[i].last && r->number == -1))
		return not_understood(in);
	r->kind = forms[i].kind;
	if (r->kind == RECURRENCE_MONTH_WEEKDAY && (r->weekdays & (r->weekdays - 1)) != 0)
		return not_understood(in);
	return in->has & HAS_TIME || wrong_time(in, "names no time");
}

/* One spelling of each sign, so that what people's keyboards make of a colon or a digit does not matter. */
static char *plain(const char *text)
{
	g_autofree char *folded = g_utf8_normalize(text, -1, G_NORMALIZE_NFKC);
	char *lower = g_ascii_strdown(folded ? folded : "", -1);
	return g_strstrip(g_strdelimit(lower, "\t\r\n", ' '));
}

static gboolean read_all(struct reading *in)
{
	while (*(in->at += strspn(in->at, " ")))
		if (!take_one(in))
			return FALSE;
	return find_form(in) && recurrence_finish(in->r, in->error);
}

struct recurrence *recurrence_parse(const char *text, GError **error)
{
	g_autoptr(GError) problem = NULL;
	if (strlen(text) > RECURRENCE_LIMIT_BYTES || !g_utf8_validate(text, -1, NULL)) {
		g_set_error_literal(error, RECURRENCE_ERROR, RECURRENCE_ERROR_WORDS, "must be short and in UTF-8; write it like " EXAMPLES);
		return NULL;
	}
	g_autofree char *whole = plain(text);
	g_autoptr(recurrence_auto) r = g_new0(struct recurrence, 1);
	struct reading in = { .whole = whole, .at = whole, .r = r, .error = &problem };
	if (read_all(&in))
		return g_steal_pointer(&r);
	g_propagate_error(error, g_steal_pointer(&problem));
	return NULL;
}

/* ---- writing ---- */

static const char *const weekday_names[LANGUAGE_COUNT][7] = {
	[LANGUAGE_ZH_CN] = { "周一", "周二", "周三", "周四", "周五", "周六", "周日" },
	[LANGUAGE_EN] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" },
};

static char *weekdays_text(const struct recurrence *r, enum language language)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < 7; i++)
		if (r->weekdays & 1u << i)
			g_ptr_array_add(names, (gpointer)weekday_names[language][i]);
	g_ptr_array_add(names, NULL);
	return g_strjoinv(language == LANGUAGE_EN ? ", " : "、", (char **)names->pdata);
}

/* "last", "3rd", "最后一", "第3". */
static char *nth_text(int number, enum language language)
{
	if (language == LANGUAGE_ZH_CN)
		return number < 0 ? g_strdup("最后一") : g_strdup_printf("第%d", number);
	static const char *const names[] = { "last", "", "first", "second", "third", "fourth" };
	return number < 5 ? g_strdup(names[number + 1]) : g_strdup_printf("%dth", number);
}

static char *days_text(const struct recurrence *r, enum language language)
{
	gboolean english = language == LANGUAGE_EN;
	g_autofree char *weekdays = weekdays_text(r, language), *nth = nth_text(r->number, language);
	switch (r->kind) {
	case RECURRENCE_TIME:
		return g_strdup("");
	case RECURRENCE_WORKDAYS:
		return g_strdup(english ? "workdays" : "工作日");
	case RECURRENCE_DAILY:
		return g_strdup(english ? "every day" : "每天");
	case RECURRENCE_WEEKLY:
		if (r->number == 1)
			return g_strdup_printf(english ? "every %s" : "每%s", weekdays);
		return g_strdup_printf(english ? "every %d weeks %s" : "每%d周%s", r->number, weekdays);
	case RECURRENCE_MONTH_WORKDAY:
		return g_strdup_printf(english ? "%s workday of month" : "每月%s个工作日", nth);
	case RECURRENCE_MONTH_WEEKDAY:
		return g_strdup_printf(english ? "%s %s of month" : "每月%s个%s", nth, weekdays);
	case RECURRENCE_MONTH_DAY:
		if (r->number < 0)
			return g_strdup(english ? "last day of month" : "每月最后一天");
		return g_strdup_printf(english ? "day %d of month" : "每月%d日", r->number);
	case RECURRENCE_RULE:
		return g_strdup_printf("RRULE:%s", r->rule);
	case RECURRENCE_KIND_COUNT:
		break;
	}
	return NULL;
}

static const char *const off_texts[LANGUAGE_COUNT][5] = {
	[LANGUAGE_ZH_CN] = { "", " 节假日照常", " 遇节假日跳过", " 遇节假日提前", " 遇节假日顺延" },
	[LANGUAGE_EN] = { "", " even on holidays", " not on holidays", " or the workday before", " or the workday after" },
};

char *recurrence_words(const struct recurrence *r, enum language language)
{
	g_autofree char *days = days_text(r, language);
	g_autoptr(GString) text = g_string_new(days);
	g_string_append_printf(text, "%s%02d:%02d", *days ? " " : "", r->minute / 60, r->minute % 60);
	if (*r->from)
		g_string_append_printf(text, language == LANGUAGE_EN ? " from %s" : " 自%s起", r->from);
	return g_string_free(g_string_append(g_steal_pointer(&text), off_texts[language][r->off]), FALSE);
}
