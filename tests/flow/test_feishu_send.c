/* SPDX-License-Identifier: MIT */
/* What the Feishu adapter sends and asks, over real sockets: rows, the token, the check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "core/message.h"
#include "platform/feishu/feishu.h"
#include "tests/support/scene.h"

#define EPHEMERAL "POST /open-apis/ephemeral/v1/send"
#define MEMBERS	  "GET /open-apis/im/v1/chats/oc_sales/members"
#define BATCH	  "GET /open-apis/contact/v3/users/batch"
#define CHATS	  "GET /open-apis/im/v1/chats"
#define HISTORY	  "GET /open-apis/im/v1/messages"
#define REACTIONS "/open-apis/im/v1/messages/om_1/reactions"

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

static char *card_of(const char *text)
{
	g_autoptr(message_auto) m = message_new();
	message_title(m, text);
	return message_to_json(m);
}

/* A card into the sales group. */
static struct outbox_row *card_row(struct scene *s, enum outbox_kind kind)
{
	struct outbox_row *row = scene_row(s, kind);
	row->channel = g_strdup("oc_sales");
	row->content = card_of("Standup");
	return row;
}

static struct outbox_row *message_row(struct scene *s, enum outbox_kind kind)
{
	struct outbox_row *row = scene_row(s, kind);
	row->channel = g_strdup("oc_sales");
	row->message = g_strdup("om_1");
	return row;
}

static void recall(struct scene *s, const char *notes)
{
	g_autoptr(cJSON) tree = json_parse(notes, strlen(notes), NULL);
	platform_feishu.recall(s->adapter, tree);
}

static struct script error_of(int status, int code)
{
	static char bodies[8][80]; /* as long as the script */
	static unsigned next;
	char *body = bodies[next++ % G_N_ELEMENTS(bodies)];
	g_snprintf(body, sizeof bodies[0], "{\"code\":%d,\"msg\":\"no\"}", code);
	return (struct script){ .status = status, .body = body };
}

/* --- the token --- */

static void a_token_is_fetched_once(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	for (unsigned i = 0; i < 5; i++)
		scene_send(s, card_row(s, OUTBOX_POST));
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(scene_outcome(s, i)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 1);
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 4)->authorization, "Bearer t-1");
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_TOKEN, 0, "app_secret"), "hush");
}

static void a_token_is_renewed_ahead_of_its_end(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, MINUTES(89));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 1);
	bamboo_script(s->feishu, BAMBOO_TOKEN, (struct script){ .status = 503, .body = "" });
	scene_pass(s, MINUTES(2));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 2);
	scene_send(s, card_row(s, OUTBOX_POST)); /* with the old one, which still lives */
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 0)->authorization, "Bearer t-1");
	scene_pass(s, MINUTES(2));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 3);
	scene_send(s, card_row(s, OUTBOX_POST));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 1)->authorization, "Bearer t-2");
}

/* It happens with one that should still live, and comes with HTTP 200 or 400. */
static void a_token_refused_is_renewed_without_losing_the_send(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 99991663));
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(200, 99991663));
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 99991668));
	for (unsigned i = 0; i < 3; i++) /* all at once: they share one new token */
		scene_send(s, card_row(s, OUTBOX_POST));
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(scene_outcome(s, i)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 2);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 6);
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 5)->authorization, "Bearer t-2");
}

static void a_fresh_token_refused_is_not_asked_for_for_ever(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, BAMBOO_SEND, "{\"code\":99991663,\"msg\":\"token\"}");
	scene_send(s, card_row(s, OUTBOX_POST));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_LATER);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 2);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), 2);
	assert_null(s->refused);
}

static void without_a_token_nothing_went_out(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_pass(s, HOURS(3)); /* renewed ahead, twice */
	unsigned tokens = bamboo_calls(s->feishu, BAMBOO_TOKEN);
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 99991663));
	bamboo_script(s->feishu, BAMBOO_TOKEN, (struct script){ .reply = SCRIPT_DROP });
	struct outbox_row *row = card_row(s, OUTBOX_PRIVATE);
	row->person = g_strdup("ou_ana");
	bamboo_script(s->feishu, EPHEMERAL, error_of(400, 99991663));
	scene_send(s, row);
	/* Not in doubt, though the request for the token is: an ephemeral card could not be sent again. */
	assert_int_equal(scene_outcome(s, 0)->result, SEND_LATER);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_TOKEN), tokens + 1);
}

static void a_secret_refused_later_stops_everything(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 99991663));
	bamboo_script(s->feishu, BAMBOO_TOKEN, error_of(400, 10014));
	scene_send(s, card_row(s, OUTBOX_POST));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_STOPPED);
	assert_non_null(s->refused);
	UNTIL(!s->live);
	scene_pass(s, MINUTES(15));
	UNTIL(s->live);
}

/* --- posts --- */

static void a_post_goes_to_its_chat(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_send(s, card_row(s, OUTBOX_POST));
	const struct scene_told *told = scene_outcome(s, 0);
	assert_int_equal(told->result, SEND_DONE);
	assert_string_equal(told->message, "om_1");
	assert_string_equal(told->channel, "oc_sales");
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 0)->query, "receive_id_type=chat_id");
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 0, "receive_id"), "oc_sales");
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 0, "msg_type"), "interactive");
	assert_true(*bamboo_field(s->feishu, BAMBOO_SEND, 0, "uuid"));
}

static void a_post_to_a_person_is_known_as_direct(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, BAMBOO_SEND, "{\"code\":0,\"data\":{\"message_id\":\"om_7\",\"chat_id\":\"oc_ana\"}}");
	struct outbox_row *row = scene_row(s, OUTBOX_POST);
	row->person = g_strdup("ou_ana");
	row->content = card_of("Hello");
	scene_send(s, row);
	assert_string_equal(scene_outcome(s, 0)->channel, "oc_ana");
	assert_string_equal(bamboo_call(s->feishu, BAMBOO_SEND, 0)->query, "receive_id_type=open_id");
	/* It is noted for the next life, too. */
	const struct event *note = scene_event(s, EVENT_NOTED, 1); /* the first tells who we are */
	assert_string_equal(note->word, "direct oc_ana");
	/* What is private there is a message like any other. */
	row = scene_row(s, OUTBOX_PRIVATE);
	row->channel = g_strdup("oc_ana");
	row->person = g_strdup("ou_ana");
	row->content = card_of("Psst");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, EPHEMERAL), 0);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 2);
}

static void direct_chats_are_recalled(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	recall(s, "{\"direct oc_ana\":\"ou_ana\"}");
	struct outbox_row *row = scene_row(s, OUTBOX_PRIVATE);
	row->channel = g_strdup("oc_ana");
	row->person = g_strdup("ou_ana");
	row->content = card_of("Psst");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, EPHEMERAL), 0);
}

static void a_reply_stays_in_its_thread_where_there_are_any(void **state)
{
	struct scene *s = *state;
	static const char reply[] = "POST /open-apis/im/v1/messages/om_root/reply";
	scene_go_live(s);
	bamboo_script(s->feishu, reply, error_of(400, 230071));
	struct outbox_row *row = card_row(s, OUTBOX_POST);
	row->thread = g_strdup("om_root");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, reply), 2);
	assert_non_null(strstr(bamboo_call(s->feishu, reply, 0)->body, "\"reply_in_thread\":true"));
	assert_non_null(strstr(bamboo_call(s->feishu, reply, 1)->body, "\"reply_in_thread\":false"));
}

static void in_doubt_is_repeated_under_its_uuid(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .reply = SCRIPT_DROP });
	struct outbox_row *row = card_row(s, OUTBOX_POST);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_IN_DOUBT);
	row->in_doubt = TRUE;
	row->attempts++;
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 230049)); /* the first is still on its way */
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_LATER);
	assert_in_range(scene_outcome(s, 1)->after_ms, 1000, 2000);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 2)->result, SEND_DONE);
	g_autofree char *uuid = g_strdup(bamboo_field(s->feishu, BAMBOO_SEND, 0, "uuid"));
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 1, "uuid"), uuid);
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 2, "uuid"), uuid);
	scene_send(s, card_row(s, OUTBOX_POST));
	scene_outcome(s, 3);
	assert_string_not_equal(bamboo_field(s->feishu, BAMBOO_SEND, 3, "uuid"), uuid);
}

static struct outbox_row *long_in_doubt(struct scene *s)
{
	struct outbox_row *row = card_row(s, OUTBOX_POST);
	row->in_doubt = TRUE;
	row->created_ms = clock_now_ms(s->clock) - HOURS(2);
	return row;
}

static void in_doubt_for_long_is_looked_for(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":true,\"page_token\":\"p2\",\"items\":[{"
					       "\"message_id\":\"om_8\",\"sender\":{\"id\":\"ou_ana\",\"sender_type\":\"user\"}}]}}" });
	scene_send(s, long_in_doubt(s));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, HISTORY), 2);
	assert_non_null(strstr(bamboo_call(s->feishu, HISTORY, 1)->query, "page_token=p2"));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 1);
}

static void in_doubt_for_long_and_maybe_there_is_not_sent(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, HISTORY,
		"{\"code\":0,\"data\":{\"items\":[{\"message_id\":\"om_8\",\"sender\":{\"id\":\"cli_test\",\"sender_type\":\"app\"}}]}}");
	scene_send(s, long_in_doubt(s));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	bamboo_default(s->feishu, HISTORY, "{\"code\":99991672,\"msg\":\"no permission\"}");
	scene_send(s, long_in_doubt(s));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_FAILED);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 0);
}

/* What stands there of other rows does not count against it. */
static void in_doubt_for_long_other_rows_are_known(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_send(s, card_row(s, OUTBOX_POST));
	g_autofree char *history = g_strdup_printf(
		"{\"code\":0,\"data\":{\"items\":[{\"message_id\":\"%s\",\"chat_id\":\"oc_sales\",\"sender\":{\"id\":\"cli_test\",\"sender_type\":\"app\"}}]}}",
		scene_outcome(s, 0)->message);
	bamboo_default(s->feishu, HISTORY, history);
	scene_send(s, long_in_doubt(s));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, HISTORY), 1);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_SEND), 2);
}

static void no_network_is_not_in_doubt(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	s->workspace.base_url = (char *)"http://127.0.0.1:1"; /* nobody there */
	scene_send(s, card_row(s, OUTBOX_POST));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_LATER);
}

/* --- what one person sees --- */

static struct outbox_row *private_row(struct scene *s, enum outbox_kind kind)
{
	struct outbox_row *row = scene_row(s, kind);
	row->channel = g_strdup("oc_sales");
	row->person = g_strdup("ou_ana");
	row->content = card_of("Psst");
	return row;
}

static void private_is_an_ephemeral_card(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	scene_send(s, private_row(s, OUTBOX_PRIVATE));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_string_equal(bamboo_field(s->feishu, EPHEMERAL, 0, "chat_id"), "oc_sales");
	assert_string_equal(bamboo_field(s->feishu, EPHEMERAL, 0, "open_id"), "ou_ana");
}

static void private_is_a_direct_message_where_no_card_can_vanish(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, EPHEMERAL, error_of(400, 230027));
	bamboo_script(s->feishu, EPHEMERAL, error_of(400, 18053));
	scene_send(s, private_row(s, OUTBOX_PRIVATE));
	scene_outcome(s, 0);
	scene_send(s, private_row(s, OUTBOX_PRIVATE));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 0, "receive_id"), "ou_ana");
}

static void private_in_doubt_is_not_doubled(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, EPHEMERAL, (struct script){ .reply = SCRIPT_DROP });
	scene_send(s, private_row(s, OUTBOX_PRIVATE));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	struct outbox_row *row = private_row(s, OUTBOX_PRIVATE); /* of an earlier life */
	row->in_doubt = TRUE;
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_FAILED);
	assert_int_equal(bamboo_calls(s->feishu, EPHEMERAL), 1);
}

static void a_form_is_a_card_of_its_own(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct outbox_row *row = private_row(s, OUTBOX_FORM);
	g_autoptr(message_auto) form = form_new("standup.submit", "42", "Standup", "Send", "Cancel");
	form_input(form, "done", "Done", NULL, "three visits", 3, FALSE, 500);
	g_free(row->content);
	row->content = message_to_json(form);
	row->token = g_strdup("{\"card\":\"c-1\"}");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	const char *body = bamboo_call(s->feishu, EPHEMERAL, 0)->body;
	assert_non_null(strstr(body, "\"form_action_type\":\"submit\""));
	assert_non_null(strstr(body, "three visits"));
}

/* Whoever opens the bot's chat for the first time finds it there. */
static void a_home_is_a_message(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct outbox_row *row = private_row(s, OUTBOX_HOME);
	g_clear_pointer(&row->channel, g_free);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_string_equal(bamboo_field(s->feishu, BAMBOO_SEND, 0, "receive_id"), "ou_ana");
}

/* --- changes and reactions --- */

static void a_board_is_replaced_and_deleted(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	struct outbox_row *row = message_row(s, OUTBOX_REPLACE);
	row->content = card_of("Board");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, "PATCH /open-apis/im/v1/messages/om_1"), 1);
	scene_send(s, message_row(s, OUTBOX_DELETE));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, "DELETE /open-apis/im/v1/messages/om_1"), 1);
}

static void an_old_card_is_gone(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, "PATCH /open-apis/im/v1/messages/om_1", error_of(400, 230031));
	struct outbox_row *row = message_row(s, OUTBOX_REPLACE);
	row->content = card_of("Board");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_GONE);
}

static void a_refused_card(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BAMBOO_SEND,
		(struct script){ .status = 400, .body = "{\"code\":230099,\"msg\":\"ErrCode: 11310; too many tables\"}" });
	struct outbox_row *row = card_row(s, OUTBOX_POST);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_REFUSED);
	row->plain = TRUE;
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	/* Another content under the same uuid would be taken for the first. */
	g_autofree char *uuid = g_strdup(bamboo_field(s->feishu, BAMBOO_SEND, 0, "uuid"));
	assert_string_not_equal(bamboo_field(s->feishu, BAMBOO_SEND, 1, "uuid"), uuid);
}

static struct outbox_row *reaction_row(struct scene *s, enum outbox_kind kind)
{
	struct outbox_row *row = message_row(s, kind);
	row->word = g_strdup("white_check_mark");
	return row;
}

static void a_reaction_is_taken_off_by_its_id(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, "POST " REACTIONS, (struct script){ .body = "{\"code\":0,\"data\":{\"reaction_id\":\"r7\"}}" });
	scene_send(s, reaction_row(s, OUTBOX_REACT));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	scene_send(s, reaction_row(s, OUTBOX_UNREACT));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, "DELETE " REACTIONS "/r7"), 1);
	assert_int_equal(bamboo_calls(s->feishu, "GET " REACTIONS), 0);
}

static void a_reaction_of_an_earlier_life_is_found(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, "GET " REACTIONS,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":true,\"page_token\":\"p2\",\"items\":[{"
					       "\"reaction_id\":\"r1\",\"operator\":{\"operator_id\":\"ou_ana\",\"operator_type\":"
					       "\"user\"}}]}}" });
	bamboo_script(s->feishu, "GET " REACTIONS,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":false,\"items\":[{\"reaction_id\":\"r2\","
					       "\"operator\":{\"operator_id\":\"cli_test\",\"operator_type\":\"app\"}}]}}" });
	scene_send(s, reaction_row(s, OUTBOX_UNREACT));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, "DELETE " REACTIONS "/r2"), 1);
	bamboo_default(s->feishu, "GET " REACTIONS, "{\"code\":0,\"data\":{\"has_more\":false,\"items\":[]}}");
	scene_send(s, reaction_row(s, OUTBOX_UNREACT));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE); /* it is not there */
}

/* --- limits --- */

static void limits_are_obeyed(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, BAMBOO_SEND, (struct script){ .status = 429, .header = "x-ogw-ratelimit-reset: 7",
						      .body = "{\"code\":99991400,\"msg\":\"slow\"}" });
	scene_send(s, card_row(s, OUTBOX_POST));
	const struct scene_told *told = scene_outcome(s, 0);
	assert_int_equal(told->result, SEND_LATER);
	assert_int_equal(told->after_ms, 7000);
	assert_true(told->method_wide);
	bamboo_script(s->feishu, BAMBOO_SEND, error_of(400, 230020));
	scene_send(s, card_row(s, OUTBOX_POST));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_LATER);
	assert_false(scene_outcome(s, 1)->method_wide); /* this chat alone */
}

static void limits_of_a_chat_and_a_board(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	const struct platform *p = &platform_feishu;
	struct send_limit chat = p->channel_limit(s->adapter, card_row(s, OUTBOX_POST));
	assert_in_range((int)chat.per_minute, 60, 300);
	assert_in_range((int)chat.burst, 1, 5);
	const struct outbox_row *board = message_row(s, OUTBOX_REPLACE);
	assert_int_equal((int)p->channel_limit(s->adapter, board).per_minute, 3); /* gather_seconds: 20 */
	assert_int_equal((int)p->channel_limit(s->adapter, board).burst, 1);
	s->workspace.gather_seconds = 0;
	assert_in_range((int)p->channel_limit(s->adapter, board).per_minute, 60, 300);
	s->workspace.rate_limits = FALSE;
	assert_true(p->channel_limit(s->adapter, board).per_minute <= 0);
	assert_true(p->limit(s->adapter, board).per_minute <= 0);
}

/* --- the directory --- */

static void asks_about_a_person(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, "GET /open-apis/contact/v3/users/ou_ana",
		(struct script){ .body = "{\"code\":0,\"data\":{\"user\":{\"open_id\":\"ou_ana\",\"name\":\"安娜\","
					       "\"email\":\"ana@example.com\",\"status\":{\"is_resigned\":false}}}}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_PERSON);
	row->person = g_strdup("ou_ana");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	const struct event *event = scene_event(s, EVENT_PEOPLE, 0);
	assert_null(event->place.channel);
	const struct event_person *p = &g_array_index(event->people, struct event_person, 0);
	assert_string_equal(p->name, "安娜");
	assert_string_equal(p->email, "ana@example.com");
	assert_false(p->deactivated);
}

static void a_person_out_of_range(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, "GET /open-apis/contact/v3/users/ou_ana", "{\"code\":41050,\"msg\":\"no user authority\"}");
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_PERSON);
	row->person = g_strdup("ou_ana");
	scene_send(s, row);
	UNTIL(s->outcomes->len == 1);
	assert_true(scene_outcome(s, 0)->result == SEND_FAILED || scene_outcome(s, 0)->result == SEND_LATER);
	/* Known as a member of a group, she has a name. */
	bamboo_script(s->feishu, MEMBERS,
		(struct script){
			.body = "{\"code\":0,\"data\":{\"items\":[{\"member_id\":\"ou_ana\",\"name\":\"安娜\"}],\"has_more\":false}}" });
	bamboo_default(s->feishu, BATCH, "{\"code\":99991672,\"msg\":\"no permission\"}");
	struct outbox_row *members = scene_row(s, OUTBOX_ASK_MEMBERS);
	members->channel = g_strdup("oc_sales");
	scene_send(s, members);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 2)->result, SEND_DONE);
	const struct event *event = scene_event(s, EVENT_PEOPLE, 1);
	assert_string_equal(g_array_index(event->people, struct event_person, 0).name, "安娜");
}

static void asks_about_members_page_by_page(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, MEMBERS,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":[{\"member_id\":\"ou_ana\",\"name\":\"安娜\"}],"
					       "\"has_more\":true,\"page_token\":\"p2\"}}" });
	bamboo_script(s->feishu, MEMBERS, /* a page may be empty with more to come */
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":[],\"has_more\":true,\"page_token\":\"p3\"}}" });
	bamboo_script(s->feishu, MEMBERS,
		(struct script){
			.body = "{\"code\":0,\"data\":{\"items\":[{\"member_id\":\"ou_bo\",\"name\":\"Bo\"}],\"has_more\":false}}" });
	bamboo_script(s->feishu, BATCH,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":[{\"open_id\":\"ou_ana\",\"email\":\"ana@example.com\"},"
					       "{\"open_id\":\"ou_bo\",\"name\":\"Bo\",\"status\":{\"is_resigned\":true}}]}}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_MEMBERS);
	row->channel = g_strdup("oc_sales");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	const struct event *event = scene_event(s, EVENT_PEOPLE, 0);
	assert_string_equal(event->place.channel, "oc_sales");
	assert_string_equal(event->value, EVENT_PEOPLE_ALL);
	assert_int_equal(event->people->len, 2);
	const struct event_person *ana = &g_array_index(event->people, struct event_person, 0),
				  *bo = &g_array_index(event->people, struct event_person, 1);
	assert_string_equal(ana->name, "安娜"); /* a field without its permission is missing, not empty */
	assert_string_equal(ana->email, "ana@example.com");
	assert_true(bo->deactivated);
	assert_non_null(strstr(bamboo_call(s->feishu, MEMBERS, 2)->query, "page_token=p3"));
	assert_non_null(strstr(bamboo_call(s->feishu, BATCH, 0)->query, "user_ids=ou_bo"));
}

static void members_of_a_chat_that_is_not_ours(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, MEMBERS, "{\"code\":232011,\"msg\":\"not in chat\"}");
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_MEMBERS);
	row->channel = g_strdup("oc_sales");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	assert_null(scene_event(s, EVENT_PEOPLE, 0));
}

static void finds_a_group_by_its_name(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, CHATS,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":[{\"chat_id\":\"oc_1\",\"name\":\"销售二组\"}],"
					       "\"has_more\":true,\"page_token\":\"p2\"}}" });
	bamboo_default(s->feishu, CHATS,
		"{\"code\":0,\"data\":{\"items\":[{\"chat_id\":\"oc_2\",\"name\":\"销售 一组\"}],\"has_more\":false}}");
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_CHANNEL);
	row->word = g_strdup("销售 一组");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_string_equal(scene_event(s, EVENT_CHANNEL, 0)->place.channel, "oc_2");
	row = scene_row(s, OUTBOX_ASK_CHANNEL);
	row->word = g_strdup("nobody");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_null(scene_event(s, EVENT_CHANNEL, 1)->place.channel);
}

static void a_read_that_is_too_fast_waits(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, CHATS, (struct script){ .status = 429, .header = "x-ogw-ratelimit-reset: 5",
						.body = "{\"code\":99991400,\"msg\":\"slow\"}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_CHANNEL);
	row->word = g_strdup("nobody");
	scene_send(s, row);
	UNTIL(bamboo_calls(s->feishu, CHATS) == 1);
	scene_pass(s, SECONDS(4));
	assert_int_equal(bamboo_calls(s->feishu, CHATS), 1);
	scene_pass(s, SECONDS(2));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
}

/* --- history --- */

#define ITEM(id, at, who, type, more)                                                                                  \
	"{\"message_id\":\"" id "\",\"chat_id\":\"oc_sales\",\"msg_type\":\"text\",\"create_time\":\"" at "\",\"sender\":{"  \
	"\"id\":\"" who "\",\"id_type\":\"open_id\",\"sender_type\":\"" type "\"},\"body\":{\"content\":\"{\\\"text\\\":\\\""  \
	"words of " id "\\\"}\"}" more "}"

static void history_is_read_with_its_threads(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	/* Known up to 00:00; what came twenty minutes before is told again, and recognised. */
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":true,\"page_token\":\"p2\",\"items\":["
				ITEM("om_prompt", "1767200000000", "cli_test", "app", ",\"thread_id\":\"omt_1\"") ","
				ITEM("om_old", "1767210000000", "ou_ana", "user", "") "]}}" });
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":false,\"items\":["
				ITEM("om_new", "1767225900000", "ou_bo", "user", "") "]}}" });
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"has_more\":false,\"items\":["
				ITEM("om_prompt", "1767200000000", "cli_test", "app", ",\"thread_id\":\"omt_1\"") ","
				ITEM("om_reply", "1767225700000", "ou_ana", "user", ",\"root_id\":\"om_prompt\"") "]}}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup("oc_sales");
	row->message = g_strdup("om_known");
	row->word = g_strdup("1767225600000");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(bamboo_calls(s->feishu, HISTORY), 3);
	assert_non_null(strstr(bamboo_call(s->feishu, HISTORY, 2)->query, "container_id=omt_1"));
	assert_int_equal(scene_event_count(s, EVENT_SAID), 2);
	const struct event *reply = scene_event(s, EVENT_SAID, 0), *said = scene_event(s, EVENT_SAID, 1);
	assert_string_equal(reply->message, "om_reply"); /* by time */
	assert_string_equal(reply->place.thread, "om_prompt");
	assert_string_equal(reply->text, "words of om_reply");
	assert_true(reply->late_copy);
	assert_string_equal(said->message, "om_new");
	assert_int_equal(said->receipt, 0);
}

/* An edit of something known is news, however old that is; a recalled message stands there without its words. */
static void history_tells_of_edits_and_recalls(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":["
				ITEM("om_edited", "1767210000000", "ou_ana", "user", ",\"update_time\":\"1767225800000\"") ","
				ITEM("om_gone", "1767210000001", "ou_bo", "user", ",\"deleted\":true") ","
				ITEM("om_long_ago", "1767210000002", "ou_bo", "user", ",\"update_time\":\"1767211000000\"") "]}}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup("oc_sales");
	row->word = g_strdup("1767225600000");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event_count(s, EVENT_SAID), 0);
	assert_int_equal(scene_event_count(s, EVENT_EDITED), 1);
	assert_string_equal(scene_event(s, EVENT_EDITED, 0)->message, "om_edited");
	assert_int_equal(scene_event_count(s, EVENT_DELETED), 1);
	assert_string_equal(scene_event(s, EVENT_DELETED, 0)->message, "om_gone");
}

static void a_thread_that_is_closed_hides_no_other(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":["
				ITEM("om_a", "1767220000000", "cli_test", "app", ",\"thread_id\":\"omt_1\"") ","
				ITEM("om_b", "1767220000001", "cli_test", "app", ",\"thread_id\":\"omt_2\"") "]}}" });
	bamboo_script(s->feishu, HISTORY, error_of(400, 230110));
	bamboo_script(s->feishu, HISTORY,
		(struct script){ .body = "{\"code\":0,\"data\":{\"items\":["
				ITEM("om_reply", "1767225700000", "ou_ana", "user", "") "]}}" });
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup("oc_sales");
	row->word = g_strdup("1767225600000");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event_count(s, EVENT_SAID), 1);
}

static void history_without_permission_is_said(void **state)
{
	struct scene *s = *state;
	scene_go_live(s);
	bamboo_default(s->feishu, HISTORY,
		"{\"code\":99991672,\"msg\":\"no\",\"error\":{\"permission_violations\":[{\"subject\":\"im:message.group_msg\"}]}}");
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup("oc_sales");
	row->word = g_strdup("1767225600000");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	assert_non_null(strstr(scene_outcome(s, 0)->reason, "im:message.group_msg"));
}

/* --- check --online --- */

struct findings {
	gboolean done;
	GPtrArray *list;
};

static void on_findings(gpointer data, GPtrArray *findings)
{
	struct findings *f = data;
	f->done = TRUE;
	f->list = findings;
}

static char *check_with(struct scene *s, const char *const *channels, gboolean emails)
{
	struct findings f = { 0 };
	platform_feishu.check(&(struct adapter_setup){ .workspace = &s->workspace,
				      .clock = s->clock,
				      .lws = s->lws,
				      .channels = channels,
				      .emails = emails },
		on_findings, &f);
	UNTIL(f.done);
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < f.list->len; i++)
		g_string_append_printf(all, "%s\n", (const char *)f.list->pdata[i]);
	g_ptr_array_unref(f.list);
	loop_settle();
	return g_string_free(all, FALSE);
}

static char *check(struct scene *s, const char *const *channels)
{
	return check_with(s, channels, FALSE);
}

static const char *const channels[] = { "oc_sales", "#销售 一组", "#nobody", NULL };

#define SCOPES "GET /open-apis/application/v6/scopes"
#define GRANTED(scope) "{\"scope_name\":\"" scope "\",\"grant_status\":1}"
/* All that the rituals cannot do without, in part by wider permissions. */
#define ENOUGH                                                                                                         \
	GRANTED("im:message") "," GRANTED("im:message.p2p_msg:readonly") "," GRANTED("im:message.group_msg") ","       \
	GRANTED("im:message:readonly") "," GRANTED("im:message.reactions:write_only") "," GRANTED("im:chat") ","        \
	GRANTED("contact:contact.base:readonly") "," GRANTED("contact:user.base:readonly")

static void grant(struct scene *s, const char *scopes)
{
	g_autofree char *body = g_strdup_printf("{\"code\":0,\"data\":{\"scopes\":[%s]}}", scopes);
	bamboo_default(s->feishu, SCOPES, body);
}

static void check_spends_one_call_and_says_so(void **state)
{
	struct scene *s = *state;
	grant(s, ENOUGH);
	g_autofree char *said = check(s, channels);
	assert_null(strstr(said, "problem:"));
	assert_non_null(strstr(said, "ok: app_id and app_secret are accepted"));
	assert_non_null(strstr(said, "ok: a long connection may be opened"));
	assert_non_null(strstr(said, "one of the month's 10000 calls"));
	assert_non_null(strstr(said, "card.action.trigger"));
	assert_int_equal(bamboo_calls(s->feishu, SCOPES), 1);
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_BOT), 0);
	assert_int_equal(bamboo_calls(s->feishu, CHATS), 0);
	assert_int_equal(bamboo_calls(s->feishu, CHATS "/oc_sales"), 0);
	assert_int_equal(bamboo_socket_count(s->feishu), 0); /* a second client would take a share of the events */
}

static void check_compares_permissions(void **state)
{
	struct scene *s = *state;
	grant(s, ENOUGH);
	g_autofree char *some = check(s, NULL);
	assert_non_null(strstr(some, "ok: without the permission im:message.urgent"));
	assert_null(strstr(some, "contact:user.email:readonly"));
	g_autofree char *emails = check_with(s, NULL, TRUE);
	assert_non_null(strstr(emails, "problem: permission contact:user.email:readonly is not granted"));
	grant(s, ENOUGH "," GRANTED("im:message.urgent") "," GRANTED("im:resource") "," GRANTED("contact:user.employee:readonly"));
	g_autofree char *all = check(s, NULL);
	assert_non_null(strstr(all, "ok: all permissions that the rituals need are granted"));
	grant(s, "{\"scope_name\":\"im:message\",\"grant_status\":2}"); /* asked for, not granted */
	g_autofree char *none = check(s, NULL);
	assert_non_null(strstr(none, "problem: permission im:message:send_as_bot is not granted (to send"));
	bamboo_default(s->feishu, SCOPES, "{\"code\":212100,\"msg\":\"app not install\"}");
	g_autofree char *refused = check(s, NULL);
	assert_non_null(strstr(refused, "problem: permissions: 212100"));
	assert_non_null(strstr(refused, "to compare with the console: im:message:send_as_bot"));
}

static void check_looks_at_groups_where_calls_are_free(void **state)
{
	struct scene *s = *state;
	s->workspace.monthly_calls = 0;
	bamboo_default(s->feishu, CHATS,
		"{\"code\":0,\"data\":{\"items\":[{\"chat_id\":\"oc_2\",\"name\":\"销售 一组\"}],\"has_more\":false}}");
	bamboo_default(s->feishu, CHATS "/oc_2", "{\"code\":0,\"data\":{\"name\":\"销售 一组\",\"chat_status\":\"normal\"}}");
	bamboo_default(s->feishu, CHATS "/oc_sales", "{\"code\":232011,\"msg\":\"not in chat\"}");
	g_autofree char *said = check(s, channels);
	assert_non_null(strstr(said, "problem: oc_sales: 232011"));
	assert_non_null(strstr(said, "ok: the bot is in group '#销售 一组'"));
	assert_non_null(strstr(said, "problem: there is no group '#nobody'"));
}

static void check_of_a_clock_that_is_wrong(void **state)
{
	struct scene *s = *state;
	bamboo_script(s->feishu, BAMBOO_TOKEN,
		(struct script){ .header = "Date: Wed, 31 Dec 2025 23:59:00 GMT",
			.body = "{\"code\":0,\"tenant_access_token\":\"t-1\",\"expire\":7200}" });
	g_autofree char *said = check(s, NULL);
	assert_non_null(strstr(said, "problem: this machine's clock is 60 s fast"));
}

static void check_tells_a_wrong_secret(void **state)
{
	struct scene *s = *state;
	bamboo_default(s->feishu, BAMBOO_TOKEN, "{\"code\":10014,\"msg\":\"app secret invalid\"}");
	g_autofree char *said = check(s, channels);
	assert_non_null(strstr(said, "problem: app_id and app_secret: 10014"));
	assert_null(strstr(said, "hush"));
	assert_int_equal(bamboo_calls(s->feishu, BAMBOO_ENDPOINT), 0);
}

static void check_tells_missing_rights(void **state)
{
	struct scene *s = *state;
	bamboo_default(s->feishu, BAMBOO_ENDPOINT, "{\"code\":403,\"msg\":\"forbidden\"}");
	bamboo_default(s->feishu, "GET /open-apis/contact/v3/users/find_by_department",
		"{\"code\":0,\"data\":{\"items\":[{\"open_id\":\"ou_ana\"}]}}");
	g_autofree char *said = check(s, NULL);
	assert_non_null(strstr(said, "problem: endpoint: code 403"));
	assert_non_null(strstr(said, "problem: people come without names"));
}

static void check_without_a_network(void **state)
{
	struct scene *s = *state;
	s->workspace.base_url = (char *)"http://127.0.0.1:1";
	g_autofree char *said = check(s, channels);
	assert_non_null(strstr(said, "check the network"));
}

/* What its documentation does not promise is said before anything is asked. */
static void check_says_what_lark_does_not_promise(void **state)
{
	struct scene *s = *state;
	s->workspace.base_url = (char *)"https://open.larksuite.com";
	s->workspace.proxy = (char *)"http://127.0.0.1:1";
	g_autofree char *said = check(s, channels);
	assert_non_null(strstr(said, "ok: Lark: its documentation does not promise the long connection"));
	assert_non_null(strstr(said, "monthly_calls says 10000"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_token_is_fetched_once),
		T(a_token_is_renewed_ahead_of_its_end),
		T(a_token_refused_is_renewed_without_losing_the_send),
		T(a_fresh_token_refused_is_not_asked_for_for_ever),
		T(without_a_token_nothing_went_out),
		T(a_secret_refused_later_stops_everything),
		T(a_post_goes_to_its_chat),
		T(a_post_to_a_person_is_known_as_direct),
		T(direct_chats_are_recalled),
		T(a_reply_stays_in_its_thread_where_there_are_any),
		T(in_doubt_is_repeated_under_its_uuid),
		T(in_doubt_for_long_is_looked_for),
		T(in_doubt_for_long_and_maybe_there_is_not_sent),
		T(in_doubt_for_long_other_rows_are_known),
		T(no_network_is_not_in_doubt),
		T(private_is_an_ephemeral_card),
		T(private_is_a_direct_message_where_no_card_can_vanish),
		T(private_in_doubt_is_not_doubled),
		T(a_form_is_a_card_of_its_own),
		T(a_home_is_a_message),
		T(a_board_is_replaced_and_deleted),
		T(an_old_card_is_gone),
		T(a_refused_card),
		T(a_reaction_is_taken_off_by_its_id),
		T(a_reaction_of_an_earlier_life_is_found),
		T(limits_are_obeyed),
		T(limits_of_a_chat_and_a_board),
		T(asks_about_a_person),
		T(a_person_out_of_range),
		T(asks_about_members_page_by_page),
		T(members_of_a_chat_that_is_not_ours),
		T(finds_a_group_by_its_name),
		T(a_read_that_is_too_fast_waits),
		T(history_is_read_with_its_threads),
		T(history_tells_of_edits_and_recalls),
		T(a_thread_that_is_closed_hides_no_other),
		T(history_without_permission_is_said),
		T(check_spends_one_call_and_says_so),
		T(check_compares_permissions),
		T(check_looks_at_groups_where_calls_are_free),
		T(check_of_a_clock_that_is_wrong),
		T(check_tells_a_wrong_secret),
		T(check_tells_missing_rights),
		T(check_without_a_network),
		T(check_says_what_lark_does_not_promise),
	};
	return cmocka_run_group_tests_name("feishu_send", tests, NULL, NULL);
}
