/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/wording.h"

#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/tongue.h"

void wording_put_number(cJSON *object, const char *key, int64_t number)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
	json_put_text(object, key, text);
}

/* ---- messages ---- */

static const cJSON *only_file(const struct message *m)
{
	return m->files ? m->files->child : NULL;
}

static gboolean is_image(const cJSON *file)
{
	return g_str_has_prefix(json_text_or(file, "mimetype", ""), "image/");
}

const char *wording_type(const struct message *m)
{
	if (m->card)
		return "interactive";
	if (m->post)
		return "post";
	if (!only_file(m))
		return "text";
	if (*m->text)
		return is_image(only_file(m)) ? "post" : "text";
	return is_image(only_file(m)) ? "image" : "file";
}

static void say_words(cJSON *line, const char *words, gsize length)
{
	g_autofree char *text = g_strndup(words, length);
	if (length == 0)
		return;
	cJSON *node = json_push_object(line);
	json_put_text(node, "tag", "text");
	json_put_text(node, "text", text);
	json_put_array(node, "style");
}

/* In a post a mention is a node of its own, "@_user_1" its key (3.3). */
static void say_with_mentions(cJSON *line, const char *text)
{
	static const char key[] = "@_user_";
	const char *at;
	while ((at = strstr(text, key))) {
		gsize length = strlen(key) + strspn(at + strlen(key), "0123456789");
		g_autofree char *user = g_strndup(at, length);
		say_words(line, text, (gsize)(at - text));
		cJSON *node = json_push_object(line);
		json_put_text(node, "tag", "at");
		json_put_text(node, "user_id", user);
		json_put_array(node, "style");
		text = at + length;
	}
	say_words(line, text, strlen(text));
}

/* A person's words and picture in one message: to Feishu that is a post. */
static cJSON *picture_post(const struct room *room, const struct message *m, GPtrArray *mentions)
{
	cJSON *post = cJSON_CreateObject();
	json_put_text(post, "title", "");
	cJSON *content = json_put_array(post, "content"), *first = cJSON_CreateArray(), *second = cJSON_CreateArray();
	cJSON_AddItemToArray(content, first);
	cJSON_AddItemToArray(content, second);
	cJSON *image = json_push_object(second);
	g_autofree char *text = tongue_to_feishu(room, m->text, mentions);
	g_autofree char *key = ident_image_key(json_text_or(only_file(m), "id", ""));
	say_with_mentions(first, text);
	json_put_text(image, "tag", "img");
	json_put_text(image, "image_key", key);
	return post;
}

/* As the editor of what people have sent writes it. */
static char *in_paragraphs(const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);
	g_auto(GStrv) lines = g_strsplit(escaped, "\n", -1);
	g_autofree char *inside = g_strjoinv("</p><p>", lines);
	return g_strconcat("<p>", inside, "</p>", NULL);
}

static cJSON *text_content(const struct room *room, const struct message *m, GPtrArray *mentions)
{
	cJSON *content = cJSON_CreateObject();
	g_autofree char *text = tongue_to_feishu(room, m->text, mentions);
	g_autofree char *edited = m->edited_ts && !m->author->is_bot ? in_paragraphs(text) : NULL;
	json_put_text(content, "text", edited ? edited : text);
	return content;
}

static cJSON *file_content(const struct message *m)
{
	cJSON *content = cJSON_CreateObject();
	const char *id = json_text_or(only_file(m), "id", "");
	g_autofree char *image_key = ident_image_key(id), *file_key = ident_file_key(id);
	if (is_image(only_file(m))) {
		json_put_text(content, "image_key", image_key);
	} else {
		json_put_text(content, "file_key", file_key);
		json_put_text(content, "file_name", json_text_or(only_file(m), "name", ""));
	}
	return content;
}

/* Of a 2.0 card an app gets its title and a request to update, 3.3. */
static cJSON *card_content(const struct message *m)
{
	static const char advice[] = "请升级至最新版本客户端，以查看内容";
	cJSON *content = cJSON_CreateObject();
	json_put_text(content, "title", json_text_or(m->card, "header.title.content", ""));
	cJSON *elements = json_put_array(content, "elements"), *line = cJSON_CreateArray();
	cJSON_AddItemToArray(elements, line);
	cJSON *node = json_push_object(line);
	json_put_text(node, "tag", "text");
	json_put_text(node, "text", advice);
	return content;
}

char *wording_content(const struct room *room, const struct message *m, GPtrArray *mentions)
{
	const char *type = wording_type(m);
	g_autoptr(cJSON) content = NULL;
	if (g_str_equal(type, "interactive"))
		content = card_content(m);
	else if (m->post)
		content = tongue_post_received(room, m->post, mentions);
	else if (g_str_equal(type, "post"))
		content = picture_post(room, m, mentions);
	else if (g_str_equal(type, "text"))
		content = text_content(room, m, mentions);
	else
		content = file_content(m);
	return json_print(content);
}

void wording_put_mentions(cJSON *object, const struct tenant *tenant, const GPtrArray *mentions, enum wording_for whom)
{
	if (!mentions->len)
		return;
	cJSON *array = json_put_array(object, "mentions");
	for (guint i = 0; i < mentions->len; i++) {
		const struct member *member = g_ptr_array_index(mentions, i);
		cJSON *mention = json_push_object(array);
		g_autofree char *key = g_strdup_printf("@_user_%u", i + 1), *open_id = ident_open_id(member);
		json_put_text(mention, "key", key);
		if (whom == WORDING_EVENT) {
			ident_put(mention, "id", member, tenant_may(tenant, "contact:user.employee_id:readonly"));
		} else {
			json_put_text(mention, "id", open_id);
			json_put_text(mention, "id_type", "open_id");
		}
		json_put_text(mention, "name", *member->display_name ? member->display_name : member->real_name);
		json_put_text(mention, "tenant_key", tenant->key);
	}
}

/* A message that only quotes another one is a reply without being in a thread. */
static gboolean has_thread(const struct channel *channel, const struct message *root)
{
	if (!root->reply_count)
		return FALSE;
	guint at = room_message_index(channel, root->ts, TRUE);
	for (; at < channel->messages->len; at++) {
		const struct message *m = g_ptr_array_index(channel->messages, at);
		if (!m->quotes && g_strcmp0(m->thread_ts, root->ts) == 0)
			return TRUE;
	}
	return FALSE;
}

void wording_put_thread(cJSON *object, const struct channel *channel, const struct message *m)
{
	const char *root_ts = m->thread_ts ? m->thread_ts : m->ts;
	g_autofree char *root_id = ident_message_id(channel, root_ts), *thread_id = ident_thread_id(channel, root_ts);
	if (m->thread_ts) {
		json_put_text(object, "root_id", root_id);
		json_put_text(object, "parent_id", root_id);
	}
	if (m->thread_ts ? !m->quotes : has_thread(channel, m))
		json_put_text(object, "thread_id", thread_id);
}

static int64_t update_ms(const struct message *m)
{
	return m->edited_ts ? room_ts_us(m->edited_ts) / 1000 : ident_time_ms(m->ts);
}

cJSON *wording_event_message(const struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	cJSON *object = cJSON_CreateObject();
	g_autoptr(GPtrArray) mentions = g_ptr_array_new();
	g_autofree char *id = ident_message_id(channel, m->ts), *chat_id = ident_chat_id(channel);
	g_autofree char *content = wording_content(tenant->sb->room, m, mentions);
	json_put_text(object, "message_id", id);
	wording_put_thread(object, channel, m);
	wording_put_number(object, "create_time", ident_time_ms(m->ts));
	wording_put_number(object, "update_time", update_ms(m));
	json_put_text(object, "chat_id", chat_id);
	json_put_text(object, "chat_type", channel->kind == CHANNEL_IM ? "p2p" : "group");
	json_put_text(object, "message_type", wording_type(m));
	json_put_text(object, "content", content);
	wording_put_mentions(object, tenant, mentions, WORDING_EVENT);
	return object;
}

static void put_sender(cJSON *object, const struct tenant *tenant, const struct message *m)
{
	cJSON *sender = json_put_object(object, "sender");
	gboolean ours = m->author == tenant->sb->room->bot;
	g_autofree char *open_id = ident_open_id(m->author);
	json_put_text(sender, "id", ours ? tenant->app_id : open_id);
	json_put_text(sender, "id_type", ours ? "app_id" : "open_id");
	json_put_text(sender, "sender_type", ours ? "app" : "user");
	json_put_text(sender, "tenant_key", tenant->key);
}

cJSON *wording_message(const struct tenant *tenant, const struct channel *channel, const struct message *m)
{
	cJSON *object = cJSON_CreateObject();
	gboolean deleted = m->subtype == g_intern_static_string("tombstone");
	g_autoptr(GPtrArray) mentions = g_ptr_array_new();
	g_autofree char *id = ident_message_id(channel, m->ts), *chat_id = ident_chat_id(channel);
	g_autofree char *content = deleted ? g_strdup("This message was recalled") : wording_content(tenant->sb->room, m, mentions);
	json_put_text(object, "message_id", id);
	wording_put_thread(object, channel, m);
	json_put_text(object, "msg_type", wording_type(m));
	wording_put_number(object, "create_time", ident_time_ms(m->ts));
	wording_put_number(object, "update_time", update_ms(m));
	json_put_bool(object, "deleted", deleted);
	json_put_bool(object, "updated", m->edited_ts != NULL);
	json_put_text(object, "chat_id", chat_id);
	put_sender(object, tenant, m);
	json_put_text(json_put_object(object, "body"), "content", content);
	wording_put_mentions(object, tenant, mentions, WORDING_REST);
	return object;
}

/* ---- chats ---- */

static void put_counts(cJSON *object, const struct channel *channel)
{
	guint bots = 0;
	for (guint i = 0; i < channel->members->len; i++)
		bots += ((struct member *)g_ptr_array_index(channel->members, i))->is_bot ? 1 : 0;
	wording_put_number(object, "user_count", channel->members->len - bots);
	wording_put_number(object, "bot_count", bots);
}

static void put_settings(cJSON *object, const struct channel *channel)
{
	json_put_text(object, "chat_mode", channel->kind == CHANNEL_IM ? "p2p" : "group");
	json_put_text(object, "chat_type", "private");
	json_put_text(object, "group_message_type", "chat");
	json_put_text(object, "add_member_permission", "all_members");
	json_put_text(object, "at_all_permission", "all_members");
	json_put_text(object, "urgent_setting", "all_members");
	json_put_text(object, "moderation_permission", "all_members");
	put_counts(object, channel);
}

cJSON *wording_chat(const struct tenant *tenant, const struct channel *channel, gboolean whole)
{
	cJSON *object = cJSON_CreateObject();
	g_autofree char *chat_id = ident_chat_id(channel);
	if (!whole)
		json_put_text(object, "chat_id", chat_id);
	json_put_text(object, "avatar", "https://example.com/chat.png");
	json_put_text(object, "name", channel->name ? channel->name : "");
	json_put_text(object, "description", channel->topic ? channel->topic : "");
	if (channel->creator && !channel->creator->is_bot) {
		g_autofree char *owner = ident_open_id(channel->creator);
		json_put_text(object, "owner_id", owner);
		json_put_text(object, "owner_id_type", "open_id");
	}
	json_put_bool(object, "external", FALSE);
	json_put_text(object, "tenant_key", tenant->key);
	json_put_text(object, "chat_status", channel->archived ? "dissolved" : "normal");
	if (whole)
		put_settings(object, channel);
	return object;
}

/* ---- people ---- */

static void put_avatar(cJSON *object, const struct room *room, const struct member *member)
{
	static const char *const sizes[] = { "avatar_72", "avatar_240", "avatar_640", "avatar_origin" };
	cJSON *avatar = json_put_object(object, "avatar");
	g_autofree char *face = room_face_url(room, member);
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
		json_put_text(avatar, sizes[i], face ? face : "");
}

static void put_base(cJSON *object, const struct room *room, const struct member *member)
{
	json_put_text(object, "name", *member->display_name ? member->display_name : member->real_name);
	json_put_text(object, "en_name", "");
	json_put_text(object, "nickname", "");
	put_avatar(object, room, member);
}

static void put_employee(cJSON *object, const struct member *member)
{
	cJSON *status = json_put_object(object, "status");
	json_put_bool(status, "is_frozen", FALSE);
	json_put_bool(status, "is_resigned", member->deleted);
	json_put_bool(status, "is_activated", TRUE);
	json_put_bool(status, "is_exited", FALSE);
	json_put_bool(status, "is_unjoin", FALSE);
	json_put_text(object, "job_title", "");
	json_put_text(object, "city", "");
	json_put_text(object, "country", "");
	json_put_text(object, "employee_no", "");
	json_put_int(object, "employee_type", 1);
}

cJSON *wording_user(const struct tenant *tenant, const struct member *member)
{
	cJSON *object = cJSON_CreateObject();
	g_autofree char *open = ident_open_id(member), *unioned = ident_union_id(member), *user = ident_user_id(member);
	json_put_text(object, "open_id", open);
	json_put_text(object, "union_id", unioned);
	if (tenant_may(tenant, "contact:user.employee_id:readonly"))
		json_put_text(object, "user_id", user);
	if (tenant_may(tenant, "contact:user.base:readonly"))
		put_base(object, tenant->sb->room, member);
	if (tenant_may(tenant, "contact:user.email:readonly"))
		json_put_text(object, "email", member->email);
	if (tenant_may(tenant, "contact:user.department:readonly"))
		json_push_text(json_put_array(object, "department_ids"), "0");
	if (tenant_may(tenant, "contact:user.employee:readonly"))
		put_employee(object, member);
	return object;
}
