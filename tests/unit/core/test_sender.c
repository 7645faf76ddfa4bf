/* SPDX-License-Identifier: MIT */
/* When a row goes: order, budgets, waiting, and one report for each, always. */
#include "straw_platform.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <cmocka.h>

#include "base/log.h"
#include "core/outbox.h"

static int make_straw(void **state)
{
	*state = straw_new();
	return 0;
}

static int free_straw(void **state)
{
	straw_free(*state);
	return 0;
}

/* ---- order ---- */

static void test_one_in_flight_in_a_channel(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_PRIVATE, "C1");
	straw_put(s, 3, OUTBOX_DELETE, "C1");
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	straw_expect_report(s, 1, "sent");
	STRAW_SENT(s, 2);
	straw_answer(s, 2, SEND_DONE);
	STRAW_SENT(s, 3);
	straw_answer(s, 3, SEND_DONE);
	straw_expect_report(s, 2, "sent");
	straw_expect_report(s, 3, "sent");
	straw_expect_no_report(s);
	assert_int_equal(sender_waiting(s->sender), 0);
	assert_int_equal(sender_next_ms(s->sender), -1);
}

static void test_other_lanes_go_on(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C1");
	straw_put(s, 3, OUTBOX_POST, "C2");
	straw_put(s, 4, OUTBOX_FORM, "C1"); /* its trigger does not wait for the channel */
	STRAW_SENT(s, 1, 3, 4);
	assert_int_equal(sender_waiting(s->sender), 4);
	assert_int_equal(sender_active(s->sender), 3);
}

/* Lanes by kind and place: rows of the same lane wait for each other, others do not. */
static const struct {
	enum outbox_kind a, b;
	const char *channel_b, *message_b;
	gboolean same;
} lanes[] = {
	{ OUTBOX_POST, OUTBOX_REPLACE, "C1", "m1", TRUE },
	{ OUTBOX_POST, OUTBOX_PRIVATE, "C1", NULL, TRUE },
	{ OUTBOX_POST, OUTBOX_DELETE, "C1", "m1", TRUE },
	{ OUTBOX_POST, OUTBOX_POST, "C2", NULL, FALSE },
	{ OUTBOX_POST, OUTBOX_REACT, "C1", "m1", FALSE },
	{ OUTBOX_REACT, OUTBOX_UNREACT, "C1", "m1", TRUE },
	{ OUTBOX_REACT, OUTBOX_REACT, "C1", "m2", FALSE },
	{ OUTBOX_REACT, OUTBOX_REACT, "C2", "m1", FALSE },
	{ OUTBOX_HOME, OUTBOX_HOME, "C1", NULL, TRUE },
	{ OUTBOX_FORM, OUTBOX_FORM, "C1", NULL, FALSE },
	{ OUTBOX_ASK_PERSON, OUTBOX_ASK_PERSON, NULL, NULL, FALSE },
	{ OUTBOX_ASK_HISTORY, OUTBOX_ASK_HISTORY, "C1", "m1", FALSE },
};

static void test_lanes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lanes); i++) {
		struct straw *s = straw_new();
		struct outbox_row *a = straw_row(1, lanes[i].a, "C1"),
				  *b = straw_row(2, lanes[i].b, lanes[i].channel_b);
		a->message = g_strdup("m1");
		b->message = g_strdup(lanes[i].message_b);
		a->person = g_strdup("U1");
		b->person = g_strdup("U1");
		sender_put(s->sender, a);
		sender_put(s->sender, b);
		if ((s->under_way->len == 1) != lanes[i].same)
			fail_msg("case %zu: %u under way", i, s->under_way->len);
		straw_free(s);
	}
}

static void test_a_direct_message_has_a_lane_for_each_person(void **state)
{
	struct straw *s = *state;
	for (gint64 id = 1; id <= 3; id++) {
		struct outbox_row *row = straw_row(id, OUTBOX_POST, NULL);
		row->person = g_strdup(id == 3 ? "U2" : "U1");
		sender_put(s->sender, row);
	}
	STRAW_SENT(s, 1, 3);
}

static void test_no_more_under_way_than_there_are_connections(void **state)
{
	struct straw *s = *state;
	for (gint64 id = 1; id <= 100; id++)
		straw_put(s, id, OUTBOX_FORM, NULL);
	assert_int_equal(s->under_way->len, 32);
	assert_int_equal(sender_active(s->sender), 100);
	while (s->under_way->len > 0)
		straw_answer(s, g_array_index(s->under_way, gint64, 0), SEND_DONE);
	assert_int_equal(s->most_under_way, 32);
	assert_int_equal(s->reports->len, 100);
}

/* ---- budgets ---- */

static void test_one_message_a_second_after_the_burst(void **state)
{
	struct straw *s = *state;
	s->channel_limit = (struct send_limit){ NULL, 60, 3 };
	s->answers_at_once = TRUE;
	for (gint64 id = 1; id <= 6; id++)
		straw_put(s, id, OUTBOX_POST, "C1");
	STRAW_SENT(s, 1, 2, 3);
	int64_t wait_ms = sender_next_ms(s->sender);
	assert_in_range(wait_ms, 1000, 1010);
	straw_advance(s, wait_ms - 1);
	STRAW_SENT(s);
	straw_advance(s, 1);
	STRAW_SENT(s, 4);
	straw_advance(
		s, SECONDS(10)); /* the waiting ones go one after the other: time has filled the budget */
	STRAW_SENT(s, 5, 6);
	assert_int_equal(sender_next_ms(s->sender), -1);
}

static void test_a_channels_budget_holds_up_that_channel_alone(void **state)
{
	struct straw *s = *state;
	s->channel_limit = (struct send_limit){ NULL, 60, 1 };
	s->answers_at_once = TRUE;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C1");
	straw_put(s, 3, OUTBOX_POST, "C2");
	STRAW_SENT(s, 1, 3);
	straw_put(s, 4, OUTBOX_REPLACE, "C1"); /* no message, but behind one */
	straw_put(s, 5, OUTBOX_REPLACE, "C2"); /* replacements cost nothing of it */
	STRAW_SENT(s, 5);
	straw_advance(s, SECONDS(2));
	STRAW_SENT(s, 2, 4);
}

static void test_a_pause_fills_the_burst_and_no_more(void **state)
{
	struct straw *s = *state;
	s->channel_limit = (struct send_limit){ NULL, 60, 2 };
	s->answers_at_once = TRUE;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_advance(s, HOURS(1));
	for (gint64 id = 2; id <= 5; id++)
		straw_put(s, id, OUTBOX_POST, "C1");
	STRAW_SENT(s, 1, 2, 3);
}

static void test_kinds_may_share_a_bucket(void **state)
{
	struct straw *s = *state;
	s->answers_at_once = TRUE;
	s->limits[OUTBOX_ASK_PERSON] = (struct send_limit){ "directory", 60, 2 };
	s->limits[OUTBOX_ASK_MEMBERS] = (struct send_limit){ "directory", 60, 2 };
	straw_put(s, 1, OUTBOX_ASK_PERSON, NULL);
	straw_put(s, 2, OUTBOX_ASK_MEMBERS, "C1");
	straw_put(s, 3, OUTBOX_ASK_PERSON, NULL);
	straw_put(s, 4, OUTBOX_ASK_MEMBERS, "C2");
	straw_put(s, 5, OUTBOX_FORM, NULL);
	STRAW_SENT(s, 1, 2, 5);
	straw_advance(s, 1001);
	STRAW_SENT(s, 3);
	straw_advance(s, 1001);
	STRAW_SENT(s, 4);
}

static void test_a_full_bucket_does_not_spend_the_channels_budget(void **state)
{
	struct straw *s = *state;
	s->answers_at_once = TRUE;
	s->channel_limit = (struct send_limit){ NULL, 1, 1 };
	s->limits[OUTBOX_POST] = (struct send_limit){ "post", 60, 1 };
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C2");
	STRAW_SENT(s, 1);
	straw_advance(s, 1001);
	STRAW_SENT(s, 2); /* C2's one message of this minute was still there */
}

static void test_many_lanes_wait_for_one_bucket_in_their_order(void **state)
{
	struct straw *s = *state;
	s->answers_at_once = TRUE;
	s->limits[OUTBOX_FORM] = (struct send_limit){ "views.open", 600, 1 };
	for (gint64 id = 1; id <= 300; id++)
		straw_put(s, id, OUTBOX_FORM, NULL);
	for (gint64 id = 1; id <= 300; id++) {
		STRAW_SENT(s, id);
		straw_advance(s, 101);
	}
	assert_int_equal(sender_waiting(s->sender), 0);
}

/* ---- later ---- */

static void test_retry_after_of_a_method_blocks_its_bucket_alone(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	STRAW_SENT(s, 1);
	straw_answer_later(s, 1, SEND_LATER, SECONDS(30), TRUE);
	straw_put(s, 2, OUTBOX_POST, "C2");
	straw_put(s, 3, OUTBOX_FORM, NULL);
	STRAW_SENT(s, 3);
	assert_int_equal(sender_next_ms(s->sender), SECONDS(30));
	straw_advance(s, SECONDS(30) - 1);
	STRAW_SENT(s);
	straw_advance(s, 1);
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	straw_expect_report(s, 1, "sent");
	STRAW_SENT(s, 2);
}

/* A hundred that waited make no storm: one asks whether they may, and all go after it. */
static void test_after_a_retry_after_one_goes_first(void **state)
{
	struct straw *s = *state;
	for (gint64 id = 1; id <= 20; id++)
		straw_put(s, id, OUTBOX_FORM, NULL);
	for (gint64 id = 1; id <= 20; id++)
		straw_answer_later(s, id, SEND_LATER, SECONDS(1), TRUE);
	assert_int_equal(s->sent->len, 20);
	g_array_set_size(s->sent, 0);
	for (gint64 id = 1; id <= 5; id++) {
		straw_advance(s, SECONDS(1));
		STRAW_SENT(s, id);
		assert_int_equal(sender_next_ms(s->sender), -1);
		straw_answer_later(s, id, SEND_LATER, SECONDS(1), TRUE);
	}
	straw_advance(s, SECONDS(1));
	STRAW_SENT(s, 6);
	straw_answer(s, 6, SEND_DONE);
	assert_int_equal(s->under_way->len, 19);
}

/* Several calls were out when the method was closed: the longest word counts. */
static void test_a_shorter_retry_after_does_not_open_the_bucket(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C2");
	STRAW_SENT(s, 1, 2);
	straw_answer_later(s, 1, SEND_LATER, SECONDS(30), TRUE);
	straw_answer_later(s, 2, SEND_LATER, SECONDS(1), TRUE);
	straw_advance(s, SECONDS(29));
	STRAW_SENT(s);
	straw_advance(s, SECONDS(1));
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 2);
}

static void test_retry_after_of_a_channel_blocks_the_lane_alone(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C2");
	straw_put(s, 3, OUTBOX_POST, "C2");
	STRAW_SENT(s, 1, 2);
	straw_answer_later(s, 1, SEND_LATER, SECONDS(5), FALSE);
	straw_answer(s, 2, SEND_DONE);
	STRAW_SENT(s, 3);
	straw_advance(s, SECONDS(5) - 1);
	STRAW_SENT(s);
	straw_advance(s, 1);
	STRAW_SENT(s, 1);
}

static void test_without_a_word_it_backs_off(void **state)
{
	struct straw *s = *state;
	/* net/backoff.h: up to 1 s, then 1, 2, 4 … 60 s of which chance takes half at most */
	static const int64_t most_ms[] = { 1000, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000 };
	straw_put(s, 1, OUTBOX_POST, "C1");
	for (size_t i = 0; i < G_N_ELEMENTS(most_ms); i++) {
		assert_int_equal(straw_last(s)->attempts, i);
		STRAW_SENT(s, 1);
		straw_answer(s, 1, SEND_LATER);
		STRAW_SENT(s);
		assert_in_range(sender_next_ms(s->sender), i ? most_ms[i] / 2 : 0, most_ms[i]);
		straw_advance(s, most_ms[i]);
	}
	straw_expect_no_report(s);
	assert_int_equal(sender_waiting(s->sender), 1);
}

static void test_what_waits_holds_its_place(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_answer_later(s, 1, SEND_LATER, SECONDS(5), FALSE);
	straw_put(s, 2, OUTBOX_POST, "C1");
	STRAW_SENT(s, 1);
	straw_advance(s, SECONDS(5));
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 2);
}

static void test_what_waits_aside_holds_up_nothing(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C1");
	STRAW_SENT(s, 1);
	straw_answer_aside(s, 1, HOURS(1));
	STRAW_SENT(s, 2);
	straw_answer(s, 2, SEND_DONE);
	straw_expect_report(s, 2, "sent");
	straw_advance(s, HOURS(1) - 1);
	straw_put(s, 3, OUTBOX_POST, "C1");
	STRAW_SENT(s, 3);
	straw_advance(s, 1);
	STRAW_SENT(s, 1);
	straw_answer_aside(s, 1, HOURS(1));
	straw_answer(s, 3, SEND_DONE);
	straw_expect_report(s, 3, "sent");
	straw_advance(s, HOURS(1));
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	straw_expect_report(s, 1, "sent");
	straw_expect_no_report(s);
	assert_int_equal(sender_waiting(s->sender), 0);
}

static void test_in_doubt_comes_again_and_says_so(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	assert_false(straw_last(s)->in_doubt);
	straw_answer(s, 1, SEND_IN_DOUBT);
	straw_advance(s, SECONDS(1));
	assert_true(straw_last(s)->in_doubt);
	straw_answer(s, 1, SEND_LATER);
	straw_advance(s, SECONDS(1));
	assert_true(straw_last(s)->in_doubt); /* until somebody has looked */
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 1, 1, 1);
	straw_expect_report(s, 1, "sent");
	straw_expect_no_report(s);
}

/* ---- the end ---- */

static void test_a_refused_card_comes_once_more_as_plain_text(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C1");
	assert_false(straw_last(s)->plain);
	straw_answer(s, 1, SEND_REFUSED);
	assert_true(straw_last(s)->plain);
	STRAW_SENT(s, 1, 1);
	straw_answer(s, 1, SEND_REFUSED);
	straw_expect_report(s, 1, OUTBOX_FAILED);
	STRAW_SENT(s, 2);
}

static void test_a_refused_card_may_go_as_plain_text(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_answer(s, 1, SEND_REFUSED);
	straw_answer(s, 1, SEND_DONE);
	straw_expect_report(s, 1, "sent");
}

static const struct {
	enum send_result result;
	const char *word;
} ends[] = {
	{ SEND_DONE, "sent" },
	{ SEND_GONE, OUTBOX_GONE },
	{ SEND_FAILED, OUTBOX_FAILED },
};

static void test_ends(void **state)
{
	struct straw *s = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		straw_put(s, (gint64)i + 1, OUTBOX_POST, "C1");
		straw_answer(s, (gint64)i + 1, ends[i].result);
		straw_expect_report(s, (gint64)i + 1, ends[i].word);
	}
	straw_expect_no_report(s);
}

static void test_a_report_tells_where_it_stands(void **state)
{
	struct straw *s = *state;
	struct outbox_row *row = straw_row(7, OUTBOX_POST, NULL);
	row->person = g_strdup("U1");
	sender_put(s->sender, row);
	sender_outcome(
		s->sender, 7, &(struct outcome){ .result = SEND_DONE, .message = "1.5", .channel = "D1" });
	const struct event *event = s->reports->pdata[0];
	assert_int_equal(event->kind, EVENT_SENT);
	assert_string_equal(event->message, "1.5");
	assert_string_equal(event->place.channel, "D1");
	assert_string_equal(event->person, "U1");
	assert_string_equal(event->value, "post");
	assert_int_equal(event->at_ms, clock_now_ms(s->clock));
	assert_int_equal(event->receipt, 0);
}

static void test_an_unknown_outcome_is_nothing(void **state)
{
	struct straw *s = *state;
	sender_outcome(s->sender, 7, &(struct outcome){ .result = SEND_DONE });
	straw_put(s, 1, OUTBOX_POST, "C1");
	sender_outcome(s->sender, 2, &(struct outcome){ .result = SEND_DONE });
	straw_answer(s, 1, SEND_DONE);
	sender_outcome(s->sender, 1, &(struct outcome){ .result = SEND_FAILED });
	straw_expect_report(s, 1, "sent");
	straw_expect_no_report(s);
}

static void test_what_is_too_late_is_dropped(void **state)
{
	struct straw *s = *state;
	int64_t now_ms = clock_now_ms(s->clock);
	straw_put(s, 1, OUTBOX_POST, "C1");
	for (gint64 id = 2; id <= 4; id++) {
		struct outbox_row *row = straw_row(id, OUTBOX_PRIVATE, "C1");
		row->deadline_ms = now_ms + SECONDS(id == 3 ? 60 : 3);
		sender_put(s->sender, row);
	}
	straw_advance(s, SECONDS(3)); /* the deadline itself is not too late */
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 1, 2);
	straw_advance(s, 1);
	straw_answer(s, 2, SEND_LATER);
	straw_advance(s, SECONDS(1));
	STRAW_SENT(s, 3);
	straw_answer(s, 3, SEND_DONE);
	straw_expect_report(s, 1, "sent");
	straw_expect_report(s, 2, OUTBOX_GONE);
	straw_expect_report(s, 3, "sent");
	straw_expect_report(s, 4, OUTBOX_GONE);
	assert_int_equal(sender_waiting(s->sender), 0);
}

/* How long a form may wait is the platform's to say, whatever its row says. */
static void test_a_form_has_its_platforms_life(void **state)
{
	struct straw *s = *state;
	struct outbox_row *row = straw_row(1, OUTBOX_FORM, NULL);
	row->created_ms = clock_now_ms(s->clock) - MINUTES(5);
	sender_put(s->sender, row);
	STRAW_SENT(s, 1);
	row = straw_row(2, OUTBOX_FORM, NULL);
	row->created_ms = clock_now_ms(s->clock) - MINUTES(5) - 1;
	sender_put(s->sender, row);
	straw_expect_report(s, 2, OUTBOX_GONE);
}

/* The next try would come after the deadline: somebody waits to hear that there will be none. */
static void test_no_try_after_the_deadline_is_waited_for(void **state)
{
	struct straw *s = *state;
	struct outbox_row *row = straw_row(1, OUTBOX_ASK_PERSON, NULL);
	row->deadline_ms = clock_now_ms(s->clock) + SECONDS(8);
	sender_put(s->sender, row);
	STRAW_SENT(s, 1);
	sender_outcome(s->sender, 1, &(struct outcome){ .result = SEND_LATER, .after_ms = MINUTES(5) });
	straw_advance(s, SECONDS(8));
	straw_expect_no_report(s);
	straw_advance(s, 1);
	straw_expect_report(s, 1, OUTBOX_GONE);
}

static void test_outcomes_from_inside_send(void **state)
{
	struct straw *s = *state;
	s->answers_at_once = TRUE;
	for (gint64 id = 1; id <= 1000; id++)
		straw_put(s, id, id % 3 ? OUTBOX_POST : OUTBOX_REACT, "C1");
	for (gint64 id = 1; id <= 1000; id++)
		straw_expect_report(s, id, "sent");
	assert_int_equal(sender_active(s->sender), 0);
	assert_int_equal(s->most_under_way, 1);
}

/* ---- replacements ---- */

static void put_replacement(struct straw *s, gint64 id, const char *message)
{
	struct outbox_row *row = straw_row(id, OUTBOX_REPLACE, "C1");
	row->message = g_strdup(message);
	sender_put(s->sender, row);
}

static void test_a_newer_replacement_takes_the_waiting_ones_place(void **state)
{
	struct straw *s = *state;
	put_replacement(s, 1, "m1"); /* goes */
	put_replacement(s, 2, "m1"); /* waits */
	put_replacement(s, 3, "m2");
	put_replacement(s, 4, "m1");
	straw_expect_report(s, 2, "sent");
	straw_expect_no_report(s);
	put_replacement(s, 5, "m1");
	straw_expect_report(s, 4, "sent");
	straw_answer(s, 1, SEND_DONE);
	straw_answer(s, 3, SEND_DONE);
	straw_answer(s, 5, SEND_DONE);
	STRAW_SENT(s, 1, 3, 5);
	straw_expect_report(s, 1, "sent");
	straw_expect_report(s, 3, "sent");
	straw_expect_report(s, 5, "sent");
	straw_expect_no_report(s);
	put_replacement(s, 6, "m1"); /* nothing of the old ones is remembered */
	STRAW_SENT(s, 6);
}

/* A board on which many answers arrive: at once, then all that came in twenty seconds as one. */
static void test_replacements_with_a_budget_of_their_own_are_gathered(void **state)
{
	struct straw *s = *state;
	s->message_limit = (struct send_limit){ NULL, 3, 1 };
	s->answers_at_once = TRUE;
	put_replacement(s, 1, "m1");
	put_replacement(s, 2, "m1");
	put_replacement(s, 3, "m2");
	put_replacement(s, 4, "m1");
	STRAW_SENT(s, 1, 3);
	straw_put(s, 5, OUTBOX_POST, "C1"); /* not held up */
	STRAW_SENT(s, 5);
	straw_advance(s, SECONDS(19));
	STRAW_SENT(s);
	straw_advance(s, SECONDS(2));
	STRAW_SENT(s, 4);
	straw_advance(s, SECONDS(5));
	put_replacement(s, 6, "m1");
	straw_advance(s, SECONDS(10));
	STRAW_SENT(s);
	straw_advance(s, SECONDS(10));
	STRAW_SENT(s, 6);
}

static void test_a_message_with_a_budget_is_replaced_before_it_is_deleted(void **state)
{
	struct straw *s = *state;
	s->message_limit = (struct send_limit){ NULL, 60, 1 };
	put_replacement(s, 1, "m1");
	struct outbox_row *row = straw_row(2, OUTBOX_DELETE, "C1");
	row->message = g_strdup("m1");
	sender_put(s->sender, row);
	straw_advance(s, SECONDS(5));
	STRAW_SENT(s, 1);
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 2);
}

/* Its lane is gone from memory only when its budget is as good as new. */
static void test_a_slow_budget_is_not_forgotten(void **state)
{
	struct straw *s = *state;
	s->message_limit = (struct send_limit){ NULL, 0.1, 1 }; /* ten minutes */
	s->answers_at_once = TRUE;
	put_replacement(s, 1, "m1");
	straw_advance(s, MINUTES(5));
	put_replacement(s, 2, "m2");
	put_replacement(s, 3, "m1");
	STRAW_SENT(s, 1, 2);
	straw_advance(s, MINUTES(5) + 10);
	STRAW_SENT(s, 3);
}

static void test_a_replacement_in_flight_is_never_superseded(void **state)
{
	struct straw *s = *state;
	put_replacement(s, 1, "m1");
	put_replacement(s, 2, "m1");
	straw_answer(s, 1, SEND_IN_DOUBT); /* waits now, behind nobody, and the newer one was put before */
	straw_expect_no_report(s);
	straw_advance(s, SECONDS(1));
	STRAW_SENT(s, 1, 1);
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 2);
}

static void test_a_replacement_that_backs_off_is_superseded(void **state)
{
	struct straw *s = *state;
	put_replacement(s, 1, "m1");
	straw_answer_later(s, 1, SEND_LATER, SECONDS(5), FALSE);
	put_replacement(s, 2, "m1"); /* the lane's only row changes while the lane waits */
	straw_expect_report(s, 1, "sent");
	STRAW_SENT(s, 1);
	straw_advance(s, SECONDS(5));
	STRAW_SENT(s, 2);
	straw_answer(s, 2, SEND_DONE);
	straw_expect_report(s, 2, "sent");
	assert_int_equal(sender_next_ms(s->sender), -1);
}

static void test_a_lane_waits_in_a_bucket_while_its_row_is_superseded(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_REPLACE, "C9");
	straw_answer_later(s, 1, SEND_LATER, SECONDS(9), TRUE);
	put_replacement(s, 2, "m1");
	put_replacement(s, 3, "m1");
	straw_expect_report(s, 2, "sent");
	straw_advance(s, SECONDS(9));
	STRAW_SENT(s, 1, 1);
	straw_answer(s, 1, SEND_DONE);
	STRAW_SENT(s, 3);
	assert_int_equal(sender_waiting(s->sender), 1);
}

/* The lane is in a bucket's line and has nothing to send when its time comes. */
static void test_a_lane_waits_in_a_bucket_while_its_row_becomes_late(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_PRIVATE, "C1");
	straw_answer_later(s, 1, SEND_LATER, SECONDS(9), TRUE);
	struct outbox_row *row = straw_row(2, OUTBOX_PRIVATE, "C2");
	row->deadline_ms = clock_now_ms(s->clock) + SECONDS(3);
	sender_put(s->sender, row);
	straw_advance(s, SECONDS(9));
	STRAW_SENT(s, 1, 1);
	straw_answer(s, 1, SEND_DONE);
	straw_expect_report(s, 1, "sent");
	straw_expect_report(s, 2, OUTBOX_GONE);
	straw_put(s, 3, OUTBOX_PRIVATE, "C2"); /* the lane is usable as before */
	STRAW_SENT(s, 3);
}

/* ---- stopped ---- */

static void test_refused_credentials_stop_all_until_resumed(void **state)
{
	struct straw *s = *state;
	straw_put(s, 1, OUTBOX_POST, "C1");
	straw_put(s, 2, OUTBOX_POST, "C2");
	straw_answer(s, 1, SEND_STOPPED);
	straw_put(s, 3, OUTBOX_POST, "C3");
	straw_answer(s, 2, SEND_DONE); /* was out already */
	STRAW_SENT(s, 1, 2);
	straw_advance(s, DAYS(2));
	STRAW_SENT(s);
	assert_int_equal(sender_waiting(s->sender), 2);
	assert_int_equal(sender_active(s->sender), 0);
	assert_int_equal(sender_next_ms(s->sender), -1);
	sender_resume(s->sender);
	STRAW_SENT(s, 1, 3);
	straw_expect_report(s, 2, "sent");
	straw_expect_no_report(s);
}

static void test_stopping_from_inside_send_stops_at_once(void **state)
{
	struct straw *s = *state;
	for (gint64 id = 1; id <= 3; id++)
		straw_put(s, id, OUTBOX_POST, "C1");
	straw_answer(s, 1, SEND_STOPPED);
	sender_resume(s->sender);
	sender_resume(s->sender);
	STRAW_SENT(s, 1, 1);
}

/* ---- handing over ---- */

static void give_to(gpointer data, struct outbox_row *take)
{
	sender_put(data, take);
}

static void test_another_sender_takes_over(void **state)
{
	struct straw *s = *state, *other = straw_new();
	s->limits[OUTBOX_FORM] = (struct send_limit){ "views.open", 60, 1 };
	straw_put(s, 1, OUTBOX_POST, "C1"); /* in flight */
	straw_put(s, 2, OUTBOX_POST, "C1");
	straw_put(s, 3, OUTBOX_REPLACE, "C2"); /* backs off */
	straw_answer(s, 3, SEND_LATER);
	straw_put(s, 4, OUTBOX_FORM, NULL);
	straw_put(s, 5, OUTBOX_FORM, NULL); /* waits for its bucket */
	sender_empty(s->sender, give_to, other->sender);
	straw_expect_no_report(s);
	assert_int_equal(sender_waiting(s->sender), 0);
	assert_int_equal(sender_active(s->sender), 0);
	assert_int_equal(sender_lanes(s->sender), 0);
	assert_int_equal(sender_next_ms(s->sender), -1);
	sender_outcome(s->sender, 1, &(struct outcome){ .result = SEND_DONE }); /* too late */
	straw_expect_no_report(s);
	assert_int_equal(sender_waiting(other->sender), 5);
	for (guint i = 0; i < other->sent->len; i++) {
		const struct straw_sending *sending = &g_array_index(other->sent, struct straw_sending, i);
		assert_int_equal(sending->in_doubt, sending->row == 1 || sending->row == 4);
	}
	straw_answer(other, 1, SEND_DONE);
	assert_int_equal(straw_last(other)->row, 2);
	straw_put(s, 6, OUTBOX_POST, "C1"); /* and it works on */
	assert_int_equal(straw_last(s)->row, 6);
	straw_free(other);
}

/* ---- many ---- */

static void test_lanes_do_not_pile_up(void **state)
{
	struct straw *s = *state;
	s->channel_limit = (struct send_limit){ NULL, 60, 1 };
	s->answers_at_once = TRUE;
	guint most = 0;
	for (gint64 id = 1; id <= 100000; id++) {
		struct outbox_row *row = straw_row(id, id % 2 ? OUTBOX_POST : OUTBOX_REACT, NULL);
		row->person =
			g_strdup_printf("U%" G_GINT64_FORMAT, id); /* a direct message to each of 50,000 */
		row->channel = id % 2 ? NULL : g_strdup("C1");
		row->message = g_strdup_printf("m%" G_GINT64_FORMAT, id);
		sender_put(s->sender, row);
		if (id % 100 == 0)
			clock_advance(s->clock, SECONDS(10)); /* 300 people a minute are remembered */
		most = MAX(most, sender_lanes(s->sender));
	}
	assert_int_equal(s->reports->len, 100000);
	assert_int_equal(sender_waiting(s->sender), 0);
	assert_in_range(most, 300, 1000);
}

static void test_spent_lanes_without_a_budget_go_at_once(void **state)
{
	struct straw *s = *state;
	for (gint64 id = 1; id <= 10; id++)
		straw_put(s, id, OUTBOX_FORM, NULL);
	for (gint64 id = 1; id <= 10; id++)
		straw_answer(s, id, id % 2 ? SEND_DONE : SEND_FAILED);
	assert_int_equal(sender_lanes(s->sender), 0);
}

/* CPU seconds to put and send n rows in one channel, replacements of n messages among them. */
static double cost(gint64 n)
{
	struct straw *s = straw_new();
	clock_t start = clock();
	straw_put(s, n + 1, OUTBOX_POST, "C1"); /* the rest waits behind it */
	for (gint64 id = 1; id <= n; id++) {
		g_autofree char *message = g_strdup_printf("m%" G_GINT64_FORMAT, id / 2);
		put_replacement(s, id, message);
	}
	s->answers_at_once = TRUE;
	straw_answer(s, n + 1, SEND_DONE);
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	assert_int_equal(s->reports->len, n + 1);
	assert_int_equal(s->sent->len, n / 2 + 2);
	assert_true(s->limit_calls < 4 * n);
	straw_free(s);
	return seconds;
}

static void test_cost_grows_as_the_rows_do(void **state)
{
	(void)state;
	cost(1000);
	double few = cost(10000), many = cost(100000);
	print_message("10,000 rows %.3f s, 100,000 rows %.3f s\n", few, many);
	assert_true(many < 40 * few + 0.5); /* a list searched for each row would be at 100 */
}

/* ---- all at random ---- */

struct fate {
	gboolean doubt, refused;
	guint reports;
};

static void put_at_random(struct straw *s, GRand *rand, gint64 id)
{
	static const char *const channels[] = { "C1", "C2", "C3", "C4" };
	static const char *const messages[] = { "m1", "m2", "m3" };
	enum outbox_kind kind = (enum outbox_kind)g_rand_int_range(rand, 0, OUTBOX_KIND_COUNT);
	struct outbox_row *row = straw_row(id, kind, channels[g_rand_int_range(rand, 0, 4)]);
	row->message = g_strdup(messages[g_rand_int_range(rand, 0, 3)]);
	row->person = g_strdup("U1");
	if (g_rand_int_range(rand, 0, 4) == 0)
		row->deadline_ms = clock_now_ms(s->clock) + g_rand_int_range(rand, 0, 20000);
	sender_put(s->sender, row);
}

static void answer_at_random(struct straw *s, GRand *rand, struct fate *fates)
{
	if (s->under_way->len == 0)
		return;
	guint i = (guint)g_rand_int_range(rand, 0, (gint)s->under_way->len);
	gint64 row = g_array_index(s->under_way, gint64, i);
	enum send_result result = (enum send_result)g_rand_int_range(rand, SEND_DONE, SEND_STOPPED + 1);
	fates[row].doubt = fates[row].doubt || result == SEND_IN_DOUBT;
	fates[row].refused = fates[row].refused || result == SEND_REFUSED;
	if (result == SEND_LATER && g_rand_boolean(rand))
		straw_answer_aside(s, row, g_rand_int_range(rand, 0, 3000));
	else
		straw_answer_later(s, row, result, g_rand_int_range(rand, -1, 3000), g_rand_boolean(rand));
	if (result == SEND_STOPPED && g_rand_boolean(rand))
		sender_resume(s->sender);
}

static void check_sent(struct straw *s, const struct fate *fates, guint from)
{
	for (guint i = from; i < s->sent->len; i++) {
		const struct straw_sending *sending = &g_array_index(s->sent, struct straw_sending, i);
		assert_int_equal(fates[sending->row].reports, 0);
		assert_int_equal(sending->in_doubt, fates[sending->row].doubt);
		assert_int_equal(sending->plain, fates[sending->row].refused);
	}
}

static void collect_reports(struct straw *s, struct fate *fates)
{
	while (s->reports->len > 0) {
		struct event *event = g_ptr_array_steal_index_fast(s->reports, 0);
		fates[event->row].reports++;
		assert_int_equal(fates[event->row].reports, 1);
		event_free(event);
	}
}

static void finish_all(struct straw *s, struct fate *fates)
{
	for (int rounds = 0; sender_waiting(s->sender) > 0; rounds++) {
		assert_in_range(rounds, 0, 10000);
		sender_resume(s->sender);
		while (s->under_way->len > 0)
			straw_answer(s, g_array_index(s->under_way, gint64, 0), SEND_DONE);
		straw_advance(s, SECONDS(1));
		collect_reports(s, fates);
	}
}

static void play(guint32 seed)
{
	enum { ROWS = 400 };
	struct straw *s = straw_new();
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autofree struct fate *fates = g_new0(struct fate, ROWS + 1);
	s->channel_limit = (struct send_limit){ NULL, 60, 2 };
	for (int kind = 0; kind < OUTBOX_KIND_COUNT; kind += 2)
		s->limits[kind] = (struct send_limit){ kind % 4 ? "even" : "odd", 600, 3 };
	for (gint64 id = 1; id <= ROWS;) {
		guint from = s->sent->len;
		gint act = g_rand_int_range(rand, 0, 8);
		if (act < 3)
			put_at_random(s, rand, id++);
		else if (act < 7)
			answer_at_random(s, rand, fates);
		else
			straw_advance(s, g_rand_int_range(rand, 0, 2000));
		check_sent(s, fates, from);
		collect_reports(s, fates);
	}
	finish_all(s, fates);
	for (gint64 id = 1; id <= ROWS; id++)
		assert_int_equal(fates[id].reports, 1);
	assert_int_equal(sender_active(s->sender), 0);
	assert_int_equal(sender_next_ms(s->sender), -1);
	straw_free(s);
}

static void test_every_row_has_exactly_one_report(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= 60; seed++)
		play(seed);
}

static void test_freeing_with_rows_everywhere_frees_them(void **state)
{
	(void)state;
	struct straw *s = straw_new();
	s->limits[OUTBOX_FORM] = (struct send_limit){ "views.open", 60, 1 };
	s->channel_limit = (struct send_limit){ NULL, 60, 1 };
	for (gint64 id = 1; id <= 60; id++)
		straw_put(s, id, (enum outbox_kind)(id % OUTBOX_KIND_COUNT), id % 2 ? "C1" : "C2");
	straw_free(s);
	sender_free(NULL);
}

#define ON_STRAW(test) cmocka_unit_test_setup_teardown(test, make_straw, free_straw)

int main(void)
{
	log_set_level(LOG_LEVEL_ERROR);
	const struct CMUnitTest tests[] = {
		ON_STRAW(test_one_in_flight_in_a_channel),
		ON_STRAW(test_other_lanes_go_on),
		cmocka_unit_test(test_lanes),
		ON_STRAW(test_a_direct_message_has_a_lane_for_each_person),
		ON_STRAW(test_no_more_under_way_than_there_are_connections),
		ON_STRAW(test_one_message_a_second_after_the_burst),
		ON_STRAW(test_a_channels_budget_holds_up_that_channel_alone),
		ON_STRAW(test_a_pause_fills_the_burst_and_no_more),
		ON_STRAW(test_kinds_may_share_a_bucket),
		ON_STRAW(test_a_full_bucket_does_not_spend_the_channels_budget),
		ON_STRAW(test_many_lanes_wait_for_one_bucket_in_their_order),
		ON_STRAW(test_retry_after_of_a_method_blocks_its_bucket_alone),
		ON_STRAW(test_after_a_retry_after_one_goes_first),
		ON_STRAW(test_a_shorter_retry_after_does_not_open_the_bucket),
		ON_STRAW(test_retry_after_of_a_channel_blocks_the_lane_alone),
		ON_STRAW(test_without_a_word_it_backs_off),
		ON_STRAW(test_what_waits_holds_its_place),
		ON_STRAW(test_what_waits_aside_holds_up_nothing),
		ON_STRAW(test_in_doubt_comes_again_and_says_so),
		ON_STRAW(test_a_refused_card_comes_once_more_as_plain_text),
		ON_STRAW(test_a_refused_card_may_go_as_plain_text),
		ON_STRAW(test_ends),
		ON_STRAW(test_a_report_tells_where_it_stands),
		ON_STRAW(test_an_unknown_outcome_is_nothing),
		ON_STRAW(test_what_is_too_late_is_dropped),
		ON_STRAW(test_a_form_has_its_platforms_life),
		ON_STRAW(test_no_try_after_the_deadline_is_waited_for),
		ON_STRAW(test_outcomes_from_inside_send),
		ON_STRAW(test_a_newer_replacement_takes_the_waiting_ones_place),
		ON_STRAW(test_replacements_with_a_budget_of_their_own_are_gathered),
		ON_STRAW(test_a_message_with_a_budget_is_replaced_before_it_is_deleted),
		ON_STRAW(test_a_slow_budget_is_not_forgotten),
		ON_STRAW(test_a_replacement_in_flight_is_never_superseded),
		ON_STRAW(test_a_replacement_that_backs_off_is_superseded),
		ON_STRAW(test_a_lane_waits_in_a_bucket_while_its_row_is_superseded),
		ON_STRAW(test_a_lane_waits_in_a_bucket_while_its_row_becomes_late),
		ON_STRAW(test_refused_credentials_stop_all_until_resumed),
		ON_STRAW(test_stopping_from_inside_send_stops_at_once),
		ON_STRAW(test_another_sender_takes_over),
		ON_STRAW(test_lanes_do_not_pile_up),
		ON_STRAW(test_spent_lanes_without_a_budget_go_at_once),
		cmocka_unit_test(test_cost_grows_as_the_rows_do),
		cmocka_unit_test(test_every_row_has_exactly_one_report),
		cmocka_unit_test(test_freeing_with_rows_everywhere_frees_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
