/* SPDX-License-Identifier: MIT */
/* Cells of comma-separated values (RFC 4180). Any thread. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* Appends a cell's text, in quotes where it needs them. */
void csv_append(GString *line, const char *text);
