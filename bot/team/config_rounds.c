/* SPDX-License-Identifier: MIT */
/* What the keys of a team's own rounds mean together. */
#include "team/config_reader.h"

enum { MINUTES_A_DAY = 24 * 60, SCALE_LEAST = 1, SCALE_MOST = 5, SCALE_POINTS = 100 };

static gboolean is_kind(const struct config_question *question, const char *kind)
{
	return g_strcmp0(question->kind, kind) == 0;
}

/* ---- a question ---- */

static void check_options(struct config_reader *r, const struct config_question *question, const yaml_node_t *item)
{
	char **options = question->options;
	struct yaml_place place = config_place_in(r, item, "options");
	if (options && !is_kind(question, "choice"))
		config_tell(r, place, "'options' are for a choice alone; write kind: choice");
	else if (!options && is_kind(question, "choice"))
		config_tell(r, place, "a choice needs 'options'; write options: [yes, no]");
	else if (options && g_strv_length(options) < 2)
		config_tell(r, place, "'options' must be two at least");
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (; options && *options; options++)
		if (!g_hash_table_add(seen, g_utf8_casefold(*options, -1)))
			config_tell(r, place, "'options' has '%s' twice", *options);
}

static void check_limits(struct config_reader *r, struct config_question *question, const yaml_node_t *item)
{
	gboolean scale = is_kind(question, "scale"), limited = question->least != CONFIG_NO_LEAST || question->most != CONFIG_NO_MOST;
	struct yaml_place place = config_place_in(r, item, yaml_member(r->file, item, "min") ? "min" : "max");
	if (limited && !scale && !is_kind(question, "number")) {
		config_tell(r, place, "'min' and 'max' are for a number or a scale");
		return;
	}
	if (scale && question->least == CONFIG_NO_LEAST)
		question->least = SCALE_LEAST;
	if (scale && question->most == CONFIG_NO_MOST)
		question->most = SCALE_MOST;
	if (question->least >= question->most)
		config_tell(r, place, "'min' must be less than 'max'");
	else if (scale && question->most - question->least > SCALE_POINTS)
		config_tell(r, place, "a scale has no more than %d points; a number may have more", SCALE_POINTS);
}

/* ---- a round ---- */

static void check_times(struct config_reader *r, struct config_round *round, const yaml_node_t *item)
{
	if (!round->schedule)
		return;
	int asks = recurrence_minute(round->schedule);
	if (round->deadline_minute < 0)
		round->deadline_minute = asks + MINUTES_A_DAY;
	if (round->deadline_minute <= asks)
		config_tell(r, config_place_in(r, item, "deadline"),
			"'deadline' must be later than the time of 'schedule'; \"+1 12:00\" is the day after");
	if (round->remind_minute >= 0 && round->remind_minute <= asks)
		config_tell(r, config_place_in(r, item, "remind"),
			"'remind' must be later than the time of 'schedule'; \"+1 10:00\" is the day after");
	else if (round->remind_minute >= round->deadline_minute)
		config_tell(r, config_place_in(r, item, "remind"), "'remind' must be earlier than 'deadline'");
}

static void check_round(struct config_reader *r, struct config_round *round, const yaml_node_t *item)
{
	const yaml_node_t *questions = yaml_member(r->file, item, "questions");
	for (size_t i = 0; round->questions && round->questions[i]; i++) {
		check_options(r, round->questions[i], yaml_item(r->file, questions, i));
		check_limits(r, round->questions[i], yaml_item(r->file, questions, i));
	}
	check_times(r, round, item);
	if (round->board && g_strcmp0(round->summary, "channel") != 0)
		config_tell(r, config_place_in(r, item, "board"), "'board' shows the answers in the channel; it needs summary: channel");
	for (int i = 0; round->name && i < LANGUAGE_COUNT; i++)
		if (!round->title.in[i])
			round->title.in[i] = g_strdup(round->name);
}

void config_check_rounds(struct config_reader *r, struct config_team *team, const yaml_node_t *list)
{
	for (size_t i = 0; team->rounds && team->rounds[i]; i++) {
		const yaml_node_t *item = yaml_item(r->file, list, i);
		check_round(r, team->rounds[i], item);
		for (size_t j = 0; j < i; j++)
			if (g_strcmp0(team->rounds[i]->name, team->rounds[j]->name) == 0 && team->rounds[i]->name)
				config_tell(r, config_place_in(r, item, "name"), "another round of this team is called '%s' already; each name once",
					team->rounds[i]->name);
	}
}
