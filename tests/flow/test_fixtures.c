/* SPDX-License-Identifier: MIT */
/*
 * Every payload in tests/data/slack goes through the whole bot, with a company of its people: nothing breaks, what can be
 * acknowledged is, and the bot says something only where somebody addressed it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

static const char *const channels[] = { "sales", NULL };

/* The payloads at which the bot says something: one is Alice's standup, the others commands, which are answered. */
static const char *const answered[] = { "composed_frame_message_im_retry1_timeout.json", "composed_frame_slash_highlight_escaped.json",
	"frame_slash_commands.json", "slash_captured.json" };

/* What shows something to somebody. */
static const char *const speaking[] = { "chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.publish",
	"response_url" };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 3, .channels = channels, .frozen = TRUE });
	flow_configure(f, "");
	*state = f;
	/* Two of whom the composed ones tell. */
	cJSON_Delete(flow_act(f, "{'do':'add_member','name':'alice','zone':'%s'}", f->zone));
	cJSON_Delete(flow_act(f, "{'do':'add_member','name':'bob','zone':'%s'}", f->zone));
	cJSON_Delete(flow_act(f, "{'do':'join','as':'alice','channel':'#sales'}"));
	cJSON_Delete(flow_act(f, "{'do':'join','as':'bob','channel':'#sales'}"));
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

/* ---- the payloads ---- */

static const struct {
	const char *folder, *envelope;
} folders[] = { { "events", "events_api" }, { "interactive", "interactive" }, { "slash", "slash_commands" } };

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *files_in(const char *folder)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		if (g_str_has_suffix(name, ".json"))
			g_ptr_array_add(files, g_strdup(name));
	}
	g_dir_close(dir);
	g_ptr_array_sort(files, by_name);
	return files;
}

/* A whole frame as it is; a payload, or an inner event alone, in an envelope of its kind. */
static cJSON *make_frame(cJSON *take, const char *envelope, const char *id)
{
	gboolean whole = cJSON_HasObjectItem(take, "envelope_id") || g_str_equal(json_text_or(take, "type", ""), "hello") ||
			 g_str_equal(json_text_or(take, "type", ""), "disconnect");
	if (whole)
		return take;
	cJSON *frame = cJSON_CreateObject();
	json_put_text(frame, "type", envelope);
	json_put_text(frame, "envelope_id", id);
	json_put_bool(frame, "accepts_response_payload", g_str_equal(envelope, "slash_commands"));
	gboolean inner = g_str_equal(envelope, "events_api") && !cJSON_HasObjectItem(take, "event") &&
			 !cJSON_HasObjectItem(take, "minute_rate_limited");
	if (inner) {
		cJSON *outer = json_put_object(frame, "payload");
		json_put_text(outer, "type", "event_callback");
		json_put_text(outer, "event_id", id);
		cJSON_AddItemToObject(outer, "event", take);
	} else {
		cJSON_AddItemToObject(frame, "payload", take);
	}
	return frame;
}

/* What would be posted to the real Slack goes to the sandbox, which knows no such address. */
static char *read_fixture(const struct flow *f, const char *path)
{
	g_autofree char *text = NULL, *here = g_strconcat(sandbox_url(f->sandbox), "response/", NULL);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) parts = g_strsplit(text, "https://hooks.slack.com/", -1);
	return g_strjoinv(here, parts);
}

static cJSON *put_through(struct flow *f, const char *path, const char *envelope, const char *id)
{
	g_autofree char *text = read_fixture(f, path);
	cJSON *frame = make_frame(json_parse(text, strlen(text), NULL), envelope, id);
	g_autofree char *printed = json_print(frame);
	g_autoptr(cJSON) act = cJSON_CreateObject();
	json_put_text(act, "do", "frame");
	json_put_text(act, "text", printed);
	g_autoptr(cJSON) reply = sandbox_act(f->sandbox, act);
	assert_true(json_bool_or(reply, "ok", FALSE));
	return frame;
}

/* ---- the test ---- */

static gboolean nothing_waits(const struct flow *f)
{
	return flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 && flow_number(f, "SELECT COUNT(*) FROM waiting") == 0;
}

static guint spoken(const struct flow *f)
{
	guint calls = 0;
	for (guint i = 0; i < G_N_ELEMENTS(speaking); i++)
		calls += flow_calls(f, speaking[i]);
	return calls;
}

static void check_payload(struct flow *f, const char *folder, const char *file, const char *envelope, const char *id)
{
	guint before = spoken(f);
	g_autofree char *path = g_build_filename(folder, file, NULL);
	g_autoptr(cJSON) frame = put_through(f, path, envelope, id);
	flow_pass(f, SECONDS(2), 500);
	FLOW_PASS_UNTIL(f, nothing_waits(f));
	gboolean expected = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(answered); i++)
		expected = expected || g_str_equal(answered[i], file);
	if ((spoken(f) != before) != expected)
		fail_msg("%s: %s", file, expected ? "nothing was said" : "something was said");
	const char *envelope_id = json_text_or(frame, "envelope_id", NULL);
	if (envelope_id && !g_hash_table_contains(f->answered, envelope_id))
		fail_msg("%s: not acknowledged", file);
	/* Some tell it to go, and to come again in a quarter of an hour. */
	for (guint minutes = 0; minutes < 20 && !flow_is_live(f); minutes++)
		flow_pass(f, MINUTES(1), 5000);
	if (!flow_is_live(f))
		fail_msg("%s: it does not come again", file);
}

static void all_payloads(void **state)
{
	struct flow *f = *state;
	guint count = 0;
	for (guint d = 0; d < G_N_ELEMENTS(folders); d++) {
		g_autofree char *folder = g_build_filename(TEST_DATA, "slack", folders[d].folder, NULL);
		g_autoptr(GPtrArray) files = files_in(folder);
		assert_true(files->len > 0);
		for (guint i = 0; i < files->len; i++) {
			g_autofree char *id = g_strdup_printf("Ev%u", ++count);
			check_payload(f, folder, files->pdata[i], folders[d].envelope, id);
		}
	}
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), 2);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM dead_letter"), 0);
	assert_int_equal(flow_bot_posts(f, "#sales"), 2); /* Alice's was of another day */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_payloads, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
