/* SPDX-License-Identifier: MIT */
/*
 * Deals 商机: a customer, a sum, an owner, and the stage it stands in, of those that the configuration names. Told by people in
 * chat, by a file, or by another program; each change is a row of its history, and nothing of that is ever taken out.
 *
 *	struct deal_teller by = { .source = DEAL_CHAT, .person = t->person->id, .now_ms = t->now_ms };
 *	struct deal_news news = { .team = "sales", .customer = "华瑞", .owner = ana->id, .amount = &sum };
 *	deal_put(t->db, config, &by, 0, &news, &result, &error);             — a new one
 *	deal_put(t->db, config, &by, 17, &(struct deal_news){ .stage = "won" }, &result, &error);
 *
 *	g_autoptr(GPtrArray) deals = deal_list(db, &(struct deal_filter){ .team = "sales" }, &error);
 *	for (guint i = 0; i < deals->len; i++)
 *		show(deals->pdata[i]);
 *
 * Time in a stage counts from entering it; no other change touches `entered_ms`. Writing a deal only writes its rows: what is to
 * follow of it (alerts, clocks) is the business of the ritual `deal`, which finds what has stirred (deal_stirred).
 *
 * Errors are the store's. Thread: whoever holds the database: the clerk, or a guest's import; all in the caller's transaction.
 */
#pragma once

#include "base/money.h"
#include "store/db.h"
#include "team/people.h"

#include "base/banned.h"

/* Who tells of deals in chat; files and other programs have names of their own. */
#define DEAL_CHAT "chat"

enum { DEAL_CUSTOMER_LIMIT = 200, DEAL_STEP_LIMIT = 500 /* code points */ };

struct deal {
	gint64 id;
	char *team;	    /* of the configuration */
	char *customer;
	gboolean has_amount;
	struct money amount; /* its currency also when there is no amount */
	gint64 owner;	    /* a person's number */
	char *stage;	    /* its name; the configuration may have it no more */
	int64_t entered_ms; /* when it entered its stage */
	char *next_day;	    /* YYYY-MM-DD of the next step; NULL: none */
	char *next_step;    /* in words, "" for none */
	char *silent_day;   /* it does not count as stalled before that day; NULL: nothing silences it */
	int silences;	    /* how often a next step has silenced it in this stage */
	char *source, *external; /* from where it came, and its number there; external: NULL: none */
	int64_t opened_ms, closed_ms; /* closed_ms: 0: it is open */
};

void deal_free(struct deal *deal);
typedef struct deal deal_auto; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(deal_auto, deal_free)

/* ---- writing ---- */

/* Who says so. */
struct deal_teller {
	const char *source; /* DEAL_CHAT, or the name of a file's or program's source */
	gint64 person;	    /* 0: nobody of the roster */
	int64_t now_ms;
};

/* What is said of a deal; NULL and 0: nothing, so it stays as it is. All borrowed. */
struct deal_news {
	const char *external; /* with the teller's source: which deal is meant */
	const char *team, *customer;
	const struct money *amount;
	gint64 owner;
	const char *stage;  /* the name of one of the configuration */
	int64_t entered_ms; /* when it entered that stage, not later than now; 0: now */
};

struct deal_result {
	gint64 id;
	gboolean added, changed; /* changed: of one that was there */
	gboolean moved;		 /* into another stage */
};

/*
 * Adds a deal or changes the one that is meant: `id`, or when that is 0 the one of the teller's source with news->external, else
 * a new one. A new one needs team, customer and owner; without a stage it begins in the first. What is said again
 * as it is, is no change. Names are the caller's to check: team, stage and owner are there.
 */
gboolean deal_put(struct db *db, const struct config *config, const struct deal_teller *by, gint64 id, const struct deal_news *news,
	struct deal_result *result, GError **error);

/* A dated next step silences a deal until its day, so often in one stage and no more. */
enum { DEAL_SILENCES = 2 };
/*
 * The next step, its day (NULL: none) and words. rings_day: the day from which the deal would be called stalled as it stands
 * (NULL: never): only what puts that off counts as a silence. *silences: TRUE when nothing is heard of it before that day.
 */
gboolean deal_plan_step(struct db *db, const struct deal_teller *by, gint64 id, const char *day, const char *words,
	const char *rings_day, gboolean *silences, GError **error);

/* ---- reading ---- */

/* NULL: there is none of that number, or, with the error, the store failed. Caller frees. */
struct deal *deal_read(struct db *db, gint64 id, GError **error);
/* The number of the deal that a source calls so; 0: none. */
gboolean deal_find(struct db *db, const char *source, const char *external, gint64 *id, GError **error);

struct deal_filter {
	const char *team, *stage; /* NULL: any */
	gint64 owner;		  /* 0: any */
	int64_t closed_from_ms;	  /* also those closed since then; 0: open ones alone */
	/* Only those that have stalled at that instant, and the configuration whose limits count; 0: all. */
	int64_t stalled_ms;
	const struct config *config;
};
/* struct deal, owned by the array, by number; NULL with the error. */
GPtrArray *deal_list(struct db *db, const struct deal_filter *filter, GError **error);

/* The zone in which a team's days are counted. */
GTimeZone *deal_zone(const struct config *config, const char *team);
/*
 * From when on the deal counts as stalled: so many calendar days of its team after it entered its stage, by the wall clock there,
 * or the beginning of the day until which a next step silences it. G_MAXINT64: never in this stage, or closed.
 */
int64_t deal_stalls_ms(const struct config *config, const struct deal *deal);
/* Whole calendar days of its team since it entered its stage. */
int deal_days(const struct config *config, const struct deal *deal, int64_t now_ms);
/* What stands after the number and before the stage, for people: "华瑞 ¥120,000"; caller frees. */
char *deal_label(const struct deal *deal);

/*
 * The rule of who reads sums: in private whoever may see the deal; in the team's channel everybody, and so only while nobody else is
 * in it.
 */
gboolean deal_shows_sums(const struct roster *roster, const struct team *team);

/* One row of a deal's history. */
struct deal_event {
	int64_t at_ms;
	char *kind; /* "opened" and "stage" (after: the stage), "customer", "amount", "owner" (a person's number), "team", "next" (the day) */
	char *before, *after; /* "": none */
	char *source;
	gint64 person; /* 0: nobody of the roster */
};
/* struct deal_event, owned by the array, in their order; NULL with the error. */
GPtrArray *deal_history(struct db *db, gint64 id, GError **error);

/* A step of a deal through the stages. */
struct deal_move {
	gint64 deal, owner; /* owner: of now */
	int64_t at_ms;
	char *before, *after; /* before: "" when it was opened so */
	gboolean has_amount;
	struct money amount; /* of now */
};
/* Those of a team from an instant until before another: struct deal_move, owned by the array, in their order; NULL with the error. */
GPtrArray *deal_moves(struct db *db, const char *team, int64_t from_ms, int64_t to_ms, GError **error);

/* ---- for the ritual that watches them ---- */

/* The numbers (gint64) of what has changed since deal_calm; NULL with the error. */
GArray *deal_stirred(struct db *db, GError **error);
gboolean deal_calm(struct db *db, gint64 id, GError **error);
