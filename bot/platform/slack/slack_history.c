/* SPDX-License-Identifier: MIT */
/*
 * Errands that read what stands in a channel (protocols/slack.md, 2.10 and 10.3): a post in doubt is looked
 * for, and what a gap has hidden is told as if it came now.
 *
 * A gap's reading goes back further than what is known: a reply to this morning's prompt stands in the
 * prompt's thread, and the prompt itself is older than the gap; and what was said before it may have been edited
 * or deleted in it. Pages come newest first, so the look back may end anywhere.
 */
#include "platform/slack/slack_room.h"

#include "base/log.h"

enum {
	LOOK_BACK_MS = 60000,	      /* before a row's own time: the clocks may differ */
	RETRIES_MS = 10 * 60000,      /* before what is known: a repeat comes up to 6 minutes late */
	PARENT_MS = 26 * 3600 * 1000, /* how old a thread may be whose replies are looked for */
	PARENT_PAGES = 3,	      /* pages read for the sake of such threads and edits alone */
	CLOCKS_MS = 60000,	      /* how far our clock may be ahead of Slack's */
	MESSAGE_LIMIT = 5000,
};

/* --- a post in doubt --- */

/*
 * What a look found: the rows whose messages stand in a channel or thread. After a crash many rows of one
 * channel are in doubt; one look answers for all that are younger than its start.
 */
struct scan {
	int64_t from_ms;   /* UTC: looked at since then */
	int64_t looked_ms; /* monotonic: when it began */
	GHashTable *found; /* gint64 * row → ts */
	GPtrArray *shared; /* struct sighting: files of ours */
};

/* A file of ours stands in the channel. */
struct sighting {
	char *ts, *name;
};

static void sighting_free(gpointer data)
{
	struct sighting *sighting = data;
	g_free(sighting->ts);
	g_free(sighting->name);
	g_free(sighting);
}

static void scan_free(gpointer data)
{
	struct scan *scan = data;
	g_hash_table_unref(scan->found);
	g_ptr_array_unref(scan->shared);
	g_free(scan);
}

GHashTable *slack_scans_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, scan_free);
}

static const char *errand_channel(const struct errand *e)
{
	return e->channel ? e->channel : e->row->channel;
}

static char *scan_key(const struct errand *e)
{
	return g_strdup_printf("%s %s", errand_channel(e), e->row->thread ? e->row->thread : "");
}

/* No later row of this channel went out while this one was in doubt: the files under its message are its own. */
static void note_shared(struct errand *e, const struct scan *scan, const char *ts)
{
	for (guint i = 0; i < scan->shared->len; i++) {
		const struct sighting *sighting = scan->shared->pdata[i];
		if (strcmp(sighting->ts, ts) > 0)
			slack_upload_note_shared(e, sighting->name);
	}
}

static void found(struct errand *e, const struct scan *scan, const char *ts)
{
	log_info("post in doubt was done", "workspace", e->adapter->workspace->name, "row", e->row->id);
	if (cargo_follows(e->upload.cargo)) {
		note_shared(e, scan, ts);
		slack_upload_share(e, errand_channel(e), ts);
		return;
	}
	errand_end(e,
		&(struct outcome){
			.result = SEND_DONE, .after_ms = -1, .message = ts, .channel = errand_channel(e) });
}

static void note_files(struct scan *scan, const struct slack_self *self, const cJSON *message)
{
	const cJSON *file;
	const char *user = json_text_or(message, "user", NULL), *ts = json_text_or(message, "ts", NULL);
	if (g_strcmp0(user, self->user_id) != 0 || !ts)
		return;
	cJSON_ArrayForEach (file, json_array(message, "files")) {
		struct sighting *sighting = g_new0(struct sighting, 1);
		sighting->ts = g_strdup(ts);
		sighting->name = g_strdup(json_text_or(file, "name", ""));
		g_ptr_array_add(scan->shared, sighting);
	}
}

static void scan_note(struct scan *scan, const struct slack_self *self, const cJSON *messages)
{
	const cJSON *message;
	cJSON_ArrayForEach (message, messages) {
		gint64 row = slack_in_row(self, message);
		const char *ts = json_text_or(message, "ts", NULL);
		if (row && ts)
			g_hash_table_insert(scan->found, g_memdup2(&row, sizeof row), g_strdup(ts));
		note_files(scan, self, message);
	}
}

static void look_at_page(struct errand *e);

/* The look is over: it becomes the channel's, and answers. */
static void look_ended(struct errand *e)
{
	struct scan *scan = g_steal_pointer(&e->work);
	e->work_free = NULL;
	g_hash_table_insert(e->adapter->scans, scan_key(e), scan);
	const char *ts = g_hash_table_lookup(scan->found, &e->row->id);
	if (ts)
		found(e, scan, ts);
	else
		e->absent(e);
}

static void page_looked_at(struct errand *e, const struct slack_called *called)
{
	if (g_strcmp0(json_text_or(called->reply.body, "error", NULL), "thread_not_found") != 0 &&
		!errand_read(e, called, look_at_page))
		return;
	struct scan *scan = e->work;
	scan_note(scan, &e->adapter->self, json_array(called->reply.body, "messages"));
	/* Files stand beside the message, maybe on another page. */
	gboolean enough = g_hash_table_contains(scan->found, &e->row->id) && !cargo_follows(e->upload.cargo);
	if (!enough && errand_turn_page(e, called->reply.body))
		look_at_page(e);
	else
		look_ended(e);
}

static void look_at_page(struct errand *e)
{
	const struct scan *scan = e->work;
	g_auto(slack_request_auto) request = { 0 };
	g_autofree char *oldest = slack_out_ts(scan->from_ms);
	slack_out_history(errand_channel(e), e->row->thread, oldest, e->cursor, &request);
	errand_call(e, &request, page_looked_at);
}

/* FALSE: no earlier look can answer. */
static gboolean known_by_scan(struct errand *e, int64_t from_ms, int64_t not_before_ms)
{
	g_autofree char *key = scan_key(e);
	const struct scan *scan = g_hash_table_lookup(e->adapter->scans, key);
	if (!scan)
		return FALSE;
	const char *ts = g_hash_table_lookup(scan->found, &e->row->id);
	gboolean is_old = scan->from_ms > from_ms || scan->looked_ms < not_before_ms;
	if (ts && !(is_old && cargo_follows(e->upload.cargo))) {
		found(e, scan, ts);
		return TRUE;
	}
	if (is_old)
		return FALSE;
	e->looked_ms = scan->looked_ms;
	e->absent(e);
	return TRUE;
}

void slack_look_for(struct errand *e, int64_t not_before_ms, errand_step *absent)
{
	struct adapter *a = e->adapter;
	int64_t from_ms = e->row->created_ms - LOOK_BACK_MS;
	e->absent = absent;
	if (!a->known) { /* we could not tell our own from another's */
		errand_end(
			e, &(struct outcome){
				   .result = SEND_LATER, .after_ms = 1000, .reason = "not connected yet" });
		return;
	}
	if (known_by_scan(e, from_ms, not_before_ms))
		return;
	struct scan *scan = g_new0(struct scan, 1);
	scan->from_ms = from_ms;
	scan->looked_ms = clock_mono_ms(a->clock);
	scan->found = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	scan->shared = g_ptr_array_new_with_free_func(sighting_free);
	e->looked_ms = scan->looked_ms;
	e->work = scan;
	e->work_free = scan_free;
	g_clear_pointer(&e->cursor, g_free);
	look_at_page(e);
}

/* --- a gap --- */

struct past {
	GQueue channels;     /* still to be read, the one at hand first */
	GHashTable *asked;   /* others, which have rows of their own; NULL: the row names its channel */
	char *known;	     /* a ts: what is newer is told */
	char *oldest;	     /* how far back threads may have begun */
	GPtrArray *messages; /* struct event: what happened after `known` */
	GQueue threads;	     /* ts of opening messages whose replies are newer, or that are ours: people answer there */
	guint old_pages;
	GString *stands; /* ts of all that stands in the channel, one a line */
	char *first;	 /* the oldest of them; NULL: none yet */
	gboolean whole;	 /* all pages since `oldest` were read */
	gboolean limited; /* the plan hides a part */
	int64_t began_ms;
};

static void past_free(gpointer data)
{
	struct past *p = data;
	g_queue_clear_full(&p->channels, g_free);
	g_clear_pointer(&p->asked, g_hash_table_unref);
	g_ptr_array_unref(p->messages);
	g_queue_clear_full(&p->threads, g_free);
	g_string_free(p->stands, TRUE);
	g_free(p->known);
	g_free(p->oldest);
	g_free(p->first);
	g_free(p);
}

static const char *channel_at_hand(const struct errand *e)
{
	struct past *p = e->work;
	return g_queue_peek_head(&p->channels);
}

/* A ts sorts as text while its integer part has ten digits. */
static gboolean is_newer(const char *ts, const char *than)
{
	return ts && strcmp(ts, than) > 0;
}

static void note_message(struct errand *e, const cJSON *message)
{
	struct past *p = e->work;
	if (p->messages->len < MESSAGE_LIMIT)
		slack_in_history(&e->adapter->self, message, channel_at_hand(e), p->known, p->messages);
}

/* A message of the channel itself, newest first. */
static void note_standing(struct past *p, const char *ts)
{
	g_string_append_printf(p->stands, "%s\n", ts);
	g_free(p->first);
	p->first = g_strdup(ts);
}

static gint by_ts(gconstpointer x, gconstpointer y)
{
	const struct event *a = *(struct event *const *)x, *b = *(struct event *const *)y;
	return g_strcmp0(a->message, b->message);
}

/* What is not among it was deleted while nobody listened. Of an empty list nothing is concluded. */
static void tell_standing(struct errand *e)
{
	const struct past *p = e->work;
	struct adapter *a = e->adapter;
	const char *from = p->whole ? p->oldest : p->first;
	if (p->stands->len == 0 || p->limited)
		return;
	struct event *event = event_new(EVENT_STANDS, a->workspace->name);
	event->place.channel = g_strdup(channel_at_hand(e));
	event->text = g_strdup(p->stands->str);
	event->at_ms = slack_in_ts_ms(from, 0);
	event->until_ms = p->began_ms - CLOCKS_MS;
	a->host->event(a->host->data, event);
}

static void next_channel(struct errand *e);

static void leave_channel(struct errand *e)
{
	struct past *p = e->work;
	g_free(g_queue_pop_head(&p->channels));
	g_clear_pointer(&e->cursor, g_free);
	next_channel(e);
}

static void tell_past(struct errand *e)
{
	struct past *p = e->work;
	struct adapter *a = e->adapter;
	if (p->messages->len >= MESSAGE_LIMIT)
		log_warning("too much was missed, telling the newest part", "channel", channel_at_hand(e),
			"messages", p->messages->len);
	g_ptr_array_sort(p->messages, by_ts);
	log_info("read what was missed", "workspace", a->workspace->name, "channel", channel_at_hand(e),
		"messages", p->messages->len);
	for (guint i = 0; i < p->messages->len; i++)
		a->host->event(a->host->data, g_steal_pointer(&p->messages->pdata[i]));
	tell_standing(e);
	leave_channel(e);
}

static void read_thread(struct errand *e);

static void next_thread(struct errand *e)
{
	struct past *p = e->work;
	g_free(g_queue_pop_head(&p->threads));
	g_clear_pointer(&e->cursor, g_free);
	read_thread(e);
}

static gboolean is_closed(const struct slack_called *called)
{
	const char *error = json_text_or(called->reply.body, "error", NULL);
	enum slack_class class = slack_error_class(error);
	return error && (class == SLACK_GONE || class == SLACK_FORBIDDEN || class == SLACK_DESTINATION);
}

static void thread_answered(struct errand *e, const struct slack_called *called)
{
	struct past *p = e->work;
	/* A thread that is gone, or that bots may not read, does not hide the others. */
	if (is_closed(called)) {
		next_thread(e);
		return;
	}
	if (!errand_read(e, called, read_thread))
		return;
	const char *parent = g_queue_peek_head(&p->threads);
	const cJSON *message;
	cJSON_ArrayForEach (message, json_array(called->reply.body, "messages")) {
		if (g_strcmp0(json_text_or(message, "ts", NULL), parent) != 0)
			note_message(e, message);
	}
	if (errand_turn_page(e, called->reply.body))
		read_thread(e);
	else
		next_thread(e);
}

static void read_thread(struct errand *e)
{
	struct past *p = e->work;
	const char *parent = g_queue_peek_head(&p->threads);
	if (!parent) {
		tell_past(e);
		return;
	}
	g_auto(slack_request_auto) request = { 0 };
	slack_out_history(channel_at_hand(e), parent, p->oldest, e->cursor, &request);
	errand_call(e, &request, thread_answered);
}

static void read_page(struct errand *e);

static gboolean may_have_news(const struct errand *e, const cJSON *message)
{
	const struct past *p = e->work;
	return is_newer(json_text_or(message, "latest_reply", NULL), p->known) ||
	       (slack_in_is_ours(&e->adapter->self, message) && json_int_or(message, "reply_count", 0) > 0);
}

/* TRUE: all of the page is older than what is known. */
static gboolean note_page(struct errand *e, const cJSON *messages)
{
	struct past *p = e->work;
	gboolean all_old = TRUE;
	const cJSON *message;
	cJSON_ArrayForEach (message, messages) {
		const char *ts = json_text_or(message, "ts", NULL);
		if (!ts)
			continue;
		all_old &= !is_newer(ts, p->known);
		note_standing(p, ts);
		note_message(e, message);
		if (may_have_news(e, message))
			g_queue_push_tail(&p->threads, g_strdup(ts));
	}
	return all_old;
}

static void page_answered(struct errand *e, const struct slack_called *called)
{
	struct past *p = e->work;
	if (p->asked && is_closed(called)) {
		leave_channel(e);
		return;
	}
	if (!errand_read(e, called, read_page))
		return;
	p->old_pages += note_page(e, json_array(called->reply.body, "messages")) ? 1 : 0;
	p->limited |= json_bool_or(called->reply.body, "is_limited", FALSE);
	p->whole = !errand_turn_page(e, called->reply.body);
	if (!p->whole && p->old_pages < PARENT_PAGES && p->messages->len < MESSAGE_LIMIT) {
		read_page(e);
		return;
	}
	g_clear_pointer(&e->cursor, g_free);
	read_thread(e);
}

static void read_page(struct errand *e)
{
	const struct past *p = e->work;
	g_auto(slack_request_auto) request = { 0 };
	slack_out_history(channel_at_hand(e), NULL, p->oldest, e->cursor, &request);
	errand_call(e, &request, page_answered);
}

/* The one at hand is read; of the row's last the errand ends. */
static void next_channel(struct errand *e)
{
	struct past *p = e->work;
	if (!channel_at_hand(e)) {
		errand_done(e);
		return;
	}
	g_ptr_array_set_size(p->messages, 0);
	g_string_truncate(p->stands, 0);
	g_clear_pointer(&p->first, g_free);
	p->old_pages = 0;
	p->limited = FALSE;
	p->began_ms = clock_now_ms(e->adapter->clock);
	read_page(e);
}

static void ask_directs(struct errand *e);

static void directs_answered(struct errand *e, const struct slack_called *called)
{
	if (!errand_read(e, called, ask_directs))
		return;
	struct past *p = e->work;
	const cJSON *direct;
	cJSON_ArrayForEach (direct, json_array(called->reply.body, "channels")) {
		const char *id = json_text_or(direct, "id", NULL);
		if (id && !json_bool_or(direct, "is_user_deleted", FALSE) && g_hash_table_add(p->asked, g_strdup(id)))
			g_queue_push_tail(&p->channels, g_strdup(id));
	}
	if (errand_turn_page(e, called->reply.body)) {
		ask_directs(e);
		return;
	}
	g_clear_pointer(&e->cursor, g_free);
	next_channel(e);
}

static void ask_directs(struct errand *e)
{
	static const struct slack_method conversations = { .name = "users.conversations" };
	g_auto(slack_request_auto) request = { .method = &conversations,
		.body = slack_form("types", "im", "limit", "200", "cursor", e->cursor, NULL),
		.content_type = "application/x-www-form-urlencoded" };
	errand_call(e, &request, directs_answered);
}

/*
 * From a while before the newest that the core has: an older one may have waited for its repeat when the newest came,
 * and the gap have swallowed that. What the core has it recognises.
 */
static int64_t told_since_ms(const struct outbox_row *row, int64_t now_ms)
{
	if (row->message)
		return slack_in_ts_ms(row->message, now_ms) - RETRIES_MS;
	if (!row->channel && row->word)
		return g_ascii_strtoll(row->word, NULL, 10) - RETRIES_MS;
	return row->word ? g_ascii_strtoll(row->word, NULL, 10) - 1 : now_ms - PARENT_MS;
}

static GHashTable *channels_in(const char *list)
{
	GHashTable *channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(cJSON) tree = list ? json_parse(list, strlen(list), NULL) : NULL;
	const cJSON *channel;
	cJSON_ArrayForEach (channel, tree) {
		if (cJSON_IsString(channel))
			g_hash_table_add(channels, g_strdup(channel->valuestring));
	}
	return channels;
}

void slack_ask_history(struct errand *e)
{
	struct past *p = g_new0(struct past, 1);
	int64_t since_ms = told_since_ms(e->row, clock_now_ms(e->adapter->clock));
	p->known = slack_out_ts(since_ms);
	p->oldest = slack_out_ts(since_ms - PARENT_MS);
	p->messages = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	p->stands = g_string_new(NULL);
	g_queue_init(&p->threads);
	g_queue_init(&p->channels);
	e->work = p;
	e->work_free = past_free;
	if (e->row->channel) {
		g_queue_push_tail(&p->channels, g_strdup(e->row->channel));
		next_channel(e);
		return;
	}
	p->asked = channels_in(e->row->content);
	ask_directs(e);
}
