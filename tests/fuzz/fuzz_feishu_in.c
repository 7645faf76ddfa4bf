/* SPDX-License-Identifier: MIT */
/* One payload from the long connection; what the header promises must hold, and an event survives its way through the
 * store. */
#include "tests/fuzz/fuzz_event.h"

#include "platform/feishu/feishu_in.h"

#define NOW_MS INT64_C(1767225600000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct feishu_self self = { .workspace = "acme", .open_id = "ou_bt_bot", .app_id = "cli_1" };
	g_auto(feishu_delivery_auto) delivery = { 0 };
	feishu_in(&self, (const char *)data, size, NOW_MS, &delivery);
	g_assert_nonnull(delivery.events);
	g_assert_true((delivery.events->len == 0) == (delivery.ignored != NULL));
	for (guint i = 0; i < delivery.events->len; i++)
		fuzz_check_event(delivery.events->pdata[i]);
	g_autoptr(cJSON) item = json_parse((const char *)data, size, NULL);
	g_autoptr(GPtrArray) past = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
	if (item)
		feishu_in_history(&self, item, FALSE, 0, past);
	for (guint i = 0; i < past->len; i++)
		fuzz_check_event(past->pdata[i]);
	return 0;
}
