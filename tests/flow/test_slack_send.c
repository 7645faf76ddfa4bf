/* SPDX-License-Identifier: MIT */
/* The Slack adapter's errands over real sockets: what is sent, looked for, asked, and checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/message.h"
#include "platform/slack/slack.h"
#include "tests/support/scene.h"

#define POST	"chat.postMessage"
#define HISTORY "conversations.history"
#define REPLIES "conversations.replies"
#define POSTED	"{\"ok\":true,\"channel\":\"C0SALES00\",\"ts\":\"1767225601.000200\"}"

static int set_up(void **state)
{
	struct scene *s = scene_on_slack();
	*state = s;
	straw_default(s->slack, POST, POSTED);
	straw_default(s->slack, "conversations.open", "{\"ok\":true,\"channel\":{\"id\":\"D0ANA\"}}");
	scene_go_live(s);
	return 0;
}

static int tear_down(void **state)
{
	scene_free(*state);
	return 0;
}

static struct outbox_row *post_row(struct scene *s)
{
	g_autoptr(message_auto) card = message_new();
	message_say(card, "good morning");
	struct outbox_row *row = scene_row(s, OUTBOX_POST);
	row->channel = g_strdup("C0SALES00");
	row->content = message_to_json(card);
	return row;
}

/* A message of ours as history has it. */
static char *ours(gint64 row, const char *ts)
{
	return g_strdup_printf("{\"type\":\"message\",\"user\":\"U0BELLBOT\",\"bot_id\":\"B0BELL000\",\"app_id\":\"A0BELL000\","
			       "\"text\":\"good morning\",\"ts\":\"%s\",\"metadata\":{\"event_type\":\"belltower\","
			       "\"event_payload\":{\"k\":\"%" G_GINT64_FORMAT "\"}}}",
		ts, row);
}

static char *page(const char *messages, const char *cursor)
{
	return g_strdup_printf("{\"ok\":true,\"messages\":[%s],\"has_more\":%s,\"response_metadata\":{\"next_cursor\":\"%s\"}}", messages,
		*cursor ? "true" : "false", cursor);
}

static void script_body(struct scene *s, const char *method, const char *body)
{
	/* The script keeps the pointer; the stage's straw lives as long as the test. */
	straw_script(s->slack, method, (struct script){ .body = g_intern_string(body) });
}

/* --- sending --- */

static void a_post_stands(void **state)
{
	struct scene *s = *state;
	scene_send(s, post_row(s));
	const struct scene_told *t = scene_outcome(s, 0);
	assert_int_equal(t->result, SEND_DONE);
	assert_string_equal(t->message, "1767225601.000200");
	assert_string_equal(t->channel, "C0SALES00");
	g_autoptr(cJSON) sent = json_parse(straw_body(s->slack, POST, 0), strlen(straw_body(s->slack, POST, 0)), NULL);
	assert_string_equal(json_text_or(sent, "metadata.event_payload.k", ""), "1");
}

static void a_direct_message_finds_its_channel_once(void **state)
{
	struct scene *s = *state;
	for (unsigned i = 0; i < 2; i++) {
		struct outbox_row *row = post_row(s);
		g_clear_pointer(&row->channel, g_free);
		row->person = g_strdup("U0ANA");
		scene_send(s, row);
		assert_int_equal(scene_outcome(s, i)->result, SEND_DONE);
	}
	assert_int_equal(straw_calls(s->slack, "conversations.open"), 1);
	assert_non_null(strstr(straw_body(s->slack, POST, 1), "D0ANA"));
}

static void a_person_who_left(void **state)
{
	struct scene *s = *state;
	straw_default(s->slack, "conversations.open", "{\"ok\":false,\"error\":\"user_disabled\"}");
	struct outbox_row *row = post_row(s);
	g_clear_pointer(&row->channel, g_free);
	row->person = g_strdup("U0LEFT");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	assert_non_null(strstr(scene_outcome(s, 0)->reason, "user_disabled"));
}

/* A direct message whose conversations.open breaks off was not posted: no doubt about it. */
static void opening_is_no_post(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, "conversations.open", (struct script){ .status = 500, .body = "oops" });
	straw_script(s->slack, "conversations.open", (struct script){ .status = 429, .header = "Retry-After: 9" });
	for (unsigned i = 0; i < 2; i++) {
		struct outbox_row *row = post_row(s);
		g_clear_pointer(&row->channel, g_free);
		row->person = g_strdup("U0ANA");
		scene_send(s, row);
		assert_int_equal(scene_outcome(s, i)->result, SEND_LATER);
		assert_false(scene_outcome(s, i)->method_wide);
	}
	assert_int_equal(scene_outcome(s, 1)->after_ms, SECONDS(9));
	assert_int_equal(straw_calls(s->slack, POST), 0);
}

static void a_refused_card(void **state)
{
	struct scene *s = *state;
	script_body(s, POST, "{\"ok\":false,\"error\":\"invalid_blocks\",\"response_metadata\":{\"messages\":[\"[ERROR] too long\"]}}");
	struct outbox_row *row = post_row(s);
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_REFUSED);
	row->plain = TRUE;
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_null(strstr(straw_body(s->slack, POST, 1), "blocks"));
}

static void a_busy_method(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, POST, (struct script){ .status = 429, .header = "Retry-After: 7" });
	scene_send(s, post_row(s));
	const struct scene_told *t = scene_outcome(s, 0);
	assert_int_equal(t->result, SEND_LATER);
	assert_int_equal(t->after_ms, SECONDS(7));
	assert_true(t->method_wide);
}

static void a_revoked_token_stops_all(void **state)
{
	struct scene *s = *state;
	straw_default(s->slack, "auth.test", "{\"ok\":false,\"error\":\"token_revoked\"}");
	script_body(s, POST, "{\"ok\":false,\"error\":\"token_revoked\"}");
	scene_send(s, post_row(s));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_STOPPED);
	assert_non_null(s->refused);
	UNTIL(!s->live);
	scene_send(s, post_row(s));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_STOPPED);
	assert_int_equal(straw_calls(s->slack, POST), 1);
}

/* --- in doubt --- */

static struct outbox_row *doubtful_row(struct scene *s)
{
	struct outbox_row *row = post_row(s);
	straw_script(s->slack, POST, (struct script){ .reply = SCRIPT_DROP });
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, s->outcomes->len)->result, SEND_IN_DOUBT);
	row->in_doubt = TRUE;
	return row;
}

static void in_doubt_and_done(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = doubtful_row(s);
	g_autofree char *mine = ours(row->id, "1767225601.000900");
	g_autofree char *first = page("{\"type\":\"message\",\"user\":\"U0ANA\",\"text\":\"hi\",\"ts\":\"1767225602.000100\"}", "c2");
	g_autofree char *second = page(mine, "");
	script_body(s, HISTORY, first);
	script_body(s, HISTORY, second);
	scene_send(s, row);
	const struct scene_told *t = scene_outcome(s, 1);
	assert_int_equal(t->result, SEND_DONE);
	assert_string_equal(t->message, "1767225601.000900");
	assert_int_equal(straw_calls(s->slack, POST), 1);
	const char *body = straw_body(s->slack, HISTORY, 0);
	g_autofree char *metadata = straw_field(body, "include_all_metadata");
	g_autofree char *oldest = straw_field(body, "oldest");
	g_autofree char *cursor = straw_field(straw_body(s->slack, HISTORY, 1), "cursor");
	assert_string_equal(metadata, "true");
	assert_string_equal(oldest, "1767225540.000000"); /* a minute before the row */
	assert_string_equal(cursor, "c2");
}

static void in_doubt_and_not_done(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = doubtful_row(s);
	g_autofree char *nothing = page("", "");
	straw_default(s->slack, HISTORY, nothing);
	scene_send(s, row);
	loop_settle();
	assert_int_equal(straw_calls(s->slack, HISTORY), 1);
	scene_pass(s, SECONDS(9));
	assert_int_equal(s->outcomes->len, 1); /* it may yet appear */
	scene_pass(s, SECONDS(1));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(straw_calls(s->slack, HISTORY), 2);
	assert_int_equal(straw_calls(s->slack, POST), 2);
}

static void in_doubt_and_late(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = doubtful_row(s);
	g_autofree char *mine = ours(row->id, "1767225605.000900");
	g_autofree char *nothing = page("", ""), *there = page(mine, "");
	script_body(s, HISTORY, nothing);
	script_body(s, HISTORY, there);
	scene_send(s, row);
	scene_pass(s, SECONDS(10));
	assert_string_equal(scene_outcome(s, 1)->message, "1767225605.000900");
	assert_int_equal(straw_calls(s->slack, POST), 1);
}

/* After a crash: no try is remembered, so ten seconds of this life must pass; one look answers for a whole channel. */
static void in_doubt_after_a_crash(void **state)
{
	struct scene *s = *state;
	g_autofree char *first = ours(1, "1767225601.000100"), *third = ours(3, "1767225601.000300");
	g_autofree char *both = g_strdup_printf("%s,%s", third, first);
	g_autofree char *history = page(both, "");
	straw_default(s->slack, HISTORY, history);
	scene_pass(s, SECONDS(10));
	for (unsigned i = 0; i < 3; i++) {
		struct outbox_row *row = post_row(s);
		row->in_doubt = TRUE;
		scene_send(s, row);
		assert_int_equal(scene_outcome(s, i)->result, SEND_DONE);
	}
	assert_string_equal(scene_outcome(s, 0)->message, "1767225601.000100");
	assert_string_equal(scene_outcome(s, 1)->message, "1767225601.000200"); /* posted */
	assert_string_equal(scene_outcome(s, 2)->message, "1767225601.000300");
	assert_int_equal(straw_calls(s->slack, HISTORY), 1);
	assert_int_equal(straw_calls(s->slack, POST), 1);
}

static void in_doubt_in_a_thread(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = doubtful_row(s);
	row->thread = g_strdup("1767225000.000100");
	g_autofree char *mine = ours(row->id, "1767225601.000900");
	g_autofree char *replies = page(mine, "");
	straw_default(s->slack, REPLIES, replies);
	scene_send(s, row);
	assert_string_equal(scene_outcome(s, 1)->message, "1767225601.000900");
	g_autofree char *thread = straw_field(straw_body(s->slack, REPLIES, 0), "ts");
	assert_string_equal(thread, "1767225000.000100");
}

static void in_doubt_and_the_look_is_refused(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = doubtful_row(s);
	straw_script(s->slack, HISTORY, (struct script){ .status = 503, .body = "x" });
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 1)->result, SEND_LATER);
	straw_script(s->slack, HISTORY, (struct script){ .body = "{\"ok\":false,\"error\":\"missing_scope\"}" });
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 2)->result, SEND_FAILED); /* never blindly */
	assert_int_equal(straw_calls(s->slack, POST), 1);
}

static void in_doubt_private(void **state)
{
	struct scene *s = *state;
	struct outbox_row *row = post_row(s);
	row->kind = OUTBOX_PRIVATE;
	row->person = g_strdup("U0ANA");
	row->in_doubt = TRUE;
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	assert_non_null(strstr(scene_outcome(s, 0)->reason, "unknown"));
	assert_int_equal(straw_calls(s->slack, "chat.postEphemeral"), 0);
}

static void in_doubt_harmless(void **state)
{
	struct scene *s = *state;
	straw_default(s->slack, "reactions.add", "{\"ok\":false,\"error\":\"already_reacted\"}");
	struct outbox_row *row = scene_row(s, OUTBOX_REACT);
	row->channel = g_strdup("C0SALES00");
	row->message = g_strdup("1767225600.000100");
	row->word = g_strdup("white_check_mark");
	row->in_doubt = TRUE;
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
}

/* --- asking --- */

static const char a_user[] = "{\"id\":\"%s\",\"name\":\"%s\",\"real_name\":\"%s\",\"tz\":\"Asia/Shanghai\",\"locale\":\"zh-CN\","
			     "\"profile\":{\"display_name\":\"%s\",\"email\":\"x@example.com\"}}";

static char *user(const char *id)
{
	return g_strdup_printf(a_user, id, id, id, id);
}

static void a_person_is_asked_for(void **state)
{
	struct scene *s = *state;
	g_autofree char *ana = user("U0ANA");
	g_autofree char *answer = g_strdup_printf("{\"ok\":true,\"user\":%s}", ana);
	straw_default(s->slack, "users.info", answer);
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_PERSON);
	row->person = g_strdup("U0ANA");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	const struct event *event = scene_event(s, EVENT_PEOPLE, 0);
	assert_int_equal(event->people->len, 1);
	const struct event_person *p = &g_array_index(event->people, struct event_person, 0);
	assert_string_equal(p->account, "U0ANA");
	assert_string_equal(p->zone, "Asia/Shanghai");
	assert_null(event->place.channel);
}

static void nobody_of_that_name(void **state)
{
	struct scene *s = *state;
	straw_default(s->slack, "users.info", "{\"ok\":false,\"error\":\"user_not_found\"}");
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_PERSON);
	row->person = g_strdup("U0NOBODY");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_FAILED);
	assert_int_equal(scene_event_count(s, EVENT_PEOPLE), 0);
}

static struct outbox_row *members_row(struct scene *s)
{
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_MEMBERS);
	row->channel = g_strdup("C0SALES00");
	return row;
}

static void few_members_are_asked_for_singly_and_once(void **state)
{
	struct scene *s = *state;
	script_body(s, "conversations.members",
		"{\"ok\":true,\"members\":[\"U0ANA\",\"U0BO\"],\"response_metadata\":{\"next_cursor\":\"p2\"}}");
	straw_default(s->slack, "conversations.members", "{\"ok\":true,\"members\":[\"U0CAT\"],\"response_metadata\":{\"next_cursor\":\"\"}}");
	static const char *const ids[] = { "U0ANA", "U0BO", "U0CAT" };
	for (unsigned i = 0; i < 3; i++) {
		g_autofree char *one = user(ids[i]);
		g_autofree char *answer = g_strdup_printf("{\"ok\":true,\"user\":%s}", one);
		script_body(s, "users.info", answer);
	}
	scene_send(s, members_row(s));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	const struct event *event = scene_event(s, EVENT_PEOPLE, 0);
	assert_string_equal(event->place.channel, "C0SALES00");
	assert_int_equal(event->people->len, 3);
	assert_int_equal(straw_calls(s->slack, "users.info"), 3);
	scene_send(s, members_row(s)); /* only the third is there now, and she is known */
	assert_int_equal(scene_outcome(s, 1)->result, SEND_DONE);
	assert_int_equal(straw_calls(s->slack, "users.info"), 3);
	assert_int_equal(scene_event(s, EVENT_PEOPLE, 1)->people->len, 1);
}

static void many_members_are_found_in_the_list(void **state)
{
	struct scene *s = *state;
	g_autoptr(GString) ids = g_string_new(NULL);
	g_autoptr(GString) users = g_string_new(NULL);
	for (unsigned i = 0; i < 30; i++) {
		g_autofree char *id = g_strdup_printf("U0%03u", i);
		g_autofree char *one = user(id);
		g_string_append_printf(ids, "%s\"%s\"", i ? "," : "", id);
		g_string_append_printf(users, "%s%s", i ? "," : "", one);
	}
	g_autofree char *stranger = user("U0STRANGER");
	g_autofree char *members = g_strdup_printf("{\"ok\":true,\"members\":[%s]}", ids->str);
	g_autofree char *first = g_strdup_printf(
		"{\"ok\":true,\"members\":[%s],\"response_metadata\":{\"next_cursor\":\"p2\"}}", stranger);
	g_autofree char *second = g_strdup_printf("{\"ok\":true,\"members\":[%s]}", users->str);
	straw_default(s->slack, "conversations.members", members);
	script_body(s, "users.list", first);
	straw_script(s->slack, "users.list", (struct script){ .status = 429, .header = "Retry-After: 30" });
	script_body(s, "users.list", second);
	scene_send(s, members_row(s));
	UNTIL(straw_calls(s->slack, "users.list") == 2);
	scene_pass(s, SECONDS(30)); /* waits as told, and goes on where it was */
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event(s, EVENT_PEOPLE, 0)->people->len, 30);
	assert_int_equal(straw_calls(s->slack, "users.info"), 0);
	assert_int_equal(straw_calls(s->slack, "users.list"), 3);
	g_autofree char *cursor = straw_field(straw_body(s->slack, "users.list", 2), "cursor");
	assert_string_equal(cursor, "p2");
}

/* A workspace whose list is forbidden, or a server that knows no such method: by name, however many; and never the bot. */
static void members_are_found_without_the_list(void **state)
{
	struct scene *s = *state;
	g_autoptr(GString) ids = g_string_new("\"U0BELLBOT\"");
	for (unsigned i = 0; i < 30; i++) {
		g_autofree char *id = g_strdup_printf("U0%03u", i);
		g_string_append_printf(ids, ",\"%s\"", id);
	}
	g_autofree char *members = g_strdup_printf("{\"ok\":true,\"members\":[%s]}", ids->str);
	straw_default(s->slack, "conversations.members", members);
	straw_default(s->slack, "users.list", "{\"ok\":false,\"error\":\"unknown_method\"}");
	g_autofree char *self = g_strdup("{\"ok\":true,\"user\":{\"id\":\"U0BELLBOT\",\"name\":\"belltower\"}}");
	script_body(s, "users.info", self);
	for (unsigned i = 0; i < 30; i++) {
		g_autofree char *id = g_strdup_printf("U0%03u", i);
		g_autofree char *one = user(id);
		g_autofree char *answer = g_strdup_printf("{\"ok\":true,\"user\":%s}", one);
		script_body(s, "users.info", answer);
	}
	scene_send(s, members_row(s));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event(s, EVENT_PEOPLE, 0)->people->len, 30);
}

static void a_channel_is_found_by_name(void **state)
{
	struct scene *s = *state;
	script_body(s, "conversations.list",
		"{\"ok\":true,\"channels\":[{\"id\":\"C1\",\"name\":\"general\"}],\"response_metadata\":{\"next_cursor\":\"n2\"}}");
	script_body(s, "conversations.list", "{\"ok\":true,\"channels\":[{\"id\":\"C2\",\"name\":\"sales\"}]}");
	straw_default(s->slack, "conversations.list", "{\"ok\":true,\"channels\":[]}");
	for (unsigned i = 0; i < 2; i++) {
		struct outbox_row *row = scene_row(s, OUTBOX_ASK_CHANNEL);
		row->word = g_strdup("sales");
		scene_send(s, row);
		assert_int_equal(scene_outcome(s, i)->result, SEND_DONE);
	}
	assert_string_equal(scene_event(s, EVENT_CHANNEL, 0)->place.channel, "C2");
	assert_string_equal(scene_event(s, EVENT_CHANNEL, 0)->text, "sales");
	assert_null(scene_event(s, EVENT_CHANNEL, 1)->place.channel);
}

/* --- what a gap has hidden --- */

static char *said(const char *ts, const char *extra)
{
	return g_strdup_printf("{\"type\":\"message\",\"user\":\"U0ANA\",\"text\":\"at %s\",\"ts\":\"%s\"%s}", ts, ts, extra);
}

static struct outbox_row *history_row(struct scene *s, const char *known)
{
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup("C0SALES00");
	row->message = g_strdup(known);
	return row;
}

static void history_in_order_with_replies(void **state)
{
	struct scene *s = *state;
	g_autofree char *new2 = said("1767225620.000100", ""), *new1 = said("1767225610.000100", "");
	g_autofree char *known = said("1767225600.000100", "");
	/* this morning's prompt: older than what is known, with a reply that is newer */
	g_autofree char *prompt = said("1767220000.000100", ",\"thread_ts\":\"1767220000.000100\",\"latest_reply\":\"1767225615.000100\"");
	g_autofree char *quiet = said("1767219000.000100", ",\"thread_ts\":\"1767219000.000100\",\"latest_reply\":\"1767219500.000100\"");
	g_autofree char *list = g_strjoin(",", new2, new1, known, prompt, quiet, NULL);
	g_autofree char *history = page(list, "");
	g_autofree char *reply = said("1767225615.000100", ",\"thread_ts\":\"1767220000.000100\"");
	g_autofree char *older = said("1767220500.000100", ",\"thread_ts\":\"1767220000.000100\"");
	g_autofree char *thread = g_strjoin(",", prompt, older, reply, NULL);
	g_autofree char *replies = page(thread, "");
	straw_default(s->slack, HISTORY, history);
	straw_default(s->slack, REPLIES, replies);
	scene_send(s, history_row(s, "1767225600.000100"));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	/* What is known is told again, for the sake of what may have waited for its repeat beside it. */
	static const char *const order[] = { "1767225600.000100", "1767225610.000100", "1767225615.000100", "1767225620.000100" };
	assert_int_equal(scene_event_count(s, EVENT_SAID), 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct event *event = scene_event(s, EVENT_SAID, i);
		assert_string_equal(event->message, order[i]);
		assert_true(event->late_copy);
		assert_int_equal(event->receipt, 0);
	}
	assert_string_equal(scene_event(s, EVENT_SAID, 2)->place.thread, "1767220000.000100");
	assert_int_equal(straw_calls(s->slack, REPLIES), 1);
}

/* Apps that are sold get 15 messages a call and one call a minute. */
static void history_in_small_pages(void **state)
{
	struct scene *s = *state;
	for (unsigned p = 0; p < 3; p++) {
		g_autoptr(GString) list = g_string_new(NULL);
		for (unsigned i = 0; i < 15; i++) {
			g_autofree char *ts = g_strdup_printf("%u.000100", 1767225999 - p * 15 - i);
			g_autofree char *one = said(ts, "");
			g_string_append_printf(list, "%s%s", i ? "," : "", one);
		}
		g_autofree char *body = page(list->str, p < 2 ? "more" : "");
		if (p > 0)
			straw_script(s->slack, HISTORY, (struct script){ .status = 429, .header = "Retry-After: 60" });
		script_body(s, HISTORY, body);
	}
	scene_send(s, history_row(s, "1767225600.000100"));
	UNTIL(straw_calls(s->slack, HISTORY) == 2);
	scene_pass(s, SECONDS(61));
	UNTIL(straw_calls(s->slack, HISTORY) == 4);
	scene_pass(s, SECONDS(61));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event_count(s, EVENT_SAID), 45);
	assert_string_equal(scene_event(s, EVENT_SAID, 0)->message, "1767225955.000100");
}

/* After a gap: whoever wrote for the first time stands in no list of ours. One that cannot be read hides no other. */
static void directs_that_nobody_has_named(void **state)
{
	struct scene *s = *state;
	script_body(s, "users.conversations",
		"{\"ok\":true,\"channels\":[{\"id\":\"D0KNOWN\"},{\"id\":\"D0GONE\"},{\"id\":\"D0LEFT\",\"is_user_deleted\":true}],"
		"\"response_metadata\":{\"next_cursor\":\"p2\"}}");
	straw_default(s->slack, "users.conversations", "{\"ok\":true,\"channels\":[{\"id\":\"D0BO\"}]}");
	g_autofree char *first = said("1767225620.000100", ""), *history = page(first, "");
	script_body(s, HISTORY, "{\"ok\":false,\"error\":\"channel_not_found\"}");
	straw_default(s->slack, HISTORY, history);
	struct outbox_row *row = scene_row(s, OUTBOX_ASK_HISTORY);
	row->word = g_strdup("1767225600000");
	row->content = g_strdup("[\"D0KNOWN\"]");
	scene_send(s, row);
	assert_int_equal(scene_outcome(s, 0)->result, SEND_DONE);
	assert_int_equal(scene_event_count(s, EVENT_SAID), 1);
	assert_string_equal(scene_event(s, EVENT_SAID, 0)->place.channel, "D0BO");
	assert_int_equal(straw_calls(s->slack, HISTORY), 2);
	g_autofree char *types = straw_field(straw_body(s->slack, "users.conversations", 0), "types");
	g_autofree char *oldest = straw_field(straw_body(s->slack, HISTORY, 1), "oldest");
	assert_string_equal(types, "im");
	assert_string_equal(oldest, "1767131400.000000"); /* ten minutes before, and as far as threads are looked for */
}

static void history_that_cannot_be_read(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, HISTORY, (struct script){ .status = 500, .body = "<html>" });
	scene_send(s, history_row(s, "1767225600.000100"));
	assert_int_equal(scene_outcome(s, 0)->result, SEND_LATER);
	straw_default(s->slack, HISTORY, "{\"ok\":false,\"error\":\"not_in_channel\"}");
	scene_send(s, history_row(s, ""));
	assert_int_equal(scene_outcome(s, 1)->result, SEND_FAILED);
	assert_int_equal(scene_event_count(s, EVENT_SAID), 0);
}

/* --- limits and the rest --- */

static void limits_are_slacks(void **state)
{
	struct scene *s = *state;
	const struct outbox_row react = { .kind = OUTBOX_REACT }, post = { .kind = OUTBOX_POST };
	struct send_limit l = platform_slack.limit(s->adapter, &react);
	assert_string_equal(l.bucket, "reactions.add");
	assert_true(l.per_minute == 50);
	l = platform_slack.channel_limit(s->adapter, &post);
	assert_true(l.per_minute == 60 && l.burst == 4);
	const struct outbox_row private = { .kind = OUTBOX_PRIVATE };
	assert_true(platform_slack.channel_limit(s->adapter, &private).per_minute <= 0);
	s->workspace.rate_limits = FALSE;
	assert_true(platform_slack.limit(s->adapter, &react).per_minute <= 0);
	assert_true(platform_slack.channel_limit(s->adapter, &post).per_minute <= 0);
}

static void freed_with_errands_under_way(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, POST, (struct script){ .reply = SCRIPT_HOLD });
	scene_send(s, post_row(s));
	UNTIL(straw_calls(s->slack, POST) == 1);
	struct outbox_row *row = post_row(s);
	row->in_doubt = TRUE;
	straw_script(s->slack, HISTORY, (struct script){ .reply = SCRIPT_HOLD });
	scene_send(s, row);
	assert_int_equal(s->outcomes->len, 0); /* the tear-down frees the adapter */
}

/* --- check --online --- */

static void checked(gpointer data, GPtrArray *findings)
{
	*(GPtrArray **)data = findings;
}

static GPtrArray *check(struct scene *s, const char *const *channels)
{
	GPtrArray *findings = NULL;
	platform_slack.check(&(struct adapter_setup){ .workspace = &s->workspace,
				     .clock = s->clock,
				     .lws = s->lws,
				     .channels = channels },
		checked, &findings);
	UNTIL(findings);
	return findings;
}

static gboolean finds(const GPtrArray *findings, const char *part)
{
	for (guint i = 0; i < findings->len; i++)
		if (strstr(findings->pdata[i], part))
			return TRUE;
	return FALSE;
}

static void check_finds_what_is_wrong(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, "auth.test",
		(struct script){ .header = "x-oauth-scopes: chat:write,commands,users:read",
			.body = "{\"ok\":true,\"user\":\"belltower\",\"team\":\"Acme\",\"user_id\":\"U1\"}" });
	straw_script(s->slack, "apps.connections.open", (struct script){ .body = "{\"ok\":false,\"error\":\"missing_scope\","
										     "\"needed\":\"connections:write\"}" });
	script_body(s, "conversations.list", "{\"ok\":true,\"channels\":[{\"id\":\"C2\",\"name\":\"sales\"}]}");
	straw_default(s->slack, "conversations.list", "{\"ok\":true,\"channels\":[]}");
	script_body(s, "conversations.info", "{\"ok\":true,\"channel\":{\"id\":\"C2\",\"name\":\"sales\",\"is_member\":true}}");
	script_body(s, "conversations.info", "{\"ok\":true,\"channel\":{\"id\":\"C3\",\"name\":\"deals\",\"is_member\":false}}");
	script_body(s, "conversations.info", "{\"ok\":false,\"error\":\"channel_not_found\"}");
	static const char *const channels[] = { "#sales", "#nowhere", "C3", "C4", NULL };
	g_autoptr(GPtrArray) findings = check(s, channels);
	assert_true(finds(findings, "ok: bot_token belongs to 'belltower' in workspace 'Acme'"));
	assert_true(finds(findings, "problem: scope 'reactions:write' is missing"));
	assert_false(finds(findings, "'chat:write' is missing"));
	assert_true(finds(findings, "needs 'connections:write'"));
	assert_true(finds(findings, "ok: the bot is in channel '#sales'"));
	assert_true(finds(findings, "problem: there is no channel '#nowhere'"));
	assert_true(finds(findings, "problem: the bot is not in channel 'C3'"));
	assert_true(finds(findings, "problem: C4: channel_not_found; a wrong id"));
	assert_true(finds(findings, "scope 'groups:history'")); /* for all we know */
	assert_false(finds(findings, "users:read.email"));	/* nobody is named so */
}

static void check_of_a_clock_that_is_wrong(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, "auth.test", (struct script){ .header = "Date: Thu, 01 Jan 2026 00:00:30 GMT",
						   .body = "{\"ok\":true,\"user\":\"b\",\"team\":\"A\",\"user_id\":\"U1\"}" });
	g_autoptr(GPtrArray) findings = check(s, NULL);
	assert_true(finds(findings, "problem: this machine's clock is 30 s slow"));
	assert_true(finds(findings, "ok: app_token opens connections"));
}

static void check_of_a_wrong_token(void **state)
{
	struct scene *s = *state;
	script_body(s, "auth.test", "{\"ok\":false,\"error\":\"invalid_auth\"}");
	static const char *const channels[] = { "C2", NULL };
	g_autoptr(GPtrArray) findings = check(s, channels);
	assert_int_equal(findings->len, 2);
	assert_true(finds(findings, "problem: bot_token (auth.test): invalid_auth"));
	assert_true(finds(findings, "ok: app_token opens connections"));
}

static void check_of_scopes_asks_for_what_is_needed(void **state)
{
	struct scene *s = *state;
	straw_script(s->slack, "auth.test",
		(struct script){ .header = "x-oauth-scopes: chat:write,commands,app_mentions:read,im:history,im:read,im:write,"
						 "reactions:write,users:read,channels:history,channels:read,files:read,files:write",
			.body = "{\"ok\":true,\"user_id\":\"U1\",\"team_id\":\"T1\"}" });
	straw_default(s->slack, "conversations.info",
		"{\"ok\":true,\"channel\":{\"id\":\"C2\",\"name\":\"sales\",\"is_member\":true,\"is_private\":false}}");
	static const char *const channels[] = { "C2", NULL };
	g_autoptr(GPtrArray) findings = check(s, channels);
	assert_true(finds(findings, "ok: bot_token belongs to 'U1' in workspace 'T1'"));
	assert_true(finds(findings, "ok: all scopes are granted"));
	assert_false(finds(findings, "problem"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_post_stands),
		T(a_direct_message_finds_its_channel_once),
		T(a_person_who_left),
		T(opening_is_no_post),
		T(a_refused_card),
		T(a_busy_method),
		T(a_revoked_token_stops_all),
		T(in_doubt_and_done),
		T(in_doubt_and_not_done),
		T(in_doubt_and_late),
		T(in_doubt_after_a_crash),
		T(in_doubt_in_a_thread),
		T(in_doubt_and_the_look_is_refused),
		T(in_doubt_private),
		T(in_doubt_harmless),
		T(a_person_is_asked_for),
		T(nobody_of_that_name),
		T(few_members_are_asked_for_singly_and_once),
		T(many_members_are_found_in_the_list),
		T(members_are_found_without_the_list),
		T(a_channel_is_found_by_name),
		T(history_in_order_with_replies),
		T(history_in_small_pages),
		T(directs_that_nobody_has_named),
		T(history_that_cannot_be_read),
		T(limits_are_slacks),
		T(freed_with_errands_under_way),
		T(check_finds_what_is_wrong),
		T(check_of_a_clock_that_is_wrong),
		T(check_of_a_wrong_token),
		T(check_of_scopes_asks_for_what_is_needed),
	};
	return cmocka_run_group_tests_name("slack_send", tests, NULL, NULL);
}
