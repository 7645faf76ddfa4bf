/* SPDX-License-Identifier: MIT */
/*
 * Windows 行动时段: hours of the day in which a team does one thing first (10:00-12:00 high-intent leads, 15:00-17:00 proposals).
 * When one begins, each member hears so in private, at that time of their own day; as an unasked message it counts, waits and
 * is muted like any other, and it is worthless when the window is over.
 *
 * Thread: the clerk.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_window;
