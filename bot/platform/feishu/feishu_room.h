/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of the Feishu adapter share; nobody outside this folder includes it.
 *
 *	feishu.c            the platform's table: start, stop, status, limits
 *	feishu_open.c       where to dial, and who we are
 *	feishu_socket.c     frames up, response frames down
 *	feishu_alone.c      whether another process here uses the app
 *	feishu_quota.c      the month's calls
 *	feishu_seen.c       messages that passed: whose they are and where they stand
 *	feishu_send.c       a row's errand: what to call, and what became of it
 *	feishu_upload.c     its files: brought before the card, shared after it
 *	feishu_directory.c  errands that ask: a person, a chat's members, a chat by its name
 *	feishu_history.c    errands that read history: what a gap has hidden
 *	feishu_check.c      check --online, with the table of feishu_needs.c
 *
 * Thread: the loop.
 */
#pragma once

#include "base/timer.h"
#include "core/platform.h"
#include "platform/feishu/feishu_answer.h"
#include "platform/feishu/feishu_call.h"
#include "platform/feishu/feishu_fragments.h"
#include "platform/feishu/feishu_frame.h"
#include "platform/feishu/feishu_in.h"
#include "platform/feishu/feishu_out.h"
#include "platform/cargo.h"
#include "platform/latency.h"
#include "platform/link.h"
#include "platform/painter.h"

enum { FEISHU_PLACES = 3, FEISHU_SCARCE_SECONDS = 600 };

/*
 * Names of our notes (EVENT_NOTED): the month's calls; when we last started, and how often in a row; who we are, "APP OPEN_ID";
 * that events come; and a chat with one person.
 */
#define FEISHU_CALLS_NOTE  "calls"
#define FEISHU_START_NOTE  "started"
#define FEISHU_SELF_NOTE   "self"
#define FEISHU_HEARD_NOTE  "heard"
#define FEISHU_DIRECT_NOTE "direct "

/* One link, its connection, and the question it has open. */
struct feishu_place {
	struct adapter *adapter;
	struct link *link;
	guint64 call;	 /* the endpoint's; 0: none */
	char *url;	 /* the answer, until we know who we are; a secret */
	char *device;	 /* the connection's name in the platform's logs; NULL: not told */
	int32_t service; /* goes into pings */
	/* The present line's pulse. */
	guint pinged_line;
	gboolean answered; /* a frame came since the ping */
	int64_t pinged_ms; /* monotonic */
	int64_t drift_ms;  /* wall - monotonic, when last looked */
	gboolean fell_silent;
};

struct adapter {
	const struct config_workspace *workspace;
	struct clock *clock;
	const struct host *host;
	struct feishu_caller *caller;

	/* feishu_open.c and feishu_socket.c */
	struct feishu_place places[FEISHU_PLACES];
	unsigned place_count;
	struct feishu_settings settings;
	struct feishu_fragments *fragments;
	struct timer *expiry; /* of incomplete fragments */
	char *open_id;
	struct feishu_self self; /* borrows it */
	gboolean known, covered;
	guint64 info_call;
	char *refused;		/* why the credentials are refused; NULL: they are not */
	int64_t lost_ms;	/* UTC: since when nothing was heard; 0: since the start */
	int64_t gap_ms;		/* monotonic: when a gap was last told; -1: never */
	GHashTable *receipts;	/* gint64 * → struct held *, one for each event */
	gint64 last_receipt;
	GPtrArray *lookups;	/* struct lookup: events that lack something */
	GPtrArray *presses;	/* struct held: callbacks that wait for words; NULL in a check */
	GHashTable *told; /* static texts: what was logged once */
	struct latency latency;
	int64_t frame_ms, event_ms, reply_ms; /* UTC: the last ones; 0: none yet */
	guint64 drops;
	int alone; /* a descriptor that only one process can have; -1: another has it */
	gboolean heard;	     /* an event has come, in this life or an earlier one */
	struct timer *quiet; /* nothing has ever come: a hint */
	struct timer *gone;  /* tells that all links have stopped */
	unsigned stopping;
	void (*stopped)(gpointer data);
	gpointer stopped_data;

	struct feishu_quota *quota;
	struct feishu_seen *seen;

	/* feishu_send.c */
	GPtrArray *errands;  /* struct feishu_errand, under way */
	GHashTable *directs;   /* a set of the chats with one person */
	GHashTable *pictures;  /* SHA-256 → image key: feishu_upload.c */
	struct painter *painter; /* the same: with the faces of `people` */
	GHashTable *reactions; /* "message emoji" → reaction id: ours, to be taken off again */
	char *last_error;

	GHashTable *people; /* feishu_directory.c: account → struct event_person * */
};

/* An adapter without links: for the socket's part to fill, and for the check. */
struct adapter *feishu_adapter_new(const struct adapter_setup *setup);
void feishu_adapter_free(struct adapter *a);
/* TRUE the first time: what is said often is logged once. what: static. */
gboolean feishu_first_time(struct adapter *a, const char *what);

/* --- feishu_open.c --- */
/* What is wrong with the endpoint's answer, and what to do. Caller frees. */
char *feishu_endpoint_trouble(const struct feishu_reply *reply);
/* What identified us in an earlier life; NULL: nothing. It saves a call, and serves when none is left. */
void feishu_recall_self(struct adapter *a, const char *note);
void feishu_place_ask(struct link *link, gpointer data);
void feishu_place_unask(struct link *link, gpointer data);
enum link_cause feishu_place_refused(struct link *link, const struct ws *ws, int64_t *after_ms, gpointer data);
int64_t feishu_place_delay(struct link *link, unsigned attempt, gpointer data);
/* How long to wait before the next try; unit: random, in [0, 1). Pure. */
int64_t feishu_delay_ms(const struct feishu_settings *settings, unsigned attempt, double unit);
extern const char *const feishu_refusal_headers[];
/* The app or its secret is refused: says so once, closes the links but for that of `except`, all are tried again every 15 minutes. */
void feishu_refuse(struct adapter *a, const char *reason, const struct feishu_place *except);

/* --- feishu_socket.c --- */
void feishu_socket_start(struct adapter *a, struct lws_loop *lws);
void feishu_socket_stop(struct adapter *a);
void feishu_socket_release(struct adapter *a);
void feishu_acknowledge(struct adapter *a, const struct verdict *verdict);
/* Says the row's words in the answer to a press, if one of the row's person or chat waits. FALSE: none does. */
gboolean feishu_answer_press(struct adapter *a, const struct outbox_row *row);
void feishu_pause(struct adapter *a, gboolean paused);
void feishu_socket_status(const struct adapter *a, cJSON *into);

/* --- feishu_alone.c --- */
/* Takes the place of the one process here that uses the app. FALSE: another has it. */
gboolean feishu_be_alone(struct adapter *a);
void feishu_alone_release(struct adapter *a);

/* Keeps a note for the next lives. name: one of the above; takes the text. */
void feishu_note(struct adapter *a, const char *name, char *take_text);

/* --- feishu_quota.c --- */
/* Who gets the last calls of a month: what a row is to people. */
enum feishu_rank {
	FEISHU_RANK_FREE,     /* is not counted */
	FEISHU_RANK_ALARM,    /* calls somebody urgently */
	FEISHU_RANK_ANSWER,   /* to somebody who has pressed, written or asked */
	FEISHU_RANK_WORD,     /* to all: a prompt, a day's first board */
	FEISHU_RANK_QUESTION, /* which chat it is, who is there */
	FEISHU_RANK_PAST,     /* what was said there: mostly it is pushed again */
	FEISHU_RANK_BOARD,    /* changes of what stands already */
	FEISHU_RANK_NOD,      /* a reaction */
};

enum feishu_course {
	FEISHU_GO,
	FEISHU_GATHER, /* goes, every ten minutes at most */
	FEISHU_WAIT,   /* not before the month turns, or calls are taken again; nothing waits for it */
	FEISHU_ANSWER, /* in what acknowledges a press, when one waits for it; else not at all */
	FEISHU_DROP,   /* done without: nobody misses it */
	FEISHU_FAIL,
};

struct feishu_quota *feishu_quota_new(const struct config_workspace *workspace, struct clock *clock, const struct host *host);
void feishu_quota_free(struct feishu_quota *quota);
/* One more call that counts. */
void feishu_quota_spend(gpointer quota);
/* The platform says that there is no more this month; and that there is after all. */
void feishu_quota_refused(struct feishu_quota *quota);
void feishu_quota_granted(struct feishu_quota *quota);
gboolean feishu_quota_is_spent(struct feishu_quota *quota);
/* What becomes of a row now; *wait_ms: for FEISHU_WAIT. Once in an hour one goes although nothing is left, to see. */
enum feishu_course feishu_quota_course(struct feishu_quota *quota, enum feishu_rank rank, int64_t *wait_ms);
/* What feishu_quota_keep wrote in an earlier life; NULL: nothing. Counts once. */
void feishu_quota_recall(struct feishu_quota *quota, const char *note);
/* When earlier lives started: who starts again and again, as in a crash loop, asks no questions for a minute. */
void feishu_quota_started(struct feishu_quota *quota, const char *note);
/* Writes down what is not yet. */
void feishu_quota_keep(struct feishu_quota *quota);
void feishu_quota_status(const struct feishu_quota *quota, cJSON *into);

/* --- feishu_seen.c --- */
struct feishu_seen *feishu_seen_new(void);
void feishu_seen_free(struct feishu_seen *seen);
/* Notes where a message stands and whose it is. person NULL: a bot's. */
void feishu_seen_note(struct feishu_seen *seen, const char *message, const char *chat, const char *root, const char *person);
/* It is a row's, whose fate is known. */
void feishu_seen_settle(struct feishu_seen *seen, const char *message);
gboolean feishu_seen_is_settled(const struct feishu_seen *seen, const char *message);
/* The same from an item of im/v1/messages; NULL is nothing. */
void feishu_seen_item(struct feishu_seen *seen, const cJSON *item);
/* As im/v1/messages would answer, as far as feishu_in_complete reads; NULL: not known. Caller frees. */
cJSON *feishu_seen_find(const struct feishu_seen *seen, const char *message);

/* --- feishu_directory.c --- */
GHashTable *feishu_directory_new(void);
/* The URL of a face, borrowed; NULL: none is known. For the painter. */
const char *feishu_directory_face(gpointer adapter, const char *account);
/* The chat is with one person: kept, also over a restart. */
void feishu_learn_direct(struct adapter *a, const char *chat, const char *person);
/* Keeps what an event tells: people, chats with one person, whose a message is. */
void feishu_learn(struct adapter *a, const struct event *event);

/* --- feishu_send.c --- */
struct feishu_errand;
typedef void feishu_errand_fn(struct feishu_errand *e, const struct feishu_called *called);
typedef void feishu_errand_step(struct feishu_errand *e);

struct feishu_errand {
	struct adapter *adapter;
	const struct outbox_row *row; /* borrowed until the outcome */
	guint64 call;
	struct feishu_request request; /* under way, or the last one */
	feishu_errand_fn *answered;
	struct timer *timer;
	feishu_errand_step *next;
	guint index; /* in the adapter's list */
	gboolean flat, direct; /* a first answer wanted it so */
	gboolean probe;	       /* it went although nothing seemed left of the month */
	char *reaction;	       /* UNREACT: which; NULL: not known yet */
	char *cursor;	       /* the next page of a list; NULL: the first */
	gpointer work;	       /* what an ask has gathered */
	GDestroyNotify work_free;
	struct cargo *cargo;	     /* what becomes of the row's files; NULL: it has none */
	guint64 drawing;	     /* of the painter's; 0: none */
	feishu_errand_step *brought; /* what follows when they are uploaded */
	unsigned share_tries;	     /* of the document at hand */
};

void feishu_send(struct adapter *a, const struct outbox_row *row);
/* The request goes out, `answered` gets what comes back. Takes the request's contents. */
void feishu_errand_call(struct feishu_errand *e, struct feishu_request *take, feishu_errand_fn *answered);
/* Renders and sends the row's own request with the present cursor. */
void feishu_errand_ask(struct feishu_errand *e, int64_t since_ms, feishu_errand_fn *answered);
/* `next` runs after a while. */
void feishu_errand_wait(struct feishu_errand *e, int64_t delay_ms, feishu_errand_step *next);
/* Reports and frees the errand. */
void feishu_errand_end(struct feishu_errand *e, const struct outcome *outcome);
void feishu_errand_fail(struct feishu_errand *e, const char *reason);
void feishu_errand_done(struct feishu_errand *e);
/*
 * A read on the way: TRUE: it is there, go on. FALSE: the errand has ended (later, failed, stopped), or waits as it was
 * told to and will run `again`.
 */
gboolean feishu_errand_read(struct feishu_errand *e, const struct feishu_called *called, feishu_errand_step *again);
/* Takes the next page's token of the answer; FALSE: it was the last page. */
gboolean feishu_errand_turn_page(struct feishu_errand *e, const cJSON *body);
void feishu_errand_free(struct feishu_errand *e);
/* The platform may have forgotten the row's uuid: what is in doubt must not go again. */
gboolean feishu_errand_outlived_uuid(const struct feishu_errand *e);
/*
 * What an answer to anything but a row means, as if to an ask; sees to what concerns the whole workspace but a refusal. For the
 * caller to release.
 */
void feishu_read(struct adapter *a, const struct feishu_called *called, struct feishu_answer *out);

/* --- feishu_upload.c --- */
/* Uploads what the row needs and is not there yet, then goes on; or ends the errand, for the row to come again. */
void feishu_upload_bring(struct feishu_errand *e, feishu_errand_step *then);
/* The card was refused: a key may be the cause. */
void feishu_upload_forget(struct feishu_errand *e);
/* The card stands there: what follows it is shared, then the errand ends. */
void feishu_upload_share(struct feishu_errand *e, const char *channel, const char *message);

/* --- feishu_directory.c --- */
void feishu_ask_person(struct feishu_errand *e);
void feishu_ask_members(struct feishu_errand *e);
void feishu_ask_channel(struct feishu_errand *e);
void feishu_ask_message(struct feishu_errand *e);

/* --- feishu_history.c --- */
void feishu_ask_history(struct feishu_errand *e);
/* Looks whether anything of ours stands in the row's chat since the row was made: then the errand ends, for it may be it; else `absent`. */
void feishu_look_for(struct feishu_errand *e, feishu_errand_step *absent);

/* --- feishu_check.c --- */
void feishu_check(const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data);
