/* SPDX-License-Identifier: MIT */
/*
 * A card or a form (core/message.h) as a card of schema 2.0, within the limits of protocols/feishu.md 9, which are counted
 * here: 30 KB of request, 200 elements, 3 tables. Too much text is shared out and ends in "…", neighbours join where there
 * are too many elements. Every message of ours is such a card, also one of a single line: only cards can be replaced
 * later.
 *
 * A button's value is {"action":…, "value":…}, a form's submit button's {"form":…, "context":…, "title":…, "labels":…},
 * its cancel button's {"cancel":…, "title":…}; "direct":true besides when the card goes to one person's chat with the bot,
 * which a callback does not tell. feishu_in reads them.
 *
 * Pure, any thread.
 */
#pragma once

#include "base/json.h"

enum {
	FEISHU_CARD_BYTES = 28000, /* of 30 KB, as escaped in a request; the rest of the request has 500 */
	FEISHU_CARD_ELEMENTS = 190, /* of 200, with their text objects */
};

/*
 * The card, for its owner to delete. direct: it goes to one person's chat. plain: without markup, mentions, tables and
 * buttons, for a card that was refused.
 */
cJSON *feishu_card(const cJSON *message, gboolean direct, gboolean plain);
/* All that the card says, as plain text, line by line. Caller frees. */
char *feishu_card_text(const cJSON *message);
/* A form as a card. An error when its names or context cannot be carried whole, or all of it is too large. */
cJSON *feishu_form(const cJSON *form, gboolean direct, GError **error);

/* The elements of a card and its bytes in a request, as the limits count them. */
guint feishu_card_elements(const cJSON *card);
gsize feishu_card_bytes(const cJSON *card);
