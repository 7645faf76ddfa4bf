/* SPDX-License-Identifier: MIT */
/* Which command words addressed to the bot mean, and which are just talk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/command.h"

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct command standup_subs[] = {
	{ .words = WORDS("show", "看板", "查看"), .only_tells = TRUE },
	{ .words = WORDS("skip", "跳过") },
	{ .words = WORDS("help", "帮助"), .only_tells = TRUE },
	{ 0 },
};
static const struct command standup_commands[] = {
	{ .words = WORDS("standup", "站会", "日报"), .takes_text = TRUE, .subs = standup_subs },
	{ 0 },
};
static const struct command help_commands[] = {
	{ .words = WORDS("help", "帮助", "?", "？"), .only_tells = TRUE },
	{ .words = WORDS("helpdesk") },
	{ .words = WORDS("customer", "客户"), .takes_text = TRUE, .is_plain_word = TRUE },
	{ .words = WORDS("today", "今天"), .alone = TRUE },
	{ 0 },
};
static const struct ritual standup = { .name = "standup", .commands = standup_commands };
static const struct ritual silent = { .name = "silent" };
static const struct ritual help = { .name = "help", .commands = help_commands };
static const struct ritual *const rituals[] = { &standup, &silent, &help, NULL };
static const struct ritual *const no_rituals[] = { NULL };

/* text; the first word of the command it means, and of the sub-command; what is left. NULL: none. */
static const struct {
	const char *text, *word, *sub, *rest;
} found[] = {
	{ "help", "help", NULL, "" },
	{ "  \t\n help \n", "help", NULL, "" },
	{ "\xc2\xa0\xe3\x80\x80help", "help", NULL, "" }, /* no-break and ideographic space */
	{ "HELP", "help", NULL, "" },
	{ "Help!", "help", NULL, "!" },
	{ "help me please", "help", NULL, "me please" },
	{ "help:", "help", NULL, "" },
	{ "help：", "help", NULL, "" },
	{ "?", "help", NULL, "" },
	{ "？", "help", NULL, "" },
	{ "帮助", "help", NULL, "" },
	{ "帮助我", "help", NULL, "我" },
	{ "helpdesk", "helpdesk", NULL, "" },
	{ "今天 ", "today", NULL, "" },
	{ "今天目标：触达15个", NULL, NULL, NULL },
	{ "today I call them", NULL, NULL, NULL },
	{ "help-desk", NULL, NULL, NULL },
	{ "helper", NULL, NULL, NULL },
	{ "helpé", NULL, NULL, NULL },
	{ "hel", NULL, NULL, NULL },
	{ "", NULL, NULL, NULL },
	{ "   ", NULL, NULL, NULL },
	{ "please help", NULL, NULL, NULL },
	/* a word that people begin what they tell with, too */
	{ "客户", "customer", NULL, "" },
	{ "客户 北风：何时交货", "customer", NULL, "北风：何时交货" },
	{ "customer: Nordwind; two things", "customer", NULL, "Nordwind; two things" },
	{ "客户北风签约了", NULL, NULL, NULL },
	{ "Customer Nordwind signed\nCall Acme\nnone", NULL, NULL, NULL },
	/* talk that begins with the word of a command which takes no text */
	{ "Help: somebody look at the printer", NULL, NULL, NULL },
	{ "help : x", NULL, NULL, NULL },
	{ "帮助：看看打印机", NULL, NULL, NULL },
	{ "help\nwith this\nplease", NULL, NULL, NULL },
	{ "help wanted; two deals; none", NULL, NULL, NULL },
	/* one that takes text */
	{ "standup", "standup", NULL, "" },
	{ "standup:closed 2\ncall 5\nnone", "standup", NULL, "closed 2\ncall 5\nnone" },
	{ "standup closed 2; call 5; none", "standup", NULL, "closed 2; call 5; none" },
	{ "站会 成单2单", "standup", NULL, "成单2单" },
	{ "站会成单2单", "standup", NULL, "成单2单" },
	{ "站会：成单2单", "standup", NULL, "成单2单" },
	{ "日报\n成单2单", "standup", NULL, "成单2单" },
	{ "standups", NULL, NULL, NULL },
	/* words that may follow */
	{ "standup show", "standup", "show", "" },
	{ "standup SHOW @ana yesterday", "standup", "show", "@ana yesterday" },
	{ "站会看板", "standup", "show", "" },
	{ "站会 跳过", "standup", "skip", "" },
	{ "standup help", "standup", "help", "" },
	{ "standup: show", "standup", "show", "" },
	{ "standup shower broken", "standup", NULL, "shower broken" },
	{ "standup skip: no, I mean it", "standup", NULL, "skip: no, I mean it" },
	{ "standup help wanted\ncall 5\nnone", "standup", NULL, "help wanted\ncall 5\nnone" },
	/* and that may stand alone when little follows */
	{ "show", "standup", "show", "" },
	{ "看板", "standup", "show", "" },
	{ "Show @ana yesterday", "standup", "show", "@ana yesterday" },
	{ "看板 昨天", "standup", "show", "昨天" },
	{ "跳过", "standup", "skip", "" },
	{ "show <@U1|ana> yesterday", "standup", "show", "<@U1|ana> yesterday" },
	{ "show <@U1 | ana", NULL, NULL, NULL },
	{ "show R&amp;D", "standup", "show", "R&amp;D" },
	{ "help &lt;ana&gt;", "help", NULL, "&lt;ana&gt;" },
	{ "show me what ana said", NULL, NULL, NULL },
	{ "看板做好了", NULL, NULL, NULL },
	{ "skip; call 5; none", NULL, NULL, NULL },
	{ "show\nand tell\nnone", NULL, NULL, NULL },
};

static void expect_found(size_t i)
{
	struct command_match match;
	gboolean is = command_find(rituals, found[i].text, &match);
	if (is != (found[i].word != NULL))
		fail_msg("'%s' is %s command", found[i].text, is ? "a" : "no");
	if (!is)
		return;
	const char *word = found[i].sub ? found[i].sub : found[i].word;
	if (strcmp(match.command->words[0], word) != 0 || strcmp(match.rest, found[i].rest) != 0)
		fail_msg("'%s' means '%s' with '%s'", found[i].text, match.command->words[0], match.rest);
	assert_ptr_equal(match.ritual, found[i].word[0] == 's' ? &standup : &help);
}

static void test_commands(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(found); i++)
		expect_found(i);
}

/* What follows the bot's mention within a sentence, and the command that it means; NULL: talk. */
static const struct {
	const char *text, *word;
} in_talk[] = {
	{ "help", "help" },
	{ " help me please", "help" },
	{ "help us to close the deal", NULL },
	{ "帮助", "help" },
	{ "standup", "standup" },
	{ "站会", "standup" },
	{ "standup was down yesterday", NULL },
	{ "standup a; b; c", NULL },
	{ "show", "show" },
	{ "show @ana yesterday", "show" },
	{ "show us how it is done", NULL },
	{ "standup show", "show" },
	{ "standup show @ana", "show" },
	{ "standup show nothing at all today", NULL },
	{ "站会看板", "show" },
	/* these change something: only whole, and when nothing follows */
	{ "standup skip", "skip" },
	{ "站会 跳过", "skip" },
	{ "standup skip me", NULL },
	{ "skip", NULL },
	{ "跳过", NULL },
	{ "remind bo", NULL },
	{ "", NULL },
};

static void test_words_in_mid_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(in_talk); i++) {
		struct command_match match;
		gboolean is = command_find_in_talk(rituals, in_talk[i].text, &match);
		const char *word = is ? match.command->words[0] : NULL;
		if (g_strcmp0(word, in_talk[i].word) != 0)
			fail_msg("'%s' means '%s'", in_talk[i].text, word ? word : "(nothing)");
	}
}

static void test_a_short_commands_line_is_short(void **state)
{
	(void)state;
	struct command_match match;
	g_autofree char *long_text = g_strnfill(201, 'x');
	g_autofree char *said = g_strconcat("help ", long_text, NULL);
	assert_false(command_find(rituals, said, &match));
	said[strlen(said) - 1] = '\0';
	assert_true(command_find(rituals, said, &match));
	g_autofree char *given = g_strconcat("standup ", long_text, NULL);
	assert_true(command_find(rituals, given, &match));
}

static void test_without_rituals_nothing_is_a_command(void **state)
{
	(void)state;
	struct command_match match;
	assert_false(command_find(no_rituals, "help", &match));
	assert_null(command_nearest(no_rituals, "help"));
}

/* What somebody mistyped, and the word to offer. */
static const struct {
	const char *text, *nearest;
} slips[] = {
	{ "hepl", "help" },
	{ "hlep me", "help" },
	{ "HELP", "help" },
	{ "helpp", "help" },
	{ "standpu", "standup" },
	{ "standup", "standup" },
	{ "stand-up", "standup" },
	{ "shwo @ana", "show" },
	{ "  stnadup: x", "standup" },
	{ "站回", "站会" },
	{ "lunch", NULL },
	{ "he", NULL },
	{ "x", NULL },
	{ "", NULL },
	{ "!!!", NULL },
	{ "sitdown", NULL },
};

static void test_slips(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
		const char *nearest = command_nearest(rituals, slips[i].text);
		if (g_strcmp0(nearest, slips[i].nearest) != 0)
			fail_msg("'%s' is near to '%s'", slips[i].text, nearest ? nearest : "(none)");
	}
}

static void test_slips_among_one_list(void **state)
{
	(void)state;
	assert_string_equal(command_nearest_of(standup_subs, "shwo"), "show");
	assert_string_equal(command_nearest_of(standup_subs, " shwo @ana yesterday"), "show");
	assert_string_equal(command_nearest_of(standup_subs, "shwo 2026-03-02"), "show");
	assert_null(command_nearest_of(standup_subs, "shwo it")); /* words of a text, not a word */
	assert_null(command_nearest_of(standup_subs, "shwo; it; none"));
	assert_null(command_nearest_of(standup_subs, "成单"));
	assert_null(command_nearest_of(standup_subs, ""));
	assert_null(command_nearest_of(NULL, "show"));
}

/* Longer than any word. */
static void test_very_long_words(void **state)
{
	(void)state;
	g_autofree char *x = g_strnfill(5000, 'x');
	assert_null(command_nearest(rituals, x));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_words_in_mid_sentence),
		cmocka_unit_test(test_a_short_commands_line_is_short),
		cmocka_unit_test(test_without_rituals_nothing_is_a_command),
		cmocka_unit_test(test_slips),
		cmocka_unit_test(test_slips_among_one_list),
		cmocka_unit_test(test_very_long_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
