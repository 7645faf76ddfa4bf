/* SPDX-License-Identifier: MIT */
/* Rotas by command and by configuration, who hears when, and whose turn a blocker is. 2026-03-02 is a Monday, 09:00 the stage's start. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "store/sql.h"

#define WEEKLY "    rotas: [{ role: operations, people: [\"@ana\", \"@bo\", \"@cai\"], from: 2026-03-02 }]\n"

static void start(struct stage *s)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
}

static struct stage *with_rota(void)
{
	struct stage *s = stage_new_with("en", "A", WEEKLY);
	start(s);
	return s;
}

static void advance_to(struct stage *s, const char *day, int minute)
{
	int64_t at_ms = 0;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), day, minute, &at_ms));
	stage_advance(s, at_ms - s->now_ms);
}

static void the_rota_is_shown(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "cai", "duty", "");
	const char *expected = "Now: Ana, until Mon 9 March, 09:00 (Asia/Shanghai)";
	stage_expect_text(s, "private", expected);
	stage_command(s, "cai", "值班", "");
	stage_expect_text(s, "private", "Mon 9 March to Sun 15 March: Bo");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Each Monday at nine, whoever begins; a rule of a manager's moves the word, and why it came is told. */
static void who_begins_hears(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_bo", "You are on duty for operations from now until");
	stage_expect_nothing(s);
	stage_command(s, "mia", "schedule", "duty 10:00");
	stage_expect_text(s, "post C1", "10:00");
	advance_to(s, "2026-03-16", 599);
	stage_expect_nothing(s);
	advance_to(s, "2026-03-16", 600);
	stage_expect_text(s, "post U_cai", "You are on duty for operations");
	stage_command(s, "mia", "why", "duty 03-09");
	stage_expect_text(s, "private", "told of their duty: Bo");
	stage_expect_nothing(s);
	stage_free(s);
}

/* Off for the whole of Bo's week: it is noted as late, and Cai, whose week it is, still hears. */
static void a_missed_handover_is_noted(void **state)
{
	static const struct sql late = { "test.late", "SELECT count(*) FROM ring WHERE outcome = 'late'", 0 };
	struct stage *s = with_rota();
	(void)state;
	advance_to(s, "2026-03-17", 600);
	stage_expect_text(s, "post U_cai", "You are on duty for operations");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &late), 1);
	stage_free(s);
}

/* Away: the stand-in first, then the next one of the rota. */
static void who_is_away_is_skipped(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "bo", "away", "03-09..03-10 stand-in @cai");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_cai", "Bo is not there, so you are on duty for operations");
	stage_expect_nothing(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Cai (Bo is not there)");
	advance_to(s, "2026-03-11", 600);
	stage_clear(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Bo, until");
	stage_free(s);
}

static void managers_set_the_order(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "ana", "duty", "operations order @bo @ana");
	stage_expect_text(s, "private", "managers");
	stage_command(s, "mia", "duty", "operations order @bo @nobody");
	stage_expect_text(s, "private", "nobody called “@nobody”");
	stage_command(s, "mia", "duty", "order daily @bo @ana");
	stage_expect_text(s, "post C1", "the order of duty is Bo → Ana. Bo has it from now");
	stage_expect_text(s, "post U_bo", "Mia: operations");
	stage_expect_text(s, "post U_ana", "Mia: operations");
	stage_expect_nothing(s);
	/* In the words of the other language it is the same rota. */
	stage_command(s, "ana", "值班", "运营");
	stage_expect_text(s, "private", "Now: Bo, until Tue 3 March");
	advance_to(s, "2026-03-03", 540);
	stage_expect_text(s, "post U_ana", "You are on duty");
	stage_command(s, "mia", "duty", "reset operations");
	stage_expect_text(s, "post C1", "Ana → Bo → Cai");
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "Now: Ana, until Mon 9 March");
	stage_free(s);
}

static void a_rota_may_be_made_by_command_alone(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	start(s);
	stage_command(s, "ana", "duty", "");
	stage_expect_text(s, "private", "has no rota");
	stage_command(s, "mia", "duty", "order design @cai @bo");
	stage_expect_text(s, "post C1", "design: the order of duty is Cai → Bo");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_bo", "You are on duty for design");
	stage_command(s, "mia", "duty", "reset");
	stage_expect_text(s, "post C1", "has no rota any more");
	advance_to(s, "2026-03-23", 540);
	stage_expect_nothing(s);
	stage_free(s);
}

static void swaps_and_covers(void **state)
{
	struct stage *s = with_rota();
	(void)state;
	stage_command(s, "ana", "duty", "swap @bo @cai");
	stage_expect_text(s, "private", "Those whose turn it is");
	stage_command(s, "bo", "duty", "swap @cai");
	stage_expect_text(s, "post C1", "Bo has Mon 16 March to Sun 22 March, Cai has Mon 9 March to Sun 15 March");
	stage_expect_text(s, "post U_cai", "Bo: operations");
	stage_expect_nothing(s);
	stage_command(s, "cai", "duty", "cover 03-05..03-06");
	stage_expect_text(s, "post C1", "Cover #3: Cai has the duty of operations on Thu 5 March to Fri 6 March");
	stage_expect_text(s, "post U_ana", "Cai: Cover #3");
	stage_command(s, "bo", "duty", "cover @cai 02-27");
	stage_expect_text(s, "private", "no day to come");
	stage_command(s, "bo", "duty", "back 3");
	stage_expect_text(s, "private", "Those whose turn it is");
	advance_to(s, "2026-03-05", 540);
	stage_expect_text(s, "post U_cai", "You are on duty for operations from now until Sat 7 March");
	stage_command(s, "cai", "duty", "back #3");
	stage_expect_text(s, "post C1", "Cover #3 is taken back");
	stage_clear(s);
	stage_command(s, "cai", "duty", "");
	stage_expect_text(s, "private", "Now: Ana, until Mon 9 March");
	stage_clear(s);
	advance_to(s, "2026-03-09", 540);
	stage_expect_text(s, "post U_cai", "You are on duty"); /* once, though turn and cover begin together */
	stage_expect_nothing(s);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rota_is_shown),
		cmocka_unit_test(who_begins_hears),
		cmocka_unit_test(a_missed_handover_is_noted),
		cmocka_unit_test(who_is_away_is_skipped),
		cmocka_unit_test(managers_set_the_order),
		cmocka_unit_test(a_rota_may_be_made_by_command_alone),
		cmocka_unit_test(swaps_and_covers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
