/* SPDX-License-Identifier: MIT */
/* What has waited goes: when quiet hours end, and as the day's digest. */
#include "quiet/quiet.h"

#include "base/clock.h"
#include "core/message_text.h"
#include "core/nudge.h"

/* So many lines, each with a button, fit one card of every platform; more come with the next digest. */
enum { DIGEST_LINES = 20 };

/* Whom the job is about; NULL: nobody who is still there. */
static const struct person *person_of(struct turn *t, const struct event *event)
{
	const struct person *person = roster_person_by_id(t->roster, g_ascii_strtoll(event->value, NULL, 10));
	if (!person || !person->deactivated)
		return person;
	turn_unnudge(t, person, NULL);
	return NULL;
}

void quiet_wake_due(struct turn *t, const struct event *event)
{
	const struct person *person = person_of(t, event);
	if (person)
		nudge_release(t, person);
}

/* The message's button, if it is its only one: one of several would be half a question. */
static void add_button(struct message *m, const cJSON *content)
{
	const cJSON *part, *found = NULL;
	int count = 0;
	cJSON_ArrayForEach (part, json_array(content, "parts")) {
		if (strcmp(json_text_or(part, "part", ""), "buttons") != 0)
			continue;
		count += cJSON_GetArraySize(json_array(part, "buttons"));
		found = part;
	}
	if (count == 1)
		message_button(m, json_text_or(found, "buttons.0.action", ""), json_text_or(found, "buttons.0.value", ""),
			json_text_or(found, "buttons.0.label", ""), MESSAGE_PLAIN);
}

/* A button works only in the workspace that it was made for; what a line leaves out is a press away. */
static void add_line(struct turn *t, struct message *m, const struct nudge_line *line, const char *workspace, enum language language)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, line->number);
	g_autoptr(cJSON) content = json_parse(line->content, strlen(line->content), NULL);
	g_autofree char *words = message_headline(content, t->roster, line->workspace);
	message_paragraph(m);
	message_plain(m, "• ");
	message_plain(m, words);
	if (strcmp(line->workspace, workspace) == 0)
		add_button(m, content);
	if (line->number)
		message_button(m, QUIET_RITUAL ".show", number, turn_text_in(t, language, "quiet.show"), MESSAGE_PLAIN);
}

void quiet_digest_due(struct turn *t, const struct event *event)
{
	const struct person *person = person_of(t, event);
	g_autoptr(GPtrArray) lines = person ? nudge_take_digest(t, person, DIGEST_LINES) : NULL;
	if (!lines)
		return;
	const char *workspace = ((const struct nudge_line *)lines->pdata[0])->workspace;
	enum language language = turn_language_of(t, person, roster_next_team_of(t->roster, workspace, person, NULL));
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "quiet.digest_title", TEXT_ARG("count", lines->len)));
	for (guint i = 0; i < lines->len; i++)
		add_line(t, m, lines->pdata[i], workspace, language);
	message_context(m, turn_text_in(t, language, "quiet.digest_why"));
	turn_tell(t, workspace, person, m);
}

void quiet_show_pressed(struct turn *t, const struct event *event)
{
	if (!nudge_open(t, t->person, g_ascii_strtoll(event->value ? event->value : "", NULL, 10)))
		turn_whisper(t, turn_text(t, "quiet.show_over"));
}

void quiet_open_due(struct turn *t, const struct event *event)
{
	if (turn_ok(t))
		outbox_let_go(t->outbox, g_ascii_strtoll(event->value, NULL, 10), &t->error);
}

void quiet_forget_due(struct turn *t, const struct event *event)
{
	(void)event;
	nudge_forget(t);
	turn_schedule_once(t, "forget", "", t->now_ms + DAYS(1));
}
