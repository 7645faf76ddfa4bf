/* SPDX-License-Identifier: MIT */
/*
 * A message's content (the JSON of message.h) as plain words: for a line that stands for it, and for whoever reads it in a
 * terminal. Mentions become names. Pure; the thread is the roster's.
 */
#pragma once

#include "core/message.h"
#include "team/people.h"

/* All of it, a line for each part or more; what is no text stands in brackets. No newline at the end. Caller frees. */
char *message_text(const cJSON *content, const struct roster *roster, const char *workspace);
/* What stands for it in one line: its fallback, else its title, else its first words. Caller frees. */
char *message_headline(const cJSON *content, const struct roster *roster, const char *workspace);
/* Whether the headline and its one button, if it has any, leave nothing out but small print. */
gboolean message_fits_line(const cJSON *content, const struct roster *roster, const char *workspace);
