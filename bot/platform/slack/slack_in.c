/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_in_parts.h"

#define ENVELOPE_ID_MAX 200

static const struct reader envelopes[] = {
	{ "events_api", slack_in_events_api },
	{ "slash_commands", slack_in_slash },
	{ "interactive", slack_in_interactive },
};

static const struct {
	const char *reason;
	enum slack_disconnect disconnect;
} disconnects[] = {
	{ "warning", SLACK_DISCONNECT_WARNING },
	{ "refresh_requested", SLACK_DISCONNECT_REFRESH },
	{ "link_disabled", SLACK_DISCONNECT_DISABLED },
	{ "socket_mode_disabled", SLACK_DISCONNECT_DISABLED }, /* the older name */
	{ "too_many_websockets", SLACK_DISCONNECT_CROWDED },
};

const char *slack_in_text(const cJSON *root, const char *path)
{
	const char *text = json_text_or(root, path, NULL);
	return text && *text ? text : NULL;
}

gboolean slack_in_dispatch(const struct reader *readers, gsize count, const char *name, struct reading *r)
{
	for (gsize i = 0; i < count; i++) {
		if (strcmp(readers[i].name, name) == 0) {
			readers[i].read(r);
			return TRUE;
		}
	}
	return FALSE;
}

struct event *slack_in_event(
	const struct slack_self *self, enum event_kind kind, const char *person, const char *channel)
{
	struct event *event = event_new(kind, self->workspace);
	event->person = g_strdup(person);
	event->place.channel = g_strdup(channel);
	event->place.kind = !channel || *channel == 'D' ? PLACE_DIRECT : PLACE_CHANNEL;
	return event;
}

char *slack_in_make_key(char prefix, const char *a, const char *b, const char *c)
{
	char head[] = { prefix, ':', '\0' };
	return g_strconcat(head, a, b ? ":" : NULL, b, c ? ":" : NULL, c, NULL);
}

void slack_in_key(struct event *event, char prefix, const char *a, const char *b, const char *c)
{
	guint i = 0;
	while (i < EVENT_KEYS && event->keys[i])
		i++;
	if (!a || i == EVENT_KEYS)
		return;
	event->keys[i] = slack_in_make_key(prefix, a, b, c);
}

static int small_int(const cJSON *root, const char *path)
{
	int64_t number = json_int_or(root, path, 0);
	return (int)CLAMP(number, 0, G_MAXINT);
}

static void read_hello(const cJSON *root, struct slack_frame *out)
{
	out->kind = SLACK_HELLO;
	out->app_id = g_strdup(slack_in_text(root, "connection_info.app_id"));
	out->num_connections = small_int(root, "num_connections");
	out->connection_s = small_int(root, "debug_info.approximate_connection_time");
}

static void read_disconnect(const cJSON *root, struct slack_frame *out)
{
	out->kind = SLACK_DISCONNECT;
	out->num_connections = small_int(root, "num_connections");
	const char *reason = json_text_or(root, "reason", "");
	for (gsize i = 0; i < G_N_ELEMENTS(disconnects); i++)
		if (strcmp(disconnects[i].reason, reason) == 0)
			out->disconnect = disconnects[i].disconnect;
}

static void read_envelope(
	const struct slack_self *self, const cJSON *root, int64_t now_ms, struct slack_frame *out)
{
	out->kind = SLACK_ENVELOPE;
	out->envelope_id = g_strdup(slack_in_text(root, "envelope_id"));
	const char *type = json_text_or(root, "type", "");
	/* The flag is to be trusted, not the type (2.4); without one, what is wrong in a form is told all the same. */
	out->accepts_payload = json_bool_or(root, "accepts_response_payload", strcmp(type, "interactive") == 0);
	out->retry_attempt = small_int(root, "retry_attempt");
	struct reading r = {
		.self = self, .now_ms = now_ms, .payload = json_object(root, "payload"), .frame = out
	};
	if (!r.payload)
		out->ignored = "envelope without a payload";
	else if (!slack_in_dispatch(envelopes, G_N_ELEMENTS(envelopes), type, &r))
		out->ignored = "unknown envelope type";
}

/*
 * The id in text that is no JSON. What a person typed cannot pose as one: inside a JSON string the quotes
 * around the name would be escaped.
 */
static char *fish_envelope_id(const char *text, gsize length)
{
	static const char name[] = "\"envelope_id\"";
	const char *at = length > 0 ? memmem(text, length, name, sizeof name - 1) : NULL,
		   *end = text + length;
	if (!at)
		return NULL;
	at += sizeof name - 1;
	while (at < end && (g_ascii_isspace(*at) || *at == ':'))
		at++;
	if (at == end || *at++ != '"')
		return NULL;
	const char *start = at;
	while (at < end && (g_ascii_isalnum(*at) || *at == '-') && at - start < ENVELOPE_ID_MAX)
		at++;
	return at < end && *at == '"' && at > start ? g_strndup(start, (gsize)(at - start)) : NULL;
}

static void read_broken(const char *text, gsize length, struct slack_frame *out)
{
	out->envelope_id = fish_envelope_id(text, length);
	out->kind = out->envelope_id ? SLACK_ENVELOPE : SLACK_GARBAGE;
	out->ignored = "not JSON";
}

void slack_in(const struct slack_self *self, const char *text, gsize length, int64_t now_ms,
	struct slack_frame *out)
{
	*out = (struct slack_frame){ .kind = SLACK_GARBAGE };
	g_autoptr(cJSON) root = json_parse(text, length, NULL);
	const char *type = root ? json_text_or(root, "type", "") : "";
	if (!root)
		read_broken(text, length, out);
	else if (slack_in_text(root, "envelope_id"))
		read_envelope(self, root, now_ms, out);
	else if (strcmp(type, "hello") == 0)
		read_hello(root, out);
	else if (strcmp(type, "disconnect") == 0)
		read_disconnect(root, out);
	else
		out->ignored = "no envelope_id";
}

void slack_frame_release(struct slack_frame *frame)
{
	if (!frame)
		return;
	g_clear_pointer(&frame->envelope_id, g_free);
	g_clear_pointer(&frame->app_id, g_free);
	g_clear_pointer(&frame->event, event_free);
}

int64_t slack_in_ts_ms(const char *ts, int64_t fallback)
{
	int64_t seconds = 0, ms = 0;
	int digits = 0, decimals = 0;
	for (; ts && g_ascii_isdigit(*ts) && digits < 12; ts++, digits++)
		seconds = seconds * 10 + g_ascii_digit_value(*ts);
	if (digits == 0 || (*ts != '.' && *ts != '\0'))
		return fallback;
	ts += *ts == '.';
	for (; decimals < 3; decimals++)
		ms = ms * 10 + (g_ascii_isdigit(*ts) ? g_ascii_digit_value(*ts++) : 0);
	return seconds * 1000 + ms;
}
