/* SPDX-License-Identifier: MIT */
/* Slash commands and interactive payloads (protocols/slack.md 4 and 5). */
#include "platform/slack/slack_in_parts.h"
#include "platform/slack/slack_text.h"

/* The place's token: what an answer may use. NULL when there is neither. */
static char *token(const cJSON *payload)
{
	const char *trigger = slack_in_text(payload, "trigger_id"),
		   *url = slack_in_text(payload, "response_url");
	if (!trigger && !url)
		return NULL;
	g_autoptr(cJSON) root = cJSON_CreateObject();
	json_put_text(root, "trigger", trigger);
	json_put_text(root, "url", url);
	return json_print(root);
}

void slack_in_slash(struct reading *r)
{
	const char *person = slack_in_text(r->payload, "user_id"),
		   *channel = slack_in_text(r->payload, "channel_id");
	const char *command = slack_in_text(r->payload, "command");
	if (!person || !channel || !command) {
		r->frame->ignored = "command without person, channel or word";
		return;
	}
	struct event *event = slack_in_event(r->self, EVENT_COMMANDED, person, channel);
	event->at_ms = r->now_ms;
	event->word = g_strdup(command + (*command == '/'));
	event->text = slack_text_neutral(json_text_or(r->payload, "text", ""));
	event->place.token = token(r->payload);
	slack_in_key(event, 't', slack_in_text(r->payload, "trigger_id"), NULL, NULL);
	r->frame->event = event;
}

static void join_values(GString *out, const cJSON *list)
{
	const cJSON *item;
	cJSON_ArrayForEach (item, list) {
		const char *value =
			cJSON_IsString(item) ? item->valuestring : json_text_or(item, "value", NULL);
		if (value)
			g_string_append_printf(out, "%s%s", out->len ? "\n" : "", value);
	}
}

/* What was entered or chosen in an element, whatever its type (5.2, 5.3): several choices one in a line; ""
 * for none. */
static char *element_value(const cJSON *element)
{
	static const char *const one[] = { "value", "selected_option.value", "selected_user",
		"selected_conversation", "selected_channel", "selected_date", "selected_time" };
	static const char *const several[] = { "selected_options", "selected_users", "selected_conversations",
		"selected_channels" };
	for (gsize i = 0; i < G_N_ELEMENTS(one); i++) {
		const char *value = json_text_or(element, one[i], NULL);
		if (value)
			return g_strdup(value);
	}
	int64_t instant_s = json_int_or(element, "selected_date_time", -1);
	if (instant_s >= 0)
		return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)instant_s);
	GString *out = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(several) && out->len == 0; i++)
		join_values(out, json_array(element, several[i]));
	return g_string_free(out, FALSE);
}

/* The action as its ritual named it: slack_out adds "#2" where one card has the same action twice. */
static char *action_word(const char *action_id)
{
	const char *number = strrchr(action_id, '#');
	gboolean ours = number && number[1] && strspn(number + 1, "0123456789") == strlen(number + 1);
	return ours ? g_strndup(action_id, (gsize)(number - action_id)) : g_strdup(action_id);
}

static const char *either(const cJSON *root, const char *path, const char *other)
{
	const char *text = slack_in_text(root, path);
	return text ? text : slack_in_text(root, other);
}

static void take_container(struct event *event, const cJSON *payload)
{
	const char *ts = either(payload, "container.message_ts", "message.ts");
	const char *thread = either(payload, "container.thread_ts", "message.thread_ts");
	event->message = g_strdup(ts);
	if (thread && g_strcmp0(thread, ts) != 0)
		event->place.thread = g_strdup(thread);
}

static void read_pressed(struct reading *r)
{
	const cJSON *action = json_at(r->payload, "actions.0");
	const char *person = slack_in_text(r->payload, "user.id"), *id = slack_in_text(action, "action_id");
	if (!person || !id) {
		r->frame->ignored = "press without person or action";
		return;
	}
	struct event *event = slack_in_event(
		r->self, EVENT_PRESSED, person, either(r->payload, "channel.id", "container.channel_id"));
	const char *action_ts = slack_in_text(action, "action_ts");
	event->at_ms = r->now_ms; /* a press is not delivered late; action_ts is its name, not a clock */
	event->word = action_word(id);
	event->value = element_value(action);
	event->place.token = token(r->payload);
	take_container(event, r->payload);
	if (action_ts)
		slack_in_key(event, 'a', person, action_ts, id);
	else
		slack_in_key(event, 't', slack_in_text(r->payload, "trigger_id"), NULL, NULL);
	r->frame->event = event;
}

/* state.values is { block_id: { action_id: element } }; the block's id is the input's name. */
static void take_inputs(struct event *event, const cJSON *values)
{
	const cJSON *block;
	cJSON_ArrayForEach (block, values) {
		if (!block->string || !cJSON_IsObject(block) || !block->child)
			continue;
		g_autofree char *raw = element_value(block->child);
		g_autofree char *value = slack_text_decode(raw);
		event_add_input(event, block->string, value);
	}
}

static void read_submitted(struct reading *r)
{
	const char *person = slack_in_text(r->payload, "user.id"),
		   *name = slack_in_text(r->payload, "view.callback_id");
	if (!person || !name) {
		r->frame->ignored = "form without person or name";
		return;
	}
	struct event *event = slack_in_event(r->self, EVENT_SUBMITTED, person, NULL);
	event->at_ms = r->now_ms;
	event->word = g_strdup(name);
	event->value = g_strdup(json_text_or(r->payload, "view.private_metadata", ""));
	event->place.token = token(r->payload);
	take_inputs(event, json_object(r->payload, "view.state.values"));
	slack_in_key(event, 'v', slack_in_text(r->payload, "view.id"), slack_in_text(r->payload, "view.hash"),
		NULL);
	r->frame->event = event;
}

void slack_in_interactive(struct reading *r)
{
	static const struct reader types[] = {
		{ "block_actions", read_pressed },
		{ "view_submission", read_submitted },
	};
	if (!slack_in_dispatch(types, G_N_ELEMENTS(types), json_text_or(r->payload, "type", ""), r))
		r->frame->ignored = "interaction of no use";
}
