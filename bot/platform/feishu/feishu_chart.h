/* SPDX-License-Identifier: MIT */
/*
 * A chart of a message (core/message.h) as the VChart specification that a card's chart element draws (protocols/feishu.md
 * 9.2): simple enough for old clients, bars side by side where there are several series. Pure, any thread.
 */
#pragma once

#include "base/json.h"

/* For its owner to delete. */
cJSON *feishu_chart(const cJSON *part);
/* Its bytes in a request; 0: there is nothing to draw. */
gsize feishu_chart_bytes(const cJSON *part);
