/* SPDX-License-Identifier: MIT */
/*
 * The limits of protocols/slack.md 11.3, for tests: says what Slack would refuse. Written from that page
 * alone, so that it can disagree with the renderer. Lengths count code points.
 */
#pragma once

#include "base/json.h"

/*
 * The first limit that a request body breaks, with its place ("blocks.3.text: 3001 code points"), caller
 * frees; NULL: none. method: "chat.postMessage", "chat.update", "chat.postEphemeral", "response_url",
 * "views.open", "views.publish".
 */
char *block_kit_problem(const char *method, const cJSON *body);
/*
 * In mrkdwn: what is not an entity, a mention of an id, or plain text: a bare < > &, a call to all, a link.
 * Caller frees; NULL: none.
 */
char *block_kit_forgery(const char *mrkdwn);
