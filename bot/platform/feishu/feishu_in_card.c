/* SPDX-License-Identifier: MIT */
/* Callbacks of cards (protocols/feishu.md 5): presses, and forms. The value is what feishu_card and feishu_form put in. */
#include "platform/feishu/feishu_in_parts.h"

/* The value of a component: an object, or a text that holds one; NULL: neither. Freed by the caller. */
static cJSON *value_of(const cJSON *action)
{
	const char *text = json_text_or(action, "value", NULL);
	const cJSON *object = json_object(action, "value");
	if (object)
		return cJSON_Duplicate(object, TRUE);
	cJSON *parsed = text ? json_parse(text, strlen(text), NULL) : NULL;
	if (cJSON_IsObject(parsed))
		return parsed;
	cJSON_Delete(parsed);
	return NULL;
}

/* What stands in one field of a form, or was chosen: several choices one in a line; "" for none. */
static char *field_text(const cJSON *field)
{
	if (cJSON_IsString(field))
		return g_strdup(field->valuestring);
	if (cJSON_IsBool(field))
		return g_strdup(cJSON_IsTrue(field) ? "true" : "false");
	if (cJSON_IsNumber(field))
		return json_print(field);
	GString *out = g_string_new(NULL);
	const cJSON *item;
	cJSON_ArrayForEach (item, json_array(field, "")) {
		if (cJSON_IsString(item))
			g_string_append_printf(out, "%s%s", out->len ? "\n" : "", item->valuestring);
	}
	return g_string_free(out, FALSE);
}

/* What a component outside a form says: the value we gave it, else what was chosen or entered. */
static char *pressed_value(const cJSON *action, const cJSON *value)
{
	static const char *const chosen[] = { "option", "options", "input_value", "checked" };
	const cJSON *field = json_at(value, "value");
	for (gsize i = 0; !field && i < G_N_ELEMENTS(chosen); i++)
		field = json_at(action, chosen[i]);
	return field_text(field);
}

static const char *either(const cJSON *root, const char *path, const char *other)
{
	const char *text = feishu_in_text(root, path);
	return text ? text : feishu_in_text(root, other);
}

/* The place and keys that presses and forms have. */
static struct event *card_event(struct reading *r, enum event_kind kind, const char *person, const cJSON *value)
{
	const char *token = r->delivery->token;
	struct event *event =
		feishu_in_add(r, kind, person, either(r->event, "context.open_chat_id", "open_chat_id"));
	if (json_bool_or(value, "direct", FALSE))
		event->place.kind = PLACE_DIRECT;
	event->message = g_strdup(either(r->event, "context.open_message_id", "open_message_id"));
	g_autoptr(cJSON) place_token = cJSON_CreateObject();
	json_put_text(place_token, "card", token ? token : "");
	event->place.token = json_print(place_token);
	feishu_in_key(event, r->event_id ? 'e' : 'c', r->event_id ? r->event_id : token, NULL, NULL, NULL);
	return event;
}

/* A card in neutral form: the form's title and one line. */
static cJSON *closing_card(const cJSON *value)
{
	cJSON *card = cJSON_CreateObject(), *parts = json_put_array(card, "parts");
	const char *title = feishu_in_text(value, "title");
	if (title) {
		cJSON *part = json_push_object(parts);
		json_put_text(part, "part", "title");
		json_put_text(part, "text", title);
	}
	return card;
}

static void add_fact(cJSON *facts, const char *label, const char *text)
{
	cJSON *fact = json_push_object(facts);
	json_put_text(fact, "label", label);
	json_put_text(fact, "value", text);
}

/* What was sent stands where the inputs were, by their labels. */
static char *sent_card(const cJSON *value, const struct event *event)
{
	g_autoptr(cJSON) card = closing_card(value);
	cJSON *part = json_push_object(json_array(card, "parts")), *facts = json_put_array(part, "facts");
	json_put_text(part, "part", "facts");
	const cJSON *label;
	cJSON_ArrayForEach (label, json_object(value, "labels")) {
		const char *text = event_input_value(event, label->string);
		if (cJSON_IsString(label) && text)
			add_fact(facts, label->valuestring, *text ? text : "—");
	}
	return json_print(card);
}

static char *cancelled_card(const cJSON *value)
{
	g_autoptr(cJSON) card = closing_card(value);
	cJSON *part = json_push_object(json_array(card, "parts"));
	g_autofree char *text = g_strconcat("✕ ", json_text_or(value, "cancel", ""), NULL);
	json_put_text(part, "part", "context");
	json_put_text(part, "text", text);
	return json_print(card);
}

/* Whoever hears nothing presses once more: another event, but the same form with the same words. */
static void put_form_key(struct event *event, const cJSON *fields)
{
	g_autofree char *words = json_print(fields), *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA1, words, -1);
	hash[16] = '\0';
	feishu_in_key(event, 'f', event->message, hash, NULL, NULL);
}

static void read_submitted(struct reading *r, const char *person, const cJSON *action, const cJSON *value)
{
	struct event *event = card_event(r, EVENT_SUBMITTED, person, value);
	event->word = g_strdup(json_text_or(value, "form", ""));
	event->value = g_strdup(json_text_or(value, "context", ""));
	const cJSON *fields = json_object(action, "form_value"), *field;
	if (fields)
		put_form_key(event, fields);
	cJSON_ArrayForEach (field, fields) {
		g_autofree char *text = field_text(field);
		event_add_input(event, field->string, text);
	}
	r->delivery->closing = sent_card(value, event);
}

static void read_pressed(struct reading *r, const char *person, const cJSON *action, const cJSON *value)
{
	struct event *event = card_event(r, EVENT_PRESSED, person, value);
	event->word = g_strdup(json_text_or(value, "action", ""));
	event->value = pressed_value(action, value);
}

void feishu_in_card(struct reading *r)
{
	const cJSON *action = json_object(r->event, "action");
	const char *person = either(r->event, "operator.open_id", "open_id");
	g_autoptr(cJSON) value = value_of(action);
	r->delivery->token = g_strdup(feishu_in_text(r->event, "token"));
	if (!person)
		r->delivery->ignored = "press without a person";
	else if (feishu_in_text(value, "form"))
		read_submitted(r, person, action, value);
	else if (feishu_in_text(value, "action"))
		read_pressed(r, person, action, value);
	else if (feishu_in_text(value, "cancel")) {
		r->delivery->closing = cancelled_card(value);
		r->delivery->ignored = "form cancelled";
	} else
		r->delivery->ignored = "press of what is not ours";
}
