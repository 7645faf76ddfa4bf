/* SPDX-License-Identifier: MIT */
/* The monthly party 线上生日会: one post invites the month's children together, those whose birthday is public. */
#include "celebration/celebration.h"

#include "base/clock.h"
#include "kit/ring.h"

#define TOPIC "party"

/* When the team has its parties; FALSE: never. */
static gboolean find_rules(struct turn *t, const struct team *team, struct ring_rules *out)
{
	const struct config_celebrations *c = team ? &team->config->celebrations : NULL;
	struct recurrence *usual = c && c->enabled && c->party ? recurrence_parse(c->party, NULL) : NULL;
	if (usual)
		*out = ring_rules(t, team, TOPIC, usual);
	return usual != NULL;
}

static const struct ring_part parts[] = {
	{ "party", "celebration.party_rung", "celebration.party_silent" },
	{ 0 },
};

void celebration_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts };
	celebration_add_days(t, team, list);
	if (find_rules(t, team, &line.rules))
		g_array_append_val(list->lines, line);
}

void celebration_plan_party(struct turn *t, const struct team *team)
{
	struct ring_rules rules;
	if (!find_rules(t, team, &rules))
		return;
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "party");
	ring_bell_plan(t, &bell, "party");
}

/* ---- the post ---- */

static gboolean is_of_month(const struct celebrant *c, const char *month)
{
	char first[ZONE_DAY_SIZE], day[ZONE_DAY_SIZE];
	g_snprintf(first, sizeof first, "%.7s-01", month);
	return yearly_next(&c->of.date, first, day) && strncmp(day, month, strlen("2026-03")) == 0;
}

static GArray *children_of(struct turn *t, const struct team *team, const char *month)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct celebrant));
	GHashTableIter iter;
	gpointer person;
	struct celebrant c;
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (celebration_shown(person) == CELEBRATION_PUBLIC && celebration_of(t->roster, person, ANNIVERSARY_BIRTHDAY, &c) &&
			c.team == team && is_of_month(&c, month))
			g_array_append_val(all, c);
	celebration_sort(all);
	return all;
}

static struct message *invitation(struct turn *t, const struct team *team, const GArray *all, enum language language)
{
	struct message *m = message_new();
	const char *title = turn_text_in(t, language, "celebration.party_title");
	message_title(m, title);
	celebration_write_names(t, m, all);
	message_say(m, turn_text_in(t, language, "celebration.party", TEXT_ARG("names", celebration_names(t, all, language))));
	celebration_draw(t, m, PICTURE_PARTY, team, all, title, language);
	return m;
}

/* FALSE: nobody of the team has a birthday this month, or none that is public. */
static gboolean invite(struct turn *t, const struct team *team, const char *today)
{
	int64_t until_ms;
	g_autoptr(GArray) all = children_of(t, team, today);
	g_autofree char *name = g_strdup_printf("celebration/party/%s/%s", team->config->name, today);
	if (all->len == 0 || !zone_instant(team->zone, today, 1440, &until_ms))
		return FALSE;
	turn_post_until(t, team, name, until_ms, invitation(t, team, all, turn_team_language(t, team)));
	return TRUE;
}

void celebration_party_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	struct ring_rules rules;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!find_rules(t, team, &rules))
		return;
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "party");
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
		ring_note(t, &bell.ring, day, at_ms, invite(t, team, day) ? RING_RUNG : RING_QUIET);
	celebration_plan_party(t, team);
}
