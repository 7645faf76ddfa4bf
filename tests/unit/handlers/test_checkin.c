/* SPDX-License-Identifier: MIT */
/* Own rounds on a stage: who is asked when, what is understood, what comes of it, and who sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/zone.h"
#include "stage.h"

/* Monday, 2 March 2026, 09:00 in Shanghai, is where a stage begins. */
#define READING                                                                                              \
	"    rounds:\n"                                                                                       \
	"      - name: reading\n"                                                                              \
	"        title: { zh-CN: 读书会, en: Reading club }\n"                                                 \
	"        schedule: every monday 16:00\n"                                                               \
	"        remind: \"18:00\"\n"                                                                          \
	"        deadline: \"+1 12:00\"\n"                                                                     \
	"        board: on\n"                                                                                  \
	"        questions:\n"                                                                                 \
	"          - ask: { zh-CN: 读了什么？, en: What did you read? }\n"                                     \
	"          - { ask: Pages?, kind: number, min: 0, max: 1000, optional: on }\n"                          \
	"          - { ask: Which day?, kind: choice, options: [weekday, weekend] }\n"                          \
	"          - { ask: How good?, kind: scale }\n"
#define MOOD                                                                                                 \
	"    rounds:\n"                                                                                       \
	"      - name: mood\n"                                                                                 \
	"        schedule: every monday 16:00\n"                                                               \
	"        deadline: \"18:00\"\n"                                                                        \
	"        anonymous: on\n"                                                                              \
	"        questions:\n"                                                                                 \
	"          - { ask: How good?, kind: scale }\n"                                                         \
	"          - { ask: Why?, optional: on }\n"
#define NOTE                                                                                                 \
	"    rounds:\n"                                                                                       \
	"      - name: note\n"                                                                                 \
	"        schedule: every monday 16:00\n"                                                               \
	"        questions: [{ ask: Anything new? }]\n"

#define GOOD "a novel\n120\nweekend\n4"

static struct stage *s;

static void open_stage(const char *language, const char *rounds)
{
	s = stage_new_with(language, "A", rounds);
	stage_clear(s);
}

static int close_stage(void **state)
{
	(void)state;
	g_clear_pointer(&s, stage_free);
	return 0;
}

/* To that time of the stage's first day, or of a later one. */
static void go_to(int day, const char *time)
{
	int64_t at_ms;
	char date[ZONE_DAY_SIZE];
	zone_day_shift("2026-03-02", day, date);
	zone_instant(zone_find("Asia/Shanghai"), date, (int)g_ascii_strtoll(time, NULL, 10) * 60 + (int)g_ascii_strtoll(time + 3, NULL, 10), &at_ms);
	assert_true(at_ms >= s->now_ms);
	stage_advance(s, at_ms - s->now_ms);
}

static void change_direct(enum event_kind kind, const char *name, const char *message, const char *text)
{
	struct event *event = event_new(kind, "acme");
	event->at_ms = s->now_ms;
	event->person = g_strdup_printf("U_%s", name);
	event->message = g_strdup(message);
	event->subject = g_strdup_printf("m:%s", message);
	event->place.kind = PLACE_DIRECT;
	event->place.channel = g_strdup_printf("D_%s", name);
	event->text = g_strdup(text);
	stage_do(s, event);
}

/* In the thread of a message of the bot's. */
static void say_in_direct_thread(const char *name, const char *thread, const char *text)
{
	struct event *event = event_new(EVENT_SAID, "acme");
	event->at_ms = s->now_ms;
	event->person = g_strdup_printf("U_%s", name);
	event->message = g_strdup_printf("9.%06u", ++s->messages);
	event->place.kind = PLACE_DIRECT;
	event->place.channel = g_strdup_printf("D_%s", name);
	event->place.thread = g_strdup(thread);
	event->text = g_strdup(text);
	stage_do(s, event);
}

static int64_t count(const char *text)
{
	const struct sql sql = { .name = text, .text = text };
	static GPtrArray *kept; /* a query is kept prepared by its address */
	kept = kept ? kept : g_ptr_array_new();
	struct sql *own = g_memdup2(&sql, sizeof sql);
	g_ptr_array_add(kept, own);
	return stage_count(s, own);
}

static void expect_accepted(const char *name, const char *text)
{
	g_autofree char *message = g_strdup(stage_say_direct(s, name, text));
	g_autofree char *line = g_strdup_printf("react white_check_mark on %s", message);
	stage_expect(s, line);
}

/* ---- the round ---- */

static void each_is_asked_and_the_summary_tells(void **state)
{
	(void)state;
	open_stage("en", READING);
	stage_learn(s, "cai", "Europe/Berlin", "en");
	go_to(0, "15:59");
	stage_expect_nothing(s);
	go_to(0, "16:00");
	stage_expect_text(s, "post U_ana", "Reading club · Mon 2 March");
	stage_expect_text(s, "post U_bo", "1. What did you read?");
	stage_expect_nothing(s); /* nine in the morning in Berlin; the manager is not asked */
	expect_accepted("ana", GOOD);
	stage_expect_text(s, "post C1", "1 of 3 answered");
	go_to(0, "18:00");
	stage_expect_text(s, "post U_bo", "still missing");
	stage_expect_nothing(s);
	go_to(0, "23:00");
	stage_expect_text(s, "post U_cai", "Reading club");
	stage_clear(s);
	expect_accepted("cai", "1. poems; and more\n3. 1\n4. 2");
	stage_expect_text(s, "replace C1", "2 of 3 answered");
	go_to(1, "01:00");
	stage_expect_nothing(s); /* Berlin has answered */
	go_to(1, "12:00");
	const char *posted = stage_expect_text(s, "post C1", "2 of 3 answered");
	g_autofree char *summary = g_strdup(posted);
	stage_expect_nothing(s);

	/* Late, until the next round: counted, marked, and what was posted is put right. */
	stage_advance(s, MINUTES(1));
	expect_accepted("bo", "a manual\n12.5\nweekday\n5");
	g_autofree char *replaced = g_strdup_printf("replace C1 %s", summary);
	stage_expect_text(s, replaced, "3 of 3 answered");
	stage_expect_text(s, "replace C1", "1 late");
	go_to(7, "16:00");
	stage_clear(s);
	expect_accepted("ana", "another\n-\nweekday\n5");
	stage_clear(s);
	go_to(8, "12:00");
	stage_expect_text(s, "post C1", "last time 3.7 (+1.3)");
}

static void the_summary_knows_each_kind(void **state)
{
	(void)state;
	open_stage("zh-CN", READING);
	go_to(0, "16:00");
	stage_say_direct(s, "ana", "三体\n120\nweekend\n4");
	stage_say_direct(s, "bo", "活着\n1.5\n1\n5");
	stage_say_direct(s, "cai", "诗\n\n1\n5"); /* three lines of four: nobody knows which */
	stage_clear(s);
	stage_say_direct(s, "cai", "诗\n-\n1\n5");
	stage_clear(s);
	go_to(1, "12:00");
	const struct outbox_row *row = s->sent->pdata[0];
	static const char *const parts[] = { "读书会 · 3月2日 周一", "3/3 已回答", "读了什么？", "Ana：三体", "Bo：活着", "Cai：诗",
		"平均 60.8 · 最低 1.5 · 最高 120", "{\"label\":\"weekday\",\"values\":[\"2\"]}", "{\"label\":\"weekend\",\"values\":[\"1\"]}",
		"平均 4.7（满分 5）" };
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (!strstr(row->content, parts[i]))
			fail_msg("'%s' is not in %s", parts[i], row->content);
	assert_null(strstr(row->content, "上次"));
}

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	open_stage("en", READING);
	go_to(0, "16:00");
	stage_clear(s);
	stage_say_direct(s, "ana", "a novel\nmany\nnever\n9");
	const struct outbox_row *row = s->sent->pdata[0];
	assert_non_null(strstr(row->content, "2. Pages?: “many” is not a number (a number from 0 to 1000; optional)."));
	assert_non_null(strstr(row->content, "3. Which day?: “never” is none of the options (1 weekday · 2 weekend)."));
	assert_non_null(strstr(row->content, "4. How good?: “9” is no point of this scale (1 to 5)."));
	assert_null(strstr(row->content, "1. What"));
	assert_int_equal(s->sent->len, 1);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_entry"), 0);
	stage_clear(s);
	stage_say_direct(s, "ana", "a novel, on the weekend");
	stage_expect_text(s, "post D_ana", "There are 4 questions, and I count 1 answer.");
	stage_expect_nothing(s);
}

static void editing_corrects_and_deleting_withdraws(void **state)
{
	(void)state;
	open_stage("en", READING);
	go_to(0, "16:00");
	stage_clear(s);
	g_autofree char *wrong = g_strdup(stage_say_direct(s, "bo", "x"));
	stage_clear(s);
	change_direct(EVENT_EDITED, "bo", wrong, GOOD); /* a failed attempt put right */
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_entry WHERE state = 'given'"), 1);
	g_autofree char *message = g_strdup(stage_say_direct(s, "ana", GOOD));
	stage_clear(s);
	stage_advance(s, MINUTES(1));
	stage_clear(s);
	change_direct(EVENT_EDITED, "ana", message, "a poem\n3\nweekend\n5");
	stage_advance(s, MINUTES(1)); /* the board rests */
	stage_expect_text(s, "replace C1", "Ana: a poem");
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_history WHERE position = 0"), 3); /* Bo's, and both of Ana's */
	change_direct(EVENT_EDITED, "ana", message, "a poem\nx\nweekend\n5");
	stage_expect_text(s, "post D_ana", "Your earlier answer stays as it was.");
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer WHERE answer = 'a poem'"), 1);
	stage_advance(s, MINUTES(1));
	stage_clear(s);
	change_direct(EVENT_DELETED, "ana", message, NULL);
	stage_advance(s, MINUTES(1));
	stage_expect_text(s, "replace C1", "1 of 3 answered");
	go_to(0, "18:00");
	stage_expect_text(s, "post U_ana", "still missing");
	stage_expect_text(s, "post U_cai", "still missing");
	stage_expect_nothing(s);
}

static void the_form_is_filled_in_already(void **state)
{
	(void)state;
	static const char *const wrong[] = { "q1", "a novel", "q2", "x", "q3", "2", "q4", "", NULL };
	static const char *const right[] = { "q1", "a novel", "q2", "", "q3", "2", "q4", "3", NULL };
	open_stage("en", READING);
	go_to(0, "16:00");
	stage_clear(s);
	stage_press(s, "ana", "checkin.open", "sales/reading");
	stage_expect_text(s, "form U_ana", "Who reads it: everybody in the channel of sales, with your name.");
	stage_submit(s, "ana", "checkin.form", "sales/reading", wrong);
	assert_int_equal(s->problems->len, 2);
	assert_string_equal(g_array_index(s->problems, struct event_input, 0).name, "q2");
	assert_string_equal(g_array_index(s->problems, struct event_input, 1).name, "q4");
	stage_expect_nothing(s);
	stage_submit(s, "ana", "checkin.form", "sales/reading", right);
	assert_null(s->problems);
	stage_expect_text(s, "post U_ana", "Got it");
	stage_expect_text(s, "post C1", "Ana: a novel");
	stage_press(s, "ana", "checkin.open", "sales/reading");
	stage_expect_text(s, "form U_ana", "\"value\":\"weekend\",\"optional\":");
	stage_press(s, "ana", "checkin.open", "sales/nothing");
	stage_expect_text(s, "private U_ana", "no more");
	stage_press(s, "zoe", "checkin.open", "sales/reading"); /* nobody asked her */
	stage_learn(s, "zoe", NULL, "en");
	stage_clear(s);
	stage_press(s, "zoe", "checkin.open", "sales/reading");
	stage_expect_text(s, "private U_zoe", "does not ask you");
}

static void who_is_away_or_gone_is_out(void **state)
{
	(void)state;
	open_stage("en", READING);
	stage_say_direct(s, "bo", "away 03-02");
	stage_members(s, (const char *const[]){ "ana", "bo", "mia", NULL }); /* Cai has left */
	stage_clear(s);
	go_to(0, "16:00");
	stage_expect_text(s, "post U_ana", "Reading club");
	stage_expect_nothing(s);
	expect_accepted("ana", GOOD);
	stage_expect_text(s, "post C1", "1 of 1 answered"); /* Bo is neither done nor missing */
	go_to(0, "18:00");
	stage_expect_nothing(s);
}

static void an_afternoon_away_is_away(void **state)
{
	(void)state;
	open_stage("en", READING);
	stage_say_direct(s, "bo", "away 03-02 pm");
	stage_say_direct(s, "cai", "away 03-02 am");
	stage_clear(s);
	go_to(0, "16:00");
	stage_expect_text(s, "post U_ana", "Reading club");
	stage_expect_text(s, "post U_cai", "Reading club");
	stage_expect_nothing(s);
	expect_accepted("ana", GOOD);
	stage_expect_text(s, "post C1", "Waiting for: Cai\"");
}

static void a_deactivated_person_is_out_at_once(void **state)
{
	(void)state;
	open_stage("en", READING);
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	struct event_person *person = event_add_person(event);
	person->account = g_strdup("U_bo");
	person->name = g_strdup("Bo");
	person->deactivated = TRUE;
	stage_do(s, event);
	stage_clear(s);
	go_to(0, "16:00");
	stage_expect_text(s, "post U_ana", "Reading club");
	stage_expect_text(s, "post U_cai", "Reading club");
	stage_expect_nothing(s);
	expect_accepted("ana", GOOD);
	stage_expect_text(s, "post C1", "1 of 2 answered");
}

static void nothing_is_asked_on_a_day_off_or_too_late(void **state)
{
	(void)state;
	open_stage("en", READING);
	go_to(0, "17:01"); /* the bot was off: an hour late is not worth it */
	stage_expect_nothing(s);
	go_to(7, "16:59");
	stage_expect_text(s, "post U_ana", "Mon 9 March");
}

/* ---- words ---- */

static void words_do_what_they_say(void **state)
{
	(void)state;
	open_stage("en", READING);
	stage_command(s, "ana", "belltower", "round");
	stage_expect_text(s, "private U_ana", "reading · Reading club (sales): every monday 16:00");
	stage_command(s, "ana", "belltower", "round reading");
	stage_expect_text(s, "private U_ana", "has not been held yet");
	stage_command(s, "ana", "belltower", "round writing");
	stage_expect_text(s, "private U_ana", "There is no round “writing”");
	stage_command(s, "ana", "belltower", "round reading ask");
	stage_expect_text(s, "private U_ana", "Only a manager");
	stage_command(s, "mia", "belltower", "round reading ask");
	stage_expect_text(s, "post U_ana", "Reading club");
	stage_expect_text(s, "post U_bo", "Reading club");
	stage_expect_text(s, "post U_cai", "Reading club");
	stage_expect_text(s, "private U_mia", "3 people are asked");
	stage_command(s, "mia", "belltower", "round reading ask");
	stage_expect_text(s, "private U_mia", "Everybody whom");
	stage_command(s, "ana", "belltower", "round reading");
	stage_expect(s, "form U_ana");
	stage_command(s, "ana", "belltower", "round reading a novel; 120; weekend; 4");
	stage_expect_text(s, "private U_ana", "Got it");
	stage_expect_text(s, "post C1", "1 of 3 answered");
	stage_command(s, "bo", "belltower", "round reading skip");
	stage_expect_text(s, "private U_bo", "no answer from you");
	stage_clear(s);
	stage_command(s, "bo", "belltower", "round reading show");
	stage_expect_text(s, "private U_bo", "1 of 2 answered");
	go_to(0, "16:00"); /* the round of that day has been held, and closes as planned */
	stage_clear(s);
	go_to(0, "18:00");
	stage_expect_text(s, "post U_cai", "still missing");
	stage_expect_nothing(s);
	go_to(1, "12:00");
	stage_expect_text(s, "post C1", "1 of 2 answered");
}

/* ---- anonymous ---- */

/* Five more join, whom the round asks too. */
static void let_people_in(const char *const *names)
{
	struct event *event = event_new(EVENT_PEOPLE, "acme");
	event->place.channel = g_strdup("C1");
	for (; *names; names++) {
		struct event_person *person = event_add_person(event);
		person->account = g_strdup_printf("U_%s", *names);
		person->name = g_strdup(*names);
	}
	stage_do(s, event);
	stage_clear(s);
}

static void nothing_leads_from_an_answer_to_its_author(void **state)
{
	(void)state;
	open_stage("en", MOOD);
	go_to(0, "16:00");
	const struct outbox_row *row = s->sent->pdata[0];
	assert_non_null(strstr(row->content, "Anonymous: answers are kept without names"));
	assert_non_null(strstr(row->content, "fewer than 5 answers is not shown"));
	stage_clear(s);
	stage_say_direct(s, "ana", "5; sunshine");
	stage_clear(s);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_ballot"), 2);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer"), 0);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_history"), 0);
	/* Of Ana the store knows that she took part: no time, no message, no words. */
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_entry WHERE posted_ms = 0 AND changed_ms = 0 AND message IS NULL"), 1);
	assert_int_equal(count("SELECT COUNT(*) FROM dead_letter") + count("SELECT COUNT(*) FROM outbox WHERE content LIKE '%sunshine%'"), 0);
	stage_say_direct(s, "ana", "round mood 1; rain");
	stage_expect_text(s, "post D_ana", "nobody knows which one is yours");
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_ballot"), 2);
	stage_command(s, "bo", "belltower", "round mood show");
	row = s->sent->pdata[0];
	assert_non_null(strstr(row->content, "1 of 3 answered"));
	assert_null(strstr(row->content, "sunshine"));
}

static void below_five_nothing_is_shown(void **state)
{
	(void)state;
	static const char *const names[] = { "dan", "eve", NULL };
	static const char *const all[] = { "ana", "bo", "cai", "dan", "eve" };
	open_stage("en", MOOD);
	let_people_in(names);
	for (int week = 0; week < 2; week++) {
		go_to(7 * week, "16:00");
		for (int i = 0; i < 4 + week; i++)
			stage_say_direct(s, all[i], i < 4 ? "4; sunshine" : "2");
		stage_clear(s);
		go_to(7 * week, "18:00");
		const struct outbox_row *row = s->sent->pdata[0];
		assert_int_equal(strstr(row->content, "Average") != NULL, week == 1);
		assert_null(strstr(row->content, "sunshine")); /* four have told why, in both weeks */
		assert_non_null(strstr(row->content, "Fewer than 5 answers: not shown"));
		assert_null(strstr(row->content, "last time")); /* four then: it would tell of them */
	}
	stage_clear(s);
	stage_say_direct(s, "mia", "round mood 1");
	stage_expect_text(s, "post D_mia", "takes no late answers");
}

/* ---- who reads it ---- */

static void the_summary_goes_to_its_readers(void **state)
{
	(void)state;
	open_stage("en", "    rounds:\n"
			 "      - { name: pulse, schedule: workdays 16:00, deadline: \"17:00\", summary: manager, questions: [{ ask: Well? }] }\n"
			 "      - { name: club, schedule: workdays 16:00, deadline: \"17:00\", summary: private, questions: [{ ask: Hm? }] }\n"
			 "quiet: { messages: 8 }\n");
	go_to(0, "15:00");
	stage_command(s, "mia", "belltower", "round pulse ask");
	stage_command(s, "mia", "belltower", "round club ask");
	stage_clear(s);
	stage_say_direct(s, "ana", "round pulse tired");
	stage_say_direct(s, "ana", "round club fine");
	stage_say_direct(s, "bo", "round pulse glad");
	stage_clear(s);
	stage_command(s, "ana", "belltower", "round pulse show");
	stage_expect_text(s, "private U_ana", "not yours to see. Who reads it: only the managers of sales (Mia), with your name.");
	stage_command(s, "bo", "belltower", "round club show");
	stage_expect_text(s, "private U_bo", "not yours to see. Who reads it: only those who answer too");
	go_to(0, "17:00");
	gboolean mia = FALSE, ana = FALSE;
	for (guint i = 0; i < s->sent->len; i++) {
		const struct outbox_row *row = s->sent->pdata[i];
		assert_string_not_equal(row->channel ? row->channel : "", "C1"); /* nothing in the channel */
		mia = mia || (strcmp(row->person, "U_mia") == 0 && strstr(row->content, "Ana: tired"));
		ana = ana || (strcmp(row->person, "U_ana") == 0 && strstr(row->content, "Ana: fine"));
		assert_false(strcmp(row->person, "U_bo") == 0 && strstr(row->content, "fine"));
		assert_false(strcmp(row->person, "U_mia") != 0 && strstr(row->content, "tired"));
	}
	assert_true(mia && ana);
}

static void roles_and_names_are_asked(void **state)
{
	(void)state;
	open_stage("en", "    rounds:\n"
			 "      - { name: one, schedule: every monday 16:00, audience: [\"@fitness\", \"@mia\"], questions: [{ ask: Well? }] }\n"
			 "      - { name: all, schedule: every monday 17:00, audience: [team, \"@mia\"], questions: [{ ask: Hm? }] }\n");
	g_autoptr(GError) error = NULL;
	const struct person *bo = roster_person(s->roster, "acme", "U_bo");
	assert_true(roster_note(s->roster, bo, REGISTER_ROLES, "fitness", 0, s->now_ms, &error));
	stage_members(s, (const char *const[]){ "ana", "bo", "cai", "mia", NULL }); /* plans again */
	stage_clear(s);
	go_to(0, "16:00");
	stage_expect_text(s, "post U_mia", "Well?");
	stage_expect_text(s, "post U_bo", "Well?");
	stage_expect_nothing(s);
	go_to(0, "17:00");
	stage_expect_text(s, "post U_ana", "Hm?");
	stage_expect_text(s, "post U_bo", "Hm?");
	stage_expect_text(s, "post U_cai", "Hm?");
	stage_expect_text(s, "post U_mia", "Hm?");
	stage_expect_nothing(s);
}

/* ---- which prompt an answer answers ---- */

#define STANDUP_AND_NOTE "format: A, prompt: \"09:30\" }\n" NOTE "    highlights: \"23:00\"\n#"

static void a_reply_is_for_the_latest_prompt_or_its_thread(void **state)
{
	(void)state;
	g_clear_pointer(&s, stage_free);
	s = stage_new_standup("en", STANDUP_AND_NOTE);
	go_to(0, "09:30");
	g_autofree char *standup = g_strdup(stage_expect_text(s, "post U_ana", "Standup time"));
	go_to(0, "16:00");
	stage_clear(s);
	/* Both wait. Three bare lines, as one of them might want: the latest prompt is the note's. */
	g_autofree char *first = g_strdup(stage_say_direct(s, "ana", "closed 2 deals\ncall 15 leads\nnone"));
	stage_clear(s);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer WHERE answer LIKE 'closed%'"), 1);
	/* With its labels it is a standup, whatever came last. */
	stage_say_direct(s, "bo", "Yesterday: 1 deal\nToday: 2 calls\nRisks: none");
	assert_int_equal(count("SELECT COUNT(*) FROM standup_entry"), 1);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer"), 1);
	/* The note is answered: the standup waits. */
	stage_say_direct(s, "ana", "closed 2 deals\ncall 15 leads\nnone");
	assert_int_equal(count("SELECT COUNT(*) FROM standup_entry"), 2);
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer"), 1);
	/* A thread says it outright. */
	stage_clear(s);
	say_in_direct_thread("ana", standup, "closed 3 deals\ncall 15 leads\nnone");
	assert_int_equal(count("SELECT COUNT(*) FROM standup_entry WHERE field0 = 'closed 3 deals'"), 1);
}

static void a_reply_in_the_prompts_thread_is_its_answer(void **state)
{
	(void)state;
	g_clear_pointer(&s, stage_free);
	s = stage_new_standup("en", STANDUP_AND_NOTE);
	go_to(0, "16:00");
	g_autofree char *note = g_strdup(stage_expect_text(s, "post U_ana", "Anything new?"));
	go_to(1, "09:30"); /* the standup is the latest now */
	stage_clear(s);
	say_in_direct_thread("ana", note, "a new customer");
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_answer WHERE answer = 'a new customer'"), 1);
	assert_int_equal(count("SELECT COUNT(*) FROM standup_entry"), 0);
	say_in_direct_thread("ana", note, "Yesterday: 1 deal\nToday: 2 calls\nRisks: none");
	assert_int_equal(count("SELECT COUNT(*) FROM standup_entry"), 0);
}

static void talk_a_day_later_is_no_answer(void **state)
{
	(void)state;
	open_stage("en", NOTE);
	go_to(0, "16:00");
	stage_clear(s);
	go_to(1, "16:01");
	stage_say_direct(s, "ana", "thanks!");
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_entry"), 0);
}

/* One word is an answer where one is awaited, though it looks like a command misspelt. */
static void a_word_may_be_an_answer(void **state)
{
	(void)state;
	open_stage("en", NOTE);
	stage_say_direct(s, "ana", "shew");
	stage_expect_text(s, "post D_ana", "show");
	go_to(0, "16:00");
	stage_clear(s);
	expect_accepted("ana", "shew");
	stage_say_direct(s, "bo", "help"); /* a command is one */
	assert_int_equal(count("SELECT COUNT(*) FROM checkin_entry"), 1);
}

/* ---- what waits in the store ---- */

static void jobs_of_an_older_version_are_understood(void **state)
{
	(void)state;
	static const struct sql jobs = { .name = "jobs",
		.text = "SELECT COUNT(*) FROM job WHERE ritual = 'standup' AND (word || ' ' || key) IN ('ask sales/1', 'ask sales/2', 'ask sales/3', "
			"'close sales')" };
	static const struct sql reminders = { .name = "reminders",
		.text = "SELECT COUNT(*) FROM job WHERE ritual = 'standup' AND (word || ' ' || key) IN ('remind sales/2026-03-02/1', "
			"'remind sales/2026-03-02/2', 'remind sales/2026-03-02/3')" };
	g_clear_pointer(&s, stage_free);
	s = stage_new_standup("en", "format: A, prompt: \"09:30\", remind: \"10:00\", deadline: \"10:30\"");
	assert_int_equal(stage_count(s, &jobs), 4);
	go_to(0, "09:30");
	assert_int_equal(stage_count(s, &reminders), 3);
}

/* Also before it has ever asked; the others are asked as ever. */
static void a_round_can_be_muted_by_its_name(void **state)
{
	(void)state;
	open_stage("en", NOTE);
	stage_say_direct(s, "ana", "mute");
	stage_expect_text(s, "post D_ana", "note");
	stage_say_direct(s, "ana", "mute Note");
	stage_expect_text(s, "post D_ana", "no more private messages about note");
	go_to(0, "16:00");
	stage_expect_text(s, "post U_bo", "Anything new?");
	stage_expect_text(s, "post U_cai", "Anything new?");
	stage_expect_nothing(s);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_teardown(test, close_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_round_can_be_muted_by_its_name),
		TEST(each_is_asked_and_the_summary_tells),
		TEST(the_summary_knows_each_kind),
		TEST(what_is_wrong_is_named),
		TEST(editing_corrects_and_deleting_withdraws),
		TEST(the_form_is_filled_in_already),
		TEST(who_is_away_or_gone_is_out),
		TEST(an_afternoon_away_is_away),
		TEST(a_deactivated_person_is_out_at_once),
		TEST(nothing_is_asked_on_a_day_off_or_too_late),
		TEST(words_do_what_they_say),
		TEST(nothing_leads_from_an_answer_to_its_author),
		TEST(below_five_nothing_is_shown),
		TEST(the_summary_goes_to_its_readers),
		TEST(roles_and_names_are_asked),
		TEST(a_reply_is_for_the_latest_prompt_or_its_thread),
		TEST(a_reply_in_the_prompts_thread_is_its_answer),
		TEST(talk_a_day_later_is_no_answer),
		TEST(a_word_may_be_an_answer),
		TEST(jobs_of_an_older_version_are_understood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
