/* SPDX-License-Identifier: MIT */
/* An enquiry's thread: a few words do what the buttons do. All else is talk among colleagues; the customer does not read it. */
#include "customer/customer.h"

#include "kit/talk.h"

static void say_answered(struct turn *t, const char *key, const char *rest)
{
	customer_answer(t, key, turn_readable(t, NULL, rest), "words");
}

static void say_waits(struct turn *t, const char *key, const char *rest)
{
	if (*rest)
		customer_wait(t, key, turn_readable(t, NULL, rest));
	else
		turn_whisper(t, turn_text(t, "customer.waits_how"));
}

static void say_go_on(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	customer_go_on(t, key);
}

static void say_solved(struct turn *t, const char *key, const char *rest)
{
	customer_solve(t, key, turn_readable(t, NULL, rest));
}

static void say_none(struct turn *t, const char *key, const char *rest)
{
	(void)rest;
	customer_drop(t, key);
}

static void say_asks(struct turn *t, const char *key, const char *rest)
{
	customer_ask(t, key, turn_readable(t, NULL, rest));
}

static void say_give(struct turn *t, const char *key, const char *rest)
{
	const char *before = rest;
	const struct person *owner = turn_next_person(t, &rest);
	if (rest == before)
		turn_whisper(t, turn_text(t, "customer.give_how"));
	else
		customer_give(t, key, owner);
}

static const struct talk_word words[] = {
	{ "answered", TRUE, say_answered },
	{ "answered:", FALSE, say_answered },
	{ "已答复", TRUE, say_answered },
	{ "已答复：", FALSE, say_answered },
	{ "已答复:", FALSE, say_answered },
	{ "已回复", TRUE, say_answered },
	{ "已回复：", FALSE, say_answered },
	{ "已回复:", FALSE, say_answered },
	{ "waiting", TRUE, say_waits },
	{ "waiting:", FALSE, say_waits },
	{ "waiting for", FALSE, say_waits },
	{ "等客户", TRUE, say_waits },
	{ "等客户：", FALSE, say_waits },
	{ "等客户:", FALSE, say_waits },
	{ "go on", TRUE, say_go_on },
	{ "resume", TRUE, say_go_on },
	{ "继续", TRUE, say_go_on },
	{ "solved", TRUE, say_solved },
	{ "solved:", FALSE, say_solved },
	{ "done", TRUE, say_solved },
	{ "已解决", TRUE, say_solved },
	{ "已解决：", FALSE, say_solved },
	{ "已解决:", FALSE, say_solved },
	{ "解决了", TRUE, say_solved },
	{ "no enquiry", TRUE, say_none },
	{ "不是客户问题", TRUE, say_none },
	{ "customer asks:", FALSE, say_asks },
	{ "客户问：", FALSE, say_asks },
	{ "客户问:", FALSE, say_asks },
	{ "reopen", TRUE, say_asks },
	{ "重开", TRUE, say_asks },
	{ "give to", FALSE, say_give },
	{ "give", FALSE, say_give },
	{ "转给", FALSE, say_give },
	{ 0 },
};

#define CARD "customer/"

gboolean customer_is_talked_about(struct turn *t, const struct event *event)
{
	return t->person && talk_key(t, event, CARD);
}

void customer_said(struct turn *t, const struct event *event)
{
	talk_obey(t, words, talk_key(t, event, CARD), event->text);
}
