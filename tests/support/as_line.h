/* SPDX-License-Identifier: MIT */
/*
 * What an adapter has read, as one line for a table of expected ones; and what both adapters' tests are fed with.
 * The caller frees every text. Any thread.
 */
#pragma once

#include "core/event.h"
#include "core/message.h"
#include "core/platform.h"

/* "said by=U1 in=C1 message=1.2 text=… at=1767225999000 KEY". */
char *event_as_line(const struct event *event);
/* "later after=30000 all +renew message=…: reason"; flags: what only that platform's answer tells. */
char *outcome_as_line(const struct outcome *outcome, const char *flags);

/* 0: equal; 1: printed with the name of what was read. */
guint differs(const char *what, const char *got, const char *expected);

char *repeated(const char *text, guint times);
/* A form with a choice of so many options: "o1" is open, the first one's label is long, the others' must be escaped. */
struct message *form_with_choice(guint count);
