/* SPDX-License-Identifier: MIT */
/*
 * What Feishu sends, read: the payload of a data frame becomes the events of a delivery, none, one, or several when one
 * event of Feishu's tells of several people.
 *
 * Pure: bytes in, values out, no clock, no socket; the fuzzer's door. Every payload is acknowledged, also one that cannot
 * be understood: pushed again it would be the same bytes (protocols/feishu.md 2.6).
 *
 *	g_auto(feishu_delivery_auto) delivery = { 0 };
 *	feishu_in(&self, payload, length, now_ms, &delivery);
 *	if (delivery.events->len == 0) acknowledge at once; delivery.ignored says why
 *
 * Keys: "m:MESSAGE" a message, the same for its copy from the history, and "s:SENDER:CHAT:TIME:HASH", which is the same
 * when the sender's own client sent it twice (3.2); "x:MESSAGE:TIME" an edit; "d:MESSAGE" a recall; "h:CHAT" a first visit;
 * "e:EVENT" or "e:EVENT:PERSON" all else; "c:TOKEN" a callback of the old form; "f:MESSAGE:HASH" what was filled into a form,
 * which is the same when it is sent twice.
 *
 * A press or a form comes by callback: somebody looks at a turning wheel until the frame is answered, with data.
 * `closing` is what the card becomes once a form's events are kept without a problem (feishu_out_callback).
 *
 * Reactions come without their chat, recalls without their author and edits without their text: then `lacks` is set, and
 * the adapter gives what it knows of the message to feishu_in_complete, before the event goes on; of a reaction and an
 * edit it looks the message up (feishu_out_message).
 *
 * Thread: any.
 */
#pragma once

#include "core/event.h"

/* Who we are in the workspace. Borrowed; texts NULL: not known (yet). */
struct feishu_self {
	const char *workspace; /* name in the configuration, goes into each event's place */
	const char *open_id;   /* of the bot, from bot/v3/info */
	const char *app_id;    /* "cli_…" */
	GHashTable *directs;   /* a set of the chats known to be with one person: a callback does not tell; NULL: none */
};

struct feishu_delivery {
	GPtrArray *events;   /* struct event, owned, receipt 0; steal with g_ptr_array_steal */
	const char *ignored; /* static, for the debug log: why there are none; NULL when there are */
	gboolean callback;   /* the answer needs data: feishu_out_callback */
	gboolean lacks;	     /* the event wants feishu_in_complete */
	char *closing;	     /* a card in neutral form (core/message.h), as JSON; NULL: the card stays */
	char *token;	     /* of a callback, for a delayed update: 30 min, twice; NULL: none */
	char *type;	     /* "im.message.receive_v1", for logs; NULL: not told */
};

/* Reads one whole payload. now_ms: UTC, for what comes without a time. Writes all of *out; the caller releases it. */
void feishu_in(const struct feishu_self *self, const char *text, gsize length, int64_t now_ms, struct feishu_delivery *out);
void feishu_delivery_release(struct feishu_delivery *delivery);
typedef struct feishu_delivery feishu_delivery_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(feishu_delivery_auto, feishu_delivery_release)

/*
 * What the event lacks, from a message of REST (an item of im/v1/messages). FALSE: it is of no use after all, for it
 * concerns no person's message. item NULL: nothing could be learned, FALSE.
 */
gboolean feishu_in_complete(const struct feishu_self *self, struct event *event, const cJSON *item);
/* An item that was asked about, as EVENT_FOUND; the caller frees. NULL: no person's message, or recalled. */
struct event *feishu_in_found(const struct feishu_self *self, const cJSON *item, gboolean direct);
/*
 * What an item of a history tells: that it was recalled, whenever; or, if that was since since_ms, that it was edited, and
 * that it was said, in this order. Appends struct event with late_copy, owned by the list; nothing when they are not a
 * person's words. direct: a chat with one person.
 */
void feishu_in_history(
	const struct feishu_self *self, const cJSON *item, gboolean direct, int64_t since_ms, GPtrArray *out);
/* Whether we sent that message. */
gboolean feishu_in_is_ours(const struct feishu_self *self, const cJSON *item);

/* A user object of contact/v3, or of an event. Fills a zeroed person; FALSE: it has no open_id. */
gboolean feishu_in_person(const cJSON *user, struct event_person *out);
/* An item of a chat's members. */
gboolean feishu_in_member(const cJSON *member, struct event_person *out);

/* A time in seconds (to 11 digits), milliseconds (to 14) or microseconds, as UTC milliseconds; fallback when it is none. */
int64_t feishu_in_time_ms(const char *digits, int64_t fallback);
