/* SPDX-License-Identifier: MIT */
/* Times of day as people say them: "20:00", "8", "9am", "22点", "下午3点半", "九点一刻"; and the signs between two of them. Any thread. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/*
 * Minutes after midnight, 0 … 1440 (24:00); moves over it. -1: no time of day, and *text is anywhere. half: whether it says which
 * half of the day it means ("9am", "下午3点", "09:00"), may be NULL.
 */
int time_words_read(const char **text, gboolean *half);
/* Whether a time of day is next that cannot be another number: it says its half of the day, or "点". */
gboolean time_words_is_next(const char *text);
/* Moves over "-", "..", "至", "to" and the blanks around it; FALSE: no such sign is next. */
gboolean time_words_sign(const char **text);
