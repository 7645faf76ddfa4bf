/* SPDX-License-Identifier: MIT */
/*
 * Responses: promises of an answer, timed in working hours, with a warning before, a ladder of who hears after, and a history
 * that explains it all. A ritual opens a promise on its subject (a blocker, a deal, a question), tells what happened to it, and
 * says in a response_kind what is its own: how the subject is called and what is said when it rings.
 *
 *	response_open(t, &kind, &(struct response_opening){ .subject = "17", .target = RESPONSE_FIRST, .team = team, … });
 *	response_tell(t, &kind, "17", RESPONSE_FIRST, RESPONSE_STOP, who, "taken");
 *	static const struct trigger triggers[] = { { .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = … response_due(t, event, &kind) … },
 *
 * A subject has at most one promise of each target: two targets are two clocks with one start. Everything is rows: the terms,
 * what happened, what rang (response.sql). What is computed of them stands in the store only to be looked up; response_book.h
 * plays a history again. There is one job for each open promise, under the ritual's own name, at the next instant at which
 * something shall ring; a due job reads the rows first, and each ring is a row before it is heard, so it rings once.
 *
 * The ladder. Steps count from the due instant, in working time or on the wall; a step that falls into closed hours is heard when
 * they end, unless the policy's calendar is open at all hours. Somebody away is replaced by their stand-in; when nobody is there
 * the step is passed over, the next one rings at once, and says so. After a change of the configuration open promises are
 * computed anew, and the team's managers hear what moved.
 *
 * Thread: the clerk, within a turn of the ritual that owns the promises.
 */
#pragma once

#include "core/turn.h"
#include "kit/response_terms.h"

/* The job's word; its key is the promise's number. */
#define RESPONSE_JOB "clock"

/* A step that nobody heard. */
struct response_passed {
	enum response_whom whom;
	gboolean away; /* else: there is nobody */
};

/* One time that it rings. */
struct response_ring {
	gint64 response; /* the promise's number */
	const char *subject;
	enum response_target target;
	const struct team *team;
	int64_t due_ms;
	int percent;		  /* of a warning; 0: a step of the ladder */
	guint step, again;	  /* step of the ladder; again: how often it has rung before */
	enum response_whom whom;
	enum response_how how;
	const GPtrArray *people;  /* struct person: who hears */
	const GArray *passed_over; /* struct response_passed: who should have heard before, and was not there */
	const struct person *asked_by; /* who wants that step now, before its time; NULL: time has come */
};

struct response_kind {
	const char *applies; /* which policies count: "blocker", "stall", "customer", "feedback" */
	const char *topic;   /* of its messages, for mute */
	/* What the subject is called: "#17 Vertrag hängt", kept for the turn; NULL: there is none of that name any more. */
	const char *(*title)(struct turn *t, const char *subject, enum language language);
	/* The same where everybody in the channel reads it; NULL: the same words. */
	const char *(*open_title)(struct turn *t, const char *subject, enum language language);
	/*
	 * Adds what is the ritual's own, such as buttons, to what is heard. reader: who is told directly; NULL: everybody, in the
	 * thread. The message begins with what response_ring says of itself. NULL: nothing.
	 */
	void (*add)(struct turn *t, const struct response_ring *ring, const struct person *reader, struct message *m);
	/* Whether another promise on the subject rings already, so that this one would be noise; NULL: never. */
	gboolean (*is_covered)(struct turn *t, const char *subject, enum response_target target);
	/* The name of our message in whose thread the subject is talked about, kept for the turn; NULL: the channel. */
	const char *(*thread)(struct turn *t, const char *subject);
	/* Who has the role's duty now, or (now FALSE) all who share it, struct person; NULL: all who hold it (roster_holders). */
	GPtrArray *(*people)(struct turn *t, const struct team *team, const char *role, gboolean now);
	/* Text keys of what is said of each promise, with {due}: before it is due, and when it is broken. NULL: the usual words. */
	const char *warning[RESPONSE_TARGETS], *broken[RESPONSE_TARGETS];
};

struct response_opening {
	const char *subject; /* the ritual's word for it, such as its number */
	enum response_target target;
	const struct team *team;
	const struct person *owner; /* NULL: nobody yet */
	const char *role;	    /* or NULL */
	int64_t start_ms;	    /* of the fact that began it; 0: now */
};

/* The promise's number; 0: nothing is promised. One that is there already stays. */
gint64 response_open(struct turn *t, const struct response_kind *kind, const struct response_opening *opening);

/*
 * What happened, now: RESPONSE_STOP, PAUSE, RESUME, REOPEN or CANCEL. by: who did it, NULL: nobody; why: in words, for the history.
 * FALSE when it changed nothing: there is no such promise, or it stood so already.
 */
gboolean response_tell(struct turn *t, const struct response_kind *kind, const char *subject, enum response_target target,
	enum response_event_kind what, const struct person *by, const char *why);
/* All promises on the subject are somebody else's now. role: NULL: as before. */
void response_give(struct turn *t, const struct response_kind *kind, const char *subject, const struct person *owner,
	const char *role, const struct person *by);

/*
 * Rings the next step of an open promise's ladder now, whatever its time; who is not there is passed over. FALSE: nobody heard,
 * for no step is left, nobody is there, or there is no such promise.
 */
gboolean response_escalate(struct turn *t, const struct response_kind *kind, const char *subject, enum response_target target,
	const struct person *by);

/* Where a promise stands now; FALSE when there is none. */
struct response_view {
	gint64 response;
	struct response_state state;
	const char *policy; /* kept for the turn */
	gint64 owner;
};
gboolean response_look(struct turn *t, const char *subject, enum response_target target, struct response_view *out);

/* The job. */
void response_due(struct turn *t, const struct event *event, const struct response_kind *kind);
/* At the ritual's start: open promises take the terms that count now, and none is left without its next step. */
void response_start(struct turn *t, const struct response_kind *kind);

/*
 * The same for the promises of all rituals, for a nightly look: gives their numbers (gint64, caller unrefs), which are logged too.
 * Empty: as it should be.
 */
GArray *response_repair(struct turn *t);

/* An instant for people, with its day when that is not today's, and its zone: "14:30 (Asia/Shanghai)". Kept for the turn. */
const char *response_time_text(struct turn *t, GTimeZone *zone, int64_t at_ms, enum language language);
/*
 * When the n-th working day of a team begins, that of since_ms being the first one if it is a working day; of a team whose hours
 * are not told, by response_plain_week. RESPONSE_NEVER: its calendar has no more.
 */
int64_t response_workday_ms(const struct team *team, int64_t since_ms, int nth);
/* The team's working time since then, "5 h 10 min": kept for the turn. */
const char *response_age_text(struct turn *t, const struct team *team, int64_t since_ms, enum language language);
/* "its owner", "the manager": kept for the turn. */
const char *response_whom_text(struct turn *t, enum response_whom whom, enum language language);
/* "in 25 min", "12 min over", of working time: kept for the turn. */
const char *response_left_text(struct turn *t, int64_t remaining_s, enum language language);
