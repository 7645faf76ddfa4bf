/* SPDX-License-Identifier: MIT */
/*
 * Away 请假: a person says on which days they are away, a manager may say it for somebody of the team. What it means is
 * everybody else's business: whoever is away is not asked, not reminded and not counted missing.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_away;
