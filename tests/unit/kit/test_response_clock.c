/* SPDX-License-Identifier: MIT */
/* The response clock: every vector, the rules that they leave open, and laws that must hold for any life of a promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "kit/response_clock.h"
#include "kit/response_vectors.h"
#include "team/calendar_file.h"

static cJSON *read_vectors(void)
{
	g_autofree char *text = NULL;
	gsize length;
	assert_true(g_file_get_contents(TEST_DATA "/sla-vectors.json", &text, &length, NULL));
	cJSON *root = json_parse(text, length, NULL);
	assert_non_null(root);
	return root;
}

static void all_vectors_hold(void **state)
{
	(void)state;
	g_autoptr(cJSON) root = read_vectors();
	g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func(g_free);
	assert_int_equal(response_vectors_play(root, failures, NULL), 20);
	for (guint i = 0; i < failures->len; i++)
		print_error("%s\n", (const char *)failures->pdata[i]);
	assert_int_equal(failures->len, 0);
}

/* A player that finds nothing wrong whatever is expected would be no proof. */
static void a_wrong_expectation_is_found(void **state)
{
	(void)state;
	static const char *const fields[] = { "status", "due_at", "due_local", "breached", "breached_at", "elapsed_s",
		"remaining_s", "ticking" };
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autoptr(cJSON) root = read_vectors();
		g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func(g_free);
		cJSON_ReplaceItemInObject(json_at(root, "vectors.0.expect"), fields[i], cJSON_CreateString("wrong"));
		response_vectors_play(root, failures, NULL);
		assert_int_equal(failures->len, 1);
		assert_true(g_str_has_prefix(failures->pdata[0], "S01: "));
	}
}

static const struct {
	const char *text, *problem;
} wrong[] = {
	{ "{}", "'schema' must be 'belltower-sla-vectors/1'" },
	{ "{\"schema\":\"belltower-sla-vectors/1\"}", "'vectors' must be a list" },
	{ "{\"schema\":\"belltower-sla-vectors/1\",\"calendars\":{\"a\":{\"tz\":\"Mars\"}},\"vectors\":[]}",
		"calendar 'a': 'Mars' is no zone" },
	{ "{\"schema\":\"belltower-sla-vectors/1\",\"vectors\":[{\"id\":\"x\",\"calendar\":\"b\"}]}",
		"vector 'x': the file has no calendar 'b'" },
	{ "{\"schema\":\"belltower-sla-vectors/1\",\"calendars\":{\"a\":{\"tz\":\"UTC\"}},"
	  "\"vectors\":[{\"id\":\"x\",\"calendar\":\"a\",\"start\":\"today\"}]}",
		"vector 'x': 'start' must be an instant like 2026-03-02T01:30:00Z" },
	{ "{\"schema\":\"belltower-sla-vectors/1\",\"calendars\":{\"a\":{\"tz\":\"UTC\",\"weekly\":{\"mon\":[[\"9\",\"10\"]]}}},"
	  "\"vectors\":[]}",
		"calendar 'a', mon: a window is two times like [\"09:00\",\"18:00\"]" },
};

static void a_wrong_file_says_where(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(cJSON) root = json_parse(wrong[i].text, strlen(wrong[i].text), NULL);
		g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		assert_int_equal(response_vectors_play(root, failures, &error), -1);
		assert_string_equal(error->message, wrong[i].problem);
	}
}

/* ---- a clock by hand: Monday 2026-06-08 09:00 in Shanghai, four hours of office time ---- */

static int64_t at(const char *text)
{
	int64_t ms = 0;
	assert_true(zone_read_rfc3339(text, zone_find("Asia/Shanghai"), &ms));
	return ms;
}

struct life {
	struct calendar *office, *always;
	struct response_clock *clock;
	struct response_state state;
};

static void begin(struct life *life, enum response_reopen reopen)
{
	life->office = calendar_shipped("cn");
	life->always = calendar_shipped("always");
	life->clock = response_clock_new(&(struct response_promise){
		.calendar = life->office, .start_ms = at("2026-06-08T09:00:00"), .target_s = 4 * 3600, .reopen = reopen });
}

static void end(struct life *life)
{
	response_clock_free(life->clock);
	calendar_free(life->office);
	calendar_free(life->always);
}

static void happens(struct life *life, const char *when, struct response_event event)
{
	event.at_ms = at(when);
	response_clock_take(life->clock, &event);
}

static void look(struct life *life, const char *when)
{
	response_clock_state(life->clock, at(when), &life->state);
}

#define HAPPENS(when, ...) happens(&life, when, (struct response_event){ __VA_ARGS__ })

static void the_second_of_the_deadline_is_met(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	look(&life, "2026-06-08T13:00:00");
	assert_int_equal(life.state.status, RESPONSE_RUNNING);
	look(&life, "2026-06-08T13:00:01");
	assert_int_equal(life.state.status, RESPONSE_BREACHED);
	assert_int_equal(life.state.breached_at_ms, at("2026-06-08T13:00:00"));
	HAPPENS("2026-06-08T13:00:00", .kind = RESPONSE_STOP);
	look(&life, "2026-06-09T09:00:00");
	assert_int_equal(life.state.status, RESPONSE_MET);
	end(&life);
}

static void a_pause_hides_the_deadline_but_heals_no_breach(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	HAPPENS("2026-06-08T10:00:00", .kind = RESPONSE_PAUSE);
	HAPPENS("2026-06-08T10:30:00", .kind = RESPONSE_PAUSE);
	look(&life, "2026-06-08T12:00:00");
	assert_int_equal(life.state.status, RESPONSE_PAUSED);
	assert_true(life.state.due_ms == RESPONSE_NEVER);
	assert_int_equal(life.state.remaining_s, 3 * 3600);
	HAPPENS("2026-06-08T12:00:00", .kind = RESPONSE_RESUME);
	look(&life, "2026-06-08T12:00:00");
	assert_int_equal(life.state.due_ms, at("2026-06-08T15:00:00"));
	HAPPENS("2026-06-08T16:00:00", .kind = RESPONSE_PAUSE);
	look(&life, "2026-06-09T12:00:00");
	assert_int_equal(life.state.status, RESPONSE_BREACHED);
	assert_int_equal(life.state.elapsed_s, 5 * 3600);
	assert_false(life.state.ticking);
	end(&life);
}

static void a_stop_while_paused_ends_it(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	HAPPENS("2026-06-08T10:00:00", .kind = RESPONSE_PAUSE);
	HAPPENS("2026-06-10T10:00:00", .kind = RESPONSE_STOP);
	look(&life, "2026-06-11T10:00:00");
	assert_int_equal(life.state.status, RESPONSE_MET);
	assert_int_equal(life.state.elapsed_s, 3600);
	HAPPENS("2026-06-11T10:00:00", .kind = RESPONSE_REOPEN);
	look(&life, "2026-06-11T11:00:00");
	assert_int_equal(life.state.status, RESPONSE_RUNNING);
	assert_int_equal(life.state.elapsed_s, 2 * 3600);
	end(&life);
}

static void restart_keeps_the_old_verdict(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESTART);
	HAPPENS("2026-06-08T14:00:00", .kind = RESPONSE_STOP);
	HAPPENS("2026-06-09T09:00:00", .kind = RESPONSE_REOPEN);
	HAPPENS("2026-06-09T10:00:00", .kind = RESPONSE_STOP);
	look(&life, "2026-06-09T12:00:00");
	assert_int_equal(life.state.status, RESPONSE_MET);
	guint count;
	const struct response_cycle *cycles = response_clock_cycles(life.clock, &count);
	assert_int_equal(count, 1);
	assert_int_equal(cycles[0].status, RESPONSE_MISSED);
	assert_int_equal(cycles[0].elapsed_s, 5 * 3600);
	assert_int_equal(cycles[0].stopped_ms, at("2026-06-08T14:00:00"));
	end(&life);
}

static void once_stays_as_it_was(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_ONCE);
	HAPPENS("2026-06-08T10:00:00", .kind = RESPONSE_STOP);
	HAPPENS("2026-06-08T11:00:00", .kind = RESPONSE_REOPEN);
	look(&life, "2026-06-12T10:00:00");
	assert_int_equal(life.state.status, RESPONSE_MET);
	end(&life);
}

static void a_breach_by_a_change_is_dated_at_the_change(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	HAPPENS("2026-06-08T12:00:00", .kind = RESPONSE_RETARGET, .target_s = 3600);
	look(&life, "2026-06-08T12:00:01");
	assert_int_equal(life.state.due_ms, at("2026-06-08T10:00:00"));
	assert_int_equal(life.state.breached_at_ms, at("2026-06-08T12:00:00"));
	HAPPENS("2026-06-08T12:30:00", .kind = RESPONSE_RETARGET, .target_s = 3600, .afresh = TRUE);
	look(&life, "2026-06-08T12:45:00");
	assert_int_equal(life.state.status, RESPONSE_RUNNING);
	assert_int_equal(life.state.due_ms, at("2026-06-08T13:30:00"));
	end(&life);
}

static void another_calendar_holds_whole_or_onward(void **state)
{
	(void)state;
	for (int onward = 0; onward <= 1; onward++) {
		struct life life;
		begin(&life, RESPONSE_REOPEN_RESUME);
		HAPPENS("2026-06-08T17:00:00", .kind = RESPONSE_RETARGET, .target_s = 12 * 3600);
		HAPPENS("2026-06-08T20:00:00", .kind = RESPONSE_RECALENDAR, .calendar = life.always, .onward = onward);
		look(&life, "2026-06-08T20:00:00");
		assert_int_equal(life.state.elapsed_s, onward ? 9 * 3600 : 11 * 3600);
		assert_int_equal(life.state.due_ms, onward ? at("2026-06-08T23:00:00") : at("2026-06-08T21:00:00"));
		end(&life);
	}
}

static void cancelled_is_the_end(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	HAPPENS("2026-06-08T10:00:00", .kind = RESPONSE_CANCEL);
	HAPPENS("2026-06-08T11:00:00", .kind = RESPONSE_REOPEN);
	look(&life, "2026-06-12T10:00:00");
	assert_int_equal(life.state.status, RESPONSE_CANCELLED);
	assert_int_equal(life.state.elapsed_s, 3600);
	assert_true(response_clock_warning(life.clock, 50) == RESPONSE_NEVER);
	assert_int_equal(response_clock_warning(life.clock, 20), at("2026-06-08T09:48:00"));
	end(&life);
}

static void steps_climb_in_working_or_wall_time(void **state)
{
	(void)state;
	struct life life;
	begin(&life, RESPONSE_REOPEN_RESUME);
	static const struct {
		struct response_step step;
		const char *at;
	} steps[] = {
		{ { .after_s = 0, .from_due = TRUE }, "2026-06-08T13:00:00" },
		{ { .after_s = 6 * 3600, .from_due = TRUE }, "2026-06-09T10:00:00" },
		{ { .after_s = 6 * 3600, .from_due = TRUE, .wall = TRUE }, "2026-06-08T19:00:00" },
		{ { .after_s = 10 * 3600 }, "2026-06-09T10:00:00" },
		{ { .after_s = 10 * 3600, .wall = TRUE }, "2026-06-08T19:00:00" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		assert_int_equal(response_clock_step(life.clock, &steps[i].step), at(steps[i].at));
	HAPPENS("2026-06-08T19:00:00", .kind = RESPONSE_STOP);
	assert_true(response_clock_step(life.clock, &steps[2].step) == RESPONSE_NEVER); /* at the end it does not come */
	assert_int_equal(response_clock_step(life.clock, &steps[0].step), at("2026-06-08T13:00:00"));
	end(&life);
}

static void what_never_comes_is_never_breached(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) closed = calendar_new("closed", zone_find("UTC"));
	g_autoptr(response_clock_auto) clock =
		response_clock_new(&(struct response_promise){ .calendar = closed, .start_ms = 0, .target_s = 60 });
	struct response_state state_now;
	response_clock_state(clock, DAYS(3650), &state_now);
	assert_int_equal(state_now.status, RESPONSE_RUNNING);
	assert_true(state_now.due_ms == RESPONSE_NEVER);
}

/* ---- laws, over lives made by chance ---- */

enum { LIVES = 60, MINUTES_OF_LIFE = 9 * 24 * 60 };

/* A life of pauses, minute by minute: the slow, plain way to count. */
struct chance {
	GRand *rand;
	int64_t start_ms;
	gboolean paused[MINUTES_OF_LIFE];
	GArray *events; /* struct response_event */
};

static void live(struct chance *chance, guint32 seed)
{
	chance->rand = g_rand_new_with_seed(seed);
	/* The ends of summer time, the new year's holiday, plain weeks. */
	chance->start_ms = at("2026-02-10T00:00:00") + g_rand_int_range(chance->rand, 0, 300 * 24 * 60) * MINUTES(1);
	chance->events = g_array_new(FALSE, FALSE, sizeof(struct response_event));
	gboolean paused = FALSE;
	for (int m = 0; m < MINUTES_OF_LIFE; m++) {
		if (g_rand_int_range(chance->rand, 0, 700) == 0) {
			struct response_event event = { .at_ms = chance->start_ms + m * MINUTES(1),
				.kind = g_rand_boolean(chance->rand) ? RESPONSE_PAUSE : RESPONSE_RESUME };
			paused = event.kind == RESPONSE_PAUSE;
			g_array_append_val(chance->events, event);
		}
		chance->paused[m] = paused;
	}
}

static void die(struct chance *chance)
{
	g_rand_free(chance->rand);
	g_array_free(chance->events, TRUE);
}

static const char *const chance_calendars[] = {
	"zone: Europe/Berlin\nhours:\n  mon-thu: 09:00-12:00, 13:00-17:30\n  fri: 22:00-04:00\n  sun: 01:00-05:00\n",
	"zone: America/New_York\nhours:\n  mon-sun: 01:30-03:15, 20:00-24:00\noff: [2026-07-03]\n",
	"zone: Australia/Lord_Howe\nhours:\n  sat-sun: 01:00-07:00, 06:00-09:00\n  mon: 00:00-24:00\n",
};

static void the_clock_counts_as_one_counts_by_hand(void **state)
{
	(void)state;
	g_autofree struct chance *chance = g_new0(struct chance, 1);
	for (guint32 seed = 0; seed < LIVES; seed++) {
		const char *text = chance_calendars[seed % G_N_ELEMENTS(chance_calendars)];
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(calendar_auto) calendar = calendar_file_parse("c", "c", text, strlen(text), problems);
		live(chance, seed);
		int64_t target_s = g_rand_int_range(chance->rand, 0, 2000) * 60;
		g_autoptr(response_clock_auto) clock = response_clock_new(
			&(struct response_promise){ .calendar = calendar, .start_ms = chance->start_ms, .target_s = target_s });
		for (guint i = 0; i < chance->events->len; i++)
			response_clock_take(clock, &g_array_index(chance->events, struct response_event, i));
		int64_t counted_s = 0, due_ms = target_s == 0 ? chance->start_ms : RESPONSE_NEVER;
		for (int m = 0; m < MINUTES_OF_LIFE; m++) {
			int64_t minute_ms = chance->start_ms + m * MINUTES(1);
			if (chance->paused[m] || !calendar_is_open(calendar, minute_ms))
				continue;
			counted_s += 60;
			if (counted_s == target_s)
				due_ms = minute_ms + MINUTES(1);
		}
		struct response_state now;
		response_clock_state(clock, chance->start_ms + MINUTES_OF_LIFE * MINUTES(1), &now);
		assert_int_equal(now.elapsed_s, counted_s);
		assert_int_equal(now.remaining_s, target_s - counted_s);
		if (due_ms != RESPONSE_NEVER || now.due_ms < chance->start_ms + MINUTES_OF_LIFE * MINUTES(1))
			assert_int_equal(now.due_ms, due_ms);
		assert_true(now.due_ms == RESPONSE_NEVER || now.due_ms >= chance->start_ms);
		die(chance);
	}
}

static void pauses_in_closed_time_change_nothing(void **state)
{
	(void)state;
	g_autoptr(calendar_auto) office = calendar_shipped("cn");
	g_autofree struct chance *chance = g_new0(struct chance, 1);
	for (guint32 seed = 0; seed < LIVES; seed++) {
		live(chance, seed);
		struct response_promise promise = { .calendar = office, .start_ms = chance->start_ms, .target_s = 3600 * (1 + seed % 30) };
		g_autoptr(response_clock_auto) plain = response_clock_new(&promise), paused = response_clock_new(&promise);
		struct calendar_span span;
		int64_t from = chance->start_ms;
		for (int i = 0; i < 9 && calendar_next(office, from, &span); i++) {
			if (span.open_ms > from) {
				response_clock_take(paused, &(struct response_event){ .at_ms = from, .kind = RESPONSE_PAUSE });
				response_clock_take(paused, &(struct response_event){ .at_ms = span.open_ms, .kind = RESPONSE_RESUME });
			}
			from = span.close_ms;
		}
		struct response_state a, b;
		response_clock_state(plain, from, &a);
		response_clock_state(paused, from, &b);
		assert_int_equal(a.due_ms, b.due_ms);
		assert_int_equal(a.elapsed_s, b.elapsed_s);
		assert_int_equal(a.status, b.status);
		die(chance);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_vectors_hold),
		cmocka_unit_test(a_wrong_expectation_is_found),
		cmocka_unit_test(a_wrong_file_says_where),
		cmocka_unit_test(the_second_of_the_deadline_is_met),
		cmocka_unit_test(a_pause_hides_the_deadline_but_heals_no_breach),
		cmocka_unit_test(a_stop_while_paused_ends_it),
		cmocka_unit_test(restart_keeps_the_old_verdict),
		cmocka_unit_test(once_stays_as_it_was),
		cmocka_unit_test(a_breach_by_a_change_is_dated_at_the_change),
		cmocka_unit_test(another_calendar_holds_whole_or_onward),
		cmocka_unit_test(cancelled_is_the_end),
		cmocka_unit_test(steps_climb_in_working_or_wall_time),
		cmocka_unit_test(what_never_comes_is_never_breached),
		cmocka_unit_test(the_clock_counts_as_one_counts_by_hand),
		cmocka_unit_test(pauses_in_closed_time_change_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
