/* SPDX-License-Identifier: MIT */
/* What is read is written in both languages and read as the same; what is to come in these hours comes in them, or on a free day. */
#include "tests/fuzz/fuzz.h"

#include "base/zone.h"
#include "team/calendar_file.h"
#include "team/hours.h"

enum { DAYS_CHECKED = 14 };

static void check_days(const struct hours *hours, const struct calendar *team)
{
	char day[ZONE_DAY_SIZE] = "2026-02-09"; /* the lunar new year is in these days */
	for (int i = 0; i < DAYS_CHECKED; i++, zone_day_shift(day, 1, day)) {
		struct calendar_window windows[HOURS_WINDOWS_MOST];
		int at = hours_fit(hours, team, day, 9 * 60 + 30);
		guint count = hours_on(hours, team, day, windows);
		g_assert_cmpuint(count, <=, HOURS_WINDOWS_MOST);
		g_assert_true(count == 0 ? at == 9 * 60 + 30 : hours_is_open(hours, team, day, at));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	struct hours hours, same;
	int64_t from_ms = G_GINT64_CONSTANT(1772409600000), open_ms = 0; /* 2 March 2026 */
	if (!hours_parse(text, &hours))
		return 0;
	g_autoptr(calendar_auto) cn = calendar_shipped("cn");
	for (enum language language = 0; language < LANGUAGE_COUNT; language++) {
		g_autofree char *words = hours_words(&hours, language), *again = NULL;
		if (strlen(words) > HOURS_LIMIT_BYTES)
			continue;
		g_assert_true(hours_parse(words, &same));
		again = hours_words(&same, language);
		g_assert_cmpstr(words, ==, again);
	}
	check_days(&hours, NULL);
	check_days(&hours, cn);
	g_assert_true(!hours_next(&hours, cn, zone_find("Asia/Shanghai"), from_ms, &open_ms) || open_ms >= from_ms);
	return 0;
}
