/* SPDX-License-Identifier: MIT */
/*
 * Spans: borrowed pieces of a message, and the few questions the standup parser asks of their characters.
 *
 * A span points into valid UTF-8 and is never ended by a NUL. "Blank" is what the rules call so: space, tab,
 * U+00A0, U+3000. A set is a string of characters, such as ";；|｜". Used inside handlers/standup only.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct span {
	const char *at;
	const char *end;
};

static inline gsize span_bytes(struct span s)
{
	return (gsize)(s.end - s.at);
}

static inline gboolean span_is_empty(struct span s)
{
	return s.at >= s.end;
}

/* Bytes of the character that starts with this byte. */
static inline gsize char_bytes(char first)
{
	guchar byte = (guchar)first;
	return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

static inline gboolean span_starts(struct span s, const char *text, gsize bytes)
{
	return span_bytes(s) >= bytes && memcmp(s.at, text, bytes) == 0;
}

/* Does it start with (or equal) this text, ASCII letters in any case? */
gboolean span_starts_word(struct span s, const char *word);
gboolean span_is_word(struct span s, const char *word);

/* Bytes of the character of `set` that the span starts, or ends, with; 0 when it is none of them. */
gsize span_first_of(struct span s, const char *set);
gsize span_last_of(struct span s, const char *set);

/* Bytes of the blank that the span starts, or ends, with; 0 when there is none. */
static inline gsize span_first_blank(struct span s)
{
	if (span_is_empty(s))
		return 0;
	if (*s.at == ' ' || *s.at == '\t')
		return 1;
	return (guchar)*s.at < 0x80 ? 0 : span_first_of(s, "\u00a0\u3000");
}

static inline gsize span_last_blank(struct span s)
{
	if (span_is_empty(s))
		return 0;
	if (s.end[-1] == ' ' || s.end[-1] == '\t')
		return 1;
	return (guchar)s.end[-1] < 0x80 ? 0 : span_last_of(s, "\u00a0\u3000");
}

/* Without the blanks at its start; at its end; at both. */
struct span span_skip_blanks(struct span s);
struct span span_drop_blanks(struct span s);
struct span span_trim(struct span s);
/* Without all characters of the set, and blanks, at its end. */
struct span span_drop_last(struct span s, const char *set);

/* Without its first character; not for an empty span. */
static inline struct span span_next(struct span s)
{
	return (struct span){ s.at + char_bytes(*s.at), s.end };
}

/* Its first `count` characters (code points), or all of it. */
struct span span_head(struct span s, gsize count);
gsize span_chars(struct span s);
