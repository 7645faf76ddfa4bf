/* SPDX-License-Identifier: MIT */
/* The smallest elements of cards. Private to feishu_card and feishu_form; any thread. */
#pragma once

#include "base/json.h"

/* {"tag":…}, appended to the list. */
cJSON *feishu_element_add(cJSON *elements, const char *tag);
/* key: {"tag":"plain_text","content":…}; the object, for more members. */
cJSON *feishu_element_text(cJSON *object, const char *key, const char *text);
/* A paragraph of plain text. */
cJSON *feishu_element_div(cJSON *elements, const char *text);
/* The card's skeleton, whose `elements` comes out for filling. title: NULL: no header. summary: what a notification says. */
cJSON *feishu_element_card(const char *title, const char *summary, cJSON **elements);
