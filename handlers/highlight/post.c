/* SPDX-License-Identifier: MIT */
/* The day's post: one a day at most, on working days, and shown anew when it is applauded. */
#include "highlight/parts.h"

#include "base/clock.h"
#include "base/zone.h"
#include "highlight_texts.h"

#define TOPIC "highlight"

/* A post that is late by more waits for the next day's. */
#define SHARE_GRACE_MS HOURS(4)

/* Applause that comes later is counted, but nobody looks at the post any more. */
enum { POST_LIVES_DAYS = 14 };

/* What platforms let stand under a card, and people still find. */
enum { BUTTON_LIMIT = 20, PICTURE_LIMIT = 10 };

/* ---- when ---- */

static struct ring_rules rules_of(struct turn *t, const struct team *team)
{
	const struct recurrence *usual = team->config->highlights;
	int minute = recurrence_minute(usual);
	/* A time alone is on working days. */
	return ring_rules(t, team, TOPIC,
		recurrence_is_time(usual) ? recurrence_on_weekdays(CONFIG_WORKDAYS, minute) : recurrence_at(usual, minute));
}

static struct ring_bell bell_of(const struct team *team, const struct ring_rules *rules)
{
	return (struct ring_bell){
		.ring = { .topic = TOPIC, .team = team, .part = "share" }, .rules = rules, .zone = team->zone, .grace_ms = SHARE_GRACE_MS };
}

const char *highlight_time(struct turn *t, const struct team *team)
{
	struct ring_rules rules = rules_of(t, team);
	struct zone_time local;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!ring_next(&rules, team, team->zone, t->now_ms, &at_ms))
		return turn_text(t, "highlight.next_time");
	zone_local(team->zone, at_ms, &local);
	zone_day(team->zone, at_ms, day);
	const char *time = turn_keep(t, g_strdup_printf("%02d:%02d", local.hour, local.minute));
	if (strcmp(day, turn_day(t, NULL, team, t->now_ms)) == 0)
		return time;
	return turn_text(t, "highlight.day_time", TEXT_ARG("day", turn_day_text(t, day, turn_language(t))), TEXT_ARG("time", time));
}

gboolean highlight_is_shared_on(struct turn *t, const struct team *team, const char *day)
{
	struct ring_rules rules = rules_of(t, team);
	return ring_day(&rules, team, day, NULL) == RECURRENCE_RINGS;
}

void highlight_plan(struct turn *t, const struct team *team)
{
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = bell_of(team, &rules);
	ring_bell_plan(t, &bell, "share");
}

void highlight_note(struct turn *t, const struct team *team, const struct person *person, const char *part, const char *day, int64_t at_ms,
	enum ring_outcome outcome)
{
	ring_note(t, &(struct ring){ TOPIC, team, person, part }, day, at_ms, outcome);
}

static const struct ring_part parts[] = {
	{ "share", "highlight.shared", "highlight.not_shared" },
	{ "week", "highlight.shared_week", "highlight.not_shared_week" },
	{ "month", "highlight.shared_month", "highlight.not_shared_month" },
	{ "morning", "highlight.told", "highlight.not_told" },
	{ 0 },
};

void highlight_rings(struct turn *t, const struct team *team, struct ring_list *list)
{
	if (!highlight_team_has(team))
		return;
	const struct ring_line line = { .id = team->config->name, .topic = TOPIC, .parts = parts, .rules = rules_of(t, team) };
	g_array_append_val(list->lines, line);
}

/* ---- what ---- */

static const char *number_mark(struct turn *t, int number, gboolean alone)
{
	return alone ? "" : turn_keep(t, g_strconcat(highlight_number(t, number), " ", NULL));
}

static void put_picture(struct turn *t, struct message *m, const struct highlight *h, enum language language)
{
	const struct person *whose = roster_person_by_id(t->roster, h->whose);
	message_kept_picture(m, h->picture, turn_text_in(t, language, "highlight.picture", TEXT_ARG("name", whose ? whose->name : "?")),
		turn_text_in(t, language, "highlight.picture_lost"));
}

/* The day's, as many as there is room for; how many there are. */
static guint put_all(struct turn *t, struct message *m, const struct team *team, const char *day, gboolean alone,
	enum language language)
{
	guint count = 0, left_out = 0, pictures = 0;
	glong room = HIGHLIGHT_POST_LIMIT;
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_POST, ARG_TEXT(team->config->name), ARG_TEXT(day));
	for (; db_next(rows); count++) {
		struct highlight h = highlight_read(rows);
		room -= highlight_length(&h);
		if (room <= 0) {
			left_out++;
			continue;
		}
		highlight_put(t, m, team, &h, number_mark(t, h.number, alone), language);
		if (h.picture && pictures++ < PICTURE_LIMIT)
			put_picture(t, m, &h, language);
	}
	turn_end(t, rows);
	if (left_out > 0)
		message_context(m, turn_text_in(t, language, "highlight.more", TEXT_ARG("count", left_out)));
	return count;
}

static void put_buttons(struct turn *t, struct message *m, const struct team *team, const char *day, gboolean alone,
	enum language language)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_POST, ARG_TEXT(team->config->name), ARG_TEXT(day));
	for (guint i = 0; i < BUTTON_LIMIT && db_next(rows); i++) {
		struct highlight h = highlight_read(rows);
		highlight_put_button(t, m, &h, alone, language);
	}
	turn_end(t, rows);
}

static guint count_of(struct turn *t, const struct team *team, const char *day)
{
	guint count = 0;
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_POST, ARG_TEXT(team->config->name), ARG_TEXT(day));
	while (db_next(rows))
		count++;
	turn_end(t, rows);
	return count;
}

/* NULL: the day has nothing to show. */
static struct message *post_of(struct turn *t, const struct team *team, const char *day)
{
	enum language language = turn_team_language(t, team);
	guint count = count_of(t, team, day);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "highlight.title", TEXT_ARG("team", team->config->name)));
	message_fallback(m, turn_text_in(t, language, "highlight.fallback", TEXT_ARG("count", count)));
	put_all(t, m, team, day, count == 1, language);
	put_buttons(t, m, team, day, count == 1, language);
	gboolean has_week = highlight_put_week(t, m, team, day, language);
	message_context(m, turn_text_in(t, language, count > 1 ? "highlight.applaud_many" : "highlight.applaud"));
	if (count == 0 && !has_week)
		g_clear_pointer(&m, message_free);
	return m;
}

static const char *post_name(struct turn *t, const struct team *team, const char *day)
{
	return turn_keep(t, g_strdup_printf("highlight/day/%s/%s", team->config->name, day));
}

/* FALSE: the day has nothing to show. */
static gboolean post(struct turn *t, const struct team *team, const char *day)
{
	turn_exec(t, &SQL_HIGHLIGHT_NUMBER, ARG_TEXT(team->config->name));
	turn_exec(t, &SQL_HIGHLIGHT_SHARE, ARG_TEXT(team->config->name), ARG_TEXT(day));
	gboolean shared = turn_changes(t) > 0;
	struct message *m = post_of(t, team, day);
	if (m)
		turn_post(t, team, post_name(t, team, day), m);
	if (shared)
		highlight_plan_morning(t, team, day);
	return m != NULL;
}

/* A second post on a busy day would be noise, and one on a day off disturbs: what comes then waits. */
void highlight_share(struct turn *t, const struct event *event)
{
	const struct team *team = roster_team(t->roster, event->value);
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!highlight_team_has(team))
		return;
	struct ring_rules rules = rules_of(t, team);
	struct ring_bell bell = bell_of(team, &rules);
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms)) {
		highlight_look_back(t, team, day, at_ms);
		highlight_note(t, team, NULL, "share", day, at_ms, post(t, team, day) ? RING_RUNG : RING_QUIET);
		highlight_post_month(t, team, day, at_ms);
	}
	highlight_plan(t, team);
}

/* ---- anew ---- */

void highlight_touch_post(struct turn *t, const struct team *team, const char *day, int64_t delay_ms)
{
	char until[ZONE_DAY_SIZE];
	zone_day_shift(day, POST_LIVES_DAYS, until);
	if (strcmp(turn_day(t, NULL, team, t->now_ms), until) > 0)
		return;
	g_autofree char *key = g_strdup_printf("%s %s", team->config->name, day);
	turn_schedule_once(t, "show", key, t->now_ms + delay_ms);
}

/* The key "TEAM day" (a day has no blank): its team, when it still shares highlights, and the day; NULL. */
static const struct team *team_of_key(struct turn *t, const char *key, const char **day)
{
	const char *blank = strrchr(key, ' ');
	if (!blank || !zone_day_is_valid(blank + 1))
		return NULL;
	*day = blank + 1;
	const struct team *team = roster_team(t->roster, turn_keep(t, g_strndup(key, (gsize)(blank - key))));
	return highlight_team_has(team) ? team : NULL;
}

void highlight_show_post(struct turn *t, const struct event *event)
{
	const char *day;
	const struct team *team = team_of_key(t, event->value, &day);
	if (!team)
		return;
	struct message *m = post_of(t, team, day);
	if (!m) {
		m = message_new();
		message_say(m, turn_text_in(t, turn_team_language(t, team), "highlight.emptied"));
	}
	turn_show(t, team, post_name(t, team, day), m);
}
