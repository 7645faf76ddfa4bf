/* SPDX-License-Identifier: MIT */
/* http_client against http_server, and against peers that break off at each step of an answer. */
#include "net/http_client.h"

#include "connect_proxy.h"
#include "net_test.h"

/* What `done` was told, the last time. */
struct result {
	unsigned done;
	guint64 id;
	enum http_outcome outcome;
	int status;
	GString *body;
	char *error, *retry_after, *content_type, *absent;
	gboolean reused;
};

enum answer_mode { ANSWER, DROP, NEVER, LATER, LARGE };

struct world {
	struct lws_loop *loop;
	struct http_server *server;
	struct http_client *client;
	struct result result;
	enum answer_mode mode;
	unsigned requests, gone;
	struct http_call *held;
	char *method, *path, *query, *body, *authorization, *expect, *agent, *content_type;
	gsize body_length;
};

static void replace(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

static void note_request(struct world *w, const struct http_call *call)
{
	w->requests++;
	replace(&w->method, http_call_method(call));
	replace(&w->path, http_call_path(call));
	replace(&w->query, http_call_query(call));
	replace(&w->body, http_call_body(call, &w->body_length));
	replace(&w->authorization, http_call_header(call, "AUTHORIZATION"));
	replace(&w->expect, http_call_header(call, "Expect"));
	replace(&w->agent, http_call_header(call, "User-Agent"));
	replace(&w->content_type, http_call_header(call, "content-type"));
}

static void answer(struct http_call *call)
{
	static const char *const headers[] = { "Content-Type: application/json", "Retry-After: 30",
		"X-OAuth-Scopes: chat:write", NULL };
	http_reply(call, 200, headers, "{\"ok\":true}", 11);
}

static void on_request(struct http_call *call, gpointer data)
{
	struct world *w = data;
	note_request(w, call);
	switch (w->mode) {
	case ANSWER:
		answer(call);
		break;
	case DROP:
		http_drop(call);
		break;
	case NEVER:
	case LATER:
		w->held = call;
		break;
	case LARGE: {
		g_autofree char *text = g_strnfill(3 * 1024 * 1024, 'L');
		http_reply(call, 200, NULL, text, 3 * 1024 * 1024);
		break;
	}
	}
}

static void on_gone(struct http_call *call, gpointer data)
{
	struct world *w = data;
	w->gone++;
	if (w->held == call)
		w->held = NULL;
}

static const struct http_server_events server_events = { .request = on_request, .gone = on_gone };

static struct world *world_new_with(
	const struct http_server_options *server, const struct http_options *client)
{
	struct world *w = g_new0(struct world, 1);
	g_autoptr(GError) error = NULL;
	w->loop = test_loop();
	w->server = http_server_new(w->loop, server, &server_events, w, &error);
	if (!w->server)
		fail_msg("%s", error->message);
	w->client = http_client_new(client);
	w->result.body = g_string_new(NULL);
	return w;
}

static struct world *world_new(void)
{
	return world_new_with(&(struct http_server_options){ 0 }, &(struct http_options){ .proxy = "" });
}

static void result_clear(struct result *r)
{
	g_string_free(r->body, TRUE);
	g_free(r->error);
	g_free(r->retry_after);
	g_free(r->content_type);
	g_free(r->absent);
}

static void world_free(struct world *w)
{
	http_client_free(w->client);
	http_server_free(w->server);
	lws_loop_free(w->loop);
	result_clear(&w->result);
	char *texts[] = { w->method, w->path, w->query, w->body, w->authorization, w->expect, w->agent,
		w->content_type };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_free(w);
}

static void done(const struct http_response *response, gpointer data)
{
	struct result *r = data;
	r->done++;
	r->id = response->id;
	r->outcome = response->outcome;
	r->status = response->status;
	g_string_truncate(r->body, 0);
	g_string_append_len(r->body, response->body, (gssize)response->body_length);
	assert_int_equal(response->body[response->body_length], 0);
	assert_true((response->error == NULL) == (response->outcome == HTTP_OK));
	replace(&r->error, response->error);
	replace(&r->retry_after, http_header(response, "retry-after"));
	replace(&r->content_type, http_header(response, "CONTENT-TYPE"));
	replace(&r->absent, http_header(response, "x-absent"));
	r->reused = response->reused;
}

static char *url_of(guint16 port, const char *rest)
{
	return g_strdup_printf("http://127.0.0.1:%u%s", port, rest);
}

static guint64 send_to(struct world *w, const char *url, const struct http_request *template)
{
	struct http_request r = *template;
	r.url = url;
	return http_send(w->client, &r, done, &w->result);
}

static const struct http_request post_hello = { .body = "hello", .body_length = 5 };

/* Sends to the world's own server and waits for the end. */
static void ask(struct world *w, const struct http_request *template)
{
	unsigned before = w->result.done;
	g_autofree char *url = url_of(http_server_port(w->server), "/api/chat.postMessage?a=b%20c&d");
	send_to(w, url, template);
	assert_int_equal(w->result.done, before); /* never from inside */
	run_until(&w->result.done, before + 1);
}

static void expect_outcome(const struct world *w, enum http_outcome outcome, const char *why)
{
	if (w->result.outcome != outcome)
		fail_msg("%s (%s), expected %s", http_outcome_name(w->result.outcome),
			w->result.error ? w->result.error : "", http_outcome_name(outcome));
	if (why && !strstr(w->result.error, why))
		fail_msg("'%s' does not say '%s'", w->result.error, why);
}

/* --- requests and answers --- */

static void a_post_arrives_whole_and_its_answer_too(void **state)
{
	(void)state;
	struct world *w = world_new();
	static const char *const headers[] = { "Authorization: Bearer t", "Content-Type: application/json",
		NULL };
	ask(w, &(struct http_request){
		       .headers = headers, .body = "{\"a\":\"\xc3\xa4\"}", .body_length = 10 });
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(w->result.status, 200);
	assert_string_equal(w->result.body->str, "{\"ok\":true}");
	assert_string_equal(w->result.retry_after, "30");
	assert_string_equal(w->result.content_type, "application/json");
	assert_null(w->result.absent);
	assert_string_equal(w->method, "POST");
	assert_string_equal(w->path, "/api/chat.postMessage");
	assert_string_equal(w->query, "a=b%20c&d");
	assert_string_equal(w->body, "{\"a\":\"\xc3\xa4\"}");
	assert_string_equal(w->authorization, "Bearer t");
	assert_string_equal(w->content_type, "application/json");
	assert_null(w->expect);
	assert_true(g_str_has_prefix(w->agent, "belltower/"));
	world_free(w);
}

static void methods_are_sent_as_named(void **state)
{
	(void)state;
	static const struct {
		struct http_request request;
		const char *seen;
	} cases[] = {
		{ { .method = NULL }, "GET" },
		{ { .method = "POST" }, "POST" },
		{ { .method = "DELETE" }, "DELETE" },
		{ { .method = "PUT", .body = "x", .body_length = 1 }, "PUT" },
		{ { .method = "POST", .body = "", .body_length = 0 }, "POST" },
		{ { .method = "PATCH", .body = "x", .body_length = 1 }, "PATCH" },
		{ { .method = "HEAD" }, "HEAD" },
		{ { .method = "GET" }, "GET" },
	};
	struct world *w = world_new();
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gboolean head = g_strcmp0(cases[i].request.method, "HEAD") == 0;
		ask(w, &cases[i].request);
		expect_outcome(w, HTTP_OK, NULL);
		assert_string_equal(w->method, cases[i].seen);
		assert_int_equal(w->body_length, cases[i].request.body_length);
		if (!head)
			assert_string_equal(w->result.body->str, "{\"ok\":true}");
	}
	world_free(w);
}

static void a_connection_is_kept_and_headers_change(void **state)
{
	(void)state;
	struct world *w = world_new();
	static const char *const first[] = { "Authorization: Bearer 1", NULL }, *const second[] = {
		"Authorization: Bearer 2", NULL
	};
	ask(w, &(struct http_request){ .headers = first, .body = "1", .body_length = 1 });
	assert_string_equal(w->authorization, "Bearer 1");
	assert_false(w->result.reused);
	ask(w, &(struct http_request){ .headers = second, .body = "2", .body_length = 1 });
	assert_string_equal(w->authorization, "Bearer 2");
	assert_true(w->result.reused);
	ask(w, &post_hello);
	assert_null(w->authorization);
	assert_string_equal(w->body, "hello");
	world_free(w);
}

static void bodies_of_a_mebibyte_go_both_ways(void **state)
{
	(void)state;
	struct world *w = world_new();
	gsize length = 1024 * 1024;
	g_autofree char *text = g_strnfill(length, 'u');
	w->mode = LARGE;
	ask(w, &(struct http_request){ .body = text, .body_length = length });
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(w->body_length, length);
	assert_string_equal(w->body, text);
	assert_null(w->expect);
	assert_int_equal(w->result.body->len, 3 * 1024 * 1024);
	w->mode = ANSWER;
	ask(w, &post_hello); /* and the connection is in order */
	assert_true(w->result.reused);
	world_free(w);
}

static void a_hundred_at_once_are_all_answered(void **state)
{
	(void)state;
	struct world *w = world_new();
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	for (unsigned i = 0; i < 100; i++)
		send_to(w, url, &post_hello);
	assert_int_equal(http_pending(w->client), 100);
	run_until(&w->result.done, 100);
	assert_int_equal(w->requests, 100);
	assert_int_equal(http_pending(w->client), 0);
	world_free(w);
}

static void a_late_answer_arrives(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = LATER;
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	for (unsigned i = 1; i <= 3; i++) {
		send_to(w, url, i % 2 ? &post_hello : &(struct http_request){ 0 });
		run_until(&w->requests, i);
		busy_turns_in(10);
		answer(g_steal_pointer(&w->held));
		run_until(&w->result.done, i);
		expect_outcome(w, HTTP_OK, NULL);
	}
	assert_true(w->result.reused);
	world_free(w);
}

static void an_answer_that_is_too_long_is_cut_off(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = LARGE;
	ask(w, &(struct http_request){ .body = "x", .body_length = 1, .max_response_bytes = 100000 });
	expect_outcome(w, HTTP_IN_DOUBT, "answer longer than 100000 bytes");
	assert_int_equal(w->result.status, 200);
	w->mode = ANSWER;
	ask(w, &post_hello);
	expect_outcome(w, HTTP_OK, NULL);
	world_free(w);
}

/* --- cancelling --- */

static void a_cancelled_request_is_silent(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = NEVER;
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	guint64 id = send_to(w, url, &post_hello);
	run_until(&w->requests, 1);
	http_cancel(w->client, id);
	http_cancel(w->client, id);
	http_cancel(w->client, 4711);
	assert_int_equal(http_pending(w->client), 0);
	run_until(&w->gone, 1);
	assert_int_equal(w->result.done, 0);
	world_free(w);
}

static void cancelling_one_in_the_line_keeps_the_others(void **state)
{
	(void)state;
	struct world *w = world_new_with(
		&(struct http_server_options){ 0 }, &(struct http_options){ .proxy = "", .max_active = 1 });
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	send_to(w, url, &post_hello);
	guint64 second = send_to(w, url, &post_hello);
	guint64 third = send_to(w, url, &post_hello);
	http_cancel(w->client, second);
	run_until(&w->result.done, 2);
	assert_int_equal(w->result.id, third);
	assert_int_equal(w->requests, 2);
	world_free(w);
}

static void free_client(const struct http_response *response, gpointer data)
{
	(void)response;
	struct world *w = data;
	w->result.done++;
	g_clear_pointer(&w->client, http_client_free);
}

static void the_client_may_be_freed_in_done(void **state)
{
	(void)state;
	struct world *w = world_new();
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	for (unsigned i = 0; i < 5; i++)
		http_send(w->client, &(struct http_request){ .url = url }, free_client, w);
	run_until(&w->result.done, 1);
	busy_turns_in(10);
	assert_int_equal(w->result.done, 1);
	world_free(w);
}

static void a_client_with_requests_under_way_is_freed(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = NEVER;
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	for (unsigned i = 0; i < 20; i++)
		send_to(w, url, &post_hello);
	send_to(w, "http://localhost:1/", &post_hello);
	run_until(&w->requests, 1);
	world_free(w);
}

/* --- sent or not --- */

static void nobody_listening_is_not_sent(void **state)
{
	(void)state;
	struct world *w = world_new();
	g_autofree char *url = url_of(http_server_port(w->server), "/");
	http_server_free(g_steal_pointer(&w->server));
	send_to(w, url, &post_hello);
	run_until(&w->result.done, 1);
	expect_outcome(w, HTTP_NOT_SENT, NULL);
	assert_int_equal(w->result.status, 0);
	world_free(w);
}

static void what_cannot_be_reached_is_not_sent(void **state)
{
	(void)state;
	static const char *const urls[] = { "http://nowhere.invalid/", "nonsense://x/", "", "http://" };
	struct world *w = world_new();
	for (unsigned i = 0; i < G_N_ELEMENTS(urls); i++) {
		send_to(w, urls[i], &post_hello);
		run_until(&w->result.done, i + 1);
		expect_outcome(w, HTTP_NOT_SENT, NULL);
	}
	world_free(w);
}

static void a_drop_before_the_answer_is_in_doubt_on_a_new_connection(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = DROP;
	ask(w, &post_hello);
	expect_outcome(w, HTTP_IN_DOUBT, NULL);
	assert_int_equal(w->requests, 1);
	world_free(w);
}

/* libcurl by itself would send it again, and the server would have it twice. */
static void a_drop_before_the_answer_is_in_doubt_on_a_kept_connection(void **state)
{
	(void)state;
	struct world *w = world_new();
	ask(w, &post_hello);
	expect_outcome(w, HTTP_OK, NULL);
	w->mode = DROP;
	ask(w, &post_hello);
	expect_outcome(w, HTTP_IN_DOUBT, "closed by the server without an answer");
	assert_int_equal(w->requests, 2);
	w->mode = ANSWER;
	ask(w, &post_hello);
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(w->requests, 3);
	world_free(w);
}

static struct raw_step break_off(unsigned connection, const char *bytes, gsize length, gpointer data)
{
	const char *answer = data;
	(void)connection;
	/* The whole request, or nothing of it is read. */
	if (length == 0)
		return (struct raw_step){ .close = g_str_equal(answer, "at once") };
	return strstr(bytes, "\r\n\r\nhello") ? (struct raw_step){ .answer = answer, .close = TRUE }
					      : (struct raw_step){ 0 };
}

static void an_answer_that_breaks_off_is_in_doubt(void **state)
{
	(void)state;
	static const char *const answers[] = {
		"",
		"HTTP/1.1 ",
		"HTTP/1.1 200 OK\r\nContent-",
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":",
		"not HTTP at all\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
	};
	struct world *w = world_new();
	for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
		struct raw_peer *peer = raw_peer_new(break_off, (gpointer)answers[i]);
		g_autofree char *url = url_of(raw_peer_port(peer), "/");
		send_to(w, url, &post_hello);
		run_until(&w->result.done, i + 1);
		expect_outcome(w, HTTP_IN_DOUBT, NULL);
		assert_int_equal(raw_peer_accepted(peer), 1);
		raw_peer_free(peer);
	}
	world_free(w);
}

static struct raw_step answer_once_then_close(
	unsigned connection, const char *bytes, gsize length, gpointer data)
{
	(void)connection;
	(void)data;
	(void)length;
	const char *first = strstr(bytes, "\r\n\r\nhello");
	return first ? (struct raw_step){ .answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		.close = TRUE }
		     : (struct raw_step){ 0 };
}

/* A kept connection that was closed in the meantime is noticed before anything is written. */
static void a_kept_connection_that_was_closed_is_replaced(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw_peer *peer = raw_peer_new(answer_once_then_close, NULL);
	g_autofree char *url = url_of(raw_peer_port(peer), "/");
	for (unsigned i = 1; i <= 3; i++) {
		send_to(w, url, &post_hello);
		run_until(&w->result.done, i);
		expect_outcome(w, HTTP_OK, NULL);
		busy_turns_in(20); /* the end of the connection arrives */
	}
	assert_int_equal(raw_peer_accepted(peer), 3);
	world_free(w);
	raw_peer_free(peer);
}

/* Whoever is asked for a name must not hold up the loop: not by silence, not when given up. */
static void a_name_server_that_is_silent_does_not_hold_up_the_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	names_hold();
	guint64 id = send_to(w, "http://" SLOW_NAME "/", &post_hello);
	RUN_WHILE(names_held() < 1);
	ask(w, &post_hello);
	expect_outcome(w, HTTP_OK, NULL);
	http_cancel(w->client, id);
	g_autofree char *url = g_strdup("http://" SLOW_NAME "/");
	send_to(w, url, &(struct http_request){ .timeout_ms = 100 });
	run_until(&w->result.done, 2);
	expect_outcome(w, HTTP_NOT_SENT, NULL);
	send_to(w, url, &post_hello);
	RUN_WHILE(names_held() < 3);
	http_client_free(g_steal_pointer(&w->client));
	assert_int_equal(names_held(), 3);
	names_release();
	assert_int_equal(w->result.done, 2);
	world_free(w);
}

static struct raw_step redirect(unsigned connection, const char *bytes, gsize length, gpointer data)
{
	(void)connection;
	(void)data;
	(void)length;
	return (struct raw_step){
		.answer = strstr(bytes, "\r\n\r\n")
				  ? "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
				  : NULL
	};
}

static void redirects_are_not_followed(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct raw_peer *peer = raw_peer_new(redirect, NULL);
	g_autofree char *url = url_of(raw_peer_port(peer), "/");
	send_to(w, url, &(struct http_request){ 0 });
	run_until(&w->result.done, 1);
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(w->result.status, 302);
	world_free(w);
	raw_peer_free(peer);
}

static void a_silent_server_times_out_in_doubt(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->mode = NEVER;
	ask(w, &(struct http_request){ .body = "hello", .body_length = 5, .timeout_ms = 150 });
	expect_outcome(w, HTTP_IN_DOUBT, NULL);
	run_until(&w->gone, 1);
	world_free(w);
}

/* --- TLS and proxies --- */

static struct world *tls_world(const char *server, const char *ca_file, const char *proxy)
{
	g_autofree char *cert = g_strconcat(server, ".pem", NULL), *key = g_strconcat(server, ".key", NULL);
	return world_new_with(
		&(struct http_server_options){ .cert_file = certificate(cert), .key_file = certificate(key) },
		&(struct http_options){ .proxy = proxy, .ca_file = ca_file });
}

static void ask_over_tls(struct world *w)
{
	g_autofree char *url = g_strdup_printf("https://localhost:%u/", http_server_port(w->server));
	unsigned before = w->result.done;
	send_to(w, url, &post_hello);
	run_until(&w->result.done, before + 1);
}

static void tls_is_spoken(void **state)
{
	(void)state;
	struct world *w = tls_world("server", certificate("ca.pem"), "");
	ask_over_tls(w);
	expect_outcome(w, HTTP_OK, NULL);
	ask_over_tls(w);
	assert_true(w->result.reused);
	assert_string_equal(w->body, "hello");
	w->mode = LARGE;
	ask_over_tls(w);
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(w->result.body->len, 3 * 1024 * 1024);
	world_free(w);
}

static void tls_that_fails_is_not_sent(void **state)
{
	(void)state;
	static const struct {
		const char *server, *ca;
	} cases[] = { { "server", "stranger-ca.pem" }, { "server", NULL }, { "elsewhere", "ca.pem" } };
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct world *w =
			tls_world(cases[i].server, cases[i].ca ? certificate(cases[i].ca) : NULL, "");
		ask_over_tls(w);
		expect_outcome(w, HTTP_NOT_SENT, NULL);
		assert_int_equal(w->requests, 0);
		world_free(w);
	}
}

static void a_proxy_is_gone_through(void **state)
{
	(void)state;
	struct connect_proxy *proxy = connect_proxy_new("user:secret");
	g_autofree char *url = g_strdup_printf("http://user:secret@127.0.0.1:%u", connect_proxy_port(proxy));
	struct world *w = tls_world("server", certificate("ca.pem"), url);
	ask_over_tls(w);
	expect_outcome(w, HTTP_OK, NULL);
	assert_int_equal(connect_proxy_tunnels(proxy), 1);
	w->mode = DROP;
	ask_over_tls(w);
	expect_outcome(w, HTTP_IN_DOUBT, NULL);
	assert_int_equal(w->requests, 2);
	world_free(w);
	connect_proxy_free(proxy);
}

/* What was written to the proxy is not the request. */
static void a_proxy_that_refuses_is_not_sent(void **state)
{
	(void)state;
	struct connect_proxy *proxy = connect_proxy_new("user:secret");
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u", connect_proxy_port(proxy));
	struct world *w = tls_world("server", certificate("ca.pem"), url);
	ask_over_tls(w);
	expect_outcome(w, HTTP_NOT_SENT, "407");
	world_free(w);
	connect_proxy_free(proxy);
	proxy = connect_proxy_new(NULL);
	g_autofree char *open_url = g_strdup_printf("http://127.0.0.1:%u", connect_proxy_port(proxy));
	w = tls_world("elsewhere", certificate("ca.pem"), open_url);
	ask_over_tls(w);
	expect_outcome(w, HTTP_NOT_SENT, NULL);
	assert_int_equal(connect_proxy_tunnels(proxy), 1);
	world_free(w);
	connect_proxy_free(proxy);
}

/* --- quiet --- */

static void an_idle_client_does_not_turn_the_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	ask(w, &post_hello);
	busy_turns_in(50);
	assert_in_range(busy_turns_in(300), 0, 20);
	/* Nor one whose kept connection broke. */
	struct raw_peer *peer = raw_peer_new(answer_once_then_close, NULL);
	g_autofree char *url = url_of(raw_peer_port(peer), "/");
	send_to(w, url, &post_hello);
	run_until(&w->result.done, 2);
	raw_peer_free(peer);
	busy_turns_in(50);
	assert_in_range(busy_turns_in(300), 0, 20);
	world_free(w);
}

static int remove_files(void **state)
{
	(void)state;
	certificates_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_arrives_whole_and_its_answer_too),
		cmocka_unit_test(methods_are_sent_as_named),
		cmocka_unit_test(a_connection_is_kept_and_headers_change),
		cmocka_unit_test(bodies_of_a_mebibyte_go_both_ways),
		cmocka_unit_test(a_hundred_at_once_are_all_answered),
		cmocka_unit_test(a_late_answer_arrives),
		cmocka_unit_test(an_answer_that_is_too_long_is_cut_off),
		cmocka_unit_test(a_cancelled_request_is_silent),
		cmocka_unit_test(cancelling_one_in_the_line_keeps_the_others),
		cmocka_unit_test(the_client_may_be_freed_in_done),
		cmocka_unit_test(a_client_with_requests_under_way_is_freed),
		cmocka_unit_test(nobody_listening_is_not_sent),
		cmocka_unit_test(what_cannot_be_reached_is_not_sent),
		cmocka_unit_test(a_drop_before_the_answer_is_in_doubt_on_a_new_connection),
		cmocka_unit_test(a_drop_before_the_answer_is_in_doubt_on_a_kept_connection),
		cmocka_unit_test(an_answer_that_breaks_off_is_in_doubt),
		cmocka_unit_test(a_kept_connection_that_was_closed_is_replaced),
		cmocka_unit_test(a_name_server_that_is_silent_does_not_hold_up_the_loop),
		cmocka_unit_test(redirects_are_not_followed),
		cmocka_unit_test(a_silent_server_times_out_in_doubt),
		cmocka_unit_test(tls_is_spoken),
		cmocka_unit_test(tls_that_fails_is_not_sent),
		cmocka_unit_test(a_proxy_is_gone_through),
		cmocka_unit_test(a_proxy_that_refuses_is_not_sent),
		cmocka_unit_test(an_idle_client_does_not_turn_the_loop),
	};
	return cmocka_run_group_tests(tests, NULL, remove_files);
}
