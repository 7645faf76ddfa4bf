/* SPDX-License-Identifier: MIT */
/* Who hears of what needs somebody, how often, and who may look back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "core/dispatch.h"
#include "tests/support/stage.h"

static int set_up(void **state)
{
	*state = stage_new("zh-CN", "A");
	return 0;
}

static int tear_down(void **state)
{
	stage_free(*state);
	return 0;
}

static void name_operator(struct stage *s, const char *name)
{
	char ***operators = &stage_config(s)->workspaces[0]->operators;
	g_strfreev(*operators);
	*operators = g_strdupv((char *[]){ (char *)name, NULL });
}

static void happen(struct stage *s, const char *about, const char *line)
{
	struct event *event = event_new(EVENT_TROUBLE, "acme");
	event->word = g_strdup(about);
	event->text = g_strdup(line);
	stage_do(s, event);
}

static void told_once_a_day(void **state)
{
	struct stage *s = *state;
	name_operator(s, "@mia");
	happen(s, "no channel", "no channel name=#sales");
	stage_expect_text(s, "post U_mia", "no channel name=#sales");
	happen(s, "no channel", "no channel name=#north");
	stage_expect_nothing(s);
	happen(s, "calls used up", "calls used up calls=8000");
	stage_expect_text(s, "post U_mia", "calls used up calls=8000");
	stage_advance(s, DAYS(1));
	stage_clear(s);
	happen(s, "no channel", "no channel name=#south");
	stage_expect_text(s, "post U_mia", "no channel name=#south");
	stage_expect_nothing(s);
}

static void nobody_is_named(void **state)
{
	struct stage *s = *state;
	happen(s, "no channel", "no channel name=#sales");
	stage_advance(s, HOURS(1));
	stage_expect_nothing(s);
}

/* As at a first start, when the directory has told nothing yet. */
static void whoever_comes_later_is_told_then(void **state)
{
	struct stage *s = *state;
	name_operator(s, "@dora");
	happen(s, "no channel", "no channel name=#sales");
	stage_expect_nothing(s);
	stage_learn(s, "dora", "Asia/Shanghai", "en-US");
	stage_advance(s, MINUTES(10));
	stage_expect_text(s, "post U_dora", "no channel name=#sales");
	stage_advance(s, HOURS(1));
	stage_expect_nothing(s);
}

static void operators_look_back(void **state)
{
	struct stage *s = *state;
	name_operator(s, "@mia");
	stage_call(s, "mia", "troubles");
	stage_expect_text(s, "private U_mia", "没有需要处理的事");
	happen(s, "no channel", "no channel name=#sales");
	happen(s, "no channel", "no channel name=#north");
	stage_clear(s);
	stage_call(s, "mia", "故障");
	stage_expect_text(s, "private U_mia", "no channel name=#north（2 次）");
	stage_call(s, "ana", "troubles");
	stage_expect_text(s, "private U_ana", "只有配置里的运维人员");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(told_once_a_day, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nobody_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whoever_comes_later_is_told_then, set_up, tear_down),
		cmocka_unit_test_setup_teardown(operators_look_back, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
