/* SPDX-License-Identifier: MIT */
/*
 * What people write in Feishu, made neutral (core/event.h): the content of a message by its type, with its mentions
 * resolved by their keys (protocols/feishu.md 3.3). Pure, any thread.
 */
#pragma once

#include "core/event.h"

/*
 * Fills in the event's text, and whether and how it calls the bot (event_find_mention); a message that is not text (a
 * picture, a file, a sticker) has "". FALSE: there is nothing at all, as in a message that was recalled.
 *
 * type: "text", "post", …; content: the JSON text that came with it; mentions: the list beside it, of an event (ids are
 * objects) or of a REST answer (ids are texts), or NULL. bot: our open_id; NULL or "": not known, nobody's mention is
 * ours.
 */
gboolean feishu_text_read(struct event *event, const char *type, const char *content, const cJSON *mentions, const char *bot);
/* Plain text as neutral text: < > & become entities; caller frees. */
char *feishu_text_neutral(const char *plain);
/* Whether the text may stand as an id in a mention or a path: letters, digits, _ and -, at most 100. */
gboolean feishu_text_is_id(const char *text);
