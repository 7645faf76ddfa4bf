/* SPDX-License-Identifier: MIT */
/* The standup parser: every sample of tests/data/standup-texts.json, then each rule's corners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "handlers/standup/parse.h"

static cJSON *read_samples(void)
{
	g_autofree char *text = NULL;
	gsize length;
	g_autoptr(GError) error = NULL;
	assert_true(g_file_get_contents(TEST_DATA "/standup-texts.json", &text, &length, &error));
	cJSON *root = json_parse(text, length, &error);
	assert_non_null(root);
	return root;
}

static const char **read_mentions(const cJSON *root)
{
	GPtrArray *mentions = g_ptr_array_new();
	cJSON *mention;
	cJSON_ArrayForEach(mention, json_array(root, "bot_mentions")) g_ptr_array_add(mentions, mention->valuestring);
	g_ptr_array_add(mentions, NULL);
	return (const char **)g_ptr_array_free(mentions, FALSE);
}

static gboolean play(const cJSON *sample, const char *const *mentions)
{
	const char *text = json_text_or(sample, "text", NULL);
	gboolean b = g_str_equal(json_text_or(sample, "default_format", "A"), "B");
	struct standup_text out;
	standup_parse(text, strlen(text), b ? STANDUP_FORMAT_B : STANDUP_FORMAT_A, mentions, &out);
	g_autoptr(cJSON) answer = standup_text_to_json(&out);
	g_autofree char *got = json_print(answer);
	g_autofree char *expected = json_print(json_object(sample, "expect"));
	standup_text_release(&out);
	if (g_str_equal(got, expected))
		return TRUE;
	print_error("%s\n  expected %s\n  got      %s\n", json_text_or(sample, "id", "?"), expected, got);
	return FALSE;
}

/* Compared as text, so that the order of keys counts, too. */
static void test_samples(void **state)
{
	(void)state;
	g_autoptr(cJSON) root = read_samples();
	g_autofree const char **mentions = read_mentions(root);
	guint played = 0, failed = 0;
	cJSON *sample;
	cJSON_ArrayForEach(sample, json_array(root, "samples"))
	{
		played++;
		failed += !play(sample, mentions);
	}
	assert_int_equal(failed, 0);
	assert_int_equal(played, 60);
}

/*
 * What a text says, in one line: "A|results|goals|risks" with lines joined by "/" and "-" for none;
 * or the problem, "missing_x" followed by all that is missing.
 */
static char *say(const struct standup_text *text)
{
	GString *line = g_string_new(text->problem == STANDUP_OK ? (text->format == STANDUP_FORMAT_A ? "A" : "B") :
								   standup_problem_name(text));
	for (guint i = 0; i < 3; i++) {
		if (text->problem == STANDUP_OK)
			g_string_append_printf(line, "|%s", text->none[i] ? "-" : text->fields[i]);
		else if (text->problem == STANDUP_MISSING_FIELD && text->missing[i])
			g_string_append_printf(line, " %s", standup_field_name(text->format, i));
	}
	g_string_replace(line, "\n", "/", 0);
	return g_string_free(line, FALSE);
}

struct sample {
	const char *text;
	const char *expect; /* see say() */
};

static const char *const bot[] = { "<@UB>", "@Bell", "@Bell tower", "@钟楼", "", NULL };

static void play_table(enum standup_format format, const struct sample *samples, guint count)
{
	guint failed = 0;
	for (guint i = 0; i < count; i++) {
		struct standup_text out;
		standup_parse(samples[i].text, strlen(samples[i].text), format, bot, &out);
		g_autofree char *got = say(&out);
		if (!g_str_equal(got, samples[i].expect)) {
			print_error("text     %s\nexpected %s\ngot      %s\n\n", samples[i].text, samples[i].expect, got);
			failed++;
		}
		standup_text_release(&out);
	}
	assert_int_equal(failed, 0);
}

#define PLAY(samples)	play_table(STANDUP_FORMAT_A, samples, G_N_ELEMENTS(samples))
#define PLAY_B(samples) play_table(STANDUP_FORMAT_B, samples, G_N_ELEMENTS(samples))

static void test_normalise(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "a\r\nb\rc", "A|a|b|c" },
		{ "a\u2028b\u2028c", "A|a|b|c" },
		{ "\uFEFFa\nb\u200B\u2060b\nc", "A|a|bb|c" },
		{ "a &lt;b&gt;\nb &amp; c\nd &amp;lt; e &quot;", "A|a <b>|b & c|d &lt; e &quot;" },
		/* Removed first, decoded then. */
		{ "a\nb\n&l\u200Bt;c", "A|a|b|<c" },
		{ "\u00A0\u3000\t\na\nb\nc\n\t\u3000\u00A0", "A|a|b|c" },
		{ "", "empty" },
		{ " \u3000\n\u200B\t", "empty" },
		{ "<@UB>", "empty" },
		{ "&lt;@UB&gt; a; b; c", "A|a|b|c" },
		{ "<@ub>：\n@钟楼，@bELL, a; b; c", "A|a|b|c" },
		{ "@Bell tower a; b; c", "A|a|b|c" },
		/* Not followed by what ends a mention. */
		{ "@Bella; b; c", "A|@Bella|b|c" },
		{ "@Bell; b; c", "A|@Bell|b|c" },
		{ "a\n@Bell\nc", "A|a|@Bell|c" },
	};
	PLAY(samples);
}

static void test_fences(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "```\na\nb\nc\n```", "A|a|b|c" },
		{ "```c++\na\nb\nc```", "A|a|b|c" },
		{ "```a b\nb\nc```", "A|a b|b|c" },
		{ "```\nYesterday: a\nToday: b\nRisks: no\n```", "A|a|b|-" },
		/* A mark inside: the message is no longer one fence. */
		{ "```\na\n```\nb\nc\nd ```", "too_many_lines" },
		{ "a\n```\n  1. b  \n \n```\nc", "A|a|  1. b|c" },
		{ "a\nb\n```\nc; d\n", "A|a|b|c; d" },
		{ "```", "empty" },
		{ "``````", "empty" },
		{ "x\n```\na; b; c\n```", "too_few_lines" },
		{ "Yesterday: a\n```\nToday: x\n```\nToday: b\nRisks: c\n```\n   d\t\n", "A|a/Today: x|b|c/   d" },
		{ "```\nbefore\n```\nYesterday: a\nToday: b\nRisks: c", "A|a|b|c" },
		{ "1. a\n```\n2. x\n```\n2. b\n3. c", "A|a/2. x|b|c" },
	};
	PLAY(samples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_fences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
