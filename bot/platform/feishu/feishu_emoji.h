/* SPDX-License-Identifier: MIT */
/*
 * Feishu's emoji (protocols/feishu.md 3.4) and the neutral names of core/event.h, one table for both ways. Pure, any
 * thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* "DONE" as "white_check_mark"; a type not in the table in small letters; caller frees. */
char *feishu_emoji_name(const char *type);
/* "white_check_mark" as "DONE"; NULL: Feishu has none like it. */
const char *feishu_emoji_type(const char *name);
/* "DONE" as "✅", what stands for it in text; NULL: nothing does. */
const char *feishu_emoji_glyph(const char *type);
