/* SPDX-License-Identifier: MIT */
/* The whole workspace as the page sees it, and beginning again. Thread: the loop. */
#pragma once

#include "sandbox/parts.h"

/* The contract's STATE. The caller's. */
cJSON *state_describe(const struct sandbox *sb);
/* How many connections of bots there are. */
void state_push_connections(struct sandbox *sb);
/* Tells the pages the clock; called when it was moved. */
void state_push_clock(struct sandbox *sb);
/* Puts a changed set of faults into effect and tells the pages. */
void state_apply_faults(struct sandbox *sb);
/* A fresh workspace from the same company; connections stay, what is under way is forgotten. */
gboolean state_reset(struct sandbox *sb, GError **error);
