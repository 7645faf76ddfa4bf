/* SPDX-License-Identifier: MIT */
/*
 * Two blockers that are the same: the one that was opened first remains, for its clocks have run longest; the other ends with a
 * pointer to it, and its asker hears. Who has taken one of them has taken both, and a plan for one is the plan.
 */
#include "blocker/blocker.h"

#include "blocker_sql.h"
#include "blocker_texts.h"

static gboolean is_part_of(const struct turn *t, const struct blocker *b)
{
	return b->by == t->person || b->owner == t->person || turn_is_manager(t, b->team);
}

static void tell_asker(struct turn *t, const struct blocker *gone, const struct blocker *kept)
{
	if (gone->by == t->person || gone->by == kept->by)
		return;
	enum language language = turn_language_of(t, gone->by, gone->team);
	struct message *m = message_new();
	message_say(m, turn_text_in(t, language, "blocker.merged_told", TEXT_ARG("name", t->person->name), TEXT_ARG("number", gone->id),
			       TEXT_ARG("other", kept->id), TEXT_ARG("text", kept->text),
			       TEXT_ARG("owner", kept->owner ? kept->owner->name : turn_text_in(t, language, "blocker.nobody"))));
	turn_hint(t, gone->team->config->workspace_name, gone->by, "blocker", G_MAXINT64, m);
}

/* What was done for the one counts for the other. */
static void take_in(struct turn *t, const struct blocker *kept, const char *key, const struct blocker *gone)
{
	gboolean is_taken = strcmp(gone->state, BLOCKER_TAKEN) == 0 && gone->owner;
	if (is_taken && strcmp(kept->state, BLOCKER_OPEN) == 0)
		blocker_own(t, kept, key, gone->owner, "merge");
	if (*gone->plan && !*kept->plan)
		blocker_keep_plan(t, kept, key, gone->plan);
}

static void merge(struct turn *t, struct blocker *kept, struct blocker *gone)
{
	const char *key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, kept->id));
	const char *gone_key = turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, gone->id));
	const char *pointer = turn_keep(t, g_strdup_printf("#%s", key)), *taken_in = turn_keep(t, g_strdup_printf("#%s", gone_key));
	turn_exec(t, &SQL_BLOCKER_MERGE, ARG_INT(gone->id), ARG_INT(kept->id), ARG_INT(t->now_ms));
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS; target++)
		response_tell(t, &blocker_promises, gone_key, target, RESPONSE_CANCEL, t->person, pointer);
	blocker_watch(t, gone_key);
	blocker_note(t, gone->id, BLOCKER_WAS_MERGED, NULL, pointer);
	blocker_note(t, kept->id, BLOCKER_TOOK_IN, NULL, taken_in);
	take_in(t, kept, key, gone);
	blocker_show(t, gone_key);
	blocker_show(t, key);
	blocker_read(t, key, kept);
	tell_asker(t, gone, kept);
	turn_whisper(t, turn_text(t, "blocker.merged", TEXT_ARG("number", gone->id), TEXT_ARG("other", kept->id)));
}

void blocker_merge(struct turn *t, const char *one, const char *other)
{
	struct blocker a, b;
	if (!blocker_read_open(t, one, &a) || !blocker_read_open(t, other, &b))
		return;
	if (a.id == b.id || a.team != b.team)
		turn_whisper(t, turn_text(t, "blocker.merge_how"));
	else if (!is_part_of(t, &a) && !is_part_of(t, &b))
		turn_whisper(t, turn_text(t, "blocker.merge_not_yours"));
	else
		merge(t, a.id < b.id ? &a : &b, a.id < b.id ? &b : &a);
}

void blocker_merge_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!blocker_read_open(t, event->value, &b))
		return;
	struct message *form = form_new("blocker.merge", event->value, turn_text(t, "blocker.merge_title", TEXT_ARG("number", b.id)),
		turn_text(t, "blocker.button_merge"), turn_text(t, "blocker.cancel"));
	form_intro(form, b.text);
	form_input(form, "other", turn_text(t, "blocker.merge_other"), turn_text(t, "blocker.merge_hint"), NULL, 1, FALSE, 20);
	turn_form(t, form);
}

void blocker_merge_submitted(struct turn *t, const struct event *event)
{
	const char *said = event_input_value(event, "other");
	struct blocker other;
	const char *key = blocker_number(t, said ? said : "", NULL);
	if (!key || !blocker_read(t, key, &other) || blocker_is_closed(&other))
		turn_problem(t, "other", turn_text(t, "blocker.merge_hint"));
	else
		blocker_merge(t, event->value, key);
}
