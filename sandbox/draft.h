/* SPDX-License-Identifier: MIT */
/*
 * A message as an app brings it: to chat.postMessage and its kin, to a response_url, in the acknowledgement of a
 * command. Read and checked in one place. Pure.
 */
#pragma once

#include "sandbox/room.h"

struct draft {
	char *text;				   /* never NULL */
	cJSON *blocks, *attachments, *metadata;	   /* NULL: not given, or given empty */
	gboolean has_text, has_blocks, has_attachments, has_metadata;
	gboolean truncated;
};

/*
 * args: trees may also stand as JSON texts, as forms have them. NULL when all is well, else Slack's error code, with
 * texts for response_metadata.messages. Release in both cases.
 */
const char *draft_read(struct draft *draft, const cJSON *args, GPtrArray *messages);
/* NULL, or "no_text" for a new message that says nothing. */
const char *draft_check_said(const struct draft *draft);
void draft_release(struct draft *draft);
