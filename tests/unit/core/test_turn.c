/* SPDX-License-Identifier: MIT */
/* What a turn shows a ritual of the event: text as people read it, the language, the day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/turn.h"
#include "house.h"

struct scene {
	struct house *house;
	struct event *event;
	struct turn turn;
};

static int make_scene(void **state)
{
	struct scene *s = g_new0(struct scene, 1);
	s->house = house_new();
	s->event = house_event(EVENT_SAID, "U1", "C1");
	s->turn = (struct turn){ .now_ms = s->house->now_ms,
		.event = s->event,
		.db = s->house->db,
		.roster = s->house->roster,
		.outbox = s->house->outbox,
		.schedule = s->house->schedule,
		.texts = s->house->texts,
		.scratch = g_ptr_array_new_with_free_func(g_free) };
	*state = s;
	return 0;
}

static int free_scene(void **state)
{
	struct scene *s = *state;
	g_ptr_array_unref(s->turn.scratch);
	event_free(s->event);
	house_close(s->house);
	g_free(s);
	return 0;
}

/* U1 is Ana; U9 is known to nobody. */
static const struct {
	const char *text, *readable;
} texts[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "成单 2 单", "成单 2 单" },
	/* people */
	{ "<@U1>", "@Ana" },
	{ "<@U1|somebody>", "@Ana" },
	{ "ask <@U1> and <@U2>!", "ask @Ana and @Bo!" },
	{ "<@U9>", "@U9" },
	{ "<@U9|zoe>", "@zoe" },
	{ "<@U9|>", "@U9" },
	/* channels, calls */
	{ "<#C1|sales>", "#sales" },
	{ "<#C1>", "#C1" },
	{ "<#C1|>", "#C1" },
	{ "<!here>", "@here" },
	{ "<!channel|@channel>", "@channel" },
	{ "<!everyone|everyone>", "@everyone" },
	{ "<!subteam^S1|@sales>", "@sales" },
	{ "<!subteam^S1>", "@subteam^S1" },
	{ "<!date^1392734382^{date}|18 February>", "18 February" },
	/* links */
	{ "<https://example.com>", "https://example.com" },
	{ "<https://example.com|the page>", "the page (https://example.com)" },
	{ "<https://example.com|https://example.com>", "https://example.com" },
	{ "<http://example.com|example.com>", "example.com" },
	{ "<https://example.com|>", "https://example.com" },
	{ "<mailto:ana@example.com|ana@example.com>", "ana@example.com" },
	{ "<tel:+351123|+351 123>", "+351 123 (tel:+351123)" },
	/* what people type */
	{ "<2 weeks", "<2 weeks" },
	{ "<2 weeks> or more", "<2 weeks> or more" },
	{ "a < b > c", "a < b > c" },
	{ "<>", "<>" },
	{ "<", "<" },
	{ "<@U1", "<@U1" },
	{ "<@U1\n>", "<@U1\n>" },
	{ "<<@U1>>", "<@Ana>" },
	{ "<script>", "<script>" },
	{ "<ftp://x|y>", "<ftp://x|y>" },
	{ "1<2 <@U1> 3>2", "1<2 @Ana 3>2" },
	{ "成单<@U1>，<https://x.cn|链接>", "成单@Ana，链接 (https://x.cn)" },
};

static void test_readable_texts(void **state)
{
	struct scene *s = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *got = turn_readable(&s->turn, "acme", texts[i].text);
		if (strcmp(got, texts[i].readable) != 0)
			fail_msg("'%s' reads '%s'", texts[i].text, got);
	}
	assert_null(turn_readable(&s->turn, "acme", NULL));
}

/* Forty thousand brackets, as Slack lets through: no more than one look at each. */
static void test_brackets_without_end(void **state)
{
	struct scene *s = *state;
	g_autofree char *open = g_strnfill(400000, '<');
	assert_string_equal(turn_readable(&s->turn, "acme", open), open);
	g_autofree char *closed = g_strconcat(open, ">", NULL);
	assert_string_equal(turn_readable(&s->turn, "acme", closed), closed);
	g_autofree char *name = g_strnfill(5000, 'U');
	g_autofree char *token = g_strdup_printf("<@%s>", name);
	assert_string_equal(turn_readable(&s->turn, "acme", token), token); /* longer than any token */
}

static void test_the_first_failure_stays(void **state)
{
	struct scene *s = *state;
	assert_true(turn_ok(&s->turn));
	turn_fail(&s->turn, g_error_new(G_FILE_ERROR, 1, "first"));
	turn_fail(&s->turn, g_error_new(G_FILE_ERROR, 2, "second"));
	assert_false(turn_ok(&s->turn));
	assert_string_equal(s->turn.error->message, "first");
	g_clear_error(&s->turn.error);
}

/* After a failure nothing is left behind, and what it was given is freed. */
static void test_a_failed_turn_leaves_nothing(void **state)
{
	struct scene *s = *state;
	struct turn *t = &s->turn;
	t->ritual = "rehearsal";
	assert_true(db_begin(t->db, NULL));
	turn_fail(t, g_error_new(G_FILE_ERROR, 1, "first"));
	turn_say(t, "x");
	turn_whisper(t, "x");
	turn_react(t, "x");
	turn_form(t, form_new("a.b", "", "t", "s", "c"));
	turn_home(t, "home", message_new());
	turn_renew(t, "name", message_new());
	turn_withdraw(t, "name");
	turn_show(t, roster_team(t->roster, "sales"), "name", message_new());
	turn_post(t, roster_team(t->roster, "sales"), "name", message_new());
	turn_ask_person(t, "acme", "U5");
	turn_schedule(t, "word", "key", 1);
	turn_schedule_once(t, "word", "key", 1);
	turn_cancel(t, "word", "key");
	assert_int_equal(turn_changes(t), 0);
	assert_true(db_commit(t->db, NULL));
	assert_null(outbox_take_handed(t->outbox));
	int64_t next;
	assert_true(schedule_next(t->schedule, &next, NULL));
	assert_int_equal(next, G_MAXINT64);
	g_clear_error(&t->error);
}

static void test_languages(void **state)
{
	struct scene *s = *state;
	struct turn *t = &s->turn;
	struct person zh = { .language = (char *)"zh-CN" }, tlh = { .language = (char *)"tlh" }, none = { 0 };
	const struct team *sales = roster_team(t->roster, "sales");
	const struct {
		const struct person *person;
		const struct team *team;
		enum language language;
	} cases[] = {
		{ &zh, sales, LANGUAGE_ZH_CN },
		{ &tlh, sales, LANGUAGE_EN },
		{ &none, sales, LANGUAGE_EN },
		{ NULL, sales, LANGUAGE_EN },
		{ &zh, NULL, LANGUAGE_ZH_CN },
		{ NULL, NULL, LANGUAGE_EN },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		t->person = cases[i].person;
		t->team = cases[i].team;
		assert_int_equal(turn_language(t), cases[i].language);
	}
}

static void test_a_day_is_the_persons_own(void **state)
{
	struct scene *s = *state;
	struct person far = { .zone = g_time_zone_new_identifier("America/Los_Angeles") };
	const struct team *sales = roster_team(s->turn.roster, "sales");
	assert_string_equal(turn_day(&s->turn, NULL, sales, s->turn.now_ms), "2026-03-02");
	assert_string_equal(turn_day(&s->turn, &far, sales, s->turn.now_ms), "2026-03-01");
	g_time_zone_unref(far.zone);
}

static GPtrArray *handed(struct turn *t)
{
	assert_true(turn_ok(t));
	assert_true(outbox_refill(t->outbox, NULL));
	assert_true(db_commit(t->db, NULL));
	GPtrArray *rows = outbox_take_handed(t->outbox);
	assert_true(db_begin(t->db, NULL));
	return rows;
}

/* The message says that it is urgent; when it stands, each whom it calls gets a row, in their own language. */
static void test_an_urgent_post(void **state)
{
	struct scene *s = *state;
	struct turn *t = &s->turn;
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	t->team = roster_team(t->roster, "sales");
	assert_true(db_begin(t->db, NULL));
	struct message *m = message_new();
	message_title(m, "Stall");
	message_document(m, "plan.txt", bytes, "lost");
	message_urge(m, "U1");
	message_urge(m, "U9");
	turn_post(t, t->team, NULL, m);
	g_autoptr(GPtrArray) first = handed(t);
	assert_int_equal(first->len, 1);
	const struct outbox_row *post = first->pdata[0];
	assert_non_null(strstr(post->content, "{\"bold\":\"Urgent, please see to this now\"},{\"plain\":\" \"},{\"mention\":\"U1\"},"));
	assert_int_equal(post->files->len, 1);
	assert_true(outbox_sent(t->outbox, post->id, "C1", "m1", 1, NULL));
	g_autoptr(GPtrArray) calls = handed(t);
	assert_int_equal(calls->len, 2);
	for (guint i = 0; i < 2; i++) {
		const struct outbox_row *call = calls->pdata[i];
		assert_int_equal(call->kind, OUTBOX_URGE);
		assert_string_equal(call->person, i ? "U9" : "U1");
		assert_string_equal(call->message, "m1");
		assert_null(call->files);
		assert_null(strstr(call->content, "plan.txt"));
		assert_non_null(strstr(call->content, i ? "{\"mention\":\"U9\"}]" : "{\"mention\":\"U1\"}]"));
	}
	assert_true(db_commit(t->db, NULL));
}

#define ON_SCENE(test) cmocka_unit_test_setup_teardown(test, make_scene, free_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SCENE(test_readable_texts),
		ON_SCENE(test_brackets_without_end),
		ON_SCENE(test_the_first_failure_stays),
		ON_SCENE(test_a_failed_turn_leaves_nothing),
		ON_SCENE(test_languages),
		ON_SCENE(test_a_day_is_the_persons_own),
		ON_SCENE(test_an_urgent_post),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
