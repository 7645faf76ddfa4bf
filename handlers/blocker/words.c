/* SPDX-License-Identifier: MIT */
/* A blocker's thread: a few words do what the buttons do, and whoever is to answer has answered by speaking. */
#include "blocker/blocker.h"

#include "kit/duty.h"
#include "kit/talk.h"

#define CARD "blocker/"

/* The number of the blocker in whose thread it was said; NULL: of none. */
static const char *key_of(struct turn *t, const struct event *event)
{
	const char *name = talk_key(t, event, CARD);
	return name ? turn_keep(t, g_strndup(name, strspn(name, "0123456789"))) : NULL;
}

gboolean blocker_is_talked_about(struct turn *t, const struct event *event)
{
	return t->person && key_of(t, event);
}

/* Words of whoever is to answer are the first answer; the asker's, and a colleague's "me too", are not. */
static void answer(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b) || strcmp(b.state, BLOCKER_OPEN) != 0 || b.by == t->person)
		return;
	if (b.owner == t->person || (*b.role && duty_is_shared_by(t, b.team, b.role, t->person)))
		blocker_take(t, key, "reply");
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

static void say_escalate(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_escalate(t, key);
}

static void say_resume(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_resume(t, key);
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

static void say_history(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	blocker_show_history(t, key);
}

/* Without a number the word is talk. */
static void say_merge(struct turn *t, const char *key, const char *rest)
{
	const char *other = blocker_number(t, rest, NULL);
	if (other)
		blocker_merge(t, key, other);
	else
		answer(t, key);
}

static const struct talk_word words[] = {
	{ "take", TRUE, say_take },
	{ "i take it", TRUE, say_take },
	{ "我来", TRUE, say_take },
	{ "我来处理", TRUE, say_take },
	{ "我跟进", TRUE, say_take },
	{ "接手", TRUE, say_take },
	{ "plan", FALSE, say_plan },
	{ "方案", FALSE, say_plan },
	{ "done", TRUE, say_done },
	{ "solved", TRUE, say_done },
	{ "已解决", TRUE, say_done },
	{ "解决了", TRUE, say_done },
	{ "搞定了", TRUE, say_done },
	{ "no blocker", TRUE, say_none },
	{ "not a blocker", TRUE, say_none },
	{ "不是卡点", TRUE, say_none },
	{ "reopen", TRUE, say_reopen },
	{ "重开", TRUE, say_reopen },
	{ "give to", FALSE, say_give },
	{ "give", FALSE, say_give },
	{ "转给", FALSE, say_give },
	{ "escalate", TRUE, say_escalate },
	{ "上报", TRUE, say_escalate },
	{ "park", FALSE, blocker_say_park },
	{ "搁置", FALSE, blocker_say_park },
	{ "resume", TRUE, say_resume },
	{ "继续", TRUE, say_resume },
	{ "drop", FALSE, blocker_say_drop },
	{ "不再跟进", FALSE, blocker_say_drop },
	{ "history", TRUE, say_history },
	{ "历史", TRUE, say_history },
	{ "merge", FALSE, say_merge },
	{ "合并", FALSE, say_merge },
	{ 0 },
};

void blocker_said(struct turn *t, const struct event *event)
{
	const char *key = key_of(t, event);
	if (!talk_obey(t, words, key, event->text))
		answer(t, key);
}
