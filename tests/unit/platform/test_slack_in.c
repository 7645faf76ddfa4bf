/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_in.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/support/as_line.h"

#define NOW_MS INT64_C(1767225999000)
#define ENVELOPE "7e8f0a1b-0000-4000-8000-00000000000f"

static const struct slack_self self = {
	.workspace = "acme", .user_id = "U0BELLBOT", .bot_id = "B0BELL000", .app_id = "A0BELL000"
};

/* ---- a frame as one line ---- */

static char *frame_line(const struct slack_frame *frame)
{
	GString *out = g_string_new(NULL);
	switch (frame->kind) {
	case SLACK_GARBAGE:
		g_string_append_printf(out, "garbage: %s", frame->ignored);
		break;
	case SLACK_HELLO:
		g_string_append_printf(out, "hello %s %d %ds", frame->app_id, frame->num_connections, frame->connection_s);
		break;
	case SLACK_DISCONNECT:
		g_string_append_printf(out, "disconnect %d", (int)frame->disconnect);
		break;
	case SLACK_ENVELOPE:
		if (frame->event) {
			g_autofree char *line = event_as_line(frame->event);
			g_string_append(out, line);
		} else {
			g_string_append_printf(out, "ignored: %s", frame->ignored);
		}
	}
	g_string_append(out, frame->credentials_gone ? " GONE" : "");
	g_string_append(out, frame->rate_limited ? " LIMITED" : "");
	return g_string_free(out, FALSE);
}

static char *read_line(const struct slack_self *who, const char *text, gsize length)
{
	g_auto(slack_frame_auto) frame = { 0 };
	slack_in(who, text, length, NOW_MS, &frame);
	assert_false(frame.event && frame.ignored);
	return frame_line(&frame);
}

/* ---- every fixture ---- */

/* type: the envelope that the payload gets; NULL: the file is a whole frame. bot: our user id; NULL: as in `self`. */
static const struct {
	const char *file, *type, *bot, *expected;
} fixtures[] = {
#include "slack_fixtures.inc"
};

static char *load(const char *file, gsize *length)
{
	g_autofree char *path = g_strdup_printf("%s/slack/%s.json", TEST_DATA, file);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, length, NULL))
		fail_msg("cannot read %s", path);
	return text;
}

static char *wrap(const char *type, const char *payload)
{
	return g_strdup_printf("{\"type\":\"%s\",\"envelope_id\":\"" ENVELOPE "\",\"payload\":%s}", type, payload);
}

static char *load_frame(guint i, gsize *length)
{
	char *text = load(fixtures[i].file, length);
	if (!fixtures[i].type)
		return text;
	char *frame = wrap(fixtures[i].type, text);
	*length = strlen(frame);
	g_free(text);
	return frame;
}

static void every_fixture_means_what_the_table_says(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		struct slack_self who = self;
		if (fixtures[i].bot)
			who.user_id = fixtures[i].bot;
		g_autofree char *text = load_frame(i, &length);
		g_autofree char *line = read_line(&who, text, length);
		wrong += differs(fixtures[i].file, line, fixtures[i].expected);
	}
	assert_int_equal(wrong, 0);
}

static void no_fixture_is_left_out(void **state)
{
	static const char *const folders[] = { "events", "interactive", "slash" };
	(void)state;
	for (guint k = 0; k < G_N_ELEMENTS(folders); k++) {
		g_autofree char *path = g_build_filename(TEST_DATA, "slack", folders[k], NULL);
		GDir *dir = g_dir_open(path, 0, NULL);
		assert_non_null(dir);
		for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
			guint found = g_str_has_suffix(name, ".json") ? 0 : 1;
			g_autofree char *file = g_strdup_printf("%s/%s", folders[k], name);
			for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++)
				found += g_str_has_prefix(file, fixtures[i].file) && strlen(file) == strlen(fixtures[i].file) + 5;
			if (found == 0)
				fail_msg("%s is not in the table", file);
		}
		g_dir_close(dir);
	}
}

/* ---- what goes wrong ---- */

static char *envelope_of(const char *text, gsize length)
{
	g_autoptr(cJSON) root = json_parse(text, length, NULL);
	return g_strdup(json_text_or(root, "envelope_id", NULL));
}

/* Cut anywhere: nothing breaks, and an id that has come is found. */
static void a_truncated_frame_still_gives_its_envelope(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		g_autofree char *text = load_frame(i, &length);
		g_autofree char *id = envelope_of(text, length);
		const char *quoted = id ? strstr(text, id) + strlen(id) : NULL;
		for (gsize cut = 0; cut + 1 < length; cut += length > 8000 ? 509 : 1) {
			g_autofree char *prefix = g_memdup2(text, cut);
			g_auto(slack_frame_auto) frame = { 0 };
			slack_in(&self, prefix, cut, NOW_MS, &frame);
			if (quoted && cut > (gsize)(quoted - text)) {
				assert_string_equal(frame.envelope_id, id);
				assert_int_equal(frame.kind, SLACK_ENVELOPE);
			} else {
				assert_null(frame.envelope_id);
			}
		}
	}
}

/* The nth node below root, depth first; NULL: there are fewer. */
static cJSON *nth_node(cJSON *root, int *n, cJSON **parent)
{
	for (cJSON *child = root->child; child; child = child->next) {
		*parent = root;
		if ((*n)-- == 0)
			return child;
		cJSON *found = child->child ? nth_node(child, n, parent) : NULL;
		if (found)
			return found;
	}
	return NULL;
}

/* Puts the value into the nth node's place, "" removes it; FALSE: there are fewer nodes. */
static gboolean mutate(cJSON *root, int n, const char *value)
{
	cJSON *parent = NULL, *node = nth_node(root, &n, &parent);
	if (!node)
		return FALSE;
	if (parent == root && g_strcmp0(node->string, "envelope_id") == 0)
		return TRUE;
	if (!*value) {
		cJSON_Delete(cJSON_DetachItemViaPointer(parent, node));
		return TRUE;
	}
	cJSON *other = cJSON_Parse(value);
	assert_non_null(other);
	if (node->string) {
		other->string = malloc(strlen(node->string) + 1);
		memcpy(other->string, node->string, strlen(node->string) + 1);
	}
	cJSON_ReplaceItemViaPointer(parent, node, other);
	return TRUE;
}

/* Each field in turn is gone, null, a number, a list, an object, an empty text. */
static gboolean expect_envelope(guint i, const char *text, gsize length, const char *id, int n)
{
	static const char *const values[] = { "", "null", "1.5e300", "[[]]", "{\"a\":{}}", "\"\"", "true", "-1" };
	for (guint v = 0; v < G_N_ELEMENTS(values); v++) {
		g_autoptr(cJSON) root = json_parse(text, length, NULL);
		if (!mutate(root, n, values[v]))
			return FALSE;
		g_autofree char *changed = json_print(root);
		g_auto(slack_frame_auto) frame = { 0 };
		slack_in(&self, changed, strlen(changed), NOW_MS, &frame);
		if (id && g_strcmp0(frame.envelope_id, id) != 0)
			fail_msg("%s lost its envelope: %s", fixtures[i].file, changed);
	}
	return TRUE;
}

static void no_field_is_trusted(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(fixtures); i++) {
		gsize length;
		g_autofree char *text = load_frame(i, &length);
		g_autofree char *id = envelope_of(text, length);
		for (int n = 0; length < 8000 && expect_envelope(i, text, length, id, n); n++)
			;
	}
}

/* ---- single cases ---- */

static const struct {
	const char *frame, *expected;
} frames[] = {
	{ "", "garbage: not JSON" },
	{ "null", "garbage: no envelope_id" },
	{ "[]", "garbage: no envelope_id" },
	{ "{}", "garbage: no envelope_id" },
	{ "{\"type\":\"events_api\",\"envelope_id\":7}", "garbage: no envelope_id" },
	{ "ping", "garbage: not JSON" },
	{ "{\"envelope_id\":\"e-1\"}", "ignored: envelope without a payload" },
	{ "{\"envelope_id\":\"e-1\",\"payload\":[]}", "ignored: envelope without a payload" },
	{ "{\"envelope_id\":\"e-1\",\"payload\":{}}", "ignored: unknown envelope type" },
	{ "{\"envelope_id\" : \"e-1\",\"payload\":{\"text\":\"\xff\"}}", "ignored: not JSON" },
	{ "{\"a\":\"\\\"envelope_id\\\":\\\"e-1\\\"\", \xff", "garbage: not JSON" },
	{ "{\"type\":\"hello\"}", "hello (null) 0 0s" },
	{ "{\"type\":\"hello\",\"num_connections\":-3,\"debug_info\":{\"approximate_connection_time\":1e18}}",
		"hello (null) 0 0s" },
	{ "{\"type\":\"disconnect\"}", "disconnect 0" },
	{ "{\"type\":\"disconnect\",\"reason\":\"what_is_this\"}", "disconnect 0" },
};

static void frames_are_what_they_say(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(frames); i++) {
		g_autofree char *line = read_line(&self, frames[i].frame, strlen(frames[i].frame));
		assert_string_equal(line, frames[i].expected);
	}
}

/* The inner event of an event callback with id Ev1 at 1767225600. */
static const struct {
	const char *event, *expected;
} events[] = {
#include "slack_events.inc"
};

static void events_are_what_people_did(void **state)
{
	(void)state;
	guint wrong = 0;
	for (guint i = 0; i < G_N_ELEMENTS(events); i++) {
		g_autofree char *payload = g_strdup_printf(
			"{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event_time\":1767225600,\"event\":%s}",
			events[i].event);
		g_autofree char *frame = wrap("events_api", payload);
		g_autofree char *line = read_line(&self, frame, strlen(frame));
		wrong += differs(events[i].event, line, events[i].expected);
	}
	assert_int_equal(wrong, 0);
}

static void only_the_envelope_says_whether_a_payload_may_go_back(void **state)
{
	static const char text[] = "{\"type\":\"interactive\",\"envelope_id\":\"e\",\"accepts_response_payload\":true,"
				   "\"retry_attempt\":2,\"payload\":{\"type\":\"view_closed\"}}";
	(void)state;
	g_auto(slack_frame_auto) frame = { 0 };
	slack_in(&self, text, strlen(text), NOW_MS, &frame);
	assert_true(frame.accepts_payload);
	assert_int_equal(frame.retry_attempt, 2);
}

/* A form whose envelope has no flag: better told in vain than not told. */
static void without_a_flag_a_form_hears_its_problems(void **state)
{
	static const struct {
		const char *type, *flag;
		gboolean accepts;
	} envelopes[] = {
		{ "interactive", "", TRUE },
		{ "interactive", "\"accepts_response_payload\":false,", FALSE },
		{ "events_api", "", FALSE },
		{ "slash_commands", "", FALSE },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(envelopes); i++) {
		g_autofree char *text = g_strdup_printf("{\"type\":\"%s\",\"envelope_id\":\"e\",%s\"payload\":{}}", envelopes[i].type,
			envelopes[i].flag);
		g_auto(slack_frame_auto) frame = { 0 };
		slack_in(&self, text, strlen(text), NOW_MS, &frame);
		assert_int_equal(frame.accepts_payload, envelopes[i].accepts);
	}
}

/* One act, told twice: the keys meet. */
static void a_mention_and_its_message_have_a_key_in_common(void **state)
{
	static const char *const types[] = { "message", "app_mention" };
	(void)state;
	char *keys[2];
	for (guint i = 0; i < 2; i++) {
		g_autofree char *text = g_strdup_printf(
			"{\"envelope_id\":\"e\",\"type\":\"events_api\",\"payload\":{\"event_id\":\"Ev%u\",\"event\":{\"type\":\"%s\","
			"\"user\":\"U1\",\"channel\":\"C1\",\"ts\":\"1767225600.000100\",\"text\":\"<@U0BELLBOT> hi\"}}}",
			i, types[i]);
		g_auto(slack_frame_auto) frame = { 0 };
		slack_in(&self, text, strlen(text), NOW_MS, &frame);
		assert_non_null(frame.event);
		assert_true(frame.event->addressed);
		keys[i] = g_strdup(frame.event->keys[0]);
	}
	assert_string_equal(keys[0], keys[1]);
	g_free(keys[0]);
	g_free(keys[1]);
}

/* ---- history and people ---- */

static const struct {
	const char *message, *expected; /* NULL: nothing of a person */
	gint64 row;
} history[] = {
	{ "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"a &amp; b\",\"ts\":\"1512085950.000216\",\"client_msg_id\":\"c1\"}",
		"said by=U1 in=C1 message=1512085950.000216 text=a &amp; b late at=1512085950000 m:1512085950.000216:C1 c:C1:c1", 0 },
	{ "{\"user\":\"U1\",\"text\":\"\",\"ts\":\"2.1\",\"subtype\":\"file_share\"}",
		"said by=U1 in=C1 message=2.1 text= late at=2100 m:2.1:C1", 0 },
	{ "{\"user\":\"U1\",\"text\":\"x\",\"ts\":\"2.1\",\"thread_ts\":\"2.1\",\"reply_count\":3}",
		"said by=U1 in=C1 message=2.1 text=x late at=2100 m:2.1:C1", 0 },
	{ "{\"user\":\"U1\",\"text\":\"x\",\"ts\":\"2.1\",\"subtype\":\"channel_join\"}", NULL, 0 },
	{ "{\"user\":\"U1\",\"text\":\"x\",\"ts\":\"1.8\"}", NULL, 0 }, /* known already */
	/* what became of it, by the same keys as live; of a message that may not be known yet the edit comes first */
	{ "{\"user\":\"USLACKBOT\",\"text\":\"This message was deleted.\",\"ts\":\"1.9\",\"subtype\":\"tombstone\",\"hidden\":true}",
		"deleted in=C1 message=1.9 late at=0 d:C1:1.9 of=m:1.9:C1", 0 },
	{ "{\"user\":\"U1\",\"text\":\"y\",\"ts\":\"1.9\",\"edited\":{\"user\":\"U1\",\"ts\":\"2.5\"}}",
		"edited by=U1 in=C1 message=1.9 text=y late at=2500 x:C1:1.9:2.5 of=m:1.9:C1", 0 },
	{ "{\"user\":\"U1\",\"text\":\"y\",\"ts\":\"2.1\",\"edited\":{\"user\":\"U1\",\"ts\":\"2.5\"}}",
		"edited by=U1 in=C1 message=2.1 text=y late at=2500 x:C1:2.1:2.5 of=m:2.1:C1; "
		"said by=U1 in=C1 message=2.1 text=y late at=2100 m:2.1:C1",
		0 },
	{ "{\"user\":\"U1\",\"text\":\"y\",\"ts\":\"1.2\",\"edited\":{\"user\":\"U1\",\"ts\":\"1.9\"}}", NULL, 0 },
	{ "{\"user\":\"U1\",\"text\":\"y\",\"ts\":\"1.9\",\"edited\":{\"user\":\"U0BELLBOT\",\"ts\":\"2.5\"}}", NULL, 0 },
	{ "{\"bot_id\":\"B0OTHER00\",\"text\":\"y\",\"ts\":\"1.9\",\"edited\":{\"user\":\"U1\",\"ts\":\"2.5\"}}", NULL, 0 },
	{ "{\"user\":\"U0BELLBOT\",\"bot_id\":\"B0BELL000\",\"text\":\"x\",\"ts\":\"2.1\",\"metadata\":"
	  "{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"9007199254740993\"}}}",
		NULL, 9007199254740993 },
	{ "{\"app_id\":\"A0BELL000\",\"text\":\"x\",\"ts\":\"2.1\",\"metadata\":"
	  "{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"7\"}}}",
		NULL, 7 },
	{ "{\"bot_id\":\"B0OTHER00\",\"ts\":\"2.1\",\"metadata\":"
	  "{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"7\"}}}",
		NULL, 0 },
	{ "{\"bot_id\":\"B0BELL000\",\"ts\":\"2.1\",\"metadata\":{\"event_type\":\"other\",\"event_payload\":{\"k\":\"7\"}}}",
		NULL, 0 },
	{ "{\"bot_id\":\"B0BELL000\",\"ts\":\"2.1\",\"metadata\":{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"x\"}}}",
		NULL, 0 },
	{ "{\"user\":\"U0BELLBOT\",\"text\":\"x\",\"ts\":\"2.1\",\"metadata\":"
	  "{\"event_type\":\"belltower\",\"event_payload\":{\"k\":\"8\"}}}",
		NULL, 8 },
	{ "[]", NULL, 0 },
};

static char *past_line(const struct slack_self *who, const cJSON *message)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	slack_in_history(who, message, "C1", "1500000000.000000", told);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < told->len; i++) {
		g_autofree char *line = event_as_line(told->pdata[i]);
		g_string_append_printf(out, "%s%s", i ? "; " : "", line);
	}
	return g_string_free(out, told->len == 0);
}

static void history_is_read_like_the_socket(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(history); i++) {
		g_autoptr(cJSON) message = cJSON_Parse(history[i].message);
		g_autofree char *line = past_line(&self, message);
		if (g_strcmp0(line, history[i].expected) != 0)
			fail_msg("%s:\n  got      %s\n  expected %s", history[i].message, line, history[i].expected);
		assert_true(slack_in_row(&self, message) == history[i].row);
	}
}

static void who_we_are_may_not_be_known_yet(void **state)
{
	(void)state;
	static const struct slack_self nobody = { .workspace = "acme" };
	g_autoptr(cJSON) message = cJSON_Parse("{\"user\":\"U1\",\"text\":\"<@U0BELLBOT> x\",\"ts\":\"2.1\"}");
	g_autofree char *line = past_line(&nobody, message);
	assert_string_equal(line, "said by=U1 in=C1 message=2.1 text=<@U0BELLBOT> x late at=2100 m:2.1:C1");
	assert_true(slack_in_row(&nobody, message) == 0);
}

static const struct {
	const char *user, *expected;
} people[] = {
	{ "{\"id\":\"U1\"}", "people U1(U1) at=0" },
	{ "{\"id\":\"U1\",\"name\":\"ana\"}", "people U1(ana) handle=ana at=0" },
	{ "{\"id\":\"U1\",\"name\":\"ana\",\"real_name\":\"Ana A\",\"profile\":{\"display_name\":\"\",\"real_name\":\"Ana B\"}}",
		"people U1(Ana B) handle=ana at=0" },
	{ "{\"id\":\"U1\",\"name\":\"ana\",\"profile\":{\"display_name\":\"Ann\",\"real_name\":\"Ana B\",\"email\":\"a@b.example\"},"
	  "\"tz\":\"Asia/Shanghai\",\"locale\":\"zh-CN\",\"deleted\":true}",
		"people U1(Ann) handle=ana email=a@b.example zone=Asia/Shanghai language=zh-CN deactivated at=0" },
	{ "{\"id\":\"U1\",\"is_bot\":true,\"tz\":null,\"profile\":[]}", "people U1(U1) bot at=0" },
	{ "{\"id\":\"U1\",\"is_workflow_bot\":true}", "people U1(U1) bot at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"\",\"status_emoji\":\"\",\"status_expiration\":0}}", "people U1(U1) at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"Vacationing\",\"status_emoji\":\":palm_tree:\",\"status_expiration\":1772467199}}",
		"people U1(U1) absent until=1772467199000 at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"我在休假中\",\"status_emoji\":\":coffee:\"}}", "people U1(U1) absent until=0 at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"OOO, back Monday\"}}", "people U1(U1) absent until=0 at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"Wooohoo\",\"status_emoji\":\":tada:\"}}", "people U1(U1) at=0" },
	{ "{\"id\":\"U1\",\"profile\":{\"status_text\":\"Commuting\",\"status_emoji\":\":bus:\",\"status_expiration\":1772467199}}",
		"people U1(U1) at=0" },
	{ "{\"id\":\"USLACKBOT\",\"name\":\"slackbot\"}", NULL },
	{ "{\"name\":\"ana\"}", NULL },
};

static void people_have_the_name_they_chose(void **state)
{
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
		g_autoptr(cJSON) user = cJSON_Parse(people[i].user);
		struct event *event = event_new(EVENT_PEOPLE, NULL);
		event->place.channel = NULL;
		gboolean known = slack_in_person(user, event_add_person(event));
		g_autofree char *line = event_as_line(event);
		event_free(event);
		assert_int_equal(known, people[i].expected != NULL);
		if (known)
			assert_string_equal(line, people[i].expected);
	}
}

static void timestamps_are_read_as_integers(void **state)
{
	static const struct {
		const char *ts;
		int64_t ms;
	} cases[] = { { "1767225600.000100", 1767225600000 }, { "1767225600.999900", 1767225600999 }, { "5", 5000 },
		{ "5.", 5000 }, { "5.2", 5200 }, { "", -1 }, { "x", -1 }, { "-5", -1 }, { "5x", -1 }, { NULL, -1 },
		{ "99999999999999999999.1", -1 }, { "1.5.6", 1500 } };
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_true(slack_in_ts_ms(cases[i].ts, -1) == cases[i].ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fixture_means_what_the_table_says),
		cmocka_unit_test(no_fixture_is_left_out),
		cmocka_unit_test(a_truncated_frame_still_gives_its_envelope),
		cmocka_unit_test(no_field_is_trusted),
		cmocka_unit_test(frames_are_what_they_say),
		cmocka_unit_test(events_are_what_people_did),
		cmocka_unit_test(without_a_flag_a_form_hears_its_problems),
		cmocka_unit_test(only_the_envelope_says_whether_a_payload_may_go_back),
		cmocka_unit_test(a_mention_and_its_message_have_a_key_in_common),
		cmocka_unit_test(history_is_read_like_the_socket),
		cmocka_unit_test(who_we_are_may_not_be_known_yet),
		cmocka_unit_test(people_have_the_name_they_chose),
		cmocka_unit_test(timestamps_are_read_as_integers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
