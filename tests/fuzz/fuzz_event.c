/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz_event.h"

#include "base/json.h"

void fuzz_check_event(const struct event *event)
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
