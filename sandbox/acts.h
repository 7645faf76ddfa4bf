/* SPDX-License-Identifier: MIT */
/*
 * Acts: what a person at the page, a transcript or a test does to the sandbox, one JSON object each
 * (docs/sandbox.md). A table of names; each act finds who acts and where before it runs. Thread: the loop.
 */
#pragma once

#include "net/http_server.h"
#include "sandbox/parts.h"

struct act {
	struct sandbox *sb;
	struct room *room;
	const cJSON *args;
	struct member *who;	 /* "as"; set where ACT_WHO is asked for */
	struct channel *channel; /* "channel", the same with ACT_CHANNEL; who is in it */
	struct message *message; /* "ts", the same with ACT_MESSAGE */
	cJSON *reply;		 /* what is answered beside "ok" */
	struct http_call *http;	 /* the request that brought it; NULL: in-process */
	gboolean waits;		 /* the request is answered later (later.h) */
};

enum { ACT_WHO = 1 << 0, ACT_CHANNEL = 1 << 1, ACT_MESSAGE = 1 << 2 };

/* FALSE with a plain sentence. */
typedef gboolean act_fn(struct act *act, GError **error);

struct act_row {
	const char *name;
	act_fn *run;
	unsigned needs;
};

/* Of people who talk; of people who use the app; of the world around. Each ends with a zeroed row. */
extern const struct act_row acts_talk[];
extern const struct act_row acts_app[];
extern const struct act_row acts_world[];

/* The answer, whole, the caller's; NULL when http is answered later. http: NULL in-process. */
cJSON *acts_perform(struct sandbox *sb, const cJSON *args, struct http_call *http);
/* The text of an argument; NULL with a sentence when it is not there. */
const char *act_text(const struct act *act, const char *name, GError **error);
/* Always FALSE: `return act_refuse(error, "…")`. */
gboolean act_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
