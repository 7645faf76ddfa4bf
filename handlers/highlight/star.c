/* SPDX-License-Identifier: MIT */
/*
 * A star on a message makes a highlight of it, once, whoever comes later. What it says is asked of the platform. Said where
 * not everybody can read, it is shown only after its author's yes. While its post is to come it is taken back when the last
 * star goes, changed when its author changes it, and gone when they delete it.
 */
#include "highlight/parts.h"

#include "base/clock.h"

/* The author may be on holiday; later the question is beside the point. */
#define QUESTION_LIVES_MS DAYS(3)

/* Ours under the message: it was heard. */
#define NOTED_EMOJI "tada"

struct star {
	gint64 id; /* 0: the message is no highlight */
	gint64 person;
	enum highlight_state state;
	const char *team, *shared; /* shared: NULL: not yet */
};

static struct star find(struct turn *t, const struct event *event)
{
	struct star s = { 0 };
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_OF_MESSAGE, ARG_TEXT(event->place.channel), ARG_TEXT(event->message));
	if (db_next(rows))
		s = (struct star){ .id = db_int(rows, 0),
			.person = db_int(rows, 1),
			.state = (enum highlight_state)db_int(rows, 2),
			.team = turn_keep(t, g_strdup(db_text(rows, 3))),
			.shared = db_text(rows, 4) ? turn_keep(t, g_strdup(db_text(rows, 4))) : NULL };
	turn_end(t, rows);
	return s;
}

static gboolean is_starred(struct turn *t, gint64 id)
{
	struct db_rows *rows = turn_query(t, &SQL_HIGHLIGHT_STARS, ARG_INT(id));
	gboolean any = db_next(rows);
	turn_end(t, rows);
	return any;
}

/* ---- stars ---- */

gboolean highlight_is_star(struct turn *t, const struct event *event)
{
	const struct team *team = t->person && event->message && event->place.channel ? highlight_team(t) : NULL;
	return team && g_strv_contains((const char *const *)team->config->highlight_stars, event->word) && !turn_about(t);
}

static void set_star(struct turn *t, gint64 id, gboolean given)
{
	g_autofree char *how = g_strdup_printf("star:%s", t->event->word);
	turn_exec(t, given ? &SQL_HIGHLIGHT_APPLAUD : &SQL_HIGHLIGHT_FALL_SILENT, ARG_INT(id), ARG_INT(t->person->id), ARG_TEXT(how));
}

void highlight_starred(struct turn *t, const struct event *event)
{
	const struct team *team = highlight_team(t);
	turn_exec(t, &SQL_HIGHLIGHT_NOMINATE, ARG_TEXT(team->config->name), ARG_TEXT(turn_day(t, NULL, team, t->now_ms)),
		ARG_INT(t->person->id), ARG_INT(t->now_ms), ARG_TEXT(event->place.channel), ARG_TEXT(event->message));
	struct star s = find(t, event);
	if (!s.id)
		return;
	set_star(t, s.id, TRUE);
	if (s.state == HIGHLIGHT_LOOKING)
		turn_ask_message(t, "star");
	else if (s.shared)
		highlight_touch(t, s.id, MINUTES(1));
}

void highlight_unstarred(struct turn *t, const struct event *event)
{
	struct star s = find(t, event);
	if (!s.id)
		return;
	set_star(t, s.id, FALSE);
	if (s.shared) {
		highlight_touch(t, s.id, MINUTES(1));
	} else if (s.state != HIGHLIGHT_HIDDEN && !is_starred(t, s.id)) {
		turn_exec(t, &SQL_HIGHLIGHT_FORGET_STAR, ARG_INT(s.id));
		if (turn_changes(t) > 0)
			turn_unreact(t, NOTED_EMOJI);
	}
}

/* ---- its message ---- */

/* Of a long message its beginning. */
static const char *shortened(struct turn *t, const char *text)
{
	if (g_utf8_strlen(text, -1) <= HIGHLIGHT_TEXT_LIMIT)
		return text;
	g_autofree char *begin = g_utf8_substring(text, 0, HIGHLIGHT_TEXT_LIMIT - 1);
	return turn_keep(t, g_strconcat(begin, "…", NULL));
}

static void ask_author(struct turn *t, const struct team *team, gint64 id, const struct person *author, gint64 nominator)
{
	enum language language = turn_language_of(t, author, team);
	const struct person *who = roster_person_by_id(t->roster, nominator);
	g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, id);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "highlight.ask", TEXT_ARG("name", who ? who->name : "?"),
			       TEXT_ARG("team", team->config->name)));
	message_item(m, highlight_words(t, team, shortened(t, t->event->text)));
	message_button(m, "highlight.agree", value, turn_text_in(t, language, "highlight.agree"), MESSAGE_PRIMARY);
	message_button(m, "highlight.decline", value, turn_text_in(t, language, "highlight.decline"), MESSAGE_PLAIN);
	turn_nudge(t, team->config->workspace_name, author, "highlight", t->now_ms + QUESTION_LIVES_MS, m);
}

void highlight_found(struct turn *t, const struct event *event)
{
	struct star s = find(t, event);
	const struct team *team = s.id ? roster_team(t->roster, s.team) : NULL;
	const struct person *author = roster_person(t->roster, event->place.workspace, event->person);
	if (!s.id || s.state != HIGHLIGHT_LOOKING)
		return;
	const char *why, *picture = highlight_picture(event, &why);
	gboolean empty = (!event->text || !*event->text) && !picture;
	if (!highlight_team_has(team) || !author || author->bot || empty) {
		turn_exec(t, &SQL_HIGHLIGHT_FORGET_STAR, ARG_INT(s.id));
		return;
	}
	gboolean open = g_strcmp0(event->value, EVENT_FOUND_PUBLIC) == 0 || g_strcmp0(event->place.channel, team->channel) == 0;
	gboolean asks = !open && author->id != s.person;
	turn_exec(t, &SQL_HIGHLIGHT_LEARN, ARG_INT(s.id), ARG_INT(author->id), ARG_TEXT(shortened(t, event->text ? event->text : "")),
		ARG_INT(asks ? HIGHLIGHT_ASKED : HIGHLIGHT_GOOD), ARG_TEXT(event->link), ARG_TEXT(picture));
	if (asks)
		ask_author(t, team, s.id, author, s.person);
	else
		turn_react(t, NOTED_EMOJI);
	highlight_plan(t, team);
}

/* ---- its author ---- */

static void answer(struct turn *t, const struct event *event, enum highlight_state state, const char *thanks)
{
	gint64 id = 0;
	if (!t->person || !event->value || !g_ascii_string_to_signed(event->value, 10, 1, G_MAXINT64, &id, NULL))
		return;
	turn_exec(t, &SQL_HIGHLIGHT_ANSWER, ARG_INT(id), ARG_INT(t->person->id), ARG_INT(state));
	turn_whisper(t, turn_text(t, turn_changes(t) > 0 ? thanks : "highlight.gone"));
}

void highlight_agreed(struct turn *t, const struct event *event)
{
	answer(t, event, HIGHLIGHT_GOOD, "highlight.agreed");
}

void highlight_declined(struct turn *t, const struct event *event)
{
	answer(t, event, HIGHLIGHT_HIDDEN, "highlight.declined");
}

/* ---- what becomes of the message ---- */

gboolean highlight_is_of_message(struct turn *t, const struct event *event)
{
	return event->message && event->place.channel && find(t, event).id;
}

void highlight_edited(struct turn *t, const struct event *event)
{
	struct star s = find(t, event);
	if (!s.shared && event->text && *event->text)
		turn_exec(t, &SQL_HIGHLIGHT_REWORD, ARG_INT(s.id), ARG_TEXT(shortened(t, event->text)));
}

/* What its author does not want to stand does not stand in the post either. */
void highlight_deleted(struct turn *t, const struct event *event)
{
	struct star s = find(t, event);
	turn_exec(t, &SQL_HIGHLIGHT_HIDE, ARG_INT(s.id));
	const struct team *team = roster_team(t->roster, s.team);
	if (s.shared && highlight_team_has(team))
		highlight_touch_post(t, team, s.shared, 0);
}
