/* SPDX-License-Identifier: MIT */
/*
 * Stalled deals as rows: that a deal (kit/deal.h) was found standing in its stage, how often its owner was asked, the plan to get
 * it going (卡点突破方案), the manager's answer, and what had become of it a week and two weeks after the plan.
 *
 * A deal has at most one stall that is open. It begins with the first alert and ends when the deal moves, when a next step
 * silences it before there is a plan, or when a week after the answer it is asked about anew. Clocks and messages are the
 * business of the ritual `deal`.
 *
 * Errors are the store's. Thread: whoever holds the database; writing is the clerk's, in its transaction.
 */
#pragma once

#include "kit/deal.h"

#include "base/banned.h"

enum stall_ending { STALL_MOVED, STALL_SILENCED, STALL_RENEWED };
enum stall_answer { STALL_APPROVE, STALL_ADVISE, STALL_MEET, STALL_ANSWERS };
/* What had become of a deal. */
enum stall_outcome { STALL_WON, STALL_LOST, STALL_FORWARD, STALL_BACK, STALL_STOOD, STALL_OUTCOMES };

/* When Belltower looks whether a plan was worth something: so many days after it. */
enum { STALL_LOOKS = 2 };
extern const int stall_look_days[STALL_LOOKS]; /* 7, 14 */

struct stall {
	gint64 id, deal;
	char *stage;	    /* the deal's when it was found standing */
	int64_t entered_ms; /* the same */
	int64_t begun_ms, asked_ms; /* asked_ms: the last time */
	int times;	    /* how often it was asked about */
	int64_t ended_ms;   /* 0: it is open */
	/* The last version of the plan; planned_ms: of the first, 0: there is none, and the texts are NULL. */
	int64_t planned_ms;
	gint64 planner;
	char *blocks, *tried, *wants;
	/* The answer; answered_ms: 0: there is none. */
	int64_t answered_ms;
	gint64 answerer;
	enum stall_answer answer;
	char *words;
};

void stall_free(struct stall *stall);
typedef struct stall stall_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(stall_auto, stall_free)

/* NULL: there is none, or, with the error, the store failed. Caller frees. */
struct stall *stall_read(struct db *db, gint64 id, GError **error);
/* The deal's open one. */
struct stall *stall_of(struct db *db, gint64 deal, GError **error);
/* All of a deal, in their order: struct stall, owned by the array; NULL with the error. */
GPtrArray *stall_history(struct db *db, gint64 deal, GError **error);

/* What a plan says. */
struct stall_plan {
	const char *blocks, *tried, *wants;
};

gboolean stall_begin(struct db *db, const struct deal *deal, int64_t now_ms, gint64 *id, GError **error);
gboolean stall_ask_again(struct db *db, gint64 id, int64_t now_ms, GError **error);
gboolean stall_end(struct db *db, gint64 id, enum stall_ending ending, int64_t now_ms, GError **error);
gboolean stall_keep_plan(struct db *db, gint64 id, gint64 person, const struct stall_plan *plan, int64_t now_ms, GError **error);
/* One answer, once. */
gboolean stall_keep_answer(
	struct db *db, gint64 id, gint64 person, enum stall_answer answer, const char *words, int64_t now_ms, GError **error);
/* Notes what has become of the deal, that many days after the plan; what is noted stays. */
gboolean stall_note_outcome(
	struct db *db, const struct config *config, const struct stall *stall, int days, int64_t now_ms, GError **error);

/* What a team's plans were worth: of the plans made and of the looks taken from an instant until before another. */
struct stall_worth {
	guint plans, answered;
	guint outcomes[STALL_LOOKS][STALL_OUTCOMES]; /* [0]: 7 days after, [1]: 14 */
};
gboolean stall_measure(struct db *db, const char *team, int64_t from_ms, int64_t to_ms, struct stall_worth *out, GError **error);
