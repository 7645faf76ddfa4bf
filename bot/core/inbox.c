/* SPDX-License-Identifier: MIT */
#include "core/inbox.h"

struct inbox {
	GMutex lock;
	GCond changed;
	GPtrArray *events;
	gboolean woken;
	gboolean waiting; /* the clerk has nothing to do */
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

gboolean inbox_put(struct inbox *inbox, struct event *take)
{
	g_mutex_lock(&inbox->lock);
	g_ptr_array_add(inbox->events, take);
	gboolean room = inbox->events->len < INBOX_LIMIT;
	/* The clerk takes the whole list: only its first event has to wake it. */
	if (inbox->events->len == 1)
		g_cond_signal(&inbox->changed);
	g_mutex_unlock(&inbox->lock);
	return room;
}

void inbox_wake(struct inbox *inbox)
{
	g_mutex_lock(&inbox->lock);
	inbox->woken = TRUE;
	g_cond_signal(&inbox->changed);
	g_mutex_unlock(&inbox->lock);
}

GPtrArray *inbox_take(struct inbox *inbox, int64_t wait_us)
{
	gint64 end = wait_us < 0 ? 0 : g_get_monotonic_time() + wait_us;
	g_mutex_lock(&inbox->lock);
	inbox->waiting = TRUE;
	while (inbox->events->len == 0 && !inbox->woken) {
		if (wait_us < 0)
			g_cond_wait(&inbox->changed, &inbox->lock);
		else if (!g_cond_wait_until(&inbox->changed, &inbox->lock, end))
			break;
	}
	inbox->waiting = FALSE;
	GPtrArray *all = inbox->events;
	inbox->events = new_list();
	inbox->woken = FALSE;
	g_mutex_unlock(&inbox->lock);
	return all;
}

void inbox_put_back(struct inbox *inbox, GPtrArray *take)
{
	g_mutex_lock(&inbox->lock);
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
	g_mutex_unlock(&inbox->lock);
	return idle;
}
