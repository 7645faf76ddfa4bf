/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_call.h"

struct slack_caller {
	const struct config_workspace *workspace;
	struct http_client *http;
	GHashTable *calls; /* guint64 * id → struct call * */
	const struct clock *clock;
	int64_t ended_ms; /* monotonic; -1: none has */
};

struct call {
	struct slack_caller *caller;
	guint64 id;
	slack_called_fn *done;
	gpointer data;
};

struct slack_caller *slack_caller_new(const struct config_workspace *workspace, const struct clock *clock)
{
	struct slack_caller *c = g_new0(struct slack_caller, 1);
	c->workspace = workspace;
	c->clock = clock;
	c->ended_ms = -1;
	c->http = http_client_new(
		&(struct http_options){ .ca_file = workspace->ca_file, .proxy = workspace->proxy, .max_active = 32 });
	/* The key is the call's own field, so that key and value are one allocation. */
	c->calls = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	return c;
}

void slack_caller_free(struct slack_caller *c)
{
	if (!c)
		return;
	http_client_free(c->http);
	g_hash_table_unref(c->calls);
	g_free(c);
}

static void called(const struct http_response *response, gpointer data)
{
	g_autofree struct call *call = data;
	struct slack_caller *c = call->caller;
	g_hash_table_steal(c->calls, &call->id);
	c->ended_ms = clock_mono_ms(c->clock);
	g_autoptr(cJSON) body = json_parse(response->body, response->body_length, NULL);
	struct slack_called answer = {
		.reply = { .transport = response->outcome,
			.status = response->status,
			.retry_after = http_header(response, "Retry-After"),
			.body = body,
			.transport_error = response->error },
		.http = response,
	};
	call->done(&answer, call->data);
}

guint64 slack_call(
	struct slack_caller *c, const struct slack_call *what, slack_called_fn *done, gpointer data)
{
	struct call *call = g_new0(struct call, 1);
	g_autofree char *url =
		what->url ? g_strdup(what->url) : g_strconcat(c->workspace->api_url, what->method, NULL);
	g_autofree char *token = g_strconcat("Authorization: Bearer ", what->token, NULL);
	g_autofree char *type = g_strconcat("Content-Type: ",
		what->content_type ? what->content_type : "application/x-www-form-urlencoded", NULL);
	const char *headers[] = { type, what->token ? token : NULL, NULL };
	const char *body = what->body ? what->body : "";
	*call = (struct call){ .caller = c, .done = done, .data = data };
	call->id = http_send(c->http,
		&(struct http_request){ .method = "POST",
			.url = url,
			.headers = headers,
			.body = body,
			.body_length = what->body_length ? what->body_length : strlen(body),
			.timeout_ms = what->timeout_ms },
		called, call);
	g_hash_table_insert(c->calls, &call->id, call);
	return call->id;
}

void slack_call_cancel(struct slack_caller *c, guint64 *id)
{
	if (*id && g_hash_table_contains(c->calls, id)) {
		http_cancel(c->http, *id);
		g_hash_table_remove(c->calls, id);
	}
	*id = 0;
}

gboolean slack_caller_is_warm(const struct slack_caller *c, int64_t within_ms)
{
	return http_pending(c->http) > 0 ||
		(c->ended_ms >= 0 && clock_mono_ms(c->clock) - c->ended_ms < within_ms);
}

gboolean slack_called_ok(const struct slack_called *called_back)
{
	const struct slack_reply *reply = &called_back->reply;
	return reply->transport == HTTP_OK && reply->status == 200 && json_bool_or(reply->body, "ok", FALSE);
}

char *slack_form(const char *key, ...)
{
	GString *form = g_string_new(NULL);
	va_list args;
	va_start(args, key);
	for (; key; key = va_arg(args, const char *)) {
		const char *value = va_arg(args, const char *);
		if (!value || !*value)
			continue;
		g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
		g_string_append_printf(form, "%s%s=%s", form->len ? "&" : "", key, escaped);
	}
	va_end(args);
	return g_string_free(form, FALSE);
}
