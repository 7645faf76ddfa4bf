/* SPDX-License-Identifier: MIT */
/* A blocker on its third working day: asked once, escalated, parked, dropped. 2026-03-02 is a Monday. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "kit/response.h"
#include "store/sql.h"
#include "team/calendar_file.h"

static const struct sql asked = { "test.asked", "SELECT count(*) FROM blocker WHERE asked_ms > 0", 0 };
static const struct sql jobs = { "test.jobs", "SELECT count(*) FROM job WHERE ritual = 'blocker' AND word IN ('stands', 'resume')", 0 };
static const struct sql steps = { "test.steps", "SELECT count(*) FROM response_ring WHERE kind = 'step' AND turn = 0 AND passed_over = ''", 0 };
static const struct sql paused = { "test.paused", "SELECT count(*) FROM response WHERE status = 'paused'", 0 };
static const struct sql missed = { "test.missed", "SELECT count(*) FROM response WHERE status = 'missed'", 0 };
static const struct sql cancelled = { "test.cancelled", "SELECT count(*) FROM response WHERE status = 'cancelled'", 0 };
static const struct sql last_due = { "test.due", "SELECT COALESCE(MAX(due_ms), 0) FROM response WHERE status IN ('running', 'breached')", 0 };

#define SOLVE_IN_A_WEEK                                                                                                                    \
	"policies:\n  - name: quick\n    applies: blocker\n    first_response: 30m\n    resolution: 40h\n    warn: []\n"                        \
	"    ladder: [{ to: manager }]\n"

/* Opened by Ana on Monday at nine, and taken by Bo. */
static struct stage *taken(const char *more)
{
	struct stage *s = stage_new_with("en", "A", more);
	stage_command(s, "ana", "blocker", "The samples have not come");
	stage_press(s, "bo", "blocker.take", "1");
	stage_press(s, "bo", "blocker.plan", "1");
	stage_submit(s, "bo", "blocker.plan", "1", (const char *const[]){ "plan", "Call the factory", NULL });
	stage_clear(s);
	return s;
}

/* From the clock to Wednesday 09:00, an instant before it and at it. */
static void until_wednesday(struct stage *s)
{
	int64_t wednesday_ms;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), "2026-03-04", 9 * 60, &wednesday_ms));
	stage_advance(s, wednesday_ms - s->now_ms - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
}

static void the_third_day_asks_once(void **state)
{
	struct stage *s = taken("");
	(void)state;
	until_wednesday(s);
	stage_expect_text(s, "post U_bo", "Blocker #1 has stood for 3 working days");
	stage_expect_text(s, "post U_mia", "Call the factory");
	stage_expect_nothing(s);
	stage_advance(s, DAYS(30));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &asked), 1);
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_free(s);
}

static void what_is_closed_is_not_asked_about(void **state)
{
	struct stage *s = taken(SOLVE_IN_A_WEEK);
	(void)state;
	stage_press(s, "bo", "blocker.done", "1");
	stage_clear(s);
	stage_advance(s, DAYS(5));
	stage_expect_nothing(s);
	stage_press(s, "bo", "blocker.reopen", "1"); /* Saturday: its days begin on Monday */
	stage_clear(s);
	stage_advance(s, DAYS(4) - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
	stage_expect_text(s, "post U_bo", "has stood for 3 working days");
	stage_free(s);
}

/* Tuesday off and a make-up Saturday: Monday, Wednesday, Thursday; a week later, Friday, Saturday, Monday. */
static void days_off_do_not_count(void **state)
{
	static const char hours[] = "zone: Asia/Shanghai\nhours: { mon-fri: 10:00-18:00 }\noff: { 2026-03-03: Spring }\nwork: { 2026-03-07: yes }\n";
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct stage *s = stage_new_with("en", "A", SOLVE_IN_A_WEEK);
	struct config_team *team = s->config->teams[0];
	(void)state;
	team->calendar = calendar_file_parse("spring", "spring", hours, strlen(hours), problems);
	assert_non_null(team->calendar);
	stage_command(s, "ana", "blocker", "The samples have not come");
	stage_press(s, "ana", "blocker.take", "1");
	stage_clear(s);
	stage_advance(s, DAYS(3) + HOURS(1) - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
	stage_expect_text(s, "post U_ana", "has stood for 3 working days");
	stage_clear(s);
	stage_advance(s, DAYS(1)); /* Friday */
	stage_press(s, "ana", "blocker.done", "1");
	stage_press(s, "ana", "blocker.reopen", "1");
	stage_clear(s);
	stage_advance(s, DAYS(3) - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
	stage_expect_text(s, "post U_ana", "has stood for 3 working days");
	stage_free(s);
}

/* Bo is away all week, Mia on Wednesday: nobody is there, so it is asked on the next working day. */
static void who_is_away_is_not_asked(void **state)
{
	struct stage *s = taken("");
	(void)state;
	stage_command(s, "bo", "away", "03-03..03-06");
	stage_command(s, "mia", "away", "03-04");
	stage_clear(s);
	until_wednesday(s);
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &asked), 0);
	stage_advance(s, DAYS(1));
	stage_expect_text(s, "post U_mia", "has stood for 3 working days");
	stage_expect_nothing(s);
	stage_free(s);
}

static void parked_the_clocks_stand_still(void **state)
{
	struct stage *s = taken(SOLVE_IN_A_WEEK);
	(void)state;
	int64_t before_ms = stage_count(s, &last_due);
	until_wednesday(s);
	stage_clear(s);
	stage_press(s, "cai", "blocker.park", "1");
	stage_expect_text(s, "private", "is for Bo or a manager");
	stage_submit(s, "bo", "blocker.rest", "1", (const char *const[]){ "until", "03-03", "why", "customs", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "bo", "blocker.rest", "1", (const char *const[]){ "until", "03-09", "why", " ", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "bo", "blocker.rest", "1", (const char *const[]){ "until", "03-09", "why", "customs", NULL });
	stage_expect_text(s, "replace", "parked");
	stage_expect_text(s, "post U_bo", "parked until Mon 9 March");
	assert_int_equal(stage_count(s, &paused), 1);
	stage_advance(s, DAYS(5) - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
	stage_expect_text(s, "replace", "taken");
	stage_expect_text(s, "post U_bo", "It was parked because: customs");
	assert_int_equal(stage_count(s, &paused), 0);
	/* Wednesday to Friday did not count: due on Wednesday instead of Friday, both at 13:00. */
	assert_int_equal(stage_count(s, &last_due) - before_ms, DAYS(5));
	/* The days begin anew: Wednesday. */
	stage_advance(s, DAYS(2) - 1);
	stage_expect_nothing(s);
	stage_advance(s, 1);
	stage_expect_text(s, "post U_bo", "has stood for 3 working days");
	stage_free(s);
}

/* Solved straight out of its rest: the rest is not counted. */
static void solved_while_it_rests(void **state)
{
	static const struct sql worked = { "test.worked", "SELECT elapsed_s FROM response WHERE target = 'resolution' AND status = 'met'", 0 };
	struct stage *s = taken(SOLVE_IN_A_WEEK);
	(void)state;
	until_wednesday(s);
	stage_submit(s, "bo", "blocker.rest", "1", (const char *const[]){ "until", "04-01", "why", "customs", NULL });
	stage_advance(s, DAYS(14));
	stage_clear(s);
	stage_press(s, "bo", "blocker.done", "1");
	stage_expect_text(s, "replace", "solved");
	assert_int_equal(stage_count(s, &worked), 2 * 9 * 3600); /* Monday and Tuesday */
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_free(s);
}

static void words_do_the_same(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The samples have not come");
	g_autofree char *card = g_strdup(stage_expect_text(s, "post C1", "Blocker #1"));
	stage_clear(s);
	stage_say_in_thread(s, "ana", card, "park until 03-09");
	stage_expect_text(s, "private", "park until 12-05 REASON");
	stage_say_in_thread(s, "ana", card, "park until 03-09 the customs have them");
	stage_expect_text(s, "replace", "the customs have them");
	stage_clear(s);
	stage_say_in_thread(s, "ana", card, "resume");
	stage_expect_text(s, "replace", "waits for somebody");
	stage_say_in_thread(s, "ana", card, "resume");
	stage_expect_text(s, "private", "is not parked");
	stage_say_in_thread(s, "cai", card, "drop nobody needs them");
	stage_expect_text(s, "private", "is for Ana or a manager");
	stage_say_in_thread(s, "mia", card, "drop nobody needs them");
	stage_expect_text(s, "replace", "dropped");
	stage_say_in_thread(s, "mia", card, "escalate");
	stage_expect_text(s, "private", "closed already");
	stage_free(s);
}

/* The next step rings at once, for the promise that is open; asked for again it does not. */
static void escalated_the_next_step_rings(void **state)
{
	struct stage *s = taken(SOLVE_IN_A_WEEK);
	(void)state;
	until_wednesday(s);
	stage_clear(s);
	stage_press(s, "bo", "blocker.escalate", "1");
	stage_expect_text(s, "post U_mia", "Bo asks you to see to this");
	stage_expect_text(s, "private", "Blocker #1 is escalated");
	stage_press(s, "mia", "blocker.escalate", "1");
	stage_expect_text(s, "private", "has been escalated already");
	assert_int_equal(stage_count(s, &steps), 1);
	stage_advance(s, DAYS(30)); /* its own time comes: it has rung */
	assert_int_equal(stage_count(s, &steps), 1);
	stage_free(s);
}

/* With no promise left to ring for, whoever is above hears; above the manager is nobody. */
static void without_a_ladder_the_manager_hears(void **state)
{
	struct stage *s = taken("");
	(void)state;
	until_wednesday(s);
	stage_clear(s);
	stage_press(s, "mia", "blocker.escalate", "1");
	stage_expect_text(s, "private", "nobody above");
	stage_press(s, "bo", "blocker.escalate", "1");
	stage_expect_text(s, "post U_mia", "Bo asks you to see to this");
	stage_expect_text(s, "private", "is escalated");
	stage_free(s);
}

/* What was broken when it was dropped stays broken; what was not is no promise any more. */
static void dropping_hides_nothing(void **state)
{
	struct stage *s = stage_new_with("en", "A", SOLVE_IN_A_WEEK);
	(void)state;
	stage_command(s, "ana", "blocker", "The samples have not come");
	stage_advance(s, HOURS(2));
	stage_clear(s);
	stage_submit(s, "ana", "blocker.end", "1", (const char *const[]){ "why", "", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "ana", "blocker.end", "1", (const char *const[]){ "why", "The customer has gone", NULL });
	stage_expect_text(s, "replace", "The customer has gone");
	assert_int_equal(stage_count(s, &missed), 1);
	assert_int_equal(stage_count(s, &cancelled), 1);
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_free(s);
}

/* Of what was opened before this was known nothing is planned: the start sees to it, once. */
static void the_start_plans_what_is_missing(void **state)
{
	static const struct sql forget = { "test.forget", "DELETE FROM job WHERE word = 'stands'", 0 };
	struct stage *s = taken("");
	GError *error = NULL;
	(void)state;
	assert_true(db_begin(s->db, &error) && db_exec(s->db, &forget, &error) && db_commit(s->db, &error));
	assert_int_equal(stage_count(s, &jobs), 0);
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	assert_int_equal(stage_count(s, &jobs), 1);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_day_asks_once),
		cmocka_unit_test(what_is_closed_is_not_asked_about),
		cmocka_unit_test(days_off_do_not_count),
		cmocka_unit_test(who_is_away_is_not_asked),
		cmocka_unit_test(parked_the_clocks_stand_still),
		cmocka_unit_test(solved_while_it_rests),
		cmocka_unit_test(words_do_the_same),
		cmocka_unit_test(escalated_the_next_step_rings),
		cmocka_unit_test(without_a_ladder_the_manager_hears),
		cmocka_unit_test(dropping_hides_nothing),
		cmocka_unit_test(the_start_plans_what_is_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
