/* SPDX-License-Identifier: MIT */
/* Words in a man page. Any thread. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* Appends text for roff: it begins no request, no backslash escapes, and hyphens stay hyphens when they are copied. */
void roff_append(GString *page, const char *text);
