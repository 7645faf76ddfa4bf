/* SPDX-License-Identifier: MIT */
/* When a round's board is shown: at once, but the more seldom the busier it is. */
#include "kit/round.h"

#include "base/zone.h"

/*
 * Between two showings of a board: the least at first, and twice as long after each showing that was waited for. Slack
 * takes 50 updates a minute for all messages of a workspace together: ten teams that are busy all the time.
 */
enum { GAP_LEAST_MS = 1500, GAP_MOST_MS = 12000 };

/* When the board was shown last, and how long it rests then; both 0: never shown. */
struct showing {
	int64_t at_ms, gap_ms;
};

static struct showing last_showing(struct turn *t, const struct round *r, const char *day)
{
	struct showing last = { 0 };
	struct db_rows *rows = turn_query(t, r->kind->showing, ARG_TEXT(r->id), ARG_TEXT(day));
	if (db_next(rows))
		/* A clock that was a day ahead and was put right must not hide the board for a day. */
		last = (struct showing){ MIN(db_int(rows, 0), t->now_ms), db_int(rows, 1) };
	turn_end(t, rows);
	return last;
}

/* due_ms: for when this showing was planned; later than the rest's end when that was over by then. */
static int64_t next_gap_ms(const struct showing *last, int64_t due_ms)
{
	gboolean waited = due_ms <= last->at_ms + last->gap_ms;
	return waited ? CLAMP(2 * last->gap_ms, GAP_LEAST_MS, GAP_MOST_MS) : GAP_LEAST_MS;
}

void round_touch_board(struct turn *t, const struct round *r, const char *day)
{
	g_autofree char *key = g_strdup_printf("%s/%s", r->id, day);
	/* It will show this too: in a busy quarter of an hour most answers find one waiting. */
	if (turn_is_scheduled(t, ROUND_BOARD, key))
		return;
	turn_exec(t, r->kind->open, ARG_TEXT(r->id), ARG_TEXT(day));
	struct showing last = last_showing(t, r, day);
	turn_schedule_once(t, ROUND_BOARD, key, MAX(t->now_ms, last.at_ms + last.gap_ms));
}

static char *name_of(const char *ritual, const char *id, const char *day)
{
	return g_strdup_printf("%s/board/%s/%s", ritual, id, day);
}

void round_touch_standing_board(struct turn *t, const char *ritual, const char *id, const char *day)
{
	g_autofree char *name = name_of(ritual, id, day), *key = g_strdup_printf("%s/%s", id, day), *channel = NULL, *message = NULL;
	if (turn_ok(t) && outbox_find(t->outbox, name, &channel, &message, &t->error) && channel)
		schedule_put(t->schedule, ritual, ROUND_BOARD, key, t->now_ms + GAP_LEAST_MS, TRUE, &t->error);
}

void round_board_due(struct turn *t, const struct event *event, const struct round_kind *kind)
{
	struct round r;
	const char *slash = strrchr(event->value, '/'); /* a day has none */
	if (!slash || !kind->find(t, turn_keep(t, g_strndup(event->value, (gsize)(slash - event->value))), &r) || !r.team->channel)
		return;
	const char *day = slash + 1;
	struct message *board = kind->board(t, &r, day);
	if (!board)
		return;
	g_autofree char *name = name_of(kind->name, r.id, day);
	turn_show(t, r.team, name, board);
	struct showing last = last_showing(t, &r, day);
	turn_exec(t, kind->shown, ARG_TEXT(r.id), ARG_TEXT(day), ARG_INT(t->now_ms), ARG_INT(next_gap_ms(&last, event->at_ms)));
}

gboolean round_has_board(struct turn *t, const struct round *r, const char *day)
{
	return last_showing(t, r, day).at_ms > 0;
}
