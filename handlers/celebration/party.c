/* SPDX-License-Identifier: MIT */
/* The monthly party 线上生日会: one post invites the month's children together, those whose birthday is public. */
#include "celebration/celebration.h"

static gboolean has_party(const struct team *team)
{
	return team && team->config->celebrations.enabled && team->config->celebrations.party_minute >= 0;
}

/* The team's working day on or before the configured day of that month, YYYY-MM-…; its first one, when there is none before. */
static void day_of_party(const struct team *team, const char *month, char day[static ZONE_DAY_SIZE])
{
	guint year = (guint)g_ascii_strtoull(month, NULL, 10), number = (guint)g_ascii_strtoull(month + strlen("2026-"), NULL, 10);
	int last = g_date_get_days_in_month((GDateMonth)number, (GDateYear)year);
	g_snprintf(day, ZONE_DAY_SIZE, "%04u-%02u-%02d", CLAMP(year, 1, 9999), number, MIN(last, team->config->celebrations.party_day));
	anniversary_move_day(team->config->calendar, -1, day);
	if (strncmp(day, month, strlen("2026-03")) < 0) {
		g_snprintf(day, ZONE_DAY_SIZE, "%04u-%02u-01", CLAMP(year, 1, 9999), number);
		anniversary_move_day(team->config->calendar, 1, day);
	}
}

static int64_t next_party(const struct team *team, int64_t after_ms)
{
	char month[ZONE_DAY_SIZE], day[ZONE_DAY_SIZE];
	int64_t at_ms = G_MAXINT64;
	zone_day(team->zone, after_ms, month);
	for (int i = 0; i < 2; i++) {
		day_of_party(team, month, day);
		if (zone_instant(team->zone, day, team->config->celebrations.party_minute, &at_ms) && at_ms > after_ms)
			return at_ms;
		memcpy(month + strlen("2026-03-"), "01", 2);
		zone_day_shift(month, 31, month); /* somewhere in the next month */
	}
	return at_ms;
}

void celebration_plan_party(struct turn *t, const struct team *team)
{
	if (has_party(team))
		turn_schedule_once(t, "party", team->config->name, next_party(team, t->now_ms));
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

void celebration_party_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	int64_t at_ms;
	char day[ZONE_DAY_SIZE];
	if (!has_party(team))
		return;
	const char *today = turn_day(t, NULL, team, t->now_ms);
	day_of_party(team, today, day);
	g_autoptr(GArray) all = children_of(t, team, today);
	g_autofree char *name = g_strdup_printf("celebration/party/%s/%.7s", team->config->name, today);
	if (strcmp(day, today) == 0 && zone_instant(team->zone, today, 1440, &at_ms) && all->len > 0)
		turn_post_until(t, team, name, at_ms, invitation(t, team, all, turn_team_language(t, team)));
	celebration_plan_party(t, team);
}
