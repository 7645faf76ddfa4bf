/* SPDX-License-Identifier: MIT */
/* What has been seen already, so that it is handled once; and what was deleted before it came. */
#include "core/dispatch_private.h"

#include "base/clock.h"
#include "core_sql.h"

/* Slack's last scheduled redelivery comes within a day with "delayed events"; two hours on top. */
#define SEEN_MS HOURS(26)
/* What is old is looked for when so many events were kept, or so many batches passed. */
enum { SEEN_PER_FORGETTING = 1000, SETTLES_PER_FORGETTING = 50 };

/* *seen: the number under which these keys are on record now; 0: one of them was before. */
static gboolean record(struct dispatch *d, const char *workspace, const char *key0, const char *key1, const char *key2,
	int64_t now_ms, gint64 *seen, GError **error)
{
	gint64 id = sequence_next(&d->seen, d->s.db, error);
	if (!id || !db_exec(d->s.db, &SQL_CORE_SEE, error, ARG_INT(id), ARG_INT(now_ms), ARG_TEXT(workspace),
			   ARG_TEXT(key0), ARG_TEXT(key1), ARG_TEXT(key2)))
		return FALSE;
	*seen = db_changes(d->s.db) > 0 ? id : 0;
	d->seen_since += *seen ? 1 : 0;
	return TRUE;
}

gboolean dispatch_see(struct dispatch *d, const struct event *event, int64_t now_ms, gboolean *fresh,
	gint64 *seen, GError **error)
{
	*fresh = TRUE;
	*seen = 0;
	if (!event->keys[0] && !event->keys[1] && !event->keys[2])
		return TRUE;
	if (!record(d, event->place.workspace, event->keys[0], event->keys[1], event->keys[2], now_ms, seen, error))
		return FALSE;
	*fresh = *seen > 0;
	return TRUE;
}

gboolean dispatch_first_time(struct dispatch *d, const char *workspace, const char *key, int64_t now_ms, gboolean *first,
	GError **error)
{
	gint64 seen;
	if (!record(d, workspace, key, NULL, NULL, now_ms, &seen, error))
		return FALSE;
	*first = seen > 0;
	return TRUE;
}

static char *gone_key(const char *message_key)
{
	return g_strconcat("gone ", message_key, NULL);
}

gboolean dispatch_bar(struct dispatch *d, const struct event *event, int64_t now_ms, GError **error)
{
	const char *workspace = event->place.workspace;
	g_autofree char *gone = gone_key(event->subject);
	gint64 seen;
	return record(d, workspace, event->subject, NULL, NULL, now_ms, &seen, error) &&
	       record(d, workspace, gone, NULL, NULL, now_ms, &seen, error);
}

static gboolean is_seen(struct dispatch *d, const char *workspace, const char *key, gboolean *out, GError **error)
{
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_IS_SEEN, ARG_TEXT(key), ARG_TEXT(workspace));
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

gboolean dispatch_forget_seen(struct dispatch *d, int64_t now_ms, GError **error)
{
	if (++d->settles < SETTLES_PER_FORGETTING && d->seen_since < SEEN_PER_FORGETTING)
		return TRUE;
	/* More than came since: the table shrinks whatever the load. */
	guint most = SEEN_PER_FORGETTING + 2 * d->seen_since;
	d->settles = d->seen_since = 0;
	/* Looking at all of them would cost more than an event does; they stand in the order in which they came. */
	struct db_rows *rows = db_query(d->s.db, &SQL_CORE_OLDEST_SEEN);
	int64_t age_ms = db_next(rows) ? now_ms - db_int(rows, 0) : 0;
	if (!db_end(rows, error))
		return FALSE;
	/* The clock may have been ahead when it came. */
	return (age_ms >= 0 && age_ms <= SEEN_MS) ||
	       db_exec(d->s.db, &SQL_CORE_FORGET_SEEN, error, ARG_INT(now_ms - SEEN_MS), ARG_INT(most));
}
