/* SPDX-License-Identifier: MIT */
#include "kit/ring.h"

#include "base/clock.h"
#include "ring_sql.h"

enum { KEPT_DAYS = 400, LOOK_AHEAD_DAYS = 366, MINUTES_A_DAY = 24 * 60 };

/* ---- rules ---- */

static const struct recurrence *keep(struct turn *t, struct recurrence *take)
{
	return (gconstpointer)turn_keep(t, (char *)take);
}

/* What a row of changes says; words of a newer version that this one cannot read are the configuration's. */
static struct ring_rule read_change(struct turn *t, struct db_rows *rows, const struct ring_rule *usual)
{
	struct ring_rule rule = *usual;
	const char *words = db_text(rows, 1);
	g_strlcpy(rule.from, db_text(rows, 0), sizeof rule.from);
	rule.is_off = strcmp(words, "off") == 0;
	struct recurrence *said = *words && !rule.is_off ? recurrence_parse(words, NULL) : NULL;
	if (said)
		rule.rule = keep(t, said);
	if (said || rule.is_off)
		rule.by = turn_keep(t, g_strdup(db_text(rows, 2)));
	return rule;
}

struct ring_rules ring_rules(struct turn *t, const struct team *team, const char *topic, struct recurrence *take_usual)
{
	struct ring_rules rules = { .count = 1 };
	const struct ring_rule usual = { .rule = keep(t, take_usual), .by = "" };
	struct ring_rule changes[RING_RULES_MOST - 1];
	guint count = 0;
	rules.of[0] = usual;
	struct db_rows *rows = turn_query(t, &SQL_RING_CHANGES, ARG_TEXT(team->config->name), ARG_TEXT(topic), ARG_INT(G_N_ELEMENTS(changes)));
	while (db_next(rows))
		changes[count++] = read_change(t, rows, &usual);
	turn_end(t, rows);
	while (count > 0)
		rules.of[rules.count++] = changes[--count];
	return rules;
}

const struct ring_rule *ring_rule_on(const struct ring_rules *rules, const char *day)
{
	guint i = rules->count - 1;
	while (i > 0 && strcmp(day, rules->of[i].from) < 0)
		i--;
	return &rules->of[i];
}

enum recurrence_day ring_day(const struct ring_rules *rules, const struct team *team, const char *day, const char **holiday)
{
	const struct ring_rule *rule = ring_rule_on(rules, day);
	enum recurrence_day what = recurrence_on(rule->rule, team->config->calendar, day, holiday);
	if (what != RECURRENCE_RINGS || !rule->is_off)
		return what;
	if (holiday)
		*holiday = NULL;
	return RECURRENCE_OFF;
}

/* Moves the day to the first one, itself included, that is any rule's; FALSE: none comes. A rule is asked but once for all its days. */
static gboolean find_day(const struct ring_rules *rules, const struct team *team, char day[static ZONE_DAY_SIZE])
{
	char found[ZONE_DAY_SIZE];
	for (;;) {
		const struct ring_rule *rule = ring_rule_on(rules, day), *next = rule + 1 < rules->of + rules->count ? rule + 1 : NULL;
		if (recurrence_first_on(rule->rule, team->config->calendar, day, found) && (!next || strcmp(found, next->from) < 0)) {
			memcpy(day, found, sizeof found);
			return TRUE;
		}
		if (!next)
			return FALSE;
		memcpy(day, next->from, ZONE_DAY_SIZE);
	}
}

gboolean ring_next(const struct ring_rules *rules, const struct team *team, GTimeZone *zone, int64_t after_ms, int64_t *at_ms)
{
	char day[ZONE_DAY_SIZE], end[ZONE_DAY_SIZE];
	zone_day(zone, after_ms, day);
	zone_day_shift(day, LOOK_AHEAD_DAYS, end);
	for (; find_day(rules, team, day) && strcmp(day, end) < 0; zone_day_shift(day, 1, day))
		if (ring_day(rules, team, day, NULL) == RECURRENCE_RINGS &&
			zone_instant(zone, day, recurrence_minute(ring_rule_on(rules, day)->rule), at_ms) && *at_ms > after_ms)
			return TRUE;
	return FALSE;
}

/* ---- what rings a team has ---- */

GArray *ring_lines_with_days(struct turn *t, const struct team *team)
{
	struct ring_list list = { g_array_new(FALSE, FALSE, sizeof(struct ring_line)) };
	for (const struct ritual *const *r = t->rituals; *r; r++) {
		guint before = list.lines->len;
		if ((*r)->rings)
			(*r)->rings(t, team, &list);
		for (guint i = before; i < list.lines->len; i++)
			g_array_index(list.lines, struct ring_line, i).ritual = (*r)->name;
	}
	return list.lines;
}

GArray *ring_lines(struct turn *t, const struct team *team)
{
	GArray *lines = ring_lines_with_days(t, team);
	for (guint i = lines->len; i > 0; i--)
		if (g_array_index(lines, struct ring_line, i - 1).rules.count == 0)
			g_array_remove_index(lines, i - 1);
	return lines;
}

/* A job that is due now finds its time by the new rule. */
static void wake(struct turn *t, const struct ring_line *line)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free); /* word and key by turns */
	struct db_rows *rows = turn_query(t, &SQL_RING_JOBS, ARG_TEXT(line->ritual), ARG_TEXT(line->id));
	while (db_next(rows)) {
		g_ptr_array_add(names, g_strdup(db_text(rows, 0)));
		g_ptr_array_add(names, g_strdup(db_text(rows, 1)));
	}
	turn_end(t, rows);
	for (guint i = 0; turn_ok(t) && i < names->len; i += 2)
		schedule_put(t->schedule, line->ritual, names->pdata[i], names->pdata[i + 1], t->now_ms, FALSE, &t->error);
}

void ring_change(struct turn *t, const struct team *team, const struct ring_line *line, const char *from, const char *words)
{
	/* What was to come later was said earlier: the last word counts. */
	turn_exec(t, &SQL_RING_DROP_CHANGES, ARG_TEXT(team->config->name), ARG_TEXT(line->topic), ARG_TEXT(from));
	turn_exec(t, &SQL_RING_CHANGE, ARG_TEXT(team->config->name), ARG_TEXT(line->topic), ARG_TEXT(from), ARG_TEXT(words),
		ARG_INT(t->person->id), ARG_INT(t->now_ms));
	wake(t, line);
}

/* ---- what became of them ---- */

static const char *const outcomes[RING_OUTCOME_COUNT] = {
	[RING_RUNG] = "rung",
	[RING_ANSWERED] = "answered",
	[RING_HOLIDAY] = "holiday",
	[RING_LATE] = "late",
	[RING_AWAY] = "away",
	[RING_OFF_WORK] = "off_work",
	[RING_ALL_AWAY] = "all_away",
	[RING_NOBODY] = "nobody",
	[RING_OFF] = "off",
	[RING_QUIET] = "quiet",
	[RING_MUTED] = "muted",
	[RING_REPEATED] = "repeated",
	[RING_WORTHLESS] = "worthless",
	[RING_NO_ACCOUNT] = "no_account",
	[RING_WAITED] = "waited",
	[RING_DIGEST] = "digest",
	[RING_UNASKED] = "unasked",
	[RING_MOVED] = "moved",
};

enum ring_outcome ring_outcome_of(enum quiet_fate fate)
{
	static const enum ring_outcome silent[QUIET_FATE_COUNT] = {
		[QUIET_WAITS] = RING_WAITED,
		[QUIET_DIGEST] = RING_DIGEST,
		[QUIET_MUTED] = RING_MUTED,
		[QUIET_REPEATED] = RING_REPEATED,
		[QUIET_LATE] = RING_WORTHLESS,
		[QUIET_NOBODY] = RING_NO_ACCOUNT,
	};
	return silent[fate]; /* RING_RUNG is 0 */
}

enum ring_outcome ring_outcome_away(const struct turn *t, const struct person *person, const char *day, int minute)
{
	return turn_is_off(t, person, day, minute) ? RING_OFF_WORK : RING_AWAY;
}

const char *ring_outcome_name(enum ring_outcome outcome)
{
	return outcomes[outcome];
}

static void note(struct turn *t, const struct ring *ring, const char *day, int64_t planned_ms, enum ring_outcome outcome, const char *detail)
{
	turn_exec(t, &SQL_RING_NOTE, ARG_TEXT(day), ARG_TEXT(ring->team->config->name), ARG_TEXT(ring->topic), ARG_TEXT(ring->part),
		ARG_INT(ring->person ? ring->person->id : 0), ARG_INT(planned_ms), ARG_INT(t->now_ms), ARG_TEXT(outcomes[outcome]),
		ARG_TEXT(detail));
}

void ring_note(struct turn *t, const struct ring *ring, const char *day, int64_t planned_ms, enum ring_outcome outcome)
{
	g_autofree char *late = g_strdup_printf("%" G_GINT64_FORMAT, (t->now_ms - planned_ms) / MINUTES(1));
	note(t, ring, day, planned_ms, outcome, outcome == RING_LATE ? late : "");
}

void ring_note_moved(struct turn *t, const struct ring *ring, const char *day, int64_t planned_ms, const char *to_day)
{
	note(t, ring, day, planned_ms, RING_MOVED, to_day);
}

gboolean ring_is_noted(struct turn *t, const struct ring *ring, const char *day)
{
	struct db_rows *rows = turn_query(t, &SQL_RING_NOTED, ARG_TEXT(day), ARG_TEXT(ring->team->config->name), ARG_TEXT(ring->topic),
		ARG_TEXT(ring->part), ARG_INT(ring->person ? ring->person->id : 0));
	gboolean noted = db_next(rows);
	turn_end(t, rows);
	return noted;
}

/* ---- a ring as its job sees it ---- */

static int minute_on(const struct ring_bell *b, const char *day)
{
	int minute = recurrence_minute(ring_rule_on(b->rules, day)->rule);
	return (b->fits ? hours_fit(b->ring.person->hours, b->ring.team->config->calendar, day, minute) : minute) + b->after_minutes;
}

static gboolean instant_of(const struct ring_bell *b, const char *day, int64_t *at_ms)
{
	char later[ZONE_DAY_SIZE];
	int minute = minute_on(b, day);
	zone_day_shift(day, minute / MINUTES_A_DAY, later);
	return zone_instant(b->zone, later, minute % MINUTES_A_DAY, at_ms);
}

/* The first day whose ring may come at this instant or later. */
static void first_day_of(const struct ring_bell *b, int64_t at_ms, char day[static ZONE_DAY_SIZE])
{
	zone_day(b->zone, at_ms, day);
	zone_day_shift(day, -(minute_on(b, day) / MINUTES_A_DAY), day);
}

gboolean ring_bell_next(const struct ring_bell *b, int64_t after_ms, int64_t *due_ms)
{
	char day[ZONE_DAY_SIZE], end[ZONE_DAY_SIZE];
	first_day_of(b, after_ms, day);
	zone_day_shift(day, LOOK_AHEAD_DAYS, end);
	for (; find_day(b->rules, b->ring.team, day) && strcmp(day, end) < 0; zone_day_shift(day, 1, day))
		if (instant_of(b, day, due_ms) && *due_ms > after_ms)
			return TRUE;
	return FALSE;
}

/* TRUE: the ring of that day is to ring now; FALSE: it is not, which is noted. */
static gboolean judge(struct turn *t, const struct ring_bell *b, const char *day, int64_t at_ms)
{
	const char *holiday = NULL;
	enum recurrence_day what = ring_day(b->rules, b->ring.team, day, &holiday);
	if (what != RECURRENCE_RINGS && b->begun && b->begun(t, b->of, day))
		what = RECURRENCE_RINGS;
	if (what == RECURRENCE_OFF)
		note(t, &b->ring, day, at_ms, holiday ? RING_HOLIDAY : RING_OFF, holiday ? holiday : "");
	else if (what == RECURRENCE_RINGS && t->now_ms - at_ms > b->grace_ms)
		ring_note(t, &b->ring, day, at_ms, RING_LATE);
	return what == RECURRENCE_RINGS && t->now_ms - at_ms <= b->grace_ms;
}

struct ring_bell ring_bell_of_day(
	struct turn *t, const struct team *team, const struct ring_rules *rules, const char *topic, const char *part)
{
	int minute = recurrence_minute(ring_rule_on(rules, turn_day(t, NULL, team, t->now_ms))->rule);
	return (struct ring_bell){
		.ring = { .topic = topic, .team = team, .part = part },
		.rules = rules,
		.zone = team->zone,
		.grace_ms = MINUTES(MINUTES_A_DAY - minute) - 1,
	};
}

void ring_bell_plan(struct turn *t, const struct ring_bell *b, const char *job)
{
	int64_t due_ms;
	if (ring_bell_next(b, t->now_ms, &due_ms))
		turn_schedule_once(t, job, b->ring.team->config->name, due_ms);
}

gboolean ring_bell_rings(struct turn *t, const struct ring_bell *b, int64_t due_ms, char day[static ZONE_DAY_SIZE], int64_t *at_ms)
{
	char at_day[ZONE_DAY_SIZE];
	int64_t ring_ms;
	gboolean now = FALSE;
	first_day_of(b, MAX(due_ms, t->now_ms - DAYS(KEPT_DAYS)), at_day);
	for (; instant_of(b, at_day, &ring_ms) && ring_ms <= t->now_ms; zone_day_shift(at_day, 1, at_day)) {
		/* A rule that has been moved to an earlier minute may have let it pass just now. */
		if (ring_ms <= due_ms - b->grace_ms || ring_is_noted(t, &b->ring, at_day) || !judge(t, b, at_day, ring_ms))
			continue;
		now = TRUE;
		*at_ms = ring_ms;
		memcpy(day, at_day, sizeof at_day);
	}
	return now;
}

/* ---- when the program was off ---- */

static int64_t last_beat(struct turn *t)
{
	struct db_rows *rows = turn_query(t, &SQL_RING_LAST_BEAT);
	int64_t at_ms = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return at_ms;
}

static void forget(struct turn *t)
{
	char day[ZONE_DAY_SIZE];
	zone_day(zone_find("UTC"), t->now_ms - DAYS(KEPT_DAYS), day);
	turn_exec(t, &SQL_RING_FORGET, ARG_TEXT((const char *)day));
	turn_exec(t, &SQL_RING_FORGET_GAPS, ARG_INT(t->now_ms - DAYS(KEPT_DAYS)));
}

void ring_beat(struct turn *t)
{
	int64_t last_ms = last_beat(t);
	if (last_ms > 0 && t->now_ms - last_ms >= 2 * RING_BEAT_MS)
		turn_exec(t, &SQL_RING_GAP, ARG_INT(last_ms), ARG_INT(t->now_ms));
	turn_exec(t, &SQL_RING_BEAT, ARG_INT(t->now_ms));
	forget(t);
}
