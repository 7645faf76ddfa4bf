/* SPDX-License-Identifier: MIT */
/* The standup over several days: what somebody wrote last, what they write over again, and trouble that stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "stage.h"

#define GOOD "昨天成果：成单2单\n今天目标：触达15个\n风险预警：客户预算不足"
#define LONG "昨天成果：拜访华瑞两位采购经理\n今天目标：准备宏远的投标文件\n风险预警：无"

static int open_stage(void **state)
{
	*state = stage_new_standup("zh-CN", "format: A, prompt: \"09:30\", deadline: \"10:30\"");
	return 0;
}

static int close_stage(void **state)
{
	struct stage *s = *state;
	stage_free(s);
	return 0;
}

/* ---- what was written last ---- */

static void the_prompt_shows_the_last_goals_with_their_date(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", GOOD);
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_advance(s, MINUTES(30));
	stage_expect_text(s, "post U_ana", "\"label\":\"你的目标（3月2日 周一）\",\"value\":\"触达15个\"");
	for (int i = 0; i < 2; i++) {
		assert_null(strstr(((const struct outbox_row *)s->sent->pdata[i])->content, "你的目标"));
		assert_non_null(strstr(((const struct outbox_row *)s->sent->pdata[i])->content, "站会开始啦"));
	}
}

/* Friday's on Monday; and after three weeks away those of the last day before. */
static void the_last_day_need_not_be_yesterday(void **state)
{
	struct stage *s = *state;
	stage_advance(s, DAYS(4)); /* Friday */
	stage_say_direct(s, "ana", GOOD);
	stage_advance(s, DAYS(3));
	stage_command(s, "ana", "standup", "");
	stage_clear(s);
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "3月9日 周一\\n你的目标（3月6日 周五）：触达15个");
	stage_advance(s, DAYS(21));
	stage_clear(s);
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "你的目标（3月6日 周五）");
	stage_advance(s, DAYS(21)); /* that is history */
	stage_clear(s);
	stage_command(s, "ana", "standup", "");
	assert_null(strstr(((const struct outbox_row *)s->sent->pdata[0])->content, "你的目标"));
}

static void a_skipped_or_withdrawn_day_has_no_goals(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", GOOD);
	stage_advance(s, DAYS(1));
	stage_say_direct(s, "ana", "跳过");
	stage_advance(s, DAYS(1));
	g_autofree char *message = g_strdup(stage_say(s, "ana", LONG));
	stage_delete(s, "ana", message);
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "你的目标（3月2日 周一）：触达15个");
}

static void each_format_names_what_it_asked_for(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", "今日关键动作：触达20个线索\n卡点：无\n求助需求：无");
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "你的关键动作（3月2日 周一）：触达20个线索");
}

static void the_daily_sync_is_prompted_as_such(void **state)
{
	(void)state;
	struct stage *s = stage_new_standup("en", "format: B, prompt: \"09:30\"");
	stage_advance(s, MINUTES(30));
	const char *content = ((const struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(content, "Daily sync"));
	assert_non_null(strstr(content, "today's key actions, blockers, help wanted"));
	assert_non_null(strstr(content, "standup.open"));
	stage_free(s);
}

/* ---- written over again ---- */

static void a_copy_is_noticed_once(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", LONG);
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_say_direct(s, "ana", LONG);
	stage_expect_text(s, "post D_ana", "和3月2日 周一那份几乎一样");
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "");
	stage_say_direct(s, "ana", LONG); /* the same day once more */
	stage_expect_text(s, "react", "");
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1)); /* and the next day: they know */
	stage_clear(s);
	stage_say_direct(s, "ana", LONG);
	stage_expect_text(s, "react", "");
}

static void another_day_is_no_copy(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", LONG);
	stage_say_direct(s, "bo", "无\n打电话\n无");
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_say_direct(s, "ana", "昨天成果：准备好了宏远的投标文件\n今天目标：回访三家老客户\n风险预警：无");
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "");
	stage_say_direct(s, "bo", "无\n打电话\n无"); /* three short lines are honest */
	stage_expect_text(s, "react", "");
}

/* ---- trouble that stands ---- */

/* An answer like no other, but for its risk. */
static void write_risk(struct stage *s, const char *name, const char *risk)
{
	g_autofree char *text = g_strdup_printf("昨天成果：成单%" G_GINT64_FORMAT "单\n今天目标：触达新线索\n风险预警：%s", s->now_ms / DAYS(1), risk);
	stage_say_direct(s, name, text);
}

static void next_day(struct stage *s, int days)
{
	stage_advance(s, DAYS(days));
	stage_clear(s);
}

/* After the tick: the question, or not; the board. */
static void expect_asked(struct stage *s, const char *question)
{
	if (question)
		stage_expect_text(s, "post U_", question);
	stage_expect_text(s, "react", "");
}

static void expect_board(struct stage *s, const char *text)
{
	stage_expect_text(s, "post C1", text);
}

static void expect_unmarked(struct stage *s)
{
	stage_expect_text(s, "react", "");
	const struct outbox_row *board = s->sent->pdata[0];
	assert_null(strstr(board->content, "⏳"));
	stage_clear(s);
}

static void the_third_working_day_is_marked_and_asked_about_once(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算还是不足");
	expect_unmarked(s);
	next_day(s, 1);
	write_risk(s, "ana", "客户的预算仍然不足。");
	expect_asked(s, "这件事卡了 3 个工作日了");
	expect_board(s, "Ana · 风险预警：客户的预算仍然不足。 ⏳ 已 3 个工作日");
	stage_expect_nothing(s);
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, NULL);
	expect_board(s, "⏳ 已 4 个工作日");
	stage_advance(s, MINUTES(90));
	stage_clear(s);
	next_day(s, 1); /* a day without it */
	write_risk(s, "ana", "无");
	expect_unmarked(s);
	next_day(s, 3);
	write_risk(s, "ana", "客户预算不足");
	expect_unmarked(s);
}

static void the_closing_tells_it_too(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	stage_advance(s, MINUTES(30)); /* the others are asked */
	stage_clear(s);
	stage_advance(s, MINUTES(60));
	stage_expect_text(s, "post C1", "⏳ 已 3 个工作日");
}

/* ---- the closing ---- */

/* In place, beside the board; days later only the board follows. */
static void the_closing_follows_who_is_late(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", GOOD));
	stage_advance(s, MINUTES(89));
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	g_autofree char *closing = g_strconcat("replace C1 ", stage_expect_text(s, "post C1", "1/3 已提交"), NULL);
	stage_expect_nothing(s);
	stage_advance(s, HOURS(2));
	stage_say_direct(s, "bo", LONG);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "replace C1", "迟交 1");
	stage_expect_text(s, closing, "2/3 已提交");
	stage_expect_nothing(s);
	next_day(s, 2);
	stage_edit(s, "ana", message, LONG);
	stage_expect_text(s, "replace C1", "站会 · ");
	stage_expect_nothing(s);
}

/* Thursday, Friday, Monday: two days off between them. */
static void days_off_do_not_break_the_row(void **state)
{
	struct stage *s = *state;
	next_day(s, 3);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足"); /* on Saturday, of free will */
	expect_unmarked(s);
	next_day(s, 2);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, "卡了 3 个工作日");
}

static void days_away_and_skipped_do_not_break_it_either(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	stage_command(s, "ana", "away", "03-03");
	next_day(s, 2);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	stage_say_direct(s, "ana", "跳过");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, "卡了 3 个工作日");
}

static void an_unanswered_day_breaks_it(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 2);
	write_risk(s, "ana", "客户预算不足");
	expect_unmarked(s);
}

static void one_of_several_lines_stands(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "\n- 物流延误\n- 客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "\n- 客户预算不足\n- 缺样机");
	expect_asked(s, "\"value\":\"客户预算不足\"");
}

static void a_blocker_that_becomes_a_cry_for_help_is_the_same(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", "今日关键动作：触达20个线索\n卡点：合同卡在法务\n求助需求：无");
	next_day(s, 1);
	stage_say_direct(s, "ana", "今日关键动作：跟进华瑞\n卡点：合同还卡在法务\n求助需求：无");
	next_day(s, 1);
	stage_say_direct(s, "ana", "今日关键动作：写标书\n卡点：无\n求助需求：合同卡在法务，谁认识法务的人？");
	expect_asked(s, "\"label\":\"求助需求\"");
	expect_board(s, "谁认识法务的人？ ⏳ 已 3 个工作日");
}

static void an_edit_takes_the_mark_off(void **state)
{
	struct stage *s = *state;
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	g_autofree char *message = g_strdup(stage_say(s, "ana", GOOD));
	expect_asked(s, "卡了 3 个工作日");
	expect_board(s, "⏳");
	stage_advance(s, SECONDS(5));
	stage_edit(s, "ana", message, LONG);
	const struct outbox_row *board = s->sent->pdata[0];
	assert_null(strstr(board->content, "⏳"));
	stage_clear(s);
	stage_advance(s, SECONDS(5));
	stage_edit(s, "ana", message, GOOD); /* and on again: it was gone, so it is news */
	stage_expect_text(s, "post U_ana", "卡了 3 个工作日");
	stage_expect_text(s, "replace C1", "⏳ 已 3 个工作日");
	stage_expect_nothing(s);
}

/* Until the third day, whose board stands; the button's value. */
#define ANAS_RISK "2/1/2026-03-04/sales"

static void let_it_stand(struct stage *s)
{
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	stage_expect_text(s, "post U_ana", ANAS_RISK);
	stage_advance(s, SECONDS(5));
	stage_clear(s);
}

static void what_is_decided_shows_and_goes_on(void **state)
{
	struct stage *s = *state;
	let_it_stand(s);
	stage_press(s, "bo", "standup.escalate", ANAS_RISK);
	stage_expect_text(s, "private U_bo", "要由本人或团队经理来定");
	stage_press(s, "ana", "standup.escalate", ANAS_RISK);
	stage_expect_text(s, "post U_mia", "Ana 请你拿个主意");
	stage_expect_text(s, "private U_ana", "已上报经理");
	stage_expect_text(s, "replace C1", "已 3 个工作日，已上报经理");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, NULL);
	expect_board(s, "已 4 个工作日，已上报经理");
	stage_advance(s, SECONDS(5));
	stage_press(s, "mia", "standup.drop", ANAS_RISK); /* the old card, by the manager */
	stage_expect_text(s, "private U_mia", "不再跟进");
	stage_expect_text(s, "replace C1", "已 4 个工作日，不再跟进");
}

static void what_is_parked_is_asked_about_again(void **state)
{
	struct stage *s = *state;
	let_it_stand(s);
	stage_press(s, "ana", "standup.park", ANAS_RISK);
	stage_expect_text(s, "form U_ana", "搁置到哪一天");
	stage_submit(s, "ana", "standup.until", ANAS_RISK, (const char *const[]){ "until", "昨天", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "ana", "standup.until", ANAS_RISK, (const char *const[]){ "until", "03-06", NULL });
	assert_null(s->problems);
	stage_expect_text(s, "", "先搁置到3月6日 周五");
	stage_expect_text(s, "replace C1", "搁置到3月6日 周五");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, NULL);
	expect_board(s, "已 4 个工作日，搁置到3月6日 周五");
	next_day(s, 1);
	write_risk(s, "ana", "客户预算不足");
	expect_asked(s, "卡了 5 个工作日");
	stage_expect_text(s, "post C1", "已 5 个工作日");
}

static void stale_buttons_are_answered_politely(void **state)
{
	struct stage *s = *state;
	static const char *const values[] = { "", "x", "2/1/2026-03-04", "2/1/2026-03-04/gone", "2/99/2026-03-04/sales", "2/1/2026-13-04/sales",
		"2/1/2026-03-04/sales" };
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		stage_press(s, "ana", "standup.drop", values[i]);
		stage_expect_text(s, "private U_ana", "不用再处理");
	}
	stage_expect_nothing(s);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(the_prompt_shows_the_last_goals_with_their_date),
		SCENE(the_last_day_need_not_be_yesterday),
		SCENE(a_skipped_or_withdrawn_day_has_no_goals),
		SCENE(each_format_names_what_it_asked_for),
		cmocka_unit_test(the_daily_sync_is_prompted_as_such),
		SCENE(a_copy_is_noticed_once),
		SCENE(another_day_is_no_copy),
		SCENE(the_third_working_day_is_marked_and_asked_about_once),
		SCENE(the_closing_tells_it_too),
		SCENE(the_closing_follows_who_is_late),
		SCENE(days_off_do_not_break_the_row),
		SCENE(days_away_and_skipped_do_not_break_it_either),
		SCENE(an_unanswered_day_breaks_it),
		SCENE(one_of_several_lines_stands),
		SCENE(a_blocker_that_becomes_a_cry_for_help_is_the_same),
		SCENE(an_edit_takes_the_mark_off),
		SCENE(what_is_decided_shows_and_goes_on),
		SCENE(what_is_parked_is_asked_about_again),
		SCENE(stale_buttons_are_answered_politely),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
