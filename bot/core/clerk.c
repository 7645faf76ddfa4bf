/* SPDX-License-Identifier: MIT */
#include "core/clerk.h"

#include <stdatomic.h>

#include "base/log.h"
#include "core_sql.h"

enum { DUE_AT_ONCE = 500, RETRY_US = 1000000 };

struct answer {
	char *workspace;
	struct verdict verdict;
};

/* What one batch gives back to the loop. */
struct results {
	GArray *answers; /* struct answer */
	GPtrArray *rows; /* struct outbox_row; NULL: none */
	int64_t due_ms; /* -1: not known */
	const struct config *old_config;
	cJSON *notes; /* NULL: not read in this batch */
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
	const struct config *old_config; /* clerk thread: let go of, but for the roster */
	int64_t last_ms;		 /* clerk thread: when the last batch was handled, UTC */
	gboolean stale;			 /* clerk thread: the roster has to be read again */
	atomic_bool visited;		 /* a guest has renewed the register */
	gboolean renewed;		 /* clerk thread: nobody has been told yet */
	atomic_bool has_results;
	GMutex lock; /* guards results */
	GQueue results;
};

static void answer_release(gpointer data)
{
	struct answer *answer = data;
	g_free(answer->workspace);
	g_clear_pointer(&answer->verdict.problems, g_array_unref);
	g_clear_pointer(&answer->verdict.answer.facts, g_free);
}

static struct results *results_new(void)
{
	struct results *r = g_new0(struct results, 1);
	r->answers = g_array_new(FALSE, TRUE, sizeof(struct answer));
	g_array_set_clear_func(r->answers, answer_release);
	r->due_ms = -1;
	return r;
}

static void results_free(gpointer data)
{
	struct results *r = data;
	g_array_unref(r->answers);
	g_clear_pointer(&r->rows, g_ptr_array_unref);
	cJSON_Delete(r->notes);
	g_free(r);
}

/* ---- on the clerk's thread ---- */

static void add_answer(struct results *r, const struct event *event, const struct verdict *take)
{
	struct answer answer = { g_strdup(event->place.workspace), *take };
	answer.verdict.receipt = event->receipt;
	if (event->receipt)
		g_array_append_val(r->answers, answer);
	else
		answer_release(&answer);
}

static gboolean handle_event(struct clerk *c, const struct event *event, int64_t now_ms, gboolean alone, GArray **problems,
	GError **error)
{
	return alone ? dispatch_alone(c->dispatch, event, now_ms, problems, error)
		     : dispatch_quickly(c->dispatch, event, now_ms, problems, error);
}

static gboolean handle_events(struct clerk *c, GPtrArray *events, int64_t now_ms, gboolean alone, struct results *r,
	GError **error)
{
	for (guint i = 0; i < events->len; i++) {
		const struct event *event = events->pdata[i];
		struct verdict verdict = { .kept = TRUE };
		if (!handle_event(c, event, now_ms, alone, &verdict.problems, error)) {
			g_clear_pointer(&verdict.problems, g_array_unref);
			return FALSE;
		}
		dispatch_take_answer(c->dispatch, &verdict.answer);
		add_answer(r, event, &verdict);
	}
	return TRUE;
}

static gboolean ring_due_jobs(struct clerk *c, int64_t now_ms, gboolean alone, GError **error)
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
		if (!handle_event(c, due->pdata[i], now_ms, alone, NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean read_roster(struct clerk *c, GError **error)
{
	if (c->stale && !roster_configure(c->roster, c->setup.config, error))
		return FALSE;
	c->stale = FALSE;
	return TRUE;
}

/* A transaction that changes nothing succeeds on a full disk too: only a written row shows that the store works again. */
static gboolean probe(struct clerk *c, GError **error)
{
	return !c->failing || db_exec(c->setup.db, &SQL_CORE_SAVE_SEQUENCE, error, ARG_TEXT("probe"), ARG_INT(0));
}

static gboolean begin_work(struct clerk *c, int64_t now_ms, GError **error)
{
	return db_begin(c->setup.db, error) && read_roster(c, error) && probe(c, error) &&
	       (c->recovered || outbox_recover(c->outbox, error)) &&
	       (!c->renewed || dispatch_register_renewed(c->dispatch, now_ms, error)) &&
	       (c->planned || dispatch_start(c->dispatch, now_ms, error));
}

/* For the adapters that start with this configuration. */
static gboolean read_notes(struct clerk *c, struct results *r, GError **error)
{
	if (c->planned)
		return TRUE;
	cJSON_Delete(r->notes);
	r->notes = cJSON_CreateObject();
	struct db_rows *rows = db_query(c->setup.db, &SQL_CORE_NOTES);
	while (db_next(rows)) {
		cJSON *of = cJSON_GetObjectItemCaseSensitive(r->notes, db_text(rows, 0));
		json_put_text(of ? of : json_put_object(r->notes, db_text(rows, 0)), db_text(rows, 1), db_text(rows, 2));
	}
	return db_end(rows, error);
}

/* alone: each event under a savepoint of its own, and each turn in it. */
/* The clock was put back: what is planned for a time that is far away again may be planned anew for an earlier one. */
static void mind_the_clock(struct clerk *c, int64_t now_ms)
{
	if (now_ms < c->last_ms)
		schedule_rolled_back(c->schedule);
	c->last_ms = now_ms;
}

static gboolean handle_batch(struct clerk *c, GPtrArray *events, gboolean alone, struct results *r, GError **error)
{
	int64_t now_ms = clock_now_ms(c->setup.clock);
	mind_the_clock(c, now_ms);
	if (!begin_work(c, now_ms, error) || !read_notes(c, r, error) || !handle_events(c, events, now_ms, alone, r, error) ||
		!ring_due_jobs(c, now_ms, alone, error) || !dispatch_settle(c->dispatch, now_ms, error) ||
		!outbox_refill(c->outbox, error) || !schedule_next(c->schedule, &r->due_ms, error) ||
		!db_commit(c->setup.db, error))
		return FALSE;
	c->recovered = TRUE;
	c->planned = TRUE;
	c->renewed = FALSE;
	r->rows = outbox_take_handed(c->outbox);
	return TRUE;
}

static gboolean try_batch(struct clerk *c, GPtrArray *events, gboolean alone, struct results *r, GError **error)
{
	if (handle_batch(c, events, alone, r, error))
		return TRUE;
	db_rollback(c->setup.db);
	outbox_rolled_back(c->outbox);
	schedule_rolled_back(c->schedule);
	dispatch_rolled_back(c->dispatch);
	c->stale = TRUE;
	r->due_ms = -1;
	g_clear_pointer(&r->notes, cJSON_Delete);
	g_array_set_size(r->answers, 0);
	return FALSE;
}

/* Nothing was kept: says so to the platforms, and keeps what nobody would send again. */
static void give_up_batch(struct clerk *c, GPtrArray *events, struct results *r, const GError *why)
{
	if (!c->failing)
		log_error("the store failed: nothing of this batch was kept or acknowledged", "events", events->len, "error",
			why->message);
	GPtrArray *again = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	for (guint i = 0; i < events->len; i++) {
		struct event *event = events->pdata[i];
		if (event->receipt) {
			add_answer(r, event, &(struct verdict){ .kept = FALSE });
		} else {
			g_ptr_array_add(again, event);
			events->pdata[i] = NULL;
		}
	}
	inbox_put_back(c->inbox, again);
}

static void take_new_config(struct clerk *c)
{
	const struct config *config = atomic_exchange(&c->new_config, NULL);
	if (!config)
		return;
	c->old_config = c->setup.config;
	c->setup.config = config;
	c->stale = TRUE;
	c->planned = FALSE;
}

static void take_new_register(struct clerk *c)
{
	if (!atomic_exchange(&c->visited, FALSE))
		return;
	log_info("the register was renewed, reading it");
	c->stale = TRUE;
	c->renewed = TRUE;
}

static void hand_over(struct clerk *c, struct results *take)
{
	g_mutex_lock(&c->lock);
	g_queue_push_tail(&c->results, take);
	g_mutex_unlock(&c->lock);
	atomic_store(&c->has_results, TRUE);
	g_main_context_wakeup(NULL);
}

static void run_batch(struct clerk *c, GPtrArray *events)
{
	struct results *r = results_new();
	g_autoptr(GError) error = NULL;
	take_new_config(c);
	take_new_register(c);
	gboolean kept = try_batch(c, events, FALSE, r, &error);
	if (!kept && !dispatch_is_store_failure(error)) {
		log_info("something failed, handling each event by itself", "events", events->len, "error", error->message);
		g_clear_error(&error);
		kept = try_batch(c, events, TRUE, r, &error);
	}
	if (!kept)
		give_up_batch(c, events, r, error);
	r->store = (c->failing ? 0 : 1) - (kept ? 1 : 0);
	c->failing = !kept;
	if (!c->stale)
		r->old_config = g_steal_pointer(&c->old_config);
	atomic_fetch_add(&c->batches, 1);
	hand_over(c, r);
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
	if (r->answers->len > 0 && to->answered)
		to->answered(data);
	if (r->store)
		to->store_failing(data, r->store > 0);
	if (r->old_config)
		to->configured(data, r->old_config);
	/* Before the rows: what an adapter noted in earlier lives bears on how it sends. */
	if (r->notes && to->notes)
		to->notes(data, r->notes);
	for (guint i = 0; r->rows && i < r->rows->len; i++)
		to->row(data, g_steal_pointer(&r->rows->pdata[i]));
	if (r->due_ms >= 0)
		to->due(data, r->due_ms);
	to->drained(data);
}

static gboolean give_results(gpointer data)
{
	struct clerk *c = data;
	atomic_store(&c->has_results, FALSE);
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

/*
 * A ready time would do the same, but setting one takes the context's lock, which the loop wants just when it has been
 * woken.
 */
struct results_source {
	GSource source; /* first: GLib allocates the whole */
	const struct clerk *clerk;
};

static gboolean check_results(GSource *source)
{
	return atomic_load(&((struct results_source *)source)->clerk->has_results);
}

static gboolean prepare_results(GSource *source, gint *timeout_ms)
{
	*timeout_ms = -1;
	return check_results(source);
}

static gboolean dispatch_results(GSource *source, GSourceFunc callback, gpointer data)
{
	(void)source;
	return callback(data);
}

static GSourceFuncs source_funcs = { .prepare = prepare_results, .check = check_results, .dispatch = dispatch_results };

struct clerk *clerk_new(const struct clerk_setup *setup, GError **error)
{
	struct clerk *c = g_new0(struct clerk, 1);
	c->setup = *setup;
	g_mutex_init(&c->lock);
	g_queue_init(&c->results);
	c->inbox = inbox_new();
	c->outbox = outbox_new(setup->db);
	c->schedule = schedule_new(setup->db);
	c->source = g_source_new(&source_funcs, sizeof(struct results_source));
	((struct results_source *)c->source)->clerk = c;
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

void clerk_read_register(struct clerk *c)
{
	atomic_store(&c->visited, TRUE);
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
