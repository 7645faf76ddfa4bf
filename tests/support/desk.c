/* SPDX-License-Identifier: MIT */
#include "desk.h"

static gboolean tick(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_CONTINUE;
}

static gboolean turn_once(guint wait_ms)
{
	gboolean ticked = FALSE;
	guint id = g_timeout_add(wait_ms, tick, &ticked);
	gboolean did = g_main_context_iteration(NULL, TRUE);
	g_source_remove(id);
	return did && !ticked;
}

void desk_turn(void)
{
	turn_once(20);
}

void desk_wait(const gboolean *done)
{
	gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (!*done) {
		if (g_get_monotonic_time() > until_us)
			fail_msg("nothing came within 20 s");
		turn_once(20);
	}
}

/* Loopback needs some turns to carry a frame: quiet means that nothing was to do for 30 ms. */
void desk_settle(struct desk *desk)
{
	(void)desk;
	gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (turn_once(30)) {
		if (g_get_monotonic_time() > until_us)
			fail_msg("the loop does not come to rest");
	}
}

void desk_advance(struct desk *desk, int64_t ms)
{
	clock_advance(desk->clock, ms);
	desk_settle(desk);
}

/* ---- the desk ---- */

static void link_free(gpointer data)
{
	struct desk_link *link = data;
	ws_free(link->ws);
	g_queue_clear_full(&link->frames, (GDestroyNotify)cJSON_Delete);
	g_free(link);
}

static void saw(const cJSON *delta, gpointer data)
{
	struct desk *desk = data;
	g_ptr_array_add(desk->deltas, cJSON_Duplicate(delta, TRUE));
}

const cJSON *desk_keep(struct desk *desk, cJSON *take_tree)
{
	g_ptr_array_add(desk->trash, take_tree);
	return take_tree;
}

struct owned {
	gpointer thing;
	GDestroyNotify free_it;
};

static void owned_free(gpointer data)
{
	struct owned *owned = data;
	owned->free_it(owned->thing);
	g_free(owned);
}

void desk_own(struct desk *desk, gpointer take, GDestroyNotify free_it)
{
	struct owned *owned = g_new0(struct owned, 1);
	*owned = (struct owned){ take, free_it };
	g_ptr_array_add(desk->owned, owned);
}

struct desk *desk_new(const struct sandbox_options *options)
{
	return desk_new_trusting(options, NULL);
}

struct desk *desk_new_trusting(const struct sandbox_options *options, const char *ca_file)
{
	g_autoptr(GError) error = NULL;
	struct sandbox_options o = options ? *options : (struct sandbox_options){ .no_rate_limits = TRUE };
	struct desk *desk = g_new0(struct desk, 1);
	desk->loop = o.loop = lws_loop_new(&error);
	assert_non_null(desk->loop);
	desk->clock = o.clock = clock_new_frozen(DESK_NOW_MS);
	desk->sandbox = sandbox_new(&o, &error);
	if (!desk->sandbox)
		fail_msg("%s", error->message);
	desk->ca_file = g_strdup(ca_file);
	desk->http = http_client_new(&(struct http_options){ .proxy = "", .ca_file = desk->ca_file });
	desk->links = g_ptr_array_new_with_free_func(link_free);
	desk->trash = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
	desk->owned = g_ptr_array_new_with_free_func(owned_free);
	desk->texts = g_ptr_array_new_with_free_func(g_free);
	desk->deltas = g_ptr_array_new_with_free_func((GDestroyNotify)cJSON_Delete);
	sandbox_observe(desk->sandbox, saw, desk);
	return desk;
}

void desk_free(struct desk *desk)
{
	g_ptr_array_unref(desk->links);
	g_ptr_array_unref(desk->owned);
	g_free(desk->token);
	http_client_free(desk->http);
	sandbox_free(desk->sandbox);
	lws_loop_free(desk->loop);
	clock_free(desk->clock);
	g_ptr_array_unref(desk->trash);
	g_ptr_array_unref(desk->texts);
	g_free(desk->ca_file);
	g_ptr_array_unref(desk->deltas);
	g_free(desk);
}

/* ---- HTTP ---- */

struct waiting {
	gboolean done;
	struct desk_answer *answer;
};

static void answered(const struct http_response *r, gpointer data)
{
	struct waiting *waiting = data;
	struct desk_answer *a = waiting->answer;
	a->outcome = r->outcome;
	a->status = r->status;
	a->body = g_strndup(r->body, r->body_length);
	a->json = json_parse(r->body, r->body_length, NULL);
	a->retry_after = g_strdup(http_header(r, "retry-after"));
	a->scopes = g_strdup(http_header(r, "x-oauth-scopes"));
	waiting->done = TRUE;
}

struct desk_answer *desk_request(struct desk *desk, const char *verb, const char *path, const char *const *headers,
	const char *body, gsize length)
{
	g_autofree char *url = g_strconcat(sandbox_url(desk->sandbox), path, NULL);
	struct waiting waiting = { FALSE, g_new0(struct desk_answer, 1) };
	http_send(desk->http,
		&(struct http_request){ .method = verb, .url = url, .headers = headers, .body = body, .body_length = length,
			.timeout_ms = 20000 },
		answered, &waiting);
	desk_wait(&waiting.done);
	return waiting.answer;
}

void desk_answer_free(struct desk_answer *answer)
{
	g_free(answer->body);
	g_free(answer->retry_after);
	g_free(answer->scopes);
	cJSON_Delete(answer->json);
	g_free(answer);
}

const char *desk_form(struct desk *desk, const char *name, ...)
{
	GString *form = g_string_new(NULL);
	va_list args;
	va_start(args, name);
	for (; name; name = va_arg(args, const char *)) {
		g_autofree char *value = g_strdelimit(g_strdup(va_arg(args, const char *)), "'", '"');
		g_string_append_printf(form, "%s%s=", form->len ? "&" : "", name);
		g_string_append_uri_escaped(form, value, NULL, FALSE);
	}
	va_end(args);
	char *text = g_string_free(form, FALSE);
	g_ptr_array_add(desk->texts, text);
	return text;
}

const cJSON *desk_call(struct desk *desk, const char *method, const char *form)
{
	static const char *const headers[] = { "Authorization: Bearer xoxb-sandbox-1",
		"Content-Type: application/x-www-form-urlencoded", NULL };
	g_autofree char *path = g_strconcat("api/", method, NULL);
	struct desk_answer *a = desk_request(desk, "POST", path, headers, form, strlen(form));
	assert_int_equal(a->status, 200);
	assert_non_null(a->json);
	const cJSON *json = desk_keep(desk, g_steal_pointer(&a->json));
	desk_answer_free(a);
	return json;
}

const cJSON *desk_ok(struct desk *desk, const char *method, const char *form)
{
	const cJSON *answer = desk_call(desk, method, form);
	if (!json_bool_or(answer, "ok", FALSE))
		fail_msg("%s %s: %s", method, form, json_text_or(answer, "error", "?"));
	return answer;
}

void desk_fails(struct desk *desk, const char *method, const char *form, const char *error)
{
	const cJSON *answer = desk_call(desk, method, form);
	assert_string_equal(json_text_or(answer, "error", "ok"), error);
	assert_false(json_bool_or(answer, "ok", TRUE));
}

/* ---- Socket Mode ---- */

static void opened(struct ws *ws, gpointer data)
{
	(void)ws;
	((struct desk_link *)data)->open = TRUE;
}

static void came(struct ws *ws, const char *text, gsize length, gpointer data)
{
	(void)ws;
	struct desk_link *link = data;
	cJSON *frame = json_parse(text, length, NULL);
	g_queue_push_tail(&link->frames, frame ? frame : cJSON_CreateString(text));
}

static void closed(struct ws *ws, unsigned code, const char *text, gpointer data)
{
	(void)ws;
	(void)text;
	struct desk_link *link = data;
	link->closed = TRUE;
	link->close_code = code;
}

static const struct ws_events link_events = { .opened = opened, .message = came, .closed = closed };

struct desk_link *desk_dial(struct desk *desk, const char *url)
{
	struct desk_link *link = g_new0(struct desk_link, 1);
	link->desk = desk;
	g_queue_init(&link->frames);
	link->ws = ws_client_dial(desk->loop, &(struct ws_options){ .url = url, .proxy = "", .ca_file = desk->ca_file, .max_send_bytes = 64 * 1024 },
		&link_events, link);
	g_ptr_array_add(desk->links, link);
	return link;
}

struct desk_link *desk_connect(struct desk *desk)
{
	static const char *const headers[] = { "Authorization: Bearer xapp-sandbox-1",
		"Content-Type: application/x-www-form-urlencoded", NULL };
	struct desk_answer *a = desk_request(desk, "POST", "api/apps.connections.open", headers, "", 0);
	struct desk_link *link = desk_dial(desk, json_text_or(a->json, "url", ""));
	desk_answer_free(a);
	assert_string_equal(json_text_or(desk_frame(link), "type", ""), "hello");
	return link;
}

const cJSON *desk_frame(struct desk_link *link)
{
	gint64 until_us = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
	while (g_queue_is_empty(&link->frames)) {
		if (g_get_monotonic_time() > until_us || link->closed)
			fail_msg("no frame came");
		turn_once(20);
	}
	return desk_keep(link->desk, g_queue_pop_head(&link->frames));
}

const cJSON *desk_event(struct desk_link *link, const char *type)
{
	const cJSON *frame = desk_frame(link);
	const char *got = json_text_or(frame, "payload.event.type", json_text_or(frame, "payload.type", ""));
	assert_string_equal(got, type);
	return frame;
}

void desk_nothing(struct desk_link *link)
{
	desk_settle(link->desk);
	if (g_queue_is_empty(&link->frames))
		return;
	g_autofree char *text = json_print(g_queue_peek_head(&link->frames));
	fail_msg("a frame nobody expected: %s", text);
}

void desk_ack(struct desk_link *link, const cJSON *frame, const char *payload)
{
	g_autofree char *text = g_strdup_printf("{\"envelope_id\":\"%s\"%s%s}", json_text_or(frame, "envelope_id", ""),
		payload ? ",\"payload\":" : "", payload ? payload : "");
	assert_true(ws_send_text(link->ws, text, strlen(text), 0));
	desk_settle(link->desk);
}

/* ---- acts ---- */

static cJSON *perform(struct desk *desk, const char *text)
{
	g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
	g_autoptr(GError) error = NULL;
	g_autoptr(cJSON) act = json_parse(json, strlen(json), &error);
	if (!act)
		fail_msg("%s: %s", text, error->message);
	return sandbox_act(desk->sandbox, act);
}

const cJSON *desk_act(struct desk *desk, const char *text)
{
	const cJSON *reply = desk_keep(desk, perform(desk, text));
	if (!json_bool_or(reply, "ok", FALSE))
		fail_msg("%s: %s", text, json_text_or(reply, "error", "?"));
	return reply;
}

void desk_act_fails(struct desk *desk, const char *text, const char *words)
{
	const cJSON *reply = desk_keep(desk, perform(desk, text));
	assert_false(json_bool_or(reply, "ok", TRUE));
	assert_non_null(strstr(json_text_or(reply, "error", ""), words));
}

const cJSON *desk_delta(struct desk *desk, const char *type)
{
	for (guint i = desk->deltas->len; i > 0; i--) {
		const cJSON *delta = g_ptr_array_index(desk->deltas, i - 1);
		if (g_str_equal(json_text_or(delta, "type", ""), type))
			return delta;
	}
	return NULL;
}
