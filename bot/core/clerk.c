/* SPDX-License-Identifier: MIT */
#include "core/clerk.h"

#include <stdatomic.h>

#include "base/log.h"

enum { DUE_AT_ONCE = 500, RETRY_US = 1000000 };

struct answer {
	char *workspace;
	struct verdict verdict;
};

/* What one batch gives back to the loop. */
struct results {
	GArray *answers; /* struct answer */
	GPtrArray *rows; /* struct outbox_row; NULL: none */
	int64_t due_ms;
	const struct config *old_config;
	int store; /* 1 fails since this batch, -1 works again, 0 as before */
};

struct clerk {
	struct clerk_setup setup;
	struct roster *roster;
	struct outbox *outbox;
	struct schedule *schedule;
	struct dispatch *dispatch;
	struct inbox *inbox;
	GThread *thread;
	GSource *source; /* on the loop: results are there */
	gboolean failing; /* clerk thread */
	gboolean recovered; /* clerk thread: what an earlier life left in the outbox has been handed */
	gboolean planned;   /* clerk thread: channels are asked for and rituals have planned, by this configuration */
	atomic_bool stop;
	_Atomic guint batches;
	_Atomic(const struct config *) new_config;
	GMutex lock; /* guards results */
	GQueue results;
};

static void answer_release(gpointer data)
{
	struct answer *answer = data;
	g_free(answer->workspace);
	g_clear_pointer(&answer->verdict.problems, g_array_unref);
}

static struct results *results_new(void)
{
	struct results *r = g_new0(struct results, 1);
	r->answers = g_array_new(FALSE, TRUE, sizeof(struct answer));
	g_array_set_clear_func(r->answers, answer_release);
	r->due_ms = G_MAXINT64;
	return r;
}

static void results_free(gpointer data)
{
	struct results *r = data;
	g_array_unref(r->answers);
	g_clear_pointer(&r->rows, g_ptr_array_unref);
	g_free(r);
}

/* ---- on the clerk's thread ---- */

static void add_answer(struct results *r, const struct event *event, gboolean kept, GArray *problems)
{
	if (!event->receipt) {
		g_clear_pointer(&problems, g_array_unref);
		return;
	}
	struct answer answer = { g_strdup(event->place.workspace), { event->receipt, kept, problems } };
	g_array_append_val(r->answers, answer);
}

static gboolean ring_due_jobs(struct clerk *c, int64_t now_ms, GError **error)
{
	int64_t next;
	if (!schedule_next(c->schedule, &next, error))
		return FALSE;
	if (next > now_ms)
		return TRUE;
	g_autoptr(GPtrArray) due = schedule_due(c->schedule, now_ms, DUE_AT_ONCE, error);
	if (!due)
		return FALSE;
	for (guint i = 0; i < due->len; i++) {
		if (!dispatch_event(c->dispatch, due->pdata[i], now_ms, NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean begin_work(struct clerk *c, int64_t now_ms, GError **error)
{
	return (c->recovered || outbox_recover(c->outbox, error)) &&
	       (c->planned || dispatch_start(c->dispatch, now_ms, error));
}

static gboolean handle_batch(struct clerk *c, GPtrArray *events, struct results *r, GError **error)
{
	int64_t now_ms = clock_now_ms(c->setup.clock);
	if (!db_begin(c->setup.db, error) || !begin_work(c, now_ms, error))
		return FALSE;
	for (guint i = 0; i < events->len; i++) {
		const struct event *event = events->pdata[i];
		GArray *problems = NULL;
		if (!dispatch_event(c->dispatch, event, now_ms, &problems, error)) {
			g_clear_pointer(&problems, g_array_unref);
			return FALSE;
		}
		add_answer(r, event, TRUE, problems);
	}
	if (!ring_due_jobs(c, now_ms, error) || !dispatch_settle(c->dispatch, now_ms, error) ||
		!outbox_refill(c->outbox, error) || !db_commit(c->setup.db, error))
		return FALSE;
	c->recovered = TRUE;
	c->planned = TRUE;
	r->rows = outbox_take_handed(c->outbox);
	return schedule_next(c->schedule, &r->due_ms, error);
}

/* Nothing was kept: says so to the platforms, and keeps what nobody would send again. */
static void give_up_batch(struct clerk *c, GPtrArray *events, struct results *r, const GError *why)
{
	db_rollback(c->setup.db);
	outbox_rolled_back(c->outbox);
	schedule_rolled_back(c->schedule);
	dispatch_rolled_back(c->dispatch);
	g_autoptr(GError) reload = NULL;
	if (!roster_reload(c->roster, &reload))
		log_error("the roster cannot be read again", "error", reload->message);
	if (!c->failing)
		log_error("the store failed: nothing of this batch was kept or acknowledged", "events", events->len, "error",
			why->message);
	g_array_set_size(r->answers, 0);
	GPtrArray *again = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	for (guint i = 0; i < events->len; i++) {
		struct event *event = events->pdata[i];
		if (event->receipt) {
			add_answer(r, event, FALSE, NULL);
		} else {
			g_ptr_array_add(again, event);
			events->pdata[i] = NULL;
		}
	}
	inbox_put_back(c->inbox, again);
}

static void take_new_config(struct clerk *c, struct results *r)
{
	const struct config *config = atomic_exchange(&c->new_config, NULL);
	if (!config)
		return;
	g_autoptr(GError) error = NULL;
	r->old_config = c->setup.config;
	c->setup.config = config;
	c->planned = FALSE;
	if (!roster_configure(c->roster, config, &error))
		log_error("the roster cannot be read again", "error", error->message);
}

static void run_batch(struct clerk *c, GPtrArray *events)
{
	struct results *r = results_new();
	g_autoptr(GError) error = NULL;
	take_new_config(c, r);
	gboolean kept = handle_batch(c, events, r, &error);
	if (!kept)
		give_up_batch(c, events, r, error);
	r->store = kept == c->failing ? (kept ? -1 : 0) : (kept ? 0 : 1);
	c->failing = !kept;
	atomic_fetch_add(&c->batches, 1);
	g_mutex_lock(&c->lock);
	g_queue_push_tail(&c->results, r);
	g_mutex_unlock(&c->lock);
	g_source_set_ready_time(c->source, 0);
}

static gpointer clerk_thread(gpointer data)
{
	struct clerk *c = data;
	while (!atomic_load(&c->stop) || inbox_length(c->inbox) > 0) {
		g_autoptr(GPtrArray) events = inbox_take(c->inbox, c->failing ? RETRY_US : -1);
		run_batch(c, events);
		if (c->failing) {
			/* What was put back would wake us at once: give the disk a moment. */
			if (atomic_load(&c->stop))
				break;
			g_usleep(RETRY_US / 10);
		}
	}
	return NULL;
}

/* ---- on the loop ---- */

static void give(struct clerk *c, struct results *r)
{
	const struct clerk_events *to = c->setup.events;
	gpointer data = c->setup.data;
	for (guint i = 0; i < r->answers->len; i++) {
		const struct answer *answer = &g_array_index(r->answers, struct answer, i);
		to->verdict(data, answer->workspace, &answer->verdict);
	}
	for (guint i = 0; r->rows && i < r->rows->len; i++)
		to->row(data, g_steal_pointer(&r->rows->pdata[i]));
	if (r->store)
		to->store_failing(data, r->store > 0);
	if (r->old_config)
		to->configured(data, r->old_config);
	to->due(data, r->due_ms);
	to->drained(data);
}

static gboolean give_results(gpointer data)
{
	struct clerk *c = data;
	g_source_set_ready_time(c->source, -1);
	for (;;) {
		g_mutex_lock(&c->lock);
		struct results *r = g_queue_pop_head(&c->results);
		g_mutex_unlock(&c->lock);
		if (!r)
			return G_SOURCE_CONTINUE;
		give(c, r);
		results_free(r);
	}
}

static gboolean dispatch_source(GSource *source, GSourceFunc callback, gpointer data)
{
	(void)source;
	return callback(data);
}

static GSourceFuncs source_funcs = { .dispatch = dispatch_source };

struct clerk *clerk_new(const struct clerk_setup *setup, GError **error)
{
	struct clerk *c = g_new0(struct clerk, 1);
	c->setup = *setup;
	g_mutex_init(&c->lock);
	g_queue_init(&c->results);
	c->inbox = inbox_new();
	c->outbox = outbox_new(setup->db);
	c->schedule = schedule_new(setup->db);
	c->source = g_source_new(&source_funcs, sizeof(GSource));
	g_source_set_callback(c->source, give_results, c, NULL);
	g_source_attach(c->source, NULL);
	c->roster = roster_new(setup->db, setup->config, error);
	if (!c->roster) {
		clerk_free(c);
		return NULL;
	}
	c->dispatch = dispatch_new(&(struct dispatch_setup){ setup->db, c->roster, c->outbox, c->schedule, setup->texts,
		setup->rituals });
	return c;
}

void clerk_start(struct clerk *c)
{
	inbox_wake(c->inbox);
	c->thread = g_thread_new("clerk", clerk_thread, c);
}

void clerk_stop(struct clerk *c)
{
	if (!c->thread)
		return;
	atomic_store(&c->stop, TRUE);
	inbox_wake(c->inbox);
	g_thread_join(g_steal_pointer(&c->thread));
	give_results(c);
}

void clerk_free(struct clerk *c)
{
	if (!c)
		return;
	clerk_stop(c);
	g_source_destroy(c->source);
	g_source_unref(c->source);
	g_queue_clear_full(&c->results, results_free);
	dispatch_free(c->dispatch);
	schedule_free(c->schedule);
	outbox_free(c->outbox);
	roster_free(c->roster);
	inbox_free(c->inbox);
	g_mutex_clear(&c->lock);
	g_free(c);
}

gboolean clerk_put(struct clerk *c, struct event *take)
{
	return inbox_put(c->inbox, take);
}

void clerk_wake(struct clerk *c)
{
	inbox_wake(c->inbox);
}

void clerk_configure(struct clerk *c, const struct config *config)
{
	atomic_store(&c->new_config, config);
	inbox_wake(c->inbox);
}

gboolean clerk_is_idle(struct clerk *c)
{
	if (!inbox_is_idle(c->inbox))
		return FALSE;
	g_mutex_lock(&c->lock);
	gboolean idle = g_queue_is_empty(&c->results);
	g_mutex_unlock(&c->lock);
	return idle;
}

guint clerk_batches(const struct clerk *c)
{
	return atomic_load(&c->batches);
}
