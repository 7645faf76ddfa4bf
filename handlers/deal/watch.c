/* SPDX-License-Identifier: MIT */
/*
 * The watch over deals that stand. One job for each deal in a stage with a limit, at the instant from which it counts as stalled, or
 * at which it is asked about again; a due job reads the rows first. Whoever changed a deal has its clocks put right at once, or,
 * when a file or a program did, as soon as this ritual hears of it.
 */
#include "deal/deal.h"

#include "base/zone.h"

enum { AGAIN_DAYS = 7 };

/* ---- reading ---- */

struct stall *deal_stall(struct turn *t, const struct deal *deal)
{
	GError *error = NULL;
	struct stall *stall = turn_ok(t) ? stall_of(t->db, deal->id, &error) : NULL;
	deal_latch(t, error);
	return stall;
}

struct stall *deal_stall_get(struct turn *t, gint64 id)
{
	GError *error = NULL;
	struct stall *stall = turn_ok(t) ? stall_read(t->db, id, &error) : NULL;
	deal_latch(t, error);
	return stall;
}

const char *deal_subject(struct turn *t, gint64 stall)
{
	return turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, stall));
}

/* ---- the promises ---- */

static struct deal *deal_of_subject(struct turn *t, const char *subject)
{
	g_autoptr(stall_auto) stall = deal_stall_get(t, g_ascii_strtoll(subject, NULL, 10));
	return stall ? deal_get(t, stall->deal) : NULL;
}

/* "#17 华瑞 ¥120,000 stands", kept for the turn. */
static const char *standing(struct turn *t, const struct deal *deal, enum language language)
{
	return turn_text_in(t, language, "deal.stands", TEXT_ARG("title", deal_title(t, deal)),
		TEXT_ARG("stage", deal_stage_text(t, deal->stage, language)),
		TEXT_ARG("days", deal_days(roster_config(t->roster), deal, t->now_ms)));
}

static const char *title(struct turn *t, const char *subject, enum language language)
{
	g_autoptr(deal_auto) deal = deal_of_subject(t, subject);
	return deal ? standing(t, deal, language) : NULL;
}

static const char *open_title(struct turn *t, const char *subject, enum language language)
{
	g_autoptr(deal_auto) deal = deal_of_subject(t, subject);
	const struct team *team = deal ? deal_team(t, deal) : NULL;
	if (!deal)
		return NULL;
	deal->has_amount = deal->has_amount && team && deal_shows_sums(t->roster, team);
	return standing(t, deal, language);
}

/* Who is told directly gets what is to be done; the plan is read before it is answered. */
static void add(struct turn *t, const struct response_ring *ring, const struct person *reader, struct message *m)
{
	enum language language = reader ? turn_language_of(t, reader, ring->team) : turn_team_language(t, ring->team);
	if (ring->target == RESPONSE_PLAN)
		message_button(m, "deal.plan", ring->subject, turn_text_in(t, language, "deal.button_plan"), MESSAGE_PRIMARY);
	else
		message_button(m, "deal.read", ring->subject, turn_text_in(t, language, "deal.button_read"), MESSAGE_PRIMARY);
}

const struct response_kind deal_promises = {
	.applies = "stall",
	.topic = DEAL_TOPIC,
	.title = title,
	.open_title = open_title,
	.add = add,
	.warning = { [RESPONSE_FIRST] = "deal.warn_answer", [RESPONSE_PLAN] = "deal.warn_plan" },
	.broken = { [RESPONSE_FIRST] = "deal.broken_answer", [RESPONSE_PLAN] = "deal.broken_plan" },
};

/* ---- what is to follow ---- */

static void schedule_look(struct turn *t, const struct deal *deal, const struct stall *stall)
{
	const struct config *config = roster_config(t->roster);
	int64_t due_ms = deal_stalls_ms(config, deal);
	if (due_ms == G_MAXINT64) {
		turn_cancel(t, "stall", deal_key(t, deal));
		return;
	}
	if (stall)
		due_ms = MAX(due_ms, zone_days_later(deal_zone(config, deal->team), stall->asked_ms, AGAIN_DAYS));
	/* Seven days are not more than seven days. */
	turn_schedule(t, "stall", deal_key(t, deal), due_ms + 1);
}

static void end(struct turn *t, const struct stall *stall, enum stall_ending ending)
{
	static const char *const whys[] = { [STALL_MOVED] = "moved", [STALL_SILENCED] = "next step", [STALL_RENEWED] = "asked anew" };
	GError *error = NULL;
	const char *subject = deal_subject(t, stall->id);
	if (turn_ok(t))
		stall_end(t->db, stall->id, ending, t->now_ms, &error);
	deal_latch(t, error);
	response_tell(t, &deal_promises, subject, RESPONSE_PLAN, RESPONSE_CANCEL, t->person, whys[ending]);
	response_tell(t, &deal_promises, subject, RESPONSE_FIRST, RESPONSE_CANCEL, t->person, whys[ending]);
}

static gboolean has_moved(const struct deal *deal, const struct stall *stall)
{
	return deal->closed_ms || deal->entered_ms != stall->entered_ms || strcmp(deal->stage, stall->stage) != 0;
}

static gboolean is_silent(struct turn *t, const struct deal *deal)
{
	return deal_stalls_ms(roster_config(t->roster), deal) > t->now_ms;
}

/* The one whose turn it is: for the plan its owner, or who leads a deal whose owner is gone; for the answer who leads. */
static const struct person *who_is_next(struct turn *t, const struct deal *deal, const struct stall *stall)
{
	const struct person *owner = deal_owner(t, deal);
	return owner && !(stall && stall->planned_ms) ? owner : deal_manager(t, deal);
}

static void entrust(struct turn *t, const struct deal *deal, const struct stall *stall)
{
	struct response_view view;
	const char *subject = deal_subject(t, stall->id);
	const struct person *next = stall->answered_ms ? NULL : who_is_next(t, deal, stall);
	const struct team *team = deal_team(t, deal);
	gboolean open = next && team && response_look(t, subject, stall->planned_ms ? RESPONSE_FIRST : RESPONSE_PLAN, &view);
	if (!open || view.owner == next->id)
		return;
	response_give(t, &deal_promises, subject, next, NULL, t->person);
	if (stall->planned_ms)
		deal_bring_plan(t, deal, stall, team, next);
}

/* NULL: the turn has failed. */
static GPtrArray *all_open(struct turn *t)
{
	GError *error = NULL;
	GPtrArray *deals = turn_ok(t) ? deal_list(t->db, &(struct deal_filter){ .team = NULL }, &error) : NULL;
	deal_latch(t, error);
	return deals;
}

void deal_entrust_all(struct turn *t)
{
	g_autoptr(GPtrArray) deals = all_open(t);
	for (guint i = 0; deals && i < deals->len && turn_ok(t); i++) {
		g_autoptr(stall_auto) stall = deal_stall(t, deals->pdata[i]);
		if (stall)
			entrust(t, deals->pdata[i], stall);
	}
}

void deal_settle(struct turn *t, gint64 id)
{
	GError *error = NULL;
	g_autoptr(deal_auto) deal = deal_get(t, id);
	g_autoptr(stall_auto) stall = deal ? deal_stall(t, deal) : NULL;
	if (!deal)
		return;
	gboolean moved = stall && has_moved(deal, stall);
	if (moved || (stall && !stall->planned_ms && is_silent(t, deal))) {
		end(t, stall, moved ? STALL_MOVED : STALL_SILENCED);
		g_clear_pointer(&stall, stall_free);
	}
	if (stall)
		entrust(t, deal, stall);
	schedule_look(t, deal, stall);
	if (turn_ok(t))
		deal_calm(t->db, id, &error);
	deal_latch(t, error);
}

void deal_settle_all(struct turn *t)
{
	GError *error = NULL;
	g_autoptr(GArray) ids = turn_ok(t) ? deal_stirred(t->db, &error) : NULL;
	deal_latch(t, error);
	for (guint i = 0; ids && i < ids->len && turn_ok(t); i++)
		deal_settle(t, g_array_index(ids, gint64, i));
}

/* Other limits may count now. */
void deal_start(struct turn *t)
{
	g_autoptr(GPtrArray) deals = all_open(t);
	for (guint i = 0; deals && i < deals->len && turn_ok(t); i++) {
		g_autoptr(stall_auto) stall = deal_stall(t, deals->pdata[i]);
		schedule_look(t, deals->pdata[i], stall);
	}
	deal_settle_all(t);
	response_start(t, &deal_promises);
}

/* ---- the alert ---- */

struct alert {
	struct turn *t;
	const struct deal *deal;
	const struct stall *stall;
	const struct team *team;
};

static struct message *story(const struct alert *a, enum language language)
{
	struct turn *t = a->t;
	struct message *m = message_new();
	message_title(m, standing(t, a->deal, language));
	deal_add_story(t, a->deal, language, m);
	return m;
}

/* Until when the plan, or the answer, is promised. */
static const char *due_text(const struct alert *a, enum response_target target, enum language language)
{
	struct response_view view;
	if (!response_look(a->t, deal_subject(a->t, a->stall->id), target, &view))
		return turn_text_in(a->t, language, "deal.soon");
	return response_time_text(a->t, a->team->zone, view.state.due_ms, language);
}

static void tell_owner(const struct alert *a, const struct person *owner)
{
	struct turn *t = a->t;
	enum language language = turn_language_of(t, owner, a->team);
	gboolean planned = a->stall->planned_ms != 0;
	int left = DEAL_SILENCES - a->deal->silences;
	struct message *m = story(a, language);
	message_say(m, turn_text_in(t, language, planned ? "deal.alert_waits" : "deal.alert_owner",
			       TEXT_ARG("due", due_text(a, planned ? RESPONSE_FIRST : RESPONSE_PLAN, language))));
	if (left > 0)
		message_context(m, turn_text_in(t, language, "deal.alert_silence", TEXT_ARG("left", left)));
	if (!planned)
		message_button(m, "deal.plan", deal_subject(t, a->stall->id), turn_text_in(t, language, "deal.button_plan"), MESSAGE_PRIMARY);
	deal_add_move(t, a->deal, language, MESSAGE_PLAIN, m);
	message_button(m, "deal.next", deal_key(t, a->deal), turn_text_in(t, language, "deal.button_next"), MESSAGE_PLAIN);
	turn_nudge(t, a->team->config->workspace_name, owner, DEAL_TOPIC, G_MAXINT64, m);
}

static void tell_manager(const struct alert *a, const struct person *manager, const struct person *owner)
{
	struct turn *t = a->t;
	enum language language = turn_language_of(t, manager, a->team);
	gboolean planned = a->stall->planned_ms != 0;
	struct message *m = story(a, language);
	const char *key = !owner ? "deal.alert_no_owner" : planned ? "deal.alert_answer" : "deal.alert_manager";
	message_say(m, turn_text_in(t, language, key, TEXT_ARG("name", owner ? owner->name : ""),
			       TEXT_ARG("due", due_text(a, planned ? RESPONSE_FIRST : RESPONSE_PLAN, language))));
	if (planned)
		message_button(m, "deal.read", deal_subject(t, a->stall->id), turn_text_in(t, language, "deal.button_read"), MESSAGE_PRIMARY);
	else
		message_button(m, "deal.show", deal_key(t, a->deal),
			turn_text_in(t, language, "deal.button_show", TEXT_ARG("number", a->deal->id), TEXT_ARG("customer", a->deal->customer)),
			MESSAGE_PLAIN);
	turn_nudge(t, a->team->config->workspace_name, manager, DEAL_TOPIC, G_MAXINT64, m);
}

/* Somebody still owes the plan, or its answer. */
static gboolean is_waited_for(struct turn *t, const struct deal *deal, const struct stall *stall)
{
	return !stall->planned_ms || (!stall->answered_ms && deal_manager(t, deal));
}

/* A week after the answer the deal still stands: a new plan. Before there is one, or its answer, the old one is asked for again. */
static gint64 ask(struct turn *t, const struct deal *deal, const struct team *team)
{
	GError *error = NULL;
	gint64 id = 0;
	g_autoptr(stall_auto) stall = deal_stall(t, deal);
	if (stall && is_waited_for(t, deal, stall)) {
		if (turn_ok(t))
			stall_ask_again(t->db, stall->id, t->now_ms, &error);
		deal_latch(t, error);
		return stall->id;
	}
	if (stall)
		end(t, stall, STALL_RENEWED);
	if (turn_ok(t))
		stall_begin(t->db, deal, t->now_ms, &id, &error);
	deal_latch(t, error);
	if (turn_ok(t))
		response_open(t, &deal_promises,
			&(struct response_opening){
				.subject = deal_subject(t, id), .target = RESPONSE_PLAN, .team = team, .owner = who_is_next(t, deal, NULL) });
	return id;
}

static void alert(struct turn *t, const struct deal *deal, const struct team *team)
{
	gint64 id = ask(t, deal, team);
	g_autoptr(stall_auto) stall = deal_stall_get(t, id);
	if (!stall)
		return;
	struct alert a = { t, deal, stall, team };
	const struct person *owner = deal_owner(t, deal), *manager = deal_manager(t, deal);
	if (owner)
		tell_owner(&a, owner);
	if (manager)
		tell_manager(&a, manager, owner);
	schedule_look(t, deal, stall);
}

/* Whether it is really time, by the rows as they stand now. */
static gboolean is_due(struct turn *t, const struct deal *deal)
{
	GTimeZone *zone = deal_zone(roster_config(t->roster), deal->team);
	g_autoptr(stall_auto) stall = deal_stall(t, deal);
	return deal_stalls_ms(roster_config(t->roster), deal) < t->now_ms &&
	       (!stall || zone_days_later(zone, stall->asked_ms, AGAIN_DAYS) < t->now_ms);
}

void deal_stall_due(struct turn *t, const struct event *event)
{
	int64_t open_ms;
	g_autoptr(deal_auto) deal = deal_get(t, g_ascii_strtoll(event->value, NULL, 10));
	const struct team *team = deal ? deal_team(t, deal) : NULL;
	if (!team)
		return;
	if (!is_due(t, deal))
		deal_settle(t, deal->id);
	else if (turn_is_working_time(t, team, t->now_ms, &open_ms))
		alert(t, deal, team);
	else
		turn_schedule(t, "stall", event->value, open_ms);
}

/* ---- what the plan was worth ---- */

/* The key: the stall's number and the days. */
void deal_look_due(struct turn *t, const struct event *event)
{
	GError *error = NULL;
	const char *slash = strchr(event->value, '/');
	g_autoptr(stall_auto) stall = deal_stall_get(t, g_ascii_strtoll(event->value, NULL, 10));
	if (!stall || !slash)
		return;
	int days = (int)g_ascii_strtoll(slash + 1, NULL, 10);
	if (turn_ok(t))
		stall_note_outcome(t->db, roster_config(t->roster), stall, days, t->now_ms, &error);
	deal_latch(t, error);
}
