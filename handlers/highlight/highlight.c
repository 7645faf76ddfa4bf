/* SPDX-License-Identifier: MIT */
#include "highlight/parts.h"

#include "base/zone.h"
#include "highlight_texts.h"

enum { LINK_LABEL = 60 }; /* characters */

/* ---- what all files use ---- */

struct highlight highlight_read(struct db_rows *rows)
{
	return (struct highlight){ .id = db_int(rows, 0),
		.person = db_int(rows, 1),
		.whose = db_int(rows, 2),
		.text = db_text(rows, 3),
		.origin = (enum highlight_origin)db_int(rows, 4),
		.gift = db_int(rows, 5) != 0,
		.number = (int)db_int(rows, 6),
		.day = db_text(rows, 7),
		.link = db_text(rows, 8),
		.picture = db_text(rows, 9),
		.voices = (int)db_int(rows, 10) };
}

gboolean highlight_team_has(const struct team *team)
{
	return team && team->config->highlights;
}

const struct team *highlight_team(struct turn *t)
{
	const char *workspace = t->event->place.workspace;
	const struct team *team = roster_team_at(t->roster, workspace, t->event->place.channel);
	if (highlight_team_has(team))
		return team;
	for (team = NULL; (team = roster_next_team_of(t->roster, workspace, t->person, team));)
		if (highlight_team_has(team))
			return team;
	return NULL;
}

gboolean highlight_works(const struct team *team, const char *day)
{
	const struct calendar *calendar = team->config->calendar;
	return calendar ? calendar_is_working_day(calendar, day) : zone_weekday(day) <= 5;
}

/* ---- a line of it ---- */

static const char *name_of(struct turn *t, gint64 person)
{
	const struct person *p = roster_person_by_id(t->roster, person);
	return p ? p->name : "?";
}

static const char *heading(struct turn *t, const struct highlight *h, enum language language)
{
	const char *name = name_of(t, h->person), *whose = name_of(t, h->whose);
	if (h->person == h->whose || h->origin == HIGHLIGHT_STAR)
		return turn_text_in(t, language, "highlight.by", TEXT_ARG("name", whose));
	return turn_text_in(t, language, h->gift ? "highlight.gift_by" : "highlight.thanks_by", TEXT_ARG("name", name),
		TEXT_ARG("whose", whose));
}

const char *highlight_words(struct turn *t, const struct team *team, const char *text)
{
	return turn_literal(t, turn_readable(t, team->config->workspace_name, text));
}

/* An address as people read it: without what it begins with, and not too long. */
static const char *address_label(struct turn *t, const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	if (g_utf8_strlen(host, -1) <= LINK_LABEL)
		return host;
	g_autofree char *begin = g_utf8_substring(host, 0, LINK_LABEL - 1);
	return turn_keep(t, g_strconcat(begin, "…", NULL));
}

/* Somebody's words, with their links: under its own address each, so that nobody can hide where one leads. */
static void put_words(struct turn *t, struct message *m, const struct team *team, const char *text)
{
	const char *at = text, *begin;
	while ((begin = strstr(at, "<http"))) {
		const char *end = begin + strcspn(begin, ">\n");
		if (*end != '>')
			break;
		g_autofree char *before = g_strndup(at, (gsize)(begin - at));
		g_autofree char *url = g_strndup(begin + 1, MIN(strcspn(begin + 1, "|"), (gsize)(end - begin - 1)));
		message_plain(m, highlight_words(t, team, before));
		message_link(m, turn_literal(t, url), address_label(t, turn_literal(t, url)));
		at = end + 1;
	}
	message_plain(m, highlight_words(t, team, at));
}

void highlight_put(struct turn *t, struct message *m, const struct team *team, const struct highlight *h, const char *mark,
	enum language language)
{
	message_paragraph(m);
	message_plain(m, mark);
	message_bold(m, heading(t, h, language));
	message_plain(m, "\n");
	put_words(t, m, team, h->text);
	if (h->origin == HIGHLIGHT_STAR && h->person != h->whose)
		message_quiet(m, turn_text_in(t, language, "highlight.starred", TEXT_ARG("name", name_of(t, h->person))));
	if (h->link) {
		message_plain(m, " ");
		message_link(m, h->link, turn_text_in(t, language, "highlight.original"));
	}
	if (h->voices > 0)
		message_plain(m, turn_text_in(t, language, "highlight.voices", TEXT_ARG("count", h->voices)));
}

glong highlight_length(const struct highlight *h)
{
	return g_utf8_strlen(h->text, -1) + 60;
}

const char *highlight_number(struct turn *t, int number)
{
	return turn_keep(t, g_strdup_printf(number < 10 ? "%d\uFE0F\u20E3" : "%d.", number));
}

void highlight_put_button(struct turn *t, struct message *m, const struct highlight *h, gboolean alone, enum language language)
{
	g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, h->id);
	const char *label = alone ? turn_text_in(t, language, "highlight.clap")
				  : turn_text_in(t, language, "highlight.clap_number", TEXT_ARG("number", highlight_number(t, h->number)));
	message_button(m, "highlight.clap", value, label, MESSAGE_PLAIN);
}

/* ---- saying ---- */

/* "@bo for the offer": moves over the name. */
static const struct person *read_whose(struct turn *t, const char **rest)
{
	size_t length = strcspn(*rest, " \t\n");
	if (**rest != '@' && !g_str_has_prefix(*rest, "<@"))
		return t->person;
	g_autofree char *word = g_strndup(*rest, length);
	const struct person *found = roster_find(t->roster, t->event->place.workspace, word);
	const char *why;
	if (!found || (!(*rest)[length] && !highlight_picture(t->event, &why)))
		return t->person;
	*rest += length + strspn(*rest + length, " \t\n");
	return found;
}

/* A thank-you with a red packet: announced here, given by the person. */
static gboolean names_gift(const char *text)
{
	static const char *const words[] = { "🧧", "红包", ":red_envelope:", "red packet", "red envelope" };
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(text, words[i]))
			return TRUE;
	return FALSE;
}

/* What was said in a channel can be applauded there. */
static const char *message_of(const struct event *event)
{
	return event->kind == EVENT_SAID && event->place.kind == PLACE_CHANNEL ? event->message : NULL;
}

const char *highlight_picture(const struct event *event, const char **why)
{
	*why = NULL;
	for (guint i = 0; event->files && i < event->files->len; i++) {
		const struct event_file *file = &g_array_index(event->files, struct event_file, i);
		if (file->picture && file->size_bytes <= HIGHLIGHT_PICTURE_BYTES)
			return file->key;
		*why = file->picture ? "highlight.too_large" : "highlight.no_picture";
	}
	return NULL;
}

/* What was done, and what was not. */
static void confirm(struct turn *t, const char *done, const char *why)
{
	struct message *m = message_new();
	message_say(m, done);
	if (why)
		message_say(m, turn_text(t, why, TEXT_ARG("limit", HIGHLIGHT_PICTURE_BYTES / 1024 / 1024)));
	turn_private(t, m);
}

/* Said often, and not twice in the same words. */
static const char *noted(struct turn *t)
{
	static const char *const texts[] = { "highlight.noted", "highlight.noted_2", "highlight.noted_3" };
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_SAID_EVER, ARG_INT(t->person->id));
	int64_t count = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return texts[(guint64)count % G_N_ELEMENTS(texts)];
}

static void note(struct turn *t, const struct team *team, const struct person *whose, const char *text)
{
	const char *why, *picture = highlight_picture(t->event, &why);
	const char *time = highlight_time(t, team), *message = message_of(t->event);
	const char *done = noted(t);
	gboolean own = whose == t->person, gift = !own && names_gift(text);
	turn_exec(t, &SQL_HIGHLIGHT_ADD, ARG_TEXT(team->config->name), ARG_TEXT(turn_day(t, NULL, team, t->now_ms)),
		ARG_INT(t->person->id), ARG_INT(whose->id), ARG_TEXT(text), ARG_INT(t->now_ms), ARG_INT(gift),
		ARG_TEXT(message ? t->event->place.channel : NULL), ARG_TEXT(message), ARG_TEXT(picture));
	highlight_plan(t, team);
	confirm(t, own ? turn_text(t, done, TEXT_ARG("time", time))
			    : turn_text(t, gift ? "highlight.noted_gift" : "highlight.noted_thanks", TEXT_ARG("whose", whose->name),
				    TEXT_ARG("time", time)), why);
}

static gboolean is_allowed(struct turn *t, const struct team *team)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_SAID_ON, ARG_TEXT(team->config->name),
		ARG_TEXT(turn_day(t, NULL, team, t->now_ms)), ARG_INT(t->person->id));
	gboolean allowed = db_next(rows) && db_int(rows, 0) < team->config->highlight_allowance;
	turn_end(t, rows);
	return allowed;
}

static void highlight_command(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = highlight_team(t);
	const char *why;
	if (!team) {
		turn_whisper(t, turn_text(t, "highlight.no_team"));
	} else if (!*rest && !highlight_picture(event, &why)) {
		turn_whisper(t, turn_text(t, "highlight.how"));
	} else if (g_utf8_strlen(rest, -1) > HIGHLIGHT_TEXT_LIMIT) {
		turn_whisper(t, turn_text(t, "highlight.too_long", TEXT_ARG("limit", HIGHLIGHT_TEXT_LIMIT)));
	} else if (!is_allowed(t, team)) {
		turn_whisper(t, turn_text(t, "highlight.enough", TEXT_ARG("limit", team->config->highlight_allowance)));
	} else {
		const struct person *whose = read_whose(t, &rest);
		note(t, team, whose, rest);
	}
}

/* ---- taking back ---- */

const char *highlight_last_post(struct turn *t, const struct team *team)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_LAST_POST, ARG_TEXT(team->config->name));
	const char *day = db_next(rows) && db_text(rows, 0) ? turn_keep(t, g_strdup(db_text(rows, 0))) : "";
	turn_end(t, rows);
	return day;
}

/* One of the last post, by its number: a manager any, everybody else their own. */
static void undo_number(struct turn *t, const struct team *team, gint64 number)
{
	const char *day = highlight_last_post(t, team);
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_NUMBER, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(number));
	gboolean there = db_next(rows);
	gint64 id = there ? db_int(rows, 0) : 0;
	gboolean own = there && (db_int(rows, 1) == t->person->id || db_int(rows, 2) == t->person->id);
	turn_end(t, rows);
	if (!there || !(own || turn_is_manager(t, team))) {
		turn_whisper(t, turn_text(t, there ? "highlight.not_yours" : "highlight.no_number", TEXT_ARG("number", number)));
		return;
	}
	turn_exec(t, &SQL_HIGHLIGHT_HIDE, ARG_INT(id));
	highlight_touch_post(t, team, day, 0);
	turn_whisper(t, turn_text(t, "highlight.number_taken_back", TEXT_ARG("number", number)));
}

static void undo_last(struct turn *t, const struct team *team)
{
	turn_exec(t, &SQL_HIGHLIGHT_TAKE_BACK, ARG_TEXT(team->config->name), ARG_INT(t->person->id));
	turn_whisper(t, turn_text(t, turn_changes(t) > 0 ? "highlight.taken_back" : "highlight.nothing_to_take_back"));
}

static void undo(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = highlight_team(t);
	gint64 number;
	(void)event;
	if (!team)
		turn_whisper(t, turn_text(t, "highlight.no_team"));
	else if (g_ascii_string_to_signed(rest, 10, 1, 1000, &number, NULL))
		undo_number(t, team, number);
	else
		undo_last(t, team);
}

/* Each team's next post; what was said before the configuration changed or the bot was off is not forgotten. */
static void start(struct turn *t)
{
	for (const struct team *const *team = roster_teams(t->roster); *team; team++)
		if (highlight_team_has(*team))
			highlight_plan(t, *team);
}

static const struct command wall_subs[] = {
	{ .words = (const char *const[]){ "month", "本月", NULL }, .help = "highlight.help_month", .only_tells = TRUE,
		.run = highlight_wall_of_month },
	{ 0 },
};

static const struct command subs[] = {
	{ .words = (const char *const[]){ "wall", "墙", NULL }, .help = "highlight.help_wall", .only_tells = TRUE,
		.run = highlight_wall, .subs = wall_subs },
	{ .words = (const char *const[]){ "undo", "撤回高光", NULL }, .help = "highlight.help_undo", .run = undo },
	{ 0 },
};

static const struct command commands[] = {
	{ .words = (const char *const[]){ "highlight", "高光", NULL },
		.help = "highlight.help",
		.takes_text = TRUE,
		.run = highlight_command,
		.subs = subs },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "share", .run = highlight_share },
	{ .kind = EVENT_DUE, .word = "show", .run = highlight_show_post },
	{ .kind = EVENT_DUE, .word = "morning", .run = highlight_morning },
	{ .kind = EVENT_REACTED, .anywhere = TRUE, .when = highlight_is_star, .run = highlight_starred },
	{ .kind = EVENT_UNREACTED, .anywhere = TRUE, .when = highlight_is_star, .run = highlight_unstarred },
	{ .kind = EVENT_REACTED, .anywhere = TRUE, .when = highlight_is_applause, .run = highlight_reacted },
	{ .kind = EVENT_UNREACTED, .anywhere = TRUE, .when = highlight_is_applause, .run = highlight_reacted },
	{ .kind = EVENT_FOUND, .word = "star", .run = highlight_found },
	{ .kind = EVENT_EDITED, .anywhere = TRUE, .when = highlight_is_of_message, .run = highlight_edited },
	{ .kind = EVENT_DELETED, .anywhere = TRUE, .when = highlight_is_of_message, .run = highlight_deleted },
	{ .kind = EVENT_PRESSED, .word = "agree", .run = highlight_agreed },
	{ .kind = EVENT_PRESSED, .word = "decline", .run = highlight_declined },
	{ .kind = EVENT_PRESSED, .word = "clap", .run = highlight_pressed },
	{ 0 },
};

static const struct topic topics[] = {
	{ "highlight", "highlight.topic", NULL },
	{ 0 },
};

const struct ritual ritual_highlight = {
	.name = "highlight",
	.title = "highlight.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_HIGHLIGHT,
	.texts = &texts_highlight,
	.start = start,
	.look = highlight_look,
	.rings = highlight_rings,
};
