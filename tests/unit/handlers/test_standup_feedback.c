/* SPDX-License-Identifier: MIT */
/* What managers say to standups: what counts, the evening's list, the month's figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "stage.h"

#define RISK   "昨天成果：成单2单\n今天目标：触达15个\n风险预警：客户预算不足"
#define CALM   "昨天成果：成单2单\n今天目标：触达15个\n风险预警：无"
#define HELP   "今日关键动作：触达20个线索\n卡点：客户质疑交付周期\n求助需求：要交付案例"
#define BO_KEY "2/2026-03-02/sales"

static const struct sql given = { "test.given", "SELECT COALESCE(SUM(counts), 0) FROM standup_feedback", 0 };
static const struct sql letters = { "test.letters", "SELECT COUNT(*) FROM dead_letter", 0 };

static int open_stage(void **state)
{
	*state = stage_new_standup("zh-CN", "format: A, feedback: \"18:00\"");
	return 0;
}

static int close_stage(void **state)
{
	struct stage *s = *state;
	assert_int_equal(stage_count(s, &letters), 0);
	stage_free(s);
	return 0;
}

static void react(struct stage *s, const char *name, const char *message, const char *emoji, gboolean on)
{
	struct event *event = event_new(on ? EVENT_REACTED : EVENT_UNREACTED, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->place.channel = g_strdup("C1");
	event->message = g_strdup(message);
	event->word = g_strdup(emoji);
	event->at_ms = s->now_ms;
	stage_do(s, event);
}

/* From nine to six; what the board still had to show is shown. */
static void till_evening(struct stage *s)
{
	stage_advance(s, HOURS(1));
	stage_clear(s);
	stage_advance(s, HOURS(8));
}

/* ---- what counts ---- */

static void a_managers_reaction_counts(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK));
	stage_clear(s);
	react(s, "bo", message, "+1", TRUE); /* a colleague's is nice */
	react(s, "mia", message, "thinking_face", TRUE);
	react(s, "mia", "1.777777", "+1", TRUE);
	assert_int_equal(stage_count(s, &given), 0);
	react(s, "mia", message, "+1", TRUE);
	assert_int_equal(stage_count(s, &given), 1);
	till_evening(s);
	stage_expect_nothing(s);
}

static void a_reaction_taken_back_counts_no_more(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK));
	react(s, "mia", message, "+1", FALSE); /* it was there before the bot was */
	assert_int_equal(stage_count(s, &given), 0);
	react(s, "mia", message, "+1", TRUE);
	react(s, "mia", message, "tada", FALSE);
	assert_int_equal(stage_count(s, &given), 1);
	react(s, "mia", message, "+1", FALSE);
	assert_int_equal(stage_count(s, &given), 0);
	till_evening(s);
	stage_expect_text(s, "post U_mia", "客户预算不足");
}

static void a_reply_under_the_message_counts(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK));
	stage_clear(s);
	stage_say_in_thread(s, "bo", message, "加油！");
	assert_int_equal(stage_count(s, &given), 0);
	stage_say_in_thread(s, "mia", message, "我下午打给他们财务");
	assert_int_equal(stage_count(s, &given), 1);
	till_evening(s);
	stage_expect_nothing(s);
}

/* In the board's thread a manager's words are to those whom they name. */
static void a_reply_under_the_board_counts_for_whom_it_names(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", RISK);
	stage_expect_text(s, "react", "");
	g_autofree char *board = g_strdup(stage_expect_text(s, "post C1", ""));
	stage_say_direct(s, "bo", RISK);
	stage_clear(s);
	stage_say_in_thread(s, "mia", board, "大家辛苦了！今天 Anabel 也在"); /* Ana is not Anabel */
	assert_int_equal(stage_count(s, &given), 0);
	stage_say_in_thread(s, "mia", board, "<@U_bo> 预算的事我来谈");
	assert_int_equal(stage_count(s, &given), 1);
	stage_say_in_thread(s, "mia", board, "ana 你那家也一样");
	assert_int_equal(stage_count(s, &given), 2);
	react(s, "mia", board, "+1", TRUE); /* to all, and to nobody */
	assert_int_equal(stage_count(s, &given), 2);
	till_evening(s);
	stage_expect_nothing(s);
}

static void nobody_answers_themselves(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "mia", RISK));
	react(s, "mia", message, "+1", TRUE);
	stage_say_in_thread(s, "mia", message, "我自己跟");
	assert_int_equal(stage_count(s, &given), 0);
	till_evening(s);
	stage_expect_nothing(s); /* and the only manager is not asked to answer herself */
}

/* ---- the evening ---- */

static void the_evening_lists_whom_nobody_has_answered(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK));
	stage_say_direct(s, "bo", HELP);
	stage_say_direct(s, "cai", CALM);
	react(s, "mia", message, "clap", TRUE);
	till_evening(s);
	const char *list = ((const struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(list, "卡点：客户质疑交付周期"));
	assert_non_null(strstr(list, "求助需求：要交付案例"));
	assert_non_null(strstr(list, "今天有 2 份站会写了风险、卡点或求助，已回应 1 份"));
	assert_null(strstr(list, "预算不足"));
	assert_null(strstr(list, "Cai"));
	stage_expect_text(s, "post U_mia", BO_KEY);
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1)); /* of the day, not of yesterday; but yesterday's promise is over at noon */
	stage_expect_text(s, "post U_mia", "一直没有经理回应");
	stage_expect_nothing(s);
}

static void a_day_off_has_no_evening(void **state)
{
	struct stage *s = *state;
	stage_advance(s, DAYS(5)); /* Saturday */
	stage_say_direct(s, "ana", RISK);
	till_evening(s);
	stage_expect_nothing(s);
	stage_advance(s, DAYS(2) - HOURS(9));
	stage_say_direct(s, "ana", RISK);
	till_evening(s);
	stage_expect_text(s, "post U_mia", "3月9日 周一");
}

/* The daemon was off: an hour late it is worth telling, the next morning it is not. */
static void a_late_evening(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", RISK);
	stage_clear(s);
	stage_advance(s, HOURS(10));
	stage_expect_text(s, "post U_mia", "客户预算不足");
	stage_advance(s, HOURS(14));
	stage_say_direct(s, "ana", CALM);
	stage_clear(s);
	stage_say_direct(s, "bo", HELP);
	stage_advance(s, MINUTES(1));
	stage_clear(s);
	stage_advance(s, HOURS(13));
	stage_expect_text(s, "post U_mia", "Ana 的站会 · 3月2日");
	stage_expect_nothing(s);
}

/* ---- the promise ---- */

static const struct sql promised = { "test.promised", "SELECT COUNT(*) FROM response WHERE ritual = 'standup'", 0 };
static const struct sql met = { "test.met", "SELECT COUNT(*) FROM response WHERE status = 'met'", 0 };
static const struct sql missed = { "test.missed", "SELECT COUNT(*) FROM response WHERE status = 'missed'", 0 };
static const struct sql cancelled = { "test.cancelled", "SELECT COUNT(*) FROM response WHERE status = 'cancelled'", 0 };
static const struct sql waits = { "test.waits", "SELECT COUNT(*) FROM job WHERE ritual = 'standup' AND word = 'clock'", 0 };

/* Twelve working hours from when it was written: until noon of the next working day. */
static void the_evening_tells_until_when(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "bo", HELP);
	stage_say_direct(s, "cai", CALM);
	assert_int_equal(stage_count(s, &promised), 1);
	till_evening(s);
	stage_expect_text(s, "post U_mia", "请在 3月3日 周二 12:00（Asia/Shanghai）前回应，还剩 3 小时 0 分");
	stage_advance(s, HOURS(18));
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "post U_mia", "一直没有经理回应，时限 12:00");
	stage_submit(s, "mia", "standup.words", BO_KEY, (const char *const[]){ "words", "我来找案例", NULL });
	assert_int_equal(stage_count(s, &missed), 1);
	stage_clear(s);
	stage_advance(s, DAYS(3));
	stage_expect_nothing(s);
}

static void an_answer_keeps_it(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", RISK)), *other = g_strdup(stage_say(s, "bo", RISK));
	stage_advance(s, HOURS(1));
	react(s, "bo", message, "+1", TRUE);
	assert_int_equal(stage_count(s, &met), 0);
	react(s, "mia", message, "+1", TRUE);
	stage_say_in_thread(s, "mia", other, "我去问");
	assert_int_equal(stage_count(s, &met), 2);
	assert_int_equal(stage_count(s, &waits), 0);
	react(s, "mia", message, "+1", FALSE); /* the verdict stands */
	assert_int_equal(stage_count(s, &met), 2);
}

/* What is taken back needs no answer; what nobody else can answer is no promise. */
static void without_trouble_there_is_none(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", CALM)), *other = g_strdup(stage_say(s, "bo", RISK));
	stage_say(s, "mia", RISK);
	assert_int_equal(stage_count(s, &promised), 1);
	stage_edit(s, "ana", message, RISK);
	assert_int_equal(stage_count(s, &promised), 2);
	stage_edit(s, "ana", message, CALM);
	stage_delete(s, "bo", other);
	assert_int_equal(stage_count(s, &cancelled), 2);
	till_evening(s);
	stage_clear(s);
	stage_advance(s, DAYS(3));
	stage_expect_nothing(s);
}

/* Where no evening is configured nothing is promised. */
static void it_is_asked_for(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_say(s, "ana", RISK);
	assert_int_equal(stage_count(s, &promised), 0);
	stage_free(s);
}

/* ---- the button ---- */

static void words_go_to_the_rep_privately_and_count(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", RISK);
	stage_say_direct(s, "bo", HELP);
	stage_clear(s);
	stage_press(s, "mia", "standup.reply", BO_KEY);
	stage_expect_text(s, "form U_mia", "客户质疑交付周期");
	stage_submit(s, "mia", "standup.words", BO_KEY, (const char *const[]){ "words", "", NULL });
	assert_non_null(s->problems);
	stage_submit(s, "mia", "standup.words", BO_KEY, (const char *const[]){ "words", "案例库里有三份，我发你", NULL });
	assert_null(s->problems);
	stage_expect_text(s, "post U_bo", "案例库里有三份，我发你");
	stage_expect_text(s, "", "还有 1 份没有回应");
	assert_int_equal(stage_count(s, &given), 1);
	stage_expect_nothing(s);
}

static void only_managers_answer_and_only_what_is_there(void **state)
{
	struct stage *s = *state;
	static const char *const inputs[] = { "words", "好", NULL };
	stage_say_direct(s, "bo", HELP);
	stage_clear(s);
	stage_press(s, "ana", "standup.reply", BO_KEY);
	stage_expect_text(s, "private U_ana", "只有团队经理");
	stage_submit(s, "ana", "standup.words", BO_KEY, inputs);
	stage_expect_text(s, "", "只有团队经理");
	stage_press(s, "mia", "standup.reply", "3/2026-03-02/sales");
	stage_expect_text(s, "private U_mia", "Cai 的这份站会已经撤回");
	static const char *const wrong[] = { "", "2/2026-03-02", "2/2026-03-02/gone", "99/2026-03-02/sales", "2/today/sales" };
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		stage_press(s, "mia", "standup.reply", wrong[i]);
		stage_expect_text(s, "private U_mia", "只有团队经理");
	}
	assert_int_equal(stage_count(s, &given), 0);
}

/* ---- the month ---- */

static void the_month_tells_how_many_and_how_fast(void **state)
{
	struct stage *s = *state;
	g_autofree char *of_ana = g_strdup(stage_say(s, "ana", RISK));
	g_autofree char *of_bo = g_strdup(stage_say(s, "bo", RISK));
	stage_say(s, "cai", RISK);
	stage_advance(s, MINUTES(40));
	react(s, "mia", of_ana, "+1", TRUE);
	stage_advance(s, MINUTES(100));
	stage_say_in_thread(s, "mia", of_bo, "收到");
	stage_clear(s);
	stage_command(s, "bo", "standup", "feedback");
	stage_expect_text(s, "private U_bo", "只给团队经理看");
	stage_command(s, "mia", "standup", "feedback");
	const char *card = ((const struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(card, "\"label\":\"2026-03\",\"value\":\"3 份里回应了 2 份（66%），一半在 40 分钟内，最慢 2 小时 20 分\""));
	assert_non_null(strstr(card, "\"label\":\"2026-02\",\"value\":\"没有写"));
	stage_expect_text(s, "private U_mia", "");
	stage_expect_nothing(s);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_managers_reaction_counts),
		SCENE(a_reaction_taken_back_counts_no_more),
		SCENE(a_reply_under_the_message_counts),
		SCENE(a_reply_under_the_board_counts_for_whom_it_names),
		SCENE(nobody_answers_themselves),
		SCENE(the_evening_lists_whom_nobody_has_answered),
		SCENE(a_day_off_has_no_evening),
		SCENE(a_late_evening),
		SCENE(the_evening_tells_until_when),
		SCENE(an_answer_keeps_it),
		SCENE(without_trouble_there_is_none),
		SCENE(it_is_asked_for),
		SCENE(words_go_to_the_rep_privately_and_count),
		SCENE(only_managers_answer_and_only_what_is_there),
		SCENE(the_month_tells_how_many_and_how_fast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
