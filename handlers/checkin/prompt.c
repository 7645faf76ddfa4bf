/* SPDX-License-Identifier: MIT */
/* What people are asked: the questions, what may be answered, who reads it. */
#include "checkin/checkin.h"

const char *checkin_title(struct turn *t, const struct round *r, const char *day, enum language language)
{
	return turn_text_in(t, language, "checkin.title",
		TEXT_ARG("title", config_words_in(&checkin_config(r)->title, language)),
		TEXT_ARG("day", turn_day_text(t, day, language)));
}

/* ---- what may be answered ---- */

static const char *options_text(struct turn *t, char *const *options)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; options[i]; i++)
		g_string_append_printf(out, "%s%u %s", i ? " · " : "", i + 1, options[i]);
	return turn_keep(t, g_string_free(out, FALSE));
}

static const char *number_text(struct turn *t, const struct config_question *question, enum language language)
{
	gboolean least = question->least != CONFIG_NO_LEAST, most = question->most != CONFIG_NO_MOST;
	const char *key = least && most ? "checkin.number_between"
			  : least	? "checkin.number_from"
			  : most	? "checkin.number_to"
					: "checkin.number";
	return turn_text_in(t, language, key, TEXT_ARG("least", question->least), TEXT_ARG("most", question->most));
}

static const char *kind_text(struct turn *t, const struct config_question *question, enum language language)
{
	if (strcmp(question->kind, "choice") == 0)
		return options_text(t, question->options);
	if (strcmp(question->kind, "number") == 0)
		return number_text(t, question, language);
	if (strcmp(question->kind, "scale") == 0)
		return turn_text_in(t, language, "checkin.scale", TEXT_ARG("least", question->least), TEXT_ARG("most", question->most));
	return "";
}

const char *checkin_question_hint(struct turn *t, const struct config_question *question, enum language language)
{
	const char *kind = kind_text(t, question, language);
	if (!question->optional)
		return kind;
	return *kind ? turn_text_in(t, language, "checkin.hint_optional", TEXT_ARG("hint", kind)) : turn_text_in(t, language, "checkin.optional");
}

/* ---- who reads it ---- */

static const char *manager_names(struct turn *t, const struct round *r, enum language language)
{
	GString *names = g_string_new(NULL);
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, r->team);
	for (guint i = 0; i < managers->len; i++)
		g_string_append_printf(names, "%s%s", i ? turn_text_in(t, language, "checkin.comma") : "",
			((const struct person *)managers->pdata[i])->name);
	return turn_keep(t, g_string_free(names, FALSE));
}

const char *checkin_readers(struct turn *t, const struct round *r, enum language language)
{
	static const struct {
		const char *summary, *named, *anonymous;
	} readers[] = {
		{ "channel", "checkin.read_by_channel", "checkin.read_by_channel_anonymous" },
		{ "manager", "checkin.read_by_managers", "checkin.read_by_managers_anonymous" },
		{ "private", "checkin.read_by_takers", "checkin.read_by_takers_anonymous" },
	};
	const struct config_round *config = checkin_config(r);
	size_t i = 0;
	while (i + 1 < G_N_ELEMENTS(readers) && strcmp(readers[i].summary, config->summary) != 0)
		i++;
	return turn_text_in(t, language, config->anonymous ? readers[i].anonymous : readers[i].named,
		TEXT_ARG("team", r->team->config->name), TEXT_ARG("names", manager_names(t, r, language)),
		TEXT_ARG("least", CHECKIN_ANONYMOUS_LEAST));
}

/* ---- the messages ---- */

static void write_questions(struct turn *t, struct message *m, const struct config_round *config, enum language language)
{
	gboolean one = !config->questions[1];
	for (guint i = 0; config->questions[i]; i++) {
		const char *ask = config_words_in(&config->questions[i]->ask, language);
		const char *hint = checkin_question_hint(t, config->questions[i], language);
		message_paragraph(m);
		message_bold(m, one ? ask : turn_text_in(t, language, "checkin.question", TEXT_ARG("number", i + 1), TEXT_ARG("ask", ask)));
		if (*hint)
			message_quiet(m, turn_text_in(t, language, "checkin.question_hint", TEXT_ARG("hint", hint)));
	}
}

struct message *checkin_prompt(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	const struct config_round *config = checkin_config(r);
	enum language language = turn_language_of(t, person, r->team);
	struct message *m = message_new();
	message_title(m, checkin_title(t, r, day, language));
	write_questions(t, m, config, language);
	message_say(m, turn_text_in(t, language, config->questions[1] ? "checkin.how_several" : "checkin.how_one"));
	message_context(m, checkin_readers(t, r, language));
	message_button(m, "checkin.open", r->id, turn_text_in(t, language, "checkin.button"), MESSAGE_PRIMARY);
	return m;
}

struct message *checkin_reminder(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	enum language language = turn_language_of(t, person, r->team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "checkin.reminder", TEXT_ARG("title", checkin_title(t, r, day, language)),
			       TEXT_ARG("name", (const char *)checkin_config(r)->name)));
	message_button(m, "checkin.open", r->id, turn_text_in(t, language, "checkin.button"), MESSAGE_PRIMARY);
	return m;
}
