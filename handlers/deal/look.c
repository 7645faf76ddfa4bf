/* SPDX-License-Identifier: MIT */
/* What others show of deals, the longest standing first: in a look the stalled ones to who leads, to an owner all of theirs; in a standup's prompt what has not moved. */
#include "deal/deal.h"

#include "kit/look.h"

enum { MOST_ASKED = 3, STANDING_DAYS = 3 };

static gint by_standing(gconstpointer a, gconstpointer b)
{
	const struct deal *one = *(struct deal *const *)a, *other = *(struct deal *const *)b;
	return one->entered_ms < other->entered_ms ? -1 : one->entered_ms > other->entered_ms;
}

/* The deal, and how long the plan or its answer has yet. */
static const char *line_of(struct turn *t, const struct deal *deal, const struct stall *stall, enum language language)
{
	struct response_view view;
	const char *row = deal_row(t, deal, language);
	gboolean planned = stall && stall->planned_ms;
	if (!stall || stall->answered_ms || !response_look(t, deal_subject(t, stall->id), planned ? RESPONSE_FIRST : RESPONSE_PLAN, &view))
		return row;
	return turn_text_in(t, language, planned ? "deal.look_answer" : "deal.look_plan", TEXT_ARG("row", row),
		TEXT_ARG("left", response_left_text(t, view.state.remaining_s, language)));
}

/* The plan is its owner's to write, the answer the manager's; else it is looked at. */
static void add_button(struct turn *t, struct look *look, const struct deal *deal, const struct stall *stall)
{
	gboolean own = look->reader->id == deal->owner;
	if (stall && own && !stall->planned_ms)
		look_button(look, "deal.plan", deal_subject(t, stall->id), turn_text_in(t, look->language, "deal.button_plan"), MESSAGE_PRIMARY);
	else if (stall && look->leads && stall->planned_ms && !stall->answered_ms && !own)
		look_button(look, "deal.read", deal_subject(t, stall->id), turn_text_in(t, look->language, "deal.button_read"), MESSAGE_PRIMARY);
	else
		look_button(look, "deal.show", deal_key(t, deal), turn_text_in(t, look->language, "deal.button_look"), MESSAGE_PLAIN);
}

void deal_look(struct turn *t, struct look *look)
{
	GError *error = NULL;
	struct deal_filter filter = { .team = look->team->config->name };
	if (look->leads)
		filter = (struct deal_filter){ .team = filter.team, .stalled_ms = t->now_ms, .config = roster_config(t->roster) };
	else
		filter.owner = look->reader->id;
	g_autoptr(GPtrArray) deals = turn_ok(t) ? deal_list(t->db, &filter, &error) : NULL;
	deal_latch(t, error);
	if (!deals)
		return;
	g_ptr_array_sort(deals, by_standing);
	look_section(look, look->leads ? LOOK_WAITING : LOOK_DAY, turn_text_in(t, look->language, look->leads ? "deal.look" : "deal.look_own"));
	for (guint i = 0; i < deals->len; i++) {
		g_autoptr(stall_auto) stall = deal_stall(t, deals->pdata[i]);
		look_line(look, line_of(t, deals->pdata[i], stall, look->language));
		add_button(t, look, deals->pdata[i], stall);
	}
}

/* ---- in the standup's prompt ---- */

/* Those that have stood for some days and have no step before them: the longest first. */
static GPtrArray *standing(struct turn *t, const struct team *team, const struct person *person)
{
	GError *error = NULL;
	const struct config *config = roster_config(t->roster);
	const char *today = turn_day(t, person, team, t->now_ms);
	GPtrArray *deals = turn_ok(t) ? deal_list(t->db, &(struct deal_filter){ .team = team->config->name, .owner = person->id }, &error) : NULL;
	deal_latch(t, error);
	for (guint i = deals ? deals->len : 0; i-- > 0;) {
		const struct deal *deal = deals->pdata[i];
		if (deal_days(config, deal, t->now_ms) < STANDING_DAYS || (deal->next_day && strcmp(deal->next_day, today) > 0))
			g_ptr_array_remove_index(deals, i);
	}
	if (deals)
		g_ptr_array_sort(deals, by_standing);
	return deals;
}

void deal_ask(struct turn *t, const struct team *team, const struct person *person, enum language language, struct message *m)
{
	g_autoptr(GPtrArray) deals = standing(t, team, person);
	if (!deals || deals->len == 0)
		return;
	message_say(m, turn_text_in(t, language, "deal.question", TEXT_ARG("count", (int)deals->len)));
	for (guint i = 0; i < MIN(deals->len, MOST_ASKED); i++)
		message_item(m, deal_row(t, deals->pdata[i], language));
	for (guint i = 0; i < MIN(deals->len, MOST_ASKED); i++) {
		const struct deal *deal = deals->pdata[i];
		message_button(m, "deal.show", deal_key(t, deal),
			turn_text_in(t, language, "deal.button_show", TEXT_ARG("number", deal->id), TEXT_ARG("customer", deal->customer)),
			MESSAGE_PLAIN);
	}
}
