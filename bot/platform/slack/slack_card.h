/* SPDX-License-Identifier: MIT */
/*
 * A card or a form (core/message.h) as Block Kit, within the limits of protocols/slack.md 11.3: all texts
 * counted, and where there are too many blocks neighbouring texts join, dividers go, and an "…" stands for
 * the rest. Pure, any thread.
 */
#pragma once

#include "platform/slack/slack_units.h"

enum {
	SLACK_TEXT_MAX = SLACK_BELOW(4000), /* `text` of a message */
	SLACK_MESSAGE_BLOCKS = SLACK_BELOW(50),
	SLACK_MESSAGE_TEXT = 12500, /* over all blocks */
};

/*
 * The blocks of a card, for its owner to delete; an empty array when it shows nothing. max_charts: more than these are
 * lines of text; 0 where Slack takes none (a Home tab).
 */
cJSON *slack_card_blocks(const cJSON *card, guint max_blocks, guint max_text, guint max_charts);
/*
 * What a notification and a screen reader say: the card's fallback, else its first words, then what its charts show;
 * mrkdwn, never empty. Caller frees.
 */
char *slack_card_text(const cJSON *card);
/* The whole card as mrkdwn of at most `limit` code points without blocks or buttons, never empty. Caller
 * frees. */
char *slack_card_plain(const cJSON *card, guint limit);

/* A form as a modal view. An error when its name or context cannot be carried whole, or all of it is too
 * large. */
cJSON *slack_view_modal(const cJSON *form, GError **error);
/* A card as a Home tab; plain: its text alone. */
cJSON *slack_view_home(const cJSON *card, gboolean plain);
