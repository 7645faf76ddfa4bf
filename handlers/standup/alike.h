/* SPDX-License-Identifier: MIT */
/*
 * Whether two texts of people tell of the same, though they are worded a little differently.
 *
 * The rule. A text is taken apart into units: each word of an alphabet or a number is one, and of a run of Han characters each
 * two that stand side by side. Case, signs and width do not count, nor do little words ("still", "the", 还, 的) and counts of
 * time ("3 days", 第三天), which change from day to day. Then
 *   - the same trouble: units in common are two thirds of what both have (3 * common >= one + other), or the shorter, of three
 *     units at least, stands whole in the longer; what says "none" is the same as nothing;
 *   - a copy: nine tenths (20 * common >= 9 * (one + other)), and eight units at least.
 * When each has a number or a lone letter that the other lacks, they are neither: customer A is not customer B.
 *
 * Pure; any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* Two lines of trouble, UTF-8, neutral text. */
gboolean alike_is_same_trouble(const char *one, const char *other);
/* Two whole standups, their fields one below the other. */
gboolean alike_is_copy(const char *one, const char *other);
