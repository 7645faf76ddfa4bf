/* SPDX-License-Identifier: MIT */
/* Why something rang on a day, or did not: what the rows say, then who has none, then when the program was off. */
#include "schedule/schedule.h"

#include "base/clock.h"
#include "team/day_words.h"
#include "ring_sql.h"

enum { SHOWN_NAMES = 20 };

/* ---- rows ---- */

/* People with the same fate at the same instant stand on one line. */
struct fate {
	char *part, *outcome, *detail;
	int64_t planned_ms;
	GPtrArray *people; /* struct person; NULL in it: the team */
};

static void free_fate(gpointer data)
{
	struct fate *fate = data;
	g_free(fate->part);
	g_free(fate->outcome);
	g_free(fate->detail);
	g_ptr_array_unref(fate->people);
	g_free(fate);
}

static gboolean is_same(const struct fate *fate, struct db_rows *row)
{
	return strcmp(fate->part, db_text(row, 0)) == 0 && strcmp(fate->outcome, db_text(row, 1)) == 0 &&
	       strcmp(fate->detail, db_text(row, 2)) == 0 && fate->planned_ms == db_int(row, 3);
}

static struct fate *fate_of(GPtrArray *fates, struct db_rows *row)
{
	struct fate *last = fates->len ? fates->pdata[fates->len - 1] : NULL;
	if (last && is_same(last, row))
		return last;
	struct fate *fate = g_new0(struct fate, 1);
	*fate = (struct fate){ g_strdup(db_text(row, 0)), g_strdup(db_text(row, 1)), g_strdup(db_text(row, 2)), db_int(row, 3), g_ptr_array_new() };
	g_ptr_array_add(fates, fate);
	return fate;
}

/* In the order in which they were to ring. */
static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct fate *x = *(const struct fate *const *)a, *y = *(const struct fate *const *)b;
	return (x->planned_ms > y->planned_ms) - (x->planned_ms < y->planned_ms);
}

static GPtrArray *fates_of(struct turn *t, const struct team *team, const struct ring_line *line, const char *day)
{
	GPtrArray *fates = g_ptr_array_new_with_free_func(free_fate);
	struct db_rows *rows = turn_query(t, &SQL_RING_OF_DAY, ARG_TEXT(day), ARG_TEXT(team->config->name), ARG_TEXT(line->topic));
	while (db_next(rows)) {
		const struct person *person = roster_person_by_id(t->roster, db_int(rows, 4));
		if (!line->may_tell || line->may_tell(t, person, db_text(rows, 0)))
			g_ptr_array_add(fate_of(fates, rows)->people, (gpointer)person);
	}
	turn_end(t, rows);
	g_ptr_array_sort(fates, by_time);
	return fates;
}

/* ---- words ---- */

static const char *names_of(struct turn *t, const GPtrArray *people)
{
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < people->len && i < SHOWN_NAMES; i++) {
		const struct person *person = people->pdata[i];
		g_string_append_printf(names, "%s%s", i ? ", " : "", person ? person->name : "?");
	}
	if (people->len > SHOWN_NAMES)
		g_string_append_printf(names, ", +%u", people->len - SHOWN_NAMES);
	return turn_keep(t, g_string_free(g_steal_pointer(&names), FALSE));
}

/* Why it did not ring, by ring_outcome_name; what has none here rang. */
static const struct {
	enum ring_outcome outcome;
	const char *text;
} reasons[] = {
	{ RING_ANSWERED, "schedule.reason_answered" },
	{ RING_HOLIDAY, "schedule.reason_holiday" },
	{ RING_LATE, "schedule.reason_late" },
	{ RING_AWAY, "schedule.reason_away" },
	{ RING_OFF_WORK, "schedule.reason_off_work" },
	{ RING_ALL_AWAY, "schedule.reason_all_away" },
	{ RING_NOBODY, "schedule.reason_nobody" },
	{ RING_OFF, "schedule.reason_off" },
	{ RING_QUIET, "schedule.reason_quiet" },
	{ RING_MUTED, "schedule.reason_muted" },
	{ RING_REPEATED, "schedule.reason_repeated" },
	{ RING_WORTHLESS, "schedule.reason_worthless" },
	{ RING_NO_ACCOUNT, "schedule.reason_no_account" },
	{ RING_WAITED, "schedule.reason_waited" },
	{ RING_DIGEST, "schedule.reason_digest" },
	{ RING_UNASKED, "schedule.reason_unasked" },
	{ RING_MOVED, "schedule.reason_moved" },
};

/* NULL: it rang. */
static const char *reason_of(struct turn *t, const struct fate *fate)
{
	int64_t late = g_ascii_strtoll(fate->detail, NULL, 10);
	const char *name = !*fate->detail ? turn_text(t, "schedule.why_day_off")
			   : zone_day_is_valid(fate->detail) ? turn_day_text(t, fate->detail, turn_language(t))
							     : fate->detail;
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(ring_outcome_name(reasons[i].outcome), fate->outcome) == 0)
			return turn_text(t, reasons[i].text, TEXT_ARG("name", name), TEXT_ARG("hours", late / 60),
				TEXT_ARG("minutes", late % 60));
	return NULL;
}

/* NULL: a part that the ritual has no more. */
static const struct ring_part *part_of(const struct ring_line *line, const struct fate *fate)
{
	for (const struct ring_part *part = line->parts; part->word; part++)
		if (strcmp(part->word, fate->part) == 0)
			return part;
	return NULL;
}

static const char *fate_text(struct turn *t, const struct team *team, const struct ring_part *part, const struct fate *fate)
{
	const struct person *first = fate->people->pdata[0];
	const char *reason = reason_of(t, fate);
	const char *time = schedule_time(t, first ? roster_zone(t->roster, first, team) : team->zone, fate->planned_ms);
	const char *what = turn_text(t, reason ? part->silent : part->rung, TEXT_ARG("names", first ? names_of(t, fate->people) : ""));
	return turn_text(t, reason ? "schedule.why_silent" : "schedule.why_rung", TEXT_ARG("time", time), TEXT_ARG("what", what),
		TEXT_ARG("reason", reason ? reason : ""));
}

/* ---- who has no row ---- */

/* Members without a row, where others have one: they joined later, or the bot did not know them then. */
static void add_unknown(struct turn *t, struct message *m, const struct team *team, const GPtrArray *fates)
{
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) unknown = g_ptr_array_new();
	GHashTableIter iter;
	gpointer person;
	for (guint i = 0; i < fates->len; i++)
		for (guint k = 0; k < ((const struct fate *)fates->pdata[i])->people->len; k++)
			g_hash_table_add(known, ((const struct fate *)fates->pdata[i])->people->pdata[k]);
	g_hash_table_iter_init(&iter, team->members);
	while (g_hash_table_iter_next(&iter, &person, NULL)) {
		const struct person *p = person;
		if (!p->bot && !p->deactivated && !roster_is_manager(team, p) && !g_hash_table_contains(known, p))
			g_ptr_array_add(unknown, person);
	}
	g_ptr_array_sort(unknown, roster_by_name);
	if (unknown->len > 0 && g_hash_table_size(known) > 1)
		message_item(m, turn_text(t, "schedule.why_unknown", TEXT_ARG("names", names_of(t, unknown))));
}

/* Nothing was noted for that day: it has not come yet, is none of the rule's, or lies before all notes. */
static const char *nothing_text(struct turn *t, const struct team *team, const struct ring_line *line, const char *day)
{
	const char *holiday = NULL;
	if (line->rules.count == 0)
		return turn_text(t, "schedule.why_no_day");
	const struct ring_rule *rule = ring_rule_on(&line->rules, day);
	const char *words = turn_keep(t, recurrence_words(rule->rule, turn_language(t)));
	enum recurrence_day what = ring_day(&line->rules, team, day, &holiday);
	int64_t at_ms = 0;
	zone_instant(team->zone, day, recurrence_minute(rule->rule), &at_ms);
	if (what == RECURRENCE_NOT)
		return turn_text(t, "schedule.why_not_that_day", TEXT_ARG("words", words));
	if (what == RECURRENCE_OFF)
		return !holiday ? turn_text(t, "schedule.why_is_off")
				: turn_text(t, "schedule.why_is_holiday", TEXT_ARG("name", *holiday ? holiday : turn_text(t, "schedule.why_day_off")));
	return turn_text(t, at_ms > t->now_ms ? "schedule.why_to_come" : "schedule.why_no_notes",
		TEXT_ARG("time", schedule_time(t, team->zone, at_ms)));
}

static void add_gaps(struct turn *t, struct message *m, const struct team *team, const char *day)
{
	int64_t from_ms = 0, to_ms = 0;
	zone_instant(team->zone, day, 0, &from_ms);
	zone_instant(team->zone, day, 1440, &to_ms);
	struct db_rows *rows = turn_query(t, &SQL_RING_GAPS, ARG_INT(from_ms), ARG_INT(to_ms));
	while (db_next(rows)) {
		char first[ZONE_DAY_SIZE], last[ZONE_DAY_SIZE];
		zone_day(team->zone, db_int(rows, 0), first);
		zone_day(team->zone, db_int(rows, 1), last);
		message_item(m, turn_text(t, "schedule.why_gap", TEXT_ARG("first", turn_day_text(t, first, turn_language(t))),
					TEXT_ARG("from", schedule_time(t, team->zone, db_int(rows, 0))),
					TEXT_ARG("last", turn_day_text(t, last, turn_language(t))),
					TEXT_ARG("to", schedule_time(t, team->zone, db_int(rows, 1)))));
	}
	turn_end(t, rows);
}

static void tell(struct turn *t, const struct team *team, const struct ring_line *line, const char *day)
{
	g_autoptr(GPtrArray) fates = fates_of(t, team, line, day);
	struct message *m = message_new();
	message_title(m, turn_text(t, "schedule.why_title", TEXT_ARG("name", schedule_name(t, line)), TEXT_ARG("team", team->config->name),
				TEXT_ARG("day", turn_day_text(t, day, turn_language(t)))));
	if (fates->len == 0)
		message_item(m, nothing_text(t, team, line, day));
	for (guint i = 0; i < fates->len; i++) {
		const struct ring_part *part = part_of(line, fates->pdata[i]);
		if (part)
			message_item(m, fate_text(t, team, part, fates->pdata[i]));
	}
	if (line->asks_all)
		add_unknown(t, m, team, fates);
	add_gaps(t, m, team, day);
	if (line->note)
		message_context(m, turn_text(t, line->note));
	turn_private(t, m);
}

void schedule_why(struct turn *t, const struct event *event, const char *rest)
{
	const struct team *team = *rest ? schedule_team(t) : NULL;
	char day[ZONE_DAY_SIZE];
	(void)event;
	if (!*rest) {
		schedule_own_day(t);
		return;
	}
	if (!team) {
		turn_whisper(t, turn_text(t, "schedule.none"));
		return;
	}
	const char *today = turn_day(t, NULL, team, t->now_ms);
	memcpy(day, today, sizeof day);
	g_autoptr(GArray) lines = ring_lines_with_days(t, team);
	const struct ring_line *line = schedule_find(t, lines, &rest);
	if (!turn_is_manager(t, team))
		turn_whisper(t, turn_text(t, "schedule.managers_only"));
	else if (!line || (*rest && !day_words_read(rest, today, DAY_WORDS_THIS_YEAR, day)))
		turn_whisper(t, turn_text(t, "schedule.why_how", TEXT_ARG("names", schedule_names(t, lines))));
	else
		tell(t, team, line, day);
}
