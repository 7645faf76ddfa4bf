/* SPDX-License-Identifier: MIT */
/* What other programs ask for: once for each key, and told again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core_store.h"
#include "house.h"

static int make_house(void **state)
{
	*state = house_new();
	return 0;
}

static int free_house(void **state)
{
	house_close(*state);
	return 0;
}

static const char *const fates[] = {
	[REQUEST_FAILED] = "failed",
	[REQUEST_DONE] = "done",
	[REQUEST_REPEATED] = "repeated",
	[REQUEST_REFUSED] = "refused",
	[REQUEST_KEY_USED] = "key used",
};

static struct event *request(const char *sender, const char *key, const char *text)
{
	struct event *event = event_new(EVENT_REQUESTED, NULL);
	event->word = g_strdup("rehearsal.put");
	event->value = g_strdup(sender);
	event->message = g_strdup(key);
	event->text = key ? g_strdup_printf("digest of %s", text) : NULL;
	event_add_input(event, "text", text);
	return event;
}

/* key: NULL: none. expected: "FATE FACTS". */
static void ask(struct house *h, const char *sender, const char *key, const char *text, const char *expected)
{
	struct request_answer answer;
	house_do(h, request(sender, key, text));
	dispatch_take_answer(h->dispatch, &answer);
	g_autofree char *got = g_strdup_printf("%s %s", fates[answer.fate], answer.facts ? answer.facts : "-");
	assert_string_equal(got, expected);
	g_free(answer.facts);
}

static void test_a_request_is_done_and_answered(void **state)
{
	struct house *h = *state;
	ask(h, "crm", NULL, "note 1", "done {\"noted\":\"note 1\"}");
	ask(h, "crm", NULL, "note 1", "done {\"noted\":\"note 1\"}"); /* without a key each counts */
	house_expect_notes(h, "note 1; note 1");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM request_answer"), 0);
}

static void test_a_key_is_done_once(void **state)
{
	struct house *h = *state;
	ask(h, "crm", "k1", "note 1", "done {\"noted\":\"note 1\"}");
	ask(h, "crm", "k1", "note 1", "repeated {\"noted\":\"note 1\"}");
	ask(h, "crm", "k1", "note 2", "key used -");
	ask(h, "erp", "k1", "note 3", "done {\"noted\":\"note 3\"}"); /* each sender has keys of its own */
	ask(h, "crm", "k2", "note 1", "done {\"noted\":\"note 1\"}");
	house_expect_notes(h, "note 1; note 3; note 1");
}

static void test_a_refused_request_keeps_no_key(void **state)
{
	struct house *h = *state;
	ask(h, "crm", "k1", "wrong", "refused -");
	assert_non_null(h->problems);
	assert_string_equal(g_array_index(h->problems, struct event_input, 0).value, "not so");
	ask(h, "crm", "k1", "note 1", "done {\"noted\":\"note 1\"}");
	house_expect_notes(h, "note 1");
}

static void test_what_fails_is_undone_and_says_so(void **state)
{
	struct house *h = *state;
	ask(h, "crm", "k1", "fail", "failed -");
	house_expect_notes(h, "");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM dead_letter"), 1);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM request_answer"), 0);
}

static void test_what_nobody_takes_fails(void **state)
{
	struct house *h = *state;
	struct request_answer answer;
	struct event *event = request("crm", NULL, "note");
	g_free(event->word);
	event->word = g_strdup("nobody.put");
	house_do(h, event);
	dispatch_take_answer(h->dispatch, &answer);
	assert_int_equal(answer.fate, REQUEST_FAILED);
	assert_null(answer.facts);
}

static void test_answers_are_forgotten_after_a_week(void **state)
{
	struct house *h = *state;
	ask(h, "crm", "k1", "note 1", "done {\"noted\":\"note 1\"}");
	h->now_ms += DAYS(7);
	ask(h, "crm", "k1", "note 1", "repeated {\"noted\":\"note 1\"}");
	h->now_ms += 1;
	ask(h, "crm", "k1", "note 2", "done {\"noted\":\"note 2\"}");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM request_answer"), 1);
}

int main(void)
{
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, make_house, free_house)
	const struct CMUnitTest tests[] = {
		IN_HOUSE(test_a_request_is_done_and_answered),
		IN_HOUSE(test_a_key_is_done_once),
		IN_HOUSE(test_a_refused_request_keeps_no_key),
		IN_HOUSE(test_what_fails_is_undone_and_says_so),
		IN_HOUSE(test_what_nobody_takes_fails),
		IN_HOUSE(test_answers_are_forgotten_after_a_week),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
