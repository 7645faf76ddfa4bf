/* SPDX-License-Identifier: MIT */
#include "sandbox/speech.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct {
	const char *typed, *message, *command;
} cases[] = {
	{ "a & b < c > d", "a &amp; b &lt; c &gt; d", "a & b < c > d" },
	{ "hi @ana", "hi <@U0ANA0000>", "hi <@U0ANA0000|ana>" },
	{ "@Ana Lima, @ana-x, @anabel", "<@U0ANA0000>, @ana-x, @anabel", "<@U0ANA0000|ana>, @ana-x, @anabel" },
	{ "找@陈伟谈", "找<@U0WEI0000>谈", "找<@U0WEI0000|wei>谈" },
	{ "mail ana@lantern.example now", "mail ana@lantern.example now", "mail ana@lantern.example now" },
	{ "@here and @channel, @heretic", "<!here> and <!channel>, @heretic", "<!here> and <!channel>, @heretic" },
	{ "in #sales, #nope", "in <#C0SALES00|sales>, #nope", "in <#C0SALES00|sales>, #nope" },
	{ "see https://a.b/c?d=1&e=2.", "see <https://a.b/c?d=1&amp;e=2>.", "see <https://a.b/c?d=1&amp;e=2>." },
	{ "https:// alone", "https:// alone", "https:// alone" },
	{ "(http://a.b)", "(<http://a.b>)", "(<http://a.b>)" },
	{ "demo at example.com today", "demo at <http://example.com|example.com> today", "demo at example.com today" },
	{ "v1.2.com.x 3.5.", "v1.2.com.x 3.5.", "v1.2.com.x 3.5." },
	{ "done ✅🎉", "done :white_check_mark::tada:", "done ✅🎉" },
	{ "<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;", "<!channel> <@U1>" },
	{ "", "", "" },
	{ "@", "@", "@" },
};

static struct room *lantern(void)
{
	g_autoptr(cJSON) company = company_example();
	static struct clock *clock;
	if (!clock)
		clock = clock_new_frozen(0);
	struct room *room = room_new(company, clock, NULL);
	assert_non_null(room);
	return room;
}

static void typed(void **state)
{
	(void)state;
	struct room *room = lantern();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *message = speech_from_typed(room, cases[i].typed);
		g_autofree char *command = speech_for_command(room, cases[i].typed);
		assert_string_equal(message, cases[i].message);
		assert_string_equal(command, cases[i].command);
	}
	room_free(room);
}

/* The rich_text's leaves in short: text as it is, all else as {type value}. */
static char *leaves(const char *text)
{
	GString *out = g_string_new(NULL);
	g_autoptr(cJSON) blocks = speech_blocks(text);
	assert_string_equal(json_text_or(blocks, "0.type", ""), "rich_text");
	const cJSON *leaf;
	cJSON_ArrayForEach(leaf, json_array(blocks, "0.elements.0.elements"))
	{
		const char *type = json_text_or(leaf, "type", "");
		if (g_str_equal(type, "text"))
			g_string_append(out, json_text_or(leaf, "text", ""));
		else
			g_string_append_printf(out, "{%s %s}", type, leaf->child->next->valuestring);
	}
	return g_string_free(out, FALSE);
}

static void rich_text(void **state)
{
	static const struct {
		const char *text, *leaves;
	} rows[] = {
		{ "a &amp; b &lt;c&gt; &amp;lt;", "a & b <c> &lt;" },
		{ "<@U1> <@U2|name> <#C1|sales>", "{user U1} {user U2} {channel C1}" },
		{ "<!here> <!subteam^S1|@team>", "{broadcast here} {usergroup S1}" },
		{ "<https://a.b?x&amp;y|label>", "{link https://a.b?x&y}" },
		{ "ok :tada: 10:30:15 :nope:", "ok {emoji tada} 10:30:15 :nope:" },
		{ "an open < stays", "an open < stays" },
		{ "", "" },
	};
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = leaves(rows[i].text);
		assert_string_equal(got, rows[i].leaves);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(typed), cmocka_unit_test(rich_text) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
