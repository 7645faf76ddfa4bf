/* SPDX-License-Identifier: MIT */
/* The smallest pieces of Block Kit. Private to slack_card and slack_view; any thread. */
#pragma once

#include "base/json.h"

/* A text object of type "mrkdwn" (taken as it is: names and @here in it become no links) or "plain_text". */
cJSON *block_text(const char *type, const char *text);
/* Appends a block of that type and returns it. */
cJSON *block_add(cJSON *blocks, const char *type);
void block_add_section(cJSON *blocks, const char *mrkdwn);
gboolean block_is(const cJSON *block, const char *type);
/* NULL: there is none. */
cJSON *block_last(const cJSON *blocks);
