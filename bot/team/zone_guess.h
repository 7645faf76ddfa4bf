/* SPDX-License-Identifier: MIT */
/* What somebody may have meant who wrote an unknown time zone. Any thread; reads the machine's zone list. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* An IANA name that zone_find knows ("Shanghai", "Asia/Beijing", "Asia/Shanghia" → Asia/Shanghai), or NULL; caller frees. */
char *zone_guess(const char *name);
