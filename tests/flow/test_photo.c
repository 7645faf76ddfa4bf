/* SPDX-License-Identifier: MIT */
/* The whole program, and people who attach pictures and files: their words count as ever, and nothing else is read into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/flow.h"

#define ENTRIES "SELECT COUNT(*) FROM standup_entry WHERE state = 'given'"
#define DEAD	"SELECT COUNT(*) FROM dead_letter"
#define LINES	"Yesterday: closed 2 deals\\nToday: call 15 new leads\\nRisks: none"

static const char *const channels[] = { "sales", NULL };

static struct flow *start(gboolean feishu)
{
	struct flow *f = flow_new(&(struct flow_setup){ .people = 2, .channels = channels, .feishu = feishu });
	flow_configure(f, "");
	flow_start(f);
	FLOW_UNTIL(f, flow_is_live(f));
	return f;
}

/* The message's ts; the caller frees. */
static char *attach(struct flow *f, const char *who, const char *channel, const char *name, const char *text)
{
	g_autoptr(cJSON) reply = flow_act(f, "{'do':'upload','as':'%s','channel':'%s','name':'%s','base64':'aGVsbG8=','text':'%s'}", who,
		channel, name, text);
	return g_strdup(json_text_or(reply, "ts", NULL));
}

static void expect_photos(gboolean feishu)
{
	struct flow *f = start(feishu);
	/* three lines under a photo of the whiteboard */
	g_autofree char *photo = attach(f, "p0", "#sales", "whiteboard.png", LINES);
	FLOW_UNTIL(f, flow_is_accepted(f, "#sales", photo));
	FLOW_UNTIL(f, flow_number(f, ENTRIES) == 1);
	/* a picture and a file alone are talk */
	g_autofree char *alone = attach(f, "p1", "#sales", "cat.png", "");
	g_autofree char *file = attach(f, "p1", "#sales", "offer.pdf", "");
	/* lines beside a file to the bot */
	g_autofree char *direct = flow_direct(f, "p1");
	g_autofree char *answer = attach(f, "p1", direct, "deals.xlsx", feishu ? "" : LINES);
	g_autofree char *words = feishu ? flow_say(f, "p1", direct, FLOW_STANDUP) : g_strdup(answer);
	FLOW_UNTIL(f, flow_is_accepted(f, direct, words));
	FLOW_UNTIL(f, flow_number(f, ENTRIES) == 2);
	assert_false(flow_is_accepted(f, "#sales", alone));
	assert_false(flow_is_accepted(f, "#sales", file));
	assert_true(flow_is_acknowledged(f, file));
	assert_int_equal(flow_number(f, DEAD), 0);
	flow_check_posted_once(f);
	assert_int_equal(flow_stop(f), 0);
	flow_free(f);
}

static void photos_on_slack(void **state)
{
	(void)state;
	expect_photos(FALSE);
}

static void photos_on_feishu(void **state)
{
	(void)state;
	expect_photos(TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(photos_on_slack), cmocka_unit_test(photos_on_feishu) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
