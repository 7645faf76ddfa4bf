/* SPDX-License-Identifier: MIT */
/* The words of a turn: one after another as a command takes them, as a store keeps them, and days as people read them. */
#include "core/turn.h"

#include "base/zone.h"

enum { TOKEN_LIMIT_BYTES = 3000 };

const char *turn_next_word(struct turn *t, const char **rest)
{
	const char *start = *rest + strspn(*rest, " \t\n");
	/* The name in a mention may have blanks. */
	const char *mention = g_str_has_prefix(start, "<@") ? strchr(start, '>') : NULL;
	size_t length = mention ? (size_t)(mention + 1 - start) : strcspn(start, " \t\n");
	*rest = start + length + strspn(start + length, " \t\n");
	return turn_keep(t, g_strndup(start, length));
}

/* A call to many, or what only the platform knows how to write (a date): its label then. */
static void append_call(GString *out, const char *name, const char *label)
{
	gboolean to_all = strcmp(name, "here") == 0 || strcmp(name, "channel") == 0 || strcmp(name, "everyone") == 0;
	if (to_all || !label)
		g_string_append_printf(out, "@%s", name);
	else
		g_string_append(out, label);
}

/* One token between < and >: what a reader shall see. */
static void append_token(GString *out, const struct turn *t, const char *workspace, const char *token, gsize length)
{
	g_autofree char *inside = g_strndup(token, length);
	char *label = strchr(inside, '|');
	if (label)
		*label++ = '\0';
	if (inside[0] == '@') {
		const struct person *person = workspace ? roster_person(t->roster, workspace, inside + 1) : NULL;
		const char *name = person ? person->name : label && *label ? label : inside + 1;
		g_string_append_printf(out, "@%s", name);
	} else if (inside[0] == '#') {
		g_string_append_printf(out, "#%s", label && *label ? label : inside + 1);
	} else if (inside[0] == '!') {
		append_call(out, inside + 1, label && *label ? label : NULL);
	} else if (label && *label && strcmp(label, inside) != 0 && !g_str_has_suffix(inside, label)) {
		g_string_append_printf(out, "%s (%s)", label, inside);
	} else {
		g_string_append(out, label && *label ? label : inside);
	}
}

/* Where the token that begins after a < ends; NULL when it is none: people write "<2 weeks" too. */
static const char *token_end(const char *at)
{
	gboolean begins = strchr("@#!", at[0]) || g_str_has_prefix(at, "http://") || g_str_has_prefix(at, "https://") ||
			  g_str_has_prefix(at, "mailto:") || g_str_has_prefix(at, "tel:");
	if (!*at || !begins)
		return NULL;
	gsize length = 0;
	while (length <= TOKEN_LIMIT_BYTES && at[length] && at[length] != '>' && at[length] != '\n')
		length++;
	return at[length] == '>' && length <= TOKEN_LIMIT_BYTES ? at + length : NULL;
}

const char *turn_readable(struct turn *t, const char *workspace, const char *text)
{
	workspace = workspace ? workspace : t->event->place.workspace;
	if (!text || !strchr(text, '<'))
		return text;
	GString *out = g_string_sized_new(strlen(text));
	for (const char *p = text; *p;) {
		const char *end = *p == '<' ? token_end(p + 1) : NULL;
		if (end) {
			append_token(out, t, workspace, p + 1, (gsize)(end - p - 1));
			p = end + 1;
		} else {
			g_string_append_c(out, *p++);
		}
	}
	return turn_keep(t, g_string_free(out, FALSE));
}

const char *turn_literal(struct turn *t, const char *text)
{
	static const char *const entities[][2] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" } };
	if (!strchr(text, '&'))
		return text;
	GString *out = g_string_new(text);
	for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
		g_string_replace(out, entities[i][0], entities[i][1], 0);
	return turn_keep(t, g_string_free(out, FALSE));
}

/* ---- days ---- */

static const char *month_text(struct turn *t, const char *day, enum language language)
{
	static const char *const months[] = { "core.month1", "core.month2", "core.month3", "core.month4", "core.month5", "core.month6",
		"core.month7", "core.month8", "core.month9", "core.month10", "core.month11", "core.month12" };
	guint month = (guint)CLAMP(g_ascii_strtoull(day + strlen("2026-"), NULL, 10), 1, 12);
	return turn_text_in(t, language, months[month - 1]);
}

static int64_t day_of_month(const char *day)
{
	return (int64_t)g_ascii_strtoull(day + strlen("2026-03-"), NULL, 10);
}

const char *turn_date_text(struct turn *t, const char *day, enum language language)
{
	return turn_text_in(t, language, "core.date", TEXT_ARG("month", month_text(t, day, language)), TEXT_ARG("day", day_of_month(day)));
}

const char *turn_day_text(struct turn *t, const char *day, enum language language)
{
	static const char *const weekdays[] = { "core.monday", "core.tuesday", "core.wednesday", "core.thursday", "core.friday",
		"core.saturday", "core.sunday" };
	return turn_text_in(t, language, "core.day", TEXT_ARG("month", month_text(t, day, language)), TEXT_ARG("day", day_of_month(day)),
		TEXT_ARG("weekday", turn_text_in(t, language, weekdays[zone_weekday(day) - 1])));
}
