/* SPDX-License-Identifier: MIT */
/*
 * Feishu's monthly calls, with the whole bot before the sandbox, which counts, in moved time.
 *
 * What a team of 20 spends in a month of 22 workdays: prints what docs/feishu.md says of it; fails when it becomes dearer, or
 * when our count is not the platform's. And a month that ends early.
 *
 * MONTH_RITUALS=1 prints instead what it is with the day's other rituals on: each is asked and reminded by direct message.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum {
	PEOPLE = 20,
	WORKDAYS = 22,
	ALLOWED = 1300, /* of 10,000; docs/feishu.md says what it was */
};

#define MARCH_2ND_0900 INT64_C(1772413200000) /* a Monday, in Shanghai; the 31st is the 22nd workday */
#define MARCH_31ST_0900 (MARCH_2ND_0900 + DAYS(29))
#define STANDUP_FORM   "'results':'closed 2 deals','goals':'call 15 new leads','risks':'none'"

/* When each writes, in seconds after nine: most of them soon, some together. */
static const int says_at_s[PEOPLE] = { 20, 45, 50, 95, 120, 125, 130, 210, 300, 330, 420, 430, 600, 780, 1100, 1500, 2100, 2700,
	3600, 5000 };

struct month {
	struct flow *f;
	int64_t nine_ms;
	char *said[PEOPLE]; /* ts of today's standup; NULL: by the form */
};

/* What somebody has caused happens in the next half minute: the board is gathered for 20 s. Then nothing does. */
static void pass(struct month *m, int64_t ms)
{
	int64_t busy_ms = MIN(ms, SECONDS(30));
	if (busy_ms > 0)
		flow_pass(m->f, busy_ms, SECONDS(15));
	if (ms > busy_ms)
		flow_pass(m->f, ms - busy_ms, HOURS(1));
}

static void pass_until(struct month *m, int seconds)
{
	pass(m, m->nine_ms + SECONDS(seconds) - clock_now_ms(m->f->clock));
}

static cJSON *quota(const struct month *m)
{
	g_autoptr(cJSON) state = sandbox_state(m->f->sandbox);
	return cJSON_Duplicate(json_object(state, "feishu.quota"), TRUE);
}

static void start(struct month *m)
{
	flow_start_here(m->f);
	FLOW_PASS_UNTIL(m->f, flow_is_live(m->f));
	flow_pass(m->f, SECONDS(5), SECONDS(1));
}

/* ---- what people do ---- */

static cJSON *find_last(const struct month *m, const char *channel, const char *words)
{
	g_autoptr(cJSON) messages = flow_messages(m->f, channel);
	for (int i = cJSON_GetArraySize(messages) - 1; i >= 0; i--) {
		g_autofree char *text = json_print(cJSON_GetArrayItem(messages, i));
		if (strstr(text, words))
			return cJSON_DetachItemFromArray(messages, i);
	}
	return NULL;
}

/* Time stands still until the bot has it: on a busy machine the platform's three seconds are soon over. */
static char *say_at(struct month *m, const char *who, const char *channel, const char *text)
{
	char *ts = flow_say(m->f, who, channel, text);
	FLOW_UNTIL(m->f, flow_is_acknowledged(m->f, ts));
	return ts;
}

static void say_there(struct month *m, const char *who, const char *channel, const char *text)
{
	g_free(say_at(m, who, channel, text));
}

static void ask(struct month *m)
{
	g_autofree char *direct = flow_direct(m->f, "p0");
	say_there(m, "p0", direct, "standup ask");
	pass(m, SECONDS(10));
}

static int64_t stored(const struct month *m)
{
	return flow_number(m->f, "SELECT COUNT(*) FROM standup_entry");
}

/* By the button on the prompt, in a card that only this one sees. */
static void fill_in(struct month *m, const char *who)
{
	guint forms = flow_calls(m->f, "ephemeral.send");
	int64_t before = stored(m);
	g_autoptr(cJSON) prompt = find_last(m, "#sales", "Write mine");
	cJSON_Delete(flow_act(m->f, "{'do':'press','as':'%s','channel':'#sales','ts':'%s','button':'Write mine'}", who,
		json_text_or(prompt, "ts", "")));
	FLOW_UNTIL(m->f, flow_calls(m->f, "ephemeral.send") > forms);
	g_autoptr(cJSON) form = find_last(m, "#sales", "form_action_type");
	cJSON_Delete(flow_act(m->f, "{'do':'submit','as':'%s','channel':'#sales','ts':'%s','form_value':{" STANDUP_FORM "}}", who,
		json_text_or(form, "ts", "")));
	FLOW_UNTIL(m->f, stored(m) > before);
}

static char *who_is(guint i)
{
	return g_strdup_printf("p%u", i);
}

static void say(struct month *m, guint i, guint day)
{
	g_autofree char *who = who_is(i), *direct = i % 5 == 4 ? flow_direct(m->f, who) : NULL;
	g_clear_pointer(&m->said[i], g_free);
	if (i == 9 || i == 16)
		fill_in(m, who);
	else
		m->said[i] = say_at(m, who, direct ? direct : "#sales", FLOW_STANDUP);
	if (i == 7 && day % 2) /* tried it in one line first, and was told how */
		say_there(m, who, "#sales", "standup: done a lot");
}

/* Three correct themselves, one takes it back and writes again, the manager looks. */
static void think_again(struct month *m)
{
	static const char *const edited[] = { "p3", "p11", "p13" };
	static const guint index[] = { 3, 11, 13 };
	for (guint i = 0; i < G_N_ELEMENTS(edited); i++) {
		guint looked = flow_calls(m->f, "im.message.get");
		cJSON_Delete(flow_act(m->f, "{'do':'edit','as':'%s','channel':'#sales','ts':'%s','text':'%s'}", edited[i], m->said[index[i]],
			"Yesterday: closed 3 deals\\nToday: call 15 new leads\\nRisks: none"));
		FLOW_UNTIL(m->f, flow_calls(m->f, "im.message.get") > looked);
		pass(m, MINUTES(7));
	}
	cJSON_Delete(flow_act(m->f, "{'do':'delete','as':'p5','channel':'#sales','ts':'%s'}", m->said[5]));
	pass(m, MINUTES(1));
	say_there(m, "p5", "#sales", FLOW_STANDUP);
	g_autofree char *direct = flow_direct(m->f, "p0");
	say_there(m, "p0", direct, "standup show");
	pass(m, MINUTES(1));
}

static void work(struct month *m, guint day)
{
	ask(m);
	for (guint i = 0; i < PEOPLE; i++) {
		pass_until(m, says_at_s[i]);
		say(m, i, day);
	}
	pass(m, MINUTES(2));
	think_again(m);
}

/* Until nine of the next workday; on Fridays the program is replaced, once a week the network is away for ten minutes. */
static void rest(struct month *m, guint day)
{
	gboolean friday = day % 5 == 4;
	if (day % 5 == 2) {
		cJSON_Delete(flow_act(m->f, "{'do':'faults','refuse_connections':true}"));
		cJSON_Delete(flow_act(m->f, "{'do':'drop_connections'}"));
		flow_pass(m->f, MINUTES(10), SECONDS(30));
		cJSON_Delete(flow_act(m->f, "{'do':'faults','refuse_connections':false}"));
		FLOW_PASS_UNTIL(m->f, flow_is_live(m->f));
	}
	pass(m, MINUTES(1)); /* the count is written down */
	if (friday) {
		flow_stop_here(m->f);
		clock_set(m->f->bot_clock, clock_now_ms(m->f->clock));
		start(m);
	}
	m->nine_ms += friday ? DAYS(3) : DAYS(1);
	pass(m, m->nine_ms - clock_now_ms(m->f->clock));
}

/* ---- what it costs ---- */

static void print_table(const cJSON *spent)
{
	const cJSON *method;
	print_message("%-28s%8s\n", "a month of 20 people", "calls");
	cJSON_ArrayForEach (method, json_object(spent, "by_method"))
		print_message("%-28s%8d\n", method->string, method->valueint);
	print_message("%-28s%8d\n", "all", (int)json_int_or(spent, "used", 0));
}

static void a_month_of_twenty(void **state)
{
	struct month *m = *state;
	gint64 began_us = g_get_monotonic_time();
	start(m);
	pass_until(m, 0);
	for (guint day = 0; day < WORKDAYS; day++) {
		work(m, day);
		if (day + 1 < WORKDAYS)
			rest(m, day);
	}
	pass(m, MINUTES(1));
	g_autoptr(cJSON) spent = quota(m);
	print_table(spent);
	print_message("in %.1f s\n", (double)(g_get_monotonic_time() - began_us) / 1e6);
	assert_string_equal(json_text_or(spent, "month", ""), "2026-03");
	assert_int_equal(stored(m), PEOPLE * WORKDAYS);
	g_autofree char *ours = g_strdup_printf("SELECT COUNT(*) FROM adapter_note WHERE name = 'calls' AND says = '2026-03 %d'",
		(int)json_int_or(spent, "used", 0));
	assert_int_equal(flow_number(m->f, ours), 1);
	if (!g_getenv("MONTH_RITUALS"))
		assert_in_range(json_int_or(spent, "used", 0), 1, ALLOWED);
	flow_check_posted_once(m->f);
}

/* ---- when there are none left ---- */

static gboolean shows(const struct month *m, const char *words)
{
	g_autoptr(cJSON) message = find_last(m, "#sales", words);
	return message != NULL;
}

static void use_up(struct month *m, int used)
{
	cJSON_Delete(flow_act(m->f, "{'do':'feishu','used':%d}", used));
}

struct listener {
	char *toast;
};

static void note_toast(const cJSON *delta, gpointer data)
{
	struct listener *l = data;
	if (!json_text_or(delta, "toast", NULL))
		return;
	g_free(l->toast);
	l->toast = g_strdup(json_text_or(delta, "text", ""));
}

/* The board is there, then nothing more can be said; a restart does not forget it; the new month goes on by itself. */
static void a_month_that_ends_early(void **state)
{
	struct month *m = *state;
	struct listener l = { NULL };
	m->f->observe = note_toast;
	m->f->data = &l;
	m->nine_ms = MARCH_31ST_0900;
	clock_set(m->f->clock, m->nine_ms - MINUTES(5));
	clock_set(m->f->bot_clock, m->nine_ms - MINUTES(5));
	start(m);
	ask(m);
	say_there(m, "p1", "#sales", FLOW_STANDUP);
	FLOW_PASS_UNTIL(m->f, shows(m, "1 answered"));
	use_up(m, 10000);
	say_there(m, "p2", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(m->f, stored(m) == 2);
	pass(m, MINUTES(2));
	assert_true(shows(m, "1 answered"));

	/* The form cannot be shown; what to do instead is said in the press's own answer. */
	g_autoptr(cJSON) prompt = find_last(m, "#sales", "Write mine");
	cJSON_Delete(flow_act(m->f, "{'do':'press','as':'p3','channel':'#sales','ts':'%s','button':'Write mine'}",
		json_text_or(prompt, "ts", "")));
	FLOW_UNTIL(m->f, l.toast);
	assert_non_null(strstr(l.toast, "form"));
	print_message("p3 reads: %s\n", l.toast);

	flow_stop_here(m->f);
	clock_set(m->f->bot_clock, clock_now_ms(m->f->clock));
	guint sent = flow_calls(m->f, "im.message.create") + flow_calls(m->f, "im.message.patch");
	start(m);
	say_there(m, "p4", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(m->f, stored(m) == 3);
	pass(m, MINUTES(2));
	assert_int_equal(flow_calls(m->f, "im.message.create") + flow_calls(m->f, "im.message.patch"), sent);

	pass(m, m->nine_ms + HOURS(15) + MINUTES(1) - clock_now_ms(m->f->clock));
	FLOW_PASS_UNTIL(m->f, shows(m, "3 answered"));
	flow_check_posted_once(m->f);
	m->f->observe = NULL;
	g_free(l.toast);
}

static void configure(struct flow *f)
{
	static const char all[] = "standup: { format: A, deadline: \"10:30\", prompt: \"09:00\", remind: \"09:30\", feedback: \"18:00\" }\n"
				  "    highlights: \"18:00\"\n    celebrations: { at: \"09:30\" }";
	g_autofree char *config = flow_config_text(f, "");
	GString *whole = g_string_new(config);
	if (g_getenv("MONTH_RITUALS"))
		g_string_replace(whole, "standup: { format: A }", all, 0);
	g_string_append(whole, "    managers: [\"@p0\"]\n");
	flow_write_config(f, whole->str);
	g_string_free(whole, TRUE);
}

static int set_up(void **state)
{
	static const char *const channels[] = { "sales", NULL };
	struct month *m = g_new0(struct month, 1);
	m->f = flow_new(&(struct flow_setup){ .people = PEOPLE,
		.channels = channels,
		.frozen = TRUE,
		.rate_limits = TRUE,
		.feishu = TRUE,
		.zone = "Asia/Shanghai" });
	configure(m->f);
	m->nine_ms = MARCH_2ND_0900;
	clock_set(m->f->clock, m->nine_ms - MINUTES(5));
	clock_set(m->f->bot_clock, m->nine_ms - MINUTES(5));
	*state = m;
	return 0;
}

static int tear_down(void **state)
{
	struct month *m = *state;
	flow_free(m->f);
	for (guint i = 0; i < PEOPLE; i++)
		g_free(m->said[i]);
	g_free(m);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_month_of_twenty, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_month_that_ends_early, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("feishu_month", tests, NULL, NULL);
}
