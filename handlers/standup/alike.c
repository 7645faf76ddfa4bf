/* SPDX-License-Identifier: MIT */
#include "handlers/standup/alike.h"

#include "handlers/standup/parse.h"

enum { LEAST_WITHIN = 3, LEAST_COPIED = 8 };

/* What changes from day to day, then what says nothing. */
#define COUNT_OF_TIME "第?[0-9一二两三四五六七八九十]+ *(?:天|日|周|号|个?小时|个?月|days?|weeks?|hours?|d\\b|h\\b)"
#define LITTLE_HAN    "仍然|依然|依旧|一直|目前|还是|还在|的|了|还|仍|着"
#define LITTLE_WORD                                                                                                    \
	"['’]s\\b|\\b(?:the|an?|is|are|was|be|been|has|have|still|for|of|to|on|in|at|by|with|from|we|i|my|our|it|and|since|again)\\b"

/* Two Han characters, of which the second begins the next unit; one that stands alone; a word. */
#define UNIT "\\p{Han}(?=(\\p{Han}))|(?<!\\p{Han})\\p{Han}|(?:(?!\\p{Han})[\\p{L}\\p{M}\\p{N}])+"

static GRegex *pattern(const char *text)
{
	return g_regex_new(text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
}

/* Letters in lower case and of one width, without what does not count. */
static char *what_counts(const char *text)
{
	g_autofree char *wide = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	g_autofree char *folded = g_utf8_casefold(wide ? wide : "", -1);
	g_autoptr(GRegex) idle = pattern(COUNT_OF_TIME "|" LITTLE_HAN "|" LITTLE_WORD);
	return g_regex_replace_literal(idle, folded, -1, 0, "", G_REGEX_MATCH_DEFAULT, NULL);
}

/* A set of char * that it owns. */
static GHashTable *units_of(const char *text)
{
	GHashTable *units = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *counts = what_counts(text);
	g_autoptr(GRegex) unit = pattern(UNIT);
	g_autoptr(GMatchInfo) at = NULL;
	g_regex_match(unit, counts ? counts : "", G_REGEX_MATCH_DEFAULT, &at);
	for (; g_match_info_matches(at); g_match_info_next(at, NULL)) {
		g_autofree char *first = g_match_info_fetch(at, 0), *next = g_match_info_fetch(at, 1);
		g_hash_table_add(units, g_strconcat(first, next, NULL));
	}
	return units;
}

/* A number, or a letter that stands for a name. */
static gboolean is_mark(const char *unit)
{
	return strpbrk(unit, "0123456789") || (g_ascii_isalpha(unit[0]) && !unit[1]);
}

struct overlap {
	guint one, other, common;
	gboolean mark_of_one, mark_of_other; /* that the other side lacks */
};

static guint count_common(GHashTable *units, GHashTable *others, gboolean *lone_mark)
{
	guint common = 0;
	GHashTableIter iter;
	gpointer unit;
	g_hash_table_iter_init(&iter, units);
	while (g_hash_table_iter_next(&iter, &unit, NULL)) {
		gboolean shared = g_hash_table_contains(others, unit);
		common += shared ? 1 : 0;
		*lone_mark |= !shared && is_mark(unit);
	}
	return common;
}

static struct overlap compare(const char *one, const char *other)
{
	g_autoptr(GHashTable) a = units_of(one), b = units_of(other);
	struct overlap o = { .one = g_hash_table_size(a), .other = g_hash_table_size(b) };
	o.common = count_common(a, b, &o.mark_of_one);
	count_common(b, a, &o.mark_of_other);
	return o;
}

static gboolean is_contrary(const struct overlap *o)
{
	return o->common == 0 || (o->mark_of_one && o->mark_of_other);
}

gboolean alike_is_same_trouble(const char *one, const char *other)
{
	if (standup_is_none(one) || standup_is_none(other))
		return FALSE;
	struct overlap o = compare(one, other);
	guint shorter = MIN(o.one, o.other);
	gboolean within = shorter >= LEAST_WITHIN && o.common == shorter;
	return !is_contrary(&o) && (within || 3 * o.common >= o.one + o.other);
}

gboolean alike_is_copy(const char *one, const char *other)
{
	struct overlap o = compare(one, other);
	return !is_contrary(&o) && MIN(o.one, o.other) >= LEAST_COPIED && 20 * o.common >= 9 * (o.one + o.other);
}
