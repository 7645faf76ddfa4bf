/* SPDX-License-Identifier: MIT */
/*
 * Writes mrkdwn, the text of Slack's sections, from plain text (protocols/slack.md 11.1), in pages of a
 *bounded number of code points. Whatever is given is shown as typed: & < > become entities, a zero-width
 *space follows each of * _ ~ ` and disarms it, a line cannot begin a quote, control characters and
 *bidirectional overrides are left out. Emoji codes such as :tada: stay. A style is closed at the end of each
 *line and page and opened again, for Slack ends it there, and is set off with a zero-width space where no
 *blank is, for Slack sees no word's edge between 王磊 and 昨天.
 *
 *	struct ink *ink = ink_new(2850, 12000);
 *	ink_text(ink, INK_BOLD, "Ana");
 *	ink_text(ink, INK_PLAIN, " closed <2> deals");
 *	g_autoptr(GPtrArray) pages = ink_finish(ink);
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum ink_style { INK_PLAIN, INK_BOLD, INK_QUIET, INK_CODE };

struct ink;

/* page_limit: code points of one page; limit: of all pages together, an "…" ends what is cut. Both at
 * least 40. */
struct ink *ink_new(guint page_limit, guint limit);
/* "\n" is a line break. */
void ink_text(struct ink *ink, enum ink_style style, const char *text);
/* url: as message_link lets it be. */
void ink_link(struct ink *ink, const char *url, const char *label);
/* A mention that notifies; an account that is no id is written as text. */
void ink_mention(struct ink *ink, const char *account);
/* The pages (char *), none blank, maybe none; frees the ink; the caller unrefs. */
GPtrArray *ink_finish(struct ink *ink);

/* Plain text for a plain_text object: cleaned, cut to `limit` code points; one_line: line breaks become
 * blanks. Caller frees. */
char *ink_plain(const char *text, guint limit, gboolean one_line);
/* Nothing but blanks and what has no shape. */
gboolean ink_is_blank(const char *text);
