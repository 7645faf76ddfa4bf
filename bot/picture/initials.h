/* SPDX-License-Identifier: MIT */
/*
 * What stands for a person without a face, as people of that script are used to see it. Pure.
 *
 *	"Ana Lima" → "AL"    "王小明" → "小明"    "Ελένη Παππά" → "ΕΠ"    "محمد علي" → "م"    "🦊 Fox" → "🦊"
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* name: valid UTF-8. The caller frees; "?" of a name without any letter. */
char *initials_of(const char *name);
/* A number below `count` that stays the same for a name: its colour. */
guint initials_hue(const char *name, guint count);
