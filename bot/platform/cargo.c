/* SPDX-License-Identifier: MIT */
#include "platform/cargo.h"

#include "base/log.h"

static void find_parts(struct cargo *c)
{
	const cJSON *part;
	cJSON_ArrayForEach (part, json_array(c->content, "parts")) {
		int64_t number = json_int_or(part, "file", -1);
		if (number < 0 || number >= c->count)
			continue;
		c->items[number] = (struct cargo_item){ .file = c->row->files->pdata[number],
			.part = part,
			.kept = json_bool_or(part, "kept", FALSE) ? c->row->files->pdata[number] : NULL,
			.picture = strcmp(json_text_or(part, "part", ""), "picture") == 0,
			.wish = json_bool_or(part, "draw", FALSE) };
	}
}

struct cargo *cargo_new(const struct outbox_row *row)
{
	cJSON *content = row->files && row->content ? json_parse(row->content, strlen(row->content), NULL) : NULL;
	if (!content)
		return NULL;
	struct cargo *c = g_new0(struct cargo, 1);
	c->row = row;
	c->content = content;
	c->count = row->files->len;
	c->items = g_new0(struct cargo_item, c->count);
	find_parts(c);
	return c;
}

void cargo_free(struct cargo *c)
{
	if (!c)
		return;
	for (guint i = 0; i < c->count; i++) {
		g_free(c->items[i].key);
		g_clear_pointer(&c->items[i].drawn.bytes, g_bytes_unref);
	}
	g_free(c->items);
	g_free(c->channel);
	g_free(c->stands);
	cJSON_Delete(c->content);
	g_free(c);
}

struct cargo_item *cargo_at_hand(struct cargo *c)
{
	return &c->items[c->at];
}

/* A card that is refused goes as plain text, and a document goes with a message that is posted. */
static gboolean is_to_be_brought(const struct cargo *c, const struct cargo_item *item)
{
	if (!item->file || item->key || item->lost || item->settled)
		return FALSE;
	return item->picture ? !c->row->plain && !c->stands : c->row->kind == OUTBOX_POST;
}

gboolean cargo_next_to_bring(struct cargo *c)
{
	while (c && c->at < c->count && !is_to_be_brought(c, cargo_at_hand(c)))
		c->at++;
	return c && c->at < c->count;
}

static gboolean is_document(const struct cargo_item *item)
{
	return item->file && !item->picture;
}

gboolean cargo_next_to_share(struct cargo *c)
{
	while (c && c->at < c->count && (!is_document(cargo_at_hand(c)) || cargo_at_hand(c)->settled))
		c->at++;
	return c && c->at < c->count;
}

gboolean cargo_follows(const struct cargo *c)
{
	for (guint i = 0; c && c->row->kind == OUTBOX_POST && i < c->count; i++)
		if (is_document(&c->items[i]))
			return TRUE;
	return FALSE;
}

GPtrArray *cargo_keys(const struct cargo *c)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; c && i < c->count; i++) {
		const struct cargo_item *item = &c->items[i];
		/* The post that a replacement changes has carried the document. */
		gboolean carried = is_document(item) && c->row->kind == OUTBOX_REPLACE;
		g_ptr_array_add(keys, g_strdup(carried ? item->file->name : item->key));
	}
	return keys;
}

void cargo_stand(struct cargo *c, const char *channel, const char *message)
{
	c->channel = g_strdup(channel);
	c->stands = g_strdup(message);
	c->at = 0;
	for (guint i = 0; i < c->count; i++)
		c->items[i].settled |= c->items[i].lost;
}

void cargo_draw(struct cargo *c, GBytes *picture)
{
	struct cargo_item *item = cargo_at_hand(c);
	item->wish = FALSE;
	item->lost = picture == NULL;
	if (!picture)
		return;
	item->drawn = (struct message_file){ item->file->name, g_bytes_ref(picture) };
	item->file = &item->drawn;
}

void cargo_lose(struct cargo *c, const char *reason)
{
	log_warning("a file cannot be sent", "workspace", c->row->workspace, "row", c->row->id, "file", cargo_at_hand(c)->file->name,
		"reason", reason);
	cargo_at_hand(c)->lost = TRUE;
}
