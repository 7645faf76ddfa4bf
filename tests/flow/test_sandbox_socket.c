/* SPDX-License-Identifier: MIT */
/* The sandbox's Socket Mode over real sockets, on a clock that is moved: deliveries, retries, clicks, forms, goodbyes. */
#include "tests/support/desk.h"

#define SALES "C0SALES00"

static void hello(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *first = desk_connect(desk);
	assert_non_null(first);
	assert_int_equal(json_int_or(desk_delta(desk, "connections"), "count", 0), 1);
	desk_connect(desk);
	assert_int_equal(json_int_or(desk_delta(desk, "connections"), "count", 0), 2);
	struct desk_link *forged = desk_dial(desk, "ws://127.0.0.1:1/link/?ticket=x");
	desk_wait(&forged->closed);
	desk_free(desk);
}

static char *fresh_url(struct desk *desk)
{
	static const char *const headers[] = { "Authorization: Bearer xapp-sandbox", "Content-Type: application/json; charset=utf-8", NULL };
	struct desk_answer *a = desk_request(desk, "POST", "api/apps.connections.open", headers, "", 0);
	char *url = g_strdup(json_text_or(a->json, "url", ""));
	desk_answer_free(a);
	return url;
}

static void tickets_open_once(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *url = fresh_url(desk);
	desk_event(desk_dial(desk, url), "");
	struct desk_link *again = desk_dial(desk, url);
	desk_wait(&again->closed);
	assert_false(again->open);
	desk_free(desk);
}

static void messages(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	const cJSON *reply = desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'hi @belltower & @陈伟'}");
	const cJSON *f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "type", ""), "events_api");
	assert_false(json_bool_or(f, "accepts_response_payload", TRUE));
	assert_int_equal(json_int_or(f, "retry_attempt", -1), 0);
	assert_string_equal(json_text_or(f, "payload.event.text", ""), "hi <@UBELLTOWER> &amp; <@U0WEI0000>");
	assert_string_equal(json_text_or(f, "payload.event.ts", ""), json_text_or(reply, "ts", "-"));
	assert_string_equal(json_text_or(f, "payload.event.channel_type", ""), "channel");
	assert_non_null(json_text_or(f, "payload.event.client_msg_id", NULL));
	assert_string_equal(json_text_or(f, "payload.event.blocks.0.elements.0.elements.1.user_id", ""), "UBELLTOWER");
	const cJSON *mention = desk_event(link, "app_mention");
	assert_string_equal(json_text_or(mention, "payload.event.ts", ""), json_text_or(reply, "ts", "-"));
	assert_null(json_at(mention, "payload.event.channel_type"));
	assert_string_not_equal(json_text_or(mention, "payload.event_id", ""), json_text_or(f, "payload.event_id", ""));
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_ack(link, f, NULL);
	desk_ack(link, mention, "{}");
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_nothing(link);
	desk_free(desk);
}

static void changes(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	const char *ts = json_text_or(desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'one'}"), "ts", "");
	desk_event(link, "message");
	g_autofree char *edit = g_strdup_printf("{'do':'edit','as':'ana','channel':'#sales','ts':'%s','text':'two'}", ts);
	desk_act(desk, edit);
	const cJSON *f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.subtype", ""), "message_changed");
	assert_string_equal(json_text_or(f, "payload.event.message.text", ""), "two");
	assert_string_equal(json_text_or(f, "payload.event.message.ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.event.message.edited.user", ""), "U0ANA0000");
	assert_string_equal(json_text_or(f, "payload.event.previous_message.text", ""), "one");
	assert_string_not_equal(json_text_or(f, "payload.event.ts", ""), ts);
	assert_null(json_at(f, "payload.event.user"));
	g_autofree char *react = g_strdup_printf("{'do':'react','as':'wei','channel':'#sales','ts':'%s','name':'eyes'}", ts);
	desk_act(desk, react);
	f = desk_event(link, "reaction_added");
	assert_string_equal(json_text_or(f, "payload.event.item.ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.event.item_user", ""), "U0ANA0000");
	desk_act_fails(desk, react, "already");
	g_autofree char *wrong = g_strdup_printf("{'do':'delete','as':'wei','channel':'#sales','ts':'%s'}", ts);
	desk_act_fails(desk, wrong, "not by 'wei'");
	g_autofree char *delete = g_strdup_printf("{'do':'delete','as':'ana','channel':'#sales','ts':'%s'}", ts);
	desk_act(desk, delete);
	f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.subtype", ""), "message_deleted");
	assert_string_equal(json_text_or(f, "payload.event.deleted_ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.event.previous_message.text", ""), "two");
	desk_nothing(link);
	desk_free(desk);
}

static void threads(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	const char *ts = json_text_or(desk_ok(desk, "chat.postMessage", "channel=" SALES "&text=prompt"), "ts", "");
	const cJSON *own = desk_event(link, "message"); /* our own post comes back */
	assert_string_equal(json_text_or(own, "payload.event.bot_id", ""), "B0BELLTOWER");
	assert_string_equal(json_text_or(own, "payload.event.user", ""), "UBELLTOWER");
	assert_null(json_at(own, "payload.event.client_msg_id"));
	g_autofree char *reply = g_strdup_printf("{'do':'say','as':'ana','channel':'#sales','text':'r','thread_ts':'%s'}", ts);
	desk_act(desk, reply);
	const cJSON *f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.thread_ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.event.parent_user_id", ""), "UBELLTOWER");
	g_autofree char *both = g_strdup_printf("{'do':'say','as':'ana','channel':'#sales','text':'r','thread_ts':'%s','broadcast':true}", ts);
	desk_act(desk, both);
	f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.subtype", ""), "thread_broadcast");
	assert_int_equal(json_int_or(f, "payload.event.root.reply_count", 0), 2);
	desk_free(desk);
}

/* The bot hears what its membership lets it hear. */
static void membership(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#random','text':'@belltower psst'}");
	desk_nothing(link);
	desk_act(desk, "{'do':'invite','as':'ana','channel':'#random','user':'belltower'}");
	const cJSON *f = desk_event(link, "member_joined_channel");
	assert_string_equal(json_text_or(f, "payload.event.user", ""), "UBELLTOWER");
	assert_string_equal(json_text_or(f, "payload.event.inviter", ""), "U0ANA0000");
	desk_act(desk, "{'do':'leave','as':'tom','channel':'#random'}");
	desk_event(link, "member_left_channel");
	desk_act_fails(desk, "{'do':'say','as':'tom','channel':'#random','text':'x'}", "not in that channel");
	desk_act(desk, "{'do':'add_member','name':'mina','real_name':'Mina Sato','zone':'Asia/Tokyo','locale':'ja-JP'}");
	f = desk_event(link, "team_join");
	assert_string_equal(json_text_or(f, "payload.event.user.tz", ""), "Asia/Tokyo");
	desk_act(desk, "{'do':'deactivate','user':'mina'}");
	f = desk_event(link, "user_change");
	assert_true(json_bool_or(f, "payload.event.user.deleted", FALSE));
	desk_act_fails(desk, "{'do':'add_member','name':'x','zone':'Asia/Nowhere'}", "time zone");
	const cJSON *im = desk_act(desk, "{'do':'open_dm','as':'ana'}");
	g_autofree char *say = g_strdup_printf("{'do':'say','as':'ana','channel':'%s','text':'hello @belltower'}", json_text_or(im, "channel", ""));
	desk_act(desk, say);
	f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.channel_type", ""), "im");
	desk_nothing(link); /* no app_mention in direct messages */
	desk_free(desk);
}

static void check_retry(struct desk_link *link, const char *event_id, int attempt)
{
	const cJSON *f = desk_frame(link);
	assert_string_equal(json_text_or(f, "payload.event_id", ""), event_id);
	assert_int_equal(json_int_or(f, "retry_attempt", -1), attempt);
	assert_string_equal(json_text_or(f, "retry_reason", ""), "timeout");
}

/* Section 2.10: nearly at once, after a minute, after five; then given up. */
static void retries(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	g_autofree char *id = g_strdup(json_text_or(desk_frame(link), "payload.event_id", ""));
	desk_advance(desk, 2999);
	desk_nothing(link);
	desk_advance(desk, 1);
	check_retry(link, id, 1);
	desk_advance(desk, SECONDS(3));
	desk_advance(desk, SECONDS(59));
	desk_nothing(link);
	desk_advance(desk, SECONDS(1));
	check_retry(link, id, 2);
	desk_advance(desk, SECONDS(3));
	desk_advance(desk, MINUTES(5));
	check_retry(link, id, 3);
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_advance(desk, SECONDS(3));
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_advance(desk, HOURS(1));
	desk_nothing(link);
	desk_free(desk);
}

/* What happens while nobody is connected follows the same timetable. */
static void no_connection(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_settle(desk);
	struct desk_link *link = desk_connect(desk);
	desk_nothing(link);
	desk_advance(desk, MINUTES(1));
	const cJSON *f = desk_frame(link);
	assert_int_equal(json_int_or(f, "retry_attempt", -1), 2);
	desk_ack(link, f, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

static void each_to_one(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *a = desk_connect(desk), *b = desk_connect(desk);
	for (int i = 0; i < 10; i++)
		desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_settle(desk);
	assert_int_equal(a->frames.length, 5);
	assert_int_equal(b->frames.length, 5);
	desk_free(desk);
}

static void bad_luck(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'faults','lose_acks':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	const cJSON *f = desk_frame(link);
	desk_ack(link, f, NULL);
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_advance(desk, SECONDS(3));
	desk_ack(link, desk_frame(link), NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'faults','duplicate_events':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	f = desk_frame(link);
	const cJSON *twin = desk_frame(link);
	assert_string_equal(json_text_or(f, "payload.event_id", ""), json_text_or(twin, "payload.event_id", "-"));
	assert_string_not_equal(json_text_or(f, "envelope_id", ""), json_text_or(twin, "envelope_id", ""));
	desk_ack(link, f, NULL);
	desk_ack(link, twin, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'frame','text':'not json'}");
	assert_true(cJSON_IsString(desk_frame(link)));
	desk_free(desk);
}

static void black_hole(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'faults','silence':true}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_nothing(link);
	assert_false(link->closed);
	desk_act(desk, "{'do':'faults','silence':false}");
	desk_advance(desk, SECONDS(3));
	const cJSON *f = desk_event(link, "message");
	assert_int_equal(json_int_or(f, "retry_attempt", 0), 1);
	desk_ack(link, f, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

/* An event whose connection ends comes again over the next one. */
static void expect_over_another(struct desk *desk, struct desk_link *gone)
{
	desk_wait(&gone->closed);
	struct desk_link *link = desk_connect(desk);
	desk_advance(desk, SECONDS(3));
	desk_ack(link, desk_event(link, "message"), NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'drop_connections'}");
	desk_wait(&link->closed);
}

static void dropped_at_each_step(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'faults','drop_event':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	expect_over_another(desk, link);
	link = desk_connect(desk);
	desk_act(desk, "{'do':'faults','drop_ack':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'y'}");
	desk_ack(link, desk_event(link, "message"), NULL);
	expect_over_another(desk, link);
	desk_act(desk, "{'do':'faults','drop_greeting':true,'times':1}");
	g_autofree char *url = fresh_url(desk);
	link = desk_dial(desk, url);
	desk_wait(&link->closed);
	assert_true(g_queue_is_empty(&link->frames));
	desk_free(desk);
}

static void out_of_order(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'faults','swap_events':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'1'}");
	desk_nothing(link);
	desk_act(desk, "{'do':'faults','garbage':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'2'}");
	assert_true(cJSON_IsString(desk_frame(link)));
	assert_string_equal(json_text_or(desk_event(link, "message"), "payload.event.text", ""), "2");
	assert_string_equal(json_text_or(desk_event(link, "message"), "payload.event.text", ""), "1");
	desk_free(desk);
}

static void goodbyes(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *old = desk_connect(desk);
	desk_act(desk, "{'do':'disconnect','reason':'warning'}");
	assert_string_equal(json_text_or(desk_frame(old), "reason", ""), "warning");
	struct desk_link *fresh = desk_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_ack(fresh, desk_event(fresh, "message"), NULL); /* the one that goes gets no more while there is another */
	assert_false(old->closed);
	desk_advance(desk, SECONDS(10));
	desk_wait(&old->closed);
	desk_act(desk, "{'do':'disconnect','reason':'link_disabled'}");
	assert_string_equal(json_text_or(desk_frame(fresh), "reason", ""), "link_disabled");
	desk_wait(&fresh->closed);
	struct desk_link *last = desk_connect(desk);
	desk_act(desk, "{'do':'drop_connections'}");
	desk_wait(&last->closed);
	assert_int_equal(last->close_code, WS_CODE_ABNORMAL);
	desk_free(desk);
}

static void too_many(void **state)
{
	static const char *const headers[] = { "Authorization: Bearer xapp-sandbox", "Content-Type: application/json; charset=utf-8", NULL };
	(void)state;
	struct desk *desk = desk_new(NULL);
	for (int i = 0; i < 10; i++)
		desk_connect(desk);
	struct desk_answer *a = desk_request(desk, "POST", "api/apps.connections.open", headers, "", 0);
	struct desk_link *eleventh = desk_dial(desk, json_text_or(a->json, "url", ""));
	desk_answer_free(a);
	assert_string_equal(json_text_or(desk_frame(eleventh), "reason", ""), "too_many_websockets"); /* instead of hello */
	desk_wait(&eleventh->closed);
	desk_free(desk);
}

static void big_frames(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	g_autofree char *text = g_strnfill(20481, 'x');
	assert_true(ws_send_text(link->ws, text, 20480, 0));
	desk_settle(desk);
	assert_false(link->closed);
	assert_true(ws_send_text(link->ws, text, 20481, 0));
	desk_wait(&link->closed);
	assert_int_equal(link->close_code, 1009);
	desk_free(desk);
}

static struct desk_answer *respond(struct desk *desk, const char *url, const char *body)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	return desk_request(desk, "POST", url + strlen(sandbox_url(desk->sandbox)), headers, body, strlen(body));
}

static void check_response(struct desk *desk, const char *url, const char *body, int status, const char *text)
{
	struct desk_answer *a = respond(desk, url, body);
	assert_int_equal(a->status, status);
	assert_string_equal(a->body, text);
	desk_answer_free(a);
}

static void commands(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'command','as':'ana','channel':'#sales','command':'/standup','text':'show @wei & <b>'}");
	const cJSON *f = desk_frame(link);
	assert_string_equal(json_text_or(f, "type", ""), "slash_commands");
	assert_true(json_bool_or(f, "accepts_response_payload", FALSE));
	assert_null(json_at(f, "retry_attempt"));
	assert_string_equal(json_text_or(f, "payload.text", ""), "show <@U0WEI0000|wei> & <b>");
	assert_string_equal(json_text_or(f, "payload.channel_name", ""), "sales");
	assert_string_equal(json_text_or(f, "payload.is_enterprise_install", ""), "false");
	desk_ack(link, f, "{\"text\":\"for *you*\"}");
	const cJSON *m = desk_delta(desk, "message");
	assert_string_equal(json_text_or(m, "message.ephemeral_to", ""), "U0ANA0000");
	desk_nothing(link); /* an ephemeral post is no event */
	const char *url = json_text_or(f, "payload.response_url", "");
	check_response(desk, url, "{\"response_type\":\"in_channel\",\"text\":\"all\"}", 200, "ok");
	f = desk_event(link, "message");
	assert_string_equal(json_text_or(f, "payload.event.subtype", ""), "bot_message");
	assert_null(json_at(f, "payload.event.user"));
	check_response(desk, url, "nonsense", 400, "invalid_payload");
	for (int i = 0; i < 4; i++)
		check_response(desk, url, "{\"text\":\"x\"}", 200, "ok");
	check_response(desk, url, "{\"text\":\"x\"}", 404, "used_url");
	desk_act_fails(desk, "{'do':'command','as':'ana','channel':'#sales','command':'/nope'}", "not a valid command");
	desk_free(desk);
}

static void late_commands(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_act(desk, "{'do':'command','as':'ana','channel':'#sales','command':'/standup'}");
	assert_string_equal(json_text_or(desk_delta(desk, "notice"), "text", ""), "/standup failed with the error \"dispatch_failed\"");
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'command','as':'ana','channel':'#sales','command':'/standup'}");
	const cJSON *f = desk_frame(link);
	desk_advance(desk, SECONDS(3));
	assert_string_equal(json_text_or(desk_delta(desk, "notice"), "text", ""), "/standup failed with the error \"operation_timeout\"");
	desk_nothing(link); /* commands are not repeated */
	clock_set(desk->clock, DESK_NOW_MS + MINUTES(31));
	check_response(desk, json_text_or(f, "payload.response_url", ""), "{\"text\":\"x\"}", 404, "expired_url");
	desk_free(desk);
}

#define FORM_VIEW                                                                                                      \
	"{'type':'modal','callback_id':'f','private_metadata':'p','notify_on_close':true,'title':{'type':'plain_text','text':'T'}," \
	"'submit':{'type':'plain_text','text':'Go'},'blocks':[{'type':'input','block_id':'b','label':{'type':'plain_text','text':'L'}," \
	"'element':{'type':'plain_text_input','action_id':'a','initial_value':'was'}}]}"

static char *trigger(struct desk *desk, struct desk_link *link)
{
	desk_act(desk, "{'do':'command','as':'ana','channel':'#sales','command':'/standup','text':''}");
	const cJSON *f = desk_frame(link);
	desk_ack(link, f, NULL);
	return g_strdup(json_text_or(f, "payload.trigger_id", ""));
}

/* A form opened by a command: its id. */
static char *open_form(struct desk *desk, struct desk_link *link)
{
	g_autofree char *id = trigger(desk, link);
	const char *form = desk_form(desk, "trigger_id", id, "view", FORM_VIEW, NULL);
	return g_strdup(json_text_or(desk_ok(desk, "views.open", form), "view.id", ""));
}

static void triggers(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	g_autofree char *id = trigger(desk, link);
	const char *form = desk_form(desk, "trigger_id", id, "view", FORM_VIEW, NULL);
	const char *bad = desk_form(desk, "trigger_id", id, "view", "{}", NULL);
	desk_fails(desk, "views.open", bad, "invalid_arguments"); /* the trigger is still good */
	desk_ok(desk, "views.open", form);
	desk_fails(desk, "views.open", form, "exchanged_trigger_id");
	desk_fails(desk, "views.open", desk_form(desk, "trigger_id", "1.2.3", "view", FORM_VIEW, NULL), "invalid_trigger_id");
	g_autofree char *late = trigger(desk, link);
	const char *too_late = desk_form(desk, "trigger_id", late, "view", FORM_VIEW, NULL);
	desk_advance(desk, 3001);
	desk_fails(desk, "views.open", too_late, "expired_trigger_id");
	desk_free(desk);
}

static void forms(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	g_autofree char *id = open_form(desk, link);
	assert_string_equal(json_text_or(desk_delta(desk, "view"), "view.id", ""), id);
	g_autofree char *empty = g_strdup_printf("{'do':'submit','as':'ana','view_id':'%s','values':{'b':{'a':{'value':''}}}}", id);
	desk_act(desk, empty); /* the client itself says no */
	desk_nothing(link);
	assert_non_null(json_text_or(desk_delta(desk, "view_errors"), "errors.b", NULL));
	g_autofree char *submit = g_strdup_printf("{'do':'submit','as':'ana','view_id':'%s','values':{'b':{'a':{'value':'now'}}}}", id);
	desk_act(desk, submit);
	const cJSON *f = desk_event(link, "view_submission");
	assert_string_equal(json_text_or(f, "payload.view.state.values.b.a.value", ""), "now");
	assert_string_equal(json_text_or(f, "payload.view.state.values.b.a.type", ""), "plain_text_input");
	assert_string_equal(json_text_or(f, "payload.view.private_metadata", ""), "p");
	assert_string_equal(json_text_or(f, "payload.view.root_view_id", ""), id);
	desk_ack(link, f, "{\"response_action\":\"errors\",\"errors\":{\"b\":\"too short\"}}");
	assert_string_equal(json_text_or(desk_delta(desk, "view_errors"), "errors.b", ""), "too short");
	desk_act(desk, submit);
	desk_ack(link, desk_event(link, "view_submission"), "{\"response_action\":\"errors\",\"errors\":{\"nope\":\"x\"}}");
	assert_non_null(strstr(json_text_or(desk_delta(desk, "notice"), "text", ""), "trouble"));
	assert_true(cJSON_IsObject(json_at(desk_delta(desk, "view"), "view"))); /* still open */
	desk_act(desk, submit);
	desk_ack(link, desk_event(link, "view_submission"), NULL);
	assert_true(cJSON_IsNull(json_at(desk_delta(desk, "view"), "view"))); /* closed */
	desk_act_fails(desk, submit, "no view");
	desk_free(desk);
}

static void form_stacks(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	g_autofree char *id = open_form(desk, link);
	g_autofree char *submit = g_strdup_printf("{'do':'submit','as':'ana','view_id':'%s'}", id);
	desk_act(desk, submit);
	desk_ack(link, desk_event(link, "view_submission"),
		"{\"response_action\":\"push\",\"view\":{\"type\":\"modal\",\"title\":{\"type\":\"plain_text\",\"text\":\"2\"},\"blocks\":[]}}");
	const cJSON *top = json_at(desk_delta(desk, "view"), "view");
	assert_string_equal(json_text_or(top, "title.text", ""), "2");
	assert_string_equal(json_text_or(top, "previous_view_id", ""), id);
	assert_string_equal(json_text_or(top, "root_view_id", ""), id);
	g_autofree char *close = g_strdup_printf("{'do':'close_view','as':'ana','view_id':'%s'}", json_text_or(top, "id", ""));
	desk_act(desk, close);
	desk_nothing(link); /* it did not ask to be told */
	assert_string_equal(json_text_or(desk_delta(desk, "view"), "view.id", ""), id);
	const char *hash = desk_form(desk, "view_id", id, "hash", "1.x", "view", FORM_VIEW, NULL);
	desk_fails(desk, "views.update", hash, "hash_conflict");
	const char *update = desk_form(desk, "view_id", id, "view", FORM_VIEW, NULL);
	desk_ok(desk, "views.update", update);
	g_autofree char *close_all = g_strdup_printf("{'do':'close_view','as':'ana','view_id':'%s','all':true}", id);
	desk_act(desk, close_all);
	const cJSON *f = desk_event(link, "view_closed");
	assert_true(json_bool_or(f, "payload.is_cleared", FALSE));
	assert_false(json_bool_or(f, "accepts_response_payload", TRUE));
	desk_fails(desk, "views.update", update, "not_found");
	desk_free(desk);
}

static void clicks(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	static const char blocks[] = "[{'type':'actions','block_id':'bb','elements':["
		"{'type':'button','action_id':'go','value':'7','text':{'type':'plain_text','text':'Go'}},"
		"{'type':'static_select','action_id':'s','options':[{'text':{'type':'plain_text','text':'One'},'value':'1'}]}]}]";
	const char *form = desk_form(desk, "channel", SALES, "text", "t", "blocks", blocks, NULL);
	const char *ts = json_text_or(desk_ok(desk, "chat.postMessage", form), "ts", "");
	desk_ack(link, desk_event(link, "message"), NULL);
	g_autofree char *press = g_strdup_printf("{'do':'press','as':'wei','channel':'#sales','ts':'%s','block_id':'bb','action_id':'go'}", ts);
	desk_act(desk, press);
	const cJSON *f = desk_event(link, "block_actions");
	assert_string_equal(json_text_or(f, "payload.actions.0.value", ""), "7");
	assert_string_equal(json_text_or(f, "payload.actions.0.block_id", ""), "bb");
	assert_string_equal(json_text_or(f, "payload.container.message_ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.message.ts", ""), ts);
	assert_string_equal(json_text_or(f, "payload.channel.name", ""), "sales");
	desk_ack(link, f, NULL);
	g_autofree char *choose = g_strdup_printf("{'do':'press','as':'wei','channel':'#sales','ts':'%s','block_id':'bb','action_id':'s','selected':'1'}", ts);
	desk_act(desk, choose);
	const cJSON *chosen = desk_event(link, "block_actions");
	assert_string_equal(json_text_or(chosen, "payload.actions.0.selected_option.text.text", ""), "One");
	desk_ack(link, chosen, NULL);
	check_response(desk, json_text_or(f, "payload.response_url", ""), "{\"replace_original\":true,\"text\":\"done\"}", 200, "ok");
	const cJSON *changed = desk_event(link, "message");
	assert_string_equal(json_text_or(changed, "payload.event.message.text", ""), "done");
	desk_act_fails(desk, press, "no element");
	desk_act(desk, "{'do':'shortcut','as':'ana','callback_id':'c'}");
	assert_false(json_bool_or(desk_event(link, "shortcut"), "accepts_response_payload", TRUE));
	desk_free(desk);
}

static void homes(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	desk_act(desk, "{'do':'open_home','as':'ana'}");
	const cJSON *f = desk_event(link, "app_home_opened");
	assert_string_equal(json_text_or(f, "payload.event.tab", ""), "home");
	assert_null(json_at(f, "payload.event.view"));
	static const char view[] = "{'type':'home','blocks':[{'type':'divider'}]}";
	const char *form = desk_form(desk, "user_id", "U0ANA0000", "view", view, NULL);
	desk_ok(desk, "views.publish", form);
	assert_string_equal(json_text_or(desk_delta(desk, "home"), "view.type", ""), "home");
	desk_act(desk, "{'do':'open_home','as':'ana'}");
	assert_string_equal(json_text_or(desk_event(link, "app_home_opened"), "payload.event.view.type", ""), "home");
	desk_free(desk);
}

static void the_clock(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_act(desk, "{'do':'clock','advance_ms':900000}");
	assert_int_equal(clock_now_ms(desk->clock), DESK_NOW_MS + MINUTES(15));
	assert_int_equal(clock_mono_ms(desk->clock), MINUTES(15)); /* frozen: both hands */
	desk_act(desk, "{'do':'clock','to':'09:30','days':1}");
	assert_int_equal(clock_now_ms(desk->clock), DESK_NOW_MS + DAYS(1) + MINUTES(30));
	desk_settle(desk);
	assert_int_equal(json_int_or(desk_delta(desk, "clock"), "now_ms", 0), DESK_NOW_MS + DAYS(1) + MINUTES(30));
	desk_act_fails(desk, "{'do':'clock','to':'25:00'}", "no time of day");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_act(desk, "{'do':'reset'}");
	assert_true(sandbox_is_quiet(desk->sandbox));
	assert_int_equal(cJSON_GetArraySize(json_array(desk_delta(desk, "hello"), "state.messages." SALES)), 0);
	desk_free(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello), cmocka_unit_test(tickets_open_once), cmocka_unit_test(messages), cmocka_unit_test(changes),
		cmocka_unit_test(threads), cmocka_unit_test(membership), cmocka_unit_test(retries), cmocka_unit_test(no_connection),
		cmocka_unit_test(each_to_one), cmocka_unit_test(bad_luck), cmocka_unit_test(black_hole),
		cmocka_unit_test(dropped_at_each_step), cmocka_unit_test(out_of_order), cmocka_unit_test(goodbyes), cmocka_unit_test(too_many),
		cmocka_unit_test(big_frames), cmocka_unit_test(commands), cmocka_unit_test(late_commands), cmocka_unit_test(triggers),
		cmocka_unit_test(forms), cmocka_unit_test(form_stacks), cmocka_unit_test(clicks), cmocka_unit_test(homes),
		cmocka_unit_test(the_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
