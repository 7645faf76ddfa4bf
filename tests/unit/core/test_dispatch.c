/* SPDX-License-Identifier: MIT */
/* What becomes of one event: seen once, asked about, handed to rituals, undone when one fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "core_store.h"
#include "house.h"

#define SORRY                                                                                                \
	"Sorry, that went wrong and was not saved. The operator can see why in the log; please try again "   \
	"later."

static int make_house(void **state)
{
	*state = house_new();
	return 0;
}

static int free_house(void **state)
{
	house_close(*state);
	return 0;
}

static int64_t letters(struct house *h)
{
	return CORE_NUMBER(h->db, "SELECT COUNT(*) FROM dead_letter");
}

static void expect_letter(struct house *h, const char *letter)
{
	static const struct sql query = { .name = "letters",
		.text = "SELECT ritual || ': ' || error FROM dead_letter ORDER BY id" };
	g_autofree char *got = house_texts_of(h, &query);
	assert_string_equal(got, letter);
}

/* ---- a turn that succeeds ---- */

static void test_a_turn_leaves_its_rows(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "note one"));
	house_expect(h, "react C1 1.000001 eyes; post C1 note one");
	house_expect_notes(h, "note one");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM job WHERE word = 'after'"), 1);
	assert_int_equal(letters(h), 0);
}

static void test_words_go_to_the_first_that_wants_them(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "note to both"));
	house_expect_notes(h, "note to both");
	house_do(h, house_said("U1", "C1", "just talk"));
	house_expect_notes(h, "note to both");
}

static void test_a_reaction_goes_to_all_that_want_it(void **state)
{
	struct house *h = *state;
	struct event *event = house_event(EVENT_REACTED, "U1", "C1");
	event->word = g_strdup("tada");
	house_do(h, event);
	event = house_event(EVENT_REACTED, "U1", "C1");
	event->word = g_strdup("eyes");
	house_do(h, event);
	house_expect_notes(h, "rehearsal tada; second tada; rehearsal eyes");
}

static void react_elsewhere(struct house *h, const char *person, const char *emoji)
{
	struct event *event = house_event(EVENT_REACTED, person, "C99");
	event->word = g_strdup(emoji);
	event->message = g_strdup("7.7");
	house_do(h, event);
}

static void test_elsewhere_only_those_who_listen_anywhere(void **state)
{
	struct house *h = *state;
	react_elsewhere(h, "U1", "tada");
	house_expect_notes(h, "");
	react_elsewhere(h, "U1", "star");
	house_expect_notes(h, "second star");
	react_elsewhere(h, "U9", "star"); /* a stranger, whom nobody asks about */
	house_expect_notes(h, "second star");
	house_expect(h, "");
	/* Whoever only watches and applauds is taken into no list. */
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM person"), 2);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 2);
}

static void test_a_reaction_on_our_message_names_it(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "note one"));
	struct event *sent = house_event(EVENT_SENT, NULL, "C1");
	sent->row = ((const struct outbox_row *)h->handed->pdata[1])->id;
	sent->message = g_strdup("7.7");
	house_do(h, sent);
	struct event *event = house_event(EVENT_REACTED, "U1", "C1");
	event->word = g_strdup("eyes");
	event->message = g_strdup("7.7");
	house_do(h, event);
	house_expect_notes(h, "note one; rehearsal eyes; rehearsal/board");
}

/* ---- words to the bot ---- */

static const struct {
	const char *channel, *text;
	gboolean addressed;
	const char *handed;
} words[] = {
	{ "C1", "rehearse it", TRUE, "post C1 command it; post C1 noted" },
	{ "C1", "排练：一次", TRUE, "post C1 command 一次; post C1 noted" },
	{ "C1", "rehearse it", FALSE, "" },
	{ "D1", "rehearse it", FALSE, "post C1 command it; post D1 noted" },
	{ "C1", "note to both", TRUE, "react C1 1.000001 eyes; post C1 note to both" },
	{ "C1", "rehaerse", TRUE,
		"private U1 C1 I do not know that one. Did you mean “rehearse”? Say “help” to me to see what I "
		"can do." },
	{ "D1", "rehaerse it", FALSE,
		"post D1 I do not know that one. Did you mean “rehearse”? Say “help” to me to see what I can "
		"do." },
	{ "D1", "good morning", FALSE, "post D1 I do not know that one. Say “help” to me to see what I can do." },
	{ "D1", "", FALSE, "" }, /* a picture, a sticker, a voice */
	{ "C1", "good morning", FALSE, "" },
};

static void test_words_to_the_bot(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		struct house *h = house_new();
		struct event *event = house_said("U1", words[i].channel, words[i].text);
		event->addressed = words[i].addressed;
		house_do(h, event);
		g_autofree char *got = house_handed(h);
		if (strcmp(got, words[i].handed) != 0)
			fail_msg("'%s' in %s: %s", words[i].text, words[i].channel, got);
		house_close(h);
	}
}

#define NAMED  "You mentioned me. To ask me for something, begin with my name: @me help."
#define NEARLY "You mentioned me. Did you mean “rehearse”? To ask me for something, begin with my name: @me help."

/* Within a sentence: `call` is what follows the mention. */
static const struct {
	const char *channel, *text, *call, *handed;
} calls[] = {
	{ "C1", "can you <@B> rehearse", "rehearse", "post C1 command ; post C1 noted" },
	{ "C1", "they <@B> rehearse it every day", "rehearse it every day", "private U1 C1 " NAMED },
	{ "C1", "can you <@B> rehaerse", "rehaerse", "private U1 C1 " NEARLY },
	{ "C1", "thanks <@B>", "thanks", "private U1 C1 " NAMED },
	{ "C1", "note that <@B> is here", "is here", "react C1 1.000001 eyes; post C1 note that <@B> is here" },
	/* an answer comes first when it may be one */
	{ "C1", "note one\n<@B> rehearse", "rehearse", "react C1 1.000001 eyes; post C1 note one\n<@B> rehearse" },
	{ "C1", "good morning\n<@B> rehearse", "rehearse", "post C1 command ; post C1 noted" },
	{ "C9", "can you <@B> rehearse", "rehearse", "post C1 command ; post C9 noted" },
	{ "D1", "can you <@B> rehearse", "rehearse", "post C1 command ; post D1 noted" },
	{ "D1", "thanks <@B>", "thanks", "post D1 I do not know that one. Say “help” to me to see what I can do." },
};

static struct event *calling(const char *channel, const char *text, const char *call)
{
	struct event *event = house_said("U1", channel, text);
	event->call = g_strdup(call);
	return event;
}

static void test_words_after_a_mention_in_mid_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
		struct house *h = house_new();
		house_do(h, calling(calls[i].channel, calls[i].text, calls[i].call));
		g_autofree char *got = house_handed(h);
		if (strcmp(got, calls[i].handed) != 0)
			fail_msg("'%s' in %s: %s", calls[i].text, calls[i].channel, got);
		house_close(h);
	}
}

/* Who talks about the bot all day is told once how to talk with it; commands are heard all the same. */
static void test_a_mention_in_talk_is_hinted_at_once(void **state)
{
	struct house *h = *state;
	house_do(h, calling("C1", "thanks <@B>", "thanks"));
	house_expect(h, "private U1 C1 " NAMED);
	house_do(h, calling("C1", "no, thank <@B>", "no, thank"));
	house_expect(h, "");
	house_do(h, calling("C1", "can you <@B> rehearse", "rehearse"));
	house_expect(h, "post C1 command ; post C1 noted");
	struct event *other = calling("C1", "thanks <@B>", "thanks");
	g_free(other->person);
	other->person = g_strdup("U2");
	house_do(h, other);
	house_expect(h, "private U2 C1 " NAMED);
}

static const struct {
	const char *word, *text, *handed;
} slashes[] = {
	{ "rehearse", "it", "post C1 command it; post C1 noted" },
	{ "rehearse", NULL, "post C1 command ; post C1 noted" },
	{ "belltower", "rehearse it", "post C1 command it; post C1 noted" },
	{ "belltower", "", "private U1 C1 k I do not know that one. Say “help” to me to see what I can do." },
	{ "lunch", "now", "private U1 C1 k I do not know that one. Say “help” to me to see what I can do." },
};

static void test_slash_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(slashes); i++) {
		struct house *h = house_new();
		struct event *event = house_event(EVENT_COMMANDED, "U1", "C1");
		event->word = g_strdup(slashes[i].word);
		event->text = g_strdup(slashes[i].text);
		event->place.token = g_strdup("k");
		house_do(h, event);
		house_expect(h, slashes[i].handed);
		house_close(h);
	}
}

/* ---- seen before ---- */

static void test_any_key_seen_before_makes_it_a_repetition(void **state)
{
	struct house *h = *state;
	static const struct {
		const char *keys[EVENT_KEYS], *workspace;
		gboolean fresh;
	} cases[] = {
		{ { "Ev1", "m:1", NULL }, "acme", TRUE },
		{ { "Ev1", "m:1", NULL }, "acme", FALSE },
		{ { "Ev2", "m:1", NULL }, "acme", FALSE },
		{ { "Ev1", "m:2", NULL }, "acme", FALSE },
		{ { "Ev3", NULL, NULL }, "acme", TRUE },
		{ { "Ev4", NULL, "c:1" }, "acme", TRUE },
		{ { NULL, NULL, "c:1" }, "acme", FALSE },
		{ { NULL, NULL, NULL }, "acme", TRUE },
		{ { NULL, NULL, NULL }, "acme", TRUE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct event *event = house_said("U1", "C1", "note");
		for (int k = 0; k < EVENT_KEYS; k++)
			event->keys[k] = g_strdup(cases[i].keys[k]);
		int64_t before = CORE_NUMBER(h->db, "SELECT COUNT(*) FROM note");
		house_do(h, event);
		int64_t after = CORE_NUMBER(h->db, "SELECT COUNT(*) FROM note");
		if ((after > before) != cases[i].fresh)
			fail_msg("case %zu", i);
	}
}

static void test_the_same_key_elsewhere_is_another_event(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 2; i++) {
		struct event *event = house_event(EVENT_EDITED, NULL, "C1");
		g_free(event->place.workspace);
		event->place.workspace = g_strdup(i ? "globex" : "acme");
		event->keys[0] = g_strdup("Ev1");
		house_do(h, event);
	}
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen"), 2);
}

/* ---- deleted before it came ---- */

static struct event *deleted(const char *person, const char *message)
{
	struct event *event = house_event(EVENT_DELETED, person, "C1");
	event->message = g_strdup(message);
	event->subject = g_strdup_printf("m:%s", message);
	event->keys[0] = g_strdup_printf("d:%s", message);
	return event;
}

static struct event *numbered(const char *person, const char *message, const char *text)
{
	struct event *event = house_said(person, "C1", text);
	g_free(event->message);
	event->message = g_strdup(message);
	event->keys[0] = g_strdup_printf("m:%s", message);
	event->keys[1] = g_strdup_printf("e:%s", message);
	return event;
}

static void test_a_message_that_was_deleted_before_it_came(void **state)
{
	struct house *h = *state;
	house_do(h, deleted(NULL, "5.0"));
	house_do(h, numbered("U1", "5.0", "note five"));
	house_expect(h, "");
	house_do(h, numbered("U1", "6.0", "note six"));
	house_do(h, deleted("U1", "6.0")); /* in their order */
	house_do(h, numbered("U1", "6.0", "note six"));
	house_expect_notes(h, "note six");
}

/* Elsewhere the same id is another message. */
static void test_a_deletion_concerns_its_own_workspace(void **state)
{
	struct house *h = *state;
	struct event *event = deleted(NULL, "5.0");
	g_free(event->place.workspace);
	event->place.workspace = g_strdup("globex");
	house_do(h, event);
	house_do(h, numbered("U1", "5.0", "note five"));
	house_expect_notes(h, "note five");
}

/* It waits for the directory's word about its author; the platform does not tell who deleted it. */
static void test_a_message_that_was_deleted_while_it_waited(void **state)
{
	struct house *h = *state;
	house_do(h, numbered("U7", "5.0", "note five"));
	house_do(h, numbered("U7", "6.0", "note six"));
	house_do(h, deleted(NULL, "5.0"));
	house_do(h, house_people("U7", "Gus", "C1"));
	house_expect_notes(h, "note six");
}

static void test_deletions_are_forgotten_in_time(void **state)
{
	struct house *h = *state;
	for (int i = 0; i < 1500; i++) {
		g_autofree char *message = g_strdup_printf("%d.0", i);
		house_do(h, deleted(NULL, message));
	}
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen"), 3 * 1500);
	h->now_ms += HOURS(27);
	for (int i = 0; i < 1000; i++)
		house_do(h, NULL);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen"), 0);
}

/* Feishu pushes again after 15 s, 5 min, 1 h and 6 h, Slack for a day: however much has come in between. */
static void test_a_repetition_hours_later_does_nothing(void **state)
{
	static const int64_t after_ms[] = { SECONDS(15), MINUTES(5), HOURS(1), HOURS(7), HOURS(24) };
	struct house *h = *state;
	int64_t first_ms = h->now_ms;
	int others = 0;
	for (size_t i = 0; i <= G_N_ELEMENTS(after_ms); i++) {
		struct event *event = house_said("U1", "C1", "note");
		event->keys[0] = g_strdup("pushed again");
		house_do(h, event);
		assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM note"), 1);
		for (int k = 0; k < 1200; k++) {
			event = house_event(EVENT_EDITED, NULL, "C1");
			event->keys[0] = g_strdup_printf("other %d", others++);
			house_do(h, event);
		}
		h->now_ms = i < G_N_ELEMENTS(after_ms) ? first_ms + after_ms[i] : h->now_ms;
	}
}

static void test_keys_are_forgotten_when_no_repetition_can_come(void **state)
{
	struct house *h = *state;
	for (int day = 0; day < 10; day++) {
		for (int i = 0; i < 1500; i++) {
			struct event *event = house_event(EVENT_EDITED, NULL, "C1");
			event->keys[0] = g_strdup_printf("%d %d", day, i);
			house_do(h, event);
		}
		h->now_ms += DAYS(1);
	}
	/* two days' worth, however big the days are */
	assert_in_range(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen"), 1500, 4500);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen WHERE key = ' 9 0'"), 1);
}

/* ---- a ritual that fails ---- */

static void expect_as_before(struct house *h)
{
	house_expect_notes(h, "");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM job"), 0);
	const struct team *sales = roster_team(h->roster, "sales");
	assert_true(roster_is_member(sales, roster_person(h->roster, "acme", "U1")));
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 2);
}

static void test_a_ritual_that_fails_is_undone_alone(void **state)
{
	struct house *h = *state;
	struct event *event = house_said("U1", "C1", "fail please");
	event->keys[0] = g_strdup("Ev1");
	house_do(h, event);
	house_expect(h, "private U1 C1 " SORRY);
	expect_letter(h, "rehearsal: the rehearsal fails");
	expect_as_before(h);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM outbox"), 1);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM seen"), 1); /* not to be failed at again */
	house_do(h, house_said("U1", "C1", "note after"));
	house_expect(h, "react C1 1.000001 eyes; post C1 note after");
	house_expect_notes(h, "note after");
}

static void test_a_violated_constraint_is_the_rituals_failure(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "refused"));
	house_expect(h, "private U1 C1 " SORRY);
	expect_letter(
		h, "rehearsal: cannot run 'rehearsal.note': CHECK constraint failed: text <> 'refused'");
	expect_as_before(h);
}

static void test_a_ritual_that_cannot_tell_whether_words_are_its_own(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "doubt"));
	expect_letter(h, "rehearsal: it cannot tell");
	expect_as_before(h);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM outbox"), 0);
}

/* Where the one plain sentence goes. */
static struct event *failing(enum event_kind kind, const char *channel)
{
	struct event *event = house_event(kind, kind == EVENT_DUE ? NULL : "U1", channel);
	if (kind == EVENT_SAID)
		event->text = g_strdup("fail");
	if (kind == EVENT_SUBMITTED) {
		event->word = g_strdup("rehearsal.form");
		event_add_input(event, "text", "fail");
	}
	return event;
}

static const struct {
	enum event_kind kind;
	const char *channel, *handed;
} apologies[] = {
	{ EVENT_SAID, "C1", "private U1 C1 " SORRY },
	{ EVENT_SAID, "D1", "post D1 " SORRY },
	{ EVENT_SUBMITTED, NULL, "post U1 " SORRY },
	{ EVENT_OPENED_HOME, NULL, "" },
};

static void test_apologies(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(apologies); i++) {
		struct house *h = house_new();
		house_do(h, failing(apologies[i].kind, apologies[i].channel));
		house_expect(h, apologies[i].handed);
		assert_int_equal(letters(h), 1);
		house_close(h);
	}
}

static void test_a_letter_can_be_read_again(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U1", "C1", "fail 站会"));
	static const struct sql query = { .name = "letter", .text = "SELECT event FROM dead_letter" };
	g_autofree char *text = house_texts_of(h, &query);
	g_autoptr(cJSON) tree = json_parse(text, strlen(text), NULL);
	struct event *event = event_from_json(tree, NULL);
	assert_non_null(event);
	assert_string_equal(event->text, "fail 站会");
	assert_string_equal(event->person, "U1");
	event_free(event);
}

/* The store refuses what the house itself writes of it: nothing but burying it alone gets the others through.
 */
static void test_an_event_that_the_store_refuses_is_buried_alone(void **state)
{
	struct house *h = *state;
	g_autoptr(GError) error = NULL;
	struct event *event = event_new(EVENT_SAID, NULL); /* no adapter makes one */
	event->keys[0] = g_strdup("Ev1");
	core_begin(h->db);
	assert_false(dispatch_event(h->dispatch, event, h->now_ms, NULL, &error));
	assert_false(dispatch_is_store_failure(error));
	db_rollback(h->db);
	dispatch_rolled_back(h->dispatch);
	core_begin(h->db);
	struct event *good = house_said("U1", "C1", "note");
	core_check(dispatch_alone(h->dispatch, good, h->now_ms, NULL, NULL), NULL);
	core_check(dispatch_alone(h->dispatch, event, h->now_ms, NULL, NULL), NULL);
	core_check(dispatch_alone(h->dispatch, good, h->now_ms, NULL, NULL), NULL);
	core_commit(h->db);
	expect_letter(h, "core: cannot run 'core.see': NOT NULL constraint failed: seen.workspace");
	house_expect_notes(h, "note; note");
	event_free(good);
	event_free(event);
}

/* ---- forms ---- */

static struct event *submission(const char *text)
{
	struct event *event = house_event(EVENT_SUBMITTED, "U1", NULL);
	event->word = g_strdup("rehearsal.form");
	event->keys[0] = g_strdup("V1");
	event_add_input(event, "text", text);
	return event;
}

static void test_a_form_that_stays_open_may_come_again(void **state)
{
	struct house *h = *state;
	house_do(h, submission("wrong"));
	assert_non_null(h->problems);
	assert_string_equal(g_array_index(h->problems, struct event_input, 0).value, "not so");
	house_do(h, submission("note"));
	assert_null(h->problems);
	house_do(h, submission("note again")); /* closed now: a repetition */
	house_expect_notes(h, "note");
}

/* ---- people ---- */

/* Slack's trigger lives for three seconds: whoever pressed is told, and may press again. */
static void test_a_form_that_does_not_open_is_offered_again(void **state)
{
	struct house *h = *state;
	struct event *press = house_event(EVENT_PRESSED, "U1", "C1");
	press->word = g_strdup("rehearsal.ask");
	press->value = g_strdup("7 of 9");
	house_do(h, press);
	struct event *failed = house_event(EVENT_FAILED, NULL, NULL);
	failed->row = ((const struct outbox_row *)h->handed->pdata[0])->id;
	failed->word = g_strdup(OUTBOX_GONE);
	house_expect(h, "form U1 C1 rehearsal.ask 7 of 9");
	house_do(h, failed);
	const struct outbox_row *told = h->handed->pdata[0];
	assert_int_equal(told->kind, OUTBOX_PRIVATE);
	assert_non_null(strstr(told->content, "\"rehearsal.ask\""));
	assert_non_null(strstr(told->content, "\"7 of 9\""));
	house_expect(h, "private U1 C1 The form did not open in time. Please press once more.");
}

static void test_bots_and_nobody_are_not_heard(void **state)
{
	struct house *h = *state;
	struct event *robot = house_people("B1", "Robot", "C1");
	g_array_index(robot->people, struct event_person, 0).bot = TRUE;
	house_do(h, robot);
	house_do(h, house_said("B1", "C1", "note"));
	house_do(h, house_said(NULL, "C1", "note"));
	house_expect_notes(h, "");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 2);
}

static void test_who_is_unknown_is_asked_about_once_and_heard_then(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U7", "C1", "note a"));
	house_do(h, house_said("U7", "C1", "note b"));
	house_do(h, house_said("U7", "C9", "note elsewhere")); /* no channel of ours */
	house_expect(h, "ask person U7");
	house_expect_notes(h, "");
	house_do(h, house_people("U7", "Gus", NULL));
	house_expect_notes(h, "note a; note b");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM waiting"), 0);
	const struct team *sales = roster_team(h->roster, "sales");
	assert_true(roster_is_member(
		sales, roster_person(h->roster, "acme", "U7"))); /* whoever writes there, belongs */
	house_do(h, house_people("U7", "Gus", NULL));
	house_expect_notes(h, "note a; note b");
}

static struct event *question_failed(struct house *h, const char *word)
{
	struct event *event = house_event(EVENT_FAILED, NULL, NULL); /* the row itself knows about whom */
	event->row = ((const struct outbox_row *)h->handed->pdata[0])->id;
	event->word = g_strdup(word);
	g_ptr_array_set_size(h->handed, 0);
	return event;
}

static void test_whom_nobody_knows_goes_by_the_account(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U7", "C1", "note a"));
	house_do(h, question_failed(h, OUTBOX_FAILED));
	assert_string_equal(roster_person(h->roster, "acme", "U7")->name, "U7");
	house_expect(h, "react C1 1.000001 eyes; post C1 note a");
	house_do(h, house_said("U7", "C1", "note b"));
	house_expect_notes(h, "note a; note b");
}

static void test_a_late_answer_is_asked_for_again(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U7", "C1", "note a"));
	house_do(h, question_failed(h, OUTBOX_GONE));
	const struct outbox_row *again = h->handed->pdata[h->handed->len - 1];
	assert_int_equal(again->kind, OUTBOX_ASK_PERSON);
	assert_int_equal(again->deadline_ms, 0);
	house_do(h, house_people("U7", "Gus", NULL));
	assert_string_equal(roster_person(h->roster, "acme", "U7")->name, "Gus");
	house_expect_notes(h, "note a");
}

static void test_a_failed_question_about_somebody_known_changes_nothing(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U7", "C1", "note a"));
	struct event *gone = house_people("U7", "Gus", NULL);
	g_array_index(gone->people, struct event_person, 0).deactivated = TRUE;
	struct event *report = question_failed(h, OUTBOX_GONE);
	house_do(h, gone);
	house_do(h, report);
	const struct person *gus = roster_person(h->roster, "acme", "U7");
	assert_string_equal(gus->name, "Gus");
	assert_true(gus->deactivated);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM outbox WHERE kind = 8"), 0);
}

/* What waited may fail when its person is known: the rest of the list is read on, from a roster read anew. */
static void test_a_failure_of_what_waited_stops_nobody(void **state)
{
	struct house *h = *state;
	house_do(h, house_said("U7", "C1", "fail"));
	house_do(h, house_said("U8", "C1", "note b"));
	struct event *people = house_people("U7", "Gus", "C1");
	for (int i = 0; i < 3; i++) {
		struct event_person *person = event_add_person(people);
		person->account = g_strdup_printf("U%d", 8 + i);
		person->name = g_strdup_printf("P%d", 8 + i);
	}
	house_do(h, people);
	house_expect_notes(h, "note b");
	expect_letter(h, "rehearsal: the rehearsal fails");
	const struct team *sales = roster_team(h->roster, "sales");
	for (int i = 7; i <= 10; i++) {
		g_autofree char *account = g_strdup_printf("U%d", i);
		assert_true(roster_is_member(sales, roster_person(h->roster, "acme", account)));
	}
}

static void test_who_has_left_the_company_leaves_all_teams(void **state)
{
	struct house *h = *state;
	const struct team *field = roster_team(h->roster, "field");
	struct event *channel = house_event(EVENT_CHANNEL, NULL, "C7");
	channel->text = g_strdup("field");
	house_do(h, channel);
	house_do(h, house_people("U1", "Ana", "C7"));
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 3);
	struct event *gone = house_people("U1", "Ana", NULL);
	g_array_index(gone->people, struct event_person, 0).deactivated = TRUE;
	gone->receipt = 5; /* the platform's own news */
	house_do(h, gone);
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 1);
	assert_false(roster_is_member(field, roster_person(h->roster, "acme", "U1")));
}

static void test_news_of_strangers_are_not_kept(void **state)
{
	struct house *h = *state;
	struct event *news = house_people("U70", "Stranger", NULL);
	news->receipt = 5;
	house_do(h, news);
	assert_null(roster_person(h->roster, "acme", "U70"));
	struct event *nameless = house_people("U71", NULL, "C1");
	g_clear_pointer(&g_array_index(nameless->people, struct event_person, 0).account, g_free);
	house_do(h, nameless); /* from a hostile directory */
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM person"), 2);
}

/* One answer tells of a stranger; only the bot's own coming is worth a list. */
static void test_joining_asks_and_leaving_drops(void **state)
{
	struct house *h = *state;
	const struct team *sales = roster_team(h->roster, "sales");
	house_do(h, house_event(EVENT_JOINED, "U7", "C1"));
	house_expect(h, "ask person U7");
	house_do(h, house_people("U7", "Grace", NULL));
	assert_true(roster_is_member(sales, roster_person(h->roster, "acme", "U7")));
	house_do(h, house_event(EVENT_LEFT, "U7", "C1"));
	assert_false(roster_is_member(sales, roster_person(h->roster, "acme", "U7")));
	house_do(h, house_event(EVENT_JOINED, "U7", "C1"));
	assert_true(roster_is_member(sales, roster_person(h->roster, "acme", "U7")));
	house_do(h, house_event(EVENT_LEFT, "U7", "C1"));
	house_do(h, house_event(EVENT_JOINED, "U7", "C9"));
	house_expect(h, "");
	house_do(h, house_event(EVENT_JOINED, NULL, "C1"));
	house_expect(h, "ask members C1");
	house_do(h, house_event(EVENT_LEFT, "U1", "C1"));
	house_do(h, house_event(EVENT_LEFT, "U404", "C1"));
	house_do(h, house_event(EVENT_LEFT, NULL, "C1"));
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM member"), 1);
}

/* ---- starting ---- */

static void start(struct house *h)
{
	g_autoptr(GError) error = NULL;
	core_begin(h->db);
	core_check(dispatch_start(h->dispatch, h->now_ms, &error), error);
	core_commit(h->db);
	g_autoptr(GPtrArray) rows = outbox_take_handed(h->outbox);
	if (rows)
		g_ptr_array_extend_and_steal(h->handed, g_steal_pointer(&rows));
}

static void test_starting_asks_for_channels_and_members_once(void **state)
{
	struct house *h = *state;
	start(h);
	for (guint i = 0; i < h->handed->len; i++) /* a network that is away for an hour must not lose them */
		assert_int_equal(((const struct outbox_row *)h->handed->pdata[i])->deadline_ms, 0);
	house_expect(h, "ask members C1; ask channel field");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM job WHERE word = 'daily'"), 1);
	start(h);
	house_expect(h, "");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM job WHERE word = 'daily'"), 1);
	struct event *channel = house_event(EVENT_CHANNEL, NULL, "C7");
	channel->text = g_strdup("field");
	house_do(h, channel);
	house_expect(h, "ask members C7");
	assert_string_equal(roster_team(h->roster, "field")->channel, "C7");
}

static void test_a_channel_the_bot_is_let_into_is_asked_for_again(void **state)
{
	struct house *h = *state;
	struct event *none = house_event(EVENT_CHANNEL, NULL, NULL);
	none->text = g_strdup("field");
	house_do(h, none);
	house_do(h, house_event(EVENT_JOINED, NULL, "C7"));
	house_expect(h, "ask channel field");
	house_do(h, house_event(EVENT_JOINED, NULL, "C8"));
	house_expect(h, "");
}

/* ---- gaps ---- */

static struct event *gap(int64_t from_ms, int64_t until_ms)
{
	struct event *event = house_event(EVENT_GAP, NULL, NULL);
	event->at_ms = from_ms;
	event->until_ms = until_ms;
	return event;
}

static struct event *said_as(const char *channel, const char *message)
{
	struct event *event = house_said("U1", channel, "talk");
	g_free(event->message);
	event->message = g_strdup(message);
	return event;
}

static void test_a_gap_asks_from_the_newest_word_heard(void **state)
{
	struct house *h = *state;
	house_do(h, said_as("C1", "1.000005"));
	house_do(h, said_as("C1", "1.000009"));
	house_do(h, said_as("C1", "1.000007")); /* late */
	house_do(h, said_as("D1", "1.000003"));
	house_do(h, said_as("C9", "1.000004")); /* not ours */
	g_ptr_array_set_size(h->handed, 0);
	house_do(h, gap(h->now_ms, h->now_ms + MINUTES(5)));
	g_autofree char *got = house_handed(h);
	assert_true(strcmp(got, "ask history C1 1.000009 1772413200000; ask history D1 1.000003 1772413200000") == 0 ||
		    strcmp(got, "ask history D1 1.000003 1772413200000; ask history C1 1.000009 1772413200000") == 0);
	h->now_ms += DAYS(8);
	house_do(h, gap(h->now_ms, h->now_ms + MINUTES(5)));
	house_expect(h, "ask history C1 1.000009 1772413200000"); /* the team's channel, after the holidays too */
}

/* Where the platform can list them: of all direct messages but those that are asked about anyway. */
static void test_a_gap_asks_for_directs_that_nobody_has_named(void **state)
{
	struct house *h = *state;
	struct event *early = gap(0, 5000);
	early->value = g_strdup(EVENT_GAP_DIRECTS);
	house_do(h, early);
	house_expect(h, ""); /* nothing was ever heard, so nothing was missed */
	house_do(h, said_as("D1", "1.000005"));
	g_ptr_array_set_size(h->handed, 0);
	struct event *start = gap(0, h->now_ms + MINUTES(5));
	start->value = g_strdup(EVENT_GAP_DIRECTS);
	house_do(h, start);
	const struct outbox_row *rest = h->handed->pdata[h->handed->len - 1];
	assert_string_equal(rest->content, "[\"D1\"]");
	house_expect(h, "ask history D1 1.000005 1772413200000; ask history 1772413200000");
}

/* Ids that tell no order, as Feishu's: the platform's time decides, over several commits too. */
static void test_the_newest_word_is_the_newest_by_time(void **state)
{
	static const struct {
		const char *message;
		int64_t at_ms;
	} said[] = { { "om_c", 10 }, { "om_a", 30 }, { "om_b", 20 } };
	struct house *h = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		struct event *event = said_as("C1", said[i].message);
		event->at_ms = h->now_ms + said[i].at_ms;
		house_do(h, event);
	}
	g_ptr_array_set_size(h->handed, 0);
	house_do(h, gap(h->now_ms, h->now_ms + MINUTES(5)));
	house_expect(h, "ask history C1 om_a 1772413200030");
}

static void expect_written(struct house *h, const char *written)
{
	static const struct sql query = { .name = "heard",
		.text = "SELECT channel || ' ' || message FROM last_heard WHERE message <> '' ORDER BY channel" };
	g_autofree char *got = house_texts_of(h, &query);
	assert_string_equal(got, written);
}

/* A channel that is new at once, for a gap is read only where something was heard. */
static void test_what_was_heard_is_written_down_now_and_then(void **state)
{
	struct house *h = *state;
	house_do(h, said_as("C1", "1.000005"));
	expect_written(h, "C1 1.000005");
	house_do(h, said_as("C1", "1.000006"));
	expect_written(h, "C1 1.000005");
	house_do(h, said_as("D1", "1.000007"));
	expect_written(h, "C1 1.000006; D1 1.000007");
	house_do(h, said_as("C1", "1.000008"));
	h->now_ms += SECONDS(9);
	house_do(h, NULL);
	expect_written(h, "C1 1.000006; D1 1.000007");
	h->now_ms += SECONDS(1);
	house_do(h, NULL);
	expect_written(h, "C1 1.000008; D1 1.000007");
}

/* ---- jobs ---- */

static void plan(struct house *h, const char *key, int64_t in_ms)
{
	core_begin(h->db);
	core_check(schedule_put(h->schedule, "rehearsal", "ring", key, h->now_ms + in_ms, FALSE, NULL), NULL);
	core_commit(h->db);
}

static void test_a_due_job_rings_once(void **state)
{
	struct house *h = *state;
	plan(h, "a", MINUTES(1));
	plan(h, "b", MINUTES(2));
	h->now_ms += MINUTES(1);
	house_do(h, NULL);
	house_do(h, NULL);
	house_expect_notes(h, "rang a");
	h->now_ms += MINUTES(1);
	house_do(h, NULL);
	house_expect_notes(h, "rang a; rang b");
}

static void test_a_due_job_that_another_cancels_does_not_ring(void **state)
{
	struct house *h = *state;
	plan(h, "cancel b", 0);
	plan(h, "b", 0);
	house_do(h, NULL);
	house_expect_notes(h, "rang cancel b");
}

static void test_a_due_job_that_another_moves_rings_at_its_new_time(void **state)
{
	struct house *h = *state;
	plan(h, "move b", 0);
	plan(h, "b", 0);
	house_do(h, NULL);
	house_expect_notes(h, "rang move b");
	h->now_ms += HOURS(1);
	house_do(h, NULL);
	house_expect_notes(h, "rang move b; rang b");
}

static void test_a_job_that_fails_does_not_ring_for_ever(void **state)
{
	struct house *h = *state;
	plan(h, "fail", 0);
	house_do(h, NULL);
	house_do(h, NULL);
	expect_letter(h, "rehearsal: the rehearsal fails");
	house_expect(h, "");
	assert_int_equal(CORE_NUMBER(h->db, "SELECT COUNT(*) FROM job"), 0);
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, make_house, free_house)

int main(void)
{
	log_set_level((enum log_level) - 1); /* failures are what these tests are about */
	const struct CMUnitTest tests[] = {
		IN_HOUSE(test_a_turn_leaves_its_rows),
		IN_HOUSE(test_words_go_to_the_first_that_wants_them),
		IN_HOUSE(test_a_reaction_goes_to_all_that_want_it),
		IN_HOUSE(test_a_reaction_on_our_message_names_it),
		IN_HOUSE(test_elsewhere_only_those_who_listen_anywhere),
		cmocka_unit_test(test_words_to_the_bot),
		cmocka_unit_test(test_words_after_a_mention_in_mid_sentence),
		IN_HOUSE(test_a_mention_in_talk_is_hinted_at_once),
		cmocka_unit_test(test_slash_commands),
		IN_HOUSE(test_any_key_seen_before_makes_it_a_repetition),
		IN_HOUSE(test_the_same_key_elsewhere_is_another_event),
		IN_HOUSE(test_a_message_that_was_deleted_before_it_came),
		IN_HOUSE(test_a_deletion_concerns_its_own_workspace),
		IN_HOUSE(test_a_message_that_was_deleted_while_it_waited),
		IN_HOUSE(test_deletions_are_forgotten_in_time),
		IN_HOUSE(test_a_repetition_hours_later_does_nothing),
		IN_HOUSE(test_keys_are_forgotten_when_no_repetition_can_come),
		IN_HOUSE(test_a_ritual_that_fails_is_undone_alone),
		IN_HOUSE(test_a_violated_constraint_is_the_rituals_failure),
		IN_HOUSE(test_a_ritual_that_cannot_tell_whether_words_are_its_own),
		cmocka_unit_test(test_apologies),
		IN_HOUSE(test_a_letter_can_be_read_again),
		IN_HOUSE(test_an_event_that_the_store_refuses_is_buried_alone),
		IN_HOUSE(test_a_form_that_stays_open_may_come_again),
		IN_HOUSE(test_a_form_that_does_not_open_is_offered_again),
		IN_HOUSE(test_bots_and_nobody_are_not_heard),
		IN_HOUSE(test_who_is_unknown_is_asked_about_once_and_heard_then),
		IN_HOUSE(test_whom_nobody_knows_goes_by_the_account),
		IN_HOUSE(test_a_late_answer_is_asked_for_again),
		IN_HOUSE(test_a_failed_question_about_somebody_known_changes_nothing),
		IN_HOUSE(test_a_failure_of_what_waited_stops_nobody),
		IN_HOUSE(test_who_has_left_the_company_leaves_all_teams),
		IN_HOUSE(test_news_of_strangers_are_not_kept),
		IN_HOUSE(test_joining_asks_and_leaving_drops),
		IN_HOUSE(test_starting_asks_for_channels_and_members_once),
		IN_HOUSE(test_a_channel_the_bot_is_let_into_is_asked_for_again),
		IN_HOUSE(test_a_gap_asks_from_the_newest_word_heard),
		IN_HOUSE(test_a_gap_asks_for_directs_that_nobody_has_named),
		IN_HOUSE(test_what_was_heard_is_written_down_now_and_then),
		IN_HOUSE(test_the_newest_word_is_the_newest_by_time),
		IN_HOUSE(test_a_due_job_rings_once),
		IN_HOUSE(test_a_due_job_that_another_cancels_does_not_ring),
		IN_HOUSE(test_a_due_job_that_another_moves_rings_at_its_new_time),
		IN_HOUSE(test_a_job_that_fails_does_not_ring_for_ever),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
