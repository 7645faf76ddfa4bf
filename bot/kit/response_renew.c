/* SPDX-License-Identifier: MIT */
/*
 * Open promises take the terms that count now, when the configuration or a calendar has changed, and none is left without its next
 * step. However many there are, a turn renews only a slice of them: what moved waits in rows until all have taken their new terms,
 * and then the team's managers hear of all of it at once.
 */
#include "kit/response_private.h"

#include "base/log.h"
#include "core/ritual.h"
#include "response_sql.h"

enum { SLICE = 100, SHOWN = 20 };

/* The key goes on with the team at which the slice ended. */
#define RENEWAL "terms:"

gboolean response_is_renewal(const char *key)
{
	return g_str_has_prefix(key, RENEWAL);
}

/* ---- one promise ---- */

/* What another row of terms means for those that stand on the old one: the same for all of them. */
struct change {
	gint64 old, now; /* their numbers */
	const struct response_terms *terms;
	struct response_event events[2];
	guint count;
};

static void take_terms(const struct response_case *c, struct change *change)
{
	if (change->old != c->r->terms_id) {
		change->old = c->r->terms_id;
		change->count = response_terms_change(c->r->terms, change->terms, change->events);
	}
	for (guint i = 0; i < change->count; i++) {
		const struct response_event *event = &change->events[i];
		response_note(c, event->kind == RESPONSE_RETARGET ? "retarget" : "recalendar", event, NULL, change->terms->policy, change->now);
	}
	response_note(c, "terms", NULL, NULL, change->terms->policy, change->now);
	c->r->terms_id = change->now;
	c->r->terms = change->terms;
}

static int64_t due_now(const struct response_case *c)
{
	struct response_state state;
	response_clock_state(c->r->clock, MAX(c->t->now_ms, c->r->last_ms), &state);
	return state.due_ms;
}

static struct db_arg instant(int64_t at_ms)
{
	return at_ms == RESPONSE_NEVER ? ARG_NULL : ARG_INT(at_ms);
}

static void renew_one(const struct response_case *c, struct change *change)
{
	int64_t before_ms = due_now(c);
	take_terms(c, change);
	response_settle(c);
	int64_t after_ms = due_now(c);
	if (after_ms != before_ms)
		turn_exec(c->t, &SQL_RESPONSE_ADD_MOVED, ARG_TEXT(c->t->ritual), ARG_TEXT(c->r->team), ARG_INT(c->r->id), instant(before_ms),
			instant(after_ms));
}

/* ---- what moved ---- */

static int64_t read_instant(struct db_rows *rows, int column)
{
	return db_is_null(rows, column) ? RESPONSE_NEVER : db_int(rows, column);
}

static struct message *moved_message(struct turn *t, const struct response_kind *kind, const struct team *team, int64_t count,
	const struct person *reader)
{
	struct message *m = message_new();
	enum language language = turn_language_of(t, reader, team);
	GTimeZone *zone = roster_zone(t->roster, reader, team);
	message_title(m, turn_text_in(t, language, "response.moved", TEXT_ARG("team", team->config->name), TEXT_ARG("count", count)));
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_MOVED, ARG_TEXT(t->ritual), ARG_TEXT(team->config->name), ARG_INT(SHOWN));
	while (db_next(rows)) {
		const char *title = kind->title(t, db_text(rows, 0), language);
		if (title)
			message_item(m, turn_text_in(t, language, "response.moved_line", TEXT_ARG("title", title),
					       TEXT_ARG("before", response_time_text(t, zone, read_instant(rows, 1), language)),
					       TEXT_ARG("after", response_time_text(t, zone, read_instant(rows, 2), language))));
	}
	turn_end(t, rows);
	if (count > SHOWN)
		message_context(m, turn_text_in(t, language, "response.moved_more", TEXT_ARG("more", count - SHOWN)));
	return m;
}

static void tell_managers(struct turn *t, const struct response_kind *kind, const struct team *team)
{
	const char *workspace = team->config->workspace_name, *name = team->config->name;
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_COUNT_MOVED, ARG_TEXT(t->ritual), ARG_TEXT(name));
	int64_t count = db_next(rows) ? db_int(rows, 0) : 0;
	turn_end(t, rows);
	if (count == 0)
		return;
	g_autoptr(GPtrArray) managers = roster_managers(t->roster, team);
	for (guint i = 0; i < managers->len; i++)
		turn_hint(t, workspace, managers->pdata[i], kind->topic, G_MAXINT64, moved_message(t, kind, team, count, managers->pdata[i]));
	turn_exec(t, &SQL_RESPONSE_FORGET_MOVED, ARG_TEXT(t->ritual), ARG_TEXT(name));
}

/* ---- all of them ---- */

static gboolean has_open(struct turn *t, const struct team *team, enum response_target target)
{
	struct db_rows *rows = turn_query(
		t, &SQL_RESPONSE_HAS_OPEN, ARG_TEXT(t->ritual), ARG_TEXT(team->config->name), ARG_TEXT(response_target_name(target)));
	gboolean has = db_next(rows);
	turn_end(t, rows);
	return has;
}

/* Gives how many it has renewed, `most` at most. */
static guint renew_some(struct turn *t, const struct response_kind *kind, const struct team *team, enum response_target target, guint most)
{
	g_autoptr(response_terms_auto) terms = has_open(t, team, target) ? response_terms_of(t, team, kind->applies, target) : NULL;
	struct change change = { .now = terms ? response_keep_terms(t, terms) : 0, .terms = terms };
	if (!change.now)
		return 0;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(GArray) ids = response_numbers(t, turn_query(t, &SQL_RESPONSE_ON_OTHER_TERMS, ARG_TEXT(t->ritual), ARG_TEXT(team->config->name),
							       ARG_TEXT(response_target_name(target)), ARG_INT(change.now), ARG_INT(most)));
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(response_auto) r = response_read(t, book, g_array_index(ids, gint64, i));
		if (!r)
			break;
		renew_one(&(struct response_case){ t, kind, r, team }, &change);
	}
	return ids->len;
}

void response_renew(struct turn *t, const struct response_kind *kind, const char *key)
{
	guint left = SLICE;
	const struct team *from = key ? roster_team(t->roster, key + strlen(RENEWAL)) : NULL;
	const struct team *const *team = roster_teams(t->roster);
	while (from && *team != from)
		team++;
	for (; *team && turn_ok(t); team++) {
		for (enum response_target target = 0; target < RESPONSE_TARGETS && left > 0; target++)
			left -= renew_some(t, kind, *team, target, left);
		if (left == 0) {
			turn_schedule(t, RESPONSE_JOB, turn_keep(t, g_strconcat(RENEWAL, (*team)->config->name, NULL)), t->now_ms);
			return;
		}
		tell_managers(t, kind, *team);
	}
}

/* ---- the next step ---- */

/* Whatever happened, an open promise has its next step, if there is one: a paused one, or one whose ladder has ended, has none. */
static void check_steps(struct turn *t, const struct response_kind *kind, GArray *repaired)
{
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	g_autoptr(GArray) ids = response_numbers(t, turn_query(t, &SQL_RESPONSE_WITHOUT_JOB, ARG_TEXT(t->ritual)));
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(response_auto) r = response_read(t, book, g_array_index(ids, gint64, i));
		if (!r)
			return;
		struct response_case c = { t, kind, r, roster_team(t->roster, r->team) };
		gboolean lost = response_next_ring(&c) != RESPONSE_NEVER;
		response_settle(&c);
		if (!lost)
			continue;
		log_error("an open promise had no next step, it has one again", "promise", r->id, "ritual", t->ritual);
		g_array_append_val(repaired, r->id);
	}
}

GArray *response_repair(struct turn *t)
{
	GArray *repaired = g_array_new(FALSE, FALSE, sizeof(gint64));
	const char *own = t->ritual;
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->promises) {
			t->ritual = (*r)->name; /* a promise's job is its ritual's */
			check_steps(t, (*r)->promises, repaired);
		}
	t->ritual = own;
	return repaired;
}

void response_start(struct turn *t, const struct response_kind *kind)
{
	g_autoptr(GArray) repaired = g_array_new(FALSE, FALSE, sizeof(gint64));
	response_renew(t, kind, NULL);
	check_steps(t, kind, repaired);
}
