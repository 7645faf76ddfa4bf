/* SPDX-License-Identifier: MIT */
#include "kit/round.h"

#include "base/clock.h"
#include "base/zone.h"

/* How late a ring is still worth something. */
#define ASK_GRACE_MS	HOURS(1)
#define REMIND_GRACE_MS HOURS(2)
#define CLOSE_GRACE_MS	HOURS(4)

enum { MINUTES_A_DAY = 24 * 60 };

/* ---- when ---- */

gboolean round_is_held(const struct round *r, const char *day)
{
	return ring_day(&r->rules, r->team, day, NULL) == RECURRENCE_RINGS;
}

static GTimeZone *zone_of(struct turn *t, const struct round *r, const struct person *person)
{
	return person ? roster_zone(t->roster, person, r->team) : r->team->zone;
}

/* That minute of the configuration's, on a day on which the round may ask at another time. */
static int minute_on(const struct round *r, const char *day, int minute)
{
	return r->prompt_minute < 0 ? minute : minute + recurrence_minute(ring_rule_on(&r->rules, day)->rule) - r->prompt_minute;
}

/* Within the person's own working hours. */
static int fit(const struct round *r, const struct person *person, const char *day, int minute)
{
	return person && minute < MINUTES_A_DAY ? hours_fit(person->hours, r->team->config->calendar, day, minute) : minute;
}

int round_ask_minute(const struct round *r, const struct person *person, const char *day)
{
	return fit(r, person, day, minute_on(r, day, MAX(r->prompt_minute, 0)));
}

/* Whoever begins later is asked later, and has as long as the others. */
static int delay_of(const struct round *r, const struct person *person, const char *day)
{
	return r->prompt_minute < 0 ? 0 : MAX(round_ask_minute(r, person, day) - minute_on(r, day, r->prompt_minute), 0);
}

static int deadline_on(const struct round *r, const struct person *person, const char *day)
{
	return minute_on(r, day, r->deadline_minute) + delay_of(r, person, day);
}

static int remind_on(const struct round *r, const struct person *person, const char *day)
{
	return fit(r, person, day, minute_on(r, day, r->remind_minute) + delay_of(r, person, day));
}

/* When that minute of the round's day is. */
static gboolean instant_of(GTimeZone *zone, const char *day, int minute, int64_t *at_ms)
{
	char later[ZONE_DAY_SIZE];
	zone_day_shift(day, minute / MINUTES_A_DAY, later);
	return zone_instant(zone, later, minute % MINUTES_A_DAY, at_ms);
}

struct share {
	int64_t asked, answered;
};

static struct share share_of(struct turn *t, const struct round *r, const char *from, const char *to)
{
	struct share share = { 0 };
	struct db_rows *rows = turn_query(t, r->kind->share, ARG_TEXT(r->id), ARG_TEXT(from), ARG_TEXT(to));
	if (db_next(rows))
		share = (struct share){ db_int(rows, 0), db_int(rows, 1) };
	turn_end(t, rows);
	return share;
}

/* Somebody has begun it by hand. */
static gboolean is_begun(struct turn *t, gconstpointer of, const char *day)
{
	return share_of(t, of, day, day).asked > 0;
}

/* Of a round that asks of itself. */
static struct ring_bell bell_of(struct turn *t, const struct round *r, const struct person *person, const char *part)
{
	gboolean asks = strcmp(part, ROUND_ASK) == 0;
	return (struct ring_bell){
		.ring = { .topic = r->topic, .team = r->team, .person = person, .part = part },
		.rules = &r->rules,
		.zone = zone_of(t, r, person),
		.fits = asks && person,
		.after_minutes = asks ? 0 : r->deadline_minute - r->prompt_minute,
		.grace_ms = asks ? ASK_GRACE_MS : CLOSE_GRACE_MS,
		.begun = asks ? NULL : is_begun,
		.of = r,
	};
}

static const struct ring_part parts[] = {
	{ ROUND_ASK, "round.asked", "round.not_asked" },
	{ ROUND_REMIND, "round.reminded", "round.not_reminded" },
	{ ROUND_CLOSE, "round.closed", "round.not_closed" },
	{ 0 },
};

void round_list(const struct round *r, struct ring_list *list)
{
	const struct ring_line line = { .id = r->id, .topic = r->topic, .parts = parts, .rules = r->rules, .personal = TRUE, .asks_all = TRUE };
	if (r->prompt_minute >= 0)
		g_array_append_val(list->lines, line);
}

/* ---- planning ---- */

static void plan_ask(struct turn *t, const struct round *r, const struct person *person)
{
	int64_t due_ms;
	g_autofree char *key = g_strdup_printf("%s/%" G_GINT64_FORMAT, r->id, person->id);
	struct ring_bell bell = bell_of(t, r, person, ROUND_ASK);
	/* What is due already stays: it was missed, and says so by itself. */
	if (ring_bell_next(&bell, t->now_ms, &due_ms))
		turn_schedule_once(t, ROUND_ASK, key, due_ms);
}

static void plan_close(struct turn *t, const struct round *r)
{
	int64_t due_ms;
	struct ring_bell bell = bell_of(t, r, NULL, ROUND_CLOSE);
	if (r->deadline_minute >= 0 && ring_bell_next(&bell, t->now_ms, &due_ms))
		turn_schedule_once(t, ROUND_CLOSE, r->id, due_ms);
}

void round_plan(struct turn *t, const struct round *r)
{
	if (r->prompt_minute < 0)
		return;
	g_autoptr(GPtrArray) audience = round_audience(r);
	for (guint i = 0; i < audience->len; i++)
		plan_ask(t, r, audience->pdata[i]);
	plan_close(t, r);
}

/* ---- what a job is about ---- */

/* A round that asks of itself. */
static gboolean find(struct turn *t, const struct round_kind *kind, const char *id, struct round *r)
{
	return kind->find(t, id, r) && r->prompt_minute >= 0;
}

/* ID/PERSON; an id may have a slash. NULL: the round is no more, or asks this person no more. */
static const struct person *read_key(struct turn *t, const struct round_kind *kind, const char *key, struct round *r)
{
	const char *slash = strrchr(key, '/');
	if (!slash || !find(t, kind, turn_keep(t, g_strndup(key, (gsize)(slash - key))), r))
		return NULL;
	const struct person *person = roster_person_by_id(t->roster, g_ascii_strtoll(slash + 1, NULL, 10));
	return round_asks(r, person) ? person : NULL;
}

/* Takes the day out of ID/DAY/PERSON; NULL when there is none. *key: ID/PERSON, freed by the caller. */
static const char *take_day(struct turn *t, const char *value, char **key)
{
	const char *slash = strrchr(value, '/');
	if (!slash || slash - value <= ZONE_DAY_SIZE)
		return NULL;
	const char *day = turn_keep(t, g_strndup(slash - (ZONE_DAY_SIZE - 1), ZONE_DAY_SIZE - 1));
	*key = g_strdup_printf("%.*s%s", (int)(slash - ZONE_DAY_SIZE - value), value, slash);
	return zone_day_is_valid(day) ? day : NULL;
}

static gboolean has_answered(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	struct db_rows *rows = turn_query(t, r->kind->answered, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person->id));
	gboolean answered = db_next(rows);
	turn_end(t, rows);
	return answered;
}

/* ---- asking ---- */

static void plan_reminder(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	int64_t at_ms;
	g_autofree char *key = g_strdup_printf("%s/%s/%" G_GINT64_FORMAT, r->id, day, person->id);
	/* Whoever is asked shortly before they go is not reminded at once. */
	if (r->remind_minute >= 0 && remind_on(r, person, day) > round_ask_minute(r, person, day) &&
		instant_of(zone_of(t, r, person), day, remind_on(r, person, day), &at_ms) && at_ms > t->now_ms)
		turn_schedule(t, ROUND_REMIND, key, at_ms);
}

/* What the message is called, so that what is written in its thread is known to answer it (round_prompts.c). */
static struct message *named(struct message *m, const struct round *r, const char *word, const char *day, const struct person *person)
{
	g_autofree char *name = g_strdup_printf("%s/%s/%s/%s/%" G_GINT64_FORMAT, r->kind->name, word, r->id, day, person->id);
	message_name(m, name);
	return m;
}

static enum ring_outcome ask(struct turn *t, const struct round *r, const char *day, const struct person *person, int64_t until_ms)
{
	enum quiet_fate fate = turn_nudge(t, r->team->config->workspace_name, person, r->topic, until_ms,
		named(r->kind->prompt(t, r, day, person), r, ROUND_ASK, day, person));
	if (fate == QUIET_NOBODY)
		return ring_outcome_of(fate);
	turn_exec(t, r->kind->asked, ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(person->id), ARG_INT(t->now_ms));
	turn_exec(t, &SQL_ROUND_PROMPTED, ARG_INT(person->id), ARG_TEXT(r->kind->name), ARG_TEXT(r->id), ARG_TEXT(day), ARG_INT(t->now_ms));
	plan_reminder(t, r, day, person);
	return ring_outcome_of(fate);
}

void round_ask_due(struct turn *t, const struct event *event, const struct round_kind *kind)
{
	struct round r;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	const struct person *person = read_key(t, kind, event->value, &r);
	if (!person)
		return;
	struct ring_bell bell = bell_of(t, &r, person, ROUND_ASK);
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms)) {
		gboolean is_away = round_is_away(t, &r, person, day);
		gboolean answered = !is_away && has_answered(t, &r, day, person);
		ring_note(t, &bell.ring, day, at_ms,
			is_away ? ring_outcome_away(t, person, day, round_ask_minute(&r, person, day)) : answered ? RING_ANSWERED : ask(t, &r, day, person, at_ms + ASK_GRACE_MS));
	}
	plan_ask(t, &r, person);
}

static gboolean was_prompted(struct turn *t, const struct round *r, const char *day, const struct person *person)
{
	struct db_rows *rows = turn_query(t, &SQL_ROUND_WAITS, ARG_INT(person->id), ARG_TEXT(r->kind->name), ARG_TEXT(r->id), ARG_TEXT(day));
	gboolean waits = db_next(rows);
	turn_end(t, rows);
	return waits;
}

guint round_ask_now(struct turn *t, const struct round *r, const char *day)
{
	guint asked = 0;
	int64_t close_ms;
	struct zone_time local;
	g_autoptr(GPtrArray) audience = round_audience(r);
	for (guint i = 0; i < audience->len; i++) {
		const struct person *person = audience->pdata[i];
		zone_local(zone_of(t, r, person), t->now_ms, &local);
		if (has_answered(t, r, day, person) || was_prompted(t, r, day, person) ||
			turn_is_away(t, person, turn_day(t, person, r->team, t->now_ms), local.hour * 60 + local.minute))
			continue;
		if (ask(t, r, day, person, t->now_ms + ASK_GRACE_MS) != RING_NO_ACCOUNT)
			asked++;
	}
	if (round_deadline(r, day, &close_ms) && close_ms > t->now_ms)
		turn_schedule_once(t, ROUND_CLOSE, r->id, close_ms);
	return asked;
}

/* ---- reminding ---- */

/* What comes of a reminder that was to ring at that instant. */
static enum ring_outcome remind(struct turn *t, const struct round *r, const char *day, const struct person *person, int64_t at_ms)
{
	if (has_answered(t, r, day, person))
		return RING_ANSWERED;
	int minute = remind_on(r, person, day) % MINUTES_A_DAY;
	if (turn_is_away(t, person, day, minute))
		return ring_outcome_away(t, person, day, minute);
	if (t->now_ms - at_ms > REMIND_GRACE_MS)
		return RING_LATE;
	return ring_outcome_of(turn_remind(t, r->team->config->workspace_name, person, r->topic, at_ms + REMIND_GRACE_MS,
		named(r->kind->reminder(t, r, day, person), r, ROUND_REMIND, day, person)));
}

void round_remind_due(struct turn *t, const struct event *event, const struct round_kind *kind)
{
	struct round r;
	int64_t at_ms;
	g_autofree char *key = NULL;
	const char *day = take_day(t, event->value, &key);
	const struct person *person = day ? read_key(t, kind, key, &r) : NULL;
	if (!person || r.remind_minute < 0 || !instant_of(zone_of(t, &r, person), day, remind_on(&r, person, day), &at_ms) || at_ms > t->now_ms)
		return;
	struct ring_bell bell = bell_of(t, &r, person, ROUND_REMIND);
	ring_note(t, &bell.ring, day, at_ms, remind(t, &r, day, person, at_ms));
}

/* ---- closing ---- */

int round_share_before(struct turn *t, const struct round *r, const char *day)
{
	char from[ZONE_DAY_SIZE], to[ZONE_DAY_SIZE];
	zone_day_shift(day, -7, from);
	zone_day_shift(day, -1, to);
	struct share share = share_of(t, r, from, to);
	return share.asked ? (int)(share.answered * 100 / share.asked) : -1;
}

static gboolean all_are_away(struct turn *t, const struct round *r, const char *day)
{
	g_autoptr(GHashTable) nobody = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) audience = round_audience(r);
	g_autoptr(GPtrArray) away = round_away(t, r, day, nobody);
	return audience->len > 0 && away->len == audience->len;
}

void round_close_due(struct turn *t, const struct event *event, const struct round_kind *kind)
{
	struct round r;
	char day[ZONE_DAY_SIZE];
	int64_t at_ms;
	if (!find(t, kind, event->value, &r) || r.deadline_minute < 0)
		return;
	struct ring_bell bell = bell_of(t, &r, NULL, ROUND_CLOSE);
	if (ring_bell_rings(t, &bell, event->at_ms, day, &at_ms)) {
		gboolean asked = share_of(t, &r, day, day).asked > 0;
		ring_note(t, &bell.ring, day, at_ms, asked ? RING_RUNG : all_are_away(t, &r, day) ? RING_ALL_AWAY : RING_NOBODY);
		if (asked)
			kind->close(t, &r, day);
	}
	round_plan(t, &r); /* who is asked since then, for a role or a name, too */
}

gboolean round_deadline(const struct round *r, const char *day, int64_t *at_ms)
{
	return r->deadline_minute >= 0 && instant_of(r->team->zone, day, deadline_on(r, NULL, day), at_ms);
}

gboolean round_has_begun(struct turn *t, const struct round *r, const struct person *person, const char *day)
{
	int64_t at_ms;
	return instant_of(zone_of(t, r, person), day, round_ask_minute(r, person, day), &at_ms) && at_ms <= t->now_ms;
}

gboolean round_is_over(struct turn *t, const struct round *r, const struct person *person, const char *day, int64_t at_ms)
{
	int64_t deadline_ms;
	/* The window is each person's own: whoever lives further west is not late before their morning began. */
	return r->deadline_minute >= 0 && instant_of(zone_of(t, r, person), day, deadline_on(r, person, day), &deadline_ms) &&
	       at_ms > deadline_ms;
}
