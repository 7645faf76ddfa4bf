/* SPDX-License-Identifier: MIT */
/*
 * A stage for rituals: the store in memory, a clock that is moved, an outbox that is recorded. No thread, no socket,
 * no platform: what a person does is an event handed to dispatch, what the bot would send stands in a list.
 *
 *	struct stage *s = stage_new("zh-CN", "A");
 *	stage_say(s, "ana", "昨天成果：成单2单\n今天目标：触达15个\n风险：无");
 *	stage_expect(s, "react white_check_mark on 1.000001");
 *	stage_expect_text(s, "post C1", "昨天成果：成单2单");
 *	stage_expect_nothing(s);
 *
 * People: ana, bo, cai (members of team sales in channel C1), mia (its manager), zoe (unknown to the roster). Each has
 * the account U_NAME and the direct channel D_NAME. The clock starts at 2026-03-02 09:00 in Asia/Shanghai.
 */
#pragma once

#include "core/dispatch.h"

struct stage {
	int64_t now_ms;
	struct db *db;
	struct config *config;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	struct dispatch *dispatch;
	struct texts *texts;
	GPtrArray *sent; /* struct outbox_row, in order, not looked at yet */
	GArray *problems; /* of the last form */
	guint messages;	 /* message ids given so far */
	guint lists;	 /* of members, asked for so far */
	gboolean hold_reports; /* nothing more is reported as sent */
};

/* format: "A" or "B"; language: of the team. */
struct stage *stage_new(const char *language, const char *format);
/* more_teams: further items of `teams:` as the configuration has them. */
struct stage *stage_new_with(const char *language, const char *format, const char *more_teams);
/* standup: what stands in the team's `standup` section: "format: A, prompt: \"09:30\"". */
struct stage *stage_new_standup(const char *language, const char *standup);
void stage_free(struct stage *s);

/* Each handles one event as one batch, with the jobs that are due; the bot's posts are reported as sent. */
/* In the team's channel. Returns the message's id, borrowed until the next call. */
const char *stage_say(struct stage *s, const char *name, const char *text);
const char *stage_say_direct(struct stage *s, const char *name, const char *text);
const char *stage_say_in_thread(struct stage *s, const char *name, const char *thread, const char *text);
/* Words that begin with the bot's mention; text comes without it. */
const char *stage_call(struct stage *s, const char *name, const char *text);
/* name: NULL when the platform does not tell whose message it was. */
void stage_edit(struct stage *s, const char *name, const char *message, const char *text);
void stage_delete(struct stage *s, const char *name, const char *message);
void stage_command(struct stage *s, const char *name, const char *word, const char *text);
void stage_press(struct stage *s, const char *name, const char *word, const char *value);
/* Two buttons of one card at once: both in one batch, in this order. */
void stage_press_together(struct stage *s, const char *name, const char *word, const char *other, const char *others_word, const char *value);
void stage_submit(struct stage *s, const char *name, const char *word, const char *value, const char *const *inputs);
/* The channel's members are told anew, all of them: names end with NULL. */
void stage_members(struct stage *s, const char *const *names);
void stage_learn(struct stage *s, const char *name, const char *zone, const char *language);
/* Any event; takes it. */
void stage_do(struct stage *s, struct event *take);
/* Moves the clock and rings what is due. */
void stage_advance(struct stage *s, int64_t ms);

/* What holds, to be changed before an act. */
struct config *stage_config(struct stage *s);
/* The next thing sent is this: "KIND WHERE …"; see stage_line. */
void stage_expect(struct stage *s, const char *line);
/* The next thing sent begins so, and its content has the text (the JSON, unescaped). Its message id, borrowed. */
const char *stage_expect_text(struct stage *s, const char *begin, const char *text);
void stage_expect_nothing(struct stage *s);
/* Forgets what was sent. */
void stage_clear(struct stage *s);
/* The integer that a query gives, for what the store must hold. query: static, for it is kept prepared. */
int64_t stage_count(struct stage *s, const struct sql *query);
