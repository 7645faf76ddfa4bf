/* SPDX-License-Identifier: MIT */
/*
 * The Slack adapter's connections over real sockets. What developers complain about (pains) and where it is tested:
 *
 *  1 storms of reconnecting         one_owner_of_reconnecting, open_is_paced
 *  2 too_many_websockets            too_many_connections
 *  3 leaked sockets                 a_refresh_waits_for_nobody, test_link.c: never_more_than_three
 *  4 disconnect before hello        goodbye_before_hello, test_link.c: chance_finds_no_hole
 *  5 fatal or temporary             temporary_errors_are_retried, refused_tokens_stop
 *  6 a new URL, the first connect   an_address_is_used_once, the_first_connect_is_retried
 *  7 stalled steps                  stalled_steps_end
 *  8 a pong that takes its time     pongs_keep_it_alive
 *  9 half-open sockets              a_black_hole_is_left
 * 10 gaps at a refresh              a_refresh_waits_for_nobody
 * 11 duplicates, lost acks          acknowledged_after_the_verdict, a_lost_acknowledgement_is_delivered_again
 * 12 retries that are the only one  a_retry_is_an_event
 * 13 missed in a gap                a_gap_is_told, test_slack_send.c: history_…
 * 14 late acknowledgements          acknowledged_after_the_verdict (status)
 * 15 a shared app                   strangers_are_counted
 * 16 large acknowledgements         problems_fit_a_frame
 * 17 unparseable payloads           what_is_no_event_is_acknowledged
 * 18 doubled posts                  test_slack_send.c: in_doubt_…
 * 19 a cold connection              the_way_to_slack_is_kept_warm
 * 20, 21 keys, own messages         the unit tests of slack_in
 * 22 invalid_blocks                 test_slack_send.c: a_refused_card
 * 23 files                          nothing is uploaded yet
 * 24 metadata                       test_slack_send.c: in_doubt_…
 * 25 small pages of history         test_slack_send.c: history_in_small_pages
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "platform/slack/slack.h"
#include "tests/support/scene.h"

#define OPEN "apps.connections.open"

static int set_up(void **state)
{
	*state = scene_on_slack();
	return 0;
}

static int tear_down(void **state)
{
	scene_free(*state);
	return 0;
}

static void say_message(struct straw_socket *socket, const char *envelope, const char *event_id, const char *ts, int retry)
{
	straw_say(socket,
		"{\"type\":\"events_api\",\"envelope_id\":\"%s\",\"accepts_response_payload\":false,\"retry_attempt\":%d,"
		"\"retry_reason\":\"%s\",\"payload\":{\"type\":\"event_callback\",\"team_id\":\"T0\",\"event_id\":\"%s\","
		"\"event_time\":1767225600,\"event\":{\"type\":\"message\",\"user\":\"U0ANA\",\"text\":\"hello\",\"ts\":\"%s\","
		"\"channel\":\"C0SALES00\",\"channel_type\":\"channel\",\"event_ts\":\"%s\"}}}",
		envelope, retry, retry ? "timeout" : "", event_id, ts, ts);
}

static void disconnect(struct straw_socket *socket, const char *reason)
{
	straw_say(socket, "{\"type\":\"disconnect\",\"reason\":\"%s\",\"debug_info\":{\"host\":\"x\"}}", reason);
}

static cJSON *status_of(struct scene *s)
{
	cJSON *status = cJSON_CreateObject();
	platform_slack.status(s->adapter, status);
	return status;
}

/* --- connecting --- */

static void starts_in_one_round(void **state)
{
	struct scene *s = *state;
	gint64 began = g_get_monotonic_time();
	scene_go_live(s);
	print_message("start to live: %d us\n", (int)(g_get_monotonic_time() - began));
	assert_int_equal(straw_calls(s->slack, "auth.test"), 1);
	assert_int_equal(straw_calls(s->slack, OPEN), 1);
	assert_int_equal(straw_socket_count(s->slack), 1);
	assert_string_equal(straw_socket_at(s->slack, 0)->ticket, "/link/ticket-1");
}

static void three_connections(void **state)
{
	struct scene *s = *state;
	s->workspace.connections = 3;
	scene_start(s);
	UNTIL(straw_socket_count(s->slack) == 3 && s->live);
	assert_int_equal(straw_calls(s->slack, "auth.test"), 1);
	int64_t lost_ms = clock_now_ms(s->clock);
	straw_hang_up(straw_socket_at(s->slack, 0));
	loop_settle();
	assert_true(s->live);
	say_message(straw_socket_at(s->slack, 2), "e1", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	scene_judge(s, scene_any_event(s, 0), TRUE, NULL);
	UNTIL(straw_heard(straw_socket_at(s->slack, 2), "e1"));
	for (unsigned i = 0; i < 10 && scene_event_count(s, EVENT_GAP) < 2; i++) /* what went down with the one is looked for */
		scene_pass(s, SECONDS(5));
	assert_int_equal(scene_event_count(s, EVENT_GAP), 2);
	assert_int_equal(scene_event(s, EVENT_GAP, 1)->at_ms, lost_ms);
	assert_int_equal(straw_socket_count(s->slack), 4);
	assert_int_equal(s->darks, 0);
}

static void an_address_is_used_once(void **state)
{
	struct scene *s = *state;
	straw_refuse_upgrades(s->slack, 404);
	scene_start(s);
	UNTIL(straw_calls(s->slack, OPEN) == 1);
	for (unsigned i = 0; i < 10 && straw_calls(s->slack, OPEN) < 4; i++)
		scene_pass(s, SECONDS(5));
	straw_refuse_upgrades(s->slack, 0);
	for (unsigned i = 0; i < 10 && !s->live; i++)
		scene_pass(s, SECONDS(5));
	assert_true(s->live);
	g_autofree char *ticket = g_strdup_printf("/link/ticket-%u", straw_calls(s->slack, OPEN));
	assert_string_equal(straw_last_socket(s->slack)->ticket, ticket);
}

static void the_first_connect_is_retried(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, OPEN, (struct script){ .reply = SCRIPT_DROP });
	straw_script(s->slack, "auth.test", (struct script){ .reply = SCRIPT_DROP });
	scene_start(s);
	loop_settle();
	assert_false(s->live);
	scene_pass_until_live(s);
	assert_null(s->refused);
}

static void temporary_errors_are_retried(void **state)
{
	static const struct script bad[] = {
		{ .body = "{\"ok\":false,\"error\":\"internal_error\"}" },
		{ .body = "{\"ok\":false,\"error\":\"fatal_error\"}" },
		{ .status = 503, .body = "<html>Service unavailable</html>" },
		{ .body = "" },
		{ .body = "{\"ok\":true}" },
		{ .body = "{\"ok\":true,\"url\":\"https:\\/\\/no.socket\\/\"}" },
		{ .body = "{\"ok\":false,\"error\":\"something_new\"}" },
	};
	struct scene *s = *state;
	for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++)
		straw_script(s->slack, OPEN, bad[i]);
	scene_start(s);
	while (straw_calls(s->slack, OPEN) < G_N_ELEMENTS(bad))
		scene_pass(s, SECONDS(5));
	scene_pass_until_live(s);
	assert_int_equal(straw_calls(s->slack, OPEN), G_N_ELEMENTS(bad) + 1);
	assert_null(s->refused);
}

static void too_many_requests_are_obeyed(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, OPEN, (struct script){ .status = 429, .header = "Retry-After: 90",
					     .body = "{\"ok\":false,\"error\":\"ratelimited\"}" });
	straw_script(s->slack, OPEN, (struct script){ .status = 429, .body = "" });
	scene_start(s);
	UNTIL(straw_calls(s->slack, OPEN) == 1);
	scene_pass(s, SECONDS(89));
	assert_int_equal(straw_calls(s->slack, OPEN), 1);
	scene_pass(s, SECONDS(1));
	UNTIL(straw_calls(s->slack, OPEN) == 2);
	scene_pass(s, SECONDS(29)); /* 30 where none is given */
	assert_int_equal(straw_calls(s->slack, OPEN), 2);
	scene_pass_until_live(s);
}

static void refused_tokens_stop(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, OPEN, (struct script){ .body = "{\"ok\":false,\"error\":\"invalid_auth\"}" });
	scene_start(s);
	UNTIL(s->refused);
	assert_non_null(strstr(s->refused, "invalid_auth"));
	scene_pass(s, MINUTES(14));
	assert_int_equal(straw_calls(s->slack, OPEN), 1);
	scene_pass(s, MINUTES(1));
	UNTIL(s->live);
	assert_int_equal(s->refusals, 1);
}

static void a_refused_bot_token_stops_too(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, "auth.test", (struct script){ .body = "{\"ok\":false,\"error\":\"account_inactive\"}" });
	scene_start(s);
	UNTIL(s->refused);
	loop_settle();
	assert_int_equal(straw_socket_count(s->slack), 0);
	struct outbox_row *row = scene_row(s, OUTBOX_REACT);
	row->channel = g_strdup("C0SALES00");
	row->message = g_strdup("1767225600.000100");
	row->word = g_strdup("white_check_mark");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_STOPPED);
	scene_pass(s, MINUTES(15));
	UNTIL(s->live);
}

static void one_owner_of_reconnecting(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	for (unsigned i = 0; i < 4; i++) {
		unsigned before = straw_calls(s->slack, OPEN);
		struct straw_socket *socket = straw_last_socket(s->slack);
		disconnect(socket, "refresh_requested");
		disconnect(socket, "warning");
		loop_settle();
		straw_hang_up(socket);
		loop_settle();
		assert_int_equal(straw_calls(s->slack, OPEN), before + 1);
	}
	assert_int_equal(straw_socket_count(s->slack), 5);
}

/* A server that asks for a refresh after each hello does not make us storm it. */
static void open_is_paced(void **state)
{
	struct scene *s = *state;
	straw_greet(s->slack, "{\"type\":\"hello\",\"num_connections\":1}");
	scene_go_live(s);
	for (unsigned i = 0; i < 60; i++) {
		disconnect(straw_last_socket(s->slack), "refresh_requested");
		loop_settle();
	}
	assert_true(straw_calls(s->slack, OPEN) <= 30);
	assert_true(s->live);
}

static void goodbye_before_hello(void **state)
{
	struct scene *s = *state;
	straw_greet(s->slack, "{\"type\":\"disconnect\",\"reason\":\"refresh_requested\"}");
	scene_start(s);
	UNTIL(straw_socket_count(s->slack) == 1);
	loop_settle();
	assert_int_equal(straw_calls(s->slack, OPEN), 1);
	straw_greet(s->slack, "{\"type\":\"hello\",\"num_connections\":1}");
	scene_pass_until_live(s);
}

static void stalled_steps_end(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, OPEN, (struct script){ .reply = SCRIPT_HOLD });
	scene_start(s);
	UNTIL(straw_calls(s->slack, OPEN) == 1);
	scene_pass(s, SECONDS(11));
	scene_pass_until_live(s);
	straw_greet(s->slack, NULL); /* no hello */
	straw_hang_up(straw_last_socket(s->slack));
	UNTIL(!s->live);
	scene_pass(s, SECONDS(5));
	UNTIL(straw_socket_count(s->slack) == 2);
	loop_settle();
	straw_greet(s->slack, "{\"type\":\"hello\",\"num_connections\":1}");
	scene_pass(s, SECONDS(15));
	UNTIL(straw_socket_at(s->slack, 1)->closed);
	scene_pass_until_live(s);
}

/* --- staying alive --- */

static void pongs_keep_it_alive(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, MINUTES(5));
	assert_int_equal(straw_socket_count(s->slack), 1);
	assert_int_equal(s->darks, 0);
}

static void a_black_hole_is_left(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *hole = straw_last_socket(s->slack);
	int64_t last = clock_now_ms(s->clock);
	ws_pause(hole->ws, TRUE); /* reads nothing, answers no ping */
	scene_pass(s, SECONDS(35));
	assert_int_equal(s->darks, 0);
	scene_pass(s, SECONDS(5));
	assert_int_equal(s->darks, 1); /* the next try may have come at once: the delay is random */
	scene_pass_until_live(s);
	ws_pause(hole->ws, FALSE);
	UNTIL(hole->closed); /* the descriptor is closed, and the peer sees it */
	const struct event *gap = scene_event(s, EVENT_GAP, 1);
	assert_int_equal(gap->at_ms, last);
	assert_true(gap->until_ms >= last + SECONDS(40));
}

static void a_gap_is_told(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	const struct event *first = scene_event(s, EVENT_GAP, 0);
	assert_non_null(first);
	assert_int_equal(first->at_ms, 0);
	assert_string_equal(first->place.workspace, "acme");
	straw_hang_up(straw_last_socket(s->slack));
	UNTIL(!s->live);
	scene_pass_until_live(s);
	assert_int_equal(scene_event_count(s, EVENT_GAP), 2);
}

static void a_refresh_waits_for_nobody(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *old = straw_last_socket(s->slack);
	say_message(old, "e1", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	disconnect(old, "warning");
	UNTIL(straw_socket_count(s->slack) == 2);
	say_message(old, "e2", "Ev2", "1767225600.000200", 0);
	UNTIL(scene_any_event(s, 1));
	scene_judge(s, scene_any_event(s, 0), TRUE, NULL);
	scene_judge(s, scene_any_event(s, 1), TRUE, NULL);
	UNTIL(straw_heard(old, "e1") && straw_heard(old, "e2"));
	say_message(straw_last_socket(s->slack), "e3", "Ev3", "1767225600.000300", 0);
	UNTIL(scene_any_event(s, 2));
	scene_judge(s, scene_any_event(s, 2), TRUE, NULL);
	UNTIL(straw_heard(straw_last_socket(s->slack), "e3"));
	assert_false(straw_heard(old, "e3"));
	assert_false(old->closed);
	scene_pass(s, SECONDS(30));
	UNTIL(old->closed);
	assert_int_equal(s->darks, 0);
	assert_int_equal(scene_event_count(s, EVENT_GAP), 1);
	assert_int_equal(straw_calls(s->slack, OPEN), 2);
}

static void an_unknown_reason(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	disconnect(straw_last_socket(s->slack), "new_moon");
	scene_pass(s, SECONDS(5));
	UNTIL(straw_socket_count(s->slack) == 2);
	loop_settle();
	assert_int_equal(s->darks, 0);
}

static void too_many_connections(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	disconnect(straw_last_socket(s->slack), "too_many_websockets");
	UNTIL(straw_last_socket(s->slack)->closed);
	scene_pass(s, SECONDS(55));
	assert_int_equal(straw_calls(s->slack, OPEN), 1);
	scene_pass(s, SECONDS(70));
	UNTIL(s->live);
	assert_null(s->refused);
}

static void socket_mode_switched_off(void **state)
{
	static const char *const names[] = { "link_disabled", "socket_mode_disabled" };
	struct scene *s = *state;
	scene_go_live(s);
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		unsigned before = straw_calls(s->slack, OPEN);
		disconnect(straw_last_socket(s->slack), names[i]);
		UNTIL(!s->live);
		scene_pass(s, MINUTES(14));
		assert_int_equal(straw_calls(s->slack, OPEN), before);
		scene_pass(s, MINUTES(1));
		UNTIL(s->live);
	}
}

static void strangers_are_counted(void **state)
{
	struct scene *s = *state;
	straw_greet(s->slack, "{\"type\":\"hello\",\"num_connections\":4}");
	scene_go_live(s);
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "connections_of_app", 0), 4);
	assert_int_equal(json_int_or(status, "connections", 0), 1);
}

/* --- frames and acknowledgements --- */

static void acknowledged_after_the_verdict(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *socket = straw_last_socket(s->slack);
	say_message(socket, "e1", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	const struct event *event = scene_any_event(s, 0);
	assert_int_equal(event->kind, EVENT_SAID);
	assert_string_equal(event->person, "U0ANA");
	loop_settle();
	assert_int_equal(socket->heard->len, 0);
	scene_judge(s, event, TRUE, NULL);
	UNTIL(socket->heard->len == 1);
	assert_string_equal(socket->heard->pdata[0], "{\"envelope_id\":\"e1\"}");
	scene_judge(s, event, TRUE, NULL); /* a second verdict says nothing more */
	loop_settle();
	assert_int_equal(socket->heard->len, 1);
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "acknowledged.count", 0), 1);
	assert_true(json_int_or(status, "acknowledged.max_us", 0) > 0);
	assert_int_equal(json_int_or(status, "silent_s", -1), 0);
}

static void not_kept_is_not_acknowledged(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	say_message(straw_last_socket(s->slack), "e1", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	scene_judge(s, scene_any_event(s, 0), FALSE, NULL);
	loop_settle();
	assert_int_equal(straw_last_socket(s->slack)->heard->len, 0);
}

static void a_lost_acknowledgement_is_delivered_again(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	say_message(straw_last_socket(s->slack), "e1", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	straw_hang_up(straw_last_socket(s->slack));
	UNTIL(!s->live);
	scene_pass_until_live(s);
	scene_judge(s, scene_any_event(s, 0), TRUE, NULL); /* its connection is gone: nowhere */
	loop_settle();
	assert_int_equal(straw_last_socket(s->slack)->heard->len, 0);
	g_autoptr(cJSON) status = status_of(s);
	assert_int_equal(json_int_or(status, "acknowledged.lost", 0), 1);
	say_message(straw_last_socket(s->slack), "e1b", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 1));
	assert_string_equal(scene_any_event(s, 0)->keys[0], scene_any_event(s, 1)->keys[0]);
	scene_judge(s, scene_any_event(s, 1), TRUE, NULL);
	UNTIL(straw_heard(straw_last_socket(s->slack), "e1b"));
}

static void a_retry_is_an_event(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	say_message(straw_last_socket(s->slack), "e1", "Ev1", "1767225600.000100", 3);
	UNTIL(scene_any_event(s, 0));
	assert_int_equal(scene_any_event(s, 0)->kind, EVENT_SAID);
}

static void what_is_no_event_is_acknowledged(void **state)
{
	static const char *const payloads[] = {
		"\"type\":\"events_api\",\"payload\":{\"type\":\"app_rate_limited\",\"minute_rate_limited\":1767225600}",
		"\"type\":\"events_api\",\"payload\":{\"type\":\"event_callback\",\"event_id\":\"Ev9\",\"event\":{\"type\":\"sun_rose\"}}",
		"\"type\":\"events_api\",\"payload\":42",
		"\"type\":\"events_api\"",
		"\"type\":\"from_the_future\",\"payload\":{}",
		"\"type\":17,\"payload\":[]",
		"\"type\":\"interactive\",\"payload\":{\"type\":\"view_closed\",\"user\":null,\"view\":[1]}",
		"\"type\":\"slash_commands\",\"payload\":{}",
	};
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *socket = straw_last_socket(s->slack);
	for (unsigned i = 0; i < G_N_ELEMENTS(payloads); i++) {
		g_autofree char *id = g_strdup_printf("e%u", i);
		straw_say(socket, "{\"envelope_id\":\"%s\",%s}", id, payloads[i]);
		UNTIL(straw_heard(socket, id));
	}
	straw_say(socket, "this is not JSON");
	straw_say(socket, "[1,2,3]");
	straw_say(socket, "{\"type\":\"disconnect_me_not\"}");
	say_message(socket, "last", "Ev1", "1767225600.000100", 0);
	UNTIL(scene_any_event(s, 0));
	assert_false(socket->closed);
	assert_int_equal(s->darks, 0);
}

/* A captured payload as a frame; NULL: what ends connections, which other tests play. */
static char *frame_of(const char *folder, const char *type, const char *file, unsigned number)
{
	if (!g_str_has_suffix(file, ".json") || strstr(file, "disconnect"))
		return NULL;
	g_autofree char *path = g_build_filename(TEST_DATA, "slack", folder, file, NULL);
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_autoptr(cJSON) root = json_parse(text, strlen(text), NULL);
	if (!json_at(root, "envelope_id"))
		return g_strdup_printf("{\"type\":\"%s\",\"envelope_id\":\"wrapped-%u\",\"payload\":%s}", type, number, text);
	return g_steal_pointer(&text);
}

/* Says all of a folder; TRUE when each was acknowledged, at once or after its verdict. */
static void play_folder(struct scene *s, const char *folder, const char *type)
{
	struct straw_socket *socket = straw_last_socket(s->slack);
	g_autofree char *path = g_build_filename(TEST_DATA, "slack", folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;
	for (unsigned n = 0; (file = g_dir_read_name(dir));) {
		g_autofree char *frame = frame_of(folder, type, file, n++);
		if (!frame)
			continue;
		g_autoptr(cJSON) root = json_parse(frame, strlen(frame), NULL);
		const char *envelope = json_text_or(root, "envelope_id", "?");
		unsigned events = s->events->len, heard = socket->heard->len;
		straw_say(socket, "%s", frame);
		UNTIL(s->events->len > events || socket->heard->len > heard);
		if (s->events->len > events)
			scene_judge(s, s->events->pdata[events], TRUE, NULL);
		UNTIL(straw_heard(socket, envelope));
	}
}

static void captured_payloads_pass_through(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	play_folder(s, "events", "events_api");
	play_folder(s, "interactive", "interactive");
	play_folder(s, "slash", "slash_commands");
	assert_true(s->events->len > 20);
	assert_false(straw_last_socket(s->slack)->closed);
	assert_int_equal(straw_socket_count(s->slack), 1);
	assert_null(s->refused);
	assert_int_equal(straw_calls(s->slack, "chat.postMessage"), 0);
}

static void large_frames(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *socket = straw_last_socket(s->slack);
	g_autofree char *megabyte = g_strnfill(1024 * 1024 + 1, 'x');
	straw_say(socket, "{\"type\":\"hello\",\"pad\":\"%s\"}", megabyte); /* over the limit: dropped, the connection stays */
	megabyte[1000 * 1000] = '\0';
	straw_say(socket,
		"{\"type\":\"events_api\",\"envelope_id\":\"big\",\"payload\":{\"type\":\"event_callback\",\"event_id\":\"Ev1\","
		"\"event\":{\"type\":\"message\",\"user\":\"U0ANA\",\"text\":\"%s\",\"ts\":\"1767225600.000100\","
		"\"channel\":\"C0SALES00\",\"channel_type\":\"channel\"}}}",
		megabyte);
	UNTIL(scene_any_event(s, 0));
	assert_false(socket->closed);
	scene_judge(s, scene_any_event(s, 0), TRUE, NULL);
	UNTIL(straw_heard(socket, "big"));
}

static void submit_form(struct straw_socket *socket, const char *envelope, gboolean accepts)
{
	straw_say(socket,
		"{\"type\":\"interactive\",\"envelope_id\":\"%s\",\"accepts_response_payload\":%s,\"payload\":{"
		"\"type\":\"view_submission\",\"team\":{\"id\":\"T0\"},\"user\":{\"id\":\"U0ANA\"},\"trigger_id\":\"1.2.%s\","
		"\"view\":{\"id\":\"V1\",\"type\":\"modal\",\"hash\":\"h%s\",\"callback_id\":\"standup.form\",\"private_metadata\":\"42\","
		"\"state\":{\"values\":{\"results\":{\"results\":{\"type\":\"plain_text_input\",\"value\":\"two\"}}}}}}}",
		envelope, accepts ? "true" : "false", envelope, envelope);
}

static void give_problems(struct scene *s, const struct event *event, const char *problem)
{
	g_autoptr(GArray) problems = event_inputs_new();
	event_inputs_add(problems, "results", problem);
	platform_slack.acknowledge(s->adapter,
		&(struct verdict){ .receipt = event->receipt, .kept = TRUE, .problems = problems });
}

static void problems_fit_a_frame(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *socket = straw_last_socket(s->slack);
	submit_form(socket, "e1", TRUE);
	UNTIL(scene_any_event(s, 0));
	assert_int_equal(scene_any_event(s, 0)->kind, EVENT_SUBMITTED);
	give_problems(s, scene_any_event(s, 0), "say what you did");
	UNTIL(socket->heard->len == 1);
	g_autoptr(cJSON) said = json_parse(socket->heard->pdata[0], strlen(socket->heard->pdata[0]), NULL);
	assert_string_equal(json_text_or(said, "payload.response_action", ""), "errors");
	assert_string_equal(json_text_or(said, "payload.errors.results", ""), "say what you did");

	submit_form(socket, "e2", TRUE);
	UNTIL(scene_any_event(s, 1));
	g_autofree char *huge = g_strnfill(50000, 'y');
	give_problems(s, scene_any_event(s, 1), huge);
	UNTIL(socket->heard->len == 2);
	assert_true(strlen(socket->heard->pdata[1]) <= 20000);
	assert_true(straw_heard(socket, "e2"));

	submit_form(socket, "e3", FALSE);
	UNTIL(scene_any_event(s, 2));
	give_problems(s, scene_any_event(s, 2), "nowhere to say it");
	UNTIL(socket->heard->len == 3);
	assert_string_equal(socket->heard->pdata[2], "{\"envelope_id\":\"e3\"}");
}

static void uninstalled(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct straw_socket *socket = straw_last_socket(s->slack);
	straw_default(s->slack, "auth.test", "{\"ok\":false,\"error\":\"account_inactive\"}");
	straw_say(socket, "{\"type\":\"events_api\",\"envelope_id\":\"e1\",\"payload\":{\"type\":\"event_callback\","
			  "\"event_id\":\"Ev1\",\"event\":{\"type\":\"app_uninstalled\"}}}");
	UNTIL(s->refused && socket->closed);
	assert_true(straw_heard(socket, "e1"));
	assert_false(s->live);
	scene_pass(s, MINUTES(16));
	assert_int_equal(straw_calls(s->slack, OPEN), 2);
	assert_int_equal(s->refusals, 1);
}

/* It is said, but the token works: the app was installed again, or it was another one. */
static void uninstalled_and_installed_again(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	unsigned asked = straw_calls(s->slack, "auth.test");
	straw_say(straw_last_socket(s->slack), "{\"type\":\"events_api\",\"envelope_id\":\"e1\",\"payload\":{\"type\":\"event_callback\","
					       "\"event_id\":\"Ev1\",\"event\":{\"type\":\"app_uninstalled\"}}}");
	UNTIL(straw_calls(s->slack, "auth.test") > asked);
	loop_settle();
	assert_true(s->live);
	assert_int_equal(s->refusals, 0);
	assert_false(straw_last_socket(s->slack)->closed);
}

static void a_pause_holds_events_back(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	platform_slack.pause(s->adapter, TRUE);
	for (unsigned i = 0; i < 50; i++) {
		g_autofree char *id = g_strdup_printf("Ev%u", i);
		say_message(straw_last_socket(s->slack), id, id, "1767225600.000100", 0);
	}
	loop_settle();
	assert_int_equal(scene_event_count(s, EVENT_SAID), 0);
	platform_slack.pause(s->adapter, FALSE);
	UNTIL(scene_event_count(s, EVENT_SAID) == 50);
}

static void the_way_to_slack_is_kept_warm(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, SECONDS(100));
	assert_in_range(straw_calls(s->slack, "auth.test"), 2, 3);
	straw_default(s->slack, "auth.test", "{\"ok\":false,\"error\":\"token_revoked\"}");
	scene_pass(s, SECONDS(50));
	UNTIL(s->refused);
	assert_non_null(strstr(s->refused, "token_revoked"));
}

static void free_it(gpointer data)
{
	struct scene *s = data;
	platform_slack.free(s->adapter);
	s->adapter = NULL;
}

static void whoever_hears_that_it_stopped_may_free_it(void **state)
{
	struct scene *s = *state;
	s->workspace.connections = 3;
	scene_start(s);
	platform_slack.stop(s->adapter, free_it, s); /* while it asks */
	UNTIL(!s->adapter);
	scene_start(s);
	UNTIL(s->live);
	platform_slack.stop(s->adapter, free_it, s);
	UNTIL(!s->adapter);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(starts_in_one_round),
		T(three_connections),
		T(an_address_is_used_once),
		T(the_first_connect_is_retried),
		T(temporary_errors_are_retried),
		T(too_many_requests_are_obeyed),
		T(refused_tokens_stop),
		T(a_refused_bot_token_stops_too),
		T(one_owner_of_reconnecting),
		T(open_is_paced),
		T(goodbye_before_hello),
		T(stalled_steps_end),
		T(pongs_keep_it_alive),
		T(a_black_hole_is_left),
		T(a_gap_is_told),
		T(a_refresh_waits_for_nobody),
		T(an_unknown_reason),
		T(too_many_connections),
		T(socket_mode_switched_off),
		T(strangers_are_counted),
		T(acknowledged_after_the_verdict),
		T(not_kept_is_not_acknowledged),
		T(a_lost_acknowledgement_is_delivered_again),
		T(a_retry_is_an_event),
		T(what_is_no_event_is_acknowledged),
		T(captured_payloads_pass_through),
		T(large_frames),
		T(problems_fit_a_frame),
		T(uninstalled),
		T(uninstalled_and_installed_again),
		T(a_pause_holds_events_back),
		T(the_way_to_slack_is_kept_warm),
		T(whoever_hears_that_it_stopped_may_free_it),
	};
	return cmocka_run_group_tests_name("slack", tests, NULL, NULL);
}
