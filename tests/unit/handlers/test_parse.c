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
	cJSON_ArrayForEach (mention, json_array(root, "bot_mentions"))
		g_ptr_array_add(mentions, mention->valuestring);
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
	cJSON_ArrayForEach (sample, json_array(root, "samples")) {
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
	GString *line =
		g_string_new(text->problem == STANDUP_OK ? (text->format == STANDUP_FORMAT_A ? "A" : "B")
							 : standup_problem_name(text));
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

static const char *const bot[] = { "<@UB>", "@Bell tower", "@Bell", "@Bell tower two", "@钟楼", "", NULL };

static void play_table(enum standup_format format, const struct sample *samples, guint count)
{
	guint failed = 0;
	for (guint i = 0; i < count; i++) {
		struct standup_text out;
		standup_parse(samples[i].text, strlen(samples[i].text), format, bot, &out);
		g_autofree char *got = say(&out);
		if (!g_str_equal(got, samples[i].expect)) {
			print_error("text     %s\nexpected %s\ngot      %s\n\n", samples[i].text,
				samples[i].expect, got);
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
		{ "@Bell tower two a; b; c", "A|a|b|c" },
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
		{ "Yesterday: a\n```\nToday: x\n```\nToday: b\nRisks: c\n```\n   d\t\n",
			"A|a/Today: x|b|c/   d" },
		{ "```\nbefore\n```\nYesterday: a\nToday: b\nRisks: c", "A|a|b|c" },
		{ "1. a\n```\n2. x\n```\n2. b\n3. c", "A|a/2. x|b|c" },
	};
	PLAY(samples);
}

static void test_lines(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "  a  \n\n \n> b\n>> c", "A|a|b|> c" },
		{ "&gt; a\n&gt;b\n&gt;\nc", "A|a|b|c" },
		/* Indented items belong to the one above: two blanks, a tab, U+3000 and a blank. One blank
		   indents nothing. */
		{ "- a\n  - a1\n\t- a2\n\u3000 - a3\n- b\n- c", "A|a/a1/a2/a3|b|c" },
		{ "- a\n - b\n - c\n  - c1", "A|a|b|c/c1" },
		{ "- a\n\u00A0\u00A0- b\n- c\n  x", "A|a|b|c/x" },
	};
	PLAY(samples);
}

/* Labels in each form; the content is the same. */
static void test_label_forms(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		/* (i) */
		{ "【昨天】a\n[Today] b\n「风险」c", "A|a|b|c" },
		{ "*Yesterday:*a\n**Today** : b\n__Risks :__: c", "A|a|b|c" },
		{ "[Yesterday : ] a\n*Today*\nb\n【风险：】：c", "A|a|b|c" },
		{ "[ Yesterday] a\n[y] b\n【t】c", "A|[ Yesterday] a|[y] b|【t】c" },
		/* (ii) */
		{ "YESTERDAY \t: a\nToday\u3000：b\nRisks:c", "A|a|b|c" },
		{ "y: a\nT : b\nr：c", "A|a|b|c" },
		{ "y — a\nt (b)\nr", "A|y — a|t (b)|r" },
		{ "y(a)\nt（b）\nr", "A|y(a)|t（b）|r" },
		/* (iii) */
		{ "昨天(a(1))\n今天（b(）\n风险(c) ，x", "A|a(1)|b(|c" },
		{ "昨天(a)+今天(b);风险(c)|x y", "A|a|b|c" },
		{ "Yesterday(a) and so on\n今天(b\n风险 (c)", "A|Yesterday(a) and so on|今天(b|风险 (c)" },
		{ "昨天(a) + Today: b, risks(c)。", "A|a|b|c" },
		{ "昨天(今天: x)\n今天: b\n风险: c", "A|今天: x|b|c" },
		/* (iv) */
		{ "Yesterday\na\n- 今天\nb\n> *Risks*\nc", "A|a|b|c" },
		/* (v) */
		{ "Yesterday—a\nToday –=— b\nRisks - c", "A|a|b|c" },
		{ "Yesterday- a\nToday=b\nRisks==", "A|a|b|-" },
		{ "Yesterday -a\nToday -\nRisk-free", "A|Yesterday -a|Today -|Risk-free" },
		/* (vi) */
		{ "昨天成果 a\n今天目标\tb\n风险预警\u3000c", "A|a|b|c" },
		{ "昨天 a\n今天 b\n风险 c", "A|昨天 a|今天 b|风险 c" },
		/* Words: the longest that fits, else a shorter one; what merely begins like one is none. */
		{ "Yesterday’s results: a\nToday's goal: b\nRisk warning: c", "A|a|b|c" },
		{ "Last Friday: a\ntoday: b\nrisks: c", "A|a|b|c" },
		{ "Yesterday's: a\nTodays: b\nrisky: c", "A|Yesterday's: a|Todays: b|risky: c" },
		{ "上週五成果：a\n今日計劃：b\n風險：c", "A|a|b|c" },
		{ "昨天成果们: a\n今天: b\n风险: c", "missing_results results" },
	};
	PLAY(samples);
}

/* Each word of rule 4, in forms (ii) and (i). */
static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *words;
		const char *around; /* two more labels, so that the word's field is the one missing */
		const char *expect;
	} classes[] = {
		{ "昨天成果 昨日成果 昨天结果 昨日结果 昨天結果 昨日結果 上周五成果 上週五成果 周五成果 "
		  "週五成果 昨天 昨日 上周五 上週五 成果 "
		  "yesterday's_results yesterday's_result yesterday results result done last_friday friday y",
			"Goals: b\nRisks: c", "A|x|b|c" },
		{ "今天目标 今日目标 今天目標 今日目標 今天计划 今日计划 今天計劃 今日計劃 目标 目標 "
		  "today's_goals today's_goal goals goal plan "
		  "今天 今日 today t",
			"Results: a\nRisks: c", "A|a|x|c" },
		{ "今日关键动作 今天关键动作 今日關鍵動作 今天關鍵動作 关键动作 關鍵動作 key_actions "
		  "key_action actions action "
		  "今天 今日 today t",
			"Blockers: b\nHelp: c", "B|x|b|c" },
		{ "风险预警 風險預警 风险 風險 risk_warning risks risk r 卡点 卡點 阻塞 blockers blocker b",
			"Results: a\nGoals: b", "A|a|b|x" },
		{ "风险预警 風險預警 风险 風險 risk_warning risks risk r 卡点 卡點 阻塞 blockers blocker b",
			"Actions: a\nHelp: c", "B|a|x|c" },
		{ "求助需求 求助 需要支持 help_wanted help_needed help asks ask", "Actions: a\nBlockers: b",
			"B|a|b|x" },
	};
	for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
		g_auto(GStrv) words = g_strsplit(classes[i].words, " ", -1);
		for (char **word = words; *word; word++) {
			g_strdelimit(*word, "_", ' ');
			g_autofree char *plain = g_strdup_printf("%s: x\n%s", *word, classes[i].around);
			g_autofree char *bracketed = g_strdup_printf("%s\n【%s】x", classes[i].around, *word);
			const struct sample samples[] = { { plain, classes[i].expect },
				{ bracketed, classes[i].expect } };
			play_table(STANDUP_FORMAT_A, samples, strlen(*word) > 1 ? 2 : 1);
		}
	}
}

static void test_label_starts(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "- Yesterday: a\n2. Today: b\n③Risks: c", "A|a|b|c" },
		{ "✅Yesterday: a\n🎯 🎯 Today: b\n:warning::x:  Risks: c", "A|a|b|c" },
		{ "• ✅ 1. Yesterday: a\n1️⃣ Today: b\n👍🏽 ⚠️ - Risks: c", "A|a|b|c" },
		/* Two markers without emoji between: no start. The label then stands inside the line, behind
		   a blank. */
		{ "Yesterday: a\n- 1. Today: b\nRisks: c", "A|a/1.|b|c" },
		{ "::Yesterday: a\nToday: b\nRisks: c", "missing_results results" },
		/* No label behind them: the line is as it was. */
		{ "Yesterday: a\n✅ x\nToday: b\nRisks: c", "A|a/✅ x|b|c" },
	};
	PLAY(samples);
}

static void test_inline_labels(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "Yesterday: a; Today: b | Risks: c", "A|a|b|c" },
		{ "昨天：a，今天：b。风险：c", "A|a|b。|c" },
		{ "昨天：a＋【今天】b + *Risks*: c", "A|a|b|c" },
		{ "Yesterday: a.Today: b\nToday: c\nRisks: d", "A|a.Today: b|c|d" },
		{ "Yesterday: a、Today: b\nToday: c\nRisks: d", "A|a、Today: b|c|d" },
		/* Pieces lose their separators, full stops stay; a line that is not cut keeps all. */
		{ "Yesterday: a. ; , /　Today: b,;\nRisks: c;", "A|a.|b|c;" },
		{ "Yesterday: a\nx; Today: b\nRisks: c", "A|a/x|b|c" },
		{ "大家好 Yesterday: a Today: b Risks: c", "A|a|b|c" },
		{ "王磊:Yesterday: a\nb\nc", "A|王磊:Yesterday: a|b|c" },
		/* Each piece is a line of its own. */
		{ "Yesterday: - a; Today: 1. b; Risks: • c", "A|a|b|c" },
		{ "Yesterday: Today: b; Risks: c", "A|-|b|c" },
		/* Not the letters, not the forms of a line's start, not inside <…>. */
		{ "Yesterday: a; t: x\nToday: b; 风险预警 y\nRisks: c; Help",
			"A|a; t: x|b; 风险预警 y|c; Help" },
		{ "Yesterday: <http://x|y; Today: z>\nToday: b <c Risks: d",
			"A|<http://x|y; Today: z>|b <c|d" },
		{ "Yesterday: a > Today: b\nRisks: c < d", "A|a >|b|c < d" },
	};
	PLAY(samples);
}

static void test_labelled(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "Yesterday: a\nToday: b\nRisks: c\nYesterday: d\ne", "A|a/d/e|b|c" },
		{ "Yesterday:\n1.\n- \n（2）a\n3.5 b\n12) c\n123) d\nToday: ·b\nRisks: 1、、c",
			"A|-/a/3.5 b/c/123) d|b|、c" },
		{ "早\nx\nToday: b\n无\nYesterday: a\n无\nBlockers: 无", "A|a/无|b/无|-" },
		{ "Blockers: a\nRisks: b\nYesterday: c\nToday: d", "A|c|d|a/b" },
		{ "Yesterday: a\nHelp: c", "mixed_formats" },
		{ "Goals: a\nActions: c\nToday: d", "mixed_formats" },
		{ "Yesterday: a", "missing_goals goals risks" },
		{ "Today: a\nRisks:", "missing_results results" },
		{ "Today: a\nBlockers: b", "missing_help help" },
		{ "Today: a", "missing_results results risks" },
		{ "Risks: a\nBlockers: b", "missing_results results goals" },
		{ "Yesterday: a\nToday: \nRisks:", "empty_goals" },
		{ "Actions: 没有。\nBlockers: x\nHelp: y", "empty_actions" },
		{ "Help: a\nToday: b\nRisks: c", "B|b|c|a" },
		{ "关键动作：a\n今天：b\n阻塞：c\n需要支持 d", "B|a/b|c|d" },
	};
	static const struct sample b[] = {
		{ "Today: a", "missing_blockers blockers help" },
		{ "Risks: a\nBlockers: b", "missing_actions actions help" },
		{ "Today: a\nRisks: b", "missing_results results" },
	};
	PLAY(samples);
	PLAY_B(b);
}

static void test_headings(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "Daily Check-In 3/18\na\nb\nc", "A|a|b|c" },
		{ "Team update:\na\nb\nc", "A|a|b|c" },
		{ "Team updates：\n1. a\n2. b\n3. c", "too_many_lines" },   /* 13 characters */
		{ "日报 67890123456789012345\na\nb\nc", "too_many_lines" }, /* 23 */
		{ "日报 67890123456789012\na\nb\nc", "A|a|b|c" },
		{ "日报\na\nb", "A|日报|a|b" },
		{ "站会\n- a\n- b\n- c\n  d", "A|a|b|c/d" },
		{ "晨会\n晨会\na\nb\nc", "too_many_lines" },
	};
	PLAY(samples);
}

static void test_single_line(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "a;b；c", "A|a|b|c" },
		{ "| a | b ｜ c |", "A|a|b|c" },
		{ "- a; 2. b; • c", "A|a|b|c" },
		{ "王磊: a; b; c", "A|a|b|c" },
		{ "王磊：a; b; c", "A|a|b|c" },
		{ "123456789012x:a; b; c", "A|123456789012x:a|b|c" },
		{ "12345678901x: a; b; c", "A|a|b|c" },
		{ "10:30 a; b; c", "A|10:30 a|b|c" },
		{ "https://x.y; b; c", "A|https://x.y|b|c" },
		{ "<@U042LEE>: a; b; c", "A|a|b|c" },
		{ "<https://x.y|a; b>; c; d", "A|<https://x.y|a; b>|c|d" },
		{ "a; b", "not_three_parts" },
		{ "a; b; c; d", "not_three_parts" },
		{ "a, b, c", "not_three_parts" },
		{ "昨天a，今天b, c。", "A|昨天a|今天b|c" },
		{ "✅昨天回款12,500,今天1,2,3", "not_three_parts" },
		{ "✅昨天回款12,500,今天3,no", "A|✅昨天回款12,500|今天3|-" },
		{ "今天a，昨天b，c", "not_three_parts" },
		{ "昨天a，c，今天b", "not_three_parts" },
		{ "昨天a; 今天b，x; c", "A|昨天a|今天b，x|c" },
	};
	static const struct sample b[] = {
		{ "昨天a，今天b，c", "A|昨天a|今天b|c" },
		{ "c；今天b；昨天a", "A|昨天a|今天b|c" },
		{ "a;b;c", "B|a|b|c" },
		{ "无;b;c", "empty_actions" },
	};
	PLAY(samples);
	PLAY_B(b);
}

static void test_items(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "a\nb", "too_few_lines" },
		{ "- a\n* b\n– c", "A|a|b|c" },
		{ "3. a\n1. b\n7. c", "A|a|b|c" },
		{ "⑨ a\n⑩ b\n10、c", "A|a|⑩ b|c" },
		{ "1. a\n- x\n2. b\ny\n3. c", "A|a/x|b/y|c" },
		{ "1. a\n  1. x\n  2. y\n2. b\n3. c", "A|a/x/y|b|c" },
		{ "(1) a\nx\n②b\n3、c", "A|a/x|b|c" },
		{ "1. a\n2. b\n3. c\n4. d", "too_many_lines" },
		{ "1. a\n1. b\n1. c\nd", "too_many_lines" },
		{ "2. a\n3. b\n4. c\nd", "too_many_lines" },
		{ "1. a\n2. b\nc\nd", "too_many_lines" },
		{ "- a\n1. x\n- b\n* c", "A|a/x|b|c" },
		{ "- a\n- b\n- c\n- d", "too_many_lines" },
		{ "a\n- b\n- c\n- d", "too_many_lines" },
		{ "- a\nb\nc\nd", "too_many_lines" },
		{ "1.\n- a\n- b\n2. c\n3.", "A|a/b|c|-" },
		{ "1.5 a\n2. b\n3. c\nd", "too_many_lines" },
		{ "昨日 a\nb\nToday c", "A|昨日 a|Today c|b" },
		{ "- 🎯 today a\n- :ok: 上周五 b\n- c", "A|:ok: 上周五 b|🎯 today a|c" },
		{ "昨天 a\n昨天 b\n今天 c", "A|昨天 a|昨天 b|今天 c" },
		{ "昨天 a\nb\nc", "A|昨天 a|b|c" },
		{ "x昨天\ny今天\nz", "A|x昨天|y今天|z" },
		{ "a\n无！\nc", "empty_goals" },
	};
	static const struct sample b[] = {
		{ "a\nb\n不用", "B|a|b|-" },
		{ "a\n今天b\n昨天c", "A|昨天c|今天b|a" },
	};
	PLAY(samples);
	PLAY_B(b);
}

static void test_none(void **state)
{
	(void)state;
	static const struct sample samples[] = {
		{ "None.\nb\nN/A", "A|-|b|-" },
		{ "暂无 。！~\nb\nNo help needed!!", "A|-|b|-" },
		{ "-\nb\n—", "A|-|b|-" },
		{ "/\nb\n。。。", "A|-|b|-" },
		{ "没有客户\nno more\nnothing else", "A|没有客户|no more|nothing else" },
		{ "Yesterday: 无\n无\nToday: b!\nRisks: done.", "A|无/无|b!|done." },
	};
	PLAY(samples);
}

/* Parses; the caller releases. */
static struct standup_text parse(const char *text, enum standup_format format)
{
	struct standup_text out;
	standup_parse(text, strlen(text), format, bot, &out);
	return out;
}

static char *repeat(const char *piece, guint count, const char *rest)
{
	GString *text = g_string_new(NULL);
	while (count-- > 0)
		g_string_append(text, piece);
	g_string_append(text, rest);
	return g_string_free(text, FALSE);
}

/* Blanks around, mentions and what is removed do not count. */
static void test_too_long(void **state)
{
	(void)state;
	g_autofree char *fits = repeat("客", 3996, "\u200B\na\nb \n");
	g_autofree char *addressed = g_strconcat(" @Bell, ", fits, NULL);
	struct standup_text out = parse(addressed, STANDUP_FORMAT_A);
	assert_int_equal(out.problem, STANDUP_OK);
	standup_text_release(&out);

	g_autofree char *one_more = g_strconcat("x", fits, NULL);
	out = parse(one_more, STANDUP_FORMAT_A);
	assert_int_equal(out.problem, STANDUP_TOO_LONG);
	standup_text_release(&out);

	g_autofree char *more = g_strconcat("昨天: b\n今天: ", fits, NULL);
	out = parse(more, STANDUP_FORMAT_A);
	assert_string_equal(standup_problem_name(&out), "too_long");
	assert_string_equal(out.fields[0], "b");
	assert_int_equal(g_utf8_strlen(out.fields[1], -1), 4000 - strlen("xx: b\nxx: "));
	assert_true(standup_is_clear_attempt(&out));
	standup_text_release(&out);
}

/* Quadratic work would take minutes here. */
static void test_hostile(void **state)
{
	(void)state;
	static const char *const pieces[] = { "<", "卡点(", "昨天(x)y ", " *", " [y", "昨天:今天:", "- ",
		"\n- ", "&amp;", "@Bell,", "```\n", ":a", "\xE2\x80", "\r", "1、", "✅ ", ";", "今天 ",
		"\n1. " };
	for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autofree char *text = repeat(pieces[i], (1u << 20) / (guint)strlen(pieces[i]), "x");
		struct standup_text out = parse(text, STANDUP_FORMAT_B);
		assert_int_not_equal(out.problem, STANDUP_OK);
		standup_text_release(&out);
	}
}

static void test_bad_bytes(void **state)
{
	(void)state;
	static const char text[] = "a\xFF\nb\0b\nc\xE4\xBB";
	struct standup_text out;
	assert_true(standup_parse(text, sizeof text - 1, STANDUP_FORMAT_A, NULL, &out));
	g_autofree char *got = say(&out);
	assert_string_equal(got, "A|a\uFFFD|b\uFFFDb|c\uFFFD\uFFFD");
	standup_text_release(&out);
	assert_false(standup_parse(NULL, 0, STANDUP_FORMAT_A, NULL, &out));
	assert_string_equal(standup_problem_name(&out), "empty");
	standup_text_release(&out);
	standup_text_release(NULL);
}

/* In the open channel: 'c' clear, 'a' a clear attempt that failed, '-' ordinary talk. */
static void test_open_channel(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		char expect;
	} samples[] = {
		{ "Yesterday: a\nToday: b\nRisks: none", 'c' },
		{ "昨天a\n今天b\n没风险", 'c' },
		{ "王磊:昨天a,今天b,注意c", 'c' },
		{ "今天a；c；昨天b", 'c' },
		{ "a\nb\nc", '-' },
		{ "a; b; c", '-' },
		{ "- milk\n- bread\n- eggs", '-' },
		{ "今天天气真好\n大家吃什么\n我都行", '-' },
		{ "早上好", '-' },
		{ "", '-' },
		{ "today: lunch at 12?", '-' },
		{ "Help: anyone has the deck?", '-' },
		{ "results: see link", '-' },
		{ "今天: 团建，大家准时", '-' },
		{ "Today: townhall\nFriday: lunch", '-' },
		{ "Risk: supplier is late. Plan: call them", '-' },
		{ "Done: all. Help: not needed", '-' },
		{ "目标：100万\n成果：80万", '-' },
		{ "yesterday: nobody told me", '-' },
		{ "昨天没睡好，今天好困", '-' },
		{ "Yesterday was fine, today is not", '-' },
		{ "大家好\n昨天我们签了大单\n感谢各位\n今天下午茶", '-' },
		{ "Yesterday: x\nToday: y", 'a' },
		{ "Yesterday: x / Today: y", 'a' },
		{ "昨天成果：x\n今天 y", 'a' },
		{ "昨天x\n今天目标：y", 'a' },
		{ "昨天x\n今天y", 'a' },
		{ "昨天x；今天y", 'a' },
		{ "晨会\n- 今天x\n- 昨天y\n- z\n- z", 'a' },
		{ "Actions: x\nBlockers: none", 'a' },
		{ "Today: x\nBlockers: y", 'a' },
		{ "Yesterday: x\nToday:\nRisks: z", 'a' },
		{ "Results: x\nGoals: y\nHelp: z", 'a' },
	};
	guint failed = 0;
	for (guint i = 0; i < G_N_ELEMENTS(samples); i++) {
		struct standup_text out = parse(samples[i].text, STANDUP_FORMAT_A);
		char got = standup_is_clear(&out) ? 'c' : standup_is_clear_attempt(&out) ? 'a' : '-';
		if (got != samples[i].expect) {
			print_error(
				"text %s\nexpected %c, got %c\n\n", samples[i].text, samples[i].expect, got);
			failed++;
		}
		standup_text_release(&out);
	}
	assert_int_equal(failed, 0);
}

/* What a hint can quote: each field, "?" where nothing is known, "!" where it is missing. */
static void expect_understood(const char *text, enum standup_format format, const char *expect)
{
	struct standup_text out = parse(text, format);
	GString *got = g_string_new(out.format == STANDUP_FORMAT_A ? "A" : "B");
	for (guint i = 0; i < 3; i++)
		g_string_append_printf(got, "|%s",
			out.fields[i]	 ? out.fields[i]
			: out.missing[i] ? "!"
					 : "?");
	assert_string_equal(got->str, expect);
	g_string_free(got, TRUE);
	standup_text_release(&out);
}

static void test_understood(void **state)
{
	(void)state;
	expect_understood("Yesterday: x\nRisks: z", STANDUP_FORMAT_B, "A|x|!|z");
	expect_understood("Yesterday: x\nToday: none\nRisks: z", STANDUP_FORMAT_A, "A|x||z");
	expect_understood("Yesterday: x\nHelp: z", STANDUP_FORMAT_B, "B|!|!|z");
	expect_understood("今天x\n昨天y", STANDUP_FORMAT_B, "A|昨天y|今天x|!");
	expect_understood("昨天x；今天y", STANDUP_FORMAT_A, "A|昨天x|今天y|!");
	expect_understood("1. 昨天x\n2. 今天y\n3. z\n4. z", STANDUP_FORMAT_B, "A|昨天x|今天y|?");
	expect_understood("x\ny", STANDUP_FORMAT_B, "B|?|?|?");
	expect_understood("", STANDUP_FORMAT_A, "A|?|?|?");
}

static void expect_form(
	enum standup_format format, const char *a, const char *b, const char *c, const char *expect)
{
	const char *const values[] = { a, b, c };
	struct standup_text out;
	gboolean accepted = standup_from_fields(format, values, &out);
	assert_int_equal(accepted, out.problem == STANDUP_OK);
	g_autofree char *got = say(&out);
	assert_string_equal(got, expect);
	standup_text_release(&out);
}

static void test_form(void **state)
{
	(void)state;
	expect_form(STANDUP_FORMAT_A, " a\r\n- b\n", "Today: x", NULL, "A|a/- b|Today: x|-");
	expect_form(STANDUP_FORMAT_A, "None.", "b &lt;c&gt;", "", "A|-|b <c>|-");
	expect_form(STANDUP_FORMAT_B, "a", "", "不需要", "B|a|-|-");
	expect_form(STANDUP_FORMAT_A, "a", "无", "c", "empty_goals");
	expect_form(STANDUP_FORMAT_B, NULL, "b", "c", "empty_actions");
	g_autofree char *half = repeat("客", 2000, "");
	g_autofree char *huge = repeat("x", 1u << 20, "");
	expect_form(STANDUP_FORMAT_B, half, half, "c", "too_long");
	expect_form(STANDUP_FORMAT_B, huge, "b", "c", "too_long");
	const char *const fits[] = { half, half, "" };
	struct standup_text out;
	assert_true(standup_from_fields(STANDUP_FORMAT_B, fits, &out));
	assert_string_equal(out.fields[1], half);
	standup_text_release(&out);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(standup_field_name(STANDUP_FORMAT_A, 0), "results");
	assert_string_equal(standup_field_name(STANDUP_FORMAT_B, 2), "help");
	struct standup_text out = parse("a\nb\nc", STANDUP_FORMAT_A);
	assert_null(standup_problem_name(&out));
	standup_text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_fences),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_label_forms),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_label_starts),
		cmocka_unit_test(test_inline_labels),
		cmocka_unit_test(test_labelled),
		cmocka_unit_test(test_headings),
		cmocka_unit_test(test_single_line),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_open_channel),
		cmocka_unit_test(test_understood),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
