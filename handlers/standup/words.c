/* SPDX-License-Identifier: MIT */
#include "handlers/standup/words.h"

/* With what they begin. Most characters of a Chinese text are none of these. */
static const char chinese_firsts[] = "昨上周週成今目关關风風卡阻求需";

/* In each list: of two words that begin alike the longer one stands first, for the first that fits wins. */
static const struct word chinese[] = {
	{ "昨天成果", LABEL_RESULTS, TELLING },
	{ "昨日成果", LABEL_RESULTS, TELLING },
	{ "昨天结果", LABEL_RESULTS, TELLING },
	{ "昨日结果", LABEL_RESULTS, TELLING },
	{ "昨天結果", LABEL_RESULTS, TELLING },
	{ "昨日結果", LABEL_RESULTS, TELLING },
	{ "上周五成果", LABEL_RESULTS, TELLING },
	{ "上週五成果", LABEL_RESULTS, TELLING },
	{ "周五成果", LABEL_RESULTS, TELLING },
	{ "週五成果", LABEL_RESULTS, TELLING },
	{ "昨天", LABEL_RESULTS, TELLING },
	{ "昨日", LABEL_RESULTS, TELLING },
	{ "上周五", LABEL_RESULTS, 0 },
	{ "上週五", LABEL_RESULTS, 0 },
	{ "成果", LABEL_RESULTS, 0 },
	{ "今天目标", LABEL_GOALS, TELLING },
	{ "今日目标", LABEL_GOALS, TELLING },
	{ "今天目標", LABEL_GOALS, TELLING },
	{ "今日目標", LABEL_GOALS, TELLING },
	{ "今天计划", LABEL_GOALS, TELLING },
	{ "今日计划", LABEL_GOALS, TELLING },
	{ "今天計劃", LABEL_GOALS, TELLING },
	{ "今日計劃", LABEL_GOALS, TELLING },
	{ "目标", LABEL_GOALS, 0 },
	{ "目標", LABEL_GOALS, 0 },
	{ "今日关键动作", LABEL_ACTIONS, TELLING },
	{ "今天关键动作", LABEL_ACTIONS, TELLING },
	{ "今日關鍵動作", LABEL_ACTIONS, TELLING },
	{ "今天關鍵動作", LABEL_ACTIONS, TELLING },
	{ "关键动作", LABEL_ACTIONS, TELLING },
	{ "關鍵動作", LABEL_ACTIONS, TELLING },
	{ "今天", LABEL_DAY, 0 },
	{ "今日", LABEL_DAY, 0 },
	{ "风险预警", LABEL_RISKS, TELLING },
	{ "風險預警", LABEL_RISKS, TELLING },
	{ "风险", LABEL_RISKS, 0 },
	{ "風險", LABEL_RISKS, 0 },
	{ "卡点", LABEL_BLOCKERS, TELLING },
	{ "卡點", LABEL_BLOCKERS, TELLING },
	{ "阻塞", LABEL_BLOCKERS, 0 },
	{ "求助需求", LABEL_HELP, TELLING },
	{ "求助", LABEL_HELP, 0 },
	{ "需要支持", LABEL_HELP, 0 },
	{ NULL, LABEL_COUNT, 0 },
};

/* By first letter: labels are looked for behind every blank, and most words of a text are none. */
/* clang-format off */
static const struct word *const english[] = {
	['a'] = (const struct word[]){
		{ "actions", LABEL_ACTIONS, 0 },
		{ "action", LABEL_ACTIONS, 0 },
		{ "asks", LABEL_HELP, 0 },
		{ "ask", LABEL_HELP, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['b'] = (const struct word[]){
		{ "blockers", LABEL_BLOCKERS, TELLING },
		{ "blocker", LABEL_BLOCKERS, TELLING },
		{ "b", LABEL_BLOCKERS, SHORT },
		{ NULL, LABEL_COUNT, 0 },
	},
	['d'] = (const struct word[]){
		{ "done", LABEL_RESULTS, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['f'] = (const struct word[]){
		{ "friday", LABEL_RESULTS, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['g'] = (const struct word[]){
		{ "goals", LABEL_GOALS, 0 },
		{ "goal", LABEL_GOALS, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['h'] = (const struct word[]){
		{ "help wanted", LABEL_HELP, TELLING },
		{ "help needed", LABEL_HELP, TELLING },
		{ "help", LABEL_HELP, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['k'] = (const struct word[]){
		{ "key actions", LABEL_ACTIONS, TELLING },
		{ "key action", LABEL_ACTIONS, TELLING },
		{ NULL, LABEL_COUNT, 0 },
	},
	['l'] = (const struct word[]){
		{ "last friday", LABEL_RESULTS, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['p'] = (const struct word[]){
		{ "plan", LABEL_GOALS, 0 },
		{ NULL, LABEL_COUNT, 0 },
	},
	['r'] = (const struct word[]){
		{ "results", LABEL_RESULTS, 0 },
		{ "result", LABEL_RESULTS, 0 },
		{ "risk warning", LABEL_RISKS, TELLING },
		{ "risks", LABEL_RISKS, 0 },
		{ "risk", LABEL_RISKS, 0 },
		{ "r", LABEL_RISKS, SHORT },
		{ NULL, LABEL_COUNT, 0 },
	},
	['t'] = (const struct word[]){
		{ "today's goals", LABEL_GOALS, TELLING },
		{ "today's goal", LABEL_GOALS, TELLING },
		{ "today", LABEL_DAY, 0 },
		{ "t", LABEL_DAY, SHORT },
		{ NULL, LABEL_COUNT, 0 },
	},
	['y'] = (const struct word[]){
		{ "yesterday's results", LABEL_RESULTS, TELLING },
		{ "yesterday's result", LABEL_RESULTS, TELLING },
		{ "yesterday", LABEL_RESULTS, TELLING },
		{ "y", LABEL_RESULTS, TELLING | SHORT },
		{ NULL, LABEL_COUNT, 0 },
	},
};
/* clang-format on */

const struct word *words_at(struct span s)
{
	static const struct word none = { NULL, LABEL_COUNT, 0 };
	guchar first = span_is_empty(s) ? 0 : (guchar)g_ascii_tolower(*s.at);
	if (first >= 0x80)
		return span_first_of(s, chinese_firsts) > 0 ? chinese : &none;
	return first < G_N_ELEMENTS(english) && english[first] ? english[first] : &none;
}

const char *word_end(const struct word *word, struct span s)
{
	for (const char *w = word->text; *w; w++) {
		if (span_is_empty(s))
			return NULL;
		if (*w == '\'' && span_starts(s, "’", strlen("’")))
			s.at += strlen("’");
		else if (*w == *s.at || (g_ascii_islower(*w) && *w == (*s.at | 0x20)))
			s.at++;
		else
			return NULL;
	}
	return s.at;
}
