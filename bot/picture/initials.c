/* SPDX-License-Identifier: MIT */
#include "picture/initials.h"

enum { VIRAMA = 9 }; /* the combining class of what joins two Indic consonants */

/* Marks, selectors, joined emoji and joined consonants belong to the character before them. */
static const char *end_of_character(const char *at)
{
	const char *next = g_utf8_next_char(at);
	while (*next) {
		gunichar c = g_utf8_get_char(next);
		gboolean joins = c == 0x200D || g_unichar_combining_class(c) == VIRAMA, tone = c >= 0x1F3FB && c <= 0x1F3FF;
		if (!joins && !tone && !g_unichar_ismark(c) && c != 0xFE0F)
			break;
		next = g_utf8_next_char(next);
		if (joins && *next)
			next = g_utf8_next_char(next);
	}
	return next;
}

/* Chinese and Korean names are known by their last two characters: the given name. */
static gboolean is_of_given_names(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);
	return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HANGUL;
}

static char *last_two(const char *name)
{
	const char *end = name;
	while (*end && is_of_given_names(g_utf8_get_char(end)))
		end = g_utf8_next_char(end);
	const char *start = g_utf8_prev_char(end);
	if (start > name)
		start = g_utf8_prev_char(start);
	return g_strndup(start, (gsize)(end - start));
}

static const char *skip_to_character(const char *at)
{
	while (*at && !g_unichar_isgraph(g_utf8_get_char(at)))
		at = g_utf8_next_char(at);
	return at;
}

static gboolean has_case(gunichar c)
{
	return g_unichar_isupper(c) || g_unichar_islower(c);
}

/* The first character of the last word that begins with a letter with case; NULL: there is none after the first word. */
static const char *last_word(const char *name)
{
	const char *found = NULL;
	for (const char *at = name; *at; at = g_utf8_next_char(at)) {
		const char *next = g_utf8_next_char(at);
		if (g_unichar_isspace(g_utf8_get_char(at)) && has_case(g_utf8_get_char(next)))
			found = next;
	}
	return found;
}

static void append_character(GString *out, const char *at)
{
	g_autofree char *one = g_strndup(at, (gsize)(end_of_character(at) - at)), *upper = g_utf8_strup(one, -1);
	g_string_append(out, upper);
}

char *initials_of(const char *name)
{
	const char *first = skip_to_character(name);
	gunichar c = g_utf8_get_char(first);
	if (!*first)
		return g_strdup("?");
	if (is_of_given_names(c))
		return last_two(first);
	GString *out = g_string_new(NULL);
	append_character(out, first);
	const char *last = has_case(c) ? last_word(first) : NULL;
	if (last)
		append_character(out, last);
	return g_string_free(out, FALSE);
}

guint initials_hue(const char *name, guint count)
{
	return g_str_hash(name) % count;
}
