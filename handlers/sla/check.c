/* SPDX-License-Identifier: MIT */
/*
 * The nightly look at the promises: one that is open and has no next step gets it, and each verdict is computed again from its
 * history. Whoever runs the bot reads of both in the log, as errors, for somebody must look into it. The verdicts are played in slices of their own turns, for a
 * hundred thousand of them shall hold nobody up.
 */
#include "sla/sla.h"

#include "base/log.h"
#include "base/zone.h"
#include "kit/response.h"
#include "kit/response_book.h"
#include "response_sql.h"

enum { CHECK_MINUTE = 2 * 60 + 40, SLICE = 500 };

void sla_plan_check(struct turn *t)
{
	char day[ZONE_DAY_SIZE];
	int64_t due_ms;
	const struct team *first = *roster_teams(t->roster);
	if (!first)
		return;
	zone_day(first->zone, t->now_ms, day);
	while (zone_instant(first->zone, day, CHECK_MINUTE, &due_ms) && due_ms <= t->now_ms)
		zone_day_shift(day, 1, day);
	turn_schedule_once(t, "check", "", due_ms);
}

/* *last: the number up to which it has looked; FALSE: those were all, or it failed. */
static gboolean check_slice(struct turn *t, gint64 *last, guint *wrong, gint64 *first_wrong)
{
	GError *error = NULL;
	guint count = 0;
	g_autoptr(response_book_auto) book = response_book_new(t->db);
	struct db_rows *rows = turn_query(t, &SQL_RESPONSE_AFTER, ARG_INT(*last), ARG_INT(SLICE));
	while (!error && db_next(rows)) {
		struct response_state computed;
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), &error);
		*last = db_int(rows, 0);
		count++;
		if (r && !response_agrees(r, &computed) && (*wrong)++ == 0)
			*first_wrong = r->id;
	}
	turn_end(t, rows);
	if (error)
		turn_fail(t, error);
	return count == SLICE && turn_ok(t);
}

void sla_check_due(struct turn *t, const struct event *event)
{
	gint64 last = g_ascii_strtoll(event->value, NULL, 10), first_wrong = 0;
	guint wrong = 0;
	if (!*event->value) {
		g_autoptr(GArray) repaired = response_repair(t);
		sla_plan_check(t);
	}
	if (check_slice(t, &last, &wrong, &first_wrong))
		turn_schedule(t, "check", turn_keep(t, g_strdup_printf("%" G_GINT64_FORMAT, last)), t->now_ms);
	if (wrong > 0)
		log_error("promises differ from their history: run 'belltower sla replay' and report it", "count", wrong, "first", first_wrong);
}
