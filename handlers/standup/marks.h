/* SPDX-License-Identifier: MIT */
/* What people put before a line: list markers (rule 6) and emoji. Used inside handlers/standup only. */
#pragma once

#include "handlers/standup/span.h"

enum mark_kind { MARK_NONE, MARK_BULLET, MARK_NUMBER };

struct mark {
	enum mark_kind kind;
	guint number;	  /* of MARK_NUMBER */
	struct span rest; /* what follows the marker and its blanks; the whole text without a marker */
};

/* The list marker that the text starts with. */
struct mark mark_read(struct span text);

/*
 * What follows a run of emoji and `:shortcode:` with the blanks between and behind them; the text itself when
 * it starts with neither. Emoji are Unicode's Extended_Pictographic characters, the whole of "Miscellaneous
 * Symbols" and "Dingbats", flags, keycaps and what joins and varies them.
 */
struct span mark_skip_emoji(struct span text);
