/* SPDX-License-Identifier: MIT */
#include "sandbox/room.h"

static void reaction_free(gpointer data)
{
	struct reaction *reaction = data;
	g_free(reaction->name);
	g_ptr_array_unref(reaction->users);
	g_free(reaction);
}

static void message_free(gpointer data)
{
	struct message *m = data;
	g_free(m->ts);
	g_free(m->thread_ts);
	g_free(m->text);
	g_free(m->client_msg_id);
	g_free(m->username);
	g_free(m->edited_ts);
	g_free(m->latest_reply);
	cJSON_Delete(m->blocks);
	cJSON_Delete(m->attachments);
	cJSON_Delete(m->files);
	cJSON_Delete(m->metadata);
	cJSON_Delete(m->card);
	cJSON_Delete(m->post);
	g_clear_pointer(&m->urgent_to, g_ptr_array_unref);
	g_clear_pointer(&m->urgent_seen, g_ptr_array_unref);
	g_clear_pointer(&m->reactions, g_ptr_array_unref);
	g_clear_pointer(&m->reply_users, g_ptr_array_unref);
	g_free(m);
}

static void member_free(gpointer data)
{
	struct member *member = data;
	g_free(member->id);
	g_free(member->name);
	g_free(member->real_name);
	g_free(member->display_name);
	g_free(member->zone);
	g_free(member->locale);
	g_free(member->email);
	g_free(member->status_emoji);
	g_free(member->status_text);
	g_free(member->color);
	view_free(member->home);
	g_ptr_array_unref(member->views);
	g_free(member);
}

static void channel_free(gpointer data)
{
	struct channel *channel = data;
	g_free(channel->id);
	g_free(channel->name);
	g_free(channel->topic);
	g_free(channel->purpose);
	g_ptr_array_unref(channel->members);
	g_hash_table_unref(channel->member_set);
	g_hash_table_unref(channel->by_ts);
	g_ptr_array_unref(channel->messages);
	g_free(channel);
}

static void command_free(gpointer data)
{
	struct command *command = data;
	g_free(command->name);
	g_free(command->description);
	g_free(command->usage_hint);
	g_free(command);
}

struct room *room_new(const cJSON *company, struct clock *clock, GError **error)
{
	struct room *room = g_new0(struct room, 1);
	room->clock = clock;
	room->scopes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	room->members = g_ptr_array_new_with_free_func(member_free);
	room->channels = g_ptr_array_new_with_free_func(channel_free);
	room->commands = g_ptr_array_new_with_free_func(command_free);
	room->member_by_id = g_hash_table_new(g_str_hash, g_str_equal);
	room->member_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	room->member_by_email = g_hash_table_new(g_str_hash, g_str_equal);
	room->channel_by_id = g_hash_table_new(g_str_hash, g_str_equal);
	room->channel_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	room->shared_names = g_hash_table_new(g_str_hash, g_str_equal);
	if (!company_fill(room, company, error)) {
		room_free(room);
		return NULL;
	}
	return room;
}

void room_free(struct room *room)
{
	if (!room)
		return;
	g_hash_table_unref(room->member_by_id);
	g_hash_table_unref(room->member_by_name);
	g_hash_table_unref(room->member_by_email);
	g_hash_table_unref(room->channel_by_id);
	g_hash_table_unref(room->channel_by_name);
	g_hash_table_unref(room->shared_names);
	g_ptr_array_unref(room->commands);
	g_ptr_array_unref(room->channels);
	g_ptr_array_unref(room->members);
	g_hash_table_unref(room->scopes);
	g_free(room->scopes_text);
	g_free(room->outer_head);
	g_free(room->outer_tail);
	g_free(room->team_id);
	g_free(room->team_name);
	g_free(room->domain);
	g_free(room->zone);
	g_free(room->app_id);
	g_free(room->bot_id);
	g_free(room->app_name);
	g_free(room);
}

/*
 * One more than the last while the clock stands or crawls, so that ts grow as Slack's do; after the clock was put
 * back for real, messages are stamped in the past, as a person who moved it expects.
 */
char *room_next_ts(struct room *room)
{
	int64_t now_us = clock_now_ms(room->clock) * 1000;
	if (now_us <= room->last_us && room->last_us - now_us < 60 * G_USEC_PER_SEC)
		now_us = room->last_us + 1;
	room->last_us = now_us;
	return g_strdup_printf("%010" G_GINT64_FORMAT ".%06d", now_us / G_USEC_PER_SEC, (int)(now_us % G_USEC_PER_SEC));
}

int64_t room_ts_us(const char *ts)
{
	guint64 seconds = 0, micros = 0;
	g_auto(GStrv) parts = g_strsplit(ts, ".", 2);
	if (!parts[0] || !g_ascii_string_to_unsigned(parts[0], 10, 0, G_MAXINT32 * 100ULL, &seconds, NULL))
		return -1;
	if (parts[1]) {
		g_autofree char *padded = g_strdup_printf("%.6s%.*s", parts[1], (int)(6 - MIN(strlen(parts[1]), 6)), "000000");
		if (!g_ascii_string_to_unsigned(padded, 10, 0, 999999, &micros, NULL))
			return -1;
	}
	return (int64_t)seconds * G_USEC_PER_SEC + (int64_t)micros;
}

char *room_next_id(struct room *room, const char *prefix)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char digits[9] = "00000000";
	guint64 n = ++room->next_id;
	for (int i = 7; i >= 0 && n; i--, n /= 36)
		digits[i] = letters[n % 36];
	return g_strconcat(prefix, "0", digits, NULL);
}

char *room_face_url(const struct room *room, const struct member *member)
{
	return room->url && !member->faceless ? g_strdup_printf("%sfaces/%s", room->url, member->id) : NULL;
}

char *room_uuid(void)
{
	static const char digits[] = "0123456789abcdef";
	char *uuid = g_malloc(37);
	guint64 bits = 0;
	for (guint i = 0; i < 36; i++) {
		if (i % 8 == 0)
			bits = g_random_int();
		uuid[i] = digits[bits & 15];
		bits >>= 4;
	}
	uuid[8] = uuid[13] = uuid[18] = uuid[23] = '-';
	uuid[14] = '4';
	uuid[19] = 'a';
	uuid[36] = '\0';
	return uuid;
}

struct member *room_member(const struct room *room, const char *id)
{
	return id ? g_hash_table_lookup(room->member_by_id, id) : NULL;
}

struct member *room_member_named(const struct room *room, const char *name)
{
	struct member *member = room_member(room, name);
	if (!member && name)
		member = g_hash_table_lookup(room->member_by_name, name + (*name == '@'));
	return member;
}

struct member *room_member_of_email(const struct room *room, const char *email)
{
	g_autofree char *lower = g_ascii_strdown(email, -1);
	return g_hash_table_lookup(room->member_by_email, lower);
}

struct channel *room_channel(const struct room *room, const char *id)
{
	return id ? g_hash_table_lookup(room->channel_by_id, id) : NULL;
}

struct channel *room_channel_named(const struct room *room, const char *name)
{
	struct channel *channel = room_channel(room, name);
	if (!channel && name)
		channel = g_hash_table_lookup(room->channel_by_name, name + (*name == '#'));
	return channel;
}

struct channel *room_make_channel(struct room *room, const char *id)
{
	struct channel *channel = g_new0(struct channel, 1);
	channel->id = g_strdup(id);
	channel->created_s = clock_now_ms(room->clock) / 1000;
	channel->members = g_ptr_array_new();
	channel->member_set = g_hash_table_new(NULL, NULL);
	channel->messages = g_ptr_array_new_with_free_func(message_free);
	channel->by_ts = g_hash_table_new(g_str_hash, g_str_equal);
	g_ptr_array_add(room->channels, channel);
	g_hash_table_insert(room->channel_by_id, channel->id, channel);
	return channel;
}

struct channel *room_open_im(struct room *room, struct member *member, gboolean *fresh)
{
	if (fresh)
		*fresh = !member->im;
	if (member->im)
		return member->im;
	g_autofree char *like = g_strconcat("D", member->id + 1, NULL), *other = room_next_id(room, "D");
	struct channel *im = room_make_channel(room, room_channel(room, like) ? other : like);
	im->kind = CHANNEL_IM;
	im->user = member;
	room_join(im, member);
	room_join(im, room->bot);
	member->im = im;
	return im;
}

gboolean room_is_in(const struct channel *channel, const struct member *member)
{
	return g_hash_table_contains(channel->member_set, member);
}

gboolean room_join(struct channel *channel, struct member *member)
{
	if (!g_hash_table_add(channel->member_set, member))
		return FALSE;
	g_ptr_array_add(channel->members, member);
	return TRUE;
}

gboolean room_leave(struct channel *channel, struct member *member)
{
	if (!g_hash_table_remove(channel->member_set, member))
		return FALSE;
	g_ptr_array_remove(channel->members, member);
	return TRUE;
}

struct message *room_message(const struct channel *channel, const char *ts)
{
	return ts ? g_hash_table_lookup(channel->by_ts, ts) : NULL;
}

guint room_message_index(const struct channel *channel, const char *ts, gboolean after)
{
	guint low = 0, high = channel->messages->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct message *m = g_ptr_array_index(channel->messages, middle);
		int order = strcmp(m->ts, ts);
		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* By halves, so that forgetting costs each message the same, however many are kept. */
static void forget_oldest(const struct room *room, struct channel *channel)
{
	guint kept = room->kept_messages;
	if (kept == 0 || channel->messages->len < kept * 2)
		return;
	guint gone = channel->messages->len - kept;
	for (guint i = 0; i < gone; i++) {
		const struct message *m = g_ptr_array_index(channel->messages, i);
		g_hash_table_remove(channel->by_ts, m->ts);
	}
	g_ptr_array_remove_range(channel->messages, 0, gone);
}

static void insert(struct channel *channel, struct message *message)
{
	GPtrArray *all = channel->messages;
	const struct message *last = all->len ? g_ptr_array_index(all, all->len - 1) : NULL;
	if (!last || strcmp(last->ts, message->ts) < 0)
		g_ptr_array_add(all, message);
	else
		g_ptr_array_insert(all, (gint)room_message_index(channel, message->ts, FALSE), message);
	g_hash_table_insert(channel->by_ts, message->ts, message);
}

static void count_reply(struct message *parent, const struct message *reply)
{
	parent->reply_count++;
	g_free(parent->latest_reply);
	parent->latest_reply = g_strdup(reply->ts);
	if (!parent->reply_users)
		parent->reply_users = g_ptr_array_new();
	if (!g_ptr_array_find(parent->reply_users, reply->author, NULL))
		g_ptr_array_add(parent->reply_users, reply->author);
}

struct message *room_say(struct room *room, struct channel *channel, const struct saying *s)
{
	struct message *m = g_new0(struct message, 1);
	do {
		g_free(m->ts);
		m->ts = room_next_ts(room);
	} while (room_message(channel, m->ts));
	m->thread_ts = g_strdup(s->thread_ts);
	m->subtype = g_intern_string(s->subtype);
	m->author = s->author;
	m->text = g_strdup(s->text ? s->text : "");
	m->blocks = s->blocks;
	m->attachments = s->attachments;
	m->files = s->files;
	m->metadata = s->metadata;
	m->card = s->card;
	m->post = s->post;
	m->quotes = s->quotes;
	m->username = g_strdup(s->username);
	m->ephemeral_to = s->ephemeral_to;
	m->broadcast = s->broadcast;
	if (s->by_client)
		m->client_msg_id = room_uuid();
	forget_oldest(room, channel); /* before it is there: what was just said is never forgotten */
	insert(channel, m);
	struct message *parent = room_message(channel, m->thread_ts);
	if (parent && !m->ephemeral_to)
		count_reply(parent, m);
	return m;
}

static void make_tombstone(struct message *m)
{
	m->subtype = g_intern_static_string("tombstone");
	g_free(m->text);
	m->text = g_strdup("This message was deleted.");
	g_clear_pointer(&m->blocks, cJSON_Delete);
	g_clear_pointer(&m->attachments, cJSON_Delete);
	g_clear_pointer(&m->files, cJSON_Delete);
	g_clear_pointer(&m->metadata, cJSON_Delete);
	g_clear_pointer(&m->card, cJSON_Delete);
	g_clear_pointer(&m->post, cJSON_Delete);
	g_clear_pointer(&m->reactions, g_ptr_array_unref);
}

void room_remove(struct channel *channel, struct message *m)
{
	struct message *parent = room_message(channel, m->thread_ts);
	if (parent && parent->reply_count && !m->ephemeral_to)
		parent->reply_count--;
	if (m->reply_count) {
		make_tombstone(m);
		return;
	}
	guint at = room_message_index(channel, m->ts, FALSE);
	g_hash_table_remove(channel->by_ts, m->ts);
	g_ptr_array_remove_index(channel->messages, at);
}

static struct reaction *find_reaction(struct message *m, const char *name)
{
	for (guint i = 0; m->reactions && i < m->reactions->len; i++) {
		struct reaction *reaction = g_ptr_array_index(m->reactions, i);
		if (g_str_equal(reaction->name, name))
			return reaction;
	}
	return NULL;
}

static gboolean add_reaction(struct message *m, struct member *who, const char *name)
{
	struct reaction *reaction = find_reaction(m, name);
	if (reaction && g_ptr_array_find(reaction->users, who, NULL))
		return FALSE;
	if (!reaction) {
		reaction = g_new0(struct reaction, 1);
		reaction->name = g_strdup(name);
		reaction->users = g_ptr_array_new();
		if (!m->reactions)
			m->reactions = g_ptr_array_new_with_free_func(reaction_free);
		g_ptr_array_add(m->reactions, reaction);
	}
	g_ptr_array_add(reaction->users, who);
	return TRUE;
}

static gboolean take_reaction(struct message *m, struct member *who, const char *name)
{
	struct reaction *reaction = find_reaction(m, name);
	if (!reaction || !g_ptr_array_remove(reaction->users, who))
		return FALSE;
	if (reaction->users->len == 0)
		g_ptr_array_remove(m->reactions, reaction);
	return TRUE;
}

gboolean room_react(struct message *m, struct member *who, const char *name, gboolean on)
{
	return on ? add_reaction(m, who, name) : take_reaction(m, who, name);
}
