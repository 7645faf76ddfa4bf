/* SPDX-License-Identifier: MIT */
/*
 * Unasked messages on their way to a person: how many a day, when, in which form, and that nothing private ever stands in a
 * channel. The bell rings for Ana when somebody says so:
 *
 *	bell ABOUT HOURS TEXT     a nudge about a topic, worth something for so many hours (0: for ever)
 *	hint ABOUT HOURS TEXT     the same for what can wait
 *	again ABOUT HOURS TEXT    a reminder
 *	report ABOUT HOURS TEXT   what can wait and is more than a line: several texts, two buttons
 *	insist ABOUT 0 TEXT       at once
 *	done ABOUT 0 -            it is settled
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "handlers/registry.h"
#include "quiet/quiet.h"
#include "tests/unit/core/house.h"

/* ---- the bell ---- */

struct call {
	const char *about, *text;
	int64_t until_ms;
};

static struct call read_call(struct turn *t, const char *rest)
{
	g_auto(GStrv) words = g_strsplit(rest, " ", 3);
	assert_int_equal(g_strv_length(words), 3);
	int64_t hours = g_ascii_strtoll(words[1], NULL, 10);
	return (struct call){ turn_keep(t, g_strdup(words[0])), turn_keep(t, g_strdup(words[2])),
		hours ? t->now_ms + HOURS(hours) : G_MAXINT64 };
}

static const struct person *ana(struct turn *t)
{
	return roster_person(t->roster, "acme", "U1");
}

static struct message *words_of(const struct call *call)
{
	struct message *m = message_new();
	message_say(m, call->text);
	message_button(m, "bell.press", call->about, "Do it", MESSAGE_PRIMARY);
	return m;
}

static void bell(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	(void)event;
	turn_nudge(t, "acme", ana(t), call.about, call.until_ms, words_of(&call));
}

static void hint(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	(void)event;
	turn_hint(t, "acme", ana(t), call.about, call.until_ms, words_of(&call));
}

static void again(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	(void)event;
	turn_remind(t, "acme", ana(t), call.about, call.until_ms, words_of(&call));
}

static void report(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	struct message *m = words_of(&call);
	(void)event;
	message_say(m, "the whole of it");
	message_button(m, "bell.press", "other", "The other", MESSAGE_PLAIN);
	turn_hint(t, "acme", ana(t), call.about, call.until_ms, m);
}

static void insist(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	(void)event;
	turn_insist(t, "acme", ana(t), call.about, words_of(&call));
}

static void done(struct turn *t, const struct event *event, const char *rest)
{
	struct call call = read_call(t, rest);
	(void)event;
	turn_unnudge(t, ana(t), call.about);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct command commands[] = {
	{ .words = WORDS("bell"), .takes_text = TRUE, .run = bell },
	{ .words = WORDS("hint"), .takes_text = TRUE, .run = hint },
	{ .words = WORDS("again"), .takes_text = TRUE, .run = again },
	{ .words = WORDS("report"), .takes_text = TRUE, .run = report },
	{ .words = WORDS("insist"), .takes_text = TRUE, .run = insist },
	{ .words = WORDS("done"), .takes_text = TRUE, .run = done },
	{ 0 },
};
static const struct topic topics[] = {
	{ "standup", "standup.topic", WORDS("晨会") },
	{ 0 },
};
static const struct trigger triggers[] = { { 0 } };
static const struct ritual ritual_bell = { .name = "bell", .triggers = triggers, .commands = commands, .topics = topics };
static const struct ritual *const rituals[] = { &ritual_bell, &ritual_quiet, NULL };

/* ---- the scene ---- */

/* 2026-03-02 09:00 in Shanghai, where Ana (U1) and Bo (U2) are. */
static int open_scene(void **state)
{
	gsize count;
	const struct sql_owner *const *owners = registry_schema(&count);
	struct house *h = house_open(":memory:", rituals, owners, count, registry_texts());
	house_do(h, house_people("U1", "Ana", "C1"));
	house_do(h, house_people("U2", "Bo", "C1"));
	g_free(house_handed(h));
	*state = h;
	return 0;
}

static int close_scene(void **state)
{
	house_close(*state);
	return 0;
}

static void say(struct house *h, const char *person, const char *text)
{
	static guint64 messages; /* each its own key */
	g_autofree char *channel = g_strdup_printf("D%s", person);
	struct event *event = house_said(person, channel, text);
	event->keys[0] = g_strdup_printf("m%" G_GUINT64_FORMAT, ++messages);
	house_do(h, event);
}

/* To the next such time of day. */
static void until(struct house *h, int hour, int minute)
{
	int64_t midnight_ms = 1772380800000; /* 2026-03-02 00:00 in Shanghai */
	int64_t target_ms = midnight_ms + HOURS(hour) + MINUTES(minute);
	while (target_ms <= h->now_ms)
		target_ms += DAYS(1);
	h->now_ms = target_ms;
	house_do(h, NULL);
}

static void ring(struct house *h, const char *what)
{
	say(h, "U2", what);
}

/* Everything that was handed goes to Ana alone; how many messages, and what all of them say. */
static char *told(struct house *h, guint *count)
{
	GString *all = g_string_new(NULL);
	*count = h->handed->len;
	for (guint i = 0; i < h->handed->len; i++) {
		const struct outbox_row *row = h->handed->pdata[i];
		assert_int_equal(row->kind, OUTBOX_POST);
		if (row->channel)
			assert_string_equal(row->channel, "DU1"); /* an answer to her */
		else
			assert_string_equal(row->person, "U1");
		g_string_append(all, row->content);
	}
	g_ptr_array_set_size(h->handed, 0);
	return g_string_free(all, FALSE);
}

static void expect_told(struct house *h, guint expected, const char *words)
{
	guint count;
	g_autofree char *all = told(h, &count);
	if (count != expected || (words && !strstr(all, words)))
		fail_msg("%u messages instead of %u, with '%s': %s", count, expected, words ? words : "", all);
}

static int64_t fates(struct house *h, const char *fate)
{
	static const struct sql query = { .name = "fates", .text = "SELECT COUNT(*) FROM quiet_nudge WHERE fate = $1", .arg_count = 1 };
	struct db_rows *rows = db_query(h->db, &query, ARG_TEXT(fate));
	int64_t count = db_next(rows) ? db_int(rows, 0) : -1;
	assert_true(db_end(rows, NULL));
	return count;
}

/* ---- the budget ---- */

static void five_a_day_then_one_digest(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 8; i++)
		ring(h, i < 5 ? "bell standup 0 at once" : "bell letters 0 in the digest");
	expect_told(h, 5, "at once");
	until(h, 17, 29);
	expect_told(h, 0, NULL);
	until(h, 17, 30);
	guint count;
	g_autofree char *all = told(h, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(all, "3 more things for today"));
	assert_non_null(strstr(all, "in the digest"));
	assert_non_null(strstr(all, "\"action\":\"bell.press\",\"value\":\"letters\",\"label\":\"Do it\""));
	assert_int_equal(fates(h, "listed"), 3);
	/* The next day begins anew. */
	until(h, 9, 0);
	ring(h, "bell standup 0 tomorrow");
	expect_told(h, 1, "tomorrow");
	until(h, 17, 30);
	expect_told(h, 0, NULL);
}

static void a_long_digest_goes_on_the_next_day(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 5 + 23; i++)
		ring(h, "bell standup 0 one");
	expect_told(h, 5, NULL);
	until(h, 17, 30);
	expect_told(h, 1, "20 more things");
	until(h, 17, 30);
	expect_told(h, 1, "3 more things");
	assert_int_equal(fates(h, "listed"), 23);
}

static void what_is_worthless_by_then_is_not_in_it(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 5; i++)
		ring(h, "bell standup 0 at once");
	expect_told(h, 5, NULL);
	ring(h, "bell standup 2 too short");
	ring(h, "bell standup 10 long enough");
	until(h, 17, 30);
	guint count;
	g_autofree char *all = told(h, &count);
	assert_int_equal(count, 1);
	assert_null(strstr(all, "too short"));
	assert_non_null(strstr(all, "long enough"));
	assert_int_equal(fates(h, "late"), 1);
}

static void what_is_done_is_not_in_it(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 5; i++)
		ring(h, "bell standup 0 at once");
	expect_told(h, 5, NULL);
	ring(h, "bell standup 0 write it");
	ring(h, "done standup 0 -");
	assert_int_equal(fates(h, "settled"), 1);
	until(h, 17, 30);
	expect_told(h, 0, NULL);
}

static void hints_leave_room_for_what_is_for_now(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 7; i++)
		ring(h, "hint letters 0 a hint");
	expect_told(h, 2, "a hint");
	for (int i = 0; i < 3; i++)
		ring(h, "bell standup 1 for now");
	expect_told(h, 3, "for now");
	ring(h, "bell standup 1 too many");
	expect_told(h, 0, NULL);
	until(h, 17, 30);
	expect_told(h, 1, "5 more things");
}

static void after_the_night_what_is_for_now_comes_first(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	for (int i = 0; i < 4; i++)
		ring(h, "hint letters 0 a hint");
	for (int i = 0; i < 2; i++)
		ring(h, "bell standup 0 for now");
	until(h, 8, 0);
	expect_told(h, 2, "for now");
	until(h, 17, 30);
	expect_told(h, 1, "4 more things");
}

static void what_is_urgent_does_not_count(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 6; i++)
		ring(h, "insist standup 0 urgent");
	expect_told(h, 6, "urgent");
	ring(h, "bell standup 1 for now");
	expect_told(h, 1, "for now");
}

/* ---- what a digest's line leaves out ---- */

static void press_show(struct house *h, const char *person)
{
	static const struct sql query = { .name = "last", .text = "SELECT id FROM quiet_nudge ORDER BY id DESC LIMIT 1", .arg_count = 0 };
	struct db_rows *rows = db_query(h->db, &query);
	assert_true(db_next(rows));
	struct event *event = house_said(person, person[1] == '1' ? "DU1" : "DU2", NULL);
	event->kind = EVENT_PRESSED;
	event->word = g_strdup("quiet.show");
	event->value = g_strdup_printf("%" G_GINT64_FORMAT, db_int(rows, 0));
	assert_true(db_end(rows, NULL));
	house_do(h, event);
}

/* To the digest with one report. */
static void take_report(struct house *h, const char *words)
{
	for (int i = 0; i < 2; i++)
		ring(h, "hint letters 0 a hint");
	ring(h, words);
	expect_told(h, 2, "a hint");
	until(h, 17, 30);
	guint count;
	g_autofree char *all = told(h, &count);
	assert_int_equal(count, 1);
	assert_null(strstr(all, "the whole of it"));
	assert_null(strstr(all, "bell.press"));
	assert_non_null(strstr(all, "\"action\":\"quiet.show\""));
}

static void what_is_more_than_a_line_is_a_press_away(void **state)
{
	struct house *h = *state;
	take_report(h, "report letters 0 the news");
	press_show(h, "U2"); /* it is not Bo's */
	assert_int_equal(h->handed->len, 1);
	assert_non_null(strstr(((const struct outbox_row *)h->handed->pdata[0])->content, "shown to you already"));
	g_ptr_array_set_size(h->handed, 0);
	press_show(h, "U1");
	expect_told(h, 1, "the whole of it");
	press_show(h, "U1");
	expect_told(h, 1, "shown to you already");
}

static void what_is_settled_or_over_is_not_shown(void **state)
{
	struct house *h = *state;
	take_report(h, "report letters 0 the news");
	ring(h, "done letters 0 -");
	press_show(h, "U1");
	expect_told(h, 1, "settled by now");
	until(h, 9, 0);
	take_report(h, "report letters 9 the news");
	until(h, 20, 0);
	press_show(h, "U1");
	expect_told(h, 1, "is over");
}

static int64_t count_kept(struct house *h)
{
	static const struct sql query = { .name = "kept", .text = "SELECT COUNT(*) FROM outbox WHERE content LIKE '%the whole of it%'", .arg_count = 0 };
	struct db_rows *rows = db_query(h->db, &query);
	int64_t count = db_next(rows) ? db_int(rows, 0) : -1;
	assert_true(db_end(rows, NULL));
	return count;
}

static void what_nobody_opens_is_forgotten(void **state)
{
	struct house *h = *state;
	take_report(h, "report letters 0 the news");
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(h->db, &error) && dispatch_start(h->dispatch, h->now_ms, &error) && db_commit(h->db, &error));
	assert_int_equal(count_kept(h), 1);
	for (int day = 0; day < 32; day++)
		until(h, 10, 0);
	assert_int_equal(count_kept(h), 0);
}

/* ---- quiet hours ---- */

static void what_comes_at_night_waits_for_the_morning(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	ring(h, "bell standup 0 worth it");
	ring(h, "bell standup 3 tonight only");
	expect_told(h, 0, NULL);
	until(h, 7, 59);
	expect_told(h, 0, NULL);
	until(h, 8, 0);
	guint count;
	g_autofree char *all = told(h, &count);
	assert_int_equal(count, 1);
	assert_non_null(strstr(all, "worth it"));
	assert_int_equal(fates(h, "late"), 1);
}

static void a_night_full_of_them_is_no_storm_in_the_morning(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	for (int i = 0; i < 7; i++)
		ring(h, "bell standup 0 good morning");
	until(h, 8, 0);
	expect_told(h, 5, NULL);
	until(h, 17, 30);
	expect_told(h, 1, "2 more things");
}

static void ones_own_hours(void **state)
{
	struct house *h = *state;
	say(h, "U1", "勿扰 09:00-12:00");
	expect_told(h, 1, "09:00");
	ring(h, "bell standup 0 later");
	expect_told(h, 0, NULL);
	until(h, 12, 0);
	expect_told(h, 1, "later");
	say(h, "U1", "quiet off");
	expect_told(h, 1, "no quiet hours");
	until(h, 23, 0);
	ring(h, "bell standup 0 at night");
	expect_told(h, 1, "at night");
	say(h, "U1", "quiet default");
	expect_told(h, 1, NULL);
	ring(h, "bell standup 0 in the morning");
	expect_told(h, 0, NULL);
	say(h, "U1", "quiet");
	expect_told(h, 1, "20:00");
	say(h, "U1", "quiet sometimes");
	expect_told(h, 1, "sometimes");
}

static void what_waits_survives_a_restart(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	ring(h, "bell standup 0 kept");
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(h->db, &error) && outbox_recover(h->outbox, &error) && db_commit(h->db, &error));
	assert_null(outbox_take_handed(h->outbox));
	/* Off until noon. */
	until(h, 12, 0);
	expect_told(h, 1, "kept");
}

/* ---- reminders, mutes, what is urgent ---- */

static void one_reminder_a_day_about_a_topic(void **state)
{
	struct house *h = *state;
	ring(h, "again standup 0 first");
	ring(h, "again standup 0 second");
	ring(h, "again letters 0 other");
	ring(h, "bell standup 0 no reminder");
	expect_told(h, 3, "other");
	assert_int_equal(fates(h, "repeated"), 1);
	until(h, 9, 0);
	ring(h, "again standup 0 next day");
	expect_told(h, 1, "next day");
}

static void what_is_muted_is_not_said(void **state)
{
	struct house *h = *state;
	say(h, "U1", "mute standup");
	expect_told(h, 1, "no more private messages");
	ring(h, "bell standup 0 unwanted");
	expect_told(h, 0, NULL);
	assert_int_equal(fates(h, "muted"), 1);
	ring(h, "bell letters 0 wanted");
	expect_told(h, 1, "wanted");
	say(h, "U1", "mute standup");
	expect_told(h, 1, "already");
	say(h, "U1", "mute");
	expect_told(h, 1, "standup — muted");
	say(h, "U1", "取消静音 晨会");
	expect_told(h, 1, "again");
	ring(h, "bell standup 0 wanted again");
	expect_told(h, 1, "wanted again");
}

static void a_topic_of_the_teams_own_is_muted_by_its_name(void **state)
{
	struct house *h = *state;
	say(h, "U1", "mute letters");
	expect_told(h, 1, "nothing called");
	ring(h, "bell letters 0 first");
	expect_told(h, 1, "mute letters");
	say(h, "U1", "mute letters");
	expect_told(h, 1, "no more private messages");
	ring(h, "bell letters 0 second");
	expect_told(h, 0, NULL);
}

static void muting_drops_what_waits(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	ring(h, "bell standup 0 waits");
	say(h, "U1", "静音 站会");
	expect_told(h, 1, "no more private messages");
	until(h, 8, 0);
	expect_told(h, 0, NULL);
}

static void what_is_urgent_goes_at_once(void **state)
{
	struct house *h = *state;
	say(h, "U1", "mute standup");
	expect_told(h, 1, NULL);
	until(h, 3, 0);
	ring(h, "insist standup 0 now");
	expect_told(h, 1, "now");
}

/* ---- people ---- */

static void each_says_how_to_stop_it(void **state)
{
	struct house *h = *state;
	ring(h, "bell standup 0 hello");
	guint count;
	g_autofree char *all = told(h, &count);
	const char *line = "Answer “mute standup”";
	char *found = strstr(all, line);
	assert_non_null(found);
	assert_null(strstr(found + 1, line));
}

static void who_has_left_hears_nothing(void **state)
{
	struct house *h = *state;
	struct event *event = house_people("U1", "Ana", NULL);
	g_array_index(event->people, struct event_person, 0).deactivated = TRUE;
	house_do(h, event);
	ring(h, "bell standup 0 gone");
	expect_told(h, 0, NULL);
}

static void what_waits_for_who_has_left_is_dropped(void **state)
{
	struct house *h = *state;
	until(h, 21, 0);
	ring(h, "bell standup 0 waits");
	ring(h, "bell letters 0 waits too");
	struct event *event = house_people("U1", "Ana", NULL);
	g_array_index(event->people, struct event_person, 0).deactivated = TRUE;
	house_do(h, event);
	until(h, 8, 0);
	expect_told(h, 0, NULL);
	assert_int_equal(fates(h, "settled"), 2);
}

static void who_is_away_finds_it_in_a_digest(void **state)
{
	static const struct sql go = { .name = "go", .text = "INSERT INTO away (person, first_day, last_day, half, reason, told_by, told_ms) "
							     "SELECT id, '2026-03-02', '2026-03-03', '', '', id, 0 FROM person WHERE name = 'Ana'" };
	struct house *h = *state;
	assert_true(db_begin(h->db, NULL) && db_exec(h->db, &go, NULL) && db_commit(h->db, NULL));
	ring(h, "bell standup 2 today only");
	ring(h, "bell letters 0 for later");
	until(h, 17, 30);
	expect_told(h, 0, NULL);
	until(h, 17, 30);
	expect_told(h, 0, NULL);
	until(h, 17, 30);
	expect_told(h, 1, "for later");
}

static void the_reasons_are_forgotten_after_a_month(void **state)
{
	struct house *h = *state;
	say(h, "U1", "mute standup");
	ring(h, "bell standup 0 unwanted");
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(h->db, &error) && dispatch_start(h->dispatch, h->now_ms, &error) && db_commit(h->db, &error));
	for (int day = 0; day < 29; day++)
		until(h, 10, 0);
	assert_int_equal(fates(h, "muted"), 1);
	for (int day = 0; day < 3; day++)
		until(h, 10, 0);
	assert_int_equal(fates(h, "muted"), 0);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(five_a_day_then_one_digest),
		SCENE(a_long_digest_goes_on_the_next_day),
		SCENE(what_is_worthless_by_then_is_not_in_it),
		SCENE(what_is_done_is_not_in_it),
		SCENE(hints_leave_room_for_what_is_for_now),
		SCENE(after_the_night_what_is_for_now_comes_first),
		SCENE(what_is_urgent_does_not_count),
		SCENE(what_is_more_than_a_line_is_a_press_away),
		SCENE(what_is_settled_or_over_is_not_shown),
		SCENE(what_nobody_opens_is_forgotten),
		SCENE(what_comes_at_night_waits_for_the_morning),
		SCENE(a_night_full_of_them_is_no_storm_in_the_morning),
		SCENE(ones_own_hours),
		SCENE(what_waits_survives_a_restart),
		SCENE(one_reminder_a_day_about_a_topic),
		SCENE(what_is_muted_is_not_said),
		SCENE(a_topic_of_the_teams_own_is_muted_by_its_name),
		SCENE(muting_drops_what_waits),
		SCENE(what_is_urgent_goes_at_once),
		SCENE(each_says_how_to_stop_it),
		SCENE(who_has_left_hears_nothing),
		SCENE(what_waits_for_who_has_left_is_dropped),
		SCENE(who_is_away_finds_it_in_a_digest),
		SCENE(the_reasons_are_forgotten_after_a_month),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
