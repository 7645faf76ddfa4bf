/* SPDX-License-Identifier: MIT */
/* A CRM's deals as requests: what is written, and what is told of each field that cannot be taken. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

/* fields: name, value, …, NULL. "FATE FACTS", or "refused field=what; …". The caller frees. */
static char *push(struct stage *s, const char *const *fields)
{
	struct event *event = event_new(EVENT_REQUESTED, NULL);
	struct request_answer answer;
	event->word = g_strdup("deal.push");
	event->value = g_strdup("crm");
	event_add_input(event, "team", "sales");
	for (; *fields; fields += 2)
		event_add_input(event, fields[0], fields[1]);
	stage_do(s, event);
	dispatch_take_answer(s->dispatch, &answer);
	g_autofree char *facts = answer.facts;
	if (answer.fate == REQUEST_DONE)
		return g_steal_pointer(&facts);
	assert_int_equal(answer.fate, REQUEST_REFUSED);
	GString *out = g_string_new("refused");
	for (guint i = 0; i < s->problems->len; i++) {
		const struct event_input *problem = &g_array_index(s->problems, struct event_input, i);
		g_string_append_printf(out, "; %s %s", problem->name, problem->value);
	}
	return g_string_free(out, FALSE);
}

#define EXPECT(s, expected, ...)                                                                                     \
	do {                                                                                                         \
		g_autofree char *got_ = push((s), (const char *const[]){ __VA_ARGS__, NULL });                       \
		assert_string_equal(got_, expected);                                                                 \
	} while (0)

static void a_deal_is_made_and_changed(void **state)
{
	static const struct sql sum = { .name = "sum", .text = "SELECT amount FROM deal WHERE id = 1 AND currency = 'USD'" };
	static const struct sql entered = { .name = "entered", .text = "SELECT entered_ms FROM deal WHERE id = 1" };
	static const struct sql count = { .name = "count", .text = "SELECT COUNT(*) FROM deal" };
	static const struct sql stirred = { .name = "stirred", .text = "SELECT COUNT(*) FROM deal_event" };
	struct stage *s = stage_new("en", "A");
	(void)state;
	EXPECT(s, "{\"result\":\"added\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"lead\"}", "id", "A-7", "customer", "Lantern", "owner", "@ana",
		"amount", "1200.5", "currency", "USD");
	assert_int_equal(stage_count(s, &sum), 120050);
	EXPECT(s, "{\"result\":\"unchanged\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"lead\"}", "id", "A-7", "customer", "Lantern");
	EXPECT(s, "{\"result\":\"changed\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"negotiation\"}", "id", "A-7", "stage", "谈判", "since",
		"2026-02-20");
	assert_int_equal(stage_count(s, &entered), s->now_ms - DAYS(10) - HOURS(9));
	EXPECT(s, "{\"result\":\"added\",\"deal\":\"2\",\"team\":\"sales\",\"stage\":\"won\"}", "id", "A-8", "customer", "Harbour", "owner", "U_bo",
		"stage", "won");
	assert_int_equal(stage_count(s, &count), 2);
	assert_int_equal(stage_count(s, &stirred), 3);
	stage_free(s);
}

static void what_cannot_be_taken_is_told_at_once(void **state)
{
	static const struct sql count = { .name = "count", .text = "SELECT COUNT(*) FROM deal" };
	struct stage *s = stage_new("en", "A");
	(void)state;
	EXPECT(s, "refused; customer is missing: the deal is new; owner is missing: the deal is new", "id", "A-7");
	EXPECT(s,
		"refused; currency must be three letters, as in ISO 4217, such as CNY; owner the bot knows nobody by that e-mail address, account or "
		"name, or more than one; stage is no stage; there are: lead, interest, negotiation, won, lost",
		"id", "A-7", "customer", "Lantern", "owner", "nobody", "stage", "closed", "currency", "yuan", "amount", "7");
	EXPECT(s, "refused; currency is of an amount, and there is none; since lies in the future", "id", "A-7", "customer", "Lantern", "owner", "@ana",
		"currency", "CNY", "stage", "lead", "since", "2026-03-03");
	EXPECT(s, "refused; since is of a stage, and there is none", "id", "A-7", "customer", "Lantern", "owner", "@ana", "since", "2026-02-20");
	stage_learn(s, "zoe", NULL, "en"); /* of no team */
	EXPECT(s, "refused; owner is not in that team, and would not see the deal", "id", "A-7", "customer", "Lantern", "owner", "U_zoe");
	EXPECT(s, "refused; amount is too large", "id", "A-7", "customer", "Lantern", "owner", "@ana", "amount", "99999999999999999");
	assert_int_equal(stage_count(s, &count), 0);
	stage_free(s);
}

static void another_teams_deal_is_nobodys_business(void **state)
{
	struct stage *s = stage_new_with("en", "A", "  - { name: north, workspace: acme, channel: C2, standup: { format: A } }\n");
	(void)state;
	EXPECT(s, "{\"result\":\"added\",\"deal\":\"1\",\"team\":\"sales\",\"stage\":\"lead\"}", "id", "A-7", "customer", "Lantern", "owner", "@ana");
	struct event *event = event_new(EVENT_REQUESTED, NULL);
	struct request_answer answer;
	event->word = g_strdup("deal.push");
	event->value = g_strdup("crm");
	event_add_input(event, "team", "north");
	event_add_input(event, "id", "A-7");
	event_add_input(event, "stage", "lost");
	stage_do(s, event);
	dispatch_take_answer(s->dispatch, &answer);
	assert_int_equal(answer.fate, REQUEST_REFUSED);
	assert_string_equal(g_array_index(s->problems, struct event_input, 0).name, "team");
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deal_is_made_and_changed),
		cmocka_unit_test(what_cannot_be_taken_is_told_at_once),
		cmocka_unit_test(another_teams_deal_is_nobodys_business),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
