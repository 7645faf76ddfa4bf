/* SPDX-License-Identifier: MIT */
/* A board of sixty people who write a lot and mean no good: one message within the platform's limits, nobody left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/clock.h"
#include "block_kit.h"
#include "platform/slack/slack_out.h"
#include "stage.h"

enum { PEOPLE = 60 };

static void everybody_answers(struct stage *s, const char *line)
{
	for (int i = 0; i < PEOPLE; i++) {
		g_autofree char *name = g_strdup_printf("rep%02d", i);
		g_autofree char *text = g_strdup_printf("Yesterday: %s\nToday: %s\nRisks: %s", line, line, line);
		stage_learn(s, name, "Asia/Shanghai", i % 2 ? "en" : "zh-CN");
		stage_say(s, name, text);
	}
	stage_clear(s);
	stage_advance(s, SECONDS(2));
}

/* The last board that would go out, as Slack would get it. */
static cJSON *rendered(struct stage *s)
{
	const struct outbox_row *row = s->sent->pdata[s->sent->len - 1];
	g_auto(slack_request_auto) request = { 0 };
	g_autoptr(GError) error = NULL;
	if (!slack_out(row, NULL, &request, &error))
		fail_msg("%s", error->message);
	assert_string_equal(request.method->name, "chat.update");
	return json_parse(request.body, strlen(request.body), NULL);
}

static void a_board_of_sixty_fits(const char *line)
{
	struct stage *s = stage_new("en", "A");
	everybody_answers(s, line);
	g_autoptr(cJSON) body = rendered(s);
	g_autofree char *problem = block_kit_problem("chat.update", body);
	if (problem)
		fail_msg("%s", problem);
	g_autofree char *text = json_print(json_array(body, "blocks"));
	for (int i = 0; i < PEOPLE; i++) {
		g_autofree char *name = g_strdup_printf("rep%02d*", i), *trouble = g_strdup_printf("• rep%02d · Risks", i);
		assert_non_null(strstr(text, name));
		assert_non_null(strstr(text, trouble));
	}
	g_auto(GStrv) risks = g_strsplit(text, "Risks: ", -1);
	assert_int_equal(g_strv_length(risks), 2 * PEOPLE + 1); /* on top, and as everybody's third line */
	assert_non_null(strstr(text, "standup.open"));
	stage_free(s);
}

static void short_lines_fit(void **state)
{
	(void)state;
	a_board_of_sixty_fits("closed 2 deals");
}

static void long_lines_fit(void **state)
{
	(void)state;
	g_autofree char *line = g_strnfill(1200, 'x');
	a_board_of_sixty_fits(line);
}

static void hostile_lines_fit(void **state)
{
	(void)state;
	a_board_of_sixty_fits("&amp;&lt;&gt;*_~`<!channel> <@U_ana> <https://a.example/?q=1&amp;b=2|click me> "
			      "&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;");
}

static void emoji_fit(void **state)
{
	(void)state;
	a_board_of_sixty_fits("👩‍👩‍👧‍👦🏳️‍🌈昨天跟进华东区老客户复购华东区老客户复购华东区老客户复购华东区老客户复购华东区老客户复购");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_lines_fit),
		cmocka_unit_test(long_lines_fit),
		cmocka_unit_test(hostile_lines_fit),
		cmocka_unit_test(emoji_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
