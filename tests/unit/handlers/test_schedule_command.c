/* SPDX-License-Identifier: MIT */
/* When rituals ring: each ring leaves a row that says what became of it, and managers move them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "stage.h"

#define DAY_STANDUP "format: A, prompt: \"09:30\", remind: \"10:15\", deadline: \"10:30\""

static const struct sql count_rung = { "test.count_rung", "SELECT COUNT(*) FROM ring WHERE outcome = 'rung' AND part = 'ask'", 0 };
static const struct sql count_late = { "test.count_late", "SELECT COUNT(*) FROM ring WHERE outcome = 'late' AND part = 'ask'", 0 };
static const struct sql count_closed = { "test.count_closed", "SELECT COUNT(*) FROM ring WHERE outcome = 'rung' AND part = 'close'", 0 };
static const struct sql count_off = { "test.count_off", "SELECT COUNT(*) FROM ring WHERE outcome = 'off' AND part = 'ask'", 0 };
static const struct sql count_away = { "test.count_away", "SELECT COUNT(*) FROM ring WHERE outcome = 'away' AND part = 'ask'", 0 };
static const struct sql count_answered = { "test.count_answered", "SELECT COUNT(*) FROM ring WHERE outcome = 'answered' AND part = 'ask'", 0 };
static const struct sql count_gaps = { "test.count_gaps", "SELECT COUNT(*) FROM ring_gap", 0 };
static const struct sql count_changes = { "test.count_changes", "SELECT COUNT(*) FROM ring_change c JOIN person p ON p.id = c.person", 0 };
static const struct sql count_rows = { "test.count_rows", "SELECT COUNT(*) FROM ring", 0 };

static int open_stage(void **state)
{
	struct stage *s = stage_new_standup("zh-CN", DAY_STANDUP);
	*state = s;
	gboolean started = db_begin(s->db, NULL) && dispatch_start(s->dispatch, s->now_ms, NULL) && db_commit(s->db, NULL);
	stage_advance(s, 0);
	stage_clear(s); /* the platform is asked for the members */
	return started ? 0 : -1;
}

static int close_stage(void **state)
{
	struct stage *s = *state;
	stage_free(s);
	return 0;
}

/* How many of the messages since the last look are prompts of the standup, and forgets them all. */
static int prompts(struct stage *s)
{
	int count = 0;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		count += row->content && strstr(row->content, "站会开始啦") ? 1 : 0;
	}
	stage_clear(s);
	return count;
}

/* Lets the time pass by steps of ten minutes, as a program that is never off does. */
static void pass(struct stage *s, int64_t ms)
{
	for (; ms > 0; ms -= MINUTES(10))
		stage_advance(s, MIN(ms, MINUTES(10)));
}

static void tell(struct stage *s, const char *words)
{
	stage_command(s, "mia", "schedule", words);
}

/* ---- rows ---- */

static void each_ring_leaves_a_row(void **state)
{
	struct stage *s = *state;
	pass(s, MINUTES(30));
	assert_int_equal(prompts(s), 3);
	assert_int_equal(stage_count(s, &count_rung), 3);
	pass(s, HOURS(1));
	assert_int_equal(stage_count(s, &count_closed), 1);
	assert_int_equal(stage_count(s, &count_gaps), 0);
	stage_clear(s);
	stage_command(s, "mia", "why", "standup");
	stage_expect_text(s, "private", "09:30 Asia/Shanghai 问了 Ana, Bo, Cai");
	stage_command(s, "mia", "why", "站会 2026-03-01");
	stage_expect_text(s, "private", "那天本来就没有安排：工作日 09:30");
	stage_command(s, "mia", "why", "站会 明天");
	stage_expect_text(s, "private", "还没到：09:30 Asia/Shanghai");
}

static void who_answered_or_is_away_is_not_asked(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", "昨天成果：成单2单\n今天目标：触达15个\n风险预警：无");
	stage_say_direct(s, "bo", "请假 今天");
	stage_clear(s);
	pass(s, MINUTES(30));
	assert_int_equal(prompts(s), 1);
	assert_int_equal(stage_count(s, &count_rung), 1);
	assert_int_equal(stage_count(s, &count_answered), 1);
	assert_int_equal(stage_count(s, &count_away), 1);
	stage_command(s, "mia", "why", "standup");
	stage_expect_text(s, "private", "没有问 Bo：请假");
}

/* Told, or not, and reminded, or not: muted, in quiet hours, without an account there, or having answered. */
static void whom_it_did_not_reach_is_named(void **state)
{
	struct stage *s = *state;
	stage_command(s, "ana", "mute", "standup");
	stage_command(s, "bo", "quiet", "09:00-12:00");
	pass(s, MINUTES(40));
	assert_int_equal(prompts(s), 1);
	stage_say_direct(s, "cai", "昨天成果：成单2单\n今天目标：触达15个\n风险预警：无");
	pass(s, HOURS(1));
	stage_clear(s);
	static const char *const told[] = { "09:30 Asia/Shanghai 问了 Cai", "没有问 Ana：已静音", "没有问 Bo：勿扰时段",
		"10:15 Asia/Shanghai 没有提醒 Cai：已经答复过了", "没有提醒 Ana：已静音" };
	for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
		stage_command(s, "mia", "why", "standup");
		stage_expect_text(s, "private", told[i]);
	}
	pass(s, HOURS(22) + MINUTES(20));
	stage_command(s, "bo", "quiet", "off");
	pass(s, HOURS(1) + MINUTES(20));
	stage_clear(s);
	stage_command(s, "mia", "why", "standup");
	stage_expect_text(s, "private", "10:15 Asia/Shanghai 提醒了 Bo, Cai");
}

/* From Monday 09:00 to Thursday 14:00 nothing runs: four rings of three people, none of them rings, each says why. */
static void days_of_downtime_are_no_burst(void **state)
{
	struct stage *s = *state;
	stage_advance(s, DAYS(3) + HOURS(5));
	assert_int_equal(prompts(s), 0);
	assert_int_equal(stage_count(s, &count_rung), 0);
	assert_int_equal(stage_count(s, &count_late), 12);
	assert_int_equal(stage_count(s, &count_gaps), 1);
	stage_command(s, "mia", "why", "standup 03-05");
	stage_expect_text(s, "private", "晚了 4 小时 30 分");
	stage_command(s, "mia", "why", "standup 03-03");
	stage_expect_text(s, "private", "我不在线：3月2日 周一 09:00 Asia/Shanghai 到 3月5日 周四 14:00 Asia/Shanghai");
	pass(s, HOURS(19) + MINUTES(30)); /* Friday is as ever */
	assert_int_equal(prompts(s), 3);
}

static void a_little_late_still_rings(void **state)
{
	struct stage *s = *state;
	stage_advance(s, DAYS(1) + HOURS(1)); /* Tuesday 10:00 */
	assert_int_equal(prompts(s), 3);
	assert_int_equal(stage_count(s, &count_rung), 3);
	assert_int_equal(stage_count(s, &count_late), 3);
	stage_advance(s, 0);
	stage_advance(s, MINUTES(1));
	assert_int_equal(prompts(s), 0);
}

static void rows_are_forgotten_after_400_days(void **state)
{
	struct stage *s = *state;
	pass(s, MINUTES(30));
	assert_true(stage_count(s, &count_rows) > 0);
	tell(s, "standup off");
	stage_advance(s, DAYS(200));
	int64_t before = stage_count(s, &count_rung);
	stage_advance(s, DAYS(210));
	assert_int_equal(before, 3);
	assert_int_equal(stage_count(s, &count_rung), 0);
}

/* ---- changes ---- */

static void a_change_before_the_ring_counts_today(void **state)
{
	struct stage *s = *state;
	tell(s, "standup 09:15");
	stage_expect_text(s, "post C1", "从3月2日 周一起：工作日 09:15（Asia/Shanghai）");
	assert_int_equal(stage_count(s, &count_changes), 1);
	stage_advance(s, MINUTES(14));
	assert_int_equal(prompts(s), 0);
	stage_advance(s, MINUTES(1));
	assert_int_equal(prompts(s), 3);
	stage_advance(s, MINUTES(15));
	assert_int_equal(prompts(s), 0);
	/* The reminder and the closing moved along. */
	stage_advance(s, MINUTES(30));
	stage_expect_text(s, "post U_ana", "");
	stage_advance(s, MINUTES(15));
	assert_int_equal(stage_count(s, &count_closed), 1);
}

static void a_change_in_mid_round_keeps_it(void **state)
{
	struct stage *s = *state;
	pass(s, MINUTES(40));
	assert_int_equal(prompts(s), 3);
	tell(s, "站会 11:00");
	stage_expect_text(s, "post C1", "从3月3日 周二起：工作日 11:00");
	pass(s, MINUTES(20) + HOURS(1)); /* 11:00 */
	assert_int_equal(prompts(s), 0);
	assert_int_equal(stage_count(s, &count_closed), 1); /* at 10:30 */
	pass(s, HOURS(22) + MINUTES(59));
	assert_int_equal(prompts(s), 0);
	pass(s, MINUTES(61));
	assert_int_equal(prompts(s), 3);
}

static void an_hour_that_has_passed_is_tomorrows(void **state)
{
	struct stage *s = *state;
	tell(s, "standup 08:15");
	stage_expect_text(s, "post C1", "从3月3日 周二起");
	pass(s, MINUTES(30));
	assert_int_equal(prompts(s), 3); /* today is not lost */
	pass(s, HOURS(22) + MINUTES(45));
	assert_int_equal(prompts(s), 3); /* Tuesday 08:15 */
}

static void other_days_than_before(void **state)
{
	struct stage *s = *state;
	tell(s, "standup 每周三 14:00");
	stage_clear(s);
	pass(s, DAYS(2) + HOURS(4) + MINUTES(50)); /* Wednesday 13:50 */
	assert_int_equal(prompts(s), 0);
	pass(s, MINUTES(10));
	assert_int_equal(prompts(s), 3);
	stage_command(s, "mia", "schedule", "");
	stage_expect_text(s, "private", "每周三 14:00（Asia/Shanghai），Mia 改的");
}

static void off_and_back(void **state)
{
	struct stage *s = *state;
	tell(s, "standup off");
	stage_expect_text(s, "post C1", "停用");
	pass(s, DAYS(1) + HOURS(1));
	assert_int_equal(prompts(s), 0);
	assert_int_equal(stage_count(s, &count_off), 6);
	stage_command(s, "mia", "why", "standup");
	stage_expect_text(s, "private", "已被主管停用");
	tell(s, "standup 恢复");
	stage_clear(s);
	pass(s, HOURS(23) + MINUTES(30));
	assert_int_equal(prompts(s), 3);
}

static void only_managers_change_it(void **state)
{
	struct stage *s = *state;
	static const struct {
		const char *who, *word, *words, *answer;
	} cases[] = {
		{ "ana", "schedule", "standup 09:15", "只有团队主管可以用" },
		{ "ana", "why", "standup", "只有团队主管可以用" },
		{ "mia", "schedule", "lunch 09:15", "没有叫“lunch 09:15”的安排。有这些：" },
		{ "mia", "schedule", "standup at dawn", "我读不懂“at dawn”" },
		{ "mia", "why", "standup someday", "这样写：为什么" },
		{ "ana", "schedule", "show", "3月2日 周一 09:30 Asia/Shanghai" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		stage_command(s, cases[i].who, cases[i].word, cases[i].words);
		stage_expect_text(s, "private", cases[i].answer);
		stage_expect_nothing(s);
	}
	assert_int_equal(stage_count(s, &count_changes), 0);
}

/* ---- summer time ---- */

/* New York's clocks go forward on 8 March: the same local time is an hour earlier in Shanghai. */
static void everybody_at_their_own_time_over_summer_time(void **state)
{
	struct stage *s = *state;
	stage_learn(s, "ana", "America/New_York", "zh-CN");
	pass(s, DAYS(4) + HOURS(13) + MINUTES(20)); /* Friday 6 March 22:20 in Shanghai, 09:20 in New York */
	stage_clear(s);
	pass(s, MINUTES(10));
	assert_int_equal(prompts(s), 1);
	pass(s, DAYS(2) + HOURS(22) + MINUTES(50)); /* Monday 21:20 in Shanghai */
	stage_clear(s);
	pass(s, MINUTES(10)); /* 09:30 in New York, by summer time */
	assert_int_equal(prompts(s), 1);
	stage_command(s, "mia", "why", "standup 03-09");
	stage_expect_text(s, "private", "09:30 America/New_York 问了 ana");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_ring_leaves_a_row, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(who_answered_or_is_away_is_not_asked, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(whom_it_did_not_reach_is_named, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(days_of_downtime_are_no_burst, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(a_little_late_still_rings, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(rows_are_forgotten_after_400_days, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(a_change_before_the_ring_counts_today, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(a_change_in_mid_round_keeps_it, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(an_hour_that_has_passed_is_tomorrows, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(other_days_than_before, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(off_and_back, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(only_managers_change_it, open_stage, close_stage),
		cmocka_unit_test_setup_teardown(everybody_at_their_own_time_over_summer_time, open_stage, close_stage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
