/* SPDX-License-Identifier: MIT */
/* What has been seen already, so that it is handled once; and what was deleted before it came. */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "core_sql.h"

/* Slack's last scheduled redelivery comes within a day with "delayed events"; two hours on top. */
#define SEEN_MS HOURS(26)
/* Behind all keys. */
#define LAST_KEY "\xf4\x8f\xbf\xbf"
/* So many keys, and twice as many as came, are looked at for old ones when so many came or so many batches passed. */
enum { SEEN_PER_FORGETTING = 1000, SETTLES_PER_FORGETTING = 100 };

/*
 * As it is stored. An adapter's key "m:TIME:…" is "TIME:…:m" there: an event and its message have one time, and share a
 * page; and " KEY" is any other, for times stand last then, where a page is not split for what comes next (see db.h).
 */
static char *stored(const char *key)
{
	gboolean timed = key[0] && key[1] == ':' && g_ascii_isdigit(key[2]);
	return timed ? g_strdup_printf("%s:%c", key + 2, key[0]) : g_strconcat(" ", key, NULL);
}

/* *fresh: stays when it was not on record; is FALSE when it was. */
static gboolean record(struct dispatch *d, const char *workspace, const char *key, int64_t now_ms, gboolean *fresh,
	GError **error)
{
	g_autofree char *text = stored(key);
	if (!db_exec(d->s.db, &SQL_CORE_SEE, error, ARG_TEXT(text), ARG_TEXT(workspace), ARG_INT(now_ms)))
		return FALSE;
	*fresh = *fresh && db_changes(d->s.db) > 0;
	d->seen_since++;
	return TRUE;
}

gboolean dispatch_see(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *fresh, GError **error)
{
	*fresh = TRUE;
	for (gsize i = 0; i < EVENT_KEYS; i++) {
		if (event->keys[i] && !record(d, event->place.workspace, event->keys[i], now_ms, fresh, error))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_unsee(struct dispatch *d, const struct event *event, GError **error)
{
	for (gsize i = 0; i < EVENT_KEYS; i++) {
		g_autofree char *text = event->keys[i] ? stored(event->keys[i]) : NULL;
		if (text && !db_exec(d->s.db, &SQL_CORE_UNSEE, error, ARG_TEXT(text), ARG_TEXT(event->place.workspace)))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_first_time(struct dispatch *d, const char *workspace, const char *key, int64_t now_ms, gboolean *first,
	GError **error)
{
	*first = TRUE;
	return record(d, workspace, key, now_ms, first, error);
}

static char *gone_key(const char *message_key)
{
	return g_strconcat("gone ", message_key, NULL);
}

gboolean dispatch_bar(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	g_autofree char *gone = gone_key(event->subject);
	gboolean fresh = TRUE;
	return record(d, workspace, event->subject, now_ms, &fresh, error) && record(d, workspace, gone, now_ms, &fresh, error);
}

static gboolean is_seen(struct dispatch *d, const char *workspace, const char *key, gboolean *out, GError **error)
{
	g_autofree char *text = stored(key);
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_IS_SEEN, ARG_TEXT(text), ARG_TEXT(workspace));
	*out = db_next(rows);
	return db_end(rows, error);
}

gboolean dispatch_is_gone(struct dispatch *d, const struct event *event, gboolean *out, GError **error)
{
	const char *const keys[] = { event->subject, event->keys[0], event->keys[1], event->keys[2] };
	gboolean tells = event->kind == EVENT_SAID || event->kind == EVENT_EDITED;
	*out = FALSE;
	for (gsize i = 0; tells && !*out && i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *gone = keys[i] ? gone_key(keys[i]) : NULL;
		if (gone && !is_seen(d, event->place.workspace, gone, out, error))
			return FALSE;
	}
	return TRUE;
}

gboolean dispatch_is_edit_of_nothing(struct dispatch *d, const struct event *event, gboolean *out, GError **error)
{
	gboolean said = TRUE;
	if (!dispatch_is_gone(d, event, out, error))
		return FALSE;
	if (event->late_copy && event->subject && !is_seen(d, event->place.workspace, event->subject, &said, error))
		return FALSE;
	*out |= !said;
	return TRUE;
}

/* The key so many further on; LAST_KEY at the end. */
static gboolean look_ahead(struct dispatch *d, guint most, char **out, GError **error)
{
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_SEEN_AFTER, ARG_TEXT(d->looked_to), ARG_INT(most));
	*out = g_strdup(db_next(rows) ? db_text(rows, 0) : LAST_KEY);
	return db_end(rows, error);
}

/* Keys do not stand in the order in which they came, so the looks go round and round. */
gboolean dispatch_forget_seen(struct dispatch *d, int64_t now_ms, GError **error)
{
	if (++d->settles < SETTLES_PER_FORGETTING && d->seen_since < SEEN_PER_FORGETTING)
		return TRUE;
	g_autofree char *to = NULL;
	if (!look_ahead(d, SEEN_PER_FORGETTING + 2 * d->seen_since, &to, error) ||
		!db_exec(d->s.db, &SQL_CORE_FORGET_SEEN, error, ARG_TEXT(d->looked_to), ARG_TEXT(to), ARG_INT(now_ms - SEEN_MS)))
		return FALSE;
	d->settles = d->seen_since = 0;
	g_free(d->looked_to);
	d->looked_to = strcmp(to, LAST_KEY) == 0 ? g_strdup("") : g_steal_pointer(&to);
	return TRUE;
}
