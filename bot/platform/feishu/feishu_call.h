/* SPDX-License-Identifier: MIT */
/*
 * Calls of the open API: one HTTP client for one workspace, the tenant's token in the header, the answer's JSON read.
 *
 * The token (protocols/feishu.md 6.1) is the caller's own affair: fetched at the first call that wants it, by one
 * request however many calls wait; fetched anew half an hour before its end, while the old one still serves; and dropped when a call
 * is told that it is not good, which is then repeated once with a fresh one. Who calls sees nothing of it, but for a
 * call that could not be made because there was no token: `unsent`.
 *
 * Ids, not pointers, cross the gap: a cancelled call answers nothing. Freeing the caller cancels all.
 * Thread: the loop.
 */
#pragma once

#include "base/clock.h"
#include "platform/feishu/feishu_answer.h"
#include "team/config.h"

struct feishu_caller;

/* All borrowed until `done` returns. */
struct feishu_called {
	struct feishu_reply reply;
	gboolean unsent; /* the call itself did not go out: this is what came of the request for a token */
	const struct http_response *http;
};

typedef void feishu_called_fn(const struct feishu_called *called, gpointer data);

/* All outlive it. spent: called when a call goes out that the month's quota counts; NULL: nobody counts. */
struct feishu_caller *feishu_caller_new(const struct config_workspace *workspace, struct clock *clock,
	void (*spent)(gpointer data), gpointer data);
void feishu_caller_free(struct feishu_caller *caller);

/* Never 0. `done` comes from the loop, once. timeout_ms: 0: 20 s. */
guint64 feishu_call(struct feishu_caller *caller, const struct feishu_request *request, int32_t timeout_ms,
	feishu_called_fn *done, gpointer data);
/* 0 and what has ended are nothing. Sets *id to 0. */
void feishu_call_cancel(struct feishu_caller *caller, guint64 *id);

/* Whether the answer is HTTP 200 with code 0. */
gboolean feishu_called_ok(const struct feishu_called *called);
