/* SPDX-License-Identifier: MIT */
#include "handlers/standup/span.h"

/* Words are looked for by the dozen: most are told apart by their first byte, the case of letters aside. */
static gboolean may_start(struct span s, const char *word)
{
	return !span_is_empty(s) && ((guchar)*s.at | 0x20) == ((guchar)*word | 0x20);
}

gboolean span_starts_word(struct span s, const char *word)
{
	if (*word && !may_start(s, word))
		return FALSE;
	gsize bytes = strlen(word);
	return span_bytes(s) >= bytes && g_ascii_strncasecmp(s.at, word, bytes) == 0;
}

gboolean span_is_word(struct span s, const char *word)
{
	return span_starts_word(s, word) && span_bytes(s) == strlen(word);
}

gsize span_first_of(struct span s, const char *set)
{
	if (span_is_empty(s))
		return 0;
	for (gsize bytes; *set; set += bytes) {
		bytes = char_bytes(*set);
		if (*set == *s.at && span_starts(s, set, bytes))
			return bytes;
	}
	return 0;
}

gsize span_last_of(struct span s, const char *set)
{
	for (gsize bytes; *set; set += bytes) {
		bytes = char_bytes(*set);
		if (span_bytes(s) >= bytes && memcmp(s.end - bytes, set, bytes) == 0)
			return bytes;
	}
	return 0;
}

struct span span_skip_blanks(struct span s)
{
	for (gsize bytes; (bytes = span_first_blank(s)) > 0;)
		s.at += bytes;
	return s;
}

struct span span_drop_blanks(struct span s)
{
	for (gsize bytes; (bytes = span_last_blank(s)) > 0;)
		s.end -= bytes;
	return s;
}

struct span span_trim(struct span s)
{
	return span_drop_blanks(span_skip_blanks(s));
}

struct span span_drop_last(struct span s, const char *set)
{
	for (gsize bytes; (bytes = span_last_blank(s)) > 0 || (bytes = span_last_of(s, set)) > 0;)
		s.end -= bytes;
	return s;
}

struct span span_head(struct span s, gsize count)
{
	const char *p = s.at;
	for (; count > 0 && p < s.end; count--)
		p += char_bytes(*p);
	return (struct span){ s.at, p };
}

gsize span_chars(struct span s)
{
	gsize count = 0;
	for (const char *p = s.at; p < s.end; p++)
		count += ((guchar)*p & 0xC0) != 0x80;
	return count;
}
