/* SPDX-License-Identifier: MIT */
/*
 * kill -9 while the bells ring: a day's prompts, the closing summaries and the birthdays are due all at once, and the process
 * dies after every few of its posts, mostly between a post and word of it, on each platform. In the end each has rung once.
 *
 * FLOW_SEED repeats the choices of a run (not its timing).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>

#include "base/zone.h"
#include "tests/support/flow.h"

enum { PEOPLE = 24, TEAMS = 3, MOST_POSTS_A_LIFE = 2, LIVES_MOST = 100 };

static const char *const channels[TEAMS + 1] = { "sales", "north", "south", NULL };

/* How each person wants their birthday, which is today; NULL: it is another day. p0 and p3 are of one team, and share a post. */
static const char *const wishes[PEOPLE] = { [0] = "public", [1] = "public", [2] = "private", [3] = "public" };

struct bells {
	struct flow *f;
	GRand *chance;
	char *directs[PEOPLE];
	guint told[PEOPLE]; /* posts of the bot in their direct messages before the bells */
	guint lives, fatal; /* fatal: the number of the post that kills; 0: none */
};

/* ---- the evening before ---- */

static struct zone_time local_time(const struct flow *f)
{
	struct zone_time local;
	zone_local(zone_find(f->zone), g_get_real_time() / 1000, &local);
	return local;
}

/* So many minutes ago, or 23:30. */
static char *time_text(const struct flow *f, int minutes_ago)
{
	struct zone_time local = local_time(f);
	int minute = local.hour * 60 + local.minute - minutes_ago;
	return minutes_ago ? g_strdup_printf("\"%02d:%02d\"", minute / 60, minute % 60) : g_strdup("\"23:30\"");
}

/* The usual one, with a day that rings: prompts were due five minutes ago, summaries four. at: of birthdays. */
static void configure(struct flow *f, const char *prompt, const char *deadline, const char *at)
{
	g_autofree char *usual = flow_config_text(f, "");
	g_auto(GStrv) parts = g_strsplit(usual, "    standup: { format: A }\n", -1);
	g_autofree char *day = g_strdup_printf("    standup: { format: A, days: daily, prompt: %s, deadline: %s }\n"
					       "    celebrations: { at: %s, prepare: 0, wishes: 0, welcome: off }\n",
		prompt, deadline, at);
	g_autofree char *text = g_strjoinv(day, parts);
	flow_write_config(f, text);
}

static void tell_birthday(struct bells *b, guint person)
{
	g_autofree char *who = g_strdup_printf("p%u", person), *wish = g_strdup_printf("birthday %s", wishes[person]);
	char day[ZONE_DAY_SIZE];
	zone_day(zone_find(b->f->zone), g_get_real_time() / 1000, day);
	g_autofree char *date = g_strdup_printf("birthday %s", day + strlen("2026-"));
	g_free(flow_say(b->f, who, b->directs[person], date));
	g_free(flow_say(b->f, who, b->directs[person], wish));
	b->told[person] = 2;
	FLOW_UNTIL(b->f, flow_bot_posts(b->f, b->directs[person]) == b->told[person]);
}

/* The bot learns who is there and plans tomorrow's bells; then a day is taken away from what it has planned. */
static void be_planned(struct bells *b)
{
	struct flow *f = b->f;
	g_autofree char *prompt = time_text(f, 5), *deadline = time_text(f, 4), *at = time_text(f, 6), *tonight = time_text(f, 0);
	configure(f, prompt, deadline, tonight);
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM job WHERE word IN ('ask', 'close')") == PEOPLE + TEAMS);
	for (guint i = 0; i < PEOPLE; i++)
		if (wishes[i])
			tell_birthday(b, i);
	FLOW_UNTIL(f, flow_number(f, "SELECT COUNT(*) FROM outbox") == 0);
	assert_int_equal(flow_stop(f), 0);
	flow_change(f, "UPDATE job SET due_ms = due_ms - 86400000 WHERE word IN ('ask', 'close')");
	configure(f, prompt, deadline, at);
}

/* ---- the bells ---- */

static guint posts(const struct bells *b)
{
	return g_hash_table_size(b->f->posted);
}

/* Nothing is due, on its way or waiting; what is left is for another day. */
static gboolean is_over(const struct flow *f)
{
	return flow_number(f, "SELECT COUNT(*) FROM ring WHERE topic = 'standup'") == PEOPLE + TEAMS && flow_number(f, "SELECT COUNT(*) FROM outbox") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM job WHERE due_ms <= 1000 * CAST(strftime('%s', 'now') AS INTEGER)") == 0 &&
	       flow_number(f, "SELECT COUNT(*) FROM anniversary_done WHERE stage = 2") == 4;
}

/* The post stands, and the process dies before it can hear of it. */
static void kill_at_a_post(const cJSON *delta, gpointer data)
{
	struct bells *b = data;
	(void)delta;
	if (!b->fatal || posts(b) < b->fatal)
		return;
	b->fatal = 0;
	flow_signal(b->f, SIGKILL);
}

static void live_and_die(struct bells *b)
{
	b->fatal = posts(b) + (guint)g_rand_int_range(b->chance, 1, MOST_POSTS_A_LIFE + 1);
	flow_start(b->f);
	FLOW_UNTIL(b->f, !b->fatal || is_over(b->f));
	b->fatal = 0;
	flow_kill(b->f);
	b->lives++;
}

static void killed_while_the_bells_ring(void **state)
{
	struct bells *b = *state;
	be_planned(b);
	while (!is_over(b->f) && b->lives < LIVES_MOST)
		live_and_die(b);
	flow_start(b->f);
	FLOW_UNTIL(b->f, flow_is_live(b->f) && is_over(b->f));
	assert_int_equal(flow_stop(b->f), 0);
	flow_check_posted_once(b->f);
	static const guint shown[TEAMS] = { 2, 2, 1 }; /* the summary; a birthday or none */
	for (guint i = 0; i < TEAMS; i++) {
		g_autofree char *channel = g_strdup_printf("#%s", channels[i]);
		assert_int_equal(flow_bot_posts(b->f, channel), shown[i]);
	}
	for (guint i = 0; i < PEOPLE; i++) /* the prompt; who keeps it private is told in private */
		assert_int_equal(flow_bot_posts(b->f, b->directs[i]) - b->told[i], g_strcmp0(wishes[i], "private") == 0 ? 2 : 1);
	print_message("%u lives, %u posts\n", b->lives, posts(b));
	assert_true(b->lives >= 2);
}

/* ---- the test ---- */

static int set_up(void **state)
{
	struct bells *b = g_new0(struct bells, 1);
	const char *text = g_getenv("FLOW_SEED");
	guint seed = text ? (guint)g_ascii_strtoull(text, NULL, 10) : g_random_int();
	print_message("FLOW_SEED=%u\n", seed);
	b->chance = g_rand_new_with_seed(seed);
	b->f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = GPOINTER_TO_INT(*state) });
	b->f->observe = kill_at_a_post;
	b->f->data = b;
	for (guint i = 0; i < PEOPLE; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		b->directs[i] = flow_direct(b->f, who);
	}
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bells *b = *state;
	flow_free(b->f);
	g_rand_free(b->chance);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(b->directs[i]);
	g_free(b);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(killed_while_the_bells_ring),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
