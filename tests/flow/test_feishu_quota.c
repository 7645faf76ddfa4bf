/* SPDX-License-Identifier: MIT */
/* The month's calls at the Feishu adapter: counted, kept, told of, and who gets the last of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "core/message.h"
#include "platform/feishu/feishu.h"
#include "tests/support/scene.h"

#define BOARD	  "PATCH /open-apis/im/v1/messages/om_1"
#define REACTIONS "POST /open-apis/im/v1/messages/om_1/reactions"
#define CONTACT	  "GET /open-apis/contact/v3/users/ou_ana"
#define EPHEMERAL "POST /open-apis/ephemeral/v1/send"

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

/* ---- rows ---- */

static char *card_of(const char *text)
{
	g_autoptr(message_auto) m = message_new();
	message_say(m, text);
	return message_to_json(m);
}

static struct outbox_row *word_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_POST);
	row->channel = g_strdup("oc_sales");
	row->content = card_of("Good morning");
	return row;
}

/* In the sales group, to ana. */
static struct outbox_row *private_row(struct scene *s, const char *text)
{
	struct outbox_row *row = scene_row(s, OUTBOX_PRIVATE);
	row->channel = g_strdup("oc_sales");
	row->person = g_strdup("ou_ana");
	row->content = card_of(text);
	return row;
}

/* Calls somebody urgently. */
static struct outbox_row *alarm_row(struct scene *s)
{
	g_autoptr(message_auto) m = message_new();
	struct outbox_row *row = scene_row(s, OUTBOX_POST);
	message_say(m, "The deal has stalled");
	message_urge(m, "ou_ana");
	row->channel = g_strdup("oc_sales");
	row->content = message_to_json(m);
	return row;
}

static struct outbox_row *board_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_REPLACE);
	row->channel = g_strdup("oc_sales");
	row->message = g_strdup("om_1");
	row->content = card_of("The board");
	return row;
}

static struct outbox_row *nod_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_REACT);
	row->channel = g_strdup("oc_sales");
	row->message = g_strdup("om_1");
	row->word = g_strdup("white_check_mark");
	return row;
}

static struct outbox_row *question_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_MEMBERS);
	row->channel = g_strdup("oc_sales");
	return row;
}

static struct outbox_row *person_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_PERSON);
	row->person = g_strdup("ou_ana");
	return row;
}

/* Sends it and waits. */
static const struct scene_told *told(struct scene *s, struct outbox_row *row)
{
	guint n = s->outcomes->len;
	scene_send(s, row);
	return scene_outcome(s, n);
}

static void recall(struct scene *s, const char *notes)
{
	g_autoptr(cJSON) tree = json_parse(notes, strlen(notes), NULL);
	platform_feishu.recall(s->adapter, tree);
}

/* As every call is answered when nothing is left. */
static const char used_up[] = "{\"code\":99991403,\"msg\":\"no\"}";

static void use_up(struct scene *s)
{
	scene_go_live(s);
	recall(s, "{}");
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .status = 429, .body = used_up });
	const struct scene_told *refused = told(s, word_row(s));
	assert_int_equal(refused->result, SEND_FAILED);
	assert_non_null(strstr(refused->reason, "99991403"));
}

/* ---- counting ---- */

static const char *last_count(struct scene *s)
{
	const char *says = NULL;
	for (unsigned i = 0; i < scene_event_count(s, EVENT_NOTED); i++)
		if (strcmp(scene_event(s, EVENT_NOTED, i)->word, "calls") == 0)
			says = scene_event(s, EVENT_NOTED, i)->value;
	return says;
}

static void counts_are_kept(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, SECONDS(20));
	assert_null(last_count(s)); /* before it knows what was counted, it overwrites nothing */
	recall(s, "{\"calls\":\"2026-01 40\"}");
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 41"); /* bot/v3/info */
	scene_send(s, word_row(s));
	scene_outcome(s, 0);
	recall(s, "{\"calls\":\"2026-01 41\"}"); /* told again after a reload: once is enough */
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 42");
	unsigned notes = scene_event_count(s, EVENT_NOTED);
	scene_pass(s, MINUTES(10));
	assert_int_equal(scene_event_count(s, EVENT_NOTED), notes); /* nothing is polled, nothing is written */
}

static void it_begins_anew_with_the_month(void **state)
{
	struct scene *s = *state;
	clock_set(s->clock, INT64_C(1769875000000)); /* 31 January, 23:56 in Beijing */
	scene_go_live(s);
	recall(s, "{\"calls\":\"2026-01 9999\"}");
	scene_pass(s, MINUTES(5));
	scene_send(s, word_row(s));
	scene_outcome(s, 0);
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-02 1");
	/* An older month's count is none of this one's. */
	scene_stop(s);
	scene_start(s);
	recall(s, "{\"calls\":\"2025-12 500\"}");
	UNTIL(s->live);
	loop_settle();
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-02 1");
}

static void an_hours_idleness_is_nothing(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{}");
	scene_pass(s, HOURS(1));
	assert_string_equal(last_count(s), "2026-01 1");
}

static void what_did_not_arrive_is_not_counted(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{}");
	s->workspace.base_url = (char *)"http://127.0.0.1:1";
	assert_int_equal(told(s, word_row(s))->result, SEND_LATER);
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 1"); /* bot/v3/info */
}

static void what_is_refused_is_counted(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{}");
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .status = 400, .body = "{\"code\":230002,\"msg\":\"no\"}" });
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED);
	told(s, person_row(s));
	assert_int_equal(bamboo_calls(s->feishu, CONTACT), 1); /* is free */
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 2");
}

/* The operator is told once in a month, whatever is restarted. */
static void told_once_at_four_fifths(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{\"calls\":\"2026-01 7998\"}");
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 7999");
	told(s, word_row(s));
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 8000 warned");
	scene_stop(s);
	scene_start(s);
	recall(s, "{\"calls\":\"2026-01 8000 warned\"}");
	UNTIL(s->live);
	loop_settle();
	scene_pass(s, SECONDS(11));
	assert_string_equal(last_count(s), "2026-01 8001 warned");
}

/* ---- who gets the last calls ---- */

static void nine_tenths_leave_out_comforts(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{\"calls\":\"2026-01 8997\"}");
	assert_int_equal(told(s, nod_row(s))->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, REACTIONS), 1);
	assert_int_equal((int)platform_feishu.channel_limit(s->adapter, board_row(s)).per_minute, 3);
	told(s, word_row(s));
	assert_int_equal(told(s, nod_row(s))->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, REACTIONS), 1);
	assert_true(platform_feishu.channel_limit(s->adapter, board_row(s)).per_minute < 0.2);
	assert_int_equal(told(s, board_row(s))->result, SEND_DONE);
	g_autoptr(cJSON) status = cJSON_CreateObject();
	platform_feishu.status(s->adapter, status);
	assert_int_equal(json_int_or(status, "month.calls", 0), 9001);
	assert_int_equal(json_int_or(status, "month.allowed", 0), 10000);
}

/* The last three of a hundred are for words. */
static void boards_wait_at_the_end(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{\"calls\":\"2026-01 9699\"}");
	const struct scene_told *board = told(s, board_row(s));
	assert_int_equal(board->result, SEND_LATER);
	assert_int_equal(board->after_ms, HOURS(1)); /* somebody may have bought more */
	assert_int_equal(told(s, word_row(s))->result, SEND_DONE);
	assert_int_equal(told(s, private_row(s, "Thanks"))->result, SEND_DONE);
	assert_int_equal(told(s, question_row(s))->result, SEND_DONE);
}

static void nothing_left(void **state)
{
	struct scene *s = *state;
	use_up(s);
	bamboo_default(s->feishu, BAMBOO_SEND, used_up);
	unsigned sent = bamboo_calls(s->feishu, BAMBOO_SEND);
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED);
	assert_int_equal(told(s, private_row(s, "Thanks"))->result, SEND_FAILED); /* nobody has pressed */
	assert_int_equal(told(s, question_row(s))->result, SEND_FAILED);
	assert_int_equal(told(s, board_row(s))->result, SEND_LATER);
	assert_int_equal(told(s, nod_row(s))->result, SEND_DONE);
	told(s, person_row(s));
	assert_int_equal(bamboo_calls(s->feishu, CONTACT), 1);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), sent);
	assert_int_equal(bamboo_calls(s->feishu, EPHEMERAL), 0);
	assert_int_equal(bamboo_calls(s->feishu, REACTIONS), 0);
	assert_int_equal(bamboo_calls(s->feishu, BOARD), 0);
	assert_true(s->live);
	assert_null(s->refused);
}

static void an_old_board_is_let_go(void **state)
{
	struct scene *s = *state;
	use_up(s);
	struct outbox_row *board = board_row(s);
	board->created_ms = clock_now_ms(s->clock) - DAYS(13);
	assert_int_equal(told(s, board)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, BOARD), 0);
}

/* What calls somebody goes when it can, and holds up nobody meanwhile. */
static void an_alarm_waits_aside(void **state)
{
	struct scene *s = *state;
	clock_set(s->clock, INT64_C(1769875000000)); /* 31 January, 23:56:40 in Beijing */
	use_up(s);
	const struct scene_told *alarm = told(s, alarm_row(s));
	assert_int_equal(alarm->result, SEND_LATER);
	assert_true(alarm->aside);
	assert_false(told(s, board_row(s))->aside); /* a newer one takes its place */
	scene_pass(s, MINUTES(4));
	assert_int_equal(told(s, alarm_row(s))->result, SEND_DONE);
}

/* A board that is refused first is not lost either. */
static void a_refused_board_waits(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BOARD, (struct script){ .status = 429, .body = used_up });
	assert_int_equal(told(s, board_row(s))->result, SEND_LATER);
}

static void the_month_turns(void **state)
{
	struct scene *s = *state;
	clock_set(s->clock, INT64_C(1769875000000)); /* 31 January, 23:56:40 in Beijing */
	use_up(s);
	const struct scene_told *board = told(s, board_row(s));
	assert_int_equal(board->result, SEND_LATER);
	assert_int_equal(board->after_ms, 201000 - (clock_now_ms(s->clock) - INT64_C(1769875000000)));
	scene_pass(s, MINUTES(4));
	assert_int_equal(told(s, board_row(s))->result, SEND_DONE);
	assert_int_equal(told(s, word_row(s))->result, SEND_DONE);
	assert_int_equal(told(s, nod_row(s))->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, REACTIONS), 1);
}

/* What was on its way when the last call was refused does not say that there are more. */
static void what_went_beside_the_refused_proves_nothing(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{}");
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .status = 429, .body = used_up });
	scene_send(s, word_row(s));
	scene_send(s, word_row(s));
	scene_outcome(s, 1);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 2);
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 2);
}

static void more_was_bought(void **state)
{
	struct scene *s = *state;
	use_up(s);
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .status = 429, .body = used_up });
	unsigned sent = bamboo_calls(s->feishu, BAMBOO_SEND);
	scene_pass(s, MINUTES(61));
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED); /* asked, and refused */
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), sent + 1); /* once in an hour */
	scene_pass(s, MINUTES(61));
	assert_int_equal(told(s, word_row(s))->result, SEND_DONE);
	assert_int_equal(told(s, board_row(s))->result, SEND_DONE);
	loop_settle();
	assert_string_equal(last_count(s), "2026-01 4 warned");
}

static void a_restart_remembers(void **state)
{
	struct scene *s = *state;
	use_up(s);
	assert_string_equal(last_count(s), "2026-01 2 spent"); /* at once */
	scene_stop(s);
	scene_start(s);
	recall(s, "{\"calls\":\"2026-01 2 spent\"}");
	UNTIL(s->live);
	unsigned sent = bamboo_calls(s->feishu, BAMBOO_SEND);
	assert_int_equal(told(s, word_row(s))->result, SEND_FAILED);
	assert_int_equal(told(s, board_row(s))->result, SEND_LATER);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), sent);
}

/* Nobody tells who we are then; mentions of us are understood all the same. */
static void who_we_are_is_remembered(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	const struct event *self = scene_event(s, EVENT_NOTED, 0);
	assert_string_equal(self->word, "self");
	g_autofree char *notes = g_strdup_printf("{\"self\":\"%s\",\"calls\":\"2026-01 2 spent\"}", self->value);
	scene_stop(s);
	bamboo_default(s->feishu, BAMBOO_BOT, used_up);
	scene_start(s);
	recall(s, notes);
	UNTIL(s->live);
	unsigned before = scene_event_count(s, EVENT_SAID);
	bamboo_push(bamboo_last_socket(s->feishu), "m1",
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"ev-1\",\"event_type\":\"im.message.receive_v1\"},\"event\":{"
		"\"sender\":{\"sender_id\":{\"open_id\":\"ou_ana\"},\"sender_type\":\"user\"},\"message\":{\"message_id\":\"om_7\","
		"\"create_time\":\"1767225599000\",\"chat_id\":\"oc_sales\",\"chat_type\":\"group\",\"message_type\":\"text\","
		"\"content\":\"{\\\"text\\\":\\\"@_user_1 help\\\"}\",\"mentions\":[{\"key\":\"@_user_1\",\"id\":{"
		"\"open_id\":\"ou_bot\"},\"name\":\"Belltower\"}]}}}");
	UNTIL(scene_event_count(s, EVENT_SAID) > before);
	assert_true(scene_event(s, EVENT_SAID, before)->addressed);
}

/* A crash loop would else have asked for everything every two seconds. */
static void who_starts_again_and_again_asks_nothing(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	gint64 now_ms = clock_now_ms(s->clock);
	g_autofree char *fourth = g_strdup_printf("{\"started\":\"%" G_GINT64_FORMAT " 4\"}", now_ms - 3000);
	recall(s, fourth);
	assert_int_equal(told(s, question_row(s))->result, SEND_DONE);
	g_autofree char *fifth = g_strdup_printf("{\"started\":\"%" G_GINT64_FORMAT " 5\"}", now_ms - 3000);
	scene_stop(s);
	scene_start(s);
	recall(s, fifth);
	UNTIL(s->live);
	const struct scene_told *question = told(s, question_row(s));
	assert_int_equal(question->result, SEND_LATER);
	assert_int_equal(question->after_ms, MINUTES(1));
	struct outbox_row *past = scene_row(s, OUTBOX_ASK_HISTORY);
	past->channel = g_strdup("oc_sales");
	assert_int_equal(told(s, past)->result, SEND_FAILED); /* the platform pushes again */
	assert_int_equal(told(s, word_row(s))->result, SEND_DONE);
	scene_pass(s, MINUTES(1));
	assert_int_equal(told(s, question_row(s))->result, SEND_DONE);
	/* Long after the last one it is a start like any other. */
	g_autofree char *long_ago = g_strdup_printf("{\"started\":\"%" G_GINT64_FORMAT " 6\"}", now_ms - HOURS(1));
	scene_stop(s);
	scene_start(s);
	recall(s, long_ago);
	UNTIL(s->live);
	assert_int_equal(told(s, question_row(s))->result, SEND_DONE);
}

/* ---- answers in what acknowledges a press ---- */

static void press(struct scene *s, const char *id)
{
	g_autofree char *payload = g_strdup_printf(
		"{\"schema\":\"2.0\",\"header\":{\"event_id\":\"ev-%s\",\"event_type\":\"card.action.trigger\","
		"\"create_time\":\"1767225600000000\"},\"event\":{\"operator\":{\"open_id\":\"ou_ana\"},\"token\":\"c-%s\","
		"\"action\":{\"tag\":\"button\",\"value\":{\"action\":\"standup.show\",\"value\":\"\"}},\"context\":"
		"{\"open_message_id\":\"om_card\",\"open_chat_id\":\"oc_sales\"}}}",
		id, id);
	unsigned before = scene_event_count(s, EVENT_PRESSED);
	bamboo_push(bamboo_last_socket(s->feishu), id, payload);
	UNTIL(scene_event_count(s, EVENT_PRESSED) > before);
	scene_judge(s, scene_event(s, EVENT_PRESSED, before), TRUE, NULL);
}

static void an_answer_goes_with_the_acknowledgement(void **state)
{
	struct scene *s = *state;
	use_up(s);
	struct bamboo_socket *socket = bamboo_last_socket(s->feishu);
	press(s, "p1");
	loop_settle();
	assert_null(bamboo_response(socket, "p1"));
	struct outbox_row *other = private_row(s, "Not for ana");
	g_free(other->person);
	other->person = g_strdup("ou_bob");
	assert_int_equal(told(s, other)->result, SEND_FAILED);
	assert_int_equal(told(s, private_row(s, "You have answered."))->result, SEND_DONE);
	UNTIL(bamboo_response(socket, "p1"));
	g_autofree char *data = bamboo_response_data(socket, "p1");
	assert_string_equal(data, "{\"toast\":{\"type\":\"info\",\"content\":\"You have answered.\"}}");
	assert_int_equal(bamboo_calls(s->feishu, EPHEMERAL), 0);
	assert_int_equal(told(s, private_row(s, "More"))->result, SEND_FAILED); /* once */
}

static void an_acknowledgement_does_not_wait_for_ever(void **state)
{
	struct scene *s = *state;
	use_up(s);
	press(s, "p1");
	scene_pass(s, 1600); /* the platform gives us 3 s */
	UNTIL(bamboo_response(bamboo_last_socket(s->feishu), "p1"));
	g_autofree char *data = bamboo_response_data(bamboo_last_socket(s->feishu), "p1");
	assert_string_equal(data, "{}");
	press(s, "p2"); /* and what still waits at the end is freed */
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(counts_are_kept),
		T(it_begins_anew_with_the_month),
		T(an_hours_idleness_is_nothing),
		T(what_did_not_arrive_is_not_counted),
		T(what_is_refused_is_counted),
		T(told_once_at_four_fifths),
		T(nine_tenths_leave_out_comforts),
		T(boards_wait_at_the_end),
		T(nothing_left),
		T(an_old_board_is_let_go),
		T(an_alarm_waits_aside),
		T(a_refused_board_waits),
		T(the_month_turns),
		T(what_went_beside_the_refused_proves_nothing),
		T(more_was_bought),
		T(a_restart_remembers),
		T(who_we_are_is_remembered),
		T(who_starts_again_and_again_asks_nothing),
		T(an_answer_goes_with_the_acknowledgement),
		T(an_acknowledgement_does_not_wait_for_ever),
	};
	return cmocka_run_group_tests_name("feishu_quota", tests, NULL, NULL);
}
