/* SPDX-License-Identifier: MIT */
/*
 * How much an app may do (protocols/feishu.md 6.3): so many calls a second and a minute, by the clock's monotonic hand;
 * and so many in a month, by its wall hand and the workspace's zone. Thread: the loop.
 */
#pragma once

#include "sandbox/feishu/tenant.h"

struct meter;

/* off: nothing is refused; calls are still counted. */
struct meter *meter_new(struct tenant *tenant, gboolean off);
void meter_free(struct meter *meter);
void meter_forget(struct meter *meter);

/* One more of what key names, of at most `most` in period_ms. 0: fine; else the seconds to wait. */
int meter_take(struct meter *meter, const char *key, double most, int64_t period_ms);
/* Counts a call against the month. FALSE: there was none left. */
gboolean meter_count(struct meter *meter, const char *method);
/* {"month","used","limit","by_method":{…}}. The caller's. */
cJSON *meter_describe(struct meter *meter);
/* The month's count, as if so many calls had been made. */
void meter_set_used(struct meter *meter, int64_t used);
