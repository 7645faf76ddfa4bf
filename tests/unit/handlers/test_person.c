/* SPDX-License-Identifier: MIT */
/* What the directory tells of people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/stage.h"

/* An event that was lost is made up for: who is in the channel is asked each night, who is missing there is asked about singly. */
static void every_night_the_list_is_asked_for(void **state)
{
	struct stage *s = stage_new("en", "A");
	const struct team *sales = roster_team(s->roster, "sales");
	(void)state;
	assert_true(db_begin(s->db, NULL) && dispatch_start(s->dispatch, s->now_ms, NULL) && db_commit(s->db, NULL));
	stage_advance(s, 1); /* the start has asked, too */
	for (int night = 0; night < 3; night++) {
		s->lists = 0;
		stage_advance(s, HOURS(17)); /* two in the morning */
		assert_int_equal(s->lists, 0);
		stage_advance(s, HOURS(2));
		assert_int_equal(s->lists, 1);
		stage_advance(s, HOURS(5));
		assert_int_equal(s->lists, 1);
	}
	assert_true(roster_is_member(sales, roster_person(s->roster, "acme", "U_cai")));
	stage_clear(s);
	stage_members(s, (const char *const[]){ "ana", "bo", "mia", NULL });
	assert_false(roster_is_member(sales, roster_person(s->roster, "acme", "U_cai")));
	assert_true(roster_is_member(sales, roster_person(s->roster, "acme", "U_ana")));
	assert_int_equal(s->sent->len, 1);
	assert_int_equal(((const struct outbox_row *)s->sent->pdata[0])->kind, OUTBOX_ASK_PERSON);
	assert_string_equal(((const struct outbox_row *)s->sent->pdata[0])->person, "U_cai");
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_night_the_list_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
