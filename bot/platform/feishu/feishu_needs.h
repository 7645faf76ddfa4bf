/* SPDX-License-Identifier: MIT */
/*
 * What the app must be allowed in the developer console, and told (protocols/feishu.md 3.4, 11): one table for the check, for
 * docs/feishu.md, and for the test that holds the two together. Pure.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum feishu_when {
	FEISHU_ALWAYS,
	FEISHU_FOR_EMAILS, /* when a manager is named by e-mail address */
	FEISHU_FOR_MORE,   /* without it one thing is missing, and all else works */
};

struct feishu_need {
	const char *scope;
	const char *instead[3]; /* each of these will do too; ends with NULL */
	const char *why;
	enum feishu_when when;
};

struct feishu_news {
	const char *event; /* the type, as in the console */
	const char *why;
};

extern const struct feishu_need feishu_needs[];
extern const gsize feishu_need_count;
/* The events to be added, the last one under callbacks. */
extern const struct feishu_news feishu_news[];
extern const gsize feishu_news_count;

/* granted: a set of scopes. */
gboolean feishu_need_is_met(const struct feishu_need *need, GHashTable *granted);
