/* SPDX-License-Identifier: MIT */
/*
 * Feishu's REST (protocols/feishu.md 6 to 8): one table of methods, one way in. openapi.c reads the request, checks token,
 * scopes, rates and the month's quota, calls the method, writes the answer. A method adds to call->data and returns 0, or
 * returns the platform's error code.
 *
 *	static int recall(struct open_call *call)
 *	{
 *		struct message *m = open_message(call, 0);
 *		if (!m)
 *			return open_fail(call, 230110, NULL);
 *		…
 *		return 0;
 *	}
 * Thread: the loop.
 */
#pragma once

#include "sandbox/feishu/tenant.h"

enum open_flags {
	OPEN_NO_TOKEN = 1 << 0,
	OPEN_UNCOUNTED = 1 << 1, /* not a part of the month's quota */
	OPEN_TOP = 1 << 2,	 /* the answer's members stand beside code, not under data */
	OPEN_FORM = 1 << 3,	 /* the body is multipart/form-data */
};

struct open_call {
	struct sandbox *sb;
	struct tenant *tenant;
	struct room *room;
	const struct open_method *method;
	struct http_call *http;
	char *params[2]; /* what stands for :id in the path */
	cJSON *args;	 /* of the query; texts */
	cJSON *body;	 /* an object; NULL for a form */
	cJSON *data;	 /* the answer's */
	struct channel *channel; /* of open_message */
	char *ext;	 /* more about an error */
	cJSON *error;	 /* besides log_id; NULL: nothing */
	int reset_s;	 /* with 99991400 */
	GBytes *bytes;	 /* the answer is these, not JSON; NULL: it is JSON */
	const char *bytes_type;
};

/* 0: done; else the platform's code, set by open_fail. */
typedef int open_fn(struct open_call *call);

struct open_method {
	const char *name; /* as the official SDKs call it, for faults, the log and the count of calls */
	const char *verb, *path;
	open_fn *run;
	unsigned flags;
	const char *scopes[3]; /* one of these is needed; none: no scope */
};

/* The tables, one for each file of methods; each ends with a zeroed row. */
extern const struct open_method open_basic_methods[];
extern const struct open_method open_message_methods[];
extern const struct open_method open_reaction_methods[];
extern const struct open_method open_chat_methods[];
extern const struct open_method open_people_methods[];
extern const struct open_method open_file_methods[];
extern const struct open_method open_card_methods[];

struct openapi;
struct openapi *openapi_new(struct tenant *tenant);
void openapi_free(struct openapi *openapi);
/* Forgets what was sent under which uuid; tokens stay. */
void openapi_forget(struct openapi *openapi);

/* ---- for the methods ---- */

/* Notes what is said about an error, if anything; returns the code. */
int open_fail(struct open_call *call, int code, const char *ext);
/* 99992402 about a field. */
int open_bad_field(struct open_call *call, const char *field, const char *what);
/* A text of the query; fallback when absent or empty. */
const char *open_arg(const struct open_call *call, const char *name, const char *fallback);
/* The message that params[n] names, and its channel in call->channel. NULL with *code set. */
struct message *open_message(struct open_call *call, guint n, int *code);
/* The member that an id of the query's user_id_type (or of `type_arg`) names. NULL: nobody. */
struct member *open_member(const struct open_call *call, const char *type_arg, const char *id);
/* A page of `total` things: reads page_size and page_token, adds has_more and page_token. 0, or the code. */
int open_page(struct open_call *call, guint total, guint fallback, guint most, guint *from, guint *to);

/* A fresh token or the present one, and how long it lives. Borrowed. */
const char *openapi_token(struct openapi *openapi, int *expire_s);

/* What was sent under this uuid within the hour: the message's id; NULL: nothing. Borrowed. */
const char *openapi_sent(struct openapi *openapi, const char *uuid);
void openapi_note_sent(struct openapi *openapi, const char *uuid, const char *message_id);
