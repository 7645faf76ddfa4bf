/* SPDX-License-Identifier: MIT */
/*
 * Meetings: the weekly review 复盘会, the monthly strategy meeting 战略会, the data clinic 数据诊疗会, the tea party 茶话会, and
 * others that the configuration names. Each is announced once in the channel, in good time and on a working day, with its agenda
 * and a calendar file; when it begins, what is known of the time since the last one is laid before it.
 *
 *	meeting.c    what wakes it
 *	rhythm.c     when a meeting is announced, and when it begins
 *	announce.c   the announcement
 *	pack.c       what it begins with
 *	theme.c      what a tea party is about: the team votes
 *	action.c     what somebody is to do until a day, and is asked about
 *
 * Thread: the clerk.
 */
#pragma once

#include "core/ritual.h"
#include "kit/ring.h"
#include "meeting_sql.h"

extern const struct ritual ritual_meeting;

/* One time of a meeting. */
struct meeting {
	const struct team *team;
	const struct config_meeting *config;
	struct ring_rules rules; /* when it is held */
	int64_t at_ms;		 /* when it begins */
	char day[ZONE_DAY_SIZE]; /* the team's local day of that */
};

/* ---- rhythm.c ---- */
/* To the team's working day on or after (step 1) or before (step -1) that one. */
void meeting_move_day(const struct team *team, int step, char day[static ZONE_DAY_SIZE]);
/* A team's meeting by its configuration, of no time yet. */
struct meeting meeting_of(struct turn *t, const struct team *team, const struct config_meeting *config);
/* Sets it to the first one after that instant. FALSE: none within a year. */
gboolean meeting_next(struct meeting *m, int64_t after_ms);
/* When something comes that long before it begins (base/span.h), on a working day. */
int64_t meeting_before_ms(const struct meeting *m, int64_t span);
int64_t meeting_announce_ms(const struct meeting *m);
/* TEAM/NAME: of its jobs. Kept for the turn. */
const char *meeting_key(struct turn *t, const struct meeting *m);
/* FALSE: the configuration knows it no more. */
gboolean meeting_of_key(struct turn *t, const char *key, struct meeting *m);
/* Plans all meetings of all teams. */
void meeting_plan(struct turn *t);
void meeting_rings(struct turn *t, const struct team *team, struct ring_list *list);
void meeting_announce_due(struct turn *t, const struct event *event);
void meeting_begin_due(struct turn *t, const struct event *event);

/* ---- announce.c ---- */
/* "Weekly review". Kept for the turn. */
const char *meeting_title(struct turn *t, const struct meeting *m, enum language language);
struct message *meeting_announcement(struct turn *t, const struct meeting *m);
/* "Fri 6 March 16:00 (Asia/Shanghai), 60 minutes". Kept for the turn. */
const char *meeting_when(struct turn *t, const struct meeting *m, enum language language);
/* Where it is held, when that is told. */
void meeting_put_link(struct turn *t, struct message *out, const struct meeting *m, enum language language);

/* ---- theme.c ---- */
void meeting_plan_vote(struct turn *t, struct meeting m);
void meeting_vote_due(struct turn *t, const struct event *event);
void meeting_vote_pressed(struct turn *t, const struct event *event);
/* Ends the vote, the first time; NULL: there is no theme, or all were talked about within a year. */
const char *meeting_theme(struct turn *t, const struct meeting *m);

/* ---- pack.c ---- */
struct message *meeting_beginning(struct turn *t, const struct meeting *m);

/* ---- action.c ---- */
/* Adds when actions are asked about, to a team that has meetings. */
void meeting_action_rings(struct turn *t, const struct team *team, struct ring_list *list);
/* "#3 send the offer (Ana, Fri 6 March)". Kept for the turn. */
const char *meeting_action_line(struct turn *t, gint64 id, const char *text, const char *name, const char *due, enum language language);
void meeting_action_command(struct turn *t, const struct event *event, const char *rest);
void meeting_actions_command(struct turn *t, const struct event *event, const char *rest);
/* What stands of them in a look: those of the reader that are due. */
void meeting_look(struct turn *t, struct look *look);
void meeting_ask_due(struct turn *t, const struct event *event);
void meeting_done_pressed(struct turn *t, const struct event *event);
void meeting_later_pressed(struct turn *t, const struct event *event);
void meeting_drop_pressed(struct turn *t, const struct event *event);
