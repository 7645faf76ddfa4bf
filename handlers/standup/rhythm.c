/* SPDX-License-Identifier: MIT */
/*
 * The standup's day, on the mechanism of rounds: which standup each team has, what is said when, where its tables are. A
 * standup's id is its team's name.
 */
#include "standup/standup.h"

#include "base/zone.h"

static gboolean find(struct turn *t, const char *id, struct round *out)
{
	const struct team *team = roster_team(t->roster, id);
	if (team)
		*out = standup_round(t, team);
	return team && team->config->standup.enabled;
}

static struct message *prompt(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	return standup_prompt(t, r->team, person, day, turn_language_of(t, person, r->team));
}

static struct message *reminder(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	enum language language = turn_language_of(t, person, r->team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "standup.reminder", TEXT_ARG("team", r->team->config->name),
			       TEXT_ARG("day", turn_day_text(t, day, language))));
	message_button(m, "standup.open", r->team->config->name, turn_text_in(t, language, "standup.button"), MESSAGE_PRIMARY);
	return m;
}

static const char *closing_name(struct turn *t, const char *id, const char *day)
{
	return turn_keep(t, g_strdup_printf("standup/close/%s/%s", id, day));
}

static void close_round(struct turn *t, const struct round *r, const char *day)
{
	turn_post(t, r->team, closing_name(t, r->id, day), standup_closing(t, r->team, day, turn_team_language(t, r->team)));
}

static struct message *board(struct turn *t, const struct round *r, const char *day)
{
	return standup_board(t, r->team, day, turn_team_language(t, r->team));
}

static const struct round_kind kind = {
	.name = "standup",
	.find = find,
	.prompt = prompt,
	.reminder = reminder,
	.close = close_round,
	.board = board,
	.answered = &SQL_STANDUP_ANSWERED,
	.asked = &SQL_STANDUP_ASKED,
	.share = &SQL_STANDUP_SHARE,
	.open = &SQL_STANDUP_OPEN_ROUND,
	.showing = &SQL_STANDUP_BOARD_TIME,
	.shown = &SQL_STANDUP_BOARD_SHOWN,
};

/* A time alone is on the configured days. */
static struct recurrence *usual_rule(const struct config_standup *s)
{
	return s->prompt && !recurrence_is_time(s->prompt) ? recurrence_at(s->prompt, s->prompt_minute)
							   : recurrence_on_weekdays(s->days, MAX(s->prompt_minute, 0));
}

struct round standup_round(struct turn *t, const struct team *team)
{
	const struct config_standup *s = &team->config->standup;
	return (struct round){
		.kind = &kind,
		.id = team->config->name,
		.topic = "standup",
		.team = team,
		.rules = ring_rules(t, team, "standup", usual_rule(s)),
		.prompt_minute = s->prompt_minute,
		.remind_minute = s->remind_minute,
		.deadline_minute = s->deadline_minute,
	};
}

static void plan_team(struct turn *t, const struct team *team)
{
	struct round r = standup_round(t, team);
	if (team->config->standup.enabled)
		round_plan(t, &r);
	if (team->config->standup.enabled)
		standup_plan_evening(t, team);
}

void standup_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	struct round r = standup_round(t, team);
	standup_evening_rings(team, list); /* first, or "standup feedback" were a day of the standup */
	if (team->config->standup.enabled)
		round_list(&r, list);
}

void standup_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		plan_team(t, *team);
	response_start(t, &standup_promises);
}

void standup_people_changed(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team_at(t->roster, event->place.workspace, event->place.channel);
	if (!team || !team->config->standup.enabled)
		return;
	plan_team(t, team);
	struct round r = standup_round(t, team);
	const char *today = turn_day(t, NULL, team, t->now_ms);
	if (round_has_board(t, &r, today))
		round_touch_board(t, &r, today);
}

void standup_touch_board(struct turn *t, const struct team *team, const char *day)
{
	struct round r = standup_round(t, team);
	round_touch_board(t, &r, day);
}

void standup_ask_due(struct turn *t, const struct event *event)
{
	round_ask_due(t, event, &kind);
}

void standup_remind_due(struct turn *t, const struct event *event)
{
	round_remind_due(t, event, &kind);
}

void standup_close_due(struct turn *t, const struct event *event)
{
	round_close_due(t, event, &kind);
}

/* What came late is in the closing too, where that stands; of a day that is nobody's any more it is left as it was. key: TEAM/DAY. */
static void renew_closing(struct turn *t, const char *key)
{
	char yesterday[ZONE_DAY_SIZE];
	const char *slash = strrchr(key, '/');
	const struct team *team = slash ? roster_team(t->roster, turn_keep(t, g_strndup(key, (gsize)(slash - key)))) : NULL;
	if (!team)
		return;
	const char *day = slash + 1, *name = closing_name(t, team->config->name, day);
	zone_day_shift(turn_day(t, NULL, team, t->now_ms), -1, yesterday);
	if (strcmp(day, yesterday) >= 0 && turn_stands(t, name))
		turn_show(t, team, name, standup_closing(t, team, day, turn_team_language(t, team)));
}

/* The closing follows whenever the board does: what comes is gathered for both. */
void standup_board_due(struct turn *t, const struct event *event)
{
	round_board_due(t, event, &kind);
	renew_closing(t, event->value);
}
