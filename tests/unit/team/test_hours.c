/* SPDX-License-Identifier: MIT */
/* A person's own working week: as people write it, on the dates of a team's calendar, and when something suits it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/zone.h"
#include "team/calendar_file.h"
#include "team/hours.h"

/* zh: NULL: no hours. */
static const struct {
	const char *words, *en, *zh;
} readings[] = {
	{ "Mon-Thu 09:00-15:00", "Mon-Thu 09:00-15:00", "周一至周四 09:00-15:00" },
	{ "monday to thursday 9am-3pm", "Mon-Thu 09:00-15:00", "周一至周四 09:00-15:00" },
	{ "周一到周四 9点到15点", "Mon-Thu 09:00-15:00", "周一至周四 09:00-15:00" },
	{ "周一至四 上午9点-下午3点", "Mon-Thu 09:00-15:00", "周一至周四 09:00-15:00" },
	{ "Mon-Thu 09:00-15:00; Fri 09:00-12:00", "Mon-Thu 09:00-15:00; Fri 09:00-12:00", "周一至周四 09:00-15:00；周五 09:00-12:00" },
	{ "周一至周四 ９：００－１５：００；周五 9点半-12点", "Mon-Thu 09:00-15:00; Fri 09:30-12:00", "周一至周四 09:00-15:00；周五 09:30-12:00" },
	{ "周一、三、五 13:00-18:00", "Mon 13:00-18:00; Wed 13:00-18:00; Fri 13:00-18:00", "周一 13:00-18:00；周三 13:00-18:00；周五 13:00-18:00" },
	{ "mon, wed 13:00-18:00", "Mon 13:00-18:00; Wed 13:00-18:00", "周一 13:00-18:00；周三 13:00-18:00" },
	{ "Sun-Thu 9-17", "Mon-Thu 09:00-17:00; Sun 09:00-17:00", "周一至周四 09:00-17:00；周日 09:00-17:00" },
	{ "10:00-19:00", "Mon-Fri 10:00-19:00", "周一至周五 10:00-19:00" },
	{ "工作日 10:00-19:00", "Mon-Fri 10:00-19:00", "周一至周五 10:00-19:00" },
	{ "workdays 13:00-17:00, 09:00-12:00", "Mon-Fri 09:00-12:00, 13:00-17:00", "周一至周五 09:00-12:00、13:00-17:00" },
	{ "every day 22:00-06:00", "Mon-Sun 22:00-06:00", "周一至周日 22:00-06:00" },
	{ "周五 上午九点到下午五点半", "Fri 09:00-17:30", "周五 09:00-17:30" },
	{ "周一、三至五 9-12", "Mon 09:00-12:00; Wed-Fri 09:00-12:00", "周一 09:00-12:00；周三至周五 09:00-12:00" },
	{ "fri 9-5", "Fri 09:00-17:00", "周五 09:00-17:00" },
	{ "fri 1-6pm", "Fri 13:00-18:00", "周五 13:00-18:00" },
	{ "周五 下午1点到6点", "Fri 13:00-18:00", "周五 13:00-18:00" },
	{ "fri 9-6pm", "Fri 09:00-18:00", "周五 09:00-18:00" },
	{ "fri 8-21", "Fri 08:00-21:00", "周五 08:00-21:00" },
	{ "fri 20:00-15:00", "Fri 20:00-15:00", "周五 20:00-15:00" },
	{ "fri 22-6", "Fri 22:00-06:00", "周五 22:00-06:00" },
	{ "fri 09:00-05:00", "Fri 09:00-05:00", "周五 09:00-05:00" },
	{ "fri 16:00-24:00", "Fri 16:00-24:00", "周五 16:00-24:00" },
	{ "", NULL, NULL },
	{ "mon-thu", NULL, NULL },
	{ "mon 09:00", NULL, NULL },
	{ "mon 9-25", NULL, NULL },
	{ "mon 09:00-09:00", NULL, NULL },
	{ "mon 9-12; tue", NULL, NULL },
	{ "sometimes", NULL, NULL },
	{ "mo 9-12", NULL, NULL },
	{ "mon 1-2, 3-4, 5-6, 7-8, 9-10", NULL, NULL },
};

static void people_write_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
		struct hours hours, again;
		gboolean read = hours_parse(readings[i].words, &hours);
		if (read != (readings[i].en != NULL))
			fail_msg("'%s' is %s", readings[i].words, read ? "read" : "refused");
		if (!read)
			continue;
		g_autofree char *en = hours_words(&hours, LANGUAGE_EN), *zh = hours_words(&hours, LANGUAGE_ZH_CN);
		assert_string_equal(en, readings[i].en);
		assert_string_equal(zh, readings[i].zh);
		assert_true(hours_parse(zh, &again));
		g_autofree char *back = hours_words(&again, LANGUAGE_EN);
		assert_string_equal(back, en);
	}
}

static const char lunar_new_year[] = "zone: Asia/Shanghai\n"
				     "hours: { mon-fri: '09:00-18:00' }\n"
				     "off: { 2026-02-16: 春节 }\n"
				     "work: { 2026-02-14: yes, 2026-02-13: '09:00-12:00' }\n";

static struct calendar *calendar(void)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct calendar *c = calendar_file_parse("cn", "cn.yaml", lunar_new_year, strlen(lunar_new_year), problems);
	if (!c)
		fail_msg("%s", (const char *)problems->pdata[0]);
	return c;
}

/* 2 March 2026 is a Monday. at: when something comes that is set for `minute` (24-hour clock, as one number). */
static const struct {
	const char *what, *hours, *day;
	int minute, at;
	gboolean open, free;
} days[] = {
	{ "at work", "Mon-Thu 09:00-15:00", "2026-03-02", 930, 930, TRUE, FALSE },
	{ "the closing minute is none", "Mon-Thu 09:00-15:00", "2026-03-02", 1500, 1430, FALSE, FALSE },
	{ "in the evening, half an hour before they go", "Mon-Thu 09:00-15:00", "2026-03-02", 1700, 1430, FALSE, FALSE },
	{ "who comes after noon", "Mon-Thu 13:00-18:00", "2026-03-02", 930, 1300, FALSE, FALSE },
	{ "at lunch", "Mon-Fri 09:00-12:00, 13:30-18:00", "2026-03-02", 1215, 1330, FALSE, FALSE },
	{ "a window shorter than half an hour", "Mon 09:00-09:20", "2026-03-02", 1000, 900, FALSE, FALSE },
	{ "a free Friday", "Mon-Thu 09:00-15:00", "2026-03-06", 930, 930, FALSE, TRUE },
	{ "another country's Sunday", "Sun-Thu 09:00-17:00", "2026-03-01", 930, 930, TRUE, FALSE },
	{ "another country's Friday", "Sun-Thu 09:00-17:00", "2026-03-06", 930, 930, FALSE, TRUE },
	{ "a night", "Mon 22:00-06:00", "2026-03-02", 2300, 2300, TRUE, FALSE },
	{ "its morning, a free day", "Mon 22:00-06:00", "2026-03-03", 530, 530, TRUE, TRUE },
	{ "a holiday of the team's", "Mon-Thu 09:00-15:00", "2026-02-16", 930, 930, FALSE, TRUE },
	{ "a make-up day is not a part-timer's", "Mon-Thu 09:00-15:00", "2026-02-14", 930, 930, FALSE, TRUE },
	{ "whoever works all week works it", "Mon-Fri 10:00-16:00", "2026-02-14", 930, 1000, FALSE, FALSE },
	{ "whose Saturday it is anyway", "Sat 10:00-16:00", "2026-02-14", 1100, 1100, TRUE, FALSE },
	{ "half a day of the team's is half of theirs", "Mon-Fri 10:00-16:00", "2026-02-13", 1300, 1130, FALSE, FALSE },
	{ "and none of an afternoon's", "Mon-Fri 13:00-18:00", "2026-02-13", 1400, 1400, FALSE, TRUE },
};

static int minutes(int clock)
{
	return clock / 100 * 60 + clock % 100;
}

static void a_day_of_theirs(void **state)
{
	g_autoptr(calendar_auto) team = calendar();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
		struct hours hours;
		struct calendar_window windows[HOURS_WINDOWS_MOST];
		assert_true(hours_parse(days[i].hours, &hours));
		gboolean open = hours_is_open(&hours, team, days[i].day, minutes(days[i].minute));
		gboolean is_free = hours_on(&hours, team, days[i].day, windows) == 0;
		int at = hours_fit(&hours, team, days[i].day, minutes(days[i].minute));
		if (open != days[i].open || is_free != days[i].free || at != minutes(days[i].at))
			fail_msg("%s: open %d, free %d, at %02d:%02d", days[i].what, open, is_free, at / 60, at % 60);
	}
	assert_int_equal(hours_fit(NULL, team, "2026-03-02", 1200), 1200);
}

static int64_t instant(const char *text)
{
	int64_t at_ms;
	if (!zone_read_rfc3339(text, NULL, &at_ms))
		fail_msg("no time: %s", text);
	return at_ms;
}

static void when_they_work_next(void **state)
{
	static const struct {
		const char *zone, *hours, *from, *next;
	} cases[] = {
		{ "Asia/Shanghai", "Mon-Thu 09:00-15:00", "2026-03-05T16:00:00+08:00", "2026-03-09T09:00:00+08:00" },
		{ "Asia/Shanghai", "Mon-Thu 09:00-15:00", "2026-03-05T14:59:59+08:00", "2026-03-05T14:59:59+08:00" },
		{ "Asia/Shanghai", "Mon-Fri 09:00-15:00", "2026-02-13T16:00:00+08:00", "2026-02-14T09:00:00+08:00" },
		{ "Asia/Shanghai", "Mon-Thu 09:00-15:00", "2026-02-13T16:00:00+08:00", "2026-02-17T09:00:00+08:00" },
		/* The clocks of Berlin go forward in the night to 29 March, and back in that to 25 October. */
		{ "Europe/Berlin", "Sat 22:00-06:00", "2026-03-29T03:59:00Z", "2026-03-29T03:59:00Z" },
		{ "Europe/Berlin", "Sat 22:00-06:00", "2026-03-29T04:00:00Z", "2026-04-04T20:00:00Z" },
		{ "Europe/Berlin", "Sun 02:30-08:00", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z" },
		{ "Europe/Berlin", "Sun 02:30-08:00", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z" },
	};
	g_autoptr(calendar_auto) team = calendar();
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct hours hours;
		int64_t next_ms = 0;
		assert_true(hours_parse(cases[i].hours, &hours));
		assert_true(hours_next(&hours, team, zone_find(cases[i].zone), instant(cases[i].from), &next_ms));
		g_autofree char *next = zone_rfc3339(next_ms), *expected = zone_rfc3339(instant(cases[i].next));
		assert_string_equal(next, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_write_them),
		cmocka_unit_test(a_day_of_theirs),
		cmocka_unit_test(when_they_work_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
