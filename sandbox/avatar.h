/* SPDX-License-Identifier: MIT */
/* Faces of the people here, for bots that fetch them: a simple one of each, drawn from the id, always the same. */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum { AVATAR_PIXELS = 192 };

/* A PNG. The caller unrefs. */
GBytes *avatar_draw(const char *id);
