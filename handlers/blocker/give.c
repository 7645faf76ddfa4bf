/* SPDX-License-Identifier: MIT */
/*
 * A blocker is given to somebody, or to whoever stands in while they are away: by words, or from a list of the team. Given, not
 * taken: the new owner's first answer is still promised, but to nobody else.
 */
#include "blocker/blocker.h"

#include "blocker_texts.h"
#include "kit/duty.h"
#include "kit/talk.h"

void blocker_give(struct turn *t, const char *key, const struct person *owner)
{
	struct blocker b;
	if (!blocker_read_open(t, key, &b))
		return;
	const struct duty_choice whose = duty_address(t, b.team, owner, "", NULL);
	turn_exec(t, &SQL_BLOCKER_GIVE, ARG_INT(b.id), ARG_INT(whose.person->id),
		whose.instead_of ? ARG_INT(whose.instead_of->id) : ARG_NULL);
	response_give(t, &blocker_promises, key, whose.person, NULL, t->person);
	blocker_note(t, b.id, BLOCKER_WAS_GIVEN, whose.person, "");
	blocker_show(t, key);
	talk_tell_given(t, &blocker_promises, b.team, key, whose.person);
}

/* Everybody of the team and its managers but who has it, by name; the caller unrefs. */
static GPtrArray *others_of(struct turn *t, const struct blocker *b)
{
	GPtrArray *people = roster_managers(t->roster, b->team);
	GHashTableIter iter;
	gpointer person;
	g_hash_table_iter_init(&iter, b->team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL))
		if (roster_is_active(person) && !roster_is_manager(b->team, person))
			g_ptr_array_add(people, person);
	g_ptr_array_remove(people, (gpointer)b->owner);
	g_ptr_array_sort(people, roster_by_name);
	return people;
}

void blocker_give_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!blocker_read_open(t, event->value, &b))
		return;
	g_autoptr(GPtrArray) people = others_of(t, &b);
	if (people->len == 0) {
		turn_whisper(t, turn_text(t, "blocker.give_how"));
		return;
	}
	struct message *form = form_new("blocker.give", event->value, turn_text(t, "blocker.give_title", TEXT_ARG("number", b.id)),
		turn_text(t, "blocker.button_give"), turn_text(t, "blocker.cancel"));
	form_intro(form, b.text);
	form_choice(form, "owner", turn_text(t, "blocker.give_whom"), turn_text(t, "blocker.give_hint"), NULL, FALSE);
	for (guint i = 0; i < MIN(people->len, FORM_OPTIONS_MOST); i++) {
		const struct person *person = people->pdata[i];
		g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, person->id);
		form_option(form, value, person->name);
	}
	turn_form(t, form);
}

void blocker_give_submitted(struct turn *t, const struct event *event)
{
	const char *id = event_input_value(event, "owner");
	const struct person *owner = id ? roster_person_by_id(t->roster, g_ascii_strtoll(id, NULL, 10)) : NULL;
	if (owner && roster_is_active(owner))
		blocker_give(t, event->value, owner);
	else
		turn_problem(t, "owner", turn_text(t, "blocker.give_hint"));
}
