/* SPDX-License-Identifier: MIT */
/*
 * What the rooms of the Slack adapter share; nobody outside this folder includes it.
 *
 *	slack.c            the platform's table: start, stop, status, limits
 *	slack_open.c       who we are, and where to dial
 *	slack_socket.c     frames up, acknowledgements down
 *	slack_send.c       a row's errand: where to, is it there already, post, what became of it
 *	slack_upload.c     its files: brought before the message, shared after it
 *	slack_directory.c  errands that ask: a person, a channel's members, a channel by its name
 *	slack_message.c    an errand that asks for one message
 *	slack_history.c    errands that read history: what a gap has hidden
 *	slack_check.c      check --online
 *
 * Thread: the loop.
 */
#pragma once

#include "base/timer.h"
#include "core/platform.h"
#include "platform/cargo.h"
#include "platform/latency.h"
#include "platform/link.h"
#include "platform/painter.h"
#include "platform/slack/slack_answer.h"
#include "platform/slack/slack_call.h"
#include "platform/slack/slack_in.h"
#include "platform/slack/slack_out.h"

enum { SLACK_PLACES = 3 };

/* One link and the question it has open. */
struct slack_place {
	struct adapter *adapter;
	struct link *link;
	guint64 call; /* apps.connections.open; 0: none */
	char *url;    /* the answer, until we know who we are; a secret */
	int64_t lost_ms; /* UTC: its last frame before it was lost, until the gap is told; 0: it was not */
};

struct adapter {
	const struct config_workspace *workspace;
	struct clock *clock;
	const struct host *host;
	struct slack_caller *caller;

	/* slack_open.c and slack_socket.c */
	struct slack_place places[SLACK_PLACES];
	unsigned place_count;
	char *user_id, *bot_id, *app_id;
	struct slack_self self; /* borrows those; workspace and user_id are set once `known` */
	gboolean known, covered;
	guint64 auth_call;
	char *refused;		 /* why the credentials are refused; NULL: they are not */
	int64_t lost_ms;	 /* UTC: the last frame before the present gap; 0: since the start */
	double open_budget;	 /* apps.connections.open that may go at once */
	int64_t open_counted_ms; /* monotonic; when the budget was last filled up */
	unsigned crowded;	 /* too_many_websockets so far */
	int app_connections;	 /* the last hello's num_connections */
	GHashTable *receipts;	 /* gint64 * → struct slack_receipt * */
	gint64 last_receipt;
	GHashTable *told; /* static texts: what was logged once */
	struct latency latency;
	struct timer *warm;
	struct timer *gone; /* tells that all links have stopped */
	unsigned stopping;
	void (*stopped)(gpointer data);
	gpointer stopped_data;

	/* slack_send.c */
	GPtrArray *errands;  /* struct errand, under way */
	GHashTable *directs; /* person → channel */
	GHashTable *scans;   /* "channel thread" → struct scan: what looks have found */
	GHashTable *doubts; /* gint64 * row → gint64 * monotonic milliseconds of the try that is in doubt */
	int64_t started_ms; /* monotonic; a try of an earlier life was before it */
	char *last_error;

	struct painter *painter; /* slack_upload.c: with the faces of `people` */

	/* slack_directory.c */
	GHashTable *people; /* account → struct event_person * */
};

/* An adapter without links: for the socket's part to fill, and for the check. */
struct adapter *slack_adapter_new(const struct adapter_setup *setup);
void slack_adapter_free(struct adapter *a);

/* --- slack_open.c --- */
void slack_open_start(struct adapter *a);
void slack_place_ask(struct link *link, gpointer data);
void slack_place_unask(struct link *link, gpointer data);
void slack_keep_warm(gpointer data);
/* Asks whether the bot's token still opens anything; slack_refuse when not. */
void slack_try_token(struct adapter *a);
/* The token is refused: says so once, closes the links; both tokens are tried again every 15 minutes. */
void slack_refuse(struct adapter *a, const char *reason);

/* --- slack_socket.c --- */
void slack_socket_start(struct adapter *a, struct lws_loop *lws);
void slack_socket_stop(struct adapter *a);
void slack_socket_release(struct adapter *a);
void slack_acknowledge(struct adapter *a, const struct verdict *verdict);
void slack_pause(struct adapter *a, gboolean paused);
void slack_socket_status(const struct adapter *a, cJSON *into);

/* --- slack_send.c --- */
struct errand;
typedef void errand_fn(struct errand *e, const struct slack_called *called);
typedef void errand_step(struct errand *e);

/* What becomes of the row's files. */
struct slack_upload {
	struct cargo *cargo; /* NULL: the row has none */
	errand_step *then;
	unsigned tries, looks;
	guint64 drawing;	   /* of the painter's; 0: none */
	char *address, *candidate; /* where the bytes of the one at hand go, a secret, and its id then */
};

struct errand {
	struct adapter *adapter;
	const struct outbox_row *row; /* borrowed until the outcome */
	guint64 call;
	errand_fn *answered;
	struct timer *timer;
	errand_step *next;
	char *channel;	     /* a direct message's D…; NULL: the row's own */
	gboolean by_method;  /* a private card whose response_url is used up */
	gboolean by_url;     /* the request under way goes to a response_url */
	guint index;	     /* in the adapter's list */
	int64_t looked_ms;   /* monotonic; when the look for a post in doubt began; -1: not looked */
	errand_step *absent; /* what follows when it is not there */
	char *cursor;
	gpointer work; /* what an ask has gathered */
	GDestroyNotify work_free;
	struct slack_upload upload;
};

void slack_send(struct adapter *a, const struct outbox_row *row);
/* The request goes out, `answered` gets what comes back. */
void errand_call(struct errand *e, const struct slack_request *request, errand_fn *answered);
/* Bytes go to an address of Slack's, a secret, in at most limit_ms. */
void errand_upload(struct errand *e, const char *url, const char *bytes, gsize length, int32_t limit_ms, errand_fn *answered);
/* `next` runs after a while. */
void errand_wait(struct errand *e, int64_t delay_ms, errand_step *next);
/* Reports and frees the errand. */
void errand_end(struct errand *e, const struct outcome *outcome);
void errand_fail(struct errand *e, const char *reason);
void errand_done(struct errand *e);
/*
 * A read on the way: TRUE: it is there, go on. FALSE: the errand has ended (later, failed, stopped), or waits
 * as Slack told it to and will run `again`.
 */
gboolean errand_read(struct errand *e, const struct slack_called *called, errand_step *again);
/* Takes the next page's cursor of the answer; FALSE: it was the last page. */
gboolean errand_turn_page(struct errand *e, const cJSON *body);
void errand_free(struct errand *e);

/* --- slack_upload.c --- */
void slack_upload_release(struct errand *e);
/* Brings what the message needs and is not there yet, then goes on; or ends the errand, for the row to come again. */
void slack_upload_bring(struct errand *e, errand_step *then);
/* A document of that name was shared already. */
void slack_upload_note_shared(struct errand *e, const char *name);
/* The message stands there: what follows it is shared, then the errand ends. */
void slack_upload_share(struct errand *e, const char *channel, const char *ts);

/* --- slack_directory.c --- */
void slack_ask_person(struct errand *e);
void slack_ask_members(struct errand *e);
void slack_ask_channel(struct errand *e);
/* Keeps what an event tells of people. */
void slack_directory_learn(struct adapter *a, const struct event *event);
GHashTable *slack_directory_new(void);
/* The URL of a face, borrowed; NULL: none is known. For the painter. */
const char *slack_directory_face(gpointer adapter, const char *account);

/* --- slack_message.c --- */
void slack_ask_message(struct errand *e);

/* --- slack_history.c --- */
void slack_ask_history(struct errand *e);
/*
 * Looks for the row's message among what stands in the channel; then one of: errand_end, or `absent` with
 * e->looked_ms set. not_before_ms: monotonic; an earlier look that began before does not tell that it is
 * absent.
 */
void slack_look_for(struct errand *e, int64_t not_before_ms, errand_step *absent);
GHashTable *slack_scans_new(void);

/* --- slack_check.c --- */
void slack_check(
	const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data);
