/* SPDX-License-Identifier: MIT */
/*
 * The nightly look at who is in each team: events keep the directory in step, but one that was lost while the connection was
 * away would be lost for ever. One question for each team, in the small hours, each at a minute of its own; a platform's calls are
 * few, and who is missing from the answer is asked about singly (dispatch).
 */
#include "person/person.h"

#include "base/zone.h"

enum { SYNC_MINUTE = 3 * 60, SPREAD_MINUTES = 50 };

static void plan(struct turn *t, const struct team *team)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms;
	int minute = SYNC_MINUTE + (int)(g_str_hash(team->config->name) % SPREAD_MINUTES);
	zone_day(team->zone, t->now_ms, day);
	while (zone_instant(team->zone, day, minute, &due_ms) && due_ms <= t->now_ms)
		zone_day_shift(day, 1, day);
	turn_schedule_once(t, "sync", team->config->name, due_ms);
}

void person_start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		plan(t, *team);
}

void person_sync_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	if (!team)
		return;
	turn_ask_members(t, team);
	plan(t, team);
}
