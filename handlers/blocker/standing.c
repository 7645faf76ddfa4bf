/* SPDX-License-Identifier: MIT */
/*
 * A blocker that stands. At the beginning of its third working day whoever has it and their manager are asked, once, what shall
 * become of it: the next step of the ladder at once; a rest until a date, for which its clocks stand still; or an end, with a
 * reason. The days count from when it was opened, opened anew, or came out of its rest.
 *
 * Two jobs, their key is the blocker's number: "stands" asks, "resume" ends the rest. That it was asked is written down in the
 * transaction of the question, so it is never asked twice.
 */
#include "blocker/blocker.h"

#include "base/clock.h"
#include "base/zone.h"
#include "blocker_sql.h"
#include "team/day_words.h"

#define STANDS "stands"
#define RESUME "resume"

enum { STANDS_FROM_DAYS = 3, WHY_LIMIT = 300, UNTIL_LIMIT = 20 /* characters */ };

/* ---- when ---- */

static gboolean is_parked(const struct blocker *b)
{
	return *b->parked_until != '\0';
}

static int64_t asks_at(const struct blocker *b)
{
	return response_workday_ms(b->team, b->since_ms, STANDS_FROM_DAYS);
}

static void plan_question(struct turn *t, const struct blocker *b, const char *key)
{
	int64_t at_ms = blocker_is_closed(b) || is_parked(b) || b->asked_ms ? RESPONSE_NEVER : asks_at(b);
	if (at_ms != RESPONSE_NEVER)
		turn_schedule(t, STANDS, key, at_ms);
}

/* The first working day from that date on. */
static int64_t rest_ends_at(const struct blocker *b)
{
	int64_t midnight_ms;
	return zone_instant(b->team->zone, b->parked_until, 0, &midnight_ms) ? response_workday_ms(b->team, midnight_ms, 1) : RESPONSE_NEVER;
}

static void plan_rest(struct turn *t, const struct blocker *b, const char *key)
{
	int64_t at_ms = is_parked(b) ? rest_ends_at(b) : RESPONSE_NEVER;
	if (at_ms != RESPONSE_NEVER)
		turn_schedule(t, RESUME, key, at_ms);
}

void blocker_watch(struct turn *t, const char *key)
{
	struct blocker b;
	if (!blocker_read(t, key, &b))
		return;
	turn_cancel(t, STANDS, key);
	turn_cancel(t, RESUME, key);
	if (blocker_is_closed(&b))
		return;
	plan_question(t, &b, key);
	plan_rest(t, &b, key);
}

void blocker_watch_all(struct turn *t)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	struct db_rows *rows = turn_query(t, &SQL_BLOCKER_UNWATCHED);
	while (db_next(rows))
		g_ptr_array_add(keys, g_strdup_printf("%" G_GINT64_FORMAT, db_int(rows, 0)));
	turn_end(t, rows);
	for (guint i = 0; i < keys->len; i++)
		blocker_watch(t, keys->pdata[i]);
}

/* ---- the question ---- */

/* Who has it; what nobody has is still the asker's. */
static const struct person *whose(const struct blocker *b)
{
	return b->owner ? b->owner : b->by;
}

static const struct person *manager_of(const struct turn *t, const struct blocker *b)
{
	const struct person *manager = roster_manager(t->roster, whose(b));
	return manager ? manager : roster_team_manager(t->roster, b->team);
}

/* Themselves, or their stand-in while they are away; NULL: nobody is there. */
static const struct person *who_is_there(struct turn *t, const struct blocker *b, const struct person *person)
{
	if (!person || !roster_is_active(person))
		return NULL;
	const char *day = turn_day(t, person, b->team, t->now_ms);
	return turn_is_away(t, person, day, -1) ? turn_stand_in(t, person, day, -1) : person;
}

static void add_choices(struct turn *t, const char *key, struct message *m, enum language language)
{
	static const struct {
		const char *action, *label;
		enum message_style style;
	} choices[] = {
		{ "blocker.escalate", "blocker.button_escalate", MESSAGE_PRIMARY },
		{ "blocker.park", "blocker.button_park", MESSAGE_PLAIN },
		{ "blocker.drop", "blocker.button_drop", MESSAGE_PLAIN },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
		message_button(m, choices[i].action, key, turn_text_in(t, language, choices[i].label), choices[i].style);
}

static void ask(struct turn *t, const struct blocker *b, const char *key, const struct person *person)
{
	enum language language = turn_language_of(t, person, b->team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "blocker.stands", TEXT_ARG("number", b->id), TEXT_ARG("days", STANDS_FROM_DAYS)));
	message_say(m, b->text);
	message_fact(m, turn_text_in(t, language, "blocker.owner"), b->owner ? b->owner->name : turn_text_in(t, language, "blocker.nobody"));
	if (*b->plan)
		message_fact(m, turn_text_in(t, language, "blocker.plan"), b->plan);
	message_say(m, turn_text_in(t, language, "blocker.stands_question"));
	add_choices(t, key, m, language);
	turn_nudge(t, b->team->config->workspace_name, person, "blocker", G_MAXINT64, m);
}

void blocker_stands_due(struct turn *t, const struct event *event)
{
	struct blocker b;
	const char *key = event->value;
	if (!blocker_read(t, key, &b) || blocker_is_closed(&b) || is_parked(&b) || b.asked_ms)
		return;
	if (asks_at(&b) > t->now_ms) { /* the calendar is another one now */
		plan_question(t, &b, key);
		return;
	}
	const struct person *first = who_is_there(t, &b, whose(&b)), *second = who_is_there(t, &b, manager_of(t, &b));
	if (!first && !second) {
		turn_schedule(t, STANDS, key, response_workday_ms(b.team, t->now_ms, 2));
		return;
	}
	turn_exec(t, &SQL_BLOCKER_ASKED, ARG_INT(b.id), ARG_INT(t->now_ms));
	if (first)
		ask(t, &b, key, first);
	if (second && second != first)
		ask(t, &b, key, second);
}

/* ---- deciding ---- */

/* Whoever may be asked: a manager of the team, who has it, the two above them, and whoever stands in for one of these. */
static gboolean may_decide(struct turn *t, const struct blocker *b)
{
	const struct person *manager = manager_of(t, b), *asked[] = { whose(b), manager, roster_manager(t->roster, manager) };
	gboolean may = turn_is_manager(t, b->team);
	for (size_t i = 0; i < G_N_ELEMENTS(asked) && !may; i++)
		may = asked[i] == t->person || who_is_there(t, b, asked[i]) == t->person;
	return may;
}

/* FALSE, and said so: it is closed, or somebody else's. */
static gboolean read_mine(struct turn *t, const char *key, struct blocker *b)
{
	if (!blocker_read_open(t, key, b))
		return FALSE;
	gboolean mine = may_decide(t, b);
	if (!mine)
		turn_whisper(t, turn_text(t, "blocker.not_yours_to_end", TEXT_ARG("number", b->id), TEXT_ARG("name", whose(b)->name)));
	return mine;
}

static void tell_all(struct turn *t, const char *key, enum response_event_kind what, const struct person *by, const char *why)
{
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS; target++)
		response_tell(t, &blocker_promises, key, target, what, by, why);
}

/* Where no promise has a step left, whoever is next above hears. */
static gboolean tell_above(struct turn *t, const struct blocker *b, const char *key)
{
	const struct person *above = manager_of(t, b);
	if (above == t->person)
		above = roster_manager(t->roster, above);
	above = who_is_there(t, b, above);
	if (!above || above == t->person)
		return FALSE;
	enum language language = turn_language_of(t, above, b->team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "blocker.short", TEXT_ARG("number", b->id), TEXT_ARG("text", b->text)));
	message_say(m, turn_text_in(t, language, "response.escalated", TEXT_ARG("name", t->person->name)));
	add_choices(t, key, m, language);
	turn_insist(t, b->team->config->workspace_name, above, "blocker", m);
	return TRUE;
}

void blocker_escalate(struct turn *t, const char *key)
{
	struct blocker b;
	gboolean heard = FALSE;
	if (!read_mine(t, key, &b))
		return;
	if (b.escalated_ms) {
		turn_whisper(t, turn_text(t, "blocker.escalated_already", TEXT_ARG("number", b.id)));
		return;
	}
	for (enum response_target target = RESPONSE_TARGETS; target-- > RESPONSE_FIRST && !heard;)
		heard = response_escalate(t, &blocker_promises, key, target, t->person);
	heard = heard || tell_above(t, &b, key);
	if (heard) {
		turn_exec(t, &SQL_BLOCKER_ESCALATED, ARG_INT(b.id), ARG_INT(t->now_ms));
		blocker_note(t, b.id, BLOCKER_WAS_ESCALATED, NULL, "");
	}
	turn_whisper(t, turn_text(t, heard ? "blocker.escalated" : "blocker.nobody_above", TEXT_ARG("number", b.id)));
}

/* until: a day after today. */
static void park(struct turn *t, const struct blocker *b, const char *key, const char *until, const char *why)
{
	turn_exec(t, &SQL_BLOCKER_PARK, ARG_INT(b->id), ARG_TEXT(until), ARG_TEXT(why));
	tell_all(t, key, RESPONSE_PAUSE, t->person, why);
	blocker_note(t, b->id, BLOCKER_WAS_PARKED, NULL, turn_keep(t, g_strdup_printf("%s: %s", until, why)));
	blocker_watch(t, key);
	blocker_show(t, key);
	turn_whisper(t, turn_text(t, "blocker.parked", TEXT_ARG("number", b->id), TEXT_ARG("day", turn_day_text(t, until, turn_language(t)))));
}

/* Its clocks go on; the days count anew. by: NULL: its day has come. */
static void resume(struct turn *t, const struct blocker *b, const char *key, const struct person *by)
{
	turn_exec(t, &SQL_BLOCKER_BEGIN_ANEW, ARG_INT(b->id), ARG_INT(t->now_ms));
	tell_all(t, key, RESPONSE_RESUME, by, b->parked_until);
	blocker_note(t, b->id, BLOCKER_WAS_RESUMED, NULL, "");
	blocker_watch(t, key);
	blocker_show(t, key);
}

void blocker_resume(struct turn *t, const char *key)
{
	struct blocker b;
	if (!read_mine(t, key, &b))
		return;
	if (is_parked(&b))
		resume(t, &b, key, t->person);
	else
		turn_whisper(t, turn_text(t, "blocker.not_parked", TEXT_ARG("number", b.id)));
}

void blocker_rest_due(struct turn *t, const struct event *event)
{
	struct blocker b;
	const char *key = event->value;
	if (!blocker_read(t, key, &b) || blocker_is_closed(&b) || !is_parked(&b))
		return;
	if (rest_ends_at(&b) > t->now_ms) {
		plan_rest(t, &b, key);
		return;
	}
	const struct person *owner = who_is_there(t, &b, whose(&b));
	resume(t, &b, key, NULL);
	if (!owner)
		return;
	enum language language = turn_language_of(t, owner, b.team);
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "blocker.short", TEXT_ARG("number", b.id), TEXT_ARG("text", b.text)));
	message_say(m, turn_text_in(t, language, "blocker.rest_is_over", TEXT_ARG("why", b.why)));
	turn_nudge(t, b.team->config->workspace_name, owner, "blocker", G_MAXINT64, m);
}

/* What was broken stays so; what was not is no promise any more. */
static void drop(struct turn *t, const struct blocker *b, const char *key, const char *why)
{
	struct response_view view;
	for (enum response_target target = RESPONSE_FIRST; target < RESPONSE_TARGETS; target++)
		if (response_look(t, key, target, &view) && view.state.breached)
			response_tell(t, &blocker_promises, key, target, RESPONSE_STOP, t->person, why);
	turn_exec(t, &SQL_BLOCKER_DROP, ARG_INT(b->id), ARG_TEXT(why));
	blocker_close(t, key, BLOCKER_NONE);
}

/* ---- buttons and forms ---- */

void blocker_escalate_pressed(struct turn *t, const struct event *event)
{
	blocker_escalate(t, event->value);
}

void blocker_resume_pressed(struct turn *t, const struct event *event)
{
	blocker_resume(t, event->value);
}

static struct message *form(struct turn *t, const struct blocker *b, const char *name, const char *key, const char *title)
{
	struct message *form = form_new(name, key, turn_text(t, title, TEXT_ARG("number", b->id)), turn_text(t, "blocker.send"), turn_text(t, "blocker.cancel"));
	form_intro(form, b->text);
	return form;
}

void blocker_park_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!read_mine(t, event->value, &b))
		return;
	struct message *m = form(t, &b, "blocker.rest", event->value, "blocker.park_title");
	form_input(m, "until", turn_text(t, "blocker.until"), turn_text(t, "blocker.until_hint"), NULL, 1, FALSE, UNTIL_LIMIT);
	form_input(m, "why", turn_text(t, "blocker.why"), turn_text(t, "blocker.park_hint"), NULL, 1, FALSE, WHY_LIMIT);
	turn_form(t, m);
}

/* A day after today, as people say it. */
static gboolean read_until(struct turn *t, const struct blocker *b, const char *words, char out[static ZONE_DAY_SIZE])
{
	const char *today = turn_day(t, t->person, b->team, t->now_ms);
	g_autofree char *word = g_strstrip(g_strdup(words ? words : ""));
	return day_words_read(word, today, DAY_WORDS_AHEAD, out) && strcmp(out, today) > 0;
}

static const char *reason(struct turn *t, const char *words)
{
	return turn_keep(t, g_strstrip(g_strdup(words ? words : "")));
}

void blocker_rest_submitted(struct turn *t, const struct event *event)
{
	struct blocker b;
	char until[ZONE_DAY_SIZE];
	const char *why = reason(t, event_input_value(event, "why"));
	if (!read_mine(t, event->value, &b))
		return;
	gboolean good = read_until(t, &b, event_input_value(event, "until"), until);
	if (!good)
		turn_problem(t, "until", turn_text(t, "blocker.until_problem"));
	else if (!*why)
		turn_problem(t, "why", turn_text(t, "blocker.why_problem"));
	else
		park(t, &b, event->value, until, why);
}

void blocker_drop_pressed(struct turn *t, const struct event *event)
{
	struct blocker b;
	if (!read_mine(t, event->value, &b))
		return;
	struct message *m = form(t, &b, "blocker.end", event->value, "blocker.drop_title");
	form_input(m, "why", turn_text(t, "blocker.why"), turn_text(t, "blocker.drop_hint"), NULL, 1, FALSE, WHY_LIMIT);
	turn_form(t, m);
}

void blocker_end_submitted(struct turn *t, const struct event *event)
{
	struct blocker b;
	const char *why = reason(t, event_input_value(event, "why"));
	if (!read_mine(t, event->value, &b))
		return;
	if (*why)
		drop(t, &b, event->value, why);
	else
		turn_problem(t, "why", turn_text(t, "blocker.why_problem"));
}

/* ---- words in its thread ---- */

/* "until 03-06 the budget comes in March" */
void blocker_say_park(struct turn *t, const char *key, const char *rest)
{
	struct blocker b;
	char until[ZONE_DAY_SIZE];
	if (!read_mine(t, key, &b))
		return;
	const char *day = turn_next_word(t, &rest);
	if (g_ascii_strcasecmp(day, "until") == 0 || strcmp(day, "到") == 0)
		day = turn_next_word(t, &rest);
	if (read_until(t, &b, day, until) && *rest)
		park(t, &b, key, until, turn_readable(t, NULL, rest));
	else
		turn_whisper(t, turn_text(t, "blocker.park_how"));
}

void blocker_say_drop(struct turn *t, const char *key, const char *rest)
{
	struct blocker b;
	if (!read_mine(t, key, &b))
		return;
	if (*rest)
		drop(t, &b, key, turn_readable(t, NULL, rest));
	else
		turn_whisper(t, turn_text(t, "blocker.drop_how"));
}
