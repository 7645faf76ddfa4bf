/* SPDX-License-Identifier: MIT */
#include "tests/support/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "highlight/export.h"

/* The stage's clock begins on Monday, 2 March 2026, 09:00; the post is due at 18:00. */
#define TEAM "    highlights: \"18:00\"\n    highlight_allowance: 3\n"

static struct stage *begin(void)
{
	struct stage *s = stage_new_with("en", "A", TEAM);
	g_autoptr(GError) error = NULL;
	assert_true(db_begin(s->db, &error) && dispatch_start(s->dispatch, s->now_ms, &error) && db_commit(s->db, &error));
	stage_do(s, NULL);
	stage_clear(s);
	return s;
}

static void react_in(struct stage *s, const char *channel, enum event_kind kind, const char *name, const char *emoji,
	const char *message)
{
	struct event *event = event_new(kind, "acme");
	event->person = g_strdup_printf("U_%s", name);
	event->place.channel = g_strdup(channel);
	event->message = g_strdup(message);
	event->word = g_strdup(emoji);
	event->at_ms = s->now_ms;
	stage_do(s, event);
}

static void react(struct stage *s, enum event_kind kind, const char *name, const char *emoji, const char *message)
{
	react_in(s, "C1", kind, name, emoji, message);
}

/* The platform answers what was asked about. value: EVENT_FOUND_PUBLIC or NULL. */
static void found(struct stage *s, const char *channel, const char *message, const char *author, const char *text, const char *value)
{
	struct event *event = event_new(EVENT_FOUND, "acme");
	event->person = g_strdup_printf("U_%s", author);
	event->place.channel = g_strdup(channel);
	event->message = g_strdup(message);
	event->text = g_strdup(text);
	event->link = g_strdup("https://acme.example/archives/C1/p1");
	event->word = g_strdup("highlight.star");
	event->value = g_strdup(value);
	stage_do(s, event);
}

static void say(struct stage *s, const char *name, const char *text)
{
	stage_command(s, name, "highlight", text);
	stage_clear(s);
}

/* Moves to the day's post; its message. */
static const char *until_post(struct stage *s, int64_t ms, const char *text)
{
	static char message[32];
	stage_clear(s);
	stage_advance(s, ms);
	g_strlcpy(message, stage_expect_text(s, "post C1", text), sizeof message);
	return message;
}

static const struct sql voices = { .name = "voices", .text = "SELECT COALESCE(SUM(voices), 0) FROM highlight_good" };
static const struct sql words = { .name = "words", .text = "SELECT COUNT(*) FROM highlight_good WHERE shared IS NOT NULL" };
static const struct sql open_jobs = { .name = "jobs", .text = "SELECT COUNT(*) FROM job WHERE word = 'morning'" };

static void test_a_person_has_one_voice(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	stage_press(s, "bo", "highlight.clap", "1");
	react(s, EVENT_REACTED, "bo", "clap", post);
	react(s, EVENT_REACTED, "bo", "heart", post);
	assert_int_equal(stage_count(s, &voices), 1);
	react(s, EVENT_REACTED, "cai", "clap", post);
	assert_int_equal(stage_count(s, &voices), 2);
	stage_clear(s);
	stage_advance(s, MINUTES(2));
	stage_expect_text(s, "replace C1", "👏 2");
	/* Taken back, all of it, one after the other. */
	react(s, EVENT_UNREACTED, "bo", "clap", post);
	react(s, EVENT_UNREACTED, "bo", "heart", post);
	assert_int_equal(stage_count(s, &voices), 2);
	stage_press(s, "bo", "highlight.clap", "1");
	assert_int_equal(stage_count(s, &voices), 1);
	stage_free(s);
}

static void test_own_applause_does_not_count(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	say(s, "ana", "@bo the offer was perfect");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "ana", "clap", post); /* of both: her own, and the one she wrote */
	assert_int_equal(stage_count(s, &voices), 0);
	react(s, EVENT_REACTED, "bo", "clap", post); /* of both: Ana's, and the one that thanks him */
	assert_int_equal(stage_count(s, &voices), 1);
	stage_clear(s);
	stage_press(s, "bo", "highlight.clap", "2");
	stage_expect_text(s, "private U_bo", "for the others to applaud");
	assert_int_equal(stage_count(s, &voices), 1);
	stage_free(s);
}

static void test_a_number_is_for_one(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "one");
	say(s, "bo", "two");
	const char *post = until_post(s, HOURS(9), "one");
	react(s, EVENT_REACTED, "cai", "two", post);
	react(s, EVENT_REACTED, "cai", "three", post); /* there is none */
	assert_int_equal(stage_count(s, &voices), 1);
	react(s, EVENT_REACTED, "mia", "tada", post);
	assert_int_equal(stage_count(s, &voices), 3);
	stage_free(s);
}

static void test_a_reaction_on_what_was_said_counts(void **state)
{
	(void)state;
	struct stage *s = begin();
	g_autofree char *message = g_strdup(stage_call(s, "ana", "highlight signed Acme"));
	react(s, EVENT_REACTED, "bo", "tada", message);
	react(s, EVENT_REACTED, "ana", "tada", message);
	until_post(s, HOURS(9), "👏 1");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_a_quiet_day_and_a_day_off(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_advance(s, DAYS(4) + HOURS(9)); /* Friday, 18:00, and nothing was said */
	stage_expect_nothing(s);
	stage_advance(s, HOURS(1));
	say(s, "ana", "on a Friday night");
	stage_advance(s, DAYS(1)); /* Saturday */
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1)); /* Sunday */
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1) - HOURS(1)); /* Monday, 18:00 */
	stage_expect_text(s, "post C1", "on a Friday night");
	stage_free(s);
}

static void test_the_morning_after(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	say(s, "cai", "cleaned the data");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "bo", "one", post);
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "replace C1", "👏 1");
	stage_advance(s, HOURS(16)); /* the next day, after 09:30 */
	stage_expect_text(s, "post U_ana", "applauded by 1");
	stage_expect_text(s, "post U_mia", "cleaned the data"); /* and not what was applauded */
	stage_expect_nothing(s); /* Cai hears nothing of no applause */
	stage_advance(s, DAYS(3));
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open_jobs), 0);
	stage_free(s);
}

/* One message of all posts that came meanwhile, the first of them in it. */
static void test_back_from_days_away(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_command(s, "mia", "away", "03-03..03-04");
	say(s, "ana", "signed Acme");
	until_post(s, HOURS(9), "signed Acme");
	say(s, "cai", "cleaned the data");
	until_post(s, DAYS(1), "cleaned the data");
	say(s, "bo", "twenty leads");
	until_post(s, DAYS(1), "twenty leads");
	stage_clear(s);
	stage_advance(s, HOURS(16)); /* Thursday, after 09:30 */
	stage_expect_text(s, "post U_mia", "signed Acme");
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &open_jobs), 0);
	stage_free(s);
}

/* Off on the evening of the month's last post: the wall comes with the next one, once. */
static void test_a_wall_that_was_missed(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	until_post(s, HOURS(9), "signed Acme");
	stage_advance(s, DAYS(29) - HOURS(1)); /* the 31st, 17:00 */
	s->now_ms += HOURS(16);
	stage_advance(s, 0);
	until_post(s, HOURS(9), "Wall of highlights 2026-03");
	stage_expect_nothing(s);
	stage_advance(s, DAYS(1));
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_the_morning_after_a_great_day(void **state)
{
	(void)state;
	struct stage *s = begin();
	static const char *const people[] = { "ana", "bo", "cai" };
	stage_config(s)->teams[0]->highlight_allowance = 4;
	for (int i = 0; i < 12; i++) {
		g_autofree char *text = g_strdup_printf("lead number %d", i);
		say(s, people[i % 3], text);
	}
	until_post(s, HOURS(9), "lead number 11");
	stage_clear(s);
	stage_advance(s, HOURS(16));
	stage_expect_text(s, "post U_mia", "2 more did not fit in here.");
	stage_free(s);
}

static void test_a_late_morning_is_not_told_of(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	const char *post = until_post(s, HOURS(9), "signed Acme");
	react(s, EVENT_REACTED, "bo", "clap", post);
	stage_clear(s);
	s->now_ms += DAYS(1); /* switched off until the evening */
	stage_advance(s, 0);
	stage_expect_text(s, "replace C1", "👏 1");
	stage_expect_nothing(s);
	stage_free(s);
}

static void why(struct stage *s, const char *about, const char *answer)
{
	stage_command(s, "mia", "why", about);
	stage_expect_text(s, "private U_mia", answer);
}

/* A manager's hour wins until it is taken back, and each evening says what became of it. */
static void test_a_manager_moves_the_post(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_command(s, "mia", "schedule", "highlights 18:30");
	stage_expect_text(s, "post C1", "highlights of sales from Mon 2 March on: workdays 18:30");
	stage_command(s, "ana", "highlight", "signed Acme");
	stage_expect_text(s, "private U_ana", "shared in the channel at 18:30.");
	stage_advance(s, HOURS(9));
	stage_expect_nothing(s);
	until_post(s, MINUTES(30), "signed Acme");
	stage_command(s, "bo", "highlight", "in the evening");
	stage_expect_text(s, "private U_bo", "at 18:30 on Tue 3 March");
	why(s, "highlights", "18:30 Asia/Shanghai: shared the highlights");
	stage_command(s, "mia", "schedule", "高光 reset");
	stage_expect_text(s, "post C1", "from Tue 3 March on: workdays 18:00");
	until_post(s, HOURS(23) + MINUTES(30), "in the evening");
	stage_advance(s, HOURS(15) + MINUTES(30));
	stage_advance(s, HOURS(8) + MINUTES(30));
	stage_clear(s);
	why(s, "highlights 03-04", "18:00 Asia/Shanghai: no highlights shared (a quiet day, with nothing to tell)");
	why(s, "highlights 03-04", "09:30 Asia/Shanghai: told of the applause: Mia");
	stage_free(s);
}

/* Once a week: what was said since then is in one post, with the week's three of the time before. */
static void test_once_a_week(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_command(s, "mia", "schedule", "highlights every wednesday 17:00");
	say(s, "ana", "signed Acme");
	until_post(s, DAYS(2) + HOURS(8), "signed Acme");
	stage_press(s, "bo", "highlight.clap", "1");
	say(s, "cai", "cleaned the data");
	stage_advance(s, DAYS(2));
	stage_clear(s);
	stage_advance(s, DAYS(4));
	stage_clear(s);
	until_post(s, DAYS(1), "Most applauded this week");
	stage_command(s, "mia", "schedule", "highlights off");
	stage_clear(s);
	stage_command(s, "bo", "highlight", "nobody sees it");
	stage_expect_text(s, "private U_bo", "at the next occasion");
	stage_free(s);
}

static void test_the_week(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "Monday's own");
	const char *post = until_post(s, HOURS(9), "Monday's own");
	react(s, EVENT_REACTED, "bo", "clap", post);
	react(s, EVENT_REACTED, "cai", "clap", post);
	stage_advance(s, DAYS(3));
	say(s, "bo", "Friday's own");
	stage_advance(s, HOURS(20));
	stage_clear(s);
	post = until_post(s, HOURS(4), "Most applauded this week"); /* Friday, 18:00 */
	react(s, EVENT_REACTED, "mia", "clap", post); /* Friday's, whose week is the next */
	stage_advance(s, DAYS(7) - HOURS(1));
	stage_clear(s);
	stage_advance(s, HOURS(1));
	stage_expect_text(s, "post C1", "Friday's own");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_the_month(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "in March");
	until_post(s, HOURS(9), "in March");
	stage_press(s, "bo", "highlight.clap", "1");
	for (int day = 3; day <= 30; day++) {
		stage_advance(s, DAYS(1));
		stage_clear(s);
	}
	stage_advance(s, DAYS(1)); /* Tuesday, 31 March */
	assert_int_equal(s->sent->len, 1);
	const struct outbox_row *wall = s->sent->pdata[0];
	const struct message_file *wish = wall->files->pdata[0];
	gsize length;
	const char *faces = g_bytes_get_data(wish->bytes, &length);
	assert_non_null(g_strstr_len(faces, (gssize)length, "{\"name\":\"Ana\",\"account\":\"U_ana\",\"caption\":\"in March\",\"star\":true}"));
	stage_expect_text(s, "post C1", "Wall of highlights 2026-03");
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_taking_back_what_was_shared(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "to be taken back");
	say(s, "bo", "to stay");
	until_post(s, HOURS(9), "to be taken back");
	stage_command(s, "cai", "highlight", "undo 1");
	stage_expect_text(s, "private U_cai", "not yours");
	stage_command(s, "mia", "highlight", "undo 1");
	stage_expect_text(s, "private U_mia", "taken back");
	stage_expect_text(s, "replace C1", "to stay");
	stage_command(s, "mia", "highlight", "undo 1");
	stage_expect_text(s, "private U_mia", "no number 1");
	stage_command(s, "bo", "highlight", "undo 2");
	stage_expect_text(s, "private U_bo", "taken back");
	stage_expect_text(s, "replace C1", "All highlights of this day were taken back");
	stage_free(s);
}

static void test_no_thanks_twice_in_the_same_words(void **state)
{
	(void)state;
	struct stage *s = begin();
	static const char *const thanks[] = { "it will be shared in the channel", "Lovely!", "One more" };
	for (size_t i = 0; i < G_N_ELEMENTS(thanks); i++) {
		stage_command(s, "ana", "highlight", "signed Acme");
		stage_expect_text(s, "private U_ana", thanks[i]);
	}
	stage_free(s);
}

struct exported {
	GPtrArray *lines;
};

static gboolean keep_line(const cJSON *record, gpointer data)
{
	g_ptr_array_add(((struct exported *)data)->lines, json_print(record));
	return TRUE;
}

static void test_records_of_them(void **state)
{
	(void)state;
	struct stage *s = begin();
	struct exported out = { g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GError) error = NULL;
	say(s, "ana", "signed Acme");
	say(s, "mia", "@bo for the offer 🧧");
	until_post(s, HOURS(9), "signed Acme");
	stage_press(s, "cai", "highlight.clap", "1");
	assert_true(record_read(s->db, &highlight_records, &(struct record_choice){ .config = s->config }, keep_line, &out, &error));
	assert_int_equal(out.lines->len, 2);
	assert_string_equal(out.lines->pdata[0],
		"{\"workspace\":\"acme\",\"team\":\"sales\",\"date\":\"2026-03-02\",\"person\":\"U_ana\",\"person_name\":\"Ana\","
		"\"whose\":\"U_ana\",\"whose_name\":\"Ana\",\"origin\":\"said\",\"red_packet\":false,\"text\":\"signed Acme\","
		"\"picture\":false,\"link\":\"\",\"applause\":1,\"week_top\":false,\"said_at\":\"2026-03-02T01:00:00Z\"}");
	assert_non_null(strstr(out.lines->pdata[1], "\"whose_name\":\"Bo\",\"origin\":\"said\",\"red_packet\":true"));
	assert_true(record_read(s->db, &highlight_records, &(struct record_choice){ .config = s->config, .from = "2026-03-03" }, keep_line, &out, &error));
	assert_int_equal(out.lines->len, 2);
	g_ptr_array_unref(out.lines);
	stage_free(s);
}

static void test_the_allowance(void **state)
{
	(void)state;
	struct stage *s = begin();
	for (int i = 0; i < 3; i++) {
		stage_command(s, "ana", "highlight", "@bo thanks");
		stage_expect_text(s, "private U_ana", "noted");
	}
	stage_command(s, "ana", "highlight", "@bo thanks");
	stage_expect_text(s, "private U_ana", "keep some for tomorrow");
	stage_free(s);
}

static void test_a_red_packet_is_announced_only(void **state)
{
	(void)state;
	struct stage *s = begin();
	stage_command(s, "mia", "highlight", "@bo for the offer 🧧");
	stage_expect_text(s, "private U_mia", "hand over the red packet yourself");
	until_post(s, HOURS(9), "🧧 Mia has a red packet for Bo");
	stage_free(s);
}

static void test_a_star_makes_a_highlight_once(void **state)
{
	(void)state;
	struct stage *s = begin();
	react(s, EVENT_REACTED, "bo", "star", "5.000001");
	stage_expect(s, "ask message C1");
	found(s, "C1", "5.000001", "ana", "see <https://acme.example/deal?a=1&amp;b=2|the deal>", NULL);
	stage_expect(s, "react tada on 5.000001");
	react(s, EVENT_REACTED, "cai", "trophy", "5.000001"); /* a voice, not another one */
	stage_expect_nothing(s);
	stage_advance(s, HOURS(9));
	stage_expect_text(s, "post C1", "\"link\":\"https://acme.example/deal?a=1&b=2\"");
	assert_int_equal(stage_count(s, &voices), 2);
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_stars_that_make_none(void **state)
{
	(void)state;
	struct stage *s = begin();
	react(s, EVENT_REACTED, "bo", "eyes", "5.000001"); /* not one of the list */
	stage_expect_nothing(s);
	react_in(s, "C9", EVENT_REACTED, "gus", "star", "5.000001"); /* a stranger elsewhere */
	stage_expect_nothing(s);
	react(s, EVENT_REACTED, "bo", "star", "5.000002");
	stage_expect(s, "ask message C1");
	found(s, "C1", "5.000002", "gus", "by somebody nobody knows", NULL);
	stage_advance(s, HOURS(9));
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_nobody_nominates_the_bot(void **state)
{
	(void)state;
	struct stage *s = begin();
	say(s, "ana", "signed Acme");
	g_autofree char *post = g_strdup(until_post(s, HOURS(9), "signed Acme"));
	react(s, EVENT_REACTED, "bo", "star", post);
	stage_expect_nothing(s);
	assert_int_equal(stage_count(s, &voices), 1); /* applause, for what stands there */
	stage_free(s);
}

static void test_the_last_star_taken_off_takes_it_back(void **state)
{
	(void)state;
	struct stage *s = begin();
	react(s, EVENT_REACTED, "bo", "star", "5.000001");
	found(s, "C1", "5.000001", "ana", "signed Acme", NULL);
	react(s, EVENT_REACTED, "cai", "star", "5.000001");
	stage_clear(s);
	react(s, EVENT_UNREACTED, "bo", "star", "5.000001");
	stage_expect_nothing(s);
	react(s, EVENT_UNREACTED, "cai", "star", "5.000001");
	stage_expect(s, "unreact tada on 5.000001");
	stage_advance(s, HOURS(9));
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_what_was_said_in_private_is_asked_about(void **state)
{
	(void)state;
	struct stage *s = begin();
	react_in(s, "G7", EVENT_REACTED, "bo", "star", "5.000001");
	stage_expect(s, "ask message G7");
	found(s, "G7", "5.000001", "ana", "between us", NULL);
	stage_expect_text(s, "post U_ana", "between us");
	stage_press(s, "bo", "highlight.agree", "1"); /* not his to say */
	stage_expect_text(s, "private U_bo", "taken back");
	stage_advance(s, HOURS(9));
	stage_expect_nothing(s);
	stage_press(s, "ana", "highlight.agree", "1");
	stage_expect_text(s, "private U_ana", "next post");
	stage_advance(s, DAYS(1));
	stage_expect_text(s, "post C1", "between us");
	stage_free(s);
}

static void test_a_no_is_for_good(void **state)
{
	(void)state;
	struct stage *s = begin();
	react_in(s, "G7", EVENT_REACTED, "bo", "star", "5.000001");
	found(s, "G7", "5.000001", "ana", "between us", NULL);
	stage_press(s, "ana", "highlight.decline", "1");
	stage_clear(s);
	react_in(s, "G7", EVENT_UNREACTED, "bo", "star", "5.000001");
	react_in(s, "G7", EVENT_REACTED, "cai", "star", "5.000001");
	stage_expect_nothing(s); /* nobody asks again */
	stage_advance(s, HOURS(9));
	stage_expect_nothing(s);
	stage_free(s);
}

static void test_public_and_own_words_are_not_asked_about(void **state)
{
	(void)state;
	struct stage *s = begin();
	react_in(s, "C8", EVENT_REACTED, "bo", "star", "5.000001");
	found(s, "C8", "5.000001", "ana", "in the open", EVENT_FOUND_PUBLIC);
	react_in(s, "G7", EVENT_REACTED, "ana", "star", "5.000002");
	found(s, "G7", "5.000002", "ana", "my own", NULL);
	stage_clear(s);
	until_post(s, HOURS(9), "in the open");
	assert_int_equal(stage_count(s, &voices), 1); /* Bo's star; her own is none */
	stage_free(s);
}

static void test_a_message_changed_or_deleted(void **state)
{
	(void)state;
	struct stage *s = begin();
	g_autofree char *one = g_strdup(stage_say(s, "ana", "singed Acme"));
	g_autofree char *two = g_strdup(stage_say(s, "ana", "better not"));
	react(s, EVENT_REACTED, "bo", "star", one);
	found(s, "C1", one, "ana", "singed Acme", NULL);
	react(s, EVENT_REACTED, "bo", "star", two);
	found(s, "C1", two, "ana", "better not", NULL);
	stage_edit(s, "ana", one, "signed Acme");
	stage_delete(s, NULL, two);
	until_post(s, HOURS(9), "signed Acme");
	stage_delete(s, "ana", one);
	stage_expect_text(s, "replace C1", "All highlights of this day were taken back");
	stage_free(s);
}

static void attach(struct stage *s, const char *key, int64_t size_bytes, gboolean picture)
{
	struct event *event = event_new(EVENT_SAID, "acme");
	event->person = g_strdup("U_ana");
	event->place.channel = g_strdup("C1");
	event->message = g_strdup_printf("7.%s", key);
	event->keys[0] = g_strdup_printf("m:%s", event->message);
	event->text = g_strdup("highlight look");
	event->addressed = TRUE;
	event_add_file(event, key, "look", size_bytes, picture);
	stage_do(s, event);
}

static void test_a_picture_stands_in_the_post(void **state)
{
	(void)state;
	struct stage *s = begin();
	attach(s, "F1", 0, TRUE);
	stage_expect_text(s, "private U_ana", "Noted");
	attach(s, "F2", 9 * 1024 * 1024, TRUE);
	stage_expect_text(s, "private U_ana", "too large (over 8 MB)");
	attach(s, "F3", 100, FALSE);
	stage_expect_text(s, "private U_ana", "no picture that can be shown");
	stage_advance(s, HOURS(9));
	assert_int_equal(s->sent->len, 1);
	const struct outbox_row *post = s->sent->pdata[0];
	assert_int_equal(post->files->len, 1);
	const struct message_file *file = post->files->pdata[0];
	gsize length;
	assert_memory_equal(g_bytes_get_data(file->bytes, &length), "F1", 2);
	assert_int_equal(length, 2);
	stage_expect_text(s, "post C1", "\"kept\":true");
	assert_int_equal(stage_count(s, &words), 3); /* nobody's words are lost */
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_picture_stands_in_the_post),
		cmocka_unit_test(test_a_star_makes_a_highlight_once),
		cmocka_unit_test(test_stars_that_make_none),
		cmocka_unit_test(test_nobody_nominates_the_bot),
		cmocka_unit_test(test_the_last_star_taken_off_takes_it_back),
		cmocka_unit_test(test_what_was_said_in_private_is_asked_about),
		cmocka_unit_test(test_a_no_is_for_good),
		cmocka_unit_test(test_public_and_own_words_are_not_asked_about),
		cmocka_unit_test(test_a_message_changed_or_deleted),
		cmocka_unit_test(test_a_person_has_one_voice),
		cmocka_unit_test(test_own_applause_does_not_count),
		cmocka_unit_test(test_a_number_is_for_one),
		cmocka_unit_test(test_a_reaction_on_what_was_said_counts),
		cmocka_unit_test(test_a_quiet_day_and_a_day_off),
		cmocka_unit_test(test_the_morning_after),
		cmocka_unit_test(test_back_from_days_away),
		cmocka_unit_test(test_a_wall_that_was_missed),
		cmocka_unit_test(test_the_morning_after_a_great_day),
		cmocka_unit_test(test_a_late_morning_is_not_told_of),
		cmocka_unit_test(test_a_manager_moves_the_post),
		cmocka_unit_test(test_once_a_week),
		cmocka_unit_test(test_the_week),
		cmocka_unit_test(test_the_month),
		cmocka_unit_test(test_taking_back_what_was_shared),
		cmocka_unit_test(test_no_thanks_twice_in_the_same_words),
		cmocka_unit_test(test_records_of_them),
		cmocka_unit_test(test_the_allowance),
		cmocka_unit_test(test_a_red_packet_is_announced_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
