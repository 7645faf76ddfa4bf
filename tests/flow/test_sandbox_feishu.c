/* SPDX-License-Identifier: MIT */
/* The sandbox as Feishu, over real sockets, on a clock that is moved: connections, pushes, REST, cards, limits. */
#include "sandbox/feishu/packet.h"
#include "tests/support/desk_feishu.h"

#define SALES	"oc_c0sales00"
#define RANDOM	"oc_c0random0"
#define ANA	"ou_u0ana0000"
#define CREATE	"im/v1/messages?receive_id_type=chat_id"
#define CARD(content)                                                                                                    \
	"{'schema':'2.0','config':{'update_multi':true},'header':{'title':{'tag':'plain_text','content':'标题'}},'body':{'elements':[" \
	content "]}}"
#define BUTTON "{'tag':'button','name':'go','text':{'tag':'plain_text','content':'Go'},'behaviors':[{'type':'callback','value':{'n':1}}]}"

static char *ts_of(const char *message_id)
{
	const char *digits = message_id + strlen(message_id) - 16;
	return g_strdup_printf("%.10s.%s", digits, digits + 10);
}

static const cJSON *last_message(struct desk *desk)
{
	return json_at(desk_delta(desk, "message"), "message");
}

/* ---- connections ---- */

static void endpoint(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *answer = desk_endpoint(desk, DESK_APP, DESK_SECRET);
	assert_int_equal(json_int_or(answer, "data.ClientConfig.PingInterval", 0), 120);
	assert_int_equal(json_int_or(answer, "data.ClientConfig.ReconnectCount", 0), -1);
	g_autofree char *url = g_strdup(json_text_or(answer, "data.URL", ""));
	assert_non_null(strstr(url, "/ws/v2?"));
	assert_true(desk_line_dial(desk, url)->open);
	assert_int_equal(json_int_or(desk_delta(desk, "connections"), "count", 0), 1);
	struct desk_line *again = desk_line_dial(desk, url);
	assert_false(again->open); /* a ticket opens one connection */
	assert_int_equal(again->refusal, 403);
	assert_int_equal(json_int_or(desk_endpoint(desk, DESK_APP, "wrong"), "code", 0), 514);
	assert_int_equal(json_int_or(desk_endpoint(desk, "app", DESK_SECRET), "code", 0), 514);
	desk_act(desk, "{'do':'feishu','endpoint_code':1000040351}");
	assert_int_equal(json_int_or(desk_endpoint(desk, DESK_APP, DESK_SECRET), "code", 0), 1000040351);
	desk_act_fails(desk, "{'do':'feishu','endpoint_code':'x'}", "no value");
	desk_act_fails(desk, "{'do':'feishu','nonsense':1}", "no setting");
	desk_free(desk);
}

static void fifty_connections(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *url = g_strdup(json_text_or(desk_endpoint(desk, DESK_APP, DESK_SECRET), "data.URL", ""));
	for (int i = 0; i < 50; i++)
		desk_line_connect(desk);
	assert_int_equal(json_int_or(desk_endpoint(desk, DESK_APP, DESK_SECRET), "code", 0), 1000040350);
	struct desk_line *late = desk_line_dial(desk, url);
	assert_int_equal(late->refusal, 403);
	assert_string_equal(late->refusal_code, "1000040350");
	desk_free(desk);
}

/* To the byte: 01_ping of tests/data/feishu/frames. */
static void ping(void **state)
{
	static const struct packet_header headers[] = { { "type", "ping" } };
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'feishu','ping_interval_s':7,'reconnect_nonce_s':1}");
	g_autoptr(GBytes) bytes = packet_write(&(struct packet_parts){ .service = line->service, .headers = headers, .header_count = 1 });
	assert_int_equal(g_bytes_get_size(bytes), 25);
	desk_line_send(line, bytes);
	const struct packet *pong = desk_line_packet(line);
	assert_int_equal(packet_method(pong), PACKET_CONTROL);
	assert_string_equal(packet_header(pong, "type"), "pong");
	gsize length;
	const char *text = packet_payload(pong, &length);
	g_autoptr(cJSON) config = json_parse(text, length, NULL);
	assert_int_equal(json_int_or(config, "PingInterval", 0), 7);
	assert_int_equal(json_int_or(config, "ReconnectNonce", 0), 1);
	g_autoptr(GBytes) rubbish = g_bytes_new_static("\xff\xff", 2);
	desk_line_send(line, rubbish);
	assert_true(ws_send_text(line->ws, "hello", 5, 0));
	desk_line_send(line, bytes); /* neither ended the connection */
	desk_line_packet(line);
	desk_act(desk, "{'do':'disconnect','reason':'refresh_requested'}");
	desk_wait(&line->closed);
	desk_free(desk);
}

/* ---- events ---- */

static void said(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	const cJSON *reply = desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'@belltower 签了 & <2> ✅ @here @陈伟'}");
	const cJSON *e = desk_line_event(line, "im.message.receive_v1");
	assert_string_equal(json_text_or(e, "schema", ""), "2.0");
	assert_string_equal(json_text_or(e, "header.app_id", ""), DESK_APP);
	assert_string_equal(json_text_or(e, "header.create_time", ""), "1772413200000");
	assert_string_equal(json_text_or(e, "event.sender.sender_id.open_id", ""), ANA);
	assert_string_equal(json_text_or(e, "event.sender.sender_type", ""), "user");
	assert_true(cJSON_IsNull(json_at(e, "event.sender.sender_id.user_id"))); /* its scope is not granted */
	assert_string_equal(json_text_or(e, "event.message.chat_id", ""), SALES);
	assert_string_equal(json_text_or(e, "event.message.chat_type", ""), "group");
	assert_string_equal(json_text_or(e, "event.message.content", ""), "{\"text\":\"@_user_1 签了 & <2> ✅ @_all @_user_2\"}");
	assert_int_equal(cJSON_GetArraySize(json_array(e, "event.message.mentions")), 2);
	assert_string_equal(json_text_or(e, "event.message.mentions.0.id.open_id", ""), "ou_ubelltower");
	assert_string_equal(json_text_or(e, "event.message.mentions.1.key", ""), "@_user_2");
	assert_null(json_at(e, "event.message.root_id"));
	g_autofree char *ts = ts_of(json_text_or(e, "event.message.message_id", ""));
	assert_string_equal(ts, json_text_or(reply, "ts", "-"));
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_line_reply(line, 200, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox)); /* and nothing waits for an app of Slack's */
	desk_line_nothing(line);
	desk_free(desk);
}

/* The same words twice while the clock stands: never the same create_time, or one were taken for the other sent again. */
static void said_twice(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'1'}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'1'}");
	g_autofree char *first = g_strdup(json_text_or(desk_line_event(line, "im.message.receive_v1"), "event.message.create_time", ""));
	assert_string_not_equal(json_text_or(desk_line_event(line, "im.message.receive_v1"), "event.message.create_time", first), first);
	desk_free(desk);
}

static void threads(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	g_autofree char *root = g_strdup(json_text_or(desk_send(desk, SALES, "text", "{'text':'prompt'}"), "message_id", ""));
	g_autofree char *ts = ts_of(root);
	g_autofree char *say = g_strdup_printf("{'do':'say','as':'ana','channel':'#sales','text':'r','thread_ts':'%s'}", ts);
	g_autofree char *quote = g_strdup_printf("{'do':'say','as':'ana','channel':'#sales','text':'q','thread_ts':'%s','quotes':true}", ts);
	desk_act(desk, say);
	const cJSON *e = desk_line_event(line, "im.message.receive_v1");
	assert_string_equal(json_text_or(e, "event.message.root_id", ""), root);
	assert_string_equal(json_text_or(e, "event.message.parent_id", ""), root);
	g_autofree char *thread = g_strdup(json_text_or(e, "event.message.thread_id", ""));
	assert_true(g_str_has_prefix(thread, "omt_"));
	desk_act(desk, quote);
	e = desk_line_event(line, "im.message.receive_v1");
	assert_string_equal(json_text_or(e, "event.message.root_id", ""), root);
	assert_null(json_at(e, "event.message.thread_id"));
	g_autofree char *path = g_strdup_printf("im/v1/messages/%s/reply", root);
	const cJSON *data = desk_open_ok(desk, "POST", path, "{'msg_type':'text','content':'{\\'text\\':\\'ok\\'}','reply_in_thread':true}");
	assert_string_equal(json_text_or(data, "thread_id", ""), thread);
	g_autofree char *list = g_strdup_printf("im/v1/messages?container_id_type=thread&container_id=%s", thread);
	assert_int_equal(cJSON_GetArraySize(json_array(desk_open_ok(desk, "GET", list, NULL), "items")), 4);
	desk_free(desk);
}

static void recalls_and_reactions(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	const char *ts = json_text_or(desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'one'}"), "ts", "");
	g_autofree char *id = g_strdup(json_text_or(desk_line_event(line, "im.message.receive_v1"), "event.message.message_id", ""));
	g_autofree char *edit = g_strdup_printf("{'do':'edit','as':'ana','channel':'#sales','ts':'%s','text':'two\\nR&D'}", ts);
	desk_act(desk, edit);
	const cJSON *edited = desk_line_event(line, "im.message.updated_v1"); /* it does not say what the message says now */
	assert_string_equal(json_text_or(edited, "event.message.message_id", ""), id);
	assert_null(json_at(edited, "event.message.content"));
	g_autofree char *message = g_strdup_printf("im/v1/messages/%s", id);
	const cJSON *now = cJSON_GetArrayItem(json_array(desk_open_ok(desk, "GET", message, NULL), "items"), 0);
	assert_string_equal(json_text_or(now, "body.content", ""), "{\"text\":\"<p>two</p><p>R&amp;D</p>\"}");
	desk_act(desk, "{'do':'feishu','edit_events':false}");
	desk_act(desk, edit);
	desk_line_nothing(line);
	g_autofree char *react = g_strdup_printf("{'do':'react','as':'wei','channel':'#sales','ts':'%s','name':'white_check_mark'}", ts);
	desk_act(desk, react);
	const cJSON *e = desk_line_event(line, "im.message.reaction.created_v1");
	assert_string_equal(json_text_or(e, "event.reaction_type.emoji_type", ""), "DONE");
	assert_string_equal(json_text_or(e, "event.user_id.open_id", ""), "ou_u0wei0000");
	assert_string_equal(json_text_or(e, "event.message_id", ""), id);
	assert_null(json_at(e, "event.chat_id"));
	g_autofree char *strange = g_strdup_printf("{'do':'react','as':'wei','channel':'#sales','ts':'%s','name':'coffee'}", ts);
	desk_act(desk, strange);
	desk_line_nothing(line); /* Feishu's people have no such emoji */
	g_autofree char *path = g_strdup_printf("im/v1/messages/%s/reactions", id);
	const cJSON *data = desk_open_ok(desk, "POST", path, "{'reaction_type':{'emoji_type':'OnIt'}}");
	e = desk_line_event(line, "im.message.reaction.created_v1");
	assert_string_equal(json_text_or(e, "event.operator_type", ""), "app");
	g_autofree char *one = g_strdup_printf("%s/%s", path, json_text_or(data, "reaction_id", ""));
	assert_int_equal(cJSON_GetArraySize(json_array(desk_open_ok(desk, "GET", path, NULL), "items")), 2);
	desk_open_ok(desk, "DELETE", one, NULL);
	desk_line_event(line, "im.message.reaction.deleted_v1");
	desk_open_fails(desk, "POST", path, "{'reaction_type':{'emoji_type':'thumbsup'}}", 231001);
	g_autofree char *recall = g_strdup_printf("{'do':'delete','as':'ana','channel':'#sales','ts':'%s'}", ts);
	desk_act(desk, recall);
	e = desk_line_event(line, "im.message.recalled_v1");
	assert_string_equal(json_text_or(e, "event.message_id", ""), id);
	assert_string_equal(json_text_or(e, "event.recall_type", ""), "message_owner");
	desk_open_fails(desk, "POST", path, "{'reaction_type':{'emoji_type':'OK'}}", 231003);
	desk_line_nothing(line);
	desk_free(desk);
}

static void people_and_chats(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#random','text':'@belltower psst'}");
	desk_line_nothing(line);
	desk_act(desk, "{'do':'invite','as':'ana','channel':'#random','user':'belltower'}");
	const cJSON *e = desk_line_event(line, "im.chat.member.bot.added_v1");
	assert_string_equal(json_text_or(e, "event.chat_id", ""), RANDOM);
	assert_string_equal(json_text_or(e, "event.operator_id.open_id", ""), ANA);
	desk_act(desk, "{'do':'leave','as':'tom','channel':'#random'}");
	e = desk_line_event(line, "im.chat.member.user.deleted_v1");
	assert_string_equal(json_text_or(e, "event.users.0.user_id.open_id", ""), "ou_u0tom0000");
	desk_act(desk, "{'do':'join','as':'tom','channel':'#random'}");
	desk_line_event(line, "im.chat.member.user.added_v1");
	desk_act(desk, "{'do':'add_member','name':'mina','real_name':'Mina Sato'}");
	e = desk_line_event(line, "contact.user.created_v3");
	assert_string_equal(json_text_or(e, "event.object.name", ""), "Mina Sato");
	desk_act(desk, "{'do':'deactivate','user':'mina'}");
	e = desk_line_event(line, "contact.user.deleted_v3");
	assert_non_null(json_text_or(e, "event.old_object.open_id", NULL));
	desk_act(desk, "{'do':'menu','as':'ana','key':'standup'}");
	e = desk_line_event(line, "application.bot.menu_v6");
	assert_string_equal(json_text_or(e, "event.event_key", ""), "standup");
	assert_int_equal(json_int_or(e, "event.timestamp", 0), DESK_NOW_MS / 1000);
	desk_act(desk, "{'do':'open_dm','as':'ana'}");
	e = desk_line_event(line, "im.chat.access_event.bot_p2p_chat_entered_v1");
	assert_string_equal(json_text_or(e, "event.chat_id", ""), "oc_d0ana0000");
	desk_act(desk, "{'do':'say','as':'ana','channel':'D0ANA0000','text':'hello'}");
	e = desk_line_event(line, "im.message.receive_v1");
	assert_string_equal(json_text_or(e, "event.message.chat_type", ""), "p2p");
	desk_act(desk, "{'do':'upload','as':'ana','channel':'D0ANA0000','name':'a.png','base64':'iVBORw0KGgo='}");
	e = desk_line_event(line, "im.message.receive_v1");
	assert_string_equal(json_text_or(e, "event.message.message_type", ""), "image");
	desk_act(desk, "{'do':'archive','as':'ana','channel':'#random','on':true}");
	desk_line_event(line, "im.chat.disbanded_v1");
	desk_line_nothing(line);
	desk_free(desk);
}

/* ---- pushed again ---- */

static void expect_push(struct desk_line *line, const char *event_id)
{
	assert_string_equal(json_text_or(desk_line_event(line, "im.message.receive_v1"), "header.event_id", ""), event_id);
	desk_line_nothing(line);
}

static void pushed_again(void **state)
{
	static const int64_t waits[] = { SECONDS(15), MINUTES(5), HOURS(1), HOURS(6) };
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	g_autofree char *id = g_strdup(json_text_or(desk_line_event(line, "im.message.receive_v1"), "header.event_id", ""));
	for (size_t i = 0; i < G_N_ELEMENTS(waits); i++) {
		if (i == 1)
			desk_line_reply(line, 500, NULL); /* which is no better than nothing */
		else
			desk_advance(desk, SECONDS(3));
		desk_advance(desk, waits[i] - 1);
		desk_line_nothing(line);
		desk_advance(desk, 1);
		expect_push(line, id);
	}
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_advance(desk, SECONDS(3));
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_line_reply(line, 200, NULL); /* too late, and no harm */
	desk_free(desk);
}

static void nobody_connected(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_token(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	struct desk_line *line = desk_line_connect(desk);
	desk_line_nothing(line);
	desk_advance(desk, SECONDS(15));
	desk_line_event(line, "im.message.receive_v1");
	desk_line_reply(line, 200, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

/* Each event to one of them, any; the reply must come over the same. */
static void each_to_one(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *a = desk_line_connect(desk), *b = desk_line_connect(desk);
	for (int i = 0; i < 40; i++)
		desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_settle(desk);
	assert_int_equal(a->packets.length + b->packets.length, 40);
	assert_in_range(a->packets.length, 1, 39); /* 40 of one kind: once in 10^12 */
	while (!g_queue_is_empty(&a->packets)) {
		desk_line_event(a, "im.message.receive_v1");
		desk_line_reply(a, 200, NULL);
	}
	desk_line_event(b, "im.message.receive_v1");
	struct packet *of_b = g_steal_pointer(&b->last);
	packet_free(a->last);
	a->last = of_b;
	desk_line_reply(a, 200, NULL); /* b's, over a's connection */
	while (!g_queue_is_empty(&b->packets)) {
		desk_line_event(b, "im.message.receive_v1");
		desk_line_reply(b, 200, NULL);
	}
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

static void take_fragments(struct desk_line *line, GString *whole, guint *frames, char **message_id)
{
	guint sum = 0;
	do {
		const struct packet *packet = desk_line_packet(line);
		gsize length;
		const char *piece = packet_payload(packet, &length);
		sum = (guint)g_ascii_strtoull(packet_header(packet, "sum"), NULL, 10);
		assert_in_range(g_ascii_strtoull(packet_header(packet, "seq"), NULL, 10), 0, sum - 1);
		g_string_append_len(whole, piece, (gssize)length);
		if (*message_id)
			assert_string_equal(packet_header(packet, "message_id"), *message_id);
		else
			*message_id = g_strdup(packet_header(packet, "message_id"));
	} while (++*frames < sum);
}

static void fragments(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'feishu','fragment_bytes':100}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'a long word about 云峰集团'}");
	g_autoptr(GString) whole = g_string_new(NULL);
	g_autofree char *message_id = NULL;
	guint frames = 0;
	take_fragments(line, whole, &frames, &message_id);
	assert_in_range(frames, 5, 64);
	g_autoptr(cJSON) event = json_parse(whole->str, whole->len, NULL);
	assert_string_equal(json_text_or(event, "event.message.content", ""), "{\"text\":\"a long word about 云峰集团\"}");
	desk_line_reply(line, 200, NULL); /* to the last fragment */
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'feishu','fragment_reverse':true,'fragment_repeat':true}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'backwards'}");
	const struct packet *first = desk_line_packet(line);
	assert_int_equal(g_ascii_strtoull(packet_header(first, "seq"), NULL, 10) + 1, g_ascii_strtoull(packet_header(first, "sum"), NULL, 10));
	g_autofree char *seq = g_strdup(packet_header(first, "seq"));
	assert_string_equal(packet_header(desk_line_packet(line), "seq"), seq);
	desk_free(desk);
}

/* ---- bad luck ---- */

static void bad_luck(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'faults','lose_acks':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_line_event(line, "im.message.receive_v1");
	desk_line_reply(line, 200, NULL);
	desk_advance(desk, SECONDS(3));
	desk_advance(desk, SECONDS(15));
	desk_line_event(line, "im.message.receive_v1");
	desk_line_reply(line, 200, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'faults','duplicate_events':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	g_autofree char *id = g_strdup(json_text_or(desk_line_event(line, "im.message.receive_v1"), "header.event_id", ""));
	desk_line_reply(line, 200, NULL);
	assert_string_equal(json_text_or(desk_line_event(line, "im.message.receive_v1"), "header.event_id", ""), id);
	desk_line_reply(line, 200, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'frame','hex':'08011002'}"); /* no frame: a required field is missing */
	desk_act_fails(desk, "{'do':'frame','hex':'0g'}", "hexadecimal");
	desk_line_nothing(line);
	desk_act(desk, "{'do':'faults','drop_after':true,'times':1,'methods':['im.message.create']}");
	g_autofree char *token = g_strconcat("Authorization: Bearer ", desk_token(desk), NULL);
	const char *body = desk_send_body(desk, SALES, "text", "{'text':'once'}", "uuid-1");
	struct desk_answer *a = desk_request(desk, "POST", "open-apis/" CREATE, (const char *[]){ token, NULL }, body, strlen(body));
	assert_int_not_equal(a->outcome, HTTP_OK);
	desk_answer_free(a);
	assert_string_equal(json_text_or(last_message(desk), "text", ""), "once");
	const char *before = json_text_or(last_message(desk), "ts", "");
	g_autofree char *ts = ts_of(json_text_or(desk_open_ok(desk, "POST", CREATE, body), "message_id", ""));
	assert_string_equal(ts, before); /* the same uuid: the same message */
	desk_act(desk, "{'do':'faults','silence':true}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'into the dark'}");
	desk_line_nothing(line);
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

/* An event whose connection ends comes again over the next one. */
static void expect_over_another(struct desk *desk, struct desk_line *gone)
{
	desk_wait(&gone->closed);
	struct desk_line *line = desk_line_connect(desk);
	desk_advance(desk, SECONDS(3));
	desk_advance(desk, SECONDS(15));
	desk_line_event(line, "im.message.receive_v1");
	desk_line_reply(line, 200, NULL);
	assert_true(sandbox_is_quiet(desk->sandbox));
}

static void dropped_at_each_step(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	desk_act(desk, "{'do':'faults','drop_after':true,'times':1,'methods':['ws.endpoint']}");
	assert_int_equal(json_int_or(desk_endpoint(desk, DESK_APP, DESK_SECRET), "status", -1), 0);
	desk_act(desk, "{'do':'faults','drop_greeting':true,'times':1,'methods':[]}");
	desk_wait(&desk_line_connect(desk)->closed);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'faults','drop_event':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	expect_over_another(desk, line);
	assert_true(g_queue_is_empty(&line->packets));
	desk_act(desk, "{'do':'drop_connections'}");
	line = desk_line_connect(desk);
	desk_act(desk, "{'do':'faults','drop_ack':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'y'}");
	desk_line_event(line, "im.message.receive_v1");
	desk_line_reply(line, 200, NULL);
	expect_over_another(desk, line);
	desk_free(desk);
}

static char *said_next(struct desk_line *line)
{
	char *content = g_strdup(json_text_or(desk_line_event(line, "im.message.receive_v1"), "event.message.content", ""));
	desk_line_reply(line, 200, NULL);
	return content;
}

static void out_of_order(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'faults','swap_events':true,'garbage':true}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'1'}");
	desk_line_nothing(line);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'2'}");
	g_autofree char *second = said_next(line), *first = said_next(line);
	assert_string_equal(second, "{\"text\":\"2\"}");
	assert_string_equal(first, "{\"text\":\"1\"}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'3'}");
	desk_line_nothing(line);
	desk_advance(desk, SECONDS(1)); /* nobody else says anything */
	g_autofree char *third = said_next(line);
	assert_string_equal(third, "{\"text\":\"3\"}");
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

static void a_lost_fragment(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'feishu','fragment_bytes':300}");
	desk_act(desk, "{'do':'faults','lose_fragment':true,'times':1}");
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'x'}");
	desk_settle(desk);
	guint sum = (guint)g_ascii_strtoull(packet_header(desk_line_packet(line), "sum"), NULL, 10);
	assert_int_equal(g_queue_get_length(&line->packets) + 2, sum);
	desk_free(desk);
}

static void answered(const struct http_response *response, gpointer data)
{
	*(int *)data = response->status;
}

static void delayed(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *url = g_strconcat(sandbox_url(desk->sandbox), "callback/ws/endpoint", NULL);
	int status = 0;
	desk_act(desk, "{'do':'faults','delay_ms':30000}");
	http_send(desk->http, &(struct http_request){ .method = "POST", .url = url, .body = "{}", .body_length = 2 }, answered, &status);
	desk_settle(desk);
	assert_false(sandbox_is_quiet(desk->sandbox));
	desk_advance(desk, SECONDS(30) - 1);
	assert_int_equal(status, 0);
	desk_advance(desk, 1);
	assert_int_equal(status, 200);
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

static void tokens(void **state)
{
	static const char *const none[] = { "Content-Type: application/json", NULL };
	static const char *const odd[] = { "Authorization: Bearer x-1", NULL };
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_answer *a = desk_request(desk, "GET", "open-apis/bot/v3/info", none, NULL, 0);
	assert_int_equal(json_int_or(a->json, "code", 0), 99991661);
	desk_answer_free(a);
	a = desk_request(desk, "GET", "open-apis/bot/v3/info", odd, NULL, 0);
	assert_int_equal(json_int_or(a->json, "code", 0), 99991671);
	desk_answer_free(a);
	assert_string_equal(json_text_or(desk_open_ok(desk, "GET", "bot/v3/info", NULL), "bot.open_id", ""), "ou_ubelltower");
	g_autofree char *first = g_strdup(desk_token(desk));
	desk_advance(desk, MINUTES(89));
	desk_new_token(desk);
	assert_string_equal(desk_token(desk), first); /* more than half an hour is left */
	desk_advance(desk, MINUTES(2));
	desk_new_token(desk);
	assert_string_not_equal(desk_token(desk), first);
	g_autofree char *header = g_strconcat("Authorization: Bearer ", first, NULL);
	a = desk_request(desk, "GET", "open-apis/bot/v3/info", (const char *[]){ header, NULL }, NULL, 0);
	assert_int_equal(json_int_or(a->json, "code", -1), 0); /* both live */
	desk_answer_free(a);
	desk_advance(desk, MINUTES(30));
	a = desk_request(desk, "GET", "open-apis/bot/v3/info", (const char *[]){ header, NULL }, NULL, 0);
	assert_int_equal(json_int_or(a->json, "code", 0), 99991663);
	assert_int_equal(a->status, 400);
	desk_answer_free(a);
	desk_act(desk, "{'do':'faults','expired_token':true,'times':1}");
	desk_open_fails(desk, "GET", "bot/v3/info", NULL, 99991663);
	desk_open_fails(desk, "GET", "bot/v3/info", NULL, 99991663);
	desk_new_token(desk);
	desk_open_ok(desk, "GET", "bot/v3/info", NULL);
	desk_free(desk);
}

/* ---- REST ---- */

static void sending(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *data = desk_send(desk, SALES, "text", "{'text':'<at user_id=\\'" ANA "\\'>Ana</at> **hello** <2'}");
	assert_string_equal(json_text_or(data, "sender.id", ""), DESK_APP);
	assert_string_equal(json_text_or(data, "mentions.0.id", ""), ANA);
	assert_string_equal(json_text_or(last_message(desk), "text", ""), "<@U0ANA0000> *hello* &lt;2");
	g_autofree char *id = g_strdup(json_text_or(data, "message_id", "")), *path = g_strdup_printf("im/v1/messages/%s", id);
	data = desk_open_ok(desk, "PUT", path, "{'msg_type':'text','content':'{\\'text\\':\\'new\\'}'}");
	assert_true(json_bool_or(data, "updated", FALSE));
	assert_true(json_bool_or(last_message(desk), "edited", FALSE));
	desk_open_fails(desk, "PATCH", path, "{'content':'{}'}", 230001);
	g_autofree char *urgent = g_strdup_printf("%s/urgent_app?user_id_type=open_id", path);
	data = desk_open_ok(desk, "PATCH", urgent, "{'user_id_list':['" ANA "','ou_nobody']}");
	assert_string_equal(json_text_or(data, "invalid_user_id_list.0", ""), "ou_nobody");
	assert_string_equal(json_text_or(last_message(desk), "urgent.0", ""), "U0ANA0000");
	g_autofree char *ts = g_strdup(json_text_or(last_message(desk), "ts", ""));
	g_autofree char *seen = g_strdup_printf("{'do':'ack_urgent','as':'ana','channel':'#sales','ts':'%s'}", ts);
	g_autofree char *stranger = g_strdup_printf("{'do':'ack_urgent','as':'wei','channel':'#sales','ts':'%s'}", ts);
	desk_act_fails(desk, stranger, "not buzzed");
	desk_act(desk, seen);
	desk_act_fails(desk, seen, "already");
	assert_string_equal(json_text_or(last_message(desk), "urgent_seen.0", ""), "U0ANA0000");
	assert_int_equal(cJSON_GetArraySize(json_array(desk_open_ok(desk, "GET", path, NULL), "items")), 1);
	desk_open_ok(desk, "DELETE", path, NULL);
	desk_open_fails(desk, "DELETE", path, NULL, 230011);
	desk_open_fails(desk, "POST", CREATE, desk_send_body(desk, RANDOM, "text", "{'text':'x'}", NULL), 230002);
	desk_open_fails(desk, "POST", CREATE, desk_send_body(desk, "oc_nothing", "text", "{'text':'x'}", NULL), 230001);
	desk_open_fails(desk, "POST", CREATE, desk_send_body(desk, SALES, "text", "no json", NULL), 230001);
	desk_open_fails(desk, "POST", "im/v1/messages", desk_send_body(desk, SALES, "text", "{'text':'x'}", NULL), 99992402);
	desk_open_fails(desk, "POST", "im/v1/messages?receive_id_type=open_id", desk_send_body(desk, "ou_x", "text", "{'text':'x'}", NULL), 99992351);
	data = desk_open_ok(desk, "POST", "im/v1/messages?receive_id_type=open_id", desk_send_body(desk, ANA, "post",
		"{'zh_cn':{'title':'日报','content':[[{'tag':'text','text':'<b>'},{'tag':'at','user_id':'" ANA "'}],[{'tag':'md','text':'**小结**'}]]}}", NULL));
	assert_string_equal(json_text_or(data, "chat_id", ""), "oc_d0ana0000");
	assert_string_equal(json_text_or(last_message(desk), "text", ""), "*日报*\n&lt;b&gt;<@U0ANA0000>\n*小结*");
	desk_act(desk, "{'do':'deactivate','user':'ana'}");
	desk_open_fails(desk, "POST", "im/v1/messages?receive_id_type=open_id", desk_send_body(desk, ANA, "text", "{'text':'x'}", NULL), 230029);
	desk_free(desk);
}

static void reading(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	const cJSON *data = desk_open_ok(desk, "GET", "im/v1/chats?page_size=100", NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(data, "items")), 1);
	assert_string_equal(json_text_or(data, "items.0.chat_id", ""), SALES);
	assert_string_equal(json_text_or(desk_open_ok(desk, "GET", "im/v1/chats/" SALES, NULL), "user_count", ""), "6");
	desk_open_fails(desk, "GET", "im/v1/chats/" RANDOM, NULL, 232011);
	data = desk_open_ok(desk, "GET", "im/v1/chats/" SALES "/members?page_size=4", NULL);
	assert_true(json_bool_or(data, "has_more", FALSE));
	g_autofree char *next = g_strdup_printf("im/v1/chats/" SALES "/members?page_size=4&page_token=%s", json_text_or(data, "page_token", ""));
	data = desk_open_ok(desk, "GET", next, NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(data, "items")), 2); /* the seventh is the bot */
	assert_null(json_at(data, "page_token"));
	data = desk_open_ok(desk, "GET", "contact/v3/users/" ANA "?user_id_type=open_id", NULL);
	assert_string_equal(json_text_or(data, "user.name", ""), "Ana");
	assert_null(json_at(data, "user.user_id"));
	data = desk_open_ok(desk, "GET", "contact/v3/users/batch?user_ids=" ANA "&user_ids=ou_u0tom0000&user_ids=ou_none", NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(data, "items")), 2);
	data = desk_open_ok(desk, "POST", "contact/v3/users/batch_get_id", "{'emails':['ana@lantern.example','nobody@example.com']}");
	assert_string_equal(json_text_or(data, "user_list.0.user_id", ""), ANA);
	assert_null(json_at(data, "user_list.1.user_id"));
	desk_open_fails(desk, "GET", "contact/v3/users/ou_none", NULL, 41012);
	assert_int_equal(json_int_or(desk_open(desk, "GET", "im/v1/nothing", NULL), "status", 0), 404);
	for (int i = 0; i < 3; i++)
		desk_send(desk, SALES, "text", "{'text':'x'}");
	data = desk_open_ok(desk, "GET", "im/v1/messages?container_id_type=chat&container_id=" SALES "&sort_type=ByCreateTimeDesc&page_size=2", NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(data, "items")), 2);
	assert_true(json_bool_or(data, "has_more", FALSE));
	data = desk_open_ok(desk, "GET", "im/v1/messages?container_id_type=chat&container_id=" SALES "&start_time=1772413201", NULL);
	assert_int_equal(cJSON_GetArraySize(json_array(data, "items")), 0);
	desk_free(desk);
}

/* What a company file does not grant is missing, refused by name, or not heard. */
static void scopes(void **state)
{
	static const char company_text[] = "{\"members\":[{\"name\":\"ana\"}],\"channels\":[{\"name\":\"sales\",\"members\":[\"ana\",\"belltower\"]}],"
					   "\"feishu\":{\"scopes\":[\"im:message.group_at_msg:readonly\",\"contact:contact.base:readonly\"],"
					   "\"menu\":[{\"key\":\"k\",\"name\":\"n\"}]}}";
	(void)state;
	g_autoptr(cJSON) company = json_parse(company_text, sizeof company_text - 1, NULL);
	struct desk *desk = desk_new(&(struct sandbox_options){ .company = company, .no_rate_limits = TRUE });
	struct desk_line *line = desk_line_connect(desk);
	const cJSON *answer = desk_open_fails(desk, "POST", CREATE, desk_send_body(desk, SALES, "text", "{'text':'x'}", NULL), 99991672);
	assert_string_equal(json_text_or(answer, "error.permission_violations.0.subject", ""), "im:message:send_as_bot");
	const cJSON *user = json_at(desk_open_ok(desk, "GET", "contact/v3/users/" ANA, NULL), "user");
	assert_int_equal(cJSON_GetArraySize(user), 2); /* ids only */
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'not for the bot'}");
	desk_line_nothing(line);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'@belltower for you'}");
	desk_line_event(line, "im.message.receive_v1");
	g_autoptr(cJSON) whole = sandbox_state(desk->sandbox);
	assert_string_equal(json_text_or(whole, "feishu.menu.0.key", ""), "k");
	desk_free(desk);
}

/* ---- limits ---- */

static void limits(void **state)
{
	(void)state;
	struct desk *desk = desk_new(&(struct sandbox_options){ 0 });
	const char *body = desk_send_body(desk, SALES, "text", "{'text':'x'}", NULL);
	for (int i = 0; i < 5; i++)
		desk_open_ok(desk, "POST", CREATE, body);
	desk_open_fails(desk, "POST", CREATE, body, 230020);
	desk_advance(desk, SECONDS(1));
	desk_open_ok(desk, "POST", CREATE, body);
	for (int i = 0; i < 50; i++)
		desk_open_ok(desk, "GET", "im/v1/chats", NULL);
	assert_int_equal(json_int_or(desk_open_fails(desk, "GET", "im/v1/chats", NULL, 99991400), "status", 0), 429);
	desk_act(desk, "{'do':'feishu','quota':100,'used':99}");
	desk_advance(desk, SECONDS(1));
	desk_open_ok(desk, "GET", "im/v1/chats", NULL);
	assert_int_equal(json_int_or(desk_open_fails(desk, "GET", "im/v1/chats", NULL, 99991403), "status", 0), 429);
	desk_open_ok(desk, "GET", "contact/v3/users/" ANA, NULL); /* contacts do not count */
	g_autoptr(cJSON) before = sandbox_state(desk->sandbox);
	assert_int_equal(json_int_or(before, "feishu.quota.used", 0), 100);
	assert_string_equal(json_text_or(before, "feishu.quota.month", ""), "2026-03");
	desk_act(desk, "{'do':'clock','set_ms':1775030400000}"); /* 1 April in Shanghai */
	desk_open_ok(desk, "GET", "im/v1/chats", NULL);
	g_autoptr(cJSON) after = sandbox_state(desk->sandbox);
	assert_int_equal(json_int_or(after, "feishu.quota.used", 0), 1);
	desk_free(desk);
}

/* ---- cards ---- */

static void presses(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	g_autofree char *id = g_strdup(json_text_or(desk_send(desk, SALES, "interactive", CARD(BUTTON)), "message_id", ""));
	assert_string_equal(json_text_or(last_message(desk), "text", ""), "标题");
	assert_string_equal(json_text_or(last_message(desk), "card.body.elements.0.name", ""), "go");
	g_autofree char *ts = ts_of(id), *press = g_strdup_printf("{'do':'press','as':'wei','channel':'#sales','ts':'%s','button':'Go'}", ts);
	desk_act(desk, press);
	const cJSON *e = desk_line_event(line, "card.action.trigger");
	assert_int_equal(strlen(json_text_or(e, "header.create_time", "")), 16);
	assert_string_equal(json_text_or(e, "event.operator.open_id", ""), "ou_u0wei0000");
	assert_string_equal(json_text_or(e, "event.context.open_message_id", ""), id);
	assert_int_equal(json_int_or(e, "event.action.value.n", 0), 1);
	g_autofree char *token = g_strdup(json_text_or(e, "event.token", ""));
	g_autofree char *update = g_strdup_printf("{'token':'%s','card':%s}", token, CARD("{'tag':'hr'}"));
	desk_open_fails(desk, "POST", "interactive/v1/card/update", update, 300020); /* not before the answer */
	desk_line_reply(line, 200, "{'toast':{'type':'success','content':'ok','i18n':{'zh_cn':'好'}},'card':{'type':'raw','data':" CARD(BUTTON ",{'tag':'hr'}") "}}");
	assert_string_equal(json_text_or(desk_delta(desk, "notice"), "text", ""), "好"); /* wei reads Chinese */
	assert_string_equal(json_text_or(desk_delta(desk, "notice"), "toast", ""), "success");
	assert_string_equal(json_text_or(last_message(desk), "card.body.elements.1.tag", ""), "hr");
	desk_open_ok(desk, "POST", "interactive/v1/card/update", update);
	desk_open_ok(desk, "POST", "interactive/v1/card/update", update);
	desk_open_fails(desk, "POST", "interactive/v1/card/update", update, 300040);
	assert_string_equal(json_text_or(last_message(desk), "card.body.elements.0.tag", ""), "hr");
	desk_act_fails(desk, press, "no such component");
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

/* What the person's client says when the answer is no good. */
static void presses_in_vain(void **state)
{
	static const struct {
		const char *data, *words;
		int code;
	} cases[] = {
		{ NULL, "200672", 200 }, { "{'toast':'x'}", "200672", 200 }, { "{}", "200671", 500 },
		{ "{'card':{'type':'raw','data':{'schema':'2.0','body':{'elements':[{'tag':'note'}]}}}}", "200673", 200 },
		{ "{'card':{'type':'raw','data':{'elements':[]}}}", "200830", 200 }, { "{'card':{}}", "200672", 200 },
	};
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	g_autofree char *ts = ts_of(json_text_or(desk_send(desk, SALES, "interactive", CARD(BUTTON)), "message_id", ""));
	g_autofree char *press = g_strdup_printf("{'do':'press','as':'ana','channel':'#sales','ts':'%s','name':'go'}", ts);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		desk_act(desk, press);
		desk_line_event(line, "card.action.trigger");
		desk_line_reply(line, cases[i].code, cases[i].data);
		assert_non_null(strstr(json_text_or(desk_delta(desk, "notice"), "text", ""), cases[i].words));
	}
	desk_act(desk, press);
	desk_line_event(line, "card.action.trigger");
	desk_advance(desk, SECONDS(3));
	assert_non_null(strstr(json_text_or(desk_delta(desk, "notice"), "text", ""), "200341"));
	desk_advance(desk, HOURS(7));
	desk_line_nothing(line); /* never pushed again */
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

#define FORM                                                                                                                   \
	"{'tag':'form','name':'f','elements':[{'tag':'input','name':'done','required':true,'max_length':5},"                   \
	"{'tag':'input','name':'blocked','default_value':'none'},{'tag':'date_picker','name':'due'},"                          \
	"{'tag':'select_static','name':'mood','options':[{'text':{'tag':'plain_text','content':'ok'},'value':'1'}]},"          \
	"{'tag':'button','name':'send','text':{'tag':'plain_text','content':'提交'},'form_action_type':'submit',"                \
	"'behaviors':[{'type':'callback','value':{'f':7}}]}]}"

static void forms(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	g_autofree char *ts = ts_of(json_text_or(desk_send(desk, SALES, "interactive", CARD(FORM)), "message_id", ""));
	g_autofree char *empty = g_strdup_printf("{'do':'submit','as':'ana','channel':'#sales','ts':'%s','form_value':{}}", ts);
	g_autofree char *wide = g_strdup_printf("{'do':'submit','as':'ana','channel':'#sales','ts':'%s','form_value':{'done':'123456'}}", ts);
	g_autofree char *good = g_strdup_printf("{'do':'submit','as':'ana','channel':'#sales','ts':'%s','form_value':{'done':'三家','due':'2026-03-05','mood':'1'}}", ts);
	g_autofree char *press = g_strdup_printf("{'do':'press','as':'ana','channel':'#sales','ts':'%s','name':'send'}", ts);
	desk_act_fails(desk, empty, "required");
	desk_act_fails(desk, wide, "too long");
	desk_act_fails(desk, press, "submit it");
	desk_act(desk, good);
	const cJSON *e = desk_line_event(line, "card.action.trigger");
	assert_string_equal(json_text_or(e, "event.action.name", ""), "send");
	assert_int_equal(json_int_or(e, "event.action.value.f", 0), 7);
	assert_string_equal(json_text_or(e, "event.action.form_value.done", ""), "三家");
	assert_string_equal(json_text_or(e, "event.action.form_value.blocked", ""), "none");
	assert_string_equal(json_text_or(e, "event.action.form_value.due", ""), "2026-03-05 +0800");
	assert_string_equal(json_text_or(e, "event.action.form_value.mood", ""), "1");
	desk_line_reply(line, 200, "{}");
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_free(desk);
}

static const char *patch_body(struct desk *desk, const char *card)
{
	g_autoptr(cJSON) body = cJSON_CreateObject();
	g_autofree char *json = g_strdelimit(g_strdup(card), "'", '"');
	json_put_text(body, "content", json);
	char *text = json_print(body);
	g_ptr_array_add(desk->texts, text);
	return text;
}

static void changed_cards(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	g_autofree char *path = g_strdup_printf("im/v1/messages/%s", json_text_or(desk_send(desk, SALES, "interactive", CARD(BUTTON)), "message_id", ""));
	desk_open_ok(desk, "PATCH", path, patch_body(desk, CARD("{'tag':'hr'}")));
	assert_string_equal(json_text_or(last_message(desk), "card.body.elements.0.tag", ""), "hr");
	desk_open_fails(desk, "PATCH", path, patch_body(desk, "{'config':{'update_multi':true},'elements':[]}"), 230099);
	desk_open_fails(desk, "PATCH", path, patch_body(desk, CARD("{'tag':'action'}")), 230099);
	desk_open_fails(desk, "PUT", path, "{'msg_type':'text','content':'{\\'text\\':\\'x\\'}'}", 230001);
	desk_advance(desk, DAYS(14) + 1);
	desk_new_token(desk);
	desk_open_fails(desk, "PATCH", path, patch_body(desk, CARD("")), 230031);
	const cJSON *data = desk_open_ok(desk, "POST", "ephemeral/v1/send", "{'chat_id':'" SALES "','open_id':'" ANA "','msg_type':'interactive','card':" CARD(BUTTON) "}");
	assert_string_equal(json_text_or(last_message(desk), "ephemeral_to", ""), "U0ANA0000");
	g_autofree char *delete = g_strdup_printf("{'message_id':'%s'}", json_text_or(data, "message_id", ""));
	desk_open_ok(desk, "POST", "ephemeral/v1/delete", delete);
	desk_open_fails(desk, "POST", "ephemeral/v1/send", "{'chat_id':'oc_d0ana0000','open_id':'" ANA "','msg_type':'interactive','card':{}}", 10002);
	desk_free(desk);
}

/* ---- uploads ---- */

static struct desk_answer *upload(struct desk *desk, const char *path, const char *fields, const char *name, const char *bytes, gsize length)
{
	g_autofree char *token = g_strconcat("Authorization: Bearer ", desk_token(desk), NULL);
	g_autoptr(GString) body = g_string_new(fields);
	g_string_append_printf(body, "--B\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x\"\r\n\r\n", name);
	g_string_append_len(body, bytes, (gssize)length);
	g_string_append(body, "\r\n--B--\r\n");
	return desk_request(desk, "POST", path, (const char *[]){ token, "Content-Type: multipart/form-data; boundary=B", NULL }, body->str, body->len);
}

#define FIELD(name, value) "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"

static void uploads(void **state)
{
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1";
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_line *line = desk_line_connect(desk);
	struct desk_answer *a = upload(desk, "open-apis/im/v1/images", FIELD("image_type", "message"), "image", png, sizeof png - 1);
	g_autofree char *content = g_strdup_printf("{'image_key':'%s'}", json_text_or(a->json, "data.image_key", ""));
	desk_answer_free(a);
	desk_send(desk, SALES, "image", content);
	assert_string_equal(json_text_or(last_message(desk), "files.0.mimetype", ""), "image/png");
	a = upload(desk, "open-apis/im/v1/images", FIELD("image_type", "message"), "image", "text", 4);
	assert_int_equal(json_int_or(a->json, "code", 0), 234011);
	desk_answer_free(a);
	a = upload(desk, "open-apis/im/v1/files", FIELD("file_type", "pdf") FIELD("file_name", "a.pdf"), "file", "pdf", 3);
	g_autofree char *file = g_strdup_printf("{'file_key':'%s'}", json_text_or(a->json, "data.file_key", ""));
	desk_answer_free(a);
	desk_send(desk, SALES, "file", file);
	a = upload(desk, "open-apis/im/v1/files", FIELD("file_type", "pdf"), "file", "pdf", 3);
	assert_int_equal(json_int_or(a->json, "code", 0), 234001);
	desk_answer_free(a);
	desk_act(desk, "{'do':'upload','as':'ana','channel':'#sales','name':'a.txt','base64':'aGVsbG8='}");
	const cJSON *e = desk_line_event(line, "im.message.receive_v1");
	g_autoptr(cJSON) said = json_parse(json_text_or(e, "event.message.content", ""), strlen(json_text_or(e, "event.message.content", "")), NULL);
	g_autofree char *path = g_strdup_printf("open-apis/im/v1/messages/%s/resources/%s?type=file", json_text_or(e, "event.message.message_id", ""),
		json_text_or(said, "file_key", ""));
	g_autofree char *token = g_strconcat("Authorization: Bearer ", desk_token(desk), NULL);
	a = desk_request(desk, "GET", path, (const char *[]){ token, NULL }, NULL, 0);
	assert_string_equal(a->body, "hello");
	desk_answer_free(a);
	desk_free(desk);
}

/* Slack's app and Feishu's in one company: each is told in its own way. */
static void both(void **state)
{
	(void)state;
	struct desk *desk = desk_new(NULL);
	struct desk_link *link = desk_connect(desk);
	struct desk_line *line = desk_line_connect(desk);
	desk_act(desk, "{'do':'say','as':'ana','channel':'#sales','text':'hello'}");
	desk_event(link, "message");
	desk_line_event(line, "im.message.receive_v1");
	desk_act(desk, "{'do':'reset'}");
	assert_true(sandbox_is_quiet(desk->sandbox));
	desk_act(desk, "{'do':'drop_connections'}");
	desk_wait(&line->closed);
	desk_wait(&link->closed);
	desk_free(desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoint),
		cmocka_unit_test(fifty_connections),
		cmocka_unit_test(ping),
		cmocka_unit_test(said),
		cmocka_unit_test(said_twice),
		cmocka_unit_test(threads),
		cmocka_unit_test(recalls_and_reactions),
		cmocka_unit_test(people_and_chats),
		cmocka_unit_test(pushed_again),
		cmocka_unit_test(nobody_connected),
		cmocka_unit_test(each_to_one),
		cmocka_unit_test(fragments),
		cmocka_unit_test(bad_luck),
		cmocka_unit_test(dropped_at_each_step),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(a_lost_fragment),
		cmocka_unit_test(delayed),
		cmocka_unit_test(tokens),
		cmocka_unit_test(sending),
		cmocka_unit_test(reading),
		cmocka_unit_test(scopes),
		cmocka_unit_test(limits),
		cmocka_unit_test(presses),
		cmocka_unit_test(presses_in_vain),
		cmocka_unit_test(forms),
		cmocka_unit_test(changed_cards),
		cmocka_unit_test(uploads),
		cmocka_unit_test(both),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
