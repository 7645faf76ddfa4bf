/* SPDX-License-Identifier: MIT */
/* Whom a round asks, and who of them is missing: away is a third state beside done and missing. */
#include "kit/round.h"

enum { NOON = 12 * 60 };

gboolean round_asks(const struct round *r, const struct person *person)
{
	if (!person || !roster_is_active(person))
		return FALSE;
	for (const struct person *const *p = r->people; p && *p; p++)
		if (*p == person)
			return TRUE;
	return !r->people && roster_is_member(r->team, person) && !roster_is_manager(r->team, person);
}

/* In no order: sorting by name costs more than all the rest. */
static GPtrArray *gather(const struct round *r)
{
	GPtrArray *people = g_ptr_array_new();
	GHashTableIter iter;
	gpointer person;
	for (const struct person *const *p = r->people; p && *p; p++)
		if (roster_is_active(*p))
			g_ptr_array_add(people, (gpointer)*p);
	g_hash_table_iter_init(&iter, r->team->members);
	while (!r->people && g_hash_table_iter_next(&iter, &person, NULL))
		if (round_asks(r, person))
			g_ptr_array_add(people, person);
	return people;
}

GPtrArray *round_audience(const struct round *r)
{
	GPtrArray *people = gather(r);
	g_ptr_array_sort(people, roster_by_name);
	return people;
}

/* Most rounds are a morning's: one look for all of them. */
static gboolean is_absent(struct turn *t, const struct round *r, const char *day, const struct person *person, GHashTable *that_morning)
{
	int minute = round_ask_minute(r, person, day);
	return minute < NOON ? turn_is_off(t, person, day, minute) || g_hash_table_contains(that_morning, &person->id)
			     : turn_is_away(t, person, day, minute);
}

gboolean round_is_away(struct turn *t, const struct round *r, const struct person *person, const char *day)
{
	return turn_is_away(t, person, day, round_ask_minute(r, person, day));
}

/* Those who are not done: who is there when it asks, or who is not. */
static GPtrArray *undone(struct turn *t, const struct round *r, const char *day, GHashTable *done, gboolean is_away)
{
	g_autoptr(GHashTable) away = turn_away_that_morning(t, day);
	GPtrArray *people = gather(r);
	for (guint i = people->len; i-- > 0;) {
		const struct person *person = people->pdata[i];
		if (g_hash_table_contains(done, person) || is_absent(t, r, day, person, away) != is_away)
			g_ptr_array_remove_index_fast(people, i);
	}
	g_ptr_array_sort(people, roster_by_name);
	return people;
}

GPtrArray *round_missing(struct turn *t, const struct round *r, const char *day, GHashTable *done)
{
	return undone(t, r, day, done, FALSE);
}

GPtrArray *round_away(struct turn *t, const struct round *r, const char *day, GHashTable *done)
{
	return undone(t, r, day, done, TRUE);
}

GPtrArray *round_split_waiting(struct turn *t, const struct round *r, const char *day, GPtrArray *missing)
{
	GPtrArray *waiting = g_ptr_array_new();
	for (guint i = 0; i < missing->len;) {
		gpointer person = missing->pdata[i];
		if (round_is_over(t, r, person, day, t->now_ms + 1))
			i++;
		else
			g_ptr_array_add(waiting, g_ptr_array_remove_index(missing, i));
	}
	return waiting;
}
