/* SPDX-License-Identifier: MIT */
/*
 * How the room looks in Feishu's objects (protocols/feishu.md 3.3, 7): messages, chats, people. Pure: reads the room,
 * makes trees that the caller owns.
 */
#pragma once

#include "sandbox/feishu/tenant.h"

enum wording_for { WORDING_EVENT, WORDING_REST };

/* "text", "post", "image", "file", "interactive". */
const char *wording_type(const struct message *m);
/* What `content` holds, as JSON text; mentions: each mentioned member is added in the order of its key. Caller frees. */
char *wording_content(const struct room *room, const struct message *m, GPtrArray *mentions);
/* Adds "mentions" to a message; nothing when there is none. */
void wording_put_mentions(cJSON *object, const struct tenant *tenant, const GPtrArray *mentions, enum wording_for whom);
/* Adds root_id, parent_id, thread_id to a reply, and thread_id to the root of a thread. */
void wording_put_thread(cJSON *object, const struct channel *channel, const struct message *m);

/* The `message` of im.message.receive_v1. */
cJSON *wording_event_message(const struct tenant *tenant, const struct channel *channel, const struct message *m);
/* The same of the REST answers. */
cJSON *wording_message(const struct tenant *tenant, const struct channel *channel, const struct message *m);
/* A chat of the list; whole: with what GET im/v1/chats/:id tells besides. */
cJSON *wording_chat(const struct tenant *tenant, const struct channel *channel, gboolean whole);
/* A person of contact/v3, with the fields that the scopes show. */
cJSON *wording_user(const struct tenant *tenant, const struct member *member);
/* A number as a decimal text. */
void wording_put_number(cJSON *object, const char *key, int64_t number);
