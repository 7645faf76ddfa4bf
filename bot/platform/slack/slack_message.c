/* SPDX-License-Identifier: MIT */
/*
 * An errand that asks for one message (protocols/slack.md 8): reactions.get tells of any, in a thread too, with its
 * permalink; then conversations.info whether whoever works here may read it where it stands.
 */
#include "platform/slack/slack_room.h"

static void found_free(gpointer event)
{
	event_free(event);
}

static void tell(struct errand *e)
{
	struct adapter *a = e->adapter;
	a->host->event(a->host->data, g_steal_pointer(&e->work));
	errand_done(e);
}

static gboolean is_open(const cJSON *channel)
{
	return channel && !json_bool_or(channel, "is_private", TRUE) && !json_bool_or(channel, "is_im", FALSE) &&
	       !json_bool_or(channel, "is_mpim", FALSE);
}

static void ask_place(struct errand *e);

/* Where we may not look the place counts as private. */
static void place_answered(struct errand *e, const struct slack_called *called)
{
	struct event *event = e->work;
	const char *error = json_text_or(called->reply.body, "error", NULL);
	if (!slack_called_ok(called) && !error && !errand_read(e, called, ask_place))
		return;
	if (is_open(json_object(called->reply.body, "channel")))
		event->value = g_strdup(EVENT_FOUND_PUBLIC);
	tell(e);
}

static void ask_place(struct errand *e)
{
	static const struct slack_method conversations_info = { .name = "conversations.info" };
	g_auto(slack_request_auto) request = { .method = &conversations_info,
		.body = slack_form("channel", e->row->channel, NULL),
		.content_type = "application/x-www-form-urlencoded" };
	errand_call(e, &request, place_answered);
}

static void message_answered(struct errand *e, const struct slack_called *called)
{
	struct adapter *a = e->adapter;
	if (!errand_read(e, called, slack_ask_message))
		return;
	struct event *event = slack_in_found(&a->self, json_object(called->reply.body, "message"), e->row->channel);
	if (!event) { /* a program's, or one of Slack's own */
		errand_done(e);
		return;
	}
	event->word = g_strdup(e->row->word);
	e->work = event;
	e->work_free = found_free;
	ask_place(e);
}

void slack_ask_message(struct errand *e)
{
	g_auto(slack_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (slack_out(e->row, NULL, &request, &error))
		errand_call(e, &request, message_answered);
	else
		errand_fail(e, error->message);
}
