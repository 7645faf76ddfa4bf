/* SPDX-License-Identifier: MIT */
/*
 * Calls of the Web API: one HTTP client for one workspace, the token in the header, the answer's JSON read.
 *
 * Ids, not pointers, cross the gap: a cancelled call answers nothing. Freeing the caller cancels all.
 * Thread: the loop.
 */
#pragma once

#include "base/clock.h"
#include "platform/slack/slack_answer.h"
#include "team/config.h"

struct slack_caller;

struct slack_called {
	struct slack_reply reply; /* transport, status, Retry-After, and the body's JSON */
	const struct http_response *http;
};

/* Borrowed until it returns. */
typedef void slack_called_fn(const struct slack_called *called, gpointer data);

struct slack_call {
	const char *method;	  /* "auth.test", under the workspace's api_url; or: */
	const char *url;	  /* a whole address, posted to without a token; a secret */
	const char *token;	  /* NULL: none */
	const char *content_type; /* NULL: a form */
	const char *body;	  /* NULL: empty */
	gsize body_length;	  /* of bytes; 0: it is a text */
	int32_t timeout_ms;	  /* 0: 20 s */
};

/* Both outlive it. */
struct slack_caller *slack_caller_new(const struct config_workspace *workspace, const struct clock *clock);
void slack_caller_free(struct slack_caller *caller);

/* Never 0. `done` comes from the loop, once. */
guint64 slack_call(
	struct slack_caller *caller, const struct slack_call *call, slack_called_fn *done, gpointer data);
/* 0 and what has ended are nothing. Sets *id to 0. */
void slack_call_cancel(struct slack_caller *caller, guint64 *id);
/* A call is under way, or one ended less than this time ago: the connection is warm. */
gboolean slack_caller_is_warm(const struct slack_caller *caller, int64_t within_ms);

/* Whether the answer is {"ok":true,…}. */
gboolean slack_called_ok(const struct slack_called *called);
/* key, value, …, NULL as a form's body; a NULL or empty value is left out. Caller frees. */
char *slack_form(const char *key, ...) G_GNUC_NULL_TERMINATED;
