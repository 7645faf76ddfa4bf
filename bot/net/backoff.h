/* SPDX-License-Identifier: MIT */
/*
 * How long to wait before the next try of a connection: a pure function. Full schedule and its reasons:
 * protocols/slack.md, 2.11. The caller counts attempts, and starts again at 0 only after a connection that held.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum backoff_kind {
	BACKOFF_NETWORK, /* an unplanned loss: at most 1 s first, then 1, 2, 4 … 60 s, halved at most by chance */
	BACKOFF_CROWDED, /* too many connections of this app: never under 60 s, up to 300 s */
};

/* attempt: 0 for the first. unit: random, in [0, 1). Milliseconds. */
int64_t backoff_delay_ms(enum backoff_kind kind, unsigned attempt, double unit);
