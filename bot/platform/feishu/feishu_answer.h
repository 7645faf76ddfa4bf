/* SPDX-License-Identifier: MIT */
/*
 * What Feishu's answer to a request means: one table of codes (protocols/feishu.md 8), and what follows for a row of a
 * kind. The code decides, not the HTTP status: an expired token comes with 400 or 200, the end of the month's quota with 429
 * or 400. Pure.
 *
 * Thread: any.
 */
#pragma once

#include "core/platform.h"
#include "net/http_client.h"
#include "platform/feishu/feishu_out.h"

enum feishu_class {
	FEISHU_UNKNOWN,	    /* this request failed; repeat at most three times */
	FEISHU_TOKEN,	    /* the token is not good any more: a new one, then once again */
	FEISHU_STOP,	    /* the app's credentials or state: nothing more goes to this workspace */
	FEISHU_QUOTA,	    /* the month's calls are used up, until its first day */
	FEISHU_FORBIDDEN,   /* a permission is missing: this feature is off, tell the operator */
	FEISHU_SLOWER,	    /* too fast for this call: its whole budget waits */
	FEISHU_CROWDED,	    /* too fast for this chat or person: the row waits */
	FEISHU_BUSY,	    /* not done for now: repeat */
	FEISHU_TROUBLE,	    /* Feishu broke down: may be done */
	FEISHU_DESTINATION, /* this chat or person is out until something changes */
	FEISHU_GONE,	    /* what was to be changed is not there any more */
	FEISHU_LATE,	    /* it is there, and too old to be changed, or not ours */
	FEISHU_THREADLESS,  /* no threads here: once more, flat */
	FEISHU_WORDS,	    /* its words are not let through: not even as plain text */
	FEISHU_BUG,	    /* the request itself is refused: ours to mend; a card goes again as plain text */
};

/* The class of a code; 230071 and its like mean other things for other kinds of row. Not in the table: FEISHU_UNKNOWN. */
enum feishu_class feishu_code_class(int64_t code, enum outbox_kind kind);

/* An answer as it came. All borrowed. */
struct feishu_reply {
	enum http_outcome transport;
	int status;		     /* HTTP; 0: none */
	const char *reset;	     /* the header x-ogw-ratelimit-reset, in seconds; NULL: none */
	const cJSON *body;	     /* NULL: not JSON */
	const char *transport_error; /* for the reason; NULL: none */
};

struct feishu_answer {
	struct outcome outcome;	  /* borrows from the reply's body and from `reason` */
	char *reason;		  /* "99991672 (scope missing): needs 'im:message'"; NULL with SEND_DONE */
	enum feishu_class class; /* of the answer; FEISHU_UNKNOWN with SEND_DONE and when no answer came */
	int64_t code;		  /* Feishu's; 0: none */
	/* What the adapter does at once, before it reports; each once for a row: */
	gboolean renew;	 /* fetch a new token, then send the same again */
	gboolean flat;	 /* send again with target.flat */
	gboolean direct; /* send again with target.direct: no ephemeral card or urgent call there */
};

void feishu_answer_release(struct feishu_answer *answer);
typedef struct feishu_answer feishu_answer_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(feishu_answer_auto, feishu_answer_release)

/* What became of a row that went out as `request`; all of *out is written. */
void feishu_answer(const struct outbox_row *row, const struct feishu_request *request, const struct feishu_reply *reply,
	struct feishu_answer *out);

/* Whether an answer to any other request is a success: HTTP 200 and code 0; *code: Feishu's, -1 when it has none. */
gboolean feishu_answer_is_success(const struct feishu_reply *reply, int64_t *code);

/* What follows from the endpoint's answer (2.1), and from a refused upgrade's headers (2.2). */
enum feishu_endpoint {
	FEISHU_ENDPOINT_OK,
	FEISHU_ENDPOINT_RETRY,
	FEISHU_ENDPOINT_SLOWLY,	 /* a minute or more, and tell the operator */
	FEISHU_ENDPOINT_CROWDED, /* 50 connections: every five minutes, and tell the operator */
	FEISHU_ENDPOINT_NEVER,	 /* until the configuration changes */
};

enum feishu_endpoint feishu_endpoint_class(const struct feishu_reply *reply);
/* status, autherrcode: of Handshake-Status and Handshake-Autherrcode; NULL: absent. */
enum feishu_endpoint feishu_handshake_class(const char *status, const char *autherrcode);
