/* SPDX-License-Identifier: MIT */
#include "core/inbox.h"

struct inbox {
	GMutex lock;
	GCond changed;
	GPtrArray *events;
	gboolean woken;	  /* or an event that cannot wait */
	gboolean waiting; /* the clerk has nothing to do */
	gboolean timed;	  /* … and looks up by itself before the patience of anything put now ends */
};

static GPtrArray *new_list(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
}

struct inbox *inbox_new(void)
{
	struct inbox *inbox = g_new0(struct inbox, 1);
	g_mutex_init(&inbox->lock);
	g_cond_init(&inbox->changed);
	inbox->events = new_list();
	return inbox;
}

void inbox_free(struct inbox *inbox)
{
	if (!inbox)
		return;
	g_ptr_array_unref(inbox->events);
	g_cond_clear(&inbox->changed);
	g_mutex_clear(&inbox->lock);
	g_free(inbox);
}

/* The clerk takes the whole list: only the first wakes it. TRUE: signal, when the lock is free for it to take. */
static gboolean wake(struct inbox *inbox)
{
	gboolean first = !inbox->woken;
	inbox->woken = TRUE;
	return first;
}

gboolean inbox_put(struct inbox *inbox, struct event *take)
{
	gboolean patient = take->patient;
	g_mutex_lock(&inbox->lock);
	g_ptr_array_add(inbox->events, take);
	gboolean room = inbox->events->len < INBOX_LIMIT;
	gboolean urgent = !patient || inbox->events->len >= INBOX_PATIENT_LIMIT;
	gboolean signal = urgent ? wake(inbox) : !inbox->timed;
	g_mutex_unlock(&inbox->lock);
	if (signal)
		g_cond_signal(&inbox->changed);
	return room;
}

void inbox_wake(struct inbox *inbox)
{
	g_mutex_lock(&inbox->lock);
	gboolean signal = wake(inbox);
	g_mutex_unlock(&inbox->lock);
	if (signal)
		g_cond_signal(&inbox->changed);
}

/*
 * Having worked, the clerk always looks up once when the patience is over: what is put until then need not wake it for
 * that. Only after such a look without anything does it sleep on.
 */
static void wait_for_events(struct inbox *inbox, int64_t wait_us)
{
	gint64 patience_us = INBOX_PATIENCE_MS * G_TIME_SPAN_MILLISECOND, start_us = g_get_monotonic_time();
	gint64 end_us = start_us + (wait_us < 0 ? patience_us : MIN(patience_us, wait_us));
	inbox->timed = TRUE;
	while (!inbox->woken && (inbox->timed || inbox->events->len == 0)) {
		if (end_us < 0)
			g_cond_wait(&inbox->changed, &inbox->lock);
		else if (g_cond_wait_until(&inbox->changed, &inbox->lock, end_us))
			continue;
		else if (!inbox->timed)
			break;
		else
			end_us = wait_us < 0 ? -1 : start_us + wait_us;
		inbox->timed = FALSE;
	}
}

GPtrArray *inbox_take(struct inbox *inbox, int64_t wait_us)
{
	g_mutex_lock(&inbox->lock);
	inbox->waiting = TRUE;
	wait_for_events(inbox, wait_us);
	inbox->waiting = inbox->timed = FALSE;
	GPtrArray *all = inbox->events;
	inbox->events = new_list();
	inbox->woken = FALSE;
	g_mutex_unlock(&inbox->lock);
	return all;
}

void inbox_put_back(struct inbox *inbox, GPtrArray *take)
{
	g_mutex_lock(&inbox->lock);
	inbox->woken = inbox->woken || take->len > 0;
	g_ptr_array_extend_and_steal(take, inbox->events);
	inbox->events = take;
	g_mutex_unlock(&inbox->lock);
}

guint inbox_length(struct inbox *inbox)
{
	g_mutex_lock(&inbox->lock);
	guint length = inbox->events->len;
	g_mutex_unlock(&inbox->lock);
	return length;
}

gboolean inbox_is_idle(struct inbox *inbox)
{
	g_mutex_lock(&inbox->lock);
	gboolean idle = inbox->events->len == 0 && !inbox->woken && inbox->waiting;
	gboolean signal = inbox->events->len > 0 && wake(inbox);
	g_mutex_unlock(&inbox->lock);
	if (signal)
		g_cond_signal(&inbox->changed);
	return idle;
}
