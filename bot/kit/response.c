/* SPDX-License-Identifier: MIT */
#include "kit/response_private.h"

#include "base/zone.h"
#include "response_sql.h"

/* ---- the terms ---- */

gint64 response_keep_terms(struct turn *t, const struct response_terms *terms)
{
	g_autofree char *content = response_terms_print(terms);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_FIND_TERMS, ARG_TEXT(digest));
	gint64 id = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	if (id || !turn_ok(t))
		return id;
	turn_exec(t, &SQL_RESPONSE_ADD_TERMS, ARG_TEXT(digest), ARG_TEXT(content));
	return turn_ok(t) ? db_last_id(t->db) : 0;
}

struct response_terms *response_terms_of(const struct turn *t, const struct team *team, const char *applies, enum response_target target)
{
	return response_terms_now(roster_config(t->roster), team->config, team->zone, applies, target);
}

/* ---- reading ---- */

static gint64 number_of(struct turn *t, const char *subject, enum response_target target)
{
	struct db_rows *rows = turn_query(
		t, &SQL_RESPONSE_NUMBER, ARG_TEXT(t->ritual), ARG_TEXT(subject), ARG_TEXT(response_target_name(target)));
	gint64 id = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	return id;
}

struct response *response_read(struct turn *t, struct response_book *book, gint64 id)
{
	GError *error = NULL;
	struct response *r = turn_ok(t) && id ? response_book_read(book, id, &error) : NULL;
	if (error)
		turn_fail(t, error);
	return r;
}

GArray *response_numbers(struct turn *t, struct db_rows *take)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	while (db_next(take)) {
		gint64 id = db_int(take, 0);
		g_array_append_val(ids, id);
	}
	turn_end(t, take);
	return ids;
}

/* ---- writing ---- */

static struct db_arg instant(int64_t at_ms)
{
	return at_ms == RESPONSE_NEVER ? ARG_NULL : ARG_INT(at_ms);
}

static struct db_arg number(gint64 id)
{
	return id ? ARG_INT(id) : ARG_NULL;
}

static gboolean has_ended(const struct response_state *state)
{
	return state->status == RESPONSE_MET || state->status == RESPONSE_MISSED || state->status == RESPONSE_CANCELLED;
}

void response_settle(const struct response_case *c)
{
	struct turn *t = c->t;
	struct response *r = c->r;
	struct response_state state;
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, r->id);
	response_clock_state(r->clock, MAX(t->now_ms, r->last_ms), &state);
	int64_t next_ms = turn_ok(t) ? response_next_ring(c) : RESPONSE_NEVER;
	turn_exec(t, &SQL_RESPONSE_SETTLE, ARG_INT(r->id), ARG_TEXT(response_status_name(state.status)), instant(state.due_ms),
		instant(state.breached_at_ms), instant(has_ended(&state) ? r->last_ms : RESPONSE_NEVER), ARG_INT(state.elapsed_s),
		ARG_INT(r->terms_id), number(r->owner), ARG_TEXT(r->role), instant(next_ms));
	if (next_ms == RESPONSE_NEVER)
		turn_cancel(t, RESPONSE_JOB, key);
	else
		turn_schedule(t, RESPONSE_JOB, key, next_ms);
}

void response_note(const struct response_case *c, const char *what, const struct response_event *event, const struct person *by,
	const char *why, gint64 terms)
{
	int64_t at_ms = MAX(c->t->now_ms, c->r->last_ms);
	turn_exec(c->t, &SQL_RESPONSE_NOTE, ARG_INT(c->r->id), ARG_INT(at_ms), ARG_TEXT(what), number(by ? by->id : 0), ARG_TEXT(why),
		number(terms));
	c->r->last_ms = at_ms;
	if (!event)
		return;
	struct response_event now = *event;
	now.at_ms = at_ms;
	response_clock_take(c->r->clock, &now);
}

gint64 response_open(struct turn *t, const struct response_kind *kind, const struct response_opening *o)
{
	g_autoptr(response_terms_auto) terms = response_terms_of(t, o->team, kind->applies, o->target);
	gint64 id = terms ? number_of(t, o->subject, o->target) : 0;
	if (!terms || id)
		return id;
	int64_t start_ms = o->start_ms ? MIN(o->start_ms, t->now_ms) : t->now_ms;
	turn_exec(t, &SQL_RESPONSE_OPEN, ARG_TEXT(t->ritual), ARG_TEXT(o->subject), ARG_TEXT(response_target_name(o->target)),
		ARG_TEXT(o->team->config->name), number(o->owner ? o->owner->id : 0), ARG_TEXT(o->role ? o->role : ""), ARG_INT(start_ms),
		ARG_INT(response_keep_terms(t, terms)));
	id = turn_ok(t) ? db_last_id(t->db) : 0;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_read(t, book, id);
	if (r)
		response_settle(&(struct response_case){ t, kind, r, o->team });
	return id;
}

/* ---- what happened ---- */

gboolean response_tell(struct turn *t, const struct response_kind *kind, const char *subject, enum response_target target,
	enum response_event_kind what, const struct person *by, const char *why)
{
	static const char *const names[] = {
		[RESPONSE_PAUSE] = "pause",
		[RESPONSE_RESUME] = "resume",
		[RESPONSE_STOP] = "stop",
		[RESPONSE_REOPEN] = "reopen",
		[RESPONSE_CANCEL] = "cancel",
	};
	struct response_state before, after;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_read(t, book, number_of(t, subject, target));
	if (!r)
		return FALSE;
	struct response_case c = { t, kind, r, roster_team(t->roster, r->team) };
	int64_t at_ms = MAX(t->now_ms, r->last_ms);
	response_clock_state(r->clock, at_ms, &before);
	/* What says nothing new would be noise in the history. */
	response_clock_take(r->clock, &(struct response_event){ .at_ms = at_ms, .kind = what });
	response_clock_state(r->clock, at_ms, &after);
	if (before.status == after.status && before.ticking == after.ticking && before.due_ms == after.due_ms)
		return FALSE;
	response_note(&c, names[what], NULL, by, why, 0);
	response_settle(&c);
	return TRUE;
}

void response_give(struct turn *t, const struct response_kind *kind, const char *subject, const struct person *owner,
	const char *role, const struct person *by)
{
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(GArray) ids = response_numbers(t, turn_query(t, &SQL_RESPONSE_OPEN_OF, ARG_TEXT(t->ritual), ARG_TEXT(subject)));
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(response_auto) r = response_read(t, book, g_array_index(ids, gint64, i));
		if (!r)
			return;
		struct response_case c = { t, kind, r, roster_team(t->roster, r->team) };
		r->owner = owner ? owner->id : 0;
		if (role) {
			g_free(r->role);
			r->role = g_strdup(role);
		}
		response_note(&c, "give", NULL, by, owner ? owner->name : "", 0);
		response_settle(&c);
	}
}

gboolean response_escalate(struct turn *t, const struct response_kind *kind, const char *subject, enum response_target target,
	const struct person *by)
{
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_read(t, book, number_of(t, subject, target));
	if (!r)
		return FALSE;
	struct response_case c = { t, kind, r, roster_team(t->roster, r->team) };
	gboolean heard = c.team && response_ring_next(&c, by);
	response_settle(&c);
	return heard;
}

gboolean response_look(struct turn *t, const char *subject, enum response_target target, struct response_view *out)
{
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_read(t, book, number_of(t, subject, target));
	if (!r)
		return FALSE;
	*out = (struct response_view){ .response = r->id, .owner = r->owner, .policy = turn_keep(t, g_strdup(r->terms->policy)) };
	response_clock_state(r->clock, MAX(t->now_ms, r->last_ms), &out->state);
	return TRUE;
}

/* ---- the job ---- */

void response_due(struct turn *t, const struct event *event, const struct response_kind *kind)
{
	if (response_is_renewal(event->value)) {
		response_renew(t, kind, event->value);
		return;
	}
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(response_auto) r = response_read(t, book, g_ascii_strtoll(event->value, NULL, 10));
	if (!r)
		return;
	struct response_case c = { t, kind, r, roster_team(t->roster, r->team) };
	if (c.team)
		response_ring_due(&c);
	response_settle(&c);
}

/* ---- words ---- */

const char *response_time_text(struct turn *t, GTimeZone *zone, int64_t at_ms, enum language language)
{
	if (at_ms == RESPONSE_NEVER)
		return turn_text_in(t, language, "response.unknown");
	char day[ZONE_DAY_SIZE], today[ZONE_DAY_SIZE];
	zone_day(zone, at_ms, day);
	zone_day(zone, t->now_ms, today);
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000), local = g_date_time_to_timezone(utc, zone);
	const char *time = turn_keep(t, g_date_time_format(local, "%H:%M")), *name = g_time_zone_get_identifier(zone);
	if (strcmp(day, today) == 0)
		return turn_text_in(t, language, "response.time", TEXT_ARG("time", time), TEXT_ARG("zone", name));
	return turn_text_in(t, language, "response.day_time", TEXT_ARG("day", turn_day_text(t, day, language)), TEXT_ARG("time", time),
		TEXT_ARG("zone", name));
}

const char *response_left_text(struct turn *t, int64_t remaining_s, enum language language)
{
	static const char *const keys[2][2] = { { "response.left", "response.over" }, { "response.left_soon", "response.over_just" } };
	int64_t minutes = ABS(remaining_s) / 60;
	return turn_text_in(t, language, keys[minutes < 60][remaining_s < 0], TEXT_ARG("hours", (int)(minutes / 60)),
		TEXT_ARG("minutes", (int)(minutes % 60)));
}

/* The team's hours; *own: what is to be freed, or NULL. */
static const struct calendar *hours_of(const struct team *team, struct calendar **own)
{
	*own = team->config->calendar ? NULL : response_plain_week(team->zone);
	return *own ? *own : team->config->calendar;
}

int64_t response_workday_ms(const struct team *team, int64_t since_ms, int nth)
{
	g_autoptr(calendar_auto) own = NULL;
	const struct calendar *hours = hours_of(team, &own);
	struct calendar_span span;
	int64_t midnight_ms;
	char day[ZONE_DAY_SIZE];
	zone_day(team->zone, since_ms, day);
	for (int i = 0; i < CALENDAR_HORIZON_DAYS; i++, zone_day_shift(day, 1, day))
		if (calendar_is_working_day(hours, day) && --nth == 0)
			return zone_instant(team->zone, day, 0, &midnight_ms) && calendar_next(hours, midnight_ms, &span) ? span.open_ms : RESPONSE_NEVER;
	return RESPONSE_NEVER;
}

const char *response_age_text(struct turn *t, const struct team *team, int64_t since_ms, enum language language)
{
	struct response_state state;
	g_autoptr(calendar_auto) own = NULL;
	g_autoptr(response_clock_auto) clock = response_clock_new(
		&(struct response_promise){ .calendar = hours_of(team, &own), .start_ms = since_ms, .target_s = 1 });
	response_clock_state(clock, t->now_ms, &state);
	int64_t minutes = state.elapsed_s / 60;
	return turn_text_in(t, language, "response.age", TEXT_ARG("hours", minutes / 60), TEXT_ARG("minutes", minutes % 60));
}
