/* SPDX-License-Identifier: MIT */
#include "sandbox/room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct scene {
	struct clock *clock;
	struct room *room;
	struct channel *sales;
	struct member *ana, *wei;
};

static int set_up(void **state)
{
	g_autoptr(cJSON) company = company_example();
	struct scene *s = g_new0(struct scene, 1);
	s->clock = clock_new_frozen(INT64_C(1772413200000));
	s->room = room_new(company, s->clock, NULL);
	s->sales = room_channel_named(s->room, "#sales");
	s->ana = room_member_named(s->room, "@ana");
	s->wei = room_member_named(s->room, "wei");
	*state = s;
	return !(s->sales && s->ana && s->wei);
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	room_free(s->room);
	clock_free(s->clock);
	g_free(s);
	return 0;
}

static struct message *say(struct scene *s, struct member *who, const char *text, const char *thread_ts)
{
	return room_say(s->room, s->sales, &(struct saying){ .author = who, .text = text, .thread_ts = thread_ts });
}

static void stamps(void **state)
{
	struct scene *s = *state;
	const struct message *first = say(s, s->ana, "1", NULL), *second = say(s, s->ana, "2", NULL);
	assert_string_equal(first->ts, "1772413200.000000");
	assert_string_equal(second->ts, "1772413200.000001");
	clock_set(s->clock, INT64_C(1772413200000) - DAYS(1)); /* put back for real: stamped in the past, in its place */
	const struct message *past = say(s, s->ana, "0", NULL);
	assert_string_equal(past->ts, "1772326800.000000");
	assert_ptr_equal(g_ptr_array_index(s->sales->messages, 0), past);
	assert_int_equal(room_message_index(s->sales, "1772413200.000000", FALSE), 1);
	assert_int_equal(room_message_index(s->sales, "1772413200.000000", TRUE), 2);
	assert_int_equal(room_ts_us("1772413200.0001"), INT64_C(1772413200000100));
	assert_int_equal(room_ts_us("1772413200"), INT64_C(1772413200000000));
	assert_int_equal(room_ts_us("x"), -1);
	assert_int_equal(room_ts_us("1.x"), -1);
	assert_int_equal(room_ts_us(""), -1);
}

static void threads(void **state)
{
	struct scene *s = *state;
	struct message *parent = say(s, s->ana, "p", NULL);
	struct message *reply = say(s, s->wei, "r", parent->ts);
	say(s, s->wei, "r", parent->ts);
	assert_int_equal(parent->reply_count, 2);
	assert_int_equal(parent->reply_users->len, 1);
	room_remove(s->sales, reply);
	assert_int_equal(parent->reply_count, 1);
	g_autofree char *ts = g_strdup(parent->ts);
	room_remove(s->sales, parent); /* stays as a tombstone, for it has a reply */
	assert_string_equal(room_message(s->sales, ts)->subtype, "tombstone");
}

static void reactions(void **state)
{
	struct scene *s = *state;
	struct message *m = say(s, s->ana, "x", NULL);
	assert_true(room_react(m, s->wei, "eyes", TRUE));
	assert_false(room_react(m, s->wei, "eyes", TRUE));
	assert_false(room_react(m, s->ana, "eyes", FALSE));
	assert_true(room_react(m, s->wei, "eyes", FALSE));
	assert_int_equal(m->reactions->len, 0);
}

static void forgetting(void **state)
{
	struct scene *s = *state;
	s->room->kept_messages = 10;
	g_autofree char *first = g_strdup(say(s, s->ana, "x", NULL)->ts);
	for (int i = 0; i < 100; i++) {
		say(s, s->ana, "x", NULL);
		assert_in_range(s->sales->messages->len, 2, 20);
	}
	assert_null(room_message(s->sales, first));
	assert_int_equal(g_hash_table_size(s->sales->by_ts), s->sales->messages->len);
	say(s, s->ana, "a reply to what is forgotten", first);
	clock_set(s->clock, INT64_C(1772413200000) - DAYS(1));
	for (int i = 0; i < 30; i++) { /* the youngest stand at the old end now, and yet are not forgotten at once */
		const struct message *m = say(s, s->ana, "early", NULL);
		assert_ptr_equal(room_message(s->sales, m->ts), m);
	}
}

static void check_company(const char *text, const char *words)
{
	struct clock *clock = clock_new_frozen(0);
	g_autoptr(GError) error = NULL;
	g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
	g_autoptr(cJSON) company = json_parse(json, strlen(json), NULL);
	struct room *room = room_new(company, clock, &error);
	assert_int_equal(room == NULL, words != NULL);
	if (words)
		assert_non_null(strstr(error->message, words));
	room_free(room);
	clock_free(clock);
}

static void companies(void **state)
{
	(void)state;
	check_company("{}", NULL);
	check_company("[]", "not a JSON object");
	check_company("{'workspace':{'zone':'Mars/Base'}}", "Mars/Base");
	check_company("{'members':[{}]}", "a member has no");
	check_company("{'members':[{'name':'a'},{'name':'a'}]}", "already a member 'a'");
	check_company("{'members':[{'name':'a','zone':'Nowhere'}]}", "time zone as 'Nowhere'");
	check_company("{'channels':[{'name':'c','members':['x']}]}", "names no member 'x'");
	check_company("{'channels':[{'name':'c','members':[7]}]}", "names no member");
	check_company("{'channels':[{'name':'c'},{'name':'c'}]}", "already a channel 'c'");
	check_company("{'commands':[{'command':'standup'}]}", "slash");
	check_company("{'members':[{'name':'李雷'}],'channels':[{'name':'销售','members':['李雷','belltower']}]}", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stamps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(threads, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reactions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(forgetting, set_up, tear_down),
		cmocka_unit_test(companies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
