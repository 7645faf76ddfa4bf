/* SPDX-License-Identifier: MIT */
/*
 * Spans of time as people write them: "90s", "30m", "2h", "1h30m" are working (or plain) seconds, "7d" calendar days. The two are
 * different units, so a span is one or the other: at or above 0 seconds, below 0 days. Pure.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum { SPAN_DAYS_LIMIT = 3650, SPAN_COUNT_LIMIT = 1000000 };

/* FALSE when the text is no span; then *out is untouched. */
gboolean span_parse(const char *text, int64_t *out);
/* As it is written: "1h30m", "7d", "0m"; caller frees. span_parse reads it back. */
char *span_text(int64_t span);
