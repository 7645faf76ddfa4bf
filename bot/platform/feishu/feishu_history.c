/* SPDX-License-Identifier: MIT */
/*
 * Errands that read what stands in a chat (protocols/feishu.md 6.4, 7.1): what a gap has hidden is told as if it came now,
 * and a post too long in doubt is looked for.
 *
 * Of a thread only its opening message stands in the chat's list, so the threads of the day before are read too: a
 * reply to this morning's prompt stands in the prompt's thread.
 */
#include "platform/feishu/feishu_room.h"

#include "base/log.h"

enum {
	REPUSH_MS = 20 * 60 * 1000,   /* what waited for its second or third push when the newest known came */
	PARENT_MS = 26 * 3600 * 1000, /* how old a thread may be whose replies are looked for */
	LOOK_BACK_MS = 60000,	      /* before a row's own time: the clocks may differ */
	PAGE_LIMIT = 40,
	THREAD_LIMIT = 20, /* each costs a call */
	MESSAGE_LIMIT = 5000,
};

/* --- a gap --- */

struct past {
	int64_t since_ms;    /* told is what is newer */
	GPtrArray *messages; /* struct event */
	GQueue threads;	     /* omt_ ids; the newest last */
	guint pages;
};

static void past_free(gpointer data)
{
	struct past *p = data;
	g_ptr_array_unref(p->messages);
	g_queue_clear_full(&p->threads, g_free);
	g_free(p);
}

static void note_message(struct feishu_errand *e, const cJSON *item)
{
	struct adapter *a = e->adapter;
	struct past *p = e->work;
	gboolean direct = g_hash_table_contains(a->directs, e->row->channel);
	feishu_seen_item(a->seen, item);
	if (p->messages->len < MESSAGE_LIMIT)
		feishu_in_history(&a->self, item, direct, p->since_ms, p->messages);
}

static void note_thread(struct past *p, const char *thread)
{
	if (!thread || !*thread || g_queue_find_custom(&p->threads, thread, (GCompareFunc)strcmp))
		return;
	g_queue_push_tail(&p->threads, g_strdup(thread));
	if (p->threads.length > THREAD_LIMIT)
		g_free(g_queue_pop_head(&p->threads));
}

/* What became of known messages, then what was said: an edit of what nobody knows yet is passed over (core). */
static gint by_time(gconstpointer x, gconstpointer y)
{
	const struct event *a = *(struct event *const *)x, *b = *(struct event *const *)y;
	int said = (a->kind == EVENT_SAID) - (b->kind == EVENT_SAID);
	return said ? said : (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

static void tell_past(struct feishu_errand *e)
{
	struct past *p = e->work;
	struct adapter *a = e->adapter;
	if (p->messages->len >= MESSAGE_LIMIT || p->pages >= PAGE_LIMIT)
		log_warning("too much was missed, telling a part", "channel", e->row->channel, "messages",
			p->messages->len);
	g_ptr_array_sort(p->messages, by_time);
	log_info("read what was missed", "workspace", a->workspace->name, "channel", e->row->channel, "messages",
		p->messages->len);
	for (guint i = 0; i < p->messages->len; i++)
		a->host->event(a->host->data, g_steal_pointer(&p->messages->pdata[i]));
	feishu_errand_done(e);
}

static void read_thread(struct feishu_errand *e);

static void next_thread(struct feishu_errand *e)
{
	struct past *p = e->work;
	g_free(g_queue_pop_head(&p->threads));
	g_clear_pointer(&e->cursor, g_free);
	read_thread(e);
}

/* A thread that is gone, or that may not be read, does not hide the others. */
static gboolean is_closed(const struct feishu_called *called)
{
	int64_t code;
	if (feishu_answer_is_success(&called->reply, &code) || code <= 0)
		return FALSE;
	enum feishu_class class = feishu_code_class(code, OUTBOX_ASK_HISTORY);
	return class == FEISHU_GONE || class == FEISHU_FORBIDDEN || class == FEISHU_BUG || class == FEISHU_DESTINATION;
}

static void thread_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	struct past *p = e->work;
	if (is_closed(called)) {
		next_thread(e);
		return;
	}
	if (!feishu_errand_read(e, called, read_thread))
		return;
	const cJSON *item;
	cJSON_ArrayForEach (item, json_array(called->reply.body, "data.items"))
		note_message(e, item);
	p->pages++;
	if (feishu_errand_turn_page(e, called->reply.body) && p->pages < PAGE_LIMIT)
		read_thread(e);
	else
		next_thread(e);
}

/* From its beginning: a thread cannot be asked for a part of its time. */
static void read_thread(struct feishu_errand *e)
{
	struct past *p = e->work;
	const char *thread = g_queue_peek_head(&p->threads);
	struct feishu_request request = { 0 };
	if (!thread || p->pages >= PAGE_LIMIT)
		tell_past(e);
	else if (feishu_out_history(thread, TRUE, 0, e->cursor, &request))
		feishu_errand_call(e, &request, thread_answered);
	else
		next_thread(e);
}

static void read_page(struct feishu_errand *e);

static void page_answered(struct feishu_errand *e, const struct feishu_called *called)
{
	if (!feishu_errand_read(e, called, read_page))
		return;
	struct past *p = e->work;
	const cJSON *item;
	cJSON_ArrayForEach (item, json_array(called->reply.body, "data.items")) {
		note_message(e, item);
		note_thread(p, json_text_or(item, "thread_id", NULL));
	}
	p->pages++;
	if (feishu_errand_turn_page(e, called->reply.body) && p->pages < PAGE_LIMIT) {
		read_page(e);
		return;
	}
	g_clear_pointer(&e->cursor, g_free);
	read_thread(e);
}

static void read_page(struct feishu_errand *e)
{
	const struct past *p = e->work;
	feishu_errand_ask(e, MAX(p->since_ms - PARENT_MS, 1), page_answered);
}

void feishu_ask_history(struct feishu_errand *e)
{
	struct past *p = g_new0(struct past, 1);
	int64_t now_ms = clock_now_ms(e->adapter->clock);
	int64_t known_ms = feishu_in_time_ms(e->row->word, now_ms - PARENT_MS);
	/* Where nothing was heard yet, what stands is from before we came. */
	p->since_ms = e->row->message ? known_ms - REPUSH_MS : known_ms;
	p->messages = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	g_queue_init(&p->threads);
	e->work = p;
	e->work_free = past_free;
	read_page(e);
}

/* --- a post in doubt --- */

/* What absent_step needs to go on. */
struct look {
	feishu_errand_step *absent;
};

static void look_at_page(struct feishu_errand *e);

static void page_looked_at(struct feishu_errand *e, const struct feishu_called *called)
{
	if (!feishu_errand_read(e, called, look_at_page))
		return;
	const struct look *look = e->work;
	const cJSON *item;
	cJSON_ArrayForEach (item, json_array(called->reply.body, "data.items")) {
		if (feishu_in_is_ours(&e->adapter->self, item) &&
			!feishu_seen_is_settled(e->adapter->seen, json_text_or(item, "message_id", NULL))) {
			feishu_errand_fail(e,
				"its fate is unknown for more than an hour, and something of ours stands there: "
				"not sent again");
			return;
		}
	}
	if (feishu_errand_turn_page(e, called->reply.body))
		look_at_page(e);
	else
		look->absent(e);
}

static void look_at_page(struct feishu_errand *e)
{
	struct feishu_request request = { 0 };
	if (feishu_out_history(e->row->channel, FALSE, e->row->created_ms - LOOK_BACK_MS, e->cursor, &request))
		feishu_errand_call(e, &request, page_looked_at);
	else
		feishu_errand_fail(e, "its fate is unknown, and it cannot be looked up");
}

/* Cards come back without what stood in them (9.1): which of ours it is cannot be told, but for those whose row we know. */
void feishu_look_for(struct feishu_errand *e, feishu_errand_step *absent)
{
	if (!e->row->channel || e->row->thread) {
		feishu_errand_fail(e, "its fate is unknown for more than an hour: not sent again");
		return;
	}
	struct look *look = g_new0(struct look, 1);
	look->absent = absent;
	e->work = look;
	e->work_free = g_free;
	look_at_page(e);
}
