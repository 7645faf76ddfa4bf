/* SPDX-License-Identifier: MIT */
/*
 * The rest of turn_nudge: for the ritual that lets go what has waited, and for the commands that mute. Thread: the clerk,
 * in a turn; what is handed out lives as long as the turn.
 */
#pragma once

#include "core/quiet.h"
#include "core/ritual.h"

/* What people call a topic; one that no ritual declares is called by its name. */
const char *nudge_title(struct turn *t, enum language language, const char *topic);
/* The topic of a ritual that somebody means by a word or two, in any language; NULL: none. */
const char *nudge_topic(struct turn *t, const char *words);

/* The person's quiet hours are over: what has waited for that goes, as far as it is worth something. */
void nudge_release(struct turn *t, const struct person *person);

/* What waits for the digest, as one line each. */
struct nudge_line {
	char *workspace;
	char *content; /* the message's JSON */
	int64_t number; /* by which nudge_open brings the whole of it; 0: the line says all */
};
/*
 * When the digest may be sent now: takes back what waits for it, at most `most` (struct nudge_line, owned by the list), and
 * plans the next digest for the rest. NULL: nothing, or not now.
 */
GPtrArray *nudge_take_digest(struct turn *t, const struct person *person, guint most);
/* Sends the whole of what a digest has named, once. FALSE: it was opened, is settled, is worthless now, or another's. */
gboolean nudge_open(struct turn *t, const struct person *person, int64_t number);
/* Forgets what became of messages a month ago, and what of them nobody has opened. */
void nudge_forget(struct turn *t);

/* What became of the day's messages to a person. */
struct nudge_fate {
	const char *topic; /* kept for the turn */
	enum quiet_fate fate;
	int64_t count, counted; /* counted: against the day's number */
};
/* Of today, struct nudge_fate by fate and topic; what waits for a later day too. The caller unrefs. */
GArray *nudge_today(struct turn *t, const struct person *person);
/* How the person wants to be left alone; *own: by hours of their own. */
struct quiet_hours nudge_hours(struct turn *t, const struct person *person, gboolean *own);
