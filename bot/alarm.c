/* SPDX-License-Identifier: MIT */
#include "alarm.h"

#include "base/log.h"

enum { WAITING_LIMIT = 32 };

/* On the loop; rung from any thread. */
struct bell {
	GSource source;
	struct alarm *alarm;
};

struct alarm {
	struct clock *clock;
	char *workspace;
	void (*take)(gpointer data, struct event *event);
	gpointer data;
	struct bell *bell;
	GMutex lock;   /* of the rest */
	GHashTable *heard; /* "workspace\nmessage" → when, monotonic ms + 1 */
	GQueue waiting;	   /* struct event */
};

static const char *workspace_in(const struct log_field *fields)
{
	for (const struct log_field *f = fields; f->key; f++)
		if (strcmp(f->key, "workspace") == 0)
			return f->text;
	return NULL;
}

/* With the lock held. Keys are as many as the program has errors and workspaces. */
static gboolean is_news(struct alarm *a, const char *workspace, const char *message)
{
	int64_t now_ms = clock_mono_ms(a->clock);
	g_autofree char *key = g_strconcat(workspace, "\n", message, NULL);
	const int64_t *before = g_hash_table_lookup(a->heard, key);
	if (before && now_ms - *before < HOURS(1))
		return FALSE;
	int64_t *now = g_new(int64_t, 1);
	*now = now_ms;
	g_hash_table_replace(a->heard, g_steal_pointer(&key), now);
	return TRUE;
}

static struct event *event_of(const char *workspace, const char *message, const struct log_field *fields)
{
	struct event *event = event_new(EVENT_TROUBLE, workspace);
	event->word = g_strdup(message);
	event->text = log_line(message, fields);
	return event;
}

static void heard(const char *message, const struct log_field *fields, gpointer data)
{
	struct alarm *a = data;
	const char *named = workspace_in(fields), *workspace = named ? named : a->workspace;
	g_mutex_lock(&a->lock);
	if (g_queue_get_length(&a->waiting) < WAITING_LIMIT && is_news(a, workspace, message)) {
		g_queue_push_tail(&a->waiting, event_of(workspace, message, fields));
		g_source_set_ready_time(&a->bell->source, 0);
	}
	g_mutex_unlock(&a->lock);
}

static struct event *next(struct alarm *a)
{
	g_mutex_lock(&a->lock);
	struct event *event = g_queue_pop_head(&a->waiting);
	g_mutex_unlock(&a->lock);
	return event;
}

static gboolean ring(GSource *source, GSourceFunc callback, gpointer data)
{
	struct alarm *a = ((struct bell *)source)->alarm;
	(void)callback;
	(void)data;
	g_source_set_ready_time(source, -1);
	for (struct event *event = next(a); event; event = next(a))
		a->take(a->data, event);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs bell_funcs = { .dispatch = ring };

struct alarm *alarm_new(struct clock *clock, const char *workspace, void (*take)(gpointer data, struct event *event), gpointer data)
{
	struct alarm *a = g_new0(struct alarm, 1);
	a->clock = clock;
	a->workspace = g_strdup(workspace);
	a->take = take;
	a->data = data;
	a->heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_mutex_init(&a->lock);
	g_queue_init(&a->waiting);
	a->bell = (struct bell *)g_source_new(&bell_funcs, sizeof(struct bell));
	a->bell->alarm = a;
	g_source_attach(&a->bell->source, NULL);
	log_set_alarm(heard, a);
	return a;
}

void alarm_free(struct alarm *alarm)
{
	if (!alarm)
		return;
	log_set_alarm(NULL, NULL);
	g_source_destroy(&alarm->bell->source);
	g_source_unref(&alarm->bell->source);
	g_queue_clear_full(&alarm->waiting, (GDestroyNotify)event_free);
	g_hash_table_unref(alarm->heard);
	g_mutex_clear(&alarm->lock);
	g_free(alarm->workspace);
	g_free(alarm);
}
