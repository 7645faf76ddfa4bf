/* SPDX-License-Identifier: MIT */
/* The calendar to take home: when the rituals of a team ring, and its celebrations as far as the reader may see them. */
#include "base/clock.h"
#include "celebration/celebration.h"
#include "kit/ring.h"

/* Times may change, days do not: rings are told for the coming weeks. */
enum { AHEAD_DAYS = 400, RINGS_DAYS = 60, RING_MINUTES = 15 };

/* ---- celebrations ---- */

static gboolean may_see(const struct celebration_view *view, const struct person *person)
{
	enum celebration_shown shown = celebration_shown(person);
	return shown == CELEBRATION_PUBLIC || (shown == CELEBRATION_PRIVATE && person == view->reader);
}

static void add(struct turn *t, struct feed *feed, const struct celebration_view *view, const struct celebrant *c)
{
	static const char *const texts[] = { [ANNIVERSARY_BIRTHDAY] = "celebration.feed_birthday",
		[ANNIVERSARY_WORK] = "celebration.feed_work" };
	g_autofree char *uid =
		g_strdup_printf("%s/%" G_GINT64_FORMAT "/%s", anniversary_kind_name(c->of.kind), c->person->id, c->at.date);
	feed_day(feed, uid, c->at.day, turn_text_in(t, view->language, texts[c->of.kind], TEXT_ARG("name", c->person->name),
					       TEXT_ARG("years", yearly_count(&c->of.date, c->at.date))), NULL);
}

static void add_person(struct turn *t, struct feed *feed, const struct celebration_view *view, const struct person *person)
{
	for (int kind = 0; kind < ANNIVERSARY_KINDS; kind++) {
		struct celebrant c;
		char from[ZONE_DAY_SIZE];
		memcpy(from, view->from, ZONE_DAY_SIZE);
		if (!celebration_of(t->roster, person, (enum anniversary_kind)kind, &c) || c.team != view->team)
			continue;
		while (anniversary_next(&c.of.date, &c.of.manner, c.of.zone, from, &c.at) && strcmp(c.at.day, view->to) <= 0) {
			add(t, feed, view, &c);
			zone_day_shift(c.at.day, 1, from);
		}
	}
}

static void add_celebrations(struct turn *t, struct feed *feed, const struct celebration_view *view)
{
	const GPtrArray *entries = roster_register(t->roster);
	for (guint i = 0; i < entries->len; i++) {
		const struct person *person = roster_person_of(t->roster, entries->pdata[i]);
		if (person && may_see(view, person))
			add_person(t, feed, view, person);
	}
}

/* ---- rings ---- */

/* What a ring is called: by a title of its own, a ritual's topic by its title, a round of the team's own by its name. */
static const char *title_of(struct turn *t, const struct ring_line *line, enum language language)
{
	if (line->titles[language])
		return line->titles[language];
	for (const struct ritual *const *r = t->rituals; *r; r++)
		for (const struct topic *one = (*r)->topics; one && one->name; one++)
			if (strcmp(one->name, line->topic) == 0)
				return turn_text_in(t, language, one->title);
	return line->topic;
}

static void add_ring(struct turn *t, struct feed *feed, const struct celebration_view *view, const struct ring_line *line)
{
	GTimeZone *zone = line->personal && view->reader ? roster_zone(t->roster, view->reader, view->team) : view->team->zone;
	const char *summary = turn_text_in(t, view->language, "celebration.feed_ring",
		TEXT_ARG("title", title_of(t, line, view->language)), TEXT_ARG("team", view->team->config->name));
	char last[ZONE_DAY_SIZE], day[ZONE_DAY_SIZE];
	int64_t at_ms;
	zone_day_shift(view->from, RINGS_DAYS, last);
	if (!zone_instant(zone, view->from, 0, &at_ms))
		return;
	while (ring_next(&line->rules, view->team, zone, at_ms, &at_ms)) {
		zone_day(zone, at_ms, day);
		if (strcmp(day, view->to) > 0 || strcmp(day, last) > 0)
			break;
		g_autofree char *uid = g_strdup_printf("%s/%s/%s/%s", line->ritual, line->topic, view->team->config->name, day);
		feed_time(feed, uid, at_ms, line->minutes > 0 ? line->minutes : RING_MINUTES, summary, NULL);
	}
}

static void add_rings(struct turn *t, struct feed *feed, const struct celebration_view *view)
{
	g_autoptr(GArray) lines = ring_lines(t, view->team);
	for (guint i = 0; i < lines->len; i++) {
		const struct ring_line *line = &g_array_index(lines, struct ring_line, i);
		if (!line->is_managers)
			add_ring(t, feed, view, line);
	}
}

void celebration_fill_feed(struct turn *t, struct feed *feed, const struct celebration_view *view)
{
	add_rings(t, feed, view);
	add_celebrations(t, feed, view);
}

/* ---- the command ---- */

/* All that the person may see, of each of their teams. */
static struct feed *make(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	struct feed *feed = feed_new(turn_text(t, "celebration.feed_title"), t->now_ms);
	struct celebration_view view = { turn_language(t), .reader = t->person };
	while ((view.team = roster_next_team_of(t->roster, workspace, t->person, view.team))) {
		zone_day(view.team->zone, t->now_ms, view.from);
		zone_day_shift(view.from, AHEAD_DAYS, view.to);
		celebration_fill_feed(t, feed, &view);
	}
	return feed;
}

void celebration_calendar_command(struct turn *t, const struct event *event, const char *rest)
{
	struct feed *feed = make(t);
	guint count = feed_count(feed);
	g_autoptr(GBytes) bytes = feed_end(feed);
	(void)event;
	(void)rest;
	if (count == 0) {
		turn_whisper(t, turn_text(t, "celebration.feed_empty"));
		return;
	}
	struct message *m = message_new();
	message_say(m, turn_text(t, "celebration.feed", TEXT_ARG("count", count)));
	message_document(m, "belltower.ics", bytes, turn_text(t, "celebration.feed_lost"));
	turn_tell(t, t->event->place.workspace, t->person, m);
	if (!turn_is_direct(t))
		turn_whisper(t, turn_text(t, "celebration.feed_sent"));
}
