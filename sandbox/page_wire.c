/* SPDX-License-Identifier: MIT */
/* The page's own objects: less than Slack's, and in the page's words (docs/sandbox.md). */
#include "sandbox/wire.h"

cJSON *page_member(const struct member *member)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "id", member->id);
	json_put_text(object, "name", member->name);
	json_put_text(object, "real_name", member->real_name);
	json_put_text(object, "display_name", *member->display_name ? member->display_name : member->real_name);
	json_put_text(object, "zone", member->zone);
	json_put_text(object, "locale", member->locale);
	json_put_text(object, "color", member->color);
	g_autofree char *face = g_strconcat("/faces/", member->id, NULL);
	json_put_text(object, "face", member->faceless ? NULL : face);
	json_put_bool(object, "is_bot", member->is_bot);
	json_put_bool(object, "deleted", member->deleted);
	return object;
}

cJSON *page_channel(const struct channel *channel)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "id", channel->id);
	json_put_text(object, "name", channel->name);
	json_put_text(object, "kind", channel->kind == CHANNEL_IM ? "im" : "channel");
	json_put_text(object, "user", channel->user ? channel->user->id : NULL);
	json_put_text(object, "topic", channel->topic ? channel->topic : "");
	cJSON *members = json_put_array(object, "members");
	for (guint i = 0; i < channel->members->len; i++)
		json_push_text(members, ((struct member *)g_ptr_array_index(channel->members, i))->id);
	return object;
}

static void put_files(cJSON *object, const cJSON *files)
{
	if (!files)
		return;
	cJSON *array = json_put_array(object, "files");
	const cJSON *file;
	cJSON_ArrayForEach(file, files)
	{
		cJSON *item = json_push_object(array);
		const char *id = json_text_or(file, "id", "");
		g_autofree char *url = g_strconcat("/files/", id, NULL);
		json_put_text(item, "id", id);
		json_put_text(item, "name", json_text_or(file, "name", ""));
		json_put_text(item, "mimetype", json_text_or(file, "mimetype", ""));
		json_put_int(item, "size", json_int_or(file, "size", 0));
		json_put_text(item, "url", url);
	}
}

static void put_members(cJSON *object, const char *key, const GPtrArray *members)
{
	if (!members)
		return;
	cJSON *array = json_put_array(object, key);
	for (guint i = 0; i < members->len; i++)
		json_push_text(array, ((struct member *)g_ptr_array_index(members, i))->id);
}

/* What only Feishu's people and apps do. */
static void put_feishu(cJSON *object, const struct message *m)
{
	if (m->quotes)
		json_put_bool(object, "quotes", TRUE);
	if (m->pinned)
		json_put_bool(object, "pinned", TRUE);
	put_members(object, "urgent", m->urgent_to);
	put_members(object, "urgent_seen", m->urgent_seen);
}

cJSON *page_message(const struct message *m)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "ts", m->ts);
	json_put_text(object, "thread_ts", m->thread_ts);
	json_put_text(object, "user", m->author->id);
	json_put_bool(object, "bot", m->author->is_bot);
	json_put_text(object, "username", m->username);
	json_put_text(object, "text", m->text);
	if (m->blocks)
		cJSON_AddItemToObject(object, "blocks", cJSON_Duplicate(m->blocks, TRUE));
	if (m->attachments)
		cJSON_AddItemToObject(object, "attachments", cJSON_Duplicate(m->attachments, TRUE));
	if (m->card)
		cJSON_AddItemToObject(object, "card", cJSON_Duplicate(m->card, TRUE));
	put_files(object, m->files);
	json_put_bool(object, "edited", m->edited_ts != NULL);
	cJSON *reactions = wire_reactions(m), *reaction;
	cJSON_ArrayForEach(reaction, reactions)
		cJSON_DeleteItemFromObject(reaction, "count");
	cJSON_AddItemToObject(object, "reactions", reactions);
	json_put_text(object, "ephemeral_to", m->ephemeral_to ? m->ephemeral_to->id : NULL);
	json_put_int(object, "reply_count", m->reply_count);
	json_put_bool(object, "broadcast", m->broadcast);
	put_feishu(object, m);
	json_put_text(object, "subtype", m->subtype);
	return object;
}
