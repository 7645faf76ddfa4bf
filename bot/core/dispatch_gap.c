/* SPDX-License-Identifier: MIT */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "core_sql.h"

/* After a crash so much more is read again, and known by its keys. */
#define HEARD_LAG_MS SECONDS(10)
#define HEARD_MS DAYS(7) /* after a gap: teams' channels, and others heard in the week before it */

/* A channel of which the past is to be read: since when, or since which message. */
struct past {
	char *channel, *message;
	int64_t since_ms;
};

static void past_free(gpointer data)
{
	struct past *past = data;
	g_free(past->channel);
	g_free(past->message);
	g_free(past);
}

/* pasts: channel → struct past. */
static gboolean note_pasts(struct db_rows *take, GHashTable *pasts, GError **error)
{
	struct db_rows *rows = take;
	while (db_next(rows)) {
		struct past *past = g_new0(struct past, 1);
		*past = (struct past){ g_strdup(db_text(rows, 0)), g_strdup(db_text(rows, 1)),
			db_int(rows, 2) };
		g_hash_table_replace(pasts, past->channel, past);
	}
	return db_end(rows, error);
}

/* NULL when the store failed. */
static struct outbox_row *question(
	struct dispatch *d, const char *workspace, int64_t since_ms, int64_t now_ms, GError **error)
{
	struct outbox_row *row = outbox_make(d->s.outbox, OUTBOX_ASK_HISTORY, workspace, now_ms, error);
	if (row)
		row->word = g_strdup_printf("%" G_GINT64_FORMAT, since_ms);
	return row;
}

static gboolean ask_history(
	struct dispatch *d, const char *workspace, const struct past *past, int64_t now_ms, GError **error)
{
	struct outbox_row *row = question(d, workspace, past->since_ms, now_ms, error);
	if (!row)
		return FALSE;
	row->channel = g_strdup(past->channel);
	row->message = *past->message ? g_strdup(past->message) : NULL;
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* Since when nothing at all was heard; 0: nothing ever was. */
static gboolean silent_since(struct dispatch *d, const struct event *gap, int64_t *out_ms, GError **error)
{
	if (gap->at_ms > 0) {
		*out_ms = gap->at_ms;
		return TRUE;
	}
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_HEARD_LAST, ARG_TEXT(gap->place.workspace));
	*out_ms = db_next(rows) ? db_int(rows, 0) : 0;
	return db_end(rows, error);
}

/* Somebody may have written to us for the first time, or after a long while: nobody here knows of that channel. */
static gboolean ask_directs(
	struct dispatch *d, const struct event *gap, GHashTable *asked, int64_t now_ms, GError **error)
{
	int64_t since_ms;
	if (!silent_since(d, gap, &since_ms, error))
		return FALSE;
	if (since_ms == 0)
		return TRUE;
	struct outbox_row *row = question(d, gap->place.workspace, MAX(since_ms, now_ms - HEARD_MS), now_ms, error);
	if (!row)
		return FALSE;
	g_autoptr(cJSON) known = cJSON_CreateArray();
	GHashTableIter iter;
	gpointer channel;
	g_hash_table_iter_init(&iter, asked);
	while (g_hash_table_iter_next(&iter, &channel, NULL))
		json_push_text(known, channel);
	row->content = json_print(known);
	return outbox_put(d->s.outbox, row, NULL, error);
}

/* A team's channel however long it was quiet: a gap on the first morning after the holidays is one like any
 * other. */
static gboolean find_pasts(
	struct dispatch *d, const char *workspace, int64_t since_ms, GHashTable *pasts, GError **error)
{
	for (const struct team *const *t = roster_teams(d->s.roster); *t; t++) {
		if (!(*t)->channel || strcmp((*t)->config->workspace_name, workspace) != 0)
			continue;
		if (!note_pasts(db_query(d->s.db, &SQL_CORE_HEARD_IN, ARG_TEXT(workspace),
					ARG_TEXT((*t)->channel)),
			    pasts, error))
			return FALSE;
	}
	return note_pasts(db_query(d->s.db, &SQL_CORE_HEARD_SINCE, ARG_TEXT(workspace), ARG_INT(since_ms)),
		pasts, error);
}

gboolean dispatch_gap(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	int64_t began_ms = event->at_ms > 0 ? event->at_ms : now_ms;
	g_autoptr(GHashTable) pasts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, past_free);
	if (!dispatch_write_heard(d, now_ms, error) || !find_pasts(d, workspace, began_ms - HEARD_MS, pasts, error))
		return FALSE;
	log_info("reading what was missed", "workspace", workspace, "away_ms",
		event->at_ms > 0 ? event->until_ms - event->at_ms : 0, "channels", g_hash_table_size(pasts));
	GHashTableIter iter;
	gpointer past;
	g_hash_table_iter_init(&iter, pasts);
	while (g_hash_table_iter_next(&iter, NULL, &past)) {
		if (!ask_history(d, workspace, past, now_ms, error))
			return FALSE;
	}
	return g_strcmp0(event->value, EVENT_GAP_DIRECTS) != 0 || ask_directs(d, event, pasts, now_ms, error);
}

gboolean dispatch_write_heard(struct dispatch *d, int64_t now_ms, GError **error)
{
	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, d->heard);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct heard *h = value;
		if (!db_exec(d->s.db, &SQL_CORE_HEAR, error, ARG_TEXT(h->workspace), ARG_TEXT(h->channel),
			    ARG_TEXT(h->message), ARG_INT(h->at_ms)))
			return FALSE;
		if (!g_hash_table_contains(d->written, key))
			g_hash_table_add(d->written, g_strdup(key));
	}
	g_hash_table_remove_all(d->heard);
	d->heard_new = FALSE;
	d->wrote_heard_ms = now_ms;
	return TRUE;
}

gboolean dispatch_settle_heard(struct dispatch *d, int64_t now_ms, GError **error)
{
	gboolean lags = now_ms < d->wrote_heard_ms || now_ms >= d->wrote_heard_ms + HEARD_LAG_MS;
	return !(d->heard_new || lags) || dispatch_write_heard(d, now_ms, error);
}

void dispatch_forget_heard(struct dispatch *d)
{
	g_hash_table_remove_all(d->heard);
	g_hash_table_remove_all(d->written);
	d->heard_new = FALSE;
}

void dispatch_heard_free(gpointer heard)
{
	struct heard *h = heard;
	g_free(h->workspace);
	g_free(h->channel);
	g_free(h->message);
	g_free(h);
}

static gboolean is_newer(const struct event *event, const struct heard *than)
{
	return event->at_ms > than->at_ms ||
	       (event->at_ms == than->at_ms && strcmp(event->message, than->message) > 0);
}

void dispatch_hear(struct dispatch *d, const struct event *event)
{
	if (event->kind != EVENT_SAID || !event->message || !event->place.channel ||
		!dispatch_concerns_us(d, event))
		return;
	g_autofree char *key = g_strdup_printf("%s\n%s", event->place.workspace, event->place.channel);
	const struct heard *known = g_hash_table_lookup(d->heard, key);
	if (known && !is_newer(event, known))
		return;
	struct heard *heard = g_new(struct heard, 1);
	*heard = (struct heard){ g_strdup(event->place.workspace), g_strdup(event->place.channel),
		g_strdup(event->message), event->at_ms };
	d->heard_new = d->heard_new || !g_hash_table_contains(d->written, key);
	g_hash_table_insert(d->heard, g_steal_pointer(&key), heard);
}
