/* SPDX-License-Identifier: MIT */
/*
 * Wishes: colleagues are asked privately before a birthday, and may answer by the form, by a plain line or by the command. What
 * they write is kept from everybody until the post of the day. A wish written again replaces the first.
 */
#include "base/clock.h"
#include "celebration/celebration.h"
#include "core/command.h"
#include "kit/round.h"

enum { WISH_LIMIT = 300, ROOM = 6000 }; /* code points: of one, of all in a post */

/* So long before the day a wish may be written unasked. */
enum { AHEAD_DAYS = 30 };

/* ---- asking ---- */

static struct message *question(struct turn *t, const struct celebrant *c, enum language language)
{
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "celebration.wish_question", TEXT_ARG("name", c->person->name),
			       TEXT_ARG("day", turn_day_text(t, c->at.day, language))));
	message_button(m, "celebration.wish", celebration_key(t, c->person), turn_text_in(t, language, "celebration.wish_button"), MESSAGE_PRIMARY);
	message_context(m, turn_text_in(t, language, "celebration.wish_note"));
	return m;
}

static void ask(struct turn *t, const struct celebrant *c, const struct person *person)
{
	turn_exec(t, &SQL_CELEBRATION_ASK_WISH, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date), ARG_INT(person->id),
		ARG_INT(t->now_ms));
	turn_hint(t, c->team->config->workspace_name, person, "wish", c->at.due_ms[ANNIVERSARY_DAY],
		question(t, c, turn_language_of(t, person, c->team)));
}

enum ring_outcome celebration_ask_wishes(struct turn *t, const struct celebrant *c)
{
	enum ring_outcome outcome = RING_NOBODY;
	if (celebration_shown(c->person) != CELEBRATION_PUBLIC)
		return outcome;
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, c->team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL)) {
		if (person == c->person || !celebration_is_there(t, person, c->team))
			continue;
		ask(t, c, person);
		outcome = RING_RUNG;
	}
	return outcome;
}

/* ---- the wish ---- */

/* A birthday for which wishes are gathered now: public, not too far ahead, not yet celebrated. */
static gboolean find_open(struct turn *t, const struct person *person, struct celebrant *c)
{
	char last[ZONE_DAY_SIZE];
	if (!celebration_of(t->roster, person, ANNIVERSARY_BIRTHDAY, c) || celebration_shown(person) != CELEBRATION_PUBLIC ||
		!anniversary_at(t, &c->of, &c->at) || anniversary_is_held(t, &c->of, &c->at))
		return FALSE;
	zone_day(c->of.zone, t->now_ms + DAYS(AHEAD_DAYS), last);
	return person != t->person && strcmp(c->at.day, last) <= 0;
}

gboolean celebration_takes_wish(struct turn *t, const struct person *person)
{
	struct celebrant c;
	return find_open(t, person, &c);
}

static void keep(struct turn *t, const struct celebrant *c, const char *text)
{
	struct message *m = message_new();
	turn_exec(t, &SQL_CELEBRATION_SAVE_WISH, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date), ARG_INT(t->person->id),
		ARG_TEXT(text), ARG_INT(t->now_ms));
	message_say(m, turn_text(t, "celebration.wish_kept", TEXT_ARG("name", c->person->name),
			       TEXT_ARG("text", text), TEXT_ARG("day", turn_day_text(t, c->at.day, turn_language(t)))));
	message_button(m, "celebration.unwish", celebration_key(t, c->person), turn_text(t, "celebration.wish_undo"), MESSAGE_PLAIN);
	turn_private(t, m);
}

static void open_form(struct turn *t, const struct celebrant *c)
{
	struct message *form = form_new("celebration.wish", celebration_key(t, c->person), turn_text(t, "celebration.wish_title"),
		turn_text(t, "celebration.send"), turn_text(t, "celebration.cancel"));
	form_intro(form, turn_text(t, "celebration.wish_intro", TEXT_ARG("name", c->person->name)));
	form_input(form, "wish", turn_text(t, "celebration.wish_label"), NULL, NULL, 3, FALSE, WISH_LIMIT);
	turn_form(t, form);
}

void celebration_wish_pressed(struct turn *t, const struct event *event)
{
	struct celebrant c;
	if (find_open(t, celebration_read_key(t, event), &c))
		open_form(t, &c);
	else
		turn_whisper(t, turn_text(t, "celebration.wish_over"));
}

void celebration_wish_submitted(struct turn *t, const struct event *event)
{
	struct celebrant c;
	const char *text = event_input_value(event, "wish");
	if (!find_open(t, celebration_read_key(t, event), &c))
		turn_whisper(t, turn_text(t, "celebration.wish_over"));
	else if (text && *text)
		keep(t, &c, text);
}

void celebration_unwish_pressed(struct turn *t, const struct event *event)
{
	struct celebrant c;
	if (!find_open(t, celebration_read_key(t, event), &c)) {
		turn_whisper(t, turn_text(t, "celebration.wish_over"));
		return;
	}
	turn_exec(t, &SQL_CELEBRATION_DROP_WISH, ARG_INT(c.person->id), ARG_TEXT((const char *)c.at.date), ARG_INT(t->person->id));
	turn_whisper(t, turn_text(t, "celebration.wish_dropped"));
}

void celebration_wish_command(struct turn *t, const struct event *event, const char *rest)
{
	struct celebrant c;
	const struct person *person = celebration_read_person(t, &rest);
	(void)event;
	if (!person)
		turn_whisper(t, turn_text(t, "celebration.wish_how"));
	else if (!find_open(t, person, &c))
		turn_whisper(t, turn_text(t, "celebration.wish_nobody", TEXT_ARG("name", person->name)));
	else if (!*rest && t->event->place.token)
		open_form(t, &c);
	else if (!*rest)
		turn_whisper(t, turn_text(t, "celebration.wish_how"));
	else if (g_utf8_strlen(rest, -1) > WISH_LIMIT)
		turn_whisper(t, turn_text(t, "celebration.too_long", TEXT_ARG("limit", WISH_LIMIT)));
	else
		keep(t, &c, celebration_plain(t, rest));
}

/* ---- a plain reply ---- */

/* For whom the person was asked and has not answered; *count of them. */
static const struct person *asked_for(struct turn *t, guint *count)
{
	const struct person *last = NULL;
	struct celebrant c;
	*count = 0;
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_OPEN_WISHES, ARG_INT(t->person->id), ARG_INT(t->now_ms - DAYS(AHEAD_DAYS)));
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	while (db_next(rows)) {
		int64_t id = db_int(rows, 0);
		g_array_append_val(ids, id);
	}
	turn_end(t, rows);
	for (guint i = 0; i < ids->len; i++) {
		const struct person *person = roster_person_by_id(t->roster, g_array_index(ids, int64_t, i));
		if (!find_open(t, person, &c))
			continue;
		last = person;
		(*count)++;
	}
	return last;
}

gboolean celebration_is_wish(struct turn *t, const struct event *event)
{
	guint count = 0;
	struct round_prompt prompt;
	/* Several lines, or parts, are an answer to something else. */
	if (!turn_is_direct(t) || !t->person || !event->text || !*event->text || event->late_copy || command_is_list(event->text))
		return FALSE;
	asked_for(t, &count);
	return count > 0 && !round_find_prompt(t, &prompt); /* whoever has a round's questions before them answers those */
}

void celebration_wish_said(struct turn *t, const struct event *event)
{
	guint count;
	struct celebrant c;
	const struct person *person = asked_for(t, &count);
	if (count > 1)
		turn_whisper(t, turn_text(t, "celebration.wish_whose"));
	else if (g_utf8_strlen(event->text, -1) > WISH_LIMIT)
		turn_whisper(t, turn_text(t, "celebration.too_long", TEXT_ARG("limit", WISH_LIMIT)));
	else if (find_open(t, person, &c))
		keep(t, &c, celebration_plain(t, event->text));
}

/* ---- on the day ---- */

void celebration_write_wishes(struct turn *t, struct message *m, const struct celebrant *c, gboolean alone, enum language language)
{
	glong room = ROOM;
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_WISHES, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date));
	while (db_next(rows)) {
		const struct person *author = roster_person_by_id(t->roster, db_int(rows, 0));
		const char *text = db_text(rows, 1);
		room -= g_utf8_strlen(text, -1);
		if (author && room > 0)
			message_item(m, turn_text_in(t, language, alone ? "celebration.wish_line" : "celebration.wish_line_to",
					       TEXT_ARG("name", c->person->name), TEXT_ARG("author", author->name), TEXT_ARG("text", text)));
	}
	turn_end(t, rows);
}
