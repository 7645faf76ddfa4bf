/* SPDX-License-Identifier: MIT */
/*
 * Pictures, documents and urgent calls, from the sender through each platform's adapter into the sandbox, over real
 * sockets and in moved time: on good days, with each step failing, and with the adapter killed at any moment. What
 * people see must be the same: one card with its picture, one document under it. And the picture that is drawn when
 * its message is sent, with the faces of the people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/sender.h"
#include "net/http_client.h"
#include "platform/feishu/feishu.h"
#include "platform/slack/slack.h"
#include "sandbox/sandbox.h"
#include "tests/support/straw_slack.h"

#define LOST "could not be sent"

/* A platform as this file sees it. */
struct side {
	const struct platform *platform;
	const char *sales, *ana, *wei; /* ids there */
	const char *methods[6];	   /* what a row with files calls */
	const char *upload_error;  /* a code that an upload is refused with, and where */
	const char *upload_method;
};

static const struct side sides[] = {
	{ &platform_slack, "C0SALES00", "U0ANA0000", "U0WEI0000",
		{ "files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info", "chat.postMessage" },
		"file_uploads_disabled", "files.getUploadURLExternal" },
	{ &platform_feishu, "oc_c0sales00", "ou_u0ana0000", "ou_u0wei0000", { "im.image.create", "im.file.create", "im.message.create" }, "99991672",
		"im.file.create" },
};

struct world {
	const struct side *side;
	struct clock *clock;
	struct lws_loop *lws;
	struct sandbox *sandbox;
	char *url;
	struct config_workspace workspace;
	struct host host;
	struct adapter *adapter;
	struct sender *sender;
	GPtrArray *reports; /* struct event */
	const char *picture; /* the program that draws; NULL: none */
	gboolean live, stopped;
};

/* --- the world --- */

static void on_event(gpointer data, struct event *take)
{
	(void)data;
	event_free(take);
}

static void on_outcome(gpointer data, gint64 row, const struct outcome *outcome)
{
	sender_outcome(((struct world *)data)->sender, row, outcome);
}

static void on_live(gpointer data, gboolean live)
{
	((struct world *)data)->live = live;
}

static void on_refused(gpointer data, const char *reason)
{
	(void)data;
	fail_msg("refused: %s", reason);
}

static void on_report(gpointer data, struct event *take)
{
	g_ptr_array_add(((struct world *)data)->reports, take);
}

static void on_stopped(gpointer data)
{
	((struct world *)data)->stopped = TRUE;
}

static void wake(struct world *w)
{
	w->adapter = w->side->platform->start(&(struct adapter_setup){
		.workspace = &w->workspace, .clock = w->clock, .lws = w->lws, .host = &w->host, .picture = w->picture });
	w->sender = sender_new(&(struct sender_setup){ .clock = w->clock,
		.workspace = "acme",
		.platform = w->side->platform,
		.adapter = w->adapter,
		.report = on_report,
		.data = w });
	UNTIL(w->live);
}

static void let_sleep(struct world *w)
{
	w->stopped = FALSE;
	w->side->platform->stop(w->adapter, on_stopped, w);
	UNTIL(w->stopped);
	w->side->platform->free(g_steal_pointer(&w->adapter));
	sender_free(g_steal_pointer(&w->sender));
}

static struct world *world_new(const struct side *side)
{
	struct world *w = g_new0(struct world, 1);
	g_autoptr(GError) error = NULL;
	w->side = side;
	w->picture = PICTURE;
	w->clock = clock_new_frozen(INT64_C(1772413200000));
	w->lws = lws_loop_new(&error);
	assert_non_null(w->lws);
	w->sandbox = sandbox_new(&(struct sandbox_options){ .loop = w->lws, .clock = w->clock, .no_rate_limits = TRUE }, &error);
	if (!w->sandbox)
		fail_msg("%s", error->message);
	gboolean slack = side->platform == &platform_slack;
	const char *url = sandbox_url(w->sandbox);
	w->url = slack ? g_strconcat(url, "api/", NULL) : g_strndup(url, strlen(url) - 1);
	w->workspace = (struct config_workspace){ .name = (char *)"acme",
		.platform = (char *)side->platform->name,
		.api_url = w->url,
		.base_url = w->url,
		.bot_token = (char *)"xoxb-sandbox",
		.app_token = (char *)"xapp-sandbox",
		.app_id = (char *)"cli_test",
		.app_secret = (char *)"sandbox-secret",
		.proxy = (char *)"",
		.connections = 1 };
	w->host = (struct host){ w, on_event, on_outcome, on_live, on_refused };
	w->reports = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	wake(w);
	return w;
}

static void world_free(struct world *w)
{
	let_sleep(w);
	sandbox_free(w->sandbox);
	lws_loop_free(w->lws);
	g_ptr_array_unref(w->reports);
	clock_free(w->clock);
	g_free(w->url);
	g_free(w);
}

static void act(struct world *w, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void act(struct world *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_strdelimit(text, "'", '"');
	g_autoptr(cJSON) root = json_parse(text, strlen(text), NULL);
	g_autoptr(cJSON) reply = sandbox_act(w->sandbox, root);
	if (!json_bool_or(reply, "ok", FALSE))
		fail_msg("%s: %s", text, json_text_or(reply, "error", "?"));
}

/* Lets the time pass until the row's end is told. */
static const struct event *end_of_row(struct world *w)
{
	for (unsigned i = 0; i < 1200 && w->reports->len == 0; i++) {
		loop_breathe();
		clock_advance(w->clock, 500);
	}
	if (w->reports->len == 0)
		fail_msg("the row has no end");
	return w->reports->pdata[0];
}

/* --- what is sent --- */

static const char picture[] = "\x89PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\001\0\0\0\001";
static const char document[] = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n\0\xff";

static struct outbox_row *row_with_files(struct world *w)
{
	g_autoptr(GBytes) png = g_bytes_new_static(picture, sizeof picture);
	g_autoptr(GBytes) ics = g_bytes_new_static(document, sizeof document);
	g_autoptr(message_auto) m = message_new();
	message_title(m, "Deals");
	message_chart(m, "This week", "", NULL);
	message_bar(m, "Ana", "2");
	message_picture(m, "deals.png", png, "a bell", LOST);
	message_document(m, "cake \"1\".ics", ics, LOST);
	struct outbox_row *row = outbox_row_new(7, OUTBOX_POST, "acme");
	row->created_ms = clock_now_ms(w->clock);
	row->channel = g_strdup(w->side->sales);
	outbox_row_say(row, m);
	return row;
}

/* --- what people see --- */

struct sight {
	unsigned cards, pictures, documents, losses, charts;
	gboolean in_order; /* the document stands under its card */
};

/* How often a member of that name has this text, anywhere below. */
static unsigned count(const cJSON *tree, const char *key, const char *text)
{
	unsigned n = cJSON_IsString(tree) && g_strcmp0(tree->string, key) == 0 && strstr(tree->valuestring, text) ? 1 : 0;
	const cJSON *child;
	cJSON_ArrayForEach (child, tree) {
		n += count(child, key, text);
	}
	return n;
}

static unsigned count_losses(const cJSON *message)
{
	unsigned in_card = count(message, "content", LOST), in_blocks = 0;
	const cJSON *block;
	cJSON_ArrayForEach (block, json_array(message, "blocks")) {
		in_blocks += count(block, "text", LOST);
	}
	return in_card + in_blocks;
}

static struct sight look(struct world *w, const char *channel)
{
	struct sight s = { 0 };
	g_autoptr(cJSON) state = sandbox_state(w->sandbox);
	g_autofree char *path = g_strdup_printf("messages.%s", channel);
	const cJSON *message;
	cJSON_ArrayForEach (message, json_array(state, path)) {
		if (!json_bool_or(message, "bot", FALSE))
			continue;
		gboolean card = count(message, "content", "Deals") + count(message, "text", "Deals") > 0;
		unsigned named = count(json_array(message, "files"), "name", "cake \"1\".ics");
		s.cards += card ? 1 : 0;
		s.pictures += count(message, "img_key", "img_") + count(json_array(message, "blocks"), "alt_text", "a bell");
		s.charts += count(message, "type", "data_visualization") + count(message, "tag", "chart");
		s.documents += named;
		s.losses += count_losses(message);
		s.in_order |= named && s.cards == 1 && !card;
	}
	return s;
}

static void expect_all(struct world *w, const char *when)
{
	const struct event *end = end_of_row(w);
	struct sight s = look(w, "C0SALES00");
	if (end->kind != EVENT_SENT || s.cards != 1 || s.pictures != 1 || s.charts != 1 || s.documents != 1 || s.losses != 0 || !s.in_order)
		fail_msg("%s, %s: %s, %u cards, %u charts, %u pictures, %u documents, %u losses", w->side->platform->name, when,
			end->kind == EVENT_SENT ? "sent" : end->text, s.cards, s.charts, s.pictures, s.documents, s.losses);
	assert_non_null(end->message);
}

/* --- good days --- */

static void everything_is_seen(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		struct world *w = world_new(&sides[i]);
		sender_put(w->sender, row_with_files(w));
		expect_all(w, "on a good day");
		world_free(w);
	}
}

static void files_in_a_thread_and_to_a_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		struct world *w = world_new(&sides[i]);
		sender_put(w->sender, row_with_files(w));
		g_autofree char *opening = g_strdup(end_of_row(w)->message);
		g_ptr_array_set_size(w->reports, 0);
		struct outbox_row *reply = row_with_files(w), *direct = row_with_files(w);
		reply->id = 8;
		reply->thread = g_strdup(opening);
		sender_put(w->sender, reply);
		assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
		struct sight s = look(w, "C0SALES00");
		assert_int_equal(s.documents, 2);
		g_ptr_array_set_size(w->reports, 0);
		direct->id = 9;
		g_clear_pointer(&direct->channel, g_free);
		direct->person = g_strdup(w->side->ana);
		sender_put(w->sender, direct);
		assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
		assert_int_equal(look(w, "C0SALES00").documents, 2);
		world_free(w);
	}
}

/* --- bad days --- */

static void a_step_that_fails_is_done_once_more(void **state)
{
	static const char *const faults[] = { "drop_before", "drop_after", "server_error", "rate_limit" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		for (size_t m = 0; m < G_N_ELEMENTS(sides[i].methods) && sides[i].methods[m]; m++) {
			for (size_t f = 0; f < 2 * G_N_ELEMENTS(faults); f++) {
				struct world *w = world_new(&sides[i]);
				g_autofree char *when = g_strdup_printf(
					"%s of %s %zu times", faults[f / 2], sides[i].methods[m], 1 + f % 2);
				act(w, "{'do':'faults','%s':true,'methods':['%s'],'times':%zu}", faults[f / 2], sides[i].methods[m], 1 + f % 2);
				sender_put(w->sender, row_with_files(w));
				expect_all(w, when);
				world_free(w);
			}
		}
	}
}

/* The program ends at some moment, and starts again with the row in doubt. */
static void killed_at_any_moment(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		unsigned early = 0, between = 0, late = 0;
		for (unsigned turns = 0; turns < 45; turns++) {
			struct world *w = world_new(&sides[i]);
			g_autofree char *when = g_strdup_printf("killed after %u turns", turns);
			struct outbox_row *row = row_with_files(w), *again = row_with_files(w);
			sender_put(w->sender, row);
			for (unsigned t = 0; t < turns && w->reports->len == 0; t++) {
				loop_turn();
				clock_advance(w->clock, 40);
			}
			let_sleep(w);
			struct sight s = look(w, "C0SALES00");
			*(s.documents ? &late : s.cards ? &between : &early) += 1;
			g_ptr_array_set_size(w->reports, 0); /* not committed */
			wake(w);
			again->in_doubt = TRUE;
			sender_put(w->sender, again);
			expect_all(w, when);
			world_free(w);
		}
		assert_true(early > 0 && between > 0 && late > 0); /* it was at any moment */
	}
}

/* --- what cannot be sent is said --- */

static void a_refused_upload_is_said_in_the_card(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		struct world *w = world_new(&sides[i]);
		act(w, "{'do':'faults','api_error':'%s','methods':['%s']}", sides[i].upload_error, sides[i].upload_method);
		sender_put(w->sender, row_with_files(w));
		assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
		struct sight s = look(w, "C0SALES00");
		assert_int_equal(s.cards, 1);
		assert_int_equal(s.documents, 0);
		assert_true(s.losses >= 1);
		assert_int_equal(s.pictures + s.losses, 2); /* Feishu takes the picture by another call */
		world_free(w);
	}
}

/* ok:true, and no file in the channel (pains/slack.md 23). */
static void an_upload_that_is_never_shared(void **state)
{
	(void)state;
	struct world *w = world_new(&sides[0]);
	act(w, "{'do':'faults','no_scans':true}");
	sender_put(w->sender, row_with_files(w));
	assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
	struct sight s = look(w, "C0SALES00");
	assert_int_equal(s.cards, 1);
	assert_int_equal(s.pictures + s.documents, 0);
	assert_int_equal(s.losses, 2); /* the picture's in the card, the document's under it */
	world_free(w);
}

/* A scan that takes a while is waited for. */
static void a_slow_scan(void **state)
{
	(void)state;
	struct world *w = world_new(&sides[0]);
	act(w, "{'do':'faults','no_scans':true}");
	sender_put(w->sender, row_with_files(w));
	for (unsigned i = 0; i < 10; i++) {
		loop_breathe();
		clock_advance(w->clock, 500);
	}
	assert_int_equal(look(w, "C0SALES00").cards, 0);
	act(w, "{'do':'faults','no_scans':false}");
	expect_all(w, "after a slow scan");
	world_free(w);
}

/* The retired way is never gone: it is no method here, so a call of it would fail the row. */
static void the_documented_three_steps(void **state)
{
	(void)state;
	struct world *w = world_new(&sides[0]);
	sender_put(w->sender, row_with_files(w));
	expect_all(w, "by three steps");
	g_autoptr(cJSON) log = sandbox_state(w->sandbox);
	g_autofree char *text = json_print(json_array(log, "log"));
	assert_non_null(strstr(text, "files.getUploadURLExternal"));
	assert_null(strstr(text, "\"files.upload\""));
	world_free(w);
}

/* --- pictures that are drawn --- */

static struct outbox_row *row_with_wish(struct world *w)
{
	g_autofree char *text = g_strdup_printf("{\"kind\":\"cake\",\"headline\":\"生日快乐\",\"people\":["
						"{\"name\":\"Ana\",\"account\":\"%s\",\"star\":true},{\"name\":\"陈伟\",\"account\":\"%s\"}]}",
		w->side->ana, w->side->wei);
	g_autoptr(GBytes) wish = g_bytes_new(text, strlen(text));
	g_autoptr(message_auto) m = message_new();
	message_title(m, "Deals");
	message_drawing(m, "cake.png", wish, "a bell", "");
	struct outbox_row *row = outbox_row_new(7, OUTBOX_POST, "acme");
	row->created_ms = clock_now_ms(w->clock);
	row->channel = g_strdup(w->side->sales);
	outbox_row_say(row, m);
	return row;
}

/* A drawing takes real time, so the time here goes no faster. */
static const struct event *end_of_drawn_row(struct world *w)
{
	gint64 end = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
	while (w->reports->len == 0 && g_get_monotonic_time() < end) {
		loop_breathe();
		clock_advance(w->clock, 20);
	}
	if (w->reports->len == 0)
		fail_msg("the row has no end");
	return w->reports->pdata[0];
}

/* The adapter hears who is in the channel, as at each start. */
static void learn_people(struct world *w)
{
	struct outbox_row *row = outbox_row_new(3, OUTBOX_ASK_MEMBERS, "acme");
	row->created_ms = clock_now_ms(w->clock);
	row->channel = g_strdup(w->side->sales);
	sender_put(w->sender, row);
	assert_int_equal(end_of_drawn_row(w)->kind, EVENT_SENT);
	g_ptr_array_set_size(w->reports, 0);
}

static const char *find_text(const cJSON *tree, const char *key, const char *prefix)
{
	if (cJSON_IsString(tree) && g_strcmp0(tree->string, key) == 0 && g_str_has_prefix(tree->valuestring, prefix))
		return tree->valuestring;
	const char *found = NULL;
	const cJSON *child;
	cJSON_ArrayForEach (child, tree) {
		found = found ? found : find_text(child, key, prefix);
	}
	return found;
}

static void came(const struct http_response *response, gpointer data)
{
	*(GBytes **)data = g_bytes_new(response->body, response->body_length);
}

/* What the people's page shows in the channel's card. */
static GBytes *shown_picture(struct world *w)
{
	g_autoptr(cJSON) state = sandbox_state(w->sandbox);
	const cJSON *messages = json_array(state, "messages.C0SALES00");
	const char *key = find_text(messages, "img_key", "img_v3_");
	g_autofree char *id = g_ascii_strup(key ? key + strlen("img_v3_") : find_text(messages, "id", "F"), -1);
	g_autofree char *url = g_strconcat(sandbox_url(w->sandbox), "files/", id, NULL);
	struct http_client *http = http_client_new(&(struct http_options){ .proxy = "" });
	GBytes *bytes = NULL;
	http_send(http, &(struct http_request){ .url = url }, came, &bytes);
	UNTIL(bytes);
	http_client_free(http);
	return bytes;
}

static void expect_cake(GBytes *png)
{
	gsize length;
	const char *at = g_bytes_get_data(png, &length);
	assert_true(length > 10000 && length < 1000000);
	assert_memory_equal(at, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x03\x84", 24); /* 1200 x 900 */
}

static void a_wish_is_drawn_with_its_faces(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		struct world *w = world_new(&sides[i]);
		sender_put(w->sender, row_with_wish(w));
		assert_int_equal(end_of_drawn_row(w)->kind, EVENT_SENT);
		g_autoptr(GBytes) initials = shown_picture(w); /* nobody is known yet */
		expect_cake(initials);
		g_ptr_array_set_size(w->reports, 0);
		act(w, "{'do':'reset'}");
		let_sleep(w);
		wake(w);
		learn_people(w);
		sender_put(w->sender, row_with_wish(w));
		assert_int_equal(end_of_drawn_row(w)->kind, EVENT_SENT);
		struct sight s = look(w, "C0SALES00");
		assert_int_equal(s.cards, 1);
		assert_int_equal(s.pictures, 1);
		g_autoptr(GBytes) faces = shown_picture(w);
		expect_cake(faces);
		assert_false(g_bytes_equal(initials, faces));
		world_free(w);
	}
}

static void without_the_program_the_message_goes(void **state)
{
	(void)state;
	static const char *const programs[] = { NULL, "/nowhere/belltower-picture", "/bin/false" };
	for (size_t i = 0; i < G_N_ELEMENTS(sides) * G_N_ELEMENTS(programs); i++) {
		struct world *w = world_new(&sides[i / G_N_ELEMENTS(programs)]);
		let_sleep(w);
		w->picture = programs[i % G_N_ELEMENTS(programs)];
		wake(w);
		sender_put(w->sender, row_with_wish(w));
		assert_int_equal(end_of_drawn_row(w)->kind, EVENT_SENT);
		struct sight s = look(w, "C0SALES00");
		assert_int_equal(s.cards, 1);
		assert_int_equal(s.pictures + s.losses, 0);
		world_free(w);
	}
}

/* The program ends while faces are fetched, the child draws, or the picture goes up; then all of it is done again. */
static void killed_while_it_is_drawn(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		for (unsigned turns = 0; turns < 60; turns += 4) {
			struct world *w = world_new(&sides[i]);
			learn_people(w);
			struct outbox_row *again = row_with_wish(w);
			sender_put(w->sender, row_with_wish(w));
			for (unsigned t = 0; t < turns && w->reports->len == 0; t++)
				loop_turn();
			let_sleep(w);
			g_ptr_array_set_size(w->reports, 0); /* not committed */
			wake(w);
			again->in_doubt = TRUE;
			sender_put(w->sender, again);
			assert_int_equal(end_of_drawn_row(w)->kind, EVENT_SENT);
			struct sight s = look(w, "C0SALES00");
			assert_int_equal(s.cards, 1);
			assert_int_equal(s.pictures, 1);
			world_free(w);
		}
	}
}

/* --- urgent calls --- */

static struct outbox_row *call_row(struct world *w, const char *message)
{
	g_autoptr(message_auto) m = message_new();
	message_title(m, "Stall");
	g_autoptr(message_auto) words = message_call_for(m, w->side->ana, "Urgent");
	struct outbox_row *row = outbox_row_new(8, OUTBOX_URGE, "acme");
	row->created_ms = clock_now_ms(w->clock);
	row->channel = g_strdup(w->side->sales);
	row->message = g_strdup(message);
	row->person = g_strdup(w->side->ana);
	outbox_row_say(row, words);
	return row;
}

/* The message's id, and its report taken off. */
static char *post(struct world *w)
{
	g_autoptr(message_auto) m = message_new();
	message_title(m, "Stall");
	struct outbox_row *row = outbox_row_new(7, OUTBOX_POST, "acme");
	row->created_ms = clock_now_ms(w->clock);
	row->channel = g_strdup(w->side->sales);
	outbox_row_say(row, m);
	sender_put(w->sender, row);
	char *id = g_strdup(end_of_row(w)->message);
	g_ptr_array_set_size(w->reports, 0);
	return id;
}

static unsigned buzzes(struct world *w)
{
	g_autoptr(cJSON) state = sandbox_state(w->sandbox);
	unsigned n = 0;
	const cJSON *message;
	cJSON_ArrayForEach (message, json_array(state, "messages.C0SALES00")) {
		n += (unsigned)cJSON_GetArraySize(json_array(message, "urgent"));
	}
	return n;
}

/* Words to Ana alone: in channels that begin with D. */
static unsigned direct_words(struct world *w)
{
	g_autoptr(cJSON) state = sandbox_state(w->sandbox);
	unsigned n = 0;
	const cJSON *channel, *message;
	cJSON_ArrayForEach (channel, json_object(state, "messages")) {
		cJSON_ArrayForEach (message, channel) {
			gboolean urgent = count(message, "content", "Urgent") + count(message, "text", "Urgent") > 0;
			n += channel->string[0] == 'D' && urgent ? 1 : 0;
		}
	}
	return n;
}

/* errors: of the buzz; NULL: it is let through. */
static void expect_call(const struct side *side, const char *error, gboolean with_message, unsigned buzzed, unsigned told)
{
	struct world *w = world_new(side);
	g_autofree char *message = post(w);
	if (error)
		act(w, "{'do':'faults','api_error':'%s','methods':['im.message.urgentApp']}", error);
	sender_put(w->sender, call_row(w, with_message ? message : NULL));
	const struct event *end = end_of_row(w);
	if (end->kind != EVENT_SENT || buzzes(w) != buzzed || direct_words(w) != told)
		fail_msg("%s, %s: %s, %u buzzes, told %u times", side->platform->name, error ? error : "let through",
			end->kind == EVENT_SENT ? "sent" : end->text, buzzes(w), direct_words(w));
	world_free(w);
}

static void a_call_buzzes_or_is_told(void **state)
{
	static const char *const refusals[] = { "230023", "230024", "230052", "230098", "230012", "99991672", "230110" };
	(void)state;
	expect_call(&sides[0], NULL, TRUE, 0, 1);
	expect_call(&sides[0], NULL, FALSE, 0, 1);
	expect_call(&sides[1], NULL, TRUE, 1, 0);
	expect_call(&sides[1], NULL, FALSE, 0, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
		expect_call(&sides[1], refusals[i], TRUE, 0, 1);
}

/* Somebody who is not in the group cannot be buzzed, and is told. */
static void who_is_not_in_the_group_is_told(void **state)
{
	(void)state;
	struct world *w = world_new(&sides[1]);
	g_autofree char *message = post(w);
	act(w, "{'do':'leave','as':'ana','channel':'#sales'}");
	sender_put(w->sender, call_row(w, message));
	assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
	assert_int_equal(buzzes(w), 0);
	assert_int_equal(direct_words(w), 1);
	world_free(w);
}

static void a_call_is_not_doubled(void **state)
{
	static const char *const faults[] = { "drop_before", "drop_after", "server_error", "rate_limit" };
	static const char *const methods[] = { "chat.postMessage", "im.message.urgentApp" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
		for (size_t f = 0; f < G_N_ELEMENTS(faults); f++) {
			struct world *w = world_new(&sides[i]);
			g_autofree char *message = post(w);
			act(w, "{'do':'faults','%s':true,'methods':['%s'],'times':1}", faults[f], methods[i]);
			sender_put(w->sender, call_row(w, message));
			assert_int_equal(end_of_row(w)->kind, EVENT_SENT);
			assert_int_equal(buzzes(w), i);
			assert_int_equal(direct_words(w), 1 - i);
			world_free(w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wish_is_drawn_with_its_faces),
		cmocka_unit_test(without_the_program_the_message_goes),
		cmocka_unit_test(killed_while_it_is_drawn),
		cmocka_unit_test(everything_is_seen),
		cmocka_unit_test(files_in_a_thread_and_to_a_person),
		cmocka_unit_test(a_step_that_fails_is_done_once_more),
		cmocka_unit_test(killed_at_any_moment),
		cmocka_unit_test(a_refused_upload_is_said_in_the_card),
		cmocka_unit_test(an_upload_that_is_never_shared),
		cmocka_unit_test(a_slow_scan),
		cmocka_unit_test(the_documented_three_steps),
		cmocka_unit_test(a_call_buzzes_or_is_told),
		cmocka_unit_test(who_is_not_in_the_group_is_told),
		cmocka_unit_test(a_call_is_not_doubled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
