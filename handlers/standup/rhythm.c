/* SPDX-License-Identifier: MIT */
/*
 * The standup's day: everybody is asked at their own time, whoever has not answered is reminded once, and the round is
 * closed with a summary.
 *
 * Three jobs: "ask" for each member (key TEAM/PERSON), "remind" (TEAM/DAY/PERSON), "close" for each team (TEAM/DAY). A due
 * job is a question: it reads who has answered, who is still a member, what the configuration says now and how late
 * it is, and only then speaks.
 */
#include "standup/standup.h"

#include "base/clock.h"
#include "base/zone.h"

/* How late a ring is still worth something. */
#define ASK_GRACE_MS	HOURS(1)
#define REMIND_GRACE_MS HOURS(2)
#define CLOSE_GRACE_MS	HOURS(4)

enum { LOOK_AHEAD_DAYS = 366 };

/* ---- when ---- */

/* A make-up day is a working day only for those who work the plain week. */
static gboolean is_expected(const struct team *team, const char *day)
{
	const struct calendar *calendar = team->config->calendar;
	unsigned days = team->config->standup.days;
	if (calendar && calendar_is_exception(calendar, day)) {
		gboolean works = calendar_is_working_day(calendar, day);
		return works && (days == CONFIG_WORKDAYS || days & 1u << (zone_weekday(day) - 1));
	}
	return (days & 1u << (zone_weekday(day) - 1)) != 0;
}

/* The first such minute of an expected day after after_ms; FALSE when there is none within a year. */
static gboolean next_ring(const struct team *team, GTimeZone *zone, int minute, int64_t after_ms, int64_t *due_ms)
{
	char day[ZONE_DAY_SIZE];
	zone_day(zone, after_ms, day);
	for (int i = 0; i < LOOK_AHEAD_DAYS; i++, zone_day_shift(day, 1, day))
		if (is_expected(team, day) && zone_instant(zone, day, minute, due_ms) && *due_ms > after_ms)
			return TRUE;
	return FALSE;
}

static gboolean is_asked(const struct team *team, const struct person *person)
{
	return person && !person->bot && !person->deactivated && roster_is_member(team, person) && !roster_is_manager(team, person);
}

/* ---- planning ---- */

static void plan_ask(struct turn *t, const struct team *team, const struct person *person)
{
	int64_t due_ms;
	g_autofree char *key = g_strdup_printf("%s/%" G_GINT64_FORMAT, team->config->name, person->id);
	/* What is due already stays: it was missed, and says so by itself. */
	if (next_ring(team, roster_zone(t->roster, person, team), team->config->standup.prompt_minute, t->now_ms, &due_ms))
		turn_schedule_once(t, "ask", key, due_ms);
}

static void plan_close(struct turn *t, const struct team *team)
{
	int64_t due_ms;
	if (team->config->standup.deadline_minute >= 0 &&
		next_ring(team, team->zone, team->config->standup.deadline_minute, t->now_ms, &due_ms))
		turn_schedule_once(t, "close", team->config->name, due_ms);
}

void standup_plan_team(struct turn *t, const struct team *team)
{
	if (!team->config->standup.enabled || team->config->standup.prompt_minute < 0)
		return;
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (is_asked(team, person))
			plan_ask(t, team, person);
	plan_close(t, team);
}

void standup_plan(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		standup_plan_team(t, *team);
}

/* ---- what a job is about ---- */

/* TEAM/NUMBER; a team's name may have a slash. */
static const struct team *read_key(struct turn *t, const char *key, const struct person **person)
{
	const char *slash = strrchr(key, '/');
	g_autofree char *name = g_strndup(key, slash ? (gsize)(slash - key) : 0);
	const struct team *team = roster_team(t->roster, name);
	*person = slash ? roster_person_by_id(t->roster, g_ascii_strtoll(slash + 1, NULL, 10)) : NULL;
	return team && team->config->standup.enabled && team->config->standup.prompt_minute >= 0 ? team : NULL;
}

static gboolean has_answered(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRY, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id));
	gboolean answered = db_next(rows) && strcmp(db_text(rows, 1), STANDUP_WITHDRAWN) != 0;
	turn_end(t, rows);
	return answered;
}

/* When that minute is, or was, today; FALSE when no standup is expected today. */
static gboolean ring_of_today(const struct team *team, GTimeZone *zone, int minute, const char *day, int64_t *at_ms)
{
	return is_expected(team, day) && zone_instant(zone, day, minute, at_ms);
}

/* ---- asking ---- */

static void tell_prompt(struct turn *t, const struct team *team, const struct person *person, const char *day, int64_t until_ms)
{
	enum language language = turn_language_of(t, person, team);
	turn_nudge(t, team->config->workspace_name, person, "standup", until_ms, standup_prompt(t, team, day, FALSE, language));
	turn_exec(t, &SQL_STANDUP_ASKED, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id), ARG_INT(t->now_ms));
	int64_t at_ms;
	int minute = team->config->standup.remind_minute;
	g_autofree char *key = g_strdup_printf("%s/%s/%" G_GINT64_FORMAT, team->config->name, day, person->id);
	if (minute >= 0 && zone_instant(roster_zone(t->roster, person, team), day, minute, &at_ms) && at_ms > t->now_ms)
		turn_schedule(t, "remind", key, at_ms);
}

void standup_ask_due(struct turn *t, const struct event *event)
{
	const struct person *person;
	const struct team *team = read_key(t, event->value, &person);
	if (!team || !is_asked(team, person))
		return;
	GTimeZone *zone = roster_zone(t->roster, person, team);
	const char *day = turn_day(t, person, team, t->now_ms);
	int64_t at_ms;
	gboolean now = ring_of_today(team, zone, team->config->standup.prompt_minute, day, &at_ms) && at_ms <= t->now_ms &&
		       t->now_ms - at_ms <= ASK_GRACE_MS;
	if (now && !has_answered(t, team, day, person) &&
		!turn_is_away(t, person, day, team->config->standup.prompt_minute))
		tell_prompt(t, team, person, day, at_ms + ASK_GRACE_MS);
	plan_ask(t, team, person);
}

/* ---- reminding ---- */

static struct message *reminder(struct turn *t, const struct team *team, const char *day, enum language language)
{
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "standup.reminder", TEXT_ARG("team", team->config->name),
			       TEXT_ARG("day", standup_day_text(t, day, language))));
	message_button(m, "standup.open", team->config->name, turn_text_in(t, language, "standup.button"), MESSAGE_PRIMARY);
	return m;
}

void standup_remind_due(struct turn *t, const struct event *event)
{
	const struct person *person;
	const char *slash = strrchr(event->value, '/');
	if (!slash || slash - event->value < ZONE_DAY_SIZE)
		return;
	/* TEAM/DAY/PERSON */
	g_autofree char *day = g_strndup(slash - (ZONE_DAY_SIZE - 1), ZONE_DAY_SIZE - 1);
	g_autofree char *key = g_strdup_printf("%.*s%s", (int)(slash - ZONE_DAY_SIZE - event->value), event->value, slash);
	const struct team *team = read_key(t, key, &person);
	if (!team || !is_asked(team, person) || has_answered(t, team, day, person))
		return;
	int64_t at_ms;
	int minute = team->config->standup.remind_minute;
	if (turn_is_away(t, person, day, minute))
		return;
	if (minute >= 0 && ring_of_today(team, roster_zone(t->roster, person, team), minute, day, &at_ms) &&
		t->now_ms - at_ms <= REMIND_GRACE_MS)
		turn_nudge(t, team->config->workspace_name, person, "standup", at_ms + REMIND_GRACE_MS,
			reminder(t, team, day, turn_language_of(t, person, team)));
}

/* ---- closing ---- */

static gboolean was_asked(struct turn *t, const struct team *team, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_SHARE, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_TEXT(day));
	gboolean asked = db_next(rows) && db_int(rows, 0) > 0;
	turn_end(t, rows);
	return asked;
}

int standup_share_before(struct turn *t, const struct team *team, const char *day)
{
	char from[ZONE_DAY_SIZE], to[ZONE_DAY_SIZE];
	zone_day_shift(day, -7, from);
	zone_day_shift(day, -1, to);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_SHARE, ARG_TEXT(team->config->name), ARG_TEXT(from), ARG_TEXT(to));
	int64_t asked = db_next(rows) ? db_int(rows, 0) : 0, answered = asked ? db_int(rows, 1) : 0;
	turn_end(t, rows);
	return asked ? (int)(answered * 100 / asked) : -1;
}

void standup_close_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	if (!team || !team->config->standup.enabled || team->config->standup.prompt_minute < 0)
		return;
	const char *day = turn_day(t, NULL, team, t->now_ms);
	int64_t at_ms;
	gboolean now = ring_of_today(team, team->zone, team->config->standup.deadline_minute, day, &at_ms) && at_ms <= t->now_ms &&
		       t->now_ms - at_ms <= CLOSE_GRACE_MS;
	g_autofree char *name = g_strdup_printf("standup/close/%s/%s", team->config->name, day);
	if (now && was_asked(t, team, day))
		turn_post(t, team, name, standup_closing(t, team, day, turn_team_language(t, team)));
	plan_close(t, team);
}
