/* SPDX-License-Identifier: MIT */
/*
 * Modals and Home tabs: what an app opened for a person, stacked at most three high. A view lives until it is closed
 * or its person's stack is cleared; outside this module it is named by its id.
 */
#pragma once

#include "sandbox/room.h"

struct view {
	char *id, *hash, *external_id;
	char *root_id, *previous_id;
	struct member *member;
	cJSON *body;   /* as the app gave it, ids of blocks and actions filled in */
	cJSON *values; /* state.values: block_id → action_id → what was put in */
};
