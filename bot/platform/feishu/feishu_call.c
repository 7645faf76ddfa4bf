/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_call.h"

#include "base/log.h"
#include "base/timer.h"

enum {
	TOKEN_AHEAD_S = 30 * 60, /* from then on the platform gives a new one (6.1) */
	TOKEN_LIFE_S = 7200,	 /* where it does not say */
	TOKEN_LEAST_S = 60,
	TOKEN_AGAIN_MS = 60000,
	TOKEN_LIMIT_MS = 10000,
};

struct feishu_caller {
	const struct config_workspace *workspace;
	struct clock *clock;
	struct http_client *http;
	void (*spent)(gpointer data);
	gpointer data;
	GHashTable *calls; /* guint64 * id → struct call * */
	guint64 last_id;
	char *token; /* NULL: none */
	int64_t token_until_ms; /* monotonic */
	guint64 fetch;		/* the request for a token; 0: none is under way */
	struct timer *ahead;
	GQueue waiting; /* struct call: for a token */
};

struct call {
	struct feishu_caller *caller;
	guint64 id, http; /* http 0: it waits for a token */
	const struct feishu_method *method;
	char *url, *body, *type;
	gsize length;
	gboolean bare; /* without a token */
	gboolean renewed;
	char *token; /* the one it went with */
	int32_t timeout_ms;
	feishu_called_fn *done;
	gpointer data;
};

static void call_free(gpointer data)
{
	struct call *call = data;
	g_free(call->url);
	g_free(call->body);
	g_free(call->type);
	g_free(call->token);
	g_free(call);
}

/* --- the answer --- */

gboolean feishu_called_ok(const struct feishu_called *called)
{
	int64_t code;
	return !called->unsent && feishu_answer_is_success(&called->reply, &code);
}

static int64_t code_of(const struct feishu_called *called)
{
	return json_int_or(called->reply.body, "code", 0);
}

static struct feishu_called read_answer(const struct http_response *response, const cJSON *body)
{
	return (struct feishu_called){ .reply = { .transport = response->outcome,
					       .status = response->status,
					       .reset = http_header(response, "x-ogw-ratelimit-reset"),
					       .body = body,
					       .transport_error = response->error },
		.http = response };
}

/* --- one call --- */

static gboolean is_token_trouble(const struct feishu_called *called)
{
	return called->reply.transport == HTTP_OK &&
	       feishu_code_class(code_of(called), OUTBOX_ASK_PERSON) == FEISHU_TOKEN;
}

/* Whether the platform counts what it refuses is not said; what has not reached it, it cannot count. */
static void count(const struct call *call, enum http_outcome transport)
{
	if (call->method->counted && call->caller->spent && transport != HTTP_NOT_SENT)
		call->caller->spent(call->caller->data);
}

static void go_or_wait(struct call *call);

static void call_answered(const struct http_response *response, gpointer data)
{
	struct call *call = data;
	struct feishu_caller *c = call->caller;
	g_autoptr(cJSON) body = json_parse(response->body, response->body_length, NULL);
	struct feishu_called called = read_answer(response, body);
	call->http = 0;
	count(call, response->outcome);
	if (!call->bare && !call->renewed && is_token_trouble(&called)) {
		call->renewed = TRUE;
		if (g_strcmp0(call->token, c->token) == 0)
			g_clear_pointer(&c->token, g_free);
		go_or_wait(call);
		return;
	}
	feishu_called_fn *done = call->done;
	gpointer mine = call->data;
	g_hash_table_remove(c->calls, &call->id);
	done(&called, mine);
}

static void go(struct call *call)
{
	struct feishu_caller *c = call->caller;
	g_free(call->token);
	call->token = call->bare ? NULL : g_strdup(c->token);
	g_autofree char *token = g_strconcat("Authorization: Bearer ", call->token, NULL);
	const char *headers[] = { call->type, call->token ? token : NULL, NULL };
	call->http = http_send(c->http,
		&(struct http_request){ .method = call->method->verb,
			.url = call->url,
			.headers = headers,
			.body = call->body,
			.body_length = call->length,
			.timeout_ms = call->timeout_ms,
			.max_response_bytes = MESSAGE_FILES_BYTES },
		call_answered, call);
}

/* --- the token --- */

static void fetch_token(struct feishu_caller *c);

static gboolean token_is_good(const struct feishu_caller *c)
{
	return c->token && clock_mono_ms(c->clock) < c->token_until_ms;
}

static void go_or_wait(struct call *call)
{
	struct feishu_caller *c = call->caller;
	if (call->bare || token_is_good(c)) {
		go(call);
		return;
	}
	g_queue_push_tail(&c->waiting, call);
	fetch_token(c);
}

/* Those who waited learn why there is no token. One of them may free the caller. */
static void fail_waiting(struct feishu_caller *c, const struct feishu_called *called)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(guint64));
	for (GList *l = c->waiting.head; l; l = l->next)
		g_array_append_val(ids, ((const struct call *)l->data)->id);
	g_queue_clear(&c->waiting);
	struct feishu_called told = *called;
	told.unsent = TRUE;
	/* Whatever became of the request for a token, the calls themselves did not go out. */
	if (feishu_code_class(code_of(called), OUTBOX_ASK_PERSON) != FEISHU_STOP) {
		told.reply.transport = HTTP_NOT_SENT;
		told.reply.transport_error = "no tenant token";
	}
	GHashTable *calls = g_hash_table_ref(c->calls);
	for (guint i = 0; i < ids->len; i++) {
		const struct call *call = g_hash_table_lookup(calls, &g_array_index(ids, guint64, i));
		if (!call)
			continue;
		feishu_called_fn *done = call->done;
		gpointer mine = call->data;
		g_hash_table_remove(calls, &call->id);
		done(&told, mine);
	}
	g_hash_table_unref(calls);
}

static void take_token(struct feishu_caller *c, const cJSON *body)
{
	int64_t life_s = json_int_or(body, "expire", TOKEN_LIFE_S);
	life_s = CLAMP(life_s, TOKEN_LEAST_S, TOKEN_LIFE_S);
	g_free(c->token);
	c->token = g_strdup(json_text_or(body, "tenant_access_token", NULL));
	c->token_until_ms = clock_mono_ms(c->clock) + life_s * 1000;
	timer_arm_in(c->ahead, MAX(life_s - TOKEN_AHEAD_S + 1, TOKEN_LEAST_S) * 1000);
	struct call *call;
	while ((call = g_queue_pop_head(&c->waiting)))
		go(call);
}

static void token_answered(const struct http_response *response, gpointer data)
{
	struct feishu_caller *c = data;
	g_autoptr(cJSON) body = json_parse(response->body, response->body_length, NULL);
	struct feishu_called called = read_answer(response, body);
	c->fetch = 0;
	if (feishu_called_ok(&called) && json_text_or(body, "tenant_access_token", NULL)) {
		take_token(c, body);
		return;
	}
	log_warning("no tenant token", "workspace", c->workspace->name, "status", called.reply.status,
		"code", code_of(&called), "error", called.reply.transport_error);
	if (token_is_good(c)) /* it was asked for ahead of time */
		timer_arm_in(c->ahead, TOKEN_AGAIN_MS);
	fail_waiting(c, &called);
}

static void fetch_token(struct feishu_caller *c)
{
	if (c->fetch)
		return;
	g_auto(feishu_request_auto) request = { 0 };
	feishu_out_token(c->workspace->app_id, c->workspace->app_secret, &request);
	g_autofree char *url = g_strconcat(c->workspace->base_url, request.path, NULL);
	static const char *const headers[] = { "Content-Type: " FEISHU_JSON_TYPE, NULL };
	c->fetch = http_send(c->http,
		&(struct http_request){ .method = request.method->verb,
			.url = url,
			.headers = headers,
			.body = request.body,
			.body_length = strlen(request.body),
			.timeout_ms = TOKEN_LIMIT_MS },
		token_answered, c);
}

static void fetch_ahead(gpointer data)
{
	fetch_token(data);
}

/* --- life --- */

struct feishu_caller *feishu_caller_new(const struct config_workspace *workspace, struct clock *clock,
	void (*spent)(gpointer data), gpointer data)
{
	struct feishu_caller *c = g_new0(struct feishu_caller, 1);
	c->workspace = workspace;
	c->clock = clock;
	c->spent = spent;
	c->data = data;
	c->http = http_client_new(&(struct http_options){ .ca_file = workspace->ca_file, .proxy = workspace->proxy });
	/* The key is the call's own field, so that key and value are one allocation. */
	c->calls = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, call_free);
	c->ahead = timer_new(NULL, clock, fetch_ahead, c);
	g_queue_init(&c->waiting);
	return c;
}

void feishu_caller_free(struct feishu_caller *c)
{
	if (!c)
		return;
	http_client_free(c->http);
	timer_free(c->ahead);
	g_queue_clear(&c->waiting);
	g_hash_table_remove_all(c->calls);
	g_hash_table_unref(c->calls);
	g_free(c->token);
	g_free(c);
}

guint64 feishu_call(struct feishu_caller *c, const struct feishu_request *request, int32_t timeout_ms,
	feishu_called_fn *done, gpointer data)
{
	struct call *call = g_new0(struct call, 1);
	guint64 id = ++c->last_id;
	gsize length = request->body_length ? request->body_length : request->body ? strlen(request->body) : 0;
	*call = (struct call){ .caller = c,
		.id = id,
		.method = request->method,
		.url = g_strconcat(c->workspace->base_url, request->path, NULL),
		.body = g_memdup2(request->body, length),
		.length = length,
		.type = g_strconcat("Content-Type: ", request->content_type ? request->content_type : FEISHU_JSON_TYPE, NULL),
		.bare = request->method == &feishu_method_endpoint || request->method == &feishu_method_token,
		.timeout_ms = timeout_ms ? timeout_ms : request->method->timeout_ms,
		.done = done,
		.data = data };
	g_hash_table_insert(c->calls, &call->id, call);
	go_or_wait(call);
	return id;
}

void feishu_call_cancel(struct feishu_caller *c, guint64 *id)
{
	struct call *call = *id ? g_hash_table_lookup(c->calls, id) : NULL;
	*id = 0;
	if (!call)
		return;
	if (call->http) {
		http_cancel(c->http, call->http);
		count(call, HTTP_OK);
	} else {
		g_queue_remove(&c->waiting, call);
	}
	g_hash_table_remove(c->calls, &call->id);
}
