/* SPDX-License-Identifier: MIT */
/* Reading what was said: a channel newest first, a thread oldest first (protocol section 8, remarks). */
#include "sandbox/webapi.h"
#include "sandbox/wire.h"

enum { DEFAULT_PAGE = 100, MOST_HISTORY = 999, MOST_REPLIES = 1000 };

const char *conversations_history(struct api_call *call);
const char *conversations_replies(struct api_call *call);

struct window {
	const struct channel *channel;
	guint from, to; /* indices into the channel's messages: between oldest and latest */
};

/* The 10-digit form that sorts as text, of whatever number was sent: "0", "1767225600", "1767225600.000100". */
static char *normal_ts(const char *text)
{
	int64_t us = room_ts_us(text);
	return us < 0 ? NULL :
			g_strdup_printf("%010" G_GINT64_FORMAT ".%06d", us / G_USEC_PER_SEC, (int)(us % G_USEC_PER_SEC));
}

static const char *read_window(struct api_call *call, struct window *w)
{
	const char *error = NULL, *oldest = call_text(call, "oldest"), *latest = call_text(call, "latest");
	gboolean inclusive = call_flag(call, "inclusive", FALSE);
	w->channel = call_channel_right(call, "channel", "history", &error);
	if (!w->channel)
		return error;
	if (!room_is_in(w->channel, call->room->bot))
		return "not_in_channel";
	g_autofree char *from = oldest ? normal_ts(oldest) : g_strdup("");
	g_autofree char *to = latest ? normal_ts(latest) : NULL;
	if (!from)
		return "invalid_ts_oldest";
	if (latest && !to)
		return "invalid_ts_latest";
	w->from = room_message_index(w->channel, from, !inclusive);
	w->to = to ? room_message_index(w->channel, to, inclusive) : w->channel->messages->len;
	return NULL;
}

static guint page_size(const struct api_call *call, guint wanted)
{
	return call->sb->page_messages ? MIN(wanted, call->sb->page_messages) : wanted;
}

/* next: the first message of the next page; NULL: this was the last. */
static void finish_page(struct api_call *call, const struct message *next)
{
	json_put_bool(call->reply, "has_more", next != NULL);
	if (next)
		call_set_cursor(call, "next_ts", room_ts_us(next->ts));
}

static unsigned parts_wanted(struct api_call *call)
{
	return WIRE_COUNTS | (call_flag(call, "include_all_metadata", FALSE) ? WIRE_METADATA : 0);
}

static char *ts_of_us(int64_t us)
{
	return g_strdup_printf("%010" G_GINT64_FORMAT ".%06d", us / G_USEC_PER_SEC, (int)(us % G_USEC_PER_SEC));
}

static gboolean is_in_channel(const struct message *m)
{
	return !m->ephemeral_to && (!m->thread_ts || m->broadcast);
}

const char *conversations_history(struct api_call *call)
{
	struct window w;
	guint size;
	int64_t start_us;
	const char *error = read_window(call, &w);
	if (error || !call_limit(call, DEFAULT_PAGE, MOST_HISTORY, &size, &error) ||
		!call_cursor(call, "next_ts", -1, &start_us, &error))
		return error;
	if (start_us >= 0) {
		g_autofree char *start = ts_of_us(start_us);
		w.to = MIN(w.to, room_message_index(w.channel, start, TRUE));
	}
	cJSON *messages = json_put_array(call->reply, "messages");
	const struct message *next = NULL;
	size = page_size(call, size);
	for (guint at = w.to; at > w.from && !next; at--) {
		const struct message *m = g_ptr_array_index(w.channel->messages, at - 1);
		if (!is_in_channel(m))
			continue;
		if (size-- == 0)
			next = m;
		else
			cJSON_AddItemToArray(messages, wire_message(call->room, m, parts_wanted(call)));
	}
	json_put_int(call->reply, "pin_count", 0);
	finish_page(call, next);
	return NULL;
}

const char *conversations_replies(struct api_call *call)
{
	struct window w;
	guint size;
	int64_t start_us;
	const char *error = read_window(call, &w);
	if (error || !call_limit(call, DEFAULT_PAGE, MOST_REPLIES, &size, &error) ||
		!call_cursor(call, "next_ts", 0, &start_us, &error))
		return error;
	const struct message *parent = room_message(w.channel, call_text(call, "ts")), *next = NULL;
	if (!parent || parent->ephemeral_to)
		return "thread_not_found";
	cJSON *messages = json_put_array(call->reply, "messages");
	cJSON_AddItemToArray(messages, wire_message(call->room, parent, parts_wanted(call)));
	g_autofree char *start = ts_of_us(start_us);
	guint at = MAX(w.from, room_message_index(w.channel, parent->ts, TRUE));
	at = MAX(at, room_message_index(w.channel, start, FALSE));
	size = page_size(call, size);
	for (; at < w.to && !next; at++) {
		const struct message *m = g_ptr_array_index(w.channel->messages, at);
		if (m->ephemeral_to || g_strcmp0(m->thread_ts, parent->ts) != 0)
			continue;
		if (size-- == 0)
			next = m;
		else
			cJSON_AddItemToArray(messages, wire_message(call->room, m, parts_wanted(call)));
	}
	finish_page(call, next);
	return NULL;
}
