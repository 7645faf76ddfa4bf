/* SPDX-License-Identifier: MIT */
/*
 * The Feishu adapter's connection over real sockets. What developers complain about (pains) and where it is tested:
 *
 *  1 half-open sockets            a_black_hole_is_left, any_frame_is_an_answer, after_a_sleep_the_peer_is_asked;
 *                                 test_luck.c: half_open
 *  2 drops are normal             ten_drops_are_survived (status counts them); test_luck.c: each_step_of_a_connection
 *  3 no reconnect                 ten_drops_are_survived, the_ladder_stays_inside_the_servers_wish, given_up_means_slowly;
 *                                 test_luck.c: refused_connections
 *  4 work in the socket thread    answered_after_the_verdict; test_both.c: one_in_trouble
 *  5 two clients of one app       a_second_client_is_noticed, too_many_connections
 *  6 missed while away            a_gap_is_told, short_gaps_are_not_read_often; test_feishu_send.c: history_…; test_gap.c
 *  7 1000040345 for minutes       endpoint_codes
 *  8 the wrong side               endpoint_codes; test_feishu_send.c: check_tells_a_wrong_secret
 *  9 HTTP 400 of the endpoint     endpoint_codes; test_feishu_answer.c: captured_endpoint_answers_are_classified
 * 10 the console refuses to save  a_connection_needs_no_event
 * 11 connected and silent         a_connection_needs_no_event
 * 12 duplicates                   a_redelivery_has_the_same_keys; test_luck.c: every_event_twice, lost_acknowledgements;
 *                                 over a restart: test_kill.c
 * 13 with another message_id      a_redelivery_has_the_same_keys; test_feishu_in.c: a_resent_message_has_a_key_in_common;
 *                                 none steps back: test_luck.c: overtaken_by_a_newer_one, test_hour.c
 * 14 three seconds                answered_after_the_verdict, what_is_not_kept_is_pushed_again; test_disk.c
 * 15 sent twice                   test_feishu_send.c: in_doubt_…; test_luck.c: dropped_after; test_kill.c
 * 16 the other type of callback   a_card_frame_is_a_callback; test_feishu_fixtures.c
 * 17 the shape of the answer      callbacks_are_answered_with_data, a_forms_problems_come_back, a_form_is_closed
 * 18 others see the old card      test_feishu_out.c: a_card_has_a_header_and_a_summary
 * 19, 20 refused and old cards    test_feishu_send.c: a_refused_card, an_old_card_is_gone;
 *                                 test_feishu_out.c: a_fourth_table_is_lines, no_card_breaks_a_limit
 * 21 99991663                     test_feishu_send.c: a_token_…, a_fresh_token_…; test_luck.c: tokens_that_expire
 * 22 bursts                       test_feishu_send.c: limits_…; test_limits.c
 * 23 the month's quota            one_call_tells_who_we_are; test_feishu_quota.c; test_feishu_month.c
 * 24 @everyone                    the_bots_own_id_is_read; test_feishu_in.c: an_unknown_bot_is_meant_by_nobody
 * 25 mentions                     test_feishu_out.c: people_cannot_format_mention_or_link
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "net/ws.h"
#include "platform/feishu/feishu.h"
#include "tests/support/scene.h"

static int set_up(void **state)
{
	*state = scene_on_feishu();
	return 0;
}

static int tear_down(void **state)
{
	scene_free(*state);
	return 0;
}

static char *message_event(const char *event_id, const char *message, const char *text)
{
	return g_strdup_printf(
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"%s\",\"event_type\":\"im.message.receive_v1\","
		"\"create_time\":\"1767225600000\",\"token\":\"\",\"app_id\":\"cli_test\"},\"event\":{\"sender\":{\"sender_id\":"
		"{\"open_id\":\"ou_ana\",\"user_id\":null},\"sender_type\":\"user\"},\"message\":{\"message_id\":\"%s\","
		"\"create_time\":\"1767225599000\",\"chat_id\":\"oc_sales\",\"chat_type\":\"group\",\"message_type\":\"text\","
		"\"content\":\"{\\\"text\\\":\\\"%s\\\"}\"}}}",
		event_id, message, text);
}

static void say(struct bamboo_socket *socket, const char *id, const char *message)
{
	g_autofree char *event_id = g_strconcat("ev-", id, NULL);
	g_autofree char *payload = message_event(event_id, message, "hello");
	bamboo_push(socket, id, payload);
}

static char *card_event(const char *event_id, const char *value, const char *form_value)
{
	return g_strdup_printf(
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"%s\",\"event_type\":\"card.action.trigger\","
		"\"create_time\":\"1767225600000000\"},\"event\":{\"operator\":{\"open_id\":\"ou_ana\"},\"token\":\"c-1\","
		"\"action\":{\"tag\":\"button\",\"value\":%s%s%s},\"context\":{\"open_message_id\":\"om_card\","
		"\"open_chat_id\":\"oc_sales\"}}}",
		event_id, value, form_value ? ",\"form_value\":" : "", form_value ? form_value : "");
}

static cJSON *status_of(struct scene *s)
{
	cJSON *status = cJSON_CreateObject();
	platform_feishu.status(s->adapter, status);
	return status;
}

/* --- connecting --- */

static void starts_in_one_round(void **state)
{
	struct scene *s = *state;
	gint64 began = g_get_monotonic_time();
	scene_start(s);
	UNTIL(s->live);
	print_message("start to live: %d us\n", (int)(g_get_monotonic_time() - began));
	loop_settle();
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 1);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 1);
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_ENDPOINT, 0, "AppID"), "cli_test");
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_ENDPOINT, 0, "AppSecret"), "hush");
	assert_null(bamboo_call(s->feishu, BAMBOO_ENDPOINT, 0)->authorization);
	/* The ping follows at once, with the address's service_id. */
	assert_int_equal(bamboo_socket_at(s->feishu, 0)->pings, 1);
	assert_int_equal(bamboo_socket_at(s->feishu, 0)->service, 33554678);
}

static void one_call_tells_who_we_are(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	for (unsigned i = 0; i < 3; i++) {
		bamboo_hang_up(bamboo_last_socket(s->feishu));
		UNTIL(!s->live);
		scene_pass_until_live(s);
	}
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_BOT), 1);
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_BOT, 0)->authorization, "Bearer t-1");
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 4); /* a fresh address each time */
}

static void the_bots_own_id_is_read(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	static const char payload[] =
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"e\",\"event_type\":\"im.message.receive_v1\"},\"event\":{"
		"\"sender\":{\"sender_id\":{\"open_id\":\"ou_ana\"},\"sender_type\":\"user\"},\"message\":{\"message_id\":"
		"\"om_9\",\"create_time\":\"1767225599000\",\"chat_id\":\"oc_sales\",\"chat_type\":\"group\",\"message_type\":\"text\","
		"\"content\":\"{\\\"text\\\":\\\"@_user_1 standup\\\"}\",\"mentions\":[{\"key\":\"@_user_1\",\"id\":{\"open_id\":"
		"\"%s\"},\"name\":\"Belltower\"}]}}}";
	g_autofree char *us = g_strdup_printf(payload, "ou_bot");
	bamboo_push(bamboo_last_socket(s->feishu), "m1", us);
	UNTIL(scene_event(s, EVENT_SAID, 0));
	assert_true(scene_event(s, EVENT_SAID, 0)->addressed);
	g_autofree char *others = g_strdup_printf(payload, "ou_other");
	bamboo_push(bamboo_last_socket(s->feishu), "m2", others);
	UNTIL(scene_event(s, EVENT_SAID, 1));
	assert_false(scene_event(s, EVENT_SAID, 1)->addressed);
}

static void without_a_name_it_is_only_deaf_to_mentions(void **state)
{
	struct scene *s = *state;
	bamboo_script(s->feishu, BAMBOO_BOT,
		(struct script){ .status = 429, .body = "{\"code\":99991403,\"msg\":\"quota\"}" });
	scene_go_live(s);
	say(bamboo_last_socket(s->feishu), "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	assert_false(scene_event(s, EVENT_SAID, 0)->addressed);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	scene_pass_until_live(s);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_BOT), 2); /* asked again */
}

static const struct endpoint_case {
	int status;
	const char *body;
	gboolean fatal;
	int least_s, most_s; /* until the next try; with fatal: the slow probe */
	const char *says;
} endpoint_cases[] = {
	{ 200, "{\"code\":1,\"msg\":\"busy\"}", FALSE, 0, 3, NULL },
	{ 200, "{\"code\":1000040343,\"msg\":\"internal\"}", FALSE, 0, 3, NULL },
	{ 200, "{\"code\":1000040345,\"msg\":\"system busy\"}", FALSE, 59, 61, NULL },
	{ 200, "{\"code\":1000040350,\"msg\":\"exceeded\"}", FALSE, 299, 301, NULL },
	{ 200, "{\"code\":0,\"data\":{}}", FALSE, 0, 3, NULL },
	{ 200, "{\"code\":0,\"data\":{\"URL\":\"https://no.socket/\"}}", FALSE, 0, 3, NULL },
	{ 200, "not json", FALSE, 0, 3, NULL },
	{ 503, "{\"code\":1}", FALSE, 0, 3, NULL },
	{ 500, "", FALSE, 0, 3, NULL },
	{ 200, "{\"code\":403,\"msg\":\"forbidden\"}", TRUE, 899, 901, "self-built" },
	{ 200, "{\"code\":514,\"msg\":\"auth\"}", TRUE, 899, 901, "app_secret" },
	{ 200, "{\"code\":1000040351,\"msg\":\"Incorrect domain name\"}", TRUE, 899, 901, "open.larksuite.com" },
	{ 200, "{\"code\":4711,\"msg\":\"new\"}", TRUE, 899, 901, "4711" },
	{ 400, "{\"code\":10014,\"msg\":\"app secret invalid\"}", TRUE, 899, 901, "app_secret" },
};

static void check_endpoint_case(const struct endpoint_case *c)
{
	struct scene *s = scene_on_feishu();
	bamboo_script(s->feishu, BAMBOO_ENDPOINT, (struct script){ .status = c->status, .body = c->body });
	bamboo_config(s->feishu, NULL);
	scene_start(s);
	UNTIL(bamboo_calls(s->feishu, BAMBOO_ENDPOINT) == 1);
	loop_settle();
	assert_int_equal(s->refusals, c->fatal ? 1 : 0);
	if (c->says)
		assert_non_null(strstr(s->refused, c->says));
	/* Without a config the nonce is 30 s. */
	scene_pass(s, SECONDS(c->least_s));
	if (c->least_s)
		assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 1);
	scene_pass(s, SECONDS(c->most_s == 3 ? 31 : c->most_s - c->least_s));
	if (bamboo_calls(s->feishu, BAMBOO_ENDPOINT) != 2)
		fail_msg("%d %s: not asked again", c->status, c->body);
	UNTIL(s->live);
	assert_int_equal(s->refusals, c->fatal ? 1 : 0);
	scene_free(s);
}

static void endpoint_codes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(endpoint_cases); i++)
		check_endpoint_case(&endpoint_cases[i]);
}

static void a_refused_secret_stops_everything(void **state)
{
	struct scene *s = *state;
	static const char refused[] = "{\"code\":10014,\"msg\":\"app secret invalid\"}";
	bamboo_script(s->feishu, BAMBOO_TOKEN, (struct script){ .body = refused });
	scene_start(s);
	UNTIL(s->refused);
	assert_non_null(strstr(s->refused, "10014"));
	assert_null(strstr(s->refused, "hush"));
	loop_settle();
	assert_int_equal(bamboo_socket_count(s->feishu), 0);
	struct outbox_row *row = scene_row(s, OUTBOX_REACT);
	row->channel = g_strdup("oc_sales");
	row->message = g_strdup("om_1");
	row->word = g_strdup("white_check_mark");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_STOPPED);
	scene_pass(s, MINUTES(15));
	UNTIL(s->live);
	assert_int_equal(s->refusals, 1);
}

static void no_network_at_first(void **state)
{
	struct scene *s = *state;
	bamboo_script(s->feishu, BAMBOO_ENDPOINT, (struct script){ .reply = SCRIPT_DROP });
	bamboo_script(s->feishu, BAMBOO_TOKEN, (struct script){ .reply = SCRIPT_DROP });
	scene_start(s);
	loop_settle();
	assert_false(s->live);
	scene_pass_until_live(s);
	assert_null(s->refused);
}

static void refused_upgrades(void **state)
{
	static const char *const crowded[] = { "Handshake-Status: 514", "Handshake-Autherrcode: 1000040350",
		"Handshake-Msg: exceeded", NULL };
	static const char *const other[] = { "Handshake-Status: 514", "Handshake-Autherrcode: 1", NULL };
	static const char *const forbidden[] = { "Handshake-Status: 403", NULL };
	static const struct {
		int status;
		const char *const *headers;
		gboolean fatal;
		int least_s, most_s;
	} cases[] = {
		{ 400, crowded, FALSE, 299, 301 },
		{ 400, other, FALSE, 0, 6 },
		{ 503, NULL, FALSE, 0, 6 },
		{ 403, NULL, FALSE, 0, 6 },
		{ 400, forbidden, TRUE, 899, 901 },
	};
	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct scene *s = scene_on_feishu();
		bamboo_refuse_upgrades(s->feishu, cases[i].status, cases[i].headers);
		scene_start(s);
		UNTIL(bamboo_calls(s->feishu, BAMBOO_ENDPOINT) == 1);
		loop_settle();
		assert_int_equal(s->refusals, cases[i].fatal ? 1 : 0);
		bamboo_refuse_upgrades(s->feishu, 0, NULL);
		scene_pass(s, SECONDS(cases[i].least_s));
		if (s->live)
			fail_msg("case %u: too early", i);
		scene_pass(s, SECONDS(cases[i].most_s - cases[i].least_s));
		if (!s->live)
			fail_msg("case %u: too late", i);
		scene_free(s);
	}
}

static void too_many_connections(void **state)
{
	struct scene *s = *state;
	bamboo_script(s->feishu, BAMBOO_ENDPOINT, (struct script){ .body = "{\"code\":1000040350,\"msg\":\"exceeded\"}" });
	scene_start(s);
	scene_pass(s, SECONDS(299));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 1);
	assert_null(s->refused);
	scene_pass_until_live(s);
}

/* Of two processes with one app each gets a share of the events; the second at least says so. */
static void a_second_client_is_noticed(void **state)
{
	struct scene *s = *state;
	s->workspace.app_id = (char *)"cli_shared";
	scene_go_live(s);
	struct scene *other = scene_on_feishu();
	other->workspace.app_id = (char *)"cli_shared";
	other->workspace.base_url = s->workspace.base_url; /* elsewhere it would be another app */
	scene_go_live(other);
	g_autoptr(cJSON) first = status_of(s), second = status_of(other);
	assert_true(json_bool_or(first, "alone", FALSE));
	assert_false(json_bool_or(second, "alone", TRUE));
	scene_stop(s);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!other->live);
	scene_pass_until_live(other);
	g_autoptr(cJSON) third = status_of(other);
	assert_true(json_bool_or(third, "alone", FALSE));
	scene_free(other);
}

static void ten_drops_are_survived(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	for (unsigned i = 1; i <= 10; i++) {
		bamboo_hang_up(bamboo_last_socket(s->feishu));
		UNTIL(!s->live);
		scene_pass_until_live(s);
		assert_int_equal(bamboo_socket_count(s->feishu), i + 1);
		scene_pass(s, SECONDS(65)); /* it held */
	}
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "drops", 0), 10);
	assert_int_equal(json_int_or(status, "connections", 0), 1);
}

static int64_t wait_for_ask(struct scene *s, unsigned asks)
{
	int64_t began = clock_mono_ms(s->clock);
	while (bamboo_calls(s->feishu, BAMBOO_ENDPOINT) < asks) {
		clock_advance(s->clock, 500);
		loop_breathe();
		assert_true(clock_mono_ms(s->clock) - began < HOURS(1));
	}
	loop_settle();
	return clock_mono_ms(s->clock) - began;
}

static void the_ladder_stays_inside_the_servers_wish(void **state)
{
	static const int steps_s[] = { 2, 5, 10, 20, 30, 30, 30 };
	struct scene *s = *state;
	bamboo_config(s->feishu, "{\"ReconnectInterval\":30,\"ReconnectNonce\":2,\"PingInterval\":120}");
	scene_go_live(s);
	bamboo_refuse_upgrades(s->feishu, 503, NULL);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	for (unsigned i = 0; i < G_N_ELEMENTS(steps_s); i++) {
		int64_t waited = wait_for_ask(s, i + 2);
		if (i == 0)
			assert_in_range(waited, 0, SECONDS(2));
		else
			assert_in_range(waited, SECONDS(steps_s[i]) - 500, SECONDS(steps_s[i]) + 500);
	}
}

static void given_up_means_slowly(void **state)
{
	struct scene *s = *state;
	bamboo_config(s->feishu, "{\"ReconnectCount\":1,\"ReconnectInterval\":30,\"ReconnectNonce\":0}");
	scene_go_live(s);
	bamboo_refuse_upgrades(s->feishu, 503, NULL);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	assert_in_range(wait_for_ask(s, 2), 0, 500);
	scene_pass(s, MINUTES(10) - SECONDS(5));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 2);
	assert_in_range(wait_for_ask(s, 3), SECONDS(4), SECONDS(6));
}

static gboolean hinted;

static void hear_hint(const char *line)
{
	hinted |= strstr(line, "no event has come yet; in the developer console") != NULL;
}

static void a_connection_needs_no_event(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	GPrintFunc before = g_set_printerr_handler(hear_hint);
	scene_pass(s, MINUTES(9));
	assert_false(hinted);
	scene_pass(s, MINUTES(2));
	g_set_printerr_handler(before);
	assert_true(hinted);
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
	assert_int_equal(s->darks, 0);
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "last_event_s", -1), -1);
	assert_true(json_int_or(status, "last_frame_s", -1) >= 0);
}

/* --- staying alive --- */

static void pings_go_as_often_as_the_server_wishes(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	scene_pass(s, SECONDS(119));
	assert_int_equal(socket->pings, 1);
	bamboo_pong_config(s->feishu, "{\"PingInterval\":40}");
	scene_pass(s, SECONDS(2));
	assert_int_equal(socket->pings, 2);
	scene_pass(s, SECONDS(121)); /* 40, 80 and 120 s after that one */
	assert_int_equal(socket->pings, 5);
	bamboo_pong_config(s->feishu, "{\"PingInterval\":0,\"ReconnectNonce\":99999}"); /* out of bounds */
	scene_pass(s, SECONDS(60));
	assert_in_range(socket->pings, 6, 70);
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
}

static void a_black_hole_is_left(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, HOURS(2)); /* the start's gap is long told */
	struct bamboo_socket *hole = bamboo_last_socket(s->feishu);
	say(hole, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	int64_t last = clock_now_ms(s->clock);
	ws_pause(hole->ws, TRUE);
	scene_pass(s, SECONDS(25)); /* a ping may have gone at once, and has 30 s */
	assert_int_equal(s->darks, 0); /* under the 30 s that a ping has */
	scene_pass(s, SECONDS(130));
	assert_int_equal(s->darks, 1);
	scene_pass_until_live(s);
	ws_pause(hole->ws, FALSE);
	UNTIL(hole->closed); /* the descriptor is closed, and the peer sees it */
	const struct event *gap = scene_event(s, EVENT_GAP, 1);
	assert_int_equal(gap->at_ms, last);
	assert_in_range(gap->until_ms, last + SECONDS(30), last + SECONDS(155));
}

static void any_frame_is_an_answer(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	scene_pass(s, SECONDS(121));
	assert_int_equal(socket->pings, 2);
	socket->mute = TRUE;
	for (unsigned i = 0; i < 12; i++) {
		g_autofree char *id = g_strdup_printf("m%u", i), *message = g_strdup_printf("om_%u", i);
		scene_pass(s, SECONDS(25));
		say(socket, id, message);
	}
	assert_true(s->live);
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
	scene_pass(s, SECONDS(155));
	assert_true(bamboo_socket_count(s->feishu) == 2 || !s->live);
}

/* The wall clock runs ahead while ours stood still: the peer is asked at once, not at the next interval. */
static void after_a_sleep_the_peer_is_asked(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	scene_pass(s, SECONDS(20));
	socket->mute = TRUE;
	clock_set(s->clock, clock_now_ms(s->clock) + HOURS(3));
	scene_pass(s, SECONDS(15));
	assert_int_equal(socket->pings, 2);
	scene_pass(s, SECONDS(30));
	UNTIL(socket->closed);
}

static void a_moved_clock_alone_loses_nothing(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	clock_set(s->clock, clock_now_ms(s->clock) + DAYS(1));
	scene_pass(s, MINUTES(3));
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
	assert_int_equal(s->darks, 0);
}

static void a_gap_is_told(void **state)
{
	struct scene *s = *state;
	bamboo_config(s->feishu, "{\"ReconnectNonce\":0,\"ReconnectInterval\":600}");
	scene_go_live(s);
	const struct event *first = scene_event(s, EVENT_GAP, 0);
	assert_int_equal(first->at_ms, 0);
	/* Short: the platform pushes again by itself. */
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	scene_pass_until_live(s);
	assert_int_equal(scene_event_count(s, EVENT_GAP), 1);
	/* Longer than five minutes. */
	bamboo_refuse_upgrades(s->feishu, 503, NULL);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	int64_t lost = clock_now_ms(s->clock);
	scene_pass(s, MINUTES(6));
	bamboo_refuse_upgrades(s->feishu, 0, NULL);
	scene_pass_until_live(s);
	const struct event *gap = scene_event(s, EVENT_GAP, 1);
	assert_non_null(gap);
	assert_int_equal(gap->at_ms, lost);
	assert_true(gap->until_ms >= lost + MINUTES(6));
}

static void lose_for(struct scene *s, int64_t ms)
{
	bamboo_refuse_upgrades(s->feishu, 503, NULL);
	bamboo_hang_up(bamboo_last_socket(s->feishu));
	UNTIL(!s->live);
	scene_pass(s, ms);
	bamboo_refuse_upgrades(s->feishu, 0, NULL);
	scene_pass_until_live(s);
}

/* Reading what was missed costs calls of the month's: of a link that drops every hour not each drop is worth it. */
static void short_gaps_are_not_read_often(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	lose_for(s, SECONDS(40));
	assert_int_equal(scene_event_count(s, EVENT_GAP), 1); /* the start's was just now */
	scene_pass(s, HOURS(2));
	lose_for(s, SECONDS(40));
	assert_int_equal(scene_event_count(s, EVENT_GAP), 2);
	scene_pass(s, MINUTES(10));
	lose_for(s, SECONDS(40));
	assert_int_equal(scene_event_count(s, EVENT_GAP), 2);
}

/* --- frames --- */

static void answered_after_the_verdict(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	say(socket, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	const struct event *event = scene_event(s, EVENT_SAID, 0);
	assert_string_equal(event->person, "ou_ana");
	assert_string_equal(event->place.channel, "oc_sales");
	assert_string_equal(event->text, "hello");
	assert_true(event->receipt > 0);
	loop_settle();
	assert_null(bamboo_response(socket, "m1"));
	scene_judge(s, event, TRUE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":200}");
	/* The same frame goes back, with all that it carried. */
	assert_string_equal(bamboo_response_header(socket, "m1", "instance_id"), "i-7");
	assert_string_not_equal(bamboo_response_header(socket, "m1", "biz_rt"), "");
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "acknowledged.count", 0), 1);
	assert_int_equal(json_int_or(status, "waiting", -1), 0);
	scene_judge(s, event, TRUE, NULL); /* twice is nothing */
	loop_settle();
	assert_int_equal(socket->responses->len, 1);
}

static void what_is_not_kept_is_pushed_again(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	say(socket, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	scene_judge(s, scene_event(s, EVENT_SAID, 0), FALSE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":500}");
}

static void a_redelivery_has_the_same_keys(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *first = message_event("ev-1", "om_1", "three done");
	g_autofree char *resent = message_event("ev-2", "om_2", "three done");
	bamboo_push(socket, "t1", first);
	bamboo_push(socket, "t2", first); /* pushed again */
	bamboo_push(socket, "t3", resent); /* by the sender's own client: a new id, the old time */
	UNTIL(scene_event(s, EVENT_SAID, 2));
	const struct event *a = scene_event(s, EVENT_SAID, 0), *b = scene_event(s, EVENT_SAID, 1),
			   *c = scene_event(s, EVENT_SAID, 2);
	assert_string_equal(a->keys[0], b->keys[0]);
	assert_string_not_equal(a->keys[0], c->keys[0]);
	assert_string_equal(a->keys[1], c->keys[1]);
	scene_judge(s, b, TRUE, NULL);
	UNTIL(bamboo_response(socket, "t2"));
	assert_null(bamboo_response(socket, "t1"));
}

static void one_frame_of_several_events(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	bamboo_push(socket, "m1",
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"e1\",\"event_type\":\"im.chat.member.user.added_v1\"},"
		"\"event\":{\"chat_id\":\"oc_sales\",\"users\":[{\"name\":\"A\",\"user_id\":{\"open_id\":\"ou_a\"}},"
		"{\"name\":\"B\",\"user_id\":{\"open_id\":\"ou_b\"}}]}}");
	UNTIL(scene_event(s, EVENT_JOINED, 1));
	scene_judge(s, scene_event(s, EVENT_JOINED, 0), TRUE, NULL);
	loop_settle();
	assert_null(bamboo_response(socket, "m1"));
	scene_judge(s, scene_event(s, EVENT_JOINED, 1), FALSE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":500}"); /* not all of it was kept */
}

static unsigned notes_of(struct scene *s, const char *name)
{
	unsigned n = 0;
	for (unsigned i = 0; i < scene_event_count(s, EVENT_NOTED); i++)
		n += strcmp(scene_event(s, EVENT_NOTED, i)->word, name) == 0 ? 1 : 0;
	return n;
}

/* A quiet weekend after a restart is no fault of the console's. */
static void that_events_come_is_noted_once(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	say(bamboo_last_socket(s->feishu), "m1", "om_1");
	say(bamboo_last_socket(s->feishu), "m2", "om_2");
	UNTIL(scene_event_count(s, EVENT_SAID) == 2);
	assert_int_equal(notes_of(s, "heard"), 1);
	scene_stop(s);
	scene_start(s);
	g_autoptr(cJSON) notes = cJSON_Parse("{\"heard\":\"im.message.receive_v1\"}");
	platform_feishu.recall(s->adapter, notes);
	UNTIL(s->live);
	say(bamboo_last_socket(s->feishu), "m3", "om_3");
	UNTIL(scene_event_count(s, EVENT_SAID) == 3);
	assert_int_equal(notes_of(s, "heard"), 1);
}

static void what_is_no_event_is_answered(void **state)
{
	static const char *const payloads[] = { "not json", "{}", "[]", "null",
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"x\",\"event_type\":\"im.message.message_read_v1\"},\"event\":{}}",
		"{\"schema\":\"2.0\",\"header\":{\"event_type\":\"im.message.receive_v1\"},\"event\":{\"sender\":{\"sender_type\":"
		"\"app\"},\"message\":{\"message_id\":\"om_1\",\"chat_id\":\"oc_1\"}}}" };
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	for (unsigned i = 0; i < G_N_ELEMENTS(payloads); i++) {
		g_autofree char *id = g_strdup_printf("m%u", i);
		bamboo_push(socket, id, payloads[i]);
		UNTIL(bamboo_response(socket, id));
		assert_string_equal(bamboo_response(socket, id), "{\"code\":200}");
	}
	assert_int_equal(s->events->len, 2); /* the start's gap, and who we are */
}

static void garbage_does_no_harm(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	bamboo_push_bytes(socket, "\xff\xff\xff", 3);
	bamboo_push_bytes(socket, "", 0);
	ws_send_text(socket->ws, "{\"type\":\"hello\"}", 16, 0);
	bamboo_push_part(socket, "rumour", "m0", 1, 0, "{}", 2);
	say(socket, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	loop_settle();
	assert_int_equal(socket->responses->len, 0);
	assert_true(s->live);
}

static void fragments_in_any_order(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *payload = message_event("ev-1", "om_1", "a long story");
	gsize length = strlen(payload), third = length / 3;
	bamboo_push_part(socket, "event", "m1", 3, 2, payload + 2 * third, length - 2 * third);
	bamboo_push_part(socket, "event", "m1", 3, 0, payload, third);
	loop_settle();
	assert_null(scene_event(s, EVENT_SAID, 0));
	bamboo_push_part(socket, "event", "m1", 3, 0, payload, third); /* again */
	bamboo_push_part(socket, "event", "m1", 3, 1, payload + third, third);
	UNTIL(scene_event(s, EVENT_SAID, 0));
	assert_string_equal(scene_event(s, EVENT_SAID, 0)->text, "a long story");
	scene_judge(s, scene_event(s, EVENT_SAID, 0), TRUE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response_header(socket, "m1", "seq"), "1"); /* the last one that came */
	assert_int_equal(socket->responses->len, 1);
}

static void a_missing_fragment_is_waited_for_ten_seconds(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *payload = message_event("ev-1", "om_1", "a long story");
	gsize length = strlen(payload);
	bamboo_push_part(socket, "event", "m1", 2, 0, payload, 100);
	say(socket, "behind", "om_2"); /* what was sent before it has arrived with it */
	UNTIL(scene_event(s, EVENT_SAID, 0));
	scene_pass(s, SECONDS(11));
	bamboo_push_part(socket, "event", "m1", 2, 1, payload + 100, length - 100);
	say(socket, "behind it", "om_3");
	UNTIL(scene_event(s, EVENT_SAID, 1));
	assert_string_equal(scene_event(s, EVENT_SAID, 1)->message, "om_3");
	bamboo_push_part(socket, "event", "m1", 2, 0, payload, 100); /* pushed again */
	UNTIL(scene_event(s, EVENT_SAID, 2));
	assert_string_equal(scene_event(s, EVENT_SAID, 2)->text, "a long story");
}

/* --- cards --- */

static void callbacks_are_answered_with_data(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *press = card_event("ev-1", "{\"action\":\"standup.form\",\"value\":\"42\"}", NULL);
	bamboo_push(socket, "m1", press);
	UNTIL(scene_event(s, EVENT_PRESSED, 0));
	const struct event *event = scene_event(s, EVENT_PRESSED, 0);
	assert_string_equal(event->word, "standup.form");
	assert_string_equal(event->value, "42");
	scene_judge(s, event, TRUE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":200,\"data\":\"e30=\"}");
}

static void a_press_that_is_not_ours_is_answered_too(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *press = card_event("ev-1", "\"hello\"", NULL);
	bamboo_push(socket, "m1", press);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":200,\"data\":\"e30=\"}");
}

static void a_card_frame_is_a_callback(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	static const char old[] = "{\"open_id\":\"ou_ana\",\"open_message_id\":\"om_card\",\"open_chat_id\":\"oc_sales\","
				  "\"token\":\"c-7\",\"action\":{\"tag\":\"button\",\"value\":{\"action\":\"standup.form\","
				  "\"value\":\"7\"}}}";
	bamboo_push_part(socket, "card", "m1", 1, 0, old, strlen(old));
	UNTIL(scene_event(s, EVENT_PRESSED, 0));
	scene_judge(s, scene_event(s, EVENT_PRESSED, 0), TRUE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":200,\"data\":\"e30=\"}");
}

static const char submitted[] = "{\"form\":\"standup.submit\",\"context\":\"42\",\"title\":\"Standup\","
				"\"labels\":{\"done\":\"Done\"}}";

static void a_forms_problems_come_back(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *payload = card_event("ev-1", submitted, "{\"done\":\"\"}");
	bamboo_push(socket, "m1", payload);
	UNTIL(scene_event(s, EVENT_SUBMITTED, 0));
	GArray *problems = event_inputs_new();
	event_inputs_add(problems, "done", "say at least one thing");
	scene_judge(s, scene_event(s, EVENT_SUBMITTED, 0), TRUE, problems);
	UNTIL(bamboo_response(socket, "m1"));
	g_autofree char *data = bamboo_response_data(socket, "m1");
	g_autoptr(cJSON) answer = json_parse(data, strlen(data), NULL);
	assert_string_equal(json_text_or(answer, "toast.type", ""), "error");
	assert_non_null(strstr(json_text_or(answer, "toast.content", ""), "say at least one thing"));
	assert_null(json_at(answer, "card")); /* the form stays as it is */
}

static void a_form_is_closed(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *payload = card_event("ev-1", submitted, "{\"done\":\"three visits\"}");
	bamboo_push(socket, "m1", payload);
	UNTIL(scene_event(s, EVENT_SUBMITTED, 0));
	assert_string_equal(event_input_value(scene_event(s, EVENT_SUBMITTED, 0), "done"), "three visits");
	scene_judge(s, scene_event(s, EVENT_SUBMITTED, 0), TRUE, NULL);
	UNTIL(bamboo_response(socket, "m1"));
	g_autofree char *data = bamboo_response_data(socket, "m1");
	g_autoptr(cJSON) answer = json_parse(data, strlen(data), NULL);
	assert_string_equal(json_text_or(answer, "card.type", ""), "raw");
	assert_string_equal(json_text_or(answer, "card.data.schema", ""), "2.0");
	assert_non_null(strstr(data, "three visits"));
}

/* --- what events lack --- */

static const char reaction[] = "{\"schema\":\"2.0\",\"header\":{\"event_id\":\"r%u\",\"event_type\":"
			       "\"im.message.reaction.created_v1\"},\"event\":{\"message_id\":\"om_1\",\"reaction_type\":"
			       "{\"emoji_type\":\"THUMBSUP\"},\"operator_type\":\"user\",\"user_id\":{\"open_id\":\"ou_bo\"},"
			       "\"action_time\":\"1767225600000\"}}";

static void a_reaction_learns_its_chat_from_what_passed(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	say(socket, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	g_autofree char *payload = g_strdup_printf(reaction, 1);
	bamboo_push(socket, "m2", payload);
	UNTIL(scene_event(s, EVENT_REACTED, 0));
	assert_string_equal(scene_event(s, EVENT_REACTED, 0)->place.channel, "oc_sales");
	assert_string_equal(scene_event(s, EVENT_REACTED, 0)->person, "ou_bo");
	assert_int_equal(bamboo_calls(s->feishu, "GET /open-apis/im/v1/messages/om_1"), 0);
}

static void a_reaction_on_an_old_message_is_looked_up(void **state)
{
	struct scene *s = *state;
	static const char look[] = "GET /open-apis/im/v1/messages/om_1";
	bamboo_script(s->feishu, look,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":[{\"message_id\":\"om_1\",\"chat_id\":\"oc_old\","
					       "\"sender\":{\"id\":\"ou_ana\",\"sender_type\":\"user\"}}]}}" });
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	for (unsigned i = 0; i < 2; i++) {
		g_autofree char *payload = g_strdup_printf(reaction, i);
		g_autofree char *id = g_strdup_printf("m%u", i);
		bamboo_push(socket, id, payload);
		UNTIL(scene_event(s, EVENT_REACTED, i));
		assert_string_equal(scene_event(s, EVENT_REACTED, i)->place.channel, "oc_old");
	}
	assert_int_equal(bamboo_calls(s->feishu, look), 1);
	scene_judge(s, scene_event(s, EVENT_REACTED, 0), TRUE, NULL);
	UNTIL(bamboo_response(socket, "m0"));
}

static void a_look_up_that_fails_is_pushed_again_or_given_up(void **state)
{
	struct scene *s = *state;
	static const char look[] = "GET /open-apis/im/v1/messages/om_1";
	bamboo_script(s->feishu, look, (struct script){ .status = 503, .body = "" });
	bamboo_script(s->feishu, look, (struct script){ .status = 400, .body = "{\"code\":230110,\"msg\":\"deleted\"}" });
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	g_autofree char *payload = g_strdup_printf(reaction, 1);
	bamboo_push(socket, "m1", payload);
	UNTIL(bamboo_response(socket, "m1"));
	assert_string_equal(bamboo_response(socket, "m1"), "{\"code\":500}");
	bamboo_push(socket, "m2", payload);
	UNTIL(bamboo_response(socket, "m2"));
	assert_string_equal(bamboo_response(socket, "m2"), "{\"code\":200}");
	assert_null(scene_event(s, EVENT_REACTED, 0));
}

static void a_recall_knows_its_author(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	say(socket, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	bamboo_push(socket, "m2",
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"d1\",\"event_type\":\"im.message.recalled_v1\"},\"event\":{"
		"\"message_id\":\"om_1\",\"chat_id\":\"oc_sales\",\"recall_time\":\"1767225600000\"}}");
	UNTIL(scene_event(s, EVENT_DELETED, 0));
	assert_string_equal(scene_event(s, EVENT_DELETED, 0)->person, "ou_ana");
	assert_string_equal(scene_event(s, EVENT_DELETED, 0)->message, "om_1");
}

/* It may be gone from the chat too, so it is not looked up: that would cost a call and lose the recall. */
static void a_recall_of_what_never_came_is_told(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	bamboo_push(socket, "m2",
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"d1\",\"event_type\":\"im.message.recalled_v1\"},\"event\":{"
		"\"message_id\":\"om_9\",\"chat_id\":\"oc_sales\",\"recall_time\":\"1767225600000\"}}");
	UNTIL(scene_event(s, EVENT_DELETED, 0));
	assert_null(scene_event(s, EVENT_DELETED, 0)->person);
	assert_string_equal(scene_event(s, EVENT_DELETED, 0)->subject, "m:om_9");
}

/* --- losing and stopping --- */

static void a_response_without_its_connection_is_dropped(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *old = bamboo_last_socket(s->feishu);
	say(old, "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	bamboo_hang_up(old);
	UNTIL(!s->live);
	scene_pass_until_live(s);
	scene_judge(s, scene_event(s, EVENT_SAID, 0), TRUE, NULL);
	loop_settle();
	assert_null(bamboo_response(bamboo_last_socket(s->feishu), "m1"));
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "acknowledged.lost", 0), 1);
	/* The platform pushes it again, and it is answered there. */
	say(bamboo_last_socket(s->feishu), "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 1));
	scene_judge(s, scene_event(s, EVENT_SAID, 1), TRUE, NULL);
	UNTIL(bamboo_response(bamboo_last_socket(s->feishu), "m1"));
}

static void a_pause_stops_reading(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	platform_feishu.pause(s->adapter, TRUE);
	say(socket, "m1", "om_1");
	loop_settle();
	assert_null(scene_event(s, EVENT_SAID, 0));
	scene_pass(s, MINUTES(5)); /* and it is our own silence */
	assert_int_equal(bamboo_socket_count(s->feishu), 1);
	platform_feishu.pause(s->adapter, FALSE);
	UNTIL(scene_event(s, EVENT_SAID, 0));
}

static void stops_in_the_middle_of_everything(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 24; i++) {
		struct scene *s = scene_on_feishu();
		bamboo_script(s->feishu, "GET /open-apis/im/v1/messages/om_1", (struct script){ .reply = SCRIPT_HOLD });
		scene_start(s);
		for (unsigned turn = 0; turn < i; turn++)
			loop_turn();
		if (bamboo_socket_count(s->feishu)) {
			g_autofree char *payload = g_strdup_printf(reaction, 1);
			bamboo_push(bamboo_last_socket(s->feishu), "m1", payload);
			say(bamboo_last_socket(s->feishu), "m2", "om_2");
			loop_turn();
		}
		scene_free(s);
	}
}

static void three_connections(void **state)
{
	struct scene *s = *state;
	s->workspace.connections = 3;
	scene_go_live(s);
	UNTIL(bamboo_socket_count(s->feishu) == 3);
	loop_settle();
	bamboo_hang_up(bamboo_socket_at(s->feishu, 0));
	loop_settle();
	assert_true(s->live);
	say(bamboo_socket_at(s->feishu, 2), "m1", "om_1");
	UNTIL(scene_event(s, EVENT_SAID, 0));
	scene_judge(s, scene_event(s, EVENT_SAID, 0), TRUE, NULL);
	UNTIL(bamboo_response(bamboo_socket_at(s->feishu, 2), "m1"));
	assert_int_equal(s->darks, 0);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_BOT), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(starts_in_one_round),
		T(one_call_tells_who_we_are),
		T(the_bots_own_id_is_read),
		T(without_a_name_it_is_only_deaf_to_mentions),
		cmocka_unit_test(endpoint_codes),
		T(a_refused_secret_stops_everything),
		T(no_network_at_first),
		cmocka_unit_test(refused_upgrades),
		T(too_many_connections),
		T(a_second_client_is_noticed),
		T(ten_drops_are_survived),
		T(the_ladder_stays_inside_the_servers_wish),
		T(given_up_means_slowly),
		T(a_connection_needs_no_event),
		T(pings_go_as_often_as_the_server_wishes),
		T(a_black_hole_is_left),
		T(any_frame_is_an_answer),
		T(after_a_sleep_the_peer_is_asked),
		T(a_moved_clock_alone_loses_nothing),
		T(a_gap_is_told),
		T(short_gaps_are_not_read_often),
		T(answered_after_the_verdict),
		T(what_is_not_kept_is_pushed_again),
		T(a_redelivery_has_the_same_keys),
		T(one_frame_of_several_events),
		T(that_events_come_is_noted_once),
		T(what_is_no_event_is_answered),
		T(garbage_does_no_harm),
		T(fragments_in_any_order),
		T(a_missing_fragment_is_waited_for_ten_seconds),
		T(callbacks_are_answered_with_data),
		T(a_press_that_is_not_ours_is_answered_too),
		T(a_card_frame_is_a_callback),
		T(a_forms_problems_come_back),
		T(a_form_is_closed),
		T(a_reaction_learns_its_chat_from_what_passed),
		T(a_reaction_on_an_old_message_is_looked_up),
		T(a_look_up_that_fails_is_pushed_again_or_given_up),
		T(a_recall_knows_its_author),
		T(a_recall_of_what_never_came_is_told),
		T(a_response_without_its_connection_is_dropped),
		T(a_pause_stops_reading),
		cmocka_unit_test(stops_in_the_middle_of_everything),
		T(three_connections),
	};
	return cmocka_run_group_tests_name("feishu", tests, NULL, NULL);
}
