/* SPDX-License-Identifier: MIT */
/*
 * The rules for cards of protocols/feishu.md 9 and 10, for tests: says what Feishu would refuse, or what somebody forged.
 * Written from that page alone, so that it can disagree with the renderer.
 */
#pragma once

#include "base/json.h"

/* The first rule that a request's body breaks, with its place, caller frees; NULL: none. body: whole JSON text. */
char *feishu_request_problem(const char *body);
/* The same for a card object. */
char *feishu_card_problem(const cJSON *card);
/*
 * In markdown: what is not plain text, an entity, a mention of an id, or one of the few marks that we use ourselves; also bold
 * marks that would be shown as asterisks. Caller frees; NULL: none.
 */
char *feishu_markdown_problem(const char *markdown);
