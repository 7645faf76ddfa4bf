/* SPDX-License-Identifier: MIT */
/*
 * The Slack adapter on a stage: a Slack of straw before it, a recording core behind it, a clock that is moved.
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"
#include "tests/support/straw_slack.h"

struct told {
	gint64 row;
	enum send_result result;
	int64_t after_ms;
	gboolean method_wide;
	char *message, *channel, *reason;
};

struct slack_stage {
	struct clock *clock;
	struct lws_loop *lws;
	struct straw *straw;
	struct config_workspace workspace;
	struct host host;
	struct adapter *adapter;
	GPtrArray *events;   /* struct event */
	GPtrArray *outcomes; /* struct told */
	GPtrArray *rows;     /* struct outbox_row that were sent, kept as the sender keeps them */
	gboolean live, stopped;
	unsigned lives;	    /* how often `live` was told */
	unsigned darks;	    /* how often it was FALSE */
	char *refused;
	unsigned refusals;
	gboolean keep_none; /* verdicts given by stage_keep_all are not kept */
};

/* The stage with its server; change what is needed, then stage_start. */
struct slack_stage *stage_new(void);
void stage_start(struct slack_stage *s);
/* stage_start, and the first connection is live. */
void stage_go_live(struct slack_stage *s);
void stage_free(struct slack_stage *s);

/* Moves both hands in small steps; what is due happens, and what it sets off arrives. */
void stage_pass(struct slack_stage *s, int64_t ms);
/* Moves the time until the adapter is live; fails after two minutes of it. */
void stage_pass_until_live(struct slack_stage *s);
/* The n-th event, from 0, that is not a gap; NULL: not that many. */
struct event *stage_event(struct slack_stage *s, unsigned n);
unsigned stage_event_count(const struct slack_stage *s, enum event_kind kind);
struct event *stage_event_of(struct slack_stage *s, enum event_kind kind, unsigned n);
/* The clerk's verdict on an event. */
void stage_judge(struct slack_stage *s, const struct event *event, gboolean kept);

/* A row to fill in; stage_send gives it to the adapter. */
struct outbox_row *stage_row(struct slack_stage *s, enum outbox_kind kind);
void stage_send(struct slack_stage *s, struct outbox_row *row);
/* Turns until the n-th outcome, from 0, is there. */
struct told *stage_outcome(struct slack_stage *s, unsigned n);
