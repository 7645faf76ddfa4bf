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

static void why(struct stage *s, const char *name, const char *about, const char *answer)
{
	stage_clear(s);
	stage_command(s, name, "why", about);
	stage_expect_text(s, "private U_", answer);
}

/* A risk of Ana's in the morning of the next day, and the time until that day's evening is over. */
static void a_day_with_a_risk(struct stage *s)
{
	stage_advance(s, HOURS(14));
	stage_say_direct(s, "ana", RISK);
	stage_advance(s, HOURS(10));
}

/* From Monday, seven in the evening, to Saturday: each day says what became of its list. */
static void each_evening_leaves_its_reason(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", RISK);
	stage_say_direct(s, "mia", RISK);
	stage_advance(s, HOURS(10));
	why(s, "ana", "feedback", "只有团队主管");
	why(s, "mia", "feedback", "18:00 Asia/Shanghai 把还没回应的站会告诉了 Mia");
	stage_advance(s, HOURS(14));
	stage_say_direct(s, "ana", RISK);
	stage_submit(s, "mia", "standup.words", "1/2026-03-03/sales", (const char *const[]){ "words", "我来谈", NULL });
	stage_advance(s, HOURS(10));
	why(s, "mia", "站会回应", "没有把还没回应的站会告诉 Mia：已经答复过了");
	stage_advance(s, HOURS(14));
	stage_say_direct(s, "ana", CALM);
	stage_say_direct(s, "mia", RISK); /* nobody's but her own */
	stage_advance(s, HOURS(10));
	why(s, "mia", "反馈", "告诉 Mia：那天很安静");
	stage_command(s, "mia", "mute", "feedback");
	a_day_with_a_risk(s);
	why(s, "mia", "feedback 03-05", "告诉 Mia：已静音");
	stage_command(s, "mia", "unmute", "feedback");
	stage_command(s, "mia", "away", "03-06");
	a_day_with_a_risk(s);
	why(s, "mia", "feedback 03-06", "告诉 Mia：勿扰时段或请假，等能发时已经过时");
	why(s, "mia", "feedback 03-07", "那天没有可说的");
	why(s, "mia", "feedback 03-02", "告诉了 Mia");
}

/* Switched off over Tuesday and half of Wednesday night. */
static void an_evening_that_was_slept_through_says_so(void **state)
{
	struct stage *s = *state;
	stage_advance(s, HOURS(24));
	stage_say_direct(s, "ana", RISK);
	s->now_ms += HOURS(14);
	stage_advance(s, 0);
	why(s, "mia", "feedback 03-03", "告诉 Mia：晚了 5 小时 0 分");
}

/* The list's days are the standup's, whatever a manager makes of them; moved in the evening, nothing is told twice. */
static void the_evening_follows_the_standup(void **state)
{
	(void)state;
	struct stage *s = stage_new_standup("en", "format: A, prompt: \"09:30\", feedback: \"18:00\"");
	stage_say_direct(s, "ana", RISK);
	till_evening(s);
	stage_clear(s);
	stage_advance(s, MINUTES(5));
	stage_command(s, "mia", "schedule", "standup every tuesday 10:00");
	stage_clear(s);
	stage_advance(s, MINUTES(5));
	stage_expect_nothing(s);
	why(s, "mia", "standup feedback", "18:00 Asia/Shanghai: told Mia which standups nobody has answered");
	stage_advance(s, HOURS(24));
	why(s, "mia", "feedback", "not told of standups without an answer: Mia (a quiet day");
	stage_command(s, "mia", "schedule", "standup off");
	stage_advance(s, DAYS(7));
	why(s, "mia", "feedback", "18:00 Asia/Shanghai: not told of standups without an answer: Mia (a manager has switched it off)");
	stage_advance(s, DAYS(4)); /* Sunday */
	why(s, "mia", "feedback", "There is nothing to tell of that day.");
	stage_free(s);
}

/* Where none is configured there is none to tell of. */
static void without_an_evening_there_is_no_row(void **state)
{
	(void)state;
	struct stage *s = stage_new_standup("en", "format: A, prompt: \"09:30\"");
	stage_command(s, "mia", "why", "feedback");
	stage_expect_text(s, "private U_mia", "why standup, response times 10-01");
	stage_free(s);
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
		SCENE(each_evening_leaves_its_reason),
		SCENE(an_evening_that_was_slept_through_says_so),
		cmocka_unit_test(the_evening_follows_the_standup),
		cmocka_unit_test(without_an_evening_there_is_no_row),
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
