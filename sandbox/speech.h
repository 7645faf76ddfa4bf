/* SPDX-License-Identifier: MIT */
/*
 * What people type, as Slack's clients send it: entities, mentions, links and emoji codes in the text, and the same
 * once more as a rich_text block (protocol 11.2). Pure.
 */
#pragma once

#include "sandbox/room.h"

/*
 * Slack's form of typed text: & < > escaped; @name (also a display or real name), #channel, @here, @channel and
 * @everyone become mentions; addresses are wrapped in <>; emoji characters become codes. Caller frees.
 */
char *speech_from_typed(const struct room *room, const char *typed);
/* The same of a slash command's words when the app does not want them escaped: only entities. Caller frees. */
char *speech_escape(const char *text);
/* The array with one rich_text block that says the same as text, which is in Slack's form. */
cJSON *speech_blocks(const char *text);
