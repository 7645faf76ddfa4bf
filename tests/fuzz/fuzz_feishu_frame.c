/* SPDX-License-Identifier: MIT */
/* Frames of the long connection, one after the other: the first two bytes of each are its length. */
#include "tests/fuzz/fuzz.h"

#include "platform/feishu/feishu_fragments.h"

static void check_reply(const struct feishu_frame *frame)
{
	g_autoptr(GBytes) reply = feishu_frame_reply(frame, TRUE, "{}", 1);
	gsize length;
	const guint8 *data = g_bytes_get_data(reply, &length);
	g_autoptr(feishu_frame_auto) again = feishu_frame_decode(data, length);
	/* protobuf-c writes an unknown field with an over-long tag back in a way that it cannot read itself. */
	g_assert_true(!again || feishu_frame_header(again, "biz_rt"));
}

static void one_frame(struct feishu_fragments *fragments, const uint8_t *data, size_t size, int64_t now_ms)
{
	g_autoptr(feishu_frame_auto) frame = feishu_frame_decode(data, size);
	g_autoptr(GBytes) whole = NULL;
	struct feishu_settings settings = feishu_settings_default;
	if (!frame)
		return;
	gsize length;
	const char *payload = feishu_frame_payload(frame, &length);
	feishu_settings_read(&settings, payload, length);
	g_assert_true(settings.ping_interval_s >= 1 && settings.ping_interval_s <= 600);
	feishu_frame_kind(frame);
	enum feishu_fragment result = feishu_fragments_put(fragments, frame, now_ms, &whole);
	g_assert_cmpint(result == FEISHU_WHOLE, ==, whole != NULL);
	g_assert_cmpuint(feishu_fragments_waiting(fragments), <=, FEISHU_FRAGMENT_SETS);
	g_assert_cmpuint(feishu_fragments_bytes(fragments), <=, FEISHU_FRAGMENT_BYTES);
	check_reply(frame);
	feishu_frame_drop_payload(frame);
	check_reply(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feishu_fragments *fragments = feishu_fragments_new();
	for (int64_t now_ms = 0; size >= 2; now_ms += 1000) {
		size_t length = MIN((size_t)data[0] * 256 + data[1], size - 2);
		one_frame(fragments, data + 2, length, now_ms);
		data += 2 + length;
		size -= 2 + length;
	}
	feishu_fragments_free(fragments);
	return 0;
}
