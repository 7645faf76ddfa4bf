/* SPDX-License-Identifier: MIT */
#include "health/health.h"

#include "base/clock.h"
#include "base/zone.h"
#include "health_texts.h"
#include "kit/ring.h"

#define TOPIC "health"
enum { WEEK_DAYS = 7, DAY_MINUTES = 1440 };

/* From the beginning of the same day a week ago. */
static int64_t a_week_ago(const struct turn *t, const struct team *team)
{
	char day[ZONE_DAY_SIZE];
	int64_t from_ms = t->now_ms - DAYS(WEEK_DAYS);
	zone_day(team->zone, t->now_ms, day);
	zone_day_shift(day, -WEEK_DAYS, day);
	zone_instant(team->zone, day, 0, &from_ms);
	return from_ms;
}

/* ---- whom it is for ---- */

/* NULL: there is nothing to tell. */
static struct message *report_for(struct turn *t, const struct team *team, const struct person *reader, const struct person *owner)
{
	enum language language = reader ? turn_language_of(t, reader, team) : turn_team_language(t, team);
	return health_report(t, &(struct health_view){ team, owner, reader != NULL, reader == NULL, language, a_week_ago(t, team) });
}

static void nudge(struct turn *t, const struct team *team, const struct person *reader, const struct person *owner, int64_t until_ms)
{
	const char *day = turn_day(t, reader, team, t->now_ms);
	struct message *m = turn_is_away(t, reader, day, -1) ? NULL : report_for(t, team, reader, owner);
	if (m)
		turn_hint(t, team->config->workspace_name, reader, TOPIC, until_ms, m);
}

static GPtrArray *members_of(const struct team *team)
{
	GPtrArray *members = g_ptr_array_new();
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (roster_is_active(person))
			g_ptr_array_add(members, person);
	g_ptr_array_sort(members, roster_by_name);
	return members;
}

/* FALSE: the team has nothing to tell. */
static gboolean send_reports(struct turn *t, const struct team *team, const char *today)
{
	g_autofree char *name = g_strdup_printf("health/%s/%s", team->config->name, today);
	struct message *m = report_for(t, team, NULL, NULL);
	int64_t until_ms;
	if (!m)
		return FALSE;
	if (!zone_instant(team->zone, today, DAY_MINUTES, &until_ms))
		until_ms = t->now_ms + HOURS(12);
	turn_post_until(t, team, name, until_ms, m);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++)
		nudge(t, team, managers->pdata[i], NULL, until_ms);
	g_autoptr(GPtrArray) reps = members_of(team);
	for (guint i = 0; i < reps->len; i++)
		nudge(t, team, reps->pdata[i], reps->pdata[i], until_ms);
	return TRUE;
}

/* ---- when ---- */

/* FALSE: it comes only when somebody asks. */
static gboolean find_rules(struct turn *t, const struct team *team, struct ring_rules *out)
{
	const char *report = roster_config(t->roster)->deals.report;
	struct recurrence *usual = team && report ? recurrence_parse(report, NULL) : NULL;
	if (usual)
		*out = ring_rules(t, team, TOPIC, usual);
	return usual != NULL;
}

static gboolean has_deals(struct turn *t, const struct team *team)
{
	const struct deal_filter all = { .team = team->config->name, .closed_from_ms = 1 };
	g_autoptr(GPtrArray) deals = turn_ok(t) ? deal_list(t->db, &all, &t->error) : NULL;
	return deals && deals->len > 0;
}

static const struct ring_part parts[] = {
	{ "report", "health.rung", "health.silent" },
	{ 0 },
};

static void rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts };
	if (has_deals(t, team) && find_rules(t, team, &line.rules))
		g_array_append_val(list->lines, line);
}

static void plan(struct turn *t, const struct team *team)
{
	struct ring_rules rules;
	if (!find_rules(t, team, &rules))
		return;
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "report");
	ring_bell_plan(t, &bell, "report");
}

static void start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		plan(t, *team);
}

static void report_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	struct ring_rules rules;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!find_rules(t, team, &rules))
		return;
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "report");
	/* Of a team that has no deals nobody asks why it heard nothing. */
	if (has_deals(t, team) && ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
		ring_note(t, &bell.ring, day, at_ms, send_reports(t, team, day) ? RING_RUNG : RING_QUIET);
	plan(t, team);
}

/* ---- by command ---- */

/* Members see their team's figures and all of their own; managers also which deals have stalled, and whose. */
static struct message *asked_report(struct turn *t, const struct team *team, const struct person *owner)
{
	if (owner)
		return health_report(t, &(struct health_view){ team, owner, TRUE, FALSE, turn_language(t), a_week_ago(t, team) });
	return health_report(t, &(struct health_view){ team, NULL, turn_is_manager(t, team), FALSE, turn_language(t), a_week_ago(t, team) });
}

static gboolean may_see(const struct turn *t, const struct team *team, const struct person *owner)
{
	if (turn_is_manager(t, team))
		return TRUE;
	return roster_is_member(team, t->person) && (!owner || owner == t->person);
}

static void report(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = t->team;
	const struct person *owner = NULL;
	(void)event;
	if (*rest == '@' || g_str_has_prefix(rest, "<@"))
		owner = roster_find(t->roster, t->event->place.workspace, rest);
	else if (*rest)
		team = roster_team(t->roster, rest);
	if (!team || (*rest && !owner && team == t->team && strcmp(rest, team->config->name) != 0))
		turn_whisper(t, turn_text(t, *rest ? "health.how" : "health.no_team", TEXT_ARG("word", rest)));
	else if (!may_see(t, team, owner))
		turn_whisper(t, turn_text(t, "health.not_yours"));
	else {
		struct message *m = asked_report(t, team, owner);
		if (m)
			turn_private(t, m);
		else
			turn_whisper(t, turn_text(t, "health.nothing"));
	}
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "deals report", "商机报表", "商机 报表", "客户跟进健康度报表", "健康度报表", NULL },
		.help = "health.help", .only_tells = TRUE, .run = report },
	{ 0 },
};

static const struct topic topics[] = {
	{ TOPIC, "health.topic", (const char *const[]){ "deals report", "商机报表", NULL } },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "report", .run = report_due },
	{ 0 },
};

const struct ritual ritual_health = {
	.name = "health",
	.title = "health.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_health,
	.start = start,
	.rings = rings,
};
