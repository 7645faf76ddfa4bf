/* SPDX-License-Identifier: MIT */
/*
 * Block Kit's limits (protocol 11.3): what Slack refuses, refused in its way: an error code, and for each fault a
 * text that points to it, "[ERROR] no more than 50 items allowed [json-pointer:/blocks]". Pure.
 */
#pragma once

#include "base/json.h"

enum blocks_place { BLOCKS_MESSAGE, BLOCKS_MODAL, BLOCKS_HOME };

/*
 * blocks: an array of blocks. pointer: where it stands, "/blocks". NULL when all is well; else Slack's error code for
 * a message; texts are added to messages.
 */
const char *blocks_check(const cJSON *blocks, enum blocks_place place, const char *pointer, GPtrArray *messages);
/* A whole view; "invalid_arguments", "view_too_large". */
const char *blocks_check_view(const cJSON *view, enum blocks_place place, GPtrArray *messages);
/* Gives each block without block_id, and each element without action_id, one, as Slack does. */
void blocks_name(cJSON *blocks);
/* The element of that block and action; NULL when there is none. Also the accessory or the input's element. */
cJSON *blocks_find_element(const cJSON *blocks, const char *block_id, const char *action_id);
/* The block's own. */
cJSON *blocks_find(const cJSON *blocks, const char *block_id);
