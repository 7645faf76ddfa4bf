/* SPDX-License-Identifier: MIT */
#include "sandbox/trouble.h"

#include "base/timer.h"
#include "sandbox/live.h"

struct trouble {
	struct sandbox *sb;
	GHashTable *waiting; /* struct http_call * → struct held *, owned */
};

struct held {
	struct sandbox *sb;
	struct http_call *call;
	serve_fn *serve;
	struct timer *timer;
};

static void held_free(gpointer data)
{
	struct held *held = data;
	timer_free(held->timer);
	g_free(held);
}

struct trouble *trouble_new(struct sandbox *sb)
{
	struct trouble *trouble = g_new0(struct trouble, 1);
	trouble->sb = sb;
	trouble->waiting = g_hash_table_new_full(NULL, NULL, NULL, held_free);
	return trouble;
}

void trouble_free(struct trouble *trouble)
{
	if (!trouble)
		return;
	g_hash_table_unref(trouble->waiting);
	g_free(trouble);
}

static void serve_late(gpointer data)
{
	const struct held *held = data;
	struct sandbox *sb = held->sb;
	struct http_call *call = held->call;
	serve_fn *serve = held->serve;
	g_hash_table_remove(sb->trouble->waiting, call);
	serve(sb, call);
}

static struct held *hold(struct trouble *trouble, struct http_call *call, serve_fn *serve)
{
	struct held *held = g_new0(struct held, 1);
	*held = (struct held){ trouble->sb, call, serve, timer_new(NULL, trouble->sb->clock, serve_late, held) };
	g_hash_table_insert(trouble->waiting, call, held);
	return held;
}

void trouble_serve(struct trouble *trouble, struct http_call *call, serve_fn *serve)
{
	int64_t delay_ms = faults_delay_ms(trouble->sb->faults);
	if (faults_take(trouble->sb->faults, FAULT_SILENCE, NULL))
		hold(trouble, call, serve); /* ends when the peer has had enough */
	else if (delay_ms > 0)
		timer_arm_in(hold(trouble, call, serve)->timer, delay_ms);
	else
		serve(trouble->sb, call);
}

gboolean trouble_gone(struct trouble *trouble, struct http_call *call)
{
	return g_hash_table_remove(trouble->waiting, call);
}

guint trouble_waiting(const struct trouble *trouble)
{
	return g_hash_table_size(trouble->waiting);
}

gboolean trouble_met(struct sandbox *sb, struct http_call *call, const char *name)
{
	static const char *const html[] = { "Content-Type: text/html", NULL };
	static const char page[] = "<html><body>Server Error</body></html>\n";
	gboolean dropped = faults_take(sb->faults, FAULT_DROP_BEFORE, name);
	if (!dropped && !faults_take(sb->faults, FAULT_SERVER_ERROR, name))
		return FALSE;
	live_log(sb->live, LOG_IN, "http", name, dropped ? 0 : 500, NULL);
	if (dropped)
		http_drop(call);
	else
		http_reply(call, 500, html, page, sizeof page - 1);
	return TRUE;
}
