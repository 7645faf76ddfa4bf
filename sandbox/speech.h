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
/*
 * A command's words, for an app with should_escape: mentions as <@U1|name>, channels as <#C1|name>, addresses in <>; all
 * else as typed. Caller frees.
 */
char *speech_for_command(const struct room *room, const char *typed);
/* The array with one rich_text block that says the same as text, which is in Slack's form; its block_id is the text's. */
cJSON *speech_blocks(const char *text);
