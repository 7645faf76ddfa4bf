/* SPDX-License-Identifier: MIT */
/*
 * What another program pushes by the HTTP API: a CRM's deal, checked against what the team knows (its stages, its people) and written
 * as people's words are. Every field that cannot be taken is told at once, in English, for programs and those who write them. Which
 * fields there are, and of which shape, is the API's to say (platform/api/api_routes.c).
 */
#include "deal/deal.h"

#include "base/zone.h"

/* A request that is being read: what it says, and of which deal. */
struct pushed {
	const struct event *event;
	const struct config *config;
	const struct team *team;
	struct deal_news news;
	struct money amount;
	gint64 id; /* 0: a new one */
};

static const char *value_of(const struct pushed *p, const char *field)
{
	return event_input_value(p->event, field);
}

/* A deal stays with its team: another one's is nobody's business here. */
static void read_deal(struct turn *t, struct pushed *p)
{
	p->news.external = value_of(p, "id");
	p->news.team = p->team->config->name;
	p->news.customer = value_of(p, "customer");
	if (!deal_find(t->db, p->event->value, p->news.external, &p->id, &t->error) || !p->id)
		return;
	g_autoptr(deal_auto) deal = deal_read(t->db, p->id, &t->error);
	if (deal && strcmp(deal->team, p->news.team) != 0)
		turn_problem(t, "team", "this id is that of a deal of another team");
}

static void read_amount(struct turn *t, struct pushed *p)
{
	const char *text = value_of(p, "amount"), *currency = value_of(p, "currency");
	if (currency && !money_is_currency(currency))
		turn_problem(t, "currency", "must be three letters, as in ISO 4217, such as CNY");
	else if (currency && !text)
		turn_problem(t, "currency", "is of an amount, and there is none");
	else if (text && !money_parse(text, currency ? currency : p->config->deals.currency, &p->amount))
		turn_problem(t, "amount", "is too large");
	else if (text)
		p->news.amount = &p->amount;
}

static void read_owner(struct turn *t, struct pushed *p)
{
	const char *words = value_of(p, "owner");
	const struct person *owner = words ? roster_find(t->roster, p->team->config->workspace_name, words) : NULL;
	if (words && !owner)
		turn_problem(t, "owner", "the bot knows nobody by that e-mail address, account or name, or more than one");
	else if (owner && !roster_is_member(p->team, owner) && !roster_is_manager(p->team, owner))
		turn_problem(t, "owner", "is not in that team, and would not see the deal");
	else if (owner)
		p->news.owner = owner->id;
}

static const char *stage_names(struct turn *t, const struct config *config)
{
	GString *names = g_string_new(NULL);
	for (struct config_stage *const *stage = config->deals.stages; *stage; stage++)
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", (*stage)->name);
	return turn_keep(t, g_string_free(names, FALSE));
}

static void read_stage(struct turn *t, struct pushed *p)
{
	const char *words = value_of(p, "stage");
	const struct config_stage *stage = words ? config_stage(p->config, words) : NULL;
	if (words && !stage)
		turn_problem(t, "stage", turn_keep(t, g_strdup_printf("is no stage; there are: %s", stage_names(t, p->config))));
	else if (stage)
		p->news.stage = stage->name;
}

/* Since when it has been in its stage: the beginning of that day where the team is. */
static void read_since(struct turn *t, struct pushed *p)
{
	const char *day = value_of(p, "since");
	if (!day)
		return;
	if (!value_of(p, "stage"))
		turn_problem(t, "since", "is of a stage, and there is none");
	else if (!zone_instant(p->team->zone, day, 0, &p->news.entered_ms) || p->news.entered_ms > t->now_ms)
		turn_problem(t, "since", "lies in the future");
}

/* What a new deal cannot be without. */
static void check_whole(struct turn *t, const struct pushed *p)
{
	static const char *const needed[] = { "customer", "owner" };
	for (gsize i = 0; !p->id && i < G_N_ELEMENTS(needed); i++)
		if (!value_of(p, needed[i]))
			turn_problem(t, needed[i], "is missing: the deal is new");
}

static void answer(struct turn *t, const struct deal_result *result)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, result->id);
	g_autoptr(deal_auto) deal = deal_get(t, result->id);
	if (!deal)
		return;
	turn_answer(t, "result", result->added ? "added" : result->changed ? "changed" : "unchanged");
	turn_answer(t, "deal", number);
	turn_answer(t, "team", deal->team);
	turn_answer(t, "stage", deal->stage);
}

void deal_pushed(struct turn *t, const struct event *event)
{
	struct pushed p = { .event = event, .config = roster_config(t->roster), .team = roster_team(t->roster, event_input_value(event, "team")) };
	struct deal_teller by = { .source = event->value, .now_ms = t->now_ms };
	struct deal_result result;
	if (!p.team) { /* the configuration has changed since the request came */
		turn_problem(t, "team", "there is no team of that name");
		return;
	}
	read_deal(t, &p);
	read_amount(t, &p);
	read_owner(t, &p);
	read_stage(t, &p);
	read_since(t, &p);
	check_whole(t, &p);
	if (!turn_ok(t) || t->problems || !deal_put(t->db, p.config, &by, p.id, &p.news, &result, &t->error))
		return;
	deal_settle_all(t);
	answer(t, &result);
}
