/* SPDX-License-Identifier: MIT */
/* One frame from the socket; what the header promises must hold, and an event survives its way through the
 * store. */
#include "tests/fuzz/fuzz.h"

#include "platform/slack/slack_in.h"

#define NOW_MS INT64_C(1767225600000)

static void check_event(const struct event *event)
{
	g_assert_nonnull(event->place.workspace);
	g_assert_cmpint(event->receipt, ==, 0);
	g_assert_true(!event->text || g_utf8_validate(event->text, -1, NULL));
	g_assert_true(event->kind != EVENT_SAID || (event->person && event->place.channel && event->message &&
							   event->text && event->keys[0]));
	g_autoptr(cJSON) json = event_to_json(event);
	g_autofree char *printed = json_print(json);
	struct event *again = event_from_json(json, NULL);
	g_assert_nonnull(printed);
	g_assert_nonnull(again);
	event_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slack_self self = { "acme", "U0BELLBOT", "B0BELL000", "A0BELL000" };
	g_auto(slack_frame_auto) frame = { 0 };
	slack_in(&self, (const char *)data, size, NOW_MS, &frame);
	g_assert_cmpint(frame.kind == SLACK_ENVELOPE, ==, frame.envelope_id != NULL);
	g_assert_false(frame.event && frame.ignored);
	g_assert_true(frame.kind != SLACK_ENVELOPE || frame.event || frame.ignored);
	if (frame.event)
		check_event(frame.event);
	g_autoptr(cJSON) message = json_parse((const char *)data, size, NULL);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	if (message)
		slack_in_history(&self, message, "C1", "1767225600.000100", past);
	for (guint i = 0; i < past->len; i++)
		check_event(past->pdata[i]);
	return 0;
}
