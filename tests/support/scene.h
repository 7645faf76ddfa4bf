/* SPDX-License-Identifier: MIT */
/*
 * An adapter on a stage: a scripted server of its platform before it, a recording core behind it, a clock that is moved.
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"
#include "tests/support/bamboo_feishu.h"
#include "tests/support/straw_slack.h"

struct scene_told {
	gint64 row;
	enum send_result result;
	int64_t after_ms;
	gboolean method_wide, aside;
	char *message, *channel, *reason;
};

struct scene {
	const struct platform *platform;
	struct clock *clock;
	struct lws_loop *lws;
	struct straw *slack; /* the server is this one, */
	struct bamboo *feishu; /* or this */
	struct config_workspace workspace;
	struct host host;
	struct adapter *adapter;
	GPtrArray *events;   /* struct event */
	GPtrArray *outcomes; /* struct scene_told */
	GPtrArray *rows;     /* struct outbox_row that were sent, kept as the sender keeps them */
	gboolean live, stopped;
	unsigned darks; /* how often `live` was FALSE */
	char *refused;
	unsigned refusals;
};

/* The stage with its server; change what is needed, then scene_start. */
struct scene *scene_on_slack(void);
struct scene *scene_on_feishu(void);
void scene_start(struct scene *s);
/* scene_start, and the connection is live. */
void scene_go_live(struct scene *s);
void scene_free(struct scene *s);
/* Stops and frees the adapter alone. */
void scene_stop(struct scene *s);

/* Moves both hands in small steps; what is due happens, and what it sets off arrives. */
void scene_pass(struct scene *s, int64_t ms);
/* Moves the time until the adapter is live; fails after ten minutes of it. */
void scene_pass_until_live(struct scene *s);
/* The n-th event of a kind, from 0; NULL: not that many. */
struct event *scene_event(struct scene *s, enum event_kind kind, unsigned n);
/* The same of any kind but a gap. */
struct event *scene_any_event(struct scene *s, unsigned n);
unsigned scene_event_count(const struct scene *s, enum event_kind kind);
/* The clerk's verdict on an event. take_problems: struct event_input; NULL: none. */
void scene_judge(struct scene *s, const struct event *event, gboolean kept, GArray *take_problems);

/* A row to fill in; scene_send gives it to the adapter. */
struct outbox_row *scene_row(struct scene *s, enum outbox_kind kind);
void scene_send(struct scene *s, struct outbox_row *row);
/* Turns until the n-th outcome, from 0, is there. */
struct scene_told *scene_outcome(struct scene *s, unsigned n);
