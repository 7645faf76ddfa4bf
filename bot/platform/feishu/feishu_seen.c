/* SPDX-License-Identifier: MIT */
/*
 * Messages that passed here lately. Feishu tells of a reaction without its chat and of a recall without its author; to
 * look the message up costs a call of the month's quota, so the last few thousand are remembered.
 */
#include "platform/feishu/feishu_room.h"

enum { SEEN_LIMIT = 4096 };

struct seen {
	GList link; /* in the queue, the oldest first */
	char *message, *chat, *root, *person;
	gboolean settled;
};

struct feishu_seen {
	GHashTable *messages; /* id → struct seen, owned */
	GQueue order;
};

static void seen_free(gpointer data)
{
	struct seen *s = data;
	g_free(s->message);
	g_free(s->chat);
	g_free(s->root);
	g_free(s->person);
	g_free(s);
}

struct feishu_seen *feishu_seen_new(void)
{
	struct feishu_seen *seen = g_new0(struct feishu_seen, 1);
	seen->messages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, seen_free);
	g_queue_init(&seen->order);
	return seen;
}

void feishu_seen_free(struct feishu_seen *seen)
{
	if (!seen)
		return;
	g_hash_table_unref(seen->messages);
	g_free(seen);
}

static void forget_oldest(struct feishu_seen *seen)
{
	GList *oldest = g_queue_pop_head_link(&seen->order);
	g_hash_table_remove(seen->messages, ((const struct seen *)oldest->data)->message);
}

void feishu_seen_note(
	struct feishu_seen *seen, const char *message, const char *chat, const char *root, const char *person)
{
	if (!message || !chat || g_hash_table_contains(seen->messages, message))
		return;
	if (seen->order.length >= SEEN_LIMIT)
		forget_oldest(seen);
	struct seen *s = g_new0(struct seen, 1);
	s->message = g_strdup(message);
	s->chat = g_strdup(chat);
	s->root = g_strdup(root);
	s->person = g_strdup(person);
	s->link.data = s;
	g_queue_push_tail_link(&seen->order, &s->link);
	g_hash_table_insert(seen->messages, s->message, s);
}

void feishu_seen_settle(struct feishu_seen *seen, const char *message)
{
	struct seen *s = message ? g_hash_table_lookup(seen->messages, message) : NULL;
	if (s)
		s->settled = TRUE;
}

gboolean feishu_seen_is_settled(const struct feishu_seen *seen, const char *message)
{
	const struct seen *s = message ? g_hash_table_lookup(seen->messages, message) : NULL;
	return s && s->settled;
}

void feishu_seen_item(struct feishu_seen *seen, const cJSON *item)
{
	gboolean user = g_strcmp0(json_text_or(item, "sender.sender_type", NULL), "user") == 0;
	feishu_seen_note(seen, json_text_or(item, "message_id", NULL), json_text_or(item, "chat_id", NULL),
		json_text_or(item, "root_id", NULL), user ? json_text_or(item, "sender.id", NULL) : NULL);
}

cJSON *feishu_seen_find(const struct feishu_seen *seen, const char *message)
{
	const struct seen *s = message ? g_hash_table_lookup(seen->messages, message) : NULL;
	if (!s)
		return NULL;
	cJSON *item = cJSON_CreateObject(), *sender = json_put_object(item, "sender");
	json_put_text(item, "message_id", s->message);
	json_put_text(item, "chat_id", s->chat);
	json_put_text(item, "root_id", s->root);
	json_put_text(sender, "id", s->person);
	json_put_text(sender, "sender_type", s->person ? "user" : "app");
	return item;
}
