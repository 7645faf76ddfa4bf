/* SPDX-License-Identifier: MIT */
/* Letters for a work anniversary: handed in ahead by the CEO or a manager, given to the person alone on the day. */
#include "celebration/celebration.h"

#include "team/roles.h"

enum { LETTER_LIMIT = 2500 }; /* code points */

/* ---- asking ---- */

static struct message *question(struct turn *t, const struct celebrant *c, enum language language)
{
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "celebration.letter_question", TEXT_ARG("name", c->person->name),
			       TEXT_ARG("years", yearly_count(&c->of.date, c->at.date)),
			       TEXT_ARG("day", turn_day_text(t, c->at.day, language))));
	message_button(m, "celebration.letter", celebration_key(t, c->person), turn_text_in(t, language, "celebration.letter_button"),
		MESSAGE_PRIMARY);
	message_context(m, turn_text_in(t, language, "celebration.letter_note"));
	return m;
}

void celebration_ask_letter(struct turn *t, const struct celebrant *c)
{
	g_autoptr(GPtrArray) people = roster_holders(t->roster, c->team->config->workspace_name, ROLE_CEO, NULL);
	for (guint i = 0; i < people->len; i++)
		if (people->pdata[i] != c->person && celebration_is_there(t, people->pdata[i], c->team))
			turn_hint(t, c->team->config->workspace_name, people->pdata[i], anniversary_kind_name(ANNIVERSARY_WORK),
				c->at.due_ms[ANNIVERSARY_DAY], question(t, c, turn_language_of(t, people->pdata[i], c->team)));
}

/* ---- writing ---- */

static gboolean may_write(struct turn *t, const struct celebrant *c)
{
	return roster_has_role(t->person, ROLE_CEO) || roster_manager(t->roster, c->person) == t->person || turn_is_manager(t, c->team);
}

/* For whom and for which day; else says why not. */
static gboolean find(struct turn *t, const struct person *person, struct celebrant *c)
{
	const char *problem = NULL;
	if (!celebration_of(t->roster, person, ANNIVERSARY_WORK, c) || !anniversary_at(t, &c->of, &c->at))
		problem = "celebration.letter_no_date";
	else if (person == t->person || !may_write(t, c))
		problem = "celebration.letter_not_yours";
	else if (celebration_shown(person) == CELEBRATION_NONE)
		problem = "celebration.letter_unwanted";
	else if (anniversary_is_held(t, &c->of, &c->at))
		problem = "celebration.letter_late";
	if (problem)
		turn_whisper(t, turn_text(t, problem, TEXT_ARG("name", person ? person->name : "?")));
	return problem == NULL;
}

static void keep(struct turn *t, const struct celebrant *c, const char *text)
{
	turn_exec(t, &SQL_CELEBRATION_SAVE_LETTER, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date), ARG_INT(t->person->id),
		ARG_TEXT(text), ARG_INT(t->now_ms));
	turn_whisper(t, turn_text(t, "celebration.letter_kept", TEXT_ARG("name", c->person->name),
				TEXT_ARG("day", turn_day_text(t, c->at.day, turn_language(t)))));
}

/* With what the person wrote before. */
static void open_form(struct turn *t, const struct celebrant *c)
{
	struct message *form = form_new("celebration.letter", celebration_key(t, c->person), turn_text(t, "celebration.letter_title"),
		turn_text(t, "celebration.send"), turn_text(t, "celebration.cancel"));
	form_intro(form, turn_text(t, "celebration.letter_intro", TEXT_ARG("name", c->person->name),
				 TEXT_ARG("years", yearly_count(&c->of.date, c->at.date))));
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_LETTER, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date),
		ARG_INT(t->person->id));
	form_input(form, "letter", turn_text(t, "celebration.letter_label"), NULL, db_next(rows) ? db_text(rows, 0) : NULL, 8, FALSE,
		LETTER_LIMIT);
	turn_end(t, rows);
	turn_form(t, form);
}

void celebration_letter_pressed(struct turn *t, const struct event *event)
{
	struct celebrant c;
	if (find(t, celebration_read_key(t, event), &c))
		open_form(t, &c);
}

void celebration_letter_submitted(struct turn *t, const struct event *event)
{
	struct celebrant c;
	const char *text = event_input_value(event, "letter");
	if (text && *text && find(t, celebration_read_key(t, event), &c))
		keep(t, &c, text);
}

void celebration_letter_command(struct turn *t, const struct event *event, const char *rest)
{
	struct celebrant c;
	const struct person *person = celebration_read_person(t, &rest);
	(void)event;
	if (!person)
		turn_whisper(t, turn_text(t, "celebration.letter_how"));
	else if (g_utf8_strlen(rest, -1) > LETTER_LIMIT)
		turn_whisper(t, turn_text(t, "celebration.too_long", TEXT_ARG("limit", LETTER_LIMIT)));
	else if (!find(t, person, &c))
		return;
	else if (*rest)
		keep(t, &c, celebration_plain(t, rest));
	else if (t->event->place.token)
		open_form(t, &c);
	else
		turn_whisper(t, turn_text(t, "celebration.letter_how"));
}

/* ---- giving ---- */

static struct message *letter(struct turn *t, const struct person *author, const char *text, enum language language)
{
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "celebration.letter_from", TEXT_ARG("name", author ? author->name : "?")));
	message_say(m, text);
	message_context(m, turn_text_in(t, language, "celebration.letter_private"));
	return m;
}

void celebration_deliver_letters(struct turn *t, const struct celebrant *c)
{
	enum language language = turn_language_of(t, c->person, c->team);
	if (c->of.kind != ANNIVERSARY_WORK)
		return;
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_LETTERS, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date));
	g_autoptr(GPtrArray) letters = g_ptr_array_new();
	while (db_next(rows))
		g_ptr_array_add(letters, letter(t, roster_person_by_id(t->roster, db_int(rows, 0)), db_text(rows, 1), language));
	turn_end(t, rows);
	for (guint i = 0; i < letters->len; i++)
		turn_nudge(t, c->team->config->workspace_name, c->person, anniversary_kind_name(ANNIVERSARY_WORK), G_MAXINT64,
			letters->pdata[i]);
	/* It is the person's from here on. */
	if (letters->len > 0)
		turn_exec(t, &SQL_CELEBRATION_DROP_LETTERS, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date));
}

/* ---- giving back ---- */

static struct message *refusal(struct turn *t, const struct celebrant *c, const char *text, enum language language)
{
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "celebration.letter_unwanted", TEXT_ARG("name", c->person->name)));
	message_say(m, text);
	return m;
}

void celebration_return_letters(struct turn *t, const struct celebrant *c)
{
	if (c->of.kind != ANNIVERSARY_WORK)
		return;
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_LETTERS, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date));
	g_autoptr(GPtrArray) authors = g_ptr_array_new();
	g_autoptr(GPtrArray) letters = g_ptr_array_new();
	while (db_next(rows)) {
		const struct person *author = roster_person_by_id(t->roster, db_int(rows, 0));
		if (!author || !roster_is_active(author))
			continue;
		g_ptr_array_add(authors, (gpointer)author);
		g_ptr_array_add(letters, refusal(t, c, db_text(rows, 1), turn_language_of(t, author, c->team)));
	}
	turn_end(t, rows);
	for (guint i = 0; i < authors->len; i++)
		turn_nudge(t, c->team->config->workspace_name, authors->pdata[i], anniversary_kind_name(ANNIVERSARY_WORK), G_MAXINT64,
			letters->pdata[i]);
	turn_exec(t, &SQL_CELEBRATION_DROP_LETTERS, ARG_INT(c->person->id), ARG_TEXT((const char *)c->at.date));
}
