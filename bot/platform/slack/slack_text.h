/* SPDX-License-Identifier: MIT */
/*
 * Slack's way of writing text, coming in (protocols/slack.md 11.2), made neutral (core/event.h). Pure, any
 * thread.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/*
 * A message's text as neutral text; caller frees. A call to all loses its label, a user group and a date become
 * what a reader sees of them, and a bare < > & becomes an entity: commands may hold such (4).
 */
char *slack_text_neutral(const char *text);
/* The text with &lt; &gt; &amp; decoded once: what somebody typed into a form; caller frees. */
char *slack_text_decode(const char *text);
