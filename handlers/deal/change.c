/* SPDX-License-Identifier: MIT */
/* Whose a deal is, and what people do to it. */
#include "deal/deal.h"

#include "base/zone.h"

enum { STEP_MOST_DAYS = 90 };

/* ---- reading ---- */

void deal_latch(struct turn *t, GError *take)
{
	if (take)
		turn_fail(t, take);
}

struct deal *deal_get(struct turn *t, gint64 id)
{
	GError *error = NULL;
	struct deal *deal = turn_ok(t) ? deal_read(t->db, id, &error) : NULL;
	deal_latch(t, error);
	return deal;
}

const struct team *deal_team(struct turn *t, const struct deal *deal)
{
	return roster_team(t->roster, deal->team);
}

const struct person *deal_owner(struct turn *t, const struct deal *deal)
{
	const struct person *owner = roster_person_by_id(t->roster, deal->owner);
	return owner && roster_is_active(owner) ? owner : NULL;
}

const struct person *deal_manager(struct turn *t, const struct deal *deal)
{
	const struct team *team = deal_team(t, deal);
	const struct person *owner = roster_person_by_id(t->roster, deal->owner);
	const struct person *manager = owner ? roster_manager(t->roster, owner) : NULL;
	if (!manager && team)
		manager = roster_team_manager(t->roster, team);
	return manager == owner ? NULL : manager;
}

/* ---- who may ---- */

static gboolean leads(struct turn *t, const struct deal *deal)
{
	const struct team *team = deal_team(t, deal);
	return t->person && ((team && roster_is_manager(team, t->person)) || deal_manager(t, deal) == t->person);
}

gboolean deal_may_change(struct turn *t, const struct deal *deal)
{
	return t->person && (t->person->id == deal->owner || leads(t, deal));
}

gboolean deal_may_see(struct turn *t, const struct deal *deal)
{
	const struct team *team = deal_team(t, deal);
	return deal_may_change(t, deal) || (t->person && team && roster_is_member(team, t->person));
}

/* Nobody answers a plan of their own, unless there is nobody else. */
gboolean deal_may_answer(struct turn *t, const struct deal *deal)
{
	return leads(t, deal) && (t->person->id != deal->owner || !deal_manager(t, deal));
}

/* What somebody may not see does not exist for them. */
struct deal *deal_shown(struct turn *t, const char *key)
{
	g_autoptr(deal_auto) deal = deal_get(t, key ? g_ascii_strtoll(key, NULL, 10) : 0);
	if (deal && deal_may_see(t, deal))
		return g_steal_pointer(&deal);
	turn_whisper(t, turn_text(t, "deal.unknown"));
	return NULL;
}

struct deal *deal_held(struct turn *t, const char *key)
{
	g_autoptr(deal_auto) deal = deal_shown(t, key);
	if (!deal || deal_may_change(t, deal))
		return g_steal_pointer(&deal);
	const struct person *owner = roster_person_by_id(t->roster, deal->owner);
	turn_whisper(t, turn_text(t, "deal.not_yours", TEXT_ARG("title", deal_title(t, deal)), TEXT_ARG("name", owner ? owner->name : "?")));
	return NULL;
}

const char *deal_stage_text(struct turn *t, const char *stage, enum language language)
{
	const struct config_stage *known = config_stage(roster_config(t->roster), stage);
	return known ? config_stage_title(known, language) : turn_keep(t, g_strdup(stage));
}

const char *deal_title(struct turn *t, const struct deal *deal)
{
	g_autofree char *label = deal_label(deal);
	return turn_keep(t, g_strdup_printf("#%" G_GINT64_FORMAT " %s", deal->id, label));
}

const char *deal_key(struct turn *t, const struct deal *deal)
{
	return turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, deal->id));
}

/* ---- changing ---- */

static struct deal_teller teller(const struct turn *t)
{
	return (struct deal_teller){ .source = DEAL_CHAT, .person = t->person ? t->person->id : 0, .now_ms = t->now_ms };
}

/* FALSE: the turn has failed. */
static gboolean put(struct turn *t, gint64 id, const struct deal_news *news, struct deal_result *result)
{
	GError *error = NULL;
	struct deal_teller by = teller(t);
	gboolean done = turn_ok(t) && deal_put(t->db, roster_config(t->roster), &by, id, news, result, &error);
	deal_latch(t, error);
	if (done)
		deal_settle(t, result->id);
	return done && turn_ok(t);
}

static void show(struct turn *t, gint64 id)
{
	g_autoptr(deal_auto) deal = deal_get(t, id);
	if (deal)
		turn_private(t, deal_card(t, deal, turn_language(t)));
}

static void tell_new_owner(struct turn *t, gint64 id)
{
	g_autoptr(deal_auto) deal = deal_get(t, id);
	const struct person *owner = deal ? deal_owner(t, deal) : NULL;
	const struct team *team = deal ? deal_team(t, deal) : NULL;
	if (!owner || !team || owner == t->person)
		return;
	enum language language = turn_language_of(t, owner, team);
	struct message *m = deal_card(t, deal, language);
	message_context(m, turn_text_in(t, language, "deal.given_by", TEXT_ARG("name", t->person->name)));
	turn_nudge(t, team->config->workspace_name, owner, DEAL_TOPIC, G_MAXINT64, m);
}

void deal_open(struct turn *t, const struct deal_news *news)
{
	struct deal_result result;
	if (!put(t, 0, news, &result))
		return;
	show(t, result.id);
	tell_new_owner(t, result.id);
}

void deal_move(struct turn *t, const struct deal *deal, const struct config_stage *stage)
{
	struct deal_result result;
	if (!put(t, deal->id, &(struct deal_news){ .stage = stage->name }, &result))
		return;
	const char *key = !result.moved			    ? "deal.stands_there"
			  : strcmp(stage->end, "won") == 0  ? "deal.won"
			  : strcmp(stage->end, "lost") == 0 ? "deal.lost"
							    : "deal.moved";
	turn_whisper(t, turn_text(t, key, TEXT_ARG("title", deal_title(t, deal)),
				TEXT_ARG("stage", config_stage_title(stage, turn_language(t)))));
}

void deal_give(struct turn *t, const struct deal *deal, const struct person *owner)
{
	struct deal_result result;
	const struct team *team = deal_team(t, deal);
	if (!team || (!roster_is_member(team, owner) && !roster_is_manager(team, owner))) {
		turn_whisper(t, turn_text(t, "deal.not_in_team", TEXT_ARG("name", owner->name), TEXT_ARG("team", deal->team)));
		return;
	}
	if (!put(t, deal->id, &(struct deal_news){ .owner = owner->id }, &result))
		return;
	turn_whisper(t, turn_text(t, "deal.given", TEXT_ARG("title", deal_title(t, deal)), TEXT_ARG("name", owner->name)));
	if (result.changed)
		tell_new_owner(t, deal->id);
}

void deal_set_amount(struct turn *t, const struct deal *deal, const struct money *amount)
{
	struct deal_result result;
	if (put(t, deal->id, &(struct deal_news){ .amount = amount }, &result))
		show(t, deal->id);
}

/* ---- the next step ---- */

/* The day from which the deal would be called stalled as it stands; NULL: never. */
static const char *rings_day(struct turn *t, const struct deal *deal)
{
	char day[ZONE_DAY_SIZE];
	const struct config *config = roster_config(t->roster);
	int64_t rings_ms = deal_stalls_ms(config, deal);
	if (rings_ms == G_MAXINT64)
		return NULL;
	zone_day(deal_zone(config, deal->team), MAX(rings_ms, t->now_ms), day);
	return turn_keep(t, g_strdup(day));
}

static gboolean is_step_day(struct turn *t, const struct deal *deal, const char *day)
{
	char today[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
	zone_day(deal_zone(roster_config(t->roster), deal->team), t->now_ms, today);
	zone_day_shift(today, STEP_MOST_DAYS, last);
	if (strcmp(day, today) >= 0 && strcmp(day, last) <= 0)
		return TRUE;
	turn_whisper(t, turn_text(t, "deal.step_day", TEXT_ARG("days", (int)STEP_MOST_DAYS)));
	return FALSE;
}

void deal_set_step(struct turn *t, const struct deal *deal, const char *day, const char *words)
{
	GError *error = NULL;
	gboolean silences = FALSE;
	struct deal_teller by = teller(t);
	const char *rings = rings_day(t, deal);
	if (day && !is_step_day(t, deal, day))
		return;
	gboolean done = turn_ok(t) && deal_plan_step(t->db, &by, deal->id, day, words, rings, &silences, &error);
	deal_latch(t, error);
	if (!done)
		return;
	deal_settle(t, deal->id);
	gboolean used_up = rings && day && strcmp(day, rings) > 0 && !silences;
	const char *key = !day ? "deal.step_none" : silences ? "deal.step_silences" : used_up ? "deal.step_used_up" : "deal.step_noted";
	turn_whisper(t, turn_text(t, key, TEXT_ARG("title", deal_title(t, deal)),
				TEXT_ARG("day", day ? turn_day_text(t, day, turn_language(t)) : "")));
}
