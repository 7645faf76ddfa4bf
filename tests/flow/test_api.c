/* SPDX-License-Identifier: MIT */
/*
 * The HTTP API over real sockets: what is refused and how, and that a request is done once, whatever dies between its commit
 * and its answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>

#include "net/http_client.h"
#include "tests/support/flow.h"

#define TOKEN "crm-0123456789abcdef0123456789"
#define OTHER "erp-0123456789abcdef0123456789"

static const char *const channels[] = { "sales", "north", NULL };

struct api_test {
	struct flow *f;
	struct http_client *client;
	guint16 port;
	/* The last answer; status 0: none yet, -1: there was none. */
	int status;
	char *body, *retry_after, *allow, *replayed;
};

/* ---- the bot and its configuration ---- */

static guint16 free_port(void)
{
	g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
	g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
	assert_true(g_socket_bind(socket, any, TRUE, NULL));
	g_autoptr(GSocketAddress) bound = g_socket_get_local_address(socket, NULL);
	return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
}

static void configure(struct api_test *t, int per_minute)
{
	g_autofree char *text = flow_config_text(t->f, "");
	g_autofree char *whole = g_strdup_printf("%sapi:\n"
						 "  listen: 127.0.0.1:%u\n"
						 "  senders:\n"
						 "    - { name: crm, token: %s, teams: [sales], per_minute: %d }\n"
						 "    - { name: erp, token: %s }\n",
		text, t->port, TOKEN, per_minute, OTHER);
	flow_write_config(t->f, whole);
}

static int set_up(void **state)
{
	struct api_test *t = g_new0(struct api_test, 1);
	t->f = flow_new(&(struct flow_setup){ .people = 4, .channels = channels });
	t->client = http_client_new(&(struct http_options){ .proxy = "" });
	t->port = free_port();
	configure(t, 6000);
	*state = t;
	return 0;
}

static void forget_answer(struct api_test *t)
{
	char **texts[] = { &t->body, &t->retry_after, &t->allow, &t->replayed };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_clear_pointer(texts[i], g_free);
	t->status = 0;
}

static int tear_down(void **state)
{
	struct api_test *t = *state;
	http_client_free(t->client);
	forget_answer(t);
	flow_free(t->f);
	g_free(t);
	return 0;
}

static void go_live(struct api_test *t)
{
	flow_start(t->f);
	FLOW_UNTIL(t->f, flow_is_live(t->f));
}

/* ---- a sender ---- */

struct ask {
	const char *method, *path, *token, *type, *key, *body;
	gsize length; /* of the body; 0: all of it */
};

static void heard(const struct http_response *response, gpointer data)
{
	struct api_test *t = data;
	t->status = response->outcome == HTTP_OK ? response->status : -1;
	t->body = g_strdup(response->body);
	t->retry_after = g_strdup(http_header(response, "Retry-After"));
	t->allow = g_strdup(http_header(response, "Allow"));
	t->replayed = g_strdup(http_header(response, "Idempotent-Replayed"));
}

/* Absent: POST, /api/v1/deals, the token of the CRM, application/json, no key; "-": not at all. */
static void send_ask(struct api_test *t, const struct ask *a)
{
	g_autofree char *url = g_strdup_printf("http://127.0.0.1:%u%s", t->port, a->path ? a->path : "/api/v1/deals");
	g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s", a->token ? a->token : TOKEN);
	g_autofree char *type = g_strdup_printf("Content-Type: %s", a->type ? a->type : "application/json");
	g_autofree char *key = a->key ? g_strdup_printf("Idempotency-Key: %s", a->key) : NULL;
	const char *headers[4] = { type };
	gsize count = 1;
	if (g_strcmp0(a->token, "-") != 0)
		headers[count++] = bearer;
	if (key)
		headers[count++] = key;
	forget_answer(t);
	http_send(t->client, &(struct http_request){ .method = a->method ? a->method : "POST", .url = url, .headers = headers,
				     .body = a->body, .body_length = a->body ? (a->length ? a->length : strlen(a->body)) : 0 },
		heard, t);
}

static int ask(struct api_test *t, const struct ask *a)
{
	send_ask(t, a);
	FLOW_UNTIL(t->f, t->status != 0);
	return t->status;
}

/* ---- what is refused ---- */

/* clang-format off: a line for each */
static const struct {
	struct ask ask;
	int status;
	const char *part; /* of the answer's body */
} refusals[] = {
	{ { .token = "-", .body = "{}" }, 401, "\"no_sender\"" },
	{ { .token = TOKEN "x", .body = "{}" }, 401, "\"no_sender\"" },
	{ { .token = "crm-0123456789abcdef012345678", .body = "{}" }, 401, "\"no_sender\"" },
	{ { .path = "/api/v1/nothing", .body = "{}" }, 404, "\"not_found\"" },
	{ { .path = "/", .method = "GET" }, 404, "there are: /api/v1/deals, /api/v1/enquiries, /api/v1/health" },
	{ { .method = "GET" }, 405, "\"wrong_method\"" },
	{ { .method = "PUT", .body = "{}" }, 405, "\"wrong_method\"" },
	{ { .path = "/api/v1/health", .body = "{}" }, 405, "\"wrong_method\"" },
	{ { .type = "text/plain", .body = "{}" }, 415, "\"wrong_type\"" },
	{ { .body = "" }, 400, "line 1, column 1" },
	{ { .body = "{\"id\": \"1\",\n \"team\": }" }, 400, "not valid JSON near line 2, column 10" },
	{ { .body = "{} {}" }, 400, "text after the JSON value at line 1, column 4" },
	{ { .body = "{\"id\": \"\xff\"}" }, 400, "not valid UTF-8" },
	{ { .body = "[]" }, 422, "the body must be one JSON object" },
	{ { .body = "{}" }, 422, "{\"field\":\"id\",\"message\":\"is missing\"}" },
	{ { .body = "{\"id\":\"1\",\"ammount\":1}" }, 422, "{\"field\":\"ammount\",\"message\":\"is no field; did you mean 'amount'?\"}" },
	{ { .body = "{\"id\":\"1\",\"team\":\"north\"}" }, 403, "{\"field\":\"team\"" },
	{ { .token = OTHER, .body = "{\"id\":\"1\"}" }, 422, "this sender may write to more than one" },
	{ { .token = OTHER, .body = "{\"id\":\"1\",\"team\":\"nobody\"}" }, 422, "there is no team of that name" },
	{ { .key = "a b", .body = "{\"id\":\"1\"}" }, 400, "\"wrong_key\"" },
};
/* clang-format on */

static void wrong_requests_are_told_what_is_wrong(void **state)
{
	struct api_test *t = *state;
	go_live(t);
	for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
		int status = ask(t, &refusals[i].ask);
		if (status != refusals[i].status || !strstr(t->body, refusals[i].part))
			fail_msg("case %zu: %d %s", i, status, t->body);
		if (status == 405)
			assert_non_null(t->allow);
	}
	assert_int_equal(ask(t, &(struct ask){ .method = "GET", .path = "/api/v1/health", .token = "-" }), 200);
	assert_string_equal(t->body, "{\"status\":\"ok\"}");
	assert_false(flow_logged(t->f, TOKEN));
	assert_int_equal(flow_stop(t->f), 0);
}

static void too_large_is_413(void **state)
{
	struct api_test *t = *state;
	gsize length = 64 * 1024 + 1;
	g_autofree char *body = g_strnfill(length, ' ');
	go_live(t);
	assert_int_equal(ask(t, &(struct ask){ .body = body }), 413);
	assert_non_null(strstr(t->body, "{\"error\":{\"code\":\"too_large\",\"message\":\"the body is longer than 64 KiB;"));
	assert_int_equal(ask(t, &(struct ask){ .body = body, .length = length - 1 }), 400);
	assert_int_equal(flow_stop(t->f), 0);
}

static void a_flood_is_429(void **state)
{
	struct api_test *t = *state;
	configure(t, 5);
	go_live(t);
	for (int i = 0; i < 5; i++)
		assert_int_equal(ask(t, &(struct ask){ .body = "{}" }), 422);
	assert_int_equal(ask(t, &(struct ask){ .body = "{}" }), 429);
	assert_in_range(g_ascii_strtoll(t->retry_after, NULL, 10), 1, 12);
	assert_int_equal(ask(t, &(struct ask){ .token = OTHER, .body = "{}" }), 422); /* the other sender has its own */
	assert_int_equal(ask(t, &(struct ask){ .token = TOKEN "x", .body = "{}" }), 401);
	assert_int_equal(flow_stop(t->f), 0);
}

/* ---- by hand, as no library would ---- */

struct hand {
	GSocket *socket;
	GString *got;
	gboolean ended;
};

static void hand_begin(struct hand *h, const struct api_test *t)
{
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", t->port);
	*h = (struct hand){ g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL), g_string_new(NULL), FALSE };
	assert_true(g_socket_connect(h->socket, address, NULL, NULL));
	g_socket_set_blocking(h->socket, FALSE);
}

static void hand_end(struct hand *h)
{
	g_object_unref(h->socket);
	g_string_free(h->got, TRUE);
}

static void say(struct hand *h, const char *bytes)
{
	assert_int_equal(g_socket_send(h->socket, bytes, strlen(bytes), NULL, NULL), strlen(bytes));
}

static gboolean hears(struct hand *h, const char *text)
{
	char bytes[4096];
	g_autoptr(GError) error = NULL;
	gssize n = g_socket_receive(h->socket, bytes, sizeof bytes, NULL, &error);
	if (n > 0)
		g_string_append_len(h->got, bytes, n);
	h->ended = h->ended || n == 0 || (n < 0 && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
	return text && strstr(h->got->str, text);
}

#define FROM_CRM "Host: x\r\nAuthorization: Bearer " TOKEN "\r\nContent-Type: application/json\r\n"

/* clang-format off: a line for each */
static const struct {
	const char *bytes;
	const char *status, *part;
	gboolean ends; /* the connection, after the answer */
} spoken[] = {
	{ "OPTIONS /api/v1/deals HTTP/1.1\r\nHost: x\r\n\r\n", "204", "Allow: POST, OPTIONS\r\n", FALSE },
	{ "OPTIONS /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n", "204", "Allow: GET, HEAD, OPTIONS\r\n", FALSE },
	{ "OPTIONS /api/v1/ HTTP/1.1\r\nHost: x\r\n\r\n", "404", "not_found", FALSE },
	{ "HEAD /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n", "200", "Content-Length: 15\r\n\r\n", FALSE },
	{ "HEAD /api/v1/deals HTTP/1.1\r\nHost: x\r\n\r\n", "405", "Allow: POST, OPTIONS\r\n", FALSE },
	{ "DELETE /api/v1/deals HTTP/1.1\r\nHost: x\r\n\r\n", "405", "\"wrong_method\"", FALSE },
	{ "POST /api/v1/%64eals HTTP/1.1\r\n" FROM_CRM "Content-Length: 2\r\n\r\n{}", "422", "\"invalid\"", FALSE },
	{ "POST /api/v1/deals?dry=1 HTTP/1.1\r\n" FROM_CRM "Content-Length: 2 \r\n\r\n{}", "422", "\"invalid\"", FALSE },
	{ "POST /api/v1/deals/ HTTP/1.1\r\n" FROM_CRM "Content-Length: 2\r\n\r\n{}", "404", "\"not_found\"", FALSE },
	{ "POST /api/v1/deals%2F7 HTTP/1.1\r\n" FROM_CRM "Content-Length: 2\r\n\r\n{}", "404", "\"not_found\"", FALSE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "422", "\"invalid\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Transfer-Encoding: chunked\r\n\r\n12345\r\n{", "413", "\"too_large\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Transfer-Encoding: chunked\r\n\r\nnonsense", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: two\r\n\r\n{}", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: -2\r\n\r\n{}", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: 99999999999999999999\r\n\r\n{}", "400", "\"no_http\"", TRUE },
	{ "POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "\r\n", "400", "\"no_json\"", TRUE },
	{ "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\nGET /api/v1/none HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"not_found\"", FALSE },
};
/* clang-format on */

static void each_way_of_speaking_is_answered(void **state)
{
	struct api_test *t = *state;
	go_live(t);
	for (gsize i = 0; i < G_N_ELEMENTS(spoken); i++) {
		struct hand h;
		g_autofree char *status = g_strconcat("HTTP/1.1 ", spoken[i].status, " ", NULL);
		hand_begin(&h, t);
		say(&h, spoken[i].bytes);
		FLOW_UNTIL(t->f, (hears(&h, spoken[i].part) && hears(&h, "\r\n\r\n")) || h.ended);
		FLOW_UNTIL(t->f, !spoken[i].ends || (hears(&h, NULL), h.ended));
		if (!g_str_has_prefix(h.got->str, status) || !strstr(h.got->str, spoken[i].part) || h.ended != spoken[i].ends)
			fail_msg("case %zu: %s", i, h.got->str);
		hand_end(&h);
	}
	assert_int_equal(flow_stop(t->f), 0);
}

/* ---- what is done ---- */

#define DEAL(id, stage) "{\"id\":\"" id "\",\"customer\":\"Lantern\",\"owner\":\"@p0\",\"stage\":\"" stage "\"}"

static int64_t deals(const struct api_test *t)
{
	return flow_number(t->f, "SELECT COUNT(*) FROM deal");
}

/* Its people are known once the directory has told of them. */
static void wait_for_people(struct api_test *t)
{
	FLOW_UNTIL(t->f, flow_number(t->f, "SELECT COUNT(*) FROM member") > 2);
}

static void a_key_is_done_once(void **state)
{
	struct api_test *t = *state;
	go_live(t);
	wait_for_people(t);
	assert_int_equal(ask(t, &(struct ask){ .key = "k1", .body = DEAL("A-1", "lead") }), 200);
	assert_string_equal(t->body, "{\"result\":\"added\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"lead\"}");
	assert_null(t->replayed);
	assert_int_equal(ask(t, &(struct ask){ .key = "k2", .body = DEAL("A-1", "won") }), 200);
	assert_non_null(strstr(t->body, "changed"));
	/* Told as it was, though the deal has moved since. */
	assert_int_equal(ask(t, &(struct ask){ .key = "k1", .body = DEAL("A-1", "lead") }), 200);
	assert_string_equal(t->body, "{\"result\":\"added\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"lead\"}");
	assert_string_equal(t->replayed, "true");
	assert_int_equal(ask(t, &(struct ask){ .key = "k1", .body = DEAL("A-1", "lost") }), 422);
	assert_non_null(strstr(t->body, "key_used"));
	/* Without a key each counts, and what is said again is no change. */
	assert_int_equal(ask(t, &(struct ask){ .body = DEAL("A-1", "won") }), 200);
	assert_non_null(strstr(t->body, "unchanged"));
	/* Another sender's A-1 is another deal. */
	assert_int_equal(ask(t, &(struct ask){ .token = OTHER, .key = "k1", .body = "{\"id\":\"A-1\",\"team\":\"sales\",\"customer\":\"Harbour\",\"owner\":\"@p0\"}" }), 200);
	assert_int_equal(deals(t), 2);
	assert_int_equal(ask(t, &(struct ask){ .key = "k3", .body = DEAL("A-2", "nowhere") }), 422);
	assert_non_null(strstr(t->body, "{\"field\":\"stage\",\"message\":\"is no stage; there are: lead, interest, negotiation, won, lost\"}"));
	assert_int_equal(flow_stop(t->f), 0);
}

/* One sender is slow, another leaves in the middle: neither holds up the rest, and what did not come whole was never asked. */
static void a_slow_sender_and_one_that_leaves(void **state)
{
	struct api_test *t = *state;
	struct hand slow, leaves;
	const char *body = DEAL("S-1", "lead"), *half = body + strlen(body) / 2;
	g_autofree char *head = g_strdup_printf("POST /api/v1/deals HTTP/1.1\r\n" FROM_CRM "Content-Length: %zu\r\n\r\n", strlen(body));
	g_autofree char *first = g_strndup(body, (gsize)(half - body));
	go_live(t);
	wait_for_people(t);
	hand_begin(&slow, t);
	hand_begin(&leaves, t);
	for (const char *p = head; *p; p++) {
		say(&slow, (const char[]){ *p, '\0' });
		flow_turn(0);
	}
	say(&slow, first);
	say(&leaves, head);
	say(&leaves, first);
	assert_int_equal(ask(t, &(struct ask){ .body = DEAL("S-2", "lead") }), 200);
	hand_end(&leaves);
	assert_int_equal(ask(t, &(struct ask){ .body = DEAL("S-3", "lead") }), 200);
	assert_int_equal(deals(t), 2);
	say(&slow, half);
	FLOW_UNTIL(t->f, hears(&slow, "\"result\":\"added\""));
	/* The connection is still good. */
	say(&slow, head);
	say(&slow, body);
	FLOW_UNTIL(t->f, hears(&slow, "\"result\":\"unchanged\""));
	hand_end(&slow);
	assert_int_equal(deals(t), 3);
	assert_int_equal(flow_stop(t->f), 0);
}

/*
 * The sender hears nothing, for the bot dies: before the commit, between it and the answer, or after it; then asks again.
 * Each request is done once, whatever was heard.
 */
static void killed_and_asked_again(void **state)
{
	enum { ROUNDS = 12 };
	struct api_test *t = *state;
	g_autoptr(GRand) chance = g_rand_new_with_seed(20260302);
	guint heard_before = 0, kept_unheard = 0;
	go_live(t);
	wait_for_people(t);
	for (guint i = 0; i < ROUNDS; i++) {
		g_autofree char *key = g_strdup_printf("round-%u", i);
		g_autofree char *body = g_strdup_printf("{\"id\":\"K-%u\",\"customer\":\"Lantern\",\"owner\":\"@p0\"}", i);
		const struct ask request = { .key = key, .body = body };
		send_ask(t, &request);
		/* Every third time it dies as soon as the deal is on the disk: mostly before anybody has read the answer. */
		gint64 end_us = g_get_monotonic_time() + (i % 3 == 0 ? G_USEC_PER_SEC : g_rand_int_range(chance, 0, 6000));
		do
			flow_turn(1);
		while (t->status == 0 && g_get_monotonic_time() < end_us && !(i % 3 == 0 && deals(t) > i));
		g_autofree char *told = t->status == 200 ? g_strdup(t->body) : NULL;
		flow_kill(t->f);
		FLOW_UNTIL(t->f, t->status != 0);
		heard_before += told != NULL;
		kept_unheard += !told && deals(t) == i + 1;
		go_live(t);
		assert_int_equal(ask(t, &request), 200);
		if (told)
			assert_string_equal(t->body, told);
		assert_int_equal(deals(t), i + 1);
	}
	print_message("%u heard before the end, %u kept and not heard, of %d\n", heard_before, kept_unheard, ROUNDS);
	assert_int_equal(flow_number(t->f, "SELECT COUNT(*) FROM deal_event"), ROUNDS);
	assert_int_equal(flow_stop(t->f), 0);
}

/* ---- the page for senders ---- */

/* What stands between a line "```KIND" and the next "```", from *at on; moves over it. NULL: no more. The caller frees. */
static char *next_block(const char **at, const char *kind)
{
	g_autofree char *fence = g_strdup_printf("\n```%s\n", kind);
	const char *begin = strstr(*at, fence), *end = begin ? strstr(begin + strlen(fence), "\n```") : NULL;
	if (!end)
		return NULL;
	*at = end;
	return g_strndup(begin + strlen(fence), (gsize)(end - begin) - strlen(fence));
}

static void check_example(struct api_test *t, const char *command, const char *expected)
{
	g_autofree char *address = g_strdup_printf("http://127.0.0.1:%u", t->port), *out = NULL;
	g_auto(GStrv) environment = g_environ_setenv(g_environ_setenv(g_get_environ(), "BELLTOWER", address, TRUE), "CRM_TOKEN", TOKEN, TRUE);
	/* The page's person is one of this company's. */
	g_auto(GStrv) parts = g_strsplit(command, "ana@lantern.example", 2);
	g_autofree char *here = g_strjoinv("@p0", parts);
	char *argv[] = { "/bin/sh", "-c", here, NULL };
	assert_true(g_spawn_sync(NULL, argv, environment, 0, NULL, NULL, &out, NULL, NULL, NULL));
	g_autoptr(cJSON) got = json_parse(out, strlen(out), NULL);
	g_autoptr(cJSON) want = json_parse(expected, strlen(expected), NULL);
	assert_non_null(want);
	if (!got || !cJSON_Compare(got, want, TRUE))
		fail_msg("%s\nanswers\n%s", command, out);
}

static void the_examples_of_the_page_are_true(void **state)
{
	struct api_test *t = *state;
	g_autofree char *page = NULL;
	int examples = 0;
	assert_true(g_file_get_contents(SOURCE_ROOT "/docs/api.md", &page, NULL, NULL));
	go_live(t);
	wait_for_people(t);
	for (const char *at = page;; examples++) {
		g_autofree char *command = next_block(&at, "sh"), *answer = command ? next_block(&at, "json") : NULL;
		if (!answer)
			break;
		check_example(t, command, answer);
	}
	assert_int_equal(examples, 6);
	assert_int_equal(flow_stop(t->f), 0);
}

/* ---- the configuration ---- */

static void a_token_is_changed_by_reload(void **state)
{
	struct api_test *t = *state;
	go_live(t);
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(t->f->config, &text, NULL, NULL));
	g_auto(GStrv) parts = g_strsplit(text, TOKEN, 2);
	g_autofree char *changed = g_strjoinv(TOKEN "-new", parts);
	flow_write_config(t->f, changed);
	flow_signal(t->f, SIGHUP);
	FLOW_UNTIL(t->f, flow_logged(t->f, "the new configuration is in force"));
	assert_int_equal(ask(t, &(struct ask){ .body = "{}" }), 401);
	assert_int_equal(ask(t, &(struct ask){ .token = TOKEN "-new", .body = "{}" }), 422);
	assert_int_equal(flow_stop(t->f), 0);
}

static void an_address_in_use_stops_the_start(void **state)
{
	struct api_test *t = *state;
	g_autoptr(GSocket) other = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
	g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", t->port);
	assert_true(g_socket_bind(other, address, TRUE, NULL) && g_socket_listen(other, NULL));
	flow_start(t->f);
	assert_int_equal(flow_ended(t->f), 1);
	assert_true(flow_logged(t->f, "cannot listen on '127.0.0.1'"));
}

int main(void)
{
#define IN_FLOW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_FLOW(wrong_requests_are_told_what_is_wrong),
		IN_FLOW(too_large_is_413),
		IN_FLOW(a_flood_is_429),
		IN_FLOW(each_way_of_speaking_is_answered),
		IN_FLOW(a_key_is_done_once),
		IN_FLOW(a_slow_sender_and_one_that_leaves),
		IN_FLOW(killed_and_asked_again),
		IN_FLOW(the_examples_of_the_page_are_true),
		IN_FLOW(a_token_is_changed_by_reload),
		IN_FLOW(an_address_in_use_stops_the_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
