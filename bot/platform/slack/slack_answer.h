/* SPDX-License-Identifier: MIT */
/*
 * What Slack's answer to a request means: one table of error codes (protocols/slack.md 12), and what follows
 * for a row of a kind (6, "Which failures may be repeated"). Pure.
 *
 * Thread: any.
 */
#pragma once

#include "core/platform.h"
#include "net/http_client.h"

enum slack_class {
	SLACK_UNKNOWN,	   /* this request failed; repeat at most three times */
	SLACK_STOP,	   /* the token is refused: nothing more with it */
	SLACK_FORBIDDEN,   /* a scope or a policy is missing: this feature is off, tell the operator */
	SLACK_SLOWER,	   /* 429 and its kin: not done, wait */
	SLACK_BUSY,	   /* not done for now: repeat */
	SLACK_TROUBLE,	   /* Slack broke down: may be done in part */
	SLACK_DESTINATION, /* this channel or person cannot be reached */
	SLACK_GONE,	   /* what was to be changed is not there any more */
	SLACK_ALREADY,	   /* done before: success */
	SLACK_LATE,	   /* the trigger has passed, the view has changed */
	SLACK_BUG,	   /* the request itself is refused: ours to mend; a card goes again as plain text */
};

/* The class of an `error` of the Web API; NULL or not in the table: SLACK_UNKNOWN. */
enum slack_class slack_error_class(const char *code);

/* An answer as it came. All borrowed. */
struct slack_reply {
	enum http_outcome transport;
	int status;		     /* HTTP; 0: none */
	const char *retry_after;     /* the header; NULL: none */
	const cJSON *body;	     /* NULL: not JSON */
	const char *transport_error; /* for the reason; NULL: none */
};

struct slack_answer {
	struct outcome outcome; /* borrows from the reply's body and from `reason` */
	char *reason;		/* "missing_scope: needs 'chat:write'"; NULL with SEND_DONE */
	enum slack_class class; /* of the answer; SLACK_UNKNOWN with SEND_DONE and when no answer came */
};

void slack_answer_release(struct slack_answer *answer);
typedef struct slack_answer slack_answer_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(slack_answer_auto, slack_answer_release)

/*
 * What became of a row. by_url: the request went to a response_url, whose answer is "ok" or anything.
 * method_wide is set when the whole budget must wait.
 */
void slack_answer(const struct outbox_row *row, const struct slack_reply *reply, gboolean by_url,
	struct slack_answer *out);
