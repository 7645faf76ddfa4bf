/* SPDX-License-Identifier: MIT */
/*
 * The managers' evening: whose trouble of the day nobody has answered, each with a button; nothing when all are. And what became
 * of it over a month: how many were answered, and how fast. Both are for the managers alone.
 */
#include "standup/standup.h"

#include "base/clock.h"
#include "base/zone.h"

/* A list that is late by more is yesterday's. */
#define EVENING_GRACE_MS HOURS(2)

#define TOPIC "feedback"
#define JOB   "evening"

enum { LIST_MOST = 15 };

/* ---- when ---- */

/* On the standup's days, which a manager may have moved, at a minute of its own. */
static struct ring_rules rules_of(struct turn *t, const struct team *team)
{
	struct ring_rules rules = standup_round(t, team).rules;
	for (guint i = 0; i < rules.count; i++)
		rules.of[i].rule = (gconstpointer)turn_keep(t, (char *)recurrence_at(rules.of[i].rule, team->config->standup.feedback_minute));
	return rules;
}

static struct ring_bell bell_of(const struct team *team, const struct ring_rules *rules, const struct person *manager)
{
	return (struct ring_bell){
		.ring = { .topic = TOPIC, .team = team, .person = manager, .part = JOB },
		.rules = rules,
		.zone = team->zone,
		.grace_ms = EVENING_GRACE_MS,
	};
}

static gboolean has_evening(const struct team *team)
{
	return team && team->config->standup.enabled && team->config->standup.feedback_minute >= 0;
}

void standup_plan_evening(struct turn *t, const struct team *team)
{
	if (!has_evening(team))
		return;
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = bell_of(team, &rules, NULL);
	ring_bell_plan(t, &bell, JOB);
}

static const struct ring_part parts[] = {
	{ JOB, "standup.evening_rung", "standup.evening_silent" },
	{ 0 },
};

/* Its days are the standup's, and are moved with it: it has no rules of its own. */
void standup_evening_rings(const struct team *team, struct ring_list *list)
{
	const struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts, .is_managers = TRUE };
	if (has_evening(team))
		g_array_append_val(list->lines, line);
}

/* ---- the list ---- */

static guint count_answered(const GArray *all)
{
	guint answered = 0;
	for (guint i = 0; i < all->len; i++)
		answered += g_array_index(all, struct standup_troubled, i).answered_ms ? 1 : 0;
	return answered;
}

static void add_blocker_buttons(struct turn *t, struct message *m, const struct team *team, const struct standup_troubled *s,
	const GArray *blockers, enum language language)
{
	for (guint k = 0; k < 3; k++)
		if (standup_is_trouble(s->format, k) && *s->fields[k] && !standup_blocker_of(blockers, s->person, k, s->fields[k]))
			standup_blocker_button(t, m, team, s->day, s->person, s->format, k, language);
}

static struct message *list_of(struct turn *t, const struct team *team, const char *day, const struct person *manager, const GArray *all)
{
	enum language language = turn_language_of(t, manager, team);
	g_autoptr(GArray) standing = standup_standing_of(t, team, day), blockers = standup_blockers_of(t, team, day);
	struct message *m = message_new();
	guint answered = count_answered(all), shown = 0;
	message_title(m, turn_text_in(t, language, "standup.evening_title", TEXT_ARG("team", team->config->name),
			 TEXT_ARG("day", turn_day_text(t, day, language))));
	for (guint i = 0; i < all->len; i++) {
		const struct standup_troubled *s = &g_array_index(all, struct standup_troubled, i);
		if (s->answered_ms || s->person == manager || shown++ >= LIST_MOST)
			continue;
		standup_write_trouble_of(t, m, team, s, standing, language);
		standup_write_due(t, m, team, s, language);
		standup_reply_button(t, m, team, day, s->person, language);
		add_blocker_buttons(t, m, team, s, blockers, language);
	}
	if (shown > LIST_MOST)
		message_say(m, turn_text_in(t, language, "standup.evening_more", TEXT_ARG("count", shown - LIST_MOST)));
	message_context(m, turn_text_in(t, language, "standup.evening_note", TEXT_ARG("all", all->len), TEXT_ARG("answered", answered)));
	if (shown == 0)
		g_clear_pointer(&m, message_free);
	return m;
}

/* What becomes of that day's list for a manager. */
static enum ring_outcome tell(struct turn *t, const struct team *team, const char *day, const struct person *manager)
{
	int64_t until_ms = G_MAXINT64;
	zone_instant(team->zone, day, 24 * 60, &until_ms);
	g_autoptr(GArray) all = standup_troubled_of(t, team, day, day);
	struct message *m = list_of(t, team, day, manager, all);
	if (!m)
		return count_answered(all) > 0 ? RING_ANSWERED : RING_QUIET;
	return ring_outcome_of(turn_nudge(t, team->config->workspace_name, manager, TOPIC, until_ms, m));
}

/* To each manager a ring of their own: whoever has had it does not hear it again when the standup is moved in the evening. */
void standup_evening_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!has_evening(team))
		return;
	struct ring_rules rules = rules_of(t, team);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++) {
		struct ring_bell bell = bell_of(team, &rules, managers->pdata[i]);
		if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms))
			ring_note(t, &bell.ring, day, at_ms, tell(t, team, day, managers->pdata[i]));
	}
	standup_plan_evening(t, team);
}

/* ---- a decision is asked for ---- */

static struct message *call_of(struct turn *t, const struct team *team, const struct standup_troubled *s, const GArray *standing, enum language language)
{
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "standup.call_title", TEXT_ARG("name", s->person->name)));
	standup_write_trouble_of(t, m, team, s, standing, language);
	standup_reply_button(t, m, team, s->day, s->person, language);
	return m;
}

void standup_call_managers(struct turn *t, const struct team *team, const char *day, const struct person *person)
{
	g_autoptr(GArray) all = standup_troubled_of(t, team, day, day), standing = standup_standing_of(t, team, day);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < all->len; i++) {
		const struct standup_troubled *s = &g_array_index(all, struct standup_troubled, i);
		for (guint k = 0; s->person == person && k < managers->len; k++) {
			const struct person *manager = managers->pdata[k];
			if (manager != t->person)
				turn_nudge(t, team->config->workspace_name, manager, TOPIC, G_MAXINT64,
					call_of(t, team, s, standing, turn_language_of(t, manager, team)));
		}
	}
}

/* ---- the month ---- */

static gint by_length(gconstpointer a, gconstpointer b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* "3 h 20 min", "45 min". */
static const char *length_text(struct turn *t, int64_t ms)
{
	int64_t minutes = (ms + MINUTES(1) - 1) / MINUTES(1);
	return minutes < 60 ? turn_text(t, "standup.minutes", TEXT_ARG("minutes", minutes))
			    : turn_text(t, "standup.hours", TEXT_ARG("hours", minutes / 60), TEXT_ARG("minutes", minutes % 60));
}

/* The time from each answered standup to its first answer, shortest first. */
static GArray *lengths_of(const GArray *all)
{
	GArray *lengths = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = 0; i < all->len; i++) {
		const struct standup_troubled *s = &g_array_index(all, struct standup_troubled, i);
		int64_t length_ms = MAX(s->answered_ms - s->posted_ms, 0);
		if (s->answered_ms)
			g_array_append_val(lengths, length_ms);
	}
	g_array_sort(lengths, by_length);
	return lengths;
}

/* month: its first day. */
static void write_month(struct turn *t, struct message *m, const struct team *team, const char *month)
{
	g_autofree char *to = g_strdup_printf("%.7s-31", month), *label = g_strndup(month, strlen("2026-03"));
	g_autoptr(GArray) all = standup_troubled_of(t, team, month, to), lengths = lengths_of(all);
	if (all->len == 0) {
		message_fact(m, label, turn_text(t, "standup.month_none"));
		return;
	}
	const char *share = turn_text(t, "standup.month_share", TEXT_ARG("answered", lengths->len), TEXT_ARG("all", all->len),
		TEXT_ARG("share", lengths->len * 100 / all->len));
	const char *speed = "";
	if (lengths->len)
		speed = turn_text(t, "standup.month_speed",
			TEXT_ARG("median", length_text(t, g_array_index(lengths, int64_t, (lengths->len - 1) / 2))),
			TEXT_ARG("slowest", length_text(t, g_array_index(lengths, int64_t, lengths->len - 1))));
	message_fact(m, label, turn_keep(t, g_strconcat(share, speed, NULL)));
}

static void tell_team(struct turn *t, const struct team *team)
{
	char month[ZONE_DAY_SIZE], before[ZONE_DAY_SIZE];
	zone_day(team->zone, t->now_ms, month);
	memcpy(month + strlen("2026-03-"), "01", 2);
	zone_day_shift(month, -1, before);
	memcpy(before + strlen("2026-02-"), "01", 2);
	struct message *m = message_new();
	message_title(m, turn_text(t, "standup.feedback_title", TEXT_ARG("team", team->config->name)));
	write_month(t, m, team, month);
	write_month(t, m, team, before);
	message_context(m, turn_text(t, "standup.feedback_note"));
	turn_private(t, m);
}

void standup_tell_feedback(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *here = roster_team_at(t->roster, event->place.workspace, event->place.channel);
	gboolean any = FALSE;
	(void)rest;
	for (const struct team *team = NULL; (team = roster_next_team_of(t->roster, event->place.workspace, t->person, team));) {
		if (!team->config->standup.enabled || !turn_is_manager(t, team) || (here && team != here))
			continue;
		tell_team(t, team);
		any = TRUE;
	}
	if (!any)
		turn_whisper(t, turn_text(t, "standup.feedback_managers_only"));
}
