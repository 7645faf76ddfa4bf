/* SPDX-License-Identifier: MIT */
/*
 * What the demo's company brings with it: deals, and the dates of its people. They are put into the store by a guest, as `belltower deals
 * import` and `people import` do it, as soon as the bot has met the people. A deal has stood in negotiation for almost a week: move the
 * clock a day on, and see both alerts. In three days two have their birthday; before the month is over, a lunar one, an anniversary,
 * and somebody's who is still to be asked.
 *
 * A thread of its own, because the loop never waits for a disk; ended by demo_plant_free.
 */
#pragma once

#include "base/clock.h"
#include "team/config.h"

#include "base/banned.h"

struct demo_plant;

/* config and clock: borrowed until demo_plant_free. */
struct demo_plant *demo_plant_new(const struct config *config, const struct clock *clock);
void demo_plant_free(struct demo_plant *plant);
