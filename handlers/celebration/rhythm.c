/* SPDX-License-Identifier: MIT */
/*
 * Who is celebrated when. Three jobs: "plan" looks through the register, at start, when people come or go, and once a day;
 * "anniversary" (kit/anniversary.h) and "ask" (PERSON) are what it plans.
 */
#include "celebration/celebration.h"

#include "base/clock.h"

/* People come by the dozen; they are looked through once. */
#define PLAN_REST_MS MINUTES(1)

const struct team *celebration_team(const struct roster *roster, const struct person *person)
{
	for (const struct team *const *team = roster_teams(roster); *team; team++)
		if ((*team)->config->celebrations.enabled && (roster_is_member(*team, person) || roster_is_manager(*team, person)))
			return *team;
	return NULL;
}

static const char *const answers[] = { [CELEBRATION_UNASKED] = "unasked", [CELEBRATION_PUBLIC] = "public",
	[CELEBRATION_PRIVATE] = "private", [CELEBRATION_NONE] = "none" };

enum celebration_shown celebration_shown(const struct person *person)
{
	for (int i = 0; person->entry && i < CELEBRATION_ANSWERS; i++)
		if (g_strcmp0(person->entry->shown, answers[i]) == 0)
			return (enum celebration_shown)i;
	return CELEBRATION_UNASKED;
}

static struct anniversary_manner manner_of(const struct config_team *config, enum anniversary_kind kind)
{
	const struct config_celebrations *c = &config->celebrations;
	return (struct anniversary_manner){
		.minute = c->minute,
		.days_before = { c->prepare_days, kind == ANNIVERSARY_BIRTHDAY ? c->wish_days : -1, 0 },
		.move = strcmp(c->days_off, "before") == 0  ? ANNIVERSARY_BEFORE
			: strcmp(c->days_off, "after") == 0 ? ANNIVERSARY_AFTER
							    : ANNIVERSARY_KEEP,
		.calendar = config->calendar,
	};
}

static gboolean read_date(const struct person *person, enum anniversary_kind kind, struct yearly *out)
{
	static const enum register_field fields[] = { [ANNIVERSARY_BIRTHDAY] = REGISTER_BIRTHDAY, [ANNIVERSARY_WORK] = REGISTER_HIRED };
	const char *text = person->entry ? person->entry->fields[fields[kind]] : "";
	return *text && yearly_parse(text, out, NULL);
}

gboolean celebration_of(const struct roster *roster, const struct person *person, enum anniversary_kind kind, struct celebrant *out)
{
	const struct team *team = person && roster_is_active(person) ? celebration_team(roster, person) : NULL;
	struct celebrant c = { .person = person, .team = team };
	if (!team || !read_date(person, kind, &c.of.date))
		return FALSE;
	c.of.person = person;
	c.of.kind = kind;
	c.of.manner = manner_of(team->config, kind);
	c.of.zone = roster_zone(roster, person, team);
	*out = c;
	return TRUE;
}

gboolean celebration_is_there(struct turn *t, const struct person *person, const struct team *team)
{
	/* Who organises may live elsewhere than who is celebrated. */
	const struct team *own = roster_next_team_of(t->roster, team->config->workspace_name, person, NULL);
	return roster_is_active(person) && !turn_is_away(t, person, turn_day(t, person, own ? own : team, t->now_ms), -1);
}

/* ---- planning ---- */

void celebration_plan_person(struct turn *t, const struct person *person)
{
	gboolean any = FALSE;
	struct celebrant c;
	for (int kind = 0; kind < ANNIVERSARY_KINDS; kind++) {
		if (!celebration_of(t->roster, person, (enum anniversary_kind)kind, &c))
			continue;
		anniversary_plan(t, &c.of);
		any = TRUE;
	}
	if (any)
		celebration_plan_question(t, person, celebration_team(t->roster, person));
}

void celebration_plan(struct turn *t)
{
	turn_schedule_once(t, "plan", "", t->now_ms);
}

void celebration_people_changed(struct turn *t, const struct event *event)
{
	celebration_welcome(t, event);
	turn_schedule_once(t, "plan", "", t->now_ms + PLAN_REST_MS);
}

void celebration_plan_due(struct turn *t, const struct event *event)
{
	const GPtrArray *entries = roster_register(t->roster);
	(void)event;
	for (guint i = 0; i < entries->len; i++) {
		const struct person *person = roster_person_of(t->roster, entries->pdata[i]);
		if (person)
			celebration_plan_person(t, person);
	}
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		celebration_plan_party(t, *team);
	turn_schedule_once(t, "plan", "", t->now_ms + DAYS(1));
}

/* ---- what is due ---- */

static enum ring_outcome (*const acts[])(struct turn *t, const struct celebrant *c) = {
	[ANNIVERSARY_PREPARE] = celebration_prepare,
	[ANNIVERSARY_WISHES] = celebration_ask_wishes,
	[ANNIVERSARY_DAY] = celebration_hold,
};

void celebration_due(struct turn *t, const struct event *event)
{
	enum anniversary_kind kind;
	enum anniversary_stage stage;
	struct celebrant c;
	const struct person *person = anniversary_read_key(t, event->value, &kind);
	if (!celebration_of(t->roster, person, kind, &c))
		return;
	celebration_note_missed(t, &c, event->at_ms);
	while (anniversary_take(t, &c.of, &c.at, &stage))
		celebration_note(t, &c, stage, acts[stage](t, &c));
	anniversary_plan(t, &c.of);
}
