/* SPDX-License-Identifier: MIT */
/* Days as people say them: "today", "明天", "12-01", "12月1日", "2026-12-01". Any thread. */
#pragma once

#include "base/zone.h"

#include "base/banned.h"

/* Which year is meant where none is said. */
enum day_words_year {
	DAY_WORDS_THIS_YEAR,
	DAY_WORDS_AHEAD, /* the next time that date comes, or one of the last thirty days */
};

/* Reads one word. today: the reader's day. FALSE leaves out as it was: the word is no day. */
gboolean day_words_read(const char *word, const char *today, enum day_words_year year, char out[static ZONE_DAY_SIZE]);
/* Reads "12-01" or "12-01..12-05", with any of the signs that people put between; days to come, the last as from the first. */
gboolean day_words_read_span(const char *word, const char *today, char first[static ZONE_DAY_SIZE], char last[static ZONE_DAY_SIZE]);
