/* SPDX-License-Identifier: MIT */
/* All platforms. A new one is a folder and a line. */
#pragma once

#include "core/platform.h"

/* NULL: there is none of that name. */
const struct platform *platform_named(const char *name);
