/* SPDX-License-Identifier: MIT */
#include "core/outbox.h"

#include "core_sql.h"

enum state { QUEUED = 0, HANDED = 1, HELD = 2 };

/* The rows of one workspace, by their weight. */
struct share {
	guint handed;	 /* committed and not reported */
	guint fresh;	 /* handed in this transaction */
	guint reports;	 /* reported in this transaction */
	gboolean queued; /* rows wait in the store alone */
};

struct outbox {
	struct db *db;
	struct sequence numbers;
	GPtrArray *fresh;   /* rows handed in this transaction, owned */
	GHashTable *shares; /* workspace → struct share, owned; one for each that has or had rows */
};

struct outbox *outbox_new(struct db *db)
{
	struct outbox *o = g_new0(struct outbox, 1);
	o->db = db;
	o->numbers.name = "outbox";
	o->fresh = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	o->shares = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return o;
}

void outbox_free(struct outbox *o)
{
	if (!o)
		return;
	g_ptr_array_unref(o->fresh);
	g_hash_table_unref(o->shares);
	g_free(o);
}

static struct share *share_of(struct outbox *o, const char *workspace)
{
	struct share *share = g_hash_table_lookup(o->shares, workspace);
	if (!share) {
		share = g_new0(struct share, 1);
		g_hash_table_insert(o->shares, g_strdup(workspace), share);
	}
	return share;
}

static guint under_way(const struct share *share)
{
	return share->handed - MIN(share->handed, share->reports) + share->fresh;
}

/* One that weighs more than the limit goes when nothing else is under way. */
static gboolean has_room(const struct share *share, guint weight)
{
	return under_way(share) == 0 || under_way(share) + weight <= OUTBOX_HANDED_LIMIT;
}

/* Takes the row. */
static void hand(struct outbox *o, struct share *share, struct outbox_row *take)
{
	g_ptr_array_add(o->fresh, take);
	share->fresh += take->weight;
}

struct outbox_row *outbox_make(struct outbox *o, enum outbox_kind kind, const char *workspace, int64_t now_ms, GError **error)
{
	gint64 id = sequence_next(&o->numbers, o->db, error);
	if (!id)
		return NULL;
	struct outbox_row *row = outbox_row_new(id, kind, workspace);
	row->created_ms = now_ms;
	return row;
}

/* ---- files ---- */

static struct db_arg blob_of(const struct message_file *file)
{
	gsize length;
	const void *data = g_bytes_get_data(file->bytes, &length);
	return ARG_BLOB(data, length);
}

static gboolean insert_files(struct outbox *o, const struct outbox_row *row, GError **error)
{
	for (guint i = 0; row->files && i < row->files->len; i++) {
		const struct message_file *file = row->files->pdata[i];
		if (!db_exec(o->db, &SQL_CORE_PUT_FILE, error, ARG_INT(row->id), ARG_INT(i), ARG_TEXT(file->name), blob_of(file)))
			return FALSE;
	}
	return TRUE;
}

static struct message_file *read_file(struct db_rows *rows)
{
	struct message_file *file = g_new0(struct message_file, 1);
	gsize length;
	const void *bytes = db_blob(rows, 1, &length);
	file->name = g_strdup(db_text(rows, 0));
	file->bytes = g_bytes_new(bytes, length);
	return file;
}

static gboolean read_files(struct outbox *o, struct outbox_row *row, GError **error)
{
	if (row->weight <= 1)
		return TRUE;
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(message_file_free);
	struct db_rows *rows = db_query(o->db, &SQL_CORE_FILES, ARG_INT(row->id));
	while (db_next(rows))
		g_ptr_array_add(files, read_file(rows));
	row->files = g_ptr_array_ref(files);
	return db_end(rows, error);
}

/* The replacement that waits under this name carries these from now on. */
static gboolean change_files(struct outbox *o, const char *name, const GPtrArray *files, GError **error)
{
	if (!db_exec(o->db, &SQL_CORE_DROP_FILES_WAITING, error, ARG_TEXT(name)))
		return FALSE;
	for (guint i = 0; files && i < files->len; i++) {
		const struct message_file *file = files->pdata[i];
		if (!db_exec(o->db, &SQL_CORE_PUT_FILE_WAITING, error, ARG_TEXT(name), ARG_INT(i), ARG_TEXT(file->name),
			    blob_of(file)))
			return FALSE;
	}
	return TRUE;
}

/* ---- rows ---- */

/* after: the post whose report it waits for; 0: none. */
static gboolean insert(struct outbox *o, const struct outbox_row *row, const char *name, enum state state, gint64 after,
	GError **error)
{
	return db_exec(o->db, &SQL_CORE_PUT, error, ARG_INT(row->id), ARG_INT(state), ARG_INT(row->kind),
		       ARG_TEXT(row->workspace), ARG_TEXT(row->channel), ARG_TEXT(row->thread), ARG_TEXT(row->person),
		       ARG_TEXT(row->message), ARG_TEXT(row->word), ARG_TEXT(row->token), ARG_TEXT(row->content), ARG_TEXT(name),
		       ARG_INT(row->created_ms), ARG_INT(row->deadline_ms), ARG_INT(row->weight),
		       after ? ARG_INT(after) : ARG_NULL) &&
	       insert_files(o, row, error);
}

gboolean outbox_put_after(struct outbox *o, gint64 post, struct outbox_row *take, GError **error)
{
	g_autoptr(outbox_row_auto) row = take;
	return insert(o, row, NULL, HELD, post, error);
}

gboolean outbox_hold(struct outbox *o, struct outbox_row *take, const char *name, GError **error)
{
	g_autoptr(outbox_row_auto) row = take;
	return insert(o, row, name, HELD, 0, error);
}

gboolean outbox_let_go(struct outbox *o, gint64 id, GError **error)
{
	struct db_rows *rows = db_query(o->db, &SQL_CORE_LET_GO, ARG_INT(id));
	if (db_next(rows))
		share_of(o, db_text(rows, 0))->queued = TRUE;
	return db_end(rows, error);
}

gboolean outbox_put(struct outbox *o, struct outbox_row *take, const char *name, GError **error)
{
	struct share *share = share_of(o, take->workspace);
	gboolean now = !share->queued && has_room(share, take->weight);
	gboolean done = insert(o, take, name, now ? HANDED : QUEUED, 0, error);
	if (done && now)
		hand(o, share, take);
	else
		outbox_row_free(take);
	share->queued = share->queued || !now;
	return done;
}

/* TRUE in *found when the query has a row. */
static gboolean exists(struct outbox *o, const struct sql *sql, const char *arg, gboolean *found, GError **error)
{
	struct db_rows *rows = db_query(o->db, sql, ARG_TEXT(arg));
	*found = db_next(rows);
	return db_end(rows, error);
}

gboolean outbox_find(struct outbox *o, const char *name, char **channel, char **message, GError **error)
{
	*channel = *message = NULL;
	struct db_rows *rows = db_query(o->db, &SQL_CORE_MESSAGE_NAMED, ARG_TEXT(name));
	if (db_next(rows)) {
		*channel = g_strdup(db_text(rows, 1));
		*message = g_strdup(db_text(rows, 2));
	}
	return db_end(rows, error);
}

gboolean outbox_show(struct outbox *o, const char *name, const char *workspace, const char *channel, const char *content,
	GPtrArray *files, int64_t now_ms, GError **error)
{
	/* An older replacement that has not gone yet simply says the new thing. */
	if (!db_exec(o->db, &SQL_CORE_REPLACE_WAITING, error, ARG_TEXT(name), ARG_TEXT(content), ARG_INT(outbox_weight(files))))
		return FALSE;
	if (db_changes(o->db) > 0)
		return change_files(o, name, files, error);
	gboolean posting = FALSE;
	if (!exists(o, &SQL_CORE_POSTING, name, &posting, error))
		return FALSE;
	g_autofree char *stands_in = NULL, *stands_as = NULL;
	if (!outbox_find(o, name, &stands_in, &stands_as, error))
		return FALSE;
	gboolean stands = stands_as != NULL;
	struct outbox_row *row =
		outbox_make(o, stands || posting ? OUTBOX_REPLACE : OUTBOX_POST, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->content = g_strdup(content);
	outbox_row_carry(row, files);
	if (posting && !stands) {
		gboolean held = insert(o, row, name, HELD, 0, error);
		outbox_row_free(row);
		return held;
	}
	row->channel = stands ? g_steal_pointer(&stands_in) : g_strdup(channel);
	row->message = g_steal_pointer(&stands_as);
	return outbox_put(o, row, name, error);
}

gboolean outbox_withdraw(struct outbox *o, const char *name, const char *workspace, int64_t now_ms, GError **error)
{
	g_autofree char *channel = NULL, *message = NULL;
	if (!outbox_find(o, name, &channel, &message, error))
		return FALSE;
	if (!message)
		return TRUE;
	struct outbox_row *row = outbox_make(o, OUTBOX_DELETE, workspace, now_ms, error);
	if (!row)
		return FALSE;
	row->channel = g_steal_pointer(&channel);
	row->message = g_strdup(message);
	return db_exec(o->db, &SQL_CORE_FORGET_MESSAGE, error, ARG_TEXT(name), ARG_TEXT(message)) && outbox_put(o, row, NULL, error);
}

gboolean outbox_name_at(struct outbox *o, const char *workspace, const char *channel, const char *message, char **name,
	GError **error)
{
	struct db_rows *rows =
		db_query(o->db, &SQL_CORE_MESSAGE_AT, ARG_TEXT(channel), ARG_TEXT(message), ARG_TEXT(workspace));
	*name = db_next(rows) ? g_strdup(db_text(rows, 0)) : NULL;
	return db_end(rows, error);
}

static struct outbox_row *read_row(struct db_rows *rows)
{
	struct outbox_row *row = outbox_row_new(db_int(rows, 0), (enum outbox_kind)db_int(rows, 1), db_text(rows, 2));
	row->channel = g_strdup(db_text(rows, 3));
	row->thread = g_strdup(db_text(rows, 4));
	row->person = g_strdup(db_text(rows, 5));
	row->message = g_strdup(db_text(rows, 6));
	row->word = g_strdup(db_text(rows, 7));
	row->token = g_strdup(db_text(rows, 8));
	row->content = g_strdup(db_text(rows, 9));
	row->created_ms = db_int(rows, 10);
	row->deadline_ms = db_int(rows, 11);
	row->weight = (guint)db_int(rows, 12);
	return row;
}

gboolean outbox_look(struct outbox *o, gint64 id, struct outbox_row **out, GError **error)
{
	struct db_rows *rows = db_query(o->db, &SQL_CORE_OUTBOX_ROW, ARG_INT(id));
	*out = db_next(rows) ? read_row(rows) : NULL;
	return db_end(rows, error);
}

/* Reads a reported row and ends it. Both stay NULL when it is gone already (told twice): nothing more is to do. */
static gboolean end_row(struct outbox *o, gint64 id, struct outbox_row **out, char **name, GError **error)
{
	gboolean handed = FALSE;
	struct db_rows *rows = db_query(o->db, &SQL_CORE_OUTBOX_ROW, ARG_INT(id));
	if (db_next(rows)) {
		*out = read_row(rows);
		*name = g_strdup(db_text(rows, 13));
		handed = db_int(rows, 14) == HANDED;
	}
	if (!db_end(rows, error))
		return FALSE;
	if (!*out)
		return TRUE;
	if (handed)
		share_of(o, (*out)->workspace)->reports += (*out)->weight;
	return read_files(o, *out, error) && db_exec(o->db, &SQL_CORE_DROP_ROW, error, ARG_INT(id));
}

/* What waited for the post's report goes; message NULL: the post failed. */
static gboolean wake_after(struct outbox *o, const struct outbox_row *post, const char *channel, const char *message,
	GError **error)
{
	if (!db_exec(o->db, &SQL_CORE_WAKE_AFTER, error, ARG_INT(post->id), ARG_TEXT(channel), ARG_TEXT(message)))
		return FALSE;
	if (db_changes(o->db) > 0)
		share_of(o, post->workspace)->queued = TRUE;
	return TRUE;
}

gboolean outbox_name_message(struct outbox *o, const char *name, const char *workspace, const char *channel, const char *message,
	int64_t now_ms, GError **error)
{
	return db_exec(o->db, &SQL_CORE_SAVE_MESSAGE, error, ARG_TEXT(name), ARG_TEXT(workspace), ARG_TEXT(channel), ARG_TEXT(message),
		ARG_INT(now_ms));
}

gboolean outbox_sent(struct outbox *o, gint64 id, const char *channel, const char *message, int64_t now_ms, GError **error)
{
	g_autoptr(outbox_row_auto) row = NULL;
	g_autofree char *name = NULL;
	if (!end_row(o, id, &row, &name, error))
		return FALSE;
	/* A home is a message where there are no pages. */
	if (!row || (row->kind != OUTBOX_POST && row->kind != OUTBOX_HOME))
		return TRUE;
	const char *where = channel ? channel : row->channel;
	if (!wake_after(o, row, where, message, error))
		return FALSE;
	if (!name || !message || !where)
		return TRUE;
	if (!outbox_name_message(o, name, row->workspace, where, message, now_ms, error) ||
		!db_exec(o->db, &SQL_CORE_WAKE_REPLACEMENTS, error, ARG_TEXT(name), ARG_TEXT(where), ARG_TEXT(message)))
		return FALSE;
	if (db_changes(o->db) > 0)
		share_of(o, row->workspace)->queued = TRUE;
	return TRUE;
}

/* TRUE in *out when a younger word under this name is under way, or stands. */
static gboolean is_shown_since(struct outbox *o, const char *name, gboolean *out, GError **error)
{
	g_autofree char *channel = NULL, *message = NULL;
	gboolean replacing, posting;
	if (!exists(o, &SQL_CORE_REPLACING, name, &replacing, error) || !exists(o, &SQL_CORE_POSTING, name, &posting, error) ||
		!outbox_find(o, name, &channel, &message, error))
		return FALSE;
	*out = replacing || posting || message;
	return TRUE;
}

/* Somebody deleted the message: what it should have become is posted. */
static gboolean show_again(struct outbox *o, const struct outbox_row *row, const char *name, int64_t now_ms, GError **error)
{
	gboolean since;
	return db_exec(o->db, &SQL_CORE_FORGET_MESSAGE, error, ARG_TEXT(name), ARG_TEXT(row->message)) &&
	       is_shown_since(o, name, &since, error) &&
	       (since || outbox_show(o, name, row->workspace, row->channel, row->content, row->files, now_ms, error));
}

gboolean outbox_failed(struct outbox *o, gint64 id, gboolean gone, int64_t now_ms, struct outbox_row **lost, GError **error)
{
	g_autoptr(outbox_row_auto) row = NULL;
	g_autofree char *name = NULL;
	if (!end_row(o, id, &row, &name, error))
		return FALSE;
	if (row && row->kind == OUTBOX_POST && !wake_after(o, row, NULL, NULL, error))
		return FALSE;
	if (name && row->kind == OUTBOX_POST && !db_exec(o->db, &SQL_CORE_DROP_REPLACEMENTS, error, ARG_TEXT(name)))
		return FALSE;
	if (name && row->kind == OUTBOX_REPLACE && gone && !show_again(o, row, name, now_ms, error))
		return FALSE;
	*lost = g_steal_pointer(&row);
	return TRUE;
}

static gboolean find_queued(struct outbox *o, GError **error)
{
	struct db_rows *rows = db_query(o->db, &SQL_CORE_QUEUED_WORKSPACES);
	while (db_next(rows))
		share_of(o, db_text(rows, 0))->queued = TRUE;
	return db_end(rows, error);
}

/* The files of what was handed since there were `first`. */
static gboolean read_all_files(struct outbox *o, guint first, GError **error)
{
	for (guint i = first; i < o->fresh->len; i++)
		if (!read_files(o, o->fresh->pdata[i], error))
			return FALSE;
	return TRUE;
}

gboolean outbox_recover(struct outbox *o, GError **error)
{
	if (!db_exec(o->db, &SQL_CORE_DROP_REPEATED, error, ARG_INT(OUTBOX_ASK_HISTORY)))
		return FALSE;
	struct db_rows *rows = db_query(o->db, &SQL_CORE_HANDED);
	while (db_next(rows)) {
		struct outbox_row *row = read_row(rows);
		row->in_doubt = TRUE;
		hand(o, share_of(o, row->workspace), row);
	}
	return db_end(rows, error) && read_all_files(o, 0, error) && find_queued(o, error) && outbox_refill(o, error);
}

/* FALSE: there is more than has room. */
static gboolean hand_queued(struct outbox *o, struct share *share, struct db_rows *rows)
{
	while (db_next(rows)) {
		g_autoptr(outbox_row_auto) row = read_row(rows);
		if (!has_room(share, row->weight))
			return FALSE;
		hand(o, share, g_steal_pointer(&row));
	}
	return TRUE;
}

static gboolean refill_share(struct outbox *o, const char *workspace, struct share *share, GError **error)
{
	guint room = OUTBOX_HANDED_LIMIT - under_way(share), first = o->fresh->len;
	struct db_rows *rows = db_query(o->db, &SQL_CORE_QUEUED, ARG_TEXT(workspace), ARG_INT(room));
	gboolean all = hand_queued(o, share, rows);
	if (!db_end(rows, error) || !read_all_files(o, first, error))
		return FALSE;
	for (guint i = first; i < o->fresh->len; i++) {
		const struct outbox_row *row = o->fresh->pdata[i];
		if (!db_exec(o->db, &SQL_CORE_MARK_HANDED, error, ARG_INT(row->id)))
			return FALSE;
	}
	share->queued = !all || o->fresh->len - first == room;
	return TRUE;
}

gboolean outbox_refill(struct outbox *o, GError **error)
{
	GHashTableIter iter;
	gpointer workspace, value;
	g_hash_table_iter_init(&iter, o->shares);
	while (g_hash_table_iter_next(&iter, &workspace, &value)) {
		struct share *share = value;
		/* In big portions: each look costs a search. */
		if (share->queued && under_way(share) <= OUTBOX_HANDED_LIMIT / 2 && !refill_share(o, workspace, share, error))
			return FALSE;
	}
	return TRUE;
}

GPtrArray *outbox_take_handed(struct outbox *o)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, o->shares);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct share *share = value;
		*share = (struct share){ .handed = under_way(share), .queued = share->queued };
	}
	if (o->fresh->len == 0)
		return NULL;
	GPtrArray *rows = o->fresh;
	o->fresh = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	return rows;
}

void outbox_rolled_back(struct outbox *o)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, o->shares);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct share *share = value;
		/* Whether rows are queued is unknown: the next refill looks. */
		*share = (struct share){ .handed = share->handed, .queued = TRUE };
	}
	g_ptr_array_set_size(o->fresh, 0);
	sequence_forget(&o->numbers);
}

guint outbox_mark(const struct outbox *o)
{
	return o->fresh->len;
}

void outbox_undo_to(struct outbox *o, guint mark)
{
	for (guint i = mark; i < o->fresh->len; i++) {
		const struct outbox_row *row = o->fresh->pdata[i];
		share_of(o, row->workspace)->fresh -= row->weight;
	}
	g_ptr_array_set_size(o->fresh, (gint)mark);
	sequence_forget(&o->numbers);
}

guint outbox_under_way(const struct outbox *o)
{
	guint handed = 0;
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, o->shares);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		handed += ((const struct share *)value)->handed;
	return handed;
}
