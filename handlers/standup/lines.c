/* SPDX-License-Identifier: MIT */
#include "handlers/standup/lines.h"

#include "handlers/standup/parse.h"

struct change {
	const char *from;
	const char *to; /* never longer */
};

static const struct change characters[] = {
	{ "\r\n", "\n" },
	{ "\r", "\n" },
	{ "\u2028", "\n" },
	{ "\uFEFF", "" },
	{ "\u200B", "" },
	{ "\u2060", "" },
};

static const struct change entities[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" } };

static const struct change *change_at(struct span s, const struct change *changes, guint count)
{
	for (guint i = 0; i < count; i++) {
		if (span_starts(s, changes[i].from, strlen(changes[i].from)))
			return &changes[i];
	}
	return NULL;
}

/* Applies the changes in place; `bytes` are their first ones. Gives the new end, where a NUL stands. */
static char *apply(char *text, char *end, const struct change *changes, guint count, const char *bytes)
{
	char *out = text;
	for (char *p = text; p < end;) {
		gsize same = strcspn(p, bytes);
		if (out != p)
			memmove(out, p, same);
		out += same;
		p += same;
		if (p >= end)
			break;
		const struct change *change = change_at((struct span){ p, end }, changes, count);
		if (change) {
			for (const char *to = change->to; *to; to++)
				*out++ = *to;
			p += strlen(change->from);
		} else {
			*out++ = *p++;
		}
	}
	*out = '\0';
	return out;
}

static char *valid_copy(const char *text, gsize length)
{
	if (!g_utf8_validate(text, (gssize)length, NULL)) /* which a NUL is not, either */
		return g_utf8_make_valid(text, (gssize)length);
	char *copy = g_malloc(length + 1);
	if (length > 0)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

static struct span trim_around(struct span s)
{
	for (gsize bytes; (bytes = span_first_blank(s)) > 0 || (bytes = span_first_of(s, "\n")) > 0;)
		s.at += bytes;
	return span_drop_last(s, "\n");
}

char *lines_normalise(const char *text, gsize length, struct span *out)
{
	char *buffer = valid_copy(text, length);
	char *end = buffer + strlen(buffer);
	end = apply(buffer, end, characters, G_N_ELEMENTS(characters), "\r\xE2\xEF");
	end = apply(buffer, end, entities, G_N_ELEMENTS(entities), "&");
	*out = trim_around((struct span){ buffer, end });
	return buffer;
}

/* Bytes of the longest mention that the text starts with and that ends there. */
static gsize mention_at(struct span s, const char *const *mentions)
{
	gsize longest = 0;
	for (; *mentions; mentions++) {
		gsize bytes = strlen(*mentions);
		if (bytes <= longest || !span_starts_word(s, *mentions))
			continue;
		struct span rest = { s.at + bytes, s.end };
		if (span_is_empty(rest) || span_first_blank(rest) > 0 || span_first_of(rest, "\n,，:：") > 0)
			longest = bytes;
	}
	return longest;
}

static struct span drop_mentions(struct span s, const char *const *mentions)
{
	if (!mentions)
		return s;
	for (gsize bytes; (bytes = mention_at(s, mentions)) > 0;) {
		do {
			s.at += bytes;
		} while ((bytes = span_first_blank(s)) > 0 || (bytes = span_first_of(s, "\n,，:：")) > 0);
	}
	return s;
}

/* The first line of *rest, which then begins behind it. */
static struct span take_line(struct span *rest)
{
	const char *end = memchr(rest->at, '\n', span_bytes(*rest));
	struct span line = { rest->at, end ? end : rest->end };
	rest->at = end ? end + 1 : rest->end;
	return line;
}

static gboolean is_fence(struct span line)
{
	return span_starts(span_skip_blanks(line), "```", 3);
}

static gboolean is_language(struct span s)
{
	while (!span_is_empty(s) && (g_ascii_isalnum(*s.at) || strchr("+#-", *s.at)))
		s.at++;
	return span_is_empty(s);
}

/* Rule 2: is the whole message (trimmed) one fence? If so, takes its marks and its language off. */
static gboolean unfence(struct span *message)
{
	struct span rest = *message;
	struct span first = take_line(&rest);
	if (span_is_empty(rest) || !span_starts(first, "```", 3) || memcmp(rest.end - 3, "```", 3) != 0)
		return FALSE;
	while (!span_is_empty(rest)) {
		struct span line = take_line(&rest);
		if (!span_is_empty(rest) && is_fence(line))
			return FALSE;
	}
	first.at += 3;
	message->at = is_language(first) ? first.end : first.at;
	message->end -= 3;
	return TRUE;
}

static gboolean is_indented(struct span s)
{
	for (guint count = 0;; count++) {
		gsize bytes = span_first_of(s, " \t\u3000");
		if (bytes == 0)
			return count >= 2;
		if (*s.at == '\t')
			return TRUE;
		s.at += bytes;
	}
}

/* Rule 3. */
static struct line plain_line(struct span s)
{
	struct line line = { .text = span_trim(s), .indented = is_indented(s) };
	if (span_starts(line.text, ">", 1)) {
		line.text.at++;
		line.text = span_trim(line.text);
	}
	return line;
}

static void split(struct span message, gboolean fences, GArray *out)
{
	gboolean literal = FALSE;
	while (!span_is_empty(message)) {
		struct span raw = take_line(&message);
		if (fences && is_fence(raw)) {
			literal = !literal;
			continue;
		}
		struct line line = literal ? (struct line){ .text = span_drop_blanks(raw), .literal = TRUE }
					   : plain_line(raw);
		if (!span_is_empty(line.text))
			g_array_append_val(out, line);
	}
}

void lines_read(const char *text, gsize length, const char *const *mentions, struct lines *out)
{
	struct span message;
	*out = (struct lines){ .buffer = lines_normalise(text, length, &message) };
	out->list = g_array_sized_new(FALSE, FALSE, sizeof(struct line), 8);
	message = drop_mentions(message, mentions);
	struct span head = span_head(message, STANDUP_LIMIT);
	out->too_long = head.end < message.end;
	if (out->too_long)
		message = trim_around(head);
	split(message, !unfence(&message), out->list);
}

void lines_release(struct lines *lines)
{
	g_clear_pointer(&lines->list, g_array_unref);
	g_clear_pointer(&lines->buffer, g_free);
}
