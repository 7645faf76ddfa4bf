/* SPDX-License-Identifier: MIT */
/* Figures of promises, the report, and the life of one told. 2026-03-02 is a Monday, 09:00. */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "kit/response_book.h"
#include "response_sql.h"
#include "sla/figures.h"
#include "team/calendar_file.h"

static const struct {
	struct sla_fact facts[6];
	guint count;
	struct sla_figures figures;
} cases[] = {
	{ .count = 0, .figures = { .attainment = -1, .median_s = -1, .p90_s = -1 } },
	{ { { RESPONSE_FIRST, RESPONSE_MET, TRUE, 60 } }, 1, { 1, 0, 0, 0, 0, 100, 60, 60 } },
	{ { { RESPONSE_FIRST, RESPONSE_MET, FALSE, 30 }, { RESPONSE_FIRST, RESPONSE_MISSED, TRUE, 90 }, { RESPONSE_FIRST, RESPONSE_MET, FALSE, 10 } },
		3, { 2, 1, 0, 0, 0, 66, 30, 90 } },
	{ { { RESPONSE_FIRST, RESPONSE_RUNNING, FALSE, 5 }, { RESPONSE_FIRST, RESPONSE_PAUSED, TRUE, 5 }, { RESPONSE_FIRST, RESPONSE_BREACHED, TRUE, 5 },
		  { RESPONSE_FIRST, RESPONSE_CANCELLED, TRUE, 5 } },
		4, { 0, 0, 3, 1, 1, -1, -1, -1 } },
};

static void figures_of_facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(struct sla_fact));
		struct sla_figures got;
		g_array_append_vals(facts, cases[i].facts, cases[i].count);
		sla_figures_of(facts, &got);
		assert_memory_equal(&got, &cases[i].figures, sizeof got);
	}
}

static void a_report_and_a_life(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	stage_command(s, "ana", "blocker", "The customer waits for the offer");
	stage_advance(s, MINUTES(10));
	stage_press(s, "bo", "blocker.take", "1");
	stage_clear(s);
	stage_command(s, "ana", "sla", "");
	stage_expect_text(s, "private", "100 % in time (1 of 1), median 10 min");
	stage_command(s, "mia", "sla", "week");
	stage_expect_text(s, "private", "The slowest answers");
	stage_command(s, "ana", "sla", "@bo");
	stage_expect_text(s, "private", "are for the person");
	stage_command(s, "ana", "sla", "soon");
	stage_expect_text(s, "private", "I do not know “soon”");
	stage_command(s, "ana", "sla", "explain 1");
	stage_expect_text(s, "private", "answered by Bo (by button)");
	stage_command(s, "ana", "sla", "explain 77");
	stage_expect_text(s, "private", "There is no such promise");
	stage_free(s);
}

/* By policy, kind, person; who was how fast only the managers see; a question asked again keeps its earlier verdict. */
static void each_sees_their_part(void **state)
{
	struct stage *s = stage_new_with("en", "A", "policies:\n  - { name: quick fix, applies: blocker, first_response: 30m, plan: 1h }\n");
	(void)state;
	stage_command(s, "ana", "blocker", "The printer is out of paper @bo");
	stage_command(s, "ana", "customer", "Nordwind: when will the offer come?");
	stage_advance(s, HOURS(3));
	stage_press(s, "ana", "customer.answered", "1");
	stage_submit(s, "ana", "customer.asks", "1", (const char *const[]){ "text", "And the price?", NULL });
	stage_advance(s, MINUTES(5));
	stage_press(s, "ana", "customer.answered", "1");
	stage_clear(s);
	stage_command(s, "ana", "sla", "");
	const char *report = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(report, "quick fix: First answer"));
	assert_non_null(strstr(report, "Customers: First answer"));
	assert_non_null(strstr(report, "50 % in time (1 of 2), median 5 min, 90% within 3 h"));
	assert_null(strstr(report, "By person"));
	assert_non_null(strstr(report, "{\"part\":\"chart\",\"title\":\"In time\",\"unit\":\"%\""));
	assert_non_null(strstr(report, "{\"label\":\"Customers: First answer\",\"values\":[\"50\"]}"));
	stage_clear(s);
	stage_command(s, "mia", "sla", "customer month");
	report = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_null(strstr(report, "quick fix"));
	assert_non_null(strstr(report, "Ana: 50 % in time"));
	assert_non_null(strstr(report, "3 h: Customer question #1 (Nordwind): And the price?, First answer (Ana), number 3"));
	stage_clear(s);
	stage_command(s, "mia", "sla", "quick fix @bo");
	report = ((struct outbox_row *)s->sent->pdata[0])->content;
	assert_non_null(strstr(report, "1 open, 0 at risk, 1 overdue"));
	assert_null(strstr(report, "Customers"));
	stage_free(s);
}

/* Rituals plan what is to come, and open promises take the terms that count now. */
static void start_again(struct stage *s)
{
	GError *error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
}

/* The manager is told on Monday, alone; nobody sees another's figures but whoever leads them. */
static void the_manager_is_measured_too(void **state)
{
	struct stage *s = stage_new("en", "A");
	(void)state;
	start_again(s);
	stage_command(s, "mia", "sla", "manager");
	stage_expect_text(s, "private", "leads no team, or there is nothing to show");
	g_autofree char *first = g_strdup(stage_say(s, "ana", "Yesterday: closed 2 deals\nToday: call 15 leads\nRisks: the budget"));
	stage_say(s, "bo", "Yesterday: one demo\nToday: two demos\nRisks: none");
	stage_say_in_thread(s, "mia", first, "I call them today");
	stage_command(s, "ana", "blocker", "The customer waits @mia");
	stage_clear(s);
	stage_command(s, "mia", "sla", "manager");
	stage_expect_text(s, "private", "50 % (1 of 2)");
	stage_command(s, "ana", "sla", "manager @mia");
	stage_expect_text(s, "private", "are for the person");
	stage_advance(s, DAYS(6) + HOURS(23)); /* 08:00 on Monday */
	stage_clear(s);
	stage_advance(s, HOURS(1) + MINUTES(1));
	const char *told = NULL;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		if (row->content && strstr(row->content, "How Mia answered as a manager in 7 days")) {
			assert_null(told);
			assert_string_equal(row->person, "U_mia");
			told = row->content;
		}
	}
	assert_non_null(told);
	assert_non_null(strstr(told, "2, of which 2 overdue"));
	stage_free(s);
}

/* Every promise played again from its history; gives how many have ended. */
static guint replay(struct stage *s)
{
	guint ended = 0;
	g_autoptr(response_book_auto) book = response_book_new(s->db);
	struct db_rows *rows = db_query(s->db, &SQL_RESPONSE_ALL);
	while (db_next(rows)) {
		struct response_state now;
		g_autoptr(response_auto) r = response_book_read(book, db_int(rows, 0), NULL);
		assert_non_null(r);
		assert_true(response_agrees(r, &now));
		response_clock_state(r->clock, MAX(s->now_ms, r->last_ms), &now);
		assert_int_equal(r->due_ms, now.due_ms);
		if (r->ended_ms == RESPONSE_NEVER)
			continue;
		ended++;
		assert_string_equal(r->status, response_status_name(now.status));
		assert_int_equal(r->elapsed_s, now.elapsed_s);
	}
	assert_true(db_end(rows, NULL));
	return ended;
}

/*
 * What people do by chance, over days, while the hours change now and then: what stands in the store is what the history gives when
 * it is played again. Another seed each run; SEED=… plays one again.
 */
static void what_is_stored_is_what_is_replayed(void **state)
{
	static const char *const names[] = { "ana", "bo", "cai", "mia" };
	static const char *const acts[] = { "blocker.take", "blocker.done", "blocker.none", "blocker.reopen", "customer.answered",
		"customer.go_on", "customer.solved" };
	static const char *const forms[] = { "customer.waits", "customer.asks" };
	static const char *const hours[] = { "cn", "always", "weekdays" };
	const char *told = g_getenv("SEED");
	guint ended = 0;
	guint32 seed = told ? (guint32)g_ascii_strtoull(told, NULL, 10) : g_random_int();
	struct stage *s = stage_new("en", "A");
	GRand *rand = g_rand_new_with_seed(seed);
	(void)state;
	print_message("SEED=%u\n", seed);
	for (guint i = 0; i < 400; i++) {
		const char *name = names[g_rand_int_range(rand, 0, 4)];
		g_autofree char *key = g_strdup_printf("%d", g_rand_int_range(rand, 1, 20));
		if (i % 100 == 99) {
			calendar_free(s->config->teams[0]->calendar);
			s->config->teams[0]->calendar = calendar_shipped(hours[i / 100 % G_N_ELEMENTS(hours)]);
			start_again(s);
		} else if (i % 12 == 0)
			stage_command(s, name, i % 24 == 0 ? "blocker" : "customer", "Nordwind waits");
		else if (i % 5 == 0)
			stage_submit(s, name, forms[g_rand_int_range(rand, 0, G_N_ELEMENTS(forms))], key,
				(const char *const[]){ "text", "the contract", NULL });
		else
			stage_press(s, name, acts[g_rand_int_range(rand, 0, G_N_ELEMENTS(acts))], key);
		stage_advance(s, MINUTES(g_rand_int_range(rand, 0, 90)));
		stage_clear(s);
		ended = i % 10 == 0 ? replay(s) : ended;
	}
	g_rand_free(rand);
	assert_true(ended > 0);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_of_facts),
		cmocka_unit_test(a_report_and_a_life),
		cmocka_unit_test(each_sees_their_part),
		cmocka_unit_test(the_manager_is_measured_too),
		cmocka_unit_test(what_is_stored_is_what_is_replayed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
