/* SPDX-License-Identifier: MIT */
/* Help: what the bot can do, listed from the commands of all rituals, and the home page. Thread: the clerk. */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_help;
