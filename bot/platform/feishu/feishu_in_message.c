/* SPDX-License-Identifier: MIT */
/* Messages: of an event (protocols/feishu.md 3.3), and of a REST answer, which names the same things differently. */
#include "platform/feishu/feishu_in_parts.h"

#include "platform/feishu/feishu_text.h"

enum { FILES_MOST = 20 };

/* What both forms tell; borrowed. */
struct told {
	const char *id, *chat, *sender, *type, *content;
	const char *created, *updated; /* digits */
	const char *root, *thread;
	const cJSON *mentions;
	gboolean direct;
};

static gboolean is_us(const struct feishu_self *self, const char *person)
{
	return self->open_id && *self->open_id && g_strcmp0(person, self->open_id) == 0;
}

/* NULL when a person wrote it. Two bots that answer each other never stop. */
static const char *why_nobody(const struct feishu_self *self, const char *sender_type, const char *sender)
{
	if (strcmp(sender_type, "user") != 0)
		return "message of a bot";
	if (!sender)
		return "message without a sender";
	return is_us(self, sender) ? "our own message" : NULL;
}

static const char *why_no_message(const struct told *t)
{
	if (!t->id || !t->chat)
		return "message without id or chat";
	return t->type && strcmp(t->type, "system") == 0 ? "message of the system" : NULL;
}

/*
 * A resent message has a new id, but its sender, chat, time and words are the old ones (3.2). The time stands first: keys that
 * begin with what grows share the pages of the store (see db.h). An id alone must do where a recall names nothing else.
 */
static void put_said_keys(struct event *event, const struct told *t)
{
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA1, t->content, -1);
	hash[16] = '\0';
	feishu_in_key(event, 'm', t->id, NULL, NULL, NULL);
	if (t->created)
		feishu_in_key(event, 's', t->created, t->sender, t->chat, hash);
}

static gboolean is_edited(const struct told *t)
{
	return feishu_in_time_ms(t->updated, 0) > feishu_in_time_ms(t->created, INT64_MAX);
}

static void put_text(char **at, const char *text)
{
	g_free(*at);
	*at = g_strdup(text);
}

static void put_file(struct event *event, const struct told *t, const char *key, const char *name, gboolean picture)
{
	if (!key || !feishu_text_is_id(key) || (event->files && event->files->len >= FILES_MOST))
		return;
	g_autofree char *whole = g_strdup_printf("%s %s", t->id, key); /* a file is asked for by its message too (7.1) */
	event_add_file(event, whole, name, 0, picture);
}

/* Pictures of a rich text stand among its words. */
static void put_post_files(struct event *event, const struct told *t, const cJSON *content)
{
	const cJSON *line, *node;
	cJSON_ArrayForEach (line, json_array(content, "content")) {
		cJSON_ArrayForEach (node, line) {
			if (strcmp(json_text_or(node, "tag", ""), "img") == 0)
				put_file(event, t, feishu_in_text(node, "image_key"), NULL, TRUE);
		}
	}
}

static void put_files(struct event *event, const struct told *t)
{
	const char *type = t->type ? t->type : "";
	if (!strstr(t->content, "_key\""))
		return;
	g_autoptr(cJSON) content = json_parse(t->content, strlen(t->content), NULL);
	if (strcmp(type, "post") == 0)
		put_post_files(event, t, content);
	else if (strcmp(type, "image") == 0)
		put_file(event, t, feishu_in_text(content, "image_key"), NULL, TRUE);
	else
		put_file(event, t, feishu_in_text(content, "file_key"), feishu_in_text(content, "file_name"), FALSE);
}

/* Fills an event that has person and channel; FALSE: there is nothing in it. */
static gboolean take(struct event *event, const struct feishu_self *self, const struct told *t)
{
	if (!feishu_text_read(event, t->type ? t->type : "", t->content, t->mentions, self->open_id))
		return FALSE;
	put_text(&event->message, t->id);
	g_clear_pointer(&event->files, g_array_unref);
	put_files(event, t);
	put_text(&event->place.thread, t->root);
	event->place.kind = t->direct ? PLACE_DIRECT : PLACE_CHANNEL;
	event->at_ms = feishu_in_time_ms(t->created, event->at_ms);
	return TRUE;
}

static void take_edit(struct event *event, const struct told *t)
{
	event->kind = EVENT_EDITED;
	event->subject = g_strconcat("m:", t->id, NULL);
	event->at_ms = feishu_in_time_ms(t->updated, event->at_ms);
	event->keys[1] = event->keys[0]; /* the same edit read from history has only the key that stands first here */
	event->keys[0] = NULL;
	feishu_in_key(event, 'x', t->id, t->updated, NULL, NULL);
}

static struct told of_event(const struct reading *r)
{
	const cJSON *message = json_object(r->event, "message");
	return (struct told){
		.id = feishu_in_text(message, "message_id"),
		.chat = feishu_in_text(message, "chat_id"),
		.sender = feishu_in_text(r->event, "sender.sender_id.open_id"),
		.type = feishu_in_text(message, "message_type"),
		.content = json_text_or(message, "content", ""),
		.created = feishu_in_text(message, "create_time"),
		.updated = feishu_in_text(message, "update_time"),
		.root = feishu_in_text(message, "root_id"),
		.mentions = json_array(message, "mentions"),
		.direct = g_strcmp0(json_text_or(message, "chat_type", NULL), "p2p") == 0,
	};
}

void feishu_in_message(struct reading *r)
{
	struct told t = of_event(r);
	const char *why = why_nobody(r->self, json_text_or(r->event, "sender.sender_type", "user"), t.sender);
	if (!why)
		why = why_no_message(&t);
	r->delivery->ignored = why;
	if (why)
		return;
	struct event *event = feishu_in_add(r, EVENT_SAID, t.sender, t.chat);
	if (!take(event, r->self, &t)) {
		g_ptr_array_remove(r->delivery->events, event);
		r->delivery->ignored = "message without content";
		return;
	}
	if (is_edited(&t)) {
		take_edit(event, &t);
		return;
	}
	put_said_keys(event, &t);
	event->place.token = g_strdup("{\"said\":true}"); /* a form can be opened */
}

/* ---- REST ---- */

static struct told of_item(const cJSON *item, gboolean direct)
{
	return (struct told){
		.id = feishu_in_text(item, "message_id"),
		.chat = feishu_in_text(item, "chat_id"),
		.sender = feishu_in_text(item, "sender.id"),
		.type = feishu_in_text(item, "msg_type"),
		.content = json_text_or(item, "body.content", ""),
		.created = feishu_in_text(item, "create_time"),
		.updated = feishu_in_text(item, "update_time"),
		.root = feishu_in_text(item, "root_id"),
		.mentions = json_array(item, "mentions"),
		.direct = direct,
	};
}

static struct event *late(const struct feishu_self *self, enum event_kind kind, const struct told *t)
{
	struct event *event = event_new(kind, self->workspace);
	event->person = g_strdup(t->sender);
	event->place.channel = g_strdup(t->chat);
	event->late_copy = TRUE;
	return event;
}

/* Recalled messages stay in the list, without what they said. */
static struct event *recalled(const struct feishu_self *self, const struct told *t)
{
	struct event *event = late(self, EVENT_DELETED, t);
	event->place.kind = t->direct ? PLACE_DIRECT : PLACE_CHANNEL;
	event->message = g_strdup(t->id);
	event->subject = g_strconcat("m:", t->id, NULL);
	feishu_in_key(event, 'd', t->id, NULL, NULL, NULL);
	return event;
}

static void put_words(const struct feishu_self *self, const struct told *t, gboolean edited, GPtrArray *out)
{
	struct event *event = late(self, EVENT_SAID, t);
	if (!take(event, self, t)) {
		event_free(event);
		return;
	}
	if (edited)
		take_edit(event, t);
	else
		put_said_keys(event, t);
	g_ptr_array_add(out, event);
}

void feishu_in_history(
	const struct feishu_self *self, const cJSON *item, gboolean direct, int64_t since_ms, GPtrArray *out)
{
	struct told t = of_item(item, direct);
	if (why_no_message(&t) || why_nobody(self, json_text_or(item, "sender.sender_type", ""), t.sender))
		return;
	if (json_bool_or(item, "deleted", FALSE)) {
		g_ptr_array_add(out, recalled(self, &t));
		return;
	}
	if (is_edited(&t) && feishu_in_time_ms(t.updated, 0) >= since_ms)
		put_words(self, &t, TRUE, out);
	if (feishu_in_time_ms(t.created, 0) >= since_ms)
		put_words(self, &t, FALSE, out);
}

struct event *feishu_in_found(const struct feishu_self *self, const cJSON *item, gboolean direct)
{
	struct told t = of_item(item, direct);
	if (why_no_message(&t) || json_bool_or(item, "deleted", FALSE) ||
		why_nobody(self, json_text_or(item, "sender.sender_type", ""), t.sender))
		return NULL;
	struct event *event = event_new(EVENT_FOUND, self->workspace);
	event->person = g_strdup(t.sender);
	event->place.channel = g_strdup(t.chat);
	if (!take(event, self, &t))
		g_clear_pointer(&event, event_free);
	return event;
}

gboolean feishu_in_is_ours(const struct feishu_self *self, const cJSON *item)
{
	const char *sender = feishu_in_text(item, "sender.id");
	return sender && (g_strcmp0(sender, self->app_id) == 0 || is_us(self, sender));
}

/* An edit's text, and when it was made. FALSE: there is nothing in the message any more. */
static gboolean complete_edit(const struct feishu_self *self, struct event *event, const cJSON *item)
{
	struct told t = of_item(item, event->place.kind == PLACE_DIRECT);
	if (json_bool_or(item, "deleted", FALSE) || !take(event, self, &t))
		return FALSE;
	take_edit(event, &t);
	return TRUE;
}

gboolean feishu_in_complete(const struct feishu_self *self, struct event *event, const cJSON *item)
{
	const char *chat = feishu_in_text(item, "chat_id"), *sender = feishu_in_text(item, "sender.id");
	gboolean person = g_strcmp0(json_text_or(item, "sender.sender_type", NULL), "user") == 0;
	if (!event->place.channel)
		event->place.channel = g_strdup(chat);
	if (!event->person && person)
		event->person = g_strdup(sender);
	if (!event->place.thread)
		event->place.thread = g_strdup(feishu_in_text(item, "root_id"));
	if (event->place.channel && feishu_in_is_direct(self, event->place.channel))
		event->place.kind = PLACE_DIRECT;
	if (!event->place.channel || !event->person)
		return FALSE;
	return event->kind != EVENT_EDITED || complete_edit(self, event, item);
}
