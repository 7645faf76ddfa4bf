/* SPDX-License-Identifier: MIT */
#include "highlight/top.h"

static gint by_voices(gconstpointer a, gconstpointer b)
{
	const struct top_place *left = a, *right = b;
	if (left->voices != right->voices)
		return left->voices < right->voices ? 1 : -1;
	return (left->highlight > right->highlight) - (left->highlight < right->highlight);
}

/* FALSE: this one's voice for that one has counted often enough. */
static gboolean may_count(GHashTable *pairs, const struct top_voice *voice)
{
	g_autofree char *pair = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, voice->from, voice->whose);
	int so_far = GPOINTER_TO_INT(g_hash_table_lookup(pairs, pair));
	if (so_far == TOP_PAIR)
		return FALSE;
	g_hash_table_insert(pairs, g_steal_pointer(&pair), GINT_TO_POINTER(so_far + 1));
	return TRUE;
}

static void count_voice(GArray *places, gint64 highlight)
{
	for (guint i = 0; i < places->len; i++) {
		struct top_place *place = &g_array_index(places, struct top_place, i);
		if (place->highlight == highlight) {
			place->voices++;
			return;
		}
	}
	g_array_append_vals(places, &(struct top_place){ highlight, 1 }, 1);
}

/* Where the equals of the one at `start` end. */
static guint end_of_equals(const GArray *places, guint start)
{
	guint end = start;
	while (end < places->len && g_array_index(places, struct top_place, end).voices ==
					    g_array_index(places, struct top_place, start).voices)
		end++;
	return end;
}

GArray *top_choose(const struct top_voice *voices, gsize count)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(struct top_place));
	g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize i = 0; i < count; i++)
		if (may_count(pairs, &voices[i]))
			count_voice(places, voices[i].highlight);
	g_array_sort(places, by_voices);
	guint taken = 0;
	while (taken < TOP_PLACES && taken < places->len && end_of_equals(places, taken) <= TOP_MOST)
		taken = end_of_equals(places, taken);
	return g_array_set_size(places, taken);
}
