/* SPDX-License-Identifier: MIT */
/*
 * The one interface between the core and a platform. An adapter is one workspace's connection(s); it lives on the
 * loop and never blocks it.
 *
 * Upwards it gives events (host->event) and, for each row it was asked to send, exactly one outcome
 * (host->outcome). Downwards it is told the verdicts on the events that want an acknowledgement, and the rows to send.
 *
 * The sender (core/sender.h) decides when a row goes: order in a lane, rate limits, back-off, deadlines. The adapter
 * decides how: rendering, the request, the class of its answer.
 */
#pragma once

#include "base/clock.h"
#include "core/event.h"
#include "core/outbox_row.h"
#include "team/config.h"

/* The clerk's answer to an event with a receipt, once its transaction has committed. */
struct verdict {
	gint64 receipt;
	gboolean kept;		/* FALSE: not stored; acknowledge nothing, the platform delivers again */
	GArray *problems;	/* struct event_input: a form's or request's input and what is wrong with it; NULL: none. Owned */
	struct request_answer answer; /* of an EVENT_REQUESTED; owned */
};

enum send_result {
	SEND_DONE,	/* message and channel are set where the row's kind reports them */
	SEND_LATER,	/* not done: refused for now (429, 5xx of an idempotent call, no network). after_ms: the platform's word, or -1 */
	SEND_IN_DOUBT,	/* may or may not have been done: the sender sends it again with in_doubt set */
	SEND_REFUSED,	/* the card is not acceptable: the sender sends it once more with plain set */
	SEND_GONE,	/* what it wanted to change or answer is gone; final */
	SEND_FAILED,	/* final: reason says why */
	SEND_STOPPED,	/* the credentials are refused: nothing more goes to this workspace until the adapter says so */
};

struct outcome {
	enum send_result result;
	int64_t after_ms;
	gboolean method_wide; /* SEND_LATER: the whole bucket waits (429), not this row alone */
	gboolean aside;	      /* SEND_LATER: it may be for weeks; what is behind it in its lane goes on. Not of a REPLACE */
	const char *message, *channel; /* borrowed for the call */
	const char *reason;
};

/* How fast rows of a kind may go. bucket: rows with the same text share one budget in a workspace. */
struct send_limit {
	const char *bucket;
	double per_minute; /* 0: no limit */
	double burst;
};

struct adapter;

/* What the core gives an adapter. All calls on the loop. */
struct host {
	gpointer data;
	/* Takes the event. */
	void (*event)(gpointer data, struct event *take);
	/* Exactly once for each row given to send. */
	void (*outcome)(gpointer data, gint64 row, const struct outcome *outcome);
	/* TRUE from the first complete greeting on, FALSE when nothing is connected. */
	void (*live)(gpointer data, gboolean live);
	/* The credentials are refused: says why; run ends with its own exit code when no workspace is left. */
	void (*refused)(gpointer data, const char *reason);
};

struct adapter_setup {
	const struct config_workspace *workspace; /* outlives the adapter */
	struct clock *clock;
	struct lws_loop *lws;
	const struct host *host; /* outlives the adapter */
	const char *picture;	 /* path of belltower-picture, copied; NULL: messages go without pictures */
	const char *const *channels; /* for check: the teams' channels, ids or "#name", ends with NULL; NULL: none */
	gboolean emails;	     /* for check: a manager is named by e-mail address */
};

struct platform {
	const char *name; /* as in the configuration: "slack" */
	int64_t form_life_ms; /* after what asked for it a form may open no later than this; then its row is late */
	struct adapter *(*start)(const struct adapter_setup *setup);
	/* Acknowledges what was kept; problems may be put into the acknowledgement where the platform can. */
	void (*acknowledge)(struct adapter *adapter, const struct verdict *verdict);
	/* Borrowed until its outcome. May report before it returns. */
	void (*send)(struct adapter *adapter, const struct outbox_row *row);
	/*
	 * The budget of the row's kind on this platform; and that of one place: for POST and PRIVATE the channel's, for
	 * REPLACE and DELETE the message's (with one of its own it does not hold up what else is said in the channel).
	 */
	struct send_limit (*limit)(const struct adapter *adapter, const struct outbox_row *row);
	struct send_limit (*channel_limit)(const struct adapter *adapter, const struct outbox_row *row);
	/* Stop reading new events (TRUE) or go on (FALSE): the inbox is full. */
	void (*pause)(struct adapter *adapter, gboolean paused);
	/*
	 * What the adapter noted in earlier lives (EVENT_NOTED), name → text; NULL: nothing. Called soon after the start,
	 * and maybe again. NULL: it notes nothing.
	 */
	void (*recall)(struct adapter *adapter, const cJSON *notes);
	/* Writes facts for the status output: state, seconds since the last frame, connections. */
	void (*status)(const struct adapter *adapter, cJSON *into);
	/* Closes connections; acknowledgements already given have gone out or are dropped. Then free. */
	void (*stop)(struct adapter *adapter, void (*stopped)(gpointer data), gpointer data);
	void (*free)(struct adapter *adapter);
	/*
	 * check --online: done gets one line per finding, "ok: …" or "problem: …; what to do", and owns the list (it
	 * frees its strings). The setup's host is not used. NULL: the platform has none.
	 */
	void (*check)(const struct adapter_setup *setup, void (*done)(gpointer data, GPtrArray *findings), gpointer data);
};
