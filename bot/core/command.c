/* SPDX-License-Identifier: MIT */
#include "core/command.h"

#include "base/nearest.h"

enum { SHORT_BYTES = 200, FEW_WORDS = 2 };

static const char *skip_blanks(const char *text)
{
	for (;;) {
		gunichar c = g_utf8_get_char(text);
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != 0xa0 && c != 0x3000)
			return text;
		text = g_utf8_next_char(text);
	}
}

static gboolean is_word_char(gunichar c)
{
	return g_unichar_isalnum(c) || c == '-' || c == '_' || c == '\'';
}

/* How much of the text the word takes; 0: it does not begin with it. */
static gsize match_word(const char *text, const char *word)
{
	gsize length = strlen(word);
	if (g_ascii_strncasecmp(text, word, length) != 0)
		return 0;
	/* "show" does not begin "shower"; Chinese writes no spaces, so 站会 may be followed by anything. */
	gboolean ascii = (guchar)word[0] < 0x80;
	return ascii && is_word_char(g_utf8_get_char(text + length)) ? 0 : length;
}

static gboolean is_colon(const char *text)
{
	return *text == ':' || g_utf8_get_char(text) == 0xff1a; /* ： */
}

static const char *after(const char *text, gsize length)
{
	text = skip_blanks(text + length);
	return is_colon(text) ? skip_blanks(g_utf8_next_char(text)) : text;
}

gboolean command_is_list(const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "\n;|<")); p++) {
		if (*p == '<') { /* what stands in a mention or a link separates nothing */
			const char *end = strpbrk(p + 1, "\n<>");
			p = end && *end == '>' ? end : p;
			continue;
		}
		/* The end of an entity does not, either. */
		gboolean entity = *p == ';' && ((p - text >= 3 && (memcmp(p - 3, "&lt", 3) == 0 || memcmp(p - 3, "&gt", 3) == 0)) ||
						       (p - text >= 4 && memcmp(p - 4, "&amp", 4) == 0));
		if (!entity)
			return TRUE;
	}
	return strstr(text, "；") || strstr(text, "｜");
}

static gboolean is_blank(const char *text)
{
	return skip_blanks(text) != text;
}

/* "客户 A：…" and not "客户A签单2单", nor the first of three lines. */
static gboolean stands_alone(const char *text, gsize length)
{
	const char *next = text + length;
	return !*next || ((is_blank(next) || is_colon(next)) && !strchr(next, '\n'));
}

/* Whether what follows the word leaves it a command: "help: somebody look" and three lines of talk do not. */
static gboolean may_follow(const struct command *command, const char *text, gsize length)
{
	if (command->is_plain_word && !stands_alone(text, length))
		return FALSE;
	if (command->takes_text)
		return TRUE;
	const char *rest = after(text, length);
	if (!*rest || command->alone)
		return !*rest;
	const char *next = skip_blanks(text + length);
	return !is_colon(next) && !command_is_list(rest) && strlen(rest) <= SHORT_BYTES;
}

static const struct command *match_list(const struct command *list, const char *text, gsize *length)
{
	const struct command *best = NULL;
	*length = 0;
	for (const struct command *c = list; c && c->words; c++) {
		for (const char *const *word = c->words; *word; word++) {
			gsize taken = match_word(text, *word);
			if (taken > *length && may_follow(c, text, taken)) {
				*length = taken;
				best = c;
			}
		}
	}
	return best;
}

/* At most `limit` words in one line, without what separates the parts of a text. */
static gboolean is_short(const char *text, guint limit)
{
	guint words = 0;
	for (const char *p = skip_blanks(text); *p; p = skip_blanks(p)) {
		words++;
		while (*p && !is_blank(p))
			p = g_utf8_next_char(p);
	}
	return words <= limit && !command_is_list(text);
}

/* "show @ana", "看板": a word that belongs after another may stand alone when little follows it. */
static gboolean find_sub(const struct ritual *const *rituals, const char *text, struct command_match *out)
{
	for (const struct ritual *const *r = rituals; *r; r++) {
		for (const struct command *c = (*r)->commands; c && c->words; c++) {
			gsize length;
			const struct command *sub = match_list(c->subs, text, &length);
			const char *rest = text + length;
			if (!sub || (*rest && !is_blank(rest)) || !is_short(rest, FEW_WORDS))
				continue;
			*out = (struct command_match){ *r, sub, after(text, length) };
			return TRUE;
		}
	}
	return FALSE;
}

/* A text that begins with a command's own word. */
static gboolean find_main(const struct ritual *const *rituals, const char *text, struct command_match *out)
{
	gsize longest = 0;
	for (const struct ritual *const *r = rituals; *r; r++) {
		gsize length;
		const struct command *command = match_list((*r)->commands, text, &length);
		if (command && length > longest) {
			longest = length;
			*out = (struct command_match){ *r, command, after(text, length) };
		}
	}
	if (!longest)
		return FALSE;
	gsize length;
	const struct command *sub = match_list(out->command->subs, out->rest, &length);
	if (sub) {
		out->command = sub;
		out->rest = after(out->rest, length);
	}
	return TRUE;
}

gboolean command_find(const struct ritual *const *rituals, const char *text, struct command_match *out)
{
	text = skip_blanks(text);
	return find_main(rituals, text, out) || find_sub(rituals, text, out);
}

gboolean command_find_in_talk(const struct ritual *const *rituals, const char *text, struct command_match *out)
{
	text = skip_blanks(text);
	if (find_main(rituals, text, out) && !*out->rest)
		return TRUE;
	return command_find(rituals, text, out) && out->command->only_tells && is_short(out->rest, FEW_WORDS);
}

/* Words of one character are near to everything. */
static void add_words(GPtrArray *words, const struct command *list)
{
	for (const struct command *c = list; c && c->words; c++) {
		for (const char *const *word = c->words; *word; word++) {
			if (g_utf8_strlen(*word, -1) > 1)
				g_ptr_array_add(words, (gpointer)*word);
		}
	}
}

static const char *nearest_of(GPtrArray *take_words, const char *word)
{
	g_ptr_array_add(take_words, NULL);
	const char *nearest = *word ? nearest_word(word, (const char *const *)take_words->pdata) : NULL;
	g_ptr_array_unref(take_words);
	return nearest;
}

static char *first_word(const char *text)
{
	const char *end = text = skip_blanks(text);
	while (*end && is_word_char(g_utf8_get_char(end)))
		end = g_utf8_next_char(end);
	return g_strndup(text, (gsize)(end - text));
}

const char *command_nearest(const struct ritual *const *rituals, const char *text)
{
	g_autofree char *word = first_word(text);
	GPtrArray *words = g_ptr_array_new();
	for (const struct ritual *const *r = rituals; *r; r++) {
		add_words(words, (*r)->commands);
		for (const struct command *c = (*r)->commands; c && c->words; c++)
			add_words(words, c->subs);
	}
	return nearest_of(words, word);
}

const char *command_nearest_of(const struct command *list, const char *text)
{
	g_autofree char *word = first_word(text);
	const char *rest = skip_blanks(skip_blanks(text) + strlen(word));
	gboolean names = !*rest || strchr("@<", *rest) || g_ascii_isdigit(*rest);
	if (!names || !is_short(rest, FEW_WORDS) || strpbrk(rest, ":,") || strstr(rest, "："))
		return NULL;
	GPtrArray *words = g_ptr_array_new();
	add_words(words, list);
	return nearest_of(words, word);
}
