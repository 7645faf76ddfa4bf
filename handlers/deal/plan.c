/* SPDX-License-Identifier: MIT */
/* The plan to get a deal going (卡点突破方案), and the manager's answer to it. */
#include "deal/deal.h"

#include "base/zone.h"

enum { PLAN_LIMIT = 1000, PLAN_LINES = 3 };

/* ---- who asks for what ---- */

/* The stall of a button, and its deal, when it is still open and the person may; else NULL, and they have been told. */
static struct stall *open_stall(struct turn *t, const char *key, struct deal **deal)
{
	g_autoptr(stall_auto) stall = deal_stall_get(t, key ? g_ascii_strtoll(key, NULL, 10) : 0);
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, stall ? stall->deal : 0);
	g_autoptr(deal_auto) shown = deal_shown(t, number);
	if (!shown)
		return NULL;
	if (stall->ended_ms) {
		turn_whisper(t, turn_text(t, "deal.stall_over", TEXT_ARG("title", deal_title(t, shown)),
					TEXT_ARG("stage", deal_stage_text(t, shown->stage, turn_language(t)))));
		return NULL;
	}
	*deal = g_steal_pointer(&shown);
	return g_steal_pointer(&stall);
}

static const char *name_of(struct turn *t, gint64 id)
{
	const struct person *person = roster_person_by_id(t->roster, id);
	return person ? person->name : "?";
}

/* ---- the plan ---- */

void deal_offer_plan(struct turn *t, const struct deal *deal)
{
	g_autoptr(stall_auto) stall = deal_stall(t, deal);
	if (!stall || stall->answered_ms) {
		turn_whisper(t, turn_text(t, "deal.no_stall", TEXT_ARG("title", deal_title(t, deal))));
		return;
	}
	struct message *m = message_new();
	message_say(m, turn_text(t, "deal.plan_intro", TEXT_ARG("title", deal_title(t, deal))));
	message_button(m, "deal.plan", deal_subject(t, stall->id), turn_text(t, "deal.button_plan"), MESSAGE_PRIMARY);
	turn_private(t, m);
}

/* The stall whose plan the person may write: NULL, and said so: it is over, answered, or somebody else's. */
static struct stall *plan_at_work(struct turn *t, const char *key, struct deal **deal)
{
	g_autoptr(deal_auto) found = NULL;
	g_autoptr(stall_auto) stall = open_stall(t, key, &found);
	if (!stall)
		return NULL;
	const char *refused = !deal_may_change(t, found) ? "deal.not_yours" : stall->answered_ms ? "deal.answered_already" : NULL;
	if (refused) {
		turn_whisper(t, turn_text(t, refused, TEXT_ARG("title", deal_title(t, found)),
					TEXT_ARG("name", name_of(t, stall->answered_ms ? stall->answerer : found->owner))));
		return NULL;
	}
	*deal = g_steal_pointer(&found);
	return g_steal_pointer(&stall);
}

void deal_plan_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = plan_at_work(t, event->value, &deal);
	if (!stall)
		return;
	struct message *form = form_new("deal.plan", event->value, turn_text(t, "deal.plan_title", TEXT_ARG("number", deal->id)),
		turn_text(t, "deal.send"), turn_text(t, "deal.cancel"));
	form_intro(form, turn_text(t, "deal.plan_intro", TEXT_ARG("title", deal_title(t, deal))));
	form_input(form, "blocks", turn_text(t, "deal.blocks"), turn_text(t, "deal.blocks_hint"), stall->blocks, PLAN_LINES, FALSE, PLAN_LIMIT);
	form_input(form, "tried", turn_text(t, "deal.tried"), NULL, stall->tried, PLAN_LINES, FALSE, PLAN_LIMIT);
	form_input(form, "wants", turn_text(t, "deal.wants"), turn_text(t, "deal.wants_hint"), stall->wants, PLAN_LINES, FALSE, PLAN_LIMIT);
	turn_form(t, form);
}

struct message *deal_plan_card(struct turn *t, const struct deal *deal, const struct stall *stall, enum language language)
{
	const char *subject = deal_subject(t, stall->id);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "deal.plan_of", TEXT_ARG("title", deal_title(t, deal)), TEXT_ARG("name", name_of(t, stall->planner))));
	message_fact(m, turn_text_in(t, language, "deal.blocks"), stall->blocks);
	message_fact(m, turn_text_in(t, language, "deal.tried"), stall->tried);
	message_fact(m, turn_text_in(t, language, "deal.wants"), stall->wants);
	message_button(m, "deal.approve", subject, turn_text_in(t, language, "deal.button_approve"), MESSAGE_PRIMARY);
	message_button(m, "deal.advise", subject, turn_text_in(t, language, "deal.button_advise"), MESSAGE_PLAIN);
	message_button(m, "deal.meet", subject, turn_text_in(t, language, "deal.button_meet"), MESSAGE_PLAIN);
	return m;
}

static void look_later(struct turn *t, const struct stall *stall)
{
	for (int i = 0; i < STALL_LOOKS; i++) {
		g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%d", stall->id, stall_look_days[i]);
		g_autoptr(deal_auto) deal = deal_get(t, stall->deal);
		if (deal)
			turn_schedule_once(t, "look", key,
				zone_days_later(deal_zone(roster_config(t->roster), deal->team), stall->planned_ms, stall_look_days[i]));
	}
}

/* Until when its answer is promised; NULL: it is not. */
static const char *answer_due(struct turn *t, const struct stall *stall, const struct team *team, enum language language)
{
	struct response_view view;
	gboolean promised = response_look(t, deal_subject(t, stall->id), RESPONSE_FIRST, &view);
	return promised ? response_time_text(t, team->zone, view.state.due_ms, language) : NULL;
}

void deal_bring_plan(struct turn *t, const struct deal *deal, const struct stall *stall, const struct team *team,
	const struct person *manager)
{
	enum language language = turn_language_of(t, manager, team);
	struct message *m = deal_plan_card(t, deal, stall, language);
	const char *due = answer_due(t, stall, team, language);
	if (due)
		message_context(m, turn_text_in(t, language, "deal.answer_by", TEXT_ARG("due", due)));
	if (manager != t->person)
		turn_nudge(t, team->config->workspace_name, manager, DEAL_TOPIC, G_MAXINT64, m);
	else
		turn_private(t, m);
}

/* Its first version ends the owner's clock and begins the manager's. */
static void hand_up(struct turn *t, const struct deal *deal, const struct stall *stall, const struct team *team)
{
	const char *subject = deal_subject(t, stall->id);
	const struct person *manager = deal_manager(t, deal);
	response_tell(t, &deal_promises, subject, RESPONSE_PLAN, RESPONSE_STOP, t->person, "plan");
	look_later(t, stall);
	if (!manager) {
		turn_whisper(t, turn_text(t, "deal.plan_kept"));
		return;
	}
	response_open(t, &deal_promises,
		&(struct response_opening){ .subject = subject, .target = RESPONSE_FIRST, .team = team, .owner = manager });
	deal_bring_plan(t, deal, stall, team, manager);
	const char *due = answer_due(t, stall, team, turn_language(t));
	if (manager != t->person)
		turn_whisper(t, turn_text(t, "deal.plan_handed", TEXT_ARG("name", manager->name), TEXT_ARG("due", due ? due : "")));
}

/* A text of the form without blanks around; NULL, and said so: it says nothing. */
static const char *filled(struct turn *t, const struct event *event, const char *name)
{
	const char *value = event_input_value(event, name);
	const char *text = turn_keep(t, g_strstrip(g_strdup(value ? value : "")));
	if (!*text)
		turn_problem(t, name, turn_text(t, "deal.missing"));
	return *text ? text : NULL;
}

void deal_plan_submitted(struct turn *t, const struct event *event)
{
	GError *error = NULL;
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = plan_at_work(t, event->value, &deal);
	if (!stall)
		return;
	const struct team *team = deal_team(t, deal);
	struct stall_plan plan = { filled(t, event, "blocks"), filled(t, event, "tried"), filled(t, event, "wants") };
	if (!team || !plan.blocks || !plan.tried || !plan.wants)
		return;
	if (turn_ok(t))
		stall_keep_plan(t->db, stall->id, t->person->id, &plan, t->now_ms, &error);
	deal_latch(t, error);
	g_autoptr(stall_auto) planned = deal_stall_get(t, stall->id);
	if (planned)
		hand_up(t, deal, planned, team);
}

/* ---- the answer ---- */

/* The stall whose plan the person may answer: NULL, and said so: it is over, answered, without a plan, or not theirs to answer. */
static struct stall *answer_at_work(struct turn *t, const char *key, struct deal **deal)
{
	g_autoptr(deal_auto) found = NULL;
	g_autoptr(stall_auto) stall = open_stall(t, key, &found);
	if (!stall)
		return NULL;
	const char *refused = !deal_may_answer(t, found) ? "deal.managers_only"
			      : stall->answered_ms	 ? "deal.answered_already"
			      : !stall->planned_ms	 ? "deal.no_plan"
							 : NULL;
	if (refused) {
		turn_whisper(t, turn_text(t, refused, TEXT_ARG("title", deal_title(t, found)), TEXT_ARG("name", name_of(t, stall->answerer))));
		return NULL;
	}
	*deal = g_steal_pointer(&found);
	return g_steal_pointer(&stall);
}

void deal_read_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = answer_at_work(t, event->value, &deal);
	if (stall)
		turn_private(t, deal_plan_card(t, deal, stall, turn_language(t)));
}

static const char *const answer_texts[STALL_ANSWERS] = {
	[STALL_APPROVE] = "deal.answer_approve",
	[STALL_ADVISE] = "deal.answer_advise",
	[STALL_MEET] = "deal.answer_meet",
};

static void tell_owner(struct turn *t, const struct deal *deal, enum stall_answer answer, const char *words)
{
	const struct person *owner = deal_owner(t, deal);
	const struct team *team = deal_team(t, deal);
	if (!owner || !team || owner == t->person)
		return;
	enum language language = turn_language_of(t, owner, team);
	struct message *m = message_new();
	message_title(m, deal_title(t, deal));
	message_say(m, turn_text_in(t, language, answer_texts[answer], TEXT_ARG("name", t->person->name), TEXT_ARG("words", words)));
	deal_add_move(t, deal, language, MESSAGE_PRIMARY, m);
	message_button(m, "deal.next", deal_key(t, deal), turn_text_in(t, language, "deal.button_next"), MESSAGE_PLAIN);
	turn_nudge(t, team->config->workspace_name, owner, DEAL_TOPIC, G_MAXINT64, m);
}

static void give_answer(struct turn *t, const struct deal *deal, const struct stall *stall, enum stall_answer answer, const char *words)
{
	GError *error = NULL;
	if (turn_ok(t))
		stall_keep_answer(t->db, stall->id, t->person->id, answer, words, t->now_ms, &error);
	deal_latch(t, error);
	response_tell(t, &deal_promises, deal_subject(t, stall->id), RESPONSE_FIRST, RESPONSE_STOP, t->person, "answer");
	tell_owner(t, deal, answer, words);
	turn_whisper(t, turn_text(t, "deal.answered", TEXT_ARG("title", deal_title(t, deal)), TEXT_ARG("name", name_of(t, deal->owner))));
}

void deal_approve_pressed(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = answer_at_work(t, event->value, &deal);
	if (stall)
		give_answer(t, deal, stall, STALL_APPROVE, "");
}

/* The form's context: the stall and the kind of answer. */
static void open_answer(struct turn *t, const struct event *event, enum stall_answer answer, const char *label)
{
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = answer_at_work(t, event->value, &deal);
	if (!stall)
		return;
	g_autofree char *context = g_strdup_printf("%" G_GINT64_FORMAT "/%d", stall->id, (int)answer);
	struct message *form = form_new("deal.answer", context, turn_text(t, "deal.answer_title", TEXT_ARG("number", deal->id)),
		turn_text(t, "deal.send"), turn_text(t, "deal.cancel"));
	form_intro(form, stall->wants);
	form_input(form, "words", turn_text(t, label), NULL, NULL, PLAN_LINES, FALSE, PLAN_LIMIT);
	turn_form(t, form);
}

void deal_advise_pressed(struct turn *t, const struct event *event)
{
	open_answer(t, event, STALL_ADVISE, "deal.advice");
}

void deal_meet_pressed(struct turn *t, const struct event *event)
{
	open_answer(t, event, STALL_MEET, "deal.meeting");
}

void deal_answer_submitted(struct turn *t, const struct event *event)
{
	g_autoptr(deal_auto) deal = NULL;
	g_autoptr(stall_auto) stall = answer_at_work(t, event->value, &deal);
	const char *slash = event->value ? strchr(event->value, '/') : NULL;
	const char *words = stall ? filled(t, event, "words") : NULL;
	if (words && slash)
		give_answer(t, deal, stall, slash[1] - '0' == STALL_MEET ? STALL_MEET : STALL_ADVISE, words);
}
