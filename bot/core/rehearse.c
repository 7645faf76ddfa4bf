/* SPDX-License-Identifier: MIT */
#include "core/rehearse.h"

#include "base/log.h"
#include "core/dispatch.h"

enum {
	DUE_AT_ONCE = 500,
	/* So many batches at one instant are no rush any more: 5,000,000 jobs. */
	BATCHES_AT_ONCE = 10000
};

struct rehearsal {
	const struct rehearsal_setup *setup;
	int64_t now_ms;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	struct dispatch *dispatch;
	guint messages; /* ids given so far */
	gboolean silent; /* what goes now was on its way before */
};

static void rehearsal_release(struct rehearsal *r)
{
	dispatch_free(r->dispatch);
	schedule_free(r->schedule);
	outbox_free(r->outbox);
	roster_free(r->roster);
}

/* ---- what would be sent ---- */

static gboolean report(struct rehearsal *r, const struct outbox_row *row, GError **error)
{
	g_autofree char *message = g_strdup_printf("rehearsal.%u", ++r->messages);
	g_autofree char *direct = row->person ? g_strconcat("direct.", row->person, NULL) : NULL;
	gboolean late = row->deadline_ms && row->deadline_ms < r->now_ms;
	if (!r->silent && !late)
		r->setup->shown(r->setup->data, r->roster, row, r->now_ms);
	return outbox_sent(r->outbox, row->id, row->channel ? row->channel : direct, message, r->now_ms, error);
}

static gboolean report_all(struct rehearsal *r, const GPtrArray *rows, GError **error)
{
	for (guint i = 0; i < rows->len; i++)
		if (!report(r, rows->pdata[i], error))
			return FALSE;
	return TRUE;
}

/* What is handed counts as sent, which may let more go. */
static gboolean deliver(struct rehearsal *r, GError **error)
{
	for (;;) {
		g_autoptr(GPtrArray) rows = outbox_take_handed(r->outbox);
		if (!rows)
			return TRUE;
		if (!db_begin(r->setup->db, error) || !report_all(r, rows, error) || !outbox_refill(r->outbox, error) ||
			!db_commit(r->setup->db, error))
			return FALSE;
	}
}

/* ---- time ---- */

static gboolean ring(struct rehearsal *r, GError **error)
{
	g_autoptr(GPtrArray) due = schedule_due(r->schedule, r->now_ms, DUE_AT_ONCE, error);
	if (!due)
		return FALSE;
	for (guint i = 0; i < due->len; i++)
		if (!dispatch_alone(r->dispatch, due->pdata[i], r->now_ms, NULL, error))
			return FALSE;
	return TRUE;
}

static gboolean recover(struct rehearsal *r, GError **error)
{
	return outbox_recover(r->outbox, error);
}

static gboolean start(struct rehearsal *r, GError **error)
{
	for (const struct team *const *team = roster_teams(r->roster); *team; team++)
		if (!(*team)->channel)
			log_warning("this channel is not known yet, nothing is posted there: run the bot once", "team",
				(*team)->config->name, "channel", (*team)->config->channel);
	return dispatch_start(r->dispatch, r->now_ms, error);
}

/* One batch, as the clerk makes it. */
static gboolean batch(struct rehearsal *r, gboolean (*work)(struct rehearsal *r, GError **error), GError **error)
{
	return db_begin(r->setup->db, error) && work(r, error) && dispatch_settle(r->dispatch, r->now_ms, error) &&
	       outbox_refill(r->outbox, error) && db_commit(r->setup->db, error) && deliver(r, error);
}

static gboolean is_stopped(const struct rehearsal *r, GError **error)
{
	gboolean stopped = r->setup->stopped && r->setup->stopped(r->setup->data);
	if (stopped)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INTR, "the rehearsal was stopped");
	return stopped;
}

static gboolean play(struct rehearsal *r, GError **error)
{
	int64_t due_ms;
	for (int batches = 0; schedule_next(r->schedule, &due_ms, error); batches++) {
		if (due_ms > r->setup->until_ms || due_ms == G_MAXINT64)
			return TRUE;
		if (due_ms > r->now_ms) {
			r->now_ms = due_ms;
			batches = 0;
		}
		if (batches > BATCHES_AT_ONCE) {
			g_set_error(error, DB_ERROR, DB_ERROR_OTHER, "the rituals ring at one instant without an end");
			return FALSE;
		}
		if (is_stopped(r, error) || !batch(r, ring, error))
			return FALSE;
	}
	return FALSE;
}

gboolean rehearse(const struct rehearsal_setup *setup, GError **error)
{
	struct rehearsal r = { .setup = setup, .now_ms = setup->from_ms, .silent = TRUE };
	gboolean done = FALSE;
	r.outbox = outbox_new(setup->db);
	r.schedule = schedule_new(setup->db);
	r.roster = roster_new(setup->db, setup->config, error);
	if (r.roster) {
		r.dispatch = dispatch_new(&(struct dispatch_setup){ setup->db, r.roster, r.outbox, r.schedule, setup->texts,
			setup->rituals });
		done = batch(&r, recover, error);
		r.silent = FALSE;
		done = done && batch(&r, start, error) && play(&r, error);
	}
	db_rollback(setup->db);
	rehearsal_release(&r);
	return done;
}
