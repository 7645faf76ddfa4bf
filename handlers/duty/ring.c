/* SPDX-License-Identifier: MIT */
/* Whoever is on duty hears when their turn begins: on the first working day of a week's turn, on each day of a day's. */
#include "duty/duty.h"

#include "base/clock.h"
#include "kit/response.h"
#include "duty_texts.h"

#define TOPIC	 "duty"
#define BEGIN_JOB "begin"
#define COVER_JOB "cover"

/* ---- when ---- */

static struct recurrence *usual_rule(const struct rota *rota)
{
	int minute = rota->handover_minute;
	g_autofree char *week = g_strdup_printf("every %s %02d:%02d or the workday after", calendar_weekdays[rota->weekday - 1], minute / 60, minute % 60);
	return rota->turn == ROTA_DAY ? recurrence_on_weekdays(CONFIG_WORKDAYS, minute) : recurrence_parse(week, NULL);
}

/* What the ring is called: "duty 运营". */
static const char *topic_of(struct turn *t, const struct duty *duty)
{
	return turn_keep(t, g_strdup_printf(TOPIC " %s", duty->role));
}

static const char *id_of(struct turn *t, const struct duty *duty)
{
	return turn_keep(t, g_strdup_printf("%s/%s", duty->team->config->name, duty_key(t, duty->role)));
}

static struct ring_rules rules_of(struct turn *t, const struct duty *duty)
{
	return ring_rules(t, duty->team, topic_of(t, duty), usual_rule(&duty->rota));
}

static const struct ring_part parts[] = {
	{ BEGIN_JOB, "duty.rung", "duty.silent" },
	{ 0 },
};

/* The only one is the duty; of several each has its role. */
static const char *title_of(struct turn *t, const struct duty *duty, gboolean alone, enum language language)
{
	const char *title = turn_text_in(t, language, "duty.topic");
	return alone ? title : turn_keep(t, g_strdup_printf("%s %s", title, duty->role));
}

void duty_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	g_autoptr(GPtrArray) all = duty_all(t, team);
	for (guint i = 0; i < all->len; i++) {
		const struct duty *duty = all->pdata[i];
		struct ring_line line = { .id = id_of(t, duty), .topic = topic_of(t, duty), .parts = parts, .rules = rules_of(t, duty) };
		for (enum language language = 0; language < LANGUAGE_COUNT; language++)
			line.titles[language] = title_of(t, duty, all->len == 1, language);
		g_array_append_val(list->lines, line);
	}
}

static void plan(struct turn *t, const struct duty *duty)
{
	int64_t at_ms;
	const struct ring_rules rules = rules_of(t, duty);
	if (ring_next(&rules, duty->team, duty->team->zone, t->now_ms, &at_ms))
		turn_schedule_once(t, BEGIN_JOB, id_of(t, duty), at_ms);
}

void duty_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		g_autoptr(GPtrArray) all = duty_all(t, *team);
		for (guint i = 0; i < all->len; i++)
			plan(t, all->pdata[i]);
	}
}

void duty_plan_cover(struct turn *t, const struct duty *duty, gint64 cover, const char *first)
{
	int64_t at_ms;
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, cover);
	if (zone_instant(duty->rota.zone, first, duty->rota.handover_minute, &at_ms) && at_ms > t->now_ms)
		turn_schedule(t, COVER_JOB, key, at_ms);
}

/* ---- what is said ---- */

/* Who has it after that: NULL where it is the same one again. */
static const struct person *next_of(struct turn *t, const struct duty *duty, const struct rota_shift *shift)
{
	struct rota_shift next;
	return rota_shift_at(&duty->rota, shift->until_ms, &next) && next.person != shift->person ? duty_person(t, next.person) : NULL;
}

static struct message *beginning(struct turn *t, const struct duty *duty, const struct rota_shift *shift, const struct duty_choice *who)
{
	enum language language = turn_language_of(t, who->person, duty->team);
	const char *until = response_time_text(t, duty->team->zone, shift->until_ms, language);
	const struct person *next = next_of(t, duty, shift);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, who->instead_of ? "duty.begins_instead" : "duty.begins", TEXT_ARG("role", duty->role),
			       TEXT_ARG("until", until), TEXT_ARG("name", who->instead_of ? who->instead_of->name : "")));
	if (next)
		message_context(m, turn_text_in(t, language, "duty.then", TEXT_ARG("name", next->name)));
	return m;
}

/* ---- the jobs ---- */

static struct ring ring_of(struct turn *t, const struct duty *duty, const struct person *person)
{
	return (struct ring){ .topic = topic_of(t, duty), .team = duty->team, .person = person, .part = BEGIN_JOB };
}

static void note(struct turn *t, const struct duty *duty, const struct person *person, int64_t at_ms, enum ring_outcome outcome)
{
	const struct ring ring = ring_of(t, duty, person);
	ring_note(t, &ring, turn_day(t, NULL, duty->team, at_ms), at_ms, outcome);
}

/* Whose day it is, though they begin later than the duty does; NULL: nobody's. */
static const struct person *coming(struct turn *t, const struct duty *duty, gint64 id, int64_t at_ms)
{
	const struct person *person = duty_person(t, id);
	struct zone_time local;
	if (!person || !person->hours || !roster_is_active(person) || !roster_account(duty->team->config->workspace_name, person))
		return NULL;
	zone_local(roster_zone(t->roster, person, duty->team), at_ms, &local);
	const char *day = turn_day(t, person, duty->team, at_ms);
	return turn_is_away(t, person, day, turn_fit_minute(t, person, day, local.hour * 60 + local.minute)) ? NULL : person;
}

/* The ring of that instant: who has the duty then is told, while it is still theirs. */
static void ring_at(struct turn *t, const struct duty *duty, int64_t at_ms)
{
	struct rota_shift shift;
	if (!rota_shift_at(&duty->rota, at_ms, &shift))
		return;
	if (shift.until_ms <= t->now_ms) {
		note(t, duty, NULL, at_ms, RING_LATE);
		return;
	}
	const struct person *planned = coming(t, duty, shift.person, at_ms);
	const struct duty_choice who = planned ? (struct duty_choice){ .person = planned } : duty_choose(t, duty->team, duty->role, NULL);
	const struct ring ring = ring_of(t, duty, who.person);
	if (who.instead_of)
		note(t, duty, who.instead_of, at_ms, RING_AWAY);
	if (!who.person)
		note(t, duty, NULL, at_ms, RING_NOBODY);
	else if (!ring_is_noted(t, &ring, turn_day(t, NULL, duty->team, at_ms)))
		note(t, duty, who.person, at_ms,
			ring_outcome_of(turn_nudge(t, duty->team->config->workspace_name, who.person, TOPIC, shift.until_ms,
				beginning(t, duty, &shift, &who))));
}

/* TEAM/ROLE; the team's name may have a slash. */
static const struct duty *read_key(struct turn *t, const char *key)
{
	const char *slash = strrchr(key, '/');
	g_autofree char *name = slash ? g_strndup(key, (gsize)(slash - key)) : NULL;
	const struct team *team = name ? roster_team(t->roster, name) : NULL;
	return team ? duty_of(t, team, slash + 1) : NULL;
}

void duty_begin_due(struct turn *t, const struct event *event)
{
	const struct duty *duty = read_key(t, event->value);
	if (!duty)
		return;
	const struct ring_rules rules = rules_of(t, duty);
	/* A job that was woken by another rule stands for no ring; one after days off for several. */
	int64_t at_ms = event->at_ms - 1;
	while (ring_next(&rules, duty->team, duty->team->zone, at_ms, &at_ms) && at_ms <= t->now_ms)
		ring_at(t, duty, at_ms);
	plan(t, duty);
}

void duty_cover_due(struct turn *t, const struct event *event)
{
	struct duty_covered cover;
	struct rota_shift shift;
	gboolean stands = duty_read_cover(t, g_ascii_strtoll(event->value, NULL, 10), &cover) && !cover.ended && cover.team;
	const struct duty *duty = stands ? duty_of(t, cover.team, cover.role) : NULL;
	if (duty && rota_shift_at(&duty->rota, t->now_ms, &shift) && shift.cover == cover.id)
		ring_at(t, duty, event->at_ms);
}
