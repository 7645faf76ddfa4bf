/* SPDX-License-Identifier: MIT */
#include "workdays/workdays.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/zone.h"
#include "workdays_texts.h"

enum {
	SHOWN = 12,		/* days that differ from the week */
	LOOK_AHEAD_DAYS = 400,
	WEEK = 7,
	WORD_MINUTE = 10 * 60,	/* on the first working day of a week, in the team's zone */
};

/* ---- the next days ---- */

static const char *line_of(struct turn *t, const struct calendar *calendar, const char *day)
{
	const char *name = calendar_day_name(calendar, day), *when = turn_day_text(t, day, turn_language(t));
	const char *line = calendar_is_working_day(calendar, day) ? turn_text(t, "workdays.works", TEXT_ARG("day", when))
								  : turn_text(t, "workdays.off", TEXT_ARG("day", when));
	return name ? turn_text(t, "workdays.named", TEXT_ARG("line", line), TEXT_ARG("name", name)) : line;
}

static void add_days(struct turn *t, struct message *m, const struct calendar *calendar)
{
	char day[ZONE_DAY_SIZE];
	zone_day(calendar_zone(calendar), t->now_ms, day);
	for (int i = 0, shown = 0; shown < SHOWN && i < LOOK_AHEAD_DAYS; i++, zone_day_shift(day, 1, day)) {
		if (!calendar_is_exception(calendar, day))
			continue;
		message_item(m, line_of(t, calendar, day));
		shown++;
	}
}

static void show(struct turn *t, const struct event *event, const char *rest)
{
	const struct calendar *calendar = t->team ? t->team->config->calendar : NULL;
	(void)event;
	(void)rest;
	if (!calendar) {
		turn_whisper(t, turn_text(t, t->team ? "workdays.plain" : "workdays.no_team"));
		return;
	}
	struct message *m = message_new();
	message_title(m, turn_text(t, "workdays.title", TEXT_ARG("team", t->team->config->name)));
	add_days(t, m, calendar);
	if (calendar_known_until(calendar))
		message_context(m, turn_text(t, "workdays.known_until", TEXT_ARG("day", calendar_known_until(calendar))));
	turn_private(t, m);
}

/* ---- a word in good time ---- */

static gboolean ends_soon(struct turn *t, const struct team *team)
{
	char today[ZONE_DAY_SIZE];
	zone_day(team->zone, t->now_ms, today);
	return team->config->calendar && calendar_ends_soon(team->config->calendar, today);
}

static void log_ending(const struct team *team)
{
	log_warning("the calendar does not know the days off after that: bring it up to date", "team", team->config->name, "calendar",
		calendar_name(team->config->calendar), "until", calendar_known_until(team->config->calendar));
}

/* Ten o'clock on the first working day of the week that begins on that Monday. */
static int64_t word_ms(const struct team *team, const char *monday)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms = 0;
	g_strlcpy(day, monday, sizeof day);
	for (int i = 0; i < WEEK && !calendar_is_working_day(team->config->calendar, day); i++)
		zone_day_shift(day, 1, day);
	zone_instant(team->zone, day, WORD_MINUTE, &due_ms);
	return due_ms;
}

static void plan(struct turn *t, const struct team *team)
{
	char monday[ZONE_DAY_SIZE];
	zone_day(team->zone, t->now_ms, monday);
	zone_day_shift(monday, 1 - zone_weekday(monday), monday);
	while (word_ms(team, monday) <= t->now_ms)
		zone_day_shift(monday, WEEK, monday);
	turn_schedule_once(t, "look", team->config->name, word_ms(team, monday));
}

static void start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		if (ends_soon(t, *team))
			log_ending(*team);
		if ((*team)->config->calendar)
			plan(t, *team);
	}
}

static void tell_manager(struct turn *t, const struct team *team, const struct person *manager)
{
	enum language language = turn_language_of(t, manager, team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "workdays.ends", TEXT_ARG("team", team->config->name),
			       TEXT_ARG("day", calendar_known_until(team->config->calendar))));
	turn_hint(t, team->config->workspace_name, manager, "workdays", t->now_ms + DAYS(6), m);
}

static void look_due(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	if (!team || !team->config->calendar)
		return;
	plan(t, team);
	if (!ends_soon(t, team))
		return;
	log_ending(team);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++)
		tell_manager(t, team, managers->pdata[i]);
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "workdays", "放假", NULL },
		.help = "workdays.help",
		.only_tells = TRUE,
		.run = show },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "look", .run = look_due },
	{ 0 },
};

static const struct topic topics[] = {
	{ "workdays", "workdays.topic", NULL },
	{ 0 },
};

const struct ritual ritual_workdays = {
	.name = "workdays",
	.title = "workdays.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_workdays,
	.start = start,
};
