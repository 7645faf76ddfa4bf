/* SPDX-License-Identifier: MIT */
/*
 * The disk is full while people talk: nothing is acknowledged that is not kept, the bot stays, and when there is room
 * again everything is there, once. No file of the process may grow, which fails as a full disk does, without root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <sys/resource.h>

#include "tests/support/flow.h"

enum { PEOPLE = 8 };

static const char *const channels[] = { "sales", NULL };

struct full {
	struct flow *f;
	char *said[PEOPLE];
};

static void limit_files(const struct flow *f, rlim_t bytes)
{
	const struct rlimit limit = { bytes, RLIM_INFINITY };
	pid_t pid = (pid_t)g_ascii_strtoll(g_subprocess_get_identifier(f->bot), NULL, 10);
	assert_int_equal(prlimit(pid, RLIMIT_FSIZE, &limit, NULL), 0);
}

static rlim_t size_of_log(const struct flow *f)
{
	GStatBuf info;
	g_autofree char *path = g_strconcat(f->database, "-wal", NULL);
	assert_int_equal(g_stat(path, &info), 0);
	return (rlim_t)info.st_size;
}

/* The bot works, then its disk is full, and everybody says a standup. */
static int set_up(void **state)
{
	struct full *full = g_new0(struct full, 1);
	struct flow *f = full->f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = GPOINTER_TO_INT(*state) });
	*state = full;
	flow_configure(f, "");
	f->file_limit = 1 << 30;
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	full->said[0] = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", full->said[0]) && flow_bot_posts(f, "#sales") == 1);
	limit_files(f, size_of_log(f));
	for (guint i = 1; i < PEOPLE; i++) {
		g_autofree char *who = g_strdup_printf("p%u", i);
		full->said[i] = flow_say(f, who, "#sales", FLOW_STANDUP);
	}
	FLOW_UNTIL(f, flow_logged(f, "the store failed"));
	return 0;
}

static int tear_down(void **state)
{
	struct full *full = *state;
	flow_free(full->f);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(full->said[i]);
	g_free(full);
	return 0;
}

static void platform_waits(struct flow *f)
{
	clock_advance(f->clock, MINUTES(1));
	clock_set(f->clock, g_get_real_time() / 1000);
}

static gboolean all_are_accepted(const struct full *full)
{
	for (guint i = 0; i < PEOPLE; i++) {
		if (!flow_is_accepted(full->f, "#sales", full->said[i]))
			return FALSE;
	}
	return TRUE;
}

/* What was not kept comes again, and history closes what is not repeated any more. */
static void check_all(struct full *full)
{
	struct flow *f = full->f;
	for (guint i = 0; i < 100 && !all_are_accepted(full); i++) {
		platform_waits(f);
		for (guint turns = 0; turns < 20; turns++)
			flow_turn(10);
	}
	assert_true(all_are_accepted(full));
	assert_int_equal(flow_stop(f), 0);
	flow_check_posted_once(f);
	assert_int_equal(flow_bot_posts(f, "#sales"), 1);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_history"), PEOPLE);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
}

static guint acknowledged(const struct full *full)
{
	guint count = 0;
	for (guint i = 0; i < PEOPLE; i++)
		count += flow_is_acknowledged(full->f, full->said[i]) ? 1 : 0;
	return count;
}

static void room_again(void **state)
{
	struct full *full = *state;
	platform_waits(full->f);
	FLOW_UNTIL(full->f, flow_is_live(full->f));
	assert_int_equal(acknowledged(full), flow_number(full->f, "SELECT COUNT(*) FROM standup_history"));
	assert_int_equal(acknowledged(full), 1);
	limit_files(full->f, RLIM_INFINITY);
	FLOW_UNTIL(full->f, flow_logged(full->f, "the store works again"));
	check_all(full);
}

static void stopped_while_full(void **state)
{
	struct full *full = *state;
	assert_int_equal(flow_stop(full->f), 0); /* which waits for so long and no longer */
	assert_int_equal(acknowledged(full), 1);
	flow_start(full->f);
	check_all(full);
}

static void killed_while_full(void **state)
{
	struct full *full = *state;
	flow_kill(full->f);
	assert_int_equal(acknowledged(full), 1);
	flow_start(full->f);
	check_all(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FLOW_ON_BOTH(room_again),
		FLOW_ON_BOTH(stopped_while_full),
		FLOW_ON_BOTH(killed_while_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
