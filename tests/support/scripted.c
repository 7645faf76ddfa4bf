/* SPDX-License-Identifier: MIT */
#include "tests/support/scripted.h"

struct scripted {
	const char *well_done;
	GHashTable *scripts;  /* name → GQueue of struct script */
	GHashTable *defaults; /* name → body */
	GHashTable *calls;    /* name → GPtrArray of struct scripted_call */
};

static void queue_free(gpointer data)
{
	g_queue_free_full(data, g_free);
}

static void call_free(gpointer data)
{
	struct scripted_call *call = data;
	g_free(call->query);
	g_free(call->body);
	g_free(call->authorization);
	g_free(call);
}

static GPtrArray *calls_of(const struct scripted *s, const char *name)
{
	GPtrArray *calls = g_hash_table_lookup(s->calls, name);
	if (!calls) {
		calls = g_ptr_array_new_with_free_func(call_free);
		g_hash_table_insert(s->calls, g_strdup(name), calls);
	}
	return calls;
}

struct scripted *scripted_new(const char *well_done)
{
	struct scripted *s = g_new0(struct scripted, 1);
	s->well_done = well_done;
	s->scripts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, queue_free);
	s->defaults = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->calls = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	return s;
}

void scripted_free(struct scripted *s)
{
	g_hash_table_unref(s->scripts);
	g_hash_table_unref(s->defaults);
	g_hash_table_unref(s->calls);
	g_free(s);
}

void scripted_next(struct scripted *s, const char *name, struct script script)
{
	GQueue *queue = g_hash_table_lookup(s->scripts, name);
	if (!queue) {
		queue = g_queue_new();
		g_hash_table_insert(s->scripts, g_strdup(name), queue);
	}
	g_queue_push_tail(queue, g_memdup2(&script, sizeof script));
}

void scripted_default(struct scripted *s, const char *name, const char *body)
{
	g_hash_table_replace(s->defaults, g_strdup(name), g_strdup(body));
}

unsigned scripted_count(const struct scripted *s, const char *name)
{
	return calls_of(s, name)->len;
}

const struct scripted_call *scripted_call(const struct scripted *s, const char *name, unsigned n)
{
	GPtrArray *calls = calls_of(s, name);
	return n < calls->len ? calls->pdata[n] : NULL;
}

/* ---- the answer ---- */

void scripted_reply(struct http_call *call, int status, const char *header, const char *body)
{
	const char *const headers[] = { "Content-Type: application/json; charset=utf-8", header, NULL };
	http_reply(call, status, headers, body, strlen(body));
}

static void keep(struct scripted *s, const char *name, const struct http_call *call)
{
	struct scripted_call *kept = g_new0(struct scripted_call, 1);
	kept->query = g_strdup(http_call_query(call));
	kept->body = g_strdup(http_call_body(call, NULL));
	kept->authorization = g_strdup(http_call_header(call, "Authorization"));
	g_ptr_array_add(calls_of(s, name), kept);
}

static void play(const struct scripted *s, struct http_call *call, const struct script *script)
{
	switch (script->reply) {
	case SCRIPT_ANSWER:
		scripted_reply(call, script->status ? script->status : 200, script->header,
			script->body ? script->body : s->well_done);
		break;
	case SCRIPT_DROP:
		http_drop(call);
		break;
	case SCRIPT_HOLD:
		break;
	}
}

gboolean scripted_answers(struct scripted *s, const char *name, struct http_call *call)
{
	keep(s, name, call);
	GQueue *queue = g_hash_table_lookup(s->scripts, name);
	g_autofree struct script *script = queue ? g_queue_pop_head(queue) : NULL;
	const char *body = g_hash_table_lookup(s->defaults, name);
	if (script)
		play(s, call, script);
	else if (body)
		scripted_reply(call, 200, NULL, body);
	return script || body;
}

/* ---- waiting ---- */

static gboolean time_is_up(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

/* TRUE: something happened. */
static gboolean turn_for(guint limit_ms)
{
	gboolean up = FALSE;
	guint id = g_timeout_add(limit_ms, time_is_up, &up);
	g_main_context_iteration(NULL, TRUE);
	if (!up)
		g_source_remove(id);
	return !up;
}

static void settle_for(guint quiet_ms)
{
	gint64 end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
	while (turn_for(quiet_ms) && g_get_monotonic_time() < end)
		;
}

void loop_turn(void)
{
	turn_for(20);
}

void loop_settle(void)
{
	settle_for(30);
}

void loop_breathe(void)
{
	settle_for(6);
}
