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

/* ---- laws, over lives made by chance: another seed each run, told when one fails, and played again with SEED=… ---- */

enum { LIVES = 40, DAYS_OF_LIFE = 9, MINUTES_OF_LIFE = DAYS_OF_LIFE * 24 * 60 };

static int choose_seed(void **state)
{
	const char *told = g_getenv("SEED");
	guint32 *seed = g_new(guint32, 1);
	*seed = told ? (guint32)g_ascii_strtoull(told, NULL, 10) : g_random_int();
	print_message("SEED=%u\n", *seed);
	*state = seed;
	return 0;
}

static int free_seed(void **state)
{
	g_free(*state);
	return 0;
}

/* A life: a calendar, a promise, and what happens to it, in time order. */
struct chance {
	GRand *rand;
	struct calendar *calendar, *other;
	struct response_promise promise;
	int64_t end_ms;
	GArray *events; /* struct response_event */
};

static int up_to(struct chance *x, int most)
{
	return g_rand_int_range(x->rand, 0, most + 1);
}

/* Windows may reach over midnight, overlap or touch; some days are closed, some open out of turn. */
static struct calendar *calendar_by_chance(struct chance *x)
{
	static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "Asia/Kathmandu" };
	struct calendar *c = calendar_new("chance", zone_find(zones[up_to(x, G_N_ELEMENTS(zones) - 1)]));
	for (int i = 1 + up_to(x, 8); i > 0; i--)
		calendar_add_weekly(c, 1 + up_to(x, 6), (struct calendar_window){ up_to(x, 1439), up_to(x, 1440) });
	char day[ZONE_DAY_SIZE];
	for (int i = up_to(x, 4); i > 0; i--) {
		zone_day(calendar_zone(c), x->promise.start_ms + DAYS(up_to(x, DAYS_OF_LIFE)), day);
		calendar_except(c, day);
		if (up_to(x, 1))
			calendar_add_window(c, day, (struct calendar_window){ up_to(x, 1439), up_to(x, 1440) });
	}
	return c;
}

static void add_event(struct chance *x, int64_t at_ms, enum response_event_kind kind)
{
	struct response_event event = { .at_ms = at_ms, .kind = kind, .target_s = up_to(x, 200) * 600, .afresh = up_to(x, 1),
		.calendar = up_to(x, 1) ? x->calendar : x->other, .onward = up_to(x, 1) };
	g_array_append_val(x->events, event);
}

/* kinds: the events are of the first so many kinds of enum response_event_kind. */
static void live(struct chance *x, guint32 seed, int kinds)
{
	*x = (struct chance){ .rand = g_rand_new_with_seed(seed), .events = g_array_new(FALSE, FALSE, sizeof(struct response_event)) };
	/* The ends of summer time, the new year, plain weeks; whole minutes, for the law that counts them. */
	x->promise.start_ms = at("2026-02-10T00:00:00") + up_to(x, 320 * 24 * 60) * MINUTES(1);
	x->end_ms = x->promise.start_ms + DAYS(DAYS_OF_LIFE);
	x->calendar = calendar_by_chance(x);
	x->other = calendar_by_chance(x);
	x->promise.calendar = x->calendar;
	x->promise.target_s = up_to(x, 2000) * 60;
	x->promise.reopen = (enum response_reopen)up_to(x, RESPONSE_REOPEN_ONCE);
	for (int64_t at_ms = x->promise.start_ms; (at_ms += MINUTES(1 + up_to(x, 1400))) < x->end_ms;)
		add_event(x, at_ms, (enum response_event_kind)up_to(x, kinds - 1));
}

static void die(struct chance *x)
{
	g_rand_free(x->rand);
	g_array_free(x->events, TRUE);
	calendar_free(x->calendar);
	calendar_free(x->other);
}

static const struct response_event *event_of(const struct chance *x, guint i)
{
	return &g_array_index(x->events, struct response_event, i);
}

static struct response_clock *played(const struct chance *x)
{
	struct response_clock *clock = response_clock_new(&x->promise);
	for (guint i = 0; i < x->events->len; i++)
		response_clock_take(clock, event_of(x, i));
	return clock;
}

/* Minute by minute: the slow, plain way. *due_ms: when the target was reached. */
static int64_t count_by_hand(const struct chance *x, int64_t *due_ms)
{
	guint next = 0;
	gboolean paused = FALSE;
	int64_t counted_s = 0;
	*due_ms = x->promise.target_s == 0 ? x->promise.start_ms : RESPONSE_NEVER;
	for (int64_t minute_ms = x->promise.start_ms; minute_ms < x->end_ms; minute_ms += MINUTES(1)) {
		for (; next < x->events->len && event_of(x, next)->at_ms <= minute_ms; next++)
			paused = event_of(x, next)->kind == RESPONSE_PAUSE;
		if (paused || !calendar_is_open(x->calendar, minute_ms))
			continue;
		counted_s += 60;
		if (counted_s == x->promise.target_s)
			*due_ms = minute_ms + MINUTES(1);
	}
	return counted_s;
}

static void the_clock_counts_as_one_counts_by_hand(void **state)
{
	for (guint32 i = 0; i < LIVES; i++) {
		struct chance x;
		struct response_state now;
		int64_t due_ms;
		live(&x, *(guint32 *)*state + i, RESPONSE_RESUME + 1);
		int64_t counted_s = count_by_hand(&x, &due_ms);
		g_autoptr(response_clock_auto) clock = played(&x);
		response_clock_state(clock, x.end_ms, &now);
		assert_int_equal(now.elapsed_s, counted_s);
		assert_int_equal(now.remaining_s, x.promise.target_s - counted_s);
		if (due_ms != RESPONSE_NEVER || now.due_ms < x.end_ms)
			assert_int_equal(now.due_ms, due_ms);
		die(&x);
	}
}

/* Whatever happens to it; and who is warned is warned in good time. */
static void due_never_comes_before_the_start(void **state)
{
	for (guint32 i = 0; i < LIVES * 10; i++) {
		struct chance x;
		live(&x, *(guint32 *)*state + i, RESPONSE_RECALENDAR + 1);
		g_autoptr(response_clock_auto) clock = response_clock_new(&x.promise);
		int64_t start_ms = x.promise.start_ms; /* of the cycle */
		for (guint k = 0; k < x.events->len; k++) {
			struct response_state now;
			const struct response_event *event = event_of(&x, k);
			guint before, after;
			response_clock_cycles(clock, &before);
			response_clock_take(clock, event);
			response_clock_cycles(clock, &after);
			response_clock_state(clock, event->at_ms, &now);
			if (after > before)
				start_ms = event->at_ms;
			int64_t warning_ms = response_clock_warning(clock, 80);
			assert_true(now.due_ms == RESPONSE_NEVER || now.due_ms >= start_ms);
			assert_true(now.due_ms == RESPONSE_NEVER || warning_ms == RESPONSE_NEVER || warning_ms <= now.due_ms);
			assert_true(now.elapsed_s >= 0 && now.elapsed_s * 1000 <= event->at_ms - start_ms);
			assert_true(!now.breached || now.breached_at_ms >= now.due_ms);
		}
		die(&x);
	}
}

/* The next instant at which the calendar is open. */
static int64_t opening(const struct calendar *calendar, int64_t at_ms)
{
	struct calendar_span span;
	return calendar_next(calendar, at_ms, &span) ? span.open_ms : at_ms;
}

/* Paused or resumed in closed time: it does not matter when, for the clock stands then anyhow. */
static void pauses_commute_with_closed_time(void **state)
{
	for (guint32 i = 0; i < LIVES * 10; i++) {
		struct chance x;
		struct response_state plain, shifted;
		live(&x, *(guint32 *)*state + i, RESPONSE_RESUME + 1);
		g_autoptr(response_clock_auto) one = played(&x);
		for (guint k = 0; k < x.events->len; k++)
			g_array_index(x.events, struct response_event, k).at_ms = opening(x.calendar, event_of(&x, k)->at_ms);
		g_autoptr(response_clock_auto) other = played(&x);
		int64_t end_ms = opening(x.calendar, x.end_ms);
		response_clock_state(one, end_ms, &plain);
		response_clock_state(other, end_ms, &shifted);
		assert_int_equal(plain.due_ms, shifted.due_ms);
		assert_int_equal(plain.elapsed_s, shifted.elapsed_s);
		assert_int_equal(plain.status, shifted.status);
		assert_int_equal(plain.ticking, shifted.ticking);
		die(&x);
	}
}

static gboolean is_same(const struct response_state *a, const struct response_state *b)
{
	return a->status == b->status && a->due_ms == b->due_ms && a->breached == b->breached && a->breached_at_ms == b->breached_at_ms &&
	       a->elapsed_s == b->elapsed_s && a->remaining_s == b->remaining_s && a->ticking == b->ticking;
}

/* A clock that was asked all along stands where one stands that is told everything afterwards. */
static void told_again_it_stands_where_it_stood(void **state)
{
	for (guint32 i = 0; i < LIVES * 10; i++) {
		struct chance x;
		struct response_state now, again;
		live(&x, *(guint32 *)*state + i, RESPONSE_RECALENDAR + 1);
		g_autoptr(response_clock_auto) asked = response_clock_new(&x.promise);
		for (guint k = 0; k < x.events->len; k++) {
			response_clock_state(asked, event_of(&x, k)->at_ms, &now);
			response_clock_take(asked, event_of(&x, k));
		}
		g_autoptr(response_clock_auto) told = played(&x);
		response_clock_state(asked, x.end_ms, &now);
		response_clock_state(told, x.end_ms, &again);
		assert_true(is_same(&now, &again));
		die(&x);
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
		cmocka_unit_test(due_never_comes_before_the_start),
		cmocka_unit_test(pauses_commute_with_closed_time),
		cmocka_unit_test(told_again_it_stands_where_it_stood),
	};
	return cmocka_run_group_tests(tests, choose_seed, free_seed);
}
