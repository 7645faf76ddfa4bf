/* SPDX-License-Identifier: MIT */
/* A blocker's thread: a few words do what the buttons do, and whoever is to answer has answered by speaking. */
#include "blocker/blocker.h"

#define CARD "blocker/"

/* The number of the blocker in whose thread it was said; NULL: of none. */
static const char *key_of(struct turn *t, const struct event *event)
{
	const char *name = event->place.thread ? turn_about(t) : NULL;
	return name && g_str_has_prefix(name, CARD) ? name + strlen(CARD) : NULL;
}

gboolean blocker_is_talked_about(struct turn *t, const struct event *event)
{
	return t->person && key_of(t, event);
}

static void say_take(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_take(t, key, "words");
}

static void say_plan(struct turn *t, const char *key, const char *rest)
{
	if (*rest)
		blocker_set_plan(t, key, turn_readable(t, NULL, rest));
	else
		turn_whisper(t, turn_text(t, "blocker.plan_how"));
}

static void say_done(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_close(t, key, BLOCKER_DONE);
}

static void say_none(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_close(t, key, BLOCKER_NONE);
}

static void say_reopen(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_reopen(t, key);
}

static void say_give(struct turn *t, const char *key, const char *rest)
{
	const char *before = rest;
	const struct person *owner = turn_next_person(t, &rest);
	if (rest == before)
		turn_whisper(t, turn_text(t, "blocker.give_how"));
	else
		blocker_give(t, key, owner);
}

/* whole: only when nothing follows, for people use the word in sentences too. */
static const struct {
	const char *word;
	gboolean whole;
	void (*run)(struct turn *t, const char *key, const char *rest);
} words[] = {
	{ "take", TRUE, say_take },
	{ "i take it", TRUE, say_take },
	{ "我来", TRUE, say_take },
	{ "接手", TRUE, say_take },
	{ "plan", FALSE, say_plan },
	{ "方案", FALSE, say_plan },
	{ "done", TRUE, say_done },
	{ "solved", TRUE, say_done },
	{ "已解决", TRUE, say_done },
	{ "解决了", TRUE, say_done },
	{ "no blocker", TRUE, say_none },
	{ "不是卡点", TRUE, say_none },
	{ "reopen", TRUE, say_reopen },
	{ "重开", TRUE, say_reopen },
	{ "give", FALSE, say_give },
	{ "转给", FALSE, say_give },
};

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

/* Words of whoever is to answer are the first answer; the asker's, and a colleague's "me too", are not. */
static void answer(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b) || strcmp(b.state, BLOCKER_OPEN) != 0 || b.by == t->person)
		return;
	if (b.owner == t->person || (!b.owner && *b.role && roster_has_role(t->person, b.role)))
		blocker_take(t, key, "reply");
}

void blocker_said(struct turn *t, const struct event *event)
{
	const char *key = key_of(t, event);
	const char *text = turn_keep(t, g_strstrip(g_strdup(event->text)));
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		const char *rest = after_word(text, words[i].word);
		if (rest && (!words[i].whole || !*rest)) {
			words[i].run(t, key, rest);
			return;
		}
	}
	answer(t, key);
}
