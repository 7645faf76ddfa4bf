/* SPDX-License-Identifier: MIT */
/* What is read is written in both languages and read as the same; what it rings at lies ahead, and rings on that day. */
#include "tests/fuzz/fuzz.h"

#include "team/calendar_file.h"
#include "team/recurrence.h"

enum { RINGS = 4 };

static void check_instants(const struct recurrence *r, const struct recurrence *same, const struct calendar *calendar, const char *zone)
{
	int64_t at_ms = G_GINT64_CONSTANT(1772409600000), before_ms = at_ms, again_ms = 0; /* 2 March 2026 */
	GTimeZone *where = zone_find(zone);
	for (int i = 0; i < RINGS && recurrence_next(r, calendar, where, before_ms, &at_ms); i++, before_ms = at_ms) {
		g_assert_cmpint(at_ms, >, before_ms);
		g_assert_true(recurrence_next(same, calendar, where, before_ms, &again_ms));
		g_assert_cmpint(at_ms, ==, again_ms);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(recurrence_auto) r = recurrence_parse(text, &error);
	g_assert_true((r != NULL) == (error == NULL));
	if (!r)
		return 0;
	g_autoptr(calendar_auto) cn = calendar_shipped("cn");
	for (enum language language = 0; language < LANGUAGE_COUNT; language++) {
		g_autofree char *words = recurrence_words(r, language);
		g_autoptr(recurrence_auto) same = recurrence_parse(words, NULL);
		g_assert_nonnull(same);
		check_instants(r, same, NULL, "America/New_York");
		check_instants(r, same, cn, "Asia/Shanghai");
	}
	return 0;
}
