/* SPDX-License-Identifier: MIT */
/*
 * Every payload and every frame in tests/data/feishu goes through the whole bot, with a company of its people: nothing
 * breaks, what is an event is acknowledged, and the bot says something only where somebody addressed it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sandbox/feishu/packet.h"
#include "tests/support/flow.h"

static const char *const channels[] = { "sales", NULL };

/* Whom and what the fixtures tell of, as the company here knows them. */
static const char *const known[][2] = { { "ou_bt_li", "ou_u0li00000" }, { "ou_bt_wang", "ou_u0wang000" },
	{ "ou_bt_boss", "ou_u0p000000" }, { "ou_bt_bot", "ou_ubelltower" }, { "oc_bt_sales", "oc_c0sales00" },
	{ "oc_bt_p2p_li", "oc_d0li00000" } };

/* The payloads at which the bot says something. */
static const char *const answered[] = { "application.bot.menu_v6.json", "im.message.receive_v1.hongbao.json",
	"im.message.receive_v1.post.json", "im.message.receive_v1.text_eleven_mentions.json", "im.message.receive_v1.text_null_user_id.json",
	"im.message.receive_v1.text_p2p_golark_test.json", "im.message.receive_v1.text_p2p_standup.json",
	"im.message.receive_v1.text_quote_reply.json", "legacy.p2p_chat_create_v1.json" };

/* What shows something to somebody. */
static const char *const speaking[] = { "im.message.create", "im.message.reply", "im.message.patch", "ephemeral.send" };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 3, .channels = channels, .frozen = TRUE, .feishu = TRUE });
	flow_configure(f, "");
	*state = f;
	for (guint i = 0; i < 2; i++) {
		const char *name = i ? "wang" : "li";
		cJSON_Delete(flow_act(f, "{'do':'add_member','name':'%s','zone':'%s'}", name, f->zone));
		cJSON_Delete(flow_act(f, "{'do':'join','as':'%s','channel':'#sales'}", name));
		g_free(flow_direct(f, name));
	}
	flow_start_here(f);
	FLOW_PASS_UNTIL(f, flow_is_live(f));
	flow_pass(f, SECONDS(2), 500);
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

/* ---- frames ---- */

static void send_frame(struct flow *f, const guint8 *bytes, gsize length)
{
	g_autoptr(GString) hex = g_string_new(NULL);
	for (gsize i = 0; i < length; i++)
		g_string_append_printf(hex, "%02x", bytes[i]);
	cJSON_Delete(flow_act(f, "{'do':'frame','hex':'%s'}", hex->str));
}

static void send_event(struct flow *f, const char *payload, const char *id)
{
	const struct packet_header headers[] = { { "type", "event" }, { "message_id", id }, { "sum", "1" }, { "seq", "0" } };
	g_autoptr(GBytes) frame = packet_write(&(struct packet_parts){ .service = 33554678, .method = PACKET_DATA, .headers = headers,
		.header_count = G_N_ELEMENTS(headers), .payload = payload, .length = strlen(payload) });
	gsize length;
	const guint8 *bytes = g_bytes_get_data(frame, &length);
	send_frame(f, bytes, length);
}

/* A reply to what the sandbox did not push itself is told in its log. */
static void count_replies(const cJSON *delta, gpointer replies)
{
	const char *title = json_text_or(delta, "entry.title", "");
	*(guint *)replies += g_str_has_prefix(title, "a reply to nothing") ? 1 : 0;
}

/* ---- files ---- */

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *files_in(const char *folder, const char *ending)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		if (g_str_has_suffix(name, ending))
			g_ptr_array_add(files, g_strdup(name));
	}
	g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	assert_true(files->len > 0);
	return files;
}

static char *read_fixture(const char *folder, const char *file)
{
	g_autofree char *path = g_build_filename(folder, file, NULL);
	char *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static char *read_event(const char *folder, const char *file)
{
	g_autofree char *text = read_fixture(folder, file);
	GString *event = g_string_new(text);
	for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
		g_string_replace(event, known[i][0], known[i][1], 0);
	return g_string_free(event, FALSE);
}

/* ---- the tests ---- */

static guint spoken(const struct flow *f)
{
	guint calls = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(speaking); i++)
		calls += flow_calls(f, speaking[i]);
	return calls;
}

static gboolean nothing_waits(const struct flow *f)
{
	return flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 && flow_number(f, "SELECT COUNT(*) FROM waiting") == 0;
}

static void check_event(struct flow *f, const char *folder, const char *file)
{
	guint before = spoken(f), replies = 0;
	g_autofree char *event = read_event(folder, file);
	f->observe = count_replies;
	f->data = &replies;
	send_event(f, event, file);
	flow_pass(f, SECONDS(2), 500);
	FLOW_PASS_UNTIL(f, replies > 0 && nothing_waits(f));
	f->observe = NULL;
	gboolean expected = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(answered); i++)
		expected = expected || g_str_equal(answered[i], file);
	if ((spoken(f) != before) != expected)
		fail_msg("%s: %s", file, expected ? "nothing was said" : "something was said");
	assert_int_equal(replies, 1);
}

/* What came is kept and answered by now: a person's own standup is as ever. */
static void check_health(struct flow *f, int standups)
{
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), standups + 1);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM dead_letter"), 0);
	assert_true(flow_is_live(f));
}

static void all_events(void **state)
{
	struct flow *f = *state;
	g_autofree char *folder = g_build_filename(TEST_DATA, "feishu", "events", NULL);
	g_autoptr(GPtrArray) files = files_in(folder, ".json");
	for (guint i = 0; i < files->len; i++)
		check_event(f, folder, files->pdata[i]);
	check_health(f, 1);
}

static void all_frames(void **state)
{
	struct flow *f = *state;
	g_autofree char *folder = g_build_filename(TEST_DATA, "feishu", "frames", NULL);
	g_autoptr(GPtrArray) files = files_in(folder, ".hex");
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *text = read_fixture(folder, files->pdata[i]);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		g_autofree char *hex = g_strjoinv("", lines);
		cJSON_Delete(flow_act(f, "{'do':'frame','hex':'%s'}", hex));
		flow_pass(f, SECONDS(2), 500);
	}
	assert_int_equal(spoken(f), 0);
	check_health(f, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_events, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_frames, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
