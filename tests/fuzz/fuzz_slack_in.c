/* SPDX-License-Identifier: MIT */
/* One frame from the socket; what the header promises must hold, and an event survives its way through the
 * store. */
#include "tests/fuzz/fuzz_event.h"

#include "platform/slack/slack_in.h"

#define NOW_MS INT64_C(1767225600000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct slack_self self = { "acme", "U0BELLBOT", "B0BELL000", "A0BELL000" };
	g_auto(slack_frame_auto) frame = { 0 };
	slack_in(&self, (const char *)data, size, NOW_MS, &frame);
	g_assert_cmpint(frame.kind == SLACK_ENVELOPE, ==, frame.envelope_id != NULL);
	g_assert_false(frame.event && frame.ignored);
	g_assert_true(frame.kind != SLACK_ENVELOPE || frame.event || frame.ignored);
	if (frame.event)
		fuzz_check_event(frame.event);
	g_autoptr(cJSON) message = json_parse((const char *)data, size, NULL);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	if (message)
		slack_in_history(&self, message, "C1", "1767225600.000100", past);
	for (guint i = 0; i < past->len; i++)
		fuzz_check_event(past->pdata[i]);
	return 0;
}
