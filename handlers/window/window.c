/* SPDX-License-Identifier: MIT */
#include "window/window.h"

#include "base/clock.h"
#include "kit/ring.h"
#include "window_texts.h"

#define TOPIC "window"
#define BEGIN "begin"

/* A window of a team. */
struct window {
	const struct team *team;
	const struct config_window *config;
	struct ring_rules rules;
	int minutes; /* that it lasts, also where a manager has moved it */
};

static struct window window_of(struct turn *t, const struct team *team, const struct config_window *config)
{
	int minute = recurrence_minute(config->schedule);
	return (struct window){
		.team = team,
		.config = config,
		.rules = ring_rules(t, team, config->name, recurrence_at(config->schedule, minute)),
		.minutes = config->until_minute - minute,
	};
}

static struct ring_bell bell_of(struct turn *t, const struct window *w, const struct person *person)
{
	return (struct ring_bell){
		.ring = { .topic = w->config->name, .team = w->team, .person = person, .part = BEGIN },
		.rules = &w->rules,
		.zone = roster_zone(t->roster, person, w->team),
		.grace_ms = MINUTES(w->minutes) - 1,
	};
}

/* Those who do the work: the team's members but for its managers. */
static gboolean concerns(const struct window *w, const struct person *person)
{
	return person && roster_is_active(person) && roster_is_member(w->team, person) && !roster_is_manager(w->team, person);
}

/* ---- planning: a job for each person, TEAM/NAME/PERSON ---- */

static void plan_for(struct turn *t, const struct window *w, const struct person *person)
{
	struct ring_bell bell = bell_of(t, w, person);
	int64_t due_ms;
	g_autofree char *key = g_strdup_printf("%s/%s/%" G_GINT64_FORMAT, w->team->config->name, w->config->name, person->id);
	if (ring_bell_next(&bell, t->now_ms, &due_ms))
		turn_schedule_once(t, BEGIN, key, due_ms);
}

static void plan(struct turn *t, const struct window *w)
{
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, w->team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (concerns(w, person))
			plan_for(t, w, person);
}

static void plan_team(struct turn *t, const struct team *team)
{
	for (struct config_window **config = team->config->windows; config && *config; config++) {
		struct window w = window_of(t, team, *config);
		plan(t, &w);
	}
}

static void start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		plan_team(t, *team);
}

static void people_changed(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team_at(t->roster, event->place.workspace, event->place.channel);
	if (team)
		plan_team(t, team);
}

/* ---- ringing ---- */

static const char *clock_text(struct turn *t, int minute)
{
	return turn_keep(t, g_strdup_printf("%02d:%02d", minute / 60 % 24, minute % 60));
}

static struct message *reminder(struct turn *t, const struct window *w, const struct person *person, const char *day)
{
	enum language language = turn_language_of(t, person, w->team);
	int from = recurrence_minute(ring_rule_on(&w->rules, day)->rule);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "window.begins", TEXT_ARG("from", clock_text(t, from)),
			       TEXT_ARG("until", clock_text(t, from + w->minutes)), TEXT_ARG("what", config_words_in(&w->config->first, language))));
	return m;
}

static enum ring_outcome tell(struct turn *t, const struct window *w, const struct person *person, const char *day, int64_t at_ms)
{
	int minute = recurrence_minute(ring_rule_on(&w->rules, day)->rule);
	if (turn_is_away(t, person, day, minute))
		return ring_outcome_away(t, person, day, minute);
	return ring_outcome_of(turn_nudge(t, w->team->config->workspace_name, person, TOPIC, at_ms + MINUTES(w->minutes),
		reminder(t, w, person, day)));
}

/* FALSE: the window is no more, or not the person's. */
static gboolean read_key(struct turn *t, const char *key, struct window *w, const struct person **person)
{
	const char *last = strrchr(key, '/'), *slash = last ? g_strrstr_len(key, last - key, "/") : NULL;
	const char *name = slash ? turn_keep(t, g_strndup(slash + 1, (gsize)(last - slash - 1))) : "";
	const struct team *team = slash ? roster_team(t->roster, turn_keep(t, g_strndup(key, (gsize)(slash - key)))) : NULL;
	*person = last ? roster_person_by_id(t->roster, g_ascii_strtoll(last + 1, NULL, 10)) : NULL;
	for (struct config_window **config = team ? team->config->windows : NULL; config && *config; config++)
		if (strcmp((*config)->name, name) == 0) {
			*w = window_of(t, team, *config);
			return concerns(w, *person);
		}
	return FALSE;
}

static void begin_due(struct turn *t, const struct event *event)
{
	struct window w;
	const struct person *person;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!read_key(t, event->value, &w, &person))
		return;
	struct ring_bell bell = bell_of(t, &w, person);
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
		ring_note(t, &bell.ring, day, at_ms, tell(t, &w, person, day, at_ms));
	plan_for(t, &w, person);
}

/* ---- the tables ---- */

static const struct ring_part parts[] = {
	{ BEGIN, "window.told", "window.not_told" },
	{ 0 },
};

static void rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	for (struct config_window **config = team->config->windows; config && *config; config++) {
		struct window w = window_of(t, team, *config);
		struct ring_line line = { .id = turn_keep(t, g_strconcat(team->config->name, "/", (*config)->name, NULL)), .topic = (*config)->name,
			.parts = parts, .rules = w.rules, .minutes = w.minutes, .personal = TRUE, .asks_all = TRUE };
		for (enum language language = 0; language < LANGUAGE_COUNT; language++)
			line.titles[language] = config_words_in(&(*config)->first, language);
		g_array_append_val(list->lines, line);
	}
}

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = BEGIN, .run = begin_due },
	{ .kind = EVENT_PEOPLE, .run = people_changed },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = TOPIC, .title = "window.topic" },
	{ 0 },
};

const struct ritual ritual_window = {
	.name = "window",
	.triggers = triggers,
	.topics = topics,
	.texts = &texts_window,
	.start = start,
	.rings = rings,
};
