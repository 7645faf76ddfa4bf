/* SPDX-License-Identifier: MIT */
/*
 * Highlights 每日高光时刻: whoever is glad of something says so, or thanks somebody for it; at the day's end one post in the
 * team's channel shares them all, to be applauded. A day without any passes without a post.
 *
 * What is said after the post waits for the next one: nothing said is lost.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_highlight;
