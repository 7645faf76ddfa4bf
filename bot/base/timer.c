/* SPDX-License-Identifier: MIT */
#include "base/timer.h"

struct timer {
	GSource source; /* first: GLib allocates the whole */
	struct clock *clock;
	GMainContext *context;
	timer_fn *fire;
	gpointer data;
	gboolean armed, wall;
	int64_t at_ms;
};

static int64_t remaining_ms(const struct timer *t)
{
	int64_t now = t->wall ? clock_now_ms(t->clock) : clock_mono_ms(t->clock);
	return MAX(t->at_ms - now, 0);
}

static gboolean prepare(GSource *source, gint *timeout_ms)
{
	const struct timer *t = (const struct timer *)source;
	*timeout_ms = -1;
	if (!t->armed)
		return FALSE;
	int64_t left = remaining_ms(t);
	if (left == 0)
		return TRUE;
	/* A frozen clock moves by clock_advance alone, which wakes the loop. */
	if (!clock_is_frozen(t->clock))
		*timeout_ms = (gint)MIN(left, G_MAXINT);
	return FALSE;
}

static gboolean check(GSource *source)
{
	const struct timer *t = (const struct timer *)source;
	return t->armed && remaining_ms(t) == 0;
}

static gboolean dispatch(GSource *source, GSourceFunc unused, gpointer data)
{
	(void)unused;
	(void)data;
	struct timer *t = (struct timer *)source;
	t->armed = FALSE;
	t->fire(t->data);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

static void wake(gpointer context)
{
	g_main_context_wakeup(context);
}

struct timer *timer_new(GMainContext *context, struct clock *clock, timer_fn *fire, gpointer data)
{
	struct timer *t = (struct timer *)g_source_new(&funcs, sizeof *t);
	t->clock = clock;
	t->context = context;
	t->fire = fire;
	t->data = data;
	t->armed = FALSE;
	t->wall = FALSE;
	t->at_ms = 0;
	g_source_attach(&t->source, context);
	clock_subscribe(clock, wake, context);
	return t;
}

void timer_free(struct timer *t)
{
	if (!t)
		return;
	clock_unsubscribe(t->clock, wake, t->context);
	g_source_destroy(&t->source);
	g_source_unref(&t->source);
}

static void arm(struct timer *t, gboolean wall, int64_t at_ms)
{
	t->armed = TRUE;
	t->wall = wall;
	t->at_ms = at_ms;
	/* The loop itself asks every timer before it sleeps again; waking it would cost a turn for nothing. */
	if (!g_main_context_is_owner(t->context))
		g_main_context_wakeup(t->context);
}

void timer_arm_in(struct timer *t, int64_t delay_ms)
{
	arm(t, FALSE, clock_mono_ms(t->clock) + MAX(delay_ms, 0));
}

void timer_arm_at(struct timer *t, int64_t at_ms)
{
	arm(t, TRUE, at_ms);
}

void timer_disarm(struct timer *t)
{
	t->armed = FALSE;
}

gboolean timer_is_armed(const struct timer *t)
{
	return t->armed;
}

int64_t timer_remaining_ms(const struct timer *t)
{
	return t->armed ? remaining_ms(t) : -1;
}
