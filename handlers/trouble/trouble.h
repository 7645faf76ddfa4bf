/* SPDX-License-Identifier: MIT */
/*
 * What the program needs somebody for: errors of the log, told to the operators of the configuration by direct message, once a
 * day each; in a workspace that has no part in the trouble, where they have one. `troubles` lists the last.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_trouble;
