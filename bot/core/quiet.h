/* SPDX-License-Identifier: MIT */
/*
 * How people are left alone. Every unasked private message is weighed: it goes at once, waits for the end of the person's
 * quiet hours or for the day's digest, or never goes. What became of each is a row that keeps the reason for a month.
 *
 * Of a day's messages what can wait takes half at most, so that a morning of news leaves room for the standup's prompt.
 *
 * A person's wishes are quiet hours of their own and topics that they have muted; all else is the configuration's (`quiet`).
 * Days and hours are the person's. Rituals never call this: turn_nudge does (nudge.c).
 *
 * The decision is pure; the rest is the clerk's, in its transaction.
 */
#pragma once

#include "store/db.h"
#include "team/hours.h"

/* The ritual that owns the jobs: "wake" and "digest", the key is the person's id; "open", that of a post that waits. */
#define QUIET_RITUAL "quiet"

/* Minutes after local midnight, 0 … 1439; the first may be later: over midnight. The same twice: none. */
struct quiet_hours {
	int from_minute, to_minute;
};

enum quiet_fate {
	QUIET_SENT,
	QUIET_WAITS,	/* for the end of the quiet hours */
	QUIET_DIGEST,	/* for the digest: the day's messages are used up, or the person is away */
	QUIET_LISTED,	/* was in a digest */
	QUIET_MUTED,	/* the person does not want it */
	QUIET_REPEATED, /* there was a reminder about it that day */
	QUIET_LATE,	/* it would be worthless by the time it may go */
	QUIET_SETTLED,	/* what it was about is done */
	QUIET_NOBODY,	/* the person has no account there, or is gone; no row */
	QUIET_FATE_COUNT
};

/* What comes first when a day's messages are few. The lowest is first to wait. */
enum quiet_rank {
	QUIET_HINT,   /* can wait for the digest: news, reports, what is ahead, whom to cheer (turn_hint) */
	QUIET_CALL,   /* is for now: prompts, reminders, clocks, alerts (turn_nudge, turn_remind) */
	QUIET_URGENT, /* goes at any hour, muted or not, and does not count (turn_insist) */
	QUIET_RANK_COUNT
};

/* As it stands in the table and in the log. */
const char *quiet_fate_name(enum quiet_fate fate);

/* What bears on one message. */
struct quiet_case {
	int64_t now_ms, until_ms; /* UTC; until: when it is worthless */
	GTimeZone *zone;	  /* the person's */
	struct quiet_hours hours;
	int budget;		  /* messages a day */
	int digest_minute;
	const struct calendar *calendar; /* of the person's team: digests come on its working days; NULL: Monday to Friday */
	const struct hours *own;  /* a working week of their own, in which alone they hear anything; NULL: none */
	int64_t sent;		  /* messages today */
	enum quiet_rank rank;
	gboolean muted, reminded, away;
};

/* due_ms: when a message that waits is to be looked at again; else untouched. */
enum quiet_fate quiet_weigh(const struct quiet_case *c, int64_t *due_ms);
/* The first digest after now_ms: at its minute of a working day, or when quiet hours that hold it end. */
int64_t quiet_digest_ms(const struct quiet_case *c);
/* The first instant at or after at_ms at which the person may be spoken to: outside quiet hours, within hours of their own. */
int64_t quiet_free_ms(const struct quiet_case *c, int64_t at_ms);
/* Whether the instant lies in the hours; then end_ms is where they end. */
gboolean quiet_hours_hold(const struct quiet_hours *hours, GTimeZone *zone, int64_t at_ms, int64_t *end_ms);
/* Reads "20:00-08:00", "20:00 to 8:00", "22点至7点半": two times of day and a sign between; FALSE when it is none of these. */
gboolean quiet_hours_parse(const char *text, struct quiet_hours *out);

/* ---- the store ---- */

/* One's own hours; NULL: the configuration's again. */
gboolean quiet_set_hours(struct db *db, int64_t person, const struct quiet_hours *hours, GError **error);
/* *own: FALSE when the person has set none; out is untouched then. */
gboolean quiet_read_hours(struct db *db, int64_t person, struct quiet_hours *out, gboolean *own, GError **error);
/* *changed: FALSE when it was so already. */
gboolean quiet_mute(struct db *db, int64_t person, const char *topic, gboolean mute, int64_t now_ms, gboolean *changed, GError **error);
/* What the person has muted; what the person was ever told about in the last month. Texts, owned; NULL with the error. */
GPtrArray *quiet_muted(struct db *db, int64_t person, GError **error);
GPtrArray *quiet_topics(struct db *db, int64_t person, GError **error);
