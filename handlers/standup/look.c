/* SPDX-License-Identifier: MIT */
/* What stands of the standup in a look: how far it is, and whose trouble nobody has answered; or one's own. */
#include "standup/standup.h"

#include "kit/look.h"

/* ---- how far it is ---- */

struct tally {
	guint answered;
	GPtrArray *missing; /* struct person */
};

static struct tally count(struct turn *t, const struct round *r, const char *day)
{
	struct tally tally = { 0 };
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRIES, ARG_TEXT(r->team->config->name), ARG_TEXT(day));
	while (db_next(rows)) {
		const struct person *person = roster_person_by_id(t->roster, db_int(rows, 0));
		if (!person || strcmp(db_text(rows, 1), STANDUP_WITHDRAWN) == 0)
			continue;
		g_hash_table_add(done, (gpointer)person);
		tally.answered += strcmp(db_text(rows, 1), STANDUP_GIVEN) == 0 ? 1 : 0;
	}
	turn_end(t, rows);
	tally.missing = round_missing(t, r, day, done);
	return tally;
}

static const char *names_of(struct turn *t, const GPtrArray *people, enum language language)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < people->len; i++)
		g_string_append_printf(names, "%s%s", i ? turn_text_in(t, language, "standup.comma") : "",
			((const struct person *)people->pdata[i])->name);
	return turn_keep(t, g_string_free(names, FALSE));
}

static void add_tally(struct turn *t, struct look *look, const struct round *r, const char *day)
{
	struct tally tally = count(t, r, day);
	g_autoptr(GPtrArray) missing = tally.missing;
	look_section(look, LOOK_DAY, turn_text_in(t, look->language, "standup.look"));
	look_line(look, turn_text_in(t, look->language, missing->len ? "standup.look_missing" : "standup.look_all",
				TEXT_ARG("answered", tally.answered), TEXT_ARG("asked", tally.answered + missing->len),
				TEXT_ARG("names", names_of(t, missing, look->language))));
	if (missing->len)
		look_button(look, "standup.nudge", r->team->config->name, turn_text_in(t, look->language, "standup.look_nudge"), MESSAGE_PLAIN);
}

/* ---- trouble without an answer ---- */

static const char *trouble_of(struct turn *t, const struct team *team, const struct standup_troubled *s)
{
	GString *text = g_string_new(NULL);
	for (guint k = 0; k < 3; k++)
		if (standup_is_trouble(s->format, k) && *s->fields[k])
			g_string_append_printf(text, "%s%s", text->len ? " / " : "", turn_readable(t, team->config->workspace_name, s->fields[k]));
	return turn_keep(t, g_string_free(text, FALSE));
}

static void add_unanswered(struct turn *t, struct look *look, const char *day)
{
	g_autoptr(GArray) all = standup_troubled_of(t, look->team, day, day);
	look_section(look, LOOK_WAITING, turn_text_in(t, look->language, "standup.look_trouble"));
	for (guint i = 0; i < all->len; i++) {
		const struct standup_troubled *s = &g_array_index(all, struct standup_troubled, i);
		if (s->answered_ms || s->person == look->reader)
			continue;
		look_line(look, turn_text_in(t, look->language, "standup.look_trouble_line", TEXT_ARG("name", s->person->name),
					TEXT_ARG("text", look_words(t, trouble_of(t, look->team, s)))));
		look_button(look, "standup.reply", standup_reply_key(t, look->team, day, s->person),
			turn_text_in(t, look->language, "standup.reply", TEXT_ARG("name", s->person->name)), MESSAGE_PLAIN);
	}
}

/* ---- one's own ---- */

static const char *state_of(struct turn *t, const struct team *team, const struct person *person, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_STANDUP_ENTRY, ARG_TEXT(team->config->name), ARG_TEXT(day), ARG_INT(person->id));
	const char *state = db_next(rows) ? turn_keep(t, g_strdup(db_text(rows, 1))) : STANDUP_WITHDRAWN;
	turn_end(t, rows);
	return state;
}

static void add_own(struct turn *t, struct look *look)
{
	const char *state = state_of(t, look->team, look->reader, look->day);
	gboolean open = strcmp(state, STANDUP_WITHDRAWN) == 0;
	look_section(look, open ? LOOK_WAITING : LOOK_DAY, turn_text_in(t, look->language, "standup.look_own"));
	look_line(look, turn_text_in(t, look->language, open ? "standup.look_open"
				: strcmp(state, STANDUP_GIVEN) == 0 ? "standup.look_given" : "standup.look_skipped"));
	if (open)
		look_button(look, "standup.open", look->team->config->name, turn_text_in(t, look->language, "standup.button"), MESSAGE_PRIMARY);
}

void standup_look(struct turn *t, struct look *look)
{
	struct round r = standup_round(t, look->team);
	const char *day = turn_day(t, NULL, look->team, t->now_ms);
	if (!look->team->config->standup.enabled)
		return;
	if (look->leads && round_is_held(&r, day))
		add_tally(t, look, &r, day);
	if (look->leads)
		add_unanswered(t, look, day);
	if (round_asks(&r, look->reader) && round_is_held(&r, look->day) && !round_is_away(t, &r, look->reader, look->day))
		add_own(t, look);
}

/* ---- reminding who is missing ---- */

void standup_nudge_pressed(struct turn *t, const struct event *event)
{
	const struct team *team = event->value ? roster_team(t->roster, event->value) : NULL;
	if (!team || !team->config->standup.enabled || !turn_is_manager(t, team)) {
		turn_whisper(t, turn_text(t, "standup.managers_only"));
		return;
	}
	struct round r = standup_round(t, team);
	const char *day = turn_day(t, NULL, team, t->now_ms);
	int64_t end_ms = G_MAXINT64;
	zone_instant(team->zone, day, 24 * 60, &end_ms);
	struct tally tally = count(t, &r, day);
	g_autoptr(GPtrArray) missing = tally.missing;
	for (guint i = 0; i < missing->len; i++)
		turn_remind(t, team->config->workspace_name, missing->pdata[i], r.topic, end_ms, r.kind->reminder(t, &r, day, missing->pdata[i]));
	turn_whisper(t, missing->len ? turn_text(t, "standup.look_nudged", TEXT_ARG("names", names_of(t, missing, turn_language(t))))
				     : turn_text(t, "standup.look_nobody_missing"));
}
