/* SPDX-License-Identifier: MIT */
/*
 * The manager measured: plans answered in time, standups that got any answer, promises that are open. It rings once a week, to each
 * manager alone, for whoever is measured hears it first; who leads several teams hears of all in one message, with the first one's
 * ring.
 */
#include "sla/sla.h"

#include "base/clock.h"
#include "base/zone.h"
#include "kit/response.h"
#include "sla_sql.h"
#include "sla_texts.h"

#define TOPIC "sla"

enum { USUAL_MINUTE = 9 * 60, OWED_MOST = 5 };

/* ---- what is measured ---- */

struct measure {
	struct turn *t;
	const struct person *manager;
	enum language language;
	const struct team *first; /* of those that the manager leads */
	gboolean month, any;
	guint standups, answered; /* of their teams */
	GArray *own;		  /* struct sla_row: promised by the manager */
	guint team_open, team_breached;
};

static gboolean is_any(const struct sla_row *row, gconstpointer data)
{
	(void)row;
	(void)data;
	return TRUE;
}

/* The manager's answer to a breakthrough plan, or to what a standup asks for. */
static gboolean is_plans_answer(const struct sla_row *row, gconstpointer data)
{
	return row->fact.target == RESPONSE_FIRST && strcmp(row->applies, data) == 0;
}

static void count_team(struct measure *x, const struct team *team)
{
	struct turn *t = x->t;
	struct sla_figures f;
	const struct sla_question q = { .team = team, .from_ms = sla_since(t, team, x->month) };
	g_autoptr(GArray) rows = sla_rows(t, &q);
	sla_figures_where(rows, is_any, NULL, &f);
	x->team_open += f.open;
	x->team_breached += f.breached;
	x->any = x->any || f.open > 0;
	struct db_rows *found = turn_query(t, &SQL_SLA_ANSWERED_STANDUPS, ARG_TEXT(team->config->name),
		ARG_TEXT(turn_day(t, NULL, team, q.from_ms)), ARG_INT(x->manager->id));
	if (db_next(found)) {
		x->standups += (guint)db_int(found, 0);
		x->answered += (guint)db_int(found, 1);
	}
	turn_end(t, found);
}

static void count_all(struct measure *x)
{
	for (const struct team *const *team = roster_teams(x->t->roster); *team; team++)
		if (roster_is_manager(*team, x->manager)) {
			x->first = x->first ? x->first : *team;
			count_team(x, *team);
		}
	if (!x->first)
		return;
	x->own = sla_rows(x->t, &(struct sla_question){ .owner = x->manager, .from_ms = sla_since(x->t, x->first, x->month) });
	x->any = x->any || x->own->len > 0 || x->standups > 0;
}

/* ---- what is said ---- */

static void add_plans(const struct measure *x, struct message *m, const char *applies, const char *label)
{
	struct turn *t = x->t;
	struct sla_figures f;
	sla_figures_where(x->own, is_plans_answer, applies, &f);
	if (f.met + f.missed + f.open == 0)
		return;
	message_fact(m, turn_text_in(t, x->language, label),
		turn_text_in(t, x->language, "sla.in_time", TEXT_ARG("share", sla_share_text(t, f.met, f.met + f.missed)), TEXT_ARG("met", f.met),
			TEXT_ARG("ended", f.met + f.missed), TEXT_ARG("median", sla_span_text(t, f.median_s, x->language))));
}

static void add_open(const struct measure *x, struct message *m)
{
	struct sla_figures f;
	sla_figures_where(x->own, is_any, NULL, &f);
	message_fact(m, turn_text_in(x->t, x->language, "sla.own_open"),
		turn_text_in(x->t, x->language, "sla.open_figures", TEXT_ARG("open", f.open), TEXT_ARG("breached", f.breached)));
	message_fact(m, turn_text_in(x->t, x->language, "sla.team_open"),
		turn_text_in(x->t, x->language, "sla.open_figures", TEXT_ARG("open", x->team_open), TEXT_ARG("breached", x->team_breached)));
}

/* What the manager owes, the oldest first. */
static void add_owed(const struct measure *x, struct message *m)
{
	guint left = OWED_MOST;
	for (guint i = 0; i < x->own->len && left > 0; i++) {
		const struct sla_row *row = &g_array_index(x->own, struct sla_row, i);
		if (!sla_is_open(row))
			continue;
		sla_add_line(x->t, m, row, response_left_text(x->t, row->remaining_s, x->language), x->language);
		left--;
	}
}

static struct message *say(const struct measure *x)
{
	struct turn *t = x->t;
	struct message *m = message_new();
	message_title(m, turn_text_in(t, x->language, x->month ? "sla.manager_month" : "sla.manager_week", TEXT_ARG("name", x->manager->name)));
	add_plans(x, m, "stall", "sla.plans_answered");
	add_plans(x, m, "feedback", "sla.help_answered");
	if (x->standups > 0)
		message_fact(m, turn_text_in(t, x->language, "sla.standups_answered"),
			turn_text_in(t, x->language, "sla.standup_figures", TEXT_ARG("share", sla_share_text(t, x->answered, x->standups)),
				TEXT_ARG("answered", x->answered), TEXT_ARG("given", x->standups)));
	add_open(x, m);
	add_owed(x, m);
	message_context(m, turn_text_in(t, x->language, "sla.manager_first"));
	return m;
}

struct message *sla_manager_report(struct turn *t, const struct person *manager, gboolean month, enum language language)
{
	struct measure x = { .t = t, .manager = manager, .language = language, .month = month };
	count_all(&x);
	struct message *m = x.first && x.any && turn_ok(t) ? say(&x) : NULL;
	if (x.own)
		g_array_unref(x.own);
	return m;
}

/* ---- once a week ---- */

static struct ring_rules rules_of(struct turn *t, const struct team *team)
{
	const unsigned monday = 1;
	return ring_rules(t, team, TOPIC, recurrence_on_weekdays(monday, USUAL_MINUTE));
}

static const struct ring_part parts[] = {
	{ "managers", "sla.managers_rung", "sla.managers_silent" },
	{ 0 },
};

void sla_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts, .rules = rules_of(t, team), .is_managers = TRUE };
	g_array_append_val(list->lines, line);
}

static void plan(struct turn *t, const struct team *team)
{
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "managers");
	ring_bell_plan(t, &bell, "managers");
}

void sla_plan_managers(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		plan(t, *team);
}

static gboolean is_first_team(const struct turn *t, const struct team *team, const struct person *manager)
{
	for (const struct team *const *other = roster_teams(t->roster); *other != team; other++)
		if (roster_is_manager(*other, manager))
			return FALSE;
	return TRUE;
}

/* FALSE: there was nobody to tell, or nothing. */
static gboolean tell_managers(struct turn *t, const struct team *team, const char *today)
{
	int64_t until_ms = G_MAXINT64;
	gboolean told = FALSE;
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	zone_instant(team->zone, today, 1440, &until_ms);
	for (guint i = 0; i < managers->len; i++) {
		const struct person *manager = managers->pdata[i];
		struct message *m = is_first_team(t, team, manager)
					    ? sla_manager_report(t, manager, FALSE, turn_language_of(t, manager, team))
					    : NULL;
		if (m)
			turn_hint(t, team->config->workspace_name, manager, TOPIC, until_ms, m);
		told = told || m;
	}
	return told;
}

void sla_managers_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!team)
		return;
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = ring_bell_of_day(t, team, &rules, TOPIC, "managers");
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
		ring_note(t, &bell.ring, day, at_ms, tell_managers(t, team, day) ? RING_RUNG : RING_QUIET);
	plan(t, team);
}
