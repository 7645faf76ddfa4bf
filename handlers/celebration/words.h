/* SPDX-License-Identifier: MIT */
/* Dates of birth as people write them. Pure; any thread. */
#pragma once

#include "team/yearly.h"

#include "base/banned.h"

/*
 * Reads "03-15", "3/15", "15 March", "March 15th, 1990", "3月15日", "1990-03-15", "农历 08-15", "农历八月十五", "lunar leap 06-06",
 * "闰六月初六", and for 29 February what other years have: "02-29 else 03-01", "2月29日 平年 3月1日". FALSE leaves out as it was.
 */
gboolean celebration_read_date(const char *words, struct yearly *out);
/* The day of a lunar date as people say it: "八月十五", "正月初一". Caller frees. */
char *celebration_lunar_words(const struct yearly *date);
