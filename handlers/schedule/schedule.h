/* SPDX-License-Identifier: MIT */
/*
 * When the rituals of a team ring, for its people: `schedule` shows the next rings, a manager changes them (`schedule standup
 * 09:15`) and asks why something did or did not ring (`why standup 10-01`). It knows no ritual: they tell their rings
 * (kit/ring.h). `why` alone tells anybody what waited of what the bot had for them. It also beats the heart by which it is known later when the program was off.
 */
#pragma once

#include "kit/ring.h"

extern const struct ritual ritual_schedule;

/* The manager's or the channel's team; NULL: none. */
const struct team *schedule_team(struct turn *t);
/* Which of the team's rings the words begin with, and moves over its name; NULL: none. */
const struct ring_line *schedule_find(struct turn *t, const GArray *lines, const char **rest);
/* What a ring is called, to the reader. */
const char *schedule_name(struct turn *t, const struct ring_line *line);
/* "09:30 Asia/Shanghai" of an instant: no time without its zone. Kept for the turn. */
const char *schedule_time(struct turn *t, GTimeZone *zone, int64_t at_ms);
/* "standup, reading club": all that the team has. */
const char *schedule_names(struct turn *t, const GArray *lines);

/* own.c: what the person was told unasked today, and what of it waits. */
void schedule_own_day(struct turn *t);

/* why.c */
void schedule_why(struct turn *t, const struct event *event, const char *rest);
