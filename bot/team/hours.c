/* SPDX-License-Identifier: MIT */
#include "team/hours.h"

#include "base/zone.h"
#include "team/time_words.h"

enum { WEEKDAYS = 7, DAY_MINUTES = 24 * 60, HALF_DAY = 12 * 60, BEFORE_THEY_GO = 30, LOOK_AHEAD_DAYS = 60, MONDAY_TO_FRIDAY = 0x1f, EVERY_DAY = 0x7f };

/* ---- reading ---- */

/* What has been read: the days of the windows that come, a bit for each, Monday the first. */
struct reading {
	const char *at;
	unsigned days;
	int last_day;	   /* that was named; -1: none yet */
	gboolean has_time; /* since the days were named */
	struct hours *out;
};

static const struct {
	const char *text;
	unsigned days;
} spans[] = {
	{ "workdays", MONDAY_TO_FRIDAY },
	{ "weekdays", MONDAY_TO_FRIDAY },
	{ "工作日", MONDAY_TO_FRIDAY },
	{ "every day", EVERY_DAY },
	{ "daily", EVERY_DAY },
	{ "每天", EVERY_DAY },
};

static const char *const fillers[] = { " ", ",", ";", "、", "。", "and", "&", "和", "every", "每" };

/* "mon" … "mondays": at least three letters. */
static int read_english_day(const char **at)
{
	static const char *const names[] = { "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays" };
	size_t length = 0;
	while (g_ascii_isalpha((*at)[length]))
		length++;
	for (int i = 0; length >= 3 && i < WEEKDAYS; i++)
		if (strncmp(*at, names[i], length) == 0) {
			*at += length;
			return i;
		}
	return -1;
}

/* "周一", "星期天"; or, after another day, "一". */
static int read_chinese_day(const char **at, gboolean bare)
{
	static const char *const prefixes[] = { "周", "星期", "礼拜" };
	static const char *const names[] = { "一", "二", "三", "四", "五", "六", "日", "天" };
	const char *rest = *at;
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(*at, prefixes[i]))
			rest = *at + strlen(prefixes[i]);
	for (size_t i = 0; (bare || rest > *at) && i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(rest, names[i])) {
			*at = rest + strlen(names[i]);
			return MIN((int)i, WEEKDAYS - 1);
		}
	return -1;
}

static int read_day(const char **at, gboolean bare)
{
	int day = read_english_day(at);
	return day < 0 ? read_chinese_day(at, bare) : day;
}

static void name_days(struct reading *in, unsigned days)
{
	in->days = in->has_time ? days : in->days | days;
	in->has_time = FALSE;
}

/* "mon", "mon-thu", "sat-tue". */
static gboolean take_days(struct reading *in)
{
	const char *at = in->at;
	int first = read_day(&at, in->last_day >= 0), last = first;
	if (first < 0)
		return FALSE;
	const char *after = at;
	int to = time_words_sign(&after) ? read_day(&after, TRUE) : -1;
	if (to >= 0) {
		at = after;
		last = to;
	}
	unsigned days = 1u << last;
	for (int day = first; day != last; day = (day + 1) % WEEKDAYS)
		days |= 1u << day;
	name_days(in, days);
	in->last_day = last;
	in->at = at;
	return TRUE;
}

static gboolean take_span(struct reading *in)
{
	for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
		if (g_str_has_prefix(in->at, spans[i].text)) {
			name_days(in, spans[i].days);
			in->at += strlen(spans[i].text);
			return TRUE;
		}
	return FALSE;
}

static gboolean add_window(struct reading *in, struct calendar_window window)
{
	for (int day = 0; day < WEEKDAYS; day++) {
		if (!(in->days & 1u << day))
			continue;
		if (in->out->counts[day] == HOURS_WINDOWS_MOST)
			return FALSE;
		in->out->windows[day][in->out->counts[day]++] = window;
	}
	return TRUE;
}

/* "09:00-15:00", "1pm-6", "1-6pm", "9-5": a half of the day that is not said is that of the other, or the one that makes sense. */
static gboolean take_window(struct reading *in)
{
	const char *at = in->at;
	gboolean open_half, close_half;
	int open = time_words_read(&at, &open_half);
	int close = open >= 0 && time_words_sign(&at) ? time_words_read(&at, &close_half) : -1;
	if (close < 0 || open == DAY_MINUTES || open == close)
		return FALSE;
	if (!close_half && close < HALF_DAY && close < open && close + HALF_DAY > open)
		close += HALF_DAY;
	else if (!open_half && close_half && open + HALF_DAY < close)
		open += HALF_DAY;
	if (!in->days)
		in->days = MONDAY_TO_FRIDAY;
	in->has_time = TRUE;
	in->last_day = -1;
	in->at = at;
	return add_window(in, (struct calendar_window){ open, close });
}

static gboolean skip_filler(struct reading *in)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fillers); i++)
		if (g_str_has_prefix(in->at, fillers[i])) {
			in->at += strlen(fillers[i]);
			return TRUE;
		}
	return FALSE;
}

static int by_opening(gconstpointer a, gconstpointer b)
{
	const struct calendar_window *x = a, *y = b;
	return (x->open_minute > y->open_minute) - (x->open_minute < y->open_minute);
}

gboolean hours_parse(const char *words, struct hours *out)
{
	struct hours hours = { 0 };
	if (strlen(words) > HOURS_LIMIT_BYTES || !g_utf8_validate(words, -1, NULL))
		return FALSE;
	g_autofree char *folded = g_utf8_normalize(words, -1, G_NORMALIZE_NFKC), *plain = g_ascii_strdown(folded, -1);
	struct reading in = { .at = plain, .last_day = -1, .out = &hours };
	while (*in.at)
		if (!take_span(&in) && !skip_filler(&in) && !take_window(&in) && !take_days(&in))
			return FALSE;
	if (!in.has_time)
		return FALSE;
	for (int day = 0; day < WEEKDAYS; day++)
		qsort(hours.windows[day], hours.counts[day], sizeof hours.windows[day][0], by_opening);
	*out = hours;
	return TRUE;
}

/* ---- writing ---- */

static gboolean is_same_day(const struct hours *own, int a, int b)
{
	return own->counts[a] == own->counts[b] &&
	       memcmp(own->windows[a], own->windows[b], own->counts[a] * sizeof own->windows[a][0]) == 0;
}

static void add_windows(GString *text, const struct hours *own, int day, enum language language)
{
	for (guint i = 0; i < own->counts[day]; i++) {
		struct calendar_window w = own->windows[day][i];
		const char *before = i == 0 ? " " : language == LANGUAGE_EN ? ", " : "、";
		g_string_append_printf(text, "%s%02d:%02d-%02d:%02d", before, w.open_minute / 60, w.open_minute % 60, w.close_minute / 60,
			w.close_minute % 60);
	}
}

char *hours_words(const struct hours *own, enum language language)
{
	static const char *const names[LANGUAGE_COUNT][WEEKDAYS] = {
		[LANGUAGE_ZH_CN] = { "周一", "周二", "周三", "周四", "周五", "周六", "周日" },
		[LANGUAGE_EN] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
	};
	gboolean english = language == LANGUAGE_EN;
	GString *text = g_string_new(NULL);
	for (int day = 0, last; day < WEEKDAYS; day = last + 1) {
		for (last = day; last + 1 < WEEKDAYS && is_same_day(own, day, last + 1);)
			last++;
		if (own->counts[day] == 0)
			continue;
		g_string_append_printf(text, "%s%s", text->len == 0 ? "" : english ? "; " : "；", names[language][day]);
		if (last > day)
			g_string_append_printf(text, "%s%s", english ? "-" : "至", names[language][last]);
		add_windows(text, own, day, language);
	}
	return g_string_free(text, FALSE);
}

/* ---- asking ---- */

static gboolean is_overnight(struct calendar_window w)
{
	return w.close_minute <= w.open_minute;
}

/* Their week has each day of the team's. */
static gboolean works_all_week(const struct hours *own, const struct calendar *team)
{
	for (int day = 0; day < WEEKDAYS; day++) {
		guint count;
		calendar_weekly(team, day + 1, &count);
		if (count > 0 && own->counts[day] == 0)
			return FALSE;
	}
	return TRUE;
}

/* The weekday whose hours they have on that date; -1: it is free. */
static int weekday_of(const struct hours *own, const struct calendar *team, const char *day)
{
	int weekday = zone_weekday(day) - 1;
	gboolean made_up = team && calendar_is_exception(team, day) && calendar_is_working_day(team, day);
	if (own->counts[weekday] == 0 && made_up && works_all_week(own, team))
		for (weekday = 0; own->counts[weekday] == 0;)
			weekday++;
	return own->counts[weekday] == 0 ? -1 : weekday;
}

/* Adds what both windows have; one that goes on after midnight as it is. */
static void add_common(struct calendar_window own, struct calendar_window team, struct calendar_window *out, guint *count)
{
	if (!is_overnight(own) && !is_overnight(team)) {
		own = (struct calendar_window){ MAX(own.open_minute, team.open_minute), MIN(own.close_minute, team.close_minute) };
		if (own.open_minute >= own.close_minute)
			return;
	}
	if (*count < HOURS_WINDOWS_MOST)
		out[(*count)++] = own;
}

guint hours_on(const struct hours *own, const struct calendar *team, const char *day, struct calendar_window out[static HOURS_WINDOWS_MOST])
{
	int weekday = weekday_of(own, team, day);
	guint count = 0, team_count = 0;
	if (weekday < 0)
		return 0;
	if (!team || !calendar_is_exception(team, day)) {
		memcpy(out, own->windows[weekday], sizeof own->windows[weekday]);
		return own->counts[weekday];
	}
	const struct calendar_window *windows = calendar_windows(team, day, &team_count);
	for (guint i = 0; i < own->counts[weekday]; i++)
		for (guint k = 0; k < team_count; k++)
			add_common(own->windows[weekday][i], windows[k], out, &count);
	return count;
}

gboolean hours_is_open(const struct hours *own, const struct calendar *team, const char *day, int minute)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	char before[ZONE_DAY_SIZE];
	gboolean open = FALSE;
	guint count = hours_on(own, team, day, windows);
	for (guint i = 0; i < count; i++)
		open = open || (windows[i].open_minute <= minute && (is_overnight(windows[i]) || minute < windows[i].close_minute));
	zone_day_shift(day, -1, before);
	count = hours_on(own, team, before, windows);
	for (guint i = 0; i < count; i++)
		open = open || (is_overnight(windows[i]) && minute < windows[i].close_minute);
	return open;
}

int hours_fit(const struct hours *own, const struct calendar *team, const char *day, int minute)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	guint count = own ? hours_on(own, team, day, windows) : 0;
	if (count == 0 || hours_is_open(own, team, day, minute))
		return minute;
	for (guint i = 0; i < count; i++)
		if (windows[i].open_minute >= minute)
			return windows[i].open_minute;
	return MAX(windows[count - 1].open_minute, windows[count - 1].close_minute - BEFORE_THEY_GO);
}

/* The first instant of a day's windows at or after at_ms, if it comes before what *open_ms holds. */
static void take_day(const struct hours *own, const struct calendar *team, GTimeZone *zone, const char *day, int64_t at_ms, int64_t *open_ms)
{
	struct calendar_window windows[HOURS_WINDOWS_MOST];
	char last[ZONE_DAY_SIZE];
	int64_t from_ms, to_ms;
	guint count = hours_on(own, team, day, windows);
	for (guint i = 0; i < count; i++) {
		zone_day_shift(day, is_overnight(windows[i]), last);
		if (zone_instant(zone, day, windows[i].open_minute, &from_ms) && zone_instant(zone, last, windows[i].close_minute, &to_ms) &&
			at_ms < to_ms && MAX(from_ms, at_ms) < *open_ms)
			*open_ms = MAX(from_ms, at_ms);
	}
}

gboolean hours_next(const struct hours *own, const struct calendar *team, GTimeZone *zone, int64_t at_ms, int64_t *open_ms)
{
	char day[ZONE_DAY_SIZE];
	int64_t first_ms = INT64_MAX;
	zone_day(zone, at_ms, day);
	zone_day_shift(day, -1, day); /* its night may reach into this day */
	for (int i = 0; i < LOOK_AHEAD_DAYS && first_ms == INT64_MAX; i++, zone_day_shift(day, 1, day))
		take_day(own, team, zone, day, at_ms, &first_ms);
	if (first_ms == INT64_MAX)
		return FALSE;
	*open_ms = first_ms;
	return TRUE;
}
