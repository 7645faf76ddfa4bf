/* SPDX-License-Identifier: MIT */
/* The rotas as people see them. */
#include "duty/duty.h"

#include "kit/response.h"
#include "duty_texts.h"

enum { SHIFTS_SHOWN = 4 };

const char *duty_days(struct turn *t, const char *first, const char *last, enum language language)
{
	if (strcmp(first, last) == 0)
		return turn_day_text(t, first, language);
	return turn_text_in(t, language, "duty.days", TEXT_ARG("first", turn_day_text(t, first, language)),
		TEXT_ARG("last", turn_day_text(t, last, language)));
}

static const char *name_of(struct turn *t, gint64 id)
{
	const struct person *person = duty_person(t, id);
	return person ? person->name : turn_text(t, "duty.unknown");
}

/* "every Monday 09:00": when one hands over to the next. */
static const char *handover_text(struct turn *t, const struct rota *rota)
{
	unsigned days = rota->turn == ROTA_DAY ? CONFIG_WORKDAYS : 1u << (rota->weekday - 1);
	g_autoptr(recurrence_auto) rule = recurrence_on_weekdays(days, rota->handover_minute);
	return turn_keep(t, recurrence_words(rule, turn_language(t)));
}

const char *duty_names(struct turn *t, const struct duty *duty)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < duty->rota.count; i++)
		g_string_append_printf(names, "%s%s", i ? " → " : "", name_of(t, duty->rota.people[i]));
	return turn_keep(t, g_string_free(names, FALSE));
}

/* Whose turn it is, and who has it: a cover with its number, somebody in the place of who is away. */
static const char *now_text(struct turn *t, const struct duty *duty, const struct rota_shift *shift)
{
	const struct duty_choice who = duty_choose(t, duty->team, duty->role, NULL);
	const char *until = response_time_text(t, duty->team->zone, shift->until_ms, turn_language(t));
	if (!who.person)
		return turn_text(t, "duty.now_nobody", TEXT_ARG("until", until));
	if (who.instead_of)
		return turn_text(t, "duty.now_instead", TEXT_ARG("name", who.person->name), TEXT_ARG("other", who.instead_of->name),
			TEXT_ARG("until", until));
	return turn_text(t, shift->cover ? "duty.now_cover" : "duty.now", TEXT_ARG("name", who.person->name), TEXT_ARG("until", until),
		TEXT_ARG("number", shift->cover));
}

static const char *later_text(struct turn *t, const struct rota_shift *shift)
{
	const char *days = duty_days(t, shift->first, shift->last, turn_language(t)), *name = name_of(t, shift->person);
	return turn_text(t, shift->cover ? "duty.later_cover" : "duty.later", TEXT_ARG("days", days), TEXT_ARG("name", name),
		TEXT_ARG("number", shift->cover));
}

static void add_rota(struct turn *t, struct message *m, const struct duty *duty)
{
	struct rota_shift shift;
	gboolean known = rota_shift_at(&duty->rota, t->now_ms, &shift);
	message_say(m, turn_text(t, "duty.rota", TEXT_ARG("role", duty->role), TEXT_ARG("words", handover_text(t, &duty->rota)),
			       TEXT_ARG("zone", g_time_zone_get_identifier(duty->team->zone))));
	for (int i = 0; known && i < SHIFTS_SHOWN; i++) {
		message_item(m, i ? later_text(t, &shift) : now_text(t, duty, &shift));
		known = rota_shift_at(&duty->rota, shift.until_ms, &shift);
	}
	message_context(m, turn_text(t, *duty->by ? "duty.order_by" : "duty.order", TEXT_ARG("names", duty_names(t, duty)),
				   TEXT_ARG("by", duty->by)));
}

struct message *duty_message(struct turn *t, const struct team *team)
{
	g_autoptr(GPtrArray) all = duty_all(t, team);
	if (all->len == 0)
		return NULL;
	struct message *m = message_new();
	message_title(m, turn_text(t, "duty.title", TEXT_ARG("team", team->config->name)));
	for (guint i = 0; i < all->len; i++)
		add_rota(t, m, all->pdata[i]);
	return m;
}

static gboolean has_place(const struct duty *duty, const struct person *person)
{
	for (guint i = 0; i < duty->rota.count; i++)
		if (duty->rota.people[i] == person->id)
			return TRUE;
	return FALSE;
}

guint duty_held(struct turn *t, const struct person *gone, enum language language, struct message *m)
{
	guint count = 0;
	for (const struct team *const *team = roster_teams(t->roster); *team; team++) {
		g_autoptr(GPtrArray) all = duty_all(t, *team);
		for (guint i = 0; i < all->len; i++) {
			const struct duty *duty = all->pdata[i];
			if (!has_place(duty, gone))
				continue;
			message_item(m, turn_text_in(t, language, "duty.held", TEXT_ARG("team", (*team)->config->name), TEXT_ARG("role", duty->role)));
			count++;
		}
	}
	return count;
}
