/* SPDX-License-Identifier: MIT */
/*
 * The demo company's deals. They are put into the store by a guest, as `belltower deals import` does it, as soon as the bot has met
 * the people who own them. One of them has stood in negotiation for almost a week: move the clock a day on, and see both alerts.
 *
 * A thread of its own, because the loop never waits for a disk; ended by demo_deals_free.
 */
#pragma once

#include "base/clock.h"
#include "team/config.h"

#include "base/banned.h"

struct demo_deals;

/* config and clock: borrowed until demo_deals_free. */
struct demo_deals *demo_deals_new(const struct config *config, const struct clock *clock);
void demo_deals_free(struct demo_deals *deals);
