/* SPDX-License-Identifier: MIT */
/* Windows on a stage: each member hears in private when one begins, by their own clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "stage.h"

#define WINDOWS \
	"    windows:\n" \
	"      - { name: leads, schedule: workdays 10:00, until: \"12:00\", first: { zh-CN: 先联系高意向线索, en: High-intent leads first } }\n" \
	"      - { name: proposals, schedule: workdays 15:00, until: \"17:00\", first: Proposals }\n"

static struct stage *s;

static int open_stage(void **state)
{
	g_autoptr(GError) error = NULL;
	(void)state;
	s = stage_new_with("en", "A", WINDOWS);
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
	return 0;
}

static int close_stage(void **state)
{
	(void)state;
	g_clear_pointer(&s, stage_free);
	return 0;
}

/* To that minute of Monday, 2 March 2026, in Shanghai. */
static void go_to(int minute)
{
	int64_t at_ms;
	assert_true(zone_instant(zone_find("Asia/Shanghai"), "2026-03-02", minute, &at_ms) && at_ms >= s->now_ms);
	stage_advance(s, at_ms - s->now_ms);
}

static void expect_all(const char *words)
{
	stage_expect_text(s, "post U_", words);
	stage_expect_text(s, "post U_", words);
	stage_expect_text(s, "post U_", words);
	stage_expect_nothing(s);
}

static void each_member_hears_when_one_begins(void **state)
{
	(void)state;
	go_to(9 * 60 + 59);
	stage_expect_nothing(s);
	go_to(10 * 60);
	expect_all("🎯 10:00 to 12:00: High-intent leads first");
	go_to(14 * 60 + 59);
	stage_expect_nothing(s);
	go_to(15 * 60);
	expect_all("🎯 15:00 to 17:00: Proposals");
	stage_command(s, "mia", "why", "leads");
	stage_expect_text(s, "private U_mia", "10:00 Asia/Shanghai: told Ana, Bo, Cai");
}

static void whoever_is_away_or_does_not_want_it_is_left_alone(void **state)
{
	(void)state;
	stage_command(s, "ana", "mute", "windows");
	stage_command(s, "bo", "away", "03-02");
	stage_learn(s, "cai", "Europe/Berlin", "en");
	stage_clear(s);
	go_to(10 * 60);
	go_to(16 * 60 + 59);
	stage_expect_nothing(s);
	go_to(17 * 60); /* ten in the morning in Berlin */
	stage_expect_text(s, "post U_cai", "High-intent leads first");
	stage_expect_nothing(s);
	stage_command(s, "mia", "why", "leads");
	stage_expect_text(s, "private U_mia", "not told: Ana (muted)");
	stage_command(s, "mia", "why", "leads");
	stage_expect_text(s, "private U_mia", "not told: Bo (away)");
}

static void a_manager_moves_it(void **state)
{
	(void)state;
	stage_command(s, "mia", "schedule", "先联系高意向线索 10:30");
	stage_expect_text(s, "post C1", "High-intent leads first of sales from Mon 2 March on: workdays 10:30");
	go_to(10 * 60);
	stage_expect_nothing(s);
	go_to(10 * 60 + 30);
	expect_all("10:30 to 12:30");
}

/* Off from nine to half past two: what is over is told nobody. */
static void nothing_is_told_of_one_that_is_over(void **state)
{
	(void)state;
	go_to(14 * 60 + 30);
	stage_expect_nothing(s);
	stage_command(s, "mia", "why", "leads");
	stage_expect_text(s, "private U_mia", "not told: Ana, Bo, Cai (4 h 30 min late)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_member_hears_when_one_begins, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(whoever_is_away_or_does_not_want_it_is_left_alone, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(a_manager_moves_it, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(nothing_is_told_of_one_that_is_over, open_stage, close_stage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
