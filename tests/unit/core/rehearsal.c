/* SPDX-License-Identifier: MIT */
#include "rehearsal.h"

#include "base/clock.h"
#include "core_sql.h"
#include "people_sql.h"
#include "register_sql.h"

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static struct message *card(const char *text)
{
	struct message *m = message_new();
	message_say(m, text);
	return m;
}

static gboolean is(const char *text, const char *word)
{
	return text && g_str_has_prefix(text, word);
}

static void take_note(struct turn *t, const char *text)
{
	turn_exec(t, &SQL_REHEARSAL_NOTE, ARG_TEXT(text));
	if (t->team) {
		turn_show(t, t->team, "rehearsal/board", card(text));
		if (t->person && is(text, "fail")) /* the roster too must be as before */
			roster_drop_member(t->roster, t->team, t->person, &t->error);
	}
	turn_schedule(t, "after", text, t->now_ms + HOURS(1));
	if (is(text, "fail"))
		turn_fail(t, g_error_new(G_FILE_ERROR, 1, "the rehearsal fails"));
}

static gboolean is_ours(struct turn *t, const struct event *event)
{
	if (is(event->text, "doubt"))
		turn_fail(t, g_error_new(G_FILE_ERROR, 1, "it cannot tell"));
	return is(event->text, "note") || is(event->text, "fail") || is(event->text, "refused");
}

static void said(struct turn *t, const struct event *event)
{
	turn_react(t, "eyes");
	take_note(t, event->text);
}

static void rings(struct turn *t, const struct event *event)
{
	g_autofree char *text = g_strdup_printf("rang %s", event->value);
	if (is(event->value, "cancel "))
		turn_cancel(t, "ring", event->value + 7);
	if (is(event->value, "move "))
		turn_schedule(t, "ring", event->value + 5, t->now_ms + HOURS(1));
	take_note(t, is(event->value, "fail") ? event->value : text);
}

static void submitted(struct turn *t, const struct event *event)
{
	const char *text = event_input_value(event, "text");
	if (is(text, "wrong"))
		turn_problem(t, "text", "not so");
	else
		take_note(t, text);
}

/* Says its answer before it fails, too. */
static void requested(struct turn *t, const struct event *event)
{
	const char *text = event_input_value(event, "text");
	if (is(text, "wrong")) {
		turn_problem(t, "text", "not so");
		return;
	}
	turn_answer(t, "noted", text);
	take_note(t, text);
}

static void opened(struct turn *t, const struct event *event)
{
	(void)event;
	turn_home(t, "rehearsal/home", card("home"));
	take_note(t, "fail at home");
}

static void asked(struct turn *t, const struct event *event)
{
	struct message *form = form_new("rehearsal.form", event->value, "Note", "Send", "Cancel");
	form_input(form, "text", "Text", NULL, NULL, 1, FALSE, 100);
	turn_form(t, form);
}

static void reacted(struct turn *t, const struct event *event)
{
	g_autofree char *text = g_strdup_printf("%s %s", t->ritual, event->word);
	turn_exec(t, &SQL_REHEARSAL_NOTE, ARG_TEXT(text));
	const char *about = turn_about(t);
	if (about)
		turn_exec(t, &SQL_REHEARSAL_NOTE, ARG_TEXT(about));
}

static void commanded(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	g_autofree char *text = g_strdup_printf("command %s", rest);
	take_note(t, text);
	turn_say(t, "noted");
}

static void start(struct turn *t)
{
	turn_schedule_once(t, "daily", "", t->now_ms + DAYS(1));
}

static const struct trigger triggers[] = {
	{ .kind = EVENT_SAID, .when = is_ours, .run = said },
	{ .kind = EVENT_DUE, .word = "ring", .run = rings },
	{ .kind = EVENT_PRESSED, .word = "ask", .run = asked },
	{ .kind = EVENT_SUBMITTED, .word = "form", .run = submitted },
	{ .kind = EVENT_REQUESTED, .word = "put", .run = requested },
	{ .kind = EVENT_OPENED_HOME, .run = opened },
	{ .kind = EVENT_REACTED, .run = reacted },
	{ 0 },
};
static const struct command commands[] = {
	{ .words = WORDS("rehearse", "排练"), .takes_text = TRUE, .run = commanded },
	{ 0 },
};
static const struct ritual rehearsal = {
	.name = "rehearsal",
	.triggers = triggers,
	.commands = commands,
	.sql = &SQL_REHEARSAL,
	.start = start,
};

static gboolean is_anything(struct turn *t, const struct event *event)
{
	(void)t;
	return is(event->text, "note to both");
}

static const struct trigger second_triggers[] = {
	{ .kind = EVENT_SAID, .when = is_anything, .run = reacted },
	{ .kind = EVENT_REACTED, .word = "tada", .run = reacted },
	{ .kind = EVENT_REACTED, .word = "star", .anywhere = TRUE, .run = reacted },
	{ 0 },
};
static const struct ritual second = { .name = "second", .triggers = second_triggers };

const struct ritual *const rehearsals[] = { &rehearsal, &second, NULL };

const struct sql_owner *const *rehearsal_schema(gsize *count)
{
	static const struct sql_owner *const owners[] = { &SQL_PEOPLE, &SQL_REGISTER, &SQL_CORE, &SQL_REHEARSAL };
	*count = G_N_ELEMENTS(owners);
	return owners;
}
