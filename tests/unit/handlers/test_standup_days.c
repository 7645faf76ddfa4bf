/* SPDX-License-Identifier: MIT */
/* The standup over several days: what somebody wrote last, and what they write over again. */
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
