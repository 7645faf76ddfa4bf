/* SPDX-License-Identifier: MIT */
#include "handlers/standup/labels.h"

#include "handlers/standup/marks.h"

/* A line while labels are looked for in it. */
struct scan {
	struct span line;
	const char *last_angle; /* the last '>' of the line; NULL without */
	guint32 *closer;	/* see pair_brackets; made when first asked for */
};

/* A label that was found. */
struct hit {
	const struct word *word;
	const char *from;  /* where its syntax begins */
	const char *after; /* where it ends, and the search goes on */
	gboolean enclosed; /* form (iii): the content is `inside`, not what follows */
	struct span inside;
};

static struct span from(const struct scan *scan, const char *at)
{
	return (struct span){ at, scan->line.end };
}

/* Skips what the text starts with when it is of the set. */
static struct span skip_one(struct span s, const char *set)
{
	s.at += span_first_of(s, set);
	return s;
}

/*
 * For each opening bracket, by its offset in the line, the offset behind its partner; 0 without one. Each
 * kind is paired with itself, in one pass, the open ones chained through the array as a stack: no text makes
 * the search for partners quadratic.
 */
static guint32 *pair_brackets(struct span line)
{
	static const struct {
		const char *open, *close;
	} kinds[] = { { "(", ")" }, { "（", "）" } };
	guint32 *closer = g_new0(guint32, span_bytes(line));
	for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
		guint32 top = 0; /* offset of the innermost open bracket, plus one */
		for (struct span s = line; !span_is_empty(s); s = span_next(s)) {
			guint32 offset = (guint32)(s.at - line.at);
			if (span_first_of(s, kinds[kind].open) > 0) {
				closer[offset] = top;
				top = offset + 1;
			} else if (top > 0 && span_first_of(s, kinds[kind].close) > 0) {
				guint32 below = closer[top - 1];
				closer[top - 1] = offset + (guint32)char_bytes(*s.at);
				top = below;
			}
		}
		while (top > 0) {
			guint32 below = closer[top - 1];
			closer[top - 1] = 0;
			top = below;
		}
	}
	return closer;
}

/* (i) 【w】 [w] 「w」 **w** *w* __w__ */
static gboolean match_bracketed(struct span s, struct hit *hit)
{
	static const struct {
		const char *open, *close;
	} kinds[] = { { "【", "】" }, { "[", "]" }, { "「", "」" }, { "**", "**" }, { "*", "*" },
		{ "__", "__" } };
	for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
		const char *open = kinds[kind].open, *close = kinds[kind].close;
		if (!span_starts(s, open, strlen(open)))
			continue;
		struct span inside = { s.at + strlen(open), s.end };
		for (const struct word *word = words_at(inside); word->text; word++) {
			const char *end = word->flags & SHORT ? NULL : word_end(word, inside);
			if (!end)
				continue;
			struct span rest = span_skip_blanks((struct span){ end, s.end });
			rest = span_skip_blanks(skip_one(rest, ":："));
			if (!span_starts(rest, close, strlen(close)))
				continue;
			rest = span_skip_blanks((struct span){ rest.at + strlen(close), s.end });
			*hit = (struct hit){ word, s.at, skip_one(rest, ":：").at, FALSE, { 0 } };
			return TRUE;
		}
	}
	return FALSE;
}

/* (ii) w: */
static gboolean match_colon(struct span rest, struct hit *hit)
{
	rest = span_skip_blanks(rest);
	gsize colon = span_first_of(rest, ":：");
	hit->after = rest.at + colon;
	return colon > 0;
}

/* (iii) w(…) */
static gboolean match_enclosing(struct scan *scan, struct span rest, struct hit *hit)
{
	gsize open = span_first_of(rest, "(（");
	if (open == 0)
		return FALSE;
	if (!scan->closer)
		scan->closer = pair_brackets(scan->line);
	guint32 closer = scan->closer[rest.at - scan->line.at];
	if (closer == 0)
		return FALSE;
	hit->after = scan->line.at + closer;
	hit->inside = (struct span){ rest.at + open, hit->after - open }; /* its partner is as long */
	struct span follow = span_skip_blanks(from(scan, hit->after));
	hit->enclosed = span_is_empty(follow) || span_first_of(follow, "+＋;；|｜,，。") > 0;
	return hit->enclosed;
}

static gboolean is_long_chinese(const struct word *word)
{
	return (guchar)*word->text >= 0x80 && strlen(word->text) >= 4 * strlen("今");
}

/* (iv) w alone, (v) w — or w - , (vi) 昨天成果 and a blank */
static gboolean match_opening(const struct word *word, struct span rest, struct hit *hit)
{
	struct span follow = span_skip_blanks(rest);
	const char *dashes = follow.at;
	for (gsize bytes; (bytes = span_first_of(follow, "—–=")) > 0;)
		follow.at += bytes;
	hit->after = follow.at;
	if (span_is_empty(rest) || follow.at > dashes)
		return TRUE;
	if (span_starts(follow, "-", 1) && span_first_blank(span_next(follow)) > 0) {
		hit->after = follow.at + 1;
		return TRUE;
	}
	hit->after = rest.at;
	return is_long_chinese(word) && span_first_blank(rest) > 0;
}

static gboolean match_word(
	struct scan *scan, const struct word *word, gboolean opening, struct span s, struct hit *hit)
{
	gboolean is_short = (word->flags & SHORT) != 0;
	const char *end = is_short && !opening ? NULL : word_end(word, s);
	if (!end)
		return FALSE;
	struct span rest = { end, s.end };
	*hit = (struct hit){ .word = word, .from = s.at };
	return match_colon(rest, hit) || (!is_short && match_enclosing(scan, rest, hit)) ||
	       (!is_short && opening && match_opening(word, rest, hit));
}

/* Is there a label just here? If not, *hit is anything. `opening`: a line's start, where more forms count. */
static gboolean match(struct scan *scan, const char *at, gboolean opening, struct hit *hit)
{
	struct span s = from(scan, at);
	for (const struct word *word = words_at(s); word->text; word++) {
		if (match_word(scan, word, opening, s, hit))
			return TRUE;
	}
	return span_first_of(s, "【[「*_") > 0 && match_bracketed(s, hit);
}

/* The label at the line's start, behind a list marker, emoji and one more marker. */
static gboolean match_start(struct scan *scan, struct hit *hit)
{
	struct span rest = mark_read(scan->line).rest;
	struct span behind = mark_skip_emoji(rest);
	if (behind.at > rest.at)
		behind = mark_read(behind).rest;
	return match(scan, behind.at, TRUE, hit);
}

/* The next label inside the line, at or behind `at`: behind a separator or a blank, and not inside <…>. */
static gboolean match_inside(struct scan *scan, const char *at, struct hit *hit)
{
	static const char separators[] = ";；|｜,，。+＋ \t\u00a0\u3000";
	gboolean open = span_last_of((struct span){ scan->line.at, at }, separators) > 0;
	for (struct span s = from(scan, at); !span_is_empty(s); s = span_next(s)) {
		if (open && match(scan, s.at, FALSE, hit))
			return TRUE;
		if (*s.at == '<' && s.at < scan->last_angle)
			s.at = memchr(s.at, '>', span_bytes(s));
		open = !g_ascii_isalnum(*s.at) && span_first_of(s, separators) > 0;
	}
	return FALSE;
}

static struct span without_separators(struct span s)
{
	return span_drop_last(s, ";；|｜,，、+＋/");
}

struct split {
	GArray *pieces;
	struct labels labels;
	guint current; /* LABEL_COUNT before the first label */
};

static void put(struct split *split, struct span text, gboolean literal)
{
	struct piece piece = { .slot = split->current, .text = text, .literal = literal };
	if (split->current < LABEL_COUNT)
		g_array_append_val(split->pieces, piece);
}

static void enter(struct split *split, const struct hit *hit)
{
	split->current = hit->word->label;
	split->labels.seen |= 1u << hit->word->label;
	split->labels.telling |= (hit->word->flags & TELLING) != 0;
}

static void split_line(struct split *split, struct scan *scan)
{
	struct hit hit, next;
	gboolean cut = FALSE, more;
	if (match_start(scan, &hit))
		enter(split, &hit);
	else
		hit = (struct hit){ .after = scan->line.at };
	do {
		more = match_inside(scan, hit.after, &next);
		cut |= more;
		struct span text = hit.enclosed
					   ? hit.inside
					   : (struct span){ hit.after, more ? next.from : scan->line.end };
		put(split, cut ? without_separators(text) : text, FALSE);
		if (more)
			enter(split, &next);
		hit = next;
	} while (more);
}

struct span piece_text(const struct piece *piece)
{
	return piece->literal ? piece->text : mark_read(span_trim(piece->text)).rest;
}

struct labels labels_split(const struct lines *lines, GArray *pieces)
{
	struct split split = { .pieces = pieces, .current = LABEL_COUNT };
	for (guint i = 0; i < lines->list->len; i++) {
		const struct line *line = lines_at(lines, i);
		if (line->literal) {
			put(&split, line->text, TRUE);
			continue;
		}
		struct scan scan = { .line = line->text,
			.last_angle = memrchr(line->text.at, '>', span_bytes(line->text)) };
		split_line(&split, &scan);
		g_free(scan.closer);
	}
	return split.labels;
}
