/* SPDX-License-Identifier: MIT */
/* Customers' questions: answered, waiting, solved, asked again; who may; thanks. 2026-03-02 is a Monday, 09:00. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "customer/customer.h"
#include "store/sql.h"

static const struct sql met = { "test.met", "SELECT count(*) FROM response WHERE status = 'met'", 0 };
static const struct sql missed = { "test.missed", "SELECT count(*) FROM response WHERE status = 'missed'", 0 };
static const struct sql enquiries = { "test.enquiries", "SELECT count(*) FROM customer_enquiry", 0 };
static const struct sql pauses = { "test.pauses",
	"SELECT count(*) FROM response_event WHERE kind = 'pause' AND why = 'the signed contract' AND person IS NOT NULL", 0 };
static const struct sql solution_due = { "test.due", "SELECT due_ms FROM response WHERE target = 'resolution'", 0 };
static const struct sql first_starts = { "test.reopened", "SELECT count(*) FROM response_event WHERE kind = 'reopen'", 0 };
static const struct sql deeds = { "test.deeds", "SELECT count(*) FROM customer_deed", 0 };
static const struct sql jobs = { "test.jobs", "SELECT count(*) FROM job WHERE ritual = 'customer'", 0 };

static struct stage *asked(const char *text)
{
	struct stage *s = stage_new("en", "A");
	stage_command(s, "ana", "customer", text);
	stage_expect_text(s, "post C1", "Customer question #1");
	stage_expect_text(s, "private", "Customer question #1 is noted");
	stage_expect_nothing(s);
	return s;
}

static void answered_and_solved_in_time(void **state)
{
	struct stage *s = asked("Nordwind: when will the offer come?");
	(void)state;
	stage_advance(s, MINUTES(90));
	stage_expect_nothing(s);
	stage_press(s, "ana", "customer.answered", "1");
	stage_expect_text(s, "replace", "To be solved by");
	stage_press(s, "ana", "customer.answered", "1");
	stage_expect_text(s, "private", "has been answered already");
	stage_press(s, "ana", "customer.solved", "1");
	stage_expect_text(s, "replace", "solved");
	stage_press(s, "ana", "customer.solved", "1");
	stage_expect_text(s, "private", "closed already");
	stage_advance(s, DAYS(9));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &met), 2);
	assert_int_equal(stage_count(s, &jobs), 0);
	assert_int_equal(stage_count(s, &deeds), 3); /* asked, answered, solved */
	stage_free(s);
}

/* Nobody answers: the owner is warned at 80 % of two hours, nobody stands in, so the manager hears when it was due. */
static void ignored(void **state)
{
	struct stage *s = asked("Nordwind: when will the offer come?");
	(void)state;
	stage_advance(s, MINUTES(96));
	stage_expect_text(s, "post U_ana", "Customer question #1 (Nordwind)");
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(25));
	stage_expect_text(s, "post U_mia", "when will the offer come?");
	stage_expect_nothing(s);
	stage_press(s, "mia", "customer.answered", "1");
	stage_expect_text(s, "replace", "Ana"); /* it stays Ana's */
	assert_int_equal(stage_count(s, &missed), 1);
	stage_free(s);
}

/* A day of waiting costs the clocks nothing, and who said so and why is kept. */
static void the_customers_time_is_not_ours(void **state)
{
	struct stage *s = asked("Nordwind: may we pay in parts?");
	int64_t before = stage_count(s, &solution_due);
	(void)state;
	stage_advance(s, MINUTES(30));
	stage_press(s, "ana", "customer.waits", "1");
	stage_expect_text(s, "form", "The customer owes");
	stage_submit(s, "bo", "customer.waits", "1", (const char *const[]){ "text", "the signed contract", NULL });
	stage_expect_text(s, "post U_bo", "is Ana’s");
	stage_submit(s, "ana", "customer.waits", "1", (const char *const[]){ "text", "", NULL });
	stage_expect_nothing(s); /* the form stays open */
	stage_submit(s, "ana", "customer.waits", "1", (const char *const[]){ "text", "the signed contract", NULL });
	stage_expect_text(s, "replace", "waits for the customer");
	assert_int_equal(stage_count(s, &pauses), 2);
	stage_advance(s, HOURS(24));
	stage_expect_nothing(s);
	stage_command(s, "ana", "customers", "mine");
	stage_expect_text(s, "private", "waits for the customer");
	stage_press(s, "ana", "customer.go_on", "1");
	stage_expect_text(s, "replace", "To be answered by");
	stage_press(s, "ana", "customer.go_on", "1");
	stage_expect_text(s, "private", "is not waiting");
	/* From 09:30 to 09:30 of the next day: a whole working day was not counted. */
	int64_t after = stage_count(s, &solution_due);
	assert_int_equal(after - before, DAYS(1));
	stage_free(s);
}

/* Each question of the customer has a first answer of its own; the earlier verdict stays. A kind word is no question. */
static void the_customer_asks_on(void **state)
{
	struct stage *s = asked("Nordwind: when will the offer come?");
	(void)state;
	stage_press(s, "ana", "customer.answered", "1");
	stage_press(s, "ana", "customer.solved", "1");
	stage_clear(s);
	stage_submit(s, "bo", "customer.asks", "1", (const char *const[]){ "text", "Thank you, bye!", NULL });
	stage_expect_text(s, "post U_bo", "a kind word");
	assert_int_equal(stage_count(s, &first_starts), 0);
	stage_advance(s, HOURS(1));
	stage_submit(s, "bo", "customer.asks", "1", (const char *const[]){ "text", "And what does it cost?", NULL });
	stage_expect_text(s, "replace", "And what does it cost?");
	assert_int_equal(stage_count(s, &first_starts), 2);
	stage_advance(s, MINUTES(97));
	stage_expect_text(s, "post U_ana", "And what does it cost?"); /* the warning of the second question */
	stage_command(s, "bo", "customer", "Thanks a lot!");
	stage_expect_text(s, "private", "a kind word");
	assert_int_equal(stage_count(s, &enquiries), 1);
	stage_free(s);
}

static void who_may(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "customer", "Nordwind: when will the offer come? @bo");
	stage_expect_text(s, "post C1", "Customer question #1");
	stage_expect_text(s, "post U_bo", "Ana has raised this; it is yours to see to.");
	stage_clear(s);
	stage_press(s, "ana", "customer.answered", "1"); /* who wrote it down has not answered it */
	stage_expect_text(s, "private", "is Bo’s");
	stage_press(s, "cai", "customer.solved", "1");
	stage_expect_text(s, "private", "is Bo’s");
	stage_press(s, "cai", "customer.waits", "1"); /* nobody fills in a form in vain */
	stage_expect_text(s, "private", "is Bo’s");
	stage_learn(s, "zoe", NULL, "en"); /* of no team */
	stage_press(s, "zoe", "customer.asks", "1");
	stage_expect_text(s, "private", "is not there any more");
	stage_submit(s, "zoe", "customer.asks", "1", (const char *const[]){ "text", "And the price?", NULL });
	stage_expect_text(s, "post U_zoe", "is not there any more");
	stage_press(s, "bo", "customer.answered", "1");
	stage_expect_text(s, "replace", "answered");
	stage_press(s, "ana", "customer.solved", "1"); /* but may say that it is solved */
	stage_expect_text(s, "replace", "solved");
	stage_press(s, "ana", "customer.solved", "77");
	stage_expect_text(s, "private", "is not there any more");
	stage_command(s, "bo", "customers", "all");
	stage_expect_text(s, "private", "for those who lead them");
	stage_command(s, "mia", "customers", "all");
	stage_expect_text(s, "private", "No customer question is open");
	stage_free(s);
}

static const struct {
	const char *text;
	gboolean kind;
} courtesies[] = {
	{ "谢谢", TRUE }, { "好的，谢谢！", TRUE }, { "收到，辛苦了🙏", TRUE }, { "thanks", TRUE }, { "Thank you very much, bye!", TRUE }, { "OK 👍", TRUE },
	{ "谢谢，另外发票什么时候开", FALSE }, { "好的吗？", FALSE }, { "okapi", FALSE }, { "thanks, and the invoice", FALSE }, { "", FALSE },
	{ "👍", FALSE }, { "ok?", FALSE }, { "时间", FALSE },
};

static void kind_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(courtesies); i++)
		if (customer_is_courtesy(courtesies[i].text) != courtesies[i].kind)
			fail_msg("'%s' is %s", courtesies[i].text, courtesies[i].kind ? "a courtesy" : "none");
}

/* What people tell of customers is not a command. */
static void a_standup_that_begins_with_the_word(void **state)
{
	struct stage *s = stage_new("zh-CN", "A");
	(void)state;
	stage_say_direct(s, "ana", "客户北风签约了\n今天拜访三家\n无");
	stage_say_direct(s, "bo", "Customer Nordwind signed\nCall Acme\nnone");
	assert_int_equal(stage_count(s, &enquiries), 0);
	stage_clear(s);
	stage_say_direct(s, "ana", "客户 北风公司：报价单什么时候能到？");
	stage_expect_text(s, "post C1", "报价单什么时候能到？");
	assert_int_equal(stage_count(s, &enquiries), 1);
	stage_free(s);
}

/* ---- by another program ---- */

/* The fate and the facts, or the first problem. The caller frees. */
static char *push(struct stage *s, const char *team, const char *text, const char *owner)
{
	struct event *event = event_new(EVENT_REQUESTED, NULL);
	struct request_answer answer;
	event->word = g_strdup("customer.push");
	event->value = g_strdup("mailbox");
	event_add_input(event, "id", "m-1");
	event_add_input(event, "team", team);
	event_add_input(event, "text", text);
	if (owner)
		event_add_input(event, "owner", owner);
	stage_do(s, event);
	dispatch_take_answer(s->dispatch, &answer);
	if (answer.fate == REQUEST_DONE)
		return answer.facts;
	assert_int_equal(answer.fate, REQUEST_REFUSED);
	return g_strdup(g_array_index(s->problems, struct event_input, 0).value);
}

static void another_program_asks(void **state)
{
	static const struct {
		const char *team, *text, *owner, *answer, *shown, *told;
	} pushes[] = {
		{ "sales", "When will the offer come?", "@nobody", "the bot knows nobody by that e-mail address, account or name, or more than one", NULL, NULL },
		{ "sales", "When will the offer come?", "U_zoe", "is not in that team, and would not see the question", NULL, NULL },
		{ "sales", "thanks!", NULL, "{\"result\":\"courtesy\",\"team\":\"sales\"}", NULL, NULL },
		{ "sales", "When will the offer come?", "@ana", "{\"result\":\"opened\",\"enquiry\":\"1\",\"team\":\"sales\"}", "post C1", "mailbox has raised this" },
		{ "sales", "When will the offer come?", NULL, "{\"result\":\"known\",\"enquiry\":\"1\",\"team\":\"sales\"}", NULL, NULL },
		{ "north", "When will the offer come?", NULL, "this id is that of a question to another team", NULL, NULL },
		{ "sales", "And what will it cost?", NULL, "{\"result\":\"known\",\"enquiry\":\"1\",\"team\":\"sales\"}", "replace", NULL },
		{ "sales", "Thank you", NULL, "{\"result\":\"known\",\"enquiry\":\"1\",\"team\":\"sales\"}", NULL, NULL },
	};
	struct stage *s = stage_new_with("en", "A", "  - { name: north, workspace: acme, channel: C2, standup: { format: A } }\n");
	(void)state;
	stage_learn(s, "zoe", NULL, "en"); /* of no team */
	stage_clear(s);
	for (size_t i = 0; i < G_N_ELEMENTS(pushes); i++) {
		g_autofree char *answer = push(s, pushes[i].team, pushes[i].text, pushes[i].owner);
		assert_string_equal(answer, pushes[i].answer);
		if (pushes[i].shown)
			stage_expect_text(s, pushes[i].shown, pushes[i].text);
		if (pushes[i].told)
			stage_expect_text(s, "post U_ana", pushes[i].told);
		stage_expect_nothing(s);
	}
	assert_int_equal(stage_count(s, &enquiries), 1);
	assert_int_equal(stage_count(s, &deeds), 2);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered_and_solved_in_time),
		cmocka_unit_test(ignored),
		cmocka_unit_test(the_customers_time_is_not_ours),
		cmocka_unit_test(the_customer_asks_on),
		cmocka_unit_test(who_may),
		cmocka_unit_test(kind_words),
		cmocka_unit_test(a_standup_that_begins_with_the_word),
		cmocka_unit_test(another_program_asks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
