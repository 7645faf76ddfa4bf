/* SPDX-License-Identifier: MIT */
#include "sla/sla.h"

#include "base/clock.h"
#include "base/zone.h"
#include "sla_texts.h"

/* What the words of a report ask for. */
struct question {
	const struct team *team;
	const struct person *owner;
	gboolean month;
	const char *wrong; /* a word that means nothing; NULL: none */
};

static void read_word(struct turn *t, struct question *q, const char *word)
{
	static const char *const weeks[] = { "week", "周", "本周", NULL }, *const months[] = { "month", "月", "本月", NULL };
	const struct team *team = roster_team(t->roster, word);
	const struct person *owner = *word == '@' || g_str_has_prefix(word, "<@") ? roster_find(t->roster, t->event->place.workspace, word) : NULL;
	if (g_strv_contains(weeks, word))
		q->month = FALSE;
	else if (g_strv_contains(months, word))
		q->month = TRUE;
	else if (owner)
		q->owner = owner;
	else if (team)
		q->team = team;
	else
		q->wrong = word;
}

/* The last seven or thirty days, with today. */
static int64_t since(const struct turn *t, const struct team *team, gboolean month)
{
	char day[ZONE_DAY_SIZE];
	int64_t from_ms = t->now_ms;
	zone_day(team->zone, t->now_ms, day);
	zone_day_shift(day, month ? -29 : -6, day);
	zone_instant(team->zone, day, 0, &from_ms);
	return from_ms;
}

/* A team's figures are its members' and managers'; a person's are theirs and their managers'. */
static gboolean may_see(const struct turn *t, const struct question *q)
{
	if (q->owner && q->owner != t->person)
		return turn_leads(t, q->owner);
	return roster_is_member(q->team, t->person) || turn_is_manager(t, q->team);
}

static void report(struct turn *t, const struct event *event, const char *rest)
{
	struct question q = { .team = t->team };
	(void)event;
	while (*rest && !q.wrong)
		read_word(t, &q, turn_next_word(t, &rest));
	if (q.wrong)
		turn_whisper(t, turn_text(t, "sla.how", TEXT_ARG("word", q.wrong)));
	else if (!q.team)
		turn_whisper(t, turn_text(t, "sla.no_team"));
	else if (!may_see(t, &q))
		turn_whisper(t, turn_text(t, "sla.not_yours"));
	else
		turn_private(t, sla_report(t, q.team, q.owner, since(t, q.team, q.month), t->now_ms + 1, !q.month));
}

static void explain(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	struct message *m = sla_explain(t, g_ascii_strtoll(*rest == '#' ? rest + 1 : rest, NULL, 10));
	if (m)
		turn_private(t, m);
	else
		turn_whisper(t, turn_text(t, "sla.no_such"));
}

static const struct command subs[] = {
	{ .words = (const char *const[]){ "explain", "说明", NULL }, .help = "sla.help_explain", .only_tells = TRUE, .run = explain },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "sla", "时效", NULL }, .help = "sla.help", .only_tells = TRUE, .run = report, .subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = { { 0 } };

const struct ritual ritual_sla = {
	.name = "sla",
	.title = "sla.help_title",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_sla,
};
