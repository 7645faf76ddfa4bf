/* SPDX-License-Identifier: MIT */
/* The room's words on Feishu: ids, texts and posts, emoji, frames to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/packet.h"
#include "sandbox/feishu/tongue.h"

static int open_room(void **state)
{
	struct clock *clock = clock_new_frozen(INT64_C(1772413200000));
	g_autoptr(cJSON) company = company_example();
	*state = room_new(company, clock, NULL);
	return 0;
}

static int close_room(void **state)
{
	struct room *room = *state;
	struct clock *clock = room->clock;
	room_free(room);
	clock_free(clock);
	return 0;
}

static void ids(void **state)
{
	const struct room *room = *state;
	const struct member *ana = room_member_named(room, "ana");
	struct channel *sales = room_channel_named(room, "sales"), *found = NULL;
	g_autofree char *open = ident_open_id(ana), *chat = ident_chat_id(sales), *ts = NULL;
	g_autofree char *message = ident_message_id(sales, "1767225600.000100"), *thread = ident_thread_id(sales, "1767225600.000100");
	assert_string_equal(open, "ou_u0ana0000");
	assert_ptr_equal(ident_member(room, "open_id", open), ana);
	assert_ptr_equal(ident_member(room, "union_id", "on_u0ana0000"), ana);
	assert_ptr_equal(ident_member(room, "user_id", "u0ana0000"), ana);
	assert_ptr_equal(ident_member(room, "email", ana->email), ana);
	assert_null(ident_member(room, "open_id", "OU_U0ANA0000"));
	assert_null(ident_member(room, "open_id", "ou_U0ANA0000"));
	assert_null(ident_member(room, "chat_id", chat));
	assert_ptr_equal(ident_chat(room, chat), sales);
	assert_null(ident_chat(room, "oc_"));
	assert_string_equal(message, "om_c0sales001767225600000100");
	assert_true(ident_place(room, message, &found, &ts));
	assert_ptr_equal(found, sales);
	assert_string_equal(ts, "1767225600.000100");
	g_clear_pointer(&ts, g_free);
	assert_true(ident_place(room, thread, &found, &ts));
	assert_false(ident_place(room, "om_c0nowhere1767225600000100", &found, NULL));
	assert_false(ident_place(room, "om_1767225600000100", &found, NULL));
	assert_false(ident_place(room, "om_x", &found, NULL));
	assert_int_equal(ident_time_ms("1767225600.000100"), INT64_C(1767225600100));
	assert_int_equal(ident_time_ms("1767225600.123000"), INT64_C(1767225600123));
}

static const struct {
	const char *slack, *feishu;
	guint mentions;
} outward[] = {
	{ "hello", "hello", 0 },
	{ "a &lt;b&gt; &amp;amp; c", "a <b> &amp; c", 0 },
	{ "<@U0ANA0000> and <@U0WEI0000|wei>", "@_user_1 and @_user_2", 2 },
	{ "<@U0ANA0000> <@U0ANA0000>", "@_user_1 @_user_2", 2 },
	{ "<@U0NOBODY0>", "@U0NOBODY0", 0 },
	{ "<!here> <!channel> <!everyone>", "@_all @_all @_all", 0 },
	{ "<!date^1^{date}|soon>", "soon", 0 },
	{ "<#C0SALES00|sales>", "#sales", 0 },
	{ "<https://example.com/?a=1&amp;b=2>", "https://example.com/?a=1&b=2", 0 },
	{ "<https://example.com|例子>", "例子", 0 },
	{ ":white_check_mark: 10:30 :nonsense:", "✅ 10:30 :nonsense:", 0 },
	{ "a < b", "a < b", 0 },
};

static void to_feishu(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(outward); i++) {
		g_autoptr(GPtrArray) mentions = g_ptr_array_new();
		g_autofree char *text = tongue_to_feishu(*state, outward[i].slack, mentions);
		assert_string_equal(text, outward[i].feishu);
		assert_int_equal(mentions->len, outward[i].mentions);
	}
}

static const struct {
	const char *feishu, *slack;
} inward[] = {
	{ "hello & <b>", "hello &amp; &lt;b&gt;" },
	{ "<at user_id=\"ou_u0ana0000\">Ana</at> hi", "<@U0ANA0000> hi" },
	{ "<at user_id=\"all\"></at>", "<!channel>" },
	{ "<at user_id=\"ou_nobody\">X</at>", "@ou_nobody" },
	{ "<at id=ou_u0ana0000></at><at ids=ou_u0ana0000,ou_u0wei0000></at>", "<@U0ANA0000><@U0ANA0000><@U0WEI0000>" },
	{ "<at email=ana@lantern.example></at>", "<@U0ANA0000>" },
	{ "**bold** <i>it</i> ~~no~~", "*bold* _it_ ~no~" },
	{ "[例子](https://example.com/?a&b)", "<https://example.com/?a&amp;b|例子>" },
	{ "[x](javascript:1) [a]\n(b)", "[x](javascript:1) [a]\n(b)" },
	{ "<at broken", "&lt;at broken" },
};

static void from_feishu(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(inward); i++) {
		g_autofree char *text = tongue_from_text(*state, inward[i].feishu);
		assert_string_equal(text, inward[i].slack);
	}
	g_autofree char *entities = tongue_from_markdown(*state, "&#42;&#60;at id=all&#62; &#0; &#x;"), *plain = tongue_from_text(*state, "&#42;");
	assert_string_equal(entities, "*&lt;at id=all&gt; &amp;#0; &amp;#x;");
	assert_string_equal(plain, "&amp;#42;");
}

static void posts(void **state)
{
	static const char text[] = "{\"zh_cn\":{\"title\":\"日报\",\"content\":[[{\"tag\":\"text\",\"text\":\"<1> \"},{\"tag\":\"at\",\"user_id\":\"ou_u0ana0000\"},"
				   "{\"tag\":\"a\",\"text\":\"链接\",\"href\":\"https://example.com\"}],[{\"tag\":\"md\",\"text\":\"**好** &#60;\"}],[{\"tag\":\"hr\"}]]}}";
	g_autoptr(cJSON) content = json_parse(text, sizeof text - 1, NULL);
	const cJSON *post = tongue_post_body(content);
	g_autofree char *said = tongue_from_post(*state, post);
	assert_string_equal(said, "*日报*\n&lt;1&gt; <@U0ANA0000><https://example.com|链接>\n*好* &lt;\n———");
	g_autoptr(GPtrArray) mentions = g_ptr_array_new();
	g_autoptr(cJSON) received = tongue_post_received(*state, post, mentions);
	assert_string_equal(json_text_or(received, "content.0.1.user_id", ""), "@_user_1");
	assert_string_equal(json_text_or(received, "content.1.0.tag", ""), "text");
	assert_int_equal(mentions->len, 1);
	assert_null(tongue_post_body(post)); /* without a language it is none */
}

static void reactions(void **state)
{
	(void)state;
	assert_string_equal(tongue_reaction_name("DONE"), "white_check_mark");
	assert_string_equal(tongue_reaction_type("white_check_mark"), "DONE");
	assert_string_equal(tongue_reaction_name("OnIt"), "OnIt");
	assert_string_equal(tongue_reaction_type("OnIt"), "OnIt");
	assert_null(tongue_reaction_name("done"));
	assert_null(tongue_reaction_type("coffee"));
}

/* ---- frames ---- */

static GBytes *sample(const char *name)
{
	g_autofree char *path = g_strdup_printf(TEST_DATA "/feishu/frames/%s.hex", name), *text = NULL;
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	GByteArray *bytes = g_byte_array_new();
	for (const char *c = text; *c; c++) {
		if (g_ascii_isspace(*c))
			continue;
		guint8 byte = (guint8)(g_ascii_xdigit_value(c[0]) << 4 | g_ascii_xdigit_value(c[1]));
		g_byte_array_append(bytes, &byte, 1);
		c++;
	}
	return g_byte_array_free_to_bytes(bytes);
}

/* What was read and is written again by its parts is the same to the byte. */
static void frames(void **state)
{
	static const char *const names[] = { "01_ping", "03_pong_config", "10_event_text", "11_event_card_toast", "17_fragment_0_of_2",
		"17_fragment_1_of_2", "10_event_text.reply" };
	static const char *const keys[] = { "type", "message_id", "sum", "seq", "trace_id", "timestamp", "instance_id", "biz_rt" };
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GBytes) bytes = sample(names[i]);
		gsize length, payload_length;
		const char *data = g_bytes_get_data(bytes, &length);
		g_autoptr(packet_auto) packet = packet_read(data, length);
		assert_non_null(packet);
		struct packet_header headers[G_N_ELEMENTS(keys)];
		gsize count = 0;
		for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
			if (packet_header(packet, keys[k]))
				headers[count++] = (struct packet_header){ keys[k], packet_header(packet, keys[k]) };
		}
		const char *payload = packet_payload(packet, &payload_length);
		g_autoptr(GBytes) again = packet_write(&(struct packet_parts){ .seq_id = packet_seq_id(packet),
			.log_id = packet_log_id(packet), .service = packet_service(packet), .method = packet_method(packet),
			.headers = headers, .header_count = count, .payload = payload_length ? payload : NULL, .length = payload_length,
			.log_id_new = packet_log_id_new(packet) });
		if (!g_bytes_equal(bytes, again))
			fail_msg("%s is written otherwise", names[i]);
		assert_null(packet_read(data, length - 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ids, open_room, close_room),
		cmocka_unit_test_setup_teardown(to_feishu, open_room, close_room),
		cmocka_unit_test_setup_teardown(from_feishu, open_room, close_room),
		cmocka_unit_test_setup_teardown(posts, open_room, close_room),
		cmocka_unit_test(reactions),
		cmocka_unit_test(frames),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
