/* SPDX-License-Identifier: MIT */
/*
 * What we say, in Feishu's words: an outbox row becomes one request of the open API, its card a card of schema 2.0
 * (feishu_card.h), its form a card that only its person sees.
 *
 * Pure. Creates carry a uuid made of the row's number and time, the same at each try: within an hour Feishu does what it
 * has done already but once (protocols/feishu.md 6.4), so a send in doubt is simply repeated. An ephemeral card has none.
 *
 *	g_auto(feishu_request_auto) request = { 0 };
 *	if (feishu_out(row, &target, &request, &error))
 *		http_send: request.method->verb, base_url + request.path, request.body, "Authorization: Bearer t-…"
 *
 * Thread: any.
 */
#pragma once

#include "core/outbox_row.h"
#include "platform/feishu/feishu_in.h"

/* A call of the API: how it goes, its budget (6.3, 7), and whether the month's quota counts it. */
struct feishu_method {
	const char *name; /* of the budget: "im.messages" */
	const char *verb; /* "POST" */
	gboolean repeatable; /* a second time does no harm, also after an hour */
	gboolean counted;    /* against the free edition's calls of a month (6.3) */
	double per_minute, burst;
	int32_t timeout_ms; /* 0: as all */
};

/* The method of a row's kind. */
const struct feishu_method *feishu_method(enum outbox_kind kind);
/* Of what else is asked. */
extern const struct feishu_method feishu_method_ephemeral, feishu_method_token, feishu_method_endpoint, feishu_method_bot,
	feishu_method_message, feishu_method_reactions, feishu_method_resource, feishu_method_picture, feishu_method_document;

/* What a chat takes from all its bots together is 5 a second (6.3); this is our share. */
enum { FEISHU_CHAT_PER_MINUTE = 240, FEISHU_CHAT_BURST = 4 };

struct feishu_request {
	const struct feishu_method *method;
	char *path; /* "/open-apis/…?…", to be put after the base URL */
	char *body; /* NULL: none */
	gsize body_length;  /* of bytes; 0: it is a text */
	char *content_type; /* NULL: FEISHU_JSON_TYPE */
	gboolean ephemeral; /* it vanishes: no uuid, so its fate is not asked for a second time */
	gboolean direct;    /* it goes to one person's chat with the bot */
};

#define FEISHU_JSON_TYPE "application/json; charset=utf-8"

void feishu_request_release(struct feishu_request *request);
typedef struct feishu_request feishu_request_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(feishu_request_auto, feishu_request_release)

/* What the adapter knows beyond the row; borrowed, all may be zero. */
struct feishu_target {
	const char *cursor;   /* the page_token of an ask; NULL or "": the first page */
	const char *reaction; /* UNREACT: the reaction's id, from feishu_out_reactions or the answer to REACT */
	const char *const *keys; /* of the row's files, NULL for one that is lost; NULL: of none */
	guint key_count;
	int64_t since_ms;     /* ASK_HISTORY: UTC, in place of the row's time; 0: ten minutes before that */
	gboolean flat;	      /* POST: this chat has no threads (feishu_answer.h): a plain reply */
	gboolean direct;      /* the chat is with one person; PRIVATE, FORM, URGE: goes to the person's chat with the bot */
};

/*
 * Renders the row; target NULL: nothing known beyond it. The request is the caller's to release. An error is final: the
 * row itself is broken (no channel, an id that is none, an emoji that Feishu lacks); a card's size never is.
 */
gboolean feishu_out(const struct outbox_row *row, const struct feishu_target *target, struct feishu_request *out,
	GError **error);

/* POST im/v1/images: data.image_key; im/v1/files: data.file_key. Nobody sees what was uploaded until a message shows it. */
void feishu_out_picture(const struct message_file *file, struct feishu_request *out);
void feishu_out_document(const struct message_file *file, struct feishu_request *out);
/*
 * A document after the row's card, as a message of its own; and a line in its place, that the part of the content could not
 * be sent. number: from 1, of the file in the row: part of the uuid. flat: as in feishu_target. The row was rendered before.
 */
void feishu_out_share(const struct outbox_row *row, gboolean flat, const char *key, guint number, struct feishu_request *out);
void feishu_out_loss(const struct outbox_row *row, gboolean flat, const cJSON *part, guint number, struct feishu_request *out);

/* POST: the tenant's token; and the address of the long connection, whose base URL is the same. */
void feishu_out_token(const char *app_id, const char *app_secret, struct feishu_request *out);
void feishu_out_endpoint(const char *app_id, const char *app_secret, struct feishu_request *out);
/* GET bot/v3/info: who we are; the answer's `bot`. It is counted: once a start. */
void feishu_out_bot(struct feishu_request *out);
/* GET a picture that somebody has sent. key: "MESSAGE KEY", as an event_file has it. FALSE: it is none. */
gboolean feishu_out_resource(const char *key, struct feishu_request *out);
/* GET one message, for feishu_in_complete: data.items.0. FALSE: no id. */
gboolean feishu_out_message(const char *message, struct feishu_request *out);
/* GET the reactions of one emoji (neutral name): find ours by operator.operator_id, the app's. FALSE: no id, no emoji. */
gboolean feishu_out_reactions(const char *message, const char *emoji, const char *cursor, struct feishu_request *out);
/*
 * GET the messages of a chat, or of a thread (its omt_ id), from since_ms on (0: all), oldest first: the same as the row
 * ASK_HISTORY. FALSE: no id.
 */
gboolean feishu_out_history(const char *container, gboolean thread, int64_t since_ms, const char *cursor,
	struct feishu_request *out);

/*
 * What goes back with a callback's frame (5), once the clerk has committed: a toast with what is wrong with the form
 * (problems: struct event_input; NULL: nothing), or the card that takes the form's place, or "{}". words: a row's content,
 * to be said as a toast; NULL: none. Caller frees.
 */
char *feishu_out_callback(const struct feishu_delivery *delivery, const GArray *problems, const char *words);
