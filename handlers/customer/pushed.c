/* SPDX-License-Identifier: MIT */
/* What another program sends: a mailbox's or a form's question of a customer, by the HTTP API. Problems are told in English. */
#include "customer/customer.h"

static const struct person *read_owner(struct turn *t, const struct team *team, const char *words)
{
	const struct person *owner = words ? roster_find(t->roster, team->config->workspace_name, words) : NULL;
	if (words && !owner)
		turn_problem(t, "owner", "the bot knows nobody by that e-mail address, account or name, or more than one");
	else if (owner && !roster_is_member(team, owner) && !roster_is_manager(team, owner))
		turn_problem(t, "owner", "is not in that team, and would not see the question");
	return owner;
}

/* A question stays with its team: another one's is nobody's business here. */
static gboolean is_anothers(struct turn *t, int64_t id, const struct team *team)
{
	struct enquiry e;
	return id && customer_read(t, turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id)), &e) && e.team != team;
}

void customer_pushed(struct turn *t, const struct event *event)
{
	const char *customer = event_input_value(event, "customer");
	struct customer_opening o = { .team = roster_team(t->roster, event_input_value(event, "team")), .customer = customer ? customer : "",
		.text = event_input_value(event, "text"), .source = event->value, .external = event_input_value(event, "id"),
		.role = event_input_value(event, "role") };
	if (!o.team) { /* the configuration has changed since the request came */
		turn_problem(t, "team", "there is no team of that name");
		return;
	}
	int64_t known = customer_find(t, o.source, o.external);
	if (is_anothers(t, known, o.team))
		turn_problem(t, "team", "this id is that of a question to another team");
	o.owner = read_owner(t, o.team, event_input_value(event, "owner"));
	if (!turn_ok(t) || t->problems)
		return;
	int64_t id = customer_open(t, &o);
	turn_answer(t, "result", !id ? "courtesy" : known ? "known" : "opened");
	if (id)
		turn_answer(t, "enquiry", turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, id)));
	turn_answer(t, "team", o.team->config->name);
}
