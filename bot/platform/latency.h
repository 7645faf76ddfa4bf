/* SPDX-License-Identifier: MIT */
/*
 * How long acknowledgements took, from a frame's arrival to the handing of its answer to the kernel: the last 1024.
 * Zeroed is empty. Thread: the loop.
 */
#pragma once

#include "base/clock.h"
#include "base/json.h"

enum { LATENCY_KEPT = 1024 };

struct latency {
	guint32 us[LATENCY_KEPT]; /* a ring */
	guint64 count, lost;	  /* lost: could not be written, the platform delivers again */
	guint32 max_us;
};

/* came_us: clock_cpu_us when the frame came. */
void latency_note(struct latency *latency, gint64 came_us);
/* Adds count, lost, and when there are any p50_us, p99_us, max_us. */
void latency_status(const struct latency *latency, cJSON *into);
