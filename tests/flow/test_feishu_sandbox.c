/* SPDX-License-Identifier: MIT */
/* The whole program before the sandbox's Feishu: what a team does there in its first days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

enum { PEOPLE = 3 };

static const char *const channels[] = { "sales", NULL };

static int set_up(void **state)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = PEOPLE, .channels = channels, .feishu = TRUE });
	flow_configure(f, "");
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct flow *f = *state;
	flow_check_posted_once(f);
	assert_int_equal(flow_stop(f), 0);
	flow_free(f);
	return 0;
}

/* The last message of the bot in a place whose card holds this; NULL: none. The caller frees. */
static cJSON *find_card(const struct flow *f, const char *channel, const char *words)
{
	g_autoptr(cJSON) messages = flow_messages(f, channel);
	for (int i = cJSON_GetArraySize(messages) - 1; i >= 0; i--) {
		const cJSON *m = cJSON_GetArrayItem(messages, i);
		g_autofree char *card = json_print(json_object(m, "card"));
		if (json_object(m, "card") && strstr(card, words))
			return cJSON_DetachItemFromArray(messages, i);
	}
	return NULL;
}

static gboolean shows(const struct flow *f, const char *channel, const char *words)
{
	g_autoptr(cJSON) message = find_card(f, channel, words);
	return message != NULL;
}

/* Three lines are stored, answered by a ✅, and stand on the team's board. */
static void a_standup_is_heard(void **state)
{
	struct flow *f = *state;
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", ts));
	FLOW_UNTIL(f, shows(f, "#sales", "closed 2 deals"));
	assert_true(flow_is_acknowledged(f, ts));
	assert_int_equal(flow_bot_posts(f, "#sales"), 1);
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), 1);
}

/* ---- forms ---- */

static const char *ts_of(const cJSON *message)
{
	return json_text_or(message, "ts", "");
}

/* The form that stands in a place, its inputs filled in with this. The caller frees. */
static cJSON *open_form(struct flow *f, const char *channel, const char *results)
{
	g_autofree char *filled = g_strdup_printf("\"default_value\":\"%s\"", results);
	const char *sign = *results ? filled : "belltower_form";
	FLOW_UNTIL(f, shows(f, channel, sign));
	return find_card(f, channel, sign);
}

/* An entry of the bot's menu is a command; what it opens comes to the chat with the bot. */
static void a_form_from_the_menu(void **state)
{
	struct flow *f = *state;
	g_autofree char *direct = flow_direct(f, "p0");
	cJSON_Delete(flow_act(f, "{'do':'menu','as':'p0','key':'standup'}"));
	g_autoptr(cJSON) form = open_form(f, direct, "");
	cJSON_Delete(flow_act(f,
		"{'do':'submit','as':'p0','channel':'%s','ts':'%s','form_value':{'results':'closed 3','goals':'call 7','risks':''}}",
		direct, ts_of(form)));
	FLOW_UNTIL(f, shows(f, "#sales", "closed 3"));
	FLOW_UNTIL(f, shows(f, direct, "closed 3") && !shows(f, direct, "belltower_form"));
	cJSON_Delete(flow_act(f, "{'do':'menu','as':'p0','key':'standup'}"));
	g_autoptr(cJSON) again = open_form(f, direct, "closed 3");
	assert_string_not_equal(ts_of(again), ts_of(form));
	cJSON_Delete(flow_act(f, "{'do':'menu','as':'p0','key':'standup_show'}"));
	FLOW_UNTIL(f, shows(f, direct, "1 of 3 answered"));
}

/* In the channel it is a card that one person sees; who thinks better of it leaves nothing behind. */
static void a_form_for_one_persons_eyes(void **state)
{
	struct flow *f = *state;
	g_autofree char *asked = flow_say(f, "p0", "#sales", "@belltower standup");
	g_autoptr(cJSON) form = open_form(f, "#sales", "");
	assert_string_equal(json_text_or(form, "ephemeral_to", ""), "U0P000000");
	cJSON_Delete(flow_act(f, "{'do':'press','as':'p0','channel':'#sales','ts':'%s','button':'Cancel'}", ts_of(form)));
	FLOW_UNTIL(f, shows(f, "#sales", "✕ Cancel") && !shows(f, "#sales", "belltower_form"));
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), 0);
	assert_int_equal(flow_bot_posts(f, "#sales"), 0);
}

static void hear_toast(const cJSON *delta, gpointer toast)
{
	if (g_str_equal(json_text_or(delta, "type", ""), "notice"))
		g_string_assign(toast, json_text_or(delta, "text", ""));
}

/* What is wrong is said at once, and the form stays as it was typed. */
static void a_form_with_a_problem_stays_open(void **state)
{
	struct flow *f = *state;
	g_autoptr(GString) toast = g_string_new(NULL);
	g_autofree char *asked = flow_say(f, "p0", "#sales", "@belltower standup");
	g_autoptr(cJSON) form = open_form(f, "#sales", "");
	f->observe = hear_toast;
	f->data = toast;
	cJSON_Delete(flow_act(f, "{'do':'submit','as':'p0','channel':'#sales','ts':'%s','form_value':{'goals':'none'}}", ts_of(form)));
	FLOW_UNTIL(f, strstr(toast->str, "cannot be"));
	f->observe = NULL;
	assert_true(shows(f, "#sales", "belltower_form"));
	assert_int_equal(flow_number(f, "SELECT COUNT(*) FROM standup_entry"), 0);
}

/* ---- changes ---- */

static void a_message_is_changed_and_recalled(void **state)
{
	struct flow *f = *state;
	g_autofree char *ts = flow_say(f, "p0", "#sales", FLOW_STANDUP);
	FLOW_UNTIL(f, shows(f, "#sales", "1 of 3 answered"));
	cJSON_Delete(flow_act(f, "{'do':'edit','as':'p0','channel':'#sales','ts':'%s','text':'Yesterday: closed 9\\nToday: rest\\nRisks: none'}", ts));
	FLOW_UNTIL(f, shows(f, "#sales", "closed 9"));
	cJSON_Delete(flow_act(f, "{'do':'delete','as':'p0','channel':'#sales','ts':'%s'}", ts));
	FLOW_UNTIL(f, shows(f, "#sales", "0 of 3 answered"));
	assert_int_equal(flow_bot_posts(f, "#sales"), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_standup_is_heard),
		T(a_form_from_the_menu),
		T(a_form_for_one_persons_eyes),
		T(a_form_with_a_problem_stays_open),
		T(a_message_is_changed_and_recalled),
	};
	return cmocka_run_group_tests_name("feishu_sandbox", tests, NULL, NULL);
}
