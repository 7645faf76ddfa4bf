/* SPDX-License-Identifier: MIT */
/* The form: three labelled inputs, filled in already when the person has answered today. */
#include "standup/standup.h"

enum { FIELD_LIMIT = 1200 };

static void add_inputs(struct turn *t, struct message *form, const struct team *team, enum standup_format format)
{
	const char *day = turn_day(t, t->person, team, standup_time(t));
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRY, ARG_TEXT(team->config->name), ARG_TEXT(day),
		ARG_INT(t->person->id));
	gboolean given = db_next(rows) && g_strcmp0(db_text(rows, 1), STANDUP_GIVEN) == 0 &&
			 g_strcmp0(db_text(rows, 2), format == STANDUP_FORMAT_B ? "B" : "A") == 0;
	static const char *const hints[2][3] = {
		{ "standup.hint_results", "standup.hint_goals", "standup.hint_risks" },
		{ "standup.hint_actions", "standup.hint_blockers", "standup.hint_help" },
	};
	for (guint i = 0; i < 3; i++) {
		/* What must not be empty: today's goals in A, today's actions in B. */
		gboolean optional = i != (format == STANDUP_FORMAT_A ? 1 : 0);
		form_input(form, standup_field_name(format, i), standup_label(t, format, i, turn_language(t)),
			turn_text(t, hints[format][i]), given ? db_text(rows, 3 + (int)i) : NULL, 3, optional, FIELD_LIMIT);
	}
	turn_end(t, rows);
}

/* The team and the day, and beneath them what today's results will be read beside. */
static const char *intro(struct turn *t, const struct team *team)
{
	const char *day = turn_day(t, t->person, team, standup_time(t)), *label, *goals;
	const char *words = turn_text(t, "standup.form_intro", TEXT_ARG("team", team->config->name),
		TEXT_ARG("day", turn_day_text(t, day, turn_language(t))));
	if (!standup_last_goals(t, team, t->person, day, turn_language(t), &label, &goals))
		return words;
	const char *line = turn_text(t, "standup.line", TEXT_ARG("label", label), TEXT_ARG("text", goals));
	return turn_keep(t, g_strconcat(words, line, NULL));
}

void standup_open_form(struct turn *t, const struct team *team)
{
	struct message *form = form_new("standup.form", team->config->name, turn_text(t, "standup.form_title"),
		turn_text(t, "standup.form_send"), turn_text(t, "standup.form_cancel"));
	form_intro(form, intro(t, team));
	add_inputs(t, form, team, standup_format_of(team));
	turn_form(t, form);
}

static const struct team *team_named(struct turn *t, const char *name)
{
	const struct team *team = name ? roster_team(t->roster, name) : NULL;
	return team && team->config->standup.enabled ? team : NULL;
}

void standup_form_pressed(struct turn *t, const struct event *event)
{
	const struct team *team = team_named(t, event->value);
	if (team)
		standup_open_form(t, team);
	else
		turn_whisper(t, turn_text(t, "standup.no_team"));
}

void standup_form_lost(struct turn *t, const struct event *event)
{
	struct message *m = message_new();
	message_say(m, turn_text(t, "standup.form_lost"));
	message_button(m, "standup.open", event->value ? event->value : "", turn_text(t, "standup.button"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

void standup_form_submitted(struct turn *t, const struct event *event)
{
	const struct team *team = team_named(t, event->value);
	if (!team) {
		turn_whisper(t, turn_text(t, "standup.no_team"));
		return;
	}
	enum standup_format format = standup_format_of(team);
	const char *values[3];
	for (guint i = 0; i < 3; i++)
		values[i] = event_input_value(event, standup_field_name(format, i));
	struct standup_text text = { 0 };
	if (standup_from_fields(format, values, &text)) {
		standup_save(t, team, &text, STANDUP_FORM);
	} else {
		guint at = text.problem == STANDUP_EMPTY_GOALS ? 1 : 0;
		turn_problem(t, standup_field_name(format, at), standup_problem_text(t, &text));
	}
	standup_text_release(&text);
}
