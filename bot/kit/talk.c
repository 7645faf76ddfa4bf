/* SPDX-License-Identifier: MIT */
#include "kit/talk.h"

#include "kit/duty.h"

const char *talk_key(struct turn *t, const struct event *event, const char *prefix)
{
	const char *name = event->place.thread ? turn_about(t) : NULL;
	return name && g_str_has_prefix(name, prefix) ? name + strlen(prefix) : NULL;
}

/* What follows the word, without the colon between; NULL: the text does not begin with it. */
static const char *after_word(const char *text, const char *word)
{
	if (g_ascii_strncasecmp(text, word, strlen(word)) != 0)
		return NULL;
	const char *rest = text + strlen(word);
	gboolean apart = !*rest || !g_ascii_isalpha(rest[-1]) || strchr(" :,\t\n", *rest) || g_str_has_prefix(rest, "：");
	if (!apart)
		return NULL;
	rest += g_str_has_prefix(rest, "：") ? strlen("：") : 0;
	return rest + strspn(rest, " :,\t\n");
}

gboolean talk_obey(struct turn *t, const struct talk_word *words, const char *key, const char *text)
{
	text = turn_keep(t, g_strstrip(g_strdup(text)));
	for (const struct talk_word *w = words; w->word; w++) {
		const char *rest = after_word(text, w->word);
		if (rest && (!w->whole || !*rest)) {
			w->run(t, key, rest);
			return TRUE;
		}
	}
	return FALSE;
}

const char *talk_take_addressee(
	struct turn *t, const struct team *team, const char *text, const char **role, const struct person **owner)
{
	const char *space = strrchr(text, ' '), *word = space ? space + 1 : "", *workspace = team->config->workspace_name;
	if (*word != '@' && !g_str_has_prefix(word, "<@"))
		return text;
	const char *named = *word == '@' ? duty_role_named(t, team, word + 1) : NULL;
	*owner = named ? NULL : roster_find(t->roster, workspace, word);
	if (named)
		*role = named;
	return named || *owner ? turn_keep(t, g_strstrip(g_strndup(text, (gsize)(space - text)))) : text;
}
