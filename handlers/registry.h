/* SPDX-License-Identifier: MIT */
/* All rituals, in the order in which they are asked whether words are theirs. A new one is a folder and a line. */
#pragma once

#include "core/ritual.h"

/* Ends with NULL. */
extern const struct ritual *const registry[];
