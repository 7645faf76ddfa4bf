/* SPDX-License-Identifier: MIT */
/* The form: an input for each question, filled in already when the person has answered. */
#include "checkin/checkin.h"

enum { QUESTIONS_MOST = 10, TEXT_LINES = 3, SHORT_LIMIT = 100 };

static const char *const inputs[QUESTIONS_MOST] = { "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10" };

/* The person's own answers by question; empty for an anonymous round, which does not know them. */
static GHashTable *own_answers(struct turn *t, const struct round *r, const char *day)
{
	GHashTable *answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct db_rows *rows = turn_query(t, &SQL_CHECKIN_OWN_ANSWERS, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(t->person->id));
	while (db_next(rows))
		g_hash_table_insert(answers, g_strdup(db_text(rows, 1)), g_strdup(db_text(rows, 2)));
	turn_end(t, rows);
	return answers;
}

/* How many options its list has; 0: it is no choice, or one that no list takes: then it is written. */
static guint options_of(const struct config_question *question)
{
	if (strcmp(question->kind, "scale") == 0)
		return (guint)(question->most - question->least + 1 + (question->optional ? 1 : 0));
	for (char **option = question->options; option && *option; option++)
		if (g_utf8_strlen(*option, -1) > FORM_OPTION_POINTS)
			return 0;
	return question->options ? g_strv_length(question->options) + (question->optional ? 1 : 0) : 0;
}

static void put_list(struct turn *t, struct message *form, const char *name, const struct config_question *question, const char *own)
{
	enum language language = turn_language(t);
	form_choice(form, name, config_words_in(&question->ask, language), NULL, own, question->optional);
	for (char **option = question->options; option && *option; option++)
		form_option(form, *option, *option);
	for (int point = question->least; !question->options && point <= question->most; point++) {
		g_autofree char *text = g_strdup_printf("%d", point);
		form_option(form, text, text);
	}
	if (question->optional) /* what was chosen once cannot be taken away again where it stands */
		form_option(form, "-", turn_text(t, "checkin.form_none"));
}

static void put_field(struct turn *t, struct message *form, const char *name, const struct config_question *question, const char *own)
{
	const char *hint = checkin_question_hint(t, question, turn_language(t));
	gboolean text = strcmp(question->kind, "text") == 0;
	form_input(form, name, config_words_in(&question->ask, turn_language(t)), *hint ? hint : NULL, own, text ? TEXT_LINES : 1,
		question->optional, text ? REPLY_LIMIT : SHORT_LIMIT);
}

void checkin_open_form(struct turn *t, const struct round *r)
{
	const char *day;
	if (!checkin_may_answer(t, r, &day))
		return;
	const struct config_round *config = checkin_config(r);
	enum language language = turn_language(t);
	g_autoptr(GHashTable) answers = own_answers(t, r, day);
	struct message *form = form_new("checkin.form", r->id, config_words_in(&config->title, language),
		turn_text(t, "checkin.form_send"), turn_text(t, "checkin.form_cancel"));
	form_intro(form, turn_text(t, "checkin.form_intro", TEXT_ARG("title", checkin_title(t, r, day, language)),
				 TEXT_ARG("readers", checkin_readers(t, r, language))));
	for (guint i = 0, room = FORM_OPTIONS_MOST; config->questions[i]; i++) {
		const struct config_question *question = config->questions[i];
		const char *own = g_hash_table_lookup(answers, config_words_in(&question->ask, r->team->config->language));
		guint options = options_of(question) <= room ? options_of(question) : 0;
		(options > 0 ? put_list : put_field)(t, form, inputs[i], question, own);
		room -= options;
	}
	turn_form(t, form);
}

static gboolean find(struct turn *t, const struct event *event, struct round *out)
{
	gboolean found = event->value && checkin_find(t, event->value, out);
	if (!found)
		turn_whisper(t, turn_text(t, "checkin.no_more"));
	return found;
}

void checkin_form_pressed(struct turn *t, const struct event *event)
{
	struct round r;
	if (find(t, event, &r))
		checkin_open_form(t, &r);
}

void checkin_form_lost(struct turn *t, const struct event *event)
{
	struct message *m = message_new();
	message_say(m, turn_text(t, "checkin.form_lost"));
	message_button(m, "checkin.open", event->value ? event->value : "", turn_text(t, "checkin.button"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

static void tell_problems(struct turn *t, const struct round *r, const struct replies *replies)
{
	for (guint i = 0; i < replies->count; i++)
		if (replies->list[i].problem != REPLY_OK)
			turn_problem(t, inputs[i], checkin_problem(t, checkin_config(r)->questions[i], &replies->list[i]));
}

void checkin_form_submitted(struct turn *t, const struct event *event)
{
	struct round r;
	const char *day, *values[QUESTIONS_MOST + 1] = { NULL };
	struct replies replies;
	if (!find(t, event, &r) || !checkin_may_answer(t, &r, &day))
		return;
	for (guint i = 0; checkin_config(&r)->questions[i]; i++)
		values[i] = event_input_value(event, inputs[i]);
	if (replies_from_form(checkin_config(&r)->questions, values, &replies)) {
		checkin_save(t, &r, day, &replies);
		turn_whisper(t, turn_text(t, "checkin.kept"));
	} else {
		tell_problems(t, &r, &replies);
	}
	replies_release(&replies);
}
