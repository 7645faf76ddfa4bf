/* SPDX-License-Identifier: MIT */
/* What people see of a blocker. */
#include "blocker/blocker.h"

#include "blocker_texts.h"

const char *blocker_card_name(struct turn *t, int64_t id)
{
	return turn_keep(t, g_strdup_printf("blocker/%" G_GINT64_FORMAT, id));
}

const char *blocker_thread_name(struct turn *t, const struct blocker *b)
{
	const char *card = blocker_card_name(t, b->id);
	return b->in_thread ? turn_keep(t, g_strconcat(card, "/thread", NULL)) : card;
}

/* Who has it, in whose place; or that nobody of its role is there. */
static const char *owner_text(struct turn *t, const struct blocker *b, enum language language)
{
	if (b->owner && b->instead_of)
		return turn_text_in(t, language, "blocker.owner_instead", TEXT_ARG("name", b->owner->name), TEXT_ARG("other", b->instead_of->name));
	if (b->owner)
		return b->owner->name;
	return *b->role ? turn_text_in(t, language, "blocker.owner_role", TEXT_ARG("role", b->role)) : turn_text_in(t, language, "blocker.nobody");
}

static void add_facts(struct turn *t, const struct blocker *b, struct message *m, enum language language)
{
	struct response_view view;
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, b->id);
	message_fact(m, turn_text_in(t, language, "blocker.by"), b->by->name);
	if (b->from_day)
		message_fact(m, turn_text_in(t, language, "blocker.from"), turn_day_text(t, b->from_day, language));
	message_fact(m, turn_text_in(t, language, "blocker.owner"), owner_text(t, b, language));
	if (*b->parked_until)
		message_fact(m, turn_text_in(t, language, "blocker.rests_until"),
			turn_text_in(t, language, "blocker.rests", TEXT_ARG("day", turn_day_text(t, b->parked_until, language)), TEXT_ARG("why", b->why)));
	if (*b->plan)
		message_fact(m, turn_text_in(t, language, "blocker.plan"), b->plan);
	else if (*b->parked_until)
		return; /* while it rests nothing is due */
	else if (strcmp(b->state, BLOCKER_OPEN) == 0 && response_look(t, key, RESPONSE_FIRST, &view))
		message_fact(m, turn_text_in(t, language, "blocker.take_until"),
			response_time_text(t, b->team->zone, view.state.due_ms, language));
	else if (response_look(t, key, RESPONSE_PLAN, &view))
		message_fact(m, turn_text_in(t, language, "blocker.plan_until"),
			response_time_text(t, b->team->zone, view.state.due_ms, language));
}

/* The standup shows itself: to whoever presses, as far as it is theirs to see. */
static void add_standup_button(struct turn *t, const struct blocker *b, struct message *m, enum language language)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%s/%s", b->by->id, b->from_day, b->team->config->name);
	message_button(m, "standup.one", key, turn_text_in(t, language, "blocker.button_standup"), MESSAGE_PLAIN);
}

static const char *state_text(struct turn *t, const struct blocker *b, enum language language)
{
	if (b->merged_into)
		return turn_text_in(t, language, "blocker.state_merged", TEXT_ARG("other", b->merged_into));
	static const struct {
		const char *state, *key;
	} states[] = {
		{ BLOCKER_OPEN, "blocker.state_open" },
		{ BLOCKER_TAKEN, "blocker.state_taken" },
		{ BLOCKER_DONE, "blocker.state_done" },
		{ BLOCKER_NONE, "blocker.state_none" },
	};
	if (*b->parked_until)
		return turn_text_in(t, language, "blocker.state_parked");
	if (*b->why && strcmp(b->state, BLOCKER_NONE) == 0)
		return turn_text_in(t, language, "blocker.state_dropped");
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i].state, b->state) == 0)
			return turn_text_in(t, language, states[i].key);
	return b->state;
}

struct message *blocker_card(struct turn *t, const struct blocker *b)
{
	enum language language = turn_team_language(t, b->team);
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, b->id);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "blocker.title", TEXT_ARG("number", b->id), TEXT_ARG("state", state_text(t, b, language))));
	message_say(m, b->text);
	if (strcmp(b->state, BLOCKER_DONE) == 0)
		message_button(m, "blocker.reopen", key, turn_text_in(t, language, "blocker.button_reopen"), MESSAGE_PLAIN);
	if (blocker_is_closed(b) && *b->why)
		message_fact(m, turn_text_in(t, language, "blocker.why"), b->why);
	if (blocker_is_closed(b))
		return m;
	add_facts(t, b, m, language);
	if (*b->parked_until)
		message_button(m, "blocker.resume", key, turn_text_in(t, language, "blocker.button_resume"), MESSAGE_PRIMARY);
	if (strcmp(b->state, BLOCKER_OPEN) == 0)
		message_button(m, "blocker.take", key, turn_text_in(t, language, "blocker.button_take"), MESSAGE_PRIMARY);
	message_button(m, "blocker.plan", key, turn_text_in(t, language, "blocker.button_plan"), MESSAGE_PLAIN);
	message_button(m, "blocker.done", key, turn_text_in(t, language, "blocker.button_done"), MESSAGE_PLAIN);
	message_button(m, "blocker.give", key, turn_text_in(t, language, "blocker.button_give"), MESSAGE_PLAIN);
	message_button(m, "blocker.none", key, turn_text_in(t, language, "blocker.button_none"), MESSAGE_PLAIN);
	message_button(m, "blocker.merge", key, turn_text_in(t, language, "blocker.button_merge"), MESSAGE_PLAIN);
	if (b->from_day)
		add_standup_button(t, b, m, language);
	return m;
}
