/* SPDX-License-Identifier: MIT */
/*
 * What we say, in Slack's words: an outbox row becomes one request of the Web API, its card Block Kit, its
 * form a modal view.
 *
 * Pure. Every limit of protocols/slack.md 11.3 is counted here, in code points after escaping and a twentieth
 * below, so that Slack refuses nothing: long texts are shared out and end in "…", paragraphs join where there
 * are too many blocks. Whatever text the card holds is shown as typed: & < > become entities, and a
 * zero-width space takes the power from * _ ~ ` (11.1); only a mention span makes a mention.
 *
 * Thread: any.
 */
#pragma once

#include "core/outbox_row.h"
#include "base/json.h"

/* How a kind of row goes out: the method, its body, its budget (protocols/slack.md 7 and 8). */
struct slack_method {
	const char *name;    /* "chat.postMessage"; also the name of the budget */
	gboolean json;	     /* JSON body; else a form, which these methods need (6) */
	gboolean repeatable; /* a second time does no harm */
	double per_minute, burst;
};

/* The method of a row's kind. */
const struct slack_method *slack_method(enum outbox_kind kind);
extern const struct slack_method slack_method_open; /* conversations.open */
extern const struct slack_method slack_method_history, slack_method_replies;
extern const struct slack_method slack_method_upload, slack_method_complete, slack_method_file;

struct slack_request {
	const struct slack_method *method;
	char *url;  /* a response_url, secret, to be posted to instead of the method, without a token; NULL:
		       none */
	char *body; /* never NULL after success */
	const char *content_type; /* static */
};

void slack_request_release(struct slack_request *request);
typedef struct slack_request slack_request_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(slack_request_auto, slack_request_release)

/* What the adapter knows beyond the row. */
struct slack_target {
	const char *channel; /* in place of row->channel: the direct message's D… id; NULL: the row's own */
	const char *cursor;  /* the page of an ask; NULL or "": the first */
	const char *const *keys; /* ids of the row's files, NULL for one that is lost; NULL: of none */
	guint key_count;
	gboolean by_method; /* PRIVATE: by chat.postEphemeral even when the token has a response_url (used up)
			     */
};

/*
 * Renders the row; target NULL: nothing known beyond it. The request is the caller's to release. An error is
 * final: the row itself is broken (no channel, content that is no card, a token without a trigger), a card's
 * size never is.
 */
gboolean slack_out(const struct outbox_row *row, const struct slack_target *target, struct slack_request *out,
	GError **error);
/* conversations.open: the direct message's channel with a person; answer: channel.id. */
void slack_out_open(const char *person, struct slack_request *out);
/*
 * The history of a channel (thread NULL) or of a thread after `oldest` ("": from the start), with metadata:
 * to look for a post in doubt, and to close a gap. A channel's messages come newest first, a thread's oldest
 * first and its opening message always.
 */
void slack_out_history(const char *channel, const char *thread, const char *oldest, const char *cursor,
	struct slack_request *out);
/* A time as a ts, for `oldest`: "1767225600.000000"; caller frees. */
char *slack_out_ts(int64_t utc_ms);

/* The address for a file of that many bytes (9, step 1); alt: of a picture, in words; NULL: none. */
void slack_out_upload(const char *name, gsize length, const char *alt, struct slack_request *out);
/* Step 3: into a channel (and thread, NULL: none), or, channel NULL, to be shown by a block. */
void slack_out_complete(const char *file, const char *title, const char *channel, const char *thread,
	struct slack_request *out);
void slack_out_file_info(const char *file, struct slack_request *out);
/* Says of a document (a part of the content) that it could not be sent. */
void slack_out_loss(const char *channel, const char *thread, const cJSON *part, struct slack_request *out);

/* The acknowledgement of an envelope: {"envelope_id":…}, with {"response_action":"errors"} for a form's
 * problems (struct event_input: name, what is wrong; NULL: none). Never over 20,000 bytes: longer problems
 * are cut. */
char *slack_out_acknowledgement(const char *envelope_id, const GArray *problems);
