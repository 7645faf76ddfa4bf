/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/json.h"

/* ---- the vectors ---- */

static char *load(const char *name, const char *suffix, gsize *length)
{
	g_autofree char *path = g_strdup_printf("%s/feishu/frames/%s%s", TEST_DATA, name, suffix);
	char *text = NULL;
	if (!g_file_get_contents(path, &text, length, NULL))
		fail_msg("cannot read %s", path);
	return text;
}

static GByteArray *load_hex(const char *name)
{
	gsize length;
	g_autofree char *text = load(name, ".hex", &length);
	GByteArray *bytes = g_byte_array_new();
	int high = -1;
	for (gsize i = 0; i < length; i++) {
		int digit = g_ascii_xdigit_value(text[i]);
		if (digit < 0)
			continue;
		guint8 byte = (guint8)(high * 16 + digit);
		if (high >= 0)
			g_byte_array_append(bytes, &byte, 1);
		high = high >= 0 ? -1 : digit;
	}
	assert_int_equal(high, -1);
	return bytes;
}

static cJSON *load_expected(const char *name)
{
	gsize length;
	g_autofree char *text = load(name, ".expect.json", &length);
	cJSON *root = json_parse(text, length, NULL);
	assert_non_null(root);
	return root;
}

static struct feishu_frame *decode(const GByteArray *bytes)
{
	return feishu_frame_decode(bytes->data, bytes->len);
}

static void assert_same(GBytes *got, const GByteArray *expected, const char *name)
{
	gsize length;
	const guint8 *data = g_bytes_get_data(got, &length);
	if (length != expected->len || memcmp(data, expected->data, length) != 0)
		fail_msg("%s: %u bytes expected, got %u that differ", name, expected->len, (guint)length);
}

static const struct {
	const char *name;
	enum feishu_frame_kind kind;
} vectors[] = {
	{ "01_ping", FEISHU_FRAME_PING },
	{ "02_ping_go_layout", FEISHU_FRAME_PING },
	{ "03_pong_config", FEISHU_FRAME_PONG },
	{ "04_pong_empty", FEISHU_FRAME_PONG },
	{ "05_server_ping", FEISHU_FRAME_PING },
	{ "10_event_text", FEISHU_FRAME_EVENT },
	{ "10_event_text.reply", FEISHU_FRAME_EVENT },
	{ "11_event_card_toast", FEISHU_FRAME_EVENT },
	{ "11_event_card_toast.reply", FEISHU_FRAME_EVENT },
	{ "12_event_card_replace", FEISHU_FRAME_EVENT },
	{ "12_event_card_replace.reply", FEISHU_FRAME_EVENT },
	{ "13_event_card_empty", FEISHU_FRAME_EVENT },
	{ "13_event_card_empty.reply", FEISHU_FRAME_EVENT },
	{ "14_event_handler_fails", FEISHU_FRAME_EVENT },
	{ "14_event_handler_fails.reply", FEISHU_FRAME_EVENT },
	{ "15_event_unhandled", FEISHU_FRAME_EVENT },
	{ "15_event_unhandled.reply", FEISHU_FRAME_EVENT },
	{ "16_type_card", FEISHU_FRAME_CARD },
	{ "17_fragment_0_of_2", FEISHU_FRAME_EVENT },
	{ "17_fragment_1_of_2", FEISHU_FRAME_EVENT },
	{ "17_fragment_1_of_2.reply", FEISHU_FRAME_EVENT },
};

static void expect_payload(const struct feishu_frame *frame, const cJSON *decoded, const char *name)
{
	gsize length, coded_length = 0;
	const char *payload = feishu_frame_payload(frame, &length);
	const char *text = json_text_or(decoded, "payload_utf8", NULL), *coded = json_text_or(decoded, "payload_base64", NULL);
	g_autofree guchar *bytes = coded ? g_base64_decode(coded, &coded_length) : NULL;
	assert_int_equal(length, json_int_or(decoded, "payload_len", 0));
	if (text && (strlen(text) != length || memcmp(text, payload, length) != 0))
		fail_msg("%s: the payload differs", name);
	if (coded && (coded_length != length || memcmp(bytes, payload, length) != 0))
		fail_msg("%s: the payload differs", name);
}

static void every_vector_is_read(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		g_autoptr(GByteArray) bytes = load_hex(vectors[i].name);
		g_autoptr(cJSON) expected = load_expected(vectors[i].name);
		g_autoptr(feishu_frame_auto) frame = decode(bytes);
		assert_non_null(frame);
		assert_int_equal(bytes->len, json_int_or(expected, "bytes", 0));
		assert_int_equal(feishu_frame_kind(frame), vectors[i].kind);
		const cJSON *header;
		cJSON_ArrayForEach (header, json_array(expected, "decoded.headers")) {
			assert_string_equal(feishu_frame_header(frame, json_text_or(header, "0", "")),
				json_text_or(header, "1", ""));
		}
		expect_payload(frame, json_object(expected, "decoded"), vectors[i].name);
	}
}

static void every_vector_is_written_to_the_byte(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		g_autoptr(GByteArray) bytes = load_hex(vectors[i].name);
		g_autoptr(feishu_frame_auto) frame = decode(bytes);
		g_autoptr(GBytes) again = feishu_frame_encode(frame);
		assert_same(again, bytes, vectors[i].name);
	}
}

static void no_vector_is_left_out(void **state)
{
	(void)state;
	g_autofree char *path = g_build_filename(TEST_DATA, "feishu", "frames", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	assert_non_null(dir);
	guint count = 0;
	for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
		count += g_str_has_suffix(name, ".hex") ? 1 : 0;
	assert_int_equal(count, G_N_ELEMENTS(vectors));
}

static void a_ping_is_the_sdks(void **state)
{
	(void)state;
	g_autoptr(GByteArray) bytes = load_hex("01_ping");
	g_autoptr(GBytes) ping = feishu_frame_ping(33554678);
	assert_same(ping, bytes, "ping");
	g_autoptr(GBytes) negative = feishu_frame_ping(-1);
	assert_int_equal(g_bytes_get_size(negative), bytes->len - 4 + 10);
}

/* ---- replies ---- */

/* data: what the answer carries; NULL: nothing. took: biz_rt as the SDK wrote it. */
static const struct {
	const char *name, *data;
	gboolean kept;
	int64_t took_ms;
} replies[] = {
	{ "10_event_text", NULL, TRUE, 0 },
	{ "11_event_card_toast", "{\"toast\":{\"type\":\"success\",\"content\":\"OK\"}}", TRUE, 0 },
	{ "12_event_card_replace",
		"{\"toast\":{\"type\":\"info\",\"content\":\"已更新\"},\"card\":{\"type\":\"raw\",\"data\":{\"schema\":\"2.0\","
		"\"config\":{\"update_multi\":true},\"header\":{\"title\":{\"tag\":\"plain_text\",\"content\":\"Blocker 42\"},"
		"\"template\":\"green\"},\"body\":{\"elements\":[{\"tag\":\"markdown\",\"content\":\"已接手 acknowledged\"}]}}}}",
		TRUE, 0 },
	{ "13_event_card_empty", "{}", TRUE, 0 },
	{ "14_event_handler_fails", "{\"never\":\"sent\"}", FALSE, -2 },
	{ "17_fragment_1_of_2", NULL, TRUE, 0 },
};

static void replies_are_the_sdks(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(replies); i++) {
		g_autofree char *name = g_strconcat(replies[i].name, ".reply", NULL);
		g_autoptr(GByteArray) bytes = load_hex(replies[i].name), expected = load_hex(name);
		g_autoptr(feishu_frame_auto) frame = decode(bytes);
		feishu_frame_drop_payload(frame);
		g_autoptr(GBytes) reply = feishu_frame_reply(frame, replies[i].kept, replies[i].data, replies[i].took_ms);
		assert_same(reply, expected, name);
	}
}

/* ---- broken frames ---- */

static void what_is_no_frame_is_none(void **state)
{
	static const guint8 long_varint[] = { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const guint8 group[] = { 0x08, 0, 0x10, 0, 0x18, 0, 0x20, 0, 0x53, 0x54 };
	(void)state;
	assert_null(feishu_frame_decode((const guint8 *)"", 0));
	assert_null(feishu_frame_decode((const guint8 *)"hello", 5));
	assert_null(feishu_frame_decode(long_varint, sizeof long_varint));
	assert_null(feishu_frame_decode(group, sizeof group));
}

static void a_truncated_frame_is_none(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		g_autoptr(GByteArray) bytes = load_hex(vectors[i].name);
		for (guint cut = 0; cut < bytes->len; cut++) {
			g_autofree guint8 *prefix = g_memdup2(bytes->data, cut);
			g_autoptr(feishu_frame_auto) frame = feishu_frame_decode(prefix, cut);
			/* It may end between two fields; never with a header or payload cut short. */
			g_autoptr(GBytes) again = frame ? feishu_frame_encode(frame) : NULL;
			assert_true(!frame || g_bytes_get_size(again) == cut);
		}
	}
}

/* Each byte in turn takes other values: whatever is still a frame can be read, answered and written. */
static void no_byte_is_trusted(void **state)
{
	static const guint8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		g_autoptr(GByteArray) bytes = load_hex(vectors[i].name);
		for (guint at = 0; at < bytes->len * G_N_ELEMENTS(values); at++) {
			g_autofree guint8 *changed = g_memdup2(bytes->data, bytes->len);
			changed[at / G_N_ELEMENTS(values)] = values[at % G_N_ELEMENTS(values)];
			g_autoptr(feishu_frame_auto) frame = feishu_frame_decode(changed, bytes->len);
			if (!frame)
				continue;
			gboolean answered = feishu_frame_header(frame, "biz_rt") != NULL; /* the vector is a reply itself */
			feishu_frame_kind(frame);
			feishu_frame_number(frame, "sum", 1);
			g_autoptr(GBytes) reply = feishu_frame_reply(frame, TRUE, "{}", 1);
			gsize length;
			const guint8 *data = g_bytes_get_data(reply, &length);
			g_autoptr(feishu_frame_auto) again = feishu_frame_decode(data, length);
			assert_non_null(again);
			assert_true(answered || strcmp(feishu_frame_header(again, "biz_rt"), "1") == 0);
		}
	}
}

/* ---- what is not promised: order, repetition, the unknown ---- */

static struct feishu_frame *decode_hex(const char *hex)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	for (; *hex; hex += 2) {
		guint8 byte = (guint8)(g_ascii_xdigit_value(hex[0]) * 16 + g_ascii_xdigit_value(hex[1]));
		g_byte_array_append(bytes, &byte, 1);
	}
	return decode(bytes);
}

static void full_numbers_and_unknown_fields_come_back(void **state)
{
	/* SeqID and LogID are 2^64-1 and 2^63+1, service is -7, field 15 is nobody's. */
	static const char hex[] = "08ffffffffffffffffff0110818080808080808080011"
				  "8f9ffffffffffffffff0120017a03616263";
	(void)state;
	g_autoptr(feishu_frame_auto) frame = decode_hex(hex);
	assert_non_null(frame);
	g_autoptr(GBytes) reply = feishu_frame_reply(frame, TRUE, NULL, 3);
	gsize length;
	const guint8 *data = g_bytes_get_data(reply, &length);
	GString *got = g_string_new(NULL);
	for (gsize i = 0; i < length; i++)
		g_string_append_printf(got, "%02x", data[i]);
	assert_true(g_str_has_prefix(got->str, "08ffffffffffffffffff01108180808080808080800118f9ffffffffffffffff012001"));
	assert_non_null(strstr(got->str, "7a03616263"));
	g_string_free(got, TRUE);
}

static void order_does_not_matter_and_the_first_header_counts(void **state)
{
	(void)state;
	/* method, service, two headers "type": event and card, then LogID and SeqID. */
	g_autoptr(feishu_frame_auto) frame =
		decode_hex("200118002a0d0a047479706512056576656e742a0c0a04747970651204636172641005" "0806");
	assert_non_null(frame);
	assert_int_equal(feishu_frame_kind(frame), FEISHU_FRAME_EVENT);
	assert_int_equal(feishu_frame_number(frame, "type", 9), 9);
	assert_int_equal(feishu_frame_number(frame, "sum", 1), 1);
}

static void other_methods_and_types_are_of_no_use(void **state)
{
	(void)state;
	g_autoptr(feishu_frame_auto) bare = decode_hex("0800100018002001");
	g_autoptr(feishu_frame_auto) control = decode_hex("08001000180020002a0d0a047479706512056576656e74");
	g_autoptr(feishu_frame_auto) strange = decode_hex("08001000180020072a0d0a047479706512056576656e74");
	assert_int_equal(feishu_frame_kind(bare), FEISHU_FRAME_OTHER);
	assert_int_equal(feishu_frame_kind(control), FEISHU_FRAME_OTHER);
	assert_int_equal(feishu_frame_kind(strange), FEISHU_FRAME_OTHER);
}

/* ---- settings ---- */

static void settings_are_taken_within_bounds(void **state)
{
	static const struct {
		const char *json;
		struct feishu_settings expected;
	} cases[] = {
		{ "", { -1, 120, 30, 120 } },
		{ "no JSON", { -1, 120, 30, 120 } },
		{ "[]", { -1, 120, 30, 120 } },
		{ "{\"PingInterval\":60}", { -1, 120, 30, 60 } },
		{ "{\"ReconnectCount\":3,\"ReconnectInterval\":5,\"ReconnectNonce\":0,\"PingInterval\":1}", { 3, 5, 0, 1 } },
		{ "{\"ReconnectCount\":-9,\"ReconnectInterval\":0,\"ReconnectNonce\":-1,\"PingInterval\":0}", { -1, 1, 0, 1 } },
		{ "{\"ReconnectCount\":1e15,\"ReconnectInterval\":1e15,\"ReconnectNonce\":1e15,\"PingInterval\":1e15}",
			{ G_MAXINT, 3600, 600, 600 } },
		{ "{\"PingInterval\":\"60\",\"ReconnectNonce\":null}", { -1, 120, 30, 120 } },
	};
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct feishu_settings settings = feishu_settings_default;
		feishu_settings_read(&settings, cases[i].json, strlen(cases[i].json));
		assert_memory_equal(&settings, &cases[i].expected, sizeof settings);
	}
}

static void a_pong_brings_settings(void **state)
{
	(void)state;
	g_autoptr(GByteArray) bytes = load_hex("03_pong_config");
	g_autoptr(feishu_frame_auto) frame = decode(bytes);
	struct feishu_settings settings = { 7, 7, 7, 7 };
	gsize length;
	const char *payload = feishu_frame_payload(frame, &length);
	feishu_settings_read(&settings, payload, length);
	assert_memory_equal(&settings, &feishu_settings_default, sizeof settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_is_read),
		cmocka_unit_test(every_vector_is_written_to_the_byte),
		cmocka_unit_test(no_vector_is_left_out),
		cmocka_unit_test(a_ping_is_the_sdks),
		cmocka_unit_test(replies_are_the_sdks),
		cmocka_unit_test(what_is_no_frame_is_none),
		cmocka_unit_test(a_truncated_frame_is_none),
		cmocka_unit_test(no_byte_is_trusted),
		cmocka_unit_test(full_numbers_and_unknown_fields_come_back),
		cmocka_unit_test(order_does_not_matter_and_the_first_header_counts),
		cmocka_unit_test(other_methods_and_types_are_of_no_use),
		cmocka_unit_test(settings_are_taken_within_bounds),
		cmocka_unit_test(a_pong_brings_settings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
