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

/* Without what people end a word with: "done!", "已解决。". */
static char *without_end(const char *text)
{
	const char *end = text + strlen(text);
	for (const char *last; end > text; end = last) {
		last = g_utf8_find_prev_char(text, end);
		if (!last || !g_utf8_strchr(".!~。！～", -1, g_utf8_get_char(last)))
			break;
	}
	return g_strndup(text, (gsize)(end - text));
}

gboolean talk_obey(struct turn *t, const struct talk_word *words, const char *key, const char *text)
{
	text = turn_keep(t, g_strstrip(g_strdup(text)));
	g_autofree char *bare = without_end(text);
	for (const struct talk_word *w = words; w->word; w++) {
		const char *rest = after_word(w->whole ? bare : text, w->word);
		if (rest && (!w->whole || !*rest)) {
			w->run(t, key, rest);
			return TRUE;
		}
	}
	return FALSE;
}

/* "… @ops" or "… @ana" at the end. NULL: it ends otherwise. */
static const char *take_last(struct turn *t, const struct team *team, const char *text, const char **role, const struct person **owner)
{
	const char *space = strrchr(text, ' '), *word = space ? space + 1 : "", *workspace = team->config->workspace_name;
	if (*word != '@' && !g_str_has_prefix(word, "<@"))
		return NULL;
	const char *named = *word == '@' ? duty_role_named(t, team, word + 1) : NULL;
	*owner = named ? NULL : roster_find(t->roster, workspace, word);
	if (named)
		*role = named;
	return named || *owner ? turn_keep(t, g_strstrip(g_strndup(text, (gsize)(space - text)))) : NULL;
}

const char *talk_take_addressee(
	struct turn *t, const struct team *team, const char *text, const char **role, const struct person **owner)
{
	const char *rest = take_last(t, team, text, role, owner), *named = rest ? NULL : duty_role_in(t, team, text);
	if (named)
		*role = named;
	return rest ? rest : text;
}

/* ---- whose it is ---- */

static void tell(struct turn *t, const struct response_kind *kind, const struct team *team, const char *key,
	const struct person *person, const char *text)
{
	struct response_view view;
	const char *workspace = team->config->workspace_name;
	const struct response_ring first = { .subject = key, .target = RESPONSE_FIRST, .team = team };
	struct message *m = message_new();
	message_title(m, kind->title(t, key, turn_language_of(t, person, team)));
	message_say(m, text);
	kind->add(t, &first, person, m);
	if (response_look(t, key, RESPONSE_FIRST, &view) && view.state.ticking)
		turn_insist(t, workspace, person, kind->topic, m);
	else
		turn_nudge(t, workspace, person, kind->topic, G_MAXINT64, m);
}

static const struct person *manager_there(struct turn *t, const struct team *team)
{
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++) {
		const struct person *there = turn_reach(t, managers->pdata[i], team);
		if (there)
			return there;
	}
	return NULL;
}

void talk_tell_owner(
	struct turn *t, const struct response_kind *kind, const struct team *team, const char *key, const struct talk_owner *owner)
{
	gboolean is_empty = !owner->person && *owner->role;
	const struct person *reader = is_empty ? manager_there(t, team) : owner->person;
	const char *text = is_empty ? "talk.role_empty" : owner->instead_of ? "talk.yours_instead" : "talk.yours";
	if (reader && reader != t->person)
		tell(t, kind, team, key, reader,
			turn_text_in(t, turn_language_of(t, reader, team), text, TEXT_ARG("name", owner->from), TEXT_ARG("role", owner->role),
				TEXT_ARG("other", owner->instead_of ? owner->instead_of->name : "")));
}

void talk_tell_given(
	struct turn *t, const struct response_kind *kind, const struct team *team, const char *key, const struct person *owner)
{
	if (owner != t->person)
		tell(t, kind, team, key, owner,
			turn_text_in(t, turn_language_of(t, owner, team), "talk.given", TEXT_ARG("name", t->person->name)));
}
