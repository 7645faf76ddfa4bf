/* SPDX-License-Identifier: MIT */
#include "sandbox/scopes.h"

gboolean scopes_has(const struct room *room, const char *scope)
{
	for (guint i = 0; i < room->scopes->len; i++) {
		if (g_str_equal(g_ptr_array_index(room->scopes, i), scope))
			return TRUE;
	}
	return FALSE;
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

char *scopes_text(const struct room *room)
{
	g_autoptr(GPtrArray) all = g_ptr_array_copy(room->scopes, NULL, NULL);
	g_ptr_array_set_free_func(all, NULL);
	g_ptr_array_add(all, NULL);
	return g_strjoinv(",", (char **)all->pdata);
}
