/* SPDX-License-Identifier: MIT */
#include "sandbox/ask.h"

#include "sandbox/blocks.h"
#include "sandbox/clicks.h"
#include "sandbox/live.h"
#include "sandbox/post.h"
#include "sandbox/respond.h"
#include "sandbox/speech.h"
#include "sandbox/wire.h"

#define TROUBLE "We had some trouble connecting. Try again?"

/* What was asked, kept until its fate is known. Everything by id: views may close meanwhile. */
struct question {
	struct later *later;
	struct click_target target;
	char *view_id, *command, *block_id, *action_id;
};

static struct question *question_new(struct later *take_later, struct member *who)
{
	struct question *q = g_new0(struct question, 1);
	q->later = take_later;
	q->target.member = who;
	return q;
}

static void question_free(gpointer data)
{
	struct question *q = data;
	later_free(q->later);
	g_free(q->target.ts);
	g_free(q->view_id);
	g_free(q->command);
	g_free(q->block_id);
	g_free(q->action_id);
	g_free(q);
}

static void finish(struct question *q, const char *sentence)
{
	later_finish(g_steal_pointer(&q->later), sentence);
}

/* The person is told in words; the page shows them where they stand. */
static void notice(struct sandbox *sb, const struct question *q, const char *text)
{
	live_note(sb->live, text);
	if (!live_is_watched(sb->live))
		return;
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "notice");
	json_put_text(delta, "user", q->target.member->id);
	json_put_text(delta, "channel", q->target.channel ? q->target.channel->id : NULL);
	json_put_text(delta, "text", text);
	live_push(sb->live, delta);
}

static void put_trigger(struct sandbox *sb, cJSON *payload, struct member *who)
{
	g_autofree char *trigger = clicks_make_trigger(sb->clicks, who);
	json_put_text(payload, "trigger_id", trigger);
}

static void put_action_ts(struct sandbox *sb, cJSON *object)
{
	g_autofree char *ts = room_next_ts(sb->room);
	json_put_text(object, "action_ts", ts);
}

/* ---- commands ---- */

static void command_decided(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data)
{
	static const char *const troubles[] = { [FATE_TIMED_OUT] = "operation_timeout", [FATE_NO_ONE] = "dispatch_failed" };
	struct question *q = data;
	if (fate == FATE_ACKNOWLEDGED) {
		gboolean says = json_at(answer, "text") || json_at(answer, "blocks") || json_at(answer, "attachments");
		const char *error = says ? respond_say(sb, &q->target, answer) : NULL;
		if (error)
			notice(sb, q, "the acknowledgement's message was not accepted");
		finish(q, error ? TROUBLE : NULL);
		return;
	}
	g_autofree char *text = g_strdup_printf("%s failed with the error \"%s\"", q->command, troubles[fate]);
	notice(sb, q, text);
	finish(q, text);
}

void ask_command(struct sandbox *sb, struct member *who, struct channel *channel, const char *command, const char *text,
	struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	q->target.channel = channel;
	q->command = g_strdup(command);
	cJSON *payload = wire_slash(sb->room, channel, who);
	g_autofree char *words = speech_for_command(sb->room, text);
	g_autofree char *url = clicks_make_response_url(sb->clicks, who, channel, NULL);
	json_put_text(payload, "command", command);
	json_put_text(payload, "text", words);
	json_put_text(payload, "response_url", url);
	put_trigger(sb, payload, who);
	post_ask(sb->post, ENVELOPE_SLASH, payload, command_decided, q, question_free);
}

/* ---- clicks ---- */

static void press_decided(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data)
{
	(void)answer;
	struct question *q = data;
	if (fate != FATE_ACKNOWLEDGED)
		notice(sb, q, TROUBLE);
	finish(q, fate == FATE_ACKNOWLEDGED ? NULL : TROUBLE);
}

static cJSON *press_payload(struct sandbox *sb, struct member *who, const char *block_id, cJSON *take_action)
{
	cJSON *payload = wire_interactive(sb->room, "block_actions", who);
	json_put_text(take_action, "block_id", block_id);
	put_action_ts(sb, take_action);
	cJSON_AddItemToArray(json_put_array(payload, "actions"), take_action);
	put_trigger(sb, payload, who);
	return payload;
}

static void put_message_container(cJSON *payload, const struct channel *channel, const struct message *m)
{
	cJSON *container = json_put_object(payload, "container");
	json_put_text(container, "type", "message");
	json_put_text(container, "message_ts", m->ts);
	json_put_text(container, "channel_id", channel->id);
	json_put_text(container, "thread_ts", m->thread_ts);
	json_put_bool(container, "is_ephemeral", m->ephemeral_to != NULL);
}

void ask_press_message(struct sandbox *sb, struct member *who, struct channel *channel, const struct message *m,
	const char *block_id, cJSON *take_action, struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	q->target.channel = channel;
	cJSON *payload = press_payload(sb, who, block_id, take_action);
	g_autofree char *url = clicks_make_response_url(sb->clicks, who, channel, m->ts);
	put_message_container(payload, channel, m);
	cJSON_AddItemToObject(payload, "channel", wire_place(channel));
	if (!m->ephemeral_to)
		cJSON_AddItemToObject(payload, "message", wire_message(sb->room, m, WIRE_METADATA));
	json_put_object(json_put_object(payload, "state"), "values");
	json_put_text(payload, "response_url", url);
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, press_decided, q, question_free);
}

static void put_view_container(cJSON *payload, const struct view *view)
{
	cJSON *container = json_put_object(payload, "container");
	json_put_text(container, "type", "view");
	json_put_text(container, "view_id", view->id);
}

void ask_press_view(struct sandbox *sb, struct member *who, const struct view *view, const char *block_id,
	cJSON *take_action, struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	cJSON *payload = press_payload(sb, who, block_id, take_action);
	put_view_container(payload, view);
	cJSON_AddItemToObject(payload, "view", wire_view(sb->room, view));
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, press_decided, q, question_free);
}

void ask_shortcut(struct sandbox *sb, struct member *who, const char *callback_id, struct channel *channel,
	const struct message *m, struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	cJSON *payload = wire_interactive(sb->room, m ? "message_action" : "shortcut", who);
	put_action_ts(sb, payload);
	json_put_text(payload, "callback_id", callback_id);
	put_trigger(sb, payload, who);
	if (m) {
		g_autofree char *url = clicks_make_response_url(sb->clicks, who, channel, m->ts);
		q->target.channel = channel;
		cJSON_AddItemToObject(payload, "channel", wire_place(channel));
		json_put_text(payload, "message_ts", m->ts);
		cJSON_AddItemToObject(payload, "message", wire_message(sb->room, m, WIRE_METADATA | WIRE_COUNTS));
		json_put_text(payload, "response_url", url);
	}
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, press_decided, q, question_free);
}

/* ---- options as one types ---- */

static void options_decided(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data)
{
	struct question *q = data;
	gboolean answered = json_array(answer, "options") || json_array(answer, "option_groups");
	if (fate == FATE_ACKNOWLEDGED && answered && live_is_watched(sb->live)) {
		cJSON *delta = cJSON_Duplicate(answer, TRUE);
		json_put_text(delta, "type", "options");
		json_put_text(delta, "user", q->target.member->id);
		json_put_text(delta, "block_id", q->block_id);
		json_put_text(delta, "action_id", q->action_id);
		live_push(sb->live, delta);
	}
	finish(q, answered ? NULL : TROUBLE);
}

void ask_options(struct sandbox *sb, struct member *who, const struct view *view, struct channel *channel,
	const struct message *m, const char *block_id, const char *action_id, const char *typed, struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	q->block_id = g_strdup(block_id);
	q->action_id = g_strdup(action_id);
	cJSON *payload = wire_interactive(sb->room, "block_suggestion", who);
	json_put_text(payload, "action_id", action_id);
	json_put_text(payload, "block_id", block_id);
	json_put_text(payload, "value", typed);
	if (view) {
		put_view_container(payload, view);
		cJSON_AddItemToObject(payload, "view", wire_view(sb->room, view));
	} else {
		put_message_container(payload, channel, m);
		cJSON_AddItemToObject(payload, "channel", wire_place(channel));
		cJSON_AddItemToObject(payload, "message", wire_message(sb->room, m, WIRE_METADATA));
	}
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, options_decided, q, question_free);
}

/* ---- forms ---- */

static void show_errors(struct sandbox *sb, const struct question *q, const cJSON *errors)
{
	if (!live_is_watched(sb->live))
		return;
	cJSON *delta = cJSON_CreateObject();
	json_put_text(delta, "type", "view_errors");
	json_put_text(delta, "user", q->target.member->id);
	json_put_text(delta, "view_id", q->view_id);
	cJSON_AddItemToObject(delta, "errors", cJSON_Duplicate(errors, TRUE));
	live_push(sb->live, delta);
}

/* Keys must be block_ids of input blocks in that view. */
static gboolean are_errors(const struct view *view, const cJSON *errors)
{
	const cJSON *error;
	cJSON_ArrayForEach(error, errors)
	{
		const cJSON *block = blocks_find(json_array(view->body, "blocks"), error->string);
		if (!block || !g_str_equal(json_text_or(block, "type", ""), "input") || !cJSON_IsString(error))
			return FALSE;
	}
	return cJSON_IsObject(errors) && errors->child;
}

static gboolean do_errors(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer)
{
	const cJSON *errors = json_object(answer, "errors");
	if (!are_errors(view, errors))
		return FALSE;
	show_errors(sb, q, errors);
	return TRUE;
}

static gboolean is_modal(const cJSON *body)
{
	g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func(g_free);
	return blocks_check_view(body, BLOCKS_MODAL, messages) == NULL;
}

static gboolean do_update(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer)
{
	(void)q;
	const cJSON *body = json_object(answer, "view");
	if (!is_modal(body))
		return FALSE;
	views_update(sb, view, body);
	return TRUE;
}

static gboolean do_push(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer)
{
	(void)view;
	const cJSON *body = json_object(answer, "view");
	if (!is_modal(body) || q->target.member->views->len >= VIEWS_HIGH)
		return FALSE;
	views_push(sb, q->target.member, body);
	return TRUE;
}

static gboolean do_clear(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer)
{
	(void)q;
	(void)answer;
	views_close(sb, view, TRUE);
	return TRUE;
}

static const struct {
	const char *name;
	gboolean (*run)(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer);
} response_actions[] = {
	{ "errors", do_errors }, { "update", do_update }, { "push", do_push }, { "clear", do_clear },
};

/* FALSE: not understood, and the person sees trouble (protocol 2.5: nothing is reported back to the app). */
static gboolean obey(struct sandbox *sb, struct question *q, struct view *view, const cJSON *answer)
{
	const char *action = json_text_or(answer, "response_action", NULL);
	if (!answer || !answer->child) {
		views_close(sb, view, FALSE);
		return TRUE;
	}
	for (guint i = 0; action && i < G_N_ELEMENTS(response_actions); i++) {
		if (g_str_equal(response_actions[i].name, action))
			return response_actions[i].run(sb, q, view, answer);
	}
	return FALSE;
}

static void submit_decided(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data)
{
	struct question *q = data;
	struct view *view = views_find(sb->room, q->view_id);
	gboolean fine = fate == FATE_ACKNOWLEDGED && (!view || obey(sb, q, view, answer));
	if (!fine)
		notice(sb, q, TROUBLE);
	finish(q, fine ? NULL : TROUBLE);
}

void ask_submit(struct sandbox *sb, struct member *who, struct view *view, struct later *take_later)
{
	struct question *q = question_new(take_later, who);
	q->view_id = g_strdup(view->id);
	g_autoptr(cJSON) problems = views_problems(view);
	if (problems->child) {
		show_errors(sb, q, problems);
		finish(q, NULL);
		question_free(q);
		return;
	}
	cJSON *payload = wire_interactive(sb->room, "view_submission", who);
	put_trigger(sb, payload, who);
	cJSON_AddItemToObject(payload, "view", wire_view(sb->room, view));
	json_put_array(payload, "response_urls");
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, submit_decided, q, question_free);
}

static void closed_decided(struct sandbox *sb, enum fate fate, const cJSON *answer, gpointer data)
{
	(void)sb;
	(void)fate;
	(void)answer;
	(void)data;
}

void ask_closed(struct sandbox *sb, struct member *who, const struct view *view, gboolean all)
{
	if (!json_bool_or(view->body, "notify_on_close", FALSE))
		return;
	cJSON *payload = wire_interactive(sb->room, "view_closed", who), *body = wire_view(sb->room, view);
	cJSON_ReplaceItemInObject(json_object(body, "state"), "values", cJSON_CreateObject());
	cJSON_AddItemToObject(payload, "view", body);
	json_put_bool(payload, "is_cleared", all);
	post_ask(sb->post, ENVELOPE_INTERACTIVE, payload, closed_decided, NULL, NULL);
}
