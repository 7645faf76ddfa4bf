/* SPDX-License-Identifier: MIT */
#include "handlers/standup/marks.h"

static gsize digits_at(struct span s, guint *number)
{
	gsize count = 0;
	for (*number = 0; count < 2 && count < span_bytes(s) && g_ascii_isdigit(s.at[count]); count++)
		*number = *number * 10 + (guint)(s.at[count] - '0');
	return count;
}

/* `1.` `1、` `1)` `1）`: bytes of the marker, 0 when it is none. */
static gsize plain_number(struct span s, guint *number)
{
	gsize digits = digits_at(s, number);
	if (digits == 0)
		return 0;
	struct span rest = { s.at + digits, s.end };
	gsize close = span_first_of(rest, "、)）");
	if (close > 0)
		return digits + close;
	/* 1.5万 is an amount. */
	gboolean dot = span_starts(rest, ".", 1) && !(span_bytes(rest) > 1 && g_ascii_isdigit(rest.at[1]));
	return dot ? digits + 1 : 0;
}

static gsize bracketed_number(struct span s, guint *number)
{
	gsize open = span_first_of(s, "(（");
	if (open == 0)
		return 0;
	struct span rest = { s.at + open, s.end };
	gsize digits = digits_at(rest, number);
	if (digits == 0)
		return 0;
	rest.at += digits;
	gsize close = span_first_of(rest, open == 1 ? ")" : "）");
	return close > 0 ? open + digits + close : 0;
}

/* ① to ⑨ are U+2460 to U+2468. */
static gsize circled_number(struct span s, guint *number)
{
	if (!span_starts(s, "\xE2\x91", 2) || (guchar)s.at[2] < 0xA0 || (guchar)s.at[2] > 0xA8)
		return 0;
	*number = (guint)(guchar)s.at[2] - 0x9F;
	return 3;
}

static gsize bullet(struct span s)
{
	gsize bytes = span_first_of(s, "•·●▪");
	if (bytes > 0)
		return bytes;
	bytes = span_first_of(s, "-*–—");
	return bytes > 0 && span_first_blank((struct span){ s.at + bytes, s.end }) > 0 ? bytes : 0;
}

struct mark mark_read(struct span text)
{
	struct mark mark = { .kind = MARK_BULLET, .rest = text };
	gsize bytes = bullet(text);
	if (bytes == 0) {
		mark.kind = MARK_NUMBER;
		bytes = plain_number(text, &mark.number);
		if (bytes == 0)
			bytes = bracketed_number(text, &mark.number);
		if (bytes == 0)
			bytes = circled_number(text, &mark.number);
	}
	if (bytes == 0)
		mark.kind = MARK_NONE;
	else
		mark.rest = span_skip_blanks((struct span){ text.at + bytes, text.end });
	return mark;
}

/* Among them what joins (U+200D), varies (U+FE0E, U+FE0F), makes keycaps (U+20E3) and flags (U+E0020 …). */
static const struct {
	gunichar from;
	gunichar to;
} emoji[] = { { 0xA9, 0xA9 }, { 0xAE, 0xAE }, { 0x200D, 0x200D }, { 0x203C, 0x203C }, { 0x2049, 0x2049 },
	{ 0x20E3, 0x20E3 }, { 0x2122, 0x2122 }, { 0x2139, 0x2139 }, { 0x2194, 0x2199 }, { 0x21A9, 0x21AA },
	{ 0x231A, 0x231B }, { 0x2328, 0x2328 }, { 0x2388, 0x2388 }, { 0x23CF, 0x23CF }, { 0x23E9, 0x23F3 },
	{ 0x23F8, 0x23FA }, { 0x24C2, 0x24C2 }, { 0x25AA, 0x25AB }, { 0x25B6, 0x25B6 }, { 0x25C0, 0x25C0 },
	{ 0x25FB, 0x25FE }, { 0x2600, 0x27BF }, { 0x2934, 0x2935 }, { 0x2B05, 0x2B07 }, { 0x2B1B, 0x2B1C },
	{ 0x2B50, 0x2B50 }, { 0x2B55, 0x2B55 }, { 0x3030, 0x3030 }, { 0x303D, 0x303D }, { 0x3297, 0x3297 },
	{ 0x3299, 0x3299 }, { 0xFE0E, 0xFE0F }, { 0x1F000, 0x1FAFF }, { 0x1FC00, 0x1FFFD },
	{ 0xE0020, 0xE007F } };

static gboolean is_emoji(gunichar c)
{
	guint low = 0, high = G_N_ELEMENTS(emoji);
	while (low < high) {
		guint middle = (low + high) / 2;
		if (c > emoji[middle].to)
			low = middle + 1;
		else
			high = middle;
	}
	return low < G_N_ELEMENTS(emoji) && c >= emoji[low].from;
}

/* 1️⃣ is a digit, perhaps U+FE0F, and U+20E3. */
static gsize keycap_bytes(struct span s)
{
	if (span_first_of(s, "0123456789#*") == 0)
		return 0;
	gsize bytes = 1;
	if (span_starts((struct span){ s.at + bytes, s.end }, "\uFE0F", 3))
		bytes += 3;
	return span_starts((struct span){ s.at + bytes, s.end }, "\u20E3", 3) ? bytes + 3 : 0;
}

static gsize shortcode_bytes(struct span s)
{
	gsize bytes = 1;
	while (bytes < span_bytes(s) && (g_ascii_isalnum(s.at[bytes]) || strchr("_+-'", s.at[bytes])))
		bytes++;
	return bytes > 1 && bytes < span_bytes(s) && s.at[bytes] == ':' ? bytes + 1 : 0;
}

static gsize emoji_bytes(struct span s)
{
	if (span_is_empty(s))
		return 0;
	if (*s.at == ':')
		return shortcode_bytes(s);
	if ((guchar)*s.at < 0x80)
		return keycap_bytes(s);
	return is_emoji(g_utf8_get_char(s.at)) ? char_bytes(*s.at) : 0;
}

struct span mark_skip_emoji(struct span text)
{
	struct span rest = text;
	for (gsize bytes; (bytes = emoji_bytes(rest)) > 0;)
		rest = span_skip_blanks((struct span){ rest.at + bytes, rest.end });
	return rest;
}
