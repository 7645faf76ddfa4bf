/* SPDX-License-Identifier: MIT */
#include "core/schedule.h"

#include "core_sql.h"

struct schedule {
	struct db *db;
	struct sequence numbers;
	gboolean dirty; /* a job was put or ended since next_ms was read */
	int64_t next_ms;
	GHashTable *standing; /* name → id: jobs put once that surely stand in the store */
	GHashTable *names;    /* id → name: the same, by what schedule_finish knows of them */
};

struct schedule *schedule_new(struct db *db)
{
	struct schedule *s = g_new0(struct schedule, 1);
	s->db = db;
	s->numbers.name = "job";
	s->dirty = TRUE;
	s->standing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	s->names = g_hash_table_new(g_int64_hash, g_int64_equal); /* both borrowed from standing */
	return s;
}

void schedule_free(struct schedule *s)
{
	if (!s)
		return;
	g_hash_table_unref(s->names);
	g_hash_table_unref(s->standing);
	g_free(s);
}

/* ---- what surely stands ---- */

static char *name_of(const char *ritual, const char *word, const char *key)
{
	return g_strjoin("\n", ritual, word, key, NULL);
}

static void forget(struct schedule *s, const char *name)
{
	const gint64 *id = name ? g_hash_table_lookup(s->standing, name) : NULL;
	if (!id)
		return;
	g_hash_table_remove(s->names, id);
	g_hash_table_remove(s->standing, name);
}

static void remember(struct schedule *s, char *take_name, gint64 id)
{
	gint64 *kept = g_memdup2(&id, sizeof id);
	forget(s, take_name); /* both tables lend to each other: what stands already must leave both */
	g_hash_table_insert(s->names, kept, take_name);
	g_hash_table_insert(s->standing, take_name, kept);
}

gboolean schedule_stands(const struct schedule *s, const char *ritual, const char *word, const char *key)
{
	g_autofree char *name = name_of(ritual, word, key);
	return g_hash_table_contains(s->standing, name);
}

/* ---- jobs ---- */

gboolean schedule_put(struct schedule *s, const char *ritual, const char *word, const char *key, int64_t due_ms, gboolean once,
	GError **error)
{
	gint64 id = sequence_next(&s->numbers, s->db, error);
	if (!id)
		return FALSE;
	if (!db_exec(s->db, once ? &SQL_CORE_SCHEDULE_ONCE : &SQL_CORE_SCHEDULE, error, ARG_INT(id), ARG_TEXT(ritual),
		    ARG_TEXT(word), ARG_TEXT(key), ARG_INT(due_ms)))
		return FALSE;
	gboolean put = db_changes(s->db) > 0;
	s->dirty = s->dirty || put;
	/* Where one stood already its id is another, and it could not be forgotten when it ends. */
	if (once && put)
		remember(s, name_of(ritual, word, key), id);
	return TRUE;
}

gboolean schedule_cancel(struct schedule *s, const char *ritual, const char *word, const char *key, GError **error)
{
	g_autofree char *name = name_of(ritual, word, key);
	forget(s, name);
	s->dirty = TRUE;
	return db_exec(s->db, &SQL_CORE_CANCEL, error, ARG_TEXT(ritual), ARG_TEXT(word), ARG_TEXT(key));
}

GPtrArray *schedule_due(struct schedule *s, int64_t now_ms, guint most, GError **error)
{
	GPtrArray *events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	struct db_rows *rows = db_query(s->db, &SQL_CORE_DUE_JOBS, ARG_INT(now_ms), ARG_INT(most));
	while (db_next(rows)) {
		struct event *event = event_new(EVENT_DUE, NULL);
		event->row = db_int(rows, 0);
		event->word = g_strdup_printf("%s.%s", db_text(rows, 1), db_text(rows, 2));
		event->value = g_strdup(db_text(rows, 3));
		event->at_ms = db_int(rows, 4);
		g_ptr_array_add(events, event);
	}
	if (!db_end(rows, error))
		g_clear_pointer(&events, g_ptr_array_unref);
	return events;
}

gboolean schedule_finish(struct schedule *s, gint64 job, int64_t due_ms, gboolean *was_due, GError **error)
{
	forget(s, g_hash_table_lookup(s->names, &job));
	s->dirty = TRUE;
	if (!db_exec(s->db, &SQL_CORE_FINISH_JOB, error, ARG_INT(job), ARG_INT(due_ms)))
		return FALSE;
	*was_due = db_changes(s->db) > 0;
	return TRUE;
}

gboolean schedule_next(struct schedule *s, int64_t *due_ms, GError **error)
{
	if (s->dirty) {
		struct db_rows *rows = db_query(s->db, &SQL_CORE_NEXT_DUE);
		int64_t next = db_next(rows) && !db_is_null(rows, 0) ? db_int(rows, 0) : G_MAXINT64;
		if (!db_end(rows, error))
			return FALSE;
		s->next_ms = next;
		s->dirty = FALSE;
	}
	*due_ms = s->next_ms;
	return TRUE;
}

void schedule_rolled_back(struct schedule *s)
{
	g_hash_table_remove_all(s->names);
	g_hash_table_remove_all(s->standing);
	s->dirty = TRUE;
	sequence_forget(&s->numbers);
}
