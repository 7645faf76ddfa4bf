/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of dispatch share; nobody outside this folder includes it.
 *
 *	dispatch.c         an event's way: what it is to the house, reports, jobs, start and settling
 *	dispatch_seen.c    what has been seen before, and what was deleted before it came
 *	dispatch_turn.c    turns under savepoints, and which rituals an event wakes
 *	dispatch_people.c  who did it: strangers wait until the directory has told; teams' channels and members
 *	dispatch_request.c  what other programs ask for, once for each key of theirs
 *	dispatch_register.c  the register has changed: who is asked about, who is told
 *	dispatch_gap.c     what was heard last, and reading what was missed
 *
 * All: FALSE when the store failed and the transaction is to be rolled back. Thread: the clerk.
 */
#pragma once

#include "core/dispatch.h"

/* What the events wait for that may yet turn out to be a team's; no account is called so. */
#define PLACING "#"

/* The newest message of a channel, by the platform's time: not everywhere do ids tell an order. */
struct heard {
	char *workspace, *channel, *message;
	int64_t at_ms;
};
void dispatch_heard_free(gpointer heard);

struct dispatch {
	struct dispatch_setup s;
	struct sequence letters, parked;
	GHashTable *heard;	   /* "workspace\nchannel" → struct heard: the newest since they were written down */
	GHashTable *written;	   /* the same keys, of channels that surely have a row: it may lag behind */
	gboolean heard_new;	   /* one in `heard` has none */
	int64_t wrote_heard_ms;	   /* UTC */
	guint settles, seen_since; /* the last look for old keys */
	char *looked_to;	   /* the key behind which the next one begins */
	gboolean quick;		   /* turns have no savepoints: nothing of this batch has failed yet */
	struct finding finding;
	GArray *facts; /* struct event_input: the answer to the request at hand; NULL: none is */
	struct request_answer answer; /* to the request that was handled last, until it is taken */
	GPtrArray *scratch;
};

typedef void dispatch_turn_fn(struct turn *t, const struct event *event, gconstpointer data);

/* ---- dispatch_seen.c ---- */
/* Puts its keys on record. *fresh: none of them was. */
gboolean dispatch_see(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *fresh, GError **error);
/* Takes them off the record again. */
gboolean dispatch_unsee(struct dispatch *d, const struct event *event, GError **error);
/* *first: this key of ours has not been asked about for a day. */
gboolean dispatch_first_time(struct dispatch *d, const char *workspace, const char *key, int64_t now_ms, gboolean *first,
	GError **error);
/* A message was deleted: should it still come it counts as seen, and should it wait already or an edit come, as gone. */
gboolean dispatch_bar(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error);
/* Whether the message that was said or edited has been deleted since. */
gboolean dispatch_is_gone(struct dispatch *d, const struct event *event, gboolean *out, GError **error);
/* Whether there is nothing to edit: the message is gone, or history, which tells of an edit first, is about to tell it. */
gboolean dispatch_is_edit_of_nothing(struct dispatch *d, const struct event *event, gboolean *out, GError **error);
/* Now and then forgets what is so old that no repetition of it can come. */
gboolean dispatch_forget_seen(struct dispatch *d, int64_t now_ms, GError **error);

/* ---- dispatch_turn.c ---- */
/* Everything since the savepoint, in the store and in memory, but for what was heard. */
gboolean dispatch_undo_to(struct dispatch *d, guint mark, GError **error);
/* Keeps the event and why it failed in the dead-letter table. */
gboolean dispatch_bury(struct dispatch *d, const struct event *event, const char *ritual, const GError *why,
	int64_t now_ms, GError **error);
void dispatch_forget_numbers(struct dispatch *d);
/*
 * One turn under a savepoint. A ritual that fails is undone alone: its event is kept, its person told. FALSE
 * when the store failed, and the whole transaction with it. In haste (dispatch_quickly) there is no savepoint, and
 * FALSE when the ritual failed, too.
 */
gboolean dispatch_turn(struct dispatch *d, const struct event *event, const char *ritual,
	dispatch_turn_fn *run, gconstpointer data, int64_t now_ms, GArray **problems, GError **error);
/* Every ritual that the event concerns, words only the first of them. *taken: somebody cared. */
gboolean dispatch_wake(struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems,
	gboolean *taken, GError **error);
/* The same, after commands have been looked for. */
gboolean dispatch_to_rituals(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error);

/* ---- dispatch_people.c ---- */
/* Whether it was said to us, in a team's channel or in one of quick response. */
gboolean dispatch_concerns_us(struct dispatch *d, const struct event *event);
/* What somebody does where no team meets and the bot is not spoken to: for triggers that listen anywhere. */
gboolean dispatch_is_elsewhere(struct dispatch *d, const struct event *event);
/* Words in a channel of quick response that are not for us: for triggers that overhear. */
gboolean dispatch_is_overheard(struct dispatch *d, const struct event *event);
/* An event of a person: for the rituals when we know who that is, else it waits. */
gboolean dispatch_of_person(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error);
/* Asks the directory; deadline_ms 0: with all the time in the world. */
gboolean dispatch_ask_person(struct dispatch *d, const char *workspace, const char *account, int64_t now_ms,
	int64_t deadline_ms, GError **error);
/* Whether events wait for what the directory tells of an account. */
gboolean dispatch_is_waited_for(
	struct dispatch *d, const char *workspace, const char *account, gboolean *out, GError **error);
/* The events that waited for this account, or for PLACING, in their order. */
gboolean dispatch_unpark(
	struct dispatch *d, const char *workspace, const char *account, int64_t now_ms, GError **error);
/* Takes what the directory tells of an account; channel: that it is a member of, or NULL. */
gboolean dispatch_learn(struct dispatch *d, const char *workspace, const struct event_person *told,
	const char *channel, int64_t now_ms, GError **error);
gboolean dispatch_people(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error);
gboolean dispatch_channel(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error);
gboolean dispatch_membership(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error);
/* Who is in a team, or where its channel is, unless that question is on its way already. */
gboolean dispatch_ask_members(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error);
/* Where the workspace's channels of quick response are that have but a name. */
gboolean dispatch_ask_quick(struct dispatch *d, const char *workspace, int64_t now_ms, GError **error);
/* From now on what is said in a team's channel is ours: also before anything has been heard there. */
gboolean dispatch_begin_to_hear(struct dispatch *d, const struct team *team, int64_t now_ms, GError **error);

/* ---- dispatch_request.c ---- */
gboolean dispatch_request(
	struct dispatch *d, const struct event *event, int64_t now_ms, GArray **problems, GError **error);
/* Nobody is to hear the answer: the transaction is rolled back. */
void dispatch_forget_answer(struct dispatch *d);

/* ---- dispatch_register.c ---- */
/* Rituals hear of each team of whose people the register tells something else than before. */
gboolean dispatch_tell_news(struct dispatch *d, int64_t now_ms, GError **error);

/* ---- dispatch_gap.c ---- */
/* Notes the newest message of a channel, until it is written down. */
void dispatch_hear(struct dispatch *d, const struct event *event);
gboolean dispatch_write_heard(struct dispatch *d, int64_t now_ms, GError **error);
/* The same, when a channel is new or enough time has passed. */
gboolean dispatch_settle_heard(struct dispatch *d, int64_t now_ms, GError **error);
/* The transaction was rolled back: what was written down is not. */
void dispatch_forget_heard(struct dispatch *d);
/* The connection was away: asks for the history of the channels that matter. */
gboolean dispatch_gap(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error);
