/* SPDX-License-Identifier: MIT */
/* What the keys of a team's meetings and windows mean together. */
#include "team/config_reader.h"

enum { USUAL_MINUTES = 60, STRATEGY_MINUTES = 90 };

static void check_meeting(struct config_meeting *meeting)
{
	if (meeting->minutes == 0)
		meeting->minutes = g_strcmp0(meeting->kind, "strategy") == 0 ? STRATEGY_MINUTES : USUAL_MINUTES;
}

static int64_t seconds_of(int64_t span)
{
	return span < 0 ? -span * 24 * 3600 : span;
}

static void check_themes(struct config_reader *r, const struct config_meeting *meeting, const yaml_node_t *item)
{
	if (!meeting->themes)
		return;
	if (g_strcmp0(meeting->kind, "tea") != 0)
		config_tell(r, config_place_in(r, item, "themes"), "'themes' are for a tea party alone; write kind: tea");
	else if (g_strv_length(meeting->themes) < 2)
		config_tell(r, config_place_in(r, item, "themes"), "'themes' must be two at least, for the team votes on them");
	else if (seconds_of(meeting->vote) <= seconds_of(meeting->announce))
		config_tell(r, config_place_in(r, item, "vote"), "'vote' must be longer than 'announce', at which the vote ends");
}

/* Managers move each by its name, so no two of them have the same. */
static void check_name(struct config_reader *r, const struct config_team *team, const char *name, const yaml_node_t *item)
{
	struct yaml_place place = config_place_in(r, item, "name");
	guint meetings = 0, windows = 0;
	for (size_t i = 0; team->rounds && team->rounds[i]; i++)
		if (g_strcmp0(team->rounds[i]->name, name) == 0)
			config_tell(r, place, "a round of this team is called '%s' already; schedule and why know each by its name", name);
	for (size_t i = 0; team->meetings && team->meetings[i]; i++)
		meetings += g_strcmp0(team->meetings[i]->name, name) == 0;
	for (size_t i = 0; team->windows && team->windows[i]; i++)
		windows += g_strcmp0(team->windows[i]->name, name) == 0;
	if (meetings + windows > 1)
		config_tell(r, place, "another meeting or window of this team is called '%s' already; each name once", name);
}

void config_check_meetings(struct config_reader *r, struct config_team *team, const yaml_node_t *list)
{
	for (size_t i = 0; team->meetings && team->meetings[i]; i++) {
		const yaml_node_t *item = yaml_item(r->file, list, i);
		check_meeting(team->meetings[i]);
		check_themes(r, team->meetings[i], item);
		if (team->meetings[i]->name)
			check_name(r, team, team->meetings[i]->name, item);
	}
}

void config_check_windows(struct config_reader *r, struct config_team *team, const yaml_node_t *list)
{
	for (size_t i = 0; team->windows && team->windows[i]; i++) {
		const struct config_window *window = team->windows[i];
		const yaml_node_t *item = yaml_item(r->file, list, i);
		if (window->name)
			check_name(r, team, window->name, item);
		if (window->schedule && window->until_minute >= 0 && window->until_minute <= recurrence_minute(window->schedule))
			config_tell(r, config_place_in(r, item, "until"), "'until' must be later than the time of 'schedule'");
	}
}
