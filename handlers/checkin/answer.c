/* SPDX-License-Identifier: MIT */
/* From what a person wrote, edited or deleted to an entry of the round. */
#include "checkin/checkin.h"

#include "base/random.h"

#define ACCEPTED "white_check_mark"

/* When it happened: the event's own time where it tells one. */
static int64_t time_of(const struct turn *t)
{
	return t->event->at_ms > 0 ? t->event->at_ms : t->now_ms;
}

static struct config_question *const *questions_of(const struct round *r)
{
	return checkin_config(r)->questions;
}

/* What people wrote, plain: mentions as names, no entities. */
static const char *plain(struct turn *t, const char *text)
{
	return turn_literal(t, turn_readable(t, NULL, text));
}

/* ---- is it an answer? ---- */

static gboolean find_prompted(struct turn *t, struct round *out)
{
	struct round_prompt prompt;
	return round_find_prompt(t, &prompt) && strcmp(prompt.ritual, checkin_kind.name) == 0 && checkin_find(t, prompt.id, out);
}

gboolean checkin_is_for_us(struct turn *t, const struct event *event)
{
	struct round r;
	return event->text && *event->text && find_prompted(t, &r);
}

/* ---- keeping it ---- */

static void keep_ballots(struct turn *t, const struct round *r, const char *day, const struct replies *replies)
{
	for (guint i = 0; i < replies->count; i++) {
		const struct reply *reply = &replies->list[i];
		const struct config_question *question = questions_of(r)[i];
		int64_t lot;
		random_bytes(&lot, sizeof lot);
		if (*reply->text)
			turn_exec(t, &SQL_CHECKIN_PUT_BALLOT, ARG_INT(lot & G_MAXINT64), ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(i),
				ARG_TEXT(config_words_in(&question->ask, r->team->config->language)), ARG_TEXT(question->kind),
				ARG_TEXT(reply->text), ARG_INT(reply->thousandths));
	}
	/* Who took part, and nothing that could lead from them to their answers. */
	turn_exec(t, &SQL_CHECKIN_SAVE, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(t->person->id), ARG_INT(0), ARG_NULL, ARG_NULL, ARG_INT(0));
}

static void keep_answers(struct turn *t, const struct round *r, const char *day, gint64 person, const struct replies *replies)
{
	turn_exec(t, &SQL_CHECKIN_FORGET_ANSWERS, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person));
	for (guint i = 0; i < replies->count; i++) {
		const struct config_question *question = questions_of(r)[i];
		turn_exec(t, &SQL_CHECKIN_PUT_ANSWER, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person), ARG_INT(i),
			ARG_TEXT(config_words_in(&question->ask, r->team->config->language)), ARG_TEXT(question->kind),
			ARG_TEXT(replies->list[i].text), ARG_INT(replies->list[i].thousandths));
	}
	turn_exec(t, &SQL_CHECKIN_REMEMBER, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person), ARG_INT(t->now_ms));
}

void checkin_save(struct turn *t, const struct round *r, const char *day, const struct replies *replies)
{
	if (checkin_config(r)->anonymous) {
		keep_ballots(t, r, day, replies);
	} else {
		gboolean said = t->event->kind == EVENT_SAID || t->event->kind == EVENT_EDITED;
		turn_exec(t, &SQL_CHECKIN_SAVE, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(t->person->id),
			ARG_INT(round_is_over(t, r, t->person, day, time_of(t))), ARG_TEXT(said ? t->event->place.channel : NULL),
			ARG_TEXT(said ? t->event->message : NULL), ARG_INT(time_of(t)));
		keep_answers(t, r, day, t->person->id, replies);
	}
	round_answered(t, r, day, t->person);
	checkin_changed(t, r, day);
}

/* ---- whether it may be ---- */

static void refuse(struct turn *t, const struct round *r, const char *key)
{
	turn_whisper(t, turn_text(t, key, TEXT_ARG("title", config_words_in(&checkin_config(r)->title, turn_language(t)))));
}

gboolean checkin_may_answer(struct turn *t, const struct round *r, const char **day)
{
	const char *key = NULL;
	*day = checkin_day(t, r);
	if (!round_asks(r, t->person) && !roster_is_manager(r->team, t->person))
		key = "checkin.not_asked";
	else if (!*day)
		key = "checkin.not_held";
	else if (checkin_config(r)->anonymous && g_strcmp0(checkin_state(t, r, *day, t->person), CHECKIN_GIVEN) == 0)
		key = "checkin.anonymous_given";
	else if (checkin_config(r)->anonymous && checkin_is_closed(t, r, *day))
		key = "checkin.anonymous_closed";
	if (key)
		refuse(t, r, key);
	return key == NULL;
}

/* ---- what was not understood ---- */

const char *checkin_problem(struct turn *t, const struct config_question *question, const struct reply *reply)
{
	static const char *const keys[] = {
		[REPLY_OK] = NULL,
		[REPLY_MISSING] = "checkin.problem_missing",
		[REPLY_TOO_LONG] = "checkin.problem_long",
		[REPLY_NO_NUMBER] = "checkin.problem_number",
		[REPLY_OUT_OF_RANGE] = "checkin.problem_range",
		[REPLY_NO_OPTION] = "checkin.problem_option",
		[REPLY_NO_POINT] = "checkin.problem_scale",
	};
	g_autofree char *head = g_utf8_strlen(reply->text, -1) > 40 ? g_utf8_substring(reply->text, 0, 40) : NULL;
	g_autofree char *shown = head ? g_strconcat(head, "…", NULL) : g_strdup(reply->text);
	return turn_text(t, keys[reply->problem], TEXT_ARG("said", shown), TEXT_ARG("limit", REPLY_LIMIT),
		TEXT_ARG("hint", checkin_question_hint(t, question, turn_language(t))));
}

static void write_problems(struct turn *t, struct message *m, const struct round *r, const struct replies *replies)
{
	for (guint i = 0; i < replies->count; i++) {
		const struct config_question *question = questions_of(r)[i];
		if (replies->list[i].problem != REPLY_OK)
			message_item(m, turn_text(t, "checkin.problem_line",
						TEXT_ARG("ask", turn_text(t, "checkin.question", TEXT_ARG("number", i + 1),
									TEXT_ARG("ask", config_words_in(&question->ask, turn_language(t))))),
						TEXT_ARG("problem", checkin_problem(t, question, &replies->list[i]))));
	}
}

static void hint(struct turn *t, const struct round *r, const struct replies *replies, gboolean was_accepted)
{
	struct message *m = message_new();
	const char *title = config_words_in(&checkin_config(r)->title, turn_language(t));
	message_say(m, turn_text(t, "checkin.not_understood", TEXT_ARG("title", title)));
	if (replies->list)
		write_problems(t, m, r, replies);
	else
		message_item(m, turn_text(t, "checkin.problem_count", TEXT_ARG("parts", replies->parts), TEXT_ARG("count", replies->count)));
	message_context(m, turn_text(t, was_accepted ? "checkin.kept_as_before" : "checkin.how_again"));
	message_button(m, "checkin.open", r->id, turn_text(t, "checkin.button"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

/* ---- said ---- */

static void thank(struct turn *t)
{
	if (t->event->message)
		turn_react(t, ACCEPTED);
	else
		turn_whisper(t, turn_text(t, "checkin.kept"));
}

static void take(struct turn *t, const struct round *r, const char *text)
{
	const char *day;
	struct replies replies;
	if (!checkin_may_answer(t, r, &day))
		return;
	if (replies_read(questions_of(r), plain(t, text), &replies)) {
		thank(t);
		checkin_save(t, r, day, &replies);
	} else {
		hint(t, r, &replies, FALSE);
	}
	replies_release(&replies);
}

void checkin_said(struct turn *t, const struct event *event)
{
	struct round r;
	if (find_prompted(t, &r))
		take(t, &r, event->text);
}

void checkin_given(struct turn *t, const struct round *r, const char *text)
{
	take(t, r, text);
}

void checkin_skip(struct turn *t, const struct round *r)
{
	const char *day;
	if (!checkin_may_answer(t, r, &day))
		return;
	turn_exec(t, &SQL_CHECKIN_SKIP, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(t->person->id), ARG_INT(t->now_ms));
	gboolean skipped = turn_changes(t) > 0;
	round_answered(t, r, day, t->person);
	if (skipped)
		checkin_changed(t, r, day);
	refuse(t, r, skipped ? "checkin.skipped" : "checkin.skip_answered");
}

/* ---- edited, deleted ---- */

/* The entry that came by this message; FALSE: none. */
static gboolean find_entry(struct turn *t, const struct event *event, struct round *r, const char **day, gint64 *person)
{
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_OF_MESSAGE, ARG_TEXT(event->message), ARG_TEXT(event->place.channel));
	gboolean found = db_next(rows);
	const char *id = found ? turn_keep(t, g_strdup(db_text(rows, 0))) : NULL;
	*day = found ? turn_keep(t, g_strdup(db_text(rows, 1))) : NULL;
	*person = found ? db_int(rows, 2) : 0;
	turn_end(t, rows);
	return found && checkin_find(t, id, r);
}

static void correct(struct turn *t, const struct round *r, const char *day, gint64 person, const struct replies *replies)
{
	turn_exec(t, &SQL_CHECKIN_CORRECTED, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person), ARG_INT(time_of(t)));
	/* Repeats come in any order: what was edited again since stays so. */
	if (turn_changes(t) == 0)
		return;
	keep_answers(t, r, day, person, replies);
	checkin_changed(t, r, day);
}

gboolean checkin_is_ours(struct turn *t, const struct event *event)
{
	struct round r;
	const char *day;
	gint64 person;
	return event->message && event->text && find_entry(t, event, &r, &day, &person);
}

void checkin_edited(struct turn *t, const struct event *event)
{
	struct round r;
	const char *day;
	gint64 person;
	struct replies replies;
	if (!find_entry(t, event, &r, &day, &person))
		return;
	if (replies_read(questions_of(&r), plain(t, event->text), &replies))
		correct(t, &r, day, person, &replies);
	else if (t->person)
		hint(t, &r, &replies, TRUE);
	replies_release(&replies);
}

void checkin_deleted(struct turn *t, const struct event *event)
{
	struct round r;
	const char *day;
	gint64 person;
	if (!event->message || !find_entry(t, event, &r, &day, &person))
		return;
	turn_exec(t, &SQL_CHECKIN_WITHDRAW, ARG_TEXT(r.id), ARG_TEXT(day), ARG_INT(person), ARG_INT(time_of(t)));
	checkin_changed(t, &r, day);
}
