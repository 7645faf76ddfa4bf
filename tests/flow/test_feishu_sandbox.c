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

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_standup_is_heard),
	};
	return cmocka_run_group_tests_name("feishu_sandbox", tests, NULL, NULL);
}
