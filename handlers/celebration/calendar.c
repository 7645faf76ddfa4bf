/* SPDX-License-Identifier: MIT */
/* The calendar to take home: celebrations of the coming time as an .ics file, as far as the reader may see them. */
#include "celebration/celebration.h"

enum { AHEAD_DAYS = 400 };

static gboolean may_see(const struct celebration_view *view, const struct person *person)
{
	enum celebration_shown shown = celebration_shown(person);
	return shown == CELEBRATION_PUBLIC || (shown == CELEBRATION_PRIVATE && person == view->reader);
}

static void add(struct feed *feed, const struct celebration_view *view, const struct celebrant *c)
{
	static const char *const texts[] = { [ANNIVERSARY_BIRTHDAY] = "celebration.feed_birthday",
		[ANNIVERSARY_WORK] = "celebration.feed_work" };
	g_autofree char *summary = texts_format(view->texts, view->language, texts[c->of.kind], TEXT_ARG("name", c->person->name),
		TEXT_ARG("years", yearly_count(&c->of.date, c->at.date)));
	g_autofree char *uid =
		g_strdup_printf("%s/%" G_GINT64_FORMAT "/%s", anniversary_kind_name(c->of.kind), c->person->id, c->at.date);
	feed_day(feed, uid, c->at.day, summary, NULL);
}

static void add_person(struct feed *feed, const struct celebration_view *view, const struct person *person)
{
	for (int kind = 0; kind < ANNIVERSARY_KINDS; kind++) {
		struct celebrant c;
		char from[ZONE_DAY_SIZE];
		memcpy(from, view->from, ZONE_DAY_SIZE);
		if (!celebration_of(view->roster, person, (enum anniversary_kind)kind, &c) || (view->team && c.team != view->team))
			continue;
		while (anniversary_next(&c.of.date, &c.of.manner, c.of.zone, from, &c.at) && strcmp(c.at.day, view->to) <= 0) {
			add(feed, view, &c);
			zone_day_shift(c.at.day, 1, from);
		}
	}
}

void celebration_fill_feed(struct feed *feed, const struct celebration_view *view)
{
	const GPtrArray *entries = roster_register(view->roster);
	for (guint i = 0; i < entries->len; i++) {
		const struct person *person = roster_person_of(view->roster, entries->pdata[i]);
		if (person && may_see(view, person))
			add_person(feed, view, person);
	}
}

/* ---- the command ---- */

/* All that the person may see, of each of their teams. */
static struct feed *make(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	struct feed *feed = feed_new(turn_text(t, "celebration.feed_title"), t->now_ms);
	struct celebration_view view = { t->roster, t->texts, turn_language(t), .reader = t->person };
	while ((view.team = roster_next_team_of(t->roster, workspace, t->person, view.team))) {
		zone_day(view.team->zone, t->now_ms, view.from);
		zone_day_shift(view.from, AHEAD_DAYS, view.to);
		celebration_fill_feed(feed, &view);
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
