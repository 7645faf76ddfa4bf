/* SPDX-License-Identifier: MIT */
/* What people see of an enquiry. */
#include "customer/customer.h"

#include "customer_texts.h"

const char *customer_card_name(struct turn *t, const char *key)
{
	return turn_keep(t, g_strconcat("customer/", key, NULL));
}

static const char *state_text(struct turn *t, const struct enquiry *e, enum language language)
{
	static const struct {
		const char *state, *key;
	} states[] = {
		{ CUSTOMER_OPEN, "customer.state_open" },
		{ CUSTOMER_ANSWERED, "customer.state_answered" },
		{ CUSTOMER_SOLVED, "customer.state_solved" },
		{ CUSTOMER_NONE, "customer.state_none" },
	};
	if (*e->waits_for)
		return turn_text_in(t, language, "customer.state_waits");
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (strcmp(states[i].state, e->state) == 0)
			return turn_text_in(t, language, states[i].key);
	return e->state;
}

static void add_due(struct turn *t, const struct enquiry *e, struct message *m, enum language language)
{
	struct response_view view;
	gboolean open = strcmp(e->state, CUSTOMER_OPEN) == 0;
	if (response_look(t, e->key, open ? RESPONSE_FIRST : RESPONSE_SOLUTION, &view))
		message_fact(m, turn_text_in(t, language, open ? "customer.answer_until" : "customer.solve_until"),
			response_time_text(t, e->team->zone, view.state.due_ms, language));
}

static void add_facts(struct turn *t, const struct enquiry *e, struct message *m, enum language language)
{
	if (*e->customer)
		message_fact(m, turn_text_in(t, language, "customer.name"), e->customer);
	message_fact(m, turn_text_in(t, language, "customer.owner"),
		e->owner ? e->owner->name : *e->role ? e->role : turn_text_in(t, language, "customer.nobody"));
	if (*e->waits_for)
		message_fact(m, turn_text_in(t, language, "customer.waits_for"), e->waits_for);
	else
		add_due(t, e, m, language);
}

static void add_button(struct turn *t, const struct enquiry *e, struct message *m, const char *action, const char *label,
	enum message_style style)
{
	message_button(m, action, e->key, turn_text_in(t, turn_team_language(t, e->team), label), style);
}

static void add_buttons(struct turn *t, const struct enquiry *e, struct message *m)
{
	if (strcmp(e->state, CUSTOMER_OPEN) == 0)
		add_button(t, e, m, "customer.answered", "customer.button_answered", MESSAGE_PRIMARY);
	if (*e->waits_for)
		add_button(t, e, m, "customer.go_on", "customer.button_go_on", MESSAGE_PRIMARY);
	else
		add_button(t, e, m, "customer.waits", "customer.button_waits", MESSAGE_PLAIN);
	add_button(t, e, m, "customer.solved", "customer.button_solved", MESSAGE_PLAIN);
	add_button(t, e, m, "customer.asks", "customer.button_asks", MESSAGE_PLAIN);
}

static struct message *card_of(struct turn *t, const struct enquiry *e)
{
	enum language language = turn_team_language(t, e->team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "customer.title", TEXT_ARG("number", e->id), TEXT_ARG("state", state_text(t, e, language))));
	message_say(m, e->text);
	if (strcmp(e->state, CUSTOMER_SOLVED) == 0)
		add_button(t, e, m, "customer.asks", "customer.button_asks", MESSAGE_PLAIN);
	if (customer_is_closed(e))
		return m;
	add_facts(t, e, m, language);
	add_buttons(t, e, m);
	return m;
}

void customer_show(struct turn *t, const char *key)
{
	struct enquiry e;
	if (customer_read(t, key, &e))
		turn_show(t, e.team, customer_card_name(t, key), card_of(t, &e));
}
