/* SPDX-License-Identifier: MIT */
/*
 * What the files of this folder share; nobody else includes it.
 *
 *	highlight.c   the ritual's table; a highlight said, taken back
 *	post.c        the day's post: when it comes, what it shows, and shows anew when it is applauded
 *	applause.c    reactions and buttons
 *	star.c        a star on a message
 *	wall.c        looking back: the week's three, the month, the wall
 *	morning.c     what people hear the morning after
 *	look.c        what stands of them in a look
 *	top.c         which ones were applauded most: pure
 */
#pragma once

#include "highlight/highlight.h"
#include "highlight_sql.h"
#include "kit/ring.h"

/* Of a picture. */
enum { HIGHLIGHT_PICTURE_BYTES = MESSAGE_FILES_BYTES };

/* Code points: of a highlight's own words, and of those of a post. */
enum { HIGHLIGHT_TEXT_LIMIT = 500, HIGHLIGHT_POST_LIMIT = 11000 };

enum highlight_origin { HIGHLIGHT_SAID, HIGHLIGHT_STAR };

enum highlight_state {
	HIGHLIGHT_GOOD,
	HIGHLIGHT_LOOKING, /* a star, whose message is being asked for */
	HIGHLIGHT_ASKED,   /* … whose author is asked */
	HIGHLIGHT_HIDDEN,  /* not to be shown */
};

/* A row; its texts last until the next one is read. */
struct highlight {
	gint64 id, person, whose;
	const char *text; /* neutral text */
	enum highlight_origin origin;
	gboolean gift; /* a red packet goes with it */
	int number;
	const char *day, *link, *picture; /* link, picture: NULL for none */
	int voices;
};

/* Of the queries whose columns begin with id, person, whose, …; see highlight.sql. */
struct highlight highlight_read(struct db_rows *rows);

gboolean highlight_team_has(const struct team *team);
/* The channel's team, else the first of the person's that shares highlights; NULL: none. */
const struct team *highlight_team(struct turn *t);
/* A working day of the team's. */
gboolean highlight_works(const struct team *team, const char *day);

/* Neutral text as people read it. */
const char *highlight_words(struct turn *t, const struct team *team, const char *text);
/* A paragraph: who ("Ana", "Ana thanks Bo"), and below it the words with their applause. mark: before it, "" for none. */
void highlight_put(struct turn *t, struct message *m, const struct team *team, const struct highlight *h, const char *mark,
	enum language language);
/* How much room it takes there, in code points. */
glong highlight_length(const struct highlight *h);
/* "1️⃣": as it stands before a highlight and on its button. */
const char *highlight_number(struct turn *t, int number);
/* A button that applauds it. alone: no other is near. */
void highlight_put_button(struct turn *t, struct message *m, const struct highlight *h, gboolean alone, enum language language);

/* The first picture of the message that can be shown, its key; NULL: none. why: a text that says why not, or NULL. */
const char *highlight_picture(const struct event *event, const char **why);

/* The day of the last post, "" for none. Kept for the turn. */
const char *highlight_last_post(struct turn *t, const struct team *team);

/* ---- look.c ---- */
void highlight_look(struct turn *t, struct look *look);

/* ---- post.c ---- */
/* When the next post comes: "18:00", or with its day when that is not today. */
const char *highlight_time(struct turn *t, const struct team *team);
/* Whether there is a post on that day, when there is something to share. */
gboolean highlight_is_shared_on(struct turn *t, const struct team *team, const char *day);
/* What became of a part of it, for a person or for all (NULL). */
void highlight_note(struct turn *t, const struct team *team, const struct person *person, const char *part, const char *day, int64_t at_ms,
	enum ring_outcome outcome);
void highlight_rings(struct turn *t, const struct team *team, struct ring_list *list);
/* The next post's job; now that something waits for it, or each day anew. */
void highlight_plan(struct turn *t, const struct team *team);
void highlight_share(struct turn *t, const struct event *event);
/* The post of that day is to be shown anew, so much later. */
void highlight_touch_post(struct turn *t, const struct team *team, const char *day, int64_t delay_ms);
void highlight_show_post(struct turn *t, const struct event *event);

/* ---- applause.c ---- */
gboolean highlight_is_applause(struct turn *t, const struct event *event);
void highlight_reacted(struct turn *t, const struct event *event);
void highlight_pressed(struct turn *t, const struct event *event);

/* Shows the post of it anew; before that there is none. */
void highlight_touch(struct turn *t, gint64 highlight, int64_t delay_ms);

/* ---- star.c ---- */
gboolean highlight_is_star(struct turn *t, const struct event *event);
void highlight_starred(struct turn *t, const struct event *event);
void highlight_unstarred(struct turn *t, const struct event *event);
void highlight_found(struct turn *t, const struct event *event);
void highlight_agreed(struct turn *t, const struct event *event);
void highlight_declined(struct turn *t, const struct event *event);
gboolean highlight_is_of_message(struct turn *t, const struct event *event);
void highlight_edited(struct turn *t, const struct event *event);
void highlight_deleted(struct turn *t, const struct event *event);

/* ---- wall.c ---- */
/* Before the post that shows the week's three, which was due at at_ms: chooses them, once. */
void highlight_look_back(struct turn *t, const struct team *team, const char *day, int64_t at_ms);
/* Puts them into the post of that day; FALSE: it shows none. */
gboolean highlight_put_week(struct turn *t, struct message *m, const struct team *team, const char *day, enum language language);
/* After the month's last post: its wall, as a post of its own. */
void highlight_post_month(struct turn *t, const struct team *team, const char *day, int64_t at_ms);
void highlight_wall(struct turn *t, const struct event *event, const char *rest);
void highlight_wall_of_month(struct turn *t, const struct event *event, const char *rest);

/* ---- morning.c ---- */
/* After the post of that day: what its people and managers hear on the next working morning. */
void highlight_plan_morning(struct turn *t, const struct team *team, const char *day);
void highlight_morning(struct turn *t, const struct event *event);
