/* SPDX-License-Identifier: MIT */
/* The standup as a conversation: who says what, and what the bot does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "stage.h"

#define GOOD	 "昨天成果：成单2单\n今天目标：触达15个\n风险预警：客户预算不足"
#define BETTER	 "昨天成果：成单3单\n今天目标：触达15个\n风险预警：无"
#define TWO_ONLY "昨天成果：成单2单\n今天目标：触达15个"

static const struct sql entries_given = { "test.given", "SELECT COUNT(*) FROM standup_entry WHERE state = 'given'", 0 };
static const struct sql versions = { "test.versions", "SELECT COUNT(*) FROM standup_history", 0 };
static const struct sql late = { "test.late", "SELECT SUM(late) FROM standup_entry", 0 };
static const struct sql edited = { "test.edited", "SELECT SUM(edited) FROM standup_entry", 0 };
static const struct sql waiting = { "test.waiting", "SELECT COUNT(*) FROM waiting", 0 };
static const struct sql letters = { "test.letters", "SELECT COUNT(*) FROM dead_letter", 0 };
static const struct sql from_form = { "test.form", "SELECT COUNT(*) FROM standup_entry WHERE source = 'form'", 0 };

static int open_stage(void **state)
{
	*state = stage_new("zh-CN", "A");
	return 0;
}

static int close_stage(void **state)
{
	struct stage *s = *state;
	stage_free(s);
	return 0;
}

static void expect_tick(struct stage *s, const char *message)
{
	g_autofree char *line = g_strdup_printf("react white_check_mark on %s", message);
	stage_expect(s, line);
}

static void channel_answer_gets_a_check_and_a_board(void **state)
{
	struct stage *s = *state;
	expect_tick(s, stage_say(s, "ana", GOOD));
	stage_expect_text(s, "post C1", "成单2单");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &entries_given), 1);
}

static void second_answer_replaces_the_board_in_place(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_expect_text(s, "react", "");
	const char *board = stage_expect_text(s, "post C1", "还差：Bo、Cai");
	g_autofree char *replaced = g_strdup_printf("replace C1 %s", board);
	expect_tick(s, stage_say(s, "bo", BETTER));
	stage_expect_nothing(s); /* the board waits for its gap */
	stage_advance(s, SECONDS(2));
	stage_expect_text(s, replaced, "成单3单");
	stage_expect_nothing(s);
}

/* How often the board was shown since the last look. */
static guint showings(struct stage *s)
{
	guint boards = 0;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		boards += row->kind == OUTBOX_POST || row->kind == OUTBOX_REPLACE;
	}
	stage_clear(s);
	return boards;
}

static void sixty_answers_are_not_sixty_updates(void **state)
{
	struct stage *s = *state;
	for (int i = 0; i < 60; i++)
		stage_say(s, i % 2 ? "ana" : "bo", GOOD);
	stage_advance(s, SECONDS(2));
	assert_int_equal(showings(s), 2);
}

static void say_for(struct stage *s, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		stage_say(s, i % 2 ? "ana" : "bo", i % 3 ? GOOD : BETTER);
		stage_advance(s, SECONDS(1));
	}
}

/* At once, after 1.5 s, 3 s, 6 s, and then every 12 s, until nothing is new when it is over. */
static void a_busy_board_rests_longer_each_time(void **state)
{
	struct stage *s = *state;
	say_for(s, 12);
	assert_int_equal(showings(s), 4);
	say_for(s, 60);
	assert_in_range(showings(s), 4, 6);
	stage_advance(s, SECONDS(12));
	assert_in_range(showings(s), 0, 1);
	stage_advance(s, SECONDS(30));
	say_for(s, 2);
	assert_int_equal(showings(s), 2);
}

static void ordinary_talk_is_left_alone(void **state)
{
	struct stage *s = *state;
	static const char *const talk[] = { "早上好", "午饭吃什么？\n火锅\n都行", "help: 谁有最新的报价单？", "today: lunch at 12?",
		"ok", "收到！", "https://example.com/a;b;c" };
	for (size_t i = 0; i < G_N_ELEMENTS(talk); i++)
		stage_say(s, "ana", talk[i]);
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &entries_given), 0);
}

static void a_clear_attempt_gets_one_private_hint(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", TWO_ONLY);
	stage_expect_text(s, "private U_ana in C1", "风险预警");
	stage_expect_nothing(s);
}

static void the_hint_comes_in_place_in_a_direct_message(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", "成单2单\n触达15个");
	stage_expect_text(s, "post D_ana", "只有两行");
	stage_expect_nothing(s);
}

static void a_message_is_known_without_its_author(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", GOOD));
	stage_clear(s);
	stage_advance(s, SECONDS(2));
	stage_edit(s, NULL, message, BETTER);
	stage_expect_text(s, "replace C1", "成单3单");
	stage_expect_nothing(s);
	stage_edit(s, NULL, message, TWO_ONLY); /* whom could it tell? */
	stage_edit(s, NULL, "1.999999", GOOD);
	stage_delete(s, NULL, "1.999999");
	stage_expect_nothing(s);
	stage_advance(s, SECONDS(2));
	stage_delete(s, NULL, message);
	stage_expect_text(s, "replace C1", "0/3 已提交");
	assert_int_equal(stage_count(s, &entries_given), 0);
	assert_int_equal(stage_count(s, &letters), 0);
}

static void three_bare_lines_count_in_a_direct_message(void **state)
{
	struct stage *s = *state;
	expect_tick(s, stage_say_direct(s, "ana", "成单2单\n触达15个\n无"));
	stage_expect_text(s, "post C1", "触达15个");
	stage_expect_nothing(s);
}

static void three_bare_lines_count_in_the_boards_thread(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_expect_text(s, "react", "");
	g_autofree char *board = g_strdup(stage_expect_text(s, "post C1", ""));
	expect_tick(s, stage_say_in_thread(s, "bo", board, "签约1家\n回访3家\n无"));
	stage_advance(s, SECONDS(2));
	stage_expect_text(s, "replace C1", "签约1家");
	stage_say_in_thread(s, "bo", board, "辛苦了！");
	stage_expect_nothing(s);
	stage_say_in_thread(s, "cai", board, "签约1家\n回访3家");
	stage_expect_text(s, "post C1 thread", "只有两行");
}

static void a_prompt_opens_a_thread_to_answer_in(void **state)
{
	struct stage *s = *state;
	stage_command(s, "mia", "standup", "ask");
	g_autofree char *prompt = g_strdup(stage_expect_text(s, "post C1", "站会开始啦"));
	expect_tick(s, stage_say_in_thread(s, "ana", prompt, "成单2单\n触达15个\n无"));
	stage_expect_text(s, "post C1", "成单2单");
	stage_command(s, "ana", "standup", "ask");
	stage_expect_text(s, "private U_ana", "只有团队经理");
}

static void editing_corrects_and_deleting_withdraws(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", GOOD));
	stage_advance(s, SECONDS(5));
	stage_clear(s);
	stage_edit(s, "ana", message, BETTER);
	stage_expect_text(s, "replace C1", "成单3单");
	assert_int_equal(stage_count(s, &edited), 1);
	stage_advance(s, SECONDS(5));
	stage_edit(s, "ana", message, "成单3单");
	stage_expect_text(s, "private U_ana", "没有改动");
	stage_delete(s, "ana", message);
	stage_expect_text(s, "replace C1", "0/3");
	assert_int_equal(stage_count(s, &entries_given), 0);
	assert_int_equal(stage_count(s, &versions), 3);
}

/* Platforms promise no order: the deletion may come first, and nothing of its message may come alive then. */
static void what_was_deleted_before_it_came_stays_away(void **state)
{
	struct stage *s = *state;
	stage_delete(s, "ana", "1.000001");
	assert_string_equal(stage_say(s, "ana", GOOD), "1.000001");
	stage_edit(s, "ana", "1.000001", BETTER);
	stage_expect_nothing(s);
	expect_tick(s, stage_say(s, "ana", BETTER));
}

/* History tells of an edit first, then that the message was said: one of them counts, whichever is news. */
static void stage_read(struct stage *s, const char *message, const char *text, gboolean edit)
{
	struct event *event = event_new(edit ? EVENT_EDITED : EVENT_SAID, "acme");
	event->late_copy = TRUE;
	event->person = g_strdup("U_ana");
	event->message = g_strdup(message);
	event->place.channel = g_strdup("C1");
	event->text = g_strdup(text);
	event->at_ms = s->now_ms;
	*(edit ? &event->subject : &event->keys[0]) = g_strdup_printf("m:%s", message);
	if (edit)
		event->keys[0] = g_strdup_printf("x:%s", message);
	stage_do(s, event);
}

static void an_edit_in_a_gap_is_read_once(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", GOOD));
	stage_clear(s);
	stage_advance(s, SECONDS(2));
	for (int i = 0; i < 2; i++) {
		stage_read(s, message, BETTER, TRUE);
		stage_read(s, message, BETTER, FALSE);
	}
	stage_expect_text(s, "replace C1", "成单3单");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &edited), 1);
	assert_int_equal(stage_count(s, &versions), 2);
}

static void what_was_said_and_edited_in_a_gap_is_read_once(void **state)
{
	struct stage *s = *state;
	stage_read(s, "1.900000", TWO_ONLY, TRUE);
	stage_expect_nothing(s);
	stage_read(s, "1.900000", TWO_ONLY, FALSE);
	stage_expect_text(s, "private U_ana", "站会还缺：风险预警");
	stage_expect_nothing(s);
}

/* What stands in C1, of the last hour but for the last minute. */
static void stage_stands(struct stage *s, const char *channel, const char *list)
{
	struct event *event = event_new(EVENT_STANDS, "acme");
	event->place.channel = g_strdup(channel);
	event->text = g_strdup(list);
	event->at_ms = s->now_ms - HOURS(1);
	event->until_ms = s->now_ms - MINUTES(1);
	stage_do(s, event);
}

static void what_stands_no_more_is_withdrawn(void **state)
{
	struct stage *s = *state;
	g_autofree char *first = g_strdup(stage_say(s, "ana", GOOD)), *second = g_strdup(stage_say(s, "bo", GOOD));
	stage_advance(s, MINUTES(5));
	stage_edit(s, "ana", first, BETTER); /* corrected, it is as old as it was */
	stage_advance(s, MINUTES(5));
	stage_clear(s);
	g_autofree char *both = g_strdup_printf("%s\n%s\n", first, second);
	stage_stands(s, "C1", both);
	stage_stands(s, "C9", "9.9\n");
	stage_expect_nothing(s);
	g_autofree char *one = g_strdup_printf("9.9\n%s\n", second);
	stage_stands(s, "C1", one);
	stage_advance(s, MINUTES(5));
	stage_expect_text(s, "replace C1", "1/3 已提交");
	assert_int_equal(stage_count(s, &entries_given), 1);
	stage_stands(s, "C1", one);
	stage_advance(s, MINUTES(5));
	stage_expect_nothing(s);
}

/* What the list need not hold: what came before and after its time, threads, forms, and what was edited. */
static void only_what_should_stand_is_missed(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_expect_text(s, "react", "");
	g_autofree char *board = g_strdup(stage_expect_text(s, "post C1", ""));
	stage_advance(s, MINUTES(61));
	stage_say_in_thread(s, "bo", board, GOOD);
	g_autofree char *edited_one = g_strdup(stage_say(s, "cai", TWO_ONLY));
	stage_edit(s, "cai", edited_one, GOOD);
	stage_command(s, "mia", "standup", "成单1；触达2；无");
	stage_advance(s, MINUTES(5));
	stage_say(s, "ana", BETTER);
	assert_int_equal(stage_count(s, &entries_given), 4);
	stage_stands(s, "C1", "9.9\n");
	assert_int_equal(stage_count(s, &entries_given), 4);
	assert_int_equal(stage_count(s, &letters), 0);
}

static void a_failed_attempt_is_put_right_by_editing(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "ana", TWO_ONLY));
	stage_clear(s);
	stage_edit(s, "ana", message, GOOD);
	expect_tick(s, message);
	assert_int_equal(stage_count(s, &entries_given), 1);
}

static void the_latest_answer_of_a_day_stands(void **state)
{
	struct stage *s = *state;
	g_autofree char *first = g_strdup(stage_say(s, "ana", GOOD));
	stage_say_direct(s, "ana", "成单9单\n触达15个\n无");
	stage_delete(s, "ana", first); /* it does not stand any more */
	assert_int_equal(stage_count(s, &entries_given), 1);
	assert_int_equal(stage_count(s, &versions), 2);
}

static void after_the_deadline_it_is_late(void **state)
{
	struct stage *s = *state;
	stage_advance(s, MINUTES(90)); /* 10:30 sharp is in time */
	stage_say(s, "ana", GOOD);
	assert_int_equal(stage_count(s, &late), 0);
	stage_advance(s, MINUTES(1));
	stage_say(s, "bo", GOOD);
	assert_int_equal(stage_count(s, &late), 1);
}

static void the_day_is_the_persons_own(void **state)
{
	struct stage *s = *state;
	stage_learn(s, "bo", "America/Los_Angeles", "en-US"); /* still 1 March there, 17:00 */
	stage_say(s, "bo", "Yesterday: 2 deals\nToday: 5 calls\nRisks: none");
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "3月1日");
	assert_int_equal(stage_count(s, &late), 1);
}

static void the_command_takes_text_or_opens_a_form(void **state)
{
	struct stage *s = *state;
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "\"results\"");
	stage_command(s, "ana", "standup", "成单2单；触达15个；无");
	stage_expect_text(s, "private U_ana", "站会已记录");
	stage_expect_text(s, "post C1", "成单2单");
	stage_command(s, "ana", "standup", "");
	stage_expect_text(s, "form U_ana", "\"value\":\"成单2单\"");
	stage_command(s, "ana", "standup", "成单2单");
	stage_expect_text(s, "private U_ana", "没有读出三个部分");
}

static void the_form_keeps_open_on_empty_goals(void **state)
{
	struct stage *s = *state;
	stage_submit(s, "ana", "standup.form", "sales",
		(const char *const[]){ "results", "成单2单", "goals", "", "risks", "", NULL });
	assert_non_null(s->problems);
	assert_string_equal(g_array_index(s->problems, struct event_input, 0).name, "goals");
	stage_expect_nothing(s);
	stage_submit(s, "ana", "standup.form", "sales",
		(const char *const[]){ "results", "", "goals", "触达15个", "risks", "", NULL });
	assert_null(s->problems);
	stage_expect_text(s, "post C1", "触达15个");
	assert_int_equal(stage_count(s, &from_form), 1);
}

static void the_button_opens_the_form(void **state)
{
	struct stage *s = *state;
	stage_press(s, "bo", "standup.open", "sales");
	stage_expect_text(s, "form U_bo", "今日站会");
	stage_press(s, "bo", "standup.open", "gone");
	stage_expect_text(s, "private U_bo", "还不在任何站会团队");
}

static void words_to_the_bot_are_commands(void **state)
{
	struct stage *s = *state;
	expect_tick(s, stage_call(s, "ana", "站会 成单2单；触达15个；无"));
	stage_expect_text(s, "post C1", "成单2单");
	stage_call(s, "ana", "帮助");
	stage_expect_text(s, "private U_ana", "standup（站会）[三行内容]");
	stage_call(s, "ana", "帮助 站会");
	stage_expect_text(s, "private U_ana", "standup show");
	stage_press(s, "ana", "help.topic", "standup");
	stage_expect_text(s, "private U_ana", "standup show");
	stage_call(s, "ana", "help all");
	stage_expect_text(s, "private U_ana", "standup skip");
	stage_call(s, "ana", "help nonsense");
	stage_expect_text(s, "private U_ana", "standup（站会）[三行内容]");
	stage_call(s, "ana", "hlep");
	stage_expect_text(s, "private U_ana", "help");
	stage_call(s, "ana", "standup shwo");
	stage_expect_text(s, "private U_ana", "show");
	stage_expect_nothing(s);
}

static void show_answers_who_may_see(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_clear(s);
	stage_command(s, "bo", "standup", "show");
	stage_expect_text(s, "private U_bo", "成单2单");
	stage_command(s, "bo", "standup", "show @ana today");
	stage_expect_text(s, "private U_bo", "Ana 的站会");
	stage_command(s, "bo", "standup", "show @ana 昨天");
	stage_expect_text(s, "private U_bo", "还没有站会");
	stage_command(s, "mia", "standup", "show sales 2026-03-02");
	stage_expect_text(s, "private U_mia", "成单2单");
	stage_command(s, "bo", "standup", "show nobody");
	stage_expect_text(s, "private U_bo", "我不认识");
}

static void skipping_excuses_for_the_day(void **state)
{
	struct stage *s = *state;
	stage_command(s, "cai", "standup", "skip");
	stage_expect_text(s, "private U_cai", "跳过");
	stage_expect_text(s, "post C1", "跳过 1");
	stage_say(s, "ana", GOOD);
	stage_clear(s);
	stage_command(s, "ana", "standup", "skip");
	stage_expect_text(s, "private U_ana", "不用跳过");
}

static void an_unknown_person_is_enrolled_first(void **state)
{
	struct stage *s = *state;
	g_autofree char *message = g_strdup(stage_say(s, "zoe", GOOD));
	stage_expect(s, "ask person U_zoe");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &waiting), 1);
	stage_learn(s, "zoe", "Asia/Shanghai", "zh-CN");
	expect_tick(s, message);
	stage_expect_text(s, "post C1", "zoe");
	assert_int_equal(stage_count(s, &waiting), 0);
}

static void who_left_the_channel_is_not_waited_for(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_clear(s);
	stage_advance(s, SECONDS(5));
	stage_members(s, (const char *const[]){ "ana", "bo", "mia", NULL });
	stage_expect(s, "ask person U_cai"); /* gone from the channel alone? */
	const char *text = ((const struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(text, "还差：Bo"));
	assert_null(strstr(text, "Cai"));
}

static void the_reader_s_language_counts(void **state)
{
	struct stage *s = *state;
	stage_learn(s, "bo", "Asia/Shanghai", "en-US");
	stage_call(s, "bo", "help");
	stage_expect_text(s, "private U_bo", "the team's timekeeper");
}

static void a_duplicate_changes_nothing(void **state)
{
	struct stage *s = *state;
	for (int i = 0; i < 2; i++) {
		struct event *event = event_new(EVENT_SAID, "acme");
		event->person = g_strdup("U_ana");
		event->message = g_strdup("1.900000");
		event->keys[0] = g_strdup(i ? "e:2" : "e:1");
		event->keys[1] = g_strdup("m:C1:1.900000");
		event->place.channel = g_strdup("C1");
		event->text = g_strdup(GOOD);
		event->at_ms = s->now_ms;
		stage_do(s, event);
	}
	stage_expect(s, "react white_check_mark on 1.900000");
	stage_expect_text(s, "post C1", "");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &versions), 1);
}

static void the_board_waits_for_its_own_post(void **state)
{
	struct stage *s = *state;
	s->hold_reports = TRUE;
	stage_say(s, "ana", GOOD);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "");
	stage_say(s, "bo", GOOD);
	stage_advance(s, SECONDS(2));
	stage_expect_text(s, "react", "");
	stage_expect_nothing(s);
	s->hold_reports = FALSE;
	static const struct sql post = { "test.post", "SELECT id FROM outbox WHERE kind = 0", 0 };
	struct event *sent = event_new(EVENT_SENT, "acme");
	sent->row = stage_count(s, &post);
	sent->message = g_strdup("1.777777");
	sent->place.channel = g_strdup("C1");
	stage_do(s, sent);
	stage_expect_text(s, "replace C1 1.777777", "Bo");
}

static void nothing_failed_on_the_way(void **state)
{
	struct stage *s = *state;
	assert_int_equal(stage_count(s, &letters), 0);
}

/* What is no answer gets no lecture: thanks, a manager's word under the board, a word to somebody else. */
static void talk_with_the_bot_is_talk(void **state)
{
	struct stage *s = *state;
	stage_say_direct(s, "ana", "成单2单\n触达15个\n无");
	stage_expect_text(s, "react", "");
	g_autofree char *board = g_strdup(stage_expect_text(s, "post C1", ""));
	stage_say_direct(s, "ana", "谢谢！");
	stage_expect_text(s, "post D_ana", "已经收到了");
	stage_say_direct(s, "ana", "成单3单\n触达15个");
	stage_expect_text(s, "post D_ana", "只有两行");
	stage_say_in_thread(s, "mia", board, "Globex 我来跟");
	stage_say_in_thread(s, "bo", board, "<@U_ana> 恭喜！");
	stage_expect_nothing(s);
	stage_say_in_thread(s, "bo", board, "签约1家");
	stage_expect_text(s, "post C1 thread", "没有读出三个部分");
	stage_call(s, "bo", "");
	stage_expect_text(s, "private U_bo", "我是钟楼");
	stage_call(s, "bo", "今天天气真好");
	stage_expect_text(s, "private U_bo", "听不懂");
	stage_call(s, "bo", "签约1家\n回访3家");
	stage_expect_text(s, "private U_bo", "只有两行");
	stage_expect_nothing(s);
}

static void words_of_the_standup_stand_alone_too(void **state)
{
	struct stage *s = *state;
	stage_say(s, "ana", GOOD);
	stage_clear(s);
	stage_say_direct(s, "bo", "看板");
	stage_expect_text(s, "post D_bo", "成单2单");
	stage_say_direct(s, "bo", "看板 昨天");
	stage_expect_text(s, "post D_bo", "sales 团队3月1日 周日没有站会记录");
	stage_command(s, "bo", "standup", "show team");
	stage_expect_text(s, "private U_bo", "成单2单");
	stage_command(s, "bo", "standup", "shwo @ana");
	stage_expect_text(s, "private U_bo", "你是想说 show 吗");
	stage_say_direct(s, "bo", "跳过");
	stage_expect_text(s, "post D_bo", "跳过了");
	stage_advance(s, DAYS(1));
	stage_clear(s);
	stage_command(s, "bo", "standup", "show yesterday");
	stage_expect_text(s, "private U_bo", "未提交：Cai");
}

static void a_manager_sees_all_their_teams_at_once(void **state)
{
	(void)state;
	struct stage *s = stage_new_with("zh-CN", "A", "  - { name: north, workspace: acme, channel: C2, managers: [\"@mia\"], standup: { format: B } }\n"
						       "  - { name: south, workspace: acme, channel: C3, standup: { format: B } }\n"
						       "  - { name: \"R&D 西安\", workspace: acme, channel: C4 }\n");
	stage_say_direct(s, "mia", "看板");
	stage_expect_text(s, "post D_mia", "站会 · sales");
	stage_expect_text(s, "post D_mia", "站会 · north");
	stage_expect_nothing(s);
	stage_say_direct(s, "mia", "看板 north");
	stage_expect_text(s, "post D_mia", "站会 · north");
	stage_say_direct(s, "mia", "看板 R&amp;D 西安");
	stage_expect_text(s, "post D_mia", "看不到 R&D 西安");
	stage_say_direct(s, "mia", "看板 R&amp;B");
	stage_expect_text(s, "post D_mia", "不认识“R&B”");
	stage_say_direct(s, "mia", "看板 south");
	stage_expect_text(s, "post D_mia", "看不到 south");
	stage_command(s, "mia", "standup", "show");
	stage_expect_text(s, "private U_mia in C1", "站会 · sales");
	stage_expect_nothing(s);
	stage_free(s);
}

static void who_answers_by_form_is_in_the_team(void **state)
{
	struct stage *s = *state;
	static const char *const inputs[] = { "results", "成单2单", "goals", "触达15个", "risks", "", NULL };
	stage_learn(s, "zoe", "Asia/Shanghai", "zh-CN");
	stage_submit(s, "zoe", "standup.form", "sales", inputs);
	stage_expect_text(s, "post C1", "1/4 已提交");
	stage_advance(s, DAYS(1));
	stage_say(s, "ana", GOOD);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "post C1", "zoe");
}

/* Reports the row of that kind as never sent. */
static void fail_row(struct stage *s, const struct sql *find, const char *why)
{
	struct event *failed = event_new(EVENT_FAILED, "acme");
	failed->row = stage_count(s, find);
	failed->word = g_strdup(why);
	stage_do(s, failed);
}

static void a_form_that_does_not_open_is_told_of(void **state)
{
	struct stage *s = *state;
	static const struct sql form = { "test.form_row", "SELECT id FROM outbox WHERE kind = 6", 0 };
	s->hold_reports = TRUE;
	stage_press(s, "bo", "standup.open", "sales");
	stage_expect_text(s, "form U_bo", "今日站会");
	fail_row(s, &form, OUTBOX_GONE);
	stage_expect_text(s, "private U_bo in C1", "standup.open");
	stage_expect_nothing(s);
	stage_press(s, "bo", "standup.open", "sales");
	stage_expect_text(s, "form U_bo", "今日站会");
	stage_advance(s, HOURS(1)); /* the daemon was off: bo has forgotten it */
	fail_row(s, &form, OUTBOX_GONE);
	stage_expect_nothing(s);
}

static void a_deleted_board_is_posted_anew(void **state)
{
	struct stage *s = *state;
	static const struct sql replacement = { "test.replacement", "SELECT MIN(id) FROM outbox WHERE kind = 1", 0 };
	stage_say(s, "ana", GOOD);
	stage_clear(s);
	s->hold_reports = TRUE;
	stage_advance(s, SECONDS(2));
	stage_say(s, "bo", BETTER);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "replace C1", "Bo");
	stage_advance(s, SECONDS(2));
	stage_say(s, "cai", BETTER);
	stage_expect_text(s, "react", "");
	stage_expect_text(s, "replace C1", "3/3");
	fail_row(s, &replacement, OUTBOX_GONE); /* a younger one is under way: it will find the same */
	stage_expect_nothing(s);
	fail_row(s, &replacement, OUTBOX_GONE);
	stage_expect_text(s, "post C1", "3/3");
	stage_expect_nothing(s);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(channel_answer_gets_a_check_and_a_board),
		SCENE(second_answer_replaces_the_board_in_place),
		SCENE(sixty_answers_are_not_sixty_updates),
		SCENE(a_busy_board_rests_longer_each_time),
		SCENE(ordinary_talk_is_left_alone),
		SCENE(a_clear_attempt_gets_one_private_hint),
		SCENE(the_hint_comes_in_place_in_a_direct_message),
		SCENE(a_message_is_known_without_its_author),
		SCENE(three_bare_lines_count_in_a_direct_message),
		SCENE(three_bare_lines_count_in_the_boards_thread),
		SCENE(a_prompt_opens_a_thread_to_answer_in),
		SCENE(editing_corrects_and_deleting_withdraws),
		SCENE(what_was_deleted_before_it_came_stays_away),
		SCENE(an_edit_in_a_gap_is_read_once),
		SCENE(what_was_said_and_edited_in_a_gap_is_read_once),
		SCENE(what_stands_no_more_is_withdrawn),
		SCENE(only_what_should_stand_is_missed),
		SCENE(a_failed_attempt_is_put_right_by_editing),
		SCENE(the_latest_answer_of_a_day_stands),
		SCENE(after_the_deadline_it_is_late),
		SCENE(the_day_is_the_persons_own),
		SCENE(the_command_takes_text_or_opens_a_form),
		SCENE(the_form_keeps_open_on_empty_goals),
		SCENE(the_button_opens_the_form),
		SCENE(words_to_the_bot_are_commands),
		SCENE(show_answers_who_may_see),
		SCENE(skipping_excuses_for_the_day),
		SCENE(an_unknown_person_is_enrolled_first),
		SCENE(who_left_the_channel_is_not_waited_for),
		SCENE(the_reader_s_language_counts),
		SCENE(a_duplicate_changes_nothing),
		SCENE(the_board_waits_for_its_own_post),
		SCENE(talk_with_the_bot_is_talk),
		SCENE(words_of_the_standup_stand_alone_too),
		cmocka_unit_test(a_manager_sees_all_their_teams_at_once),
		SCENE(who_answers_by_form_is_in_the_team),
		SCENE(a_form_that_does_not_open_is_told_of),
		SCENE(a_deleted_board_is_posted_anew),
		SCENE(nothing_failed_on_the_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
