/* SPDX-License-Identifier: MIT */
/*
 * A card cut into units, the smallest things that are shortened on their own: a title, a paragraph, a fact,
 * an item, a button. Too much text is shared out: the longest units are shortened first, so that of sixty
 * people's lines each keeps something. Private to slack_card; any thread.
 */
#pragma once

#include "base/json.h"

/* What stays below a limit: a twentieth, for Slack does not say how it counts (protocols/slack.md 11.3). */
#define SLACK_BELOW(limit) ((limit) - (limit) / 20)

enum {
	SLACK_SECTION_MAX = SLACK_BELOW(3000),
	SLACK_FIELD_MAX = SLACK_BELOW(2000),
	SLACK_CONTEXT_MAX = SLACK_BELOW(2000),
	SLACK_HEADER_MAX = SLACK_BELOW(150),
	SLACK_BUTTON_TEXT_MAX = SLACK_BELOW(75),
	SLACK_ALT_MAX = SLACK_BELOW(2000),
	/* Of a data_visualization block: the page of that name tells; that a message has but two of them, its refusal. */
	SLACK_CHARTS = 2,
	SLACK_CHART_SERIES = 6,
	SLACK_CHART_BARS = 20,
	SLACK_CHART_TITLE_MAX = SLACK_BELOW(50),
	SLACK_CHART_LABEL_MAX = SLACK_BELOW(20),
};

enum unit_kind {
	UNIT_TITLE,
	UNIT_TEXT,
	UNIT_LINE,
	UNIT_FIELD,
	UNIT_CONTEXT,
	UNIT_DIVIDER,
	UNIT_BUTTON,
	UNIT_CHART,
	UNIT_PICTURE
};

struct ink;

struct unit {
	enum unit_kind kind;
	const cJSON *part,
		*node; /* borrowed from the card; node: the part, or the fact, item, row or button of it */
	void (*write)(struct ink *ink, const struct unit *unit); /* NULL: no mrkdwn */
	GPtrArray *pages; /* mrkdwn, each page for one block; a title's: plain text. NULL: none */
	guint points;	  /* code points of all pages, and a line break for each */
};

/*
 * The card's units, shortened until they have no more than `budget` code points together; the caller unrefs.
 * plain: a title is a bold line, buttons and pictures are left out. charts: how many may be drawn; others are lines.
 */
GArray *slack_units(const cJSON *card, guint budget, gboolean plain, guint charts);
const struct unit *slack_unit_at(const GArray *units, guint i);
