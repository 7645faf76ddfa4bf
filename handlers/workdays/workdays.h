/* SPDX-License-Identifier: MIT */
/*
 * Workdays 放假: the next days off and make-up days of a team, by command; and a word in good time, to the log and once a week
 * to the managers, when nobody has told yet which days of the coming year are off.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_workdays;
