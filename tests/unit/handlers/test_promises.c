/* SPDX-License-Identifier: MIT */
/* What such clocks get wrong elsewhere: chains that stop, wrong clocks, pauses forgotten, the reader's zone. 2026-03-02 is a Monday, 09:00. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "handlers/registry.h"
#include "kit/response.h"
#include "store/sql.h"
#include "team/calendar_file.h"

static const struct sql jobs = { "test.jobs", "SELECT count(*) FROM job WHERE ritual = 'blocker' AND word = 'clock'", 0 };
static const struct sql lose_jobs = { "test.lose", "DELETE FROM job WHERE ritual = 'blocker'", 0 };
static const struct sql solution_s = { "test.solution", "SELECT elapsed_s FROM response WHERE target = 'resolution'", 0 };
static const struct sql renewed = { "test.renewed", "SELECT count(*) FROM response_event WHERE kind = 'terms'", 0 };
static const struct sql waiting = { "test.waiting", "SELECT count(*) FROM response_moved", 0 };
static const struct sql spoil = { "test.spoil", "UPDATE response SET status = 'met', elapsed_s = 1 WHERE status = 'missed'", 0 };

static void run(struct stage *s, const struct sql *sql)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && db_exec(s->db, sql, &error) && db_commit(s->db, &error));
}

/* What a command, a report or the nightly look finds out about promises it finds in the ritual's table. */
static void whoever_promises_says_what(void **state)
{
	(void)state;
	for (const struct ritual *const *r = registry; *r; r++)
		for (const struct trigger *trigger = (*r)->triggers; trigger->run; trigger++)
			if (trigger->kind == EVENT_DUE && g_strcmp0(trigger->word, RESPONSE_JOB) == 0 && !(*r)->promises)
				fail_msg("ritual '%s' has promises and does not say so (core/ritual.h)", (*r)->name);
}

/* As after a restart: rituals plan what is to come. */
static void start(struct stage *s)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
}

static struct stage *started(void)
{
	struct stage *s = stage_new("en", "A");
	start(s);
	stage_clear(s);
	return s;
}

/* The lead after an hour of working time; the director two hours after, whatever the time. */
static void each_step_has_its_own_clock(void **state)
{
	struct stage *s = stage_new_with("en", "A",
		"policies:\n  - name: quick\n    applies: blocker\n    first_response: 30m\n"
		"    ladder: [{ after: 1h, to: owner, how: thread }, { after: 2h, to: manager, clock: wall }]\n");
	(void)state;
	stage_advance(s, HOURS(8)); /* 17:00 */
	stage_command(s, "ana", "blocker", "The printer is out of paper @bo");
	stage_clear(s);
	/* Due 17:30. The wall's step falls at 19:30, in closed hours: it is heard when they end,
	 * once, though it was to be repeated twice by then. The working one is at 09:30. */
	stage_advance(s, HOURS(15) + MINUTES(59));
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(1) + 1000);
	stage_expect_text(s, "post U_mia", "Nobody has taken this");
	stage_expect_nothing(s);
	stage_advance(s, MINUTES(30));
	stage_expect_text(s, "post C1", "Nobody has taken this");
	stage_expect_nothing(s);
	stage_free(s);
}

/* A chain that has lost its next step is found at night and goes on; one that was taken rings no more. */
static void a_lost_step_is_found_at_night(void **state)
{
	struct stage *s = started();
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits @bo");
	stage_command(s, "ana", "blocker", "Another @bo");
	stage_press(s, "bo", "blocker.done", "2");
	stage_clear(s);
	run(s, &lose_jobs);
	stage_advance(s, HOURS(17)); /* 02:00 */
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_advance(s, MINUTES(41));
	assert_true(stage_count(s, &jobs) > 0);
	stage_advance(s, HOURS(6) + MINUTES(20)); /* 09:01 */
	stage_expect_text(s, "post U_mia", "The customer waits");
	stage_press(s, "bo", "blocker.done", "1");
	stage_clear(s);
	stage_advance(s, DAYS(2));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &jobs), 0);
	stage_free(s);
}

/* What the log says of a night; the caller frees. */
static char *log_of_a_day(struct stage *s)
{
	char *text = NULL;
	g_autofree char *path = NULL;
	int file = g_file_open_tmp("belltower-log-XXXXXX", &path, NULL), shown = dup(STDERR_FILENO);
	assert_true(file >= 0 && shown >= 0 && dup2(file, STDERR_FILENO) >= 0);
	stage_advance(s, DAYS(1));
	assert_true(dup2(shown, STDERR_FILENO) >= 0);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	close(file);
	close(shown);
	g_unlink(path);
	return text;
}

/* A verdict that does not follow from its history is told to whoever runs the bot. */
static void a_spoilt_verdict_is_told(void **state)
{
	struct stage *s = started();
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits @bo");
	stage_advance(s, HOURS(2));
	stage_press(s, "bo", "blocker.done", "1");
	g_autofree char *quiet = log_of_a_day(s);
	assert_null(strstr(quiet, "differ from their history"));
	run(s, &spoil);
	g_autofree char *loud = log_of_a_day(s);
	assert_non_null(strstr(loud, "error promises differ from their history"));
	stage_free(s);
}

static guint told(const struct stage *s, const char *person, const char *text)
{
	guint count = 0;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		count += g_strcmp0(row->person, person) == 0 && row->content && strstr(row->content, text);
	}
	return count;
}

/*
 * Other hours count for all that is open, a slice in each turn so that nobody waits for it; the program may end in between. The
 * manager hears once of all that moved, in her own zone.
 */
static void other_hours_count_for_however_many(void **state)
{
	enum { MANY = 130 };
	struct stage *s = stage_new("en", "A");
	static const char late[] = "zone: Asia/Shanghai\nhours: { mon-fri: 14:00-18:00 }\n";
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(calendar_auto) calendar = calendar_file_parse("late", "late", late, strlen(late), problems);
	(void)state;
	stage_learn(s, "mia", "Australia/Sydney", "en");
	for (int i = 0; i < MANY; i++)
		stage_command(s, "ana", "blocker", "The customer waits @bo");
	stage_clear(s);
	s->config->teams[0]->calendar = calendar;
	start(s);
	int64_t first = stage_count(s, &renewed);
	assert_true(first > 0 && first < 2 * MANY);
	assert_int_equal(stage_count(s, &waiting), first);
	assert_int_equal(told(s, "U_mia", "due times with them"), 0);
	start(s); /* anew, while the next slice waits */
	for (int i = 0; i < 10; i++)
		stage_advance(s, 0);
	assert_int_equal(stage_count(s, &renewed), 2 * MANY);
	assert_int_equal(told(s, "U_mia", "260 due times with them"), 1);
	assert_int_equal(told(s, "U_mia", "12:30 (Australia/Sydney) → 17:30 (Australia/Sydney)"), 1);
	assert_int_equal(told(s, "U_mia", "and 240 more"), 1);
	assert_int_equal(stage_count(s, &waiting), 0);
	start(s);
	assert_int_equal(stage_count(s, &renewed), 2 * MANY);
	s->config->teams[0]->calendar = NULL;
	stage_free(s);
}

/* On hold from half past nine on, solved a week later: half an hour, and not a week. */
static void solved_straight_out_of_a_pause(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "customer", "Nordwind: may we pay in parts?");
	stage_advance(s, MINUTES(30));
	stage_submit(s, "ana", "customer.waits", "1", (const char *const[]){ "text", "the signed contract", NULL });
	stage_advance(s, DAYS(7));
	stage_press(s, "ana", "customer.solved", "1");
	assert_int_equal(stage_count(s, &solution_s), 30 * 60);
	stage_free(s);
}

/* One instant, told to each in their own zone; a clock does not look at who reads it. */
static void each_reads_the_deadline_in_their_own_zone(void **state)
{
	static const struct sql breached = { "test.breached", "SELECT count(*) FROM response WHERE breached_ms IS NOT NULL", 0 };
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_learn(s, "mia", "Europe/Berlin", "en");
	stage_learn(s, "bo", "Asia/Kolkata", "en");
	stage_clear(s);
	stage_command(s, "bo", "blocker", "The customer waits @ana");
	stage_expect_text(s, "post C1", "09:30 (Asia/Shanghai)");
	stage_clear(s);
	assert_int_equal(stage_count(s, &breached), 0);
	stage_command(s, "bo", "sla", "explain 1");
	stage_expect_text(s, "private", "07:00 (Asia/Kolkata)");
	stage_advance(s, MINUTES(24));
	stage_expect_text(s, "post U_ana", "09:30 (Asia/Shanghai)");
	stage_advance(s, MINUTES(7));
	stage_expect_text(s, "post U_mia", "02:30 (Europe/Berlin)");
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_promises_says_what),
		cmocka_unit_test(each_step_has_its_own_clock),
		cmocka_unit_test(a_lost_step_is_found_at_night),
		cmocka_unit_test(a_spoilt_verdict_is_told),
		cmocka_unit_test(other_hours_count_for_however_many),
		cmocka_unit_test(solved_straight_out_of_a_pause),
		cmocka_unit_test(each_reads_the_deadline_in_their_own_zone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
