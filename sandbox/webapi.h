/* SPDX-License-Identifier: MIT */
/*
 * The Web API (protocol sections 6 to 8): one table of methods, one way in. webapi.c reads the request as Slack does
 * (form or JSON, token, scopes, rate limits), calls the method, writes the answer. A method reads its arguments with
 * the call_… functions and adds to call->reply, or says why not.
 *
 *	static const char *open_im(struct api_call *call)
 *	{
 *		struct member *member = room_member(call->room, call_text(call, "users"));
 *		if (!member)
 *			return "user_not_found";
 *		…
 *		return NULL;
 *	}
 * Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

struct api_call {
	struct sandbox *sb;
	struct room *room;
	const struct api_method *method;
	cJSON *args;	     /* an object: texts from a form, anything from JSON */
	cJSON *reply;	     /* what is answered beside "ok" */
	GPtrArray *messages; /* of response_metadata; NULL: none */
	GPtrArray *warnings; /* the same */
	char *needed;	     /* with missing_scope */
	char *next_cursor;   /* of a page; NULL: this method has no pages */
	int retry_after_s;   /* with ratelimited */
	GPtrArray *parsed;   /* trees made of texts, freed with the call */
};

/* NULL: ok; else Slack's error code, borrowed for ever. */
typedef const char *api_fn(struct api_call *call);

enum api_tier { TIER_NONE, TIER_1, TIER_2, TIER_3, TIER_4, TIER_MANY, TIER_COUNT };
enum api_token { TOKEN_BOT, TOKEN_APP, TOKEN_ANY, TOKEN_NONE };

struct api_method {
	const char *name;
	api_fn *run;
	enum api_tier tier;
	enum api_token token;
	gboolean json;		/* takes a JSON body; else such a body's arguments are as if missing */
	const char *scope;	/* needed; NULL: none */
	const char *right;	/* "read", "history": needed for at least one kind of channel; NULL: none */
	const char *needs[3];	/* arguments that must be there */
	const char *missing;	/* the error when one is not; NULL: invalid_arguments with a message */
};

/* The tables, one for each file of methods; each ends with a zeroed row. */
extern const struct api_method api_basic_methods[];
extern const struct api_method api_chat_methods[];
extern const struct api_method api_conversation_methods[];
extern const struct api_method api_people_methods[];
extern const struct api_method api_reaction_methods[];
extern const struct api_method api_view_methods[];
extern const struct api_method api_file_methods[];

/* All tables' methods by name, and what answers need again and again. */
struct webapi;
struct webapi *webapi_new(void);
void webapi_free(struct webapi *api);

/* Answers one request to /api/METHOD, now or never (silence). */
void webapi_serve(struct sandbox *sb, struct http_call *http);

/* ---- for the methods ---- */

/* Texts, numbers and booleans as text; NULL when absent, empty or null. Borrowed. */
const char *call_text(struct api_call *call, const char *name);
/* As call_text, but "" counts as given. */
const char *call_text_given(struct api_call *call, const char *name);
gboolean call_flag(struct api_call *call, const char *name, gboolean fallback);
int64_t call_int(struct api_call *call, const char *name, int64_t fallback);
/* TRUE when the argument is there, even empty. */
gboolean call_has(struct api_call *call, const char *name);
/* A tree, or the text of one; NULL when absent or not JSON (broken tells). Borrowed from the call. */
cJSON *call_tree(struct api_call *call, const char *name, gboolean *broken);
/* Adds a text to response_metadata.messages or .warnings. */
void call_say(struct api_call *call, const char *format, ...) G_GNUC_PRINTF(2, 3);
void call_warn(struct api_call *call, const char *warning);
/* "missing_scope", naming what is needed. */
const char *call_needs_scope(struct api_call *call, const char *scope);

/* The channel of an argument that names it by id, when the bot may see it; else NULL and *error. */
struct channel *call_channel(struct api_call *call, const char *name, const char **error);
/* The same for a right ("read", "history") that is needed by kind. */
struct channel *call_channel_right(struct api_call *call, const char *name, const char *right, const char **error);
/*
 * One page of `total` things: reads limit (absent or 0: fallback, above most: invalid_limit) and cursor, sets the
 * next cursor. FALSE with *error.
 */
gboolean call_page(struct api_call *call, guint total, guint fallback, guint most, guint *from, guint *to,
	const char **error);
/* The number a cursor of this kind ("next", "next_ts") holds; fallback without one. FALSE with *error. */
gboolean call_cursor(struct api_call *call, const char *kind, int64_t fallback, int64_t *out, const char **error);
/* The next page begins at `from`. */
void call_set_cursor(struct api_call *call, const char *kind, int64_t from);
/* limit between 1 and most; absent or 0: fallback. FALSE with *error. */
gboolean call_limit(struct api_call *call, guint fallback, guint most, guint *out, const char **error);
