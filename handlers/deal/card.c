/* SPDX-License-Identifier: MIT */
/* How deals are shown. */
#include "deal/deal.h"

#include "base/zone.h"

enum { MOST_EVENTS = 8 };

/* ---- one line ---- */

static const char *owner_name(struct turn *t, gint64 id)
{
	const struct person *person = roster_person_by_id(t->roster, id);
	return person ? person->name : "?";
}

static gboolean has_stalled(struct turn *t, const struct deal *deal)
{
	return deal_stalls_ms(roster_config(t->roster), deal) < t->now_ms;
}

const char *deal_row(struct turn *t, const struct deal *deal, enum language language)
{
	const char *key = deal->closed_ms ? "deal.row_closed" : has_stalled(t, deal) ? "deal.row_stalled" : "deal.row";
	const char *row = turn_text_in(t, language, key, TEXT_ARG("title", deal_title(t, deal)),
		TEXT_ARG("stage", deal_stage_text(t, deal->stage, language)), TEXT_ARG("name", owner_name(t, deal->owner)),
		TEXT_ARG("days", deal_days(roster_config(t->roster), deal, t->now_ms)));
	if (!deal->next_day)
		return row;
	return turn_text_in(t, language, "deal.row_next", TEXT_ARG("row", row), TEXT_ARG("day", turn_date_text(t, deal->next_day, language)));
}

/* ---- its story ---- */

static const char *person_of(struct turn *t, const char *number)
{
	return owner_name(t, g_ascii_strtoll(number, NULL, 10));
}

/* How a row of the history tells of it: NULL: it is the business of no reader. */
static const char *event_text(struct turn *t, const struct deal_event *event, enum language language)
{
	if (strcmp(event->kind, "opened") == 0)
		return turn_text_in(t, language, "deal.event_opened", TEXT_ARG("stage", deal_stage_text(t, event->after, language)));
	if (strcmp(event->kind, "stage") == 0)
		return turn_text_in(t, language, "deal.event_stage", TEXT_ARG("before", deal_stage_text(t, event->before, language)),
			TEXT_ARG("after", deal_stage_text(t, event->after, language)));
	if (strcmp(event->kind, "owner") == 0)
		return turn_text_in(t, language, "deal.event_owner", TEXT_ARG("before", person_of(t, event->before)),
			TEXT_ARG("after", person_of(t, event->after)));
	if (strcmp(event->kind, "next") == 0 && *event->after)
		return turn_text_in(t, language, "deal.event_next", TEXT_ARG("day", turn_date_text(t, event->after, language)));
	if (strcmp(event->kind, "amount") == 0)
		return turn_text_in(t, language, "deal.event_amount", TEXT_ARG("after", event->after));
	return NULL;
}

static void add_event(struct turn *t, const struct deal *deal, const struct deal_event *event, enum language language, struct message *m)
{
	char day[ZONE_DAY_SIZE];
	const char *text = event_text(t, event, language);
	if (!text)
		return;
	zone_day(deal_zone(roster_config(t->roster), deal->team), event->at_ms, day);
	const char *who = event->person ? owner_name(t, event->person) : event->source;
	message_item(m, turn_text_in(t, language, "deal.event", TEXT_ARG("day", turn_date_text(t, day, language)), TEXT_ARG("text", text),
				TEXT_ARG("who", who)));
}

void deal_add_story(struct turn *t, const struct deal *deal, enum language language, struct message *m)
{
	GError *error = NULL;
	if (deal->next_day)
		message_fact(m, turn_text_in(t, language, "deal.next"),
			turn_keep(t, g_strdup_printf("%s %s", turn_date_text(t, deal->next_day, language), deal->next_step)));
	g_autoptr(GPtrArray) events = turn_ok(t) ? deal_history(t->db, deal->id, &error) : NULL;
	deal_latch(t, error);
	for (guint i = events && events->len > MOST_EVENTS ? events->len - MOST_EVENTS : 0; events && i < events->len; i++)
		add_event(t, deal, events->pdata[i], language, m);
}

/* ---- its card ---- */

/* The open stage behind the deal's, else the one that wins; NULL: it stands in none that is known. */
static const struct config_stage *stage_after(struct turn *t, const struct deal *deal)
{
	struct config_stage *const *stage = roster_config(t->roster)->deals.stages;
	while (*stage && strcmp((*stage)->name, deal->stage) != 0)
		stage++;
	if (!*stage)
		return NULL;
	for (stage++; *stage && strcmp((*stage)->end, "lost") == 0; stage++)
		;
	return *stage;
}

/* The button knows the stage that it was made in, so that an old one is known for old. */
static void add_stage(struct turn *t, const struct deal *deal, const struct config_stage *stage, enum language language,
	enum message_style style, struct message *m)
{
	g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%s", deal->id, deal->entered_ms, stage->name);
	message_button(m, "deal.move", value,
		turn_text_in(t, language, "deal.button_stage", TEXT_ARG("stage", config_stage_title(stage, language))), style);
}

void deal_add_move(struct turn *t, const struct deal *deal, enum language language, enum message_style style, struct message *m)
{
	const struct config_stage *next = stage_after(t, deal);
	if (next)
		add_stage(t, deal, next, language, style, m);
}

static void add_ends(struct turn *t, const struct deal *deal, enum language language, struct message *m)
{
	const struct config_stage *next = stage_after(t, deal);
	for (struct config_stage *const *stage = roster_config(t->roster)->deals.stages; *stage; stage++)
		if (*stage != next && strcmp((*stage)->end, "open") != 0 && strcmp((*stage)->name, deal->stage) != 0)
			add_stage(t, deal, *stage, language, MESSAGE_PLAIN, m);
}

static void add_buttons(struct turn *t, const struct deal *deal, enum language language, struct message *m)
{
	g_autoptr(stall_auto) stall = deal_stall(t, deal);
	gboolean wants_plan = stall && !stall->answered_ms;
	if (wants_plan)
		message_button(m, "deal.plan", deal_subject(t, stall->id), turn_text_in(t, language, "deal.button_plan"), MESSAGE_PRIMARY);
	deal_add_move(t, deal, language, wants_plan ? MESSAGE_PLAIN : MESSAGE_PRIMARY, m);
	add_ends(t, deal, language, m);
	message_button(m, "deal.next", deal_key(t, deal), turn_text_in(t, language, "deal.button_next"), MESSAGE_PLAIN);
}

struct message *deal_card(struct turn *t, const struct deal *deal, enum language language)
{
	struct message *m = message_new();
	message_title(m, deal_title(t, deal));
	message_fact(m, turn_text_in(t, language, "deal.stage"),
		deal->closed_ms ? deal_stage_text(t, deal->stage, language)
				: turn_text_in(t, language, "deal.stage_days", TEXT_ARG("stage", deal_stage_text(t, deal->stage, language)),
					  TEXT_ARG("days", deal_days(roster_config(t->roster), deal, t->now_ms))));
	message_fact(m, turn_text_in(t, language, "deal.owner"), owner_name(t, deal->owner));
	message_fact(m, turn_text_in(t, language, "deal.team"), deal->team);
	deal_add_story(t, deal, language, m);
	if (!deal->closed_ms)
		add_buttons(t, deal, language, m);
	return m;
}
