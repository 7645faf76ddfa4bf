/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_text.h"

static const struct {
	const char *entity;
	char plain;
} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };

/* The index in `entities` of the entity that text starts with; -1: none. */
static int entity_at(const char *text)
{
	for (int i = 0; i < (int)G_N_ELEMENTS(entities); i++)
		if (g_str_has_prefix(text, entities[i].entity))
			return i;
	return -1;
}

/* What stands between < and >, cut at the first bar. */
struct token {
	const char *name, *label; /* label NULL: none */
	gsize name_length, label_length;
};

static gboolean is_id(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(text[i]))
			return FALSE;
	return length > 0;
}

static gboolean write_whole(GString *out, const struct token *t)
{
	g_string_append_printf(out, "<%.*s", (int)t->name_length, t->name);
	if (t->label_length > 0)
		g_string_append_printf(out, "|%.*s", (int)t->label_length, t->label);
	g_string_append_c(out, '>');
	return TRUE;
}

/* A person or a channel. */
static gboolean write_mention(GString *out, const struct token *t)
{
	return is_id(t->name + 1, t->name_length - 1) && write_whole(out, t);
}

static gboolean write_special(GString *out, const struct token *t)
{
	static const char *const calls[] = { "!here", "!channel", "!everyone" };
	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
		if (strlen(calls[i]) == t->name_length && strncmp(calls[i], t->name, t->name_length) == 0) {
			g_string_append_printf(out, "<%s>", calls[i]);
			return TRUE;
		}
	}
	if (t->label) /* a group's handle, a date's fallback */
		g_string_append_len(out, t->label, (gssize)t->label_length);
	else
		g_string_append_len(out, t->name + 1, (gssize)t->name_length - 1);
	return TRUE;
}

static gboolean write_link(GString *out, const struct token *t)
{
	gsize scheme = 0;
	while (scheme < t->name_length &&
		(g_ascii_isalnum(t->name[scheme]) || strchr("+.-", t->name[scheme])))
		scheme++;
	return scheme > 0 && scheme < t->name_length && t->name[scheme] == ':' && write_whole(out, t);
}

static gboolean write_token(GString *out, const char *inside, gsize length)
{
	const char *bar = memchr(inside, '|', length);
	struct token t = { .name = inside, .name_length = bar ? (gsize)(bar - inside) : length };
	if (bar) {
		t.label = bar + 1;
		t.label_length = length - t.name_length - 1;
	}
	if (t.name_length < 2)
		return FALSE;
	switch (*inside) {
	case '@':
	case '#':
		return write_mention(out, &t);
	case '!':
		return write_special(out, &t);
	default:
		return write_link(out, &t);
	}
}

/* Writes the token or the entity that *at starts with and moves on; a character that is neither is made an
 * entity. */
static const char *write_markup(GString *out, const char *at)
{
	gsize length = strcspn(at + 1, "<>\n");
	if (*at == '<' && at[1 + length] == '>' && write_token(out, at + 1, length))
		return at + length + 2;
	int entity = *at == '&' ? entity_at(at) : -1;
	for (int i = 0; entity < 0 && i < (int)G_N_ELEMENTS(entities); i++) {
		if (entities[i].plain == *at) {
			g_string_append(out, entities[i].entity);
			return at + 1;
		}
	}
	g_string_append(out, entities[entity].entity);
	return at + strlen(entities[entity].entity);
}

char *slack_text_neutral(const char *text)
{
	gsize clean = strcspn(text, "<>&");
	if (!text[clean])
		return g_strdup(text);
	GString *out = g_string_sized_new(strlen(text) + 32);
	while (*text) {
		g_string_append_len(out, text, (gssize)clean);
		text += clean;
		if (*text)
			text = write_markup(out, text);
		clean = strcspn(text, "<>&");
	}
	return g_string_free(out, FALSE);
}

char *slack_text_decode(const char *text)
{
	GString *out = g_string_sized_new(strlen(text));
	while (*text) {
		int entity = *text == '&' ? entity_at(text) : -1;
		g_string_append_c(out, entity < 0 ? *text : entities[entity].plain);
		text += entity < 0 ? 1 : strlen(entities[entity].entity);
	}
	return g_string_free(out, FALSE);
}
