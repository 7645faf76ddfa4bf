/* SPDX-License-Identifier: MIT */
/* http_server as a peer sees it that writes its requests byte by byte, or wrongly. */
#include "net/http_server.h"

#include <gio/gio.h>

#include "net_test.h"

struct world {
	struct lws_loop *loop;
	struct http_server *server;
	unsigned requests, gone;
	gboolean hold;
	GPtrArray *held; /* struct http_call */
	char *method, *path, *query, *body, *custom, *several;
	gsize body_length;
};

static void replace(char **place, const char *text)
{
	g_free(*place);
	*place = g_strdup(text);
}

static void answer(struct http_call *call, struct world *w)
{
	g_autofree char *text = g_strdup_printf("answer %u", w->requests);
	http_reply(call, 200, NULL, text, strlen(text));
}

static void on_request(struct http_call *call, gpointer data)
{
	struct world *w = data;
	w->requests++;
	replace(&w->method, http_call_method(call));
	replace(&w->path, http_call_path(call));
	replace(&w->query, http_call_query(call));
	replace(&w->body, http_call_body(call, &w->body_length));
	replace(&w->custom, http_call_header(call, "X-Slack-Signature"));
	replace(&w->several, http_call_header(call, "accept"));
	assert_null(http_call_header(call, "x-absent"));
	assert_null(http_call_data(call));
	http_call_set_data(call, w);
	assert_ptr_equal(http_call_data(call), w);
	if (w->hold)
		g_ptr_array_add(w->held, call);
	else
		answer(call, w);
}

static void on_gone(struct http_call *call, gpointer data)
{
	struct world *w = data;
	w->gone++;
	assert_true(g_ptr_array_remove(w->held, call));
}

static const struct http_server_events events = { .request = on_request, .gone = on_gone };

static struct world *world_new_with(const struct http_server_options *options)
{
	struct world *w = g_new0(struct world, 1);
	g_autoptr(GError) error = NULL;
	w->loop = test_loop();
	w->held = g_ptr_array_new();
	w->server = http_server_new(w->loop, options, &events, w, &error);
	if (!w->server)
		fail_msg("%s", error->message);
	return w;
}

static struct world *world_new(void)
{
	return world_new_with(&(struct http_server_options){ .max_body_bytes = 100000 });
}

static void world_free(struct world *w)
{
	http_server_free(w->server);
	lws_loop_free(w->loop);
	g_ptr_array_free(w->held, TRUE);
	char *texts[] = { w->method, w->path, w->query, w->body, w->custom, w->several };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_free(w);
}

/* --- a client by hand --- */

struct hand {
	GSocket *socket;
	GString *got;
	gboolean ended;
};

static struct hand *hand_new(const struct world *w)
{
	struct hand *h = g_new0(struct hand, 1);
	g_autoptr(GSocketAddress) address =
		g_inet_socket_address_new_from_string("127.0.0.1", http_server_port(w->server));
	h->socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
	h->got = g_string_new(NULL);
	assert_true(g_socket_connect(h->socket, address, NULL, NULL));
	g_socket_set_blocking(h->socket, FALSE);
	return h;
}

static void hand_free(struct hand *h)
{
	g_object_unref(h->socket);
	g_string_free(h->got, TRUE);
	g_free(h);
}

static void say(struct hand *h, const char *bytes)
{
	assert_int_equal(g_socket_send(h->socket, bytes, strlen(bytes), NULL, NULL), strlen(bytes));
}

static void listen_once(struct hand *h)
{
	char bytes[4096];
	g_autoptr(GError) error = NULL;
	turn_once();
	gssize n = g_socket_receive(h->socket, bytes, sizeof bytes, NULL, &error);
	if (n > 0)
		g_string_append_len(h->got, bytes, n);
	else if (n == 0 || !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
		h->ended = TRUE;
}

#define HEAR(h, text)	RUN_WHILE((listen_once(h), !strstr((h)->got->str, text)))
#define HEAR_THE_END(h) RUN_WHILE((listen_once(h), !(h)->ended))

/* --- requests --- */

static void requests_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *request, *method, *path, *query, *body;
	} cases[] = {
		{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/", "", "" },
		{ "GET /a/b?c=d&e=f+g%2Bh HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a/b", "c=d&e=f%20g%2Bh",
			"" },
		{ "GET /%C3%A4?q=%E6%97%A9%26&x HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/ä", "q=%E6%97%A9%26&x",
			"" },
		{ "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", "POST", "/p", "",
			"hello" },
		{ "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "POST", "/p", "", "" },
		{ "PUT /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", "PUT", "/p", "", "" },
		{ "DELETE /p HTTP/1.1\r\nHost: x\r\n\r\n", "DELETE", "/p", "", "" },
		{ "PATCH /p HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", "PATCH", "/p", "", "hi" },
		{ "OPTIONS /p HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS", "/p", "", "" },
	};
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		say(h, cases[i].request);
		g_autofree char *expected = g_strdup_printf("answer %u", i + 1);
		HEAR(h, expected);
		assert_string_equal(w->method, cases[i].method);
		assert_string_equal(w->path, cases[i].path);
		assert_string_equal(w->query, cases[i].query);
		assert_string_equal(w->body, cases[i].body);
	}
	assert_true(g_str_has_prefix(h->got->str, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nanswer 1"));
	assert_false(h->ended);
	hand_free(h);
	world_free(w);
}

static void a_head_is_answered_without_a_body(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	say(h, "HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n");
	HEAR(h, "\r\n\r\n");
	say(h, "GET /g HTTP/1.1\r\nHost: x\r\n\r\n");
	HEAR(h, "answer 2");
	assert_null(strstr(h->got->str, "answer 1"));
	assert_non_null(strstr(h->got->str, "Content-Length: 8\r\n\r\nHTTP/1.1 200"));
	hand_free(h);
	world_free(w);
}

static void headers_are_found_whatever_their_case(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\nx-SLACK-signature: v0=abc\r\nAccept: text/html\r\nACCEPT: "
	       "text/plain\r\n\r\n");
	HEAR(h, "answer 1");
	assert_string_equal(w->custom, "v0=abc");
	assert_string_equal(w->several, "text/html,text/plain");
	hand_free(h);
	world_free(w);
}

static void a_request_may_come_byte_by_byte(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	const char *request = "POST /slow?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world";
	for (const char *p = request; *p; p++) {
		say(h, (const char[]){ *p, '\0' });
		turn_once();
	}
	HEAR(h, "answer 1");
	assert_string_equal(w->body, "hello world");
	assert_string_equal(w->path, "/slow");
	hand_free(h);
	world_free(w);
}

static void bodies_without_a_length_are_read_and_end_the_connection(void **state)
{
	(void)state;
	static const struct {
		const char *request, *body;
	} cases[] = {
		{ "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
		  "world\r\n0\r\n\r\n",
			"hello world" },
		{ "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "" },
		{ "POST / HTTP/1.1\r\nHost: x\r\n\r\n", "" },
	};
	struct world *w = world_new();
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct hand *h = hand_new(w);
		say(h, cases[i].request);
		HEAR(h, "answer");
		HEAR_THE_END(h);
		assert_non_null(strstr(h->got->str, "Connection: close"));
		assert_string_equal(w->body, cases[i].body);
		hand_free(h);
	}
	world_free(w);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	say(h, "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none"
	       "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
	       "DELETE /3 HTTP/1.1\r\nHost: x\r\n\r\n");
	HEAR(h, "answer 3");
	assert_true(strstr(h->got->str, "answer 1") < strstr(h->got->str, "answer 2"));
	assert_string_equal(w->path, "/3");
	say(h, "POST /4 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nfour");
	HEAR(h, "answer 4");
	assert_string_equal(w->body, "four");
	hand_free(h);
	world_free(w);
}

/* libwebsockets 4.1 loops for ever on these. */
static void a_pipelined_body_ends_the_connection(void **state)
{
	(void)state;
	static const char *const seconds[] = {
		"POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo",
		"POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n",
		"PUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwoGET /3 HTTP/1.1\r\nHost: "
		"x\r\n\r\n",
		"DELETE /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo",
		"POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST /2 HTTP/1.1\r\nHost: x\r\n\r\n",
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(seconds); i++) {
		struct world *w = world_new();
		struct hand *h = hand_new(w);
		g_autofree char *both = g_strconcat(
			"POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\none", seconds[i], NULL);
		say(h, both);
		HEAR(h, "answer 1");
		HEAR_THE_END(h);
		assert_int_equal(w->requests, 1);
		hand_free(h);
		world_free(w);
	}
}

static void pipelined_requests_wait_for_late_answers(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	struct hand *h = hand_new(w);
	say(h, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(&w->requests, 1);
	say(h, "GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
	busy_turns_in(20);
	for (unsigned i = 1; i <= 3; i++) {
		run_until(&w->requests, i);
		assert_int_equal(w->requests, i);
		assert_int_equal(w->held->len, 1);
		answer(g_ptr_array_steal_index(w->held, 0), w);
		g_autofree char *expected = g_strdup_printf("answer %u", i);
		HEAR(h, expected);
	}
	hand_free(h);
	world_free(w);
}

/* --- what is refused --- */

static void what_is_no_request_is_dropped(void **state)
{
	(void)state;
	static const char *const nonsense[] = {
		"\x16\x03\x01 this is TLS, say\r\n\r\n",
		"GET\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
	};
	struct world *w = world_new();
	for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++) {
		struct hand *h = hand_new(w);
		say(h, nonsense[i]);
		HEAR_THE_END(h);
		hand_free(h);
	}
	assert_int_equal(w->requests, 0);
	world_free(w);
}

static void a_body_that_is_too_long_is_answered_413(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	say(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n");
	HEAR(h, "HTTP/1.1 413");
	HEAR_THE_END(h);
	assert_int_equal(w->requests, 0);
	hand_free(h);
	world_free(w);
}

static void a_body_that_drips_is_answered_408(void **state)
{
	(void)state;
	struct world *w = world_new_with(&(struct http_server_options){ .max_body_ms = 1 });
	struct hand *h = hand_new(w);
	say(h, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
	RUN_WHILE((g_socket_send(h->socket, "x", 1, NULL, NULL), listen_once(h), !strstr(h->got->str, "HTTP/1.1 408") && !h->ended));
	assert_non_null(strstr(h->got->str, "HTTP/1.1 408"));
	HEAR_THE_END(h);
	assert_int_equal(w->requests, 0);
	hand_free(h);
	world_free(w);
}

static void a_long_head_is_refused(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	g_autofree char *filler = g_strnfill(20000, 'h');
	g_autofree char *request = g_strdup_printf("GET / HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", filler);
	say(h, request);
	HEAR_THE_END(h);
	assert_int_equal(w->requests, 0);
	hand_free(h);
	world_free(w);
}

static void an_upgrade_without_a_handler_is_404(void **state)
{
	(void)state;
	struct world *w = world_new();
	struct hand *h = hand_new(w);
	say(h, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: "
	       "websocket\r\nSec-WebSocket-Version: 13\r\n"
	       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
	HEAR(h, "HTTP/1.1 404");
	HEAR_THE_END(h);
	hand_free(h);
	world_free(w);
}

/* --- calls that are held --- */

static void leaving_while_a_call_is_held_is_told(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi",
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	};
	for (unsigned i = 0; i < G_N_ELEMENTS(requests); i++) {
		struct hand *h = hand_new(w);
		say(h, requests[i]);
		run_until(&w->requests, i + 1);
		busy_turns_in(5);
		assert_int_equal(w->gone, i);
		hand_free(h);
		run_until(&w->gone, i + 1);
	}
	assert_int_equal(w->held->len, 0);
	world_free(w);
}

static void a_held_call_does_not_turn_the_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	struct hand *h = hand_new(w);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /more HTTP/1.1\r\n");
	run_until(&w->requests, 1);
	busy_turns_in(50);
	assert_in_range(busy_turns_in(300), 0, 20);
	world_free(w);
	hand_free(h);
}

static void a_held_call_can_be_dropped(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	struct hand *h = hand_new(w);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(&w->requests, 1);
	http_drop(g_ptr_array_steal_index(w->held, 0));
	HEAR_THE_END(h);
	assert_int_equal(h->got->len, 0);
	assert_int_equal(w->gone, 0);
	hand_free(h);
	world_free(w);
}

static void an_answer_to_one_who_has_just_left_is_nothing(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	struct hand *h = hand_new(w);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(&w->requests, 1);
	hand_free(h);
	answer(g_ptr_array_steal_index(w->held, 0), w);
	busy_turns_in(20);
	assert_int_equal(w->gone, 0);
	world_free(w);
}

static void the_server_is_freed_with_calls_held(void **state)
{
	(void)state;
	struct world *w = world_new();
	w->hold = TRUE;
	struct hand *hands[5];
	for (unsigned i = 0; i < 5; i++) {
		hands[i] = hand_new(w);
		say(hands[i], i % 2 ? "GET / HTTP/1.1\r\nHost: x\r\n\r\n" : "POST / HTTP/1.1\r\nContent-Le");
	}
	run_until(&w->requests, 2);
	world_free(w);
	for (unsigned i = 0; i < 5; i++)
		hand_free(hands[i]);
}

/* --- listening --- */

static void expect_no_server(const struct http_server_options *options, const char *why)
{
	g_autoptr(GError) error = NULL;
	struct lws_loop *loop = test_loop();
	assert_null(http_server_new(loop, options, &events, NULL, &error));
	if (!strstr(error->message, why))
		fail_msg("'%s' does not say '%s'", error->message, why);
	lws_loop_free(loop);
}

static void what_cannot_be_served_is_an_error(void **state)
{
	(void)state;
	struct world *w = world_new();
	expect_no_server(&(struct http_server_options){ .port = http_server_port(w->server) },
		"cannot listen on '127.0.0.1'");
	world_free(w);
	expect_no_server(
		&(struct http_server_options){ .address = "localhost" }, "'localhost' is no numeric address");
	expect_no_server(
		&(struct http_server_options){ .cert_file = "/nowhere.pem", .key_file = "/nowhere.key" },
		"cannot read certificate '/nowhere.pem'");
	expect_no_server(&(struct http_server_options){ .cert_file = certificate("ca.srl"),
				 .key_file = certificate("server.key") },
		"cannot use certificate");
}

static void two_servers_share_a_loop(void **state)
{
	(void)state;
	struct world *w = world_new();
	g_autoptr(GError) error = NULL;
	struct http_server *second = http_server_new(
		w->loop, &(struct http_server_options){ .address = "::1" }, &events, w, &error);
	if (second)
		assert_int_not_equal(http_server_port(second), 0);
	struct http_server *third =
		http_server_new(w->loop, &(struct http_server_options){ 0 }, &events, w, &error);
	assert_non_null(third);
	assert_int_not_equal(http_server_port(third), http_server_port(w->server));
	struct hand *h = hand_new(w);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	HEAR(h, "answer 1");
	http_server_free(third);
	http_server_free(second);
	say(h, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	HEAR(h, "answer 2");
	hand_free(h);
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
		cmocka_unit_test(requests_are_read),
		cmocka_unit_test(a_head_is_answered_without_a_body),
		cmocka_unit_test(headers_are_found_whatever_their_case),
		cmocka_unit_test(a_request_may_come_byte_by_byte),
		cmocka_unit_test(bodies_without_a_length_are_read_and_end_the_connection),
		cmocka_unit_test(pipelined_requests_are_answered_in_order),
		cmocka_unit_test(a_pipelined_body_ends_the_connection),
		cmocka_unit_test(pipelined_requests_wait_for_late_answers),
		cmocka_unit_test(what_is_no_request_is_dropped),
		cmocka_unit_test(a_body_that_is_too_long_is_answered_413),
		cmocka_unit_test(a_body_that_drips_is_answered_408),
		cmocka_unit_test(a_long_head_is_refused),
		cmocka_unit_test(an_upgrade_without_a_handler_is_404),
		cmocka_unit_test(leaving_while_a_call_is_held_is_told),
		cmocka_unit_test(a_held_call_does_not_turn_the_loop),
		cmocka_unit_test(a_held_call_can_be_dropped),
		cmocka_unit_test(an_answer_to_one_who_has_just_left_is_nothing),
		cmocka_unit_test(the_server_is_freed_with_calls_held),
		cmocka_unit_test(what_cannot_be_served_is_an_error),
		cmocka_unit_test(two_servers_share_a_loop),
	};
	return cmocka_run_group_tests(tests, NULL, remove_files);
}
