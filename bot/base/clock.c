/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdatomic.h>

struct subscriber {
	void (*notify)(gpointer data);
	gpointer data;
};

struct clock {
	/* While frozen these are the hands themselves, else their distance from the machine's. */
	_Atomic int64_t wall_ms;
	_Atomic int64_t mono_ms;
	gboolean frozen;
	GMutex lock; /* guards subscribers */
	GArray *subscribers;
};

static int64_t machine_ms(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static struct clock *make(int64_t wall_ms, gboolean frozen)
{
	struct clock *clock = g_new0(struct clock, 1);
	atomic_init(&clock->wall_ms, wall_ms);
	atomic_init(&clock->mono_ms, 0);
	clock->frozen = frozen;
	g_mutex_init(&clock->lock);
	clock->subscribers = g_array_new(FALSE, FALSE, sizeof(struct subscriber));
	return clock;
}

struct clock *clock_new(void)
{
	return make(0, FALSE);
}

struct clock *clock_new_frozen(int64_t now_ms)
{
	return make(now_ms, TRUE);
}

void clock_free(struct clock *clock)
{
	if (!clock)
		return;
	g_array_unref(clock->subscribers);
	g_mutex_clear(&clock->lock);
	g_free(clock);
}

int64_t clock_now_ms(const struct clock *clock)
{
	int64_t machine = clock->frozen ? 0 : machine_ms(CLOCK_REALTIME);
	return machine + atomic_load(&clock->wall_ms);
}

int64_t clock_mono_ms(const struct clock *clock)
{
	int64_t machine = clock->frozen ? 0 : machine_ms(CLOCK_MONOTONIC);
	return machine + atomic_load(&clock->mono_ms);
}

int64_t clock_cpu_us(void)
{
	return g_get_monotonic_time();
}

static void moved(struct clock *clock)
{
	g_mutex_lock(&clock->lock);
	for (guint i = 0; i < clock->subscribers->len; i++) {
		struct subscriber *s = &g_array_index(clock->subscribers, struct subscriber, i);
		s->notify(s->data);
	}
	g_mutex_unlock(&clock->lock);
}

void clock_set(struct clock *clock, int64_t now_ms)
{
	int64_t machine = clock->frozen ? 0 : machine_ms(CLOCK_REALTIME);
	atomic_store(&clock->wall_ms, now_ms - machine);
	moved(clock);
}

void clock_advance(struct clock *clock, int64_t step_ms)
{
	g_return_if_fail(step_ms >= 0);
	atomic_fetch_add(&clock->wall_ms, step_ms);
	atomic_fetch_add(&clock->mono_ms, step_ms);
	moved(clock);
}

gboolean clock_is_frozen(const struct clock *clock)
{
	return clock->frozen;
}

void clock_subscribe(struct clock *clock, void (*notify)(gpointer data), gpointer data)
{
	struct subscriber s = { notify, data };
	g_mutex_lock(&clock->lock);
	g_array_append_val(clock->subscribers, s);
	g_mutex_unlock(&clock->lock);
}

void clock_unsubscribe(struct clock *clock, void (*notify)(gpointer data), gpointer data)
{
	g_mutex_lock(&clock->lock);
	for (guint i = 0; i < clock->subscribers->len; i++) {
		struct subscriber *s = &g_array_index(clock->subscribers, struct subscriber, i);
		if (s->notify == notify && s->data == data) {
			g_array_remove_index_fast(clock->subscribers, i);
			break;
		}
	}
	g_mutex_unlock(&clock->lock);
}
