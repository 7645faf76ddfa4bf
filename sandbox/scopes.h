/* SPDX-License-Identifier: MIT */
/* What the bot token may do: the scopes the company file grants (protocol section 15). Pure. */
#pragma once

#include "sandbox/room.h"

gboolean scopes_has(const struct room *room, const char *scope);
/* The scope that a right ("read", "history") needs for a channel of this kind: "channels:history". Borrowed, for ever. */
const char *scopes_for_channel(enum channel_kind kind, const char *right);
gboolean scopes_allow_channel(const struct room *room, const struct channel *channel, const char *right);
