/* SPDX-License-Identifier: MIT */
/*
 * The same words in two tongues: the room keeps Slack's form of a text (entities, <@U…>, <url|label>, :name:); Feishu
 * has its text messages and its posts (protocols/feishu.md 3.3, 10). Pure.
 */
#pragma once

#include "sandbox/room.h"

/*
 * Slack's form as a Feishu client sends it: mentions are @_user_1, @_user_2, … (one key each time), everyone is @_all, links
 * and emoji are plain. mentions: each mentioned member is added, in the order of the keys. Caller frees.
 */
char *tongue_to_feishu(const struct room *room, const char *text, GPtrArray *mentions);

/* What an app says in a text message: <at user_id="…">, the little markup there is. Slack's form; caller frees. */
char *tongue_from_text(const struct room *room, const char *text);
/* What an app says in Markdown (post's md, a card's markdown). The same. */
char *tongue_from_markdown(const struct room *room, const char *text);
/* A post without its language level: {"title","content"}. The same. */
char *tongue_from_post(const struct room *room, const cJSON *post);

/* The post inside {"zh_cn":{…}}: the first language's; NULL when there is none that has a content. Borrowed. */
const cJSON *tongue_post_body(const cJSON *content);
/*
 * A post as it is given back: at by key, an md node as text. mentions as above. The caller's.
 */
cJSON *tongue_post_received(const struct room *room, const cJSON *post, GPtrArray *mentions);

/* Emoji under messages: Slack's name of a Feishu type and back; a type without a name keeps its own. NULL: not known. */
const char *tongue_reaction_name(const char *emoji_type);
const char *tongue_reaction_type(const char *name);
/* The whole table, [{"type","name"}], for the page. The caller's. */
cJSON *tongue_reactions(void);
