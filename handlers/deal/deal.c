/* SPDX-License-Identifier: MIT */
/* What wakes the ritual of deals. */
#include "deal/deal.h"

#include "deal_texts.h"

static void clock_due(struct turn *t, const struct event *event)
{
	response_due(t, event, &deal_promises);
}

/* Somebody has knocked at the store, or people came and went. */
static void people_changed(struct turn *t, const struct event *event)
{
	gboolean left = FALSE;
	for (guint i = 0; event->people && i < event->people->len; i++)
		left = left || g_array_index(event->people, struct event_person, i).deactivated;
	deal_settle_all(t);
	if (left)
		deal_entrust_all(t);
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "deal", "商机", NULL }, .help = "deal.help", .takes_text = TRUE, .run = deal_command },
	{ .words = (const char *const[]){ "deals", "商机列表", NULL },
		.help = "deal.help_list",
		.only_tells = TRUE,
		.run = deal_list_command },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = RESPONSE_JOB, .run = clock_due },
	{ .kind = EVENT_DUE, .word = "stall", .run = deal_stall_due },
	{ .kind = EVENT_DUE, .word = "look", .run = deal_look_due },
	{ .kind = EVENT_PEOPLE, .run = people_changed },
	{ .kind = EVENT_PRESSED, .word = "show", .run = deal_show_pressed },
	{ .kind = EVENT_PRESSED, .word = "move", .run = deal_move_pressed },
	{ .kind = EVENT_PRESSED, .word = "new", .run = deal_new_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "new", .run = deal_new_submitted },
	{ .kind = EVENT_PRESSED, .word = "next", .run = deal_next_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "next", .run = deal_next_submitted },
	{ .kind = EVENT_PRESSED, .word = "plan", .run = deal_plan_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "plan", .run = deal_plan_submitted },
	{ .kind = EVENT_PRESSED, .word = "read", .run = deal_read_pressed },
	{ .kind = EVENT_PRESSED, .word = "approve", .run = deal_approve_pressed },
	{ .kind = EVENT_PRESSED, .word = "advise", .run = deal_advise_pressed },
	{ .kind = EVENT_PRESSED, .word = "meet", .run = deal_meet_pressed },
	{ .kind = EVENT_SUBMITTED, .word = "answer", .run = deal_answer_submitted },
	{ .kind = EVENT_REQUESTED, .word = "push", .run = deal_pushed },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = DEAL_TOPIC, .title = "deal.topic" },
	{ 0 },
};

static guint deal_left_behind(struct turn *t, const struct person *gone, enum language language, struct message *m)
{
	GError *error = NULL;
	g_autoptr(GPtrArray) deals = turn_ok(t) ? deal_list(t->db, &(struct deal_filter){ .owner = gone->id }, &error) : NULL;
	if (error)
		turn_fail(t, error);
	for (guint i = 0; deals && i < deals->len; i++)
		message_item(m, turn_text_in(t, language, "deal.held", TEXT_ARG("title", deal_title(t, deals->pdata[i]))));
	return deals ? deals->len : 0;
}

const struct ritual ritual_deal = {
	.name = "deal",
	.title = "deal.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.texts = &texts_deal,
	.promises = &deal_promises,
	.start = deal_start,
	.look = deal_look,
	.ask = deal_ask,
	.held = deal_left_behind,
};
