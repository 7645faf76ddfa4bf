/* SPDX-License-Identifier: MIT */
/* Buttons and forms: a deal shown, moved with one press, opened, its next step agreed. */
#include "deal/deal.h"

#include "team/day_words.h"

enum { SHORT_LIMIT = 100, STEP_LINES = 2 };

void deal_show_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = deal_shown(t, event->value);
	if (deal)
		turn_private(t, deal_card(t, deal, turn_language(t)));
}

/* ---- moved with one press ---- */

/* The stage that the button meant; NULL: the configuration has it no more, or the deal has gone on since the button was made. */
static const struct config_stage *stage_pressed(struct turn *t, const struct deal *deal, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, "/", 3);
	gboolean whole = g_strv_length(parts) == 3;
	if (!whole || g_ascii_strtoll(parts[1], NULL, 10) != deal->entered_ms)
		return NULL;
	const struct config_stage *stage = config_stage(roster_config(t->roster), parts[2]);
	return stage;
}

void deal_move_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = deal_held(t, event->value);
	if (!deal)
		return;
	const struct config_stage *stage = stage_pressed(t, deal, event->value);
	if (stage)
		deal_move(t, deal, stage);
	else
		turn_whisper(t, turn_text(t, "deal.moved_already", TEXT_ARG("title", deal_title(t, deal)),
					TEXT_ARG("stage", deal_stage_text(t, deal->stage, turn_language(t)))));
}

/* ---- a new one ---- */

static const char *stage_names(struct turn *t)
{
	GString *names = g_string_new(NULL);
	for (struct config_stage *const *stage = roster_config(t->roster)->deals.stages; *stage; stage++)
		g_string_append_printf(names, "%s%s", names->len ? " / " : "", config_stage_title(*stage, turn_language(t)));
	return turn_keep(t, g_string_free(names, FALSE));
}

static void open_form(struct turn *t)
{
	struct message *form = form_new("deal.new", t->team->config->name, turn_text(t, "deal.new_title"), turn_text(t, "deal.send"),
		turn_text(t, "deal.cancel"));
	form_input(form, "customer", turn_text(t, "deal.customer"), NULL, NULL, 1, FALSE, DEAL_CUSTOMER_LIMIT);
	form_input(form, "amount", turn_text(t, "deal.amount"), turn_text(t, "deal.amount_hint"), NULL, 1, TRUE, SHORT_LIMIT);
	form_input(form, "stage", turn_text(t, "deal.stage"), stage_names(t), NULL, 1, TRUE, SHORT_LIMIT);
	form_input(form, "owner", turn_text(t, "deal.owner"), turn_text(t, "deal.owner_hint"), NULL, 1, TRUE, SHORT_LIMIT);
	turn_form(t, form);
}

/* A form opens on a press; words get the button. */
void deal_new_form(struct turn *t)
{
	if (t->event->place.token) {
		open_form(t);
		return;
	}
	struct message *m = message_new();
	message_say(m, turn_text(t, "deal.new_how"));
	message_button(m, "deal.new", "", turn_text(t, "deal.button_new"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

void deal_new_pressed(struct turn *t, const struct event *event)
{
	(void)event;
	if (t->team)
		open_form(t);
	else
		turn_whisper(t, turn_text(t, "deal.no_team"));
}

/* What an input says, without blanks around; "" for nothing. */
static const char *input(struct turn *t, const struct event *event, const char *name)
{
	const char *value = event_input_value(event, name);
	return turn_keep(t, g_strstrip(g_strdup(value ? value : "")));
}

static const struct person *owner_named(struct turn *t, const struct team *team, const char *name)
{
	const struct person *owner = *name ? roster_find(t->roster, team->config->workspace_name, name) : t->person;
	gboolean there = owner && (roster_is_member(team, owner) || roster_is_manager(team, owner));
	if (!there)
		turn_problem(t, "owner", turn_text(t, "deal.not_in_team", TEXT_ARG("name", name), TEXT_ARG("team", team->config->name)));
	return there ? owner : NULL;
}

void deal_new_submitted(struct turn *t, const struct event *event)
{
	struct money sum;
	const struct config *config = roster_config(t->roster);
	const struct team *team = roster_team(t->roster, event->value);
	const char *customer = input(t, event, "customer"), *amount = input(t, event, "amount"), *stage = input(t, event, "stage");
	if (!team || (!roster_is_member(team, t->person) && !roster_is_manager(team, t->person))) {
		turn_whisper(t, turn_text(t, "deal.no_team"));
		return;
	}
	const struct person *owner = owner_named(t, team, input(t, event, "owner"));
	if (!*customer)
		turn_problem(t, "customer", turn_text(t, "deal.customer_missing"));
	else if (*amount && !money_parse(amount, config->deals.currency, &sum))
		turn_problem(t, "amount", turn_text(t, "deal.amount_hint"));
	else if (*stage && !config_stage(config, stage))
		turn_problem(t, "stage", stage_names(t));
	else if (owner)
		deal_open(t, &(struct deal_news){ .team = team->config->name,
				     .customer = customer,
				     .amount = *amount ? &sum : NULL,
				     .owner = owner->id,
				     .stage = *stage ? config_stage(config, stage)->name : NULL });
}

/* ---- the next step ---- */

void deal_next_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = deal_held(t, event->value);
	if (!deal)
		return;
	struct message *form = form_new("deal.next", deal_key(t, deal), turn_text(t, "deal.next_title", TEXT_ARG("number", deal->id)),
		turn_text(t, "deal.send"), turn_text(t, "deal.cancel"));
	form_intro(form, turn_text(t, "deal.next_intro", TEXT_ARG("title", deal_title(t, deal)), TEXT_ARG("left", DEAL_SILENCES - deal->silences)));
	form_input(form, "day", turn_text(t, "deal.next_day"), turn_text(t, "deal.next_day_hint"), deal->next_day, 1, FALSE, SHORT_LIMIT);
	form_input(form, "step", turn_text(t, "deal.next"), NULL, *deal->next_step ? deal->next_step : NULL, STEP_LINES, FALSE, DEAL_STEP_LIMIT);
	turn_form(t, form);
}

void deal_next_submitted(struct turn *t, const struct event *event)
{
	char day[ZONE_DAY_SIZE];
	g_autoptr(deal_auto) deal = deal_held(t, event->value);
	if (!deal)
		return;
	const char *today = turn_day(t, t->person, deal_team(t, deal), t->now_ms);
	if (day_words_read(input(t, event, "day"), today, DAY_WORDS_AHEAD, day))
		deal_set_step(t, deal, day, input(t, event, "step"));
	else
		turn_problem(t, "day", turn_text(t, "deal.next_day_hint"));
}
