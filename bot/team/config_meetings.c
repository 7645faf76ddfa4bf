/* SPDX-License-Identifier: MIT */
/* What the keys of a team's meetings mean together. */
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

void config_check_meetings(struct config_reader *r, struct config_team *team, const yaml_node_t *list)
{
	for (size_t i = 0; team->meetings && team->meetings[i]; i++) {
		const struct config_meeting *meeting = team->meetings[i];
		check_meeting(team->meetings[i]);
		check_themes(r, meeting, yaml_item(r->file, list, i));
		for (size_t j = 0; team->rounds && team->rounds[j] && meeting->name; j++)
			if (g_strcmp0(team->rounds[j]->name, meeting->name) == 0)
				config_tell(r, config_place_in(r, yaml_item(r->file, list, i), "name"),
					"a round of this team is called '%s' already; schedule and why know each by its name", meeting->name);
		for (size_t j = 0; j < i && meeting->name; j++)
			if (g_strcmp0(team->meetings[j]->name, meeting->name) == 0)
				config_tell(r, config_place_in(r, yaml_item(r->file, list, i), "name"),
					"another meeting of this team is called '%s' already; each name once", meeting->name);
	}
}
