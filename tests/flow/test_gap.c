/* SPDX-License-Identifier: MIT */
/* People talk while nobody listens, for longer than the platform repeats it: history closes the gap, each thing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { PEOPLE = 24 };

static const char *const channels[] = { "sales", "north", NULL };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = GPOINTER_TO_INT(*state) });
	flow_configure(f, "");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	flow_free(*state);
	return 0;
}

static void go_live(struct flow *f)
{
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
}

/* The platform repeats in vain, until it has given everything up. The date stays. */
static void give_up(struct flow *f)
{
	for (guint i = 0; !sandbox_is_quiet(f->sandbox) && i < 100; i++) {
		clock_advance(f->clock, MINUTES(10));
		clock_set(f->clock, g_get_real_time() / 1000);
		for (guint turns = 0; turns < 5; turns++)
			flow_turn(1);
	}
	assert_true(sandbox_is_quiet(f->sandbox));
}

static char *board_of(const struct flow *f, const char *channel)
{
	g_autoptr(cJSON) messages = flow_messages(f, channel);
	const cJSON *message;
	cJSON_ArrayForEach(message, messages)
	{
		if (json_bool_or(message, "bot", FALSE))
			return g_strdup(json_text_or(message, "ts", NULL));
	}
	fail_msg("no board in %s", channel);
	return NULL;
}

static char *reply(struct flow *f, const char *who, const char *channel, const char *thread_ts)
{
	g_autoptr(cJSON) answer = flow_act(f,
		"{'do':'say','as':'%s','channel':'%s','thread_ts':'%s','text':'closed 1 deal\\ncall 3 leads\\nnone'}", who, channel,
		thread_ts);
	return g_strdup(json_text_or(answer, "ts", NULL));
}

/* In the channel, as a direct message, and in the thread of a board that is older than the gap. */
static void while_it_was_down(void **state)
{
	struct flow *f = *state;
	g_autofree char *direct = flow_direct(f, "p2");
	go_live(f);
	g_autofree char *before = flow_say(f, "p0", "#sales", FLOW_STANDUP), *known = flow_say(f, "p2", direct, "help");
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", before) && flow_bot_posts(f, "#sales") == 1 && flow_bot_posts(f, direct) == 1);
	g_autofree char *board = board_of(f, "#sales");
	assert_int_equal(flow_stop(f), 0);
	char *said[PEOPLE] = { NULL };
	for (guint i = 4; i < PEOPLE; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		const char *channel = i % 2 ? "#north" : "#sales";
		said[i] = i == 8 ? reply(f, who, channel, board) : flow_say(f, who, channel, FLOW_STANDUP);
	}
	g_autofree char *standup = flow_say(f, "p2", direct, FLOW_STANDUP), *help = flow_say(f, "p2", direct, "help");
	give_up(f);
	go_live(f);
	/* Nobody had been heard in #north before. */
	for (guint i = 4; i < PEOPLE; i++)
		FLOW_UNTIL(f, flow_is_accepted(f, i % 2 ? "#north" : "#sales", said[i]));
	FLOW_UNTIL(f, flow_is_accepted(f, direct, standup) && flow_bot_posts(f, direct) == 2);
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), 1 + 1 + PEOPLE - 4);
	assert_int_equal(flow_bot_posts(f, "#sales"), 1);
	assert_int_equal(flow_bot_posts(f, "#north"), 1);
	assert_int_equal(flow_stop(f), 0);
	flow_check_posted_once(f);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(said[i]);
}

static void change(struct flow *f, const char *act)
{
	g_autoptr(cJSON) answer = flow_act(f, "%s", act);
	assert_non_null(answer);
}

static void edit(struct flow *f, const char *who, const char *channel, const char *ts, const char *text)
{
	g_autofree char *act = g_strdup_printf("{'do':'edit','as':'%s','channel':'%s','ts':'%s','text':'%s'}", who, channel, ts, text);
	change(f, act);
}

static void delete(struct flow *f, const char *who, const char *channel, const char *ts)
{
	g_autofree char *act = g_strdup_printf("{'do':'delete','as':'%s','channel':'%s','ts':'%s'}", who, channel, ts);
	change(f, act);
}

#define EDITED "Yesterday: edited\\nToday: call 3 leads\\nRisks: none"

/* Known messages that were edited or deleted, in the channel, in a thread and in a direct message; and unknown ones. */
static void edited_and_deleted_while_it_was_down(void **state)
{
	struct flow *f = *state;
	g_autofree char *direct = flow_direct(f, "p2");
	/* What was written in the last minute may only just have been missed by the reading: of that nothing is concluded. */
	clock_set(f->clock, g_get_real_time() / 1000 - MINUTES(3));
	go_live(f);
	g_autofree char *changed = flow_say(f, "p0", "#sales", FLOW_STANDUP), *taken_back = flow_say(f, "p4", "#sales", FLOW_STANDUP);
	g_autofree char *help = flow_say(f, "p2", direct, "help"), *private = flow_say(f, "p2", direct, FLOW_STANDUP), *stays = flow_say(f, "p6", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", stays) && flow_is_accepted(f, direct, private) && flow_bot_posts(f, "#sales") == 1);
	g_autofree char *board = board_of(f, "#sales"), *threaded = reply(f, "p8", "#sales", board);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", threaded));
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_stop(f), 0);
	edit(f, "p0", "#sales", changed, EDITED);
	edit(f, "p8", "#sales", threaded, EDITED);
	delete(f, "p4", "#sales", taken_back);
	delete(f, "p2", direct, private);
	g_autofree char *new_one = flow_say(f, "p10", "#sales", "Yesterday: not yet");
	edit(f, "p10", "#sales", new_one, EDITED);
	give_up(f);
	go_live(f);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", new_one));
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM standup_entry WHERE state = 'withdrawn'") == 2);
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry WHERE state = 'given' AND field0 LIKE '%edited'"), 3);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry WHERE state = 'given'"), 4);
	assert_int_equal(flow_stop(f), 0);
	go_live(f);
	FLOW_UNTIL(f, flow_logged(f, "read what was missed"));
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), 5 + 4 + 1); /* each once */
	assert_int_equal(flow_stop(f), 0);
}

/* A second look at the same past changes nothing. */
static void read_twice(void **state)
{
	struct flow *f = *state;
	go_live(f);
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts) && flow_bot_posts(f, "#sales") == 1);
	for (guint i = 0; i < 3; i++) {
		assert_int_equal(flow_stop(f), 0);
		go_live(f);
		FLOW_UNTIL(f, flow_logged(f, "read what was missed"));
	}
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), 1);
	assert_int_equal(flow_bot_posts(f, "#sales"), 1);
	assert_int_equal(flow_stop(f), 0);
}

/* Somebody was heard later, so what is missing stands before the last thing that is known. */
static void older_than_the_last_heard(void **state)
{
	struct flow *f = *state;
	go_live(f);
	g_autofree char *first = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", first));
	assert_int_equal(flow_stop(f), 0);
	g_autofree char *missed = flow_say(f, "p2", "#sales", FLOW_STANDUP), *later = flow_say(f, "p4", "#sales", "good morning");
	g_autofree char *id = flow_id(f, "#sales", later);
	g_autofree char *heard = g_strdup_printf("UPDATE last_heard SET message = '%s'", id);
	give_up(f);
	flow_change(f, heard);
	go_live(f);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", missed));
	assert_int_equal(flow_stop(f), 0);
}

/* On the first morning after the holidays. */
static void after_a_long_quiet(void **state)
{
	struct flow *f = *state;
	go_live(f);
	g_autofree char *first = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", first));
	assert_int_equal(flow_stop(f), 0);
	flow_change(f, "UPDATE last_heard SET at_ms = at_ms - 10 * 86400000");
	g_autofree char *missed = flow_say(f, "p2", "#sales", FLOW_STANDUP);
	give_up(f);
	go_live(f);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", missed));
	assert_int_equal(flow_stop(f), 0);
}

/* Nobody here knows of their direct messages yet: Slack is asked for the list. On Feishu there is none to ask for. */
static void first_words_while_it_was_down(void **state)
{
	struct flow *f = *state;
	g_autofree char *direct = flow_direct(f, "p3");
	go_live(f);
	g_autofree char *known = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", known));
	assert_int_equal(flow_stop(f), 0);
	g_autofree char *missed = flow_say(f, "p3", direct, FLOW_STANDUP);
	give_up(f);
	go_live(f);
	FLOW_UNTIL(f, flow_is_accepted(f, direct, missed));
	assert_int_equal(flow_stop(f), 0);
}

/* What stood there before the bot came is not its own. */
static void nothing_before_the_first_start(void **state)
{
	struct flow *f = *state;
	g_autofree char *before = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	give_up(f);
	go_live(f);
	g_autofree char *after = flow_say(f, "p2", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", after));
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_false(flow_is_accepted(f, "#sales", before));
	assert_int_equal(flow_stop(f), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(while_it_was_down),
		FLOW_ON_SLACK(edited_and_deleted_while_it_was_down), /* the sandbox keeps nothing of a message recalled on Feishu */
		FLOW_ON_BOTH(read_twice),
		FLOW_ON_BOTH(older_than_the_last_heard),
		FLOW_ON_BOTH(after_a_long_quiet),
		FLOW_ON_SLACK(first_words_while_it_was_down),
		FLOW_ON_BOTH(nothing_before_the_first_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
