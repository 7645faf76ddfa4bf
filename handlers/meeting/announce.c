/* SPDX-License-Identifier: MIT */
/* The announcement: what, when, where, the agenda, and a file for everybody's own calendar. */
#include "meeting/meeting.h"

#include "base/clock.h"
#include "kit/feed.h"

/* Text keys; a meeting of another kind is called by its name. */
static const struct kind {
	const char *name, *title, *agenda;
} kinds[] = {
	{ "review", "meeting.title_review", "meeting.agenda_review" },
	{ "strategy", "meeting.title_strategy", "meeting.agenda_strategy" },
	{ "clinic", "meeting.title_clinic", "meeting.agenda_clinic" },
	{ "tea", "meeting.title_tea", "meeting.agenda_tea" },
	{ "other", NULL, "meeting.agenda_other" },
};

static const struct kind *kind_of(const struct meeting *m)
{
	const struct kind *kind = kinds;
	while (strcmp(kind->name, m->config->kind) != 0)
		kind++;
	return kind;
}

const char *meeting_title(struct turn *t, const struct meeting *m, enum language language)
{
	const char *title = config_words_in(&m->config->title, language), *usual = kind_of(m)->title;
	if (title)
		return title;
	return usual ? turn_text_in(t, language, usual) : m->config->name;
}

void meeting_put_link(struct turn *t, struct message *out, const struct meeting *m, enum language language)
{
	if (!m->config->link)
		return;
	message_paragraph(out);
	message_link(out, m->config->link, turn_text_in(t, language, "meeting.link"));
}

const char *meeting_when(struct turn *t, const struct meeting *m, enum language language)
{
	struct zone_time local;
	zone_local(m->team->zone, m->at_ms, &local);
	g_autofree char *time = g_strdup_printf("%02d:%02d", local.hour, local.minute);
	return turn_text_in(t, language, "meeting.when", TEXT_ARG("day", turn_day_text(t, m->day, language)), TEXT_ARG("time", (const char *)time),
		TEXT_ARG("zone", m->team->config->zone), TEXT_ARG("minutes", m->config->minutes));
}

/* Its points, one a line; the caller frees. */
static char *agenda(struct turn *t, const struct meeting *m, enum language language)
{
	return m->config->agenda ? g_strjoinv("\n", m->config->agenda) : g_strdup(turn_text_in(t, language, kind_of(m)->agenda));
}

static GBytes *calendar_file(struct turn *t, const struct meeting *m, const char *points, enum language language)
{
	const char *title = meeting_title(t, m, language), *link = m->config->link ? m->config->link : "";
	g_autofree char *uid = g_strdup_printf("meeting/%s/%s/%s", m->team->config->name, m->config->name, m->day);
	g_autofree char *text = g_strconcat(points, *link ? "\n" : "", link, NULL);
	struct feed *feed = feed_new(title, t->now_ms);
	feed_time(feed, uid, m->at_ms, m->config->minutes, title, text);
	return feed_end(feed);
}

static void put_theme(struct turn *t, struct message *out, const struct meeting *m, enum language language)
{
	const char *theme = m->config->themes ? meeting_theme(t, m) : NULL;
	if (m->config->themes)
		message_say(out, theme ? turn_text_in(t, language, "meeting.theme", TEXT_ARG("theme", theme))
				       : turn_text_in(t, language, "meeting.themes_used"));
}

struct message *meeting_announcement(struct turn *t, const struct meeting *m)
{
	enum language language = turn_team_language(t, m->team);
	g_autofree char *points = agenda(t, m, language), *file = g_strdup_printf("%s.ics", m->config->name);
	g_auto(GStrv) items = g_strsplit(points, "\n", -1);
	g_autoptr(GBytes) calendar = calendar_file(t, m, points, language);
	struct message *out = message_new();
	message_title(out, turn_text_in(t, language, "meeting.announced", TEXT_ARG("title", meeting_title(t, m, language)),
				   TEXT_ARG("team", m->team->config->name)));
	message_say(out, meeting_when(t, m, language));
	put_theme(t, out, m, language);
	for (char **item = items; *item; item++)
		message_item(out, *item);
	meeting_put_link(t, out, m, language);
	message_document(out, file, calendar, turn_text_in(t, language, "meeting.file_lost"));
	return out;
}
