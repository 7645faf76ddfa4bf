/* SPDX-License-Identifier: MIT */
/* Rate limits (protocol section 7): per method by tier, and one message a second per channel with a short burst. */
#pragma once

#include "sandbox/webapi.h"

struct limits;

/* off: nothing is limited. */
struct limits *limits_new(struct clock *clock, gboolean off);
void limits_free(struct limits *limits);
/* All buckets are full again. */
void limits_forget(struct limits *limits);
/* NULL, or "ratelimited" with the seconds to wait. Counts the call. */
const char *limits_check(struct limits *limits, const struct api_method *method, int *retry_after_s);
/* The same for a post to a channel. */
const char *limits_check_post(struct limits *limits, const struct channel *channel, int *retry_after_s);
