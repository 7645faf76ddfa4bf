/* SPDX-License-Identifier: MIT */
#include "sandbox/scopes.h"

gboolean scopes_has(const struct room *room, const char *scope)
{
	return g_hash_table_contains(room->scopes, scope);
}

const char *scopes_for_channel(enum channel_kind kind, const char *right)
{
	static const char *const table[][2] = {
		[CHANNEL_PUBLIC] = { "channels:read", "channels:history" },
		[CHANNEL_PRIVATE] = { "groups:read", "groups:history" },
		[CHANNEL_IM] = { "im:read", "im:history" },
	};
	return table[kind][g_str_equal(right, "history")];
}

gboolean scopes_allow_channel(const struct room *room, const struct channel *channel, const char *right)
{
	return scopes_has(room, scopes_for_channel(channel->kind, right));
}
