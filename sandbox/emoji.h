/* SPDX-License-Identifier: MIT */
/* Emoji that people type as one character and Slack stores as :name:. The common ones; others stay as typed. */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* The name of the emoji that text begins with; NULL when it begins with none. length: its bytes. */
const char *emoji_name_at(const char *text, gsize *length);
/* TRUE for a name that Slack would show as an emoji: one of ours, a skin tone after :: allowed. */
gboolean emoji_is_known(const char *name);
/* The characters of a name, its skin tone left out; NULL when not known. Static. */
const char *emoji_text(const char *name);
/* Code points in hexadecimal, as in rich_text's "unicode": "2705"; NULL when not known. Caller frees. */
char *emoji_unicode(const char *name);
