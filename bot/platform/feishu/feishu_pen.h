/* SPDX-License-Identifier: MIT */
/*
 * Writes what stands in a card, from plain text: either plain_text, where nothing is parsed, or markdown made harmless
 * (protocols/feishu.md 10). Whatever is given is shown as typed: in markdown each character that could be markup becomes
 * its numeric entity, a line begins neither a list nor a heading nor code, and a style is closed at the end of a line. In
 * both, control characters and overrides of direction are left out, and a text is never cut inside an emoji.
 *
 * Bytes are counted as they stand in a request: the card is JSON inside a JSON string, so a quote takes four.
 *
 *	struct pen *pen = pen_new(PEN_MARKDOWN, 500);
 *	pen_text(pen, PEN_BOLD, "王磊：");
 *	pen_text(pen, PEN_PLAIN, "<at id=all></at>");      — shown as typed, calls nobody
 *	pen_mention(pen, "ou_7dab8a3d");                   — calls; only our own code can make one
 *	g_autofree char *content = pen_finish(pen, NULL);
 *
 * Pure, any thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* PEN_LINE: plain text on one line, breaks become blanks. */
enum pen_kind { PEN_MARKDOWN, PEN_TEXT, PEN_LINE };
enum pen_style { PEN_PLAIN, PEN_BOLD, PEN_QUIET, PEN_CODE };

struct pen;

/* limit_bytes: an "…" ends what is cut; at least 60. */
struct pen *pen_new(enum pen_kind kind, gsize limit_bytes);
/* "\n" is a line break. Outside markdown a style is nothing. */
void pen_text(struct pen *pen, enum pen_style style, const char *text);
/* url: as message_link lets it be. Where there is no markdown the label alone. */
void pen_link(struct pen *pen, const char *url, const char *label);
/* A mention; an account that is no id, and any outside markdown, is written as text. */
void pen_mention(struct pen *pen, const char *account);
/* Markdown of our own, not neutralised: "- ". */
void pen_mark(struct pen *pen, const char *markdown);
/* The text, which the caller frees; frees the pen. *bytes: in a request; may be NULL. */
char *pen_finish(struct pen *pen, gsize *bytes);

/* A text of at most `points` code points for a title, a label, an option: one line, cleaned. Caller frees. */
char *pen_line(const char *text, guint points);
/* The same of several lines, for what is filled in already. */
char *pen_lines(const char *text, guint points);
/* Nothing but blanks and what has no shape. */
gboolean pen_is_blank(const char *text);
/* The bytes of a text in a request: in a JSON string inside a JSON string. */
gsize pen_cost(const char *text);
/* The bytes that printed JSON takes inside a JSON string, without the quotes around it. */
gsize pen_escaped_bytes(const char *json);
