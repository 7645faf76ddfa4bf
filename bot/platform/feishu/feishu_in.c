/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_in_parts.h"

#define CARD_CALLBACK "card.action.trigger"

const char *feishu_in_text(const cJSON *root, const char *path)
{
	const char *text = json_text_or(root, path, NULL);
	return text && *text ? text : NULL;
}

gboolean feishu_in_is_direct(const struct feishu_self *self, const char *chat)
{
	return self->directs && g_hash_table_contains(self->directs, chat);
}

struct event *feishu_in_add(struct reading *r, enum event_kind kind, const char *person, const char *chat)
{
	struct event *event = event_new(kind, r->self->workspace);
	gboolean direct = !chat || feishu_in_is_direct(r->self, chat);
	event->person = g_strdup(person);
	event->place.channel = g_strdup(chat);
	event->place.kind = direct ? PLACE_DIRECT : PLACE_CHANNEL;
	event->at_ms = r->at_ms;
	g_ptr_array_add(r->delivery->events, event);
	return event;
}

void feishu_in_key(struct event *event, char prefix, const char *a, const char *b, const char *c, const char *d)
{
	guint i = 0;
	while (i < EVENT_KEYS && event->keys[i])
		i++;
	if (!a || i == EVENT_KEYS)
		return;
	const char *const parts[] = { a, b, c, d, NULL };
	g_autofree char *joined = g_strjoinv(":", (char **)parts);
	event->keys[i] = g_strdup_printf("%c:%s", prefix, joined);
}

int64_t feishu_in_time_ms(const char *digits, int64_t fallback)
{
	gint64 number;
	gsize length = digits ? strlen(digits) : 0;
	if (length == 0 || length > 17 || !g_ascii_string_to_signed(digits, 10, 0, G_MAXINT64, &number, NULL))
		return fallback;
	return length <= 11 ? number * 1000 : length <= 14 ? number : number / 1000;
}

/* The new envelope (3.1), its older kin without a schema, and the bare callback of old (2.10). */
static const char *open_envelope(const cJSON *root, struct reading *r)
{
	if (json_object(root, "header")) {
		r->event_id = feishu_in_text(root, "header.event_id");
		r->event = json_object(root, "event");
		r->at_ms = feishu_in_time_ms(json_text_or(root, "header.create_time", NULL), r->at_ms);
		return feishu_in_text(root, "header.event_type");
	}
	if (json_object(root, "event")) {
		r->event_id = feishu_in_text(root, "uuid");
		r->event = json_object(root, "event");
		return feishu_in_text(root, "event.type");
	}
	r->event = root;
	return feishu_in_text(root, "open_message_id") ? CARD_CALLBACK : NULL;
}

static void read_root(const cJSON *root, struct reading *r)
{
	struct feishu_delivery *delivery = r->delivery;
	const char *type = open_envelope(root, r);
	reader_fn *read = type ? feishu_in_reader(type) : NULL;
	delivery->type = g_strdup(type);
	delivery->callback = type && strcmp(type, CARD_CALLBACK) == 0;
	if (!type || !r->event)
		delivery->ignored = "no event in it";
	else if (!read)
		delivery->ignored = "event type of no use";
	else
		read(r);
	if (delivery->events->len == 0 && !delivery->ignored)
		delivery->ignored = "nobody in it";
}

void feishu_in(const struct feishu_self *self, const char *text, gsize length, int64_t now_ms, struct feishu_delivery *out)
{
	*out = (struct feishu_delivery){ .events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free) };
	g_autoptr(cJSON) root = json_parse(text, length, NULL);
	struct reading r = { .self = self, .at_ms = now_ms, .delivery = out };
	if (root)
		read_root(root, &r);
	else
		out->ignored = "not JSON";
}

void feishu_delivery_release(struct feishu_delivery *delivery)
{
	if (!delivery)
		return;
	g_clear_pointer(&delivery->events, g_ptr_array_unref);
	g_clear_pointer(&delivery->closing, g_free);
	g_clear_pointer(&delivery->token, g_free);
	g_clear_pointer(&delivery->type, g_free);
}
