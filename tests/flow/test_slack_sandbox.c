/* SPDX-License-Identifier: MIT */
/*
 * The Slack adapter and the sandbox, over real sockets, once in the clear and once over TLS with an authority of our
 * own: the protocol as its two ends have it, on good days and on bad ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib/gstdio.h>

#include "core/message.h"
#include "platform/slack/slack.h"
#include "sandbox/sandbox.h"
#include "tests/support/scene.h"

struct desk {
	struct scene *s;
	struct sandbox *sb;
	char *api_url;
	char *sales; /* the channel's id */
};

static char *directory; /* of certificates; NULL: in the clear */
static struct config_workspace common;

/* --- the desk --- */

static cJSON *act(struct desk *d, const char *format, ...) G_GNUC_PRINTF(2, 3);

static cJSON *act(struct desk *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	for (char *c = text; *c; c++) /* readable JSON in the tests below */
		*c = *c == '\'' ? '"' : *c;
	g_autoptr(GError) error = NULL;
	g_autoptr(cJSON) root = json_parse(text, strlen(text), &error);
	if (!root)
		fail_msg("%s: %s", text, error->message);
	cJSON *reply = sandbox_act(d->sb, root);
	if (!json_bool_or(reply, "ok", FALSE))
		fail_msg("%s: %s", text, json_text_or(reply, "error", "?"));
	return reply;
}

#define DO(...) cJSON_Delete(act(__VA_ARGS__))

static char *channel_id(struct desk *d, const char *name)
{
	g_autoptr(cJSON) state = sandbox_state(d->sb);
	const cJSON *channel;
	cJSON_ArrayForEach(channel, json_array(state, "channels"))
	{
		if (g_strcmp0(json_text_or(channel, "name", NULL), name) == 0)
			return g_strdup(json_text_or(channel, "id", NULL));
	}
	fail_msg("no channel '%s'", name);
	return NULL;
}

/* How many messages of the bot stand in the channel, and the last one. */
static unsigned bot_messages(struct desk *d, const char *channel, char **last_ts)
{
	g_autoptr(cJSON) state = sandbox_state(d->sb);
	g_autofree char *path = g_strdup_printf("messages.%s", channel);
	unsigned n = 0;
	const cJSON *message;
	cJSON_ArrayForEach(message, json_array(state, path))
	{
		if (!json_bool_or(message, "bot", FALSE) || json_at(message, "subtype"))
			continue;
		n++;
		if (last_ts) {
			g_free(*last_ts);
			*last_ts = g_strdup(json_text_or(message, "ts", NULL));
		}
	}
	return n;
}

static int set_up(void **state)
{
	struct desk *d = g_new0(struct desk, 1);
	struct scene *s = d->s = scene_on_slack();
	g_autoptr(GError) error = NULL;
	g_autofree char *cert = directory ? g_build_filename(directory, "server.pem", NULL) : NULL;
	g_autofree char *key = directory ? g_build_filename(directory, "server.key", NULL) : NULL;
	d->sb = sandbox_new(
		&(struct sandbox_options){ .loop = s->lws, .clock = s->clock, .cert_file = cert, .key_file = key }, &error);
	if (!d->sb)
		fail_msg("%s", error->message);
	d->api_url = g_strconcat(sandbox_url(d->sb), "api/", NULL);
	d->sales = channel_id(d, "sales");
	s->workspace.api_url = d->api_url;
	s->workspace.bot_token = (char *)"xoxb-sandbox";
	s->workspace.app_token = (char *)"xapp-sandbox";
	s->workspace.ca_file = common.ca_file;
	scene_go_live(s);
	*state = d;
	return 0;
}

static void desk_stopped(gpointer data)
{
	*(gboolean *)data = TRUE;
}

static int tear_down(void **state)
{
	struct desk *d = *state;
	gboolean stopped = FALSE;
	platform_slack.stop(d->s->adapter, desk_stopped, &stopped);
	UNTIL(stopped);
	platform_slack.free(d->s->adapter);
	d->s->adapter = NULL;
	sandbox_free(d->sb);
	scene_free(d->s);
	g_free(d->api_url);
	g_free(d->sales);
	g_free(d);
	return 0;
}

static void keep_all(struct scene *s, unsigned *judged)
{
	for (; *judged < s->events->len; ++*judged) {
		const struct event *event = s->events->pdata[*judged];
		if (event->receipt)
			scene_judge(s, event, TRUE, NULL);
	}
}

static struct outbox_row *card_row(struct desk *d, enum outbox_kind kind, const char *text)
{
	g_autoptr(message_auto) card = message_new();
	message_title(card, "Standup");
	message_say(card, text);
	message_button(card, "standup.form", "42", "Write mine", MESSAGE_PRIMARY);
	struct outbox_row *row = scene_row(d->s, kind);
	row->channel = g_strdup(d->sales);
	row->content = message_to_json(card);
	return row;
}

static const struct scene_told *sent(struct desk *d, struct outbox_row *row)
{
	unsigned n = d->s->outcomes->len;
	scene_send(d->s, row);
	return scene_outcome(d->s, n);
}

/* --- good days --- */

static void a_word_is_heard_and_acknowledged(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0;
	DO(d, "{'do':'say','as':'ana','channel':'#sales','text':'good morning'}");
	UNTIL(scene_any_event(d->s, 0));
	const struct event *event = scene_any_event(d->s, 0);
	assert_int_equal(event->kind, EVENT_SAID);
	assert_string_equal(event->text, "good morning");
	assert_string_equal(event->place.channel, d->sales);
	assert_false(sandbox_is_quiet(d->sb));
	keep_all(d->s, &judged);
	UNTIL(sandbox_is_quiet(d->sb));
}

static void a_message_lives_and_dies(void **state)
{
	struct desk *d = *state;
	const struct scene_told *t = sent(d, card_row(d, OUTBOX_POST, "nobody yet"));
	assert_int_equal(t->result, SEND_DONE);
	assert_string_equal(t->channel, d->sales);
	g_autofree char *ts = g_strdup(t->message);
	struct outbox_row *replace = card_row(d, OUTBOX_REPLACE, "Ana has answered");
	replace->message = g_strdup(ts);
	assert_int_equal(sent(d, replace)->result, SEND_DONE);
	g_autoptr(cJSON) said = act(d, "{'do':'say','as':'ana','channel':'#sales','text':'thanks'}");
	static const enum outbox_kind reactions[] = { OUTBOX_REACT, OUTBOX_REACT, OUTBOX_UNREACT, OUTBOX_UNREACT };
	for (unsigned i = 0; i < G_N_ELEMENTS(reactions); i++) { /* the second time changes nothing and is fine */
		struct outbox_row *react = scene_row(d->s, reactions[i]);
		react->channel = g_strdup(d->sales);
		react->message = g_strdup(json_text_or(said, "ts", NULL));
		react->word = g_strdup("white_check_mark");
		assert_int_equal(sent(d, react)->result, SEND_DONE);
	}
	assert_int_equal(bot_messages(d, d->sales, NULL), 1);
	for (unsigned i = 0; i < 2; i++) {
		struct outbox_row *delete = scene_row(d->s, OUTBOX_DELETE);
		delete->channel = g_strdup(d->sales);
		delete->message = g_strdup(ts);
		assert_int_equal(sent(d, delete)->result, SEND_DONE);
	}
	assert_int_equal(bot_messages(d, d->sales, NULL), 0);
	assert_int_equal(sent(d, replace)->result, SEND_GONE);
}

static void a_person_gets_a_direct_message(void **state)
{
	struct desk *d = *state;
	g_autoptr(cJSON) said = act(d, "{'do':'say','as':'wei','channel':'#sales','text':'hi'}");
	UNTIL(scene_any_event(d->s, 0));
	struct outbox_row *row = card_row(d, OUTBOX_POST, "just for you");
	g_clear_pointer(&row->channel, g_free);
	row->person = g_strdup(scene_any_event(d->s, 0)->person);
	const struct scene_told *t = sent(d, row);
	assert_int_equal(t->result, SEND_DONE);
	assert_int_equal(t->channel[0], 'D');
}

static void a_command_opens_a_form_and_a_private_word(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0;
	DO(d, "{'do':'command','as':'ana','channel':'#sales','command':'/standup','text':''}");
	UNTIL(scene_any_event(d->s, 0));
	const struct event *event = scene_any_event(d->s, 0);
	assert_int_equal(event->kind, EVENT_COMMANDED);
	keep_all(d->s, &judged);
	g_autoptr(message_auto) form = form_new("standup.form", "42", "Standup", "Send", "Cancel");
	form_input(form, "results", "Yesterday", NULL, NULL, 3, FALSE, 1000);
	struct outbox_row *row = scene_row(d->s, OUTBOX_FORM);
	row->content = message_to_json(form);
	row->token = g_strdup(event->place.token);
	row->person = g_strdup(event->person);
	assert_int_equal(sent(d, row)->result, SEND_DONE);
	assert_int_equal(sent(d, row)->result, SEND_GONE); /* a trigger opens once */
	struct outbox_row *private = card_row(d, OUTBOX_PRIVATE, "only you see this");
	private->person = g_strdup(event->person);
	private->token = g_strdup(event->place.token);
	for (unsigned i = 0; i < 7; i++) /* five times by the response_url, then by name */
		assert_int_equal(sent(d, private)->result, SEND_DONE);
}

static void the_directory_is_read(void **state)
{
	struct desk *d = *state;
	struct outbox_row *row = scene_row(d->s, OUTBOX_ASK_MEMBERS);
	row->channel = g_strdup(d->sales);
	assert_int_equal(sent(d, row)->result, SEND_DONE);
	const struct event *event = scene_event(d->s, EVENT_PEOPLE, 0);
	assert_int_equal(event->people->len, 6); /* and the bot itself, which is not told */
	row = scene_row(d->s, OUTBOX_ASK_CHANNEL);
	row->word = g_strdup("sales");
	assert_int_equal(sent(d, row)->result, SEND_DONE);
	assert_string_equal(scene_event(d->s, EVENT_CHANNEL, 0)->place.channel, d->sales);
}

static void a_large_frame(void **state)
{
	struct desk *d = *state;
	g_autofree char *text = g_strnfill(400 * 1000, 'x');
	g_autoptr(cJSON) frame = cJSON_CreateObject();
	g_autofree char *raw = g_strdup_printf(
		"{\"type\":\"events_api\",\"envelope_id\":\"big\",\"payload\":{\"type\":\"event_callback\",\"event_id\":\"EvBIG\","
		"\"event\":{\"type\":\"message\",\"user\":\"U0ANA\",\"text\":\"%s\",\"ts\":\"1767225600.000100\","
		"\"channel\":\"%s\",\"channel_type\":\"channel\"}}}",
		text, d->sales);
	json_put_text(frame, "do", "frame");
	json_put_text(frame, "text", raw);
	cJSON_Delete(sandbox_act(d->sb, frame));
	UNTIL(scene_any_event(d->s, 0));
	assert_int_equal(strlen(scene_any_event(d->s, 0)->text), 400 * 1000);
}

static void check_is_content(void **state);

/* --- bad days --- */

static void the_answer_of_a_post_is_lost(void **state)
{
	struct desk *d = *state;
	DO(d, "{'do':'faults','drop_after':true,'methods':['chat.postMessage'],'times':1}");
	struct outbox_row *row = card_row(d, OUTBOX_POST, "once");
	assert_int_equal(sent(d, row)->result, SEND_IN_DOUBT);
	assert_int_equal(bot_messages(d, d->sales, NULL), 1);
	row->in_doubt = TRUE;
	const struct scene_told *t = sent(d, row);
	g_autofree char *ts = NULL;
	assert_int_equal(bot_messages(d, d->sales, &ts), 1);
	assert_int_equal(t->result, SEND_DONE);
	assert_string_equal(t->message, ts);
}

static void a_post_is_lost(void **state)
{
	struct desk *d = *state;
	DO(d, "{'do':'faults','drop_before':true,'methods':['chat.postMessage'],'times':1}");
	struct outbox_row *row = card_row(d, OUTBOX_POST, "once");
	assert_int_equal(sent(d, row)->result, SEND_IN_DOUBT);
	assert_int_equal(bot_messages(d, d->sales, NULL), 0);
	row->in_doubt = TRUE;
	scene_send(d->s, row);
	scene_pass(d->s, SECONDS(10));
	assert_int_equal(scene_outcome(d->s, 1)->result, SEND_DONE);
	assert_int_equal(bot_messages(d, d->sales, NULL), 1);
}

static void in_doubt_in_a_thread(void **state)
{
	struct desk *d = *state;
	g_autoptr(cJSON) said = act(d, "{'do':'say','as':'ana','channel':'#sales','text':'thread'}");
	DO(d, "{'do':'faults','drop_after':true,'methods':['chat.postMessage'],'times':1}");
	struct outbox_row *row = card_row(d, OUTBOX_POST, "once");
	row->thread = g_strdup(json_text_or(said, "ts", NULL));
	assert_int_equal(sent(d, row)->result, SEND_IN_DOUBT);
	row->in_doubt = TRUE;
	assert_int_equal(sent(d, row)->result, SEND_DONE);
	assert_int_equal(bot_messages(d, d->sales, NULL), 1);
}

static void server_errors_and_limits(void **state)
{
	struct desk *d = *state;
	DO(d, "{'do':'faults','server_error':true,'methods':['chat.update'],'times':1}");
	struct outbox_row *row = card_row(d, OUTBOX_REPLACE, "x");
	row->message = g_strdup("1767225600.000100");
	assert_int_equal(sent(d, row)->result, SEND_LATER);
	DO(d, "{'do':'faults','rate_limit':true,'methods':['chat.update'],'times':1}");
	const struct scene_told *t = sent(d, row);
	assert_int_equal(t->result, SEND_LATER);
	assert_true(t->after_ms > 0 && t->method_wide);
}

static void lost_acknowledgements_are_delivered_again(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0;
	DO(d, "{'do':'faults','lose_acks':true,'times':1}");
	DO(d, "{'do':'say','as':'ana','channel':'#sales','text':'hello'}");
	UNTIL(scene_event_count(d->s, EVENT_SAID) == 1);
	keep_all(d->s, &judged);
	loop_settle();
	for (unsigned i = 0; i < 70 && scene_event_count(d->s, EVENT_SAID) < 2; i++)
		scene_pass(d->s, SECONDS(1));
	assert_int_equal(scene_event_count(d->s, EVENT_SAID), 2);
	assert_string_equal(scene_any_event(d->s, 0)->keys[0], scene_any_event(d->s, 1)->keys[0]);
	keep_all(d->s, &judged);
	UNTIL(sandbox_is_quiet(d->sb));
}

static void say_and_keep(struct desk *d, unsigned n, unsigned *said, unsigned *judged)
{
	for (unsigned i = 0; i < n; i++) {
		DO(d, "{'do':'say','as':'ana','channel':'#sales','text':'%u'}", ++*said);
		g_main_context_iteration(NULL, FALSE);
		keep_all(d->s, judged);
	}
}

static unsigned different_texts(struct scene *s)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (unsigned i = 0; i < s->events->len; i++) {
		struct event *event = s->events->pdata[i];
		if (event->kind == EVENT_SAID)
			g_hash_table_add(seen, event->text);
	}
	return g_hash_table_size(seen);
}

/* The link is live again and holds so many sockets. */
static gboolean is_settled(struct desk *d, int sockets)
{
	g_autoptr(cJSON) status = cJSON_CreateObject();
	platform_slack.status(d->s->adapter, status);
	return json_int_or(status, "connections", 0) == sockets &&
		g_str_equal(json_text_or(status, "links.0.state", ""), "live");
}

/* Not one event waits or comes twice, though no time passes at all while the connection changes. */
static void nothing_waits_at_a_refresh(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0, said = 0;
	for (unsigned round = 0; round < 5; round++) {
		say_and_keep(d, 20, &said, &judged);
		DO(d, "{'do':'disconnect','reason':'%s'}", round % 2 ? "refresh_requested" : "warning");
		say_and_keep(d, 60, &said, &judged);
		while (!sandbox_is_quiet(d->sb)) {
			loop_turn();
			keep_all(d->s, &judged);
		}
		UNTIL(is_settled(d, 2));
		scene_pass(d->s, SECONDS(15)); /* the server closes the old one */
		UNTIL(is_settled(d, 1));
	}
	assert_int_equal(scene_event_count(d->s, EVENT_SAID), said);
	assert_int_equal(different_texts(d->s), said);
	assert_int_equal(d->s->darks, 0);
}

/* Where the server closes the old one at once, what was on it comes again. */
static void nothing_is_lost_at_a_rude_refresh(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0, said = 0;
	for (unsigned round = 0; round < 3; round++) {
		DO(d, "{'do':'disconnect','reason':'refresh_requested','close_ms':0}");
		say_and_keep(d, 40, &said, &judged);
		for (unsigned i = 0; i < 200 && !sandbox_is_quiet(d->sb); i++) {
			clock_advance(d->s->clock, SECONDS(1));
			loop_breathe();
			keep_all(d->s, &judged); /* within the three seconds */
			loop_breathe();
		}
		scene_pass_until_live(d->s);
	}
	UNTIL(sandbox_is_quiet(d->sb));
	assert_int_equal(different_texts(d->s), said);
}

static void silence_is_noticed(void **state)
{
	struct desk *d = *state;
	DO(d, "{'do':'faults','silence':true}");
	scene_pass(d->s, SECONDS(40));
	assert_false(d->s->live);
	DO(d, "{'do':'faults','silence':false}");
	scene_pass_until_live(d->s);
}

static void a_gap_is_closed_by_history(void **state)
{
	struct desk *d = *state;
	unsigned judged = 0;
	g_autoptr(cJSON) prompt = act(d, "{'do':'say','as':'grace','channel':'#sales','text':'the prompt'}");
	g_autoptr(cJSON) known = act(d, "{'do':'say','as':'ana','channel':'#sales','text':'known'}");
	UNTIL(scene_event_count(d->s, EVENT_SAID) == 2);
	keep_all(d->s, &judged);
	UNTIL(sandbox_is_quiet(d->sb)); /* or both are delivered again, three seconds later */
	clock_advance(d->s->clock, SECONDS(2));
	g_autoptr(cJSON) later = act(d, "{'do':'say','as':'wei','channel':'#sales','text':'later'}");
	clock_advance(d->s->clock, SECONDS(2));
	g_autoptr(cJSON) reply = act(d, "{'do':'say','as':'jun','channel':'#sales','thread_ts':'%s','text':'a reply'}",
		json_text_or(prompt, "ts", NULL));
	UNTIL(scene_event_count(d->s, EVENT_SAID) == 4);
	struct outbox_row *row = scene_row(d->s, OUTBOX_ASK_HISTORY);
	row->channel = g_strdup(d->sales);
	row->message = g_strdup(json_text_or(known, "ts", NULL));
	assert_int_equal(sent(d, row)->result, SEND_DONE);
	/* From shortly before what is known: the prompt and the known one come again, too. */
	assert_int_equal(scene_event_count(d->s, EVENT_SAID), 8);
	const struct event *first = scene_event(d->s, EVENT_SAID, 6), *second = scene_event(d->s, EVENT_SAID, 7);
	assert_string_equal(first->text, "later");
	assert_string_equal(second->text, "a reply");
	assert_true(first->late_copy && second->late_copy);
	/* The copies are known by the same keys as what came by the socket. */
	g_autofree char *key = g_strdup_printf("m:%s:%s", first->message, d->sales);
	gboolean same = FALSE;
	for (unsigned i = 0; i < EVENT_KEYS; i++)
		same |= g_strcmp0(first->keys[i], key) == 0;
	assert_true(same);
}

static void told(gpointer data, GPtrArray *findings)
{
	*(GPtrArray **)data = findings;
}

static void check_is_content(void **state)
{
	struct desk *d = *state;
	GPtrArray *findings = NULL;
	static const char *const channels[] = { "#sales", NULL };
	platform_slack.check(&(struct adapter_setup){ .workspace = &d->s->workspace,
				     .clock = d->s->clock,
				     .lws = d->s->lws,
				     .channels = channels },
		told, &findings);
	UNTIL(findings);
	for (guint i = 0; i < findings->len; i++) {
		const char *line = findings->pdata[i];
		/* The sandbox's Date is the machine's, the stage's clock stands elsewhere. */
		if (!g_str_has_prefix(line, "ok: ") && !strstr(line, "clock"))
			fail_msg("%s", line);
	}
	assert_true(findings->len >= 4);
	g_ptr_array_unref(findings);
}

/* --- TLS --- */

static void make_certificates(void)
{
	directory = g_dir_make_tmp("belltower-slack-XXXXXX", NULL);
	char *argv[] = { (char *)"sh", (char *)SOURCE_ROOT "/tests/support/test-ca.sh", directory, NULL };
	int status = 0;
	g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL);
	if (status != 0)
		fail_msg("test-ca.sh failed");
	common.ca_file = g_build_filename(directory, "ca.pem", NULL);
}

static int over_tls(void **state)
{
	(void)state;
	make_certificates();
	return 0;
}

static int remove_certificates(void **state)
{
	(void)state;
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		g_unlink(path);
	}
	g_rmdir(directory);
	g_clear_pointer(&directory, g_free);
	g_clear_pointer(&common.ca_file, g_free);
	return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_word_is_heard_and_acknowledged),
		T(a_message_lives_and_dies),
		T(a_person_gets_a_direct_message),
		T(a_command_opens_a_form_and_a_private_word),
		T(the_directory_is_read),
		T(a_large_frame),
		T(check_is_content),
		T(the_answer_of_a_post_is_lost),
		T(a_post_is_lost),
		T(in_doubt_in_a_thread),
		T(server_errors_and_limits),
		T(lost_acknowledgements_are_delivered_again),
		T(nothing_waits_at_a_refresh),
		T(nothing_is_lost_at_a_rude_refresh),
		T(silence_is_noticed),
		T(a_gap_is_closed_by_history),
	};
	int failed = cmocka_run_group_tests_name("slack_sandbox", tests, NULL, NULL);
	return failed + cmocka_run_group_tests_name("slack_sandbox over TLS", tests, over_tls, remove_certificates);
}
