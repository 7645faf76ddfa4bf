/* SPDX-License-Identifier: MIT */
/* The one question, its answers, and the words by which people tell their birthday and change their mind. */
#include "base/clock.h"
#include "celebration/celebration.h"
#include "celebration/words.h"

enum { LOOK_AHEAD_DAYS = 40 };

/* How long after the hour of celebrations the question may still come. */
#define QUESTION_SPAN_MS HOURS(8)

/* What people may answer, as buttons and as words. */
static const struct {
	const char *shown; /* in the register */
	const char *label, *now; /* text keys */
	const char *const *words;
} choices[] = {
	{ "public", "celebration.button_public", "celebration.is_public",
		(const char *const[]){ "public", "on", "yes", "公开", "开启", NULL } },
	{ "private", "celebration.button_private", "celebration.is_private",
		(const char *const[]){ "private", "私下", "私密", "仅自己", NULL } },
	{ "none", "celebration.button_none", "celebration.is_none",
		(const char *const[]){ "none", "off", "no", "关闭", "不要", NULL } },
};

/* ---- asking ---- */

static void add_buttons(struct turn *t, struct message *m, enum language language)
{
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
		message_button(m, "celebration.choose", choices[i].shown, turn_text_in(t, language, choices[i].label), MESSAGE_PLAIN);
}

static struct message *question(struct turn *t, enum language language)
{
	struct message *m = message_new();
	message_title(m, turn_text_in(t, language, "celebration.question_title"));
	message_say(m, turn_text_in(t, language, "celebration.question"));
	add_buttons(t, m, language);
	message_context(m, turn_text_in(t, language, "celebration.question_note"));
	return m;
}

static gboolean was_asked(struct turn *t, const struct person *person)
{
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_WAS_ASKED, ARG_INT(person->id));
	gboolean asked = db_next(rows);
	turn_end(t, rows);
	return asked;
}

static gboolean is_worked(const struct team *team, const char *day)
{
	const struct calendar *calendar = team->config->calendar;
	return calendar ? calendar_is_working_day(calendar, day) : zone_weekday(day) <= 5;
}

/* In the hours after the team's time for celebrations, on a working day on which the person is there. */
static int64_t next_hour(struct turn *t, const struct person *person, const struct team *team)
{
	GTimeZone *zone = roster_zone(t->roster, person, team);
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	zone_day(zone, t->now_ms, day);
	for (int i = 0; i < LOOK_AHEAD_DAYS; i++, zone_day_shift(day, 1, day)) {
		int minute = turn_fit_minute(t, person, day, team->config->celebrations.minute);
		if (is_worked(team, day) && zone_instant(zone, day, minute, &at_ms) && t->now_ms < at_ms + QUESTION_SPAN_MS &&
			!turn_is_away(t, person, day, minute))
			return MAX(at_ms, t->now_ms);
	}
	return t->now_ms + DAYS(LOOK_AHEAD_DAYS);
}

void celebration_plan_question(struct turn *t, const struct person *person, const struct team *team)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, person->id);
	if (celebration_shown(person) == CELEBRATION_UNASKED && !was_asked(t, person))
		turn_schedule_once(t, "ask", key, next_hour(t, person, team));
}

void celebration_ask_due(struct turn *t, const struct event *event)
{
	const struct person *person = roster_person_by_id(t->roster, g_ascii_strtoll(event->value, NULL, 10));
	const struct team *team = person && roster_is_active(person) ? celebration_team(t->roster, person) : NULL;
	if (!team || celebration_shown(person) != CELEBRATION_UNASKED || was_asked(t, person))
		return;
	if (next_hour(t, person, team) > t->now_ms) { /* too late for today, or away meanwhile */
		celebration_plan_question(t, person, team);
		return;
	}
	turn_exec(t, &SQL_CELEBRATION_ASKED, ARG_INT(person->id), ARG_INT(t->now_ms));
	turn_hint(t, team->config->workspace_name, person, "birthday", G_MAXINT64,
		question(t, turn_language_of(t, person, team)));
}

/* ---- answering ---- */

static int find_choice(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++)
		for (const char *const *w = choices[i].words; *w; w++)
			if (g_ascii_strcasecmp(word, *w) == 0)
				return (int)i;
	return -1;
}

static gboolean was_congratulated(struct turn *t, const struct celebrant *c)
{
	struct db_rows *rows = turn_query(t, &SQL_CELEBRATION_LAST_WORDS, ARG_INT(c->person->id),
		ARG_TEXT(anniversary_kind_name(c->of.kind)));
	gboolean yes = db_next(rows) && strcmp(db_text(rows, 1), c->at.date) == 0;
	turn_end(t, rows);
	return yes;
}

/* Whoever agrees only now was passed over, and may be celebrated yet; but nobody is twice. */
static void reopen(struct turn *t)
{
	struct celebrant c;
	for (int kind = 0; kind < ANNIVERSARY_KINDS; kind++)
		if (celebration_of(t->roster, t->person, (enum anniversary_kind)kind, &c) && anniversary_at(t, &c.of, &c.at) &&
			!was_congratulated(t, &c))
			anniversary_reopen(t, &c.of);
}

static void choose(struct turn *t, int choice)
{
	enum celebration_shown before = celebration_shown(t->person);
	if (before == CELEBRATION_UNASKED || before == CELEBRATION_NONE)
		reopen(t);
	if (turn_ok(t))
		roster_note_shown(t->roster, t->person, choices[choice].shown, t->person->id, t->now_ms, &t->error);
	turn_exec(t, &SQL_CELEBRATION_ASKED, ARG_INT(t->person->id), ARG_INT(t->now_ms));
	celebration_plan_person(t, t->person);
	turn_whisper(t, turn_text(t, choices[choice].now));
}

void celebration_chosen(struct turn *t, const struct event *event)
{
	int choice = find_choice(event->value ? event->value : "");
	if (choice >= 0)
		choose(t, choice);
}

/* ---- the birthday itself ---- */

static const char *birthday_of(const struct person *person)
{
	return person->entry ? person->entry->fields[REGISTER_BIRTHDAY] : "";
}

/* "15 March", "农历八月十五": never the year. */
static const char *date_words(struct turn *t, const struct yearly *date)
{
	g_autofree char *day = g_strdup_printf("2000-%02d-%02d", date->month, date->day);
	if (!date->lunar)
		return turn_date_text(t, day, turn_language(t));
	g_autofree char *words = turn_language(t) == LANGUAGE_ZH_CN
					 ? celebration_lunar_words(date)
					 : g_strdup_printf("%s%02d-%02d", date->leap ? "leap " : "", date->month, date->day);
	return turn_text(t, "celebration.lunar", TEXT_ARG("date", words));
}

/* When it will be celebrated next: for a lunar date, and for one that is moved, nobody knows it by heart. */
static const char *next_words(struct turn *t)
{
	struct celebrant c;
	if (!celebration_of(t->roster, t->person, ANNIVERSARY_BIRTHDAY, &c))
		return turn_text(t, "celebration.no_team");
	return anniversary_at(t, &c.of, &c.at) ? turn_text(t, "celebration.next", TEXT_ARG("day", (const char *)c.at.day))
					       : turn_text(t, "celebration.no_next");
}

static void tell_birthday(struct turn *t, const struct yearly *date, const char *first)
{
	enum celebration_shown shown = celebration_shown(t->person);
	struct message *m = message_new();
	message_say(m, turn_text(t, first, TEXT_ARG("date", date_words(t, date)), TEXT_ARG("next", next_words(t))));
	if (!date->lunar && date->month == 2 && date->day == 29)
		message_say(m, turn_text(t, date->march ? "celebration.leap_march" : "celebration.leap_february"));
	message_say(m, turn_text(t, shown == CELEBRATION_UNASKED ? "celebration.question" : choices[shown - 1].now));
	add_buttons(t, m, turn_language(t));
	message_context(m, turn_text(t, "celebration.question_note"));
	turn_exec(t, &SQL_CELEBRATION_ASKED, ARG_INT(t->person->id), ARG_INT(t->now_ms));
	turn_private(t, m);
}

static void show(struct turn *t)
{
	struct yearly date;
	if (*birthday_of(t->person) && yearly_parse(birthday_of(t->person), &date, NULL))
		tell_birthday(t, &date, "celebration.known");
	else
		turn_whisper(t, turn_text(t, "celebration.unknown"));
}

static void set(struct turn *t, const struct yearly *date)
{
	g_autofree char *text = yearly_print(date);
	turn_register(t, t->person, REGISTER_BIRTHDAY, text);
	celebration_plan_person(t, t->person);
	tell_birthday(t, date, "celebration.noted");
}

static gboolean is_forget(const char *word)
{
	static const char *const words[] = { "forget", "delete", "删除", "忘记", NULL };
	for (const char *const *w = words; *w; w++)
		if (g_ascii_strcasecmp(word, *w) == 0)
			return TRUE;
	return FALSE;
}

void celebration_birthday_command(struct turn *t, const struct event *event, const char *rest)
{
	struct yearly date;
	int choice = find_choice(rest);
	(void)event;
	if (!*rest) {
		show(t);
	} else if (choice >= 0) {
		choose(t, choice);
	} else if (is_forget(rest)) {
		turn_register(t, t->person, REGISTER_BIRTHDAY, "");
		turn_whisper(t, turn_text(t, "celebration.forgotten"));
	} else if (celebration_read_date(rest, &date)) {
		set(t, &date);
	} else {
		turn_whisper(t, turn_text(t, "celebration.wrong_date", TEXT_ARG("text", turn_literal(t, rest))));
	}
}
