/* SPDX-License-Identifier: MIT */
#include "handlers/standup/labels.h"

#include "handlers/standup/marks.h"

enum {
	TELLING = 1, /* see struct labels */
	SHORT = 2,   /* a letter: only before a colon, only at a line's start */
};

struct word {
	const char *text; /* ASCII letters in lower case */
	enum label label;
	guint flags;
};

/* Of two words that begin alike the longer one stands first: the first that fits wins. */
static const struct word words[] = {
	{ "昨天成果", LABEL_RESULTS, TELLING },
	{ "昨日成果", LABEL_RESULTS, TELLING },
	{ "昨天结果", LABEL_RESULTS, TELLING },
	{ "昨日结果", LABEL_RESULTS, TELLING },
	{ "昨天結果", LABEL_RESULTS, TELLING },
	{ "昨日結果", LABEL_RESULTS, TELLING },
	{ "上周五成果", LABEL_RESULTS, TELLING },
	{ "上週五成果", LABEL_RESULTS, TELLING },
	{ "周五成果", LABEL_RESULTS, TELLING },
	{ "週五成果", LABEL_RESULTS, TELLING },
	{ "昨天", LABEL_RESULTS, TELLING },
	{ "昨日", LABEL_RESULTS, TELLING },
	{ "上周五", LABEL_RESULTS, 0 },
	{ "上週五", LABEL_RESULTS, 0 },
	{ "成果", LABEL_RESULTS, 0 },
	{ "yesterday's results", LABEL_RESULTS, TELLING },
	{ "yesterday's result", LABEL_RESULTS, TELLING },
	{ "yesterday", LABEL_RESULTS, TELLING },
	{ "results", LABEL_RESULTS, 0 },
	{ "result", LABEL_RESULTS, 0 },
	{ "done", LABEL_RESULTS, 0 },
	{ "last friday", LABEL_RESULTS, 0 },
	{ "friday", LABEL_RESULTS, 0 },
	{ "y", LABEL_RESULTS, TELLING | SHORT },

	{ "今天目标", LABEL_GOALS, TELLING },
	{ "今日目标", LABEL_GOALS, TELLING },
	{ "今天目標", LABEL_GOALS, TELLING },
	{ "今日目標", LABEL_GOALS, TELLING },
	{ "今天计划", LABEL_GOALS, TELLING },
	{ "今日计划", LABEL_GOALS, TELLING },
	{ "今天計劃", LABEL_GOALS, TELLING },
	{ "今日計劃", LABEL_GOALS, TELLING },
	{ "目标", LABEL_GOALS, 0 },
	{ "目標", LABEL_GOALS, 0 },
	{ "today's goals", LABEL_GOALS, TELLING },
	{ "today's goal", LABEL_GOALS, TELLING },
	{ "goals", LABEL_GOALS, 0 },
	{ "goal", LABEL_GOALS, 0 },
	{ "plan", LABEL_GOALS, 0 },

	{ "今日关键动作", LABEL_ACTIONS, TELLING },
	{ "今天关键动作", LABEL_ACTIONS, TELLING },
	{ "今日關鍵動作", LABEL_ACTIONS, TELLING },
	{ "今天關鍵動作", LABEL_ACTIONS, TELLING },
	{ "关键动作", LABEL_ACTIONS, TELLING },
	{ "關鍵動作", LABEL_ACTIONS, TELLING },
	{ "key actions", LABEL_ACTIONS, TELLING },
	{ "key action", LABEL_ACTIONS, TELLING },
	{ "actions", LABEL_ACTIONS, 0 },
	{ "action", LABEL_ACTIONS, 0 },

	{ "今天", LABEL_DAY, 0 },
	{ "今日", LABEL_DAY, 0 },
	{ "today", LABEL_DAY, 0 },
	{ "t", LABEL_DAY, SHORT },

	{ "风险预警", LABEL_RISKS, TELLING },
	{ "風險預警", LABEL_RISKS, TELLING },
	{ "风险", LABEL_RISKS, 0 },
	{ "風險", LABEL_RISKS, 0 },
	{ "risk warning", LABEL_RISKS, TELLING },
	{ "risks", LABEL_RISKS, 0 },
	{ "risk", LABEL_RISKS, 0 },
	{ "r", LABEL_RISKS, SHORT },

	{ "卡点", LABEL_BLOCKERS, TELLING },
	{ "卡點", LABEL_BLOCKERS, TELLING },
	{ "阻塞", LABEL_BLOCKERS, 0 },
	{ "blockers", LABEL_BLOCKERS, TELLING },
	{ "blocker", LABEL_BLOCKERS, TELLING },
	{ "b", LABEL_BLOCKERS, SHORT },

	{ "求助需求", LABEL_HELP, TELLING },
	{ "求助", LABEL_HELP, 0 },
	{ "需要支持", LABEL_HELP, 0 },
	{ "help wanted", LABEL_HELP, TELLING },
	{ "help needed", LABEL_HELP, TELLING },
	{ "help", LABEL_HELP, 0 },
	{ "asks", LABEL_HELP, 0 },
	{ "ask", LABEL_HELP, 0 },
};

/* A line while labels are looked for in it. */
struct scan {
	struct span line;
	const char *last_angle; /* the last '>' of the line; NULL without */
	guint32 *closer; /* for each opening bracket's offset the offset behind its partner, 0 without one; made when first asked for */
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

/* Where the word ends that stands at the start of the text; NULL when it is another. A typographic apostrophe is one. */
static const char *word_end(const struct word *word, struct span s)
{
	for (const char *w = word->text; *w; w++) {
		if (span_is_empty(s))
			return NULL;
		if (*w == '\'' && span_starts(s, "’", strlen("’")))
			s.at += strlen("’");
		else if (*w == g_ascii_tolower(*s.at))
			s.at++;
		else
			return NULL;
	}
	return s.at;
}

/* Pairs each kind of bracket of the line with itself: one pass, the unpaired ones chained through the array as a stack. */
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
	} kinds[] = { { "【", "】" }, { "[", "]" }, { "「", "」" }, { "**", "**" }, { "*", "*" }, { "__", "__" } };
	for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
		const char *open = kinds[kind].open, *close = kinds[kind].close;
		if (!span_starts(s, open, strlen(open)))
			continue;
		struct span inside = { s.at + strlen(open), s.end };
		for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
			const char *end = words[i].flags & SHORT ? NULL : word_end(&words[i], inside);
			if (!end)
				continue;
			struct span rest = span_skip_blanks((struct span){ end, s.end });
			rest = span_skip_blanks(skip_one(rest, ":："));
			if (!span_starts(rest, close, strlen(close)))
				continue;
			rest = span_skip_blanks((struct span){ rest.at + strlen(close), s.end });
			*hit = (struct hit){ &words[i], s.at, skip_one(rest, ":：").at, FALSE, { 0 } };
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

static gboolean match_word(struct scan *scan, const struct word *word, gboolean opening, struct span s, struct hit *hit)
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

/* Is there a label just here? If not, *hit is anything. `opening`: this is a line's start, where more forms count. */
static gboolean match(struct scan *scan, const char *at, gboolean opening, struct hit *hit)
{
	struct span s = from(scan, at);
	if (span_is_empty(s))
		return FALSE;
	char first = g_ascii_tolower(*s.at);
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (*words[i].text == first && match_word(scan, &words[i], opening, s, hit))
			return TRUE;
	}
	return match_bracketed(s, hit);
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
		open = span_first_of(s, separators) > 0;
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
		struct span text = hit.enclosed ? hit.inside : (struct span){ hit.after, more ? next.from : scan->line.end };
		put(split, cut ? without_separators(text) : text, FALSE);
		if (more)
			enter(split, &next);
		hit = next;
	} while (more);
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
		struct scan scan = { .line = line->text, .last_angle = memrchr(line->text.at, '>', span_bytes(line->text)) };
		split_line(&split, &scan);
		g_free(scan.closer);
	}
	return split.labels;
}
