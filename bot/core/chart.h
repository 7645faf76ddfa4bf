/* SPDX-License-Identifier: MIT */
/*
 * A bar chart of a message (message.h), read: for an adapter that draws it, and as lines of text where none can be drawn.
 * What is no number counts as 0, so that each series has a value for each label.
 *
 * Pure, any thread.
 */
#pragma once

#include "base/json.h"

struct chart {
	char *title;	   /* one line, with the unit: "Deals this week (万元)" */
	GPtrArray *series; /* names, no two alike; a single one may be "" */
	GPtrArray *labels; /* no two alike */
	GPtrArray *values; /* decimal numbers as text, label by label: of label i and series k at i * series->len + k */
};

/* Titles, names and labels have at most so many code points; what is cut ends in "…". *out is the caller's to release. */
void chart_read(const cJSON *part, guint title_points, guint label_points, struct chart *out);
void chart_release(struct chart *chart);
typedef struct chart chart_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(chart_auto, chart_release)

/* Label i's value in series k. */
const char *chart_value(const struct chart *chart, guint i, guint k);

/* "Deals this week (万元)"; all of these are the caller's. */
char *chart_title(const cJSON *part);
/* One of its bars as text: "████░░░░░░ 12 Ana"; of several series a line for each under the label. */
char *chart_line(const cJSON *part, const cJSON *bar);
/* All of it in words, for those who hear it: "Deals this week (万元): Ana 12; Bo 8". */
char *chart_words(const cJSON *part);
